//! What kind of file a trace is, and what of it could not be used.

use super::page::Page;
use super::words::{known_rate, plural};
use crate::model::trace::TraceFacts;
use crate::unit::instant_nanos;

/// Which Go writes a format.
pub(super) fn release(version: u32) -> &'static str {
    match version {
        22 => "Go 1.22",
        23 | 24 => "Go 1.23 or 1.24",
        25 => "Go 1.25",
        26 => "Go 1.26 or 1.27",
        _ => "a Go newer than 1.27",
    }
}

/// How many there are of what a program says of itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) tasks: u64,
    pub(super) regions: u64,
    pub(super) logs: u64,
    pub(super) samples: u64,
}

impl Own {
    pub(super) fn of(page: &Page<'_>) -> Self {
        let report = page.report;
        let tasks = report
            .tasks
            .iter()
            .map(|kind| kind.times.count() + kind.open);
        Self {
            tasks: tasks.sum(),
            regions: report.regions.iter().map(|kind| kind.times.count()).sum(),
            logs: report.logs,
            samples: report.samples.iter().map(|&(_, count)| count).sum(),
        }
    }
}

/// When the first event was, in UTC with milliseconds; `None` where the file does not say.
pub(super) fn began_at(page: &Page<'_>) -> Option<String> {
    let nanos = page.profile.time_nanos;
    (nanos > 0).then(|| {
        let (seconds, nanos) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
        instant_nanos(seconds, nanos as u64 / 1_000_000 * 1_000_000)
    })
}

/// Bytes that could be used.
pub(super) fn used_bytes(facts: &TraceFacts) -> u64 {
    facts.bytes.saturating_sub(facts.lost_bytes())
}

/// Nanoseconds from the first event to the last, or to where what is lost is told to reach.
pub(super) fn whole_time(page: &Page<'_>) -> u64 {
    let (begin, end) = page.report.span;
    let losses = page.report.facts.losses.iter().map(|loss| loss.span.1);
    losses
        .max()
        .map_or(end, |last| last.max(end))
        .saturating_sub(begin)
}

/// Those of them of which something is known.
pub(super) fn used_time(page: &Page<'_>) -> u64 {
    whole_time(page).saturating_sub(page.report.facts.lost_time())
}

/// The lines at the top: what it is, how much, how long, and of whom.
pub(super) fn head(page: &Page<'_>) -> Vec<String> {
    let (report, facts) = (page.report, &page.report.facts);
    let mut lines = vec![format!(
        "{}: execution trace, format 1.{}, which {} writes",
        page.name,
        facts.version,
        release(facts.version)
    )];
    let began = began_at(page).map_or_else(String::new, |when| format!(" from {when} on"));
    let events = plural(report.events, "event");
    let events = match known_rate(report.events, page.duration()) {
        Some(rate) => format!("{events} ({rate})"),
        None => events,
    };
    lines.push(format!(
        "  {}{began}; {} in {}; {events}",
        page.clock.span(page.duration()),
        plural(facts.bytes, "byte"),
        plural(facts.generations.len() as u64, "generation"),
    ));
    let procs = match report.max_procs {
        (most, last) if most != last && last > 0 => {
            format!("GOMAXPROCS {last} at the end, {most} at most")
        }
        _ => report.procs_text(),
    };
    lines.push(format!(
        "  {procs}; goroutines: {} created, {} ended, {} at most at a time",
        report.created, report.ended, report.most_alive
    ));
    let own = Own::of(page);
    let count = |count: u64, noun: &str| match count {
        0 => format!("no {noun}s"),
        _ => plural(count, noun),
    };
    lines.push(format!(
        "  {}, {}, {}, {}",
        count(own.tasks, "task"),
        count(own.regions, "region"),
        count(own.logs, "message"),
        count(own.samples, "CPU sample")
    ));
    if facts.experiments > 0 {
        let batches = plural(facts.experiments, "batch");
        lines.push(format!("  {batches} of experiments were passed over"));
    }
    lines
}
