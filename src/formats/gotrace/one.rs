//! One trace of a file: where its reading is, and what becomes of its generations.

use super::WITH_END;
use super::generation::{self, Batch, lose};
use super::order::Order;
use super::state::Collector;
use super::tables::nanos;
use crate::model::trace::{Generation, Loss, TraceFacts, TraceSink, World};
use crate::unit;

/// Nanoseconds of a tick where nothing says it: that of all systems but Windows.
const USUAL_TICK: f64 = 64.0;

/// Generations that may be given up. One is a second, so a trace that has more is no trace of a
/// program; and each costs everybody who follows it the time to forget all that was known.
pub(super) const MOST_BROKEN: u32 = 1000;

/// Nanoseconds of a generation that is told as too long to be true.
const UNUSUAL: u64 = 10_000_000_000;

/// A generation follows the other. One that is missing in between is a hole; a number that is
/// further away is no number of a generation.
pub(super) const MOST_GENERATIONS_AHEAD: u64 = 2;

/// The generation that is coming in.
#[derive(Debug)]
pub(super) struct Coming {
    pub(super) number: u64,
    pub(super) batches: Vec<Batch>,
    /// Ticks at which it begins: the least time of all batches, where 0 is none yet, as Go has it.
    pub(super) begin: u64,
}

impl Coming {
    pub(super) fn new(number: u64) -> Self {
        Self {
            number,
            batches: Vec::new(),
            begin: 0,
        }
    }

    pub(super) fn meet(&mut self, time: u64) {
        if self.begin == 0 || time < self.begin {
            self.begin = time;
        }
    }
}

/// Bytes that are passed over until a batch can be told again.
#[derive(Debug)]
pub(super) struct Skipping {
    /// Where it began, in the file.
    pub(super) from: u64,
    pub(super) reason: String,
}

/// One trace of the file.
#[derive(Debug)]
pub(super) struct One {
    pub(super) sink: Box<dyn TraceSink>,
    pub(super) world: World,
    pub(super) order: Order,
    pub(super) facts: TraceFacts,
    pub(super) syncs: u32,
    pub(super) last: u64,
    pub(super) begin: u64,
    pub(super) coming: Option<Coming>,
    pub(super) skipping: Option<Skipping>,
    /// The next generation has to say the states of all.
    pub(super) is_fresh: bool,
    /// What is known of them is a guess, as records of the last one are missing.
    pub(super) is_in_doubt: bool,
    /// The loss whose end is the beginning of the next generation.
    pub(super) open_loss: Option<usize>,
    /// Generations that were given up.
    pub(super) broken: u32,
    /// The loss of those that are not even tried after so many.
    pub(super) left_out: Option<usize>,
    /// Bytes were passed over in the generation that is coming in; and in the one after it.
    pub(super) gaps: (bool, bool),
    /// The generation that was found behind a hole that is larger than one.
    pub(super) found: Option<u64>,
}

impl One {
    /// A trace whose header stands at `begin` of the file.
    pub(super) fn new(sink: Box<dyn TraceSink>, version: u32, begin: u64) -> Self {
        Self {
            sink,
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
            begin,
            coming: None,
            skipping: None,
            is_fresh: true,
            is_in_doubt: false,
            open_loss: None,
            broken: 0,
            left_out: None,
            gaps: (false, false),
            found: None,
        }
    }

    /// The number of the generation that is coming in, or else of the last one.
    pub(super) fn known(&self) -> Option<u64> {
        let last = self.facts.generations.last().map(|one| one.number);
        self.coming.as_ref().map(|coming| coming.number).or(last)
    }

    /// True for a generation that may be the next batch's: one follows the other.
    pub(super) fn is_near(&self, generation: u64) -> bool {
        let is_next =
            |known: u64| generation >= known && generation - known <= MOST_GENERATIONS_AHEAD;
        self.known().is_none_or(is_next) || self.found == Some(generation)
    }

    /// A generation is not read, as too many before it are broken.
    pub(super) fn leave_out(&mut self, coming: &Coming, from: u64, to: u64) {
        let time = nanos(coming.begin, self.facts.tick).max(self.last);
        match self.left_out.and_then(|at| self.facts.losses.get_mut(at)) {
            Some(loss) => {
                loss.bytes += to - from;
                loss.span.1 = loss.span.1.max(time);
            }
            None => {
                lose(
                    &mut self.facts.losses,
                    Loss {
                        generation: coming.number,
                        at: from,
                        bytes: to - from,
                        span: (self.last, time),
                        reason: format!(
                            "it is left out with all that follow, as {MOST_BROKEN} before it are broken"
                        ),
                    },
                );
                self.left_out = self.facts.losses.len().checked_sub(1);
            }
        }
    }

    /// Takes what became of a generation.
    pub(super) fn close(&mut self, read: generation::Read) {
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
        let Generation {
            number, at, span, ..
        } = read.generation;
        self.facts.generations.push(read.generation);
        if read.is_whole {
            if read.tells_all {
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
        if span.1 - span.0 > UNUSUAL {
            let loss = Loss {
                generation: number,
                at,
                bytes: 0,
                span: (span.1, span.1),
                reason: format!(
                    "it lasts {}, where Go has one every second: a time in it is damaged, or the program was held up",
                    unit::traced(span.1 - span.0)
                ),
            };
            lose(&mut self.facts.losses, loss);
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
