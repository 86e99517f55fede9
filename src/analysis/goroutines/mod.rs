//! Goroutines in groups: what they wait for, where, and what is odd about it.
//!
//! [`goroutines`] makes groups that are the same whether the file is a profile, a text with
//! `debug=1` or a dump; a dump's groups know more. [`candidates`] are facts that may be findings,
//! [`wait_graph`] tells who waits for which lock, [`growth`] compares files.

mod addresses;
mod candidates;
mod collect;
mod growth;
mod role;
mod stack;
#[cfg(test)]
mod tests;
mod wait;
mod wait_graph;

pub use candidates::{Candidate, CandidateKind, candidates};
pub use collect::goroutines;
pub use growth::{Growth, growth};
pub use role::Role;
pub use stack::GoroutineFrame;
pub use wait::WaitKind;
pub use wait_graph::{Cycle, CycleStep, Evidence, Holder, LockWait, WaitGraph, wait_graph};

/// A function and a line of it, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The function.
    pub function: String,
    /// Its file; may be empty.
    pub file: String,
    /// The line; 0 when unknown.
    pub line: i64,
}

/// How many have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// What they have in common.
    pub name: String,
    /// How many.
    pub count: i64,
}

/// Minutes of waiting in a group of a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ages {
    /// Goroutines whose header has minutes; the others wait for less than one, or no garbage
    /// collection has seen them wait.
    pub known: i64,
    /// The least of these.
    pub min: u64,
    /// Their median (the upper one of two).
    pub median: u64,
    /// The most.
    pub max: u64,
}

/// Objects whose methods the goroutines of a group are in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receivers {
    /// The method whose receiver is counted, `main.(*cache).janitor`; empty when no frame has one
    /// that can be trusted.
    pub method: String,
    /// Goroutines whose receiver is known.
    pub known: i64,
    /// Distinct ones among these.
    pub distinct: usize,
    /// The first distinct ones, in the order of the file.
    pub first: Vec<u64>,
}

/// Goroutines of a group that wait for the same lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockCount {
    /// Address of the lock.
    pub address: u64,
    /// How many wait for it.
    pub waiters: i64,
}

/// A label that goroutines of a group carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelCount {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
    /// How many carry it.
    pub count: i64,
}

/// Goroutines with the same stack that wait for the same thing.
#[derive(Clone, Debug)]
pub struct GoroutineGroup {
    /// The stack as every encoding shows it; the same in other files and versions of a program as
    /// long as no line moves.
    pub stack_key: u128,
    /// How many.
    pub count: i64,
    /// What they wait for.
    pub wait: WaitKind,
    /// The same in words: the dump's, or [`WaitKind::name`].
    pub wait_text: String,
    /// The kind was told from the innermost frames, not from a state in the file.
    pub is_inferred: bool,
    /// What they are there for.
    pub role: Role,
    /// What that consists in, `waits for connections`; empty for [`Role::Work`].
    pub role_text: &'static str,
    /// The library function that the nearest user frame called: `sync.(*Mutex).Lock`. `None` for
    /// channels, selects and user code.
    pub operation: Option<String>,
    /// Nearest user frame: of the program's own code, else of a third party. Where there is none,
    /// what the goroutine runs: its outermost frame.
    pub user: Option<Site>,
    /// Where they were started, most first (dumps only).
    pub created_by: Vec<(Site, i64)>,
    /// How long they have waited (dumps only).
    pub ages: Option<Ages>,
    /// Objects whose methods they are in (dumps only).
    pub receivers: Receivers,
    /// Locks that they wait for, most waiters first (dumps only).
    pub locks: Vec<LockCount>,
    /// How many are bound to their threads (dumps only).
    pub locked_to_thread: i64,
    /// How many the collector has proved leaked: marked in a dump, or all of a goroutineleak
    /// profile.
    pub leaked: i64,
    /// Labels of the program, most first; the first ones of many.
    pub labels: Vec<LabelCount>,
    /// Numbers of the first goroutines (dumps only).
    pub ids: Vec<u64>,
    /// Rows of `Dump::goroutines`, all of them (dumps only).
    pub rows: Vec<u32>,
    /// The stack of the first one, leaf first, as the file has it.
    pub stack: Vec<GoroutineFrame>,
}

/// The goroutines of a file.
#[derive(Clone, Debug, Default)]
pub struct Goroutines {
    /// How many.
    pub total: i64,
    /// Groups, largest first.
    pub groups: Vec<GoroutineGroup>,
    /// The file is a dump: states, ages, arguments and creators are known.
    pub is_dump: bool,
    /// All goroutines of a moment are in the file. False for single stacks and for deltas with
    /// negative counts.
    pub is_census: bool,
    /// The file is a goroutineleak profile.
    pub is_leak_profile: bool,
    /// The text is of a program that the runtime stopped because nothing could run any more.
    pub is_deadlock: bool,
    /// By what they wait for, most first.
    pub by_wait: Vec<Tally>,
    /// By the `go` statement that started them, most first (dumps only): `main.f main.go:12`.
    pub by_creator: Vec<Tally>,
    /// Those that could run and do not. In profiles those that run are among them.
    pub runnable: i64,
    /// Those that run (dumps; in profiles only the one that wrote it).
    pub running: i64,
    /// Those in system calls.
    pub in_syscall: i64,
    /// Those bound to threads (dumps only).
    pub locked_to_thread: i64,
    /// Those that are proved leaked.
    pub leaked: i64,
    /// Those that are there to wait, or the runtime's own.
    pub expected: i64,
}
