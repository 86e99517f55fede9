//! The beginning of a trace, which can be drawn while the rest is being read.

use std::cell::RefCell;
use std::rc::Rc;

use dropprof::formats::read_trace;
use dropprof::views::{LaneId, Limits, Timeline, TimelineSlot, TimelineStore, Window};

use super::support::{SMALL, own_traces, read, replayed, same};

/// What is there first, and the whole, of a trace that is read in small chunks.
fn parts(bytes: &[u8], limits: Limits) -> (Option<Timeline>, Timeline) {
    let slot: Rc<RefCell<Option<TimelineSlot>>> = Rc::default();
    let part: Rc<RefCell<Option<Timeline>>> = Rc::default();
    let for_slot = Rc::clone(&slot);
    let make = Box::new(move || {
        let (store, slot) = TimelineStore::with_limits(limits);
        *for_slot.borrow_mut() = Some(slot);
        store
    });
    let chunks = bytes.chunks(1 << 12).inspect(|_| {
        let made = slot.borrow();
        let made = made.as_ref().and_then(|slot| slot.borrow_mut().take());
        if let Some(made) = made {
            assert!(part.borrow_mut().replace(made).is_none(), "two beginnings");
        }
    });
    read_trace(chunks, make).expect("a trace");
    let whole = slot.borrow_mut().take().and_then(|slot| slot.take());
    let part = part.borrow_mut().take();
    (part, whole.expect("a timeline"))
}

#[test]
fn the_beginning_is_as_it_is_in_the_whole() {
    let (mut seen, mut drawn) = (0, 0);
    for (name, bytes) in own_traces() {
        // Several chunks: a goroutine may get its name in the one after that in which it is first seen.
        let limits = Limits {
            part: 2000,
            ..SMALL
        };
        let (part, whole) = parts(&bytes, limits);
        assert!(whole.is_whole(), "{name}");
        let (_, told) = read(&bytes, Limits::default()).expect("a trace");
        same(&name, &replayed(&whole, 0, u64::MAX), &told);
        // Of one generation, or with a last chunk that has all that follows, there is no part.
        let Some(part) = part else { continue };
        seen += 1;
        assert!(!part.is_whole(), "{name}");
        let first = replayed(&part, 0, u64::MAX);
        assert!(first.len() > 1 && first.len() < told.len(), "{name}");
        same(&name, &first, &told[..first.len()]);
        // The first half, where nothing is cut off, and all that is named later is not yet there.
        let window = Window {
            from: part.begin(),
            to: part.begin() + (part.end() - part.begin()) / 2,
            width: 700,
        };
        // As many colours as there are states and groups, each its own.
        let palette: Vec<u32> = (1..=64).map(|i| i * 0x0003_0507 | 0xff00_0000).collect();
        // Of a task that began before the trace nothing is known until it ends.
        let lanes = part.lanes();
        let ids = lanes.iter().map(|lane| lane.id);
        let ids: Vec<_> = ids
            .filter(|id| !matches!(id, LaneId::TaskKind(_)))
            .collect();
        let (of_part, of_whole) = (
            part.paint(&window, &ids, &palette),
            whole.paint(&window, &ids, &palette),
        );
        for (lane, (a, b)) in ids.iter().zip(of_part.rows.iter().zip(&of_whole.rows)) {
            // Its last chunk is shorter than it is in the whole, and so are the parts of that which
            // are one colour: what is narrower than a pixel may fall into the next.
            let pixels = a.pixels.iter().zip(&b.pixels);
            let differ = pixels.filter(|(a, b)| a != b).count();
            assert_eq!(a.pixels.len(), b.pixels.len(), "{name}, {lane:?}");
            assert!(differ * 100 <= a.pixels.len(), "{name}, {lane:?}: {differ}");
            // As texts: what is not there is no number, which equals nothing.
            let (in_part, in_whole) = (format!("{:?}", a.columns), format!("{:?}", b.columns));
            assert!(in_part == in_whole, "{name}, {lane:?}");
            let is_empty = a.pixels.iter().all(|&pixel| pixel == a.pixels[0]);
            drawn += usize::from(!a.pixels.is_empty() && !is_empty);
        }
    }
    assert!(drawn > 10, "{drawn} lanes show something");
    assert!(seen >= 2, "{seen} traces of several generations");
}

#[test]
fn short_traces_are_made_in_one() {
    for (name, bytes) in own_traces() {
        let (part, whole) = parts(&bytes, Limits::default());
        assert!(part.is_none() && whole.is_whole(), "{name}");
    }
}

#[test]
fn what_is_more_than_can_be_kept_is_left_out_and_told() {
    let traces = own_traces();
    let named = traces.iter().find(|(name, _)| name == "pool-saturated");
    let (name, bytes) = named.expect("a trace");
    let most = Limits {
        most: 1000,
        ..SMALL
    };
    let (timeline, told) = read(bytes, most).expect("a trace");
    assert!(timeline.is_full() && timeline.is_whole(), "{name}");
    // An event may take a few records at once.
    assert!((1000..1010).contains(&timeline.records()), "{name}");
    let kept = replayed(&timeline, 0, u64::MAX);
    assert!(kept.len() > 500, "{name}");
    same(name, &kept, &told[..kept.len()]);
    let (timeline, _) = read(bytes, SMALL).expect("a trace");
    assert!(!timeline.is_full(), "{name}");
}
