//! M: what has to be known before believing a profile.

use super::super::case::Case;
use super::super::finding::{Evidence, Finding, Metric, counted, heaviest, placed};
use super::super::matcher::gather;
use super::super::rule::{Confidence, Severity};
use super::rule;
use super::signature::{percent, share, what};
use crate::analysis::{Class, Surveyor, busy_cores};
use crate::model::{FunctionId, Kind, StackId};
use crate::unit;

/// CPU samples below which nothing is ranked, and below which shares are indications.
pub(in super::super) const RANKABLE: f64 = 30.0;
const INDICATIVE: f64 = 100.0;
/// Sampled objects below which the sites of a memory profile are chance.
const OBJECTS: f64 = 30.0;
/// M05: cores busy. The number of cores is not in a profile.
const IDLE: f64 = 0.5;
/// M06: cores busy, and the share below one entry.
const SINGLE: (f64, f64, f64) = (0.8, 1.15, 0.85);

pub(super) fn look(case: &Case<'_>, out: &mut Vec<Finding>) {
    out.extend(few_samples(case));
    if !case.is_rankable() {
        return;
    }
    let survey = Survey::new(case);
    out.extend(harness(case, &survey));
    out.extend(cut_or_lost(case, &survey));
    if case.kind() == Kind::Cpu {
        out.extend(idle(case));
        out.extend(single(case));
    }
}

/// M01.
fn few_samples(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("M01")?;
    let n = case.weights.count;
    let count = n.round() as u64;
    let (severity, text) = match case.kind() {
        Kind::Cpu if n < RANKABLE => (
            if count == 0 {
                Severity::Info
            } else {
                Severity::Medium
            },
            match count {
                0 => "no sample at all".to_owned(),
                _ => format!("{} in the whole profile", unit::plural(count, "CPU sample")),
            },
        ),
        Kind::Cpu if n < INDICATIVE => (
            Severity::Info,
            format!(
                "{}: shares are indications",
                unit::plural(count, "CPU sample")
            ),
        ),
        Kind::Allocs if case.weights.total > 0 && n < OBJECTS => (
            Severity::Info,
            format!(
                "about {} really sampled",
                unit::plural(count, "allocated object")
            ),
        ),
        _ => return None,
    };
    let metric = Metric {
        value: n,
        interval: None,
        threshold: INDICATIVE,
        text,
    };
    let mut finding = Finding::new(
        rule,
        severity,
        Confidence::High,
        counted(case, metric, count),
    );
    if severity == Severity::Info && count > 0 {
        finding.title = "Few samples: shares are indications".to_owned();
    } else if count == 0 {
        finding.title = "No samples: nothing can be said".to_owned();
    }
    Some(finding)
}

/// What a pass over the stacks tells.
struct Survey {
    harness: Vec<usize>,
    cut: Vec<usize>,
    lost: Vec<usize>,
    depth: usize,
}

impl Survey {
    fn new(case: &Case<'_>) -> Self {
        let surveyor = Surveyor::new(case.profile, case.file.classes, case.kind());
        let mut survey = Self {
            harness: Vec::new(),
            cut: Vec::new(),
            lost: Vec::new(),
            depth: surveyor.depth,
        };
        let is_sampled = matches!(case.kind(), Kind::Cpu | Kind::Allocs);
        for stack in case.weights.stacks() {
            let id = StackId(stack as u32);
            if surveyor.is_cut(id) {
                survey.cut.push(stack);
            }
            if is_sampled {
                let found = case.attributor.attribute(id);
                if surveyor.is_lost(&found) {
                    survey.lost.push(stack);
                }
                if surveyor.is_harness(&found) {
                    survey.harness.push(stack);
                }
            }
        }
        survey
    }
}

/// M03.
fn harness(case: &Case<'_>, survey: &Survey) -> Option<Finding> {
    let rule = rule("M03")?;
    let hits = case.weights.sum(survey.harness.iter().copied());
    let confidence = Confidence::of(hits.samples.round() as u64)?;
    let metric = share(case, rule, &hits);
    let mut severity = rule.severity(metric.interval?.0)?;
    if case.kind() == Kind::Allocs {
        // Where time goes may still be the code under test.
        severity = severity.lower();
    }
    let blamed = survey.harness.iter().map(|&s| (s, case.blamed(s)));
    let places = gather(case, blamed);
    let evidence = Evidence {
        stack: heaviest(case, survey.harness.iter().copied()),
        focus: focus(case, &places),
        ..placed(case, metric, hits.samples.round() as u64, &places)
    };
    let mut finding = Finding::new(rule, severity, confidence, evidence);
    if case.kind() == Kind::Cpu {
        finding.potential = Some(finding.main().metric.value * rule.removable);
    }
    Some(finding)
}

/// An expression for the functions to blame.
fn focus(case: &Case<'_>, places: &[super::super::case::Place]) -> String {
    let mut names: Vec<String> = Vec::new();
    for place in places {
        let name =
            super::super::pattern::quoted(&String::from_utf8_lossy(case.name_of(place.function)));
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() == 6 {
            break;
        }
    }
    match names.as_slice() {
        [] => String::new(),
        names => format!("^({})$", names.join("|")),
    }
}

/// M04.
fn cut_or_lost(case: &Case<'_>, survey: &Survey) -> Option<Finding> {
    let rule = rule("M04")?;
    let of = |stacks: &[usize]| case.weights.sum(stacks.iter().copied());
    let (all_cut, all_lost) = (of(&survey.cut), of(&survey.lost));
    let (cut, lost) = (case.share(all_cut.value), case.share(all_lost.value));
    let severity = rule.severity(cut + lost)?;
    let mut parts = Vec::new();
    if cut > 0.0 {
        parts.push(format!(
            "{} of {} in stacks cut at {} frames",
            percent(cut),
            what(case),
            survey.depth
        ));
    }
    if lost > 0.0 {
        parts.push(format!("{} lost or outside Go", percent(lost)));
    }
    let metric = Metric {
        value: cut + lost,
        interval: None,
        threshold: rule.threshold(),
        text: parts.join(", "),
    };
    let samples = (all_cut.samples + all_lost.samples).round() as u64;
    let confidence = Confidence::of(samples)?;
    // It says how to read the rest, which is no fault of the program.
    let severity = severity.min(Severity::Info);
    Some(Finding::new(
        rule,
        severity,
        confidence,
        counted(case, metric, samples),
    ))
}

/// M05.
fn idle(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("M05")?;
    let cores = busy_cores(case.profile).filter(|&cores| cores < IDLE)?;
    let wall = unit::label(case.profile.duration_nanos, "nanoseconds");
    let metric = Metric {
        value: cores,
        interval: None,
        threshold: IDLE,
        text: format!("{cores:.2} cores busy on average over {wall}"),
    };
    let count = case.weights.count.round() as u64;
    let evidence = counted(case, metric, count);
    Some(Finding::new(
        rule,
        Severity::Info,
        Confidence::of(count)?,
        evidence,
    ))
}

/// M06: worth knowing, as a profile does not tell how many cores there were.
fn single(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("M06")?;
    let (from, to, most) = SINGLE;
    let cores = busy_cores(case.profile).filter(|cores| (from..=to).contains(cores))?;
    let mut entries: rustc_hash::FxHashMap<FunctionId, (u64, usize)> =
        rustc_hash::FxHashMap::default();
    let mut total = 0_u64;
    for stack in 0..case.weights.values.len() {
        let value = case.weights.values[stack];
        let is_outer =
            |line: &&crate::model::Line| !crate::analysis::is_folded(case.name_of(line.function));
        let Some(entry) = case
            .frames(stack)
            .rev()
            .find(is_outer)
            .filter(|_| value > 0)
        else {
            continue;
        };
        if case.file.classes.of(entry.function) == Class::Runtime {
            continue;
        }
        let sum = entries.entry(entry.function).or_insert((0, stack));
        sum.0 = sum.0.saturating_add(value);
        total = total.saturating_add(value);
    }
    let heaviest_entry = entries.into_iter().max_by(|a, b| {
        let name = |f: FunctionId| case.name_of(f);
        a.1.0.cmp(&b.1.0).then_with(|| name(b.0).cmp(name(a.0)))
    });
    let (entry, (value, _)) = heaviest_entry?;
    let share = value as f64 / total.max(1) as f64;
    if share < most {
        return None;
    }
    let metric = Metric {
        value: share,
        interval: None,
        threshold: most,
        text: format!(
            "{cores:.2} cores busy, {} of the program's time in the goroutine that begins at {}",
            percent(share),
            super::super::finding::name(case, entry)
        ),
    };
    let count = case.weights.count.round() as u64;
    let place = super::super::case::Place {
        function: entry,
        line: 0,
        samples: case.weights.count * share,
        value,
    };
    let evidence = placed(case, metric, count, &[place]);
    Some(Finding::new(
        rule,
        Severity::Info,
        Confidence::of(count)?,
        evidence,
    ))
}
