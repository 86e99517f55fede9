//! Rows about the collector and stops of the world.

use super::cell::{Cell, Draft, Traced, part, share, spread, time};
use crate::analysis::trace::{Flags, minimum_utilisation, rate, utilisation};
use crate::unit;

/// Lengths of windows of the table, in nanoseconds.
const WINDOWS: [u64; 6] = [
    100_000,
    1_000_000,
    5_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
];

pub(super) fn cycles(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let rows = of.report.cycles.iter().enumerate().map(|(i, cycle)| {
        let took = cycle.to.saturating_sub(cycle.from);
        let heap = |bytes: u64| {
            if bytes == 0 {
                Cell::None
            } else {
                Cell::Bytes(bytes)
            }
        };
        let cells = vec![
            Cell::Count(i as u64 + 1),
            Cell::At(of.at(cycle.from)),
            Cell::Time(took),
            heap(cycle.heap.0),
            heap(cycle.heap.1),
            Cell::Time(cycle.workers),
            Cell::Time(cycle.assists),
        ];
        Draft::new(i, cells).when(of.at(cycle.from), took)
    });
    rows.collect()
}

pub(super) fn cycles_headline(of: &Traced<'_>) -> String {
    let count = of.report.cycles.len() as u64;
    match (count, rate(count, of.length())) {
        (0, _) => String::new(),
        (_, None) => unit::plural(count, "cycle"),
        (_, Some(often)) => format!("{}, {often:.1}/s", unit::plural(count, "cycle")),
    }
}

pub(super) fn stops(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let all: u64 = of.report.stops.iter().map(|stop| stop.times.total()).sum();
    let rows = of.report.stops.iter().enumerate().map(|(i, stop)| {
        let mut cells = vec![Cell::Text(of.text(stop.reason))];
        cells.extend(spread(&stop.times));
        Draft::new(i, cells)
            .of_whole(part(stop.times.total(), all))
            .opens("stop_list", of.text(stop.reason))
    });
    rows.collect()
}

pub(super) fn stops_headline(of: &Traced<'_>) -> String {
    let count: u64 = of.report.stops.iter().map(|stop| stop.times.count()).sum();
    let total: u64 = of.report.stops.iter().map(|stop| stop.times.total()).sum();
    match count {
        0 => String::new(),
        _ => format!(
            "{}, {}",
            unit::plural(count, "stop"),
            share(part(total, of.length()))
        ),
    }
}

pub(super) fn stop_list(of: &Traced<'_>, which: &str) -> Vec<Draft> {
    let rows = of.report.worst_stops.iter().enumerate();
    let rows = rows.filter(|(_, stop)| which.is_empty() || of.text(stop.reason) == which);
    let rows = rows.map(|(i, stop)| {
        let last = match stop.last {
            u64::MAX => "none had to".to_owned(),
            id => id.to_string(),
        };
        let cells = vec![
            Cell::At(of.at(stop.at)),
            Cell::Time(stop.time),
            Cell::Time(stop.stopping),
            Cell::Text(of.text(stop.reason)),
            Cell::Text(last),
            Cell::Text(if stop.last == u64::MAX {
                String::new()
            } else {
                of.group(stop.ran)
            }),
            Cell::Text(of.group(stop.by)),
        ];
        Draft::new(i, cells).when(of.at(stop.at), stop.time)
    });
    rows.collect()
}

pub(super) fn assists(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let all: u64 = of
        .report
        .assists
        .iter()
        .map(|site| site.times.total())
        .sum();
    let rows = of.report.assists.iter().enumerate().map(|(i, site)| {
        let mut cells = vec![
            Cell::Text(of.place(site.stack)),
            Cell::Text(of.group(site.group)),
        ];
        cells.extend(spread(&site.times));
        Draft::new(i, cells).of_whole(part(site.times.total(), all))
    });
    rows.collect()
}

pub(super) fn assists_headline(of: &Traced<'_>) -> String {
    let total: u64 = of
        .report
        .assists
        .iter()
        .map(|site| site.times.total())
        .sum();
    match of.report.assists.is_empty() {
        true => String::new(),
        false => time(total),
    }
}

pub(super) fn mmu(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let series = |flags| utilisation(&of.report.collector, of.report.last_event, flags);
    let usual = series(Flags::USUAL);
    let swept = series(Flags {
        sweeps: true,
        ..Flags::USUAL
    });
    let stops = series(Flags {
        stops: true,
        workers: false,
        assists: false,
        sweeps: false,
    });
    let length = of.length();
    let windows = WINDOWS.iter().filter(|&&window| window <= length);
    let rows = windows.enumerate().filter_map(|(i, &window)| {
        let (least, at) = minimum_utilisation(&usual, window)?;
        let other = |of| minimum_utilisation(of, window).map_or(1.0, |(least, _)| least);
        let cells = vec![
            Cell::Time(window),
            Cell::Share(least),
            Cell::Share(other(&swept)),
            Cell::Share(other(&stops)),
            Cell::At(of.at(at)),
        ];
        Some(Draft::new(i, cells).of_whole(least).when(of.at(at), window))
    });
    rows.collect()
}
