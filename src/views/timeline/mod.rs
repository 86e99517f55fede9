//! The timeline of an execution trace: every event, kept so that any window of it can be drawn.
//!
//! A [`TimelineStore`] takes the events of a trace, keeps each as a record of 15 bytes, and makes
//! a [`Timeline`] of them. Nothing is lost: [`Timeline::replay`] gives the events again. What is
//! drawn are *lanes*, one under the other: what each proc, thread or goroutine does, how many
//! goroutines of a group do what, the heap, the collector, tasks. Windows of few records are drawn
//! from these, larger ones from what [`state_lane`] and [`count_lane`] keep for each 65 536
//! records, so that a picture looks at a few hundred thousand things at most.
//!
//! Times are nanoseconds of the trace's clock. Events that the clock could not tell apart stand
//! one nanosecond apart: nothing below [`Timeline::tick`] is to be shown.

mod at;
mod at_lists;
mod blocks;
mod canvas;
mod checkpoint;
mod chunk;
mod count_lane;
mod counting;
mod decode;
mod flow;
mod goroutine_lane;
mod kind;
mod lane_writer;
mod lanes;
mod marks;
mod paint;
mod paint_levels;
mod paint_raw;
mod replay;
mod search;
mod shares;
mod site;
mod state;
mod state_lane;
mod store;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod track;
mod window;
mod write;

use std::cell::RefCell;
use std::rc::Rc;

pub use self::at::{Moment, Wake};
pub use self::canvas::CountColumn;
pub use self::flow::Flow;
use self::goroutine_lane::GoroutineLanes;
use self::lane_writer::LaneTables;
pub use self::lanes::{Lane, LaneId, UNNAMED_GROUP};
use self::marks::Marks;
pub use self::paint::{Painted, PaintedRow, PaintedSpan};
pub use self::search::{Found, Hit, HitKind};
pub use self::state::State;
use self::store::Store;
use self::table::Table;
pub use self::window::Window;
use self::write::Writer;
use crate::model::Profile;
use crate::model::trace::{Event, Loss, TraceFacts, TraceSink, World};

/// Where a [`TimelineStore`] leaves what it has made: of a long trace first its beginning.
pub type TimelineSlot = Rc<RefCell<Option<Timeline>>>;

/// Sizes by which a timeline is kept and drawn. Pictures are the same with others, but for what
/// is narrower than a few pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Records of a chunk at most; never more than 65 536, nor less than 16.
    pub chunk: u32,
    /// Records of a window up to which it is drawn from these.
    pub raw: u32,
    /// Records from which on what there is can be had before the rest: with the first generation
    /// that ends behind so many.
    pub part: u32,
    /// Records that are kept at most. The default takes 2 GB and more: a module of 32 bits has
    /// 4 GB for all of a session, and what it cannot get ends it.
    pub most: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            chunk: 1 << 16,
            raw: 3 << 16,
            part: 1 << 20,
            most: 1 << 27,
        }
    }
}

/// Keeps the events of a trace.
#[derive(Debug)]
pub struct TimelineStore {
    writer: Writer,
    limits: Limits,
    slot: TimelineSlot,
    has_part: bool,
}

impl TimelineStore {
    /// A sink, and where the timeline is found after its `finish`, which gives an empty profile.
    pub fn create() -> (Box<dyn TraceSink>, TimelineSlot) {
        Self::with_limits(Limits::default())
    }

    /// The same, by other sizes.
    pub fn with_limits(limits: Limits) -> (Box<dyn TraceSink>, TimelineSlot) {
        let slot = TimelineSlot::default();
        let store = Self {
            writer: Writer::new(&limits),
            limits,
            slot: Rc::clone(&slot),
            has_part: false,
        };
        (Box::new(store), slot)
    }
}

impl TraceSink for TimelineStore {
    fn event(&mut self, event: &Event, world: &World) {
        self.writer.event(event, world);
    }

    fn lost(&mut self, loss: &Loss, _: &World) {
        self.writer.lost(loss);
    }

    fn generation(&mut self, time: u64, world: &World) {
        self.writer.generation(time);
        if !self.has_part && self.writer.records() >= self.limits.part {
            self.has_part = true;
            let part = made(self.writer.clone(), world, None, self.limits);
            *self.slot.borrow_mut() = Some(part);
        }
    }

    fn finish(self: Box<Self>, world: &World, facts: TraceFacts) -> Profile {
        let whole = made(self.writer, world, Some(facts), self.limits);
        *self.slot.borrow_mut() = Some(whole);
        Profile::default()
    }
}

/// A timeline of what a writer has; the facts are known at the end only.
fn made(mut writer: Writer, world: &World, facts: Option<TraceFacts>, limits: Limits) -> Timeline {
    writer.finish();
    let lanes = writer.lanes.finish(writer.store.end);
    Timeline {
        store: writer.store,
        table: writer.table,
        marks: writer.marks,
        lanes,
        goroutine_lanes: RefCell::default(),
        world: world.to_ask(),
        is_whole: facts.is_some(),
        is_full: writer.is_full,
        facts: facts.unwrap_or_default(),
        limits,
    }
}

/// A trace as it can be drawn.
#[derive(Debug)]
pub struct Timeline {
    store: Store,
    table: Table,
    marks: Marks,
    lanes: LaneTables,
    /// Made as they are asked for.
    goroutine_lanes: RefCell<GoroutineLanes>,
    world: World,
    facts: TraceFacts,
    is_whole: bool,
    is_full: bool,
    limits: Limits,
}

/// Bytes that a [`Timeline`] takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Records.
    pub records: usize,
    /// What was so at some of them.
    pub checkpoints: usize,
    /// Goroutines, and groups of them.
    pub goroutines: usize,
    /// What is drawn where records are too many.
    pub levels: usize,
    /// Quantities, phases of the collector, tasks.
    pub marks: usize,
    /// Lanes of goroutines that were shown, which come and go.
    pub shown: usize,
}

impl Memory {
    /// All of it.
    pub fn total(&self) -> usize {
        self.records + self.checkpoints + self.goroutines + self.levels + self.marks + self.shown
    }
}

impl Timeline {
    /// Time of the first event; 0 of an empty trace.
    pub fn begin(&self) -> u64 {
        self.store.begin()
    }

    /// Time of the last event.
    pub fn end(&self) -> u64 {
        self.store.end
    }

    /// False for the beginning of a trace whose rest is still being read.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// True where the trace has more than [`Limits::most`] allows: what follows is not there.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Nanoseconds of the clock's tick: what is shorter is not to be shown; 0 while the rest is
    /// still being read.
    pub fn tick(&self) -> f64 {
        self.facts.tick
    }

    /// The file's own facts.
    pub fn facts(&self) -> &TraceFacts {
        &self.facts
    }

    /// Names and stacks. Slots of goroutines are those at the end.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Records that are kept; a switch of coroutines is one.
    pub fn records(&self) -> u32 {
        self.store.len()
    }

    /// Goroutines that were ever there; their indexes are below.
    pub fn goroutines(&self) -> u32 {
        self.table.len() as u32
    }

    /// Bytes that are taken.
    pub fn memory(&self) -> Memory {
        let states = self.lanes.procs.iter().chain(&self.lanes.threads);
        let counts = self.lanes.groups.iter().chain([&self.lanes.all]);
        let states: usize = states.map(state_lane::StateLane::bytes).sum();
        let counts: usize = counts.map(count_lane::CountLane::bytes).sum();
        Memory {
            records: self.store.bytes(),
            checkpoints: self.store.checkpoint_bytes(),
            goroutines: self.table.bytes(),
            levels: states + counts,
            marks: self.marks.bytes(),
            shown: self.goroutine_lanes.borrow().bytes(),
        }
    }
}
