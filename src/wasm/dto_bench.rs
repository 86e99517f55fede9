//! What crosses the boundary of benchmark results; see [`super::dto`].
//!
//! Places on an axis are shares of its length, from 0 to 1; −1 is a place that does not exist, as
//! that of an interval without ends.

use serde::{Deserialize, Serialize};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use super::dto::Fact;

/// What is asked of benchmark results.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchQuery {
    /// Session ids of the files, in the order of their columns; all with results where it is empty,
    /// the state before the change first as far as names tell.
    pub files: Vec<u32>,
    /// Projections and filter, in benchstat's language.
    pub table: String,
    /// Likewise.
    pub row: String,
    /// Likewise.
    pub col: String,
    /// Likewise.
    pub ignore: String,
    /// Likewise; empty is everything.
    pub filter: String,
    /// A difference is called one if no more than this share of those is false.
    pub alpha: f64,
    /// Level of intervals.
    pub confidence: f64,
    /// Differences up to this share matter to nobody.
    pub margin: f64,
    /// Only rows with a difference that is told.
    pub told: bool,
    /// `name`, `change` (the largest to the worse side first), `gain` (to the better side first), or
    /// empty for the order of the projection.
    pub sort: String,
    /// Only rows whose label has this text in it.
    pub search: String,
}

/// A comparison as a whole.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchInfo {
    /// What is wrong with a projection or filter; everything else is empty then.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<BenchProblem>,
    /// The files, in the order of their columns.
    pub files: Vec<BenchFileInfo>,
    /// In order.
    pub tables: Vec<BenchTableInfo>,
    /// What differences mean, for each unit.
    pub tallies: Vec<BenchTally>,
    /// How many differences chance alone would make; empty without comparisons.
    pub by_chance: String,
    /// What to know before anything is believed.
    pub notes: Vec<BenchNote>,
    /// What results could be grouped by.
    pub keys: Vec<BenchKey>,
    /// Commands that record such results.
    pub commands: Vec<BenchCommand>,
}

/// A projection or filter that cannot be used.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchProblem {
    /// Which: `table`, `row`, `col`, `ignore`, `filter`; empty for something else.
    pub flag: String,
    /// What is wrong.
    pub reason: String,
    /// Where in it, counted as JavaScript counts; -1 for nowhere.
    pub at: i32,
}

/// A file of the comparison.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchFileInfo {
    /// Session id.
    pub file: u32,
    /// The label of its column.
    pub label: String,
    /// Result lines in it.
    pub results: u32,
}

/// A table.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchTableInfo {
    /// The keys that tell it from others, without empty values.
    pub keys: Vec<Fact>,
    /// The unit in its base form.
    pub unit: String,
    /// `lower`, `higher`, or empty where nobody said which is better.
    pub better: String,
    /// The unit is said to be exact.
    pub exact: bool,
    /// In order; the first is what others are compared with.
    pub columns: Vec<BenchColumnInfo>,
    /// Rows that are shown.
    pub rows: u32,
    /// Rows there are.
    pub all_rows: u32,
    /// Half of the axis of changes: `±25%`; empty without changes.
    pub scale: String,
    /// What is to be known of its means.
    pub mean_notes: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchColumnInfo {
    /// Its keys with their values.
    pub keys: Vec<Fact>,
    /// The values with blanks between them.
    pub label: String,
    /// Geometric mean of its middles; empty for none.
    pub mean: String,
    /// That of the ratios to the first column, as a change; empty in the first.
    pub mean_change: String,
}

/// What the differences of a unit mean.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchTally {
    /// The unit.
    pub unit: String,
    /// What each number is called: better, worse, changed, same, unknown.
    pub words: Vec<String>,
    /// The numbers, in the same order.
    pub counts: Vec<u32>,
    /// Number of comparisons.
    pub compared: u32,
}

/// Something to know.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchNote {
    /// `warning` or `note`.
    pub severity: String,
    /// What.
    pub text: String,
    /// A key to ignore that would mend it; empty for none.
    pub ignore: String,
}

/// A key that results could be grouped by.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchKey {
    /// As projections call it.
    pub key: String,
    /// Some of its values; an empty one is no value.
    pub values: Vec<String>,
    /// As filters write them: in quotation marks where need be.
    pub words: Vec<String>,
    /// There are more.
    pub more: bool,
    /// What it is used for: `table`, `row`, `col`, `ignore`, or empty where it is part of `.config`
    /// or `.fullname`, or of nothing.
    pub used: String,
}

/// A command to copy.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchCommand {
    /// What it does.
    pub about: String,
    /// The command.
    pub text: String,
}

/// Rows of a table.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchRows {
    /// In the order that was asked for.
    pub rows: Vec<BenchRowInfo>,
}

/// A row.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchRowInfo {
    /// Its place in the table: how other verbs name it.
    pub at: u32,
    /// Its label.
    pub label: String,
    /// One for each column; absent ones have no text.
    pub cells: Vec<BenchCellInfo>,
    /// The values at both ends of the row's axis.
    pub ends: Vec<String>,
}

/// A cell.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchCellInfo {
    /// The middle with its prefix; empty for no cell.
    pub value: String,
    /// How far the interval reaches: `3%`, `∞` or `?`.
    pub range: String,
    /// Number of samples.
    pub n: u32,
    /// What to know about it.
    pub notes: Vec<String>,
    /// Place of the middle on the row's axis.
    pub center: f64,
    /// Places of the interval's ends.
    pub low: f64,
    /// Likewise.
    pub high: f64,
    /// Places of the samples, at most 200 of them.
    pub points: Vec<f64>,
    /// How it differs from the first; absent for no comparison.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<BenchChange>,
}

/// A difference.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchChange {
    /// As benchstat prints it: `-15.09%`, `~`, `0.00%` or `?`.
    pub text: String,
    /// `p=0.002 n=6`.
    pub evidence: String,
    /// `better`, `worse`, `changed`, `same` or `unknown`.
    pub verdict: String,
    /// The same in words: `faster`, `cannot tell`.
    pub words: String,
    /// The ratio as a change with its interval; empty where there is none.
    pub ratio: String,
    /// Place of the ratio on the table's axis of changes, whose middle is no change.
    pub at: f64,
    /// Places of its interval's ends.
    pub low: f64,
    /// Likewise.
    pub high: f64,
    /// What benchstat says instead, where its verdict is another one; else empty.
    pub differs: String,
    /// What to know about it.
    pub notes: Vec<String>,
}

/// Everything about one row.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchDetail {
    /// Its label.
    pub label: String,
    /// Its keys with their values.
    pub keys: Vec<Fact>,
    /// The unit.
    pub unit: String,
    /// Marks on the axis of its values.
    pub ticks: Vec<BenchTick>,
    /// The columns that have it.
    pub columns: Vec<BenchDetailColumn>,
    /// What the functions of profiles in the session have to do with it.
    pub causes: Vec<BenchCauses>,
}

/// A mark on an axis.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchTick {
    /// Where.
    pub at: f64,
    /// What.
    pub text: String,
}

/// A column of one row.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchDetailColumn {
    /// Which column of the table it is; 0 is what others are compared with.
    pub at: u32,
    /// The label of the column.
    pub label: String,
    /// Its middle and interval as places, and the difference.
    pub cell: BenchCellInfo,
    /// The samples in the order of their runs, at most 2000.
    pub samples: Vec<BenchSample>,
    /// Numbers about them.
    pub facts: Vec<Fact>,
    /// What is odd about them.
    pub oddities: Vec<String>,
}

/// A sample.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchSample {
    /// The value.
    pub text: String,
    /// Its place on the axis.
    pub at: f64,
    /// Where it is from: `old.txt:12`.
    pub from: String,
}

/// How a difference comes about by what profiles of both states show.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchCauses {
    /// Label of the column that it is about.
    pub column: String,
    /// What it says in a sentence.
    pub headline: String,
    /// How far to trust it.
    pub about: String,
    /// Session ids of the profiles, before and after.
    pub before: u32,
    /// Likewise.
    pub after: u32,
    /// Name of the sample type that is looked at.
    pub sample: String,
    /// Expression for the benchmark's own function, for a filter.
    pub focus: String,
    /// The functions of which most of the difference is.
    pub functions: Vec<BenchCause>,
}

/// A function's part in a difference.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BenchCause {
    /// Its name.
    pub function: String,
    /// The line of it that costs most, `file:line`; empty if there is none.
    pub place: String,
    /// What it has of the value before, after, and the difference.
    pub before: String,
    /// Likewise.
    pub after: String,
    /// Likewise.
    pub change: String,
    /// Part of the whole difference; below 0 for what goes the other way.
    pub share: f64,
}
