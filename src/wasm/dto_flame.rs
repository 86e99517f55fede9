//! What of the flame graph crosses the boundary besides [`super::dto`]'s boxes.

use serde::{Deserialize, Serialize};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// Which tree a flame graph shows of a query, and how its siblings stand. What is left out is no.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FlameShape {
    /// Bottom-up (callers below callees) instead of top-down.
    #[serde(default)]
    pub inverted: bool,
    /// Siblings by name instead of heaviest first.
    #[serde(default)]
    pub by_name: bool,
    /// Only what comes after the outermost frame of this node: what it calls, or `inverted` who
    /// calls it.
    #[serde(default)]
    pub pivot: Option<u32>,
}

/// What boxes are put together by for their colour.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "lowercase")]
pub enum ColourBy {
    /// The import path before the function's name.
    Package,
    /// The source file.
    File,
    /// Whose code it is.
    Class,
    /// What the time or the memory goes into.
    Mechanism,
}

/// The groups of a query's functions.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ColourGroups {
    /// Heaviest first by cum, ties by key: at most 12, or every class in its fixed order. The
    /// number of a group is its place here.
    pub groups: Vec<ColourGroup>,
    /// All others together; absent when there are none.
    pub others: Option<ColourGroup>,
}

/// A group.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ColourGroup {
    /// What the URL calls it; empty for the others.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Samples with a frame of it, each counted once; of a mechanism those it is made of.
    pub cum: String,
    /// Percentage of that.
    pub cum_pct: String,
    /// Samples whose innermost frame is of it.
    pub flat: String,
    /// Class of its first function, e.g. `std`.
    pub class: String,
    /// Hue of its package in degrees.
    pub hue: u32,
}
