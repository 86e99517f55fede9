//! Where the parts of a trace of Go 1.22 or later are.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

/// A number of seven bits to a byte; the place moves behind it.
pub fn number(bytes: &[u8], at: &mut usize) -> u64 {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let byte = bytes[*at];
        *at += 1;
        value |= u64::from(byte & 0x7f).wrapping_shl(shift) * u64::from(shift < 64);
        if byte < 0x80 {
            break;
        }
    }
    value
}

/// The batches of a trace: where each begins and ends, its generation and its thread; the mark of
/// a generation's end has generation 0.
pub fn batches(bytes: &[u8]) -> Vec<(usize, usize, u64, u64)> {
    let mut at = 16;
    let mut found = Vec::new();
    while at < bytes.len() {
        let from = at;
        let kind = bytes[at];
        at += 1;
        if kind == 52 {
            found.push((from, at, 0, 0));
            continue;
        }
        at += usize::from(kind == 49);
        let (generation, thread) = (number(bytes, &mut at), number(bytes, &mut at));
        let _time = number(bytes, &mut at);
        let size = number(bytes, &mut at) as usize;
        at += size;
        found.push((from, at, generation, thread));
    }
    found
}
