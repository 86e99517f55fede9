//! What crosses the boundary: small results as plain objects, typed once here.
//!
//! TypeScript's types are generated from these (tsify), so the page cannot disagree with the
//! core. Numbers that the page prints arrive as text made by [`crate::unit`]; numbers it draws
//! with arrive as `f64` or typed arrays. Slices are always present, possibly empty. The file is long
//! because it is a list of types, nothing else.

use serde::{Deserialize, Serialize};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use super::dto_flame::FlameShape;

/// What every picture is a picture of. The same names stand in the URL hash.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Query {
    /// Session file id.
    pub file: u32,
    /// Index of the sample type.
    pub sample: u32,
    /// What a row or box stands for.
    pub granularity: GranularityDto,
    /// Fold inlined frames into the function they were inlined into.
    pub noinlines: bool,
    /// Tell columns of a line apart.
    pub showcolumns: bool,
    /// The Top table shows values per event: divided by those of the first sample type. All else,
    /// and its shares, stay with sums.
    pub mean: bool,
    /// Percentages are of what the filters leave.
    pub relative: bool,
    /// Unit of values; empty for one that suits the table.
    pub unit: String,
    /// Leave rows with negative values out of the table.
    pub dropneg: bool,
    /// Rows of the table below this share of the total are left out; 0 keeps all.
    pub nodefraction: f64,
    /// Rows of the table at most; 0 for all.
    pub nodecount: u32,
    /// What is left of the profile: filters and transforms, in this order.
    pub steps: Vec<Step>,
    /// Import paths of the program's own modules, between commas; empty to guess them.
    pub main: String,
    /// Only frames of the program's own code; totals stay what they are without it.
    pub mine: bool,
    /// What it is compared with; then all values are differences, and nodes those of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub base: Option<Baseline>,
}

/// What a file is compared with, and in which sense.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    /// Session file id.
    pub file: u32,
    /// `absolute`, `second`, `share`, `operation`; empty for the one that tells most.
    pub mode: String,
    /// Operations that each of the two stands for, the baseline's first; 0 when nobody said.
    pub operations: Vec<f64>,
}

/// A filter or transform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// `focus`, `ignore`, … as pprof's options are called, or `focus_function`, `merge_node`, …: the
    /// names of [`crate::analysis::StepKind`].
    pub kind: String,
    /// An expression, keys of labels, classes of code or a place in the call tree.
    pub text: String,
}

/// What the filters of a query do.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FilterInfo {
    /// The filters that cannot be used; nothing else is said then.
    pub problems: Vec<FilterProblem>,
    /// How expressions were understood, and which ones match nothing.
    pub remarks: Vec<String>,
    /// Per step what it is about, where its text does not tell; else empty.
    pub labels: Vec<String>,
    /// Samples that are left.
    pub samples: String,
    /// Samples of the file.
    pub all_samples: String,
    /// Value of the samples that are left.
    pub value: String,
    /// `value` in percent of the whole profile.
    pub pct: String,
}

/// A filter or transform that cannot be used.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FilterProblem {
    /// Which of the query's steps; -1 when no single one is to blame.
    pub step: i32,
    /// What is wrong with its expression.
    pub reason: String,
    /// Where in the expression, counted as JavaScript counts; -1 when nowhere in particular.
    pub at: i32,
}

/// Whose code a file's functions are.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OwnCode {
    /// The module that is taken for the program's own when nobody names one; empty when nothing
    /// tells.
    pub guess: String,
    /// Modules of all files to choose from.
    pub modules: Vec<String>,
}

/// One of pprof's reports, to be written as a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PprofRequest {
    /// Name of the report, as the flag of `go tool pprof`: `top`, `tree`, `dot`, …
    pub report: String,
    /// For reports about some functions: an expression that their names match.
    pub symbol: String,
    /// `text`, or for tables `csv` or `json`.
    pub format: String,
    /// Sort by cum instead of flat.
    pub cum: bool,
    /// Tell calls by different paths apart (`dot` and `callgrind`).
    pub call_tree: bool,
    /// Leave out what is small, as pprof does unasked.
    pub trim: bool,
}

/// Granularity by pprof's names; `packages` is ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub enum GranularityDto {
    /// Function name.
    #[default]
    Functions,
    /// Function name and file.
    Filefunctions,
    /// Source file.
    Files,
    /// Go package.
    Packages,
    /// Function, file and line.
    Lines,
    /// Instruction address.
    Addresses,
}

/// One file of the session as the list shows it; also one that could not be read.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FileInfo {
    /// Session file id; stable until the page is left.
    pub id: u32,
    /// Name as dropped; a member of an archive reads `archive.zip/member`.
    pub name: String,
    /// Bytes as dropped (for a member of an archive: as stored in it, unpacked).
    pub size: f64,
    /// `size` as text, e.g. `12.50kB`.
    pub size_text: String,
    /// Bytes after decompression.
    pub raw_size: f64,
    /// `raw_size` as text.
    pub raw_size_text: String,
    /// `cpu`, `heap`, `allocs`, `goroutine`, `goroutineleak`, `block`, `mutex`, `threadcreate`,
    /// `custom`; absent when the file could not be read.
    pub kind: Option<String>,
    /// The kind in words, e.g. `CPU profile`.
    pub kind_label: String,
    /// Containers that were unwrapped, outermost first, e.g. `["zip", "gzip"]`.
    pub containers: Vec<String>,
    /// Samples in the file.
    pub samples: f64,
    /// `samples` with its digits grouped.
    pub samples_text: String,
    /// Distinct stacks.
    pub stacks: f64,
    /// Distinct functions.
    pub functions: f64,
    /// Wall time covered, e.g. `30.11s`; empty when the file does not say.
    pub duration: String,
    /// When it was recorded, RFC 3339 in UTC; empty when the file does not say.
    pub recorded: String,
    /// Samples bear labels that say when they were taken.
    pub timed: bool,
    /// Files where it is equal are profiles of one kind that one program wrote one after the other;
    /// empty for one that does not say of whom and when it is.
    pub process: String,
    /// Session file ids of those that it is the sum of, by time; empty for a file that was opened.
    pub parts: Vec<u32>,
    /// The sample types in file order.
    pub sample_types: Vec<SampleTypeInfo>,
    /// Index of the sample type to show first.
    pub default_sample: u32,
    /// Facts worth a line: build id, binary, comments, doc URL. At most 50.
    pub facts: Vec<Fact>,
    /// Warnings and notes of the reader and of trust (few samples, truncated stacks, …).
    pub diagnostics: Vec<DiagnosticDto>,
    /// Why the file could not be read; absent for a file that was.
    pub error: Option<OpenError>,
}

/// One sample type.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SampleTypeInfo {
    /// Type name, e.g. `alloc_space`.
    pub name: String,
    /// Unit as the file says, e.g. `bytes`.
    pub unit: String,
    /// Total with its unit, e.g. `1.50GB`.
    pub total: String,
    /// The units that values can be shown in, smallest first: the name of each, then what it may be
    /// called, in lower case and without a plural s. None for plain counts.
    pub units: Vec<Vec<&'static str>>,
}

/// A name and a value to show.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// Its value as text.
    pub value: String,
}

/// A remark about a file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticDto {
    /// `warning` or `note`.
    pub severity: String,
    /// One sentence.
    pub message: String,
}

/// Why a file could not be read.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OpenError {
    /// Where it stopped: `container`, `detect`, `profile.proto`, `check`, `limit`, `cancelled`.
    pub stage: String,
    /// What was expected and what was found.
    pub reason: String,
    /// Position in words, e.g. `byte 1234 of the unpacked data`; empty when there is none.
    pub position: String,
    /// What the file looks like, e.g. `a Go execution trace`; empty when unknown.
    pub looks_like: String,
    /// What to do about it; empty when nothing can be said.
    pub advice: String,
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OpenProgress {
    /// Bytes taken in.
    pub bytes_in: f64,
    /// Bytes after decompression.
    pub bytes_out: f64,
    /// Samples decoded so far.
    pub samples: f64,
    /// Reading has given up; further chunks change nothing.
    pub failed: bool,
}

/// A step of the work after the last chunk.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OpenStep {
    /// Members of archives are still to be read.
    pub more: bool,
    /// How far it is.
    pub progress: OpenProgress,
}

/// A name of which nothing else is known, cut as [`FrameName`]; joined they are the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SplitName {
    /// Import path and package with the dot; may be empty.
    pub dim: String,
    /// The rest.
    pub strong: String,
}

impl<T: Into<String>> From<(T, T)> for SplitName {
    fn from((dim, strong): (T, T)) -> Self {
        Self {
            dim: dim.into(),
            strong: strong.into(),
        }
    }
}

/// A name cut for display: `dim` is set lighter, `strong` carries the meaning.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FrameName {
    /// Node id inside the query's table: the same in table, boxes and details.
    pub node: u32,
    /// The whole printable name, as pprof prints it.
    pub full: String,
    /// Import path and package with the dot, e.g. `encoding/json.`; may be empty.
    pub dim: String,
    /// The rest, e.g. `(*Decoder).Decode`.
    pub strong: String,
    /// Source file; may be empty.
    pub file: String,
    /// First line of the function or the line itself; 0 when unknown.
    pub line: f64,
    /// Whose code: `main`, `thirdparty`, `std`, `runtime`, `native`, `unknown`.
    pub class: String,
    /// Go package, e.g. `encoding/json`; may be empty.
    pub package: String,
    /// Hue for the package colour, 0..360, stable across files.
    pub hue: u32,
}

/// How a table is ordered and searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TableOrder {
    /// Column key: `name`; of Top `flat`, `cum`, or either with a colon and another sample type's
    /// name; of allocations a key of [`AllocationInfo::columns`]. What a table does not have stands
    /// for its default.
    pub column: String,
    /// Smallest first; for names, A to Z.
    pub ascending: bool,
    /// Show only rows whose name matches this regular expression; empty shows all.
    pub search: String,
}

/// The Top table as a whole.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TopInfo {
    /// Rows after the search.
    pub rows: u32,
    /// Rows before the search.
    pub all_rows: u32,
    /// Total of the sample type, with its unit.
    pub total: String,
    /// Unit of the flat and cum columns.
    pub unit: String,
    /// The other sample types that each row carries (heap: all four), in file order.
    pub others: Vec<SampleTypeInfo>,
    /// The order that the rows are in, after what was asked for.
    pub order: TableOrder,
}

/// One row of Top.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TopRow {
    /// Who.
    pub name: FrameName,
    /// Own cost with unit.
    pub flat: String,
    /// Own cost in percent of the total, e.g. `12.34%`.
    pub flat_pct: String,
    /// Running sum of flat percent in this order.
    pub sum_pct: String,
    /// Cost with callees.
    pub cum: String,
    /// Cost with callees in percent.
    pub cum_pct: String,
    /// cum ÷ total, 0..1, for a bar behind the number.
    pub cum_share: f64,
    /// flat ÷ total, 0..1.
    pub flat_share: f64,
    /// `inline`, `partial-inline` or empty, as pprof marks it.
    pub inline: String,
    /// For each of [`TopInfo::others`]: flat and cum text.
    pub others: Vec<ValuePair>,
}

/// Two values as text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ValuePair {
    /// Own cost.
    pub flat: String,
    /// Cost with callees.
    pub cum: String,
}

/// A window of rows.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct TopRows(pub Vec<TopRow>);

/// What a search found.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SearchInfo {
    /// Why the expression cannot be used; empty when it can.
    pub error: String,
    /// Offset of the error in the expression, in UTF-16 units; -1 when there is none.
    pub error_at: i32,
    /// Rows that match.
    pub matches: u32,
    /// Σ flat of the matching rows.
    pub flat: String,
    /// The same in percent of the total.
    pub flat_pct: String,
    /// Value of all samples with at least one matching frame (nothing counted twice).
    pub cum: String,
    /// The same in percent of the total.
    pub cum_pct: String,
}

/// The merged call tree as a whole.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FlameInfo {
    /// What the root stands for, with its unit: what the filters leave.
    pub total: String,
    /// Rows of the picture (deepest stack + 1 for the root).
    pub rows: u32,
    /// Distinct stacks that were merged.
    pub stacks: u32,
    /// True when some values are negative: widths are then of absolute values.
    pub signed: bool,
    /// Where it is equal, node ids of two queries mean the same.
    pub node_set: u32,
}

/// Which part of the tree to draw.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FlameWindow {
    /// Which tree.
    pub shape: FlameShape,
    /// The box that fills the width; `"0"` is the root. See [`BoxDetails::id`].
    pub root: String,
    /// Left edge of the view as a share of the root box's width, 0..1.
    pub left: f64,
    /// Right edge, > left.
    pub right: f64,
    /// First row wanted; row 0 is the root of the whole tree.
    pub first_row: u32,
    /// Number of rows wanted.
    pub row_count: u32,
    /// Width of the view in device pixels.
    pub width: f64,
    /// Boxes narrower than this many device pixels are merged with their thin siblings.
    pub min_width: f64,
    /// Highlight boxes whose name matches; empty for none.
    pub search: String,
}

/// Everything about the selected function.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// Who.
    pub name: FrameName,
    /// Class in words, e.g. `standard library`.
    pub class_label: String,
    /// flat and cum of the sample type shown and, in a file of five types or fewer, of the others;
    /// in file order.
    pub values: Vec<DetailValue>,
    /// Most expensive lines, at most 12.
    pub lines: Vec<LineRow>,
    /// Heaviest callers, at most 8.
    pub callers: Vec<EdgeRow>,
    /// Heaviest callees, at most 8.
    pub callees: Vec<EdgeRow>,
}

/// flat and cum of one sample type.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DetailValue {
    /// Type name.
    pub sample_type: String,
    /// Own cost.
    pub flat: String,
    /// In percent of that type's total.
    pub flat_pct: String,
    /// Cost with callees.
    pub cum: String,
    /// In percent.
    pub cum_pct: String,
}

/// Cost of one source line of a function.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LineRow {
    /// Source file.
    pub file: String,
    /// Line; 0 when unknown.
    pub line: f64,
    /// Own cost.
    pub flat: String,
    /// Cost with callees.
    pub cum: String,
    /// cum in percent of the total.
    pub cum_pct: String,
    /// cum ÷ total, 0..1.
    pub cum_share: f64,
}

/// A caller or callee.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct EdgeRow {
    /// Who.
    pub name: FrameName,
    /// Weight of the edge.
    pub value: String,
    /// Weight in percent of the middle function's cum.
    pub pct: String,
    /// Weight ÷ the middle function's cum, 0..1.
    pub share: f64,
    /// The call was inlined everywhere.
    pub inline: bool,
}

/// One function in the middle, with all callers and callees.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Neighbours {
    /// The middle.
    pub row: TopRow,
    /// Callers, heaviest first; at most 1000.
    pub callers: Vec<EdgeRow>,
    /// Callees, heaviest first; at most 1000.
    pub callees: Vec<EdgeRow>,
    /// Callers in all.
    pub caller_count: u32,
    /// Callees in all.
    pub callee_count: u32,
}

/// A comparison as a whole.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CompareInfo {
    /// Why the two cannot be compared; nothing else is said then.
    pub refused: String,
    /// How it is compared: a name of [`Baseline::mode`].
    pub mode: String,
    /// The ways that make sense for these two.
    pub offered: Vec<String>,
    /// What values are, e.g. `per second`; empty for values as they are in the files.
    pub per: String,
    /// What happened, in sentences.
    pub summary: Vec<String>,
    /// What has to be known before it is believed.
    pub notes: Vec<DiagnosticDto>,
    /// All of both.
    pub total: Option<CompareRow>,
    /// Rows after the search.
    pub rows: u32,
    /// Rows before the search.
    pub all_rows: u32,
    /// Rows can be told from chance.
    pub verdicts: bool,
    /// Name of the sample type that belongs to the one compared, e.g. the objects of bytes; empty for
    /// none.
    pub beside: String,
    /// The order that the rows are in, after what was asked for.
    pub order: Option<TableOrder>,
}

/// A row of a comparison.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CompareRow {
    /// Who; absent for all together.
    pub name: Option<FrameName>,
    /// The baseline's value as it is compared.
    pub base: String,
    /// The other's.
    pub new: String,
    /// In percent of its own total.
    pub base_pct: String,
    /// The same of the other.
    pub new_pct: String,
    /// The difference, with its sign.
    pub delta: String,
    /// The difference in percent of the baseline; `new` or `gone` where one of them has nothing.
    pub change: String,
    /// The difference as a share of the larger total, for a bar: below zero for less.
    pub share: f64,
    /// `measured`, `indicated`, `not distinguishable`, `counted` or `not assessed`.
    pub significance: String,
    /// Why: interval, p, samples.
    pub why: String,
    /// The difference in [`CompareInfo::beside`].
    pub beside: String,
    /// Standard error of the difference, where it was scaled up from samples; else empty.
    pub error: String,
    /// What was sampled of both, e.g. `64 → 100`; empty where nothing was.
    pub seen: String,
}

/// A window of rows of a comparison.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct CompareRows(pub Vec<CompareRow>);

/// Growth over three and more files of one kind.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GrowthInfo {
    /// Why there is nothing to follow; nothing else is said then.
    pub refused: String,
    /// Name of the sample type.
    pub type_name: String,
    /// What happened, in sentences.
    pub summary: Vec<String>,
    /// What has to be known before it is believed.
    pub notes: Vec<DiagnosticDto>,
    /// The files in order.
    pub files: Vec<GrowthFile>,
    /// Sites, what grew most first; at most 200.
    pub rows: Vec<GrowthRow>,
    /// Sites in all.
    pub all_rows: u32,
    /// Whether speed is known.
    pub timed: bool,
}

/// One of the files.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GrowthFile {
    /// Session file id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// When it was taken: since the first, or its number.
    pub when: String,
    /// The same as a number, for drawing.
    pub at: f64,
    /// All of it.
    pub total: String,
    /// The same as a number.
    pub value: f64,
}

/// A site over time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GrowthRow {
    /// Who; its node is that of the query shown, if it has one.
    pub name: FrameName,
    /// Amount in each file, in order.
    pub amounts: Vec<String>,
    /// The same as numbers.
    pub values: Vec<f64>,
    /// Last less first.
    pub delta: String,
    /// Objects more than at first; empty where they are not counted.
    pub objects: String,
    /// Growth per minute; empty where times are not known.
    pub slope: String,
    /// Standard error of `delta`; empty where everything was counted.
    pub error: String,
    /// Objects really sampled at the end; empty where everything was counted.
    pub seen: String,
    /// In words what holds of the growth, e.g. `steady`.
    pub facts: Vec<String>,
}

/// The heaviest call paths.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct HotPaths {
    /// Heaviest first.
    pub paths: Vec<HotPath>,
}

/// One path, root first.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct HotPath {
    /// Value that flows through the whole path.
    pub value: String,
    /// In percent of the total.
    pub pct: String,
    /// ÷ total, 0..1.
    pub share: f64,
    /// The steps.
    pub steps: Vec<PathStep>,
}

/// One step of a path.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PathStep {
    /// Who.
    pub name: FrameName,
    /// Own cost on this path.
    pub flat: String,
    /// Cost on this path with callees.
    pub cum: String,
    /// cum in percent of the total.
    pub cum_pct: String,
    /// cum ÷ total, 0..1.
    pub share: f64,
    /// Frames of no interest folded before this step (runtime and library plumbing).
    /// At most 40 of them are named.
    pub folded: Vec<SplitName>,
    /// How many they are.
    pub folded_count: u32,
    /// Tree box of this step, to show it in the flame graph.
    pub box_id: String,
}

/// One part of the "where does it go" bar. The shares add up to 1.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BarPart {
    /// Stable key, e.g. `gc-assist`.
    pub key: String,
    /// In words.
    pub label: String,
    /// One sentence: what belongs here.
    pub help: String,
    /// Value with unit.
    pub value: String,
    /// In percent.
    pub pct: String,
    /// Share, 0..1.
    pub share: f64,
    /// `user`, `library`, `runtime`, `gc`, `kernel`, `other`: the colour family.
    pub family: String,
    /// Drawn hatched (idle GC: free if cores are idle).
    pub hatched: bool,
    /// Heaviest functions in it, at most 5.
    pub top: Vec<EdgeRow>,
}

/// The first view after a drop.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// One sentence: what this is and how much of what it holds.
    pub headline: String,
    /// Two to five sentences: what stands out.
    pub verdict: Vec<String>,
    /// Where it goes, by mechanism.
    pub bar: Vec<BarPart>,
    /// By own cost.
    pub top_flat: Vec<TopRow>,
    /// By own and callees' cost.
    pub top_cum: Vec<TopRow>,
    /// Trust: sample count, truncated stacks, observer effect.
    pub notes: Vec<DiagnosticDto>,
}

/// A column of the allocation table.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct AllocationColumn {
    /// Key to sort by.
    pub key: String,
    /// Heading.
    pub label: String,
    /// One sentence for the heading's help.
    pub help: String,
}

/// The allocation table as a whole; `available` false says why not.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct AllocationInfo {
    /// The file carries allocations.
    pub available: bool,
    /// Why not, and which file would do.
    pub reason: String,
    /// Sites after the search.
    pub rows: u32,
    /// Columns that this file can fill.
    pub columns: Vec<AllocationColumn>,
    /// Totals in the order of `columns`.
    pub totals: Vec<String>,
    /// By size class, smallest first; empty when the file has no sizes.
    pub sizes: Vec<SizeClass>,
    /// The order that the rows are in, after what was asked for; absent without a table.
    pub order: Option<TableOrder>,
}

/// One row of the size table.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SizeClass {
    /// Range, e.g. `≤ 64 B`.
    pub label: String,
    /// Objects allocated (or in use when that is all there is).
    pub objects: String,
    /// Bytes.
    pub bytes: String,
    /// Share of all bytes, 0..1.
    pub share: f64,
    /// The same in percent.
    pub pct: String,
}

/// One allocation site.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct AllocationRow {
    /// The function that allocates (nearest frame outside the runtime).
    pub name: FrameName,
    /// `file:line`.
    pub site: String,
    /// Cells in the order of [`AllocationInfo::columns`].
    pub cells: Vec<String>,
    /// Share of the sorted column's total, 0..1.
    pub share: f64,
}

/// A window of allocation rows.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct AllocationRows(pub Vec<AllocationRow>);

/// Details of one flame box, for hover and for the hidden tree.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct BoxDetails {
    /// The box: `0` for the root, else the lowest stack that comes through and, after `+`, the
    /// depth; the same however the tree of a query was grown.
    pub id: String,
    /// Who; absent for the root.
    pub name: Option<FrameName>,
    /// Row.
    pub row: u32,
    /// Left edge as a share of the whole tree, 0..1.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Own cost in this box; empty bottom-up, where that says nothing of the function.
    pub flat: String,
    /// Cost with everything above or below.
    pub cum: String,
    /// cum in percent of the total.
    pub cum_pct: String,
    /// Parent box; empty for the root.
    pub parent: String,
    /// Children, heaviest first, at most 200.
    pub children: Vec<String>,
    /// Children in all.
    pub child_count: u32,
    /// Previous and next sibling; empty at the ends.
    pub previous: String,
    /// See `previous`.
    pub next: String,
    /// True when the frame was inlined into its parent.
    pub inline: bool,
    /// What the two sides of a comparison have here; absent otherwise.
    pub versus: Option<Versus>,
}

/// A box in two profiles.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Versus {
    /// The baseline's value.
    pub base: String,
    /// The other's.
    pub new: String,
    /// The difference in percent of the baseline, or `new` or `gone`.
    pub change: String,
}

/// What goes into the report.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ReportOptions {
    /// Session file ids, in order; empty takes every file that was read.
    pub files: Vec<u32>,
    /// Title; empty gives the default.
    pub title: String,
    /// Free text shown under the title.
    pub notes: String,
    /// Keys of findings that are left out.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub without: Vec<String>,
    /// Import path of the program's own module; empty to guess it.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub main_module: String,
}

/// Values as text, in the order they were asked for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Texts(pub Vec<String>);

/// A value as text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ValueText {
    /// With unit.
    pub text: String,
    /// In percent of the total.
    pub pct: String,
}

/// Files of the session.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct FileInfos(pub Vec<FileInfo>);

/// How groups of goroutines are put together and searched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineOrder {
    /// `stack`, `state`, `wait`, `creator`, `site`; anything else is `stack`.
    pub by: String,
    /// Show only groups with a frame, state, creator or label that matches; empty shows all.
    pub search: String,
}

/// The goroutines of a file.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineInfo {
    /// False for files about something else.
    pub available: bool,
    /// Why the search cannot be used, and the rows are all of them; empty when it can.
    pub refused: String,
    /// `130 goroutines in 21 groups`.
    pub title: String,
    /// By what they wait for, most first.
    pub waits: Vec<GoroutineShare>,
    /// Sentences about all of them.
    pub notes: Vec<String>,
    /// What a crash says before its goroutines, line by line.
    pub crash: Vec<String>,
    /// What is odd, most telling first.
    pub facts: Vec<GoroutineFact>,
    /// Files of the session about goroutines, when there are several: each row has a count for each.
    pub files: Vec<String>,
    /// Place of this file among them; -1 when it is the only one.
    pub file: i32,
    /// True where ages and creators are known.
    pub is_dump: bool,
    /// The rows, largest first.
    pub rows: Vec<GoroutineRow>,
    /// Rows beyond these.
    pub more: u32,
}

/// A part of all goroutines.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineShare {
    /// What they wait for.
    pub label: String,
    /// How many.
    pub count: String,
    /// In percent of all.
    pub pct: String,
    /// ÷ all, 0..1.
    pub share: f64,
}

/// A fact about goroutines that may be a problem.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineFact {
    /// In a few words.
    pub title: String,
    /// One or two sentences.
    pub text: String,
    /// `main.f main.go:12`; may be empty.
    pub site: String,
    /// Its first group.
    pub group: i32,
}

/// Groups that have something in common.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineRow {
    /// The same for the same row in another file.
    pub key: String,
    /// How many goroutines.
    pub count: String,
    /// In percent of all.
    pub pct: String,
    /// ÷ all, 0..1.
    pub share: f64,
    /// How many in each of [`GoroutineInfo::files`].
    pub counts: Vec<String>,
    /// They never get fewer from file to file, and there are more at the end.
    pub grows: bool,
    /// What they wait for.
    pub wait: String,
    /// What they are there for; empty for work.
    pub role: String,
    /// Nearest user frame: its function.
    pub user: Option<FrameName>,
    /// The same as text, when it is no row of the query.
    pub function: String,
    /// `main.go:12`.
    pub place: String,
    /// The whole path and line.
    pub source: String,
    /// The library function that it called; may be empty.
    pub operation: String,
    /// Where they were started: `main.f main.go:12`, and how many other places; may be empty.
    pub creator: String,
    /// `1–14 min`; empty when not known.
    pub age: String,
    /// Groups in it, largest first.
    pub groups: Vec<u32>,
}

/// Groups in full.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineStacks {
    /// The first ones of those asked for.
    pub groups: Vec<GoroutineStack>,
    /// Groups beyond these.
    pub more: u32,
}

/// A group with its stack and its goroutines.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineStack {
    /// `4 goroutines: chan send`.
    pub title: String,
    /// Sentences: receivers, locks, labels, creators.
    pub notes: Vec<String>,
    /// Leaf first.
    pub frames: Vec<GoroutineCall>,
    /// Frames beyond these.
    pub more_frames: u32,
    /// The first goroutines (dumps only).
    pub members: Vec<GoroutineMember>,
    /// Goroutines beyond these.
    pub more_members: u32,
}

/// A frame of a goroutine.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineCall {
    /// The function.
    pub function: String,
    /// Its arguments in the first goroutine, with parentheses; empty when not known.
    pub arguments: String,
    /// The path and line; may be empty.
    pub source: String,
    /// Of the runtime or the standard library.
    pub is_library: bool,
}

/// A goroutine.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct GoroutineMember {
    /// Its number.
    pub id: String,
    /// Line of the file.
    pub line: String,
    /// Minutes of waiting; empty when not known.
    pub age: String,
    /// Number of the goroutine that started it; empty when not known.
    pub parent: String,
}

/// Names in the order they were asked for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct FrameNames(pub Vec<FrameName>);
