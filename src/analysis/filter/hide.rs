//! Frames taken away from every stack alike: lines of locations, and locations from stacks.

use std::sync::Arc;

use crate::model::{Location, LocationId, Profile};

/// What is known of a location, as bits: what is known of a stack is then their union, without a
/// branch per frame. Callers have further bits of their own.
pub(super) type Kinds = u8;

/// Nothing of it is left.
pub(super) const HIDDEN: Kinds = 4;
/// Something of it is left.
pub(super) const SHOWN: Kinds = 8;

pub(super) fn is_without_lines(location: &Location) -> bool {
    location.lines.0 == location.lines.1
}

/// Leaves a location the lines for which `keep` holds.
pub(super) fn keep_lines(
    profile: &mut Profile,
    at: usize,
    mut keep: impl FnMut(&Profile, u32) -> bool,
) {
    let (from, to) = profile.locations[at].lines;
    // Most locations have one line.
    if to - from == 1 {
        let left = from + u32::from(keep(profile, from));
        profile.locations[at].lines = (from, left);
        return;
    }
    let kept: Vec<u32> = (from..to).filter(|&row| keep(profile, row)).collect();
    profile.locations[at].lines = match kept.is_empty() {
        true => (from, from),
        false => range_of_lines(profile, &kept),
    };
}

/// The range of some lines, at least one, which ascend. Those that follow each other in the table
/// stay where they are; others are written anew behind it.
pub(super) fn range_of_lines(profile: &mut Profile, rows: &[u32]) -> (u32, u32) {
    let (first, last) = (rows[0], rows[rows.len() - 1]);
    if (last - first) as usize + 1 == rows.len() {
        return (first, last + 1);
    }
    let start = profile.lines.len() as u32;
    for &row in rows {
        profile.lines.push(profile.lines[row as usize]);
    }
    (start, profile.lines.len() as u32)
}

/// Stacks at a time: a browser runs code that is new to it slowly, and faster only from the next
/// call on.
const STACKS_AT_A_TIME: usize = 4096;

/// Takes the locations that are `HIDDEN` from the stacks for which `stays` holds; the frames of
/// others are of no use any more. `kinds` are the locations'; returns those of the stacks as they
/// were.
pub(super) fn hide_locations(
    profile: &mut Profile,
    kinds: &[Kinds],
    stays: &dyn Fn(Kinds) -> bool,
) -> Vec<Kinds> {
    let mut of_stacks = Vec::with_capacity(profile.stacks.len());
    let old = Arc::clone(&profile.stacks.frames);
    if kinds.iter().all(|kind| kind & HIDDEN == 0) {
        of_stacks.extend(profile.stacks.ranges.iter().map(|&(from, to)| {
            let frames = &old[from as usize..to as usize];
            frames.iter().fold(0, |all, l| all | kinds[l.index()])
        }));
        return of_stacks;
    }
    // No two stacks share frames, so that there are not more of them than before.
    let mut frames: Vec<LocationId> = Vec::with_capacity(old.len());
    for ranges in profile.stacks.ranges.chunks_mut(STACKS_AT_A_TIME) {
        hide_in(ranges, &old, kinds, stays, &mut frames, &mut of_stacks);
    }
    profile.stacks.frames = Arc::new(frames);
    of_stacks
}

#[inline(never)]
fn hide_in(
    ranges: &mut [(u32, u32)],
    old: &[LocationId],
    kinds: &[Kinds],
    stays: &dyn Fn(Kinds) -> bool,
    frames: &mut Vec<LocationId>,
    of_stacks: &mut Vec<Kinds>,
) {
    let mut left = Vec::new();
    for range in ranges {
        let start = frames.len() as u32;
        let stack = &old[range.0 as usize..range.1 as usize];
        // Whether a frame stays is hard to foretell: it is written, and maybe written over.
        left.resize(left.len().max(stack.len()), LocationId(0));
        let (mut all, mut count) = (0, 0);
        for &location in stack {
            let kind = kinds[location.index()];
            all |= kind;
            left[count] = location;
            count += usize::from(kind & HIDDEN == 0);
        }
        of_stacks.push(all);
        if stays(all) {
            frames.extend_from_slice(&left[..count]);
        }
        *range = (start, frames.len() as u32);
    }
}
