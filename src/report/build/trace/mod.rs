//! What an execution trace adds to the goroutine analysis: groups of goroutines, waits, the
//! scheduler, the collector, pools of workers, tasks.

mod numbers;
mod pictures;
mod tables;

pub(super) use numbers::numbers;

use super::super::document::Column;
use super::super::document::{Block, List, Section, Table, Text, name};
use super::super::figure::{self, Part as FigurePart};
use super::shell;
use super::study::View;
use super::tables::{colors, drawn, mark};
use crate::analysis::trace::{Totals, is_programs, totals};
use crate::analysis::{Part, headline, percent_of, short_symbol, unescape};
use crate::error::Severity;
use crate::model::trace::{Group, Histogram, NO_STACK, TraceReport};
use crate::model::{Kind, StringId};
use crate::unit::{self, count, traced as time};

/// A trace as the tables need it.
struct Traced<'a> {
    view: &'a View<'a>,
    report: &'a TraceReport,
    totals: Totals,
}

/// Everything about one trace; nothing where its events were not looked at.
pub(super) fn section(id: &str, view: &View<'_>) -> Section {
    let file = view.study.file;
    let title = format!("{}: {}", file.kind.label(), name(file.name));
    let mut section = Section::new(id, &title, 4);
    let facts = headline(view.profile, file.kind, &view.selection);
    section.push(
        Text::default()
            .strong(&facts)
            .plain(&format!("; {}.", source(view))),
    );
    for warning in view
        .trust
        .iter()
        .filter(|d| d.severity == Severity::Warning)
    {
        section.note(warning.message.as_str());
    }
    let report = view
        .profile
        .trace
        .as_deref()
        .filter(|report| report.events > 0);
    let Some(report) = report else {
        return section;
    };
    let traced = Traced {
        view,
        report,
        totals: totals(view.profile, report),
    };
    section.push(List::bullets(
        view.verdict.iter().map(|s| Text::from(s.as_str())),
    ));
    breakdown(&mut section, view);
    pictures::uses(&mut section, &traced);
    tables::groups(&mut section, &traced);
    tables::latency(&mut section, &traced);
    pictures::latency(&mut section, &traced);
    tables::sites(&mut section, &traced);
    tables::collector(&mut section, &traced);
    tables::pools(&mut section, &traced);
    tables::tasks(&mut section, &traced);
    section
}

/// Where the numbers come from: `source: trace.out`.
fn source(view: &View<'_>) -> String {
    format!("source: {}", name(view.study.file.name))
}

/// What the procs' time went into, as a bar and its parts. Shares are of the procs' time, not of
/// the waits that the profile's samples are.
fn breakdown(section: &mut Section, view: &View<'_>) {
    const QUESTION: &str = "Where the processors' time goes";
    if view.parts.is_empty() {
        return;
    }
    let colors = colors(&view.parts);
    let share = |part: &Part| percent_of(part.share);
    let parts = view.parts.iter().zip(&colors);
    let drawn: Vec<FigurePart> = parts
        .map(|(part, &color)| drawn(part, share(part), color))
        .collect();
    let alt = format!("{QUESTION}, as a bar; the table below holds its parts");
    let caption = format!(
        "{QUESTION}: GOMAXPROCS times the length of the trace; {}",
        source(view)
    );
    section.push(Block::figure(&caption, figure::bar(&drawn, &alt)));
    let columns = [
        Column::text("Part"),
        Column::number("time"),
        Column::number("share"),
        Column::symbol("most of it"),
    ];
    let mut table = Table::new(&format!("Parts of the bar; {}", source(view)), columns);
    for (part, color) in view.parts.iter().zip(&colors) {
        let top = part.top.first().map(|&(node, _)| view.name(node));
        table.part(
            mark(part, color),
            [
                part.label.clone(),
                unit::label(part.value, "nanoseconds"),
                share(part),
                top.unwrap_or_default(),
            ],
        );
    }
    section.push(table);
}

impl<'a> Traced<'a> {
    /// The program's groups, with their rows; and those of whom no stack was seen, who may be the
    /// program's.
    fn groups(&self) -> impl Iterator<Item = (u32, &'a Group)> + use<'a, '_> {
        let groups = (0_u32..).zip(&self.report.groups);
        groups.filter(|(_, group)| self.is_own(group))
    }

    fn is_own(&self, group: &Group) -> bool {
        group.is_unnamed() || is_programs(self.view.profile, group)
    }

    fn text(&self, id: StringId) -> String {
        self.view.profile.strings.text(id).into_owned()
    }

    /// What a wait was for; it is not said of those that began before the trace.
    fn reason(&self, id: StringId) -> String {
        match self.text(id) {
            reason if reason.is_empty() => "since before the trace".to_owned(),
            reason => reason,
        }
    }

    /// A group's whole name.
    fn name(&self, row: u32) -> String {
        let group = self.report.groups.get(row as usize);
        group.map_or_else(String::new, |group| {
            if group.is_unnamed() {
                return NO_STACK.to_owned();
            }
            unescape(self.view.profile.strings.bytes(group.name)).into_owned()
        })
    }

    /// The same without the directories of its import path.
    fn short(&self, row: u32) -> String {
        short_symbol(&self.name(row)).to_owned()
    }

    fn caption(&self, what: &str) -> String {
        format!("{what}; {}", source(self.view))
    }
}

/// A time in a table: nothing where there is none.
fn cell(times: &Histogram, value: u64) -> String {
    if times.count() == 0 {
        String::new()
    } else {
        time(value)
    }
}

/// Part of a whole in percent; empty without one.
fn part(part: u64, whole: u64) -> String {
    match whole {
        0 => String::new(),
        _ => percent_of(part as f64 / whole as f64),
    }
}

/// Commands that show the same: of this program, of Go's own tool.
pub(super) fn commands(views: &[Vec<View<'_>>]) -> Vec<String> {
    let traces = views
        .iter()
        .flatten()
        .filter(|view| view.study.file.kind == Kind::Trace);
    let lines = traces.flat_map(|view| {
        let file = shell::word(view.study.file.name);
        [
            format!("dropprof trace {file}"),
            format!("go tool trace {file}"),
        ]
    });
    lines.collect()
}
