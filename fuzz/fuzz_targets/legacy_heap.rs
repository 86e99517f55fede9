//! Texts of a heap, its growth and its fragmentation.
#![no_main]

#[path = "../shared/exercise.rs"]
mod exercise;

use libfuzzer_sys::fuzz_target;

/// What stands before the bytes: one of these, by the first of them.
const HEADS: &[&[u8]] = &[
    b"heap profile: 1: 8 [2: 16] @ heap/1048576\n",
    b"heap profile: 1: 8 [1: 8] @ heap_v2/4096\n",
    b"heap profile: 1: 8 [1: 8] @ growthz\n",
    b"heap profile: ",
];

fuzz_target!(|bytes: &[u8]| {
    exercise::exercise_text(b"", bytes);
    if let Some((&first, rest)) = bytes.split_first() {
        exercise::exercise_text(HEADS[usize::from(first) % HEADS.len()], rest);
    }
});
