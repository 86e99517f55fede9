//! Values as a report prints them.

use super::Prepared;
use crate::analysis::{Graph, TopRow, common_unit, multiplied};
use crate::unit::{label_in, scaled, to_integer};

/// How a report prints values: `-unit` and `-divide_by` applied.
#[derive(Debug)]
pub(super) struct Values<'a> {
    sample_unit: String,
    /// The unit of the values as the bytes it is; calculations see it with U+FFFD.
    raw_unit: &'a [u8],
    unit: String,
    ratio: f64,
}

impl<'a> Values<'a> {
    /// Each value in the unit asked for, which may be one that suits it.
    pub(super) fn each(prepared: &'a Prepared) -> Self {
        Self::in_unit(prepared, prepared.options.unit.clone())
    }

    /// All values in the unit that suits a table.
    pub(super) fn of_rows(prepared: &'a Prepared, rows: &[TopRow]) -> Self {
        let pairs = rows.iter().map(|row| (row.flat, row.cum));
        let unit = chosen(prepared, pairs, true);
        Self::in_unit(prepared, unit)
    }

    /// All values in the unit that suits a graph.
    pub(super) fn of_graph(prepared: &'a Prepared, graph: &Graph) -> Self {
        let unit = chosen(prepared, pairs(graph), true);
        Self::in_unit(prepared, unit)
    }

    /// The same for a report that prints whole numbers: the unit of the smallest value.
    pub(super) fn whole(prepared: &'a Prepared, graph: &Graph) -> Self {
        let unit = chosen(prepared, pairs(graph), false);
        Self::in_unit(prepared, unit)
    }

    fn in_unit(prepared: &'a Prepared, unit: String) -> Self {
        let index = prepared.selection.sample_type;
        let sample_type = prepared.profile.sample_types.get(index);
        Self {
            sample_unit: prepared.profile.unit_name(index),
            raw_unit: sample_type.map_or(b"", |t| prepared.profile.strings.bytes(t.unit)),
            unit,
            ratio: 1.0 / prepared.options.divide_by,
        }
    }

    /// A value with its unit.
    pub(super) fn text(&self, value: i64) -> Vec<u8> {
        let text = label_in(multiplied(value, self.ratio), &self.sample_unit, &self.unit);
        match text.strip_suffix(&self.sample_unit) {
            Some(number) if self.unit == self.sample_unit => {
                [number.as_bytes(), self.raw_unit].concat()
            }
            _ => text.into_bytes(),
        }
    }

    /// A value in the report's unit, cut to a whole number and without `-divide_by`.
    pub(super) fn number(&self, value: i64) -> i64 {
        to_integer(scaled(value, &self.sample_unit, &self.unit).0)
    }

    /// The report's unit.
    pub(super) fn unit(&self) -> &[u8] {
        if self.unit == self.sample_unit {
            self.raw_unit
        } else {
            self.unit.as_bytes()
        }
    }
}

fn pairs(graph: &Graph) -> impl Iterator<Item = (i64, i64)> {
    let nodes = graph.order.iter().map(|&node| graph.node(node));
    nodes.map(|node| (node.flat_value(), node.cum_value()))
}

fn chosen(
    prepared: &Prepared,
    rows: impl Iterator<Item = (i64, i64)>,
    may_be_fraction: bool,
) -> String {
    let unit = &prepared.options.unit;
    if unit != "minimum" {
        return unit.clone();
    }
    let total = prepared.selection.total;
    let sample_unit = prepared.profile.unit_name(prepared.selection.sample_type);
    let ratio = 1.0 / prepared.options.divide_by;
    common_unit(rows, total, &sample_unit, ratio, may_be_fraction)
}

/// Appends `text` as Go's `%10s` does: what is not UTF-8 takes a column per byte.
pub(super) fn push_padded(out: &mut Vec<u8>, text: &[u8], width: usize) {
    let columns = columns(text);
    out.resize(out.len() + width.saturating_sub(columns), b' ');
    out.extend_from_slice(text);
}

/// Columns that Go counts for a text.
pub(super) fn columns(text: &[u8]) -> usize {
    let columns =
        |chunk: std::str::Utf8Chunk<'_>| chunk.valid().chars().count() + chunk.invalid().len();
    text.utf8_chunks().map(columns).sum()
}
