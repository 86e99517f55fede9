//! What pprof's filters cannot do: changes of stacks at the frames of some functions.
//!
//! Unlike pprof's filters these look at frames, not at locations: of a location with inlined calls
//! the frames that match are told apart from those that do not. A frame matches by its function's
//! name or file, one without a function by its binary.

use std::collections::HashMap;

use super::rewrite::{Fate, Frame, rewrite, unfold};
use super::{Kind, Trouble};
use crate::analysis::filter::names::{Matcher, keep_samples};
use crate::analysis::filter::{Pattern, PatternError};
use crate::analysis::stand_in::{NewIds, stand_in};
use crate::analysis::{Class, Classes, package_of};
use crate::model::{Function, FunctionId, Location, Profile, StackId};

/// Which frames an expression matches.
pub(super) struct Matches {
    /// By row of `Profile::lines`.
    lines: Vec<bool>,
    /// By location: one of its frames.
    locations: Vec<bool>,
}

impl Matches {
    fn new(profile: &Profile, mut line: impl FnMut(FunctionId) -> bool, bare: &[bool]) -> Self {
        let by_function = (0..profile.functions.len() as u32).map(|row| line(FunctionId(row)));
        let by_function: Vec<bool> = by_function.collect();
        let lines = profile.lines.iter();
        let lines: Vec<bool> = lines.map(|l| by_function[l.function.index()]).collect();
        let locations = profile.locations.iter().zip(bare);
        let locations = locations.map(|(location, &bare)| {
            let (from, to) = location.lines;
            let rows = &lines[from as usize..to as usize];
            bare || rows.contains(&true)
        });
        Self {
            locations: locations.collect(),
            lines,
        }
    }

    /// By an expression for names, files and binaries.
    fn of_names(profile: &Profile, pattern: &Pattern) -> Self {
        let mut matcher = Matcher::new(pattern, profile);
        let bare = bare_locations(profile, |location| matcher.mapping(profile, location));
        Self::new(profile, |id| matcher.function(profile, id), &bare)
    }

    fn has(&self, frame: &Frame) -> bool {
        match self.lines.get(frame.row as usize) {
            Some(&matches) => matches,
            None => self.locations.get(frame.location.index()) == Some(&true),
        }
    }

    fn touches(&self, profile: &Profile, stack: StackId) -> bool {
        let mut locations = profile.stacks.get(stack).iter();
        locations.any(|location| self.locations[location.index()])
    }
}

/// Per location whether it has no lines and `is_it` holds.
fn bare_locations(profile: &Profile, mut is_it: impl FnMut(&Location) -> bool) -> Vec<bool> {
    let locations = profile.locations.iter();
    locations
        .map(|l| l.lines.0 == l.lines.1 && is_it(l))
        .collect()
}

/// Does one of the transforms that say which functions they are about. Says whether any sample was
/// concerned.
pub(super) fn transform(
    profile: &mut Profile,
    kind: Kind,
    pattern: &Pattern,
) -> Result<bool, Trouble> {
    let matches = Matches::of_names(profile, pattern);
    match kind {
        Kind::FocusFunction => each_touched(profile, &matches, Fate::Dropped, |frames| {
            let first = frames.iter().position(|frame| matches.has(frame));
            frames.drain(..first.unwrap_or(0));
        }),
        Kind::MergeFunction => each_touched(profile, &matches, Fate::Same, |frames| {
            frames.retain(|frame| !matches.has(frame));
        }),
        Kind::CollapseFunction => each_touched(profile, &matches, Fate::Same, |frames| {
            let first = frames.iter().position(|frame| matches.has(frame));
            frames.truncate(first.map_or(frames.len(), |at| at + 1));
        }),
        Kind::CollapseRecursion => {
            let lines = same_names(profile);
            let mut seen = HashMap::new();
            each_touched(profile, &matches, Fate::Same, |frames| {
                collapse_recursion(frames, &matches, &lines, &mut seen);
            })
        }
        Kind::CollapseDirect => {
            let lines = same_names(profile);
            let name = |frame: &Frame| lines.get(frame.row as usize);
            each_touched(profile, &matches, Fate::Same, |frames| {
                frames.dedup_by(|inner, outer| {
                    matches.has(inner) && name(inner).is_some() && name(inner) == name(outer)
                });
            })
        }
        Kind::FocusSelf => {
            let is_wanted = |stack: &Profile, at| is_leaf(stack, at, &matches);
            Ok(keep_where(profile, true, is_wanted))
        }
        _ => Ok(keep_where(profile, false, |profile, stack| {
            matches.touches(profile, stack)
        })),
    }
}

/// Has the frames of every stack with a match changed; of the others becomes what `others` says. A
/// stack of which nothing is left loses its samples, as with pprof's `hide`.
fn each_touched(
    profile: &mut Profile,
    matches: &Matches,
    others: Fate,
    mut change: impl FnMut(&mut Vec<Frame>),
) -> Result<bool, Trouble> {
    let mut any = false;
    let keep = rewrite(profile, |profile, stack, frames| {
        if !matches.touches(profile, stack) {
            return others;
        }
        any = true;
        unfold(profile, stack, frames);
        let before = frames.len();
        change(frames);
        match frames.len() {
            0 => Fate::Dropped,
            left if left == before => Fate::Same,
            _ => Fate::Changed,
        }
    })?;
    keep_samples(profile, |_, stack| keep[stack]);
    Ok(any)
}

/// Keeps the samples whose stacks are (`is`), or are not, what is looked for. Says whether any was.
fn keep_where(profile: &mut Profile, is: bool, sought: impl Fn(&Profile, StackId) -> bool) -> bool {
    let stacks = (0..profile.stacks.len() as u32).map(StackId);
    let found: Vec<bool> = stacks.map(|stack| sought(profile, stack)).collect();
    let mut any = false;
    keep_samples(profile, |_, stack| {
        any |= found[stack];
        found[stack] == is
    });
    any
}

/// Whether the innermost frame matches.
fn is_leaf(profile: &Profile, stack: StackId, matches: &Matches) -> bool {
    let Some(&location) = profile.stacks.get(stack).first() else {
        return false;
    };
    let (from, to) = profile.locations[location.index()].lines;
    if from == to {
        matches.locations[location.index()]
    } else {
        matches.lines[from as usize]
    }
}

/// By row of `Profile::lines` a number that lines of functions of one name have in common.
fn same_names(profile: &Profile) -> Vec<u32> {
    let mut numbers: HashMap<&[u8], u32> = HashMap::new();
    let functions = (0..).zip(&profile.functions);
    let of_function: Vec<u32> = functions
        .map(|(row, f)| *numbers.entry(profile.strings.bytes(f.name)).or_insert(row))
        .collect();
    let lines = profile.lines.iter();
    lines.map(|l| of_function[l.function.index()]).collect()
}

/// What a function does from its second call on, it does from its first.
fn collapse_recursion(
    frames: &mut Vec<Frame>,
    matches: &Matches,
    names: &[u32],
    seen: &mut HashMap<u32, usize>,
) {
    seen.clear();
    let mut len = 0;
    for at in 0..frames.len() {
        let frame = frames[at];
        let name = names
            .get(frame.row as usize)
            .filter(|_| matches.has(&frame));
        if let Some(&name) = name {
            // What was cut off is forgotten when its place has another frame.
            let earlier = seen.get(&name).copied().filter(|&place| {
                place < len && names.get(frames[place].row as usize) == Some(&name)
            });
            if let Some(place) = earlier {
                len = place + 1;
                continue;
            }
            seen.insert(name, len);
        }
        frames[len] = frame;
        len += 1;
    }
    frames.truncate(len);
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
    let lines: Vec<Option<u32>> = (profile.lines.iter())
        .map(|line| packages[line.function.index()])
        .collect();
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
    let bare = vec![false; profile.locations.len()];
    let is_match = |id: FunctionId| packages.get(id.index()).is_some_and(Option::is_some);
    let matches = Matches::new(profile, is_match, &bare);
    let package = |frame: &Frame| lines.get(frame.row as usize).copied().flatten();
    let keep = rewrite(profile, |profile, stack, frames| {
        if !matches.touches(profile, stack) {
            return Fate::Same;
        }
        unfold(profile, stack, frames);
        frames
            .dedup_by(|inner, outer| package(inner).is_some() && package(inner) == package(outer));
        for frame in frames {
            if let Some(number) = package(frame) {
                let (location, row) = places[number as usize];
                *frame = frame.replaced(location, row);
            }
        }
        Fate::Changed
    })?;
    keep_samples(profile, |_, stack| keep[stack]);
    Ok(twins)
}

/// Leaves only the frames of some classes of code (`main`, `std`, …, with commas between them).
/// What the others cost goes to the caller that stays; samples without such a frame go.
pub(super) fn focus_category(
    profile: &mut Profile,
    text: &str,
    classes: &Classes,
) -> Result<bool, Trouble> {
    let mut wanted = Vec::new();
    let mut at = 0;
    for part in text.split(',') {
        let known = Class::ALL.iter().find(|class| class.name() == part.trim());
        let names = || Class::ALL.map(Class::name).join(", ");
        wanted.push(*known.ok_or_else(|| {
            Trouble::of_text(PatternError {
                reason: format!(
                    "no category is called {}: there are {}",
                    part.trim(),
                    names()
                ),
                at,
            })
        })?);
        at += part.len() + 1;
    }
    let is_wanted = |class| wanted.contains(&class);
    let bare = bare_locations(profile, |location| {
        is_wanted(Classes::of_bare(profile, location))
    });
    let matches = Matches::new(profile, |id| is_wanted(classes.of(id)), &bare);
    each_touched(profile, &matches, Fate::Dropped, |frames| {
        frames.retain(|frame| matches.has(frame));
    })
}
