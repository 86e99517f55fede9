//! Guards of rules on CPU profiles, and the rules that a signature cannot say.

use super::super::case::Case;
use super::super::catalogue::{COLLECTOR_CALLS, Probe};
use super::super::finding::{Evidence, Finding, Metric, heaviest, placed};
use super::super::matcher::gather;
use super::super::pattern::Patterns;
use super::super::rule::{Confidence, Severity};
use super::rule;
use super::signature::{percent, share};
use crate::analysis::{Class, busy_cores, wilson};
use crate::model::{FunctionId, Kind, StackId};

/// Cores busy below which looking for work is no cost.
const MOSTLY_IDLE: f64 = 0.3;
/// D05: boxing a slice, and giving something to a pool.
const BOXED_SLICE: &[u8] = b"runtime.convTslice";
const POOL_PUT: &[u8] = b"sync.(*Pool).Put";
/// D13: samples, share of own instructions, functions that it is spread over.
const PGO: (f64, f64, usize) = (2000.0, 0.30, 10);

pub(super) fn look(case: &Case<'_>, out: &mut Vec<Finding>) {
    if !case.is_rankable() {
        return;
    }
    out.extend(pool_of_slices(case));
    out.extend(explicit_gc(case));
    out.extend(pgo(case));
    observer_effect_lowers(out, case.index);
}

/// What speaks against a finding by signature; `None` when it is none.
pub(super) fn guard(case: &Case<'_>, mut finding: Finding) -> Option<Finding> {
    match finding.rule.id {
        "A01" => finding.evidence[0].notes.push(collector_parts(case)),
        "C01" if is_mostly_idle(case) => {
            finding.severity = Severity::Info;
            finding.limits.push(
                "Less than 0.3 cores were busy: much of this is waking up and finding nothing to do, which costs nobody anything.".to_owned(),
            );
        }
        "C09" if !stores_dominate(case) => return None,
        "I08" => accelerated(case, &mut finding),
        "I14" => slow_clock(case, &mut finding),
        "S07" => undirected_json(case, &mut finding),
        _ => {}
    }
    Some(finding)
}

fn is_mostly_idle(case: &Case<'_>) -> bool {
    busy_cores(case.profile).is_some_and(|cores| cores < MOSTLY_IDLE)
}

/// How the collector's time divides, what is not counted included.
fn collector_parts(case: &Case<'_>) -> String {
    let parts = [
        ("assists", Probe::Assist),
        ("marking", Probe::Mark),
        ("marking by idle processors", Probe::MarkIdle),
        ("sweeping", Probe::Sweep),
        ("write barrier", Probe::Barrier),
    ];
    let parts = parts.map(|(name, probe)| format!("{name} {}", percent(probed(case, probe))));
    format!("Of CPU time: {}.", parts.join(", "))
}

/// Share of the samples that answer a probe.
fn probed(case: &Case<'_>, probe: Probe) -> f64 {
    case.share(case.scan.probed(case, probe).value)
}

/// C09: more stores than loads. Loads do not allocate, so an allocation profile cannot tell.
fn stores_dominate(case: &Case<'_>) -> bool {
    case.kind() != Kind::Cpu || probed(case, Probe::MapStore) > probed(case, Probe::MapLoad)
}

/// I08: assembly at the leaf is as fast as it gets.
fn accelerated(case: &Case<'_>, finding: &mut Finding) {
    let slow = probed(case, Probe::CryptoSlow);
    // The generic functions of some packages begin with the same letters.
    let fast = probed(case, Probe::CryptoFast) - slow;
    if fast > slow {
        finding.severity = Severity::Info;
        finding.title =
            "Hashing or encrypting takes much of the time, in code that is already optimal"
                .to_owned();
        finding.limits.push(
            "Most of it is in the library's assembly: only fewer bytes would help.".to_owned(),
        );
        finding.potential = None;
    }
}

/// I14: a clock that needs the kernel.
fn slow_clock(case: &Case<'_>, finding: &mut Finding) {
    let stacks = case.scan.stacks_of(case, finding.rule);
    let below = stacks.filter(|&stack| case.scan.has(stack, Probe::Kernel));
    let value = case.weights.sum(below).value;
    if value > 0 {
        finding.severity = finding.severity.raise();
        finding.evidence[0].notes.push(format!(
            "{} of CPU time is in system calls below the clock: this machine has no clock that can be read without the kernel.",
            percent(case.share(value))
        ));
    }
}

/// S07: decoding into interfaces, and which direction costs.
fn undirected_json(case: &Case<'_>, finding: &mut Finding) {
    let notes = &mut finding.evidence[0].notes;
    notes.push(format!(
        "Encoding {}, decoding {}.",
        percent(probed(case, Probe::JsonEncode)),
        percent(probed(case, Probe::JsonDecode))
    ));
    let any = probed(case, Probe::JsonAny);
    if any >= 0.02 {
        notes.push(format!(
            "{} is decoding into interfaces (any, map[string]any).",
            percent(any)
        ));
    }
}

/// D05: one function boxes slices and gives them to a pool.
fn pool_of_slices(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("D05")?;
    let user_of = |stack: usize, name: &[u8]| case.blame(stack, |f| case.name_of(f) == name);
    let mut pools: Vec<FunctionId> = case
        .scan
        .stacks_with(case, Probe::PoolPut)
        .filter_map(|s| user_of(s, POOL_PUT).map(|place| place.0))
        .collect();
    pools.sort_unstable();
    pools.dedup();
    let is_pooled = |f: FunctionId| pools.binary_search(&f).is_ok();
    let hit: Vec<usize> = case
        .scan
        .stacks_with(case, Probe::BoxedSlice)
        .filter(|&s| user_of(s, BOXED_SLICE).is_some_and(|(f, _)| is_pooled(f)))
        .collect();
    let hits = case.weights.sum(hit.iter().copied());
    let confidence = Confidence::of(hits.samples.round() as u64)?;
    let metric = share(case, rule, &hits);
    let severity = rule.severity(metric.interval?.0)?;
    let places = gather(case, hit.iter().map(|&s| (s, user_of(s, BOXED_SLICE))));
    let evidence = Evidence {
        stack: heaviest(case, hit.iter().copied()),
        seen: vec![
            "runtime.convTslice".to_owned(),
            "sync.(*Pool).Put".to_owned(),
        ],
        focus: r"^runtime\.convTslice$".to_owned(),
        ..placed(case, metric, hits.samples.round() as u64, &places)
    };
    let mut finding = Finding::new(rule, severity, confidence, evidence);
    finding.potential = Some(finding.main().metric.value * rule.removable);
    Some(finding)
}

/// A08: calls that are seen, or the traces that a loop of forced collections leaves.
fn explicit_gc(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("A08")?;
    let calls = Patterns::new(COLLECTOR_CALLS);
    let is_call = |f: FunctionId| calls.matches(case.name_of(f));
    let own = |stack: &usize| {
        let line = case.blame(*stack, is_call);
        line.is_some_and(|(function, _)| {
            let class = case.file.classes.of(function);
            matches!(class, Class::Main | Class::ThirdParty)
        })
    };
    let stacks: Vec<usize> = case
        .scan
        .stacks_with(case, Probe::CollectorCall)
        .filter(own)
        .collect();
    let hits = case.weights.sum(stacks.iter().copied());
    let seen = hits.samples.round() as u64;
    let sweeping = sweeping_for_nobody(case);
    if seen < 2 && !sweeping {
        return None;
    }
    let value = case.share(hits.value);
    let n = case.weights.count.round() as u64;
    let metric = Metric {
        value,
        interval: Some(wilson(seen, n)),
        threshold: 0.0,
        text: if seen < 2 {
            "the traces of forced collections, no call of them".to_owned()
        } else {
            format!("{} of CPU time below explicit calls", percent(value))
        },
    };
    let places = gather(case, stacks.iter().map(|&s| (s, case.blame(s, is_call))));
    let evidence = Evidence {
        stack: heaviest(case, stacks.iter().copied()),
        focus: r"^runtime\.(GC|ReadMemStats)$|^runtime/debug\.".to_owned(),
        ..placed(case, metric, seen, &places)
    };
    let mut finding = Finding::new(rule, Severity::Info, Confidence::Low, evidence);
    if sweeping {
        finding.evidence[0].notes.push(
            "Most of the time is background sweeping and yielding, with hardly any allocation: that is what a loop of runtime.GC() looks like.".to_owned(),
        );
    }
    Some(finding)
}

/// Sweeping and yielding dominate although next to nothing is allocated.
fn sweeping_for_nobody(case: &Case<'_>) -> bool {
    probed(case, Probe::Yield) >= 0.5 && probed(case, Probe::Allocate) < 0.05
}

/// D13.
fn pgo(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("D13")?;
    let (samples, share, spread) = PGO;
    if case.weights.count < samples {
        return None;
    }
    let mut own: rustc_hash::FxHashMap<FunctionId, u64> = rustc_hash::FxHashMap::default();
    let mut total = 0_u64;
    for stack in 0..case.weights.values.len() {
        let leaf = case.attributor.leaf(StackId(stack as u32));
        let Some(function) = leaf.map(|place| place.function(case.profile)) else {
            continue;
        };
        let is_own = case.file.classes.of(function) == Class::Main;
        if is_own && !case.file.classes.is_harness(function) {
            let value = case.weights.values[stack];
            let sum = own.entry(function).or_default();
            *sum = sum.saturating_add(value);
            total = total.saturating_add(value);
        }
    }
    let heavy = own.values().filter(|&&v| case.share(v) >= 0.005).count();
    if case.share(total) < share || heavy < spread {
        return None;
    }
    let value = case.share(total);
    let metric = Metric {
        value,
        interval: None,
        threshold: share,
        text: format!(
            "{} of CPU time in {heavy} own functions of 0.5% and more each",
            percent(value)
        ),
    };
    let samples = (case.weights.count * value).round() as u64;
    let evidence = placed(case, metric, samples, &[]);
    Some(Finding::new(
        rule,
        Severity::Info,
        Confidence::High,
        evidence,
    ))
}

/// Where recording other profiles takes much, what it inflates is one step less grave.
fn observer_effect_lowers(out: &mut [Finding], file: usize) {
    let is_here = |f: &Finding| f.main().file == file;
    let fired = out
        .iter()
        .any(|f| f.rule.id == "M02" && is_here(f) && f.severity > Severity::Info);
    if !fired {
        return;
    }
    let inflated = |f: &&mut Finding| matches!(f.rule.id, "C02" | "C05" | "C07") && is_here(f);
    for finding in out.iter_mut().filter(inflated) {
        finding.severity = finding.severity.lower();
        finding.limits.push(
            "Recording block and mutex profiles took much of the time (M02), which makes this look graver than it is.".to_owned(),
        );
    }
}
