//! What is rare enough to be kept as lists besides the records: quantities, phases of the
//! collector, tasks.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::blocks::Blocks;
use super::state::State;
use crate::model::trace::{Edge, Metric, NONE, RangeKind};

/// In place of the record of a task's beginning or end: it was not seen.
pub(super) const UNSEEN: u32 = u32::MAX;

/// A task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) id: u64,
    /// [`crate::model::trace::NO_PARENT`] for none.
    pub(super) parent: u64,
    /// Row of the types.
    pub(super) kind: u32,
    /// Records of its beginning and end, or [`UNSEEN`].
    pub(super) begin: u32,
    pub(super) end: u32,
    /// Index of the goroutine that began it, or ended it where the beginning was not seen.
    pub(super) goroutine: u32,
}

/// What the collector does from a time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phase {
    pub(super) time: u64,
    pub(super) state: State,
    /// Who has stopped the world, and why: a row of the strings.
    pub(super) goroutine: u32,
    pub(super) reason: u32,
}

/// Values of a block whose least and most are kept.
const BLOCK: usize = 64;

/// A quantity over time.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    times: Blocks<u64>,
    values: Blocks<u64>,
    /// Least and most of each block.
    extremes: Blocks<(u64, u64)>,
}

impl Values {
    fn push(&mut self, time: u64, value: u64) {
        if self.times.len().is_multiple_of(BLOCK) {
            self.extremes.push((value, value));
        }
        let last = self.extremes.len().saturating_sub(1);
        if let Some(extremes) = self.extremes.get_mut(last) {
            *extremes = (extremes.0.min(value), extremes.1.max(value));
        }
        self.times.push(time);
        self.values.push(value);
    }

    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    /// When, and what from then on.
    pub(super) fn get(&self, at: usize) -> Option<(u64, u64)> {
        Some((*self.times.get(at)?, *self.values.get(at)?))
    }

    /// How many come before a time.
    pub(super) fn before(&self, time: u64) -> usize {
        self.times.partition_point(|&one| one < time)
    }

    /// Least and most of some; `None` of none.
    pub(super) fn extremes(&self, from: usize, to: usize) -> Option<(u64, u64)> {
        let mut found: Option<(u64, u64)> = None;
        let mut at = from;
        while at < to.min(self.len()) {
            let is_block = at.is_multiple_of(BLOCK) && at + BLOCK <= to;
            let (least, most) = match is_block {
                true => *self.extremes.get(at / BLOCK)?,
                false => self.values.get(at).map(|&value| (value, value))?,
            };
            let so_far = found.unwrap_or((least, most));
            found = Some((so_far.0.min(least), so_far.1.max(most)));
            at += if is_block { BLOCK } else { 1 };
        }
        found
    }

    fn bytes(&self) -> usize {
        self.times.bytes() + self.values.bytes() + self.extremes.bytes()
    }
}

/// All of these.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pub(super) procs: Values,
    pub(super) heap: Values,
    pub(super) goal: Values,
    pub(super) phases: Blocks<Phase>,
    pub(super) tasks: Blocks<Task>,
    /// Types of tasks in order of first being seen: rows of the strings.
    pub(super) kinds: Vec<u32>,
    /// Places in these, by row of the strings.
    kind_of: FxHashMap<u32, u32>,
    /// Rows of tasks that have begun.
    open: FxHashMap<u64, u32>,
    is_marking: bool,
    /// Who has stopped the world, and why.
    stops: BTreeMap<u32, u32>,
    /// Since when something is known.
    since: u64,
}

impl Marks {
    /// All that is known begins here.
    pub(super) fn begin(&mut self, time: u64) {
        self.since = time;
        self.phase(time);
    }

    pub(super) fn metric(&mut self, metric: Metric, time: u64, value: u64) {
        match metric {
            Metric::Procs => self.procs.push(time, value),
            Metric::Heap => self.heap.push(time, value),
            Metric::Goal => self.goal.push(time, value),
        }
    }

    pub(super) fn range(
        &mut self,
        edge: Edge,
        kind: RangeKind,
        time: u64,
        goroutine: u32,
        reason: u32,
    ) {
        let begins = edge != Edge::End;
        match kind {
            RangeKind::Mark => {
                // What goes on, and was not known to, has gone on since all that is known began.
                let is_old = edge == Edge::Active && !self.is_marking;
                self.is_marking = begins;
                if is_old {
                    self.has_marked();
                }
                self.phase(time);
            }
            RangeKind::Stop => {
                match begins {
                    true => drop(self.stops.insert(goroutine, reason)),
                    false => drop(self.stops.remove(&goroutine)),
                }
                self.phase(time);
            }
            _ => {}
        }
    }

    /// The collector marks since all that is known began.
    fn has_marked(&mut self) {
        for at in (0..self.phases.len()).rev() {
            match self.phases.get_mut(at) {
                Some(phase) if phase.time >= self.since => {
                    if phase.state == State::Blank {
                        phase.state = State::Mark;
                    }
                }
                _ => break,
            }
        }
    }

    /// What the collector does may have changed.
    fn phase(&mut self, time: u64) {
        let stop = self.stops.iter().next_back();
        let phase = Phase {
            time,
            state: match (stop, self.is_marking) {
                (Some(_), _) => State::Stop,
                (None, true) => State::Mark,
                (None, false) => State::Blank,
            },
            goroutine: stop.map_or(NONE, |stop| *stop.0),
            reason: stop.map_or(0, |stop| *stop.1),
        };
        let Some(at) = self.phases.len().checked_sub(1) else {
            return self.phases.push(phase);
        };
        let Some(last) = self.phases.get_mut(at) else {
            return;
        };
        if last.time >= time {
            *last = Phase {
                time: last.time,
                ..phase
            };
        } else if (Phase { time, ..*last }) != phase {
            self.phases.push(phase);
        }
    }

    pub(super) fn task(
        &mut self,
        edge: Edge,
        (id, parent, name): (u64, u64, u32),
        record: u32,
        goroutine: u32,
    ) {
        let next = self.kinds.len() as u32;
        let kind = *self.kind_of.entry(name).or_insert(next);
        if kind == next {
            self.kinds.push(name);
        }
        let row = self.tasks.len() as u32;
        let task = Task {
            id,
            parent,
            kind,
            begin: UNSEEN,
            end: UNSEEN,
            goroutine,
        };
        if edge != Edge::End {
            self.open.insert(id, row);
            let begin = record;
            return self.tasks.push(Task { begin, ..task });
        }
        let known = self.open.remove(&id);
        match known.and_then(|row| self.tasks.get_mut(row as usize)) {
            Some(known) => known.end = record,
            None => self.tasks.push(Task {
                end: record,
                ..task
            }),
        }
    }

    /// What a task's type is called: a row of the strings.
    pub(super) fn task_name(&self, task: &Task) -> u32 {
        self.kinds
            .get(task.kind as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Nothing is known of anybody any more. Tasks stay open: their ends are told all the same.
    pub(super) fn forget(&mut self, time: u64) {
        self.stops.clear();
        self.is_marking = false;
        self.phases.push(Phase {
            time,
            state: State::Unknown,
            goroutine: NONE,
            reason: 0,
        });
    }

    pub(super) fn bytes(&self) -> usize {
        let values = self.procs.bytes() + self.heap.bytes() + self.goal.bytes();
        values + self.phases.bytes() + self.tasks.bytes() + self.open.capacity() * 13
    }
}
