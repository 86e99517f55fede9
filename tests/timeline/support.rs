//! Traces, their timelines, and what the reader told of them.
#![allow(unreachable_pub, reason = "a module of a test binary")]

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use dropprof::formats::read_trace;
use dropprof::model::Profile;
use dropprof::model::trace::{Event, Loss, RangeKind, TraceFacts, TraceSink, What, World};
use dropprof::views::{Limits, Timeline, TimelineSlot, TimelineStore};

pub(crate) fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/trace")
}

/// The project's traces of Go 1.22 and later.
pub(crate) fn own_traces() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(own()).expect("testdata") {
        let path = entry.expect("readable").path();
        let name = path.file_stem().expect("a name").to_string_lossy();
        let is_trace = path.extension().is_some_and(|ending| ending == "trace");
        if is_trace && name != "mixed-1.21" {
            found.push((name.into_owned(), fs::read(&path).expect("readable")));
        }
    }
    found.sort();
    assert!(found.len() >= 25, "traces");
    found
}

/// What a sink is told, with the numbers of the goroutines that an event names by slots.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    Event(Event, Option<u64>, Option<u64>),
    Lost(Loss),
    Generation(u64),
}

/// Writes down what it is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(pub(crate) Rc<RefCell<Vec<Told>>>);

impl TraceSink for Recorder {
    fn event(&mut self, event: &Event, world: &World) {
        let of = match event.what {
            What::Goroutine { goroutine, .. } => world.goroutine(goroutine),
            What::Range {
                kind: RangeKind::Assist | RangeKind::Stop,
                scope,
                ..
            } => world.goroutine(scope),
            _ => None,
        };
        let told = Told::Event(*event, world.goroutine(event.goroutine), of);
        self.0.borrow_mut().push(told);
    }

    fn lost(&mut self, loss: &Loss, _: &World) {
        self.0.borrow_mut().push(Told::Lost(loss.clone()));
    }

    fn generation(&mut self, time: u64, _: &World) {
        self.0.borrow_mut().push(Told::Generation(time));
    }

    fn finish(self: Box<Self>, _: &World, _: TraceFacts) -> Profile {
        Profile::default()
    }
}

/// Hands everything to two sinks.
#[derive(Debug)]
struct Both(Box<dyn TraceSink>, Box<dyn TraceSink>);

impl TraceSink for Both {
    fn event(&mut self, event: &Event, world: &World) {
        self.0.event(event, world);
        self.1.event(event, world);
    }

    fn lost(&mut self, loss: &Loss, world: &World) {
        self.0.lost(loss, world);
        self.1.lost(loss, world);
    }

    fn generation(&mut self, time: u64, world: &World) {
        self.0.generation(time, world);
        self.1.generation(time, world);
    }

    fn finish(self: Box<Self>, world: &World, facts: TraceFacts) -> Profile {
        self.0.finish(world, facts.clone());
        self.1.finish(world, facts)
    }
}

/// A trace's timeline, and what the reader told; `None` where nothing of it can be used.
pub(crate) fn read(bytes: &[u8], limits: Limits) -> Option<(Timeline, Vec<Told>)> {
    let slot: Rc<RefCell<Option<TimelineSlot>>> = Rc::default();
    let recorder = Recorder::default();
    let (for_slot, for_recorder) = (Rc::clone(&slot), recorder.clone());
    let make = Box::new(move || {
        let (store, slot) = TimelineStore::with_limits(limits);
        *for_slot.borrow_mut() = Some(slot);
        let sink: Box<dyn TraceSink> = Box::new(Both(Box::new(for_recorder.clone()), store));
        sink
    });
    read_trace(bytes.chunks(1 << 14), make).ok()?;
    let slot = slot.borrow_mut().take()?;
    let timeline = slot.borrow_mut().take()?;
    let told = recorder.0.borrow().clone();
    Some((timeline, told))
}

/// Numbers that look random, the same each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

/// Chunks so small that the traces of the project have many, and only tiny windows are drawn from
/// records.
pub(crate) const SMALL: Limits = Limits {
    chunk: 500,
    raw: 2000,
    part: u32::MAX,
    most: u32::MAX,
};

pub(crate) fn replayed(timeline: &Timeline, from: u64, to: u64) -> Vec<Told> {
    let mut recorder = Recorder::default();
    timeline.replay(from, to, &mut recorder);
    recorder.0.take()
}

pub(crate) fn same(name: &str, found: &[Told], expected: &[Told]) {
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found, expected, "{name}, event {i}");
    }
    assert_eq!(found.len(), expected.len(), "{name}");
}
