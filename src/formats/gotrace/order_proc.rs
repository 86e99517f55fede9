//! Steps of procs; see [`super::order`].

use super::order::{Advance, Broken, Order, Out, Step};
use super::state::{ProcStatus, Ranges};
use crate::model::trace::{NONE, ProcState, is_none};

impl Order {
    pub(super) fn proc_start(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let [id, count, ..] = step.record.args;
        let count = self.count(count);
        // A thread that still has a proc is in a call in which it will lose that first.
        let is_free = is_none(step.context.proc) || self.is_unsure(step.context.thread);
        let known = match self.forces {
            true => self.all.proc_slot(id, out.world),
            false => self.all.proc(id),
        };
        let Some(slot) = known.filter(|_| is_free) else {
            return Ok(None);
        };
        self.all.list_proc(slot);
        let proc = &mut self.all.procs[slot as usize];
        if proc.count.is_any() && self.has_doubt || self.forces {
            self.all.release(slot);
        } else if proc.status != ProcStatus::Idle || !proc.count.is_followed_by(count) {
            return Ok(None);
        }
        let proc = &mut self.all.procs[slot as usize];
        if is_none(step.context.thread) {
            return Err(Broken::NoThread);
        }
        (proc.status, proc.count) = (ProcStatus::Running, count);
        proc.holder = step.context.thread;
        let displaced = step.context.proc;
        // Another thread may have shown by now that it has it.
        if !is_none(displaced)
            && displaced != slot
            && self.all.procs[displaced as usize].holder == step.context.thread
        {
            self.all.procs[displaced as usize].lose();
        }
        let what = Step::proc_transition(slot, ProcState::Idle, ProcState::Running);
        step.emit(out, 0, what);
        Ok(Some((slot, step.context.goroutine)))
    }

    pub(super) fn proc_stop(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        step.needs_proc()?;
        let slot = step.context.proc;
        let proc = &mut self.all.procs[slot as usize];
        if !matches!(proc.status, ProcStatus::Running | ProcStatus::Syscall) {
            return Err(Broken::State);
        }
        proc.status = ProcStatus::Idle;
        let what = Step::proc_transition(slot, ProcState::Running, ProcState::Idle);
        step.emit(out, 0, what);
        Ok(Some((NONE, step.context.goroutine)))
    }

    /// A thread in a call of the system loses its proc, mostly to another thread.
    pub(super) fn proc_steal(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let [id, count, from, _] = step.record.args;
        let count = self.count(count);
        let Some(slot) = self.all.proc(id) else {
            return Ok(None);
        };
        self.all.list_proc(slot);
        let proc = &mut self.all.procs[slot as usize];
        let before = proc.status;
        let is_next = matches!(before, ProcStatus::Syscall | ProcStatus::Abandoned)
            && proc.count.is_followed_by(count);
        if !is_next && !self.forces {
            return Ok(None);
        }
        if is_none(step.context.thread) {
            return Err(Broken::NoThread);
        }
        (proc.status, proc.count) = (ProcStatus::Idle, count);
        let what = Step::proc_transition(slot, before.state(), ProcState::Idle);
        // Whose it was is not known: that thread may have gone on.
        if before == ProcStatus::Abandoned {
            step.emit(out, 0, what);
            return step.keeps();
        }
        let is_own = if self.has_doubt {
            self.all.release(slot);
            slot == step.context.proc
        } else {
            let victim = self.all.thread(from).ok_or(Broken::Unknown)?;
            let held = &mut self.all.threads[victim as usize];
            if held.proc != slot {
                return Err(Broken::WrongProc);
            }
            held.proc = NONE;
            victim == step.context.thread
        };
        step.emit(out, 0, what);
        match is_own {
            true => Ok(Some((NONE, step.context.goroutine))),
            false => step.keeps(),
        }
    }

    /// Each generation says once of each proc what it is doing.
    pub(super) fn proc_status(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let [id, status, ..] = step.record.args;
        let status = ProcStatus::of(status).ok_or(Broken::ProcStatus)?;
        let count = self.count(0);
        let slot = self.all.proc_slot(id, out.world).ok_or(Broken::TooMany)?;
        let is_first = self.is_first();
        let proc = &mut self.all.procs[slot as usize];
        let mut context = step.context;
        let (from, to) = match (proc.status, status) {
            (ProcStatus::Unknown, new) => {
                proc.status = new;
                let from = match is_first {
                    true => ProcState::Undetermined,
                    false => ProcState::NotExist,
                };
                (from, new.state())
            }
            // What is lost is known here. It is about to be taken, and mostly not by the thread
            // that has it, whose event it is all the same.
            (ProcStatus::Syscall, ProcStatus::Abandoned) => {
                let owner = self.all.holder(slot).ok_or(Broken::WrongProc)?;
                context.thread = owner;
                context.proc = slot;
                context.goroutine = self.all.threads[owner as usize].goroutine;
                (ProcState::Running, ProcState::Running)
            }
            (before, new) if before == new => (new.state(), new.state()),
            (before, new) if self.has_doubt => {
                // What was thought of it is wrong, and what was open with it.
                (proc.status, proc.ranges) = (new, Ranges::default());
                self.all.release(slot);
                (before.state(), new.state())
            }
            _ => return Err(Broken::Inconsistent),
        };
        let is_elsewhere = from != to && step.context.proc == slot;
        self.all.procs[slot as usize].count = count;
        step.emit_as(out, context, 0, Step::proc_transition(slot, from, to));
        let holds = match status {
            ProcStatus::Running | ProcStatus::Syscall => {
                if self.has_doubt && self.all.procs[slot as usize].holder != step.context.thread {
                    // Another thread was thought to have it.
                    self.all.release(slot);
                }
                self.all.procs[slot as usize].holder = step.context.thread;
                slot
            }
            _ if is_elsewhere => NONE,
            _ => step.context.proc,
        };
        Ok(Some((holds, step.context.goroutine)))
    }
}
