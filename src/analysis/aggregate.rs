//! flat and cum per node, by pprof's rules.

use super::{Nodes, Selection};
use crate::model::Profile;

/// flat and cum, indexed by node id.
#[derive(Clone, Debug, Default)]
pub struct FlatCum {
    /// Value of samples whose leaf frame is the node.
    pub flat: Vec<i64>,
    /// Value of samples with the node anywhere in the stack; recursion counts once.
    pub cum: Vec<i64>,
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
    let mut sums = FlatCum {
        flat: vec![0; nodes.len()],
        cum: vec![0; nodes.len()],
    };
    // The stamp of the last stack that counted for a node: cheaper than a set per stack.
    let mut stamps = vec![u32::MAX; nodes.len()];
    for (stack, weight) in selection.stacks() {
        let (start, end) = profile.stacks.ranges[stack];
        let locations = &profile.stacks.frames[start as usize..end as usize];
        for location in locations {
            for node in nodes.frames(location.index()) {
                let i = node.index();
                if stamps[i] != stack as u32 {
                    stamps[i] = stack as u32;
                    sums.cum[i] = sums.cum[i].wrapping_add(weight);
                }
            }
        }
        if let Some(leaf) = locations
            .first()
            .and_then(|l| nodes.frames(l.index()).last())
        {
            let flat = &mut sums.flat[leaf.index()];
            *flat = flat.wrapping_add(weight);
        }
    }
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
