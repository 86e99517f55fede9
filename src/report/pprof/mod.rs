//! What `go tool pprof` prints, byte for byte.
//!
//! [`prepare`] does what precedes every report, in pprof's order: the command's own settings,
//! frames of labels, the 100 %, filters, nodes. [`print`] writes one of the reports from it.

mod legend;
mod proto;
mod top;

use crate::analysis::{
    Filters, Granularity, LabelUnits, Nodes, Options, Pattern, Selection, TopOptions,
    add_tag_frames,
};
use crate::model::Profile;

pub use legend::Clock;
pub use top::{TopText, output_unit, top_text};

/// The reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// The flat table: `-top` and `-text`.
    Top,
    /// What the filters leave as `profile.pb.gz`: `-proto`.
    Proto,
}

impl Report {
    /// Every report under each of its names.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("top", Self::Top),
        ("text", Self::Top),
        ("proto", Self::Proto),
    ];
}

/// A report that is to be written.
#[derive(Debug)]
pub struct Command {
    /// Which one.
    pub report: Report,
    /// For reports about some functions: which.
    pub symbol: Option<Pattern>,
}

/// What a report may ask of the outside, which the core has no access to.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// The reader's time zone.
    pub clock: Clock<'a>,
    /// The text of a source file; `None` for one that cannot be read.
    pub source: &'a dyn Fn(&str) -> Option<Vec<u8>>,
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
}

/// Does what precedes a report. `sample_type` is the row that `-sample_index` chose. The error is
/// pprof's sentence.
pub fn prepare(
    profile: &Profile,
    sample_type: usize,
    command: &Command,
    options: &Options,
) -> Result<Prepared, String> {
    let options = with_overrides(command.report, options);
    let units = LabelUnits::new(profile);
    let mut remarks = units.remarks();
    let mut profile = profile.clone();
    remarks.extend(add_tag_frames(&mut profile, &options)?.remarks);
    let select = |profile: &Profile| {
        if options.mean {
            Selection::mean(profile, sample_type, 0)
        } else {
            Selection::all(profile, sample_type)
        }
    };
    let filters = Filters::new(&options, &profile).map_err(|error| error.to_string())?;
    let whole = (!options.relative_percentages && !filters.is_empty()).then(|| select(&profile));
    remarks.extend(filters.apply(&mut profile));
    let mut selection = select(&profile);
    if let Some(whole) = whole {
        selection.total = whole.total;
        selection.of_base = whole.of_base;
    }
    let nodes = Nodes::new(&profile, &options.node_options());
    Ok(Prepared {
        profile,
        options,
        nodes,
        selection,
        units,
        remarks,
    })
}

/// The options as the report itself wants them.
fn with_overrides(report: Report, options: &Options) -> Options {
    let mut options = options.clone();
    let mut trim = options.trim;
    match report {
        Report::Proto => {
            trim = false;
            options.granularity = Some(Granularity::Addresses);
        }
        Report::Top => {
            if options.nodecount == -1 {
                options.nodecount = 0;
            }
        }
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
    match command.report {
        Report::Proto => proto::proto(prepared),
        Report::Top => {
            let options = &prepared.options;
            let top_options = TopOptions {
                cum: options.cum,
                node_count: usize::try_from(options.nodecount).unwrap_or(0),
                node_fraction: options.nodefraction,
                edge_fraction: options.edgefraction,
                drop_negative: options.drop_negative,
            };
            let Prepared {
                profile,
                nodes,
                selection,
                ..
            } = prepared;
            let table = crate::analysis::top(profile, nodes, selection, &top_options);
            Ok(top_text(&TopText {
                profile,
                nodes,
                selection,
                top: &table,
                options: &top_options,
                filters: &options.active_filters(),
                unit: &options.unit,
                ratio: 1.0 / options.divide_by,
                compact: options.compact_labels,
                clock: outside.clock,
            }))
        }
    }
}
