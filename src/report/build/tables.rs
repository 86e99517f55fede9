//! The tables and figures that every kind of profile shares.

use super::super::document::{Block, Column, Mark, Section, Table, Text};
use super::super::figure::{self, Part as FigurePart};
use super::study::View;
use crate::analysis::{Part, TopRow};
use crate::unit;

/// The frame that a preempted goroutine stands in.
const PREEMPT: &str = "runtime.asyncPreempt";
/// Rows of a top table.
const TOP: usize = 10;

/// The two tables of top consumers: by own cost and by cost with callees.
pub(super) fn top_tables(section: &mut Section, view: &View<'_>) {
    section.push(top_table(view, "Top by own cost (flat)", &view.by_flat));
    section.push(top_table(
        view,
        "Top by cost with callees (cum)",
        &view.by_cum,
    ));
    let preempted = view
        .by_flat
        .iter()
        .take(TOP)
        .any(|row| view.name(row.node) == PREEMPT);
    if preempted {
        section.push(Text::default().code(PREEMPT).plain(
            " is where the scheduler interrupts a goroutine, often in the same tick as the \
                 profiler: its cost belongs to its callers. The table by your own functions and \
                 the bar count it there.",
        ));
    }
}

fn top_table(view: &View<'_>, title: &str, rows: &[TopRow]) -> Table {
    let caption = format!(
        "{title}, {} of {} functions; {}",
        rows.len().min(TOP),
        unit::count(rows.len() as u64),
        view.source()
    );
    let columns = [
        Column::symbol("Function"),
        Column::number("flat"),
        Column::number("flat %"),
        Column::number("cum"),
        Column::number("cum %"),
        Column::text("Whose"),
    ];
    let mut table = Table::new(&caption, columns);
    for row in rows.iter().take(TOP) {
        table.row([
            view.name(row.node),
            view.text(row.flat),
            view.percent(row.flat),
            view.text(row.cum),
            view.percent(row.cum),
            view.class(row.node).label().to_owned(),
        ]);
    }
    table
}

/// Who causes the cost.
pub(super) fn causes_table(section: &mut Section, view: &View<'_>) {
    let caption = format!(
        "By your own functions, each with what it calls in libraries and the runtime, {} of {}; {}",
        view.causes.len().min(TOP),
        unit::count(view.causes.len() as u64),
        view.source()
    );
    let columns = [
        Column::symbol("Function"),
        Column::number("value"),
        Column::number("share"),
        Column::code("heaviest line"),
        Column::number("of that line"),
    ];
    let mut table = Table::new(&caption, columns);
    for cause in view.causes.iter().take(TOP) {
        let line = if cause.place.is_empty() {
            String::new()
        } else {
            view.text(cause.line_value)
        };
        table.row([
            view.name(cause.node),
            view.text(cause.value),
            view.percent(cause.value),
            cause.place.clone(),
            line,
        ]);
    }
    if !table.rows.is_empty() {
        section.push(table);
    }
}

/// The breakdown bar and the table of its parts.
pub(super) fn breakdown(section: &mut Section, view: &View<'_>, question: &str) {
    if view.parts.is_empty() {
        return;
    }
    let colors = colors(&view.parts);
    let drawn: Vec<FigurePart> = view
        .parts
        .iter()
        .zip(&colors)
        .map(|(part, &color)| drawn(part, view.percent(part.value), color))
        .collect();
    let alt = format!("{question}, as a bar; the table below holds its parts");
    section.push(Block::figure(
        &format!("{question}; {}", view.source()),
        figure::bar(&drawn, &alt),
    ));
    section.push(parts_table(view, &colors));
    if view.parts.iter().any(|p| p.hatched) {
        section.push(Text::from(
            "Hatched: marking on processors that had nothing else to do, free as long as cores \
             are idle.",
        ));
    }
}

/// A part of the bar with its share in words.
pub(super) fn drawn(part: &Part, share: String, color: &'static str) -> FigurePart {
    FigurePart {
        label: part.label.clone(),
        value: share,
        // Shares are exact to far more than a hundredth of a pixel in a thousand.
        weight: (part.share * 1e12) as i64,
        color,
        hatched: part.hatched,
    }
}

/// A colour per part: by family, its members told apart by lightness in order of weight.
pub(super) fn colors(parts: &[Part]) -> Vec<&'static str> {
    let nth = |i: usize| {
        parts[..i]
            .iter()
            .filter(|p| p.family == parts[i].family)
            .count()
    };
    parts
        .iter()
        .enumerate()
        .map(|(i, p)| figure::family_color(p.family.name(), nth(i)))
        .collect()
}

/// What a part's row in the table begins with.
pub(super) fn mark(part: &Part, color: &str) -> Mark {
    Mark {
        color: color.to_owned(),
        hatched: part.hatched,
        share: part.share,
    }
}

fn parts_table(view: &View<'_>, colors: &[&'static str]) -> Table {
    let caption = format!(
        "Parts of the bar, together {}; {}",
        together(view),
        view.source()
    );
    let columns = [
        Column::text("Part"),
        Column::number("value"),
        Column::number("share"),
        Column::symbol("heaviest for"),
    ];
    let mut table = Table::new(&caption, columns);
    for (part, color) in view.parts.iter().zip(colors) {
        let top = part
            .top
            .first()
            .map(|&(node, _)| view.name(node))
            .unwrap_or_default();
        table.part(
            mark(part, color),
            [
                part.label.clone(),
                view.text(part.value),
                view.percent(part.value),
                top,
            ],
        );
    }
    table
}

/// What all samples add up to. With negative values that is not what shares are of.
fn together(view: &View<'_>) -> String {
    let (net, total) = (view.words(view.selection.net()), view.words(view.total()));
    if net == total {
        total
    } else {
        format!("{net} net; shares are of {total}")
    }
}

/// One line on what a file holds: sum, samples, time.
pub(super) fn facts(view: &View<'_>) -> Text {
    let profile = view.profile;
    let mut text = Text::default().strong(&together(view)).plain(&format!(
        " in {} samples of {} distinct stacks",
        unit::count(view.sample_count),
        unit::count(profile.stacks.len() as u64)
    ));
    if profile.duration_nanos > 0 {
        let wall = unit::label(profile.duration_nanos, "nanoseconds");
        text = text.plain(&format!(", recorded over {wall}"));
    }
    text.plain(&format!("; {}.", view.source()))
}
