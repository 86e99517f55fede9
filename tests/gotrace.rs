//! Execution traces against what Go's own reader says of them.
//!
//! The corpus has goldens of `internal/trace` with the events that Go 1.27.3 reports; each pins a
//! rule of the order. They are looked for beside the project, and the project's own traces, in
//! `testdata/trace`, are always there.
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

#[path = "support/batches.rs"]
mod batches;
#[path = "support/tracing.rs"]
mod tracing;

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use batches::{batches, number};
use dropprof::analysis::trace::{
    Flags, full_report_sink, mean_utilisation, minimum_utilisation, utilisation,
};
use dropprof::formats::{facts_only, read_trace};
use dropprof::model::trace::{Generation, GoroutineRow, TraceFacts, TraceReport, TraceSink};
use dropprof::model::{Profile, StringId, check::check};
use dropprof::report::gotrace::{ParsedDump, WaitProfile, wait_profile};
use serde_json::Value;
use tracing::{oracle, own, traces};

#[path = "gotrace/damage.rs"]
mod damage;

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/gotrace");
    beside.exists().then_some(beside)
}

/// A writer that the test keeps a hold of.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The events of a trace as text.
fn parsed(bytes: &[u8], chunk: usize) -> String {
    let out = Shared::default();
    let for_sink = out.clone();
    let make = Box::new(move || {
        let sink: Box<dyn TraceSink> = Box::new(ParsedDump::new(for_sink.clone()));
        sink
    });
    read_trace(bytes.chunks(chunk), make).expect("a trace");
    let bytes = out.0.borrow().clone();
    String::from_utf8(bytes).expect("text")
}

#[test]
fn the_goldens_of_go_have_the_events_that_go_reports() {
    let Some(corpus) = corpus() else { return };
    let mut seen = 0;
    for entry in fs::read_dir(corpus.join("golden")).expect("goldens") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|ending| ending != "trace") {
            continue;
        }
        let name = path.display().to_string();
        let bytes = fs::read(&path).expect("readable");
        let expected = fs::read_to_string(path.with_extension("events")).expect("events");
        let found = parsed(&bytes, 1000);
        let (expected, error) = match expected.split_once("ERROR ") {
            Some((events, error)) => (events, Some(error.trim().to_owned())),
            None => (expected.as_str(), None),
        };
        let found = match &error {
            Some(error) => {
                // In our words: the proc that is missing.
                assert_eq!(error, "expected a proc but didn't have one", "{name}");
                let (events, ours) = found
                    .split_once("ERROR ")
                    .expect("an error as Go finds one");
                let ours = ours.lines().next();
                assert_eq!(
                    ours,
                    Some("an event needs a proc, and its thread has none"),
                    "{name}"
                );
                events.to_owned()
            }
            None => found,
        };
        for (i, (ours, gos)) in found.lines().zip(expected.lines()).enumerate() {
            assert_eq!(ours, gos, "{name}, line {}", i + 1);
        }
        assert_eq!(found.lines().count(), expected.lines().count(), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 23, "goldens");
}

/// The project's traces of Go 1.22 and later, with what `testdata/programs/tracing/oracle` says.
fn own_traces() -> Vec<(String, Vec<u8>, Value)> {
    let names = traces().into_iter().map(|(name, _)| name);
    names
        .map(|name| {
            let bytes = fs::read(own().join(format!("{name}.trace"))).expect("readable");
            let expected = oracle(&name);
            (name, bytes, expected)
        })
        .collect()
}

/// Events as the oracle hashes them, one line each: see `testdata/programs/tracing/oracle`.
fn canonical(parsed: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut frames = 0;
    for line in parsed.lines() {
        if let Some(part) = ["TransitionStack=", "Stack="]
            .iter()
            .find(|&&part| part == line)
        {
            frames = 0;
            lines
                .last_mut()
                .expect("an event")
                .push_str(&format!(" {part}"));
        } else if let Some(place) = line.strip_prefix("\t\t") {
            lines
                .last_mut()
                .expect("an event")
                .push_str(&format!(" {place}"));
        } else if let Some(frame) = line.strip_prefix('\t') {
            let separator = if frames > 0 { ";" } else { "" };
            frames += 1;
            let frame = frame.replacen(" @ ", "@", 1);
            lines
                .last_mut()
                .expect("an event")
                .push_str(&format!("{separator}{frame}"));
        } else if !line.is_empty() {
            lines.push(line.to_owned());
        }
    }
    // A part without frames is left out.
    for line in &mut lines {
        for part in [" Stack=", " TransitionStack="] {
            if line.ends_with(part) {
                line.truncate(line.len() - part.len());
            }
        }
        *line = line.replace(" TransitionStack= Stack=", " Stack=");
    }
    lines
}

/// FNV-1a, 64 bits.
fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(hash, step)
}

#[test]
fn our_traces_have_the_events_that_go_reports() {
    for (name, bytes, oracle) in own_traces() {
        let lines = canonical(&parsed(&bytes, 4096));
        let every = oracle["hash"]["every"].as_u64().expect("every") as usize;
        let checkpoints = oracle["hash"]["checkpoints"]
            .as_array()
            .expect("checkpoints");
        let mut hash = 0xcbf2_9ce4_8422_2325;
        for (i, line) in lines.iter().enumerate() {
            hash = fnv(fnv(hash, line.as_bytes()), b"\n");
            if (i + 1) % every == 0 {
                let expected = checkpoints[(i + 1) / every - 1].as_str();
                assert_eq!(
                    Some(&*format!("{hash:016x}")),
                    expected,
                    "{name}, to event {}",
                    i + 1
                );
            }
        }
        assert_eq!(
            Some(lines.len() as u64),
            oracle["events"].as_u64(),
            "{name}"
        );
        let all = oracle["hash"]["all"].as_str();
        assert_eq!(Some(&*format!("{hash:016x}")), all, "{name}");
    }
}

/// The facts of a file's first trace; `None` where none of it can be used.
fn facts(bytes: &[u8]) -> Option<TraceFacts> {
    let profiles = read_trace(bytes.chunks(1 << 14), Box::new(facts_only)).ok()?;
    let trace = profiles.first()?.trace.as_ref().expect("facts");
    Some(trace.facts.clone())
}

/// Numbers that look random, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// What is whole before a place is read as if nothing followed.
fn keeps_earlier_generations(name: &str, whole: &TraceFacts, damaged: &[u8], at: usize) {
    let found = facts(damaged);
    let before = |one: &&Generation| (one.at + one.bytes) as usize <= at;
    let expected: Vec<&Generation> = whole.generations.iter().take_while(before).collect();
    let Some(found) = found else {
        assert!(
            expected.is_empty(),
            "{name}: nothing is left of a trace damaged at {at}"
        );
        return;
    };
    let kept: Vec<&Generation> = found.generations.iter().take(expected.len()).collect();
    assert_eq!(kept, expected, "{name}: damaged at {at}");
}

#[test]
fn a_cut_trace_keeps_its_earlier_generations() {
    let mut random = Random(7);
    for name in [
        "mixed-generations",
        "gc-generations",
        "callbacks-generations",
    ] {
        let bytes = fs::read(own().join(format!("{name}.trace"))).expect("readable");
        let whole = facts(&bytes).expect("a trace");
        assert!(
            whole.generations.len() > 4,
            "{name}: {}",
            whole.generations.len()
        );
        assert!(
            whole.losses.is_empty() && whole.is_ended && !whole.is_cut,
            "{name}"
        );
        let ends: Vec<usize> = batches(&bytes).iter().map(|&(_, to, ..)| to).collect();
        let anywhere: Vec<usize> = (0..1000).map(|_| random.below(bytes.len())).collect();
        for at in ends.into_iter().chain(anywhere) {
            keeps_earlier_generations(name, &whole, &bytes[..at], at);
        }
    }
}

#[test]
fn flipped_bytes_cost_no_earlier_generation() {
    let mut random = Random(11);
    for name in [
        "gc-generations",
        "callbacks-generations",
        "mixed-1.22",
        "allocfree",
    ] {
        let bytes = fs::read(own().join(format!("{name}.trace"))).expect("readable");
        let whole = facts(&bytes).expect("a trace");
        for _ in 0..700 {
            let mut damaged = bytes.clone();
            let mut first = usize::MAX;
            for _ in 0..=random.below(3) {
                let at = 16 + random.below(bytes.len() - 16);
                damaged[at] ^= 1 << random.below(8);
                first = first.min(at);
            }
            keeps_earlier_generations(name, &whole, &damaged, first);
        }
    }
}

#[test]
fn a_loss_is_told_and_what_follows_is_used() {
    let bytes = fs::read(own().join("mixed-generations.trace")).expect("readable");
    let whole = facts(&bytes).expect("a trace");
    let all = batches(&bytes);
    // A batch of events of the fourth generation is not there.
    let fourth = whole.generations[3].number;
    let is_events = |b: &&(usize, usize, u64, u64)| b.2 == fourth && b.3 != u64::MAX;
    let &(from, to, ..) = all.iter().filter(is_events).nth(2).expect("a batch");
    let damaged = [&bytes[..from], &bytes[to..]].concat();
    let found = facts(&damaged).expect("a trace");
    assert_eq!(found.generations.len(), whole.generations.len());
    let loss = found.losses.first().expect("a loss");
    assert_eq!(loss.generation, fourth);
    assert!(loss.bytes > 0 && loss.span.1 > loss.span.0, "{loss:?}");
    // From the next one on everything is as before.
    for (found, whole) in found.generations.iter().zip(&whole.generations).skip(4) {
        assert_eq!((found.number, found.events), (whole.number, whole.events));
    }
}

#[test]
fn a_batch_of_garbage_is_passed_over() {
    let bytes = fs::read(own().join("mixed-generations.trace")).expect("readable");
    let whole = facts(&bytes).expect("a trace");
    let at = whole.generations[5].at as usize;
    let garbage = [&bytes[..at], &[0xee; 100], &bytes[at..]].concat();
    let found = facts(&garbage).expect("a trace");
    assert_eq!(found.losses.len(), 1, "{:?}", found.losses);
    assert_eq!(
        (found.losses[0].at, found.losses[0].bytes),
        (at as u64, 100)
    );
    assert_eq!(found.events(), whole.events());
}

#[test]
fn an_unknown_event_ends_its_batch_and_not_the_trace() {
    let bytes = fs::read(own().join("mixed-1.27.trace")).expect("readable");
    let whole = facts(&bytes).expect("a trace");
    let all = batches(&bytes);
    // The largest batch of a thread, so that much is missing.
    let of_threads = all.iter().filter(|b| b.3 != u64::MAX);
    let &(from, to, ..) = of_threads.max_by_key(|b| b.1 - b.0).expect("a batch");
    let mut damaged = bytes.clone();
    // The first event of the batch: after the head, whose size is padded to ten bytes.
    let mut head = from + 1;
    for _ in 0..4 {
        number(&bytes, &mut head);
    }
    damaged[head] = 127;
    let found = facts(&damaged).expect("a trace");
    let loss = found.losses.first().expect("a loss");
    assert_eq!((loss.at as usize, loss.bytes as usize), (head, to - head));
    assert!(loss.reason.contains("event type 127"), "{}", loss.reason);
    // Of what other batches hold most is used.
    let share = found.events() as f64 / whole.events() as f64;
    let expected = 1.0 - (to - from) as f64 / bytes.len() as f64;
    assert!(
        share > expected - 0.1,
        "{share} of the events, and {expected} of the bytes"
    );
}

#[test]
fn the_order_of_batches_of_different_threads_does_not_matter() {
    let mut random = Random(23);
    for name in ["mixed-1.24", "gc-generations", "callbacks", "mixed-flight"] {
        let bytes = fs::read(own().join(format!("{name}.trace"))).expect("readable");
        let expected = parsed(&bytes, 1 << 16);
        for _ in 0..5 {
            let mut out = bytes[..16].to_vec();
            let all = batches(&bytes);
            let mut rest = &all[..];
            while !rest.is_empty() {
                let generation = rest[0].2;
                let count = rest.iter().take_while(|b| b.2 == generation).count();
                let (these, later) = rest.split_at(count);
                rest = later;
                // Any order that keeps that of each thread, and in which threads first appear:
                // among equal times Go goes by that.
                let mut queues: Vec<(u64, Vec<_>)> = Vec::new();
                for batch in these {
                    match queues.iter_mut().find(|(thread, _)| *thread == batch.3) {
                        Some((_, queue)) => queue.push(batch),
                        None => queues.push((batch.3, vec![batch])),
                    }
                }
                for (_, queue) in &mut queues {
                    queue.reverse();
                }
                let mut opened = 0;
                while queues.iter().any(|(_, queue)| !queue.is_empty()) {
                    let pick = random.below((opened + 1).min(queues.len()));
                    opened = opened.max((pick + 1).min(queues.len()));
                    if let Some(&(from, to, ..)) = queues[pick].1.pop() {
                        out.extend_from_slice(&bytes[from..to]);
                    }
                }
            }
            assert_eq!(out.len(), bytes.len(), "{name}");
            assert!(
                parsed(&out, 1 << 16) == expected,
                "{name}: another order of events"
            );
        }
    }
}

#[test]
fn two_traces_in_one_file_are_two() {
    let read = |name: &str| fs::read(own().join(name)).expect("readable");
    let (idle, stw) = (read("idle.trace"), read("stw.trace"));
    let both = [&idle[..], &stw].concat();
    for chunk in [1, 17, 1 << 16] {
        let profiles = read_trace(both.chunks(chunk), Box::new(facts_only)).expect("traces");
        let events = |i: usize| profiles[i].trace.as_ref().expect("facts").facts.events();
        assert_eq!(profiles.len(), 2);
        assert_eq!(Some(events(0)), facts(&idle).map(|one| one.events()));
        assert_eq!(Some(events(1)), facts(&stw).map(|one| one.events()));
    }
}

#[test]
fn what_is_no_trace_to_read_says_why() {
    let error = |bytes: &[u8]| {
        let read = read_trace(bytes.chunks(100), Box::new(facts_only));
        read.expect_err("no trace").to_string()
    };
    let old = fs::read(own().join("mixed-1.21.trace")).expect("readable");
    let told = error(&old);
    assert!(
        told.contains("of Go 1.21") && told.contains("Go 1.22"),
        "{told}"
    );
    for (header, release) in [
        (&b"go 1.5 trace\0\0\0\0"[..], "Go 1.5 or 1.6"),
        (b"go 1.11 trace\0\0\0", "Go 1.11 to 1.18"),
        (b"go 1.19 trace\0\0\0", "Go 1.19 or 1.20"),
    ] {
        let told = error(header);
        assert!(told.contains(release), "{told}");
    }
    let told = error(b"go 1.26 trace\0\0\0");
    assert!(told.contains("empty"), "{told}");
}

#[test]
fn a_newer_format_is_tried() {
    let mut bytes = fs::read(own().join("idle.trace")).expect("readable");
    let events = facts(&bytes).expect("a trace").events();
    bytes[..16].copy_from_slice(b"go 1.28 trace\0\0\0");
    let found = facts(&bytes).expect("a trace");
    assert_eq!((found.version, found.events()), (28, events));
}

/// The profile with the report of a file's first trace, and of every goroutine in it.
fn report(bytes: &[u8]) -> Profile {
    let profiles = read_trace(bytes.chunks(1 << 16), Box::new(full_report_sink));
    let profile = profiles.expect("a trace").remove(0);
    check(&profile).expect("a sound profile");
    profile
}

fn report_of(profile: &Profile) -> &TraceReport {
    profile.trace.as_ref().expect("a report")
}

/// A goroutine as Go's summariser counts it: a call that has not ended at the end is counted
/// twice there, as time in the call and as waiting to run (D8 in the list of its mistakes).
fn as_go(row: &GoroutineRow, profile: &Profile) -> Value {
    let map = |pairs: &[(StringId, u64)]| -> Value {
        let mut map = serde_json::Map::new();
        for &(name, time) in pairs {
            // Go has an entry for what took no time, too.
            if time > 0 {
                map.insert(profile.strings.text(name).into_owned(), time.into());
            }
        }
        map.into()
    };
    let report = report_of(profile);
    let name = report.groups[row.group as usize].name;
    serde_json::json!({
        "id": row.id,
        "name": profile.strings.text(name),
        "create": row.created,
        "start": row.started,
        "end": row.ended,
        "total": row.total,
        "exec": row.exec,
        "sched": row.sched + row.open_call,
        "syscall": row.syscall + row.open_call,
        "syscall_block": row.syscall_blocked - row.open_call,
        "block": map(&row.blocks),
        "range": map(&row.ranges),
    })
}

/// Compares all goroutines that the oracle lists.
fn compare_goroutines(name: &str, profile: &Profile, oracle: &Value) -> usize {
    let report = report_of(profile);
    let listed = oracle["goroutines"].as_array().expect("goroutines");
    for expected in listed {
        let id = expected["id"].as_u64().expect("an id");
        let row = report.goroutines.iter().find(|row| row.id == id);
        let row = row.unwrap_or_else(|| panic!("{name}: no goroutine {id}"));
        let found = as_go(row, profile);
        let mut expected = expected.clone();
        for key in ["block", "range"] {
            let map = expected.get(key).and_then(Value::as_object).cloned();
            let some = map
                .unwrap_or_default()
                .into_iter()
                .filter(|(_, time)| *time != 0);
            expected[key] = some.collect::<serde_json::Map<_, _>>().into();
        }
        for key in ["unknown", "regions"] {
            expected.as_object_mut().expect("an object").remove(key);
        }
        assert_eq!(found, expected, "{name}, goroutine {id}");
    }
    listed.len()
}

#[test]
fn goroutines_spend_their_time_as_go_says() {
    let mut seen = 0;
    for (name, bytes, oracle) in own_traces() {
        let profile = report(&bytes);
        seen += compare_goroutines(&name, &profile, &oracle);
        let report = report_of(&profile);
        assert_eq!(Some(report.events), oracle["events"].as_u64(), "{name}");
        let listed = oracle["goroutines"].as_array().expect("goroutines").len();
        assert_eq!(report.goroutines.len(), listed, "{name}");
    }
    assert!(seen > 5000, "{seen} goroutines");
    if let Some(corpus) = corpus() {
        for name in ["small", "flight"] {
            let bytes = fs::read(corpus.join(format!("{name}.trace"))).expect("readable");
            let oracle = fs::read(corpus.join(format!("{name}.oracle.json"))).expect("readable");
            let oracle = serde_json::from_slice(&oracle).expect("JSON");
            compare_goroutines(name, &report(&bytes), &oracle);
        }
    }
}

#[test]
fn the_collector_leaves_what_an_independent_count_says() {
    let sets = [
        ("stw", [true, false, false, false]),
        ("stw|background", [true, true, false, false]),
        ("stw|background|assist", [true, true, true, false]),
        ("stw|background|assist|sweep", [true, true, true, true]),
    ];
    let mut seen = 0;
    for (name, bytes, oracle) in own_traces() {
        let profile = report(&bytes);
        let report = report_of(&profile);
        for (set, [stops, workers, assists, sweeps]) in sets {
            let flags = Flags {
                stops,
                workers,
                assists,
                sweeps,
            };
            let all = utilisation(&report.collector, report.last_event, flags);
            let expected = &oracle["mmu"][set];
            let mean = expected["mean"].as_f64().expect("a mean");
            let found = mean_utilisation(&all);
            assert!(
                (found - mean).abs() < 1e-9,
                "{name} {set}: mean {found}, not {mean}"
            );
            for window in expected["mmu"].as_array().expect("windows") {
                let (w, mmu) = (window["w"].as_u64(), window["mmu"].as_f64());
                let (w, mmu) = (w.expect("a window"), mmu.expect("a share"));
                let (found, _) = minimum_utilisation(&all, w).expect("a share");
                assert!(
                    (found - mmu).abs() < 1e-9,
                    "{name} {set} {w}: {found}, not {mmu}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen >= 500, "{seen} windows");
}

#[test]
fn groups_have_the_counts_times_and_extremes_of_the_oracle() {
    let mut seen = 0;
    for (name, bytes, oracle) in own_traces() {
        let profile = report(&bytes);
        let report = report_of(&profile);
        let facts = &oracle["facts"];
        assert_eq!(facts["created"].as_u64(), Some(report.created), "{name}");
        assert_eq!(facts["ended"].as_u64(), Some(report.ended), "{name}");
        assert_eq!(
            facts["cycles"].as_u64(),
            Some(report.cycles.len() as u64),
            "{name}"
        );
        let stops = facts["stops"].as_object().cloned().unwrap_or_default();
        assert_eq!(stops.len(), report.stops.len(), "{name}");
        for stop in &report.stops {
            let reason = format!("stop-the-world ({})", profile.strings.text(stop.reason));
            let expected = &stops[&reason];
            let number = |key: &str| expected[key].as_u64().expect("a number");
            assert_eq!(number("count"), stop.times.count(), "{name} {reason}");
            assert_eq!(number("total"), stop.times.total(), "{name} {reason}");
            assert_eq!(number("max"), stop.times.most(), "{name} {reason}");
        }
        for (group_name, expected) in facts["groups"].as_object().expect("groups") {
            let is_it = |name| profile.strings.text(name) == *group_name;
            let group = report.groups.iter().find(|group| is_it(group.name));
            let group = group.unwrap_or_else(|| panic!("{name}: no group {group_name}"));
            let number = |value: &Value| value.as_u64().expect("a number");
            assert_eq!(
                number(&expected["goroutines"]),
                group.count,
                "{name} {group_name}"
            );
            // Of whom no stack was seen is not known before the end.
            if !group_name.is_empty() {
                assert_eq!(
                    number(&expected["most"]),
                    group.most_alive,
                    "{name} {group_name}"
                );
            }
            for (state, found) in [
                ("Running", &group.exec),
                ("Runnable", &group.sched),
                ("Syscall", &group.syscall),
            ] {
                let spans = &expected["spans"][state];
                if spans.is_null() {
                    assert_eq!(found.count(), 0, "{name} {group_name} {state}");
                    continue;
                }
                let place = format!("{name} {group_name} {state}");
                assert_eq!(number(&spans["count"]), found.count(), "{place}");
                assert_eq!(number(&spans["total"]), found.total(), "{place}");
                assert_eq!(number(&spans["max"]), found.most(), "{place}");
                for (key, share) in [("p50", 0.5), ("p99", 0.99)] {
                    let (exact, found) =
                        (number(&spans[key]) as f64, found.percentile(share) as f64);
                    assert!(
                        (found - exact).abs() <= exact / 32.0 + 1.0,
                        "{place} {key}: {found}, not {exact}"
                    );
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen} states of groups");
}

#[test]
fn tasks_and_regions_take_the_time_that_go_says() {
    let mut seen = 0;
    for (name, bytes, oracle) in own_traces() {
        let profile = report(&bytes);
        let report = report_of(&profile);
        let sums = |kinds: &Value, is_counted: &dyn Fn(&Value) -> bool| {
            let mut sums = std::collections::BTreeMap::<String, (u64, u64)>::new();
            for one in kinds.as_array().map(Vec::as_slice).unwrap_or_default() {
                if is_counted(one) {
                    let name = one["name"].as_str().expect("a name").to_owned();
                    let sum = sums.entry(name).or_default();
                    sum.0 += 1;
                    sum.1 += one["dur"].as_u64().expect("a duration");
                }
            }
            sums
        };
        let text = |name| profile.strings.text(name).into_owned();
        let tasks = sums(&oracle["tasks"], &|task| task["complete"] == true);
        let found = report.tasks.iter().filter(|kind| kind.times.count() > 0);
        let found = found.map(|kind| (text(kind.name), (kind.times.count(), kind.times.total())));
        assert_eq!(
            found.collect::<std::collections::BTreeMap<_, _>>(),
            tasks,
            "{name}"
        );
        // What a goroutine inherits from its creator is no region of its own.
        let regions = sums(&oracle["regions"], &|region| region["name"] != "");
        let found = report.regions.iter();
        let found = found.map(|kind| (text(kind.name), (kind.times.count(), kind.times.total())));
        assert_eq!(
            found.collect::<std::collections::BTreeMap<_, _>>(),
            regions,
            "{name}"
        );
        seen += tasks.len() + regions.len();
    }
    assert!(seen > 30, "{seen} kinds");
}

/// A profile's samples as `testdata/trace/golden/NAME.KIND.raw.txt` has them, below its header.
fn raw(profile: &Profile) -> String {
    let mut lines = Vec::new();
    for (i, &stack) in profile.samples.stacks.iter().enumerate() {
        let mut frames = Vec::new();
        for location in profile.stacks.get(stack) {
            let location = &profile.locations[location.index()];
            for line in profile.lines_of(location) {
                let function = &profile.functions[line.function.index()];
                let (name, file) = (function.name, function.filename);
                let (name, file) = (profile.strings.text(name), profile.strings.text(file));
                frames.push(format!(
                    "{name}@0x{:x} {file}:{}",
                    location.address, line.line
                ));
            }
        }
        let (count, delay) = (profile.value(i, 0), profile.value(i, 1));
        lines.push((frames.join(";"), format!("{count} {delay}: ")));
    }
    lines.sort();
    lines
        .iter()
        .map(|(frames, values)| format!("{values}{frames}\n"))
        .collect()
}

#[test]
fn profiles_of_waits_are_those_that_go_tool_trace_writes() {
    let mut seen = 0;
    for (name, bytes, _) in own_traces() {
        let profile = report(&bytes);
        for kind in ["net", "sync", "syscall", "sched"] {
            let which = WaitProfile::named(kind).expect("a kind");
            let waits = wait_profile(&profile, report_of(&profile), which, false);
            let waits = waits.expect("a profile");
            check(&waits).expect("a sound profile");
            let golden = own().join(format!("golden/{name}.{kind}.raw.txt"));
            let golden = fs::read_to_string(golden).expect("a golden");
            let (header, samples) = golden.split_once("delay/nanoseconds\n").expect("a header");
            assert!(
                header.starts_with("PeriodType: trace count\nPeriod: 1\n"),
                "{header}"
            );
            assert_eq!(raw(&waits), samples, "{name} {kind}");
            seen += samples.lines().count();
        }
    }
    assert!(seen > 300, "{seen} stacks");
}
