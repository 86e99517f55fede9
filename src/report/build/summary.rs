//! Performance Analysis Summary: what was read, what costs most, what that bounds.

use super::super::document::{Block, Column, List, Section, Table, Text};
use super::ReportFile;
use super::confidence::interval;
use super::findings;
use super::study::{Cause, View, part_name};
use crate::analysis::{Selection, headline, sampling_period};
use crate::error::Severity;
use crate::findings::Findings;
use crate::model::Kind;
use crate::unit;

/// A function must cause this share to be named.
pub(super) const WORTH_NAMING: f64 = 0.05;
/// In a CPU profile with fewer samples nothing is named: any order would be chance.
pub(super) const RANKABLE: u64 = 30;
/// Where the table of bottlenecks has its intervals.
const INTERVAL: usize = 5;
/// A share of CPU time must stand on this many samples to be named.
pub(super) const ENOUGH_SAMPLES: u64 = 10;

pub(super) fn sections(
    files: &[ReportFile<'_>],
    views: &[Vec<View<'_>>],
    found: &Findings,
) -> Vec<Section> {
    vec![
        Section::new("summary", "Performance Analysis Summary", 2),
        overall(files, views, found),
        bottlenecks(views, found),
        impact(views, found),
    ]
}

fn overall(files: &[ReportFile<'_>], views: &[Vec<View<'_>>], found: &Findings) -> Section {
    let mut section = Section::new("overall", "Overall", 3);
    if files.is_empty() {
        section.push("No file could be read, so there is nothing to report.");
        return section;
    }
    for text in findings::verdict(found) {
        section.push(text);
    }
    section.push(List::bullets(
        files
            .iter()
            .zip(views)
            .map(|(file, views)| sentence(file, views)),
    ));
    let repeated = |&(file, _): &(&str, &str)| findings::warns_of(found, file);
    for (file, message) in warnings(views).into_iter().filter(|w| !repeated(w)) {
        section.note(Text::default().code(file).plain(": ").plain(message));
    }
    section.push(files_table(files));
    section
}

/// What speaks against the numbers of each file, each once.
fn warnings<'v>(views: &'v [Vec<View<'_>>]) -> Vec<(&'v str, &'v str)> {
    let mut warnings = Vec::new();
    for view in views.iter().flatten() {
        let grave = view
            .trust
            .iter()
            .filter(|d| d.severity == Severity::Warning);
        for warning in grave.map(|d| (view.study.file.name, d.message.as_str())) {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    warnings
}

/// What a file says as a whole.
fn sentence(file: &ReportFile<'_>, views: &[View<'_>]) -> Text {
    let text = Text::default().code(file.name).plain(": ");
    match views.first() {
        Some(view) => text
            .strong(&headline(file.profile, file.kind, &view.selection))
            .plain("."),
        None if file.kind == Kind::Bench => text
            .strong(&headline(file.profile, file.kind, &Selection::default()))
            .plain("."),
        None => text.plain("it has no sample types, so it holds no numbers."),
    }
}

fn files_table(files: &[ReportFile<'_>]) -> Table {
    let columns = [
        Column::code("File"),
        Column::text("Kind"),
        Column::number("Sample records"),
        Column::number("Stacks"),
        Column::number("Functions"),
        Column::number("Wall time"),
        Column::text("Recorded (UTC)"),
    ];
    let mut table = Table::new("What was read", columns);
    for file in files {
        let profile = file.profile;
        let wall = match profile.duration_nanos {
            0 => String::new(),
            nanos => unit::label(nanos, "nanoseconds"),
        };
        table.row([
            file.name.to_owned(),
            file.kind.label().to_owned(),
            unit::count(profile.samples.len() as u64),
            unit::count(profile.stacks.len() as u64),
            unit::count(profile.functions.len() as u64),
            wall,
            unit::utc(profile.time_nanos),
        ]);
    }
    table
}

/// What the value of a view is called in a table of all kinds.
pub(super) fn what(view: &View<'_>) -> String {
    match (view.study.file.kind, view.type_name.as_str()) {
        (Kind::Cpu, _) => "CPU time".to_owned(),
        (_, "alloc_space") => "bytes allocated".to_owned(),
        (_, "inuse_space") => "bytes in use".to_owned(),
        (Kind::Block, _) => "time blocked".to_owned(),
        (Kind::Mutex, _) => "lock contention".to_owned(),
        (Kind::Goroutine | Kind::GoroutineLeak, _) => "goroutines".to_owned(),
        _ => view.type_name.clone(),
    }
}

/// The causes of a view that are worth a line, heaviest first, as many as its kind may fill. In a
/// difference what went down is no cause, and what drives a test is none where there is another.
pub(super) fn main_causes<'v>(view: &'v View<'_>) -> impl Iterator<Item = &'v Cause> {
    let at_most = match (view.study.file.kind, view.type_name.as_str()) {
        (Kind::Cpu, _) => 3,
        (_, "alloc_space") | (Kind::Custom, _) => 2,
        // Most of what a trace has is waiting that is as it should be.
        (Kind::ThreadCreate | Kind::Trace, _) => 0,
        _ => 1,
    };
    // What was sampled and stands on a few samples is chance.
    let kind = view.study.file.kind;
    let is_sampled = kind == Kind::Cpu
        || kind.is_memory() && sampling_period(view.profile).is_some_and(|period| period > 1);
    let worth = move |c: &&Cause| {
        let is_ranked = !is_sampled || c.samples >= ENOUGH_SAMPLES && view.sample_count >= RANKABLE;
        c.value > 0 && view.share(c.value) >= WORTH_NAMING && is_ranked
    };
    let drives = move |c: &Cause| {
        let classes = &view.study.classes;
        classes.is_harness_node(view.profile, view.nodes, c.node)
    };
    let only_drivers = view.causes.iter().filter(worth).all(drives);
    view.causes
        .iter()
        .filter(worth)
        .filter(move |c| only_drivers || !drives(c))
        .take(at_most)
}

fn bottlenecks(views: &[Vec<View<'_>>], found: &Findings) -> Section {
    let mut section = Section::new("bottlenecks", "Key bottlenecks", 3);
    let table = findings::bottlenecks(found);
    let has_findings = table.is_some();
    section.blocks.extend(table.map(Into::into));
    let named: Vec<(&View<'_>, &Cause)> = views
        .iter()
        .flatten()
        .flat_map(|view| main_causes(view).map(move |cause| (view, cause)))
        .collect();
    if named.is_empty() {
        if !has_findings {
            section.push(
                "None can be named: no function causes at least 5% of a file's total, or what \
                 there is stands on too few samples.",
            );
        }
        section.blocks.extend(information(found));
        return section;
    }
    let has_interval = named
        .iter()
        .any(|(view, _)| view.study.file.kind == Kind::Cpu);
    section.push(bottlenecks_table(&named, has_interval));
    if has_interval {
        section.push(
            "The interval is Wilson's, from the number of CPU samples. Rows whose intervals \
             overlap cannot be ranked by this data.",
        );
    }
    section.blocks.extend(information(found));
    section
}

/// What is worth knowing, as blocks.
fn information(found: &Findings) -> Vec<Block> {
    let list = findings::information(found);
    let lead = list.is_some().then(|| "Worth knowing:".into());
    lead.into_iter().chain(list.map(Into::into)).collect()
}

/// The table; the column of intervals only where some row has one.
fn bottlenecks_table(named: &[(&View<'_>, &Cause)], has_interval: bool) -> Table {
    let caption = "Who causes the cost: the nearest function of your own code, with everything it \
                   calls in libraries and the runtime";
    let mut columns = vec![
        Column::text("Cost"),
        Column::symbol("Caused by"),
        Column::code("Heaviest line"),
        Column::number("value"),
        Column::number("share"),
        Column::number("95% interval"),
        Column::text("mostly"),
        Column::text("source"),
    ];
    if !has_interval {
        columns.remove(INTERVAL);
    }
    let mut table = Table::new(caption, columns);
    for (view, cause) in named {
        let mut row = bottleneck(view, cause).to_vec();
        if !has_interval {
            row.remove(INTERVAL);
        }
        table.row(row);
    }
    table
}

fn bottleneck(view: &View<'_>, cause: &Cause) -> [String; 8] {
    let interval = match view.study.file.kind {
        Kind::Cpu => interval(cause.samples, view.sample_count),
        _ => String::new(),
    };
    let mostly = view
        .mostly(cause)
        .map_or_else(String::new, |(part, share)| {
            format!("{} ({:.0}%)", part_name(part), share * 100.0)
        });
    [
        unit::capital(&what(view)),
        view.name(cause.node),
        cause.place.clone(),
        view.text(cause.value),
        view.percent(cause.value),
        interval,
        mostly,
        view.source_cell(),
    ]
}

fn impact(views: &[Vec<View<'_>>], found: &Findings) -> Section {
    let mut section = Section::new("impact", "Impact", 3);
    let gains = findings::impact(found);
    if !gains.is_empty() {
        section.push(
            "What removing each cause could give at most: with a share s of the CPU time and a \
             removable part r, s·r of it, and at most 1 ÷ (1 − s·r) times. These are upper \
             bounds, not forecasts; what shares samples does not add up.",
        );
        section.push(List::bullets(gains));
        return section;
    }
    let bounds: Vec<Text> = views.iter().flatten().filter_map(bound).collect();
    if bounds.is_empty() && found.worst() > Some(crate::findings::Severity::Info) {
        section.push("No bound can be given: what was found is no share of the CPU time.");
    } else if bounds.is_empty() {
        section.push("No bound can be given: nothing above stands out.");
    } else {
        section.push(
            "What the heaviest item of each file could give at most, if all it causes went away: \
             1 ÷ (1 − share). These are bounds, not forecasts.",
        );
        section.push(List::bullets(bounds));
    }
    section
}

fn bound(view: &View<'_>) -> Option<Text> {
    let cause = main_causes(view).next()?;
    let [noun, less] = match (view.study.file.kind, view.type_name.as_str()) {
        (Kind::Cpu, _) => ["CPU time", "less CPU time"],
        (_, "alloc_space") => ["bytes allocated", "fewer bytes allocated"],
        (_, "inuse_space") => ["bytes in use", "fewer bytes in use"],
        (Kind::Block | Kind::Mutex, _) => ["waiting", "less waiting"],
        _ => return None,
    };
    let left = 1.0 - view.share(cause.value);
    let text = Text::default().code(&view.name(cause.node));
    let bound = if left < 0.01 {
        format!(": nearly all of the {noun}")
    } else {
        format!(": at most {:.2} times {less}", 1.0 / left)
    };
    Some(text.plain(&bound).plain(&format!(
        " (share {}; {}).",
        view.percent(cause.value),
        view.source()
    )))
}
