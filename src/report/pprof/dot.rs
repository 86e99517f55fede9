//! `-dot`: the graph as a picture's description for Graphviz.

use super::legend::{LegendLine, report_lines, shown};
use super::look::{color, edge_weight, font_size, multi_line, value_lines};
use super::names::Names;
use super::nodelets::Nodelets;
use super::values::Values;
use super::{Outside, Prepared};
use crate::analysis::{Graph, GraphEdge, base_name};
use crate::unit::percent;

pub(super) fn text(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let graph = prepared.graph(true)?;
    let values = Values::of_graph(prepared, &graph);
    let main = prepared.profile.mappings.first();
    let title = main.map_or(&b""[..], |m| prepared.profile.strings.bytes(m.filename));
    let title = match title {
        b"" => b"",
        file => base_name(file),
    };
    let shown = shown(&graph);
    let legend = report_lines(prepared, &values, shown, outside, true);
    let mut picture = Picture {
        prepared,
        outside,
        graph: &graph,
        values: &values,
        names: Names::new(&prepared.nodes, |name| escaped(&name)),
        out: Vec::new(),
    };
    picture.begin(title, &legend)?;
    picture.nodes_and_edges()?;
    picture.push(&[b"}\n"]);
    Ok(picture.out)
}

struct Picture<'a> {
    prepared: &'a Prepared,
    outside: Outside<'a>,
    graph: &'a Graph,
    values: &'a Values<'a>,
    names: Names<'a>,
    out: Vec<u8>,
}

impl Picture<'_> {
    fn push(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.out.extend_from_slice(part);
        }
    }

    fn begin(&mut self, title: &[u8], legend: &[LegendLine<'_>]) -> Result<(), String> {
        let name = if title.is_empty() { b"unnamed" } else { title };
        self.push(&[b"digraph \"", name, b"\" {\n"]);
        self.push(&[b"node [style=filled fillcolor=\"#f8f8f8\"]\n"]);
        let Some(first) = legend.first() else {
            return Ok(());
        };
        self.push(&[
            b"subgraph cluster_L { \"",
            &escaped(first),
            b"\" [shape=box fontsize=16 label=\"",
        ]);
        for line in legend {
            self.push(&[&escaped(line), b"\\l"]);
            self.outside.drain(&mut self.out)?;
        }
        self.push(&[b"\""]);
        if !title.is_empty() {
            self.push(&[b" tooltip=\"", title, b"\""]);
        }
        self.push(&[b"] }\n"]);
        Ok(())
    }

    fn nodes_and_edges(&mut self) -> Result<(), String> {
        let graph = self.graph;
        let flats = graph.order.iter().map(|&n| graph.node(n).flat_value());
        let heaviest = flats.map(i64::wrapping_abs).max().unwrap_or(0) as f64;
        // Numbers of nodes in the picture; 0 for one whose values cancel, as in pprof.
        let mut numbers = vec![0; graph.nodes.len()];
        let mut has_nodelets = vec![false; graph.nodes.len()];
        let mut rows = Vec::new();
        for (i, &node) in graph.order.iter().enumerate() {
            numbers[node as usize] = i + 1;
            self.node(node, i + 1, heaviest);
            let mut boxes = Nodelets {
                values: self.values,
                outside: self.outside,
                out: &mut self.out,
            };
            has_nodelets[node as usize] = boxes.push(graph, node, i + 1)? > 0;
            rows.extend_from_slice(graph.outs(node));
            self.outside.drain(&mut self.out)?;
        }
        graph.sort_edges(&self.prepared.nodes, &mut rows);
        for row in rows {
            let edge = &graph.edges[row as usize];
            let ends = [edge.src, edge.dst].map(|node| numbers[node as usize]);
            self.edge(edge, ends, has_nodelets[edge.src as usize]);
            self.outside.drain(&mut self.out)?;
        }
        Ok(())
    }

    fn node(&mut self, node: u32, number: usize, heaviest: f64) {
        let row = self.graph.node(node);
        let nodes = &self.prepared.nodes;
        let total = self.prepared.selection.total;
        let (flat, cum) = (row.flat_value(), row.cum_value());
        let mut label = multi_line(nodes, &nodes.info[row.node.index()]);
        let values = |value: i64| self.values.text(value);
        let lines = value_lines(flat, cum, &|value| percent(value, total), &values);
        label.extend_from_slice(&lines.join(&b"\\n"[..]));
        let score = cum as f64 / total.wrapping_abs() as f64;
        let cum = self.values.text(cum);
        let start = format!("N{number} [label=\"");
        let middle = format!(
            "\" id=\"node{number}\" fontsize={} shape=box tooltip=\"",
            font_size(flat, heaviest)
        );
        let (line, fill) = (color(score, false), color(score, true));
        let end = format!(")\" color=\"{line}\" fillcolor=\"{fill}\"]\n");
        self.push(&[start.as_bytes(), &label, middle.as_bytes()]);
        self.names.push(row.node, &mut self.out);
        self.push(&[b" (", &cum, end.as_bytes()]);
    }

    fn edge(&mut self, edge: &GraphEdge, [from, to]: [usize; 2], has_nodelets: bool) {
        let total = self.prepared.selection.total;
        let value = edge.weight_value();
        let text = self.values.text(value);
        let inline: &[u8] = if edge.inline { b"\\n (inline)" } else { b"" };
        let start = format!("N{from} -> N{to} [label=\" ");
        self.push(&[start.as_bytes(), &text, inline, b"\""]);
        if total != 0 {
            let [weight, width] = edge_weight(value, total);
            if weight > 1 {
                self.push(&[format!(" weight={weight}").as_bytes()]);
            }
            if width > 1 {
                self.push(&[format!(" penwidth={width}").as_bytes()]);
            }
            let score = value as f64 / total.wrapping_abs() as f64;
            self.push(&[format!(" color=\"{}\"", color(score, false)).as_bytes()]);
        }
        let arrow: &[u8] = if edge.residual { b" ... " } else { b" -> " };
        let mut tooltip = vec![b'"'];
        self.names
            .push(self.graph.node(edge.src).node, &mut tooltip);
        tooltip.extend_from_slice(arrow);
        self.names
            .push(self.graph.node(edge.dst).node, &mut tooltip);
        tooltip.extend_from_slice(&[b" (", text.as_slice(), b")\""].concat());
        self.push(&[b" tooltip=", &tooltip, b" labeltooltip=", &tooltip]);
        if edge.residual {
            self.push(&[b" style=\"dotted\""]);
        }
        if has_nodelets {
            self.push(&[b" minlen=2"]);
        }
        self.push(&[b"]\n"]);
    }
}

/// A text between quotes of the picture's language; line breaks become left-aligned ones.
pub(super) fn escaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'"' => out.extend_from_slice(b"\\\""),
            b'\n' => out.extend_from_slice(b"\\l"),
            byte => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped(b"a\"\\\nb"), b"a\\\"\\\\\\lb");
    }
}
