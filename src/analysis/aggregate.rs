//! flat and cum per node, by pprof's rules.

use super::{Nodes, Selection};
use crate::model::{Profile, StackId};

/// flat and cum, indexed by node id.
#[derive(Clone, Debug, Default)]
pub struct FlatCum {
    /// Value of samples whose leaf frame is the node.
    pub flat: Vec<i64>,
    /// Value of samples with the node anywhere in the stack; recursion counts once.
    pub cum: Vec<i64>,
}

/// A node's cum while it is summed up.
#[derive(Clone, Copy)]
struct Sum {
    cum: i64,
    /// The last stack that counted: cheaper than a set per stack.
    stack: u32,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            cum: 0,
            stack: u32::MAX,
        }
    }
}

impl Sum {
    /// Without a branch: whether a frame was there before is hard to foretell.
    #[inline(always)]
    fn add(&mut self, stack: u32, weight: i64) {
        let counts = i64::from(self.stack != stack);
        self.cum = self.cum.wrapping_add(weight & -counts);
        self.stack = stack;
    }
}

/// The frames of every location as pairs of nodes, so that one and two frames are summed up alike.
struct Pairs {
    of: Vec<[u32; 2]>,
    /// Nodes, and behind them what stands in for the second frame of locations that have one:
    /// several, so that sums need not wait for each other.
    len: usize,
}

impl Pairs {
    /// In place of the first node: look the frames up, there are more than two.
    const MORE: u32 = u32::MAX;
    const FILLERS: usize = 64;

    fn new(nodes: &Nodes) -> Self {
        let filler = |location: usize| (nodes.len() + location % Self::FILLERS) as u32;
        let pair = |location: usize| match *nodes.frames(location) {
            [only] => [only.0, filler(location)],
            [outer, inlined] => [outer.0, inlined.0],
            _ => [Self::MORE, 0],
        };
        Self {
            of: (0..nodes.locations()).map(pair).collect(),
            len: nodes.len() + Self::FILLERS,
        }
    }

    /// The innermost frame.
    fn leaf(&self, location: usize, nodes: &Nodes) -> usize {
        match self.of[location] {
            [Self::MORE, _] => nodes.frames(location).last().map_or(0, |n| n.index()),
            [only, filler] if filler as usize >= nodes.len() => only as usize,
            [_, inlined] => inlined as usize,
        }
    }
}

/// Sums flat and cum over the selection in one pass, root to leaf.
///
/// `kept` restricts to a set of nodes as pprof's second pass does: a sample's flat value goes to
/// its leaf only if that very leaf is kept, and is not given to another frame otherwise.
pub fn flat_cum(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    kept: Option<&[bool]>,
) -> FlatCum {
    let pairs = Pairs::new(nodes);
    let mut flat = vec![0_i64; nodes.len()];
    let mut sums = vec![Sum::default(); pairs.len];
    // Of locations with many frames: one that recurs has nothing to add.
    let mut seen = vec![u32::MAX; nodes.locations()];
    for (stack, weight) in selection.stacks() {
        let locations = profile.stacks.get(StackId(stack as u32));
        let stack = stack as u32;
        for location in locations {
            let [first, second] = pairs.of[location.index()];
            if first != Pairs::MORE {
                sums[first as usize].add(stack, weight);
                sums[second as usize].add(stack, weight);
            } else if std::mem::replace(&mut seen[location.index()], stack) != stack {
                for node in nodes.frames(location.index()) {
                    sums[node.index()].add(stack, weight);
                }
            }
        }
        if let Some(leaf) = locations.first() {
            let leaf = pairs.leaf(leaf.index(), nodes);
            flat[leaf] = flat[leaf].wrapping_add(weight);
        }
    }
    let cum = sums[..nodes.len()].iter().map(|sum| sum.cum);
    let mut sums = FlatCum {
        flat,
        cum: cum.collect(),
    };
    if let Some(kept) = kept {
        for (i, keep) in kept.iter().enumerate() {
            if !keep {
                sums.flat[i] = 0;
                sums.cum[i] = 0;
            }
        }
    }
    sums
}
