//! What has to hold of comparisons whatever the numbers are.
#![allow(clippy::float_cmp, reason = "infinite ends are equal or they are not")]

use dropprof::analysis::bench::{
    BenchFile, BenchTables, CompareOptions, Grouping, JudgeOptions, Judgement, Projections,
    Verdict, compare, judge,
};
use dropprof::formats::{BenchRules, read_benchmarks};
use dropprof::model::Benchmarks;
use dropprof::report::benchstat::{Comparison, text};
use proptest::prelude::*;

use Verdict::{Better, Changed, Same, Unknown, Worse};

/// Runs of some benchmarks: a number of few digits each, so that ties are the normal case.
fn runs() -> impl Strategy<Value = Vec<Vec<u32>>> {
    prop::collection::vec(prop::collection::vec(90_u32..130, 1..14), 1..6)
}

/// A file with these runs, each times `factor`, in one unit of each direction.
fn file(runs: &[Vec<u32>], factor: u32) -> Benchmarks {
    let mut lines = String::from("pkg: p\n");
    for (name, runs) in runs.iter().enumerate() {
        for run in runs {
            let value = run * factor;
            lines.push_str(&format!(
                "BenchmarkB{name} 100 {value} sec/op {value} B/s {value} y\n"
            ));
        }
    }
    read_benchmarks(lines.as_bytes(), BenchRules::Corrected).expect("small")
}

fn compared(files: &[(&str, &Benchmarks)]) -> BenchTables {
    let files: Vec<BenchFile<'_>> = files
        .iter()
        .map(|&(label, benchmarks)| BenchFile { label, benchmarks })
        .collect();
    let projections = Projections::new(&Grouping::default()).expect("usual");
    compare(&files, &projections, &CompareOptions::default()).expect("small")
}

fn judged(tables: &BenchTables, margin: f64) -> Vec<Judgement> {
    let options = JudgeOptions {
        margin,
        ..JudgeOptions::default()
    };
    judge(&tables.tables, &options)
}

fn near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * b.abs()
}

proptest! {
    #[test]
    fn swapped_files_swap_the_verdict(old in runs(), new in runs(), percent in 0_u8..6) {
        let margin = f64::from(percent) / 100.0;
        let (old, new) = (file(&old, 1), file(&new, 1));
        let there = judged(&compared(&[("a", &old), ("b", &new)]), margin);
        let back = judged(&compared(&[("b", &new), ("a", &old)]), margin);
        prop_assert_eq!(there.len(), back.len());
        for (there, back) in there.iter().zip(&back) {
            let mirrored = match back.verdict {
                Better => Worse,
                Worse => Better,
                other => other,
            };
            prop_assert_eq!(there.verdict, mirrored, "{:?} {:?}", there, back);
            prop_assert!(near(there.q, back.q));
            if let (Some(there), Some(back)) = (there.ratio, back.ratio) {
                let back = back.inverse();
                prop_assert!(near(there.ratio, back.ratio), "{there:?} {back:?}");
                prop_assert!(near(there.low, back.low) && near(there.high, back.high), "{there:?} {back:?}");
            }
        }
    }

    #[test]
    fn a_copy_of_a_file_changes_no_other_column(old in runs(), new in runs()) {
        let (old, new) = (file(&old, 1), file(&new, 1));
        let two = compared(&[("a", &old), ("b", &new)]);
        for (copy, same) in [(&old, 0), (&new, 1)] {
            let three = compared(&[("a", &old), ("b", &new), ("c", copy)]);
            prop_assert_eq!(two.tables.len(), three.tables.len());
            for (two, three) in two.tables.iter().zip(&three.tables) {
                prop_assert_eq!(&two.means[..], &three.means[..2]);
                for (two, three) in two.rows.iter().zip(&three.rows) {
                    prop_assert_eq!(&two.cells[..], &three.cells[..2]);
                    let own = three.cells[same].as_ref().map(|cell| &cell.summary);
                    prop_assert_eq!(three.cells[2].as_ref().map(|cell| &cell.summary), own);
                    // What is compared with itself does not differ.
                    if let (0, Some(copy)) = (same, &three.cells[2]) {
                        let found = copy.difference.as_ref().expect("compared");
                        prop_assert!(!found.significant && near(found.two_sided, 1.0), "{found:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_unit_a_thousand_times_as_large_changes_the_prefix_only(old in runs(), new in runs()) {
        let of = |factor: u32| {
            let (old, new) = (file(&old, factor), file(&new, factor));
            let tables = compared(&[("a", &old), ("b", &new)]);
            let comparison = Comparison { tables: &tables, as_benchstat: true, alpha: 0.05 };
            let printed = String::from_utf8(text(&comparison)).expect("text");
            (judged(&tables, 0.0), printed)
        };
        let ((one, small), (thousand, large)) = (of(1), of(1000));
        for (one, thousand) in one.iter().zip(&thousand) {
            prop_assert_eq!(one.verdict, thousand.verdict);
            prop_assert!(near(one.q, thousand.q));
            let ratios = one.ratio.zip(thousand.ratio);
            prop_assert!(ratios.is_none_or(|(a, b)| near(a.ratio, b.ratio) && near(a.low, b.low)));
        }
        // Bytes have prefixes of 1024. Values without one have a k then; with columns as wide as
        // their cells, blanks differ.
        let without = |text: &str| -> Vec<String> {
            let tables = text.split("\n\n").filter(|table| !table.contains("B/s"));
            let words = tables.flat_map(str::split_whitespace);
            words.map(|word| word.trim_end_matches('k').to_owned()).collect()
        };
        prop_assert_eq!(without(&small), without(&large));
    }
}

#[test]
fn verdicts_by_hand() {
    let lines = |values: &[u32]| vec![values.to_vec()];
    let verdicts = |old: &[u32], new: &[u32], margin: f64| {
        let (old, new) = (file(&lines(old), 1), file(&lines(new), 1));
        let found = judged(&compared(&[("a", &old), ("b", &new)]), margin);
        found
            .iter()
            .map(|judged| judged.verdict)
            .collect::<Vec<_>>()
    };
    let (low, high) = (
        [100, 101, 102, 103, 104, 105],
        [110, 111, 112, 113, 114, 115],
    );
    // Six against six apart: p = 2/924. More of a rate is better, more of a time worse; of y nobody
    // said.
    assert_eq!(verdicts(&low, &high, 0.0), [Worse, Better, Changed]);
    assert_eq!(verdicts(&high, &low, 0.0), [Better, Worse, Changed]);
    assert_eq!(verdicts(&low, &low, 0.0), [Unknown; 3]);
    // The ratios go from 110/105 = 1.048 to 115/100 = 1.15: of 36 pairs 5 lie outside of the interval
    // at either end (the critical value for 6 and 6), so it is inside of that.
    assert_eq!(verdicts(&low, &high, 0.04), [Worse, Better, Changed]);
    assert_eq!(verdicts(&low, &high, 0.10), [Unknown; 3]);
    assert_eq!(verdicts(&low, &high, 0.20), [Same; 3]);
    assert_eq!(verdicts(&[7; 6], &[7; 6], 0.0), [Same; 3]);
    // Three runs tell nothing.
    assert_eq!(verdicts(&low[..3], &high[..3], 0.0), [Unknown; 3]);
}
