//! Which stacks have which rule's signature.
//!
//! Names are matched once per function. Every distinct list of patterns is a condition with a bit
//! of its own; a location has the bits of its functions, and a stack those of its locations, its
//! boundary and its leaf. Stacks repeat few combinations, so rules are tried once for each.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::case::{Case, Hits, Place, Weights, Where};
use super::catalogue::{self, PROBES, Probe};
use super::pattern::Patterns;
use super::rule::{Look, Rule, Signature};
use crate::analysis::Class;
use crate::model::{FunctionId, Kind, StackId};

/// Stacks of the profiler's own goroutines: measuring is not what is measured.
const PROFILERS: &str = "runtime/pprof.profileWriter net/http/pprof.*";

/// Bits below belong to rules.
const FIRST_PROBE: usize = 64;

/// A signature that no stack has.
const NEVER: Compiled = Compiled {
    any: 0,
    boundary: 0,
    leaf: 0,
    with: 0,
    without: 0,
};

/// What the rules by signature found in one file.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The rules that were tried, at most [`FIRST_PROBE`].
    pub(super) rules: Vec<&'static Rule>,
    /// Per stack: bit `i` for `rules[i]`, bit 64 + `i` for probe `i`.
    pub(super) matched: Vec<u128>,
    /// Per stack: belongs to the profiler itself.
    pub(super) excluded: Vec<bool>,
    conditions: Conditions,
    signatures: Vec<Compiled>,
}

/// Lists of patterns and the functions that match them.
#[derive(Debug, Default)]
struct Conditions {
    known: HashMap<&'static str, u128>,
    patterns: Vec<Patterns>,
    /// Per function.
    bits: Vec<u128>,
}

/// A signature in bits.
#[derive(Clone, Copy, Debug)]
struct Compiled {
    any: u128,
    boundary: u128,
    leaf: u128,
    with: u128,
    without: u128,
}

impl Scan {
    pub(super) fn new(case: &Case<'_>) -> Self {
        let kind = case.kind();
        let mut scan = Self {
            excluded: vec![false; case.profile.stacks.len()],
            matched: vec![0; case.profile.stacks.len()],
            ..Self::default()
        };
        if !case.file.classes.is_go() {
            return scan;
        }
        scan.compile(kind, case);
        scan.conditions.look_at(case);
        scan.walk(case);
        scan
    }

    fn compile(&mut self, kind: Kind, case: &Case<'_>) {
        for rule in catalogue::all() {
            let Look::Stacks(signature) = &rule.look else {
                continue;
            };
            if !rule.kinds.contains(&kind) || !case.go.allows(rule.go) {
                continue;
            }
            self.signatures.push(self.conditions.compile(signature));
            self.rules.push(rule);
        }
        debug_assert!(self.rules.len() <= FIRST_PROBE, "a bit per rule");
        // Probes stand behind the rules, whatever these are.
        self.signatures.resize(FIRST_PROBE, NEVER);
        for (_, signature) in &PROBES {
            let compiled = self.conditions.compile(signature);
            self.signatures.push(compiled);
        }
    }

    fn walk(&mut self, case: &Case<'_>) {
        let profilers = self.conditions.bit(PROFILERS);
        let of_location: Vec<u128> = case
            .profile
            .locations
            .iter()
            .map(|l| {
                let lines = case.profile.lines_of(l).iter();
                lines.fold(0, |bits, line| bits | self.conditions.of(line.function))
            })
            .collect();
        let mut known: FxHashMap<(u128, u128, u128), u128> = FxHashMap::default();
        for stack in 0..case.profile.stacks.len() {
            let locations = case.profile.stacks.get(StackId(stack as u32));
            let any = locations
                .iter()
                .fold(0, |bits, l| bits | of_location[l.index()]);
            if any == 0 {
                continue;
            }
            if any & profilers != 0 {
                self.excluded[stack] = true;
                continue;
            }
            let found = case.attributor.attribute(StackId(stack as u32));
            let boundary = found.boundary.map_or(0, |f| self.conditions.of(f));
            let leaf = found
                .leaf
                .map_or(0, |place| self.conditions.of(place.function(case.profile)));
            self.matched[stack] = *known
                .entry((any, boundary, leaf))
                .or_insert_with(|| rules_for(&self.signatures, any, boundary, leaf));
        }
    }

    /// What a rule that was tried found; nothing for another one.
    pub(super) fn hits(&self, case: &Case<'_>, rule: &Rule) -> Hits {
        self.hits_of(case, self.bit_of(rule))
    }

    /// What a probe found.
    pub(super) fn probed(&self, case: &Case<'_>, probe: Probe) -> Hits {
        self.hits_of(case, bit_of_probe(probe))
    }

    fn hits_of(&self, case: &Case<'_>, bit: u128) -> Hits {
        case.weights.sum(self.stacks_by(case, bit))
    }

    /// A rule's bit; none for one that was not tried.
    pub(super) fn bit_of(&self, rule: &Rule) -> u128 {
        let at = self.rules.iter().position(|known| known.id == rule.id);
        at.map_or(0, |at| 1 << at)
    }

    /// True when a stack answers a probe.
    pub(super) fn has(&self, stack: usize, probe: Probe) -> bool {
        self.matched[stack] & bit_of_probe(probe) != 0
    }

    /// Stacks that answer a probe and count.
    pub(super) fn stacks_with<'s>(
        &'s self,
        case: &'s Case<'_>,
        probe: Probe,
    ) -> impl Iterator<Item = usize> + use<'s> {
        self.stacks_by(case, bit_of_probe(probe))
    }

    /// Stacks that have a rule's signature and count.
    pub(super) fn stacks_of<'s>(
        &'s self,
        case: &'s Case<'_>,
        rule: &Rule,
    ) -> impl Iterator<Item = usize> + use<'s> {
        self.stacks_by(case, self.bit_of(rule))
    }

    fn stacks_by<'s>(
        &'s self,
        case: &'s Case<'_>,
        bit: u128,
    ) -> impl Iterator<Item = usize> + use<'s> {
        let stacks = self.matched.iter().enumerate();
        let counts = move |&(stack, matched): &(usize, &u128)| {
            matched & bit != 0 && case.weights.values[stack] > 0
        };
        stacks.filter(counts).map(|(stack, _)| stack)
    }

    /// The lines to blame for a rule's stacks, heaviest first.
    pub(super) fn places(&self, case: &Case<'_>, rule: &Rule) -> Vec<Place> {
        let Some(at) = self.rules.iter().position(|known| known.id == rule.id) else {
            return Vec::new();
        };
        let signature = self.signatures[at];
        let mask = signature.any | signature.boundary | signature.leaf;
        let is_cause = |f: FunctionId| self.conditions.of(f) & mask != 0;
        let blamed = self
            .stacks_of(case, rule)
            .map(|stack| (stack, case.blame(stack, is_cause)));
        gather(case, blamed)
    }

    /// The functions of a rule's signature that were seen, heaviest first, each once per stack.
    pub(super) fn seen(&self, case: &Case<'_>, rule: &Rule) -> Vec<(FunctionId, u64)> {
        let Some(at) = self.rules.iter().position(|known| known.id == rule.id) else {
            return Vec::new();
        };
        let signature = self.signatures[at];
        let mut weights: HashMap<FunctionId, u64> = HashMap::new();
        for stack in self.stacks_of(case, rule) {
            let mut counted: Vec<FunctionId> = Vec::new();
            let mask = signature.any | signature.boundary | signature.leaf;
            for line in case.frames(stack) {
                let function = line.function;
                if self.conditions.of(function) & mask != 0 && !counted.contains(&function) {
                    counted.push(function);
                    let sum = weights.entry(function).or_default();
                    *sum = sum.saturating_add(case.weights.values[stack]);
                    // One level of a library tells; the rest is how it does it.
                    if counted.len() == 4 {
                        break;
                    }
                }
            }
        }
        let mut seen: Vec<(FunctionId, u64)> = weights.into_iter().collect();
        seen.sort_unstable_by(|a, b| {
            b.1.cmp(&a.1)
                .then_with(|| case.name_of(a.0).cmp(case.name_of(b.0)))
                .then_with(|| a.0.cmp(&b.0))
        });
        seen
    }
}

fn bit_of_probe(probe: Probe) -> u128 {
    let at = PROBES.iter().position(|(known, _)| *known == probe);
    at.map_or(0, |at| 1 << (FIRST_PROBE + at))
}

fn rules_for(signatures: &[Compiled], any: u128, boundary: u128, leaf: u128) -> u128 {
    let mut rules = 0;
    for (i, s) in signatures.iter().enumerate() {
        let has = any & s.any != 0 || boundary & s.boundary != 0 || leaf & s.leaf != 0;
        let fits = (s.with == 0 || any & s.with != 0) && any & s.without == 0;
        if has && fits {
            rules |= 1 << i;
        }
    }
    rules
}

impl Conditions {
    /// The bit of a list; 0 for an empty one.
    fn bit(&mut self, list: &'static str) -> u128 {
        if list.is_empty() {
            return 0;
        }
        if let Some(&bit) = self.known.get(list) {
            return bit;
        }
        debug_assert!(self.patterns.len() < 128, "a bit per list");
        let bit = 1 << self.patterns.len();
        self.patterns.push(Patterns::new(list));
        self.known.insert(list, bit);
        bit
    }

    fn compile(&mut self, signature: &Signature) -> Compiled {
        Compiled {
            any: self.bit(signature.any),
            boundary: self.bit(signature.boundary),
            leaf: self.bit(signature.leaf),
            with: self.bit(signature.with),
            without: self.bit(signature.without),
        }
    }

    /// Matches every function that a rule can name: the program's own are nobody's pattern.
    fn look_at(&mut self, case: &Case<'_>) {
        self.bit(PROFILERS);
        let mut by_first = vec![Vec::new(); 256];
        for (i, patterns) in self.patterns.iter().enumerate() {
            for byte in patterns.first_bytes() {
                let list: &mut Vec<usize> = &mut by_first[usize::from(byte)];
                if list.last() != Some(&i) {
                    list.push(i);
                }
            }
        }
        let functions = 0..case.profile.functions.len();
        self.bits = functions
            .map(|row| {
                let function = FunctionId(row as u32);
                if case.file.classes.of(function) == Class::Main {
                    return 0;
                }
                let name = case.name_of(function);
                let lists = name.first().map(|&b| by_first[usize::from(b)].as_slice());
                let lists = lists.unwrap_or_default().iter();
                let matching = lists.filter(|&&i| self.patterns[i].matches(name));
                matching.fold(0, |bits, &i| bits | 1 << i)
            })
            .collect();
    }

    fn of(&self, function: FunctionId) -> u128 {
        self.bits.get(function.index()).copied().unwrap_or(0)
    }
}

/// Sums stacks by the line that is to blame, heaviest first, ties by name, file and line. Stacks
/// without one are left out.
pub(super) fn gather(
    case: &Case<'_>,
    blamed: impl Iterator<Item = (usize, Option<Where>)>,
) -> Vec<Place> {
    gather_by(case, &case.weights, blamed)
}

/// The same with other weights than the case's.
pub(super) fn gather_by(
    case: &Case<'_>,
    weights: &Weights,
    blamed: impl Iterator<Item = (usize, Option<Where>)>,
) -> Vec<Place> {
    let mut sums: FxHashMap<Where, (f64, u64)> = FxHashMap::default();
    for (stack, place) in blamed {
        if let Some(place) = place {
            let sum = sums.entry(place).or_default();
            sum.0 += weights.counts[stack];
            sum.1 = sum.1.saturating_add(weights.values[stack]);
        }
    }
    let mut places: Vec<Place> = sums
        .into_iter()
        .map(|((function, line), (samples, value))| Place {
            function,
            line,
            samples,
            value,
        })
        .collect();
    places.sort_unstable_by(|a, b| {
        b.value
            .cmp(&a.value)
            .then_with(|| case.name_of(a.function).cmp(case.name_of(b.function)))
            .then_with(|| case.file_of(a.function).cmp(&case.file_of(b.function)))
            .then_with(|| a.line.cmp(&b.line))
            .then_with(|| a.function.cmp(&b.function))
    });
    places
}
