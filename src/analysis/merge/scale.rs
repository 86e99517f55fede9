//! Values multiplied, and one profile taken from another.

use super::labels::mark;
use super::tables::TOO_LARGE;
use super::{Common, Header, MergeRules, Merged, Merger};
use crate::analysis::filter::keep_samples;
use crate::error::Diagnostic;
use crate::model::Profile;
use crate::unit::to_integer;

/// Multiplies the values of each sample type by its ratio, rounded half away from zero. Samples
/// that are left with nothing but zeros go; with pprof also those whose remaining values were not
/// multiplied.
#[expect(
    clippy::float_cmp,
    reason = "pprof leaves alone what would be multiplied by exactly 1"
)]
pub fn scale_types(profile: &mut Profile, ratios: &[f64], rules: MergeRules) -> Vec<Diagnostic> {
    if ratios.iter().all(|&ratio| ratio == 1.0) {
        return Vec::new();
    }
    let types = profile.sample_types.len().max(1);
    let mut saved = 0;
    let mut keep = Vec::with_capacity(profile.samples.len());
    for row in profile.samples.values.chunks_exact_mut(types) {
        let (mut has_scaled, mut has_any) = (false, false);
        for (value, &ratio) in row.iter_mut().zip(ratios) {
            if ratio != 1.0 {
                *value = to_integer((*value as f64 * ratio).round());
                has_scaled |= *value != 0;
            }
            has_any |= *value != 0;
        }
        saved += usize::from(has_any && !has_scaled);
        keep.push(has_scaled || has_any && !rules.exact);
    }
    keep_samples(profile, |i, _| keep[i]);
    if rules.exact || saved == 0 {
        return Vec::new();
    }
    vec![Diagnostic::note(format!(
        "Samples that are zero where the unit changes, and not elsewhere: {saved}; pprof would \
         drop them."
    ))]
}

/// Brings a profile to the size of its base: each sample type is multiplied by the ratio of their
/// sums. The error is pprof's sentence.
pub fn normalize(profile: &mut Profile, base: &Profile, rules: MergeRules) -> Result<(), String> {
    Header::of(profile).check_same(&Header::of(base), rules)?;
    let types = profile.sample_types.len();
    let sums = |profile: &Profile| {
        let mut sums = vec![0_i64; types];
        for row in profile.samples.values.chunks_exact(types.max(1)) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum = sum.wrapping_add(*value);
            }
        }
        sums
    };
    let ratio = |(own, base): (i64, i64)| match own {
        0 => 0.0,
        own => base as f64 / own as f64,
    };
    let ratios: Vec<f64> = sums(profile)
        .into_iter()
        .zip(sums(base))
        .map(ratio)
        .collect();
    // A type without values has the ratio 0, which is no reason to keep a sample.
    scale_types(profile, &ratios, rules);
    Ok(())
}

/// Marks all samples as those of a diff's base. The error is a sentence.
pub fn mark_base(profile: &mut Profile) -> Result<(), String> {
    mark(profile).ok_or_else(|| TOO_LARGE.to_owned())
}

/// Turns a profile into what is to be added for it to be subtracted.
pub fn subtrahend(profile: &mut Profile, rules: MergeRules) {
    if rules.exact {
        // pprof multiplies by -1.0, which costs large values their last bits.
        let ratios = vec![-1.0; profile.sample_types.len()];
        scale_types(profile, &ratios, rules);
        return;
    }
    for value in &mut profile.samples.values {
        *value = value.wrapping_neg();
    }
}

/// `source` less `base`. `compare` marks what is the base's, so that percentages are of it
/// (pprof's `-diff_base`); `normalized` first brings the source to the base's size. The error is
/// pprof's sentence.
pub fn diff(
    mut source: Profile,
    mut base: Profile,
    compare: bool,
    normalized: bool,
    rules: MergeRules,
) -> Result<Merged, String> {
    if compare {
        mark_base(&mut base)?;
    }
    if normalized {
        normalize(&mut source, &base, rules)?;
    }
    subtrahend(&mut base, rules);
    let common = Common::of(&[Header::of(&source), Header::of(&base)], rules)?;
    let mut diagnostics = common.remarks().to_vec();
    let mut merger = Merger::new(rules);
    for mut profile in [source, base] {
        diagnostics.extend(common.conform(&mut profile)?);
        merger.add(&profile)?;
    }
    let mut merged = merger.finish()?;
    merged.diagnostics.splice(0..0, diagnostics);
    Ok(merged)
}
