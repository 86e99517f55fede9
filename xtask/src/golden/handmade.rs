//! Small profiles written by hand as text, and their encoding as profile.proto.
//!
//! One statement per line; words are separated by blanks, a word in double quotes may hold blanks
//! and
//! `\xNN`, `\"`, `\\`. A line that starts with `#` is for people. Ids are those of the file.
//!
//! ```text
//! type NAME UNIT                    one sample type, in order
//! default NAME                      default_sample_type
//! period NAME UNIT VALUE            period_type and period
//! time NANOS · duration NANOS · comment TEXT · doc URL · drop REGEXP · keep REGEXP
//! mapping ID START LIMIT OFFSET FILE BUILD_ID
//! function ID NAME FILE [START_LINE [SYSTEM_NAME]]
//! location ID ADDRESS MAPPING [FUNCTION:LINE[:COLUMN]]...      innermost line first
//! sample LOCATION,... VALUE... [key=text] [key:number[unit]]...   leaf first; "-" for no stack
//! stack FRAME;FRAME;... VALUE... [labels as above]               root first, see below
//! unpacked                          repeated numbers one by one from here on
//! unknown                           a field of each wire type that no profile has
//! ```
//! A frame of `stack` is `name`, `name@file` or `name@file:line`; `+` before it says that it was
//! inlined into the frame before. Functions, locations and one mapping are made as needed.

use crate::wire::Message;
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;

/// The encoding of a profile written as text.
pub fn encode(text: &str) -> Result<Vec<u8>> {
    let mut profile = Profile::new();
    for (at, line) in text.lines().enumerate() {
        let words = words(line).with_context(|| format!("line {}", at + 1))?;
        if let Some((verb, rest)) = words.split_first() {
            profile
                .statement(verb, rest)
                .with_context(|| format!("line {}: {line}", at + 1))?;
        }
    }
    Ok(profile.finish())
}

type Word = Vec<u8>;

struct Profile {
    message: Message,
    strings: Vec<Word>,
    string_ids: HashMap<Word, u64>,
    functions: HashMap<(Word, Word), u64>,
    stack_locations: HashMap<Vec<(u64, i64)>, u64>,
    packed: bool,
}

impl Profile {
    fn new() -> Self {
        let mut profile = Self {
            message: Message::default(),
            strings: Vec::new(),
            string_ids: HashMap::new(),
            functions: HashMap::new(),
            stack_locations: HashMap::new(),
            packed: true,
        };
        profile.string(b"");
        profile
    }

    fn string(&mut self, text: &[u8]) -> u64 {
        if let Some(id) = self.string_ids.get(text) {
            return *id;
        }
        let id = self.strings.len() as u64;
        self.strings.push(text.to_vec());
        self.string_ids.insert(text.to_vec(), id);
        id
    }

    fn statement(&mut self, verb: &[u8], args: &[Word]) -> Result<()> {
        match (verb, args) {
            (b"type", [name, unit]) => self.value_type(1, name, unit),
            (b"period", [name, unit, value]) => {
                self.value_type(11, name, unit);
                self.message.int(12, number(value)?);
            }
            (b"time", [value]) => self.message.int(9, number(value)?),
            (b"duration", [value]) => self.message.int(10, number(value)?),
            (b"drop", [text]) => self.string_field(7, text),
            (b"keep", [text]) => self.string_field(8, text),
            (b"default", [text]) => self.string_field(14, text),
            (b"doc", [text]) => self.string_field(15, text),
            (b"comment", [text]) => {
                let id = self.string(text);
                self.message.packed(13, [id]);
            }
            (b"mapping", [id, start, limit, offset, file, build_id]) => {
                self.mapping(&[id, start, limit, offset], file, build_id)?;
            }
            (b"function", [id, name, file, rest @ ..]) => {
                let start = rest.first().map_or(Ok(0), number)?;
                self.function(
                    number(id)? as u64,
                    name,
                    rest.get(1).unwrap_or(name),
                    file,
                    start,
                );
            }
            (b"location", [id, address, mapping, lines @ ..]) => {
                let lines = lines
                    .iter()
                    .map(|line| explicit_line(line))
                    .collect::<Result<Vec<_>>>()?;
                self.location(
                    number(id)? as u64,
                    number(address)? as u64,
                    number(mapping)? as u64,
                    &lines,
                );
            }
            (b"sample", [stack, rest @ ..]) => {
                let ids = stack.split(|c| *c == b',').filter(|id| *id != b"-");
                let ids = ids
                    .map(|id| Ok(number(id)? as u64))
                    .collect::<Result<Vec<_>>>()?;
                self.sample(&ids, rest)?;
            }
            (b"stack", [frames, rest @ ..]) => {
                let ids = self.stack(frames)?;
                self.sample(&ids, rest)?;
            }
            (b"unpacked", []) => self.packed = false,
            (b"unknown", []) => self.unknown_fields(),
            _ => bail!("no such statement with {} words", args.len()),
        }
        Ok(())
    }

    fn string_field(&mut self, field: u32, text: &[u8]) {
        let id = self.string(text);
        self.message.uint(field, id);
    }

    fn value_type(&mut self, field: u32, name: &[u8], unit: &[u8]) {
        let mut inner = Message::default();
        inner.uint(1, self.string(name));
        inner.uint(2, self.string(unit));
        self.message.bytes(field, &inner.bytes);
    }

    fn mapping(&mut self, numbers: &[&Word], file: &[u8], build_id: &[u8]) -> Result<()> {
        let mut inner = Message::default();
        for (field, value) in (1..).zip(numbers) {
            inner.int(field, number(value)?);
        }
        inner.uint(5, self.string(file));
        inner.uint(6, self.string(build_id));
        self.message.bytes(3, &inner.bytes);
        Ok(())
    }

    fn function(&mut self, id: u64, name: &[u8], system_name: &[u8], file: &[u8], start_line: i64) {
        let mut inner = Message::default();
        inner.uint(1, id);
        inner.uint(2, self.string(name));
        inner.uint(3, self.string(system_name));
        inner.uint(4, self.string(file));
        inner.int(5, start_line);
        self.message.bytes(5, &inner.bytes);
    }

    fn location(&mut self, id: u64, address: u64, mapping: u64, lines: &[(u64, i64, i64)]) {
        let mut inner = Message::default();
        inner.uint(1, id);
        inner.uint(2, mapping);
        inner.uint(3, address);
        for (function, line, column) in lines {
            let mut nested = Message::default();
            nested.uint(1, *function);
            nested.int(2, *line);
            nested.int(3, *column);
            inner.bytes(4, &nested.bytes);
        }
        self.message.bytes(4, &inner.bytes);
    }

    fn sample(&mut self, locations: &[u64], rest: &[Word]) -> Result<()> {
        let is_label = |word: &&Word| word.contains(&b'=') || word.contains(&b':');
        let labels: Vec<_> = rest.iter().skip_while(|word| !is_label(word)).collect();
        let values = &rest[..rest.len() - labels.len()];
        let values = values
            .iter()
            .map(|word| Ok(number(word)? as u64))
            .collect::<Result<Vec<_>>>()?;
        let mut inner = Message::default();
        if self.packed {
            inner.packed(1, locations.iter().copied());
            inner.packed(2, values);
        } else {
            inner.unpacked(1, locations.iter().copied());
            inner.unpacked(2, values);
        }
        for label in labels {
            inner.bytes(3, &self.label(label)?.bytes);
        }
        self.message.bytes(2, &inner.bytes);
        Ok(())
    }

    fn label(&mut self, word: &[u8]) -> Result<Message> {
        let position = |separator| word.iter().position(|c| *c == separator);
        let at = position(b'=')
            .or_else(|| position(b':'))
            .context("a label has = or :")?;
        let (key, value) = (&word[..at], &word[at + 1..]);
        let mut inner = Message::default();
        inner.uint(1, self.string(key));
        if word[at] == b'=' {
            inner.uint(2, self.string(value));
            return Ok(inner);
        }
        let digits = value
            .iter()
            .take_while(|c| c.is_ascii_digit() || **c == b'-')
            .count();
        inner.int(3, number(&value[..digits])?);
        inner.uint(4, self.string(&value[digits..]));
        Ok(inner)
    }

    /// The locations of a stack written root first, leaf first.
    fn stack(&mut self, frames: &[u8]) -> Result<Vec<u64>> {
        let mut groups: Vec<Vec<(u64, i64)>> = Vec::new();
        for frame in frames.split(|c| *c == b';') {
            let (frame, inlined) = match frame.strip_prefix(b"+") {
                Some(frame) => (frame, true),
                None => (frame, false),
            };
            let line = self.frame(frame)?;
            match groups.last_mut() {
                Some(group) if inlined => group.insert(0, line),
                _ => groups.push(vec![line]),
            }
        }
        Ok(groups
            .into_iter()
            .rev()
            .map(|group| self.stack_location(group))
            .collect())
    }

    fn frame(&mut self, frame: &[u8]) -> Result<(u64, i64)> {
        let (name, place) = split_once(frame, b'@').unwrap_or((frame, b"main.go"));
        let (file, line) = match split_once(place, b':') {
            Some((file, line)) => (file, number(line)?),
            None => (place, 10),
        };
        let key = (name.to_vec(), file.to_vec());
        if let Some(id) = self.functions.get(&key) {
            return Ok((*id, line));
        }
        let id = self.functions.len() as u64 + 1;
        self.functions.insert(key, id);
        self.function(id, name, name, file, 1);
        Ok((id, line))
    }

    fn stack_location(&mut self, group: Vec<(u64, i64)>) -> u64 {
        if let Some(id) = self.stack_locations.get(&group) {
            return *id;
        }
        let id = self.stack_locations.len() as u64 + 1;
        if id == 1 {
            let mut inner = Message::default();
            inner.uint(1, 1);
            inner.uint(2, 0x40_0000);
            inner.uint(3, 0x50_0000);
            inner.uint(5, self.string(b"/usr/local/bin/handmade"));
            self.message.bytes(3, &inner.bytes);
        }
        let lines: Vec<_> = group
            .iter()
            .map(|(function, line)| (*function, *line, 0))
            .collect();
        self.location(id, 0x40_0000 + id * 16, 1, &lines);
        self.stack_locations.insert(group, id);
        id
    }

    /// Fields 100 to 103: a varint, eight bytes, a length, four bytes.
    fn unknown_fields(&mut self) {
        self.message.uint(100, 7);
        self.message.varint(101 << 3 | 1);
        self.message.bytes.extend_from_slice(&[1; 8]);
        self.message.bytes(102, b"from a later version");
        self.message.varint(103 << 3 | 5);
        self.message.bytes.extend_from_slice(&[1; 4]);
    }

    fn finish(mut self) -> Vec<u8> {
        for text in std::mem::take(&mut self.strings) {
            self.message.bytes(6, &text);
        }
        self.message.bytes
    }
}

fn explicit_line(word: &[u8]) -> Result<(u64, i64, i64)> {
    let parts = word
        .split(|c| *c == b':')
        .map(number)
        .collect::<Result<Vec<_>>>()?;
    ensure!(
        (2..=3).contains(&parts.len()),
        "a line is FUNCTION:LINE[:COLUMN]"
    );
    Ok((
        parts[0] as u64,
        parts[1],
        parts.get(2).copied().unwrap_or(0),
    ))
}

fn split_once(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|c| *c == separator)?;
    Some((&text[..at], &text[at + 1..]))
}

/// A decimal or `0x` hexadecimal number; unsigned ones up to 64 bits keep their bits.
fn number(word: impl AsRef<[u8]>) -> Result<i64> {
    let text = std::str::from_utf8(word.as_ref())?;
    let value = match text.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16),
        None => text.parse::<i128>(),
    };
    let value = value.with_context(|| format!("not a number: {text:?}"))?;
    ensure!(
        (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&value),
        "{value} needs more than 64 bits"
    );
    Ok(value as i64)
}

/// The words of a line; none for a comment.
fn words(line: &str) -> Result<Vec<Word>> {
    let mut words = Vec::new();
    if line.starts_with('#') {
        return Ok(words);
    }
    let mut bytes = line.bytes().peekable();
    while let Some(c) = bytes.peek().copied() {
        if c == b' ' {
            bytes.next();
            continue;
        }
        let mut word = Word::new();
        let mut quoted = false;
        while let Some(c) = bytes.next_if(|c| quoted || *c != b' ') {
            match c {
                b'"' => quoted = !quoted,
                b'\\' if quoted => word.push(escaped(&mut bytes)?),
                _ => word.push(c),
            }
        }
        ensure!(!quoted, "a quote is not closed");
        words.push(word);
    }
    Ok(words)
}

fn escaped(bytes: &mut impl Iterator<Item = u8>) -> Result<u8> {
    match bytes.next().context("a backslash ends the line")? {
        b'x' => {
            let digits: Vec<u8> = bytes.take(2).collect();
            Ok(u8::from_str_radix(std::str::from_utf8(&digits)?, 16)?)
        }
        c => Ok(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_blanks_and_bytes_in_quotes() {
        let got = words(r#"function 1 "a b\xff\"" main.go"#).unwrap();
        assert_eq!(got, [&b"function"[..], b"1", b"a b\xff\"", b"main.go"]);
        assert!(words("# a comment").unwrap().is_empty());
        assert!(words("\"open").is_err());
    }

    #[test]
    fn a_profile_is_encoded_field_by_field() {
        // sample_type {type: 1 unit: 2}, sample {location_id: [1] value: [7]}, strings "", "n",
        // "count".
        let got = encode("type n count\nsample 1 7\n").unwrap();
        let expected = b"\x0a\x04\x08\x01\x10\x02\x12\x06\x0a\x01\x01\x12\x01\x07\x32\x00\x32\x01n\x32\x05count";
        assert_eq!(got, expected);
    }

    #[test]
    fn an_error_names_the_line() {
        let error = encode("type n count\nsample x 1\n").unwrap_err();
        assert!(format!("{error:#}").contains("line 2"), "{error:#}");
    }
}
