//! Whether two samples differ: the test of Mann, Whitney and Wilcoxon.

use std::collections::HashMap;

use super::normal;

/// Samples up to this size are counted out if no two values are equal.
const EXACT_UNTIED: usize = 50;
/// And up to this size if some are.
const EXACT_TIED: usize = 25;

/// The outcome of a test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UTest {
    /// In how many pairs the value of the first sample is the larger, equal ones counting half.
    pub u: f64,
    /// How probable so large a difference is when there is none, as benchstat computes it. With
    /// equal values and samples of different size it takes a lopsided distribution for an even
    /// one, and may be beyond 1, or depend on which sample is the first.
    pub p: f64,
    /// The same without that mistake; equal to [`Self::p`] in all other cases.
    pub two_sided: f64,
    /// All values of both samples are equal.
    pub all_equal: bool,
}

/// Compares two samples; `None` if one is empty or has a value that is no number.
pub fn mann_whitney(first: &[f64], second: &[f64]) -> Option<UTest> {
    UTests::default().test(first, second)
}

/// Tests that share what depends on nothing but the sizes of samples and where values are equal:
/// of thousands of benchmarks most have that in common with others.
#[derive(Debug, Default)]
pub struct UTests {
    /// By the size of the first sample and the sizes of groups of equal values: in how many ways
    /// the sum of ranks is at most so much.
    tied: HashMap<Vec<u8>, Vec<u64>>,
    /// By both sizes: P(U ≤ u) without equal values, up to half of the pairs.
    untied: HashMap<(usize, usize), Vec<f64>>,
    /// Numbers kept in `tied`.
    kept: usize,
}

/// Numbers that are kept at most; with more of them all are forgotten.
const KEPT: usize = 4 << 20;

impl UTests {
    /// Compares two samples; `None` if one is empty or has a value that is no number.
    pub fn test(&mut self, first: &[f64], second: &[f64]) -> Option<UTest> {
        let (n1, n2) = (first.len(), second.len());
        if n1 == 0 || n2 == 0 || first.iter().chain(second).any(|x| x.is_nan()) {
            return None;
        }
        let ranks = Ranks::new(first, second);
        let pairs = n1 as f64 * n2 as f64;
        let own = n1 as u64 * (n1 as u64 + 1);
        let u = (ranks.first_sum - own) as f64 / 2.0;
        if ranks.groups.len() == 1 {
            return Some(UTest {
                u,
                p: 1.0,
                two_sided: 1.0,
                all_equal: true,
            });
        }
        let tied = ranks.groups.len() < n1 + n2;
        let limit = if tied { EXACT_TIED } else { EXACT_UNTIED };
        let even = u * 2.0 == pairs;
        let (p, two_sided) = if n1.max(n2) > limit {
            let p = approximate(u, n1, n2, &ranks.groups);
            (p, p)
        } else if even {
            (1.0, 1.0)
        } else if tied {
            self.counted_with_ties(&ranks, n1, n2)
        } else {
            let smaller = u.min(pairs - u) as usize;
            let p = 2.0 * self.counted_untied(smaller, n1, n2);
            (p, p)
        };
        Some(UTest {
            u,
            p,
            two_sided,
            all_equal: false,
        })
    }

    /// P(U ≤ u) without equal values.
    fn counted_untied(&mut self, u: usize, n1: usize, n2: usize) -> f64 {
        let known = self.untied.entry((n1, n2)).or_insert_with(|| {
            let total = choose(n1 + n2, n1);
            let mut sum = 0_i128;
            let ways = ways_of_untied(n1 * n2 / 2, n1, n2).into_iter();
            ways.map(|ways| {
                sum += ways;
                sum as f64 / total
            })
            .collect()
        });
        known[u]
    }

    /// Both probabilities with equal values: ways to choose a first sample with a sum of ranks.
    fn counted_with_ties(&mut self, ranks: &Ranks, n1: usize, n2: usize) -> (f64, f64) {
        let own = n1 * (n1 + 1);
        // Of few samples, so that it is small.
        let first_sum = ranks.first_sum as usize;
        let doubled_u = first_sum - own;
        let smaller = doubled_u.min(2 * n1 * n2 - doubled_u);
        let total = choose(n1 + n2, n1);
        // No sum is beyond that of the highest ranks; of samples of equal size half of them is
        // enough, as the distribution is even.
        let largest = own + 2 * n1 * n2;
        let reach = if n1 == n2 { own + n1 * n2 } else { largest };
        let ways = self.ways_up_to(&ranks.groups, n1, reach);
        let up_to = |sum: usize| ways[sum.min(reach)] as f64;
        let p = 2.0 * up_to(smaller + own) / total;
        if n1 == n2 {
            return (p, p);
        }
        // As far from the mean on either side as what was seen, or further.
        let mean = n1 * (n1 + n2 + 1);
        let away = first_sum.abs_diff(mean);
        let lower = mean.checked_sub(away).map_or(0.0, up_to);
        let upper = total - up_to(mean + away - 1);
        (p, (lower + upper) / total)
    }

    /// For each sum up to `reach` in how many ways `n` members of the groups have at most that.
    fn ways_up_to(&mut self, groups: &[(usize, usize)], n: usize, reach: usize) -> &[u64] {
        // Up to 25 each, all fit a byte.
        let mut key = vec![n as u8];
        key.extend(groups.iter().map(|&(size, _)| size as u8));
        if !self.tied.contains_key(&key) {
            let mut ways = ways_by_sum(groups, n, reach);
            for at in 1..ways.len() {
                ways[at] += ways[at - 1];
            }
            self.kept += ways.len();
            if self.kept > KEPT {
                self.tied.clear();
                self.kept = ways.len();
            }
            self.tied.insert(key.clone(), ways);
        }
        &self.tied[&key]
    }
}

/// Ranks of both samples together, doubled so that those of equal values are whole numbers.
struct Ranks {
    /// Sum over the first sample: beyond 32 bits from some ten thousand samples on.
    first_sum: u64,
    /// For each distinct value how often it occurs, and its doubled rank.
    groups: Vec<(usize, usize)>,
}

impl Ranks {
    fn new(first: &[f64], second: &[f64]) -> Self {
        let mut pooled: Vec<(f64, bool)> = first.iter().map(|&x| (x, true)).collect();
        pooled.extend(second.iter().map(|&x| (x, false)));
        pooled.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut ranks = Self {
            first_sum: 0,
            groups: Vec::new(),
        };
        let mut before = 0;
        // Not by `total_cmp`: 0 and −0 are equal.
        for equal in pooled.chunk_by(|a, b| a.0 == b.0) {
            // Ranks from `before` + 1 to `before` + length, of which the middle is taken.
            let doubled = 2 * before + equal.len() + 1;
            let of_first = equal.iter().filter(|(_, first)| *first).count();
            ranks.first_sum += of_first as u64 * doubled as u64;
            ranks.groups.push((equal.len(), doubled));
            before += equal.len();
        }
        ranks
    }
}

/// C(n, k) as far as a double can tell.
fn choose(n: usize, k: usize) -> f64 {
    let product = (0..k).fold(1_u128, |product, i| {
        product * (n - i) as u128 / (i + 1) as u128
    });
    product as f64
}

/// P(U = k) without equal values, for k up to `u`.
pub(super) fn ways_untied(u: usize, n1: usize, n2: usize) -> Vec<f64> {
    let total = choose(n1 + n2, n1);
    let ways = ways_of_untied(u, n1, n2).into_iter();
    ways.map(|ways| ways as f64 / total).collect()
}

/// In how many ways U comes about, from 0 to `u`: each is a coefficient of the Gaussian binomial,
/// the product over i of (1 − q^(n2+i)) ÷ (1 − q^i), of which the first are enough.
fn ways_of_untied(u: usize, n1: usize, n2: usize) -> Vec<i128> {
    let mut ways = vec![0_i128; u + 1];
    ways[0] = 1;
    for i in 1..=n1 {
        for at in (n2 + i..=u).rev() {
            ways[at] -= ways[at - n2 - i];
        }
        for at in i..=u {
            ways[at] += ways[at - i];
        }
    }
    ways
}

/// For each sum up to `reach` in how many ways `n` members of the groups have it.
fn ways_by_sum(groups: &[(usize, usize)], n: usize, reach: usize) -> Vec<u64> {
    let width = reach + 1;
    // Row k has the ways of k members. There are at most C(50, 25) = 1.3·10^14 in all.
    let mut ways = vec![0_u64; (n + 1) * width];
    ways[0] = 1;
    for &(size, rank) in groups {
        for k in (1..=n).rev() {
            // To k − j members come j of this group, in C(size, j) ways.
            let mut choices = 1_u64;
            for j in 1..=size.min(k) {
                choices = choices * (size - j + 1) as u64 / j as u64;
                let Some(room) = width.checked_sub(j * rank) else {
                    break;
                };
                let (before, after) = ways.split_at_mut(k * width);
                let from = &before[(k - j) * width..][..room];
                for (to, from) in after[j * rank..width].iter_mut().zip(from) {
                    *to += from * choices;
                }
            }
        }
    }
    ways.split_off(n * width)
}

/// By a normal distribution, corrected for whole numbers and for equal values.
fn approximate(u: f64, n1: usize, n2: usize, groups: &[(usize, usize)]) -> f64 {
    let (a, b) = (n1 as f64, n2 as f64);
    let n = a + b;
    let ties: f64 = groups
        .iter()
        .map(|&(size, _)| (size as f64).powi(3) - size as f64)
        .sum();
    let deviation = (a * b / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)))).sqrt();
    let off = u - a * b / 2.0;
    let corrected = (off.abs() - 0.5).max(0.0);
    2.0 * normal::below(-corrected / deviation)
}

/// The smallest size of two equal samples, up to 10, whose test can fall to `alpha`: of all
/// C(2n, n) ways only two are as far apart as can be.
pub fn samples_for_test(alpha: f64) -> Option<usize> {
    (1..=10).find(|&n| 2.0 / choose(2 * n, n) <= alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(first: &[f64], second: &[f64]) -> UTest {
        mann_whitney(first, second).expect("numbers")
    }

    #[test]
    fn untied_by_hand() {
        // 3 and 3 apart: of C(6,3) = 20 ways one is as low and one as high, p = 2/20.
        let apart = test(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]);
        assert_eq!((apart.u, apart.p, apart.two_sided), (0.0, 0.1, 0.1));
        // 1,3 against 2,4: U = 1 (3 beats 2); sums 3 and 4 of ranks are at most 4: 2 of 6 ways.
        let mixed = test(&[1.0, 3.0], &[2.0, 4.0]);
        assert_eq!(mixed.u, 1.0);
        assert!((mixed.p - 4.0 / 6.0).abs() < 1e-15);
        // U1 = U2.
        assert_eq!(test(&[1.0, 4.0], &[2.0, 3.0]).p, 1.0);
    }

    #[test]
    fn ties_by_hand() {
        // 1,1 against 1,2: ranks 2,2,2,4. Two of four: sums 4 (3 ways) and 6 (3 ways). The first
        // has 4: U = 4 − 3 = 1, the other 3. P(sum ≤ 4) = 3/6, doubled 1.
        let tied = test(&[1.0, 1.0], &[1.0, 2.0]);
        assert_eq!((tied.u, tied.p), (1.0, 1.0));
        assert!(test(&[5.0; 3], &[5.0; 2]).all_equal);
        // 64 four times against 48 three times: of 35 ways, one has the 64s lowest and none less.
        // benchstat looks at the wrong end, where nothing is; swapped it finds the 1/35, doubled.
        // Sums of four from ranks 2,2,2,5.5…: only one choice is as far from the mean as this.
        let (high, low) = ([64.0; 4], [48.0; 3]);
        assert_eq!(test(&high, &low).p, 0.0);
        assert!((test(&low, &high).p - 2.0 / 35.0).abs() < 1e-15);
        let right = test(&high, &low).two_sided;
        assert!((right - 1.0 / 35.0).abs() < 1e-15, "{right}");
        assert!((test(&low, &high).two_sided - right).abs() < 1e-15);
    }

    #[test]
    fn large_samples_are_approximated() {
        // 26 values each with ties: U = 0, mean 338, Σ(t³−t) = 2·(26³−26) = 35100, deviation
        // √(676/12·(53 − 35100/2652)) = √2240.33 = 47.332; z = −337.5/47.332 = −7.1305.
        let p = test(&[1.0; 26], &[2.0; 26]).p;
        assert!((p / 1.0e-12 - 1.0).abs() < 0.02, "{p:e}");
    }

    #[test]
    fn what_cannot_be_compared() {
        assert_eq!(mann_whitney(&[], &[1.0]), None);
        assert_eq!(mann_whitney(&[1.0, f64::NAN], &[1.0]), None);
        assert_eq!(test(&[0.0], &[-0.0]).p, 1.0);
        assert_eq!(test(&[f64::INFINITY; 4], &[1.0; 4]).u, 16.0);
        // 2/C(6,3) = 0.1, 2/C(8,4) = 0.0286, 2/C(10,5) = 0.0079.
        assert_eq!(samples_for_test(0.05), Some(4));
        assert_eq!(samples_for_test(0.01), Some(5));
        assert_eq!(samples_for_test(0.0), None);
    }
}
