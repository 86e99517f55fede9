//! Comparisons of benchmark results as texts: benchstat's own, byte for byte, and others.
//!
//! [`text`] and [`csv`] are what `golang.org/x/perf/cmd/benchstat` prints, down to where its layout
//! goes wrong; [`markdown`] and [`json`] are for what people make of it.

mod axis;
mod blocks;
mod causes;
mod csv;
mod grid;
mod json;
mod number;
mod picture;
mod recipe;
mod text;
mod words;

use std::borrow::Cow;

pub use axis::{Axis, PlacedCell};
pub use blocks::is_told;
pub use blocks::{BlockOptions, blocks, markdown, table_title};
pub use causes::{BenchProfile, Explained, amount, explain, explained_words};
pub use csv::csv;
pub use json::json;
pub use json::verdict_name;
pub use number::Scale;
pub use picture::{Drawn, picture};
pub use recipe::commands;
pub use text::text;
pub use words::{
    Tally, quality_words, ratio_words, summary_facts, tallies, tally_labels, tally_words,
    verdict_words,
};

use crate::analysis::bench::{
    BenchCell, BenchTables, ColumnMean, Delta, Difference, RelativeRange, Warning, relative_range,
};

/// The name of a column's mean.
const MEAN: &str = "geomean";

/// A comparison to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The tables.
    pub tables: &'a BenchTables,
    /// Print the probability as benchstat computes it, mistakes included.
    pub as_benchstat: bool,
    /// From which probability on a difference is none.
    pub alpha: f64,
}

impl Comparison<'_> {
    /// The probability to be printed.
    fn p(&self, difference: &Difference) -> f64 {
        match self.as_benchstat {
            true => difference.p,
            false => difference.two_sided,
        }
    }

    /// `p=0.002 n=6`, or without p where that is 0.
    pub fn evidence(&self, difference: &Difference) -> String {
        let p = self.p(difference);
        let p = if p == 0.0 {
            String::new()
        } else {
            format!("p={} ", fixed(p, 3))
        };
        let (base, new) = (difference.n_base, difference.n);
        match base == new {
            true => format!("{p}n={new}"),
            false => format!("{p}n={base}+{new}"),
        }
    }
}

/// A number with so many decimals, as Go prints it.
fn fixed(x: f64, decimals: usize) -> String {
    match x {
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => format!("{x:.decimals$}"),
    }
}

/// A share with its sign, in percent.
fn signed_percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent.is_nan() => "+NaN%".to_owned(),
        _ if percent.is_infinite() => format!("{}%", fixed(percent, 0)),
        _ => format!("{percent:+.2}%"),
    }
}

/// By how much a cell differs from the first of its row: `-15.09%`, `~`, `0.00%` or `?`.
pub fn delta_text(difference: &Difference) -> String {
    match difference.delta {
        _ if !difference.significant => "~".to_owned(),
        Delta::Same => "0.00%".to_owned(),
        Delta::FromZero => "?".to_owned(),
        Delta::Change(by) => signed_percent(by),
    }
}

/// How far the interval reaches: `3%`, `∞` or `?`.
pub fn range_text(cell: &BenchCell) -> String {
    let summary = &cell.summary;
    match relative_range(summary.center, summary.low, summary.high) {
        RelativeRange::Infinite => "∞".to_owned(),
        RelativeRange::AcrossZero => "?".to_owned(),
        RelativeRange::Share(share) => format!("{}%", fixed(share * 100.0, 0)),
    }
}

/// The comparisons of which benchstat's test says something else than it should, one line each: with
/// equal values and samples of different size, its p depends on which file comes first.
pub fn differing(comparison: &Comparison<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for table in &comparison.tables.tables {
        for row in &table.rows {
            for (cell, column) in row.cells.iter().zip(&table.columns) {
                let difference = cell.as_ref().and_then(|cell| cell.difference.as_ref());
                let differs = difference.and_then(|found| differing_cell(found, comparison.alpha));
                if let Some(differs) = differs {
                    let (row, unit) = (row.label(), lossy(&table.unit));
                    let column = column.label();
                    lines.push(format!(
                        "{} {unit} in {}: {differs}",
                        lossy(&row),
                        lossy(&column)
                    ));
                }
            }
        }
    }
    lines
}

/// What benchstat says of a difference, where it is not what its test should say.
pub fn differing_cell(difference: &Difference, alpha: f64) -> Option<String> {
    let differs = (difference.p <= alpha) != (difference.two_sided <= alpha);
    differs.then(|| {
        format!(
            "p={} here; benchstat says p={}, which depends on the order of files",
            fixed(difference.two_sided, 3),
            fixed(difference.p, 3)
        )
    })
}

/// The change of a column's mean: `-8.94%`, or `?`; empty in the first column.
pub fn mean_change(mean: &ColumnMean) -> String {
    mean.ratio
        .map_or_else(String::new, |ratio| signed_percent(ratio - 1.0))
}

/// What to know about a cell's own value, in the words of benchstat.
pub fn own_warnings(comparison: &Comparison<'_>, cell: &BenchCell) -> Vec<String> {
    let mut warnings = Vec::new();
    if !cell.vary.is_empty() {
        let keys: Vec<Cow<'_, str>> = cell.vary.iter().map(|key| lossy(key)).collect();
        warnings.push(format!("benchmarks vary in {}", keys.join(", ")));
    }
    // benchstat says nothing of what is no number.
    let is_said = |warning: &&Warning| !comparison.as_benchstat || **warning != Warning::NotANumber;
    let own = cell.summary.warnings.iter().filter(is_said);
    warnings.extend(own.map(ToString::to_string));
    warnings
}

fn lossy(text: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(text)
}

/// The lines that say which table it is: those keys whose value is not that of the table before;
/// of the first, all. Values are bytes of a file.
fn key_lines(tables: &BenchTables, at: usize) -> Vec<Vec<u8>> {
    let own = &tables.tables[at].key;
    let before = at.checked_sub(1).map(|at| &tables.tables[at].key);
    let fields = tables.table_fields.iter().zip(own).enumerate();
    let changed =
        fields.filter(|(field, (_, value))| before.is_none_or(|key| key[*field] != **value));
    changed
        .map(|(_, (name, value))| [name, &b": "[..], value].concat())
        .collect()
}
