//! Groups of goroutines, goroutines, and pools.

use serde_json::{Value, json};

use super::super::page::{Page, blocked};
use super::super::pool::{is_pool, mean_exec};
use super::super::words::per_second;
use super::{distribution, moment, share, with};
use crate::model::trace::{GoroutineRow, Group, NO_GROUP};

/// `[{ "name", "is_system", "count", "left", "most", "total_ns", "exec": DIST, "sched": DIST,
/// "block_ns", "block": [{ "reason", DIST }], "syscall": DIST, "syscall_blocked_ns",
/// "syscalls_blocked", "unknown_ns", "assist_ns", "cpu_samples", "goroutines": […] }]`.
///
/// `name` is null for the line that stands for the runtime's own groups, and `goroutines` is there
/// where single ones are asked for: `{ "id", "created_at_ns", "started_at_ns", "ended_at_ns",
/// "total_ns", "exec_ns", "sched_ns", "block_ns", "block": [{ "reason", "ns" }], "syscall_ns",
/// "syscall_blocked_ns", "syscall_open_ns", "unknown_ns", "ranges": [{ "name", "ns" }] }`. `syscall_open_ns` is of
/// `syscall_blocked_ns` what is of a call that had not ended at the end.
pub(super) fn goroutines(page: &Page<'_>) -> Value {
    let has_single = page.options.group.is_some() || page.options.shows_all;
    let groups = page.groups();
    let rows = groups.iter().take(page.limit()).map(|group| {
        let row = one(page, group);
        match has_single {
            true => {
                let single = page.members(group);
                let single = single.iter().map(|row| goroutine(page, row));
                with(row, json!({ "goroutines": single.collect::<Vec<Value>>() }))
            }
            false => row,
        }
    });
    let mut rows: Vec<Value> = rows.collect();
    if let Some((all, groups)) = page.folded() {
        let more = json!({ "name": null, "groups": groups });
        rows.push(with(one(page, &all), more));
    }
    rows.into()
}

fn one(page: &Page<'_>, group: &Group) -> Value {
    let block = group
        .blocks
        .iter()
        .map(|(reason, times)| with(distribution(times), json!({ "reason": page.text(*reason) })));
    let samples =
        page.report.samples.iter().filter(|&&(of, _)| {
            of != NO_GROUP && page.report.groups[of as usize].name == group.name
        });
    json!({
        "name": page.text(group.name),
        "is_system": group.is_system,
        "count": group.count,
        "left": group.left,
        "most": group.most_alive,
        "total_ns": group.total(),
        "exec": distribution(&group.exec),
        "sched": distribution(&group.sched),
        "block_ns": blocked(group),
        "block": block.collect::<Vec<Value>>(),
        "syscall": distribution(&group.syscall),
        "syscall_blocked_ns": group.syscall_blocked,
        "syscalls_blocked": group.calls_blocked,
        "unknown_ns": group.unknown,
        "assist_ns": group.assist,
        "cpu_samples": samples.map(|&(_, count)| count).sum::<u64>(),
    })
}

fn goroutine(page: &Page<'_>, row: &GoroutineRow) -> Value {
    let block = row
        .blocks
        .iter()
        .map(|&(reason, time)| json!({ "reason": page.text(reason), "ns": time }));
    let ranges = row
        .ranges
        .iter()
        .map(|&(name, time)| json!({ "name": page.text(name), "ns": time }));
    json!({
        "id": row.id,
        "created_at_ns": page.clock.since(row.created),
        "started_at_ns": moment(page, row.started),
        "ended_at_ns": moment(page, row.ended),
        "total_ns": row.total,
        "exec_ns": row.exec,
        "sched_ns": row.sched,
        "block_ns": row.blocks.iter().map(|&(_, time)| time).sum::<u64>(),
        "block": block.collect::<Vec<Value>>(),
        "syscall_ns": row.syscall,
        "syscall_blocked_ns": row.syscall_blocked,
        "syscall_open_ns": row.open_call,
        "unknown_ns": row.unknown(),
        "ranges": ranges.collect::<Vec<Value>>(),
    })
}

/// `[{ "name", "is_system", "workers", "workers_most", "running", "busy_share",
/// "runnable_share", "idle_share", "syscall_share", "saturated_share", "starved_share",
/// "exec_max_ns", "exec_median_ns", "exec_mean_ns", "exec_variation", "jobs", "jobs_per_second",
/// "time_ns" }]`: workers and running are means over the time with workers, `time_ns`; busy,
/// runnable, idle and syscall are shares of the workers' time, saturated and starved of `time_ns`.
pub(super) fn pools(page: &Page<'_>) -> Value {
    let pools = page.groups().into_iter().filter(|group| is_pool(group));
    let rows = pools.take(page.limit()).map(|group| {
        let pool = &group.pool;
        let (most, median, all) = pool.exec;
        json!({
            "name": page.text(group.name),
            "is_system": group.is_system,
            "workers": share(pool.members, pool.time),
            "workers_most": group.most_alive,
            "running": share(pool.running, pool.time),
            "busy_share": share(pool.running, pool.members),
            "runnable_share": share(pool.runnable, pool.members),
            "idle_share": share(pool.idle, pool.members),
            "syscall_share": share(pool.syscall, pool.members),
            "saturated_share": share(pool.saturated, pool.time),
            "starved_share": share(pool.starved, pool.time),
            "exec_max_ns": most,
            "exec_median_ns": median,
            "exec_mean_ns": mean_exec(group.count, all),
            "exec_variation": pool.variation,
            "jobs": pool.jobs,
            "jobs_per_second": per_second(pool.jobs, pool.time),
            "time_ns": pool.time,
        })
    });
    rows.collect()
}
