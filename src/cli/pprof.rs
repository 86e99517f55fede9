//! `dropprof pprof`: what go tool pprof's `-top` prints, under those of its flags that are known
//! here.

use std::collections::HashMap;
use std::ffi::OsString;

use dropprof::analysis::{Granularity, Options};
use dropprof::formats::OpenOptions;
use dropprof::model::Profile;
use dropprof::report::pprof::{Command, Outside, Report, prepare, print};

use super::flags::{self, Flag, Given, switch, value};
use super::{Failure, Outcome, read};

const FLAGS: [Flag; 42] = [
    switch("top", "print the functions with the highest cost"),
    switch("text", "the same as -top"),
    switch("cum", "sort by cost with callees"),
    switch("flat", "sort by own cost"),
    value("nodecount", "rows at most; -1 and 0 print all"),
    value(
        "nodefraction",
        "leave out functions below this share of the total (0.005)",
    ),
    value(
        "edgefraction",
        "ignore calls below this share of the total (0.001)",
    ),
    switch("trim", "honour nodecount, nodefraction and edgefraction"),
    value("sample_index", "sample type to report, by number or name"),
    switch("mean", "divide by the first sample type"),
    value("unit", "unit to print (minimum)"),
    switch("functions", "a row per function"),
    switch("filefunctions", "a row per function and file"),
    switch("files", "a row per file"),
    switch("lines", "a row per source line"),
    switch("addresses", "a row per address"),
    switch("noinlines", "count inlined functions for their caller"),
    switch("showcolumns", "show columns with lines"),
    switch("drop_negative", "leave out functions with negative values"),
    switch("compact_labels", "leave out the lines about the profile"),
    value("divide_by", "divide all values by this (1)"),
    switch(
        "relative_percentages",
        "percentages of what the filters leave",
    ),
    value("focus", "keep samples with a frame that matches"),
    value("ignore", "drop samples with a frame that matches"),
    value("hide", "drop frames that match"),
    value("show", "keep frames that match"),
    value("show_from", "drop frames above the first match"),
    value("prune_from", "drop frames below the first match"),
    value("tagfocus", "keep samples with a label that matches"),
    value("tagignore", "drop samples with a label that matches"),
    value("tagshow", "keep labels whose key matches"),
    value("taghide", "drop labels whose key matches"),
    value("tagroot", "labels to make frames of at the root"),
    value("tagleaf", "labels to make frames of at the leaf"),
    value(
        "symbolize",
        "accepted for compatibility: profiles are never symbolised",
    ),
    value("limit", "unpacked bytes per file at most (4294967296)"),
    switch("inuse_space", "-sample_index=inuse_space"),
    switch("inuse_objects", "-sample_index=inuse_objects"),
    switch("alloc_space", "-sample_index=alloc_space"),
    switch("alloc_objects", "-sample_index=alloc_objects"),
    switch("total_delay", "-sample_index=delay"),
    switch("contentions", "-sample_index=contentions"),
];

pub(crate) fn help() -> String {
    format!(
        "usage: dropprof pprof -top [flags] FILE\n\n{}",
        flags::help(&FLAGS)
    )
}

pub(crate) fn run(arguments: &[OsString]) -> Result<Outcome, Failure> {
    let given = flags::parse(&FLAGS, arguments).map_err(Failure::Usage)?;
    let [file] = given.files.as_slice() else {
        return Err(Failure::Usage("exactly one profile, please".to_owned()));
    };
    if !given.is_set("top") && !given.is_set("text") {
        return Err(Failure::Usage(
            "which report? -top is the one there is".to_owned(),
        ));
    }
    let limits = OpenOptions {
        limit: given
            .number("limit", OpenOptions::default().limit)
            .map_err(Failure::Usage)?,
    };
    let mut options = options(&given).map_err(Failure::Usage)?;
    if options.divide_by == 0.0 {
        return Err(Failure::Failed("zero divisor specified".to_owned()));
    }
    let opened =
        read::open_one(file, limits).map_err(|error| Failure::Failed(error.to_string()))?;
    let profile = &opened.profile;
    let types = usable_types(profile);
    if types.is_empty() {
        return Err(Failure::Failed(
            "profiles have empty common sample type list".to_owned(),
        ));
    }
    let (sample_type, mean) = sample_type(profile, &types, &given).map_err(Failure::Failed)?;
    options.mean = mean;
    let command = Command {
        report: Report::Top,
        symbol: None,
    };
    let prepared = prepare(profile, sample_type, &command, &options).map_err(Failure::Failed)?;
    for remark in &prepared.remarks {
        eprintln!("{remark}");
    }
    let outside = Outside {
        clock: &local_time,
        source: &|_| None,
    };
    let printed = print(&prepared, &command, outside);
    printed.map(Outcome::Output).map_err(Failure::Failed)
}

fn options(given: &Given) -> Result<Options, String> {
    let defaults = Options::default();
    let text = |name: &str| given.get(name).unwrap_or_default().to_owned();
    Ok(Options {
        relative_percentages: given.is_set("relative_percentages"),
        unit: given.get("unit").unwrap_or("minimum").to_owned(),
        compact_labels: given.is_set("compact_labels"),
        divide_by: given.number("divide_by", 1.0)?,
        cum: given.is_set("cum"),
        tagroot: text("tagroot"),
        tagleaf: text("tagleaf"),
        drop_negative: given.is_set("drop_negative"),
        nodecount: given.number("nodecount", -1)?,
        nodefraction: given.number("nodefraction", defaults.nodefraction)?,
        edgefraction: given.number("edgefraction", defaults.edgefraction)?,
        trim: given.get("trim") != Some("false"),
        focus: text("focus"),
        ignore: text("ignore"),
        prune_from: text("prune_from"),
        hide: text("hide"),
        show: text("show"),
        show_from: text("show_from"),
        tagfocus: text("tagfocus"),
        tagignore: text("tagignore"),
        tagshow: text("tagshow"),
        taghide: text("taghide"),
        noinlines: given.is_set("noinlines"),
        showcolumns: given.is_set("showcolumns"),
        granularity: granularity(given),
        ..defaults
    })
}

fn granularity(given: &Given) -> Option<Granularity> {
    let granularities = [
        ("functions", Granularity::Functions),
        ("filefunctions", Granularity::FileFunctions),
        ("files", Granularity::Files),
        ("lines", Granularity::Lines),
        ("addresses", Granularity::Addresses),
    ];
    let chosen = granularities.iter().find(|(name, _)| given.is_set(name));
    chosen.map(|&(_, granularity)| granularity)
}

/// pprof leaves out sample types whose name occurs twice.
fn usable_types(profile: &Profile) -> Vec<usize> {
    let name = |t: usize| profile.strings.bytes(profile.sample_types[t].kind);
    let types = 0..profile.sample_types.len();
    let mut times: HashMap<&[u8], usize> = HashMap::new();
    for t in types.clone() {
        *times.entry(name(t)).or_default() += 1;
    }
    types.filter(|&t| times[name(t)] == 1).collect()
}

/// The sample type asked for, and whether means are wanted. Numbers count usable types.
fn sample_type(profile: &Profile, types: &[usize], given: &Given) -> Result<(usize, bool), String> {
    let mean = given.is_set("mean");
    let alias = ALIASES
        .iter()
        .find(|(flag, _)| given.is_set(flag))
        .map(|&(_, name)| name);
    let named = |wanted: &str| {
        types
            .iter()
            .copied()
            .find(|&t| profile.type_name(t) == wanted)
    };
    let Some(wanted) = given
        .get("sample_index")
        .filter(|w| !w.is_empty())
        .or(alias)
    else {
        return Ok((default_type(profile, types), mean));
    };
    if let Ok(index) = wanted.parse::<i64>() {
        return match usize::try_from(index).ok().and_then(|i| types.get(i)) {
            Some(&index) => Ok((index, mean)),
            None => Err(format!(
                "sample_index {wanted} is outside the range [0..{}]",
                types.len() - 1
            )),
        };
    }
    let bare = wanted.strip_prefix("inuse_").unwrap_or(wanted);
    named(wanted)
        .or_else(|| named(bare))
        .map(|index| (index, mean))
        .ok_or_else(|| {
            let names: Vec<String> = types.iter().map(|&t| profile.type_name(t)).collect();
            format!(
                "sample_index \"{wanted}\" must be one of: [{}]",
                names.join(" ")
            )
        })
}

/// The sample type shown unasked: the one that the file names, else the last. Where pprof leaves
/// types out it makes the first of the others the default, unless the file's own is among them.
fn default_type(profile: &Profile, types: &[usize]) -> usize {
    let name = |t: usize| profile.strings.bytes(profile.sample_types[t].kind);
    let named = |wanted: &[u8]| types.iter().copied().find(|&t| name(t) == wanted);
    let last = types.last().copied().unwrap_or(0);
    let own = profile.strings.bytes(profile.default_sample_type);
    let wanted = match types.first() {
        Some(&first) if types.len() < profile.sample_types.len() && named(own).is_none() => {
            name(first)
        }
        _ => own,
    };
    // An empty name asks for nothing, even where a type is called so.
    named(wanted).filter(|_| !wanted.is_empty()).unwrap_or(last)
}

/// Flags that stand for a sample type.
const ALIASES: [(&str, &str); 6] = [
    ("inuse_space", "inuse_space"),
    ("inuse_objects", "inuse_objects"),
    ("alloc_space", "alloc_space"),
    ("alloc_objects", "alloc_objects"),
    ("total_delay", "delay"),
    ("contentions", "contentions"),
];

/// pprof prints the time a profile was taken in the zone of who looks at it.
fn local_time(nanos: i64) -> String {
    let time = jiff::Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
    let zoned = time.to_zoned(jiff::tz::TimeZone::system());
    zoned.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}
