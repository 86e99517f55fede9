//! The flat table: pprof's `-top`, and the page's whole table.

use std::cmp::{Ordering, Reverse};

use super::edges::{EdgeFilter, edges};
use super::{FlatCum, NodeId, Nodes, Selection, flat_cum};
use crate::model::Profile;
use crate::sort::sort_by;

/// pprof's inline remark of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InlineMark {
    /// Never inlined, or nobody calls it.
    #[default]
    None,
    /// Every call to it was inlined.
    Inline,
    /// Some calls were.
    Partial,
}

impl InlineMark {
    /// As the page shows it; empty for none.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Inline => "inline",
            Self::Partial => "partial-inline",
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopRow {
    /// Who.
    pub node: NodeId,
    /// Own value.
    pub flat: i64,
    /// With callees.
    pub cum: i64,
    /// Inline remark.
    pub inline: InlineMark,
}

/// Which rows, in which order (pprof's `-cum`, `-nodecount`, `-nodefraction`, `-edgefraction`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TopOptions {
    /// Sort by cum instead of flat.
    pub cum: bool,
    /// Rows at most; 0 for all.
    pub node_count: usize,
    /// Drop nodes whose |cum| is below this share of |Σ flat|.
    pub node_fraction: f64,
    /// Ignore calls lighter than this share of |Σ flat| for the inline remark.
    pub edge_fraction: f64,
    /// Leave out nodes with a negative flat, or a zero flat and a negative cum.
    pub drop_negative: bool,
}

impl Default for TopOptions {
    /// pprof's defaults for `-top`.
    fn default() -> Self {
        Self {
            cum: false,
            node_count: 0,
            node_fraction: 0.005,
            edge_fraction: 0.001,
            drop_negative: false,
        }
    }
}

/// The table with what its legend tells.
#[derive(Clone, Debug, Default)]
pub struct Top {
    /// Rows in order.
    pub rows: Vec<TopRow>,
    /// Nodes left after `node_fraction`, before `node_count`.
    pub node_count: usize,
    /// Nodes that `node_fraction` dropped.
    pub dropped: usize,
}

/// Builds the table as `go tool pprof -top` does: every non-zero node, minus those below the
/// cutoff, sorted, cut to `node_count`, then marked by the calls that remain.
pub fn top(profile: &Profile, nodes: &Nodes, selection: &Selection, options: &TopOptions) -> Top {
    let Significant {
        mut rows,
        net,
        dropped,
        ..
    } = significant(
        profile,
        nodes,
        selection,
        options.drop_negative,
        options.node_fraction,
    );
    let before = rows.len() + dropped;
    let node_count = rows.len();
    let order = if options.cum { Order::Cum } else { Order::Flat };
    sort_rows(&mut rows, nodes, order);
    if options.node_count > 0 {
        rows.truncate(options.node_count);
    }
    let edge_cutoff = cutoff(net, options.edge_fraction);
    // Rows that are only zero are not trimmed: calls from them still count.
    let trimmed = rows.len() < before;
    mark_inlines(profile, nodes, selection, &mut rows, edge_cutoff, trimmed);
    divide_rows(&mut rows, profile, nodes, selection);
    Top {
        rows,
        node_count,
        dropped,
    }
}

/// The nodes that are not too light to be shown.
pub(super) struct Significant {
    /// In order of node id.
    pub(super) rows: Vec<TopRow>,
    /// Σ flat of all nodes with a value, light ones included.
    pub(super) net: i64,
    /// |cum| below which nodes are dropped.
    pub(super) cutoff: i64,
    /// Nodes dropped.
    pub(super) dropped: usize,
    /// Of all nodes.
    pub(super) sums: FlatCum,
}

/// The first steps of pprof's trimming.
pub(super) fn significant(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    drop_negative: bool,
    node_fraction: f64,
) -> Significant {
    let sums = flat_cum(profile, nodes, selection, None);
    let mut rows = nonzero_rows(&sums);
    if drop_negative {
        rows.retain(|row| !is_negative(row.flat, row.cum));
    }
    let net = rows
        .iter()
        .fold(0_i64, |sum, row| sum.wrapping_add(row.flat));
    let cutoff = cutoff(net, node_fraction);
    let before = rows.len();
    rows.retain(|row| row.cum.wrapping_abs() >= cutoff || cutoff <= 0);
    let dropped = before - rows.len();
    Significant {
        rows,
        net,
        cutoff,
        dropped,
        sums,
    }
}

/// What `drop_negative` drops.
pub(crate) fn is_negative(flat: i64, cum: i64) -> bool {
    flat < 0 || flat == 0 && cum < 0
}

/// Every node with a value, without trimming, in order of node id. The page sorts and searches
/// over this. A row is marked inline when no location has it as a real call, partly when some
/// have. pprof's remark goes by the calls between functions, of which one may be both; this needs no
/// pass over the calls, and says more of the function than of who calls it.
pub fn all_rows(profile: &Profile, nodes: &Nodes, selection: &Selection) -> Vec<TopRow> {
    let sums = flat_cum(profile, nodes, selection, None);
    let mut rows = nonzero_rows(&sums);
    let locations = profile.locations.len();
    let inlined = inlined_nodes(nodes, locations);
    let mut called = vec![false; nodes.len()];
    for outermost in (0..locations).filter_map(|l| nodes.frames(l).first()) {
        called[outermost.index()] = true;
    }
    for row in &mut rows {
        row.inline = match (inlined[row.node.index()], called[row.node.index()]) {
            (true, false) => InlineMark::Inline,
            (true, true) => InlineMark::Partial,
            (false, _) => InlineMark::None,
        };
    }
    rows
}

/// The rows that pprof's node fraction keeps.
pub fn rows_above(rows: &[TopRow], node_fraction: f64) -> Vec<TopRow> {
    let net = rows
        .iter()
        .fold(0_i64, |sum, row| sum.wrapping_add(row.flat));
    let cutoff = cutoff(net, node_fraction);
    rows.iter()
        .copied()
        .filter(|row| row.cum.wrapping_abs() >= cutoff || cutoff <= 0)
        .collect()
}

/// Every node with a value, without remarks, in order of node id.
pub(crate) fn nonzero_rows(sums: &FlatCum) -> Vec<TopRow> {
    let pairs = sums.flat.iter().zip(&sums.cum).enumerate();
    pairs
        .filter(|&(_, (&flat, &cum))| flat != 0 || cum != 0)
        .map(|(i, (&flat, &cum))| TopRow {
            node: NodeId(i as u32),
            flat,
            cum,
            inline: InlineMark::None,
        })
        .collect()
}

/// Turns sums into means where the selection is of means, after everything that goes by sums is
/// done, as pprof does.
pub fn divide_rows(rows: &mut [TopRow], profile: &Profile, nodes: &Nodes, selection: &Selection) {
    let Some(divisors) = selection.divisor_selection() else {
        return;
    };
    let divisors = flat_cum(profile, nodes, &divisors, None);
    for row in rows {
        row.flat = mean(row.flat, divisors.flat[row.node.index()]);
        row.cum = mean(row.cum, divisors.cum[row.node.index()]);
    }
}

/// A sum as a mean; without events it stays a sum.
pub(super) fn mean(sum: i64, events: i64) -> i64 {
    if events == 0 {
        sum
    } else {
        sum.wrapping_div(events)
    }
}

/// pprof's cutoff: the share of the net sum, truncated towards zero.
pub(super) fn cutoff(net: i64, fraction: f64) -> i64 {
    crate::unit::to_integer(net as f64 * fraction).wrapping_abs()
}

/// A row order, always total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// |flat| descending, printable name, |cum| descending.
    Flat,
    /// |cum| descending, printable name, |flat| descending.
    Cum,
    /// Printable name ascending.
    Name,
}

/// Sorts rows as pprof does; ties go by printable name, bytewise.
pub fn sort_rows(rows: &mut Vec<TopRow>, nodes: &Nodes, order: Order) {
    let key = |row: &TopRow| match order {
        Order::Flat => (Reverse(magnitude(row.flat)), Reverse(magnitude(row.cum))),
        Order::Cum => (Reverse(magnitude(row.cum)), Reverse(magnitude(row.flat))),
        Order::Name => (Reverse(0), Reverse(0)),
    };
    // Names are made for ties only: most rows differ in their value.
    sort_by(rows, &|a, b| {
        let (first, second) = (key(a), key(b));
        first
            .0
            .cmp(&second.0)
            .then_with(|| compare_names(nodes, a.node, b.node))
            .then_with(|| first.1.cmp(&second.1))
            .then_with(|| a.node.cmp(&b.node))
    });
}

/// |v| as Go compares it: the smallest i64 has no positive twin and stays negative.
fn magnitude(value: i64) -> i64 {
    value.wrapping_abs()
}

/// Order of printable names: addresses are fixed-width hex, so bytes do.
pub fn compare_names(nodes: &Nodes, a: NodeId, b: NodeId) -> Ordering {
    match nodes.known_ranks() {
        Some(ranks) => ranks[a.index()].cmp(&ranks[b.index()]),
        None if a == b => Ordering::Equal,
        None => nodes.printable(a).cmp(&nodes.printable(b)),
    }
}

/// Marks rows by the calls to them that weigh at least `edge_cutoff`; where rows were trimmed, by
/// those from other rows only.
fn mark_inlines(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    rows: &mut [TopRow],
    edge_cutoff: i64,
    trimmed: bool,
) {
    let candidates = inlined_nodes(nodes, profile.locations.len());
    let mut kept = vec![false; nodes.len()];
    let mut into = vec![false; nodes.len()];
    for row in rows.iter() {
        kept[row.node.index()] = true;
        into[row.node.index()] = candidates[row.node.index()];
    }
    if !into.contains(&true) {
        return;
    }
    let filter = EdgeFilter {
        kept: trimmed.then_some(&kept[..]),
        into: Some(&into),
        or_out_of: false,
    };
    let mut inline = vec![(false, false); nodes.len()];
    for edge in edges(profile, nodes, selection, filter) {
        if edge.weight.wrapping_abs() >= edge_cutoff {
            let seen = &mut inline[edge.dst.index()];
            *seen = (seen.0 || edge.inline, seen.1 || !edge.inline);
        }
    }
    for row in rows {
        row.inline = match inline[row.node.index()] {
            (true, false) => InlineMark::Inline,
            (true, true) => InlineMark::Partial,
            (false, _) => InlineMark::None,
        };
    }
}

/// Nodes that some location has as an inlined frame; only these can carry a remark.
fn inlined_nodes(nodes: &Nodes, locations: usize) -> Vec<bool> {
    let mut inlined = vec![false; nodes.len()];
    for location in 0..locations {
        for node in nodes.frames(location).iter().skip(1) {
            inlined[node.index()] = true;
        }
    }
    inlined
}
