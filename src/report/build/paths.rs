//! Hot paths and the lines of the hottest functions.

use std::cmp::Reverse;

use super::super::document::{Column, Section, Table};
use super::study::View;
use crate::analysis::{HotPath, line_costs, short_path};
use crate::model::Kind;
use crate::unit;

/// Paths shown.
const PATHS: usize = 5;
/// Functions whose lines are shown, and lines of each.
const FUNCTIONS: usize = 3;
const LINES: usize = 5;
/// Lines and functions below this share are left out of the table of lines.
const WORTH_A_ROW: f64 = 0.01;

/// The heaviest call paths as one table, a step per row.
pub(super) fn hot_paths(section: &mut Section, view: &View<'_>) {
    let shown = &view.paths[..view.paths.len().min(PATHS)];
    if shown.is_empty() {
        return;
    }
    let caption = format!(
        "Hot paths, callers first; a path's share is what ends on it and on no other; values are \
         of this path only; {}",
        view.source()
    );
    let columns = [
        Column::text("Path"),
        Column::symbol("Step"),
        Column::number("flat"),
        Column::number("cum"),
        Column::number("cum %"),
        Column::text("Note"),
    ];
    let mut table = Table::new(&caption, columns);
    for (nth, path) in shown.iter().enumerate() {
        path_rows(&mut table, view, &shown[..nth], path);
    }
    section.push(table);
}

/// The steps of one path; what it has in common with an earlier one is not said again.
fn path_rows(table: &mut Table, view: &View<'_>, earlier: &[HotPath], path: &HotPath) {
    let (shared, twin) = earlier
        .iter()
        .enumerate()
        .map(|(i, other)| (common_steps(other, path), i + 1))
        .max_by_key(|&(shared, i)| (shared, Reverse(i)))
        .unwrap_or_default();
    let begin = shared.saturating_sub(1);
    for (i, step) in path.steps.iter().enumerate().skip(begin) {
        let first = i == begin;
        let number = earlier.len() + 1;
        let label = if first {
            format!("{number}: {}", view.percent(path.value))
        } else {
            String::new()
        };
        let note = match step.folded_count {
            _ if first && begin > 0 => format!("as in {twin} up to here"),
            0 => String::new(),
            1 => "1 frame folded before".to_owned(),
            n => format!("{} frames folded before", unit::count(n as u64)),
        };
        table.row([
            label,
            view.name(step.node),
            view.text(step.flat),
            view.text(step.cum),
            view.percent(step.cum),
            note,
        ]);
    }
}

/// Steps that two paths begin with together.
fn common_steps(a: &HotPath, b: &HotPath) -> usize {
    a.steps
        .iter()
        .zip(&b.steps)
        .take_while(|(a, b)| a.at == b.at)
        .count()
}

/// The lines of the functions that cause most.
pub(super) fn lines(section: &mut Section, view: &View<'_>) {
    let mut caption = format!("Lines of the functions that cause most; {}", view.source());
    if view.study.file.kind == Kind::Cpu {
        caption.push_str("; lines on fewer than 30 samples are indicative only");
    }
    let columns = [
        Column::symbol("Function"),
        Column::code("line"),
        Column::number("flat"),
        Column::number("cum"),
        Column::number("cum %"),
    ];
    let mut table = Table::new(&caption, columns);
    let worth = |value: i64| view.share(value) >= WORTH_A_ROW;
    for cause in view
        .causes
        .iter()
        .filter(|c| worth(c.value))
        .take(FUNCTIONS)
    {
        let costs = line_costs(view.profile, view.nodes, &view.selection, cause.node);
        for cost in costs
            .iter()
            .filter(|c| c.line > 0 && worth(c.cum))
            .take(LINES)
        {
            table.row([
                view.name(cause.node),
                format!("{}:{}", short_path(&cost.file), cost.line),
                view.text(cost.flat),
                view.text(cost.cum),
                view.percent(cost.cum),
            ]);
        }
    }
    if !table.rows.is_empty() {
        section.push(table);
    }
}
