//! Folded stacks: `root;caller;leaf 12`, as stackcollapse and inferno write them, one a line; and
//! with two numbers, the stacks of a comparison.

use super::lines::{Lines, is_space, trim};
use super::{Read, Reading};
use crate::error::{Diagnostic, Error, Pos, Result, Stage};
use crate::formats::pprof::limits;
use crate::model::{Function, Line, LocationId, ProfileBuilder, StringId};

/// Every mark of a byte order is one of UTF-8 here.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// True when most lines are a stack and a number, and one at least has a caller. A line that has
/// not ended is not looked at, unless it is the only one.
pub(super) fn is_mine(head: &[u8]) -> bool {
    let is_whole = head.ends_with(b"\n") || head.len() < super::HEAD;
    let (mut stacks, mut others, mut has_caller) = (0_usize, 0_usize, false);
    let mut lines = Lines::new(without_mark(head));
    while let Some(line) = lines.next() {
        if line.contains(&0) {
            return false;
        }
        let is_cut = lines.rest().is_empty() && !is_whole;
        if is_cut && stacks + others > 0 {
            continue;
        }
        match entry(line) {
            Entry::Stack(stack, _) => {
                stacks += 1;
                has_caller |= stack.contains(&b';');
            }
            Entry::Nothing => {}
            Entry::Other => others += 1,
        }
    }
    has_caller && stacks > others
}

fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// What a line is.
enum Entry<'a> {
    Stack(&'a [u8], Number),
    /// Blank, or a comment.
    Nothing,
    Other,
}

/// A `#` begins comments, and names of JavaScript's private methods: what has a number at its end
/// is a stack, unless it reads like `# in 2024`.
fn entry(line: &[u8]) -> Entry<'_> {
    let (is_blank_or_comment, is_remark) = match trim(line) {
        [] => (true, true),
        [b'#', rest @ ..] => {
            let is_apart = rest.first().is_none_or(|&b| is_space(b));
            (true, is_apart && !rest.contains(&b';'))
        }
        _ => (false, false),
    };
    match split(line).filter(|_| !is_remark) {
        Some((stack, number)) => Entry::Stack(stack, number),
        None if is_blank_or_comment => Entry::Nothing,
        None => Entry::Other,
    }
}

/// A stack and the number after its last space.
fn split(line: &[u8]) -> Option<(&[u8], Number)> {
    let line = trim(line);
    let space = line.iter().rposition(|&b| matches!(b, b' ' | b'\t'))?;
    let stack = trim(&line[..space]);
    let number = number(&line[space + 1..])?;
    (!stack.is_empty()).then_some((stack, number))
}

/// The whole part of a number, and whether there is more of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    value: i64,
    is_cut: bool,
}

/// What does not fit is the largest or smallest number there is.
fn number(text: &[u8]) -> Option<Number> {
    let (is_negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let point = text.iter().position(|&b| b == b'.');
    let (whole, fraction) = text.split_at(point.unwrap_or(text.len()));
    let fraction = fraction.strip_prefix(b".").unwrap_or_default();
    let are_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if whole.is_empty() || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let value = whole.iter().fold(0_i64, |number, digit| {
        let (number, digit) = (number.saturating_mul(10), i64::from(digit - b'0'));
        // The smallest number is no other's negative.
        if is_negative {
            number.saturating_sub(digit)
        } else {
            number.saturating_add(digit)
        }
    });
    Some(Number {
        value,
        is_cut: fraction.iter().any(|&b| b != b'0'),
    })
}

pub(super) fn read(text: &[u8], reading: &mut Reading<'_>) -> Result<Read> {
    let text = without_mark(text);
    let is_comparison = is_comparison(text);
    let mut stacks = Stacks::new(is_comparison)?;
    let (mut skipped, mut first_skipped, mut cut) = (0_u64, 0, 0_u64);
    let mut lines = Lines::new(text);
    while let Some(line) = lines.next() {
        let (stack, last) = match entry(line) {
            Entry::Stack(stack, last) => (stack, last),
            Entry::Nothing => continue,
            Entry::Other => {
                skipped += 1;
                if skipped == 1 {
                    first_skipped = lines.number();
                }
                continue;
            }
        };
        cut += u64::from(last.is_cut);
        match split(stack).filter(|_| is_comparison) {
            Some((stack, first)) => {
                cut += u64::from(first.is_cut);
                stacks.add(stack, &[first.value, last.value])?;
            }
            None => stacks.add(stack, &[last.value])?,
        }
    }
    if skipped > 0 {
        let lines = if skipped == 1 { "line is" } else { "lines are" };
        let message = format!(
            "{skipped} {lines} not STACK NUMBER and were left out; the first is line {first_skipped}."
        );
        let message = if skipped == 1 {
            message.replace("were", "was")
        } else {
            message
        };
        reading.notes.push(Diagnostic::warning(message));
    }
    if cut > 0 {
        let message = format!("The fractions of {cut} numbers were cut off.");
        reading.notes.push(Diagnostic::warning(message));
    }
    Ok(stacks.builder.finish().into())
}

/// True when every stack has two numbers: before and after.
fn is_comparison(text: &[u8]) -> bool {
    let mut lines = Lines::new(text);
    let mut any = false;
    while let Some(line) = lines.next() {
        if let Entry::Stack(stack, _) = entry(line) {
            let is_pair = split(stack).is_some();
            any = true;
            if !is_pair {
                return false;
            }
        }
    }
    any
}

struct Stacks {
    builder: ProfileBuilder,
    locations: Vec<LocationId>,
}

impl Stacks {
    fn new(is_comparison: bool) -> Result<Self> {
        let mut builder = ProfileBuilder::new();
        if is_comparison {
            builder.sample_type(b"before", b"count")?;
            builder.sample_type(b"after", b"count")?;
        } else {
            builder.sample_type(b"samples", b"count")?;
        }
        Ok(Self {
            builder,
            locations: Vec::new(),
        })
    }

    /// A function per name, a location per function.
    fn add(&mut self, stack: &[u8], values: &[i64]) -> Result<()> {
        self.locations.clear();
        let names = stack.split(|&b| b == b';').map(trim);
        for name in names.rev().filter(|name| !name.is_empty()) {
            if self.locations.len() >= limits::DEPTH {
                let reason = format!("more than {} frames in a stack", limits::DEPTH);
                return Err(Error::new(Stage::Limit, Pos::Nowhere, reason));
            }
            let name = self.builder.string(name)?;
            let function = self.builder.function(Function {
                id: 0,
                name,
                system_name: name,
                filename: StringId(0),
                start_line: 0,
            })?;
            let line = Line {
                function,
                line: 0,
                column: 0,
            };
            let location = self.builder.location(None, 0, false, &[line])?;
            self.locations.push(location);
        }
        let stack = self.builder.stack(&self.locations)?;
        self.builder.sample(stack, values, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_other_kinds_are_not_claimed() {
        for text in [
            "main;a;b 10\n",
            "# by hand\r\n\r\nmain;a b 3 10\r\nmain 2\r\n",
            "\u{feff}main;a 1",
            "a;b 3 5\na 1 2\n",
            "#a;b 3\n",
            "# a;b 3\n",
        ] {
            assert!(is_mine(text.as_bytes()), "{text}");
        }
        for text in [
            "BenchmarkX-2 \t 100\t 12 ns/op\n",
            "main 5\n",
            "for (i = 0; i < 3\nx = y;\nreturn;\n",
            "mode: set\na.go:1.2,3.4 1 0\n",
            "a;b\nc;d\n",
            "a;b\0 3\n",
            "# a b 3\n#\n",
            "",
        ] {
            assert!(!is_mine(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn only_lines_without_a_number_or_with_remarks_are_comments() {
        for (line, is_stack) in [
            ("#private 3", true),
            ("#private;b 3", true),
            ("# a;b 3", true),
            ("#private", false),
            ("# in 2024", false),
            ("#", false),
            ("# 3", false),
            ("", false),
        ] {
            let entry = entry(line.as_bytes());
            assert_eq!(matches!(entry, Entry::Stack(..)), is_stack, "{line}");
            assert!(is_stack || matches!(entry, Entry::Nothing), "{line}");
        }
    }

    #[test]
    fn numbers_may_be_negative_or_have_a_fraction() {
        for (text, value, is_cut) in [
            ("12", 12, false),
            ("-4", -4, false),
            ("1.5", 1, true),
            ("3.0", 3, false),
            ("99999999999999999999", i64::MAX, false),
            ("-9223372036854775807", -i64::MAX, false),
            ("-9223372036854775808", i64::MIN, false),
            ("-99999999999999999999", i64::MIN, false),
        ] {
            assert_eq!(
                number(text.as_bytes()),
                Some(Number { value, is_cut }),
                "{text}"
            );
        }
        for text in ["", "-", "1e5", ".5", "0x1", "1.x"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
    }
}
