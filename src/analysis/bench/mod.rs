//! Comparing benchmark results: medians with intervals, tests of difference, geometric means.
//!
//! The numbers are those of `golang.org/x/perf/benchmath`, and the warnings its words. [`compare`]
//! groups results by package, name and unit, one column per file, each compared with the first;
//! [`facts`] says what is noteworthy about them, and leaves judging to its callers.
#![allow(
    clippy::float_cmp,
    reason = "samples are equal or they are not: ties are what the statistics are about"
)]

mod compare;
mod difference;
pub mod facts;
mod names;
mod normal;
mod sample;
mod summary;
#[cfg(test)]
mod tests;
mod units;
mod utest;
mod warning;

pub use compare::{
    BenchCell, BenchFile, BenchRow, BenchTable, ColumnMean, CompareOptions, compare,
};
pub use difference::{Delta, Difference, delta};
pub use names::{NamePart, NameParts, split_bench_name};
pub use sample::{
    MedianInterval, geometric_mean, median, median_interval, mode, samples_for_interval,
};
pub use summary::{RelativeRange, SampleSummary, relative_range, summarise};
pub use units::{Assume, Better, UnitProperties, Units, is_binary};
pub use utest::{UTest, mann_whitney, samples_for_test};
pub use warning::Warning;
