//! The lines above a report: what was profiled, when, and how much of it is shown.

use std::borrow::Cow;

use super::values::Values;
use super::{Outside, Prepared};
use crate::analysis::{Graph, base_name};
use crate::unit::{label, percent, percent_padded, scaled, to_integer};

/// Turns a time since 1970 in nanoseconds into text; the zone is the caller's, since the core
/// knows none.
pub type Clock<'a> = &'a dyn Fn(i64) -> String;

/// How much of a profile a report shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    /// Σ flat of the nodes shown.
    pub sum: i64,
    /// Their number.
    pub nodes: usize,
    /// The number before `-nodecount`.
    pub original: usize,
    /// Nodes that `-nodefraction` dropped.
    pub dropped_nodes: usize,
    /// Edges that `-edgefraction` dropped; only pictures tell.
    pub dropped_edges: usize,
}

/// How much of a profile a graph shows.
pub fn shown(graph: &Graph) -> Shown {
    Shown {
        sum: graph.shown(),
        nodes: graph.order.len(),
        original: graph.original_count,
        dropped_nodes: graph.dropped_nodes,
        dropped_edges: graph.dropped_edges,
    }
}

/// A line; comments are as long as the file has them, and may be many.
pub(super) type LegendLine<'a> = Cow<'a, [u8]>;

/// Everything above a table; above a picture, too, whose legend is always complete.
pub(super) fn report_lines<'a>(
    prepared: &'a Prepared,
    values: &Values<'_>,
    shown: Shown,
    outside: Outside<'_>,
    is_picture: bool,
) -> Vec<LegendLine<'a>> {
    let mut lines = Vec::new();
    if is_picture || !prepared.options.compact_labels {
        lines = profile_lines(prepared, values, outside);
    }
    let filters = filter_lines(&prepared.options.active_filters());
    let options = &prepared.options;
    let fractions = [options.nodefraction, options.edgefraction];
    let total = prepared.selection.total;
    let text = |value: i64| values.text(value);
    let others = filters
        .into_iter()
        .chain(shown_lines(&shown, total, fractions, &text));
    lines.extend(others.map(Cow::Owned));
    if is_picture {
        let hint = &b"\nSee https://git.io/JfYMW for how to read the graph"[..];
        lines.push(Cow::Borrowed(hint));
    }
    lines
}

/// `File:`, `Build ID:`, comments, `Type:`, `Doc:`, `Time:` and `Duration:`, as far as the
/// profile has them.
pub(super) fn profile_lines<'a>(
    prepared: &'a Prepared,
    values: &Values<'_>,
    outside: Outside<'_>,
) -> Vec<LegendLine<'a>> {
    let profile = &prepared.profile;
    let bytes = |id| profile.strings.bytes(id);
    let mut lines = Vec::new();
    if let Some(main) = profile.mappings.first() {
        let file = bytes(main.filename);
        if !file.is_empty() {
            lines.push([b"File: ", base_name(file)].concat().into());
        }
        if !bytes(main.build_id).is_empty() {
            lines.push([b"Build ID: ", bytes(main.build_id)].concat().into());
        }
    }
    let comments = profile.comments.iter().map(|&id| bytes(id));
    lines.extend(comments.filter(|c| !c.starts_with(b"#")).map(Cow::Borrowed));
    let kind = type_name(prepared);
    if !kind.is_empty() {
        lines.push([b"Type: ", kind.as_slice()].concat().into());
    }
    if !bytes(profile.doc_url).is_empty() {
        lines.push([b"Doc: ", bytes(profile.doc_url)].concat().into());
    }
    if profile.time_nanos != 0 {
        lines.push(
            format!("Time: {}", (outside.clock)(profile.time_nanos))
                .into_bytes()
                .into(),
        );
    }
    lines.extend(duration_line(prepared, values).map(Cow::Owned));
    lines
}

/// The name of the sample type, with `mean_` before it where values are means.
pub(super) fn type_name(prepared: &Prepared) -> Vec<u8> {
    let profile = &prepared.profile;
    let sample_type = profile.sample_types.get(prepared.selection.sample_type);
    let kind = sample_type.map_or(&b""[..], |t| profile.strings.bytes(t.kind));
    let mean: &[u8] = if prepared.selection.mean {
        b"mean_"
    } else {
        b""
    };
    [mean, kind].concat()
}

fn duration_line(prepared: &Prepared, values: &Values<'_>) -> Option<Vec<u8>> {
    let (profile, selection) = (&prepared.profile, &prepared.selection);
    if profile.duration_nanos == 0 {
        return None;
    }
    let sample_unit = profile.unit_name(selection.sample_type);
    let (nanos, family) = scaled(selection.total, &sample_unit, "nanoseconds");
    let ratio = if family == "ns" && nanos != 0.0 {
        format!(
            "({})",
            percent_padded(to_integer(nanos), profile.duration_nanos)
        )
    } else {
        String::new()
    };
    let duration = label(profile.duration_nanos, "nanoseconds");
    let total = values.text(selection.total);
    // Without a ratio the blank before it stays, as in pprof.
    let start = format!("Duration: {duration}, Total samples = ");
    Some([start.as_bytes(), &total, b" ", ratio.as_bytes()].concat())
}

/// Longest `name=expression` that is printed whole.
const MAX_FILTER: usize = 80;

/// `Active filters:` and the filters, cut where they are long; nothing without any.
fn filter_lines(filters: &[(&str, &str)]) -> Vec<Vec<u8>> {
    if filters.is_empty() {
        return Vec::new();
    }
    let line = |(name, text): &(&str, &str)| {
        let mut line = format!("{name}={text}").into_bytes();
        if line.len() > MAX_FILTER {
            line.truncate(MAX_FILTER);
            line.extend_from_slice("…".as_bytes());
        }
        [b"   ", line.as_slice()].concat()
    };
    let heading = b"Active filters:".to_vec();
    std::iter::once(heading)
        .chain(filters.iter().map(line))
        .collect()
}

/// `Showing nodes accounting for …` and what was dropped. `fractions` are those of nodes and
/// edges, `text` writes a value.
pub fn shown_lines(
    shown: &Shown,
    total: i64,
    fractions: [f64; 2],
    text: &dyn Fn(i64) -> Vec<u8>,
) -> Vec<Vec<u8>> {
    let mut lines = vec![
        [
            b"Showing nodes accounting for ",
            text(shown.sum).as_slice(),
            format!(", {} of ", percent(shown.sum, total)).as_bytes(),
            &text(total),
            b" total",
        ]
        .concat(),
    ];
    if total == 0 {
        return lines;
    }
    let mut dropped = |count: usize, what: &str, measure: &str, fraction: f64| {
        if count > 0 {
            let plural = if count > 1 { "s" } else { "" };
            let limit = to_integer(total as f64 * fraction).wrapping_abs();
            let start = format!("Dropped {count} {what}{plural} ({measure} <= ");
            lines.push([start.as_bytes(), &text(limit), b")"].concat());
        }
    };
    let [node_fraction, edge_fraction] = fractions;
    dropped(shown.dropped_nodes, "node", "cum", node_fraction);
    dropped(shown.dropped_edges, "edge", "freq", edge_fraction);
    if shown.nodes > 0 && shown.nodes < shown.original {
        let line = format!(
            "Showing top {} nodes out of {}",
            shown.nodes, shown.original
        );
        lines.push(line.into_bytes());
    }
    lines
}
