//! Who wakes whom.

use super::Timeline;
use super::at::{Wake, wakes};
use super::chunk::Record;
use super::kind::Kind;
use super::track::Held;
use super::track::{Blind, Tracker};
use crate::model::trace::{GoState, NONE, is_none};

/// Own records of a goroutine that are looked at for who woke it.
const MOST_HISTORY: usize = 1000;
/// Chunks on each side that are looked at for whom it wakes.
const MOST_CHUNKS: usize = 16;

/// Who woke a goroutine, and whom it woke.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The last time before that it was made able to run, or where there is none the first
    /// after.
    pub woken: Option<Wake>,
    /// The nearest time, before or after, that it made another able to run. Looked for within
    /// about a million records.
    pub wakes: Option<Wake>,
}

impl Timeline {
    /// The records before a number that changed a goroutine's state, the last first.
    pub(super) fn history(
        &self,
        goroutine: u32,
        before: u32,
    ) -> impl Iterator<Item = (u32, Record)> + '_ {
        let first = self.table.get(goroutine).map_or(u32::MAX, |row| row.first);
        let from = self.store.chunk_of(first);
        let to = self.store.chunk_of(before.saturating_sub(1));
        let chunks = match before > 0 && from <= to {
            true => self.store.chunks.get(from..=to).unwrap_or_default(),
            false => &[],
        };
        chunks.iter().rev().flat_map(move |chunk| {
            let end = before.saturating_sub(chunk.first) as usize;
            let rows = chunk.of_goroutine_before(goroutine, end);
            rows.filter_map(move |row| {
                let record = chunk.record(row)?;
                let changes = match record.kind() {
                    Kind::Go { from, to, .. } => from != to,
                    Kind::Switch { .. } | Kind::Was => true,
                    _ => false,
                };
                changes.then_some((chunk.first + row as u32, record))
            })
        })
    }

    /// Who made a goroutine able to run for what it does before a record, if that was another.
    pub(super) fn waker(&self, goroutine: u32, before: u32) -> Option<Wake> {
        for (number, record) in self.history(goroutine, before).take(MOST_HISTORY) {
            if wakes(&record, goroutine) {
                return Some(self.wake(number, &record, goroutine));
            }
            // It waits, or it has made itself able to run by giving way.
            let is_own = !matches!(
                record.kind(),
                Kind::Go {
                    to: GoState::Running | GoState::Syscall,
                    ..
                }
            );
            if is_own {
                return None;
            }
        }
        None
    }

    /// What a record that wakes a goroutine says.
    fn wake(&self, number: u32, record: &Record, goroutine: u32) -> Wake {
        self.wake_by(number, record, goroutine, self.context(number))
    }

    fn wake_by(&self, number: u32, record: &Record, goroutine: u32, held: Held) -> Wake {
        let (from, stack) = match record.kind() {
            Kind::Switch { .. } => (record.site, 0),
            _ => (held.goroutine, self.store.sites.get(record.site).stack),
        };
        let mut wake = Wake {
            time: record.time,
            from,
            group: match is_none(from) {
                true => NONE,
                false => self.table.group(from),
            },
            stack,
            thread: record.thread,
            proc: held.proc,
            to: goroutine,
            since: record.time,
            reason: 0,
        };
        let is_new = matches!(
            record.kind(),
            Kind::Go {
                from: GoState::NotExist,
                ..
            }
        );
        if let Some((_, wait)) = self.history(goroutine, number).next().filter(|_| !is_new) {
            match wait.kind() {
                Kind::Go { arrives: true, .. } => {
                    let first = self.table.get(goroutine).map_or(0, |row| row.first);
                    wake.since = self.store.time(first);
                    wake.reason = self.store.sites.get(wait.site).reason;
                }
                Kind::Go { .. } => {
                    wake.since = wait.time;
                    wake.reason = self.store.sites.get(wait.site).reason;
                }
                Kind::Switch { .. } => wake.since = wait.time + 1,
                _ => wake.since = wait.time,
            }
        }
        wake
    }

    /// Who woke a goroutine, and whom it woke, nearest to a time.
    pub fn flow(&self, goroutine: u32, time: u64) -> Flow {
        if self.table.get(goroutine).is_none() {
            return Flow::default();
        }
        Flow {
            woken: self.woken(goroutine, time),
            wakes: self.wakes_near(goroutine, time),
        }
    }

    fn woken(&self, goroutine: u32, time: u64) -> Option<Wake> {
        let before = self.store.at_or_after(time.saturating_add(1));
        let mut all = self.history(goroutine, before);
        if let Some((number, record)) = all.find(|(_, record)| wakes(record, goroutine)) {
            return Some(self.wake(number, &record, goroutine));
        }
        let at = self.store.chunk_of(before);
        for chunk in self.store.chunks.get(at..).unwrap_or_default() {
            let from = before.saturating_sub(chunk.first) as usize;
            for row in chunk.of_goroutine_from(goroutine, from) {
                let record = chunk.record(row)?;
                if wakes(&record, goroutine) {
                    return Some(self.wake(chunk.first + row as u32, &record, goroutine));
                }
            }
        }
        None
    }

    fn wakes_near(&self, goroutine: u32, time: u64) -> Option<Wake> {
        let at = self.store.chunk_at(time);
        let mut nearest: Option<(u64, Wake)> = None;
        let mut look = |chunk: usize| {
            if let Some(wake) = self.wakes_in(goroutine, time, chunk) {
                let far = wake.time.abs_diff(time);
                if nearest.is_none_or(|nearest| far < nearest.0) {
                    nearest = Some((far, wake));
                }
            }
            nearest.is_some()
        };
        let found = look(at);
        for far in 1..=MOST_CHUNKS {
            // What is in the next chunk may be nearer than what was found in this one.
            if found && far > 1 {
                break;
            }
            let before = at.checked_sub(far).is_some_and(&mut look);
            let after = look(at + far);
            if before || after {
                break;
            }
        }
        nearest.map(|nearest| nearest.1)
    }

    /// The record of a chunk with which a goroutine wakes another that is nearest to a time.
    fn wakes_in(&self, goroutine: u32, time: u64, at: usize) -> Option<Wake> {
        let chunk = self.store.chunks.get(at)?;
        let mut tracker: Tracker = self.tracker_at(at);
        let mut nearest: Option<(u64, u32, Record, Held)> = None;
        for (row, record) in chunk.records(0..chunk.len()) {
            let held = tracker.held(record.thread);
            if held.goroutine == goroutine && wakes(&record, record.subject) {
                let far = record.time.abs_diff(time);
                if nearest.is_none_or(|nearest| far < nearest.0) {
                    nearest = Some((far, chunk.first + row as u32, record, held));
                }
            }
            tracker.step(&record, &mut Blind);
        }
        let (_, number, record, held) = nearest?;
        Some(self.wake_by(number, &record, record.subject, held))
    }
}
