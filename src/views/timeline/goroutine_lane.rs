//! Lanes of single goroutines. There may be millions, so a lane is made when it is first shown,
//! by one look at all records for all lanes that are wanted together.

use rustc_hash::FxHashMap;

use super::chunk::{Chunk, Record, wide};
use super::kind::{Kind, state_of};
use super::shares::Scratch;
use super::site::Sites;
use super::state::{Show, State, cause, flag, mode};
use super::state_lane::{Cell, StateLane, Thrift};
use super::store::Store;
use super::table::Table;
use super::track::flag_of;
use crate::model::trace::{Edge, GoState, ProcState, is_none};

/// Lanes that can be made together without a thought of memory.
const PLENTY: usize = 64;
/// Bytes of lanes that are kept beyond those that are shown.
const MOST_BYTES: usize = 48 << 20;

/// What a goroutine does, by the records that are of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    goroutine: u32,
    flags: u8,
    state: GoState,
    /// In a call of the system it has no proc.
    bare: bool,
    /// What it shows where it is on no thread.
    off: State,
}

impl Course {
    /// Before its first record.
    pub(super) fn new(goroutine: u32, is_worker: bool) -> Self {
        Self {
            goroutine,
            flags: if is_worker { flag::WORKER } else { 0 },
            state: GoState::Undetermined,
            bare: false,
            off: State::Blank,
        }
    }

    pub(super) fn show(self) -> Show {
        let state = match self.state {
            GoState::Running | GoState::Syscall => mode(self.flags, !self.bare),
            _ => self.off,
        };
        match state {
            State::Blank | State::Unknown => Show::nobody(state),
            _ => Show {
                state,
                goroutine: self.goroutine,
            },
        }
    }

    fn go(&mut self, from: GoState, to: GoState, bare: bool, site: u32, sites: &Sites) {
        if self.state == to {
            return;
        }
        let meaning = sites.meaning(site);
        self.state = to;
        self.bare = bare;
        self.flags &= match to {
            GoState::Running => !flag::SYSCALL,
            GoState::NotExist => 0,
            _ => !(flag::SYSCALL | flag::SWEEP),
        };
        match to {
            GoState::Syscall => self.flags |= flag::SYSCALL,
            GoState::Runnable => self.off = State::runnable(cause(from, meaning.is_preempted)),
            GoState::Waiting => self.off = meaning.wait,
            _ => self.off = State::Blank,
        }
    }

    /// Takes a record that is of it; tells what it shows then, each some nanoseconds later.
    #[inline]
    pub(super) fn step(&mut self, record: &Record, sites: &Sites, mut tell: impl FnMut(u8, Show)) {
        let own = record.subject == self.goroutine;
        match record.kind() {
            Kind::Go { from, to, bare, .. } => self.go(from, to, bare, record.site, sites),
            Kind::Switch { ends } => {
                let (waiting, runnable) = (GoState::Waiting, GoState::Runnable);
                if own {
                    self.go(waiting, runnable, false, 0, sites);
                    tell(0, self.show());
                }
                if record.site == self.goroutine {
                    let to = if ends { GoState::NotExist } else { waiting };
                    self.go(GoState::Running, to, false, 0, sites);
                    tell(1, self.show());
                }
                if own {
                    self.go(runnable, GoState::Running, false, 0, sites);
                    tell(2, self.show());
                }
                return;
            }
            Kind::Proc { to, .. } => self.bare = to != ProcState::Running,
            Kind::Context { once: false } => self.bare = is_none(record.site),
            Kind::Range(edge, kind) => match edge {
                Edge::End => self.flags &= !flag_of(kind),
                _ => self.flags |= flag_of(kind),
            },
            Kind::Was => {
                self.flags &= !(flag::SYSCALL | flag::SWEEP);
                let (from, to) = (state_of(record.site >> 8), state_of(record.site & 0xff));
                self.go(from, to, false, 0, sites);
            }
            Kind::Lost => {
                self.flags &= flag::WORKER;
                self.state = GoState::Undetermined;
                self.off = State::Unknown;
            }
            _ => return,
        }
        tell(0, self.show());
    }
}

/// A region of a goroutine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RegionSpan {
    pub(super) from: u64,
    pub(super) to: u64,
    /// 0 for none.
    pub(super) task: u64,
    /// Row of the strings.
    pub(super) name: u32,
    /// Regions that it is inside of.
    pub(super) depth: u32,
}

/// The lane of a goroutine.
#[derive(Debug)]
pub(super) struct GoroutineLane {
    pub(super) lane: StateLane,
    /// Its course at the beginning of each chunk that has records of it.
    courses: Vec<(u32, Course)>,
    /// In order of their ends; those that are open at the end come last, the outermost first.
    pub(super) regions: Vec<RegionSpan>,
    /// When it began and ended.
    pub(super) span: (u64, u64),
}

impl GoroutineLane {
    /// The goroutine's course at the beginning of a chunk that has records of it.
    pub(super) fn course(&self, chunk: u32) -> Option<Course> {
        let at = self
            .courses
            .binary_search_by_key(&chunk, |one| one.0)
            .ok()?;
        Some(self.courses[at].1)
    }

    fn bytes(&self) -> usize {
        self.lane.bytes()
            + self.courses.capacity() * size_of::<(u32, Course)>()
            + self.regions.capacity() * size_of::<RegionSpan>()
    }
}

/// A lane while it is being made.
struct Making {
    made: GoroutineLane,
    course: Course,
    start: Show,
    now: Show,
    cells: Vec<Cell>,
    open: Vec<(u64, u64, u32)>,
    /// The first record of the chunk that is of it was seen.
    is_touched: bool,
    /// It has a part of this chunk.
    has_part: bool,
}

impl Making {
    fn new(goroutine: u32, store: &Store, table: &Table) -> Self {
        let row = table.get(goroutine);
        let time = |record: Option<u32>| record.map_or(0, |record| store.time(record));
        Self {
            made: GoroutineLane {
                lane: StateLane::new(goroutine),
                courses: Vec::new(),
                regions: Vec::new(),
                span: (time(row.map(|row| row.first)), store.end),
            },
            course: Course::new(goroutine, table.is_worker(goroutine)),
            start: Show::BLANK,
            now: Show::BLANK,
            cells: Vec::new(),
            open: Vec::new(),
            is_touched: false,
            has_part: false,
        }
    }

    /// Takes a record that is of it.
    fn step(&mut self, chunk: (u32, &Chunk), row: usize, epoch: (u32, u64), sites: &Sites) {
        let Some(record) = chunk.1.record(row) else {
            return;
        };
        if !self.is_touched {
            self.is_touched = true;
            self.made.courses.push((chunk.0, self.course));
        }
        if let Kind::Region(edge) = record.kind() {
            return self.region(edge, chunk.1, &record);
        }
        let arrives = matches!(record.kind(), Kind::Go { arrives: true, .. });
        let Self {
            course,
            cells,
            now,
            has_part,
            ..
        } = self;
        course.step(&record, sites, |after, show| {
            if show != *now && !arrives {
                *has_part = true;
                cells.push(Cell {
                    time: record.time + u64::from(after),
                    row: row as u16,
                    after,
                    show,
                });
            }
            *now = show;
        });
        if arrives {
            self.start = self.now;
            match epoch.0 < chunk.0 {
                true => self.made.lane.backdate(epoch.0, epoch.1, self.now),
                false => self.has_part = true,
            }
        }
        if self.now.is_nothing() {
            self.made.span.1 = self.cells.last().map_or(record.time, |cell| cell.time);
        } else {
            self.made.span.1 = u64::MAX;
        }
    }

    fn region(&mut self, edge: Edge, chunk: &Chunk, record: &Record) {
        let [low, high, name, _] = chunk.words(record);
        let task = wide(low, high);
        if edge != Edge::End {
            return self.open.push((record.time, task, name));
        }
        // What began before the trace began with the goroutine, as far as is known.
        let from = self.open.pop().map_or(self.made.span.0, |open| open.0);
        self.made.regions.push(RegionSpan {
            from,
            to: record.time,
            task,
            name,
            depth: self.open.len() as u32,
        });
    }

    fn end_chunk(&mut self, chunk: u32, span: (u64, u64), thrift: Thrift, scratch: &mut Scratch) {
        if self.has_part {
            let lane = &mut self.made.lane;
            lane.add(
                (chunk, span),
                self.start,
                &self.cells,
                thrift,
                &|_| 0,
                scratch,
            );
            self.cells.clear();
        }
        (self.is_touched, self.has_part) = (false, false);
        self.start = self.now;
    }

    fn finish(mut self, end: u64) -> GoroutineLane {
        let until = self.made.span.1.min(end);
        self.made.span.1 = until;
        for (depth, &(from, task, name)) in self.open.iter().enumerate() {
            self.made.regions.push(RegionSpan {
                from,
                to: until,
                task,
                name,
                depth: depth as u32,
            });
        }
        self.made.lane.close(end);
        self.made.courses.shrink_to_fit();
        self.made.regions.shrink_to_fit();
        self.made
    }
}

/// Makes lanes of goroutines, each once. Indexes must be those of goroutines.
fn make(wanted: &[u32], store: &Store, table: &Table) -> Vec<GoroutineLane> {
    let mut all: Vec<Making> = wanted
        .iter()
        .map(|&goroutine| Making::new(goroutine, store, table))
        .collect();
    // One more than there are, for what is none.
    let mut places = vec![0_u32; table.len() + 1];
    for (place, &goroutine) in (1..).zip(wanted) {
        places[goroutine as usize] = place;
    }
    let rows = wanted.iter().filter_map(|&goroutine| table.get(goroutine));
    let (first, last) = rows.fold((u32::MAX, 0), |(first, last), row| {
        (first.min(row.first), last.max(row.last))
    });
    // One more: who is lost is found to be gone when all is told anew.
    let chunks = store.chunk_of(first)..=store.chunk_of(last) + 1;
    let mut scratch = Scratch::default();
    // The more there are together, the less is kept of each.
    let thrift = Thrift(
        (wanted.len() / PLENTY)
            .checked_ilog2()
            .map_or(0, |log| log + 1),
    );
    for at in chunks {
        let Some(chunk) = store.chunks.get(at) else {
            break;
        };
        let number = at as u32;
        let span = (chunk.begin(), store.until(at));
        let epoch = store.epoch_of(number);
        let begin = store.begin_of(epoch as usize).unwrap_or_default();
        if epoch == number {
            for one in all.iter_mut().filter(|one| one.now == Show::UNKNOWN) {
                // Who is not told of any more is not there.
                one.course.off = State::Blank;
                (one.start, one.now) = (Show::BLANK, Show::BLANK);
                one.made.lane.backdate(number, begin, Show::BLANK);
            }
        }
        chunk.for_those(&places, |row, place| match place {
            0 => all.iter_mut().for_each(|one| {
                if one.now != Show::BLANK {
                    one.step((number, chunk), row, (epoch, begin), &store.sites);
                }
            }),
            _ => {
                let one = &mut all[place as usize - 1];
                one.step((number, chunk), row, (epoch, begin), &store.sites);
            }
        });
        for one in &mut all {
            one.end_chunk(number, span, thrift, &mut scratch);
        }
    }
    all.into_iter().map(|one| one.finish(store.end)).collect()
}

/// Lanes of goroutines that were shown.
#[derive(Debug, Default)]
pub(super) struct GoroutineLanes {
    lanes: FxHashMap<u32, GoroutineLane>,
}

impl GoroutineLanes {
    /// Makes those that are not there yet, and gives up others when these are many.
    pub(super) fn want(&mut self, wanted: &[u32], store: &Store, table: &Table) {
        let mut wanted: Vec<u32> = wanted.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|&goroutine| (goroutine as usize) < table.len());
        let missing: Vec<u32> = wanted
            .iter()
            .copied()
            .filter(|goroutine| !self.lanes.contains_key(goroutine))
            .collect();
        if missing.is_empty() {
            return;
        }
        if self.bytes() > MOST_BYTES {
            self.lanes
                .retain(|goroutine, _| wanted.binary_search(goroutine).is_ok());
        }
        for (&goroutine, lane) in missing.iter().zip(make(&missing, store, table)) {
            self.lanes.insert(goroutine, lane);
        }
    }

    pub(super) fn get(&self, goroutine: u32) -> Option<&GoroutineLane> {
        self.lanes.get(&goroutine)
    }

    pub(super) fn bytes(&self) -> usize {
        self.lanes.values().map(GoroutineLane::bytes).sum()
    }
}
