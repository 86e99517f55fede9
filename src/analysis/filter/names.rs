//! Filters by the names of functions, files and binaries.

use std::sync::Arc;

use super::hide::{HIDDEN, Kinds, SHOWN, hide_locations, is_without_lines, keep_lines};
use super::{Filters, Pattern};
use crate::model::{FunctionId, Location, Profile, StringId, simplified};

/// Which expressions matched a location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Matched {
    pub(super) focus: bool,
    pub(super) ignore: bool,
    pub(super) hide: bool,
    pub(super) show: bool,
}

/// An expression against the strings of a profile: most locations share theirs, so each string
/// is matched once, when it is first met.
pub(super) struct Matcher<'a> {
    pattern: &'a Pattern,
    known: Vec<Option<bool>>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(pattern: &'a Pattern, profile: &Profile) -> Self {
        Self {
            pattern,
            known: vec![None; profile.strings.len()],
        }
    }

    fn text(&mut self, profile: &Profile, id: StringId) -> bool {
        let is_match = || self.pattern.is_match(profile.strings.bytes(id));
        match self.known.get_mut(id.index()) {
            Some(known) => *known.get_or_insert_with(is_match),
            None => is_match(),
        }
    }

    fn line(&mut self, profile: &Profile, row: u32) -> bool {
        self.function(profile, profile.lines[row as usize].function)
    }

    /// By its name or file.
    pub(super) fn function(&mut self, profile: &Profile, id: FunctionId) -> bool {
        let function = profile.functions[id.index()];
        self.text(profile, function.name) || self.text(profile, function.filename)
    }

    /// By its binary.
    pub(super) fn mapping(&mut self, profile: &Profile, location: &Location) -> bool {
        let mapping = location.mapping.map(|id| profile.mappings[id.index()]);
        mapping.is_some_and(|mapping| self.text(profile, mapping.filename))
    }

    fn location(&mut self, profile: &Profile, location: &Location) -> bool {
        let (from, to) = location.lines;
        (from..to).any(|row| self.line(profile, row)) || self.mapping(profile, location)
    }
}

/// `focus`, `ignore`, `hide` and `show`, decided for each location as a whole in one pass: one
/// that matches `ignore` is never in focus, and `show` sees what `hide` left.
pub(super) fn filter_by_name(profile: &mut Profile, filters: &Filters) -> Matched {
    let given = [
        &filters.focus,
        &filters.ignore,
        &filters.hide,
        &filters.show,
    ];
    if given.iter().all(|pattern| pattern.is_none()) {
        return Matched::default();
    }
    let (kinds, matched) = kinds_of_locations(profile, filters);
    let kinds = hide_locations(profile, &kinds, &is_kept);
    keep_samples(profile, |_, stack| is_kept(kinds[stack]));
    matched
}

/// It matches `focus`, or there is no `focus`, and it does not match `ignore`.
const FOCUSED: Kinds = 1;
/// It matches `ignore`.
const IGNORED: Kinds = 2;

/// Some location is in focus and none is ignored: pprof drops a stack without locations. It also
/// drops those of which nothing is left.
fn is_kept(stack: Kinds) -> bool {
    stack & (FOCUSED | IGNORED | SHOWN) == FOCUSED | SHOWN
}

fn kinds_of_locations(profile: &mut Profile, filters: &Filters) -> (Vec<Kinds>, Matched) {
    let mut matched = Matched::default();
    let patterns = [
        &filters.focus,
        &filters.ignore,
        &filters.hide,
        &filters.show,
    ];
    let matcher = |pattern| Matcher::new(pattern, profile);
    let [mut focus, mut ignore, mut hide, mut show] = patterns.map(|p| p.as_ref().map(matcher));
    let mut kinds = Vec::with_capacity(profile.locations.len());
    for at in 0..profile.locations.len() {
        let location = profile.locations[at];
        let ignored = ignore
            .as_mut()
            .is_some_and(|m| m.location(profile, &location));
        let focused = !ignored
            && focus
                .as_mut()
                .is_none_or(|m| m.location(profile, &location));
        matched.ignore |= ignored;
        matched.focus |= focused;
        let mut hidden = false;
        if let Some(hide) = &mut hide
            && hide.location(profile, &location)
        {
            matched.hide = true;
            let whole = hide.mapping(profile, &location);
            keep_lines(profile, at, |profile, row| {
                !whole && !hide.line(profile, row)
            });
            hidden = is_without_lines(&profile.locations[at]);
        }
        if let Some(show) = &mut show {
            let whole = show.mapping(profile, &location);
            keep_lines(profile, at, |profile, row| whole || show.line(profile, row));
            let nothing = is_without_lines(&profile.locations[at]);
            // As in pprof, a location without lines is never shown, even where its binary matches.
            hidden |= nothing;
            matched.show |= !nothing;
        }
        let focus = Kinds::from(focused) * FOCUSED + Kinds::from(ignored) * IGNORED;
        kinds.push(focus | if hidden { HIDDEN } else { SHOWN });
    }
    (kinds, matched)
}

/// Drops the samples for which `keep` does not hold; it is asked with the sample and its stack.
pub(in crate::analysis) fn keep_samples(
    profile: &mut Profile,
    mut keep: impl FnMut(usize, usize) -> bool,
) {
    let types = profile.sample_types.len();
    let samples = &mut profile.samples;
    // Where the next sample that is kept goes, and its labels; where those of the sample at hand begin.
    let (mut kept, mut kept_labels, mut label_start) = (0, 0, 0);
    for i in 0..samples.stacks.len() {
        let stack = samples.stacks[i];
        let label_end = samples.label_ends.get(i).map_or(0, |&end| end as usize);
        if keep(i, stack.index()) {
            samples.stacks[kept] = stack;
            samples
                .values
                .copy_within(i * types..(i + 1) * types, kept * types);
            if !samples.label_ends.is_empty() {
                samples
                    .labels
                    .copy_within(label_start..label_end, kept_labels);
                kept_labels += label_end - label_start;
                samples.label_ends[kept] = kept_labels as u32;
            }
            kept += 1;
        }
        label_start = label_end;
    }
    samples.stacks.truncate(kept);
    samples.values.truncate(kept * types);
    samples.labels.truncate(kept_labels);
    samples.label_ends.truncate(kept);
    profile.base_samples.take();
}

/// From the root, everything above the first location that matches goes, and in it the lines above
/// the outermost that matches. Samples without a match go. True when some location matches.
pub(super) fn show_from(profile: &mut Profile, pattern: &Pattern) -> bool {
    let mut matcher = Matcher::new(pattern, profile);
    let mut matches = Vec::with_capacity(profile.locations.len());
    for at in 0..profile.locations.len() {
        let location = profile.locations[at];
        let (from, to) = location.lines;
        let is_match = if matcher.mapping(profile, &location) {
            true
        } else if let Some(row) = (from..to).rev().find(|&row| matcher.line(profile, row)) {
            profile.locations[at].lines = (from, row + 1);
            true
        } else {
            false
        };
        matches.push(is_match);
    }
    let frames = Arc::clone(&profile.stacks.frames);
    let mut keep = Vec::with_capacity(profile.stacks.len());
    for range in &mut profile.stacks.ranges {
        let stack = &frames[range.0 as usize..range.1 as usize];
        let last = stack.iter().rposition(|l| matches[l.index()]);
        if let Some(last) = last {
            range.1 = range.0 + last as u32 + 1;
        }
        keep.push(last.is_some());
    }
    keep_samples(profile, |_, stack| keep[stack]);
    matches.contains(&true)
}

/// From the leaf, everything below the first location with a matching function goes, and in it
/// the lines below the innermost that matches. Names are matched without their argument lists.
pub(super) fn prune_from(profile: &mut Profile, pattern: &Pattern) {
    let functions = profile.functions.iter();
    let names = functions.map(|f| profile.strings.bytes(f.name));
    let is_match = |name: &[u8]| !name.is_empty() && pattern.is_match(simplified(name));
    let dropped: Vec<bool> = names.map(is_match).collect();
    let mut matches = Vec::with_capacity(profile.locations.len());
    for location in &mut profile.locations {
        let (from, to) = location.lines;
        let found = (from..to).find(|&row| dropped[profile.lines[row as usize].function.index()]);
        if let Some(row) = found {
            location.lines.0 = row;
        }
        matches.push(found.is_some());
    }
    let frames = Arc::clone(&profile.stacks.frames);
    for range in &mut profile.stacks.ranges {
        let stack = &frames[range.0 as usize..range.1 as usize];
        if let Some(first) = stack.iter().position(|l| matches[l.index()]) {
            range.0 += first as u32;
        }
    }
}
