use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::testing::test_profile;
use super::super::{NodeOptions, Nodes, Selection};
use super::*;

/// What pprof's newGraph does, word for word: for every sample, root first, an edge from the last
/// kept frame to each kept one unless they are the same or the sample has had it; residual when
/// frames that are not kept lie between.
fn naive(profile: &Profile, nodes: &Nodes, selection: &Selection, kept: &[bool]) -> Edges {
    let mut edges = Edges::new();
    for (stack, weight) in selection.stacks() {
        let mut seen = BTreeSet::new();
        let (mut parent, mut residual) = (None, false);
        for location in profile.stacks.get(StackId(stack as u32)).iter().rev() {
            for (depth, &node) in nodes.frames(location.index()).iter().enumerate() {
                if !kept[node.index()] {
                    residual = true;
                    continue;
                }
                if let Some(src) = parent
                    && src != node
                    && seen.insert((src, node))
                {
                    let edge = edges.entry((src, node)).or_insert((0, false, true));
                    edge.0 += weight;
                    edge.1 |= residual;
                    edge.2 &= depth > 0;
                }
                parent = Some(node);
                residual = false;
            }
        }
    }
    edges
}

type Edges = BTreeMap<(NodeId, NodeId), (i64, bool, bool)>;

fn compare(text: &str, mask: u32) {
    let profile = test_profile(text);
    let nodes = Nodes::new(&profile, &NodeOptions::default());
    let selection = Selection::all(&profile, 0);
    let kept: Vec<bool> = (0..nodes.len())
        .map(|i| mask >> (i % 32) & 1 == 1)
        .collect();
    for into in [
        None,
        Some(kept.iter().map(|k| !k).collect::<Vec<_>>()),
        Some(kept.clone()),
    ] {
        let filter = EdgeFilter {
            kept: Some(&kept),
            into: into.as_deref(),
            or_out_of: false,
        };
        let found: Edges = edges(&profile, &nodes, &selection, filter)
            .iter()
            .map(|e| ((e.src, e.dst), (e.weight, e.residual, e.inline)))
            .collect();
        let mut expected = naive(&profile, &nodes, &selection, &kept);
        expected.retain(|(_, dst), _| into.as_ref().is_none_or(|into| into[dst.index()]));
        assert_eq!(found, expected, "{text} {mask:b}");
    }
}

proptest! {
    #[test]
    fn edges_are_those_of_the_rule(
        stacks in prop::collection::vec(
            prop::collection::vec((prop::sample::select(vec!["a", "b", "c", "d"]), any::<bool>()), 1..12),
            1..6,
        ),
        mask in any::<u32>(),
    ) {
        let mut text = String::new();
        for (i, stack) in stacks.iter().enumerate() {
            for (at, (name, is_inlined)) in stack.iter().enumerate() {
                text.push_str(match (at, is_inlined) {
                    (0, _) => "",
                    (_, true) => "~",
                    (_, false) => ";",
                });
                text.push_str(name);
            }
            text.push_str(&format!(" {}\n", i + 1));
        }
        compare(&text, mask);
    }
}

#[test]
fn stacks_longer_than_a_block_with_any_mix_of_lines() {
    for (long, short) in [(5, 1), (7, 2), (300, 1), (1, 1)] {
        for depth in [100, 255, 1023, 1024, 1025, 1500] {
            // Names repeat, so that edges do; every third location is short.
            let location = |i: usize| {
                let lines = if i.is_multiple_of(3) { short } else { long };
                let names: Vec<String> = (0..lines).map(|l| format!("f{}", (i + l) % 7)).collect();
                names.join("~")
            };
            let stack: Vec<String> = (0..depth / long.min(depth) + 200).map(location).collect();
            compare(&format!("{} 1", stack.join(";")), u32::MAX);
            compare(&format!("{} 1", stack.join(";")), 0b101);
        }
    }
}
