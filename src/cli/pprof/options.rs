//! The command line as pprof understands it: which report, of what, and how.

use std::ffi::OsString;
use std::path::PathBuf;

use dropprof::analysis::merge::MergeRules;
use dropprof::analysis::{Granularity, Options};
use dropprof::formats::{Demangling, OpenOptions, TextRules};
use dropprof::report::pprof::Format;

use super::table::{Entry, entries, groups};
use crate::cli::flags::{self, Flag, Given};

/// What is asked for.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) entry: &'static Entry,
    pub(super) format: Format,
    /// The expression that the report's flag was given.
    pub(super) symbol: String,
    pub(super) options: Options,
    pub(super) sources: Vec<PathBuf>,
    /// What the first mapping's file and build id are to be.
    pub(super) binary: Option<PathBuf>,
    pub(super) build_id: String,
    pub(super) bases: Vec<PathBuf>,
    /// The bases are to compare with, not to subtract.
    pub(super) compares: bool,
    pub(super) comment: String,
    pub(super) all_frames: bool,
    pub(super) output: Option<PathBuf>,
    pub(super) rules: MergeRules,
    /// How names are demangled, and whether also those that have been.
    pub(super) demangling: (Demangling, bool),
    pub(super) open: OpenOptions,
    /// What is to be said on the way.
    pub(super) remarks: Vec<String>,
}

/// Flags that stand for a sample type, in the order in which pprof looks at them.
const ALIASES: [(&str, &str); 7] = [
    ("total_delay", "delay"),
    ("mean_delay", "delay"),
    ("contentions", "contentions"),
    ("inuse_space", "inuse_space"),
    ("inuse_objects", "inuse_objects"),
    ("alloc_space", "alloc_space"),
    ("alloc_objects", "alloc_objects"),
];

/// Reads the command line. The error is pprof's sentence. `is_binary` tells executables.
pub(super) fn parse(
    arguments: &[OsString],
    is_binary: impl Fn(&PathBuf) -> bool,
) -> Result<Request, String> {
    let all: Vec<Flag> = groups().into_iter().flat_map(|(_, flags)| flags).collect();
    let given = flags::parse(&all, arguments)?;
    let mut sources = given.files.clone();
    if sources.is_empty() {
        return Err("no profile source specified".to_owned());
    }
    let has_binary = sources.len() > 1 && sources.first().is_some_and(is_binary);
    let binary = has_binary.then(|| sources.remove(0));
    let mut options = options(&given)?;
    let entry = report(&given)?;
    check_page(&given, entry)?;
    let mut remarks = Vec::new();
    sample_type(&given, &mut options, &mut remarks);
    let rules = if given.is_set("corrected") {
        MergeRules::CORRECTED
    } else {
        MergeRules::EXACT
    };
    let (bases, compares) = bases(&given, rules, &mut remarks)?;
    if options.normalize && bases.is_empty() {
        return Err("must have base profile to normalize by".to_owned());
    }
    let demangling = symbolization(&given, rules, &mut remarks)?;
    let format = format(&given)?;
    // A table as data is that of the functions unless another is asked for.
    let top = || entries().find(|e| format != Format::Text && e.name == "top");
    let Some(entry) = entry.or_else(top) else {
        let names: Vec<String> = entries().map(|e| format!("-{}", e.name)).collect();
        return Err(format!("which report? One of {}", names.join(" ")));
    };
    let symbol = if entry.takes_symbol {
        given.text(entry.name)?
    } else {
        String::new()
    };
    Ok(Request {
        entry,
        format,
        symbol,
        options,
        sources,
        binary,
        build_id: given.text("buildid")?,
        bases,
        compares,
        comment: given.text("add_comment")?,
        all_frames: given.is_set("all_frames"),
        output: given.path("output").filter(|p| !p.as_os_str().is_empty()),
        rules,
        demangling,
        open: OpenOptions {
            limit: given.number("limit", OpenOptions::default().limit)?,
            text: if rules.exact {
                TextRules::PprofExact
            } else {
                TextRules::Corrected
            },
            ..OpenOptions::default()
        },
        remarks,
    })
}

fn options(given: &Given) -> Result<Options, String> {
    let defaults = Options::default();
    let unit = match given.all("unit") {
        [] => defaults.unit,
        _ => given.text("unit")?,
    };
    let sort = choice(given, &[("cum", true), ("flat", false)])?;
    let granularity = choice(
        given,
        &[
            ("functions", Granularity::Functions),
            ("filefunctions", Granularity::FileFunctions),
            ("files", Granularity::Files),
            ("lines", Granularity::Lines),
            ("addresses", Granularity::Addresses),
        ],
    )?;
    Ok(Options {
        call_tree: given.is_set("call_tree"),
        relative_percentages: given.is_set("relative_percentages"),
        unit,
        compact_labels: given.is_set("compact_labels"),
        source_path: given.text("source_path")?,
        trim_path: given.text("trim_path")?,
        intel_syntax: given.is_set("intel_syntax"),
        mean: given.is_set("mean") || given.is_set("mean_delay"),
        sample_index: given.text("sample_index")?,
        divide_by: given.float("divide_by").unwrap_or(defaults.divide_by),
        normalize: given.is_set("normalize"),
        cum: sort.unwrap_or(defaults.cum),
        tagroot: given.text("tagroot")?,
        tagleaf: given.text("tagleaf")?,
        drop_negative: given.is_set("drop_negative"),
        nodecount: given.integer("nodecount").unwrap_or(defaults.nodecount),
        nodefraction: given.float("nodefraction").unwrap_or(defaults.nodefraction),
        edgefraction: given.float("edgefraction").unwrap_or(defaults.edgefraction),
        trim: given.get("trim") != Some("false"),
        focus: given.text("focus")?,
        ignore: given.text("ignore")?,
        prune_from: given.text("prune_from")?,
        hide: given.text("hide")?,
        show: given.text("show")?,
        show_from: given.text("show_from")?,
        tagfocus: given.text("tagfocus")?,
        tagignore: given.text("tagignore")?,
        tagshow: given.text("tagshow")?,
        taghide: given.text("taghide")?,
        noinlines: given.is_set("noinlines"),
        showcolumns: given.is_set("showcolumns"),
        granularity,
    })
}

/// One of several flags that exclude each other.
fn choice<T: Copy>(given: &Given, choices: &[(&str, T)]) -> Result<Option<T>, String> {
    let set: Vec<&(&str, T)> = choices.iter().filter(|(n, _)| given.is_set(n)).collect();
    match set.as_slice() {
        [] => Ok(None),
        [(_, only)] => Ok(Some(*only)),
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| *name).collect();
            Err(format!("conflicting options set: [{}]", names.join(" ")))
        }
    }
}

/// The report that is asked for.
fn report(given: &Given) -> Result<Option<&'static Entry>, String> {
    let is_given = |entry: &&Entry| {
        if entry.takes_symbol {
            given.all(entry.name).last().is_some_and(|v| !v.is_empty())
        } else {
            given.is_set(entry.name)
        }
    };
    let mut asked = entries().filter(is_given);
    let first = asked.next();
    match asked.next() {
        Some(_) => Err("must set at most one output format".to_owned()),
        None => Ok(first),
    }
}

fn format(given: &Given) -> Result<Format, String> {
    match (given.is_set("csv"), given.is_set("json")) {
        (true, true) => Err("must set at most one output format".to_owned()),
        (true, false) => Ok(Format::Csv),
        (false, true) => Ok(Format::Json),
        (false, false) => Ok(Format::Text),
    }
}

/// pprof's page has its own flags.
fn check_page(given: &Given, entry: Option<&Entry>) -> Result<(), String> {
    let has_page = given.all("http").last().is_some_and(|v| !v.is_empty());
    if has_page && entry.is_some() {
        return Err("-http is not compatible with an output format on the command line".to_owned());
    }
    if given.is_set("no_browser") && !has_page {
        return Err("-no_browser only makes sense with -http".to_owned());
    }
    if has_page {
        return Err(
            "-http serves pprof's page; open the file in dropprof's page instead".to_owned(),
        );
    }
    Ok(())
}

fn sample_type(given: &Given, options: &mut Options, remarks: &mut Vec<String>) {
    for (flag, name) in ALIASES.iter().filter(|(flag, _)| given.is_set(flag)) {
        if options.sample_index.is_empty() {
            options.sample_index = (*name).to_owned();
        } else {
            remarks.push(format!("Multiple value selections, ignoring -{flag}"));
        }
    }
}

/// What to subtract or to compare with, and which of both. Of a flag that is given several times
/// pprof takes the last.
fn bases(
    given: &Given,
    rules: MergeRules,
    remarks: &mut Vec<String>,
) -> Result<(Vec<PathBuf>, bool), String> {
    let mut paths = |flag: &str| -> Vec<PathBuf> {
        let all = given.all(flag);
        let from = if rules.exact {
            all.len().saturating_sub(1)
        } else {
            0
        };
        if from > 0 {
            remarks.push(format!(
                "-{flag} is given {} times; as with pprof the last one counts, with -corrected all",
                all.len()
            ));
        }
        let named = all[from..].iter().filter(|path| !path.is_empty());
        named.map(PathBuf::from).collect()
    };
    let (base, diff_base) = (paths("base"), paths("diff_base"));
    if !base.is_empty() && !diff_base.is_empty() {
        return Err("-base and -diff_base flags cannot both be specified".to_owned());
    }
    let compares = !diff_base.is_empty();
    Ok((if compares { diff_base } else { base }, compares))
}

/// How names are demangled, and whether those of the profile count for nothing. pprof demangles
/// unless it is told to symbolise nothing; here it has to be asked for, since nothing else of
/// `-symbolize` can be done.
fn symbolization(
    given: &Given,
    rules: MergeRules,
    remarks: &mut Vec<String>,
) -> Result<(Demangling, bool), String> {
    let mode = given.text("symbolize")?;
    if mode.is_empty() {
        let how = if rules.exact {
            Demangling::None
        } else {
            Demangling::Gentle
        };
        return Ok((how, false));
    }
    let (mut how, mut force) = (Demangling::Simple, false);
    for part in mode.to_ascii_lowercase().split(':') {
        let of_names = part.strip_prefix("demangle=").unwrap_or(part);
        match (part, of_names) {
            ("none" | "no", _) => return Ok((Demangling::None, false)),
            ("" | "local" | "fastlocal" | "remote", _) | (_, "default") => {}
            ("force", _) => force = true,
            (_, "none") => (how, force) = (Demangling::None, true),
            (_, "full") => (how, force) = (Demangling::Full, true),
            (_, "templates") => (how, force) = (Demangling::Templates, true),
            _ => {
                remarks.push(format!(
                    "ignoring unrecognized symbolization option: {mode}"
                ));
                remarks.push(
                    "expecting -symbolize=[local|fastlocal|remote|none][:force]\
                     [:demangle=[none|full|templates|default]"
                        .to_owned(),
                );
            }
        }
    }
    Ok((how, force))
}
