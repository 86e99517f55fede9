//! What an execution trace says: computed in one pass over its events, with memory for those who
//! are there at a time, and for what is found.
//!
//! Definitions are those of `go tool trace` where it has one (times per goroutine, profiles of
//! waits, utilisation), without its mistakes; where it counts otherwise, the tables have what is
//! needed to count as it does.

mod buckets;
mod finish;
mod gc;
mod groups;
mod live;
mod mmu;
mod procs;
mod sites;
mod tasks;

pub use finish::is_sync;
pub use groups::is_system;
pub use mmu::{Flags, Utilisation, mean_utilisation, minimum_utilisation, utilisation};

use rustc_hash::FxHashMap;

use crate::model::Profile;
use crate::model::trace::{
    Cause, Edge, Event, GoState, Loss, Metric, NO_GROUP, NONE, ProcState, ProcUse, RangeKind,
    Spent, TraceFacts, TraceSink, What, World,
};
use buckets::Buckets;
use gc::{Collector, StopNow};
use groups::{Doing, Groups, Making};
use live::{Live, OpenRegion, Span, Worker, difference};
use procs::Procs;
use sites::Sites;
use tasks::Tasks;

/// Goroutines of a group that are kept by themselves, unless all are asked for.
const KEEP: usize = 1000;

/// A sink that makes a report, whose waits are the samples of its profile.
pub fn report_sink() -> Box<dyn TraceSink> {
    Box::new(TraceAnalysis::new(KEEP))
}

/// The same, which keeps every single goroutine.
pub fn full_report_sink() -> Box<dyn TraceSink> {
    Box::new(TraceAnalysis::new(usize::MAX / 4))
}

/// The state of the program, and what has been found so far.
#[derive(Debug)]
struct TraceAnalysis {
    keep: usize,
    has_begun: bool,
    begin: u64,
    last: u64,
    /// When the generation began.
    sync: u64,
    events: u64,
    created: u64,
    ended: u64,
    alive: u64,
    most_alive: u64,
    most_procs: u32,
    /// By slot.
    live: Vec<Live>,
    groups: Groups,
    /// Goroutines of which no stack was seen.
    unnamed: Making,
    unnamed_place: u32,
    procs: Procs,
    collector: Collector,
    sites: Sites,
    tasks: Tasks,
    /// Who began a sweep on a proc: Go counts it only if the same one ends it.
    sweepers: FxHashMap<u32, u32>,
    /// Goroutines that can run and that run, since `counted`.
    counts: [u64; 2],
    counted: u64,
    running: Buckets<[u64; 2]>,
    reasons: Reasons,
}

/// Reasons by the row of their string, as far as they matter.
#[derive(Debug, Default)]
struct Reasons {
    known: Vec<Reason>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reason {
    #[default]
    Unseen,
    Forever,
    /// A receive or a select: what a worker waits in for work.
    Work,
    Preempted,
    Other,
}

impl Reasons {
    #[inline(always)]
    fn of(&mut self, row: u32, world: &World) -> Reason {
        match self.known.get(row as usize) {
            Some(&reason) if reason != Reason::Unseen => reason,
            _ => self.learn(row, world),
        }
    }

    fn learn(&mut self, row: u32, world: &World) -> Reason {
        let at = row as usize;
        if at >= self.known.len() {
            self.known.resize(at + 1, Reason::Unseen);
        }
        self.known[at] = match &*world.text(row) {
            "forever" => Reason::Forever,
            "chan receive" | "select" => Reason::Work,
            "preempted" => Reason::Preempted,
            _ => Reason::Other,
        };
        self.known[at]
    }
}

impl TraceAnalysis {
    fn new(keep: usize) -> Self {
        Self {
            keep,
            has_begun: false,
            begin: 0,
            last: 0,
            sync: 0,
            events: 0,
            created: 0,
            ended: 0,
            alive: 0,
            most_alive: 0,
            most_procs: 0,
            live: Vec::new(),
            groups: Groups::default(),
            unnamed: Making::unnamed(),
            unnamed_place: NO_GROUP,
            procs: Procs::new(0),
            collector: Collector::new(0),
            sites: Sites::default(),
            tasks: Tasks::default(),
            sweepers: FxHashMap::default(),
            counts: [0; 2],
            counted: 0,
            running: Buckets::new(0),
            reasons: Reasons::default(),
        }
    }

    fn begin(&mut self, now: u64) {
        self.has_begun = true;
        (self.begin, self.sync, self.counted) = (now, now, now);
        self.procs = Procs::new(now);
        self.collector = Collector::new(now);
        self.running = Buckets::new(now);
    }

    fn group_of(&self, goroutine: u32) -> u32 {
        self.live
            .get(goroutine as usize)
            .map_or(NO_GROUP, |live| live.group)
    }

    /// What a goroutine does as a member of a pool.
    #[inline(always)]
    fn doing(&mut self, state: GoState, reason: u32, world: &World) -> Option<Doing> {
        let reason = match state {
            GoState::Waiting => self.reasons.of(reason, world),
            _ => Reason::Other,
        };
        doing_of(state, reason)
    }

    /// Counts those who can run and those who run.
    #[inline(always)]
    fn count(&mut self, now: u64, from: GoState, to: GoState) {
        let of = |state: GoState| match state {
            GoState::Runnable => Some(0),
            GoState::Running => Some(1),
            _ => None,
        };
        if of(from) == of(to) {
            return;
        }
        let counts = self.counts;
        let add = |bucket: &mut [u64; 2], time: u64| {
            bucket[0] += counts[0] * time;
            bucket[1] += counts[1] * time;
        };
        self.running.add(self.counted, now, add);
        self.counted = now;
        if let Some(at) = of(from) {
            self.counts[at] = self.counts[at].saturating_sub(1);
        }
        if let Some(at) = of(to) {
            self.counts[at] += 1;
        }
    }

    fn goroutine(&mut self, event: &Event, change: &Change, world: &World) {
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
    fn appear(&mut self, event: &Event, change: &Change, world: &World) {
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
    fn name(&mut self, goroutine: u32, stack: u32, now: u64, world: &World) {
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
    fn leave(&mut self, goroutine: u32, now: u64, to: GoState) {
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
    fn settle(&mut self, goroutine: u32, is_last: bool) {
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
    fn enter(&mut self, event: &Event, change: &Change, world: &World) {
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
                        .run(event.proc, goroutine, group, Worker::None, now);
                    if let Some(proc) = self.procs.get(event.proc) {
                        proc.is_assisting = is_assisting;
                    }
                } else if let Some(proc) = self.procs.get(event.proc) {
                    proc.is_calling = false;
                }
                self.procs.refresh(event.proc, now);
            }
            GoState::Syscall => {
                live.proc = event.proc;
                let group = live.group;
                if from != GoState::Running {
                    self.procs
                        .run(event.proc, goroutine, group, Worker::None, now);
                }
                self.live[goroutine as usize].worker = Worker::None;
                if let Some(proc) = self.procs.get(event.proc) {
                    proc.is_calling = true;
                    proc.caller = goroutine;
                    // A label is for a run.
                    proc.worker = Worker::None;
                }
                self.procs.refresh(event.proc, now);
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
    fn end(&mut self, goroutine: u32, now: u64, is_known: bool) {
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
    fn proc(&mut self, event: &Event, slot: u32, from: ProcState, to: ProcState) {
        let now = event.time;
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
        self.procs.refresh(slot, now);
    }

    fn range(
        &mut self,
        event: &Event,
        edge: Edge,
        kind: RangeKind,
        scope: u32,
        reason: u32,
        world: &World,
    ) {
        let now = event.time;
        let whose = match kind {
            RangeKind::Sweep => event.goroutine,
            _ => scope,
        };
        match (kind, edge) {
            (RangeKind::Mark, Edge::Begin | Edge::Active) => {
                if !self.collector.is_marking() {
                    let is_begin = edge == Edge::Begin;
                    let at = if is_begin { now } else { self.sync };
                    let (workers, assists) = self.marking(now);
                    self.collector.begin_cycle(at, is_begin, workers, assists);
                }
            }
            (RangeKind::Mark, Edge::End) => {
                let (workers, assists) = self.marking(now);
                self.collector.end_cycle(now, true, workers, assists);
            }
            (RangeKind::Sweep, _) => {
                if let Some(proc) = self.procs.get(scope) {
                    proc.is_sweeping = edge != Edge::End;
                }
                self.procs.refresh(scope, now);
            }
            (RangeKind::Stop, Edge::End) => {
                self.collector.end_stop(now);
                self.procs.is_stopped = false;
                self.procs.point(now);
            }
            (RangeKind::Stop, _) => {
                let by = self.group_of(scope);
                self.collector.stop = Some(StopNow::new(now, reason, by));
                if world.text(reason).starts_with("GC ") {
                    self.procs.is_stopped = true;
                    self.procs.point(now);
                }
            }
            (RangeKind::Assist, _) => self.assist(event, edge, scope),
        }
        let sync = self.sync;
        let is_there = self
            .live
            .get(whose as usize)
            .is_some_and(|live| live.is_there);
        let is_same = match (kind, edge) {
            (RangeKind::Sweep, Edge::End) => self.sweepers.remove(&scope) == Some(whose),
            (RangeKind::Sweep, _) if is_there => {
                self.sweepers.insert(scope, whose);
                true
            }
            _ => true,
        };
        if let Some(live) = self.live.get_mut(whose as usize).filter(|_| is_there) {
            match edge {
                Edge::Begin => live.begin_range(kind, reason, now),
                Edge::Active => live.continue_range(kind, reason, sync),
                Edge::End if is_same => live.end_range(kind, reason, now),
                Edge::End => {}
            }
        }
    }

    /// Time of procs in workers and in assists so far.
    fn marking(&self, now: u64) -> (u64, u64) {
        let sum = |usage| self.procs.sum(usage, now);
        let workers = sum(ProcUse::Worker) + sum(ProcUse::IdleWorker);
        (workers, sum(ProcUse::Assist))
    }

    fn assist(&mut self, event: &Event, edge: Edge, scope: u32) {
        let now = event.time;
        let Some(live) = self.live.get_mut(scope as usize) else {
            return;
        };
        if edge == Edge::End {
            let from = std::mem::take(&mut live.assist);
            let (group, stack) = (live.group, live.assist_stack);
            if from > 0 {
                let time = now.saturating_sub(from);
                if self.collector.assists.len() < sites::MOST_SITES {
                    self.collector
                        .assists
                        .entry((group, stack))
                        .or_default()
                        .add(time);
                }
                if let Some(making) = self.groups.all.get_mut(group as usize) {
                    making.assist += time;
                }
            }
        } else if live.assist == 0 {
            live.assist = if edge == Edge::Begin { now } else { self.sync };
            live.assist_stack = event.stack;
        }
        let (is_assisting, proc) = (live.assist > 0, live.proc);
        if let Some(held) = self.procs.get(proc)
            && held.goroutine == scope
        {
            held.is_assisting = is_assisting;
        }
        self.procs.refresh(proc, now);
    }

    fn label(&mut self, event: &Event, label: u32, world: &World) {
        let worker = match &*world.text(label) {
            "GC (idle)" => Worker::Idle,
            label if label.starts_with("GC ") => Worker::Assigned,
            _ => Worker::None,
        };
        if let Some(live) = self.live.get_mut(event.goroutine as usize) {
            live.worker = worker;
        }
        if let Some(proc) = self.procs.get(event.proc) {
            proc.worker = worker;
        }
        self.procs.refresh(event.proc, event.time);
    }

    fn region(&mut self, event: &Event, edge: Edge, task: u64, name: u32) {
        let now = event.time;
        let Some(live) = self.live.get_mut(event.goroutine as usize) else {
            return;
        };
        if edge == Edge::Begin {
            let before = live.spent(now);
            live.regions.push(OpenRegion {
                name: Some(name),
                task,
                from: now,
                before,
            });
            return;
        }
        let open = live.regions.pop();
        let (from, before) = open.map_or((live.created, Spent::default()), |region| {
            (region.from, region.before)
        });
        let spent = difference(live.spent(now), before);
        let id = live.id;
        self.tasks.region(task, name, id, from, spent, self.begin);
    }
}

/// What a member of a pool does.
fn doing_of(state: GoState, reason: Reason) -> Option<Doing> {
    Some(match state {
        GoState::Running => Doing::Running,
        GoState::Runnable => Doing::Runnable,
        GoState::Syscall => Doing::Syscall,
        GoState::Waiting if reason == Reason::Work => Doing::Idle,
        GoState::Waiting => Doing::Other,
        GoState::NotExist | GoState::Undetermined => return None,
    })
}

/// A goroutine's change of state; names are rows of the world's.
#[derive(Clone, Copy, Debug)]
struct Change {
    goroutine: u32,
    from: GoState,
    to: GoState,
    reason: u32,
    stack: u32,
}

impl TraceSink for TraceAnalysis {
    fn event(&mut self, event: &Event, world: &World) {
        if !self.has_begun {
            self.begin(event.time);
        }
        let now = event.time;
        self.last = now;
        self.events += 1;
        match event.what {
            What::Goroutine {
                goroutine,
                from,
                to,
                reason,
                stack,
            } => {
                let change = Change {
                    goroutine,
                    from,
                    to,
                    reason,
                    stack,
                };
                self.goroutine(event, &change, world);
            }
            What::Proc { proc, from, to } => self.proc(event, proc, from, to),
            What::Range {
                edge,
                kind,
                scope,
                reason,
                bytes,
            } => {
                self.range(event, edge, kind, scope, reason, world);
                self.collector.swept.0 += bytes.0;
                self.collector.swept.1 += bytes.1;
            }
            What::Metric(Metric::Heap, bytes) => self.collector.heap(now, bytes),
            What::Metric(Metric::Goal, bytes) => self.collector.goal(now, bytes),
            What::Metric(Metric::Procs, count) => {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                self.procs.max_procs = count;
                self.most_procs = self.most_procs.max(count);
                self.procs.point(now);
            }
            What::Label(label) => self.label(event, label, world),
            What::Task {
                edge,
                id,
                parent,
                name,
            } => self.tasks.task(edge, id, parent, name, now, self.begin),
            What::Region { edge, task, name } => self.region(event, edge, task, name),
            What::Log { task, .. } => self.tasks.log(task, self.begin),
            What::Sample { .. } => {
                let group = self.group_of(event.goroutine);
                self.sites.sample(group, event.stack);
            }
            What::Sync { .. } => self.sync = now,
            What::Experiment { .. } => {}
        }
    }

    fn lost(&mut self, loss: &Loss, _: &World) {
        let now = loss.span.0.max(self.last);
        for goroutine in 0..self.live.len() as u32 {
            let live = &mut self.live[goroutine as usize];
            if !live.is_there {
                continue;
            }
            let span = live.span(now);
            live.count(&span);
            live.state = GoState::Undetermined;
            self.end(goroutine, now, false);
        }
        self.procs.forget(now);
        self.count(now, GoState::Undetermined, GoState::Undetermined);
        self.counts = [0; 2];
        let (workers, assists) = self.marking(now);
        self.collector.end_cycle(now, false, workers, assists);
        self.collector.stop = None;
    }

    fn finish(self: Box<Self>, world: &World, facts: TraceFacts) -> Profile {
        finish::finish(*self, world, facts)
    }
}

impl TraceAnalysis {
    /// Adds a goroutine to its group; what goes on is cut off now.
    fn fold(&mut self, live: &mut Live, now: u64) {
        finish::fold(self, live, now);
    }
}

/// A span as it is when the trace ends.
fn open_span(live: &Live, now: u64) -> Option<Span> {
    let is_known = !matches!(live.state, GoState::Undetermined | GoState::NotExist);
    is_known.then(|| live.span(now))
}
