//! Waits by what for, where and whose; who ended them; the longest of those that could run.

use rustc_hash::FxHashMap;

use super::groups::UNNAMED;
use super::live::{Live, Span};
use super::procs::Procs;
use crate::model::trace::{Cause, GoState, Histogram, WaitKind};

/// Sites that are told apart; the rest is not followed.
pub(super) const MOST_SITES: usize = 1 << 20;

/// Waits that are kept by themselves.
const MOST_WORST: usize = 100;

/// And until the end: some may be found to be of the runtime's own.
const MOST_CANDIDATES: usize = 2 * MOST_WORST;

/// Where: kind, reason, stack, group; the last three are rows of the world's tables.
pub(super) type Key = (WaitKind, u32, u32, u32);

/// What was waited there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Site {
    pub(super) count: u64,
    pub(super) total: u64,
    pub(super) most: u64,
    pub(super) early: (u64, u64),
    pub(super) open: (u64, u64),
}

/// Rows of the sites where a goroutine last waited for something, and for a proc.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Recent([u32; 2]);

/// A wait of a goroutine that could run.
#[derive(Clone, Debug)]
pub(super) struct Worst {
    pub(super) at: u64,
    pub(super) time: u64,
    pub(super) goroutine: u64,
    pub(super) group: u32,
    pub(super) cause: Cause,
    pub(super) reason: u32,
    pub(super) waker: u32,
    pub(super) stack: u32,
    pub(super) meanwhile: Vec<(u32, u32, u64)>,
}

/// All waits.
#[derive(Debug, Default)]
pub(super) struct Sites {
    rows: FxHashMap<Key, u32>,
    pub(super) all: Vec<(Key, Site)>,
    /// From, to and reason, with count and time.
    pub(super) wakes: FxHashMap<(u32, u32, u32), (u64, u64)>,
    /// Of the program's own goroutines, and of the runtime's.
    pub(super) latency: [Histogram; Cause::COUNT],
    pub(super) system_latency: Histogram,
    worst: Vec<Worst>,
    /// What a wait has to exceed to be among them.
    least_worst: u64,
    /// CPU samples by group and stack.
    pub(super) samples: FxHashMap<(u32, u32), u64>,
}

fn key(group: u32, span: &Span) -> Option<Key> {
    let (kind, reason) = match span.state {
        GoState::Waiting => (WaitKind::Blocked, span.reason),
        GoState::Runnable => (WaitKind::Sched(span.cause), 0),
        GoState::Syscall => (WaitKind::Syscall, 0),
        _ => return None,
    };
    Some((kind, reason, span.stack, group))
}

impl Sites {
    /// Goroutines mostly wait again where they waited before: `recent` has those places.
    #[inline(always)]
    fn site(&mut self, group: u32, span: &Span, recent: &mut Recent) -> Option<&mut Site> {
        let key = key(group, span)?;
        let slot = usize::from(span.state == GoState::Runnable);
        let known = self.all.get(recent.0[slot] as usize);
        // Field by field, as it is in the hottest path and a comparison of tuples is called.
        let is_it = |other: &Key| {
            other.2 == key.2 && other.3 == key.3 && other.1 == key.1 && other.0 == key.0
        };
        if !known.is_some_and(|(other, _)| is_it(other)) {
            let next = self.all.len() as u32;
            recent.0[slot] = match self.rows.get(&key) {
                Some(&row) => row,
                None if self.all.len() >= MOST_SITES => return None,
                None => {
                    self.rows.insert(key, next);
                    self.all.push((key, Site::default()));
                    next
                }
            };
        }
        let found = self.all.get_mut(recent.0[slot] as usize);
        found.map(|(_, site)| site)
    }

    /// A wait has ended. `is_early`: before the goroutine first ran.
    #[inline(always)]
    pub(super) fn add(&mut self, group: u32, span: &Span, is_early: bool, recent: &mut Recent) {
        let time = span.to - span.from;
        let untold = span.told - span.from;
        let Some(site) = self.site(group, span, recent) else {
            return;
        };
        site.count += 1;
        site.total = site.total.saturating_add(time);
        site.most = site.most.max(time);
        let early = if is_early { (1, time) } else { (0, untold) };
        site.early.0 += early.0;
        site.early.1 = site.early.1.saturating_add(early.1);
    }

    /// A wait goes on when the trace ends.
    pub(super) fn open(&mut self, group: u32, span: &Span) {
        let time = span.to - span.from;
        if let Some(site) = self.site(group, span, &mut Recent::default()) {
            site.open.0 += 1;
            site.open.1 = site.open.1.saturating_add(time);
            site.most = site.most.max(time);
        }
    }

    /// Somebody ends another's wait.
    pub(super) fn wake(&mut self, from: u32, to: u32, reason: u32, time: u64) {
        if self.wakes.len() < MOST_SITES {
            let wake = self.wakes.entry((from, to, reason)).or_default();
            wake.0 += 1;
            wake.1 = wake.1.saturating_add(time);
        }
    }

    /// Somebody who could run was run.
    #[inline(always)]
    pub(super) fn latency(&mut self, span: &Span, is_system: bool) {
        let time = span.to - span.from;
        match is_system {
            true => self.system_latency.add(time),
            false => self.latency[span.cause as usize].add(time),
        }
    }

    /// A goroutine that could run is run; it is kept if few waited longer. What the procs did
    /// meanwhile is only known now, whosever the goroutine is found to be.
    #[inline(always)]
    pub(super) fn worst(&mut self, live: &Live, now: u64, procs: &Procs) {
        // Those that are kept are soon longer than nearly all others.
        if now - live.since > self.least_worst {
            self.keep_worst(live, now, procs);
        }
    }

    #[cold]
    #[inline(never)]
    fn keep_worst(&mut self, live: &Live, now: u64, procs: &Procs) {
        let time = now - live.since;
        let place = self.worst.partition_point(|other| other.time >= time);
        let worst = Worst {
            at: live.since,
            time,
            goroutine: live.id,
            group: live.group,
            cause: live.cause,
            reason: live.prior,
            waker: live.waker,
            stack: live.stack,
            meanwhile: procs.ran(live.since, now),
        };
        self.worst.insert(place, worst);
        self.worst.truncate(MOST_CANDIDATES);
        if let Some(least) = self.worst.get(MOST_CANDIDATES - 1) {
            self.least_worst = least.time;
        }
    }

    /// Whose the waits of a goroutine are is known now; those of the runtime's own are not kept.
    pub(super) fn name_worst(&mut self, goroutine: u64, group: u32, is_system: bool) {
        let is_its = |worst: &Worst| worst.goroutine == goroutine && worst.group == UNNAMED;
        if is_system {
            self.worst.retain(|worst| !is_its(worst));
            self.least_worst = 0;
        }
        for worst in self.worst.iter_mut().filter(|worst| is_its(worst)) {
            worst.group = group;
        }
    }

    /// The longest waits of goroutines that could run.
    pub(super) fn longest(&self) -> impl Iterator<Item = &Worst> {
        self.worst.iter().take(MOST_WORST)
    }

    /// A sample of the CPU profiler.
    pub(super) fn sample(&mut self, group: u32, stack: u32) {
        if self.samples.len() < MOST_SITES {
            *self.samples.entry((group, stack)).or_default() += 1;
        }
    }
}
