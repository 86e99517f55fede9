//! Waits, wakers, and how long who could run waited to be run.

use serde_json::{Value, json};

use super::super::page::{Page, TraceTable};
use super::{distribution, place, stack, with};
use crate::model::trace::{Cause, Histogram, WaitKind};

fn cause(of: Cause) -> &'static str {
    match of {
        Cause::Created => "created",
        Cause::Unblocked => "unblocked",
        Cause::Preempted => "preempted",
        Cause::Yielded => "yielded",
        Cause::Syscall => "syscall",
        Cause::Unknown => "before_trace",
    }
}

/// `{ "all": DIST, "causes": [{ "cause", DIST, "buckets" }], "system": DIST, "worst": [{ "at_ns",
/// "ns", "goroutine", "group", "cause", "reason", "waker", "stack", "meanwhile": [{ "proc",
/// "group", "ns" }] }] }`. `buckets` are the least duration, the first one beyond and the count.
/// `all`, `causes` and `worst` are of the program's own goroutines, `all` and `worst` of the ones
/// that are asked for, if some are, and the rest is null then; `reason` is what was waited for
/// before, `waker` null for timers and the like, `stack` that of the one who woke.
pub(super) fn latency(page: &Page<'_>) -> Value {
    let report = page.report;
    let has_buckets = page.options.table != TraceTable::Summary;
    let buckets = |times: &Histogram| -> Vec<Value> {
        times
            .buckets()
            .map(|(from, to, count)| json!([from, to, count]))
            .collect()
    };
    let causes = Cause::ALL.into_iter().filter_map(|of| {
        let times = &report.latency[of as usize];
        (times.count() > 0).then(|| {
            let more = match has_buckets {
                true => json!({ "cause": cause(of), "buckets": buckets(times) }),
                false => json!({ "cause": cause(of) }),
            };
            with(distribution(times), more)
        })
    });
    let worst = report
        .worst_latency
        .iter()
        .filter(|one| page.is_shown(one.group));
    let worst = worst.take(page.limit()).map(|one| {
        let meanwhile = one.meanwhile.iter().map(|&(proc, group, time)| {
            json!({ "proc": proc, "group": page.group_name(group), "ns": time })
        });
        json!({
            "at_ns": page.clock.since(one.at), "ns": one.time, "goroutine": one.goroutine,
            "group": page.group_name(one.group), "cause": cause(one.cause),
            "reason": page.text(one.reason), "waker": page.group_name(one.waker),
            "stack": stack(page, one.stack), "meanwhile": meanwhile.collect::<Vec<Value>>(),
        })
    });
    let worst: Vec<Value> = worst.collect();
    if page.options.group.is_some() {
        let all = Histogram::merged(page.groups().into_iter().map(|group| &group.sched));
        return json!({ "all": distribution(&all), "causes": null, "system": null, "worst": worst });
    }
    json!({
        "all": distribution(&Histogram::merged(&report.latency)),
        "causes": causes.collect::<Vec<Value>>(),
        "system": distribution(&report.system_latency),
        "worst": worst,
    })
}

/// `{ "sites": [{ "kind": "blocked|sched|syscall", "reason", "group", "count", "open",
/// "total_ns", "open_ns", "max_ns", "place", "stack" }], "wakes": [{ "from", "to", "reason",
/// "count", "total_ns" }] }`. `count` and `total_ns` have those that had not ended, too, which are
/// `open` and `open_ns`. `reason` is for `sched` why it could run, and the stack that of the one
/// who made it so. `from` is null for timers and the poller.
pub(super) fn waits(page: &Page<'_>) -> Value {
    let report = page.report;
    let sites = report.sites.iter().filter(|site| page.is_shown(site.group));
    let sites = sites.take(page.limit()).map(|site| {
        let (kind, reason) = match site.kind {
            WaitKind::Blocked => ("blocked", page.text(site.reason)),
            WaitKind::Sched(of) => ("sched", cause(of).to_owned()),
            WaitKind::Syscall => ("syscall", String::new()),
        };
        let (count, total) = site.all();
        json!({
            "kind": kind, "reason": reason, "group": page.group_name(site.group),
            "count": count, "open": site.open.0, "total_ns": total, "open_ns": site.open.1,
            "max_ns": site.most, "place": place(page, site.stack), "stack": stack(page, site.stack),
        })
    });
    let wakes = report.wakes.iter().filter(|wake| page.is_shown(wake.to));
    let wakes = wakes.take(page.limit()).map(|wake| {
        json!({
            "from": page.group_name(wake.from), "to": page.group_name(wake.to),
            "reason": page.text(wake.reason), "count": wake.count, "total_ns": wake.total,
        })
    });
    json!({ "sites": sites.collect::<Vec<Value>>(), "wakes": wakes.collect::<Vec<Value>>() })
}
