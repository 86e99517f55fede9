//! One file as the rules see it: weights, classes and who is to blame for a stack.

use super::CaseFile;
use super::go_version::GoVersion;
use super::matcher::Scan;
use crate::analysis::{Attributor, Class, sampled_objects, source_path};
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
    pub(super) file: CaseFile<'a>,
    pub(super) profile: &'a Profile,
    pub(super) attributor: Attributor<'a>,
    pub(super) weights: Weights,
    pub(super) go: GoVersion,
    /// What the rules by signature found.
    pub(super) scan: Scan,
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
    pub(super) fn new(index: usize, file: CaseFile<'a>) -> Self {
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

    /// The line to blame for what happens inside `is_cause`: the nearest own line outwards of the
    /// innermost such frame, else the nearest of a third party, else of the standard library.
    pub(super) fn blame(
        &self,
        stack: usize,
        is_cause: impl Fn(FunctionId) -> bool,
    ) -> Option<&'a Line> {
        let mut seen = false;
        let (mut third, mut outside) = (None, None);
        for line in self.frames(stack) {
            let function = line.function;
            seen = seen || is_cause(function);
            if !seen {
                continue;
            }
            match self.file.classes.of(function) {
                Class::Main => return Some(line),
                Class::ThirdParty => third = third.or(Some(line)),
                Class::Std | Class::Unknown | Class::Native => outside = outside.or(Some(line)),
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
    let named = wanted.iter().find_map(|name| type_named(profile, name));
    named.unwrap_or_else(|| profile.default_type())
}

/// The sample type of a name.
pub(super) fn type_named(profile: &Profile, name: &str) -> Option<usize> {
    let is_it = |t: &crate::model::ValueType| profile.strings.bytes(t.kind) == name.as_bytes();
    profile.sample_types.iter().position(is_it)
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
    let counter = Counter::new(profile, kind, sample_type);
    for (i, stack) in profile.samples.stacks.iter().enumerate() {
        let value = profile.value(i, sample_type).unsigned_abs();
        let sum = &mut weights.values[stack.index()];
        *sum = sum.saturating_add(value);
        weights.counts[stack.index()] += counter.count(profile, i, value);
    }
    weights.sum_up();
    weights
}

/// How the observations behind a value are counted.
enum Counter {
    /// By a sample type of its own.
    Type(usize),
    /// One for so much of the value.
    Period(u64),
    /// Objects that were really sampled, from the scaled number and the bytes.
    Objects {
        objects: usize,
        space: usize,
        period: i64,
    },
    /// The value itself.
    Value,
}

impl Counter {
    fn new(profile: &Profile, kind: Kind, sample_type: usize) -> Self {
        if kind.is_memory() {
            let (objects, space) = (sample_type & !1, sample_type | 1);
            if space < profile.sample_types.len() {
                let period = profile.period;
                return Self::Objects {
                    objects,
                    space,
                    period,
                };
            }
            return Self::Value;
        }
        let counter = match kind {
            Kind::Cpu => type_named(profile, "samples"),
            Kind::Block | Kind::Mutex => type_named(profile, "contentions"),
            _ => None,
        };
        match counter {
            Some(t) => Self::Type(t),
            None if kind == Kind::Cpu && profile.period > 0 => {
                Self::Period(profile.period.unsigned_abs())
            }
            None => Self::Value,
        }
    }

    fn count(&self, profile: &Profile, sample: usize, value: u64) -> f64 {
        match *self {
            Self::Type(t) => profile.value(sample, t).unsigned_abs() as f64,
            Self::Period(period) => value as f64 / period as f64,
            Self::Objects {
                objects,
                space,
                period,
            } => {
                let count = profile.value(sample, objects);
                let bytes = profile.value(sample, space);
                if count <= 0 {
                    return 0.0;
                }
                sampled_objects(count, bytes as f64 / count as f64, period)
            }
            Self::Value => value as f64,
        }
    }
}
