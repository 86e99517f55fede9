//! Lines of a text of goroutines, without what a log has put before them.

use std::borrow::Cow;

use super::header::{WORD, find, header};

/// Lines one after the other, with their numbers.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    number: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            number: 0,
        }
    }

    /// The next line without its end, and whether it has one.
    pub(super) fn next(&mut self) -> Option<(&'a [u8], bool)> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        self.number += 1;
        let end = rest.iter().position(|&b| b == b'\n');
        let line = &rest[..end.unwrap_or(rest.len())];
        self.at += line.len() + usize::from(end.is_some());
        Some((line.strip_suffix(b"\r").unwrap_or(line), end.is_some()))
    }

    /// Number of the last line, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes up to the end of the last line.
    pub(super) fn position(&self) -> usize {
        self.at
    }
}

/// What stands before every line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Prefix {
    /// Nothing.
    None,
    /// As many bytes and words as before the first header.
    Words { sample: Vec<u8>, count: usize },
    /// JSON objects, one a line; the text is the string behind this key.
    Json(Vec<u8>),
}

/// Bytes that may stand before a header; a longer prefix is no log's.
const LONGEST_PREFIX: usize = 256;

/// Finds the first header in a text, and what stands before it; the number of the line too.
fn first_header(text: &[u8]) -> Option<Prefix> {
    let mut lines = Lines::new(text);
    while let Some((line, _)) = lines.next() {
        let reach = &line[..line.len().min(LONGEST_PREFIX + WORD.len())];
        let mut from = 0;
        while let Some(found) = find(&reach[from..], WORD) {
            let at = from + found;
            from = at + WORD.len();
            if header(&line[at..]).is_some() {
                return Some(prefix(&line[..at]));
            }
            if line.first() == Some(&b'{') && line[..at].ends_with(b"\":\"") {
                let key = json_key(&line[..at - 3]);
                let inner = json_string(&line[at..]);
                let inner = inner.strip_suffix(b"\n").unwrap_or(&inner);
                if header(inner).is_some() {
                    return Some(Prefix::Json([key, b"\":\""].concat()));
                }
            }
        }
    }
    None
}

fn prefix(bytes: &[u8]) -> Prefix {
    if bytes.iter().all(|&b| b == b' ') {
        return Prefix::None;
    }
    Prefix::Words {
        sample: bytes.to_vec(),
        count: words(bytes),
    }
}

fn words(bytes: &[u8]) -> usize {
    let words = bytes.split(|&b| b == b' ');
    words.filter(|word| !word.is_empty()).count()
}

/// From the opening quotation mark of a key on.
fn json_key(before: &[u8]) -> &[u8] {
    let quote = before.iter().rposition(|&b| b == b'"');
    &before[quote.unwrap_or(0)..]
}

/// True when a text holds a goroutine: the first line of one, with or without something before.
pub(super) fn has_goroutine(text: &[u8]) -> bool {
    first_header(text).is_some()
}

/// A text without the prefixes of a log, line by line; and what kind they were.
pub(super) fn clean(text: &[u8]) -> (Cow<'_, [u8]>, Option<&'static str>) {
    let (strip, kind): (Box<dyn Fn(&[u8], &mut Vec<u8>)>, _) = match first_header(text) {
        None | Some(Prefix::None) => return (Cow::Borrowed(text), None),
        Some(Prefix::Words { sample, count }) => (
            Box::new(move |line: &[u8], out: &mut Vec<u8>| {
                out.extend_from_slice(without_words(line, &sample, count));
            }),
            "log prefix",
        ),
        Some(Prefix::Json(key)) => (
            Box::new(move |line: &[u8], out: &mut Vec<u8>| {
                let Some(at) = find(line, &key) else {
                    out.extend_from_slice(line);
                    return;
                };
                let inner = json_string(&line[at + key.len()..]);
                let inner = inner.strip_suffix(b"\n").unwrap_or(&inner);
                // A message of several lines stays one line here, so that numbers are the file's.
                out.extend(inner.iter().map(|&b| if b == b'\n' { b' ' } else { b }));
            }),
            "JSON log",
        ),
    };
    let mut out = Vec::with_capacity(text.len());
    let mut lines = Lines::new(text);
    while let Some((line, is_ended)) = lines.next() {
        strip(line, &mut out);
        if is_ended {
            out.push(b'\n');
        }
    }
    (Cow::Owned(out), Some(kind))
}

/// A line without a prefix like the sample: of the same shape, letter by letter, or else of as many
/// words. A line that has neither is as it is: only the first line of a stack is a log's often.
fn without_words<'a>(line: &'a [u8], sample: &[u8], count: usize) -> &'a [u8] {
    let class = |b: u8| match b {
        b'0'..=b'9' => b'0',
        b'a'..=b'z' | b'A'..=b'Z' => b'a',
        other => other,
    };
    let is_same = |(a, b): (&u8, &u8)| class(*a) == class(*b);
    if line.len() >= sample.len() && line.iter().zip(sample).all(is_same) {
        return &line[sample.len()..];
    }
    // The first character tells whether there is a prefix at all, and of the same kind.
    let begins_alike = line.first().map(|&b| class(b)) == sample.first().map(|&b| class(b));
    let starts_with_digit = sample
        .first()
        .is_some_and(|b| b.is_ascii_digit() || *b == b'[');
    if !begins_alike || !starts_with_digit {
        let trimmed = sample.strip_suffix(b" ").unwrap_or(sample);
        return if line == trimmed { b"" } else { line };
    }
    let mut rest = line;
    for _ in 0..count {
        let start = rest.iter().position(|&b| b != b' ').unwrap_or(rest.len());
        let word = &rest[start..];
        let end = word.iter().position(|&b| b == b' ').unwrap_or(word.len());
        rest = &word[end..];
    }
    rest.strip_prefix(b" ").unwrap_or(rest)
}

/// A JSON string up to its closing quotation mark.
fn json_string(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => break,
            b'\\' => {
                let Some((&letter, after)) = rest.split_first() else {
                    break;
                };
                rest = after;
                match letter {
                    b'n' => out.push(b'\n'),
                    b't' => out.push(b'\t'),
                    b'r' => out.push(b'\r'),
                    b'u' => {
                        let digits = rest.get(..4).and_then(|d| std::str::from_utf8(d).ok());
                        let code = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
                        let letter = code.and_then(char::from_u32);
                        let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
                        out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                        rest = rest.get(4..).unwrap_or_default();
                    }
                    other => out.push(other),
                }
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        String::from_utf8(clean(text.as_bytes()).0.into_owned()).unwrap()
    }

    #[test]
    fn prefixes_of_logs_are_taken_off() {
        let kubernetes = "2026-11-23T09:00:00.12Z stderr F goroutine 1 [select]:\n\
             2026-11-23T09:00:00.127Z stderr F main.f(0x1)\n\
             2026-11-23T09:00:00.13Z stderr F \t/a b/c.go:1 +0x1\n\
             2026-11-23T09:00:00.13Z stderr F\n";
        let plain = "goroutine 1 [select]:\nmain.f(0x1)\n\t/a b/c.go:1 +0x1\n\n";
        assert_eq!(cleaned(kubernetes), plain);
        let compose = "web_1  | goroutine 1 [select]:\nweb_1  | main.f(0x1)\nweb_1  | \t/a b/c.go:1 \
                       +0x1\nweb_1  |\n";
        assert_eq!(cleaned(compose), plain);
        // Only the first line of what one call of log.Printf wrote has a prefix.
        let log = "2026/11/23 09:00:00 goroutine 1 [select]:\nmain.f(0x1)\n\t/a b/c.go:1 +0x1\n\n";
        assert_eq!(cleaned(log), plain);
        let docker = "{\"log\":\"goroutine 1 [select]:\\n\",\"stream\":\"stderr\"}\n\
             {\"log\":\"main.f(0x1)\\n\",\"stream\":\"stderr\"}\n\
             {\"log\":\"\\t/a b/c.go:1 \\u002b0x1\\n\"}\n{\"log\":\"\\n\"}\n";
        assert_eq!(cleaned(docker), plain);
    }

    #[test]
    fn what_has_no_prefix_is_not_copied() {
        let text = b"goroutine 1 [select]:\nmain.f(0x1)\n";
        assert!(matches!(clean(text), (Cow::Borrowed(_), None)));
        assert!(has_goroutine(b"panic: x\n\n    goroutine 1 [running]:\n"));
        assert!(!has_goroutine(b"goroutine profile: total 3\n"));
        assert!(!has_goroutine(b""));
    }

    #[test]
    fn json_strings_end_where_they_do() {
        assert_eq!(
            json_string(b"a\\\"b\\u00e9\\ud800\\q\",x"),
            "a\"bé\u{fffd}q".as_bytes()
        );
        assert_eq!(json_string(b"a\\"), b"a");
        assert_eq!(json_string(b"a\\u12"), "a\u{fffd}".as_bytes());
    }
}
