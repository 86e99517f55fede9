//! The flame graph's verbs.

use std::rc::Rc;

use super::compare;
use super::dto::{BoxDetails, FlameInfo, FlameWindow, Query};
use super::dto_flame::FlameShape;
use super::filtered::options;
use super::query::Analysis;
use super::workspace::Workspace;
use crate::analysis::{NodeRef, Place, Selection, SiblingOrder, Tree, TreeView};
use crate::views::{self, FlameBoxes, flame_boxes};

/// Children listed at most.
const MAX_CHILDREN: usize = 200;

fn order(shape: &FlameShape) -> SiblingOrder {
    if shape.by_name {
        SiblingOrder::Name
    } else {
        SiblingOrder::Weight
    }
}

impl Analysis {
    /// The tree that a shape says.
    fn shaped(&self, shape: &FlameShape) -> Result<Rc<Tree>, String> {
        let pivot = shape.pivot.map(|pivot| self.node(pivot)).transpose()?;
        Ok(match pivot {
            None => self.whole_tree(shape.inverted),
            Some(pivot) => self.pivot_tree(pivot, shape.inverted),
        })
    }

    fn shaped_view<'a>(&'a self, tree: &'a Tree, shape: &FlameShape) -> TreeView<'a> {
        tree.view(self.profile(), &self.nodes).ordered(order(shape))
    }
}

impl Workspace {
    /// The tree as a whole.
    pub fn flame(&mut self, query: &Query, shape: &FlameShape) -> Result<FlameInfo, String> {
        let analysis = self.analysis(query)?;
        let tree = analysis.shaped(shape)?;
        let view = analysis.shaped_view(&tree, shape);
        // The root is as wide as what the filters leave, whatever percentages are of.
        let (left, _) = Selection::total_of(analysis.profile(), analysis.sample_type);
        Ok(FlameInfo {
            total: match &analysis.compared {
                Some(comparison) if shape.pivot.is_none() => compare::both_totals(comparison),
                None if shape.pivot.is_none() => analysis.value(left),
                _ => analysis.value(view.cum(NodeRef::ROOT)),
            },
            rows: view.rows(),
            stacks: view.stack_count(),
            signed: analysis.selection.signed,
            node_set: analysis.node_set,
        })
    }

    /// The boxes that a window shows. A box that the tree does not have stands for its root.
    pub fn flame_boxes(
        &mut self,
        query: &Query,
        window: &FlameWindow,
    ) -> Result<FlameBoxes, String> {
        let analysis = self.analysis(query)?;
        let tree = analysis.shaped(&window.shape)?;
        let view = analysis.shaped_view(&tree, &window.shape);
        let root = view.find(&window.root).unwrap_or(NodeRef::ROOT);
        let matches = analysis.matches(&window.search);
        let window = views::FlameWindow {
            root,
            left: window.left,
            right: window.right,
            first_row: window.first_row,
            row_count: window.row_count,
            width: window.width,
            min_width: window.min_width,
        };
        Ok(flame_boxes(&view, &window, &matches))
    }

    /// One box with its neighbours; the root for one that the tree does not have.
    pub fn flame_box(
        &mut self,
        query: &Query,
        shape: &FlameShape,
        id: &str,
    ) -> Result<BoxDetails, String> {
        let analysis = self.analysis(query)?;
        let tree = analysis.shaped(shape)?;
        let view = analysis.shaped_view(&tree, shape);
        let at = view.find(id).unwrap_or(NodeRef::ROOT);
        let (start, width) = view.extent(at);
        let total = view.total_width().max(1) as f64;
        let (previous, next) = view.beside(at);
        let id = |at: Option<NodeRef>| at.map_or_else(String::new, |at| view.id(at));
        let cum = view.cum(at);
        Ok(BoxDetails {
            id: view.id(at),
            name: view.frame(at).map(|node| analysis.name(node)),
            row: view.depth(at),
            left: start as f64 / total,
            right: (start as f64 + width as f64) / total,
            flat: if shape.inverted {
                String::new()
            } else {
                analysis.value(view.flat(at))
            },
            cum: analysis.value(cum),
            cum_pct: analysis.percent(cum),
            parent: if at == NodeRef::ROOT {
                String::new()
            } else {
                view.id(view.parent(at))
            },
            children: view
                .children(at)
                .take(MAX_CHILDREN)
                .map(|child| view.id(child))
                .collect(),
            child_count: view.child_count(at),
            previous: id(previous),
            next: id(next),
            inline: view.inline(at),
            versus: analysis
                .compared
                .as_ref()
                .map(|comparison| compare::versus(comparison, &view, at)),
        })
    }

    /// The text of a step about a box: what `focus_subtree` and `merge_node` take. Empty for the
    /// root, and where boxes are not made of what the steps leave: while only the program's own code
    /// is shown, and in a comparison.
    pub fn flame_place(
        &mut self,
        query: &Query,
        inverted: bool,
        id: &str,
    ) -> Result<String, String> {
        if query.mine || query.base.is_some() {
            return Ok(String::new());
        }
        let analysis = self.analysis(query)?;
        let view = analysis.tree(inverted);
        let at = view.find(id).unwrap_or(NodeRef::ROOT);
        let place = Place::of(&view, at, options(query).node_options());
        Ok(place.map_or_else(String::new, |place| place.to_string()))
    }

    /// The widest box of a function, nearest to the root among equals; empty when there is none.
    pub fn flame_find(
        &mut self,
        query: &Query,
        shape: &FlameShape,
        node: u32,
    ) -> Result<String, String> {
        let analysis = self.analysis(query)?;
        let node = analysis.node(node)?;
        let tree = analysis.shaped(shape)?;
        let view = analysis.shaped_view(&tree, shape);
        Ok(view.widest(node).map_or_else(String::new, |at| view.id(at)))
    }
}
