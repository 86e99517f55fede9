//! Labels of a goroutine in its header: `role: poller, "user id": "x y"`.

use std::borrow::Cow;

/// Takes the next label of a list, which is moved past it; `None` at its end, and where it is not
/// of this form.
pub(super) fn next<'a>(list: &mut &'a [u8]) -> Option<(Cow<'a, [u8]>, Cow<'a, [u8]>)> {
    let (key, rest) = word(list, b':')?;
    let rest = rest
        .strip_prefix(b": ")
        .or_else(|| rest.strip_prefix(b":"))?;
    let (value, rest) = word(rest, b',')?;
    *list = rest.strip_prefix(b", ").unwrap_or_default();
    Some((key, value))
}

/// A string in quotation marks, or all up to `end`.
fn word(text: &[u8], end: u8) -> Option<(Cow<'_, [u8]>, &[u8])> {
    if text.first() == Some(&b'"') {
        let (string, rest) = crate::gotext::unquoted(text)?;
        return Some((Cow::Owned(string), rest));
    }
    let at = text.iter().position(|&b| b == end);
    let (word, rest) = text.split_at(at.unwrap_or(text.len()));
    (at.is_some() || end == b',').then_some((Cow::Borrowed(word), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut list: &[u8]) -> Vec<(String, String)> {
        let text = |bytes: Cow<'_, [u8]>| String::from_utf8(bytes.into_owned()).unwrap();
        std::iter::from_fn(|| next(&mut list).map(|(k, v)| (text(k), text(v)))).collect()
    }

    #[test]
    fn words_may_be_bare_or_quoted() {
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        assert_eq!(
            all(br#"role: poller, "user id": "x\n, y", empty: , last: 7"#),
            [
                pair("role", "poller"),
                pair("user id", "x\n, y"),
                pair("empty", ""),
                pair("last", "7")
            ]
        );
        assert_eq!(
            all(br#""k":"v", "b": "w""#),
            [pair("k", "v"), pair("b", "w")]
        );
        assert_eq!(all(b""), []);
        assert_eq!(all(b"no value"), []);
        assert_eq!(all(b"\"never ends"), []);
    }
}
