//! The records of one thread, in the order of the file.

use super::generation::Batch;
use super::held::Held;
use super::order::Record;
use super::spec;
use super::tables::nanos;
use super::wire::Cursor;

/// Where a thread's records have been read to.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) thread: u32,
    pub(super) batches: Vec<Batch>,
    /// The batch of the record, where it begins there, and where the next one does.
    batch: usize,
    begin: usize,
    at: usize,
    /// Time of the last record of the batch.
    time: Option<u64>,
    /// The latest time that its next records can have.
    latest: u64,
    pub(super) record: Record,
}

/// Why a record could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    Torn,
    /// There is no such type.
    Kind(u8),
    /// It is of a time that no trace can have.
    Time,
}

/// How much later than the next batch of its thread a record may be: a damaged time is further
/// off, as mostly its high bits are.
const SLACK: u64 = 1_000_000_000;

/// A record that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: u64,
    pub(super) bytes: usize,
    pub(super) why: Unread,
}

/// How a generation's ticks are times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Nanoseconds of a tick.
    pub(super) tick: f64,
    /// The latest time that can be.
    pub(super) latest: u64,
}

impl Reading {
    /// Of a thread of which `first` is the first batch, that is to be added.
    pub(super) fn new(thread: u32, first: &Batch) -> Self {
        Self {
            thread,
            batches: Vec::new(),
            batch: 0,
            begin: first.from,
            at: first.from,
            time: None,
            latest: 0,
            record: Record::default(),
        }
    }

    /// Reads the next record. False at the end. After a fault the rest of the batch is passed
    /// over, as nothing says where its next record begins.
    #[inline(always)]
    pub(super) fn next(&mut self, held: &Held, scale: Scale) -> Result<bool, Fault> {
        loop {
            let Some(batch) = self.batches.get(self.batch) else {
                return Ok(false);
            };
            if self.at < batch.to {
                break;
            }
            self.batch += 1;
            self.at = self.batches.get(self.batch).map_or(0, |next| next.from);
            self.time = None;
        }
        let batch = self.batches[self.batch];
        self.begin = self.at;
        let mut from = Cursor::new(held.until(&batch), self.at);
        let kind = from.byte().unwrap_or_default();
        let count = spec::args(kind);
        let read = count.and_then(|count| {
            let step = from.number()?;
            let mut args = [0; spec::MOST_ARGS];
            for arg in &mut args[..count] {
                *arg = from.number()?;
            }
            Some((step, args))
        });
        let Some((step, args)) = read else {
            let why = match count {
                None => Unread::Kind(kind),
                Some(_) => Unread::Torn,
            };
            return Err(self.pass(&batch, why));
        };
        let before = match self.time {
            Some(before) => before,
            None => {
                // A batch begins after the last record of the one before it, at least where Go
                // writes it.
                let next = self.batches.get(self.batch + 1);
                let next = next.map_or(u64::MAX, |next| nanos(next.time, scale.tick));
                self.latest = scale.latest.min(next.saturating_add(SLACK));
                nanos(batch.time, scale.tick)
            }
        };
        let time = before.saturating_add(nanos(step, scale.tick));
        if time > self.latest {
            return Err(self.pass(&batch, Unread::Time));
        }
        self.time = Some(time);
        self.at = from.at;
        self.record = Record { kind, time, args };
        Ok(true)
    }

    /// Passes over the rest of a batch.
    #[cold]
    fn pass(&mut self, batch: &Batch, why: Unread) -> Fault {
        self.at = batch.to;
        Fault {
            at: batch.in_file(self.begin),
            bytes: batch.to - self.begin,
            why,
        }
    }

    /// Where the record stands in the file, and its bytes; at the end there is none.
    pub(super) fn place(&self) -> Option<(u64, usize)> {
        let batch = self.batches.get(self.batch)?;
        Some((batch.in_file(self.begin), self.at - self.begin))
    }

    /// Bytes from the record on.
    pub(super) fn rest(&self) -> usize {
        let Some(batch) = self.batches.get(self.batch) else {
            return 0;
        };
        let later = self.batches.iter().skip(self.batch + 1);
        batch.to - self.begin + later.map(|one| one.to - one.from).sum::<usize>()
    }

    /// Time of the last record.
    pub(super) fn end(mut self, held: &Held, scale: Scale) -> u64 {
        let mut end = self.record.time;
        while self.next(held, scale) != Ok(false) {
            end = end.max(self.record.time);
        }
        end
    }
}
