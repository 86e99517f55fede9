//! The middle of a sample, and how far it can be trusted.

use super::normal;

/// A median with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MedianInterval {
    /// The lower end is this value of the sample in ascending order, from 1; 0 is −∞.
    pub low: usize,
    /// The upper end likewise; one beyond the sample is +∞.
    pub high: usize,
    /// The probability with which the interval holds the median of what was sampled from.
    pub level: f64,
}

/// Up to how many samples the binomial distribution is worked out.
const EXACT: usize = 30;

/// Where two values are equally far from the middle, the interval takes the lower one. Beyond 20
/// samples benchstat's rounding decides, and in these places it takes the upper one: level,
/// number of samples, and both ends.
const UPPER_IN_BENCHSTAT: [(f64, usize, usize, usize); 12] = [
    (0.5, 28, 13, 17),
    (0.5, 30, 14, 18),
    (0.8, 27, 11, 18),
    (0.9, 22, 8, 16),
    (0.9, 29, 11, 20),
    (0.95, 24, 8, 18),
    (0.98, 26, 8, 20),
    (0.99, 28, 8, 22),
    (0.995, 21, 5, 18),
    (0.995, 30, 8, 24),
    (0.999, 24, 5, 21),
    (0.999, 30, 7, 25),
];

/// The order statistics of a sample of `n` between which the median lies at `confidence` (in
/// 0..=1) at least: how many of `n` values lie below the median is binomial with one half,
/// whatever they are distributed like. The ends are benchstat's.
pub fn median_interval(n: usize, confidence: f64) -> MedianInterval {
    if n == 0 || confidence >= 1.0 {
        return MedianInterval {
            low: 0,
            high: n + 1,
            level: 1.0,
        };
    }
    if n > EXACT {
        return approximate_interval(n, confidence);
    }
    let weights = binomials(n);
    let share = |low: usize, high: usize| {
        let sum: u64 = weights[low..high].iter().sum();
        sum as f64 / (1_u64 << n) as f64
    };
    // From the lower of the middle ones outwards, the more probable neighbour first.
    let mut low = n.div_ceil(2) - usize::from(n % 2 == 1);
    let mut high = low + 1;
    while share(low, high) < confidence && (low > 0 || high <= n) {
        let below = low.checked_sub(1).map_or(0, |at| weights[at]);
        let above = weights.get(high).copied().unwrap_or(0);
        if below >= above {
            low -= 1;
        } else {
            high += 1;
        }
    }
    for (level, size, from, to) in UPPER_IN_BENCHSTAT {
        if size == n && (level - confidence).abs() < f64::EPSILON {
            (low, high) = (from, to);
        }
    }
    MedianInterval {
        low,
        high,
        level: share(low, high),
    }
}

/// C(n, k) for k from 0 to n.
fn binomials(n: usize) -> Vec<u64> {
    let mut row = vec![1_u64];
    for k in 0..n {
        row.push(row[k] * (n - k) as u64 / (k + 1) as u64);
    }
    row
}

/// The binomial distribution by a normal one, with the correction for whole numbers.
fn approximate_interval(n: usize, confidence: f64) -> MedianInterval {
    let (mean, deviation) = (n as f64 / 2.0, (n as f64).sqrt() / 2.0);
    let share = |low: f64, high: f64| {
        let below = |x: f64| normal::below((x - 0.5 - mean) / deviation);
        below(high) - below(low)
    };
    let from = mean + deviation * normal::quantile((1.0 - confidence) / 2.0);
    let low = (from - 0.5).floor() + 1.0;
    let mut high = (2.0 * mean - from - 0.5).ceil() + 1.0;
    if share(low, high - 1.0) >= confidence {
        high -= 1.0;
    }
    let clamp = |x: f64| x.clamp(0.0, n as f64 + 1.0) as usize;
    MedianInterval {
        low: clamp(low),
        high: clamp(high),
        level: share(low, high),
    }
}

/// The smallest number of samples, up to 50, whose interval has two ends.
pub fn samples_for_interval(confidence: f64) -> Option<usize> {
    (2..=50).find(|&n| {
        let interval = median_interval(n, confidence);
        interval.low > 0 && interval.high <= n
    })
}

/// The median of values in ascending order; NaN of none.
pub fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted {
        [] => f64::NAN,
        _ if sorted.len() % 2 == 1 => sorted[middle],
        _ => {
            let (a, b) = (sorted[middle - 1], sorted[middle]);
            if a == b { a } else { a + 0.5 * (b - a) }
        }
    }
}

/// The most frequent of values in ascending order, the first of several; NaN of none.
pub fn mode(sorted: &[f64]) -> f64 {
    let mut best = (0, f64::NAN);
    let mut run = 0;
    for (at, &value) in sorted.iter().enumerate() {
        run = if at > 0 && sorted[at - 1] == value {
            run + 1
        } else {
            1
        };
        if run > best.0 {
            best = (run, value);
        }
    }
    best.1
}

/// The geometric mean; `None` of no values, where one is not above 0, and where it is no number.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    // Kept as a mean, so that any number of large values has one.
    let mut mean = 0.0;
    for (at, &value) in values.iter().enumerate() {
        if value <= 0.0 || value.is_nan() {
            return None;
        }
        mean += (value.ln() - mean) / (at + 1) as f64;
    }
    (!values.is_empty())
        .then(|| mean.exp())
        .filter(|mean| !mean.is_nan())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_by_hand() {
        // n = 6: all of C(6,k) but the ends, (6+15+20+15+6)/64 = 62/64 = 0.96875, so from the 1st
        // to the 6th. n = 5: 30/32 = 0.9375 is too little, so an end is missing.
        let six = median_interval(6, 0.95);
        assert_eq!((six.low, six.high), (1, 6));
        assert!((six.level - 0.96875).abs() < 1e-15);
        let five = median_interval(5, 0.95);
        assert!(five.low == 0 || five.high == 6);
        // Published for 95 %: 10 → 2 to 9, 20 → 6 to 15, 50 → 18 to 32 (one off symmetry), 100 → 40 to 60.
        for (n, low, high) in [(10, 2, 9), (20, 6, 15), (50, 18, 32), (100, 40, 60)] {
            let interval = median_interval(n, 0.95);
            assert_eq!((interval.low, interval.high), (low, high), "{n}");
        }
        assert_eq!(samples_for_interval(0.95), Some(6));
        assert_eq!(samples_for_interval(0.99), Some(8));
        assert_eq!(samples_for_interval(1.0), None);
        assert_eq!(median_interval(0, 0.95).high, 1);
    }

    #[test]
    fn middles_by_hand() {
        assert!(median(&[]).is_nan());
        assert_eq!(median(&[1.0, 2.0, 9.0]), 2.0);
        assert_eq!(median(&[1.0, 2.0, 4.0, 9.0]), 3.0);
        assert_eq!(median(&[f64::INFINITY; 2]), f64::INFINITY);
        assert_eq!(mode(&[1.0, 2.0, 2.0, 3.0, 3.0]), 2.0);
        // √(2·8) = 4.
        assert!(geometric_mean(&[2.0, 8.0]).is_some_and(|mean| (mean - 4.0).abs() < 1e-15));
        assert_eq!(geometric_mean(&[2.0, 0.0]), None);
        assert_eq!(geometric_mean(&[]), None);
    }
}
