//! What a trace says, as tables of text.

mod gc;
mod goroutines;
mod procs;
mod tasks;
mod waits;

use super::facts;
use super::grid::Grid;
use super::page::{Page, TraceOptions, TraceTable};
use super::words::{Clock, share};
use crate::formats::trace_losses;
use crate::model::Profile;
use crate::model::trace::Histogram;
use crate::report::clean;

/// The tables of a trace that are asked for, under a line for each of its facts and of its
/// losses; empty for what is no trace. `name` is the file's.
///
/// Times are rounded to three digits, of which none is finer than the clock, and moments count
/// from the first event.
pub fn trace_text(name: &str, profile: &Profile, options: &TraceOptions) -> String {
    let Some(page) = Page::new(name, profile, options) else {
        return String::new();
    };
    let mut out = String::new();
    for line in facts::head(&page) {
        line_to(&mut out, &line);
    }
    losses(&page, &mut out);
    if page.options.table == TraceTable::Generations {
        generations(&page, &mut out);
    }
    if page.has(TraceTable::Procs) {
        procs::procs(&page, &mut out);
    }
    if page.has(TraceTable::Goroutines) {
        goroutines::goroutines(&page, &mut out);
    }
    if page.has(TraceTable::Pools) {
        goroutines::pools(&page, &mut out);
    }
    if page.has(TraceTable::Latency) {
        waits::latency(&page, &mut out);
    }
    if page.has(TraceTable::Waits) {
        waits::waits(&page, &mut out);
    }
    if page.has(TraceTable::Gc) {
        gc::collector(&page, &mut out);
    }
    if page.has(TraceTable::Mmu) {
        gc::utilisation(&page, &mut out);
    }
    if page.has(TraceTable::Tasks) {
        tasks::tasks(&page, &mut out);
    }
    out
}

/// A line of words, from which names cannot break out.
fn line_to(out: &mut String, line: &str) {
    out.push_str(&clean(line));
    out.push('\n');
}

/// A heading, after an empty line.
fn heading(out: &mut String, text: &str) {
    out.push('\n');
    line_to(out, text);
}

/// Says that rows were left out.
fn more(out: &mut String, left: usize, how: &str) {
    if left > 0 {
        line_to(out, &format!("  … and {left} more: {how}"));
    }
}

/// What could not be used, why, and what it would have added.
fn losses(page: &Page<'_>, out: &mut String) {
    for sentence in trace_losses(&page.report.facts) {
        line_to(out, &format!("  NOTE {sentence}"));
    }
}

fn generations(page: &Page<'_>, out: &mut String) {
    let mut grid = Grid::new(&[
        "generation",
        "at byte",
        "bytes",
        "from",
        "to",
        "time",
        "events",
        "samples",
        "lost bytes",
        "lost time",
    ]);
    let facts = &page.report.facts;
    for one in &facts.generations {
        let own = facts
            .losses
            .iter()
            .filter(|loss| loss.generation == one.number);
        let bytes: u64 = own.clone().map(|loss| loss.bytes).sum();
        let time: u64 = own
            .map(|loss| loss.span.1.saturating_sub(loss.span.0))
            .sum();
        grid.row([
            one.number.to_string(),
            one.at.to_string(),
            one.bytes.to_string(),
            page.clock.at(one.span.0),
            page.clock.at(one.span.1),
            page.clock.span(one.span.1.saturating_sub(one.span.0)),
            one.events.to_string(),
            one.samples.to_string(),
            bytes.to_string(),
            page.clock.span(time),
        ]);
    }
    out.push('\n');
    grid.write(out);
}

/// The headings of [`spans`].
const SPANS: [&str; 7] = ["count", "total", "share", "p50", "p95", "p99", "max"];

/// Durations as the cells of a row: how many, their sum, its share of a whole, percentiles.
fn spans(clock: &Clock, times: &Histogram, whole: u64) -> Vec<String> {
    let of = |share: f64| clock.span(times.percentile(share));
    vec![
        times.count().to_string(),
        clock.span(times.total()),
        share(times.total(), whole),
        of(0.5),
        of(0.95),
        of(0.99),
        clock.span(times.most()),
    ]
}

/// A row of [`spans`] that ends with words.
fn row(clock: &Clock, times: &Histogram, whole: u64, words: impl Into<String>) -> Vec<String> {
    let mut cells = spans(clock, times, whole);
    cells.push(words.into());
    cells
}

/// A table of [`spans`] whose last column has this heading.
fn span_grid(head: &str) -> Grid {
    Grid::new(&[&SPANS[..], &[head]].concat())
}
