//! Texts of goroutines.
#![no_main]

#[path = "../shared/exercise.rs"]
mod exercise;

use libfuzzer_sys::fuzz_target;

/// What stands before the bytes: one of these, by the first of them.
const HEADS: &[&[u8]] = &[
    b"goroutine 1 [running]:\nmain.main()\n\t/a.go:1 +0x1\n",
    b"goroutine 7 [",
    b"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [semacquire]:\n",
    b"goroutine 1 [select] {",
    b"2026/11/23 09:00:00 app[1]: goroutine 1 [select]:\n",
    b"{\"log\":\"goroutine 1 [select]:\\n\"}\n{\"log\":\"",
];

fuzz_target!(|bytes: &[u8]| {
    exercise::exercise_text(b"", bytes);
    if let Some((&first, rest)) = bytes.split_first() {
        exercise::exercise_text(HEADS[usize::from(first) % HEADS.len()], rest);
    }
});
