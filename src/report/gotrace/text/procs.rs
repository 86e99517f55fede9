//! What the procs did.

use super::super::grid::Grid;
use super::super::page::{Page, TraceTable};
use super::super::words::{plural, ratio, share};
use super::{heading, line_to};
use crate::analysis::trace::totals;
use crate::model::trace::ProcUse;

/// Heads of columns, as [`ProcUse::ALL`] has them.
const HEADS: [&str; ProcUse::COUNT] = [
    "running",
    "GC work",
    "assist",
    "sweep",
    "idle GC",
    "syscall",
    "scheduler",
    "idle",
];

pub(super) fn procs(page: &Page<'_>, out: &mut String) {
    let report = page.report;
    let totals = totals(page.profile, report);
    heading(
        out,
        &format!("What {} did", plural(report.procs.len() as u64, "P")),
    );
    let mut grid = Grid::new(&["time", "share", "Ps on average", "<"]);
    for of in ProcUse::ALL {
        let time = totals.uses[of as usize];
        grid.row([
            page.clock.span(time),
            share(time, totals.procs),
            ratio(time, page.duration()),
            of.label().to_owned(),
        ]);
    }
    grid.write(out);
    line_to(
        out,
        "  of what GOMAXPROCS offered over the time; of a P only while it is more than its number",
    );
    if page.options.table == TraceTable::Summary {
        return;
    }
    let mut heads = vec!["P", "runs"];
    heads.extend(HEADS);
    let mut grid = Grid::new(&heads);
    for proc in &report.procs {
        let all = proc.uses.iter().copied().fold(0, u64::saturating_add);
        let mut cells = vec![proc.id.to_string(), proc.runs.to_string()];
        cells.extend(ProcUse::ALL.map(|of| share(proc.uses[of as usize], all)));
        grid.row(cells);
    }
    out.push('\n');
    grid.write(out);
}
