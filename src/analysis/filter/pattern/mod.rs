//! Regular expressions as Go's regexp package understands them.
//!
//! An expression is read by Go's rules, its errors are Go's, and what comes out is written for
//! the regex crate with every class spelled out: that crate's own tables of Unicode, several
//! hundred kilobytes, are not built in. What needs them (`\p{Greek}`) is refused.

mod class;
mod literal;
mod syntax;

use std::borrow::Cow;

use literal::Literals;
use regex::bytes::{Regex, RegexBuilder};

/// Memory that a compiled expression may take.
const SIZE_LIMIT: usize = 4 << 20;

/// A compiled expression: unanchored, on bytes, case-sensitive unless it says otherwise.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    literals: Option<Literals>,
    text: String,
}

impl std::fmt::Display for Pattern {
    /// The expression as it was given.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why an expression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// As Go says it: `missing closing ): `(a``.
    pub reason: String,
    /// Byte of the expression at which it is wrong; the length for its end.
    pub at: usize,
}

impl std::fmt::Display for PatternError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "error parsing regexp: {}", self.reason)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Compiles `text`.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        Self::compile(text, false)
    }

    /// Compiles `text` as if it began with `(?i)`: letters match in either case.
    pub fn folded(text: &str) -> Result<Self, PatternError> {
        Self::compile(text, true)
    }

    fn compile(text: &str, fold: bool) -> Result<Self, PatternError> {
        let translated = syntax::translate(text, fold)?;
        let built = RegexBuilder::new(&translated)
            .size_limit(SIZE_LIMIT)
            .build();
        let new = |regex| Self {
            regex,
            literals: if fold { None } else { Literals::of(text) },
            text: text.to_owned(),
        };
        built.map(new).map_err(|error| {
            let why = match error {
                regex::Error::CompiledTooBig(_) => "expression too large",
                _ => "expression nests too deeply",
            };
            PatternError {
                reason: format!("{why}: `{text}`"),
                at: 0,
            }
        })
    }

    /// True when some part of `text` matches. A byte that is not UTF-8 is taken for U+FFFD.
    pub fn is_match(&self, text: &[u8]) -> bool {
        match &self.literals {
            Some(literals) => literals.is_match(text),
            None => self.regex.is_match(&characters(text)),
        }
    }
}

/// `text` as Go sees it: every byte that belongs to no character is a character of its own.
fn characters(text: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(text).is_ok() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() * 2);
    for chunk in text.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests;
