//! The merged call tree, by splitting stacks at each depth (a most-significant-digit sort).
//!
//! Stacks are split by their first frame, each part by the next, and so on; a part's stacks lie
//! side by side, so the tree needs no hash table and no pointer per edge. A part that has shrunk
//! to a single stack is not split further: its remaining frames form a chain without branches,
//! kept as "this stack from here on". In a profile of a million nearly distinct stacks that is
//! nine nodes out of ten, and it is what keeps the tree in memory at all.

use super::{NodeId, Nodes, Selection, tree_build};
use crate::model::{Profile, StackId};
use crate::sort::sort_ids;

/// A tree larger than this is cut: deeper parts stay unsplit and [`Tree::truncated`] says so.
/// At 32 bytes a node it bounds the tree to 640 MiB.
pub const MAX_TREE_NODES: usize = 20_000_000;

pub(super) const TAIL: u32 = 1 << 31;
pub(super) const INLINE: u32 = 1 << 30;
pub(super) const FRAME: u32 = INLINE - 1;

/// A branching point, or the head of an unbranched tail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Node id of the frame with the `TAIL` and `INLINE` flags; `FRAME` for the root.
    pub(super) frame: u32,
    pub(super) parent: u32,
    /// First child, or for a tail its stack.
    pub(super) first: u32,
    /// Number of children, or for a tail the index of this frame in the stack.
    pub(super) count: u32,
    /// Left edge, in units of value.
    pub(super) start: u64,
    /// Σ |value|.
    pub(super) width: u64,
}

/// A node of the tree: `node`, or the `tail`-th frame below the tail that begins there.
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

    /// As it stands in a URL: `12`, or `12+3` inside a tail.
    pub fn id(self) -> String {
        match self.tail {
            0 => self.node.to_string(),
            tail => format!("{}+{tail}", self.node),
        }
    }

    /// Reads [`Self::id`]; the caller checks it against a tree with [`TreeView::contains`].
    pub fn parse(id: &str) -> Option<Self> {
        let (node, tail) = id.split_once('+').unwrap_or((id, "0"));
        Some(Self {
            node: node.parse().ok()?,
            tail: tail.parse().ok()?,
        })
    }
}

/// The tree. Siblings lie side by side, heaviest first, ties by printable name.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    /// Σ value per node; empty when no value is negative, the width then is the value.
    pub(super) signed: Vec<i64>,
    /// Innermost frames come first (callers below callees).
    pub(super) inverted: bool,
    /// The limit on nodes was reached.
    pub truncated: bool,
    /// Frames of the deepest stack.
    pub depth: u32,
    /// Boxes in all, those inside tails included.
    pub boxes: u64,
}

impl Tree {
    /// Merges the selection's stacks by their outermost (`inverted`: innermost) frames.
    pub fn build(profile: &Profile, nodes: &Nodes, selection: &Selection, inverted: bool) -> Self {
        tree_build::build(profile, nodes, selection, inverted)
    }

    /// The tree with what its frames are looked up in.
    pub fn view<'a>(&'a self, profile: &'a Profile, nodes: &'a Nodes) -> TreeView<'a> {
        TreeView {
            tree: self,
            profile,
            nodes,
        }
    }
}

/// One frame of a stack, as the tree walks it.
#[derive(Clone, Copy, Debug)]
struct Frame {
    node: NodeId,
    inline: bool,
}

/// Where a walk through a stack stands: locations taken, and frames taken of the current one.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    location: u32,
    frame: u32,
}

/// Walks stacks in tree order.
#[derive(Clone, Copy, Debug)]
struct Walker<'a> {
    profile: &'a Profile,
    nodes: &'a Nodes,
    inverted: bool,
}

impl Walker<'_> {
    /// The frame at the cursor, which then moves on; `None` at the end of the stack.
    #[inline]
    fn next(&self, stack: u32, cursor: &mut Cursor) -> Option<Frame> {
        let (start, end) = self.profile.stacks.ranges[stack as usize];
        let depth = end - start;
        if cursor.location >= depth {
            return None;
        }
        let row = if self.inverted {
            start + cursor.location
        } else {
            end - 1 - cursor.location
        };
        let frames = self
            .nodes
            .frames(self.profile.stacks.frames[row as usize].index());
        let at = cursor.frame as usize;
        let from_outside = if self.inverted {
            frames.len() - 1 - at
        } else {
            at
        };
        let frame = Frame {
            node: frames[from_outside],
            inline: from_outside > 0,
        };
        cursor.frame += 1;
        if cursor.frame as usize == frames.len() {
            *cursor = Cursor {
                location: cursor.location + 1,
                frame: 0,
            };
        }
        Some(frame)
    }

    /// Frames of a whole stack.
    fn len(&self, stack: u32) -> u32 {
        self.nodes
            .frame_count(self.profile.stacks.get(StackId(stack)))
    }

    /// A cursor before frame `index` of a stack; O(index) when locations hold several frames.
    fn seek(&self, stack: u32, index: u32) -> Cursor {
        if self.nodes.one_to_one() {
            return Cursor {
                location: index,
                frame: 0,
            };
        }
        let locations = self.profile.stacks.get(StackId(stack));
        let mut left = index as usize;
        for taken in 0..locations.len() {
            let row = if self.inverted {
                taken
            } else {
                locations.len() - 1 - taken
            };
            let here = self.nodes.frames(locations[row].index()).len();
            if left < here {
                return Cursor {
                    location: taken as u32,
                    frame: left as u32,
                };
            }
            left -= here;
        }
        Cursor {
            location: locations.len() as u32,
            frame: 0,
        }
    }
}

/// A tree with the tables its frames stand in.
#[derive(Clone, Copy, Debug)]
pub struct TreeView<'a> {
    tree: &'a Tree,
    profile: &'a Profile,
    nodes: &'a Nodes,
}

impl<'a> TreeView<'a> {
    /// The node that stands for all samples.
    pub fn root(&self) -> NodeRef {
        NodeRef::ROOT
    }

    /// True when `at` is a node of this tree.
    pub fn contains(&self, at: NodeRef) -> bool {
        let Some(node) = self.tree.nodes.get(at.node as usize) else {
            return false;
        };
        at.tail == 0
            || node.frame & TAIL != 0
                && at.tail < self.walker().len(node.first).saturating_sub(node.count)
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
        match self.tree.signed.get(at.node as usize) {
            Some(&value) => value,
            None => self.node(at).width as i64,
        }
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
        (node.start, node.width)
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
        let node = self.node(at);
        if node.frame & TAIL == 0 {
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

    /// Frames from the root down to here; 0 for the root.
    pub fn depth(&self, at: NodeRef) -> u32 {
        let node = self.node(at);
        if node.frame & TAIL != 0 {
            return node.count + 1 + at.tail;
        }
        let (mut depth, mut node) = (0, at.node);
        while node != 0 {
            node = self.tree.nodes[node as usize].parent;
            depth += 1;
        }
        depth
    }

    /// The node's name in URLs.
    pub fn id(&self, at: NodeRef) -> String {
        at.id()
    }

    /// The widest place of a frame, the earliest row among equals; `None` when the tree has none.
    /// Branching points and tail heads come first: they are wider than what lies inside tails.
    pub fn widest(&self, wanted: NodeId) -> Option<NodeRef> {
        let is_wanted = |node: &Node| node.frame & FRAME == wanted.0;
        let rows = self.tree.nodes.iter().enumerate().skip(1);
        let best = rows
            .clone()
            .filter(|(_, node)| is_wanted(node))
            .max_by(|a, b| a.1.width.cmp(&b.1.width).then(b.0.cmp(&a.0)));
        if let Some((row, _)) = best {
            return Some(NodeRef {
                node: row as u32,
                tail: 0,
            });
        }
        let mut heads: Vec<u32> = rows
            .filter(|(_, node)| node.frame & TAIL != 0)
            .map(|(row, _)| row as u32)
            .collect();
        let width = |row: u32| self.tree.nodes[row as usize].width;
        sort_ids(&mut heads, &|a, b| width(b).cmp(&width(a)));
        heads.into_iter().find_map(|node| {
            let step = self
                .tail_frames(node)
                .position(|(frame, _)| frame == wanted)?;
            Some(NodeRef {
                node,
                tail: step as u32,
            })
        })
    }

    /// Σ |value| of the whole tree.
    pub fn total_width(&self) -> u64 {
        self.tree.nodes.first().map_or(0, |n| n.width)
    }

    /// True when `at` heads or lies in an unbranched tail.
    pub(crate) fn is_tail(&self, at: NodeRef) -> bool {
        self.node(at).frame & TAIL != 0
    }

    /// Frames of a tail from its head on, in one walk: node and inline mark.
    pub(crate) fn tail_frames(&self, head: u32) -> impl Iterator<Item = (NodeId, bool)> + use<'a> {
        let node = self.tree.nodes[head as usize];
        let walker = self.walker();
        let mut cursor = walker.seek(node.first, node.count);
        std::iter::from_fn(move || {
            walker
                .next(node.first, &mut cursor)
                .map(|f| (f.node, f.inline))
        })
    }

    fn node(&self, at: NodeRef) -> &'a Node {
        &self.tree.nodes[at.node as usize]
    }

    fn walker(&self) -> Walker<'a> {
        Walker {
            profile: self.profile,
            nodes: self.nodes,
            inverted: self.tree.inverted,
        }
    }

    fn tail_frame(&self, at: NodeRef) -> Option<Frame> {
        let node = self.node(at);
        let walker = self.walker();
        let mut cursor = walker.seek(node.first, node.count.checked_add(at.tail)?);
        walker.next(node.first, &mut cursor)
    }
}
