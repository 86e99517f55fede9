//! Tasks and regions.

use serde_json::{Value, json};

use super::super::page::{Page, TraceTable};
use super::{distribution, with};
use crate::model::trace::{NO_PARENT, Spent, TaskRow};

/// `{ "tasks": [{ "name", DIST, "open", "longest": […] }], "regions": [{ "name", DIST, SPENT }] }`.
///
/// `open` counts those whose beginning or end was not seen, which DIST has not. SPENT is
/// `"exec_ns", "sched_ns", "block_ns", "syscall_ns"`. `longest` is not in the summary: `{ "id",
/// "parent", "at_ns", "end_ns", "is_whole", "children", "logs", "regions": [{ "name",
/// "goroutine", "at_ns", "total_ns", SPENT }] }`.
pub(super) fn tasks(page: &Page<'_>) -> Value {
    let report = page.report;
    let has_rows = page.options.table != TraceTable::Summary;
    let tasks = report.tasks.iter().take(page.limit()).map(|kind| {
        let found = with(
            distribution(&kind.times),
            json!({ "name": page.text(kind.name), "open": kind.open }),
        );
        match has_rows {
            true => {
                let longest = kind.longest.iter().map(|task| one(page, task));
                with(found, json!({ "longest": longest.collect::<Vec<Value>>() }))
            }
            false => found,
        }
    });
    let regions = report.regions.iter().take(page.limit()).map(|kind| {
        let found = with(distribution(&kind.times), spent(&kind.spent));
        with(found, json!({ "name": page.text(kind.name) }))
    });
    json!({ "tasks": tasks.collect::<Vec<Value>>(), "regions": regions.collect::<Vec<Value>>() })
}

fn spent(of: &Spent) -> Value {
    json!({
        "exec_ns": of.exec, "sched_ns": of.sched, "block_ns": of.blocked, "syscall_ns": of.syscall,
    })
}

fn one(page: &Page<'_>, task: &TaskRow) -> Value {
    let regions = task.regions.iter().map(|region| {
        let found = json!({
            "name": page.text(region.name), "goroutine": region.goroutine,
            "at_ns": page.clock.since(region.from), "total_ns": region.spent.total,
        });
        with(found, spent(&region.spent))
    });
    json!({
        "id": task.id,
        "parent": (![0, NO_PARENT].contains(&task.parent)).then_some(task.parent),
        "at_ns": page.clock.since(task.from),
        "end_ns": page.clock.since(task.to),
        "is_whole": task.is_whole,
        "children": task.children,
        "logs": task.logs,
        "regions": regions.collect::<Vec<Value>>(),
    })
}
