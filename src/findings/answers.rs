//! What was looked for in vain, and what could not be looked for.

use super::case::Case;
use super::catalogue;
use super::detect::{checked_in_trace, share_of};
use super::finding::Finding;
use super::{Input, Severity};
use crate::model::Kind;

/// A question that was answered with no.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The rule that asks.
    pub rule: &'static str,
    /// The question.
    pub question: &'static str,
    /// The file that answers it.
    pub file: String,
    /// The value that was found, in words.
    pub value: String,
    /// The value from which on it would be a finding, in words.
    pub threshold: String,
}

/// A question that no file answers.
#[derive(Clone, Debug, PartialEq)]
pub struct NotAssessable {
    /// The rules that would ask.
    pub rules: &'static [&'static str],
    /// The question.
    pub question: &'static str,
    /// What would answer it.
    pub needs: &'static str,
    /// How to record that.
    pub command: &'static str,
}

/// Questions that everybody has, with the rule that answers them by a share.
const QUESTIONS: [(&str, Kind, &str); 9] = [
    (
        "A01",
        Kind::Cpu,
        "Does the garbage collector take much of the time?",
    ),
    (
        "A02",
        Kind::Cpu,
        "Do goroutines have to assist the collector?",
    ),
    ("A04", Kind::Cpu, "Does allocating take much of the time?"),
    (
        "C01",
        Kind::Cpu,
        "Does the scheduler take much of the time?",
    ),
    ("C03", Kind::Cpu, "Do locks show in the CPU time?"),
    (
        "C05",
        Kind::Cpu,
        "Do channel operations take much of the time?",
    ),
    ("I02", Kind::Cpu, "Is much of the time spent in the kernel?"),
    ("I11", Kind::Cpu, "Does logging take much of the time?"),
    (
        "M02",
        Kind::Cpu,
        "Did other profilers disturb the measurement?",
    ),
];

/// The questions whose rules were tried and did not fire.
pub(super) fn checked(cases: &[Case<'_>], findings: &[Finding]) -> Vec<Check> {
    let mut checks = Vec::new();
    for case in cases
        .iter()
        .filter(|case| case.is_rankable() && case.weights.total > 0)
    {
        for (id, kind, question) in QUESTIONS {
            let fired = findings.iter().any(|finding| {
                finding.rule.id == id && finding.evidence.iter().any(|e| e.file == case.index)
            });
            let Some(rule) = catalogue::rule(id).filter(|_| case.kind() == kind && !fired) else {
                continue;
            };
            checks.push(Check {
                rule: rule.id,
                question,
                file: case.file.name.to_owned(),
                value: share_of(case, rule),
                threshold: format!("{:.0}%", rule.threshold() * 100.0),
            });
        }
    }
    checks.extend(structural(cases, findings));
    for case in cases.iter().filter(|case| case.kind() == Kind::Trace) {
        let of_case = findings.iter().filter(|f| f.main().file == case.index);
        let fired: Vec<&str> = of_case.map(|finding| finding.rule.id).collect();
        checked_in_trace(case, &fired, &mut checks);
    }
    checks.sort_by(|a, b| (a.rule, &a.file).cmp(&(b.rule, &b.file)));
    checks
}

/// Questions that are answered by rules with code of their own.
fn structural(cases: &[Case<'_>], findings: &[Finding]) -> Vec<Check> {
    const LEAKS: [&str; 10] = [
        "R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "I16",
    ];
    const LOCKS: [&str; 3] = ["B01", "B02", "B03"];
    let mut checks = Vec::new();
    let fired = |ids: &[&str], file: usize| {
        findings.iter().any(|f| {
            ids.contains(&f.rule.id)
                && f.severity > Severity::Info
                && f.evidence.iter().any(|e| e.file == file)
        })
    };
    for case in cases {
        let (rule, question, ids, value): (_, _, &[&str], _) = match case.kind() {
            Kind::Goroutine => (
                "R01",
                "Do goroutines pile up or leak?",
                &LEAKS,
                format!(
                    "{} goroutines, no group that looks stuck",
                    case.weights.total
                ),
            ),
            Kind::GoroutineLeak if case.weights.total == 0 => (
                "R02",
                "Did the collector prove goroutines to be leaked?",
                &LEAKS,
                "none; what is reachable from globals or waits on timers is not looked at"
                    .to_owned(),
            ),
            Kind::Mutex if case.weights.total > 0 => (
                "B01",
                "Does one lock keep others waiting?",
                &LOCKS,
                "no place has a large part of much waiting".to_owned(),
            ),
            _ => continue,
        };
        if !fired(ids, case.index) {
            let threshold = match rule {
                "R01" => "100 goroutines at one place",
                "R02" => "one goroutine",
                _ => "30% of the delay at one place",
            };
            checks.push(Check {
                rule,
                question,
                file: case.file.name.to_owned(),
                value,
                threshold: threshold.to_owned(),
            });
        }
    }
    checks
}

/// The questions for which the session has no file. A profile without a single sample answers
/// none: it was probably not switched on.
pub(super) fn not_assessable(files: &[Input<'_>]) -> Vec<NotAssessable> {
    let has = |kinds: &[Kind]| {
        files
            .iter()
            .any(|f| kinds.contains(&f.kind) && !f.profile.samples.is_empty())
    };
    let mut open = Vec::new();
    let mut ask = |is_there: bool, rules, question, needs, command| {
        if !is_there {
            open.push(NotAssessable {
                rules,
                question,
                needs,
                command,
            });
        }
    };
    ask(
        has(&[Kind::Cpu]),
        &["A01", "A02", "A04", "C01", "C05", "I02"],
        "Where does the CPU time go, and does the collector take much of it?",
        "a CPU profile",
        "go test -bench=. -cpuprofile=cpu.prof, or curl -o cpu.prof 'http://HOST/debug/pprof/profile?seconds=30'",
    );
    ask(
        has(&[Kind::Heap, Kind::Allocs]),
        &["A05", "H02", "H05", "H08"],
        "Who allocates, and what is kept?",
        "a heap or allocation profile",
        "go test -bench=. -memprofile=mem.prof, or curl -o heap.pb.gz http://HOST/debug/pprof/heap",
    );
    let mut moments: Vec<i64> = files
        .iter()
        .filter(|f| f.kind.is_memory() && f.profile.time_nanos > 0)
        .map(|f| f.profile.time_nanos / 1_000_000_000)
        .collect();
    moments.sort_unstable();
    moments.dedup();
    ask(
        moments.len() >= 2,
        &["H01", "A06"],
        "Does the memory grow, and how fast is it allocated?",
        "two or more heap profiles of one process, some minutes apart",
        "curl -o heap1.pb.gz http://HOST/debug/pprof/heap; sleep 300; curl -o heap2.pb.gz http://HOST/debug/pprof/heap",
    );
    ask(
        has(&[Kind::Goroutine, Kind::GoroutineLeak]),
        &["R01", "R03", "R05", "R08"],
        "Do goroutines leak or queue?",
        "a goroutine dump",
        "curl -o goroutines.txt 'http://HOST/debug/pprof/goroutine?debug=2'",
    );
    ask(
        has(&[Kind::Mutex]),
        &["B01", "B03", "C03"],
        "Which lock keeps others waiting?",
        "a mutex profile, with runtime.SetMutexProfileFraction(100)",
        "curl -o mutex.pb.gz 'http://HOST/debug/pprof/mutex?seconds=30'",
    );
    ask(
        has(&[Kind::Block]),
        &["B02", "B04", "B07"],
        "Where do goroutines wait?",
        "a block profile, with runtime.SetBlockProfileRate(1000000)",
        "curl -o block.pb.gz 'http://HOST/debug/pprof/block?seconds=30'",
    );
    ask(
        has(&[Kind::Trace]),
        &["T01", "T02", "T05", "T09", "T12"],
        "Do goroutines wait for a processor, for a worker, for each other, and how long at a time?",
        "an execution trace",
        "go test -bench=. -trace=trace.out, or curl -o trace.out 'http://HOST/debug/pprof/trace?seconds=5'",
    );
    open
}
