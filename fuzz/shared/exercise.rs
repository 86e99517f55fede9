//! What every target does with what it has read: whatever it is can be analysed and reported on.

use dropprof::analysis::goroutines::{candidates, goroutines, wait_graph};
use dropprof::analysis::{Classes, NodeOptions, Nodes, Selection, TopOptions, Tree, top};
use dropprof::formats::{OpenOptions, TextRules, open};
use dropprof::model::check::check;
use dropprof::report::{ReportFile, ReportOptions, build};

/// Boxes of a tree that are looked at.
const BOXES: usize = 500;

/// Opens bytes and does everything with what is in them.
#[allow(dead_code, reason = "each target uses one")]
pub fn exercise(bytes: &[u8]) {
    for opened in open("fuzz", bytes, OpenOptions::with_limit(8 << 20)) {
        if let Ok(read) = opened.result {
            analyse(&read);
        }
    }
}

/// Opens the text of `head` and `rest` by both rules. One in so many is analysed: that takes a
/// thousand times as long.
#[allow(dead_code, reason = "each target uses one")]
pub fn exercise_text(head: &[u8], rest: &[u8]) {
    let bytes = [head, rest].concat();
    for text in [TextRules::Corrected, TextRules::PprofExact] {
        let options = OpenOptions {
            text,
            ..OpenOptions::with_limit(8 << 20)
        };
        for opened in open("fuzz", &bytes, options) {
            let Ok(read) = opened.result else { continue };
            check(&read.profile).expect("invariants hold");
            let sum = bytes.iter().fold(0_u8, |sum, &b| sum.wrapping_add(b));
            if sum == 0 {
                analyse(&read);
            }
        }
    }
}

fn analyse(read: &dropprof::formats::OpenedProfile) {
    let profile = &read.profile;
    let nodes = Nodes::new(profile, &NodeOptions::default());
    for t in 0..profile.sample_types.len().min(2) {
        let selection = Selection::all(profile, t);
        top(profile, &nodes, &selection, &TopOptions::default());
        for inverted in [false, true] {
            let tree = Tree::new(profile, &nodes, &selection, inverted);
            let view = tree.view(profile, &nodes);
            let mut boxes = vec![view.root()];
            for next in 0.. {
                let Some(&at) = boxes.get(next).filter(|_| next < BOXES) else {
                    break;
                };
                let first = boxes.len();
                boxes.extend(view.children(at));
                let children = boxes[first..]
                    .iter()
                    .fold(0_u64, |sum, &c| sum.wrapping_add(view.extent(c).1));
                assert!(children <= view.extent(at).1 || selection.overflowed);
                assert_eq!(view.find(&view.id(at)), Some(at));
            }
        }
    }
    let classes = Classes::new(profile);
    if let Some(all) = goroutines(profile, &classes) {
        let graph = profile.dump.as_ref().map(|dump| wait_graph(&all, dump));
        candidates(profile, &all, graph.as_ref());
    }
    let files = [ReportFile {
        name: "fuzz",
        kind: read.kind,
        profile,
        diagnostics: &read.diagnostics,
    }];
    build(&files, &ReportOptions::default()).to_html();
}
