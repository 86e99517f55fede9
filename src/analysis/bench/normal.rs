//! The normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// 1 − erf(x), to about the last digit.
fn erfc(x: f64) -> f64 {
    if x < 0.0 {
        return 2.0 - erfc(-x);
    }
    if x < 1.5 {
        // erf(x) = 2/√π · e^(−x²) · (x + 2x³/3 + 4x⁵/15 + …): all terms are positive.
        let (mut term, mut sum) = (x, x);
        let mut odd = 1.0;
        while term > sum * 1e-18 {
            odd += 2.0;
            term *= 2.0 * x * x / odd;
            sum += term;
        }
        return 1.0 - 2.0 / PI.sqrt() * (-x * x).exp() * sum;
    }
    // A continued fraction: x + ½/(x + 1/(x + ³⁄₂/(x + …))), from so deep inside that it has
    // converged where it does so most slowly, at 1.5.
    let depth = (1..=150).rev();
    let fraction = depth.fold(x, |below, k| x + f64::from(k) / 2.0 / below);
    (-x * x).exp() / PI.sqrt() / fraction
}

/// The share of a standard normal distribution below `x`.
pub(super) fn below(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

/// The point below which a share `p` of a standard normal distribution lies.
pub(super) fn quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    // A start that is off by a thousandth (Hastings' formula), and Halley's steps from there: each
    // triples the digits.
    let t = (-2.0 * p.ln()).sqrt();
    let mut x = (2.30753 + 0.27061 * t) / (1.0 + t * (0.99229 + t * 0.04481)) - t;
    for _ in 0..3 {
        let density = (-x * x / 2.0).exp() / (SQRT_2 * PI.sqrt());
        let step = (below(x) - p) / density;
        if !step.is_finite() {
            break;
        }
        x -= step / (1.0 + x * step / 2.0);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_published_tables() {
        // Abramowitz and Stegun, table 26.1 and the well-known quantiles.
        let cases = [
            (0.0, 0.5),
            (1.0, 0.841_344_746_068_542_9),
            (2.0, 0.977_249_868_051_820_8),
            (3.0, 0.998_650_101_968_369_9),
            (-1.0, 0.158_655_253_931_457_05),
            (-3.0, 0.001_349_898_031_630_094_6),
            (-5.0, 2.866_515_718_791_939e-7),
            (-10.0, 7.619_853_024_160_527e-24),
        ];
        for (x, p) in cases {
            let relative = (below(x) - p).abs() / p;
            assert!(relative < 1e-13, "{x}: {relative:e}");
            assert!((quantile(p) - x).abs() < 1e-9 || x > 2.0, "{x}");
        }
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((quantile(0.0005) + 3.290_526_731_491_895).abs() < 1e-12);
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(quantile(1.0), f64::INFINITY);
    }
}
