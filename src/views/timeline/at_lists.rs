//! What is at a place of lanes that count, and of those that are lists.

use super::Timeline;
use super::at::{Moment, Stand};
use super::count_lane::{Counts, Step};
use super::counting;
use super::kind::Kind;
use super::lanes::LaneId;
use super::state::State;
use super::table::Goroutine;
use crate::model::trace::{NONE, is_none};

/// Chunks on each side that are looked at for the next change of counts.
const MOST_CHUNKS: usize = 32;

impl Timeline {
    /// How many goroutines do what, and from when until when.
    pub(super) fn counts_at(&self, lane: LaneId, time: u64) -> Option<Stand<Counts>> {
        let counts = self.count_lane(lane)?;
        let at = self.store.chunk_at(time);
        let changes = self.count_changes(lane, at);
        let after = changes.partition_point(|change| change.0 <= time);
        let last = after.checked_sub(1).map(|last| changes[last]);
        let begin_of = |chunk: u32| self.store.begin_of(chunk as usize);
        let mut begin = last.map(|last| last.0);
        // A switch inside a group changes nothing in sum, and there may be nothing else.
        for (tried, head) in counts.heads_before(at as u32).iter().rev().enumerate() {
            if begin.is_some() {
                break;
            }
            begin = match tried < MOST_CHUNKS {
                true => {
                    let changes = self.count_changes(lane, head.chunk as usize);
                    changes.last().map(|last| last.0)
                }
                false => begin_of(head.chunk + 1),
            };
        }
        let mut end = changes.get(after).map(|next| next.0);
        for (tried, head) in counts.heads_from(at as u32 + 1).iter().enumerate() {
            if end.is_some() {
                break;
            }
            end = match tried < MOST_CHUNKS {
                true => {
                    let changes = self.count_changes(lane, head.chunk as usize);
                    changes.first().map(|first| first.0)
                }
                false => begin_of(head.chunk),
            };
        }
        Some(Stand {
            begin: begin.unwrap_or(self.begin()),
            end: end.unwrap_or(self.end()),
            what: last.map_or(counts.start(at as u32), |last| last.1),
        })
    }

    /// All changes of a lane of counts in a chunk; those of one record are one, at its last step.
    fn count_changes(&self, lane: LaneId, at: usize) -> Vec<(u64, Counts)> {
        let (Some(chunk), Some(counts)) = (self.store.chunks.get(at), self.count_lane(lane)) else {
            return Vec::new();
        };
        let own = match lane {
            LaneId::Group(group) => Some(group),
            _ => None,
        };
        let mut now = counts.start(at as u32);
        let mut changes: Vec<(u64, Counts)> = Vec::new();
        for (row, record) in chunk.records(0..chunk.len()) {
            let before = now;
            let mut time = record.time;
            if record.kind() == Kind::Lost {
                Step::CLEAR.apply(&mut now);
            } else {
                let number = chunk.first + row as u32;
                counting::steps(&record, number, &self.table, |group, step| {
                    if group == own {
                        time = record.time + step.after();
                        step.apply(&mut now);
                    }
                });
            }
            if now != before {
                changes.push((time, now));
            }
        }
        changes
    }

    /// What is at a time of a lane that is a list.
    pub(super) fn listed_at(&self, lane: LaneId, time: u64) -> Option<Moment> {
        let whole = (self.begin(), self.end());
        let mut moment = Moment::nothing(whole);
        match lane {
            LaneId::Collector => {
                let phases = &self.marks.phases;
                let after = phases.partition_point(|phase| phase.time <= time);
                if let Some(phase) = after.checked_sub(1).and_then(|at| phases.get(at)) {
                    moment.begin = phase.time;
                    (moment.state, moment.reason) = (phase.state, phase.reason);
                    moment.goroutine = phase.goroutine;
                }
                moment.end = phases.get(after).map_or(whole.1, |next| next.time);
                if !is_none(moment.goroutine) {
                    moment.group = self.table.group(moment.goroutine);
                }
            }
            LaneId::Heap | LaneId::MaxProcs => {
                let marks = &self.marks;
                let all = match lane {
                    LaneId::Heap => [Some(&marks.heap), Some(&marks.goal)],
                    _ => [Some(&marks.procs), None],
                };
                let mut found = [0; 2];
                for (found, values) in found.iter_mut().zip(all) {
                    let Some(values) = values else { continue };
                    let after = values.before(time.saturating_add(1));
                    if let Some((since, value)) = after.checked_sub(1).and_then(|at| values.get(at))
                    {
                        moment.begin = moment.begin.max(since);
                        *found = value;
                    }
                    if let Some((next, _)) = values.get(after) {
                        moment.end = moment.end.min(next);
                    }
                }
                moment.values = (found[0], found[1]);
            }
            LaneId::Regions(goroutine) => {
                self.want(goroutine);
                let cache = self.goroutine_lanes.borrow();
                let regions = &cache.get(goroutine)?.regions;
                let there = regions
                    .iter()
                    .filter(|one| one.from <= time && time < one.to);
                let region = there.max_by_key(|one| one.depth)?;
                (moment.begin, moment.end) = (region.from, region.to);
                (moment.state, moment.name) = (State::Region, region.name);
                moment.goroutine = goroutine;
                moment.group = self.table.group(goroutine);
            }
            LaneId::Task(row) => {
                let task = self.marks.tasks.get(row as usize)?;
                let (from, to) = self.task_span(task.begin, task.end);
                if time < from || time >= to {
                    return None;
                }
                (moment.begin, moment.end) = (from, to);
                (moment.state, moment.name) = (State::Task, self.marks.task_name(task));
                moment.goroutine = task.goroutine;
                moment.group = self
                    .table
                    .get(task.goroutine)
                    .map_or(NONE, Goroutine::group);
            }
            LaneId::TaskKind(kind) => {
                let &name = self.marks.kinds.get(kind as usize)?;
                moment.name = name;
                for task in self.marks.tasks.iter().filter(|task| task.kind == kind) {
                    let (from, to) = self.task_span(task.begin, task.end);
                    for edge in [from, to] {
                        match edge <= time {
                            true => moment.begin = moment.begin.max(edge),
                            false => moment.end = moment.end.min(edge),
                        }
                    }
                    moment.counts[0] += u32::from(from <= time && time < to);
                }
            }
            _ => return None,
        }
        Some(moment)
    }
}
