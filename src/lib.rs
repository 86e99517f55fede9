//! dropprof: read pprof profiles, see where time and memory go, write the report.
pub mod analysis;
pub mod error;
pub mod formats;
pub mod model;
pub mod report;
pub mod unit;
pub mod views;
pub mod wasm;
