//! Tasks and regions, which a program marks itself.

use super::Histogram;
use crate::model::StringId;

/// Tasks of one type.
#[derive(Clone, Debug, Default)]
pub struct TaskKind {
    /// The type.
    pub name: StringId,
    /// Those whose beginning and end were seen.
    pub times: Histogram,
    /// Those of which one of both was not.
    pub open: u64,
    /// The longest.
    pub longest: Vec<TaskRow>,
}

/// A task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskRow {
    /// Its number.
    pub id: u64,
    /// That of the task it is part of; [`super::NO_PARENT`] for none.
    pub parent: u64,
    /// When it began; the beginning of the trace if that was before.
    pub from: u64,
    /// When it ended; the end of the trace if that was after.
    pub to: u64,
    /// Both of these were seen.
    pub is_whole: bool,
    /// Its regions: type, goroutine, beginning, and how the time was spent.
    pub regions: Vec<TaskRegion>,
    /// Messages in it.
    pub logs: u64,
    /// Tasks that are part of it.
    pub children: u64,
}

/// A region of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskRegion {
    /// Its type.
    pub name: StringId,
    /// Number of the goroutine.
    pub goroutine: u64,
    /// When it began.
    pub from: u64,
    /// How the goroutine spent it.
    pub spent: Spent,
}

/// How a goroutine spent a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// All of it.
    pub total: u64,
    /// Running.
    pub exec: u64,
    /// Able to run.
    pub sched: u64,
    /// Waiting.
    pub blocked: u64,
    /// In syscalls.
    pub syscall: u64,
}

impl Spent {
    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            total: self.total.saturating_add(other.total),
            exec: self.exec.saturating_add(other.exec),
            sched: self.sched.saturating_add(other.sched),
            blocked: self.blocked.saturating_add(other.blocked),
            syscall: self.syscall.saturating_add(other.syscall),
        }
    }
}

/// Regions of one type.
#[derive(Clone, Debug, Default)]
pub struct RegionKind {
    /// The type.
    pub name: StringId,
    /// Their durations; one that was not seen to begin or to end counts from the beginning or to
    /// the end of the trace, or of its goroutine.
    pub times: Histogram,
    /// How they were spent, in sum.
    pub spent: Spent,
}
