//! `dropprof report`: the report as a file.

use std::ffi::OsString;
use std::path::Path;

use dropprof::formats::{OpenOptions, Opened};
use dropprof::report::{ReportFile, ReportOptions, Unreadable, build};

use super::flags::{self, Flag, value};
use super::read::{self, NotRead};
use super::{Failure, Outcome, complain};

const FLAGS: [Flag; 5] = [
    value(
        "format",
        "html, md or json (html, or what the name after -o ends in)",
    ),
    value("o", "write to this file instead of the standard output"),
    value("title", "title of the report"),
    value("notes", "text under the title"),
    value("limit", "unpacked bytes per file at most (4294967296)"),
];

pub(crate) fn help() -> String {
    format!(
        "usage: dropprof report [flags] FILE…\n\n{}",
        flags::help(&FLAGS)
    )
}

pub(crate) fn run(arguments: &[OsString]) -> Result<Outcome, Failure> {
    let given = flags::parse(&FLAGS, arguments).map_err(Failure::Usage)?;
    if given.files.is_empty() {
        return Err(Failure::Usage("which files?".to_owned()));
    }
    let format =
        format_of(given.get("format"), given.path("o").as_deref()).map_err(Failure::Usage)?;
    let limit = given
        .number("limit", OpenOptions::default().limit)
        .map_err(Failure::Usage)?;
    let opened = given
        .files
        .iter()
        .flat_map(|path| read::open(path, OpenOptions::with_limit(limit)));
    let (mut read, mut unreadable) = sort_out(opened.collect());
    if read.is_empty() {
        return Err(Failure::Failed(
            "no file could be read, so there is nothing to report".to_owned(),
        ));
    }
    let failed = !unreadable.is_empty();
    let names = read.iter_mut().map(|file| &mut file.name);
    strip_common(
        names
            .chain(unreadable.iter_mut().map(|file| &mut file.name))
            .collect(),
    );
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
    let shown = match given.path("o") {
        Some(path) => {
            let failed = |error| Failure::Failed(format!("{}: {error}", path.display()));
            std::fs::write(&path, text).map_err(failed)?;
            Vec::new()
        }
        None => text.into_bytes(),
    };
    Ok(if failed {
        Outcome::Partial(shown)
    } else {
        Outcome::Output(shown)
    })
}

enum Format {
    Html,
    Markdown,
    Json,
}

fn format_of(format: Option<&str>, path: Option<&Path>) -> Result<Format, String> {
    let ending = path
        .and_then(Path::extension)
        .map(|ending| ending.to_string_lossy());
    match format.or(ending.as_deref()).unwrap_or("html") {
        "html" | "htm" => Ok(Format::Html),
        "md" | "markdown" => Ok(Format::Markdown),
        "json" => Ok(Format::Json),
        other => Err(format!("\"{other}\" is no format: html, md or json")),
    }
}

/// What could be read, and what could not, which stderr is told at once.
fn sort_out(opened: Vec<Result<Opened, NotRead>>) -> (Vec<Opened>, Vec<Unreadable>) {
    let mut read = Vec::new();
    let mut unreadable = Vec::new();
    for file in opened {
        let (name, reason) = match file {
            Ok(Opened {
                name,
                result: Err(error),
                ..
            }) => (name, error.to_string()),
            Ok(file) => {
                read.push(file);
                continue;
            }
            Err(NotRead { name, reason }) => (name, reason),
        };
        complain(&format!("{name}: {reason}"));
        unreadable.push(Unreadable { name, reason });
    }
    (read, unreadable)
}

/// Takes from the names the folders that all of them lie in: the report speaks of files by what
/// tells them apart, not by where they lie.
fn strip_common(mut names: Vec<&mut String>) {
    let folders = |name: &str| name.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    let Some((first, rest)) = names.split_first() else {
        return;
    };
    let mut common = folders(first);
    for name in rest {
        let same = first
            .bytes()
            .zip(name.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        // Both agree up to there, so the cut lies behind a slash of both.
        common = folders(&first.as_str()[..floor(first, common.min(same))]);
    }
    for name in &mut names {
        name.drain(..common);
    }
}

/// The last character boundary up to `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

fn as_report_file(file: &Opened) -> Option<ReportFile<'_>> {
    let opened = file.result.as_ref().ok()?;
    let name = &file.name;
    Some(ReportFile {
        name,
        kind: opened.kind,
        profile: &opened.profile,
        diagnostics: &opened.diagnostics,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(names: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        strip_common(names.iter_mut().collect());
        names
    }

    #[test]
    fn only_what_all_have_in_common_is_left_out_of_names() {
        assert_eq!(
            stripped(&["x/a/cpu.pb.gz", "x/b/cpu.pb.gz"]),
            ["a/cpu.pb.gz", "b/cpu.pb.gz"]
        );
        assert_eq!(
            stripped(&["/t/cpu", "/t/cpu2", "/t/s/cpu"]),
            ["cpu", "cpu2", "s/cpu"]
        );
        assert_eq!(stripped(&["/t/s/cpu", "cpu"]), ["/t/s/cpu", "cpu"]);
        assert_eq!(stripped(&["/t/s/cpu"]), ["cpu"]);
        assert_eq!(stripped(&["t/a", "t/a"]), ["a", "a"]);
        // The two letters differ in their second byte.
        assert_eq!(stripped(&["t/ä", "t/ö"]), ["ä", "ö"]);
        assert!(stripped(&[]).is_empty());
    }

    #[test]
    fn the_name_of_the_output_tells_the_format() {
        let format = |format, path: Option<&str>| format_of(format, path.map(Path::new));
        assert!(matches!(
            format(None, Some("a/report.md")),
            Ok(Format::Markdown)
        ));
        assert!(matches!(
            format(Some("json"), Some("report.md")),
            Ok(Format::Json)
        ));
        assert!(matches!(format(None, None), Ok(Format::Html)));
        assert!(format(None, Some("report.pdf")).is_err());
    }
}
