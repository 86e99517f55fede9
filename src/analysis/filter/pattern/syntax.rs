//! Go's syntax of regular expressions, read from left to right and written anew for the regex
//! crate. Groups capture nothing and every operator is greedy: only whether something matches is
//! ever asked.

use super::PatternError;
use super::class::{self, Class};

/// Copies of the innermost thing that counted repetitions may ask for.
const MAX_REPEAT: u32 = 1000;

/// Groups and operators inside each other at most. Go takes 1000, the regex crate 250.
const MAX_DEPTH: u32 = 200;

/// Switches: `(?ims)`; `U` changes nothing here.
#[derive(Clone, Copy, Debug, Default)]
struct Switches {
    fold: bool,
    multi_line: bool,
    dot_newline: bool,
}

/// What an operator would repeat.
#[derive(Clone, Copy, Debug, Default)]
struct Item {
    /// Copies that counted repetitions in it make, 1 at least.
    copies: u32,
    depth: u32,
}

/// An open group, or the whole expression.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    /// The switches outside, which come back behind it.
    outside: Switches,
    last: Option<Item>,
    /// The most of all its items.
    copies: u32,
    depth: u32,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    switches: Switches,
    /// The innermost group, and those around it.
    group: Group,
    around: Vec<Group>,
    /// Where the operator begins that stands right before.
    last_repeat: Option<usize>,
    out: String,
}

type Read<T> = Result<T, PatternError>;

/// The expression for the regex crate.
pub(super) fn translate(text: &str) -> Read<String> {
    let mut reader = Reader {
        text,
        at: 0,
        switches: Switches::default(),
        group: Group::default(),
        around: Vec::new(),
        last_repeat: None,
        out: String::new(),
    };
    while reader.at < text.len() {
        let start = reader.at;
        let is_repeat = reader.step()?;
        reader.last_repeat = is_repeat.then_some(start);
    }
    if reader.around.is_empty() {
        return Ok(reader.out);
    }
    Err(PatternError {
        reason: format!("missing closing ): `{text}`"),
        at: text.len(),
    })
}

fn fail<T>(code: &str, fragment: &str, at: usize) -> Read<T> {
    Err(PatternError {
        reason: format!("{code}: `{fragment}`"),
        at,
    })
}

const BAD_CLASS: &str = "invalid character class range";

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next_char(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// An error about the text from `start` to where the reader is.
    fn fail<T>(&self, code: &str, start: usize) -> Read<T> {
        fail(code, &self.text[start..self.at], start)
    }

    /// Reads one thing; true for an operator that repeats.
    fn step(&mut self) -> Read<bool> {
        match self.text.as_bytes()[self.at] {
            b'(' if self.rest().starts_with("(?") => self.perl_group()?,
            b'(' => {
                self.at += 1;
                self.open()?;
            }
            b')' => self.close()?,
            b'|' => {
                self.at += 1;
                self.group.last = None;
                self.out.push('|');
            }
            b'^' => {
                let written = if self.switches.multi_line {
                    "(?m:^)"
                } else {
                    "\\A"
                };
                self.simple(1, written);
            }
            b'$' => {
                let written = if self.switches.multi_line {
                    "(?m:$)"
                } else {
                    "\\z"
                };
                self.simple(1, written);
            }
            b'.' => {
                let written = if self.switches.dot_newline {
                    "(?s:.)"
                } else {
                    "."
                };
                self.simple(1, written);
            }
            b'[' => self.class()?,
            b'*' | b'+' | b'?' => {
                let start = self.at;
                self.at += 1;
                self.repeat(start, None)?;
                return Ok(true);
            }
            b'{' => match self.counts() {
                Some((end, counts)) => {
                    let start = self.at;
                    self.at = end;
                    let Some(counts) = counts else {
                        return self.fail("invalid repeat count", start);
                    };
                    self.repeat(start, Some(counts))?;
                    return Ok(true);
                }
                None => {
                    self.at += 1;
                    self.literal('{');
                }
            },
            b'\\' => self.backslash()?,
            _ => {
                if let Some(c) = self.next_char() {
                    self.literal(c);
                }
            }
        }
        Ok(false)
    }

    /// Begins an item at the end of what is written.
    fn item(&mut self) {
        self.group.last = Some(Item {
            copies: 1,
            depth: 0,
        });
    }

    fn simple(&mut self, len: usize, written: &str) {
        self.at += len;
        self.item();
        self.out.push_str(written);
    }

    fn literal(&mut self, c: char) {
        self.item();
        let mut class = Class::default();
        if self.switches.fold {
            class.add_folded(u32::from(c), u32::from(c));
            class.write(&mut self.out);
        } else {
            self.out
                .push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
        }
    }

    fn open(&mut self) -> Read<()> {
        if self.around.len() as u32 >= MAX_DEPTH {
            return fail("expression nests too deeply", self.text, 0);
        }
        let inside = Group {
            outside: self.switches,
            ..Group::default()
        };
        self.around.push(std::mem::replace(&mut self.group, inside));
        self.out.push_str("(?:");
        Ok(())
    }

    fn close(&mut self) -> Read<()> {
        let Some(outer) = self.around.pop() else {
            return fail("unexpected )", self.text, self.at);
        };
        self.at += 1;
        self.out.push(')');
        let group = std::mem::replace(&mut self.group, outer);
        self.switches = group.outside;
        let item = Item {
            copies: group.copies.max(1),
            depth: group.depth + 1,
        };
        self.ended(item)
    }

    /// Takes in an item that is more than a character.
    fn ended(&mut self, item: Item) -> Read<()> {
        if item.depth > MAX_DEPTH {
            return fail("expression nests too deeply", self.text, 0);
        }
        self.group.last = Some(item);
        self.group.copies = self.group.copies.max(item.copies);
        self.group.depth = self.group.depth.max(item.depth);
        Ok(())
    }

    /// The numbers of `{2}`, `{2,}` or `{2,3}`, if that is what it is, and where it ends; without
    /// numbers when these are no good.
    fn counts(&self) -> Option<(usize, Option<(u32, Option<u32>)>)> {
        let body = self.rest().strip_prefix('{')?;
        let len = body.find('}')?;
        let body = &body[..len];
        let (low, high) = match body.split_once(',') {
            Some((low, "")) => (count(low)?, None),
            Some((low, high)) => (count(low)?, Some(count(high)?)),
            None => (count(body)?, Some(count(body)?)),
        };
        let is_good = low <= MAX_REPEAT && high.is_none_or(|h| h <= MAX_REPEAT && low <= h);
        Some((self.at + len + 2, is_good.then_some((low, high))))
    }

    /// Applies an operator that has been read and began at `start`.
    fn repeat(&mut self, start: usize, counts: Option<(u32, Option<u32>)>) -> Read<()> {
        if self.peek() == Some(b'?') {
            self.at += 1;
        }
        if let Some(before) = self.last_repeat {
            return self.fail("invalid nested repetition operator", before);
        }
        let Some(mut item) = self.group.last else {
            return self.fail("missing argument to repetition operator", start);
        };
        item.depth += 1;
        match counts {
            None => {
                let operator = &self.text[start..=start];
                self.out.push_str(operator);
            }
            Some((low, high)) => {
                let copies = high.unwrap_or(low);
                // The product of two numbers of at most a thousand.
                item.copies = copies * item.copies.max(1);
                if copies >= 2 && item.copies > MAX_REPEAT {
                    return self.fail("invalid repeat count", start);
                }
                let high = high.map_or_else(String::new, |high| high.to_string());
                self.out.push_str(&format!("{{{low},{high}}}"));
            }
        }
        self.ended(item)
    }

    /// `(?i)`, `(?i:`, `(?P<name>`.
    fn perl_group(&mut self) -> Read<()> {
        let start = self.at;
        let rest = self.rest();
        let name_at = if rest.starts_with("(?P<") && rest.len() > 4 {
            Some(4)
        } else {
            (rest.starts_with("(?<") && rest.len() > 3).then_some(3)
        };
        if let Some(name_at) = name_at {
            let Some(end) = rest.find('>') else {
                return fail("invalid named capture", rest, start);
            };
            let name = rest.as_bytes().get(name_at..end).unwrap_or_default();
            let is_word = |&b: &u8| b == b'_' || b.is_ascii_alphanumeric();
            self.at += end + 1;
            if name.is_empty() || !name.iter().all(is_word) {
                return self.fail("invalid named capture", start);
            }
            return self.open();
        }
        self.at += 2;
        let mut switches = self.switches;
        let (mut on, mut saw_switch) = (true, false);
        while let Some(c) = self.next_char() {
            match c {
                'i' => switches.fold = on,
                'm' => switches.multi_line = on,
                's' => switches.dot_newline = on,
                'U' => {}
                '-' if on => {
                    on = false;
                    saw_switch = false;
                    continue;
                }
                ':' | ')' if on || saw_switch => {
                    if c == ':' {
                        self.open()?;
                    }
                    self.switches = switches;
                    return Ok(());
                }
                _ => break,
            }
            saw_switch = true;
        }
        self.fail("invalid or unsupported Perl syntax", start)
    }

    fn backslash(&mut self) -> Read<()> {
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
    fn class(&mut self) -> Read<()> {
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

/// A number without leading zeros; a large one is a number that is too large.
fn count(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let has_zeros = digits.len() > 1 && digits.starts_with('0');
    (is_number && !has_zeros).then(|| digits.parse().unwrap_or(u32::MAX))
}
