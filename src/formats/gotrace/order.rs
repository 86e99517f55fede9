//! Puts the records of all threads in order: whether one can be next, and what it changes.
//!
//! Order within a thread is that of the file. Across threads it is that of the clock, but only as
//! far as the counts of goroutines and procs agree: clocks of two cores may not. What a record
//! needs and does is the transition table of Go's `internal/trace`; see `tests/gotrace.rs` for
//! the cases that pin it.

use rustc_hash::FxHashMap;

use super::spec;
use super::state::{Collector, Count, Everybody, GoStatus};
use super::tables::Tables;
use crate::model::trace::{
    Edge, Event, GoState, Metric, NO_PARENT, NONE, ProcState, TraceSink, What, World, is_none,
};

/// A record with a time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Record {
    pub(super) kind: u8,
    /// Nanoseconds.
    pub(super) time: u64,
    pub(super) args: [u64; spec::MOST_ARGS],
}

/// Who is doing something: slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Context {
    pub(super) thread: u32,
    pub(super) proc: u32,
    pub(super) goroutine: u32,
}

impl Context {
    pub(super) const NOBODY: Self = Self {
        thread: NONE,
        proc: NONE,
        goroutine: NONE,
    };
}

/// Why a record contradicts what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    NoThread,
    NoProc,
    NoGoroutine,
    GoroutineInTheWay,
    ProcStatus,
    GoStatus,
    /// A status is not the one that is known.
    Inconsistent,
    /// Of a goroutine or proc that is not known.
    Unknown,
    /// Of a goroutine or proc in another state than it must be in.
    State,
    /// Of a goroutine that is there already.
    Exists,
    /// A count is not the next.
    Count,
    /// Of a proc that another thread holds.
    WrongProc,
    /// In a call of the system on a thread that runs another goroutine.
    WrongThread,
    /// A range that is open begins, or one that is not ends.
    Range,
    /// A collection that is going on begins, or one that is not ends.
    Collection,
    /// A task that is open begins.
    Task,
    /// A region ends that is not the innermost.
    Region,
    /// More procs or threads than a program can have.
    TooMany,
    /// Nobody can go on.
    Stuck,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoThread => "an event needs a thread, and there is none",
            Self::NoProc => "an event needs a proc, and its thread has none",
            Self::NoGoroutine => "an event needs a goroutine, and its thread runs none",
            Self::GoroutineInTheWay => "a goroutine starts on a thread that runs another",
            Self::ProcStatus => "a proc has a status that there is not",
            Self::GoStatus => "a goroutine has a status that there is not",
            Self::Inconsistent => "a status is not the one that its events lead to",
            Self::Unknown => "an event is of a goroutine or proc that is not known",
            Self::State => "a goroutine or proc is not in the state that an event needs",
            Self::Exists => "a goroutine is created that is there already",
            Self::Count => "the count of a proc's events has a gap",
            Self::WrongProc => "a proc is taken from a thread that does not hold it",
            Self::WrongThread => "a thread is said to run a goroutine that it does not run",
            Self::Range => "a range begins twice, or ends without having begun",
            Self::Collection => "a collection begins twice, or ends without having begun",
            Self::Task => "a task begins twice",
            Self::Region => "a region ends that is not the innermost",
            Self::TooMany => "there are more procs or threads than a program can have",
            Self::Stuck => "none of the threads' next events can follow",
        })
    }
}

/// Where events go, in order and with times that grow.
pub(super) struct Out<'a> {
    pub(super) world: &'a mut World,
    pub(super) sink: &'a mut dyn TraceSink,
    /// Time of the last one.
    pub(super) last: u64,
}

impl std::fmt::Debug for Out<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Out")
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

impl Out<'_> {
    /// Hands on an event. Equal times are told apart by a nanosecond, as Go does it.
    #[inline(always)]
    pub(super) fn emit(&mut self, time: u64, context: Context, stack: u32, what: What) {
        let time = time.max(self.last.saturating_add(1));
        self.last = time;
        let event = Event {
            time,
            thread: context.thread,
            proc: context.proc,
            goroutine: context.goroutine,
            stack,
            what,
        };
        self.sink.event(&event, self.world);
    }
}

/// What a thread holds after a record: proc and goroutine.
pub(super) type Held = (u32, u32);

/// `None`: not yet, another thread's record comes first.
pub(super) type Advance = Result<Option<Held>, Broken>;

/// A task that has begun.
#[derive(Clone, Copy, Debug)]
struct Task {
    parent: u64,
    name: u32,
}

/// The state of the whole program at a point of the trace.
#[derive(Debug, Default)]
pub(super) struct Order {
    pub(super) all: Everybody,
    tasks: FxHashMap<u64, Task>,
    pub(super) collections: u64,
    pub(super) collector: Collector,
    /// The generation that is being read.
    pub(super) generation: u64,
    /// Whose states need not be known before: the first, and each after something was lost.
    pub(super) first_generation: u64,
    /// Something was lost: who is not known may have been there all the same.
    pub(super) has_lost: bool,
    /// Some records of this generation, or of the one before, could not be read or are not there,
    /// so what contradicts the rest proves nothing.
    pub(super) has_doubt: bool,
    /// Nobody can go on, and there is doubt: the next record is taken at its word.
    pub(super) forces: bool,
}

impl Order {
    /// True in a generation that tells the states of all for the first time.
    pub(super) fn is_first(&self) -> bool {
        self.generation == self.first_generation
    }

    /// Nothing is known of anybody's state from here on.
    pub(super) fn forget(&mut self) {
        self.all.forget();
        self.collector = Collector::Unknown;
        self.has_lost = true;
    }

    /// After a generation with doubt one that has none has said of everybody what they do: of
    /// whom it has not spoken, those have ended in between.
    pub(super) fn bury(&mut self, out: &mut Out<'_>) {
        for slot in self.all.unheard(self.generation) {
            // What it did last was not seen.
            let what = Step::transition(slot, GoState::Undetermined, GoState::NotExist);
            out.emit(out.last, Context::NOBODY, 0, what);
            self.all.leave(slot);
            self.all.remove_goroutine(slot, out.world);
        }
    }

    /// Some records of a thread could not be read.
    pub(super) fn doubt(&mut self, thread: u32) {
        self.all.doubt(thread);
        (self.has_lost, self.has_doubt) = (true, true);
    }

    /// What a thread holds is a guess.
    pub(super) fn is_unsure(&self, thread: u32) -> bool {
        let thread = self.all.threads.get(thread as usize);
        self.forces || thread.is_some_and(|thread| thread.is_unsure)
    }

    pub(super) fn count(&self, number: u64) -> Count {
        Count {
            generation: self.generation,
            number,
        }
    }

    /// Takes a record of a thread if it can be next.
    pub(super) fn advance(
        &mut self,
        record: &Record,
        thread: u32,
        tables: &Tables,
        out: &mut Out<'_>,
    ) -> Result<bool, Broken> {
        let context = if is_none(thread) {
            Context::NOBODY
        } else {
            let held = self.all.threads[thread as usize];
            Context {
                thread,
                proc: held.proc,
                goroutine: held.goroutine,
            }
        };
        let step = Step {
            record,
            context,
            tables,
        };
        let Some((proc, goroutine)) = self.dispatch(&step, out)? else {
            return Ok(false);
        };
        if !is_none(thread) {
            let held = &mut self.all.threads[thread as usize];
            // What it holds anew is no guess.
            held.is_unsure &= is_none(goroutine) || is_none(proc);
            (held.proc, held.goroutine) = (proc, goroutine);
        }
        Ok(true)
    }

    fn dispatch(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        match step.record.kind {
            spec::GO_START => self.go_start(step, out),
            spec::GO_STOP | spec::GO_BLOCK | spec::GO_DESTROY => self.go_stop(step, out),
            spec::GO_UNBLOCK => self.go_unblock(step, out),
            spec::GO_SWITCH | spec::GO_SWITCH_DESTROY => self.go_switch(step, out),
            spec::GO_SYSCALL_BEGIN => self.syscall_begin(step, out),
            spec::GO_SYSCALL_END => self.syscall_end(step, out),
            spec::GO_SYSCALL_END_BLOCKED => self.syscall_end_blocked(step, out),
            spec::GO_CREATE | spec::GO_CREATE_BLOCKED => self.go_create(step, out),
            spec::GO_CREATE_SYSCALL => self.go_create_syscall(step, out),
            spec::GO_DESTROY_SYSCALL => self.go_destroy_syscall(step, out),
            spec::GO_STATUS | spec::GO_STATUS_STACK => self.go_status(step, out),
            spec::PROC_START => self.proc_start(step, out),
            spec::PROC_STOP => self.proc_stop(step, out),
            spec::PROC_STEAL => self.proc_steal(step, out),
            spec::PROC_STATUS => self.proc_status(step, out),
            spec::STW_BEGIN..=spec::ASSIST_END => self.range(step, out),
            spec::HEAP_ALLOC | spec::HEAP_GOAL | spec::PROCS_CHANGE => metric(step, out),
            spec::GO_LABEL | spec::LOG => annotation(step, out),
            spec::TASK_BEGIN | spec::TASK_END => self.task(step, out),
            spec::REGION_BEGIN | spec::REGION_END => self.region(step, out),
            spec::SPAN..=spec::GOROUTINE_STACK_FREE => experiment(step, out),
            _ => Err(Broken::Unknown),
        }
    }

    fn task(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        step.needs_all()?;
        let args = step.record.args;
        let id = args[0];
        let (edge, task, stack) = if step.record.kind == spec::TASK_BEGIN {
            // On the wire 0 is no parent; the background task is none that could be one.
            let parent = if args[1] == 0 { NO_PARENT } else { args[1] };
            let name = step.string(args[2]);
            let task = Task { parent, name };
            if self.tasks.insert(id, task).is_some() && !self.has_lost {
                return Err(Broken::Task);
            }
            (Edge::Begin, task, args[3])
        } else {
            // It may have begun before the trace.
            let unknown = Task {
                parent: NO_PARENT,
                name: 0,
            };
            let task = self.tasks.remove(&id).unwrap_or(unknown);
            (Edge::End, task, args[1])
        };
        let what = What::Task {
            edge,
            id,
            parent: task.parent,
            name: task.name,
        };
        step.emit(out, stack, what);
        step.keeps()
    }

    fn region(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        step.needs_all()?;
        let [task, name, stack, _] = step.record.args;
        let name = step.string(name);
        let regions = &mut self.all.goroutines[step.context.goroutine as usize]
            .open()
            .regions;
        let edge = if step.record.kind == spec::REGION_BEGIN {
            regions.push((task, name));
            Edge::Begin
        } else {
            // One that began before the trace is not known.
            if regions.pop().is_some_and(|open| open != (task, name)) {
                return Err(Broken::Region);
            }
            Edge::End
        };
        step.emit(out, stack, What::Region { edge, task, name });
        step.keeps()
    }
}

fn metric(step: &Step<'_>, out: &mut Out<'_>) -> Advance {
    step.needs_proc()?;
    let (metric, stack) = match step.record.kind {
        spec::HEAP_ALLOC => (Metric::Heap, 0),
        spec::HEAP_GOAL => (Metric::Goal, 0),
        _ => {
            step.needs_all()?;
            (Metric::Procs, step.record.args[1])
        }
    };
    step.emit(out, stack, What::Metric(metric, step.record.args[0]));
    step.keeps()
}

fn annotation(step: &Step<'_>, out: &mut Out<'_>) -> Advance {
    step.needs_all()?;
    let args = step.record.args;
    if step.record.kind == spec::GO_LABEL {
        step.emit(out, 0, What::Label(step.string(args[0])));
    } else {
        let what = What::Log {
            task: args[0],
            category: step.string(args[1]),
            message: step.string(args[2]),
        };
        step.emit(out, args[3], what);
    }
    step.keeps()
}

fn experiment(step: &Step<'_>, out: &mut Out<'_>) -> Advance {
    if is_none(step.context.thread) {
        return Err(Broken::NoThread);
    }
    let [a, b, c, _] = step.record.args;
    let what = What::Experiment {
        kind: step.record.kind,
        args: [a, b, c],
    };
    step.emit(out, 0, what);
    step.keeps()
}

/// A record, who it is of, and the tables that its numbers refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    pub(super) record: &'a Record,
    pub(super) context: Context,
    pub(super) tables: &'a Tables,
}

impl Step<'_> {
    /// The thread has a proc.
    #[inline(always)]
    pub(super) fn needs_proc(&self) -> Result<(), Broken> {
        if is_none(self.context.thread) {
            return Err(Broken::NoThread);
        }
        match is_none(self.context.proc) {
            true => Err(Broken::NoProc),
            false => Ok(()),
        }
    }

    /// The thread has a proc and runs a goroutine.
    #[inline(always)]
    pub(super) fn needs_all(&self) -> Result<(), Broken> {
        self.needs_proc()?;
        match is_none(self.context.goroutine) {
            true => Err(Broken::NoGoroutine),
            false => Ok(()),
        }
    }

    /// The thread holds afterwards what it held before.
    #[allow(clippy::unnecessary_wraps, reason = "the end of every step")]
    #[inline(always)]
    pub(super) fn keeps(&self) -> Advance {
        Ok(Some((self.context.proc, self.context.goroutine)))
    }

    /// The row of a string of this generation; that of the empty one where it is missing.
    pub(super) fn string(&self, id: u64) -> u32 {
        self.tables.string(id)
    }

    /// The row of a stack of this generation; 0 where it is missing.
    pub(super) fn stack(&self, id: u64) -> u32 {
        self.tables.stack(id)
    }

    /// Hands on an event of this record; `stack` is the generation's number of it.
    #[inline(always)]
    pub(super) fn emit(&self, out: &mut Out<'_>, stack: u64, what: What) {
        out.emit(self.record.time, self.context, self.stack(stack), what);
    }

    /// The same, for another who does it.
    pub(super) fn emit_as(&self, out: &mut Out<'_>, context: Context, stack: u64, what: What) {
        out.emit(self.record.time, context, self.stack(stack), what);
    }

    /// A goroutine goes from one state to another, without a word why.
    #[inline(always)]
    pub(super) fn transition(goroutine: u32, from: GoState, to: GoState) -> What {
        What::Goroutine {
            goroutine,
            from,
            to,
            reason: 0,
            stack: 0,
        }
    }

    /// A proc goes from one state to another.
    #[inline(always)]
    pub(super) fn proc_transition(proc: u32, from: ProcState, to: ProcState) -> What {
        What::Proc { proc, from, to }
    }
}

/// A goroutine's status, where it is known.
pub(super) fn known(status: GoStatus) -> Option<GoStatus> {
    (status != GoStatus::Unknown).then_some(status)
}
