//! A node per path: pprof's `-call_tree`.

use super::{FxMap, GraphEdge, GraphNode, Source};
use crate::analysis::NodeId;
use crate::model::StackId;

/// In place of a parent: there is none.
pub(super) const ROOT: u32 = u32::MAX;

/// Nodes of a tree; with everything around one takes some 150 bytes.
const MAX_NODES: usize = if cfg!(target_pointer_width = "32") {
    4 << 20
} else {
    16 << 20
};

/// The tree before anything is dropped. Parents stand before children.
#[derive(Default)]
pub(super) struct CallTree {
    pub(super) nodes: Vec<GraphNode>,
    pub(super) parents: Vec<u32>,
    /// Every step into the node was into an inlined frame.
    pub(super) inline: Vec<bool>,
    /// The node in which each stack ends; [`ROOT`] for none.
    pub(super) leaves: Vec<u32>,
}

impl CallTree {
    pub(super) fn new(source: Source<'_>) -> Result<Self, String> {
        let mut tree = Self {
            leaves: vec![ROOT; source.profile.stacks.len()],
            ..Self::default()
        };
        let mut known: FxMap<u64, u32> = FxMap::default();
        for (stack, weight) in source.selection.stacks() {
            let events = source.selection.divisors.get(stack).map_or(0, |&e| e);
            let mut at = ROOT;
            let locations = source.profile.stacks.get(StackId(stack as u32));
            for location in locations.iter().rev() {
                let frames = source.nodes.frames(location.index());
                for (depth, &node) in frames.iter().enumerate() {
                    let key = u64::from(at) << 32 | u64::from(node.0);
                    let next = tree.nodes.len() as u32;
                    let row = *known.entry(key).or_insert(next);
                    if row == next {
                        tree.push(node, at)?;
                    }
                    tree.inline[row as usize] &= depth > 0;
                    let sums = &mut tree.nodes[row as usize];
                    sums.cum = sums.cum.wrapping_add(weight);
                    sums.cum_div = sums.cum_div.wrapping_add(events);
                    at = row;
                }
            }
            tree.leaves[stack] = at;
            if let Some(leaf) = tree.nodes.get_mut(at as usize) {
                leaf.flat = leaf.flat.wrapping_add(weight);
                leaf.flat_div = leaf.flat_div.wrapping_add(events);
            }
        }
        Ok(tree)
    }

    fn push(&mut self, node: NodeId, parent: u32) -> Result<(), String> {
        if self.nodes.len() >= MAX_NODES {
            return Err(format!(
                "the call tree has more than {MAX_NODES} nodes; filter the profile, or do without \
                 call_tree"
            ));
        }
        self.nodes.push(GraphNode {
            node,
            flat: 0,
            cum: 0,
            flat_div: 0,
            cum_div: 0,
        });
        self.parents.push(parent);
        self.inline.push(true);
        Ok(())
    }
}

/// The calls of a tree: one into every node but the roots.
pub(super) fn edges(nodes: &[GraphNode], parents: &[u32], inline: &[bool]) -> Vec<GraphEdge> {
    let edge = |(i, &src): (usize, &u32)| GraphEdge {
        src,
        dst: i as u32,
        weight: nodes[i].cum,
        weight_div: nodes[i].cum_div,
        residual: false,
        inline: inline[i],
    };
    let inner = parents.iter().enumerate().filter(|&(_, &p)| p != ROOT);
    inner.map(edge).collect()
}

/// Drops the nodes that are `listed` but not `kept`: their children get the nearest ancestor that
/// stays as their parent, or become roots. Nodes that are not listed stay as they are.
pub(super) fn trim(
    nodes: usize,
    listed: &[u32],
    kept: &[u32],
    edges: &[GraphEdge],
) -> Vec<GraphEdge> {
    let mut stays = vec![true; nodes];
    for &node in listed {
        stays[node as usize] = false;
    }
    for &node in kept {
        stays[node as usize] = true;
    }
    let mut into: Vec<Option<u32>> = vec![None; nodes];
    let mut result: Vec<GraphEdge> = Vec::with_capacity(edges.len());
    // Parents stand before children, so that what becomes of the call to a parent is known.
    let mut by_callee: Vec<u32> = (0..edges.len() as u32).collect();
    by_callee.sort_unstable_by_key(|&row| edges[row as usize].dst);
    for row in by_callee {
        let mut edge = edges[row as usize];
        if !stays[edge.src as usize] {
            let Some(above) = into[edge.src as usize] else {
                continue;
            };
            let above = result[above as usize];
            edge.src = above.src;
            edge.residual = true;
            edge.inline &= above.inline;
        }
        into[edge.dst as usize] = Some(result.len() as u32);
        result.push(edge);
    }
    result.retain(|edge| stays[edge.dst as usize]);
    result
}
