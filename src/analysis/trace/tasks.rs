//! Tasks and regions of a program's own.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::trace::{Histogram, NO_PARENT, RegionKind, Spent, TaskKind, TaskRegion, TaskRow};
use crate::model::{StringId, trace::Edge};

/// Regions that are kept of a task.
const MOST_REGIONS: usize = 200;

/// Tasks that are kept of a type.
const MOST_TASKS: usize = 50;

/// Types of tasks, and of regions, that are told apart; the rest is one without a name.
const MOST_KINDS: usize = 10_000;

/// Tasks that may be open at once; the rest is not followed.
const MOST_OPEN: usize = 1 << 20;

/// Tasks whose end is remembered; regions and messages may name a task that has ended.
const MOST_ENDED: usize = 1 << 18;

/// A task that has begun; names are rows of the world's strings.
#[derive(Debug, Default)]
struct Open {
    row: TaskRow,
    name: u32,
    has_begun: bool,
}

/// All tasks and regions.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    open: FxHashMap<u64, Open>,
    ended: FxHashSet<u64>,
    /// Kinds by the row of their name.
    kinds: FxHashMap<u32, (Histogram, u64, Vec<TaskRow>)>,
    regions: FxHashMap<u32, (Histogram, Spent)>,
    pub(super) logs: u64,
}

impl Tasks {
    /// A task that goes on; one that is not known began before the trace.
    fn open(&mut self, id: u64, begin: u64) -> Option<&mut Open> {
        if id == 0 || self.ended.contains(&id) {
            return None;
        }
        if self.open.len() >= MOST_OPEN && !self.open.contains_key(&id) {
            return None;
        }
        let new = || Open {
            row: TaskRow {
                id,
                parent: NO_PARENT,
                from: begin,
                ..TaskRow::default()
            },
            ..Open::default()
        };
        Some(self.open.entry(id).or_insert_with(new))
    }

    /// A task begins or ends; `begin` is the beginning of the trace.
    pub(super) fn task(
        &mut self,
        edge: Edge,
        id: u64,
        parent: u64,
        name: u32,
        now: u64,
        begin: u64,
    ) {
        let Some(task) = self.open(id, begin) else {
            return;
        };
        task.name = name;
        task.row.parent = parent;
        if edge == Edge::Begin {
            task.row.from = now;
            task.has_begun = true;
            if parent != NO_PARENT
                && let Some(parent) = self.open(parent, begin)
            {
                parent.row.children += 1;
            }
        } else if let Some(mut task) = self.open.remove(&id) {
            task.row.to = now;
            task.row.is_whole = task.has_begun;
            if self.ended.len() < MOST_ENDED {
                self.ended.insert(id);
            }
            self.keep(task);
        }
    }

    fn keep(&mut self, task: Open) {
        let is_known = self.kinds.len() < MOST_KINDS || self.kinds.contains_key(&task.name);
        let name = if is_known { task.name } else { 0 };
        let (times, open, longest) = self.kinds.entry(name).or_default();
        let length = |row: &TaskRow| row.to.saturating_sub(row.from);
        match task.row.is_whole {
            true => times.add(length(&task.row)),
            false => *open += 1,
        }
        let place = longest.partition_point(|other| {
            (length(other), std::cmp::Reverse(other.id))
                >= (length(&task.row), std::cmp::Reverse(task.row.id))
        });
        if place < MOST_TASKS {
            longest.insert(place, task.row);
            longest.truncate(MOST_TASKS);
        }
    }

    /// A region has ended.
    pub(super) fn region(
        &mut self,
        task: u64,
        name: u32,
        goroutine: u64,
        from: u64,
        spent: Spent,
        begin: u64,
    ) {
        let is_known = self.regions.len() < MOST_KINDS || self.regions.contains_key(&name);
        let row = if is_known { name } else { 0 };
        let (times, all) = self.regions.entry(row).or_default();
        times.add(spent.total);
        *all = all.plus(spent);
        if let Some(task) = self.open(task, begin)
            && task.row.regions.len() < MOST_REGIONS
        {
            task.row.regions.push(TaskRegion {
                name: StringId(name),
                goroutine,
                from,
                spent,
            });
        }
    }

    /// A message.
    pub(super) fn log(&mut self, task: u64, begin: u64) {
        self.logs += 1;
        if let Some(task) = self.open(task, begin) {
            task.row.logs += 1;
        }
    }

    /// Kinds of tasks and of regions, the heaviest first.
    pub(super) fn finish(
        mut self,
        end: u64,
        mut string: impl FnMut(u32) -> StringId,
    ) -> (Vec<TaskKind>, Vec<RegionKind>) {
        let mut open: Vec<Open> = std::mem::take(&mut self.open).into_values().collect();
        open.sort_by_key(|task| task.row.id);
        for mut task in open {
            task.row.to = end;
            self.keep(task);
        }
        let mut kinds: Vec<_> = self.kinds.into_iter().collect();
        kinds.sort_by(|a, b| b.1.0.total().cmp(&a.1.0.total()).then(a.0.cmp(&b.0)));
        let tasks = kinds.into_iter().map(|(name, (times, open, mut longest))| {
            for region in longest.iter_mut().flat_map(|task| &mut task.regions) {
                region.name = string(region.name.0);
            }
            TaskKind {
                name: string(name),
                times,
                open,
                longest,
            }
        });
        let tasks = tasks.collect();
        let mut kinds: Vec<_> = self.regions.into_iter().collect();
        kinds.sort_by(|a, b| b.1.0.total().cmp(&a.1.0.total()).then(a.0.cmp(&b.0)));
        let regions = kinds.into_iter().map(|(name, (times, spent))| RegionKind {
            name: string(name),
            times,
            spent,
        });
        (tasks, regions.collect())
    }
}
