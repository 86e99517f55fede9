//! The parts of a benchmark's name.

/// One of the parts after the base name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamePart<'a> {
    /// Of `/size=1k` it is `size`; empty for a part without `=`.
    pub key: &'a [u8],
    /// Of `/size=1k` it is `1k`; all of a part without `=`.
    pub value: &'a [u8],
}

/// A name taken apart: `Encode/json/size=1k-8`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameParts<'a> {
    /// Before the first slash: `Encode`.
    pub base: &'a [u8],
    /// Between slashes: `json` and `size=1k`.
    pub parts: Vec<NamePart<'a>>,
    /// The digits after the last hyphen, which Go prints where GOMAXPROCS is not 1. A name that
    /// ends so by itself looks the same.
    pub gomaxprocs: Option<&'a [u8]>,
}

impl<'a> NameParts<'a> {
    /// The value of a key, the first of several. `gomaxprocs` is the suffix if there is one.
    pub fn value(&self, key: &[u8]) -> Option<&'a [u8]> {
        if key == b"gomaxprocs" && self.gomaxprocs.is_some() {
            return self.gomaxprocs;
        }
        let part = self.parts.iter().find(|part| part.key == key);
        part.map(|part| part.value)
    }
}

/// Takes a name apart; it stands after `Benchmark`.
pub fn split_bench_name(name: &[u8]) -> NameParts<'_> {
    let digits = name.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let (rest, gomaxprocs) = match name.split_at(name.len() - digits) {
        ([rest @ .., b'-'], number) if digits > 0 => (rest, Some(number)),
        _ => (name, None),
    };
    let mut pieces = rest.split(|&b| b == b'/');
    let base = pieces.next().unwrap_or_default();
    let parts = pieces
        .map(|piece| match piece.iter().position(|&b| b == b'=') {
            Some(at) if at > 0 => NamePart {
                key: &piece[..at],
                value: &piece[at + 1..],
            },
            _ => NamePart {
                key: &[],
                value: piece,
            },
        })
        .collect();
    NameParts {
        base,
        parts,
        gomaxprocs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_base_parts_and_a_suffix() {
        let name = split_bench_name(b"Encode/json/size=1k/size=2-16");
        assert_eq!(name.base, b"Encode");
        assert_eq!(name.parts.len(), 3);
        assert_eq!(name.parts[0].value, b"json");
        assert_eq!(name.value(b"size"), Some(&b"1k"[..]));
        assert_eq!(name.value(b"gomaxprocs"), Some(&b"16"[..]));
        assert_eq!(name.value(b"json"), None);
        let explicit = split_bench_name(b"A/gomaxprocs=4");
        assert_eq!(explicit.value(b"gomaxprocs"), Some(&b"4"[..]));
        for (plain, suffix) in [
            ("Dash-", None),
            ("Dash-x", None),
            ("Sha256", None),
            ("", None),
            ("7", None),
            ("-7", Some(&b"7"[..])),
            ("Scale/list-10", Some(&b"10"[..])),
        ] {
            assert_eq!(
                split_bench_name(plain.as_bytes()).gomaxprocs,
                suffix,
                "{plain}"
            );
        }
    }
}
