//! Traces of Go before 1.22, which are written in another way: told, and explained.

use crate::error::{Error, Pos, Stage};

/// Which Go wrote a format.
fn release(version: u32) -> &'static str {
    match version {
        5 => "Go 1.5 or 1.6",
        7 => "Go 1.7",
        8..=10 => "Go 1.8 to 1.10",
        11 => "Go 1.11 to 1.18",
        19 => "Go 1.19 or 1.20",
        21 => "Go 1.21",
        _ => "a Go before 1.22",
    }
}

/// Why such a trace is not read, and what to do.
pub(super) fn explain(version: u32) -> Error {
    let reason = format!(
        "this trace is of {} (format 1.{version}), and traces can be read from Go 1.22 on",
        release(version)
    );
    Error::new(Stage::Trace, Pos::Nowhere, reason)
        .with_looks("a Go execution trace")
        .with_advice(
            "record it anew with a program built by Go 1.22 or later, whose traces are also \
             cheaper to record; go tool trace reads this one if its format is 1.11 or later",
        )
}
