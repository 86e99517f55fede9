//! Nodes of a file that are found again in what filters and transforms leave of it: nothing is interned
//! anew, and ids mean the same.

use std::cell::OnceCell;

use super::{NodeId, Nodes};
use crate::model::{FunctionId, Profile};

impl Nodes {
    /// The nodes of `after`, which is `before`, the profile of these nodes, with lines taken from
    /// its locations, and with further locations behind those. Ids, texts and ranks stay as they
    /// are; a location that has lost all its lines has no frames, and may be in no stack. `None`
    /// where the frames that are left cannot be told from these.
    pub(crate) fn narrowed(&self, before: &Profile, after: &Profile) -> Option<Self> {
        let mut new = self.sharing(after.locations.len());
        let by_function = OnceCell::new();
        let of_function = |function: FunctionId| {
            let nodes = by_function.get_or_init(|| self.by_function(before));
            nodes.get(function.index()).copied().flatten()
        };
        for (row, now) in after.locations.iter().enumerate() {
            let old = before.locations.get(row).map(|old| old.lines);
            if old == Some(now.lines) {
                new.frames.extend_from_slice(self.frames(row));
                new.end_location();
                continue;
            }
            // Frames stand outermost first, lines innermost first.
            let mut left = after.lines_of(now).iter().rev();
            match old {
                _ if self.are_folded => {
                    if let Some(outermost) = left.next() {
                        new.frames.push(of_function(outermost.function)?);
                    }
                }
                Some(old) => {
                    let lines = &before.lines[old.0 as usize..old.1 as usize];
                    // What is left is in order.
                    let mut rest = lines.iter().rev().zip(self.frames(row));
                    for line in left {
                        let (_, &frame) = rest.find(|(one, _)| *one == line)?;
                        new.frames.push(frame);
                    }
                }
                None => {
                    for line in left {
                        new.frames.push(of_function(line.function)?);
                    }
                }
            }
            new.end_location();
        }
        Some(new)
    }

    /// The node of each function where all its frames are the same one.
    fn by_function(&self, profile: &Profile) -> Vec<Option<NodeId>> {
        // By function its node, once one is known; and whether there is another.
        let mut nodes: Vec<(Option<NodeId>, bool)> = vec![(None, false); profile.functions.len()];
        for (row, location) in profile.locations.iter().enumerate() {
            // With inlines folded away the only frame is the outermost line's.
            let lines = profile.lines_of(location).iter().rev();
            for (line, &frame) in lines.zip(self.frames(row)) {
                let (node, has_others) = &mut nodes[line.function.index()];
                *has_others |= *node.get_or_insert(frame) != frame;
            }
        }
        let nodes = nodes.into_iter();
        nodes
            .map(|(node, has_others)| node.filter(|_| !has_others))
            .collect()
    }
}
