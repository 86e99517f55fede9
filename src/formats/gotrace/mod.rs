//! Go execution traces (`runtime/trace`), from Go 1.22 on.
//!
//! A trace is a sequence of *generations*, about a second each, that stand for themselves: each
//! has its tables of strings and stacks, and says once what every goroutine and proc is doing. So
//! one is held at a time, and what is torn or contradicts itself costs one. Inside, records stand
//! by thread; [`order`] puts them in the one order that all of them allow.

mod contents;
mod footprint;
mod frontier;
mod generation;
mod held;
mod one;
mod order;
mod order_go;
mod order_proc;
mod order_range;
mod plain;
mod reader;
mod reading;
mod remarks;
mod spec;
mod state;
mod tables;
mod v1;
mod wire;

pub use footprint::{Footprint, FootprintRow, FootprintTable};
pub use plain::facts_only;
pub(crate) use reader::TraceReader;
pub use reader::{MakeSink, read_trace};
pub use remarks::trace_losses;
pub(crate) use spec::experiment;

/// The oldest format that is read; those before are written in another way.
const OLDEST: u32 = 22;

/// The newest format that is known. Newer ones are tried by its rules.
pub(crate) const NEWEST: u32 = 26;

/// The first format with a mark at the end of each generation.
const WITH_END: u32 = 26;

/// True for the head of a trace, of any format.
pub(crate) fn is_trace(head: &[u8]) -> bool {
    wire::version(head).is_some()
}
