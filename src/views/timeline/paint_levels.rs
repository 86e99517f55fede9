//! Draws a window of many records from what lanes keep of each chunk, and lanes that are lists.

use std::ops::RangeInclusive;

use super::Timeline;
use super::canvas::{CountColumn, CountRow, Dye, Inks, LEAST_SPAN, StateRow};
use super::chunk::Chunk;
use super::count_lane::{CountLane, SERIES, Step};
use super::lanes::LaneId;
use super::marks::Values;
use super::paint::{Drawn, PaintedSpan};
use super::shares::{Level, WHOLE, width};
use super::state::{Show, State};
use super::state_lane::{Head, StateLane};
use super::window::Scale;
use crate::model::trace::{GoState, NONE};

/// Times of a part's buckets.
#[derive(Clone, Copy)]
struct Grid {
    begin: u64,
    until: u64,
    width: u64,
}

impl Grid {
    fn new((begin, until): (u64, u64), finest: usize, level: u32) -> Self {
        let width = width((begin, until), finest);
        Self {
            begin,
            until,
            width: width.saturating_mul(1 << (2 * level)),
        }
    }

    /// From when until when a bucket is.
    fn span(&self, bucket: usize) -> (u64, u64) {
        let from = self
            .begin
            .saturating_add(self.width.saturating_mul(bucket as u64));
        let from = from.min(self.until);
        (from, from.saturating_add(self.width).min(self.until))
    }
}

impl Timeline {
    /// The counts of a lane.
    pub(super) fn count_lane(&self, lane: LaneId) -> Option<&CountLane> {
        match lane {
            LaneId::Counts => Some(&self.lanes.all),
            LaneId::Group(group) => self.lanes.groups.get(group as usize),
            _ => None,
        }
    }

    /// Draws a lane of states.
    pub(super) fn paint_states<I: Inks>(
        &self,
        scale: Scale,
        chunks: RangeInclusive<usize>,
        lane: &StateLane,
        row: &mut StateRow<I::Dye>,
        inks: &I,
    ) {
        let dye = |show| self.dye(show, inks);
        let first = *chunks.start() as u32;
        let begin = self.store.begin_of(*chunks.start()).unwrap_or_default();
        row.change(begin, Some(lane.start(first)), dye);
        for head in lane.heads_from(first) {
            let at = head.chunk as usize;
            let Some(chunk) = self.store.chunks.get(at).filter(|_| at <= *chunks.end()) else {
                break;
            };
            let span = (chunk.begin(), self.store.until(at));
            row.change(span.0, Some(head.start), dye);
            let followed = self.lanes.procs.get(head.follows as usize);
            let followed = followed.and_then(|proc| Some((proc, proc.head(head.chunk)?)));
            let (lane, head) = followed.unwrap_or((lane, head));
            let pixels = scale.pixels(span.1 - span.0);
            let level = head.layout.level_with(pixels);
            let is_coarse = level > 0 && f64::from(head.longest) * pixels < 1.0;
            if is_coarse && !StateLane::is_exact(head) {
                row.change(span.0, None, dye);
                paint_buckets(span, head, lane, level, row, inks);
                row.change(span.1, Some(head.end), dye);
            } else {
                self.paint_marks(span, head, chunk, lane, row, inks);
            }
        }
        row.end(self.end().min(scale.to), dye);
    }

    fn paint_marks<I: Inks>(
        &self,
        span: (u64, u64),
        head: &Head,
        chunk: &Chunk,
        lane: &StateLane,
        row: &mut StateRow<I::Dye>,
        inks: &I,
    ) {
        let dye = |show| self.dye(show, inks);
        let mut between: Vec<(u64, u64)> = Vec::new();
        let mut since = None;
        for (time, show) in lane.marks(head, chunk) {
            between.extend(since.map(|since| (since, time)));
            since = show.is_none().then_some(time);
            row.change(time, show, dye);
        }
        between.extend(since.map(|since| (since, span.1)));
        if let Some(shares) = lane.level(head, 0) {
            let grid = Grid::new(span, usize::from(head.layout.buckets), 0);
            paint_between(&grid, &shares, &between, row, inks);
        }
    }

    /// Draws a lane of counts.
    pub(super) fn paint_counts(
        &self,
        scale: Scale,
        chunks: RangeInclusive<usize>,
        lane: &CountLane,
        row: &mut CountRow,
    ) {
        let first = *chunks.start() as u32;
        let begin = self.store.begin_of(*chunks.start()).unwrap_or_default();
        row.set(begin, lane.start(first));
        for head in lane.heads_from(first) {
            let at = head.chunk as usize;
            let Some(chunk) = self.store.chunks.get(at).filter(|_| at <= *chunks.end()) else {
                break;
            };
            let span = (chunk.begin(), self.store.until(at));
            row.pass(span.0, true);
            row.set(span.0, head.start);
            if let Some(changes) = lane.changes(head, chunk) {
                for (record, time, step) in changes {
                    row.step(time, chunk.first + u32::from(record), step);
                }
                continue;
            }
            let pixels = scale.pixels(span.1 - span.0);
            let buckets = lane.buckets(head, pixels);
            let (count, level) = (buckets.len(), buckets.level);
            let grid = Grid::new(span, buckets.finest, level);
            for bucket in 0..count {
                let (from, to) = grid.span(bucket);
                if from < to {
                    let part = grid.width as f32 / (to - from) as f32;
                    row.fill(from, to, &buckets.get(bucket, part), true);
                }
            }
            row.set(span.1, lane.start(head.chunk + 1));
        }
        row.pass(self.end().min(scale.to), true);
    }

    /// Draws what the collector does.
    pub(super) fn draw_collector<I: Inks>(&self, scale: Scale, inks: &I) -> StateRow<I::Dye> {
        let mut row = StateRow::new(scale);
        let phases = &self.marks.phases;
        let first = phases.partition_point(|one| one.time <= scale.from);
        for at in first.saturating_sub(1)..phases.len() {
            let Some(phase) = phases.get(at).filter(|one| one.time < scale.to) else {
                break;
            };
            let show = Show {
                state: phase.state,
                goroutine: phase.goroutine,
            };
            row.change(phase.time, Some(show), |show| inks.dye(show.state, None));
        }
        row.end(self.end().min(scale.to), |show| inks.dye(show.state, None));
        row
    }

    /// Draws quantities, as many as there can be series.
    pub(super) fn draw_values(&self, scale: Scale, all: &[&Values]) -> Vec<CountColumn> {
        let unknown = CountColumn {
            least: [f32::NAN; SERIES],
            most: [f32::NAN; SERIES],
            line: [f32::NAN; SERIES],
        };
        let mut columns = vec![unknown; scale.width];
        for (at, values) in all.iter().enumerate().take(SERIES) {
            let mut from = values.before(scale.from);
            for (column, known) in columns.iter_mut().enumerate() {
                let to = values.before(scale.time(column + 1));
                if scale.time(column) > self.end() {
                    break;
                }
                // What it was when the column began is in it, too.
                let old = from.saturating_sub(1);
                if let Some((least, most)) = values.extremes(old, to) {
                    (known.least[at], known.most[at]) = (least as f32, most as f32);
                }
                let last = to.checked_sub(1).and_then(|last| values.get(last));
                if let Some((_, value)) = last {
                    known.line[at] = value as f32;
                }
                from = to;
            }
        }
        columns
    }

    /// Draws the regions of a goroutine: in the columns those that are in no other.
    pub(super) fn draw_regions<I: Inks>(
        &self,
        scale: Scale,
        goroutine: u32,
        inks: &I,
    ) -> Drawn<I::Dye> {
        let mut row = StateRow::new(scale);
        let mut spans = Vec::new();
        let cache = self.goroutine_lanes.borrow();
        let regions = cache.get(goroutine).map(|lane| &lane.regions);
        for region in regions.into_iter().flatten() {
            if region.to <= scale.from || region.from >= scale.to {
                continue;
            }
            if region.depth == 0 {
                let dye = inks.dye(State::Region, Some(region.name));
                row.mix(region.from, region.to, &dye);
            }
            let x = (scale.x(region.from), scale.x(region.to));
            if x.1 - x.0 >= LEAST_SPAN {
                spans.push(PaintedSpan {
                    row: 0,
                    x0: x.0 as f32,
                    x1: x.1 as f32,
                    state: State::Region,
                    goroutine,
                    group: self.table.group(goroutine),
                    name: region.name,
                    depth: region.depth,
                });
            }
        }
        spans.sort_by(|a, b| a.x0.total_cmp(&b.x0).then(a.depth.cmp(&b.depth)));
        Drawn::Named(row, spans)
    }

    /// Draws a task.
    pub(super) fn draw_task<I: Inks>(&self, scale: Scale, task: u32, inks: &I) -> Drawn<I::Dye> {
        let mut row = StateRow::new(scale);
        let mut spans = Vec::new();
        if let Some(task) = self.marks.tasks.get(task as usize) {
            let (from, to) = self.task_span(task.begin, task.end);
            let name = self.marks.task_name(task);
            let dye = inks.dye(State::Task, Some(name));
            row.mix(from, to, &dye);
            let x = (scale.x(from), scale.x(to));
            if x.1 - x.0 >= LEAST_SPAN {
                spans.push(PaintedSpan {
                    row: 0,
                    x0: x.0 as f32,
                    x1: x.1 as f32,
                    state: State::Task,
                    goroutine: task.goroutine,
                    group: match self.table.get(task.goroutine) {
                        Some(row) => row.group(),
                        None => NONE,
                    },
                    name,
                    depth: 0,
                });
            }
        }
        Drawn::Named(row, spans)
    }

    /// Draws how many tasks of a type are open.
    pub(super) fn draw_task_kind(&self, scale: Scale, kind: u32) -> CountRow {
        let mut row = CountRow::new(scale);
        let mut steps: Vec<(u64, bool)> = Vec::new();
        for task in self.marks.tasks.iter().filter(|task| task.kind == kind) {
            let (from, to) = self.task_span(task.begin, task.end);
            steps.extend([(from, true), (to, false)]);
        }
        steps.sort_unstable();
        row.set(self.begin(), [0; 4]);
        // The first series is that of what runs.
        let (none, one) = (GoState::Undetermined, GoState::Running);
        for (number, (time, begins)) in (0..).zip(steps) {
            let states = if begins { (none, one) } else { (one, none) };
            if let Some(step) = Step::new(states.0, states.1, 0) {
                row.step(time, number, step);
            }
        }
        row.pass(self.end().min(scale.to), true);
        row
    }
}

/// Draws a part from a level that has everything.
fn paint_buckets<I: Inks>(
    span: (u64, u64),
    head: &Head,
    lane: &StateLane,
    level: u32,
    row: &mut StateRow<I::Dye>,
    inks: &I,
) {
    let Some(shares) = lane.level(head, level) else {
        return;
    };
    let grid = Grid::new(span, usize::from(head.layout.buckets), level);
    for bucket in 0..shares.count {
        let (from, to) = grid.span(bucket);
        if from < to {
            let mix = mixed(&shares, bucket, inks);
            row.mix(from, to, &mix);
        }
    }
}

/// The mix of a bucket.
fn mixed<I: Inks>(shares: &Level<'_>, bucket: usize, inks: &I) -> I::Dye {
    let mut mix = I::Dye::default();
    for (state, share) in shares.shares(bucket) {
        if share > 0 && state != State::Blank {
            let group = match state {
                State::User => shares.group(bucket),
                _ => None,
            };
            mix.add(&inks.dye(state, group), f32::from(share) / WHOLE);
        }
    }
    mix
}

/// Draws what is between marks from the buckets: the shares of a bucket are those of all its time
/// that is between marks.
fn paint_between<I: Inks>(
    grid: &Grid,
    shares: &Level<'_>,
    between: &[(u64, u64)],
    row: &mut StateRow<I::Dye>,
    inks: &I,
) {
    for &(since, until) in between {
        let first = since.saturating_sub(grid.begin) / grid.width;
        for bucket in first as usize..shares.count {
            let (from, to) = grid.span(bucket);
            if from >= until {
                break;
            }
            let mix = mixed(shares, bucket, inks);
            row.mix(from.max(since), to.min(until), &mix);
        }
    }
}
