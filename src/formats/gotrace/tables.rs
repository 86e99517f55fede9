//! The tables of one generation: strings, stacks, samples, clocks. Their numbers mean nothing in
//! the next, so each is mapped to a row of the whole trace.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use super::spec;
use super::wire::Cursor;
use crate::model::trace::{Clock, Frame, World};

/// Bytes of a string at most.
const MOST_STRING: u64 = 1024;
/// Frames of a stack at most.
const MOST_FRAMES: u64 = 128;
/// Numbers below this are looked up in a list, as the runtime counts from 1.
const DENSE: u64 = 1 << 20;

/// The slowest clock, in nanoseconds of a tick: real ones are a thousand times faster.
const MOST_TICK: f64 = 1e6;

/// The latest second since 1970: in 34 000 years.
const MOST_SECONDS: u64 = 1 << 40;

/// The latest time, in nanoseconds: 146 years of the machine's being up. Sums of what is later
/// would not fit.
pub(super) const LATEST: u64 = 1 << 62;

/// Rows by the number that a generation gives them.
#[derive(Debug, Default)]
pub(super) struct Rows {
    dense: Vec<u32>,
    sparse: FxHashMap<u64, u32>,
}

/// In a list: not given.
const ABSENT: u32 = u32::MAX;

impl Rows {
    #[inline(always)]
    pub(super) fn get(&self, id: u64) -> Option<u32> {
        if id == 0 {
            return Some(0);
        }
        match self.dense.get(id as usize) {
            Some(&row) if row != ABSENT => Some(row),
            // Numbers that came before the list was long enough are not in it.
            _ => self.sparse.get(&id).copied(),
        }
    }

    /// False where the number has been given already; the first stays.
    fn insert(&mut self, id: u64, row: u32) -> bool {
        if self.get(id).is_some() {
            return false;
        }
        // A list only as long as there are rows for it, or nearly: numbers may be anything.
        let is_dense = id < DENSE && (id as usize) < 2 * self.dense.len() + 64;
        if is_dense {
            let at = id as usize;
            if at >= self.dense.len() {
                self.dense.resize(at + 1, ABSENT);
            }
            self.dense[at] = row;
        } else {
            self.sparse.insert(id, row);
        }
        true
    }
}

/// A sample of the CPU profiler.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// Nanoseconds.
    pub(super) time: u64,
    pub(super) thread: u64,
    pub(super) proc: u64,
    /// [`u64::MAX`] for none.
    pub(super) goroutine: u64,
    pub(super) stack: u64,
}

/// What is said once for a generation.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) strings: Rows,
    pub(super) stacks: Rows,
    pub(super) samples: Vec<Sample>,
    /// Nanoseconds of a tick.
    pub(super) tick: Option<f64>,
    /// With its reading of the trace's clock in ticks.
    pub(super) clock: Option<Clock>,
    /// What was wrong with the last batch.
    pub(super) fault: Option<TableFault>,
    /// Names and stacks that are referred to and not there.
    missing: (Cell<u64>, Cell<u64>),
}

/// Why a part of a table could not be used.
#[derive(Clone, Copy, Debug)]
pub(super) struct TableFault {
    /// Where the first such part begins, and the bytes of all.
    pub(super) at: usize,
    pub(super) bytes: usize,
    pub(super) reason: &'static str,
}

#[cold]
fn miss(count: &Cell<u64>) -> u32 {
    count.set(count.get() + 1);
    0
}

/// Ticks as nanoseconds, cut to whole ones as Go does it.
#[inline(always)]
pub(super) fn nanos(ticks: u64, tick: f64) -> u64 {
    (ticks as f64 * tick) as u64
}

impl Tables {
    fn fail(&mut self, at: usize, end: usize, reason: &'static str) {
        let fault = self.fault.get_or_insert(TableFault {
            at,
            bytes: 0,
            reason,
        });
        fault.bytes += end - at;
    }

    /// The row of a string; that of the empty one where it is missing.
    #[inline(always)]
    pub(super) fn string(&self, id: u64) -> u32 {
        self.strings
            .get(id)
            .unwrap_or_else(|| miss(&self.missing.0))
    }

    /// The row of a stack; 0 where it is missing.
    #[inline(always)]
    pub(super) fn stack(&self, id: u64) -> u32 {
        self.stacks.get(id).unwrap_or_else(|| miss(&self.missing.1))
    }

    /// Names are referred to that are not there; stacks.
    pub(super) fn lacks(&self) -> (bool, bool) {
        (self.missing.0.get() > 0, self.missing.1.get() > 0)
    }

    /// Takes a batch of strings, after its first byte.
    pub(super) fn add_strings(&mut self, mut from: Cursor<'_>, world: &mut World) {
        while !from.is_at_end() {
            let at = from.at;
            let read = (|| {
                let kind = from.byte()?;
                let (id, length) = (from.number()?, from.number()?);
                let is_fine = kind == spec::STRING && length <= MOST_STRING;
                let text = from.take(usize::try_from(length).ok()?)?;
                is_fine.then_some((id, text))
            })();
            let Some((id, text)) = read else {
                return self.fail(at, from.end(), "a table of strings is broken");
            };
            let row = world.string(text);
            if !self.strings.insert(id, row) {
                self.fail(at, from.at, "a table of strings gives a number twice");
            }
        }
    }

    /// Takes a batch of stacks, after its first byte; strings come first.
    pub(super) fn add_stacks(&mut self, mut from: Cursor<'_>, world: &mut World) {
        let mut frames = Vec::new();
        while !from.is_at_end() {
            let at = from.at;
            frames.clear();
            let read = (|| {
                let kind = from.byte()?;
                let (id, count) = (from.number()?, from.number()?);
                if kind != spec::STACK || count > MOST_FRAMES {
                    return None;
                }
                for _ in 0..count {
                    let [pc, function, file, line] = [
                        from.number()?,
                        from.number()?,
                        from.number()?,
                        from.number()?,
                    ];
                    let name = |id| self.string(id);
                    frames.push(world.frame(Frame {
                        pc,
                        line,
                        function: name(function),
                        file: name(file),
                    }));
                }
                Some(id)
            })();
            let Some(id) = read else {
                return self.fail(at, from.end(), "a table of stacks is broken");
            };
            let row = world.add_stack(&frames);
            if !self.stacks.insert(id, row) {
                self.fail(at, from.at, "a table of stacks gives a number twice");
            }
        }
    }

    /// Takes a batch of samples, after its first byte. Times are in ticks until
    /// [`Tables::settle`].
    pub(super) fn add_samples(&mut self, mut from: Cursor<'_>) {
        while !from.is_at_end() {
            let at = from.at;
            let read = (|| {
                let kind = from.byte()?;
                let mut numbers = [0; 5];
                for number in &mut numbers {
                    *number = from.number()?;
                }
                (kind == spec::CPU_SAMPLE).then_some(numbers)
            })();
            let Some([time, thread, proc, goroutine, stack]) = read else {
                return self.fail(at, from.end(), "a table of CPU samples is broken");
            };
            self.samples.push(Sample {
                time,
                thread,
                proc,
                goroutine: if goroutine == 0 { u64::MAX } else { goroutine },
                stack,
            });
        }
    }

    /// Takes the clock's rate, and with Go ≥ 1.25 a reading of all clocks. `time` is that of the
    /// batch.
    pub(super) fn add_clocks(&mut self, mut from: Cursor<'_>, time: u64) {
        let mut time = time;
        while !from.is_at_end() {
            let at = from.at;
            let is_read = (|| {
                match from.byte()? {
                    spec::FREQUENCY => {
                        let rate = from.number()?;
                        let tick = 1.0 / (rate as f64 / 1e9);
                        if tick > MOST_TICK {
                            return None;
                        }
                        self.tick.get_or_insert(tick);
                    }
                    spec::CLOCK_SNAPSHOT => {
                        time = time.saturating_add(from.number()?);
                        let clock = Clock {
                            trace: time,
                            mono: from.number()?,
                            wall_seconds: from.number()?,
                            wall_nanos: from.number()?,
                        };
                        if clock.mono > LATEST
                            || clock.wall_seconds > MOST_SECONDS
                            || clock.wall_nanos >= 1_000_000_000
                        {
                            return None;
                        }
                        self.clock.get_or_insert(clock);
                    }
                    _ => return None,
                }
                Some(())
            })();
            if is_read.is_none() {
                let reason = "the clock's rate or its reading is none that can be";
                return self.fail(at, from.end(), reason);
            }
        }
    }

    /// Once all is there: `tick` is the rate to go by. Samples are put in order of time, which
    /// their writer does not do. Gives how many are of times after `latest`, and left out.
    pub(super) fn settle(&mut self, tick: f64, latest: u64) -> usize {
        for sample in &mut self.samples {
            sample.time = nanos(sample.time, tick);
        }
        let all = self.samples.len();
        self.samples.retain(|sample| sample.time <= latest);
        self.samples.sort_by_key(|sample| sample.time);
        if let Some(clock) = &mut self.clock {
            clock.trace = nanos(clock.trace, tick);
        }
        self.clock = self.clock.filter(|clock| clock.trace <= latest);
        all - self.samples.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_need_not_be_dense() {
        let ids = [1_u64, 2, 60, 1 << 19, u64::MAX];
        let mut rows = Rows::default();
        for (row, &id) in (1..).zip(&ids) {
            assert!(rows.insert(id, row));
            assert!(!rows.insert(id, 9));
        }
        let found: Vec<_> = ids.iter().map(|&id| rows.get(id)).collect();
        assert_eq!(found, [Some(1), Some(2), Some(3), Some(4), Some(5)]);
        assert_eq!(
            (rows.get(0), rows.get(3), rows.get(1 << 21)),
            (Some(0), None, None)
        );
        assert!(
            rows.dense.len() < 200,
            "no list as long as a number is large"
        );
    }

    #[test]
    fn ticks_of_64_ns_are_exact() {
        // 15 625 000 ticks a second: 1e9 / 15 625 000 = 64.
        let tick = 1.0 / (15_625_000.0 / 1e9);
        assert_eq!(nanos(28_113_089_399_600, tick), 28_113_089_399_600 * 64);
    }
}
