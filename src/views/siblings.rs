//! Which of a box's children a window shows as boxes, and which are too thin for one of their own.

use super::flame::{Scale, first_where};
use crate::analysis::{NodeRef, SiblingOrder, TreeView};

/// Children side by side: one that is wide enough, or all between two such.
pub(super) enum Run {
    /// The row of a child.
    Wide(u32),
    /// Thin ones.
    Thin(Thin),
}

/// Thin siblings side by side, at positions `from..to` of their order.
#[derive(Clone, Copy)]
pub(super) struct Thin {
    /// The row of the heaviest sibling, thin or not.
    first: u32,
    from: u32,
    to: u32,
    order: SiblingOrder,
}

impl Thin {
    /// How many; at least one.
    pub(super) fn count(&self) -> u32 {
        self.to - self.from
    }

    /// Their rows, from left to right.
    pub(super) fn rows(self, view: &TreeView<'_>) -> impl DoubleEndedIterator<Item = u32> {
        (self.from..self.to).map(move |position| match self.order {
            SiblingOrder::Weight => self.first + position,
            SiblingOrder::Name => view.sibling_at(self.first, position),
        })
    }
}

/// The children of a box under a scale.
pub(super) struct Siblings<'a> {
    pub(super) view: &'a TreeView<'a>,
    pub(super) scale: Scale,
    /// Boxes narrower than this many pixels are thin.
    pub(super) min_width: f64,
}

impl Siblings<'_> {
    /// Left edge and width of a row, in units of value.
    pub(super) fn extent(&self, node: u32) -> (f64, f64) {
        let (start, width) = self.view.extent(NodeRef { node, tail: 0 });
        (start as f64, width as f64)
    }

    /// The children inside the window, from left to right. `parent` is no tail.
    pub(super) fn runs(&self, parent: u32) -> Vec<Run> {
        match self.view.order() {
            SiblingOrder::Weight => self.by_weight(parent),
            SiblingOrder::Name => self.by_name(parent),
        }
    }

    fn children(&self, parent: u32) -> (u32, u32) {
        let (from, to, _) = self.view.child_range(NodeRef {
            node: parent,
            tail: 0,
        });
        (from, to)
    }

    /// The positions in the window, of `count` rows that `row` finds.
    fn window(&self, count: u32, row: impl Fn(u32) -> u32) -> (u32, u32) {
        let first = first_where(0, count, |position| {
            let (start, width) = self.extent(row(position));
            start + width > self.scale.from
        });
        let last = first_where(first, count, |position| {
            self.extent(row(position)).0 >= self.scale.to
        });
        (first, last)
    }

    /// Whether a row is too thin.
    fn is_thin(&self, row: u32) -> bool {
        self.scale.pixels(self.extent(row).1) < self.min_width
    }

    /// Heaviest first: from the first thin one on, all are.
    fn by_weight(&self, parent: u32) -> Vec<Run> {
        let (from, to) = self.children(parent);
        let (first, last) = self.window(to - from, |position| from + position);
        let thin = first_where(first, last, |position| self.is_thin(from + position));
        let mut runs: Vec<Run> = (first..thin)
            .map(|position| Run::Wide(from + position))
            .collect();
        if thin < last {
            runs.push(Run::Thin(Thin {
                first: from,
                from: thin,
                to: last,
                order: SiblingOrder::Weight,
            }));
        }
        runs
    }

    /// The wide ones lie anywhere, but are the first in the order by weight: what is looked at is
    /// them, or what the window shows, whichever is less.
    fn by_name(&self, parent: u32) -> Vec<Run> {
        let (heaviest, to) = self.children(parent);
        self.view.order_children(parent);
        let row = |position| self.view.sibling_at(heaviest, position);
        let (first, last) = self.window(to - heaviest, row);
        let thin = first_where(heaviest, to, |row| self.is_thin(row));
        let mut wide: Vec<u32> = if thin - heaviest < last - first {
            let positions = (heaviest..thin).map(|row| self.view.position(row));
            positions
                .filter(|position| (first..last).contains(position))
                .collect()
        } else {
            (first..last)
                .filter(|&position| row(position) < thin)
                .collect()
        };
        wide.sort_unstable();
        let mut runs = Vec::new();
        let mut next = first;
        let mut between = |runs: &mut Vec<Run>, to: u32, after: u32| {
            if next < to {
                runs.push(Run::Thin(Thin {
                    first: heaviest,
                    from: next,
                    to,
                    order: SiblingOrder::Name,
                }));
            }
            next = after;
        };
        for position in wide {
            between(&mut runs, position, position + 1);
            runs.push(Run::Wide(row(position)));
        }
        between(&mut runs, last, last);
        runs
    }
}

#[cfg(test)]
#[path = "siblings_tests.rs"]
mod tests;
