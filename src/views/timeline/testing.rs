//! Traces that tests write event by event.

use super::{Limits, Timeline, TimelineSlot, TimelineStore};
use crate::model::trace::{
    Event, Frame, GoState, Metric, NONE, ProcState, TraceFacts, TraceSink, What, World,
};

/// Who does something: thread, proc and goroutine, each by slot.
pub(super) type Who = (u32, u32, u32);

pub(super) const NOBODY: Who = (NONE, NONE, NONE);

/// A trace that is written event by event.
pub(super) struct Script {
    pub(super) world: World,
    pub(super) sink: Box<dyn TraceSink>,
    slot: TimelineSlot,
    /// Nanoseconds between events that say nothing, to move where chunks end; 0 for none.
    filler: u64,
    last: u64,
}

impl Script {
    pub(super) fn new(limits: Limits, filler: u64) -> Self {
        let mut world = World::default();
        world.goroutines = vec![1, 7, 9];
        world.procs = vec![0, 1];
        world.threads = vec![100, 101];
        let (sink, slot) = TimelineStore::with_limits(limits);
        Self {
            world,
            sink,
            slot,
            filler,
            last: 1000,
        }
    }

    /// The row of a stack whose last frame has this name.
    pub(super) fn stack(&mut self, root: &str) -> u32 {
        let function = self.world.string(root.as_bytes());
        let frame = self.world.frame(Frame {
            pc: u64::from(function),
            line: 1,
            function,
            file: 0,
        });
        self.world.add_stack(&[frame])
    }

    pub(super) fn event(&mut self, time: u64, who: Who, stack: u32, what: What) {
        while self.filler > 0 && self.last + self.filler < time {
            self.last += self.filler;
            let what = What::Metric(Metric::Goal, 1);
            self.tell(self.last, NOBODY, 0, what);
        }
        self.last = time;
        self.tell(time, who, stack, what);
    }

    pub(super) fn tell(
        &mut self,
        time: u64,
        (thread, proc, goroutine): Who,
        stack: u32,
        what: What,
    ) {
        let event = Event {
            time,
            thread,
            proc,
            goroutine,
            stack,
            what,
        };
        self.sink.event(&event, &self.world);
    }

    pub(super) fn go(&mut self, time: u64, who: Who, goroutine: u32, states: (GoState, GoState)) {
        self.go_at(time, who, goroutine, states, "", (0, 0));
    }

    /// With a reason, and the stacks of the goroutine and of who does it.
    pub(super) fn go_at(
        &mut self,
        time: u64,
        who: Who,
        goroutine: u32,
        (from, to): (GoState, GoState),
        reason: &str,
        (own, stack): (u32, u32),
    ) {
        let reason = self.world.string(reason.as_bytes());
        let what = What::Goroutine {
            goroutine,
            from,
            to,
            reason,
            stack: own,
        };
        self.event(time, who, stack, what);
    }

    pub(super) fn proc(&mut self, time: u64, who: Who, proc: u32, states: (ProcState, ProcState)) {
        let (from, to) = states;
        self.event(time, who, 0, What::Proc { proc, from, to });
    }

    pub(super) fn sync(&mut self, time: u64, number: u32) {
        let clock = None;
        self.event(time, NOBODY, 0, What::Sync { number, clock });
    }

    pub(super) fn finish(self) -> Timeline {
        self.sink.finish(&self.world, TraceFacts::default());
        self.slot.borrow_mut().take().unwrap()
    }
}
