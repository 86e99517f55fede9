//! Filters and projections as somebody may type them, one per line: whatever is accepted groups
//! results without losing or inventing any, and every text that tables are printed as comes about.
#![no_main]

use dropprof::analysis::bench::{
    BenchFile, CompareOptions, Grouping, JudgeOptions, Projections, compare, filter_word, judge,
    words_of,
};
use dropprof::formats::{BenchRules, read_benchmarks};
use dropprof::report::benchstat::{BlockOptions, Comparison, csv, json, markdown, text};
use libfuzzer_sys::fuzz_target;

const OLD: &str = "goos: linux\npkg: a\nBenchmarkX/size=1k-8 1 5 ns/op 3 B/op\nBenchmarkX/size=1k-8 1 6 ns/op 3 B/op\n\
    note: a b\nBenchmarkY/json 1 0 ns/op\nBenchmarkZ/size=2/x=1 1 -5 y\nUnit y better=higher assume=exact\n";
const NEW: &str = "goos: linux\npkg: a\ncpu: x\nBenchmarkX/size=1k-8 1 4 ns/op 3 B/op\nBenchmarkX/size=4-2 1 NaN ns/op\n\
    goos:\npkg: b\nBenchmarkY/json 1 7 ns/op Inf MB/s\n";

fuzz_target!(|expressions: &str| {
    let mut lines = expressions.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let grouping = Grouping {
        filter: next(),
        row: next(),
        col: next(),
        table: next(),
        ignore: next(),
    };
    for word in [grouping.filter, grouping.row] {
        // A word that is written as a filter writes it is that word, as a value and as a key.
        let own = filter_word(word);
        let only = format!("note:{own}");
        let filter = Grouping { filter: &only, ..Grouping::default() };
        assert!(Projections::new(&filter).is_ok(), "{word:?} {own:?}");
        let is_key = !matches!(word, "" | ".unit");
        assert!(!is_key || words_of(&own) == [word], "{word:?} {own:?}");
    }
    let projections = match Projections::new(&grouping) {
        Ok(projections) => projections,
        Err(wrong) => {
            let error = &wrong.error;
            assert!(error.at <= error.text.len() && error.text.is_char_boundary(error.at));
            std::hint::black_box(wrong.to_string());
            return;
        }
    };
    let read = [OLD, NEW].map(|text| read_benchmarks(text.as_bytes(), BenchRules::Corrected).expect("small"));
    let files = [("old", &read[0]), ("new", &read[1])].map(|(label, benchmarks)| BenchFile { label, benchmarks });
    for as_benchstat in [false, true] {
        let options = CompareOptions { as_benchstat, ..CompareOptions::default() };
        let tables = compare(&files, &projections, &options).expect("few keys");
        let cells = || tables.tables.iter().flat_map(|t| &t.rows).flat_map(|row| row.cells.iter().flatten());
        let samples: usize = cells().map(|cell| cell.samples.len()).sum();
        let all: usize = read.iter().map(|file| file.measurements.len()).sum();
        assert!(samples <= all && (samples == all || !projections.is_whole()));
        let judged = judge(&tables.tables, &JudgeOptions::default());
        let comparison = Comparison { tables: &tables, as_benchstat, alpha: 0.05 };
        let options = BlockOptions { only_told: as_benchstat, rows: 10 };
        std::hint::black_box((
            text(&comparison),
            csv(&comparison),
            json(&comparison, &judged),
            markdown(&comparison, &judged, options),
        ));
    }
});
