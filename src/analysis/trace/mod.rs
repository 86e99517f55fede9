//! What an execution trace says: computed in one pass over its events, with memory for those who
//! are there at a time, and for what is found.
//!
//! Definitions are those of `go tool trace` where it has one (times per goroutine, profiles of
//! waits, utilisation), without its mistakes; where it counts otherwise, the tables have what is
//! needed to count as it does.

mod buckets;
mod finish;
mod gc;
mod goroutines;
mod groups;
mod live;
mod mmu;
mod overview;
mod pools;
mod procs;
mod ranges;
mod sites;
mod tasks;
mod totals;

pub use finish::is_sync;
pub use groups::is_system;
pub use mmu::{Flags, Utilisation, mean_utilisation, minimum_utilisation, utilisation};
pub(super) use overview::{bar, notes, sentences};
pub use pools::{PoolFacts, PoolVerdict, pools};
pub use totals::{Totals, is_by_tracing, is_programs, rate, totals};

use rustc_hash::FxHashMap;

use crate::model::Profile;
use crate::model::trace::{
    Event, GoState, Loss, Metric, NO_GROUP, TraceFacts, TraceSink, What, World,
};
use buckets::Buckets;
use gc::Collector;
use groups::{Doing, Groups};
use live::{Live, Span};
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
    /// Generations that were told to their end, and whether nothing of this one was lost so far.
    told: u64,
    is_whole: bool,
    created: u64,
    ended: u64,
    alive: u64,
    /// The most at a time, but for the time since all was known the last time; and in that time.
    most_alive: u64,
    most_since: u64,
    most_procs: u32,
    /// By slot.
    live: Vec<Live>,
    /// Slots of who has appeared since something was lost, some of them more than once; `None`
    /// while nothing was, as then it is all that there are.
    heard: Option<Vec<u32>>,
    groups: Groups,
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
            told: 0,
            is_whole: false,
            created: 0,
            ended: 0,
            alive: 0,
            most_alive: 0,
            most_since: 0,
            most_procs: 0,
            live: Vec::new(),
            heard: None,
            groups: Groups::new(),
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
        let live = self.live.get(goroutine as usize);
        live.filter(|live| live.is_there)
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
            // There are fewer goroutines than 2^32: only absurd clocks have such products.
            let times = |count: u64| match time >> 32 {
                0 => count * time,
                _ => count.saturating_mul(time),
            };
            bucket[0] = bucket[0].saturating_add(times(counts[0]));
            bucket[1] = bucket[1].saturating_add(times(counts[1]));
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
            What::Sync { .. } => {
                self.sync = now;
                self.told += u64::from(self.is_whole);
                self.is_whole = true;
            }
            What::Experiment { .. } => {}
        }
    }

    fn lost(&mut self, loss: &Loss, _: &World) {
        let now = loss.span.0.max(self.last);
        self.is_whole = false;
        // A file can have many goroutines and many losses: one by one they would take for ever.
        let mut heard = std::mem::take(&mut self.heard);
        let slots = heard.get_or_insert_with(|| (0..self.live.len() as u32).collect());
        slots.sort_unstable();
        for goroutine in slots.drain(..) {
            if self.live[goroutine as usize].is_there {
                self.lose(goroutine, loss.span.0, now);
            }
        }
        self.heard = heard;
        // Who is found later was there from then on only.
        self.most_alive = self.most_alive.max(self.most_since);
        (self.alive, self.most_since) = (0, 0);
        for making in &mut self.groups.all {
            making.forget_most();
        }
        self.procs.forget(now);
        self.counts = [0; 2];
        let (workers, assists) = self.marking(now);
        self.collector.end_cycle(now, false, workers, assists);
        self.collector.stop = None;
    }

    fn finish(self: Box<Self>, world: &World, facts: TraceFacts) -> Profile {
        finish::finish(*self, world, facts)
    }
}

/// A span as it is when the trace ends.
fn open_span(live: &Live, now: u64) -> Option<Span> {
    let is_known = !matches!(live.known(), GoState::Undetermined | GoState::NotExist);
    is_known.then(|| Span {
        is_open: true,
        ..live.span(now)
    })
}
