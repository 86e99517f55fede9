//! Makes the lanes of procs, threads and groups while chunks come in.

use super::chunk::{Chunk, Record};
use super::count_lane::{self, CountLane, Counts, SERIES, Step, series};
use super::counting;
use super::kind::Kind;
use super::shares::Scratch;
use super::state::{Show, flag};
use super::state_lane::{Cell, StateLane, Thrift};
use super::table::Table;
use super::track::{Change, Tracker, Watch};
use super::write::Epoch;
use crate::model::trace::{GoState, NONE, is_none};

/// Bytes that the parts of a chunk may take for each of its records; and at least, for what is
/// small anyway.
const BYTES_PER_RECORD: usize = 3;
const LEAST_BUDGET: usize = 1 << 15;

/// A lane of states that is being made.
#[derive(Clone, Debug)]
struct Building {
    lane: StateLane,
    /// When the chunk began, and now.
    start: Show,
    now: Show,
    cells: Vec<Cell>,
    /// Nothing was said of it since all that is known began.
    is_fresh: bool,
    /// All that was said of it is what it has been since then, and that in this chunk.
    has_arrived: bool,
    /// It has a part of this chunk.
    is_touched: bool,
    /// The proc that shows just the same in this chunk, or [`NONE`].
    follows: u32,
}

/// Lanes of a kind, by slot.
#[derive(Clone, Debug, Default)]
struct Lanes {
    lanes: Vec<Building>,
    touched: Vec<u32>,
    /// Those whose part is that of an earlier chunk.
    arrived: Vec<u32>,
}

impl Lanes {
    fn change(&mut self, slot: u32, row: u16, change: Change, epoch: (Epoch, u32, u64)) {
        let at = slot as usize;
        while at >= self.lanes.len() {
            self.lanes.push(Building {
                lane: StateLane::new(NONE),
                start: Show::BLANK,
                now: Show::BLANK,
                cells: Vec::new(),
                is_fresh: true,
                has_arrived: false,
                is_touched: false,
                follows: NONE,
            });
        }
        let lane = &mut self.lanes[at];
        if change.arrives && (lane.is_fresh || lane.has_arrived) {
            let (epoch, chunk, begin) = epoch;
            (lane.start, lane.now) = (change.show, change.show);
            (lane.is_fresh, lane.has_arrived) = (false, true);
            lane.lane.arrives(chunk);
            if epoch.chunk < chunk {
                lane.lane.backdate(epoch.chunk, begin, change.show);
                self.arrived.push(slot);
            } else {
                self.touch(slot);
            }
            return;
        }
        if change.show == lane.now {
            return;
        }
        lane.is_fresh = change.show == Show::UNKNOWN;
        lane.has_arrived = false;
        lane.now = change.show;
        lane.cells.push(Cell {
            time: change.time,
            row,
            after: change.after,
            show: change.show,
        });
        self.touch(slot);
    }

    fn touch(&mut self, slot: u32) {
        let lane = &mut self.lanes[slot as usize];
        if !lane.is_touched {
            lane.is_touched = true;
            self.touched.push(slot);
        }
    }

    /// Finds out which show just what a proc shows that they hold.
    fn find_followed(&mut self, procs: &Self, tracker: &Tracker) {
        for &slot in &self.touched {
            let lane = &mut self.lanes[slot as usize];
            let proc = tracker.held(slot).proc;
            let followed = procs.lanes.get(proc as usize);
            let is_same = followed.is_some_and(|proc| {
                proc.is_touched && proc.start == lane.start && proc.cells == lane.cells
            });
            lane.follows = if is_same { proc } else { NONE };
        }
    }

    /// Bytes that the parts of a chunk take.
    fn bytes(&self, thrift: Thrift) -> usize {
        let touched = self.touched.iter().map(|&slot| &self.lanes[slot as usize]);
        let own = touched.filter(|lane| is_none(lane.follows));
        own.map(|lane| thrift.bytes(lane.cells.len())).sum()
    }

    /// The chunk is complete.
    fn end(
        &mut self,
        chunk: u32,
        span: (u64, u64),
        thrift: Thrift,
        table: &Table,
        scratch: &mut Scratch,
    ) {
        for slot in std::mem::take(&mut self.touched) {
            let one = &mut self.lanes[slot as usize];
            if is_none(one.follows) {
                let group = |goroutine| table.group(goroutine);
                let cells = &one.cells;
                one.lane
                    .add((chunk, span), one.start, cells, thrift, &group, scratch);
            } else {
                one.lane
                    .follow((chunk, span), one.start, &one.cells, one.follows);
            }
            one.start = one.now;
            one.cells.clear();
            one.follows = NONE;
            (one.has_arrived, one.is_touched) = (false, false);
        }
        for slot in std::mem::take(&mut self.arrived) {
            let lane = &mut self.lanes[slot as usize];
            lane.start = lane.now;
            lane.has_arrived = false;
        }
    }

    fn finish(self, end: u64) -> Vec<StateLane> {
        let lanes = self.lanes.into_iter().map(|mut one| {
            one.lane.close(end);
            one.lane
        });
        lanes.collect()
    }
}

/// Sees what procs and threads show.
struct Watcher<'a> {
    procs: &'a mut Lanes,
    threads: &'a mut Lanes,
    row: u16,
    epoch: (Epoch, u32, u64),
}

impl Watch for Watcher<'_> {
    #[inline]
    fn thread(&mut self, slot: u32, change: Change) {
        self.threads.change(slot, self.row, change, self.epoch);
    }

    #[inline]
    fn proc(&mut self, slot: u32, change: Change) {
        self.procs.change(slot, self.row, change, self.epoch);
    }
}

/// The lane of a group that is being made.
#[derive(Clone, Debug, Default)]
struct Counting {
    lane: CountLane,
    cells: Vec<count_lane::Cell>,
    /// It has a part of this chunk.
    is_touched: bool,
}

/// The lanes of groups, and that of all goroutines.
#[derive(Clone, Debug, Default)]
struct CountLanes {
    groups: Vec<Counting>,
    all: Counting,
    touched: Vec<u32>,
}

impl CountLanes {
    #[inline]
    fn touch(&mut self, group: u32) -> Option<&mut Counting> {
        let counting = self.groups.get_mut(group as usize)?;
        if !counting.is_touched {
            counting.is_touched = true;
            self.touched.push(group);
        }
        Some(counting)
    }

    #[inline]
    fn record(&mut self, row: u16, number: u32, record: &Record, table: &Table) {
        let time = record.time;
        let cell = |step: Step| count_lane::Cell {
            time: time + step.after(),
            row,
            step,
        };
        if record.kind() == Kind::Lost {
            for group in 0..self.groups.len() as u32 {
                if let Some(group) = self.touch(group) {
                    group.cells.push(cell(Step::CLEAR));
                }
            }
            return self.all.cells.push(cell(Step::CLEAR));
        }
        counting::steps(record, number, table, |group, step| match group {
            None => self.all.cells.push(cell(step)),
            Some(group) => {
                if let Some(group) = self.touch(group) {
                    group.cells.push(cell(step));
                }
            }
        });
    }

    /// Bytes that the parts of a chunk take.
    fn bytes(&self, thrift: Thrift) -> usize {
        let touched = self
            .touched
            .iter()
            .map(|&group| &self.groups[group as usize]);
        let all = touched.chain([&self.all]);
        all.map(|one| thrift.count_bytes(one.cells.len())).sum()
    }

    /// The chunk is complete.
    fn end(&mut self, chunk: u32, span: (u64, u64), thrift: Thrift, sums: &mut count_lane::Sums) {
        for group in std::mem::take(&mut self.touched) {
            let group = &mut self.groups[group as usize];
            group.lane.add(chunk, span, &group.cells, thrift, sums);
            group.cells.clear();
            group.is_touched = false;
        }
        self.all
            .lane
            .add(chunk, span, &self.all.cells, thrift, sums);
        self.all.cells.clear();
    }
}

/// Makes lanes.
#[derive(Clone, Debug, Default)]
pub(super) struct LaneWriter {
    procs: Lanes,
    threads: Lanes,
    counts: CountLanes,
    tracker: Tracker,
    /// Chunks so far.
    chunks: u32,
    /// When the first chunk of the epoch began.
    begin: u64,
    /// News of workers that the tracker has.
    worker_news: usize,
    /// Who arrived in this chunk.
    arrivals: Vec<(u32, GoState)>,
    scratch: Scratch,
    sums: count_lane::Sums,
}

/// The lanes of a trace.
#[derive(Debug, Default)]
pub(super) struct LaneTables {
    /// By slot.
    pub(super) procs: Vec<StateLane>,
    /// By slot.
    pub(super) threads: Vec<StateLane>,
    pub(super) groups: Vec<CountLane>,
    pub(super) all: CountLane,
}

impl LaneWriter {
    /// A goroutine is found to have been there since all that is known began.
    pub(super) fn arrives(&mut self, goroutine: u32, state: GoState) {
        self.arrivals.push((goroutine, state));
    }

    /// Takes a chunk, whose time ends at `until`.
    pub(super) fn chunk(&mut self, chunk: &Chunk, until: u64, epoch: Epoch, table: &Table) {
        let at = self.chunks;
        let span = (chunk.begin(), until);
        if epoch.chunk == at {
            self.begin = span.0;
        }
        let news = table.worker_news(self.worker_news);
        self.worker_news += news.len();
        for &(worker, is_one) in news {
            let flags = self.tracker.flags_mut(worker);
            *flags = *flags & !flag::WORKER | if is_one { flag::WORKER } else { 0 };
        }
        let groups = &mut self.counts.groups;
        groups.resize_with(table.groups().max(groups.len()), Counting::default);
        self.count_arrivals(at, span.0, epoch, table);
        let mut watcher = Watcher {
            procs: &mut self.procs,
            threads: &mut self.threads,
            row: 0,
            epoch: (epoch, at, self.begin),
        };
        for (row, record) in chunk.records(0..chunk.len()) {
            watcher.row = row as u16;
            self.tracker.step(&record, &mut watcher);
            let number = chunk.first + row as u32;
            self.counts.record(row as u16, number, &record, table);
        }
        self.threads.find_followed(&self.procs, &self.tracker);
        let thrift = self.thrift(chunk.len());
        self.procs.end(at, span, thrift, table, &mut self.scratch);
        self.threads.end(at, span, thrift, table, &mut self.scratch);
        self.counts.end(at, span, thrift, &mut self.sums);
        self.chunks += 1;
    }

    /// As much of each lane as all of them may take together.
    fn thrift(&self, records: usize) -> Thrift {
        let budget = (records * BYTES_PER_RECORD).max(LEAST_BUDGET);
        let bytes = |thrift| {
            self.procs.bytes(thrift) + self.threads.bytes(thrift) + self.counts.bytes(thrift)
        };
        let all = (0..Thrift::MOST).map(Thrift);
        let fitting = all.into_iter().find(|&thrift| bytes(thrift) <= budget);
        fitting.unwrap_or(Thrift(Thrift::MOST))
    }

    fn count_arrivals(&mut self, chunk: u32, begin: u64, epoch: Epoch, table: &Table) {
        if self.arrivals.is_empty() {
            return;
        }
        let mut arrivals: Vec<(u32, usize)> = std::mem::take(&mut self.arrivals)
            .into_iter()
            .filter_map(|(goroutine, state)| Some((table.group(goroutine), series(state)?)))
            .collect();
        arrivals.sort_unstable();
        let mut all = [0; SERIES];
        let is_now = epoch.chunk == chunk;
        let since = self.begin;
        let add = |lane: &mut CountLane, more: &Counts| match is_now {
            true => lane.begin_with(begin, more),
            false => lane.backdate(epoch.chunk, since, begin, more),
        };
        for of_group in arrivals.chunk_by(|a, b| a.0 == b.0) {
            let mut more = [0; SERIES];
            for &(_, series) in of_group {
                more[series] += 1;
                all[series] += 1;
            }
            let group = of_group[0].0;
            if is_now {
                // It has a part, though nothing may change in it.
                let _ = self.counts.touch(group);
            }
            if let Some(group) = self.counts.groups.get_mut(group as usize) {
                add(&mut group.lane, &more);
            }
        }
        add(&mut self.counts.all.lane, &all);
    }

    /// The end of the trace.
    pub(super) fn finish(self, end: u64) -> LaneTables {
        let closed = |mut counting: Counting| {
            counting.lane.close(end);
            counting.lane
        };
        LaneTables {
            procs: self.procs.finish(end),
            threads: self.threads.finish(end),
            groups: self.counts.groups.into_iter().map(closed).collect(),
            all: closed(self.counts.all),
        }
    }
}
