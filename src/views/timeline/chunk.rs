//! Records in columns, 65 536 at a time.
//!
//! A record is 15 bytes: time (4), kind (1), thread (2), subject (4), site (4). Times are kept
//! from a base, which is given anew after 2^32 ns; threads are numbered by chunk; what does not
//! fit is in words of the chunk's own.

use std::ops::Range;

use super::checkpoint::Checkpoint;
use super::kind::Kind;
use crate::model::trace::NONE;

/// Records of a chunk at most.
pub(super) const CHUNK: usize = 1 << 16;

/// A record as it stands in the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Nanoseconds of the trace's clock.
    pub(super) time: u64,
    /// See [`Kind`].
    pub(super) code: u8,
    /// Slot of a thread, or none.
    pub(super) thread: u32,
    /// See [`Kind`].
    pub(super) subject: u32,
    /// See [`Kind`]; of a full record, where its words begin.
    pub(super) site: u32,
}

impl Record {
    /// What it says.
    #[inline]
    pub(super) fn kind(&self) -> Kind {
        Kind::of(self.code)
    }
}

/// Records that are complete.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Number of its first record in the whole trace.
    pub(super) first: u32,
    /// Where a base begins to count, and the base.
    runs: Box<[(u32, u64)]>,
    time: Box<[u32]>,
    code: Box<[u8]>,
    thread: Box<[u16]>,
    subject: Box<[u32]>,
    site: Box<[u32]>,
    /// Slots of the chunk's threads.
    threads: Box<[u32]>,
    words: Box<[u32]>,
    /// What was so when it began.
    pub(super) checkpoint: Option<Box<Checkpoint>>,
}

impl Chunk {
    pub(super) fn len(&self) -> usize {
        self.time.len()
    }

    /// The run that a record is in.
    fn run_of(&self, at: usize) -> usize {
        if self.runs.len() == 1 {
            return 0;
        }
        let after = self
            .runs
            .partition_point(|&(first, _)| first as usize <= at);
        after.saturating_sub(1)
    }

    /// Time of a record.
    pub(super) fn time(&self, at: usize) -> u64 {
        let base = self.runs.get(self.run_of(at)).map_or(0, |run| run.1);
        base + self.time.get(at).map_or(0, |&time| u64::from(time))
    }

    /// Time of the first record.
    pub(super) fn begin(&self) -> u64 {
        self.time(0)
    }

    /// The first record at a time or later; as many as there are if none is.
    pub(super) fn at_or_after(&self, time: u64) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.time(middle) < time {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// A record.
    pub(super) fn record(&self, at: usize) -> Option<Record> {
        Some(Record {
            time: self.time(at),
            code: *self.code.get(at)?,
            thread: self.threads[usize::from(self.thread[at])],
            subject: self.subject[at],
            site: self.site[at],
        })
    }

    /// Some records in order, each with its row in the chunk.
    pub(super) fn records(&self, rows: Range<usize>) -> Records<'_> {
        let end = rows.end.min(self.len());
        Records {
            chunk: self,
            at: rows.start,
            end,
            run: self.run_of(rows.start),
            run_end: 0,
            base: 0,
        }
    }

    /// Words of a full record, as many as asked for; zeros for what is not there.
    pub(super) fn words<const N: usize>(&self, record: &Record) -> [u32; N] {
        words_at(&self.words, record.site)
    }

    /// The codes of all records, for who looks for some of them.
    pub(super) fn codes(&self) -> &[u8] {
        &self.code
    }

    /// The rows of records below `end` that are of a goroutine, the last first.
    pub(super) fn of_goroutine_before(
        &self,
        goroutine: u32,
        end: usize,
    ) -> impl Iterator<Item = usize> + '_ {
        let mut end = end.min(self.len());
        std::iter::from_fn(move || {
            // Eight at a time, without a branch for each.
            while end >= 8 {
                let from = end - 8;
                if self.has_any(goroutine, from, end) {
                    break;
                }
                end = from;
            }
            while end > 0 {
                end -= 1;
                if self.is_of(goroutine, end) {
                    return Some(end);
                }
            }
            None
        })
    }

    /// The rows of records from `from` on that are of a goroutine, in order.
    pub(super) fn of_goroutine_from(
        &self,
        goroutine: u32,
        from: usize,
    ) -> impl Iterator<Item = usize> + '_ {
        let mut at = from;
        std::iter::from_fn(move || {
            while at + 8 <= self.len() {
                if self.has_any(goroutine, at, at + 8) {
                    break;
                }
                at += 8;
            }
            while at < self.len() {
                at += 1;
                if self.is_of(goroutine, at - 1) {
                    return Some(at - 1);
                }
            }
            None
        })
    }

    /// Calls for the rows of records that are of some goroutines, in order: `places` has for each
    /// index a number that is passed on, 0 for those that are not wanted, and one more for none.
    /// Records of nobody that concern everybody come with 0.
    pub(super) fn for_those(&self, places: &[u32], mut call: impl FnMut(usize, u32)) {
        let none = places.len().saturating_sub(1);
        let place = |goroutine: u32| places.get((goroutine as usize).min(none));
        let rows = self.code.iter().zip(self.subject.iter().zip(&self.site));
        for (row, (&code, (&subject, &site))) in rows.enumerate() {
            let own = place(subject).copied().unwrap_or_default();
            if own != 0 && !matches!(Kind::of(code), Kind::Metric(_)) {
                call(row, own);
            }
            if Kind::is_switch(code) {
                let other = place(site).copied().unwrap_or_default();
                if other != 0 && other != own {
                    call(row, other);
                }
            } else if Kind::of(code) == Kind::Lost {
                call(row, 0);
            }
        }
    }

    #[inline]
    #[allow(clippy::needless_bitwise_bool, reason = "a loop without branches")]
    fn has_any(&self, goroutine: u32, from: usize, to: usize) -> bool {
        let subjects = &self.subject[from..to];
        let sites = &self.site[from..to];
        let mut found = false;
        for (&subject, &site) in subjects.iter().zip(sites) {
            found |= subject == goroutine;
            found |= site == goroutine;
        }
        found
    }

    #[inline]
    fn is_of(&self, goroutine: u32, at: usize) -> bool {
        let code = self.code[at];
        if let Kind::Metric(_) = Kind::of(code) {
            return false;
        }
        self.subject[at] == goroutine || self.site[at] == goroutine && Kind::is_switch(code)
    }

    /// Bytes it takes without its checkpoint.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.len() * (4 + 1 + 2 + 4 + 4)
            + size_of_val(&*self.runs)
            + size_of_val(&*self.threads)
            + size_of_val(&*self.words)
    }
}

fn words_at<const N: usize>(words: &[u32], from: u32) -> [u32; N] {
    let mut found = [0; N];
    let there = words.get(from as usize..).unwrap_or_default();
    for (word, &one) in found.iter_mut().zip(there) {
        *word = one;
    }
    found
}

/// Two words as a number, the lower half first.
pub(super) fn wide(low: u32, high: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// Records of a chunk; see [`Chunk::records`].
#[derive(Debug)]
pub(super) struct Records<'a> {
    chunk: &'a Chunk,
    at: usize,
    end: usize,
    run: usize,
    run_end: usize,
    base: u64,
}

impl Iterator for Records<'_> {
    type Item = (usize, Record);

    #[inline]
    fn next(&mut self) -> Option<(usize, Record)> {
        let at = self.at;
        if at >= self.end {
            return None;
        }
        while at >= self.run_end {
            self.base = self.chunk.runs.get(self.run).map_or(0, |run| run.1);
            let next = self.chunk.runs.get(self.run + 1);
            self.run_end = next.map_or(usize::MAX, |run| run.0 as usize);
            self.run += 1;
        }
        self.at += 1;
        let chunk = self.chunk;
        let record = Record {
            time: self.base + u64::from(chunk.time[at]),
            code: chunk.code[at],
            thread: chunk.threads[usize::from(chunk.thread[at])],
            subject: chunk.subject[at],
            site: chunk.site[at],
        };
        Some((at, record))
    }
}

/// The chunk that is being filled.
#[derive(Clone, Debug)]
pub(super) struct OpenChunk {
    most: usize,
    first: u32,
    runs: Vec<(u32, u64)>,
    time: Vec<u32>,
    code: Vec<u8>,
    thread: Vec<u16>,
    subject: Vec<u32>,
    site: Vec<u32>,
    threads: Vec<u32>,
    words: Vec<u32>,
    /// Number in the chunk by slot, `u16::MAX` for those that have none yet; of no thread at all
    /// it stands first.
    numbers: Vec<u16>,
    /// Those of `numbers` that are given, to take them back.
    last: (u32, u16),
    pub(super) checkpoint: Option<Box<Checkpoint>>,
}

/// In place of a thread's number in the chunk: it has none yet.
const UNNUMBERED: u16 = u16::MAX;

impl OpenChunk {
    /// One for so many records at most.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            first: 0,
            runs: Vec::new(),
            time: Vec::new(),
            code: Vec::new(),
            thread: Vec::new(),
            subject: Vec::new(),
            site: Vec::new(),
            threads: Vec::new(),
            words: Vec::new(),
            numbers: Vec::new(),
            last: (NONE, UNNUMBERED),
            checkpoint: None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.time.len()
    }

    /// So many records fit, whatever they are.
    pub(super) fn has_room(&self, records: usize) -> bool {
        let threads = self.threads.len() + records;
        self.len() + records <= self.most && threads <= usize::from(UNNUMBERED)
    }

    /// Number of its first record in the whole trace.
    pub(super) fn first(&self) -> u32 {
        self.first
    }

    /// Number of the next record in the whole trace.
    pub(super) fn next(&self) -> u32 {
        self.first + self.len() as u32
    }

    fn number(&mut self, thread: u32) -> u16 {
        if self.last.0 == thread && self.last.1 != UNNUMBERED {
            return self.last.1;
        }
        // No thread, which is the largest number there is, comes before the first.
        let at = thread.wrapping_add(1) as usize;
        if at >= self.numbers.len() {
            self.numbers.resize(at + 1, UNNUMBERED);
        }
        if self.numbers[at] == UNNUMBERED {
            self.numbers[at] = self.threads.len() as u16;
            self.threads.push(thread);
        }
        self.last = (thread, self.numbers[at]);
        self.last.1
    }

    /// Takes a record; there must be room.
    pub(super) fn push(&mut self, record: &Record) {
        if self.time.capacity() == 0 && self.first > 0 {
            self.time.reserve_exact(self.most);
            self.code.reserve_exact(self.most);
            self.thread.reserve_exact(self.most);
            self.subject.reserve_exact(self.most);
            self.site.reserve_exact(self.most);
        }
        let base = self.runs.last().map(|run| run.1);
        let since = base.and_then(|base| u32::try_from(record.time.checked_sub(base)?).ok());
        let time = since.unwrap_or_else(|| {
            self.runs.push((self.len() as u32, record.time));
            0
        });
        let thread = self.number(record.thread);
        self.time.push(time);
        self.code.push(record.code);
        self.thread.push(thread);
        self.subject.push(record.subject);
        self.site.push(record.site);
    }

    /// Keeps words; gives where they begin.
    pub(super) fn words(&mut self, words: &[u32]) -> u32 {
        let from = self.words.len() as u32;
        self.words.extend_from_slice(words);
        from
    }

    /// The record before the next one, or the one before that.
    pub(super) fn back(&self, by: usize) -> Option<Record> {
        let at = self.len().checked_sub(by)?;
        let run = self.runs.iter().rev().find(|run| run.0 as usize <= at)?;
        Some(Record {
            time: run.1 + u64::from(*self.time.get(at)?),
            code: self.code[at],
            thread: self.threads[usize::from(self.thread[at])],
            subject: self.subject[at],
            site: self.site[at],
        })
    }

    /// Takes back the last records, which must have no words.
    pub(super) fn take_back(&mut self, count: usize) {
        let left = self.len().saturating_sub(count);
        self.time.truncate(left);
        self.code.truncate(left);
        self.thread.truncate(left);
        self.subject.truncate(left);
        self.site.truncate(left);
        self.runs.retain(|run| (run.0 as usize) < left);
    }

    /// The records so far as a chunk; the next ones begin another.
    pub(super) fn close(&mut self) -> Chunk {
        let first = self.first;
        self.first = self.next();
        for &thread in &self.threads {
            self.numbers[thread.wrapping_add(1) as usize] = UNNUMBERED;
        }
        self.last = (NONE, UNNUMBERED);
        Chunk {
            first,
            runs: std::mem::take(&mut self.runs).into(),
            time: std::mem::take(&mut self.time).into(),
            code: std::mem::take(&mut self.code).into(),
            thread: std::mem::take(&mut self.thread).into(),
            subject: std::mem::take(&mut self.subject).into(),
            site: std::mem::take(&mut self.site).into(),
            threads: std::mem::take(&mut self.threads).into(),
            words: std::mem::take(&mut self.words).into(),
            checkpoint: self.checkpoint.take(),
        }
    }
}
