//! The parts of the bar: what they are cut by, what they are called.

use super::main_module::module_root;
use super::mechanism_rules::{BLOCKING, CPU, Category, DOMAINS, Family, GC_IDLE, MEMORY};
use super::{Class, NodeId, base_name, package_of, unescape};
use crate::model::{Kind, Profile};
use crate::unit;

/// One part of the bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Stable key: `gc-assist`, or for a package `code:PATH`, `lib:MODULE`, `std:PATH`.
    pub key: String,
    /// In words.
    pub label: String,
    /// One sentence: what belongs here.
    pub help: String,
    /// Colour family.
    pub family: Family,
    /// Drawn hatched: marking by idle processors.
    pub hatched: bool,
    /// Σ value; can be negative in a diff.
    pub value: i64,
    /// Σ |value per stack| ÷ the same of all stacks, 0..=1; the parts add up to 1.
    pub share: f64,
    /// Heaviest functions with their value inside the part, at most 5, heaviest first, ties by
    /// printable name: nearest user frames, or leaves where only the runtime is on the stack.
    pub top: Vec<(NodeId, i64)>,
}

/// What the bar is cut by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Cpu,
    Memory,
    /// Delays.
    Blocking,
    /// A census: what does not wait, runs.
    Goroutines,
    Packages,
}

impl Scheme {
    pub(super) fn of(profile: &Profile, kind: Kind, sample_type: usize) -> Self {
        match kind {
            Kind::Cpu => Self::Cpu,
            Kind::Heap | Kind::Allocs => Self::Memory,
            Kind::Block | Kind::Mutex => Self::Blocking,
            Kind::Goroutine | Kind::GoroutineLeak => Self::Goroutines,
            Kind::ThreadCreate | Kind::Bench => Self::Packages,
            Kind::Trace => match profile.type_name(sample_type).as_str() {
                "samples" => Self::Cpu,
                _ => Self::Blocking,
            },
            Kind::Custom => {
                let name = profile.type_name(sample_type);
                let is_memory = matches!(name.as_str(), "objects" | "space")
                    || ["alloc", "inuse"]
                        .iter()
                        .any(|prefix| name.starts_with(prefix));
                if is_memory {
                    Self::Memory
                } else if unit::is_time(&profile.unit_name(sample_type)) || name == "samples" {
                    Self::Cpu
                } else {
                    Self::Packages
                }
            }
        }
    }

    pub(super) fn rules(self) -> &'static [Category] {
        match self {
            Self::Cpu => CPU,
            Self::Memory => MEMORY,
            Self::Blocking | Self::Goroutines => BLOCKING,
            Self::Packages => &[],
        }
    }

    /// Libraries are named by their field of work, not one by one.
    pub(super) fn has_domains(self) -> bool {
        self != Self::Packages
    }
}

/// What a part is, before it has a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    Rule(usize),
    Domain(usize),
    /// The program's own package.
    Code(String),
    /// A module of others.
    Library(String),
    /// A package of the standard library without a domain.
    Std(String),
    /// Joined small ones.
    OtherCode,
    OtherLibraries,
    OtherStd,
    OtherRuntime,
    Running,
    Unnamed,
    NoStack,
    Rest,
}

/// The name under which functions without a domain are put together: package or module in Go,
/// the first name space or the file elsewhere.
pub(super) fn group_of(name: &[u8], file: &[u8], class: Class, is_go: bool) -> String {
    let package = package_of(name);
    if is_go {
        let group = if class == Class::ThirdParty {
            module_root(package)
        } else {
            package
        };
        return unescape(group).into_owned();
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if class == Class::Std {
        return "standard library".to_owned();
    }
    if class == Class::ThirdParty {
        return text(package_directory(file));
    }
    match name.windows(2).position(|pair| pair == b"::") {
        Some(end) => text(name[..end].trim_ascii_start()),
        None => text(base_name(if file.is_empty() { name } else { file })),
    }
}

/// The directory below a package manager's own: `…/node_modules/pg/lib/q.js` → `pg`.
fn package_directory(file: &[u8]) -> &[u8] {
    const MARKS: [&[u8]; 3] = [b"/node_modules/", b"site-packages/", b"dist-packages/"];
    for mark in MARKS {
        if let Some(at) = file.windows(mark.len()).rposition(|window| window == mark) {
            let rest = &file[at + mark.len()..];
            let mut ends = rest
                .iter()
                .enumerate()
                .filter(|&(_, &b)| b == b'/')
                .map(|(i, _)| i);
            let scoped = rest.first() == Some(&b'@');
            let end = if scoped { ends.nth(1) } else { ends.next() };
            return &rest[..end.unwrap_or(rest.len())];
        }
    }
    // …/registry/src/index/crate-1.2.3/src/lib.rs
    let before = file
        .windows(5)
        .rposition(|window| window == b"/src/")
        .unwrap_or(file.len());
    base_name(&file[..before])
}

/// A part's name.
pub(super) fn label(slot: &Slot) -> String {
    match slot {
        Slot::Rule(_) | Slot::Domain(_) => String::new(),
        Slot::Code(name) | Slot::Library(name) | Slot::Std(name) => name.clone(),
        Slot::OtherCode => "Other packages of yours".to_owned(),
        Slot::OtherLibraries => "Other libraries".to_owned(),
        Slot::OtherStd => "Other standard library".to_owned(),
        Slot::OtherRuntime => "Other runtime".to_owned(),
        Slot::Running => "Running or runnable".to_owned(),
        Slot::Unnamed => "Without symbols".to_owned(),
        Slot::NoStack => "Without a stack".to_owned(),
        Slot::Rest => "Everything else".to_owned(),
    }
}

/// A part without a value yet.
pub(super) fn part(slot: &Slot, scheme: Scheme) -> Part {
    let (key, label, help, family) = match slot {
        Slot::Rule(i) => {
            let rule = &scheme.rules()[*i];
            (
                rule.key.to_owned(),
                rule.label.to_owned(),
                rule.help.to_owned(),
                rule.family,
            )
        }
        Slot::Domain(i) => {
            let domain = &DOMAINS[*i];
            let help = format!(
                "Called by the functions listed and spent inside {}, without the runtime's share.",
                domain.prefixes[0].trim_end_matches(['.', '/'])
            );
            (
                domain.key.to_owned(),
                domain.label.to_owned(),
                help,
                Family::Library,
            )
        }
        _ => plain_slot(slot, scheme),
    };
    let hatched = key == GC_IDLE;
    Part {
        key,
        label,
        help,
        family,
        hatched,
        value: 0,
        share: 0.0,
        top: Vec::new(),
    }
}

fn plain_slot(slot: &Slot, scheme: Scheme) -> (String, String, String, Family) {
    let what = match scheme {
        Scheme::Memory => "Asked for directly by",
        Scheme::Blocking => "Waited for, but in none of the known operations, by",
        Scheme::Cpu => "Spent in the own instructions of",
        Scheme::Goroutines | Scheme::Packages => "Nearest frame is in",
    };
    let (key, help, family) = match slot {
        Slot::Code(name) => (
            format!("code:{name}"),
            format!("{what} your package {name}."),
            Family::User,
        ),
        Slot::Library(name) => (
            format!("lib:{name}"),
            format!("{what} the library {name}."),
            Family::Library,
        ),
        Slot::Std(name) => (
            format!("std:{name}"),
            format!("{what} {name}."),
            Family::Library,
        ),
        Slot::OtherCode => (
            "code-other".into(),
            format!("{what} smaller packages of yours."),
            Family::User,
        ),
        Slot::OtherLibraries => (
            "lib-other".into(),
            format!("{what} smaller libraries."),
            Family::Library,
        ),
        Slot::OtherStd => (
            "std-other".into(),
            format!("{what} other packages of the standard library."),
            Family::Library,
        ),
        Slot::OtherRuntime => (
            "runtime-other".into(),
            "Runtime functions that belong to no part of their own; the heaviest are listed."
                .into(),
            Family::Runtime,
        ),
        Slot::Running => (
            "running".into(),
            "Goroutines that waited for nothing when the profile was taken, its writer included."
                .into(),
            Family::User,
        ),
        Slot::Unnamed => (
            "unnamed".into(),
            "Addresses for which the file has no function names.".into(),
            Family::Other,
        ),
        Slot::NoStack => (
            "no-stack".into(),
            "Samples that carry a value but no stack.".into(),
            Family::Other,
        ),
        _ => (
            "rest".into(),
            "Functions whose origin is unknown.".into(),
            Family::Other,
        ),
    };
    (key, label(slot), help, family)
}
