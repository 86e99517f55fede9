//! Rules for which no recorded trace has a plain case, and guards, on reports made by hand.

use std::sync::Arc;

use super::super::super::{Findings, Input, examine};
use crate::analysis::Classes;
use crate::findings::{Finding, Severity};
use crate::model::trace::{
    CollectorPoint, Cycle, GoroutineRow, Group, Histogram, Pool, ProcRow, ProcUse, Stop, StopKind,
    TraceReport, Wake,
};
use crate::model::{Kind, Profile, StringId};

/// A millisecond; traces here are of a second, on four procs.
const MS: u64 = 1_000_000;
const SECOND: u64 = 1000 * MS;

/// A trace that is being made.
struct Trace {
    profile: Profile,
    report: TraceReport,
}

impl Trace {
    fn new() -> Self {
        let mut profile = Profile::default();
        profile.strings.push(b"");
        let point = CollectorPoint {
            procs: 4,
            ..CollectorPoint::default()
        };
        Self {
            profile,
            report: TraceReport {
                span: (0, SECOND),
                last_event: SECOND,
                events: 1000,
                max_procs: (4, 4),
                procs: vec![ProcRow::default()],
                collector: vec![point],
                ..TraceReport::default()
            },
        }
    }

    fn text(&mut self, text: &str) -> StringId {
        let strings = &mut self.profile.strings;
        strings.push(text.as_bytes()).expect("room")
    }

    /// A group, and its goroutines, which run equally long.
    fn group(&mut self, name: &str, exec: u64, group: Group) -> u32 {
        let row = self.report.groups.len() as u32;
        let name = self.text(name);
        let count = group.count.max(1);
        for _ in 0..count {
            self.report.goroutines.push(GoroutineRow {
                id: self.report.goroutines.len() as u64 + 1,
                group: row,
                exec: exec / count,
                total: SECOND,
                ..GoroutineRow::default()
            });
        }
        self.report.groups.push(Group {
            name,
            count,
            most_alive: group.most_alive.max(1),
            exec: times(1, exec),
            ..group
        });
        self.report.procs[0].uses[ProcUse::Running as usize] += exec;
        row
    }

    fn wake(&mut self, from: u32, to: u32, reason: &str, count: u64, total: u64) {
        let reason = self.text(reason);
        self.report.wakes.push(Wake {
            from,
            to,
            reason,
            count,
            total,
        });
    }

    fn stop(&mut self, reason: &str, all: &[u64]) {
        let reason = self.text(reason);
        let mut times = Histogram::default();
        for &time in all {
            times.add(time);
            self.report.worst_stops.push(Stop {
                time,
                reason,
                last: u64::MAX,
                ..Stop::default()
            });
        }
        self.report.stops.push(StopKind { reason, times });
    }

    fn examined(self) -> Findings {
        let mut profile = self.profile;
        profile.trace = Some(Arc::new(self.report));
        let classes = Classes::new(&profile);
        examine(&[Input {
            name: "trace.out",
            kind: Kind::Trace,
            profile: &profile,
            classes: &classes,
        }])
    }

    fn found(self) -> Vec<(&'static str, Severity)> {
        let found = self.examined().findings;
        found
            .iter()
            .map(|f: &Finding| (f.rule.id, f.severity))
            .collect()
    }
}

/// So many of equal length.
fn times(count: u64, each: u64) -> Histogram {
    let mut times = Histogram::default();
    (0..count).for_each(|_| times.add(each));
    times
}

use Severity::{High, Low, Medium};

#[test]
fn one_goroutine_that_others_wait_for_is_a_bottleneck() {
    let trace = |waits| {
        let mut trace = Trace::new();
        let busy = trace.group("main.encode", 950 * MS, Group::default());
        let waiting = trace.group("main.handle", 20 * MS, Group::default());
        trace.wake(busy, waiting, "chan send", waits, 700 * MS);
        trace
    };
    // 950 of 970 ms run are 98 %, on four procs.
    assert_eq!(trace(200).found(), [("T16", Low)]);
    // One wait is that for its end.
    assert_eq!(trace(1).found(), []);
    // On one proc there is nothing to be won.
    let mut single = trace(200);
    single.report.max_procs = (1, 1);
    assert_eq!(single.found(), []);
}

#[test]
fn waits_to_run_are_told_where_they_are_many_or_cost() {
    let trace = |exec, sched| {
        let mut trace = Trace::new();
        let group = Group {
            sched,
            ..Group::default()
        };
        trace.group("main.work", exec, group);
        trace.found()
    };
    // Two long ones in a second may be the machine's.
    let mut few = times(98, 1000);
    (0..2).for_each(|_| few.add(20 * MS));
    assert_eq!(trace(500 * MS, few), []);
    // Three of a hundred: the 99th is one of them; 60 ms are more than a tenth of 500.
    let mut some = times(97, 1000);
    (0..3).for_each(|_| some.add(20 * MS));
    assert_eq!(trace(500 * MS, some.clone()), [("T01", High)]);
    // A tenth of what it runs is not reached: latency now and then.
    assert_eq!(trace(900 * MS, some), [("T01", Medium)]);
    // Two milliseconds are less than a slice.
    assert_eq!(trace(900 * MS, times(30, 2 * MS)), [("T01", Low)]);
}

#[test]
fn goroutines_that_wait_while_procs_are_idle_are_told() {
    let mut trace = Trace::new();
    let group = Group {
        sched: times(2000, 900_000),
        ..Group::default()
    };
    // 1.8 s of waiting in a second, while 0.1 of four procs run.
    trace.group("main.work", 100 * MS, group);
    let found = trace.examined();
    let [finding] = &found.findings[..] else {
        panic!("{:?}", found.findings)
    };
    assert_eq!((finding.rule.id, finding.severity), ("T04", Medium));
    assert!(finding.title.contains("although some are idle"));
    assert!(finding.main().metric.text.starts_with("1.8 goroutines"));
}

#[test]
fn the_worst_window_speaks_where_nothing_says_why() {
    let mut trace = Trace::new();
    trace.group("main.work", 100 * MS, Group::default());
    // Six times 20 ms in which three of four procs work for the collector.
    for i in 0..6 {
        let at = (100 + i * 100) * MS;
        for (at, workers) in [(at, 3), (at + 20 * MS, 0)] {
            trace.report.collector.push(CollectorPoint {
                at,
                procs: 4,
                workers,
                ..CollectorPoint::default()
            });
        }
        trace.report.cycles.push(Cycle {
            from: at,
            to: at + 20 * MS,
            is_whole: true,
            ..Cycle::default()
        });
    }
    let found = trace.examined();
    let ids: Vec<&str> = found.findings.iter().map(|f| f.rule.id).collect();
    assert_eq!(ids, ["T04"]);
    let text = &found.findings[0].main().metric.text;
    // One of four is left; on average 1 − 6 · 20 ms · 3/4 ÷ 1 s.
    assert!(
        text.starts_with("25.0% of the procs") && text.contains("91.0% on average"),
        "{text}"
    );
}

#[test]
fn stops_are_told_by_share_or_by_length() {
    let found = |reason: &str, all: &[u64]| {
        let mut trace = Trace::new();
        trace.stop(reason, all);
        trace.found()
    };
    // 20 · 0.5 ms are 1 %, 40 · 0.9 ms 3.6 %.
    assert_eq!(found("GC mark termination", &[MS / 2; 19]), []);
    assert_eq!(
        found("GC mark termination", &[MS / 2; 20]),
        [("T02", Medium)]
    );
    assert_eq!(found("read mem stats", &[MS * 9 / 10; 40]), [("T02", High)]);
    // A single long one may be the machine's.
    assert_eq!(found("GOMAXPROCS", &[2 * MS]), [("T02", Low)]);
    assert_eq!(found("GOMAXPROCS", &[2 * MS; 2]), [("T02", Medium)]);
    assert_eq!(found("GOMAXPROCS", &[12 * MS; 2]), [("T02", High)]);
    // Tracing itself is not the program's.
    assert_eq!(found("start trace", &[50 * MS]), []);
}

/// A pool that two others feed and read, as it spends a second with eight workers.
fn pooled(busy: u64, pool: Pool) -> Vec<(&'static str, Severity)> {
    let mut trace = Trace::new();
    let group = Group {
        count: 8,
        most_alive: 8,
        pool: Pool {
            time: SECOND,
            members: 8 * SECOND,
            exec: (busy / 8, busy / 8, busy),
            ..pool
        },
        ..Group::default()
    };
    let workers = trace.group("main.worker", busy, group);
    let producer = trace.group("main.produce", MS, Group::default());
    trace.wake(producer, workers, "chan receive", 500, SECOND);
    trace.wake(workers, producer, "chan send", 500, 900 * MS);
    trace.found()
}

#[test]
fn pools_are_judged_by_what_limits_them() {
    // Never without work, while most procs are idle and 0.9 goroutines wait to hand over.
    let starving = Pool {
        running: SECOND,
        saturated: SECOND,
        ..Pool::default()
    };
    assert_eq!(pooled(SECOND, starving), [("T09", Medium)]);
    // The same with all four procs busy, and workers that want to run twice as often as they do.
    let crowded = Pool {
        running: 4 * SECOND,
        runnable: 4 * SECOND,
        saturated: SECOND,
        ..Pool::default()
    };
    assert_eq!(pooled(4 * SECOND, crowded), [("T11", Medium)]);
    // All procs busy, and nobody queues for them: more cannot be had.
    let full = Pool {
        running: 4 * SECOND,
        saturated: SECOND,
        ..Pool::default()
    };
    assert_eq!(pooled(4 * SECOND, full), []);
    // Waiting for work nearly always, all of them.
    let idle = Pool {
        running: SECOND / 10,
        idle: 7 * SECOND,
        starved: 900 * MS,
        jobs: 500,
        ..Pool::default()
    };
    assert_eq!(pooled(SECOND / 10, idle), [("T10", Low)]);
    // Half of the time is as it should be.
    let well = Pool {
        running: 2 * SECOND,
        idle: 4 * SECOND,
        starved: 400 * MS,
        saturated: 300 * MS,
        jobs: 500,
        ..Pool::default()
    };
    assert_eq!(pooled(2 * SECOND, well), []);
}
