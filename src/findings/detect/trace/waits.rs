//! T06, T07, T12: waits for the system, for the network, for a lock.

use super::super::super::case::Where;
use super::super::super::finding::Finding;
use super::super::super::rule::Severity;
use super::super::rule;
use super::super::signature::percent;
use super::collector::together;
use super::{Answer, EACH, Seen, Spot, Traced, measured, ratio, time};
use crate::model::StackId;
use crate::model::trace::{Cause, Group, WaitKind, WaitSite};
use crate::unit;

/// T06: calls below which a group is only looked at for long ones, goroutines in calls on
/// average below which nobody cares, and nanoseconds of a long one.
const CALLS: (u64, f64, u64) = (10, 0.05, 100_000_000);
/// T06: calls that are there to wait for another process or a signal.
const MEANT: &str = "os.(*Process).{Wait,wait,pidfdWait,blockUntilWaitable} os/exec.* syscall.Wait4 \
    syscall.{forkExec,StartProcess} os/signal.* runtime/pprof.* runtime/trace.*";
/// T07: waits of a group, and goroutines that wait on average, below which nobody cares.
const ANSWERS: (u64, f64) = (30, 0.1);
/// T07: who stands in these waits for an answer from elsewhere, whatever the reason is called.
const ASKING: &str = "net/http.(*persistConn).roundTrip net/http.(*Transport).{getConn,roundTrip} \
    net/http.(*http2ClientConn).{RoundTrip,roundTrip} net/http.(*http2clientStream).* \
    golang.org/x/net/http2.(*ClientConn).{RoundTrip,roundTrip} \
    google.golang.org/grpc/internal/transport.(*recvBufferReader).* \
    net.(*netFD).connect net.(*Resolver).*";
/// T07: who writes asks; who only reads waits for what may come.
const WRITING: &str = "net.(*conn).Write net.(*netFD).{Write,connect} crypto/tls.(*Conn).Write \
    net.(*Buffers).WriteTo";
/// T12: waits for a lock, and what wakes those.
const LOCKING: &str = "sync.(*Mutex).Lock sync.(*RWMutex).{Lock,RLock} internal/sync.(*Mutex).*";
const UNLOCKING: &str = "sync.(*Mutex).Unlock sync.(*RWMutex).{Unlock,RUnlock}";
/// T12: waits below which it is no queue.
const LOCKED: u64 = 30;

pub(super) fn look(traced: &Traced<'_, '_>, out: &mut Vec<Finding>) {
    let mut calls: Vec<(f64, Finding)> = Vec::new();
    let mut answers: Vec<(f64, Finding)> = Vec::new();
    let meant = traced.marks(MEANT);
    let (asking, writing) = (traced.marks(ASKING), traced.marks(WRITING));
    for (row, group) in traced.groups() {
        // Where nothing of the program is on any stack there is nothing to change.
        if traced.is_library(row) && !traced.has_own(row) {
            continue;
        }
        calls.extend(in_calls(traced, row, group, &meant));
        answers.extend(for_answers(traced, row, group, &asking, &writing));
    }
    for mut found in [calls, answers] {
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        out.extend(found.into_iter().take(EACH).map(|(_, finding)| finding));
    }
    queues(traced, out);
}

/// The lines of some sites, the heaviest first.
fn spots<'s>(
    traced: &Traced<'_, '_>,
    sites: impl Iterator<Item = &'s WaitSite>,
    whole: u64,
) -> Vec<Spot> {
    let spots = sites.filter_map(|site| {
        let (count, nanos) = site.all();
        Some(Spot {
            place: traced.blamed(site.stack)?,
            nanos,
            count,
            share: ratio(nanos, whole),
        })
    });
    together(spots.collect())
}

/// T06: goroutines in syscalls, by group.
fn in_calls(
    traced: &Traced<'_, '_>,
    row: u32,
    group: &Group,
    meant: &[bool],
) -> Option<(f64, Finding)> {
    let rule = rule("T06")?;
    let sites: Vec<&WaitSite> = traced
        .sites_of(row)
        .filter(|site| site.kind == WaitKind::Syscall && !traced.has(site.stack, meant))
        .collect();
    let calls: u64 = sites.iter().map(|site| site.count).sum();
    let nanos: u64 = sites.iter().map(|site| site.all().1).sum();
    // One that never ends waits for what may never come.
    let longest = sites
        .iter()
        .filter(|site| site.count > 0)
        .map(|site| site.most)
        .max()?;
    let share = ratio(nanos, group.total());
    let mean = traced.totals.of_time(nanos);
    let by_share = rule
        .severity(share)
        .filter(|_| calls >= CALLS.0 && mean >= CALLS.1);
    let by_longest = (longest >= CALLS.2).then_some(Severity::Low);
    let severity = by_share.max(by_longest)?;
    let text = format!(
        "{} of the time of {} in {}: {}, the longest {}",
        percent(share),
        traced.name(row),
        unit::plural(calls, "call"),
        time(nanos),
        time(longest)
    );
    let blocked = ratio(group.syscall_blocked, group.syscall.total());
    let notes = vec![format!(
        "{mean:.2} goroutines are in such a call on average; in {} of that time the runtime had given their processor to others, which costs a thread each.",
        percent(blocked)
    )];
    let seen = Seen {
        metric: measured(rule, share, text),
        samples: calls,
        of_samples: group.syscall.count(),
        noun: "call",
        spots: spots(traced, sites.iter().copied(), nanos),
        groups: vec![row],
        stack: sites.first().map_or(StackId(0), |site| site.stack),
        notes,
    };
    Some((mean, traced.finding(rule, severity, seen)))
}

/// Waits with what they are called, the most first: `12 waits (select 10, network 2)`. Who waits
/// for an answer often does so in a select, beside its timeout.
fn counted(reasons: &[(String, u64)], all: u64) -> String {
    let mut reasons: Vec<&(String, u64)> = reasons.iter().collect();
    reasons.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let named = reasons.iter().map(|(reason, count)| match &**reason {
        "" => format!("from before the trace {}", unit::count(*count)),
        reason => format!("{reason} {}", unit::count(*count)),
    });
    let named: Vec<String> = named.collect();
    format!("{} ({})", unit::plural(all, "wait"), named.join(", "))
}

/// T07: goroutines that ask and wait, by group.
fn for_answers(
    traced: &Traced<'_, '_>,
    row: u32,
    group: &Group,
    asking: &[bool],
    writing: &[bool],
) -> Option<(f64, Finding)> {
    let rule = rule("T07")?;
    let is_answer = |site: &&WaitSite| {
        let asks = traced.has(site.stack, asking);
        let reads = traced.reason(site) == b"network" && !traced.is_served(site.stack);
        site.kind == WaitKind::Blocked && (asks || reads)
    };
    let sites: Vec<&WaitSite> = traced.sites_of(row).filter(is_answer).collect();
    let count: u64 = sites.iter().map(|site| site.count).sum();
    let nanos: u64 = sites.iter().map(|site| site.all().1).sum();
    let share = ratio(nanos, group.total());
    let mean = traced.totals.of_time(nanos);
    let severity = rule.severity(share)?;
    let asks = |site: &WaitSite| traced.has(site.stack, writing) || traced.has(site.stack, asking);
    let is_client = traced.sites_of(row).any(asks) && !was_accepted(traced, row);
    if count < ANSWERS.0 || mean < ANSWERS.1 || !is_client {
        return None;
    }
    let mut reasons: Vec<(String, u64)> = Vec::new();
    for site in &sites {
        let reason = String::from_utf8_lossy(traced.reason(site)).into_owned();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, sum)) => *sum += site.count,
            None => reasons.push((reason, site.count)),
        }
    }
    let text = format!(
        "{} of the time of {}: {} in {}",
        percent(share),
        traced.name(row),
        time(nanos),
        counted(&reasons, count)
    );
    let mut notes = vec![format!(
        "A wait took {} on average, {} at most; {mean:.1} goroutines wait at a time.",
        time(nanos / count.max(1)),
        time(sites.iter().map(|site| site.most).max().unwrap_or(0))
    )];
    if let Some(task) = traced
        .report
        .tasks
        .first()
        .filter(|task| task.times.count() > 0)
    {
        notes.push(format!(
            "Tasks “{}” take {} in the median, {} at the 99th percentile.",
            traced.case.profile.strings.text(task.name),
            time(task.times.percentile(0.5)),
            time(task.times.percentile(0.99))
        ));
    }
    let seen = Seen {
        metric: measured(rule, share, text),
        samples: count,
        of_samples: count,
        noun: "wait",
        spots: spots(traced, sites.iter().copied(), nanos),
        groups: vec![row],
        stack: sites.first().map_or(StackId(0), |site| site.stack),
        notes,
    };
    Some((mean, traced.finding(rule, severity, seen)))
}

/// The goroutines were started by one that accepts connections: they answer, and do not ask.
fn was_accepted(traced: &Traced<'_, '_>, row: u32) -> bool {
    let Some((_, stack)) = traced.created_at(row) else {
        return false;
    };
    let creator = traced.case.frames(stack.index()).next_back();
    let creator = creator.map(|line| traced.case.name_of(line.function));
    traced.sites().any(|site| {
        let is_creators = traced
            .group(site.group)
            .map(|group| traced.bytes(group.name))
            == creator;
        is_creators && site.kind == WaitKind::Blocked && traced.is_served(site.stack)
    })
}

/// A place where a lock is wanted, with all that was waited there.
struct Queue<'c> {
    place: Where,
    sites: Vec<&'c WaitSite>,
    count: u64,
    nanos: u64,
}

fn find_queues<'c>(traced: &Traced<'c, '_>) -> Vec<Queue<'c>> {
    let locking = traced.marks(LOCKING);
    let mut queues: Vec<Queue<'c>> = Vec::new();
    let is_lock = |site: &&WaitSite| {
        // A library's own locks are nobody's to split.
        let is_wanted = traced.has(site.stack, &locking) && traced.is_own_code(site.stack);
        site.kind == WaitKind::Blocked && is_wanted
    };
    for site in traced.sites().filter(is_lock) {
        let Some(place) = traced.blamed(site.stack) else {
            continue;
        };
        let at = queues.iter().position(|queue| queue.place == place);
        let at = at.unwrap_or_else(|| {
            queues.push(Queue {
                place,
                sites: Vec::new(),
                count: 0,
                nanos: 0,
            });
            queues.len() - 1
        });
        let (count, nanos) = site.all();
        queues[at].sites.push(site);
        queues[at].count += count;
        queues[at].nanos += nanos;
    }
    queues.sort_by_key(|queue| std::cmp::Reverse(queue.nanos));
    queues
}

/// T12: places where many wait for a lock.
fn queues(traced: &Traced<'_, '_>, out: &mut Vec<Finding>) {
    let found = find_queues(traced)
        .into_iter()
        .filter_map(|queue| queued(traced, &queue));
    out.extend(found.take(EACH));
}

fn queued(traced: &Traced<'_, '_>, queue: &Queue<'_>) -> Option<Finding> {
    let rule = rule("T12")?;
    let duration = traced.totals.duration;
    // By Little's law: waiting time over time is how many stand in line.
    let mean = ratio(queue.nanos, duration);
    let severity = rule.severity(mean).filter(|_| queue.count >= LOCKED)?;
    let text = format!(
        "{mean:.1} goroutines stand in line on average: {} in {}",
        time(queue.nanos),
        unit::plural(queue.count, "wait")
    );
    let mut notes = vec![format!(
        "One gets it every {} or so; a wait takes {} on average, {} at most.",
        time(duration / queue.count.max(1)),
        time(queue.nanos / queue.count.max(1)),
        time(queue.sites.iter().map(|site| site.most).max().unwrap_or(0))
    )];
    let mut groups: Vec<u32> = queue.sites.iter().map(|site| site.group).collect();
    groups.dedup();
    let mut all = spots(traced, queue.sites.iter().copied(), queue.nanos);
    if let Some(holder) = released_at(traced, &groups) {
        let name = super::super::super::finding::name(traced.case, holder.place.0);
        notes.push(format!(
            "Those in line are woken most by {}, which then lets go of it.",
            crate::analysis::short_symbol(&name)
        ));
        all.push(holder);
    }
    let seen = Seen {
        metric: measured(rule, mean, text),
        samples: queue.count,
        of_samples: queue.count,
        noun: "wait",
        spots: all,
        groups,
        stack: queue.sites.first().map_or(StackId(0), |site| site.stack),
        notes,
    };
    Some(traced.finding(rule, severity, seen))
}

/// Where the lock is released most that these groups wait for.
fn released_at(traced: &Traced<'_, '_>, groups: &[u32]) -> Option<Spot> {
    let unlocking = traced.marks(UNLOCKING);
    let sites = traced.sites().filter(|site| {
        site.kind == WaitKind::Sched(Cause::Unblocked)
            && groups.contains(&site.group)
            && traced.has(site.stack, &unlocking)
    });
    let found = sites.filter_map(|site| {
        Some(Spot {
            place: traced.blamed(site.stack)?,
            // How long those who were woken waited to run is not the lock's.
            nanos: 0,
            count: site.count,
            share: 0.0,
        })
    });
    let mut found = together(found.collect());
    found.sort_by_key(|spot| std::cmp::Reverse(spot.count));
    found.into_iter().next()
}

pub(super) fn answers(traced: &Traced<'_, '_>) -> Vec<Answer> {
    let worst = find_queues(traced).into_iter().next();
    let (nanos, count) = worst.map_or((0, 0), |queue| (queue.nanos, queue.count));
    let calls = traced
        .groups()
        .map(|(_, group)| group.syscall.total())
        .max()
        .unwrap_or(0);
    vec![
        Answer {
            rules: &["T12"],
            question: "Do goroutines queue for a lock?",
            value: format!(
                "{:.2} in line on average at the worst place, in {}",
                traced.totals.of_time(nanos),
                unit::plural(count, "wait")
            ),
            threshold: "0.25 in line, in 30 waits",
        },
        Answer {
            rules: &["T06"],
            question: "Do goroutines spend much time in system calls?",
            value: format!(
                "{:.2} in a call on average in the worst group",
                traced.totals.of_time(calls)
            ),
            threshold: "20% of a group's time",
        },
    ]
}
