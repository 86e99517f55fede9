//! A row of a section in full.

use super::cell::{Cell, Draft, Traced, share, spread, time};
use super::charts;
use super::rows::single_tasks;
use super::sections::SECTIONS;
use crate::analysis::Class;
use crate::analysis::trace::is_sync;
use crate::model::StackId;
use crate::model::trace::{NO_PARENT, Spent, WaitKind};
use crate::unit;
use crate::wasm::dto::Fact;
use crate::wasm::dto_trace::{TraceColumn, TraceDetail, TraceFrame, TraceTable};

/// Frames that are shown.
const FRAMES: usize = 200;
/// Reasons of a group that get a picture.
const PICTURES: usize = 4;

/// Sample types of a trace's profile.
const WAIT: i32 = 1;
const SYNC: i32 = 3;
const NETWORK: i32 = 5;
const SYSCALL: i32 = 7;
const SCHED: i32 = 9;

fn fact(name: &str, value: impl Into<String>) -> Fact {
    Fact {
        name: name.to_owned(),
        value: value.into(),
    }
}

/// Something with nothing in it.
fn empty(title: String) -> TraceDetail {
    TraceDetail {
        title,
        sample: -1,
        at: -1.0,
        goroutine: -1.0,
        ..TraceDetail::default()
    }
}

fn stack(of: &Traced<'_>, stack: StackId) -> Vec<TraceFrame> {
    let mut frames = Vec::new();
    for &location in of.profile.stacks.get(stack) {
        let location = &of.profile.locations[location.index()];
        for line in of.profile.lines_of(location) {
            let function = &of.profile.functions[line.function.index()];
            if frames.len() < FRAMES {
                frames.push(TraceFrame {
                    name: of.text(function.name),
                    place: format!("{}:{}", of.text(function.filename), line.line),
                    own: of.classes.of(line.function) == Class::Main,
                });
            }
        }
    }
    frames
}

fn spent(facts: &mut Vec<Fact>, spent: &Spent) {
    for (name, part) in [
        ("Running", spent.exec),
        ("Able to run", spent.sched),
        ("Blocked", spent.blocked),
        ("In syscalls", spent.syscall),
    ] {
        let of_all = share(super::cell::part(part, spent.total));
        if part > 0 {
            facts.push(fact(name, format!("{} ({of_all})", time(part))));
        }
    }
}

/// A small table.
fn table(columns: &[(&str, &str)], rows: Vec<Draft>) -> TraceTable {
    TraceTable {
        columns: columns
            .iter()
            .map(|&(title, kind)| TraceColumn {
                title: title.to_owned(),
                help: String::new(),
                kind: kind.to_owned(),
            })
            .collect(),
        total: rows.len() as u32,
        rows: rows.into_iter().map(super::row).collect(),
        ..TraceTable::default()
    }
}

/// The row of a section; `None` for one that is not there.
pub(super) fn detail(of: &Traced<'_>, section: &str, id: u32) -> Option<TraceDetail> {
    let row = id as usize;
    match section {
        "groups" | "pools" => group(of, row),
        "goroutines" => goroutine(of, row),
        "blocking" | "syscalls" => site(of, row),
        "worst" => worst(of, row),
        "stop_list" => stop(of, row),
        "assists" => assist(of, row),
        "task_list" => task(of, row),
        "regions" => region(of, row),
        "wakes" => wake(of, row),
        "samples" => sample(of, row),
        _ => other(of, section, id),
    }
}

/// What has nothing but its row.
fn other(of: &Traced<'_>, section: &str, id: u32) -> Option<TraceDetail> {
    let section = SECTIONS.iter().find(|one| one.id == section)?;
    let row = (section.rows)(of, "")
        .into_iter()
        .find(|row| row.id == id)?;
    let first = row.cells.first().map(Cell::text).unwrap_or_default();
    let mut found = empty(match section.id {
        "procs" => format!("P {first}"),
        "gc" => format!("GC cycle {first}"),
        "mmu" => format!("Any {first}"),
        "latency" => format!("Waits to run: {first}"),
        _ => first,
    });
    let named = section.columns.iter().zip(&row.cells);
    found.facts = named
        .map(|((name, ..), cell)| fact(name, cell.text()))
        .collect();
    (found.at, found.time, found.goroutine) = (row.at, row.time, row.goroutine);
    if section.id == "latency" {
        let times = of
            .report
            .latency
            .get(id as usize)
            .unwrap_or(&of.report.system_latency);
        found
            .charts
            .extend(charts::bars("How long they waited to run", times));
        found.sample = SCHED;
    }
    if section.id == "gc" {
        stops_of_cycle(of, id as usize, &mut found);
    }
    if section.id == "stops"
        && let Some(stop) = of.report.stops.get(id as usize)
    {
        found
            .charts
            .extend(charts::bars("How long the world was stopped", &stop.times));
    }
    if section.id == "tasks"
        && let Some(task) = of.report.tasks.get(id as usize)
    {
        found
            .charts
            .extend(charts::bars("How long they took", &task.times));
    }
    Some(found)
}

/// The longest stops that a collection made: before it marks, and after.
fn stops_of_cycle(of: &Traced<'_>, row: usize, found: &mut TraceDetail) {
    let Some(cycle) = of.report.cycles.get(row) else {
        return;
    };
    let is_its = |stop: &&crate::model::trace::Stop| {
        let ends = stop.at + stop.time;
        of.text(stop.reason).starts_with("GC ") && ends >= cycle.from && stop.at <= cycle.to
    };
    let stops = of.report.worst_stops.iter().filter(is_its).enumerate();
    let rows = stops.map(|(i, stop)| {
        let cells = vec![
            Cell::At(of.at(stop.at)),
            Cell::Time(stop.time),
            Cell::Time(stop.stopping),
            Cell::Text(of.text(stop.reason)),
        ];
        Draft::new(i, cells).when(of.at(stop.at), stop.time)
    });
    let rows: Vec<Draft> = rows.collect();
    if !rows.is_empty() {
        found
            .titles
            .push("Its stops, as far as they are among the longest".to_owned());
        let columns = [
            ("At", "number"),
            ("Stopped", "number"),
            ("Stopping", "number"),
            ("Reason", "text"),
        ];
        found.tables.push(table(&columns, rows));
    }
}

fn group(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let group = of.report.groups.get(row)?;
    let mut found = empty(of.group_name(group.name));
    let total = group.total();
    let of_all = |part: u64| format!("{} ({})", time(part), share(super::cell::part(part, total)));
    found.facts = vec![
        fact("Goroutines", unit::count(group.count)),
        fact("At most at a time", unit::count(group.most_alive)),
        fact("There at the end", unit::count(group.left)),
        fact("Running", of_all(group.exec.total())),
        fact("Able to run", of_all(group.sched.total())),
        fact("In syscalls", of_all(group.syscall.total())),
    ];
    if group.syscall_blocked > 0 {
        found
            .facts
            .push(fact("Of that without a P", of_all(group.syscall_blocked)));
    }
    if group.assist > 0 {
        found.facts.push(fact(
            "Assisting the collector, waiting included",
            of_all(group.assist),
        ));
    }
    let mut rows = Vec::new();
    let states = [
        ("running", &group.exec),
        ("able to run", &group.sched),
        ("in syscalls", &group.syscall),
    ];
    let states = states
        .into_iter()
        .map(|(name, times)| (name.to_owned(), times));
    let reasons = group
        .blocks
        .iter()
        .map(|(reason, times)| (of.reason(*reason), times));
    for (name, times) in states.chain(reasons).filter(|(_, times)| times.count() > 0) {
        let mut cells = vec![Cell::Text(name)];
        cells.extend(spread(times));
        rows.push(Draft::new(rows.len(), cells).of_whole(super::cell::part(times.total(), total)));
    }
    found.titles.push("How they spent their time".to_owned());
    found.tables.push(table(
        &[
            ("State", "text"),
            ("Count", "number"),
            ("Total", "number"),
            ("Mean", "number"),
            ("p50", "number"),
            ("p95", "number"),
            ("p99", "number"),
            ("Longest", "number"),
        ],
        rows,
    ));
    found.charts.extend(charts::bars("Each run", &group.exec));
    found
        .charts
        .extend(charts::bars("Each wait to run", &group.sched));
    for (reason, times) in group.blocks.iter().take(PICTURES) {
        let title = format!("Each wait for {}", of.reason(*reason));
        found.charts.extend(charts::bars(&title, times));
    }
    found.sample = WAIT;
    found.tag = tag(of, row as u32);
    Some(found)
}

/// The tag of a group's samples; none for what has no samples.
fn tag(of: &Traced<'_>, group: u32) -> String {
    let group = of
        .report
        .groups
        .get(group as usize)
        .filter(|group| !group.is_system);
    group.map_or_else(String::new, |group| {
        format!("goroutine={}", of.group_name(group.name))
    })
}

fn goroutine(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let one = of.report.goroutines.get(row)?;
    let mut found = empty(format!("Goroutine {}", one.id));
    found.facts = vec![
        fact("Began with", of.group(one.group)),
        fact("First seen", format!("+{}", time(of.at(one.created)))),
        fact("There for", time(one.total)),
    ];
    let blocked = one.blocks.iter().map(|&(_, time)| time).sum();
    let all = Spent {
        total: one.total,
        exec: one.exec,
        sched: one.sched,
        blocked,
        syscall: one.syscall + one.syscall_blocked,
    };
    spent(&mut found.facts, &all);
    if one.unknown() > 0 {
        found.facts.push(fact("Not known", time(one.unknown())));
        found
            .notes
            .push("Of some time the trace does not say what the goroutine did.".to_owned());
    }
    let mut blocks = one.blocks.clone();
    blocks.sort_by_key(|&(_, time)| std::cmp::Reverse(time));
    let rows = blocks
        .iter()
        .chain(&one.ranges)
        .enumerate()
        .map(|(i, &(name, time))| {
            let whole = super::cell::part(time, one.total);
            let cells = vec![
                Cell::Text(of.reason(name)),
                Cell::Time(time),
                Cell::Share(whole),
            ];
            Draft::new(i, cells).of_whole(whole)
        });
    let rows: Vec<Draft> = rows.collect();
    if !rows.is_empty() {
        found
            .titles
            .push("What it waited for, and special ranges".to_owned());
        let columns = [
            ("For", "text"),
            ("Time", "number"),
            ("Of its time", "number"),
        ];
        found.tables.push(table(&columns, rows));
    }
    (found.at, found.time) = (of.at(one.created) as f64, one.total as f64);
    found.goroutine = one.id as f64;
    found.sample = WAIT;
    found.tag = tag(of, one.group);
    Some(found)
}

fn site(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let site = of.report.sites.get(row)?;
    let (count, total) = site.all();
    let reason = of.reason(site.reason);
    let (title, sample) = match site.kind {
        WaitKind::Syscall => ("Syscalls".to_owned(), SYSCALL),
        WaitKind::Sched(cause) => (format!("Waits to run: {}", cause.label()), SCHED),
        WaitKind::Blocked if reason == "network" => ("Waits for network".to_owned(), NETWORK),
        WaitKind::Blocked if is_sync(&reason) => (format!("Waits for {reason}"), SYNC),
        WaitKind::Blocked => (format!("Waits for {reason}"), WAIT),
    };
    let mut found = empty(title);
    found.facts = vec![
        fact("Goroutines", of.group(site.group)),
        fact("Count", unit::count(count)),
        fact("Total", time(total)),
        fact("Mean", time(total.checked_div(count).unwrap_or(0))),
        fact("Longest", time(site.most)),
    ];
    if site.open.0 > 0 {
        let text = format!("{}, {}", unit::count(site.open.0), time(site.open.1));
        found.facts.push(fact("Not ended", text));
    }
    found.stack = stack(of, site.stack);
    found.stack_title = "Where".to_owned();
    found.sample = sample;
    found.tag = tag(of, site.group);
    Some(found)
}

fn worst(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let one = of.report.worst_latency.get(row)?;
    let mut found = empty(format!(
        "Goroutine {} waited {} to run",
        one.goroutine,
        time(one.time)
    ));
    found.facts = vec![
        fact("Began with", of.group(one.group)),
        fact("At", format!("+{}", time(of.at(one.at)))),
        fact("It was", one.cause.label()),
        fact("By", of.group(one.waker)),
    ];
    if !of.text(one.reason).is_empty() {
        found
            .facts
            .push(fact("It had waited for", of.text(one.reason)));
    }
    let rows = one
        .meanwhile
        .iter()
        .enumerate()
        .map(|(i, &(proc, group, ran))| {
            let whole = super::cell::part(ran, one.time);
            let cells = vec![
                Cell::Count(proc),
                Cell::Text(of.ran(group, ran)),
                Cell::Time(ran),
                Cell::Share(whole),
            ];
            Draft::new(i, cells).of_whole(whole)
        });
    let rows: Vec<Draft> = rows.collect();
    found
        .titles
        .push("What each P ran the longest meanwhile".to_owned());
    let columns = [
        ("P", "number"),
        ("Ran", "name"),
        ("For", "number"),
        ("Of the wait", "number"),
    ];
    found.tables.push(table(&columns, rows));
    found.notes.push(
        "Only the last 64 runs of each P are remembered: of a long wait it may be the end that is shown."
            .to_owned(),
    );
    found.stack = stack(of, one.stack);
    found.stack_title = "Where it was made able to run".to_owned();
    (found.at, found.time) = (of.at(one.at) as f64, one.time as f64);
    found.goroutine = one.goroutine as f64;
    found.sample = SCHED;
    found.tag = tag(of, one.group);
    Some(found)
}

fn stop(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let stop = of.report.worst_stops.get(row)?;
    let mut found = empty(format!("The world stood still for {}", time(stop.time)));
    found.facts = vec![
        fact("Reason", of.text(stop.reason)),
        fact("At", format!("+{}", time(of.at(stop.at)))),
        fact("Until all had stopped", time(stop.stopping)),
        fact("Stopped", time(stop.time.saturating_sub(stop.stopping))),
        fact("By", of.group(stop.by)),
    ];
    if stop.last == u64::MAX {
        found.notes.push("No P had to be waited for.".to_owned());
    } else {
        let ran = of.group(stop.ran);
        found
            .facts
            .push(fact("Stopped last", format!("P {}", stop.last)));
        found.facts.push(fact("It ran", ran));
    }
    (found.at, found.time) = (of.at(stop.at) as f64, stop.time as f64);
    Some(found)
}

fn assist(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let site = of.report.assists.get(row)?;
    let mut found = empty(format!("Assists of {}", of.group(site.group)));
    found.facts = vec![
        fact("Count", unit::count(site.times.count())),
        fact("Total", time(site.times.total())),
        fact("p99", time(site.times.percentile(0.99))),
        fact("Longest", time(site.times.most())),
    ];
    found
        .charts
        .extend(charts::bars("How long they were", &site.times));
    found.stack = stack(of, site.stack);
    found.stack_title = "Where memory was asked for".to_owned();
    found.sample = WAIT;
    found.tag = tag(of, site.group);
    Some(found)
}

fn task(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let (_, kind, task) = single_tasks(of).nth(row)?;
    let name = of.text(of.report.tasks[kind].name);
    let mut found = empty(format!("Task {}: {name}", task.id));
    let took = task.to.saturating_sub(task.from);
    found.facts = vec![
        fact("At", format!("+{}", time(of.at(task.from)))),
        fact("Took", time(took)),
        fact("Parts", unit::count(task.children)),
        fact("Messages", unit::count(task.logs)),
    ];
    if task.parent != NO_PARENT {
        found
            .facts
            .push(fact("Part of", format!("task {}", task.parent)));
    }
    if !task.is_whole {
        found
            .notes
            .push("It began before the trace, or had not ended with it.".to_owned());
    }
    let rows = task.regions.iter().enumerate().map(|(i, region)| {
        let cells = vec![
            Cell::At(of.at(region.from)),
            Cell::Text(of.text(region.name)),
            Cell::Count(region.goroutine),
            Cell::Time(region.spent.total),
            Cell::Time(region.spent.exec),
            Cell::Time(region.spent.sched),
            Cell::Time(region.spent.blocked),
            Cell::Time(region.spent.syscall),
        ];
        Draft::new(i, cells)
            .of_whole(super::cell::part(region.spent.total, took))
            .when(of.at(region.from), region.spent.total)
            .whose(region.goroutine)
    });
    let rows: Vec<Draft> = rows.collect();
    if !rows.is_empty() {
        found.titles.push("Its regions".to_owned());
        found.tables.push(table(
            &[
                ("At", "number"),
                ("Region", "text"),
                ("Goroutine", "number"),
                ("Took", "number"),
                ("Running", "number"),
                ("To run", "number"),
                ("Blocked", "number"),
                ("Syscall", "number"),
            ],
            rows,
        ));
    }
    (found.at, found.time) = (of.at(task.from) as f64, took as f64);
    Some(found)
}

fn region(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let kind = of.report.regions.get(row)?;
    let mut found = empty(format!("Regions: {}", of.text(kind.name)));
    found.facts = vec![
        fact("Count", unit::count(kind.times.count())),
        fact("Total", time(kind.times.total())),
    ];
    spent(&mut found.facts, &kind.spent);
    found
        .charts
        .extend(charts::bars("How long they took", &kind.times));
    Some(found)
}

fn wake(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let wake = of.report.wakes.get(row)?;
    let (from, to) = (of.group(wake.from), of.group(wake.to));
    let mut found = empty(format!("{from} wakes {to}"));
    found.facts = vec![
        fact("Waited for", of.reason(wake.reason)),
        fact("Count", unit::count(wake.count)),
        fact("Waits that it ended", time(wake.total)),
    ];
    found.sample = WAIT;
    found.tag = tag(of, wake.to);
    Some(found)
}

fn sample(of: &Traced<'_>, row: usize) -> Option<TraceDetail> {
    let &(group, count) = of.report.samples.get(row)?;
    let mut found = empty(of.group(group));
    found.facts = vec![fact("Samples", unit::count(count))];
    found.sample = of.profile.sample_types.len() as i32 - 1;
    found.tag = tag(of, group);
    Some(found)
}
