//! `-tree` and `-peek`: every function between its callers and its callees.

use super::legend::{Shown, report_lines};
use super::names::Names;
use super::table::{Cell, Table, TableWriter};
use super::values::{Values, push_padded};
use super::{Outside, Prepared};
use crate::analysis::{Graph, NodeId, Pattern};
use crate::unit::percent_padded;

const SEPARATOR: &[u8] =
    b"----------------------------------------------------------+-------------\n";
const HEADING: &[u8] =
    b"      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n";

/// The report as text; with a pattern only the functions whose printable name matches.
pub(super) fn text(
    prepared: &Prepared,
    symbol: Option<&Pattern>,
    outside: Outside<'_>,
) -> Result<Vec<u8>, String> {
    let around = matching(prepared, symbol);
    let graph = prepared.graph_around(false, around.as_deref())?;
    let values = Values::of_graph(prepared, &graph);
    let is_wanted = |node: &u32| match &around {
        Some(around) => around[graph.node(*node).node.index()],
        None => true,
    };
    no_match(symbol, graph.order.iter().any(is_wanted))?;
    let mut out = Vec::new();
    let shown = Shown {
        dropped_edges: 0,
        ..super::shown(&graph)
    };
    for line in report_lines(prepared, &values, shown, outside, false) {
        outside.line(&mut out, &line)?;
    }
    out.extend_from_slice(SEPARATOR);
    out.extend_from_slice(HEADING);
    let mut writer = Writer {
        prepared,
        outside,
        graph: &graph,
        values: &values,
        sum: 0,
        names: Names::printable(&prepared.nodes),
        out,
    };
    for &node in graph.order.iter().filter(|node| is_wanted(node)) {
        writer.block(node)?;
    }
    if !graph.order.is_empty() {
        writer.out.extend_from_slice(SEPARATOR);
    }
    Ok(writer.out)
}

/// The nodes whose printable name matches, if names matter.
fn matching(prepared: &Prepared, symbol: Option<&Pattern>) -> Option<Vec<bool>> {
    let symbol = symbol?;
    let nodes = &prepared.nodes;
    let all = (0..nodes.len() as u32).map(NodeId);
    Some(
        all.map(|node| symbol.is_match(&nodes.printable(node)))
            .collect(),
    )
}

fn no_match(symbol: Option<&Pattern>, matched: bool) -> Result<(), String> {
    match symbol {
        Some(symbol) if !matched => Err(format!("no matches found for regexp: {symbol}")),
        _ => Ok(()),
    }
}

struct Writer<'a> {
    prepared: &'a Prepared,
    outside: Outside<'a>,
    graph: &'a Graph,
    values: &'a Values<'a>,
    /// Σ flat of the functions so far.
    sum: i64,
    names: Names<'a>,
    out: Vec<u8>,
}

impl Writer<'_> {
    fn block(&mut self, node: u32) -> Result<(), String> {
        let graph = self.graph;
        let total = self.prepared.selection.total;
        let row = graph.node(node);
        let (flat, cum) = (row.flat_value(), row.cum_value());
        self.out.extend_from_slice(SEPARATOR);
        self.edges(graph.ins(node), cum, true)?;
        self.sum = self.sum.wrapping_add(flat);
        push_padded(&mut self.out, &self.values.text(flat), 10);
        let shares = [flat, self.sum].map(|value| percent_padded(value, total));
        self.push(format!(" {} {} ", shares[0], shares[1]).as_bytes());
        push_padded(&mut self.out, &self.values.text(cum), 10);
        self.push(format!(" {}                | ", percent_padded(cum, total)).as_bytes());
        self.names.push(row.node, &mut self.out);
        self.outside.line(&mut self.out, b"")?;
        self.edges(graph.outs(node), cum, false)
    }

    /// Callers or callees. Weights stay sums even where `cum` is a mean, as in pprof.
    fn edges(&mut self, rows: &[u32], cum: i64, callers: bool) -> Result<(), String> {
        let nodes = &self.prepared.nodes;
        let mut rows = rows.to_vec();
        self.graph.sort_edges(nodes, &mut rows);
        for row in rows {
            let edge = self.graph.edges[row as usize];
            let other = if callers { edge.src } else { edge.dst };
            push_padded(&mut self.out, &self.values.text(edge.weight), 50);
            self.push(format!(" {} |   ", percent_padded(edge.weight, cum)).as_bytes());
            self.names.push(self.graph.node(other).node, &mut self.out);
            self.push(if edge.inline { b" (inline)\n" } else { b"\n" });
            self.outside.drain(&mut self.out)?;
        }
        Ok(())
    }

    fn push(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }
}

const TABLE: Table = Table {
    report: "calls",
    columns: &["value", "unit", "caller", "callee", "inline", "residual"],
};

/// The calls as data, a row each: see [`super::Format`]. With a pattern those from and to the
/// functions that match.
pub(super) fn data(
    prepared: &Prepared,
    symbol: Option<&Pattern>,
    mut out: TableWriter<'_>,
) -> Result<Vec<u8>, String> {
    let around = matching(prepared, symbol);
    let graph = prepared.graph_around(false, around.as_deref())?;
    let nodes = &prepared.nodes;
    let is_wanted = |node: &u32| around.as_ref().is_none_or(|a| a[*node as usize]);
    no_match(symbol, graph.order.iter().any(is_wanted))?;
    let mut rows: Vec<u32> = (0..graph.edges.len() as u32).collect();
    graph.sort_edges(nodes, &mut rows);
    out.begin(&TABLE);
    let unit = out.unit();
    for row in rows {
        let edge = graph.edges[row as usize];
        let [caller, callee] = [edge.src, edge.dst].map(|n| nodes.printable(graph.node(n).node));
        out.row(&[
            Cell::Number(edge.weight),
            Cell::Text(unit),
            Cell::Text(&caller),
            Cell::Text(&callee),
            Cell::Flag(edge.inline),
            Cell::Flag(edge.residual),
        ])?;
    }
    Ok(out.end())
}
