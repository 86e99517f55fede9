//! What to know about a number before it is believed.

use std::fmt;

use crate::gotext::shortest;

/// A warning; written out it has the words of benchstat, where benchstat has it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// Too few samples for an interval.
    FewForInterval {
        /// How many are needed; `None` is more than 50.
        need: Option<usize>,
        /// The level of the interval.
        level: f64,
    },
    /// Too few samples for any difference to be told from chance.
    FewForTest {
        /// How many are needed; `None` is more than 10.
        need: Option<usize>,
        /// The probability that a difference has to stay below.
        alpha: f64,
    },
    /// All samples of both sides have one value.
    AllEqual,
    /// Values of a unit that is said to be exact differ.
    NotExact {
        /// The smallest.
        low: f64,
        /// The largest.
        high: f64,
    },
    /// A sample is no number, so nothing can be said.
    NotANumber,
    /// A column with a value that is not above 0 has no geometric mean.
    NotPositive,
    /// A column with a ratio that is not above 0 has no mean of its ratios.
    RatioNotPositive,
    /// A column does not have the same benchmarks as the one it is compared with.
    OtherBenchmarks,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::FewForInterval { need, level } => {
                needs(f, need, 50)?;
                let level = shortest(level);
                write!(f, "samples for confidence interval at level {level}")
            }
            Self::FewForTest { need, alpha } => {
                needs(f, need, 10)?;
                let alpha = shortest(alpha);
                write!(f, "samples to detect a difference at alpha level {alpha}")
            }
            Self::AllEqual => f.write_str("all samples are equal"),
            Self::NotExact { low, high } => {
                let (low, high) = (shortest(low), shortest(high));
                write!(
                    f,
                    "exact distribution expected, but values range from {low} to {high}"
                )
            }
            Self::NotANumber => f.write_str("a sample is not a number"),
            Self::NotPositive => f.write_str("summaries must be >0 to compute geomean"),
            Self::RatioNotPositive => f.write_str("ratios must be >0 to compute geomean"),
            Self::OtherBenchmarks => {
                f.write_str("benchmark set differs from baseline; geomeans may not be comparable")
            }
        }
    }
}

fn needs(f: &mut fmt::Formatter<'_>, need: Option<usize>, most: usize) -> fmt::Result {
    match need {
        Some(need) => write!(f, "need >= {need} "),
        None => write!(f, "need > {most} "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_have_benchstats_words() {
        let shown = |warning: Warning| warning.to_string();
        let (need, level, alpha) = (Some(6), 0.95, 0.05);
        assert_eq!(
            shown(Warning::FewForInterval { need, level }),
            "need >= 6 samples for confidence interval at level 0.95"
        );
        assert_eq!(
            shown(Warning::FewForTest { need: None, alpha }),
            "need > 10 samples to detect a difference at alpha level 0.05"
        );
        let (low, high) = (1e-7, 101.0);
        assert_eq!(
            shown(Warning::NotExact { low, high }),
            "exact distribution expected, but values range from 1e-07 to 101"
        );
    }
}
