//! Scores and the order of findings; the same thing seen in two files of a run is one finding.

use super::finding::{Evidence, Finding};
use super::folder_of;
use super::rule::Severity;

/// Puts together what the same rule found for the same function in several files of one folder:
/// kinds of one run, encodings of one moment, snapshots of one process. The gravest speaks first.
pub(super) fn merge(findings: &mut Vec<Finding>) {
    let folder = |finding: &Finding| folder_of(&finding.main().name).to_owned();
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut all = std::mem::take(findings);
    // A CPU profile speaks first: time is what most people came for.
    all.sort_by_key(kind_rank);
    for finding in all {
        let same = kept.iter_mut().find(|known| {
            known.rule.id == finding.rule.id
                && folder(known) == folder(&finding)
                && share_a_place(known, &finding)
        });
        match same {
            Some(known) => {
                add(known, finding);
            }
            None => kept.push(finding),
        }
    }
    *findings = kept;
}

/// Adds what another file shows; the graver of the two is the main evidence.
fn add(known: &mut Finding, other: Finding) {
    let mut other = other;
    if other.severity > known.severity {
        std::mem::swap(known, &mut other);
    }
    known.confidence = known.confidence.max(other.confidence);
    known.potential = known.potential.or(other.potential);
    for evidence in other.evidence {
        let is_same = |e: &&Evidence| {
            e.file == evidence.file && e.kind == evidence.kind && e.metric == evidence.metric
        };
        if known.evidence.iter().find(is_same).is_none() {
            known.evidence.push(evidence);
        }
    }
    for limit in other.limits {
        if !known.limits.contains(&limit) {
            known.limits.push(limit);
        }
    }
}

fn kind_rank(finding: &Finding) -> usize {
    use crate::model::Kind;
    const ORDER: [Kind; 8] = [
        Kind::Cpu,
        Kind::Goroutine,
        Kind::GoroutineLeak,
        Kind::Mutex,
        Kind::Block,
        Kind::Heap,
        Kind::Allocs,
        Kind::ThreadCreate,
    ];
    let kind = finding.main().kind;
    // Benchmarks and profiles of other tools speak last.
    ORDER.iter().position(|&k| k == kind).unwrap_or(ORDER.len())
}

fn share_a_place(a: &Finding, b: &Finding) -> bool {
    let (a, b) = (&a.main().functions, &b.main().functions);
    match (a.first(), b.first()) {
        (Some(first), Some(other)) => a.contains(other) || b.contains(first),
        (None, None) => true,
        // One of them has no place.
        _ => false,
    }
}

/// Gives scores and sorts: gravest first; of equally grave ones the cause before what follows
/// from it, then by what could be won and how sure it is, then by rule, file and place.
pub(super) fn rank(findings: &mut Vec<Finding>) {
    for finding in findings.iter_mut() {
        finding.score = score(finding);
    }
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|&a, &b| compare(&findings[a], &findings[b]));
    let mut place = vec![0; findings.len()];
    for (to, &from) in order.iter().enumerate() {
        place[from] = to;
    }
    for finding in findings.iter_mut() {
        for link in &mut finding.explains {
            *link = place[*link];
        }
        finding.explains.sort_unstable();
        finding.explained_by = finding.explained_by.map(|at| place[at]);
    }
    let mut slots: Vec<Option<Finding>> = std::mem::take(findings).into_iter().map(Some).collect();
    findings.extend(order.iter().filter_map(|&from| slots[from].take()));
}

/// 25 for each step of severity above info, which gives 10; up to 15 for confidence; up to 10 for
/// the place inside the step; at most 100.
fn score(finding: &Finding) -> u32 {
    let step = match finding.severity {
        Severity::Info => 10.0,
        Severity::Low => 25.0,
        Severity::Medium => 50.0,
        Severity::High => 75.0,
        Severity::Critical => 100.0,
    };
    let metric = &finding.main().metric;
    let low = metric.interval.map_or(metric.value, |(low, _)| low);
    let inside = 10.0 * finding.rule.position(low);
    let sure = 15.0 * finding.confidence.weight();
    (step + sure + inside).round().min(100.0) as u32
}

fn compare(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    let gain = |f: &Finding| f.potential.unwrap_or(0.0) * f.confidence.weight();
    let site = |f: &Finding| {
        f.site()
            .map(|s| (s.function.clone(), s.line))
            .unwrap_or_default()
    };
    b.severity
        .cmp(&a.severity)
        .then_with(|| a.explained_by.is_some().cmp(&b.explained_by.is_some()))
        .then_with(|| gain(b).total_cmp(&gain(a)))
        .then_with(|| b.score.cmp(&a.score))
        .then_with(|| a.rule.id.cmp(b.rule.id))
        .then_with(|| a.main().name.cmp(&b.main().name))
        .then_with(|| site(a).cmp(&site(b)))
}
