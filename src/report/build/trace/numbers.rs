//! The integers behind the tables of a trace.

use super::super::super::json::raw_name;
use super::super::super::json_trace::{
    GROUP_LIMIT, GroupNumbers, PoolNumbers, SpreadNumbers, TraceNumbers,
};
use super::super::study::Study;
use crate::analysis::trace::{is_programs, pools, totals};
use crate::model::trace::{Cause, Group, Histogram};
use crate::model::{Profile, StringId};

/// The integers of a file that is a trace.
pub(in super::super) fn numbers(study: &Study<'_>) -> Option<TraceNumbers> {
    let profile = study.file.profile;
    let report = profile.trace.as_deref()?;
    let totals = totals(profile, report);
    let text = |id: StringId| profile.strings.text(id).into_owned();
    let own = report
        .groups
        .iter()
        .filter(|group| is_programs(profile, group));
    let found = pools(profile, report, &totals, &study.classes);
    Some(TraceNumbers {
        events: report.events,
        procs: report.max_procs.0,
        created: report.created,
        ended: report.ended,
        groups: own
            .take(GROUP_LIMIT)
            .map(|group| of_group(profile, group))
            .collect(),
        latency: Cause::ALL
            .into_iter()
            .map(|cause| spread(cause.label(), &report.latency[cause as usize]))
            .filter(|spread| spread.count > 0)
            .collect(),
        stops: report
            .stops
            .iter()
            .map(|stop| spread(&text(stop.reason), &stop.times))
            .collect(),
        cycles: report.cycles.len() as u64,
        marking: totals.marking,
        tasks: report
            .tasks
            .iter()
            .map(|kind| spread(&text(kind.name), &kind.times))
            .collect(),
        pools: found
            .iter()
            .filter_map(|pool| {
                let group = report.groups.get(pool.group as usize)?;
                let facts = &group.pool;
                Some(PoolNumbers {
                    name: raw_name(&text(group.name)),
                    time: facts.time,
                    members: facts.members,
                    running: facts.running,
                    runnable: facts.runnable,
                    idle: facts.idle,
                    saturated: facts.saturated,
                    starved: facts.starved,
                    handed: pool.handed,
                    verdict: pool.verdict.label().to_owned(),
                })
            })
            .collect(),
    })
}

fn of_group(profile: &Profile, group: &Group) -> GroupNumbers {
    let text = |id: StringId| profile.strings.text(id).into_owned();
    let waits = group
        .blocks
        .iter()
        .map(|(reason, times)| spread(&text(*reason), times));
    GroupNumbers {
        name: raw_name(&text(group.name)),
        count: group.count,
        most_alive: group.most_alive,
        left: group.left,
        running: group.exec.total(),
        runnable: spread("runnable", &group.sched),
        syscalls: spread("syscall", &group.syscall),
        assists: group.assist,
        waits: waits.collect(),
    }
}

fn spread(name: &str, times: &Histogram) -> SpreadNumbers {
    SpreadNumbers {
        name: raw_name(name),
        count: times.count(),
        total: times.total(),
        p50: times.percentile(0.5),
        p99: times.percentile(0.99),
        longest: times.most(),
    }
}
