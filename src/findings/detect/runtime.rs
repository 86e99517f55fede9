//! A09, H07, H10: the runtime's own counters, at the end of a heap's text.

use super::super::case::Case;
use super::super::finding::{Evidence, Finding, Metric, counted};
use super::super::rule::{Confidence, Severity};
use super::rule;
use super::signature::percent;
use crate::model::{Kind, MemStats};
use crate::unit;

/// Pauses, in ns, that are worth a word, and that hurt; the latter have to be more than one, since
/// a machine that was busy with something else makes one.
const WORTH_A_WORD: u64 = 1_000_000;
const HURTS: u64 = 10_000_000;
/// Pauses that are looked at: the last ones.
const LAST: usize = 16;
/// H07: share of everything obtained from the system.
const STACKS: f64 = 0.25;
/// H10: share of the spans in use.
const FRAGMENTED: f64 = 0.30;
/// A08: collections that the program forced, and their share of all.
const FORCED: (u64, f64) = (10, 0.5);

pub(super) fn look(case: &Case<'_>, out: &mut Vec<Finding>) {
    let Some(stats) = case.profile.mem_stats.as_deref() else {
        return;
    };
    // Counters are the same in both halves of a memory profile.
    if case.kind() != Kind::Heap {
        return;
    }
    out.extend(collector(case, stats));
    out.extend(stacks(case, stats));
    out.extend(fragments(case, stats));
    out.extend(forced(case, stats));
}

fn bytes(value: u64) -> String {
    unit::label(value.min(i64::MAX as u64) as i64, "bytes")
}

/// A metric that was counted, not sampled.
fn exact(value: f64, threshold: f64, text: String) -> Metric {
    Metric {
        value,
        interval: None,
        threshold,
        text,
    }
}

fn evidence(case: &Case<'_>, metric: Metric) -> Evidence {
    counted(case, metric, 1)
}

/// A09.
fn collector(case: &Case<'_>, stats: &MemStats) -> Option<Finding> {
    let rule = rule("A09")?;
    let pauses = stats.pauses();
    let longest = pauses.iter().take(LAST).copied().max().unwrap_or(0);
    let hurting = pauses.iter().take(LAST).filter(|&&ns| ns > HURTS).count();
    let by_pause = match longest {
        _ if hurting > 1 => Some(Severity::High),
        longest if longest > WORTH_A_WORD => Some(Severity::Low),
        _ => None,
    };
    let severity = rule.severity(stats.gc_cpu_fraction).max(by_pause)?;
    let text = format!(
        "{} of the CPU time that was available since the start, {}, the longest of the last pauses {}",
        percent(stats.gc_cpu_fraction),
        unit::plural(stats.num_gc, "collection"),
        unit::label(longest.min(i64::MAX as u64) as i64, "nanoseconds")
    );
    let metric = exact(stats.gc_cpu_fraction, rule.threshold(), text);
    Some(Finding::new(
        rule,
        severity,
        Confidence::High,
        evidence(case, metric),
    ))
}

/// H07.
fn stacks(case: &Case<'_>, stats: &MemStats) -> Option<Finding> {
    let rule = rule("H07")?;
    let in_use = stats.stack.0;
    let share = in_use as f64 / stats.sys.max(1) as f64;
    let by_share = (share >= STACKS && in_use > 16 << 20).then_some(Severity::Medium);
    let severity = rule.severity(in_use as f64).max(by_share)?;
    let text = format!(
        "{} of stacks, {} of all memory",
        bytes(in_use),
        percent(share)
    );
    let metric = exact(in_use as f64, rule.threshold(), text);
    Some(Finding::new(
        rule,
        severity,
        Confidence::High,
        evidence(case, metric),
    ))
}

/// H10.
fn fragments(case: &Case<'_>, stats: &MemStats) -> Option<Finding> {
    let rule = rule("H10")?;
    let gap = stats.heap_inuse.saturating_sub(stats.heap_alloc);
    let share = gap as f64 / stats.heap_inuse.max(1) as f64;
    let severity = rule.severity(gap as f64).filter(|_| share > FRAGMENTED)?;
    let idle = stats.heap_idle.saturating_sub(stats.heap_released);
    let text = format!(
        "{} of the {} in used spans hold nothing ({}); {} idle and not given back",
        bytes(gap),
        bytes(stats.heap_inuse),
        percent(share),
        bytes(idle)
    );
    let metric = exact(gap as f64, rule.threshold(), text);
    Some(Finding::new(
        rule,
        severity,
        Confidence::High,
        evidence(case, metric),
    ))
}

/// A08 by the counter.
fn forced(case: &Case<'_>, stats: &MemStats) -> Option<Finding> {
    let rule = rule("A08")?;
    let (least, most) = FORCED;
    let share = stats.num_forced_gc as f64 / stats.num_gc.max(1) as f64;
    if stats.num_forced_gc < least || share < most {
        return None;
    }
    let text = format!(
        "{} of {} were forced by the program",
        unit::count(stats.num_forced_gc),
        unit::plural(stats.num_gc, "collection")
    );
    let metric = exact(share, most, text);
    Some(Finding::new(
        rule,
        Severity::Low,
        Confidence::High,
        evidence(case, metric),
    ))
}
