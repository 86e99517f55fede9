//! `dropprof report`: the report as a file.

use dropprof::formats::{OpenOptions, Opened};
use dropprof::report::{ReportFile, ReportOptions, Unreadable, build};

use super::flags::{self, Flag, value};
use super::{Failure, Outcome, complain, read};

const FLAGS: [Flag; 5] = [
    value("format", "html, md or json (html, or what the name after -o ends in)"),
    value("o", "write to this file instead of the standard output"),
    value("title", "title of the report"),
    value("notes", "text under the title"),
    value("limit", "unpacked bytes per file at most (4294967296)"),
];

pub(crate) fn help() -> String {
    format!("usage: dropprof report [flags] FILE…\n\n{}", flags::help(&FLAGS))
}

pub(crate) fn run(arguments: &[String]) -> Result<Outcome, Failure> {
    let given = flags::parse(&FLAGS, arguments).map_err(Failure::Usage)?;
    if given.files.is_empty() {
        return Err(Failure::Usage("which files?".to_owned()));
    }
    let format = format_of(given.get("format"), given.get("o")).map_err(Failure::Usage)?;
    let limit = given.number("limit", OpenOptions::default().limit).map_err(Failure::Usage)?;
    let opened = given.files.iter().flat_map(|path| read::open(path, OpenOptions { limit }));
    let (read, unreadable) = sort_out(opened.collect());
    if read.is_empty() {
        return Err(Failure::Failed("no file could be read, so there is nothing to report".to_owned()));
    }
    let failed = !unreadable.is_empty();
    let files: Vec<ReportFile<'_>> = read.iter().filter_map(as_report_file).collect();
    let options = ReportOptions {
        title: given.get("title").unwrap_or_default().to_owned(),
        notes: given.get("notes").unwrap_or_default().to_owned(),
        unreadable,
    };
    let document = build(&files, &options);
    let text = match format {
        Format::Html => document.to_html(),
        Format::Markdown => document.to_markdown(),
        Format::Json => document.to_json(),
    };
    let shown = match given.get("o") {
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Failure::Failed(format!("{path}: {error}")))?;
            Vec::new()
        }
        None => text.into_bytes(),
    };
    Ok(if failed { Outcome::Partial(shown) } else { Outcome::Output(shown) })
}

enum Format {
    Html,
    Markdown,
    Json,
}

fn format_of(format: Option<&str>, path: Option<&str>) -> Result<Format, String> {
    let ending = path.and_then(|p| p.rsplit_once('.')).map(|(_, ending)| ending);
    match format.or(ending).unwrap_or("html") {
        "html" | "htm" => Ok(Format::Html),
        "md" | "markdown" => Ok(Format::Markdown),
        "json" => Ok(Format::Json),
        other => Err(format!("\"{other}\" is no format: html, md or json")),
    }
}

/// What could be read, and what could not, which stderr is told at once.
fn sort_out(opened: Vec<Result<Opened, String>>) -> (Vec<Opened>, Vec<Unreadable>) {
    let mut read = Vec::new();
    let mut unreadable = Vec::new();
    for file in opened {
        let (name, reason) = match file {
            Ok(Opened { name, result: Err(error), .. }) => (name, error.to_string()),
            Ok(file) => {
                read.push(file);
                continue;
            }
            Err(message) => match message.split_once(": ") {
                Some((name, reason)) => (name.to_owned(), reason.to_owned()),
                None => (String::new(), message),
            },
        };
        complain(&format!("{name}: {reason}"));
        unreadable.push(Unreadable { name, reason });
    }
    (read, unreadable)
}

/// The report speaks of files by name, not by where they lie.
fn as_report_file(file: &Opened) -> Option<ReportFile<'_>> {
    let opened = file.result.as_ref().ok()?;
    let name = file.name.rsplit('/').next().unwrap_or(&file.name);
    Some(ReportFile { name, kind: opened.kind, profile: &opened.profile, diagnostics: &opened.diagnostics })
}
