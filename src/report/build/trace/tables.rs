//! Tables of a trace.

use super::super::super::document::{Column, Section, Table};
use super::{Traced, cell, count, part, time};
use crate::analysis::trace::{
    Flags, PoolFacts, is_by_tracing, mean_utilisation, minimum_utilisation, pools as find_pools,
    utilisation,
};
use crate::analysis::{Attributor, percent_of, short_place, short_symbol, source_path, unescape};
use crate::model::StackId;
use crate::model::trace::{Cause, Group, Histogram, Spent, WaitKind, WaitSite};

/// Rows of a table.
const ROWS: usize = 12;
/// Places where goroutines wait.
const SITES: usize = 10;
/// Reasons of waits of a group.
const REASONS: usize = 3;
/// Windows of mutator utilisation, in nanoseconds.
const WINDOWS: [u64; 4] = [1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// Groups by the function they began with.
pub(super) fn groups(section: &mut Section, traced: &Traced<'_>) {
    let all = traced.groups().count();
    if all == 0 {
        return;
    }
    let caption = format!(
        "Goroutines of the program by the function they began with, {} of {}; times are of all of a group together, those of GC assists with the waiting in them",
        all.min(ROWS),
        count(all as u64)
    );
    let columns = [
        Column::symbol("Began with"),
        Column::number("count"),
        Column::number("at a time"),
        Column::number("running"),
        Column::number("wait to run"),
        Column::number("p50"),
        Column::number("p99"),
        Column::number("syscalls"),
        Column::number("GC assists"),
        Column::text("waits most for"),
    ];
    let mut table = Table::new(&traced.caption(&caption), columns);
    for (row, group) in traced.groups().take(ROWS) {
        table.row([
            traced.name(row),
            count(group.count),
            count(group.most_alive),
            time(group.exec.total()),
            time(group.sched.total()),
            cell(&group.sched, group.sched.percentile(0.5)),
            cell(&group.sched, group.sched.percentile(0.99)),
            cell(&group.syscall, group.syscall.total()),
            match group.assist {
                0 => String::new(),
                nanos => time(nanos),
            },
            reasons(traced, group),
        ]);
    }
    section.push(table);
}

/// What a group waited for, the longest in sum first.
fn reasons(traced: &Traced<'_>, group: &Group) -> String {
    let longest = group
        .blocks
        .iter()
        .filter(|(_, times)| times.total() > 0)
        .take(REASONS);
    let texts: Vec<String> = longest
        .map(|(reason, times)| {
            format!(
                "{} {} ({}×)",
                traced.reason(*reason),
                time(times.total()),
                count(times.count())
            )
        })
        .collect();
    texts.join(", ")
}

/// From being able to run until running.
pub(super) fn latency(section: &mut Section, traced: &Traced<'_>) {
    let columns = [
        Column::text("Able to run because"),
        Column::number("waits"),
        Column::number("in sum"),
        Column::number("p50"),
        Column::number("p95"),
        Column::number("p99"),
        Column::number("longest"),
    ];
    let caption = "Scheduler latency: how long goroutines of the program waited for a processor";
    let mut table = Table::new(&traced.caption(caption), columns);
    let all = Histogram::merged(&traced.report.latency);
    if all.count() == 0 {
        return;
    }
    let by_cause = Cause::ALL.map(|cause| (cause.label(), &traced.report.latency[cause as usize]));
    let by_cause = by_cause.into_iter().filter(|(_, times)| times.count() > 0);
    for (label, times) in by_cause.chain([("all", &all)]) {
        table.row([
            label.to_owned(),
            count(times.count()),
            time(times.total()),
            time(times.percentile(0.5)),
            time(times.percentile(0.95)),
            time(times.percentile(0.99)),
            time(times.most()),
        ]);
    }
    section.push(table);
}

/// Where goroutines wait for something.
pub(super) fn sites(section: &mut Section, traced: &Traced<'_>) {
    let is_wait = |site: &&WaitSite| {
        let group = traced.report.groups.get(site.group as usize);
        let is_own = group.is_some_and(|group| traced.is_own(group));
        is_own && matches!(site.kind, WaitKind::Blocked | WaitKind::Syscall)
    };
    let found: Vec<&WaitSite> = traced.report.sites.iter().filter(is_wait).collect();
    if found.is_empty() {
        return;
    }
    let caption = format!(
        "Where goroutines of the program wait, {} of {}; waits that go on when the trace ends are counted until then",
        found.len().min(SITES),
        count(found.len() as u64)
    );
    let columns = [
        Column::text("For"),
        Column::code("at"),
        Column::symbol("goroutines of"),
        Column::number("waits"),
        Column::number("in sum"),
        Column::number("mean"),
        Column::number("longest"),
    ];
    let mut table = Table::new(&traced.caption(&caption), columns);
    let attributor = Attributor::new(traced.view.profile, &traced.view.study.classes, &[]);
    for site in found.into_iter().take(SITES) {
        let (number, nanos) = site.all();
        let reason = match site.kind {
            WaitKind::Syscall => "a system call or C".to_owned(),
            _ => traced.reason(site.reason),
        };
        table.row([
            reason,
            place(traced, &attributor, site.stack),
            traced.short(site.group),
            count(number),
            time(nanos),
            time(nanos / number.max(1)),
            time(site.most),
        ]);
    }
    section.push(table);
}

/// The nearest own line of a stack: `cache.(*Cache).get cache/cache.go:12`.
fn place(traced: &Traced<'_>, attributor: &Attributor<'_>, stack: StackId) -> String {
    let profile = traced.view.profile;
    let Some(found) = attributor.attribute(stack).user else {
        return String::new();
    };
    let function = &profile.functions[found.function(profile).index()];
    let name = unescape(profile.strings.bytes(function.name)).into_owned();
    let file = source_path(profile.strings.bytes(function.filename));
    let file = String::from_utf8_lossy(&file).into_owned();
    let line = profile
        .lines
        .get(found.row as usize)
        .map_or(0, |line| line.line);
    match short_place(&file, line).as_str() {
        "" => short_symbol(&name).to_owned(),
        place => format!("{} {place}", short_symbol(&name)),
    }
}

/// Collections, stops of the world, what is left of the procs.
pub(super) fn collector(section: &mut Section, traced: &Traced<'_>) {
    let (report, totals) = (traced.report, &traced.totals);
    let cycles = report.cycles.len() as u64;
    if cycles > 0 {
        let mut lengths = Histogram::default();
        report
            .cycles
            .iter()
            .for_each(|one| lengths.add(one.to.saturating_sub(one.from)));
        let columns = [
            Column::number("collections"),
            Column::number("a second"),
            Column::number("marking, of the time"),
            Column::number("a cycle, p50"),
            Column::number("longest"),
            Column::number("of the busy procs"),
        ];
        let mut table = Table::new(&traced.caption("Garbage collection"), columns);
        table.row([
            count(cycles),
            format!("{:.1}", totals.per_second(cycles)),
            percent_of(totals.of_time(totals.marking)),
            time(lengths.percentile(0.5)),
            time(lengths.most()),
            percent_of(totals.collector_share()),
        ]);
        section.push(table);
    }
    stops(section, traced);
    let left = utilisation(&report.collector, report.last_event, Flags::USUAL);
    if cycles == 0 {
        return;
    }
    let columns = [
        Column::text("In a window of"),
        Column::number("left to the program at least"),
    ];
    let caption = "What the collector leaves of the processors (minimum mutator utilisation): \
                   stops, workers and assists are its own, marking by idle processors is not";
    let mut table = Table::new(&traced.caption(caption), columns);
    for window in WINDOWS
        .into_iter()
        .filter(|&window| window <= totals.duration)
    {
        if let Some((least, _)) = minimum_utilisation(&left, window) {
            table.row([time(window), percent_of(least)]);
        }
    }
    table.row([
        "the whole trace".to_owned(),
        percent_of(mean_utilisation(&left)),
    ]);
    section.push(table);
}

fn stops(section: &mut Section, traced: &Traced<'_>) {
    if traced.report.stops.is_empty() {
        return;
    }
    let columns = [
        Column::text("Reason"),
        Column::number("stops"),
        Column::number("in sum"),
        Column::number("of the time"),
        Column::number("p50"),
        Column::number("p99"),
        Column::number("longest"),
        Column::text("note"),
    ];
    let caption = "Stops of the world, from the wish to stop until it goes on";
    let mut table = Table::new(&traced.caption(caption), columns);
    for stop in traced.report.stops.iter().take(ROWS) {
        let times = &stop.times;
        let by_tracing = is_by_tracing(traced.view.profile.strings.bytes(stop.reason));
        table.row([
            traced.text(stop.reason),
            count(times.count()),
            time(times.total()),
            percent_of(traced.totals.of_time(times.total())),
            time(times.percentile(0.5)),
            time(times.percentile(0.99)),
            time(times.most()),
            if by_tracing { "tracing itself" } else { "" }.to_owned(),
        ]);
    }
    section.push(table);
}

/// Groups that work as pools.
pub(super) fn pools(section: &mut Section, traced: &Traced<'_>) {
    let classes = &traced.view.study.classes;
    let found = find_pools(traced.view.profile, traced.report, &traced.totals, classes);
    if found.is_empty() {
        section.push(
            "No group of goroutines works as a pool: several that take what others hand them \
             through channels.",
        );
        return;
    }
    let columns = [
        Column::symbol("Pool"),
        Column::number("workers"),
        Column::number("busy"),
        Column::number("waiting for work"),
        Column::number("none waits"),
        Column::number("all wait"),
        Column::number("waiting for a proc"),
        Column::number("senders waiting"),
        Column::number("busiest ÷ middle"),
        Column::text("verdict"),
    ];
    let caption = "Worker pools: workers and senders on average, shares of the workers' time and \
                   of that of the pool";
    let mut table = Table::new(&traced.caption(caption), columns);
    for pool in found.iter().take(ROWS) {
        table.row(pool_row(traced, pool));
    }
    section.push(table);
}

fn pool_row(traced: &Traced<'_>, pool: &PoolFacts) -> [String; 10] {
    [
        traced.name(pool.group),
        format!("{:.1}", pool.workers),
        format!("{:.2}", pool.busy),
        percent_of(pool.idle),
        percent_of(pool.saturated),
        percent_of(pool.starved),
        percent_of(pool.queueing),
        format!("{:.2}", pool.senders.0),
        match pool.imbalance > 0.0 {
            true => format!("{:.1}", pool.imbalance),
            false => String::new(),
        },
        pool.verdict.label().to_owned(),
    ]
}

/// Tasks and regions, where the program has any.
pub(super) fn tasks(section: &mut Section, traced: &Traced<'_>) {
    let report = traced.report;
    if !report.tasks.is_empty() {
        let columns = [
            Column::text("Task"),
            Column::number("whole"),
            Column::number("begun before or open"),
            Column::number("p50"),
            Column::number("p95"),
            Column::number("p99"),
            Column::number("longest"),
            Column::text("the longest was"),
        ];
        let caption = format!(
            "Tasks of the program by type, {} of {}; times are of those that began and ended in the trace",
            report.tasks.len().min(ROWS),
            count(report.tasks.len() as u64)
        );
        let mut table = Table::new(&traced.caption(&caption), columns);
        for kind in report.tasks.iter().take(ROWS) {
            let times = &kind.times;
            // In the regions that it has: what lies between them is not known.
            let longest = kind.longest.first().map(|task| {
                let spent = task
                    .regions
                    .iter()
                    .fold(Spent::default(), |sum, region| sum.plus(region.spent));
                shares(&spent)
            });
            table.row([
                unnamed(traced.text(kind.name)),
                count(times.count()),
                count(kind.open),
                cell(times, times.percentile(0.5)),
                cell(times, times.percentile(0.95)),
                cell(times, times.percentile(0.99)),
                cell(times, times.most()),
                longest.unwrap_or_default(),
            ]);
        }
        section.push(table);
    }
    if report.regions.is_empty() {
        return;
    }
    let columns = [
        Column::text("Region"),
        Column::number("count"),
        Column::number("in sum"),
        Column::number("p50"),
        Column::number("p99"),
        Column::number("longest"),
        Column::text("spent"),
    ];
    let caption = format!(
        "Regions of the program by type, {} of {}",
        report.regions.len().min(ROWS),
        count(report.regions.len() as u64)
    );
    let mut table = Table::new(&traced.caption(&caption), columns);
    for kind in report.regions.iter().take(ROWS) {
        let times = &kind.times;
        table.row([
            unnamed(traced.text(kind.name)),
            count(times.count()),
            time(times.total()),
            time(times.percentile(0.5)),
            time(times.percentile(0.99)),
            time(times.most()),
            shares(&kind.spent),
        ]);
    }
    section.push(table);
}

fn unnamed(name: String) -> String {
    if name.is_empty() {
        "(without a name)".to_owned()
    } else {
        name
    }
}

/// How a time was spent: `12% running, 80% waiting`.
fn shares(spent: &Spent) -> String {
    let parts = [
        (spent.exec, "running"),
        (spent.sched, "waiting to run"),
        (spent.blocked, "waiting"),
        (spent.syscall, "in system calls"),
    ];
    let told = parts
        .into_iter()
        .filter(|&(nanos, _)| nanos * 100 >= spent.total.max(1));
    let told: Vec<String> = told
        .map(|(nanos, what)| format!("{} {what}", part(nanos, spent.total)))
        .collect();
    told.join(", ")
}
