//! Bytes to model: telling what a file is, unwrapping it, decoding it.
//!
//! [`Opener`] takes a file in chunks, so that a compressed profile is never held twice, and
//! gives one [`Opened`] per profile in it. A format is one file or directory here, one line in
//! [`detect`], one fuzz target.

mod archive;
mod bench;
mod demangle;
mod detect;
mod dump;
mod gotrace;
mod gzip;
mod layer;
mod legacy;
mod open;
mod pprof;
mod zstd;

pub use bench::{BenchRules, base_unit, read_benchmarks, read_benchmarks_after};
pub use demangle::{Demangling, demangle};
pub use detect::describe;
pub(crate) use gotrace::experiment;
pub use gotrace::{
    Footprint, FootprintRow, FootprintTable, MakeSink, facts_only, read_trace, trace_losses,
};
pub use legacy::TextRules;
pub use open::{DEFAULT_LIMIT, OpenOptions, Opened, OpenedProfile, Opener, Progress, open};
pub use pprof::{drop_frames, encode, gzip};
