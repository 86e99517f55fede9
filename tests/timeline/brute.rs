//! What lanes show, by the plainest means: after every event everybody is looked at.
#![allow(unreachable_pub, reason = "a module of a test binary")]

use std::collections::{BTreeMap, BTreeSet};

use dropprof::model::trace::{Edge, Event, GoState, ProcState, RangeKind, What, World, is_none};
use dropprof::views::{LaneId, State, Timeline};

use super::support::Told;

/// From when on, what, and whose number.
pub(crate) type Changes = Vec<(u64, State, Option<u64>)>;
/// Goroutines that run, can run, are in a call, wait.
pub(crate) type Counts = [u32; 4];

#[derive(Clone, Debug)]
struct Go {
    state: GoState,
    off: State,
    thread: Option<u32>,
    assists: bool,
    stops: bool,
    sweeps: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Thread {
    proc: Option<u32>,
    goroutine: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Brute {
    pub(crate) begin: u64,
    pub(crate) end: u64,
    pub(crate) procs: BTreeMap<u32, Changes>,
    pub(crate) threads: BTreeMap<u32, Changes>,
    pub(crate) goroutines: BTreeMap<u64, Changes>,
    pub(crate) counts: Vec<(u64, Counts)>,
    pub(crate) groups: BTreeMap<String, Vec<(u64, Counts)>>,
    /// Groups of which some goroutine got its name later than it was first seen.
    pub(crate) late: BTreeSet<String>,
    gos: BTreeMap<u64, Go>,
    thread: BTreeMap<u32, Thread>,
    proc: BTreeMap<u32, (ProcState, Option<u32>)>,
    workers: BTreeSet<u64>,
    names: BTreeMap<u64, String>,
    /// Changes that say what was so before, by lane: kind, number.
    arrivals: BTreeMap<(u8, u64), usize>,
    syncs: u32,
}

fn some(slot: u32) -> Option<u32> {
    (!is_none(slot)).then_some(slot)
}

fn wait(reason: &str) -> State {
    match reason {
        "chan send" | "chan receive" => State::Channel,
        "select" => State::Select,
        "sync" | "sync.(*Cond).Wait" => State::Sync,
        "network" => State::Network,
        "sleep" => State::Sleep,
        "forever" => State::Forever,
        "wait until GC ends"
        | "GC mark assist wait for work"
        | "GC background sweeper wait"
        | "GC weak to strong wait" => State::Collector,
        _ => State::Waiting,
    }
}

impl Brute {
    pub(crate) fn new(told: &[Told], world: &World) -> Self {
        let mut brute = Self::default();
        let events = || {
            told.iter().filter_map(|told| match told {
                Told::Event(event, context, of) => Some((event, *context, *of)),
                _ => None,
            })
        };
        let mut seen = BTreeSet::new();
        for (event, context, of) in events() {
            match event.what {
                What::Label(label) if world.text(label).starts_with("GC (") => {
                    brute.workers.extend(context);
                }
                What::Goroutine { stack, .. } => {
                    let id = of.expect("a goroutine");
                    let root = world.stack(stack).next_back();
                    let root = root.map(|frame| world.text(frame.function).into_owned());
                    if let (Some(root), None) = (&root, brute.names.get(&id)) {
                        if seen.contains(&id) {
                            brute.late.insert(root.clone());
                            brute.late.insert(String::new());
                        }
                        brute.names.insert(id, root.clone());
                    }
                    seen.insert(id);
                }
                _ => {}
            }
        }
        let is_worker =
            |name: Option<&String>| name.is_none_or(|name| name == "runtime.gcBgMarkWorker");
        brute.workers.retain(|id| is_worker(brute.names.get(id)));
        let named = brute.names.iter().filter(|(_, name)| is_worker(Some(name)));
        brute.workers.extend(named.map(|(id, _)| *id));
        for (event, context, of) in events() {
            if brute.begin == 0 {
                brute.begin = event.time;
            }
            brute.end = event.time;
            let arrives = brute.apply(event, context, of, world);
            brute.look(event.time, arrives);
        }
        brute.backdate();
        brute.count();
        brute
    }

    /// Lanes with what they show: all procs and threads, and the first goroutines.
    pub(crate) fn lanes(&self, timeline: &Timeline, most: usize) -> Vec<(LaneId, &Changes)> {
        let procs = self.procs.iter();
        let procs = procs.map(|(&slot, all)| (LaneId::Proc(slot), all));
        let threads = self.threads.iter();
        let threads = threads.map(|(&slot, all)| (LaneId::Thread(slot), all));
        let goroutines = (0..timeline.goroutines()).take(most).map(|index| {
            let id = timeline.goroutine_id(index).expect("a goroutine");
            (LaneId::Goroutine(index), &self.goroutines[&id])
        });
        procs.chain(threads).chain(goroutines).collect()
    }

    /// Takes an event; tells whether it says what was so before it.
    fn apply(
        &mut self,
        event: &Event,
        context: Option<u64>,
        of: Option<u64>,
        world: &World,
    ) -> bool {
        let thread = some(event.thread);
        match event.what {
            What::Sync { .. } => self.syncs += 1,
            What::Goroutine {
                from, to, reason, ..
            } => {
                let id = of.expect("a goroutine");
                let is_new = !self.gos.contains_key(&id);
                let go = self.gos.entry(id).or_insert(Go {
                    state: GoState::Undetermined,
                    off: State::Blank,
                    thread: None,
                    assists: false,
                    stops: false,
                    sweeps: false,
                });
                if go.state != to {
                    go.off = match (from, to) {
                        (_, GoState::Waiting) => wait(&world.text(reason)),
                        (GoState::NotExist, _) => State::Created,
                        (GoState::Waiting, _) => State::Unblocked,
                        (GoState::Syscall, _) => State::Returned,
                        (GoState::Running, _) if world.text(reason) == "preempted" => {
                            State::Preempted
                        }
                        (GoState::Running, _) => State::Yielded,
                        _ => State::Runnable,
                    };
                }
                go.state = to;
                if to != GoState::Running {
                    go.sweeps = false;
                }
                match to {
                    GoState::Running | GoState::Syscall => {
                        go.thread = thread;
                        let on = thread.expect("on a thread");
                        self.thread.entry(on).or_default().goroutine = Some(id);
                    }
                    _ => {
                        if let Some(on) = go.thread.take() {
                            let on = self.thread.entry(on).or_default();
                            on.goroutine = None;
                            if (from, to) == (GoState::Syscall, GoState::NotExist) {
                                on.proc = None;
                            }
                        }
                    }
                }
                return is_new && from == GoState::Undetermined && self.syncs <= 1;
            }
            What::Proc { proc, from, to } => {
                let is_new = !self.proc.contains_key(&proc);
                let known = self.proc.entry(proc).or_default();
                known.0 = to;
                let holder = known.1.take();
                if let Some(holder) = holder {
                    self.thread.entry(holder).or_default().proc = None;
                }
                if to == ProcState::Running {
                    known.1 = thread;
                    let on = thread.expect("on a thread");
                    self.thread.entry(on).or_default().proc = Some(proc);
                }
                return is_new && from == ProcState::Undetermined && self.syncs <= 1;
            }
            What::Range {
                edge, kind, scope, ..
            } => {
                let on = edge != Edge::End;
                let goroutine = match (kind, edge) {
                    (RangeKind::Sweep, Edge::Active) => {
                        let holder = self.proc.get(&scope).and_then(|proc| proc.1);
                        holder.and_then(|thread| self.thread[&thread].goroutine)
                    }
                    (RangeKind::Assist | RangeKind::Stop, _) => of,
                    _ => context,
                };
                if let Some(go) = goroutine.and_then(|id| self.gos.get_mut(&id)) {
                    match kind {
                        RangeKind::Mark => {}
                        RangeKind::Sweep => go.sweeps = on,
                        RangeKind::Assist => go.assists = on,
                        RangeKind::Stop => go.stops = on,
                    }
                }
            }
            _ => {}
        }
        false
    }

    fn of_goroutine(&self, id: u64) -> State {
        let go = &self.gos[&id];
        match go.state {
            GoState::Running if go.stops => State::Stop,
            GoState::Running if go.assists => State::Assist,
            GoState::Running if go.sweeps => State::Sweep,
            GoState::Running if self.workers.contains(&id) => State::Worker,
            GoState::Running => State::User,
            GoState::Syscall => {
                let on = go.thread.and_then(|thread| self.thread[&thread].proc);
                match on {
                    Some(_) => State::Syscall,
                    None => State::SyscallBare,
                }
            }
            GoState::Runnable | GoState::Waiting => go.off,
            _ => State::Blank,
        }
    }

    fn of_thread(&self, thread: u32) -> (State, Option<u64>) {
        let thread = self.thread[&thread];
        match (thread.goroutine, thread.proc) {
            (Some(id), _) => (self.of_goroutine(id), Some(id)),
            (None, Some(_)) => (State::Scheduler, None),
            (None, None) => (State::Blank, None),
        }
    }

    /// Writes down what has changed.
    fn look(&mut self, time: u64, arrives: bool) {
        let mut shows: Vec<(u8, u64, (State, Option<u64>))> = Vec::new();
        for (&proc, &(state, holder)) in &self.proc {
            let show = match (holder, state) {
                (Some(thread), _) => self.of_thread(thread),
                (None, ProcState::Idle) => (State::Idle, None),
                (None, ProcState::Running) => (State::Scheduler, None),
                _ => (State::Blank, None),
            };
            shows.push((0, u64::from(proc), show));
        }
        for &thread in self.thread.keys() {
            shows.push((1, u64::from(thread), self.of_thread(thread)));
        }
        for &id in self.gos.keys() {
            let state = self.of_goroutine(id);
            shows.push((2, id, (state, (state != State::Blank).then_some(id))));
        }
        for (kind, number, (state, of)) in shows {
            let changes = match kind {
                0 => self.procs.entry(number as u32).or_default(),
                1 => self.threads.entry(number as u32).or_default(),
                _ => self.goroutines.entry(number).or_default(),
            };
            let last = changes
                .last()
                .map_or((State::Blank, None), |last| (last.1, last.2));
            if last != (state, of) {
                changes.push((time, state, of));
                let told = self.arrivals.entry((kind, number)).or_default();
                if arrives && *told + 1 == changes.len() {
                    *told += 1;
                }
            }
        }
        self.gos.retain(|_, go| go.state != GoState::NotExist);
    }

    /// What the first changes of a lane tell has been so since the beginning.
    fn backdate(&mut self) {
        for (&(kind, number), &told) in &self.arrivals {
            let changes = match kind {
                0 => self.procs.get_mut(&(number as u32)),
                1 => self.threads.get_mut(&(number as u32)),
                _ => self.goroutines.get_mut(&number),
            };
            if let Some(changes) = changes.filter(|_| told > 0) {
                changes.drain(..told - 1);
                changes[0].0 = self.begin;
            }
        }
    }

    /// Counts goroutines by what they do, from what each does.
    fn count(&mut self) {
        let series = |state: State| match state {
            State::User | State::Worker | State::Assist | State::Sweep | State::Stop => Some(0),
            State::Created
            | State::Unblocked
            | State::Preempted
            | State::Yielded
            | State::Returned
            | State::Runnable => Some(1),
            State::Syscall | State::SyscallBare => Some(2),
            State::Blank => None,
            _ => Some(3),
        };
        let mut steps: BTreeMap<String, Vec<(u64, usize, i64)>> = BTreeMap::new();
        let mut all: Vec<(u64, usize, i64)> = Vec::new();
        for (id, changes) in &self.goroutines {
            let group = self.names.get(id).cloned().unwrap_or_default();
            let of_group = steps.entry(group).or_default();
            let mut before = None;
            for &(time, state, _) in changes {
                let now = series(state);
                if now != before {
                    let down = before.map(|at| (time, at, -1));
                    let up = now.map(|at| (time, at, 1));
                    of_group.extend(down.into_iter().chain(up));
                    all.extend(down.into_iter().chain(up));
                }
                before = now;
            }
        }
        let sum = |mut steps: Vec<(u64, usize, i64)>| {
            steps.sort_unstable();
            let mut found: Vec<(u64, Counts)> = Vec::new();
            let mut now = [0_i64; 4];
            for (time, at, by) in steps {
                now[at] += by;
                let counts = now.map(|count| count as u32);
                match found.last_mut() {
                    Some(last) if last.0 == time => last.1 = counts,
                    _ => found.push((time, counts)),
                }
            }
            found
        };
        self.counts = sum(all);
        self.groups = steps
            .into_iter()
            .map(|(name, steps)| (name, sum(steps)))
            .collect();
    }
}

/// Nanoseconds of each state between two times.
pub(crate) fn sums(changes: &Changes, from: u64, to: u64, end: u64) -> [f64; State::COUNT] {
    let mut sums = [0.0; State::COUNT];
    for (at, &(time, state, _)) in changes.iter().enumerate() {
        let until = changes.get(at + 1).map_or(end, |next| next.0);
        let length = until.min(to).saturating_sub(time.max(from));
        if state != State::Blank {
            sums[state as usize] += length as f64;
        }
    }
    sums
}

/// Goroutines times nanoseconds between two times.
pub(crate) fn areas(counts: &[(u64, Counts)], from: u64, to: u64, end: u64) -> [f64; 4] {
    let mut sums = [0.0; 4];
    for (at, &(time, of)) in counts.iter().enumerate() {
        let until = counts.get(at + 1).map_or(end, |next| next.0);
        let length = until.min(to).saturating_sub(time.max(from));
        for (sum, count) in sums.iter_mut().zip(of) {
            *sum += length as f64 * f64::from(count);
        }
    }
    sums
}
