//! Two profiles of one kind against each other: what became more, what less, and whether that can be
//! told from chance.
//!
//! Frames are matched by name, at the granularity that is asked for; ids, addresses and the order of
//! tables mean nothing. What is compared is said by the [`Mode`], and every row carries how sure its
//! difference is.

mod evidence;
mod growth;
mod join;
mod notes;
mod plan;
mod sums;
#[cfg(test)]
mod tests;
mod verdict;
mod words;

pub use evidence::Evidence;
pub(crate) use evidence::Reader;
pub use growth::{Growth, GrowthFacts, GrowthSite, Snapshot, growth};
pub use plan::{Nature, Plan, counterpart};
pub use verdict::{Interval, Significance, Verdict};
pub use words::Column;

use super::nodes::NodeOptions;
use super::{NodeId, Nodes};
use crate::model::{Kind, Profile, ValueType};
use join::Joint;
use plan::Known;
use sums::{Sums, Weights, fineness};

/// In which sense values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As they are in the files.
    Absolute,
    /// Per second that the profile covers.
    Rate,
    /// As shares of their profile: what it is made of, not how much.
    Share,
    /// Per operation, of which the person says how many there were.
    Operation,
}

impl Mode {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Absolute, Self::Rate, Self::Share, Self::Operation];

    /// Name in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Absolute => "absolute",
            Self::Rate => "second",
            Self::Share => "share",
            Self::Operation => "operation",
        }
    }

    /// The mode of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// One of the two profiles.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What filters leave of it.
    pub profile: &'a Profile,
    /// Its kind.
    pub kind: Kind,
    /// The sample type compared.
    pub sample_type: usize,
}

impl Side<'_> {
    fn value_type(&self) -> ValueType {
        self.profile.sample_types[self.sample_type]
    }

    fn unit(&self) -> String {
        self.profile.unit_name(self.sample_type)
    }

    /// The sample type that belongs to this one: a memory profile has objects and bytes in pairs.
    pub fn partner(&self) -> Option<usize> {
        let other = self.sample_type ^ 1;
        (self.kind.is_memory() && other < self.profile.sample_types.len()).then_some(other)
    }
}

/// A node's values, the baseline's first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// In the baseline.
    pub base: i64,
    /// In the other profile.
    pub new: i64,
}

impl Pair {
    /// True for a node that neither has.
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

/// A row: what a node has by itself or with its callees.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The node.
    pub node: NodeId,
    /// Values as they are in the files, in the unit of the newer one.
    pub value: Pair,
    /// The objects of bytes, the bytes of objects; zero where there is no such sample type.
    pub beside: Pair,
    /// What was sampled on both sides.
    pub seen: [f64; 2],
    /// How sure the difference is.
    pub verdict: Verdict,
}

/// Which of a node's values a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Its own.
    Flat,
    /// With what it calls.
    Cum,
}

/// The comparison of two profiles.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Kind of both.
    pub kind: Kind,
    /// Name of the sample type.
    pub type_name: String,
    /// Unit of all values.
    pub unit: String,
    /// Name and unit of the sample type that belongs to it, see [`Row::beside`].
    pub beside: Option<(String, String)>,
    /// What it measures.
    pub nature: Nature,
    /// What values rest on.
    pub evidence: Evidence,
    /// How it is done.
    pub plan: Plan,
    /// All of each.
    pub total: Row,
    /// By their own value: nodes that have any, by node id.
    pub flat: Vec<Row>,
    /// With their callees: the same.
    pub cum: Vec<Row>,
    /// Weights of stacks in the joint profile are values times this, so that fractions are not lost.
    fine: f64,
}

/// What was compared, as one profile: its only sample type holds the difference, its samples are
/// those of the baseline with their sign turned and those of the other.
#[derive(Debug)]
pub struct Compared {
    /// Both profiles.
    pub profile: Profile,
    /// Their nodes.
    pub nodes: Nodes,
    /// The result.
    pub comparison: Comparison,
}

/// Compares `new` with `base`. Without a `mode` it is the one that tells most. The error says in a
/// sentence why they cannot be compared.
pub fn compare(
    base: &Side<'_>,
    new: &Side<'_>,
    options: &NodeOptions,
    mode: Option<Mode>,
    operations: Option<[f64; 2]>,
) -> Result<Compared, String> {
    if let Some(why) = plan::refusal(base, new) {
        return Err(why);
    }
    let evidence = Evidence::of_kind(new.kind, new.profile);
    let mut joint = Joint::new(base, new, evidence)?;
    let nodes = Nodes::new(&joint.profile, options);
    let sums = Sums::new(&joint, &nodes);
    let flat = sums.pairs(|side| &side.flat);
    let net = |of: &[i64]| of.iter().copied().fold(0, i64::wrapping_add);
    let (of_base, of_new) = joint.values.split_at(joint.base_stacks);
    let seen = joint.seen.split_at(joint.base_stacks);
    let known = Known {
        base,
        new,
        nature: Nature::of(new),
        evidence,
        totals: [net(of_base), net(of_new)],
        seen: [net(seen.0), net(seen.1)].map(|parts| parts as f64 / Evidence::PARTS),
        decreased: flat.iter().filter(|pair| pair.new < pair.base).count() as u64,
        common: plan::functions_in_common(base.profile, new.profile),
        signed: joint.values.iter().any(|&value| value < 0),
    };
    let plan = known.plan(mode, operations);
    let mut comparison = Comparison {
        kind: new.kind,
        type_name: new.profile.type_name(new.sample_type),
        unit: new.unit(),
        beside: new.partner().filter(|_| !joint.beside.is_empty()).map(|t| {
            let profile = new.profile;
            (profile.type_name(t), profile.unit_name(t))
        }),
        nature: known.nature,
        evidence,
        fine: fineness(&plan, known.totals),
        total: Row {
            node: NodeId(u32::MAX),
            value: Pair {
                base: known.totals[0],
                new: known.totals[1],
            },
            beside: match joint.beside.split_at_checked(joint.base_stacks) {
                Some((base, new)) => Pair {
                    base: net(base),
                    new: net(new),
                },
                None => Pair::default(),
            },
            seen: known.seen,
            verdict: Verdict::default(),
        },
        plan,
        flat: Vec::new(),
        cum: Vec::new(),
    };
    comparison.judge_total();
    comparison.flat = sums.rows(|side| &side.flat);
    comparison.cum = sums.rows(|side| &side.cum);
    comparison.judge_rows(Measure::Flat);
    comparison.judge_rows(Measure::Cum);
    let weights = Weights::of(&comparison);
    let values = std::mem::take(&mut joint.values);
    let base_stacks = joint.base_stacks;
    joint.weigh(&values, |stack| {
        weights.of_stack(values[stack], stack < base_stacks)
    });
    Ok(Compared {
        profile: joint.profile,
        nodes,
        comparison,
    })
}

impl Comparison {
    /// The rows of a measure: nodes that have any value, by node id; the same in both.
    pub fn rows(&self, measure: Measure) -> &[Row] {
        match measure {
            Measure::Flat => &self.flat,
            Measure::Cum => &self.cum,
        }
    }

    /// The baseline's value as it is compared.
    pub fn base_of(&self, value: Pair) -> f64 {
        value.base as f64 / self.plan.scale.base
    }

    /// The other's.
    pub fn new_of(&self, value: Pair) -> f64 {
        value.new as f64 / self.plan.scale.new
    }

    /// The difference.
    pub fn delta(&self, value: Pair) -> f64 {
        let difference = if self.is_plain() {
            value.new.wrapping_sub(value.base) as f64
        } else {
            self.new_of(value) - self.base_of(value)
        };
        difference / self.plan.scale.delta
    }

    /// The difference as a share of the baseline; infinite for what it does not have, 0 for what
    /// neither has.
    pub fn change(&self, value: Pair) -> f64 {
        let (base, new) = (self.base_of(value), self.new_of(value));
        if base == 0.0 {
            return if new == 0.0 {
                0.0
            } else {
                f64::INFINITY * new.signum()
            };
        }
        (new - base) / base.abs()
    }

    fn is_plain(&self) -> bool {
        let is_one = |divisor: f64| (divisor - 1.0).abs() < f64::EPSILON;
        is_one(self.plan.scale.base) && is_one(self.plan.scale.new)
    }

    /// A net weight of the joint profile as a difference.
    pub fn delta_of_weight(&self, weight: i64) -> f64 {
        weight as f64 / self.fine / self.plan.scale.delta
    }

    /// A sum of magnitudes and a net weight of the joint profile as what the two sides have. Both are
    /// told apart only where no value is negative.
    pub fn sides_of_weight(&self, width: u64, weight: i64) -> (f64, f64) {
        let (width, weight) = (width as f64, weight as f64);
        let (base, new) = ((width - weight) / 2.0, f64::midpoint(width, weight));
        (base / self.fine, new / self.fine)
    }
}
