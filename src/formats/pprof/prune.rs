//! drop_frames and keep_frames: frames that a profile asks not to be shown, with their callees.

use std::collections::HashMap;

use regex::bytes::{Regex, RegexBuilder};

use crate::error::Diagnostic;
use crate::model::{Profile, StringId};

/// Bytes of an expression at most: the Go runtime's has 60, gperftools' some hundred.
const MAX_EXPRESSION: usize = 16 << 10;
/// Bytes of a compiled expression at most. The time of a match grows with it.
const MAX_PROGRAM: usize = 1 << 20;
/// Longer names are matched by no expression.
const MAX_NAME: usize = 16 << 10;

/// Applies the profile's own drop_frames, as pprof does when it loads one. A bad expression is
/// ignored and reported.
pub(crate) fn drop_frames(profile: &mut Profile, diagnostics: &mut Vec<Diagnostic>) {
    let Some(drop) = expression(profile, profile.drop_frames, "drop_frames", diagnostics) else {
        return;
    };
    // pprof gives up on both when keep_frames cannot be compiled.
    let has_keep = !profile.strings.bytes(profile.keep_frames).is_empty();
    let keep = expression(profile, profile.keep_frames, "keep_frames", diagnostics);
    if has_keep && keep.is_none() {
        return;
    }
    // Functions may share a name; each name is matched once.
    let mut known: HashMap<StringId, bool> = HashMap::new();
    let mut is_dropped = |id: StringId| {
        let name = simplified(profile.strings.bytes(id));
        let is_drop =
            |name| drop.is_match(name) && !keep.as_ref().is_some_and(|keep| keep.is_match(name));
        let fits = !name.is_empty() && name.len() <= MAX_NAME;
        *known.entry(id).or_insert_with(|| fits && is_drop(name))
    };
    let dropped: Vec<bool> = profile
        .functions
        .iter()
        .map(|function| is_dropped(function.name))
        .collect();
    let cuts: Vec<Cut> = profile
        .locations
        .iter()
        .map(|l| cut(profile, &dropped, l.lines))
        .collect();
    for (location, cut) in profile.locations.iter_mut().zip(&cuts) {
        if let Cut::Lines(from) = cut {
            location.lines.0 = *from;
        }
    }
    prune_stacks(profile, &cuts);
}

/// What is dropped at a location.
#[derive(Clone, Copy, PartialEq)]
enum Cut {
    Nothing,
    /// The location goes, with its callees.
    Whole,
    /// Only its lines from this row on stay (the callers of an inlined match); callees go.
    Lines(u32),
}

/// The outermost matching line decides.
fn cut(profile: &Profile, dropped: &[bool], (from, to): (u32, u32)) -> Cut {
    let matching = (from..to)
        .rev()
        .find(|&row| dropped[profile.lines[row as usize].function.index()]);
    match matching {
        None => Cut::Nothing,
        Some(row) if row + 1 == to => Cut::Whole,
        Some(row) => Cut::Lines(row + 1),
    }
}

/// From the root, the first match after a frame that does not match cuts the stack, so that a
/// stack of nothing but matches stays.
fn prune_stacks(profile: &mut Profile, cuts: &[Cut]) {
    let frames = &profile.stacks.frames;
    for range in &mut profile.stacks.ranges {
        let mut found_user = false;
        for at in (range.0..range.1).rev() {
            match cuts[frames[at as usize].index()] {
                Cut::Nothing => found_user = true,
                _ if !found_user => {}
                Cut::Whole => {
                    range.0 = at + 1;
                    break;
                }
                Cut::Lines(_) => {
                    range.0 = at;
                    break;
                }
            }
        }
    }
}

fn expression(
    profile: &Profile,
    id: StringId,
    field: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Regex> {
    let text = profile.strings.text(id);
    if text.is_empty() {
        return None;
    }
    let anchored = format!("^({text})$");
    let compiled = (text.len() <= MAX_EXPRESSION)
        .then(|| {
            RegexBuilder::new(&anchored)
                .unicode(false)
                .size_limit(MAX_PROGRAM)
                .build()
        })
        .and_then(std::result::Result::ok);
    if compiled.is_none() {
        let message =
            format!("{field} of the file is not a usable regular expression and was ignored.");
        diagnostics.push(Diagnostic::note(message));
    }
    compiled
}

/// A name without its argument list: up to the first `(` that is not part of
/// `(anonymous namespace)` or `operator()`.
fn simplified(name: &[u8]) -> &[u8] {
    const RESERVED: [(&[u8], usize); 2] = [(b"(anonymous namespace)", 0), (b"operator()", 8)];
    let name = name.strip_prefix(b".").unwrap_or(name);
    let mut from = 0;
    while let Some(paren) = name[from..]
        .iter()
        .position(|&b| b == b'(')
        .map(|i| from + i)
    {
        let reserved = RESERVED
            .iter()
            .find(|(text, lead)| paren >= *lead && name[paren - lead..].starts_with(text));
        match reserved {
            Some((text, lead)) => from = paren - lead + text.len(),
            None => return &name[..paren],
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::simplified;

    #[test]
    fn argument_lists_are_cut() {
        for (name, simple) in [
            ("foo(int)", "foo"),
            ("(anonymous namespace)::f(int)", "(anonymous namespace)::f"),
            ("T::operator()(int)", "T::operator()"),
            (".f", "f"),
            ("runtime.mallocgc", "runtime.mallocgc"),
        ] {
            assert_eq!(simplified(name.as_bytes()), simple.as_bytes());
        }
    }
}
