//! The words and operators of an expression.

use std::cell::RefCell;

use super::KeyError;
use crate::analysis::Pattern;
use crate::gotext::unquoted;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The end of the expression.
    End,
    /// An operator of one character.
    Operator(u8),
    /// A word as it stands.
    Word,
    /// A word that stood in quotation marks.
    Quoted,
    /// An expression between slashes.
    Pattern,
    /// The word `AND`.
    And,
    /// The word `OR`.
    Or,
}

/// One token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Byte of the expression at which it begins.
    pub(super) at: usize,
    /// What it stands for; of a quoted word what is in the quotation marks.
    pub(super) text: Vec<u8>,
    /// Of an expression between slashes.
    pub(super) pattern: Option<Pattern>,
}

impl Token {
    pub(super) fn is_word(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Quoted)
    }

    pub(super) fn is_operator(&self, operator: u8) -> bool {
        self.kind == Kind::Operator(operator)
    }
}

/// What is left of an expression. All copies share the first error: what follows it is noise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tokens<'q> {
    whole: &'q str,
    rest: &'q str,
    error: &'q RefCell<Option<KeyError>>,
}

impl<'q> Tokens<'q> {
    pub(super) fn new(whole: &'q str, error: &'q RefCell<Option<KeyError>>) -> Self {
        Self {
            whole,
            rest: whole,
            error,
        }
    }

    /// The next word or operator, and what follows it. Blanks before it are gone from `self` too.
    pub(super) fn key_or_operator(&mut self) -> (Token, Self) {
        self.next(false)
    }

    /// The same where an expression between slashes may stand.
    pub(super) fn value_or_operator(&mut self) -> (Token, Self) {
        self.next(true)
    }

    /// Notes an error at where this begins, and ends the expression here.
    pub(super) fn fail(&self, reason: &str) -> (Token, Self) {
        let at = self.at();
        self.error.borrow_mut().get_or_insert_with(|| KeyError {
            reason: reason.to_owned(),
            text: self.whole.to_owned(),
            at,
        });
        self.token(Kind::End, 0, Vec::new())
    }

    /// Byte of the expression at which this begins.
    pub(super) fn at(&self) -> usize {
        self.whole.len() - self.rest.len()
    }

    /// A token of `length` bytes. The end takes all that is left: after it is nothing.
    fn token(&self, kind: Kind, length: usize, text: Vec<u8>) -> (Token, Self) {
        let rest = match kind {
            Kind::End => "",
            _ => &self.rest[length..],
        };
        let token = Token {
            kind,
            at: self.at(),
            text,
            pattern: None,
        };
        (token, Self { rest, ..*self })
    }

    fn next(&mut self, may_be_pattern: bool) -> (Token, Self) {
        self.rest = self.rest.trim_start_matches(char::is_whitespace);
        match self.rest.as_bytes().first() {
            None => self.token(Kind::End, 0, Vec::new()),
            Some(&b) if is_start_operator(b) => self.token(Kind::Operator(b), 1, vec![b]),
            Some(b'/') if may_be_pattern => self.pattern(),
            Some(b'"') => self.quoted_word(),
            Some(_) => self.bare_word(),
        }
    }

    fn quoted_word(&self) -> (Token, Self) {
        let bytes = self.rest.as_bytes();
        let ends = |&at: &usize| bytes[at] == b'"' && bytes[at - 1] != b'\\';
        let Some(end) = (1..bytes.len()).find(ends) else {
            return self.fail("missing end quote");
        };
        match unquoted(&bytes[..=end]) {
            Some((word, [])) => self.token(Kind::Quoted, end + 1, word),
            _ => self.fail("bad escape sequence"),
        }
    }

    fn bare_word(&self) -> (Token, Self) {
        // A hyphen or asterisk within a word is part of it.
        let ends = |c: char| c.is_whitespace() || c.is_ascii() && is_operator(c as u8);
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let word = &self.rest[..end];
        let kind = match word {
            "AND" => Kind::And,
            "OR" => Kind::Or,
            _ => Kind::Word,
        };
        self.token(kind, end, word.as_bytes().to_vec())
    }

    fn pattern(&self) -> (Token, Self) {
        let inside = &self.rest[1..];
        let Some(end) = end_of_pattern(inside.as_bytes()) else {
            return self.fail("missing close \"/\"");
        };
        let text = &inside[..end];
        let pattern = match Pattern::new(text) {
            Ok(pattern) => pattern,
            Err(error) => return self.fail(&error.to_string()),
        };
        let after = &inside[end + 1..];
        // A slash inside the expression would look like its end. benchstat looks at one byte.
        let is_over = match after.as_bytes().first() {
            None => true,
            Some(&b) => char::from(b).is_whitespace() || is_start_operator(b),
        };
        if !is_over {
            let there = Self {
                rest: after,
                ..*self
            };
            return there
                .fail("regexp must be followed by space or an operator (unescaped \"/\"?)");
        }
        let (mut token, next) = self.token(Kind::Pattern, end + 2, text.as_bytes().to_vec());
        token.pattern = Some(pattern);
        (token, next)
    }
}

/// Where the slash stands that ends an expression: outside of brackets and parentheses.
fn end_of_pattern(text: &[u8]) -> Option<usize> {
    let (mut brackets, mut parentheses) = (0_i64, 0_i64);
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'/' if brackets == 0 && parentheses == 0 => return Some(at),
            b'[' => brackets += 1,
            b']' => brackets = (brackets - 1).max(0),
            b'(' if brackets == 0 => parentheses += 1,
            b')' if brackets == 0 => parentheses -= 1,
            b'\\' => at += 1,
            _ => {}
        }
        at += 1;
    }
    None
}

fn is_operator(b: u8) -> bool {
    matches!(b, b'(' | b')' | b':' | b'@' | b',')
}

/// At the beginning of a word, a hyphen and an asterisk are operators too.
fn is_start_operator(b: u8) -> bool {
    is_operator(b) || matches!(b, b'-' | b'*')
}
