//! What was so at the beginning of a chunk, so that nobody has to begin at the first record.
//!
//! Checkpoints are as far apart as they are large: a chunk has one if the records since the last
//! take several times its memory. There are two sizes: who holds what, which every picture needs,
//! and the last record of each goroutine that is there, which only reports of a range need.

use std::collections::BTreeMap;

use super::table::Slots;
use super::track::{Held, Proc, Tracker};
use crate::model::trace::{Clock, Edge, Event, GoState, Metric, RangeKind, What};

/// What events say for longer than a moment, besides who holds what. Scopes are slots.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    /// Reasons of ranges that are open, by kind and scope; the reason is a row of the strings.
    pub(super) ranges: BTreeMap<(u8, u32), u32>,
    /// By [`Metric`].
    pub(super) metrics: [Option<u64>; 3],
    /// What a worker that runs is working as, by slot: rows of the strings.
    pub(super) labels: BTreeMap<u32, u32>,
    /// The last sync: its number, and the clocks that it read.
    pub(super) sync: (u32, Option<Clock>),
}

/// Kinds of ranges by the number that [`Ledger::ranges`] has.
pub(super) const RANGES: [RangeKind; 4] = [
    RangeKind::Mark,
    RangeKind::Sweep,
    RangeKind::Assist,
    RangeKind::Stop,
];

/// The number of a sweep, whose scope is a proc.
const SWEEP: u8 = 1;

/// Metrics by the number that [`Ledger::metrics`] has.
pub(super) const METRICS: [Metric; 3] = [Metric::Procs, Metric::Heap, Metric::Goal];

impl Ledger {
    /// Takes an event.
    #[inline]
    pub(super) fn step(&mut self, event: &Event) {
        match event.what {
            What::Goroutine { goroutine, to, .. } => {
                let has_any = !self.labels.is_empty() || !self.ranges.is_empty();
                if to != GoState::Running && has_any {
                    self.leaves(goroutine, to);
                }
            }
            What::Range {
                edge,
                kind,
                scope,
                reason,
                ..
            } => {
                let number = RANGES.iter().position(|&one| one == kind);
                let key = (number.unwrap_or_default() as u8, scope);
                match edge {
                    Edge::End => drop(self.ranges.remove(&key)),
                    _ => drop(self.ranges.insert(key, reason)),
                }
            }
            What::Metric(metric, value) => {
                let number = METRICS.iter().position(|&one| one == metric);
                self.metrics[number.unwrap_or_default()] = Some(value);
            }
            What::Label(label) => drop(self.labels.insert(event.goroutine, label)),
            What::Sync { number, clock } => self.sync = (number, clock),
            _ => {}
        }
    }

    fn leaves(&mut self, goroutine: u32, to: GoState) {
        self.labels.remove(&goroutine);
        if to == GoState::NotExist {
            // Those of goroutines: an assist and a stop.
            for number in [2, 3] {
                self.ranges.remove(&(number, goroutine));
            }
        }
    }

    /// Nothing is known of anybody any more. What was measured stays so.
    pub(super) fn forget(&mut self) {
        self.ranges.clear();
        self.labels.clear();
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + (self.ranges.len() + self.labels.len()) * 24
    }
}

/// What was so at the beginning of a chunk.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    threads: Box<[(u32, Held)]>,
    procs: Box<[Proc]>,
    /// By index.
    flags: Box<[(u32, u8)]>,
    pub(super) ledger: Ledger,
    /// The last record of each goroutine that is there, by index, where the chunk has that.
    pub(super) last: Option<Box<[(u32, u32)]>>,
}

impl Checkpoint {
    /// Sets a tracker to it. Its flags are those of workers, and as many as there are goroutines.
    pub(super) fn restore(&self, tracker: &mut Tracker) {
        for &(slot, held) in &self.threads {
            *tracker.held_mut(slot) = held;
        }
        tracker.procs = self.procs.to_vec();
        for &(goroutine, flags) in &self.flags {
            *tracker.flags_mut(goroutine) |= flags;
        }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + size_of_val(&*self.threads)
            + size_of_val(&*self.procs)
            + size_of_val(&*self.flags)
            + self.ledger.bytes()
            + self.last.as_ref().map_or(0, |last| size_of_val(&**last))
    }
}

/// Decides where checkpoints stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Checkpoints {
    /// Records of the last one, and of the last one with all goroutines; `None` before the first.
    small: Option<u32>,
    large: Option<u32>,
}

/// Records for which a byte of a checkpoint is spent.
const RECORDS_PER_BYTE: usize = 3;

impl Checkpoints {
    /// What is so before `record`, if it is to be kept.
    pub(super) fn take(
        &mut self,
        record: u32,
        tracker: &Tracker,
        slots: &Slots,
        ledger: &Ledger,
    ) -> Option<Box<Checkpoint>> {
        let is_due = |last: Option<u32>, bytes: usize| match last {
            None => true,
            Some(last) => bytes.saturating_mul(RECORDS_PER_BYTE) <= (record - last) as usize,
        };
        let threads = tracker.threads.len() * size_of::<(u32, Held)>();
        let ranges = ledger.ranges.len() * 24;
        let small = threads + tracker.procs.len() * size_of::<Proc>() + ranges;
        if !is_due(self.small, small) {
            return None;
        }
        self.small = Some(record);
        let has_all = is_due(self.large, slots.len() * size_of::<(u32, u32)>());
        let last = has_all.then(|| {
            self.large = Some(record);
            slots.there().map(|one| (one.index, one.last)).collect()
        });
        let threads = (0..).zip(&tracker.threads);
        let threads = threads.filter(|&(_, held)| *held != Held::NOTHING);
        // Flags are of who is on a thread, or has a range open.
        let running = tracker.threads.iter().map(|held| held.goroutine);
        let scopes = ledger.ranges.keys().filter(|(kind, _)| *kind > SWEEP);
        let open = scopes.filter_map(|&(_, slot)| Some(slots.get(slot)?.index));
        let flags = running.chain(open).filter_map(|goroutine| {
            let flags = tracker.flags.get(goroutine as usize).copied()?;
            (flags != 0).then_some((goroutine, flags))
        });
        Some(Box::new(Checkpoint {
            threads: threads.map(|(slot, &held)| (slot, held)).collect(),
            procs: tracker.procs.as_slice().into(),
            flags: flags.collect(),
            ledger: ledger.clone(),
            last,
        }))
    }
}
