//! Rows of pixels, and what is put on them: each column is the mix of what happens in it, by the
//! part of it that each takes.

use super::count_lane::{Counts, SERIES, Step};
use super::state::{Show, State};
use super::window::Scale;

/// Spans narrower than this, in pixels, are only in the columns.
pub(super) const LEAST_SPAN: f64 = 6.0;

/// What a column is filled with.
pub(super) trait Dye: Copy + Default {
    /// Adds a part of another.
    fn add(&mut self, other: &Self, part: f32);
}

impl<const N: usize> Dye for [f32; N]
where
    Self: Default,
{
    #[inline]
    fn add(&mut self, other: &Self, part: f32) {
        for (own, other) in self.iter_mut().zip(other) {
            *own += other * part;
        }
    }
}

/// Tells what a state is drawn with.
pub(super) trait Inks {
    type Dye: Dye;

    /// Of a group where the goroutine runs its own code, else of `None`.
    fn dye(&self, state: State, group: Option<u32>) -> Self::Dye;
}

/// Colours, red, green, blue and opacity, multiplied by the opacity.
#[derive(Debug)]
pub(super) struct Palette {
    states: Vec<[f32; 4]>,
    groups: Vec<[f32; 4]>,
}

impl Palette {
    /// Of colours as [`super::Timeline::paint`] takes them.
    pub(super) fn new(colours: &[u32]) -> Self {
        let parts = |&colour: &u32| {
            let [red, green, blue, alpha] = colour.to_le_bytes().map(f32::from);
            let part = alpha / 255.0;
            [red * part, green * part, blue * part, alpha]
        };
        let count = State::COUNT.min(colours.len());
        let mut states: Vec<[f32; 4]> = colours[..count].iter().map(parts).collect();
        states.resize(State::COUNT, [0.0; 4]);
        Self {
            states,
            groups: colours[count..].iter().map(parts).collect(),
        }
    }

    /// A mix as a colour again.
    pub(super) fn pixel(mix: &[f32; 4]) -> u32 {
        let alpha = mix[3].clamp(0.0, 255.0);
        if alpha < 0.5 {
            return 0;
        }
        // Shares are kept in 255ths: a column may seem a little more than full.
        let part = mix[3] / 255.0;
        let byte = |value: f32| (value / part + 0.5).clamp(0.0, 255.0) as u8;
        let alpha = (alpha + 0.5) as u8;
        u32::from_le_bytes([byte(mix[0]), byte(mix[1]), byte(mix[2]), alpha])
    }
}

impl Inks for Palette {
    type Dye = [f32; 4];

    #[inline]
    fn dye(&self, state: State, group: Option<u32>) -> [f32; 4] {
        match group {
            Some(group) if !self.groups.is_empty() => {
                self.groups[group as usize % self.groups.len()]
            }
            _ => self.states[state as usize],
        }
    }
}

/// The parts of each state.
#[derive(Debug)]
pub(super) struct Parts;

/// By number of the state. As many as there are, and such that there is a default for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct StateParts(pub(super) [f32; State::COUNT]);

impl Default for StateParts {
    fn default() -> Self {
        Self([0.0; State::COUNT])
    }
}

impl Dye for StateParts {
    fn add(&mut self, other: &Self, part: f32) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own += other * part;
        }
    }
}

impl Inks for Parts {
    type Dye = StateParts;

    fn dye(&self, state: State, _: Option<u32>) -> StateParts {
        let mut parts = StateParts::default();
        parts.0[state as usize] = 1.0;
        parts
    }
}

/// A span that is wide enough to be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WideSpan {
    pub(super) x: (f64, f64),
    pub(super) show: Show,
}

/// The row of a lane of states.
#[derive(Debug)]
pub(super) struct StateRow<D> {
    scale: Scale,
    pub(super) columns: Vec<D>,
    pub(super) spans: Vec<WideSpan>,
    /// What it shows; `None` where only mixes are put.
    now: Option<Show>,
    since: u64,
}

impl<D: Dye> StateRow<D> {
    pub(super) fn new(scale: Scale) -> Self {
        Self {
            scale,
            columns: vec![D::default(); scale.width],
            spans: Vec::new(),
            now: None,
            since: 0,
        }
    }

    /// From a time on it shows this; `None` for what mixes are put for. `dye` is what it has
    /// shown is drawn with.
    #[inline]
    pub(super) fn change(&mut self, time: u64, show: Option<Show>, dye: impl FnOnce(Show) -> D) {
        if show == self.now {
            return;
        }
        self.end(time, dye);
        self.now = show;
        self.since = time;
    }

    /// What it shows ends.
    #[inline]
    pub(super) fn end(&mut self, time: u64, dye: impl FnOnce(Show) -> D) {
        let Some(show) = self.now.take() else { return };
        let is_outside = time <= self.scale.from || self.since >= self.scale.to;
        if is_outside || show.state == State::Blank {
            return;
        }
        let x = (self.scale.x(self.since), self.scale.x(time));
        self.fill(x, &dye(show));
        if x.1 - x.0 >= LEAST_SPAN {
            self.spans.push(WideSpan { x, show });
        }
    }

    /// Puts a mix from a time to another.
    #[inline]
    pub(super) fn mix(&mut self, from: u64, to: u64, dye: &D) {
        let x = (self.scale.x(from), self.scale.x(to));
        self.fill(x, dye);
    }

    #[inline]
    fn fill(&mut self, (left, right): (f64, f64), dye: &D) {
        let (first, last) = (left as usize, right as usize);
        if first == last {
            if let Some(column) = self.columns.get_mut(first) {
                column.add(dye, (right - left) as f32);
            }
            return;
        }
        if let Some(column) = self.columns.get_mut(first) {
            column.add(dye, (first as f64 + 1.0 - left) as f32);
        }
        let whole = self.columns.get_mut(first + 1..last);
        for column in whole.unwrap_or_default() {
            column.add(dye, 1.0);
        }
        if let Some(column) = self.columns.get_mut(last) {
            column.add(dye, (right - last as f64) as f32);
        }
    }
}

/// Quantities in a column, by series; NaN where nothing is known, and of series that there are
/// not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CountColumn {
    /// The least.
    pub least: [f32; SERIES],
    /// The most.
    pub most: [f32; SERIES],
    /// What to draw a line through: of counts the mean, of others the last.
    pub line: [f32; SERIES],
}

/// The row of a lane of counts.
#[derive(Debug)]
pub(super) struct CountRow {
    pub(super) scale: Scale,
    /// Lines are sums of parts while it is being filled.
    pub(super) columns: Vec<CountColumn>,
    covered: Vec<f32>,
    now: Counts,
    since: u64,
    /// The record of the last step.
    last: u32,
}

impl CountRow {
    pub(super) fn new(scale: Scale) -> Self {
        let empty = CountColumn {
            least: [f32::INFINITY; SERIES],
            most: [f32::NEG_INFINITY; SERIES],
            line: [0.0; SERIES],
        };
        Self {
            scale,
            columns: vec![empty; scale.width],
            covered: vec![0.0; scale.width],
            now: [0; SERIES],
            since: 0,
            last: u32::MAX,
        }
    }

    /// The counts change with a record. What they are between the steps of one record is not in
    /// least and most.
    #[inline]
    pub(super) fn step(&mut self, time: u64, record: u32, step: Step) {
        self.pass(time, record != self.last);
        step.apply(&mut self.now);
        self.last = record;
    }

    /// Fills up to a time. `stands` says that the counts were for longer than it takes to tell of
    /// a change, so that they are seen in least and most.
    #[inline]
    pub(super) fn pass(&mut self, time: u64, stands: bool) {
        if time > self.scale.from {
            let counts = self.now.map(|count| count as f32);
            let bucket = CountColumn {
                least: counts,
                most: counts,
                line: counts,
            };
            self.fill(self.since, time, &bucket, stands);
        }
        self.since = time;
    }

    /// The counts from a time on, whatever they were.
    pub(super) fn set(&mut self, time: u64, counts: Counts) {
        self.now = counts;
        self.since = time;
    }

    /// Puts a bucket.
    #[inline]
    pub(super) fn fill(&mut self, from: u64, to: u64, bucket: &CountColumn, stands: bool) {
        if to <= self.scale.from || from >= self.scale.to || from >= to {
            return;
        }
        let (left, right) = (self.scale.x(from), self.scale.x(to));
        let first = left as usize;
        if right <= first as f64 + 1.0 {
            return self.put(first, (right - left) as f32, bucket, stands);
        }
        let last = (right as usize).min(self.columns.len().saturating_sub(1));
        for column in first..=last {
            let begin = left.max(column as f64);
            let part = right.min(column as f64 + 1.0) - begin;
            if part > 0.0 {
                self.put(column, part as f32, bucket, stands);
            }
        }
    }

    /// Puts a bucket into a part of a column.
    #[inline]
    fn put(&mut self, column: usize, part: f32, bucket: &CountColumn, stands: bool) {
        let (Some(known), Some(covered)) =
            (self.columns.get_mut(column), self.covered.get_mut(column))
        else {
            return;
        };
        known.line.add(&bucket.line, part);
        *covered += part;
        if stands {
            for at in 0..SERIES {
                known.least[at] = known.least[at].min(bucket.least[at]);
                known.most[at] = known.most[at].max(bucket.most[at]);
            }
        }
    }

    /// Makes means of sums, of the first series.
    pub(super) fn finish(&mut self, series: usize) {
        for (column, &covered) in self.columns.iter_mut().zip(&self.covered) {
            let is_known = covered > 0.0;
            for at in 0..SERIES {
                let line = &mut column.line[at];
                *line = if is_known && at < series {
                    *line / covered
                } else {
                    f32::NAN
                };
                let (least, most) = (&mut column.least[at], &mut column.most[at]);
                if *least > *most || at >= series {
                    (*least, *most) = (*line, *line);
                }
            }
        }
    }
}
