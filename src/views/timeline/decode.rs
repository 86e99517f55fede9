//! Gives events back from records.

use super::chunk::{Chunk, Record, wide};
use super::kind::{FULL, Kind};
use super::store::Store;
use super::table::Table;
use super::track::{Blind, Held, Tracker};
use crate::model::trace::{Clock, Event, GoState, Loss, NONE, RangeKind, What, World};

/// What a sink was told.
#[derive(Debug)]
pub(super) enum Told<'a> {
    Event(Event),
    Generation(u64),
    Lost(&'a Loss),
}

/// Where events are told, with the world as it was.
pub(super) trait Listener {
    fn told(&mut self, told: &Told<'_>, world: &World);
}

impl<F: FnMut(&Told<'_>, &World)> Listener for F {
    fn told(&mut self, told: &Told<'_>, world: &World) {
        self(told, world);
    }
}

/// Who holds what at a record, and who has which slot in a world.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    store: &'a Store,
    table: &'a Table,
    pub(super) tracker: Tracker,
    pub(super) world: World,
    /// The context of the next event, where that is another.
    once: Option<Held>,
    /// The stack of the next event, where its kind has none.
    stack: u32,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(store: &'a Store, table: &'a Table, world: World) -> Self {
        Self {
            store,
            table,
            tracker: Tracker::default(),
            world,
            once: None,
            stack: 0,
        }
    }

    /// The slot of a goroutine, which has it from now on.
    pub(super) fn slot(&mut self, index: u32) -> u32 {
        let Some(row) = self.table.get(index) else {
            return NONE;
        };
        if let Some(id) = self.world.goroutines.get_mut(row.slot as usize) {
            *id = row.id;
        }
        row.slot
    }

    /// Takes the next record.
    pub(super) fn step(&mut self, chunk: &Chunk, record: &Record, listener: &mut impl Listener) {
        match record.kind() {
            Kind::Was | Kind::Context { once: false } => {}
            Kind::Context { once: true } => {
                self.once = Some(Held {
                    proc: record.site,
                    goroutine: record.subject,
                });
            }
            Kind::Stack => self.stack = record.site,
            Kind::Generation => {
                let [low, high] = chunk.words(record);
                listener.told(&Told::Generation(wide(low, high)), &self.world);
            }
            Kind::Lost => {
                if let Some(loss) = self.store.losses.get(record.site as usize) {
                    listener.told(&Told::Lost(loss), &self.world);
                }
            }
            Kind::Switch { ends } => self.switch(record, ends, listener),
            _ => {
                let event = self.event(chunk, record);
                listener.told(&Told::Event(event), &self.world);
            }
        }
        self.tracker.step(record, &mut Blind);
    }

    /// An event without what it says.
    fn context(&mut self, record: &Record) -> Event {
        let held = self.once.take();
        let held = held.unwrap_or_else(|| self.tracker.held(record.thread));
        Event {
            time: record.time,
            thread: record.thread,
            proc: held.proc,
            goroutine: self.slot(held.goroutine),
            stack: std::mem::take(&mut self.stack),
            what: What::Label(0),
        }
    }

    fn switch(&mut self, record: &Record, ends: bool, listener: &mut impl Listener) {
        let mut event = self.context(record);
        let (next, current) = (self.slot(record.subject), self.slot(record.site));
        let transition = |goroutine, from, to| What::Goroutine {
            goroutine,
            from,
            to,
            reason: 0,
            stack: 0,
        };
        let to = match ends {
            true => GoState::NotExist,
            false => GoState::Waiting,
        };
        event.what = transition(next, GoState::Waiting, GoState::Runnable);
        listener.told(&Told::Event(event), &self.world);
        event.time += 1;
        event.what = transition(current, GoState::Running, to);
        listener.told(&Told::Event(event), &self.world);
        event.time += 1;
        event.goroutine = NONE;
        event.what = transition(next, GoState::Runnable, GoState::Running);
        listener.told(&Told::Event(event), &self.world);
    }

    fn event(&mut self, chunk: &Chunk, record: &Record) -> Event {
        let mut event = self.context(record);
        match record.kind() {
            Kind::Go { from, to, .. } => {
                let site = self.store.sites.get(record.site);
                event.stack = site.stack;
                event.what = What::Goroutine {
                    goroutine: self.slot(record.subject),
                    from,
                    to,
                    reason: site.reason,
                    stack: site.own,
                };
            }
            Kind::Proc { from, to, .. } => {
                let proc = record.site;
                event.what = What::Proc { proc, from, to };
            }
            Kind::Range(edge, kind) => {
                let (scope, reason, stack, bytes) = self.range(chunk, record, kind, event.proc);
                event.stack = stack;
                event.what = What::Range {
                    edge,
                    kind,
                    scope,
                    reason,
                    bytes,
                };
            }
            Kind::Metric(metric) => {
                event.what = What::Metric(metric, wide(record.subject, record.site));
            }
            Kind::Label => event.what = What::Label(record.site),
            Kind::Task(edge) => {
                let task = TaskWords::of(chunk, record);
                event.stack = task.stack;
                event.what = What::Task {
                    edge,
                    id: task.id,
                    parent: task.parent,
                    name: task.name,
                };
            }
            Kind::Region(edge) => {
                let [low, high, name, stack] = chunk.words(record);
                event.stack = stack;
                event.what = What::Region {
                    edge,
                    task: wide(low, high),
                    name,
                };
            }
            Kind::Log => {
                let [low, high, category, message, stack] = chunk.words(record);
                event.stack = stack;
                event.what = What::Log {
                    task: wide(low, high),
                    category,
                    message,
                };
            }
            Kind::Sample => {
                let [low, high, proc, goroutine, stack] = chunk.words(record);
                event.proc = proc;
                event.goroutine = self.slot(goroutine);
                event.stack = stack;
                event.what = What::Sample {
                    goroutine: wide(low, high),
                };
            }
            Kind::Experiment => {
                let [kind, a, b, c, d, e, f, stack] = chunk.words(record);
                event.stack = stack;
                event.what = What::Experiment {
                    kind: kind as u8,
                    args: [wide(a, b), wide(c, d), wide(e, f)],
                };
            }
            _ => {
                let [count, number, stack] = chunk.words(record);
                event.stack = stack;
                let clock = (count > 2).then(|| clock(chunk, record));
                event.what = What::Sync { number, clock };
            }
        }
        event
    }

    /// Scope, reason, stack and bytes of a range.
    fn range(
        &mut self,
        chunk: &Chunk,
        record: &Record,
        kind: RangeKind,
        proc: u32,
    ) -> (u32, u32, u32, (u64, u64)) {
        if record.code & FULL != 0 {
            let [scope, reason, stack, a, b, c, d] = chunk.words(record);
            return (scope, reason, stack, (wide(a, b), wide(c, d)));
        }
        let scope = match kind {
            RangeKind::Mark => NONE,
            RangeKind::Sweep => proc,
            _ => self.slot(record.subject),
        };
        let site = self.store.sites.get(record.site);
        (scope, site.reason, site.stack, (0, 0))
    }
}

/// The words of a task.
#[derive(Clone, Copy, Debug)]
pub(super) struct TaskWords {
    pub(super) id: u64,
    pub(super) parent: u64,
    pub(super) name: u32,
    stack: u32,
}

impl TaskWords {
    pub(super) fn of(chunk: &Chunk, record: &Record) -> Self {
        let [a, b, c, d, name, stack] = chunk.words(record);
        Self {
            id: wide(a, b),
            parent: wide(c, d),
            name,
            stack,
        }
    }
}

fn clock(chunk: &Chunk, record: &Record) -> Clock {
    let [_, _, _, a, b, c, d, e, f, g, h] = chunk.words(record);
    Clock {
        trace: wide(a, b),
        mono: wide(c, d),
        wall_seconds: wide(e, f),
        wall_nanos: wide(g, h),
    }
}
