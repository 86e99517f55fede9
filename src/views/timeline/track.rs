//! Who holds what while records go by: threads, procs and what is open on goroutines. The same
//! steps foretell the context of events, find what lanes show, and give events back.

use super::chunk::Record;
use super::kind::Kind;
use super::state::{Show, State, flag, mode};
use crate::model::trace::{Edge, GoState, NONE, ProcState, RangeKind, is_none};

/// What a thread holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// Slot of a proc.
    pub(super) proc: u32,
    /// Index of a goroutine.
    pub(super) goroutine: u32,
}

impl Held {
    pub(super) const NOTHING: Self = Self {
        proc: NONE,
        goroutine: NONE,
    };
}

/// A proc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proc {
    /// Slot of the thread that holds it.
    pub(super) thread: u32,
    pub(super) state: ProcState,
}

impl Proc {
    const NEW: Self = Self {
        thread: NONE,
        state: ProcState::Undetermined,
    };
}

/// A lane shows something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Nanoseconds of the trace's clock.
    pub(super) time: u64,
    /// Nanoseconds since the record: a switch is three events.
    pub(super) after: u8,
    pub(super) show: Show,
    /// It has been so since all that is known began.
    pub(super) arrives: bool,
}

/// Is told what lanes show; what a lane shows already is told again.
pub(super) trait Watch {
    fn thread(&mut self, slot: u32, change: Change);
    fn proc(&mut self, slot: u32, change: Change);
}

/// Does not look.
#[derive(Debug)]
pub(super) struct Blind;

impl Watch for Blind {
    #[inline]
    fn thread(&mut self, _: u32, _: Change) {}
    #[inline]
    fn proc(&mut self, _: u32, _: Change) {}
}

/// When something changes.
#[derive(Clone, Copy)]
struct Moment {
    time: u64,
    after: u8,
    arrives: bool,
}

/// Who holds what.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracker {
    pub(super) threads: Vec<Held>,
    pub(super) procs: Vec<Proc>,
    /// By index of a goroutine; see [`flag`].
    pub(super) flags: Vec<u8>,
}

impl Tracker {
    /// What a thread holds; no thread holds nothing.
    #[inline]
    pub(super) fn held(&self, thread: u32) -> Held {
        let held = self.threads.get(thread as usize);
        held.copied().unwrap_or(Held::NOTHING)
    }

    /// The thread must be one.
    #[inline]
    pub(super) fn held_mut(&mut self, thread: u32) -> &mut Held {
        let at = thread as usize;
        if at >= self.threads.len() {
            self.threads.resize(at + 1, Held::NOTHING);
        }
        &mut self.threads[at]
    }

    /// The thread that holds a proc.
    pub(super) fn holder(&self, proc: u32) -> u32 {
        self.procs.get(proc as usize).map_or(NONE, |one| one.thread)
    }

    pub(super) fn proc_mut(&mut self, proc: u32) -> &mut Proc {
        let at = proc as usize;
        if at >= self.procs.len() {
            self.procs.resize(at + 1, Proc::NEW);
        }
        &mut self.procs[at]
    }

    #[inline]
    fn flags(&self, goroutine: u32) -> u8 {
        let flags = self.flags.get(goroutine as usize);
        flags.copied().unwrap_or_default()
    }

    #[inline]
    pub(super) fn flags_mut(&mut self, goroutine: u32) -> &mut u8 {
        let at = goroutine as usize;
        if at >= self.flags.len() {
            self.flags.resize(at + 1, 0);
        }
        &mut self.flags[at]
    }

    /// What a thread shows.
    #[inline]
    pub(super) fn show(&self, thread: u32) -> Show {
        let held = self.held(thread);
        let has_proc = !is_none(held.proc);
        if !is_none(held.goroutine) {
            Show {
                state: mode(self.flags(held.goroutine), has_proc),
                goroutine: held.goroutine,
            }
        } else if has_proc {
            Show::nobody(State::Scheduler)
        } else {
            Show::BLANK
        }
    }

    #[inline]
    fn tell(&self, thread: u32, moment: Moment, watch: &mut impl Watch) {
        if is_none(thread) {
            return;
        }
        let change = Change {
            time: moment.time + u64::from(moment.after),
            after: moment.after,
            show: self.show(thread),
            arrives: moment.arrives,
        };
        watch.thread(thread, change);
        let proc = self.held(thread).proc;
        if !is_none(proc) {
            watch.proc(proc, change);
        }
    }

    /// Takes a record.
    #[inline]
    pub(super) fn step(&mut self, record: &Record, watch: &mut impl Watch) {
        let mut moment = Moment {
            time: record.time,
            after: 0,
            arrives: false,
        };
        match record.kind() {
            Kind::Go {
                from, to, arrives, ..
            } => {
                moment.arrives = arrives;
                self.go(record.thread, record.subject, (from, to), moment, watch);
            }
            Kind::Switch { ends } => {
                let to = match ends {
                    true => GoState::NotExist,
                    false => GoState::Waiting,
                };
                moment.after = 1;
                let leaves = (GoState::Running, to);
                self.go(record.thread, record.site, leaves, moment, watch);
                moment.after = 2;
                let runs = (GoState::Runnable, GoState::Running);
                self.go(record.thread, record.subject, runs, moment, watch);
            }
            Kind::Proc { to, arrives, .. } => {
                moment.arrives = arrives;
                self.proc(record.thread, record.site, to, moment, watch);
            }
            Kind::Range(edge, kind) => self.range(record, edge, kind, moment, watch),
            Kind::Context { once: false } => self.correct(record, moment, watch),
            Kind::Was if !is_none(record.subject) => {
                *self.flags_mut(record.subject) &= !(flag::SYSCALL | flag::SWEEP);
            }
            Kind::Lost => self.forget(moment, watch),
            _ => {}
        }
    }

    #[inline]
    fn go(
        &mut self,
        thread: u32,
        goroutine: u32,
        (from, to): (GoState, GoState),
        moment: Moment,
        watch: &mut impl Watch,
    ) {
        match to {
            GoState::Running => {
                *self.flags_mut(goroutine) &= !flag::SYSCALL;
                self.run(thread, goroutine);
            }
            GoState::Syscall => {
                let flags = self.flags_mut(goroutine);
                *flags = *flags & !flag::SWEEP | flag::SYSCALL;
                self.run(thread, goroutine);
            }
            _ => {
                let flags = self.flags_mut(goroutine);
                *flags = match to {
                    GoState::NotExist => 0,
                    _ => *flags & !(flag::SYSCALL | flag::SWEEP),
                };
                if !matches!(from, GoState::Running | GoState::Syscall) {
                    return;
                }
                if self.held(thread).goroutine == goroutine {
                    self.run(thread, NONE);
                }
                if to == GoState::NotExist && from == GoState::Syscall {
                    self.let_go(thread, moment, watch);
                }
            }
        }
        self.tell(thread, moment, watch);
    }

    #[inline]
    fn run(&mut self, thread: u32, goroutine: u32) {
        if !is_none(thread) {
            self.held_mut(thread).goroutine = goroutine;
        }
    }

    /// The thread of C that called back into Go goes: a proc that it still holds is nobody's.
    fn let_go(&mut self, thread: u32, moment: Moment, watch: &mut impl Watch) {
        if is_none(thread) {
            return;
        }
        let proc = std::mem::replace(&mut self.held_mut(thread).proc, NONE);
        if !is_none(proc) && self.holder(proc) == thread {
            self.proc_mut(proc).thread = NONE;
            self.tell_free(proc, moment, watch);
        }
    }

    /// A proc that no thread holds.
    fn tell_free(&self, proc: u32, moment: Moment, watch: &mut impl Watch) {
        let state = self.procs.get(proc as usize).map(|one| one.state);
        let show = match state.unwrap_or_default() {
            ProcState::Idle => Show::nobody(State::Idle),
            ProcState::Running => Show::nobody(State::Scheduler),
            ProcState::NotExist => Show::BLANK,
            ProcState::Undetermined => Show::UNKNOWN,
        };
        let change = Change {
            time: moment.time + u64::from(moment.after),
            after: moment.after,
            show,
            arrives: moment.arrives,
        };
        watch.proc(proc, change);
    }

    fn proc(
        &mut self,
        thread: u32,
        proc: u32,
        to: ProcState,
        moment: Moment,
        watch: &mut impl Watch,
    ) {
        let before = self.holder(proc);
        let takes = to == ProcState::Running;
        let keeps = takes && before == thread;
        if !is_none(before) && !keeps {
            self.held_mut(before).proc = NONE;
            self.tell(before, moment, watch);
        }
        *self.proc_mut(proc) = Proc {
            thread: if takes { thread } else { NONE },
            state: to,
        };
        if takes && !is_none(thread) {
            self.take(thread, proc, moment, watch);
            self.tell(thread, moment, watch);
        } else {
            self.tell_free(proc, moment, watch);
        }
    }

    /// A thread holds a proc, and so no other.
    fn take(&mut self, thread: u32, proc: u32, moment: Moment, watch: &mut impl Watch) {
        let old = std::mem::replace(&mut self.held_mut(thread).proc, proc);
        if !is_none(old) && old != proc && self.holder(old) == thread {
            self.proc_mut(old).thread = NONE;
            self.tell_free(old, moment, watch);
        }
    }

    fn range(
        &mut self,
        record: &Record,
        edge: Edge,
        kind: RangeKind,
        moment: Moment,
        watch: &mut impl Watch,
    ) {
        let bit = flag_of(kind);
        if bit == 0 || is_none(record.subject) {
            return;
        }
        let flags = self.flags_mut(record.subject);
        *flags = match edge {
            Edge::End => *flags & !bit,
            _ => *flags | bit,
        };
        if self.held(record.thread).goroutine == record.subject {
            self.tell(record.thread, moment, watch);
        }
    }

    /// What a thread holds was another thing than its events led to.
    fn correct(&mut self, record: &Record, moment: Moment, watch: &mut impl Watch) {
        let (thread, proc) = (record.thread, record.site);
        if is_none(thread) {
            return;
        }
        self.run(thread, record.subject);
        if is_none(proc) {
            self.let_go(thread, moment, watch);
        } else {
            let before = self.holder(proc);
            if !is_none(before) && before != thread {
                self.held_mut(before).proc = NONE;
                self.tell(before, moment, watch);
            }
            *self.proc_mut(proc) = Proc {
                thread,
                state: ProcState::Running,
            };
            self.take(thread, proc, moment, watch);
        }
        self.tell(thread, moment, watch);
    }

    /// Nothing is known of anybody any more.
    fn forget(&mut self, moment: Moment, watch: &mut impl Watch) {
        for flags in &mut self.flags {
            *flags &= flag::WORKER;
        }
        let change = Change {
            time: moment.time,
            after: 0,
            show: Show::UNKNOWN,
            arrives: false,
        };
        for slot in 0..self.threads.len() {
            self.threads[slot] = Held::NOTHING;
            watch.thread(slot as u32, change);
        }
        for slot in 0..self.procs.len() {
            self.procs[slot] = Proc::NEW;
            watch.proc(slot as u32, change);
        }
    }
}

/// The flag of what is open on a goroutine; 0 for the collector's own.
pub(super) fn flag_of(kind: RangeKind) -> u8 {
    match kind {
        RangeKind::Mark => 0,
        RangeKind::Sweep => flag::SWEEP,
        RangeKind::Assist => flag::ASSIST,
        RangeKind::Stop => flag::STOP,
    }
}
