//! pprof's options under pprof's names, as one plain struct.

use super::{Granularity, NodeOptions};

/// Everything that `go tool pprof` can be told about a report, with its defaults. Field names are
/// the names of its flags; an empty text means "not given".
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Tell calls of a function by different paths apart (graphs and callgrind only).
    pub call_tree: bool,
    /// Percentages are of what the filters leave, not of the whole profile.
    pub relative_percentages: bool,
    /// Unit to print: `minimum` for one that suits the report, `auto` for each value its own.
    pub unit: String,
    /// Leave out the lines about the profile.
    pub compact_labels: bool,
    /// Folders to look for sources in, separated by colons.
    pub source_path: String,
    /// Prefixes to take off source paths, separated by colons.
    pub trim_path: String,
    /// Accepted, without effect: nothing is disassembled.
    pub intel_syntax: bool,
    /// Print values divided by those of the first sample type.
    pub mean: bool,
    /// Sample type, by number or name; empty for the profile's default.
    pub sample_index: String,
    /// Divide what is printed by this; never 0.
    pub divide_by: f64,
    /// Scale the profile to its base.
    pub normalize: bool,
    /// Sort by cum instead of flat (text and tree only).
    pub cum: bool,
    /// Label keys, separated by commas, whose values become frames at the root.
    pub tagroot: String,
    /// Label keys, separated by commas, whose values become frames at the leaf.
    pub tagleaf: String,
    /// Leave out nodes with negative values.
    pub drop_negative: bool,
    /// Nodes at most; 0 for all, -1 for what suits the report.
    pub nodecount: i64,
    /// Drop nodes whose cum is below this share.
    pub nodefraction: f64,
    /// Drop edges below this share.
    pub edgefraction: f64,
    /// Heed the three above.
    pub trim: bool,
    /// Keep samples with a frame that matches.
    pub focus: String,
    /// Drop samples with a frame that matches.
    pub ignore: String,
    /// Drop the frames below the first match from the leaf.
    pub prune_from: String,
    /// Drop frames that match.
    pub hide: String,
    /// Keep frames that match.
    pub show: String,
    /// Drop the frames above the first match from the root.
    pub show_from: String,
    /// Keep samples with a label that matches or lies in a range.
    pub tagfocus: String,
    /// Drop samples with a label that matches or lies in a range.
    pub tagignore: String,
    /// Keep labels whose key matches.
    pub tagshow: String,
    /// Drop labels whose key matches.
    pub taghide: String,
    /// Count inlined frames for their caller.
    pub noinlines: bool,
    /// Tell columns of a line apart.
    pub showcolumns: bool,
    /// What a node stands for; `None` for the report's default.
    pub granularity: Option<Granularity>,
}

impl Default for Options {
    /// pprof's defaults.
    fn default() -> Self {
        Self {
            call_tree: false,
            relative_percentages: false,
            unit: "minimum".to_owned(),
            compact_labels: false,
            source_path: String::new(),
            trim_path: String::new(),
            intel_syntax: false,
            mean: false,
            sample_index: String::new(),
            divide_by: 1.0,
            normalize: false,
            cum: false,
            tagroot: String::new(),
            tagleaf: String::new(),
            drop_negative: false,
            nodecount: -1,
            nodefraction: 0.005,
            edgefraction: 0.001,
            trim: true,
            focus: String::new(),
            ignore: String::new(),
            prune_from: String::new(),
            hide: String::new(),
            show: String::new(),
            show_from: String::new(),
            tagfocus: String::new(),
            tagignore: String::new(),
            tagshow: String::new(),
            taghide: String::new(),
            noinlines: false,
            showcolumns: false,
            granularity: None,
        }
    }
}

impl Options {
    /// How frames become nodes.
    pub fn node_options(&self) -> NodeOptions {
        NodeOptions {
            granularity: self.granularity.unwrap_or_default(),
            noinlines: self.noinlines,
            showcolumns: self.showcolumns,
            ..NodeOptions::default()
        }
    }

    /// The filters that reports name in their heading, with the expressions, in pprof's order:
    /// all but `prune_from`.
    pub fn active_filters(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("focus", &self.focus),
            ("ignore", &self.ignore),
            ("hide", &self.hide),
            ("show", &self.show),
            ("show_from", &self.show_from),
            ("tagfocus", &self.tagfocus),
            ("tagignore", &self.tagignore),
            ("tagshow", &self.tagshow),
            ("taghide", &self.taghide),
        ];
        let given = all.into_iter().filter(|(_, text)| !text.is_empty());
        given.map(|(name, text)| (name, text.as_str())).collect()
    }

    /// The expression of a filter, by its name.
    pub fn filter_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "focus" => &mut self.focus,
            "ignore" => &mut self.ignore,
            "hide" => &mut self.hide,
            "show" => &mut self.show,
            "show_from" => &mut self.show_from,
            "prune_from" => &mut self.prune_from,
            "tagfocus" => &mut self.tagfocus,
            "tagignore" => &mut self.tagignore,
            "tagshow" => &mut self.tagshow,
            "taghide" => &mut self.taghide,
            _ => return None,
        })
    }
}
