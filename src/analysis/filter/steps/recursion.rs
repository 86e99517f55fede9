//! What a function does after calling itself, over whatever others: done from its first call.

use super::Trouble;
use super::fold::{NO_NAME, same_names};
use super::rewrite::{Fate, Frame, rewrite};
use super::transform::Matches;
use crate::model::{LocationId, Profile};

/// What a function that matches does from its second call on, it does from its first. Says whether
/// any sample has one.
pub(super) fn collapse_recursion(
    profile: &mut Profile,
    matches: &Matches,
) -> Result<bool, Trouble> {
    if !matches.concern(profile) {
        return Ok(false);
    }
    let mut collapser = Collapser::new(profile, matching_names(profile, matches));
    let keep = rewrite(profile, |profile, stack, frames| {
        collapser.collapse(profile.stacks.get(stack), frames)
    })?;
    debug_assert!(!keep.contains(&false), "something is left of every stack");
    Ok(true)
}

struct Collapser {
    /// Of locations: they are large, and millions of frames look at their lines.
    lines: Vec<(u32, u32)>,
    /// By line the number of its name.
    names: Vec<u32>,
    /// By name, where in what is left of a stack it was met last.
    places: Vec<u32>,
    /// The names of what is left of a stack, outermost first.
    left: Vec<u32>,
}

impl Collapser {
    fn new(profile: &Profile, names: Vec<u32>) -> Self {
        let known = names.iter().filter(|&&name| name != NO_NAME).max();
        Self {
            lines: profile.locations.iter().map(|l| l.lines).collect(),
            places: vec![0; known.map_or(0, |&name| name as usize + 1)],
            names,
            left: Vec::new(),
        }
    }

    /// Sets `frames` to what is left of a stack, outermost first.
    // A browser runs code that is new to it slowly, and faster only from the next call on.
    #[inline(never)]
    fn collapse(&mut self, stack: &[LocationId], frames: &mut Vec<Frame>) -> Fate {
        let left = &mut self.left;
        frames.clear();
        left.clear();
        let mut fate = Fate::Same;
        for (at, &location) in (0..).zip(stack.iter().rev()) {
            let (from, to) = self.lines[location.index()];
            if from == to {
                frames.push(Frame::bare(location, at));
                left.push(NO_NAME);
            }
            for row in (from..to).rev() {
                let name = self.names[row as usize];
                if let Some(place) = self.places.get_mut(name as usize) {
                    // What was cut off is forgotten when its place has another frame, and so is
                    // another stack.
                    if left.get(*place as usize) == Some(&name) {
                        left.truncate(*place as usize + 1);
                        frames.truncate(left.len());
                        fate = Fate::Changed;
                        continue;
                    }
                    *place = left.len() as u32;
                }
                frames.push(Frame { location, at, row });
                left.push(name);
            }
        }
        fate
    }
}

/// The numbers of the names of lines that match, `NO_NAME` for others.
fn matching_names(profile: &Profile, matches: &Matches) -> Vec<u32> {
    let names = same_names(profile).into_iter().zip(&matches.lines);
    names
        .map(|(name, &is_match)| if is_match { name } else { NO_NAME })
        .collect()
}
