//! Which samples count, and how much: one weight per stack.

use crate::model::Profile;

/// The samples of one sample type, summed per stack. Filters make a new selection over the same
/// profile; nothing is parsed again.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Sample type index.
    pub sample_type: usize,
    /// Σ value per stack, wrapping as Go's int64 does.
    pub weights: Vec<i64>,
    /// Stacks whose samples cancel to zero although some are not zero; pprof still draws their
    /// edges. Empty when no value is negative.
    pub cancelled: Vec<bool>,
    /// Σ |value| over all samples (pprof's 100 %), stackless ones included. In a saved diff, whose
    /// samples carry the label `pprof::base=true` where they are the base's, only over those.
    pub total: i64,
    /// True when `total` is that of a saved diff's base.
    pub of_base: bool,
    /// True when some value is negative (a diff, or a `?seconds=` delta).
    pub signed: bool,
    /// Values are to be shown as means (pprof's `-mean`).
    pub mean: bool,
    /// Σ events per stack, for means; else empty.
    pub divisors: Vec<i64>,
    /// True when `total` does not fit 64 bits and wrapped.
    pub overflowed: bool,
}

impl Selection {
    /// All samples of sample type `sample_type`.
    pub fn all(profile: &Profile, sample_type: usize) -> Self {
        let mut selection = Self {
            sample_type,
            weights: vec![0; profile.stacks.len()],
            ..Self::default()
        };
        let mut exact: i128 = 0;
        let mut touched = Vec::new();
        for (i, stack) in profile.samples.stacks.iter().enumerate() {
            let value = profile.value(i, sample_type);
            let weight = &mut selection.weights[stack.index()];
            *weight = weight.wrapping_add(value);
            exact += i128::from(value).abs();
            if value < 0 && !selection.signed {
                selection.signed = true;
                touched = vec![false; profile.stacks.len()];
                let earlier = profile.samples.stacks[..i].iter().enumerate();
                for (_, stack) in earlier.filter(|&(j, _)| profile.value(j, sample_type) != 0) {
                    touched[stack.index()] = true;
                }
            }
            if selection.signed && value != 0 {
                touched[stack.index()] = true;
            }
        }
        (selection.total, selection.of_base) = Self::total_of(profile, sample_type);
        selection.overflowed = exact > i128::from(i64::MAX);
        if selection.signed {
            selection.cancelled = touched
                .iter()
                .zip(&selection.weights)
                .map(|(&touched, &weight)| touched && weight == 0)
                .collect();
        }
        selection
    }

    /// [`Self::total`] and [`Self::of_base`] of [`Self::all`], for which nothing is summed by stack.
    pub fn total_of(profile: &Profile, sample_type: usize) -> (i64, bool) {
        let (base, _) = Self::base_totals(profile, sample_type, 0);
        if base > 0 {
            return (base, true);
        }
        let values = (0..profile.samples.len()).map(|i| profile.value(i, sample_type));
        let total = values.fold(0, |sum, value| i64::wrapping_add(sum, value.wrapping_abs()));
        (total, false)
    }

    /// The part of [`Self::total_of`] that is in samples for which `keep` holds.
    pub fn total_where(profile: &Profile, sample_type: usize, keep: impl Fn(usize) -> bool) -> i64 {
        let value =
            |sum: i64, i: usize| sum.wrapping_add(profile.value(i, sample_type).wrapping_abs());
        if Self::total_of(profile, sample_type).1 {
            let base = profile.base_samples().iter().map(|&i| i as usize);
            return base.filter(|&i| keep(i)).fold(0, value);
        }
        (0..profile.samples.len())
            .filter(|&i| keep(i))
            .fold(0, value)
    }

    /// The same with values as means over sample type `events`: the 100 % is Σ |value| ÷ Σ events,
    /// in integers. Sums stay sums until they are shown, so shares can exceed 100 %.
    pub fn mean(profile: &Profile, sample_type: usize, events: usize) -> Self {
        let mut selection = Self::all(profile, sample_type);
        selection.mean = true;
        selection.divisors = vec![0; profile.stacks.len()];
        let mut all = 0_i64;
        for (i, stack) in profile.samples.stacks.iter().enumerate() {
            let count = profile.value(i, events);
            let divisor = &mut selection.divisors[stack.index()];
            *divisor = divisor.wrapping_add(count);
            all = all.wrapping_add(count);
        }
        let base = Self::base_totals(profile, sample_type, events);
        let all = if base.0 > 0 { base.1 } else { all };
        if all != 0 {
            selection.total = selection.total.wrapping_div(all);
        }
        selection
    }

    /// Σ |value| and Σ events over the samples that a diff marks as its base's.
    fn base_totals(profile: &Profile, sample_type: usize, events: usize) -> (i64, i64) {
        let base = profile.base_samples().iter().map(|&i| i as usize);
        base.fold((0, 0), |(total, count), i| {
            let value = profile.value(i, sample_type).wrapping_abs();
            (
                i64::wrapping_add(total, value),
                i64::wrapping_add(count, profile.value(i, events)),
            )
        })
    }

    /// The divisors as a selection of their own.
    pub(super) fn divisor_selection(&self) -> Option<Self> {
        (!self.divisors.is_empty()).then(|| Self {
            weights: self.divisors.clone(),
            ..Self::default()
        })
    }

    /// Σ value over all samples, which is `total` only where no value is negative and nothing is
    /// a mean.
    pub fn net(&self) -> i64 {
        self.weights.iter().copied().fold(0, i64::wrapping_add)
    }

    /// Stacks that count, with their weight, in table order: for means also those that have
    /// nothing but events.
    pub fn stacks(&self) -> impl Iterator<Item = (usize, i64)> + '_ {
        let counts = |i: usize| {
            self.cancelled.get(i).is_some_and(|&cancelled| cancelled)
                || self.divisors.get(i).is_some_and(|&events| events != 0)
        };
        self.weights
            .iter()
            .copied()
            .enumerate()
            .filter(move |&(i, weight)| weight != 0 || counts(i))
    }
}
