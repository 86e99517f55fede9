//! Benchmark results as text and as a stream of events: tables hold together, and what is compared
//! with itself does not differ.
#![no_main]

use dropprof::analysis::bench::{BenchFile, CompareOptions, Projections, compare};
use dropprof::formats::{BenchRules, read_benchmarks};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for rules in [BenchRules::Corrected, BenchRules::AsBenchstat] {
        let Ok(read) = read_benchmarks(bytes, rules) else {
            continue;
        };
        let counted: usize = read.results.iter().map(|result| result.count as usize).sum();
        assert_eq!(counted, read.measurements.len());
        for result in &read.results {
            assert_eq!(read.measurements_of(result).len(), result.count as usize);
        }
        if read.measurements.len() > 2000 {
            continue;
        }
        let file = |label| BenchFile {
            label,
            benchmarks: &read,
        };
        let options = CompareOptions::default();
        let found = compare(&[file("a"), file("b")], &Projections::by_package(), &options);
        let tables = found.expect("few keys").tables;
        for cell in tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.cells) {
            let difference = cell.as_ref().and_then(|cell| cell.difference.as_ref());
            assert!(difference.is_none_or(|difference| difference.p >= 0.99 || difference.exact_unit));
        }
    }
});
