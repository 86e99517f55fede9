//! What `go tool pprof` prints, byte for byte, and the same numbers for other tools.
//!
//! [`prepare`] does what precedes every report, in pprof's order: the command's own settings,
//! frames of labels, the 100 %, filters, nodes. [`print`] writes one of the reports from it.

mod callgrind;
mod columns;
mod dot;
mod legend;
mod list;
mod look;
mod names;
mod nodelets;
mod proto;
mod raw;
mod short_name;
mod stacks;
mod table;
mod tags;
mod top;
mod topproto;
mod traces;
mod tree;
mod values;

use std::collections::BTreeMap;

use crate::analysis::{
    Filters, Granularity, Graph, GraphOptions, LabelUnits, NodeOptions, Nodes, Options, Pattern,
    Selection, TagNames, add_missing_mapping, add_tag_frames, graph, is_numeric,
};
use crate::model::{Label, Profile};

use table::TableWriter;

pub use legend::{Clock, Shown, shown, shown_lines};
pub use look::{color, edge_weight, font_size, label_lines, lines_of, value_lines};
pub use nodelets::{Nodelet, nodelets};
pub use topproto::topproto;

/// Bytes that a report may have in memory: a small file can stand for any amount of text, since
/// names are shared.
pub const MAX_OUTPUT: usize = if cfg!(any(test, fuzzing)) {
    16 << 20
} else if cfg!(target_pointer_width = "32") {
    512 << 20
} else {
    1 << 30
};

/// Bytes of text that must be at hand before any of it can be written: the labels of a sample, the
/// values of a label.
const MAX_JOINED: usize = MAX_OUTPUT / 4;

/// What is said about a longer one.
const TOO_LONG: &str = "the report is too long to be written; filters make it shorter";

/// The reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// The flat table: `-top` and `-text`.
    Top,
    /// What the filters leave as `profile.pb.gz`: `-proto`.
    Proto,
    /// Every function between its callers and callees: `-tree`.
    Tree,
    /// The same, untrimmed, for functions that match: `-peek`.
    Peek,
    /// Every sample as a stack: `-traces`.
    Traces,
    /// What labels have: `-tags`.
    Tags,
    /// The profile as text: `-raw`.
    Raw,
    /// The profile's comments: `-comments`.
    Comments,
    /// Annotated sources of functions that match: `-list`.
    List,
    /// A picture for Graphviz: `-dot`.
    Dot,
    /// For KCachegrind: `-callgrind`.
    Callgrind,
    /// The flat table as `profile.pb.gz`: `-topproto`.
    TopProto,
    /// Stacks as lines, for flame graph tools: `-folded`. Not one of pprof's.
    Folded,
    /// For speedscope: `-speedscope`. Not one of pprof's.
    Speedscope,
}

impl Report {
    /// Every report under each of its names.
    pub const NAMES: [(&'static str, Self); 15] = [
        ("top", Self::Top),
        ("text", Self::Top),
        ("tree", Self::Tree),
        ("peek", Self::Peek),
        ("traces", Self::Traces),
        ("tags", Self::Tags),
        ("raw", Self::Raw),
        ("comments", Self::Comments),
        ("list", Self::List),
        ("dot", Self::Dot),
        ("callgrind", Self::Callgrind),
        ("proto", Self::Proto),
        ("topproto", Self::TopProto),
        ("folded", Self::Folded),
        ("speedscope", Self::Speedscope),
    ];

    /// True for a report about functions that match an expression.
    pub fn takes_symbol(self) -> bool {
        matches!(self, Self::Peek | Self::List)
    }
}

/// How a table is written. pprof knows text only. The others hold whole numbers in the sample
/// type's unit: neither `-unit` nor `-divide_by` applies, so that no digit is lost. Rows and order
/// are those of the text.
///
/// | report | columns |
/// |---|---|
/// | top | `flat`, `flat_percent`, `sum_percent`, `cum`, `cum_percent`, `unit`, `inline` (empty, `inline` or `partial-inline`), `name` |
/// | tree, peek | a row per call: `value`, `unit`, `caller`, `callee`, `inline`, `residual` (frames between both were dropped) |
/// | tags | `key`, `value` (of the label), `sum`, `percent`, `unit` |
/// | list | a row per line with a value: `function`, `file`, `line`, `flat`, `cum`, `unit`, `source` |
///
/// Percentages are of the report's 100 %, with their sign and four decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// pprof's.
    #[default]
    Text,
    /// Comma-separated values, RFC 4180. A text that a spreadsheet would take for a formula gets
    /// an apostrophe before it.
    Csv,
    /// One object with `report`, `sampleType`, `unit`, `total` and `rows`.
    Json,
}

/// A report that is to be written.
#[derive(Debug)]
pub struct Command {
    /// Which one.
    pub report: Report,
    /// For reports about some functions: which.
    pub symbol: Option<Pattern>,
    /// How.
    pub format: Format,
}

/// What a report may ask of the outside, which the core has no access to.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// The reader's time zone: `2006-01-02 15:04:05 MST`.
    pub clock: Clock<'a>,
    /// The same to the nanosecond, as Go prints a time: `2006-01-02 15:04:05.123 -0700 MST`.
    pub instant: Clock<'a>,
    /// The text of a source file at a path; `None` for one that cannot be read.
    pub source: &'a dyn Fn(&[u8]) -> Option<Vec<u8>>,
    /// Where relative source files are looked for unless a source path is given.
    pub working_folder: &'a str,
    /// Takes long reports piece by piece; what it has not taken is returned at the end. Without
    /// it a report has [`MAX_OUTPUT`] bytes at most. Its error ends the report.
    pub sink: Option<&'a dyn Fn(&[u8]) -> Result<(), String>>,
}

/// Bytes of a report that are kept back.
const PIECE: usize = 1 << 20;

impl Outside<'_> {
    /// Hands on what has been written, if it is much.
    fn drain(&self, out: &mut Vec<u8>) -> Result<(), String> {
        match self.sink {
            Some(sink) if out.len() > PIECE => {
                sink(out)?;
                out.clear();
                Ok(())
            }
            None if out.len() > MAX_OUTPUT => Err(TOO_LONG.to_owned()),
            _ => Ok(()),
        }
    }

    /// Appends a line.
    fn line(&self, out: &mut Vec<u8>, line: &[u8]) -> Result<(), String> {
        out.extend_from_slice(line);
        out.push(b'\n');
        self.drain(out)
    }
}

/// Texts, each bounded by the file, whose sum is not: joined as long as they are not too long.
#[derive(Debug, Default)]
struct Budget {
    used: usize,
}

impl Budget {
    /// Makes room for some bytes more.
    fn take(&mut self, bytes: usize) -> Result<(), String> {
        self.used = self.used.saturating_add(bytes);
        if self.used > MAX_JOINED {
            return Err(TOO_LONG.to_owned());
        }
        Ok(())
    }
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside").finish_non_exhaustive()
    }
}

/// Everything a report is written from.
#[derive(Debug)]
pub struct Prepared {
    /// What the filters leave.
    pub profile: Profile,
    /// The options, with the command's own settings.
    pub options: Options,
    /// Nodes at the report's granularity.
    pub nodes: Nodes,
    /// Weights of stacks; the total is of the whole profile unless percentages are relative.
    pub selection: Selection,
    /// Units of numeric labels, of the whole profile.
    pub units: LabelUnits,
    /// What pprof says on stderr.
    pub remarks: Vec<String>,
    report: Report,
}

impl Prepared {
    fn node_count(&self) -> usize {
        usize::try_from(self.options.nodecount).unwrap_or(0)
    }

    /// The trimmed graph; call trees only where pprof heeds the option.
    fn graph(&self, visual: bool) -> Result<Graph, String> {
        self.graph_around(visual, None)
    }

    /// The same with the calls into and out of some nodes only.
    fn graph_around(&self, visual: bool, around: Option<&[bool]>) -> Result<Graph, String> {
        let options = &self.options;
        let graph_options = GraphOptions {
            cum: options.cum,
            visual,
            call_tree: options.call_tree && matches!(self.report, Report::Dot | Report::Callgrind),
            drop_negative: options.drop_negative,
            node_count: self.node_count(),
            node_fraction: options.nodefraction,
            edge_fraction: options.edgefraction,
            tag_unit: &options.unit,
            size_key: None,
            around,
        };
        graph(
            &self.profile,
            &self.nodes,
            &self.selection,
            &self.units,
            &graph_options,
        )
    }
}

/// Does what precedes a report. `sample_type` is the row that `-sample_index` chose. The error is
/// pprof's sentence.
pub fn prepare(
    profile: &Profile,
    sample_type: usize,
    command: &Command,
    options: &Options,
) -> Result<Prepared, String> {
    let filters = |profile: &mut Profile, options: &Options| {
        let mut remarks = add_tag_frames(profile, options, TagNames::Values)?;
        let filters = Filters::new(options, profile).map_err(|error| error.to_string())?;
        remarks.extend(filters.apply(profile));
        Ok(remarks)
    };
    let whole = options.active_filters().is_empty() && options.prune_from.is_empty();
    prepare_with(profile, sample_type, command, options, whole, filters)
}

/// [`prepare`] with other filters than those of the options: `filter` gets the profile and the
/// options of the report, and returns what is to be remarked. `is_whole` says that it leaves all.
pub fn prepare_with(
    profile: &Profile,
    sample_type: usize,
    command: &Command,
    options: &Options,
    is_whole: bool,
    filter: impl FnOnce(&mut Profile, &Options) -> Result<Vec<String>, String>,
) -> Result<Prepared, String> {
    let options = with_overrides(command.report, options);
    let units = LabelUnits::new(profile);
    let mut remarks = units.remarks();
    let mut profile = profile.clone();
    add_missing_mapping(&mut profile);
    let select = |profile: &Profile| {
        if options.mean {
            Selection::mean(profile, sample_type, 0)
        } else {
            Selection::all(profile, sample_type)
        }
    };
    let of_whole = !options.relative_percentages && !is_whole;
    let whole = of_whole.then(|| select(&profile));
    remarks.extend(filter(&mut profile, &options)?);
    let mut selection = select(&profile);
    if let Some(whole) = whole {
        selection.total = whole.total;
        selection.of_base = whole.of_base;
    }
    let report = command.report;
    if !matches!(report, Report::Traces | Report::Raw | Report::Proto) {
        trim_paths(&mut profile, &options)?;
    }
    let node_options = NodeOptions {
        objnames: matches!(report, Report::List | Report::Callgrind),
        untrimmed: report == Report::Traces,
        ..options.node_options()
    };
    let nodes = Nodes::new(&profile, &node_options);
    Ok(Prepared {
        profile,
        options,
        nodes,
        selection,
        units,
        remarks,
        report,
    })
}

/// Takes the prefixes of `-trim_path`, or what stands before a folder of `-source_path`, off file
/// names. pprof does so anew in every step of trimming, which can lose functions whose path holds
/// a prefix twice; here it is done once.
fn trim_paths(profile: &mut Profile, options: &Options) -> Result<(), String> {
    if options.trim_path.is_empty() && options.source_path.is_empty() {
        return Ok(());
    }
    let search = list::Search {
        folders: &options.source_path,
        trim: &options.trim_path,
    };
    let mut known = BTreeMap::new();
    for i in 0..profile.functions.len() {
        let from = profile.functions[i].filename;
        let to = match known.get(&from) {
            Some(&to) => to,
            None => {
                let path = profile.strings.bytes(from);
                let trimmed = search.trimmed(path);
                let to = if trimmed.len() == path.len() {
                    from
                } else {
                    let trimmed = trimmed.to_vec();
                    let pushed = profile.strings.push(&trimmed);
                    pushed.ok_or("too many names of files")?
                };
                known.insert(from, to);
                to
            }
        };
        profile.functions[i].filename = to;
    }
    Ok(())
}

/// The options as the report itself wants them.
fn with_overrides(report: Report, options: &Options) -> Options {
    let mut options = options.clone();
    let mut trim = options.trim;
    match report {
        Report::Peek => trim = false,
        Report::List => {
            trim = false;
            options.granularity = Some(Granularity::Lines);
        }
        Report::Raw | Report::Callgrind | Report::Proto => {
            trim = false;
            options.granularity = Some(Granularity::Addresses);
        }
        Report::Top | Report::TopProto if options.nodecount == -1 => options.nodecount = 0,
        _ if options.nodecount == -1 => options.nodecount = 80,
        _ => {}
    }
    if !trim {
        options.nodecount = 0;
        options.nodefraction = 0.0;
        options.edgefraction = 0.0;
    }
    options
}

/// Writes a report. The error is pprof's sentence.
pub fn print(
    prepared: &Prepared,
    command: &Command,
    outside: Outside<'_>,
) -> Result<Vec<u8>, String> {
    let symbol = command.symbol.as_ref();
    let peeked = symbol.filter(|_| command.report == Report::Peek);
    if command.format != Format::Text {
        let out = TableWriter::new(prepared, command.format == Format::Csv, outside);
        return match (command.report, symbol) {
            (Report::Top, _) => top::data(prepared, out),
            (Report::Tree | Report::Peek, _) => tree::data(prepared, peeked, out),
            (Report::Tags, _) => tags::data(prepared, out),
            (Report::List, Some(symbol)) => list::data(prepared, symbol, outside, out),
            _ => Err(
                "this report is no table: -csv and -json go with -top, -tree, -peek, -tags \
                      and -list"
                    .to_owned(),
            ),
        };
    }
    match command.report {
        Report::Proto => proto::proto(prepared),
        Report::Top => top::text(prepared, outside),
        Report::Tree | Report::Peek => tree::text(prepared, peeked, outside),
        Report::Traces => traces::text(prepared, outside),
        Report::Tags => tags::text(prepared, outside),
        Report::Raw => raw::text(prepared, outside),
        Report::Comments => raw::comments(&prepared.profile, outside),
        Report::List => match symbol {
            Some(symbol) => list::text(prepared, symbol, outside),
            None => Err("which function?".to_owned()),
        },
        Report::Dot => dot::text(prepared, outside),
        Report::Callgrind => callgrind::text(prepared, outside),
        Report::TopProto => proto::packed(&topproto(prepared)?),
        Report::Folded => stacks::folded(prepared, outside),
        Report::Speedscope => stacks::speedscope(prepared, outside),
    }
}

/// A sample's labels by key.
#[derive(Default)]
struct LabelGroups<'a> {
    texts: BTreeMap<&'a [u8], Vec<&'a Label>>,
    numbers: BTreeMap<&'a [u8], Vec<&'a Label>>,
}

fn grouped_labels<'a>(profile: &'a Profile, labels: &'a [Label]) -> LabelGroups<'a> {
    let mut groups = LabelGroups::default();
    for label in labels {
        let group = if is_numeric(label) {
            &mut groups.numbers
        } else {
            &mut groups.texts
        };
        let key = profile.strings.bytes(label.key);
        group.entry(key).or_default().push(label);
    }
    groups
}

#[cfg(test)]
mod tests;
