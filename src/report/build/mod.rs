//! The analyses laid out as a document.
//!
//! [`study`] runs them once per file and sample type; the other modules are the report's
//! chapters. A chapter without input says which file would fill it.

mod advice;
mod bench;
mod confidence;
mod details;
mod findings;
mod flame;
mod goroutines;
mod limits;
mod memory;
mod numbers;
mod paths;
mod shell;
pub(crate) use shell::word as shell_word;
mod study;
mod summary;
mod tables;
#[cfg(test)]
mod tests;
mod trace;

use study::{Study, View};

use super::document::{Document, FileEntry, SCHEMA};
use crate::error::Diagnostic;
use crate::findings::{Input, examine};
use crate::model::{Kind, Profile};

/// One file of the report.
#[derive(Clone, Copy, Debug)]
pub struct ReportFile<'a> {
    /// Name as opened; the report shows it as the source of its numbers.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Its content.
    pub profile: &'a Profile,
    /// What reading it had to say.
    pub diagnostics: &'a [Diagnostic],
}

/// A file that was meant for the report but could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    /// Name as opened.
    pub name: String,
    /// Why, in one line.
    pub reason: String,
}

/// What the author adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// Title; empty gives `Performance Analysis Report`.
    pub title: String,
    /// Free text under the title; paragraphs are separated by empty lines.
    pub notes: String,
    /// Named under *Limits*.
    pub unreadable: Vec<Unreadable>,
    /// Keys of findings that the author leaves out.
    pub without: Vec<String>,
    /// Import path of the program's own module; empty to guess it.
    pub main_module: String,
}

/// Builds the report over all files. They stand by kind, time and name, whatever order they came
/// in, so that the same files and options give the same document; without files it says what would
/// fill it.
pub fn build(files: &[ReportFile<'_>], options: &ReportOptions) -> Document {
    let files = &in_order(files)[..];
    let studies: Vec<Study<'_>> = files
        .iter()
        .map(|&file| Study::new(file, &options.main_module))
        .collect();
    let views: Vec<Vec<View<'_>>> = studies.iter().map(|study| views_of(study, files)).collect();
    let inputs: Vec<Input<'_>> = studies.iter().map(Study::input).collect();
    let found = examine(&inputs).without(&options.without);
    let mut sections = summary::sections(files, &views, &found);
    sections.extend(details::sections(&views));
    sections.push(findings::checked(&found));
    sections.extend(advice::sections(&views, &found));
    sections.extend(limits::benchmarks(files, &studies, &views));
    sections.push(limits::limits(files, &views, options));
    let title = options.title.trim();
    Document {
        schema: SCHEMA,
        generator: concat!("dropprof ", env!("CARGO_PKG_VERSION")).to_owned(),
        title: if title.is_empty() {
            "Performance Analysis Report"
        } else {
            title
        }
        .to_owned(),
        notes: options.notes.clone(),
        files: files.iter().map(entry).collect(),
        sections,
        numbers: studies
            .iter()
            .zip(&views)
            .map(|(s, v)| numbers::numbers(s, v.first()))
            .collect(),
        findings: found,
    }
}

/// The files in the report's own order.
fn in_order<'a>(files: &[ReportFile<'a>]) -> Vec<ReportFile<'a>> {
    let mut files = files.to_vec();
    files.sort_by(compare_files);
    files
}

/// The order of files in a report: by kind, name, time and content.
pub fn compare_files(a: &ReportFile<'_>, b: &ReportFile<'_>) -> std::cmp::Ordering {
    const KINDS: [Kind; 11] = [
        Kind::Cpu,
        Kind::Allocs,
        Kind::Heap,
        Kind::Goroutine,
        Kind::GoroutineLeak,
        Kind::Block,
        Kind::Mutex,
        Kind::ThreadCreate,
        Kind::Trace,
        Kind::Custom,
        Kind::Bench,
    ];
    let rank = |file: &ReportFile<'_>| KINDS.iter().position(|&kind| kind == file.kind);
    // Files of one kind, time and name differ in what they hold, or their order does not matter.
    let content = |file: &ReportFile<'_>| {
        let samples = &file.profile.samples;
        let sum = samples.values.iter().fold(0_i64, |a, &b| a.wrapping_add(b));
        (samples.len(), file.profile.stacks.len(), sum)
    };
    rank(a)
        .cmp(&rank(b))
        .then_with(|| a.name.cmp(b.name))
        .then_with(|| a.profile.time_nanos.cmp(&b.profile.time_nanos))
        .then_with(|| content(a).cmp(&content(b)))
}

fn entry(file: &ReportFile<'_>) -> FileEntry {
    FileEntry {
        name: file.name.to_owned(),
        kind: file.kind.name().to_owned(),
        kind_label: file.kind.label().to_owned(),
    }
}

/// The sample types that stand for a file: for memory what was allocated and what is in use,
/// otherwise the one the file names. Heap and allocation profiles hold the same columns; where
/// both kinds are there each shows what it is for, and nothing stands twice.
fn views_of<'a>(study: &'a Study<'a>, files: &[ReportFile<'_>]) -> Vec<View<'a>> {
    let has = |kind: Kind| files.iter().any(|file| file.kind == kind);
    let wanted: &[&str] = match study.file.kind {
        Kind::Heap if has(Kind::Allocs) => &["inuse_space"],
        Kind::Allocs if has(Kind::Heap) => &["alloc_space"],
        Kind::Heap | Kind::Allocs => &["alloc_space", "inuse_space"],
        // Its results have a chapter of their own.
        Kind::Bench => return Vec::new(),
        _ => return study.view(study.shown).into_iter().collect(),
    };
    wanted
        .iter()
        .filter_map(|name| study.file.profile.type_named(name))
        .filter_map(|t| study.view(t))
        .collect()
}
