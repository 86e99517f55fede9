//! What a trace says, for programs.
//!
//! ```text
//! { "schema": 1, "generator", "name",
//!   "trace": { "format", "go", "bytes", "used_bytes", "used_share", "used_time_share", "tick_ns", "began_at",
//!     "clock_begin_ns", "duration_ns", "events", "records", "is_ended", "is_cut", "reordered",
//!     "experiments", "gomaxprocs", "gomaxprocs_most", "goroutines_created", "goroutines_ended",
//!     "goroutines_most", "tasks", "regions", "logs", "cpu_samples", "lost_bytes", "lost_ns",
//!     "losses": [{ "generation", "at_byte", "bytes", "at_ns", "lost_ns", "reason" }],
//!     "generations": [{ "number", "at_byte", "bytes", "at_ns", "end_ns", "events", "cpu_samples",
//!       "lost_bytes", "lost_ns" }],
//!     "remarks": […] },
//!   "goroutines": …, "pools": …, "procs": …, "latency": …, "waits": …, "gc": …, "mmu": …, "tasks": … }
//! ```
//!
//! A table has the key of its name; which there are depends on what was asked for, and the summary
//! has the first rows of all. Durations are `…_ns`, moments `at_ns`, `end_ns` and such: nanoseconds
//! since the first event, to which `clock_begin_ns` adds up to the trace's own clock. Neither is
//! rounded, though what is below `tick_ns` says nothing. Distributions (DIST below) are `{ "count",
//! "total_ns", "mean_ns", "min_ns", "p50_ns", "p95_ns", "p99_ns", "max_ns" }`; percentiles are within
//! a thirty-second. What there is not is null. Stacks are lists of `function file:line`, leaf first.

mod gc;
mod goroutines;
mod tasks;
mod waits;

use serde_json::{Map, Value, json};

use super::facts;
use super::page::{Page, TraceOptions, TraceTable};
use crate::formats::trace_losses;
use crate::model::trace::{Histogram, Loss, ProcUse};
use crate::model::{Profile, StackId};

/// Version of the form; raised when a key changes its meaning or goes away.
const SCHEMA: u32 = 1;

/// What is asked of a trace, as one object; null for what is no trace. `name` is the file's.
pub fn trace_json(name: &str, profile: &Profile, options: &TraceOptions) -> Value {
    let Some(page) = Page::new(name, profile, options) else {
        return Value::Null;
    };
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| drop(all.insert(key.to_owned(), value));
    put("schema", SCHEMA.into());
    put(
        "generator",
        concat!("dropprof ", env!("CARGO_PKG_VERSION")).into(),
    );
    put("name", name.into());
    put("trace", trace(&page));
    let makers: [(TraceTable, fn(&Page<'_>) -> Value); 8] = [
        (TraceTable::Goroutines, goroutines::goroutines),
        (TraceTable::Pools, goroutines::pools),
        (TraceTable::Procs, procs),
        (TraceTable::Latency, waits::latency),
        (TraceTable::Waits, waits::waits),
        (TraceTable::Gc, gc::collector),
        (TraceTable::Mmu, gc::utilisation),
        (TraceTable::Tasks, tasks::tasks),
    ];
    for (table, make) in makers {
        if page.has(table) {
            put(table.name(), make(&page));
        }
    }
    Value::Object(all)
}

/// The file's facts.
fn trace(page: &Page<'_>) -> Value {
    let (report, facts) = (page.report, &page.report.facts);
    let own = facts::Own::of(page);
    let time = |loss: &Loss| loss.span.1.saturating_sub(loss.span.0);
    let losses = facts.losses.iter().map(|loss| {
        json!({
            "generation": loss.generation, "at_byte": loss.at, "bytes": loss.bytes,
            "at_ns": page.clock.since(loss.span.0), "lost_ns": time(loss), "reason": loss.reason,
        })
    });
    let losses: Vec<Value> = losses.collect();
    let generations = facts.generations.iter().map(|one| {
        let lost = || {
            facts
                .losses
                .iter()
                .filter(|loss| loss.generation == one.number)
        };
        json!({
            "number": one.number, "at_byte": one.at, "bytes": one.bytes,
            "at_ns": page.clock.since(one.span.0), "end_ns": page.clock.since(one.span.1),
            "events": one.events, "cpu_samples": one.samples,
            "lost_bytes": lost().map(|loss| loss.bytes).sum::<u64>(),
            "lost_ns": lost().map(time).sum::<u64>(),
        })
    });
    let generations: Vec<Value> = generations.collect();
    let used = facts::used_bytes(facts);
    json!({
        "format": format!("1.{}", facts.version),
        "go": facts::release(facts.version),
        "bytes": facts.bytes,
        "used_bytes": used,
        "used_share": share(used, facts.bytes),
        "used_time_share": share(facts::used_time(page), facts::whole_time(page)),
        "tick_ns": facts.tick,
        "began_at": facts::began_at(page),
        "clock_begin_ns": report.span.0,
        "duration_ns": page.duration(),
        "events": report.events,
        "records": facts.events(),
        "is_ended": facts.is_ended,
        "is_cut": facts.is_cut,
        "reordered": facts.reordered,
        "experiments": facts.experiments,
        "gomaxprocs": report.max_procs.1,
        "gomaxprocs_most": report.max_procs.0,
        "goroutines_created": report.created,
        "goroutines_ended": report.ended,
        "goroutines_most": report.most_alive,
        "tasks": own.tasks,
        "regions": own.regions,
        "logs": own.logs,
        "cpu_samples": own.samples,
        "lost_bytes": facts.lost_bytes(),
        "lost_ns": facts.lost_time(),
        "losses": losses,
        "generations": generations,
        "remarks": trace_losses(facts),
    })
}

/// `{ "total": USES, "procs": [{ "id", "runs", USES }] }`, where USES is `running_ns`,
/// `gc_worker_ns`, `gc_assist_ns`, `gc_sweep_ns`, `gc_idle_worker_ns`, `syscall_ns`, `scheduler_ns`
/// and `idle_ns`.
fn procs(page: &Page<'_>) -> Value {
    let uses = |of: &dyn Fn(ProcUse) -> u64| {
        let pairs = ProcUse::ALL.map(|kind| (use_key(kind).to_owned(), Value::from(of(kind))));
        Map::from_iter(pairs)
    };
    let all = &page.report.procs;
    let rows = all.iter().map(|proc| {
        let mut row = uses(&|kind| proc.uses[kind as usize]);
        row.insert("id".to_owned(), proc.id.into());
        row.insert("runs".to_owned(), proc.runs.into());
        Value::Object(row)
    });
    let rows: Vec<Value> = rows.collect();
    let total = uses(&|kind| all.iter().map(|proc| proc.uses[kind as usize]).sum());
    json!({ "total": total, "procs": rows })
}

fn use_key(of: ProcUse) -> &'static str {
    match of {
        ProcUse::Running => "running_ns",
        ProcUse::Worker => "gc_worker_ns",
        ProcUse::Assist => "gc_assist_ns",
        ProcUse::Sweep => "gc_sweep_ns",
        ProcUse::IdleWorker => "gc_idle_worker_ns",
        ProcUse::Syscall => "syscall_ns",
        ProcUse::Scheduler => "scheduler_ns",
        ProcUse::Idle => "idle_ns",
    }
}

/// A DIST.
fn distribution(times: &Histogram) -> Value {
    json!({
        "count": times.count(),
        "total_ns": times.total(),
        "mean_ns": times.mean(),
        "min_ns": times.least(),
        "p50_ns": times.percentile(0.5),
        "p95_ns": times.percentile(0.95),
        "p99_ns": times.percentile(0.99),
        "max_ns": times.most(),
    })
}

/// An object with more keys.
fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

/// A part of a whole, from 0 to 1; null where there is no whole.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A moment, unless it is 0, which stands for none.
fn moment(page: &Page<'_>, time: u64) -> Option<i64> {
    (time > 0).then(|| page.clock.since(time))
}

/// A stack, leaf first.
fn stack(page: &Page<'_>, stack: StackId) -> Vec<String> {
    page.frames(stack).map(|line| page.line(line)).collect()
}

/// Where a stack is, as a line of it.
fn place(page: &Page<'_>, stack: StackId) -> Option<String> {
    page.place(stack).map(|line| page.line(line))
}
