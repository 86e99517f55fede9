//! Growing the call tree: splitting a part of the stacks by their next frame, when its children
//! are first asked for.
//!
//! Time goes where memory is touched at random, so what a stack is asked for again and again
//! stands in one [`Entry`], and the entries of a part lie side by side. They lie in one of two
//! buffers: splitting moves them into the other one, each next to those of its child (a counting
//! sort), and nothing is moved back.

use super::tree::{FRAME, INLINE, Node, TAIL, UNSPLIT};
use super::tree_pivot::Start;
use super::{Nodes, Selection};
use crate::model::{LocationId, Profile};

/// A stack on its way through the tree.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    weight: i64,
    stack: u32,
    /// Row of the next location in the profile's frames, in tree order.
    row: u32,
    /// Locations that are left, that one included.
    left: u32,
    /// Frames of that location already taken.
    taken: u32,
}

impl Entry {
    /// Takes the frame of a key.
    fn step(&mut self, tables: Tables<'_>, key: u32) {
        if key & LAST == 0 {
            self.taken += 1;
        } else {
            self.taken = 0;
            self.left -= 1;
            self.row = tables.row_after(self.row, 1);
        }
    }
}

// A key is the next frame of a stack: a node id, which fits `FRAME`, with two flags; or `END`.

/// The frame is a real call, not an inlined one.
const CALL: u32 = 1 << 31;
/// The location has no further frames.
const LAST: u32 = 1 << 30;
/// The stack has no further frames.
const END: u32 = u32::MAX;

/// A child while its siblings are being ordered.
#[derive(Clone, Copy, Debug)]
struct Child {
    frame: u32,
    rank: u32,
    from: u32,
    to: u32,
    width: u64,
    value: i64,
}

/// A node as the next frame of a part's stacks.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Stacks that go on to it; zero between uses. Later the place of its next stack.
    count: u32,
    /// Row of `Grown::children`.
    child: u32,
}

/// What the stacks are looked up in.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    pub(super) profile: &'a Profile,
    pub(super) nodes: &'a Nodes,
    pub(super) inverted: bool,
    /// By stack, where the tree begins in it; empty when it begins at the ends of all.
    pub(super) starts: &'a [Start],
}

impl Tables<'_> {
    /// The row of the frames `steps` locations after the one at `row`, in tree order. Beyond the
    /// stack it means nothing.
    fn row_after(self, row: u32, steps: u32) -> u32 {
        if self.inverted {
            row.wrapping_add(steps)
        } else {
            row.wrapping_sub(steps)
        }
    }
}

/// The tree as far as it has been grown.
#[derive(Clone, Debug, Default)]
pub(super) struct Grown {
    pub(super) nodes: Vec<Node>,
    /// Σ value per node; empty when no value is negative, the width then is the value.
    pub(super) signed: Vec<i64>,
    is_signed: bool,
    /// Stacks, parts side by side. A part's are in the buffer of its side, at the same place in
    /// either.
    order: [Vec<Entry>; 2],
    /// Of the part being split, the next frame of each stack.
    keys: Vec<u32>,
    /// By node id.
    slots: Vec<Slot>,
    children: Vec<Child>,
}

/// Keys of more stacks than this are given back after use.
const KEPT_KEYS: usize = 1 << 16;

impl Grown {
    /// The root alone.
    pub(super) fn new(tables: Tables<'_>, selection: &Selection) -> Self {
        let entry = |(stack, weight): (usize, i64)| {
            let (start, end) = tables.profile.stacks.ranges[stack];
            let row = if tables.inverted {
                start
            } else {
                end.wrapping_sub(1)
            };
            let from = tables.starts.get(stack).copied().unwrap_or_default();
            (from != Start::NONE).then(|| Entry {
                weight,
                stack: stack as u32,
                row: tables.row_after(row, from.location),
                left: end - start - from.location,
                taken: from.frame,
            })
        };
        let mut grown = Self {
            order: [selection.stacks().filter_map(entry).collect(), Vec::new()],
            slots: vec![Slot::default(); tables.nodes.len()],
            is_signed: selection.signed,
            ..Self::default()
        };
        let sums = |sums: (u64, i64), e: &Entry| {
            (
                sums.0.wrapping_add(e.weight.unsigned_abs()),
                sums.1.wrapping_add(e.weight),
            )
        };
        let (width, value) = grown.order[0].iter().fold((0, 0), sums);
        let root = Node {
            frame: FRAME,
            parent: 0,
            first: 0,
            count: UNSPLIT,
            to: grown.order[0].len() as u32,
            side: 0,
            start: 0,
            width,
            stack: 0,
            depth: 0,
        };
        grown.push(root, value);
        grown
    }

    /// The stacks of a node that has not been split.
    pub(super) fn stacks(&self, node: &Node) -> impl Iterator<Item = u32> + '_ {
        self.entries(node).iter().map(|entry| entry.stack)
    }

    fn entries(&self, part: &Node) -> &[Entry] {
        &self.order[part.side as usize][part.first as usize..part.to as usize]
    }

    fn entries_mut(&mut self, part: &Node) -> &mut [Entry] {
        &mut self.order[part.side as usize][part.first as usize..part.to as usize]
    }

    /// Gives a node its children, unless it has been asked for them before. A tail has none.
    pub(super) fn split(&mut self, tables: Tables<'_>, row: u32) {
        let part = self.nodes[row as usize];
        if part.count != UNSPLIT {
            return;
        }
        self.split_part(tables, row, &part);
        if self.keys.capacity() > KEPT_KEYS {
            self.keys = Vec::new();
        }
    }

    fn split_part(&mut self, tables: Tables<'_>, row: u32, part: &Node) {
        if self.split_trunk(tables, row, part) {
            return;
        }
        if self.collect_keys(tables, part) {
            self.place_only_child(tables, row, part);
            return;
        }
        self.lay_out(tables.nodes.name_ranks(), part);
        self.distribute(tables, part);
        // Siblings have different names, or equal ones that their node tells apart.
        self.children.sort_unstable_by(|a, b| {
            b.width
                .cmp(&a.width)
                .then(a.rank.cmp(&b.rank))
                .then(a.frame.cmp(&b.frame))
        });
        self.place(row, part);
    }

    fn push(&mut self, node: Node, value: i64) {
        self.nodes.push(node);
        if self.is_signed {
            self.signed.push(value);
        }
    }

    /// Where all stacks go on through the same locations, takes these in one pass: a chain of
    /// nodes, the last of them not split. False when there are none.
    fn split_trunk(&mut self, tables: Tables<'_>, row: u32, part: &Node) -> bool {
        if part.to - part.first < 2 {
            return false;
        }
        let common = self.common_locations(tables, part);
        if common == 0 {
            return false;
        }
        let entries = self.entries_mut(part);
        let mut at = entries[0].row;
        let stack = entries[0].stack;
        for entry in entries {
            entry.row = tables.row_after(entry.row, common);
            entry.left -= common;
        }
        let value = self.signed.get(row as usize).copied().unwrap_or(0);
        let mut above = row;
        for _ in 0..common {
            let location = tables.profile.stacks.frames[at as usize].index();
            let frames = tables.nodes.frames(location);
            for step in 0..frames.len() {
                let depth = if tables.inverted {
                    frames.len() - 1 - step
                } else {
                    step
                };
                let child = Node {
                    frame: frames[depth].0 | if depth > 0 { INLINE } else { 0 },
                    parent: above,
                    depth: self.nodes[above as usize].depth + 1,
                    stack,
                    ..*part
                };
                self.adopt(above, 1);
                above = self.nodes.len() as u32;
                self.push(child, value);
            }
            at = tables.row_after(at, 1);
        }
        true
    }

    /// How many of the next locations all stacks of a part have in common; 0 when some stand
    /// inside a location.
    fn common_locations(&self, tables: Tables<'_>, part: &Node) -> u32 {
        const MOST: u32 = 32;
        let frames: &[LocationId] = &tables.profile.stacks.frames;
        let entries = self.entries(part);
        let first = entries[0];
        let mut common = first.left.min(MOST);
        for entry in entries {
            if entry.taken != 0 || common == 0 {
                return 0;
            }
            common = common.min(entry.left);
            let differs = (0..common).find(|&step| {
                let (a, b) = (
                    tables.row_after(first.row, step),
                    tables.row_after(entry.row, step),
                );
                frames[a as usize] != frames[b as usize]
            });
            common = differs.unwrap_or(common);
        }
        common
    }

    /// Looks up the next frame of every stack of the part. True when all go on, to the same node.
    fn collect_keys(&mut self, tables: Tables<'_>, part: &Node) -> bool {
        let mut keys = std::mem::take(&mut self.keys);
        keys.clear();
        let frames_of_stacks: &[LocationId] = &tables.profile.stacks.frames;
        let key = |entry: &Entry| {
            if entry.left == 0 {
                return END;
            }
            let location = frames_of_stacks[entry.row as usize].index();
            if let Some(only) = tables.nodes.only_frame(location) {
                return only.0 | CALL | LAST;
            }
            let frames = tables.nodes.frames(location);
            let taken = entry.taken as usize;
            let at = if tables.inverted {
                frames.len() - 1 - taken
            } else {
                taken
            };
            let call = if at == 0 { CALL } else { 0 };
            let last = if taken + 1 == frames.len() { LAST } else { 0 };
            frames[at].0 | call | last
        };
        keys.extend(self.entries(part).iter().map(key));
        // Keys of one node agree in its bits. One END among others makes `any` FRAME, which is no node.
        let (any, all) = keys
            .iter()
            .fold((0, END), |(any, all), &key| (any | key, all & key));
        self.keys = keys;
        any & FRAME == all & FRAME && all != END
    }

    /// The common case without moving anything: all stacks go on, to the same node.
    fn place_only_child(&mut self, tables: Tables<'_>, row: u32, part: &Node) {
        let keys = std::mem::take(&mut self.keys);
        let mut is_call = false;
        for (entry, &key) in self.entries_mut(part).iter_mut().zip(&keys) {
            entry.step(tables, key);
            is_call |= key & CALL != 0;
        }
        let only = part.to - part.first == 1;
        let child = Node {
            frame: keys[0] & FRAME | if is_call { 0 } else { INLINE } | if only { TAIL } else { 0 },
            parent: row,
            depth: part.depth + 1,
            count: if only { 0 } else { UNSPLIT },
            // The lowest stack is the same, but the root has none.
            stack: self.entries(part)[0].stack,
            ..*part
        };
        self.keys = keys;
        let value = self.signed.get(row as usize).copied().unwrap_or(0);
        self.adopt(row, 1);
        self.push(child, value);
    }

    /// Makes the next `count` nodes the children of one.
    fn adopt(&mut self, row: u32, count: u32) {
        let first = self.nodes.len() as u32;
        let parent = &mut self.nodes[row as usize];
        (parent.first, parent.count) = (first, count);
    }

    /// Lists the children, in order of their lowest stack, and where the stacks of each go.
    fn lay_out(&mut self, ranks: &[u32], part: &Node) {
        self.children.clear();
        for &key in self.keys.iter().filter(|&&key| key != END) {
            let node = key & FRAME;
            let slot = &mut self.slots[node as usize];
            if slot.count == 0 {
                slot.child = self.children.len() as u32;
                self.children.push(Child {
                    frame: node | INLINE,
                    rank: ranks[node as usize],
                    from: 0,
                    to: 0,
                    width: 0,
                    value: 0,
                });
            }
            slot.count += 1;
        }
        let mut next = part.first;
        for child in &mut self.children {
            let count = &mut self.slots[(child.frame & FRAME) as usize].count;
            child.from = next;
            next += *count;
            child.to = next;
            *count = child.from;
        }
    }

    /// Moves the part's stacks into the other buffer, to their children; those that end here stay.
    fn distribute(&mut self, tables: Tables<'_>, part: &Node) {
        let [one, other] = &mut self.order;
        let (from, to) = if part.side == 0 {
            (one, other)
        } else {
            (other, one)
        };
        if to.is_empty() {
            to.resize(from.len(), Entry::default());
        }
        let part = &from[part.first as usize..part.to as usize];
        for (entry, &key) in part.iter().zip(&self.keys) {
            if key == END {
                continue;
            }
            let slot = &mut self.slots[(key & FRAME) as usize];
            let child = &mut self.children[slot.child as usize];
            child.width = child.width.wrapping_add(entry.weight.unsigned_abs());
            child.value = child.value.wrapping_add(entry.weight);
            if key & CALL != 0 {
                child.frame &= !INLINE;
            }
            let mut entry = *entry;
            entry.step(tables, key);
            to[slot.count as usize] = entry;
            slot.count += 1;
        }
        for child in &self.children {
            self.slots[(child.frame & FRAME) as usize].count = 0;
        }
    }

    /// Appends the ordered children.
    fn place(&mut self, row: u32, part: &Node) {
        self.adopt(row, self.children.len() as u32);
        let side = 1 - part.side;
        let mut start = part.start;
        for i in 0..self.children.len() {
            let child = self.children[i];
            let is_tail = child.to - child.from == 1;
            let node = Node {
                frame: child.frame | if is_tail { TAIL } else { 0 },
                parent: row,
                first: child.from,
                count: if is_tail { 0 } else { UNSPLIT },
                to: child.to,
                side,
                start,
                width: child.width,
                // Stacks stay in order, so the first is the lowest.
                stack: self.order[side as usize][child.from as usize].stack,
                depth: part.depth + 1,
            };
            start = start.wrapping_add(child.width);
            self.push(node, child.value);
        }
    }
}
