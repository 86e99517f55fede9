//! The integers of an execution trace in the JSON form: times are nanoseconds.

use serde::Serialize;

/// Groups of goroutines listed per trace.
pub const GROUP_LIMIT: usize = 200;

/// What a trace says, as integers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceNumbers {
    /// Events that were looked at.
    pub events: u64,
    /// The largest GOMAXPROCS.
    pub procs: u32,
    /// Goroutines that began, and that ended, in this time.
    pub created: u64,
    /// See `created`.
    pub ended: u64,
    /// The program's goroutines by the function they began with, the most time first, at most
    /// [`GROUP_LIMIT`].
    pub groups: Vec<GroupNumbers>,
    /// Waits to run of the program's goroutines, by what made them able to.
    pub latency: Vec<SpreadNumbers>,
    /// Stops of the world by reason.
    pub stops: Vec<SpreadNumbers>,
    /// Collections.
    pub cycles: u64,
    /// How long they were marking.
    pub marking: u64,
    /// Types of tasks: those that began and ended.
    pub tasks: Vec<SpreadNumbers>,
    /// Groups that work as pools.
    pub pools: Vec<PoolNumbers>,
}

/// Goroutines that began with the same function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupNumbers {
    /// That function.
    pub name: String,
    /// How many.
    pub count: u64,
    /// The most at a time.
    pub most_alive: u64,
    /// There at the end.
    pub left: u64,
    /// Time running.
    pub running: u64,
    /// Waits to run.
    pub runnable: SpreadNumbers,
    /// Calls of the system.
    pub syscalls: SpreadNumbers,
    /// Time in assists, which overlaps with the others.
    pub assists: u64,
    /// Waits by reason, the longest in sum first; the reason is empty for those that began before
    /// the trace.
    pub waits: Vec<SpreadNumbers>,
}

/// Durations of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpreadNumbers {
    /// What they are of.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Their sum.
    pub total: u64,
    /// Half of them are not longer; at most 1/32 too large, as is the next.
    pub p50: u64,
    /// 99 of 100 are not longer.
    pub p99: u64,
    /// The longest.
    pub longest: u64,
}

/// A group as a pool of workers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolNumbers {
    /// The function its workers began with.
    pub name: String,
    /// Time with workers.
    pub time: u64,
    /// Sum of the workers' time, and of it running, able to run, waiting for work.
    pub members: u64,
    /// See `members`.
    pub running: u64,
    /// See `members`.
    pub runnable: u64,
    /// See `members`.
    pub idle: u64,
    /// Time in which none, and in which all, waited for work.
    pub saturated: u64,
    /// See `saturated`.
    pub starved: u64,
    /// Times that it was handed something.
    pub handed: u64,
    /// What that means: `work unevenly spread`, `too few workers`, `fits its work`…
    pub verdict: String,
}
