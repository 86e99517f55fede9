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

/// Where a [`TimelineStore`] leaves what it has made.
pub type TimelineSlot = Rc<RefCell<Option<Timeline>>>;

/// Sizes by which a timeline is kept and drawn. Pictures are the same with others, but for what
/// is narrower than a few pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Records of a chunk at most; never more than 65 536, nor less than 16.
    pub chunk: u32,
    /// Records of a window up to which it is drawn from these.
    pub raw: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            chunk: 1 << 16,
            raw: 3 << 16,
        }
    }
}

/// Keeps the events of a trace.
#[derive(Debug)]
pub struct TimelineStore {
    writer: Writer,
    limits: Limits,
    slot: TimelineSlot,
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
            writer: Writer::new(limits.chunk),
            limits,
            slot: Rc::clone(&slot),
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

    fn generation(&mut self, time: u64, _: &World) {
        self.writer.generation(time);
    }

    fn finish(self: Box<Self>, world: &World, facts: TraceFacts) -> Profile {
        let mut writer = self.writer;
        writer.finish();
        let lanes = writer.lanes.finish(writer.store.end);
        *self.slot.borrow_mut() = Some(Timeline {
            store: writer.store,
            table: writer.table,
            marks: writer.marks,
            lanes,
            goroutine_lanes: RefCell::default(),
            world: world.to_ask(),
            facts,
            limits: self.limits,
        });
        Profile::default()
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

    /// Nanoseconds of the clock's tick: what is shorter is not to be shown.
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
