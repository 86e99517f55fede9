//! Collects stacks while samples stream in, keeping each distinct one once.
//!
//! Locations usually follow the samples in the file, so what a stack's ids refer to is known only
//! at the end. Nearly every file numbers its locations 1, 2, 3, … in order: an id is taken to be
//! the row before it, and when that turns out right nothing is left to do.

use std::collections::HashMap;

use super::limits;
use super::wire::Message;
use crate::error::Result;
use crate::model::{LocationId, Stacks};

/// Rows at and above this are places in `wide`: ids that do not fit.
const WIDE: u32 = 1 << 31;

/// What id 0 becomes.
const ZERO: u32 = u32::MAX;

/// Slots looked at before a stack is stored again instead of being shared: a file made to
/// collide costs memory, not time.
const MAX_PROBES: usize = 24;

/// A place of the table of stacks; a free one has row `u32::MAX`.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u32,
    row: u32,
}

const FREE: Slot = Slot {
    hash: 0,
    row: u32::MAX,
};

/// Distinct stacks by the ids of the file.
#[derive(Debug)]
pub(crate) struct StackInterner {
    /// Ids less 1 of all stacks, or places in `wide`: rows, as long as nothing says otherwise.
    rows: Vec<LocationId>,
    ranges: Vec<(u32, u32)>,
    /// Where the stack under construction begins, and a hash of its ids as they are written. Two
    /// spellings of one stack are two stacks, which costs memory in files that no tool writes.
    start: usize,
    hash: u64,
    /// Open addressing by the top bits of the hash, so that a larger table has the same order.
    /// At most half full.
    slots: Vec<Slot>,
    shift: u32,
    /// The largest of `rows`.
    highest: u32,
    /// Which share of the file has been read.
    read_share: f64,
    wide: Vec<u64>,
    wide_rows: HashMap<u64, u32>,
}

impl Default for StackInterner {
    fn default() -> Self {
        const SLOTS_LOG2: u32 = 10;
        Self {
            rows: Vec::new(),
            ranges: Vec::new(),
            start: 0,
            hash: 0,
            slots: vec![FREE; 1 << SLOTS_LOG2],
            shift: u32::BITS - SLOTS_LOG2,
            highest: 0,
            read_share: 0.0,
            wide: Vec::new(),
            wide_rows: HashMap::new(),
        }
    }
}

impl StackInterner {
    /// Appends a location id to the stack under construction.
    pub(crate) fn push(&mut self, id: u64, at: u64) -> Result<()> {
        self.check_depth(1, at)?;
        self.hash = mix(self.hash, id);
        let row = self.row_of(id);
        self.rows.push(row);
        Ok(())
    }

    /// Appends a packed list of location ids: nearly all that a profile consists of. Ids of up to
    /// four bytes are taken apart eight bytes at a time, without a branch per id; prost reads the
    /// others.
    pub(crate) fn push_packed(&mut self, packed: Message<'_>) -> Result<()> {
        let mut rest = packed.bytes;
        // A frame takes a byte at least, and ten at most.
        let least = match rest.len() {
            0..=limits::DEPTH => 0,
            bytes => count_varints(rest).max(bytes / 10),
        };
        self.check_depth(least, packed.at)?;
        self.hash = hash(self.hash, rest);
        // Asked for now, the slot is in the cache when the stack ends.
        std::hint::black_box(self.slots[self.home()].row);
        self.reserve(rest.len() + 3);
        let mut len = self.rows.len();
        self.rows.resize(len + rest.len() + 3, LocationId(0));
        while let Some(word) = rest.first_chunk::<8>() {
            let (ids, taken) = Ids::of(u64::from_le_bytes(*word));
            if taken == 0 {
                self.rows[len] = self.next_row(&mut rest, packed)?;
                len += 1;
                continue;
            }
            // A byte is an id at most, so there is room.
            if let Some(place) = self.rows[len..].first_chunk_mut() {
                *place = ids.rows;
            }
            len += ids.count;
            rest = &rest[taken..];
        }
        self.rows.truncate(len);
        while !rest.is_empty() {
            let row = self.next_row(&mut rest, packed)?;
            self.rows.push(row);
        }
        Ok(())
    }

    /// Makes room for more ids. A table that is moved again and again costs more than decoding, so
    /// it is made as large as what has been read of the file lets expect.
    fn reserve(&mut self, more: usize) {
        const MOST: usize = 8;
        let (len, capacity) = (self.rows.len(), self.rows.capacity());
        if len + more > capacity {
            let expected = (len as f64 / self.read_share.max(0.01) * 1.03) as usize;
            let wanted = expected
                .clamp(len + len / 4, len.saturating_mul(MOST))
                .min(limits::FRAMES);
            self.rows.reserve_exact(wanted.max(len + more + 1024) - len);
        }
    }

    /// Says which share of the file has been read, 0 to 1.
    pub(crate) fn set_read_share(&mut self, share: f64) {
        self.read_share = share;
    }

    /// Takes one id off a packed list.
    fn next_row(&mut self, rest: &mut &[u8], packed: Message<'_>) -> Result<LocationId> {
        let at = packed.at + (packed.bytes.len() - rest.len()) as u64;
        let id = super::wire::number(rest, at)?;
        Ok(self.row_of(id))
    }

    fn row_of(&mut self, id: u64) -> LocationId {
        LocationId(match id {
            0 => ZERO,
            1..=0x8000_0000 => (id - 1) as u32,
            _ => self.wide_row(id),
        })
    }

    /// An error when the stack under construction, or all together, would get too long.
    fn check_depth(&self, more: usize, at: u64) -> Result<()> {
        if self.rows.len() - self.start + more > limits::DEPTH {
            return Err(limits::exceeded(limits::DEPTH, "frames in a stack", at));
        }
        if self.rows.len() + more > limits::FRAMES {
            return Err(limits::exceeded(limits::FRAMES, "frames in all", at));
        }
        Ok(())
    }

    fn wide_row(&mut self, id: u64) -> u32 {
        let next = WIDE + self.wide.len() as u32;
        let row = *self.wide_rows.entry(id).or_insert(next);
        if row == next {
            self.wide.push(id);
        }
        row
    }

    /// Ends the stack under construction, of the sample at `at`, and returns its row.
    pub(crate) fn finish_stack(&mut self, at: u64) -> Result<u32> {
        self.check_depth(0, at)?;
        if self.ranges.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let (start, next) = (self.start, self.ranges.len() as u32);
        let home = self.home();
        let hash = (self.hash >> 32) as u32;
        self.hash = 0;
        for probe in 0..MAX_PROBES {
            let place = (home + probe) & (self.slots.len() - 1);
            let slot = self.slots[place];
            if slot.row == FREE.row {
                self.slots[place] = Slot { hash, row: next };
                break;
            }
            if slot.hash == hash && self.is_same(slot.row, start) {
                self.rows.truncate(start);
                return Ok(slot.row);
            }
        }
        self.highest = self.rows[start..]
            .iter()
            .fold(self.highest, |high, row| high.max(row.0));
        self.start = self.rows.len();
        self.ranges.push((start as u32, self.start as u32));
        Ok(next)
    }

    /// Where the stack under construction belongs.
    #[inline(always)]
    fn home(&self) -> usize {
        ((self.hash >> 32) as u32 >> self.shift) as usize
    }

    fn is_same(&self, row: u32, start: usize) -> bool {
        let (from, to) = self.ranges[row as usize];
        self.rows[from as usize..to as usize] == self.rows[start..]
    }

    /// Doubles the table. Stacks that find no place go without one, as in [`Self::finish_stack`].
    fn grow(&mut self) {
        self.shift -= 1;
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![FREE; size]);
        for slot in old.into_iter().filter(|slot| slot.row != FREE.row) {
            let home = (slot.hash >> self.shift) as usize;
            let free = (0..MAX_PROBES)
                .map(|probe| (home + probe) & (size - 1))
                .find(|&place| self.slots[place].row == FREE.row);
            if let Some(place) = free {
                self.slots[place] = slot;
            }
        }
    }

    /// The stacks with rows of locations, of which there are `locations`. `row_of` gives the row
    /// of an id, and is `None` when ids are 1, 2, 3, … in order. An id without a location is
    /// returned as the error, with the row of the stack that has it.
    pub(crate) fn resolve(
        mut self,
        locations: usize,
        row_of: Option<impl Fn(u64) -> Option<u32>>,
    ) -> std::result::Result<Stacks, (u64, u32)> {
        self.slots = Vec::new();
        let is_known = |id: u64| {
            (1..=locations as u64)
                .contains(&id)
                .then(|| (id - 1) as u32)
        };
        let mut frames = std::mem::take(&mut self.rows);
        // Without frames nothing refers to anything.
        if row_of.is_some() || self.highest as usize >= locations {
            for (at, frame) in frames.iter_mut().enumerate() {
                let id = self.id(frame.0);
                let row = match &row_of {
                    Some(row_of) => row_of(id),
                    None => is_known(id),
                };
                let Some(row) = row else {
                    let stack = self.ranges.partition_point(|&(_, end)| end as usize <= at);
                    return Err((id, stack as u32));
                };
                *frame = LocationId(row);
            }
        }
        Ok(Stacks {
            frames: frames.into(),
            ranges: self.ranges,
        })
    }

    /// The id that was taken for a row.
    fn id(&self, row: u32) -> u64 {
        match row {
            ZERO => 0,
            0..WIDE => u64::from(row) + 1,
            _ => self.wide[(row - WIDE) as usize],
        }
    }
}

/// The ids at the head of eight bytes, as rows.
struct Ids {
    rows: [LocationId; 3],
    /// How many of `rows` there are.
    count: usize,
}

impl Ids {
    /// Two or three ids, and how many bytes they take; none when one has more than four bytes.
    ///
    /// A varint's last byte has a clear top bit. Where those are is found for all three at once;
    /// what comes out for a third that is not all there is not counted.
    #[inline(always)]
    fn of(word: u64) -> (Self, usize) {
        const TOP: u64 = 0x8080_8080_8080_8080;
        let more = word & TOP;
        let is_long = more & more >> 8 & more >> 16 & more >> 24 != 0;
        let first = !word & TOP;
        let second = first & first.wrapping_sub(1);
        let third = second & second.wrapping_sub(1);
        let ends = [first, second, third].map(u64::trailing_zeros);
        // Without four bytes in a row that go on there are two ids at least.
        let (count, end) = if third == 0 {
            (2, ends[1])
        } else {
            (3, ends[2])
        };
        let ids = Self {
            rows: [
                row_at(word, 0, ends[0]),
                row_at(word, ends[0] + 1, ends[1]),
                row_at(word, ends[1] + 1, ends[2]),
            ],
            count,
        };
        let taken = if is_long { 0 } else { end as usize / 8 + 1 };
        (ids, taken)
    }
}

/// The id, less 1, whose bytes begin at bit `from` and whose last top bit is at `end`.
#[inline(always)]
fn row_at(word: u64, from: u32, end: u32) -> LocationId {
    let bytes = word.wrapping_shr(from) & !u64::MAX.wrapping_shl(end.wrapping_sub(from));
    let id =
        bytes & 0x7f | bytes >> 1 & 0x3f80 | bytes >> 2 & 0x001f_c000 | bytes >> 3 & 0x0fe0_0000;
    LocationId((id as u32).wrapping_sub(1))
}

fn count_varints(packed: &[u8]) -> usize {
    packed.iter().filter(|&&byte| byte < 0x80).count()
}

#[inline(always)]
fn mix(state: u64, word: u64) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    (state.rotate_left(5) ^ word).wrapping_mul(K)
}

/// A multiplicative hash over bytes; its high half is the mixed one.
#[inline(always)]
fn hash(state: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let state = words
        .iter()
        .fold(mix(state, bytes.len() as u64), |state, word| {
            mix(state, u64::from_le_bytes(*word))
        });
    let last = rest
        .iter()
        .fold(0, |word, &byte| word << 8 | u64::from(byte));
    mix(state, last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::Pos;

    fn packed(ids: &[u64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for &id in ids {
            prost::encoding::encode_varint(id, &mut bytes);
        }
        bytes
    }

    fn push(stacks: &mut StackInterner, bytes: &[u8]) -> u32 {
        stacks.push_packed(Message { bytes, at: 0 }).unwrap();
        stacks.finish_stack(0).unwrap()
    }

    /// No list of locations: ids stay what they are.
    const SAME: Option<fn(u64) -> Option<u32>> = Some(|id| Some(id as u32));

    proptest! {
        #[test]
        fn ids_of_every_length_come_out_as_prost_reads_them(
            ids in prop::collection::vec((0_u32..63, any::<u64>()).prop_map(|(bits, id)| id >> (63 - bits) >> 1), 0..300)
        ) {
            let mut stacks = StackInterner::default();
            push(&mut stacks, &packed(&ids));
            let rows = stacks.rows.clone();
            let read: Vec<u64> = rows.iter().map(|row| stacks.id(row.0)).collect();
            prop_assert_eq!(read, ids);
        }

        #[test]
        fn equal_stacks_share_a_row(stacks in prop::collection::vec(prop::collection::vec(1_u64..4, 0..4), 1..400)) {
            let mut interner = StackInterner::default();
            let mut known: Vec<&Vec<u64>> = Vec::new();
            for stack in &stacks {
                let expected = known.iter().position(|k| *k == stack).unwrap_or_else(|| {
                    known.push(stack);
                    known.len() - 1
                });
                prop_assert_eq!(push(&mut interner, &packed(stack)) as usize, expected);
            }
        }
    }

    #[test]
    fn many_stacks_are_told_apart_while_the_table_grows() {
        let mut stacks = StackInterner::default();
        for round in 0..2 {
            for id in 1..=20_000 {
                assert_eq!(
                    push(&mut stacks, &packed(&[id, 7])),
                    id as u32 - 1,
                    "{round}"
                );
            }
        }
    }

    #[test]
    fn a_stack_in_parts_is_one_stack() {
        let mut stacks = StackInterner::default();
        stacks.push(300, 0).unwrap();
        stacks
            .push_packed(Message {
                bytes: &packed(&[1, 2]),
                at: 0,
            })
            .unwrap();
        stacks.push(u64::MAX, 0).unwrap();
        assert_eq!(stacks.finish_stack(0).unwrap(), 0);
        let stacks = stacks.resolve(0, SAME).unwrap();
        assert_eq!(*stacks.frames, [300, 1, 2, u32::MAX].map(LocationId));
        assert_eq!(stacks.ranges, [(0, 4)]);
    }

    #[test]
    fn an_id_without_a_location_is_named_with_its_stack() {
        let none: Option<fn(u64) -> Option<u32>> = None;
        for missing in [0, 4, u64::MAX] {
            let mut stacks = StackInterner::default();
            push(&mut stacks, &packed(&[1, 2, 3]));
            push(&mut stacks, &packed(&[1, missing]));
            assert_eq!(stacks.resolve(3, none).unwrap_err(), (missing, 1));
        }
    }

    #[test]
    fn a_cut_varint_is_refused_where_it_begins() {
        let mut stacks = StackInterner::default();
        let bytes = [1, 0x80];
        let error = stacks
            .push_packed(Message {
                bytes: &bytes,
                at: 40,
            })
            .unwrap_err();
        assert_eq!(error.pos, Pos::Unpacked(41));
    }
}
