//! Lists of symbols as rules write them.
//!
//! A list is patterns between spaces. `{a,b}` stands for either, `*` at an end for any rest, `#` at
//! the end for digits or nothing: `fmt.{Sprint,Sprintf} runtime.mallocgc* runtime.concatstring#
//! *._Cfunc_*`.
//! Generic arguments and suffixes of closures are written out or covered by `*`.

/// A pattern without alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Glob {
    /// Anything may stand before.
    is_inner: bool,
    start: String,
    end: End,
}

/// What may follow [`Glob::start`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Nothing,
    Anything,
    Digits,
}

/// A list of patterns.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns {
    globs: Vec<Glob>,
}

impl Patterns {
    pub(super) fn new(list: &str) -> Self {
        let globs = list.split_ascii_whitespace().flat_map(expand).map(|text| {
            let (start, end) = match text.as_bytes().last() {
                Some(b'*') => (&text[..text.len() - 1], End::Anything),
                Some(b'#') => (&text[..text.len() - 1], End::Digits),
                _ => (text.as_str(), End::Nothing),
            };
            Glob {
                is_inner: start.starts_with('*'),
                start: start.trim_start_matches('*').to_owned(),
                end,
            }
        });
        Self {
            globs: globs.collect(),
        }
    }

    pub(super) fn matches(&self, name: &[u8]) -> bool {
        self.globs.iter().any(|glob| glob.matches(name))
    }

    /// First bytes of what can match: a name that begins otherwise does not.
    pub(super) fn first_bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.globs.iter().flat_map(|glob| {
            let first = glob.start.bytes().next().unwrap_or(0);
            if glob.is_inner {
                0..=255
            } else {
                first..=first
            }
        })
    }

    /// The list as an expression for filters; empty for an empty list.
    pub(super) fn expression(&self) -> String {
        let parts: Vec<String> = self.globs.iter().map(Glob::expression).collect();
        match parts.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            more => more.join("|"),
        }
    }
}

impl Glob {
    fn matches(&self, name: &[u8]) -> bool {
        let start = self.start.as_bytes();
        let at = match self.is_inner {
            true => name.windows(start.len().max(1)).position(|w| w == start),
            false => name.starts_with(start).then_some(0),
        };
        let Some(rest) = at.map(|at| &name[at + start.len()..]) else {
            return false;
        };
        match self.end {
            // Type arguments do not make another function.
            End::Nothing => rest.is_empty() || rest.first() == Some(&b'['),
            End::Anything => true,
            End::Digits => rest.iter().all(u8::is_ascii_digit),
        }
    }

    fn expression(&self) -> String {
        let mut out = if self.is_inner { "" } else { "^" }.to_owned();
        out.push_str(&quoted(&self.start));
        out.push_str(match self.end {
            End::Nothing => r"(\[|$)",
            End::Anything => "",
            End::Digits => "[0-9]*$",
        });
        out
    }
}

/// A text as an expression that matches nothing else.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if "\\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The expression that finds one function and no other.
pub(super) fn exactly(function: &[u8]) -> String {
    format!("^{}$", quoted(&String::from_utf8_lossy(function)))
}

/// Writes out `{a,b}`; braces are not nested.
fn expand(text: &str) -> Vec<String> {
    let parts = text.split_once('{').and_then(|(before, rest)| {
        let (inner, after) = rest.split_once('}')?;
        Some((before, inner, after))
    });
    let Some((before, inner, after)) = parts else {
        return vec![text.to_owned()];
    };
    inner
        .split(',')
        .flat_map(|choice| expand(&format!("{before}{choice}{after}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_rests_and_digits() {
        let list = Patterns::new(
            "fmt.{Sprint,Sprintf} runtime.mallocgc* runtime.concatstring# sort.{Slice,Stable}",
        );
        for name in [
            "fmt.Sprintf",
            "runtime.mallocgc",
            "runtime.mallocgcTiny",
            "runtime.concatstring3",
            "sort.Slice",
        ] {
            assert!(list.matches(name.as_bytes()), "{name}");
        }
        for name in [
            "fmt.Sprintln",
            "fmt.Sprintf.func1",
            "runtime.concatstrings",
            "sort.SliceStable",
            "",
        ] {
            assert!(!list.matches(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn what_cgo_makes_stands_in_any_package() {
        let list = Patterns::new("*._Cfunc_*");
        assert!(list.matches(b"example.com/native._Cfunc_tax") && list.matches(b"main._Cfunc_f"));
        assert!(!list.matches(b"example.com/native.tax"));
    }

    #[test]
    fn type_arguments_do_not_hide_a_function() {
        assert!(Patterns::new("slices.SortFunc").matches(b"slices.SortFunc[go.shape.[]int]"));
    }

    #[test]
    fn the_expression_finds_the_same_names() {
        let list = Patterns::new("sync.(*Mutex).{Lock,Unlock} runtime.semrelease#");
        assert_eq!(
            list.expression(),
            r"^sync\.\(\*Mutex\)\.Lock(\[|$)|^sync\.\(\*Mutex\)\.Unlock(\[|$)|^runtime\.semrelease[0-9]*$"
        );
        assert_eq!(
            Patterns::new("runtime.GC").expression(),
            r"^runtime\.GC(\[|$)"
        );
        assert_eq!(Patterns::new("*._Cfunc_*").expression(), r"\._Cfunc_");
        assert_eq!(Patterns::new("").expression(), "");
    }
}
