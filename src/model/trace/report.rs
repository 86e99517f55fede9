//! What a trace is found to say: tables, whose names and stacks are rows of the profile that
//! holds them.

use super::{Histogram, RegionKind, TaskKind, TraceFacts};
use crate::model::{StackId, StringId};

/// In place of a group: none, such as that of a timer that wakes somebody.
pub const NO_GROUP: u32 = u32::MAX;

/// In place of the name of goroutines of which no stack was seen.
pub const NO_STACK: &str = "(no stack seen)";

/// Everything that was found. Times are nanoseconds of the trace's clock, durations nanoseconds.
#[derive(Clone, Debug, Default)]
pub struct TraceReport {
    /// Of the file.
    pub facts: TraceFacts,
    /// From when to when: all of the trace, or what was asked for.
    pub span: (u64, u64),
    /// When the last event but the mark of the end was.
    pub last_event: u64,
    /// Events that were looked at, as Go counts them.
    pub events: u64,
    /// Goroutines that began in this time.
    pub created: u64,
    /// Goroutines that ended in this time.
    pub ended: u64,
    /// The most goroutines at a time, system goroutines among them.
    pub most_alive: u64,
    /// The largest and the last GOMAXPROCS.
    pub max_procs: (u32, u32),
    /// Goroutines by the function they began with, the heaviest first.
    pub groups: Vec<Group>,
    /// Single goroutines: all, or of large groups those with the most time.
    pub goroutines: Vec<GoroutineRow>,
    /// How long the program's goroutines waited though they could run, by [`Cause`].
    pub latency: [Histogram; Cause::COUNT],
    /// The same of the runtime's own.
    pub system_latency: Histogram,
    /// The longest of these waits, the longest first.
    pub worst_latency: Vec<Latency>,
    /// Waits by what for and where, the heaviest first.
    pub sites: Vec<WaitSite>,
    /// Who ended whose waits, the heaviest first.
    pub wakes: Vec<Wake>,
    /// Collections in order.
    pub cycles: Vec<Cycle>,
    /// Stops of the world by reason, the longest in sum first.
    pub stops: Vec<StopKind>,
    /// The longest stops, the longest first.
    pub worst_stops: Vec<Stop>,
    /// Assists by group and stack, the heaviest first.
    pub assists: Vec<AssistSite>,
    /// Bytes swept and reclaimed by goroutines that allocate.
    pub swept: (u64, u64),
    /// Heap and goal over time.
    pub heap: Series<HeapPoint>,
    /// What the collector took of the procs over time.
    pub collector: Vec<CollectorPoint>,
    /// What each proc did.
    pub procs: Vec<ProcRow>,
    /// What all procs did over time, in nanoseconds of each [`ProcUse`].
    pub uses: Series<[u64; ProcUse::COUNT]>,
    /// Goroutines that can run, and that run, over time: the mean of each bucket is its sum over
    /// its length.
    pub running: Series<[u64; 2]>,
    /// Kinds of tasks, the heaviest first.
    pub tasks: Vec<TaskKind>,
    /// Kinds of regions, the heaviest first.
    pub regions: Vec<RegionKind>,
    /// Messages of tasks.
    pub logs: u64,
    /// CPU samples by group, the most first; [`NO_GROUP`] for those of no goroutine.
    pub samples: Vec<(u32, u64)>,
}

/// Why a goroutine could run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Cause {
    /// It was created.
    Created,
    /// What it waited for came.
    Unblocked,
    /// It ran too long.
    Preempted,
    /// It gave way, by `runtime.Gosched` or as the collector's sweeper does.
    Yielded,
    /// It came back from a call of the system without a proc.
    Syscall,
    /// The trace began.
    #[default]
    Unknown,
}

impl Cause {
    /// How many there are.
    pub const COUNT: usize = 6;
    /// All of them.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Created,
        Self::Unblocked,
        Self::Preempted,
        Self::Yielded,
        Self::Syscall,
        Self::Unknown,
    ];

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Unblocked => "unblocked",
            Self::Preempted => "preempted",
            Self::Yielded => "yielded",
            Self::Syscall => "back from a syscall",
            Self::Unknown => "before the trace",
        }
    }
}

/// What a proc does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum ProcUse {
    /// Nobody holds it.
    #[default]
    Idle,
    /// It runs a goroutine.
    Running,
    /// It runs a worker of the collector.
    Worker,
    /// It runs a worker of the collector because nothing else is to do.
    IdleWorker,
    /// Its goroutine helps the collector to mark.
    Assist,
    /// It sweeps.
    Sweep,
    /// Its goroutine is in a call of the system, and it is kept.
    Syscall,
    /// A thread holds it and runs no goroutine: it looks for one, or spins.
    Scheduler,
}

impl ProcUse {
    /// How many there are.
    pub const COUNT: usize = 8;
    /// All of them, the busy ones first.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Running,
        Self::Worker,
        Self::Assist,
        Self::Sweep,
        Self::IdleWorker,
        Self::Syscall,
        Self::Scheduler,
        Self::Idle,
    ];

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "goroutines",
            Self::Worker => "GC workers",
            Self::IdleWorker => "GC, as nothing else is to do",
            Self::Assist => "GC assists",
            Self::Sweep => "GC sweep",
            Self::Syscall => "syscalls",
            Self::Scheduler => "scheduler",
        }
    }
}

impl TraceReport {
    /// Goroutines that are not the runtime's; those of which nobody can say it are among them.
    pub fn own_goroutines(&self) -> u64 {
        let own = self.groups.iter().filter(|group| !group.is_system);
        own.map(|group| group.count).sum()
    }

    /// The last GOMAXPROCS in words: `GOMAXPROCS 4`.
    pub fn procs_text(&self) -> String {
        match self.max_procs.1 {
            0 => "GOMAXPROCS not told".to_owned(),
            procs => format!("GOMAXPROCS {procs}"),
        }
    }
}

/// Goroutines that began with the same function.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// That function; empty for those of which no stack was seen: see [`NO_STACK`].
    pub name: StringId,
    /// The runtime's own.
    pub is_system: bool,
    /// Goroutines of the group.
    pub count: u64,
    /// The most at a time.
    pub most_alive: u64,
    /// There at the end.
    pub left: u64,
    /// Each of their runs.
    pub exec: Histogram,
    /// Each of their waits to run.
    pub sched: Histogram,
    /// Each of their waits by reason, the longest in sum first. The reason is empty for waits
    /// that began before the trace.
    pub blocks: Vec<(StringId, Histogram)>,
    /// Each of their syscalls.
    pub syscall: Histogram,
    /// Of the calls' time, that without a proc: it had been given to others.
    pub syscall_blocked: u64,
    /// Calls that lost their proc.
    pub calls_blocked: u64,
    /// Time of which nothing is known.
    pub unknown: u64,
    /// Time in assists, which overlaps with the others.
    pub assist: u64,
    /// As a pool of workers.
    pub pool: Pool,
    /// Rows of [`TraceReport::goroutines`] that are of this group.
    pub members: Vec<u32>,
}

impl Group {
    /// They are those of which no stack was seen: see [`NO_STACK`].
    pub fn is_unnamed(&self) -> bool {
        self.name == StringId(0)
    }

    /// Adds another to a line that stands for several: what can be added. The most at a time
    /// cannot, as each had it at its own time.
    pub fn absorb(&mut self, other: &Self) {
        self.is_system = other.is_system;
        self.count += other.count;
        self.left += other.left;
        self.exec.merge(&other.exec);
        self.sched.merge(&other.sched);
        self.syscall.merge(&other.syscall);
        for (reason, times) in &other.blocks {
            match self.blocks.iter_mut().find(|(known, _)| known == reason) {
                Some((_, sum)) => sum.merge(times),
                None => self.blocks.push((*reason, times.clone())),
            }
        }
        self.blocks
            .sort_by_key(|(_, times)| std::cmp::Reverse(times.total()));
        self.calls_blocked += other.calls_blocked;
        for (sum, time) in [
            (&mut self.syscall_blocked, other.syscall_blocked),
            (&mut self.unknown, other.unknown),
            (&mut self.assist, other.assist),
        ] {
            *sum = sum.saturating_add(time);
        }
    }

    /// Time in all states.
    pub fn total(&self) -> u64 {
        let blocks = self.blocks.iter().map(|(_, times)| times.total());
        let rest = [
            self.exec.total(),
            self.sched.total(),
            self.syscall.total(),
            self.unknown,
        ];
        blocks.chain(rest).fold(0, u64::saturating_add)
    }
}

/// A group as a pool of workers: what its members did at the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pool {
    /// Time with members, and members over that time.
    pub time: u64,
    /// Sum over members of their time.
    pub members: u64,
    /// Of it running.
    pub running: u64,
    /// Of it able to run.
    pub runnable: u64,
    /// Of it waiting for work: in a receive or a select.
    pub idle: u64,
    /// Of it in syscalls.
    pub syscall: u64,
    /// Time in which none waited for work.
    pub saturated: u64,
    /// Time in which all waited for work.
    pub starved: u64,
    /// Times that a wait for work ended.
    pub jobs: u64,
    /// Running time of the member with the most, of the one in the middle, and of all.
    pub exec: (u64, u64, u64),
    /// Standard deviation of the members' running times over their mean.
    pub variation: f64,
}

/// A goroutine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoroutineRow {
    /// Its number.
    pub id: u64,
    /// Row of [`TraceReport::groups`].
    pub group: u32,
    /// When it was first seen.
    pub created: u64,
    /// When it first ran; 0 if it did not.
    pub started: u64,
    /// When it ended, or began to wait for ever; 0 if it did not.
    pub ended: u64,
    /// From being first seen to its end, or that of the trace.
    pub total: u64,
    /// Time running.
    pub exec: u64,
    /// Time able to run.
    pub sched: u64,
    /// Time in syscalls with a proc.
    pub syscall: u64,
    /// Time in syscalls without one.
    pub syscall_blocked: u64,
    /// Of that, in a call that had not ended at the end; go tool trace counts it twice, as time
    /// in the call and as waiting to run.
    pub open_call: u64,
    /// Time waiting, by reason.
    pub blocks: Vec<(StringId, u64)>,
    /// Time in special ranges, which overlaps with the others, by Go's name of the range.
    pub ranges: Vec<(StringId, u64)>,
}

impl GoroutineRow {
    /// Time of which nothing is known.
    pub fn unknown(&self) -> u64 {
        let blocks = self.blocks.iter().map(|&(_, time)| time);
        let rest = [self.exec, self.sched, self.syscall, self.syscall_blocked];
        let known = blocks.chain(rest).fold(0, u64::saturating_add);
        self.total.saturating_sub(known)
    }
}

/// A wait of a goroutine that could run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// When it began.
    pub at: u64,
    /// How long it was.
    pub time: u64,
    /// Number of the goroutine.
    pub goroutine: u64,
    /// Its group.
    pub group: u32,
    /// Why it could run.
    pub cause: Cause,
    /// What it had waited for before, if it had.
    pub reason: StringId,
    /// Group of the one who woke or created it; [`NO_GROUP`] for none.
    pub waker: u32,
    /// Where that was; row 0 is no stack.
    pub stack: StackId,
    /// What each proc ran meanwhile: its number, the group that ran the longest, and how long,
    /// which is 0 where it ran nothing; [`NO_GROUP`] with a time is somebody of whom it is not
    /// known who.
    pub meanwhile: Vec<(u64, u32, u64)>,
}

/// What a [`WaitSite`] is a wait of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WaitKind {
    /// For something: the reason tells what.
    Blocked,
    /// To be run; the stack is that of the one who made it able to run.
    Sched(Cause),
    /// In a call of the system.
    Syscall,
}

/// Waits of one group for one reason in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitSite {
    /// What they are waits of.
    pub kind: WaitKind,
    /// What for; empty where that is not said.
    pub reason: StringId,
    /// Where.
    pub stack: StackId,
    /// Whose.
    pub group: u32,
    /// How many ended, and how long these were.
    pub count: u64,
    /// Their sum.
    pub total: u64,
    /// The longest, of those that had not ended, too.
    pub most: u64,
    /// Of the count, those before the goroutine first ran, which go tool trace leaves out.
    pub early: (u64, u64),
    /// Waits that had not ended at the end, with their time until then.
    pub open: (u64, u64),
}

impl WaitSite {
    /// How many, with those that had not ended.
    pub fn all(&self) -> (u64, u64) {
        (self.count + self.open.0, self.total + self.open.1)
    }
}

/// How a group ended another's waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wake {
    /// Who; [`NO_GROUP`] for timers and the poller.
    pub from: u32,
    /// Whose.
    pub to: u32,
    /// What for.
    pub reason: StringId,
    /// How often.
    pub count: u64,
    /// How long the waits were that it ended.
    pub total: u64,
}

/// A collection: its phase of marking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cycle {
    /// When marking began; the beginning of the trace if that was before.
    pub from: u64,
    /// When it ended; the end of the trace if that was after.
    pub to: u64,
    /// Both of these were seen.
    pub is_whole: bool,
    /// Heap and goal when it began.
    pub heap: (u64, u64),
    /// Time of procs in workers, with those that had nothing else to do.
    pub workers: u64,
    /// Time of procs in assists.
    pub assists: u64,
}

/// Stops of the world for one reason.
#[derive(Clone, Debug, Default)]
pub struct StopKind {
    /// Why, as Go says it.
    pub reason: StringId,
    /// From the beginning of the stopping on.
    pub times: Histogram,
}

/// A stop of the world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stop {
    /// When the stopping began.
    pub at: u64,
    /// From then until the world went on.
    pub time: u64,
    /// Of it, until the last proc had stopped; 0 if all had when it began.
    pub stopping: u64,
    /// Why.
    pub reason: StringId,
    /// Number of the proc that stopped last; `u64::MAX` if none had to.
    pub last: u64,
    /// What that ran; [`NO_GROUP`] for nothing.
    pub ran: u32,
    /// Group of the goroutine that stopped the world.
    pub by: u32,
}

/// Assists of a group in one place.
#[derive(Clone, Debug, Default)]
pub struct AssistSite {
    /// Whose.
    pub group: u32,
    /// Where.
    pub stack: StackId,
    /// From the beginning of an assist to its end, waiting included.
    pub times: Histogram,
}

/// Heap at a time; of a bucket the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeapPoint {
    /// Bytes in use; 0 where nothing was said.
    pub heap: u64,
    /// The goal; 0 where there is none.
    pub goal: u64,
    /// The least in use.
    pub least: u64,
}

/// How many procs do what of the collector, from a time on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CollectorPoint {
    /// From when on.
    pub at: u64,
    /// The collector has stopped the world.
    pub is_stopped: bool,
    /// GOMAXPROCS.
    pub procs: u16,
    /// Procs with workers but for those that have nothing else to do.
    pub workers: u16,
    /// Other procs whose goroutines assist.
    pub assists: u16,
    /// Other procs that sweep.
    pub sweeps: u16,
}

/// A proc.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcRow {
    /// Its number.
    pub id: u64,
    /// Nanoseconds by [`ProcUse`].
    pub uses: [u64; ProcUse::COUNT],
    /// Times that it began to run a goroutine.
    pub runs: u64,
    /// Busy nanoseconds over time.
    pub busy: Series<u64>,
}

/// Values over time, in buckets of equal length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series<T> {
    /// Where the first bucket begins.
    pub from: u64,
    /// Length of a bucket, in nanoseconds.
    pub step: u64,
    /// The buckets.
    pub values: Vec<T>,
}
