//! The collector: cycles, stops, assists, the heap, and what it leaves to the program.

use super::super::grid::Grid;
use super::super::mmu;
use super::super::page::{Page, TraceTable};
use super::super::words::{bytes, exact, percent, plural, rate, share};
use super::{heading, line_to, more, row, span_grid};
use crate::model::Line;
use crate::model::trace::{Group, Histogram, NO_GROUP};

pub(super) fn collector(page: &Page<'_>, out: &mut String) {
    let report = page.report;
    let mut marking = Histogram::default();
    for cycle in &report.cycles {
        marking.add(cycle.to.saturating_sub(cycle.from));
    }
    let cycles = report.cycles.len() as u64;
    heading(
        out,
        &format!(
            "The collector: {} ({})",
            plural(cycles, "cycle"),
            rate(cycles, page.duration())
        ),
    );
    heap(page, out);
    let mut grid = span_grid("<");
    if cycles > 0 {
        grid.row(row(&page.clock, &marking, page.duration(), "marking"));
    }
    for stop in &report.stops {
        let words = format!("stopped: {}", page.text(stop.reason));
        grid.row(row(&page.clock, &stop.times, page.duration(), words));
    }
    grid.write(out);
    if !grid.is_empty() {
        let words = "  stopped: all goroutines, from the beginning of the stopping on";
        line_to(out, words);
    }
    stops(page, out);
    assists(page, out);
    if page.options.table != TraceTable::Summary {
        cycle_rows(page, out);
    }
}

/// The heap in one line.
fn heap(page: &Page<'_>, out: &mut String) {
    let report = page.report;
    let points = || report.heap.values.iter().filter(|point| point.heap > 0);
    let least = points()
        .map(|point| point.least)
        .filter(|&least| least > 0)
        .min();
    let most = points().map(|point| point.heap).max();
    if let (Some(least), Some(most)) = (least, most) {
        let goal = report.heap.values.iter().rfind(|point| point.goal > 0);
        let goal = goal.map(|point| format!(", the last goal {}", bytes(point.goal)));
        let goal = goal.unwrap_or_default();
        let (least, most) = (bytes(least), bytes(most));
        line_to(out, &format!("  heap from {least} to {most}{goal}"));
    }
    let (swept, reclaimed) = report.swept;
    if swept > 0 {
        let (swept, reclaimed) = (bytes(swept), bytes(reclaimed));
        line_to(
            out,
            &format!("  goroutines that allocate swept {swept} and reclaimed {reclaimed}"),
        );
    }
}

fn stops(page: &Page<'_>, out: &mut String) {
    let worst = &page.report.worst_stops;
    if worst.is_empty() {
        return;
    }
    heading(out, "The longest stops");
    let mut grid = Grid::new(&[
        "at",
        "time",
        "stopping",
        "P",
        "<of the last to stop, which ran",
        "<why",
        "<by",
    ]);
    let few = match page.options.table {
        TraceTable::Summary => 5,
        _ => usize::MAX,
    };
    for stop in worst.iter().take(few) {
        let (last, ran) = match stop.last {
            u64::MAX => ("-".to_owned(), "-".to_owned()),
            last => (last.to_string(), page.group(stop.ran, "(nothing known)")),
        };
        grid.row([
            page.clock.at(stop.at),
            page.clock.span(stop.time),
            page.clock.span(stop.stopping),
            last,
            ran,
            page.text(stop.reason),
            page.group(stop.by, "-"),
        ]);
    }
    grid.write(out);
    more(
        out,
        worst.len().saturating_sub(few),
        "dropprof trace gc has them",
    );
}

fn assists(page: &Page<'_>, out: &mut String) {
    let all = &page.report.assists;
    if all.is_empty() {
        return;
    }
    let groups = &page.report.groups;
    heading(
        out,
        "Who helps to mark, because it allocates: from the beginning of an assist to its end, waiting included",
    );
    let mut grid = Grid::new(&[
        "count",
        "total",
        "of its time",
        "p50",
        "p95",
        "p99",
        "max",
        "<goroutines",
        "<where",
    ]);
    let sites = by_place(page);
    for (group, place, times) in sites.iter().take(page.limit()) {
        let whole = match *group {
            NO_GROUP => 0,
            group => groups.get(group as usize).map_or(0, Group::total),
        };
        let of = |share: f64| page.clock.span(times.percentile(share));
        grid.row([
            times.count().to_string(),
            page.clock.span(times.total()),
            share(times.total(), whole),
            of(0.5),
            of(0.95),
            of(0.99),
            page.clock.span(times.most()),
            page.group(*group, "-"),
            page.short_place(*place),
        ]);
    }
    grid.write(out);
    let left = sites.len().saturating_sub(page.limit());
    more(out, left, "dropprof trace gc has all");
}

/// Assists by group and line, the heaviest first: how the program came there is in JSON.
fn by_place<'a>(page: &Page<'a>) -> Vec<(u32, Option<&'a Line>, Histogram)> {
    let mut sites: Vec<(u32, Option<&Line>, Histogram)> = Vec::new();
    for site in &page.report.assists {
        let place = page.place(site.stack);
        match sites
            .iter_mut()
            .find(|(group, at, _)| (*group, *at) == (site.group, place))
        {
            Some((.., times)) => times.merge(&site.times),
            None => sites.push((site.group, place, site.times.clone())),
        }
    }
    sites.sort_by_key(|(.., times)| std::cmp::Reverse(times.total()));
    sites
}

fn cycle_rows(page: &Page<'_>, out: &mut String) {
    if page.report.cycles.is_empty() {
        return;
    }
    heading(out, "Cycles");
    let mut grid = Grid::new(&["at", "marking", "heap", "goal", "workers", "assists", "<"]);
    for cycle in &page.report.cycles {
        let (heap, goal) = cycle.heap;
        let or_none = |value: u64| match value {
            0 => "-".to_owned(),
            value => bytes(value),
        };
        grid.row([
            page.clock.at(cycle.from),
            page.clock.span(cycle.to.saturating_sub(cycle.from)),
            or_none(heap),
            or_none(goal),
            page.clock.span(cycle.workers),
            page.clock.span(cycle.assists),
            if cycle.is_whole { "" } else { "not seen whole" }.to_owned(),
        ]);
    }
    grid.write(out);
    line_to(
        out,
        "  heap and goal when marking began; workers, assists: time of Ps, without waiting",
    );
}

pub(super) fn utilisation(page: &Page<'_>, out: &mut String) {
    let Some(left) = mmu::left(page) else {
        return;
    };
    // A collector that takes nothing is no row of the most important.
    if page.options.table == TraceTable::Summary && left.mean >= 1.0 {
        return;
    }
    let names = mmu::names(page.options.flags);
    heading(
        out,
        &format!(
            "Left to the program by the collector ({}): {} of the Ps on average; in the worst window",
            match &*names {
                [] => "nothing of it".to_owned(),
                names => names.join(", "),
            },
            percent(left.mean)
        ),
    );
    let mut grid = Grid::new(&[
        "window",
        "least",
        "at",
        "stw",
        "background",
        "assist",
        "sweep",
        "<",
    ]);
    for one in &left.windows {
        let taken = one.taken;
        let note = match one.length < one.asked {
            true => format!("all there is: {}", page.clock.span(one.length)),
            false => String::new(),
        };
        grid.row([
            exact(one.asked),
            percent(one.least),
            page.clock.at(one.at),
            percent(taken.stops),
            percent(taken.workers),
            percent(taken.assists),
            percent(taken.sweeps),
            note,
        ]);
    }
    let taken = left.taken;
    grid.row([
        "all".to_owned(),
        percent(left.mean),
        String::new(),
        percent(taken.stops),
        percent(taken.workers),
        percent(taken.assists),
        percent(taken.sweeps),
    ]);
    grid.write(out);
}
