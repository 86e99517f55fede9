//! Weighted calls between nodes, by pprof's rules.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::{NodeId, Nodes, Selection};
use crate::model::Profile;

/// A call from one kept node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Caller.
    pub src: NodeId,
    /// Callee.
    pub dst: NodeId,
    /// Σ value of the samples with this call; several times in one stack counts once.
    pub weight: i64,
    /// Some contribution skipped frames that are not kept.
    pub residual: bool,
    /// Every contribution was a step into an inlined frame.
    pub inline: bool,
}

/// Which edges to collect.
#[derive(Clone, Copy, Debug)]
pub struct EdgeFilter<'a> {
    /// Nodes of the graph; frames of other nodes are skipped. `None` keeps all.
    pub kept: Option<&'a [bool]>,
    /// Only edges into these nodes. `None` takes all.
    pub into: Option<&'a [bool]>,
}

/// Node ids are dense numbers of our own making, so a plain multiplicative hash will do.
type EdgeMap = HashMap<u64, u32, BuildHasherDefault<rustc_hash::FxHasher>>;

/// Collects the edges of the selection, in order of first use. Self-edges are not made.
pub fn edges(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    filter: EdgeFilter<'_>,
) -> Vec<Edge> {
    let mut collector = Collector::new(nodes.len());
    for (stack, weight) in selection.stacks() {
        let (start, end) = profile.stacks.ranges[stack];
        let mut parent: Option<NodeId> = None;
        let mut residual = false;
        for location in profile.stacks.frames[start as usize..end as usize].iter().rev() {
            for (depth, &node) in nodes.frames(location.index()).iter().enumerate() {
                if filter.kept.is_some_and(|kept| !kept[node.index()]) {
                    residual = true;
                    continue;
                }
                if let Some(src) = parent.filter(|&p| p != node)
                    && filter.into.is_none_or(|into| into[node.index()])
                {
                    let step = Step { stack: stack as u32, weight, residual, inline: depth > 0 };
                    collector.add(src, node, step);
                }
                parent = Some(node);
                residual = false;
            }
        }
    }
    collector.edges
}

struct Step {
    stack: u32,
    weight: i64,
    residual: bool,
    inline: bool,
}

struct Collector {
    edges: Vec<Edge>,
    /// Last stack that counted for an edge.
    stamps: Vec<u32>,
    by_pair: EdgeMap,
    /// The edge by which a node was reached last: most nodes have few callers.
    recent: Vec<u32>,
}

impl Collector {
    fn new(nodes: usize) -> Self {
        Self {
            edges: Vec::new(),
            stamps: Vec::new(),
            by_pair: EdgeMap::default(),
            recent: vec![u32::MAX; nodes],
        }
    }

    fn add(&mut self, src: NodeId, dst: NodeId, step: Step) {
        let row = self.row(src, dst) as usize;
        // pprof decides inline and residual on the first use of a pair within a sample only.
        if self.stamps[row] == step.stack {
            return;
        }
        self.stamps[row] = step.stack;
        let edge = &mut self.edges[row];
        edge.weight = edge.weight.wrapping_add(step.weight);
        edge.residual |= step.residual;
        edge.inline &= step.inline;
    }

    fn row(&mut self, src: NodeId, dst: NodeId) -> u32 {
        let recent = self.recent[dst.index()];
        if self.edges.get(recent as usize).is_some_and(|e| e.src == src) {
            return recent;
        }
        let key = u64::from(src.0) << 32 | u64::from(dst.0);
        let next = self.edges.len() as u32;
        let row = *self.by_pair.entry(key).or_insert(next);
        if row == next {
            self.edges.push(Edge { src, dst, weight: 0, residual: false, inline: true });
            self.stamps.push(u32::MAX);
        }
        self.recent[dst.index()] = row;
        row
    }
}
