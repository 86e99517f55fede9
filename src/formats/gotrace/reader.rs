//! Takes a trace in chunks, cuts it into generations, and keeps only the one that is coming in.

use std::sync::Arc;

use super::generation::{self, End, Whole, lose};
use super::held::Held;
use super::one::{Coming, MOST_BROKEN, MOST_GENERATIONS_AHEAD, One, Skipping};
use super::order::{Context, Out};
use super::wire::{self, BatchHead, Found, HEADER};
use super::{NEWEST, OLDEST, WITH_END, v1};
use crate::error::{Error, Pos, Result, Stage};
use crate::model::Profile;
use crate::model::trace::{Loss, TraceSink, What};

/// Traces that are read of a file. Each takes memory for what it may have.
const MOST_TRACES: usize = 100;

/// A hole of so many bytes, more than a batch has, may be longer than a generation or two.
const LARGE_HOLE: u64 = 1 << 16;

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

/// What stands at a place that is looked at for where batches go on.
enum Chain {
    /// A batch of that generation, followed by what follows one; `None`: another trace.
    Goes(Option<u64>),
    Ends,
    /// More bytes are needed to tell.
    Short,
}

/// Whether batches go on at a place. `needs` says how many have to follow a first one of a
/// generation, if it may be there at all.
fn chain(bytes: &[u8], at: usize, is_end: bool, needs: impl Fn(u64) -> Option<u32>) -> Chain {
    let short = || match is_end {
        true => Chain::Ends,
        false => Chain::Short,
    };
    let mut head = match wire::find(bytes, at) {
        Found::Batch(head) => head,
        Found::Header => return Chain::Goes(None),
        Found::Short => return short(),
        _ => return Chain::Ends,
    };
    let goes = Chain::Goes(Some(head.generation));
    let Some(count) = needs(head.generation) else {
        return Chain::Ends;
    };
    let mut at = at;
    for _ in 0..count {
        at += head.head + head.size;
        if is_end && at == bytes.len() {
            return goes;
        }
        match wire::find(bytes, at) {
            Found::Batch(next) if is_after(&head, &next) => head = next,
            Found::EndOfGeneration | Found::Header => return goes,
            Found::Short => return short(),
            _ => return Chain::Ends,
        }
    }
    goes
}

/// True for a batch that may come right after another.
fn is_after(batch: &BatchHead, next: &BatchHead) -> bool {
    next.generation.wrapping_sub(batch.generation) <= MOST_GENERATIONS_AHEAD
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
    /// Traces that have begun.
    begun_traces: usize,
    /// What of the file could not be read, and where in it.
    failed: Option<(Error, u64)>,
    /// Nothing of it can be read from here on.
    is_over: bool,
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
            begun_traces: 0,
            failed: None,
            is_over: false,
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
            Some((error, _)) if self.done.is_empty() && self.is_over => Err(error.clone()),
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
                if self.is_over {
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
        if rest.is_empty() && self.begun_traces > 0 {
            return false;
        }
        let at = self.place();
        let version = wire::version(rest);
        let fault = |reason: String| Error::new(Stage::Trace, Pos::Unpacked(at), reason);
        let error = match version {
            _ if self.begun_traces >= MOST_TRACES => Some(fault(format!(
                "there are more than {MOST_TRACES} traces in the file"
            ))),
            Some(number) if number >= OLDEST => None,
            Some(number) => Some(v1::explain(number)),
            None => Some(fault("the header of a trace is cut off".to_owned())),
        };
        if let Some(error) = error {
            self.is_over = true;
            self.failed.get_or_insert((error, at));
            return true;
        }
        self.at += HEADER;
        self.turn();
        self.begun_traces += 1;
        let version = version.unwrap_or(NEWEST);
        self.one = Some(One::new((self.make)(), version, at));
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
                let from = self.at + head.head;
                let to = from + head.size;
                let coming = one.coming.as_ref().map(|coming| coming.number);
                if coming != Some(head.generation) {
                    // A damaged number would end a generation that goes on.
                    let goes_on = match wire::find(&self.buffer, to) {
                        Found::Short if !is_end => return false,
                        Found::Batch(next) => coming == Some(next.generation),
                        _ => false,
                    };
                    if goes_on || !one.is_near(head.generation) {
                        one.skipping = Some(Skipping {
                            from: self.base + self.at as u64,
                            reason: "a batch is of a generation that cannot be".to_owned(),
                        });
                        self.at = to.min(self.buffer.len());
                        return true;
                    }
                    if coming.is_some() {
                        self.end_generation(false);
                        return true;
                    }
                }
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
        let known = one.known();
        let from = one.skipping.as_ref().map_or(0, |skipping| skipping.from);
        let mut at = self.at;
        let mut is_short = false;
        let mut found = None;
        while at < self.buffer.len() {
            let is_large = self.base + at as u64 - from >= LARGE_HOLE;
            // Two in a row are enough where the number is one that can be.
            let needs = |generation: u64| match one.is_near(generation) {
                true => Some(1),
                false if is_large && known.is_none_or(|known| generation > known) => Some(2),
                false => None,
            };
            match chain(&self.buffer, at, is_end, needs) {
                Chain::Goes(on) => {
                    found = on;
                    break;
                }
                Chain::Short => {
                    is_short = true;
                    break;
                }
                Chain::Ends => at += 1,
            }
        }
        let is_found = at < self.buffer.len() && !is_short;
        self.at = at;
        if !is_found && !is_end {
            return false;
        }
        let end = self.base + at as u64;
        if let Some(skipped) = one.skipping.take() {
            let generation = known.unwrap_or(0);
            one.gaps.0 = true;
            // It may have reached into the next one.
            one.gaps.1 |= one.coming.is_some() && is_found && found != known;
            one.found = found;
            // What would have followed is not there.
            one.facts.is_cut |= !is_found;
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
        let has_gap = coming.is_some() && one.gaps.0;
        if coming.is_some() {
            one.gaps = (one.gaps.1, false);
            one.found = None;
        }
        if let Some(coming) = &coming
            && one.broken >= MOST_BROKEN
        {
            one.leave_out(coming, self.begun, end);
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
                has_gap,
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
