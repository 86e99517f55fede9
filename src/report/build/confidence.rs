//! How well a share of samples is known, in words.

use crate::analysis::wilson;

/// Wilson's 95% interval for the share of `k` in `n` samples, `73.3–78.0%`; empty without
/// samples.
pub(super) fn interval(k: u64, n: u64) -> String {
    if n == 0 {
        return String::new();
    }
    let (low, high) = wilson(k, n);
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
    }
}
