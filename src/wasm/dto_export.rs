//! What crosses the boundary for exports.

use serde::{Deserialize, Serialize};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use super::dto::TableOrder;

/// A table to be written as CSV.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CsvRequest {
    /// `top`, `allocations`, `callers`, `compare`, `growth`, `goroutines` or `hotpaths`.
    pub table: String,
    /// Order and search of those that have any; of `goroutines` the column is what rows are made of.
    pub order: TableOrder,
    /// The function in the middle of `callers`; -1 for none.
    pub node: i32,
}

/// What is lost when only the heaviest stacks of a profile are kept.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TrimInfo {
    /// Stacks that stay, as text.
    pub kept: String,
    /// Stacks that become one, as text; `0` when all stay.
    pub merged: String,
    /// True when something is lost.
    pub is_trimmed: bool,
    /// What the kept stacks have of the sample type, e.g. `98.31%`.
    pub kept_pct: String,
    /// What the others have.
    pub merged_pct: String,
    /// The frame that stands for them.
    pub frame: String,
}
