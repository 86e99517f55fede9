//! Values of labels as expressions of `tagfocus` and `tagignore`.

use crate::unit::{is_convertible, scaled};

/// Characters that mean something in a regular expression.
const SPECIAL: &[char] = &[
    '\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$',
];

/// The expression that matches this text of this key and nothing else; `None` for what is not
/// UTF-8, which no expression of Go's can name.
pub fn exact_text(key: &[u8], value: &[u8]) -> Option<String> {
    let (key, value) = (text(key)?, text(value)?);
    if is_plain(key) {
        return Some(format!("{key}=^{}$", quoted(value, false)));
    }
    Some(format!("^{}:{}$", quoted(key, true), quoted(value, true)))
}

/// The expression for numbers of this key from `low` to `high` in the key's unit; `None` for a key
/// that cannot be named.
pub fn number_range(key: &[u8], low: i64, high: i64, unit: &str) -> Option<String> {
    let key = text(key).filter(|key| is_plain(key))?;
    let unit = written(unit)?;
    Some(if low == high {
        format!("{key}={low}{unit}")
    } else {
        format!("{key}={low}{unit}:{high}{unit}")
    })
}

/// The expression that matches whatever text, or number, a sample has of this key; `None` for a
/// key that cannot be named, and for one that has both: no one expression matches those.
pub fn any_value(key: &[u8], texts: bool, unit: Option<&str>) -> Option<String> {
    match (texts, unit) {
        (true, None) => {
            let key = text(key)?;
            Some(if is_plain(key) {
                format!("{key}=")
            } else {
                format!("^{}:", quoted(key, true))
            })
        }
        (false, Some(unit)) => number_range(key, i64::MIN, i64::MAX, unit),
        _ => None,
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// A key that can stand before the equals sign.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && !key.contains('=')
}

/// A comma parts expressions everywhere, an equals sign a key from them at its first place.
fn quoted(text: &str, equals: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            ',' => out.push_str("\\x2c"),
            '=' if equals => out.push_str("\\x3d"),
            special if SPECIAL.contains(&special) => {
                out.push('\\');
                out.push(special);
            }
            other => out.push(other),
        }
    }
    out
}

/// How a range writes a unit: by its short name, and not at all where numbers have none that scales.
fn written(unit: &str) -> Option<String> {
    if !is_convertible(unit, unit) {
        return Some(String::new());
    }
    let short = scaled(1, unit, unit).1;
    let is_word = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphabetic());
    [short, unit.to_owned()]
        .into_iter()
        .find(|name| is_word(name))
}
