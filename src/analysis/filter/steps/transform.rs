//! What pprof's filters cannot do: changes of stacks at the frames of some functions.
//!
//! Unlike pprof's filters these look at frames, not at locations: of a location with inlined calls
//! the frames that match are told apart from those that do not. A frame matches by its function's
//! name or file, one without a function by its binary.

use super::cut::Cuts;
use super::fold::collapse_direct;
use super::recursion::collapse_recursion;
use super::{Kind, Trouble};
use crate::analysis::filter::hide::{
    HIDDEN, Kinds, SHOWN, hide_locations, is_without_lines, keep_lines,
};
use crate::analysis::filter::names::{Matcher, keep_samples};
use crate::analysis::filter::{Pattern, PatternError};
use crate::analysis::{Class, Classes};
use crate::model::{FunctionId, Location, LocationId, Profile, StackId};

/// Which frames an expression matches.
pub(super) struct Matches {
    /// By row of `Profile::lines`.
    pub(super) lines: Vec<bool>,
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

    // A browser runs code that is new to it slowly, and faster only from the next call on.
    #[inline(never)]
    fn touches(&self, profile: &Profile, stack: StackId) -> bool {
        // All are looked at: that is faster than to stop at one of a few dozens.
        let locations = profile.stacks.get(stack).iter();
        locations.fold(false, |any, location| {
            any | self.locations[location.index()]
        })
    }

    /// Whether some sample has a frame that matches.
    pub(super) fn concern(&self, profile: &Profile) -> bool {
        let mut stacks = profile.samples.stacks.iter();
        stacks.any(|&stack| self.touches(profile, stack))
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
        Kind::FocusFunction => Ok(cut_at(profile, &matches, true)),
        Kind::CollapseFunction => Ok(cut_at(profile, &matches, false)),
        Kind::MergeFunction => Ok(take_frames(profile, &matches, true)),
        Kind::CollapseRecursion => collapse_recursion(profile, &matches),
        Kind::CollapseDirect => collapse_direct(profile, &matches),
        Kind::FocusSelf => Ok(keep_where(profile, true, |profile, stack| {
            is_leaf(profile, stack, &matches)
        })),
        _ => Ok(keep_where(profile, false, |profile, stack| {
            matches.touches(profile, stack)
        })),
    }
}

/// Cuts stacks at the outermost frame that matches: what is above it goes (`above`), and with it
/// the samples without such a frame; or what is below it. Says whether any sample has one.
fn cut_at(profile: &mut Profile, matches: &Matches, above: bool) -> bool {
    let mut cuts = Cuts::new(profile);
    let mut found = Vec::with_capacity(profile.stacks.len());
    for row in 0..profile.stacks.len() as u32 {
        let stack = profile.stacks.get(StackId(row));
        let is_match = |l: &LocationId| matches.locations[l.index()];
        let at = (matches.touches(profile, StackId(row)))
            .then(|| stack.iter().rposition(is_match))
            .flatten();
        found.push(at.is_some());
        let Some(at) = at else { continue };
        let (from, to) = profile.locations[stack[at].index()].lines;
        let outermost = (from..to).rev().find(|&row| matches.lines[row as usize]);
        let (at, len) = (at as u32, stack.len() as u32);
        let (keep, lines) = match outermost {
            None if above => (0..at + 1, (from, to)),
            None => (at..len, (from, to)),
            Some(row) if above => (0..at + 1, (from, row + 1)),
            Some(row) => (at..len, (row, to)),
        };
        cuts.cut(profile, StackId(row), keep, at, lines);
    }
    cuts.finish(profile);
    let mut any = false;
    keep_samples(profile, |_, stack| {
        any |= found[stack];
        found[stack] || !above
    });
    any
}

/// Some frame of it matches.
const MATCHED: Kinds = 1;

/// Takes frames away that match, or all others; so does the same to a location wherever it is. A
/// stack of which nothing is left loses its samples, as with pprof's `hide`; one that had nothing
/// matches nothing. Says whether any sample has a frame that matches.
fn take_frames(profile: &mut Profile, matches: &Matches, matching: bool) -> bool {
    let mut kinds = Vec::with_capacity(profile.locations.len());
    for at in 0..profile.locations.len() {
        let is_match = matches.locations[at];
        let goes = if is_without_lines(&profile.locations[at]) {
            is_match == matching
        } else {
            keep_lines(profile, at, |_, row| {
                matches.lines[row as usize] != matching
            });
            is_without_lines(&profile.locations[at])
        };
        let left = if goes { HIDDEN } else { SHOWN };
        kinds.push(Kinds::from(is_match) * MATCHED | left);
    }
    let stays = move |stack: Kinds| stack & SHOWN != 0 || matching && stack == 0;
    let kinds = hide_locations(profile, &kinds, &stays);
    let mut any = false;
    keep_samples(profile, |_, stack| {
        any |= kinds[stack] & MATCHED != 0;
        stays(kinds[stack])
    });
    any
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
    Ok(take_frames(profile, &matches, false))
}
