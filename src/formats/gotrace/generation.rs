//! One generation: its tables, then the records of its threads in order.

use super::contents::{Content, Lacks, tables};
use super::frontier::Frontier;
use super::held::Held;
use super::order::{Broken, Context, Order, Out, Record};
use super::reading::{Fault, Reading, Scale, Unread};
use super::tables::{LATEST, Tables, nanos};
use super::wire::NO_THREAD;
use super::{remarks, spec};
use crate::model::trace::{Generation, Loss, NONE, What};
use crate::unit;

/// Losses that are kept one by one, as a file may consist of nothing else.
const MOST_LOSSES: usize = 10_000;

/// From one generation to the next at most, in nanoseconds: 13 days, where Go has a second.
const LONGEST: u64 = 1 << 50;

/// Nanoseconds by which the clocks of threads may differ where records are missing: who waits
/// longer waits for what is not there.
const SKEW: u64 = 10_000;

/// Failed tries of threads out of turn for each record, and besides: with as many threads as a
/// file can have all of them at each step would take for ever.
const TRIES: u64 = 64;
const MORE_TRIES: u64 = 1 << 20;

/// Threads whose putting in order of time takes as long as one try.
const SORTED: usize = 16;

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
    pub(super) fn in_file(&self, place: usize) -> u64 {
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
    pub(super) end: End,
    /// In the one before some records were missing, so that what is known is a guess.
    pub(super) is_after_doubt: bool,
    /// Bytes were passed over in it that may have been its batches.
    pub(super) has_gap: bool,
}

/// What is known of a generation's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// All batches are there: others follow, or a mark says so.
    Told,
    /// The file ends, and nothing says whether all batches are there.
    Open,
    /// The file ends, and the mark is missing that this format has.
    Unmarked,
    /// The file ends in the middle of a batch.
    Torn,
}

/// What became of a generation.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) generation: Generation,
    pub(super) losses: Vec<Loss>,
    /// The rest of it, where it could not be read to its end.
    pub(super) given_up: Option<Loss>,
    pub(super) tick: f64,
    pub(super) clock: Option<crate::model::trace::Clock>,
    /// Records that came before one of an earlier time.
    pub(super) reordered: u64,
    /// It was read to its end.
    pub(super) is_whole: bool,
    /// Some records were missing, so that the states at its end are a guess.
    pub(super) has_doubt: bool,
    /// The file was cut before its names or its stacks.
    pub(super) is_cut: bool,
    /// It has told of all goroutines that there are.
    pub(super) tells_all: bool,
}

/// Adds a loss; of very many the later are added to the last.
pub(super) fn lose(losses: &mut Vec<Loss>, loss: Loss) {
    let is_full = losses.len() >= MOST_LOSSES;
    match losses.last_mut() {
        Some(last) if is_full => {
            last.bytes += loss.bytes;
            last.span.1 = last.span.1.max(loss.span.1);
        }
        _ => losses.push(loss),
    }
}

/// Records that cannot be where others are missing.
#[derive(Debug, Default)]
struct Misfits {
    /// Where the first stands in the file, and the time at which it was met.
    first: Option<(u64, u64)>,
    /// Those that were left out.
    left_out: u64,
    bytes: usize,
    /// Those that were taken at their word.
    forced: u64,
}

/// A generation while it is being put in order.
#[derive(Debug)]
struct Ordering<'a> {
    whole: &'a Whole<'a>,
    tables: Tables,
    scale: Scale,
    readings: Vec<Reading>,
    frontier: Frontier,
    misfits: Misfits,
    /// Batches of some threads may be missing, because the file ends.
    is_cut: bool,
    /// Tries of threads out of turn that failed.
    tries: u64,
    read: Read,
}

impl Ordering<'_> {
    fn loss(&mut self, at: u64, bytes: usize, time: u64, reason: String) {
        let loss = self.whole.loss(at, bytes, (time, time), reason);
        lose(&mut self.read.losses, loss);
    }

    /// Reads on until there is a record. False at the thread's end.
    #[inline(always)]
    fn refresh(&mut self, reading: usize, order: &mut Order, last: u64) -> bool {
        loop {
            match self.readings[reading].next(self.whole.held, self.scale) {
                Ok(is_there) => return is_there,
                Err(fault) => {
                    self.miss(fault, last);
                    order.doubt(self.readings[reading].thread);
                }
            }
        }
    }

    /// A record could not be read.
    #[cold]
    fn miss(&mut self, fault: Fault, last: u64) {
        self.loss(fault.at, fault.bytes, last, self.why(fault.why));
        self.read.has_doubt = true;
    }

    fn why(&self, unread: Unread) -> String {
        let newer = match self.whole.version > super::NEWEST {
            true => "; a Go newer than this program knows may have written it",
            false => "",
        };
        match unread {
            Unread::Kind(kind) => {
                format!("event type {kind} is not known: the rest of its batch is left out{newer}")
            }
            Unread::Torn => "an event is torn: the rest of its batch is left out".to_owned(),
            Unread::Time => {
                "an event is of a time that cannot be: the rest of its batch is left out".to_owned()
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
            Err(_) if order.has_doubt => self.leave_out(reading, out.last),
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

    /// A record cannot be, and the rest is not given up for it.
    #[cold]
    fn leave_out(&mut self, reading: usize, last: u64) {
        let (at, bytes) = self.readings[reading].place().unwrap_or_default();
        self.misfits.first.get_or_insert((at, last));
        self.misfits.left_out += 1;
        self.misfits.bytes += bytes;
    }

    /// Nobody can go on, and some records are missing: the first is taken at its word, or left
    /// out.
    fn force(&mut self, order: &mut Order, out: &mut Out<'_>) -> Result<(), Broken> {
        let reading = self.frontier.0[0].1 as usize;
        let (at, _) = self.readings[reading].place().unwrap_or_default();
        let (last, before) = (out.last, self.read.generation.events);
        order.forces = true;
        let is_taken = self.try_at(0, order, out);
        order.forces = false;
        if !is_taken? {
            self.leave_out(reading, last);
            self.go_on(0, order, out);
        }
        if self.read.generation.events > before {
            self.misfits.first.get_or_insert((at, last));
            self.misfits.forced += 1;
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
            let stack = self.tables.stack(next.stack);
            let what = What::Sample {
                goroutine: next.goroutine,
            };
            out.emit(next.time, context, stack, what);
            return Ok(());
        }
        if self.try_at(0, order, out)? {
            return Ok(());
        }
        self.out_of_turn(order, out)
    }

    /// The first thread has to wait for another.
    #[cold]
    fn out_of_turn(&mut self, order: &mut Order, out: &mut Out<'_>) -> Result<(), Broken> {
        self.frontier.sort();
        self.read.reordered += 1;
        let threads = self.frontier.0.len();
        self.tries += 1 + (threads / SORTED) as u64;
        let done = self.read.generation.events + self.misfits.left_out;
        if self.tries > MORE_TRIES + TRIES * done {
            return Err(Broken::Stuck);
        }
        let until = match order.has_doubt {
            true => self.frontier.0[0].0.saturating_add(SKEW),
            false => u64::MAX,
        };
        for at in 1..threads {
            if self.frontier.0[at].0 > until {
                break;
            }
            if self.try_at(at, order, out)? {
                return Ok(());
            }
            self.tries += 1;
        }
        match order.has_doubt {
            true => self.force(order, out),
            false => Err(Broken::Stuck),
        }
    }

    /// The rest is left out: what could not be put in order.
    fn give_up(&mut self, broken: Broken, last: u64) {
        let waiting: Vec<Reading> = std::mem::take(&mut self.readings);
        let places = waiting.iter().filter_map(Reading::place);
        let at = places.map(|(at, _)| at).min().unwrap_or(self.whole.at);
        let bytes = match broken {
            // Not all have been opened.
            Broken::TooMany if self.frontier.0.is_empty() => {
                let batches = self.whole.batches.iter();
                let events = batches.filter(|batch| self.whole.content(batch) == Content::Events);
                events.map(|batch| batch.to - batch.from).sum()
            }
            _ => waiting.iter().map(Reading::rest).sum(),
        };
        // Up to where the first one waits all is told.
        let times = self.frontier.0.iter().map(|&(time, _)| time);
        let from = times.min().unwrap_or(last);
        let ends = waiting.into_iter().filter(|one| one.place().is_some());
        let ends = ends.map(|one| one.end(self.whole.held, self.scale));
        let until = ends.max().unwrap_or(last).max(from);
        let loss = self
            .whole
            .loss(at, bytes, (from, until), broken.to_string());
        self.read.given_up = Some(loss);
        self.read.is_whole = false;
    }
}

impl Whole<'_> {
    fn loss(&self, at: u64, bytes: usize, span: (u64, u64), reason: String) -> Loss {
        Loss {
            generation: self.number,
            at,
            bytes: bytes as u64,
            span,
            reason,
        }
    }

    pub(super) fn content(&self, batch: &Batch) -> Content {
        Content::of(&self.held.until(batch)[batch.from..])
    }
}

/// True for a record that needs a name or a stack.
fn refers(record: &Record) -> bool {
    let [a, b, c, _] = record.args;
    match record.kind {
        spec::GO_STOP | spec::GO_BLOCK => (a | b) != 0,
        spec::GO_CREATE | spec::GO_CREATE_BLOCKED => (b | c) != 0,
        spec::GO_SYSCALL_BEGIN => b != 0,
        spec::GO_UNBLOCK => c != 0,
        _ => false,
    }
}

/// Reads a generation and hands on its events.
pub(super) fn read(whole: &Whole<'_>, syncs: u32, order: &mut Order, out: &mut Out<'_>) -> Read {
    let (mut tables, lacks, lost) = tables(whole, out);
    let tick = tables.tick.unwrap_or(whole.usual_tick);
    let begin = nanos(whole.begin, tick);
    let latest = match out.last {
        0 => begin,
        last => last,
    };
    let latest = latest.saturating_add(LONGEST).min(LATEST);
    let lost_samples = tables.settle(tick, latest);
    let clock = tables.clock;
    let mut ordering = Ordering {
        whole,
        tables,
        scale: Scale { tick, latest },
        readings: Vec::new(),
        frontier: Frontier::default(),
        misfits: Misfits::default(),
        is_cut: false,
        tries: 0,
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
            given_up: None,
            tick,
            clock,
            reordered: 0,
            is_whole: true,
            has_doubt: whole.has_gap,
            is_cut: false,
            tells_all: false,
        },
    };
    let sync = What::Sync {
        number: syncs,
        clock,
    };
    let begin = if begin > latest { out.last } else { begin };
    out.emit(begin, Context::NOBODY, 0, sync);
    let start = out.last;
    for (at, bytes, reason) in lost {
        ordering.loss(at, bytes, start, reason.to_owned());
    }
    if lost_samples > 0 {
        let count = unit::plural(lost_samples as u64, "CPU sample");
        let reason = format!("the times of {count} cannot be");
        ordering.loss(whole.at, 0, start, reason);
    }
    ordering.is_cut = ordering.is_cut_off(&lacks);
    if ordering.is_cut || whole.has_gap {
        (order.has_doubt, order.has_lost) = (true, true);
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
    ordering.tell_misfits();
    ordering.tell_lacks(&lacks, out.last);
    let read = &ordering.read;
    let tells_all = read.is_whole && !read.has_doubt && !ordering.is_cut;
    if whole.is_after_doubt && tells_all && whole.end == End::Told {
        order.bury(out);
    }
    ordering.read.tells_all = tells_all;
    ordering.read.generation.span = (start, out.last);
    ordering.read
}

impl Ordering<'_> {
    /// True where batches of some threads may be missing, because the file ends.
    fn is_cut_off(&self, lacks: &Lacks) -> bool {
        match self.whole.end {
            End::Told => false,
            End::Unmarked | End::Torn => true,
            // Tables stand at the end. Where none is needed, none need be there.
            End::Open => {
                (lacks.names || lacks.stacks) && self.whole.batches.iter().any(|b| self.needs(b))
            }
        }
    }

    /// True for a batch of events that needs tables.
    fn needs(&self, batch: &Batch) -> bool {
        if self.whole.content(batch) != Content::Events {
            return false;
        }
        let mut reading = Reading::new(NONE, batch);
        reading.batches.push(*batch);
        while reading.next(self.whole.held, self.scale) == Ok(true) {
            if refers(&reading.record) {
                return true;
            }
        }
        false
    }

    /// What did not fit, as one loss: there may be many, all for the same reason.
    fn tell_misfits(&mut self) {
        let Misfits {
            first,
            left_out,
            bytes,
            forced,
        } = self.misfits;
        let Some((at, time)) = first else {
            return;
        };
        self.read.has_doubt = true;
        let why = match self.is_cut {
            true => "the batches of some threads are cut off",
            false => "events before them could not be read",
        };
        let fates = [
            (left_out, "left out"),
            (forced, "taken without what they follow"),
        ];
        let fates = fates.into_iter().filter(|&(count, _)| count > 0);
        let fates = fates.map(|(count, fate)| format!("{} {fate}", unit::plural(count, "event")));
        let reason = format!("{why}: {}", fates.collect::<Vec<_>>().join(", "));
        self.loss(at, bytes, time, reason);
    }

    /// Says which tables are missing that events need.
    fn tell_lacks(&mut self, lacks: &Lacks, last: u64) {
        let end = self.whole.end;
        let is_open = end != End::Told;
        let (names, stacks) = self.tables.lacks();
        // In the middle of a trace a single one that is missing is the writer's.
        let names = names && (lacks.names || is_open);
        let stacks = stacks && (lacks.stacks || is_open);
        let has_events = self.read.generation.events > 0;
        let rate = lacks.rate && has_events;
        let missing: Vec<&str> = [
            (names, "its names"),
            (stacks, "its stacks"),
            (rate, "the clock's rate"),
        ]
        .into_iter()
        .filter_map(|(is_missing, what)| is_missing.then_some(what))
        .collect();
        self.read.is_cut = is_open && !missing.is_empty();
        // Where the file ends in a batch that is said anyway.
        if missing.is_empty() || end == End::Torn {
            return;
        }
        let tail = match is_open {
            true => remarks::CUT_BEFORE,
            false => "are missing",
        };
        let reason = format!("{} {tail}", missing.join(" and "));
        let at = self.whole.at + self.whole.bytes;
        self.loss(at, 0, last, reason);
    }

    /// Makes a thread's readings of its batches, in the order in which threads first appear.
    /// False when there are more threads than can be.
    fn open(&mut self, order: &mut Order, out: &mut Out<'_>) -> bool {
        let mut of_thread: rustc_hash::FxHashMap<u64, usize> = rustc_hash::FxHashMap::default();
        for batch in self.whole.batches {
            if self.whole.content(batch) != Content::Events {
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
                self.readings.push(Reading::new(thread, batch));
            }
            self.readings[reading].batches.push(*batch);
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
