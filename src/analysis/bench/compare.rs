//! Results of files side by side.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::difference::difference;
use super::{Difference, SampleSummary, UnitProperties, Units, Warning, geometric_mean, summarise};
use crate::model::{Benchmarks, StringId};

/// A file with the name of its column.
#[derive(Clone, Copy, Debug)]
pub struct BenchFile<'a> {
    /// What its column is called.
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

/// All results of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchTable {
    /// The unit in its base form.
    pub unit: Vec<u8>,
    /// What is known of it.
    pub properties: UnitProperties,
    /// A row per benchmark, in the order in which they were first seen.
    pub rows: Vec<BenchRow>,
    /// The column that others are compared with: the first that has this unit.
    pub base: usize,
    /// What each column comes to; `None` for a file without this unit.
    pub means: Vec<Option<ColumnMean>>,
}

/// One benchmark in all files.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchRow {
    /// The package it is of; empty where none is said.
    pub package: Vec<u8>,
    /// Its full name.
    pub name: Vec<u8>,
    /// A cell per file.
    pub cells: Vec<Option<BenchCell>>,
}

/// One benchmark in one file.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchCell {
    /// The values in the order of the file.
    pub samples: Vec<f64>,
    /// The row of [`Benchmarks::results`] that each is of.
    pub results: Vec<u32>,
    /// The values in a few numbers.
    pub summary: SampleSummary,
    /// How it differs from the base; `None` in the base and where that has no such benchmark.
    pub difference: Option<Difference>,
}

/// What a column comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnMean {
    /// Geometric mean of all its middles; `None` where one is not above 0.
    pub mean: Option<f64>,
    /// Geometric mean of the ratios to the base, over the benchmarks that both have. `None` in
    /// the base, and where there is none.
    pub ratio: Option<f64>,
    /// What to know about them.
    pub warnings: Vec<Warning>,
}

/// Groups the results of files by unit, package and name, and compares each with the first file.
pub fn compare(files: &[BenchFile<'_>], options: &CompareOptions) -> Vec<BenchTable> {
    let units = Units::new(files.iter().map(|file| file.benchmarks));
    let mut grouping = Grouping {
        tables: Vec::new(),
        by_unit: HashMap::new(),
        by_name: Vec::new(),
        columns: files.len(),
        units,
    };
    for (column, file) in files.iter().enumerate() {
        grouping.add(column, file.benchmarks, options);
    }
    for table in &mut grouping.tables {
        finish(table, options);
    }
    grouping.tables
}

/// Tables that are being filled.
struct Grouping {
    tables: Vec<BenchTable>,
    by_unit: HashMap<Vec<u8>, usize>,
    /// For each table the rows by package and name.
    by_name: Vec<HashMap<(Vec<u8>, Vec<u8>), usize>>,
    columns: usize,
    units: Units,
}

impl Grouping {
    fn add(&mut self, column: usize, file: &Benchmarks, options: &CompareOptions) {
        let package = file.key(b"pkg");
        // A file's ids stand for its names, so each name is looked up once.
        let mut places: FxHashMap<(StringId, StringId, StringId), (usize, usize)> =
            FxHashMap::default();
        for (row, result) in file.results.iter().enumerate() {
            let package = package.and_then(|key| key.at(row)).unwrap_or(StringId(0));
            for measured in file.measurements_of(result) {
                let quirk = options.as_benchstat && measured.value == measured.written;
                let unit = if quirk {
                    measured.written_unit
                } else {
                    measured.unit
                };
                let key = (unit, package, result.name);
                let (table, at) = *places.entry(key).or_insert_with(|| {
                    let bytes = |id| file.strings.bytes(id).to_vec();
                    self.place(bytes(unit), bytes(package), bytes(result.name))
                });
                let cell = &mut self.tables[table].rows[at].cells[column];
                let cell = cell.get_or_insert_with(|| BenchCell {
                    samples: Vec::new(),
                    results: Vec::new(),
                    summary: summarise(&[], super::Assume::Exact, 1.0),
                    difference: None,
                });
                cell.samples.push(measured.value);
                cell.results.push(row as u32);
            }
        }
    }

    /// The table and the row of a benchmark, made if need be.
    fn place(&mut self, unit: Vec<u8>, package: Vec<u8>, name: Vec<u8>) -> (usize, usize) {
        let next = self.tables.len();
        let table = *self.by_unit.entry(unit.clone()).or_insert(next);
        if table == next {
            self.tables.push(BenchTable {
                properties: self.units.of(&unit),
                unit,
                rows: Vec::new(),
                base: 0,
                means: Vec::new(),
            });
            self.by_name.push(HashMap::new());
        }
        let rows = &mut self.tables[table].rows;
        let key = (package.clone(), name.clone());
        let row = *self.by_name[table].entry(key).or_insert(rows.len());
        if row == rows.len() {
            rows.push(BenchRow {
                package,
                name,
                cells: vec![None; self.columns],
            });
        }
        (table, row)
    }
}

/// Summarises and compares what is in a table.
fn finish(table: &mut BenchTable, options: &CompareOptions) {
    let assume = table.properties.assume;
    let rows = table.rows.iter_mut();
    for cell in rows.flat_map(|row| &mut row.cells).flatten() {
        cell.summary = summarise(&cell.samples, assume, options.confidence);
    }
    let columns = table.rows.first().map_or(0, |row| row.cells.len());
    let present = |column: usize| table.rows.iter().any(|row| row.cells[column].is_some());
    let base = (0..columns).find(|&column| present(column)).unwrap_or(0);
    table.base = base;
    for row in &mut table.rows {
        let (before, after) = row.cells.split_at_mut(base + 1);
        let Some(old) = &before[base] else { continue };
        for new in after.iter_mut().flatten() {
            let found = difference(
                (&old.samples, &old.summary),
                (&new.samples, &new.summary),
                assume,
                options,
            );
            new.difference = Some(found);
        }
    }
    table.means = (0..columns)
        .map(|column| column_mean(&table.rows, base, column))
        .collect();
}

fn column_mean(rows: &[BenchRow], base: usize, column: usize) -> Option<ColumnMean> {
    let center = |row: &BenchRow, column: usize| {
        let cell = row.cells[column].as_ref()?;
        Some(cell.summary.center)
    };
    let own: Vec<f64> = rows.iter().filter_map(|row| center(row, column)).collect();
    if own.is_empty() {
        return None;
    }
    let mut found = ColumnMean {
        mean: geometric_mean(&own),
        ratio: None,
        warnings: Vec::new(),
    };
    let no_mean = found.mean.is_none();
    if column != base {
        let ratios: Vec<f64> = rows
            .iter()
            .filter_map(|row| Some(ratio(center(row, base)?, center(row, column)?)))
            .collect();
        let of_base = rows.iter().filter(|row| row.cells[base].is_some()).count();
        if ratios.len() != of_base {
            found.warnings.push(Warning::OtherBenchmarks);
        }
        if no_mean {
            found.warnings.push(Warning::NotPositive);
        }
        // From 0 to something is no ratio, and then there is no mean of them.
        if !ratios.iter().any(|ratio| ratio.is_infinite()) {
            found.ratio = geometric_mean(&ratios);
            if found.ratio.is_none() {
                found.warnings.push(Warning::RatioNotPositive);
            }
        }
    } else if no_mean {
        found.warnings.push(Warning::NotPositive);
    }
    Some(found)
}

fn ratio(old: f64, new: f64) -> f64 {
    if old == 0.0 && new == 0.0 {
        1.0
    } else {
        new / old
    }
}
