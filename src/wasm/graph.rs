//! The call graph's verbs.

use std::rc::Rc;

use super::dto::Query;
use super::dto_graph::{CallEdge, CallGraph, CallGraphOptions, CallGraphPart, CallLabel, CallNode};
use super::filtered;
use super::query::Analysis;
use super::workspace::Workspace;
use crate::analysis::{Graph, GraphEdge, GraphOptions, LabelUnits, Options, graph};
use crate::report::pprof::{
    Command, Format, Report, color, edge_weight, font_size, label_lines, lines_of, nodelets, shown,
    shown_lines, value_lines,
};

/// Nodes and calls up to which a graph is handed out: there is no picture of more that tells anything.
const MAX_NODES: usize = 5_000;
const MAX_EDGES: usize = 20_000;

/// Rows of each kind in a part, so that taking one in is not felt.
const PART: usize = 400;

/// A graph made for the page.
#[derive(Debug, Default)]
pub(super) struct Pictured {
    options: CallGraphOptions,
    info: CallGraph,
    whole: CallGraphPart,
}

impl Workspace {
    /// The call graph of a query, as pprof chooses its nodes and calls.
    pub fn call_graph(
        &mut self,
        query: &Query,
        options: &CallGraphOptions,
    ) -> Result<CallGraph, String> {
        let pictured = self.pictured(query, options)?;
        Ok(CallGraph {
            first: part(&pictured.whole, 0),
            ..pictured.info.clone()
        })
    }

    /// A part of it; the first is number 0. Empty beyond the last.
    pub fn call_graph_part(
        &mut self,
        query: &Query,
        options: &CallGraphOptions,
        number: u32,
    ) -> Result<CallGraphPart, String> {
        let pictured = self.pictured(query, options)?;
        Ok(part(&pictured.whole, number as usize))
    }

    /// The graph as `go tool pprof -dot` writes it, with sums for values. It is of the file as the
    /// steps leave it: pprof knows no `mine` and no baseline, and of labels it always shows texts and
    /// `bytes`, whatever was chosen for the page's picture.
    pub fn call_graph_dot(
        &mut self,
        query: &Query,
        asked: &CallGraphOptions,
    ) -> Result<Vec<u8>, String> {
        let command = Command {
            report: Report::Dot,
            symbol: None,
            format: Format::Text,
        };
        let [nodefraction, edgefraction] = fractions(query, asked);
        let options = Options {
            mean: false,
            call_tree: asked.call_tree,
            nodecount: i64::from(asked.node_count),
            nodefraction,
            edgefraction,
            ..filtered::options(query)
        };
        self.printed(query, &command, options)
    }

    /// For each of the nodes 1 if its name matches an expression, else 0.
    pub fn node_matches(
        &mut self,
        query: &Query,
        expression: &str,
        nodes: &[u32],
    ) -> Result<Vec<u8>, String> {
        let matches = self.analysis(query)?.matches(expression);
        let matched = |&node: &u32| u8::from(matches.get(node as usize) == Some(&true));
        Ok(nodes.iter().map(matched).collect())
    }

    fn pictured(
        &mut self,
        query: &Query,
        options: &CallGraphOptions,
    ) -> Result<Rc<Pictured>, String> {
        let analysis = self.analysis(query)?;
        let known = analysis.graphed.borrow().clone();
        if let Some(known) = known.filter(|known| known.options == *options) {
            return Ok(known);
        }
        let pictured = Rc::new(picture(&analysis, query, options)?);
        *analysis.graphed.borrow_mut() = Some(Rc::clone(&pictured));
        Ok(pictured)
    }
}

fn part(whole: &CallGraphPart, number: usize) -> CallGraphPart {
    fn rows<T: Clone>(all: &[T], number: usize) -> Vec<T> {
        let start = number.saturating_mul(PART).min(all.len());
        let end = start.saturating_add(PART).min(all.len());
        all[start..end].to_vec()
    }
    CallGraphPart {
        nodes: rows(&whole.nodes, number),
        edges: rows(&whole.edges, number),
        labels: rows(&whole.labels, number),
    }
}

/// Shares of the total below which nodes and calls are left out: pprof's, or what the query says of
/// rows.
fn fractions(query: &Query, options: &CallGraphOptions) -> [f64; 2] {
    let defaults = Options::default();
    if options.node_count == 0 {
        return [0.0, 0.0];
    }
    if query.nodefraction > 0.0 {
        return [query.nodefraction, defaults.edgefraction];
    }
    [defaults.nodefraction, defaults.edgefraction]
}

fn picture(
    analysis: &Analysis,
    query: &Query,
    options: &CallGraphOptions,
) -> Result<Pictured, String> {
    let profile = analysis.profile();
    let units = LabelUnits::new(profile);
    let called = |name: &str| {
        let mut keys = units.keys();
        keys.find(|key| String::from_utf8_lossy(key) == name)
    };
    let key = match options.labels.as_str() {
        "-" => None,
        asked => called(asked).or(called("bytes")).or(units.keys().next()),
    };
    let [node_fraction, edge_fraction] = fractions(query, options);
    let tag_unit = filtered::options(query).unit;
    let graph_options = GraphOptions {
        cum: false,
        visual: true,
        call_tree: options.call_tree,
        drop_negative: query.dropneg,
        node_count: options.node_count as usize,
        node_fraction,
        edge_fraction,
        tag_unit: &tag_unit,
        size_key: key.map(Vec::as_slice),
        around: None,
    };
    let graph = graph(
        profile,
        &analysis.nodes,
        &analysis.selection,
        &units,
        &graph_options,
    )?;
    let painter = Painter::new(analysis, &graph);
    let edges = painter.edge_rows();
    let too_large = graph.order.len() > MAX_NODES || edges.len() > MAX_EDGES;
    let with_labels = options.labels != "-";
    let whole = if too_large {
        CallGraphPart::default()
    } else {
        painter.paint(&edges, with_labels)
    };
    let total = analysis.selection.total;
    let value = |value: i64| analysis.value(value).into_bytes();
    let legend = shown_lines(
        &shown(&graph),
        total,
        [node_fraction, edge_fraction],
        &value,
    );
    let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
    let longest = (whole.nodes.len())
        .max(whole.edges.len())
        .max(whole.labels.len());
    let info = CallGraph {
        node_count: graph.order.len() as u32,
        edge_count: edges.len() as u32,
        too_large,
        parts: longest.div_ceil(PART).max(1) as u32,
        legend: legend.iter().map(text).collect(),
        number_keys: units.keys().map(text).collect(),
        number_key: key.map(text).unwrap_or_default(),
        first: CallGraphPart::default(),
    };
    Ok(Pictured {
        options: options.clone(),
        info,
        whole,
    })
}

/// Writes what a picture shows.
struct Painter<'a> {
    analysis: &'a Analysis,
    graph: &'a Graph,
    /// Place of each node of the graph in the picture; `u32::MAX` for one that is not in it.
    places: Vec<u32>,
    heaviest: f64,
}

impl<'a> Painter<'a> {
    fn new(analysis: &'a Analysis, graph: &'a Graph) -> Self {
        let mut places = vec![u32::MAX; graph.nodes.len()];
        for (place, &node) in graph.order.iter().enumerate() {
            places[node as usize] = place as u32;
        }
        let flats = graph.order.iter().map(|&n| graph.node(n).flat_value());
        let heaviest = flats.map(i64::wrapping_abs).max().unwrap_or(0) as f64;
        Self {
            analysis,
            graph,
            places,
            heaviest,
        }
    }

    /// The calls between nodes of the picture, in pprof's order. Those to nodes whose values cancel,
    /// which pprof's picture has without a name, are left out.
    fn edge_rows(&self) -> Vec<u32> {
        let graph = self.graph;
        let outs = graph.order.iter().flat_map(|&node| graph.outs(node));
        let is_shown = |row: &u32| self.place(graph.edges[*row as usize].dst) != u32::MAX;
        let mut rows: Vec<u32> = outs.copied().filter(is_shown).collect();
        graph.sort_edges(&self.analysis.nodes, &mut rows);
        rows
    }

    fn place(&self, node: u32) -> u32 {
        self.places[node as usize]
    }

    fn score(&self, value: i64) -> f64 {
        match self.analysis.selection.total {
            0 => 0.0,
            total => (value as f64 / total.wrapping_abs() as f64).clamp(-1.0, 1.0),
        }
    }

    fn paint(&self, edges: &[u32], with_labels: bool) -> CallGraphPart {
        let graph = self.graph;
        let mut labels = Vec::new();
        let mut has_labels = vec![false; graph.order.len()];
        if with_labels {
            for (place, &node) in graph.order.iter().enumerate() {
                let before = labels.len();
                self.push_labels(&mut labels, node, place as u32);
                has_labels[place] = labels.len() > before;
            }
        }
        let nodes = graph.order.iter().map(|&node| self.node(node));
        let edges = edges.iter().map(|&row| {
            let edge = &graph.edges[row as usize];
            self.edge(edge, has_labels[self.place(edge.src) as usize])
        });
        CallGraphPart {
            nodes: nodes.collect(),
            edges: edges.collect(),
            labels,
        }
    }

    fn node(&self, node: u32) -> CallNode {
        let analysis = self.analysis;
        let row = self.graph.node(node);
        let (flat, cum) = (row.flat_value(), row.cum_value());
        let info = &analysis.nodes.info[row.node.index()];
        let percent = |value: i64| analysis.percent(value);
        let text = |value: i64| analysis.value(value).into_bytes();
        let values = value_lines(flat, cum, &percent, &text);
        let mut lines = label_lines(&analysis.nodes, info);
        lines.extend(
            values
                .iter()
                .map(|v| String::from_utf8_lossy(v).into_owned()),
        );
        let score = self.score(cum);
        CallNode {
            name: analysis.name(row.node),
            lines,
            font: font_size(flat, self.heaviest) as u32,
            score,
            line: color(score, false),
            fill: color(score, true),
            flat: analysis.value(flat),
            flat_pct: analysis.percent(flat),
            cum: analysis.value(cum),
            cum_pct: analysis.percent(cum),
        }
    }

    fn edge(&self, edge: &GraphEdge, from_labels: bool) -> CallEdge {
        let value = edge.weight_value();
        let [weight, width] = match self.analysis.selection.total {
            0 => [1, 1],
            total => edge_weight(value, total),
        };
        let score = self.score(value);
        CallEdge {
            from: self.place(edge.src),
            to: self.place(edge.dst),
            value: self.analysis.value(value),
            pct: self.analysis.percent(value),
            inline: edge.inline,
            residual: edge.residual,
            weight: weight as u32,
            width: width as u32,
            min_ranks: if from_labels { 2 } else { 1 },
            score,
            line: color(score, false),
        }
    }

    fn push_labels(&self, labels: &mut Vec<CallLabel>, node: u32, place: u32) {
        // Where the node's boxes of texts have got to, by their place.
        let mut texts: Vec<(usize, i32)> = Vec::new();
        for nodelet in nodelets(self.graph, node) {
            let above = texts.iter().find(|&&(text, _)| nodelet.below == Some(text));
            let below = above.map_or(-1, |&(_, at)| at);
            if !nodelet.is_size {
                texts.push((nodelet.place, labels.len() as i32));
            }
            labels.push(CallLabel {
                node: place,
                below,
                lines: lines_of(&nodelet.name),
                value: self.analysis.value(nodelet.value),
                dotted: nodelet.dotted,
            });
        }
    }
}
