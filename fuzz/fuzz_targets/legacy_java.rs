//! Texts of Java's heap and waiting.
#![no_main]

#[path = "../shared/exercise.rs"]
mod exercise;

use libfuzzer_sys::fuzz_target;

/// What stands before the bytes: one of these, by the first of them.
const HEADS: &[&[u8]] = &[
    b"--- heapz 1 ---\nformat = java\nresolution = bytes\n",
    b"--- contentionz 1 ---\nformat = java\nresolution = microseconds\n",
    b"--- heapz 1 ---\n",
];

fuzz_target!(|bytes: &[u8]| {
    exercise::exercise_text(b"", bytes);
    if let Some((&first, rest)) = bytes.split_first() {
        exercise::exercise_text(HEADS[usize::from(first) % HEADS.len()], rest);
    }
});
