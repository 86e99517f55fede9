//! Variables of a memory map: `name=value` in one line, `$name` in those after it.

/// Bytes of a line once its variables are filled in; real ones have a few hundred.
const MOST_LINE: usize = 64 << 10;
/// Variables of a map.
const MOST_VARIABLES: usize = 64;
/// Bytes of a variable's name; what has a longer one is none.
const LONGEST_NAME: usize = 256;
/// Comparisons with names of variables and bytes of their values filled in; under a second. A few
/// letters can stand for a long value, line after line.
const MOST_FILLING: usize = 1 << 26;

/// What `$name` stands for in the lines that follow.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Names with the `$` before them, each once, and values.
    all: Vec<(Vec<u8>, Vec<u8>)>,
    work: usize,
}

impl Variables {
    /// A name that is there already keeps its value.
    pub(super) fn add(&mut self, name: &[u8], value: &[u8]) {
        let is_known = || self.all.iter().any(|(known, _)| known[1..] == *name);
        if name.len() <= LONGEST_NAME && self.all.len() < MOST_VARIABLES && !is_known() {
            self.all.push(([b"$", name].concat(), value.to_owned()));
        }
    }

    /// Fills in `$name`. Of two names that fit, the one given first counts.
    pub(super) fn substitute(&mut self, line: &[u8]) -> Vec<u8> {
        let mut filled = Vec::with_capacity(line.len().min(MOST_LINE));
        let mut rest = line;
        while let Some(&first) = rest.first() {
            if filled.len() > MOST_LINE || self.work > MOST_FILLING {
                break;
            }
            if first == b'$' {
                self.work += self.all.len();
                let fits = |(name, _): &&(Vec<u8>, Vec<u8>)| rest.starts_with(name);
                if let Some((name, value)) = self.all.iter().find(fits) {
                    self.work += value.len();
                    filled.extend_from_slice(value);
                    rest = &rest[name.len()..];
                    continue;
                }
            }
            filled.push(first);
            rest = &rest[1..];
        }
        filled
    }

    /// True when filling in has cost too much.
    pub(super) fn are_too_many(&self) -> bool {
        self.work > MOST_FILLING
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::Lines;
    use super::super::maps::{Region, parse};
    use super::*;
    use crate::error::{Pos, Result, Stage};

    fn files(text: &str) -> Result<Vec<String>> {
        let regions = parse(&mut Lines::new(text.as_bytes()))?;
        let file = |region: Region| String::from_utf8_lossy(region.file()).into_owned();
        Ok(regions.into_iter().map(file).collect())
    }

    #[test]
    fn variables_are_filled_in_and_the_first_of_a_name_counts() {
        let long = "n".repeat(LONGEST_NAME + 1);
        let text = format!(
            "x=/usr\nx=/opt\n{long}=/y\nxy=$x/b\n1-2 r-xp $x/c\n2-3 r-xp $xy\n3-4 r-xp ${long}\n"
        );
        // `$xy` is `$x` and a `y`: that one was given first.
        assert_eq!(
            files(&text).unwrap(),
            ["/usr/c", "/usry", &format!("${long}")]
        );
    }

    #[test]
    fn filling_in_ends_when_it_is_too_much() {
        // 64 names are compared with each of 16384 `$` a line: 2^20 comparisons, 64 lines of them
        // are 2^26.
        let names: String = (0..64).map(|n| format!("x{n}=1\n")).collect();
        let line = format!("{}\n", "$".repeat(16_384));
        assert_eq!(files(&(names.clone() + &line.repeat(64))).unwrap().len(), 0);
        let error = files(&(names + &line.repeat(65))).unwrap_err();
        assert_eq!((error.stage, error.pos), (Stage::Limit, Pos::Line(64 + 65)));
        // A value of 2^15 bytes in each of 2^11 lines is 2^26, and names are compared.
        let text = format!("x={}\n{}", "y".repeat(1 << 15), "$x\n".repeat(1 << 11));
        assert_eq!(files(&text).unwrap_err().stage, Stage::Limit);
    }
}
