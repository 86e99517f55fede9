//! B: who waits, for what, and who makes them wait.

use super::super::case::{Case, Place};
use super::super::finding::{Evidence, Finding, Metric, heaviest, placed};
use super::super::matcher::gather;
use super::super::pattern::{Patterns, exactly};
use super::super::rule::{Confidence, Rule, Severity};
use super::rule;
use super::signature::{percent, what};
use crate::model::{FunctionId, Kind};
use crate::unit;

/// Share of the delay that makes a place worth naming as a lock's holder.
const HOLDER: f64 = 0.30;
/// Delay, in ns, from which a recording of unknown length is worth a word, and a look.
const NOTABLE: [f64; 2] = [10e6, 1e9];
/// Waits that are meant to last: idle servers, tickers, main waiting for all, the profiler itself.
const IDLE: &str = "net/http.(*Server).{Serve,ListenAndServe} net/http.(*conn).serve \
    net/http.(*persistConn).{readLoop,writeLoop} os/signal.loop os/signal.signal_recv \
    os/signal.Notify* database/sql.(*DB).connectionOpener context.(*cancelCtx).propagateCancel* \
    runtime/pprof.* net/http/pprof.* runtime.gcBgMarkStartWorkers runtime.gcStart \
    testing.(*T).Run testing.(*B).Run testing.(*B).run testing.(*B).launch testing.(*B).runN \
    testing.(*M).Run testing.runTests testing.tRunner";

pub(super) fn look(case: &Case<'_>, out: &mut Vec<Finding>) {
    let waits = Waits::new(case);
    if case.kind() == Kind::Mutex {
        out.extend(holder(case, &waits));
        out.extend(runtime_locks(case, &waits));
    } else {
        out.extend(victim(case, &waits));
        out.extend(sends(case, &waits));
        out.extend(stragglers(case, &waits));
        out.extend(database(case, &waits));
    }
    out.extend(writers(case, &waits));
}

/// What a stack of a block or mutex profile ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Lock,
    Send,
    Receive,
    Select,
    Group,
    Condition,
    RuntimeLock,
    Other,
}

struct Waits {
    /// Per stack; `None` for those on the list of waits that are meant.
    operations: Vec<Option<Operation>>,
    /// Σ delay of the others.
    total: u64,
    /// What was left out, ns.
    ignored: u64,
}

impl Waits {
    fn new(case: &Case<'_>) -> Self {
        let idle = Patterns::new(IDLE);
        let is_idle: Vec<bool> = functions(case)
            .map(|f| idle.matches(case.name_of(f)))
            .collect();
        let mut waits = Self {
            operations: Vec::with_capacity(case.weights.values.len()),
            total: 0,
            ignored: 0,
        };
        for stack in 0..case.weights.values.len() {
            let value = case.weights.values[stack];
            let operation = operation(case, stack);
            let meant = case
                .frames(stack)
                .any(|line| is_idle[line.function.index()])
                || operation == Operation::Group && waits_in_main(case, stack);
            if meant {
                waits.ignored = waits.ignored.saturating_add(value);
                waits.operations.push(None);
            } else {
                waits.total = waits.total.saturating_add(value);
                waits.operations.push(Some(operation));
            }
        }
        waits
    }

    fn stacks<'w>(
        &'w self,
        case: &'w Case<'_>,
        operation: Operation,
    ) -> impl Iterator<Item = usize> + use<'w> {
        let is_it =
            move |&s: &usize| self.operations[s] == Some(operation) && case.weights.values[s] > 0;
        (0..self.operations.len()).filter(is_it)
    }

    fn share(&self, value: u64) -> f64 {
        if self.total == 0 {
            0.0
        } else {
            value as f64 / self.total as f64
        }
    }
}

fn functions(case: &Case<'_>) -> impl Iterator<Item = FunctionId> + use<> {
    (0..case.profile.functions.len()).map(|row| FunctionId(row as u32))
}

fn leaf<'a>(case: &Case<'a>, stack: usize) -> &'a [u8] {
    let line = case.frames(stack).next();
    line.map_or(b"", |line| case.name_of(line.function))
}

fn operation(case: &Case<'_>, stack: usize) -> Operation {
    let name = leaf(case, stack);
    let starts = |text: &str| name.starts_with(text.as_bytes());
    if starts("sync.(*Mutex).") || starts("sync.(*RWMutex).") || starts("internal/sync.(*Mutex).") {
        Operation::Lock
    } else if starts("runtime.chansend") {
        Operation::Send
    } else if starts("runtime.chanrecv") {
        Operation::Receive
    } else if starts("runtime.selectgo") {
        Operation::Select
    } else if starts("sync.(*WaitGroup).Wait") {
        Operation::Group
    } else if starts("sync.(*Cond).Wait") {
        Operation::Condition
    } else if starts("runtime.unlock") || starts("runtime._LostContendedRuntimeLock") {
        Operation::RuntimeLock
    } else {
        Operation::Other
    }
}

/// The wait stands in main itself: it waits for everything.
fn waits_in_main(case: &Case<'_>, stack: usize) -> bool {
    let outer = case.frames(stack).find(|line| {
        let name = case.name_of(line.function);
        !name.starts_with(b"sync.")
            && !name.starts_with(b"runtime.")
            && !name.starts_with(b"golang.org/x/sync/")
    });
    outer.is_some_and(|line| case.name_of(line.function) == b"main.main")
}

fn places(case: &Case<'_>, stacks: &[usize]) -> Vec<Place> {
    gather(case, stacks.iter().map(|&s| (s, case.blamed(s))))
}

fn delay(value: u64) -> String {
    unit::label(value.min(i64::MAX as u64) as i64, "nanoseconds")
}

fn evidence(case: &Case<'_>, stacks: &[usize], places: &[Place], metric: Metric) -> Evidence {
    let samples: f64 = stacks.iter().map(|&s| case.weights.counts[s]).sum();
    let focus = places
        .first()
        .map_or_else(String::new, |place| exactly(case.name_of(place.function)));
    let mut evidence = Evidence {
        stack: heaviest(case, stacks.iter().copied()),
        focus,
        ..placed(case, metric, samples.round() as u64, places)
    };
    if let Some(place) = places.first().filter(|place| place.samples >= 1.0) {
        let mean = place.value as f64 / place.samples;
        let waits = unit::plural(place.samples.round() as u64, "wait");
        evidence.notes.push(format!(
            "{waits} of {} each on average at the first place.",
            delay(mean as u64)
        ));
    }
    evidence
}

fn confidence(samples: f64) -> Confidence {
    // Events of one kind, not a sample of something else: few give an order, not a measure.
    if samples < 30.0 {
        Confidence::Low
    } else {
        Confidence::High
    }
}

/// B01: the place behind whose lock most of the waiting is. Its size is put into proportion with
/// the length of the recording where that is known.
fn holder(case: &Case<'_>, waits: &Waits) -> Option<Finding> {
    let rule = rule("B01")?;
    let stacks: Vec<usize> = waits.stacks(case, Operation::Lock).collect();
    let places = places(case, &stacks);
    let first = places.first()?;
    let share = waits.share(first.value);
    if share < HOLDER {
        return None;
    }
    let delay_ns = first.value as f64;
    let seconds = case.profile.duration_nanos as f64;
    let mut limits = Vec::new();
    let (severity, text) = if seconds > 0.0 {
        let equivalents = delay_ns / seconds;
        let text = format!("{equivalents:.2} goroutines waiting on average, ");
        (rule.severity(equivalents)?, text)
    } else {
        limits.push("The file does not say how long the recording took, so the delay cannot be put into proportion: record with ?seconds=30, or divide by the run time.".to_owned());
        let severity = match delay_ns {
            ns if ns >= NOTABLE[1] => Severity::Medium,
            ns if ns >= NOTABLE[0] => Severity::Low,
            _ => Severity::Info,
        };
        (severity, String::new())
    };
    let metric = Metric {
        value: share,
        interval: None,
        threshold: HOLDER,
        text: format!(
            "{text}{}, {} of {}",
            delay(first.value),
            percent(share),
            what(case)
        ),
    };
    let mut finding = Finding::new(
        rule,
        severity,
        confidence(first.samples),
        evidence(case, &stacks, &places, metric),
    );
    finding.limits = limits;
    Some(finding)
}

/// A rule by the share of waiting in one operation.
fn by_share(
    case: &Case<'_>,
    waits: &Waits,
    rule: &'static Rule,
    stacks: &[usize],
    verb: &str,
) -> Option<Finding> {
    let places = places(case, stacks);
    let value = case.weights.sum(stacks.iter().copied()).value;
    let share = waits.share(value);
    let mut severity = rule.severity(share)?;
    if (value as f64) < NOTABLE[0] {
        return None;
    }
    let count: f64 = stacks.iter().map(|&s| case.weights.counts[s]).sum();
    let mut limits = Vec::new();
    if waits.ignored > 0 {
        limits.push(format!(
            "{} of waits that are meant (idle servers, main waiting for all, the profiler) are left out.",
            delay(waits.ignored)
        ));
    }
    if case.profile.duration_nanos == 0 && (value as f64) < NOTABLE[1] {
        severity = severity.lower();
    }
    let metric = Metric {
        value: share,
        interval: None,
        threshold: rule.threshold(),
        text: format!(
            "{}, {} of {} {verb}",
            delay(value),
            percent(share),
            what(case)
        ),
    };
    let mut finding = Finding::new(
        rule,
        severity,
        confidence(count),
        evidence(case, stacks, &places, metric),
    );
    finding.limits = limits;
    Some(finding)
}

/// B02.
fn victim(case: &Case<'_>, waits: &Waits) -> Option<Finding> {
    let stacks: Vec<usize> = waits.stacks(case, Operation::Lock).collect();
    by_share(case, waits, rule("B02")?, &stacks, "for locks")
}

/// B04.
fn sends(case: &Case<'_>, waits: &Waits) -> Option<Finding> {
    let stacks: Vec<usize> = waits.stacks(case, Operation::Send).collect();
    let mut finding = by_share(case, waits, rule("B04")?, &stacks, "in sends")?;
    let sum = |operation| {
        let stacks = waits.stacks(case, operation);
        case.weights.sum(stacks).value
    };
    let (send, receive) = (sum(Operation::Send), sum(Operation::Receive));
    let reading = if send > receive {
        "receivers are too few or too slow"
    } else {
        "more is waited for work than for taking it"
    };
    finding.evidence[0].notes.push(format!(
        "Sends waited {}, receives {}: {reading}.",
        delay(send),
        delay(receive)
    ));
    Some(finding)
}

/// B07.
fn stragglers(case: &Case<'_>, waits: &Waits) -> Option<Finding> {
    let stacks: Vec<usize> = waits.stacks(case, Operation::Group).collect();
    by_share(case, waits, rule("B07")?, &stacks, "for groups to end")
}

/// I16 in block profiles.
fn database(case: &Case<'_>, waits: &Waits) -> Option<Finding> {
    let rule = rule("I16")?;
    let pools = Patterns::new(
        "database/sql.(*DB).{conn,grabConn} github.com/jackc/pgx/v5/pgxpool.(*Pool).Acquire github.com/jackc/pgx/v4/pgxpool.(*Pool).Acquire github.com/redis/go-redis/v9/internal/pool.*",
    );
    let waiting = |&s: &usize| {
        waits.operations[s].is_some()
            && case
                .frames(s)
                .any(|l| pools.matches(case.name_of(l.function)))
    };
    let stacks: Vec<usize> = (0..waits.operations.len()).filter(waiting).collect();
    let value = case.weights.sum(stacks.iter().copied()).value;
    let share = waits.share(value);
    if share < 0.10 {
        return None;
    }
    let metric = Metric {
        value: share,
        interval: None,
        threshold: 0.10,
        text: format!("{}, {} of {}", delay(value), percent(share), what(case)),
    };
    let places = places(case, &stacks);
    let count: f64 = stacks.iter().map(|&s| case.weights.counts[s]).sum();
    let evidence = evidence(case, &stacks, &places, metric);
    Some(Finding::new(
        rule,
        Severity::High,
        confidence(count),
        evidence,
    ))
}

/// B03: of the waiting at RWMutexes, that of writers for writers.
fn writers(case: &Case<'_>, waits: &Waits) -> Option<Finding> {
    let rule = rule("B03")?;
    let is_rw = |name: &[u8]| name.starts_with(b"sync.(*RWMutex).");
    let mut at_rw: Vec<usize> = Vec::new();
    let mut between_writers: Vec<usize> = Vec::new();
    for stack in waits.stacks(case, Operation::Lock) {
        let mut names = case.frames(stack).map(|line| case.name_of(line.function));
        let first = names.next().unwrap_or_default();
        if is_rw(first) {
            at_rw.push(stack);
        } else if names.next().is_some_and(is_rw) {
            // The writers' own lock inside the RWMutex: taken by Lock, released by Unlock.
            at_rw.push(stack);
            between_writers.push(stack);
        }
    }
    let sum = |stacks: &[usize]| case.weights.sum(stacks.iter().copied()).value;
    let (of_writers, all) = (sum(&between_writers), sum(&at_rw));
    let share = of_writers as f64 / all.max(1) as f64;
    let mut severity = rule.severity(share)?;
    if (of_writers as f64) < NOTABLE[0] || waits.share(all) < 0.05 {
        return None;
    }
    if (of_writers as f64) < NOTABLE[1] && case.profile.duration_nanos == 0 {
        severity = severity.lower();
    }
    let places = places(case, &between_writers);
    let metric = Metric {
        value: share,
        interval: None,
        threshold: rule.threshold(),
        text: format!(
            "{} of the {} at RWMutexes is of writers for other writers",
            percent(share),
            delay(all)
        ),
    };
    let count: f64 = between_writers
        .iter()
        .map(|&s| case.weights.counts[s])
        .sum();
    let evidence = evidence(case, &between_writers, &places, metric);
    Some(Finding::new(rule, severity, confidence(count), evidence))
}

/// B06.
fn runtime_locks(case: &Case<'_>, waits: &Waits) -> Option<Finding> {
    let stacks: Vec<usize> = waits.stacks(case, Operation::RuntimeLock).collect();
    by_share(case, waits, rule("B06")?, &stacks, "for the runtime's own")
}
