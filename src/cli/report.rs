//! `dropprof report`: the report as a file.

use std::ffi::OsString;
use std::path::Path;

use dropprof::analysis::trace::report_sink;
use dropprof::formats::OpenOptions;
use dropprof::report::{ReportFile, ReportOptions, build};

use super::flags::{self, Flag, value};
use super::gather::Gathered;
use super::session::{Session, SessionFile};
use super::{Failure, Outcome};

const FLAGS: [Flag; 6] = [
    value(
        "format",
        "html, md or json (html, or what the name after -o ends in)",
    ),
    value("o", "write to this file instead of the standard output"),
    value("title", "title of the report"),
    value("notes", "text under the title"),
    value(
        "main",
        "import path of the program's own module (guessed from the profiles)",
    ),
    value("limit", "unpacked bytes per file at most (4294967296)"),
];

pub(crate) fn help() -> String {
    format!(
        "usage: dropprof report [flags] FILE|FOLDER…\n\n{}",
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
    let options = OpenOptions::with_limit(limit).with_trace(report_sink);
    let gathered = Gathered::new(&given, options);
    let session = Session::new(&gathered, given.get("main"))?;
    let failed = !gathered.unreadable.is_empty();
    let files: Vec<ReportFile<'_>> = session.files.iter().map(SessionFile::for_report).collect();
    let options = ReportOptions {
        title: given.get("title").unwrap_or_default().to_owned(),
        notes: given.get("notes").unwrap_or_default().to_owned(),
        unreadable: gathered.unreadable.clone(),
        main_module: given.get("main").unwrap_or_default().to_owned(),
        ..ReportOptions::default()
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

#[cfg(test)]
mod tests {
    use super::*;

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
