//! Recommendations: only what the numbers say, each with the way to check it.
//!
//! Nothing here guesses at code: a text names a share, who causes it and what would confirm it.

use super::super::document::{Block, List, Section, Text};
use super::confidence::share_interval;
use super::findings;
use super::shell;
use super::study::{Cause, View, part_name};
use super::summary::{RANKABLE, WORTH_NAMING, main_causes, what};
use crate::analysis::wilson;
use crate::findings::{Finding, Findings, Severity};
use crate::model::Kind;
use crate::unit;

/// Below this many CPU samples a longer recording comes first.
const SAMPLES_FOR_DETAIL: u64 = 1000;

pub(super) fn sections(views: &[Vec<View<'_>>], found: &Findings) -> Vec<Section> {
    let mut sections = vec![
        Section::new("recommendations", "Recommendations", 2),
        immediate(views, found),
    ];
    sections.extend(findings::immediate(found));
    sections.push(long_term(views, found));
    sections
}

/// What leads the recommendations: the findings follow, each in a section of its own; what no
/// finding is about is only looked at first.
fn immediate(views: &[Vec<View<'_>>], found: &Findings) -> Section {
    let mut section = Section::new("immediate", "Immediate", 3);
    let items: Vec<Text> = views
        .iter()
        .flatten()
        .filter(|view| !is_covered(view, found))
        .filter_map(look_first)
        .collect();
    let is_grave = |f: &Finding| f.severity > Severity::Info;
    let has_findings = found.findings.iter().any(is_grave);
    if items.is_empty() && !has_findings {
        section.push(
            "None: the data names no function that causes at least 5% of a file's total, and \
             advice without a number behind it is not given.",
        );
        return section;
    }
    if has_findings {
        section.push(
            "Each cause that was found has a section below, gravest first, with the change at its \
             place and the way to check it.",
        );
    }
    if !items.is_empty() {
        section.push(if has_findings {
            "Where no rule applies, the heaviest place is the one to look at:"
        } else {
            "No rule applies; the heaviest places are the ones to look at:"
        });
        section.push(List::ordered(items));
    }
    // Findings say how to check a change themselves.
    if let Some(commands) = verify(views).filter(|_| !has_findings) {
        section
            .push("To verify a change, record the same profile again and look at the same line:");
        section.push(commands);
    }
    section
}

/// A finding above information is about this file.
fn is_covered(view: &View<'_>, found: &Findings) -> bool {
    let is_here = |f: &Finding| {
        let name = view.study.file.name;
        f.severity > Severity::Info && f.evidence.iter().any(|e| e.name == name)
    };
    found.findings.iter().any(is_here)
}

/// The heaviest cause of a view.
fn look_first(view: &View<'_>) -> Option<Text> {
    let mut causes = main_causes(view);
    let first = causes.next()?;
    let mut text = Text::from("Look at ")
        .code(&view.name(first.node))
        .plain(" first: it causes ");
    text = text.strong(&view.percent(first.value)).plain(&format!(
        " of the {} ({} of {}; {})",
        what(view),
        view.text(first.value),
        view.words(view.total()),
        view.source()
    ));
    if let Some((part, share)) = view.mostly(first) {
        text = text.plain(&format!(
            ", {:.0}% of that in “{}”",
            share * 100.0,
            part_name(part)
        ));
    }
    text = text.plain(".");
    if !first.place.is_empty() && first.line_value != 0 {
        text = text
            .plain(" Its heaviest line is ")
            .code(&first.place)
            .plain(&format!(
                " with {} ({}).",
                view.text(first.line_value),
                view.percent(first.line_value)
            ));
    }
    match causes.next() {
        Some(second) if tied(view, first, second) => Some(
            text.plain(" By this many samples ")
                .code(&view.name(second.node))
                .plain(&format!(
                    " ({}) is not distinguishable from it.",
                    view.percent(second.value)
                )),
        ),
        _ => Some(text),
    }
}

fn tied(view: &View<'_>, first: &Cause, second: &Cause) -> bool {
    let bounds = |cause: &Cause| wilson(cause.samples, view.sample_count);
    view.study.file.kind == Kind::Cpu && bounds(first).0 <= bounds(second).1
}

/// One command per file that a recommendation came from.
fn verify(views: &[Vec<View<'_>>]) -> Option<Block> {
    let named = |view: &&View<'_>| main_causes(view).next().is_some();
    let lines: Vec<String> = views
        .iter()
        .flatten()
        .filter(named)
        .map(top_command)
        .collect();
    (!lines.is_empty()).then(|| Block::code(lines.join("\n")))
}

/// The command that prints the functions of a view, by cost with callees.
pub(super) fn top_command(view: &View<'_>) -> String {
    format!(
        "go tool pprof -top -cum -nodecount=20 -sample_index={} {}",
        shell::word(&view.type_name),
        shell::word(view.study.file.name)
    )
}

fn long_term(views: &[Vec<View<'_>>], found: &Findings) -> Section {
    let mut section = Section::new("long-term", "Long-term", 3);
    let mut items: Vec<Text> = findings::long_term(found);
    items.extend(views.iter().flatten().filter_map(longer));
    items.extend(guard(views));
    if let Some(text) = record_too(views) {
        items.push(text);
    }
    if items.is_empty() {
        section.push("None: every kind of profile is here, and nothing stands out.");
    } else {
        section.push(List::bullets(items));
    }
    section
}

/// A CPU profile with too few samples for detail.
fn longer(view: &View<'_>) -> Option<Text> {
    let n = view.sample_count;
    if view.study.file.kind != Kind::Cpu || n >= SAMPLES_FOR_DETAIL {
        return None;
    }
    let example = match share_interval(0.05, n) {
        text if text.is_empty() || n < RANKABLE => String::new(),
        text => format!("a share of 5% may in truth be {text}; "),
    };
    Some(Text::from("Record longer: ").code(view.study.file.name).plain(&format!(
        " holds {} samples, {example}at Go's 100 samples per second and busy core, 30 seconds on \
         one core give 3 000.",
        unit::count(n)
    )))
}

/// Keep what is won.
fn guard(views: &[Vec<View<'_>>]) -> Option<Text> {
    let (view, cause) = views
        .iter()
        .flatten()
        .filter(|v| matches!(v.study.file.kind, Kind::Cpu | Kind::Heap | Kind::Allocs))
        .find_map(|view| main_causes(view).next().map(|cause| (view, cause)))?;
    debug_assert!(view.share(cause.value) >= WORTH_NAMING);
    Some(
        Text::from("Keep a benchmark that spends its time in ")
            .code(&view.name(cause.node))
            .plain(" and compare it before and after each change (Benchmarking Results)."),
    )
}

/// Kinds that no file covers.
fn record_too(views: &[Vec<View<'_>>]) -> Option<Text> {
    let kinds: Vec<Kind> = views.iter().flatten().map(|v| v.study.file.kind).collect();
    let wanted: [(&str, &[Kind]); 5] = [
        ("CPU", &[Kind::Cpu]),
        ("heap or allocation", &[Kind::Heap, Kind::Allocs]),
        ("goroutine", &[Kind::Goroutine, Kind::GoroutineLeak]),
        ("block", &[Kind::Block]),
        ("mutex", &[Kind::Mutex]),
    ];
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|(_, fills)| !kinds.iter().any(|kind| fills.contains(kind)))
        .map(|(name, _)| name)
        .collect();
    let profiles = (!missing.is_empty()).then(|| format!("{} profile", missing.join(", ")));
    let trace = (!kinds.contains(&Kind::Trace)).then(|| "execution trace".to_owned());
    let wanted: Vec<String> = profiles.into_iter().chain(trace).collect();
    if wanted.is_empty() || kinds.is_empty() {
        return None;
    }
    Some(Text::from(format!(
        "Record also, of the same load and one kind at a time so that they do not disturb each \
         other: {}. The sections above hold the commands.",
        wanted.join("; ")
    )))
}
