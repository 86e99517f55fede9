//! Small traces made by hand, with all times in the comments.

use super::testing::{NOBODY, Script};
use super::*;
use crate::model::trace::{
    Edge, GoState, Metric, NO_PARENT, NONE, ProcState, RangeKind, What, is_none,
};

/// Two goroutines on two threads and one proc.
///
/// | time | event |
/// |---|---|
/// | 1000 | the trace begins; thread 0 holds the proc and runs goroutine 1 |
/// | 1100 | 1 creates 7, a "worker" |
/// | 1200 | 1 waits for a channel |
/// | 1210 | 7 runs |
/// | 1500 | 7 wakes 1 |
/// | 1600 | 7 ends |
/// | 1640 | 1 runs |
/// | 2000 | 1 is in a call of the system |
/// | 2100 | thread 1 takes the proc from it, and holds it from 2101 on |
/// | 2300 | 1 comes back from the call |
/// | 2400 | 1 runs on thread 1 |
/// | 3000 | the trace ends |
fn two_goroutines(limits: Limits, filler: u64) -> Timeline {
    use GoState::{NotExist, Runnable, Running, Syscall, Undetermined, Waiting};
    let mut script = Script::new(limits, filler);
    let main = script.stack("main.main");
    let worker = script.stack("worker");
    let (idle, running) = (ProcState::Idle, ProcState::Running);
    script.sync(1000, 1);
    let told = (ProcState::Undetermined, running);
    script.proc(1001, (0, NONE, NONE), 0, told);
    script.go(1002, (0, 0, NONE), 0, (Undetermined, Running));
    let stacks = (worker, main);
    script.go_at(1100, (0, 0, 0), 1, (NotExist, Runnable), "", stacks);
    let waits = (Running, Waiting);
    script.go_at(1200, (0, 0, 0), 0, waits, "chan receive", (main, main));
    script.go(1210, (0, 0, NONE), 1, (Runnable, Running));
    script.go_at(1500, (0, 0, 1), 0, (Waiting, Runnable), "", (0, worker));
    script.go(1600, (0, 0, 1), 1, (Running, NotExist));
    script.go(1640, (0, 0, NONE), 0, (Runnable, Running));
    script.go_at(2000, (0, 0, 0), 0, (Running, Syscall), "", (main, main));
    script.proc(2100, (1, NONE, NONE), 0, (running, idle));
    script.proc(2101, (1, NONE, NONE), 0, (idle, running));
    script.go(2300, (0, NONE, 0), 0, (Syscall, Runnable));
    script.go(2400, (1, 0, NONE), 0, (Runnable, Running));
    script.sync(3000, 2);
    script.finish()
}

/// The same trace, with chunks that end in different places.
fn variants() -> Vec<Timeline> {
    let small = Limits {
        chunk: 16,
        raw: 0,
        ..Limits::default()
    };
    let fillers = [0, 3, 7, 20, 50, 90];
    let mut all = vec![two_goroutines(Limits::default(), 0)];
    all.extend(fillers.map(|filler| two_goroutines(small, filler)));
    all
}

#[test]
fn a_place_has_its_exact_span() {
    let (zero, one, proc) = (LaneId::Goroutine(0), LaneId::Goroutine(1), LaneId::Proc(0));
    let (first, second) = (LaneId::Thread(0), LaneId::Thread(1));
    let expected = [
        (zero, 1000, State::User, (1000, 1200)),
        (zero, 1199, State::User, (1000, 1200)),
        (zero, 1200, State::Channel, (1200, 1500)),
        (zero, 1550, State::Unblocked, (1500, 1640)),
        (zero, 1640, State::User, (1640, 2000)),
        (zero, 2099, State::Syscall, (2000, 2100)),
        (zero, 2100, State::SyscallBare, (2100, 2300)),
        (zero, 2300, State::Returned, (2300, 2400)),
        (zero, 2999, State::User, (2400, 3000)),
        (one, 1050, State::Blank, (1000, 1100)),
        (one, 1100, State::Created, (1100, 1210)),
        (one, 1599, State::User, (1210, 1600)),
        (one, 2000, State::Blank, (1600, 3000)),
        (proc, 1100, State::User, (1000, 1200)),
        (proc, 1205, State::Scheduler, (1200, 1210)),
        (proc, 1300, State::User, (1210, 1600)),
        (proc, 2050, State::Syscall, (2000, 2100)),
        (proc, 2100, State::Idle, (2100, 2101)),
        (proc, 2200, State::Scheduler, (2101, 2400)),
        (proc, 2400, State::User, (2400, 3000)),
        (first, 2200, State::SyscallBare, (2100, 2300)),
        (first, 2350, State::Blank, (2300, 3000)),
        (second, 2000, State::Blank, (1000, 2101)),
        (second, 2200, State::Scheduler, (2101, 2400)),
    ];
    for timeline in variants() {
        for (lane, time, state, span) in expected {
            let moment = timeline.at(lane, time).unwrap();
            let found = (moment.state, (moment.begin, moment.end));
            assert_eq!(found, (state, span), "{lane:?} at {time}");
        }
        assert_eq!(timeline.at(zero, 999), None);
        assert_eq!(timeline.at(zero, 3001), None);
        assert_eq!(timeline.at(LaneId::Goroutine(2), 1500), None);
        assert_eq!(timeline.at(LaneId::Proc(1), 1500), None);
    }
}

#[test]
fn a_place_tells_who_where_and_why() {
    for timeline in variants() {
        let names = |stack| -> Vec<String> {
            let frames = timeline.world().stack(stack);
            frames
                .map(|frame| timeline.world().text(frame.function).into_owned())
                .collect()
        };
        let waits = timeline.at(LaneId::Goroutine(0), 1300).unwrap();
        assert_eq!(timeline.world().text(waits.reason), "chan receive");
        assert_eq!(names(waits.stack), ["main.main"]);
        assert_eq!(waits.waker, None);
        assert_eq!((waits.thread, waits.proc), (NONE, NONE));
        // Goroutine 7 woke it at 1500, from a wait since 1200.
        for time in [1550, 1700, 2050, 2200] {
            let wake = timeline
                .at(LaneId::Goroutine(0), time)
                .unwrap()
                .waker
                .unwrap();
            assert_eq!(
                (wake.time, wake.since, wake.from, wake.to),
                (1500, 1200, 1, 0)
            );
            assert_eq!(timeline.group_name(wake.group), "worker");
            assert_eq!(names(wake.stack), ["worker"]);
            assert_eq!((wake.thread, wake.proc), (0, 0));
            assert_eq!(timeline.world().text(wake.reason), "chan receive");
        }
        // It came back from a call by itself.
        assert_eq!(timeline.at(LaneId::Goroutine(0), 2500).unwrap().waker, None);
        let runs = timeline.at(LaneId::Proc(0), 1300).unwrap();
        assert_eq!((runs.goroutine, runs.thread, runs.proc), (1, 0, 0));
        let wake = runs.waker.unwrap();
        // It was created at 1100 by goroutine 1.
        assert_eq!((wake.time, wake.since, wake.from), (1100, 1100, 0));
        let later = timeline.at(LaneId::Proc(0), 2500).unwrap();
        assert_eq!((later.goroutine, later.thread), (0, 1));
    }
}

#[test]
fn changes_are_stepped_through() {
    for timeline in variants() {
        for (lane, changes) in [
            (
                LaneId::Goroutine(0),
                vec![1200, 1500, 1640, 2000, 2100, 2300, 2400],
            ),
            (LaneId::Goroutine(1), vec![1100, 1210, 1600]),
            (
                LaneId::Proc(0),
                vec![1200, 1210, 1600, 1640, 2000, 2100, 2101, 2400],
            ),
            (LaneId::Thread(1), vec![2101, 2400]),
        ] {
            let mut time = 0;
            let mut found = Vec::new();
            while let Some(next) = timeline.step(lane, time, true) {
                found.push(next);
                time = next;
            }
            assert_eq!(found, changes, "{lane:?}");
            let mut time = u64::MAX;
            while let Some(before) = timeline.step(lane, time, false) {
                assert_eq!(found.pop(), Some(before), "{lane:?}");
                time = before;
            }
            assert!(found.is_empty(), "{lane:?}: {found:?}");
        }
    }
}

#[test]
fn groups_count_their_goroutines() {
    for timeline in variants() {
        let lanes = timeline.lanes();
        let group = |name: &str| {
            let is_it = |lane: &&Lane| lane.name == name && matches!(lane.id, LaneId::Group(_));
            lanes.iter().find(is_it).unwrap()
        };
        let worker = group("worker");
        // It ran from 1210 to 1600.
        assert_eq!((worker.members, worker.total), (1, 390));
        let counts = |lane, time| timeline.at(lane, time).unwrap().counts;
        assert_eq!(counts(worker.id, 1150), [0, 1, 0, 0]);
        assert_eq!(counts(worker.id, 1550), [1, 0, 0, 0]);
        assert_eq!(counts(worker.id, 1600), [0, 0, 0, 0]);
        assert_eq!(counts(LaneId::Counts, 1300), [1, 0, 0, 1]);
        assert_eq!(counts(LaneId::Counts, 2200), [0, 0, 1, 0]);
        let moment = timeline.at(LaneId::Counts, 1300).unwrap();
        assert_eq!((moment.begin, moment.end), (1210, 1500));
        let members = timeline.members(worker.id, 0, 10);
        assert_eq!(members.len(), 1);
        assert_eq!(
            (members[0].id, &*members[0].name),
            (LaneId::Goroutine(1), "7")
        );
        assert_eq!(members[0].span, (1100, 1600));
    }
}

#[test]
fn who_wakes_whom_is_found() {
    for timeline in variants() {
        let flow = timeline.flow(0, 1550);
        let woken = flow.woken.unwrap();
        assert_eq!((woken.time, woken.from), (1500, 1));
        // It created goroutine 7 at 1100, and woke nobody else.
        let wakes = flow.wakes.unwrap();
        assert_eq!((wakes.time, wakes.from, wakes.to), (1100, 0, 1));
        let flow = timeline.flow(1, 1000);
        assert_eq!(flow.woken.unwrap().time, 1100);
        assert_eq!(flow.wakes.unwrap().time, 1500);
        assert_eq!(timeline.flow(99, 1000), Flow::default());
    }
}

#[test]
fn a_switch_is_one_record_and_three_events() {
    use GoState::{Runnable, Running, Undetermined, Waiting};
    let mut script = Script::new(Limits::default(), 0);
    script.sync(1000, 1);
    let told = (ProcState::Undetermined, ProcState::Running);
    script.proc(1001, (0, NONE, NONE), 0, told);
    script.go(1002, (0, 0, NONE), 0, (Undetermined, Running));
    script.go(1003, NOBODY, 1, (Undetermined, Waiting));
    // Goroutine 1 switches to 7 at 1500, and that back at 1700.
    for (time, from, to) in [(1500, 0, 1), (1700, 1, 0)] {
        script.go(time, (0, 0, from), to, (Waiting, Runnable));
        script.go(time + 1, (0, 0, from), from, (Running, Waiting));
        script.go(time + 2, (0, 0, NONE), to, (Runnable, Running));
    }
    script.sync(2000, 2);
    let timeline = script.finish();
    // A sync, three states, two switches, a sync.
    assert_eq!(timeline.records(), 7);
    for (lane, time, state, span) in [
        (LaneId::Goroutine(1), 1400, State::Waiting, (1000, 1500)),
        (LaneId::Goroutine(1), 1501, State::Unblocked, (1500, 1502)),
        (LaneId::Goroutine(1), 1600, State::User, (1502, 1701)),
        (LaneId::Goroutine(0), 1600, State::Waiting, (1501, 1700)),
        (LaneId::Goroutine(0), 1701, State::Unblocked, (1700, 1702)),
        (LaneId::Proc(0), 1501, State::Scheduler, (1501, 1502)),
        (LaneId::Proc(0), 1600, State::User, (1502, 1701)),
    ] {
        let moment = timeline.at(lane, time).unwrap();
        let found = (moment.state, (moment.begin, moment.end));
        assert_eq!(found, (state, span), "{lane:?} at {time}");
    }
    let wake = timeline.at(LaneId::Proc(0), 1600).unwrap().waker.unwrap();
    assert_eq!((wake.time, wake.from, wake.since), (1500, 0, 1000));
    let flow = timeline.flow(0, 1600);
    assert_eq!(flow.wakes.map(|wake| wake.time), Some(1500));
}

#[test]
fn ranges_tasks_regions_and_messages_have_lanes() {
    use GoState::{Running, Undetermined};
    let mut script = Script::new(Limits::default(), 0);
    let who = (0, 0, 0);
    script.sync(1000, 1);
    let told = (ProcState::Undetermined, ProcState::Running);
    script.proc(1001, (0, NONE, NONE), 0, told);
    script.go(1002, (0, 0, NONE), 0, (Undetermined, Running));
    let range = |edge, kind, reason| What::Range {
        edge,
        kind,
        scope: if kind == RangeKind::Mark { NONE } else { 0 },
        reason,
        bytes: (0, 0),
    };
    let why = script.world.string(b"GC sweep termination");
    let [outer, inner, work, said] =
        [&b"outer"[..], b"inner", b"Work", b"all is well"].map(|text| script.world.string(text));
    // Marking from 1100 to 1900, the world stopped from 1200 to 1300 and an assist from 1400 on.
    script.event(1100, who, 0, range(Edge::Begin, RangeKind::Mark, 0));
    script.event(1200, who, 0, range(Edge::Begin, RangeKind::Stop, why));
    script.event(1300, who, 0, range(Edge::End, RangeKind::Stop, why));
    script.event(1400, who, 0, range(Edge::Begin, RangeKind::Assist, 0));
    script.event(1500, who, 0, range(Edge::End, RangeKind::Assist, 0));
    let task = |edge| What::Task {
        edge,
        id: 5,
        parent: NO_PARENT,
        name: work,
    };
    let region = |edge, name| What::Region {
        edge,
        task: 5,
        name,
    };
    script.event(1510, who, 0, task(Edge::Begin));
    script.event(1520, who, 0, region(Edge::Begin, outer));
    script.event(1530, who, 0, region(Edge::Begin, inner));
    let log = What::Log {
        task: 5,
        category: work,
        message: said,
    };
    script.event(1540, who, 0, log);
    script.event(1550, who, 0, region(Edge::End, inner));
    script.event(1600, who, 0, region(Edge::End, outer));
    script.event(1700, who, 0, task(Edge::End));
    script.event(1800, who, 0, What::Metric(Metric::Heap, 1 << 20));
    script.event(1900, who, 0, range(Edge::End, RangeKind::Mark, 0));
    script.sync(2000, 2);
    let timeline = script.finish();
    for (lane, time, state, span) in [
        (LaneId::Collector, 1050, State::Blank, (1000, 1100)),
        (LaneId::Collector, 1150, State::Mark, (1100, 1200)),
        (LaneId::Collector, 1250, State::Stop, (1200, 1300)),
        (LaneId::Collector, 1500, State::Mark, (1300, 1900)),
        (LaneId::Goroutine(0), 1250, State::Stop, (1200, 1300)),
        (LaneId::Goroutine(0), 1450, State::Assist, (1400, 1500)),
        (LaneId::Proc(0), 1450, State::Assist, (1400, 1500)),
        (LaneId::Regions(0), 1525, State::Region, (1520, 1600)),
        (LaneId::Regions(0), 1540, State::Region, (1530, 1550)),
        (LaneId::Task(0), 1600, State::Task, (1510, 1700)),
    ] {
        let moment = timeline.at(lane, time).unwrap();
        let found = (moment.state, (moment.begin, moment.end));
        assert_eq!(found, (state, span), "{lane:?} at {time}");
    }
    let stop = timeline.at(LaneId::Collector, 1250).unwrap();
    assert_eq!(timeline.world().text(stop.reason), "GC sweep termination");
    assert_eq!(timeline.at(LaneId::TaskKind(0), 1600).unwrap().counts[0], 1);
    assert_eq!(timeline.at(LaneId::TaskKind(0), 1800).unwrap().counts[0], 0);
    assert_eq!(timeline.at(LaneId::Heap, 1850).unwrap().values.0, 1 << 20);
    assert_eq!(timeline.task(0), Some(("Work".to_owned(), None)));
    let window = Window {
        from: 1000,
        to: 2000,
        width: 1000,
    };
    let lanes = [
        LaneId::Regions(0),
        LaneId::Task(0),
        LaneId::Collector,
        LaneId::Regions(0),
    ];
    let painted = timeline.paint(&window, &lanes, &[u32::MAX; State::COUNT]);
    // One pixel is a nanosecond.
    let of = |row: u32| -> Vec<(f32, f32, u32)> {
        let spans = painted.spans.iter().filter(|span| span.row == row);
        spans.map(|span| (span.x0, span.x1, span.depth)).collect()
    };
    assert_eq!(of(0), [(520.0, 600.0, 0), (530.0, 550.0, 1)]);
    assert_eq!(of(0), of(3));
    assert_eq!(of(1), [(510.0, 700.0, 0)]);
    assert_eq!(
        of(2),
        [(100.0, 200.0, 0), (200.0, 300.0, 0), (300.0, 900.0, 0)]
    );
    assert_eq!(painted.rows[0].pixels[519..521], [0, u32::MAX]);
    let found = timeline.search("wor", 10);
    // The task, and the message for its category.
    assert_eq!(found.total, 2);
    assert_eq!(
        (found.hits[0].kind, found.hits[0].from),
        (HitKind::Task, 1510)
    );
    assert_eq!(found.hits[1].text, "Work: all is well");
    assert_eq!(
        timeline.search("INNER", 10).hits[0].lane,
        LaneId::Regions(0)
    );
    assert_eq!(
        timeline.search("g 1", 10).hits[0].lane,
        LaneId::Goroutine(0)
    );
    let few = timeline.search("r", 1);
    assert!(few.hits.len() == 1 && few.total > 1);
    assert_eq!(timeline.search("  ", 10), Found::default());
}

#[test]
fn what_is_lost_is_not_known() {
    use GoState::{Running, Undetermined, Waiting};
    let mut script = Script::new(Limits::default(), 0);
    script.sync(1000, 1);
    let told = (ProcState::Undetermined, ProcState::Running);
    script.proc(1001, (0, NONE, NONE), 0, told);
    script.go(1002, (0, 0, NONE), 0, (Undetermined, Running));
    script.go(1003, NOBODY, 1, (Undetermined, Waiting));
    script.event(1500, (0, 0, 0), 0, What::Metric(Metric::Heap, 5));
    let loss = Loss {
        generation: 1,
        at: 0,
        bytes: 10,
        span: (1500, 2000),
        reason: "torn".to_owned(),
    };
    script.sink.lost(&loss, &script.world);
    // From 2000 on it is known again what 1 does; 7 is told of no more.
    script.sync(2000, 2);
    script.proc(2100, (1, NONE, NONE), 0, told);
    script.go(2101, (1, 0, NONE), 0, (Undetermined, Running));
    script.sync(3000, 3);
    let timeline = script.finish();
    for (lane, time, state, span) in [
        (LaneId::Goroutine(0), 1400, State::User, (1000, 1500)),
        (LaneId::Goroutine(0), 1700, State::Unknown, (1500, 2000)),
        (LaneId::Goroutine(0), 2050, State::User, (2000, 3000)),
        (LaneId::Goroutine(1), 1700, State::Unknown, (1500, 2000)),
        (LaneId::Goroutine(1), 2500, State::Blank, (2000, 3000)),
        (LaneId::Proc(0), 1400, State::User, (1000, 1500)),
        (LaneId::Proc(0), 1700, State::Unknown, (1500, 2000)),
        (LaneId::Proc(0), 2500, State::User, (2000, 3000)),
        (LaneId::Collector, 1700, State::Unknown, (1500, 2000)),
    ] {
        let moment = timeline.at(lane, time).unwrap();
        let found = (moment.state, (moment.begin, moment.end));
        assert_eq!(found, (state, span), "{lane:?} at {time}");
    }
    assert_eq!(
        timeline.at(LaneId::Counts, 1400).unwrap().counts,
        [1, 0, 0, 1]
    );
    assert_eq!(timeline.at(LaneId::Counts, 1700).unwrap().counts, [0; 4]);
    assert_eq!(
        timeline.at(LaneId::Counts, 2050).unwrap().counts,
        [1, 0, 0, 0]
    );
}

#[test]
fn an_empty_trace_has_nothing() {
    let script = Script::new(Limits::default(), 0);
    let timeline = script.finish();
    assert_eq!(
        (timeline.begin(), timeline.end(), timeline.records()),
        (0, 0, 0)
    );
    assert_eq!(timeline.lanes().len(), 4);
    let window = Window {
        from: 0,
        to: 100,
        width: 10,
    };
    let lanes = [
        LaneId::Collector,
        LaneId::Heap,
        LaneId::Counts,
        LaneId::MaxProcs,
        LaneId::Proc(0),
        LaneId::Thread(7),
        LaneId::Group(0),
        LaneId::Goroutine(3),
        LaneId::Regions(3),
        LaneId::TaskKind(0),
        LaneId::Task(9),
    ];
    let painted = timeline.paint(&window, &lanes, &[u32::MAX; State::COUNT]);
    assert_eq!(painted.rows.len(), lanes.len());
    assert!(painted.spans.is_empty());
    for row in &painted.rows {
        assert!(row.pixels.iter().all(|&pixel| pixel == 0), "{row:?}");
        let columns = row.columns.iter().flat_map(|column| column.line);
        assert!(columns.into_iter().all(f32::is_nan), "{row:?}");
        assert_eq!(timeline.at(row.lane, 0), None);
        assert_eq!(timeline.step(row.lane, 0, true), None);
        assert_eq!(timeline.step(row.lane, 0, false), None);
    }
    assert_eq!(timeline.flow(0, 0), Flow::default());
    assert_eq!(timeline.search("main", 5), Found::default());
    assert!(is_none(timeline.group(0).unwrap_or(NONE)));
}

#[test]
fn lanes_are_numbers_and_back() {
    for lane in [LaneId::Collector, LaneId::Proc(3), LaneId::Task(u32::MAX)] {
        assert_eq!(LaneId::of_number(lane.number()), Some(lane));
    }
    assert_eq!(LaneId::of_number(11 << 32), None);
}
