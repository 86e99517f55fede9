//! Lines of a text, and the numbers in them.

use crate::error::{Error, Pos, Result, Stage};

/// The lines of a text one after the other, without their ends.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    /// The line that [`Self::next`] gave last; empty before the first and after the last.
    current: &'a [u8],
    number: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            rest: text,
            current: b"",
            number: 0,
        }
    }

    /// The next line, without a carriage return before its end.
    pub(super) fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            self.current = b"";
            return None;
        }
        let end = self.rest.iter().position(|&b| b == b'\n');
        let (line, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &b""[..]),
        };
        self.rest = rest;
        self.number += 1;
        self.current = line.strip_suffix(b"\r").unwrap_or(line);
        Some(self.current)
    }

    pub(super) fn current(&self) -> &'a [u8] {
        self.current
    }

    /// What follows the current line.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Number of the current line.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// An error at the current line.
    pub(super) fn error(&self, reason: impl Into<String>) -> Error {
        Error::new(Stage::Legacy, Pos::Line(self.number.max(1)), reason)
    }

    /// Moves on to the first line that is neither blank nor a comment.
    pub(super) fn skip_comments(&mut self) -> Option<&'a [u8]> {
        loop {
            let line = self.next()?;
            if !is_blank_or_comment(line) {
                return Some(line);
            }
        }
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

pub(super) fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_space(*last)
    {
        text = rest;
    }
    text
}

pub(super) fn is_blank_or_comment(line: &[u8]) -> bool {
    trim(line).first().is_none_or(|&first| first == b'#')
}

/// Where `wanted` begins in `text`.
pub(super) fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let (&first, _) = wanted.split_first()?;
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|&b| b == first) {
        from += at;
        if text[from..].starts_with(wanted) {
            return Some(from);
        }
        from += 1;
    }
    None
}

/// `key=value`, without the space around them.
pub(super) fn assignment(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(|&b| b == b'=')?;
    Some((trim(&line[..at]), trim(&line[at + 1..])))
}

/// A place in a line, moved on by what is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    fn take_while(&mut self, is_part: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|&b| !is_part(b));
        let (taken, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        taken
    }

    /// Spaces only, no tabs; how many.
    pub(super) fn spaces(&mut self) -> usize {
        self.take_while(|b| b == b' ').len()
    }

    /// One digit or more.
    pub(super) fn digits(&mut self) -> Option<&'a [u8]> {
        Some(self.take_while(|b| b.is_ascii_digit())).filter(|digits| !digits.is_empty())
    }

    /// Digits that may have a minus before them.
    pub(super) fn signed(&mut self) -> Option<&'a [u8]> {
        let all = self.0;
        if let Some(rest) = all.strip_prefix(b"-") {
            self.0 = rest;
        }
        self.digits()?;
        Some(&all[..all.len() - self.0.len()])
    }

    pub(super) fn text(&mut self, wanted: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(wanted)?;
        Some(())
    }

    /// Letters of a list of addresses: the rest of the line as far as it is one.
    pub(super) fn addresses(&mut self) -> &'a [u8] {
        self.take_while(|b| matches!(b, b' ' | b'x' | b'0'..=b'9' | b'a'..=b'f'))
    }

    pub(super) fn word(&mut self) -> &'a [u8] {
        self.take_while(|b| matches!(b, b'_' | b'0'..=b'9' | b'a'..=b'z'))
    }
}

/// The first number of `line` (with the minus before it, if `signed`) from which on `read` finds
/// what it looks for. A line is walked through a few times at most.
pub(super) fn at_number<'a, T>(
    line: &'a [u8],
    signed: bool,
    read: impl Fn(Cursor<'a>) -> Option<T>,
) -> Option<T> {
    let mut from = 0;
    while let Some(at) = line[from..].iter().position(u8::is_ascii_digit) {
        let digits = from + at;
        let has_minus = signed && digits > 0 && line[digits - 1] == b'-';
        if let Some(found) = read(Cursor(&line[digits - usize::from(has_minus)..])) {
            return Some(found);
        }
        let end = line[digits..].iter().position(|b| !b.is_ascii_digit());
        from = end.map_or(line.len(), |end| digits + end);
    }
    None
}

/// A decimal number that fits 64 bits.
pub(super) fn decimal(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// A number as a Go literal: with a prefix for its base, underscores between digits.
pub(super) fn literal(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let prefixed = |prefix: [&str; 2]| {
        let rest = prefix.iter().find_map(|p| digits.strip_prefix(p))?;
        // Go allows an underscore right after the prefix.
        Some(rest.strip_prefix('_').unwrap_or(rest))
    };
    let (digits, base) = if let Some(rest) = prefixed(["0x", "0X"]) {
        (rest, 16)
    } else if let Some(rest) = prefixed(["0b", "0B"]) {
        (rest, 2)
    } else if let Some(rest) = prefixed(["0o", "0O"]) {
        (rest, 8)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (&digits[1..], 8)
    } else {
        (digits, 10)
    };
    let digits = digits
        .strip_prefix('_')
        .filter(|_| base == 8)
        .unwrap_or(digits);
    if digits.starts_with(['_', '+', '-']) || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    let number = i128::from(u64::from_str_radix(&digits.replace('_', ""), base).ok()?);
    i64::try_from(if negative { -number } else { number }).ok()
}

/// Appends every `0x…` of a text; the number that does not fit 64 bits if one does not.
pub(super) fn hex_addresses<'a>(
    text: &'a [u8],
    into: &mut Vec<u64>,
) -> std::result::Result<(), &'a [u8]> {
    let is_hex = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    let mut at = 0;
    while let Some(found) = text[at..].iter().position(|&b| b == b'0') {
        at += found;
        let Some(rest) = text[at..].strip_prefix(b"0x") else {
            at += 1;
            continue;
        };
        let digits = &rest[..rest.iter().position(|b| !is_hex(b)).unwrap_or(rest.len())];
        if digits.is_empty() {
            at += 1;
            continue;
        }
        into.push(hex(digits).ok_or(digits)?);
        at += 2 + digits.len();
    }
    Ok(())
}

/// A hexadecimal number that fits 64 bits.
pub(super) fn hex(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let significant = digits
        .iter()
        .position(|&b| b != b'0')
        .unwrap_or(digits.len());
    let digits = &digits[significant..];
    let value = |byte: &u8| u64::from((*byte as char).to_digit(16).unwrap_or(0));
    (digits.len() <= 16).then(|| digits.iter().fold(0, |number, b| number << 4 | value(b)))
}

/// From where calls return to to where they are, as far as a byte before is within the call.
pub(super) fn to_calls(addresses: &mut [u64]) {
    for address in addresses {
        *address = address.wrapping_sub(1);
    }
}

/// Reads the addresses of a sample line.
pub(super) fn sample_addresses(text: &[u8], lines: &Lines<'_>, into: &mut Vec<u64>) -> Result<()> {
    into.clear();
    hex_addresses(text, into).map_err(|digits| {
        let shown = String::from_utf8_lossy(&digits[..digits.len().min(40)]);
        lines.error(format!("address 0x{shown} does not fit 64 bits"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_on_any_system() {
        let mut lines = Lines::new(b"a\r\n\nb");
        let all: Vec<_> = std::iter::from_fn(|| lines.next()).collect();
        assert_eq!(all, [&b"a"[..], b"", b"b"]);
        assert_eq!((lines.number(), lines.current()), (3, &b""[..]));
    }

    #[test]
    fn literals_are_read_as_go_reads_them() {
        for (text, expected) in [
            ("12", Some(12)),
            ("-12", Some(-12)),
            ("010", Some(8)),
            ("08", None),
            ("0x1F", Some(31)),
            ("0b101", Some(5)),
            ("1_000", Some(1000)),
            ("1__0", None),
            ("", None),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("-9223372036854775808", Some(i64::MIN)),
        ] {
            assert_eq!(literal(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_found_anywhere() {
        let mut found = Vec::new();
        hex_addresses(b"foo 0x12 bar00x3f,0x 0xffffffffffffffff", &mut found).unwrap();
        assert_eq!(found, [0x12, 0x3f, u64::MAX]);
        assert!(hex_addresses(b"0x10000000000000000", &mut found).is_err());
    }
}
