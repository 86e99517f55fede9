//! A profile.proto without a container: whatever is read can be analysed and reported on.
#![no_main]

use dropprof::analysis::{NodeOptions, Nodes, Selection, TopOptions, Tree, top};
use dropprof::formats::{OpenOptions, open};
use dropprof::report::{ReportFile, ReportOptions, build};
use libfuzzer_sys::fuzz_target;

/// Boxes of a tree that are looked at.
const BOXES: usize = 500;

fuzz_target!(|bytes: &[u8]| {
    for opened in open("fuzz", bytes, OpenOptions::with_limit(8 << 20)) {
        let Ok(read) = opened.result else { continue };
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
        let files = [ReportFile {
            name: "fuzz",
            kind: read.kind,
            profile,
            diagnostics: &read.diagnostics,
        }];
        build(&files, &ReportOptions::default()).to_html();
    }
});
