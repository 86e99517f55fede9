//! A cell's samples in a few numbers.

use rustc_hash::FxHashMap;

use super::{Assume, MedianInterval, Warning, median, median_interval, mode, samples_for_interval};

/// The middle of some samples and an interval around it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleSummary {
    /// Number of samples.
    pub n: usize,
    /// Their median; of a unit that is said to be exact, the most frequent value.
    pub center: f64,
    /// Lower end of the interval, −∞ where there are too few samples.
    pub low: f64,
    /// Upper end, +∞ likewise.
    pub high: f64,
    /// The level that the interval really has.
    pub level: f64,
    /// What to know about it.
    pub warnings: Vec<Warning>,
}

/// Summarises samples in whatever order.
pub fn summarise(samples: &[f64], assume: Assume, confidence: f64) -> SampleSummary {
    MedianIntervals::new(confidence).summarise(samples, assume)
}

/// Intervals of one level, which depend on nothing but the number of samples.
#[derive(Debug)]
pub(super) struct MedianIntervals {
    confidence: f64,
    known: FxHashMap<usize, MedianInterval>,
}

impl MedianIntervals {
    pub(super) fn new(confidence: f64) -> Self {
        Self {
            confidence,
            known: FxHashMap::default(),
        }
    }

    /// Summarises samples in whatever order.
    pub(super) fn summarise(&mut self, samples: &[f64], assume: Assume) -> SampleSummary {
        let confidence = self.confidence;
        let n = samples.len();
        let known = self.known.entry(n);
        let interval = *known.or_insert_with(|| median_interval(n, confidence));
        summarised(samples, assume, confidence, interval)
    }
}

fn summarised(
    samples: &[f64],
    assume: Assume,
    confidence: f64,
    interval: MedianInterval,
) -> SampleSummary {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let mut warnings = Vec::new();
    if sorted.iter().any(|x| x.is_nan()) {
        warnings.push(Warning::NotANumber);
    }
    let (first, last) = match sorted.as_slice() {
        [] => (f64::NAN, f64::NAN),
        [first, .., last] => (*first, *last),
        [only] => (*only, *only),
    };
    if assume == Assume::Exact {
        if first != last && n > 0 {
            let (low, high) = (first, last);
            warnings.push(Warning::NotExact { low, high });
        }
        return SampleSummary {
            n,
            center: mode(&sorted),
            low: first,
            high: last,
            level: 1.0,
            warnings,
        };
    }
    let low = interval.low.checked_sub(1).and_then(|at| sorted.get(at));
    let high = interval.high.checked_sub(1).and_then(|at| sorted.get(at));
    if low.is_none() || high.is_none() {
        warnings.push(Warning::FewForInterval {
            need: samples_for_interval(confidence),
            level: confidence,
        });
    }
    SampleSummary {
        n,
        center: median(&sorted),
        low: low.copied().unwrap_or(f64::NEG_INFINITY),
        high: high.copied().unwrap_or(f64::INFINITY),
        level: interval.level,
        warnings,
    }
}

/// How far an interval reaches from its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RelativeRange {
    /// An end is missing.
    Infinite,
    /// The ends are not on the middle's side of 0, so no share of it says how far they are.
    AcrossZero,
    /// The larger of both ways, as a share of the middle; below 0 where that is.
    Share(f64),
}

/// How far an interval reaches from its middle: what stands after ±.
pub fn relative_range(center: f64, low: f64, high: f64) -> RelativeRange {
    let side = |x: f64| i8::from(x > 0.0) - i8::from(x < 0.0);
    if low.is_infinite() || high.is_infinite() {
        RelativeRange::Infinite
    } else if side(low) != side(center) || side(high) != side(center) {
        RelativeRange::AcrossZero
    } else if center == 0.0 {
        RelativeRange::Share(0.0)
    } else {
        RelativeRange::Share((high / center - 1.0).max(1.0 - low / center))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_samples_have_an_interval() {
        let six = summarise(&[3.0, 1.0, 2.0, 6.0, 5.0, 4.0], Assume::Nothing, 0.95);
        assert_eq!((six.n, six.center, six.low, six.high), (6, 3.5, 1.0, 6.0));
        assert_eq!(six.warnings, []);
        let five = summarise(&[1.0; 5], Assume::Nothing, 0.95);
        let (need, level) = (Some(6), 0.95);
        assert_eq!(five.warnings, [Warning::FewForInterval { need, level }]);
        assert_eq!(
            relative_range(1.0, five.low, five.high),
            RelativeRange::Infinite
        );
        assert!(summarise(&[], Assume::Exact, 0.95).center.is_nan());
    }

    #[test]
    fn exact_units_have_a_most_frequent_value() {
        let exact = summarise(&[101.0, 100.0, 101.0], Assume::Exact, 0.95);
        assert_eq!((exact.center, exact.low, exact.high), (101.0, 100.0, 101.0));
        let (low, high) = (100.0, 101.0);
        assert_eq!(exact.warnings, [Warning::NotExact { low, high }]);
        assert_eq!(summarise(&[7.0], Assume::Exact, 0.95).warnings, []);
    }

    #[test]
    fn ranges_by_hand() {
        assert_eq!(relative_range(2.0, 1.0, 5.0), RelativeRange::Share(1.5));
        assert_eq!(relative_range(1.0, 0.0, 2.0), RelativeRange::AcrossZero);
        assert_eq!(relative_range(0.0, 0.0, 0.0), RelativeRange::Share(0.0));
        // Below 0 the ends change places, and upstream's formula with them.
        assert_eq!(
            relative_range(-4.0, -5.0, -3.0),
            RelativeRange::Share(-0.25)
        );
    }
}
