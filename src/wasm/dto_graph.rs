//! What crosses the boundary of the call graph; see [`super::dto`].

use serde::{Deserialize, Serialize};
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use super::dto::FrameName;

/// How a call graph is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CallGraphOptions {
    /// Nodes at most, boxes of labels counted as pprof does; 0 for all, and then nothing is left out
    /// for being small.
    pub node_count: u32,
    /// Tell calls of a function by different paths apart.
    pub call_tree: bool,
    /// The numeric label that nodes show beside texts: its key; where no label has it, pprof's
    /// `bytes`, or else the first one there is. `-` shows no labels at all.
    pub labels: String,
}

/// A call graph as a whole, with the first part of what is in it.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CallGraph {
    /// Nodes in the picture.
    pub node_count: u32,
    /// Calls in the picture.
    pub edge_count: u32,
    /// There is more than can be laid out: the parts are empty.
    pub too_large: bool,
    /// Parts in all; 1 for all but large graphs.
    pub parts: u32,
    /// pprof's words for what is shown, and for what was left out.
    pub legend: Vec<String>,
    /// Keys of numeric labels in the file, sorted.
    pub number_keys: Vec<String>,
    /// The one that is shown; empty for none.
    pub number_key: String,
    /// The first part.
    pub first: CallGraphPart,
}

/// A part of a call graph: parts are put one after the other.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CallGraphPart {
    /// The nodes, in pprof's order.
    pub nodes: Vec<CallNode>,
    /// The calls, heaviest first.
    pub edges: Vec<CallEdge>,
    /// Boxes of labels, those below another one after it.
    pub labels: Vec<CallLabel>,
}

/// A node.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CallNode {
    /// The function.
    pub name: FrameName,
    /// What stands in the box, line by line: the name's parts, flat, cum.
    pub lines: Vec<String>,
    /// Points of the text, 8 to 24, by flat.
    pub font: u32,
    /// cum ÷ total, -1 to 1; 0 without a total.
    pub score: f64,
    /// pprof's colour of the frame, `#rrggbb`.
    pub line: String,
    /// pprof's colour of the area.
    pub fill: String,
    /// Own cost with unit.
    pub flat: String,
    /// Own cost in percent of the total.
    pub flat_pct: String,
    /// Cost with callees.
    pub cum: String,
    /// Cost with callees in percent.
    pub cum_pct: String,
}

/// A call.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CallEdge {
    /// Caller, as its place among the nodes.
    pub from: u32,
    /// Callee.
    pub to: u32,
    /// What flows through it.
    pub value: String,
    /// The same in percent of the total.
    pub pct: String,
    /// The callee was inlined into the caller.
    pub inline: bool,
    /// Frames between both were left out.
    pub residual: bool,
    /// How straight it is to be, 1 to 101.
    pub weight: u32,
    /// How wide it is drawn, in points, 1 to 6.
    pub width: u32,
    /// Ranks that it spans at least.
    pub min_ranks: u32,
    /// value ÷ total, -1 to 1.
    pub score: f64,
    /// pprof's colour.
    pub line: String,
}

/// A box of labels.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CallLabel {
    /// The node it belongs to.
    pub node: u32,
    /// The box of labels it stands below, as its place among all of them; -1 right below the node.
    pub below: i32,
    /// What stands in it, line by line.
    pub lines: Vec<String>,
    /// What the samples with it sum up to.
    pub value: String,
    /// Some of these samples end in other nodes.
    pub dotted: bool,
}
