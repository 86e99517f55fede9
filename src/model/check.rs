//! The invariants of a profile, as one function.
//!
//! The reader establishes them and reports what breaks them with a position in the file; this
//! states them once more over the finished tables, for tests of every input and for whoever
//! builds a profile otherwise.

use super::Profile;

/// Checks that every reference points into its table and every table is in step.
///
/// # Errors
///
/// One line that names the first broken invariant.
pub fn check(profile: &Profile) -> Result<(), String> {
    let samples = &profile.samples;
    let types = profile.sample_types.len();
    ensure(types > 0, "at least one sample type")?;
    ensure(
        samples.values.len() == samples.len() * types,
        "one value per sample and type",
    )?;
    ensure(
        samples
            .stacks
            .iter()
            .all(|s| s.index() < profile.stacks.len()),
        "samples' stacks exist",
    )?;
    let ends = &samples.label_ends;
    ensure(
        ends.is_empty() || ends.len() == samples.len(),
        "label ends for all samples or none",
    )?;
    ensure(ends.is_sorted(), "label ends ascend")?;
    ensure(
        ends.last()
            .is_none_or(|&end| end as usize == samples.labels.len()),
        "label ends cover the labels",
    )?;
    let frames = &profile.stacks.frames;
    let in_frames = |&(start, end): &(u32, u32)| start <= end && end as usize <= frames.len();
    ensure(
        profile.stacks.ranges.iter().all(in_frames),
        "stacks lie in the frames",
    )?;
    let filled = profile
        .stacks
        .ranges
        .iter()
        .filter(|(start, end)| start < end);
    ensure(
        filled.is_sorted_by(|one, next| one.1 <= next.0),
        "stacks stand in order, and no two share frames",
    )?;
    ensure(
        frames.iter().all(|l| l.index() < profile.locations.len()),
        "frames' locations exist",
    )?;
    for location in &profile.locations {
        let (start, end) = location.lines;
        ensure(
            start <= end && end as usize <= profile.lines.len(),
            "locations' lines exist",
        )?;
        ensure(
            location
                .mapping
                .is_none_or(|m| m.index() < profile.mappings.len()),
            "mappings exist",
        )?;
        ensure(location.id != 0, "no location has the id 0")?;
    }
    ensure(
        profile
            .lines
            .iter()
            .all(|l| l.function.index() < profile.functions.len()),
        "lines' functions exist",
    )?;
    ensure(
        profile.strings.bytes(super::StringId(0)).is_empty(),
        "string 0 is empty",
    )
}

fn ensure(holds: bool, what: &str) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(format!("broken invariant: {what}"))
    }
}
