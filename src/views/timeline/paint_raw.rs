//! Draws a window of few records from these.

use std::ops::RangeInclusive;

use super::Timeline;
use super::canvas::{Inks, StateRow};
use super::chunk::Record;
use super::count_lane::Step;
use super::counting;
use super::goroutine_lane::Course;
use super::kind::Kind;
use super::lanes::LaneId;
use super::paint::Drawn;
use super::state::flag;
use super::track::{Blind, Change, Tracker, Watch};
use super::window::Scale;
use crate::model::trace::NONE;

/// A goroutine that is shown.
struct Shown {
    row: usize,
    goroutine: u32,
    course: Option<Course>,
}

/// Draws records as they go by.
pub(super) struct Raw<'a, I: Inks> {
    timeline: &'a Timeline,
    scale: Scale,
    inks: &'a I,
    lanes: &'a [LaneId],
    rows: &'a mut [Drawn<I::Dye>],
    /// Rows by slot, [`NONE`] of those that are not shown.
    procs: Vec<u32>,
    threads: Vec<u32>,
    groups: Vec<u32>,
    all: u32,
    shown: Vec<Shown>,
    /// By index of a goroutine: one more than its place in these, 0 of those that are not shown;
    /// one more for none. Empty where none is.
    places: Vec<u32>,
    /// By row: what is told to have been so for long is what it shows already.
    arriving: Vec<bool>,
}

impl Timeline {
    /// Who holds what when a chunk begins.
    pub(super) fn tracker_at(&self, chunk: usize) -> Tracker {
        let mut tracker = Tracker {
            flags: vec![0; self.table.len()],
            ..Tracker::default()
        };
        for worker in self.table.workers() {
            *tracker.flags_mut(worker) |= flag::WORKER;
        }
        let chunks = &self.store.chunks;
        let before = chunks.get(..=chunk).unwrap_or(chunks);
        let from = before.iter().rposition(|one| one.checkpoint.is_some());
        let from = from.unwrap_or_default();
        if let Some(checkpoint) = chunks.get(from).and_then(|one| one.checkpoint.as_ref()) {
            checkpoint.restore(&mut tracker);
        }
        for one in before.iter().take(chunk).skip(from) {
            for (_, record) in one.records(0..one.len()) {
                tracker.step(&record, &mut Blind);
            }
        }
        tracker
    }
}

impl<'a, I: Inks> Raw<'a, I> {
    pub(super) fn new(
        timeline: &'a Timeline,
        scale: Scale,
        inks: &'a I,
        lanes: &'a [LaneId],
        rows: &'a mut [Drawn<I::Dye>],
    ) -> Self {
        let mut raw = Self {
            timeline,
            scale,
            inks,
            lanes,
            procs: vec![NONE; timeline.lanes.procs.len()],
            threads: vec![NONE; timeline.lanes.threads.len()],
            groups: vec![NONE; timeline.lanes.groups.len()],
            all: NONE,
            shown: Vec::new(),
            places: Vec::new(),
            arriving: vec![false; rows.len()],
            rows,
        };
        for (row, lane) in lanes.iter().enumerate() {
            let (list, at) = match *lane {
                LaneId::Proc(slot) => (&mut raw.procs, slot),
                LaneId::Thread(slot) => (&mut raw.threads, slot),
                LaneId::Group(group) => (&mut raw.groups, group),
                LaneId::Counts => {
                    raw.all = row as u32;
                    continue;
                }
                LaneId::Goroutine(goroutine) => {
                    raw.shown.push(Shown {
                        row,
                        goroutine,
                        course: None,
                    });
                    continue;
                }
                _ => continue,
            };
            if let Some(place) = list.get_mut(at as usize) {
                *place = row as u32;
            }
        }
        if !raw.shown.is_empty() {
            raw.places = vec![0; timeline.table.len() + 1];
            for (place, shown) in (1..).zip(&raw.shown) {
                if let Some(known) = raw.places.get_mut(shown.goroutine as usize) {
                    *known = place;
                }
            }
            if let Some(none) = raw.places.last_mut() {
                *none = 0;
            }
        }
        raw
    }

    /// Draws some chunks.
    pub(super) fn paint(mut self, chunks: RangeInclusive<usize>) {
        let store = &self.timeline.store;
        let mut tracker = self.timeline.tracker_at(*chunks.start());
        let counts = self.all != NONE || self.groups.iter().any(|&row| row != NONE);
        for at in chunks {
            let Some(chunk) = store.chunks.get(at) else {
                break;
            };
            self.begin(at as u32, chunk.begin());
            let end = match store.until(at) < self.scale.to {
                true => chunk.len(),
                false => chunk.at_or_after(self.scale.to),
            };
            for (row, record) in chunk.records(0..end) {
                tracker.step(&record, &mut self);
                if counts {
                    self.count(&record, chunk.first + row as u32);
                }
                if !self.shown.is_empty() {
                    self.goroutines(&record);
                }
            }
        }
        let (timeline, inks) = (self.timeline, self.inks);
        let end = timeline.end().min(self.scale.to);
        for row in self.rows.iter_mut() {
            match row {
                Drawn::States(row) => row.end(end, |show| timeline.dye(show, inks)),
                Drawn::Counts(row, _) => row.pass(end, true),
                _ => {}
            }
        }
    }

    /// Sets the rows to what lanes show when a chunk begins.
    fn begin(&mut self, chunk: u32, time: u64) {
        let timeline = self.timeline;
        let inks = self.inks;
        let cache = timeline.goroutine_lanes.borrow();
        for (at, (&lane, row)) in self.lanes.iter().zip(self.rows.iter_mut()).enumerate() {
            match row {
                Drawn::States(row) => {
                    let states = match lane {
                        LaneId::Proc(slot) => timeline.lanes.procs.get(slot as usize),
                        LaneId::Thread(slot) => timeline.lanes.threads.get(slot as usize),
                        LaneId::Goroutine(index) => cache.get(index).map(|one| &one.lane),
                        _ => None,
                    };
                    if let Some(states) = states {
                        let show = states.start(chunk);
                        row.change(time, Some(show), |show| timeline.dye(show, inks));
                        self.arriving[at] = states.arrives_in(chunk);
                    }
                }
                Drawn::Counts(row, _) => {
                    if let Some(counts) = timeline.count_lane(lane) {
                        row.pass(time, true);
                        row.set(time, counts.start(chunk));
                    }
                }
                _ => {}
            }
        }
        for shown in &mut self.shown {
            let lane = cache.get(shown.goroutine);
            shown.course = lane.and_then(|lane| lane.course(chunk));
        }
    }

    fn count(&mut self, record: &Record, number: u32) {
        let Self {
            timeline,
            rows,
            groups,
            all,
            ..
        } = self;
        let mut tell = |group: Option<u32>, step: Step| {
            let row = match group {
                None => *all,
                Some(group) => groups.get(group as usize).copied().unwrap_or(NONE),
            };
            if let Some(Drawn::Counts(row, _)) = rows.get_mut(row as usize) {
                row.step(record.time + step.after(), number, step);
            }
        };
        if record.kind() == Kind::Lost {
            tell(None, Step::CLEAR);
            for group in 0..timeline.lanes.groups.len() as u32 {
                tell(Some(group), Step::CLEAR);
            }
        } else {
            counting::steps(record, number, &timeline.table, tell);
        }
    }

    fn goroutines(&mut self, record: &Record) {
        let none = self.places.len() - 1;
        let place = |goroutine: u32| self.places[(goroutine as usize).min(none)];
        let mut places = [place(record.subject), 0];
        if Kind::is_switch(record.code) {
            places[1] = place(record.site);
        }
        match record.kind() {
            Kind::Lost => {
                for shown in 0..self.shown.len() {
                    self.shown_step(shown, record);
                }
            }
            Kind::Metric(_) => {}
            _ => {
                for place in places.into_iter().filter(|&place| place != 0) {
                    self.shown_step(place as usize - 1, record);
                }
            }
        }
    }

    fn shown_step(&mut self, shown: usize, record: &Record) {
        let (timeline, inks) = (self.timeline, self.inks);
        let Shown { row, course, .. } = &mut self.shown[shown];
        let Some(Drawn::States(row)) = self.rows.get_mut(*row) else {
            return;
        };
        if let Some(course) = course {
            course.step(record, &timeline.store.sites, |after, show| {
                let time = record.time + u64::from(after);
                row.change(time, Some(show), |show| timeline.dye(show, inks));
            });
        }
    }

    #[inline]
    fn change(&mut self, row: u32, change: Change) {
        let (timeline, inks) = (self.timeline, self.inks);
        let Some(Drawn::States(states)) = self.rows.get_mut(row as usize) else {
            return;
        };
        let arriving = &mut self.arriving[row as usize];
        if change.arrives && *arriving {
            return;
        }
        *arriving = false;
        let states: &mut StateRow<I::Dye> = states;
        states.change(change.time, Some(change.show), |show| {
            timeline.dye(show, inks)
        });
    }
}

impl<I: Inks> Watch for Raw<'_, I> {
    #[inline]
    fn thread(&mut self, slot: u32, change: Change) {
        let row = self.threads.get(slot as usize).copied().unwrap_or(NONE);
        self.change(row, change);
    }

    #[inline]
    fn proc(&mut self, slot: u32, change: Change) {
        let row = self.procs.get(slot as usize).copied().unwrap_or(NONE);
        self.change(row, change);
    }
}
