//! Execution traces as texts: what the Go tools write, and tables of what was found.

mod facts;
mod footprint;
mod grid;
mod json;
mod mmu;
mod page;
mod parsed;
mod pool;
mod text;
mod waits;
mod words;

pub use footprint::footprint_text;
pub use json::trace_json;
pub use page::{GroupOrder, TraceOptions, TraceTable};
pub use parsed::ParsedDump;
pub use text::trace_text;
pub use waits::{WaitProfile, wait_profile, wait_profile_of};
