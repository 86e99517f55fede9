//! The memory map at the end of a text.
#![no_main]

#[path = "../shared/exercise.rs"]
mod exercise;

use libfuzzer_sys::fuzz_target;

/// What stands before the bytes: one of these, by the first of them.
const HEADS: &[&[u8]] = &[
    b"heap profile: 1: 8 [1: 8] @ heapprofile\n1: 8 [1: 8] @ 0x401011 0x7f01 0x9001\nMAPPED_LIBRARIES:\n",
    b"x profile: total 1\n1 @ 0x401011 0x402011\n--- Memory map: ---\n00401000-00402000 r-xp 00001000 08:01 9 /a\n",
];

fuzz_target!(|bytes: &[u8]| {
    exercise::exercise_text(b"", bytes);
    if let Some((&first, rest)) = bytes.split_first() {
        exercise::exercise_text(HEADS[usize::from(first) % HEADS.len()], rest);
    }
});
