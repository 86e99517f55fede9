//! Shares of states by bucket, on levels of a quarter as many buckets each.

use super::state::State;
use crate::model::trace::NONE;

/// Buckets of a level at least, but for the finest.
const LEAST_LEVEL: usize = 4;
/// What a bucket's shares are parts of.
pub(super) const WHOLE: f32 = 255.0;
/// Groups of which a bucket's largest is taken: others come later in it, and have less of it.
const MOST_GROUPS: usize = 16;
/// In place of a group: none.
const NO_GROUP: u16 = u16::MAX;

/// Which buckets a part has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// A bit for each state that occurs.
    pub(super) mask: u32,
    /// Buckets of the finest level; 0 of a part that has none.
    pub(super) buckets: u16,
    /// Groups stand with the shares.
    pub(super) has_groups: bool,
}

impl Layout {
    fn bytes_each(self) -> usize {
        self.mask.count_ones() as usize + if self.has_groups { 2 } else { 0 }
    }

    /// Buckets of a level, counted from the finest; 0 of one that is not there.
    pub(super) fn count(self, level: u32) -> usize {
        let count = usize::from(self.buckets).checked_shr(2 * level);
        let count = count.unwrap_or_default();
        if level == 0 || count >= LEAST_LEVEL {
            count
        } else {
            0
        }
    }

    /// The coarsest level with as many buckets; the finest if none has.
    pub(super) fn level_with(self, buckets: f64) -> u32 {
        let mut level = 0;
        while self.count(level + 1) > 0 && self.count(level + 1) as f64 >= buckets {
            level += 1;
        }
        level
    }

    /// A level of a part whose bytes begin with these.
    pub(super) fn level(self, bytes: &[u8], level: u32) -> Option<Level<'_>> {
        let before: usize = (0..level).map(|finer| self.count(finer)).sum();
        let count = self.count(level);
        let from = before * self.bytes_each();
        let bytes = bytes.get(from..from + count * self.bytes_each())?;
        (count > 0).then_some(Level {
            count,
            layout: self,
            bytes,
        })
    }
}

/// Shares of a part by bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level<'a> {
    /// Buckets.
    pub(super) count: usize,
    layout: Layout,
    bytes: &'a [u8],
}

impl Level<'_> {
    /// States that occur, and their shares of a bucket.
    #[inline]
    pub(super) fn shares(&self, bucket: usize) -> impl Iterator<Item = (State, u8)> + '_ {
        let mut mask = self.layout.mask;
        let mut at = bucket;
        std::iter::from_fn(move || {
            if mask == 0 {
                return None;
            }
            let state = State::of(mask.trailing_zeros() as u8);
            mask &= mask - 1;
            let share = self.bytes[at];
            at += self.count;
            Some((state, share))
        })
    }

    /// The group whose own code ran the most in a bucket; `None` where that is not kept.
    #[inline]
    pub(super) fn group(&self, bucket: usize) -> Option<u32> {
        if !self.layout.has_groups {
            return None;
        }
        let at = self.layout.mask.count_ones() as usize * self.count + bucket;
        let group = u16::from_le_bytes([self.bytes[at], self.bytes[at + self.count]]);
        (group != NO_GROUP).then_some(u32::from(group))
    }
}

/// Sums of times while a part is made: by state that occurs, then by bucket.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    buckets: usize,
    /// The bucket that times have come to, where it ends, and how long each is.
    at: usize,
    end: u64,
    width: u64,
    /// Of all time, and of what is not in marks.
    all: Vec<u64>,
    between: Vec<u64>,
    /// A quantum of each bucket's time, turned round; 0 of one without time.
    per_quantum: Vec<f64>,
    /// Where a state's sums stand, as a multiple of the buckets; `u8::MAX` of none.
    places: Vec<u8>,
    /// Own code of the bucket by group, and the group with the most of each.
    groups: Vec<(u32, u64)>,
    most: Vec<(u16, u64)>,
}

impl Scratch {
    /// Begins a part of so many buckets.
    pub(super) fn begin(&mut self, (begin, until): (u64, u64), buckets: usize) {
        self.buckets = buckets.max(1);
        self.at = 0;
        self.width = width((begin, until), buckets);
        self.end = begin.saturating_add(self.width);
        self.all.clear();
        self.between.clear();
        self.places.clear();
        self.places.resize(State::COUNT, u8::MAX);
        self.groups.clear();
        self.most.clear();
        self.most.resize(self.buckets, (NO_GROUP, 0));
    }

    /// Where the sums of a state stand.
    #[inline]
    fn place(&mut self, state: State) -> usize {
        let known = self.places[state as usize];
        if known != u8::MAX {
            return usize::from(known) * self.buckets;
        }
        let at = self.all.len();
        self.places[state as usize] = (at / self.buckets) as u8;
        self.all.resize(at + self.buckets, 0);
        self.between.resize(at + self.buckets, 0);
        at
    }

    /// Adds the time of a state, which goes on from the last. The group is that of one's own
    /// code, or [`NONE`].
    #[inline]
    pub(super) fn add(
        &mut self,
        (from, to): (u64, u64),
        state: State,
        is_marked: bool,
        group: u32,
    ) {
        let place = self.place(state);
        let mut from = from;
        while from < to {
            let is_last = loop {
                let is_last = self.at + 1 >= self.buckets;
                if is_last || from < self.end {
                    break is_last;
                }
                self.end_bucket();
                self.at += 1;
                self.end = self.end.saturating_add(self.width);
            };
            let end = if is_last { to } else { to.min(self.end) };
            let time = end - from;
            self.all[place + self.at] += time;
            if !is_marked {
                self.between[place + self.at] += time;
            }
            if group != NONE {
                self.add_group(group, time);
            }
            from = end;
        }
    }

    #[inline]
    fn add_group(&mut self, group: u32, time: u64) {
        if let Some(one) = self.groups.iter_mut().find(|one| one.0 == group) {
            one.1 += time;
        } else if self.groups.len() < MOST_GROUPS {
            self.groups.push((group, time));
        }
    }

    fn end_bucket(&mut self) {
        if let Some(&(group, time)) = self.groups.iter().max_by_key(|one| one.1) {
            let group = u16::try_from(group).unwrap_or(NO_GROUP);
            self.most[self.at] = (group, time);
            self.groups.clear();
        }
    }

    /// Writes the shares of all levels: on the finest of what is not in marks, else of all.
    pub(super) fn write(&mut self, has_groups: bool, out: &mut Vec<u8>) -> Layout {
        self.end_bucket();
        // In the order of states, which is that of the mask.
        let states = (0..).zip(&self.places);
        let there = states.filter(|&(_, &place)| place != u8::MAX);
        let there: Vec<(u32, usize)> = there.map(|(at, &place)| (at, usize::from(place))).collect();
        let layout = Layout {
            mask: there.iter().fold(0, |mask, one| mask | 1 << one.0),
            buckets: self.buckets as u16,
            has_groups,
        };
        for level in 0.. {
            let count = layout.count(level);
            if count == 0 {
                break;
            }
            if level > 0 {
                self.coarsen(count);
            }
            self.write_level(level == 0, count, &there, out);
            if has_groups {
                let most = &self.most[..count];
                out.extend(most.iter().map(|most| most.0 as u8));
                out.extend(most.iter().map(|most| (most.0 >> 8) as u8));
            }
        }
        layout
    }

    fn write_level(
        &mut self,
        is_finest: bool,
        count: usize,
        there: &[(u32, usize)],
        out: &mut Vec<u8>,
    ) {
        let sums = if is_finest { &self.between } else { &self.all };
        let of = |place: usize| &sums[place * self.buckets..place * self.buckets + count];
        self.per_quantum.clear();
        self.per_quantum.resize(count, 0.0);
        for &(_, place) in there {
            for (total, &sum) in self.per_quantum.iter_mut().zip(of(place)) {
                *total += sum as f64;
            }
        }
        for total in &mut self.per_quantum {
            if *total > 0.0 {
                *total = f64::from(WHOLE) / *total;
            }
        }
        for &(_, place) in there {
            let mut carry = 0.0;
            for (&sum, &per_quantum) in of(place).iter().zip(&self.per_quantum) {
                out.push(share(sum as f64, per_quantum, &mut carry));
            }
        }
    }

    /// Makes one of four buckets, of which there are `count` then.
    fn coarsen(&mut self, count: usize) {
        for sums in self.all.chunks_mut(self.buckets) {
            for at in 0..count {
                sums[at] = sums[4 * at..4 * at + 4].iter().sum();
            }
        }
        for at in 0..count {
            let mut best = (NO_GROUP, 0);
            for &(group, _) in &self.most[4 * at..4 * at + 4] {
                let four = self.most[4 * at..4 * at + 4].iter();
                let same = four.filter(|one| one.0 == group);
                let time = same.map(|one| one.1).sum();
                if time > best.1 {
                    best = (group, time);
                }
            }
            self.most[at] = best;
        }
    }
}

/// Nanoseconds of a bucket on the finest level.
pub(super) fn width((begin, until): (u64, u64), buckets: usize) -> u64 {
    let length = until.saturating_sub(begin).max(1);
    length.div_ceil(buckets.max(1) as u64)
}

/// The share of a time, by the quantum of its bucket turned round. What is cut off goes to the
/// next ones, so that sums over many are right; but only as much as does not distort a bucket
/// that has little time.
#[inline]
fn share(time: f64, per_quantum: f64, carry: &mut f64) -> u8 {
    if per_quantum <= 0.0 {
        return 0;
    }
    let more = (*carry * per_quantum).clamp(-1.0, 4.0);
    let exact = time * per_quantum;
    // Halves go up, which is rounding to the nearest of what is not below 0.
    let share = (exact + more + 0.5).clamp(0.0, f64::from(WHOLE)) as u8;
    *carry += (exact - f64::from(share)) / per_quantum;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_many_buckets_are_right() {
        let mut scratch = Scratch::default();
        let mut out = Vec::new();
        // 16 buckets of 1000 ns; in each 1 ns of sleep: a 1000th, which is less than a 255th.
        scratch.begin((0, 16_000), 16);
        for bucket in 0..16 {
            let from = bucket * 1000;
            scratch.add((from, from + 999), State::User, false, 7);
            scratch.add((from + 999, from + 1000), State::Sleep, true, NONE);
        }
        let layout = scratch.write(true, &mut out);
        // Two states and a group of two bytes, for 16 and for 4 buckets.
        assert_eq!(out.len(), 4 * (16 + 4));
        assert_eq!(
            (layout.count(0), layout.count(1), layout.count(2)),
            (16, 4, 0)
        );
        let sum = |level: u32, state: State| -> u32 {
            let level = layout.level(&out, level).unwrap();
            let all = (0..level.count).flat_map(|bucket| level.shares(bucket));
            all.filter(|one| one.0 == state)
                .map(|one| u32::from(one.1))
                .sum()
        };
        // Sleep is in marks, and so not in the finest level.
        assert_eq!((sum(0, State::User), sum(0, State::Sleep)), (16 * 255, 0));
        // 4 buckets have 4 * 255 quanta, of which sleep has a 1000th: 1.02.
        assert_eq!(sum(1, State::Sleep), 1);
        assert_eq!(layout.level(&out, 1).unwrap().group(3), Some(7));
        assert_eq!((layout.level_with(3.0), layout.level_with(5.0)), (1, 0));
    }
}
