//! Weighted calls between nodes, by pprof's rules.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::{NodeId, Nodes, Selection};
use crate::model::{Profile, StackId};

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
    /// Also edges out of them.
    pub or_out_of: bool,
}

/// Collects the edges of the selection, in order of first use. Self-edges are not made.
///
/// Which frames of a stack matter is hard to foretell, and a wrong guess costs the processor more
/// than the frame itself. So a stack goes through three loops without such a branch: its kept
/// frames are picked out, then the steps between them that are wanted, then those are counted.
pub fn edges(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    filter: EdgeFilter<'_>,
) -> Vec<Edge> {
    let frames = KeptFrames::new(nodes, filter);
    let mut walk = Walk::new(filter.or_out_of);
    let mut collector = Collector::new(nodes.len(), filter.kept);
    for (stack, weight) in selection.stacks() {
        let locations = profile.stacks.get(StackId(stack as u32));
        let count = |collector: &mut Collector, steps: &[Step]| {
            for step in steps {
                collector.count(step, stack as u32, weight);
            }
        };
        walk.begin();
        for location in locations.iter().rev() {
            if walk.is_full() {
                count(&mut collector, walk.steps());
            }
            let [first, second] = frames.of[location.index()];
            if first != KeptFrames::MORE {
                walk.pass(first);
                walk.pass(second);
                continue;
            }
            for (depth, &node) in nodes.frames(location.index()).iter().enumerate() {
                walk.pass(frames.code(node, depth > 0));
                if walk.is_full() {
                    count(&mut collector, walk.steps());
                }
            }
        }
        count(&mut collector, walk.steps());
    }
    collector.rows.into_iter().map(|row| row.edge).collect()
}

/// The frames of every location as pairs of codes: the node with what matters of it.
struct KeptFrames<'a> {
    of: Vec<[u32; 2]>,
    filter: EdgeFilter<'a>,
}

const NODE: u32 = (1 << 28) - 1;
/// The frame counts; there is none in the second place of a location with one frame.
const FRAME: u32 = 1 << 28;
const KEPT: u32 = 1 << 29;
/// Edges into it are wanted.
const INTO: u32 = 1 << 30;
const INLINE: u32 = 1 << 31;

impl<'a> KeptFrames<'a> {
    /// In place of the first code: look the frames up, there are more than two.
    const MORE: u32 = 0;

    fn new(nodes: &Nodes, filter: EdgeFilter<'a>) -> Self {
        let mut new = Self {
            of: Vec::with_capacity(nodes.locations()),
            filter,
        };
        for location in 0..nodes.locations() {
            let codes = match *nodes.frames(location) {
                [only] => [new.code(only, false), 0],
                [outer, inlined] => [new.code(outer, false), new.code(inlined, true)],
                _ => [Self::MORE, 0],
            };
            new.of.push(codes);
        }
        new
    }

    fn code(&self, node: NodeId, inline: bool) -> u32 {
        let has = |set: Option<&[bool]>| set.is_none_or(|set| set[node.index()]);
        let flag = |is_set: bool, flag: u32| if is_set { flag } else { 0 };
        node.0
            | FRAME
            | flag(has(self.filter.kept), KEPT)
            | flag(has(self.filter.into), INTO)
            | flag(inline, INLINE)
    }
}

/// A kept frame, and how many frames of its stack lie before it.
#[derive(Clone, Copy, Default)]
struct Passed {
    code: u32,
    position: u32,
}

/// A call between two kept frames of a stack.
#[derive(Clone, Copy, Default)]
struct Step {
    src: u32,
    /// Code of the callee.
    dst: u32,
    residual: bool,
}

/// Kept frames that are picked out before they are counted.
const BLOCK: usize = 1024;

/// A stack on its way through the graph, root first.
struct Walk {
    position: u32,
    /// The kept frames: `passed[..kept]`, after the one before them at 0.
    passed: Vec<Passed>,
    kept: usize,
    steps: Vec<Step>,
    /// Flags of the caller that make a step wanted, too.
    out_of: u32,
}

impl Walk {
    fn new(or_out_of: bool) -> Self {
        Self {
            out_of: if or_out_of { INTO } else { 0 },
            position: 0,
            passed: vec![Passed::default(); BLOCK],
            kept: 0,
            steps: vec![Step::default(); BLOCK],
        }
    }

    /// Begins a stack.
    fn begin(&mut self) {
        // Nobody calls the first frame: `NODE` is no node.
        self.passed[0] = Passed {
            code: NODE,
            position: u32::MAX,
        };
        self.kept = 1;
        self.position = 0;
    }

    /// Takes a frame; it stays if it is kept.
    #[inline]
    fn pass(&mut self, code: u32) {
        self.passed[self.kept] = Passed {
            code,
            position: self.position,
        };
        self.kept += usize::from(code & KEPT != 0);
        self.position = self.position.wrapping_add(u32::from(code & FRAME != 0));
    }

    /// There is no room for two more frames: one that is not kept takes a place for a moment, too.
    fn is_full(&self) -> bool {
        self.kept + 2 > BLOCK
    }

    /// The wanted steps between the frames passed; the last frame stays for what follows.
    fn steps(&mut self) -> &[Step] {
        let mut wanted = 0;
        for pair in self.passed[..self.kept].windows(2) {
            let [from, to] = [pair[0], pair[1]];
            self.steps[wanted] = Step {
                src: from.code & NODE,
                dst: to.code,
                residual: to.position != from.position.wrapping_add(1),
            };
            let is_call = (from.code ^ to.code) & NODE != 0 && from.code != NODE;
            let is_wanted = (to.code | from.code & self.out_of) & INTO != 0;
            wanted += usize::from(is_call && is_wanted);
        }
        self.passed[0] = self.passed[self.kept - 1];
        self.kept = 1;
        &self.steps[..wanted]
    }
}

/// Kept nodes up to which edges are looked up in a square table (16 MiB at most).
const SQUARE: usize = 2048;

/// Node ids are dense numbers of our own making, so a plain multiplicative hash will do.
type EdgeMap = HashMap<u64, u32, BuildHasherDefault<rustc_hash::FxHasher>>;

/// From a pair of nodes to a row of the edges.
enum Pairs {
    /// Number of a kept node, and row plus 1 by the numbers of caller and callee.
    Square {
        numbers: Vec<u32>,
        side: usize,
        rows: Vec<u32>,
    },
    Map(EdgeMap),
}

impl Pairs {
    fn new(nodes: usize, kept: Option<&[bool]>) -> Self {
        let count = kept.map_or(nodes, |kept| kept.iter().filter(|&&k| k).count());
        if count > SQUARE {
            return Self::Map(EdgeMap::default());
        }
        let mut next = 0;
        let number = |i: usize| {
            next += u32::from(kept.is_none_or(|kept| kept[i]));
            next.saturating_sub(1)
        };
        Self::Square {
            numbers: (0..nodes).map(number).collect(),
            side: count,
            rows: vec![0; count * count],
        }
    }

    /// The row of a pair; `next` for one that is new.
    fn row(&mut self, src: NodeId, dst: NodeId, next: u32) -> u32 {
        match self {
            Self::Square {
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
            Self::Map(by_pair) => {
                let key = u64::from(src.0) << 32 | u64::from(dst.0);
                *by_pair.entry(key).or_insert(next)
            }
        }
    }
}

/// An edge being summed up.
struct Row {
    edge: Edge,
    /// Last stack that counted for it.
    stack: u32,
}

struct Collector {
    rows: Vec<Row>,
    pairs: Pairs,
    /// Per node the caller it was reached from last, and the row: most nodes have few.
    recent: Vec<(u32, u32)>,
}

impl Collector {
    fn new(nodes: usize, kept: Option<&[bool]>) -> Self {
        Self {
            rows: Vec::new(),
            pairs: Pairs::new(nodes, kept),
            recent: vec![(u32::MAX, 0); nodes],
        }
    }

    #[inline]
    fn count(&mut self, step: &Step, stack: u32, weight: i64) {
        let row = self.row(NodeId(step.src), NodeId(step.dst & NODE));
        // pprof decides inline and residual on the first use of a pair within a sample only.
        if row.stack != stack {
            row.stack = stack;
            row.edge.weight = row.edge.weight.wrapping_add(weight);
            row.edge.residual |= step.residual;
            row.edge.inline &= step.dst & INLINE != 0;
        }
    }

    #[inline]
    fn row(&mut self, src: NodeId, dst: NodeId) -> &mut Row {
        let recent = &mut self.recent[dst.index()];
        if recent.0 != src.0 {
            let next = self.rows.len() as u32;
            *recent = (src.0, self.pairs.row(src, dst, next));
            if recent.1 == next {
                self.rows.push(Row {
                    edge: Edge {
                        src,
                        dst,
                        weight: 0,
                        residual: false,
                        inline: true,
                    },
                    stack: u32::MAX,
                });
            }
        }
        &mut self.rows[recent.1 as usize]
    }
}

#[cfg(test)]
#[path = "edges_tests.rs"]
mod tests;
