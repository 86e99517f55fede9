//! The verbs that interpret: summary, hot paths, allocations.

use std::rc::Rc;

use super::dto::{
    AllocationColumn as ColumnDto, AllocationInfo, AllocationRow, AllocationRows, BarPart, EdgeRow,
    HotPath as HotPathDto, HotPaths, PathStep as PathStepDto, Query, SizeClass, Step, Summary,
    TableOrder, TopRow as TopRowDto,
};
use super::files::diagnostic;
use super::filtered::is_frame_of_label;
use super::query::Analysis;
use super::tables::window;
use super::workspace::Workspace;
use crate::analysis::{
    Allocations, HotPath, HotPathOptions, Order, Part, PathStep, StepKind, SummaryInput, TopRow,
    TreeView, allocation_selections, allocations, headline, hot_paths, mechanism_bar, percent_of,
    sort_rows, split_name, trust_notes, verdict,
};
use crate::error::Diagnostic;
use crate::model::Kind;
use crate::unit;

/// Rows of the summary's tables.
const TOP: usize = 5;

impl Workspace {
    /// The first view after a drop. Under filters it is about the samples that are left, as they
    /// are in the file: frames that are hidden count, and all shares are of these samples.
    pub fn summary(&mut self, query: &Query) -> Result<Summary, String> {
        let shown = self.analysis(query)?;
        let analysis = self.sample_analysis(query)?;
        let loaded = &analysis.loaded;
        let profile = analysis.profile();
        let bar = mechanism_bar(
            profile,
            &analysis.nodes,
            &analysis.classes,
            loaded.kind,
            &analysis.selection,
        );
        let paths = analysis.hot_paths(analysis.tree(false));
        let by_flat = analysis.heaviest(Order::Flat);
        let verdict = verdict(&SummaryInput {
            profile,
            nodes: &analysis.nodes,
            classes: &analysis.classes,
            kind: loaded.kind,
            selection: &analysis.selection,
            bar: &bar,
            paths: &paths,
            top: &by_flat,
        });
        let mut notes = trust_notes(profile, &analysis.classes, loaded.kind, &analysis.selection);
        notes.splice(..0, filter_notes(query));
        let mut summary = Summary {
            headline: headline(profile, loaded.kind, &analysis.selection),
            verdict,
            bar: bar.iter().map(|part| analysis.bar_part(part)).collect(),
            top_flat: analysis.running_rows(&by_flat),
            top_cum: analysis.running_rows(&analysis.heaviest(Order::Cum)),
            notes: notes.iter().map(diagnostic).collect(),
        };
        if !std::rc::Rc::ptr_eq(&shown.nodes, &analysis.nodes) {
            let bar = summary.bar.iter_mut().flat_map(|part| &mut part.top);
            let rows = summary.top_flat.iter_mut().chain(&mut summary.top_cum);
            let names = bar
                .map(|row| &mut row.name)
                .chain(rows.map(|row| &mut row.name));
            names.for_each(|name| name.node = shown.node_called(&name.full));
        }
        Ok(summary)
    }

    /// The heaviest call paths.
    pub fn hot_paths(&mut self, query: &Query) -> Result<HotPaths, String> {
        let analysis = self.analysis(query)?;
        let tree = analysis.tree(false);
        let paths = analysis.hot_paths(tree);
        Ok(HotPaths {
            paths: paths.iter().map(|p| analysis.path(tree, p)).collect(),
        })
    }

    /// The allocation table as a whole, or why there is none.
    pub fn allocations(
        &mut self,
        query: &Query,
        order: &TableOrder,
    ) -> Result<AllocationInfo, String> {
        let analysis = self.analysis(query)?;
        let table = match analysis.allocations() {
            Ok(table) => table,
            Err(reason) => {
                return Ok(AllocationInfo {
                    reason: reason.to_owned(),
                    ..AllocationInfo::default()
                });
            }
        };
        let column = |column: &crate::analysis::AllocationColumn| ColumnDto {
            key: column.key().to_owned(),
            label: column.label().to_owned(),
            help: column.help().to_owned(),
        };
        let order = analysis.order_of_sites(table, order);
        Ok(AllocationInfo {
            available: true,
            reason: String::new(),
            rows: analysis.ordered_sites(table, &order).len() as u32,
            columns: table.columns.iter().map(column).collect(),
            totals: table.columns.iter().map(|&c| table.total(c)).collect(),
            sizes: sizes(table),
            order: Some(order),
        })
    }

    /// Rows `start` to `start + count` of the ordered table; fewer at its end, at most 1000.
    pub fn allocation_rows(
        &mut self,
        query: &Query,
        order: &TableOrder,
        start: u32,
        count: u32,
    ) -> Result<AllocationRows, String> {
        let analysis = self.analysis(query)?;
        let Ok(table) = analysis.allocations() else {
            return Ok(AllocationRows(Vec::new()));
        };
        let order = analysis.order_of_sites(table, order);
        let ordered = analysis.ordered_sites(table, &order);
        let (from, to) = window(ordered.len(), start, count);
        let rows = ordered[from..to]
            .iter()
            .map(|&site| analysis.allocation_row(table, site as usize, &order));
        Ok(AllocationRows(rows.collect()))
    }
}

/// Whether a step only takes samples away.
fn keeps_frames(step: &Step) -> bool {
    StepKind::named(&step.kind).is_some_and(StepKind::keeps_frames)
}

/// What has to be known of a summary under filters.
fn filter_notes(query: &Query) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    if !query.steps.iter().all(is_frame_of_label) {
        notes.push(Diagnostic::note(
            "This is about the samples that the filters leave; percentages are of these.",
        ));
    }
    if query.mine || !query.steps.iter().all(keeps_frames) {
        notes.push(Diagnostic::note(
            "Frames count here as they are in the file: what hides or adds some is left aside.",
        ));
    }
    notes
}

/// Size bands with their share of all bytes.
fn sizes(table: &Allocations) -> Vec<SizeClass> {
    let all = table.sized();
    let class = |band: &crate::analysis::SizeBand| SizeClass {
        label: band.label.clone(),
        objects: unit::signed_count(band.amount.objects),
        bytes: unit::label(band.amount.space, "bytes"),
        share: unit::share(band.amount.space, all.space).abs().min(1.0),
        pct: unit::percent(band.amount.space, all.space),
    };
    table.sizes.iter().map(class).collect()
}

impl Analysis {
    pub(super) fn hot_paths(&self, tree: TreeView<'_>) -> Vec<HotPath> {
        hot_paths(
            self.profile(),
            &self.nodes,
            &self.classes,
            tree,
            &HotPathOptions::default(),
        )
    }

    fn path(&self, tree: TreeView<'_>, path: &HotPath) -> HotPathDto {
        let step = |step: &PathStep| PathStepDto {
            name: self.name(step.node),
            flat: self.value(step.flat),
            cum: self.value(step.cum),
            cum_pct: self.percent(step.cum),
            share: self.share(step.cum),
            folded: step
                .folded
                .iter()
                .map(|&node| split_name(&self.nodes, node).into())
                .collect(),
            folded_count: step.folded_count as u32,
            box_id: tree.id(step.at),
        };
        HotPathDto {
            value: self.value(path.value),
            pct: self.percent(path.value),
            share: self.share(path.value),
            steps: path.steps.iter().map(step).collect(),
        }
    }

    fn bar_part(&self, part: &Part) -> BarPart {
        let row = |&(node, value): &(crate::analysis::NodeId, i64)| EdgeRow {
            name: self.name(node),
            value: self.value(value),
            pct: unit::percent(value, part.value),
            share: unit::share(value, part.value).abs().min(1.0),
            inline: false,
        };
        BarPart {
            key: part.key.clone(),
            label: part.label.clone(),
            help: part.help.clone(),
            value: self.value(part.value),
            // A trace's parts are of the procs' time, not of the waits that are selected.
            pct: match self.loaded.kind {
                Kind::Trace => percent_of(part.share),
                _ => self.percent(part.value),
            },
            share: part.share,
            family: part.family.name().to_owned(),
            hatched: part.hatched,
            top: part.top.iter().map(row).collect(),
        }
    }

    /// The first rows of an order.
    fn heaviest(&self, order: Order) -> Vec<TopRow> {
        let mut rows = self.rows().to_vec();
        sort_rows(&mut rows, &self.nodes, order);
        rows.truncate(TOP);
        rows
    }

    fn running_rows(&self, rows: &[TopRow]) -> Vec<TopRowDto> {
        let mut sum = 0_i64;
        let row = |row: &TopRow| {
            sum = sum.wrapping_add(row.flat);
            self.top_row(row, sum)
        };
        rows.iter().map(row).collect()
    }

    pub(super) fn allocations(&self) -> Result<&Allocations, &'static str> {
        let table = self.allocations.get_or_init(|| {
            let profile = self.profile();
            allocations(
                profile,
                &self.nodes,
                &self.classes,
                &allocation_selections(profile),
                self.sample_type,
            )
        });
        table.as_ref().map_err(|&reason| reason)
    }

    /// The order that `asked` comes to here: instead of a column that this file does not have, the
    /// largest first by the sample type shown, or by the first column.
    pub(super) fn order_of_sites(&self, table: &Allocations, asked: &TableOrder) -> TableOrder {
        let is_known = asked.column == "name" || table.column(&asked.column).is_some();
        let column = if is_known {
            asked.column.clone()
        } else {
            let shown = table.column(&self.profile().type_name(self.sample_type));
            let column = shown.or(table.columns.first().copied());
            column.map_or("name", |column| column.key()).to_owned()
        };
        TableOrder {
            column,
            ascending: asked.ascending && is_known,
            search: asked.search.clone(),
        }
    }

    /// Sites that match, in order. The last order is kept.
    pub(super) fn ordered_sites(&self, table: &Allocations, order: &TableOrder) -> Rc<Vec<u32>> {
        if let Some((known, rows)) = &*self.allocation_order.borrow()
            && known == order
        {
            return Rc::clone(rows);
        }
        let matches = self.matches(&order.search);
        let wanted = |&site: &u32| {
            let node = table.sites[site as usize].node;
            order.search.is_empty() || matches.get(node.index()) == Some(&true)
        };
        let rows = table.order(&self.nodes, table.column(&order.column), order.ascending);
        let rows = Rc::new(rows.into_iter().filter(wanted).collect::<Vec<u32>>());
        *self.allocation_order.borrow_mut() = Some((order.clone(), Rc::clone(&rows)));
        rows
    }

    fn allocation_row(
        &self,
        table: &Allocations,
        site: usize,
        order: &TableOrder,
    ) -> AllocationRow {
        let row = &table.sites[site];
        let place = if row.line > 0 {
            format!("{}:{}", row.file, row.line)
        } else {
            row.file.clone()
        };
        AllocationRow {
            name: self.name(row.node),
            site: place,
            cells: table
                .columns
                .iter()
                .map(|&column| table.cell(site, column))
                .collect(),
            share: table
                .column(&order.column)
                .map_or(0.0, |column| table.share(site, column)),
        }
    }
}
