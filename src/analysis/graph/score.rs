//! How much a node tells: pictures prefer nodes in which calls meet and part.

use super::{Graph, GraphEdge};
use crate::unit::to_integer;

/// pprof's score: entropies of the calls in and out, times cum, plus flat. A node in which a
/// single call goes on as a single call has none.
pub(super) fn entropy(graph: &Graph, node: u32) -> i64 {
    let row = graph.node(node);
    let side = |rows: &[u32], own: i64| {
        if rows.is_empty() {
            // Entries and leaves are worth showing.
            1.0
        } else {
            let edges = rows.iter().map(|&row| &graph.edges[row as usize]);
            spread(edges, own)
        }
    };
    let spread = side(graph.ins(node), 0) + side(graph.outs(node), row.flat);
    // Without weight a call's entropy is not a number.
    to_integer(spread * row.cum as f64).wrapping_add(row.flat)
}

/// Shannon entropy, in bits, of the shares that edges and the own value have of their sum.
/// Negative weights are left out of the sum, but not of the shares, as in pprof.
fn spread<'a>(edges: impl Iterator<Item = &'a GraphEdge> + Clone, own: i64) -> f64 {
    let positive = edges.clone().map(|edge| edge.weight).filter(|&w| w > 0);
    let total = positive.fold(own, i64::wrapping_add);
    if total == 0 {
        return 0.0;
    }
    let term = |weight: i64| {
        let share = weight.wrapping_abs() as f64 / total as f64;
        -share * log2(share)
    };
    let of_edges: f64 = edges.map(|edge| term(edge.weight)).sum();
    if own > 0 {
        of_edges + term(own)
    } else {
        of_edges
    }
}

/// The binary logarithm, the same on every machine, which the standard library's is not: the
/// exponent, and of the mantissa `m`, brought near 1, `ln m = 2 artanh((m - 1) / (m + 1))` as a
/// series.
fn log2(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 || x.is_infinite() {
        return if x == 0.0 { f64::NEG_INFINITY } else { x };
    }
    // Shares are at least 2^-63, so that none is subnormal.
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1023;
    let mantissa = f64::from_bits(bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000);
    let (mantissa, exponent) = if mantissa > std::f64::consts::SQRT_2 {
        (mantissa / 2.0, exponent + 1)
    } else {
        (mantissa, exponent)
    };
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    // |s| < 0.172, so that the term of 0.172^23 is below the last bit.
    let mut sum = 0.0;
    for odd in (1..=23).rev().step_by(2) {
        sum = sum * square + 1.0 / f64::from(odd);
    }
    f64::from(exponent) + 2.0 * s * sum * std::f64::consts::LOG2_E
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right() {
        for (x, expected) in [(1.0, 0.0), (0.5, -1.0), (0.25, -2.0), (8.0, 3.0)] {
            assert_eq!(log2(x).to_bits(), f64::to_bits(expected), "{x}");
        }
        for x in [0.1, 0.3, 0.7, 0.9, 0.999_999, 1e-18, 3.0] {
            assert!((log2(x) - x.log2()).abs() <= 4e-16 * x.log2().abs(), "{x}");
        }
        assert!(log2(-1.0).is_nan());
        assert!(log2(0.0).is_infinite());
    }
}
