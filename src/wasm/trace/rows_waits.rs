//! Rows about waits: for something, for a P, in syscalls.

use super::cell::{Cell, Draft, Traced, part, spread, time};
use crate::model::trace::{Cause, Histogram, WaitKind, WaitSite};

/// Rows of sites at most; what is left is the least.
const SITES: usize = 20_000;

pub(super) fn latency(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let report = of.report;
    let all: u64 = report.latency.iter().map(Histogram::total).sum();
    let causes = Cause::ALL
        .iter()
        .map(|&cause| (cause.label(), &report.latency[cause as usize]));
    let system = of
        .system
        .then_some(("the runtime's own", &report.system_latency));
    let rows = causes
        .chain(system)
        .enumerate()
        .filter(|(_, (_, times))| times.count() > 0);
    let rows = rows.map(|(i, (name, times))| {
        let mut cells = vec![Cell::Text(name.to_owned())];
        cells.extend(spread(times));
        Draft::new(i, cells)
            .of_whole(part(times.total(), all))
            .opens("worst", i.to_string())
    });
    rows.collect()
}

/// All waits to run of the program's own goroutines.
pub(super) fn all_latency(of: &Traced<'_>) -> Histogram {
    Histogram::merged(&of.report.latency)
}

pub(super) fn latency_headline(of: &Traced<'_>) -> String {
    let all = all_latency(of);
    match all.count() {
        0 => String::new(),
        _ => format!("p99 {}", time(all.percentile(0.99))),
    }
}

pub(super) fn worst(of: &Traced<'_>, which: &str) -> Vec<Draft> {
    let wanted: Option<usize> = which.parse().ok();
    let rows = of.report.worst_latency.iter().enumerate();
    let rows = rows.filter(|(_, one)| wanted.is_none_or(|wanted| one.cause as usize == wanted));
    let rows = rows.map(|(i, one)| {
        let cells = vec![
            Cell::At(of.at(one.at)),
            Cell::Time(one.time),
            Cell::Count(one.goroutine),
            Cell::Text(of.group(one.group)),
            Cell::Text(one.cause.label().to_owned()),
            Cell::Text(of.group(one.waker)),
            Cell::Text(of.place(one.stack)),
        ];
        Draft::new(i, cells)
            .when(of.at(one.at), one.time)
            .whose(one.goroutine)
    });
    rows.collect()
}

/// Sites of a kind, numbered among all sites.
fn sites<'a>(of: &Traced<'a>, is_it: impl Fn(WaitKind) -> bool) -> Vec<(usize, &'a WaitSite)> {
    let of = *of;
    let all = of.report.sites.iter().enumerate();
    let all = all.filter(|(_, site)| is_it(site.kind) && !of.is_folded(site.group));
    all.take(SITES).collect()
}

pub(super) fn blocking(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let sites = sites(of, |kind| kind == WaitKind::Blocked);
    let all: u64 = sites.iter().map(|(_, site)| site.all().1).sum();
    let rows = sites.into_iter().map(|(i, site)| {
        let (count, total) = site.all();
        let cells = vec![
            Cell::Text(of.reason(site.reason)),
            Cell::Text(of.place(site.stack)),
            Cell::Text(of.group(site.group)),
            Cell::Count(count),
            Cell::Time(total),
            Cell::Time(total.checked_div(count).unwrap_or(0)),
            Cell::Time(site.most),
            Cell::Count(site.open.0),
        ];
        Draft::new(i, cells).of_whole(part(total, all))
    });
    rows.collect()
}

pub(super) fn blocking_headline(of: &Traced<'_>) -> String {
    let first = sites(of, |kind| kind == WaitKind::Blocked)
        .into_iter()
        .next();
    first.map_or_else(String::new, |(_, site)| {
        format!("most for {}", of.reason(site.reason))
    })
}

pub(super) fn syscalls(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let sites = sites(of, |kind| kind == WaitKind::Syscall);
    let all: u64 = sites.iter().map(|(_, site)| site.all().1).sum();
    let rows = sites.into_iter().map(|(i, site)| {
        let (count, total) = site.all();
        let cells = vec![
            Cell::Text(of.place(site.stack)),
            Cell::Text(of.group(site.group)),
            Cell::Count(count),
            Cell::Time(total),
            Cell::Time(total.checked_div(count).unwrap_or(0)),
            Cell::Time(site.most),
        ];
        Draft::new(i, cells).of_whole(part(total, all))
    });
    rows.collect()
}

pub(super) fn syscalls_headline(of: &Traced<'_>) -> String {
    let sites = sites(of, |kind| kind == WaitKind::Syscall);
    let total: u64 = sites.iter().map(|(_, site)| site.all().1).sum();
    match sites.is_empty() {
        true => String::new(),
        false => time(total),
    }
}

pub(super) fn wakes(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let wakes = of.report.wakes.iter().enumerate();
    let wakes = wakes.filter(|(_, wake)| !of.is_folded(wake.to));
    let wakes: Vec<_> = wakes.take(SITES).collect();
    let all: u64 = wakes.iter().map(|(_, wake)| wake.total).sum();
    let rows = wakes.into_iter().map(|(i, wake)| {
        let cells = vec![
            Cell::Text(of.group(wake.from)),
            Cell::Text(of.group(wake.to)),
            Cell::Text(of.reason(wake.reason)),
            Cell::Count(wake.count),
            Cell::Time(wake.total),
            Cell::Time(wake.total.checked_div(wake.count).unwrap_or(0)),
        ];
        Draft::new(i, cells).of_whole(part(wake.total, all))
    });
    rows.collect()
}
