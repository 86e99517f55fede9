//! The boundary: a workspace of opened files whose verbs answer in the page's types.
//!
//! [`Workspace`] is plain Rust and testable anywhere; [`session`] hands it to JavaScript and is
//! the only file that knows it. [`dto`] is what crosses, typed once.

mod bench;
mod bench_causes;
mod bench_cells;
mod bench_notes;
mod compare;
mod csv;
pub mod dto;
pub mod dto_bench;
pub mod dto_export;
pub mod dto_findings;
pub mod dto_flame;
pub mod dto_graph;
pub mod dto_source;
pub mod dto_tags;
pub mod dto_trace;
mod export;
mod files;
mod filtered;
mod findings;
mod flame;
mod flame_groups;
mod goroutine_stacks;
mod goroutines;
mod graph;
mod growth;
mod insights;
mod pprof;
mod query;
mod search;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod session_bench;
#[cfg(target_arch = "wasm32")]
mod session_tags;
#[cfg(target_arch = "wasm32")]
mod session_trace;
mod source;
mod tables;
mod tags;
mod time;
mod timeline;
mod timeline_spot;
mod trace;
mod trim;
mod workspace;

pub use workspace::Workspace;
