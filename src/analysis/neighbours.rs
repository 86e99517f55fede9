//! Callers and callees of one node, by the rules of pprof's `-peek`.

use std::cmp::Reverse;

use super::{NodeId, Nodes, Selection, compare_names};
use crate::model::Profile;
use crate::sort::sort_by;

/// A caller or callee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Who.
    pub node: NodeId,
    /// Σ value of the samples with this call; several times in one stack counts once.
    pub weight: i64,
    /// Every contribution was a step into an inlined frame.
    pub inline: bool,
}

/// One node with all its neighbours, nothing trimmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Own value.
    pub flat: i64,
    /// Value with callees; recursion counts once per sample.
    pub cum: i64,
    /// |weight| descending, ties by printable name.
    pub callers: Vec<Neighbour>,
    /// |weight| descending, ties by printable name.
    pub callees: Vec<Neighbour>,
}

/// Collects the neighbours of `node` in one pass over the stacks that contain it. A node that
/// calls itself is not its own neighbour. Everything is empty for a node that no selected stack
/// contains.
pub fn neighbours(
    profile: &Profile,
    nodes: &Nodes,
    selection: &Selection,
    node: NodeId,
) -> Neighbours {
    let holds: Vec<bool> = (0..profile.locations.len())
        .map(|l| nodes.frames(l).contains(&node))
        .collect();
    let (mut callers, mut callees) = (Side::new(nodes.len()), Side::new(nodes.len()));
    let mut found = Neighbours::default();
    for (stack, weight) in selection.stacks() {
        let (start, end) = profile.stacks.ranges[stack];
        let locations = &profile.stacks.frames[start as usize..end as usize];
        if !locations.iter().any(|l| holds[l.index()]) {
            continue;
        }
        found.cum = found.cum.wrapping_add(weight);
        let mut parent: Option<NodeId> = None;
        for location in locations.iter().rev() {
            for (depth, &frame) in nodes.frames(location.index()).iter().enumerate() {
                let step = Step {
                    stack: stack as u32,
                    weight,
                    inline: depth > 0,
                };
                match parent {
                    Some(caller) if caller != frame && frame == node => callers.add(caller, &step),
                    Some(caller) if caller != frame && caller == node => callees.add(frame, &step),
                    _ => {}
                }
                parent = Some(frame);
            }
        }
        if parent == Some(node) {
            found.flat = found.flat.wrapping_add(weight);
        }
    }
    found.callers = callers.sorted(nodes);
    found.callees = callees.sorted(nodes);
    found
}

struct Step {
    stack: u32,
    weight: i64,
    inline: bool,
}

/// The edges on one side of the node, by the node at their other end.
struct Side {
    rows: Vec<Neighbour>,
    /// Row of a node; `u32::MAX` for none.
    row_of: Vec<u32>,
    /// Last stack that counted for a row.
    stamps: Vec<u32>,
}

impl Side {
    fn new(nodes: usize) -> Self {
        Self {
            rows: Vec::new(),
            row_of: vec![u32::MAX; nodes],
            stamps: Vec::new(),
        }
    }

    fn add(&mut self, node: NodeId, step: &Step) {
        let row = &mut self.row_of[node.index()];
        if *row == u32::MAX {
            *row = self.rows.len() as u32;
            self.rows.push(Neighbour {
                node,
                weight: 0,
                inline: true,
            });
            self.stamps.push(u32::MAX);
        }
        let at = *row as usize;
        // Only the first of several equal calls in a stack counts, for the inline mark too.
        if self.stamps[at] == step.stack {
            return;
        }
        self.stamps[at] = step.stack;
        self.rows[at].weight = self.rows[at].weight.wrapping_add(step.weight);
        self.rows[at].inline &= step.inline;
    }

    fn sorted(mut self, nodes: &Nodes) -> Vec<Neighbour> {
        sort_by(&mut self.rows, &|a, b| {
            Reverse(a.weight.wrapping_abs())
                .cmp(&Reverse(b.weight.wrapping_abs()))
                .then_with(|| compare_names(nodes, a.node, b.node))
                .then_with(|| a.node.cmp(&b.node))
        });
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::test_profile;
    use super::super::{Granularity, NodeOptions};
    use super::*;

    type Rows = Vec<(String, i64, bool)>;

    fn of(text: &str, name: &str) -> (i64, i64, Rows, Rows) {
        let profile = test_profile(text);
        let nodes = Nodes::new(&profile, &NodeOptions::default());
        let wanted = (0..nodes.len() as u32).map(NodeId);
        let node = wanted
            .into_iter()
            .find(|&n| nodes.printable(n) == name.as_bytes())
            .unwrap();
        let found = neighbours(&profile, &nodes, &Selection::all(&profile, 0), node);
        let rows = |side: &[Neighbour]| {
            side.iter()
                .map(|n| (nodes.printable_text(n.node), n.weight, n.inline))
                .collect()
        };
        (
            found.flat,
            found.cum,
            rows(&found.callers),
            rows(&found.callees),
        )
    }

    fn rows(of: &[(&str, i64, bool)]) -> Rows {
        of.iter()
            .map(|&(name, weight, inline)| (name.to_owned(), weight, inline))
            .collect()
    }

    #[test]
    fn callers_and_callees_with_their_weights() {
        let (flat, cum, callers, callees) = of(
            "main.a;main.x;main.p 3\nmain.b;main.x 4\nmain.a;main.x;main.q 3\nmain.z 9",
            "main.x",
        );
        assert_eq!((flat, cum), (4, 10));
        assert_eq!(callers, rows(&[("main.a", 6, false), ("main.b", 4, false)]));
        // Equal weights stand in order of their names.
        assert_eq!(callees, rows(&[("main.p", 3, false), ("main.q", 3, false)]));
    }

    #[test]
    fn an_edge_counts_once_per_sample_and_never_to_itself() {
        let (flat, cum, callers, callees) = of(
            "main.a;main.x;main.x;main.y;main.a;main.x;main.y 5",
            "main.x",
        );
        assert_eq!((flat, cum), (0, 5));
        assert_eq!(callers, rows(&[("main.a", 5, false)]));
        assert_eq!(callees, rows(&[("main.y", 5, false)]));
    }

    #[test]
    fn inline_holds_only_while_every_contribution_is() {
        let always = of("main.a~main.x 1\nmain.a~main.x;main.y 1", "main.x");
        assert_eq!(always.2, rows(&[("main.a", 2, true)]));
        assert_eq!(always.3, rows(&[("main.y", 1, false)]));
        let mixed = of("main.a~main.x 1\nmain.a;main.x 1", "main.x");
        assert_eq!(mixed.2, rows(&[("main.a", 2, false)]));
    }

    #[test]
    fn negative_weights_sort_by_magnitude() {
        let (_, cum, callers, _) = of("main.a;main.x -7\nmain.b;main.x 3", "main.x");
        assert_eq!(cum, -4);
        assert_eq!(
            callers,
            rows(&[("main.a", -7, false), ("main.b", 3, false)])
        );
    }

    #[test]
    fn packages_are_nodes_too() {
        let profile = test_profile("main.main;fmt.Sprint;fmt.write;os.Write 2");
        let options = NodeOptions {
            granularity: Granularity::Packages,
            ..NodeOptions::default()
        };
        let nodes = Nodes::new(&profile, &options);
        let fmt = (0..nodes.len() as u32)
            .map(NodeId)
            .find(|&n| nodes.printable(n) == b"fmt");
        let found = neighbours(&profile, &nodes, &Selection::all(&profile, 0), fmt.unwrap());
        assert_eq!(
            (found.callers.len(), found.callees.len(), found.cum),
            (1, 1, 2)
        );
    }
}
