//! Values over time, in buckets that grow as the time does.

use crate::model::trace::Series;

/// Buckets at most; with one more they are joined in pairs.
const MOST: usize = 2048;

/// Length of a bucket at first, in nanoseconds.
const STEP: u64 = 1 << 14;

/// What can be joined with its neighbour.
pub(super) trait Join: Clone + Default {
    /// This bucket and the one after it are one.
    fn join(&mut self, next: &Self);
}

impl Join for u64 {
    fn join(&mut self, next: &Self) {
        *self = self.saturating_add(*next);
    }
}

impl<const N: usize> Join for [u64; N]
where
    Self: Default,
{
    fn join(&mut self, next: &Self) {
        for (mine, theirs) in self.iter_mut().zip(next) {
            *mine = mine.saturating_add(*theirs);
        }
    }
}

/// A series that is being made.
#[derive(Clone, Debug)]
pub(super) struct Buckets<T> {
    series: Series<T>,
    /// The bucket that was last added to, and from when to when it is: mostly the next one, too.
    last: (usize, u64, u64),
}

impl<T: Join> Buckets<T> {
    pub(super) fn new(from: u64) -> Self {
        Self {
            series: Series {
                from,
                step: STEP,
                values: Vec::new(),
            },
            last: (0, 0, 0),
        }
    }

    fn make_room(&mut self, at: u64) -> usize {
        let Series { from, step, values } = &mut self.series;
        let offset = at.saturating_sub(*from);
        while offset / *step >= MOST as u64 {
            for pair in 0..values.len().div_ceil(2) {
                let mut joined = values[2 * pair].clone();
                if let Some(next) = values.get(2 * pair + 1) {
                    joined.join(next);
                }
                values[pair] = joined;
            }
            values.truncate(values.len().div_ceil(2));
            *step *= 2;
            self.last = (0, 0, 0);
        }
        let at = (offset / *step) as usize;
        if at >= values.len() {
            values.resize(at + 1, T::default());
        }
        at
    }

    /// The bucket of a time.
    pub(super) fn at(&mut self, at: u64) -> &mut T {
        let at = self.make_room(at);
        &mut self.series.values[at]
    }

    /// Adds to every bucket from a time to another, with the nanoseconds that are in it.
    #[inline(always)]
    pub(super) fn add(&mut self, from: u64, to: u64, mut add: impl FnMut(&mut T, u64)) {
        if to <= from {
            return;
        }
        let (at, left, right) = self.last;
        if left <= from && to <= right {
            add(&mut self.series.values[at], to - from);
            return;
        }
        self.add_anywhere(from, to, add);
    }

    fn add_anywhere(&mut self, from: u64, to: u64, mut add: impl FnMut(&mut T, u64)) {
        let last = self.make_room(to - 1);
        let (begin, step) = (self.series.from, self.series.step);
        let first = (from.saturating_sub(begin) / step) as usize;
        // The last bucket may reach beyond all time.
        let left = begin.saturating_add(last as u64 * step);
        self.last = (last, left, left.saturating_add(step));
        for (bucket, value) in self
            .series
            .values
            .iter_mut()
            .enumerate()
            .take(last + 1)
            .skip(first)
        {
            let left = begin.saturating_add(bucket as u64 * step);
            let time = to.min(left.saturating_add(step)) - from.max(left);
            add(value, time);
        }
    }

    pub(super) fn finish(self) -> Series<T> {
        self.series
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_when_buckets_are_joined() {
        let mut all = Buckets::<u64>::new(1000);
        let mut expected = 0;
        for i in 0..50_u64 {
            let from = 1000 + i * i * 10_000_000;
            let to = from + i * 3_000_001;
            all.add(from, to, |sum, time| *sum += time);
            expected += to - from;
        }
        let series = all.finish();
        assert!(series.values.len() <= MOST);
        assert_eq!(series.values.iter().sum::<u64>(), expected);
    }

    #[test]
    fn a_span_is_divided_where_buckets_meet() {
        let mut all = Buckets::<u64>::new(0);
        all.add(STEP - 3, 2 * STEP + 5, |sum, time| *sum += time);
        assert_eq!(all.finish().values, [3, STEP, 5]);
    }
}
