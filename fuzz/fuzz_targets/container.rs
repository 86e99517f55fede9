//! Any bytes, in chunks of a size they choose themselves: no panic, no hang, and the same outcome
//! as in one piece.
#![no_main]

use dropprof::formats::{OpenOptions, Opened, Opener, open};
use libfuzzer_sys::fuzz_target;

const OPTIONS: OpenOptions = OpenOptions::with_limit(8 << 20);

fn outcomes(opened: &[Opened]) -> Vec<(String, bool)> {
    opened
        .iter()
        .map(|o| (o.name.clone(), o.result.is_ok()))
        .collect()
}

fuzz_target!(|data: &[u8]| {
    let Some((&size, bytes)) = data.split_first() else {
        return;
    };
    let mut opener = Opener::new("fuzz", OPTIONS);
    for chunk in bytes.chunks(usize::from(size) + 1) {
        opener.push(chunk);
    }
    let chunked = outcomes(&opener.finish());
    assert_eq!(chunked, outcomes(&open("fuzz", bytes, OPTIONS)));
    assert!(!chunked.is_empty());
});
