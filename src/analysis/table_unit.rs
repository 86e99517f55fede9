//! The unit that suits a whole table.

use super::TopRow;
use crate::unit::{scaled, to_integer};

/// The unit of a table whose `-unit` is `wanted`: see [`common_unit`] for `minimum`.
pub fn output_unit(
    rows: &[TopRow],
    total: i64,
    sample_unit: &str,
    wanted: &str,
    ratio: f64,
) -> String {
    if wanted != "minimum" {
        return wanted.to_owned();
    }
    let pairs = rows.iter().map(|row| (row.flat, row.cum));
    common_unit(pairs, total, sample_unit, ratio, true)
}

/// pprof's one unit for a whole report: the smallest row's, unless the largest value wants
/// another and is more than a hundred times the smallest; then the unit of a hundred times it.
pub(crate) fn common_unit(
    rows: impl Iterator<Item = (i64, i64)>,
    total: i64,
    sample_unit: &str,
    ratio: f64,
    may_be_fraction: bool,
) -> String {
    let smallest = |(flat, cum): (i64, i64)| match flat.wrapping_abs() {
        0 => cum.wrapping_abs(),
        flat => flat,
    };
    let mut rows = rows.map(smallest).peekable();
    if rows.peek().is_none() {
        return "minimum".to_owned();
    }
    let min = rows.filter(|&v| v > 0).min().unwrap_or(total);
    let (min, total) = (multiplied(min, ratio), multiplied(total, ratio));
    let (_, min_unit) = scaled(min, sample_unit, "minimum");
    let (_, max_unit) = scaled(total, sample_unit, "minimum");
    let unit = if may_be_fraction && min_unit != max_unit && min.wrapping_mul(100) < total {
        scaled(min.wrapping_mul(100), sample_unit, "minimum").1
    } else {
        min_unit
    };
    if unit.is_empty() {
        sample_unit.to_owned()
    } else {
        unit
    }
}

pub(crate) fn multiplied(value: i64, ratio: f64) -> i64 {
    if ratio > 0.0 && (ratio - 1.0).abs() > 0.0 {
        to_integer(value as f64 * ratio)
    } else {
        value
    }
}
