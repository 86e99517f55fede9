//! What crosses the boundary of execution traces; see [`super::dto`].
//!
//! Times are nanoseconds from the beginning of the trace, as numbers where a picture needs them,
//! and as text everywhere else: never finer than the trace's clock.

use serde::{Deserialize, Serialize};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use super::dto::Fact;

/// What is asked of a trace.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceQuery {
    /// Session id of the file.
    pub file: u32,
    /// Only from this time on; with `to` at 0 it is all of the trace.
    pub from: f64,
    /// Until this time.
    pub to: f64,
    /// The runtime's own goroutines one by one, and not as one line.
    pub system: bool,
}

/// A trace as a whole.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceInfo {
    /// False for files of another kind; everything else is empty then.
    pub available: bool,
    /// `242 ms, 135 goroutines, GOMAXPROCS 5`.
    pub title: String,
    /// What there is of it, to be shown at the top.
    pub facts: Vec<Fact>,
    /// What of the file could not be used, in sentences; empty for a trace that is whole.
    pub losses: Vec<String>,
    /// Length in nanoseconds.
    pub length: f64,
    /// Nanoseconds of a tick of the clock: no picture needs to show less.
    pub tick: f64,
    /// Length as text.
    pub length_text: String,
    /// The sections that have something, in order.
    pub sections: Vec<TraceSectionInfo>,
}

/// A section of the Trace view.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceSectionInfo {
    /// What [`TraceTableQuery::section`] calls it.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it answers, in a sentence.
    pub about: String,
    /// The most telling figure of it: `17 stops, 0.54%`; may be empty.
    pub headline: String,
    /// False where the trace has nothing for it; `about` then says what would fill it.
    pub has_rows: bool,
}

/// Which rows of a section are asked for.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceTableQuery {
    /// A section's id.
    pub section: String,
    /// Only rows of this: the name of a group, of a type of tasks; empty for all.
    pub of: String,
    /// Only rows with this text in a cell.
    pub search: String,
    /// Ordered by this column; -1 for the section's own order.
    pub column: i32,
    /// Smallest first.
    pub ascending: bool,
}

/// Rows of a section.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceTable {
    /// The columns, in order.
    pub columns: Vec<TraceColumn>,
    /// The rows that were asked for.
    pub rows: Vec<TraceRow>,
    /// Rows in all.
    pub total: u32,
    /// Sentences below the table.
    pub notes: Vec<String>,
    /// Pictures above the table.
    pub charts: Vec<TraceChart>,
}

/// A column.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceColumn {
    /// Its heading.
    pub title: String,
    /// How it is counted.
    pub help: String,
    /// `name` of a function, `text`, or `number`.
    pub kind: String,
}

/// A row.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceRow {
    /// What [`super::Workspace::trace_detail`] calls it.
    pub id: u32,
    /// A text for each column.
    pub cells: Vec<String>,
    /// Part of the whole, 0 to 1, for a bar behind the row; -1 for none.
    pub share: f64,
    /// The section that its parts are in, for rows that have parts; empty for none.
    pub section: String,
    /// Which of that section's rows: see [`TraceTableQuery::of`].
    pub of: String,
    /// When it was, in nanoseconds from the beginning, for the timeline; -1 for no time.
    pub at: f64,
    /// How long, in nanoseconds.
    pub time: f64,
    /// Number of the goroutine that it is about; -1 for none.
    pub goroutine: f64,
}

/// A picture: values over an axis.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceChart {
    /// What is to be seen.
    pub title: String,
    /// `areas` stacked over time, `lines` over time, `bars` of a histogram, `heat` of rows over
    /// time, `curve` over a logarithmic axis.
    pub kind: String,
    /// Where on the axis each value is: nanoseconds from the beginning, or the lower edge of a bar.
    pub x: Vec<f64>,
    /// The end of the axis, after the last value.
    pub end: f64,
    /// Texts for some places of the axis: place 0 to 1, and text.
    pub ticks: Vec<(f64, String)>,
    /// The largest value of the other axis, and what it is called.
    pub top: f64,
    /// `5 procs`, `12.5MB`.
    pub top_text: String,
    /// One row of values for each part.
    pub parts: Vec<TracePart>,
}

/// A part of a picture.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TracePart {
    /// Its name in the legend.
    pub name: String,
    /// What it is painted as: `running`, `worker`, `assist`, `sweep`, `syscall`, `scheduler`,
    /// `idle`, `heap`, `goal`, `runnable`, `plain`.
    pub role: String,
    /// A value for each place on the axis.
    pub values: Vec<f32>,
    /// Sum or mean of it as text.
    pub text: String,
}

/// A row in full.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceDetail {
    /// What it is.
    pub title: String,
    /// Figures.
    pub facts: Vec<Fact>,
    /// Sentences.
    pub notes: Vec<String>,
    /// Where: innermost first.
    pub stack: Vec<TraceFrame>,
    /// What the stack is of: `Where it waited`, `Where it was woken`.
    pub stack_title: String,
    /// Pictures.
    pub charts: Vec<TraceChart>,
    /// Smaller tables, such as what each proc ran meanwhile.
    pub tables: Vec<TraceTable>,
    /// Titles of these.
    pub titles: Vec<String>,
    /// Sample type of the trace's profile that has it, for the flame graph; -1 for none.
    pub sample: i32,
    /// Tag of that profile's samples to focus on, `goroutine=main.main`; empty for none.
    pub tag: String,
    /// When it was, in nanoseconds from the beginning; -1 for no time.
    pub at: f64,
    /// How long.
    pub time: f64,
    /// Number of the goroutine; -1 for none.
    pub goroutine: f64,
}

/// A frame of a stack.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TraceFrame {
    /// The function.
    pub name: String,
    /// `file.go:12`, with its folder.
    pub place: String,
    /// Of the program's own module.
    pub own: bool,
}

/// A timeline that can be drawn.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimelineOpened {
    /// Records that are kept.
    pub records: f64,
    /// Bytes that it takes.
    pub bytes: f64,
    /// The length of the trace, in nanoseconds.
    pub length: f64,
    /// Nanoseconds from its beginning up to which there is something.
    pub until: f64,
    /// False while the rest is still being read.
    pub whole: bool,
    /// The rest is not kept, for its size.
    pub full: bool,
    /// Nanoseconds of a tick of the clock.
    pub tick: f64,
    /// The lanes that it begins with, in order.
    pub lanes: Vec<TimelineLane>,
    /// What states are called, by their number: the palette has a colour for each, and then those
    /// of groups.
    pub states: Vec<String>,
}

/// A lane.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimelineLane {
    /// What other verbs call it.
    pub id: f64,
    /// What it is called.
    pub name: String,
    /// `collector`, `heap`, `counts`, `procs` (GOMAXPROCS), `proc`, `thread`, `group`,
    /// `goroutine`, `regions`, `tasks`, `task`.
    pub kind: String,
    /// Goroutines of a group, tasks of a type; else 1.
    pub members: u32,
    /// Of the runtime's own goroutines.
    pub system: bool,
    /// How long it was busy, as text.
    pub total: String,
    /// Its row is pixels; else it is lines of numbers.
    pub pixels: bool,
}

/// Lanes that are parts of another.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimelineLanes {
    /// Those that were asked for.
    pub lanes: Vec<TimelineLane>,
    /// How many there are in all.
    pub total: u32,
}

/// What is at a place of a timeline.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimelineSpot {
    /// False where there is nothing.
    pub found: bool,
    /// What it is, in words.
    pub title: String,
    /// From when until when it is so, in nanoseconds from the beginning.
    pub from: f64,
    /// See `from`.
    pub to: f64,
    /// Figures.
    pub facts: Vec<Fact>,
    /// Where: innermost first.
    pub stack: Vec<TraceFrame>,
    /// Whoever ended the wait before it: goroutine's number, lane and time; absent for nobody.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waker: Option<TimelineLink>,
    /// Whom it woke next.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub woken: Option<TimelineLink>,
    /// The goroutine that it is about: its lane; absent for none.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goroutine: Option<TimelineLane>,
}

/// A place to go to.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimelineLink {
    /// The lane.
    pub lane: TimelineLane,
    /// The time, in nanoseconds from the beginning.
    pub at: f64,
    /// What is there.
    pub text: String,
}

/// What a search has found.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimelineHits {
    /// The first of them.
    pub hits: Vec<TimelineLink>,
    /// How many there are.
    pub total: u32,
}
