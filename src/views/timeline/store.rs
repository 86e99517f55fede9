//! The records of a trace, and how they are found by number and by time.

use std::rc::Rc;

use super::chunk::{Chunk, Record};
use super::site::Sites;
use crate::model::trace::Loss;

/// All records in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    /// Shared with what was made of the beginning, while the rest was being read.
    pub(super) chunks: Vec<Rc<Chunk>>,
    pub(super) sites: Sites,
    pub(super) losses: Vec<Loss>,
    /// Chunks that begin anew after a loss, and the first.
    pub(super) epochs: Vec<u32>,
    /// Time of the last event.
    pub(super) end: u64,
}

impl Store {
    /// Number of records.
    pub(super) fn len(&self) -> u32 {
        let last = self.chunks.last();
        last.map_or(0, |chunk| chunk.first + chunk.len() as u32)
    }

    /// Time of the first record; 0 of an empty trace.
    pub(super) fn begin(&self) -> u64 {
        self.begin_of(0).unwrap_or_default()
    }

    /// When a chunk begins; `None` of one that there is not.
    pub(super) fn begin_of(&self, chunk: usize) -> Option<u64> {
        self.chunks.get(chunk).map(|chunk| chunk.begin())
    }

    /// The chunk that a record is in.
    pub(super) fn chunk_of(&self, record: u32) -> usize {
        let after = self.chunks.partition_point(|chunk| chunk.first <= record);
        after.saturating_sub(1)
    }

    /// The chunk that a time is in: the last that begins before it or then.
    pub(super) fn chunk_at(&self, time: u64) -> usize {
        let after = self.chunks.partition_point(|chunk| chunk.begin() <= time);
        after.saturating_sub(1)
    }

    /// The first chunk of what is known without a gap, of which this one is.
    pub(super) fn epoch_of(&self, chunk: u32) -> u32 {
        let after = self.epochs.partition_point(|&first| first <= chunk);
        let at = after.checked_sub(1);
        at.map_or(0, |at| self.epochs[at])
    }

    /// When a chunk's time ends, which is where that of the next begins.
    pub(super) fn until(&self, chunk: usize) -> u64 {
        self.begin_of(chunk + 1).unwrap_or(self.end)
    }

    /// A record by its number.
    pub(super) fn record(&self, number: u32) -> Option<Record> {
        let chunk = self.chunks.get(self.chunk_of(number))?;
        chunk.record(number.checked_sub(chunk.first)? as usize)
    }

    /// Time of a record; that of the end where there is none.
    pub(super) fn time(&self, number: u32) -> u64 {
        self.record(number).map_or(self.end, |record| record.time)
    }

    /// The first record at a time or later, as a number; as many as there are if none is.
    pub(super) fn at_or_after(&self, time: u64) -> u32 {
        // Several chunks may begin at the same time, and one may end with it.
        let after = self.chunks.partition_point(|chunk| chunk.begin() < time);
        match self.chunks.get(after.saturating_sub(1)) {
            Some(chunk) => chunk.first + chunk.at_or_after(time) as u32,
            None => 0,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let chunks: usize = self.chunks.iter().map(|chunk| chunk.bytes()).sum();
        chunks + self.sites.bytes()
    }

    pub(super) fn checkpoint_bytes(&self) -> usize {
        let all = self.chunks.iter().filter_map(|one| one.checkpoint.as_ref());
        all.map(|checkpoint| checkpoint.bytes()).sum()
    }
}
