//! Goroutines that began with the same function: how they spent their time, and what they did at
//! the same time.

use rustc_hash::FxHashMap;

use super::live::{MOST_REASONS, Span};
use crate::model::trace::{GoState, GoroutineRow, Group, Histogram, Pool, World};
use crate::model::{StringId, trace::RangeKind};

/// Groups that are told apart; the rest is one without a name.
const MOST_GROUPS: usize = 1 << 16;

/// The group of those of whom no stack was seen.
pub(super) const UNNAMED: u32 = 0;

/// A goroutine with its time in special ranges, by kind and reason.
pub(super) type Member = (GoroutineRow, Vec<(RangeKind, u32, u64)>);

/// What a member of a pool does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Running,
    Runnable,
    /// It waits for work.
    Idle,
    Syscall,
    Other,
}

/// A group that is being made.
#[derive(Debug, Default)]
pub(super) struct Making {
    /// Row of the world's strings.
    pub(super) name: u32,
    pub(super) is_system: bool,
    pub(super) count: u64,
    /// The most members at a time, but for the time since all was known the last time; and in
    /// that time.
    most_alive: u64,
    most_since: u64,
    exec: Histogram,
    sched: Histogram,
    blocks: Vec<(u32, Histogram)>,
    syscall: Histogram,
    syscall_blocked: u64,
    calls_blocked: u64,
    assist: u64,
    /// Members by [`Doing`].
    now: [u64; 5],
    /// The times at which members began to do it taken from those at which they ceased: with those
    /// who still do it, members times nanoseconds. Wraps on the way.
    sums: [u64; 5],
    members_now: u64,
    /// How long there were members, none of them was idle, and all were; likewise.
    spans: [u64; 3],
    states: [bool; 3],
    jobs: u64,
    /// Running times of members: sum, sum of squares, the most, and all by size.
    exec_sum: u64,
    exec_squares: f64,
    exec_by_member: Histogram,
    unknown: u64,
    left: u64,
    /// Members that are kept by themselves.
    members: Vec<Member>,
    /// The least time of these, once there are as many as are kept.
    least: u64,
}

impl Making {
    /// Whether there are members, none of them waits for work, and all do.
    fn states(&self) -> [bool; 3] {
        let idle = self.now[Doing::Idle as usize];
        let is_any = self.members_now > 0;
        [
            is_any,
            is_any && idle == 0,
            is_any && idle == self.members_now,
        ]
    }

    /// A member begins, ends, or does something else.
    #[inline(always)]
    pub(super) fn change(&mut self, now: u64, from: Option<Doing>, to: Option<Doing>) {
        if from == to {
            return;
        }
        // Somebody who was never counted as beginning cannot cease.
        let from = from.filter(|&from| self.now[from as usize] > 0);
        if let Some(from) = from {
            self.now[from as usize] -= 1;
            self.sums[from as usize] = self.sums[from as usize].wrapping_add(now);
            self.members_now -= 1;
            self.jobs += u64::from(from == Doing::Idle);
        }
        if let Some(to) = to {
            self.now[to as usize] += 1;
            self.sums[to as usize] = self.sums[to as usize].wrapping_sub(now);
            self.members_now += 1;
            self.most_since = self.most_since.max(self.members_now);
        }
        let states = self.states();
        if states != self.states {
            self.pass(now, states);
        }
    }

    /// A member is found that was there all the time: each count since had one more.
    #[cold]
    #[inline(never)]
    pub(super) fn find(&mut self, now: u64, doing: Option<Doing>) {
        self.most_since += 1;
        self.change(now, None, doing);
    }

    /// A member that was found so is found to be another group's.
    pub(super) fn unfind(&mut self, now: u64, doing: Option<Doing>) {
        self.change(now, doing, None);
        self.most_since = self.most_since.saturating_sub(1).max(self.members_now);
    }

    /// Nobody is known to be there any more.
    pub(super) fn forget_most(&mut self) {
        self.most_alive = self.most_alive.max(self.most_since);
        self.most_since = self.members_now;
    }

    /// From now on other things are so.
    fn pass(&mut self, now: u64, states: [bool; 3]) {
        for ((span, was), is) in self.spans.iter_mut().zip(self.states).zip(states) {
            match (was, is) {
                (true, false) => *span = span.wrapping_add(now),
                (false, true) => *span = span.wrapping_sub(now),
                _ => {}
            }
        }
        self.states = states;
    }

    /// Adds a run or a wait.
    #[inline(always)]
    pub(super) fn add(&mut self, span: &Span) {
        let time = span.to - span.from;
        match span.state {
            GoState::Running => self.exec.add(time),
            GoState::Runnable => self.sched.add(time),
            GoState::Syscall => {
                self.syscall.add(time);
                if span.lost > 0 {
                    self.calls_blocked += 1;
                    let without = span.to - span.lost;
                    self.syscall_blocked = self.syscall_blocked.saturating_add(without);
                }
            }
            GoState::Waiting => {
                let known = self
                    .blocks
                    .iter()
                    .position(|&(reason, _)| reason == span.reason);
                let known = known.or((self.blocks.len() >= MOST_REASONS).then_some(0));
                let at = known.unwrap_or_else(|| {
                    self.blocks.push((span.reason, Histogram::default()));
                    self.blocks.len() - 1
                });
                self.blocks[at].1.add(time);
            }
            _ => {}
        }
    }

    /// A member is over, or the trace is. Of large groups those with the most time are kept.
    pub(super) fn end(
        &mut self,
        row: GoroutineRow,
        ranges: Vec<(RangeKind, u32, u64)>,
        is_left: bool,
        keep: usize,
    ) {
        self.unknown = self.unknown.saturating_add(row.unknown());
        // By member, not by assist: whose an assist is may be known only after it.
        let assists = ranges
            .iter()
            .filter(|(kind, ..)| *kind == RangeKind::Assist);
        for &(.., time) in assists {
            self.assist = self.assist.saturating_add(time);
        }
        self.exec_sum = self.exec_sum.saturating_add(row.exec);
        self.exec_squares += (row.exec as f64).powi(2);
        self.exec_by_member.add(row.exec);
        if is_left {
            self.left += 1;
        }
        if self.members.len() >= 2 * keep {
            self.members
                .sort_by_key(|(row, _)| std::cmp::Reverse((row.total, row.exec)));
            self.members.truncate(keep);
            self.least = self.members.last().map_or(0, |(row, _)| row.total);
        }
        if row.total >= self.least {
            self.members.push((row, ranges));
        }
    }

    /// The group, and its members, the longest first; strings are turned by `string`.
    pub(super) fn finish(
        mut self,
        now: u64,
        keep: usize,
        mut string: impl FnMut(u32) -> StringId,
    ) -> (Group, Vec<Member>) {
        self.pass(now, [false; 3]);
        self.forget_most();
        for (sum, count) in self.sums.iter_mut().zip(self.now) {
            *sum = sum.wrapping_add(count.wrapping_mul(now));
        }
        let [time, saturated, starved] = self.spans;
        self.members
            .sort_by(|(a, _), (b, _)| b.total.cmp(&a.total).then(a.id.cmp(&b.id)));
        self.members.truncate(keep);
        self.blocks
            .sort_by(|a, b| b.1.total().cmp(&a.1.total()).then(a.0.cmp(&b.0)));
        let count = self.exec_by_member.count();
        let mean = self.exec_sum as f64 / count.max(1) as f64;
        let variance = self.exec_squares / count.max(1) as f64 - mean * mean;
        let group = Group {
            name: string(self.name),
            is_system: self.is_system,
            count: self.count,
            most_alive: self.most_alive,
            left: self.left,
            exec: self.exec,
            sched: self.sched,
            blocks: self
                .blocks
                .into_iter()
                .map(|(reason, times)| (string(reason), times))
                .collect(),
            syscall: self.syscall,
            syscall_blocked: self.syscall_blocked,
            calls_blocked: self.calls_blocked,
            unknown: self.unknown,
            assist: self.assist,
            pool: Pool {
                time,
                members: self.sums.iter().fold(0, |sum, &of| sum.saturating_add(of)),
                running: self.sums[Doing::Running as usize],
                runnable: self.sums[Doing::Runnable as usize],
                idle: self.sums[Doing::Idle as usize],
                syscall: self.sums[Doing::Syscall as usize],
                saturated,
                starved,
                jobs: self.jobs,
                exec: (
                    self.exec_by_member.most(),
                    self.exec_by_member.percentile(0.5),
                    self.exec_sum,
                ),
                variation: if mean > 0.0 {
                    variance.max(0.0).sqrt() / mean
                } else {
                    0.0
                },
            },
            members: Vec::new(),
        };
        (group, self.members)
    }
}

/// The groups by name.
#[derive(Debug)]
pub(super) struct Groups {
    /// Of row [`UNNAMED`] nobody can say whose they are: they are not hidden as the runtime's.
    pub(super) all: Vec<Making>,
    rows: FxHashMap<u32, u32>,
}

impl Groups {
    pub(super) fn new() -> Self {
        Self {
            all: vec![Making::default()],
            rows: FxHashMap::default(),
        }
    }

    /// The group of a name, a row of the world's strings.
    pub(super) fn of(&mut self, name: u32, world: &World) -> u32 {
        if name == 0 || self.all.len() >= MOST_GROUPS && !self.rows.contains_key(&name) {
            return UNNAMED;
        }
        *self.rows.entry(name).or_insert_with(|| {
            let text = world.strings.bytes(StringId(name));
            self.all.push(Making {
                name,
                is_system: is_system(text),
                ..Making::default()
            });
            self.all.len() as u32 - 1
        })
    }
}

/// True for goroutines of the runtime itself, by the function they begin with; one without a name
/// is taken for such, too. Go's `trace.IsSystemGoroutine` says it of all of package runtime but
/// `runtime.main`. Coroutines, which `iter.Pull` begins, are the program's all the same; and what
/// records the trace (`runtime/trace`, `runtime/pprof`) is not.
pub fn is_system(name: &[u8]) -> bool {
    let is_own = [&b"runtime.main"[..], b"runtime.corostart"].contains(&name);
    let is_runtime = name.starts_with(b"runtime.") || name.starts_with(b"runtime/");
    name.is_empty() || is_runtime && !is_own
}

/// Go's name of a range.
pub(super) fn range_name(kind: RangeKind, reason: u32, world: &World) -> String {
    match kind {
        RangeKind::Stop => format!("{} ({})", kind.name(), world.text(reason)),
        _ => kind.name().to_owned(),
    }
}
