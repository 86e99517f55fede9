//! Comparing benchmark results: medians with intervals, tests of difference, geometric means.
//!
//! The numbers are those of `golang.org/x/perf/benchmath`, the grouping that of `benchproc`, and the
//! warnings have their words. [`compare`] groups results as [`Projections`] say and compares each
//! with the first column; [`judge`] says what that means, [`facts`] what else is noteworthy.
#![allow(
    clippy::float_cmp,
    reason = "samples are equal or they are not: ties are what the statistics are about"
)]

mod axis;
mod causes;
mod collect;
mod difference;
pub mod facts;
mod grouping;
mod judge;
mod keys;
mod normal;
mod quality;
mod ratio;
mod sample;
mod settings;
mod summary;
mod tables;
#[cfg(test)]
mod tests;
mod units;
mod utest;
mod warning;

pub use causes::{Cause, CauseSide, Causes, causes, is_named};
pub use collect::compare;
pub use difference::{Delta, Difference, delta};
pub use grouping::{Grouping, GroupingError, Projections, filter_word, words_of};
pub use judge::{JudgeOptions, Judgement, Verdict, chances, judge, judged_column, judged_row};
pub use keys::{KeyError, base_name};
pub use quality::{Drift, Quality, drifts, quality};
pub use ratio::{RatioInterval, RatioIntervals};
pub use sample::{
    MedianInterval, geometric_mean, median, median_interval, mode, samples_for_interval,
};
pub use settings::{
    KeyValues, Recipe, Separation, compares, distinct_labels, known_keys, recipe, separations,
};
pub use summary::{RelativeRange, SampleSummary, relative_range, summarise};
pub use tables::{
    BenchCell, BenchColumn, BenchFile, BenchRow, BenchTable, BenchTables, ColumnMean,
    CompareOptions, Origin,
};
pub use units::{Assume, Better, UnitProperties, Units, is_binary};
pub use utest::{UTest, UTests, mann_whitney, samples_for_test};
pub use warning::Warning;
