//! The timeline of a trace: a file is read a second time for it, into records that any window can
//! be drawn from.

use std::cell::RefCell;
use std::rc::Rc;

use super::dto::OpenProgress;
use super::dto_trace::{TimelineLane, TimelineLanes, TimelineOpened};
use super::trace::time;
use super::workspace::{Loaded, Workspace, progress};
use crate::analysis::Classes;
use crate::analysis::trace::report_sink;
use crate::formats::Opener;
use crate::model::Kind;
use crate::model::trace::TraceReport;
use crate::views::{
    Lane, LaneId, PaintedSpan, State, Timeline, TimelineSlot, TimelineStore, Window,
};

/// The timeline of one file of the session, and the reports of ranges of it.
#[derive(Debug)]
pub(super) struct Timed {
    pub(super) file: u32,
    pub(super) timeline: Timeline,
    /// By range, the last one used last.
    ranges: Vec<((u64, u64), Rc<Loaded>)>,
}

/// Reports of ranges that are kept.
const KEPT_RANGES: usize = 4;

/// A file that is being read for its timeline.
#[derive(Debug)]
pub(super) struct Timing {
    pub(super) file: u32,
    /// What it was called when it was opened, where it is one trace.
    name: String,
    opener: Opener,
    /// A timeline for each trace in the file, in the order in which they end.
    slots: Rc<RefCell<Vec<TimelineSlot>>>,
}

impl Workspace {
    /// Begins to read a file of the session again, which is a trace or holds it. Only one timeline
    /// is kept: that of another file is given up.
    pub fn timeline_start(&mut self, file: u32, name: &str, size: f64) -> Result<(), String> {
        let loaded = self.loaded(file)?;
        if loaded.profile.trace.is_none() {
            return Err("this file is not an execution trace".to_owned());
        }
        self.timed = None;
        let slots = Rc::<RefCell<Vec<TimelineSlot>>>::default();
        let kept = Rc::clone(&slots);
        let opener = Opener::new(name, self.open_options()).with_size(size as u64);
        let opener = opener.with_sinks(Box::new(move || {
            let (sink, slot) = TimelineStore::create();
            kept.borrow_mut().push(slot);
            sink
        }));
        self.timing = Some(Box::new(Timing {
            file,
            name: name.to_owned(),
            opener,
            slots,
        }));
        Ok(())
    }

    /// Takes the next chunk.
    pub fn timeline_push(&mut self, chunk: &[u8]) -> Result<OpenProgress, String> {
        let timing = self.timing.as_mut();
        let timing = timing.ok_or("no timeline is being made")?;
        timing.opener.push(chunk);
        Ok(progress(&timing.opener))
    }

    /// The beginning of a long trace, once, when there is enough of it: all that is asked of a
    /// timeline is answered of it until the whole is there, but for ranges.
    pub fn timeline_part(&mut self) -> Result<Option<TimelineOpened>, String> {
        let timing = self.timing.as_mut();
        let timing = timing.ok_or("no timeline is being made")?;
        let part = match &timing.slots.borrow()[..] {
            [slot] => slot.borrow_mut().take(),
            _ => None,
        };
        let Some(part) = part else {
            return Ok(None);
        };
        let (file, name) = (timing.file, timing.name.clone());
        let loaded = self.loaded(file)?;
        // In a file of several traces this may be another.
        let report = loaded.profile.trace.clone();
        let Some(report) = report.filter(|_| loaded.name == name) else {
            return Ok(None);
        };
        let mut opened = told_of(&part);
        (opened.length, opened.tick) = (length_of(&report), report.facts.tick);
        self.timed = Some(Box::new(Timed {
            file,
            timeline: part,
            ranges: Vec::new(),
        }));
        Ok(Some(opened))
    }

    /// Ends it.
    pub fn timeline_finish(&mut self) -> Result<TimelineOpened, String> {
        let timing = self.timing.take().ok_or("no timeline is being made")?;
        self.timed = None;
        let Timing {
            file,
            opener,
            slots,
            ..
        } = *timing;
        let wanted = self.loaded(file)?.name.clone();
        // Members of archives and traces one after the other have names; each trace that could be
        // read has left a timeline, in the same order.
        let opened = opener.finish();
        let slots = slots.take();
        // One that could not be read to its end may have left its beginning.
        let mut made = slots
            .iter()
            .filter_map(|slot| slot.borrow_mut().take())
            .filter(Timeline::is_whole);
        let mut timeline = None;
        for opened in opened {
            let read = opened.result.as_ref();
            if read.is_ok_and(|read| read.kind == Kind::Trace) {
                let one = made.next();
                if opened.name == wanted {
                    timeline = one;
                }
            }
        }
        let timeline = timeline.ok_or("the file is not as it was when it was opened")?;
        let mut opened = told_of(&timeline);
        let report = self.loaded(file)?.profile.trace.as_ref();
        if let Some(report) = report.filter(|_| opened.full) {
            opened.length = length_of(report);
        }
        self.timed = Some(Box::new(Timed {
            file,
            timeline,
            ranges: Vec::new(),
        }));
        Ok(opened)
    }

    /// Gives up what is being read, and what there was of it.
    pub fn timeline_cancel(&mut self) {
        self.timing = None;
        self.timed = None;
    }

    /// A trace as it is in a range of time; `from` and `to` are nanoseconds of its clock.
    pub(super) fn ranged(&mut self, file: u32, from: u64, to: u64) -> Result<Rc<Loaded>, String> {
        let whole = Rc::clone(self.loaded(file)?);
        let is_it = |timed: &&mut Box<Timed>| timed.file == file && timed.timeline.is_whole();
        let timed = self.timed.as_mut().filter(is_it);
        let timed = timed.ok_or("a range needs the timeline, which is not there")?;
        if let Some(at) = timed
            .ranges
            .iter()
            .position(|(range, _)| *range == (from, to))
        {
            let known = timed.ranges.remove(at);
            let loaded = Rc::clone(&known.1);
            timed.ranges.push(known);
            return Ok(loaded);
        }
        let profile = timed.timeline.report(from, to, report_sink());
        let classes = Classes::new(&profile);
        let loaded = Loaded::new(whole.name.clone(), whole.kind, profile, classes, Vec::new());
        let loaded = Rc::new(loaded);
        let excess = (timed.ranges.len() + 1).saturating_sub(KEPT_RANGES);
        timed.ranges.drain(..excess);
        timed.ranges.push(((from, to), Rc::clone(&loaded)));
        Ok(loaded)
    }
}

/// Nanoseconds that a trace lasts.
fn length_of(report: &TraceReport) -> f64 {
    report.last_event.saturating_sub(report.span.0) as f64
}

/// What the page is told of a timeline.
fn told_of(timeline: &Timeline) -> TimelineOpened {
    let lanes = timeline.lanes();
    let length = timeline.end().saturating_sub(timeline.begin()) as f64;
    TimelineOpened {
        records: f64::from(timeline.records()),
        bytes: timeline.memory().total() as f64,
        length,
        until: length,
        whole: timeline.is_whole(),
        full: timeline.is_full(),
        tick: timeline.tick(),
        lanes: lanes.iter().map(|lane| lane_info(timeline, lane)).collect(),
        states: State::ALL
            .iter()
            .map(|state| state.label().to_owned())
            .collect(),
    }
}

/// A picture of lanes for JavaScript; see `session_trace.rs`.
#[derive(Debug, Default)]
pub struct TimelinePicture {
    /// Pixels of a row.
    pub width: u32,
    /// Rows of pixels, one after the other.
    pub pixels: Vec<u32>,
    /// The lane of each of these rows, by its place among those asked for.
    pub pixel_rows: Vec<u32>,
    /// Three values for each column of each quantity: least, most, and where a line goes.
    pub series: Vec<f32>,
    /// The lane of each quantity.
    pub series_rows: Vec<u32>,
    /// Spans: their lanes, states, edges, depth, labels and goroutines.
    pub span_row: Vec<u32>,
    /// See `span_row`.
    pub span_state: Vec<u32>,
    /// Index into `labels`.
    pub span_label: Vec<u32>,
    /// Left edges in device pixels.
    pub span_x0: Vec<f32>,
    /// Right edges.
    pub span_x1: Vec<f32>,
    /// Of regions, how many they are inside of.
    pub span_depth: Vec<u32>,
    /// Number of the goroutine as the timeline counts them; [`u32::MAX`] for none.
    pub span_goroutine: Vec<u32>,
    /// What spans are called, each once.
    pub labels: Vec<String>,
}

impl Workspace {
    /// Draws lanes in a window; times are nanoseconds from the beginning of the trace, lanes the
    /// numbers that `TimelineLane::id` has.
    pub fn timeline_paint(
        &self,
        (from, to): (f64, f64),
        width: u32,
        lanes: &[f64],
        palette: &[u32],
    ) -> Result<TimelinePicture, String> {
        let timed = self.timed.as_ref().ok_or("there is no timeline")?;
        let timeline = &timed.timeline;
        let begin = timeline.begin();
        let window = Window {
            from: begin.saturating_add(from.max(0.0) as u64),
            to: begin.saturating_add(to.max(0.0) as u64),
            width,
        };
        let lanes: Option<Vec<LaneId>> = lanes.iter().map(|&id| lane_id(id)).collect();
        let lanes = lanes.ok_or("there is no such lane")?;
        let painted = timeline.paint(&window, &lanes, palette);
        let mut picture = TimelinePicture {
            width: painted.width,
            ..TimelinePicture::default()
        };
        for (row, lane) in (0..).zip(&painted.rows) {
            if !lane.pixels.is_empty() {
                picture.pixel_rows.push(row);
                picture.pixels.extend_from_slice(&lane.pixels);
            }
            for series in 0..lane.series {
                picture.series_rows.push(row);
                let columns = lane.columns.iter();
                picture
                    .series
                    .extend(columns.clone().map(|one| one.least[series]));
                picture
                    .series
                    .extend(columns.clone().map(|one| one.most[series]));
                picture.series.extend(columns.map(|one| one.line[series]));
            }
        }
        let mut known = rustc_hash::FxHashMap::default();
        for span in &painted.spans {
            let label = span_label(timeline, &lanes, span);
            let next = picture.labels.len() as u32;
            let at = *known.entry(label).or_insert_with_key(|label: &String| {
                picture.labels.push(label.clone());
                next
            });
            picture.span_row.push(span.row);
            picture.span_state.push(span.state as u32);
            picture.span_label.push(at);
            picture.span_x0.push(span.x0);
            picture.span_x1.push(span.x1);
            picture.span_depth.push(span.depth);
            picture.span_goroutine.push(span.goroutine);
        }
        Ok(picture)
    }

    /// Lanes that are parts of another: goroutines of a group, tasks of a type.
    pub fn timeline_members(
        &self,
        lane: f64,
        skip: u32,
        most: u32,
    ) -> Result<TimelineLanes, String> {
        let timed = self.timed.as_ref().ok_or("there is no timeline")?;
        let id = lane_id(lane).ok_or("there is no such lane")?;
        let whole = timed.timeline.lane(id).ok_or("there is no such lane")?;
        let members = timed
            .timeline
            .members(id, skip as usize, most.min(1000) as usize);
        Ok(TimelineLanes {
            lanes: members
                .iter()
                .map(|lane| lane_info(&timed.timeline, lane))
                .collect(),
            total: whole.members,
        })
    }
}

/// The lane of a number as JavaScript has it.
pub(super) fn lane_id(number: f64) -> Option<LaneId> {
    let is_whole = number >= 0.0 && number.fract() == 0.0;
    LaneId::of_number(number as u64).filter(|_| is_whole)
}

/// What a span is called where there is room.
fn span_label(timeline: &Timeline, lanes: &[LaneId], span: &PaintedSpan) -> String {
    let lane = lanes.get(span.row as usize);
    let of_one = matches!(lane, Some(LaneId::Goroutine(_) | LaneId::Collector));
    if span.name == 0 && (of_one || span.goroutine == u32::MAX) {
        return span.state.label().to_owned();
    }
    let name = timeline.world().text(span.name);
    match timeline.goroutine_id(span.goroutine) {
        Some(id) if !matches!(lane, Some(LaneId::Goroutine(_) | LaneId::Regions(_))) => {
            format!("{name} G{id}")
        }
        _ if of_one => span.state.label().to_owned(),
        _ => name.into_owned(),
    }
}

/// A lane as the page has it.
pub(super) fn lane_info(timeline: &Timeline, lane: &Lane) -> TimelineLane {
    let kind = match lane.id {
        LaneId::Collector => "collector",
        LaneId::Heap => "heap",
        LaneId::Counts => "counts",
        LaneId::MaxProcs => "procs",
        LaneId::Proc(_) => "proc",
        LaneId::Thread(_) => "thread",
        LaneId::Group(_) => "group",
        LaneId::Goroutine(_) => "goroutine",
        LaneId::Regions(_) => "regions",
        LaneId::TaskKind(_) => "tasks",
        LaneId::Task(_) => "task",
    };
    let name = match lane.id {
        LaneId::Collector => "GC".to_owned(),
        LaneId::Heap => "Heap".to_owned(),
        LaneId::Counts => "Goroutines".to_owned(),
        LaneId::MaxProcs => "GOMAXPROCS".to_owned(),
        LaneId::Proc(_) => format!("P {}", lane.name),
        LaneId::Thread(_) => format!("M {}", lane.name),
        LaneId::Goroutine(index) => {
            let group = timeline
                .group(index)
                .map(|group| timeline.group_name(group));
            format!("G{} {}", lane.name, group.unwrap_or_default())
        }
        LaneId::Regions(_) => format!("Regions of G{}", lane.name),
        LaneId::Task(row) => {
            let name = timeline.task(row).map(|(name, _)| name).unwrap_or_default();
            format!("Task {} {name}", lane.name)
        }
        LaneId::Group(_) if lane.name.is_empty() => "(not known)".to_owned(),
        LaneId::Group(_) | LaneId::TaskKind(_) => lane.name.clone(),
    };
    TimelineLane {
        id: lane.id.number() as f64,
        name,
        kind: kind.to_owned(),
        members: lane.members,
        system: lane.is_system,
        total: time(lane.total),
        pixels: !matches!(
            lane.id,
            LaneId::Heap | LaneId::MaxProcs | LaneId::TaskKind(_)
        ),
    }
}
