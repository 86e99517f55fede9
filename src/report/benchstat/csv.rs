//! The CSV that benchstat writes: rows end with their last cell, and what to know stands elsewhere.

use super::{Comparison, MEAN, delta_text, key_lines, own_warnings, range_text, signed_percent};
use crate::analysis::bench::BenchTable;
use crate::gotext::shortest;
use crate::report::csv::push_csv;

/// Fields of a value: number, range.
const VALUE: usize = 2;
/// And of a difference: change, evidence.
const DIFFERENCE: usize = 2;

fn start(column: usize) -> usize {
    match column {
        0 => 1,
        _ => 1 + VALUE + (column - 1) * (VALUE + DIFFERENCE),
    }
}

/// The tables as CSV, and the lines that benchstat writes to standard error: each begins with the
/// cell that it is about. As benchstat writes it nothing guards against formulas; otherwise texts of
/// a file are none, as in [`crate::report::csv`].
pub fn csv(comparison: &Comparison<'_>) -> (Vec<u8>, String) {
    let tables = comparison.tables;
    let mut sheet = Sheet {
        is_guarded: !comparison.as_benchstat,
        ..Sheet::default()
    };
    for (at, table) in tables.tables.iter().enumerate() {
        if at > 0 {
            sheet.end();
        }
        for line in key_lines(tables, at) {
            sheet.field(&line);
            sheet.end();
        }
        for field in 0..tables.column_fields.len() {
            for (column, key) in table.columns.iter().enumerate() {
                sheet.at(start(column));
                sheet.field(&key.key[field]);
            }
            sheet.at(start(table.columns.len()));
            sheet.end();
        }
        rows(comparison, table, &mut sheet);
    }
    (sheet.out, sheet.warnings)
}

fn rows(comparison: &Comparison<'_>, table: &BenchTable, sheet: &mut Sheet) {
    for column in 0..table.columns.len() {
        sheet.at(start(column));
        sheet.field(&table.unit);
        sheet.text("CI");
        if column > 0 {
            sheet.text("vs base");
            sheet.text("P");
        }
    }
    sheet.end();
    for row in &table.rows {
        sheet.field(&row.label());
        for (column, cell) in row.cells.iter().enumerate() {
            let Some(cell) = cell else { continue };
            sheet.at(start(column));
            sheet.warn(own_warnings(comparison, cell));
            sheet.text(&shortest(cell.summary.center));
            sheet.text(&range_text(cell));
            if let Some(difference) = &cell.difference {
                sheet.warn(difference.warnings.iter().map(ToString::to_string));
                sheet.text(&delta_text(difference));
                sheet.text(&comparison.evidence(difference));
            }
        }
        sheet.end();
    }
    sheet.text(MEAN);
    for (column, mean) in table.means.iter().enumerate() {
        sheet.at(start(column));
        sheet.warn(mean.warnings.iter().map(ToString::to_string));
        if let Some(value) = mean.mean {
            sheet.text(&shortest(value));
        }
        if column > 0 {
            sheet.at(start(column) + VALUE);
            let ratio = mean.ratio.map(|ratio| signed_percent(ratio - 1.0));
            sheet.text(ratio.as_deref().unwrap_or("?"));
        }
    }
    sheet.at(start(table.columns.len()));
    sheet.end();
}

/// A sheet under construction.
#[derive(Default)]
struct Sheet {
    /// Texts of a file that a spreadsheet would take for a formula get an apostrophe.
    is_guarded: bool,
    out: Vec<u8>,
    warnings: String,
    /// Fields of the row under construction.
    fields: usize,
    /// Rows that are done.
    rows: usize,
}

impl Sheet {
    /// A number, or words of our own.
    fn text(&mut self, text: &str) {
        if self.fields > 0 {
            self.out.push(b',');
        }
        self.fields += 1;
        self.out.extend_from_slice(text.as_bytes());
    }

    fn field(&mut self, text: &[u8]) {
        if self.fields > 0 {
            self.out.push(b',');
        }
        self.fields += 1;
        if self.is_guarded {
            push_csv(&mut self.out, text);
            return;
        }
        if !is_quoted(text) {
            self.out.extend_from_slice(text);
            return;
        }
        self.out.push(b'"');
        for &b in text {
            self.out
                .extend(std::iter::repeat_n(b, 1 + usize::from(b == b'"')));
        }
        self.out.push(b'"');
    }

    /// Empty fields up to there.
    fn at(&mut self, field: usize) {
        while self.fields < field {
            self.text("");
        }
    }

    fn end(&mut self) {
        self.out.push(b'\n');
        self.fields = 0;
        self.rows += 1;
    }

    fn warn(&mut self, warnings: impl IntoIterator<Item = String>) {
        let cell = column_name(self.fields);
        let row = self.rows + 1;
        for warning in warnings {
            self.warnings.push_str(&format!("{cell}{row}: {warning}\n"));
        }
    }
}

/// The name of a column as benchstat has it: beyond Z the letter before the last is one too far.
fn column_name(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (column % 26) as u8));
        column /= 26;
        if column == 0 {
            return letters.iter().rev().collect();
        }
    }
}

/// As Go's encoding/csv decides it.
fn is_quoted(text: &[u8]) -> bool {
    let first = String::from_utf8_lossy(&text[..text.len().min(4)]);
    text == b"\\."
        || text
            .iter()
            .any(|b| matches!(b, b',' | b'"' | b'\r' | b'\n'))
        || first.chars().next().is_some_and(char::is_whitespace)
}
