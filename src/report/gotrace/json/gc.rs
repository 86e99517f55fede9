//! The collector.

use serde_json::{Value, json};

use super::super::mmu::{self, Taken};
use super::super::page::{Page, TraceTable};
use super::super::words::per_second;
use super::{distribution, place, stack, with};
use crate::model::trace::{Cycle, Histogram};

/// `{ "cycles", "cycles_per_second", "marking": DIST, "stops": [{ "reason", DIST }],
/// "worst_stops": [{ "at_ns", "ns", "stopping_ns", "reason", "last_proc", "ran", "by" }],
/// "assists": [{ "group", DIST, "place", "stack" }], "swept_bytes", "reclaimed_bytes" }`, and where
/// the collector alone is asked for `"cycle_rows": [{ "at_ns", "end_ns", "is_whole", "heap_bytes",
/// "goal_bytes", "workers_ns", "assists_ns" }]` and `"heap": { "step_ns", "points": [{ "at_ns",
/// "heap_bytes", "least_bytes", "goal_bytes" }] }`.
///
/// A stop counts from the beginning of the stopping, of which `last_proc`, that ran `ran`, was
/// the last to stop; null if none had to be. A goal of 0 is none.
pub(super) fn collector(page: &Page<'_>) -> Value {
    let report = page.report;
    let mut marking = Histogram::default();
    for cycle in &report.cycles {
        marking.add(cycle.to.saturating_sub(cycle.from));
    }
    let stops = report.stops.iter();
    let stops = stops.map(|stop| {
        with(
            distribution(&stop.times),
            json!({ "reason": page.text(stop.reason) }),
        )
    });
    let worst = report.worst_stops.iter().take(page.limit()).map(|stop| {
        json!({
            "at_ns": page.clock.since(stop.at), "ns": stop.time, "stopping_ns": stop.stopping,
            "reason": page.text(stop.reason),
            "last_proc": (stop.last != u64::MAX).then_some(stop.last),
            "ran": page.group_name(stop.ran), "by": page.group_name(stop.by),
        })
    });
    let assists = report.assists.iter().take(page.limit()).map(|site| {
        let more = json!({
            "group": page.group_name(site.group), "place": place(page, site.stack),
            "stack": stack(page, site.stack),
        });
        with(distribution(&site.times), more)
    });
    let cycles = report.cycles.len() as u64;
    let found = json!({
        "cycles": cycles,
        "cycles_per_second": per_second(cycles, page.duration()),
        "marking": distribution(&marking),
        "stops": stops.collect::<Vec<Value>>(),
        "worst_stops": worst.collect::<Vec<Value>>(),
        "assists": assists.collect::<Vec<Value>>(),
        "swept_bytes": report.swept.0,
        "reclaimed_bytes": report.swept.1,
    });
    match page.options.table {
        TraceTable::Summary => found,
        _ => with(found, over_time(page)),
    }
}

fn over_time(page: &Page<'_>) -> Value {
    let cycle = |cycle: &Cycle| {
        json!({
            "at_ns": page.clock.since(cycle.from), "end_ns": page.clock.since(cycle.to),
            "is_whole": cycle.is_whole, "heap_bytes": cycle.heap.0, "goal_bytes": cycle.heap.1,
            "workers_ns": cycle.workers, "assists_ns": cycle.assists,
        })
    };
    let heap = &page.report.heap;
    let told = (0..)
        .zip(&heap.values)
        .filter(|(_, point)| point.heap > 0 || point.goal > 0);
    let points = told.map(|(bucket, point): (u64, _)| {
        json!({
            "at_ns": page.clock.since(heap.from + bucket * heap.step), "heap_bytes": point.heap,
            "least_bytes": point.least, "goal_bytes": point.goal,
        })
    });
    json!({
        "cycle_rows": page.report.cycles.iter().map(cycle).collect::<Vec<Value>>(),
        "heap": { "step_ns": heap.step, "points": points.collect::<Vec<Value>>() },
    })
}

/// `{ "flags": ["stw", …], "mean", "taken": TAKEN, "windows": [{ "window_ns", "looked_at_ns",
/// "mmu", "at_ns", "taken": TAKEN }] }`, where TAKEN is `{ "stw", "background", "assist", "sweep" }`
/// and all are shares of the procs, and where this alone is asked for `"series": [[at_ns, share]]`,
/// each until the next. Null where GOMAXPROCS is never told.
pub(super) fn utilisation(page: &Page<'_>) -> Value {
    let Some(left) = mmu::left(page) else {
        return Value::Null;
    };
    let taken = |taken: Taken| {
        json!({
            "stw": taken.stops, "background": taken.workers, "assist": taken.assists,
            "sweep": taken.sweeps,
        })
    };
    let windows = left.windows.iter().map(|one| {
        json!({
            "window_ns": one.asked, "looked_at_ns": one.length, "mmu": one.least,
            "at_ns": page.clock.since(one.at), "taken": taken(one.taken),
        })
    });
    let found = json!({
        "flags": mmu::names(page.options.flags),
        "mean": left.mean,
        "taken": taken(left.taken),
        "windows": windows.collect::<Vec<Value>>(),
    });
    if page.options.table == TraceTable::Summary {
        return found;
    }
    let points = left.series.times.iter().zip(&left.series.shares);
    let points = points.map(|(&at, share)| json!([page.clock.since(at), share]));
    with(found, json!({ "series": points.collect::<Vec<Value>>() }))
}
