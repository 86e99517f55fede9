//! Names of C++ and Rust as people write them.
//!
//! Profiles made by other tools hold names as the linker knows them. pprof turns these into
//! names when it loads a profile, and simplifies what looks like C++ on the way, which damages names
//! of Rust and Go: `<Vec<T> as Drop>::drop` becomes `::drop`, and functions that differ in what
//! was cut out become one. [`Demangling::Gentle`] leaves names alone that are no linker's.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write};

use cpp_demangle::{DemangleNodeType, DemangleOptions, DemangleWrite, ParseOptions, Symbol};

use crate::model::{Profile, StringId};

/// How names are demangled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demangling {
    /// Not at all; by force names become those of the linker again.
    #[default]
    None,
    /// Only names that a linker made; nothing is cut from others. The page's way.
    Gentle,
    /// pprof's default: without parameters and template arguments.
    Simple,
    /// pprof's `demangle=templates`: without parameters.
    Templates,
    /// pprof's `demangle=full`.
    Full,
}

/// Bytes of a name that are looked at; longer ones stay as they are.
const LONGEST: usize = 8 << 10;
/// Bytes that a name may become. A few letters can stand for any amount of text.
const LONGEST_RESULT: usize = 32 << 10;
/// Levels of nesting that are followed.
const DEPTH: u32 = 96;

/// Bytes of text that is taken apart and of what it becomes, over all names of a profile; some
/// seconds. Names beyond stay as they are.
const MOST_WORK: usize = 128 << 20;
/// Bytes of new names of a profile.
const MOST_NEW: usize = 64 << 20;
/// Bytes that a name becomes before parts of it are left out.
const LONGEST_WALK: usize = 1 << 20;

/// Demangles the names of functions whose name is the linker's, or with `force` all that have
/// one; says how many changed. Names that would not fit the table of strings stay.
pub fn demangle(profile: &mut Profile, how: Demangling, force: bool) -> usize {
    if how == Demangling::None && !force {
        return 0;
    }
    let mut names = Names {
        how,
        force,
        known: HashMap::new(),
        budget: Budget {
            work: MOST_WORK,
            new: MOST_NEW,
        },
    };
    let mut changed = 0;
    for row in 0..profile.functions.len() {
        let function = profile.functions[row];
        let better = names.better(profile, function.name, function.system_name);
        if better != function.name {
            profile.functions[row].name = better;
            changed += 1;
        }
    }
    changed
}

/// What may still be spent on the names of a profile.
#[derive(Clone, Copy, Debug)]
struct Budget {
    work: usize,
    new: usize,
}

/// Names that were looked at. The rows of strings are the file's.
struct Names {
    how: Demangling,
    force: bool,
    known: HashMap<(StringId, StringId), StringId>,
    budget: Budget,
}

impl Names {
    /// The name to show for the two of a function.
    fn better(&mut self, profile: &mut Profile, name: StringId, system: StringId) -> StringId {
        if let Some(&known) = self.known.get(&(name, system)) {
            return known;
        }
        let better = self.make(profile, name, system).unwrap_or(name);
        self.known.insert((name, system), better);
        better
    }

    fn make(
        &mut self,
        profile: &mut Profile,
        name_id: StringId,
        system_id: StringId,
    ) -> Option<StringId> {
        let name = profile.strings.bytes(name_id);
        let system_name = profile.strings.bytes(system_id);
        let has_both = !name.is_empty() && !system_name.is_empty();
        let mangled_id = if self.how == Demangling::Gentle && system_name.is_empty() {
            // Writers other than the Go runtime leave the linker's name out.
            name_id
        } else if name.is_empty() || name == system_name || self.force && has_both {
            system_id
        } else {
            // Somebody has done it before.
            return None;
        };
        let mangled = profile.strings.bytes(mangled_id);
        let better = better_name(mangled, self.how, &mut self.budget.work)?;
        if better == name {
            return None;
        }
        let Cow::Owned(better) = better else {
            return Some(mangled_id);
        };
        self.budget.new = self.budget.new.checked_sub(better.len())?;
        add(profile, &better)
    }
}

/// True when some name may be a linker's: a look at the first letters of each.
pub(super) fn has_mangled_names(profile: &Profile) -> bool {
    let names = profile
        .functions
        .iter()
        .flat_map(|f| [f.name, f.system_name]);
    names.map(|id| profile.strings.bytes(id)).any(|name| {
        [&b"_Z"[..], b"_R", b"__Z", b"__R"]
            .iter()
            .any(|p| name.starts_with(p))
    })
}

fn add(profile: &mut Profile, text: &[u8]) -> Option<StringId> {
    match text {
        b"" => Some(StringId(0)),
        _ => profile.strings.push(text),
    }
}

/// The name to show for a linker's name; `None` where it is to stay as it is.
/// What it costs is taken from `work`, and nothing is done once that is used up.
fn better_name<'a>(mangled: &'a [u8], how: Demangling, work: &mut usize) -> Option<Cow<'a, [u8]>> {
    if how == Demangling::None {
        return Some(mangled.into());
    }
    if mangled.len() > LONGEST || *work < mangled.len() {
        return None;
    }
    let text = std::str::from_utf8(mangled).ok()?;
    *work -= text.len();
    // macOS puts another underscore before every name.
    let tries = [Some(text), text.strip_prefix('_')];
    let mut tries = tries.into_iter().flatten();
    if let Some(name) = tries.find_map(|t| demangled(t, how, work)) {
        return Some(name.into_bytes().into());
    }
    if how == Demangling::Gentle || !looks_like_cpp(text) {
        return Some(mangled.into());
    }
    let mut name = text.to_owned();
    if matches!(how, Demangling::Simple | Demangling::Templates) {
        name = without(&name, '(', ')');
    }
    if how == Demangling::Simple {
        name = without(&name, '<', '>');
    }
    Some(name.into_bytes().into())
}

/// `None` for what is no linker's name.
fn demangled(text: &str, how: Demangling, work: &mut usize) -> Option<String> {
    if text.starts_with("_R") || is_legacy_rust(text) {
        let name = rustc_demangle::try_demangle(text).ok()?;
        let mut out = Bounded::default();
        let written = write!(out, "{name:#}");
        *work = work.saturating_sub(out.0.len());
        return written.is_ok().then_some(out.0);
    }
    if !text.starts_with("_Z") {
        return None;
    }
    let parsing = ParseOptions::default().recursion_limit(DEPTH);
    let symbol = Symbol::new_with_options(text, &parsing).ok()?;
    let mut options = DemangleOptions::new().recursion_limit(DEPTH);
    if how != Demangling::Full {
        options = options.no_params().no_return_type();
    }
    let mut name = Name {
        without_templates: how == Demangling::Simple,
        ..Name::default()
    };
    let written = symbol.structured_demangle(&mut name, &options);
    *work = work.saturating_sub(name.walked);
    written.is_ok().then_some(name.out.0)
}

/// `_ZN…17h0123456789abcdefE`: Rust borrowed C++'s way and put a hash behind it.
fn is_legacy_rust(text: &str) -> bool {
    let hash = text
        .strip_suffix('E')
        .and_then(|rest| rest.get(rest.len().checked_sub(19)?..))
        .and_then(|tail| tail.strip_prefix("17h"));
    text.starts_with("_ZN") && hash.is_some_and(|hash| hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Text that must not grow beyond what a name may become.
#[derive(Default)]
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST_RESULT {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// A name of C++ as it is taken apart.
#[derive(Default)]
struct Name {
    out: Bounded,
    without_templates: bool,
    /// What is being written, outermost first, and how much of it are template arguments.
    nodes: Vec<DemangleNodeType>,
    depth: u32,
    /// Nodes, and bytes of text, those that are left out too.
    walked: usize,
    /// The bracket behind template arguments that were left out is still to come.
    at_bracket: bool,
}

impl DemangleWrite for Name {
    fn push_demangle_node(&mut self, node: DemangleNodeType) {
        let is_first = node == DemangleNodeType::TemplateArgs && self.depth == 0;
        if is_first && self.without_templates && self.out.0.ends_with('<') {
            self.out.0.pop();
        }
        self.walked += 1;
        self.depth += u32::from(node == DemangleNodeType::TemplateArgs);
        self.nodes.push(node);
    }

    fn write_string(&mut self, text: &str) -> fmt::Result {
        self.walked += text.len();
        if self.walked > LONGEST_WALK {
            return Err(fmt::Error);
        }
        if self.without_templates && self.depth > 0 {
            return Ok(());
        }
        let text = match text.strip_prefix('>') {
            Some(rest) if self.at_bracket => rest,
            _ => text,
        };
        self.at_bracket = false;
        self.out.write_str(text)
    }

    fn pop_demangle_node(&mut self) {
        let node = self.nodes.pop();
        if node == Some(DemangleNodeType::TemplateArgs) {
            self.depth -= 1;
            self.at_bracket = self.without_templates && self.depth == 0;
        }
    }
}

/// pprof's guess; it knows names of Java's constructors and of Go's generic methods.
fn looks_like_cpp(text: &str) -> bool {
    if text.contains(".<") || text.contains("]).") {
        return false;
    }
    text.contains(['<', '>', '[', ']']) || text.contains("::")
}

/// `text` without what stands between a pair of brackets and the pair itself; as it is where they
/// do not match.
fn without(text: &str, open: char, close: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut opened_at = 0;
    for (at, c) in text.char_indices() {
        if c == open {
            if depth == 0 {
                opened_at = at;
            }
            depth += 1;
        } else if c == close {
            if depth == 0 {
                // What was cut before stays cut, what is left is not looked at.
                out.push_str(&text[at..]);
                return out;
            }
            depth -= 1;
        } else if depth == 0 {
            out.push(c);
        }
    }
    if depth > 0 {
        out.push_str(&text[opened_at..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Function;

    fn name(mangled: &str, how: Demangling) -> String {
        let name = better_name(mangled.as_bytes(), how, &mut MOST_WORK.clone());
        let name = name.unwrap_or_else(|| mangled.as_bytes().into());
        String::from_utf8(name.into_owned()).unwrap()
    }

    #[test]
    fn linkers_names_become_those_of_the_source() {
        // As c++filt (GNU binutils) and rustfilt print them, the first without parameters.
        for (mangled, readable) in [
            ("_ZN3foo3barEi", "foo::bar"),
            (
                "_ZNSt6vectorIiSaIiEE9push_backERKi",
                "std::vector<int, std::allocator<int> >::push_back",
            ),
            ("__ZN3foo3barEi", "foo::bar"),
            (
                "_ZN4core3ptr13drop_in_place17h0123456789abcdefE",
                "core::ptr::drop_in_place",
            ),
            ("_RNvC6_123foo3bar", "123foo::bar"),
        ] {
            assert_eq!(name(mangled, Demangling::Gentle), readable);
        }
    }

    #[test]
    fn names_of_go_and_rust_are_left_alone_by_the_page_and_cut_by_pprof() {
        // The right column is what go tool pprof (go1.27.3) shows by default.
        for (given, cut) in [
            ("<Vec<T> as Drop>::drop", "::drop"),
            (
                "core::ptr::drop_in_place<alloc::string::String>",
                "core::ptr::drop_in_place",
            ),
            ("(anonymous namespace)::f(int)", "::f"),
            ("main.(*T).foo.Map[...].func1", "main..foo.Map[...].func1"),
            ("main.(*T[...]).foo", "main.(*T[...]).foo"),
            ("java.lang.Object.<init>", "java.lang.Object.<init>"),
            ("main.main", "main.main"),
            ("a)b::(c)", "a)b::(c)"),
            ("a::(b)c)d", "a::c)d"),
        ] {
            assert_eq!(name(given, Demangling::Gentle), given);
            assert_eq!(name(given, Demangling::Simple), cut, "{given}");
        }
        let full = "core::ptr::drop_in_place<alloc::string::String>(int)";
        assert_eq!(name(full, Demangling::Full), full);
        assert_eq!(
            name(full, Demangling::Templates),
            "core::ptr::drop_in_place<alloc::string::String>"
        );
    }

    #[test]
    fn a_name_that_would_grow_without_end_stays() {
        // S0_ is `a`, S1_ is `a<int, int>`, and each further one is `a` of twice the one before it.
        let digit = |n: u32| char::from_digit(n, 36).unwrap().to_ascii_uppercase();
        let twice = |n: u32| format!("S0_IS{0}_S{0}_E", digit(n));
        let bomb = format!("_Z1fI1aIiiE{}E", (1..32).map(twice).collect::<String>());
        for how in [Demangling::Gentle, Demangling::Simple, Demangling::Full] {
            assert!(name(&bomb, how) == bomb, "{how:?}");
        }
        let start = &bomb[..bomb.find("S0_").unwrap()];
        assert_eq!(
            name(&format!("{start}E"), Demangling::Gentle),
            "f<a<int, int> >"
        );
    }

    /// A profile of functions with these rows of strings as their names.
    fn profile(strings: &[&str], names: &[(u32, u32)]) -> Profile {
        let mut profile = Profile::default();
        for text in strings {
            profile.strings.push(text.as_bytes()).unwrap();
        }
        for &(name, system) in names {
            profile.functions.push(Function {
                id: profile.functions.len() as u64 + 1,
                name: StringId(name),
                system_name: StringId(system),
                filename: StringId(0),
                start_line: 0,
            });
        }
        profile
    }

    #[test]
    fn a_name_of_many_functions_becomes_one_string() {
        let mut shared = profile(
            &["", "_ZN3foo3barEi", "other"],
            &[(1, 0), (1, 1), (1, 0), (2, 1), (0, 1)],
        );
        assert_eq!(demangle(&mut shared, Demangling::Gentle, false), 4);
        let names: Vec<u32> = shared.functions.iter().map(|f| f.name.0).collect();
        // One for each pair of rows: 1 and 0, 1 and 1, 0 and 1. A name that is another's stays.
        assert_eq!(names, [3, 4, 3, 2, 5]);
        assert_eq!(shared.strings.len(), 6);
        // Names that are to be the linker's again need no string: all where it is known.
        assert_eq!(demangle(&mut shared, Demangling::None, true), 3);
        assert_eq!(shared.strings.len(), 6);
    }

    #[test]
    fn names_beyond_the_budget_stay() {
        let how = Demangling::Gentle;
        let mut given = profile(&["", "_ZN3foo3barEi", "_ZN3foo3bazEi"], &[(1, 0), (2, 0)]);
        let mut names = Names {
            how,
            force: false,
            known: HashMap::new(),
            budget: Budget {
                work: 1000,
                new: "foo::bar".len(),
            },
        };
        let mut better = |row| names.better(&mut given, StringId(row), StringId(0)).0;
        assert_eq!((better(1), better(2), better(1)), (3, 2, 3));
        // Less than the bytes of the name: it is not looked at.
        assert_eq!(better_name(b"_ZN3foo3barEi", how, &mut 12), None);
        let mut work = 1000;
        assert!(better_name(b"_ZN3foo3barEi", how, &mut work).is_some());
        assert!(work <= 1000 - "_ZN3foo3barEi".len() - "foo::bar".len());
    }
}
