//! Runs of frames that become one.
//!
//! What becomes of a location is the same in every stack, but for its outermost frame: that goes
//! where the frame outside of it is of the same run.

use std::collections::HashMap;
use std::sync::Arc;

use super::Trouble;
use super::rewrite::part_of;
use super::transform::Matches;
use crate::analysis::filter::{MAX_FRAMES, Pattern};
use crate::analysis::package_of;
use crate::analysis::stand_in::{NewIds, stand_in};
use crate::model::{Function, FunctionId, LocationId, Profile, StackId};

/// In place of the number of a name, or of a package: none that counts.
pub(super) const NO_NAME: u32 = u32::MAX;

/// In place of the name of an innermost frame: it is that of no outermost one.
const NO_CALLER: u32 = NO_NAME - 1;

/// In [`Fold::whole`]: it is a row of [`Folds::several`] and no location.
const SEVERAL: u32 = 1 << 31;

/// What becomes of a location.
#[derive(Clone, Copy, Debug)]
struct Fold {
    /// Name of the innermost frame, for what it calls; `NO_CALLER` where that does not matter.
    inner: u32,
    /// Name of the outermost frame: it goes if its caller has the same. `NO_NAME`: it stays.
    outer: u32,
    /// The location that it is, all of which goes with the outermost frame.
    whole: u32,
}

/// A location that becomes several, or of which something is left when its outermost frame goes.
#[derive(Clone, Debug)]
struct Several {
    /// Leaf first, all but the outermost.
    inside: Vec<LocationId>,
    /// The outermost location.
    whole: LocationId,
    rest: Rest,
}

/// What is left of a location without its outermost frame.
#[derive(Clone, Debug)]
enum Rest {
    Nothing,
    /// Lines of the location, innermost first: no stack has needed it yet.
    Lines(LocationId, Vec<u32>),
    Location(LocationId),
}

impl Several {
    fn only(whole: LocationId) -> Self {
        Self {
            inside: Vec::new(),
            whole,
            rest: Rest::Nothing,
        }
    }
}

/// By location.
struct Folds {
    folds: Vec<Fold>,
    rare: Rare,
}

/// What only some locations need.
struct Rare {
    several: Vec<Several>,
    ids: NewIds,
}

impl Folds {
    /// Asks what becomes of each location that a sample has, and of its lines: the names of its
    /// innermost and outermost frame, and the locations that it is. The others stay as they are.
    fn of(
        profile: &mut Profile,
        ids: NewIds,
        mut become_of: impl FnMut(&mut Profile, &mut NewIds, LocationId) -> (u32, u32, Several),
    ) -> Self {
        let mut folds = Self {
            folds: Vec::new(),
            rare: Rare {
                several: Vec::new(),
                ids,
            },
        };
        for (row, is_used) in in_use(profile).into_iter().enumerate() {
            let location = LocationId(row as u32);
            let (inner, outer, several) = match is_used {
                true => become_of(profile, &mut folds.rare.ids, location),
                false => (NO_CALLER, NO_NAME, Several::only(location)),
            };
            folds.push(inner, outer, several);
        }
        folds
    }

    /// What becomes of the next location.
    fn push(&mut self, inner: u32, outer: u32, several: Several) {
        let whole = match several.rest {
            Rest::Nothing if several.inside.is_empty() => several.whole.0,
            _ => {
                let rare = &mut self.rare.several;
                rare.push(several);
                SEVERAL | (rare.len() as u32 - 1)
            }
        };
        self.folds.push(Fold {
            inner,
            outer,
            whole,
        });
    }

    /// Writes all stacks anew.
    fn apply(mut self, profile: &mut Profile) -> Result<(), Trouble> {
        let old = std::mem::take(&mut profile.stacks);
        let most = MAX_FRAMES.max(old.frames.len());
        let mut frames: Vec<LocationId> = Vec::with_capacity(old.frames.len());
        let mut ranges = Vec::with_capacity(old.len());
        for row in 0..old.len() as u32 {
            let start = frames.len() as u32;
            let stack = old.get(StackId(row));
            write(&self.folds, &mut self.rare, profile, stack, &mut frames);
            if frames.len() > most {
                return Err(Trouble::general(format!(
                    "more than {most} frames with those of inlined calls"
                )));
            }
            ranges.push((start, frames.len() as u32));
        }
        profile.stacks.frames = Arc::new(frames);
        profile.stacks.ranges = ranges;
        Ok(())
    }
}

/// Appends what becomes of a stack.
// A browser runs code that is new to it slowly, and faster only from the next call on.
#[inline(never)]
fn write(
    folds: &[Fold],
    rare: &mut Rare,
    profile: &mut Profile,
    stack: &[LocationId],
    frames: &mut Vec<LocationId>,
) {
    for (at, location) in stack.iter().enumerate() {
        let fold = folds[location.index()];
        let caller = stack.get(at + 1);
        let caller = caller.map_or(NO_CALLER, |location| folds[location.index()].inner);
        let goes = fold.outer == caller;
        if fold.whole & SEVERAL == 0 {
            // Whether it goes is hard to foretell: it is written, and maybe taken back.
            frames.push(LocationId(fold.whole));
            frames.truncate(frames.len() - usize::from(goes));
        } else {
            rare.write(profile, (fold.whole ^ SEVERAL) as usize, goes, frames);
        }
    }
}

impl Rare {
    fn write(
        &mut self,
        profile: &mut Profile,
        row: usize,
        goes: bool,
        frames: &mut Vec<LocationId>,
    ) {
        let several = &mut self.several[row];
        frames.extend_from_slice(&several.inside);
        if !goes {
            frames.push(several.whole);
            return;
        }
        if let Rest::Lines(location, lines) = &several.rest {
            // Only now: what no stack needs would pile up from step to step.
            let part = part_of(profile, &mut self.ids, *location, lines);
            several.rest = Rest::Location(part);
        }
        if let Rest::Location(rest) = several.rest {
            frames.push(rest);
        }
    }
}

/// By location whether a sample has it: what others are made of would pile up from step to step.
fn in_use(profile: &Profile) -> Vec<bool> {
    let mut stacks = vec![false; profile.stacks.len()];
    for stack in &profile.samples.stacks {
        stacks[stack.index()] = true;
    }
    let mut locations = vec![false; profile.locations.len()];
    let used = (0..).map(StackId).zip(&stacks).filter(|&(_, &used)| used);
    for (stack, _) in used {
        for location in profile.stacks.get(stack) {
            locations[location.index()] = true;
        }
    }
    locations
}

/// By row of `Profile::lines` a number that lines of functions of one name have in common.
pub(super) fn same_names(profile: &Profile) -> Vec<u32> {
    let mut numbers: HashMap<&[u8], u32> = HashMap::new();
    let functions = (0..).zip(&profile.functions);
    let of_function: Vec<u32> = functions
        .map(|(row, f)| *numbers.entry(profile.strings.bytes(f.name)).or_insert(row))
        .collect();
    let lines = profile.lines.iter();
    lines.map(|l| of_function[l.function.index()]).collect()
}

/// A function that matches and that a function of its name calls is part of that call. Says whether
/// any sample has a frame that matches.
pub(super) fn collapse_direct(profile: &mut Profile, matches: &Matches) -> Result<bool, Trouble> {
    if !matches.concern(profile) {
        return Ok(false);
    }
    let names = same_names(profile);
    let name = |row: u32| names[row as usize];
    let is_match = |row: u32| matches.lines[row as usize];
    let ids = NewIds::of(profile);
    let folds = Folds::of(profile, ids, |profile, ids, location| {
        let (from, to) = profile.locations[location.index()].lines;
        // Lines stand innermost first.
        let goes = |row: u32| row + 1 < to && is_match(row) && name(row) == name(row + 1);
        let left: Vec<u32> = (from..to).filter(|&row| !goes(row)).collect();
        let (mut inner, mut outer) = (NO_CALLER, NO_NAME);
        let mut several = Several::only(location);
        if let Some((&outermost, others)) = left.split_last() {
            inner = name(from);
            several.whole = part_of(profile, ids, location, &left);
            if is_match(outermost) {
                outer = name(outermost);
                if !others.is_empty() {
                    several.rest = Rest::Lines(location, others.to_vec());
                }
            }
        }
        (inner, outer, several)
    });
    folds.apply(profile)?;
    Ok(true)
}

/// A function that stands for a package, and one that is of it: new and old.
pub(super) type Twin = (FunctionId, FunctionId);

/// Makes one frame of each run of frames of a package whose path matches; it is called `path.*`.
/// Returns the functions that were added for that.
pub(super) fn collapse_packages(
    profile: &mut Profile,
    pattern: &Pattern,
) -> Result<Vec<Twin>, Trouble> {
    let mut numbers: HashMap<Vec<u8>, u32> = HashMap::new();
    // By function the number of its package, among those that match.
    let mut packages = vec![None; profile.functions.len()];
    let mut firsts = Vec::new();
    for (row, function) in profile.functions.iter().enumerate() {
        let package = package_of(profile.strings.bytes(function.name));
        if package.is_empty() || !pattern.is_match(package) {
            continue;
        }
        let next = firsts.len() as u32;
        let number = *numbers.entry(package.to_vec()).or_insert(next);
        if number == next {
            firsts.push((row, package.to_vec()));
        }
        packages[row] = Some(number);
    }
    let mut places = Vec::with_capacity(firsts.len());
    let mut twins = Vec::with_capacity(firsts.len());
    let mut ids = NewIds::of(profile);
    for (row, package) in firsts {
        twins.push((
            FunctionId(profile.functions.len() as u32),
            FunctionId(row as u32),
        ));
        let filename = profile.functions[row].filename;
        let name = [package.as_slice(), b".*"].concat();
        let full = || Trouble::general("the names of the packages are too many".to_owned());
        let name = profile.strings.push(&name).ok_or_else(full)?;
        let function = Function {
            id: 0,
            name,
            system_name: name,
            filename,
            start_line: 0,
        };
        places.push(stand_in(profile, &mut ids, function));
    }
    let lines = profile.lines.iter();
    let lines: Vec<Option<u32>> = lines
        .map(|line| packages.get(line.function.index()).copied().flatten())
        .collect();
    let package = |row: u32| lines[row as usize];
    let folds = Folds::of(profile, ids, |profile, ids, location| {
        let (from, to) = profile.locations[location.index()].lines;
        let rows: Vec<u32> = (from..to).collect();
        let mut pieces: Vec<(Option<u32>, LocationId)> = Vec::with_capacity(1);
        for run in rows.chunk_by(|&a, &b| package(a) == package(b)) {
            let number = package(run[0]);
            let piece = match number {
                Some(number) => places[number as usize].0,
                None => part_of(profile, ids, location, run),
            };
            pieces.push((number, piece));
        }
        let innermost = pieces.first().and_then(|&(number, _)| number);
        let outermost = pieces.pop().unwrap_or((None, location));
        let several = Several {
            inside: pieces.iter().map(|&(_, piece)| piece).collect(),
            ..Several::only(outermost.1)
        };
        (
            innermost.unwrap_or(NO_CALLER),
            outermost.0.unwrap_or(NO_NAME),
            several,
        )
    });
    folds.apply(profile)?;
    Ok(twins)
}
