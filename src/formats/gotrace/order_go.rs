//! Steps of goroutines; see [`super::order`].

use super::order::{Advance, Broken, Context, Order, Out, Step, known};
use super::spec;
use super::state::{GoStatus, Goroutine, ProcStatus};
use super::wire::NO_THREAD;
use crate::model::trace::{GoState, NONE, ProcState, What, is_none};

impl Order {
    /// The goroutine that a record is of runs on its thread.
    #[inline(always)]
    fn running(&mut self, step: &Step<'_>) -> Result<&mut Goroutine, Broken> {
        step.needs_all()?;
        let goroutine = &mut self.all.goroutines[step.context.goroutine as usize];
        match goroutine.status {
            GoStatus::Running => Ok(goroutine),
            _ => Err(Broken::State),
        }
    }

    /// The slot of a goroutine that waits for just this record: in that status, and with the
    /// count before; and the state that it was in until now, as far as that is known.
    #[inline(always)]
    fn awaited(
        &mut self,
        id: u64,
        count: u64,
        status: GoStatus,
        out: &mut Out<'_>,
    ) -> Option<(u32, GoState)> {
        if self.forces {
            return self.forced(id, count, status, out);
        }
        let slot = self.all.goroutine(id)?;
        let goroutine = &self.all.goroutines[slot as usize];
        let is_it = goroutine.status == status || goroutine.status == GoStatus::Unknown;
        let follows = goroutine.count.is_followed_by(self.count(count));
        (is_it && follows).then_some((slot, status.state()))
    }

    /// The same of a record that is taken at its word.
    #[cold]
    fn forced(
        &mut self,
        id: u64,
        count: u64,
        status: GoStatus,
        out: &mut Out<'_>,
    ) -> Option<(u32, GoState)> {
        let slot = self.all.goroutine(id);
        let slot = slot.unwrap_or_else(|| self.all.add_goroutine(id, out.world));
        let goroutine = &self.all.goroutines[slot as usize];
        // What comes too late is no news.
        let before = goroutine.count;
        if before.generation == self.generation && before.number >= count {
            return None;
        }
        // It may have been in that state before: what lies between has not been seen.
        let was = match goroutine.status == status {
            true => GoState::Undetermined,
            false => status.state(),
        };
        self.all.leave(slot);
        Some((slot, was))
    }

    pub(super) fn go_start(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let [id, count, ..] = step.record.args;
        let Some((slot, was)) = self.awaited(id, count, GoStatus::Runnable, out) else {
            return Ok(None);
        };
        step.needs_proc()?;
        let in_the_way = step.context.goroutine;
        if !is_none(in_the_way) {
            if !self.has_doubt {
                return Err(Broken::GoroutineInTheWay);
            }
            // It has stopped, unseen.
            self.all.goroutines[in_the_way as usize] = Goroutine::default();
        }
        let count = self.count(count);
        let goroutine = &mut self.all.goroutines[slot as usize];
        (goroutine.status, goroutine.count) = (GoStatus::Running, count);
        goroutine.holder = step.context.thread;
        let what = Step::transition(slot, was, GoState::Running);
        step.emit(out, 0, what);
        Ok(Some((step.context.proc, slot)))
    }

    /// It yields, blocks, or ends.
    pub(super) fn go_stop(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let goroutine = self.running(step)?;
        let slot = step.context.goroutine;
        let [reason, stack, ..] = step.record.args;
        let to = match step.record.kind {
            spec::GO_STOP => GoStatus::Runnable,
            spec::GO_BLOCK => GoStatus::Waiting,
            _ => {
                let what = Step::transition(slot, GoState::Running, GoState::NotExist);
                step.emit(out, 0, what);
                self.all.remove_goroutine(slot, out.world);
                return Ok(Some((step.context.proc, NONE)));
            }
        };
        goroutine.status = to;
        let what = What::Goroutine {
            goroutine: slot,
            from: GoState::Running,
            to: to.state(),
            reason: step.string(reason),
            stack: step.stack(stack),
        };
        step.emit(out, stack, what);
        Ok(Some((step.context.proc, NONE)))
    }

    /// Anybody may wake a goroutine: the poller and timers have neither proc nor goroutine.
    pub(super) fn go_unblock(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let [id, count, stack, _] = step.record.args;
        let Some((slot, was)) = self.awaited(id, count, GoStatus::Waiting, out) else {
            return Ok(None);
        };
        let count = self.count(count);
        let goroutine = &mut self.all.goroutines[slot as usize];
        (goroutine.status, goroutine.count) = (GoStatus::Runnable, count);
        let what = Step::transition(slot, was, GoState::Runnable);
        step.emit(out, stack, what);
        if slot == step.context.goroutine {
            return Ok(Some((step.context.proc, NONE)));
        }
        step.keeps()
    }

    /// One record stands for three events: the other is woken, this one waits or ends, the other
    /// runs.
    pub(super) fn go_switch(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        self.running(step)?;
        let [id, count, ..] = step.record.args;
        let Some((next, was)) = self.awaited(id, count, GoStatus::Waiting, out) else {
            return Ok(None);
        };
        let current = step.context.goroutine;
        if next == current {
            return Err(Broken::State);
        }
        let wake = Step::transition(next, was, GoState::Runnable);
        step.emit(out, 0, wake);
        if step.record.kind == spec::GO_SWITCH {
            self.all.goroutines[current as usize].status = GoStatus::Waiting;
            let what = Step::transition(current, GoState::Running, GoState::Waiting);
            step.emit(out, 0, what);
        } else {
            let what = Step::transition(current, GoState::Running, GoState::NotExist);
            step.emit(out, 0, what);
            self.all.remove_goroutine(current, out.world);
        }
        let count = self.count(count);
        let goroutine = &mut self.all.goroutines[next as usize];
        (goroutine.status, goroutine.count) = (GoStatus::Running, count);
        goroutine.holder = step.context.thread;
        let context = Context {
            goroutine: NONE,
            ..step.context
        };
        let what = Step::transition(next, GoState::Runnable, GoState::Running);
        step.emit_as(out, context, 0, what);
        Ok(Some((step.context.proc, next)))
    }

    /// The slot for a goroutine that is created.
    fn create(&mut self, id: u64, status: GoStatus, out: &mut Out<'_>) -> Result<u32, Broken> {
        let slot = match self.all.goroutine(id) {
            Some(slot) if known(self.all.goroutines[slot as usize].status).is_some() => {
                return Err(Broken::Exists);
            }
            Some(slot) => slot,
            None => self.all.add_goroutine(id, out.world),
        };
        let count = self.count(0);
        let goroutine = &mut self.all.goroutines[slot as usize];
        (goroutine.status, goroutine.count) = (status, count);
        Ok(slot)
    }

    /// By a goroutine, or by a timer on a proc that runs none.
    pub(super) fn go_create(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        step.needs_proc()?;
        if !is_none(step.context.goroutine) {
            self.running(step)?;
        }
        let [id, start, stack, _] = step.record.args;
        let status = match step.record.kind {
            spec::GO_CREATE => GoStatus::Runnable,
            _ => GoStatus::Waiting,
        };
        let slot = self.create(id, status, out)?;
        let what = What::Goroutine {
            goroutine: slot,
            from: GoState::NotExist,
            to: status.state(),
            reason: 0,
            stack: step.stack(start),
        };
        step.emit(out, stack, what);
        step.keeps()
    }

    /// A thread of C calls into Go: its goroutine begins in a call of the system.
    pub(super) fn go_create_syscall(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        if is_none(step.context.thread) {
            return Err(Broken::NoThread);
        }
        if !is_none(step.context.goroutine) {
            return Err(Broken::GoroutineInTheWay);
        }
        let slot = self.create(step.record.args[0], GoStatus::Syscall, out)?;
        self.all.goroutines[slot as usize].holder = step.context.thread;
        let what = Step::transition(slot, GoState::NotExist, GoState::Syscall);
        step.emit(out, 0, what);
        Ok(Some((step.context.proc, slot)))
    }

    /// The goroutine of a thread of C ends. The thread's number may be used again at once, so a
    /// proc that it still holds is nobody's from here on.
    pub(super) fn go_destroy_syscall(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let Context {
            thread,
            proc,
            goroutine,
        } = step.context;
        if is_none(thread) {
            return Err(Broken::NoThread);
        }
        if is_none(goroutine) {
            return Err(Broken::NoGoroutine);
        }
        if self.all.goroutines[goroutine as usize].status != GoStatus::Syscall {
            return Err(Broken::State);
        }
        if !is_none(proc) {
            let held = &mut self.all.procs[proc as usize];
            if held.status != ProcStatus::Syscall {
                return Err(Broken::State);
            }
            held.status = ProcStatus::Abandoned;
            let what = Step::proc_transition(proc, ProcState::Running, ProcState::Idle);
            step.emit(out, 0, what);
        }
        let what = Step::transition(goroutine, GoState::Syscall, GoState::NotExist);
        step.emit(out, 0, what);
        self.all.remove_goroutine(goroutine, out.world);
        Ok(Some((NONE, NONE)))
    }

    pub(super) fn syscall_begin(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let [count, stack, ..] = step.record.args;
        let (count, has_doubt) = (self.count(count), self.has_doubt);
        let goroutine = self.running(step)?;
        goroutine.status = GoStatus::Syscall;
        // The proc's count tells which call a proc is taken from when clocks do not; the proc
        // runs here, so that there is nothing to wait for.
        let proc = &mut self.all.procs[step.context.proc as usize];
        if !proc.count.is_followed_by(count) && !has_doubt {
            return Err(Broken::Count);
        }
        (proc.status, proc.count) = (ProcStatus::Syscall, count);
        let what = What::Goroutine {
            goroutine: step.context.goroutine,
            from: GoState::Running,
            to: GoState::Syscall,
            reason: 0,
            stack: step.stack(stack),
        };
        step.emit(out, stack, what);
        step.keeps()
    }

    /// The call has ended, and the thread still has its proc.
    pub(super) fn syscall_end(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        step.needs_all()?;
        let goroutine = &mut self.all.goroutines[step.context.goroutine as usize];
        let proc = &mut self.all.procs[step.context.proc as usize];
        if goroutine.status != GoStatus::Syscall || proc.status != ProcStatus::Syscall {
            return Err(Broken::State);
        }
        (goroutine.status, proc.status) = (GoStatus::Running, ProcStatus::Running);
        let slot = step.context.goroutine;
        let what = Step::transition(slot, GoState::Syscall, GoState::Running);
        step.emit(out, 0, what);
        step.keeps()
    }

    /// The call has ended, and the proc was lost in it. Not before it *is* lost: until then the
    /// thread has one that is in a call.
    pub(super) fn syscall_end_blocked(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let Context {
            thread,
            proc,
            goroutine,
        } = step.context;
        let held = self.all.procs.get(proc as usize);
        let has_proc = held.is_some_and(|held| held.status == ProcStatus::Syscall);
        if has_proc && !self.forces {
            return Ok(None);
        }
        if is_none(thread) {
            return Err(Broken::NoThread);
        }
        if is_none(goroutine) {
            return Err(Broken::NoGoroutine);
        }
        let state = &mut self.all.goroutines[goroutine as usize];
        if state.status != GoStatus::Syscall {
            return Err(Broken::State);
        }
        state.status = GoStatus::Runnable;
        let mut keeps = proc;
        if has_proc {
            // It was lost, unseen, and where it went is not known.
            self.all.procs[proc as usize].lose();
            let what = Step::proc_transition(proc, ProcState::Running, ProcState::Idle);
            step.emit(out, 0, what);
            keeps = NONE;
        }
        let what = Step::transition(goroutine, GoState::Syscall, GoState::Runnable);
        step.emit(out, 0, what);
        Ok(Some((keeps, NONE)))
    }

    /// Each generation says once of each goroutine what it is doing.
    pub(super) fn go_status(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let [id, on, status, stack] = step.record.args;
        let stack = match step.record.kind {
            spec::GO_STATUS_STACK => stack,
            _ => 0,
        };
        let status = GoStatus::of(status).ok_or(Broken::GoStatus)?;
        let count = self.count(0);
        let known = self.all.goroutine(id).and_then(|slot| {
            let status = known(self.all.goroutines[slot as usize].status)?;
            Some((slot, status))
        });
        let (slot, from) = match known {
            Some((_, before)) if before != status && !self.has_doubt => {
                return Err(Broken::Inconsistent);
            }
            Some((slot, before)) => (slot, before.state()),
            None if !self.is_first() && !self.has_lost => return Err(Broken::Unknown),
            None => {
                let slot = self.all.goroutine(id);
                let slot = slot.unwrap_or_else(|| self.all.add_goroutine(id, out.world));
                (slot, GoState::Undetermined)
            }
        };
        let mut context = step.context;
        let mut holds = step.context.goroutine;
        if self.has_doubt && from != status.state() {
            // What was thought of it is wrong, and what was open with it.
            self.all.leave(slot);
            self.all.goroutines[slot as usize].close();
            if holds == slot {
                holds = NONE;
            }
        } else if self.has_doubt && status == GoStatus::Running && holds != slot {
            // It runs elsewhere than was thought.
            self.all.leave(slot);
        }
        let goroutine = &mut self.all.goroutines[slot as usize];
        (goroutine.status, goroutine.count) = (status, count);
        if status == GoStatus::Running {
            holds = slot;
        } else if status == GoStatus::Syscall {
            if on == NO_THREAD {
                return Err(Broken::NoThread);
            }
            let thread = self.all.thread(on);
            if thread == Some(step.context.thread) {
                // After the first generation the thread has been seen to make the call.
                if !self.is_first() && holds != slot && !self.has_lost {
                    return Err(Broken::WrongThread);
                }
                holds = slot;
            } else {
                context = self.in_call_on(thread, on, slot, context, out)?;
            }
        }
        if holds == slot {
            self.all.goroutines[slot as usize].holder = step.context.thread;
        }
        let what = What::Goroutine {
            goroutine: slot,
            from,
            to: status.state(),
            reason: 0,
            stack: step.stack(stack),
        };
        step.emit_as(out, context, stack, what);
        Ok(Some((step.context.proc, holds)))
    }

    /// A goroutine has been in a call for a whole generation, on a thread that says nothing, and
    /// of which another tells. Gives whose event it is.
    fn in_call_on(
        &mut self,
        thread: Option<u32>,
        id: u64,
        goroutine: u32,
        mut context: Context,
        out: &mut Out<'_>,
    ) -> Result<Context, Broken> {
        let slot = self.all.thread_slot(id, out.world);
        let slot = slot.ok_or(Broken::TooMany)?;
        context.thread = slot;
        let held = &mut self.all.threads[slot as usize];
        let is_new = thread.is_none() || self.has_lost && is_none(held.goroutine);
        if is_new || self.has_doubt && held.goroutine != goroutine {
            held.goroutine = goroutine;
            self.all.goroutines[goroutine as usize].holder = slot;
        } else if held.goroutine == goroutine {
            context.goroutine = goroutine;
        } else {
            return Err(Broken::WrongThread);
        }
        Ok(context)
    }
}
