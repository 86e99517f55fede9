//! The collector: cycles, stops of the world, assists, the heap.

use rustc_hash::FxHashMap;

use super::buckets::{Buckets, Join};
use crate::model::trace::{Cycle, HeapPoint, Histogram, NO_GROUP};

/// Stops that are kept by themselves.
const MOST_STOPS: usize = 100;

/// Cycles that are kept; later ones are counted in the last.
const MOST_CYCLES: usize = 100_000;

impl Join for HeapPoint {
    fn join(&mut self, next: &Self) {
        let least = [self.least, next.least]
            .into_iter()
            .filter(|&bytes| bytes > 0)
            .min();
        *self = Self {
            heap: self.heap.max(next.heap),
            goal: if next.goal > 0 { next.goal } else { self.goal },
            least: least.unwrap_or(0),
        };
    }
}

/// A stop of the world; names are rows of the world's strings.
#[derive(Clone, Copy, Debug)]
pub(super) struct StopNow {
    pub(super) at: u64,
    pub(super) time: u64,
    pub(super) stopping: u64,
    pub(super) reason: u32,
    /// Slot of the proc that stopped last.
    pub(super) last: Option<u32>,
    pub(super) ran: u32,
    pub(super) by: u32,
}

/// What there is of the collector.
#[derive(Debug)]
pub(super) struct Collector {
    pub(super) cycles: Vec<Cycle>,
    /// The cycle that goes on, with the procs' time in workers and in assists when it began.
    cycle: Option<(Cycle, u64, u64)>,
    pub(super) stop: Option<StopNow>,
    pub(super) stops: Vec<(u32, Histogram)>,
    pub(super) worst: Vec<StopNow>,
    /// By group and stack.
    pub(super) assists: FxHashMap<(u32, u32), Histogram>,
    pub(super) swept: (u64, u64),
    pub(super) heap: Buckets<HeapPoint>,
    now: (u64, u64),
}

impl Collector {
    pub(super) fn new(from: u64) -> Self {
        Self {
            cycles: Vec::new(),
            cycle: None,
            stop: None,
            stops: Vec::new(),
            worst: Vec::new(),
            assists: FxHashMap::default(),
            swept: (0, 0),
            heap: Buckets::new(from),
            now: (0, 0),
        }
    }

    pub(super) fn heap(&mut self, now: u64, bytes: u64) {
        self.now.0 = bytes;
        let goal = self.now.1;
        let point = HeapPoint {
            heap: bytes,
            goal,
            least: bytes,
        };
        self.heap.at(now).join(&point);
    }

    pub(super) fn goal(&mut self, now: u64, bytes: u64) {
        // Old runtimes say absurd values when there is none.
        self.now.1 = if bytes > 1 << 50 { 0 } else { bytes };
        self.heap.at(now).goal = self.now.1;
    }

    /// Marking begins, or is found to go on.
    pub(super) fn begin_cycle(&mut self, now: u64, is_whole: bool, workers: u64, assists: u64) {
        let cycle = Cycle {
            from: now,
            to: now,
            is_whole,
            heap: self.now,
            workers: 0,
            assists: 0,
        };
        self.cycle = Some((cycle, workers, assists));
    }

    pub(super) fn is_marking(&self) -> bool {
        self.cycle.is_some()
    }

    /// Marking ends; `is_whole` is false where the trace ends instead.
    pub(super) fn end_cycle(&mut self, now: u64, is_whole: bool, workers: u64, assists: u64) {
        let Some((mut cycle, workers_before, assists_before)) = self.cycle.take() else {
            return;
        };
        cycle.to = now;
        cycle.is_whole &= is_whole;
        cycle.workers = workers.saturating_sub(workers_before);
        cycle.assists = assists.saturating_sub(assists_before);
        if self.cycles.len() < MOST_CYCLES {
            self.cycles.push(cycle);
        }
    }

    /// The stop of the world is over.
    pub(super) fn end_stop(&mut self, now: u64) {
        let Some(mut stop) = self.stop.take() else {
            return;
        };
        stop.time = now.saturating_sub(stop.at);
        let known = self
            .stops
            .iter()
            .position(|&(reason, _)| reason == stop.reason);
        let at = known.unwrap_or_else(|| {
            if self.stops.len() < super::live::MOST_REASONS {
                self.stops.push((stop.reason, Histogram::default()));
            }
            self.stops.len() - 1
        });
        self.stops[at].1.add(stop.time);
        let place = self.worst.partition_point(|other| other.time >= stop.time);
        if place < MOST_STOPS {
            self.worst.insert(place, stop);
            self.worst.truncate(MOST_STOPS);
        }
    }

    /// A proc is let go of; if the world is being stopped, that may have been the last.
    pub(super) fn proc_stops(&mut self, now: u64, slot: u32, ran: u32) {
        if let Some(stop) = &mut self.stop {
            stop.stopping = now.saturating_sub(stop.at);
            (stop.last, stop.ran) = (Some(slot), ran);
        }
    }
}

impl StopNow {
    pub(super) fn new(at: u64, reason: u32, by: u32) -> Self {
        Self {
            at,
            time: 0,
            stopping: 0,
            reason,
            last: None,
            ran: NO_GROUP,
            by,
        }
    }
}
