//! The verbs that interpret: summary, hot paths, allocations.

use super::dto::{
    AllocationInfo, AllocationRows, BarPart, EdgeRow, HotPaths, Query, Summary, TableOrder, TopRow as TopRowDto,
};
use super::query::Analysis;
use super::workspace::Workspace;
use crate::analysis::{Order, Part, TopRow, mechanism_bar, sort_rows};
use crate::unit;

/// Rows of the summary's tables.
const TOP: usize = 5;

impl Workspace {
    /// The first view after a drop.
    pub fn summary(&mut self, query: &Query) -> Result<Summary, String> {
        let analysis = self.analysis(query)?;
        let loaded = &analysis.loaded;
        let parts =
            mechanism_bar(&loaded.profile, &analysis.nodes, &loaded.classes, loaded.kind, &analysis.selection);
        Ok(Summary {
            headline: String::new(),
            verdict: Vec::new(),
            bar: parts.iter().map(|part| analysis.bar_part(part)).collect(),
            top_flat: analysis.heaviest(Order::Flat),
            top_cum: analysis.heaviest(Order::Cum),
            notes: Vec::new(),
        })
    }

    /// The heaviest call paths.
    pub fn hot_paths(&mut self, query: &Query) -> Result<HotPaths, String> {
        self.analysis(query)?;
        Ok(HotPaths { paths: Vec::new() })
    }

    /// The allocation table as a whole.
    pub fn allocations(&mut self, query: &Query, _: &TableOrder) -> Result<AllocationInfo, String> {
        self.analysis(query)?;
        Err("not there yet".to_owned())
    }

    /// Rows of the allocation table.
    pub fn allocation_rows(
        &mut self,
        query: &Query,
        _: &TableOrder,
        _: u32,
        _: u32,
    ) -> Result<AllocationRows, String> {
        self.analysis(query)?;
        Ok(AllocationRows(Vec::new()))
    }
}

impl Analysis {
    fn bar_part(&self, part: &Part) -> BarPart {
        BarPart {
            key: part.key.clone(),
            label: part.label.clone(),
            help: part.help.clone(),
            value: self.value(part.value),
            pct: self.percent(part.value),
            share: part.share,
            family: part.family.name().to_owned(),
            hatched: part.hatched,
            top: part
                .top
                .iter()
                .map(|&(node, value)| EdgeRow {
                    name: self.name(node),
                    value: self.value(value),
                    pct: unit::percent(value, part.value),
                    share: unit::share(value, part.value).abs().min(1.0),
                    inline: false,
                })
                .collect(),
        }
    }

    /// The first rows of an order.
    fn heaviest(&self, order: Order) -> Vec<TopRowDto> {
        let mut rows: Vec<TopRow> = self.rows.clone();
        sort_rows(&mut rows, &self.nodes, order);
        let mut sum = 0_i64;
        rows.iter()
            .take(TOP)
            .map(|row| {
                sum = sum.wrapping_add(row.flat);
                self.top_row(row, sum)
            })
            .collect()
    }
}
