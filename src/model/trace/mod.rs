//! What a Go execution trace says, event by event.
//!
//! A trace is too large to be held as events, so there is no table of them here: a reader hands
//! each to a [`TraceSink`], in order, with the [`World`] that its numbers refer to. Goroutines,
//! procs and threads are given as *slots*, small numbers that index a sink's own tables; a slot
//! of a goroutine is used again after that goroutine has ended.

mod event;
mod facts;
mod histogram;
mod report;
mod tasks;
mod world;

pub use event::{
    Edge, Event, GoState, Metric, NO_PARENT, NONE, ProcState, RangeKind, What, is_none,
};
pub use facts::{Clock, Generation, Loss, TraceFacts};
pub use histogram::Histogram;
pub use report::{
    AssistSite, Cause, CollectorPoint, Cycle, GoroutineRow, Group, HeapPoint, Latency, NO_GROUP,
    NO_STACK, Pool, ProcRow, ProcUse, Series, Stop, StopKind, TraceReport, WaitKind, WaitSite,
    Wake,
};
pub use tasks::{RegionKind, Spent, TaskKind, TaskRegion, TaskRow};
pub use world::{Frame, World};

use super::Profile;

/// Takes the events of a trace as they are put in order, and makes of them what it is for.
pub trait TraceSink: std::fmt::Debug {
    /// The next event; times never go back, nor stand still but for what is told of the moment at
    /// which a range of a trace begins.
    fn event(&mut self, event: &Event, world: &World);

    /// From the beginning of a loss on nothing is known of anybody's state, until events say it
    /// anew: what was read could not be put in order, or a part is missing.
    fn lost(&mut self, loss: &Loss, world: &World);

    /// A generation has been taken in whole; the time of its last event.
    fn generation(&mut self, time: u64, world: &World) {
        let _ = (time, world);
    }

    /// The end. The profile has the waits as samples, and holds what else was found.
    fn finish(self: Box<Self>, world: &World, facts: TraceFacts) -> Profile;
}
