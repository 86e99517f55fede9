//! Pure functions of the model: `(&Profile, &Options) → result`.
//!
//! Nothing here knows a file format, a text layout or the page. Sums are exact integers,
//! wrapping as Go's do; orders are total, so results are the same on every machine.

mod aggregate;
mod allocation_columns;
mod allocations;
mod attribution;
pub mod bench;
mod classify;
mod classify_tables;
pub mod compare;
mod edges;
mod filter;
pub mod goroutines;
mod graph;
mod groups;
mod hotpath_steps;
mod hotpaths;
mod labels;
mod lines;
mod main_module;
mod mechanism;
mod mechanism_parts;
mod mechanism_rules;
pub mod merge;
mod named_modules;
mod names;
mod neighbours;
mod nodes;
mod nodes_narrowed;
mod options;
mod paths;
mod process;
mod selection;
mod source;
mod stand_in;
mod statistics;
mod summary;
mod table_unit;
pub mod tags;
#[cfg(test)]
pub(crate) mod testing;
mod top;
pub mod trace;
mod tree;
mod tree_order;
mod tree_pivot;
mod tree_split;
mod tree_walk;
mod trim;
mod trust;

pub use aggregate::{FlatCum, flat_cum};
pub(crate) use allocations::sampling_period;
pub use allocations::{
    AllocationColumn, AllocationSite, Allocations, Amount, NO_ALLOCATIONS, SizeBand,
    allocation_selections, allocations,
};
pub(crate) use attribution::{Attributor, is_folded};
pub use classify::{Class, Classes};
pub use edges::{Edge, EdgeFilter, edges};
pub use filter::{
    Applied, FilterError, Filters, Pattern, PatternError, Place, Step, StepError, StepKind,
    TagNames, add_missing_mapping, add_tag_frames, apply_steps, frame_keys, keep_functions,
    step_errors,
};
pub use graph::{
    Graph, GraphEdge, GraphNode, GraphOptions, MAX_NODELETS, NodeTags, Tag, graph, sort_tags,
};
pub use groups::{Group, GroupBy, Groups, groups};
pub use hotpaths::{HotPath, HotPathOptions, PathStep, hot_paths};
pub use labels::LabelUnits;
pub(crate) use labels::is_numeric;
pub use lines::{LineCost, line_costs};
pub use mechanism::{Family, Part, mechanism_bar};
pub(crate) use named_modules::{modules_of, unmatched_modules};
pub use names::{Symbol, hue, split_name, split_symbol, unescape};
pub(crate) use names::{short_symbol, split_function};
pub use neighbours::{Neighbour, Neighbours, neighbours};
pub use nodes::{Granularity, NodeId, NodeInfo, NodeOptions, NodeText, Nodes, package_of};
pub use options::Options;
pub(crate) use paths::{base_name, clean_path, file_name, short_path, short_place, source_path};
pub use process::{is_snapshot, program_of};
pub use selection::Selection;
pub use source::{FileCost, InlinedCost, SourceCosts, SourceLine, file_costs, source_costs};
pub use statistics::{
    Rate, Share, benjamini_hochberg, newcombe, rate_p, rate_ratio, sampled_objects, sampling_error,
    share_p, two_sided, wilson, wilson_share,
};
pub use summary::{SummaryInput, headline, shown_type, verdict};
pub use table_unit::output_unit;
pub(crate) use table_unit::{common_unit, multiplied};
pub use top::{
    InlineMark, Order, Top, TopOptions, TopRow, all_rows, compare_names, divide_rows, rows_above,
    sort_rows, top,
};
pub(crate) use top::{is_negative, nonzero_rows};
pub use tree::{NodeRef, Tree, TreeView};
pub use tree_order::SiblingOrder;
pub use trim::{TrimPlan, trim_plan};
pub use trust::trust_notes;
pub(crate) use trust::{Surveyor, busy_cores, percent_of};
