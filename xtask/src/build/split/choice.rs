//! Which functions are put off.
//!
//! A pattern is the path of a module, type or function, or the name of an export. Every function
//! below it is put off. So is one that only mentions it, as an instance of a generic function does,
//! unless something else calls it: instances that came out alike are one function, under the name of
//! any of them. And so is everything that only these use.

use super::{Numbers, name, rewrite};
use std::borrow::Cow;
use std::collections::HashMap;
use walrus::{ElementItems, FunctionId, Module};

/// The functions of `module` that `patterns` put off.
pub(super) fn deferred(mut module: Module, patterns: &[&str]) -> Numbers {
    let relations: HashMap<FunctionId, Relation> = (module.funcs.iter_local())
        .map(|(id, _)| (id, relation(name(&module, id), patterns)))
        .collect();
    let is = |id: &FunctionId, relation| relations.get(id) == Some(&relation);
    let local: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    // Once the functions below a pattern do nothing and pointers to what mentions one are gone,
    // whatever is still used is needed at once.
    for &id in local.iter().filter(|id| is(id, Relation::Below)) {
        rewrite(&mut module, id, |body, _| {
            body.unreachable();
        });
    }
    for element in module.elements.iter_mut() {
        if let ElementItems::Functions(items) = &mut element.items {
            items.retain(|id| !is(id, Relation::Below) && !is(id, Relation::Mentions));
        }
    }
    walrus::passes::gc::run(&mut module);
    let needed: Numbers = module.funcs.iter().map(|f| f.id().index()).collect();
    local
        .into_iter()
        .filter(|id| is(id, Relation::Below) || !needed.contains(&id.index()))
        .map(|id| id.index())
        .collect()
}

/// How a function stands to the patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// Its own path begins with one.
    Below,
    /// One stands somewhere in its name: a generic argument, as a rule.
    Mentions,
    None,
}

fn relation(name: &str, patterns: &[&str]) -> Relation {
    let name = without_hashes(name);
    let mut relation = Relation::None;
    for pattern in patterns {
        for (at, _) in name.match_indices(pattern) {
            let (before, after) = (&name[..at], &name[at + pattern.len()..]);
            if before.ends_with(in_a_path) || after.starts_with(in_a_word) {
                continue;
            }
            // What stands before the path of an implementation's type, as in `<&[a::b::T] as …>`.
            if before.chars().all(|c| "<&[(*".contains(c)) {
                return Relation::Below;
            }
            relation = Relation::Mentions;
        }
    }
    // A closure of a generic function is reached through the table, so that who uses it cannot be
    // told; and where types are alike in memory, one closure serves them all under any of their names.
    if relation == Relation::Mentions && name.ends_with('}') && name.contains(">::{closure#") {
        return Relation::None;
    }
    relation
}

fn in_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn in_a_path(c: char) -> bool {
    in_a_word(c) || c == ':'
}

/// `name` without the marks of crates: `core[1f2e]::fmt` becomes `core::fmt`.
fn without_hashes(name: &str) -> Cow<'_, str> {
    if !name.contains("]::") {
        return Cow::Borrowed(name);
    }
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find('[') {
        let (before, mark) = rest.split_at(at);
        text.push_str(before);
        let digits = mark[1..].trim_start_matches(|c: char| c.is_ascii_hexdigit());
        match digits.strip_prefix(']') {
            Some(after) if before.ends_with(in_a_word) => rest = after,
            _ => {
                text.push('[');
                rest = &mark[1..];
            }
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_crates_are_left_out() {
        for (name, plain) in [
            ("core[92245ec1]::fmt::write", "core::fmt::write"),
            ("<&[a[0f]::B] as c[1]::D>::e", "<&[a::B] as c::D>::e"),
            ("<[u8]>::f::<x[2]::Y>", "<[u8]>::f::<x::Y>"),
            ("<[u8; 4] as x[2]::Y>::z", "<[u8; 4] as x::Y>::z"),
            ("plain", "plain"),
        ] {
            assert_eq!(without_hashes(name), plain);
        }
    }

    #[test]
    fn names_are_below_a_path_or_mention_it() {
        let relation = |name| relation(name, &["a::late", "session_late"]);
        for name in [
            "a[7f]::late::f",
            "<a[7f]::late::T>::f",
            "<&[a[7f]::late::T] as core[3]::fmt::Debug>::fmt",
            "a::late::f::{closure#0}",
            "a::late::f::h0123456789abcdef",
            "session_late",
            "session_late externref shim",
        ] {
            assert_eq!(relation(name), Relation::Below, "{name}");
        }
        for name in [
            "core[3]::slice::sort::<a[7f]::late::T>",
            "<core[3]::iter::Map<u8, a[7f]::late::f::{closure#0}> as core[3]::iter::Iterator>::next",
        ] {
            assert_eq!(relation(name), Relation::Mentions, "{name}");
        }
        for name in [
            "a[7f]::later::f",
            "b[7f]::a::late::f",
            "session_latest",
            "aa::late::f",
            "",
        ] {
            assert_eq!(relation(name), Relation::None, "{name}");
        }
    }
}
