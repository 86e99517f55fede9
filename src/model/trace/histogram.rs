//! How often which duration occurred.

/// Steps between a power of two and the next: a value is known to one part in 32.
const STEPS: u32 = 5;

/// Durations in nanoseconds by size, with exact count, sum, least and largest. Takes memory for
/// the sizes that occur, whatever their number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    count: u64,
    total: u64,
    least: u64,
    most: u64,
    /// The first bucket that is kept, and how often each from there on.
    first: u32,
    counts: Vec<u32>,
}

/// The bucket of a value.
fn bucket(value: u64) -> u32 {
    let exponent = value.max(1).ilog2();
    match exponent.checked_sub(STEPS) {
        None => value as u32,
        Some(shift) => ((shift + 1) << STEPS) + ((value >> shift) as u32 & ((1 << STEPS) - 1)),
    }
}

/// The least value of a bucket.
fn floor(bucket: u32) -> u64 {
    let (row, step) = (bucket >> STEPS, u64::from(bucket & ((1 << STEPS) - 1)));
    match row {
        0 => step,
        // Beyond the last bucket there is no value.
        60.. => u64::MAX,
        _ => (step + (1 << STEPS)) << (row - 1),
    }
}

impl Histogram {
    /// Adds a duration.
    #[inline(always)]
    pub fn add(&mut self, nanos: u64) {
        self.least = if self.count == 0 {
            nanos
        } else {
            self.least.min(nanos)
        };
        self.most = self.most.max(nanos);
        self.count += 1;
        self.total = self.total.saturating_add(nanos);
        let bucket = bucket(nanos);
        let at = bucket.wrapping_sub(self.first) as usize;
        match self.counts.get_mut(at) {
            Some(count) => *count += 1,
            None => *self.slot(bucket) += 1,
        }
    }

    fn slot(&mut self, bucket: u32) -> &mut u32 {
        if self.counts.is_empty() {
            self.first = bucket;
        }
        if bucket < self.first {
            let missing = (self.first - bucket) as usize;
            self.counts.splice(0..0, std::iter::repeat_n(0, missing));
            self.first = bucket;
        }
        let at = (bucket - self.first) as usize;
        if at >= self.counts.len() {
            self.counts.resize(at + 1, 0);
        }
        &mut self.counts[at]
    }

    /// All durations of several.
    pub fn merged<'a>(of: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for times in of {
            all.merge(times);
        }
        all
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        self.least = match self.count {
            0 => other.least,
            _ => self.least.min(other.least),
        };
        self.most = self.most.max(other.most);
        self.count += other.count;
        self.total = self.total.saturating_add(other.total);
        for (bucket, &count) in (other.first..).zip(&other.counts) {
            if count > 0 {
                *self.slot(bucket) += count;
            }
        }
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The least; 0 of none.
    pub fn least(&self) -> u64 {
        self.least
    }

    /// The largest; 0 of none.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// Their mean, rounded down; 0 of none.
    pub fn mean(&self) -> u64 {
        self.total.checked_div(self.count).unwrap_or(0)
    }

    /// The value that a share of them does not exceed (nearest rank), at most 1/32 too large; the
    /// largest is exact. 0 of none.
    pub fn percentile(&self, share: f64) -> u64 {
        let rank = ((self.count as f64 * share).ceil() as u64).clamp(1, self.count.max(1));
        if rank == self.count {
            return self.most;
        }
        let mut seen = 0;
        for (bucket, &count) in (self.first..).zip(&self.counts) {
            seen += u64::from(count);
            if seen >= rank {
                let middle = u64::midpoint(floor(bucket), floor(bucket + 1) - 1);
                return middle.clamp(self.least, self.most);
            }
        }
        self.most
    }

    /// The buckets that are not empty: least value, first value beyond, count.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64, u32)> {
        let all = (self.first..).zip(&self.counts);
        let full = all.filter(|&(_, &count)| count > 0);
        full.map(|(bucket, &count)| (floor(bucket), floor(bucket + 1), count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_join_without_gaps() {
        for bucket in 0..1500 {
            assert_eq!(super::bucket(floor(bucket)), bucket);
            assert_eq!(super::bucket(floor(bucket + 1) - 1), bucket);
        }
        assert_eq!(floor(bucket(u64::MAX)).leading_zeros(), 0);
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let mut all = Histogram::default();
        let mut late = Histogram::default();
        for value in 1..=1000_u64 {
            if value % 2 == 0 { &mut all } else { &mut late }.add(value * 1000);
        }
        all.merge(&late);
        assert_eq!(
            (all.count(), all.least(), all.most()),
            (1000, 1000, 1_000_000)
        );
        // 1000 · (1 + 2 + … + 1000) = 1000 · 500 500
        assert_eq!((all.total(), all.mean()), (500_500_000, 500_500));
        for (share, exact) in [(0.5, 500_000.0), (0.95, 950_000.0), (0.99, 990_000.0)] {
            let found = all.percentile(share) as f64;
            assert!((found / exact - 1.0).abs() < 1.0 / 32.0, "{share}: {found}");
        }
        assert_eq!(all.percentile(1.0), 1_000_000);
        assert_eq!(Histogram::default().percentile(0.5), 0);
        let counts: u64 = all.buckets().map(|(_, _, count)| u64::from(count)).sum();
        assert_eq!(counts, 1000);
    }

    #[test]
    fn a_smaller_value_may_come_later() {
        let mut some = Histogram::default();
        for value in [1 << 40, 3, 70, u64::MAX] {
            some.add(value);
        }
        let floors: Vec<u64> = some.buckets().map(|(floor, ..)| floor).collect();
        assert_eq!(floors, [3, 70, 1 << 40, 63 << 58]);
        assert_eq!(some.total(), u64::MAX);
    }
}
