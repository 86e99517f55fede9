//! Distinct stacks of the merged profile.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::tables::TOO_LARGE;
use crate::model::{LocationId, StackId, Stacks};

const FREE: u32 = u32::MAX;

/// Stacks by their frames, each kept once. The hash is a keyed one: which stacks there are is the
/// files' doing.
#[derive(Debug)]
pub(super) struct StackTable {
    frames: Vec<LocationId>,
    ranges: Vec<(u32, u32)>,
    /// Open addressing, at most half full: some bits of the hash, and the row.
    slots: Vec<(u32, u32)>,
    hasher: RandomState,
}

impl StackTable {
    pub(super) fn new() -> Self {
        const SLOTS: usize = 1024;
        Self {
            frames: Vec::new(),
            ranges: Vec::new(),
            slots: vec![(0, FREE); SLOTS],
            hasher: RandomState::new(),
        }
    }

    /// The row of a stack given as rows of locations.
    pub(super) fn intern(&mut self, stack: &[u32]) -> Result<StackId, String> {
        let hash = self.hasher.hash_one(stack) as u32;
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        while self.slots[place].1 != FREE {
            let (known, row) = self.slots[place];
            if known == hash && self.is_same(row, stack) {
                return Ok(StackId(row));
            }
            place = (place + 1) & mask;
        }
        let row = self.ranges.len() as u32;
        let start = self.frames.len();
        let end = u32::try_from(start + stack.len()).map_err(|_| TOO_LARGE)?;
        self.frames.extend(stack.iter().map(|&l| LocationId(l)));
        self.ranges.push((start as u32, end));
        self.slots[place] = (hash, row);
        if self.ranges.len() * 2 >= self.slots.len() {
            self.grow();
        }
        Ok(StackId(row))
    }

    fn is_same(&self, row: u32, stack: &[u32]) -> bool {
        let (from, to) = self.ranges[row as usize];
        let known = self.frames[from as usize..to as usize].iter();
        known.map(|l| l.0).eq(stack.iter().copied())
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![(0, FREE); size]);
        for slot in old.into_iter().filter(|slot| slot.1 != FREE) {
            let mut place = slot.0 as usize & (size - 1);
            while self.slots[place].1 != FREE {
                place = (place + 1) & (size - 1);
            }
            self.slots[place] = slot;
        }
    }

    pub(super) fn finish(self) -> Stacks {
        Stacks {
            frames: Arc::new(self.frames),
            ranges: self.ranges,
        }
    }
}
