//! Siblings by name: the same tree, laid out for comparing by eye.
//!
//! A tree's siblings lie side by side, heaviest first, and stay there. Their order by name is a
//! permutation beside it with the left edges that follow from it, made for the children of one box
//! when that box is first shown in this order. Ids of boxes are those of the other order.

use super::tree::{FRAME, Node, NodeRef, TreeView};
use crate::sort::sort_ids;

/// How siblings stand, from left to right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SiblingOrder {
    /// Heaviest first, ties by printable name.
    #[default]
    Weight,
    /// By printable name.
    Name,
}

/// In place of a position: the siblings have not been put in order.
const UNORDERED: u32 = u32::MAX;

/// The order by name, as far as it has been asked for. Columns are by row of the tree.
#[derive(Clone, Debug, Default)]
pub(super) struct ByName {
    /// Left edge, in units of value.
    start: Vec<u64>,
    /// Position among the siblings, 0 for the first, or `UNORDERED`.
    position: Vec<u32>,
    /// At the row of the first sibling and the positions after it, the rows in order.
    rows: Vec<u32>,
}

impl ByName {
    fn cover(&mut self, nodes: usize) {
        if self.rows.len() < nodes {
            self.start.resize(nodes, 0);
            self.position.resize(nodes, UNORDERED);
            self.rows.resize(nodes, 0);
            // The root is a sibling of nobody.
            self.position[0] = 0;
        }
    }

    fn is_ordered(&self, row: u32) -> bool {
        let position = self.position.get(row as usize);
        position.is_some_and(|&position| position != UNORDERED)
    }

    /// Puts the children of `parent`, whose left edge is known, in order.
    fn order(&mut self, parent: u32, nodes: &[Node], ranks: &[u32]) {
        let (first, count) = (nodes[parent as usize].first, nodes[parent as usize].count);
        if count == 0 || self.is_ordered(first) {
            return;
        }
        let from = first as usize;
        let mut rows: Vec<u32> = (first..first + count).collect();
        let frame = |row: u32| nodes[row as usize].frame & FRAME;
        sort_ids(&mut rows, &|a, b| {
            let key = |row| (ranks[frame(row) as usize], frame(row));
            key(a).cmp(&key(b))
        });
        let mut start = self.start[parent as usize];
        for (position, &row) in rows.iter().enumerate() {
            self.start[row as usize] = start;
            self.position[row as usize] = position as u32;
            start = start.wrapping_add(nodes[row as usize].width);
        }
        self.rows[from..from + rows.len()].copy_from_slice(&rows);
    }
}

impl TreeView<'_> {
    /// Left edge in the order by name, in units of |value|. Puts in order what lies above.
    pub(super) fn start_by_name(&self, row: u32) -> u64 {
        if !self.tree.by_name.borrow().is_ordered(row) {
            let mut above = Vec::new();
            let mut at = NodeRef { node: row, tail: 0 };
            while at != NodeRef::ROOT {
                at = self.parent(at);
                above.push(at.node);
            }
            for &parent in above.iter().rev() {
                self.order_children(parent);
            }
        }
        // The root begins at 0 and may not have been covered yet.
        let by_name = self.tree.by_name.borrow();
        by_name.start.get(row as usize).copied().unwrap_or(0)
    }

    /// Makes [`Self::sibling_at`] and [`Self::position`] known for the children of a box that is
    /// itself in order; a tail has none.
    pub(crate) fn order_children(&self, parent: u32) {
        let at = NodeRef {
            node: parent,
            tail: 0,
        };
        if self.is_tail(at) {
            return;
        }
        self.child_range(at);
        let grown = self.tree.grown.borrow();
        let mut by_name = self.tree.by_name.borrow_mut();
        by_name.cover(grown.nodes.len());
        by_name.order(parent, &grown.nodes, self.nodes.name_ranks());
    }

    /// The row of the sibling at a position, 0 for the first by name; `first` is the row of the
    /// heaviest.
    pub(crate) fn sibling_at(&self, first: u32, position: u32) -> u32 {
        self.tree.by_name.borrow().rows[(first + position) as usize]
    }

    /// A row's position among its siblings by name.
    pub(crate) fn position(&self, row: u32) -> u32 {
        self.tree.by_name.borrow().position[row as usize]
    }
}

#[cfg(test)]
#[path = "tree_order_tests.rs"]
mod tests;
