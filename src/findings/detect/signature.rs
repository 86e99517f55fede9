//! Rules by signature: the share of samples whose stack has it.

use super::super::case::Case;
use super::super::case::Hits;
use super::super::finding::{Evidence, Finding, Metric, heaviest, names, placed};
use super::super::rule::{Confidence, Look, Rule, Severity};
use super::allocation::MUCH;
use crate::analysis::wilson;
use crate::model::Kind;
use crate::unit;

/// Samples below which small shares are not reported, and how small those are.
const SAMPLES_FOR_SMALL: f64 = 1000.0;
const SMALL: f64 = 0.05;
/// Below this many samples shares are indications.
const INDICATIVE: f64 = 100.0;
/// Bytes that a program must have allocated for its sites to matter, and objects that must have
/// been sampled.
const ALLOCATED: u64 = 64 << 20;
const OBJECTS: f64 = 30.0;

/// Tries every rule that is said by a signature.
pub(in super::super) fn by_signature(case: &Case<'_>, out: &mut Vec<Finding>) {
    if !case.is_rankable() || !is_worth_it(case) {
        return;
    }
    for &rule in &case.scan.rules {
        let hits = case.scan.hits(case, rule);
        let Some((metric, severity, confidence)) = judge(case, rule, &hits) else {
            continue;
        };
        out.extend(finding(case, rule, &hits, metric, severity, confidence));
    }
}

fn is_worth_it(case: &Case<'_>) -> bool {
    case.kind() != Kind::Allocs || case.weights.total >= ALLOCATED && case.weights.count >= OBJECTS
}

/// Severity by the lower end of the interval, if the rule fires.
fn judge(case: &Case<'_>, rule: &Rule, hits: &Hits) -> Option<(Metric, Severity, Confidence)> {
    let confidence = Confidence::of(hits.samples.round() as u64)?;
    let metric = share(case, rule, hits);
    let low = metric.interval.map_or(metric.value, |(low, _)| low);
    let mut severity = rule.severity(low)?;
    if case.kind() == Kind::Cpu && case.weights.count < SAMPLES_FOR_SMALL && metric.value < SMALL {
        return None;
    }
    if case.kind() == Kind::Allocs {
        // A share of allocations is not a share of time.
        severity = severity.lower();
        if case.weights.total < MUCH {
            severity = severity.min(Severity::Medium);
        }
    }
    Some((metric, severity, confidence))
}

/// The share of what a rule hit, with its interval: Wilson's for CPU samples, from 1/√k for
/// sampled objects.
pub(in super::super) fn share(case: &Case<'_>, rule: &Rule, hits: &Hits) -> Metric {
    let (value, interval) = if case.kind() == Kind::Cpu {
        let (k, n) = (
            hits.samples.round() as u64,
            case.weights.count.round() as u64,
        );
        (k as f64 / n.max(1) as f64, wilson(k, n))
    } else {
        let value = case.share(hits.value);
        let error = 1.96 / hits.samples.max(1.0).sqrt() * value;
        (value, ((value - error).max(0.0), (value + error).min(1.0)))
    };
    Metric {
        value,
        interval: Some(interval),
        threshold: rule.threshold(),
        text: format!("{} of {}", percent(value), what(case)),
    }
}

/// The share of a rule that did not fire, in words.
pub(in super::super) fn share_of(case: &Case<'_>, rule: &Rule) -> String {
    let hits = case.scan.hits(case, rule);
    let metric = share(case, rule, &hits);
    match metric.interval {
        Some((low, high)) => format!(
            "{} [{:.1}–{:.1}%]",
            percent(metric.value),
            low * 100.0,
            high * 100.0
        ),
        None => percent(metric.value),
    }
}

/// A share for people: `22.3%`.
pub(in super::super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// What shares of a case are of.
pub(in super::super) fn what(case: &Case<'_>) -> &'static str {
    match case.kind() {
        Kind::Cpu => "CPU time",
        Kind::Allocs => "bytes allocated",
        Kind::Heap => "bytes in use",
        Kind::Block => "time blocked",
        Kind::Mutex => "waiting for locks",
        _ => "all",
    }
}

fn finding(
    case: &Case<'_>,
    rule: &'static Rule,
    hits: &Hits,
    metric: Metric,
    severity: Severity,
    confidence: Confidence,
) -> Option<Finding> {
    let places = case.scan.places(case, rule);
    let samples = hits.samples.round() as u64;
    let evidence = Evidence {
        stack: heaviest(case, case.scan.stacks_of(case, rule)),
        seen: names(case, &case.scan.seen(case, rule)),
        focus: focus(rule),
        ..placed(case, metric, samples, &places)
    };
    let mut finding = Finding::new(rule, severity, confidence, evidence);
    if case.kind() == Kind::Cpu {
        finding.potential = Some(finding.main().metric.value * rule.removable);
        if case.weights.count < INDICATIVE {
            let n = unit::plural(case.weights.count.round() as u64, "sample");
            finding
                .limits
                .push(format!("Indicative only: the whole profile has {n}."));
        }
    }
    super::cpu::guard(case, finding)
}

/// The expression that finds a rule's stacks in the views: at least these, where the rule also
/// asks for how the function was called.
fn focus(rule: &Rule) -> String {
    let Look::Stacks(signature) = &rule.look else {
        return String::new();
    };
    let lists = [signature.any, signature.boundary, signature.leaf].join(" ");
    super::super::pattern::Patterns::new(&lists).expression()
}
