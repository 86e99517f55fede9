//! How far numbers from sampling can be trusted.

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
    /// Two-sided 95 % quantile of the normal distribution.
    const Z: f64 = 1.96;
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

#[cfg(test)]
mod tests {
    use super::*;

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
