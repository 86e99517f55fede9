//! What each proc does, and what of it is the collector's.

use super::buckets::Buckets;
use super::live::Worker;
use crate::model::trace::{CollectorPoint, NO_GROUP, NONE, ProcRow, ProcUse, Series, is_none};

/// Procs with a picture of their own.
const MOST_PICTURES: usize = 256;

/// Runs of a proc that are remembered, to tell what it did while somebody waited.
const REMEMBERED: usize = 64;

/// A proc.
#[derive(Debug)]
pub(super) struct Proc {
    /// A thread holds it.
    pub(super) is_held: bool,
    /// Who runs on it: a slot.
    pub(super) goroutine: u32,
    /// That one is in a call of the system.
    pub(super) is_calling: bool,
    /// Who is in a call from which the proc may be taken: a slot.
    pub(super) caller: u32,
    pub(super) worker: Worker,
    pub(super) is_assisting: bool,
    pub(super) is_sweeping: bool,
    /// Group of the one who runs or ran last.
    pub(super) group: u32,
    run_since: u64,
    usage: ProcUse,
    since: u64,
    uses: [u64; ProcUse::COUNT],
    runs: u64,
    busy: Option<Buckets<u64>>,
    /// Group, beginning and end of the last runs, in a ring.
    ring: Vec<(u32, u64, u64)>,
    next: usize,
}

/// All procs.
#[derive(Debug)]
pub(super) struct Procs {
    all: Vec<Proc>,
    from: u64,
    uses: Buckets<[u64; ProcUse::COUNT]>,
    /// Procs by use, now.
    now: [u32; ProcUse::COUNT],
    pub(super) max_procs: u32,
    pub(super) is_stopped: bool,
    points: Vec<CollectorPoint>,
}

impl Procs {
    pub(super) fn new(from: u64) -> Self {
        Self {
            all: Vec::new(),
            from,
            uses: Buckets::new(from),
            now: [0; ProcUse::COUNT],
            max_procs: 0,
            is_stopped: false,
            points: Vec::new(),
        }
    }

    /// A proc by its slot; `None` for none.
    #[inline(always)]
    pub(super) fn get(&mut self, slot: u32) -> Option<&mut Proc> {
        if is_none(slot) {
            return None;
        }
        if self.all.len() <= slot as usize {
            self.add_to(slot as usize);
        }
        self.all.get_mut(slot as usize)
    }

    fn add_to(&mut self, at: usize) {
        while self.all.len() <= at {
            let has_picture = self.all.len() < MOST_PICTURES;
            self.now[ProcUse::Idle as usize] += 1;
            self.all.push(Proc {
                is_held: false,
                goroutine: NONE,
                is_calling: false,
                caller: NONE,
                worker: Worker::None,
                is_assisting: false,
                is_sweeping: false,
                group: NO_GROUP,
                run_since: 0,
                usage: ProcUse::Idle,
                since: self.from,
                uses: [0; ProcUse::COUNT],
                runs: 0,
                busy: has_picture.then(|| Buckets::new(self.from)),
                ring: Vec::new(),
                next: 0,
            });
        }
    }

    /// Somebody begins to run, or has run since then.
    pub(super) fn run(&mut self, slot: u32, goroutine: u32, group: u32, worker: Worker, now: u64) {
        if let Some(proc) = self.get(slot) {
            proc.is_held = true;
            proc.goroutine = goroutine;
            proc.is_calling = false;
            proc.worker = worker;
            proc.group = group;
            proc.run_since = now;
            proc.runs += 1;
        }
        self.refresh(slot, now);
    }

    /// Who ran does not any more.
    pub(super) fn stop(&mut self, slot: u32, now: u64) {
        if let Some(proc) = self.get(slot) {
            if !is_none(proc.goroutine) {
                let run = (proc.group, proc.run_since, now);
                match proc.ring.get_mut(proc.next) {
                    Some(old) => *old = run,
                    None => proc.ring.push(run),
                }
                proc.next = (proc.next + 1) % REMEMBERED;
            }
            proc.goroutine = NONE;
            proc.is_calling = false;
            proc.worker = Worker::None;
            proc.is_assisting = false;
        }
        self.refresh(slot, now);
    }

    /// What a proc does may have changed, or be known now to have changed then.
    pub(super) fn refresh(&mut self, slot: u32, now: u64) {
        let Some(proc) = self.all.get_mut(slot as usize) else {
            return;
        };
        let usage = match proc {
            Proc { is_held: false, .. } => ProcUse::Idle,
            Proc {
                worker: Worker::Assigned,
                ..
            } => ProcUse::Worker,
            Proc {
                worker: Worker::Idle,
                ..
            } => ProcUse::IdleWorker,
            Proc {
                is_assisting: true, ..
            } => ProcUse::Assist,
            Proc {
                is_sweeping: true, ..
            } => ProcUse::Sweep,
            Proc {
                is_calling: true, ..
            } => ProcUse::Syscall,
            Proc { goroutine, .. } if is_none(*goroutine) => ProcUse::Scheduler,
            _ => ProcUse::Running,
        };
        if usage == proc.usage {
            return;
        }
        let before = proc.usage;
        proc.pass(now, &mut self.uses);
        proc.usage = usage;
        self.now[before as usize] -= 1;
        self.now[usage as usize] += 1;
        let is_collector =
            |usage| matches!(usage, ProcUse::Worker | ProcUse::Assist | ProcUse::Sweep);
        if is_collector(before) || is_collector(usage) {
            self.point(now);
        }
    }

    /// What the collector takes has changed.
    pub(super) fn point(&mut self, now: u64) {
        // Until the number of procs is known there is nothing to take a share of.
        if self.max_procs == 0 {
            return;
        }
        // What is told of since before now, comes after what was told already.
        let now = self.points.last().map_or(now, |last| last.at.max(now));
        let most = |count: u32| u16::try_from(count).unwrap_or(u16::MAX);
        let count = |usage: ProcUse| most(self.now[usage as usize]);
        let point = CollectorPoint {
            at: now,
            is_stopped: self.is_stopped,
            procs: most(self.max_procs),
            workers: count(ProcUse::Worker),
            assists: count(ProcUse::Assist),
            sweeps: count(ProcUse::Sweep),
        };
        if let Some(last) = self.points.last_mut() {
            if (CollectorPoint {
                at: last.at,
                ..point
            }) == *last
            {
                return;
            }
            if last.at == now {
                *last = point;
                return;
            }
        }
        self.points.push(point);
    }

    /// The group that ran the longest on each proc between two times, and how long; 0 where it ran
    /// nobody.
    pub(super) fn ran(&self, from: u64, to: u64) -> Vec<(u32, u32, u64)> {
        let mut found = Vec::new();
        for (slot, proc) in (0..).zip(&self.all).take(MOST_PICTURES) {
            let mut sums: Vec<(u32, u64)> = Vec::new();
            let current = (!is_none(proc.goroutine)).then_some((proc.group, proc.run_since, to));
            for &(group, begin, end) in proc.ring.iter().chain(&current) {
                let time = end.min(to).saturating_sub(begin.max(from));
                match sums.iter_mut().find(|(known, _)| *known == group) {
                    Some((_, sum)) => *sum += time,
                    None => sums.push((group, time)),
                }
            }
            let most = sums
                .into_iter()
                .filter(|&(_, time)| time > 0)
                .max_by_key(|&(_, time)| time);
            let (group, time) = most.unwrap_or((NO_GROUP, 0));
            found.push((slot, group, time));
        }
        found
    }

    /// Time of all procs in a use until now.
    pub(super) fn sum(&self, usage: ProcUse, now: u64) -> u64 {
        let one = |proc: &Proc| {
            let open = if proc.usage == usage {
                now.saturating_sub(proc.since)
            } else {
                0
            };
            proc.uses[usage as usize].saturating_add(open)
        };
        self.all.iter().map(one).fold(0, u64::saturating_add)
    }

    /// From a loss on nobody is known to do anything.
    pub(super) fn forget(&mut self, now: u64) {
        for slot in 0..self.all.len() as u32 {
            self.stop(slot, now);
            if let Some(proc) = self.get(slot) {
                proc.is_held = false;
                proc.is_sweeping = false;
                proc.caller = NONE;
            }
            self.refresh(slot, now);
        }
        self.is_stopped = false;
        self.point(now);
    }

    /// Rows, series and points. Of a proc that was not there, as GOMAXPROCS was no more than its
    /// number, nothing was idle.
    pub(super) fn finish(
        mut self,
        now: u64,
        id: impl Fn(u32) -> u64,
    ) -> (
        Vec<ProcRow>,
        Series<[u64; ProcUse::COUNT]>,
        Vec<CollectorPoint>,
    ) {
        for proc in &mut self.all {
            proc.pass(now, &mut self.uses);
        }
        let offers = offers(&self.points, self.from, now);
        let there = there(&offers);
        let rows = (0..).zip(self.all).map(|(slot, proc)| {
            let id = id(slot);
            let mut uses = proc.uses;
            if !offers.is_empty() {
                let known = usize::try_from(id).ok().and_then(|id| there.get(id));
                uses[ProcUse::Idle as usize] = idle(&uses, known.copied().unwrap_or(0));
            }
            ProcRow {
                id,
                uses,
                runs: proc.runs,
                busy: proc.busy.map(Buckets::finish).unwrap_or_default(),
            }
        });
        let mut rows: Vec<ProcRow> = rows.collect();
        rows.sort_by_key(|row| row.id);
        let mut uses = self.uses.finish();
        set_idle(&mut uses, &offers);
        (rows, uses, self.points)
    }
}

/// From when to when GOMAXPROCS was how much; before it is first told as it is then. Empty where
/// it never is.
pub(super) fn offers(points: &[CollectorPoint], from: u64, to: u64) -> Vec<(u64, u64, u16)> {
    let mut offers: Vec<(u64, u64, u16)> = Vec::new();
    for point in points {
        match offers.last_mut() {
            Some((.., procs)) if *procs == point.procs => {}
            Some((_, end, _)) => {
                *end = point.at;
                offers.push((point.at, to, point.procs));
            }
            None => offers.push((from, to, point.procs)),
        }
    }
    offers
}

/// How long each proc was there, by its number.
fn there(offers: &[(u64, u64, u16)]) -> Vec<u64> {
    let most = offers.iter().map(|&(.., procs)| procs).max().unwrap_or(0);
    let mut there = vec![0_u64; usize::from(most)];
    for &(from, to, procs) in offers {
        if let Some(at) = procs.checked_sub(1) {
            there[usize::from(at)] += to.saturating_sub(from);
        }
    }
    // While there are five, there is the second as well.
    for at in (1..there.len()).rev() {
        there[at - 1] += there[at];
    }
    there
}

/// What is left of a time once all other uses are taken from it.
fn idle(uses: &[u64; ProcUse::COUNT], time: u64) -> u64 {
    let others = ProcUse::ALL.into_iter().filter(|&of| of != ProcUse::Idle);
    others.fold(time, |left, of| left.saturating_sub(uses[of as usize]))
}

/// Makes what is idle in each bucket what was offered and not used.
fn set_idle(series: &mut Series<[u64; ProcUse::COUNT]>, offers: &[(u64, u64, u16)]) {
    let (begin, step) = (series.from, series.step);
    let mut offers = offers.iter().peekable();
    if offers.peek().is_none() {
        return;
    }
    for (bucket, uses) in (0_u64..).zip(&mut series.values) {
        let left = begin.saturating_add(bucket * step);
        let right = left.saturating_add(step);
        let mut offered = 0_u64;
        while let Some(&&(from, to, procs)) = offers.peek() {
            let time = to.min(right).saturating_sub(from.max(left));
            offered = offered.saturating_add(time.saturating_mul(u64::from(procs)));
            if to > right {
                break;
            }
            offers.next();
        }
        uses[ProcUse::Idle as usize] = idle(uses, offered);
    }
}

impl Proc {
    /// Adds up what was done until now.
    fn pass(&mut self, now: u64, all: &mut Buckets<[u64; ProcUse::COUNT]>) {
        let (from, usage) = (self.since, self.usage as usize);
        self.since = self.since.max(now);
        self.uses[usage] += now.saturating_sub(from);
        all.add(from, now, |bucket, time| bucket[usage] += time);
        let is_busy = !matches!(
            self.usage,
            ProcUse::Idle | ProcUse::Scheduler | ProcUse::IdleWorker
        );
        if let Some(busy) = self.busy.as_mut().filter(|_| is_busy) {
            busy.add(from, now, |bucket, time| *bucket += time);
        }
    }
}
