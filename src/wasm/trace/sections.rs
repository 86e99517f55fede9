//! The sections of the Trace view: what each is, and its rows.

use super::cell::{Draft, Traced, share};
use super::{rows, rows_gc, rows_waits};
use crate::analysis::trace::{Flags, minimum_utilisation, utilisation};
use crate::unit;

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
        about: "What each P was used for: your code, the collector, syscalls, or nothing. Shares are of the time for which there was this P: GOMAXPROCS was more than its number.",
        without: "",
        columns: &[
            ("P", "Its number.", "number"),
            (
                "Busy",
                "The sum of the next three: goroutines, the collector's, syscalls.",
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
                "Kept by a thread that is in a syscall.",
                "number",
            ),
            (
                "Idle GC",
                "In a worker of the collector because nothing else was to do, which keeps nobody waiting: not busy.",
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
        rows: rows::procs,
        headline: |of| format!("{} busy", share(rows::busy(of))),
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
            ("Syscall", "Time in syscalls, in sum.", "number"),
            (
                "Assist",
                "From the beginning of assists of the collector to their end, waiting included: it overlaps with the others.",
                "number",
            ),
        ],
        rows: rows::groups,
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
            ("Syscall", "Time in syscalls.", "number"),
            ("Ended", "Whether it ended in the trace.", "text"),
        ],
        rows: rows::goroutines,
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
            ("Where", "Where that was.", "name"),
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
        about: "Syscalls and calls into C, and where. A call that takes long loses its P to others.",
        without: "There were no syscalls.",
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
                "Time of Ps whose goroutines helped because they allocated: P time, waiting left out.",
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
        about: "Goroutines that had to help to mark because they allocate faster than the collector marks. Times are from the beginning of an assist to its end, waiting included: more than the time of Ps that went into it, which GC cycles and Procs have.",
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
                Some((least, _)) => format!("{:.0}% in any 10ms", least * 100.0),
                None => String::new(),
            }
        },
        is_listed: true,
    },
    Section {
        id: "pools",
        title: "Worker pools",
        about: "Goroutines that do jobs side by side: whether there are too many, too few, or too little to do.",
        without: "No group of goroutines works as a pool: several that take what others hand them through channels.",
        columns: &[
            ("Function", "What the workers began with.", "name"),
            ("Workers", "On average, while there were any.", "number"),
            (
                "Busy",
                "Workers that ran or were in a syscall, on average.",
                "number",
            ),
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
            (
                "Verdict",
                "What that means for the size of the pool.",
                "text",
            ),
        ],
        rows: rows::pools,
        headline: |of| unit::plural(rows::pools(of, "").len() as u64, "pool"),
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
        rows: rows::tasks,
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
        rows: rows::task_list,
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
        rows: rows::regions,
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
        rows: rows::samples,
        headline: |of| {
            unit::plural(
                of.report.samples.iter().map(|&(_, count)| count).sum(),
                "sample",
            )
        },
        is_listed: true,
    },
];
