//! Which lanes there are.

use super::Timeline;
use super::count_lane::SERIES;
use super::marks::UNSEEN;
use super::state_lane::StateLane;
use super::table::{Goroutine, UNNAMED};
use crate::analysis::trace::is_system;
use crate::model::trace::NO_PARENT;

/// A lane. The same lane has the same id however often it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LaneId {
    /// What the collector does: marking, and stops of the world.
    Collector,
    /// Bytes of the heap, and the goal.
    Heap,
    /// How many goroutines do what.
    Counts,
    /// GOMAXPROCS.
    MaxProcs,
    /// What a proc does, by slot.
    Proc(u32),
    /// What a thread does, by slot.
    Thread(u32),
    /// How many goroutines of a group do what.
    Group(u32),
    /// What a goroutine does, by index.
    Goroutine(u32),
    /// The regions of a goroutine, by its index.
    Regions(u32),
    /// How many tasks of a type are open.
    TaskKind(u32),
    /// A task, by its row.
    Task(u32),
}

impl LaneId {
    /// As a number, for who cannot have it otherwise: the kind in the upper half.
    pub fn number(self) -> u64 {
        let (kind, row) = match self {
            Self::Collector => (0, 0),
            Self::Heap => (1, 0),
            Self::Counts => (2, 0),
            Self::MaxProcs => (3, 0),
            Self::Proc(row) => (4, row),
            Self::Thread(row) => (5, row),
            Self::Group(row) => (6, row),
            Self::Goroutine(row) => (7, row),
            Self::Regions(row) => (8, row),
            Self::TaskKind(row) => (9, row),
            Self::Task(row) => (10, row),
        };
        kind << 32 | u64::from(row)
    }

    /// The lane of a number; `None` of what is none.
    pub fn of_number(number: u64) -> Option<Self> {
        let row = number as u32;
        Some(match number >> 32 {
            0 => Self::Collector,
            1 => Self::Heap,
            2 => Self::Counts,
            3 => Self::MaxProcs,
            4 => Self::Proc(row),
            5 => Self::Thread(row),
            6 => Self::Group(row),
            7 => Self::Goroutine(row),
            8 => Self::Regions(row),
            9 => Self::TaskKind(row),
            10 => Self::Task(row),
            _ => return None,
        })
    }
}

/// What is told of a lane in a list of lanes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Which it is.
    pub id: LaneId,
    /// What it is called: the number of a proc, a thread, a goroutine or a task; the name of a
    /// group, or of a type of tasks. Empty for a group of goroutines of which no stack was seen.
    pub name: String,
    /// Goroutines of a group, tasks of a type; 1 of a goroutine that has regions, else 0.
    pub members: u32,
    /// The runtime's own goroutines.
    pub is_system: bool,
    /// Nanoseconds to sort by: of a proc or thread in which goroutines were on it, of goroutines
    /// and groups in which these ran, of tasks and types of tasks in which these were open.
    pub total: u64,
    /// From when until when there is something on it.
    pub span: (u64, u64),
}

/// True of a group of the runtime's own goroutines. Of those that have shown no stack nobody can
/// say whose they are, and the tables do not hide them either.
fn is_folded(group: &str) -> bool {
    !group.is_empty() && is_system(group.as_bytes())
}

impl Timeline {
    /// The lanes that a timeline begins with: those of the whole program, then procs and threads
    /// by number, then groups and types of tasks, those with the largest total first. Goroutines
    /// and single tasks are [`Self::members`] of these.
    pub fn lanes(&self) -> Vec<Lane> {
        let whole = (self.begin(), self.end());
        let one = |id, name: &str| Lane {
            id,
            name: name.to_owned(),
            members: 0,
            is_system: false,
            total: 0,
            span: whole,
        };
        let mut lanes = vec![
            one(LaneId::Collector, "GC"),
            one(LaneId::Heap, "heap"),
            one(LaneId::Counts, "goroutines"),
            one(LaneId::MaxProcs, "GOMAXPROCS"),
        ];
        let mut of = |lane: &dyn Fn(u32) -> LaneId,
                      all: &[StateLane],
                      number: &dyn Fn(u32) -> Option<u64>| {
            let mut found: Vec<(u64, Lane)> = Vec::new();
            for (slot, states) in (0..).zip(all) {
                let id = number(slot).unwrap_or_default();
                let mut lane = one(lane(slot), &id.to_string());
                lane.total = states.busy;
                found.push((id, lane));
            }
            found.sort_by_key(|(id, _)| *id);
            lanes.extend(found.into_iter().map(|(_, lane)| lane));
        };
        of(&LaneId::Proc, &self.lanes.procs, &|slot| {
            self.world.proc(slot)
        });
        of(&LaneId::Thread, &self.lanes.threads, &|slot| {
            self.world.thread(slot)
        });
        let mut rest: Vec<Lane> = self.group_lanes().chain(self.task_kinds()).collect();
        rest.sort_by(|a, b| {
            let is_task = |lane: &Lane| matches!(lane.id, LaneId::TaskKind(_));
            let order = |lane: &Lane| (is_task(lane), std::cmp::Reverse(lane.total));
            order(a).cmp(&order(b)).then_with(|| a.name.cmp(&b.name))
        });
        lanes.extend(rest);
        lanes
    }

    fn group_lanes(&self) -> impl Iterator<Item = Lane> + '_ {
        let groups = (0..).zip(&self.lanes.groups);
        groups.filter_map(|(group, counts)| {
            let name = self.world.text(self.table.name(group)).into_owned();
            let members = self.table.count(group);
            let is_there = members > 0 || counts.totals != [0; SERIES];
            is_there.then(|| Lane {
                id: LaneId::Group(group),
                members,
                is_system: is_folded(&name),
                name,
                total: counts.totals[0],
                span: (self.begin(), self.end()),
            })
        })
    }

    fn task_kinds(&self) -> Vec<Lane> {
        let kinds = (0..).zip(&self.marks.kinds);
        let mut lanes: Vec<Lane> = kinds
            .map(|(kind, &name)| Lane {
                id: LaneId::TaskKind(kind),
                name: self.world.text(name).into_owned(),
                members: 0,
                is_system: false,
                total: 0,
                span: (u64::MAX, 0),
            })
            .collect();
        for task in self.marks.tasks.iter() {
            let (from, to) = self.task_span(task.begin, task.end);
            if let Some(lane) = lanes.get_mut(task.kind as usize) {
                lane.members += 1;
                lane.total = lane.total.saturating_add(to - from);
                lane.span = (lane.span.0.min(from), lane.span.1.max(to));
            }
        }
        lanes
    }

    /// When a task was open: from the beginning of the trace on where its own was not seen, and
    /// to the end of it where that was not.
    pub(super) fn task_span(&self, begin: u32, end: u32) -> (u64, u64) {
        let from = match begin {
            UNSEEN => self.begin(),
            record => self.store.time(record),
        };
        let to = match end {
            UNSEEN => self.end(),
            record => self.store.time(record),
        };
        (from, to.max(from))
    }

    /// The goroutines of a group, or the tasks of a type, those with the largest total first; the
    /// regions of a goroutine, which are one lane: as many as `most` after the first `skip`. None of
    /// other lanes.
    pub fn members(&self, lane: LaneId, skip: usize, most: usize) -> Vec<Lane> {
        let mut found: Vec<(u64, u32)> = match lane {
            LaneId::Group(group) => {
                let all = (0..).zip(self.table.iter());
                let own = all.filter(|(_, one)| one.group() == group);
                own.map(|(index, one)| (one.ran, index)).collect()
            }
            LaneId::TaskKind(kind) => {
                let all = (0..).zip(self.marks.tasks.iter());
                let own = all.filter(|(_, task)| task.kind == kind);
                own.map(|(row, task)| {
                    let (from, to) = self.task_span(task.begin, task.end);
                    (to - from, row)
                })
                .collect()
            }
            LaneId::Goroutine(index) => {
                let own = self.table.get(index);
                let own = own.filter(|one| one.has_regions());
                own.map(|one| (one.ran, index)).into_iter().collect()
            }
            _ => return Vec::new(),
        };
        found.sort_unstable_by_key(|&(total, row)| (std::cmp::Reverse(total), row));
        let rows = found.into_iter().skip(skip).take(most);
        let make = |(_, row)| match lane {
            LaneId::TaskKind(_) => self.lane(LaneId::Task(row)),
            LaneId::Goroutine(_) => self.lane(LaneId::Regions(row)),
            _ => self.lane(LaneId::Goroutine(row)),
        };
        rows.filter_map(make).collect()
    }

    /// What is told of a lane; `None` of one that is not there.
    pub fn lane(&self, id: LaneId) -> Option<Lane> {
        match id {
            LaneId::Goroutine(index) | LaneId::Regions(index) => {
                let row = self.table.get(index)?;
                let group = self.world.text(self.table.name(row.group()));
                Some(Lane {
                    id,
                    name: row.id.to_string(),
                    members: u32::from(row.has_regions() && matches!(id, LaneId::Goroutine(_))),
                    is_system: is_folded(&group),
                    total: row.ran,
                    span: (self.store.time(row.first), self.store.time(row.last)),
                })
            }
            LaneId::Task(row) => {
                let task = self.marks.tasks.get(row as usize)?;
                let span = self.task_span(task.begin, task.end);
                Some(Lane {
                    id,
                    name: task.id.to_string(),
                    members: 0,
                    is_system: false,
                    total: span.1 - span.0,
                    span,
                })
            }
            _ => self.lanes().into_iter().find(|lane| lane.id == id),
        }
    }

    /// The group of a goroutine, by its index.
    pub fn group(&self, goroutine: u32) -> Option<u32> {
        self.table.get(goroutine).map(Goroutine::group)
    }

    /// The lane of the goroutine with a number; of the latest, where a number stands for several.
    pub fn goroutine_lane(&self, id: u64) -> Option<Lane> {
        let all = (0..).zip(self.table.iter());
        let (index, _) = all.filter(|(_, row)| row.id == id).last()?;
        self.lane(LaneId::Goroutine(index))
    }

    /// A goroutine's own number, by its index.
    pub fn goroutine_id(&self, goroutine: u32) -> Option<u64> {
        self.table.get(goroutine).map(|row| row.id)
    }

    /// What a group is called; empty for that of goroutines of which no stack was seen.
    pub fn group_name(&self, group: u32) -> String {
        self.world.text(self.table.name(group)).into_owned()
    }

    /// The type and the parent of a task, by its row: the type's name, and the parent's number.
    pub fn task(&self, row: u32) -> Option<(String, Option<u64>)> {
        let task = self.marks.tasks.get(row as usize)?;
        let name = self.world.text(self.marks.task_name(task)).into_owned();
        Some((name, (task.parent != NO_PARENT).then_some(task.parent)))
    }
}

/// The group of goroutines of which no stack was seen.
pub const UNNAMED_GROUP: u32 = UNNAMED;
