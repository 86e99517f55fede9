//! Takes the events of a trace and keeps them as records.
//!
//! What an event says of its context and of the state before is foretold from the events before
//! it. Where an event says otherwise, as it may after a loss, a record before its own says so:
//! nothing is lost, whatever the reader does.

use std::rc::Rc;

use super::Limits;
use super::checkpoint::{Checkpoints, Ledger};
use super::chunk::{CHUNK, OpenChunk, Record};
use super::kind::{FULL, Kind};
use super::lane_writer::LaneWriter;
use super::marks::Marks;
use super::site::Site;
use super::store::Store;
use super::table::{Slots, Table};
use super::track::{Blind, Held, Tracker};
use crate::model::trace::{
    Event, GoState, Loss, Metric, NONE, ProcState, RangeKind, What, World, is_none,
};

/// Records of a chunk at least.
const LEAST_CHUNK: usize = 16;
/// Records that an event may take.
const MOST: usize = 5;

/// Since when something is known: the beginning of the trace, or that of the first generation
/// after a loss. It begins a chunk.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Epoch {
    /// Its first record.
    pub(super) record: u32,
    /// Its first chunk.
    pub(super) chunk: u32,
    /// Generations that have begun in it.
    syncs: u32,
}

/// Keeps events as records.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) table: Table,
    pub(super) lanes: LaneWriter,
    pub(super) marks: Marks,
    open: OpenChunk,
    front: Tracker,
    ledger: Ledger,
    slots: Slots,
    checkpoints: Checkpoints,
    epoch: Epoch,
    /// The next event begins an epoch.
    is_cut: bool,
    last: u64,
    /// Records at most; and there were more.
    most: u32,
    pub(super) is_full: bool,
}

/// A number as two words, the lower half first.
fn halves(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

/// A state in which a goroutine is not known to be there.
fn is_absent(state: GoState) -> bool {
    matches!(state, GoState::Undetermined | GoState::NotExist)
}

impl Writer {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            store: Store::default(),
            table: Table::default(),
            lanes: LaneWriter::default(),
            marks: Marks::default(),
            open: OpenChunk::new((limits.chunk as usize).clamp(LEAST_CHUNK, CHUNK)),
            front: Tracker::default(),
            ledger: Ledger::default(),
            slots: Slots::default(),
            checkpoints: Checkpoints::default(),
            epoch: Epoch::default(),
            is_cut: false,
            last: 0,
            most: limits.most.min(u32::MAX - CHUNK as u32),
            is_full: false,
        }
    }

    /// Makes room for an event's records; false when there is none any more.
    fn room(&mut self, time: u64) -> bool {
        if self.is_cut || !self.open.has_room(MOST) {
            self.close(time);
        }
        if self.open.next() >= self.most {
            self.is_full = true;
            return false;
        }
        if self.is_cut {
            self.is_cut = false;
            self.epoch = Epoch {
                record: self.open.next(),
                chunk: self.store.chunks.len() as u32,
                syncs: 0,
            };
            self.begin_epoch(time);
        } else if self.open.next() == 0 {
            self.begin_epoch(time);
        }
        if self.open.len() == 0 {
            let next = self.open.next();
            let (front, slots) = (&self.front, &self.slots);
            self.open.checkpoint = self.checkpoints.take(next, front, slots, &self.ledger);
        }
        self.last = time;
        true
    }

    fn begin_epoch(&mut self, time: u64) {
        self.store.epochs.push(self.epoch.chunk);
        self.marks.begin(time);
    }

    /// The chunk is complete; the next one begins at `until`.
    fn close(&mut self, until: u64) {
        if self.open.len() == 0 {
            return;
        }
        let chunk = self.open.close();
        self.lanes.chunk(&chunk, until, self.epoch, &self.table);
        self.store.chunks.push(Rc::new(chunk));
    }

    fn index(&mut self, slot: u32, begins: bool, world: &World) -> u32 {
        let next = self.open.next();
        self.slots.index(slot, begins, next, world, &mut self.table)
    }

    fn push(&mut self, event: &Event, kind: Kind, subject: u32, site: u32) {
        let record = Record {
            time: event.time,
            code: kind.code(),
            thread: event.thread,
            subject,
            site,
        };
        self.front.step(&record, &mut Blind);
        self.open.push(&record);
    }

    fn push_words(&mut self, event: &Event, kind: Kind, subject: u32, words: &[u32]) {
        let site = self.open.words(words);
        self.push(event, kind, subject, site);
    }

    /// Events of a kind that has no stack, but for this one.
    fn note_stack(&mut self, event: &Event) {
        if event.stack != 0 {
            self.push(event, Kind::Stack, NONE, event.stack);
        }
    }

    /// Says who the thread holds where that is not what its events led to.
    fn context(&mut self, event: &Event, goroutine: u32) {
        let held = Held {
            proc: event.proc,
            goroutine,
        };
        if self.front.held(event.thread) == held {
            return;
        }
        // One thread may tell of another that is in a call of the system, and then says its own
        // proc and goroutine with it. And a thread of C that goes is said to hold a proc that it
        // has just lost.
        let tells_of_another = matches!(
            event.what,
            What::Goroutine {
                from: GoState::Undetermined | GoState::Syscall,
                to: GoState::Syscall,
                ..
            } | What::Goroutine {
                from: GoState::Syscall,
                to: GoState::NotExist,
                ..
            }
        );
        let once = is_none(event.thread) || tells_of_another;
        self.push(event, Kind::Context { once }, goroutine, event.proc);
    }

    /// Takes the next event.
    pub(super) fn event(&mut self, event: &Event, world: &World) {
        if !self.room(event.time) {
            return;
        }
        let goroutine = self.index(event.goroutine, false, world);
        if !matches!(event.what, What::Sample { .. }) {
            self.context(event, goroutine);
        }
        self.what(event, goroutine, world);
        self.ledger.step(event);
    }

    fn what(&mut self, event: &Event, goroutine: u32, world: &World) {
        match event.what {
            What::Goroutine { .. } => self.goroutine(event, goroutine, world),
            What::Proc { proc, from, to } => self.proc(event, proc, from, to),
            What::Range { .. } => self.range(event, goroutine, world),
            What::Metric(metric, value) => {
                self.note_stack(event);
                let [low, high] = halves(value);
                self.marks.metric(metric, event.time, value);
                self.push(event, Kind::Metric(metric), low, high);
            }
            What::Label(label) => {
                self.note_stack(event);
                let table = &mut self.table;
                self.slots.label(event.goroutine, label, world, table);
                self.push(event, Kind::Label, goroutine, label);
            }
            What::Task {
                edge,
                id,
                parent,
                name,
            } => {
                let record = self.open.next();
                self.marks.task(edge, (id, parent, name), record, goroutine);
                let ([a, b], [c, d]) = (halves(id), halves(parent));
                let words = [a, b, c, d, name, event.stack];
                self.push_words(event, Kind::Task(edge), goroutine, &words);
            }
            What::Region { edge, task, name } => {
                let [a, b] = halves(task);
                let words = [a, b, name, event.stack];
                self.table.note_region(goroutine);
                self.push_words(event, Kind::Region(edge), goroutine, &words);
            }
            What::Log {
                task,
                category,
                message,
            } => {
                let [a, b] = halves(task);
                let words = [a, b, category, message, event.stack];
                self.push_words(event, Kind::Log, goroutine, &words);
            }
            What::Sample { goroutine: id } => {
                let [a, b] = halves(id);
                let words = [a, b, event.proc, goroutine, event.stack];
                self.push_words(event, Kind::Sample, NONE, &words);
            }
            What::Experiment { kind, args } => {
                let [a, b, c] = args.map(halves);
                let words = [
                    u32::from(kind),
                    a[0],
                    a[1],
                    b[0],
                    b[1],
                    c[0],
                    c[1],
                    event.stack,
                ];
                self.push_words(event, Kind::Experiment, NONE, &words);
            }
            What::Sync { number, clock } => self.sync(event, number, clock),
        }
    }

    fn sync(&mut self, event: &Event, number: u32, clock: Option<crate::model::trace::Clock>) {
        self.epoch.syncs += 1;
        let mut words = vec![number, event.stack];
        if let Some(clock) = clock {
            let readings = [
                clock.trace,
                clock.mono,
                clock.wall_seconds,
                clock.wall_nanos,
            ];
            words.extend(readings.into_iter().flat_map(halves));
        }
        let count = words.len() as u32;
        words.insert(0, count);
        self.push_words(event, Kind::Sync, NONE, &words);
    }

    fn proc(&mut self, event: &Event, proc: u32, from: ProcState, to: ProcState) {
        self.note_stack(event);
        let thread = match to {
            ProcState::Running => event.thread,
            _ => self.front.holder(proc),
        };
        let subject = self.front.held(thread).goroutine;
        let is_new = self.front.procs.get(proc as usize);
        let is_new = is_new.is_none_or(|one| one.state == ProcState::Undetermined);
        let arrives = from == ProcState::Undetermined && is_new && self.epoch.syncs <= 1;
        self.push(event, Kind::Proc { from, to, arrives }, subject, proc);
    }

    fn range(&mut self, event: &Event, goroutine: u32, world: &World) {
        let What::Range {
            edge,
            kind,
            scope,
            reason,
            bytes,
        } = event.what
        else {
            return;
        };
        let (subject, is_foretold) = match kind {
            RangeKind::Mark => (NONE, is_none(scope)),
            RangeKind::Sweep if scope == event.proc => (goroutine, true),
            RangeKind::Sweep => (self.front.held(self.front.holder(scope)).goroutine, false),
            _ => (self.index(scope, false, world), true),
        };
        self.marks.range(edge, kind, event.time, subject, reason);
        let what = Kind::Range(edge, kind);
        if is_foretold && bytes == (0, 0) {
            let site = Site {
                reason,
                own: 0,
                stack: event.stack,
            };
            let site = self.store.sites.row(site, world);
            return self.push(event, what, subject, site);
        }
        let ([a, b], [c, d]) = (halves(bytes.0), halves(bytes.1));
        let site = self.open.words(&[scope, reason, event.stack, a, b, c, d]);
        let record = Record {
            time: event.time,
            code: what.code() | FULL,
            thread: event.thread,
            subject,
            site,
        };
        self.front.step(&record, &mut Blind);
        self.open.push(&record);
    }

    fn goroutine(&mut self, event: &Event, context: u32, world: &World) {
        let What::Goroutine {
            goroutine: slot,
            from,
            to,
            reason,
            stack,
        } = event.what
        else {
            return;
        };
        let index = self.index(slot, is_absent(from), world);
        if is_none(index) {
            return;
        }
        let before = self.slots.get(slot).map_or(from, |known| known.state);
        if before != from && !(is_absent(before) && is_absent(from)) {
            let site = before as u32 * 256 + from as u32;
            let record = self.open.next();
            self.push(event, Kind::Was, index, site);
            let table = &mut self.table;
            self.slots.change(slot, from, event.time, record, table);
        }
        let is_first = from == GoState::Undetermined && is_absent(before);
        let arrives = is_first && self.epoch.syncs <= 1 && !is_absent(to);
        let is_free = is_none(self.front.held(event.thread).proc);
        let kind = Kind::Go {
            from,
            to,
            bare: to == GoState::Syscall && is_free,
            arrives,
        };
        let record = self.open.next();
        if arrives {
            self.slots.arrives(slot, self.epoch.record, &mut self.table);
            self.lanes.arrives(index, to);
        }
        let site = Site {
            reason,
            own: stack,
            stack: event.stack,
        };
        let site = self.store.sites.row(site, world);
        self.push(event, kind, index, site);
        let table = &mut self.table;
        let chunk = self.open.first();
        self.slots.name(slot, stack, record, chunk, world, table);
        self.slots.change(slot, to, event.time, record, table);
        if (from, to) == (GoState::Runnable, GoState::Running) && site == 0 && is_none(context) {
            self.join(slot, index);
        }
    }

    /// Makes one record of the last three where they are those of a switch of coroutines.
    fn join(&mut self, slot: u32, index: u32) {
        let last = [3, 2, 1].map(|by| self.open.back(by));
        let [Some(wake), Some(stop), Some(run)] = last else {
            return;
        };
        let is_one = wake.thread == run.thread
            && stop.thread == run.thread
            && wake.time.checked_add(1) == Some(stop.time)
            && stop.time.checked_add(1) == Some(run.time)
            && (wake.site, stop.site) == (0, 0)
            && wake.subject == index
            && stop.subject != index;
        let go = |from, to| Kind::Go {
            from,
            to,
            bare: false,
            arrives: false,
        };
        let is_wake = wake.kind() == go(GoState::Waiting, GoState::Runnable);
        let ends = match stop.kind() {
            kind if kind == go(GoState::Running, GoState::Waiting) => false,
            kind if kind == go(GoState::Running, GoState::NotExist) => true,
            _ => return,
        };
        if !is_one || !is_wake {
            return;
        }
        self.open.take_back(3);
        let record = self.open.next();
        self.open.push(&Record {
            time: wake.time,
            code: Kind::Switch { ends }.code(),
            thread: run.thread,
            subject: index,
            site: stop.subject,
        });
        let other = self.table.get(stop.subject).map_or(NONE, |one| one.slot);
        self.slots.moved(slot, record, &mut self.table);
        self.slots.moved(other, record, &mut self.table);
    }

    /// A generation is complete.
    pub(super) fn generation(&mut self, time: u64) {
        if self.room(self.last) {
            let words = halves(time);
            self.push_words(&nobody(self.last), Kind::Generation, NONE, &words);
        }
    }

    /// From here on nothing is known of anybody, until events say it anew.
    pub(super) fn lost(&mut self, loss: &Loss) {
        if !self.room(self.last) {
            return;
        }
        let row = self.store.losses.len() as u32;
        self.store.losses.push(loss.clone());
        let record = self.open.next();
        self.push(&nobody(self.last), Kind::Lost, NONE, row);
        self.slots.forget(self.last, record, &mut self.table);
        self.ledger.forget();
        self.marks.forget(self.last);
        self.is_cut = true;
    }

    /// Records so far.
    pub(super) fn records(&self) -> u32 {
        self.open.next()
    }

    /// The end of what there is.
    pub(super) fn finish(&mut self) {
        self.close(self.last);
        self.store.end = self.last;
        self.slots.finish(self.last, &mut self.table);
        self.store.sites.close();
    }
}

/// An event of nobody, for records that are no events.
fn nobody(time: u64) -> Event {
    Event {
        time,
        thread: NONE,
        proc: NONE,
        goroutine: NONE,
        stack: 0,
        what: What::Metric(Metric::Heap, 0),
    }
}
