//! Texts of threads: `--- threadz 1 ---`, then `--- Thread 7f (name: worker/12) stack: ---` and
//! the thread's addresses, on one line or on several.

use super::lines::{Cursor, Lines, find, hex_addresses, to_calls, trim};
use super::records::Records;
use super::{Read, maps};
use crate::error::Result;

pub(super) fn is_mine(line: &[u8]) -> bool {
    is_title(line) || is_thread(line)
}

fn is_title(line: &[u8]) -> bool {
    after(line, b"--- threadz ", |rest| {
        let mut cursor = Cursor(rest);
        cursor.digits().is_some() && cursor.text(b" ---").is_some()
    })
}

fn is_thread(line: &[u8]) -> bool {
    after(line, b"--- Thread ", |rest| {
        let digits = rest.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let Some(rest) = rest[digits..].strip_prefix(b" (name: ") else {
            return false;
        };
        digits > 0
            && after(rest, b"/", |rest| {
                let mut cursor = Cursor(rest);
                cursor.digits().is_some() && cursor.text(b") stack: ---").is_some()
            })
    })
}

/// True when after one of the places where `text` stands there is what `is_it` wants.
fn after(line: &[u8], text: &[u8], is_it: impl Fn(&[u8]) -> bool) -> bool {
    let mut rest = line;
    while let Some(at) = find(rest, text) {
        rest = &rest[at + text.len()..];
        if is_it(rest) {
            return true;
        }
    }
    false
}

pub(super) fn read(text: &[u8]) -> Result<Read> {
    let mut lines = Lines::new(text);
    let mut line = lines.skip_comments();
    if line.is_some_and(is_title) {
        loop {
            line = lines.next();
            if line.is_none_or(|line| maps::is_sentinel(line) || line.starts_with(b"-")) {
                break;
            }
        }
    }
    let mut records = Records::new(&[(b"thread", b"count")])?;
    records.period(b"thread", b"count", 1)?;
    let mut addresses = Vec::new();
    // pprof wants a memory map at the end; without one the end is the end.
    while let Some(head) = line.filter(|line| !maps::is_sentinel(line)) {
        if head.starts_with(b"---- no stack trace for") {
            break;
        }
        if !is_thread(head) {
            return Err(lines.error("expected --- Thread ID (name: NAME/ID) stack: ---"));
        }
        let same = stack(&mut lines, &mut addresses)?;
        if same || addresses.is_empty() {
            records.again();
        } else {
            // All but the leaf are where a call returns to.
            to_calls(&mut addresses[1..]);
            records.begin(&addresses, &[1])?;
        }
        let current = trim(lines.current());
        line = (!current.is_empty()).then_some(current);
    }
    let regions = maps::after(&mut lines)?;
    super::cpu::without_repeated_leaves(records, regions)
}

/// Reads the addresses of a thread, up to the next line that begins with dashes. True when it is
/// said to be where the one before is.
fn stack(lines: &mut Lines<'_>, addresses: &mut Vec<u64>) -> Result<bool> {
    addresses.clear();
    let mut same = false;
    while let Some(line) = lines.next() {
        let line = trim(line);
        if line.starts_with(b"---") {
            break;
        }
        if find(line, b"same as previous thread").is_some() {
            same = true;
        } else if hex_addresses(line, addresses).is_err() {
            return Err(lines.error("an address does not fit 64 bits"));
        }
    }
    Ok(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_have_a_name_and_a_number() {
        assert!(is_thread(b"--- Thread 7f3a (name: a/b/12) stack: ---"));
        assert!(is_thread(b"x --- Thread 7F (name: /1) stack: --- y"));
        assert!(!is_thread(b"--- Thread 7f (name: a) stack: ---"));
        assert!(!is_thread(b"--- Thread (name: a/1) stack: ---"));
        assert!(is_title(b"--- threadz 1 ---"));
        assert!(!is_title(b"--- threadz ---"));
    }
}
