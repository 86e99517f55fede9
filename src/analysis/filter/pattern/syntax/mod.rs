//! Go's syntax of regular expressions, read from left to right and written anew for the regex
//! crate. Groups capture nothing and every operator is greedy: only whether something matches is
//! ever asked.

mod escapes;

use super::PatternError;
use super::class::Class;

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
pub(super) fn translate(text: &str, fold: bool) -> Read<String> {
    let mut reader = Reader {
        text,
        at: 0,
        switches: Switches {
            fold,
            ..Switches::default()
        },
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
}

/// A number without leading zeros; a large one is a number that is too large.
fn count(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let has_zeros = digits.len() > 1 && digits.starts_with('0');
    (is_number && !has_zeros).then(|| digits.parse().unwrap_or(u32::MAX))
}
