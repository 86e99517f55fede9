use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::testing::test_profile;
use super::super::{NodeOptions, Nodes, Selection};
use super::*;

/// The tree as a person would write it down: names from the root on, with their sums.
type Naive = BTreeMap<Vec<String>, (i64, u64)>;

/// Stacks as frames from the root on, with a weight: the oracle of everything below.
fn naive(stacks: &[(Vec<&str>, i64)], inverted: bool) -> Naive {
    let mut sums = Naive::new();
    for (frames, weight) in stacks {
        let mut frames: Vec<String> = frames.iter().map(|&f| f.to_owned()).collect();
        if inverted {
            frames.reverse();
        }
        for depth in 0..=frames.len() {
            let sum = sums.entry(frames[..depth].to_vec()).or_default();
            sum.0 += weight;
            sum.1 += weight.unsigned_abs();
        }
    }
    sums
}

struct Grown {
    profile: Profile,
    nodes: Nodes,
    tree: Tree,
}

impl Grown {
    fn new(text: &str, inverted: bool) -> Self {
        let profile = test_profile(text);
        let nodes = Nodes::new(&profile, &NodeOptions::default());
        let selection = Selection::all(&profile, 0);
        let tree = Tree::new(&profile, &nodes, &selection, inverted);
        Self {
            profile,
            nodes,
            tree,
        }
    }

    fn view(&self) -> TreeView<'_> {
        self.tree.view(&self.profile, &self.nodes)
    }

    fn name(&self, at: NodeRef) -> String {
        let node = self.view().frame(at).unwrap();
        self.nodes.printable_text(node)
    }

    /// All boxes with the names that lead to them, parents before children.
    fn boxes(&self) -> Vec<(Vec<String>, NodeRef)> {
        let mut all = vec![(Vec::new(), NodeRef::ROOT)];
        let mut next = 0;
        while next < all.len() {
            let (path, at) = all[next].clone();
            for child in self.view().children(at) {
                let mut path = path.clone();
                path.push(self.name(child));
                all.push((path, child));
            }
            next += 1;
        }
        all
    }
}

fn stacks() -> impl Strategy<Value = Vec<(Vec<&'static str>, i64)>> {
    let frame = prop::sample::select(vec!["a", "b", "c"]);
    let stack = prop::collection::vec(frame, 0..6);
    prop::collection::vec((stack, -3_i64..9), 1..12)
}

/// As the text of a profile; every other pair of frames is one location with an inlined call.
fn text_of(stacks: &[(Vec<&str>, i64)]) -> String {
    let mut text = String::new();
    for (i, (frames, weight)) in stacks.iter().enumerate() {
        let separator = if i % 2 == 0 { ";" } else { "~" };
        let line = if frames.is_empty() {
            "-".to_owned()
        } else {
            frames.join(separator)
        };
        text.push_str(&format!("{line} {weight}\n"));
    }
    text
}

proptest! {
    #[test]
    fn the_tree_is_what_a_map_of_prefixes_says(stacks in stacks(), inverted: bool) {
        // Stacks that cancel or weigh nothing are another matter: see `Selection`.
        let stacks: Vec<_> = stacks.into_iter().filter(|(_, w)| *w > 0).collect();
        let grown = Grown::new(&text_of(&stacks), inverted);
        let boxes = grown.boxes();
        let mut expected = naive(&stacks, inverted);
        expected.entry(Vec::new()).or_default();
        prop_assert_eq!(boxes.len(), expected.len());
        for (path, at) in boxes {
            let (value, width) = expected[&path];
            prop_assert_eq!(grown.view().cum(at), value);
            prop_assert_eq!(grown.view().extent(at).1, width);
            prop_assert_eq!(grown.view().depth(at) as usize, path.len());
        }
        let deepest = stacks.iter().map(|(frames, _)| frames.len()).max().unwrap_or(0);
        prop_assert_eq!(grown.view().rows() as usize, deepest + 1);
    }

    #[test]
    fn an_id_finds_its_box_in_a_tree_grown_otherwise(stacks in stacks(), inverted: bool) {
        let text = text_of(&stacks);
        let whole = Grown::new(&text, inverted);
        for (path, at) in whole.boxes() {
            let id = whole.view().id(at);
            let fresh = Grown::new(&text, inverted);
            let found = fresh.view().find(&id);
            prop_assert!(found.is_some(), "{} of {:?}", id, path);
            let found = found.unwrap();
            prop_assert_eq!(fresh.view().id(found), id);
            prop_assert_eq!(fresh.view().cum(found), whole.view().cum(at));
            prop_assert_eq!(fresh.view().frame(found), whole.view().frame(at));
            prop_assert_eq!(fresh.view().extent(found), whole.view().extent(at));
        }
    }

    #[test]
    fn the_widest_place_is_the_widest_of_all(stacks in stacks(), inverted: bool) {
        let text = text_of(&stacks);
        let whole = Grown::new(&text, inverted);
        for name in ["a", "b", "c"] {
            let named = whole.boxes().into_iter().filter(|(path, _)| path.last().is_some_and(|n| n == name));
            let place = |grown: &Grown, at| (grown.view().extent(at).1, Reverse(grown.view().depth(at)));
            let best = named.map(|(_, at)| place(&whole, at)).max();
            let fresh = Grown::new(&text, inverted);
            let node = (0..fresh.nodes.len() as u32).map(NodeId).find(|&n| fresh.nodes.printable_text(n) == name);
            let found = node.and_then(|node| fresh.view().widest(node));
            prop_assert_eq!(found.map(|at| place(&fresh, at)), best);
            if let Some(at) = found {
                prop_assert_eq!(fresh.name(at), name);
            }
        }
    }
}

#[test]
fn siblings_stand_heaviest_first_then_by_name() {
    let grown = Grown::new("r;b 2\nr;c 5\nr;a 2\nr;a;x 1\nr;d 2", false);
    let view = grown.view();
    let root = view.children(NodeRef::ROOT).next().unwrap();
    let names: Vec<String> = view.children(root).map(|at| grown.name(at)).collect();
    // c 5, a 2 + 1, then b and d with 2 each.
    assert_eq!(names, ["c", "a", "b", "d"]);
}

#[test]
fn ids_of_another_tree_find_nothing() {
    let grown = Grown::new("r;a 2\nr;b 5", false);
    let view = grown.view();
    for id in [
        "",
        "1",
        "0+9",
        "7+1",
        "x+1",
        "0+",
        "-1+1",
        "0+4294967295",
        "1+1",
    ] {
        // Stack 1 goes through r too, but r is known by its lowest stack, 0.
        assert_eq!(view.find(id), None, "{id}");
    }
    assert_eq!(view.find("0"), Some(NodeRef::ROOT));
    assert_eq!(grown.name(view.find("0+1").unwrap()), "r");
    assert_eq!(grown.name(view.find("1+2").unwrap()), "b");
}

#[test]
fn a_pruned_tree_is_grown_again() {
    let grown = Grown::new("r;a 2\nr;b 5", false);
    let selection = Selection::all(&grown.profile, 0);
    let before: Vec<String> = grown
        .boxes()
        .iter()
        .map(|(_, at)| grown.view().id(*at))
        .collect();
    grown
        .tree
        .prune(&grown.profile, &grown.nodes, &selection, 1);
    assert_eq!(grown.tree.grown.borrow().nodes.len(), 1);
    let after: Vec<String> = grown
        .boxes()
        .iter()
        .map(|(_, at)| grown.view().id(*at))
        .collect();
    assert_eq!(before, after);
}
