//! T05, T09, T10, T11: pools of workers.

use super::super::super::finding::Finding;
use super::super::super::rule::Severity;
use super::super::rule;
use super::super::signature::percent;
use super::{EACH, Seen, Spot, Traced, measured, ratio};
use crate::analysis::trace::{PoolFacts, PoolVerdict};
use crate::model::StackId;
use crate::model::trace::{Cause, NO_GROUP, WaitKind, WaitSite};
use crate::unit;

/// T10: times a second that work is handed out, below which there is just little to do.
const HANDED: f64 = 20.0;
/// T10: ticks per hand-over from which on a ticker sets the pace.
const TICKED: f64 = 0.05;

pub(super) fn look(traced: &Traced<'_, '_>, out: &mut Vec<Finding>) {
    let mut said: Vec<(&'static str, usize)> = Vec::new();
    for finding in traced.pools.iter().filter_map(|pool| one(traced, pool)) {
        let at = said.iter().position(|(id, _)| *id == finding.rule.id);
        let at = at.unwrap_or_else(|| {
            said.push((finding.rule.id, 0));
            said.len() - 1
        });
        said[at].1 += 1;
        if said[at].1 <= EACH {
            out.push(finding);
        }
    }
}

fn one(traced: &Traced<'_, '_>, pool: &PoolFacts) -> Option<Finding> {
    let (id, value) = match pool.verdict {
        PoolVerdict::Imbalanced => ("T05", pool.imbalance),
        PoolVerdict::TooFew => ("T09", pool.senders.0),
        PoolVerdict::Starved if !is_idle(traced, pool) => ("T10", pool.starved),
        PoolVerdict::TooMany => ("T11", pool.queueing),
        PoolVerdict::Starved | PoolVerdict::CpuBound | PoolVerdict::Fits => return None,
    };
    let rule = rule(id)?;
    // An uneven pool may be so by its deviation alone.
    let severity = match pool.verdict {
        PoolVerdict::Imbalanced => Severity::Medium,
        _ => rule.severity(value)?,
    };
    let seen = Seen {
        metric: measured(rule, value, text(traced, pool)),
        samples: pool.handed,
        of_samples: pool.handed,
        noun: "hand-over",
        spots: spots(traced, pool),
        groups: groups(pool),
        stack: hand_over(traced, pool).map_or(StackId(0), |site| site.stack),
        notes: notes(traced, pool),
    };
    Some(traced.finding(rule, severity, seen))
}

/// The pool and those who feed it, or wait for it.
fn groups(pool: &PoolFacts) -> Vec<u32> {
    let others = [pool.senders.1, pool.producer]
        .into_iter()
        .filter(|&row| row != NO_GROUP);
    [pool.group].into_iter().chain(others).collect()
}

/// There is little to do, or a server hands it out: its pool is as it should be.
fn is_idle(traced: &Traced<'_, '_>, pool: &PoolFacts) -> bool {
    let serves = |row: u32| {
        let mut sites = traced.sites_of(row);
        sites.any(|site| site.kind == WaitKind::Blocked && traced.is_served(site.stack))
    };
    // Who waits for a ticker hands out at its pace.
    let ticks = |row: u32| {
        let of_timers = traced.report.wakes.iter().filter(|wake| {
            wake.to == row
                && wake.from == NO_GROUP
                && matches!(traced.bytes(wake.reason), b"chan receive" | b"select")
        });
        let ticks: u64 = of_timers.map(|wake| wake.count).sum();
        ticks as f64 >= TICKED * pool.handed as f64
    };
    traced.totals.per_second(pool.handed) < HANDED || serves(pool.producer) || ticks(pool.producer)
}

fn text(traced: &Traced<'_, '_>, pool: &PoolFacts) -> String {
    let name = traced.name(pool.group);
    let workers = format!("{:.1} workers of {name}", pool.workers);
    match pool.verdict {
        PoolVerdict::Imbalanced => format!(
            "the busiest of {workers} runs {} of the time{}, together they wait for work {} of theirs",
            percent(pool.busiest),
            match pool.imbalance > 0.0 {
                true => format!(
                    ", {:.1} times as long as the one in the middle",
                    pool.imbalance
                ),
                false => String::new(),
            },
            percent(pool.idle)
        ),
        PoolVerdict::TooFew => format!(
            "{workers} are busy all of the time, {:.1} goroutines wait to hand over work, {} of the procs are busy",
            pool.senders.0,
            percent(traced.totals.busy_share())
        ),
        PoolVerdict::TooMany => format!(
            "{workers} want to run, and wait for a proc {} of that time",
            percent(pool.queueing)
        ),
        _ => format!(
            "all {workers} wait for work at the same time for {} of it; {:.2} are busy on average",
            percent(pool.starved),
            pool.busy
        ),
    }
}

/// The wait that hands work over: of who sends, where that is what others wait in, else where
/// workers are woken.
fn hand_over<'c>(traced: &Traced<'c, '_>, pool: &PoolFacts) -> Option<&'c WaitSite> {
    let blocked =
        |site: &&WaitSite| site.kind == WaitKind::Blocked && traced.reason(site) == b"chan send";
    let woken = |site: &&WaitSite| {
        site.kind == WaitKind::Sched(Cause::Unblocked) && traced.blamed(site.stack).is_some()
    };
    let sent = traced.sites_of(pool.senders.1).find(blocked);
    let most = traced.sites_of(pool.group).filter(woken);
    sent.or_else(|| most.max_by_key(|site| (site.count, std::cmp::Reverse(site.stack))))
}

fn spots(traced: &Traced<'_, '_>, pool: &PoolFacts) -> Vec<Spot> {
    let group = traced.group(pool.group);
    let exec = group.map_or(0, |group| group.exec.total());
    let all: u64 = traced.groups().map(|(_, group)| group.exec.total()).sum();
    let own = traced.root_spot(pool.group, exec, 0, ratio(exec, all));
    let handed = hand_over(traced, pool).and_then(|site| {
        let (count, nanos) = site.all();
        Some(Spot {
            place: traced.blamed(site.stack)?,
            nanos,
            count,
            share: 0.0,
        })
    });
    own.into_iter().chain(handed).collect()
}

fn notes(traced: &Traced<'_, '_>, pool: &PoolFacts) -> Vec<String> {
    let mut notes = vec![format!(
        "{:.2} of {:.1} workers busy on average; none waits for work {} of the time, all {}; handed work {}.",
        pool.busy,
        pool.workers,
        percent(pool.saturated),
        percent(pool.starved),
        unit::plural(pool.handed, "time")
    )];
    if pool.producer != NO_GROUP {
        notes.push(format!(
            "Work comes mostly from {}.",
            producer(traced, pool)
        ));
    }
    notes
}

/// Who hands out, and what that one spends its time on.
fn producer(traced: &Traced<'_, '_>, pool: &PoolFacts) -> String {
    let name = traced.name(pool.producer);
    let Some(group) = traced.group(pool.producer) else {
        return name;
    };
    let total = group.total();
    let runs = ratio(group.exec.total(), total);
    let most = group
        .blocks
        .first()
        .filter(|(_, times)| ratio(times.total(), total) >= 0.5);
    match most {
        Some((reason, times)) => format!(
            "{name}, which spends {} of its time in “{}”",
            percent(ratio(times.total(), total)),
            traced.case.profile.strings.text(*reason)
        ),
        None => format!("{name}, which runs {} of its time", percent(runs)),
    }
}
