//! Collects stacks while samples stream in, keeping each distinct one once.
//!
//! Locations usually follow the samples in the file, so stacks hold the file's ids until the end.
//! Ids are 64-bit, nearly always small; the few that do not fit 31 bits get a number of their own.

use std::collections::HashMap;

use super::wire::Message;
use crate::error::{Error, Pos, Result, Stage};
use crate::model::{LocationId, Stacks};

/// Ids at and above this are numbers of `wide`.
const WIDE: u32 = 1 << 31;

/// Slots looked at before a stack is stored again instead of being shared: a file made to
/// collide costs memory, not time.
const MAX_PROBES: usize = 24;

/// Frames of one stack at most; Go writes up to 1024.
const MAX_DEPTH: usize = 4 << 20;

/// Frames of all distinct stacks at most: row numbers are 32-bit, and a browser's tab holds 1 GiB
/// of them at best.
const MAX_FRAMES: usize = if cfg!(target_pointer_width = "32") {
    1 << 28
} else {
    u32::MAX as usize
};

/// Distinct stacks by the ids of the file.
#[derive(Debug, Default)]
pub(crate) struct StackInterner {
    ids: Vec<u32>,
    ranges: Vec<(u32, u32)>,
    hashes: Vec<u32>,
    /// Open addressing; `u32::MAX` is free. A power of two, at most half full.
    slots: Vec<u32>,
    wide: Vec<u64>,
    wide_rows: HashMap<u64, u32>,
}

impl StackInterner {
    /// Appends a location id to the stack under construction.
    #[inline]
    pub(crate) fn push(&mut self, id: u64) {
        let slot = if id < u64::from(WIDE) {
            id as u32
        } else {
            self.wide_id(id)
        };
        self.ids.push(slot);
    }

    /// Appends a packed list of location ids: nearly all that a profile consists of. Ids of up to
    /// three bytes (two million locations) are taken apart here, longer ones by prost.
    pub(crate) fn push_packed(&mut self, packed: Message<'_>) -> Result<()> {
        let mut rest = packed.bytes;
        // A frame takes a byte at least.
        self.check_depth(if rest.len() > MAX_DEPTH {
            count_varints(rest)
        } else {
            0
        })?;
        self.ids.reserve(rest.len() / 2);
        while let &[first, ref after @ ..] = rest {
            if first < 0x80 {
                self.ids.push(u32::from(first));
                rest = after;
                continue;
            }
            let low = u32::from(first & 0x7f);
            match *after {
                [second @ ..0x80, ref after @ ..] => {
                    self.ids.push(low | u32::from(second) << 7);
                    rest = after;
                }
                [second, third @ ..0x80, ref after @ ..] => {
                    self.ids
                        .push(low | u32::from(second & 0x7f) << 7 | u32::from(third) << 14);
                    rest = after;
                }
                _ => {
                    let at = packed.at + (packed.bytes.len() - rest.len()) as u64;
                    let id = super::wire::number(&mut rest, at)?;
                    self.push(id);
                }
            }
        }
        Ok(())
    }

    /// An error when the stack under construction, or all together, would get too long.
    fn check_depth(&self, more: usize) -> Result<()> {
        let start = self.ranges.last().map_or(0, |&(_, end)| end) as usize;
        let refused = |what: String| Err(Error::new(Stage::Limit, Pos::Nowhere, what));
        if self.ids.len() - start + more > MAX_DEPTH {
            return refused(format!("a stack of more than {MAX_DEPTH} frames"));
        }
        if self.ids.len() + more > MAX_FRAMES {
            return refused(format!("more than {MAX_FRAMES} frames in all"));
        }
        Ok(())
    }

    fn wide_id(&mut self, id: u64) -> u32 {
        let next = WIDE + self.wide.len() as u32;
        let row = *self.wide_rows.entry(id).or_insert(next);
        if row == next {
            self.wide.push(id);
        }
        row
    }

    /// Ends the stack under construction and returns its row.
    pub(crate) fn finish_stack(&mut self) -> Result<u32> {
        let start = self.ranges.last().map_or(0, |&(_, end)| end);
        self.check_depth(0)?;
        let end = self.ids.len() as u32;
        if self.ranges.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(&self.ids[start as usize..]);
        let mask = self.slots.len() - 1;
        for probe in 0..MAX_PROBES {
            let slot = (hash as usize).wrapping_add(probe) & mask;
            let row = self.slots[slot];
            if row == u32::MAX {
                self.slots[slot] = self.ranges.len() as u32;
                break;
            }
            if self.hashes[row as usize] == hash && self.is_same(row, start) {
                self.ids.truncate(start as usize);
                return Ok(row);
            }
        }
        self.ranges.push((start, end));
        self.hashes.push(hash);
        Ok(self.ranges.len() as u32 - 1)
    }

    fn is_same(&self, row: u32, start: u32) -> bool {
        let (from, to) = self.ranges[row as usize];
        self.ids[from as usize..to as usize] == self.ids[start as usize..]
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1024);
        self.slots.clear();
        self.slots.resize(size, u32::MAX);
        for (row, &hash) in self.hashes.iter().enumerate() {
            let free = (0..MAX_PROBES)
                .map(|probe| (hash as usize).wrapping_add(probe) & (size - 1))
                .find(|&slot| self.slots[slot] == u32::MAX);
            if let Some(slot) = free {
                self.slots[slot] = row as u32;
            }
        }
    }

    /// Replaces the file's ids by rows. `row_of` gives a location's row; an id it does not know is
    /// returned as the error, with the row of the stack that has it.
    pub(crate) fn resolve(
        mut self,
        row_of: impl Fn(u64) -> Option<u32>,
    ) -> std::result::Result<Stacks, (u64, u32)> {
        self.slots = Vec::new();
        let mut frames = Vec::new();
        // Same size and alignment, so the collection reuses the buffer.
        std::mem::swap(&mut frames, &mut self.ids);
        let mut unknown = None;
        let frames: Vec<LocationId> = frames
            .into_iter()
            .enumerate()
            .map(|(at, slot)| {
                let id = if slot < WIDE {
                    u64::from(slot)
                } else {
                    self.wide[(slot - WIDE) as usize]
                };
                let row = row_of(id);
                if row.is_none() && unknown.is_none() {
                    unknown = Some((id, at as u32));
                }
                LocationId(row.unwrap_or(0))
            })
            .collect();
        match unknown {
            None => Ok(Stacks {
                frames,
                ranges: self.ranges,
            }),
            Some((id, at)) => {
                let stack = self.ranges.partition_point(|&(_, end)| end <= at);
                Err((id, stack as u32))
            }
        }
    }
}

fn count_varints(packed: &[u8]) -> usize {
    packed.iter().filter(|&&byte| byte < 0x80).count()
}

/// A multiplicative hash over the ids; its high half is the mixed one.
fn hash(ids: &[u32]) -> u32 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = ids.len() as u64;
    for &id in ids {
        state = (state.rotate_left(5) ^ u64::from(id)).wrapping_mul(K);
    }
    (state >> 32) as u32
}
