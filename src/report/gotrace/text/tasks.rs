//! Tasks and regions.

use super::super::grid::Grid;
use super::super::page::{Page, TraceTable};
use super::super::words::{plural, share};
use super::{heading, line_to, more, row, span_grid};
use crate::model::StringId;
use crate::model::trace::{NO_PARENT, TaskKind, TaskRow};

pub(super) fn tasks(page: &Page<'_>, out: &mut String) {
    let report = page.report;
    let is_summary = page.options.table == TraceTable::Summary;
    let has_none = report.tasks.is_empty() && report.regions.is_empty();
    if has_none {
        if !is_summary {
            heading(out, "Tasks and regions");
            line_to(
                out,
                "  none: runtime/trace's NewTask and WithRegion make them",
            );
        }
        return;
    }
    if !report.tasks.is_empty() {
        kinds(page, out);
    }
    if !report.regions.is_empty() {
        regions(page, out);
    }
    if !is_summary {
        for kind in &report.tasks {
            longest(page, kind, out);
        }
    }
}

/// A type; of a task that began before the trace it is not known.
fn name(page: &Page<'_>, name: StringId) -> String {
    match page.text(name) {
        name if name.is_empty() => "(no type)".to_owned(),
        name => name,
    }
}

fn kinds(page: &Page<'_>, out: &mut String) {
    let tasks = &page.report.tasks;
    heading(
        out,
        "Tasks by type, those that were seen to begin and to end",
    );
    let all: u64 = tasks.iter().map(|kind| kind.times.total()).sum();
    let mut grid = span_grid("<type");
    for kind in tasks.iter().take(page.limit()) {
        let open = match kind.open {
            0 => String::new(),
            open => format!(" (and {open} that were not)"),
        };
        let words = format!("{}{open}", name(page, kind.name));
        grid.row(row(&page.clock, &kind.times, all, words));
    }
    grid.write(out);
    let left = tasks.len().saturating_sub(page.limit());
    more(out, left, "dropprof trace tasks has all");
}

fn regions(page: &Page<'_>, out: &mut String) {
    let regions = &page.report.regions;
    heading(out, "Regions by type, and how their goroutines spent them");
    let mut grid = Grid::new(&[
        "count", "total", "p50", "p95", "p99", "max", "exec", "sched", "block", "syscall", "<type",
    ]);
    for kind in regions.iter().take(page.limit()) {
        let of = |share: f64| page.clock.span(kind.times.percentile(share));
        let spent = kind.spent;
        let part = |time: u64| share(time, spent.total);
        grid.row([
            kind.times.count().to_string(),
            page.clock.span(kind.times.total()),
            of(0.5),
            of(0.95),
            of(0.99),
            page.clock.span(kind.times.most()),
            part(spent.exec),
            part(spent.sched),
            part(spent.blocked),
            part(spent.syscall),
            name(page, kind.name),
        ]);
    }
    grid.write(out);
    let left = regions.len().saturating_sub(page.limit());
    more(out, left, "dropprof trace tasks has all");
}

/// The longest tasks of a type.
fn longest(page: &Page<'_>, kind: &TaskKind, out: &mut String) {
    let name = name(page, kind.name);
    let count = plural(kind.longest.len() as u64, "task");
    heading(out, &format!("{name}: the longest {count}"));
    let mut grid = Grid::new(&[
        "task", "at", "time", "parent", "children", "messages", "<regions", "<",
    ]);
    for task in &kind.longest {
        grid.row([
            task.id.to_string(),
            page.clock.at(task.from),
            page.clock.span(task.to.saturating_sub(task.from)),
            match task.parent {
                0 | NO_PARENT => "-".to_owned(),
                parent => parent.to_string(),
            },
            task.children.to_string(),
            task.logs.to_string(),
            regions_of(page, task),
            if task.is_whole { "" } else { "not seen whole" }.to_owned(),
        ]);
    }
    grid.write(out);
}

/// Regions of a task by type, in the order in which these first ended: `read ×3 (1.2ms)`.
fn regions_of(page: &Page<'_>, task: &TaskRow) -> String {
    let mut kinds: Vec<(_, u64, u64)> = Vec::new();
    for region in &task.regions {
        match kinds.iter_mut().find(|(name, ..)| *name == region.name) {
            Some((_, count, total)) => {
                *count += 1;
                *total += region.spent.total;
            }
            None => kinds.push((region.name, 1, region.spent.total)),
        }
    }
    let told = kinds.into_iter().map(|(name, count, total)| {
        let times = if count > 1 {
            format!(" ×{count}")
        } else {
            String::new()
        };
        format!("{}{times} ({})", page.text(name), page.clock.span(total))
    });
    told.collect::<Vec<_>>().join(", ")
}
