//! What each line of a function or of a source file costs, with what the compiler put into it.
//!
//! The *scope* is a set of nodes that share one file: a function, or all functions of a file. A
//! location belongs to the line of its innermost frame in the scope; what was inlined there from
//! outside the scope is folded into that line, and listed below it. So own costs of lines add up to
//! that of the scope, whatever the scope is.

use std::collections::HashMap;

use super::{NodeId, NodeText, Nodes, Selection};
use crate::model::{Profile, StackId};
use crate::sort::sort_by;

/// The cost of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// Line number; 0 when unknown.
    pub line: i64,
    /// The node that has the line; of several the one met first.
    pub node: NodeId,
    /// Value of the samples that end on the line or in what was inlined there from outside the
    /// scope.
    pub flat: i64,
    /// The part of `flat` that ends on the line itself: what `pprof -list` calls flat.
    pub own: i64,
    /// Value of the samples with the line anywhere in the stack; recursion counts once.
    pub cum: i64,
    /// What was inlined there, |cum| descending, ties in order of appearance.
    pub inlined: Vec<InlinedCost>,
}

/// The cost of a function at the line that it was inlined into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InlinedCost {
    /// What was inlined.
    pub node: NodeId,
    /// Value of the samples that end in it there.
    pub flat: i64,
    /// Value of the samples with it there; recursion counts once.
    pub cum: i64,
}

/// What a scope costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceCosts {
    /// Sum of the lines' `flat`.
    pub flat: i64,
    /// Sum of the lines' `own`.
    pub own: i64,
    /// Value of the samples with the scope anywhere in the stack, each once.
    pub cum: i64,
    /// Lines with a value, by number.
    pub lines: Vec<SourceLine>,
}

impl SourceCosts {
    /// True when some samples pass several of the lines, so that the lines' `cum` add up to more
    /// than the scope's. In one function that is recursion; `pprof -list` adds them up.
    pub fn lines_overlap(&self) -> bool {
        let sum = |sum: i64, line: &SourceLine| sum.wrapping_add(line.cum);
        self.lines.iter().fold(0, sum) != self.cum
    }
}

/// Costs of the lines of the nodes that `scope` is true for; `scope` has an entry per node. Empty
/// for a scope without a value.
pub fn source_costs(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    scope: &[bool],
) -> SourceCosts {
    let places = Places::new(profile, nodes, scope);
    let mut lines = vec![Sum::default(); places.lines.len()];
    let mut inlined = vec![Sum::default(); places.inlined.len()];
    let mut own = vec![0_i64; places.lines.len()];
    let mut whole = Sum::default();
    if lines.is_empty() {
        return SourceCosts::default();
    }
    for (stack, weight) in selection.stacks() {
        let stack = stack as u32;
        let locations = profile.stacks.get(StackId(stack));
        for (depth, location) in locations.iter().enumerate() {
            let Some(place) = places.of(location.index()) else {
                continue;
            };
            whole.pass(stack, weight);
            for &line in &place.lines {
                lines[line as usize].pass(stack, weight);
            }
            for &row in &place.inlined {
                inlined[row as usize].pass(stack, weight);
            }
            if depth > 0 {
                continue;
            }
            whole.end(weight);
            let line = place.line as usize;
            lines[line].end(weight);
            match place.end {
                Some(row) => inlined[row as usize].end(weight),
                None => own[line] = own[line].wrapping_add(weight),
            }
        }
    }
    places.costs(&whole, &lines, &own, &inlined)
}

/// The cost of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileCost {
    /// Its path, a text of the nodes.
    pub file: NodeText,
    /// Value of the samples that end in it.
    pub flat: i64,
    /// Value of the samples with it anywhere in the stack, each once.
    pub cum: i64,
}

/// Costs of the files with a value, in no order that means anything; the nodes must be of a
/// granularity that keeps files. At files granularity pprof makes several rows of a file, by the
/// first lines of its functions: here it is one.
pub fn file_costs(profile: &Profile, nodes: &Nodes, selection: &Selection) -> Vec<FileCost> {
    let file_of = |node: &NodeId| nodes.info[node.index()].file;
    let mut sums = vec![Sum::default(); nodes.texts()];
    for (stack, weight) in selection.stacks() {
        let stack = stack as u32;
        for (depth, location) in profile.stacks.get(StackId(stack)).iter().enumerate() {
            let frames = nodes.frames(location.index());
            for node in frames {
                sums[file_of(node).0 as usize].pass(stack, weight);
            }
            if let Some(leaf) = frames.last().filter(|_| depth == 0) {
                sums[file_of(leaf).0 as usize].end(weight);
            }
        }
    }
    let files = (0..).map(NodeText).zip(sums);
    let known = files.filter(|(file, sum)| *file != NodeText(0) && !sum.is_zero());
    known
        .map(|(file, sum)| FileCost {
            file,
            flat: sum.flat,
            cum: sum.cum,
        })
        .collect()
}

/// Values of a row while they are summed up.
#[derive(Clone, Copy)]
struct Sum {
    flat: i64,
    cum: i64,
    /// The last stack that counted.
    stack: u32,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            flat: 0,
            cum: 0,
            stack: u32::MAX,
        }
    }
}

impl Sum {
    fn pass(&mut self, stack: u32, weight: i64) {
        if self.stack != stack {
            self.stack = stack;
            self.cum = self.cum.wrapping_add(weight);
        }
    }

    fn end(&mut self, weight: i64) {
        self.flat = self.flat.wrapping_add(weight);
    }

    fn is_zero(&self) -> bool {
        self.flat == 0 && self.cum == 0
    }
}

/// A location with a frame in the scope.
#[derive(Debug, Default)]
struct Place {
    /// Rows of its lines.
    lines: Vec<u32>,
    /// The line of its innermost frame in the scope.
    line: u32,
    /// Rows of what was inlined into its lines.
    inlined: Vec<u32>,
    /// The innermost of these, where it is the location's innermost frame.
    end: Option<u32>,
}

/// Which lines of the scope each location has.
#[derive(Default)]
struct Places {
    /// Number of each line, and its node.
    lines: Vec<(i64, NodeId)>,
    /// The line that something was inlined into, and what.
    inlined: Vec<(u32, NodeId)>,
    places: Vec<Place>,
    /// By location its row of `places`; `u32::MAX` for one outside the scope.
    place_of: Vec<u32>,
}

impl Places {
    fn new(profile: &Profile, nodes: &Nodes, scope: &[bool]) -> Self {
        let mut places = Self::default();
        let mut known_lines: HashMap<i64, u32> = HashMap::new();
        let mut known_inlined: HashMap<(u32, NodeId), u32> = HashMap::new();
        let is_in = |node: NodeId| scope.get(node.index()) == Some(&true);
        for location in 0..profile.locations.len() {
            let mut place: Option<Place> = None;
            for (node, row) in nodes.frame_lines(profile, location) {
                if is_in(node) {
                    let place = place.get_or_insert_default();
                    let number = profile.lines[row as usize].line;
                    let next = places.lines.len() as u32;
                    let line = *known_lines.entry(number).or_insert(next);
                    if line == next {
                        places.lines.push((number, node));
                    }
                    place.lines.push(line);
                    place.line = line;
                    place.end = None;
                } else if let Some(place) = &mut place {
                    let next = places.inlined.len() as u32;
                    let entry = known_inlined.entry((place.line, node));
                    let row = *entry.or_insert(next);
                    if row == next {
                        places.inlined.push((place.line, node));
                    }
                    place.inlined.push(row);
                    place.end = Some(row);
                }
            }
            places.place_of.push(match place {
                Some(_) => places.places.len() as u32,
                None => u32::MAX,
            });
            places.places.extend(place);
        }
        places
    }

    fn of(&self, location: usize) -> Option<&Place> {
        self.places.get(self.place_of[location] as usize)
    }

    /// The sums as an answer.
    fn costs(self, whole: &Sum, lines: &[Sum], own: &[i64], inlined: &[Sum]) -> SourceCosts {
        let mut below: Vec<Vec<InlinedCost>> = vec![Vec::new(); self.lines.len()];
        for (&(line, node), sum) in self.inlined.iter().zip(inlined) {
            if !sum.is_zero() {
                below[line as usize].push(InlinedCost {
                    node,
                    flat: sum.flat,
                    cum: sum.cum,
                });
            }
        }
        let mut costs = SourceCosts {
            flat: whole.flat,
            own: own.iter().fold(0, |sum, &value| sum.wrapping_add(value)),
            cum: whole.cum,
            lines: Vec::new(),
        };
        let rows = self.lines.into_iter().zip(lines).zip(own).zip(below);
        for ((((line, node), sum), &own), mut inlined) in rows {
            if sum.is_zero() && own == 0 && inlined.is_empty() {
                continue;
            }
            let weight = |cost: &InlinedCost| cost.cum.wrapping_abs();
            sort_by(&mut inlined, &|a, b| weight(b).cmp(&weight(a)));
            costs.lines.push(SourceLine {
                line,
                node,
                flat: sum.flat,
                own,
                cum: sum.cum,
                inlined,
            });
        }
        sort_by(&mut costs.lines, &|a, b| a.line.cmp(&b.line));
        costs
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::test_profile;
    use super::super::{Granularity, NodeOptions};
    use super::*;

    /// A line: number, flat, own, cum, and what was inlined there (name, flat, cum).
    type Line = (i64, i64, i64, i64, Vec<(String, i64, i64)>);

    fn costs(text: &str, granularity: Granularity, scope: &str) -> (SourceCosts, Vec<Line>) {
        let profile = test_profile(text);
        let options = NodeOptions {
            granularity,
            ..NodeOptions::default()
        };
        let nodes = Nodes::new(&profile, &options);
        let inside = (0..nodes.len() as u32).map(|n| {
            let name = nodes.printable(NodeId(n));
            name.starts_with(scope.as_bytes()) || name.ends_with(scope.as_bytes())
        });
        let inside: Vec<bool> = inside.collect();
        let costs = source_costs(&profile, &nodes, &Selection::all(&profile, 0), &inside);
        let name = |node| String::from_utf8_lossy(&nodes.printable(node)).into_owned();
        let inlined = |line: &SourceLine| {
            let rows = line.inlined.iter();
            rows.map(|c| (name(c.node), c.flat, c.cum)).collect()
        };
        let lines = costs.lines.iter();
        let lines = lines.map(|l| (l.line, l.flat, l.own, l.cum, inlined(l)));
        let lines = lines.collect();
        (costs, lines)
    }

    const INLINED: &str =
        "main.main@/m.go:3;main.f@/m.go:10~strings.Cut@/s.go:7~strings.Index@/s.go:90 5
         main.main@/m.go:3;main.f@/m.go:10~strings.Cut@/s.go:8 2
         main.main@/m.go:3;main.f@/m.go:10 1
         main.main@/m.go:3;main.f@/m.go:12;fmt.Sprint@/p.go:1 4";

    #[test]
    fn what_was_inlined_is_folded_into_the_line_and_listed_below_it() {
        let (costs, lines) = costs(INLINED, Granularity::Functions, "main.f");
        // Line 10: 5 + 2 of strings.Cut and what is in it, 1 of its own.
        let inlined = vec![
            ("strings.Cut".to_owned(), 2, 7),
            ("strings.Index".to_owned(), 5, 5),
        ];
        assert_eq!(lines, [(10, 8, 1, 8, inlined), (12, 0, 0, 4, vec![])]);
        assert_eq!((costs.flat, costs.own, costs.cum), (8, 1, 12));
        assert!(!costs.lines_overlap());
    }

    #[test]
    fn in_a_file_what_was_inlined_from_it_has_its_own_line() {
        let text = "main.f@/m.go:10~main.g@/m.go:20~strings.Cut@/s.go:7 5
             main.f@/m.go:10~main.g@/m.go:21 1";
        let (costs, lines) = costs(text, Granularity::FileFunctions, "/m.go");
        let cut = vec![("strings.Cut /s.go".to_owned(), 5, 5)];
        assert_eq!(
            lines,
            [
                (10, 0, 0, 6, vec![]),
                (20, 5, 0, 5, cut),
                (21, 1, 1, 1, vec![])
            ]
        );
        assert_eq!((costs.flat, costs.own, costs.cum), (6, 1, 6));
        // f's line 10 and g's lines are passed by the same samples.
        assert!(costs.lines_overlap());
    }

    #[test]
    fn recursion_counts_once_per_line_and_once_in_all() {
        let text = "main.f@/m.go:7;main.f@/m.go:7;main.f@/m.go:9 4
             main.f@/m.go:7 1";
        let (costs, lines) = costs(text, Granularity::Functions, "main.f");
        assert_eq!(lines, [(7, 1, 1, 5, vec![]), (9, 4, 4, 4, vec![])]);
        assert_eq!((costs.flat, costs.own, costs.cum), (5, 5, 5));
        // 5 + 4 is not 5: pprof -list prints 9.
        assert!(costs.lines_overlap());
    }

    #[test]
    fn a_file_is_one_whatever_its_functions_are() {
        let profile = test_profile(INLINED);
        let options = NodeOptions {
            granularity: Granularity::FileFunctions,
            ..NodeOptions::default()
        };
        let nodes = Nodes::new(&profile, &options);
        let costs = file_costs(&profile, &nodes, &Selection::all(&profile, 0));
        let costs = costs.iter().map(|c| (nodes.text(c.file), c.flat, c.cum));
        let mut costs: Vec<_> = costs.collect();
        costs.sort_unstable();
        // main.main and main.f are in every stack: 5 + 2 + 1 + 4, once each.
        assert_eq!(
            costs,
            [(&b"/m.go"[..], 1, 12), (b"/p.go", 4, 4), (b"/s.go", 7, 7)]
        );
    }

    #[test]
    fn a_scope_without_samples_is_empty() {
        let (costs, _) = costs(INLINED, Granularity::Functions, "main.nowhere");
        assert_eq!(costs, SourceCosts::default());
    }
}
