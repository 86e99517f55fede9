//! Causes and consequences.
//!
//! A rule says which others follow from it. In one file they are only linked where they are about
//! the same samples: at least half of the consequence's. The collector works in goroutines of its
//! own and shares no samples with what allocates, so there the rule's word is enough; between
//! files of one run both have to blame the same function or package. In a trace both have to be
//! about the same function or group of goroutines.

use super::case::Case;
use super::finding::{Evidence, Finding};
use super::folder_of;
use crate::analysis::split_symbol;
use crate::model::Kind;

/// Part of a consequence's samples that its cause must share.
const SHARED: f64 = 0.5;
/// Consequences that happen elsewhere than their cause.
const ELSEWHERE: [&str; 8] = ["A01", "A03", "C01", "C02", "H06", "T02", "T04", "T08"];

/// Links every consequence to its weightiest cause.
pub(super) fn connect(cases: &[Case<'_>], findings: &mut [Finding]) {
    let causes: Vec<Option<usize>> = (0..findings.len())
        .map(|at| cause_of(cases, findings, at))
        .collect();
    for (at, cause) in causes.iter().enumerate() {
        let Some(mut cause) = *cause else {
            continue;
        };
        // What follows from a consequence follows from the cause.
        for _ in 0..findings.len() {
            match causes[cause] {
                Some(further) if further != at => cause = further,
                _ => break,
            }
        }
        if cause == at {
            continue;
        }
        findings[at].explained_by = Some(cause);
        findings[cause].explains.push(at);
    }
}

fn cause_of(cases: &[Case<'_>], findings: &[Finding], at: usize) -> Option<usize> {
    let consequence = &findings[at];
    let candidates = (0..findings.len()).filter(|&other| {
        let cause = &findings[other];
        // A hint explains nothing that is more than a hint: it has no recommendation to stand for.
        let weighs =
            cause.severity > super::Severity::Info || consequence.severity == super::Severity::Info;
        other != at
            && weighs
            && cause.rule.does_explain(consequence.rule)
            && !consequence.unrelated.contains(&cause.rule.id)
            && cause.severity >= consequence.severity.lower()
            && is_linked(cases, cause, consequence)
    });
    let weight = |i: usize| {
        let f = &findings[i];
        (f.severity, f.potential.unwrap_or(0.0))
    };
    candidates.max_by(|&a, &b| {
        let (a_severity, a_gain) = weight(a);
        let (b_severity, b_gain) = weight(b);
        a_severity
            .cmp(&b_severity)
            .then_with(|| a_gain.total_cmp(&b_gain))
            .then_with(|| findings[b].rule.id.cmp(findings[a].rule.id))
    })
}

fn is_linked(cases: &[Case<'_>], cause: &Finding, consequence: &Finding) -> bool {
    for to in &consequence.evidence {
        for from in &cause.evidence {
            if from.file != to.file {
                let one_run = folder_of(&from.name) == folder_of(&to.name);
                let elsewhere = ELSEWHERE.contains(&consequence.rule.id) && from.kind != to.kind;
                if one_run && (elsewhere || are_near(from, to)) {
                    return true;
                }
                continue;
            }
            if ELSEWHERE.contains(&consequence.rule.id) {
                return true;
            }
            // What happens in a trace at one time need not have to do with each other.
            if to.kind == Kind::Trace {
                if from
                    .functions
                    .iter()
                    .any(|name| to.functions.contains(name))
                {
                    return true;
                }
                continue;
            }
            let case = cases
                .iter()
                .find(|c| c.index == to.file && c.kind() == to.kind);
            match case.and_then(|case| overlap(case, cause, consequence)) {
                Some(share) if share < SHARED => {}
                _ => return true,
            }
        }
    }
    false
}

/// The functions to blame are one, or of one package; programs in package main are not told apart
/// by it.
fn are_near(from: &Evidence, to: &Evidence) -> bool {
    let (Some(a), Some(b)) = (from.functions.first(), to.functions.first()) else {
        return false;
    };
    let package = split_symbol(a).package;
    from.functions.contains(b)
        || to.functions.contains(a)
        || package == split_symbol(b).package && package != b"main"
}

/// Part of the consequence's samples that also have the cause's signature; `None` where one of
/// the two is not said by a signature.
fn overlap(case: &Case<'_>, cause: &Finding, consequence: &Finding) -> Option<f64> {
    let (a, b) = (
        case.scan.bit_of(cause.rule),
        case.scan.bit_of(consequence.rule),
    );
    if a == 0 || b == 0 {
        return None;
    }
    let (mut both, mut all) = (0_u64, 0_u64);
    for stack in case.scan.stacks_of(case, consequence.rule) {
        let value = case.weights.values[stack];
        all = all.saturating_add(value);
        if case.scan.matched[stack] & a != 0 {
            both = both.saturating_add(value);
        }
    }
    Some(both as f64 / all.max(1) as f64)
}
