//! Two profiles as one: the tables of both, one after the other, so that nodes, trees and names are
//! made once and mean the same for both. Stacks of the baseline stay apart from those of the other
//! profile; what is equal by name meets in the nodes.

use std::sync::{Arc, OnceLock};

use super::Side;
use super::evidence::Evidence;
use crate::model::{
    Function, FunctionId, Line, Location, LocationId, Mapping, MappingId, Profile, Stacks,
    StringId, ValueType,
};
use crate::unit;

const TOO_LARGE: &str = "the two profiles together are too large";

/// The profiles as one, with what each stack counts for.
#[derive(Debug, Default)]
pub(super) struct Joint {
    /// Tables of both and no samples yet: what a stack weighs depends on how they are compared.
    pub(super) profile: Profile,
    /// Stacks below this one are the baseline's.
    pub(super) base_stacks: usize,
    /// Per stack the value of the sample type compared, in the unit of the newer profile.
    pub(super) values: Vec<i64>,
    /// Per stack what was really sampled, in parts of [`Evidence::PARTS`].
    pub(super) seen: Vec<i64>,
    /// Per stack the value of the sample type that belongs to the one compared: the objects of
    /// bytes, the bytes of objects. Empty where there is none.
    pub(super) beside: Vec<i64>,
}

impl Joint {
    /// Joins two profiles, of the sample types of `base` and `new`.
    pub(super) fn new(base: &Side<'_>, new: &Side<'_>, evidence: Evidence) -> Result<Self, String> {
        let mut joint = Self {
            base_stacks: base.profile.stacks.len(),
            ..Self::default()
        };
        let value = new.value_type();
        joint.profile.strings = base.profile.strings.clone();
        joint.append(base.profile, true)?;
        joint.append(new.profile, false)?;
        let strings = base.profile.strings.len();
        joint.profile.sample_types = vec![ValueType {
            kind: moved(value.kind, strings)?,
            unit: moved(value.unit, strings)?,
        }];
        joint.profile.time_nanos = new.profile.time_nanos;
        joint.profile.duration_nanos = new.profile.duration_nanos;
        let ratio = unit::scaled(1, &base.unit(), &new.unit()).0;
        joint.values = per_stack(base, |i| {
            let value = base.profile.value(i, base.sample_type);
            unit::to_integer((value as f64 * ratio).round())
        });
        if (ratio - 1.0).abs() < f64::EPSILON {
            joint.values = per_stack(base, |i| base.profile.value(i, base.sample_type));
        }
        let of_new = per_stack(new, |i| new.profile.value(i, new.sample_type));
        joint.values.extend(of_new);
        for side in [base, new] {
            let reader = evidence.reader(side);
            let seen = |i| (reader.seen(side.profile, i) * Evidence::PARTS).round() as i64;
            joint.seen.extend(per_stack(side, seen));
        }
        if let (Some(of_base), Some(of_new)) = (base.partner(), new.partner()) {
            joint.beside = per_stack(base, |i| base.profile.value(i, of_base));
            let more = per_stack(new, |i| new.profile.value(i, of_new));
            joint.beside.extend(more);
        }
        Ok(joint)
    }

    fn append(&mut self, source: &Profile, is_first: bool) -> Result<(), String> {
        let profile = &mut self.profile;
        let strings = if is_first { 0 } else { profile.strings.len() };
        if !is_first {
            for row in 0..source.strings.len() as u32 {
                let text = source.strings.bytes(StringId(row));
                profile.strings.push(text).ok_or(TOO_LARGE)?;
            }
        }
        let string = |id| moved(id, strings);
        let functions = profile.functions.len();
        for function in &source.functions {
            profile.functions.push(Function {
                name: string(function.name)?,
                system_name: string(function.system_name)?,
                filename: string(function.filename)?,
                ..*function
            });
        }
        let mappings = profile.mappings.len();
        for mapping in &source.mappings {
            profile.mappings.push(Mapping {
                filename: string(mapping.filename)?,
                build_id: string(mapping.build_id)?,
                ..*mapping
            });
        }
        let lines = profile.lines.len();
        for line in &source.lines {
            profile.lines.push(Line {
                function: FunctionId(plus(line.function.0, functions)?),
                ..*line
            });
        }
        let locations = profile.locations.len();
        for location in &source.locations {
            let mapping = location.mapping.map(|id| plus(id.0, mappings));
            profile.locations.push(Location {
                mapping: mapping.transpose()?.map(MappingId),
                lines: (
                    plus(location.lines.0, lines)?,
                    plus(location.lines.1, lines)?,
                ),
                ..*location
            });
        }
        append_stacks(&mut profile.stacks, &source.stacks, locations)
    }

    /// Gives the profile its samples, one for each stack that weighs anything: those of the baseline
    /// negative, so that sums are differences and sums of magnitudes are both together.
    pub(super) fn weigh(&mut self, values: &[i64], weight: impl Fn(usize) -> i64) {
        let samples = &mut self.profile.samples;
        let mut of_base = Vec::new();
        for stack in 0..values.len() {
            let weight = weight(stack);
            if weight == 0 {
                continue;
            }
            let is_base = stack < self.base_stacks;
            if is_base {
                of_base.push(samples.stacks.len() as u32);
            }
            samples.stacks.push(crate::model::StackId(stack as u32));
            let signed = if is_base {
                weight.wrapping_neg()
            } else {
                weight
            };
            samples.values.push(signed);
        }
        self.profile.base_samples = OnceLock::from(of_base);
    }
}

fn append_stacks(stacks: &mut Stacks, source: &Stacks, locations: usize) -> Result<(), String> {
    let frames = Arc::make_mut(&mut stacks.frames);
    for &(from, to) in &source.ranges {
        let start = plus(0, frames.len())?;
        for location in &source.frames[from as usize..to as usize] {
            frames.push(LocationId(plus(location.0, locations)?));
        }
        stacks.ranges.push((start, plus(0, frames.len())?));
    }
    Ok(())
}

/// A row behind `before` others.
fn plus(row: u32, before: usize) -> Result<u32, String> {
    let sum = u32::try_from(before).ok().and_then(|n| n.checked_add(row));
    sum.ok_or_else(|| TOO_LARGE.to_owned())
}

/// The empty string is row 0, whichever table it comes from.
fn moved(id: StringId, before: usize) -> Result<StringId, String> {
    match id {
        StringId(0) => Ok(id),
        _ => Ok(StringId(plus(id.0, before)?)),
    }
}

fn per_stack(side: &Side<'_>, value: impl Fn(usize) -> i64) -> Vec<i64> {
    let mut sums = vec![0_i64; side.profile.stacks.len()];
    for (i, stack) in side.profile.samples.stacks.iter().enumerate() {
        let sum = &mut sums[stack.index()];
        *sum = sum.wrapping_add(value(i));
    }
    sums
}
