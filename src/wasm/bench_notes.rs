//! What the Benchmarks view says above its tables.

use std::collections::BTreeMap;

use super::bench::{Compared, lossy};
use super::dto_bench::{BenchNote, BenchQuery};
use crate::analysis::bench::{
    BenchTable, BenchTables, Warning, chances, compares, drifts, samples_for_interval,
    samples_for_test, separations, words_of,
};
use crate::unit;

/// How many differences chance alone would make; empty where it would make none.
pub(super) fn by_chance(compared: &Compared, alpha: f64) -> String {
    let tested = chances(&compared.tables.tables, &compared.judged, alpha);
    let expected = tested as f64 * alpha;
    match tested {
        0 => String::new(),
        _ if expected < 0.5 => String::new(),
        _ => format!(
            "Of {} comparisons about {} would look different by chance alone; verdicts consider that \
             (Benjamini and Hochberg), the printed p does not.",
            unit::count(tested as u64),
            unit::count(expected.round() as u64)
        ),
    }
}

/// What is to be known before anything is believed.
pub(super) fn notes(compared: &Compared, query: &BenchQuery) -> Vec<BenchNote> {
    let mut notes = Vec::new();
    let files = compared.bench_files();
    let used = |text: &str, key: &str| words_of(text).iter().any(|word| word == key);
    for apart in separations(&files) {
        let key = lossy(&apart.key);
        // In columns it is the comparison itself.
        if used(&query.col, &key) {
            continue;
        }
        let by = |text: &str| used(text, &key) || used(text, ".config");
        let named = [&query.table, &query.row, &query.col, &query.ignore];
        let is_named = named.iter().any(|text| used(text, &key));
        let is_split = !used(&query.ignore, &key)
            && match is_named {
                true => used(&query.table, &key) || used(&query.row, &key),
                false => by(&query.table) || by(&query.row),
            };
        let of_files = apart.labels.iter().zip(&apart.values);
        let shown: Vec<String> = of_files
            .map(|(label, values)| {
                let values = match values.as_slice() {
                    [] => "none".to_owned(),
                    [first] if first.is_empty() => "none".to_owned(),
                    [first] => lossy(first),
                    [first, rest @ ..] => format!("{} and {} more", lossy(first), rest.len()),
                };
                format!("{label}: {values}")
            })
            .collect();
        let consequence = match is_split {
            true => " Results that differ in it stand apart and are not compared.",
            false => " They are compared all the same.",
        };
        notes.push(BenchNote {
            severity: if is_split { "warning" } else { "note" }.to_owned(),
            text: format!(
                "The files differ in {key} ({}).{consequence}",
                shown.join("; ")
            ),
            ignore: if is_split { key } else { String::new() },
        });
    }
    let apart: Vec<String> = notes.iter().map(|note| note.ignore.clone()).collect();
    notes.extend(partly_split(&compared.tables).filter(|note| !apart.contains(&note.ignore)));
    let is_empty = compared.tables.tables.is_empty();
    if files.len() > 1 && notes.is_empty() && !is_empty && !compares(&compared.tables) {
        notes.push(BenchNote {
            severity: "warning".to_owned(),
            text: "No benchmark of one column is in another one, so nothing is compared."
                .to_owned(),
            ignore: String::new(),
        });
    }
    notes.extend(few_runs(compared, query));
    let tables = compared.tables.tables.iter();
    let times = tables.filter(|table| table.unit == b"sec/op");
    let times = times.flat_map(|table| &table.rows);
    let times: Vec<_> = times.flat_map(|row| row.cells.iter().flatten()).collect();
    let drifting = times.iter().filter(|cell| drifts(&cell.samples)).count();
    // One in a hundred does by chance.
    let expected = times.len() as f64 / 100.0;
    if drifting as f64 > expected + 2.0 * expected.sqrt() {
        notes.push(BenchNote {
            severity: "warning".to_owned(),
            text: format!(
                "In {} of {} times rise or fall from run to run, more than by chance: the machine may have changed while they ran. Alternate the runs of both states.",
                unit::count(drifting as u64),
                unit::plural(times.len() as u64, "series")
            ),
            ignore: String::new(),
        });
    }
    let cells = compared.tables.tables.iter().flat_map(|table| &table.rows);
    let differences = cells.flat_map(|row| row.cells.iter().flatten());
    let differences = differences.filter_map(|cell| cell.difference.as_ref());
    let other = differences
        .filter(|found| (found.p - found.two_sided).abs() > 5e-4)
        .count();
    if other > 0 {
        notes.push(BenchNote {
            severity: "note".to_owned(),
            text: format!(
                "Of {} p is another one than benchstat's, whose test depends on the order of files where values are equal and samples of different size.",
                unit::plural(other as u64, "comparison")
            ),
            ignore: String::new(),
        });
    }
    notes
}

/// Whether runs are too few for intervals, and how many there have to be.
fn few_runs(compared: &Compared, query: &BenchQuery) -> Option<BenchNote> {
    let cells = compared.tables.tables.iter().flat_map(|table| &table.rows);
    let few = cells
        .flat_map(|row| row.cells.iter().flatten())
        .filter(|cell| {
            let mut warnings = cell.summary.warnings.iter();
            warnings.any(|warning| matches!(warning, Warning::FewForInterval { .. }))
        });
    let most = few.map(|cell| cell.samples.len()).max()?;
    let least = |need: Option<usize>, most: usize| match need {
        Some(need) => format!("fewer than {need}"),
        None => format!("{most} or fewer"),
    };
    let (interval, test) = (
        samples_for_interval(query.confidence),
        samples_for_test(query.alpha),
    );
    Some(BenchNote {
        severity: "note".to_owned(),
        text: format!(
            "Some benchmarks have {} or fewer: with {} there is no interval, with {} no difference can be told. -count=10 runs each ten times.",
            unit::plural(most as u64, "run"),
            least(interval, 50),
            least(test, 10)
        ),
        ignore: String::new(),
    })
}

/// Keys whose values put results of different columns into different tables, so that some hold one
/// column only and nothing in them is compared.
fn partly_split(tables: &BenchTables) -> impl Iterator<Item = BenchNote> + '_ {
    // Of hostile files there may be thousands of either.
    let most = if tables.tables.len() > 2000 { 0 } else { 64 };
    (0..tables.table_fields.len().min(most)).filter_map(|field| {
        // Without the key these tables would be one.
        let mut together: BTreeMap<(Vec<&[u8]>, &[u8]), Vec<&BenchTable>> = BTreeMap::new();
        for table in &tables.tables {
            let others = (0..table.key.len()).filter(|&at| at != field);
            let place = others.map(|at| table.key[at].as_slice()).collect();
            let group = together.entry((place, &table.unit)).or_default();
            group.push(table);
        }
        let is_alone = |table: &BenchTable| table.columns.len() == 1;
        let is_torn = |group: &Vec<&BenchTable>| {
            let alone: Vec<_> = group.iter().filter(|table| is_alone(table)).collect();
            let first = alone.first().map(|table| &table.columns[0].key);
            !alone.is_empty() && group.iter().any(|table| table.columns.iter().any(|column| Some(&column.key) != first))
        };
        let torn = together.values().filter(|group| is_torn(group)).count();
        let key = lossy(&tables.table_fields[field]);
        (torn > 0).then(|| BenchNote {
            severity: "warning".to_owned(),
            text: format!("Some tables hold one column only, because their results differ in {key}: nothing of them is compared."),
            ignore: key,
        })
    })
}
