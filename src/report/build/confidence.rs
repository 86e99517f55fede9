//! How well a share of samples is known, in words.

use crate::analysis::{wilson, wilson_share};

/// Wilson's 95% interval for the share of `k` in `n` samples, `73.3–78.0%`; empty without
/// samples.
pub(super) fn interval(k: u64, n: u64) -> String {
    if n == 0 {
        return String::new();
    }
    text(wilson(k, n))
}

/// The same for a share of `n` samples that need not be a whole number of them.
pub(super) fn share_interval(share: f64, n: u64) -> String {
    if n == 0 {
        return String::new();
    }
    text(wilson_share(share, n))
}

fn text((low, high): (f64, f64)) -> String {
    format!("{:.1}–{:.1}%", low * 100.0, high * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_in_percent() {
        // By hand for k = 5, n = 100: centre (0.05 + 0.019208) / 1.038416 = 0.066648, half
        // 1.96 / 1.038416 · √(0.000475 + 0.00009604) = 0.045099.
        assert_eq!(interval(5, 100), "2.2–11.2%");
        // All of ten: 1 ÷ (1 + 3.8416 ÷ 10) = 72.2%.
        assert_eq!(interval(10, 10), "72.2–100.0%");
        assert_eq!(interval(0, 0), "");
        assert_eq!(share_interval(0.05, 100), interval(5, 100));
        // 5 % of 30 are 1.5: centre (0.05 + 0.064027) / 1.128053 = 0.101083, half 1.96 /
        // 1.128053 · √(0.0475 / 30 + 3.8416 / 3600) = 0.089451.
        assert_eq!(share_interval(0.05, 30), "1.2–19.1%");
        assert_eq!(share_interval(0.05, 0), "");
    }
}
