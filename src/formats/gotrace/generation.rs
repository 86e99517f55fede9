//! One generation: its tables, then the records of its threads in order.

use super::held::Held;
use super::order::{Broken, Context, Order, Out, Record};
use super::spec;
use super::tables::{Tables, nanos};
use super::wire::{Cursor, NO_THREAD};
use crate::model::trace::{Generation, Loss, NONE, What};

/// A batch of a generation; its payload is at `from..to` of a block of what is held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    pub(super) thread: u64,
    /// Ticks.
    pub(super) time: u64,
    /// Where the payload stands in the unpacked file.
    pub(super) at: u64,
    pub(super) block: u32,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Batch {
    /// A place of its block, in the unpacked file.
    fn in_file(&self, place: usize) -> u64 {
        self.at + place.saturating_sub(self.from) as u64
    }
}

/// A generation with all its bytes.
#[derive(Debug)]
pub(super) struct Whole<'a> {
    pub(super) number: u64,
    pub(super) held: &'a Held,
    /// Where it begins in the unpacked file, and how many bytes it has there.
    pub(super) at: u64,
    pub(super) bytes: u64,
    pub(super) batches: &'a [Batch],
    /// Ticks at which it begins.
    pub(super) begin: u64,
    pub(super) version: u32,
    /// Nanoseconds of a tick where the generation does not say.
    pub(super) usual_tick: f64,
}

/// What became of a generation.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) generation: Generation,
    pub(super) losses: Vec<Loss>,
    pub(super) tick: f64,
    pub(super) clock: Option<crate::model::trace::Clock>,
    /// Records that came before one of an earlier time.
    pub(super) reordered: u64,
    /// The states of all are known at its end.
    pub(super) is_whole: bool,
}

/// What a batch holds, by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Strings,
    Stacks,
    Samples,
    Clocks,
    Events,
}

impl Content {
    pub(super) fn of(payload: &[u8]) -> Self {
        match payload.first() {
            Some(&spec::STRINGS) => Self::Strings,
            Some(&spec::STACKS) => Self::Stacks,
            Some(&spec::CPU_SAMPLES) => Self::Samples,
            Some(&(spec::FREQUENCY | spec::SYNC)) => Self::Clocks,
            _ => Self::Events,
        }
    }
}

/// Reads the tables of all batches.
fn tables(whole: &Whole<'_>, out: &mut Out<'_>) -> (Tables, Option<(u64, &'static str)>) {
    let mut tables = Tables::default();
    // The first fault, and where it is in the file.
    let mut first = None;
    // Stacks name strings, so strings come first wherever they stand.
    let passes = [
        Content::Strings,
        Content::Stacks,
        Content::Samples,
        Content::Clocks,
    ];
    for pass in passes {
        for batch in whole.batches {
            let block = whole.held.until(batch);
            if Content::of(&block[batch.from..]) != pass {
                continue;
            }
            let after = Cursor::new(block, batch.from + 1);
            match pass {
                Content::Strings => tables.add_strings(after, out.world),
                Content::Stacks => tables.add_stacks(after, out.world),
                Content::Samples => tables.add_samples(after),
                // Before Go 1.25 the batch is the rate alone.
                _ if block[batch.from] == spec::FREQUENCY => {
                    tables.add_clocks(Cursor::new(block, batch.from), batch.time);
                }
                _ => tables.add_clocks(after, batch.time),
            }
            if let Some((at, reason)) = tables.fault.take() {
                first.get_or_insert((batch.in_file(at), reason));
            }
        }
    }
    (tables, first)
}

/// Where a thread's records have been read to.
#[derive(Debug)]
struct Reading {
    thread: u32,
    batches: Vec<Batch>,
    /// The batch of the record, and where the next one begins.
    batch: usize,
    at: usize,
    /// Time of the last record of the batch.
    time: Option<u64>,
    record: Record,
}

/// A record that could not be read.
#[derive(Clone, Copy, Debug)]
struct Fault {
    at: u64,
    bytes: usize,
    /// The type, where that is the reason.
    kind: Option<u8>,
}

impl Reading {
    /// Reads the next record. False at the end. After a fault the rest of the batch is passed
    /// over, as nothing says where its next record begins.
    #[inline(always)]
    fn next(&mut self, held: &Held, tick: f64) -> Result<bool, Fault> {
        loop {
            let Some(batch) = self.batches.get(self.batch) else {
                return Ok(false);
            };
            if self.at < batch.to {
                break;
            }
            self.batch += 1;
            self.at = self.batches.get(self.batch).map_or(0, |next| next.from);
            self.time = None;
        }
        let batch = self.batches[self.batch];
        let begin = self.at;
        let mut from = Cursor::new(held.until(&batch), begin);
        let kind = from.byte().unwrap_or_default();
        let count = spec::args(kind);
        let read = count.and_then(|count| {
            let step = from.number()?;
            let mut args = [0; spec::MOST_ARGS];
            for arg in &mut args[..count] {
                *arg = from.number()?;
            }
            Some((step, args))
        });
        let Some((step, args)) = read else {
            self.at = batch.to;
            return Err(Fault {
                at: batch.in_file(begin),
                bytes: batch.to - begin,
                kind: count.is_none().then_some(kind),
            });
        };
        let before = self.time.unwrap_or_else(|| nanos(batch.time, tick));
        let time = before.saturating_add(nanos(step, tick));
        self.time = Some(time);
        self.at = from.at;
        self.record = Record { kind, time, args };
        Ok(true)
    }

    /// Bytes that are still to be read, the record that waits among them or not.
    fn rest(&self) -> usize {
        let later = self.batches.iter().skip(self.batch + 1);
        let of_this = self
            .batches
            .get(self.batch)
            .map_or(0, |one| one.to - self.at);
        of_this + later.map(|one| one.to - one.from).sum::<usize>()
    }
}

/// The threads by the time of their next records, in the heap that Go's reader uses: among equal
/// times the order follows from it, so that events come in the same order as there.
#[derive(Debug, Default)]
struct Frontier(Vec<(u64, u32)>);

impl Frontier {
    fn insert(&mut self, time: u64, reading: u32) {
        self.0.push((time, reading));
        self.up(self.0.len() - 1);
    }

    /// The time of the thread at a place has changed.
    fn update(&mut self, at: usize, time: u64) {
        self.0[at].0 = time;
        if self.up(at) == at {
            self.down(at);
        }
    }

    fn remove(&mut self, at: usize) {
        let mut at = at;
        while at > 0 {
            let parent = (at - 1) / 2;
            self.0.swap(parent, at);
            at = parent;
        }
        self.0.swap_remove(0);
        self.down(0);
    }

    fn up(&mut self, at: usize) -> usize {
        let mut at = at;
        while at > 0 {
            let parent = (at - 1) / 2;
            if self.0[parent].0 <= self.0[at].0 {
                break;
            }
            self.0.swap(parent, at);
            at = parent;
        }
        at
    }

    fn down(&mut self, at: usize) {
        let mut at = at;
        loop {
            let mut least = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.0.len() && self.0[child].0 < self.0[least].0 {
                    least = child;
                }
            }
            if least == at {
                return;
            }
            self.0.swap(at, least);
            at = least;
        }
    }

    /// In order of time; that is a heap, too.
    fn sort(&mut self) {
        self.0.sort_by_key(|&(time, _)| time);
    }
}

/// A generation while it is being put in order.
#[derive(Debug)]
struct Ordering<'a> {
    whole: &'a Whole<'a>,
    tables: Tables,
    tick: f64,
    readings: Vec<Reading>,
    frontier: Frontier,
    read: Read,
}

impl Ordering<'_> {
    fn loss(&mut self, at: u64, bytes: usize, time: u64, reason: String) {
        self.read.losses.push(Loss {
            generation: self.whole.number,
            at,
            bytes: bytes as u64,
            span: (time, time),
            reason,
        });
    }

    /// Reads on until there is a record. False at the thread's end.
    fn refresh(&mut self, reading: usize, order: &mut Order, last: u64) -> bool {
        loop {
            match self.readings[reading].next(self.whole.held, self.tick) {
                Ok(is_there) => return is_there,
                Err(fault) => {
                    let reason = match fault.kind {
                        Some(kind) if self.whole.version > super::NEWEST => format!(
                            "event type {kind} is not known: the rest of its batch is left out; \
                             a Go newer than this program knows may have written it"
                        ),
                        Some(kind) => format!(
                            "event type {kind} is not known: the rest of its batch is left out"
                        ),
                        None => "an event is torn: the rest of its batch is left out".to_owned(),
                    };
                    self.loss(fault.at, fault.bytes, last, reason);
                    order.doubt(self.readings[reading].thread);
                }
            }
        }
    }

    /// Tries the thread at a place of the frontier.
    #[inline(always)]
    fn try_at(&mut self, at: usize, order: &mut Order, out: &mut Out<'_>) -> Result<bool, Broken> {
        let reading = self.frontier.0[at].1 as usize;
        let Reading { record, thread, .. } = &self.readings[reading];
        match order.advance(record, *thread, &self.tables, out) {
            Ok(true) => self.read.generation.events += 1,
            Ok(false) => return Ok(false),
            // Where something is missing, what contradicts the rest proves nothing.
            Err(_) if order.has_doubt => {}
            Err(broken) => return Err(broken),
        }
        self.go_on(at, order, out);
        Ok(true)
    }

    /// The record of the thread at a place of the frontier is done with.
    #[inline(always)]
    fn go_on(&mut self, at: usize, order: &mut Order, out: &mut Out<'_>) {
        let reading = self.frontier.0[at].1 as usize;
        match self.refresh(reading, order, out.last) {
            true => self.frontier.update(at, self.readings[reading].record.time),
            false => self.frontier.remove(at),
        }
    }

    /// Nobody can go on, and some records are missing: the first is taken at its word, or left
    /// out.
    fn force(&mut self, order: &mut Order, out: &mut Out<'_>) -> Result<(), Broken> {
        order.forces = true;
        let is_taken = self.try_at(0, order, out);
        order.forces = false;
        if !is_taken? {
            self.go_on(0, order, out);
        }
        Ok(())
    }

    /// Takes one record, or a sample that comes before it.
    fn step(
        &mut self,
        sample: &mut usize,
        order: &mut Order,
        out: &mut Out<'_>,
    ) -> Result<(), Broken> {
        let head = self.frontier.0.first().map_or(u64::MAX, |&(time, _)| time);
        if let Some(next) = self.tables.samples.get(*sample)
            && (next.time < head || self.frontier.0.is_empty())
        {
            *sample += 1;
            self.read.generation.samples += 1;
            let slot = |found: Option<u32>| found.unwrap_or(NONE);
            let context = Context {
                thread: slot(order.all.thread_slot(next.thread, out.world)),
                proc: match next.proc {
                    u64::MAX => NONE,
                    id => slot(order.all.proc_slot(id, out.world)),
                },
                goroutine: slot(order.all.goroutine(next.goroutine)),
            };
            let stack = self.tables.stacks.get(next.stack).unwrap_or(0);
            let what = What::Sample {
                goroutine: next.goroutine,
            };
            out.emit(next.time, context, stack, what);
            return Ok(());
        }
        if self.try_at(0, order, out)? {
            return Ok(());
        }
        self.frontier.sort();
        self.read.reordered += 1;
        for at in 1..self.frontier.0.len() {
            if self.try_at(at, order, out)? {
                return Ok(());
            }
        }
        match order.has_doubt {
            true => self.force(order, out),
            false => Err(Broken::Stuck),
        }
    }

    /// The rest is left out: what could not be put in order.
    fn give_up(&mut self, broken: Broken, last: u64) {
        let bytes = self.readings.iter().map(Reading::rest).sum();
        let places = self.readings.iter().filter_map(|one| {
            let batch = one.batches.get(one.batch)?;
            Some(batch.in_file(one.at))
        });
        let at = places.min().unwrap_or(self.whole.at);
        let left = self
            .readings
            .iter()
            .flat_map(|one| one.batches.iter().skip(one.batch));
        let until = left.map(|batch| nanos(batch.time, self.tick)).max();
        self.loss(at, bytes, last, broken.to_string());
        if let (Some(loss), Some(until)) = (self.read.losses.last_mut(), until) {
            loss.span.1 = until.max(last);
        }
        self.read.is_whole = false;
    }
}

/// Reads a generation and hands on its events.
pub(super) fn read(whole: &Whole<'_>, syncs: u32, order: &mut Order, out: &mut Out<'_>) -> Read {
    let (mut tables, fault) = tables(whole, out);
    let tick = tables.tick.unwrap_or(whole.usual_tick);
    tables.settle(tick);
    let begin = nanos(whole.begin, tick);
    let clock = tables.clock;
    let mut ordering = Ordering {
        whole,
        tables,
        tick,
        readings: Vec::new(),
        frontier: Frontier::default(),
        read: Read {
            generation: Generation {
                number: whole.number,
                at: whole.at,
                bytes: whole.bytes,
                span: (0, 0),
                events: 0,
                samples: 0,
            },
            losses: Vec::new(),
            tick,
            clock,
            reordered: 0,
            is_whole: true,
        },
    };
    let sync = What::Sync {
        number: syncs,
        clock,
    };
    out.emit(begin, Context::NOBODY, 0, sync);
    let start = out.last;
    if let Some((at, reason)) = fault {
        ordering.loss(at, 0, start, reason.to_owned());
    }
    if !ordering.open(order, out) {
        ordering.give_up(Broken::TooMany, start);
    }
    let mut sample = 0;
    while ordering.read.is_whole
        && (!ordering.frontier.0.is_empty() || sample < ordering.tables.samples.len())
    {
        if let Err(broken) = ordering.step(&mut sample, order, out) {
            ordering.give_up(broken, out.last);
        }
    }
    ordering.read.generation.span = (start, out.last);
    ordering.read
}

impl Ordering<'_> {
    /// Makes a thread's readings of its batches, in the order in which threads first appear.
    /// False when there are more threads than can be.
    fn open(&mut self, order: &mut Order, out: &mut Out<'_>) -> bool {
        let mut of_thread: rustc_hash::FxHashMap<u64, usize> = rustc_hash::FxHashMap::default();
        for &batch in self.whole.batches {
            let payload = &self.whole.held.until(&batch)[batch.from..];
            if Content::of(payload) != Content::Events {
                continue;
            }
            let next = self.readings.len();
            let reading = *of_thread.entry(batch.thread).or_insert(next);
            if reading == next {
                let thread = match batch.thread {
                    NO_THREAD => Some(NONE),
                    id => order.all.thread_slot(id, out.world),
                };
                let Some(thread) = thread else {
                    return false;
                };
                self.readings.push(Reading {
                    thread,
                    batches: Vec::new(),
                    batch: 0,
                    at: batch.from,
                    time: None,
                    record: Record::default(),
                });
            }
            self.readings[reading].batches.push(batch);
        }
        for reading in 0..self.readings.len() {
            if self.refresh(reading, order, out.last) {
                let time = self.readings[reading].record.time;
                self.frontier.insert(time, reading as u32);
            }
        }
        true
    }
}
