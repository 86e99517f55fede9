//! Fields of a line, as Go's tools separate them.

/// Length of the white space, by Unicode, that `text` begins with; 0 if none does.
fn space(text: &[u8]) -> usize {
    match text {
        [b'\t'..=b'\r' | b' ', ..] => 1,
        [0xC2, 0x85 | 0xA0, ..] => 2,
        [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF, ..]
        | [0xE2, 0x81, 0x9F, ..]
        | [0xE3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// The text after white space.
pub(super) fn trim_start(mut text: &[u8]) -> &[u8] {
    loop {
        match space(text) {
            0 => return text,
            length => text = &text[length..],
        }
    }
}

/// What comes before the first white space, and all from there on.
pub(super) fn split_word(text: &[u8]) -> (&[u8], &[u8]) {
    let mut end = 0;
    while let Some(&b) = text.get(end) {
        // What is plainly printed need not be looked at closer.
        if !(b'!'..=b'~').contains(&b) && space(&text[end..]) > 0 {
            break;
        }
        end += 1;
    }
    text.split_at(end)
}

/// The next field and what follows it; an empty field at the end.
pub(super) fn split_field(text: &[u8]) -> (&[u8], &[u8]) {
    split_word(trim_start(text))
}

/// `key: value` if a line has the form of a configuration. The key begins with a lower-case
/// letter and has neither white space nor a capital; the value begins after blanks or is empty.
pub(super) fn config(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().skip(1).position(|&b| b == b':')? + 1;
    let (key, value) = (&line[..colon], &line[colon + 1..]);
    // What is not UTF-8 is U+FFFD to Go: no letter, so it may stand anywhere but in front.
    let key_text = String::from_utf8_lossy(key);
    let mut letters = key_text.chars();
    let begins = letters.next().is_some_and(char::is_lowercase);
    if !begins || letters.any(|c| c.is_whitespace() || c.is_uppercase()) {
        return None;
    }
    let trimmed = value.iter().position(|&b| b != b' ' && b != b'\t');
    let rest = &value[trimmed.unwrap_or(value.len())..];
    (value.is_empty() || rest.len() < value.len()).then_some((key, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_unicodes() {
        let text = "a\u{a0}b\u{3000}\u{2028} c".as_bytes();
        let (a, rest) = split_field(text);
        let (b, rest) = split_field(rest);
        let (c, rest) = split_field(rest);
        assert_eq!((a, b, c, rest), (&b"a"[..], &b"b"[..], &b"c"[..], &b""[..]));
        assert_eq!(split_field(b"  "), (&b""[..], &b""[..]));
        // Bytes that are no text separate nothing.
        assert_eq!(split_word(b"\xE2\x80x y").0, b"\xE2\x80x");
    }

    #[test]
    fn configuration_lines() {
        assert_eq!(config(b"goos: linux"), Some((&b"goos"[..], &b"linux"[..])));
        let kept = config(b"note:\t x \t");
        assert_eq!(kept, Some((&b"note"[..], &b"x \t"[..])));
        assert_eq!(config(b"note:"), Some((&b"note"[..], &b""[..])));
        assert_eq!(config(b"note: "), Some((&b"note"[..], &b""[..])));
        assert_eq!(config("ä-b: c".as_bytes()).map(|c| c.1), Some(&b"c"[..]));
        for line in [
            "nospace:x",
            "Upper: x",
            "camelCase: x",
            "with space: x",
            "http://a",
            ": x",
            "x",
            "",
            " a: b",
            "1: b",
        ] {
            assert_eq!(config(line.as_bytes()), None, "{line}");
        }
    }
}
