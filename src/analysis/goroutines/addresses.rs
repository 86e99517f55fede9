//! Addresses among the arguments of a dump: receivers of methods, and locks.
//!
//! An argument with a question mark may be stale; one without is what the program had there.

use crate::model::dump::{Dump, DumpFrame, Goroutine};

/// Frames from the leaf in which a lock's address is looked for.
const INNERMOST: usize = 12;

/// Below this no program has data.
const LOWEST: u64 = 0x1000;

/// The first argument, when it is an address that can be trusted.
pub(super) fn first(arguments: &[u8]) -> Option<u64> {
    let end = arguments.iter().position(|&b| b == b',');
    address(&arguments[..end.unwrap_or(arguments.len())])
}

/// All arguments that are addresses and can be trusted, those in structures too.
pub(super) fn all(arguments: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let words = arguments.split(|b| matches!(b, b',' | b' ' | b'{' | b'}'));
    words.filter_map(address)
}

fn address(word: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(word.strip_prefix(b"0x")?).ok()?;
    let address = u64::from_str_radix(digits, 16).ok()?;
    (address >= LOWEST).then_some(address)
}

/// `pkg.(*T).method`: the first argument is the receiver.
pub(super) fn is_pointer_method(name: &[u8]) -> bool {
    name.windows(3).any(|window| window == b".(*")
}

/// The address of the lock, WaitGroup or condition that a goroutine waits for.
pub(super) fn lock(dump: &Dump, goroutine: &Goroutine) -> Option<u64> {
    const METHODS: [&[u8]; 8] = [
        b"internal/sync.(*Mutex).lockSlow",
        b"sync.(*Mutex).lockSlow",
        b"internal/sync.(*Mutex).Lock",
        b"sync.(*Mutex).Lock",
        b"sync.(*RWMutex).RLock",
        b"sync.(*RWMutex).Lock",
        b"sync.(*WaitGroup).Wait",
        b"sync.(*Cond).Wait",
    ];
    let frames = dump.frames_of(goroutine).iter().take(INNERMOST);
    let mut locks = frames.filter(|f| METHODS.contains(&dump.strings.bytes(f.function)));
    locks.find_map(|frame| first(dump.arguments_of(frame)))
}

/// The receiver of a frame that is a method of a pointer.
pub(super) fn receiver(dump: &Dump, frame: &DumpFrame) -> Option<u64> {
    let is_method = is_pointer_method(dump.strings.bytes(frame.function));
    first(dump.arguments_of(frame)).filter(|_| is_method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_sure_is_an_address() {
        assert_eq!(first(b"0xc000123, 0x5"), Some(0x0c00_0123));
        assert_eq!(first(b"0xc000123?, 0xc000456"), None);
        assert_eq!(first(b"{0xc000123, 0x5}"), None);
        assert_eq!(first(b"0x5"), None);
        assert_eq!(first(b""), None);
        let found: Vec<u64> = all(b"{0xc000123?, 0xc000456}, 0x2, 0xc000789, ...").collect();
        assert_eq!(found, [0x0c00_0456, 0x0c00_0789]);
    }
}
