//! What each source line of one function costs.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::paths::source_path;
use super::{NodeId, Nodes, Selection};
use crate::model::Profile;
use crate::sort::sort_by;

/// The cost of one source line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineCost {
    /// Cleaned path of the source file; may be empty.
    pub file: String,
    /// Line number; 0 when unknown.
    pub line: i64,
    /// Value of the samples that end on the line.
    pub flat: i64,
    /// Value of the samples with the line anywhere in the stack; recursion counts once.
    pub cum: i64,
}

/// Costs of all lines that belong to `node`, |cum| descending, ties by file and line. A node of a
/// coarser granularity has the lines of all its functions; one without functions has none.
///
/// With inlined frames folded away only the outermost line of a location counts, as for nodes.
pub fn line_costs(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    node: NodeId,
) -> Vec<LineCost> {
    let places = Places::new(profile, nodes, node);
    let mut rows = vec![(0_i64, 0_i64); places.lines.len()];
    let mut stamps = vec![u32::MAX; places.lines.len()];
    if rows.is_empty() {
        return Vec::new();
    }
    for (stack, weight) in selection.stacks() {
        let (start, end) = profile.stacks.ranges[stack];
        let locations = &profile.stacks.frames[start as usize..end as usize];
        for (depth, location) in locations.iter().enumerate() {
            for &(line, is_innermost) in places.of(location.index()) {
                let row = &mut rows[line as usize];
                if depth == 0 && is_innermost {
                    row.0 = row.0.wrapping_add(weight);
                }
                if stamps[line as usize] != stack as u32 {
                    stamps[line as usize] = stack as u32;
                    row.1 = row.1.wrapping_add(weight);
                }
            }
        }
    }
    let mut costs: Vec<LineCost> = places
        .lines
        .into_iter()
        .zip(rows)
        .filter(|(_, (flat, cum))| *flat != 0 || *cum != 0)
        .map(|((file, line), (flat, cum))| LineCost {
            file: String::from_utf8_lossy(&file).into_owned(),
            line,
            flat,
            cum,
        })
        .collect();
    sort_by(&mut costs, &|a, b| {
        (
            Reverse(a.cum.wrapping_abs()),
            Reverse(a.flat.wrapping_abs()),
            &a.file,
            a.line,
        )
            .cmp(&(
                Reverse(b.cum.wrapping_abs()),
                Reverse(b.flat.wrapping_abs()),
                &b.file,
                b.line,
            ))
    });
    costs
}

/// Which lines of the node each location has.
struct Places {
    /// File and line number.
    lines: Vec<(Vec<u8>, i64)>,
    /// Rows of `lines` by location, and whether it is the location's innermost frame.
    entries: Vec<(u32, bool)>,
    ends: Vec<u32>,
}

impl Places {
    fn new(profile: &Profile, nodes: &Nodes, node: NodeId) -> Self {
        let mut places = Self {
            lines: Vec::new(),
            entries: Vec::new(),
            ends: Vec::new(),
        };
        let mut known: HashMap<(Vec<u8>, i64), u32> = HashMap::new();
        for row in 0..profile.locations.len() {
            let frames = nodes.frame_lines(profile, row).enumerate();
            for (depth, (_, line)) in frames.filter(|&(_, (frame, _))| frame == node) {
                let line = profile.lines[line as usize];
                let file = profile.functions[line.function.index()].filename;
                let place = (source_path(profile.strings.bytes(file)), line.line);
                let next = places.lines.len() as u32;
                let id = *known.entry(place.clone()).or_insert(next);
                if id == next {
                    places.lines.push(place);
                }
                let is_innermost = depth + 1 == nodes.frames(row).len();
                places.entries.push((id, is_innermost));
            }
            places.ends.push(places.entries.len() as u32);
        }
        places
    }

    fn of(&self, location: usize) -> &[(u32, bool)] {
        let start = if location == 0 {
            0
        } else {
            self.ends[location - 1]
        };
        &self.entries[start as usize..self.ends[location] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::super::NodeOptions;
    use super::super::testing::test_profile;
    use super::*;

    fn of(text: &str, name: &str, noinlines: bool) -> Vec<(String, i64, i64, i64)> {
        let profile = test_profile(text);
        let nodes = Nodes::new(
            &profile,
            &NodeOptions {
                noinlines,
                ..NodeOptions::default()
            },
        );
        let node = (0..nodes.len() as u32)
            .map(NodeId)
            .find(|&n| nodes.printable(n) == name.as_bytes());
        let costs = line_costs(
            &profile,
            &nodes,
            &Selection::all(&profile, 0),
            node.unwrap(),
        );
        costs
            .into_iter()
            .map(|c| (c.file, c.line, c.flat, c.cum))
            .collect()
    }

    #[test]
    fn lines_have_flat_and_cum() {
        let costs = of(
            "main.main@/s/m.go:3;main.f@/s/m.go:10 2
             main.main@/s/m.go:3;main.f@/s/m.go:12;fmt.Sprint@/go/fmt/p.go:1 5
             main.main@/s/m.go:4;main.f@/s/./m.go:10;fmt.Sprint@/go/fmt/p.go:2 1",
            "main.f",
            false,
        );
        // Line 10: flat 2, cum 2 + 1; its path is cleaned, so both spellings are one line.
        assert_eq!(
            costs,
            [("/s/m.go".into(), 12, 0, 5), ("/s/m.go".into(), 10, 2, 3)]
        );
    }

    #[test]
    fn recursion_counts_once_per_sample_and_line() {
        let costs = of(
            "main.f@/s/m.go:7;main.f@/s/m.go:7;main.f@/s/m.go:9;main.f@/s/m.go:7 4",
            "main.f",
            false,
        );
        assert_eq!(
            costs,
            [("/s/m.go".into(), 7, 4, 4), ("/s/m.go".into(), 9, 0, 4)]
        );
    }

    #[test]
    fn inlined_frames_have_lines_of_their_own() {
        let text = "main.main@/s/m.go:3~main.f@/s/f.go:8 6";
        assert_eq!(of(text, "main.f", false), [("/s/f.go".into(), 8, 6, 6)]);
        // main.main is not the innermost frame: no own cost.
        assert_eq!(of(text, "main.main", false), [("/s/m.go".into(), 3, 0, 6)]);
        // Folded away, the caller's line is all there is.
        assert_eq!(of(text, "main.main", true), [("/s/m.go".into(), 3, 6, 6)]);
    }

    #[test]
    fn a_node_without_functions_has_no_lines() {
        assert!(of("[libc.so] 3", "[libc.so]", false).is_empty());
    }
}
