//! Goroutines and procs of an analysis: what changes with each of their transitions.

use super::groups::{Groups, UNNAMED};
use super::live::{Live, OpenRegion, Span, Worker, difference};
use super::sites::Sites;
use super::{Change, Reason, TraceAnalysis, finish, open_span};
use crate::model::trace::{Cause, Event, GoState, NONE, ProcState, Spent, World, is_none};

/// Adds what a goroutine did to the sites and to its group.
#[inline(always)]
fn file(sites: &mut Sites, groups: &mut Groups, live: &mut Live, span: &Span, is_early: bool) {
    let making = &mut groups.all[live.group as usize];
    making.add(span);
    if span.is_open {
        sites.open(live.group, span);
        return;
    }
    sites.add(live.group, span, is_early, &mut live.recent);
    if span.state == GoState::Runnable {
        sites.latency(span, making.is_system);
    }
}

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
        let known = &self.live[at];
        if !is_first && known.is_there {
            match known.state == from && !known.is_doubted {
                true => self.leave(goroutine, now, to),
                // It has come into that state unseen.
                false => self.doubt(goroutine, now),
            }
        } else if from == GoState::Undetermined
            && known.is_there
            && world.goroutine(goroutine) == Some(known.id)
        {
            self.doubt(goroutine, now);
        } else {
            self.appear(event, change, world);
        }
        if self.live[at].group == UNNAMED && change.stack != 0 {
            self.name(goroutine, change.stack, now, world);
        }
        self.enter(event, change, world);
    }

    /// A goroutine is seen for the first time.
    pub(super) fn appear(&mut self, event: &Event, change: &Change, world: &World) {
        let at = change.goroutine as usize;
        let is_new = change.from == GoState::NotExist;
        // Of a slot's earlier goroutine nothing was heard after something was lost.
        if self.live[at].is_there {
            self.end(change.goroutine, event.time, false);
        }
        self.alive += 1;
        if let Some(heard) = &mut self.heard {
            // Slots are used again and again.
            if heard.len() > 2 * self.live.len() {
                heard.sort_unstable();
                heard.dedup();
            }
            heard.push(change.goroutine);
        }
        // Who is found and not new was there since all was known the last time, and in every
        // count since then.
        self.most_since = match is_new {
            true => self.most_since.max(self.alive),
            false => self.most_since + 1,
        };
        self.created += u64::from(is_new);
        let id = world.goroutine(change.goroutine).unwrap_or(0);
        if self.live[at].gone.is_some() {
            if self.live[at].id == id && !is_new {
                self.resume(change.goroutine);
                return;
            }
            self.fold_gone(change.goroutine);
        }
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
            id,
            is_there: true,
            is_early: !is_new,
            created: if is_new { event.time } else { self.sync },
            regions: inherited.into_iter().collect(),
            ..Live::default()
        };
    }

    /// A goroutine is heard of again after something was lost: it is the same one still.
    fn resume(&mut self, goroutine: u32) {
        let live = &mut self.live[goroutine as usize];
        live.is_there = true;
        live.is_early = true;
        live.gone = None;
        // A region that ends next began in the lost time, or before it.
        live.regions.push(OpenRegion {
            name: None,
            task: 0,
            from: self.sync,
            before: live.spent(self.sync),
        });
    }

    /// Records of a goroutine are missing: since its last one nothing is known of it.
    #[cold]
    #[inline(never)]
    pub(super) fn doubt(&mut self, goroutine: u32, now: u64) {
        let live = &mut self.live[goroutine as usize];
        (live.since, live.told, live.lost) = (now, now, 0);
        let proc = std::mem::replace(&mut live.proc, NONE);
        live.worker = Worker::None;
        let (state, was_doubted) = (live.state, live.is_doubted);
        live.is_doubted = true;
        if !was_doubted {
            self.count(now, state, GoState::Undetermined);
        }
        if let Some(held) = self.procs.get(proc) {
            if held.caller == goroutine {
                held.caller = NONE;
            }
            if held.goroutine == goroutine {
                self.procs.stop(proc, now);
            }
        }
    }

    /// A goroutine runs on a proc: who was still thought to be running there is not.
    #[inline(always)]
    fn displace(&mut self, proc: u32, goroutine: u32, now: u64) {
        let Some(held) = self.procs.get(proc) else {
            return;
        };
        let other = held.goroutine;
        if is_none(other) || other == goroutine {
            return;
        }
        let is_running = |other: &Live| other.state == GoState::Running && other.proc == proc;
        if self.live.get(other as usize).is_some_and(is_running) {
            self.doubt(other, now);
        }
    }

    /// From now on nothing is known of a goroutine, which may be heard of again. All have told of
    /// their time until `from`, and some until now.
    pub(super) fn lose(&mut self, goroutine: u32, from: u64, now: u64) {
        let live = &self.live[goroutine as usize];
        let known = live.since.max(live.told).max(live.lost);
        self.close(goroutine, from.max(known).min(now));
        self.settle(goroutine, false);
        self.end_regions(goroutine, now);
        self.cease(goroutine, now);
        let state = self.live[goroutine as usize].known();
        self.count(now, state, GoState::Undetermined);
        let told = self.told;
        let live = &mut self.live[goroutine as usize];
        live.end_ranges(now);
        (live.is_there, live.gone) = (false, Some((now, told)));
        live.is_doubted = false;
        live.state = GoState::Undetermined;
        (live.proc, live.worker, live.assist) = (NONE, Worker::None, 0);
    }

    /// Nothing was heard any more of a goroutine after something was lost.
    pub(super) fn fold_gone(&mut self, goroutine: u32) {
        self.settle(goroutine, true);
        let mut live = std::mem::take(&mut self.live[goroutine as usize]);
        let (now, _) = live.gone.unwrap_or_default();
        finish::fold(self, &mut live, now);
    }

    /// What a goroutine does goes on when nothing more is known.
    pub(super) fn close(&mut self, goroutine: u32, now: u64) {
        let live = &mut self.live[goroutine as usize];
        let Some(span) = open_span(live, now) else {
            return;
        };
        if !live.is_over {
            live.count(&span);
            // It is counted now.
            (live.since, live.lost) = (now, 0);
        }
        live.pending.push(span);
    }

    /// It is none of those any more that its group has at the same time.
    fn cease(&mut self, goroutine: u32, now: u64) {
        let live = &self.live[goroutine as usize];
        let (state, group) = (live.state, live.group);
        let reason = self.reasons.known.get(live.reason as usize);
        let doing = super::doing_of(state, reason.copied().unwrap_or_default());
        self.groups.all[group as usize].change(now, doing, None);
    }

    /// Regions that go on are cut off.
    pub(super) fn end_regions(&mut self, goroutine: u32, now: u64) {
        let live = &mut self.live[goroutine as usize];
        let regions = std::mem::take(&mut live.regions);
        if self.groups.all[live.group as usize].is_system {
            return;
        }
        let spent = live.spent(now);
        for region in regions {
            if let Some(name) = region.name {
                let part = difference(spent, region.before);
                self.tasks
                    .region(region.task, name, live.id, region.from, part, self.begin);
            }
        }
    }

    /// A goroutine's stack is seen for the first time: its outermost frame is where it began.
    pub(super) fn name(&mut self, goroutine: u32, stack: u32, now: u64, world: &World) {
        let Some(root) = world.stack(stack).next_back() else {
            return;
        };
        let group = self.groups.of(root.function, world);
        if group == UNNAMED {
            return;
        }
        let live = &mut self.live[goroutine as usize];
        live.group = group;
        let (state, reason, id) = (live.state, live.reason, live.id);
        let (has_waited, is_early) = (!live.pending.is_empty(), live.is_early);
        let doing = self.doing(state, reason, world);
        let making = &mut self.groups.all[group as usize];
        making.count += 1;
        let is_system = making.is_system;
        // One that has only just appeared does nothing yet.
        if doing.is_some() {
            if is_early {
                making.find(now, doing);
                self.groups.all[UNNAMED as usize].unfind(now, doing);
            } else {
                making.change(now, None, doing);
                self.groups.all[UNNAMED as usize].change(now, doing, None);
            }
        }
        if has_waited {
            self.sites.name_worst(id, group, is_system);
        }
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
                let held = self.procs.get(proc);
                if held.is_some_and(|held| held.goroutine == goroutine) {
                    self.procs.stop(proc, now);
                }
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
                if !self.groups.all[live.group as usize].is_system {
                    self.sites.worst(live, now, &self.procs);
                }
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
        if live.pending.is_empty() && live.group != UNNAMED && live.started > 0 {
            let is_early = span.to <= live.started;
            file(&mut self.sites, &mut self.groups, live, &span, is_early);
        } else {
            live.pending.push(span);
            self.settle(goroutine, to == GoState::NotExist);
        }
    }

    /// Hands on what has ended, once it is known whose it is and whether that one ever ran.
    pub(super) fn settle(&mut self, goroutine: u32, is_last: bool) {
        let live = &mut self.live[goroutine as usize];
        if !is_last && (live.group == UNNAMED || live.started == 0) {
            // Without end only where a trace is made to be so.
            if live.pending.len() < 64 {
                return;
            }
        }
        let spans = std::mem::take(&mut live.pending);
        for span in &spans {
            let is_early = live.started > 0 && span.to <= live.started;
            file(&mut self.sites, &mut self.groups, live, span, is_early);
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
        // As it is found, so it was since the generation began, unless it is known to have done
        // something else since.
        let is_found = from == GoState::Undetermined && before == GoState::Undetermined;
        let since = match is_found {
            true => self.sync.max(live.since).min(now),
            false => now,
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
        let making = &mut self.groups.all[group as usize];
        match is_found {
            true => making.find(now, doing),
            false => making.change(now, doing_before, doing),
        }
        let live = &mut self.live[goroutine as usize];
        let counted = match std::mem::take(&mut live.is_doubted) {
            true => GoState::Undetermined,
            false => before,
        };
        self.count(now, counted, to);
        let live = &mut self.live[goroutine as usize];
        match to {
            GoState::Running => {
                self.displace(event.proc, goroutine, now);
                let live = &mut self.live[goroutine as usize];
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
        let state = live.known();
        let proc = live.proc;
        if let Some(held) = self.procs.get(proc)
            && held.caller == goroutine
        {
            held.caller = NONE;
        }
        self.count(now, state, GoState::Undetermined);
        self.end_regions(goroutine, now);
        self.cease(goroutine, now);
        let mut live = std::mem::take(&mut self.live[goroutine as usize]);
        self.alive = self.alive.saturating_sub(1);
        finish::fold(self, &mut live, now);
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
