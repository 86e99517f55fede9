//! Names of functions, a line each: whatever way they are demangled, they stay names.
#![no_main]

use dropprof::formats::{Demangling, demangle};
use dropprof::model::{Function, Profile, StringId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let mut profile = Profile::default();
    profile.strings.push(b"");
    for (row, name) in text.split(|&b| b == b'\n').enumerate() {
        let Some(name) = profile.strings.push(name) else {
            return;
        };
        profile.functions.push(Function {
            id: row as u64 + 1,
            name,
            system_name: [name, StringId(0)][row % 2],
            filename: StringId(0),
            start_line: 0,
        });
    }
    for how in [
        Demangling::Gentle,
        Demangling::Simple,
        Demangling::Templates,
        Demangling::Full,
    ] {
        let mut changed = profile.clone();
        demangle(&mut changed, how, true);
        assert_eq!(changed.functions.len(), profile.functions.len());
    }
});
