//! What is found in execution traces with one planted problem each, and what must not be; numbers
//! are those of an independent count (`testdata/trace/golden/NAME.oracle.json`).
#![allow(clippy::float_cmp, reason = "counts are whole numbers")]
#![allow(
    clippy::disallowed_methods,
    reason = "tests read the files that they are about"
)]

#[path = "support/tracing.rs"]
mod tracing;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use dropprof::analysis::Classes;
use dropprof::analysis::trace::report_sink;
use dropprof::findings::{Finding, Findings, Input, Severity, examine};
use dropprof::formats::{OpenOptions, Opened, open};
use dropprof::model::Profile;
use dropprof::model::trace::{Event, Loss, TraceFacts, TraceSink, World};
use serde_json::Value;
use tracing::{oracle, own};

/// What the manifest calls a problem, and the rule that finds it.
const RULES: [(&str, &str); 12] = [
    ("sched-latency", "T01"),
    ("stw", "T02"),
    ("gc-assist", "T03"),
    ("pool-imbalanced", "T05"),
    ("syscall-bound", "T06"),
    ("network-wait", "T07"),
    ("gc-frequent", "T08"),
    ("pool-saturated", "T09"),
    ("pool-starved", "T10"),
    ("lock-convoy", "T12"),
    ("churn", "T13"),
    ("leak", "T14"),
];

fn rule_of(name: &str) -> &'static str {
    let found = RULES.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no rule for {name}")).1
}

/// A line of the manifest: see `testdata/README.md`.
struct Planted {
    file: String,
    must: Vec<&'static str>,
    /// Rules that may fire as well; `None` for any.
    may: Option<Vec<&'static str>>,
    groups: Vec<String>,
}

fn manifest() -> Vec<Planted> {
    let text = fs::read_to_string(own().join("manifest.tsv")).expect("the manifest");
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let list = |text: &str| -> Vec<String> {
                let parts = text.split(',').filter(|part| !matches!(*part, "-" | ""));
                parts.map(str::to_owned).collect()
            };
            let rules = |text: &str| list(text).iter().map(|name| rule_of(name)).collect();
            Planted {
                file: fields[0].to_owned(),
                must: rules(fields[1]),
                may: (fields[2] != "*").then(|| rules(fields[2])),
                groups: list(fields[3]),
            }
        })
        .collect()
}

fn examined(files: &[(&str, &[u8])], options: OpenOptions) -> Findings {
    let opened: Vec<Opened> = files
        .iter()
        .flat_map(|(name, bytes)| open(name, bytes, options))
        .collect();
    let read = opened
        .iter()
        .filter_map(|file| Some((file, file.result.as_ref().ok()?)));
    let classes: Vec<_> = read
        .map(|(file, opened)| (file, opened, Classes::new(&opened.profile)))
        .collect();
    let inputs = classes.iter().map(|(file, opened, classes)| Input {
        name: &file.name,
        kind: opened.kind,
        profile: &opened.profile,
        classes,
    });
    examine(&inputs.collect::<Vec<_>>())
}

fn findings_of(file: &str) -> Findings {
    let bytes = fs::read(own().join(file)).expect("readable");
    examined(
        &[(file, &bytes)],
        OpenOptions::default().with_trace(report_sink),
    )
}

fn ids(found: &Findings) -> Vec<&'static str> {
    found
        .findings
        .iter()
        .map(|finding| finding.rule.id)
        .collect()
}

/// What is found although it is neither planted nor may be.
fn surplus(planted: &Planted, found: &Findings) -> Vec<String> {
    let Some(may) = &planted.may else {
        return Vec::new();
    };
    let known = |id: &str| {
        may.iter()
            .chain(&planted.must)
            .any(|allowed| *allowed == id)
    };
    let others = found
        .findings
        .iter()
        .filter(|finding| !known(finding.rule.id));
    let say = |f: &Finding| format!("{}: {} ({})", planted.file, f.rule.id, f.main().metric.text);
    others.map(say).collect()
}

#[test]
fn what_is_planted_is_found_first_and_nothing_else() {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for planted in manifest() {
        // Version 1 is not read.
        if planted.file == "mixed-1.21.trace" {
            continue;
        }
        let found = findings_of(&planted.file);
        wrong.extend(surplus(&planted, &found));
        for rule in &planted.must {
            tried += 1;
            // First, or below the first, which says why it is so.
            let of_rule = |finding: &&Finding| finding.rule.id == *rule;
            let finding = found.findings.iter().find(of_rule);
            let is_first = |finding: &&Finding| {
                found.findings[0].rule.id == *rule || finding.explained_by == Some(0)
            };
            let Some(finding) = finding.filter(is_first) else {
                wrong.push(format!(
                    "{}: {rule} is not first of {:?}",
                    planted.file,
                    ids(&found)
                ));
                continue;
            };
            if finding.severity < Severity::Low {
                wrong.push(format!("{}: {rule} is only information", planted.file));
            }
            if !blames(finding, &planted.groups) {
                let sites = &finding.main().places;
                wrong.push(format!("{}: {rule} blames {sites:?}", planted.file));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(tried, 12, "planted problems");
}

/// The finding has a line in the package of one of these groups, or names the group; what the
/// collector does by itself has no line but where somebody helps it.
fn blames(finding: &Finding, groups: &[String]) -> bool {
    let package = |name: &str| {
        let after = name.rfind('/').map_or(0, |at| at + 1);
        let end = name[after..]
            .find('.')
            .map_or(name.len(), |dot| after + dot);
        name[..end].to_owned()
    };
    let places = &finding.main().places;
    let by_package = |group: &String| {
        places.iter().any(|site| {
            let own = package(group);
            package(&site.function) == own || own == "main" && site.function.contains("tracing/")
        })
    };
    !places.is_empty() && groups.iter().any(by_package)
}

#[test]
fn nothing_is_wrong_with_what_is_well() {
    for file in ["idle.trace", "healthy.trace"] {
        let found = findings_of(file);
        assert!(found.findings.is_empty(), "{file}: {:?}", ids(&found));
        // And it says what was looked for.
        let asked: Vec<&str> = found.checked.iter().map(|check| check.rule).collect();
        for rule in ["T01", "T02", "T03", "T06", "T08", "T12", "T14"] {
            assert!(asked.contains(&rule), "{file}: {rule} not among {asked:?}");
        }
    }
}

thread_local! {
    /// Nanoseconds of a trace that [`Beginning`] lets through.
    static LENGTH: Cell<u64> = const { Cell::new(0) };
}

/// The first moments of a trace, as if tracing had ended then.
#[derive(Debug)]
struct Beginning {
    inner: Box<dyn TraceSink>,
    from: Option<u64>,
}

fn beginning() -> Box<dyn TraceSink> {
    Box::new(Beginning {
        inner: report_sink(),
        from: None,
    })
}

impl TraceSink for Beginning {
    fn event(&mut self, event: &Event, world: &World) {
        let from = *self.from.get_or_insert(event.time);
        if event.time - from < LENGTH.get() {
            self.inner.event(event, world);
        }
    }

    fn lost(&mut self, loss: &Loss, world: &World) {
        self.inner.lost(loss, world);
    }

    fn finish(self: Box<Self>, world: &World, facts: TraceFacts) -> Profile {
        self.inner.finish(world, facts)
    }
}

#[test]
fn the_beginning_of_a_trace_raises_no_alarm() {
    let mut wrong = Vec::new();
    for planted in manifest() {
        if planted.may.is_none() {
            continue;
        }
        let bytes = fs::read(own().join(&planted.file)).expect("readable");
        for millis in [1, 5, 20, 30, 50, 80, 120, 180, 250] {
            LENGTH.set(millis * 1_000_000);
            let options = OpenOptions::default().with_trace(beginning);
            let found = examined(&[(&planted.file, &bytes)], options);
            let surplus = surplus(&planted, &found).into_iter();
            wrong.extend(surplus.map(|what| format!("{millis} ms of {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The oracle's facts of a trace.
struct Facts(Value);

impl Facts {
    fn of(name: &str) -> Self {
        Self(oracle(name)["facts"].clone())
    }

    fn number(&self, key: &str) -> f64 {
        self.0[key].as_f64().unwrap_or_else(|| panic!("no {key}"))
    }

    /// A number of a group's spans in a state; 0 where there are none.
    fn span(&self, group: &str, state: &str, key: &str) -> f64 {
        self.0["groups"][group]["spans"][state][key]
            .as_f64()
            .unwrap_or(0.0)
    }

    fn of_group(&self, group: &str, key: &str) -> f64 {
        self.0["groups"][group][key]
            .as_f64()
            .unwrap_or_else(|| panic!("no {key} of {group}"))
    }
}

/// The first finding of a planted file, of which the rule is certain, or one that follows from it.
fn first(name: &str, rule: &str) -> Finding {
    let found = findings_of(&format!("{name}.trace")).findings.into_iter();
    let mut found = found.filter(|finding| finding.rule.id == rule);
    let finding = found.next().expect("a finding of the rule");
    assert!(matches!(finding.explained_by, None | Some(0)), "{name}");
    finding
}

fn close(found: f64, expected: f64, what: &str) {
    assert!(
        (found / expected - 1.0).abs() < 1e-6,
        "{what}: {found}, not {expected}"
    );
}

#[test]
fn numbers_are_those_of_an_independent_count() {
    let name = "lock-convoy";
    let (facts, finding) = (Facts::of(name), first(name, "T12"));
    let group = "example.com/tracing/lock.Convoy.func1";
    let sync = |key| facts.span(group, "Waiting:sync", key);
    // Time waited over time is how many wait.
    close(
        finding.main().metric.value,
        sync("total") / facts.number("wall"),
        name,
    );
    assert_eq!(finding.main().samples as f64, sync("count"));

    let name = "gc-frequent";
    let (facts, finding) = (Facts::of(name), first(name, "T08"));
    close(
        finding.main().metric.value,
        facts.number("cycles") / facts.number("wall") * 1e9,
        name,
    );

    let name = "stw";
    let (facts, finding) = (Facts::of(name), first(name, "T02"));
    let stops = facts.0["stops"].as_object().expect("stops").iter();
    let counted = stops.filter(|(reason, _)| !reason.contains("start trace"));
    let sums = counted.map(|(_, spans)| ["total", "count"].map(|k| spans[k].as_f64().expect(k)));
    let [total, count] = sums.fold([0.0; 2], |a, b| [a[0] + b[0], a[1] + b[1]]);
    close(
        finding.main().metric.value,
        total / facts.number("wall"),
        name,
    );
    assert_eq!(finding.main().samples as f64, count);

    let name = "gc-assist";
    let (facts, finding) = (Facts::of(name), first(name, "T03"));
    let group = "example.com/tracing/memory.Assist.func1";
    let states = [
        "Running",
        "Runnable",
        "Syscall",
        "Waiting:GC mark assist wait for work",
    ];
    let active: f64 = states
        .iter()
        .map(|state| facts.span(group, state, "total"))
        .sum();
    close(
        finding.main().metric.value,
        facts.of_group(group, "assist") / active,
        name,
    );

    let name = "syscall-bound";
    let (facts, finding) = (Facts::of(name), first(name, "T06"));
    let group = "example.com/tracing/system.Read.func1";
    let share = facts.span(group, "Syscall", "total") / facts.of_group(group, "life");
    close(finding.main().metric.value, share, name);

    let name = "network-wait";
    let (facts, finding) = (Facts::of(name), first(name, "T07"));
    let group = "example.com/tracing/system.Ask.func1";
    let share = facts.span(group, "Waiting:network", "total") / facts.of_group(group, "life");
    close(finding.main().metric.value, share, name);

    let name = "churn";
    let (facts, finding) = (Facts::of(name), first(name, "T13"));
    let group = "example.com/tracing/lifetime.Churn.func1";
    let rate = facts.of_group(group, "goroutines") / facts.number("wall") * 1e9;
    close(finding.main().metric.value, rate, name);

    let name = "leak";
    let (facts, finding) = (Facts::of(name), first(name, "T14"));
    let held = &facts.0["groups"]["example.com/tracing/lifetime.ask"]["held"]["chan send"];
    assert_eq!(Some(finding.main().metric.value), held.as_f64());

    let name = "sched-latency";
    let (facts, finding) = (Facts::of(name), first(name, "T01"));
    let group = "example.com/tracing/system.Crowd.func1";
    let p99 = facts.span(group, "Runnable", "p99") / 1e6;
    // Percentiles are known to one part in 32.
    assert!(
        (finding.main().metric.value / p99 - 1.0).abs() <= 1.0 / 32.0,
        "{name}"
    );
    assert_eq!(
        finding.main().samples as f64,
        facts.span(group, "Runnable", "count")
    );
}

#[test]
fn both_places_of_a_leak_are_told() {
    let found = findings_of("leak.trace");
    let leaks = found
        .findings
        .iter()
        .filter(|finding| finding.rule.id == "T14");
    let mut counts: Vec<(u64, String)> = leaks
        .map(|f| {
            (
                f.main().samples,
                f.site().expect("a place").function.clone(),
            )
        })
        .collect();
    counts.sort();
    // What the manifest says: 278 left in a send, 28 that nothing can wake.
    let expected = [
        (28, "example.com/tracing/lifetime.watch".to_owned()),
        (278, "example.com/tracing/lifetime.ask".to_owned()),
    ];
    assert_eq!(counts, expected);
}

#[test]
fn what_follows_from_marking_stands_below_it() {
    // Who collects a hundred times a second marks all the time, and has others help to mark.
    let found = findings_of("gc-assist.trace");
    assert_eq!(found.findings[0].rule.id, "T08");
    let under: Vec<&str> = found.findings[0]
        .explains
        .iter()
        .map(|&at| found.findings[at].rule.id)
        .collect();
    for rule in ["T03", "T02"] {
        assert!(under.contains(&rule), "{rule} is not among {under:?}");
    }
    // Whoever reads memory statistics stops the world without any collector.
    let found = findings_of("stw.trace");
    assert_eq!(found.findings[0].explained_by, None);
    let now = found.findings[0].now();
    assert!(now[0].contains("runtime/metrics"), "{now:?}");
}

/// Another file of the same run, as text: a mutex profile in which `function` let go of a lock.
fn mutex_profile(function: &str) -> String {
    format!(
        "--- mutex:\ncycles/second=1000000000\nsampling period=1\n\
         1900000000 3000 @ 0x10 0x20\n\
         #\t0x10\tsync.(*Mutex).Unlock+0x1\t/go/src/sync/mutex.go:65\n\
         #\t0x20\t{function}+0x1\t/src/lock/lock.go:21\n"
    )
}

#[test]
fn other_files_of_a_run_confirm_or_are_asked_for() {
    let trace = fs::read(own().join("lock-convoy.trace")).expect("readable");
    let with = |name: &str, text: &str| {
        let files = [("run/trace.out", &trace[..]), (name, text.as_bytes())];
        let options = OpenOptions::default().with_trace(report_sink);
        let found = examined(&files, options).findings.into_iter();
        found
            .into_iter()
            .find(|f| f.rule.id == "T12")
            .expect("the convoy")
    };
    let notes = |finding: &Finding| finding.main().notes.join(" ");
    let known = mutex_profile("example.com/tracing/lock.(*catalogue).add");
    let finding = with("run/mutex.txt", &known);
    assert!(
        notes(&finding).contains("Confirmed by run/mutex.txt."),
        "{}",
        notes(&finding)
    );
    // All of the waiting is there.
    let told = &finding.evidence[1].metric.text;
    assert!(told.starts_with("100.0% of waiting for locks"), "{told}");
    let finding = with(
        "run/mutex.txt",
        &mutex_profile("example.com/tracing/other.(*thing).do"),
    );
    assert!(
        notes(&finding).contains("Not confirmed by run/mutex.txt"),
        "{}",
        notes(&finding)
    );
    // Of another run it says nothing.
    let finding = with("other/mutex.txt", &known);
    assert!(notes(&finding).contains("No other file confirms it: a mutex profile"));
    assert_eq!(finding.evidence.len(), 1);
}

/// A folder of foreign traces beside the project, where there is one.
fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    folder.is_dir().then_some(folder)
}

#[test]
fn traces_of_others_say_what_their_programs_do() {
    let Some(corpus) = corpus() else { return };
    // Rules that must fire, and that must not.
    let known: [(&str, &[&str], &[&str]); 9] = [
        // Benchmarks: what the harness collects and yields is not the program's.
        ("gobroadcast/worker/trace.out", &[], &["T"]),
        ("gobroadcast/algorithms/trace.out", &[], &["T"]),
        // Four workers that calculate, on two procs.
        (
            "gobroadcast/session/suite/full_20261123_092218/trace.out",
            &["T01", "T03", "T11"],
            &["T14"],
        ),
        // A lock held by many, a loop of Gosched, a client of HTTP; connections are no pools.
        (
            "go/1.22.10/trace-500ms.out",
            &["T07", "T12", "T15"],
            &["T09", "T10", "T11", "T14"],
        ),
        (
            "go/1.24.11/trace-500ms.out",
            &["T07", "T12", "T15"],
            &["T09", "T10", "T11", "T14"],
        ),
        (
            "go/1.27.3/trace-500ms.out",
            &["T07", "T12", "T15"],
            &["T09", "T10", "T11", "T14"],
        ),
        // A goroutine per connection and request, which net/http starts.
        ("go/1.27.3/http/trace.out", &["T07"], &["T13", "T14"]),
        // What is forced is no matter of the allocation.
        (
            "gotrace/testprog/gomaxprocs.trace",
            &["T02", "T08"],
            &["T03"],
        ),
        ("gotrace/testprog/annotations.trace", &[], &["T"]),
    ];
    let mut wrong = Vec::new();
    for (file, must, must_not) in known {
        let bytes = fs::read(corpus.join(file)).expect("readable");
        let options = OpenOptions::default().with_trace(report_sink);
        let found = examined(&[(file, &bytes)], options);
        let ids = ids(&found);
        wrong.extend(
            must.iter()
                .filter(|rule| !ids.contains(rule))
                .map(|rule| format!("{file}: {rule} is not among {ids:?}")),
        );
        let stray = ids
            .iter()
            .filter(|id| must_not.iter().any(|rule| id.starts_with(rule)));
        wrong.extend(stray.map(|id| format!("{file}: {id} fires")));
        for finding in &found.findings {
            let site = finding
                .site()
                .map(|site| site.function.clone())
                .unwrap_or_default();
            let own = ["runtime.", "runtime/trace.", "runtime/pprof."];
            if own.iter().any(|package| site.starts_with(package)) && site != "runtime.main" {
                wrong.push(format!("{file}: {} blames {site}", finding.rule.id));
            }
            let text = &finding.main().metric.text;
            if text.contains("NaN") || text.contains("inf") {
                wrong.push(format!("{file}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
