//! Takes a trace in chunks, cuts it into generations, and keeps only the one that is coming in.

use std::sync::Arc;

use super::generation::{self, Batch, End, Whole, lose};
use super::held::Held;
use super::order::{Context, Order, Out};
use super::state::Collector;
use super::wire::{self, BatchHead, Found, HEADER};
use super::{NEWEST, OLDEST, WITH_END, v1};
use crate::error::{Error, Pos, Result, Stage};
use crate::model::Profile;
use crate::model::trace::{Loss, TraceFacts, TraceSink, What, World};

/// Nanoseconds of a tick where nothing says it: that of all systems but Windows.
const USUAL_TICK: f64 = 64.0;

/// Generations that may be given up. One is a second, so a trace that has more is no trace of a
/// program; and each costs everybody who follows it the time to forget all that was known.
const MOST_BROKEN: u32 = 1000;

/// Makes what takes a trace's events; asked once for each trace of a file.
pub type MakeSink = Box<dyn FnMut() -> Box<dyn TraceSink>>;

/// Reads a file of one trace, or of several one after the other, from its chunks: a profile for
/// each. Fails where this is no trace that can be read; what is wrong inside one is in the facts
/// that its sink gets.
pub fn read_trace<'a>(
    chunks: impl IntoIterator<Item = &'a [u8]>,
    make: MakeSink,
) -> Result<Vec<Profile>> {
    let mut reader = TraceReader::new(make);
    for chunk in chunks {
        reader.push(chunk)?;
    }
    reader.finish()
}

/// The generation that is coming in.
#[derive(Debug)]
struct Coming {
    number: u64,
    batches: Vec<Batch>,
    /// Ticks at which it begins: the least time of all batches, where 0 is none yet, as Go has it.
    begin: u64,
}

impl Coming {
    fn new(number: u64) -> Self {
        Self {
            number,
            batches: Vec::new(),
            begin: 0,
        }
    }

    fn meet(&mut self, time: u64) {
        if self.begin == 0 || time < self.begin {
            self.begin = time;
        }
    }
}

/// Bytes that are passed over until a batch can be told again.
#[derive(Debug)]
struct Skipping {
    /// Where it began, in the file.
    from: u64,
    reason: String,
}

/// One trace of the file.
#[derive(Debug)]
struct One {
    sink: Box<dyn TraceSink>,
    world: World,
    order: Order,
    facts: TraceFacts,
    syncs: u32,
    last: u64,
    begin: u64,
    coming: Option<Coming>,
    skipping: Option<Skipping>,
    /// The next generation has to say the states of all.
    is_fresh: bool,
    /// What is known of them is a guess, as records of the last one are missing.
    is_in_doubt: bool,
    /// The loss whose end is the beginning of the next generation.
    open_loss: Option<usize>,
    /// Generations that were given up.
    broken: u32,
}

/// Reads a file of one trace, or of several one after the other.
pub(crate) struct TraceReader {
    make: MakeSink,
    /// What has come in, from `at` on not yet cut into batches.
    buffer: Vec<u8>,
    at: usize,
    /// Where the buffer begins in the file.
    base: u64,
    /// The generation that is coming in, and where it begins in the file.
    held: Held,
    begun: u64,
    one: Option<One>,
    done: Vec<Profile>,
    is_begun: bool,
    /// What of the file could not be read, and where in it.
    failed: Option<(Error, u64)>,
    events: u64,
}

impl std::fmt::Debug for TraceReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TraceReader")
            .field("one", &self.one)
            .finish_non_exhaustive()
    }
}

impl TraceReader {
    pub(crate) fn new(make: MakeSink) -> Self {
        Self {
            make,
            buffer: Vec::new(),
            at: 0,
            base: 0,
            held: Held::default(),
            begun: 0,
            one: None,
            done: Vec::new(),
            is_begun: false,
            failed: None,
            events: 0,
        }
    }

    /// Events put in order so far.
    pub(crate) fn events(&self) -> u64 {
        self.events
    }

    /// Bytes taken so far.
    pub(crate) fn size(&self) -> u64 {
        self.base + self.buffer.len() as u64
    }

    /// Takes the next bytes. Fails only where this is no trace that can be read; what is wrong
    /// inside one is told with it.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(chunk);
        self.cut(false);
        self.buffer.drain(..self.at);
        self.base += self.at as u64;
        self.at = 0;
        match &self.failed {
            Some((error, _)) if self.done.is_empty() && self.one.is_none() => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// The end of the file: a profile per trace.
    pub(crate) fn finish(mut self) -> Result<Vec<Profile>> {
        self.cut(true);
        self.end_trace();
        let Some((error, at)) = self.failed else {
            return Ok(self.done);
        };
        let Some(last) = self.done.last_mut() else {
            return Err(error);
        };
        // The one before it is fine, but who reads that has to know of it.
        if let Some(report) = last.trace.as_mut().and_then(Arc::get_mut) {
            let facts = &mut report.facts;
            let end = facts.span().unwrap_or_default().1;
            facts.losses.push(Loss {
                generation: facts.generations.last().map_or(0, |one| one.number),
                at,
                bytes: 0,
                span: (end, end),
                reason: format!(
                    "another trace begins here, and it is left out: {}",
                    error.reason
                ),
            });
        }
        Ok(self.done)
    }

    /// Cuts off as many batches as there are.
    fn cut(&mut self, is_end: bool) {
        loop {
            if self.one.is_none() {
                if self.failed.is_some() {
                    self.at = self.buffer.len();
                    return;
                }
                if !self.begin(is_end) {
                    return;
                }
                continue;
            }
            let is_skipping = self.one.as_ref().is_some_and(|one| one.skipping.is_some());
            let goes_on = match is_skipping {
                true => self.skip(is_end),
                false => self.batch(is_end),
            };
            if !goes_on {
                return;
            }
        }
    }

    /// Begins a trace with its header. False when there is none, or not yet.
    fn begin(&mut self, is_end: bool) -> bool {
        let rest = &self.buffer[self.at..];
        if rest.len() < HEADER && !is_end {
            return false;
        }
        if rest.is_empty() && self.is_begun {
            return false;
        }
        let at = self.place();
        let version = wire::version(rest);
        match version {
            Some(number) if number >= OLDEST => {}
            Some(number) => {
                self.failed = Some((v1::explain(number), at));
                return false;
            }
            None => {
                let reason = "the header of a trace is cut off";
                let error = Error::new(Stage::Trace, Pos::Unpacked(at), reason);
                self.failed = Some((error, at));
                return false;
            }
        }
        self.at += HEADER;
        self.turn();
        self.is_begun = true;
        let version = version.unwrap_or(NEWEST);
        self.one = Some(One {
            sink: (self.make)(),
            world: World::default(),
            order: Order::default(),
            facts: TraceFacts {
                version,
                is_ended: version < WITH_END,
                tick: USUAL_TICK,
                ..TraceFacts::default()
            },
            syncs: 0,
            last: 0,
            begin: at,
            coming: None,
            skipping: None,
            is_fresh: true,
            is_in_doubt: false,
            open_loss: None,
            broken: 0,
        });
        true
    }

    /// Takes what stands next. False when more bytes are needed, or there are none.
    fn batch(&mut self, is_end: bool) -> bool {
        let Some(one) = &mut self.one else {
            return false;
        };
        let left = self.buffer.len() - self.at;
        match wire::find(&self.buffer, self.at) {
            Found::Short if is_end && left > 0 => {
                // A file of several traces may end in a header.
                if self.buffer[self.at] == b'g' {
                    self.end_trace();
                    return true;
                }
                self.torn(None);
            }
            Found::Short => return false,
            Found::Header => {
                self.end_trace();
                return true;
            }
            Found::EndOfGeneration => {
                self.at += 1;
                one.facts.is_ended = true;
                self.end_generation(false);
            }
            Found::Batch(head) => {
                let is_other = one
                    .coming
                    .as_ref()
                    .is_some_and(|c| c.number != head.generation);
                if is_other {
                    self.end_generation(false);
                    return true;
                }
                let from = self.at + head.head;
                let to = from + head.size;
                if to > self.buffer.len() {
                    if !is_end {
                        return false;
                    }
                    self.torn(Some(&head));
                    return true;
                }
                if one.facts.version >= WITH_END {
                    one.facts.is_ended = false;
                }
                let coming = one
                    .coming
                    .get_or_insert_with(|| Coming::new(head.generation));
                coming.meet(head.time);
                match head.is_experiment {
                    true => one.facts.experiments += 1,
                    false => {
                        let (at, payload) = (self.base + from as u64, &self.buffer[from..to]);
                        let batch = self.held.keep(head.thread, head.time, at, payload);
                        coming.batches.push(batch);
                    }
                }
                self.at = to;
            }
            Found::Nothing(framing) => {
                one.skipping = Some(Skipping {
                    from: self.base + self.at as u64,
                    reason: framing.to_string(),
                });
            }
        }
        true
    }

    /// The file ends in the middle of a batch: what there is of it is used.
    fn torn(&mut self, head: Option<&BatchHead>) {
        let Some(one) = &mut self.one else {
            return;
        };
        one.facts.is_cut = true;
        let end = self.buffer.len();
        if let Some(head) = head.filter(|head| !head.is_experiment) {
            let from = end.min(self.at + head.head);
            let (at, payload) = (self.base + from as u64, &self.buffer[from..]);
            let batch = self.held.keep(head.thread, head.time, at, payload);
            let coming = one
                .coming
                .get_or_insert_with(|| Coming::new(head.generation));
            coming.meet(batch.time);
            coming.batches.push(batch);
        }
        if head.is_none() {
            let loss = Loss {
                generation: one.coming.as_ref().map_or(0, |coming| coming.number),
                at: self.base + self.at as u64,
                bytes: (end - self.at) as u64,
                span: (one.last, one.last),
                reason: "the head of a batch is cut off".to_owned(),
            };
            lose(&mut one.facts.losses, loss);
        }
        self.at = end;
    }

    /// Looks for a place where batches go on: one that is followed by another, or by the end.
    fn skip(&mut self, is_end: bool) -> bool {
        let Some(one) = &mut self.one else {
            return false;
        };
        let number = one.coming.as_ref().map(|coming| coming.number);
        let last = one.facts.generations.last().map(|one| one.number);
        let is_near = |generation: u64| match number.or(last) {
            Some(number) => generation >= number && generation - number <= 2,
            None => true,
        };
        let mut at = self.at;
        let mut is_short = false;
        while at < self.buffer.len() {
            let goes_on = match wire::find(&self.buffer, at) {
                Found::Batch(head) if is_near(head.generation) => {
                    let next = at + head.head + head.size;
                    if next >= self.buffer.len() {
                        is_short = !is_end;
                        is_end && next == self.buffer.len()
                    } else {
                        match wire::find(&self.buffer, next) {
                            Found::Batch(other) => is_near(other.generation),
                            Found::Short => {
                                is_short = !is_end;
                                false
                            }
                            Found::EndOfGeneration | Found::Header => true,
                            Found::Nothing(_) => false,
                        }
                    }
                }
                Found::Header => true,
                Found::Short => {
                    is_short = !is_end;
                    false
                }
                _ => false,
            };
            if goes_on || is_short {
                break;
            }
            at += 1;
        }
        let is_found = at < self.buffer.len() && !is_short;
        self.at = at;
        if !is_found && !is_end {
            return false;
        }
        let end = self.base + at as u64;
        if let Some(skipped) = one.skipping.take() {
            let generation = number.or(last).unwrap_or(0);
            let loss = Loss {
                generation,
                at: skipped.from,
                bytes: end - skipped.from,
                span: (one.last, one.last),
                reason: skipped.reason,
            };
            lose(&mut one.facts.losses, loss);
        }
        is_found
    }

    /// No more batches of a generation come, or of the trace: puts it in order.
    fn end_generation(&mut self, is_last: bool) {
        let end = self.place();
        let Some(one) = &mut self.one else {
            return;
        };
        let coming = one.coming.take();
        if let Some(coming) = &coming
            && one.broken >= MOST_BROKEN
        {
            let loss = Loss {
                generation: coming.number,
                at: self.begun,
                bytes: end - self.begun,
                span: (one.last, one.last),
                reason: format!("{MOST_BROKEN} generations before it are broken"),
            };
            lose(&mut one.facts.losses, loss);
        } else if let Some(coming) = coming {
            one.order.generation = coming.number;
            one.order.has_doubt = one.is_in_doubt;
            if one.is_fresh {
                one.order.first_generation = coming.number;
            }
            one.syncs += 1;
            let whole = Whole {
                number: coming.number,
                held: &self.held,
                at: self.begun,
                bytes: end - self.begun,
                batches: &coming.batches,
                begin: coming.begin,
                version: one.facts.version,
                usual_tick: one.facts.tick,
                end: match is_last {
                    false => End::Told,
                    true if one.facts.is_cut => End::Torn,
                    true if one.facts.version >= WITH_END => End::Unmarked,
                    true => End::Open,
                },
                is_after_doubt: one.is_in_doubt,
            };
            let mut out = Out {
                world: &mut one.world,
                sink: &mut *one.sink,
                last: one.last,
            };
            let read = generation::read(&whole, one.syncs, &mut one.order, &mut out);
            one.last = out.last;
            self.events += read.generation.events;
            one.close(read);
        }
        self.turn();
    }

    /// Nothing follows in this trace.
    fn end_trace(&mut self) {
        let Some(mut one) = self.one.take() else {
            return;
        };
        if one.coming.is_some() {
            self.one = Some(one);
            self.end_generation(true);
            match self.one.take() {
                Some(same) => one = same,
                None => return,
            }
        }
        one.facts.bytes = self.place() - one.begin;
        if one.facts.generations.is_empty() {
            let at = Pos::Unpacked(self.place());
            let reason = match one.facts.losses.first() {
                Some(loss) => format!("nothing of the trace can be used: {}", loss.reason),
                None => "the trace is empty: it has a header and nothing else".to_owned(),
            };
            let error = Error::new(Stage::Trace, at, reason)
                .with_looks("a Go execution trace")
                .with_advice(
                    "a program that is killed before trace.Stop may leave only the header",
                );
            self.failed.get_or_insert((error, one.begin));
            return;
        }
        one.syncs += 1;
        let mut out = Out {
            world: &mut one.world,
            sink: &mut *one.sink,
            last: one.last,
        };
        let sync = What::Sync {
            number: one.syncs,
            clock: None,
        };
        let time = out.last;
        out.emit(time, Context::NOBODY, 0, sync);
        self.done.push(one.sink.finish(&one.world, one.facts));
    }

    /// The next generation begins here.
    fn turn(&mut self) {
        self.held.clear();
        self.begun = self.place();
    }

    /// How far the file has been cut.
    fn place(&self) -> u64 {
        self.base + self.at as u64
    }
}

impl One {
    /// Takes what became of a generation.
    fn close(&mut self, read: generation::Read) {
        self.facts.tick = read.tick;
        self.facts.reordered += read.reordered;
        if self.facts.clock.is_none() {
            self.facts.clock = read.clock;
        }
        // What was lost before ends where this begins.
        let begin = read.generation.span.0;
        let open = self.open_loss.take();
        if let Some(loss) = open.and_then(|at| self.facts.losses.get_mut(at)) {
            loss.span.1 = begin.max(loss.span.0);
        }
        self.is_fresh = !read.is_whole;
        self.is_in_doubt = read.is_whole && read.has_doubt;
        if self.is_in_doubt {
            // Collections may have come and gone.
            self.order.collector = Collector::Unknown;
        }
        self.facts.is_cut |= read.is_cut;
        self.facts.generations.push(read.generation);
        if read.is_whole {
            if !read.has_doubt {
                self.order.all.settle();
            }
            self.sink.generation(self.last, &self.world);
        } else {
            self.broken += 1;
            if let Some(loss) = &read.given_up {
                self.sink.lost(loss, &self.world);
            }
            self.order.forget();
        }
        for loss in read.losses {
            lose(&mut self.facts.losses, loss);
        }
        if let Some(loss) = read.given_up {
            lose(&mut self.facts.losses, loss);
            self.open_loss = self.facts.losses.len().checked_sub(1);
        }
    }
}
