//! `-dot`: the graph as a picture's description for Graphviz.

use super::legend::{LegendLine, report_lines};
use super::names::Names;
use super::nodelets::Nodelets;
use super::short_name::shortened;
use super::values::Values;
use super::{Outside, Prepared};
use crate::analysis::{Graph, GraphEdge, NodeInfo, base_name};
use crate::unit::{percent, to_integer};

pub(super) fn text(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let graph = prepared.graph(true)?;
    let values = Values::of_graph(prepared, &graph);
    let main = prepared.profile.mappings.first();
    let title = main.map_or(&b""[..], |m| prepared.profile.strings.bytes(m.filename));
    let title = match title {
        b"" => b"",
        file => base_name(file),
    };
    let shown = super::shown(&graph);
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
                count: 0,
            };
            boxes.push(graph, node, i + 1)?;
            has_nodelets[node as usize] = boxes.count > 0;
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
        let with_share = |value: i64| {
            let share = format!(" ({})", percent(value, total));
            [self.values.text(value).as_slice(), share.as_bytes()].concat()
        };
        let mut label = multi_line(self.prepared, &nodes.info[row.node.index()]);
        match flat {
            0 => label.push(b'0'),
            flat => label.extend_from_slice(&with_share(flat)),
        }
        if cum != flat {
            label.extend_from_slice(if flat == 0 { b" " } else { b"\\n" });
            label.extend_from_slice(b"of ");
            label.extend_from_slice(&with_share(cum));
        }
        let magnitude = flat.wrapping_abs() as f64;
        let growth = if flat != 0 && heaviest != 0.0 && magnitude <= heaviest {
            to_integer((16.0 * (magnitude / heaviest).sqrt()).ceil())
        } else {
            0
        };
        let score = cum as f64 / total.wrapping_abs() as f64;
        let cum = self.values.text(cum);
        let start = format!("N{number} [label=\"");
        let middle = format!(
            "\" id=\"node{number}\" fontsize={} shape=box tooltip=\"",
            8_i64.wrapping_add(growth)
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
            // More than the total is possible in differences.
            let part = |factor: i64| {
                let part = value.wrapping_mul(factor).wrapping_div(total);
                part.wrapping_abs().min(factor)
            };
            let (weight, width) = (1 + part(100), 1 + part(5));
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

/// A node's name with a part per line: the function without its package's path, then file or
/// binary.
fn multi_line(prepared: &Prepared, info: &NodeInfo) -> Vec<u8> {
    let nodes = &prepared.nodes;
    let mut name = escaped(&shortened(nodes.text(info.name)));
    // Go's type parameters are `[...]`, which is no place for a line break.
    for (from, to) in [
        (&b"::"[..], &b"\\n"[..]),
        (b"[...]", "[…]".as_bytes()),
        (b".", b"\\n"),
    ] {
        name = replaced(&name, from, to);
    }
    let file = match nodes.text(info.file) {
        b"" => b"",
        file => base_name(file),
    };
    let mut label = nodes.name_parts(info, &name, file, b"\\n");
    label.extend_from_slice(b"\\n");
    label
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

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(from) {
            out.extend_from_slice(to);
            rest = after;
        } else {
            out.push(first);
            rest = tail;
        }
    }
    out
}

/// Green for less, grey for nothing, red for more; a light shade for areas.
fn color(score: f64, is_area: bool) -> String {
    let (mut saturation, value) = if is_area { (0.1, 0.93) } else { (1.0, 0.7) };
    // Without a total the score is no number, and stays none.
    let score = if score.is_nan() {
        score
    } else {
        score.clamp(-1.0, 1.0)
    };
    if score.abs() < 0.2 {
        saturation *= score.abs() / 0.2;
    }
    // Small shares are shifted away from grey.
    let strength = score.abs().powf(0.3);
    let faded = value * (1.0 - saturation * strength);
    let (red, green) = if score < 0.0 {
        (faded, value)
    } else {
        (value, faded)
    };
    let blue = value * (1.0 - saturation);
    let [red, green, blue] = [red, green, blue].map(|part| (part * 255.0) as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_go_from_green_over_grey_to_red() {
        // All: value 0.7 → 178 = b2, faded by saturation 1 to 0. Nothing: saturation 0, all b2.
        assert_eq!(color(1.0, false), "#b20000");
        assert_eq!(color(-7.0, false), "#00b200");
        assert_eq!(color(0.0, false), "#b2b2b2");
        // Areas: 0.93 → 237 = ed; 0.93 · 0.9 = 0.837 → 213 = d5.
        assert_eq!(color(1.0, true), "#edd5d5");
        assert_eq!(color(f64::NAN, false), "#b20000");
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped(b"a\"\\\nb"), b"a\\\"\\\\\\lb");
        assert_eq!(replaced(b"a::b::", b"::", b"\\n"), b"a\\nb\\n");
    }
}
