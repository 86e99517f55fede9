//! Texts of threads.
#![no_main]

#[path = "../shared/exercise.rs"]
mod exercise;

use libfuzzer_sys::fuzz_target;

/// What stands before the bytes: one of these, by the first of them.
const HEADS: &[&[u8]] = &[
    b"--- threadz 1 ---\n",
    b"--- threadz 1 ---\n--- Thread 7f (name: a/1) stack: ---\n",
    b"--- Thread ",
];

fuzz_target!(|bytes: &[u8]| {
    exercise::exercise_text(b"", bytes);
    if let Some((&first, rest)) = bytes.split_first() {
        exercise::exercise_text(HEADS[usize::from(first) % HEADS.len()], rest);
    }
});
