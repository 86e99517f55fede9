//! Texts of waiting: `--- contention:` and `--- mutex:` by Go, `--- contentionz …` by C++.

use super::lines::{
    Cursor, Lines, assignment, at_number, decimal, is_blank_or_comment, literal, sample_addresses,
    to_calls, trim,
};
use super::records::Records;
use super::{Read, Reading, maps, symbols};
use crate::error::{Diagnostic, Result};
use crate::model::Kind;
use crate::unit::to_integer;

const FROM_CPP: &[u8] = b"--- contentionz ";
const MUTEX: &[u8] = b"--- mutex:";
const BLOCK: &[u8] = b"--- contention:";

pub(super) fn is_mine(line: &[u8]) -> bool {
    [FROM_CPP, MUTEX, BLOCK]
        .iter()
        .any(|start| line.starts_with(start))
}

/// What stands before the samples.
#[derive(Clone, Copy, Debug)]
struct Attributes {
    cycles_per_second: i64,
    period: i64,
    millis: i64,
}

/// `None` when the text is Java's, which begins in the same way.
pub(super) fn read(text: &[u8], reading: &mut Reading<'_>) -> Result<Option<Read>> {
    let mut lines = Lines::new(text);
    let first = lines.next().unwrap_or_default();
    let kind = if first.starts_with(MUTEX) {
        Some(Kind::Mutex)
    } else {
        first.starts_with(BLOCK).then_some(Kind::Block)
    };
    let Some(attributes) = attributes(&mut lines)? else {
        return Ok(None);
    };
    let types: [(&[u8], &[u8]); 2] = [(b"contentions", b"count"), (b"delay", b"nanoseconds")];
    let mut records = Records::new(&types)?;
    records.period(b"contentions", b"count", attributes.period)?;
    records.builder.profile().duration_nanos = attributes.millis.wrapping_mul(1_000_000);
    let mut scale = Scale::new(&attributes);
    if kind.is_some() && scale.period > 1 && !reading.is_exact() {
        let period = std::mem::replace(&mut scale.period, 1);
        reading.notes.push(scaled_once(period));
    }
    let mut addresses = Vec::new();
    loop {
        let line = trim(lines.current());
        if line.starts_with(b"---") {
            break;
        }
        if !is_blank_or_comment(line) {
            let Some((delay, count, stack)) = at_number(line, false, sample) else {
                return Err(lines.error("expected DELAY COUNT @ ADDRESS…"));
            };
            let (Some(delay), Some(count)) = (decimal(delay), decimal(count)) else {
                return Err(lines.error("a number does not fit 64 bits"));
            };
            sample_addresses(stack, &lines, &mut addresses)?;
            to_calls(&mut addresses);
            records.begin(&addresses, &scale.values(count, delay))?;
        } else if !reading.is_exact() {
            symbols::comment(&mut records, line)?;
        }
        if lines.next().is_none() {
            break;
        }
    }
    let regions = maps::after(&mut lines)?;
    let profile = records.finish(regions)?;
    Ok(Some(Read {
        kind,
        ..profile.into()
    }))
}

/// Reads `NAME=VALUE` up to the first line that is none. `None` when a name is Java's.
fn attributes(lines: &mut Lines<'_>) -> Result<Option<Attributes>> {
    let mut attributes = Attributes {
        cycles_per_second: 0,
        period: 1,
        millis: 0,
    };
    while let Some(line) = lines.next() {
        let line = trim(line);
        if is_blank_or_comment(line) {
            continue;
        }
        let (false, Some((name, value))) = (line.starts_with(b"---"), assignment(line)) else {
            break;
        };
        let field = match name {
            b"cycles/second" => &mut attributes.cycles_per_second,
            b"sampling period" => &mut attributes.period,
            b"ms since reset" => &mut attributes.millis,
            b"discarded samples" => continue,
            b"format" | b"resolution" => return Ok(None),
            _ => {
                let names = "cycles/second, sampling period, ms since reset or discarded samples";
                return Err(lines.error(format!("expected an attribute among {names}")));
            }
        };
        let Some(number) = literal(value) else {
            let name = String::from_utf8_lossy(name);
            return Err(lines.error(format!("expected a number for {name}")));
        };
        *field = number;
    }
    Ok(Some(attributes))
}

/// Delay, count and addresses; between the numbers need not be a space, so that of a number alone
/// the last digit is the count.
fn sample(mut cursor: Cursor<'_>) -> Option<(&[u8], &[u8], &[u8])> {
    let delay = cursor.digits()?;
    let mut after = cursor;
    after.spaces();
    if let Some(count) = after.digits()
        && after.text(b" @").is_some()
    {
        return Some((delay, count, after.addresses()));
    }
    let (rest, last) = delay.split_at(delay.len() - 1);
    cursor.text(b" @")?;
    (!rest.is_empty()).then(|| (rest, last, cursor.addresses()))
}

/// From what is written to events and nanoseconds.
#[derive(Clone, Copy, Debug)]
struct Scale {
    period: i64,
    cycles_per_second: i64,
}

impl Scale {
    fn new(attributes: &Attributes) -> Self {
        Self {
            period: attributes.period,
            cycles_per_second: attributes.cycles_per_second,
        }
    }

    fn values(&self, count: i64, delay: i64) -> [i64; 2] {
        if self.period <= 0 {
            return [count, delay];
        }
        let delay = if self.cycles_per_second > 0 {
            let per_nano = self.cycles_per_second as f64 / 1e9;
            to_integer(delay as f64 * self.period as f64 / per_nano)
        } else {
            delay
        };
        [count.wrapping_mul(self.period), delay]
    }
}

fn scaled_once(period: i64) -> Diagnostic {
    Diagnostic::note(format!(
        "Values are as the program measured them. go tool pprof shows them {period} times as \
         large: it multiplies by the sampling period, as the program has already done (Go 1.20 \
         and later)."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_touch() {
        for (line, expected) in [
            ("20 3 @ 0x1", Some(("20", "3", " 0x1"))),
            ("9 20 3 @", Some(("20", "3", ""))),
            ("203 @ 0x1", Some(("20", "3", " 0x1"))),
            ("3 @ 0x1", None),
            ("20 3@ 0x1", None),
        ] {
            let read = at_number(line.as_bytes(), false, sample);
            let expected = expected.map(|(a, b, c)| (a.as_bytes(), b.as_bytes(), c.as_bytes()));
            assert_eq!(read, expected, "{line}");
        }
    }

    #[test]
    fn cycles_become_nanoseconds() {
        let scale = Scale {
            period: 10,
            cycles_per_second: 2_500_000_000,
        };
        // 1000 cycles · 10 ÷ 2.5 per ns = 4000 ns.
        assert_eq!(scale.values(3, 1000), [30, 4000]);
        let unknown = Scale {
            cycles_per_second: 0,
            ..scale
        };
        assert_eq!(unknown.values(3, 1000), [30, 1000]);
    }
}
