//! Benchmarking Results: before and after, as far as there are results of both.

use super::super::document::{Column, Section, Table};
use super::{ReportFile, shell};
use crate::analysis::bench::{
    BenchCell, BenchFile, BenchTable, CompareOptions, Delta, RelativeRange, compare, relative_range,
};
use crate::findings::benchmark_groups;
use crate::model::{Benchmarks, Kind};
use crate::unit;

/// Rows of a table.
const ROWS: usize = 40;
/// Units with a table of their own.
const UNITS: usize = 6;

/// The section of results.
pub(super) fn results(files: &[ReportFile<'_>]) -> Section {
    let mut section = Section::new("before-after", "Before and after", 3);
    let groups = groups(files);
    match groups.iter().map(Vec::len).max().unwrap_or(0) {
        0 => section.missing(
            "No benchmark output among the files that were read, so nothing is measured before \
             and after. The output of two states of the code fills this; record and compare them \
             with",
            shell::BENCHMARK,
        ),
        1 => section.missing(
            "No two files of benchmark output are before and after by their names (old.txt and \
             new.txt, or the same name in two folders), so nothing is compared. Record the other \
             state with",
            shell::BENCHMARK,
        ),
        _ => {}
    }
    for group in &groups {
        let labelled: Vec<BenchFile<'_>> = group
            .iter()
            .map(|(file, benchmarks)| BenchFile {
                label: file.name,
                benchmarks,
            })
            .collect();
        let tables = compare(&labelled, &CompareOptions::default());
        for table in tables.iter().take(UNITS) {
            section.push(one_unit(group, table));
        }
    }
    if !groups.is_empty() {
        section.push(
            "Medians with the reach of their 95% interval; p is that of the Mann-Whitney U test, \
             two-sided. A change is given where p is at most 0.05, “~” where it is not; with fewer \
             than 6 runs there is no interval, with fewer than 4 no test.",
        );
    }
    section
}

/// Files with results that may be compared, the state before the change first.
fn groups<'a>(files: &[ReportFile<'a>]) -> Vec<Vec<(ReportFile<'a>, &'a Benchmarks)>> {
    let results = files
        .iter()
        .enumerate()
        .filter(|(_, f)| f.kind == Kind::Bench);
    let names: Vec<(usize, &str)> = results.map(|(at, file)| (at, file.name)).collect();
    let of = |at: usize| Some((files[at], files[at].profile.benchmarks.as_deref()?));
    benchmark_groups(&names)
        .into_iter()
        .map(|group| group.into_iter().filter_map(of).collect())
        .collect()
}

fn one_unit(files: &[(ReportFile<'_>, &Benchmarks)], table: &BenchTable) -> Table {
    let unit = String::from_utf8_lossy(&table.unit).into_owned();
    let shown = table.rows.len().min(ROWS);
    let caption = format!(
        "{unit}, {shown} of {}",
        unit::plural(table.rows.len() as u64, "benchmark")
    );
    let mut columns = vec![Column::code("Benchmark")];
    for (column, (file, _)) in files.iter().enumerate() {
        columns.push(Column::number(file.name));
        if column != table.base {
            columns.push(Column::number("change"));
        }
    }
    let mut out = Table::new(&caption, columns);
    for row in table.rows.iter().take(ROWS) {
        let mut cells = vec![String::from_utf8_lossy(&row.name).into_owned()];
        for (column, cell) in row.cells.iter().enumerate() {
            cells.push(
                cell.as_ref()
                    .map_or_else(String::new, |cell| value(cell, &unit)),
            );
            if column != table.base {
                cells.push(cell.as_ref().map_or_else(String::new, change));
            }
        }
        out.row(cells);
    }
    out
}

/// `30.58µs ±97% (n=10)`.
fn value(cell: &BenchCell, unit: &str) -> String {
    let summary = &cell.summary;
    let reach = match relative_range(summary.center, summary.low, summary.high) {
        RelativeRange::Share(share) => format!(" ±{:.0}%", share.abs() * 100.0),
        _ => String::new(),
    };
    format!("{}{reach} (n={})", scaled(summary.center, unit), summary.n)
}

/// A value in a unit that suits it: times and bytes are scaled, all else is a plain number.
fn scaled(value: f64, unit: &str) -> String {
    let label = |factor: f64, of: &str| {
        let number = (value * factor).round();
        // What does not fit a whole number of the small unit is given as it is.
        (100.0..9e18)
            .contains(&number)
            .then(|| unit::label(number as i64, of))
    };
    let text = match unit {
        "sec/op" => label(1e9, "ns"),
        "B/op" | "B/s" => label(1.0, "bytes"),
        _ => None,
    };
    text.unwrap_or_else(|| match unit {
        "sec/op" => format!("{:.3}ns", value * 1e9),
        _ if (value - value.round()).abs() < 1e-9 && value.abs() < 1e15 => format!("{value:.0}"),
        _ => format!("{value:.3}"),
    })
}

fn change(cell: &BenchCell) -> String {
    let Some(difference) = &cell.difference else {
        return String::new();
    };
    let p = difference.two_sided;
    if !difference.significant {
        return format!("~ (p={p:.3})");
    }
    match difference.delta {
        Delta::Same => format!("0% (p={p:.3})"),
        Delta::FromZero => format!("from 0 (p={p:.3})"),
        Delta::Change(by) => {
            let sign = if by < 0.0 { "−" } else { "+" };
            format!("{sign}{:.1}% (p={p:.3})", by.abs() * 100.0)
        }
    }
}
