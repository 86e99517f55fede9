//! Gives a sink the events again, all or those of a range of time.

use super::Timeline;
use super::checkpoint::{Ledger, METRICS, RANGES};
use super::chunk::Record;
use super::decode::{Decoder, Told};
use super::kind::Kind;
use super::kind::state_of;
use super::site::Site;
use super::state::flag;
use super::track::Held;
use crate::model::Profile;
use crate::model::trace::{
    Edge, Event, GoState, NONE, ProcState, RangeKind, TraceFacts, TraceSink, What, World, is_none,
};

/// In place of a record: none.
const NO_RECORD: u32 = u32::MAX;

/// What is so before a record.
struct Situation {
    ledger: Ledger,
    /// The last record of each goroutine, by index; [`NO_RECORD`] of one that is not there.
    last: Vec<u32>,
}

impl Situation {
    fn step(&mut self, number: u32, record: &Record) {
        let mut set = |goroutine: u32, last: u32| {
            if let Some(known) = self.last.get_mut(goroutine as usize) {
                *known = last;
            }
        };
        match record.kind() {
            Kind::Go { from, to, .. } if from != to => match to {
                GoState::NotExist => set(record.subject, NO_RECORD),
                _ => set(record.subject, number),
            },
            Kind::Was => set(record.subject, number),
            Kind::Switch { ends } => {
                set(record.site, if ends { NO_RECORD } else { number });
                set(record.subject, number);
            }
            Kind::Lost => {
                self.last.fill(NO_RECORD);
                self.ledger.forget();
            }
            _ => {}
        }
    }
}

/// The state of a goroutine after a record that changed it, and why and where that was.
pub(super) fn state_after(
    record: &Record,
    goroutine: u32,
    site: impl Fn(u32) -> Site,
) -> (GoState, Site) {
    match record.kind() {
        Kind::Go { to, .. } => (to, site(record.site)),
        Kind::Switch { ends } => match record.subject == goroutine {
            true => (GoState::Running, Site::default()),
            false if ends => (GoState::NotExist, Site::default()),
            false => (GoState::Waiting, Site::default()),
        },
        Kind::Was => (state_of(record.site & 0xff), Site::default()),
        _ => (GoState::Undetermined, Site::default()),
    }
}

impl Timeline {
    /// Gives a sink the events of a time, from `from` on and before `to`, as the reader gave
    /// them. Where that is not from the beginning, events at `from` come first, all at that very
    /// time, that say what was so then: a sync, procs and goroutines that go from Undetermined
    /// to the state they are in, ranges that are open, and quantities. Where it is not to the
    /// end, those come last of whom it is only told later that they were there all the time, and
    /// a sync at `to` closes it.
    ///
    /// Gives the world at the end, which the sink's `finish` needs.
    pub fn replay(&self, from: u64, to: u64, sink: &mut dyn TraceSink) -> World {
        let store = &self.store;
        let first = store.at_or_after(from);
        let end = store.at_or_after(to);
        let mut decoder = Decoder::new(store, &self.table, self.world.to_ask());
        let mut tell = |told: &Told<'_>, world: &World| match *told {
            // A switch may begin in the range and end after it.
            Told::Event(ref event) if event.time <= to => sink.event(event, world),
            Told::Event(_) => {}
            Told::Generation(time) => sink.generation(time, world),
            Told::Lost(loss) => sink.lost(loss, world),
        };
        let mut sync = 0;
        let is_inside = from < to && from <= store.end;
        if first > 0 && is_inside {
            let situation = self.situation(first, &mut decoder);
            sync = situation.ledger.sync.0;
            self.establish(from, &situation, &mut decoder, &mut tell);
        }
        let mut record = first;
        for chunk in &store.chunks[store.chunk_of(first).min(store.chunks.len())..] {
            if record >= end {
                break;
            }
            let rows = (record - chunk.first) as usize..(end - chunk.first) as usize;
            for (_, record) in chunk.records(rows) {
                decoder.step(chunk, &record, &mut tell);
            }
            record = chunk.first + chunk.len() as u32;
        }
        if end < store.len() && is_inside {
            self.tell_late(to, end, &mut decoder, &mut tell);
            let what = What::Sync {
                number: sync + 1,
                clock: None,
            };
            sink.event(&Event { what, ..at(to) }, &decoder.world);
        }
        decoder.world
    }

    /// What a sink makes of a time; see [`Self::replay`].
    pub fn report(&self, from: u64, to: u64, mut sink: Box<dyn TraceSink>) -> Profile {
        let world = self.replay(from, to, &mut *sink);
        sink.finish(&world, self.facts_between(from, to))
    }

    /// The facts of the file for a time: generations and losses that it touches, cut to it.
    pub fn facts_between(&self, from: u64, to: u64) -> TraceFacts {
        let mut facts = self.facts.clone();
        let cut = |span: &mut (u64, u64)| {
            span.0 = span.0.max(from);
            span.1 = span.1.min(to).max(span.0);
        };
        facts
            .generations
            .retain(|one| one.span.0 < to && one.span.1 >= from);
        facts
            .losses
            .retain(|one| one.span.0 < to && one.span.1 >= from);
        for generation in &mut facts.generations {
            cut(&mut generation.span);
        }
        for loss in &mut facts.losses {
            cut(&mut loss.span);
        }
        facts
    }

    /// What is so before a record; the decoder is at that record then.
    fn situation(&self, record: u32, decoder: &mut Decoder<'_>) -> Situation {
        let chunks = &self.store.chunks;
        let of_record = self.store.chunk_of(record);
        let has_all = |at: &usize| {
            let checkpoint = chunks[*at].checkpoint.as_ref();
            checkpoint.is_some_and(|checkpoint| checkpoint.last.is_some())
        };
        let begin = (0..=of_record).rev().find(has_all).unwrap_or_default();
        let mut situation = Situation {
            ledger: Ledger::default(),
            last: vec![NO_RECORD; self.table.len()],
        };
        if let Some(checkpoint) = chunks.get(begin).and_then(|one| one.checkpoint.as_ref()) {
            checkpoint.restore(&mut decoder.tracker);
            situation.ledger = checkpoint.ledger.clone();
            for &(goroutine, last) in checkpoint.last.iter().flatten() {
                if let Some(known) = situation.last.get_mut(goroutine as usize) {
                    *known = last;
                }
            }
        }
        for chunk in &chunks[begin..=of_record] {
            let end = record.saturating_sub(chunk.first) as usize;
            for (row, record) in chunk.records(0..end) {
                situation.step(chunk.first + row as u32, &record);
                let ledger = &mut situation.ledger;
                decoder.step(chunk, &record, &mut |told: &Told<'_>, _: &World| {
                    if let Told::Event(event) = told {
                        ledger.step(event);
                    }
                });
            }
        }
        situation
    }

    /// Tells what is so.
    fn establish(
        &self,
        time: u64,
        situation: &Situation,
        decoder: &mut Decoder<'_>,
        tell: &mut impl FnMut(&Told<'_>, &World),
    ) {
        let (number, clock) = situation.ledger.sync;
        let what = What::Sync { number, clock };
        tell(&Told::Event(Event { what, ..at(time) }), &decoder.world);
        for proc in 0..decoder.tracker.procs.len() as u32 {
            let known = *decoder.tracker.proc_mut(proc);
            if !matches!(known.state, ProcState::Running | ProcState::Idle) {
                continue;
            }
            let event = Event {
                thread: known.thread,
                what: What::Proc {
                    proc,
                    from: ProcState::Undetermined,
                    to: known.state,
                },
                ..at(time)
            };
            tell(&Told::Event(event), &decoder.world);
        }
        let mut is_told = vec![false; situation.last.len()];
        for thread in 0..decoder.tracker.threads.len() as u32 {
            let held = decoder.tracker.held(thread);
            if let Some(told) = is_told.get_mut(held.goroutine as usize) {
                *told = true;
                self.establish_running(time, (thread, held), situation, decoder, tell);
            }
        }
        for (goroutine, &last) in (0..).zip(&situation.last) {
            if last == NO_RECORD || is_told[goroutine as usize] {
                continue;
            }
            let (state, site) = self.after(last, goroutine);
            let event = found(time, decoder.slot(goroutine), state, site);
            tell(&Told::Event(event), &decoder.world);
        }
        establish_rest(time, situation, decoder, tell);
    }

    /// Tells who was there all the time and is only heard of after a record: of most that wait
    /// Go says so when the generation ends.
    fn tell_late(
        &self,
        time: u64,
        record: u32,
        decoder: &mut Decoder<'_>,
        tell: &mut impl FnMut(&Told<'_>, &World),
    ) {
        let store = &self.store;
        for chunk in &store.chunks[store.chunk_of(record)..] {
            let begin = record.saturating_sub(chunk.first) as usize;
            for (_, record) in chunk.records(begin..chunk.len()) {
                let arrives = match record.kind() {
                    Kind::Sync | Kind::Lost => return,
                    Kind::Go { arrives, .. } => arrives,
                    _ => false,
                };
                if !arrives {
                    continue;
                }
                let goroutine = record.subject;
                let site = |row| store.sites.get(row);
                let (to, site) = state_after(&record, goroutine, site);
                let event = found(time, decoder.slot(goroutine), to, site);
                tell(&Told::Event(event), &decoder.world);
            }
        }
    }

    /// A goroutine's state after its last record.
    fn after(&self, last: u32, goroutine: u32) -> (GoState, Site) {
        let site = |row| self.store.sites.get(row);
        let record = self.store.record(last);
        record.map_or((GoState::Undetermined, Site::default()), |record| {
            state_after(&record, goroutine, site)
        })
    }

    /// One that runs, or is in a call of the system, and what it works as.
    fn establish_running(
        &self,
        time: u64,
        (thread, held): (u32, Held),
        situation: &Situation,
        decoder: &mut Decoder<'_>,
        tell: &mut impl FnMut(&Told<'_>, &World),
    ) {
        let is_calling = *decoder.tracker.flags_mut(held.goroutine) & flag::SYSCALL != 0;
        let to = match is_calling {
            true => GoState::Syscall,
            false => GoState::Running,
        };
        let last = situation.last.get(held.goroutine as usize).copied();
        let (_, site) = self.after(last.unwrap_or(NO_RECORD), held.goroutine);
        let slot = decoder.slot(held.goroutine);
        let mut event = Event {
            thread,
            proc: held.proc,
            ..found(time, slot, to, site)
        };
        tell(&Told::Event(event), &decoder.world);
        if let Some(&label) = situation.ledger.labels.get(&slot) {
            event.stack = 0;
            event.goroutine = slot;
            event.what = What::Label(label);
            tell(&Told::Event(event), &decoder.world);
        }
    }
}

/// A goroutine is found in a state.
fn found(time: u64, goroutine: u32, to: GoState, site: Site) -> Event {
    Event {
        stack: site.own,
        what: What::Goroutine {
            goroutine,
            from: GoState::Undetermined,
            to,
            reason: site.reason,
            stack: site.own,
        },
        ..at(time)
    }
}

/// Ranges and quantities.
fn establish_rest(
    time: u64,
    situation: &Situation,
    decoder: &Decoder<'_>,
    tell: &mut impl FnMut(&Told<'_>, &World),
) {
    for (&(kind, scope), &reason) in &situation.ledger.ranges {
        let kind = RANGES[usize::from(kind) % RANGES.len()];
        let thread = match kind {
            RangeKind::Sweep => decoder.tracker.holder(scope),
            _ => NONE,
        };
        let proc = if is_none(thread) { NONE } else { scope };
        let what = What::Range {
            edge: Edge::Active,
            kind,
            scope,
            reason,
            bytes: (0, 0),
        };
        let event = Event {
            thread,
            proc,
            what,
            ..at(time)
        };
        tell(&Told::Event(event), &decoder.world);
    }
    for (metric, value) in METRICS.into_iter().zip(situation.ledger.metrics) {
        if let Some(value) = value {
            let what = What::Metric(metric, value);
            tell(&Told::Event(Event { what, ..at(time) }), &decoder.world);
        }
    }
}

/// An event of nobody at a time.
fn at(time: u64) -> Event {
    Event {
        time,
        thread: NONE,
        proc: NONE,
        goroutine: NONE,
        stack: 0,
        what: What::Label(0),
    }
}
