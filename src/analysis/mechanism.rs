//! The "where does it go" bar: every sample in exactly one part.
//!
//! CPU time is cut by mechanism (a concatenation that allocates is allocation), memory by what
//! asked for it, waiting by the operation waited in, anything else by package. Names are matched
//! once per function; a stack then costs a short walk and a few bit operations.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::attribution::{Attribution, Attributor, Place};
use super::classify::binary_class;
pub use super::mechanism_parts::Part;
use super::mechanism_parts::{Scheme, Slot, group_of, label, part};
pub use super::mechanism_rules::Family;
use super::mechanism_rules::{Category, DOMAINS, DULL, HELPERS, NATIVE, Pattern};
use super::{Class, Classes, NodeId, Nodes, Selection, compare_names};
use crate::model::{FunctionId, Kind, Profile, StackId};
use crate::sort::sort_by;

/// Functions listed per part.
const TOP: usize = 5;
/// A package or module gets a part of its own from this share on; smaller ones are joined.
const OWN_PART: f64 = 0.01;
/// Packages and modules with a part of their own, at most, for each of own, library, standard.
const MAX_PARTS: usize = 8;

/// Bits of one function: bit `i` stands for category `i`.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    boundary: u64,
    leaf: u64,
    is_helper: bool,
    is_dull: bool,
}

/// Cuts the selection into parts, heaviest first, ties by key; parts without samples are left
/// out. Σ value over the parts is Σ weight over the stacks, but for the waits of a whole trace: its
/// parts are of the procs' time, which the waits are not. Empty when nothing is selected.
pub fn mechanism_bar(
    profile: &Profile,
    nodes: &Nodes,
    classes: &Classes,
    kind: Kind,
    selection: &Selection,
) -> Vec<Part> {
    // Of a whole trace more is known than its waits.
    if kind == Kind::Trace
        && let Some(parts) = super::trace::bar(profile, nodes, selection)
    {
        return parts;
    }
    let cutting = Cutting::new(profile, classes, kind, selection);
    let mut parts = cutting.parts();
    list_functions(&mut parts, &cutting.cuts, &cutting.slots, profile, nodes);
    let parts = heaviest_first(parts).into_iter();
    parts.map(|(_, part)| part).collect()
}

/// The parts of [`mechanism_bar`], without their functions, and of each selected stack the place of
/// its part among them; `u32::MAX` for a part without weight.
pub(super) fn mechanism_of_stacks(
    profile: &Profile,
    classes: &Classes,
    kind: Kind,
    selection: &Selection,
) -> (Vec<Part>, Vec<u32>) {
    let cutting = Cutting::new(profile, classes, kind, selection);
    let parts = heaviest_first(cutting.parts());
    let mut places = vec![u32::MAX; cutting.cutter.slots.len()];
    for (place, (slot, _)) in parts.iter().enumerate() {
        places[*slot] = place as u32;
    }
    let place = |cut: &Cut| places[cutting.slots[cut.slot as usize] as usize];
    let of_stack = cutting.cuts.iter().map(place).collect();
    (parts.into_iter().map(|(_, part)| part).collect(), of_stack)
}

/// All stacks of a selection with their slots.
struct Cutting<'a> {
    cutter: Cutter<'a>,
    cuts: Vec<Cut>,
    /// By slot the one that it is counted under.
    slots: Vec<u32>,
}

impl<'a> Cutting<'a> {
    fn new(profile: &'a Profile, classes: &'a Classes, kind: Kind, selection: &Selection) -> Self {
        let scheme = Scheme::of(profile, kind, selection.sample_type);
        let mut cutter = Cutter::new(profile, classes, scheme);
        let cuts: Vec<Cut> = selection
            .stacks()
            .map(|(s, w)| cutter.cut(StackId(s as u32), w))
            .collect();
        let slots = join_small(&mut cutter.slots, &cuts);
        Self {
            cutter,
            cuts,
            slots,
        }
    }

    /// One part per slot with its weight, empty ones included, functions not listed yet.
    fn parts(&self) -> Vec<(Part, u128)> {
        assemble(&self.cutter, &self.cuts, &self.slots)
    }
}

/// The parts that have a weight, with their slots: by share, ties by key.
fn heaviest_first(parts: Vec<(Part, u128)>) -> Vec<(usize, Part)> {
    let parts = parts.into_iter().enumerate();
    let parts = parts.filter(|(_, (_, weight))| *weight > 0);
    let mut parts: Vec<(usize, Part)> = parts.map(|(slot, (part, _))| (slot, part)).collect();
    // Shares come from exact sums, so equal weights have equal shares.
    sort_by(&mut parts, &|(_, a), (_, b)| {
        b.share.total_cmp(&a.share).then_with(|| a.key.cmp(&b.key))
    });
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
        let place = if by_leaf {
            self.telling_leaf(stack).or(found.leaf)
        } else {
            found.user
        };
        let bare = || {
            let leaf = self.profile.stacks.get(stack).first();
            leaf.map(|&location| Place::innermost(location))
        };
        Cut {
            slot,
            place: place.or_else(bare),
            weight,
        }
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
        let helps = found
            .boundary
            .is_some_and(|f| self.marks[f.index()].is_helper);
        if self.scheme == Scheme::Cpu && is_runtime && !(helps && found.user.is_some()) {
            return (self.intern(Slot::OtherRuntime), true);
        }
        if self.scheme == Scheme::Goroutines && found.user.is_some() {
            // A text leaves out the names of the runtime's frames, which say what it waits for.
            let slot = if self.is_named(stack) {
                Slot::Running
            } else {
                Slot::Unnamed
            };
            return (self.intern(slot), false);
        }
        match found.library {
            Some(library) if self.classes.of(library) != Class::Unknown => {
                (self.function_slot(library), false)
            }
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
        let Some(leaf) = self.profile.stacks.get(stack).first() else {
            return false;
        };
        let location = &self.profile.locations[leaf.index()];
        if location.lines.0 != location.lines.1 {
            return self
                .leaf_of(found)
                .is_some_and(|f| self.classes.of(f) == Class::Native);
        }
        let binary = location
            .mapping
            .map(|m| self.profile.mappings[m.index()].filename);
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
    rules
        .iter()
        .enumerate()
        .filter(|(_, c)| hit(c))
        .fold(0, |bits, (i, _)| bits | 1 << i)
}

/// Tells the slots that are joined when they are small.
type IsMember = fn(&Slot) -> bool;

/// For each slot the slot it is counted under: small packages are joined. Adds the joint slots.
fn join_small(slots: &mut Vec<Slot>, cuts: &[Cut]) -> Vec<u32> {
    let mut weights = vec![0_u128; slots.len()];
    for cut in cuts {
        weights[cut.slot as usize] += u128::from(cut.weight.unsigned_abs());
    }
    let total: u128 = weights.iter().sum();
    let mut target: Vec<u32> = (0..slots.len() as u32).collect();
    let families: [(IsMember, Slot); 3] = [
        (|s| matches!(s, Slot::Code(_)), Slot::OtherCode),
        (|s| matches!(s, Slot::Library(_)), Slot::OtherLibraries),
        (|s| matches!(s, Slot::Std(_)), Slot::OtherStd),
    ];
    for (belongs, joint) in families {
        let mut members: Vec<usize> = (0..weights.len()).filter(|&i| belongs(&slots[i])).collect();
        sort_by(&mut members, &|&a, &b| {
            weights[b]
                .cmp(&weights[a])
                .then_with(|| label(&slots[a]).cmp(&label(&slots[b])))
        });
        let large = |i: &usize| weights[*i] as f64 >= OWN_PART * total as f64;
        let own = members
            .iter()
            .take(MAX_PARTS)
            .take_while(|&i| large(i))
            .count();
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
    let mut parts: Vec<(Part, u128)> = cutter
        .slots
        .iter()
        .map(|slot| (part(slot, cutter.scheme), 0))
        .collect();
    let mut total = 0_u128;
    for cut in cuts {
        let (part, weight) = &mut parts[slots[cut.slot as usize] as usize];
        part.value = part.value.wrapping_add(cut.weight);
        *weight += u128::from(cut.weight.unsigned_abs());
        total += u128::from(cut.weight.unsigned_abs());
    }
    for (part, weight) in &mut parts {
        part.share = if total == 0 {
            0.0
        } else {
            *weight as f64 / total as f64
        };
    }
    parts
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
        let Some(node) = cut.place.and_then(|place| place.node(profile, nodes)) else {
            continue;
        };
        let key = u64::from(slots[cut.slot as usize]) << 32 | u64::from(node.0);
        let sum = sums.entry(key).or_insert(0);
        *sum = sum.wrapping_add(cut.weight);
    }
    let mut rows: Vec<(u32, NodeId, i64)> = sums
        .into_iter()
        .map(|(key, v)| ((key >> 32) as u32, NodeId(key as u32), v))
        .collect();
    sort_by(&mut rows, &|a, b| {
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
