//! What benchstat prints.

use std::collections::HashMap;

use super::grid::{Align, Grid};
use super::{
    Comparison, MEAN, Scale, delta_text, key_lines, lossy, own_warnings, range_text, signed_percent,
};
use crate::analysis::bench::{BenchTable, BenchTables, is_binary};

/// Columns of the grid for a value: number, range, notes.
const VALUE: usize = 3;
/// And for a difference: change, probability and numbers, notes.
const DIFFERENCE: usize = 3;

/// The first column of the grid for a column of the table.
fn start(column: usize) -> usize {
    match column {
        0 => 1,
        _ => 1 + VALUE + (column - 1) * (VALUE + DIFFERENCE),
    }
}

/// The tables as text. Empty without any.
pub fn text(comparison: &Comparison<'_>) -> Vec<u8> {
    let tables = comparison.tables;
    let mut out = Vec::new();
    for at in 0..tables.tables.len() {
        if at > 0 {
            out.push(b'\n');
        }
        for line in key_lines(tables, at) {
            out.extend(line);
            out.push(b'\n');
        }
        out.extend(table(comparison, &tables.tables[at]).into_bytes());
    }
    out
}

/// Footnotes in the order of their first use.
#[derive(Default)]
struct Notes {
    texts: Vec<String>,
    places: HashMap<String, usize>,
}

impl Notes {
    /// The marks of some notes.
    fn marks(&mut self, notes: impl IntoIterator<Item = String>) -> String {
        let marks = notes.into_iter().map(|note| {
            let next = self.texts.len();
            let at = *self.places.entry(note.clone()).or_insert(next);
            if at == next {
                self.texts.push(note);
            }
            superscript(at + 1)
        });
        marks.collect::<Vec<_>>().join(" ")
    }
}

fn superscript(number: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string();
    digits
        .bytes()
        .map(|b| DIGITS[usize::from(b - b'0')])
        .collect()
}

fn table(comparison: &Comparison<'_>, table: &BenchTable) -> String {
    let mut grid = Grid::default();
    let mut notes = Notes::default();
    header(&mut grid, comparison.tables, table);
    let unit_is_binary = is_binary(&table.unit);
    for row in &table.rows {
        grid.row();
        grid.cell(lossy(&row.label()), Align::Left);
        let cells = row.cells.iter().flatten();
        let scale = Scale::of(cells.map(|cell| cell.summary.center), unit_is_binary);
        for (column, cell) in row.cells.iter().enumerate() {
            let Some(cell) = cell else { continue };
            grid.at(start(column));
            grid.cell(scale.format(cell.summary.center), Align::Right);
            grid.span(1, range_text(cell), Align::Right, " ± ");
            grid.cell(notes.marks(own_warnings(comparison, cell)), Align::Left);
            let Some(difference) = &cell.difference else {
                continue;
            };
            grid.cell(delta_text(difference), Align::Right);
            grid.cell(
                format!("({})", comparison.evidence(difference)),
                Align::Left,
            );
            let warnings = difference.warnings.iter().map(ToString::to_string);
            grid.cell(notes.marks(warnings), Align::Left);
        }
    }
    if table.rows.len() > 1 {
        means(&mut grid, &mut notes, table, unit_is_binary);
    }
    let mut out = String::new();
    grid.print(&mut out);
    for (at, note) in notes.texts.iter().enumerate() {
        out.push_str(&format!("{} {note}\n", superscript(at + 1)));
    }
    out
}

/// A line for each key of the columns, equal neighbours joined, and one for the unit.
fn header(grid: &mut Grid, tables: &BenchTables, table: &BenchTable) {
    let edge = start(table.columns.len() + 1);
    for field in 0..tables.column_fields.len() {
        grid.row();
        let mut from = 0;
        // Neighbours are joined below what is joined above them.
        for equal in table
            .columns
            .chunk_by(|a, b| a.key[..=field] == b.key[..=field])
        {
            let to = from + equal.len();
            let value = lossy(&equal[0].key[field]);
            let span = start(to) - start(from);
            grid.at(start(from)).span(span, value, Align::Center, " │ ");
            from = to;
        }
        grid.at(edge).span(1, "", Align::Left, " │");
    }
    grid.row();
    for column in 0..table.columns.len() {
        let from = start(column);
        grid.at(from)
            .span(VALUE, lossy(&table.unit), Align::Center, " │ ");
        if column > 0 {
            grid.span(DIFFERENCE, "vs base", Align::Left, "  ");
        }
        for within in from + 1..start(column + 1) {
            grid.fix(within);
        }
    }
    grid.at(edge).span(1, "", Align::Left, " │");
}

fn means(grid: &mut Grid, notes: &mut Notes, table: &BenchTable, unit_is_binary: bool) {
    grid.row();
    grid.cell(MEAN, Align::Left);
    for (column, mean) in table.means.iter().enumerate() {
        if let Some(value) = mean.mean {
            grid.at(start(column));
            grid.cell(
                Scale::of([value], unit_is_binary).format(value),
                Align::Right,
            );
        }
        if column > 0 {
            grid.at(start(column) + VALUE);
            match mean.ratio {
                Some(ratio) => grid.cell(signed_percent(ratio - 1.0), Align::Right),
                None => grid.cell("?", Align::Left),
            };
        }
        grid.at(start(column + 1) - 1);
        let warnings = mean.warnings.iter().map(ToString::to_string);
        grid.cell(notes.marks(warnings), Align::Left);
    }
}
