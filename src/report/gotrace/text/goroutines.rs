//! Goroutines by the function they began with, one by one, and as pools of workers.

use super::super::grid::Grid;
use super::super::page::{Page, TraceTable, blocked};
use super::super::pool::{is_pool, mean_exec};
use super::super::words::{plural, rate, ratio, share};
use super::{heading, line_to, more, row, span_grid};
use crate::model::trace::{GoroutineRow, Group, NO_GROUP, NO_STACK};

pub(super) fn goroutines(page: &Page<'_>, out: &mut String) {
    let is_summary = page.options.table == TraceTable::Summary;
    let groups = page.groups();
    heading(
        out,
        "Goroutines by the function they began with: how they spent their time",
    );
    overview(page, &groups, out);
    if is_summary {
        let left = groups.len().saturating_sub(page.limit());
        more(
            out,
            left,
            "dropprof trace goroutines has all, with percentiles",
        );
        return;
    }
    for group in groups {
        detail(page, group, out);
        if page.options.group.is_some() || page.options.shows_all {
            members(page, group, out);
        }
    }
}

/// A line for each group.
fn overview(page: &Page<'_>, groups: &[&Group], out: &mut String) {
    let mut grid = Grid::new(&[
        "count", "left", "total", "exec", "sched", "block", "syscall", "assist", "<",
    ]);
    let mut line = |group: &Group, name: String| {
        let span = |time| page.clock.span(time);
        grid.row([
            group.count.to_string(),
            group.left.to_string(),
            span(group.total()),
            span(group.exec.total()),
            span(group.sched.total()),
            span(blocked(group)),
            span(group.syscall.total()),
            span(group.assist),
            name,
        ]);
    };
    for group in groups.iter().take(page.limit()) {
        line(group, name(page, group));
    }
    if let Some((all, count)) = page.folded() {
        let groups = plural(count as u64, "group");
        line(
            &all,
            format!("(the runtime's own: {groups}; -system has them)"),
        );
    }
    grid.write(out);
}

fn name(page: &Page<'_>, group: &Group) -> String {
    match page.text(group.name) {
        name if name.is_empty() => NO_STACK.to_owned(),
        name => name,
    }
}

/// How a group spent its time, with percentiles of its single runs and waits.
fn detail(page: &Page<'_>, group: &Group, out: &mut String) {
    heading(
        out,
        &format!(
            "{}: {}, {} at most at a time, {} left at the end",
            name(page, group),
            plural(group.count, "goroutine"),
            group.most_alive,
            group.left
        ),
    );
    let (clock, total) = (&page.clock, group.total());
    let mut grid = span_grid("<");
    grid.row(row(clock, &group.exec, total, "running"));
    grid.row(row(clock, &group.sched, total, "able to run, not running"));
    for (reason, times) in &group.blocks {
        grid.row(row(clock, times, total, blocked_on(&page.text(*reason))));
    }
    if group.syscall.count() > 0 {
        let words = match group.calls_blocked {
            0 => "in syscalls".to_owned(),
            calls => format!(
                "in syscalls; {calls} of them lost their P, for {}",
                clock.span(group.syscall_blocked)
            ),
        };
        grid.row(row(clock, &group.syscall, total, words));
    }
    // What has a sum and nothing else.
    let mut sum = |time: u64, words: &str| {
        if time > 0 {
            let mut cells = vec![String::new(); 8];
            (cells[1], cells[2]) = (clock.span(time), share(time, total));
            cells[7] = words.to_owned();
            grid.row(cells);
        }
    };
    sum(group.unknown, "unknown");
    sum(
        group.assist,
        "in GC assists, of the above, waiting included",
    );
    grid.write(out);
    let samples: u64 = page
        .report
        .samples
        .iter()
        .filter(|&&(of, _)| of != NO_GROUP && page.report.groups[of as usize].name == group.name)
        .map(|&(_, count)| count)
        .sum();
    if samples > 0 {
        line_to(out, &format!("  {}", plural(samples, "CPU sample")));
    }
}

/// A wait by its reason.
pub(super) fn blocked_on(reason: &str) -> String {
    match reason {
        "" => "waiting since before the trace".to_owned(),
        reason => format!("waiting: {reason}"),
    }
}

/// A line for each goroutine.
fn members(page: &Page<'_>, group: &Group, out: &mut String) {
    let rows = page.members(group);
    let mut grid = Grid::new(&[
        "G",
        "created",
        "ended",
        "total",
        "exec",
        "sched",
        "block",
        "syscall",
        "<waits the most for",
    ]);
    for row in &rows {
        let span = |time| page.clock.span(time);
        let most = row.blocks.iter().max_by_key(|&&(_, time)| time);
        let most = most.map(|&(reason, time)| format!("{} ({})", page.reason(reason), span(time)));
        grid.row([
            row.id.to_string(),
            page.clock.at(row.created),
            ended(page, row),
            span(row.total),
            span(row.exec),
            span(row.sched),
            span(row.blocks.iter().map(|&(_, time)| time).sum()),
            span(row.syscall + row.syscall_blocked),
            most.unwrap_or_default(),
        ]);
    }
    grid.write(out);
    let left = group.count.saturating_sub(rows.len() as u64);
    more(
        out,
        left as usize,
        "these are the ones with the most time; -all has all",
    );
}

fn ended(page: &Page<'_>, row: &GoroutineRow) -> String {
    match row.ended {
        0 => "-".to_owned(),
        time => page.clock.at(time),
    }
}

/// Groups as pools: what their members did at the same time.
pub(super) fn pools(page: &Page<'_>, out: &mut String) {
    let pools: Vec<&Group> = page
        .groups()
        .into_iter()
        .filter(|group| is_pool(group))
        .collect();
    if pools.is_empty() && page.options.table == TraceTable::Summary {
        return;
    }
    heading(
        out,
        "Pools: groups with several members at a time, and work that these wait for",
    );
    if pools.is_empty() {
        line_to(out, "  none");
    }
    let mut grid = Grid::new(&[
        "workers",
        "running",
        "busy",
        "runnable",
        "idle",
        "syscall",
        "saturated",
        "starved",
        "max/median",
        "max/mean",
        "jobs",
        "jobs/s",
        "<",
    ]);
    for group in pools.iter().take(page.limit()) {
        let pool = &group.pool;
        let (most, median, all) = pool.exec;
        grid.row([
            ratio(pool.members, pool.time),
            ratio(pool.running, pool.time),
            share(pool.running, pool.members),
            share(pool.runnable, pool.members),
            share(pool.idle, pool.members),
            share(pool.syscall, pool.members),
            share(pool.saturated, pool.time),
            share(pool.starved, pool.time),
            ratio(most, median),
            ratio(most, mean_exec(group.count, all)),
            pool.jobs.to_string(),
            rate(pool.jobs, pool.time),
            name(page, group),
        ]);
    }
    grid.write(out);
    let left = pools.len().saturating_sub(page.limit());
    more(out, left, "dropprof trace pools has all");
    if !pools.is_empty() {
        line_to(
            out,
            "  busy to syscall: shares of the workers' time; saturated: none waits for work, \
             starved: all do; max: the one that ran the most",
        );
    }
}
