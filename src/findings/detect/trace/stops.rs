//! T02: stops of the world, by the collector and by others.

use super::super::super::finding::Finding;
use super::super::super::rule::Severity;
use super::super::rule;
use super::super::signature::percent;
use super::{Seen, Traced, measured, ratio, time};
use crate::analysis::trace::is_by_tracing;
use crate::model::trace::{NO_GROUP, Stop, StopKind};
use crate::model::{StackId, StringId};
use crate::unit;

/// T02: stops below which their share is not looked at, and nanoseconds.
const STOPS: (u64, u64) = (5, 500_000);
/// T02: a stop, in nanoseconds, that is worth a word, and one that hurts.
const LONG: [u64; 2] = [1_000_000, 10_000_000];
/// T02: share of all that was stopped from which on a reason has a remedy.
const WORTH: f64 = 0.1;

/// T02: stops of the world, by share and by the longest.
pub(super) fn stops(traced: &Traced<'_, '_>) -> Option<Finding> {
    let rule = rule("T02")?;
    let totals = &traced.totals;
    let share = totals.of_time(totals.stopped);
    let is_much = totals.stops >= STOPS.0 && totals.stopped >= STOPS.1;
    let by_share = rule.severity(share).filter(|_| is_much);
    let own = |reason: StringId| !is_by_tracing(traced.bytes(reason));
    let worst: Vec<&Stop> = traced
        .report
        .worst_stops
        .iter()
        .filter(|s| own(s.reason))
        .collect();
    let longer = |limit: u64| worst.iter().filter(|stop| stop.time >= limit).count();
    // A single one may be the machine's.
    let by_longest = match (longer(LONG[0]), longer(LONG[1])) {
        (0, _) => None,
        (_, 2..) => Some(Severity::High),
        (1, 0) => Some(Severity::Low),
        _ => Some(Severity::Medium),
    };
    let severity = by_share.max(by_longest)?;
    let kinds: Vec<&StopKind> = traced
        .report
        .stops
        .iter()
        .filter(|s| own(s.reason))
        .collect();
    let text = format!(
        "{} of the time in {}, the longest {}",
        percent(share),
        unit::plural(totals.stops, "stop"),
        time(totals.longest_stop)
    );
    let reasons: Vec<String> = kinds
        .iter()
        .map(|kind| {
            format!(
                "{} ({}, {}, at most {})",
                traced.case.profile.strings.text(kind.reason),
                unit::plural(kind.times.count(), "stop"),
                time(kind.times.total()),
                time(kind.times.most())
            )
        })
        .collect();
    let mut notes = vec![format!("By reason: {}.", reasons.join("; "))];
    notes.extend(worst.first().and_then(|stop| last_to_stop(traced, stop)));
    let by_collector: u64 = kinds
        .iter()
        .filter(|kind| traced.bytes(kind.reason).starts_with(b"GC "))
        .map(|kind| kind.times.total())
        .sum();
    let is_collectors = by_collector * 2 >= totals.stopped;
    // Who asked is told of single stops, of the collector's it is chance.
    let by = worst
        .iter()
        .find(|stop| !is_collectors && traced.is_own(stop.by))
        .map(|stop| stop.by);
    let spots = by.and_then(|row| traced.root_spot(row, totals.stopped, totals.stops, share));
    let seen = Seen {
        metric: measured(rule, share, text),
        samples: totals.stops,
        of_samples: totals.stops,
        noun: "stop",
        spots: spots.into_iter().collect(),
        groups: by.into_iter().collect(),
        stack: StackId(0),
        notes,
    };
    let mut finding = traced.finding(rule, severity, seen);
    if !is_collectors {
        finding.unrelated = &["T03", "T08"];
    }
    if by_share.is_none() {
        finding.title = "The world was stopped for long at a time".to_owned();
    }
    let mut said = Vec::new();
    // What stopped it rarely is not worth a change.
    let often = kinds
        .iter()
        .filter(|kind| ratio(kind.times.total(), totals.stopped) >= WORTH);
    for kind in often {
        let remedy = remedy(traced.bytes(kind.reason));
        if !remedy.is_empty() && !said.contains(&remedy) {
            said.push(remedy);
        }
    }
    finding.remedies = said.into_iter().map(str::to_owned).collect();
    Some(finding)
}

/// Which proc made the others wait, and what it ran.
fn last_to_stop(traced: &Traced<'_, '_>, stop: &Stop) -> Option<String> {
    // A few microseconds are what it takes to tell them.
    (stop.last != u64::MAX && stop.stopping * 2 >= stop.time).then(|| {
        let ran = match stop.ran {
            NO_GROUP => String::new(),
            row => format!(", which ran {}", traced.name(row)),
        };
        format!(
            "In the longest, {} of {} went by until proc {} had stopped as the last{ran}.",
            time(stop.stopping),
            time(stop.time),
            stop.last
        )
    })
}

/// What to do about stops for a reason of the program's own.
fn remedy(reason: &[u8]) -> &'static str {
    match reason {
        b"read mem stats" => {
            "Read memory statistics with runtime/metrics instead of runtime.ReadMemStats: it does not stop the world."
        }
        b"goroutine profile" | b"goroutine profile cleanup" => {
            "Take goroutine profiles rarely: each stops the world twice, and looks at every goroutine."
        }
        b"all goroutines stack trace" => {
            "Take stacks of all goroutines (runtime.Stack, debug=2) only when something is wrong: the world stands still until all are written."
        }
        b"GOMAXPROCS" => {
            "Set GOMAXPROCS once, at the start; from Go 1.25 on the runtime follows the container's limit itself (GODEBUG=updatemaxprocs=0 stops that)."
        }
        b"write heap dump" => {
            "debug.WriteHeapDump stops the world until the whole heap is written: use a heap profile."
        }
        _ => "",
    }
}
