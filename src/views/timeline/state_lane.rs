//! What a lane of one state at a time shows, kept so that a picture of any window looks at little.
//!
//! A lane has a part for each chunk in which it changes. With few changes the part has all of
//! them. Else it has shares of the states by *buckets* of equal time, on levels of a quarter as
//! many each, and *marks* of the spans that are long for the chunk: on the finest level shares
//! are of what is between the marks, on the others of everything.

use super::chunk::Chunk;
use super::shares::{Layout, Level, Scratch};
use super::state::{Show, State};
use crate::model::trace::NONE;

/// In place of a state: what the buckets say.
const MIXED: u8 = 31;
/// Bits of a mark's state; those above are nanoseconds after the record.
const STATE_BITS: u8 = 5;

/// How much is kept of a lane, as a power of two that it is divided by: with many lanes each has
/// less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Thrift(pub(super) u32);

impl Thrift {
    /// The most there can be.
    pub(super) const MOST: u32 = 6;

    /// Buckets of the finest level for so many changes; 0 where all changes are kept.
    fn buckets(self, changes: usize) -> usize {
        if changes <= (64 >> self.0).max(16) {
            return 0;
        }
        // A bucket for four changes.
        let buckets = (changes / 4).next_power_of_two();
        (buckets.clamp(64, 512) >> self.0).max(8)
    }

    /// A span is long if it takes this part of a chunk.
    fn long(self) -> u64 {
        256 >> self.0.min(4)
    }

    /// Bytes of a part with so many changes, about.
    pub(super) fn bytes(self, changes: usize) -> usize {
        match self.buckets(changes) {
            0 => changes * 3,
            // Seven states and a group on all levels.
            buckets => buckets * 12,
        }
    }
}

/// A change of a lane in a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// No buckets where all changes are marks.
    pub(super) layout: Layout,
    /// The proc whose part says it all, or [`NONE`].
    pub(super) follows: u32,
    /// The longest span, as a part of the chunk.
    pub(super) longest: f32,
}

/// A lane.
#[derive(Clone, Debug)]
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
    /// Nanoseconds in which a goroutine was on it.
    pub(super) busy: u64,
    /// Until when these count.
    known: u64,
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
            busy: 0,
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
            let show = last.end;
            self.spend(show, until.saturating_sub(self.known));
        }
        self.known = until.max(self.known);
    }

    #[inline]
    fn spend(&mut self, show: Show, time: u64) {
        if !crate::model::trace::is_none(show.goroutine) {
            self.busy += time;
        }
    }

    fn push(&mut self, chunk: u32, start: Show, end: Show) -> &mut Head {
        let at = self.heads.len();
        self.heads.push(Head {
            chunk,
            rows: self.rows.len() as u32,
            shares: self.shares.len() as u32,
            start,
            end,
            layout: Layout::default(),
            follows: NONE,
            longest: 1.0,
        });
        &mut self.heads[at]
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
        (chunk, (begin, until)): (u32, (u64, u64)),
        start: Show,
        cells: &[Cell],
        thrift: Thrift,
        group: &impl Fn(u32) -> u32,
        scratch: &mut Scratch,
    ) {
        self.pass(begin);
        let buckets = thrift.buckets(cells.len());
        let is_exact = buckets == 0;
        if !is_exact {
            scratch.begin((begin, until), buckets);
        }
        let length = until.saturating_sub(begin).max(1);
        let mut longest = 0;
        let mut is_mixed = false;
        let (mut from, mut show) = (begin, start);
        for at in 0..=cells.len() {
            let next = cells.get(at);
            let to = next.map_or(until, |cell| cell.time);
            let to = to.clamp(from, until.max(from));
            let time = to - from;
            longest = longest.max(time);
            self.spend(show, time);
            let is_edge = at == 0 || at == cells.len();
            let is_long = is_edge || time.saturating_mul(thrift.long()) >= length;
            let is_marked = is_exact || is_long;
            if let Some(cell) = at.checked_sub(1).map(|before| &cells[before]) {
                if is_marked {
                    self.mark(cell, show.state as u8);
                } else if !is_mixed {
                    self.mark(cell, MIXED);
                }
            }
            is_mixed = !is_marked;
            if !is_exact {
                let group = match (self.has_groups, show.state) {
                    (true, State::User) => group(show.goroutine),
                    _ => NONE,
                };
                scratch.add((from, to), show.state, is_marked, group);
            }
            from = to;
            show = next.map_or(show, |cell| cell.show);
        }
        self.known = until.max(self.known);
        let mut layout = Layout::default();
        if !is_exact {
            reserve(&mut self.shares, thrift.bytes(cells.len()));
            layout = scratch.write(self.has_groups, &mut self.shares);
        }
        let head = self.push(chunk, start, show);
        head.layout = layout;
        head.longest = longest as f32 / length as f32;
    }

    /// Takes a chunk in which it shows all that a proc shows.
    pub(super) fn follow(
        &mut self,
        (chunk, (begin, until)): (u32, (u64, u64)),
        start: Show,
        cells: &[Cell],
        proc: u32,
    ) {
        self.pass(begin);
        let (mut from, mut show) = (begin, start);
        for cell in cells {
            self.spend(show, cell.time.saturating_sub(from));
            (from, show) = (cell.time, cell.show);
        }
        self.spend(show, until.saturating_sub(from));
        self.known = until.max(self.known);
        self.push(chunk, start, show).follows = proc;
    }

    /// Its part of a chunk.
    pub(super) fn head(&self, chunk: u32) -> Option<&Head> {
        let at = self.heads.partition_point(|head| head.chunk < chunk);
        self.heads.get(at).filter(|head| head.chunk == chunk)
    }

    /// A part that is drawn from its marks alone.
    pub(super) fn is_exact(head: &Head) -> bool {
        head.layout.buckets == 0
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
        let from = before.map_or(0, |before| before.shares as usize);
        head.layout
            .level(&self.shares[from..head.shares as usize], level)
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

/// States of somebody.
fn has_goroutine(state: State) -> bool {
    !matches!(
        state,
        State::Blank | State::Unknown | State::Idle | State::Scheduler | State::Mark
    )
}
