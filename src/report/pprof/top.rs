//! `-top`: pprof's flat table.

use super::legend::{Shown, report_lines};
use super::table::{Cell, Table, TableWriter, share};
use super::values::{Values, push_padded};
use super::{Outside, Prepared};
use crate::analysis::{InlineMark, Top, TopOptions, TopRow, top};
use crate::unit::percent_padded;

pub(super) fn rows(prepared: &Prepared) -> Top {
    let options = &prepared.options;
    let top_options = TopOptions {
        cum: options.cum,
        node_count: prepared.node_count(),
        node_fraction: options.nodefraction,
        edge_fraction: options.edgefraction,
        drop_negative: options.drop_negative,
    };
    top(
        &prepared.profile,
        &prepared.nodes,
        &prepared.selection,
        &top_options,
    )
}

/// The table as text. Names and units are written as the bytes they are.
pub(super) fn text(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let table = rows(prepared);
    let total = prepared.selection.total;
    let values = Values::of_rows(prepared, &table.rows);
    let shown = Shown {
        sum: flat_sum(&table.rows),
        nodes: table.rows.len(),
        original: table.node_count,
        dropped_nodes: table.dropped,
        dropped_edges: 0,
    };
    let mut out = Vec::new();
    for line in report_lines(prepared, &values, shown, outside, false) {
        outside.line(&mut out, &line)?;
    }
    out.extend_from_slice(b"      flat  flat%   sum%        cum   cum%\n");
    let mut sum = 0_i64;
    for row in &table.rows {
        sum = sum.wrapping_add(row.flat);
        push_padded(&mut out, &values.text(row.flat), 10);
        let shares = [row.flat, sum].map(|value| percent_padded(value, total));
        out.extend_from_slice(format!(" {} {} ", shares[0], shares[1]).as_bytes());
        push_padded(&mut out, &values.text(row.cum), 10);
        out.extend_from_slice(format!(" {}  ", percent_padded(row.cum, total)).as_bytes());
        out.extend_from_slice(&prepared.nodes.printable(row.node));
        outside.line(&mut out, mark(row.inline))?;
    }
    Ok(out)
}

fn flat_sum(rows: &[TopRow]) -> i64 {
    rows.iter().fold(0, |sum, row| sum.wrapping_add(row.flat))
}

fn mark(inline: InlineMark) -> &'static [u8] {
    match inline {
        InlineMark::None => b"",
        InlineMark::Inline => b" (inline)",
        InlineMark::Partial => b" (partial-inline)",
    }
}

const TABLE: Table = Table {
    report: "top",
    columns: &[
        "flat",
        "flat_percent",
        "sum_percent",
        "cum",
        "cum_percent",
        "unit",
        "inline",
        "name",
    ],
};

/// The table as data: see [`super::Format`].
pub(super) fn data(prepared: &Prepared, mut out: TableWriter<'_>) -> Result<Vec<u8>, String> {
    out.begin(&TABLE);
    let total = prepared.selection.total;
    let unit = out.unit();
    let mut sum = 0_i64;
    for row in &rows(prepared).rows {
        sum = sum.wrapping_add(row.flat);
        out.row(&[
            Cell::Number(row.flat),
            Cell::Percent(share(row.flat, total)),
            Cell::Percent(share(sum, total)),
            Cell::Number(row.cum),
            Cell::Percent(share(row.cum, total)),
            Cell::Text(unit),
            Cell::Text(row.inline.name().as_bytes()),
            Cell::Text(&prepared.nodes.printable(row.node)),
        ])?;
    }
    Ok(out.end())
}
