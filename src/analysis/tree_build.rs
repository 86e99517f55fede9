//! Building the call tree: splitting parts of the stacks by their next frame.
//!
//! Time goes where memory is touched at random, so what a stack is asked for again and again
//! stands in one [`Entry`], entries of a part lie side by side, and small parts are finished
//! before others are begun (the work list is last in, first out), while they are in the cache.

use super::tree::{FRAME, INLINE, MAX_TREE_NODES, Node, TAIL};
use super::{Nodes, Selection, Tree};
use crate::model::Profile;

/// Parts of more stacks than this are grouped by counting, smaller ones by sorting.
const COUNTED: usize = 512;

/// In place of a node: the location has several frames.
const MANY: u32 = u32::MAX;

/// A stack on its way through the tree.
#[derive(Clone, Copy)]
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

/// A part of the stacks that agree down to a tree node, still to be split.
struct Part {
    node: u32,
    depth: u32,
    from: usize,
    to: usize,
}

/// A child while its siblings are being ordered.
#[derive(Clone, Copy)]
struct Child {
    frame: u32,
    rank: u32,
    from: usize,
    to: usize,
    width: u64,
    value: i64,
}

struct Builder<'a> {
    profile: &'a Profile,
    nodes: &'a Nodes,
    ranks: &'a [u32],
    /// A location's node when it is one frame, else `MANY`: one look-up instead of three.
    only: Vec<u32>,
    inverted: bool,
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
    tree: Tree,
    is_signed: bool,
}

/// See [`Tree::build`].
pub(super) fn build(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    inverted: bool,
) -> Tree {
    let entry = |(stack, weight): (usize, i64)| {
        let (start, end) = profile.stacks.ranges[stack];
        let row = if inverted { start } else { end.wrapping_sub(1) };
        Entry {
            weight,
            stack: stack as u32,
            row,
            left: end - start,
            taken: 0,
        }
    };
    let only = |location: usize| match nodes.frames(location) {
        [node] => node.0,
        _ => MANY,
    };
    let builder = Builder {
        profile,
        nodes,
        ranks: nodes.name_ranks(),
        only: (0..profile.locations.len()).map(only).collect(),
        inverted,
        order: selection.stacks().map(entry).collect(),
        scratch: Vec::new(),
        keys: Vec::new(),
        sorted: Vec::new(),
        counts: vec![0; nodes.len()],
        touched: Vec::new(),
        children: Vec::new(),
        tree: Tree {
            inverted,
            ..Tree::default()
        },
        is_signed: selection.signed,
    };
    builder.build()
}

const fn key(node: u32, place: usize, is_call: bool) -> u64 {
    (node as u64) << 33 | (place as u64) << 1 | is_call as u64
}

const fn node_of(key: u64) -> u32 {
    (key >> 33) as u32
}

const fn place_of(key: u64) -> usize {
    (key >> 1) as u32 as usize
}

impl Builder<'_> {
    fn build(mut self) -> Tree {
        let width = self
            .order
            .iter()
            .fold(0_u64, |sum, e| sum.wrapping_add(e.weight.unsigned_abs()));
        let value = self
            .order
            .iter()
            .fold(0_i64, |sum, e| sum.wrapping_add(e.weight));
        self.push(
            Node {
                frame: FRAME,
                parent: 0,
                first: 0,
                count: 0,
                start: 0,
                width,
            },
            value,
        );
        let mut parts = vec![Part {
            node: 0,
            depth: 0,
            from: 0,
            to: self.order.len(),
        }];
        while let Some(part) = parts.pop() {
            self.tree.depth = self.tree.depth.max(part.depth);
            let all_agree = self.collect_keys(&part);
            if all_agree && self.keys.len() == part.to - part.from && self.keys.len() > 1 {
                self.place_only_child(&part, &mut parts);
                continue;
            }
            if !all_agree {
                self.group();
            }
            self.find_children(&part);
            if self.children.is_empty() {
                continue;
            }
            if self.tree.nodes.len() + self.children.len() > MAX_TREE_NODES {
                self.tree.truncated = true;
                continue;
            }
            // Siblings have different names, or equal ones that their node tells apart.
            self.children.sort_unstable_by(|a, b| {
                b.width
                    .cmp(&a.width)
                    .then(a.rank.cmp(&b.rank))
                    .then(a.frame.cmp(&b.frame))
            });
            self.place(&part, &mut parts);
        }
        self.tree.nodes.shrink_to_fit();
        self.tree
    }

    fn push(&mut self, node: Node, value: i64) {
        self.tree.nodes.push(node);
        self.tree.boxes += 1;
        if self.is_signed {
            self.tree.signed.push(value);
        }
    }

    /// Takes the next frame of every stack of the part; stacks that end here drop out. True when
    /// the frames are all of one node.
    fn collect_keys(&mut self, part: &Part) -> bool {
        self.keys.clear();
        let mut all_agree = true;
        for (place, entry) in self.order[part.from..part.to].iter_mut().enumerate() {
            if entry.left == 0 {
                continue;
            }
            let location = self.profile.stacks.frames[entry.row as usize].index();
            let only = self.only[location];
            if only != MANY {
                all_agree &= self
                    .keys
                    .first()
                    .is_none_or(|&first| node_of(first) == only);
                self.keys.push(key(only, place, true));
                entry.left -= 1;
                entry.row = if self.inverted {
                    entry.row + 1
                } else {
                    entry.row.wrapping_sub(1)
                };
                continue;
            }
            let frames = self.nodes.frames(location);
            let taken = entry.taken as usize;
            let at = if self.inverted {
                frames.len() - 1 - taken
            } else {
                taken
            };
            all_agree &= self
                .keys
                .first()
                .is_none_or(|&first| node_of(first) == frames[at].0);
            self.keys.push(key(frames[at].0, place, at == 0));
            entry.taken += 1;
            if entry.taken as usize == frames.len() {
                entry.taken = 0;
                entry.left -= 1;
                entry.row = if self.inverted {
                    entry.row + 1
                } else {
                    entry.row.wrapping_sub(1)
                };
            }
        }
        all_agree
    }

    /// The common case without moving anything: all stacks go on, to the same node.
    fn place_only_child(&mut self, part: &Part, parts: &mut Vec<Part>) {
        if self.tree.nodes.len() >= MAX_TREE_NODES {
            self.tree.truncated = true;
            return;
        }
        let is_call = self.keys.iter().any(|key| key & 1 == 1);
        let frame = node_of(self.keys[0]) | if is_call { 0 } else { INLINE };
        let child = self.tree.nodes.len() as u32;
        let parent = &mut self.tree.nodes[part.node as usize];
        (parent.first, parent.count) = (child, 1);
        let (start, width) = (parent.start, parent.width);
        let value = self
            .tree
            .signed
            .get(part.node as usize)
            .copied()
            .unwrap_or(0);
        self.push(
            Node {
                frame,
                parent: part.node,
                first: 0,
                count: 0,
                start,
                width,
            },
            value,
        );
        parts.push(Part {
            node: child,
            depth: part.depth + 1,
            from: part.from,
            to: part.to,
        });
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
    fn find_children(&mut self, part: &Part) {
        self.children.clear();
        self.scratch.clear();
        let entries = &self.order[part.from..part.to];
        let mut last = u32::MAX;
        for (i, &key) in self.keys.iter().enumerate() {
            let entry = entries[place_of(key)];
            let node = node_of(key);
            if node != last {
                last = node;
                let from = part.from + i;
                let rank = self.ranks[node as usize];
                self.children.push(Child {
                    frame: node | INLINE,
                    rank,
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
        self.order[part.from..part.from + self.scratch.len()].copy_from_slice(&self.scratch);
    }

    /// Appends the ordered children and queues those that can branch, the heaviest to be next: if
    /// the tree has to be cut, it is cut where it is thin.
    fn place(&mut self, part: &Part, parts: &mut Vec<Part>) {
        let first = self.tree.nodes.len() as u32;
        let parent = &mut self.tree.nodes[part.node as usize];
        parent.first = first;
        parent.count = self.children.len() as u32;
        let mut start = parent.start;
        let queued = parts.len();
        for i in 0..self.children.len() {
            let child = self.children[i];
            let mut node = Node {
                frame: child.frame,
                parent: part.node,
                first: 0,
                count: 0,
                start,
                width: child.width,
            };
            start = start.wrapping_add(child.width);
            if child.to - child.from == 1 {
                let entry = self.order[child.from];
                node.frame |= TAIL;
                node.first = entry.stack;
                node.count = part.depth;
                self.count_tail(&entry, part.depth + 1);
            } else {
                let node = first + i as u32;
                parts.push(Part {
                    node,
                    depth: part.depth + 1,
                    from: child.from,
                    to: child.to,
                });
            }
            self.push(node, child.value);
        }
        parts[queued..].reverse();
    }

    /// Adds a tail's frames after its head to the tree's depth and number of boxes.
    fn count_tail(&mut self, entry: &Entry, depth: u32) {
        let (start, end) = self.profile.stacks.ranges[entry.stack as usize];
        let rest = if self.inverted {
            end - entry.left..end
        } else {
            start..start + entry.left
        };
        let locations = &self.profile.stacks.frames[rest.start as usize..rest.end as usize];
        let frames = self
            .nodes
            .frame_count(locations)
            .saturating_sub(entry.taken);
        self.tree.depth = self.tree.depth.max(depth.saturating_add(frames));
        self.tree.boxes += u64::from(frames);
    }
}
