//! A goroutine that is there: what it does, and how it has spent its time, as Go's
//! `trace.Summarizer` counts it.

use super::groups::UNNAMED;
use super::sites::Recent;
use crate::model::trace::{Cause, GoState, NO_GROUP, NONE, RangeKind, Spent, is_none};

/// Reasons of waits and of stops that are told apart: Go has some thirty. What has more is no
/// trace of Go's, and is only kept from taking for ever.
pub(super) const MOST_REASONS: usize = 256;

/// A wait or run that has ended, while it is not known yet whose it is, or whether the goroutine
/// ever ran: `go tool trace` counts no wait before the first run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) state: GoState,
    /// Of a wait, what for: a row of the world's strings.
    pub(super) reason: u32,
    /// Why it could run.
    pub(super) cause: Cause,
    /// Of the event that began it: a row of the world's stacks.
    pub(super) stack: u32,
    pub(super) from: u64,
    /// When it was told; later than `from` for what had begun before the trace.
    pub(super) told: u64,
    pub(super) to: u64,
    /// Of a call of the system, when its proc was lost; 0 if it was not.
    pub(super) lost: u64,
    /// It goes on when nothing more is known.
    pub(super) is_open: bool,
}

/// A region that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenRegion {
    /// Row of the world's strings; `None` for what a goroutine inherits from its creator.
    pub(super) name: Option<u32>,
    pub(super) task: u64,
    pub(super) from: u64,
    /// How the goroutine had spent its time by then.
    pub(super) before: Spent,
}

/// Time in a kind of range.
#[derive(Clone, Copy, Debug)]
pub(super) struct RangeTime {
    pub(super) kind: RangeKind,
    pub(super) reason: u32,
    pub(super) total: u64,
    /// Since when it goes on; 0 if it does not.
    pub(super) since: u64,
}

/// What a worker of the collector works as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Worker {
    #[default]
    None,
    /// It has a proc, or a share of one, for itself.
    Assigned,
    /// Nothing else was to do.
    Idle,
}

/// A goroutine.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) id: u64,
    pub(super) is_there: bool,
    /// It waits for ever: for Go that is its end.
    pub(super) is_over: bool,
    /// [`UNNAMED`] while no stack of it was seen.
    pub(super) group: u32,
    /// It was there before it was first heard of.
    pub(super) is_early: bool,
    /// Records of it are missing: what it does now is not known, nor since when.
    pub(super) is_doubted: bool,
    /// When something was lost, so that nothing is known of it, and how many generations had been
    /// told in whole by then.
    pub(super) gone: Option<(u64, u64)>,
    pub(super) state: GoState,
    pub(super) since: u64,
    pub(super) told: u64,
    pub(super) reason: u32,
    pub(super) stack: u32,
    pub(super) cause: Cause,
    /// Group of the one who made it able to run, and what it had waited for.
    pub(super) waker: u32,
    pub(super) prior: u32,
    pub(super) created: u64,
    pub(super) started: u64,
    pub(super) ended: u64,
    pub(super) exec: u64,
    pub(super) sched: u64,
    pub(super) syscall: u64,
    pub(super) syscall_blocked: u64,
    /// When the proc of a call was lost; 0 while it is not.
    pub(super) lost: u64,
    /// Time without a proc in a call that had not ended at the end.
    pub(super) open_call: u64,
    pub(super) proc: u32,
    pub(super) worker: Worker,
    /// Since when it assists, and where that began; 0 if it does not.
    pub(super) assist: u64,
    pub(super) assist_stack: u32,
    pub(super) blocks: Vec<(u32, u64)>,
    pub(super) ranges: Vec<RangeTime>,
    pub(super) pending: Vec<Span>,
    pub(super) recent: Recent,
    pub(super) regions: Vec<OpenRegion>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            id: 0,
            is_there: false,
            is_over: false,
            group: UNNAMED,
            is_early: false,
            is_doubted: false,
            gone: None,
            state: GoState::Undetermined,
            since: 0,
            told: 0,
            reason: 0,
            stack: 0,
            cause: Cause::Unknown,
            waker: NO_GROUP,
            prior: 0,
            created: 0,
            started: 0,
            ended: 0,
            exec: 0,
            sched: 0,
            syscall: 0,
            syscall_blocked: 0,
            lost: 0,
            open_call: 0,
            proc: NONE,
            worker: Worker::None,
            assist: 0,
            assist_stack: 0,
            blocks: Vec::new(),
            ranges: Vec::new(),
            pending: Vec::new(),
            recent: Recent::default(),
            regions: Vec::new(),
        }
    }
}

impl Live {
    /// Its state as far as it is known.
    pub(super) fn known(&self) -> GoState {
        match self.is_doubted {
            true => GoState::Undetermined,
            false => self.state,
        }
    }

    /// The span that ends now.
    #[inline(always)]
    pub(super) fn span(&self, to: u64) -> Span {
        Span {
            state: self.state,
            reason: self.reason,
            cause: self.cause,
            stack: self.stack,
            from: self.since,
            told: self.told,
            to,
            lost: self.lost,
            is_open: false,
        }
    }

    /// Adds a span to the goroutine's own sums.
    #[inline(always)]
    pub(super) fn count(&mut self, span: &Span) {
        let time = span.to - span.from;
        match span.state {
            GoState::Running => self.exec += time,
            GoState::Runnable => self.sched += time,
            GoState::Waiting if !self.is_over => self.add_block(span.reason, time),
            GoState::Syscall => {
                // Before it was told it has been in that call since before the trace: without a
                // proc it was blocked.
                let untold = span.told - span.from;
                match is_none(self.proc) {
                    true => self.syscall_blocked += untold,
                    false => self.syscall += untold,
                }
                let lost = if span.lost > 0 { span.lost } else { span.to };
                self.syscall_blocked += span.to.saturating_sub(lost);
                self.syscall += lost.saturating_sub(span.told);
            }
            _ => {}
        }
    }

    fn add_block(&mut self, reason: u32, time: u64) {
        let known = self.blocks.iter().position(|&(known, _)| known == reason);
        match known.or((self.blocks.len() >= MOST_REASONS).then_some(0)) {
            Some(at) => self.blocks[at].1 += time,
            None => self.blocks.push((reason, time)),
        }
    }

    fn range(&mut self, kind: RangeKind, reason: u32) -> &mut RangeTime {
        let is_it = |one: &RangeTime| one.kind == kind && one.reason == reason;
        let known = self.ranges.iter().position(is_it);
        let known = known.or((self.ranges.len() >= MOST_REASONS).then_some(0));
        let at = known.unwrap_or_else(|| {
            self.ranges.push(RangeTime {
                kind,
                reason,
                total: 0,
                since: 0,
            });
            self.ranges.len() - 1
        });
        &mut self.ranges[at]
    }

    /// A range begins.
    pub(super) fn begin_range(&mut self, kind: RangeKind, reason: u32, time: u64) {
        self.range(kind, reason).since = time;
    }

    /// A range goes on; `sync` is when the generation began.
    pub(super) fn continue_range(&mut self, kind: RangeKind, reason: u32, sync: u64) {
        let range = self.range(kind, reason);
        if range.since > 0 {
            range.total += sync.saturating_sub(range.since);
        }
        range.since = sync;
    }

    /// A range ends.
    pub(super) fn end_range(&mut self, kind: RangeKind, reason: u32, time: u64) {
        let range = self.range(kind, reason);
        if range.since > 0 {
            range.total += time.saturating_sub(range.since);
        }
        range.since = 0;
    }

    /// Ranges that go on are cut off.
    pub(super) fn end_ranges(&mut self, time: u64) {
        for range in self.ranges.iter_mut().filter(|range| range.since > 0) {
            range.total += time.saturating_sub(range.since);
            range.since = 0;
        }
    }

    /// How it has spent its time until now.
    pub(super) fn spent(&self, now: u64) -> Spent {
        let mut spent = Spent {
            total: now.saturating_sub(self.created),
            exec: self.exec,
            sched: self.sched,
            blocked: self.blocks.iter().map(|&(_, time)| time).sum(),
            syscall: self.syscall + self.syscall_blocked,
        };
        let time = now.saturating_sub(self.since);
        match self.state {
            GoState::Running => spent.exec += time,
            GoState::Runnable => spent.sched += time,
            GoState::Waiting if !self.is_over => spent.blocked += time,
            GoState::Syscall => spent.syscall += time,
            _ => {}
        }
        spent
    }
}

/// What was spent between two moments.
pub(super) fn difference(now: Spent, before: Spent) -> Spent {
    Spent {
        total: now.total.saturating_sub(before.total),
        exec: now.exec.saturating_sub(before.exec),
        sched: now.sched.saturating_sub(before.sched),
        blocked: now.blocked.saturating_sub(before.blocked),
        syscall: now.syscall.saturating_sub(before.syscall),
    }
}
