//! A range of time is given back with what was so before it.

use std::collections::{BTreeMap, BTreeSet};

use dropprof::model::trace::{Edge, Event, GoState, ProcState, What};
use dropprof::views::{Limits, Timeline};

use super::support::{Random, SMALL, Told, own_traces, read, replayed};

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

fn is_before(told: &Told, time: u64) -> bool {
    time_of(told).is_none_or(|of| of < time)
}

fn is_sync(told: &Told) -> bool {
    let what = |event: &Event| matches!(event.what, What::Sync { .. });
    match told {
        Told::Event(event, ..) => what(event),
        Told::Lost(..) => true,
        Told::Generation(_) => false,
    }
}

/// Somebody is heard of for the first time.
fn is_found(told: &Told) -> bool {
    let Told::Event(event, ..) = told else {
        return false;
    };
    let What::Goroutine { from, .. } = event.what else {
        return false;
    };
    from == GoState::Undetermined
}

/// How many at the end are told of at the very end of the range.
fn told_late(events: &[&Told], to: u64) -> usize {
    let late = events.iter().rev();
    late.take_while(|told| time_of(told) == Some(to) && is_found(told))
        .count()
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
    let late = told_late(&events[..events.len() - closing], to);
    let before = events.len() - inside.len() - late - closing;
    let of_late = &events[before + inside.len()..before + inside.len() + late];
    // Those of whom Go says only later that they were there, and nobody else.
    let states_late = states(of_late.iter().copied()).0;
    let later = told[first..].iter().skip_while(|told| is_before(told, to));
    let later = later.take_while(|told| !is_sync(told));
    let later: Vec<&Told> = later.filter(|told| is_found(told)).collect();
    assert_eq!(
        states_late,
        states(later.into_iter()).0,
        "{name}, {from} to {to}"
    );
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
