//! The timeline of execution traces: it gives back every event, and what it draws is what the
//! events say.
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

#[path = "timeline/brute.rs"]
mod brute;
#[path = "timeline/hostile.rs"]
mod hostile;
#[path = "timeline/part.rs"]
mod part;
#[path = "timeline/ranges.rs"]
mod ranges;
#[path = "timeline/support.rs"]
mod support;

use std::fs;
use std::path::Path;

use dropprof::views::{LaneId, Limits, PaintedSpan, State, Timeline, Window};

use self::brute::{Brute, Changes, areas, sums};
use self::support::{Random, SMALL, Told, own, own_traces, read, replayed, same};

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(entries) = fs::read_dir(root.join("../shared/corpus/gotrace/golden")) else {
        return;
    };
    let mut seen = 0;
    for entry in entries {
        let path = entry.expect("readable").path();
        if path.extension().is_some_and(|ending| ending == "trace") {
            let bytes = fs::read(&path).expect("readable");
            let name = path.display().to_string();
            let tiny = Limits {
                chunk: 0,
                raw: 0,
                ..SMALL
            };
            for limits in [Limits::default(), tiny] {
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
                    assert!(painted.least_span < 6.5, "{name}");
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
fn pixels_are_the_parts_of_states_in_colour() {
    let bytes = fs::read(own().join("gc-assist.trace")).expect("readable");
    for limits in [Limits::default(), SMALL] {
        let (timeline, _) = read(&bytes, limits).expect("a trace");
        let window = Window {
            from: timeline.begin(),
            to: timeline.end(),
            width: 997,
        };
        for state in [State::User, State::Worker, State::Assist, State::Idle] {
            // White where a proc does this, and nothing elsewhere.
            let mut palette = [0; State::COUNT];
            palette[state as usize] = u32::MAX;
            let painted = timeline.paint(&window, &[LaneId::Proc(0)], &palette);
            let shares = timeline.shares(&window, LaneId::Proc(0));
            for (pixel, shares) in painted.rows[0]
                .pixels
                .iter()
                .zip(shares.chunks(State::COUNT))
            {
                let alpha = f64::from(pixel >> 24) / 255.0;
                let share = f64::from(shares[state as usize]).min(1.0);
                // Half a 255th is lost where opacity is a whole number.
                assert!(
                    (alpha - share).abs() < 0.6 / 255.0,
                    "{state:?}: {alpha}, not {share}"
                );
                assert!(alpha < 1.0 / 255.0 || pixel & 0xff_ffff == 0xff_ffff);
            }
        }
    }
}

#[test]
fn what_is_wide_is_a_span_at_any_zoom() {
    let mut random = Random(15);
    for (name, bytes) in own_traces() {
        let (timeline, told) = read(&bytes, SMALL).expect("a trace");
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
        for window in windows(&brute, &mut random, 10) {
            let pixels = f64::from(window.width) / (window.to - window.from) as f64;
            let x = |time: u64| time.saturating_sub(window.from) as f64 * pixels;
            for &(lane, changes) in &lanes {
                let painted = timeline.paint(&window, &[lane], &[]);
                let expected = expected_spans(changes, &window, timeline.end());
                let is_same = |span: &PaintedSpan, (from, to, state, of): (u64, u64, State, _)| {
                    // Where a chunk is narrower than a pixel, an edge is that of the chunk.
                    (f64::from(span.x0) - x(from)).abs() < 1.5
                        && (f64::from(span.x1) - x(to)).abs() < 1.5
                        && span.state == state
                        && timeline.goroutine_id(span.goroutine) == of
                };
                for &one in &expected {
                    if x(one.1) - x(one.0) >= 8.0 {
                        let found = painted.spans.iter().any(|span| is_same(span, one));
                        assert!(found, "{name}, {lane:?} {window:?}: {one:?} is missing");
                    }
                }
                for span in &painted.spans {
                    let is_there = expected.iter().any(|&one| is_same(span, one));
                    assert!(
                        is_there,
                        "{name}, {lane:?} {window:?}: {span:?} is not there"
                    );
                }
            }
        }
    }
}
