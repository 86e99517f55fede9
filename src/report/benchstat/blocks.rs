//! A comparison as blocks of a document: for a report, and as Markdown for a pull request.

use std::collections::BTreeSet;

use super::{
    Comparison, MEAN, Scale, delta_text, lossy, own_warnings, range_text, ratio_words,
    signed_percent, tallies, tally_words, verdict_words,
};
use crate::analysis::bench::{
    BenchRow, BenchTable, Better, Judgement, Verdict, is_binary, judged_column,
};
use crate::report::document::{Block, Column, List, Table, Text};
use crate::report::markdown::write_blocks;
use crate::unit;

/// Which rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockOptions {
    /// Only those with a difference that was told; the others are counted.
    pub only_told: bool,
    /// Rows of a table at most; the others are counted.
    pub rows: usize,
}

/// The tables as GitHub's Markdown: what the comparison says first, then a table for each unit and
/// what to know about it.
pub fn markdown(
    comparison: &Comparison<'_>,
    judged: &[Judgement],
    options: BlockOptions,
) -> String {
    let mut out = String::new();
    write_blocks(&mut out, &blocks(comparison, judged, options));
    out
}

/// The tables as blocks. `judged` is of the same tables.
pub fn blocks(
    comparison: &Comparison<'_>,
    judged: &[Judgement],
    options: BlockOptions,
) -> Vec<Block> {
    let tables = &comparison.tables.tables;
    let mut blocks = Vec::new();
    let tallies = tallies(tables, judged);
    if !tallies.is_empty() {
        let items = tallies.iter().map(|tally| Text::from(tally_words(tally)));
        blocks.push(Block::List(List::bullets(items)));
    }
    let mut rest = judged;
    for (at, table) in tables.iter().enumerate() {
        let (own, after) = rest.split_at(rest.partition_point(|j| j.place.table <= at));
        rest = after;
        one_table(&mut blocks, comparison, table, own, options);
    }
    blocks
}

/// What tells a table from others: `sec/op · pkg: example.com/a · …`.
pub fn table_title(comparison: &Comparison<'_>, table: &BenchTable) -> String {
    let mut parts = vec![lossy(&table.unit).into_owned()];
    let keys = comparison.tables.table_fields.iter().zip(&table.key);
    let keys = keys.filter(|(_, value)| !value.is_empty());
    parts.extend(keys.map(|(name, value)| format!("{}: {}", lossy(name), lossy(value))));
    parts.join(" · ")
}

fn one_table(
    blocks: &mut Vec<Block>,
    comparison: &Comparison<'_>,
    table: &BenchTable,
    judged: &[Judgement],
    options: BlockOptions,
) {
    let mut columns = vec![Column::code("Benchmark")];
    for (at, column) in table.columns.iter().enumerate() {
        columns.push(Column::number(&lossy(&column.label())));
        if at > 0 {
            columns.push(Column::number("vs base"));
            columns.push(Column::text("that is"));
        }
    }
    let mut out = Table::new(&table_title(comparison, table), columns);
    let mut notes: Vec<String> = Vec::new();
    let mut rows = Rows {
        comparison,
        table,
        unit_is_binary: is_binary(&table.unit),
        notes: &mut notes,
    };
    let (mut untold, mut beyond) = (0_u64, 0_u64);
    let mut rest = judged;
    for (at, row) in table.rows.iter().enumerate() {
        let (own, after) = rest.split_at(rest.partition_point(|j| j.place.row <= at));
        rest = after;
        if options.only_told && !own.iter().any(is_told) {
            untold += 1;
        } else if out.rows.len() >= options.rows {
            beyond += 1;
        } else {
            out.row(rows.cells(row, own));
        }
    }
    if table.rows.len() > 1 {
        out.row(rows.means());
    }
    blocks.push(Block::Table(out));
    if untold > 0 {
        notes.push(format!(
            "{} without a difference that was told",
            unit::plural(untold, "more benchmark")
        ));
    }
    if beyond > 0 {
        notes.push(format!(
            "{} not shown",
            unit::plural(beyond, "more benchmark")
        ));
    }
    if table.properties.better == Better::Unknown && table.columns.len() > 1 {
        notes.push("nobody said whether more or less of this unit is better; a line “Unit … better=lower” does".to_owned());
    }
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut told: Vec<&str> = Vec::new();
    for note in &notes {
        if known.insert(note) {
            told.push(note);
        }
    }
    if !told.is_empty() {
        blocks.push(Block::Paragraph(Text::from(format!(
            "{}.",
            told.join("; ")
        ))));
    }
}

/// Whether a difference was told.
pub fn is_told(judgement: &Judgement) -> bool {
    matches!(
        judgement.verdict,
        Verdict::Better | Verdict::Worse | Verdict::Changed
    )
}

struct Rows<'a, 'n> {
    comparison: &'a Comparison<'a>,
    table: &'a BenchTable,
    unit_is_binary: bool,
    notes: &'n mut Vec<String>,
}

impl Rows<'_, '_> {
    fn cells(&mut self, row: &BenchRow, judged: &[Judgement]) -> Vec<String> {
        let centers = row.cells.iter().flatten().map(|cell| cell.summary.center);
        let scale = Scale::of(centers, self.unit_is_binary);
        let mut cells = vec![lossy(&row.label()).into_owned()];
        let base = row.cells[0].as_ref().map(|base| base.summary.center);
        for (column, cell) in row.cells.iter().enumerate() {
            let place = cells.len();
            if let Some(cell) = cell {
                let value = scale.format(cell.summary.center);
                cells.push(format!("{value} ± {}", range_text(cell)));
                self.notes.extend(own_warnings(self.comparison, cell));
                if let Some(difference) = &cell.difference {
                    let evidence = self.comparison.evidence(difference);
                    cells.push(format!("{} ({evidence})", delta_text(difference)));
                    let warnings = difference.warnings.iter().map(ToString::to_string);
                    self.notes.extend(warnings);
                    let is_more = base.is_some_and(|base| cell.summary.center > base);
                    let own = judged_column(judged, column);
                    cells.push(own.map_or_else(String::new, |own| self.meaning(own, is_more)));
                }
            }
            cells.resize(place + if column > 0 { 3 } else { 1 }, String::new());
        }
        cells
    }

    fn meaning(&self, judged: &Judgement, is_more: bool) -> String {
        let words = verdict_words(&self.table.unit, judged.verdict, is_more);
        let mark = match judged.verdict {
            Verdict::Better => "✔ ",
            Verdict::Worse => "✘ ",
            _ => "",
        };
        match &judged.ratio {
            Some(ratio) if is_told(judged) && ratio.has_ends() => {
                format!("{mark}{words}, {}", ratio_words(ratio))
            }
            _ => format!("{mark}{words}"),
        }
    }

    fn means(&mut self) -> Vec<String> {
        let mut cells = vec![MEAN.to_owned()];
        for (column, mean) in self.table.means.iter().enumerate() {
            let text = |value: f64| Scale::of([value], self.unit_is_binary).format(value);
            cells.push(mean.mean.map_or_else(String::new, text));
            self.notes
                .extend(mean.warnings.iter().map(ToString::to_string));
            if column > 0 {
                let ratio = mean.ratio.map(|ratio| signed_percent(ratio - 1.0));
                cells.push(ratio.unwrap_or_else(|| "?".to_owned()));
                cells.push(String::new());
            }
        }
        cells
    }
}
