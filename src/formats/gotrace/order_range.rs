//! Steps of the collector, and of stops of the world; see [`super::order`].

use super::order::{Advance, Broken, Order, Out, Step};
use super::spec;
use super::state::{Collector, Ranges};
use crate::model::trace::{Edge, NONE, RangeKind, What, is_none};

impl Ranges {
    /// Begins a range, finds it going on, or ends it. Gives its reason.
    fn step(
        &mut self,
        edge: Edge,
        kind: RangeKind,
        reason: u32,
        is_first: bool,
        has_doubt: bool,
    ) -> Result<u32, Broken> {
        let range = (kind, reason);
        match edge {
            Edge::Begin if !self.has(range) => self.open(range),
            Edge::Active if is_first && !self.has(range) => self.open(range),
            Edge::Active if !is_first && self.has(range) => {}
            // Its end, or its begin, was not seen.
            Edge::Begin if has_doubt => {}
            Edge::Active if has_doubt => {
                if !self.has(range) {
                    self.open(range);
                }
            }
            Edge::End => return self.close(kind).ok_or(Broken::Range),
            _ => return Err(Broken::Range),
        }
        Ok(reason)
    }
}

impl Order {
    pub(super) fn range(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        match step.record.kind {
            spec::GC_ACTIVE | spec::GC_BEGIN | spec::GC_END => self.collection(step, out),
            spec::SWEEP_ACTIVE | spec::SWEEP_BEGIN | spec::SWEEP_END => self.sweep(step, out),
            _ => self.of_goroutine(step, out),
        }
    }

    /// The phase of marking. Its begin and its end may be told by different threads, so they are
    /// counted, over all generations.
    fn collection(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let [number, stack, ..] = step.record.args;
        let edge = match step.record.kind {
            spec::GC_ACTIVE => Edge::Active,
            spec::GC_BEGIN => Edge::Begin,
            _ => Edge::End,
        };
        let is_guess = self.has_doubt && self.collector == Collector::Unknown;
        let starts_anew = match edge {
            Edge::Active if is_guess => true,
            Edge::Active if self.is_first() => {
                if self.collector != Collector::Unknown {
                    return Err(Broken::Collection);
                }
                true
            }
            Edge::Begin => self.collector == Collector::Unknown,
            _ => false,
        };
        if !starts_anew {
            if number != self.collections.wrapping_add(1) && !self.forces {
                return Ok(None);
            }
            let is_marking = self.collector == Collector::Marking;
            if is_marking != (edge != Edge::Begin) && !self.forces {
                return Err(Broken::Collection);
            }
            step.needs_all()?;
        }
        self.collections = number;
        self.collector = match edge {
            Edge::End => Collector::Idle,
            _ => Collector::Marking,
        };
        let what = What::Range {
            edge,
            kind: RangeKind::Mark,
            scope: NONE,
            reason: 0,
            bytes: (0, 0),
        };
        let stack = if edge == Edge::Begin { stack } else { 0 };
        step.emit(out, stack, what);
        step.keeps()
    }

    fn sweep(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let args = step.record.args;
        let (edge, proc, stack) = match step.record.kind {
            spec::SWEEP_ACTIVE => {
                let proc = self.all.proc(args[0]).ok_or(Broken::Unknown)?;
                self.all.list_proc(proc);
                (Edge::Active, proc, 0)
            }
            kind => {
                step.needs_proc()?;
                match kind {
                    spec::SWEEP_BEGIN => (Edge::Begin, step.context.proc, args[0]),
                    _ => (Edge::End, step.context.proc, 0),
                }
            }
        };
        let (is_first, has_doubt) = (self.is_first(), self.has_doubt);
        let ranges = &mut self.all.procs[proc as usize].ranges;
        ranges.step(edge, RangeKind::Sweep, 0, is_first, has_doubt)?;
        let what = What::Range {
            edge,
            kind: RangeKind::Sweep,
            scope: proc,
            reason: 0,
            bytes: match edge {
                Edge::End => (args[0], args[1]),
                _ => (0, 0),
            },
        };
        step.emit(out, stack, what);
        step.keeps()
    }

    /// Assists, and stops of the world.
    fn of_goroutine(&mut self, step: &Step<'_>, out: &mut Out<'_>) -> Advance {
        let args = step.record.args;
        let (edge, kind, reason, stack) = match step.record.kind {
            spec::STW_BEGIN => (Edge::Begin, RangeKind::Stop, step.string(args[0]), args[1]),
            spec::STW_END => (Edge::End, RangeKind::Stop, 0, 0),
            spec::ASSIST_BEGIN => (Edge::Begin, RangeKind::Assist, 0, args[0]),
            spec::ASSIST_ACTIVE => (Edge::Active, RangeKind::Assist, 0, 0),
            _ => (Edge::End, RangeKind::Assist, 0, 0),
        };
        // One that goes on may be that of a goroutine that waits: any thread can tell it.
        let goroutine = if edge == Edge::Active {
            self.all.goroutine(args[0]).ok_or(Broken::Unknown)?
        } else {
            step.needs_all()?;
            step.context.goroutine
        };
        debug_assert!(!is_none(goroutine), "checked above");
        let (is_first, has_doubt) = (self.is_first(), self.has_doubt);
        let ranges = &mut self.all.goroutines[goroutine as usize].open().ranges;
        let reason = ranges.step(edge, kind, reason, is_first, has_doubt)?;
        let what = What::Range {
            edge,
            kind,
            scope: goroutine,
            reason,
            bytes: (0, 0),
        };
        step.emit(out, stack, what);
        step.keeps()
    }
}
