//! The page's call graph has the nodes, calls and boxes of labels of what `go tool pprof -dot`
//! printed, and looks as it says.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its expected outputs from files"
)]

use std::fs;

use dropprof::wasm::Workspace;
use dropprof::wasm::dto::{GranularityDto, Query, Step};
use dropprof::wasm::dto_graph::{CallGraph, CallGraphOptions, CallGraphPart};

#[path = "support/encode.rs"]
mod encode;
#[path = "support/opening.rs"]
mod opening;
mod support;

use encode::Encoder;
use opening::open;
use support::{manifest, testdata};

/// A profile opened in a workspace of its own.
fn opened(bytes: &[u8]) -> (Workspace, Query, Vec<String>) {
    let mut workspace = Workspace::new(1 << 30);
    let info = open(&mut workspace, "file.pb.gz", bytes);
    let types = info.sample_types.into_iter().map(|t| t.name);
    let query = Query {
        file: info.id,
        sample: info.default_sample,
        granularity: GranularityDto::Functions,
        ..Query::default()
    };
    (workspace, query, types.collect())
}

/// What stands between quotes after `name=`, or up to the next blank; empty where there is none.
fn attribute<'a>(line: &'a str, name: &str) -> &'a str {
    let attributes = line.split_once('[').map_or("", |(_, rest)| rest);
    for form in [format!("{name}="), format!("{name} = ")] {
        let starts = attributes.match_indices(&form);
        for (at, _) in starts {
            if at > 0 && !attributes[..at].ends_with(' ') {
                continue;
            }
            let value = &attributes[at + form.len()..];
            return match value.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next().unwrap_or_default(),
                None => value.split([' ', ']']).next().unwrap_or_default(),
            };
        }
    }
    ""
}

fn lines_of(label: &str) -> String {
    let lines = label.split("\\n").map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("|")
}

/// Nodes, calls and labels of a picture, a line each.
#[derive(Debug, Default, PartialEq)]
struct Told {
    nodes: Vec<String>,
    edges: Vec<String>,
    labels: Vec<String>,
}

/// What pprof's text says. Its labels come with a line to each.
fn told_by_pprof(dot: &str) -> Told {
    let mut told = Told::default();
    let mut boxes = Vec::new();
    for line in dot.lines().filter(|line| line.starts_with('N')) {
        let name = line.split(" [").next().unwrap_or_default();
        let get = |attribute_name| attribute(line, attribute_name);
        let is_label = |name: &str| name.contains('_');
        match name.split_once(" -> ") {
            Some((from, to)) if is_label(to) => {
                let text = boxes.iter().find(|(name, _)| *name == to);
                let (_, text) = text.expect("boxes stand before the lines to them");
                let above = boxes.iter().find(|(name, _)| *name == from);
                let above =
                    above.map_or(from.to_owned(), |(_, text): &(&str, String)| text.clone());
                let (value, style) = (get("label").trim(), get("style"));
                told.labels
                    .push(format!("{above} > {text} {value} {style}"));
            }
            Some((from, to)) => {
                let [label, width, style, ranks] =
                    ["label", "penwidth", "style", "minlen"].map(get);
                let width = if width.is_empty() { "1" } else { width };
                let ranks = if ranks.is_empty() { "1" } else { ranks };
                let (weight, color) = (get("weight"), get("color"));
                let weight = if weight.is_empty() { "1" } else { weight };
                told.edges.push(format!(
                    "{from} > {to} {} {weight} {width} {color} {style} {ranks}",
                    lines_of(label)
                ));
            }
            None if is_label(name) => boxes.push((name, lines_of(get("label")))),
            None => told.nodes.push(format!(
                "{name} {} {} {} {}",
                lines_of(get("label")),
                get("fontsize"),
                get("color"),
                get("fillcolor")
            )),
        }
    }
    told
}

fn told_by_the_page(whole: &CallGraphPart) -> Told {
    let dotted = |is: bool| if is { "dotted" } else { "" };
    let name = |place: u32| format!("N{}", place + 1);
    let nodes = whole.nodes.iter().enumerate().map(|(i, node)| {
        let (lines, font) = (node.lines.join("|"), node.font);
        format!(
            "{} {lines} {font} {} {}",
            name(i as u32),
            node.line,
            node.fill
        )
    });
    let edges = whole.edges.iter().map(|edge| {
        format!(
            "{} > {} {}{} {} {} {} {} {}",
            name(edge.from),
            name(edge.to),
            edge.value,
            if edge.inline { "|(inline)" } else { "" },
            edge.weight,
            edge.width,
            edge.line,
            dotted(edge.residual),
            edge.min_ranks
        )
    });
    let labels = whole.labels.iter().map(|label| {
        let above = match usize::try_from(label.below) {
            Ok(below) => whole.labels[below].lines.join("|"),
            Err(_) => name(label.node),
        };
        let (lines, value) = (label.lines.join("|"), &label.value);
        format!("{above} > {lines} {value} {}", dotted(label.dotted))
    });
    Told {
        nodes: nodes.collect(),
        edges: edges.collect(),
        labels: labels.collect(),
    }
}

/// The graph with all its parts.
fn whole(
    workspace: &mut Workspace,
    query: &Query,
    options: &CallGraphOptions,
) -> (CallGraph, CallGraphPart) {
    let info = workspace.call_graph(query, options).expect("a graph");
    let mut whole = info.first.clone();
    for number in 1..info.parts {
        let part = workspace.call_graph_part(query, options, number);
        let part = part.expect("a part");
        whole.nodes.extend(part.nodes);
        whole.edges.extend(part.edges);
        whole.labels.extend(part.labels);
    }
    (info, whole)
}

/// The arguments of pprof that the page has, too; `None` with one that it has not.
fn asked(args: &[String], types: &[String], query: &Query) -> Option<(Query, CallGraphOptions)> {
    let mut query = query.clone();
    let mut options = CallGraphOptions {
        node_count: 80,
        ..CallGraphOptions::default()
    };
    for arg in args {
        match arg.trim_start_matches('-').split_once('=') {
            None if arg == "-dot" => {}
            None if arg == "-call_tree" => options.call_tree = true,
            None if arg == "-relative_percentages" => query.relative = true,
            None if arg == "-filefunctions" => query.granularity = GranularityDto::Filefunctions,
            Some(("nodecount", count)) => options.node_count = count.parse().ok()?,
            Some((kind @ ("ignore" | "tagroot"), text)) => query.steps.push(Step {
                kind: kind.to_owned(),
                text: text.to_owned(),
            }),
            Some(("unit", text)) => text.clone_into(&mut query.unit),
            Some(("sample_index", name)) => {
                query.sample = types.iter().position(|t| t == name)? as u32;
            }
            _ => return None,
        }
    }
    Some((query, options))
}

/// The unit of the total in pprof's heading.
fn unit_of(heading: &str) -> &str {
    let total = heading.split(" total").next().unwrap_or_default();
    let total = total.rsplit(' ').next().unwrap_or_default();
    total.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
}

/// The same without values: a number with a unit of letters.
fn without_values(told: Told) -> Told {
    let is_value = |word: &str| {
        let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        number != word && number.parse::<f64>().is_ok()
    };
    let lines = |lines: Vec<String>| {
        let line = |line: String| {
            let words = line.split([' ', '|']);
            let words = words.map(|word| if is_value(word) { "value" } else { word });
            words.collect::<Vec<_>>().join(" ")
        };
        lines.into_iter().map(line).collect()
    };
    Told {
        nodes: lines(told.nodes),
        edges: lines(told.edges),
        labels: lines(told.labels),
    }
}

#[test]
fn the_picture_is_that_of_pprof() {
    let mut compared = 0;
    let (mut labels, mut with_values) = (0, 0);
    let is_dot = |args: &[String]| args.first().is_some_and(|arg| arg == "-dot");
    for row in manifest().iter().filter(|row| is_dot(&row.args)) {
        let bytes = fs::read(testdata().join(&row.input)).expect("the profile is there");
        let (mut workspace, query, types) = opened(&bytes);
        let Some((query, options)) = asked(&row.args, &types, &query) else {
            continue;
        };
        let golden = fs::read(testdata().join(&row.golden)).expect("the golden is there");
        let golden = String::from_utf8_lossy(&golden);
        let (info, whole) = whole(&mut workspace, &query, &options);
        let (mut expected, mut got) = (told_by_pprof(&golden), told_by_the_page(&whole));
        let title = format!("{} of {}", row.args.join(" "), row.input);
        assert_eq!(info.node_count as usize, expected.nodes.len(), "{title}");
        assert_eq!(info.edge_count as usize, expected.edges.len(), "{title}");
        labels += expected.labels.len();
        // The page has values in its tables' unit, so that figures are the same in every view.
        if unit_of(&info.legend[0]) == unit_of(&golden) {
            with_values += 1;
            for line in &info.legend {
                let escaped = format!("{line}\\l");
                assert!(golden.contains(&escaped), "{title}: {line}");
            }
        } else {
            (expected, got) = (without_values(expected), without_values(got));
        }
        assert_eq!(got, expected, "{title}");
        let dot = workspace.call_graph_dot(&query, &options).expect("a text");
        assert_eq!(String::from_utf8_lossy(&dot), golden, "{title}");
        compared += 1;
    }
    assert!(
        compared >= 7 && with_values >= 5 && labels >= 20,
        "{compared} pictures, {with_values} with values, {labels} labels"
    );
}

/// main calls f, in samples of 3 with 100 rows in 2 kB, and of 5 with 700 rows.
fn with_rows() -> Vec<u8> {
    let mut profile = Encoder::new(&["samples"]);
    for (id, name) in [(1, "main.main"), (2, "main.f")] {
        profile.function(id, name);
        profile.location(id, std::iter::once(id));
    }
    let [rows, bytes] = ["rows", "bytes"].map(|key| profile.string(key));
    let unit = profile.string("bytes");
    // Key, number, unit; the field of a text stays 0.
    let sizes = [(1, bytes), (3, 2048), (4, unit), (2, 0)];
    let count = |number| [(1, rows), (3, number), (2, 0), (4, 0)];
    for (value, labels) in [(3, vec![count(100), sizes]), (5, vec![count(700)])] {
        profile.sample_with(
            [2, 1].into_iter(),
            std::iter::once(value),
            labels.into_iter(),
        );
    }
    profile.finish()
}

#[test]
fn nodes_show_one_numeric_label_of_any_key() {
    let (mut workspace, query, _) = opened(&with_rows());
    let mut labels = |key: &str| {
        let options = CallGraphOptions {
            labels: key.to_owned(),
            ..CallGraphOptions::default()
        };
        let graph = workspace.call_graph(&query, &options).expect("a graph");
        assert_eq!(graph.number_keys, ["bytes", "rows"]);
        let told = told_by_the_page(&graph.first).labels;
        (graph.number_key, told)
    };
    // f is N1: it has all the value, and no calls out of it. pprof's own key is shown unasked.
    let pprofs = ("bytes".to_owned(), vec!["N1 > 2kB 3 ".to_owned()]);
    assert_eq!(labels(""), pprofs);
    assert_eq!(labels("bytes"), pprofs);
    // A key without a unit is its own unit, which as one that pprof does not know is not printed; the
    // heavier one first.
    let rows = vec!["N1 > 700 5 ".to_owned(), "N1 > 100 3 ".to_owned()];
    assert_eq!(labels("rows"), ("rows".to_owned(), rows));
    assert_eq!(labels("-"), (String::new(), Vec::new()));
    // A link to another file may name what this one has not.
    assert_eq!(labels("nobody"), pprofs);
}

/// main calls so many functions, each of which has a sample.
fn star(functions: u64) -> Vec<u8> {
    let mut profile = Encoder::new(&["samples"]);
    for id in 1..=functions + 1 {
        profile.function(id, &format!("main.f{id}"));
        profile.location(id, std::iter::once(id));
    }
    for id in 2..=functions + 1 {
        profile.sample([id, 1].into_iter(), std::iter::once(1), std::iter::empty());
    }
    profile.finish()
}

#[test]
fn a_large_graph_comes_in_parts_and_one_beyond_reading_does_not_come() {
    let (mut workspace, query, _) = opened(&star(1000));
    let all = CallGraphOptions::default();
    let (info, parts) = whole(&mut workspace, &query, &all);
    assert_eq!((info.node_count, info.edge_count), (1001, 1000));
    // 400 at a time.
    assert_eq!((info.parts, info.first.nodes.len()), (3, 400));
    assert_eq!((parts.nodes.len(), parts.edges.len()), (1001, 1000));
    let beyond = workspace.call_graph_part(&query, &all, 3).expect("a part");
    assert!(beyond.nodes.is_empty() && beyond.edges.is_empty());

    let (mut workspace, query, _) = opened(&star(5000));
    let info = workspace.call_graph(&query, &all).expect("a graph");
    assert!(info.too_large && info.first.nodes.is_empty());
    assert_eq!(
        (info.node_count, info.edge_count, info.parts),
        (5001, 5000, 1)
    );
    // main, and each of 5000 functions below a half percent: pprof's cutoff leaves main alone.
    let trimmed = CallGraphOptions {
        node_count: 80,
        ..all
    };
    let info = workspace.call_graph(&query, &trimmed).expect("a graph");
    assert_eq!((info.node_count, info.too_large), (1, false));
}

#[test]
fn names_are_matched_node_by_node() {
    let (mut workspace, query, _) = opened(&with_rows());
    let graph = workspace.call_graph(&query, &CallGraphOptions::default());
    let nodes: Vec<u32> = graph
        .expect("a graph")
        .first
        .nodes
        .iter()
        .map(|n| n.name.node)
        .collect();
    let names = workspace.names(&query, &nodes).expect("names");
    let is_f = |name: &dropprof::wasm::dto::FrameName| u8::from(name.full == "main.f");
    let expected: Vec<u8> = names.iter().map(is_f).collect();
    let mut matches = |text: &str| workspace.node_matches(&query, text, &nodes);
    assert_eq!(matches("f$"), Ok(expected));
    assert_eq!(matches("("), Ok(vec![0, 0]));
    let foreign = workspace.node_matches(&query, "main", &[u32::MAX]);
    assert_eq!(foreign, Ok(vec![0]));
}
