use super::super::testing::test_profile;
use super::super::{NodeId, NodeOptions, Nodes, Selection, SiblingOrder, Tree};
use super::*;
use crate::model::Profile;

struct Grown {
    profile: Profile,
    nodes: Nodes,
    tree: Tree,
}

impl Grown {
    /// The whole tree, or with `pivot` what begins at that function.
    fn new(text: &str, inverted: bool, pivot: Option<&str>) -> Self {
        let profile = test_profile(text);
        let nodes = Nodes::new(&profile, &NodeOptions::default());
        let selection = Selection::all(&profile, 0);
        let tree = match pivot {
            None => Tree::new(&profile, &nodes, &selection, inverted),
            Some(name) => {
                let is_it = |&node: &NodeId| nodes.printable_text(node) == name;
                let pivot = (0..nodes.len() as u32).map(NodeId).find(is_it).unwrap();
                Tree::from_pivot(&profile, &nodes, &selection, inverted, pivot)
            }
        };
        Self {
            profile,
            nodes,
            tree,
        }
    }

    fn view(&self, order: SiblingOrder) -> TreeView<'_> {
        self.tree.view(&self.profile, &self.nodes).ordered(order)
    }

    fn name(&self, at: NodeRef) -> String {
        let node = self.view(SiblingOrder::Weight).frame(at);
        node.map_or_else(|| "all".to_owned(), |n| self.nodes.printable_text(n))
    }

    /// All boxes, parents first, as `path left width`.
    fn places(&self, order: SiblingOrder) -> Vec<String> {
        let view = self.view(order);
        let mut all = vec![("all".to_owned(), NodeRef::ROOT)];
        let mut next = 0;
        while next < all.len() {
            let (path, at) = all[next].clone();
            for child in view.children(at) {
                all.push((format!("{path}/{}", self.name(child)), child));
            }
            next += 1;
        }
        all.iter()
            .map(|(path, at)| {
                let (left, width) = view.extent(*at);
                format!("{path} {left} {width}")
            })
            .collect()
    }
}

// r: d 1, a 2, c 4 (x 1, b 3), e 3; 10 in all.
const TEXT: &str = "r;d 1\nr;a 2\nr;c;x 1\nr;c;b 3\nr;e 3";

#[test]
fn names_decide_where_boxes_are_and_weights_how_wide() {
    let grown = Grown::new(TEXT, false, None);
    // By name a 0..2, c 2..6, d 6..7, e 7..10; inside c, b 2..5 and x 5..6.
    let mut places = grown.places(SiblingOrder::Name);
    places.sort();
    let expected = [
        "all 0 10",
        "all/r 0 10",
        "all/r/a 0 2",
        "all/r/c 2 4",
        "all/r/c/b 2 3",
        "all/r/c/x 5 1",
        "all/r/d 6 1",
        "all/r/e 7 3",
    ];
    assert_eq!(places, expected);
    // The same tree by weight: c 0..4, e 4..7, a 7..9, d 9..10.
    let places = grown.places(SiblingOrder::Weight);
    assert!(places.contains(&"all/r/e 4 3".to_owned()), "{places:?}");
    assert!(places.contains(&"all/r/d 9 1".to_owned()), "{places:?}");
}

#[test]
fn a_deep_box_is_found_before_its_ancestors_were_shown_by_name() {
    let grown = Grown::new(TEXT, false, None);
    let by_weight = grown.view(SiblingOrder::Weight);
    // The third stack is r;c;x: its box at depth 3.
    let at = by_weight.find("2+3").unwrap();
    assert_eq!(grown.view(SiblingOrder::Name).extent(at), (5, 1));
}

#[test]
fn neighbours_are_those_of_the_order() {
    let grown = Grown::new(TEXT, false, None);
    let names = |order, id: &str| {
        let view = grown.view(order);
        let (before, after) = view.beside(view.find(id).unwrap());
        [before, after].map(|at| at.map_or_else(String::new, |at| grown.name(at)))
    };
    // c is r's heaviest, the third stack its lowest.
    assert_eq!(names(SiblingOrder::Weight, "2+2"), ["", "e"]);
    assert_eq!(names(SiblingOrder::Name, "2+2"), ["a", "d"]);
    // e is the last by name.
    assert_eq!(names(SiblingOrder::Name, "4+2"), ["d", ""]);
    assert_eq!(names(SiblingOrder::Name, "0"), ["", ""]);
}

#[test]
fn a_pruned_tree_is_put_in_order_again() {
    let grown = Grown::new(TEXT, false, None);
    let before = grown.places(SiblingOrder::Name);
    let selection = Selection::all(&grown.profile, 0);
    grown
        .tree
        .prune(&grown.profile, &grown.nodes, &selection, 1);
    assert_eq!(grown.places(SiblingOrder::Name), before);
}

// f calls itself through g once; h calls f, too, and m alone is without it.
const CALLS: &str = "m;f;g;f;x 5\nm;h;f;y 3\nm 2\nm;f 1";

#[test]
fn callees_of_a_function_begin_at_its_outermost_call() {
    let grown = Grown::new(CALLS, false, Some("f"));
    // 5 + 3 + 1 have f. The inner f is below the outer one, and counted once.
    let expected = [
        "all 0 9",
        "all/f 0 9",
        "all/f/g 0 5",
        "all/f/y 5 3",
        "all/f/g/f 0 5",
        "all/f/g/f/x 0 5",
    ];
    assert_eq!(grown.places(SiblingOrder::Weight), expected);
    // The longest is f;g;f;x, under the root.
    assert_eq!(grown.view(SiblingOrder::Weight).rows(), 5);
    assert_eq!(grown.view(SiblingOrder::Weight).stack_count(), 3);
}

#[test]
fn callers_of_a_function_are_those_of_its_outermost_call() {
    let grown = Grown::new(CALLS, true, Some("f"));
    // m calls it directly with 5 + 1, and through h with 3; g calls only the inner one.
    let expected = [
        "all 0 9",
        "all/f 0 9",
        "all/f/m 0 6",
        "all/f/h 6 3",
        "all/f/h/m 6 3",
    ];
    assert_eq!(grown.places(SiblingOrder::Weight), expected);
    assert_eq!(grown.view(SiblingOrder::Weight).rows(), 4);
}

#[test]
fn ids_hold_in_trees_that_begin_inside_locations() {
    // The tilde makes f an inlined call of m's location.
    for (inverted, text) in [
        (false, "m~f~g;x 4\nm~f;y 3"),
        (true, "r;m~f;x 4\nr;m~f~g 3"),
    ] {
        let grown = Grown::new(text, inverted, Some("f"));
        let places = grown.places(SiblingOrder::Weight);
        assert_eq!(places[..2], ["all 0 7", "all/f 0 7"]);
        let view = grown.view(SiblingOrder::Weight);
        let mut open = vec![NodeRef::ROOT];
        let mut count = 0;
        while let Some(at) = open.pop() {
            assert_eq!(view.find(&view.id(at)), Some(at));
            open.extend(view.children(at));
            count += 1;
        }
        assert_eq!(count, places.len());
        // all, f, g, x, y; and all, f, m, r.
        assert_eq!(count, if inverted { 4 } else { 5 });
    }
}
