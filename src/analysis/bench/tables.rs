//! Results side by side.

use super::difference::difference;
use super::{Difference, SampleSummary, UTests, UnitProperties, Warning, geometric_mean};
use crate::model::Benchmarks;

/// A file with the name of its column.
#[derive(Clone, Copy, Debug)]
pub struct BenchFile<'a> {
    /// What its column is called, and the value of `.file`. Files of one label are one column.
    pub label: &'a str,
    /// What is in it.
    pub benchmarks: &'a Benchmarks,
}

/// How results are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompareOptions {
    /// Level of the intervals.
    pub confidence: f64,
    /// A difference whose probability by chance is not above this is significant.
    pub alpha: f64,
    /// Do as benchstat where it is wrong: a value of 0 ns/op is not one of sec/op, and
    /// significance follows [`Difference::p`].
    pub as_benchstat: bool,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            alpha: 0.05,
            as_benchstat: false,
        }
    }
}

/// All results that were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenchTables {
    /// The keys that make a table, `.config` taken apart into its own. The unit is not among them.
    pub table_fields: Vec<Vec<u8>>,
    /// The keys that make a row.
    pub row_fields: Vec<Vec<u8>>,
    /// The keys that make a column.
    pub column_fields: Vec<Vec<u8>>,
    /// In the order of their keys, then of their units as these were first seen.
    pub tables: Vec<BenchTable>,
}

/// Results that have the keys of a table and one unit in common.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchTable {
    /// The values of [`BenchTables::table_fields`].
    pub key: Vec<Vec<u8>>,
    /// The unit in its base form.
    pub unit: Vec<u8>,
    /// What is known of it.
    pub properties: UnitProperties,
    /// The columns that it has; the others are compared with the first.
    pub columns: Vec<BenchColumn>,
    /// Its rows, in the order of their keys.
    pub rows: Vec<BenchRow>,
    /// What each column comes to.
    pub means: Vec<ColumnMean>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchColumn {
    /// The values of [`BenchTables::column_fields`].
    pub key: Vec<Vec<u8>>,
    /// The file that all of it is from; `None` if several are.
    pub file: Option<usize>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchRow {
    /// The values of [`BenchTables::row_fields`].
    pub key: Vec<Vec<u8>>,
    /// A cell per column.
    pub cells: Vec<Option<BenchCell>>,
}

impl BenchRow {
    /// Its values with blanks between them, without the empty ones.
    pub fn label(&self) -> Vec<u8> {
        label(&self.key)
    }
}

impl BenchColumn {
    /// Its values with blanks between them, without the empty ones.
    pub fn label(&self) -> Vec<u8> {
        label(&self.key)
    }
}

fn label(key: &[Vec<u8>]) -> Vec<u8> {
    let values: Vec<&[u8]> = key
        .iter()
        .map(Vec::as_slice)
        .filter(|value| !value.is_empty())
        .collect();
    values.join(&b' ')
}

/// The results of one row and column.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchCell {
    /// The values in the order in which they were read.
    pub samples: Vec<f64>,
    /// Where each is from.
    pub origins: Vec<Origin>,
    /// The values in a few numbers.
    pub summary: SampleSummary,
    /// How it differs from the first column; `None` in that, and where that has no such cell.
    pub difference: Option<Difference>,
    /// Keys in which its results differ although nothing asked for that tells them apart.
    pub vary: Vec<Vec<u8>>,
}

/// Where a sample is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Which of the files.
    pub file: u32,
    /// Row of [`Benchmarks::results`].
    pub result: u32,
}

/// What a column comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnMean {
    /// Geometric mean of all its middles; `None` where one is not above 0.
    pub mean: Option<f64>,
    /// Geometric mean of the ratios to the first column, over the rows that both have. `None` in
    /// the first, and where there is none.
    pub ratio: Option<f64>,
    /// What to know about them.
    pub warnings: Vec<Warning>,
}

impl BenchTable {
    /// Compares every cell with the first of its row, and the columns with the first of them.
    pub(super) fn compare(&mut self, options: &CompareOptions, tests: &mut UTests) {
        let assume = self.properties.assume;
        for row in &mut self.rows {
            let Some((Some(old), others)) = row.cells.split_first_mut() else {
                continue;
            };
            for new in others.iter_mut().flatten() {
                let found = difference(
                    (&old.samples, &old.summary),
                    (&new.samples, &new.summary),
                    assume,
                    options,
                    tests,
                );
                new.difference = Some(found);
            }
        }
        let columns = 0..self.columns.len();
        self.means = columns
            .map(|column| column_mean(&self.rows, column))
            .collect();
    }
}

fn column_mean(rows: &[BenchRow], column: usize) -> ColumnMean {
    let center = |row: &BenchRow, column: usize| {
        let cell = row.cells[column].as_ref()?;
        Some(cell.summary.center)
    };
    let own: Vec<f64> = rows.iter().filter_map(|row| center(row, column)).collect();
    let mut found = ColumnMean {
        mean: geometric_mean(&own),
        ratio: None,
        warnings: Vec::new(),
    };
    let mut ratios = Vec::new();
    // From 0 to something is no ratio, and then there is no mean of them.
    let mut from_zero = false;
    if column > 0 {
        for row in rows {
            if let (Some(old), Some(new)) = (center(row, 0), center(row, column)) {
                from_zero |= old == 0.0 && new != 0.0;
                ratios.push(if new == old { 1.0 } else { new / old });
            }
        }
        let of_base = rows.iter().filter(|row| row.cells[0].is_some()).count();
        if ratios.len() != of_base {
            found.warnings.push(Warning::OtherBenchmarks);
        }
    }
    if found.mean.is_none() {
        found.warnings.push(Warning::NotPositive);
    }
    if column > 0 && !from_zero {
        found.ratio = geometric_mean(&ratios);
        if found.ratio.is_none() {
            found.warnings.push(Warning::RatioNotPositive);
        }
    }
    found
}
