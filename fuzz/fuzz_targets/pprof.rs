//! A profile.proto without a container: whatever is read can be analysed and reported on.
#![no_main]

use dropprof::analysis::{NodeOptions, Nodes, Selection, TopOptions, Tree, top};
use dropprof::formats::{OpenOptions, open};
use dropprof::report::{ReportFile, ReportOptions, build};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for opened in open("fuzz", bytes, OpenOptions { limit: 8 << 20 }) {
        let Ok(read) = opened.result else { continue };
        let profile = &read.profile;
        let nodes = Nodes::new(profile, &NodeOptions::default());
        for t in 0..profile.sample_types.len().min(2) {
            let selection = Selection::all(profile, t);
            top(profile, &nodes, &selection, &TopOptions::default());
            for inverted in [false, true] {
                let tree = Tree::build(profile, &nodes, &selection, inverted);
                let view = tree.view(profile, &nodes);
                let children = view
                    .children(view.root())
                    .fold(0_u64, |sum, c| sum.wrapping_add(view.extent(c).1));
                assert!(children <= view.total_width() || selection.overflowed);
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
