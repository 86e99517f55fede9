//! The sections of the Trace view: what each is, and its rows.

use super::cell::{Cell, Draft, Traced, part, share, spread};
use super::{rows_gc, rows_waits};
use crate::analysis::trace::{Flags, minimum_utilisation, utilisation};
use crate::model::trace::{Group, ProcUse};
use crate::unit;

/// Pools have at least so many members at a time, and at most so many in all: what begins a
/// goroutine for each job is none.
const POOL: (u64, u64) = (2, 4096);

/// A column: heading, how it is counted, `name`, `text` or `number`.
pub(super) type Columns = &'static [(&'static str, &'static str, &'static str)];

/// A section.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    /// What is to be done to fill it.
    pub(super) without: &'static str,
    pub(super) columns: Columns,
    pub(super) rows: fn(&Traced<'_>, &str) -> Vec<Draft>,
    pub(super) headline: fn(&Traced<'_>) -> String,
    /// Listed by itself; others are reached from a row.
    pub(super) is_listed: bool,
}

const SPREAD: [(&str, &str, &str); 7] = [
    ("Count", "How often.", "number"),
    ("Total", "Their sum.", "number"),
    ("Mean", "Total by count.", "number"),
    ("p50", "Half of them are not longer.", "number"),
    ("p95", "95 of 100 are not longer.", "number"),
    ("p99", "99 of 100 are not longer.", "number"),
    ("Longest", "The longest of them.", "number"),
];

macro_rules! with_spread {
    ($($first:expr),+ $(,)?) => {
        &[$($first),+, SPREAD[0], SPREAD[1], SPREAD[2], SPREAD[3], SPREAD[4], SPREAD[5], SPREAD[6]]
    };
}

const WHERE: (&str, &str, &str) = (
    "Where",
    "The program's own function nearest to the wait; the row opened shows the whole stack.",
    "name",
);
const WHOSE: (&str, &str, &str) = ("Goroutines", "The function that they began with.", "name");
const AT: (&str, &str, &str) = ("At", "From the beginning of the trace on.", "number");

fn none(_: &Traced<'_>) -> String {
    String::new()
}

/// All of them, in order.
pub(super) const SECTIONS: &[Section] = &[
    Section {
        id: "procs",
        title: "Procs",
        about: "What each P was used for: your code, the collector, calls of the system, or nothing.",
        without: "",
        columns: &[
            ("P", "Its number.", "number"),
            (
                "Busy",
                "Running goroutines, the collector, or in a call of the system.",
                "number",
            ),
            (
                "Goroutines",
                "Running your code and the runtime's goroutines.",
                "number",
            ),
            (
                "GC",
                "In workers of the collector, assists and sweeps.",
                "number",
            ),
            (
                "Syscall",
                "Kept by a thread that is in a call of the system.",
                "number",
            ),
            (
                "Scheduler",
                "Held by a thread that runs no goroutine: it looks for one.",
                "number",
            ),
            ("Idle", "Held by nobody.", "number"),
            (
                "Runs",
                "How often a goroutine was begun to run on it.",
                "number",
            ),
        ],
        rows: procs,
        headline: |of| format!("{} busy", share(busy(of))),
        is_listed: true,
    },
    Section {
        id: "groups",
        title: "Goroutines",
        about: "Goroutines by the function they began with, and how they spent their time.",
        without: "",
        columns: &[
            ("Function", "What they began with.", "name"),
            ("Count", "Goroutines of this kind.", "number"),
            ("At most", "The most at a time.", "number"),
            ("Running", "Time running, in sum.", "number"),
            (
                "To run",
                "Time able to run and not running, in sum.",
                "number",
            ),
            ("p99", "99 of 100 waits to run are not longer.", "number"),
            ("Blocked", "Time waiting for something, in sum.", "number"),
            (
                "Mostly for",
                "What most of that time was waited for.",
                "text",
            ),
            ("Syscall", "Time in calls of the system, in sum.", "number"),
            (
                "Assist",
                "Time helping the collector, which overlaps with the others.",
                "number",
            ),
        ],
        rows: groups,
        headline: |of| {
            let own = of.report.groups.iter().filter(|group| !group.is_system);
            unit::plural(own.map(|group| group.count).sum(), "goroutine")
        },
        is_listed: true,
    },
    Section {
        id: "goroutines",
        title: "Single goroutines",
        about: "Of large groups those that were there the longest.",
        without: "",
        columns: &[
            ("Goroutine", "Its number.", "number"),
            ("Function", "What it began with.", "name"),
            AT,
            (
                "There for",
                "From being first seen to its end, or that of the trace.",
                "number",
            ),
            ("Running", "Time running.", "number"),
            ("To run", "Time able to run and not running.", "number"),
            ("Blocked", "Time waiting for something.", "number"),
            (
                "Mostly for",
                "What most of that time was waited for.",
                "text",
            ),
            ("Syscall", "Time in calls of the system.", "number"),
            ("Ended", "Whether it ended in the trace.", "text"),
        ],
        rows: goroutines,
        headline: none,
        is_listed: false,
    },
    Section {
        id: "latency",
        title: "Scheduler latency",
        about: "How long goroutines that could run had to wait for a P, by why they could.",
        without: "",
        columns: with_spread![("Since it", "Why it could run.", "text")],
        rows: rows_waits::latency,
        headline: rows_waits::latency_headline,
        is_listed: true,
    },
    Section {
        id: "worst",
        title: "Longest waits to run",
        about: "The goroutines that waited longest for a P, who made them able to run, and what the Ps did meanwhile.",
        without: "",
        columns: &[
            AT,
            ("Waited", "How long it could run and did not.", "number"),
            ("Goroutine", "Its number.", "number"),
            ("Function", "What it began with.", "name"),
            ("Since it", "Why it could run.", "text"),
            ("By", "Who made it able to run.", "name"),
        ],
        rows: rows_waits::worst,
        headline: none,
        is_listed: false,
    },
    Section {
        id: "blocking",
        title: "Blocking",
        about: "What goroutines waited for, and where.",
        without: "Nobody waited for anything.",
        columns: &[
            (
                "For",
                "What was waited for, as the runtime says it.",
                "text",
            ),
            WHERE,
            WHOSE,
            ("Count", "Waits, with those that had not ended.", "number"),
            (
                "Total",
                "Their sum, to the end of the trace for those that had not ended.",
                "number",
            ),
            ("Mean", "Total by count.", "number"),
            ("Longest", "The longest of them.", "number"),
            (
                "Not ended",
                "Waits that went on when the trace ended.",
                "number",
            ),
        ],
        rows: rows_waits::blocking,
        headline: rows_waits::blocking_headline,
        is_listed: true,
    },
    Section {
        id: "wakes",
        title: "Who wakes whom",
        about: "Whose waits were ended by whom: the way work takes through the program.",
        without: "Nobody woke anybody.",
        columns: &[
            (
                "Waker",
                "Began with this function; the runtime wakes by timers and the network's poller.",
                "name",
            ),
            ("Woken", "Began with this function.", "name"),
            ("For", "What had been waited for.", "text"),
            ("Count", "How often.", "number"),
            (
                "Waited",
                "How long the waits were that it ended, in sum.",
                "number",
            ),
            ("Mean", "Waited by count.", "number"),
        ],
        rows: rows_waits::wakes,
        headline: none,
        is_listed: true,
    },
    Section {
        id: "syscalls",
        title: "Syscalls",
        about: "Calls of the system, and where. A call that takes long loses its P to others.",
        without: "There were no calls of the system.",
        columns: &[
            WHERE,
            WHOSE,
            ("Count", "Calls, with those that had not ended.", "number"),
            ("Total", "Their sum.", "number"),
            ("Mean", "Total by count.", "number"),
            ("Longest", "The longest of them.", "number"),
        ],
        rows: rows_waits::syscalls,
        headline: rows_waits::syscalls_headline,
        is_listed: true,
    },
    Section {
        id: "gc",
        title: "GC cycles",
        about: "Each collection's phase of marking, the heap, and what the collector left to the program.",
        without: "No collection was seen.",
        columns: &[
            ("Cycle", "In order.", "number"),
            AT,
            (
                "Marking",
                "From the beginning of marking to its end.",
                "number",
            ),
            ("Heap", "In use when it began.", "number"),
            ("Goal", "Where it was to be done.", "number"),
            (
                "Workers",
                "Time of Ps in workers of the collector.",
                "number",
            ),
            (
                "Assists",
                "Time of Ps whose goroutines helped because they allocated.",
                "number",
            ),
        ],
        rows: rows_gc::cycles,
        headline: rows_gc::cycles_headline,
        is_listed: true,
    },
    Section {
        id: "stops",
        title: "Stops of the world",
        about: "From the moment that somebody wants all others to stop until they go on.",
        without: "The world was never stopped.",
        columns: with_spread![("Reason", "As the runtime says it.", "text")],
        rows: rows_gc::stops,
        headline: rows_gc::stops_headline,
        is_listed: true,
    },
    Section {
        id: "stop_list",
        title: "Longest stops",
        about: "The longest stops, and which P kept all others waiting.",
        without: "",
        columns: &[
            AT,
            (
                "Stopped",
                "From wanting to stop until all went on.",
                "number",
            ),
            ("Stopping", "Of it, until the last P had stopped.", "number"),
            ("Reason", "As the runtime says it.", "text"),
            ("Last P", "Which P stopped last.", "text"),
            ("It ran", "What that P ran.", "name"),
            ("By", "Who stopped the world.", "name"),
        ],
        rows: rows_gc::stop_list,
        headline: none,
        is_listed: false,
    },
    Section {
        id: "assists",
        title: "GC assists",
        about: "Goroutines that had to help to mark because they allocate faster than the collector marks.",
        without: "No goroutine had to help the collector.",
        columns: with_spread![WHERE, WHOSE],
        rows: rows_gc::assists,
        headline: rows_gc::assists_headline,
        is_listed: true,
    },
    Section {
        id: "mmu",
        title: "Mutator utilisation",
        about: "The least share of the Ps that was left to the program in any window of a length.",
        without: "The trace does not say how many Ps there are.",
        columns: &[
            ("Window", "Any stretch of this length.", "number"),
            (
                "Least",
                "The share that was left in the worst of them: stops, workers and assists are the collector's.",
                "number",
            ),
            (
                "With sweeps",
                "The same where sweeping is the collector's, too.",
                "number",
            ),
            ("Stops alone", "The same where only stops are.", "number"),
            ("Worst at", "Where the worst of them begins.", "number"),
        ],
        rows: rows_gc::mmu,
        headline: |of| {
            let all = utilisation(&of.report.collector, of.report.last_event, Flags::USUAL);
            match minimum_utilisation(&all, 10_000_000) {
                Some((least, _)) => format!("{} in 10ms", share(least)),
                None => String::new(),
            }
        },
        is_listed: true,
    },
    Section {
        id: "pools",
        title: "Worker pools",
        about: "Goroutines that do jobs side by side: whether there are too many, too few, or too little to do.",
        without: "No group has several goroutines that wait for work.",
        columns: &[
            ("Function", "What the workers began with.", "name"),
            ("Workers", "The most at a time.", "number"),
            ("Running", "Workers that ran, on average.", "number"),
            (
                "Waits for work",
                "Share of the workers' time in a receive or a select.",
                "number",
            ),
            (
                "Waits to run",
                "Share of the workers' time able to run and not running.",
                "number",
            ),
            (
                "None idle",
                "Share of the time in which no worker waited for work.",
                "number",
            ),
            ("All idle", "Share of the time in which all did.", "number"),
            ("Jobs", "Waits for work that ended, in a second.", "number"),
            (
                "Imbalance",
                "Running time of the busiest worker by that of the one in the middle.",
                "number",
            ),
        ],
        rows: pools,
        headline: |of| unit::plural(pools(of, "").len() as u64, "pool"),
        is_listed: true,
    },
    Section {
        id: "tasks",
        title: "Tasks",
        about: "Tasks of the program's own (runtime/trace), by type.",
        without: "The program marks no tasks: trace.NewTask does.",
        columns: with_spread![
            ("Type", "As the program names it.", "text"),
            (
                "Not whole",
                "Tasks that began before the trace, or ended after it.",
                "number"
            ),
        ],
        rows: tasks,
        headline: |of| {
            let all = of
                .report
                .tasks
                .iter()
                .map(|kind| kind.times.count() + kind.open);
            unit::plural(all.sum(), "task")
        },
        is_listed: true,
    },
    Section {
        id: "task_list",
        title: "Longest tasks",
        about: "Single tasks, the longest of each type.",
        without: "",
        columns: &[
            AT,
            ("Took", "From its beginning to its end.", "number"),
            ("Type", "As the program names it.", "text"),
            ("Task", "Its number.", "number"),
            ("Regions", "Regions in it.", "number"),
            ("Parts", "Tasks that are part of it.", "number"),
            ("Messages", "trace.Log in it.", "number"),
        ],
        rows: task_list,
        headline: none,
        is_listed: false,
    },
    Section {
        id: "regions",
        title: "Regions",
        about: "Regions of the program's own (runtime/trace), by type, and how they were spent.",
        without: "The program marks no regions: trace.WithRegion does.",
        columns: with_spread![
            ("Type", "As the program names it.", "text"),
            ("Running", "Share of their time running.", "number"),
            ("Blocked", "Share of their time waiting.", "number"),
        ],
        rows: regions,
        headline: |of| {
            let all = of.report.regions.iter().map(|kind| kind.times.count());
            unit::plural(all.sum(), "region")
        },
        is_listed: true,
    },
    Section {
        id: "samples",
        title: "CPU samples",
        about: "Samples of the CPU profiler, by goroutines. They are taken 100 times a second.",
        without: "The CPU profiler did not run: add -cpuprofile to go test, or start it beside the trace.",
        columns: &[
            ("Function", "What the goroutines began with.", "name"),
            ("Samples", "How many.", "number"),
            ("Share", "Of all samples.", "number"),
        ],
        rows: samples,
        headline: |of| {
            unit::plural(
                of.report.samples.iter().map(|&(_, count)| count).sum(),
                "sample",
            )
        },
        is_listed: true,
    },
];

/// Share of all procs' time that is not idle.
pub(super) fn busy(of: &Traced<'_>) -> f64 {
    let sum = |uses: &[ProcUse]| -> u64 {
        let all = of.report.procs.iter();
        all.map(|proc| uses.iter().map(|&one| proc.uses[one as usize]).sum::<u64>())
            .sum()
    };
    let free = sum(&[ProcUse::Idle, ProcUse::Scheduler, ProcUse::IdleWorker]);
    let all = sum(&ProcUse::ALL);
    part(all - free, all)
}

fn procs(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    use ProcUse::{Assist, Idle, IdleWorker, Running, Scheduler, Sweep, Syscall, Worker};
    let rows = of.report.procs.iter().enumerate().map(|(i, proc)| {
        let all: u64 = proc.uses.iter().sum();
        let share = |uses: &[ProcUse]| {
            Cell::Share(part(
                uses.iter().map(|&one| proc.uses[one as usize]).sum(),
                all,
            ))
        };
        let busy = share(&[Running, Worker, Assist, Sweep, Syscall]);
        let whole = busy.key().unwrap_or(0.0);
        let cells = vec![
            Cell::Count(proc.id),
            busy,
            share(&[Running]),
            share(&[Worker, Assist, Sweep, IdleWorker]),
            share(&[Syscall]),
            share(&[Scheduler]),
            share(&[Idle]),
            Cell::Count(proc.runs),
        ];
        Draft::new(i, cells).of_whole(whole)
    });
    rows.collect()
}

/// What most of a group's waiting was for, and how long it waited in all.
fn mostly(of: &Traced<'_>, group: &Group) -> (u64, String) {
    let total = group.blocks.iter().map(|(_, times)| times.total()).sum();
    let most = group.blocks.first().map(|&(reason, _)| of.reason(reason));
    (total, most.unwrap_or_default())
}

fn groups(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let report = of.report;
    let all: u64 = report.groups.iter().map(|group| group.exec.total()).sum();
    let row = |i: usize, name: String, group: &Group| {
        let (blocked, most) = mostly(of, group);
        let cells = vec![
            Cell::Text(name),
            Cell::Count(group.count),
            Cell::Count(group.most_alive),
            Cell::Time(group.exec.total()),
            Cell::Time(group.sched.total()),
            Cell::Time(group.sched.percentile(0.99)),
            Cell::Time(blocked),
            Cell::Text(most),
            Cell::Time(group.syscall.total()),
            Cell::Time(group.assist),
        ];
        Draft::new(i, cells).of_whole(part(group.exec.total(), all))
    };
    let mut rows = Vec::new();
    let mut folded = Group::default();
    let mut kinds = 0;
    for (i, group) in report.groups.iter().enumerate() {
        if of.is_folded(i as u32) {
            kinds += 1;
            folded.count += group.count;
            folded.most_alive += group.most_alive;
            folded.exec.merge(&group.exec);
            folded.sched.merge(&group.sched);
            folded.syscall.merge(&group.syscall);
            folded.assist += group.assist;
            for (reason, times) in &group.blocks {
                match folded.blocks.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, all)) => all.merge(times),
                    None => folded.blocks.push((*reason, times.clone())),
                }
            }
            continue;
        }
        rows.push(row(i, of.group_name(group.name), group).opens("goroutines", i.to_string()));
    }
    if kinds > 0 {
        folded
            .blocks
            .sort_by_key(|(_, times)| std::cmp::Reverse(times.total()));
        let name = format!("the runtime's own ({})", unit::plural(kinds, "function"));
        rows.push(row(report.groups.len(), name, &folded));
    }
    rows
}

fn goroutines(of: &Traced<'_>, which: &str) -> Vec<Draft> {
    let wanted: Option<u32> = which.parse().ok();
    let rows = of.report.goroutines.iter().enumerate();
    let rows = rows.filter(|(_, row)| match wanted {
        Some(group) => row.group == group,
        None => !of.is_folded(row.group),
    });
    let rows = rows.map(|(i, row)| {
        let blocked: u64 = row.blocks.iter().map(|&(_, time)| time).sum();
        let most = row.blocks.iter().max_by_key(|&&(_, time)| time);
        let cells = vec![
            Cell::Count(row.id),
            Cell::Text(of.group(row.group)),
            Cell::At(of.at(row.created)),
            Cell::Time(row.total),
            Cell::Time(row.exec),
            Cell::Time(row.sched),
            Cell::Time(blocked),
            Cell::Text(most.map_or_else(String::new, |&(reason, _)| of.reason(reason))),
            Cell::Time(row.syscall + row.syscall_blocked),
            Cell::Text(if row.ended > 0 { "yes" } else { "no" }.to_owned()),
        ];
        Draft::new(i, cells)
            .whose(row.id)
            .when(of.at(row.created), row.total)
    });
    rows.collect()
}

/// True for a group that is a pool of workers.
pub(super) fn is_pool(group: &Group) -> bool {
    let pool = &group.pool;
    !group.is_system
        && group.most_alive >= POOL.0
        && group.count <= POOL.1
        && pool.jobs >= group.count
        && pool.time > 0
}

fn pools(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let groups = of.report.groups.iter().enumerate();
    let rows = groups
        .filter(|(_, group)| is_pool(group))
        .map(|(i, group)| {
            let pool = &group.pool;
            let imbalance = match pool.exec.1 {
                0 => Cell::None,
                middle => Cell::Number(pool.exec.0 as f64 / middle as f64),
            };
            let busy = part(pool.running, pool.members);
            let cells = vec![
                Cell::Text(of.group_name(group.name)),
                Cell::Count(group.most_alive),
                Cell::Number(pool.running as f64 / pool.time as f64),
                Cell::Share(part(pool.idle, pool.members)),
                Cell::Share(part(pool.runnable, pool.members)),
                Cell::Share(part(pool.saturated, pool.time)),
                Cell::Share(part(pool.starved, pool.time)),
                Cell::Number(pool.jobs as f64 / (pool.time as f64 / 1e9)),
                imbalance,
            ];
            Draft::new(i, cells)
                .of_whole(busy)
                .opens("goroutines", i.to_string())
        });
    rows.collect()
}

fn tasks(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let all: u64 = of.report.tasks.iter().map(|kind| kind.times.total()).sum();
    let rows = of.report.tasks.iter().enumerate().map(|(i, kind)| {
        let mut cells = vec![Cell::Text(of.text(kind.name)), Cell::Count(kind.open)];
        cells.extend(spread(&kind.times));
        Draft::new(i, cells)
            .of_whole(part(kind.times.total(), all))
            .opens("task_list", i.to_string())
    });
    rows.collect()
}

/// Tasks that are kept by themselves, numbered through all types.
pub(super) fn single_tasks<'a>(
    of: &Traced<'a>,
) -> impl Iterator<Item = (usize, usize, &'a crate::model::trace::TaskRow)> {
    let kinds = of.report.tasks.iter().enumerate();
    let all = kinds.flat_map(|(kind, tasks)| tasks.longest.iter().map(move |task| (kind, task)));
    all.enumerate().map(|(i, (kind, task))| (i, kind, task))
}

fn task_list(of: &Traced<'_>, which: &str) -> Vec<Draft> {
    let wanted: Option<usize> = which.parse().ok();
    let rows = single_tasks(of).filter(|&(_, kind, _)| wanted.is_none_or(|wanted| wanted == kind));
    let rows = rows.map(|(i, kind, task)| {
        let took = task.to.saturating_sub(task.from);
        let cells = vec![
            Cell::At(of.at(task.from)),
            Cell::Time(took),
            Cell::Text(of.text(of.report.tasks[kind].name)),
            Cell::Count(task.id),
            Cell::Count(task.regions.len() as u64),
            Cell::Count(task.children),
            Cell::Count(task.logs),
        ];
        Draft::new(i, cells).when(of.at(task.from), took)
    });
    rows.collect()
}

fn regions(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let all: u64 = of
        .report
        .regions
        .iter()
        .map(|kind| kind.times.total())
        .sum();
    let rows = of.report.regions.iter().enumerate().map(|(i, kind)| {
        let mut cells = vec![
            Cell::Text(of.text(kind.name)),
            Cell::Share(part(kind.spent.exec, kind.spent.total)),
            Cell::Share(part(kind.spent.blocked, kind.spent.total)),
        ];
        cells.extend(spread(&kind.times));
        Draft::new(i, cells).of_whole(part(kind.times.total(), all))
    });
    rows.collect()
}

fn samples(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let all: u64 = of.report.samples.iter().map(|&(_, count)| count).sum();
    let rows = of
        .report
        .samples
        .iter()
        .enumerate()
        .map(|(i, &(group, count))| {
            let share = part(count, all);
            let cells = vec![
                Cell::Text(of.group(group)),
                Cell::Count(count),
                Cell::Share(share),
            ];
            Draft::new(i, cells).of_whole(share)
        });
    rows.collect()
}
