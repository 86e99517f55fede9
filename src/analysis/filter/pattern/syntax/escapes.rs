//! What begins with a backslash, and classes in brackets.

use super::super::PatternError;
use super::super::class::{self, Class};
use super::{Read, Reader, fail};

const BAD_CLASS: &str = "invalid character class range";

impl Reader<'_> {
    pub(super) fn backslash(&mut self) -> Read<()> {
        let start = self.at;
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        match letter {
            Some(b'A') => self.simple(2, "\\A"),
            Some(b'z') => self.simple(2, "\\z"),
            Some(b'b') => self.simple(2, "(?-u:\\b)"),
            Some(b'B') => self.simple(2, "(?-u:\\B)"),
            Some(b'C') => {
                self.at += 2;
                return self.fail("invalid escape sequence", start);
            }
            Some(b'Q') => {
                let quoted = &self.rest()[2..];
                let (literal, len) = match quoted.find("\\E") {
                    Some(end) => (&quoted[..end], end + 2),
                    None => (quoted, quoted.len()),
                };
                literal.chars().for_each(|c| self.literal(c));
                self.at += 2 + len;
            }
            _ => {
                let mut class = Class::default();
                if self.group_escape(&mut class)? {
                    self.item();
                    class.write(&mut self.out);
                } else {
                    let c = self.escape()?;
                    self.any_literal(c);
                }
            }
        }
        Ok(())
    }

    /// A character by its number, which may be that of a surrogate: no text has it.
    fn any_literal(&mut self, c: u32) {
        match char::from_u32(c) {
            Some(c) => self.literal(c),
            None => {
                self.item();
                Class::default().write(&mut self.out);
            }
        }
    }

    /// `\d` and the like, if that is what comes.
    fn group_escape(&mut self, class: &mut Class) -> Read<bool> {
        let bytes = self.rest().as_bytes();
        let (Some(b'\\'), Some(&letter)) = (bytes.first(), bytes.get(1)) else {
            return Ok(false);
        };
        if matches!(letter, b'p' | b'P') {
            return self.unicode_class(class, letter == b'P').map(|()| true);
        }
        let Some(ranges) = class::perl(letter.to_ascii_lowercase()) else {
            return Ok(false);
        };
        class.add_group(ranges, letter.is_ascii_uppercase(), self.switches.fold);
        self.at += 2;
        Ok(true)
    }

    /// `\pN` or `\p{Greek}`: without tables, only `Any` can be told.
    fn unicode_class(&mut self, class: &mut Class, negated: bool) -> Read<()> {
        let start = self.at;
        self.at += 2;
        let name = match self.next_char() {
            Some('{') => {
                let Some(end) = self.rest().find('}') else {
                    return fail(BAD_CLASS, &self.text[start..], start);
                };
                let name = &self.rest()[..end];
                self.at += end + 1;
                name
            }
            Some(c) if "CLMNPSZ".contains(c) => "",
            None | Some(_) => return self.fail(BAD_CLASS, start),
        };
        let (name, inverted) = match name.strip_prefix('^') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if name != "Any" {
            return self.fail("classes of Unicode are not supported here", start);
        }
        if negated == inverted {
            class.add(0, u32::from(char::MAX));
        }
        Ok(())
    }

    /// The character of an escape sequence.
    fn escape(&mut self) -> Read<u32> {
        const BAD: &str = "invalid escape sequence";
        let start = self.at;
        self.at += 1;
        let Some(c) = self.next_char() else {
            return fail("trailing backslash at end of expression", "", self.at);
        };
        let is_octal = |byte: Option<u8>| byte.is_some_and(|b| (b'0'..=b'7').contains(&b));
        Ok(match c {
            '0'..='7' => {
                // A single digit that is not 0 would refer to a group.
                if c != '0' && !is_octal(self.peek()) {
                    return self.fail(BAD, start);
                }
                let mut code = u32::from(c) - u32::from('0');
                for _ in 0..2 {
                    match self.peek().filter(|&b| is_octal(Some(b))) {
                        Some(digit) => code = code * 8 + u32::from(digit - b'0'),
                        None => break,
                    }
                    self.at += 1;
                }
                code
            }
            'x' => match self.hexadecimal() {
                Some(code) => code,
                None => return self.fail(BAD, start),
            },
            'a' => 7,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => u32::from(c),
            _ => return self.fail(BAD, start),
        })
    }

    /// What follows `\x`.
    fn hexadecimal(&mut self) -> Option<u32> {
        let first = self.next_char()?;
        if first != '{' {
            let second = self.next_char()?;
            return Some(first.to_digit(16)? * 16 + second.to_digit(16)?);
        }
        let mut code = None;
        loop {
            match self.next_char()? {
                '}' => return code,
                digit => {
                    let next = code.unwrap_or(0) * 16 + digit.to_digit(16)?;
                    code = (next <= u32::from(char::MAX)).then_some(next);
                    code?;
                }
            }
        }
    }

    /// `[…]`.
    pub(super) fn class(&mut self) -> Read<()> {
        let start = self.at;
        self.at += 1;
        let is_negated = self.peek() == Some(b'^');
        self.at += usize::from(is_negated);
        let mut class = Class::default();
        let mut is_first = true;
        while is_first || self.peek() != Some(b']') {
            is_first = false;
            if !self.named_class(&mut class)? && !self.group_escape(&mut class)? {
                self.range(&mut class, start)?;
            }
        }
        self.at += 1;
        if is_negated {
            class = class.negated();
        }
        self.item();
        class.write(&mut self.out);
        Ok(())
    }

    /// `[:alpha:]`, if that is what comes.
    fn named_class(&mut self, class: &mut Class) -> Read<bool> {
        let Some(name) = self.rest().strip_prefix("[:") else {
            return Ok(false);
        };
        let Some(end) = name.find(":]") else {
            return Ok(false);
        };
        let name = &name[..end];
        let (start, bare) = (self.at, name.strip_prefix('^').unwrap_or(name));
        self.at += end + 4;
        let Some(ranges) = class::posix(bare) else {
            return self.fail(BAD_CLASS, start);
        };
        class.add_group(ranges, bare.len() < name.len(), self.switches.fold);
        Ok(true)
    }

    /// A character of a class, or two with a dash between them.
    fn range(&mut self, class: &mut Class, class_start: usize) -> Read<()> {
        let start = self.at;
        let low = self.class_char(class_start)?;
        let mut high = low;
        let bytes = self.rest().as_bytes();
        if bytes.len() >= 2 && bytes[0] == b'-' && bytes[1] != b']' {
            self.at += 1;
            high = self.class_char(class_start)?;
            if high < low {
                return self.fail(BAD_CLASS, start);
            }
        }
        if self.switches.fold {
            class.add_folded(low, high);
        } else {
            class.add(low, high);
        }
        Ok(())
    }

    fn class_char(&mut self, class_start: usize) -> Read<u32> {
        match self.peek() {
            None => Err(PatternError {
                reason: format!("missing closing ]: `{}`", &self.text[class_start..]),
                at: self.text.len(),
            }),
            Some(b'\\') => self.escape(),
            Some(_) => Ok(self.next_char().map_or(0, u32::from)),
        }
    }
}
