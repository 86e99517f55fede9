//! One file as the rules see it: weights, classes and who is to blame for a stack.

use super::Input;
use super::go_version::GoVersion;
use super::matcher::Scan;
use crate::analysis::compare::Reader;
use crate::analysis::{Attributor, Class, source_path};
use crate::model::{FunctionId, Kind, Line, Profile, StackId};

/// What a stack weighs.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights {
    /// The sample type that shares are of.
    pub(super) sample_type: usize,
    /// Σ |value| per stack.
    pub(super) values: Vec<u64>,
    /// Observations behind it, per stack: samples, raw objects, contentions, goroutines.
    pub(super) counts: Vec<f64>,
    /// Σ of `values` over the stacks that count.
    pub(super) total: u64,
    /// Σ of `counts` over them.
    pub(super) count: f64,
}

/// A file under examination.
#[derive(Debug)]
pub(super) struct Case<'a> {
    /// Its place in the session.
    pub(super) index: usize,
    pub(super) file: Input<'a>,
    pub(super) profile: &'a Profile,
    pub(super) attributor: Attributor<'a>,
    pub(super) weights: Weights,
    pub(super) go: GoVersion,
    /// What the rules by signature found.
    pub(super) scan: Scan,
}

/// A function and a line of it.
pub(super) type Where = (FunctionId, i64);

/// Samples and value of some stacks.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits {
    pub(super) samples: f64,
    pub(super) value: u64,
}

/// A line of the program, and what of a finding it is to blame for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) function: FunctionId,
    pub(super) line: i64,
    pub(super) samples: f64,
    pub(super) value: u64,
}

impl<'a> Case<'a> {
    pub(super) fn new(index: usize, file: Input<'a>) -> Self {
        let profile = file.profile;
        let attributor = Attributor::new(profile, file.classes, &[]);
        let weights = weights(profile, file.kind, main_type(profile, file.kind));
        let go = GoVersion::of(profile);
        let mut case = Self {
            index,
            file,
            profile,
            attributor,
            weights,
            go,
            scan: Scan::default(),
        };
        case.scan = Scan::new(&case);
        for (stack, excluded) in case.scan.excluded.iter().enumerate() {
            if *excluded {
                case.weights.values[stack] = 0;
                case.weights.counts[stack] = 0.0;
            }
        }
        case.weights.sum_up();
        case
    }

    pub(super) fn kind(&self) -> Kind {
        self.file.kind
    }

    pub(super) fn name_of(&self, function: FunctionId) -> &'a [u8] {
        let name = self.profile.functions[function.index()].name;
        self.profile.strings.bytes(name)
    }

    pub(super) fn file_of(&self, function: FunctionId) -> Vec<u8> {
        let name = self.profile.functions[function.index()].filename;
        source_path(self.profile.strings.bytes(name))
    }

    /// Lines of a stack, innermost first.
    pub(super) fn frames(
        &self,
        stack: usize,
    ) -> impl DoubleEndedIterator<Item = &'a Line> + use<'a> {
        let profile = self.profile;
        let locations = profile.stacks.get(StackId(stack as u32)).iter();
        locations.flat_map(|l| profile.lines_of(&profile.locations[l.index()]))
    }

    /// Share of a value in all, 0 to 1.
    pub(super) fn share(&self, value: u64) -> f64 {
        if self.weights.total == 0 {
            0.0
        } else {
            value as f64 / self.weights.total as f64
        }
    }

    /// The line to blame for a stack: the nearest own one, as [`Self::blame`] has it.
    pub(super) fn blamed(&self, stack: usize) -> Option<Where> {
        self.blame(stack, |_| true)
    }

    /// The line to blame for what happens inside `is_cause`: the nearest own line outwards of the
    /// innermost such frame, else the nearest of a third party, else of the standard library.
    pub(super) fn blame(
        &self,
        stack: usize,
        is_cause: impl Fn(FunctionId) -> bool,
    ) -> Option<Where> {
        let mut seen = false;
        let (mut third, mut outside) = (None, None);
        for line in self.frames(stack) {
            let function = line.function;
            seen = seen || is_cause(function);
            if !seen {
                continue;
            }
            let place = Some((function, line.line));
            match self.file.classes.of(function) {
                Class::Main => return place,
                Class::ThirdParty => third = third.or(place),
                Class::Std | Class::Unknown | Class::Native => outside = outside.or(place),
                Class::Runtime => {}
            }
        }
        third.or(outside)
    }

    /// True when the file has enough samples for shares to mean something.
    pub(super) fn is_rankable(&self) -> bool {
        self.kind() != Kind::Cpu || self.weights.count >= super::detect::trust::RANKABLE
    }
}

impl Weights {
    /// Stacks with a value.
    pub(super) fn stacks(&self) -> impl Iterator<Item = usize> + '_ {
        let stacks = self.values.iter().enumerate();
        stacks
            .filter(|(_, value)| **value > 0)
            .map(|(stack, _)| stack)
    }

    /// Σ over some stacks.
    pub(super) fn sum(&self, stacks: impl IntoIterator<Item = usize>) -> Hits {
        let mut hits = Hits::default();
        for stack in stacks {
            hits.samples += self.counts[stack];
            hits.value = hits.value.saturating_add(self.values[stack]);
        }
        hits
    }

    fn sum_up(&mut self) {
        self.total = self.values.iter().fold(0, |a, &b| a.saturating_add(b));
        self.count = self.counts.iter().sum();
    }
}

/// The sample type by which a kind is judged.
pub(super) fn main_type(profile: &Profile, kind: Kind) -> usize {
    let wanted: &[&str] = match kind {
        Kind::Cpu => &["cpu", "samples"],
        Kind::Allocs => &["alloc_space"],
        Kind::Heap => &["inuse_space"],
        Kind::Block | Kind::Mutex => &["delay"],
        _ => &[],
    };
    let named = wanted.iter().find_map(|name| profile.type_named(name));
    named.unwrap_or_else(|| profile.default_type())
}

/// Weighs the stacks by one sample type.
pub(super) fn weights(profile: &Profile, kind: Kind, sample_type: usize) -> Weights {
    let stacks = profile.stacks.len();
    let mut weights = Weights {
        sample_type,
        values: vec![0; stacks],
        counts: vec![0.0; stacks],
        ..Weights::default()
    };
    if sample_type >= profile.sample_types.len() {
        return weights;
    }
    let reader = Reader::of(kind, profile, sample_type);
    for (i, stack) in profile.samples.stacks.iter().enumerate() {
        let value = profile.value(i, sample_type).unsigned_abs();
        let sum = &mut weights.values[stack.index()];
        *sum = sum.saturating_add(value);
        weights.counts[stack.index()] += match reader {
            // A census: what there is was counted.
            Reader::Nothing => value as f64,
            _ => reader.seen(profile, i),
        };
    }
    weights.sum_up();
    weights
}
