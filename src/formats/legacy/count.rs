//! Go's texts of goroutines, threads and custom profiles: `NAME profile: total N`, then
//! `COUNT @ ADDRESS…`.

use super::lines::{
    Cursor, Lines, find, hex_addresses, is_blank_or_comment, is_space, literal, to_calls,
};
use super::records::Records;
use super::{Read, Reading, maps, symbols};
use crate::error::{Diagnostic, Result};

const TITLE: &[u8] = b" profile: total ";

/// A word, and the title; whether a number follows is for [`read`] to say.
pub(super) fn is_mine(line: &[u8]) -> bool {
    name(line).is_some()
}

/// The name before the title, and the total.
fn name(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = find(line, TITLE)?;
    let name = &line[..at];
    let is_word = !name.is_empty() && !name.iter().any(|&b| is_space(b));
    is_word.then(|| (name, &line[at + TITLE.len()..]))
}

pub(super) fn read(text: &[u8], reading: &mut Reading<'_>) -> Result<Read> {
    let mut lines = Lines::new(text);
    let start = lines.skip_comments().unwrap_or_default();
    let title =
        name(start).filter(|(_, total)| !total.is_empty() && total.iter().all(u8::is_ascii_digit));
    let Some((name, total)) = title else {
        return Err(lines.error("expected NAME profile: total NUMBER"));
    };
    let mut records = Records::new(&[(name, b"count")])?;
    records.period(name, b"count", 1)?;
    let mut addresses = Vec::new();
    let mut sum = 0_i128;
    while let Some(line) = lines.next() {
        if is_blank_or_comment(line) {
            if !reading.is_exact() {
                symbols::comment(&mut records, line)?;
            }
            continue;
        }
        if line.starts_with(b"---") {
            break;
        }
        addresses.clear();
        let Some(count) = sample(line, &mut addresses) else {
            return Err(lines.error("expected COUNT @ ADDRESS…, each address with 0x"));
        };
        sum += i128::from(count);
        to_calls(&mut addresses);
        records.begin(&addresses, &[count])?;
    }
    if literal(total).is_none_or(|total| i128::from(total) != sum) {
        let total = String::from_utf8_lossy(total);
        let message =
            format!("The text says that there are {total} in all, and holds {sum}: it may be cut.");
        reading.notes.push(Diagnostic::warning(message));
    }
    let regions = maps::after(&mut lines)?;
    Ok(records.finish(regions)?.into())
}

/// The count of a line; its addresses are put into `addresses`.
fn sample(line: &[u8], addresses: &mut Vec<u64>) -> Option<i64> {
    let mut cursor = Cursor(line);
    let count = cursor.digits()?;
    cursor.text(b" @")?;
    let mut rest = cursor;
    let all = rest.addresses();
    // Go up to 1.22 has no stacks for threads; pprof refuses such a line.
    if all.is_empty() && rest.0.is_empty() {
        return literal(count);
    }
    // One space before each, nothing else.
    let is_address =
        |word: &[u8]| word.starts_with(b"0x") && word.len() > 2 && !word[2..].contains(&b'x');
    let words = all.strip_prefix(b" ")?;
    if !rest.0.is_empty() || !words.split(|&b| b == b' ').all(is_address) {
        return None;
    }
    hex_addresses(all, addresses).ok()?;
    literal(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_a_count_and_addresses() {
        let mut addresses = Vec::new();
        assert_eq!(sample(b"012 @ 0x1 0x2f", &mut addresses), Some(10));
        assert_eq!(addresses, [1, 0x2f]);
        assert_eq!(sample(b"5 @", &mut addresses), Some(5));
        for line in [
            "1 @ ",
            "1 @  0x1",
            "1 @ 0x1 ",
            "1 @ 0x",
            "1 @ 0x1x",
            "-1 @ 0x1",
            "1 @ 0x1 y",
            "09 @ 0x1",
            "1 @ 0x12345678123456789",
        ] {
            assert_eq!(sample(line.as_bytes(), &mut Vec::new()), None, "{line}");
        }
    }
}
