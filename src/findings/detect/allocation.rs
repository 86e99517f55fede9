//! A05, A06, A09, H07 to H10 where they need the numbers of sites, of the runtime or of two files.

use super::super::case::{Case, Place, Weights, weights};
use super::super::finding::{Evidence, Finding, Metric, counted, heaviest, placed};
use super::super::matcher::{gather, gather_by};
use super::super::rule::{Confidence, Severity};
use rustc_hash::FxHashMap;

use super::rule;
use super::signature::percent;
use crate::model::{FunctionId, Kind};
use crate::unit;

/// A05: bytes of a small object, on average.
const SMALL: f64 = 128.0;
/// A07: bytes from which on Go calls an object large, and bytes that all must come to.
const LARGE: f64 = 32_768.0;
const LARGE_TOTAL: u64 = 64 << 20;
/// Bytes below which no share of them is grave.
pub(super) const MUCH: u64 = 1 << 30;
/// Objects that must have been sampled at a place to speak of it.
const OBJECTS: f64 = 10.0;
/// Objects that a program must have allocated for their number to matter.
const MANY: f64 = 1e6;
/// And for their share to be grave.
const VERY_MANY: f64 = 1e7;
/// A06: bytes that a heap counts as at least.
const LEAST_HEAP: f64 = 4.0 * 1_048_576.0;

pub(super) fn look(case: &Case<'_>, out: &mut Vec<Finding>) {
    out.extend(small_objects(case));
    out.extend(large_objects(case));
    out.extend(delta_rate(case));
}

/// A05: places by objects.
fn small_objects(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("A05")?;
    let objects = case.profile.type_named("alloc_objects")?;
    let by_objects = weights(case.profile, Kind::Allocs, objects);
    if (by_objects.total as f64) < MANY {
        return None;
    }
    let blame = |stack: usize| (stack, case.blamed(stack));
    let stacks = || by_objects.stacks();
    let bytes = gather(case, stacks().map(blame));
    let weighted = WithWeights {
        case,
        weights: &by_objects,
    };
    let mut sites: Vec<Place> = weighted.gather(stacks().map(blame));
    let bytes = by_place(&bytes);
    let size_of = |site: &Place| {
        let of = bytes.get(&(site.function, site.line)).copied().unwrap_or(0);
        of as f64 / site.value.max(1) as f64
    };
    sites.retain(|site| size_of(site) <= SMALL && site.samples >= OBJECTS);
    let first = sites.first()?;
    let share = first.value as f64 / by_objects.total.max(1) as f64;
    let error = 1.96 / first.samples.sqrt() * share;
    let mut severity = rule.severity(share - error)?;
    if (by_objects.total as f64) < VERY_MANY {
        severity = severity.min(Severity::Medium);
    }
    let size = size_of(first);
    let metric = Metric {
        value: share,
        interval: Some(((share - error).max(0.0), (share + error).min(1.0))),
        threshold: rule.threshold(),
        text: format!(
            "{} of {} objects allocated, {size:.0} bytes each on average",
            percent(share),
            rough(by_objects.total)
        ),
    };
    let confidence = Confidence::of(first.samples.round() as u64)?;
    let samples = first.samples.round() as u64;
    let (function, line) = (first.function, first.line);
    let here = stacks().filter(|&s| blame(s).1 == Some((function, line)));
    let evidence = Evidence {
        stack: heaviest(case, here),
        focus: String::new(),
        sample_type: "alloc_objects".to_owned(),
        ..weighted.placed(metric, samples, &sites)
    };
    Some(Finding::new(rule, severity, confidence, evidence))
}

/// Values of places by function and line.
fn by_place(places: &[Place]) -> FxHashMap<(FunctionId, i64), u64> {
    let entries = places.iter().map(|p| ((p.function, p.line), p.value));
    entries.collect()
}

/// A07 by bytes: a place whose objects are large ones, each with pages of its own.
fn large_objects(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("A07")?;
    if case.weights.total < LARGE_TOTAL {
        return None;
    }
    let objects = case.profile.type_named("alloc_objects")?;
    let by_objects = weights(case.profile, Kind::Allocs, objects);
    let blame = |stack: usize| (stack, case.blamed(stack));
    let stacks = || case.weights.stacks();
    let counts = gather_by(case, &by_objects, stacks().map(blame));
    let counts = by_place(&counts);
    let mean = |place: &Place| {
        let count = counts.get(&(place.function, place.line)).copied();
        place.value as f64 / count.unwrap_or(1).max(1) as f64
    };
    let mut places = gather(case, stacks().map(blame));
    places.retain(|place| mean(place) >= LARGE && place.samples >= OBJECTS);
    let first = places.first()?;
    let share = case.share(first.value);
    let error = 1.96 / first.samples.sqrt() * share;
    // A share of bytes is not a share of time.
    let mut severity = rule.severity(share - error)?.lower();
    if case.weights.total < MUCH {
        severity = severity.min(Severity::Medium);
    }
    let samples = first.samples.round() as u64;
    let metric = Metric {
        value: share,
        interval: Some(((share - error).max(0.0), (share + error).min(1.0))),
        threshold: rule.threshold(),
        text: format!(
            "{} of bytes allocated, in objects of {} each on average",
            percent(share),
            unit::label(mean(first) as i64, "bytes")
        ),
    };
    let (function, line) = (first.function, first.line);
    let here = stacks().filter(|&s| blame(s).1 == Some((function, line)));
    let evidence = Evidence {
        stack: heaviest(case, here),
        ..placed(case, metric, samples, &places)
    };
    Some(Finding::new(
        rule,
        severity,
        Confidence::of(samples)?,
        evidence,
    ))
}

/// A large number in short: `106 M`.
fn rough(n: u64) -> String {
    let n = n as f64;
    match n {
        _ if n >= 1e9 => format!("{:.1} G", n / 1e9),
        _ if n >= 1e7 => format!("{:.0} M", n / 1e6),
        _ if n >= 1e6 => format!("{:.1} M", n / 1e6),
        _ => unit::count(n as u64),
    }
}

/// A case looked at by another sample type.
struct WithWeights<'c, 'a> {
    case: &'c Case<'a>,
    weights: &'c Weights,
}

impl WithWeights<'_, '_> {
    fn gather(
        &self,
        blamed: impl Iterator<Item = (usize, Option<(crate::model::FunctionId, i64)>)>,
    ) -> Vec<Place> {
        gather_by(self.case, self.weights, blamed)
    }

    fn placed(&self, metric: Metric, samples: u64, places: &[Place]) -> Evidence {
        let mut evidence = placed(self.case, metric, samples, places);
        let total = self.weights.total.max(1) as f64;
        for (site, place) in evidence.places.iter_mut().zip(places) {
            site.value = rough(place.value);
            site.share = place.value as f64 / total;
        }
        evidence.of_samples = self.weights.count.round() as u64;
        evidence
    }
}

/// A06 from a delta profile, which says how long it took.
fn delta_rate(case: &Case<'_>) -> Option<Finding> {
    let seconds = case.profile.duration_nanos as f64 / 1e9;
    if seconds <= 0.0 {
        return None;
    }
    let text = format!(
        "in {}",
        unit::label(case.profile.duration_nanos, "nanoseconds")
    );
    rate_finding(case, case.weights.total as f64, seconds, &text)
}

/// A06 from two snapshots of one process.
pub(super) fn rate(cases: &[Case<'_>], out: &mut Vec<Finding>) {
    let mut snapshots: Vec<&Case<'_>> = cases
        .iter()
        .filter(|c| {
            c.kind() == Kind::Allocs && c.profile.time_nanos > 0 && c.profile.duration_nanos == 0
        })
        .collect();
    snapshots.sort_by(|a, b| {
        let key = |c: &Case<'_>| (c.profile.time_nanos, c.file.name.to_owned());
        key(a).cmp(&key(b))
    });
    let pair = snapshots.first().zip(snapshots.last());
    let Some((first, last)) = pair.filter(|(a, b)| is_later(a, b)) else {
        return;
    };
    let seconds = (last.profile.time_nanos - first.profile.time_nanos) as f64 / 1e9;
    let bytes = last.weights.total.saturating_sub(first.weights.total) as f64;
    let text = format!("between {} and {}", first.file.name, last.file.name);
    out.extend(rate_finding(last, bytes, seconds, &text));
}

/// Two snapshots of one process: the same binary, and counters of what was allocated that only
/// grew. Files that do not say which binary, or do not count, are not of one process.
pub(super) fn is_later(first: &Case<'_>, last: &Case<'_>) -> bool {
    let binary = |c: &Case<'_>| {
        let mapping = c.profile.mappings.first()?;
        let text = |id| c.profile.strings.bytes(id).to_vec();
        Some((
            text(mapping.filename),
            text(mapping.build_id),
            mapping.start,
        ))
    };
    let counted = |c: &Case<'_>, name: &str| {
        let t = c.profile.type_named(name)?;
        let values = (0..c.profile.samples.len()).map(|i| c.profile.value(i, t));
        Some(values.fold(0_i64, i64::saturating_add))
    };
    let only_grows = |name: &str| {
        let both = counted(first, name).zip(counted(last, name));
        both.is_some_and(|(before, after)| after >= before)
    };
    last.profile.time_nanos > first.profile.time_nanos
        && binary(first).is_some()
        && binary(first) == binary(last)
        && only_grows("alloc_space")
        && only_grows("alloc_objects")
}

fn rate_finding(case: &Case<'_>, bytes: f64, seconds: f64, over: &str) -> Option<Finding> {
    let rule = rule("A06")?;
    let live = case
        .profile
        .type_named("inuse_space")
        .map_or(0.0, |t| weights(case.profile, Kind::Heap, t).total as f64);
    let cycles = bytes / seconds / live.max(LEAST_HEAP);
    let severity = rule.severity(cycles)?;
    let per_second = unit::label((bytes / seconds) as i64, "bytes");
    let metric = Metric {
        value: cycles,
        interval: None,
        threshold: rule.threshold(),
        text: format!(
            "{per_second} per second {over}: about {cycles:.1} collections per second at GOGC=100"
        ),
    };
    let count = case.weights.count.round() as u64;
    Some(Finding::new(
        rule,
        severity,
        Confidence::of(count)?,
        counted(case, metric, count),
    ))
}
