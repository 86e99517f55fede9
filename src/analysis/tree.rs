//! The merged call tree, grown where it is looked at.
//!
//! Stacks are split by their first frame, each part by the next, and so on (a most-significant-
//! digit sort); a part's stacks lie side by side, so the tree needs no hash table and no pointer
//! per edge. A part is split when its children are first asked for: a picture shows what is wider
//! than a pixel, a few thousand boxes of a tree that may have tens of millions. A part that has
//! shrunk to a single stack is not split further: its remaining frames form a chain without
//! branches, kept as "this stack from here on" (a *tail*).
//!
//! What a box holds does not depend on the order in which the tree was grown; its row does, so
//! outside a box is known by the lowest stack that goes through it and its depth.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::tree_order::{ByName, SiblingOrder};
use super::tree_pivot::{self, Start};
use super::tree_split::{Grown, Tables};
use super::tree_walk::{Frame, Walker};
use super::{NodeId, Nodes, Selection};
use crate::model::{Profile, StackId};

pub(super) const TAIL: u32 = 1 << 31;
pub(super) const INLINE: u32 = 1 << 30;
pub(super) const FRAME: u32 = INLINE - 1;
/// In place of a number of children: nobody has asked for them.
pub(super) const UNSPLIT: u32 = u32::MAX;

/// A branching point, or the head of an unbranched tail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Node id of the frame with the `TAIL` and `INLINE` flags; `FRAME` for the root.
    pub(super) frame: u32,
    pub(super) parent: u32,
    /// First child; until the node is split, where its stacks begin in the order.
    pub(super) first: u32,
    /// Number of children, or `UNSPLIT`.
    pub(super) count: u32,
    /// Where its stacks end, until it is split.
    pub(super) to: u32,
    /// Which buffer of the order they are in, 0 or 1.
    pub(super) side: u32,
    /// Left edge, in units of value.
    pub(super) start: u64,
    /// Σ |value|.
    pub(super) width: u64,
    /// The lowest stack that comes through here; 0 for the root.
    pub(super) stack: u32,
    /// Frames from the root down to here, this one included.
    pub(super) depth: u32,
}

/// A node of the tree: `node`, or the `tail`-th frame below the tail that begins there. Good
/// until the tree is pruned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeRef {
    /// Row of the tree.
    pub node: u32,
    /// Steps into the tail; 0 for the node itself.
    pub tail: u32,
}

impl NodeRef {
    /// The node that stands for all samples.
    pub const ROOT: Self = Self { node: 0, tail: 0 };
}

/// The tree. Siblings lie side by side, heaviest first, ties by printable name.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(super) grown: RefCell<Grown>,
    pub(super) by_name: RefCell<ByName>,
    /// By stack, where the tree begins in it; empty when it begins at the ends of all.
    starts: Vec<Start>,
    /// Innermost frames come first (callers below callees).
    pub(super) inverted: bool,
    /// Frames of the deepest stack.
    depth: u32,
    /// Distinct stacks that count.
    stacks: u32,
}

impl Tree {
    /// Merges the selection's stacks by their outermost (`inverted`: innermost) frames.
    pub fn new(profile: &Profile, nodes: &Nodes, selection: &Selection, inverted: bool) -> Self {
        let tables = Tables {
            profile,
            nodes,
            inverted,
            starts: &[],
        };
        Self {
            grown: RefCell::new(Grown::new(tables, selection)),
            by_name: RefCell::default(),
            starts: Vec::new(),
            inverted,
            depth: deepest(profile, nodes, selection),
            stacks: selection.stacks().count() as u32,
        }
    }

    /// Merges what the stacks have from the outermost frame of `pivot` on: inwards what it calls,
    /// outwards (`inverted`) who calls it. Stacks without it are left out, so the root stands for
    /// its cum; the only box below is the function.
    pub fn from_pivot(
        profile: &Profile,
        nodes: &Nodes,
        selection: &Selection,
        inverted: bool,
        pivot: NodeId,
    ) -> Self {
        let mut tables = Tables {
            profile,
            nodes,
            inverted,
            starts: &[],
        };
        let starts = tree_pivot::starts(tables, pivot);
        tables.starts = &starts;
        let (depth, stacks) = tree_pivot::extent(tables, selection);
        Self {
            grown: RefCell::new(Grown::new(tables, selection)),
            by_name: RefCell::default(),
            inverted,
            depth,
            stacks,
            starts,
        }
    }

    /// Forgets what has been grown if that is more than `most` nodes: someone has been looking
    /// around in a very large tree. [`NodeRef`]s are void after it, ids are not.
    pub fn prune(&self, profile: &Profile, nodes: &Nodes, selection: &Selection, most: usize) {
        if self.grown.borrow().nodes.len() > most {
            let tables = Tables {
                profile,
                nodes,
                inverted: self.inverted,
                starts: &self.starts,
            };
            *self.grown.borrow_mut() = Grown::new(tables, selection);
            *self.by_name.borrow_mut() = ByName::default();
        }
    }

    /// The tree with what its frames are looked up in.
    pub fn view<'a>(&'a self, profile: &'a Profile, nodes: &'a Nodes) -> TreeView<'a> {
        TreeView {
            tree: self,
            profile,
            nodes,
            order: SiblingOrder::Weight,
        }
    }
}

/// Frames of the deepest stack. Only those that may be it are counted.
fn deepest(profile: &Profile, nodes: &Nodes, selection: &Selection) -> u32 {
    let bounds = nodes.depth_bounds(profile);
    let stacks = || selection.stacks().map(|(stack, _)| stack as u32);
    let depth = |stack| nodes.depth(profile, stack);
    // The one that promises most, first: then most of the others are not looked at.
    let first = stacks().max_by_key(|&stack| bounds[stack as usize]);
    stacks().fold(first.map_or(0, depth), |best, stack| {
        if bounds[stack as usize] <= best {
            best
        } else {
            best.max(depth(stack))
        }
    })
}

/// A tree with the tables its frames stand in.
#[derive(Clone, Copy, Debug)]
pub struct TreeView<'a> {
    pub(super) tree: &'a Tree,
    pub(super) profile: &'a Profile,
    pub(super) nodes: &'a Nodes,
    pub(super) order: SiblingOrder,
}

impl<'a> TreeView<'a> {
    /// The same tree with siblings in another order: what [`Self::extent`] says depends on it.
    #[must_use]
    pub fn ordered(mut self, order: SiblingOrder) -> Self {
        self.order = order;
        self
    }

    /// How siblings stand.
    pub fn order(&self) -> SiblingOrder {
        self.order
    }

    /// The node that stands for all samples.
    pub fn root(&self) -> NodeRef {
        NodeRef::ROOT
    }

    /// Rows of the picture: the root, and the frames of the deepest stack.
    pub fn rows(&self) -> u32 {
        self.tree.depth.saturating_add(1)
    }

    /// Distinct stacks that were merged.
    pub fn stack_count(&self) -> u32 {
        self.tree.stacks
    }

    /// A box's name outside: `0` for the root, else its lowest stack and its depth, as `12+3`.
    pub fn id(&self, at: NodeRef) -> String {
        let node = self.node(at);
        match node.depth + at.tail {
            0 => "0".to_owned(),
            depth => format!("{}+{depth}", node.stack),
        }
    }

    /// The box that [`Self::id`] names; `None` for what is no id of this tree. Goes down along
    /// the stack.
    pub fn find(&self, id: &str) -> Option<NodeRef> {
        if id == "0" {
            return Some(NodeRef::ROOT);
        }
        let (stack, depth) = id.split_once('+')?;
        let (stack, depth): (u32, u32) = (stack.parse().ok()?, depth.parse().ok()?);
        if stack as usize >= self.profile.stacks.len() {
            return None;
        }
        let (mut at, walker) = (NodeRef::ROOT, self.walker());
        let mut cursor = walker.start(stack);
        for _ in 0..depth {
            if self.is_tail(at) {
                break;
            }
            let frame = walker.next(stack, &mut cursor)?;
            at = self
                .children(at)
                .find(|&child| self.node(child).frame & FRAME == frame.node.0)?;
        }
        let node = self.node(at);
        at.tail = depth.checked_sub(node.depth)?;
        let is_inside = at.tail == 0 || self.tail_frame(at).is_some();
        (is_inside && node.stack == stack).then_some(at)
    }

    /// The lowest stack that comes through a box, and its depth: what [`Self::id`] is made of.
    pub fn place(&self, at: NodeRef) -> (u32, u32) {
        let node = self.node(at);
        (node.stack, node.depth + at.tail)
    }

    /// The frames from the root down to a box, its own last; empty for the root. One walk along a
    /// stack.
    pub fn path(&self, at: NodeRef) -> Vec<NodeId> {
        let (stack, depth) = self.place(at);
        let walker = self.walker();
        let mut cursor = walker.start(stack);
        let frames = std::iter::from_fn(|| walker.next(stack, &mut cursor));
        frames.take(depth as usize).map(|f| f.node).collect()
    }

    /// The frame; `None` for the root.
    pub fn frame(&self, at: NodeRef) -> Option<NodeId> {
        let node = self.node(at);
        if at.tail > 0 {
            return self.tail_frame(at).map(|f| f.node);
        }
        (at.node != 0).then_some(NodeId(node.frame & FRAME))
    }

    /// True when the frame was inlined into its caller by every stack that comes through here.
    pub fn inline(&self, at: NodeRef) -> bool {
        if at.tail > 0 {
            return self.tail_frame(at).is_some_and(|f| f.inline);
        }
        self.node(at).frame & INLINE != 0
    }

    /// Value with everything below.
    pub fn cum(&self, at: NodeRef) -> i64 {
        let grown = self.tree.grown.borrow();
        match grown.signed.get(at.node as usize) {
            Some(&value) => value,
            None => grown.nodes[at.node as usize].width as i64,
        }
    }

    /// Value of some rows together, with everything below; `width` is that of all of them. Looks
    /// at each only where values can be negative: widths are values otherwise.
    pub(crate) fn net(&self, rows: impl Iterator<Item = u32>, width: u64) -> i64 {
        let grown = self.tree.grown.borrow();
        if grown.signed.is_empty() {
            return width as i64;
        }
        rows.fold(0, |sum: i64, row| {
            sum.wrapping_add(grown.signed[row as usize])
        })
    }

    /// Whether one of the rows is a frame that `wanted` wants.
    pub(crate) fn has_frame(
        &self,
        mut rows: impl Iterator<Item = u32>,
        wanted: impl Fn(NodeId) -> bool,
    ) -> bool {
        let grown = self.tree.grown.borrow();
        rows.any(|row| wanted(NodeId(grown.nodes[row as usize].frame & FRAME)))
    }

    /// Value that ends here: cum minus the children's.
    pub fn flat(&self, at: NodeRef) -> i64 {
        self.children(at).fold(self.cum(at), |left, child| {
            left.wrapping_sub(self.cum(child))
        })
    }

    /// Left edge and width, in units of |value|.
    pub fn extent(&self, at: NodeRef) -> (u64, u64) {
        let node = self.node(at);
        match self.order {
            SiblingOrder::Weight => (node.start, node.width),
            SiblingOrder::Name => (self.start_by_name(at.node), node.width),
        }
    }

    /// Children, heaviest first, ties by printable name.
    pub fn children(&self, at: NodeRef) -> impl DoubleEndedIterator<Item = NodeRef> + use<'a> {
        let (from, to, tail) = self.child_range(at);
        (from..to).map(move |node| NodeRef { node, tail })
    }

    /// Number of children.
    pub fn child_count(&self, at: NodeRef) -> u32 {
        let (from, to, _) = self.child_range(at);
        to - from
    }

    /// First child's row, the row after the last, and the tail step they have in common: a
    /// tail's only child is the next step of the same row.
    pub(crate) fn child_range(&self, at: NodeRef) -> (u32, u32, u32) {
        let mut node = self.node(at);
        if node.frame & TAIL == 0 {
            if node.count == UNSPLIT {
                self.tree.grown.borrow_mut().split(self.tables(), at.node);
                node = self.node(at);
            }
            return (node.first, node.first + node.count, 0);
        }
        let next = NodeRef {
            node: at.node,
            tail: at.tail + 1,
        };
        let more = self.tail_frame(next).is_some();
        (at.node, at.node + u32::from(more), next.tail)
    }

    /// The node above; the root is its own.
    pub fn parent(&self, at: NodeRef) -> NodeRef {
        match at.tail {
            0 => NodeRef {
                node: self.node(at).parent,
                tail: 0,
            },
            tail => NodeRef {
                node: at.node,
                tail: tail - 1,
            },
        }
    }

    /// The boxes beside a box, in the order of the view: the one before and the one after, where
    /// there is one. The root and what is inside a tail have none.
    pub fn beside(&self, at: NodeRef) -> (Option<NodeRef>, Option<NodeRef>) {
        if at == NodeRef::ROOT || at.tail > 0 {
            return (None, None);
        }
        let (from, to, _) = self.child_range(self.parent(at));
        let is_named = self.order == SiblingOrder::Name;
        if is_named {
            self.start_by_name(at.node);
        }
        let place = if is_named {
            self.position(at.node)
        } else {
            at.node - from
        };
        let node = |place| NodeRef {
            node: if is_named {
                self.sibling_at(from, place)
            } else {
                from + place
            },
            tail: 0,
        };
        let before = place.checked_sub(1).map(node);
        let after = (place + 1 < to - from).then(|| node(place + 1));
        (before, after)
    }

    /// Frames from the root down to here; 0 for the root.
    pub fn depth(&self, at: NodeRef) -> u32 {
        self.node(at).depth + at.tail
    }

    /// The widest place of a frame; among equals the one nearest to the root, then the leftmost.
    /// `None` when the tree has none.
    ///
    /// Boxes are opened widest first, and only those that lead to the frame, so the first that is
    /// it is the widest.
    pub fn widest(&self, wanted: NodeId) -> Option<NodeRef> {
        let leads = self.stacks_with(wanted);
        let mut queue = BinaryHeap::new();
        let push = |queue: &mut BinaryHeap<_>, row: u32| {
            let grown = self.tree.grown.borrow();
            let node = &grown.nodes[row as usize];
            let step = match node.count {
                UNSPLIT if grown.stacks(node).any(|stack| leads[stack as usize]) => 0,
                0 if node.frame & TAIL != 0 && leads[node.stack as usize] => {
                    let found = self.tail_of(*node).position(|(frame, _)| frame == wanted);
                    let Some(step) = found else { return };
                    step as u32
                }
                0 | UNSPLIT => return,
                _ => 0,
            };
            let place = Reverse((node.depth.saturating_add(step), node.start));
            queue.push((node.width, place, row, step));
        };
        push(&mut queue, 0);
        while let Some((_, _, row, tail)) = queue.pop() {
            let at = NodeRef { node: row, tail };
            if self.is_tail(at) || self.frame(at) == Some(wanted) {
                return Some(at);
            }
            let (from, to, _) = self.child_range(at);
            (from..to).for_each(|child| push(&mut queue, child));
        }
        None
    }

    /// Per stack of the profile whether the frame is in it.
    fn stacks_with(&self, wanted: NodeId) -> Vec<bool> {
        let has: Vec<bool> = (0..self.profile.locations.len())
            .map(|location| self.nodes.frames(location).contains(&wanted))
            .collect();
        (0..self.profile.stacks.len() as u32)
            .map(|stack| {
                let locations = self.profile.stacks.get(StackId(stack));
                locations.iter().any(|location| has[location.index()])
            })
            .collect()
    }

    /// Whether values can be negative, so that widths are not values.
    pub fn is_signed(&self) -> bool {
        !self.tree.grown.borrow().signed.is_empty()
    }

    /// Σ |value| of the whole tree.
    pub fn total_width(&self) -> u64 {
        self.node(NodeRef::ROOT).width
    }

    /// True when `at` heads or lies in an unbranched tail.
    pub(crate) fn is_tail(&self, at: NodeRef) -> bool {
        self.node(at).frame & TAIL != 0
    }

    /// Frames of a tail from its head on, in one walk: node and inline mark.
    pub(crate) fn tail_frames(&self, head: u32) -> impl Iterator<Item = (NodeId, bool)> + use<'a> {
        self.tail_of(self.node(NodeRef {
            node: head,
            tail: 0,
        }))
    }

    fn tail_of(&self, node: Node) -> impl Iterator<Item = (NodeId, bool)> + use<'a> {
        let walker = self.walker();
        let mut cursor = walker.seek(node.stack, node.depth.saturating_sub(1));
        std::iter::from_fn(move || {
            walker
                .next(node.stack, &mut cursor)
                .map(|f| (f.node, f.inline))
        })
    }

    fn node(&self, at: NodeRef) -> Node {
        self.tree.grown.borrow().nodes[at.node as usize]
    }

    fn tables(&self) -> Tables<'a> {
        Tables {
            profile: self.profile,
            nodes: self.nodes,
            inverted: self.tree.inverted,
            starts: &self.tree.starts,
        }
    }

    fn walker(&self) -> Walker<'a> {
        Walker::new(self.tables())
    }

    fn tail_frame(&self, at: NodeRef) -> Option<Frame> {
        let node = self.node(at);
        let walker = self.walker();
        let index = node.depth.saturating_sub(1).checked_add(at.tail)?;
        let mut cursor = walker.seek(node.stack, index);
        walker.next(node.stack, &mut cursor)
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
