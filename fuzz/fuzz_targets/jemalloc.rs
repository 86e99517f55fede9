//! jemalloc's heap texts.
#![no_main]

#[path = "../shared/exercise.rs"]
mod exercise;

use libfuzzer_sys::fuzz_target;

/// What stands before the bytes: one of these, by the first of them.
const HEADS: &[&[u8]] = &[
    b"heap_v2/524288\n",
    b"heap_v2/1\n  t*: 1: 8 [2: 16]\n@ 0x11 0x21\n",
];

fuzz_target!(|bytes: &[u8]| {
    exercise::exercise_text(b"", bytes);
    if let Some((&first, rest)) = bytes.split_first() {
        exercise::exercise_text(HEADS[usize::from(first) % HEADS.len()], rest);
    }
});
