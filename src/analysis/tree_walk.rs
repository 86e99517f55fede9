//! Stacks as the call tree has them: frame by frame, from the outermost inwards or the other way
//! round, from where the tree begins in them.

use super::NodeId;
use super::tree_pivot::Start;
use super::tree_split::Tables;
use crate::model::StackId;

/// One frame of a stack, as the tree walks it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) node: NodeId,
    pub(super) inline: bool,
}

/// Where a walk through a stack stands: locations taken, and frames taken of the current one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    location: u32,
    frame: u32,
}

/// Walks stacks in tree order.
#[derive(Clone, Copy)]
pub(super) struct Walker<'a>(Tables<'a>);

impl<'a> Walker<'a> {
    pub(super) fn new(tables: Tables<'a>) -> Self {
        Self(tables)
    }

    /// Where the tree begins in a stack; beyond its end in one that the tree does not have.
    pub(super) fn start(&self, stack: u32) -> Cursor {
        let start = self.0.starts.get(stack as usize).copied();
        let Start { location, frame } = start.unwrap_or_default();
        Cursor { location, frame }
    }

    /// The frame at the cursor, which then moves on; `None` at the end of the stack.
    #[inline]
    pub(super) fn next(&self, stack: u32, cursor: &mut Cursor) -> Option<Frame> {
        let (start, end) = self.0.profile.stacks.ranges[stack as usize];
        let depth = end - start;
        if cursor.location >= depth {
            return None;
        }
        let row = if self.0.inverted {
            start + cursor.location
        } else {
            end - 1 - cursor.location
        };
        let frames = self
            .0
            .nodes
            .frames(self.0.profile.stacks.frames[row as usize].index());
        let at = cursor.frame as usize;
        let from_outside = if self.0.inverted {
            frames.len() - 1 - at
        } else {
            at
        };
        let frame = Frame {
            node: frames[from_outside],
            inline: from_outside > 0,
        };
        cursor.frame += 1;
        if cursor.frame as usize == frames.len() {
            *cursor = Cursor {
                location: cursor.location + 1,
                frame: 0,
            };
        }
        Some(frame)
    }

    /// A cursor before frame `index` of what the tree has of a stack; O(index) when locations hold
    /// several frames.
    pub(super) fn seek(&self, stack: u32, index: u32) -> Cursor {
        let start = self.start(stack);
        if self.0.nodes.one_to_one() {
            return Cursor {
                location: start.location.saturating_add(index),
                frame: 0,
            };
        }
        let locations = self.0.profile.stacks.get(StackId(stack));
        let mut left = index as usize + start.frame as usize;
        for taken in start.location as usize..locations.len() {
            let row = if self.0.inverted {
                taken
            } else {
                locations.len() - 1 - taken
            };
            let here = self.0.nodes.frames(locations[row].index()).len();
            if left < here {
                return Cursor {
                    location: taken as u32,
                    frame: left as u32,
                };
            }
            left -= here;
        }
        Cursor {
            location: locations.len() as u32,
            frame: 0,
        }
    }
}
