//! What the functions of profiles in the session have to do with a difference of benchmarks.

use std::rc::Rc;

use super::bench::Compared;
use super::dto_bench::{BenchCause, BenchCauses};
use super::workspace::{Loaded, Workspace};
use crate::analysis::bench::BenchCell;
use crate::model::Kind;
use crate::report::benchstat::{BenchProfile, amount, explain, explained_words, is_told};

impl Workspace {
    /// For each column of a row whose difference is told, what profiles of both states show of it.
    pub(super) fn bench_causes(
        &self,
        compared: &Compared,
        table: usize,
        row: usize,
    ) -> Vec<BenchCauses> {
        let of_kind = |kind: Kind| matches!(kind, Kind::Cpu | Kind::Allocs | Kind::Heap);
        let files = self.all_files().iter();
        let files: Vec<(u32, &Rc<Loaded>)> = files
            .filter_map(|file| Some((file.info.id, file.loaded.as_ref()?)))
            .filter(|(_, loaded)| of_kind(loaded.kind))
            .collect();
        let profiles: Vec<BenchProfile<'_>> = files
            .iter()
            .map(|(_, loaded)| BenchProfile {
                name: &loaded.name,
                kind: loaded.kind,
                profile: &loaded.profile,
                classes: &loaded.classes,
            })
            .collect();
        let judged = compared
            .judged_row(table, row)
            .iter()
            .filter(|judged| is_told(judged));
        let table = &compared.tables.tables[table];
        let cells = &table.rows[row].cells;
        let mut found = Vec::new();
        for judged in judged {
            let column = judged.place.column;
            let (Some(base), Some(cell)) = (&cells[0], &cells[column]) else {
                continue;
            };
            let (Some(of_base), Some(of_cell)) = (compared.origin(base), compared.origin(cell))
            else {
                continue;
            };
            let centers = [base.summary.center, cell.summary.center];
            let names = [of_base.file, of_cell.file];
            let benchmark = (of_cell.package, of_cell.name);
            let Some(explained) = explain(table, benchmark, centers, names, &profiles) else {
                continue;
            };
            let [before, after] = explained.profiles.map(|at| files[at].0);
            let change = centers[1] - centers[0];
            let functions = explained.causes.parts.iter().map(|part| BenchCause {
                function: String::from_utf8_lossy(&part.function).into_owned(),
                place: part.place.clone(),
                before: amount(table, part.cost[0])
                    .trim_start_matches('+')
                    .to_owned(),
                after: amount(table, part.cost[1])
                    .trim_start_matches('+')
                    .to_owned(),
                change: amount(table, part.change()),
                share: if change == 0.0 {
                    0.0
                } else {
                    part.change() / change
                },
            });
            found.push(BenchCauses {
                column: String::from_utf8_lossy(&table.columns[column].label()).into_owned(),
                headline: explained_words(table, &explained, centers),
                about: about(&explained.causes.share, of_cell.name),
                before,
                after,
                sample: explained.sample_type.clone(),
                focus: explained.focus.clone(),
                functions: functions.collect(),
            });
        }
        found
    }
}

/// How far to trust it.
fn about(share: &[f64; 2], name: &[u8]) -> String {
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    let sub = match name.contains(&b'/') {
        true => " Sub-benchmarks share one function, so the profiles are about all of them.",
        false => "",
    };
    format!(
        "The benchmark is {} of the profile before and {} of the one after; what a function has of it, times \
         the median, is what it costs per operation.{sub}",
        percent(share[0]),
        percent(share[1])
    )
}

/// Where a cell is from.
pub(super) struct CellOrigin<'a> {
    /// Name of the file.
    pub(super) file: &'a str,
    /// The package of its first result; empty where none is said.
    pub(super) package: &'a [u8],
    /// The full name of its first result.
    pub(super) name: &'a [u8],
}

impl Compared {
    fn origin(&self, cell: &BenchCell) -> Option<CellOrigin<'_>> {
        let first = cell.origins.first()?;
        let loaded = self.file_at(first.file as usize)?;
        let benchmarks = loaded.profile.benchmarks.as_deref()?;
        let result = benchmarks.results.get(first.result as usize)?;
        Some(CellOrigin {
            file: &loaded.name,
            package: benchmarks.config(b"pkg", first.result as usize),
            name: benchmarks.strings.bytes(result.name),
        })
    }
}
