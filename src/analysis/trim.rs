//! A profile with its heaviest stacks only: for handing on what would be too large as it is.

use std::borrow::Cow;

use super::stand_in::{NewIds, stand_in};
use crate::model::{
    Function, FunctionId, Label, Line, Location, LocationId, Profile, StackId, StringId,
};
use crate::sort::sort_ids;

/// Which stacks of a profile stay as they are, and what the others have.
#[derive(Clone, Debug, Default)]
pub struct TrimPlan {
    /// Stacks that stay.
    pub kept: usize,
    /// Stacks that become one; 0 when all stay.
    pub merged: usize,
    /// Σ |value| of those that stay, for the sample type that was looked at.
    pub kept_weight: u64,
    /// Σ |value| of the others.
    pub merged_weight: u64,
    /// The function that stands for the others; empty when all stay.
    pub frame: String,
    /// By stack.
    is_kept: Vec<bool>,
}

/// Keeps the `most` heaviest stacks by Σ |value| of a sample type, of equals those that come first in
/// the file.
pub fn trim_plan(profile: &Profile, sample_type: usize, most: usize) -> TrimPlan {
    let weights = weights(profile, sample_type);
    let mut order: Vec<u32> = (0..weights.len() as u32).collect();
    order.retain(|&stack| weights[stack as usize].is_some());
    sort_ids(&mut order, &|a, b| {
        weights[b as usize]
            .cmp(&weights[a as usize])
            .then(a.cmp(&b))
    });
    let sum = |stacks: &[u32]| {
        let weight = |&stack: &u32| weights[stack as usize].unwrap_or(0);
        stacks.iter().map(weight).fold(0, u64::saturating_add)
    };
    let (kept, merged) = order.split_at(most.min(order.len()));
    let mut is_kept = vec![false; weights.len()];
    for &stack in kept {
        is_kept[stack as usize] = true;
    }
    TrimPlan {
        kept: kept.len(),
        merged: merged.len(),
        kept_weight: sum(kept),
        merged_weight: sum(merged),
        frame: match merged.len() {
            0 => String::new(),
            1 => "(trimmed: 1 stack)".to_owned(),
            n => format!("(trimmed: {n} stacks)"),
        },
        is_kept,
    }
}

impl TrimPlan {
    /// The profile that was planned for, trimmed: the samples of stacks that do not stay become
    /// samples of one stack with one frame, `(trimmed: 812 stacks)`, without their labels. Positive
    /// and negative values are summed apart, and so is what a saved difference marks as its
    /// baseline's: sums that pprof makes of them stay, of every sample type.
    ///
    /// The error, a sentence, says that a table would be too large.
    pub fn apply<'a>(&self, profile: &'a Profile) -> Result<Cow<'a, Profile>, String> {
        if self.merged == 0 {
            return Ok(Cow::Borrowed(profile));
        }
        let rest = Rest::of(profile, &self.is_kept);
        let mut left = only(profile, &self.is_kept);
        let stack = add_stack(&mut left, &self.frame).ok_or("too many strings or frames")?;
        rest.add_to(&mut left, stack, profile);
        Ok(Cow::Owned(referred(left)))
    }
}

/// The profile without stacks, locations and functions that no sample refers to. Samples stay as they are:
/// summing equal ones, as pprof's Compact does, could turn values of both signs into nothing.
fn referred(mut profile: Profile) -> Profile {
    let mut stacks = Kept::new(profile.stacks.len());
    let mut locations = Kept::new(profile.locations.len());
    let mut functions = Kept::new(profile.functions.len());
    let (mut frames, mut ranges) = (Vec::new(), Vec::new());
    for stack in &mut profile.samples.stacks {
        let old = *stack;
        let (row, is_new) = stacks.row(old.index());
        stack.0 = row;
        if is_new {
            let start = frames.len() as u32;
            let of_stack = profile.stacks.get(old).iter();
            frames.extend(of_stack.map(|location| LocationId(locations.row(location.index()).0)));
            ranges.push((start, frames.len() as u32));
        }
    }
    let mut lines = Vec::new();
    let rows = locations.order.iter().map(|&old| {
        let mut location = profile.locations[old as usize];
        let start = lines.len() as u32;
        for &line in profile.lines_of(&location) {
            let function = FunctionId(functions.row(line.function.index()).0);
            lines.push(Line { function, ..line });
        }
        location.lines = (start, lines.len() as u32);
        location
    });
    let rows: Vec<Location> = rows.collect();
    let of_functions = functions.order.iter();
    let functions = of_functions.map(|&old| profile.functions[old as usize]);
    profile.functions = functions.collect();
    (profile.locations, profile.lines) = (rows, lines);
    profile.stacks.frames = std::sync::Arc::new(frames);
    profile.stacks.ranges = ranges;
    profile
}

/// Rows of a table that are referred to, in the order in which they first are.
struct Kept {
    /// New rows by old ones; `u32::MAX` for those that go.
    new: Vec<u32>,
    /// Old rows by new ones.
    order: Vec<u32>,
}

impl Kept {
    fn new(len: usize) -> Self {
        Self {
            new: vec![u32::MAX; len],
            order: Vec::new(),
        }
    }

    /// The new row, and whether this is the first time that it is asked for.
    fn row(&mut self, old: usize) -> (u32, bool) {
        let is_new = self.new[old] == u32::MAX;
        if is_new {
            self.new[old] = self.order.len() as u32;
            self.order.push(old as u32);
        }
        (self.new[old], is_new)
    }
}

/// Σ |value| by stack; none for a stack without a sample.
fn weights(profile: &Profile, sample_type: usize) -> Vec<Option<u64>> {
    let mut weights = vec![None; profile.stacks.len()];
    for (i, stack) in profile.samples.stacks.iter().enumerate() {
        let weight: &mut Option<u64> = &mut weights[stack.index()];
        let value = profile.value(i, sample_type).unsigned_abs();
        *weight = Some(weight.unwrap_or(0).saturating_add(value));
    }
    weights
}

/// The profile with the samples of some stacks only; all tables stay.
fn only(profile: &Profile, is_kept: &[bool]) -> Profile {
    let types = profile.sample_types.len();
    let from = &profile.samples;
    let mut left = profile.clone();
    let samples = &mut left.samples;
    (samples.stacks, samples.values) = Default::default();
    (samples.labels, samples.label_ends) = Default::default();
    let has_labels = !from.label_ends.is_empty();
    for (i, &stack) in from.stacks.iter().enumerate() {
        if !is_kept[stack.index()] {
            continue;
        }
        samples.stacks.push(stack);
        samples
            .values
            .extend_from_slice(&from.values[i * types..][..types]);
        if has_labels {
            samples.labels.extend_from_slice(from.labels(i));
            samples.label_ends.push(samples.labels.len() as u32);
        }
    }
    left.base_samples = std::sync::OnceLock::new();
    left
}

/// Sums of the samples that go: what is positive and what is negative, of the baseline's or not.
struct Rest {
    sums: [Vec<i64>; 4],
    /// The label of the baseline's.
    base: Option<Label>,
}

impl Rest {
    fn of(profile: &Profile, is_kept: &[bool]) -> Self {
        let types = profile.sample_types.len();
        let mut is_base = vec![false; profile.samples.len()];
        for &i in profile.base_samples() {
            is_base[i as usize] = true;
        }
        let mut rest = Self {
            sums: std::array::from_fn(|_| vec![0; types]),
            base: None,
        };
        for (i, &stack) in profile.samples.stacks.iter().enumerate() {
            if is_kept[stack.index()] {
                continue;
            }
            if is_base[i] && rest.base.is_none() {
                let labels = profile.samples.labels(i).iter();
                let is_mark = |label: &&Label| profile.strings.bytes(label.key) == b"pprof::base";
                rest.base = labels.copied().find(|label| is_mark(&label));
            }
            for t in 0..types {
                let value = profile.value(i, t);
                let part = usize::from(value < 0) + 2 * usize::from(is_base[i]);
                rest.sums[part][t] = rest.sums[part][t].wrapping_add(value);
            }
        }
        rest
    }

    fn add_to(self, left: &mut Profile, stack: StackId, profile: &Profile) {
        let has_labels = !profile.samples.label_ends.is_empty();
        for (part, sums) in self.sums.iter().enumerate() {
            if sums.iter().all(|&sum| sum == 0) {
                continue;
            }
            let samples = &mut left.samples;
            samples.stacks.push(stack);
            samples.values.extend_from_slice(sums);
            if has_labels {
                samples.labels.extend(self.base.filter(|_| part >= 2));
                samples.label_ends.push(samples.labels.len() as u32);
            }
        }
    }
}

/// Appends a stack of one function of this name.
fn add_stack(profile: &mut Profile, name: &str) -> Option<StackId> {
    let mut ids = NewIds::of(profile);
    let start = u32::try_from(profile.stacks.frames.len()).ok()?;
    let end = start.checked_add(1)?;
    if !ids.have_room() {
        return None;
    }
    let name = profile.strings.push(name.as_bytes())?;
    let function = Function {
        id: 0,
        name,
        system_name: name,
        filename: StringId(0),
        start_line: 0,
    };
    let (location, _) = stand_in(profile, &mut ids, function);
    std::sync::Arc::make_mut(&mut profile.stacks.frames).push(location);
    let stack = StackId(profile.stacks.ranges.len() as u32);
    profile.stacks.ranges.push((start, end));
    Some(stack)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{test_profile, test_profile_of};

    /// What the plan for these heaviest stacks of the first type leaves.
    fn trimmed(profile: &Profile, most: usize) -> Profile {
        let plan = trim_plan(profile, 0, most);
        let trimmed = plan.apply(profile).unwrap().into_owned();
        crate::model::check::check(&trimmed).unwrap();
        trimmed
    }

    /// `root;leaf value…` of every sample, in order.
    fn lines(profile: &Profile) -> Vec<String> {
        let types = profile.sample_types.len();
        let name = |&location: &LocationId| {
            let lines = profile.lines_of(&profile.locations[location.index()]);
            let function = profile.functions[lines[0].function.index()];
            profile.strings.text(function.name).into_owned()
        };
        let line = |(i, &stack): (usize, &StackId)| {
            let frames: Vec<String> = profile.stacks.get(stack).iter().rev().map(name).collect();
            let values = &profile.samples.values[i * types..][..types];
            let values: Vec<String> = values.iter().map(i64::to_string).collect();
            format!("{} {}", frames.join(";"), values.join(" "))
        };
        profile
            .samples
            .stacks
            .iter()
            .enumerate()
            .map(line)
            .collect()
    }

    #[test]
    fn the_heaviest_stacks_stay_and_the_others_are_one() {
        // m;a is in two samples: 2 + 3 is more than the 4 of m;b.
        let profile = test_profile("m;a 2\nm;b 4\nm;c 1\nm;a 3 [k=v]\nm;d 1");
        let plan = trim_plan(&profile, 0, 2);
        assert_eq!((plan.kept, plan.merged), (2, 2));
        assert_eq!((plan.kept_weight, plan.merged_weight), (9, 2));
        let trimmed = trimmed(&profile, 2);
        assert_eq!(
            lines(&trimmed),
            ["m;a 2", "m;b 4", "m;a 3", "(trimmed: 2 stacks) 2"]
        );
        let names: Vec<_> = (trimmed.functions.iter())
            .map(|f| trimmed.strings.text(f.name).into_owned())
            .collect();
        assert!(
            !names.contains(&"c".to_owned()),
            "what is gone leaves nothing: {names:?}"
        );
    }

    #[test]
    fn sums_of_every_type_and_of_magnitudes_stay() {
        let types = [("alloc", "bytes"), ("inuse", "bytes")];
        let profile = test_profile_of(&types, "a 9 1\nb 2 -5\nc 1 7\nd 1 -1");
        // b, c and d: 2 + 1 + 1 = 4 and 7, and of the negative ones 0 and -5 - 1 = -6.
        assert_eq!(
            lines(&trimmed(&profile, 1)),
            [
                "a 9 1",
                "(trimmed: 3 stacks) 4 7",
                "(trimmed: 3 stacks) 0 -6"
            ]
        );
    }

    #[test]
    fn what_is_marked_as_the_baseline_stays_so() {
        let profile = test_profile("a 9\nb -2 [pprof::base=true]\nc 1\nd 1 [pprof::base=false]");
        let trimmed = trimmed(&profile, 1);
        assert_eq!(
            lines(&trimmed),
            ["a 9", "(trimmed: 3 stacks) 2", "(trimmed: 3 stacks) -2"]
        );
        assert_eq!(trimmed.base_samples(), [2]);
    }

    #[test]
    fn nothing_is_lost_of_a_profile_that_is_small_enough() {
        let profile = test_profile("a 1\nb 2");
        let plan = trim_plan(&profile, 0, 2);
        assert_eq!((plan.kept, plan.merged, plan.frame.as_str()), (2, 0, ""));
        assert_eq!(lines(&trimmed(&profile, 2)), lines(&profile));
        let nothing = trim_plan(&test_profile(""), 0, 0);
        assert_eq!((nothing.kept, nothing.merged), (0, 0));
    }
}
