//! Groups that work as pools: whether they have the right size, and work for all.
//!
//! A pool is a group of several goroutines that take what other goroutines hand them through
//! channels: its waits in a receive or a select are ended by others, or it ends others' waits in a
//! send. What the members did at the same time says the rest.

use rustc_hash::FxHashSet;

use super::totals::{Totals, is_programs};
use crate::analysis::{Class, Classes};
use crate::model::trace::{Group, NO_GROUP, Pool, TraceReport, Wake};
use crate::model::{FunctionId, Profile, StringId};

/// Members at a time, on average, of a pool.
const WORKERS: f64 = 1.5;
/// Times a pool was handed something; below it is not known how it works.
const HANDED: u64 = 30;
/// Share of the trace, and nanoseconds, for which a pool is there.
const THERE: (f64, u64) = (0.1, 20_000_000);
/// Share of the waits for work that others of the program end: timers feed no pool.
const FED: f64 = 0.5;
/// None waits for work for this share of the time: the pool is saturated.
const SATURATED: f64 = 0.9;
/// All wait for work for this share of the time, and this share of all of theirs: it is starved.
const STARVED: (f64, f64) = (0.8, 0.8);
/// Goroutines that wait to hand something over, on average, for whom there are too few workers.
const SENDERS: f64 = 0.5;
/// Share of the procs' time from which on no more workers would find one.
const EXHAUSTED: f64 = 0.85;
/// Share of the time that members of a pool of too many wait for a proc.
const QUEUEING: f64 = 0.2;
/// An uneven pool: members, the busiest over the middle one, or deviation over mean; the time
/// waited for work; how busy the busiest is.
const UNEVEN: (u64, f64, f64, f64, f64) = (4, 2.0, 0.5, 0.3, 0.5);

/// What is to be said of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolVerdict {
    /// Most of the work goes to few members while others wait.
    Imbalanced,
    /// All are busy, others wait to hand over work, and there are procs for more.
    TooFew,
    /// There are more than procs, and they queue for these.
    TooMany,
    /// All are busy, and so are the procs.
    CpuBound,
    /// All wait for work nearly all of the time.
    Starved,
    /// Nothing.
    Fits,
}

impl PoolVerdict {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Imbalanced => "work unevenly spread",
            Self::TooFew => "too few workers",
            Self::TooMany => "too many workers for the procs",
            Self::CpuBound => "CPU-bound",
            Self::Starved => "slow producer, or too many workers",
            Self::Fits => "fits its work",
        }
    }
}

/// A pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoolFacts {
    /// Row of [`TraceReport::groups`].
    pub group: u32,
    /// Members on average, while there was any.
    pub workers: f64,
    /// Members that ran or were in a call of the system, on average.
    pub busy: f64,
    /// Share of the members' time in which they waited for work, 0 to 1.
    pub idle: f64,
    /// Share of the time members ran or could have run in which they had no proc.
    pub queueing: f64,
    /// Share of the time in which none waited for work.
    pub saturated: f64,
    /// Share of the time in which all did.
    pub starved: f64,
    /// Times that it was handed something.
    pub handed: u64,
    /// Running time of the busiest over that of the one in the middle; 0 where that did not run.
    pub imbalance: f64,
    /// Share of the time for which the busiest ran.
    pub busiest: f64,
    /// Standard deviation of running times over their mean.
    pub variation: f64,
    /// Goroutines that waited to hand over work, on average, and the group of most of them.
    pub senders: (f64, u32),
    /// The group that ended most waits for work; [`NO_GROUP`] for none.
    pub producer: u32,
    /// What that means.
    pub verdict: PoolVerdict,
}

/// The pools of a trace, in the order of its groups. What the standard library keeps for itself,
/// such as a pair of goroutines for each connection, is none that anybody sized.
pub fn pools(
    profile: &Profile,
    report: &TraceReport,
    totals: &Totals,
    classes: &Classes,
) -> Vec<PoolFacts> {
    let is_library = |row: usize| classes.of(FunctionId(row as u32)) == Class::Std;
    let functions = profile.functions.iter().enumerate();
    let library: FxHashSet<StringId> = functions
        .filter(|&(row, _)| is_library(row))
        .map(|(_, function)| function.name)
        .collect();
    let groups = (0_u32..).zip(&report.groups);
    let own = groups.filter(|(_, group)| {
        is_programs(profile, group) && group.most_alive > 1 && !library.contains(&group.name)
    });
    let waits = Waits::new(profile, report);
    own.filter_map(|(at, group)| facts(at, group, &waits, totals))
        .collect()
}

/// Who ends whose waits for work, and whose sends.
struct Waits<'a> {
    report: &'a TraceReport,
    /// Of each wake: the wait was for work, or a send.
    kinds: Vec<(bool, bool)>,
}

impl<'a> Waits<'a> {
    fn new(profile: &Profile, report: &'a TraceReport) -> Self {
        let kind = |wake: &Wake| {
            let reason = profile.strings.bytes(wake.reason);
            (
                matches!(reason, b"chan receive" | b"select"),
                reason == b"chan send",
            )
        };
        Self {
            report,
            kinds: report.wakes.iter().map(kind).collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = (&Wake, bool, bool)> {
        let wakes = self.report.wakes.iter().zip(&self.kinds);
        wakes.map(|(wake, &(for_work, in_send))| (wake, for_work, in_send))
    }
}

fn facts(at: u32, group: &Group, waits: &Waits<'_>, totals: &Totals) -> Option<PoolFacts> {
    let pool = &group.pool;
    let workers = ratio(pool.members, pool.time);
    let is_there = pool.time >= THERE.1 && totals.of_time(pool.time) >= THERE.0;
    if workers < WORKERS || !is_there {
        return None;
    }
    let (mut fed, mut unfed, mut producer) = (0, 0, (0, NO_GROUP));
    let (mut taken, mut sending, mut sender) = (0, 0, (0, NO_GROUP));
    for (wake, for_work, in_send) in waits.all() {
        if for_work && wake.to == at {
            // What members say to each other is no work from outside.
            match wake.from == NO_GROUP || wake.from == at {
                true => unfed += wake.count,
                false => {
                    fed += wake.count;
                    producer = producer.max((wake.count, wake.from));
                }
            }
        } else if in_send && wake.from == at && wake.to != at {
            taken += wake.count;
            sending += wake.total;
            sender = sender.max((wake.total, wake.to));
        }
    }
    let is_fed = fed as f64 >= FED * (fed + unfed) as f64;
    if !is_fed || fed + taken < HANDED {
        return None;
    }
    let (most, middle, _) = pool.exec;
    let mut facts = PoolFacts {
        group: at,
        workers,
        busy: ratio(pool.running + pool.syscall, pool.time),
        idle: ratio(pool.idle, pool.members),
        queueing: ratio(pool.runnable, pool.runnable + pool.running),
        saturated: ratio(pool.saturated, pool.time),
        starved: ratio(pool.starved, pool.time),
        handed: fed + taken,
        imbalance: ratio(most, middle),
        busiest: ratio(most, pool.time),
        variation: pool.variation,
        senders: (ratio(sending, pool.time), sender.1),
        producer: if producer.1 == NO_GROUP {
            sender.1
        } else {
            producer.1
        },
        verdict: PoolVerdict::Fits,
    };
    facts.verdict = verdict(&facts, group, pool, totals);
    Some(facts)
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

fn verdict(facts: &PoolFacts, group: &Group, pool: &Pool, totals: &Totals) -> PoolVerdict {
    let (least, times, variation, idle, busiest) = UNEVEN;
    let middle = pool.exec.1;
    let is_uneven = facts.imbalance >= times || middle == 0 || facts.variation >= variation;
    // Goroutines that come and go have run for as long as they lived.
    let is_standing = group.count <= group.most_alive + group.most_alive / 2;
    if is_uneven
        && is_standing
        && group.most_alive >= least
        && facts.idle >= idle
        && facts.busiest >= busiest
    {
        return PoolVerdict::Imbalanced;
    }
    let is_exhausted = totals.busy_share() >= EXHAUSTED;
    let procs = ratio(totals.procs, totals.duration);
    if facts.saturated >= SATURATED {
        if !is_exhausted && facts.senders.0 >= SENDERS {
            return PoolVerdict::TooFew;
        }
        if is_exhausted {
            let queues = facts.workers > procs && facts.queueing >= QUEUEING;
            return if queues {
                PoolVerdict::TooMany
            } else {
                PoolVerdict::CpuBound
            };
        }
    }
    if facts.starved >= STARVED.0 && facts.idle >= STARVED.1 {
        return PoolVerdict::Starved;
    }
    PoolVerdict::Fits
}
