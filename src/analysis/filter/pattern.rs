//! Regular expressions as Go's regexp package understands them.

use regex::bytes::{Regex, RegexBuilder};

/// Memory that a compiled expression may take.
const SIZE_LIMIT: usize = 4 << 20;

/// A compiled expression: unanchored, case-sensitive, on bytes.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

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
        let built = RegexBuilder::new(text)
            .unicode(false)
            .size_limit(SIZE_LIMIT)
            .build();
        built.map(Self).map_err(|error| PatternError {
            reason: error.to_string(),
            at: 0,
        })
    }

    /// True when some part of `text` matches.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.0.is_match(text)
    }
}
