//! By what factor samples differ, with an interval.

use rustc_hash::FxHashMap;

use super::normal;
use super::utest::ways_untied;

/// Up to so many pairs all ratios are worked out.
const PAIRS: u64 = 10_000;
/// Samples up to this size are counted out, as for the test.
const EXACT: usize = 50;

/// The ratio of new values to old ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioInterval {
    /// Median of the ratios of all pairs: Hodges and Lehmann's estimate on a logarithmic scale.
    pub ratio: f64,
    /// Lower end; 0 with too few samples for one.
    pub low: f64,
    /// Upper end; infinite likewise.
    pub high: f64,
    /// The level that the interval really has, at least what was asked for.
    pub level: f64,
}

impl RatioInterval {
    /// Whether it has two ends that are different.
    pub fn has_ends(&self) -> bool {
        self.low != self.high && self.low > 0.0 && self.high.is_finite()
    }

    /// The ratio of the old values to the new ones.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self {
            ratio: 1.0 / self.ratio,
            low: 1.0 / self.high,
            high: 1.0 / self.low,
            level: self.level,
        }
    }
}

/// Intervals that share what depends on nothing but the sizes of samples.
#[derive(Debug)]
pub struct RatioIntervals {
    confidence: f64,
    /// By the sizes of both samples: how many of the ratios lie outside at either end, and the level.
    outside: FxHashMap<(usize, usize), (Option<u64>, f64)>,
}

impl RatioIntervals {
    /// Intervals of a level in 0..=1.
    pub fn new(confidence: f64) -> Self {
        Self {
            confidence,
            outside: FxHashMap::default(),
        }
    }

    /// The ratio of `new` to `old`; `None` where a value is not above 0, or there is none.
    ///
    /// The interval is the test of Mann and Whitney turned round: without equal values it holds 1
    /// just where that finds no difference at the same level.
    pub fn interval(&mut self, old: &[f64], new: &[f64]) -> Option<RatioInterval> {
        let is_fine = |x: &f64| *x > 0.0 && x.is_finite();
        if old.is_empty() || new.is_empty() || !old.iter().chain(new).all(is_fine) {
            return None;
        }
        let pairs = old.len() as u64 * new.len() as u64;
        let (outside, level) = self.outside(old.len(), new.len());
        // What never varies has one ratio.
        let is_one = |values: &[f64]| values.iter().all(|x| *x == values[0]);
        if is_one(old) && is_one(new) {
            let ratio = new[0] / old[0];
            let (low, high) = match outside {
                Some(_) => (ratio, ratio),
                None => (0.0, f64::INFINITY),
            };
            return Some(RatioInterval {
                ratio,
                low,
                high,
                level,
            });
        }
        let mut ratios = Ratios::new(old, new, pairs);
        let upper = ratios.at(pairs / 2);
        let ratio = match pairs % 2 {
            1 => upper,
            // Each by itself, as their product may be no number.
            _ => ratios.at(pairs / 2 - 1).sqrt() * upper.sqrt(),
        };
        let (low, high) = match outside {
            Some(outside) => (ratios.at(outside), ratios.at(pairs - 1 - outside)),
            None => (0.0, f64::INFINITY),
        };
        Some(RatioInterval {
            ratio,
            low,
            high,
            level,
        })
    }

    /// How many ratios lie outside at either end; `None` if even all of them are too few.
    fn outside(&mut self, n1: usize, n2: usize) -> (Option<u64>, f64) {
        let confidence = self.confidence;
        let make = || match n1.max(n2) <= EXACT {
            true => counted(n1, n2, confidence),
            false => approximate(n1, n2, confidence),
        };
        *self.outside.entry((n1, n2)).or_insert_with(make)
    }
}

/// The largest number c for which P(U ≤ c), doubled, leaves the level.
fn counted(n1: usize, n2: usize, confidence: f64) -> (Option<u64>, f64) {
    let middle = n1 * n2 / 2;
    let ways = ways_untied(middle, n1, n2);
    let mut sum = 0.0;
    let mut found = (None, 1.0);
    for (c, share) in (0..).zip(ways) {
        sum += share;
        // What is a tie of both by arithmetic is not to depend on the last digit.
        if 2.0 * sum > (1.0 - confidence) * (1.0 + 1e-12) {
            break;
        }
        found = (Some(c), 1.0 - 2.0 * sum);
    }
    found
}

fn approximate(n1: usize, n2: usize, confidence: f64) -> (Option<u64>, f64) {
    let (a, b) = (n1 as f64, n2 as f64);
    let deviation = (a * b * (a + b + 1.0) / 12.0).sqrt();
    let from = a * b / 2.0 - 0.5 + deviation * normal::quantile((1.0 - confidence) / 2.0);
    if from < 0.0 || from.is_nan() {
        return (None, 1.0);
    }
    let c = from.floor();
    let level = 1.0 - 2.0 * normal::below((c + 0.5 - a * b / 2.0) / deviation);
    (Some((c as u64).min(n1 as u64 * n2 as u64 / 2)), level)
}

/// The ratios of all pairs.
enum Ratios {
    /// In any order: few of them are asked for.
    All(Vec<f64>),
    /// Both samples in ascending order: too many pairs to write down.
    Sorted(Vec<f64>, Vec<f64>),
}

impl Ratios {
    fn new(old: &[f64], new: &[f64], pairs: u64) -> Self {
        if pairs <= PAIRS {
            let mut all = Vec::with_capacity(pairs as usize);
            for old in old {
                all.extend(new.iter().map(|new| new / old));
            }
            return Self::All(all);
        }
        let sorted = |values: &[f64]| {
            let mut sorted = values.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted
        };
        Self::Sorted(sorted(old), sorted(new))
    }

    /// The ratio with so many below it.
    fn at(&mut self, rank: u64) -> f64 {
        match self {
            Self::All(all) => *all.select_nth_unstable_by(rank as usize, f64::total_cmp).1,
            Self::Sorted(old, new) => {
                // Ratios are positive, so their bits are in their order.
                let (mut low, mut high) = (0_u64, f64::INFINITY.to_bits());
                while low < high {
                    let middle = low + (high - low) / 2;
                    if at_most(old, new, f64::from_bits(middle)) > rank {
                        high = middle;
                    } else {
                        low = middle + 1;
                    }
                }
                f64::from_bits(low)
            }
        }
    }
}

/// Number of pairs whose ratio is at most this.
fn at_most(old: &[f64], new: &[f64], ratio: f64) -> u64 {
    let (mut count, mut reach) = (0_u64, 0);
    for old in old {
        while new.get(reach).is_some_and(|new| new / old <= ratio) {
            reach += 1;
        }
        count += reach as u64;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(old: &[f64], new: &[f64]) -> RatioInterval {
        RatioIntervals::new(0.95)
            .interval(old, new)
            .expect("above 0")
    }

    #[test]
    fn by_hand() {
        // All pairs of 1, 2 and 4, 8: ratios 4, 8, 2, 4; the middle ones are both 4. Two and two
        // are too few for an interval: 2/C(4,2) = 1/3.
        let two = interval(&[1.0, 2.0], &[4.0, 8.0]);
        assert_eq!((two.ratio, two.low, two.high), (4.0, 0.0, f64::INFINITY));
        // Four and four: 2/C(8,4) = 1/35 ≤ 0.05, and with the next it is 4/70 > 0.05: all ratios,
        // from 10/4 to 13/1.
        let (old, new) = ([1.0, 2.0, 3.0, 4.0], [10.0, 11.0, 12.0, 13.0]);
        let four = interval(&old, &new);
        assert_eq!((four.low, four.high), (2.5, 13.0));
        assert!((four.level - 34.0 / 35.0).abs() < 1e-15);
        let back = interval(&new, &old).inverse();
        assert!((back.low - four.low).abs() < 1e-15 && (back.high - four.high).abs() < 1e-13);
        assert!((back.ratio - four.ratio).abs() < 1e-14);
        let mut none = RatioIntervals::new(0.95);
        assert_eq!(none.interval(&[0.0], &[1.0]), None);
        assert_eq!(none.interval(&[], &[1.0]), None);
        assert_eq!(none.interval(&[1.0], &[f64::NAN]), None);
    }

    #[test]
    fn published_limits() {
        // Critical values of U at 0.05, two-sided, as in any table of them: 10 and 10 is 23, 8 and
        // 8 is 13, 5 and 5 is 2, 20 and 20 is 127.
        for (n, c) in [(5, 2), (8, 13), (10, 23), (20, 127)] {
            assert_eq!(counted(n, n, 0.95).0, Some(c), "{n}");
        }
        assert_eq!(counted(10, 7, 0.95).0, Some(14));
        assert_eq!(counted(3, 3, 0.95).0, None);
    }

    #[test]
    fn many_pairs_give_what_few_do() {
        let value = |at: usize, by: usize| 1.0 + ((at * by) % 101) as f64 / 7.0;
        let old: Vec<f64> = (0..110).map(|at| value(at, 37)).collect();
        let new: Vec<f64> = (0..120).map(|at| value(at, 53)).collect();
        let pairs = old.len() as u64 * new.len() as u64;
        let mut implied = Ratios::new(&old, &new, pairs);
        let mut all = Ratios::new(&old, &new, 0);
        for rank in [0, 1, 100, pairs / 2, pairs - 1] {
            assert_eq!(implied.at(rank), all.at(rank), "{rank}");
        }
    }
}
