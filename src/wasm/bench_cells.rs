//! Cells of benchmark tables as the page draws them.

use super::bench::lossy;
use super::dto_bench::{BenchCellInfo, BenchChange, BenchRowInfo, BenchTick};
use crate::analysis::bench::{
    BenchRow, BenchTable, Difference, Judgement, Verdict, is_binary, judged_column,
};
use crate::report::benchstat::{
    Axis, Comparison, Scale, delta_text, differing_cell, own_warnings, range_text, ratio_words,
    verdict_name, verdict_words,
};

/// Marks at round values of an axis.
pub(super) fn ticks(axis: &Axis, unit_is_binary: bool) -> Vec<BenchTick> {
    let width = axis.high - axis.low;
    let rough = width / 4.0;
    if !(rough > 0.0 && rough.is_finite()) {
        return Vec::new();
    }
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|step| step * power >= rough)
        .unwrap_or(10.0)
        * power;
    let scale = Scale::of([step], unit_is_binary);
    let first = (axis.low / step).ceil();
    let marks = (0..8).map(|at| (first + f64::from(at)) * step);
    marks
        .take_while(|&value| value <= axis.high)
        .map(|value| BenchTick {
            at: axis.place(value),
            text: tick_text(value, step, unit_is_binary, &scale),
        })
        .collect()
}

/// With as many digits as tell it from its neighbour, and no more.
fn tick_text(value: f64, step: f64, unit_is_binary: bool, fallback: &Scale) -> String {
    // What rounding leaves of nothing is nothing.
    if value.abs() < step / 1e6 {
        return "0".to_owned();
    }
    let own = Scale::of([value], unit_is_binary);
    let digits = -(step / own.factor).log10().floor();
    if !digits.is_finite() {
        return fallback.format(value);
    }
    let decimals = digits.clamp(0.0, 9.0) as usize;
    Scale { decimals, ..own }.format(value)
}

/// What to know about a difference.
fn change_notes(
    difference: &Difference,
    judged: Option<&Judgement>,
    verdict: Verdict,
) -> Vec<String> {
    let warnings = difference.warnings.iter();
    let mut notes: Vec<String> = warnings.map(ToString::to_string).collect();
    if let (true, Verdict::Unknown, Some(judged)) = (difference.significant, verdict, judged) {
        notes.push(format!(
            "its p is small enough by itself; among all comparisons of the unit, or within the margin, it is not \
             (adjusted p={:.3})",
            judged.q
        ));
    }
    notes
}

/// One cell of a row.
#[allow(
    clippy::too_many_arguments,
    reason = "all of it is what a cell stands in"
)]
fn cell_info(
    comparison: &Comparison<'_>,
    table: &BenchTable,
    row: &BenchRow,
    column: usize,
    judged: Option<&Judgement>,
    axis: &Axis,
    changes: Option<Axis>,
    scale: &Scale,
) -> BenchCellInfo {
    let Some(cell) = &row.cells[column] else {
        return BenchCellInfo {
            center: -1.0,
            low: -1.0,
            high: -1.0,
            ..BenchCellInfo::default()
        };
    };
    let change = cell.difference.as_ref().map(|difference| {
        let base = row.cells[0]
            .as_ref()
            .map_or(0.0, |base| base.summary.center);
        let verdict = judged.map_or(Verdict::Unknown, |judged| judged.verdict);
        let ratio = judged.and_then(|judged| judged.ratio);
        let [low, at, high] = Axis::place_ratio(changes, ratio.as_ref());
        BenchChange {
            text: delta_text(difference),
            evidence: comparison.evidence(difference),
            verdict: verdict_name(verdict).to_owned(),
            words: verdict_words(&table.unit, verdict, cell.summary.center > base).to_owned(),
            ratio: ratio.as_ref().map_or_else(String::new, ratio_words),
            at,
            low,
            high,
            differs: differing_cell(difference, comparison.alpha).unwrap_or_default(),
            notes: change_notes(difference, judged, verdict),
        }
    });
    let placed = axis.place_cell(cell);
    BenchCellInfo {
        value: scale.format(cell.summary.center),
        range: range_text(cell),
        n: cell.summary.n as u32,
        notes: own_warnings(comparison, cell),
        center: placed.center,
        low: placed.low,
        high: placed.high,
        points: placed.points,
        change,
    }
}

/// The middles of a row, which decide in what unit it is told.
pub(super) fn centers(row: &BenchRow) -> impl Iterator<Item = f64> {
    row.cells.iter().flatten().map(|cell| cell.summary.center)
}

/// One row of a table; `changes` is the axis of all of its changes.
pub(super) fn row_info(
    comparison: &Comparison<'_>,
    table: &BenchTable,
    at: usize,
    judged: &[Judgement],
    changes: Option<Axis>,
) -> BenchRowInfo {
    let row = &table.rows[at];
    let axis = Axis::of_row(row);
    let scale = Scale::of(centers(row), is_binary(&table.unit));
    let cells = (0..row.cells.len()).map(|column| {
        let judged = judged_column(judged, column);
        cell_info(
            comparison, table, row, column, judged, &axis, changes, &scale,
        )
    });
    BenchRowInfo {
        at: at as u32,
        label: lossy(&row.label()),
        cells: cells.collect(),
        ends: [axis.low, axis.high].map(|end| scale.format(end)).to_vec(),
    }
}
