//! The reports and flags that there are, under pprof's names.

use dropprof::report::pprof::Report;

use crate::cli::flags::{Flag, float, integer, switch, value};

/// What becomes of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, written as it is.
    Text,
    /// Bytes that are nothing for a terminal; new files end like this.
    File(&'static str),
    /// A picture that Graphviz makes of the graph, in this format.
    Picture(&'static str),
    /// What pprof opens another program for.
    Viewer,
}

/// A report as a flag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The flag takes an expression for functions.
    pub(super) takes_symbol: bool,
    help: &'static str,
}

const fn entry(name: &'static str, kind: Kind, help: &'static str) -> Entry {
    Entry {
        name,
        kind,
        takes_symbol: false,
        help,
    }
}

const fn of_symbol(name: &'static str, kind: Kind, help: &'static str) -> Entry {
    Entry {
        name,
        kind,
        takes_symbol: true,
        help,
    }
}

const ENTRIES: [Entry; 27] = [
    entry("top", Kind::Text, "the functions with the highest cost"),
    entry("text", Kind::Text, "the same as -top"),
    entry("tree", Kind::Text, "each function with callers and callees"),
    of_symbol(
        "peek",
        Kind::Text,
        "callers and callees of functions that match",
    ),
    of_symbol(
        "list",
        Kind::Text,
        "source lines of functions that match, with their cost",
    ),
    entry("traces", Kind::Text, "every sample as a stack"),
    entry("tags", Kind::Text, "labels and their values"),
    entry("raw", Kind::Text, "the tables of the profile"),
    entry("comments", Kind::Text, "the comments of the profile"),
    entry("dot", Kind::Text, "the graph in Graphviz's language"),
    entry(
        "folded",
        Kind::Text,
        "a line per stack, for flame graph scripts",
    ),
    entry("speedscope", Kind::Text, "a file for speedscope"),
    entry(
        "callgrind",
        Kind::File("callgraph.out"),
        "the graph for KCachegrind",
    ),
    entry(
        "proto",
        Kind::File("pb.gz"),
        "what the filters leave, as a profile",
    ),
    entry(
        "topproto",
        Kind::File("pb.gz"),
        "the rows of -top, as a profile",
    ),
    entry(
        "svg",
        Kind::Picture("svg"),
        "the graph as SVG; needs Graphviz",
    ),
    entry(
        "png",
        Kind::Picture("png"),
        "the graph as PNG; needs Graphviz",
    ),
    entry(
        "gif",
        Kind::Picture("gif"),
        "the graph as GIF; needs Graphviz",
    ),
    entry(
        "pdf",
        Kind::Picture("pdf"),
        "the graph as PDF; needs Graphviz",
    ),
    entry(
        "ps",
        Kind::Picture("ps"),
        "the graph as PostScript; needs Graphviz",
    ),
    entry("web", Kind::Viewer, "see the page instead"),
    of_symbol("weblist", Kind::Viewer, "see the page instead"),
    of_symbol("disasm", Kind::Viewer, "see the page instead"),
    entry("eog", Kind::Viewer, "see the page instead"),
    entry("evince", Kind::Viewer, "see the page instead"),
    entry("gv", Kind::Viewer, "see the page instead"),
    entry("kcachegrind", Kind::Viewer, "see -callgrind"),
];

/// The report that is written for an entry; a picture is made of the graph.
pub(super) fn report(entry: &Entry) -> Option<Report> {
    let name = match entry.kind {
        Kind::Picture(_) => "dot",
        _ => entry.name,
    };
    let found = Report::NAMES.iter().find(|(known, _)| *known == name);
    found.map(|&(_, report)| report)
}

/// The reports that can be asked for: pprof's, and some of our own.
pub(super) fn entries() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter()
}

/// Flags in groups, as help shows them.
pub(super) fn groups() -> Vec<(&'static str, Vec<Flag>)> {
    let reports = entries().map(|entry| {
        if entry.takes_symbol {
            value(entry.name, entry.help)
        } else {
            switch(entry.name, entry.help)
        }
    });
    vec![
        ("Reports, of which one is to be given", reports.collect()),
        ("Tables for other programs", FORMATS.to_vec()),
        ("Which samples and frames", FILTERS.to_vec()),
        ("Which values", VALUES.to_vec()),
        ("What a row stands for, and how many", ROWS.to_vec()),
        ("Comparing", COMPARING.to_vec()),
        ("Reading and writing", FILES.to_vec()),
        ("Accepted, without effect here", IGNORED.to_vec()),
    ]
}

const FILTERS: [Flag; 13] = [
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
    switch(
        "all_frames",
        "keep frames that the profile asks to be dropped",
    ),
];

const VALUES: [Flag; 12] = [
    value("sample_index", "sample type to report, by number or name"),
    switch("inuse_space", "-sample_index=inuse_space"),
    switch("inuse_objects", "-sample_index=inuse_objects"),
    switch("alloc_space", "-sample_index=alloc_space"),
    switch("alloc_objects", "-sample_index=alloc_objects"),
    switch("total_delay", "-sample_index=delay"),
    switch("contentions", "-sample_index=contentions"),
    switch("mean_delay", "-mean -sample_index=delay"),
    switch("mean", "divide by the first sample type"),
    value(
        "unit",
        "unit to print, or auto for each value its own (minimum)",
    ),
    float("divide_by", "divide all values by this (1)"),
    switch(
        "relative_percentages",
        "percentages of what the filters leave",
    ),
];

const ROWS: [Flag; 18] = [
    switch("flat", "sort by own cost"),
    switch("cum", "sort by cost with callees"),
    switch("functions", "a row per function"),
    switch("filefunctions", "a row per function and file"),
    switch("files", "a row per file"),
    switch("lines", "a row per source line"),
    switch("addresses", "a row per address"),
    switch("noinlines", "count inlined functions for their caller"),
    switch("showcolumns", "show columns with lines"),
    switch(
        "call_tree",
        "tell calls by different paths apart, in graphs",
    ),
    integer(
        "nodecount",
        "rows at most; -1 for what suits the report, 0 for all (-1)",
    ),
    float(
        "nodefraction",
        "leave out functions below this share of the total (0.005)",
    ),
    float(
        "edgefraction",
        "leave out calls below this share of the total (0.001)",
    ),
    switch("trim", "heed the three above; -trim=false shows everything"),
    switch("drop_negative", "leave out functions with negative values"),
    switch("compact_labels", "leave out the lines about the profile"),
    value("source_path", "folders to look for sources in"),
    value("trim_path", "prefixes to take off source paths"),
];

const COMPARING: [Flag; 3] = [
    value("base", "profile to subtract"),
    value(
        "diff_base",
        "profile to compare with: percentages are of it",
    ),
    switch(
        "normalize",
        "first bring the profile to the size of its base",
    ),
];

const FORMATS: [Flag; 2] = [
    switch(
        "csv",
        "-top (unless another is asked for), -tree, -peek, -tags, -list as comma-separated values",
    ),
    switch("json", "the same as JSON"),
];

const FILES: [Flag; 6] = [
    value("output", "write the report to this file"),
    value("add_comment", "comment to add to the profile"),
    value(
        "buildid",
        "build id of the binary, where the profile has none",
    ),
    value(
        "symbolize",
        "none, which is how it is unless given, or demangle=default, templates or full for names \
         of C++ and Rust",
    ),
    switch(
        "corrected",
        "keep what pprof loses: merge profiles that differ in what they say of themselves, take \
         every -base that is given, read the names in Go's texts and scale their mutex values \
         once, demangle names without cutting them",
    ),
    value("limit", "unpacked bytes per file at most (4294967296)"),
];

const IGNORED: [Flag; 9] = [
    integer(
        "seconds",
        "length of a profile to fetch; nothing is fetched",
    ),
    integer("timeout", "seconds to wait for it"),
    value("tools", "where tools for binaries are"),
    switch("intel_syntax", "assembly in Intel's syntax"),
    value("tls_cert", "certificate for fetching"),
    value("tls_key", "its key"),
    value("tls_ca", "authorities to trust"),
    value("http", "where to serve pprof's page; dropprof has its own"),
    switch("no_browser", "do not open it"),
];
