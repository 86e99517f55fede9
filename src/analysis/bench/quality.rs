//! Whether samples look like independent runs of one thing.

use super::{median, normal};

/// What is odd about samples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// Values beyond Tukey's inner fences, one and a half times the distance of the quartiles.
    pub outliers: usize,
    /// Of them those beyond the outer fences, three times the distance.
    pub far_outliers: usize,
    /// The values fall into two groups with nothing between: the middle of the lower group and of
    /// the upper.
    pub groups: Option<(f64, f64)>,
    /// The values rise or fall from run to run.
    pub drift: Option<Drift>,
}

/// A trend from run to run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    /// The probability of such an order by chance.
    pub p: f64,
    /// Median of the second half over that of the first, less 1.
    pub change: f64,
}

/// From so many samples on an order can be told from chance, and groups from gaps.
const LEAST: usize = 8;
/// A trend is told where chance is less probable than this: every cell is looked at.
const CHANCE: f64 = 0.01;
/// Every pair is looked at, so not of any number of samples.
const MOST: usize = 2000;

/// Looks at samples in the order of their runs.
pub fn quality(samples: &[f64]) -> Quality {
    let mut found = Quality::default();
    if samples.len() < 5 || samples.iter().any(|x| !x.is_finite()) {
        return found;
    }
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (first, third) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
    let apart = third - first;
    let beyond = |by: f64| {
        let (low, high) = (first - by * apart, third + by * apart);
        sorted.iter().filter(|&&x| x < low || x > high).count()
    };
    found.outliers = beyond(1.5);
    found.far_outliers = beyond(3.0);
    found.groups = groups(&sorted);
    found.drift = drift(samples).filter(|drift| drift.p < CHANCE);
    found
}

/// Whether values rise or fall from run to run: [`Quality::drift`] alone.
pub fn drifts(samples: &[f64]) -> bool {
    let is_fine = samples.iter().all(|x| x.is_finite());
    is_fine && drift(samples).is_some_and(|drift| drift.p < CHANCE)
}

/// Between two neighbours, in proportion.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let below = sorted[at as usize];
    let above = sorted[(at as usize + 1).min(sorted.len() - 1)];
    below + (above - below) * at.fract()
}

/// Two groups of a fifth of the samples at least, further from each other than any is wide.
fn groups(sorted: &[f64]) -> Option<(f64, f64)> {
    let n = sorted.len();
    if n < LEAST {
        return None;
    }
    let gap = |at: usize| sorted[at] - sorted[at - 1];
    let widest = (1..n).max_by(|&a, &b| gap(a).total_cmp(&gap(b)))?;
    let (low, high) = sorted.split_at(widest);
    let width = |part: &[f64]| part[part.len() - 1] - part[0];
    let is_apart = gap(widest) > width(low).max(width(high));
    // Of numbers with four digits all are in groups if one looks closely enough.
    let matters = gap(widest) > 0.02 * median(sorted).abs();
    let is_group = low.len().min(high.len()) * 5 >= n;
    (is_apart && matters && is_group).then(|| (median(low), median(high)))
}

/// The test of Mann and Kendall.
fn drift(samples: &[f64]) -> Option<Drift> {
    let n = samples.len();
    if !(LEAST..=MOST).contains(&n) {
        return None;
    }
    let mut sum = 0_i64;
    for (at, a) in samples.iter().enumerate() {
        for b in &samples[at + 1..] {
            sum += i64::from(b > a) - i64::from(b < a);
        }
    }
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let weight = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let ties: f64 = sorted
        .chunk_by(|a, b| a == b)
        .map(|equal| weight(equal.len() as f64))
        .sum();
    let variance = (weight(n as f64) - ties) / 18.0;
    if variance <= 0.0 {
        return None;
    }
    let z = (sum.abs() - 1).max(0) as f64 / variance.sqrt();
    let (first, second) = samples.split_at(n / 2);
    let middle = |part: &[f64]| {
        let mut part = part.to_vec();
        part.sort_by(f64::total_cmp);
        median(&part)
    };
    let (before, after) = (middle(first), middle(second));
    (before != 0.0).then(|| Drift {
        p: 2.0 * normal::below(-z),
        change: after / before - 1.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_is_told() {
        // Quartiles 3.25 and 7.75: fences at −3.5 and 14.5, and at −10.25 and 21.25.
        let far = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 15.0, 30.0];
        let found = quality(&far);
        assert_eq!((found.outliers, found.far_outliers), (2, 1));
        let two = [1.0, 1.1, 2.0, 2.1, 1.05, 2.05, 1.0, 2.0];
        assert_eq!(quality(&two).groups, Some((1.025, 2.025)));
        assert_eq!(quality(&two).drift, None);
        // Ten in order: 45 pairs, variance 10·9·25/18 = 125, z = 44/11.18 = 3.935.
        let rising = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
        let drift = quality(&rising).drift.expect("rises");
        assert!((drift.p - 8.3e-5).abs() < 1e-6, "{}", drift.p);
        assert_eq!(drift.change, 8.0 / 3.0 - 1.0);
        assert_eq!(quality(&rising).groups, None);
        for odd in [&[1.0; 20][..], &[f64::NAN; 20], &[], &[1.0, 9.0]] {
            assert_eq!(quality(odd), Quality::default());
        }
    }
}
