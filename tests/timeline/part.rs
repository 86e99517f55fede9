//! The beginning of a trace, which can be drawn while the rest is being read.

use std::cell::RefCell;
use std::rc::Rc;

use dropprof::formats::read_trace;
use dropprof::views::{Limits, Timeline, TimelineSlot, TimelineStore, Window};

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
    let mut seen = 0;
    for (name, bytes) in own_traces() {
        let limits = Limits { part: 1, ..SMALL };
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
        // Up to a tenth before its end, where nothing is cut off.
        let window = Window {
            from: part.begin(),
            to: part.begin() + (part.end() - part.begin()) * 9 / 10,
            width: 700,
        };
        let ids: Vec<_> = part.lanes().iter().map(|lane| lane.id).collect();
        let (of_part, of_whole) = (
            part.paint(&window, &ids, &[]),
            whole.paint(&window, &ids, &[]),
        );
        for (lane, (a, b)) in ids.iter().zip(of_part.rows.iter().zip(&of_whole.rows)) {
            assert_eq!(a.pixels, b.pixels, "{name}, {lane:?}");
        }
    }
    assert!(seen >= 2, "{seen} traces of several generations");
}

#[test]
fn short_traces_are_made_in_one() {
    for (name, bytes) in own_traces() {
        let (part, whole) = parts(&bytes, Limits::default());
        assert!(part.is_none() && whole.is_whole(), "{name}");
    }
}
