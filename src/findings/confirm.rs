//! What other files of the same run say to what a trace shows.
//!
//! A trace is of a moment; a profile of the same run is mostly of a longer time. Where it has the
//! function that a finding blames it stands beside the trace as evidence; where it does not, or is
//! not there, the finding says what it would take.

use super::case::{Case, Place};
use super::catalogue;
use super::detect::{percent, what};
use super::finding::{Evidence, Finding, Metric, placed};
use super::folder_of;
use super::matcher::gather;
use super::rule::Rule;
use crate::analysis::short_symbol;
use crate::model::{FunctionId, Kind};
use crate::unit;

/// Share of a profile from which on it confirms.
const ENOUGH: f64 = 0.01;

/// The kinds that can confirm a rule of traces, and how one of them is recorded.
fn witnesses(rule: &Rule) -> (&'static [Kind], &'static str, &'static str) {
    const CPU: &[Kind] = &[Kind::Cpu];
    const MEMORY: &[Kind] = &[Kind::Cpu, Kind::Allocs, Kind::Heap];
    const BLOCK: &[Kind] = &[Kind::Block];
    const LOCKS: &[Kind] = &[Kind::Mutex, Kind::Block];
    const GOROUTINES: &[Kind] = &[Kind::Goroutine, Kind::GoroutineLeak];
    const RECORD_CPU: &str = "go test -cpuprofile=cpu.prof";
    match rule.id {
        "T03" | "T08" => (
            MEMORY,
            "a CPU or allocation profile",
            "go test -cpuprofile=cpu.prof -memprofile=mem.prof",
        ),
        "T05" | "T09" | "T10" | "T11" => {
            (BLOCK, "a block profile", "go test -blockprofile=block.prof")
        }
        "T12" => (LOCKS, "a mutex profile", "go test -mutexprofile=mutex.prof"),
        "T06" | "T07" | "T14" => (
            GOROUTINES,
            "a goroutine dump",
            "curl -o goroutines.txt 'http://HOST/debug/pprof/goroutine?debug=2'",
        ),
        _ => (CPU, "a CPU profile", RECORD_CPU),
    }
}

/// Adds to every finding of a trace what other files of its folder say to it.
pub(super) fn confirm(cases: &[Case<'_>], findings: &mut [Finding]) {
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.main().kind == Kind::Trace)
    {
        let (kinds, what, command) = witnesses(finding.rule);
        let folder = folder_of(&finding.main().name).to_owned();
        // In the order of kinds, so that the best witness speaks first.
        let mut asked: Vec<&Case<'_>> = Vec::new();
        for &kind in kinds {
            let of_run = |case: &&Case<'_>| {
                case.kind() == kind && folder_of(case.file.name) == folder && case.weights.total > 0
            };
            asked.extend(cases.iter().filter(of_run));
        }
        let found: Vec<Evidence> = asked
            .iter()
            .filter_map(|case| testimony(case, finding))
            .collect();
        let note = match (asked.as_slice(), found.as_slice()) {
            ([], _) => {
                format!("No other file confirms it: {what} of the same run would ({command}).")
            }
            (asked, []) => {
                let names: Vec<&str> = asked.iter().map(|case| case.file.name).collect();
                format!(
                    "Not confirmed by {}, which shows little of it: it may be of another time, or have been recorded too coarsely.",
                    names.join(", ")
                )
            }
            (_, found) => {
                let mut names: Vec<&str> = found.iter().map(|e| e.name.as_str()).collect();
                names.dedup();
                format!("Confirmed by {}.", names.join(", "))
            }
        };
        finding.evidence[0].notes.push(note);
        finding.evidence.extend(found);
    }
}

/// What a profile has of the functions that a finding blames, or of the collector where it blames
/// none.
fn testimony(case: &Case<'_>, finding: &Finding) -> Option<Evidence> {
    let blamed = &finding.main().functions;
    if blamed.is_empty() {
        return of_collector(case);
    }
    // The first function is the one to blame; groups and others stand behind it.
    blamed.iter().find_map(|name| below(case, name))
}

fn below(case: &Case<'_>, name: &[u8]) -> Option<Evidence> {
    // Every goroutine begins somewhere: that main has all below it says nothing.
    if matches!(name, b"main.main" | b"runtime.main") {
        return None;
    }
    let is_it = |function: FunctionId| case.name_of(function) == name;
    let has = |stack: &usize| case.frames(*stack).any(|line| is_it(line.function));
    let stacks: Vec<usize> = case.weights.stacks().filter(has).collect();
    let hits = case.weights.sum(stacks.iter().copied());
    let share = case.share(hits.value);
    let shown = String::from_utf8_lossy(name).into_owned();
    let text = match case.kind() {
        Kind::Goroutine | Kind::GoroutineLeak => format!(
            "{} in {}",
            unit::plural(hits.value, "goroutine"),
            short_symbol(&shown)
        ),
        _ if share < ENOUGH => return None,
        _ => format!(
            "{} of {} in {}",
            percent(share),
            what(case),
            short_symbol(&shown)
        ),
    };
    if hits.value == 0 {
        return None;
    }
    let places: Vec<Place> = gather(case, stacks.iter().map(|&s| (s, case.blame(s, is_it))));
    Some(evidence(case, share, text, hits.samples, &places))
}

/// The collector's share of a CPU profile, or what was allocated.
fn of_collector(case: &Case<'_>) -> Option<Evidence> {
    if case.kind() != Kind::Cpu {
        return None;
    }
    let rule = catalogue::rule("A01")?;
    let hits = case.scan.hits(case, rule);
    let share = case.share(hits.value);
    let text = format!("{} of CPU time in the collector", percent(share));
    (share >= ENOUGH).then(|| evidence(case, share, text, hits.samples, &[]))
}

fn evidence(case: &Case<'_>, share: f64, text: String, samples: f64, places: &[Place]) -> Evidence {
    let metric = Metric {
        value: share,
        interval: None,
        threshold: ENOUGH,
        text,
    };
    placed(case, metric, samples.round() as u64, places)
}
