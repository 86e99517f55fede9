//! The boxes of a flame graph that a viewport shows.
//!
//! The walk goes down row by row from the box that fills the width. Siblings stand heaviest
//! first, so the first one that is too thin ends the row of its parent: it and the rest become
//! one merged box with their count and sum, and nothing below them is visited. In the order by
//! name thin ones between two wide ones become one. The work is therefore bounded by the pixels,
//! not by the tree; only a search, and a sum of values of both signs, look at every sibling that
//! is merged.

use super::siblings::{Run, Siblings, Thin};
use crate::analysis::{NodeId, NodeRef, TreeView};

/// Which part of the tree to draw, in device pixels.
#[derive(Clone, Copy, Debug)]
pub struct FlameWindow {
    /// The box that fills the width.
    pub root: NodeRef,
    /// Left edge of the view as a share of the root box, 0 to 1.
    pub left: f64,
    /// Right edge, above `left`.
    pub right: f64,
    /// First row wanted; row 0 is all samples.
    pub first_row: u32,
    /// Rows wanted.
    pub row_count: u32,
    /// Width of the view.
    pub width: f64,
    /// Boxes narrower than this are merged with their thin siblings.
    pub min_width: f64,
}

/// Rows below the window that are looked at to see where boxes end.
const LOOK_AHEAD: u32 = 1_000;

/// Boxes as columns, rows ascending, left to right inside a row.
#[derive(Clone, Debug, Default)]
pub struct FlameBoxes {
    /// Row.
    pub row: Vec<u32>,
    /// Left edge in device pixels, cut to the window.
    pub x: Vec<f32>,
    /// Width in device pixels, cut to the window.
    pub w: Vec<f32>,
    /// Node id; `u32::MAX` for the root of the tree and for merged boxes.
    pub node: Vec<u32>,
    /// Lowest stack of the box, which with the row makes its id; for a merged box that of its
    /// first member.
    pub stack: Vec<u32>,
    /// See the constants.
    pub flags: Vec<u8>,
    /// Boxes merged into this one; 1 for a plain box.
    pub count: Vec<u32>,
    /// Value with everything below; of a merged box the sum.
    pub value: Vec<f64>,
    /// Where values can be negative, the net value as a share of all magnitudes in the box, -1 to
    /// 1: in a difference -1 is what only the base has, 1 what it does not have. Else empty.
    pub change: Vec<f32>,
    /// The row after the last that has boxes at this zoom, in the window or below it: boxes end
    /// where they get too thin, mostly long before the deepest stack does.
    pub end_row: u32,
}

impl FlameBoxes {
    /// The frame was inlined into its caller.
    pub const INLINE: u8 = 1;
    /// The name matches the search; of a merged box, one of the names.
    pub const MATCH: u8 = 2;
    /// Several thin siblings in one.
    pub const MERGED: u8 = 4;
    /// The net value is negative.
    pub const NEGATIVE: u8 = 8;

    fn push(&mut self, row: u32, span: Span, drawn: Drawn) {
        self.row.push(row);
        self.x.push(span.x);
        self.w.push(span.w);
        self.node.push(drawn.node.map_or(u32::MAX, |n| n.0));
        self.stack.push(drawn.stack);
        self.flags.push(drawn.flags);
        self.count.push(drawn.count);
        self.value.push(drawn.value);
        if let Some(width) = drawn.width {
            let share = if width > 0.0 {
                drawn.value / width
            } else {
                0.0
            };
            self.change.push(share as f32);
        }
    }
}

/// Pixels of a box inside the window.
#[derive(Clone, Copy)]
struct Span {
    x: f32,
    w: f32,
}

/// A box without its place.
#[derive(Clone, Copy)]
struct Drawn {
    stack: u32,
    node: Option<NodeId>,
    flags: u8,
    count: u32,
    value: f64,
    /// Σ |value|, where that is not the value.
    width: Option<f64>,
}

/// Value units to pixels.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) from: f64,
    pub(super) to: f64,
    width: f64,
}

impl Scale {
    pub(super) fn pixels(&self, units: f64) -> f64 {
        units / (self.to - self.from) * self.width
    }

    fn is_visible(&self, start: f64, width: f64) -> bool {
        start < self.to && start + width > self.from
    }

    fn span(&self, start: f64, width: f64) -> Span {
        let left = self.pixels(start.max(self.from) - self.from);
        let right = self.pixels((start + width).min(self.to) - self.from);
        Span {
            x: left as f32,
            w: (right - left) as f32,
        }
    }
}

/// The boxes of `window`; `matches` holds the nodes a search found, by node id, and may be empty.
/// A window without extent gives no boxes.
pub fn flame_boxes(view: &TreeView<'_>, window: &FlameWindow, matches: &[bool]) -> FlameBoxes {
    let mut boxes = FlameBoxes::default();
    let (start, width) = view.extent(window.root);
    let (start, width) = (start as f64, width as f64);
    let scale = Scale {
        from: start + window.left * width,
        to: start + window.right * width,
        width: window.width,
    };
    if !(scale.to > scale.from && window.width > 0.0) {
        return boxes;
    }
    let painter = Painter {
        view,
        window,
        scale,
        siblings: Siblings {
            view,
            scale,
            min_width: window.min_width,
        },
        matches,
    };
    let depth = painter.ancestors(&mut boxes);
    painter.below(depth, &mut boxes);
    boxes
}

struct Painter<'a> {
    view: &'a TreeView<'a>,
    window: &'a FlameWindow,
    scale: Scale,
    siblings: Siblings<'a>,
    matches: &'a [bool],
}

/// A drawn box whose children may be drawn too.
struct Open<'a> {
    at: NodeRef,
    /// Frames still to come, inside a tail.
    tail: Option<Box<dyn Iterator<Item = (NodeId, bool)> + 'a>>,
    span: Span,
}

/// Thin siblings waiting to be drawn as one.
struct Merged {
    at: NodeRef,
    start: f64,
    end: f64,
    count: u32,
    value: f64,
    width: f64,
    matched: bool,
}

impl<'a> Painter<'a> {
    fn wants(&self, row: u32) -> bool {
        row >= self.window.first_row && row - self.window.first_row < self.window.row_count
    }

    fn end_row(&self) -> u32 {
        self.window.first_row.saturating_add(self.window.row_count)
    }

    fn is_match(&self, node: NodeId) -> bool {
        self.matches.get(node.index()).copied().unwrap_or(false)
    }

    fn flags(&self, node: Option<NodeId>, inline: bool, value: f64) -> u8 {
        let matched = node.is_some_and(|n| self.is_match(n));
        u8::from(inline) * FlameBoxes::INLINE
            | u8::from(matched) * FlameBoxes::MATCH
            | u8::from(value < 0.0) * FlameBoxes::NEGATIVE
    }

    fn plain(&self, at: NodeRef, node: Option<NodeId>, inline: bool) -> Drawn {
        let value = self.view.cum(at) as f64;
        Drawn {
            stack: self.view.place(at).0,
            node,
            flags: self.flags(node, inline, value),
            count: 1,
            value,
            width: self.view.is_signed().then(|| self.view.extent(at).1 as f64),
        }
    }

    /// The root box and everything above it, each as wide as the window. Returns its row.
    fn ancestors(&self, boxes: &mut FlameBoxes) -> u32 {
        let depth = self.view.depth(self.window.root);
        let last = depth.min(self.end_row());
        let full = Span {
            x: 0.0,
            w: self.window.width as f32,
        };
        let mut chain = Vec::new();
        let mut at = self.window.root;
        for row in (0..=depth).rev() {
            if row <= last && self.wants(row) {
                chain.push((row, at));
            }
            at = self.view.parent(at);
        }
        for &(row, at) in chain.iter().rev() {
            boxes.push(
                row,
                full,
                self.plain(at, self.view.frame(at), self.view.inline(at)),
            );
        }
        depth
    }

    fn below(&self, depth: u32, boxes: &mut FlameBoxes) {
        let root = self.window.root;
        let (start, width) = self.view.extent(root);
        let span = self.scale.span(start as f64, width as f64);
        let tail = self.view.is_tail(root).then(|| self.tail(root));
        let mut open = vec![Open {
            at: root,
            tail,
            span,
        }];
        let mut row = depth + 1;
        let last = self.end_row().saturating_add(LOOK_AHEAD);
        self.grow(root, row, last);
        while !open.is_empty() && row < last {
            open = self.row(row, open, boxes);
            row += 1;
        }
        boxes.end_row = if open.is_empty() {
            row
        } else {
            self.view.rows()
        };
    }

    /// Grows the tree as far as the rows from `row` to before `last` show it, depth first: the
    /// stacks of a box are then still at hand when its children are told apart. Row by row, as
    /// they are drawn, every stack would be fetched anew in each.
    fn grow(&self, root: NodeRef, row: u32, last: u32) {
        let mut open = vec![(root, row)];
        while let Some((parent, row)) = open.pop() {
            if row >= last || self.view.is_tail(parent) {
                continue;
            }
            for run in self.siblings.runs(parent.node) {
                if let Run::Wide(node) = run {
                    open.push((NodeRef { node, tail: 0 }, row + 1));
                }
            }
        }
    }

    /// The frames of a tail after `at`.
    fn tail(&self, at: NodeRef) -> Box<dyn Iterator<Item = (NodeId, bool)> + 'a> {
        Box::new(self.view.tail_frames(at.node).skip(at.tail as usize + 1))
    }

    /// Draws the children of the open boxes; returns those that are wide enough to be open.
    fn row(&self, row: u32, parents: Vec<Open<'a>>, boxes: &mut FlameBoxes) -> Vec<Open<'a>> {
        let mut open = Vec::new();
        let mut merged: Option<Merged> = None;
        for mut parent in parents {
            if let Some(frames) = &mut parent.tail {
                let Some((node, inline)) = frames.next() else {
                    continue;
                };
                self.flush(row, &mut merged, boxes);
                parent.at.tail += 1;
                self.emit(
                    row,
                    parent.span,
                    self.plain(parent.at, Some(node), inline),
                    boxes,
                );
                open.push(parent);
            } else {
                self.children(row, parent.at, &mut open, &mut merged, boxes);
            }
        }
        self.flush(row, &mut merged, boxes);
        open
    }

    fn children(
        &self,
        row: u32,
        parent: NodeRef,
        open: &mut Vec<Open<'a>>,
        merged: &mut Option<Merged>,
        boxes: &mut FlameBoxes,
    ) {
        for run in self.siblings.runs(parent.node) {
            match run {
                Run::Wide(node) => self.wide(row, node, open, merged, boxes),
                Run::Thin(thin) => self.merge(row, self.merged(thin), merged, boxes),
            }
        }
    }

    fn wide(
        &self,
        row: u32,
        node: u32,
        open: &mut Vec<Open<'a>>,
        merged: &mut Option<Merged>,
        boxes: &mut FlameBoxes,
    ) {
        let (start, width) = self.siblings.extent(node);
        if !self.scale.is_visible(start, width) {
            return;
        }
        self.flush(row, merged, boxes);
        let (at, span) = (NodeRef { node, tail: 0 }, self.scale.span(start, width));
        self.emit(
            row,
            span,
            self.plain(at, self.view.frame(at), self.view.inline(at)),
            boxes,
        );
        let tail = self.view.is_tail(at).then(|| self.tail(at));
        open.push(Open { at, tail, span });
    }

    fn merged(&self, thin: Thin) -> Merged {
        let rows = || thin.rows(self.view);
        let node = rows().next().unwrap_or(0);
        let start = self.siblings.extent(node).0;
        let (last, width) = self.siblings.extent(rows().next_back().unwrap_or(0));
        let end = last + width;
        Merged {
            at: NodeRef { node, tail: 0 },
            start,
            end,
            count: thin.count(),
            value: self.view.net(rows(), (end - start) as u64) as f64,
            width: end - start,
            matched: !self.matches.is_empty()
                && self.view.has_frame(rows(), |node| self.is_match(node)),
        }
    }

    /// Joins thin boxes of neighbouring parents when no pixel lies between them.
    fn merge(&self, row: u32, more: Merged, merged: &mut Option<Merged>, boxes: &mut FlameBoxes) {
        if let Some(before) = merged
            && self.scale.pixels(more.start - before.end) < 1.0
        {
            before.end = more.end;
            before.count += more.count;
            before.value += more.value;
            before.width += more.width;
            before.matched |= more.matched;
            return;
        }
        self.flush(row, merged, boxes);
        *merged = Some(more);
    }

    fn flush(&self, row: u32, merged: &mut Option<Merged>, boxes: &mut FlameBoxes) {
        if let Some(thin) = merged.take() {
            let drawn = Drawn {
                stack: self.view.place(thin.at).0,
                node: None,
                flags: FlameBoxes::MERGED
                    | u8::from(thin.matched) * FlameBoxes::MATCH
                    | u8::from(thin.value < 0.0) * FlameBoxes::NEGATIVE,
                count: thin.count,
                value: thin.value,
                width: self.view.is_signed().then_some(thin.width),
            };
            self.emit(
                row,
                self.scale.span(thin.start, thin.end - thin.start),
                drawn,
                boxes,
            );
        }
    }

    fn emit(&self, row: u32, span: Span, drawn: Drawn, boxes: &mut FlameBoxes) {
        if self.wants(row) {
            boxes.push(row, span, drawn);
        }
    }
}

/// First row in `from..to` for which `holds`, which is false before and true from there on.
pub(super) fn first_where(from: u32, to: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
