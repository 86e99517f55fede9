//! Expressions that are plain texts, which is what most people type: found without a machine for
//! regular expressions, some ten times as fast as with the small one that fits a page.

/// Texts of which one has to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literals(Vec<Literal>);

/// A text, at a place if it is anchored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Literal {
    text: Vec<u8>,
    at_start: bool,
    at_end: bool,
}

impl Literals {
    /// The alternatives of an expression that Go accepts, such as `^main\.|json`; `None` for one
    /// that says more than that, or that is not ASCII.
    pub(super) fn of(expression: &str) -> Option<Self> {
        if !expression.is_ascii() {
            return None;
        }
        let mut found = Vec::new();
        let mut current = Literal::default();
        let mut rest = expression;
        while let Some(c) = rest.chars().next() {
            rest = &rest[1..];
            match c {
                '|' => found.push(std::mem::take(&mut current)),
                '^' if current == Literal::default() => current.at_start = true,
                '$' if rest.is_empty() || rest.starts_with('|') => current.at_end = true,
                '\\' if rest.starts_with('Q') => {
                    let quoted = &rest[1..];
                    let end = quoted.find("\\E").unwrap_or(quoted.len());
                    current.text.extend_from_slice(&quoted.as_bytes()[..end]);
                    rest = quoted.get(end + 2..).unwrap_or_default();
                }
                '\\' => {
                    let next = rest.bytes().next().filter(u8::is_ascii_punctuation)?;
                    current.text.push(next);
                    rest = &rest[1..];
                }
                '.' | '+' | '*' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' => {
                    return None;
                }
                plain => current.text.push(plain as u8),
            }
            // What follows may say how often the last letter is to come.
            if rest.starts_with(['*', '+', '?', '{']) {
                return None;
            }
        }
        found.push(current);
        Some(Self(found))
    }

    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.0.iter().any(|literal| literal.is_match(text))
    }
}

impl Literal {
    fn is_match(&self, text: &[u8]) -> bool {
        match (self.at_start, self.at_end) {
            (true, true) => text == self.text,
            (true, false) => text.starts_with(&self.text),
            (false, true) => text.ends_with(&self.text),
            (false, false) => contains(text, &self.text),
        }
    }
}

/// Names are short, so that looking for the first letter will do.
fn contains(text: &[u8], wanted: &[u8]) -> bool {
    let Some((&first, others)) = wanted.split_first() else {
        return true;
    };
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&b| b == first) {
        rest = &rest[at + 1..];
        if rest.starts_with(others) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::bytes::Regex;

    /// Names with what the expressions below ask for at the start, inside and at the end.
    const NAMES: [&str; 12] = [
        "",
        "main",
        "main.main",
        "xmain.main.",
        "encoding/json.(*Decoder).Decode",
        "json",
        "a|b",
        "a$",
        "^a",
        "aab",
        "mainmain",
        "(*T).f",
    ];

    #[test]
    fn plain_texts_match_as_the_expressions_they_are() {
        for (expression, plain) in [
            ("main", true),
            ("^main\\.", true),
            ("^main$", true),
            ("main$|^a|json", true),
            ("^(main)$", false),
            ("\\(\\*T\\)", true),
            ("^\\Q(*T).f\\E$", true),
            ("\\Qa|b", true),
            ("", true),
            ("x|", true),
            ("^", true),
            ("$", true),
            ("^$", true),
            ("aab", true),
            ("ab*", false),
            ("\\Qab\\E+", false),
            ("\\.?", false),
            ("a.b", false),
            ("a^", false),
            ("$a", false),
            ("\\bmain", false),
            ("^^a", false),
            ("caf\u{e9}", false),
        ] {
            let literals = Literals::of(expression);
            assert_eq!(literals.is_some(), plain, "{expression}");
            let Some(literals) = literals else { continue };
            // The regex crate has no \Q.
            let quoted = expression.replace("\\Q(*T).f\\E", "\\(\\*T\\)\\.f");
            let regex = Regex::new(&quoted.replace("\\Qa|b", "a\\|b")).unwrap();
            for name in NAMES {
                let expected = regex.is_match(name.as_bytes());
                assert_eq!(
                    literals.is_match(name.as_bytes()),
                    expected,
                    "{expression} in {name}"
                );
            }
        }
    }
}
