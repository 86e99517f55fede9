//! Go's benchmark format: the text that `go test -bench` prints, and its `-json` stream.
//!
//! Lines are told apart as `golang.org/x/perf/benchfmt` does: results begin with `Benchmark`, a
//! first word `Unit` begins metadata, `key: value` is configuration, and all else is passed over,
//! be it what tests print, logs or a race detector's report. A result line with any mistake is
//! left out as a whole and remarked on. Unlike there, lines may be longer than 64 KiB, a byte
//! order mark and UTF-16 are understood, a stream of events is unwrapped, and values that the
//! benchmark's own output tore from their name are put back (see [`BenchRules::Corrected`]).

mod events;
mod fields;
mod reader;
#[cfg(test)]
mod tests;
mod unit;

use std::borrow::Cow;

use crate::error::{Error, Pos, Result, Stage};
use crate::model::{Benchmarks, Remark, RemarkKind};
use reader::Reader;

/// How benchmark texts are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BenchRules {
    /// Without losing what can be read. Without `-v` Go prints a name before its benchmark runs, so
    /// that whatever that prints comes between the name and its values: they are put together
    /// again. Marks, UTF-16, streams of events and lines of any length are understood.
    #[default]
    Corrected,
    /// As benchstat, to which all of this is lost.
    AsBenchstat,
}

/// Bytes of a line from which on benchstat gives up.
const LONGEST_LINE: usize = 1 << 16;

/// Reads a file. A text without any benchmark is read too, and has no results; only a table that
/// grows past its limit is an error, and for benchstat a line that is too long.
pub fn read_benchmarks(bytes: &[u8], rules: BenchRules) -> Result<Benchmarks> {
    read_benchmarks_after(bytes, rules, &[])
}

/// Reads a file that comes after others: what their `Unit` lines say holds for it too, and must not
/// be contradicted. The metadata of the result is its own only.
pub fn read_benchmarks_after(
    bytes: &[u8],
    rules: BenchRules,
    earlier: &[&Benchmarks],
) -> Result<Benchmarks> {
    let mut reader = Reader::new(rules)?;
    for file in earlier {
        reader.knows(file)?;
    }
    if rules == BenchRules::AsBenchstat {
        for (line, number) in lines(bytes) {
            if line.len() >= LONGEST_LINE {
                let before = Pos::Line(number - 1);
                let reason = "bufio.Scanner: token too long";
                return Err(Error::new(Stage::Limit, before, reason));
            }
            reader.line(line, number)?;
        }
        return Ok(reader.finish());
    }
    let (text, utf16) = decoded(bytes);
    if utf16 {
        reader.remark(1, RemarkKind::Utf16);
    }
    if events::is_stream(&text) {
        events::read(&text, &mut reader)?;
    } else {
        for (line, number) in lines(&text) {
            reader.line(line, number)?;
        }
    }
    let mut read = reader.finish();
    crate::sort::sort_by(&mut read.remarks, &|a: &Remark, b: &Remark| {
        a.line.cmp(&b.line)
    });
    Ok(read)
}

/// A unit in its base form: `ns/op` is `sec/op`.
pub fn base_unit(unit: &[u8]) -> Vec<u8> {
    unit::tidy(unit).0
}

/// The lines of a text with their numbers, without their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = (&[u8], u64)> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.split(|&b| b == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .zip(1..)
}

/// The text without a byte order mark; from UTF-16 if that mark is of UTF-16.
pub(in crate::formats) fn decoded(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let (rest, unit): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => return (Cow::Borrowed(rest), false),
        [0xFF, 0xFE, rest @ ..] => (rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return (Cow::Borrowed(bytes), false),
    };
    let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    (Cow::Owned(text.into_bytes()), true)
}
