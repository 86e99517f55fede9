//! Small comparisons, worked out by hand. Analysis knows no format, so the tables are put
//! together here.

use super::facts::*;
use super::*;
use crate::model::{BenchResult, Benchmarks, ConfigKey, Measurement, StringId};

/// One line: name, iterations, and values with units in base form.
type Line<'a> = (&'a str, i64, &'a [(f64, &'a str)]);

fn file(package: &str, lines: &[Line<'_>]) -> Benchmarks {
    let mut file = Benchmarks::default();
    let mut push = |text: &str| file.strings.push(text.as_bytes()).expect("few");
    push("");
    let (key, value) = (push("pkg"), push(package));
    let mut names: Vec<(String, StringId)> = Vec::new();
    let mut intern = |text: &str| match names.iter().find(|(known, _)| known == text) {
        Some(&(_, id)) => id,
        None => {
            let id = push(text);
            names.push((text.to_owned(), id));
            id
        }
    };
    let mut results = Vec::new();
    let mut measurements = Vec::new();
    for (line, &(name, iterations, values)) in lines.iter().enumerate() {
        results.push(BenchResult {
            name: intern(name),
            iterations,
            line: line as u64 + 1,
            first: measurements.len() as u32,
            count: values.len() as u32,
        });
        for &(value, unit) in values {
            let unit = intern(unit);
            measurements.push(Measurement {
                value,
                unit,
                written: value,
                written_unit: unit,
            });
        }
    }
    file.keys.push(ConfigKey {
        name: key,
        changes: vec![(0, Some(value))],
    });
    (file.results, file.measurements) = (results, measurements);
    file
}

fn tables(files: &[&Benchmarks]) -> Vec<BenchTable> {
    let labels = ["one", "two", "three"];
    let files: Vec<BenchFile<'_>> = files
        .iter()
        .zip(labels)
        .map(|(benchmarks, label)| BenchFile { label, benchmarks })
        .collect();
    let found = compare(
        &files,
        &Projections::by_package(),
        &CompareOptions::default(),
    );
    found.expect("small").tables
}

/// Runs of one benchmark with these times.
fn runs<'a>(name: &'a str, values: &'a [[(f64, &'a str); 1]]) -> Vec<Line<'a>> {
    values.iter().map(|value| (name, 100, &value[..])).collect()
}

fn times(from: f64) -> [[(f64, &'static str); 1]; 6] {
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0].map(|step| [(from + step, "sec/op")])
}

#[test]
fn rows_are_of_a_package_a_name_and_a_unit() {
    let old = file(
        "p",
        &[("A", 1, &[(1.0, "x"), (5.0, "y")]), ("B", 1, &[(2.0, "x")])],
    );
    let new = file(
        "p",
        &[("B", 1, &[(3.0, "x"), (4.0, "x")]), ("C", 1, &[(9.0, "x")])],
    );
    let other = file("q", &[("B", 1, &[(7.0, "x")])]);
    let found = tables(&[&old, &new, &other]);
    let shown: Vec<String> = found
        .iter()
        .flat_map(|table| {
            table.rows.iter().map(|row| {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let cells: Vec<&[f64]> = row
                    .cells
                    .iter()
                    .map(|cell| cell.as_ref().map_or(&[][..], |cell| &cell.samples))
                    .collect();
                format!(
                    "{} {}.{} {cells:?}",
                    text(&table.unit),
                    text(&row.key[0]),
                    text(&row.key[1])
                )
            })
        })
        .collect();
    assert_eq!(
        shown,
        [
            "x p.A [[1.0], [], []]",
            "x p.B [[2.0], [3.0, 4.0], []]",
            "x p.C [[], [9.0], []]",
            "x q.B [[], [], [7.0]]",
            "y p.A [[5.0]]",
        ]
    );
    // √(1·2); √(3.5·9), and the one ratio there is, 3.5/2.
    let means = &found[0].means;
    let mean = |column: usize| &means[column];
    assert!(
        mean(0)
            .mean
            .is_some_and(|mean| (mean - 2_f64.sqrt()).abs() < 1e-15)
    );
    assert!(
        mean(1)
            .mean
            .is_some_and(|mean| (mean - 31.5_f64.sqrt()).abs() < 1e-14)
    );
    assert!(
        mean(1)
            .ratio
            .is_some_and(|ratio| (ratio - 1.75).abs() < 1e-15)
    );
    assert_eq!(mean(1).warnings, [Warning::OtherBenchmarks]);
    // No benchmark in common with the base.
    let expected = [Warning::OtherBenchmarks, Warning::RatioNotPositive];
    assert_eq!(mean(2).warnings, expected);
    assert_eq!(found[1].means.len(), 1);
    let files: Vec<_> = found[0].columns.iter().map(|column| column.file).collect();
    assert_eq!(files, [Some(0), Some(1), Some(2)]);
}

#[test]
fn a_change_beyond_chance_has_a_direction() {
    let (slow, fast) = (times(100.0), times(50.0));
    let old = file("p", &[runs("A", &slow), runs("B", &slow)].concat());
    let new = file("p", &[runs("A", &fast), runs("B", &slow)].concat());
    let found = changes(&tables(&[&old, &new]));
    // 2/C(12,6) = 2/924; B is compared with itself. Of two tests the smaller p counts twice.
    let p = 2.0 / 924.0;
    assert_eq!(found[0].direction, Direction::Improved);
    assert!(found[0].apart && !found[1].apart);
    assert!((found[0].p - p).abs() < 1e-15 && (found[0].q - 2.0 * p).abs() < 1e-15);
    // Medians 102.5 and 52.5.
    assert!(
        found[0]
            .delta
            .is_some_and(|by| (by - (52.5 / 102.5 - 1.0)).abs() < 1e-15)
    );
    // From the 1st to the 6th: 2.5 of 52.5 is the larger share.
    assert!(
        found[0]
            .half_width
            .is_some_and(|half| (half - 2.5 / 52.5).abs() < 1e-14)
    );
    assert_eq!(
        (found[1].direction, found[1].p, found[1].q),
        (Direction::Unchanged, 1.0, 1.0)
    );
    let back = changes(&tables(&[&new, &old]));
    assert_eq!(back[0].direction, Direction::Regressed);
}

#[test]
fn noise_is_the_reach_of_the_interval() {
    let six = times(100.0);
    let few = &times(7.0)[..3];
    let both = file("p", &[runs("A", &six), runs("B", few)].concat());
    let found = noise(&tables(&[&both]));
    let shown: Vec<_> = found
        .iter()
        .map(|n| (n.place.row, n.n, n.half_width))
        .collect();
    assert_eq!(shown[1], (1, 3, None));
    assert!(
        shown[0]
            .2
            .is_some_and(|half| (half - 2.5 / 102.5).abs() < 1e-14)
    );
}

#[test]
fn allocations_that_agree_need_no_test() {
    let line = |name, allocs: &'static [(f64, &str)]| (name, 100, allocs);
    let old = file(
        "p",
        &[
            line("A", &[(302.0, "allocs/op"), (5024.0, "B/op")]),
            line("A", &[(302.0, "allocs/op"), (5025.0, "B/op")]),
            line("B", &[(1.0, "allocs/op")]),
        ],
    );
    let new = file(
        "p",
        &[
            line("A", &[(2.0, "allocs/op"), (224.0, "B/op")]),
            line("B", &[(1.0, "allocs/op")]),
        ],
    );
    let found = allocation_changes(&tables(&[&old, &new]));
    // Not B/op of A, which varied before, and not B, which is as it was.
    let shown: Vec<_> = found
        .iter()
        .map(|c| (c.place.row, c.old, c.new, c.n))
        .collect();
    assert_eq!(shown, [(0, 302.0, 2.0, (2, 1))]);
}

#[test]
fn some_times_cannot_be() {
    let lines: [Line<'_>; 7] = [
        ("Elided", 1_000_000_000, &[(0.3e-9, "sec/op")]),
        ("Long", 1, &[(2.5, "sec/op")]),
        // One second whatever the number of iterations.
        ("Setup", 100, &[(0.01, "sec/op")]),
        ("Setup", 200, &[(0.005_1, "sec/op")]),
        // Twice the iterations take twice as long.
        ("Fine", 100, &[(0.01, "sec/op")]),
        ("Fine", 200, &[(0.01, "sec/op")]),
        ("NoTime", 1, &[(0.0, "B/op")]),
    ];
    let file = file("p", &lines);
    let tables = tables(&[&file]);
    let found = suspicions(&tables, &[&file]);
    let shown: Vec<_> = found
        .iter()
        .map(|(place, what)| (place.row, *what))
        .collect();
    assert_eq!(shown[0], (0, Suspicion::Elided { seconds: 0.3e-9 }));
    let (runs, seconds) = (1, 2.5);
    assert_eq!(shown[1], (1, Suspicion::OneIteration { runs, seconds }));
    let (least, most, seconds) = (100, 200, 1.0);
    let setup = Suspicion::IndependentOfIterations {
        least,
        most,
        seconds,
    };
    assert_eq!(shown[2..], [(2, setup)]);
    assert_eq!(without_allocations(&tables), [0]);
}

#[test]
fn nothing_compares_to_nothing() {
    assert_eq!(tables(&[]), []);
    assert_eq!(tables(&[&Benchmarks::default(); 2]), []);
    assert!(without_allocations(&[]).is_empty());
}
