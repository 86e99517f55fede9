//! Pictures of lanes: rows of pixels for a page to stretch, and the spans that are wide enough to
//! have a name.

use super::Timeline;
use super::canvas::{CountColumn, CountRow, Inks, LEAST_SPAN, Palette, Parts, StateRow, WideSpan};
use super::count_lane::SERIES;
use super::lanes::LaneId;
use super::paint_raw::Raw;
use super::state::{Show, State};
use super::window::{Scale, Window};
use crate::model::trace::{NONE, is_none};

/// Lanes of a picture.
const MOST_LANES: usize = 512;
/// Spans of a picture.
const MOST_SPANS: usize = 4096;

/// A picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Painted {
    /// Pixels of a row: the window's, or as many as there can be.
    pub width: u32,
    /// The lanes asked for, in that order: the first 512.
    pub rows: Vec<PaintedRow>,
    /// Spans by row, and by time in it. What is narrower than `least_span` is in the pixels only.
    pub spans: Vec<PaintedSpan>,
    /// Pixels of a span at least: 6, or as much more as keeps spans to a few thousand.
    pub least_span: f32,
}

/// The row of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct PaintedRow {
    /// Whose it is.
    pub lane: LaneId,
    /// A colour for each column, as the palette has them: the mix of what happens in it, with
    /// the opacity of the part of it in which something does. Empty for quantities.
    pub pixels: Vec<u32>,
    /// Series that the columns have: of counts four, goroutines that run, can run, are in a call
    /// of the system, and wait; of tasks one, those that are open; of the heap two, its bytes and
    /// the goal; of GOMAXPROCS one.
    pub series: usize,
    /// The quantities in each column. Empty for lanes of states.
    pub columns: Vec<CountColumn>,
}

/// A span that is wide enough for a name and for sharp edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaintedSpan {
    /// Row of the picture.
    pub row: u32,
    /// Left edge in pixels, cut to the window.
    pub x0: f32,
    /// Right edge.
    pub x1: f32,
    /// What it is.
    pub state: State,
    /// Index of the goroutine, or [`NONE`].
    pub goroutine: u32,
    /// The goroutine's group, or [`NONE`].
    pub group: u32,
    /// What to call it, a row of the world's strings: the group's name, the type of the region or
    /// task. 0 for what has no name.
    pub name: u32,
    /// Of a region, how many it is inside of.
    pub depth: u32,
}

/// A lane that has been drawn.
#[derive(Debug)]
pub(super) enum Drawn<D> {
    States(StateRow<D>),
    Counts(CountRow, usize),
    Values(Vec<CountColumn>, usize),
    Named(StateRow<D>, Vec<PaintedSpan>),
}

impl Timeline {
    /// Draws lanes. A palette has colours as bytes in the order red, green, blue, opacity, which
    /// as a number is red first in the lowest byte: one for each [`State`], by number, then any
    /// number of colours for groups, of which a goroutine that runs its own code has that of its
    /// group's number, counted round. Without these it has that of [`State::User`].
    ///
    /// Lanes that are not there stay empty.
    pub fn paint(&self, window: &Window, lanes: &[LaneId], palette: &[u32]) -> Painted {
        let scale = Scale::new(window);
        let lanes = &lanes[..lanes.len().min(MOST_LANES)];
        let inks = Palette::new(palette);
        let (unique, of_lane) = unique(lanes);
        let drawn = self.draw(scale, &unique, &inks);
        let drawn = unique
            .iter()
            .zip(drawn)
            .map(|(&lane, row)| self.painted(lane, row, &inks));
        let mut drawn: Vec<_> = drawn.map(Some).collect();
        let mut painted = Painted {
            width: scale.width as u32,
            least_span: LEAST_SPAN as f32,
            ..Painted::default()
        };
        for (row, &at) in of_lane.iter().enumerate() {
            let is_last = !of_lane[row + 1..].contains(&at);
            let one = if is_last {
                drawn[at].take()
            } else {
                drawn[at].clone()
            };
            let Some((of_row, spans)) = one else { continue };
            painted.rows.push(of_row);
            let row = row as u32;
            let spans = spans.into_iter().map(|span| PaintedSpan { row, ..span });
            painted.spans.extend(spans);
        }
        while painted.spans.len() > MOST_SPANS {
            painted.least_span *= 2.0;
            let least = painted.least_span;
            painted.spans.retain(|span| span.x1 - span.x0 >= least);
        }
        painted
    }

    /// Of a lane of states, the part of each column that each state takes: by column, then by
    /// number of the state. Nothing of other lanes.
    pub fn shares(&self, window: &Window, lane: LaneId) -> Vec<f32> {
        let scale = Scale::new(window);
        match self.draw(scale, &[lane], &Parts).pop() {
            Some(Drawn::States(row) | Drawn::Named(row, _)) => {
                row.columns.iter().flat_map(|column| column.0).collect()
            }
            _ => Vec::new(),
        }
    }

    fn painted(
        &self,
        lane: LaneId,
        drawn: Drawn<[f32; 4]>,
        inks: &Palette,
    ) -> (PaintedRow, Vec<PaintedSpan>) {
        let mut row = PaintedRow {
            lane,
            pixels: Vec::new(),
            series: 0,
            columns: Vec::new(),
        };
        let mut spans = Vec::new();
        match drawn {
            Drawn::States(states) => {
                row.pixels = states.columns.iter().map(Palette::pixel).collect();
                spans.extend(states.spans.iter().map(|span| self.span(span)));
            }
            Drawn::Named(states, named) => {
                row.pixels = states.columns.iter().map(Palette::pixel).collect();
                spans = named;
            }
            Drawn::Counts(mut counts, series) => {
                counts.finish(series);
                if series == SERIES {
                    row.pixels = count_pixels(&counts, inks);
                }
                (row.columns, row.series) = (counts.columns, series);
            }
            Drawn::Values(columns, series) => (row.columns, row.series) = (columns, series),
        }
        (row, spans)
    }

    fn span(&self, span: &WideSpan) -> PaintedSpan {
        let goroutine = span.show.goroutine;
        let group = match is_none(goroutine) {
            true => NONE,
            false => self.table.group(goroutine),
        };
        PaintedSpan {
            row: 0,
            x0: span.x.0 as f32,
            x1: span.x.1 as f32,
            state: span.show.state,
            goroutine,
            group,
            name: if is_none(group) {
                0
            } else {
                self.table.name(group)
            },
            depth: 0,
        }
    }

    /// What a state is drawn with.
    #[inline]
    pub(super) fn dye<I: Inks>(&self, show: Show, inks: &I) -> I::Dye {
        let group = match show.state {
            State::User => Some(self.table.group(show.goroutine)),
            _ => None,
        };
        inks.dye(show.state, group)
    }

    /// Draws lanes, of which none comes twice.
    fn draw<I: Inks>(&self, scale: Scale, lanes: &[LaneId], inks: &I) -> Vec<Drawn<I::Dye>> {
        let goroutines: Vec<u32> = lanes
            .iter()
            .filter_map(|lane| match *lane {
                LaneId::Goroutine(index) | LaneId::Regions(index) => Some(index),
                _ => None,
            })
            .collect();
        if !goroutines.is_empty() {
            let mut cache = self.goroutine_lanes.borrow_mut();
            cache.want(&goroutines, &self.store, &self.table);
        }
        let mut rows: Vec<Drawn<I::Dye>> = lanes
            .iter()
            .map(|&lane| match lane {
                LaneId::Proc(_) | LaneId::Thread(_) | LaneId::Goroutine(_) => {
                    Drawn::States(StateRow::new(scale))
                }
                LaneId::Group(_) | LaneId::Counts => Drawn::Counts(CountRow::new(scale), SERIES),
                LaneId::Collector => Drawn::States(self.draw_collector(scale, inks)),
                LaneId::Heap => {
                    let both = [&self.marks.heap, &self.marks.goal];
                    Drawn::Values(self.draw_values(scale, &both), 2)
                }
                LaneId::MaxProcs => Drawn::Values(self.draw_values(scale, &[&self.marks.procs]), 1),
                LaneId::Regions(index) => self.draw_regions(scale, index, inks),
                LaneId::TaskKind(kind) => Drawn::Counts(self.draw_task_kind(scale, kind), 1),
                LaneId::Task(row) => self.draw_task(scale, row, inks),
            })
            .collect();
        if scale.width == 0 || scale.to <= self.begin() || scale.from > self.end() {
            return rows;
        }
        let chunks = self.store.chunk_at(scale.from)..=self.store.chunk_at(scale.to);
        let first = self.store.chunks.get(*chunks.start());
        let first = first.map_or(0, |chunk| chunk.first);
        if self.store.at_or_after(scale.to).saturating_sub(first) <= self.limits.raw {
            Raw::new(self, scale, inks, lanes, &mut rows).paint(chunks);
        } else {
            let cache = self.goroutine_lanes.borrow();
            for (&lane, row) in lanes.iter().zip(&mut rows) {
                match row {
                    Drawn::States(row) => {
                        let lane = match lane {
                            LaneId::Proc(slot) => self.lanes.procs.get(slot as usize),
                            LaneId::Thread(slot) => self.lanes.threads.get(slot as usize),
                            LaneId::Goroutine(index) => cache.get(index).map(|one| &one.lane),
                            _ => None,
                        };
                        if let Some(lane) = lane {
                            self.paint_states(scale, chunks.clone(), lane, row, inks);
                        }
                    }
                    Drawn::Counts(row, _) => {
                        if let Some(lane) = self.count_lane(lane) {
                            self.paint_counts(scale, chunks.clone(), lane, row);
                        }
                    }
                    _ => {}
                }
            }
        }
        rows
    }
}

/// Each lane once, and where in these each stands.
fn unique(lanes: &[LaneId]) -> (Vec<LaneId>, Vec<usize>) {
    let mut unique = lanes.to_vec();
    unique.sort_unstable();
    unique.dedup();
    let place = |lane| unique.binary_search(lane).unwrap_or_default();
    let of_lane = lanes.iter().map(place).collect();
    (unique, of_lane)
}

/// Counts as colours: each state by its part of the goroutines that there are.
fn count_pixels(row: &CountRow, inks: &Palette) -> Vec<u32> {
    let states = [
        State::User,
        State::Unblocked,
        State::Syscall,
        State::Waiting,
    ];
    let dyes = states.map(|state| inks.dye(state, None));
    let pixel = |counts: &[f32; SERIES]| {
        let all: f32 = counts.iter().sum();
        let mut mix = [0.0; 4];
        if all > 0.0 {
            for (count, dye) in counts.iter().zip(&dyes) {
                super::canvas::Dye::add(&mut mix, dye, count / all);
            }
        }
        Palette::pixel(&mix)
    };
    row.columns
        .iter()
        .map(|column| pixel(&column.line))
        .collect()
}
