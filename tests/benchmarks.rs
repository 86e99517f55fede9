//! Benchmark results against benchstat: its numbers at full precision for files and for single
//! functions, and its messages about malformed lines. What it prints is compared in `benchstat.rs`.
//!
//! The full numbers of files, and a study's, need the optional corpus beside the repository
//! (`../shared/corpus`); says so and passes where it is missing.
#![allow(
    clippy::disallowed_methods,
    clippy::float_cmp,
    reason = "a test reads its inputs; equal means equal"
)]

use std::fs;
use std::path::{Path, PathBuf};

use dropprof::analysis::bench::{
    Assume, BenchFile, BenchTable, BenchTables, CompareOptions, Delta, Grouping, Projections,
    RelativeRange, compare, delta, distinct_labels, facts, geometric_mean, is_binary, mann_whitney,
    median, median_interval, relative_range,
};
use dropprof::formats::{BenchRules, read_benchmarks};
use dropprof::model::{Benchmarks, RemarkKind};
use dropprof::report::benchstat::{Comparison, Scale, own_warnings};
use serde_json::Value;

/// The corpus, if it is there.
fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/benchstat");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: needs ../shared/corpus/benchstat");
    None
}

fn read(path: &Path) -> Benchmarks {
    let bytes = fs::read(path).expect("the file is there");
    read_benchmarks(&bytes, BenchRules::AsBenchstat).expect("small enough")
}

/// A folder of the test data.
fn testdata(folder: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("testdata/benchstat").join(folder)
}

/// The lines of a table of vectors, in columns.
fn vectors(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(testdata("vectors").join(name)).expect("is there");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect();
    lines.map(columns).collect()
}

/// By package and name, as findings and the report compare.
fn tables(files: &[BenchFile<'_>]) -> Vec<BenchTable> {
    let found = compare(
        files,
        &Projections::by_package(),
        &CompareOptions::default(),
    );
    found.expect("few keys").tables
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

fn numbers(text: &str) -> Vec<f64> {
    text.split(',').map(number).collect()
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= relative * b.abs()
}

#[test]
fn intervals_are_benchstats() {
    for line in vectors("median_ci.tsv") {
        let n: usize = line[0].parse().expect("a number");
        let interval = median_interval(n, number(&line[1]));
        let ends = (interval.low.to_string(), interval.high.to_string());
        assert_eq!(ends, (line[2].clone(), line[3].clone()), "{line:?}");
        assert!(
            close(interval.level, number(&line[4]), 1e-12),
            "{line:?}: {}",
            interval.level
        );
    }
}

#[test]
fn tests_are_benchstats() {
    let lines = vectors("utest.tsv");
    for line in &lines {
        let (first, second) = (numbers(&line[0]), numbers(&line[1]));
        let test = mann_whitney(&first, &second).expect("numbers");
        if line[2].is_empty() {
            assert!(test.all_equal, "{line:?}");
            continue;
        }
        assert_eq!(test.u, number(&line[2]), "{line:?}");
        assert!(
            close(test.p, number(&line[3]), 1e-12),
            "{line:?}: {}",
            test.p
        );
        // Without benchstat's mistake it does not matter which sample is the first.
        let swapped = mann_whitney(&second, &first).expect("numbers").two_sided;
        assert!(close(test.two_sided, swapped, 1e-12), "{line:?}");
        assert!(
            test.two_sided <= 1.0 + 1e-12 && test.two_sided > 0.0,
            "{line:?}"
        );
        if first.len() == second.len() {
            assert_eq!(test.two_sided, test.p, "{line:?}");
        }
    }
}

#[test]
fn middles_and_means_are_benchstats() {
    for line in vectors("quantile.tsv") {
        let mut values = numbers(&line[0]);
        values.sort_by(f64::total_cmp);
        assert_eq!(median(&values), number(&line[1]), "{line:?}");
    }
    for line in vectors("geomean.tsv") {
        let mean = geometric_mean(&numbers(&line[0])).expect("above 0");
        assert!(close(mean, number(&line[1]), 1e-12), "{line:?}: {mean}");
    }
}

#[test]
fn units_are_benchstats() {
    for line in vectors("tidy.tsv") {
        assert_eq!(
            is_binary(line[1].as_bytes()),
            line[3] == "Binary",
            "{line:?}"
        );
        if line[0].contains(' ') {
            continue;
        }
        let text = format!("BenchmarkX 1 1 {}", line[0]);
        let read = read_benchmarks(text.as_bytes(), BenchRules::Corrected).expect("small");
        let measured = read.measurements[0];
        assert_eq!(read.strings.text(measured.unit), line[1], "{line:?}");
        assert!(close(measured.value, number(&line[2]), 1e-15), "{line:?}");
    }
}

/// A change as benchstat prints it.
fn delta_text(change: Delta, significant: bool) -> String {
    match change {
        _ if !significant => "~".to_owned(),
        Delta::Same => "0.00%".to_owned(),
        Delta::FromZero => "?".to_owned(),
        Delta::Change(by) => format!("{:+.2}%", by * 100.0),
    }
}

/// A range as benchstat prints it.
fn range_text(range: RelativeRange) -> String {
    match range {
        RelativeRange::Infinite => "∞".to_owned(),
        RelativeRange::AcrossZero => "?".to_owned(),
        RelativeRange::Share(share) => format!("{:.0}%", share * 100.0),
    }
}

#[test]
fn prefixes_are_benchstats() {
    for line in vectors("scale.tsv") {
        let values = numbers(&line[0]);
        let scale = Scale::of(values.iter().copied(), line[1] == "Binary");
        assert_eq!(scale.decimals.to_string(), line[2], "{line:?}");
        assert_eq!(scale.factor, number(&line[3]), "{line:?}");
        assert_eq!(scale.prefix, line[4], "{line:?}");
        let shown: Vec<String> = values.iter().map(|&value| scale.format(value)).collect();
        assert_eq!(shown.join(","), line[5], "{line:?}");
    }
}

#[test]
fn changes_and_ranges_are_benchstats() {
    for line in vectors("delta.tsv") {
        let change = delta(number(&line[0]), number(&line[1]));
        let significant = number(&line[2]) <= number(&line[3]);
        assert_eq!(delta_text(change, significant), line[4], "{line:?}");
    }
    for line in vectors("range.tsv") {
        let range = relative_range(number(&line[0]), number(&line[1]), number(&line[2]));
        assert_eq!(range_text(range), line[3], "{line:?}");
    }
}

/// A value of the expected output: what JSON has no number for is a text.
fn value(json: &Value) -> f64 {
    match json {
        Value::String(text) => match text.as_str() {
            "+Inf" => f64::INFINITY,
            "-Inf" => f64::NEG_INFINITY,
            _ => f64::NAN,
        },
        other => other.as_f64().expect("a number"),
    }
}

fn warnings(json: &Value, key: &str) -> Vec<String> {
    let list = json[key].as_array().cloned().unwrap_or_default();
    let text = |item: &Value| item.as_str().unwrap_or_default().to_owned();
    list.iter().map(text).collect()
}

/// Everything of one table that is expected is so.
fn check_table(case: &str, expected: &Value, found: &BenchTable) {
    let comparison = Comparison {
        tables: &BenchTables::default(),
        as_benchstat: true,
        alpha: 0.05,
    };
    for row in expected["rows"].as_array().expect("rows") {
        let name = row["name"].as_str().expect("a name");
        let context = format!("{case} {} {name}", expected["unit"]);
        let own = found.rows.iter().find(|row| row.label() == name.as_bytes());
        let own = own.unwrap_or_else(|| panic!("{context} is missing"));
        let cells: Vec<_> = own.cells.iter().flatten().collect();
        let cells_expected = row["cells"].as_array().expect("cells");
        assert_eq!(cells.len(), cells_expected.len(), "{context}");
        for (cell, expected) in cells.iter().zip(cells_expected) {
            let summary = &cell.summary;
            assert_eq!(
                summary.n as u64,
                expected["n"].as_u64().expect("n"),
                "{context}"
            );
            for (own, key) in [
                (summary.center, "center"),
                (summary.low, "lo"),
                (summary.high, "hi"),
            ] {
                // serde_json may be off by a last digit.
                assert!(
                    close(own, value(&expected[key]), 5e-16),
                    "{context} {key}: {own}"
                );
            }
            let range = relative_range(summary.center, summary.low, summary.high);
            assert_eq!(
                range_text(range),
                expected["range"].as_str().expect("text"),
                "{context}"
            );
            let shown = own_warnings(&comparison, cell);
            assert_eq!(shown, warnings(expected, "warnings"), "{context}");
            let Some(difference) = &cell.difference else {
                assert_eq!(expected["has_base"], false, "{context}");
                continue;
            };
            let p = value(&expected["p"]);
            assert!(close(difference.p, p, 1e-12), "{context}: {}", difference.p);
            let shown = delta_text(difference.delta, difference.significant);
            assert_eq!(
                shown,
                expected["delta"].as_str().expect("text"),
                "{context}"
            );
            let shown: Vec<String> = difference
                .warnings
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(shown, warnings(expected, "cmp_warnings"), "{context}");
        }
    }
    let means: Vec<_> = found.means.iter().collect();
    let summary = expected["summary"].as_array().cloned().unwrap_or_default();
    for (mean, expected) in means.iter().zip(&summary) {
        let context = format!("{case} {}: {mean:?}, not {expected}", found.rows.len());
        let number = |key: &str| expected.get(key).map(value).filter(|x| !x.is_nan());
        let same = |own: Option<f64>, key: &str| match (own, number(key)) {
            (Some(own), Some(expected)) => close(own, expected, 1e-12),
            (None, None) => true,
            _ => false,
        };
        assert!(same(mean.mean, "geomean"), "{context}");
        assert!(same(mean.ratio, "ratio"), "{context}");
        let shown: Vec<String> = mean.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(shown, warnings(expected, "warnings"), "{context}");
    }
}

/// A command of the corpus: what its flags ask for, and its files with their labels.
struct Asked {
    projections: Projections,
    options: CompareOptions,
    files: Vec<(String, Benchmarks)>,
}

fn asked(folder: &Path, args: &[&str]) -> Asked {
    let mut grouping = Grouping::default();
    let mut options = CompareOptions {
        as_benchstat: true,
        ..CompareOptions::default()
    };
    let mut paths = args;
    while let [flag, value, rest @ ..] = paths {
        match *flag {
            "-alpha" => options.alpha = number(value),
            "-confidence" => options.confidence = number(value),
            "-table" => grouping.table = value,
            "-row" => grouping.row = value,
            "-col" => grouping.col = value,
            "-ignore" => grouping.ignore = value,
            "-filter" => grouping.filter = value,
            _ => break,
        }
        paths = rest;
    }
    let labels = distinct_labels(paths.iter().copied());
    let files = paths
        .iter()
        .zip(labels)
        .map(|(path, label)| match path.split_once('=') {
            Some((label, path)) => (label.to_owned(), read(&folder.join(path))),
            None => (label, read(&folder.join(path))),
        });
    Asked {
        projections: Projections::new(&grouping).expect("benchstat took it"),
        options,
        files: files.collect(),
    }
}

#[test]
fn files_are_compared_as_by_benchstat() {
    let Some(corpus) = corpus() else { return };
    let manifest = fs::read_to_string(corpus.join("manifest.json")).expect("is there");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let mut compared = 0;
    for case in manifest.as_array().expect("a list") {
        let text = |key: &str| case[key].as_str().expect("text").to_owned();
        let (id, folder) = (text("id"), corpus.join(text("dir")));
        let args = case["args"].as_array().expect("a list");
        let args: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
        let expected = fs::read_to_string(corpus.join(format!("expected/{id}.raw.json")));
        let Some(expected) = expected.ok().filter(|text| !text.trim().is_empty()) else {
            continue;
        };
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        let tables = expected.as_array().expect("a list");
        let asked = asked(&folder, &args);
        let files: Vec<BenchFile<'_>> = asked
            .files
            .iter()
            .map(|(label, benchmarks)| BenchFile { label, benchmarks })
            .collect();
        let found = compare(&files, &asked.projections, &asked.options)
            .expect("small")
            .tables;
        assert_eq!(found.len(), tables.len(), "{id}");
        for (own, expected) in found.iter().zip(tables) {
            let unit = String::from_utf8_lossy(&own.unit).into_owned();
            assert_eq!(Some(unit.as_str()), expected["unit"].as_str(), "{id}");
            check_table(&id, expected, own);
        }
        compared += 1;
    }
    eprintln!("compared {compared} cases of the corpus");
    assert!(compared >= 40, "only {compared} cases");
}

/// What is put into a text to damage it.
const PIECES: [&[u8]; 10] = [
    b"\n",
    b"\t",
    b" ",
    b"-",
    b"NaN",
    b"1e999",
    b"Unit ",
    b": ",
    b"\xFF\xC2\xA0",
    b"\r",
];

#[test]
fn damaged_texts_are_read_and_compared() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/suite/bench.txt");
    let text = fs::read(path).expect("is committed");
    let whole = read_benchmarks(&text, BenchRules::Corrected).expect("small");
    assert!(whole.results.len() > 10 && whole.remarks.is_empty());
    let event = |line: &[u8]| {
        let line = Value::String(String::from_utf8_lossy(line).into_owned() + "\n");
        format!("{{\"Action\":\"output\",\"Output\":{line}}}\n").into_bytes()
    };
    let events: Vec<u8> = text.split(|&b| b == b'\n').flat_map(event).collect();
    let read = read_benchmarks(&events, BenchRules::Corrected).expect("small");
    assert_eq!(read.results.len(), whole.results.len());
    // A number that depends on nothing but those before it.
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    };
    for round in 0..2000 {
        let mut damaged = if round % 4 == 0 {
            events.clone()
        } else {
            text.clone()
        };
        for _ in 0..=random(8) {
            let at = random(damaged.len());
            match random(3) {
                0 => damaged.truncate(at.max(1)),
                1 => damaged[at] = random(256) as u8,
                _ => drop(damaged.splice(at..at, PIECES[random(10)].iter().copied())),
            }
        }
        let read = read_benchmarks(&damaged, BenchRules::Corrected).expect("small");
        let counted: u32 = read.results.iter().map(|result| result.count).sum();
        assert_eq!(counted as usize, read.measurements.len());
        let files = [("old", &whole), ("new", &read)]
            .map(|(label, benchmarks)| BenchFile { label, benchmarks });
        let tables = tables(&files);
        facts::suspicions(&tables, &[&whole, &read]);
        for change in facts::changes(&tables) {
            assert!((0.0..=1.0 + 1e-12).contains(&change.q), "{change:?}");
        }
    }
}

#[test]
fn malformed_lines_have_benchstats_messages() {
    for (file, expected) in [
        ("15-malformed/noise.txt", "15-noise.txt.stderr"),
        (
            "11-custom-units/badmeta.txt",
            "11-custom-badmeta.txt.stderr",
        ),
    ] {
        let expected = testdata("expected").join(expected);
        let expected = fs::read_to_string(expected).expect("is there");
        let name = file.split('/').next_back().expect("a name");
        let errors: Vec<String> = read(&testdata(file))
            .remarks
            .iter()
            .filter(|remark| remark.kind.is_error())
            .map(|remark| format!("{name}:{}: {}", remark.line, remark.kind))
            .collect();
        assert_eq!(errors, expected.lines().collect::<Vec<_>>(), "{file}");
    }
}

#[test]
fn what_benchstat_cannot_read_is_read() {
    let corrected = |file: &str| {
        let bytes = fs::read(testdata(file)).expect("is there");
        read_benchmarks(&bytes, BenchRules::Corrected).expect("small")
    };
    let count = |file: &str| corrected(file).results.len();
    for file in ["15-malformed/utf16.txt", "15-malformed/longline.txt"] {
        assert!(count(file) > 0, "{file}");
    }
    let joined = corrected("21-real-go127/plain.txt");
    let rejoined = joined
        .remarks
        .iter()
        .filter(|remark| matches!(remark.kind, RemarkKind::Rejoined { .. }))
        .count();
    let lost = read(&testdata("21-real-go127/plain.txt")).results.len();
    assert!(rejoined > 0);
    assert_eq!(joined.results.len(), lost + rejoined);
    // The same benchmarks with -v, where nothing is torn.
    assert_eq!(joined.results.len(), count("21-real-go127/verbose.txt"));
    let events = corrected("21-real-go127/events.json");
    assert_eq!(events.results.len(), joined.results.len());
    assert_eq!(events.config(b"pkg", 0), b"example.com/jb");
}

#[test]
fn a_real_improvement_is_one() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("../lab/bench");
    let files = ["before.txt", "after.txt"].map(|file| read(&folder.join(file)));
    let columns = [("before", &files[0]), ("after", &files[1])]
        .map(|(label, benchmarks)| BenchFile { label, benchmarks });
    let tables = tables(&columns);
    assert!(
        tables
            .iter()
            .all(|table| table.properties.assume == Assume::Nothing)
    );
    // The study found 30 577 ns/op ± 97 % and 2 937 ± 44 %, −90.4 %, p = 0.00001 (2/C(20,10)), and
    // 302 allocs/op against 2, 5024 B/op against 224.
    let times = &tables[0].rows[0];
    let center = |column: usize| times.cells[column].as_ref().map(|cell| cell.summary.center);
    assert!(center(0).is_some_and(|seconds| close(seconds, 30_577e-9, 1e-4)));
    assert!(center(1).is_some_and(|seconds| close(seconds, 2_937e-9, 1e-3)));
    let change = facts::changes(&tables)[0];
    assert_eq!(change.direction, facts::Direction::Improved);
    assert!(change.apart);
    assert!(close(change.p, 2.0 / 184_756.0, 1e-12), "{}", change.p);
    assert!(change.delta.is_some_and(|by| close(by, -0.904, 1e-3)));
    let allocations: Vec<(f64, f64)> = facts::allocation_changes(&tables)
        .iter()
        .map(|change| (change.old, change.new))
        .collect();
    assert_eq!(allocations, [(5024.0, 224.0), (302.0, 2.0)]);
    let noise = facts::noise(&tables);
    assert!(
        noise[0]
            .half_width
            .is_some_and(|half| close(half, 0.97, 0.01))
    );
    assert!(
        noise[1]
            .half_width
            .is_some_and(|half| close(half, 0.44, 0.02))
    );
}
