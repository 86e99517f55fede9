//! A trace in a few words: where the procs' time went, what stands out, what it does not show.
//!
//! The bar is of the procs' time, not of the goroutines': GOMAXPROCS times the length of the trace
//! is what there was to spend, and every nanosecond of it is in exactly one use. Goroutines'
//! states have no such whole: a thousand that are parked would hide the few that work.

use super::totals::{Totals, is_programs, totals};
use crate::analysis::attribution::Place;
use crate::analysis::trust::percent_of;
use crate::analysis::{Family, NodeId, Nodes, Part, Selection, short_symbol, unescape};
use crate::error::Diagnostic;
use crate::model::trace::{Group, Histogram, ProcUse, TraceReport, WaitKind};
use crate::model::{Profile, StringId};
use crate::unit::{self, plural, traced as time};

/// Functions listed per part.
const TOP: usize = 5;
/// Nanoseconds below which a trace says little about what comes now and then, and below which it
/// says little about anything.
const SHORT: [u64; 2] = [1_000_000_000, 50_000_000];

/// A use of the procs as a part of the bar: key, label, family, what belongs to it.
fn described(usage: ProcUse) -> (&'static str, &'static str, Family, &'static str) {
    match usage {
        ProcUse::Running => (
            "proc-running",
            "Running goroutines",
            Family::User,
            "Procs that ran a goroutine, the runtime's own among them but for the collector's.",
        ),
        ProcUse::Worker => (
            "proc-gc-worker",
            "GC workers",
            Family::Gc,
            "Procs given to workers of the collector.",
        ),
        ProcUse::Assist => (
            "proc-gc-assist",
            "GC assists",
            Family::Gc,
            "Goroutines that marked because they allocated.",
        ),
        ProcUse::Sweep => (
            "proc-gc-sweep",
            "GC sweep",
            Family::Gc,
            "Sweeping, by whoever allocates.",
        ),
        ProcUse::IdleWorker => (
            "proc-gc-idle",
            "GC marking (idle)",
            Family::Gc,
            "Workers of the collector on procs that had nothing else to do.",
        ),
        ProcUse::Syscall => (
            "proc-syscall",
            "System calls",
            Family::Kernel,
            "Procs kept by a goroutine in a system call or in C; calls that lost theirs are not in it.",
        ),
        ProcUse::Scheduler => (
            "proc-scheduler",
            "Scheduler",
            Family::Runtime,
            "A thread held the proc and ran no goroutine: it looked for one.",
        ),
        ProcUse::Idle => (
            "idle",
            "Idle procs",
            Family::Other,
            "Nobody held the proc: there was nothing to run.",
        ),
    }
}

/// What the procs' time went into, the most first; `None` where the selection is not all that
/// the trace says, or not of waits.
pub(in crate::analysis) fn bar(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
) -> Option<Vec<Part>> {
    let report = profile.trace.as_deref()?;
    if selection.sample_type != profile.default_type() || selection.total != waited(report) {
        return None;
    }
    let totals = totals(profile, report);
    let mut parts: Vec<Part> = ProcUse::ALL
        .into_iter()
        .filter(|&usage| totals.uses[usage as usize] > 0)
        .map(|usage| {
            let (key, label, family, help) = described(usage);
            let value = nanos(totals.uses[usage as usize]);
            Part {
                key: key.to_owned(),
                label: label.to_owned(),
                help: help.to_owned(),
                family,
                hatched: usage == ProcUse::IdleWorker,
                value,
                share: totals.share(usage),
                top: top(profile, nodes, report, usage, value),
            }
        })
        .collect();
    parts.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.key.cmp(&b.key)));
    (!parts.is_empty()).then_some(parts)
}

/// Σ waits of the program's goroutines, as the profile's samples have them.
fn waited(report: &TraceReport) -> i64 {
    let is_own = |group: u32| {
        let group = report.groups.get(group as usize);
        group.is_some_and(|group| !group.is_system)
    };
    let own = report.sites.iter().filter(|site| is_own(site.group));
    own.filter(|site| site.kind == WaitKind::Blocked)
        .fold(0, |sum: i64, site| sum.wrapping_add(nanos(site.all().1)))
}

/// The groups with most of a use, by the function they began with.
fn top(
    profile: &Profile,
    nodes: &Nodes,
    report: &TraceReport,
    usage: ProcUse,
    whole: i64,
) -> Vec<(NodeId, i64)> {
    let mut found: Vec<(u32, u64)> = (0_u32..)
        .zip(&report.groups)
        .filter(|(_, group)| is_programs(profile, group))
        .map(|(at, group)| {
            let time = match usage {
                ProcUse::Running => outside_assists(group),
                ProcUse::Assist => group.assist,
                ProcUse::Syscall => group.syscall.total().saturating_sub(group.syscall_blocked),
                _ => 0,
            };
            (at, time)
        })
        .filter(|&(_, time)| time > 0)
        .collect();
    found.sort_by_key(|&(at, time)| (std::cmp::Reverse(time), at));
    found.truncate(TOP);
    let node = |(at, time)| Some((root(profile, nodes, report, at)?, nanos(time).min(whole)));
    found.into_iter().filter_map(node).collect()
}

/// How long a group ran but for assists, about: these run and wait in the same proportion as all
/// that the group does but waiting for others.
fn outside_assists(group: &Group) -> u64 {
    let active = group.exec.total() + group.sched.total();
    let share = group.assist as f64 / active.max(1) as f64;
    (group.exec.total() as f64 * (1.0 - share.min(1.0))) as u64
}

/// The node of the function that a group began with.
fn root(profile: &Profile, nodes: &Nodes, report: &TraceReport, group: u32) -> Option<NodeId> {
    let name = report.groups.get(group as usize)?.name;
    let own = report.sites.iter().filter(|site| site.group == group);
    let mut roots = own.filter_map(|site| {
        let location = *profile.stacks.get(site.stack).last()?;
        let (start, end) = profile.locations[location.index()].lines;
        let row = end.checked_sub(1).filter(|&row| row >= start)?;
        Some(Place { location, row })
    });
    let is_named = |place: &Place| {
        let function = place.function(profile);
        profile.functions[function.index()].name == name
    };
    roots.find(is_named)?.node(profile, nodes)
}

fn nanos(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Two to five sentences on what stands out.
pub(in crate::analysis) fn sentences(profile: &Profile) -> Vec<String> {
    let Some(report) = profile.trace.as_deref() else {
        return Vec::new();
    };
    let totals = totals(profile, report);
    let name = |id: StringId| {
        let name = unescape(profile.strings.bytes(id)).into_owned();
        short_symbol(&name).to_owned()
    };
    let mut sentences = vec![procs(&totals)];
    let own = || {
        report
            .groups
            .iter()
            .filter(|group| is_programs(profile, group))
    };
    let exec: u64 = own().map(|group| group.exec.total()).sum();
    let busiest = own().max_by_key(|group| group.exec.total());
    if let Some(group) = busiest.filter(|_| exec > 0) {
        sentences.push(format!(
            "Goroutines that began with {} ran the most: {}, {} of what the program ran.",
            name(group.name),
            time(group.exec.total()),
            percent_of(group.exec.total() as f64 / exec as f64)
        ));
    }
    // Nobody hurries one who sleeps.
    let waits = own().flat_map(|group| {
        group
            .blocks
            .iter()
            .map(move |(reason, times)| (group, *reason, times))
    });
    let meant = |reason: StringId| {
        matches!(
            profile.strings.bytes(reason),
            b"" | b"sleep" | b"system goroutine wait"
        )
    };
    let longest = waits
        .filter(|&(_, reason, _)| !meant(reason))
        .max_by_key(|(_, _, times)| times.total());
    if let Some((group, reason, times)) = longest.filter(|(_, _, times)| times.total() > 0) {
        sentences.push(format!(
            "The longest waits in sum are those of {} in “{}”: {} in {}.",
            name(group.name),
            profile.strings.text(reason),
            time(times.total()),
            plural(times.count(), "wait")
        ));
    }
    sentences.extend(latency(report));
    sentences.extend(collector(report, &totals));
    sentences
}

fn procs(totals: &Totals) -> String {
    let whole = totals.procs as f64 / totals.duration.max(1) as f64;
    let queue = if totals.runnable >= 0.1 {
        format!(
            "; {:.1} goroutines that could run waited for one",
            totals.runnable
        )
    } else {
        String::new()
    };
    format!(
        "{:.2} of {} procs were busy on average, {} of their time{queue}.",
        totals.busy,
        unit::count(whole.round() as u64),
        percent_of(totals.busy_share())
    )
}

fn latency(report: &TraceReport) -> Option<String> {
    let all = Histogram::merged(&report.latency);
    (all.count() > 0).then(|| {
        format!(
            "A goroutine that could run waited {} for a proc in the median, {} at the 99th percentile, {} at most ({}).",
            time(all.percentile(0.5)),
            time(all.percentile(0.99)),
            time(all.most()),
            plural(all.count(), "wait")
        )
    })
}

fn collector(report: &TraceReport, totals: &Totals) -> Option<String> {
    let cycles = report.cycles.len() as u64;
    (cycles > 0).then(|| {
        format!(
            "{} ({:.1} a second) marked for {} of the time and took {} of the busy procs; the world was stopped for {}, {} at most.",
            plural(cycles, "collection"),
            totals.per_second(cycles),
            percent_of(totals.of_time(totals.marking)),
            percent_of(totals.collector_share()),
            percent_of(totals.of_time(totals.stopped)),
            time(totals.longest_stop)
        )
    })
}

/// What has to be kept in mind of a trace, what may mislead first.
pub(in crate::analysis) fn notes(profile: &Profile) -> Vec<Diagnostic> {
    let report = profile.trace.as_deref();
    let Some(report) = report.filter(|report| report.events > 0) else {
        return vec![Diagnostic::warning(
            "There are no events: nothing can be said.",
        )];
    };
    let facts = &report.facts;
    let duration = report.span.1.saturating_sub(report.span.0);
    let mut notes = Vec::new();
    if let Some(first) = facts.losses.first() {
        notes.push(Diagnostic::warning(format!(
            "{} could not be used ({}, {} of the time, of which nothing is known): {}. What was open then counts until there.",
            plural(facts.losses.len() as u64, "part"),
            unit::label(nanos(facts.lost_bytes()), "bytes"),
            time(facts.lost_time()),
            first.reason
        )));
    }
    if facts.is_cut || !facts.is_ended {
        notes.push(Diagnostic::warning(
            "The trace has no end: it was cut off, or the program ended before trace.Stop.",
        ));
    }
    if duration < SHORT[1] {
        notes.push(Diagnostic::warning(format!(
            "The trace is {} long: too short for rates and percentiles to mean much.",
            time(duration)
        )));
    } else if duration < SHORT[0] {
        notes.push(Diagnostic::note(format!(
            "The trace is {} long: what is rare is not in it, and rates are those of this moment.",
            time(duration)
        )));
    }
    if facts.reordered > 0 {
        notes.push(Diagnostic::note(format!(
            "{} could only be put in order against their times: the clocks of the processors differ.",
            plural(facts.reordered, "event")
        )));
    }
    let (most, last) = report.max_procs;
    if most != last {
        notes.push(Diagnostic::note(format!(
            "GOMAXPROCS changed during the trace: {most} at most, {last} at the end; shares of procs are of what there was at the time."
        )));
    }
    if report.samples.is_empty() {
        notes.push(Diagnostic::note(
            "There are no CPU samples in it: what goroutines did while they ran is not known. A CPU profile at the same time puts them into the trace.",
        ));
    }
    if facts.tick > 1.0 {
        notes.push(Diagnostic::note(format!(
            "The clock ticks every {:.0} ns: shorter differences mean nothing.",
            facts.tick
        )));
    }
    if facts.experiments > 0 {
        notes.push(Diagnostic::note("Events of experiments were passed over."));
    }
    notes
}
