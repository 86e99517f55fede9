//! Inert tables: what a profile is, without how it was read or what is made of it.
//!
//! Nothing here parses, prints or computes more than a look-up. Rows are addressed by the id
//! types of [`ids`](self), parents stand before children, and [`check`] states the invariants.

mod bench;
mod builder;
pub mod check;
pub mod dump;
mod ids;
mod kind;
mod labels;
mod mem_stats;
mod profile;
mod strings;
mod symbol;
pub mod trace;

pub use bench::{
    BenchResult, Benchmarks, ConfigKey, Measurement, Remark, RemarkKind, UnitMetadata,
};
pub use builder::ProfileBuilder;
pub use ids::{FunctionId, LocationId, MappingId, StackId, StringId};
pub use kind::Kind;
pub use labels::sort_labels;
pub use mem_stats::MemStats;
pub use profile::{Function, Label, Line, Location, Mapping, Profile, Samples, Stacks, ValueType};
pub use strings::StringTable;
pub use symbol::simplified;
