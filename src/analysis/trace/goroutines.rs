//! Goroutines and procs of an analysis: what changes with each of their transitions.

use super::live::{Live, OpenRegion, Worker};
use super::{Change, Reason, TraceAnalysis};
use crate::model::trace::{Cause, Event, GoState, NO_GROUP, NONE, ProcState, Spent, World};

impl TraceAnalysis {
    pub(super) fn goroutine(&mut self, event: &Event, change: &Change, world: &World) {
        let Change {
            goroutine,
            from,
            to,
            ..
        } = *change;
        // A new generation repeats what is known.
        if from == to {
            return;
        }
        let now = event.time;
        let at = goroutine as usize;
        if at >= self.live.len() {
            self.live.resize(at + 1, Live::default());
        }
        let is_first = matches!(from, GoState::Undetermined | GoState::NotExist);
        match is_first || !self.live[at].is_there {
            true => self.appear(event, change, world),
            false => self.leave(goroutine, now, to),
        }
        if self.live[at].group == NO_GROUP && change.stack != 0 {
            self.name(goroutine, change.stack, now, world);
        }
        self.enter(event, change, world);
    }

    /// A goroutine is seen for the first time.
    pub(super) fn appear(&mut self, event: &Event, change: &Change, world: &World) {
        let at = change.goroutine as usize;
        // Of a slot's earlier goroutine nothing was heard after something was lost.
        if self.live[at].is_there {
            self.end(change.goroutine, event.time, false);
        }
        let is_new = change.from == GoState::NotExist;
        let creator = self.live.get(event.goroutine as usize);
        let inherited = creator
            .and_then(|creator| creator.regions.last())
            .filter(|_| is_new);
        let inherited = inherited.map(|region| OpenRegion {
            name: None,
            task: region.task,
            from: event.time,
            before: Spent::default(),
        });
        self.live[at] = Live {
            id: world.goroutine(change.goroutine).unwrap_or(0),
            is_there: true,
            created: if is_new { event.time } else { self.sync },
            regions: inherited.into_iter().collect(),
            ..Live::default()
        };
        self.alive += 1;
        self.most_alive = self.most_alive.max(self.alive);
        self.created += u64::from(is_new);
    }

    /// A goroutine's stack is seen for the first time: its outermost frame is where it began.
    pub(super) fn name(&mut self, goroutine: u32, stack: u32, now: u64, world: &World) {
        let Some(root) = world.stack(stack).next_back() else {
            return;
        };
        let group = self.groups.of(root.function, world);
        let live = &mut self.live[goroutine as usize];
        live.group = group;
        let (state, reason) = (live.state, live.reason);
        let doing = self.doing(state, reason, world);
        let making = &mut self.groups.all[group as usize];
        making.count += 1;
        making.change(now, None, doing);
        self.settle(goroutine, false);
    }

    /// The state that a goroutine was in ends.
    pub(super) fn leave(&mut self, goroutine: u32, now: u64, to: GoState) {
        let live = &mut self.live[goroutine as usize];
        let span = live.span(now);
        let (state, proc) = (live.state, live.proc);
        live.count(&span);
        match state {
            GoState::Running if to != GoState::Syscall => {
                live.proc = NONE;
                live.worker = Worker::None;
                self.procs.stop(proc, now);
            }
            GoState::Syscall => {
                live.lost = 0;
                let keeps = to == GoState::Running;
                if !keeps {
                    live.proc = NONE;
                }
                if let Some(held) = self.procs.get(proc) {
                    if held.caller == goroutine {
                        held.caller = NONE;
                    }
                    if held.goroutine == goroutine && !keeps {
                        self.procs.stop(proc, now);
                    }
                }
            }
            GoState::Runnable => {
                let live = &self.live[goroutine as usize];
                let making = self.groups.all.get(live.group as usize);
                let is_system = making.is_some_and(|making| making.is_system);
                self.sites.latency(live, now, is_system, &self.procs);
            }
            _ => {}
        }
        if to == GoState::Running && self.live[goroutine as usize].started == 0 {
            self.live[goroutine as usize].started = now;
        }
        let live = &mut self.live[goroutine as usize];
        if live.is_over || state == GoState::Undetermined {
            return;
        }
        if live.pending.is_empty() && live.group != NO_GROUP && live.started > 0 {
            let (group, is_early) = (live.group, span.to <= live.started);
            self.sites.add(group, &span, is_early, &mut live.recent);
            if let Some(making) = self.groups.all.get_mut(group as usize) {
                making.add(&span);
            }
        } else {
            live.pending.push(span);
            self.settle(goroutine, to == GoState::NotExist);
        }
    }

    /// Hands on what has ended, once it is known whose it is and whether that one ever ran.
    pub(super) fn settle(&mut self, goroutine: u32, is_last: bool) {
        let live = &mut self.live[goroutine as usize];
        if !is_last && (live.group == NO_GROUP || live.started == 0) {
            // Without end only where a trace is made to be so.
            if live.pending.len() < 64 {
                return;
            }
        }
        let spans = std::mem::take(&mut live.pending);
        let (group, started) = (live.group, live.started);
        for span in &spans {
            let is_early = started > 0 && span.to <= started;
            self.sites.add(group, span, is_early, &mut live.recent);
            if let Some(making) = self.groups.all.get_mut(group as usize) {
                making.add(span);
            }
        }
        // Its room is used again.
        live.pending = spans;
        live.pending.clear();
    }

    /// A goroutine comes into a state.
    pub(super) fn enter(&mut self, event: &Event, change: &Change, world: &World) {
        let Change {
            goroutine,
            from,
            to,
            reason,
            ..
        } = *change;
        let now = event.time;
        let waker = self.group_of(event.goroutine);
        let why = self.reasons.of(reason, world);
        let live = &mut self.live[goroutine as usize];
        let (before, reason_before, group) = (live.state, live.reason, live.group);
        let since = match from {
            GoState::Undetermined => self.sync,
            _ => now,
        };
        if to == GoState::Runnable {
            live.cause = match from {
                GoState::NotExist => Cause::Created,
                GoState::Waiting => Cause::Unblocked,
                GoState::Syscall => Cause::Syscall,
                GoState::Running if why == Reason::Preempted => Cause::Preempted,
                GoState::Running => Cause::Yielded,
                _ => Cause::Unknown,
            };
            live.waker = waker;
            live.prior = if from == GoState::Waiting {
                live.reason
            } else {
                0
            };
            if from == GoState::Waiting {
                let time = now - live.since;
                self.sites.wake(waker, group, live.reason, time);
            }
        }
        let is_forever = to == GoState::Waiting && why == Reason::Forever;
        live.state = to;
        live.reason = if to == GoState::Waiting { reason } else { 0 };
        live.stack = event.stack;
        (live.since, live.told) = (since, now);
        let doing_before = match before {
            GoState::Undetermined => None,
            _ => self.doing(before, reason_before, world),
        };
        let doing = self.doing(to, reason, world);
        if let Some(making) = self.groups.all.get_mut(group as usize) {
            making.change(now, doing_before, doing);
        }
        self.count(now, before, to);
        let live = &mut self.live[goroutine as usize];
        match to {
            GoState::Running => {
                if from != GoState::Syscall || live.proc != event.proc {
                    live.proc = event.proc;
                    live.started = if live.started == 0 { now } else { live.started };
                    let (group, is_assisting) = (live.group, live.assist > 0);
                    self.procs
                        .run(event.proc, goroutine, group, Worker::None, since);
                    if let Some(proc) = self.procs.get(event.proc) {
                        proc.is_assisting = is_assisting;
                    }
                } else if let Some(proc) = self.procs.get(event.proc) {
                    proc.is_calling = false;
                }
                self.procs.refresh(event.proc, since);
            }
            GoState::Syscall => {
                live.proc = event.proc;
                let group = live.group;
                if from != GoState::Running {
                    self.procs
                        .run(event.proc, goroutine, group, Worker::None, since);
                }
                self.live[goroutine as usize].worker = Worker::None;
                if let Some(proc) = self.procs.get(event.proc) {
                    proc.is_calling = true;
                    proc.caller = goroutine;
                    // A label is for a run.
                    proc.worker = Worker::None;
                }
                self.procs.refresh(event.proc, since);
            }
            GoState::NotExist => self.end(goroutine, now, true),
            GoState::Waiting if is_forever => {
                live.is_over = true;
                live.ended = now;
            }
            _ => {}
        }
    }

    /// A goroutine is no more, or nothing is known of it any more.
    pub(super) fn end(&mut self, goroutine: u32, now: u64, is_known: bool) {
        self.settle(goroutine, true);
        let live = &mut self.live[goroutine as usize];
        if is_known {
            live.ended = now;
            self.ended += 1;
        }
        let mut live = std::mem::take(&mut self.live[goroutine as usize]);
        self.alive = self.alive.saturating_sub(1);
        self.fold(&mut live, now);
    }

    /// A proc changes hands.
    pub(super) fn proc(&mut self, event: &Event, slot: u32, from: ProcState, to: ProcState) {
        let now = event.time;
        // As it is found, so it was since the generation began.
        let since = match from {
            ProcState::Undetermined => self.sync,
            _ => now,
        };
        let Some(proc) = self.procs.get(slot) else {
            return;
        };
        if to == ProcState::Running {
            proc.is_held = true;
        } else if from != to {
            let (caller, group) = (proc.caller, proc.group);
            proc.caller = NONE;
            if let Some(live) = self.live.get_mut(caller as usize) {
                live.lost = now;
            }
            self.procs.stop(slot, now);
            if let Some(proc) = self.procs.get(slot) {
                proc.is_held = false;
            }
            self.collector.proc_stops(now, slot, group);
        }
        self.procs.refresh(slot, since);
    }
}
