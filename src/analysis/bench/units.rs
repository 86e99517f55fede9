//! What is known of units: which direction is better, and whether values vary.

use crate::model::Benchmarks;

/// Which direction is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Less, as of seconds.
    Lower,
    /// More, as of bytes per second.
    Higher,
    /// Nobody said.
    Unknown,
}

/// What a unit's values are assumed to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assume {
    /// Samples of an unknown distribution.
    Nothing,
    /// The same in every run.
    Exact,
}

/// What is known of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitProperties {
    /// Which direction is better.
    pub better: Better,
    /// What its values are assumed to be.
    pub assume: Assume,
}

/// What the `Unit` lines of all files say. A line is about every file, wherever it stands.
#[derive(Clone, Debug, Default)]
pub struct Units {
    said: Vec<(Vec<u8>, Option<Better>, Option<Assume>)>,
}

impl Units {
    /// Takes the lines of files one after the other; of contradicting ones the first counts.
    pub fn new<'a>(files: impl IntoIterator<Item = &'a Benchmarks>) -> Self {
        let mut units = Self::default();
        for file in files {
            for line in &file.metadata {
                let text = |id| file.strings.bytes(id);
                let (better, assume) = match (text(line.key), text(line.value)) {
                    (b"better", b"lower") => (Some(Better::Lower), None),
                    (b"better", b"higher") => (Some(Better::Higher), None),
                    (b"assume", b"exact") => (None, Some(Assume::Exact)),
                    (b"assume", b"nothing") => (None, Some(Assume::Nothing)),
                    _ => continue,
                };
                units.said.push((text(line.unit).to_vec(), better, assume));
            }
        }
        // Stable, so that the first of a unit stays the first.
        crate::sort::sort_by(&mut units.said, &|a, b| a.0.cmp(&b.0));
        units
    }

    /// What is known of a unit, in base form or as Go prints it.
    pub fn of(&self, unit: &[u8]) -> UnitProperties {
        let from = self.said.partition_point(|said| said.0.as_slice() < unit);
        let lines = self.said[from..].iter().take_while(|said| said.0 == unit);
        let better = lines.clone().find_map(|said| said.1);
        let assume = lines.clone().find_map(|said| said.2);
        UnitProperties {
            better: better.unwrap_or(match unit {
                b"sec/op" | b"ns/op" | b"B/op" | b"allocs/op" => Better::Lower,
                b"B/s" | b"MB/s" => Better::Higher,
                _ => Better::Unknown,
            }),
            assume: assume.unwrap_or(Assume::Nothing),
        }
    }
}

/// Values are written with prefixes of 1024: something above the line is bytes.
pub fn is_binary(unit: &[u8]) -> bool {
    let mut below = false;
    let mut from = 0;
    for at in 0..=unit.len() {
        let b = unit.get(at).copied().unwrap_or(b' ');
        if !matches!(b, b'*' | b'/' | b'-' | b'\t'..=b'\r' | b' ') {
            continue;
        }
        if !below && matches!(&unit[from..at], b"B" | b"MB" | b"bytes") {
            return true;
        }
        below = b == b'/' || below && b != b'*';
        from = at + 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_above_the_line_are_binary() {
        for unit in ["B", "B/op", "text-bytes", "x-B/s", "s/MB*B", "MB"] {
            assert!(is_binary(unit.as_bytes()), "{unit}");
        }
        for unit in ["", "op/B", "Bytes", "kB", "sec/op", "op/x-bytes"] {
            assert!(!is_binary(unit.as_bytes()), "{unit}");
        }
    }

    #[test]
    fn units_have_a_direction() {
        let units = Units {
            said: vec![
                (b"sec/op".to_vec(), None, Some(Assume::Exact)),
                (b"x".to_vec(), Some(Better::Higher), None),
                (b"x".to_vec(), Some(Better::Lower), None),
            ],
        };
        let known = |unit: &str| units.of(unit.as_bytes());
        assert_eq!(known("sec/op").better, Better::Lower);
        assert_eq!(known("sec/op").assume, Assume::Exact);
        assert_eq!(known("x").better, Better::Higher);
        assert_eq!(known("y").better, Better::Unknown);
        assert_eq!(known("B/s").better, Better::Higher);
    }
}
