//! What all of a trace adds up to, and whose goroutines are the program's.

use super::is_system;
use super::procs::offers;
use crate::model::Profile;
use crate::model::trace::{Group, ProcUse, TraceReport};

/// Reasons for which tracing itself stops the world.
const BY_TRACING: [&[u8]; 2] = [b"start trace", b"stop trace"];

/// Sums over a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// From the first to the last event, in nanoseconds.
    pub duration: u64,
    /// Nanoseconds of all procs by [`ProcUse`].
    pub uses: [u64; ProcUse::COUNT],
    /// Their sum: what there was to use.
    pub procs: u64,
    /// Procs that run goroutines or work for the collector, on average.
    pub busy: f64,
    /// Goroutines of the program that can run and have no proc, on average.
    pub runnable: f64,
    /// How often the world was stopped, but for tracing itself.
    pub stops: u64,
    /// How long in sum.
    pub stopped: u64,
    /// How long at most.
    pub longest_stop: u64,
    /// How long the collector was marking.
    pub marking: u64,
}

/// Adds a trace up.
pub fn totals(profile: &Profile, report: &TraceReport) -> Totals {
    let mut totals = Totals {
        duration: report.span.1.saturating_sub(report.span.0),
        ..Totals::default()
    };
    for row in &report.procs {
        for (sum, time) in totals.uses.iter_mut().zip(row.uses) {
            *sum = sum.saturating_add(time);
        }
    }
    // One that never did anything has no row, and was idle all the same.
    if let Some(offered) = offered(report) {
        totals.uses[ProcUse::Idle as usize] = 0;
        let busy = totals.uses.iter().copied().fold(0, u64::saturating_add);
        totals.uses[ProcUse::Idle as usize] = offered.saturating_sub(busy);
    }
    totals.procs = totals.uses.iter().copied().fold(0, u64::saturating_add);
    let span = totals.duration.max(1) as f64;
    totals.busy = ProcUse::ALL
        .into_iter()
        .filter(|&usage| is_busy(usage))
        .map(|usage| totals.uses[usage as usize] as f64 / span)
        .sum();
    let own = report
        .groups
        .iter()
        .filter(|group| is_programs(profile, group));
    totals.runnable = own.map(|group| group.sched.total() as f64 / span).sum();
    for stop in report
        .stops
        .iter()
        .filter(|stop| !is_by_tracing(profile.strings.bytes(stop.reason)))
    {
        totals.stops += stop.times.count();
        totals.stopped = totals.stopped.saturating_add(stop.times.total());
        totals.longest_stop = totals.longest_stop.max(stop.times.most());
    }
    totals.marking = report
        .cycles
        .iter()
        .map(|cycle| cycle.to.saturating_sub(cycle.from))
        .sum();
    totals
}

/// Nanoseconds below which nothing has a rate.
const MOMENT: u64 = 1_000_000;

/// How often a second; `None` over a time that is too short to say so.
pub fn rate(count: u64, nanos: u64) -> Option<f64> {
    (nanos >= MOMENT).then(|| count as f64 * 1e9 / nanos as f64)
}

/// GOMAXPROCS over the time, summed up. `None` where it is never told.
fn offered(report: &TraceReport) -> Option<u64> {
    let offers = offers(&report.collector, report.span.0, report.span.1);
    let times = offers.iter().map(|&(from, to, procs)| {
        let time = to.saturating_sub(from);
        time.saturating_mul(u64::from(procs))
    });
    (!offers.is_empty()).then(|| times.fold(0, u64::saturating_add))
}

impl Totals {
    /// Share of the procs' time in a use, 0 to 1.
    pub fn share(&self, usage: ProcUse) -> f64 {
        part(self.uses[usage as usize], self.procs)
    }

    /// Share of the procs' time in which they were busy.
    pub fn busy_share(&self) -> f64 {
        self.busy * self.duration as f64 / self.procs.max(1) as f64
    }

    /// Share of the busy time that the collector took, marking by idle procs left out.
    pub fn collector_share(&self) -> f64 {
        let own = [ProcUse::Worker, ProcUse::Assist, ProcUse::Sweep];
        let own: u64 = own.iter().map(|&usage| self.uses[usage as usize]).sum();
        let busy = self.busy * self.duration as f64;
        if busy > 0.0 { own as f64 / busy } else { 0.0 }
    }

    /// A time as a share of the trace, 0 to 1 for what happens once at a time.
    pub fn of_time(&self, nanos: u64) -> f64 {
        part(nanos, self.duration)
    }

    /// How often a second.
    pub fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.duration.max(1) as f64 * 1e9
    }
}

fn part(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// True for what keeps others from a proc: what idle procs do for the collector does not.
fn is_busy(usage: ProcUse) -> bool {
    !matches!(
        usage,
        ProcUse::Idle | ProcUse::IdleWorker | ProcUse::Scheduler
    )
}

/// True where tracing itself stopped the world.
pub fn is_by_tracing(reason: &[u8]) -> bool {
    BY_TRACING.contains(&reason)
}

/// True for goroutines that the program started: not the runtime's own, not those that trace and
/// profile, not the one that receives signals.
pub fn is_programs(profile: &Profile, group: &Group) -> bool {
    let name = profile.strings.bytes(group.name);
    let starts = |prefix: &str| name.starts_with(prefix.as_bytes());
    let measures = ["runtime/trace.", "runtime/pprof.", "net/http/pprof."];
    !group.is_system
        && !is_system(name)
        && !measures.into_iter().any(starts)
        && name != b"os/signal.loop"
}
