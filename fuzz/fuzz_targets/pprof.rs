//! A profile.proto without a container: whatever is read can be analysed and reported on.
#![no_main]

#[path = "../shared/exercise.rs"]
mod exercise;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| exercise::exercise(bytes));
