//! drop_frames and keep_frames: frames that a profile asks not to be shown, with their callees.

use std::collections::HashMap;

use regex::bytes::{Regex, RegexBuilder};

use crate::error::Diagnostic;
use crate::model::{Function, Profile, StringId, simplified};

/// Bytes of an expression at most: the Go runtime's has 60, gperftools' some hundred.
const MAX_EXPRESSION: usize = 16 << 10;
/// Bytes that a compiled expression may take: the first size that it fits says what it costs.
const PROGRAMS: [usize; 4] = [16 << 10, 64 << 10, 256 << 10, 1 << 20];
/// Bytes of names times bytes of programs that are matched at most. In the worst case, an
/// expression made to be slow, this takes some seconds; usual ones are hundreds of times faster.
const MAX_WORK: u64 = 128 << 30;

/// Applies the profile's own drop_frames, as pprof does when it loads one. A bad expression is
/// ignored and reported.
pub fn drop_frames(profile: &mut Profile, diagnostics: &mut Vec<Diagnostic>) {
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
    let name_of = |function: &Function| simplified(profile.strings.bytes(function.name));
    let mut known: HashMap<&[u8], bool> = HashMap::new();
    known.extend(profile.functions.iter().map(|f| (name_of(f), false)));
    let bytes = known.keys().map(|name| name.len() as u64).sum::<u64>();
    known.clear();
    let programs = drop.program + keep.as_ref().map_or(0, |keep| keep.program);
    if bytes.saturating_mul(programs as u64) > MAX_WORK {
        diagnostics.push(ignored("drop_frames"));
        return;
    }
    let is_kept = |name: &[u8]| keep.as_ref().is_some_and(|keep| keep.regex.is_match(name));
    let is_dropped = |name: &[u8]| !name.is_empty() && drop.regex.is_match(name) && !is_kept(name);
    let mut look_up = |name| *known.entry(name).or_insert_with(|| is_dropped(name));
    let functions = profile.functions.iter();
    let dropped: Vec<bool> = functions.map(|f| look_up(name_of(f))).collect();
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

fn ignored(field: &str) -> Diagnostic {
    let why = "is not a usable regular expression and was ignored.";
    Diagnostic::note(format!("{field} of the file {why}"))
}

/// A compiled expression, and about how many bytes it takes.
struct Expression {
    regex: Regex,
    program: usize,
}

fn expression(
    profile: &Profile,
    id: StringId,
    field: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Expression> {
    let text = profile.strings.text(id);
    if text.is_empty() {
        return None;
    }
    let anchored = format!("^({text})$");
    let compile = |&program: &usize| {
        let mut builder = RegexBuilder::new(&anchored);
        let regex = builder.unicode(false).size_limit(program).build().ok()?;
        Some(Expression { regex, program })
    };
    let compiled = (text.len() <= MAX_EXPRESSION)
        .then(|| PROGRAMS.iter().find_map(compile))
        .flatten();
    if compiled.is_none() {
        diagnostics.push(ignored(field));
    }
    compiled
}
