//! Sets of characters, spelled out.

const MAX: u32 = char::MAX as u32;

/// Characters as ranges, both ends included, in no order. Surrogates may be among them: no text
/// has any.
#[derive(Debug, Default)]
pub(super) struct Class(Vec<(u32, u32)>);

/// Characters of a range whose other case is looked for.
const MOST_FOLDED: u32 = 0x800;

/// What a letter is in the other case, where that is one letter and comes back to it.
fn other_cases(letter: char) -> impl Iterator<Item = u32> {
    let single = |mut letters: std::iter::Take<std::vec::IntoIter<char>>| {
        let first = letters.next();
        first.filter(|_| letters.next().is_none())
    };
    let lower = single(
        letter
            .to_lowercase()
            .collect::<Vec<_>>()
            .into_iter()
            .take(2),
    );
    let upper = single(
        letter
            .to_uppercase()
            .collect::<Vec<_>>()
            .into_iter()
            .take(2),
    );
    let differs = move |other: &char| *other != letter;
    [lower, upper]
        .into_iter()
        .flatten()
        .filter(differs)
        .map(u32::from)
}

impl Class {
    pub(super) fn add(&mut self, low: u32, high: u32) {
        self.0.push((low, high));
    }

    /// Adds a range and what differs from it in case. Of a range of more characters than a person
    /// writes out, letters beyond ASCII are taken as they are.
    pub(super) fn add_folded(&mut self, low: u32, high: u32) {
        const CASE: u32 = 32;
        self.add(low, high);
        for (first, last, is_upper) in [(b'A', b'Z', true), (b'a', b'z', false)] {
            let (low, high) = (low.max(first.into()), high.min(last.into()));
            if low <= high && is_upper {
                self.add(low + CASE, high + CASE);
            } else if low <= high {
                self.add(low - CASE, high - CASE);
            }
        }
        if high - low < MOST_FOLDED {
            let letters = (low.max(0x80)..=high).filter_map(char::from_u32);
            for other in letters.flat_map(other_cases) {
                self.add(other, other);
            }
        }
        // Two letters beyond ASCII differ only in case from letters within.
        for (sign, letters) in [(0x212a, [b'K', b'k']), (0x17f, [b'S', b's'])] {
            let has = |letter: u32| low <= letter && letter <= high;
            if letters.iter().any(|&letter| has(letter.into())) {
                self.add(sign, sign);
            }
            if has(sign) {
                for letter in letters {
                    self.add(letter.into(), letter.into());
                }
            }
        }
    }

    /// Adds ranges of ASCII, or all characters but those.
    pub(super) fn add_group(&mut self, ranges: &[(u8, u8)], negated: bool, folded: bool) {
        let mut group = Self::default();
        for &(low, high) in ranges {
            let (low, high) = (u32::from(low), u32::from(high));
            if folded {
                group.add_folded(low, high);
            } else {
                group.add(low, high);
            }
        }
        if negated {
            group = group.negated();
        }
        self.0.extend(group.0);
    }

    /// In order, without overlaps.
    fn clean(mut self) -> Vec<(u32, u32)> {
        self.0.sort_unstable();
        let mut clean: Vec<(u32, u32)> = Vec::new();
        for (low, high) in self.0 {
            match clean.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => clean.push((low, high)),
            }
        }
        clean
    }

    pub(super) fn negated(self) -> Self {
        let mut others = Vec::new();
        let mut next = 0;
        for (low, high) in self.clean() {
            if low > next {
                others.push((next, low - 1));
            }
            next = high + 1;
        }
        if next <= MAX {
            others.push((next, MAX));
        }
        Self(others)
    }

    /// Writes the class for the regex crate.
    pub(super) fn write(self, out: &mut String) {
        let before = out.len();
        out.push('[');
        for (low, high) in self.clean() {
            // Surrogates are no characters there.
            for (low, high) in [(low, high.min(0xd7ff)), (low.max(0xe000), high)] {
                if low <= high {
                    out.push_str(&format!("\\x{{{low:x}}}-\\x{{{high:x}}}"));
                }
            }
        }
        out.push(']');
        if out.len() == before + 2 {
            out.truncate(before);
            out.push_str("[a&&b]");
        }
    }
}

/// The ASCII ranges of `\d`, `\s` or `\w`, by the small letter.
pub(super) fn perl(letter: u8) -> Option<&'static [(u8, u8)]> {
    match letter {
        b'd' => posix("digit"),
        b's' => Some(&[(b'\t', b'\n'), (0x0c, b'\r'), (b' ', b' ')]),
        b'w' => posix("word"),
        _ => None,
    }
}

/// The ASCII ranges of `[:name:]`.
pub(super) fn posix(name: &str) -> Option<&'static [(u8, u8)]> {
    Some(match name {
        "alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
        "alpha" => &[(b'A', b'Z'), (b'a', b'z')],
        "ascii" => &[(0, 0x7f)],
        "blank" => &[(b'\t', b'\t'), (b' ', b' ')],
        "cntrl" => &[(0, 0x1f), (0x7f, 0x7f)],
        "digit" => &[(b'0', b'9')],
        "graph" => &[(b'!', b'~')],
        "lower" => &[(b'a', b'z')],
        "print" => &[(b' ', b'~')],
        "punct" => &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')],
        "space" => &[(b'\t', b'\r'), (b' ', b' ')],
        "upper" => &[(b'A', b'Z')],
        "word" => &[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')],
        "xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
        _ => return None,
    })
}
