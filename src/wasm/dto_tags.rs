//! What crosses the boundary of labels and of time; see [`super::dto`].

use serde::{Deserialize, Serialize};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// The labels of what the filters leave.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TagsInfo {
    /// The sample type that is summed.
    pub type_name: String,
    /// What all values are percentages of.
    pub total: String,
    /// The keys, the one that most of the total has first. At most 200.
    pub keys: Vec<TagKeyInfo>,
    /// Keys that are not among them.
    pub more: u32,
}

/// A key of labels.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TagKeyInfo {
    /// Its place among all keys of the query: how other verbs name it.
    pub at: u32,
    /// Its name.
    pub key: String,
    /// What its values are: `texts`, `numbers`, or `texts and numbers`.
    pub kind: String,
    /// Distinct values, as printed.
    pub distinct: u32,
    /// `distinct` and its noun: `12 values`.
    pub distinct_text: String,
    /// What samples with this key have.
    pub tagged: String,
    /// The same in percent of the total.
    pub tagged_pct: String,
    /// The same from 0 to 1.
    pub share: f64,
    /// The samples without it; absent where they have nothing.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untagged: Option<TagRow>,
    /// Some sample has several values, so that shares may add up to more than that of the key.
    pub several: bool,
    /// The key says when samples were taken.
    pub time: bool,
    /// Expression for what has any value of it; empty where none can tell.
    pub any: String,
    /// What its numbers are like; absent without any.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<TagNumbers>,
    /// The heaviest values; at most 8, and none of a key of times.
    pub values: Vec<TagRow>,
}

/// A value of a key.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TagRow {
    /// The value as pprof prints it; what is not UTF-8 as U+FFFD.
    pub name: String,
    /// What its samples have.
    pub value: String,
    /// The same in percent of the total.
    pub pct: String,
    /// The same from 0 to 1, for a bar.
    pub share: f64,
    /// Expression of `tagfocus` for it; empty where none can name it.
    pub expression: String,
}

/// The numbers of a key.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TagNumbers {
    /// Smallest.
    pub min: String,
    /// Half of the value is in samples with at most this.
    pub median: String,
    /// Nine tenths of it are.
    pub p90: String,
    /// Largest.
    pub max: String,
    /// Heights of the buckets from 0 to 1, ascending numbers.
    pub heights: Vec<f64>,
}

/// The values of a key that are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TagOrder {
    /// `name` or `value`; anything else is `value`.
    pub column: String,
    /// Smallest first; for names, A to Z.
    pub ascending: bool,
    /// Part of a value's text, in whatever case; empty for all.
    pub search: String,
}

/// Values of a key.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TagValues {
    /// How many match.
    pub rows: u32,
    /// Those that were asked for.
    pub values: Vec<TagRow>,
}

/// A range of a histogram.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TagRange {
    /// From where to where.
    pub name: String,
    /// What lies in it.
    pub value: String,
    /// The same in percent of the total.
    pub pct: String,
    /// Expression of `tagfocus` for it; empty where none can name it, and for profiles in time.
    pub expression: String,
}

/// The value over time.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimeStrip {
    /// Where the times come from: `labels` of the samples, `files` of one process, or nothing.
    pub source: String,
    /// What is shown, in words.
    pub about: String,
    /// Begin of the axis.
    pub start: String,
    /// End of the axis.
    pub end: String,
    /// Slices of time, or files, ascending.
    pub slots: Vec<TimeSlot>,
    /// First and last slot of the filter that is set; empty without one.
    pub chosen: Vec<u32>,
    /// Why files of a range cannot be added up; empty when they can.
    pub unmergeable: String,
}

/// A slice of time, or a file at its time.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimeSlot {
    /// Left edge, as a share of the axis.
    pub left: f64,
    /// Width, as a share of the axis; 0 for a file that covers no time.
    pub width: f64,
    /// From 0 to 1.
    pub height: f64,
    /// Session file id; 0 for a slice.
    pub file: u32,
}
