//! What crosses the boundary of lines and source files; see [`super::dto`].

use serde::{Deserialize, Serialize};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use super::dto::FrameName;

/// Which lines are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SourcePlace {
    /// Name of a row of the query, or of a function; empty for the heaviest own function.
    pub name: String,
    /// A file, to see all of its functions; empty for one function.
    pub file: String,
}

/// What the lines of a function or of a file cost.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SourceInfo {
    /// The function, its `node` and `full` those of its row in the query; none for a whole file, and
    /// where nothing has a value.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<FrameName>,
    /// Path of the source file as the profile has it, cleaned; empty when it has none.
    pub file: String,
    /// First line of the function; 0 when unknown, and for a whole file.
    pub start_line: f64,
    /// What was asked for is not in the profile, or nothing is left of it: this is the heaviest own
    /// function instead, or nothing.
    pub missing: bool,
    /// Other files that have a function of this name.
    pub other_files: Vec<String>,
    /// Cost of the samples that end in it or in what was inlined into it.
    pub flat: String,
    /// In percent.
    pub flat_pct: String,
    /// The part of `flat` that is its own.
    pub own: String,
    /// The rest of `flat`; empty for none.
    pub inlined: String,
    /// Cost with callees; a sample counts once.
    pub cum: String,
    /// In percent.
    pub cum_pct: String,
    /// Samples pass several of the lines, so that cum of the lines adds up to more than cum.
    pub overlap: bool,
    /// The profile knows line numbers, at least of some functions.
    pub has_lines: bool,
    /// Names of functions, as `function`.
    pub names: Vec<FrameName>,
    /// Functions that are shown, by first line.
    pub functions: Vec<SourceFunction>,
    /// Lines with a value, by number; at most 20 000, the heaviest.
    pub lines: Vec<SourceLineRow>,
    /// Rows of `lines`, |flat| descending.
    pub by_flat: Vec<u32>,
    /// Rows of `lines`, |cum| descending.
    pub by_cum: Vec<u32>,
    /// Lines that were left out.
    pub more: u32,
}

/// A function of a file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SourceFunction {
    /// Row of `names`.
    pub name: u32,
    /// Its name as the source writes it, without package, receiver and closures: `Decode`.
    pub base: String,
    /// A closure, which has no name in the source.
    pub closure: bool,
    /// First line; 0 when unknown.
    pub start_line: f64,
}

/// The cost of a line.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SourceLineRow {
    /// Line number; 0 when unknown.
    pub line: f64,
    /// The function that has the line, a row of `names`.
    pub name: u32,
    /// Cost of the samples that end on the line or in what was inlined there; empty for none.
    pub flat: String,
    /// In percent; empty for none.
    pub flat_pct: String,
    /// flat ÷ total, 0..1.
    pub flat_share: f64,
    /// The part of `flat` that is the line's own: pprof's flat. Empty for none.
    pub own: String,
    /// Cost with callees, recursion counted once; empty for none.
    pub cum: String,
    /// In percent; empty for none.
    pub cum_pct: String,
    /// cum ÷ total, 0..1.
    pub cum_share: f64,
    /// What was inlined there, heaviest first; at most 20.
    pub inlined: Vec<SourceInlined>,
}

/// The cost of what was inlined into a line.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SourceInlined {
    /// The function, a row of `names`.
    pub name: u32,
    /// Cost of the samples that end in it there; empty for none.
    pub flat: String,
    /// flat ÷ total, 0..1.
    pub flat_share: f64,
    /// Cost with callees.
    pub cum: String,
    /// cum ÷ total, 0..1.
    pub cum_share: f64,
}

/// The source files of a query.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SourceFiles {
    /// In the order asked for, ties by path; at most 5000.
    pub rows: Vec<SourceFileRow>,
    /// Files that match.
    pub matching: u32,
    /// Why the expression cannot be used, and the rows are all of them; empty when it can.
    pub refused: String,
}

/// The cost of a source file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SourceFileRow {
    /// Path as the profile has it, cleaned.
    pub path: String,
    /// Cost of the samples that end in it.
    pub flat: String,
    /// flat ÷ total, 0..1.
    pub flat_share: f64,
    /// Cost of the samples with it anywhere in the stack, each once.
    pub cum: String,
    /// cum ÷ total, 0..1.
    pub cum_share: f64,
}
