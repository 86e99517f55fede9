//! The "where does it go" bar: every sample in exactly one part.
//!
//! CPU time is cut by mechanism (a concatenation that allocates is allocation), memory by what
//! asked for it, waiting by the operation waited in, anything else by package. Names are matched
//! once per function; a stack then costs a short walk and a few bit operations.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::attribution::{Attribution, Attributor, Place};
use super::classify::{binary_class, module_root};
pub use super::mechanism_rules::Family;
use super::mechanism_rules::{
    BLOCKING, CPU, Category, DOMAINS, DULL, GC_IDLE, HELPERS, MEMORY, NATIVE, Pattern,
};
use super::{Class, Classes, NodeId, Nodes, Selection, compare_names, package_of, unescape};
use crate::model::{FunctionId, Kind, Profile, StackId};
use crate::unit;

/// Functions listed per part.
const TOP: usize = 5;
/// A package or module gets a part of its own from this share on; smaller ones are joined.
const OWN_PART: f64 = 0.01;
/// Packages and modules with a part of their own, at most, for each of own, library, standard.
const MAX_PARTS: usize = 8;

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
enum Scheme {
    Cpu,
    Memory,
    /// Delays.
    Blocking,
    /// A census: what does not wait, runs.
    Goroutines,
    Packages,
}

impl Scheme {
    fn of(profile: &Profile, kind: Kind, sample_type: usize) -> Self {
        match kind {
            Kind::Cpu => Self::Cpu,
            Kind::Heap | Kind::Allocs => Self::Memory,
            Kind::Block | Kind::Mutex => Self::Blocking,
            Kind::Goroutine | Kind::GoroutineLeak => Self::Goroutines,
            Kind::ThreadCreate => Self::Packages,
            Kind::Custom => {
                let name = profile.type_name(sample_type);
                let is_memory = matches!(name.as_str(), "objects" | "space")
                    || ["alloc", "inuse"].iter().any(|prefix| name.starts_with(prefix));
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

    fn rules(self) -> &'static [Category] {
        match self {
            Self::Cpu => CPU,
            Self::Memory => MEMORY,
            Self::Blocking | Self::Goroutines => BLOCKING,
            Self::Packages => &[],
        }
    }

    /// Libraries are named by their field of work, not one by one.
    fn has_domains(self) -> bool {
        self != Self::Packages
    }
}

/// Bits of one function: bit `i` stands for category `i`.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    boundary: u64,
    leaf: u64,
    is_helper: bool,
    is_dull: bool,
}

/// Cuts the selection into parts, heaviest first, ties by key; parts without samples are left
/// out. Σ value over the parts is Σ weight over the stacks. Empty when nothing is selected.
pub fn mechanism_bar(
    profile: &Profile,
    nodes: &Nodes,
    classes: &Classes,
    kind: Kind,
    selection: &Selection,
) -> Vec<Part> {
    let scheme = Scheme::of(profile, kind, selection.sample_type);
    let mut cutter = Cutter::new(profile, classes, scheme);
    let cuts: Vec<Cut> = selection.stacks().map(|(s, w)| cutter.cut(StackId(s as u32), w)).collect();
    let slots = join_small(&mut cutter.slots, &cuts);
    let mut parts = assemble(&cutter, &cuts, &slots);
    list_functions(&mut parts, &cuts, &slots, profile, nodes);
    let mut parts: Vec<Part> =
        parts.into_iter().filter(|(_, weight)| *weight > 0).map(|(part, _)| part).collect();
    // Shares come from exact sums, so equal weights have equal shares.
    parts.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.key.cmp(&b.key)));
    parts
}

/// Where one stack went.
#[derive(Clone, Copy, Debug)]
struct Cut {
    slot: u32,
    /// The frame to list.
    place: Option<Place>,
    weight: i64,
}

/// What a part is, before it has a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Slot {
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

/// Assigns stacks to slots.
struct Cutter<'a> {
    profile: &'a Profile,
    classes: &'a Classes,
    scheme: Scheme,
    attributor: Attributor<'a>,
    marks: Vec<Marks>,
    native_bit: u64,
    slots: Vec<Slot>,
    by_slot: HashMap<Slot, u32>,
    /// Slot of a function as a user frame and as a library; `u32::MAX` until asked for.
    of_function: Vec<u32>,
}

impl<'a> Cutter<'a> {
    fn new(profile: &'a Profile, classes: &'a Classes, scheme: Scheme) -> Self {
        let rules = scheme.rules();
        let mut any = Vec::with_capacity(profile.functions.len());
        let mut marks = Vec::with_capacity(profile.functions.len());
        for (row, function) in profile.functions.iter().enumerate() {
            let class = classes.of(FunctionId(row as u32));
            // No rule names the program's or a third party's code.
            if matches!(class, Class::Main | Class::ThirdParty) {
                any.push(0);
                marks.push(Marks::default());
                continue;
            }
            let name = profile.strings.bytes(function.name);
            any.push(bits(rules, name, |c| c.any));
            marks.push(Marks {
                boundary: bits(rules, name, |c| c.boundary),
                leaf: bits(rules, name, |c| c.leaf),
                is_helper: HELPERS.iter().any(|p| p.matches(name)),
                is_dull: scheme != Scheme::Cpu && DULL.iter().any(|p| p.matches(name)),
            });
        }
        let native = rules.iter().position(|c| c.key == NATIVE);
        Self {
            profile,
            classes,
            scheme,
            attributor: Attributor::new(profile, classes, &any),
            marks,
            native_bit: native.map_or(0, |i| 1 << i),
            slots: Vec::new(),
            by_slot: HashMap::new(),
            of_function: vec![u32::MAX; profile.functions.len()],
        }
    }

    fn cut(&mut self, stack: StackId, weight: i64) -> Cut {
        let found = self.attributor.attribute(stack);
        let (slot, by_leaf) = self.slot_of(stack, &found);
        let place = if by_leaf { self.telling_leaf(stack).or(found.leaf) } else { found.user };
        let bare = || {
            let leaf = self.profile.stacks.get(stack).first();
            leaf.map(|&location| Place::innermost(location))
        };
        Cut { slot, place: place.or_else(bare), weight }
    }

    /// The innermost frame that says more than that something was allocated or waited for;
    /// asked only where the innermost frame itself does not.
    fn telling_leaf(&self, stack: StackId) -> Option<Place> {
        for &location in self.profile.stacks.get(stack) {
            let (start, end) = self.profile.locations[location.index()].lines;
            for row in start..end {
                let function = self.profile.lines[row as usize].function;
                if !self.marks[function.index()].is_dull {
                    let is_leaf = location == self.profile.stacks.get(stack)[0] && row == start;
                    return (!is_leaf).then_some(Place { location, row });
                }
            }
        }
        None
    }

    /// The stack's slot, and whether its leaf is the function to list.
    fn slot_of(&mut self, stack: StackId, found: &Attribution) -> (u32, bool) {
        let hits = self.hits(stack, found);
        if hits != 0 {
            let slot = self.intern(Slot::Rule(hits.trailing_zeros() as usize));
            return (slot, found.user.is_none());
        }
        if self.scheme == Scheme::Packages {
            return self.user_slot(stack, found);
        }
        let class = self.leaf_of(found).map(|leaf| self.classes.of(leaf));
        let is_runtime = class.is_none_or(|c| c == Class::Runtime) && self.is_named(stack);
        let helps = found.boundary.is_some_and(|f| self.marks[f.index()].is_helper);
        if self.scheme == Scheme::Cpu && is_runtime && !(helps && found.user.is_some()) {
            return (self.intern(Slot::OtherRuntime), true);
        }
        if self.scheme == Scheme::Goroutines && found.user.is_some() {
            return (self.intern(Slot::Running), false);
        }
        match found.library {
            Some(library) if self.classes.of(library) != Class::Unknown => (self.function_slot(library), false),
            _ => self.user_slot(stack, found),
        }
    }

    fn leaf_of(&self, found: &Attribution) -> Option<FunctionId> {
        found.leaf.map(|place| place.function(self.profile))
    }

    fn hits(&self, stack: StackId, found: &Attribution) -> u64 {
        let marks = |f: Option<FunctionId>| f.map_or(Marks::default(), |f| self.marks[f.index()]);
        let leaf = marks(self.leaf_of(found)).leaf;
        let mut hits = found.marks | marks(found.boundary).boundary | leaf;
        if hits == 0 && self.native_bit != 0 && self.is_native_leaf(stack, found) {
            hits = self.native_bit;
        }
        hits
    }

    /// The leaf is machine code that the language did not compile.
    fn is_native_leaf(&self, stack: StackId, found: &Attribution) -> bool {
        let Some(leaf) = self.profile.stacks.get(stack).first() else { return false };
        let location = &self.profile.locations[leaf.index()];
        if location.lines.0 != location.lines.1 {
            return self.leaf_of(found).is_some_and(|f| self.classes.of(f) == Class::Native);
        }
        let binary = location.mapping.map(|m| self.profile.mappings[m.index()].filename);
        binary.is_some_and(|b| binary_class(self.profile.strings.bytes(b)) == Class::Native)
    }

    fn is_named(&self, stack: StackId) -> bool {
        let leaf = self.profile.stacks.get(stack).first();
        leaf.is_some_and(|l| {
            let lines = self.profile.locations[l.index()].lines;
            lines.0 != lines.1
        })
    }

    /// By whose frame is nearest.
    fn user_slot(&mut self, stack: StackId, found: &Attribution) -> (u32, bool) {
        if let Some(user) = found.user {
            return (self.function_slot(user.function(self.profile)), false);
        }
        let slot = if self.profile.stacks.get(stack).is_empty() {
            Slot::NoStack
        } else if !self.is_named(stack) {
            Slot::Unnamed
        } else if found.leaf.is_some() {
            Slot::OtherRuntime
        } else {
            Slot::Rest
        };
        (self.intern(slot), true)
    }

    fn function_slot(&mut self, function: FunctionId) -> u32 {
        let known = self.of_function[function.index()];
        if known != u32::MAX {
            return known;
        }
        let slot = self.describe(function);
        let id = self.intern(slot);
        self.of_function[function.index()] = id;
        id
    }

    fn describe(&self, function: FunctionId) -> Slot {
        let row = &self.profile.functions[function.index()];
        let name = self.profile.strings.bytes(row.name);
        let file = self.profile.strings.bytes(row.filename);
        let class = self.classes.of(function);
        let is_library = matches!(class, Class::ThirdParty | Class::Std);
        if is_library && self.scheme.has_domains() && self.classes.is_go() {
            let starts = |prefix: &&str| name.starts_with(prefix.as_bytes());
            if let Some(at) = DOMAINS.iter().position(|d| d.prefixes.iter().any(starts)) {
                return Slot::Domain(at);
            }
        }
        let group = group_of(name, file, class, self.classes.is_go());
        match class {
            Class::Main => Slot::Code(group),
            Class::ThirdParty => Slot::Library(group),
            Class::Std => Slot::Std(group),
            Class::Runtime => Slot::OtherRuntime,
            Class::Native | Class::Unknown if name.is_empty() => Slot::Unnamed,
            // Without files a name space is all there is to go by.
            Class::Native | Class::Unknown if name.windows(2).any(|p| p == b"::") => {
                Slot::Library(group)
            }
            Class::Native | Class::Unknown => Slot::Rest,
        }
    }

    fn intern(&mut self, slot: Slot) -> u32 {
        if let Some(&id) = self.by_slot.get(&slot) {
            return id;
        }
        let id = self.slots.len() as u32;
        self.slots.push(slot.clone());
        self.by_slot.insert(slot, id);
        id
    }
}

fn bits(rules: &[Category], name: &[u8], patterns: impl Fn(&Category) -> &[Pattern]) -> u64 {
    debug_assert!(rules.len() <= 64, "a category is a bit");
    let hit = |c: &Category| patterns(c).iter().any(|p| p.matches(name));
    rules.iter().enumerate().filter(|(_, c)| hit(c)).fold(0, |bits, (i, _)| bits | 1 << i)
}

/// The name under which functions without a domain are put together: package or module in Go,
/// the first name space or the file elsewhere.
fn group_of(name: &[u8], file: &[u8], class: Class, is_go: bool) -> String {
    let package = package_of(name);
    if is_go {
        let group = if class == Class::ThirdParty { module_root(package) } else { package };
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
        None => text(super::base_name(if file.is_empty() { name } else { file })),
    }
}

/// The directory below a package manager's own: `…/node_modules/pg/lib/q.js` → `pg`.
fn package_directory(file: &[u8]) -> &[u8] {
    const MARKS: [&[u8]; 3] = [b"/node_modules/", b"site-packages/", b"dist-packages/"];
    for mark in MARKS {
        if let Some(at) = file.windows(mark.len()).rposition(|window| window == mark) {
            let rest = &file[at + mark.len()..];
            let mut ends = rest.iter().enumerate().filter(|&(_, &b)| b == b'/').map(|(i, _)| i);
            let scoped = rest.first() == Some(&b'@');
            let end = if scoped { ends.nth(1) } else { ends.next() };
            return &rest[..end.unwrap_or(rest.len())];
        }
    }
    // …/registry/src/index/crate-1.2.3/src/lib.rs
    let before = file.windows(5).rposition(|window| window == b"/src/").unwrap_or(file.len());
    super::base_name(&file[..before])
}

/// For each slot the slot it is counted under: small packages are joined. Adds the joint slots.
fn join_small(slots: &mut Vec<Slot>, cuts: &[Cut]) -> Vec<u32> {
    let mut weights = vec![0_u128; slots.len()];
    for cut in cuts {
        weights[cut.slot as usize] += u128::from(cut.weight.unsigned_abs());
    }
    let total: u128 = weights.iter().sum();
    let mut target: Vec<u32> = (0..slots.len() as u32).collect();
    let families: [(fn(&Slot) -> bool, Slot); 3] = [
        (|s| matches!(s, Slot::Code(_)), Slot::OtherCode),
        (|s| matches!(s, Slot::Library(_)), Slot::OtherLibraries),
        (|s| matches!(s, Slot::Std(_)), Slot::OtherStd),
    ];
    for (belongs, joint) in families {
        let mut members: Vec<usize> = (0..weights.len()).filter(|&i| belongs(&slots[i])).collect();
        members.sort_by(|&a, &b| weights[b].cmp(&weights[a]).then_with(|| label(&slots[a]).cmp(&label(&slots[b]))));
        let large = |i: &usize| weights[*i] as f64 >= OWN_PART * total as f64;
        let own = members.iter().take(MAX_PARTS).take_while(|&i| large(i)).count();
        // A single small package may as well keep its name.
        if members.len() - own < 2 {
            continue;
        }
        for &small in &members[own..] {
            target[small] = slots.len() as u32;
        }
        slots.push(joint);
        target.push(slots.len() as u32 - 1);
    }
    target
}

/// One part per slot with its weight, empty ones included, functions not listed yet.
fn assemble(cutter: &Cutter<'_>, cuts: &[Cut], slots: &[u32]) -> Vec<(Part, u128)> {
    let mut parts: Vec<(Part, u128)> =
        cutter.slots.iter().map(|slot| (part(slot, cutter.scheme), 0)).collect();
    let mut total = 0_u128;
    for cut in cuts {
        let (part, weight) = &mut parts[slots[cut.slot as usize] as usize];
        part.value = part.value.wrapping_add(cut.weight);
        *weight += u128::from(cut.weight.unsigned_abs());
        total += u128::from(cut.weight.unsigned_abs());
    }
    for (part, weight) in &mut parts {
        part.share = if total == 0 { 0.0 } else { *weight as f64 / total as f64 };
    }
    parts
}

fn label(slot: &Slot) -> String {
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

fn part(slot: &Slot, scheme: Scheme) -> Part {
    let (key, label, help, family) = match slot {
        Slot::Rule(i) => {
            let rule = &scheme.rules()[*i];
            (rule.key.to_owned(), rule.label.to_owned(), rule.help.to_owned(), rule.family)
        }
        Slot::Domain(i) => {
            let domain = &DOMAINS[*i];
            let help = format!(
                "Called by the functions listed and spent inside {}, without the runtime's share.",
                domain.prefixes[0].trim_end_matches(['.', '/'])
            );
            (domain.key.to_owned(), domain.label.to_owned(), help, Family::Library)
        }
        _ => plain_slot(slot, scheme),
    };
    let hatched = key == GC_IDLE;
    Part { key, label, help, family, hatched, value: 0, share: 0.0, top: Vec::new() }
}

fn plain_slot(slot: &Slot, scheme: Scheme) -> (String, String, String, Family) {
    let what = match scheme {
        Scheme::Memory => "Asked for directly by",
        Scheme::Blocking => "Waited for, but in none of the known operations, by",
        Scheme::Cpu => "Spent in the own instructions of",
        Scheme::Goroutines | Scheme::Packages => "Nearest frame is in",
    };
    let (key, help, family) = match slot {
        Slot::Code(name) => {
            (format!("code:{name}"), format!("{what} your package {name}."), Family::User)
        }
        Slot::Library(name) => {
            (format!("lib:{name}"), format!("{what} the library {name}."), Family::Library)
        }
        Slot::Std(name) => (format!("std:{name}"), format!("{what} {name}."), Family::Library),
        Slot::OtherCode => {
            ("code-other".into(), format!("{what} smaller packages of yours."), Family::User)
        }
        Slot::OtherLibraries => {
            ("lib-other".into(), format!("{what} smaller libraries."), Family::Library)
        }
        Slot::OtherStd => {
            ("std-other".into(), format!("{what} other packages of the standard library."), Family::Library)
        }
        Slot::OtherRuntime => (
            "runtime-other".into(),
            "Runtime functions that belong to no part of their own; the heaviest are listed.".into(),
            Family::Runtime,
        ),
        Slot::Running => (
            "running".into(),
            "Goroutines that waited for nothing when the profile was taken, its writer included.".into(),
            Family::User,
        ),
        Slot::Unnamed => (
            "unnamed".into(),
            "Addresses without function names: the file carries no symbols for them.".into(),
            Family::Other,
        ),
        Slot::NoStack => {
            ("no-stack".into(), "Samples that carry a value but no stack.".into(), Family::Other)
        }
        _ => ("rest".into(), "Functions whose origin is unknown.".into(), Family::Other),
    };
    (key, label(slot), help, family)
}

/// Fills in [`Part::top`].
fn list_functions(
    parts: &mut [(Part, u128)],
    cuts: &[Cut],
    slots: &[u32],
    profile: &Profile,
    nodes: &Nodes,
) {
    // Keys are dense numbers of our own making, so a plain multiplicative hash will do.
    let mut sums: HashMap<u64, i64, BuildHasherDefault<rustc_hash::FxHasher>> = HashMap::default();
    for cut in cuts {
        let Some(node) = cut.place.and_then(|place| place.node(profile, nodes)) else { continue };
        let key = u64::from(slots[cut.slot as usize]) << 32 | u64::from(node.0);
        let sum = sums.entry(key).or_insert(0);
        *sum = sum.wrapping_add(cut.weight);
    }
    let mut rows: Vec<(u32, NodeId, i64)> =
        sums.into_iter().map(|(key, v)| ((key >> 32) as u32, NodeId(key as u32), v)).collect();
    rows.sort_by(|a, b| {
        (a.0, Reverse(a.2.unsigned_abs()))
            .cmp(&(b.0, Reverse(b.2.unsigned_abs())))
            .then_with(|| compare_names(nodes, a.1, b.1))
            .then_with(|| a.1.cmp(&b.1))
    });
    for (slot, node, value) in rows.into_iter().filter(|row| row.2 != 0) {
        let top = &mut parts[slot as usize].0.top;
        if top.len() < TOP {
            top.push((node, value));
        }
    }
}

#[cfg(test)]
#[path = "mechanism_tests.rs"]
mod tests;
