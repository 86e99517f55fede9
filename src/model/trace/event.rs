//! One event, and the words of its kinds.

/// In place of a slot: no thread, proc or goroutine.
pub const NONE: u32 = u32::MAX;

/// In place of a task's parent: there is none.
pub const NO_PARENT: u64 = u64::MAX;

/// True for [`NONE`].
pub const fn is_none(slot: u32) -> bool {
    slot == NONE
}

/// Something that happened, as `internal/trace` would report it: where Go writes one record for
/// three transitions, as it does for a switch of coroutines, these are three events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Nanoseconds of the trace's clock. Events that the clock could not tell apart are put one
    /// nanosecond apart, as Go's reader does it, so a difference below the clock's tick (64 ns
    /// but for Windows) says nothing.
    pub time: u64,
    /// Slot of the thread that emitted it.
    pub thread: u32,
    /// Slot of the proc that the thread held before it.
    pub proc: u32,
    /// Slot of the goroutine that the thread ran before it.
    pub goroutine: u32,
    /// Where that goroutine was: a row of [`super::World::stack`], 0 for none.
    pub stack: u32,
    /// What it was.
    pub what: What,
}

/// What an event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A generation begins, or the trace ends.
    Sync {
        /// Counts from 1.
        number: u32,
        /// The clocks, where the generation has them; Go ≥ 1.25.
        clock: Option<super::Clock>,
    },
    /// A goroutine changes its state. The same state twice: a new generation repeats it.
    Goroutine {
        /// Slot of the goroutine.
        goroutine: u32,
        /// Before.
        from: GoState,
        /// After.
        to: GoState,
        /// Why: a row of [`super::World::strings`].
        reason: u32,
        /// Where the goroutine is, or will begin: a row of [`super::World::stack`].
        stack: u32,
    },
    /// A proc changes its state.
    Proc {
        /// Slot of the proc.
        proc: u32,
        /// Before.
        from: ProcState,
        /// After.
        to: ProcState,
    },
    /// A range of time begins, goes on, or ends.
    Range {
        /// Which of these.
        edge: Edge,
        /// What the range is of.
        kind: RangeKind,
        /// Slot of the proc of a sweep, of the goroutine of an assist or a stop.
        scope: u32,
        /// Of a stop, why: a row of [`super::World::strings`].
        reason: u32,
        /// Of the end of a sweep: bytes swept and reclaimed.
        bytes: (u64, u64),
    },
    /// A quantity has a new value.
    Metric(Metric, u64),
    /// What a worker of the collector is working as, on the goroutine of the event: a row of
    /// [`super::World::strings`].
    Label(u32),
    /// A task begins or ends.
    Task {
        /// Begin or End.
        edge: Edge,
        /// Its number; used again after its end.
        id: u64,
        /// The task it is part of, or [`NO_PARENT`].
        parent: u64,
        /// Its type: a row of [`super::World::strings`].
        name: u32,
    },
    /// A region begins or ends on the goroutine of the event.
    Region {
        /// Begin or End.
        edge: Edge,
        /// The task it is part of; 0 for none.
        task: u64,
        /// Its type: a row of [`super::World::strings`].
        name: u32,
    },
    /// A message.
    Log {
        /// The task it is part of; 0 for none.
        task: u64,
        /// A row of [`super::World::strings`].
        category: u32,
        /// A row of [`super::World::strings`].
        message: u32,
    },
    /// A sample of the CPU profiler. Thread, proc and goroutine are those of the sample, which
    /// may contradict the state that is known.
    Sample {
        /// The goroutine's own number; [`u64::MAX`] for none.
        goroutine: u64,
    },
    /// Something of an experiment (`GODEBUG=traceallocfree=1`): its type on the wire and what it
    /// says, which only tests read.
    Experiment {
        /// Type on the wire.
        kind: u8,
        /// As many as the type has.
        args: [u64; 3],
    },
}

/// Which end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// It begins.
    Begin,
    /// It goes on: it began before the trace, or is told again in a new generation.
    Active,
    /// It ends.
    End,
}

/// State of a goroutine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum GoState {
    /// Not known: it was there before the trace.
    #[default]
    Undetermined,
    /// Not there.
    NotExist,
    /// It could run, and nobody runs it.
    Runnable,
    /// It runs.
    Running,
    /// It waits.
    Waiting,
    /// It is in a call of the system.
    Syscall,
}

impl GoState {
    /// As Go names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undetermined => "Undetermined",
            Self::NotExist => "NotExist",
            Self::Runnable => "Runnable",
            Self::Running => "Running",
            Self::Waiting => "Waiting",
            Self::Syscall => "Syscall",
        }
    }
}

/// State of a proc. One that is held through a call of the system is running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum ProcState {
    /// Not known: it was there before the trace.
    #[default]
    Undetermined,
    /// Not there.
    NotExist,
    /// A thread holds it.
    Running,
    /// Nobody holds it.
    Idle,
}

impl ProcState {
    /// As Go names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undetermined => "Undetermined",
            Self::NotExist => "NotExist",
            Self::Running => "Running",
            Self::Idle => "Idle",
        }
    }
}

/// What a range of time is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeKind {
    /// The collector marks; one at a time.
    Mark,
    /// A proc sweeps.
    Sweep,
    /// A goroutine helps to mark, because it allocates.
    Assist,
    /// A goroutine has stopped all others. It begins where the stopping begins.
    Stop,
}

impl RangeKind {
    /// As Go names it; a stop's reason follows in parentheses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mark => "GC concurrent mark phase",
            Self::Sweep => "GC incremental sweep",
            Self::Assist => "GC mark assist",
            Self::Stop => "stop-the-world",
        }
    }
}

/// A quantity that is told from time to time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// GOMAXPROCS.
    Procs,
    /// Bytes of the heap in use, with what is not yet swept.
    Heap,
    /// Bytes at which the next collection is to be done; 0 with the collector off.
    Goal,
}

impl Metric {
    /// As Go names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Procs => "/sched/gomaxprocs:threads",
            Self::Heap => "/memory/classes/heap/objects:bytes",
            Self::Goal => "/gc/heap/goal:bytes",
        }
    }
}
