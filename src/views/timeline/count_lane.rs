//! How many goroutines run, can run, are in a call of the system, or wait: of a group, or of all.
//!
//! Parts are as in [`super::state_lane`]: with few changes a part has all of them, else mean,
//! least and most by bucket.

use super::canvas::CountColumn;
use super::chunk::Chunk;
use super::shares::width;
use super::state_lane::Thrift;
use crate::model::trace::GoState;

/// What is counted.
pub(super) const SERIES: usize = 4;
/// Goroutines by what they do.
pub(super) type Counts = [u32; SERIES];

/// Buckets of a level at least, but for the finest.
const LEAST_LEVEL: usize = 4;
/// Mean, least and most of each series.
const BYTES_EACH: usize = 3 * SERIES;

impl Thrift {
    /// Buckets of the finest level for so many changes of counts; 0 where all are kept.
    fn count_buckets(self, changes: usize) -> usize {
        if changes <= (64 >> self.0).max(16) {
            return 0;
        }
        let buckets = (changes / 4).next_power_of_two();
        (buckets.clamp(32, 128) >> self.0).max(4)
    }

    /// Bytes of a part with so many changes of counts, about.
    pub(super) fn count_bytes(self, changes: usize) -> usize {
        match self.count_buckets(changes) {
            0 => changes * 3,
            buckets => bytes_of(buckets),
        }
    }
}

/// Buckets of a level of a part, counted from the finest; 0 of one that is not there.
fn level_count(buckets: usize, level: u32) -> usize {
    let count = buckets.checked_shr(2 * level).unwrap_or_default();
    if level == 0 || count >= LEAST_LEVEL {
        count
    } else {
        0
    }
}

/// Bytes of a part with so many buckets on the finest level.
fn bytes_of(buckets: usize) -> usize {
    let counts = (0..).map(|level| level_count(buckets, level));
    counts.take_while(|&count| count > 0).sum::<usize>() * BYTES_EACH
}

/// The series that a goroutine in a state counts to.
#[inline]
pub(super) fn series(state: GoState) -> Option<usize> {
    match state {
        GoState::Running => Some(0),
        GoState::Runnable => Some(1),
        GoState::Syscall => Some(2),
        GoState::Waiting => Some(3),
        _ => None,
    }
}

/// A change of the counts, in a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step(u8);

/// In place of a series: none, and all.
const NO_SERIES: u8 = 4;
const ALL_SERIES: u8 = 7;

impl Step {
    /// Nobody is there any more.
    pub(super) const CLEAR: Self = Self(ALL_SERIES);

    /// One goes from a state to another, some nanoseconds after the record; `None` where that
    /// changes no count.
    #[inline]
    pub(super) fn new(from: GoState, to: GoState, after: u8) -> Option<Self> {
        let number = |state| series(state).map_or(NO_SERIES, |at| at as u8);
        let (from, to) = (number(from), number(to));
        (from != to).then_some(Self(from | to << 3 | after << 6))
    }

    /// Nanoseconds after the record.
    #[inline]
    pub(super) fn after(self) -> u64 {
        u64::from(self.0 >> 6)
    }

    #[inline]
    pub(super) fn apply(self, counts: &mut Counts) {
        let from = self.0 & 7;
        if from == ALL_SERIES {
            *counts = [0; SERIES];
            return;
        }
        if let Some(count) = counts.get_mut(usize::from(from)) {
            *count = count.saturating_sub(1);
        }
        if let Some(count) = counts.get_mut(usize::from(self.0 >> 3 & 7)) {
            *count = count.saturating_add(1);
        }
    }
}

/// A change in a chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// Of the change, not of the record.
    pub(super) time: u64,
    pub(super) row: u16,
    pub(super) step: Step,
}

/// A part of a lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) chunk: u32,
    rows: u32,
    shares: u32,
    /// Of the finest level; 0 where all changes are kept.
    buckets: u16,
    pub(super) start: Counts,
    /// What the bytes of buckets count from, and how much the largest stands for.
    low: Counts,
    range: Counts,
}

/// A lane.
#[derive(Clone, Debug, Default)]
pub(super) struct CountLane {
    heads: Vec<Head>,
    rows: Vec<u16>,
    steps: Vec<u8>,
    shares: Vec<u8>,
    /// After the last part.
    now: Counts,
    /// Nanoseconds that goroutines spent, by series.
    pub(super) totals: [u64; SERIES],
    /// Until when these count.
    known: u64,
}

/// Buckets of a part on one level.
#[derive(Debug)]
pub(super) struct Buckets<'a> {
    /// Counted from the finest.
    pub(super) level: u32,
    /// Buckets of the finest level.
    pub(super) finest: usize,
    bytes: &'a [u8],
    low: Counts,
    range: Counts,
}

impl Buckets<'_> {
    pub(super) fn len(&self) -> usize {
        self.bytes.len() / BYTES_EACH
    }

    /// A bucket. `part` is what its mean is to be multiplied by, where it is cut off by the end of
    /// the chunk.
    pub(super) fn get(&self, bucket: usize, part: f32) -> CountColumn {
        let mut found = CountColumn::default();
        for at in 0..SERIES {
            let value = |stat: usize, part: f64| {
                let byte = self.bytes.get((at * 3 + stat) * self.len() + bucket);
                let of_range = f64::from(byte.copied().unwrap_or_default()) / 255.0 * part;
                f64::from(self.low[at]) + of_range * f64::from(self.range[at])
            };
            found.line[at] = value(0, f64::from(part)) as f32;
            found.least[at] = value(1, 1.0).floor() as f32;
            found.most[at] = value(2, 1.0).ceil() as f32;
        }
        found
    }
}

/// Sums while a part is made.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    /// Goroutines times nanoseconds, above the least.
    area: Vec<[u64; SERIES]>,
    least: Vec<Counts>,
    most: Vec<Counts>,
}

impl CountLane {
    /// What it counts when a chunk begins.
    pub(super) fn start(&self, chunk: u32) -> Counts {
        let after = self.heads.partition_point(|head| head.chunk < chunk);
        match (self.heads.get(after), after) {
            // Nobody is there before the first part.
            (Some(head), 0) if head.chunk > chunk => [0; SERIES],
            (Some(head), _) => head.start,
            (None, _) => self.now,
        }
    }

    /// Its parts from a chunk on.
    pub(super) fn heads_from(&self, chunk: u32) -> &[Head] {
        let first = self.heads.partition_point(|head| head.chunk < chunk);
        &self.heads[first..]
    }

    /// Its parts before a chunk.
    pub(super) fn heads_before(&self, chunk: u32) -> &[Head] {
        let first = self.heads.partition_point(|head| head.chunk < chunk);
        &self.heads[..first]
    }

    /// Some are there from the beginning of the next part on.
    pub(super) fn begin_with(&mut self, begin: u64, more: &Counts) {
        self.pass(begin);
        for (now, more) in self.now.iter_mut().zip(more) {
            *now += more;
        }
    }

    /// Some are found to have been there since the beginning of a chunk, in all that came since.
    #[allow(clippy::needless_range_loop, reason = "several arrays at one place")]
    pub(super) fn backdate(&mut self, chunk: u32, begin: u64, until: u64, more: &Counts) {
        self.pass(until);
        let first = self.heads.partition_point(|head| head.chunk < chunk);
        if self.heads.get(first).is_none_or(|head| head.chunk > chunk) {
            let before = first.checked_sub(1).map(|at| self.heads[at]);
            let start = match self.heads.get(first) {
                Some(next) if first > 0 => next.start,
                Some(_) => [0; SERIES],
                None => self.now,
            };
            let head = Head {
                chunk,
                rows: before.map_or(0, |head| head.rows),
                shares: before.map_or(0, |head| head.shares),
                buckets: 0,
                start,
                low: start,
                range: [0; SERIES],
            };
            self.heads.insert(first, head);
        }
        let since = until.saturating_sub(begin);
        for (at, &more) in more.iter().enumerate() {
            for head in &mut self.heads[first..] {
                head.start[at] += more;
                head.low[at] += more;
            }
            self.now[at] += more;
            let spent = since.wrapping_mul(u64::from(more));
            self.totals[at] = self.totals[at].wrapping_add(spent);
        }
    }

    /// Time goes on, and nothing changes.
    #[inline]
    pub(super) fn pass(&mut self, until: u64) {
        let time = until.saturating_sub(self.known);
        for (total, &count) in self.totals.iter_mut().zip(&self.now) {
            // Only a trace that lasts for ages could pass the end of the numbers.
            *total = total.wrapping_add(time.wrapping_mul(u64::from(count)));
        }
        self.known = until.max(self.known);
    }

    /// Takes the changes in a chunk from `begin` until `until`, in order.
    pub(super) fn add(
        &mut self,
        chunk: u32,
        (begin, until): (u64, u64),
        cells: &[Cell],
        thrift: Thrift,
        sums: &mut Sums,
    ) {
        self.pass(begin);
        let start = self.now;
        let (mut low, mut high) = (start, start);
        for cell in cells {
            self.pass(cell.time);
            cell.step.apply(&mut self.now);
            for at in 0..SERIES {
                low[at] = low[at].min(self.now[at]);
                high[at] = high[at].max(self.now[at]);
            }
        }
        self.pass(until);
        let buckets = thrift.count_buckets(cells.len());
        let mut range = high;
        for (range, low) in range.iter_mut().zip(&low) {
            *range -= low;
        }
        if buckets == 0 {
            reserve(&mut self.rows, cells.len());
            reserve(&mut self.steps, cells.len());
            self.rows.extend(cells.iter().map(|cell| cell.row));
            self.steps.extend(cells.iter().map(|cell| cell.step.0));
        } else {
            sums.fill((begin, until), buckets, start, low, cells);
            self.levels(width((begin, until), buckets), buckets, low, range, sums);
        }
        self.heads.push(Head {
            chunk,
            rows: self.rows.len() as u32,
            shares: self.shares.len() as u32,
            buckets: buckets as u16,
            start,
            low,
            range,
        });
    }

    fn levels(&mut self, width: u64, buckets: usize, low: Counts, range: Counts, sums: &mut Sums) {
        reserve(&mut self.shares, bytes_of(buckets));
        let mut width = width as f64;
        for level in 0.. {
            let count = level_count(buckets, level);
            if count == 0 {
                break;
            }
            if level > 0 {
                sums.coarsen(count);
                width *= 4.0;
            }
            for at in 0..SERIES {
                let largest = f64::from(range[at].max(1));
                // What is cut off a bucket goes to the next, so that sums over many are right.
                let mut carry = 0.5;
                for area in &sums.area[..count] {
                    let exact = area[at] as f64 / width / largest * 255.0 + carry;
                    let mean = exact.floor().clamp(0.0, 255.0);
                    carry = exact - mean;
                    self.shares.push(mean as u8);
                }
                let part = |value: u32| f64::from(value - low[at]) / largest * 255.0;
                let least = sums.least[..count].iter();
                self.shares
                    .extend(least.map(|least| part(least[at]).floor() as u8));
                let most = sums.most[..count].iter();
                self.shares
                    .extend(most.map(|most| part(most[at]).ceil() as u8));
            }
        }
    }

    /// The changes of a part: the record's row, when, and what; `None` where it has buckets.
    pub(super) fn changes<'a>(
        &'a self,
        head: &Head,
        chunk: &'a Chunk,
    ) -> Option<impl Iterator<Item = (u16, u64, Step)> + 'a> {
        if head.buckets > 0 {
            return None;
        }
        let before = self.heads_before(head.chunk).last();
        let from = before.map_or(0, |before| before.rows as usize);
        let rows = self.rows[from..head.rows as usize].iter();
        let steps = self.steps[from..head.rows as usize].iter();
        Some(rows.zip(steps).map(|(&row, &step)| {
            let step = Step(step);
            (row, chunk.time(usize::from(row)) + step.after(), step)
        }))
    }

    /// The buckets of a part on the coarsest level that has as many, or on the finest.
    pub(super) fn buckets(&self, head: &Head, least: f64) -> Buckets<'_> {
        let before = self.heads_before(head.chunk).last();
        let mut from = before.map_or(0, |before| before.shares as usize);
        let count = |level| level_count(usize::from(head.buckets), level);
        let mut level = 0;
        while count(level + 1) > 0 && count(level + 1) as f64 >= least {
            from += count(level) * BYTES_EACH;
            level += 1;
        }
        let end = from + count(level) * BYTES_EACH;
        Buckets {
            level,
            finest: usize::from(head.buckets),
            bytes: self.shares.get(from..end).unwrap_or_default(),
            low: head.low,
            range: head.range,
        }
    }

    /// No more is added.
    pub(super) fn close(&mut self, end: u64) {
        self.pass(end);
        self.heads.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.steps.shrink_to_fit();
        self.shares.shrink_to_fit();
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.heads.capacity() * size_of::<Head>()
            + self.rows.capacity() * 2
            + self.steps.capacity()
            + self.shares.capacity()
    }
}

/// A change after which the counts stand for longer than it takes to tell of it: steps of one
/// record, such as the three of a switch, are one for the least and the most.
fn is_net(cells: &[Cell], at: usize) -> bool {
    cells
        .get(at + 1)
        .is_none_or(|next| next.row != cells[at].row)
}

/// Makes room for more by an eighth at a time: a list of shares is no place to double memory.
fn reserve<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 8).max(16));
    }
}

impl Sums {
    fn fill(
        &mut self,
        (begin, until): (u64, u64),
        buckets: usize,
        start: Counts,
        low: Counts,
        cells: &[Cell],
    ) {
        let width = width((begin, until), buckets);
        self.area.clear();
        self.area.resize(buckets, [0; SERIES]);
        self.least.clear();
        self.least.resize(buckets, [u32::MAX; SERIES]);
        self.most.clear();
        self.most.resize(buckets, low);
        let mut counts = start;
        let mut from = begin;
        let mut bucket = 0;
        let mut end = begin.saturating_add(width);
        for at in 0..=cells.len() {
            let to = cells.get(at).map_or(until, |cell| cell.time);
            let stands = at == 0 || is_net(cells, at - 1);
            while to > end && bucket + 1 < buckets {
                self.put(bucket, end.saturating_sub(from), &counts, &low, stands);
                from = end.max(from);
                bucket += 1;
                end = end.saturating_add(width);
            }
            self.put(bucket, to.saturating_sub(from), &counts, &low, stands);
            from = to.max(from);
            if let Some(cell) = cells.get(at) {
                cell.step.apply(&mut counts);
            }
        }
        // Behind the end of the chunk nothing was met.
        for (least, most) in self.least.iter_mut().zip(&self.most) {
            for (least, most) in least.iter_mut().zip(most) {
                *least = (*least).min(*most);
            }
        }
    }

    /// Counts for a time, in a bucket.
    #[inline]
    fn put(&mut self, bucket: usize, time: u64, counts: &Counts, low: &Counts, stands: bool) {
        let area = &mut self.area[bucket];
        for at in 0..SERIES {
            let above = u64::from(counts[at].saturating_sub(low[at]));
            area[at] = area[at].wrapping_add(time.wrapping_mul(above));
        }
        if stands {
            let (least, most) = (&mut self.least[bucket], &mut self.most[bucket]);
            for at in 0..SERIES {
                least[at] = least[at].min(counts[at]);
                most[at] = most[at].max(counts[at]);
            }
        }
    }

    fn coarsen(&mut self, count: usize) {
        for at in 0..count {
            for series in 0..SERIES {
                let four = 4 * at..4 * at + 4;
                self.area[at][series] = self.area[four.clone()]
                    .iter()
                    .map(|one| one[series])
                    .fold(0, u64::wrapping_add);
                let least = self.least[four.clone()].iter().map(|one| one[series]);
                self.least[at][series] = least.min().unwrap_or_default();
                let most = self.most[four].iter().map(|one| one[series]);
                self.most[at][series] = most.max().unwrap_or_default();
            }
        }
    }
}
