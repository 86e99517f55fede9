//! What the numbers in events refer to.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

use rustc_hash::FxHashMap;

use super::super::{StringId, StringTable};

/// A frame of a stack. Inlined calls are frames of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// Address.
    pub pc: u64,
    /// Line in the file.
    pub line: u64,
    /// Function: a row of [`World::strings`].
    pub function: u32,
    /// File: a row of [`World::strings`].
    pub file: u32,
}

/// Names, stacks, and who is behind a slot. Strings, frames and stacks are kept once for the
/// whole trace, though each generation has tables of its own.
#[derive(Debug)]
pub struct World {
    /// All strings; row 0 is empty.
    pub strings: StringTable,
    frames: Vec<Frame>,
    /// Frames of all stacks, leaf first.
    stack_frames: Vec<u32>,
    /// Where each stack ends in these; stack 0 is none.
    stack_ends: Vec<u32>,
    string_rows: FxHashMap<u64, u32>,
    frame_rows: HashMap<Frame, u32, BuildHasherDefault<DefaultHasher>>,
    stack_rows: FxHashMap<u64, u32>,
    pub(crate) goroutines: Vec<u64>,
    pub(crate) procs: Vec<u64>,
    pub(crate) threads: Vec<u64>,
}

impl Default for World {
    fn default() -> Self {
        let mut world = Self {
            strings: StringTable::default(),
            frames: Vec::new(),
            stack_frames: Vec::new(),
            stack_ends: vec![0],
            string_rows: FxHashMap::default(),
            frame_rows: HashMap::default(),
            stack_rows: FxHashMap::default(),
            goroutines: Vec::new(),
            procs: Vec::new(),
            threads: Vec::new(),
        };
        world.string(b"");
        world
    }
}

/// `SipHash`: contents are the file's.
fn hash_of(value: impl Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
}

/// Takes the first free place from `hash` on, or the one where `is_same`; who meets another there
/// looks one further.
fn place(rows: &FxHashMap<u64, u32>, hash: u64, is_same: impl Fn(u32) -> bool) -> Result<u32, u64> {
    let mut key = hash;
    loop {
        match rows.get(&key) {
            None => return Err(key),
            Some(&row) if is_same(row) => return Ok(row),
            Some(_) => key = key.wrapping_add(1),
        }
    }
}

impl World {
    /// A copy that is only asked: what is needed to add to it is left out. Strings are shared.
    pub(crate) fn to_ask(&self) -> Self {
        Self {
            strings: self.strings.clone(),
            frames: self.frames.clone(),
            stack_frames: self.stack_frames.clone(),
            stack_ends: self.stack_ends.clone(),
            string_rows: FxHashMap::default(),
            frame_rows: HashMap::default(),
            stack_rows: FxHashMap::default(),
            goroutines: self.goroutines.clone(),
            procs: self.procs.clone(),
            threads: self.threads.clone(),
        }
    }

    /// The row of a string; 0, the empty one, when the table is full.
    pub(crate) fn string(&mut self, text: &[u8]) -> u32 {
        let strings = &self.strings;
        let is_same = |row| strings.bytes(StringId(row)) == text;
        match place(&self.string_rows, hash_of(text), is_same) {
            Ok(row) => row,
            Err(key) => {
                let Some(StringId(row)) = self.strings.push(text) else {
                    return 0;
                };
                self.string_rows.insert(key, row);
                row
            }
        }
    }

    /// The row of a frame.
    pub(crate) fn frame(&mut self, frame: Frame) -> u32 {
        let next = self.frames.len() as u32;
        let row = *self.frame_rows.entry(frame).or_insert(next);
        if row == next {
            self.frames.push(frame);
        }
        row
    }

    /// The row of a stack, leaf first. One without frames has a row, too: it is not the same as
    /// none, which is 0.
    pub(crate) fn add_stack(&mut self, frames: &[u32]) -> u32 {
        let is_same = |row| self.rows_of(row) == frames;
        match place(&self.stack_rows, hash_of(frames), is_same) {
            Ok(row) => row,
            Err(key) => {
                let row = self.stack_ends.len() as u32;
                self.stack_frames.extend_from_slice(frames);
                self.stack_ends.push(self.stack_frames.len() as u32);
                self.stack_rows.insert(key, row);
                row
            }
        }
    }

    fn rows_of(&self, stack: u32) -> &[u32] {
        let at = stack as usize;
        match (at.checked_sub(1), self.stack_ends.get(at)) {
            (Some(before), Some(&end)) => {
                &self.stack_frames[self.stack_ends[before] as usize..end as usize]
            }
            _ => &[],
        }
    }

    /// The frames of a stack, leaf first; none for 0.
    pub fn stack(&self, stack: u32) -> impl DoubleEndedIterator<Item = &Frame> + ExactSizeIterator {
        let rows = self.rows_of(stack).iter();
        rows.map(|&row| &self.frames[row as usize])
    }

    /// Number of stacks with the empty one; rows are below it.
    pub fn stacks(&self) -> usize {
        self.stack_ends.len()
    }

    /// A string for display.
    pub fn text(&self, string: u32) -> std::borrow::Cow<'_, str> {
        self.strings.text(StringId(string))
    }

    /// A goroutine's own number; `None` for [`super::NONE`].
    pub fn goroutine(&self, slot: u32) -> Option<u64> {
        self.goroutines.get(slot as usize).copied()
    }

    /// A proc's own number.
    pub fn proc(&self, slot: u32) -> Option<u64> {
        self.procs.get(slot as usize).copied()
    }

    /// A thread's own number.
    pub fn thread(&self, slot: u32) -> Option<u64> {
        self.threads.get(slot as usize).copied()
    }

    /// Slots of procs that have been given out.
    pub fn proc_slots(&self) -> usize {
        self.procs.len()
    }

    /// Slots of threads that have been given out.
    pub fn thread_slots(&self) -> usize {
        self.threads.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_frames_and_stacks_are_kept_once() {
        let mut world = World::default();
        assert_eq!(world.string(b""), 0);
        let (a, b) = (world.string(b"a"), world.string(b"b"));
        assert_eq!((world.string(b"a"), world.string(b"b")), (a, b));
        let frame = |pc| Frame {
            pc,
            line: 1,
            function: a,
            file: b,
        };
        let rows = [world.frame(frame(1)), world.frame(frame(2))];
        assert_eq!(world.frame(frame(1)), rows[0]);
        assert_ne!(world.add_stack(&[]), 0);
        let stack = world.add_stack(&rows);
        assert_eq!(world.add_stack(&rows), stack);
        assert_ne!(world.add_stack(&rows[..1]), stack);
        let pcs: Vec<u64> = world.stack(stack).map(|frame| frame.pc).collect();
        assert_eq!(pcs, [1, 2]);
        assert_eq!(world.stack(0).len(), 0);
        assert_eq!(world.stack(99).len(), 0);
    }
}
