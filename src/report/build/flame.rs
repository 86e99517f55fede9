//! The flame-graph picture: which boxes of the tree are worth their bytes.

use super::super::document::Block;
use super::super::figure::{self, FlameBox, Palette};
use super::study::View;
use crate::analysis::{Class, NodeId, NodeRef, Tree, TreeView, hue, package_of, split_name};
use crate::unit;

/// Rows drawn, the root's included; deeper frames are cut and the caption says so.
const ROWS: i64 = 40;
const BOX_LIMIT: usize = 400;
const BYTE_LIMIT: usize = 60_000;
/// Narrowest box in hundredths of a pixel, tried in turn until the picture is small enough.
const MIN_WIDTHS: [i64; 6] = [50, 100, 200, 400, 800, 1600];

/// The flame graph of a view as a figure; `None` when there is nothing to draw.
pub(super) fn flame_figure(view: &View<'_>, merged: &Tree) -> Option<Block> {
    let tree = merged.view(view.profile, view.nodes);
    if tree.total_width() == 0 {
        return None;
    }
    let alt = format!("Flame graph of {}, heaviest branches left", view.type_name);
    let mut last = None;
    for min_width in MIN_WIDTHS {
        let mut collector = Collector::new(view, tree, min_width);
        collector.collect();
        let too_many = collector.boxes.len() > BOX_LIMIT;
        if too_many && min_width != MIN_WIDTHS[MIN_WIDTHS.len() - 1] {
            continue;
        }
        collector.boxes.truncate(2 * BOX_LIMIT);
        let svg = figure::flame(&collector.boxes, &alt);
        let fits = svg.as_str().len() < BYTE_LIMIT;
        last = Some((collector.caption(), svg));
        if fits {
            break;
        }
    }
    last.map(|(caption, svg)| Block::figure(&caption, svg))
}

/// Walks the tree row by row, heaviest first, and keeps what is wide enough.
struct Collector<'a> {
    view: &'a View<'a>,
    tree: TreeView<'a>,
    min_width: i64,
    boxes: Vec<FlameBox>,
    /// Boxes that stand for one function.
    frames: u64,
    /// Something wide enough lies below the last row.
    cut: bool,
}

impl<'a> Collector<'a> {
    fn new(view: &'a View<'a>, tree: TreeView<'a>, min_width: i64) -> Self {
        Self {
            view,
            tree,
            min_width,
            boxes: Vec::new(),
            frames: 0,
            cut: false,
        }
    }

    fn collect(&mut self) {
        let root = self.tree.root();
        self.add_root(root);
        let mut row = vec![(root, 0)];
        for depth in 1..=ROWS {
            let mut next = Vec::new();
            for (parent, left) in row {
                self.children(parent, left, depth, &mut next);
                if self.boxes.len() > 2 * BOX_LIMIT {
                    return;
                }
            }
            row = next;
        }
    }

    /// The children of one box from `left` on (in units of value), side by side.
    fn children(&mut self, parent: NodeRef, left: u64, depth: i64, next: &mut Vec<(NodeRef, u64)>) {
        let mut left = left;
        let (mut thin, mut thin_left, mut thin_width) = (0_u64, 0_u64, 0_u64);
        for child in self.tree.children(parent) {
            let width = self.tree.extent(child).1;
            if self.pixels(width) < self.min_width {
                if thin == 0 {
                    thin_left = left;
                }
                thin += 1;
                thin_width = thin_width.saturating_add(width);
            } else if depth == ROWS {
                self.cut = true;
            } else {
                self.add(child, left, width, depth);
                next.push((child, left));
            }
            left = left.saturating_add(width);
        }
        if self.pixels(thin_width) >= self.min_width && depth < ROWS {
            self.add_merged(thin, thin_left, thin_width, depth);
        }
    }

    /// Hundredths of a pixel; where sums have wrapped, parts may be wider than the whole.
    fn pixels(&self, value: u64) -> i64 {
        let full = figure::WIDTH as u128 * 100;
        let scaled = u128::from(value) * full / u128::from(self.tree.total_width().max(1));
        scaled.min(full) as i64
    }

    fn span(&self, left: u64, width: u64) -> (i64, i64) {
        (self.pixels(left), self.pixels(left.saturating_add(width)))
    }

    fn add_root(&mut self, root: NodeRef) {
        let value = self.value(self.tree.cum(root));
        let label = format!("all {}", self.view.text(self.view.total()));
        self.boxes.push(FlameBox {
            right: figure::WIDTH * 100,
            name: "all samples".to_owned(),
            labels: [label, "all".to_owned()],
            value,
            ..FlameBox::default()
        });
    }

    fn add(&mut self, at: NodeRef, left: u64, width: u64, row: i64) {
        let Some(node) = self.tree.frame(at) else {
            return;
        };
        let (left, right) = self.span(left, width);
        let (palette, hue) = self.color(node);
        self.frames += 1;
        self.boxes.push(FlameBox {
            row,
            left,
            right,
            name: self.view.name(node),
            labels: self.labels(node),
            value: self.value(self.tree.cum(at)),
            palette,
            hue,
        });
    }

    fn add_merged(&mut self, count: u64, left: u64, width: u64, row: i64) {
        let (left, right) = self.span(left, width);
        let name = format!("{} narrower functions", unit::count(count));
        self.boxes.push(FlameBox {
            row,
            left,
            right,
            labels: [name.clone(), format!("+{count}")],
            name,
            value: self.value(width.min(i64::MAX as u64) as i64),
            ..FlameBox::default()
        });
    }

    fn value(&self, value: i64) -> String {
        format!("{} ({})", self.view.words(value), self.view.percent(value))
    }

    /// `json.(*Decoder).Decode`, then `(*Decoder).Decode`.
    fn labels(&self, node: NodeId) -> [String; 2] {
        let (dim, strong) = split_name(self.view.nodes, node);
        let package = dim.rsplit('/').next().unwrap_or_default();
        [format!("{package}{strong}"), strong]
    }

    fn color(&self, node: NodeId) -> (Palette, u32) {
        let name = self
            .view
            .nodes
            .text(self.view.nodes.info[node.index()].name);
        let palette = match self.view.class(node) {
            Class::Main | Class::ThirdParty => Palette::Strong,
            Class::Std => Palette::Muted,
            Class::Runtime => Palette::Grey,
            Class::Native | Class::Unknown => Palette::Dark,
        };
        (palette, hue(package_of(name)))
    }

    /// What it shows, its source, and what was left out.
    fn caption(&self) -> String {
        let (view, pixels) = (self.view, self.min_width as f64 / 100.0);
        let rows = if self.cut {
            format!(", in the first {ROWS} rows")
        } else {
            String::new()
        };
        format!(
            "Flame graph, callers above callees, width is the share of {}; {}. \
             The {} boxes at least {pixels} px of {} wide are drawn{rows}. \
             Narrower neighbours are merged into grey boxes with their number.",
            view.words(view.total()),
            view.source(),
            unit::count(self.frames),
            figure::WIDTH,
        )
    }
}
