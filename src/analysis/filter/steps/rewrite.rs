//! Stacks written anew, frame by frame.
//!
//! A location with inlined calls is several frames, and a transform may take some of them in one
//! stack and leave them in another. What is left of a location is therefore a location of its own,
//! made once for each set of lines; the lines of others stay as they are.

use std::collections::HashMap;
use std::sync::Arc;

use super::Trouble;
use crate::analysis::filter::hide::range_of_lines;
use crate::analysis::stand_in::NewIds;
use crate::model::{Location, LocationId, Profile, StackId};

/// In place of a row of lines: the frame of a location without any.
const NO_LINE: u32 = u32::MAX;

/// A frame of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) location: LocationId,
    /// Which of the stack's locations it belongs to: the same one may come twice in a row.
    pub(super) at: u32,
    /// Row of `Profile::lines`, or [`NO_LINE`].
    pub(super) row: u32,
}

impl Frame {
    /// The frame of a location without lines.
    pub(super) fn bare(location: LocationId, at: u32) -> Self {
        let row = NO_LINE;
        Self { location, at, row }
    }
}

/// What becomes of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays as it is.
    Same,
    /// Its samples go.
    Dropped,
    /// It is what the frames are now.
    Changed,
}

/// Sets `frames` to those of a stack, outermost first.
pub(super) fn unfold(profile: &Profile, stack: StackId, frames: &mut Vec<Frame>) {
    frames.clear();
    for (at, &location) in (0..).zip(profile.stacks.get(stack).iter().rev()) {
        let (from, to) = profile.locations[location.index()].lines;
        if from == to {
            frames.push(Frame::bare(location, at));
        }
        frames.extend((from..to).rev().map(|row| Frame { location, at, row }));
    }
}

/// Lines that parts of locations may have besides those of the profile: a location of many inlined
/// calls may be left with others of them in each stack.
const MAX_LINES: usize = if cfg!(any(test, fuzzing)) {
    1 << 16
} else if cfg!(target_pointer_width = "32") {
    1 << 22
} else {
    1 << 26
};

/// Asks for the fate of every stack and writes those that change; says which stacks are kept.
/// Stacks that no sample has are not asked about and stay.
pub(super) fn rewrite(
    profile: &mut Profile,
    mut fate: impl FnMut(&Profile, StackId, &mut Vec<Frame>) -> Fate,
) -> Result<Vec<bool>, Trouble> {
    let mut used = vec![false; profile.stacks.len()];
    for stack in &profile.samples.stacks {
        used[stack.index()] = true;
    }
    let mut keep = vec![true; used.len()];
    let mut frames = Vec::new();
    let mut writer = Writer::new(profile);
    for row in 0..used.len() {
        let stack = StackId(row as u32);
        let fate = match used[row] {
            true => fate(profile, stack, &mut frames),
            false => Fate::Same,
        };
        match fate {
            Fate::Same => {}
            Fate::Dropped => keep[row] = false,
            Fate::Changed => writer.write(profile, stack, &frames)?,
        }
    }
    writer.finish(profile);
    Ok(keep)
}

/// A location with only some lines of another, or that one where it is all of them. Lines stand
/// innermost first, as in the location, and are at least one.
pub(super) fn part_of(
    profile: &mut Profile,
    ids: &mut NewIds,
    whole: LocationId,
    rows: &[u32],
) -> LocationId {
    let location = profile.locations[whole.index()];
    let lines = range_of_lines(profile, rows);
    if lines == location.lines {
        return whole;
    }
    let part = LocationId(profile.locations.len() as u32);
    profile.locations.push(Location {
        id: ids.next_location(),
        lines,
        ..location
    });
    part
}

/// Collects what is left of stacks.
struct Writer {
    /// Frames of changed stacks, which are to stand behind those of the profile.
    written: Vec<LocationId>,
    /// Stacks with their ranges in `written`.
    changed: Vec<(StackId, u32, u32)>,
    /// The parts of locations, by the lines that they have.
    parts: HashMap<LocationId, HashMap<Vec<u32>, LocationId>>,
    /// By location of the profile, how many frames it has.
    counts: Vec<u32>,
    /// Lines that more parts may have.
    room: usize,
    ids: NewIds,
}

impl Writer {
    fn new(profile: &Profile) -> Self {
        let locations = profile.locations.iter();
        Self {
            written: Vec::new(),
            changed: Vec::new(),
            parts: HashMap::new(),
            counts: locations.map(|l| (l.lines.1 - l.lines.0).max(1)).collect(),
            room: MAX_LINES,
            ids: NewIds::of(profile),
        }
    }

    // As everything that is done for each stack: from the second call on a browser runs it faster.
    #[inline(never)]
    fn write(
        &mut self,
        profile: &mut Profile,
        stack: StackId,
        frames: &[Frame],
    ) -> Result<(), Trouble> {
        let start = self.written.len() as u32;
        let runs = frames.chunk_by(|a, b| a.at == b.at);
        for run in runs.rev() {
            let location = self.part(profile, run)?;
            self.written.push(location);
        }
        self.changed.push((stack, start, self.written.len() as u32));
        Ok(())
    }

    /// The location that has exactly the lines of these frames, outermost first.
    fn part(&mut self, profile: &mut Profile, run: &[Frame]) -> Result<LocationId, Trouble> {
        let whole = run[0].location;
        if run.len() == self.counts[whole.index()] as usize {
            return Ok(whole);
        }
        let rows: Vec<u32> = run.iter().rev().map(|frame| frame.row).collect();
        let known = self.parts.get(&whole).and_then(|parts| parts.get(&rows));
        if let Some(&known) = known {
            return Ok(known);
        }
        let full = || Trouble::general("what is left of inlined calls is too much".to_owned());
        self.room = self.room.checked_sub(rows.len()).ok_or_else(full)?;
        let part = part_of(profile, &mut self.ids, whole, &rows);
        self.parts.entry(whole).or_default().insert(rows, part);
        Ok(part)
    }

    /// Puts the changed stacks in their places. Steps take frames away, so that there are at most as
    /// many locations as there were frames with inlined ones.
    fn finish(self, profile: &mut Profile) {
        if self.changed.is_empty() {
            return;
        }
        // Only what is still in use is copied: what many steps leave does not pile up.
        let old = Arc::clone(&profile.stacks.frames);
        let mut frames = Vec::with_capacity(old.len());
        let mut changed = self.changed.iter().peekable();
        for (row, range) in profile.stacks.ranges.iter_mut().enumerate() {
            let start = frames.len() as u32;
            match changed.next_if(|(stack, ..)| stack.index() == row) {
                Some(&(_, from, to)) => {
                    frames.extend_from_slice(&self.written[from as usize..to as usize]);
                }
                None => frames.extend_from_slice(&old[range.0 as usize..range.1 as usize]),
            }
            *range = (start, frames.len() as u32);
        }
        profile.stacks.frames = Arc::new(frames);
    }
}
