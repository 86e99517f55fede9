//! Stacks that lose one end: nothing is written anew but the location at the cut.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::analysis::stand_in::NewIds;
use crate::model::{Location, LocationId, Profile, StackId};

/// What stacks are cut to; the profile has it once [`Self::finish`] is called.
pub(super) struct Cuts {
    /// Rows of the frames with the locations that stand there then.
    ends: Vec<(u32, LocationId)>,
    /// Locations with some of their lines.
    parts: HashMap<(LocationId, u32, u32), LocationId>,
    ids: NewIds,
}

impl Cuts {
    pub(super) fn new(profile: &Profile) -> Self {
        Self {
            ends: Vec::new(),
            parts: HashMap::new(),
            ids: NewIds::of(profile),
        }
    }

    /// Leaves a stack those of its locations, leaf first, that are in `keep`, and of the one at
    /// `end` only the lines in `lines`, some of its own.
    pub(super) fn cut(
        &mut self,
        profile: &mut Profile,
        stack: StackId,
        keep: Range<u32>,
        end: u32,
        lines: (u32, u32),
    ) {
        let range = &mut profile.stacks.ranges[stack.index()];
        let start = range.0;
        *range = (start + keep.start, start + keep.end);
        let row = start + end;
        let whole = profile.stacks.frames[row as usize];
        if profile.locations[whole.index()].lines != lines {
            let part = self.part(profile, whole, lines);
            self.ends.push((row, part));
        }
    }

    fn part(&mut self, profile: &mut Profile, whole: LocationId, lines: (u32, u32)) -> LocationId {
        let ids = &mut self.ids;
        let part = self.parts.entry((whole, lines.0, lines.1));
        *part.or_insert_with(|| {
            let part = LocationId(profile.locations.len() as u32);
            profile.locations.push(Location {
                id: ids.next_location(),
                lines,
                ..profile.locations[whole.index()]
            });
            part
        })
    }

    /// No two stacks share frames: what stands at the end of one is changed in no other.
    pub(super) fn finish(self, profile: &mut Profile) {
        if self.ends.is_empty() {
            return;
        }
        let frames = Arc::make_mut(&mut profile.stacks.frames);
        for (row, part) in self.ends {
            frames[row as usize] = part;
        }
    }
}
