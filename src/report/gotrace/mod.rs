//! Execution traces as the Go tools' texts.

mod parsed;
mod waits;

pub use parsed::ParsedDump;
pub use waits::{WaitProfile, wait_profile};
