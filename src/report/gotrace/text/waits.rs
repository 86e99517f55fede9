//! Waits by what for and where, who ended whose, and the longest of those that could run.

use std::collections::BTreeMap;

use super::super::grid::Grid;
use super::super::page::{Page, TraceTable};
use super::super::words::share;
use super::goroutines::blocked_on;
use super::{heading, line_to, more, row, span_grid};
use crate::model::Line;
use crate::model::trace::{Cause, Histogram, Latency, NO_STACK, WaitKind, WaitSite, Wake};

/// Procs that are told of by name in a row.
const FEW_PROCS: usize = 4;

pub(super) fn latency(page: &Page<'_>, out: &mut String) {
    let report = page.report;
    let mut grid = span_grid("<");
    if page.options.group.is_some() {
        heading(out, "From being able to run until running");
        for group in page.groups() {
            let whole = group.sched.total();
            grid.row(row(&page.clock, &group.sched, whole, page.text(group.name)));
        }
        grid.write(out);
    } else {
        heading(out, "From being able to run until running, by why it could");
        causes(page, &mut grid);
        grid.write(out);
    }
    let worst = report
        .worst_latency
        .iter()
        .filter(|one| page.is_shown(one.group));
    let worst: Vec<&Latency> = worst.collect();
    if worst.is_empty() {
        return;
    }
    heading(out, "The longest of these");
    let mut grid = Grid::new(&[
        "at",
        "time",
        "G",
        "<why it could run",
        "<of",
        "<by",
        "<where",
        "<Ps meanwhile",
    ]);
    let few = match page.options.table {
        TraceTable::Summary => 5,
        _ => usize::MAX,
    };
    for one in worst.iter().take(few) {
        grid.row([
            page.clock.at(one.at),
            page.clock.span(one.time),
            one.goroutine.to_string(),
            why(page, one),
            page.group(one.group, "-"),
            page.group(one.waker, "-"),
            page.short_place(page.place(one.stack)),
            meanwhile(page, one),
        ]);
    }
    grid.write(out);
    let left = worst.len().saturating_sub(few);
    more(out, left, "dropprof trace latency has them");
}

fn causes(page: &Page<'_>, grid: &mut Grid) {
    let report = page.report;
    let all = Histogram::merged(&report.latency);
    for cause in Cause::ALL {
        let times = &report.latency[cause as usize];
        if times.count() > 0 {
            grid.row(row(&page.clock, times, all.total(), cause.label()));
        }
    }
    grid.row(row(&page.clock, &all, all.total(), "all of these"));
    let mut cells = row(
        &page.clock,
        &report.system_latency,
        0,
        "the runtime's own goroutines",
    );
    cells[2] = String::new();
    grid.row(cells);
}

fn why(page: &Page<'_>, one: &Latency) -> String {
    match &*page.text(one.reason) {
        "" => one.cause.label().to_owned(),
        reason => format!("{} ({reason})", one.cause.label()),
    }
}

/// What the procs ran meanwhile, the busiest first.
fn meanwhile(page: &Page<'_>, one: &Latency) -> String {
    let mut ran: Vec<_> = one
        .meanwhile
        .iter()
        .filter(|(.., time)| *time > 0)
        .collect();
    ran.sort_by_key(|(_, _, time)| std::cmp::Reverse(*time));
    let told = ran.iter().take(FEW_PROCS).map(|(proc, group, time)| {
        format!(
            "{proc}: {} ({})",
            page.group(*group, NO_STACK),
            share(*time, one.time)
        )
    });
    let mut told: Vec<String> = told.collect();
    match one.meanwhile.len() - told.len().min(one.meanwhile.len()) {
        0 => {}
        others if ran.len() > FEW_PROCS => told.push(format!("{others} others")),
        others => told.push(format!("{others} ran nothing")),
    }
    told.join(", ")
}

pub(super) fn waits(page: &Page<'_>, out: &mut String) {
    let is_summary = page.options.table == TraceTable::Summary;
    let report = page.report;
    // Of those that could run the summary has a table of its own.
    let is_wanted = |site: &&WaitSite| {
        page.is_shown(site.group) && !(is_summary && matches!(site.kind, WaitKind::Sched(_)))
    };
    let sites = by_place(page, report.sites.iter().filter(is_wanted));
    heading(out, "Waits by what for, whose and where");
    let mut grid = Grid::new(&[
        "count",
        "open",
        "total",
        "mean",
        "max",
        "<what",
        "<goroutines",
        "<where",
    ]);
    for (site, place) in sites.iter().take(page.limit()) {
        let (count, total) = site.all();
        grid.row([
            count.to_string(),
            site.open.0.to_string(),
            page.clock.span(total),
            page.clock.span(total.checked_div(count).unwrap_or(0)),
            page.clock.span(site.most),
            what(page, site),
            page.group(site.group, "-"),
            page.short_place(*place),
        ]);
    }
    if grid.is_empty() {
        line_to(out, "  none");
    }
    grid.write(out);
    let left = sites.len().saturating_sub(page.limit());
    more(out, left, "dropprof trace waits has all");
    if page.options.group.is_none() && !page.options.shows_system {
        let own = report
            .sites
            .iter()
            .filter(|site| page.is_system(site.group))
            .count();
        if own > 0 && !is_summary {
            line_to(
                out,
                &format!("  … and {own} of the runtime's own: -system has them"),
            );
        }
    }
    wakes(page, out);
}

/// Waits by what for, group and line, the heaviest first: how the program came there is in JSON.
fn by_place<'a>(
    page: &Page<'a>,
    sites: impl Iterator<Item = &'a WaitSite>,
) -> Vec<(WaitSite, Option<&'a Line>)> {
    let mut rows = BTreeMap::new();
    let mut all: Vec<(WaitSite, Option<&Line>)> = Vec::new();
    for site in sites {
        let place = page.place(site.stack);
        let at = place.map(|line| (line.function, line.line));
        let row = *rows
            .entry((site.kind, site.reason, site.group, at))
            .or_insert(all.len());
        let Some((sum, _)) = all.get_mut(row) else {
            all.push((site.clone(), place));
            continue;
        };
        sum.count += site.count;
        sum.total += site.total;
        sum.most = sum.most.max(site.most);
        sum.open = (sum.open.0 + site.open.0, sum.open.1 + site.open.1);
    }
    all.sort_by_key(|(site, _)| std::cmp::Reverse(site.all().1));
    all
}

fn what(page: &Page<'_>, site: &WaitSite) -> String {
    match site.kind {
        WaitKind::Blocked => blocked_on(&page.text(site.reason)),
        WaitKind::Sched(cause) => format!("able to run: {}", cause.label()),
        WaitKind::Syscall => "in a syscall".to_owned(),
    }
}

fn wakes(page: &Page<'_>, out: &mut String) {
    let wakes = page
        .report
        .wakes
        .iter()
        .filter(|wake| page.is_shown(wake.to));
    let wakes: Vec<&Wake> = wakes.collect();
    if wakes.is_empty() {
        return;
    }
    heading(out, "Who ended whose waits");
    let mut grid = Grid::new(&["count", "time waited", "<for", "<by", "<of"]);
    for wake in wakes.iter().take(page.limit()) {
        grid.row([
            wake.count.to_string(),
            page.clock.span(wake.total),
            page.reason(wake.reason),
            page.group(wake.from, "(timer, poller or nobody known)"),
            page.group(wake.to, "-"),
        ]);
    }
    grid.write(out);
    let left = wakes.len().saturating_sub(page.limit());
    more(out, left, "dropprof trace waits has all");
}
