//! Names for people: symbols in their parts, cut for display, and the colour of a package.

use std::borrow::Cow;

use super::{NodeId, Nodes, package_of};

/// A Go symbol in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol<'a> {
    /// Import path as the linker writes it (dots of the last element as `%2e`); may be empty.
    pub package: &'a [u8],
    /// `(*T)` or `T` of a method; empty for a function.
    pub receiver: &'a [u8],
    /// Function or method, without closure suffixes and type arguments.
    pub base: &'a [u8],
}

/// Splits a Go symbol: `encoding/json.(*Decoder).Decode.func1` is package `encoding/json`,
/// receiver `(*Decoder)`, base `Decode`. A name without a package is all base.
pub fn split_symbol(name: &[u8]) -> Symbol<'_> {
    let package = package_of(name);
    let rest = if package.is_empty() {
        name
    } else {
        &name[package.len() + 1..]
    };
    let mut parts = DotParts { rest }.filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default();
    let second = parts.next().filter(|part| !is_closure(part));
    match second {
        Some(base) => Symbol {
            package,
            receiver: cut_type_arguments(first),
            base: plain(base),
        },
        None => Symbol {
            package,
            receiver: b"",
            base: plain(first),
        },
    }
}

/// Parts between the dots that stand outside brackets.
struct DotParts<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for DotParts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let mut depth = 0_usize;
        let dot = self.rest.iter().position(|&b| {
            match b {
                b'(' | b'[' => depth += 1,
                b')' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            b == b'.' && depth == 0
        });
        let end = dot.unwrap_or(self.rest.len());
        let part = &self.rest[..end];
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Some(part)
    }
}

/// `func1`, `gowrap2`, `deferwrap1`, `1`, `init` parts that the compiler appends to closures.
fn is_closure(part: &[u8]) -> bool {
    let digits = part.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let stem = &part[..part.len() - digits];
    digits > 0 && matches!(stem, b"" | b"func" | b"gowrap" | b"deferwrap") || part == b"func"
}

fn plain(base: &[u8]) -> &[u8] {
    let base = cut_type_arguments(base);
    base.strip_suffix(b"-fm").unwrap_or(base)
}

fn cut_type_arguments(part: &[u8]) -> &[u8] {
    if part.first() == Some(&b'(') {
        return part;
    }
    part.iter()
        .position(|&b| b == b'[')
        .map_or(part, |at| &part[..at])
}

/// An import path for people: the linker's `%2e` and its like undone.
/// `gopkg.in/yaml%2ev3` → `gopkg.in/yaml.v3`; what is not UTF-8 becomes U+FFFD.
pub fn unescape(package: &[u8]) -> Cow<'_, str> {
    if !package.contains(&b'%') {
        return String::from_utf8_lossy(package);
    }
    let mut out = Vec::with_capacity(package.len());
    let mut rest = package;
    while let Some((&byte, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(plain) if byte == b'%' => {
                out.push(plain);
                rest = &tail[2..];
            }
            _ => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// A symbol without the directories of its import path; type arguments stay whole.
pub(crate) fn short_symbol(function: &str) -> &str {
    let arguments = function.find('[').unwrap_or(function.len());
    match function[..arguments].rfind('/') {
        Some(at) => &function[at + 1..],
        None => function,
    }
}

/// A printable name cut for display: the part to dim (address, import path, name space or
/// directories, with the separator) and the part that carries the meaning. Joined they are
/// [`Nodes::printable_text`].
pub fn split_name(nodes: &Nodes, node: NodeId) -> (String, String) {
    let info = &nodes.info[node.index()];
    let full = nodes.printable(node);
    let prefix = if info.address == 0 {
        0
    } else {
        full.len().min(17)
    };
    let name = nodes.text(info.name);
    let cut = if name.is_empty() {
        last_slash(&full[prefix..])
    } else {
        dim_length(name)
    };
    let (dim, strong) = full.split_at((prefix + cut).min(full.len()));
    (
        String::from_utf8_lossy(dim).into_owned(),
        String::from_utf8_lossy(strong).into_owned(),
    )
}

/// [`split_name`] of the name of a function alone.
pub(crate) fn split_function(name: &str) -> (&str, &str) {
    let cut = dim_length(name.as_bytes());
    // All that it cuts behind is ASCII.
    name.split_at_checked(cut).unwrap_or(("", name))
}

/// Characters of a function's name in a sentence.
const MAX_SHORT: usize = 100;

/// A printable name for a sentence: of the import path the last element, type parameters as
/// `[…]`, and the middle of what is still longer than 100 characters cut out. Address, file and
/// line stay: `json.(*Decoder).Decode`, `cache.Get[…] /src/cache.go:12`.
pub(crate) fn short_name(nodes: &Nodes, node: NodeId) -> String {
    let info = &nodes.info[node.index()];
    let full = nodes.printable(node);
    let name = nodes.text(info.name);
    let start = if info.address == 0 {
        0
    } else {
        full.len().min(17)
    };
    if name.is_empty() || !full[start..].starts_with(name) {
        return String::from_utf8_lossy(&full).into_owned();
    }
    let [before, after] =
        [&full[..start], &full[start + name.len()..]].map(String::from_utf8_lossy);
    let cut = last_slash(package_of(name));
    let short = fold_type_parameters(&String::from_utf8_lossy(&name[cut..]));
    format!("{before}{}{after}", cut_middle(&short, MAX_SHORT))
}

/// Puts `…` for what stands in brackets behind a name; arrays like `[16]byte` stay.
fn fold_type_parameters(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut depth = 0_usize;
    for c in name.chars() {
        let opens = c == '[' && out.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        match c {
            '[' if depth > 0 => depth += 1,
            '[' if opens => {
                depth = 1;
                out.push_str("[…");
            }
            ']' if depth > 0 => {
                depth -= 1;
                out.push_str(if depth == 0 { "]" } else { "" });
            }
            _ if depth > 0 => {}
            _ => out.push(c),
        }
    }
    out
}

fn cut_middle(text: &str, limit: usize) -> String {
    let count = text.chars().count();
    if count <= limit {
        return text.to_owned();
    }
    let tail = limit / 2 - 1;
    let head: String = text.chars().take(limit - 1 - tail).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{head}…{end}")
}

pub(super) fn last_slash(path: &[u8]) -> usize {
    path.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1)
}

/// Length of the leading part of a function name that only says where it lives.
fn dim_length(name: &[u8]) -> usize {
    if let Some(scopes) = scope_length(name) {
        return scopes;
    }
    let package = package_of(name);
    if package.is_empty() {
        last_slash_outside(name)
    } else {
        package.len() + 1
    }
}

/// A name that is only a path (a package as a row): everything before the last element.
fn last_slash_outside(name: &[u8]) -> usize {
    let end = name
        .iter()
        .position(|b| matches!(b, b'(' | b'[' | b' '))
        .unwrap_or(name.len());
    last_slash(&name[..end])
}

/// Length of `a::b::` before the last name of a C++ or Rust path; `None` when it has no `::`.
/// Separators inside template arguments and parameter lists do not count.
pub(super) fn scope_length(name: &[u8]) -> Option<usize> {
    let (mut angle, mut found) = (0_i32, None);
    for (i, pair) in name.windows(2).enumerate() {
        match pair {
            b"->" => {}
            [b'<', _] => angle += 1,
            [b'>', _] if i == 0 || name[i - 1] != b'-' => angle -= 1,
            // A parameter list ends the name; `(anonymous namespace)` is part of it.
            [b'(', next] if *next != b'a' && angle == 0 => break,
            b"::" if angle == 0 => found = Some(i + 2),
            _ => {}
        }
    }
    // `a::{{closure}}` says nothing without what encloses it.
    let cut = found?;
    if name[cut..].starts_with(b"{{") {
        return Some(
            name[..cut - 2]
                .windows(2)
                .rposition(|p| p == b"::")
                .map_or(0, |at| at + 2),
        );
    }
    Some(cut)
}

/// Hue of a package's colour, 0..360: FNV-1a, so that it is the same in every file and version.
pub fn hue(package: &[u8]) -> u32 {
    let hash = package
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    // The low bits of FNV differ least between near names; fold the high half in.
    ((hash ^ (hash >> 32)) % 360) as u32
}
