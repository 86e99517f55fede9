//! The table verbs: Top, details, callers and callees.

use std::cmp::Ordering;
use std::rc::Rc;

use super::dto::{
    DetailValue, Details, EdgeRow, FrameName, LineRow, Neighbours, Query, SampleTypeInfo,
    TableOrder, TopInfo, TopRow as TopRowDto, TopRows, ValuePair, ValueText,
};
use super::query::{Analysis, Other};
use super::workspace::Workspace;
use crate::analysis::{Classes, Neighbour, NodeId, TopRow, compare_names, line_costs, neighbours};
use crate::sort::{sort_by, sort_ids};
use crate::unit;

/// Rows of a window at most.
const MAX_WINDOW: u32 = 1000;
/// Neighbours listed at most in their own view.
const MAX_NEIGHBOURS: usize = 1000;
/// Neighbours and lines listed at most in the details.
const MAX_DETAILS: usize = 8;
const MAX_LINES: usize = 12;

impl Workspace {
    /// The table as a whole.
    pub fn top(&mut self, query: &Query, order: &TableOrder) -> Result<TopInfo, String> {
        let analysis = self.analysis(query)?;
        let order = analysis.order(order);
        let others = analysis.table_others().iter().map(|other| SampleTypeInfo {
            name: other.name.clone(),
            unit: other.unit_name.clone(),
            total: unit::label(other.total, &other.unit_name),
            units: unit::choices(&other.unit_name),
        });
        Ok(TopInfo {
            rows: analysis.ordered_rows(&order).len() as u32,
            all_rows: analysis.table_rows() as u32,
            total: analysis.shown_total(),
            unit: analysis.unit.clone(),
            others: others.collect(),
            order,
        })
    }

    /// Rows `start` to `start + count` of the ordered table; fewer at its end, at most 1000.
    pub fn top_rows(
        &mut self,
        query: &Query,
        order: &TableOrder,
        start: u32,
        count: u32,
    ) -> Result<TopRows, String> {
        let analysis = self.analysis(query)?;
        let ordered = analysis.ordered_rows(&analysis.order(order));
        let (from, to) = window(ordered.len(), start, count);
        let row = |&i: &u32| analysis.rows()[i as usize];
        let before = ordered[..from]
            .iter()
            .fold(0_i64, |sum, i| sum.wrapping_add(row(i).flat));
        let mut sum = before;
        let rows = ordered[from..to].iter().map(|i| {
            let row = row(i);
            sum = sum.wrapping_add(row.flat);
            analysis.table_row(&row, sum)
        });
        Ok(TopRows(rows.collect()))
    }

    /// Place of a node in the ordered table, from 0; -1 when the table does not show it.
    pub fn top_place(
        &mut self,
        query: &Query,
        order: &TableOrder,
        node: u32,
    ) -> Result<i32, String> {
        let analysis = self.analysis(query)?;
        let node = analysis.node(node)?;
        let row = analysis.row_of(node);
        let ordered = analysis.ordered_rows(&analysis.order(order));
        let place = ordered.iter().position(|&other| other == row);
        Ok(place.map_or(-1, |place| place as i32))
    }

    /// Names of nodes; those that do not exist are left out.
    pub fn names(&mut self, query: &Query, nodes: &[u32]) -> Result<Vec<FrameName>, String> {
        let analysis = self.analysis(query)?;
        Ok(nodes
            .iter()
            .filter_map(|&n| analysis.node(n).ok())
            .map(|n| analysis.name(n))
            .collect())
    }

    /// Node of a printable name; -1 when there is none.
    pub fn find_node(&mut self, query: &Query, name: &str) -> Result<i32, String> {
        Ok(self.analysis(query)?.node_called(name) as i32)
    }

    /// A value of the query's sample type as text.
    pub fn format(&mut self, query: &Query, value: f64) -> Result<ValueText, String> {
        let analysis = self.analysis(query)?;
        let value = value as i64;
        Ok(ValueText {
            text: analysis.value(value),
            pct: analysis.percent(value),
        })
    }

    /// Everything about one node.
    pub fn details(&mut self, query: &Query, node: u32) -> Result<Details, String> {
        let analysis = self.analysis(query)?;
        let node = analysis.node(node)?;
        let profile = analysis.profile();
        let near = neighbours(profile, &analysis.nodes, &analysis.selection, node);
        let lines = line_costs(profile, &analysis.nodes, &analysis.selection, node);
        let classes: &Classes = &analysis.classes;
        Ok(Details {
            name: analysis.name(node),
            class_label: classes
                .of_node(profile, &analysis.nodes, node)
                .label()
                .to_owned(),
            values: analysis.all_values(node),
            lines: lines
                .iter()
                .take(MAX_LINES)
                .map(|line| analysis.line_row(line))
                .collect(),
            callers: analysis.edge_rows(&near.callers, near.cum, MAX_DETAILS),
            callees: analysis.edge_rows(&near.callees, near.cum, MAX_DETAILS),
        })
    }

    /// One node with its callers and callees.
    pub fn neighbours(&mut self, query: &Query, node: u32) -> Result<Neighbours, String> {
        let analysis = self.analysis(query)?;
        let node = analysis.node(node)?;
        let near = neighbours(
            analysis.profile(),
            &analysis.nodes,
            &analysis.selection,
            node,
        );
        let row = analysis.row(node);
        Ok(Neighbours {
            row: analysis.top_row(&row, row.flat),
            callers: analysis.edge_rows(&near.callers, near.cum, MAX_NEIGHBOURS),
            callees: analysis.edge_rows(&near.callees, near.cum, MAX_NEIGHBOURS),
            caller_count: near.callers.len() as u32,
            callee_count: near.callees.len() as u32,
        })
    }
}

/// A column's value in a row.
type SortKey<'a> = Box<dyn Fn(&TopRow) -> i64 + 'a>;

/// The column of a table that is sorted by nothing that it has.
const DEFAULT_COLUMN: &str = "flat";

/// The part of `len` rows that a window asks for.
pub(super) fn window(len: usize, start: u32, count: u32) -> (usize, usize) {
    let from = (start as usize).min(len);
    (
        from,
        from.saturating_add(count.min(MAX_WINDOW) as usize).min(len),
    )
}

impl Analysis {
    /// The order that `asked` comes to here. A link or a change of the sample type may name a
    /// column by the type that is now the one shown, whose columns go without a name, or one that
    /// this table does not have: then it is the default order.
    pub(super) fn order(&self, asked: &TableOrder) -> TableOrder {
        let asked_column = asked.column.as_str();
        let is_other = |name: &str| self.table_others().iter().any(|other| other.name == name);
        let is_shown = |name: &str| name == self.profile().type_name(self.sample_type);
        let column = match asked_column.split_once(':') {
            None => ["flat", "cum", "name"]
                .contains(&asked_column)
                .then_some(asked_column),
            Some(("flat" | "cum", name)) if is_other(name) => Some(asked_column),
            Some((side @ ("flat" | "cum"), name)) if is_shown(name) => Some(side),
            Some(_) => None,
        };
        TableOrder {
            column: column.unwrap_or(DEFAULT_COLUMN).to_owned(),
            ascending: asked.ascending && column.is_some(),
            search: asked.search.clone(),
        }
    }

    /// Rows of `self.rows()` that match, in order. The last order is kept.
    pub(super) fn ordered_rows(&self, order: &TableOrder) -> Rc<Vec<u32>> {
        if let Some((known, rows)) = &*self.ordered.borrow()
            && known == order
        {
            return Rc::clone(rows);
        }
        let matches = self.matches(&order.search);
        let wanted = |row: &TopRow| {
            (order.search.is_empty() || matches.get(row.node.index()) == Some(&true))
                && self.is_shown(row)
        };
        let all = self.rows();
        let mut rows: Vec<u32> = (0..all.len() as u32)
            .filter(|&i| wanted(&all[i as usize]))
            .collect();
        self.sort(&mut rows, order);
        let rows = Rc::new(rows);
        *self.ordered.borrow_mut() = Some((order.clone(), Rc::clone(&rows)));
        rows
    }

    /// By the column's magnitude, or signed when values are; ties by name A to Z, whichever way
    /// the column goes.
    fn sort(&self, rows: &mut [u32], order: &TableOrder) {
        let key = self.sort_key(&order.column);
        let all = self.rows();
        sort_ids(rows, &|a, b| {
            let (a, b) = (&all[a as usize], &all[b as usize]);
            let by_value = match &key {
                Some(value) => value(a).cmp(&value(b)),
                None => compare_names(&self.nodes, a.node, b.node),
            };
            let directed = if order.ascending {
                by_value
            } else {
                by_value.reverse()
            };
            match (directed, &key) {
                (Ordering::Equal, Some(_)) => compare_names(&self.nodes, a.node, b.node),
                _ => directed,
            }
        });
    }

    /// `flat`, `cum`, or either with a colon and another sample type's name; none for `name`.
    fn sort_key<'a>(&'a self, column: &str) -> Option<SortKey<'a>> {
        let magnitude = |v: i64| v.wrapping_abs();
        match (column, column.split_once(':')) {
            ("flat", _) => Some(Box::new(move |row| magnitude(self.shown_row(row).flat))),
            ("cum", _) => Some(Box::new(move |row| magnitude(self.shown_row(row).cum))),
            (_, None) => None,
            (_, Some((side, name))) => {
                let other = self.others().iter().find(|other| other.name == name)?;
                let column = if side == "flat" {
                    &other.sums.flat
                } else {
                    &other.sums.cum
                };
                Some(Box::new(move |row| magnitude(column[row.node.index()])))
            }
        }
    }

    /// The sample types beside the table's own; a table of means has none.
    pub(super) fn table_others(&self) -> &[Other] {
        if self.has_means() { &[] } else { self.others() }
    }

    /// A row of the table: with means where those are shown. Shares are of the sums all the same.
    fn table_row(&self, row: &TopRow, sum: i64) -> TopRowDto {
        let mut shown = self.top_row(row, sum);
        if self.has_means() {
            let means = self.shown_row(row);
            shown.flat = self.shown_value(means.flat);
            shown.cum = self.shown_value(means.cum);
            shown.others = Vec::new();
        }
        shown
    }

    pub(super) fn top_row(&self, row: &TopRow, sum: i64) -> TopRowDto {
        let pair = |other: &Other| {
            let text = |column: &[i64]| unit::label(column[row.node.index()], &other.unit_name);
            ValuePair {
                flat: text(&other.sums.flat),
                cum: text(&other.sums.cum),
            }
        };
        TopRowDto {
            name: self.name(row.node),
            flat: self.value(row.flat),
            flat_pct: self.percent(row.flat),
            sum_pct: self.percent(sum),
            cum: self.value(row.cum),
            cum_pct: self.percent(row.cum),
            cum_share: self.share(row.cum),
            flat_share: self.share(row.flat),
            inline: row.inline.name().to_owned(),
            others: self.others().iter().map(pair).collect(),
        }
    }

    /// Weights in percent of `whole`, the middle function's cum.
    pub(super) fn edge_rows(&self, edges: &[Neighbour], whole: i64, most: usize) -> Vec<EdgeRow> {
        let row = |edge: &Neighbour| EdgeRow {
            name: self.name(edge.node),
            value: self.value(edge.weight),
            pct: unit::percent(edge.weight, whole),
            share: unit::share(edge.weight, whole).abs().min(1.0),
            inline: edge.inline,
        };
        edges.iter().take(most).map(row).collect()
    }

    fn line_row(&self, line: &crate::analysis::LineCost) -> LineRow {
        LineRow {
            file: line.file.clone(),
            line: line.line as f64,
            flat: self.value(line.flat),
            cum: self.value(line.cum),
            cum_pct: self.percent(line.cum),
            cum_share: self.share(line.cum),
        }
    }

    /// flat and cum for the query's sample type and the others, in file order.
    fn all_values(&self, node: NodeId) -> Vec<DetailValue> {
        let detail = |name: &str, unit_name: &str, flat: i64, cum: i64, total: i64| DetailValue {
            sample_type: name.to_owned(),
            flat: unit::label(flat, unit_name),
            flat_pct: unit::percent(flat, total),
            cum: unit::label(cum, unit_name),
            cum_pct: unit::percent(cum, total),
        };
        let own = self.row(node);
        let name = self.profile().type_name(self.sample_type);
        let (flat, cum) = (own.flat, own.cum);
        let mut own = detail(&name, &self.unit_name, flat, cum, self.selection.total);
        if self.compared.is_some() {
            (own.flat, own.cum) = (self.value(flat), self.value(cum));
        }
        let other = |other: &Other| {
            let (flat, cum) = (other.sums.flat[node.index()], other.sums.cum[node.index()]);
            (
                other.sample_type,
                detail(&other.name, &other.unit_name, flat, cum, other.total),
            )
        };
        let mut values: Vec<(usize, DetailValue)> = self.others().iter().map(other).collect();
        values.push((self.sample_type, own));
        sort_by(&mut values, &|a, b| a.0.cmp(&b.0));
        values.into_iter().map(|(_, value)| value).collect()
    }
}
