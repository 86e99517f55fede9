//! The verbs of the Trace view: what a trace is, its sections as tables, a row in full.

mod cell;
mod charts;
mod detail;
mod rows;
mod rows_gc;
mod rows_waits;
mod sections;

use std::rc::Rc;

use super::dto::Fact;
use super::dto_trace::{
    TraceChart, TraceColumn, TraceDetail, TraceInfo, TraceQuery, TraceRow, TraceSectionInfo,
    TraceTable, TraceTableQuery,
};
use super::workspace::{Loaded, Workspace};
use crate::analysis::trace::rate;
use crate::formats::trace_losses;
use crate::model::trace::TraceReport;
use crate::report::csv::Csv;
use crate::unit;
pub(super) use cell::time;
use cell::{Draft, Traced, share};
use sections::{SECTIONS, Section};

/// Rows that are answered at once at most.
const MOST_ROWS: u32 = 1000;

impl Workspace {
    /// The file of a query, or what it is in the query's range; and where the file's trace begins.
    fn traced(&mut self, query: &TraceQuery) -> Result<(Rc<Loaded>, u64), String> {
        let loaded = Rc::clone(self.loaded(query.file)?);
        let Some(report) = loaded
            .profile
            .trace
            .as_ref()
            .filter(|_| query.to > query.from)
        else {
            let begin = loaded.profile.trace.as_ref().map(|report| report.span.0);
            return Ok((loaded, begin.unwrap_or_default()));
        };
        let begin = report.span.0;
        let at = |nanos: f64| begin.saturating_add(nanos.max(0.0) as u64);
        let ranged = self.ranged(query.file, at(query.from), at(query.to))?;
        Ok((ranged, begin))
    }

    /// What a trace is; not available for files of another kind.
    pub fn trace(&mut self, query: &TraceQuery) -> Result<TraceInfo, String> {
        let (loaded, begin) = self.traced(query)?;
        let Some(report) = loaded.profile.trace.clone() else {
            return Ok(TraceInfo::default());
        };
        let of = traced(&loaded, begin, &report, query);
        Ok(info(&of))
    }

    /// Rows `start..start + count` of a section.
    pub fn trace_table(
        &mut self,
        query: &TraceQuery,
        table: &TraceTableQuery,
        start: u32,
        count: u32,
    ) -> Result<TraceTable, String> {
        let (loaded, begin) = self.traced(query)?;
        let report = report_of(&loaded)?;
        let of = traced(&loaded, begin, &report, query);
        let section = section(&table.section)?;
        let mut rows = (section.rows)(&of, &table.of);
        search(&mut rows, &table.search);
        sort(&mut rows, table);
        let total = rows.len() as u32;
        let from = start.min(total) as usize;
        let count = count.min(MOST_ROWS) as usize;
        let shown = rows.into_iter().skip(from).take(count).map(row);
        let is_whole = table.of.is_empty() && table.search.is_empty() && start == 0;
        Ok(TraceTable {
            columns: columns(section),
            rows: shown.collect(),
            total,
            notes: notes(&of, section),
            charts: if is_whole {
                pictures(&of, section)
            } else {
                Vec::new()
            },
        })
    }

    /// A row of a section in full.
    pub fn trace_detail(
        &mut self,
        query: &TraceQuery,
        section: &str,
        id: u32,
    ) -> Result<TraceDetail, String> {
        let (loaded, begin) = self.traced(query)?;
        let report = report_of(&loaded)?;
        let of = traced(&loaded, begin, &report, query);
        detail::detail(&of, section, id).ok_or_else(|| "no such row in the trace".to_owned())
    }

    /// A section as CSV: all rows that the search leaves, in the order that is shown; times are in
    /// nanoseconds, shares 0 to 1.
    pub fn trace_csv(
        &mut self,
        query: &TraceQuery,
        table: &TraceTableQuery,
    ) -> Result<Vec<u8>, String> {
        let (loaded, begin) = self.traced(query)?;
        let report = report_of(&loaded)?;
        let of = traced(&loaded, begin, &report, query);
        let section = section(&table.section)?;
        let mut rows = (section.rows)(&of, &table.of);
        search(&mut rows, &table.search);
        sort(&mut rows, table);
        let unit = |column: usize| {
            let mut cells = rows.iter().filter_map(|row| row.cells.get(column));
            cells.find_map(cell::Cell::unit).unwrap_or_default()
        };
        let titles = section.columns.iter().enumerate();
        let titles: Vec<String> = titles
            .map(|(i, (title, ..))| format!("{title}{}", unit(i)))
            .collect();
        let mut csv = Csv::new(titles.iter().map(String::as_str));
        for row in rows {
            for cell in &row.cells {
                match cell.digits() {
                    Some(digits) => csv.number(&digits),
                    None => csv.text(&cell.text()),
                }
            }
            csv.end_row();
        }
        Ok(csv.finish())
    }
}

fn report_of(loaded: &Loaded) -> Result<std::sync::Arc<TraceReport>, String> {
    let report = loaded.profile.trace.clone();
    report.ok_or_else(|| "this file is not an execution trace".to_owned())
}

fn traced<'a>(
    loaded: &'a Loaded,
    begin: u64,
    report: &'a TraceReport,
    query: &TraceQuery,
) -> Traced<'a> {
    Traced {
        profile: &loaded.profile,
        report,
        begin,
        classes: &loaded.classes,
        system: query.system,
    }
}

fn section(id: &str) -> Result<&'static Section, String> {
    let section = SECTIONS.iter().find(|section| section.id == id);
    section.ok_or_else(|| format!("there is no section {id:?} of a trace"))
}

fn columns(section: &Section) -> Vec<TraceColumn> {
    let column = |&(title, help, kind): &(&str, &str, &str)| TraceColumn {
        title: title.to_owned(),
        help: help.to_owned(),
        kind: kind.to_owned(),
    };
    section.columns.iter().map(column).collect()
}

/// A row with its texts.
fn row(draft: Draft) -> TraceRow {
    TraceRow {
        id: draft.id,
        cells: draft.cells.iter().map(cell::Cell::text).collect(),
        share: draft.share,
        section: draft.section.to_owned(),
        of: draft.of,
        at: draft.at,
        time: draft.time,
        goroutine: draft.goroutine,
    }
}

/// Leaves rows with a text in one of their cells, whatever its case.
fn search(rows: &mut Vec<Draft>, text: &str) {
    let wanted = text.trim().to_lowercase();
    if wanted.is_empty() {
        return;
    }
    rows.retain(|row| {
        let mut cells = row.cells.iter();
        cells.any(|cell| cell.text().to_lowercase().contains(&wanted))
    });
}

/// Numbers by size, texts by letters; equal ones stay as they are.
fn sort(rows: &mut [Draft], table: &TraceTableQuery) {
    let Ok(column) = usize::try_from(table.column) else {
        return;
    };
    let key = |row: &Draft| row.cells.get(column).map(|cell| (cell.key(), cell.text()));
    let mut keyed: Vec<_> = rows.iter().map(key).enumerate().collect();
    keyed.sort_by(|(i, a), (j, b)| {
        let order = match (a, b) {
            (Some((Some(a), _)), Some((Some(b), _))) => a.total_cmp(b),
            (Some((_, a)), Some((_, b))) => a.cmp(b),
            _ => std::cmp::Ordering::Equal,
        };
        let order = if table.ascending {
            order
        } else {
            order.reverse()
        };
        order.then(i.cmp(j))
    });
    let order: Vec<usize> = keyed.into_iter().map(|(i, _)| i).collect();
    let sorted: Vec<Draft> = order.into_iter().map(|i| rows[i].clone()).collect();
    rows.clone_from_slice(&sorted);
}

fn pictures(of: &Traced<'_>, section: &Section) -> Vec<TraceChart> {
    match section.id {
        "procs" => std::iter::once(charts::uses(of))
            .chain(charts::heat(of))
            .collect(),
        "groups" => vec![charts::running(of)],
        "latency" => {
            let all = rows_waits::all_latency(of);
            charts::bars("How long goroutines waited to run", &all)
                .into_iter()
                .collect()
        }
        "gc" => charts::heap(of).into_iter().collect(),
        "mmu" => charts::curve(of).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn notes(of: &Traced<'_>, section: &Section) -> Vec<String> {
    let mut notes = Vec::new();
    let has_folded = !of.system && of.report.groups.iter().any(|group| group.is_system);
    let leaves_out = [
        "goroutines",
        "latency",
        "worst",
        "blocking",
        "wakes",
        "syscalls",
    ];
    if has_folded && leaves_out.contains(&section.id) {
        notes.push("The runtime's own goroutines are left out.".to_owned());
    }
    if section.id == "goroutines" {
        let all: u64 = of.report.groups.iter().map(|group| group.count).sum();
        let kept = of.report.goroutines.len() as u64;
        if kept < all {
            notes.push(format!(
                "{} of {} are kept by themselves, of each function those that were there the \
                 longest; sums and percentiles are of all.",
                unit::count(kept),
                unit::plural(all, "goroutine"),
            ));
        }
    }
    if section.id == "gc" && of.report.swept.0 > 0 {
        notes.push(format!(
            "{} were swept by goroutines that allocate, {} of it free.",
            cell::bytes(of.report.swept.0),
            cell::bytes(of.report.swept.1),
        ));
    }
    notes
}

fn info(of: &Traced<'_>) -> TraceInfo {
    let report = of.report;
    let facts = &report.facts;
    let (mut own, mut system, mut unnamed) = (0, 0, 0);
    for group in &report.groups {
        let sum = match group {
            _ if group.is_system => &mut system,
            _ if group.is_unnamed() => &mut unnamed,
            _ => &mut own,
        };
        *sum += group.count;
    }
    let mut whose = format!(
        "{} of the program, {} of the runtime",
        unit::count(own),
        unit::count(system)
    );
    if unnamed > 0 {
        whose += &format!(", {} of which no stack was seen", unit::count(unnamed));
    }
    let procs = match report.max_procs {
        (_, 0) => "not told".to_owned(),
        (most, last) if most != last => format!("{last}, at most {most}"),
        (most, _) => most.to_string(),
    };
    let fact = |name: &str, value: String| Fact {
        name: name.to_owned(),
        value,
    };
    let events = unit::count(report.events);
    let events = match rate(report.events, of.length()) {
        Some(often) => format!("{events}, {} a second", unit::count(often as u64)),
        None => events,
    };
    let mut shown = vec![
        fact("Length", time(of.length())),
        fact("GOMAXPROCS", procs),
        fact(
            "Goroutines",
            format!(
                "{whose}; {} began, {} ended, at most {} at a time",
                unit::count(report.created),
                unit::count(report.ended),
                unit::count(report.most_alive),
            ),
        ),
        fact("Ps busy", share(rows::busy(of))),
        fact("Events", events),
        fact("Generations", unit::count(facts.generations.len() as u64)),
        fact("Format", format!("go 1.{}", facts.version)),
    ];
    if let Some(clock) = facts.clock {
        let nanos = i128::from(clock.wall_seconds) * 1_000_000_000 + i128::from(clock.wall_nanos)
            - i128::from(clock.trace)
            + i128::from(report.span.0);
        let nanos = i64::try_from(nanos).unwrap_or(0);
        shown.push(fact("Recorded", unit::utc(nanos)));
    }
    TraceInfo {
        available: true,
        title: format!(
            "{}, {}, {}",
            time(of.length()),
            unit::plural(report.own_goroutines(), "goroutine"),
            report.procs_text()
        ),
        facts: shown,
        losses: trace_losses(facts),
        length: of.length() as f64,
        tick: facts.tick,
        length_text: time(of.length()),
        sections: SECTIONS
            .iter()
            .filter(|section| section.is_listed)
            .map(|section| section_info(of, section))
            .collect(),
    }
}

fn section_info(of: &Traced<'_>, section: &Section) -> TraceSectionInfo {
    let has_rows = !(section.rows)(of, "").is_empty();
    TraceSectionInfo {
        id: section.id.to_owned(),
        title: section.title.to_owned(),
        about: match has_rows {
            true => section.about.to_owned(),
            // What was not read may have had some.
            false if of.is_torn() => {
                format!("In what could be read of the trace: {}", section.without)
            }
            false => section.without.to_owned(),
        },
        headline: if has_rows {
            (section.headline)(of)
        } else {
            String::new()
        },
        has_rows,
    }
}
