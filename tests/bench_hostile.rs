//! Results made to be slow, wide or deep: each comes to an answer or to a message, in the time of a
//! test. What is quadratic in any of these takes minutes, or more memory than there is.
#![allow(clippy::format_collect, reason = "a test writes its input")]

use std::fmt::Write;

use dropprof::analysis::bench::{
    BenchFile, BenchTables, CompareOptions, Grouping, JudgeOptions, Projections, compare, judge,
    known_keys, separations,
};
use dropprof::formats::{BenchRules, read_benchmarks};
use dropprof::report::benchstat::{BlockOptions, Comparison, csv, json, markdown, text};

/// Everything that is made of two files of this text.
fn all(input: &str, grouping: &Grouping<'_>) -> Result<BenchTables, String> {
    let read = read_benchmarks(input.as_bytes(), BenchRules::Corrected).expect("small enough");
    let files = ["old", "new"].map(|label| BenchFile {
        label,
        benchmarks: &read,
    });
    assert!(known_keys(&files).len() <= 60);
    assert_eq!(separations(&files), []);
    let projections = Projections::new(grouping).expect("can be read");
    let found = compare(&files, &projections, &CompareOptions::default());
    let tables = found.map_err(|error| error.to_string())?;
    let judged = judge(&tables.tables, &JudgeOptions::default());
    let comparison = Comparison {
        tables: &tables,
        as_benchstat: false,
        alpha: 0.05,
    };
    let options = BlockOptions {
        only_told: false,
        rows: usize::MAX,
    };
    let sizes = [
        text(&comparison).len(),
        csv(&comparison).0.len(),
        json(&comparison, &judged).len(),
        markdown(&comparison, &judged, options).len(),
    ];
    assert!(sizes.iter().all(|&size| size < 1 << 28), "{sizes:?}");
    Ok(tables)
}

#[test]
fn many_units_on_a_line() {
    let units: String = (0..20_000).map(|unit| format!(" {unit} u{unit}")).collect();
    let tables = all(&format!("BenchmarkA 1{units}\n"), &Grouping::default());
    assert_eq!(tables.map(|tables| tables.tables.len()), Ok(20_000));
}

#[test]
fn a_table_that_is_nearly_empty() {
    let lines: String = (0..12_000)
        .map(|at| format!("BenchmarkA/x={at}/y={at} 1 5 ns/op\n"))
        .collect();
    let columns = Grouping {
        col: "/x",
        ..Grouping::default()
    };
    let error = all(&lines, &columns).expect_err("too large");
    assert!(error.contains("12000 rows and 12000 columns"), "{error}");
}

#[test]
fn many_columns() {
    let lines: String = (0..20_000)
        .map(|at| format!("BenchmarkA/x={at} 1 {} ns/op\n", at + 1))
        .collect();
    let columns = Grouping {
        col: "/x",
        ..Grouping::default()
    };
    let tables = all(&lines, &columns).expect("one row");
    assert_eq!(tables.tables[0].columns.len(), 20_000);
}

#[test]
fn keys_that_change_with_every_line() {
    let mut lines = String::new();
    for at in 0..20_000 {
        let _ = writeln!(lines, "k{at}: v\nBenchmarkA 1 5 ns/op 6 B/op");
    }
    let error = all(&lines, &Grouping::default()).expect_err("too much");
    assert!(
        error.contains("too often") || error.contains("too many"),
        "{error}"
    );
    let apart = Grouping {
        table: "",
        ..Grouping::default()
    };
    assert!(all(&lines, &apart).is_err());
}

#[test]
fn a_large_value_and_a_filter() {
    let mut lines = format!("note: {}\n", "x".repeat(1 << 20));
    for _ in 0..100_000 {
        lines.push_str("BenchmarkA 1 5 ns/op\n");
    }
    let filtered = Grouping {
        filter: "note:/xy/",
        ..Grouping::default()
    };
    assert_eq!(
        all(&lines, &filtered).map(|tables| tables.tables.len()),
        Ok(0)
    );
}

#[test]
fn long_names_and_names_of_many_parts() {
    let mut lines = format!("Benchmark{} 1 5 ns/op\n", "A".repeat(1 << 20));
    let parts: String = (0..100_000).map(|part| format!("/a{part}=1")).collect();
    let _ = writeln!(lines, "BenchmarkB{parts} 1 5 ns/op");
    for at in 0..20_000 {
        let _ = writeln!(lines, "BenchmarkC{at} 1 {at} ns/op");
    }
    assert!(all(&lines, &Grouping::default()).is_ok());
}

#[test]
fn exact_units_that_vary() {
    let mut lines = String::from("Unit y assume=exact\n");
    for at in 0..50_000 {
        let _ = writeln!(
            lines,
            "BenchmarkA{at} 1 {at} y\nBenchmarkA{at} 1 {} y",
            at + 1
        );
    }
    let tables = all(&lines, &Grouping::default()).expect("two columns");
    assert_eq!(tables.tables[0].rows.len(), 50_000);
}

#[test]
fn many_runs_of_one_benchmark() {
    // No difference: p has to say so, whatever the size of a pointer is.
    let lines: String = (0..100_000_u64)
        .map(|at| format!("BenchmarkA 1 {} ns/op\n", 1000 + at * 7919 % 1009))
        .collect();
    let tables = all(&lines, &Grouping::default()).expect("one row");
    let cell = tables.tables[0].rows[0].cells[1]
        .as_ref()
        .expect("both have it");
    let found = cell.difference.as_ref().expect("compared");
    assert!(found.two_sided > 0.99, "{found:?}");
}
