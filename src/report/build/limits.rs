//! Benchmarking Results and Limits.

use super::super::document::{Block, List, Section, Text};
use super::advice::top_command;
use super::bench;
use super::shell;
use super::study::{Study, View};
use super::trace;
use super::{ReportFile, ReportOptions};
use crate::error::Severity;
use crate::model::Kind;

const CPU_LIMIT: &str = "A CPU profile holds samples, not measurements: a function seen k times \
    is known to about 1 ÷ √k of its value. Time spent waiting does not appear in it.";

/// Remarks listed per file.
const DIAGNOSTICS: usize = 20;

pub(super) fn benchmarks(
    files: &[ReportFile<'_>],
    studies: &[Study<'_>],
    views: &[Vec<View<'_>>],
) -> Vec<Section> {
    let (results, recorded) = bench::results(files, studies);
    let mut reproduce = Section::new("reproduce", "Commands to reproduce", 3);
    let profiles = views
        .iter()
        .flatten()
        .filter(|v| v.study.file.kind != Kind::Trace);
    let lines: Vec<String> = profiles.map(top_command).collect();
    let traces = trace::commands(views);
    if !recorded.is_empty() {
        reproduce.push("The benchmarks, one command on each state of the code:");
        reproduce.push(Block::code(recorded.join("\n")));
    }
    if !lines.is_empty() {
        reproduce.push("The top tables by cost with callees, from the same files:");
        reproduce.push(Block::code(lines.join("\n")));
    }
    if !traces.is_empty() {
        reproduce.push("The tables of traces, and the same in Go's own viewer:");
        reproduce.push(Block::code(traces.join("\n")));
    }
    if files.is_empty() {
        reproduce.push("There is no file to reproduce anything from.");
    } else {
        reproduce.push("This report:");
        let names: Vec<String> = files.iter().map(|f| shell::word(f.name)).collect();
        reproduce.push(Block::code(format!(
            "dropprof report -o report.html {}",
            names.join(" ")
        )));
    }
    vec![
        Section::new("benchmarks", "Benchmarking Results", 2),
        results,
        reproduce,
    ]
}

pub(super) fn limits(
    files: &[ReportFile<'_>],
    views: &[Vec<View<'_>>],
    options: &ReportOptions,
) -> Section {
    let mut section = Section::new("limits", "Limits", 2);
    let mut items: Vec<Text> = options
        .unreadable
        .iter()
        .map(|file| {
            Text::default()
                .code(&file.name)
                .plain(" could not be read and is not part of this: ")
                .plain(&file.reason)
                .plain(".")
        })
        .collect();
    items.extend(files.iter().flat_map(diagnostics));
    items.extend(views.iter().flat_map(|views| trust_notes(views)));
    if views
        .iter()
        .flatten()
        .any(|v| v.study.file.kind == Kind::Cpu)
    {
        items.push(CPU_LIMIT.into());
    }
    items.push(
        "Percentages are of the file's own total; shares of different files do not add up.".into(),
    );
    section.push(List::bullets(items));
    section
}

fn diagnostics<'a>(file: &'a ReportFile<'a>) -> impl Iterator<Item = Text> + 'a {
    let shown = file.diagnostics.iter().take(DIAGNOSTICS).map(|d| {
        let severity = match d.severity {
            Severity::Warning => ", warning: ",
            Severity::Note => ": ",
        };
        Text::default()
            .code(file.name)
            .plain(severity)
            .plain(&d.message)
    });
    let more = file.diagnostics.len().saturating_sub(DIAGNOSTICS);
    let rest = (more > 0).then(|| {
        Text::default()
            .code(file.name)
            .plain(&format!(": {more} more remarks"))
    });
    shown.chain(rest)
}

/// What a file cannot show, as far as its section has not said it as a warning; the views of a
/// file say most of it together.
fn trust_notes(views: &[View<'_>]) -> Vec<Text> {
    let mut said: Vec<&str> = Vec::new();
    let mut items = Vec::new();
    for view in views {
        let notes = view.trust.iter().filter(|d| d.severity == Severity::Note);
        for message in notes.map(|d| d.message.as_str()) {
            if !said.contains(&message) {
                said.push(message);
                items.push(
                    Text::default()
                        .code(view.study.file.name)
                        .plain(": ")
                        .plain(message),
                );
            }
        }
    }
    items
}
