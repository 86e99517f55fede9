//! Strings in quotation marks.

use std::fmt::Write;

/// A string in quotation marks as Go writes it, and what follows it.
pub(crate) fn unquoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut string = Vec::new();
    loop {
        let end = rest
            .iter()
            .position(|&b| matches!(b, b'"' | b'\\' | b'\n'))?;
        string.extend_from_slice(&rest[..end]);
        match rest[end] {
            b'"' => return Some((string, &rest[end + 1..])),
            b'\\' => {}
            // Go ends such a string with the line.
            _ => return None,
        }
        let &letter = rest.get(end + 1)?;
        rest = &rest[end + 2..];
        let digits = match letter {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b'0'..=b'7' => {
                let octal = [letter, *rest.first()?, *rest.get(1)?];
                string.push(from_octal(octal)?);
                rest = &rest[2..];
                continue;
            }
            _ => {
                string.push(escaped(letter)?);
                continue;
            }
        };
        let number = hex(rest.get(..digits)?)?;
        rest = &rest[digits..];
        if letter == b'x' {
            string.push(number as u8);
        } else {
            let letter = char::from_u32(number)?;
            string.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

fn from_octal(digits: [u8; 3]) -> Option<u8> {
    let mut value = 0_u32;
    for digit in digits {
        value = value * 8 + char::from(digit).to_digit(8)?;
    }
    u8::try_from(value).ok()
}

fn hex(digits: &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for &digit in digits {
        value = value.checked_mul(16)? + char::from(digit).to_digit(16)?;
    }
    Some(value)
}

fn escaped(letter: u8) -> Option<u8> {
    Some(match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' | b'"' => letter,
        _ => return None,
    })
}

/// A string in quotation marks as Go's `%q` writes it.
pub(crate) fn quoted(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\x07' => out.push_str("\\a"),
                '\x08' => out.push_str("\\b"),
                '\x0c' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\x0b' => out.push_str("\\v"),
                _ if is_printed(c) => out.push(c),
                _ if (c as u32) < 0x80 => {
                    let _ = write!(out, "\\x{:02x}", c as u32);
                }
                _ if (c as u32) < 0x1_0000 => {
                    let _ = write!(out, "\\u{:04x}", c as u32);
                }
                _ => {
                    let _ = write!(out, "\\U{:08x}", c as u32);
                }
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}

/// Whether a character shows as itself: no control, no separator but the blank, nothing that only
/// formats.
fn is_printed(c: char) -> bool {
    !c.is_control()
        && (c == ' ' || !c.is_whitespace())
        && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_as_go_writes_them() {
        let (string, rest) = unquoted(br#""a\"b\\\n\x00\u00e9\U0001f600\101":"#).unwrap();
        assert_eq!(string, "a\"b\\\n\0é😀A".as_bytes());
        assert_eq!(rest, b":");
        for wrong in [
            "\"never ends",
            "\"\\u12\"",
            "\"\\q\"",
            "\"\\ud800\"",
            "\"\\400\"",
            "\"a\nb\"",
            "bare",
        ] {
            assert_eq!(unquoted(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn strings_are_written_as_go_does() {
        let text = "a\"b\\\n\0é\u{200b}😀".as_bytes();
        assert_eq!(quoted(text), "\"a\\\"b\\\\\\n\\x00é\\u200b😀\"");
        assert_eq!(quoted(b"\xff"), "\"\\xff\"");
        assert_eq!(unquoted(quoted(text).as_bytes()).unwrap().0, text);
    }
}
