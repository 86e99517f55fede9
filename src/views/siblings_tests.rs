use crate::analysis::testing::test_profile;
use crate::analysis::{NodeId, NodeOptions, NodeRef, Nodes, Selection, SiblingOrder, Tree};
use crate::views::{FlameBoxes, FlameWindow, flame_boxes};

/// Row 2 of a picture, whose parent fills it, as `name×count left width`.
fn row(text: &str, order: SiblingOrder, span: (f64, f64), min_width: f64) -> Vec<String> {
    let profile = test_profile(text);
    let nodes = Nodes::new(&profile, &NodeOptions::default());
    let selection = Selection::all(&profile, 0);
    let tree = Tree::new(&profile, &nodes, &selection, false);
    let view = tree.view(&profile, &nodes).ordered(order);
    let window = FlameWindow {
        root: NodeRef::ROOT,
        left: span.0,
        right: span.1,
        first_row: 2,
        row_count: 1,
        width: 20.0,
        min_width,
    };
    let boxes: FlameBoxes = flame_boxes(&view, &window, &[]);
    (0..boxes.row.len())
        .map(|i| {
            let name = match boxes.node[i] {
                u32::MAX => "thin".to_owned(),
                node => nodes.printable_text(NodeId(node)),
            };
            let (count, value) = (boxes.count[i], boxes.value[i]);
            format!("{name}×{count} {value} at {} {}", boxes.x[i], boxes.w[i])
        })
        .collect()
}

// 20 in all, 20 pixels: a 1, b 1, c 8, d 1, e 6, f 1, g 2.
const TEXT: &str = "r;c 8\nr;e 6\nr;g 2\nr;a 1\nr;b 1\nr;d 1\nr;f 1";

#[test]
fn by_name_thin_ones_between_wide_ones_become_one() {
    let expected = [
        "thin×2 2 at 0 2",
        "c×1 8 at 2 8",
        "thin×1 1 at 10 1",
        "e×1 6 at 11 6",
        "thin×1 1 at 17 1",
        "g×1 2 at 18 2",
    ];
    assert_eq!(row(TEXT, SiblingOrder::Name, (0.0, 1.0), 2.0), expected);
}

#[test]
fn by_weight_the_thin_ones_are_the_last() {
    let expected = [
        "c×1 8 at 0 8",
        "e×1 6 at 8 6",
        "g×1 2 at 14 2",
        "thin×4 4 at 16 4",
    ];
    assert_eq!(row(TEXT, SiblingOrder::Weight, (0.0, 1.0), 2.0), expected);
}

#[test]
fn a_window_cuts_both_orders_alike() {
    // From 8 to 12 of 20, five pixels each: the end of c, d, and the beginning of e.
    let expected = ["c×1 8 at 0 10", "d×1 1 at 10 5", "e×1 6 at 15 5"];
    assert_eq!(row(TEXT, SiblingOrder::Name, (0.4, 0.6), 2.0), expected);
    // By weight all of it is e: 8 to 14.
    let expected = ["e×1 6 at 0 20"];
    assert_eq!(row(TEXT, SiblingOrder::Weight, (0.4, 0.6), 2.0), expected);
}

#[test]
fn nothing_is_lost_between_negative_values() {
    // b is −3 wide 3, so the thin ones are 1 − 1 net and 2 wide.
    let text = "r;a 1\nr;a2 -1\nr;b -3\nr;c 15";
    let expected = ["thin×2 0 at 0 2", "b×1 -3 at 2 3", "c×1 15 at 5 15"];
    assert_eq!(row(text, SiblingOrder::Name, (0.0, 1.0), 2.0), expected);
}
