//! A comparison for programs.
//!
//! ```text
//! { "schema": 1, "generator", "tables": [
//!   { "key": {"pkg": …}, "unit", "better": "lower|higher|unknown", "assume": "nothing|exact",
//!     "columns": [{ "key": {".file": …}, "geomean", "ratio" }],
//!     "rows": [{ "key": {".fullname": …}, "cells": [null,
//!       { "n", "center", "low", "high", "level", "samples": […],
//!         "change", "p", "pBenchstat", "q", "significant", "verdict": "better|worse|changed|same|unknown",
//!         "ratio": { "ratio", "low", "high", "level" }, "larger", "shift", "warnings": […] }] }] }] }
//! ```
//!
//! Values are in base units. What has no number (an interval without end, the change from 0) is
//! null. `change` is the new middle over the old one, less 1; `ratio` the median of the ratios of all
//! pairs; `larger` the share of pairs in which the new value is the larger.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Comparison, lossy, own_warnings};
use crate::analysis::bench::{
    Assume, BenchCell, BenchTable, Better, Delta, Judgement, Verdict, judged_column,
};

/// Version of the form; raised when a field changes its meaning or goes away.
const SCHEMA: u32 = 1;

/// The tables as JSON, on one line. `judged` is of the same tables.
pub fn json(comparison: &Comparison<'_>, judged: &[Judgement]) -> String {
    let mut rest = judged;
    let mut tables = Vec::new();
    for (at, table) in comparison.tables.tables.iter().enumerate() {
        let (own, after) = rest.split_at(rest.partition_point(|j| j.place.table <= at));
        rest = after;
        tables.push(one_table(comparison, table, own));
    }
    let whole = json!({
        "schema": SCHEMA,
        "generator": concat!("dropprof ", env!("CARGO_PKG_VERSION")),
        "tables": tables,
    });
    whole.to_string() + "\n"
}

fn key(fields: &[Vec<u8>], values: &[Vec<u8>]) -> Value {
    let pairs = fields
        .iter()
        .zip(values)
        .filter(|(_, value)| !value.is_empty());
    let pairs = pairs.map(|(name, value)| (lossy(name).into_owned(), lossy(value).into()));
    Value::Object(pairs.collect::<Map<String, Value>>())
}

fn one_table(comparison: &Comparison<'_>, table: &BenchTable, judged: &[Judgement]) -> Value {
    let tables = comparison.tables;
    let columns = table.columns.iter().zip(&table.means);
    let columns: Vec<Value> = columns
        .map(|(column, mean)| {
            json!({
                "key": key(&tables.column_fields, &column.key),
                "geomean": mean.mean,
                "ratio": mean.ratio,
            })
        })
        .collect();
    let mut rest = judged;
    let mut rows = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let (own, after) = rest.split_at(rest.partition_point(|j| j.place.row <= at));
        rest = after;
        let cells = row.cells.iter().enumerate();
        let cells: Vec<Value> = cells
            .map(|(column, cell)| {
                let judged = judged_column(own, column);
                cell.as_ref()
                    .map_or(Value::Null, |cell| one_cell(comparison, cell, judged))
            })
            .collect();
        rows.push(json!({ "key": key(&tables.row_fields, &row.key), "cells": cells }));
    }
    json!({
        "key": key(&tables.table_fields, &table.key),
        "unit": lossy(&table.unit),
        "better": match table.properties.better {
            Better::Lower => "lower",
            Better::Higher => "higher",
            Better::Unknown => "unknown",
        },
        "assume": match table.properties.assume {
            Assume::Nothing => "nothing",
            Assume::Exact => "exact",
        },
        "columns": columns,
        "rows": rows,
    })
}

#[derive(Serialize)]
struct Cell<'a> {
    n: usize,
    center: f64,
    low: f64,
    high: f64,
    level: f64,
    samples: &'a [f64],
    #[serde(flatten)]
    compared: Option<Compared>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Compared {
    change: Option<f64>,
    p: f64,
    p_benchstat: f64,
    q: Option<f64>,
    significant: bool,
    verdict: Option<&'static str>,
    ratio: Option<Value>,
    larger: f64,
    shift: Option<f64>,
}

/// The name of a verdict.
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Changed => "changed",
        Verdict::Same => "same",
        Verdict::Unknown => "unknown",
    }
}

fn one_cell(comparison: &Comparison<'_>, cell: &BenchCell, judged: Option<&Judgement>) -> Value {
    let mut warnings = own_warnings(comparison, cell);
    let compared = cell.difference.as_ref().map(|difference| {
        warnings.extend(difference.warnings.iter().map(ToString::to_string));
        let ratio = judged.and_then(|judged| judged.ratio);
        Compared {
            change: match difference.delta {
                Delta::Same => Some(0.0),
                Delta::FromZero => None,
                Delta::Change(by) => Some(by),
            },
            p: difference.two_sided,
            p_benchstat: difference.p,
            q: judged.map(|judged| judged.q),
            significant: difference.significant,
            verdict: judged.map(|judged| verdict_name(judged.verdict)),
            ratio: ratio.map(|ratio| json!({
                "ratio": ratio.ratio, "low": ratio.low, "high": ratio.high, "level": ratio.level,
            })),
            larger: difference.larger,
            shift: judged.and_then(|judged| judged.shift),
        }
    });
    let summary = &cell.summary;
    // What JSON has no number for becomes null.
    serde_json::to_value(Cell {
        n: summary.n,
        center: summary.center,
        low: summary.low,
        high: summary.high,
        level: summary.level,
        samples: &cell.samples,
        compared,
        warnings,
    })
    .unwrap_or_default()
}
