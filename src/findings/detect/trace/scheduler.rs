//! T01, T04, T15, T16: who waits for a processor, and who keeps them.

use super::super::super::finding::Finding;
use super::super::super::rule::Severity;
use super::super::rule;
use super::super::signature::percent;
use super::collector::together;
use super::{Answer, EACH, Seen, Spot, Traced, measured, ratio, time};
use crate::model::StackId;
use crate::model::trace::{Cause, GoroutineRow, Group, Histogram, NO_GROUP, WaitKind, WaitSite};
use crate::unit;

/// T01: a long wait, in nanoseconds; how many make a finding; share of the trace that a group
/// waits in sum below which nobody cares.
const LONG: (u64, u64, f64) = (1_000_000, 3, 0.01);
/// T01: a time slice of somebody else, in nanoseconds.
const SLICE: u64 = 10_000_000;
/// T01: waiting over running from which it costs throughput, not only now and then latency.
const COSTLY: f64 = 0.10;
/// T01: share of the busy procs from which on the collector may be why.
const COLLECTORS: f64 = 0.5;
/// T04: goroutines that could run, share of the procs that is busy meanwhile, and nanoseconds of
/// a trace in which that is no accident of the beginning.
const QUEUE: (f64, f64, u64) = (1.0, 0.5, 100_000_000);
/// T15: yields of a group.
const YIELDS: u64 = 1000;
/// T16: goroutines that run, share of the time that the busiest does, times others wait for it
/// and their time over the trace's.
const SERIAL: ((f64, f64), f64, u64, f64) = ((0.8, 1.2), 0.8, 30, 0.5);

pub(super) fn look(traced: &Traced<'_, '_>, out: &mut Vec<Finding>) {
    out.extend(latency(traced));
    out.extend(queue_without_need(traced));
    yields(traced, out);
    // An uneven pool, or a queue for a lock, says why one does all.
    let says_why = |finding: &Finding| matches!(finding.rule.id, "T05" | "T12");
    if !out.iter().any(says_why) {
        out.extend(serial(traced));
    }
}

/// A group that waits long for a processor.
struct Waiting<'c> {
    row: u32,
    group: &'c Group,
    p99: u64,
    severity: Severity,
}

fn waiting<'c>(traced: &Traced<'c, '_>) -> Vec<Waiting<'c>> {
    let Some(rule) = rule("T01") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (row, group) in traced.groups() {
        let waits = &group.sched;
        let p99 = waits.percentile(0.99);
        let of_at_least = |nanos: u64| -> u64 {
            let buckets = waits.buckets().filter(|&(from, ..)| from >= nanos);
            buckets.map(|(.., count)| u64::from(count)).sum()
        };
        let Some(mut severity) = rule.severity(p99 as f64 / 1e6) else {
            continue;
        };
        // Of few waits the percentile is the longest, which may be the machine's.
        if of_at_least(SLICE) < LONG.1 {
            severity = severity.min(Severity::Low);
        }
        if of_at_least(LONG.0) < LONG.1 || traced.totals.of_time(waits.total()) < LONG.2 {
            continue;
        }
        let is_costly =
            ratio(waits.total(), group.exec.total()) >= COSTLY || group.exec.total() == 0;
        severity = match is_costly {
            true => severity.max(Severity::Medium),
            false => severity.min(Severity::Medium),
        };
        found.push(Waiting {
            row,
            group,
            p99,
            severity,
        });
    }
    // What the library does for itself comes last: it can only wait for others to change.
    found.sort_by_key(|one| {
        let weight = std::cmp::Reverse((one.severity, one.group.sched.total()));
        (
            traced.is_library(one.row) && !traced.has_own(one.row),
            weight,
        )
    });
    found
}

/// T01: the groups that wait long, as one finding.
fn latency(traced: &Traced<'_, '_>) -> Option<Finding> {
    let rule = rule("T01")?;
    let found = waiting(traced);
    let worst = found.first()?;
    let waits = &worst.group.sched;
    let text = format!(
        "{} at the 99th percentile for {}, {} in the median, {} at most, in {}",
        time(worst.p99),
        traced.name(worst.row),
        time(waits.percentile(0.5)),
        time(waits.most()),
        unit::plural(waits.count(), "wait")
    );
    let all: u64 = found.iter().map(|one| one.group.sched.total()).sum();
    let spots = found.iter().filter_map(|one| {
        let waits = &one.group.sched;
        traced.root_spot(
            one.row,
            waits.total(),
            waits.count(),
            ratio(waits.total(), all),
        )
    });
    let mut notes = vec![format!(
        "It waits {:.1} times as long as it runs. {:.1} goroutines of the program could run and had no proc, on average; GOMAXPROCS is {}.",
        ratio(waits.total(), worst.group.exec.total()),
        traced.totals.runnable,
        traced.report.max_procs.1
    )];
    notes.push(causes(traced));
    notes.extend(meanwhile(traced, &found));
    let seen = Seen {
        metric: measured(rule, worst.p99 as f64 / 1e6, text),
        samples: waits.count(),
        of_samples: waits.count(),
        noun: "wait",
        spots: spots.collect(),
        groups: found.iter().map(|one| one.row).collect(),
        stack: StackId(0),
        notes,
    };
    let mut finding = traced.finding(rule, worst.severity, seen);
    // The collector takes procs from those who wait; where it takes few it is not why.
    if traced.totals.collector_share() < COLLECTORS {
        finding.unrelated = &["T03", "T08"];
    }
    // Others that wait are listed, and are no more about the same thing than about each other.
    finding.evidence[0].functions.truncate(1);
    Some(finding)
}

/// How long was waited after what.
fn causes(traced: &Traced<'_, '_>) -> String {
    let mut times: Vec<(Cause, u64)> = Cause::ALL
        .into_iter()
        .map(|cause| (cause, traced.report.latency[cause as usize].total()))
        .filter(|&(_, total)| total > 0)
        .collect();
    times.sort_by_key(|&(cause, total)| (std::cmp::Reverse(total), cause));
    let parts: Vec<String> = times
        .iter()
        .take(3)
        .map(|&(cause, total)| format!("{} {}", cause.label(), time(total)))
        .collect();
    format!(
        "By what made them able to run, in all: {}.",
        parts.join(", ")
    )
}

/// What ran during the longest waits of these groups.
fn meanwhile(traced: &Traced<'_, '_>, found: &[Waiting<'_>]) -> Option<String> {
    let mut sums: Vec<(u32, u64)> = Vec::new();
    let is_here = |row: u32| found.iter().any(|one| one.row == row);
    for worst in traced
        .report
        .worst_latency
        .iter()
        .filter(|one| is_here(one.group))
    {
        for &(_, group, nanos) in worst
            .meanwhile
            .iter()
            .filter(|&&(_, group, _)| group != NO_GROUP)
        {
            match sums.iter_mut().find(|(known, _)| *known == group) {
                Some((_, sum)) => *sum += nanos,
                None => sums.push((group, nanos)),
            }
        }
    }
    let most = sums
        .into_iter()
        .max_by_key(|&(group, sum)| (sum, std::cmp::Reverse(group)))?;
    Some(format!(
        "During the longest of these waits procs ran mostly {}.",
        traced.name(most.0)
    ))
}

/// T04: goroutines wait for a processor although there are some.
fn queue_without_need(traced: &Traced<'_, '_>) -> Option<Finding> {
    let rule = rule("T04")?;
    let (runnable, busy) = (traced.totals.runnable, traced.totals.busy_share());
    if runnable < QUEUE.0 || busy >= QUEUE.1 || traced.totals.duration < QUEUE.2 {
        return None;
    }
    let text = format!(
        "{runnable:.1} goroutines could run on average while {} of the procs were busy",
        percent(busy)
    );
    let mut groups: Vec<(u64, u32, u64)> = traced
        .groups()
        .map(|(row, g)| (g.sched.total(), row, g.sched.count()))
        .collect();
    groups.sort_unstable_by_key(|&(total, row, _)| (std::cmp::Reverse(total), row));
    let all: u64 = groups.iter().map(|(total, ..)| total).sum();
    let spots = groups
        .iter()
        .take(EACH)
        .filter_map(|&(total, row, count)| traced.root_spot(row, total, count, ratio(total, all)));
    let waits: u64 = groups.iter().map(|(.., count)| count).sum();
    let seen = Seen {
        metric: measured(rule, 1.0 - busy, text),
        samples: waits,
        of_samples: waits,
        noun: "wait",
        spots: spots.collect(),
        groups: groups.iter().take(1).map(|&(_, row, _)| row).collect(),
        stack: StackId(0),
        notes: vec![causes(traced)],
    };
    let mut finding = traced.finding(rule, Severity::Medium, seen);
    finding.title = "Goroutines wait for a processor although some are idle".to_owned();
    finding.remedies = vec![
        "Look at what keeps threads from running: a CPU limit of the container, a busy machine, goroutines locked to threads, calls into C that keep a processor.".to_owned(),
    ];
    Some(finding)
}

/// T15: groups that give way all the time.
fn yields(traced: &Traced<'_, '_>, out: &mut Vec<Finding>) {
    let Some(rule) = rule("T15") else {
        return;
    };
    let mut found: Vec<(u64, Finding)> = Vec::new();
    for (row, _) in traced.groups().filter(|&(row, _)| !traced.is_library(row)) {
        let is_yield = |site: &&WaitSite| {
            site.kind == WaitKind::Sched(Cause::Yielded) && is_asked_for(traced, site.stack)
        };
        let sites: Vec<&WaitSite> = traced.sites_of(row).filter(is_yield).collect();
        let count: u64 = sites.iter().map(|site| site.count).sum();
        let nanos: u64 = sites.iter().map(|site| site.all().1).sum();
        let rate = traced.totals.per_second(count);
        let Some(severity) = rule.severity(rate).filter(|_| count >= YIELDS) else {
            continue;
        };
        let spots = sites.iter().filter_map(|site| {
            Some(Spot {
                place: traced.blamed(site.stack)?,
                nanos: site.all().1,
                count: site.count,
                share: ratio(site.count, count),
            })
        });
        let text = format!(
            "{} of {}, {rate:.0} a second; {} until it ran again, in sum",
            unit::plural(count, "yield"),
            traced.name(row),
            time(nanos)
        );
        let seen = Seen {
            metric: measured(rule, rate, text),
            samples: count,
            of_samples: count,
            noun: "yield",
            spots: together(spots.collect()),
            groups: vec![row],
            stack: sites.first().map_or(StackId(0), |site| site.stack),
            notes: Vec::new(),
        };
        found.push((count, traced.finding(rule, severity, seen)));
    }
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    out.extend(found.into_iter().take(EACH).map(|(_, finding)| finding));
}

/// The program gave way, not the runtime on its way: that does so while it assists, sweeps, and
/// waits for a collection. Some versions leave the frame of Gosched out.
fn is_asked_for(traced: &Traced<'_, '_>, stack: StackId) -> bool {
    let mut names = traced
        .case
        .frames(stack.index())
        .map(|line| traced.case.name_of(line.function));
    let asks = |name: &[u8]| !name.starts_with(b"runtime.");
    match names.next() {
        Some(b"runtime.Gosched") => names.next().is_some_and(asks),
        first => first.is_some_and(asks),
    }
}

/// T16: one goroutine runs, and others wait for it again and again.
fn serial(traced: &Traced<'_, '_>) -> Option<Finding> {
    let rule = rule("T16")?;
    let report = traced.report;
    let ((from, to), most, waits, waited) = SERIAL;
    let all: u64 = traced.groups().map(|(_, group)| group.exec.total()).sum();
    let running = traced.totals.of_time(all);
    if report.max_procs.1 < 2 || !(from..=to).contains(&running) {
        return None;
    }
    let own = report
        .goroutines
        .iter()
        .filter(|row| traced.is_own(row.group));
    let busiest: &GoroutineRow = own.max_by_key(|row| (row.exec, std::cmp::Reverse(row.id)))?;
    let share = ratio(busiest.exec, all);
    let severity = rule.severity(share)?;
    if traced.totals.of_time(busiest.exec) < most {
        return None;
    }
    // Who joins at the end waits once; who needs it again and again is held up by it.
    let joins = |row: u32| {
        let name = traced
            .group(row)
            .map_or(&b""[..], |group| traced.bytes(group.name));
        name == b"main.main" || name == b"runtime.main" || name.starts_with(b"testing.")
    };
    let held: Vec<_> = report
        .wakes
        .iter()
        .filter(|wake| wake.from == busiest.group && wake.to != busiest.group)
        .filter(|wake| traced.is_own(wake.to) && !joins(wake.to) && wake.count >= waits)
        .collect();
    let count: u64 = held.iter().map(|wake| wake.count).sum();
    let nanos_held: u64 = held.iter().map(|wake| wake.total).sum();
    if held.is_empty() || traced.totals.of_time(nanos_held) < waited {
        return None;
    }
    let text = format!(
        "goroutine {} of {} runs {} of the time, {} of all that runs; others wait for it {} in {}",
        busiest.id,
        traced.name(busiest.group),
        percent(traced.totals.of_time(busiest.exec)),
        percent(share),
        time(nanos_held),
        unit::plural(count, "wait")
    );
    let mut groups = vec![busiest.group];
    groups.extend(held.iter().map(|wake| wake.to));
    let seen = Seen {
        metric: measured(rule, share, text),
        samples: count,
        of_samples: count,
        noun: "wait",
        spots: traced
            .root_spot(busiest.group, busiest.exec, 0, share)
            .into_iter()
            .collect(),
        groups,
        stack: StackId(0),
        notes: vec![format!(
            "{running:.2} goroutines of the program run on average, of {} procs.",
            report.max_procs.1
        )],
    };
    Some(traced.finding(rule, severity, seen))
}

pub(super) fn answers(traced: &Traced<'_, '_>) -> Vec<Answer> {
    let all = Histogram::merged(&traced.report.latency);
    vec![Answer {
        rules: &["T01", "T04"],
        question: "Do goroutines wait long for a processor?",
        value: format!(
            "{} at the 99th percentile of {}",
            time(all.percentile(0.99)),
            unit::plural(all.count(), "wait")
        ),
        threshold: "1 ms for a group",
    }]
}
