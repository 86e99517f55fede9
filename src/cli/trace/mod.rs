//! `dropprof trace`: what go tool trace writes, and what it shows, without a server.

mod dump;
mod footprint;
mod input;
mod profile;
mod request;
mod tables;

use std::ffi::OsString;
use std::path::Path;

use dropprof::report::gotrace::{GroupOrder, TraceTable};

use super::flags::{self, Flag, switch, value};
use super::{Failure, Outcome};
use request::{Asked, Request};

const FLAGS: [Flag; 13] = [
    switch(
        "json",
        "tables as JSON: an array with an object for each trace",
    ),
    value("o", "write to this file instead of the standard output"),
    switch(
        "system",
        "the runtime's own goroutines have rows of their own, instead of one for all",
    ),
    value(
        "group",
        "goroutines, waits, latency, pools: only of goroutines that began with this function, \
         and single ones of them",
    ),
    value(
        "sort",
        "goroutines: by total, exec, sched, block, syscall, assist, count, left or name (total)",
    ),
    switch("all", "goroutines: every single one"),
    value(
        "flags",
        "mmu: what counts as the collector's: stw, background, assist, sweep, between commas \
         (stw,background,assist)",
    ),
    value(
        "windows",
        "mmu: lengths of windows, between commas (100us,1ms,10ms,100ms,1s)",
    ),
    value(
        "pprof",
        "write a profile as go tool trace -pprof does: net, sync, syscall or sched",
    ),
    value(
        "goroutine",
        "-pprof: only waits of goroutines that began with this function",
    ),
    switch(
        "corrected",
        "-pprof: with what go tool trace leaves out: waits before a goroutine first ran, and those \
         that go on when the trace ends",
    ),
    value(
        "d",
        "print the trace itself: parsed is every event as go tool trace -d=parsed prints it, \
         footprint the bytes of each type of event, generations the pieces of the file",
    ),
    value("limit", "unpacked bytes per file at most (4294967296)"),
];

pub(crate) fn help() -> String {
    format!(
        "usage: dropprof trace [TABLE] [flags] FILE…\n       \
         dropprof trace -pprof=net|sync|syscall|sched [flags] FILE…\n       \
         dropprof trace -d=parsed|footprint|generations FILE…\n\n\
         Execution traces of Go 1.22 and later: tables of what they say, the profiles that go tool\n\
         trace makes, or their events. What of a trace is torn or contradicts itself is told; the\n\
         rest is used.\n\n\
         tables:\n\
         {TABLES}\n\
         flags, before or behind the table's name:\n\
         {}\n\
         Times are rounded to three digits and never finer than the trace's clock, moments count\n\
         from the first event. JSON has nanoseconds, not rounded; its keys are those of the tables.\n\n\
         exit status: 0, 1 if a file could not be read, 2 for wrong flags\n",
        flags::help(&FLAGS)
    )
}

const TABLES: &str = "  \
  summary      the most important rows of all; what is shown without a name
  goroutines   by the function they began with: running, able to run, waiting for what
  waits        by what for, whose and where; who ended whose
  latency      from being able to run until running, by why; the longest, and what ran meanwhile
  gc           cycles, stops of the world, assists, the heap
  mmu          the least share of the Ps that the collector leaves, and who takes the rest
  procs        what each P did
  pools        groups as pools of workers: busy, idle, saturated, starved, jobs
  tasks        tasks and regions, the longest of each type
";

pub(crate) fn run(arguments: &[OsString]) -> Result<Outcome, Failure> {
    let request = Request::new(arguments).map_err(Failure::Usage)?;
    match &request.asked {
        Asked::Tables(options) => tables::run(&request, options),
        Asked::Waits(waits) => profile::run(&request, waits),
        Asked::Events => dump::run(&request),
        Asked::Footprint => footprint::run(&request),
    }
}

/// What was made, for the standard output or into the file that `-o` names.
fn deliver(request: &Request, made: Vec<u8>, is_partial: bool) -> Result<Outcome, Failure> {
    let shown = match &request.output {
        Some(path) => {
            std::fs::write(path, made).map_err(|error| cannot_write(path, &error))?;
            Vec::new()
        }
        None => made,
    };
    Ok(match is_partial {
        true => Outcome::Partial(shown),
        false => Outcome::Output(shown),
    })
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Failed(format!("{}: {error}", path.display()))
}

/// The names of the tables, or of the orders, for a message.
fn listed(names: impl Iterator<Item = &'static str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn table_names() -> String {
    listed(TraceTable::ALL.into_iter().map(TraceTable::name))
}

fn order_names() -> String {
    listed(GroupOrder::ALL.into_iter().map(GroupOrder::name))
}
