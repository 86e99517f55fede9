//! Rows about procs, goroutines, pools, tasks and samples.

use super::cell::{Cell, Draft, Traced, part, spread};
use crate::analysis::trace::{pools as find_pools, totals};
use crate::model::trace::{Group, ProcUse};
use crate::unit;

/// Share of the time of all procs, as many as GOMAXPROCS had them at a time, that was used.
pub(super) fn busy(of: &Traced<'_>) -> f64 {
    totals(of.profile, of.report).busy_share()
}

pub(super) fn procs(of: &Traced<'_>, _: &str) -> Vec<Draft> {
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
            share(&[Worker, Assist, Sweep]),
            share(&[Syscall]),
            share(&[IdleWorker]),
            share(&[Scheduler]),
            share(&[Idle]),
            Cell::Count(proc.runs),
        ];
        Draft::new(i, cells).of_whole(whole)
    });
    rows.collect()
}

/// What most of a group's waiting was for, and how long it waited in all.
pub(super) fn mostly(of: &Traced<'_>, group: &Group) -> (u64, String) {
    let total = group.blocks.iter().map(|(_, times)| times.total()).sum();
    let most = group.blocks.first().map(|&(reason, _)| of.reason(reason));
    (total, most.unwrap_or_default())
}

pub(super) fn groups(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let report = of.report;
    let all: u64 = report.groups.iter().map(|group| group.exec.total()).sum();
    let row = |i: usize, name: String, group: &Group| {
        let (blocked, most) = mostly(of, group);
        let cells = vec![
            Cell::Text(name),
            Cell::Count(group.count),
            // Of the folded ones it is not known: each had its most at its own time.
            match group.most_alive {
                0 => Cell::None,
                most => Cell::Count(most),
            },
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
            folded.exec.merge(&group.exec);
            folded.sched.merge(&group.sched);
            folded.syscall.merge(&group.syscall);
            folded.assist = folded.assist.saturating_add(group.assist);
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

pub(super) fn goroutines(of: &Traced<'_>, which: &str) -> Vec<Draft> {
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

/// The pools that the findings and the report know, too.
pub(super) fn pools(of: &Traced<'_>, _: &str) -> Vec<Draft> {
    let totals = totals(of.profile, of.report);
    let found = find_pools(of.profile, of.report, &totals, of.classes);
    let rows = found.iter().filter_map(|facts| {
        let group = of.report.groups.get(facts.group as usize)?;
        let pool = &group.pool;
        let imbalance = match facts.imbalance > 0.0 {
            true => Cell::Number(facts.imbalance),
            false => Cell::None,
        };
        let cells = vec![
            Cell::Text(of.group_name(group.name)),
            Cell::Number(facts.workers),
            Cell::Number(facts.busy),
            Cell::Share(facts.idle),
            Cell::Share(part(pool.runnable, pool.members)),
            Cell::Share(facts.saturated),
            Cell::Share(facts.starved),
            Cell::Number(pool.jobs as f64 / (pool.time.max(1) as f64 / 1e9)),
            imbalance,
            Cell::Text(facts.verdict.label().to_owned()),
        ];
        let row = Draft::new(facts.group as usize, cells);
        let busy = part(pool.running, pool.members);
        Some(
            row.of_whole(busy)
                .opens("goroutines", facts.group.to_string()),
        )
    });
    rows.collect()
}

pub(super) fn tasks(of: &Traced<'_>, _: &str) -> Vec<Draft> {
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

pub(super) fn task_list(of: &Traced<'_>, which: &str) -> Vec<Draft> {
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

pub(super) fn regions(of: &Traced<'_>, _: &str) -> Vec<Draft> {
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

pub(super) fn samples(of: &Traced<'_>, _: &str) -> Vec<Draft> {
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
