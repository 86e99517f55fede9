//! Trees that begin at one function: what it calls, and who calls it.
//!
//! Each stack is taken from the outermost place of the function on, inwards or outwards. A
//! function that calls itself therefore counts once, and its own calls are below it, as with
//! pprof's pivot.

use super::tree_split::Tables;
use super::{NodeId, Selection};
use crate::model::StackId;

/// Where in a stack a tree begins, in tree order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Start {
    /// Locations before it.
    pub(super) location: u32,
    /// Frames of its location before it.
    pub(super) frame: u32,
}

impl Start {
    /// The stack does not have the function.
    pub(super) const NONE: Self = Self {
        location: u32::MAX,
        frame: 0,
    };
}

/// By stack, where the outermost frame of `pivot` is.
pub(super) fn starts(tables: Tables<'_>, pivot: NodeId) -> Vec<Start> {
    let profile = tables.profile;
    // The outermost frame inside each location; most have none.
    let inside: Vec<Option<u32>> = (0..profile.locations.len())
        .map(|location| {
            let frames = tables.nodes.frames(location);
            let at = frames.iter().position(|&frame| frame == pivot)?;
            Some(if tables.inverted {
                frames.len() - 1 - at
            } else {
                at
            } as u32)
        })
        .collect();
    let start = |stack: usize| {
        let locations = profile.stacks.get(StackId(stack as u32));
        let outermost = locations
            .iter()
            .rposition(|location| inside[location.index()].is_some());
        outermost.map_or(Start::NONE, |at| Start {
            location: if tables.inverted {
                at
            } else {
                locations.len() - 1 - at
            } as u32,
            frame: inside[locations[at].index()].unwrap_or(0),
        })
    };
    (0..profile.stacks.len()).map(start).collect()
}

/// Frames of the longest stack from its start on, and how many stacks have one.
pub(super) fn extent(tables: Tables<'_>, selection: &Selection) -> (u32, u32) {
    let mut extent = (0, 0);
    for (stack, _) in selection.stacks() {
        let start = tables.starts[stack];
        if start == Start::NONE {
            continue;
        }
        let locations = tables.profile.stacks.get(StackId(stack as u32));
        let left = locations.len() - start.location as usize;
        let left = if tables.inverted {
            &locations[locations.len() - left..]
        } else {
            &locations[..left]
        };
        let frames = |location: &crate::model::LocationId| {
            tables.nodes.frames(location.index()).len() as u64
        };
        let depth = left.iter().map(frames).sum::<u64>() - u64::from(start.frame);
        extent.0 = extent.0.max(depth.min(u64::from(u32::MAX - 1)) as u32);
        extent.1 += 1;
    }
    extent
}
