//! Orders of values that have names: by text, and by number.

use std::cmp::Ordering;

use crate::gotext::parse_float;

/// As `@num` does: numbers by their size, with prefixes of 1000 and 1024, those that are none of
/// them last, and what is no number behind. Equal for what this cannot tell apart.
pub(in super::super) fn compare_numbers(a: &[u8], b: &[u8]) -> Ordering {
    match (number(a), number(b)) {
        (None, None) => Ordering::Equal,
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (Some(a), Some(b)) => a
            .partial_cmp(&b)
            .unwrap_or_else(|| a.is_nan().cmp(&b.is_nan())),
    }
}

/// A number, or else the first digits anywhere in the text, perhaps with a prefix behind them.
fn number(text: &[u8]) -> Option<f64> {
    if let Ok(number) = parse_float(text) {
        return Some(number);
    }
    let is_digit = |b: &u8| b.is_ascii_digit() || *b == b'.';
    let from = text.iter().position(is_digit)?;
    let rest = &text[from..];
    let length = rest.iter().take_while(|b| is_digit(b)).count();
    // Several points are no number, and nothing else is looked for then.
    let number = parse_float(&rest[..length]).ok()?;
    let (prefix, after) = match rest[length..].split_first() {
        Some((&b'k', after)) => (1, after),
        Some((b, after)) => match b"KMGTPEZY".iter().position(|prefix| prefix == b) {
            Some(at) => (at as i32 + 1, after),
            None => return Some(number),
        },
        None => return Some(number),
    };
    let base: f64 = match after.first() {
        Some(b'i') => 1024.0,
        _ => 1000.0,
    };
    Some(number * base.powi(prefix))
}
