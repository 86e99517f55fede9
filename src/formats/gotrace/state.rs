//! What is known of goroutines, procs and threads while events are put in order.

use rustc_hash::FxHashMap;

use crate::model::trace::{GoState, NONE, ProcState, RangeKind, World};

/// Procs and threads of a trace at most: far more than a program has, and so few that a file of
/// nothing else cannot fill the memory.
const MOST_PROCS: usize = 1 << 16;
const MOST_THREADS: usize = 1 << 20;

/// Status of a goroutine, as the wire numbers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum GoStatus {
    /// Nothing is known: only after a part of the trace was lost.
    #[default]
    Unknown,
    Runnable,
    Running,
    Syscall,
    Waiting,
}

impl GoStatus {
    pub(super) fn of(number: u64) -> Option<Self> {
        Some(match number {
            1 => Self::Runnable,
            2 => Self::Running,
            3 => Self::Syscall,
            4 => Self::Waiting,
            _ => return None,
        })
    }

    pub(super) fn state(self) -> GoState {
        match self {
            Self::Unknown => GoState::Undetermined,
            Self::Runnable => GoState::Runnable,
            Self::Running => GoState::Running,
            Self::Syscall => GoState::Syscall,
            Self::Waiting => GoState::Waiting,
        }
    }
}

/// Status of a proc, as the wire numbers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ProcStatus {
    /// Nothing is known: only after a part of the trace was lost.
    #[default]
    Unknown,
    Running,
    Idle,
    /// Held by a thread in a call of the system, which others may take it from.
    Syscall,
    /// The same, but it is not known which thread that is.
    Abandoned,
}

impl ProcStatus {
    pub(super) fn of(number: u64) -> Option<Self> {
        Some(match number {
            1 => Self::Running,
            2 => Self::Idle,
            3 => Self::Syscall,
            4 => Self::Abandoned,
            _ => return None,
        })
    }

    /// What users of events see.
    pub(super) fn state(self) -> ProcState {
        match self {
            Self::Unknown => ProcState::Undetermined,
            Self::Running | Self::Syscall => ProcState::Running,
            Self::Idle | Self::Abandoned => ProcState::Idle,
        }
    }
}

/// How far the count of a goroutine's or proc's changes has come. It begins anew in each
/// generation, so that it is of one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    pub(super) generation: u64,
    pub(super) number: u64,
}

impl Count {
    /// Generations count from 1. Of one that is not known anything may come next: only after
    /// something was lost.
    pub(super) fn is_any(self) -> bool {
        self.generation == 0
    }

    #[inline(always)]
    pub(super) fn is_followed_by(self, next: Self) -> bool {
        self.generation == next.generation && self.number.wrapping_add(1) == next.number
            || self.is_any()
    }
}

/// A goroutine.
#[derive(Clone, Debug, Default)]
pub(super) struct Goroutine {
    pub(super) status: GoStatus,
    /// The last thread that held it, which may hold another by now.
    pub(super) holder: u32,
    pub(super) count: Count,
    /// What few have: apart, as there may be millions of goroutines.
    open: Option<Box<Open>>,
}

/// What is open on a goroutine.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    /// Regions, the innermost last: task and type.
    pub(super) regions: Vec<(u64, u32)>,
    /// Ranges, with the reason of a stop.
    pub(super) ranges: Ranges,
}

impl Goroutine {
    pub(super) fn open(&mut self) -> &mut Open {
        self.open.get_or_insert_default()
    }

    /// What is open with it is not known any more.
    pub(super) fn close(&mut self) {
        self.open = None;
    }
}

/// A proc.
#[derive(Clone, Debug, Default)]
pub(super) struct Proc {
    pub(super) status: ProcStatus,
    /// The last thread that held it, which may hold another by now.
    pub(super) holder: u32,
    pub(super) count: Count,
    pub(super) ranges: Ranges,
    is_listed: bool,
}

impl Proc {
    /// It is not where it was thought to be: what comes next of it is not known.
    pub(super) fn lose(&mut self) {
        (self.status, self.count) = (ProcStatus::Abandoned, Count::default());
    }
}

/// A thread: what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thread {
    pub(super) goroutine: u32,
    pub(super) proc: u32,
    /// Some of its events could not be read: what it holds is a guess until it is told.
    pub(super) is_unsure: bool,
    is_listed: bool,
}

impl Default for Thread {
    fn default() -> Self {
        Self {
            goroutine: NONE,
            proc: NONE,
            is_unsure: false,
            is_listed: false,
        }
    }
}

/// Open ranges of one goroutine or proc: few, if any.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranges(Vec<(RangeKind, u32)>);

impl Ranges {
    pub(super) fn has(&self, range: (RangeKind, u32)) -> bool {
        self.0.contains(&range)
    }

    pub(super) fn open(&mut self, range: (RangeKind, u32)) {
        self.0.push(range);
    }

    /// Closes the first of a kind; gives its reason.
    pub(super) fn close(&mut self, kind: RangeKind) -> Option<u32> {
        let at = self.0.iter().position(|&(open, _)| open == kind)?;
        Some(self.0.swap_remove(at).1)
    }
}

/// Where the collector is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Collector {
    #[default]
    Unknown,
    Idle,
    Marking,
}

/// Everybody, by slot; numbers of slots are found in the maps.
#[derive(Debug, Default)]
pub(super) struct Everybody {
    pub(super) goroutines: Vec<Goroutine>,
    pub(super) procs: Vec<Proc>,
    pub(super) threads: Vec<Thread>,
    goroutine_slots: FxHashMap<u64, u32>,
    proc_slots: FxHashMap<u64, u32>,
    thread_slots: FxHashMap<u64, u32>,
    free: Vec<u32>,
    /// Slots of goroutines that have not been heard of since all was forgotten: who is heard of
    /// again is in the same one.
    former: FxHashMap<u64, u32>,
    /// Procs and threads of which something is known since all was forgotten. A file may have
    /// many that are forgotten often.
    listed_procs: Vec<u32>,
    listed_threads: Vec<u32>,
}

impl Everybody {
    #[inline(always)]
    pub(super) fn goroutine(&self, id: u64) -> Option<u32> {
        self.goroutine_slots.get(&id).copied()
    }

    #[inline(always)]
    pub(super) fn proc(&self, id: u64) -> Option<u32> {
        self.proc_slots.get(&id).copied()
    }

    pub(super) fn thread(&self, id: u64) -> Option<u32> {
        self.thread_slots.get(&id).copied()
    }

    /// A slot for a goroutine that has none.
    pub(super) fn add_goroutine(&mut self, id: u64, world: &mut World) -> u32 {
        let known = self.former.remove(&id).or_else(|| self.free.pop());
        let slot = known.unwrap_or_else(|| {
            self.goroutines.push(Goroutine::default());
            self.goroutines.len() as u32 - 1
        });
        if slot as usize >= world.goroutines.len() {
            world.goroutines.push(0);
        }
        world.goroutines[slot as usize] = id;
        self.goroutine_slots.insert(id, slot);
        slot
    }

    /// A goroutine is no more; its slot may be given to another.
    pub(super) fn remove_goroutine(&mut self, slot: u32, world: &World) {
        self.goroutines[slot as usize] = Goroutine::default();
        if let Some(id) = world.goroutine(slot) {
            self.goroutine_slots.remove(&id);
        }
        self.free.push(slot);
    }

    /// The slot of a proc; `None` when there are too many.
    pub(super) fn proc_slot(&mut self, id: u64, world: &mut World) -> Option<u32> {
        if let Some(slot) = self.proc(id) {
            self.list_proc(slot);
            return Some(slot);
        }
        if self.procs.len() >= MOST_PROCS {
            return None;
        }
        self.procs.push(Proc::default());
        world.procs.push(id);
        let slot = self.procs.len() as u32 - 1;
        self.proc_slots.insert(id, slot);
        self.list_proc(slot);
        Some(slot)
    }

    /// Something is about to be known of a proc.
    #[inline(always)]
    pub(super) fn list_proc(&mut self, slot: u32) {
        let proc = &mut self.procs[slot as usize];
        if !proc.is_listed {
            proc.is_listed = true;
            self.listed_procs.push(slot);
        }
    }

    /// Something is about to be known of a thread.
    fn list_thread(&mut self, slot: u32) {
        let thread = &mut self.threads[slot as usize];
        if !thread.is_listed {
            thread.is_listed = true;
            self.listed_threads.push(slot);
        }
    }

    /// The slot of a thread; `None` when there are too many.
    pub(super) fn thread_slot(&mut self, id: u64, world: &mut World) -> Option<u32> {
        if let Some(slot) = self.thread(id) {
            self.list_thread(slot);
            return Some(slot);
        }
        if self.threads.len() >= MOST_THREADS {
            return None;
        }
        self.threads.push(Thread::default());
        world.threads.push(id);
        let slot = self.threads.len() as u32 - 1;
        self.thread_slots.insert(id, slot);
        self.list_thread(slot);
        Some(slot)
    }

    /// Some records of a thread could not be read. Its goroutine may be anywhere; its proc it
    /// has most likely kept, but what comes next of that is not known.
    pub(super) fn doubt(&mut self, slot: u32) {
        let Some(thread) = self.threads.get_mut(slot as usize) else {
            return;
        };
        thread.is_unsure = true;
        if let Some(goroutine) = self.goroutines.get_mut(thread.goroutine as usize) {
            *goroutine = Goroutine::default();
        }
        thread.goroutine = NONE;
        if let Some(proc) = self.procs.get_mut(thread.proc as usize) {
            proc.status = ProcStatus::Running;
            proc.count = Count::default();
            proc.ranges = Ranges::default();
        }
    }

    /// The thread that holds a proc.
    pub(super) fn holder(&self, proc: u32) -> Option<u32> {
        let holder = self.procs.get(proc as usize)?.holder;
        let thread = self.threads.get(holder as usize)?;
        (thread.proc == proc).then_some(holder)
    }

    /// A proc is seen elsewhere than where it was thought to be.
    pub(super) fn release(&mut self, proc: u32) {
        if let Some(holder) = self.holder(proc) {
            self.threads[holder as usize].proc = NONE;
        }
    }

    /// A goroutine is seen elsewhere than where it was thought to run.
    pub(super) fn leave(&mut self, goroutine: u32) {
        let holder = self.goroutines[goroutine as usize].holder;
        if let Some(thread) = self.threads.get_mut(holder as usize)
            && thread.goroutine == goroutine
        {
            thread.goroutine = NONE;
        }
    }

    /// Forgets the state of everybody, but not who has which slot. Takes time by what is known
    /// since the last time: the map is made anew, as to clear one takes time by the most it ever
    /// held.
    pub(super) fn forget(&mut self) {
        let known = std::mem::take(&mut self.goroutine_slots);
        let slots = known.values();
        slots.for_each(|&slot| self.goroutines[slot as usize] = Goroutine::default());
        self.former.extend(known);
        for slot in self.listed_procs.drain(..) {
            self.procs[slot as usize] = Proc::default();
        }
        for slot in self.listed_threads.drain(..) {
            self.threads[slot as usize] = Thread::default();
        }
    }

    /// All that there are have been told: who has not been heard of since all was forgotten is no
    /// more.
    pub(super) fn settle(&mut self) {
        let mut slots: Vec<u32> = std::mem::take(&mut self.former).into_values().collect();
        slots.sort_unstable();
        self.free.append(&mut slots);
    }

    /// Goroutines of which nothing was said in a generation, in order of their slots.
    pub(super) fn unheard(&mut self, generation: u64) -> Vec<u32> {
        let goroutines = &self.goroutines;
        let slots = self.goroutine_slots.values().copied();
        let is_unheard = |slot: &u32| goroutines[*slot as usize].count.generation != generation;
        let mut unheard: Vec<u32> = slots.filter(is_unheard).collect();
        unheard.sort_unstable();
        unheard
    }
}
