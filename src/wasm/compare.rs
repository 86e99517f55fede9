//! Comparing two files of the session: the verbs of the Compare view, and the analysis that a query with a
//! baseline stands for.

use std::rc::Rc;

use super::dto::{
    Baseline, CompareInfo, CompareRow, CompareRows, FrameName, GranularityDto, Query, TableOrder,
    Texts, Versus,
};
use super::files::diagnostic;
use super::filtered::{Filtered, NumberedNodes, options};
use super::query::Analysis;
use super::tables::window;
use super::workspace::{Loaded, Workspace};
use crate::analysis::compare::{
    Column, Comparison, Measure, Mode, Row, Side, compare, counterpart,
};
use crate::analysis::{NodeRef, TreeView};
use crate::unit;

// What the first half of the core calls stands in functions of this module: then they are all in the
// second half, whatever type they are about.

/// The analysis of a query with a baseline: both profiles as one, whose values are differences.
pub(super) fn joint_analysis(
    workspace: &mut Workspace,
    query: &Query,
    baseline: &Baseline,
) -> Result<Analysis, String> {
    let new = Rc::clone(workspace.loaded(query.file)?);
    let base = Rc::clone(workspace.loaded(baseline.file)?);
    if baseline.file == query.file {
        return Err("a file compared with itself differs in nothing".to_owned());
    }
    let sample_type = query.sample as usize;
    let of_base = counterpart(&base.profile, &new.profile, sample_type)?;
    let plain = Query {
        base: None,
        ..query.clone()
    };
    let of_baseline = Query {
        file: baseline.file,
        ..plain.clone()
    };
    let new_left = workspace.cache.filtered(&new, &plain)?;
    let base_left = workspace.cache.filtered(&base, &of_baseline)?;
    let sides = [
        Side {
            profile: &base_left.profile,
            kind: base.kind,
            sample_type: of_base,
        },
        Side {
            profile: &new_left.profile,
            kind: new.kind,
            sample_type,
        },
    ];
    let operations = match baseline.operations.as_slice() {
        &[base, new] => Some([base, new]),
        _ => None,
    };
    let node_options = options(query).node_options();
    let mode = Mode::named(&baseline.mode);
    let compared = compare(&sides[0], &sides[1], &node_options, mode, operations)?;
    // The joint profile has the functions of the baseline, then those of the other; labels may have
    // become functions of their own. A function is whose it is in its file.
    let classes = |loaded: &Loaded, left: &Filtered| {
        loaded
            .classes_of(&query.main)
            .with_twins(left.profile.functions.len(), &left.twins)
    };
    let classes = classes(&base, &base_left).joined(&classes(&new, &new_left));
    let joint = Rc::new(Loaded::new(
        new.name.clone(),
        new.kind,
        compared.profile,
        classes,
        Vec::new(),
    ));
    let nodes = NumberedNodes {
        nodes: Rc::new(compared.nodes),
        number: workspace.cache.next_number(),
    };
    // The joint profile holds what is left, and one sample type.
    let inner = Query {
        sample: 0,
        granularity: query.granularity,
        noinlines: query.noinlines,
        showcolumns: query.showcolumns,
        ..Query::default()
    };
    let filtered = Filtered::whole(&joint);
    let automatic = Some("minimum".to_owned());
    let analysis = Analysis::new(joint, &filtered, nodes, &inner, automatic);
    Ok(analysis.with_comparison(compared.comparison))
}

/// A net weight of the joint profile as text.
pub(super) fn difference_text(comparison: &Comparison, weight: i64) -> String {
    comparison.delta_text(comparison.delta_of_weight(weight))
}

/// What stands for all of the picture.
pub(super) fn both_totals(comparison: &Comparison) -> String {
    let total = comparison.total.value;
    let text = |value| comparison.total_text(value);
    let (base, new) = (comparison.base_of(total), comparison.new_of(total));
    format!("{} → {}", text(base), text(new))
}

/// A box in both profiles.
pub(super) fn versus(comparison: &Comparison, view: &TreeView<'_>, at: NodeRef) -> Versus {
    let (base, new) = comparison.sides_of_weight(view.extent(at).1, view.cum(at));
    let change = match (base > 0.0, new > 0.0) {
        (false, false) => String::new(),
        (false, true) => "new".to_owned(),
        (true, false) => "gone".to_owned(),
        (true, true) => comparison.percent_text((new - base) / base),
    };
    Versus {
        base: comparison.side_text(base),
        new: comparison.side_text(new),
        change,
    }
}

impl Workspace {
    /// The comparison as a whole, or why there is none.
    pub fn compare(&mut self, query: &Query, order: &TableOrder) -> Result<CompareInfo, String> {
        self.loaded(query.file)?;
        let analysis = match self.analysis(query) {
            Ok(analysis) => analysis,
            Err(refused) => {
                return Ok(CompareInfo {
                    refused,
                    ..CompareInfo::default()
                });
            }
        };
        let comparison = analysis.comparison()?;
        let asked = Asked::of(order);
        let rows = analysis.compared_rows(comparison, order, asked);
        let noun = noun(query.granularity);
        Ok(CompareInfo {
            refused: String::new(),
            mode: comparison.plan.mode.name().to_owned(),
            offered: comparison
                .plan
                .offered
                .iter()
                .map(|mode| mode.name().to_owned())
                .collect(),
            per: comparison.per().to_owned(),
            summary: comparison.summary(&analysis.nodes, noun),
            notes: comparison.plan.notes.iter().map(diagnostic).collect(),
            total: Some(compared_row(comparison, &comparison.total, None)),
            rows: rows.len() as u32,
            all_rows: comparison.rows(asked.measure).len() as u32,
            verdicts: comparison.verdicts(),
            beside: comparison
                .beside
                .as_ref()
                .map_or_else(String::new, |(name, _)| name.clone()),
            order: Some(asked.order(order)),
        })
    }

    /// Rows `start` to `start + count` of the ordered table; fewer at its end, at most 1000.
    pub fn compare_rows(
        &mut self,
        query: &Query,
        order: &TableOrder,
        start: u32,
        count: u32,
    ) -> Result<CompareRows, String> {
        let analysis = self.analysis(query)?;
        let comparison = analysis.comparison()?;
        let asked = Asked::of(order);
        let ordered = analysis.compared_rows(comparison, order, asked);
        let (from, to) = window(ordered.len(), start, count);
        let all = comparison.rows(asked.measure);
        let row = |&at: &u32| {
            let row = &all[at as usize];
            compared_row(comparison, row, Some(analysis.name(row.node)))
        };
        Ok(CompareRows(ordered[from..to].iter().map(row).collect()))
    }

    /// Place of a node in the ordered table, from 0; -1 when the table does not show it.
    pub fn compare_place(
        &mut self,
        query: &Query,
        order: &TableOrder,
        node: u32,
    ) -> Result<i32, String> {
        let analysis = self.analysis(query)?;
        let comparison = analysis.comparison()?;
        let asked = Asked::of(order);
        let row = comparison.row_of(asked.measure, analysis.node(node)?);
        let ordered = analysis.compared_rows(comparison, order, asked);
        let place = ordered.iter().position(|&at| Some(at as usize) == row);
        Ok(place.map_or(-1, |place| place as i32))
    }

    /// Differences in boxes of the picture as text; at most so many that fit a screen.
    pub fn compare_texts(&mut self, query: &Query, values: &[f64]) -> Result<Texts, String> {
        let analysis = self.analysis(query)?;
        let comparison = analysis.comparison()?;
        let texts = values
            .iter()
            .map(|&value| difference_text(comparison, value as i64));
        Ok(Texts(texts.collect()))
    }
}

fn noun(granularity: GranularityDto) -> &'static str {
    match granularity {
        GranularityDto::Functions | GranularityDto::Filefunctions => "function",
        GranularityDto::Files => "file",
        GranularityDto::Packages => "package",
        GranularityDto::Lines => "line",
        GranularityDto::Addresses => "address",
    }
}

/// Keys of the columns that the table can be ordered by.
const COLUMNS: [&str; 6] = ["name", "base", "new", "delta", "change", "significance"];

/// An order of the table: `flat` or `cum`, a dot, a column.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) measure: Measure,
    column: Column,
    key: &'static str,
    ascending: bool,
}

impl Asked {
    /// What a column means that the table does not have: the largest difference first.
    pub(super) fn of(order: &TableOrder) -> Self {
        let (side, key) = order.column.split_once('.').unwrap_or(("flat", ""));
        let measure = if side == "cum" {
            Measure::Cum
        } else {
            Measure::Flat
        };
        let known = COLUMNS.into_iter().find(|&known| known == key);
        let (column, key) = known
            .and_then(|key| Some((Column::named(key)?, key)))
            .unwrap_or((Column::Delta, "delta"));
        Self {
            measure,
            column,
            key,
            ascending: order.ascending && known.is_some(),
        }
    }

    fn order(self, asked: &TableOrder) -> TableOrder {
        let side = match self.measure {
            Measure::Flat => "flat",
            Measure::Cum => "cum",
        };
        TableOrder {
            column: format!("{side}.{}", self.key),
            ascending: self.ascending,
            search: asked.search.clone(),
        }
    }
}

impl Analysis {
    pub(super) fn comparison(&self) -> Result<&Comparison, String> {
        self.compared
            .as_ref()
            .ok_or_else(|| "the query has no baseline".to_owned())
    }

    /// Rows that match, in order. The last order is kept.
    pub(super) fn compared_rows(
        &self,
        comparison: &Comparison,
        order: &TableOrder,
        asked: Asked,
    ) -> Rc<Vec<u32>> {
        let order = asked.order(order);
        if let Some((known, rows)) = &*self.ordered.borrow()
            && *known == order
        {
            return Rc::clone(rows);
        }
        let matches = self.matches(&order.search);
        let rows = comparison.rows(asked.measure);
        let wanted = |&at: &u32| {
            let node = rows[at as usize].node.index();
            order.search.is_empty() || matches.get(node) == Some(&true)
        };
        let all = comparison.order(&self.nodes, asked.measure, asked.column, asked.ascending);
        let rows = Rc::new(all.into_iter().filter(wanted).collect::<Vec<u32>>());
        *self.ordered.borrow_mut() = Some((order, Rc::clone(&rows)));
        rows
    }
}

fn compared_row(comparison: &Comparison, row: &Row, name: Option<FrameName>) -> CompareRow {
    let total = comparison.total.value;
    let delta = comparison.delta(row.value);
    let share = comparison.effect(row.value).min(1.0);
    let beside = row.beside.new.wrapping_sub(row.beside.base);
    let beside = comparison
        .beside
        .as_ref()
        .map_or_else(String::new, |(_, unit)| {
            signed(unit::label(beside, unit), beside)
        });
    let [of_base, of_new] = row.seen.map(|n| unit::count(n.round() as u64));
    let error = comparison.standard_error(row);
    let is_sampled = row.seen.iter().any(|&n| n > 0.0);
    // A class says nothing of a row without a value.
    let significance = match row.value.is_zero() {
        true => String::new(),
        false => row.verdict.significance.label().to_owned(),
    };
    CompareRow {
        name,
        base: comparison.base_text(row.value),
        new: comparison.new_text(row.value),
        base_pct: unit::percent(row.value.base, total.base),
        new_pct: unit::percent(row.value.new, total.new),
        delta: comparison.delta_text(delta),
        change: comparison.change_text(row.value),
        share: if delta < 0.0 { -share } else { share },
        significance,
        why: if row.value.is_zero() {
            String::new()
        } else {
            comparison.explain(row)
        },
        beside,
        error: error.map_or_else(String::new, |error| {
            let text = comparison.delta_text(error);
            format!("±{}", text.trim_start_matches('+'))
        }),
        seen: if is_sampled {
            format!("{of_base} → {of_new}")
        } else {
            String::new()
        },
    }
}

pub(super) fn signed(text: String, value: i64) -> String {
    if value > 0 { format!("+{text}") } else { text }
}
