//! Which functions a difference of a benchmark comes from, by profiles of both states.
//!
//! A profile says what share of a benchmark's cost each function has, and the benchmark says what
//! an operation costs: the share of the one times the middle of the other is what a function costs
//! per operation, however long either profile was recorded. The differences of these add up to the
//! difference of the benchmark.

use std::collections::BTreeMap;

use crate::analysis::{Attributor, Classes, Selection, source_path};
use crate::model::{FunctionId, Profile, StackId};

/// A profile of one state.
#[derive(Clone, Copy, Debug)]
pub struct CauseSide<'a> {
    /// What filters leave of it; here all.
    pub profile: &'a Profile,
    /// Whose code its functions are.
    pub classes: &'a Classes,
    /// The sample type that the benchmark's unit goes by.
    pub sample_type: usize,
    /// What an operation of the benchmark costs in this state.
    pub center: f64,
}

/// What a function has to do with a difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The nearest function of the program's own code, from where the cost arises outwards.
    pub function: Vec<u8>,
    /// The line that costs most, `file:line`; empty if there are none.
    pub place: String,
    /// What of an operation it costs before and after.
    pub cost: [f64; 2],
    /// Values of the sample type behind it, before and after.
    pub weight: [i64; 2],
}

impl Cause {
    /// By how much it is dearer after.
    pub fn change(&self) -> f64 {
        self.cost[1] - self.cost[0]
    }
}

/// The functions of a difference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Causes {
    /// Those that changed most, whichever way.
    pub parts: Vec<Cause>,
    /// Values below the benchmark, before and after.
    pub weight: [i64; 2],
    /// How much of its profile the benchmark is, before and after: 0 to 1.
    pub share: [f64; 2],
}

/// The functions below a benchmark by what they changed, the largest first. Sub-benchmarks share
/// their function, so it is about all of them. `None` where a profile does not show the benchmark.
///
/// Functions are matched by name: lines move when code is changed, so the place of one is only told.
pub fn causes(sides: &[CauseSide<'_>; 2], package: &[u8], benchmark: &[u8]) -> Option<Causes> {
    let mut found = Causes::default();
    let mut parts: BTreeMap<Vec<u8>, Cause> = BTreeMap::new();
    for (at, side) in sides.iter().enumerate() {
        let below = Below::new(side, package, benchmark);
        if below.weight <= 0 || below.whole <= 0 {
            return None;
        }
        found.weight[at] = below.weight;
        found.share[at] = below.weight as f64 / below.whole as f64;
        for (function, (weight, place)) in below.by_function(side.profile) {
            let part = parts.entry(function.clone()).or_insert_with(|| Cause {
                function,
                place: String::new(),
                cost: [0.0; 2],
                weight: [0; 2],
            });
            part.cost[at] = weight as f64 / below.weight as f64 * side.center;
            part.weight[at] = weight;
            if !place.is_empty() {
                part.place = place;
            }
        }
    }
    found.parts = parts.into_values().collect();
    crate::sort::sort_by(&mut found.parts, &|a, b| {
        b.change().abs().total_cmp(&a.change().abs())
    });
    Some(found)
}

/// What a profile has below a benchmark.
struct Below {
    /// Of all of it.
    whole: i64,
    /// Below the benchmark.
    weight: i64,
    /// The same by function and line to blame.
    sites: BTreeMap<(FunctionId, i64), i64>,
}

impl Below {
    fn new(side: &CauseSide<'_>, package: &[u8], benchmark: &[u8]) -> Self {
        let profile = side.profile;
        let functions = profile.functions.iter();
        let is_benchmark: Vec<bool> = functions
            .map(|function| is_named(profile.strings.bytes(function.name), package, benchmark))
            .collect();
        let shows = |location| {
            let lines = profile.lines_of(location);
            lines.iter().any(|line| is_benchmark[line.function.index()])
        };
        let shows: Vec<bool> = profile.locations.iter().map(shows).collect();
        let attributor = Attributor::new(profile, side.classes, &[]);
        let mut below = Self {
            whole: 0,
            weight: 0,
            sites: BTreeMap::new(),
        };
        for (stack, weight) in Selection::all(profile, side.sample_type).stacks() {
            let stack = StackId(stack as u32);
            below.whole = below.whole.saturating_add(weight);
            let frames = profile.stacks.get(stack);
            if !frames.iter().any(|location| shows[location.index()]) {
                continue;
            }
            below.weight = below.weight.saturating_add(weight);
            let found = attributor.attribute(stack);
            if let Some(place) = found.user.or(found.leaf) {
                let line = &profile.lines[place.row as usize];
                let sum = below.sites.entry((line.function, line.line)).or_default();
                *sum = sum.saturating_add(weight);
            }
        }
        below
    }

    /// Each function's weight, and `file:line` of the line that has most of it.
    fn by_function(&self, profile: &Profile) -> BTreeMap<Vec<u8>, (i64, String)> {
        let mut found: BTreeMap<Vec<u8>, (i64, i64, String)> = BTreeMap::new();
        for (&(function, line), &weight) in &self.sites {
            let function = &profile.functions[function.index()];
            let name = profile.strings.bytes(function.name).to_vec();
            let (sum, most, place) = found.entry(name).or_default();
            *sum = sum.saturating_add(weight);
            if weight > *most && line > 0 {
                *most = weight;
                let file = source_path(profile.strings.bytes(function.filename));
                *place = format!("{}:{line}", String::from_utf8_lossy(&file));
            }
        }
        let parts = found.into_iter();
        parts
            .map(|(name, (sum, _, place))| (name, (sum, place)))
            .collect()
    }
}

/// Whether a function is a benchmark, or a closure in it: sub-benchmarks are such.
pub fn is_named(function: &[u8], package: &[u8], benchmark: &[u8]) -> bool {
    let Some(at) = last_name(function) else {
        return false;
    };
    let (own, name) = (&function[..at], &function[at + 1..]);
    // Tests may be in a package of their own.
    let is_package =
        package.is_empty() || own == package || own.strip_suffix(b"_test") == Some(package);
    let Some(after) = name
        .strip_prefix(b"Benchmark")
        .and_then(|name| name.strip_prefix(benchmark))
    else {
        return false;
    };
    is_package && (after.is_empty() || after.starts_with(b".func"))
}

/// The point between the package and the rest of a name.
fn last_name(function: &[u8]) -> Option<usize> {
    let slash = function
        .iter()
        .rposition(|&b| b == b'/')
        .map_or(0, |at| at + 1);
    let dot = function[slash..].iter().position(|&b| b == b'.')?;
    Some(slash + dot)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::cpu_profile;

    #[test]
    fn differences_are_of_functions_by_their_shares_of_the_benchmark() {
        // 40 samples below the benchmark before, 80 after, and others beside it: half of 100 ns are
        // in f before, three quarters of 200 ns after. What f calls in the library is f's.
        let before = cpu_profile(
            "testing.runN;e.com/p.BenchmarkX;e.com/p.f@/p/f.go:7;strings.Repeat 20
             testing.runN;e.com/p.BenchmarkX;e.com/p.g@/p/g.go:3 20
             main.main;e.com/p.f@/p/f.go:7 60",
        );
        let after = cpu_profile(
            "testing.runN;e.com/p.BenchmarkX.func1;e.com/p.f@/p/f.go:9;strings.Repeat 60
             testing.runN;e.com/p.BenchmarkX;e.com/p.g@/p/g.go:3 20",
        );
        let classes = [&before, &after].map(Classes::new);
        let side = |at: usize, profile, center| CauseSide {
            profile,
            classes: &classes[at],
            sample_type: 1,
            center,
        };
        let sides = [side(0, &before, 100e-9), side(1, &after, 200e-9)];
        let found = causes(&sides, b"e.com/p", b"X").expect("both show it");
        assert_eq!(found.share, [0.4, 1.0]);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-15;
        let [f, g] = found.parts.as_slice() else {
            panic!("{:?}", found.parts)
        };
        assert_eq!(
            (f.function.as_slice(), f.place.as_str()),
            (&b"e.com/p.f"[..], "/p/f.go:9")
        );
        assert!(near(f.cost[0], 50e-9) && near(f.cost[1], 150e-9), "{f:?}");
        assert_eq!(g.function, b"e.com/p.g");
        // The parts add up to the difference.
        assert!(near(g.change(), 0.0) && near(f.change() + g.change(), 100e-9));
        assert_eq!(causes(&sides, b"e.com/p", b"Y"), None);
    }

    #[test]
    fn benchmarks_are_functions_and_their_closures() {
        let named = |function: &str| is_named(function.as_bytes(), b"example.com/a", b"Encode");
        assert!(named("example.com/a.BenchmarkEncode"));
        assert!(named("example.com/a_test.BenchmarkEncode.func1.2"));
        for other in [
            "example.com/a.BenchmarkEncoder",
            "example.com/b.BenchmarkEncode",
            "example.com/a.Encode",
            "BenchmarkEncode",
            "",
        ] {
            assert!(!named(other), "{other}");
        }
        assert!(is_named(b"x.y/b.BenchmarkEncode", b"", b"Encode"));
    }
}
