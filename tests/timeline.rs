//! The timeline of execution traces: it gives back every event, and what it draws is what the
//! events say.
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

#[path = "timeline/brute.rs"]
mod brute;
#[path = "timeline/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use dropprof::model::trace::{Edge, Event, GoState, ProcState, What};
use dropprof::views::{LaneId, Limits, State, Timeline, Window};

use self::brute::{Brute, Changes, areas, sums};
use self::support::{Random, Recorder, Told, own, own_traces, read};

/// Chunks so small that the traces of the project have many, and only tiny windows are drawn from
/// records.
const SMALL: Limits = Limits {
    chunk: 500,
    raw: 2000,
};

fn replayed(timeline: &Timeline, from: u64, to: u64) -> Vec<Told> {
    let mut recorder = Recorder::default();
    timeline.replay(from, to, &mut recorder);
    recorder.0.take()
}

fn same(name: &str, found: &[Told], expected: &[Told]) {
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_eq!(found, expected, "{name}, event {i}");
    }
    assert_eq!(found.len(), expected.len(), "{name}");
}

#[test]
fn every_event_is_given_back() {
    for (name, bytes) in own_traces() {
        for limits in [Limits::default(), SMALL] {
            let (timeline, told) = read(&bytes, limits).expect("a trace");
            same(&name, &replayed(&timeline, 0, u64::MAX), &told);
        }
    }
}

#[test]
fn every_event_of_the_goldens_of_go_is_given_back() {
    let corpus = own().join("../../../shared/corpus/gotrace/golden");
    let Ok(entries) = std::fs::read_dir(corpus) else {
        return;
    };
    let mut seen = 0;
    for entry in entries {
        let path = entry.expect("readable").path();
        if path.extension().is_some_and(|ending| ending == "trace") {
            let bytes = std::fs::read(&path).expect("readable");
            let name = path.display().to_string();
            for limits in [Limits::default(), Limits { chunk: 0, raw: 0 }] {
                let (timeline, told) = read(&bytes, limits).expect("a trace");
                same(&name, &replayed(&timeline, 0, u64::MAX), &told);
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 23, "goldens");
}

/// Windows of all lengths: the whole, more than the whole, and some by chance.
fn windows(brute: &Brute, random: &mut Random, count: usize) -> Vec<Window> {
    let length = brute.end - brute.begin;
    let mut windows = vec![
        Window {
            from: brute.begin,
            to: brute.end,
            width: 2560,
        },
        Window {
            from: brute.begin.saturating_sub(length / 3),
            to: brute.end + length / 5,
            width: 700,
        },
    ];
    for _ in 0..count {
        let long = length >> random.below(20);
        let from = brute.begin + random.below(length);
        windows.push(Window {
            from,
            to: from + 64 + random.below(long),
            width: 1 + random.below(3000) as u32,
        });
    }
    windows
}

/// The lane's states, and what the events say of it.
fn check_sums(name: &str, timeline: &Timeline, window: &Window, lane: LaneId, changes: &Changes) {
    let shares = timeline.shares(window, lane);
    assert_eq!(shares.len(), window.width as usize * State::COUNT);
    let nanos = (window.to - window.from) as f64 / f64::from(window.width);
    let mut found = [0.0; State::COUNT];
    for column in shares.chunks(State::COUNT) {
        let all: f32 = column.iter().sum();
        assert!(all < 1.1, "{name}, {lane:?} {window:?}: {all} of a column");
        for (sum, share) in found.iter_mut().zip(column) {
            *sum += f64::from(*share) * nanos;
        }
    }
    let expected = sums(changes, window.from, window.to, timeline.end());
    let length = (window.to - window.from) as f64;
    for state in State::ALL {
        let (found, expected) = (found[state as usize], expected[state as usize]);
        assert!(
            (found - expected).abs() <= length / 1000.0,
            "{name}, {lane:?} {window:?}: {state:?} is {found} ns, not {expected}"
        );
    }
}

#[test]
fn columns_sum_up_to_what_events_say() {
    let mut random = Random(5);
    for (name, bytes) in own_traces() {
        for limits in [Limits::default(), SMALL] {
            let (timeline, told) = read(&bytes, limits).expect("a trace");
            let brute = Brute::new(&told, timeline.world());
            let mut lanes: Vec<(LaneId, &Changes)> = Vec::new();
            lanes.extend(
                brute
                    .procs
                    .iter()
                    .map(|(&slot, all)| (LaneId::Proc(slot), all)),
            );
            lanes.extend(
                brute
                    .threads
                    .iter()
                    .map(|(&slot, all)| (LaneId::Thread(slot), all)),
            );
            for index in (0..timeline.goroutines()).take(60) {
                let id = timeline.goroutine_id(index).expect("a goroutine");
                lanes.push((LaneId::Goroutine(index), &brute.goroutines[&id]));
            }
            for window in windows(&brute, &mut random, 12) {
                for &(lane, changes) in &lanes {
                    check_sums(&name, &timeline, &window, lane, changes);
                }
            }
        }
    }
}

#[test]
fn counts_are_those_of_the_events() {
    let mut random = Random(6);
    for (name, bytes) in own_traces() {
        for limits in [Limits::default(), SMALL] {
            let (timeline, told) = read(&bytes, limits).expect("a trace");
            let brute = Brute::new(&told, timeline.world());
            let mut lanes = vec![(LaneId::Counts, &brute.counts)];
            for lane in timeline.lanes() {
                let is_late = limits == SMALL && brute.late.contains(&lane.name);
                if matches!(lane.id, LaneId::Group(_)) && !is_late {
                    lanes.push((lane.id, &brute.groups[&lane.name]));
                }
            }
            for window in windows(&brute, &mut random, 12) {
                let ids: Vec<LaneId> = lanes.iter().map(|lane| lane.0).collect();
                let painted = timeline.paint(&window, &ids, &[]);
                let nanos = (window.to - window.from) as f64 / f64::from(window.width);
                for (row, (lane, counts)) in painted.rows.iter().zip(&lanes) {
                    let expected = areas(counts, window.from, window.to, timeline.end());
                    for (at, expected) in expected.into_iter().enumerate() {
                        let mut found = 0.0;
                        for (column, of) in row.columns.iter().enumerate() {
                            let mean = of.line[at];
                            // Where the trace begins or ends in a column the mean is of a part.
                            // Counted from the window's beginning, as fractions need the digits.
                            let left = column as f64 * nanos;
                            let begin = timeline.begin().saturating_sub(window.from) as f64;
                            let end = timeline.end().saturating_sub(window.from) as f64;
                            let (from, to) = (left.max(begin), (left + nanos).min(end));
                            if !mean.is_nan() {
                                found += f64::from(mean) * (to - from);
                            }
                            let (least, most) = (of.least[at], of.most[at]);
                            assert!(least <= most || mean.is_nan());
                        }
                        let most = counts.iter().map(|one| one.1.iter().sum::<u32>()).max();
                        let most = f64::from(most.unwrap_or_default());
                        let length = (window.to - window.from) as f64;
                        assert!(
                            (found - expected).abs() <= length * most / 1000.0,
                            "{name}, {lane:?} {window:?}: {found}, not {expected}"
                        );
                    }
                }
            }
        }
    }
}

/// From when until when, what, and whose number.
type Spans = Vec<(u64, u64, State, Option<u64>)>;

/// What a lane shows in a window, by the events.
fn expected_spans(changes: &Changes, window: &Window, end: u64) -> Spans {
    let mut spans = Vec::new();
    for (at, &(time, state, of)) in changes.iter().enumerate() {
        let until = changes.get(at + 1).map_or(end, |next| next.0);
        let (from, to) = (time.max(window.from), until.min(window.to));
        if from < to && state != State::Blank {
            spans.push((from, to, state, of));
        }
    }
    spans
}

#[test]
fn spans_at_full_zoom_are_exactly_those_of_the_events() {
    let mut random = Random(8);
    for (name, bytes) in own_traces() {
        for limits in [Limits::default(), SMALL] {
            let (timeline, told) = read(&bytes, limits).expect("a trace");
            let brute = Brute::new(&told, timeline.world());
            let mut lanes: Vec<(LaneId, &Changes)> = Vec::new();
            lanes.extend(
                brute
                    .procs
                    .iter()
                    .map(|(&slot, all)| (LaneId::Proc(slot), all)),
            );
            lanes.extend(
                brute
                    .threads
                    .iter()
                    .map(|(&slot, all)| (LaneId::Thread(slot), all)),
            );
            for index in (0..timeline.goroutines()).take(60) {
                let id = timeline.goroutine_id(index).expect("a goroutine");
                lanes.push((LaneId::Goroutine(index), &brute.goroutines[&id]));
            }
            let ids: Vec<LaneId> = lanes.iter().map(|lane| lane.0).collect();
            for _ in 0..20 {
                // Eight pixels are a nanosecond, so that every span is wide enough.
                let event = random.below(told.len() as u64) as usize;
                let Told::Event(event, ..) = told[event] else {
                    continue;
                };
                let window = Window {
                    from: event.time.saturating_sub(random.below(1900)),
                    to: event.time + 80,
                    width: 0,
                };
                let nanos = window.to - window.from;
                let window = Window {
                    width: 8 * nanos as u32,
                    ..window
                };
                // Few lanes at a time, so that there are not too many spans.
                for (ids, lanes) in ids.chunks(8).zip(lanes.chunks(8)) {
                    let painted = timeline.paint(&window, ids, &[]);
                    assert!((painted.least_span - 6.0).abs() < 1e-6, "{name}");
                    for (row, (lane, changes)) in (0..).zip(lanes) {
                        let of_row = painted.spans.iter().filter(|span| span.row == row);
                        let found: Spans = of_row
                            .map(|span| {
                                let time = |x: f32| window.from + (x / 8.0).round() as u64;
                                let id = timeline.goroutine_id(span.goroutine);
                                (time(span.x0), time(span.x1), span.state, id)
                            })
                            .collect();
                        let expected = expected_spans(changes, &window, timeline.end());
                        assert_eq!(found, expected, "{name}, {lane:?} {window:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn places_are_those_of_the_events() {
    let mut random = Random(9);
    for (name, bytes) in own_traces() {
        for limits in [Limits::default(), SMALL] {
            let (timeline, told) = read(&bytes, limits).expect("a trace");
            let brute = Brute::new(&told, timeline.world());
            let mut lanes: Vec<(LaneId, &Changes)> = Vec::new();
            lanes.extend(
                brute
                    .procs
                    .iter()
                    .map(|(&slot, all)| (LaneId::Proc(slot), all)),
            );
            lanes.extend(
                brute
                    .threads
                    .iter()
                    .map(|(&slot, all)| (LaneId::Thread(slot), all)),
            );
            for index in (0..timeline.goroutines()).take(20) {
                let id = timeline.goroutine_id(index).expect("a goroutine");
                lanes.push((LaneId::Goroutine(index), &brute.goroutines[&id]));
            }
            for &(lane, changes) in &lanes {
                for _ in 0..6 {
                    let time = brute.begin + random.below(brute.end - brute.begin);
                    let after = changes.partition_point(|change| change.0 <= time);
                    let nothing = (brute.begin, State::Blank, None);
                    let last = after.checked_sub(1).map_or(nothing, |at| changes[at]);
                    let end = changes.get(after).map_or(brute.end, |next| next.0);
                    let moment = timeline.at(lane, time).expect("inside of the trace");
                    assert_eq!(
                        (moment.begin, moment.end, moment.state),
                        (last.0, end, last.1),
                        "{name}, {lane:?} at {time}"
                    );
                    assert_eq!(
                        timeline.goroutine_id(moment.goroutine),
                        last.2,
                        "{name}, {lane:?} at {time}"
                    );
                    let next = (end < brute.end).then_some(end);
                    assert_eq!(
                        timeline.step(lane, time, true),
                        next,
                        "{name}, {lane:?} at {time}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_range_is_given_back_with_what_was_so_before() {
    let mut random = Random(10);
    for (name, bytes) in own_traces() {
        for limits in [Limits::default(), SMALL] {
            let (timeline, told) = read(&bytes, limits).expect("a trace");
            let length = timeline.end() - timeline.begin();
            for _ in 0..10 {
                let from = timeline.begin() + 1 + random.below(length);
                let to = from + 1 + random.below(length / 4);
                check_range(&name, &timeline, &told, from, to);
            }
        }
    }
}

/// The last state of each goroutine and proc, by its own number.
type States = (BTreeMap<u64, GoState>, BTreeMap<u32, ProcState>);

fn states<'a>(told: impl Iterator<Item = &'a Told>) -> States {
    let (mut goroutines, mut procs) = States::default();
    for told in told {
        match told {
            Told::Event(
                Event {
                    what: What::Goroutine { to, .. },
                    ..
                },
                _,
                of,
            ) => {
                goroutines.insert(of.expect("a goroutine"), *to);
            }
            Told::Event(
                Event {
                    what: What::Proc { proc, to, .. },
                    ..
                },
                ..,
            ) => {
                procs.insert(*proc, *to);
            }
            _ => {}
        }
    }
    goroutines.retain(|_, state| *state != GoState::NotExist);
    (goroutines, procs)
}

/// Ranges that are open, as kind and scope.
fn open_ranges<'a>(told: impl Iterator<Item = &'a Told>) -> BTreeSet<(String, u32)> {
    let mut open = BTreeSet::new();
    for told in told {
        if let Told::Event(
            Event {
                what: What::Range {
                    edge, kind, scope, ..
                },
                ..
            },
            ..,
        ) = told
        {
            let key = (kind.name().to_owned(), *scope);
            match edge {
                Edge::End => drop(open.remove(&key)),
                _ => drop(open.insert(key)),
            }
        }
    }
    open
}

fn time_of(told: &Told) -> Option<u64> {
    match told {
        Told::Event(event, ..) => Some(event.time),
        _ => None,
    }
}

fn check_range(name: &str, timeline: &Timeline, told: &[Told], from: u64, to: u64) {
    let found = replayed(timeline, from, to);
    let first = told
        .iter()
        .position(|told| time_of(told).is_some_and(|time| time >= from));
    let first = first.unwrap_or(told.len());
    let is_inside = |told: &&Told| time_of(told).is_some_and(|time| from <= time && time < to);
    let inside: Vec<&Told> = told.iter().filter(is_inside).collect();
    let events = found.iter().filter(|told| time_of(told).is_some());
    let events: Vec<&Told> = events.collect();
    // A switch that began before the range is told as what was so before.
    let skipped = inside
        .iter()
        .take_while(|told| !events.contains(told))
        .count();
    assert!(
        skipped <= 2,
        "{name}, {from} to {to}: {skipped} events are missing"
    );
    let inside = &inside[skipped..];
    let closing = usize::from(to <= timeline.end());
    let before = events.len() - inside.len() - closing;
    assert_eq!(
        &events[before..before + inside.len()],
        inside,
        "{name}, {from} to {to}"
    );
    for told in &events[..before] {
        assert_eq!(time_of(told), Some(from), "{name}, {from} to {to}");
    }
    let known = &told[..first + skipped];
    let told_before = || events[..before].iter().copied();
    assert_eq!(
        states(told_before()),
        states(known.iter()),
        "{name}, {from} to {to}"
    );
    assert_eq!(
        open_ranges(told_before()),
        open_ranges(known.iter()),
        "{name}, {from} to {to}"
    );
    if let Some(Told::Event(event, ..)) = events.last().filter(|_| closing > 0) {
        let is_sync = matches!(event.what, What::Sync { .. });
        assert!(
            is_sync && event.time == to,
            "{name}, {from} to {to}: {event:?}"
        );
    }
    // Who is told to run is on the thread and the proc on which the next events find it.
    for told in told_before() {
        if let Told::Event(
            Event {
                thread,
                proc,
                what:
                    What::Goroutine {
                        to: GoState::Running,
                        ..
                    },
                ..
            },
            _,
            Some(of),
        ) = told
        {
            let next = inside.iter().find_map(|told| match told {
                Told::Event(event, context, _) if event.thread == *thread => {
                    Some((event.proc, *context))
                }
                _ => None,
            });
            assert!(
                next.is_none_or(|next| next == (*proc, Some(*of))),
                "{name}, {from}: {of}"
            );
        }
    }
}

#[test]
fn garbage_windows_are_drawn() {
    let bytes = std::fs::read(own().join("mixed-1.27.trace")).expect("readable");
    for limits in [Limits::default(), SMALL] {
        let (timeline, _) = read(&bytes, limits).expect("a trace");
        let mut lanes: Vec<LaneId> = timeline.lanes().iter().map(|lane| lane.id).collect();
        lanes.extend([
            LaneId::Goroutine(0),
            LaneId::Regions(0),
            LaneId::Task(0),
            LaneId::Goroutine(u32::MAX),
            LaneId::Regions(u32::MAX),
            LaneId::Proc(u32::MAX),
            LaneId::Thread(u32::MAX),
            LaneId::Group(u32::MAX),
            LaneId::TaskKind(u32::MAX),
            LaneId::Task(u32::MAX),
            LaneId::Proc(0),
        ]);
        let (begin, end) = (timeline.begin(), timeline.end());
        for (from, to) in [
            (0, 0),
            (0, u64::MAX),
            (u64::MAX, u64::MAX),
            (u64::MAX, 0),
            (end, begin),
            (end, end + 10),
            (end + 1, end + 100),
            (0, begin),
            (0, begin + 1),
            (begin, begin),
            (begin, end),
            (begin + 1, begin + 65),
        ] {
            for width in [0, 1, 7, u32::MAX] {
                let window = Window { from, to, width };
                let few = if width == u32::MAX {
                    &lanes[..12]
                } else {
                    &lanes[..]
                };
                let painted = timeline.paint(&window, few, &[1, 2, 3]);
                assert_eq!(painted.width, width.min(16_384));
                assert_eq!(painted.rows.len(), few.len());
                for row in &painted.rows {
                    let width = painted.width as usize;
                    assert!(row.pixels.is_empty() || row.pixels.len() == width);
                    assert!(row.columns.is_empty() || row.columns.len() == width);
                }
                for span in &painted.spans {
                    assert!(
                        span.x0 >= 0.0 && span.x0 <= span.x1 && span.x1 <= painted.width as f32
                    );
                }
            }
            let _ = replayed(&timeline, from, to);
            for &lane in &lanes {
                for time in [from, to] {
                    let _ = timeline.at(lane, time);
                    let _ = timeline.step(lane, time, true);
                    let _ = timeline.step(lane, time, false);
                }
            }
            let _ = (timeline.flow(0, from), timeline.flow(u32::MAX, to));
        }
    }
}

/// Whatever was read of a damaged trace is given back, and can be drawn.
fn check_damaged(name: &str, bytes: &[u8], limits: Limits, random: &mut Random) {
    let Some((timeline, told)) = read(bytes, limits) else {
        return;
    };
    same(name, &replayed(&timeline, 0, u64::MAX), &told);
    let mut lanes: Vec<LaneId> = timeline.lanes().iter().map(|lane| lane.id).collect();
    lanes.extend((0..timeline.goroutines()).take(20).map(LaneId::Goroutine));
    let length = timeline.end() - timeline.begin();
    let from = timeline.begin() + random.below(length);
    for window in [
        Window {
            from: timeline.begin(),
            to: timeline.end(),
            width: 300,
        },
        Window {
            from,
            to: from + random.below(length),
            width: 300,
        },
    ] {
        timeline.paint(&window, &lanes, &[]);
    }
    for &lane in &lanes {
        let _ = timeline.at(lane, from);
        let _ = timeline.step(lane, from, true);
    }
    let _ = replayed(&timeline, from, from + length / 3);
    let _ = timeline.flow(0, from);
    let _ = timeline.search("a", 10);
}

#[test]
fn damaged_traces_are_kept_as_far_as_they_can_be_read() {
    let mut random = Random(12);
    for name in [
        "mixed-generations",
        "gc-generations",
        "callbacks-generations",
        "mixed-1.22",
    ] {
        let bytes = std::fs::read(own().join(format!("{name}.trace"))).expect("readable");
        for i in 0..60 {
            let limits = if i % 2 == 0 { Limits::default() } else { SMALL };
            let cut = random.below(bytes.len() as u64) as usize;
            check_damaged(name, &bytes[..cut], limits, &mut random);
            let mut damaged = bytes.clone();
            for _ in 0..=random.below(3) {
                let at = 16 + random.below(bytes.len() as u64 - 16) as usize;
                damaged[at] ^= 1 << random.below(8);
            }
            check_damaged(name, &damaged, limits, &mut random);
        }
    }
}
