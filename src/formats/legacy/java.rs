//! Java's texts: `--- heapz 1 ---` and `--- contentionz 1 ---`, and the names that follow the
//! samples, as they do in its binary CPU profiles.

use std::collections::HashMap;

use super::Read;
use super::heap::unsample;
use super::lines::{
    Cursor, Lines, at_number, decimal, find, hex, hex_addresses, is_space, literal, trim,
};
use super::records::Records;
use crate::error::{Error, Pos, Result, Stage};
use crate::model::{Function, Line, LocationId, StringId};

/// Java's agent samples one in so many bytes.
const RATE: i64 = 512 << 10;

const HEAP: &[u8] = b"--- heapz 1 ---";
const CONTENTION: &[u8] = b"--- contentionz 1 ---";

pub(super) fn is_mine(line: &[u8]) -> bool {
    [HEAP, CONTENTION].contains(&trim(line))
}

/// What stands before the samples.
#[derive(Debug, Default)]
struct Attributes<'a> {
    resolution: Option<&'a [u8]>,
    period: Option<i64>,
    millis: i64,
}

/// Lines that are looked at before it is clear whose they are. A last one without an end is
/// nobody's: it may be cut.
#[derive(Clone, Copy, Debug)]
struct Head<'a> {
    rest: &'a [u8],
    number: u64,
}

impl<'a> Head<'a> {
    /// The next line that is not blank.
    fn line(&mut self) -> Option<&'a [u8]> {
        loop {
            let end = self.end()?;
            let line = trim(&self.rest[..end]);
            if !line.is_empty() {
                return Some(line);
            }
            self.pass();
        }
    }

    fn end(&self) -> Option<usize> {
        self.rest.iter().position(|&b| b == b'\n')
    }

    /// Moves on behind the line.
    fn pass(&mut self) {
        if let Some(end) = self.end() {
            self.rest = &self.rest[end + 1..];
            self.number += 1;
        }
    }

    fn error(&self, reason: &str) -> Error {
        Error::new(Stage::Legacy, Pos::Line(self.number + 1), reason)
    }
}

pub(super) fn read(text: &[u8]) -> Result<Read> {
    let mut head = Head {
        rest: text,
        number: 0,
    };
    let is_heap = head.line() == Some(HEAP);
    head.pass();
    let attributes = attributes(&mut head, is_heap)?;
    let Some(unit) = attributes.resolution else {
        return Err(head.error("expected resolution=UNIT before the samples"));
    };
    let mut records = if is_heap {
        Records::new(&[(b"inuse_objects", b"count"), (b"inuse_space", unit)])?
    } else {
        Records::new(&[(b"contentions", b"count"), (b"delay", unit)])?
    };
    match attributes.period {
        Some(period) => records.period(b"contentions", b"count", period)?,
        None => records.period(b"", b"", 0)?,
    }
    records.builder.profile().duration_nanos = attributes.millis.wrapping_mul(1_000_000);
    let mut addresses = Vec::new();
    while let Some(line) = head.line() {
        let Some((value, count, stack)) = at_number(line, false, sample) else {
            break;
        };
        addresses.clear();
        if hex_addresses(stack, &mut addresses).is_err() {
            return Err(head.error("an address does not fit 64 bits"));
        }
        let (Some(mut value), Some(mut count)) = (literal(value), literal(count)) else {
            return Err(head.error("expected two numbers that fit 64 bits"));
        };
        let mut size = None;
        if is_heap {
            if count == 0 {
                return Err(head.error("expected a count above 0"));
            }
            size = Some(value / count);
            (count, value) = unsample(count, value, RATE);
        } else if let Some(period) = attributes.period.filter(|&period| period != 0) {
            (count, value) = (count.wrapping_mul(period), value.wrapping_mul(period));
        }
        records.begin(&addresses, &[count, value])?;
        if let Some(size) = size {
            records.size_label(size)?;
        }
        head.pass();
    }
    named(records, head.rest, head.number)
}

/// Reads `NAME=VALUE` up to the first line that is none.
fn attributes<'a>(head: &mut Head<'a>, is_heap: bool) -> Result<Attributes<'a>> {
    let mut attributes = Attributes::default();
    while let Some(line) = head.line() {
        let Some((name, value)) = attribute(line) else {
            break;
        };
        let number = || literal(value).ok_or_else(|| head.error("expected a number"));
        match name {
            b"format" if value == b"java" => {}
            b"format" => return Err(head.error("expected format=java")),
            b"resolution" => attributes.resolution = Some(value),
            b"sampling period" if !is_heap => attributes.period = Some(number()?),
            b"ms since reset" if !is_heap => attributes.millis = number()?,
            _ if is_heap => return Err(head.error("expected format or resolution")),
            _ => {
                let names = "format, resolution, sampling period or ms since reset";
                return Err(head.error(&format!("expected {names}")));
            }
        }
        head.pass();
    }
    Ok(attributes)
}

/// The first `=` between words; they may have spaces in them.
fn attribute(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_part = |&b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b' ');
    let signs = line.iter().enumerate().filter(|(_, b)| **b == b'=');
    let mut pairs = signs.map(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + 1..]);
        let from = before
            .iter()
            .rposition(|b| !is_part(b))
            .map_or(0, |at| at + 1);
        let to = after
            .iter()
            .position(|b| !is_part(b))
            .unwrap_or(after.len());
        (&before[from..], &after[..to])
    });
    let (name, value) = pairs.find(|(name, value)| !name.is_empty() && !value.is_empty())?;
    Some((trim(name), trim(value)))
}

/// Bytes or delay, count, addresses.
fn sample(mut cursor: Cursor<'_>) -> Option<(&[u8], &[u8], &[u8])> {
    let value = cursor.digits()?;
    let count = (cursor.spaces() > 0).then(|| cursor.digits())??;
    (cursor.spaces() > 0).then_some(())?;
    cursor.text(b"@")?;
    (cursor.spaces() > 0).then(|| (value, count, cursor.addresses()))
}

/// What a line says of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name<'a> {
    function: &'a [u8],
    file: &'a [u8],
    line: i64,
}

/// The profile, with the names that follow its samples. Addresses mean nothing in another run of
/// a virtual machine, so none are kept. `before` lines come before the names.
pub(super) fn named(mut records: Records, text: &[u8], before: u64) -> Result<Read> {
    records.flush(false)?;
    let locations = records.builder.profile().locations.len();
    let mut names: Vec<Option<(StringId, i64)>> = vec![None; locations];
    // A function keeps the file that it is first named with.
    let mut files: HashMap<StringId, StringId> = HashMap::new();
    let mut lines = Lines::new(text);
    while let Some(line) = lines.next() {
        let Some((digits, rest)) = address(trim(line)) else {
            continue;
        };
        let Some(address) = hex(digits) else {
            let pos = Pos::Line(before + lines.number());
            return Err(Error::new(
                Stage::Legacy,
                pos,
                "an address does not fit 64 bits",
            ));
        };
        if let Some(location) = records.known(address) {
            let name = name(rest);
            let function = records.builder.string(name.function)?;
            let file = records.builder.string(name.file)?;
            files.entry(function).or_insert(file);
            names[location.index()] = Some((function, name.line));
        }
    }
    for (row, name) in names.into_iter().enumerate() {
        let Some((name, line)) = name else { continue };
        let function = records.builder.function(Function {
            id: 0,
            name,
            system_name: name,
            filename: files.get(&name).copied().unwrap_or_default(),
            start_line: 0,
        })?;
        let line = Line {
            function,
            line,
            column: 0,
        };
        records.builder.set_lines(LocationId(row as u32), &[line])?;
        records.builder.profile().locations[row].address = 0;
    }
    let mut profile = records.finish(Vec::new())?;
    profile.locations.iter_mut().for_each(|l| l.address = 0);
    Ok(profile.into())
}

/// `0xADDRESS NAME`.
fn address(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_prefix(b"0x")?;
    let end = rest.iter().position(|b| !b.is_ascii_hexdigit())?;
    let (digits, rest) = rest.split_at(end);
    (end > 0 && is_space(rest[0])).then(|| (digits, trim(rest)))
}

/// `FUNCTION (FILE:LINE)`, `FUNCTION (LIBRARY)`, compiled code without a name, or a state of the
/// virtual machine.
fn name(text: &[u8]) -> Name<'_> {
    let whole = Name {
        function: text,
        file: b"",
        line: 0,
    };
    let Some(inside) = text.strip_suffix(b")") else {
        return unplaced(whole);
    };
    if let Some(colon) = inside.iter().rposition(|&b| b == b':')
        && let Some(open) = last_open(&inside[..colon]).filter(|open| open + 1 < colon)
    {
        let digits = &inside[colon + 1..];
        let plain = digits.strip_prefix(b"-").unwrap_or(digits);
        if !plain.is_empty() && plain.iter().all(u8::is_ascii_digit) {
            return Name {
                function: &text[..open - 1],
                file: &text[open + 1..colon],
                line: decimal(digits).filter(|&line| line > 0).unwrap_or(0),
            };
        }
    }
    match last_open(inside) {
        Some(open) => Name {
            function: &text[..open - 1],
            file: base(&inside[open + 1..]),
            line: 0,
        },
        None => unplaced(whole),
    }
}

fn unplaced(whole: Name<'_>) -> Name<'_> {
    if find(whole.function, b"generated stub/JIT").is_some() {
        return Name {
            function: b"STUB",
            ..whole
        };
    }
    whole
}

/// The last `(` with a space before it.
fn last_open(text: &[u8]) -> Option<usize> {
    let at = text
        .windows(2)
        .rposition(|pair| is_space(pair[0]) && pair[1] == b'(')?;
    Some(at + 1)
}

/// The last part of a path.
fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let Some(last) = path.iter().rposition(|&b| b != b'/') else {
        return b"/";
    };
    let path = &path[..=last];
    let from = path.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1);
    &path[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_files_and_lines() {
        for (text, function, file, line) in [
            ("a.B.c (B.java:12)", "a.B.c", "B.java", 12),
            ("a.B.c (B.java:-2)", "a.B.c", "B.java", 0),
            ("a (b) (c (d:3)", "a (b) (c", "d", 3),
            ("memcpy (/lib/x86/libc.so.6)", "memcpy", "libc.so.6", 0),
            ("f ()", "f", ".", 0),
            ("f (/)", "f", "/", 0),
            ("f (:1)", "f", ":1", 0),
            ("[generated stub/JIT]", "STUB", "", 0),
            ("GC", "GC", "", 0),
        ] {
            let expected = Name {
                function: function.as_bytes(),
                file: file.as_bytes(),
                line,
            };
            assert_eq!(name(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn attributes_stand_around_an_equals_sign() {
        let text = "x: sampling period = 10, ms=2";
        let expected = (&b"sampling period"[..], &b"10"[..]);
        assert_eq!(attribute(text.as_bytes()), Some(expected));
        assert_eq!(attribute(b"10 2 @ 0x1"), None);
        assert_eq!(attribute(b"=a=b"), Some((&b"a"[..], &b"b"[..])));
    }
}
