//! Growing the call tree: splitting a part of the stacks by their next frame, when its children
//! are first asked for.
//!
//! Time goes where memory is touched at random, so what a stack is asked for again and again
//! stands in one [`Entry`], and the entries of a part lie side by side.

use super::tree::{FRAME, INLINE, Node, TAIL, UNSPLIT};
use super::{Nodes, Selection};
use crate::model::{LocationId, Profile};

/// Parts of more stacks than this are grouped by counting, smaller ones by sorting.
const COUNTED: usize = 512;

/// A stack on its way through the tree.
#[derive(Clone, Copy, Debug)]
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

/// What the stacks are looked up in.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    pub(super) profile: &'a Profile,
    pub(super) nodes: &'a Nodes,
    pub(super) inverted: bool,
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
    /// Stacks, parts side by side.
    order: Vec<Entry>,
    scratch: Vec<Entry>,
    /// Of the part being split, one key per stack that goes on: node, place in the part, and
    /// whether the frame is a real call.
    keys: Vec<u64>,
    sorted: Vec<u64>,
    /// Stacks per node, and the nodes that have any; zero between uses.
    counts: Vec<u32>,
    touched: Vec<u32>,
    children: Vec<Child>,
}

/// Buffers for more stacks than this are given back after use.
const KEPT_BUFFERS: usize = 1 << 16;

const fn key(node: u32, place: usize, is_call: bool) -> u64 {
    (node as u64) << 33 | (place as u64) << 1 | is_call as u64
}

const fn node_of(key: u64) -> u32 {
    (key >> 33) as u32
}

const fn place_of(key: u64) -> usize {
    (key >> 1) as u32 as usize
}

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
            Entry {
                weight,
                stack: stack as u32,
                row,
                left: end - start,
                taken: 0,
            }
        };
        let mut grown = Self {
            order: selection.stacks().map(entry).collect(),
            counts: vec![0; tables.nodes.len()],
            is_signed: selection.signed,
            ..Self::default()
        };
        let sums = |sums: (u64, i64), e: &Entry| {
            (
                sums.0.wrapping_add(e.weight.unsigned_abs()),
                sums.1.wrapping_add(e.weight),
            )
        };
        let (width, value) = grown.order.iter().fold((0, 0), sums);
        let root = Node {
            frame: FRAME,
            parent: 0,
            first: 0,
            count: UNSPLIT,
            start: 0,
            width,
            stack: 0,
            depth: 0,
            from: 0,
            to: grown.order.len() as u32,
        };
        grown.push(root, value);
        grown
    }

    /// The stacks of a node that has not been split.
    pub(super) fn stacks(&self, node: &Node) -> impl Iterator<Item = u32> + '_ {
        let part = &self.order[node.from as usize..node.to as usize];
        part.iter().map(|entry| entry.stack)
    }

    /// Gives a node its children, unless it has been asked for them before. A tail has none.
    pub(super) fn split(&mut self, tables: Tables<'_>, row: u32) {
        let part = self.nodes[row as usize];
        if part.count != UNSPLIT {
            return;
        }
        self.split_part(tables, row, &part);
        if self.keys.capacity() > KEPT_BUFFERS {
            (self.keys, self.sorted, self.scratch) = Default::default();
        }
    }

    fn split_part(&mut self, tables: Tables<'_>, row: u32, part: &Node) {
        if self.split_trunk(tables, row, part) {
            return;
        }
        let all_agree = self.collect_keys(tables, part);
        if all_agree && self.keys.len() == (part.to - part.from) as usize && self.keys.len() > 1 {
            self.place_only_child(row, part);
            return;
        }
        if !all_agree {
            self.group();
        }
        self.find_children(tables.nodes.name_ranks(), part);
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
        if part.to - part.from < 2 {
            return false;
        }
        let common = self.common_locations(tables, part);
        if common == 0 {
            return false;
        }
        let entries = &mut self.order[part.from as usize..part.to as usize];
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
        let entries = &self.order[part.from as usize..part.to as usize];
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

    /// Takes the next frame of every stack of the part; stacks that end here drop out. True when
    /// the frames are all of one node.
    fn collect_keys(&mut self, tables: Tables<'_>, part: &Node) -> bool {
        self.keys.clear();
        let frames_of_stacks: &[LocationId] = &tables.profile.stacks.frames;
        let inverted = tables.inverted;
        let mut first = None;
        let mut all_agree = true;
        let entries = &mut self.order[part.from as usize..part.to as usize];
        for (place, entry) in entries.iter_mut().enumerate() {
            if entry.left == 0 {
                continue;
            }
            let location = frames_of_stacks[entry.row as usize].index();
            let (node, is_call, is_last) = if let Some(only) = tables.nodes.only_frame(location) {
                (only.0, true, true)
            } else {
                let frames = tables.nodes.frames(location);
                let taken = entry.taken as usize;
                let at = if inverted {
                    frames.len() - 1 - taken
                } else {
                    taken
                };
                (frames[at].0, at == 0, taken + 1 == frames.len())
            };
            all_agree &= *first.get_or_insert(node) == node;
            self.keys.push(key(node, place, is_call));
            if is_last {
                entry.taken = 0;
                entry.left -= 1;
                entry.row = tables.row_after(entry.row, 1);
            } else {
                entry.taken += 1;
            }
        }
        all_agree
    }

    /// The common case without moving anything: all stacks go on, to the same node.
    fn place_only_child(&mut self, row: u32, part: &Node) {
        let is_call = self.keys.iter().any(|key| key & 1 == 1);
        let child = Node {
            frame: node_of(self.keys[0]) | if is_call { 0 } else { INLINE },
            parent: row,
            depth: part.depth + 1,
            ..*part
        };
        let value = self.signed.get(row as usize).copied().unwrap_or(0);
        self.adopt(row, 1);
        // The lowest stack is the same, but the root has none.
        let stack = self.order[part.from as usize].stack;
        self.push(Node { stack, ..child }, value);
    }

    /// Makes the next `count` nodes the children of one.
    fn adopt(&mut self, row: u32, count: u32) {
        let first = self.nodes.len() as u32;
        let parent = &mut self.nodes[row as usize];
        (parent.first, parent.count) = (first, count);
    }

    /// Brings keys of one node together; inside a node they stay in order.
    fn group(&mut self) {
        if self.keys.len() <= COUNTED {
            self.keys.sort_unstable();
            return;
        }
        for &key in &self.keys {
            let count = &mut self.counts[node_of(key) as usize];
            if *count == 0 {
                self.touched.push(node_of(key));
            }
            *count += 1;
        }
        // Counts become the place where the node's next key goes.
        let mut next = 0;
        for &node in &self.touched {
            next += std::mem::replace(&mut self.counts[node as usize], next);
        }
        self.sorted.clear();
        self.sorted.resize(self.keys.len(), 0);
        for &key in &self.keys {
            let place = &mut self.counts[node_of(key) as usize];
            self.sorted[*place as usize] = key;
            *place += 1;
        }
        std::mem::swap(&mut self.keys, &mut self.sorted);
        for node in self.touched.drain(..) {
            self.counts[node as usize] = 0;
        }
    }

    /// Moves the part's stacks into the keys' order and lists one child per run of a node.
    fn find_children(&mut self, ranks: &[u32], part: &Node) {
        self.children.clear();
        self.scratch.clear();
        let entries = &self.order[part.from as usize..part.to as usize];
        let mut last = u32::MAX;
        for (i, &key) in self.keys.iter().enumerate() {
            let entry = entries[place_of(key)];
            let node = node_of(key);
            if node != last {
                last = node;
                let from = part.from + i as u32;
                self.children.push(Child {
                    frame: node | INLINE,
                    rank: ranks[node as usize],
                    from,
                    to: from,
                    width: 0,
                    value: 0,
                });
            }
            if let Some(child) = self.children.last_mut() {
                child.to += 1;
                child.width = child.width.wrapping_add(entry.weight.unsigned_abs());
                child.value = child.value.wrapping_add(entry.weight);
                if key & 1 == 1 {
                    child.frame &= !INLINE;
                }
            }
            self.scratch.push(entry);
        }
        let from = part.from as usize;
        self.order[from..from + self.scratch.len()].copy_from_slice(&self.scratch);
    }

    /// Appends the ordered children.
    fn place(&mut self, row: u32, part: &Node) {
        self.adopt(row, self.children.len() as u32);
        let mut start = part.start;
        for i in 0..self.children.len() {
            let child = self.children[i];
            let is_tail = child.to - child.from == 1;
            let node = Node {
                frame: child.frame | if is_tail { TAIL } else { 0 },
                parent: row,
                first: 0,
                count: if is_tail { 0 } else { UNSPLIT },
                start,
                width: child.width,
                // Grouping keeps stacks in order, so the first is the lowest.
                stack: self.order[child.from as usize].stack,
                depth: part.depth + 1,
                from: child.from,
                to: child.to,
            };
            start = start.wrapping_add(child.width);
            self.push(node, child.value);
        }
    }
}
