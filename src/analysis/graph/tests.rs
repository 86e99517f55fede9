use super::super::testing::{test_profile, test_profile_of};
use super::*;
use crate::analysis::NodeOptions;

struct Made {
    nodes: Nodes,
    graph: Graph,
}

fn made(profile: Profile, options: &GraphOptions<'_>) -> Made {
    let nodes = Nodes::new(&profile, &NodeOptions::default());
    let selection = Selection::all(&profile, 0);
    let units = LabelUnits::new(&profile);
    let graph = graph(&profile, &nodes, &selection, &units, options).expect("it is small");
    Made { nodes, graph }
}

impl Made {
    fn name(&self, node: u32) -> String {
        self.nodes.printable_text(self.graph.node(node).node)
    }

    fn order(&self) -> Vec<String> {
        self.graph.order.iter().map(|&n| self.name(n)).collect()
    }

    /// `src-dst weight`, with `~` for an inlined call and `..` for one over dropped frames.
    fn calls(&self) -> Vec<String> {
        let call = |edge: &GraphEdge| {
            let arrow = match (edge.residual, edge.inline) {
                (false, false) => "-",
                (false, true) => "~",
                (true, false) => "..",
                (true, true) => "..~",
            };
            let (src, dst) = (self.name(edge.src), self.name(edge.dst));
            format!("{src}{arrow}{dst} {}", edge.weight)
        };
        let mut calls: Vec<String> = self.graph.edges.iter().map(call).collect();
        calls.sort();
        calls
    }
}

const VISUAL: GraphOptions<'static> = GraphOptions {
    cum: false,
    visual: true,
    call_tree: false,
    drop_negative: false,
    node_count: 0,
    node_fraction: 0.0,
    edge_fraction: 0.0,
    tag_unit: "minimum",
    size_key: None,
    around: None,
};

#[test]
fn pictures_prefer_nodes_in_which_calls_meet() {
    // Of 8: root is an entry (1) whose calls out weigh 4 and 4 (1 bit), so 2 · 8 = 16.
    // mid: one call in (0), one out (0): 0. other: the same. leaf: calls in of 4 and 4 (1 bit),
    // no calls out (1), 2 · 8 = 16, and 8 flat: 24.
    let profile = test_profile("root;mid;leaf 4\nroot;other;leaf 4");
    let made = made(profile, &VISUAL);
    let scores: Vec<(String, i64)> = made
        .graph
        .order
        .iter()
        .map(|&n| (made.name(n), score::entropy(&made.graph, n)))
        .collect();
    let expected = [("leaf", 24), ("root", 16), ("mid", 0), ("other", 0)];
    assert_eq!(
        scores,
        expected.map(|(name, score)| (name.to_owned(), score))
    );
}

#[test]
fn own_values_are_part_of_the_entropy_of_calls_out() {
    // f: own value 2, one call out of 6: shares 1/4 and 3/4, entropy 0.5 + 0.3113 = 0.8113;
    // entry: 1. (1.8113 · 8) = 14.49, cut to 14, and 2 flat: 16.
    let profile = test_profile("f 2\nf;g 6");
    let made = made(profile, &VISUAL);
    assert_eq!(score::entropy(&made.graph, 0), 16);
}

#[test]
fn calls_over_dropped_frames_vanish_where_another_path_connects() {
    // b is dropped (cum 2 of 10 is below 0.3 · 10 = 3). a..c (2) skips it; a also reaches c by d,
    // so that a picture does without.
    let text = "a;b;c 2\na;d;c 8";
    let trimmed = GraphOptions {
        node_fraction: 0.3,
        ..VISUAL
    };
    let picture = made(test_profile(text), &trimmed);
    assert_eq!(picture.calls(), ["a-d 8", "d-c 8"]);
    assert_eq!(picture.graph.dropped_nodes, 1);
    let table = GraphOptions {
        visual: false,
        ..trimmed
    };
    assert_eq!(
        made(test_profile(text), &table).calls(),
        ["a-d 8", "a..c 2", "d-c 8"]
    );
    // Without d there is no other path.
    let only = made(test_profile("a;b;c 2\na;c2 8\na;c 3"), &trimmed);
    assert_eq!(only.calls(), ["a-c2 8", "a..c 5"]);
}

#[test]
fn light_calls_are_dropped_and_counted() {
    // Cutoff of calls: 0.25 · 10 = 2.
    let options = GraphOptions {
        edge_fraction: 0.25,
        ..VISUAL
    };
    let made = made(test_profile("a;b 1\na;c 2\na 7"), &options);
    assert_eq!(made.calls(), ["a-c 2"]);
    assert_eq!(made.graph.dropped_edges, 1);
}

#[test]
fn trees_have_a_node_per_path_and_close_gaps() {
    let text = "main;a~x;y 4\nmain;b~x;y 5\nmain;y 1";
    let options = GraphOptions {
        call_tree: true,
        ..VISUAL
    };
    let whole = made(test_profile(text), &options);
    assert_eq!(
        whole.calls(),
        [
            "a~x 4", "b~x 5", "main-a 4", "main-b 5", "main-y 1", "x-y 4", "x-y 5"
        ]
    );
    // Cutoff: 0.45 · 10 = 4 (cut): y below main goes. With 0.5 also a, its x and that one's y.
    let trimmed = GraphOptions {
        node_fraction: 0.5,
        ..options
    };
    let trimmed = made(test_profile(text), &trimmed);
    assert_eq!(trimmed.calls(), ["b~x 5", "main-b 5", "x-y 5"]);
    assert_eq!(
        (trimmed.graph.dropped_nodes, trimmed.graph.order.len()),
        (4, 4)
    );
}

#[test]
fn trees_connect_children_of_dropped_nodes_with_what_is_above() {
    // Sorted: main 1 · 9 (entry, 0 bits out) = 9; a: 0; b: leaf 1 · 9 + 9 = 18. Two of them stay.
    let options = GraphOptions {
        call_tree: true,
        node_count: 2,
        ..VISUAL
    };
    let made = made(test_profile("main;a;b 9"), &options);
    assert_eq!(made.order(), ["b", "main"]);
    assert_eq!(made.calls(), ["main..b 9"]);
}

#[test]
fn differences_keep_calls_to_what_cancels() {
    // b cancels: it is not listed, but the calls through it stay.
    let made = made(test_profile("a;b;c 5\na;b;d -5\na 1"), &VISUAL);
    assert_eq!(made.order(), ["a", "c", "d"]);
    assert_eq!(made.calls(), ["a-b 0", "b-c 5", "b-d -5"]);
}

#[test]
fn labels_are_sets_of_texts_with_sizes_below() {
    let text = "main;f 1 [user=ann bytes=16]\n\
                main;f 2 [user=ann bytes=32]\n\
                main;f 4 [bytes=16]\n\
                main 8 [user=bob other=7]";
    let made = made(test_profile(text), &VISUAL);
    let of = |wanted: &str| {
        let nodes = &made.graph.order;
        let node = nodes.iter().find(|&&n| made.name(n) == wanted).copied();
        made.graph
            .tags(node.expect("it is there"))
            .expect("it has labels")
    };
    let row = |tag: &Tag| {
        (
            String::from_utf8_lossy(&tag.name).into_owned(),
            tag.flat,
            tag.cum,
        )
    };
    let texts: Vec<_> = of("f").texts.iter().map(row).collect();
    assert_eq!(texts, [("user:ann".to_owned(), 3, 3)]);
    let sizes: Vec<_> = of("f").sizes_of(b"user:ann").iter().map(row).collect();
    assert_eq!(sizes, [("16B".to_owned(), 1, 1), ("32B".to_owned(), 2, 2)]);
    let sizes: Vec<_> = of("f").sizes_of(b"").iter().map(row).collect();
    assert_eq!(sizes, [("16B".to_owned(), 4, 4)]);
    // main ends only bob's samples, and passes all others on; numbers other than bytes are left
    // out.
    let texts: Vec<_> = of("main").texts.iter().map(row).collect();
    assert_eq!(
        texts,
        [("user:ann".to_owned(), 0, 3), ("user:bob".to_owned(), 8, 8)]
    );
    assert!(of("main").sizes_of(b"user:bob").is_empty());
}

#[test]
fn labels_count_as_nodes_when_nodes_are_chosen() {
    // f has two labels and counts 3, so that of three nodes only f is shown.
    let text = "f 5 [k=a]\nf 5 [k=b]\ng 4\nh 3";
    let options = GraphOptions {
        node_count: 3,
        ..VISUAL
    };
    assert_eq!(made(test_profile(text), &options).order(), ["f"]);
    let plain = text.replace(" [k=a]", "").replace(" [k=b]", "");
    assert_eq!(
        made(test_profile(&plain), &options).order(),
        ["f", "g", "h"]
    );
}

#[test]
fn means_divide_in_the_end() {
    // 6 ns in 2 events and 4 in 1: 10 / 3 = 3 for main, 6 / 2 and 4 / 1 for the calls.
    let types = [("events", "count"), ("delay", "nanoseconds")];
    let profile = test_profile_of(&types, "main;f 2 6\nmain;g 1 4");
    let nodes = Nodes::new(&profile, &NodeOptions::default());
    let selection = Selection::mean(&profile, 1, 0);
    let units = LabelUnits::new(&profile);
    let graph = graph(&profile, &nodes, &selection, &units, &VISUAL).expect("it is small");
    let main = graph.order.iter().map(|&n| graph.node(n));
    assert_eq!(main.map(GraphNode::cum_value).max(), Some(4));
    let mut weights: Vec<_> = graph
        .edges
        .iter()
        .map(|e| (e.weight, e.weight_value()))
        .collect();
    weights.sort_unstable();
    assert_eq!(weights, [(4, 4), (6, 3)]);
}
