//! pprof's graph: nodes with flat and cum, and the calls between them, trimmed step by step.
//!
//! 1. Nodes below the node fraction of the net sum are dropped; calls go over them then.
//! 2. The others are sorted, and all but the first few dropped.
//! 3. Light calls are dropped; for pictures also those that only skip frames and whose ends are
//!    connected otherwise.
//!
//! Nodes whose values cancel are not listed, but as long as nothing is dropped calls lead to and
//! from them, as in pprof.

mod redundant;
mod score;
mod tags;
mod tree;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::edges::{EdgeFilter, edges};
use super::top::{Significant, cutoff, is_negative, mean, significant};
use super::{FlatCum, LabelUnits, NodeId, Nodes, Selection, compare_names, flat_cum};
use crate::model::Profile;
use crate::sort::sort_ids;

pub use tags::{NodeTags, Tag, sort_tags};
use tags::{PPROF_SIZE, TagCollector};

/// Node ids are dense numbers of our own making.
type FxMap<K, V> = HashMap<K, V, BuildHasherDefault<rustc_hash::FxHasher>>;

/// How a graph is made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GraphOptions<'a> {
    /// Sort by cum instead of flat.
    pub cum: bool,
    /// For a picture: nodes are chosen by how much their calls branch, and labels count.
    pub visual: bool,
    /// A node per path instead of one per function.
    pub call_tree: bool,
    /// Leave out nodes with a negative flat, or a zero flat and a negative cum.
    pub drop_negative: bool,
    /// Nodes at most; 0 for all.
    pub node_count: usize,
    /// Drop nodes whose |cum| is below this share of |Σ flat|.
    pub node_fraction: f64,
    /// Drop calls lighter than this share of |Σ flat|.
    pub edge_fraction: f64,
    /// Unit in which numeric labels are told apart.
    pub tag_unit: &'a str,
    /// The numeric label whose sizes are told, each in its own unit; without it pprof's, `bytes`, in
    /// the unit above. Which nodes are shown does not depend on it.
    pub size_key: Option<&'a [u8]>,
    /// Collect only calls into and out of these nodes.
    pub around: Option<&'a [bool]>,
}

/// A function, or one on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphNode {
    /// Who.
    pub node: NodeId,
    /// Own value, a sum.
    pub flat: i64,
    /// With callees, a sum.
    pub cum: i64,
    /// Events of `flat`; 0 unless values are means.
    pub flat_div: i64,
    /// Events of `cum`.
    pub cum_div: i64,
}

impl GraphNode {
    /// Own value as it is shown.
    pub fn flat_value(&self) -> i64 {
        mean(self.flat, self.flat_div)
    }

    /// Value with callees as it is shown.
    pub fn cum_value(&self) -> i64 {
        mean(self.cum, self.cum_div)
    }
}

/// A call between two nodes of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphEdge {
    /// Caller, an index of [`Graph::nodes`].
    pub src: u32,
    /// Callee.
    pub dst: u32,
    /// Σ value of the samples with this call.
    pub weight: i64,
    /// Events of `weight`; 0 unless values are means.
    pub weight_div: i64,
    /// Frames between both were dropped.
    pub residual: bool,
    /// Every contribution was a step into an inlined frame.
    pub inline: bool,
}

impl GraphEdge {
    /// The weight as pictures show it.
    pub fn weight_value(&self) -> i64 {
        mean(self.weight, self.weight_div)
    }
}

/// Per node the rows of [`Graph::edges`] that begin or end there.
#[derive(Clone, Debug, Default)]
struct Lists {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl Lists {
    fn new(nodes: usize, edges: &[GraphEdge], end: fn(&GraphEdge) -> u32) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        for edge in edges {
            starts[end(edge) as usize + 1] += 1;
        }
        for i in 0..nodes {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; edges.len()];
        for (row, edge) in edges.iter().enumerate() {
            let at = &mut next[end(edge) as usize];
            rows[*at as usize] = row as u32;
            *at += 1;
        }
        Self { starts, rows }
    }

    fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.rows[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

/// What is left after trimming.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// All nodes; those that are not in `order` are not part of the graph, though edges may lead
    /// to them where their values cancel.
    pub nodes: Vec<GraphNode>,
    /// The nodes shown, in order.
    pub order: Vec<u32>,
    /// The calls.
    pub edges: Vec<GraphEdge>,
    ins: Lists,
    outs: Lists,
    /// In a call tree each node's parent, before anything was dropped; else empty.
    parents: Vec<u32>,
    /// Nodes left after the node fraction, before the node count.
    pub original_count: usize,
    /// Nodes that the node fraction dropped.
    pub dropped_nodes: usize,
    /// Calls that the edge fraction dropped.
    pub dropped_edges: usize,
    tags: FxMap<u32, NodeTags>,
}

impl Graph {
    /// A node.
    pub fn node(&self, node: u32) -> &GraphNode {
        &self.nodes[node as usize]
    }

    /// Rows of the edges into a node, in no order that matters.
    pub fn ins(&self, node: u32) -> &[u32] {
        self.ins.of(node)
    }

    /// Rows of the edges out of a node.
    pub fn outs(&self, node: u32) -> &[u32] {
        self.outs.of(node)
    }

    /// The parent of a node of a call tree before anything was dropped; `None` for a root.
    pub fn parent(&self, node: u32) -> Option<u32> {
        let parent = self.parents.get(node as usize).copied()?;
        (parent != tree::ROOT).then_some(parent)
    }

    /// Labels of the samples that end in a node or pass through it; for pictures only.
    pub fn tags(&self, node: u32) -> Option<&NodeTags> {
        self.tags.get(&node)
    }

    /// Sorts rows of edges as pprof does: |weight| descending, then the printable names of caller
    /// and callee. Where these are equal, or weights differ in their sign only, pprof's order is
    /// up to chance; here names decide, then the order of first use.
    pub fn sort_edges(&self, nodes: &Nodes, rows: &mut [u32]) {
        let edge = |row: u32| &self.edges[row as usize];
        let names = |a: u32, b: u32| compare_names(nodes, self.node(a).node, self.node(b).node);
        let mut sorted = rows.to_vec();
        sort_ids(&mut sorted, &|a, b| {
            let (first, second) = (edge(a), edge(b));
            let weight = |e: &GraphEdge| Reverse(e.weight.wrapping_abs());
            weight(first)
                .cmp(&weight(second))
                .then_with(|| names(first.src, second.src))
                .then_with(|| names(first.dst, second.dst))
                .then_with(|| a.cmp(&b))
        });
        rows.copy_from_slice(&sorted);
    }

    /// Σ flat of the nodes shown, as it is shown.
    pub fn shown(&self) -> i64 {
        let flats = self.order.iter().map(|&n| self.node(n).flat_value());
        flats.fold(0, i64::wrapping_add)
    }

    fn link(&mut self) {
        self.ins = Lists::new(self.nodes.len(), &self.edges, |edge| edge.dst);
        self.outs = Lists::new(self.nodes.len(), &self.edges, |edge| edge.src);
    }

    /// Which nodes are in `order`.
    fn listed(&self) -> Vec<bool> {
        let mut listed = vec![false; self.nodes.len()];
        for &node in &self.order {
            listed[node as usize] = true;
        }
        listed
    }

    /// Drops light calls into listed nodes; returns how many.
    fn trim_edges(&mut self, cutoff: i64) -> usize {
        let listed = self.listed();
        let before = self.edges.len();
        self.edges
            .retain(|edge| !listed[edge.dst as usize] || edge.weight.wrapping_abs() >= cutoff);
        let dropped = before - self.edges.len();
        if dropped > 0 {
            self.link();
        }
        dropped
    }

    /// Sorts the nodes: by |flat|, |cum| or score, then by printable name. pprof leaves what is
    /// still equal to chance; here the other value decides, then the order of first use.
    fn sort(&mut self, nodes: &Nodes, options: &GraphOptions<'_>) {
        let scores: Vec<i64> = if options.visual {
            (0..self.nodes.len() as u32)
                .map(|node| score::entropy(self, node))
                .collect()
        } else {
            Vec::new()
        };
        let key = |i: u32| {
            let node = &self.nodes[i as usize];
            let (first, second) = match scores.get(i as usize) {
                Some(&score) => (score, node.flat),
                None if options.cum => (node.cum, node.flat),
                None => (node.flat, node.cum),
            };
            [first, second].map(|value| Reverse(value.wrapping_abs()))
        };
        sort_ids(&mut self.order, &|a, b| {
            let ([first_a, second_a], [first_b, second_b]) = (key(a), key(b));
            let [node_a, node_b] = [a, b].map(|i| self.nodes[i as usize].node);
            first_a
                .cmp(&first_b)
                .then_with(|| compare_names(nodes, node_a, node_b))
                .then_with(|| second_a.cmp(&second_b))
                .then_with(|| a.cmp(&b))
        });
    }

    /// How many of the sorted nodes are shown. In pictures the boxes of labels count as nodes.
    fn selected(&self, options: &GraphOptions<'_>, cutoff: i64) -> usize {
        let mut most = options.node_count;
        if options.visual {
            let mut count = 0_usize;
            for (i, node) in self.order.iter().enumerate() {
                let tags = self.tags.get(node).map_or(0, |t| t.flat_count(cutoff));
                count += tags.min(MAX_NODELETS) + 1;
                if count >= most {
                    most = i + 1;
                    break;
                }
            }
        }
        most.min(self.order.len())
    }
}

/// Boxes of labels per node, and per label.
pub const MAX_NODELETS: usize = 4;

/// What a graph is made from.
#[derive(Clone, Copy)]
struct Source<'a> {
    profile: &'a Profile,
    nodes: &'a Nodes,
    selection: &'a Selection,
    around: Option<&'a [bool]>,
}

impl Source<'_> {
    /// All nodes with their values; none are listed yet.
    fn nodes(&self, sums: &FlatCum) -> Vec<GraphNode> {
        let divisors = self.selection.divisor_selection();
        let events = divisors.map(|s| flat_cum(self.profile, self.nodes, &s, None));
        let node = |i: usize| GraphNode {
            node: NodeId(i as u32),
            flat: sums.flat[i],
            cum: sums.cum[i],
            flat_div: events.as_ref().map_or(0, |e| e.flat[i]),
            cum_div: events.as_ref().map_or(0, |e| e.cum[i]),
        };
        (0..self.nodes.len()).map(node).collect()
    }

    /// The calls between kept nodes.
    fn edges(&self, kept: Option<&[bool]>) -> Vec<GraphEdge> {
        let filter = EdgeFilter {
            kept,
            into: self.around,
            or_out_of: true,
        };
        let found = edges(self.profile, self.nodes, self.selection, filter);
        let mut events: FxMap<(u32, u32), i64> = FxMap::default();
        if let Some(divisors) = self.selection.divisor_selection() {
            let counted = edges(self.profile, self.nodes, &divisors, filter);
            events.extend(counted.iter().map(|e| ((e.src.0, e.dst.0), e.weight)));
        }
        let edge = |edge: super::Edge| GraphEdge {
            src: edge.src.0,
            dst: edge.dst.0,
            weight: edge.weight,
            weight_div: events.get(&(edge.src.0, edge.dst.0)).map_or(0, |&e| e),
            residual: edge.residual,
            inline: edge.inline,
        };
        found.into_iter().map(edge).collect()
    }
}

/// Makes the graph of a selection. The error says which bound it passes.
pub fn graph(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    units: &LabelUnits,
    options: &GraphOptions<'_>,
) -> Result<Graph, String> {
    let source = Source {
        profile,
        nodes,
        selection,
        around: options.around,
    };
    // Many names are compared, in nodes and calls.
    nodes.name_ranks();
    let mut tags = options
        .visual
        .then(|| Collectors::new(source, units, options))
        .transpose()?;
    let mut graph = Graph::default();
    if options.call_tree {
        trimmed_tree(&mut graph, source, tags.as_mut(), options)?;
    } else {
        trimmed_graph(&mut graph, source, tags.as_mut(), options)?;
    }
    Ok(graph)
}

/// What collects labels: those by which pprof chooses nodes, and those to be shown, where they are
/// others.
struct Collectors<'a> {
    choosing: TagCollector<'a>,
    shown: Option<TagCollector<'a>>,
}

impl<'a> Collectors<'a> {
    fn new(
        source: Source<'a>,
        units: &LabelUnits,
        options: &GraphOptions<'_>,
    ) -> Result<Self, String> {
        let collector = |key: &[u8], unit: &str| {
            let Source {
                profile, selection, ..
            } = source;
            TagCollector::new(profile, selection, units, unit, key)
        };
        let is_other = |key: &&[u8]| *key != PPROF_SIZE || options.tag_unit != "minimum";
        let other = options.size_key.filter(is_other);
        let shown = other.map(|key| collector(key, "minimum")).transpose()?;
        Ok(match shown {
            // Where all nodes are shown, none are chosen.
            Some(all) if options.node_count == 0 => Self {
                choosing: all,
                shown: None,
            },
            shown => Self {
                choosing: collector(PPROF_SIZE, options.tag_unit)?,
                shown,
            },
        })
    }
}

fn trimmed_graph(
    graph: &mut Graph,
    source: Source<'_>,
    mut tags: Option<&mut Collectors<'_>>,
    options: &GraphOptions<'_>,
) -> Result<(), String> {
    let Significant {
        rows,
        net,
        cutoff: node_cutoff,
        dropped,
        sums,
    } = significant(
        source.profile,
        source.nodes,
        source.selection,
        options.drop_negative,
        options.node_fraction,
    );
    let edge_cutoff = cutoff(net, options.edge_fraction);
    graph.nodes = source.nodes(&sums);
    graph.order = rows.iter().map(|row| row.node.0).collect();
    graph.dropped_nodes = dropped;
    graph.original_count = rows.len();
    let mut kept = (dropped > 0).then(|| graph.listed());
    // Where other nodes are chosen by value alone, the calls before that do not matter.
    let cuts = options.node_count > 0 && options.node_count < graph.order.len();
    if options.visual || !cuts {
        graph.edges = source.edges(kept.as_deref());
        graph.link();
    }
    graph.sort(source.nodes, options);
    if let Some(tags) = &mut tags {
        let choosing = &mut tags.choosing;
        choosing.collect_graph(graph, source.nodes, candidates(options))?;
    }
    if options.node_count > 0 {
        let selected = graph.selected(options, node_cutoff);
        if selected < graph.order.len() {
            graph.order.truncate(selected);
            kept = Some(graph.listed());
            graph.edges = source.edges(kept.as_deref());
            graph.link();
            graph.sort(source.nodes, options);
        } else {
            graph.trim_edges(edge_cutoff);
        }
    }
    if let Some(shown) = tags.and_then(|tags| tags.shown.as_mut()) {
        shown.collect_graph(graph, source.nodes, candidates(options))?;
    }
    finish(graph, source.nodes, options, (node_cutoff, edge_cutoff));
    Ok(())
}

fn trimmed_tree(
    graph: &mut Graph,
    source: Source<'_>,
    mut tags: Option<&mut Collectors<'_>>,
    options: &GraphOptions<'_>,
) -> Result<(), String> {
    let tree = tree::CallTree::new(source)?;
    graph.nodes = tree.nodes;
    graph.parents = tree.parents;
    let counts = |node: &GraphNode| {
        (node.flat != 0 || node.cum != 0)
            && !(options.drop_negative && is_negative(node.flat, node.cum))
    };
    let all = 0..graph.nodes.len() as u32;
    graph.order = all.filter(|&i| counts(graph.node(i))).collect();
    let flats = graph.order.iter().map(|&i| graph.node(i).flat);
    let net = flats.fold(0, i64::wrapping_add);
    let node_cutoff = cutoff(net, options.node_fraction);
    let edge_cutoff = cutoff(net, options.edge_fraction);
    let mut edges = tree::edges(&graph.nodes, &graph.parents, &tree.inline);
    let heavy = |&i: &u32| graph.node(i).cum.wrapping_abs() >= node_cutoff || node_cutoff <= 0;
    let kept: Vec<u32> = graph.order.iter().copied().filter(heavy).collect();
    graph.dropped_nodes = graph.order.len() - kept.len();
    graph.original_count = kept.len();
    if graph.dropped_nodes > 0 {
        edges = tree::trim(graph.nodes.len(), &graph.order, &kept, &edges);
        graph.order = kept;
    }
    graph.edges = edges;
    graph.link();
    graph.sort(source.nodes, options);
    if let Some(tags) = &mut tags {
        let choosing = &mut tags.choosing;
        choosing.collect_tree(graph, &tree.leaves, candidates(options))?;
    }
    if options.node_count > 0 {
        graph.trim_edges(edge_cutoff);
        let selected = graph.selected(options, node_cutoff);
        if selected < graph.order.len() {
            let kept = graph.order[..selected].to_vec();
            graph.edges = tree::trim(graph.nodes.len(), &graph.order, &kept, &graph.edges);
            graph.order = kept;
            graph.link();
            graph.sort(source.nodes, options);
        }
    }
    if let Some(shown) = tags.and_then(|tags| tags.shown.as_mut()) {
        shown.collect_tree(graph, &tree.leaves, candidates(options))?;
    }
    finish(graph, source.nodes, options, (node_cutoff, edge_cutoff));
    Ok(())
}

/// Nodes whose labels matter: no more can be chosen.
fn candidates(options: &GraphOptions<'_>) -> usize {
    match options.node_count {
        0 => usize::MAX,
        count => count,
    }
}

fn finish(
    graph: &mut Graph,
    nodes: &Nodes,
    options: &GraphOptions<'_>,
    (node_cutoff, edge_cutoff): (i64, i64),
) {
    graph.dropped_edges = graph.trim_edges(edge_cutoff);
    if options.visual {
        redundant::remove(graph, nodes);
        for &node in &graph.order {
            if let Some(tags) = graph.tags.get_mut(&node) {
                tags.trim(node_cutoff);
            }
        }
    }
}

#[cfg(test)]
mod tests;
