//! How much of everything is read. A few bytes of a file can stand for much more in memory, and a
//! row number carries flags in its top bits in places; real profiles are far below all of these.

use crate::error::{Error, Pos, Result, Stage};

/// A number for a 64-bit machine, and for what a browser's tab can hold.
const fn of(native: usize, tab: usize) -> usize {
    if cfg!(target_pointer_width = "32") {
        tab
    } else {
        native
    }
}

/// A single record (a sample, a string, …) above this is refused: real ones are far below a
/// megabyte, and a cut record has to be kept until its end arrives.
pub(super) const RECORD: u64 = 256 << 20;

/// Frames of one stack; Go writes up to 1024.
pub(in crate::formats) const DEPTH: usize = 4 << 20;
/// Locations in all distinct stacks.
pub(super) const FRAMES: usize = of(u32::MAX as usize, 1 << 28);
/// Frames in all distinct stacks when every location stands for all its lines, unless it is no
/// more than `INLINED` times their locations: every analysis walks them.
pub(in crate::formats) const EXPANDED: u64 = 1 << 28;
pub(in crate::formats) const INLINED: u64 = 4;

pub(super) const SAMPLES: usize = of(1 << 28, 1 << 26);
/// Values of one sample, which is the number of sample types; real profiles have up to 19.
pub(super) const VALUES: usize = 10_000;
pub(super) const ALL_VALUES: usize = of(1 << 31, 1 << 26);
pub(super) const LABELS: usize = of(1 << 30, 1 << 25);
pub(super) const LOCATIONS: usize = of(1 << 26, 1 << 23);
pub(super) const LINES: usize = of(1 << 27, 1 << 24);
pub(super) const FUNCTIONS: usize = of(1 << 26, 1 << 23);
pub(in crate::formats) const MAPPINGS: usize = 1 << 20;
pub(super) const COMMENTS: usize = 1 << 20;

/// An error when a table of `len` rows that ends at byte `at` is full.
#[inline]
pub(super) fn check(len: usize, limit: usize, what: &str, at: u64) -> Result<()> {
    if len < limit {
        return Ok(());
    }
    Err(exceeded(limit, what, at))
}

#[cold]
pub(super) fn exceeded(limit: usize, what: &str, at: u64) -> Error {
    let reason = format!("more than {limit} {what}");
    Error::new(Stage::Limit, Pos::Unpacked(at), reason)
}
