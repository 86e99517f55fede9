//! Execution traces as the Go tools' texts.

mod parsed;

pub use parsed::ParsedDump;
