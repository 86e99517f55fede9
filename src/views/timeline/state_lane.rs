//! What a lane of one state at a time shows, kept so that a picture of any window looks at little.
//!
//! A lane has a part for each chunk in which it changes. With few changes the part has all of
//! them. Else it has shares of the states by *buckets* of equal time, on levels of a quarter as
//! many each, and *marks* of the spans that are long for the chunk: on the finest level shares
//! are of what is between the marks, on the others of everything.

use super::chunk::Chunk;
use super::state::{Show, State};
use crate::model::trace::NONE;

/// Changes up to which a part has all of them.
const MOST_EXACT: usize = 64;
/// Buckets of a part.
const LEAST_BUCKETS: usize = 64;
const MOST_BUCKETS: usize = 512;
/// Changes for a bucket.
const CHANGES_PER_BUCKET: usize = 4;
/// Buckets of a level at least.
const LEAST_LEVEL: usize = 4;
/// A span is long if it takes this part of a chunk.
const LONG: u64 = 256;
/// Groups of which a bucket's largest is taken: others come later in it, and have less of it.
const MOST_GROUPS: usize = 16;
/// In place of a state: what the buckets say.
const MIXED: u8 = 31;
/// Bits of a mark's state; those above are nanoseconds after the record.
const STATE_BITS: u8 = 5;
/// What a bucket's shares are parts of.
pub(super) const WHOLE: f32 = 255.0;

/// A change of a lane in a chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) time: u64,
    pub(super) row: u16,
    pub(super) after: u8,
    pub(super) show: Show,
}

/// A part of a lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) chunk: u32,
    /// Where its marks and its shares end.
    rows: u32,
    shares: u32,
    pub(super) start: Show,
    pub(super) end: Show,
    /// A bit for each state that the buckets have.
    mask: u32,
    /// Buckets of the finest level; 0 where all changes are marks.
    buckets: u16,
    /// The longest span, as a part of the chunk.
    pub(super) longest: f32,
}

impl Head {
    /// Buckets of the finest level; 0 of a part that has none.
    pub(super) fn buckets(&self) -> usize {
        usize::from(self.buckets)
    }
}

/// A lane.
#[derive(Debug)]
pub(super) struct StateLane {
    heads: Vec<Head>,
    rows: Vec<u16>,
    states: Vec<u8>,
    shares: Vec<u8>,
    /// Groups stand with the shares.
    has_groups: bool,
    /// The goroutine that it is the lane of; [`NONE`] of procs and threads.
    owner: u32,
    /// Chunks in which it is told what it has shown since all that is known began.
    arrivals: Vec<u32>,
    /// Nanoseconds by state.
    pub(super) totals: [u64; State::COUNT],
    /// Until when these count.
    known: u64,
}

/// Sums of times while a part is made: by state that occurs, then by bucket.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    all: Vec<u64>,
    between: Vec<u64>,
    /// By bucket.
    totals: Vec<u64>,
    /// Where a state's sums stand, as a multiple of the buckets; `u8::MAX` of none.
    places: Vec<u8>,
    /// User time of a bucket by group, and the group with the most.
    groups: Vec<(u32, u64)>,
    most: Vec<(u16, u64)>,
}

/// A bucket's place, kept while times go on.
struct Pointer {
    at: usize,
    end: u64,
    width: u64,
}

impl StateLane {
    /// The lane of a goroutine, or of something that goroutines run on.
    pub(super) fn new(owner: u32) -> Self {
        Self {
            heads: Vec::new(),
            rows: Vec::new(),
            states: Vec::new(),
            shares: Vec::new(),
            has_groups: owner == NONE,
            owner,
            arrivals: Vec::new(),
            totals: [0; State::COUNT],
            known: 0,
        }
    }

    /// What it shows when a chunk begins.
    pub(super) fn start(&self, chunk: u32) -> Show {
        let after = self.heads.partition_point(|head| head.chunk <= chunk);
        match after.checked_sub(1).map(|at| self.heads[at]) {
            Some(head) if head.chunk == chunk => head.start,
            Some(head) => head.end,
            None => Show::BLANK,
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

    /// It is found to have shown something from the beginning of a chunk on, which is not before
    /// the last that it has a part of.
    pub(super) fn backdate(&mut self, chunk: u32, begin: u64, show: Show) {
        match self.heads.last_mut() {
            Some(last) if last.chunk == chunk => (last.start, last.end) = (show, show),
            _ => {
                self.pass(begin);
                self.push(chunk, show, show);
            }
        }
    }

    /// What it has shown since all that is known began is told in a chunk.
    pub(super) fn arrives(&mut self, chunk: u32) {
        if self.arrivals.last() != Some(&chunk) {
            self.arrivals.push(chunk);
        }
    }

    /// See [`Self::arrives`].
    pub(super) fn arrives_in(&self, chunk: u32) -> bool {
        self.arrivals.contains(&chunk)
    }

    /// Time goes on, and nothing changes.
    pub(super) fn pass(&mut self, until: u64) {
        if let Some(last) = self.heads.last() {
            let time = until.saturating_sub(self.known);
            self.totals[last.end.state as usize] += time;
        }
        self.known = until.max(self.known);
    }

    fn push(&mut self, chunk: u32, start: Show, end: Show) {
        self.heads.push(Head {
            chunk,
            rows: self.rows.len() as u32,
            shares: self.shares.len() as u32,
            start,
            end,
            mask: 0,
            buckets: 0,
            longest: 1.0,
        });
    }

    fn mark(&mut self, cell: &Cell, state: u8) {
        reserve(&mut self.rows, 1);
        reserve(&mut self.states, 1);
        self.rows.push(cell.row);
        self.states.push(state | cell.after << STATE_BITS);
    }

    /// Takes what it shows in a chunk from `begin` until `until`: `start`, and its changes in
    /// order.
    pub(super) fn add(
        &mut self,
        chunk: u32,
        (begin, until): (u64, u64),
        start: Show,
        cells: &[Cell],
        group: &impl Fn(u32) -> u32,
        scratch: &mut Scratch,
    ) {
        self.pass(begin);
        let end = cells.last().map_or(start, |cell| cell.show);
        let is_exact = cells.len() <= MOST_EXACT;
        let length = until.saturating_sub(begin).max(1);
        let buckets = (cells.len() / CHANGES_PER_BUCKET).next_power_of_two();
        let buckets = buckets.clamp(LEAST_BUCKETS, MOST_BUCKETS);
        let mut pointer = Pointer {
            at: 0,
            end: 0,
            width: length.div_ceil(buckets as u64),
        };
        pointer.end = begin.saturating_add(pointer.width);
        if !is_exact {
            scratch.begin(buckets);
        }
        let mut longest = 0;
        let mut is_mixed = false;
        let mut from = begin;
        let mut show = start;
        for at in 0..=cells.len() {
            let to = cells
                .get(at)
                .map_or(until, |cell| cell.time)
                .clamp(from, until.max(from));
            let time = to - from;
            longest = longest.max(time);
            self.totals[show.state as usize] += time;
            let is_edge = at == 0 || at == cells.len();
            let is_long = is_exact || is_edge || time.saturating_mul(LONG) >= length;
            if let Some(cell) = at.checked_sub(1).map(|before| &cells[before]) {
                if is_long {
                    self.mark(cell, show.state as u8);
                } else if !is_mixed {
                    self.mark(cell, MIXED);
                }
            }
            is_mixed = !is_long;
            if !is_exact {
                let group = match (self.has_groups, show.state) {
                    (true, State::User) => group(show.goroutine),
                    _ => NONE,
                };
                scratch.add(
                    &mut pointer,
                    buckets,
                    (from, to),
                    show.state,
                    is_long,
                    group,
                );
            }
            from = to;
            if let Some(cell) = cells.get(at) {
                show = cell.show;
            }
        }
        self.known = until.max(self.known);
        let mut mask = 0;
        if !is_exact {
            scratch.end_group(pointer.at);
            mask = scratch.mask();
            self.levels(buckets, scratch);
        }
        self.push(chunk, start, end);
        if let Some(head) = self.heads.last_mut() {
            head.mask = mask;
            head.buckets = if is_exact { 0 } else { buckets as u16 };
            head.longest = longest as f32 / length as f32;
        }
    }

    /// Writes the shares of all levels.
    fn levels(&mut self, buckets: usize, scratch: &mut Scratch) {
        let order: Vec<usize> = scratch.order().collect();
        let bytes_each = order.len() + if self.has_groups { 2 } else { 0 };
        reserve(&mut self.shares, bytes_each * buckets * 4 / 3 + 1);
        let mut count = buckets;
        let mut is_finest = true;
        while count >= LEAST_LEVEL || is_finest {
            let sums = match is_finest {
                true => &scratch.between,
                false => &scratch.all,
            };
            let of = |place: usize| &sums[place * buckets..place * buckets + count];
            scratch.totals.clear();
            scratch.totals.resize(count, 0);
            for &place in &order {
                for (total, sum) in scratch.totals.iter_mut().zip(of(place)) {
                    *total += sum;
                }
            }
            for &place in &order {
                let mut carry = 0.0;
                for (&sum, &total) in of(place).iter().zip(&scratch.totals) {
                    self.shares
                        .push(share(sum as f64, total as f64, &mut carry));
                }
            }
            if self.has_groups {
                let most = &scratch.most[..count];
                self.shares.extend(most.iter().map(|most| most.0 as u8));
                self.shares
                    .extend(most.iter().map(|most| (most.0 >> 8) as u8));
            }
            is_finest = false;
            count /= 4;
            scratch.coarsen(buckets, count);
        }
    }

    /// A part that is drawn from its marks alone.
    pub(super) fn is_exact(head: &Head) -> bool {
        head.buckets == 0
    }

    fn index_of(&self, head: &Head) -> usize {
        self.heads.partition_point(|one| one.chunk < head.chunk)
    }

    /// The marks of a part: when, and what it shows from then on; `None` for what the buckets of
    /// the finest level say.
    pub(super) fn marks<'a>(
        &'a self,
        head: &Head,
        chunk: &'a Chunk,
    ) -> impl Iterator<Item = (u64, Option<Show>)> + 'a {
        let before = self.index_of(head).checked_sub(1).map(|at| self.heads[at]);
        let from = before.map_or(0, |before| before.rows as usize);
        let rows = self.rows[from..head.rows as usize].iter();
        let states = self.states[from..head.rows as usize].iter();
        rows.zip(states).filter_map(|(&row, &packed)| {
            let state = packed & ((1 << STATE_BITS) - 1);
            let record = chunk.record(usize::from(row))?;
            let time = record.time + u64::from(packed >> STATE_BITS);
            if state == MIXED {
                return Some((time, None));
            }
            let state = State::of(state);
            let goroutine = match has_goroutine(state) {
                true if self.owner == NONE => record.subject,
                true => self.owner,
                false => NONE,
            };
            Some((time, Some(Show { state, goroutine })))
        })
    }

    /// A level of a part, counted from the finest.
    pub(super) fn level(&self, head: &Head, level: u32) -> Option<Level<'_>> {
        let before = self.index_of(head).checked_sub(1).map(|at| self.heads[at]);
        let mut from = before.map_or(0, |before| before.shares as usize);
        let states = head.mask.count_ones() as usize;
        let bytes_each = states + if self.has_groups { 2 } else { 0 };
        for finer in 0..level {
            from += (usize::from(head.buckets) >> (2 * finer)) * bytes_each;
        }
        let count = usize::from(head.buckets).checked_shr(2 * level)?;
        let is_there = count > 0 && from + count * bytes_each <= head.shares as usize;
        is_there.then(|| Level {
            count,
            mask: head.mask,
            has_groups: self.has_groups,
            bytes: &self.shares[from..from + count * bytes_each],
        })
    }

    /// The coarsest level with as many buckets; the finest if none has.
    pub(super) fn level_with(head: &Head, buckets: f64) -> u32 {
        let mut level = 0;
        let mut count = usize::from(head.buckets) / 4;
        while count >= LEAST_LEVEL && count as f64 >= buckets {
            level += 1;
            count /= 4;
        }
        level
    }

    /// No more is added.
    pub(super) fn close(&mut self, end: u64) {
        self.pass(end);
        self.heads.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.states.shrink_to_fit();
        self.shares.shrink_to_fit();
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.heads.capacity() * size_of::<Head>()
            + self.rows.capacity() * 2
            + self.states.capacity()
            + self.shares.capacity()
            + self.arrivals.capacity() * 4
    }
}

/// Makes room for more by an eighth at a time: a list of shares is no place to double memory.
fn reserve<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 8).max(64));
    }
}

/// The share of a time in a total. What is cut off goes to the next ones, so that sums over many
/// are right; but only as much as does not distort a total that is small.
fn share(time: f64, total: f64, carry: &mut f64) -> u8 {
    let quantum = total / f64::from(WHOLE);
    if quantum <= 0.0 {
        return 0;
    }
    let more = carry.clamp(-quantum, 4.0 * quantum);
    let share = ((time + more) / quantum)
        .round()
        .clamp(0.0, f64::from(WHOLE));
    *carry += time - share * quantum;
    share as u8
}

/// States of somebody.
fn has_goroutine(state: State) -> bool {
    !matches!(
        state,
        State::Blank | State::Unknown | State::Idle | State::Scheduler | State::Mark
    )
}

/// Shares of a part by bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level<'a> {
    /// Buckets.
    pub(super) count: usize,
    mask: u32,
    has_groups: bool,
    bytes: &'a [u8],
}

impl Level<'_> {
    /// States that occur, and their shares of a bucket.
    pub(super) fn shares(&self, bucket: usize) -> impl Iterator<Item = (State, u8)> + '_ {
        let mut mask = self.mask;
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
    pub(super) fn group(&self, bucket: usize) -> Option<u32> {
        if !self.has_groups {
            return None;
        }
        let at = self.mask.count_ones() as usize * self.count + bucket;
        let [low, high] = [self.bytes[at], self.bytes[at + self.count]];
        let group = u32::from(high) << 8 | u32::from(low);
        (group != u32::from(u16::MAX)).then_some(group)
    }
}

impl Scratch {
    fn begin(&mut self, buckets: usize) {
        self.all.clear();
        self.between.clear();
        self.places.clear();
        self.places.resize(State::COUNT, u8::MAX);
        self.groups.clear();
        self.most.clear();
        self.most.resize(buckets, (u16::MAX, 0));
    }

    /// Where the sums of a state stand.
    #[inline]
    fn place(&mut self, state: State, buckets: usize) -> usize {
        let known = self.places[state as usize];
        if known != u8::MAX {
            return usize::from(known) * buckets;
        }
        let at = self.all.len();
        self.places[state as usize] = (at / buckets) as u8;
        self.all.resize(at + buckets, 0);
        self.between.resize(at + buckets, 0);
        at
    }

    #[inline]
    fn add(
        &mut self,
        pointer: &mut Pointer,
        buckets: usize,
        (from, to): (u64, u64),
        state: State,
        is_long: bool,
        group: u32,
    ) {
        let place = self.place(state, buckets);
        let mut from = from;
        while from < to {
            while from >= pointer.end && pointer.at + 1 < buckets {
                self.end_group(pointer.at);
                pointer.at += 1;
                pointer.end = pointer.end.saturating_add(pointer.width);
            }
            let end = match pointer.at + 1 < buckets {
                true => to.min(pointer.end),
                false => to,
            };
            let time = end - from;
            self.all[place + pointer.at] += time;
            if !is_long {
                self.between[place + pointer.at] += time;
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

    fn end_group(&mut self, bucket: usize) {
        if let Some(&(group, time)) = self.groups.iter().max_by_key(|one| one.1) {
            let group = u16::try_from(group).unwrap_or(u16::MAX);
            self.most[bucket] = (group, time);
            self.groups.clear();
        }
    }

    /// Places by the numbers of states.
    fn order(&self) -> impl Iterator<Item = usize> + '_ {
        let there = self.places.iter().filter(|&&place| place != u8::MAX);
        there.map(|&place| usize::from(place))
    }

    fn mask(&self) -> u32 {
        let there = (0..)
            .zip(&self.places)
            .filter(|&(_, &place)| place != u8::MAX);
        there.fold(0, |mask, (state, _)| mask | 1_u32 << state)
    }

    /// Makes one of four buckets, of which there are `count` then.
    fn coarsen(&mut self, buckets: usize, count: usize) {
        for sums in self.all.chunks_mut(buckets) {
            for at in 0..count {
                sums[at] = sums[4 * at..4 * at + 4].iter().sum();
            }
        }
        for at in 0..count {
            let mut best = (u16::MAX, 0);
            for &(group, _) in &self.most[4 * at..4 * at + 4] {
                let same = self.most[4 * at..4 * at + 4]
                    .iter()
                    .filter(|one| one.0 == group);
                let time = same.map(|one| one.1).sum();
                if time > best.1 {
                    best = (group, time);
                }
            }
            self.most[at] = best;
        }
    }
}
