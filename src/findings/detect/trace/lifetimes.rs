//! T13, T14: goroutines that live too shortly, and too long.

use super::super::super::finding::Finding;
use super::super::super::rule::Severity;
use super::super::rule;
use super::{Answer, EACH, Seen, Spot, Traced, measured, time};
use crate::model::trace::{GoroutineRow, Group, WaitKind, WaitSite};
use crate::unit;

/// T13: goroutines of a group, and nanoseconds that one runs, on average.
const SHORT: (u64, u64) = (500, 100_000);
/// T14: goroutines left at one place; of those that nothing can wake, fewer will do.
const LEFT: u64 = 20;
const LEFT_FOR_EVER: u64 = 10;
/// T14: parts of the trace in each of which this share of the left ones began: what is started at
/// once is a pool.
const PARTS: usize = 4;
const IN_EACH: f64 = 0.05;
/// T14: share of the trace for which most of them have waited, and how many times as long as
/// others of their group lived.
const OLD: (f64, u64) = (0.1, 5);

pub(super) fn look(traced: &Traced<'_, '_>, out: &mut Vec<Finding>) {
    let mut left: Vec<(u64, Finding)> = Vec::new();
    let mut short: Vec<(u64, Finding)> = Vec::new();
    for (row, group) in traced.groups() {
        left.extend(growing(traced, row, group));
        if !traced.is_library(row) {
            short.extend(turning_over(traced, row, group));
        }
    }
    for mut found in [left, short] {
        found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        out.extend(found.into_iter().take(EACH).map(|(_, finding)| finding));
    }
}

/// T14: a place where goroutines of a group stop, more and more of them.
fn growing(traced: &Traced<'_, '_>, row: u32, group: &Group) -> Option<(u64, Finding)> {
    let rule = rule("T14")?;
    let waits = |site: &&WaitSite| {
        // The outside may still answer, and a sleep ends.
        let ends = matches!(traced.reason(site), b"sleep" | b"network" | b"preempted");
        site.kind == WaitKind::Blocked && !ends && !traced.is_served(site.stack)
    };
    let most = traced
        .sites_of(row)
        .filter(waits)
        .max_by_key(|site| (site.open.0, site.open.1))?;
    let left = most.open.0;
    let is_forever = traced.reason(most) == b"forever";
    // Nothing can wake these: there is no need to wait for more.
    let severity = match is_forever {
        true => Some(Severity::High).filter(|_| left >= LEFT_FOR_EVER),
        false => rule.severity(left as f64).filter(|_| left >= LEFT),
    }?;
    if !grows(traced, group, left, is_forever) {
        return None;
    }
    let rate = traced.totals.per_second(left);
    let reason = traced.case.profile.strings.text(most.reason);
    let text = format!(
        "{} of {} left in “{reason}”, {rate:.0} more a second",
        unit::plural(left, "goroutine"),
        unit::count(group.count),
    );
    let mut notes = vec![format!(
        "They have waited {} on average when the trace ends, {} at most.",
        time(most.open.1 / left.max(1)),
        time(most.most)
    )];
    if is_forever {
        notes.push(
            "A select without cases, or a channel that is nil: nothing can wake them.".to_owned(),
        );
    }
    let mut spots = Vec::new();
    spots.extend(traced.blamed(most.stack).map(|place| Spot {
        place,
        nanos: most.open.1,
        count: left,
        share: left as f64 / group.count.max(1) as f64,
    }));
    if let Some((place, _)) = traced.created_at(row) {
        let name = super::super::super::finding::name(traced.case, place.0);
        notes.push(format!(
            "Started by {}.",
            crate::analysis::short_symbol(&name)
        ));
        spots.push(Spot {
            place,
            nanos: 0,
            count: group.count,
            share: 0.0,
        });
    }
    let seen = Seen {
        metric: measured(rule, left as f64, text),
        samples: left,
        of_samples: group.count,
        noun: "goroutine",
        spots,
        groups: vec![row],
        stack: most.stack,
        notes,
    };
    Some((left, traced.finding(rule, severity, seen)))
}

/// They began all through the trace, and are older than those of their group that ended.
fn grows(traced: &Traced<'_, '_>, group: &Group, left: u64, is_forever: bool) -> bool {
    let report = traced.report;
    let members = group
        .members
        .iter()
        .filter_map(|&row| report.goroutines.get(row as usize));
    // For Go a wait for ever is an end: then none of the group is told from those who ended.
    let is_over = |row: &&GoroutineRow| row.ended > 0 && !is_forever;
    let (ended, open): (Vec<&GoroutineRow>, Vec<&GoroutineRow>) = members.partition(is_over);
    let mut in_part = [0_u64; PARTS];
    let part = (traced.totals.duration / PARTS as u64).max(1);
    for row in &open {
        let at = row.created.saturating_sub(report.span.0) / part;
        in_part[(at as usize).min(PARTS - 1)] += 1;
    }
    let all = open.len() as u64;
    let is_spread = in_part
        .iter()
        .all(|&count| count as f64 >= IN_EACH * all as f64);
    let median = |mut ages: Vec<u64>| {
        ages.sort_unstable();
        ages.get(ages.len() / 2).copied().unwrap_or(0)
    };
    let age = median(
        open.iter()
            .map(|row| report.span.1.saturating_sub(row.created))
            .collect(),
    );
    let life = median(
        ended
            .iter()
            .map(|row| row.ended.saturating_sub(row.created))
            .collect(),
    );
    let is_old = traced.totals.of_time(age) >= OLD.0 && age >= OLD.1 * life;
    // Of a large group those with the longest lives are kept.
    let are_known = all >= left.min(LEFT_FOR_EVER);
    are_known && is_spread && is_old
}

/// T13: many goroutines of a group, each for very little.
fn turning_over(traced: &Traced<'_, '_>, row: u32, group: &Group) -> Option<(u64, Finding)> {
    let rule = rule("T13")?;
    let rate = traced.totals.per_second(group.count);
    let severity = rule.severity(rate)?;
    let runs = group.exec.total() / group.count.max(1);
    if group.count < SHORT.0 || runs > SHORT.1 || group.most_alive * 2 > group.count * 3 {
        return None;
    }
    let text = format!(
        "{} started, {rate:.0} a second; each runs {} on average",
        unit::plural(group.count, "goroutine"),
        time(runs)
    );
    let mut notes = vec![format!(
        "Each waits {} to run on average, {} at the 99th percentile; {} are there at a time at most.",
        time(group.sched.mean()),
        time(group.sched.percentile(0.99)),
        unit::count(group.most_alive)
    )];
    notes.push(format!("They begin with {}.", traced.name(row)));
    let started = traced.created_at(row);
    let mut spots = Vec::new();
    spots.extend(started.map(|(place, _)| Spot {
        place,
        nanos: group.exec.total(),
        count: group.count,
        share: group.count as f64 / traced.report.created.max(1) as f64,
    }));
    spots.extend(traced.root_spot(row, 0, group.count, 0.0));
    let seen = Seen {
        metric: measured(rule, rate, text),
        samples: group.count,
        of_samples: traced.report.created.max(group.count),
        noun: "goroutine",
        spots,
        groups: vec![row],
        stack: started.map(|(_, stack)| stack).unwrap_or_default(),
        notes,
    };
    Some((group.count, traced.finding(rule, severity, seen)))
}

pub(super) fn answers(traced: &Traced<'_, '_>) -> Vec<Answer> {
    let report = traced.report;
    vec![Answer {
        rules: &["T14", "T13"],
        question: "Do goroutines pile up, or come and go in masses?",
        value: format!(
            "{} created, {} ended, {} at a time at most",
            unit::count(report.created),
            unit::count(report.ended),
            unit::count(report.most_alive)
        ),
        threshold: "20 left behind, or 1 000 a second",
    }]
}
