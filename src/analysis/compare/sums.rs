//! What a comparison is made of: sums per node and side, and weights of stacks for the picture.

use super::join::Joint;
use super::plan::Plan;
use super::{Comparison, Evidence, Pair, Row, Verdict};
use crate::analysis::{FlatCum, NodeId, Nodes, Selection, flat_cum};

/// Weights add up to no more than this, so that sums are exact as floats, too.
const MOST_WEIGHT: f64 = (1_u64 << 50) as f64;

/// Fractions that weights are counted in.
pub(super) fn fineness(plan: &Plan, totals: [i64; 2]) -> f64 {
    let is_plain = |divisor: f64| (divisor - 1.0).abs() < f64::EPSILON;
    if is_plain(plan.scale.base) && is_plain(plan.scale.new) {
        return 1.0;
    }
    let [base, new] = totals.map(|total| (total as f64).abs());
    let all = base / plan.scale.base + new / plan.scale.new;
    if all > 0.0 { MOST_WEIGHT / all } else { 1.0 }
}

/// What a stack weighs in the joint profile.
#[derive(Clone, Copy)]
pub(super) struct Weights {
    base: f64,
    new: f64,
    plain: bool,
}

impl Weights {
    #[expect(clippy::float_cmp, reason = "exactly 1 is where nothing is rounded")]
    pub(super) fn of(comparison: &Comparison) -> Self {
        let Comparison { plan, fine, .. } = comparison;
        Self {
            base: fine / plan.scale.base,
            new: fine / plan.scale.new,
            plain: *fine == 1.0 && plan.scale.base == 1.0 && plan.scale.new == 1.0,
        }
    }

    pub(super) fn of_stack(self, value: i64, is_base: bool) -> i64 {
        if self.plain {
            return value;
        }
        let factor = if is_base { self.base } else { self.new };
        crate::unit::to_integer((value as f64 * factor).round())
    }
}

/// flat and cum of both sides, of values and of what was sampled.
pub(super) struct Sums {
    values: [FlatCum; 2],
    seen: [FlatCum; 2],
    beside: Option<[FlatCum; 2]>,
}

impl Sums {
    pub(super) fn new(joint: &Joint, nodes: &Nodes) -> Self {
        let sum = |column: &[i64], is_base: bool| {
            let of_side = |(stack, &value): (usize, &i64)| {
                if (stack < joint.base_stacks) == is_base {
                    value
                } else {
                    0
                }
            };
            let selection = Selection {
                weights: column.iter().enumerate().map(of_side).collect(),
                ..Selection::default()
            };
            flat_cum(&joint.profile, nodes, &selection, None)
        };
        Self {
            values: [true, false].map(|is_base| sum(&joint.values, is_base)),
            seen: [true, false].map(|is_base| sum(&joint.seen, is_base)),
            beside: (!joint.beside.is_empty())
                .then(|| [true, false].map(|is_base| sum(&joint.beside, is_base))),
        }
    }

    pub(super) fn pairs(&self, column: impl Fn(&FlatCum) -> &Vec<i64>) -> Vec<Pair> {
        let [base, new] = &self.values;
        let both = column(base).iter().zip(column(new));
        both.map(|(&base, &new)| Pair { base, new }).collect()
    }

    /// Rows of nodes that have any value on either side, also one that their own does not show.
    pub(super) fn rows(&self, column: impl Fn(&FlatCum) -> &Vec<i64> + Copy) -> Vec<Row> {
        let [base, new] = &self.values;
        let [seen_base, seen_new] = &self.seen;
        let count = |side: &FlatCum, node: usize| column(side)[node] as f64 / Evidence::PARTS;
        let has_any = |&node: &usize| {
            [base, new]
                .iter()
                .any(|side| side.flat[node] != 0 || side.cum[node] != 0)
        };
        let rows = (0..base.flat.len()).filter(has_any).map(|node| Row {
            node: NodeId(node as u32),
            value: Pair {
                base: column(base)[node],
                new: column(new)[node],
            },
            beside: match &self.beside {
                Some([base, new]) => Pair {
                    base: column(base)[node],
                    new: column(new)[node],
                },
                None => Pair::default(),
            },
            seen: [count(seen_base, node), count(seen_new, node)],
            verdict: Verdict::default(),
        });
        rows.collect()
    }
}
