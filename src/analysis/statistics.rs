//! How far numbers from sampling, and differences of two, can be trusted.

use std::f64::consts::{PI, SQRT_2};

use crate::sort::sort_ids;

/// Two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.96;

/// Wilson's 95 % interval for a share of which `matches` of `samples` were seen, each end in
/// 0..=1; `(0, 1)` without samples. `matches` beyond `samples` counts as all.
///
/// Samples of a profile are correlated, so the true interval is at least as wide.
pub fn wilson(matches: u64, samples: u64) -> (f64, f64) {
    if samples == 0 {
        return (0.0, 1.0);
    }
    wilson_share(matches.min(samples) as f64 / samples as f64, samples)
}

/// The same for a share, 0..=1, that need not be a whole number of samples: what a share of 10 %
/// may be in 99 samples.
pub fn wilson_share(share: f64, samples: u64) -> (f64, f64) {
    if samples == 0 {
        return (0.0, 1.0);
    }
    let n = samples as f64;
    let p = share.clamp(0.0, 1.0);
    let spread = 1.0 + Z * Z / n;
    let centre = (p + Z * Z / (2.0 * n)) / spread;
    let half = Z / spread * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

/// Objects that a heap profiler really saw, estimated from the number it scaled them to: an
/// object of `size` bytes is seen with probability 1 − e^(−size ÷ period). `period` up to 1 means
/// that every object is seen.
pub fn sampled_objects(objects: i64, size: f64, period: i64) -> f64 {
    if period <= 1 {
        return objects as f64;
    }
    objects as f64 * -(-size / period as f64).exp_m1()
}

/// One side of a comparison of shares: `matches` of `samples`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Samples with what is asked about; more than `samples` count as all.
    pub matches: u64,
    /// Samples in all.
    pub samples: u64,
}

impl Share {
    fn value(self) -> f64 {
        match self.samples {
            0 => 0.0,
            n => self.matches.min(n) as f64 / n as f64,
        }
    }
}

/// Newcombe's 95 % interval for the share in `new` less that in `base`, made of Wilson's intervals
/// of both.
pub fn newcombe(base: Share, new: Share) -> (f64, f64) {
    let (p1, p2) = (base.value(), new.value());
    let (low1, high1) = wilson(base.matches, base.samples);
    let (low2, high2) = wilson(new.matches, new.samples);
    let (low, high) = ((p2 - low2).hypot(high1 - p1), (high2 - p2).hypot(p1 - low1));
    (p2 - p1 - low, p2 - p1 + high)
}

/// How likely shares as far apart as these are when nothing differs: the two-sided p of the pooled
/// z test. 1 where there is nothing to tell apart.
pub fn share_p(base: Share, new: Share) -> f64 {
    let (n1, n2) = (base.samples as f64, new.samples as f64);
    if base.samples == 0 || new.samples == 0 {
        return 1.0;
    }
    let pooled = (base.value() * n1 + new.value() * n2) / (n1 + n2);
    let error = (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2)).sqrt();
    if error == 0.0 {
        return 1.0;
    }
    two_sided((new.value() - base.value()) / error)
}

/// One side of a comparison of rates: events in an exposure, be that seconds or operations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Events counted.
    pub events: f64,
    /// What they were counted over, above 0.
    pub exposure: f64,
}

/// The rate in `new` as a multiple of that in `base`, with its 95 % interval, for counts that are
/// Poisson: ln r ± 1.96·√(1/k₁ + 1/k₂). `None` where one of them has no events.
pub fn rate_ratio(base: Rate, new: Rate) -> Option<(f64, f64, f64)> {
    let is_positive = |rate: Rate| rate.events > 0.0 && rate.exposure > 0.0;
    if !is_positive(base) || !is_positive(new) {
        return None;
    }
    let ratio = new.events / new.exposure / (base.events / base.exposure);
    let half = Z * (1.0 / base.events + 1.0 / new.events).sqrt();
    Some((ratio, ratio * (-half).exp(), ratio * half.exp()))
}

/// How likely rates as far apart as these are when nothing differs, two-sided: by the error of
/// ln r, or, where one side has no events, by how likely it is that all fall on the other.
pub fn rate_p(base: Rate, new: Rate) -> f64 {
    if let Some((ratio, ..)) = rate_ratio(base, new) {
        return two_sided(ratio.ln() / (1.0 / base.events + 1.0 / new.events).sqrt());
    }
    let all = base.exposure + new.exposure;
    let events = base.events + new.events;
    if !(events > 0.0 && base.exposure > 0.0 && new.exposure > 0.0) {
        return 1.0;
    }
    let side = if base.events > 0.0 { base } else { new };
    (2.0 * (side.exposure / all).powf(events)).min(1.0)
}

/// The standard error of a value that a heap profiler scaled up from `seen` objects; 0 where it saw
/// none.
pub fn sampling_error(value: f64, seen: f64) -> f64 {
    if seen > 0.0 {
        value.abs() / seen.sqrt()
    } else {
        0.0
    }
}

/// Two-sided p of a normal deviate.
pub fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / SQRT_2)
}

/// Which of many tests stand when at most the share `q` of those that do may be false alarms:
/// Benjamini and Hochberg's procedure.
pub fn benjamini_hochberg(p: &[f64], q: f64) -> Vec<bool> {
    let mut order: Vec<u32> = (0..p.len() as u32).collect();
    sort_ids(&mut order, &|a, b| p[a as usize].total_cmp(&p[b as usize]));
    let holds =
        |(place, &test): (usize, &u32)| p[test as usize] <= (place + 1) as f64 / p.len() as f64 * q;
    let last = order.iter().enumerate().rposition(holds);
    let mut stands = vec![false; p.len()];
    for &test in &order[..last.map_or(0, |last| last + 1)] {
        stands[test as usize] = true;
    }
    stands
}

/// The complementary error function of `x` ≥ 0, to some twelve digits: erf's power series near
/// zero, the continued fraction beyond.
fn erfc(x: f64) -> f64 {
    const TERMS: i32 = 80;
    if x < 2.0 {
        let mut power = x;
        let mut sum = x;
        for n in 1..TERMS {
            power *= -x * x / f64::from(n);
            sum += power / f64::from(2 * n + 1);
        }
        return (1.0 - 2.0 / PI.sqrt() * sum).max(0.0);
    }
    let rest = (1..TERMS)
        .rev()
        .fold(x, |rest, n| x + f64::from(n) / 2.0 / rest);
    (-x * x).exp() / PI.sqrt() / rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near((low, high): (f64, f64), a: f64, b: f64) {
        assert!(
            (low - a).abs() < 6e-5 && (high - b).abs() < 6e-5,
            "{low} {high}, not {a} {b}"
        );
    }

    #[test]
    fn the_interval_of_a_difference_is_newcombes() {
        // Newcombe 1998, Statistics in Medicine 17:873, table II, method 10, contrasts a, b, c, d
        // and f: 56/70 − 48/80, 9/10 − 3/10, 6/7 − 2/7, 5/56 − 0/29, 0/10 − 0/10.
        let of = |matches, samples| Share { matches, samples };
        near(newcombe(of(48, 80), of(56, 70)), 0.0524, 0.3339);
        near(newcombe(of(3, 10), of(9, 10)), 0.1705, 0.8090);
        near(newcombe(of(2, 7), of(6, 7)), 0.0582, 0.8062);
        near(newcombe(of(0, 29), of(5, 56)), -0.0381, 0.1926);
        near(newcombe(of(0, 10), of(0, 10)), -0.2775, 0.2775);
        // The other way round it is the same with the sign turned.
        near(newcombe(of(56, 70), of(48, 80)), -0.3339, -0.0524);
    }

    #[test]
    fn tests_of_shares_and_rates() {
        let of = |matches, samples| Share { matches, samples };
        // Pooled 104/150; error √(0.69333 · 0.30667 · (1/70 + 1/80)) = 0.075467; z = 0.2 / that
        // = 2.6502, of which tables of the normal distribution say 0.00805.
        assert!((share_p(of(48, 80), of(56, 70)) - 0.00805).abs() < 1e-5);
        assert!((share_p(of(0, 10), of(0, 10)) - 1.0).abs() < 1e-12);
        assert!((share_p(of(0, 0), of(1, 10)) - 1.0).abs() < 1e-12);
        let rate = |events, exposure| Rate { events, exposure };
        // 100 in 10 s against 50 in 10 s: r = 0.5, half width 1.96 · √0.03 = 0.33948, so
        // 0.5 · e^∓0.33948 = 0.35607 to 0.70211; z = ln 2 / √0.03 = 4.00188.
        let (ratio, low, high) = rate_ratio(rate(100.0, 10.0), rate(50.0, 10.0)).unwrap();
        assert!((ratio - 0.5).abs() < 1e-12);
        near((low, high), 0.35607, 0.70211);
        let p = rate_p(rate(100.0, 10.0), rate(50.0, 10.0));
        assert!((p - 6.284e-5).abs() < 2e-8, "{p}");
        // The same rate over twice the time.
        let (same, ..) = rate_ratio(rate(100.0, 10.0), rate(200.0, 20.0)).unwrap();
        assert!((same - 1.0).abs() < 1e-12);
        // Nothing of five on one of two equal sides: 2 · (1/2)^5.
        assert!((rate_p(rate(0.0, 1.0), rate(5.0, 1.0)) - 0.0625).abs() < 1e-12);
        assert!((rate_p(rate(0.0, 1.0), rate(0.0, 1.0)) - 1.0).abs() < 1e-12);
        assert!(rate_ratio(rate(0.0, 1.0), rate(5.0, 1.0)).is_none());
    }

    #[test]
    fn the_normal_distribution_agrees_with_tables() {
        // Two-sided: 1.96 → 0.0499958, 2.575829 → 0.01, 3 → 0.0026998, 5 → 5.733e-7, 0 → 1.
        for (z, p) in [
            (0.0, 1.0),
            (1.96, 0.049_995_8),
            (-2.575_829_3, 0.01),
            (3.0, 0.002_699_796),
            (5.0, 5.733_031e-7),
        ] {
            let got = two_sided(z);
            assert!((got - p).abs() < 1e-6 * p.max(1e-3), "{z}: {got}");
        }
        assert!(two_sided(40.0) < 1e-300);
    }

    #[test]
    fn many_tests_are_kept_by_benjamini_and_hochberg() {
        // Their own example (1995, section 3.2): at 0.05 the first four of fifteen stand.
        let p = [
            0.3240, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let stands = benjamini_hochberg(&p, 0.05);
        let places: Vec<usize> = (0..p.len()).filter(|&i| stands[i]).collect();
        assert_eq!(places, [1, 2, 3, 4]);
        assert_eq!(benjamini_hochberg(&[], 0.1), [false; 0]);
        // One that fails by itself stands when a larger one holds: 0.06 ≤ 2/2 · 0.1.
        assert_eq!(benjamini_hochberg(&[0.06, 0.06], 0.1), [true, true]);
    }

    #[test]
    fn errors_of_scaled_values() {
        // 4 objects seen: half of the value.
        assert!((sampling_error(-2048.0, 4.0) - 1024.0).abs() < 1e-9);
        assert!(sampling_error(5.0, 0.0) < f64::EPSILON);
    }

    #[test]
    fn wilson_agrees_with_published_values() {
        // Python: p=75.8 % of 1266 → [73.3, 78.0] %, and 5 of 100 → [2.2, 11.2] %, as worked out
        // with the formula by hand for the model report.
        let close = |(low, high): (f64, f64), a: f64, b: f64| {
            assert!(
                (low - a).abs() < 5e-4 && (high - b).abs() < 5e-4,
                "{low} {high}"
            );
        };
        close(wilson(5, 100), 0.0215, 0.1118);
        close(wilson(959, 1266), 0.7332, 0.7803);
        // No matches: low end 0, high end z²/(n+z²) = 3.8416/13.8416.
        close(wilson(0, 10), 0.0, 0.2775);
        close(wilson(10, 10), 0.7225, 1.0);
        assert_eq!(wilson(3, 0), (0.0, 1.0));
        assert_eq!(wilson(20, 10), wilson(10, 10));
        assert_eq!(wilson_share(0.1, 100), wilson(10, 100));
        // 10 % of 99: centre (0.1 + 0.019402) / 1.038804 = 0.114942, half 1.96 / 1.038804 ·
        // √(0.09 / 99 + 3.8416 / 39204) = 0.059877.
        close(wilson_share(0.1, 99), 0.0551, 0.1748);
        assert_eq!(wilson_share(0.1, 0), (0.0, 1.0));
    }

    #[test]
    fn one_seen_object_is_scaled_to_the_sampling_period() {
        // 1 object of 64 B at a period of 512 KiB is scaled to 1/(1−e^(−64/524288)) = 8192.5, so
        // 8192 scaled objects stand for 8192·(1−e^(−1/8192)) = 0.99994 seen ones.
        let seen = sampled_objects(8192, 64.0, 524_288);
        assert!((seen - 1.0).abs() < 1e-3, "{seen}");
        // Large objects are always seen; a period of 1 sees everything.
        assert!((sampled_objects(3, 1e9, 524_288) - 3.0).abs() < 1e-9);
        assert!((sampled_objects(7, 8.0, 1) - 7.0).abs() < f64::EPSILON);
    }
}
