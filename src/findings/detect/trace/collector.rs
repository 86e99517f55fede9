//! T03, T04, T08: the collector.

use super::super::super::finding::Finding;
use super::super::super::rule::Severity;
use super::super::rule;
use super::super::signature::percent;
use super::stops::stops;
use super::{Answer, Seen, Spot, Traced, measured, ratio, time};
use crate::analysis::trace::{Flags, mean_utilisation, minimum_utilisation, utilisation};
use crate::model::StackId;
use crate::model::trace::{AssistSite, Group, Histogram, WaitKind};
use crate::unit;

/// T03: assists, and share of the time, below which nobody cares.
const ASSISTS: (u64, f64) = (3, 0.01);
/// T03: further groups that are named.
const OTHERS: usize = 3;
/// T03: share of the time below which it is one step less grave.
const MUCH: f64 = 0.05;
/// T08, T04: collections that make a rate, and that are more than chance.
const CYCLES: usize = 5;
/// T08: share of the time in marking that makes it graver.
const MARKING: f64 = 0.5;
/// T08: share of the busy time below which often does not mean much.
const CHEAP: f64 = 0.05;
/// T04: the window.
const WINDOW: u64 = 10_000_000;

pub(super) fn look(traced: &Traced<'_, '_>, out: &mut Vec<Finding>) {
    let before = out.len();
    let forced = Forced::new(traced);
    out.extend(assists(traced));
    if !forced.is_tests {
        out.extend(cycles(traced, &forced));
        out.extend(stops(traced));
    }
    // Where something says why, the worst window is only its measure.
    let says_why = |finding: &Finding| matches!(finding.rule.id, "T03" | "T08");
    if !forced.is_tests && !out[before..].iter().any(says_why) {
        out.extend(windows(traced));
    }
}

/// T03: groups that mark instead of working, the one that does so most as the finding.
fn assists(traced: &Traced<'_, '_>) -> Option<Finding> {
    let found = traced.groups().filter_map(|(row, group)| {
        let finding = assisting(traced, row, group)?;
        Some((row, group.assist, finding))
    });
    let mut found: Vec<(u32, u64, Finding)> = found.collect();
    found.sort_by_key(|&(row, time, _)| (std::cmp::Reverse(time), row));
    let mut found = found.into_iter();
    let (_, _, mut finding) = found.next()?;
    for (row, nanos, other) in found.take(OTHERS) {
        finding.evidence[0].notes.push(format!(
            "{} assists, too: {}, {} of its time.",
            traced.name(row),
            time(nanos),
            percent(other.main().metric.value)
        ));
    }
    Some(finding)
}

fn assisting(traced: &Traced<'_, '_>, row: u32, group: &Group) -> Option<Finding> {
    let rule = rule("T03")?;
    let sites: Vec<&AssistSite> = traced
        .report
        .assists
        .iter()
        .filter(|site| site.group == row)
        .collect();
    let mut times = Histogram::default();
    for site in &sites {
        times.merge(&site.times);
    }
    let share = ratio(group.assist, active(traced, group));
    let of_time = traced.totals.of_time(group.assist);
    let mut severity = rule.severity(share)?;
    if times.count() < ASSISTS.0 || of_time < ASSISTS.1 {
        return None;
    }
    if of_time < MUCH {
        severity = severity.lower();
    }
    let text = format!(
        "{} of the time in which goroutines of {} did anything: {} in {}",
        percent(share),
        traced.name(row),
        time(group.assist),
        unit::plural(times.count(), "assist")
    );
    let spots = allocating(traced, &sites, group.assist);
    let mut notes = vec![format!(
        "An assist took {} in the median, {} at most.",
        time(times.percentile(0.5)),
        time(times.most())
    )];
    notes.extend(worst_window(traced));
    let seen = Seen {
        metric: measured(rule, share, text),
        samples: times.count(),
        of_samples: times.count(),
        noun: "assist",
        spots,
        groups: vec![row],
        stack: sites.first().map_or(StackId(0), |site| site.stack),
        notes,
    };
    Some(traced.finding(rule, severity, seen))
}

/// The lines that allocate where goroutines assist: the program's where there are any.
fn allocating(traced: &Traced<'_, '_>, sites: &[&AssistSite], whole: u64) -> Vec<Spot> {
    let own: Vec<&AssistSite> = sites
        .iter()
        .copied()
        .filter(|site| traced.is_own_code(site.stack))
        .collect();
    let told = if own.is_empty() { sites } else { &own };
    let spots = told.iter().filter_map(|site| {
        Some(Spot {
            place: traced.blamed(site.stack)?,
            nanos: site.times.total(),
            count: site.times.count(),
            share: ratio(site.times.total(), whole),
        })
    });
    together(spots.collect())
}

/// Time in which a group's goroutines ran, wanted to, or waited for the collector.
fn active(traced: &Traced<'_, '_>, group: &Group) -> u64 {
    let waits = group.blocks.iter();
    let assisting =
        waits.filter(|(reason, _)| traced.bytes(*reason) == b"GC mark assist wait for work");
    let waited: u64 = assisting.map(|(_, times)| times.total()).sum();
    group.exec.total() + group.sched.total() + group.syscall.total() + waited
}

/// Spots of one line as one, the heaviest first.
pub(super) fn together(spots: Vec<Spot>) -> Vec<Spot> {
    let mut all: Vec<Spot> = Vec::new();
    for spot in spots {
        match all.iter_mut().find(|known| known.place == spot.place) {
            Some(known) => {
                known.nanos += spot.nanos;
                known.count += spot.count;
                known.share += spot.share;
            }
            None => all.push(spot),
        }
    }
    // Of equal ones the first: they come in the order of the trace's own tables.
    all.sort_by_key(|spot| std::cmp::Reverse(spot.nanos));
    all
}

/// What is left of the procs in the worst ten milliseconds.
fn least_left(traced: &Traced<'_, '_>) -> Option<(f64, f64)> {
    let report = traced.report;
    let left = utilisation(&report.collector, report.last_event, Flags::USUAL);
    let (least, _) = minimum_utilisation(&left, WINDOW)?;
    Some((least, mean_utilisation(&left)))
}

fn worst_window(traced: &Traced<'_, '_>) -> Option<String> {
    let (least, mean) = least_left(traced)?;
    Some(format!(
        "The collector left {} of the procs to the program, {} in the worst 10 ms.",
        percent(mean),
        percent(least)
    ))
}

/// Collections that somebody asked for with runtime.GC.
struct Forced {
    /// Where, the most first.
    spots: Vec<Spot>,
    /// They are at least half of all.
    is_most: bool,
    /// They are, and tests asked: benchmarks begin with a collection.
    is_tests: bool,
}

impl Forced {
    fn new(traced: &Traced<'_, '_>) -> Self {
        let asks = traced.marks("runtime.GC");
        let tests = traced.marks("testing.*");
        // Who asks waits until marking has ended.
        let sites = traced.sites().filter(|site| {
            site.kind == WaitKind::Blocked
                && traced.reason(site) == b"wait until GC ends"
                && traced.has(site.stack, &asks)
        });
        let (mut spots, mut count, mut of_tests) = (Vec::new(), 0, 0);
        for site in sites {
            count += site.count;
            // Directly: what a test asks for itself is the program's.
            let is_tests = traced.has(site.stack, &tests) && {
                let blamed = traced.blamed(site.stack);
                blamed.is_none_or(|(function, _)| {
                    let name = traced.case.name_of(function);
                    name.starts_with(b"testing.") || name == b"main.main"
                })
            };
            of_tests += if is_tests { site.count } else { 0 };
            spots.extend(traced.blamed(site.stack).map(|place| Spot {
                place,
                nanos: site.total,
                count: site.count,
                share: 0.0,
            }));
        }
        let cycles = traced.report.cycles.len() as u64;
        Self {
            spots: together(spots),
            is_most: count > 0 && count * 2 >= cycles,
            is_tests: of_tests > 0 && of_tests * 2 >= cycles,
        }
    }
}

/// T08: collections a second.
fn cycles(traced: &Traced<'_, '_>, forced: &Forced) -> Option<Finding> {
    let rule = rule("T08")?;
    let cycles = &traced.report.cycles;
    let whole = cycles.iter().filter(|cycle| cycle.is_whole).count();
    let rate = traced.totals.per_second(cycles.len() as u64);
    let mut severity = rule.severity(rate)?;
    if whole < CYCLES {
        return None;
    }
    let marking = traced.totals.of_time(traced.totals.marking);
    let taken = traced.totals.collector_share();
    if marking >= MARKING {
        severity = Severity::High;
    } else if taken < CHEAP {
        severity = severity.lower();
    }
    let text = format!(
        "{rate:.1} collections a second, marking for {} of the time, {} of the busy procs",
        percent(marking),
        percent(taken)
    );
    let mut heaps: Vec<(u64, u64)> = cycles
        .iter()
        .map(|cycle| cycle.heap)
        .filter(|heap| heap.0 > 0)
        .collect();
    heaps.sort_unstable();
    let heap = heaps.get(heaps.len() / 2).map(|&(heap, goal)| {
        format!(
            "In the median the heap had {} when one began, and a goal of {}.",
            bytes(heap),
            bytes(goal)
        )
    });
    let mut notes: Vec<String> = heap.into_iter().collect();
    notes.extend(worst_window(traced));
    // Who assists is who allocates, as far as a trace tells.
    let sites = traced
        .report
        .assists
        .iter()
        .filter(|site| traced.is_own(site.group));
    let sites: Vec<&AssistSite> = sites.collect();
    let assisted = sites.iter().map(|site| site.times.total()).sum();
    let spots = match forced.is_most {
        true => forced.spots.clone(),
        false => allocating(traced, &sites, assisted),
    };
    let seen = Seen {
        metric: measured(rule, rate, text),
        samples: cycles.len() as u64,
        of_samples: cycles.len() as u64,
        noun: "collection",
        spots,
        groups: Vec::new(),
        stack: StackId(0),
        notes,
    };
    let mut finding = traced.finding(rule, severity, seen);
    if forced.is_most {
        finding.title = "The program runs the collector itself, again and again".to_owned();
        finding.remedies = vec![
            "Delete the call of runtime.GC in {site}: the collector runs when it has to."
                .to_owned(),
        ];
        finding.unrelated = &["T03", "A04", "A07"];
    }
    Some(finding)
}

fn bytes(value: u64) -> String {
    unit::label(super::nanos(value), "bytes")
}

/// T04: the worst ten milliseconds, where nothing else says why.
fn windows(traced: &Traced<'_, '_>) -> Option<Finding> {
    let rule = rule("T04")?;
    let (least, mean) = least_left(traced)?;
    let cycles = traced.report.cycles.len();
    let severity = rule.severity(1.0 - least).filter(|_| cycles >= CYCLES)?;
    let text = format!(
        "{} of the procs left to the program in the worst 10 ms, {} on average",
        percent(least),
        percent(mean)
    );
    let seen = Seen {
        metric: measured(rule, 1.0 - least, text),
        samples: cycles as u64,
        of_samples: cycles as u64,
        noun: "collection",
        spots: Vec::new(),
        groups: Vec::new(),
        stack: StackId(0),
        notes: Vec::new(),
    };
    Some(traced.finding(rule, severity, seen))
}

pub(super) fn answers(traced: &Traced<'_, '_>) -> Vec<Answer> {
    let totals = &traced.totals;
    let mut assists = Histogram::default();
    let own = traced
        .report
        .assists
        .iter()
        .filter(|site| traced.is_own(site.group));
    own.for_each(|site| assists.merge(&site.times));
    vec![
        Answer {
            rules: &["T02"],
            question: "Is the world stopped for a noticeable part of the time?",
            value: format!(
                "{}, {} at most",
                percent(totals.of_time(totals.stopped)),
                time(totals.longest_stop)
            ),
            threshold: "1% of the time, or stops of 1 ms",
        },
        Answer {
            rules: &["T03"],
            question: "Do goroutines have to mark for the collector?",
            value: format!(
                "{}, {} in all, waiting included",
                unit::plural(assists.count(), "assist"),
                time(assists.total())
            ),
            threshold: "5% of a group's busy time, and 1% of the trace",
        },
        Answer {
            rules: &["T08", "T03"],
            question: "Does the collector run often?",
            value: format!(
                "{}, {:.1} a second",
                unit::plural(traced.report.cycles.len() as u64, "collection"),
                totals.per_second(traced.report.cycles.len() as u64)
            ),
            threshold: "10 a second, 5 of them",
        },
    ]
}
