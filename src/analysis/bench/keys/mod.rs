//! The language in which results are chosen and grouped: filters (`.name:Encode /size:1k`) and
//! projections (`pkg,/size@num`).
//!
//! The syntax, what keys mean and the words of errors are those of `golang.org/x/perf/benchproc`.
//! An expression may nest [`DEPTH`] deep.

mod extract;
mod filter;
mod order;
mod parse_filter;
mod parse_projection;
mod token;

use std::fmt;

pub use extract::base_name;
pub(super) use extract::{Excluded, Key, full_name_without};
pub(super) use filter::{Chosen, Filter, Line};
pub(super) use order::compare_numbers;
pub(super) use parse_projection::{Field, FieldOrder, projection};

/// How deep parentheses and negations may nest: what is parsed by recursion must not be as deep as
/// a hostile text likes.
pub(crate) const DEPTH: usize = 200;

/// What is wrong with a filter or projection. Display gives three lines: what is wrong, the
/// expression, and a caret below the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError {
    /// What is wrong, in the words of benchstat.
    pub reason: String,
    /// The expression.
    pub text: String,
    /// Byte of the expression at which it is wrong; the length for its end.
    pub at: usize,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As benchstat counts: what shows nothing takes no room.
        let before = self.text.char_indices().take_while(|&(at, _)| at < self.at);
        let column = before.filter(|&(_, c)| is_graphic(c)).count();
        let (reason, text) = (&self.reason, &self.text);
        write!(f, "syntax error: {reason}\n\t{text}\n\t{:column$}^", "")
    }
}

impl std::error::Error for KeyError {}

fn is_graphic(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
