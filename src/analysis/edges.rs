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

/// Collects the edges of the selection, in order of first use. Self-edges are not made.
pub fn edges(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    filter: EdgeFilter<'_>,
) -> Vec<Edge> {
    let steps = Steps::new(nodes, profile.locations.len(), filter.kept);
    let mut collector = Collector::new(nodes.len(), filter.kept);
    for (stack, weight) in selection.stacks() {
        let (start, end) = profile.stacks.ranges[stack];
        let mut parent: Option<NodeId> = None;
        let mut residual = false;
        for location in profile.stacks.frames[start as usize..end as usize]
            .iter()
            .rev()
        {
            let Some((kept, gap_after)) = steps.at(location.index()) else {
                residual = true;
                continue;
            };
            for step in kept {
                residual |= step.gap_before;
                if let Some(src) = parent.filter(|&p| p != step.node)
                    && filter.into.is_none_or(|into| into[step.node.index()])
                {
                    let one = Use {
                        stack: stack as u32,
                        weight,
                        residual,
                        inline: step.inline,
                    };
                    collector.add(src, step.node, one);
                }
                parent = Some(step.node);
                residual = false;
            }
            residual = gap_after;
        }
    }
    collector.edges
}

/// A kept frame of a location.
#[derive(Clone, Copy)]
struct Step {
    node: NodeId,
    inline: bool,
    /// Frames that are not kept stand between this one and the kept one before it, or the
    /// location's outermost.
    gap_before: bool,
}

/// The kept frames of every location, so that the pass over stacks does not meet the others.
struct Steps {
    /// Per location: row of `lists` plus 1; 0 when nothing is kept.
    rows: Vec<u32>,
    /// Range of `steps`, and whether dropped frames follow the last.
    lists: Vec<(u32, u32, bool)>,
    steps: Vec<Step>,
}

impl Steps {
    fn new(nodes: &Nodes, locations: usize, kept: Option<&[bool]>) -> Self {
        let mut all = Self {
            rows: vec![0; locations],
            lists: Vec::new(),
            steps: Vec::new(),
        };
        for location in 0..locations {
            let start = all.steps.len() as u32;
            let mut gap_before = false;
            for (depth, &node) in nodes.frames(location).iter().enumerate() {
                if kept.is_none_or(|kept| kept[node.index()]) {
                    all.steps.push(Step {
                        node,
                        inline: depth > 0,
                        gap_before,
                    });
                    gap_before = false;
                } else {
                    gap_before = true;
                }
            }
            let end = all.steps.len() as u32;
            if end > start {
                all.lists.push((start, end, gap_before));
                all.rows[location] = all.lists.len() as u32;
            }
        }
        all
    }

    #[inline]
    fn at(&self, location: usize) -> Option<(&[Step], bool)> {
        let row = self.rows[location].checked_sub(1)?;
        let (start, end, gap_after) = self.lists[row as usize];
        Some((&self.steps[start as usize..end as usize], gap_after))
    }
}

/// One use of an edge.
struct Use {
    stack: u32,
    weight: i64,
    residual: bool,
    inline: bool,
}

/// Kept nodes up to which edges are looked up in a square table (16 MiB at most).
const SQUARE: usize = 2048;

/// Node ids are dense numbers of our own making, so a plain multiplicative hash will do.
type EdgeMap = HashMap<u64, u32, BuildHasherDefault<rustc_hash::FxHasher>>;

/// From a pair of nodes to a row of the edges.
enum Rows {
    /// Number of a kept node, and row plus 1 by the numbers of caller and callee.
    Square {
        numbers: Vec<u32>,
        side: usize,
        rows: Vec<u32>,
    },
    /// By pair, with the edge by which a node was reached last: most nodes have few callers.
    Map { by_pair: EdgeMap, recent: Vec<u32> },
}

struct Collector {
    edges: Vec<Edge>,
    /// Last stack that counted for an edge.
    stamps: Vec<u32>,
    rows: Rows,
}

impl Collector {
    fn new(nodes: usize, kept: Option<&[bool]>) -> Self {
        let count = kept.map_or(nodes, |kept| kept.iter().filter(|&&k| k).count());
        let rows = if count <= SQUARE {
            let mut next = 0;
            let number = |i: usize| {
                next += u32::from(kept.is_none_or(|kept| kept[i]));
                next.saturating_sub(1)
            };
            Rows::Square {
                numbers: (0..nodes).map(number).collect(),
                side: count,
                rows: vec![0; count * count],
            }
        } else {
            Rows::Map {
                by_pair: EdgeMap::default(),
                recent: vec![u32::MAX; nodes],
            }
        };
        Self {
            edges: Vec::new(),
            stamps: Vec::new(),
            rows,
        }
    }

    fn add(&mut self, src: NodeId, dst: NodeId, one: Use) {
        let row = self.row(src, dst) as usize;
        // pprof decides inline and residual on the first use of a pair within a sample only.
        if self.stamps[row] == one.stack {
            return;
        }
        self.stamps[row] = one.stack;
        let edge = &mut self.edges[row];
        edge.weight = edge.weight.wrapping_add(one.weight);
        edge.residual |= one.residual;
        edge.inline &= one.inline;
    }

    fn row(&mut self, src: NodeId, dst: NodeId) -> u32 {
        let next = self.edges.len() as u32;
        let row = match &mut self.rows {
            Rows::Square {
                numbers,
                side,
                rows,
            } => {
                let cell = numbers[src.index()] as usize * *side + numbers[dst.index()] as usize;
                let cell = &mut rows[cell];
                if *cell == 0 {
                    *cell = next + 1;
                }
                *cell - 1
            }
            Rows::Map { by_pair, recent } => {
                let recent = &mut recent[dst.index()];
                if self
                    .edges
                    .get(*recent as usize)
                    .is_none_or(|e| e.src != src)
                {
                    let key = u64::from(src.0) << 32 | u64::from(dst.0);
                    *recent = *by_pair.entry(key).or_insert(next);
                }
                *recent
            }
        };
        if row == next {
            self.edges.push(Edge {
                src,
                dst,
                weight: 0,
                residual: false,
                inline: true,
            });
            self.stamps.push(u32::MAX);
        }
        row
    }
}
