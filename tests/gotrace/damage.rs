//! Files that are cut, torn or hostile: what is told of them, and that reading them ends.
//!
//! Small ones are written here record by record. Their clock has 15 625 000 ticks a second, so
//! that a tick is 64 ns.

use std::time::{Duration, Instant};

use dropprof::analysis::trace::report_sink;
use dropprof::formats::trace_losses;

use super::*;

const NOBODY: u64 = u64::MAX;

/// Types of records.
const HEAP_ALLOC: u64 = 37;
const GO_START: u64 = 16;
const GO_STOP: u64 = 19;
const GO_UNBLOCK: u64 = 21;
const GO_STATUS: u64 = 25;
const PROC_STOP: u64 = 11;
const PROC_STATUS: u64 = 13;

/// States on the wire.
const RUNNING: u64 = 2;
const IN_CALL: u64 = 3;
const WAITING: u64 = 4;

fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A trace that is being written.
struct Written(Vec<u8>);

impl Written {
    fn new() -> Self {
        Self(b"go 1.26 trace\0\0\0".to_vec())
    }

    fn batch(mut self, generation: u64, thread: u64, time: u64, payload: &[u8]) -> Self {
        self.0.push(1);
        for number in [generation, thread, time, payload.len() as u64] {
            self.0.extend(leb(number));
        }
        self.0.extend(payload);
        self
    }

    /// Records of a thread, each the type, the ticks since the one before, and arguments; in as
    /// many batches as they need, each of which begins at that time.
    fn records(
        mut self,
        generation: u64,
        thread: u64,
        time: u64,
        records: impl IntoIterator<Item = Vec<u64>>,
    ) -> Self {
        let mut payload: Vec<u8> = Vec::new();
        for record in records {
            if payload.len() > 60_000 {
                self = self.batch(generation, thread, time, &payload);
                payload.clear();
            }
            payload.push(record[0] as u8);
            payload.extend(record[1..].iter().flat_map(|&number| leb(number)));
        }
        self.batch(generation, thread, time, &payload)
    }

    /// The clock's rate and a reading of the clocks.
    fn clocks(self, generation: u64, rate: u64, reading: [u64; 3]) -> Self {
        let mut payload = vec![50, 8];
        payload.extend(leb(rate));
        payload.extend([51, 0]);
        payload.extend(reading.into_iter().flat_map(leb));
        self.batch(generation, NOBODY, 100, &payload)
    }

    fn usual_clocks(self, generation: u64) -> Self {
        self.clocks(generation, 15_625_000, [1, 1, 1])
    }

    fn end(mut self) -> Vec<u8> {
        self.0.push(52);
        self.0
    }
}

/// Thread 1 runs goroutine 1 on proc 0, and allocates 400 ticks later.
fn running() -> Vec<Vec<u64>> {
    vec![
        vec![PROC_STATUS, 0, 0, 1],
        vec![GO_STATUS, 0, 1, 1, RUNNING],
        vec![HEAP_ALLOC, 400, 1000],
    ]
}

fn bytes_of(name: &str) -> Vec<u8> {
    fs::read(own().join(format!("{name}.trace"))).expect("readable")
}

/// Where the payload of a batch begins.
fn payload(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    for _ in 0..4 {
        number(bytes, &mut at);
    }
    at
}

/// Remarks of a file's first trace.
fn remarks(bytes: &[u8]) -> String {
    trace_losses(&facts(bytes).expect("a trace")).join("\n")
}

#[test]
fn a_file_that_ends_before_its_tables_is_cut() {
    for name in ["mixed-1.22", "mixed-1.24", "mixed-1.25", "mixed-1.27"] {
        let bytes = bytes_of(name);
        let whole = facts(&bytes).expect("a trace");
        // Stacks and strings stand at the end.
        let all = batches(&bytes);
        let tables = all.iter().filter(|&&(from, _, generation, thread)| {
            generation > 0 && thread == NOBODY && matches!(bytes[payload(&bytes, from)], 2 | 4)
        });
        let tables: Vec<_> = tables.collect();
        let (first, last) = (tables[0].0, tables[tables.len() - 1].0);
        for (at, missing) in [
            (first, "its names and its stacks are missing"),
            (last, "its names are missing"),
        ] {
            let found = facts(&bytes[..at]).expect("a trace");
            assert_eq!(found.events(), whole.events(), "{name}");
            assert!(found.is_cut, "{name}");
            let [loss] = &found.losses[..] else {
                panic!("{name}: {:?}", found.losses);
            };
            assert_eq!((loss.at as usize, loss.bytes), (at, 0), "{name}");
            assert!(loss.reason.starts_with(missing), "{name}: {}", loss.reason);
            let told = remarks(&bytes[..at]);
            assert!(told.contains("between two batches of generation"), "{told}");
            assert!(told.contains("copied whole"), "{told}");
        }
        assert_eq!(trace_losses(&whole), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_missing_mark_is_all_that_is_missing() {
    let bytes = bytes_of("mixed-1.27");
    let cut = &bytes[..bytes.len() - 1];
    assert_eq!(parsed(cut, 4096), parsed(&bytes, 4096));
    let found = facts(cut).expect("a trace");
    assert!(found.losses.is_empty() && !found.is_cut && !found.is_ended);
    let told = remarks(cut);
    assert!(
        told.contains("The mark at the end of the trace is missing."),
        "{told}"
    );
    assert!(!told.contains("is not in the file"), "{told}");
}

#[test]
fn what_there_is_of_a_cut_generation_is_used() {
    for name in ["healthy", "mixed-1.22", "mixed-1.25", "mixed-1.27"] {
        let bytes = bytes_of(name);
        let whole = facts(&bytes).expect("a trace");
        for percent in [10, 25, 50] {
            let cut = &bytes[..bytes.len() * percent / 100];
            let found = facts(cut).expect("a trace");
            let share = 1.0 - found.lost_bytes() as f64 / found.bytes as f64;
            assert!(share > 0.99, "{name} at {percent}%: {share} is used");
            // Times are those of the records: nothing is put off until others have been.
            let (all, some) = (whole.span().expect("events"), found.span().expect("events"));
            assert!(some.1 <= all.1, "{name} at {percent}%: {all:?} {some:?}");
            let told = found.losses.iter().map(|loss| &*loss.reason);
            let reason = "the batches of some threads are cut off";
            assert!(
                told.clone().any(|told| told.starts_with(reason)),
                "{name} at {percent}%"
            );
        }
    }
}

#[test]
fn an_unknown_event_costs_its_batch_only() {
    for name in ["mixed-generations", "gc-generations"] {
        let bytes = bytes_of(name);
        let whole = facts(&bytes).expect("a trace");
        let broken = whole.generations[4].number;
        let all = batches(&bytes);
        let of_it = all.iter().filter(|b| b.2 == broken && b.3 != NOBODY);
        let &(from, ..) = of_it.max_by_key(|b| b.1 - b.0).expect("a batch");
        let mut damaged = bytes.clone();
        damaged[payload(&bytes, from)] = 96;
        let found = facts(&damaged).expect("a trace");
        assert!(
            found.losses.iter().all(|loss| loss.generation == broken),
            "{:?}",
            found.losses
        );
        let counts = |facts: &TraceFacts| -> Vec<_> {
            let others = facts.generations.iter().filter(|one| one.number != broken);
            others.map(|one| (one.number, one.events)).collect()
        };
        assert_eq!(counts(&found), counts(&whole), "{name}");
        // Two later every event is as before; of the one between times differ by a nanosecond for
        // each that has ended unseen.
        let from_eighth = |bytes: &[u8]| {
            let text = parsed(bytes, 1 << 16);
            let at = text.match_indices("Sync Time=").nth(7).expect("a sync").0;
            text[at..].to_owned()
        };
        assert!(from_eighth(&damaged) == from_eighth(&bytes), "{name}");
        // Nobody has ended and begun anew.
        let profile = report(&damaged);
        let mut ids: Vec<u64> = report_of(&profile)
            .goroutines
            .iter()
            .map(|g| g.id)
            .collect();
        let rows = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(rows, ids.len(), "{name}");
    }
}

#[test]
fn a_loss_lasts_from_who_waits_first_to_the_last_record() {
    // Of goroutine 9 nothing is known: at 1000 ticks nobody can go on, and there are records up
    // to 1000 + 4000.
    let stuck = [vec![GO_START, 0, 9, 1], vec![GO_STOP, 4000, 0, 0]];
    let bytes = Written::new()
        .usual_clocks(1)
        .records(1, 1, 100, running())
        .records(1, 2, 1000, stuck)
        .end();
    let found = facts(&bytes).expect("a trace");
    let [loss] = &found.losses[..] else {
        panic!("{:?}", found.losses);
    };
    assert_eq!(loss.span, (1000 * 64, 5000 * 64));
    // GoStart has 4 bytes, GoStop 5.
    assert_eq!((loss.bytes, found.events()), (9, 3));
    // From 100 to 5000 ticks, of which the last 4000 are lost: 57 600 of 313 600 ns.
    let told = remarks(&bytes);
    assert!(told.contains("57.6us of 313.6us"), "{told}");
}

#[test]
fn hostile_files_end_soon() {
    let begun = Instant::now();
    // Many goroutines, then many generations that break at once.
    let goroutines = (1..=300_000).map(|id| vec![GO_STATUS, 1, id, 0, WAITING]);
    let mut many = Written::new()
        .usual_clocks(1)
        .records(1, 5, 100, goroutines);
    for generation in 2..20_000 {
        many = many.records(generation, 5, 100, [vec![PROC_STOP, 1]]);
    }
    let bytes = many.end();
    for make in [facts_only, report_sink] {
        let profiles = read_trace([&bytes[..]], Box::new(make)).expect("a trace");
        let report = profiles[0].trace.as_ref().expect("a report");
        let found = &report.facts;
        // The first, 1000 that are given up, and no more; all the rest is told as lost.
        assert_eq!((found.generations.len(), found.events()), (1001, 300_000));
        let used = found.generations.iter().map(|one| one.bytes).sum::<u64>();
        let lost = found.losses.last().expect("a loss");
        assert!(lost.bytes > 0 && lost.bytes + used < bytes.len() as u64);
    }
    // Many threads that wait for what never comes, while one goes on.
    let mut waiting =
        Written::new()
            .usual_clocks(1)
            .records(1, 1, 100, [vec![GO_STATUS, 0, 7, 0, WAITING]]);
    for thread in 0..60_000 {
        let never = [vec![GO_UNBLOCK, 1, 7, 99, 0]];
        waiting = waiting.records(1, 10 + thread, 1000 + thread, never);
    }
    let busy = (0..300_000).map(|_| vec![PROC_STATUS, 1, 3, 2]);
    let bytes = waiting.records(1, 5, 100_000, busy).end();
    let found = facts(&bytes).expect("a trace");
    let loss = found.losses.last().expect("a loss");
    assert!(
        loss.reason.contains("none of the threads' next events"),
        "{}",
        loss.reason
    );
    // Many threads, and a proc whose owner is asked for again and again.
    let calls = (0..200_000).map(|id| vec![GO_STATUS, 1, 1 + id, 100 + id, IN_CALL]);
    let held = [vec![PROC_STATUS, 1, 1, 3]].into_iter();
    let taken = (0..100_000).map(|_| vec![PROC_STATUS, 1, 1, 4]);
    let bytes = Written::new()
        .usual_clocks(1)
        .records(1, 5, 100, calls)
        .records(1, 1 << 40, 1 << 26, held.chain(taken))
        .end();
    let found = facts(&bytes).expect("a trace");
    assert_eq!((found.events(), found.losses.len()), (300_001, 0));
    // Each took minutes.
    let took = begun.elapsed();
    assert!(took < Duration::from_mins(1), "{took:?}");
}

#[test]
fn a_second_trace_that_cannot_be_read_is_told() {
    let healthy = bytes_of("healthy");
    for (other, told) in [
        (&bytes_of("mixed-1.21")[..], "of Go 1.21"),
        (b"go 1.26 trace\0\0\0", "the trace is empty"),
        (b"go 1.26 tr", "the header of a trace is cut off"),
    ] {
        let both = [&healthy[..], other].concat();
        for chunk in [7, 1 << 14] {
            let profiles = read_trace(both.chunks(chunk), Box::new(facts_only)).expect("a trace");
            let [profile] = &profiles[..] else {
                panic!("{} traces", profiles.len());
            };
            let found = &profile.trace.as_ref().expect("facts").facts;
            let [loss] = &found.losses[..] else {
                panic!("{:?}", found.losses);
            };
            assert_eq!((loss.at as usize, loss.bytes), (healthy.len(), 0));
            let reason = &loss.reason;
            assert!(reason.starts_with("another trace begins here"), "{reason}");
            assert!(reason.contains(told), "{reason}");
            assert_eq!(found.bytes as usize, healthy.len());
            assert!(found.is_ended && !found.is_cut);
        }
    }
}

#[test]
fn behind_an_empty_trace_others_are_read() {
    let healthy = bytes_of("healthy");
    let empty = b"go 1.26 trace\0\0\0";
    for chunk in [7, 1 << 14] {
        let bytes = [&healthy[..], empty, &healthy].concat();
        let profiles = read_trace(bytes.chunks(chunk), Box::new(facts_only)).expect("traces");
        assert_eq!(profiles.len(), 2);
        let found = &profiles[1].trace.as_ref().expect("facts").facts;
        assert_eq!(found.losses.len(), 1);
        assert!(found.losses[0].reason.contains("the trace is empty"));
        let bytes = [empty, &healthy[..]].concat();
        let profiles = read_trace(bytes.chunks(chunk), Box::new(facts_only)).expect("a trace");
        assert_eq!(profiles.len(), 1);
    }
}

#[test]
fn of_very_many_traces_in_a_file_the_first_are_read() {
    let bytes = bytes_of("healthy").repeat(102);
    let profiles = read_trace(bytes.chunks(1 << 16), Box::new(facts_only)).expect("traces");
    assert_eq!(profiles.len(), 100);
    let found = &profiles[99].trace.as_ref().expect("facts").facts;
    let told = &found.losses.last().expect("it is told").reason;
    assert!(told.contains("more than 100 traces"), "{told}");
}

#[test]
fn behind_a_hole_of_several_generations_the_rest_is_read() {
    let bytes = bytes_of("mixed-generations");
    let whole = facts(&bytes).expect("a trace");
    let last = whole.generations.last().expect("generations").number;
    let of = |index: usize| &whole.generations[index];
    // The fourth to the ninth.
    let (from, to) = (of(3).at as usize, of(9).at as usize);
    assert!(to - from > 1 << 16);
    let mut torn = bytes.clone();
    torn[from..to].fill(0);
    for chunk in [999, bytes.len()] {
        let profiles = read_trace(torn.chunks(chunk), Box::new(facts_only)).expect("a trace");
        let found = &profiles[0].trace.as_ref().expect("facts").facts;
        assert_eq!(found.generations.last().expect("generations").number, last);
        // What is passed over ends at the first batch that is found again.
        let lost = found.lost_bytes() as usize;
        assert!(lost >= to - from && lost < to - from + 1000, "{lost}");
        assert!(!found.is_cut && found.is_ended);
    }
}

#[test]
fn a_batch_that_begins_too_late_does_not_stretch_the_trace() {
    let of = |time: u64| {
        let begun = Written::new().usual_clocks(1).records(1, 1, 100, running());
        let more = vec![vec![HEAP_ALLOC, 400, 1000]];
        let later = begun.records(1, 1, time, more.clone());
        facts(&later.records(1, 1, 9000, more).end()).expect("a trace")
    };
    let usual = of(5000);
    assert!(usual.losses.is_empty());
    assert_eq!(usual.span(), Some((100 * 64, 9400 * 64)));
    // A minute later than the next batch of the same thread.
    let late = of(60 * 15_625_000);
    assert_eq!(late.span(), usual.span());
    let [loss] = &late.losses[..] else {
        panic!("{:?}", late.losses);
    };
    assert!(
        loss.reason.contains("a time that cannot be"),
        "{}",
        loss.reason
    );
}

#[test]
fn a_generation_that_is_too_long_is_told() {
    let bytes = Written::new()
        .usual_clocks(1)
        .records(1, 1, 100, running())
        .records(1, 1, 60 * 15_625_000, [vec![HEAP_ALLOC, 400, 1000]]);
    let told = remarks(&bytes.end());
    assert!(told.contains("it lasts 60"), "{told}");
}

#[test]
fn what_is_not_read_of_tables_is_not_used() {
    let bytes = bytes_of("mixed-1.27");
    let mut damaged = bytes.clone();
    let mut lost = Vec::new();
    for (from, to, generation, thread) in batches(&bytes) {
        if generation == 0 || thread != NOBODY {
            continue;
        }
        let at = payload(&bytes, from);
        if matches!(bytes[at], 2 | 4) {
            // The first record is of a type that tables do not have.
            damaged[at + 1] = 99;
            lost.push((at + 1, to - at - 1));
        }
    }
    let found = facts(&damaged).expect("a trace");
    let mut told: Vec<_> = found
        .losses
        .iter()
        .map(|l| (l.at as usize, l.bytes as usize))
        .collect();
    told.retain(|&(_, bytes)| bytes > 0);
    told.sort_unstable();
    assert_eq!(told, lost);
    // One byte of a hundred thousand.
    let mut nearly = TraceFacts {
        bytes: 100_000,
        is_ended: true,
        generations: vec![Generation::default()],
        losses: found.losses,
        ..TraceFacts::default()
    };
    nearly.losses.truncate(1);
    nearly.losses[0].bytes = 1;
    let told = trace_losses(&nearly);
    assert!(told[0].contains("(99.9%)"), "{told:?}");
}

#[test]
fn clocks_that_cannot_be_are_not_believed() {
    let begins = |rate, reading| {
        let bytes = Written::new()
            .clocks(1, rate, reading)
            .records(1, 1, 100, running())
            .end();
        facts(&bytes).expect("a trace")
    };
    let usual = (100 * 64, 500 * 64);
    let found = begins(15_625_000, [1, 2, 3]);
    assert_eq!(found.span(), Some(usual));
    assert!(found.losses.is_empty() && found.clock.is_some());
    // A tick of a second.
    let found = begins(1, [1, 2, 3]);
    assert_eq!((found.span(), found.losses.len()), (Some(usual), 1));
    for reading in [[1 << 63, 2, 3], [1, 1 << 63, 3], [1, 2, 1 << 63]] {
        let found = begins(15_625_000, reading);
        assert_eq!((found.span(), found.losses.len()), (Some(usual), 1));
        assert_eq!(found.clock, None);
    }
    // An event 2^58 ticks later, which is 2^64 ns: it and what follows it in its batch.
    let mut late = running();
    late.push(vec![HEAP_ALLOC, 1 << 58, 1]);
    late.push(vec![HEAP_ALLOC, 1, 1]);
    let bytes = Written::new().usual_clocks(1).records(1, 1, 100, late);
    let bytes = bytes.usual_clocks(2).records(2, 1, 600, running()).end();
    let found = facts(&bytes).expect("a trace");
    // 1 + 9 + 1 bytes and 3 bytes: 58 bits are nine groups of seven.
    let told: Vec<_> = found
        .losses
        .iter()
        .map(|l| (l.generation, l.bytes))
        .collect();
    assert_eq!(told, [(1, 14)]);
    assert!(found.losses[0].reason.contains("a time that cannot be"));
    assert_eq!(found.span(), Some((100 * 64, 1000 * 64)));
}
