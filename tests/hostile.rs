//! Damaged, extreme and malicious input: never a panic or a hang, always one clear message or a
//! profile whose invariants hold and which every analysis can take.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test reads its inputs from files, and says when there are none"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dropprof::analysis::goroutines::{Growth, candidates, goroutines, growth, wait_graph};
use dropprof::analysis::{
    Classes, EdgeFilter, Granularity, HotPathOptions, NodeId, NodeOptions, Nodes, Order, Selection,
    SummaryInput, TopOptions, Tree, TreeView, all_rows, allocation_selections, allocations, edges,
    flat_cum, headline, hot_paths, line_costs, mechanism_bar, neighbours, shown_type, sort_rows,
    top, trust_notes, verdict,
};
use dropprof::error::Stage;
use dropprof::formats::{OpenOptions, Opened, OpenedProfile, Opener, TextRules, open};
use dropprof::model::Profile;
use dropprof::model::check::check;
use dropprof::report::{ReportFile, ReportOptions, build};

#[path = "support/encode.rs"]
mod encode;

use encode::Encoder;

/// A limit at which a bomb is stopped quickly.
const OPTIONS: OpenOptions = OpenOptions::with_limit(256 << 20);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.is_file())
        .collect();
    files.sort();
    files
}

/// Frames over all stacks up to which everything is run and not only what opening a file needs.
const SMALL: usize = 3_000_000;
/// Rows whose callers, callees and lines are looked at.
const ROWS: usize = 3;
/// What one crafted file of a few kilobytes may take, in a build that is hardly optimised.
const PATIENCE: Duration = Duration::from_secs(50);

/// Runs what a dropped file runs through.
fn exercise(opened: &[Opened]) {
    assert!(!opened.is_empty());
    for file in opened {
        match &file.result {
            Err(error) => {
                assert!(!error.reason.is_empty());
                assert!(!error.to_string().contains('\n'), "one line: {error}");
            }
            Ok(read) => {
                let profile = &read.profile;
                check(profile).unwrap_or_else(|broken| panic!("{}: {broken}", file.name));
                for granularity in [Granularity::Functions, Granularity::Addresses] {
                    let options = NodeOptions {
                        granularity,
                        ..NodeOptions::default()
                    };
                    let nodes = Nodes::new(profile, &options);
                    for t in 0..profile.sample_types.len().min(2) {
                        analyse(read, &nodes, t);
                    }
                }
            }
        }
    }
    if opened.iter().all(|file| {
        file.result
            .as_ref()
            .is_ok_and(|read| frames(&read.profile) <= SMALL)
    }) {
        assert!(report(opened).contains("</html>"));
    }
}

/// Frames of all stacks, inlined ones too.
fn frames(profile: &Profile) -> usize {
    let lines = |l: u32| {
        let (start, end) = profile.locations[l as usize].lines;
        (end - start).max(1) as usize
    };
    profile.stacks.frames.iter().map(|l| lines(l.0)).sum()
}

/// Opens a tree box by box, as far as a person would: what an id names is that box.
fn walk(view: TreeView<'_>) {
    let mut boxes = vec![view.root()];
    let mut next = 0;
    while next < boxes.len().min(1_000) {
        let at = boxes[next];
        boxes.extend(view.children(at));
        if next < 50 {
            assert_eq!(view.find(&view.id(at)), Some(at));
        }
        next += 1;
    }
}

/// Every analysis of one sample type, with what must hold whatever the input.
fn analyse(read: &OpenedProfile, nodes: &Nodes, t: usize) {
    let profile = &read.profile;
    let selection = Selection::all(profile, t);
    top(profile, nodes, &selection, &TopOptions::default());
    let tree = Tree::new(profile, nodes, &selection, false);
    walk(tree.view(profile, nodes));
    walk(Tree::new(profile, nodes, &selection, true).view(profile, nodes));
    if frames(profile) > SMALL {
        return;
    }
    let classes = Classes::new(profile);
    if let Some(all) = goroutines(profile, &classes) {
        let graph = profile.dump.as_ref().map(|dump| wait_graph(&all, dump));
        candidates(profile, &all, graph.as_ref());
        assert_eq!(
            growth(&[&all, &all])
                .iter()
                .map(Growth::added)
                .max()
                .unwrap_or(0),
            0
        );
    }
    let bar = mechanism_bar(profile, nodes, &classes, read.kind, &selection);
    let weight = selection
        .weights
        .iter()
        .fold(0, |n: i64, w| n.wrapping_add(*w));
    assert_eq!(
        bar.iter()
            .fold(0, |n: i64, part| n.wrapping_add(part.value)),
        weight
    );
    let view = tree.view(profile, nodes);
    let paths = hot_paths(profile, nodes, &classes, view, &HotPathOptions::default());
    assert!(paths.iter().all(|path| {
        !path.steps.is_empty()
            && path
                .steps
                .iter()
                .all(|s| view.find(&view.id(s.at)) == Some(s.at))
    }));
    let mut rows = all_rows(profile, nodes, &selection);
    sort_rows(&mut rows, nodes, Order::Flat);
    let sums = flat_cum(profile, nodes, &selection, None);
    for row in rows.iter().take(ROWS) {
        let around = neighbours(profile, nodes, &selection, row.node);
        let node = row.node.index();
        assert_eq!((around.flat, around.cum), (sums.flat[node], sums.cum[node]));
        line_costs(profile, nodes, &selection, row.node);
    }
    edges(
        profile,
        nodes,
        &selection,
        EdgeFilter {
            kept: None,
            into: None,
            or_out_of: false,
        },
    );
    let input = SummaryInput {
        profile,
        nodes,
        classes: &classes,
        kind: read.kind,
        selection: &selection,
        bar: &bar,
        paths: &paths,
        top: &rows,
    };
    let sentences = verdict(&input);
    assert!((1..=5).contains(&sentences.len()), "{sentences:?}");
    assert!(!headline(profile, read.kind, &selection).is_empty());
    trust_notes(profile, &classes, read.kind, &selection);
    assert!(shown_type(profile) < profile.sample_types.len());
    if let Ok(table) = allocations(profile, nodes, &classes, &allocation_selections(profile), t) {
        let order = table.order(nodes, table.columns.first().copied(), true);
        assert_eq!(order.len(), table.sites.len());
    }
}

fn report(opened: &[Opened]) -> String {
    let files: Vec<ReportFile<'_>> = opened
        .iter()
        .filter_map(|file| {
            let read = file.result.as_ref().ok()?;
            Some(ReportFile {
                name: &file.name,
                kind: read.kind,
                profile: &read.profile,
                diagnostics: &read.diagnostics,
            })
        })
        .collect();
    build(&files, &ReportOptions::default()).to_html()
}

#[test]
fn every_cut_of_a_small_profile_is_survived() {
    for name in ["header.pb", "inlines.pb", "wire.pb"] {
        let bytes = fs::read(root().join("testdata/pprof/handmade").join(name)).expect("test data");
        let whole = open(name, &bytes, OPTIONS);
        assert!(whole[0].result.is_ok(), "{name} is whole");
        for cut in 0..bytes.len() {
            exercise(&open(name, &bytes[..cut], OPTIONS));
        }
    }
}

#[test]
fn every_flipped_bit_of_a_small_profile_is_survived() {
    for name in ["header.pb", "inlines.pb"] {
        let bytes = fs::read(root().join("testdata/pprof/handmade").join(name)).expect("test data");
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            exercise(&open(name, &flipped, OPTIONS));
        }
    }
}

/// One input of each legacy format, and of folded stacks.
const LEGACY: [&str; 13] = [
    "cpu-32-big.prof",
    "cpu-64-little.prof",
    "java-cpu-32-little.prof",
    "heapz.txt",
    "go-heap.txt",
    "go-goroutine.txt",
    "go-mutex.txt",
    "threadz.txt",
    "java-heap.txt",
    "maps-split.txt",
    "jemalloc.txt",
    "folded-diff.txt",
    "../goroutines/deadlock.txt",
];

/// Opens bytes by both rules for texts; analyses one in so many.
fn open_by_both_rules(name: &str, bytes: &[u8], number: usize) {
    for text in [TextRules::Corrected, TextRules::PprofExact] {
        let opened = open(name, bytes, OpenOptions { text, ..OPTIONS });
        for file in &opened {
            match &file.result {
                Ok(read) => check(&read.profile).unwrap_or_else(|e| panic!("{name}: {e}")),
                Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
            }
        }
        if text == TextRules::Corrected && number.is_multiple_of(61) {
            exercise(&opened);
        }
    }
}

#[test]
fn every_cut_and_flipped_bit_of_a_legacy_profile_is_survived() {
    for name in LEGACY {
        let bytes = fs::read(root().join("testdata/legacy").join(name)).expect("test data");
        for cut in 0..bytes.len() {
            open_by_both_rules(name, &bytes[..cut], cut);
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            open_by_both_rules(name, &flipped, bit);
        }
    }
}

/// Texts made to be slow: time grows with their length, not with its square.
#[test]
fn texts_made_to_be_slow_are_survived() {
    let head = b"x profile: total 1\n";
    let many = 200_000;
    let deep = [&head[..], b"1 @", &b" 0x11".repeat(many)].concat();
    let unnamed = [&deep[..], b"\n", &b"#\t0x99\tf+0x1\tf.go:1\n".repeat(many)].concat();
    let inlined = [
        &head[..],
        b"1 @ 0x11\n",
        &b"#\t0x10\tf+0x1\tf.go:1\n".repeat(many),
    ]
    .concat();
    let digits = [&b"--- mutex:\n"[..], &b"1".repeat(2_000_000), b"\n"].concat();
    let runs = [
        &b"heap profile: 1: 1 [1: 1] @ heap\n"[..],
        &b"1: 1 [1: ".repeat(many),
    ]
    .concat();
    let attributes: String = (0..50_000).map(|i| format!("a{i}=$a{i}$a{i}\n")).collect();
    let doubled: String = (1..60)
        .map(|i| format!("a{i:02}=$a{0:02}$a{0:02}\n", i - 1))
        .collect();
    let mapped = |map: &str| {
        [
            &head[..],
            b"1 @ 0x11\n--- Memory map: ---\n",
            map.as_bytes(),
        ]
        .concat()
    };
    let stacks: String = (0..60_000)
        .map(|i| format!("1 @ {:#x}\n", i * 16 + 1))
        .collect();
    let overlapping: String = (0..10_000)
        .map(|i| format!("1-{:x} /a{i}\n", i + 2))
        .collect();
    let parts = [
        &head[..],
        stacks.as_bytes(),
        b"--- Memory map: ---\n",
        overlapping.as_bytes(),
    ];
    let lookups = parts.concat();
    let depth: String = "f;".repeat(many) + "f 1\n";
    for (name, bytes) in [
        ("deep", deep),
        ("unnamed", unnamed),
        ("inlined", inlined),
        ("digits", digits),
        ("runs", runs),
        ("attributes", mapped(&attributes)),
        (
            "doubled",
            mapped(&format!("a00={}\n{doubled}", "x".repeat(100))),
        ),
        ("lookups", lookups),
        ("depth", depth.into_bytes()),
        ("comments", b"#\n".repeat(2_000_000)),
        ("headers", b"goroutine 1 [running]:\n".repeat(many)),
        ("half headers", b"goroutine 1 [".repeat(many)),
        (
            "no frames",
            [&b"goroutine 1 [running]:\n"[..], &b"f(\n".repeat(many)].concat(),
        ),
        (
            "parentheses",
            [
                &b"goroutine 1 [running]:\n"[..],
                &b"(".repeat(2_000_000),
                b"\n\ta.go:1\n",
            ]
            .concat(),
        ),
        (
            "marks",
            [
                &b"goroutine 1 [a"[..],
                &b" (scan)".repeat(many),
                b"]:\nf()\n\ta.go:1\n",
            ]
            .concat(),
        ),
        (
            "json",
            [
                &b"{\"log\":\"goroutine 1 [running]:\\n\"}\n"[..],
                &b"{\"log\":\"".repeat(many),
            ]
            .concat(),
        ),
    ] {
        let begin = Instant::now();
        let opened = open(name, &bytes, OPTIONS);
        let elapsed = begin.elapsed();
        assert!(elapsed < PATIENCE / 5, "{name} took {elapsed:?}");
        assert_eq!(opened.len(), 1, "{name}");
    }
}

#[test]
fn a_cut_or_damaged_gzip_says_so_and_where() {
    let bytes = fs::read(root().join("www/public/demo/heap.pb.gz")).expect("demo profile");
    for cut in (1..bytes.len()).step_by(997) {
        let opened = open("heap.pb.gz", &bytes[..cut], OPTIONS);
        let error = opened[0].result.as_ref().expect_err("cut");
        assert!(
            matches!(error.stage, Stage::Container | Stage::Detect),
            "{error}"
        );
    }
    let mut damaged = bytes.clone();
    let last = damaged.len() - 6;
    damaged[last] ^= 0xff;
    let error = open("heap.pb.gz", &damaged, OPTIONS)[0]
        .result
        .as_ref()
        .expect_err("checksum")
        .to_string();
    assert!(
        error.contains("checksum") && error.contains("byte"),
        "{error}"
    );
}

#[test]
fn chunk_sizes_make_no_difference() {
    let bytes = fs::read(root().join("www/public/demo/cpu.pb.gz")).expect("demo profile");
    let expected = report(&open("cpu.pb.gz", &bytes, OPTIONS));
    for size in [1, 7, 4096] {
        let mut opener = Opener::new("cpu.pb.gz", OPTIONS);
        for chunk in bytes.chunks(size) {
            opener.push(chunk);
        }
        assert_eq!(report(&opener.finish()), expected, "chunks of {size}");
    }
}

#[test]
fn a_bomb_stops_at_the_limit() {
    // 64 MiB of zeros deflate to some 64 KiB; the limit is 1 MiB. Zeros are no profile, so the
    // bomb is wrapped in an unknown field of 64 MiB of a valid message.
    let mut raw = vec![0x0a, 4, 8, 1, 16, 2, 0xfa, 0x07];
    raw.extend([0x80, 0x80, 0x80, 0x20]);
    raw.resize(raw.len() + (64 << 20), 0);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, &raw).expect("memory");
    let packed = encoder.finish().expect("memory");
    assert!(packed.len() < 1 << 20);
    let opened = open("bomb.gz", &packed, OpenOptions::with_limit(1 << 20));
    let error = opened[0].result.as_ref().expect_err("a bomb");
    assert_eq!(error.stage, Stage::Limit);
    assert!(error.reason.contains("1048576 bytes"), "{error}");
}

#[test]
fn every_file_of_the_corpus_is_survived() {
    let corpus = root().join("../shared/corpus");
    let mut count = 0;
    for folder in ["hostile", "producers"] {
        for path in files(&corpus.join(folder)) {
            let bytes = fs::read(&path).expect("readable");
            if bytes.len() > 4 << 20 {
                continue;
            }
            let name = path
                .file_name()
                .and_then(|n| n.to_str())
                .unwrap_or_default();
            exercise(&open(name, &bytes, OPTIONS));
            count += 1;
        }
    }
    if count == 0 {
        println!("skipped: no corpus beside the project");
    }
}

/// Opens a crafted profile and runs everything over it, within reason.
fn survive(name: &str, bytes: &[u8]) -> Vec<Opened> {
    let begin = Instant::now();
    let opened = open(name, bytes, OPTIONS);
    exercise(&opened);
    let elapsed = begin.elapsed();
    assert!(elapsed < PATIENCE, "{name} took {elapsed:?}");
    opened
}

fn profile_of(opened: &[Opened]) -> &OpenedProfile {
    opened[0]
        .result
        .as_ref()
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn thousands_of_sample_types_are_survived() {
    let names: Vec<String> = (0..5_000).map(|i| format!("type{i}")).collect();
    let mut encoder = Encoder::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for function in 1..=200 {
        encoder.function(function, &format!("main.f{function}"));
        encoder.location(function, [function].into_iter());
        encoder.sample([function].into_iter(), 0..5_000, [].into_iter());
    }
    let opened = survive("types", &encoder.finish());
    assert_eq!(profile_of(&opened).profile.sample_types.len(), 5_000);
}

#[test]
fn a_stack_of_ten_thousand_frames_is_survived() {
    let mut encoder = Encoder::new(&["samples"]);
    for function in 1..=10_000 {
        encoder.function(function, &format!("main.f{function}"));
        encoder.location(function, [function].into_iter());
    }
    encoder.sample(1..=10_000, [1].into_iter(), [].into_iter());
    // Another that shares all but the innermost frame, so that the tree branches at the bottom.
    encoder.sample(2..=10_000, [1].into_iter(), [].into_iter());
    let opened = survive("deep", &encoder.finish());
    assert_eq!(
        profile_of(&opened)
            .profile
            .stacks
            .get(dropprof::model::StackId(0))
            .len(),
        10_000
    );
}

/// A thousand times a location of two thousand inlined functions: two million frames from a few
/// kilobytes. A path through them shows 64 steps and counts the other frames.
#[test]
fn inlined_frames_that_multiply_are_survived() {
    let mut encoder = Encoder::new(&["samples"]);
    for function in 1..=2_000 {
        encoder.function(function, &format!("main.f{function}"));
    }
    encoder.location(1, 1..=2_000);
    encoder.sample(
        std::iter::repeat_n(1, 1_000),
        [1].into_iter(),
        [].into_iter(),
    );
    let bytes = encoder.finish();
    assert!(bytes.len() < 100_000, "{}", bytes.len());
    let opened = survive("inlined", &bytes);
    let profile = &profile_of(&opened).profile;
    let nodes = Nodes::new(profile, &NodeOptions::default());
    let tree = Tree::new(profile, &nodes, &Selection::all(profile, 0), false);
    let (classes, view) = (Classes::new(profile), tree.view(profile, &nodes));
    let steps = &hot_paths(profile, &nodes, &classes, view, &HotPathOptions::default())[0].steps;
    let name = |node: NodeId| nodes.printable_text(node);
    assert_eq!(steps.len(), 64);
    assert_eq!(
        steps.iter().map(|s| s.folded_count + 1).sum::<usize>(),
        2_000_000
    );
    assert!(steps.iter().all(|s| s.folded.len() <= 40));
    // Lines stand innermost first, so the outermost frame is the last function.
    assert_eq!(
        (name(steps[0].node), name(steps[63].node)),
        ("main.f2000".to_owned(), "main.f1".to_owned())
    );
    assert_eq!((steps[0].flat, steps[63].flat), (0, 1));
}

#[test]
fn labels_by_the_hundred_thousand_are_survived() {
    let mut encoder = Encoder::new(&["samples"]);
    encoder.function(1, "main.f");
    encoder.location(1, [1].into_iter());
    let key = encoder.string("request");
    let values: Vec<u64> = (0..100_000)
        .map(|i| encoder.string(&format!("id{i}")))
        .collect();
    // All of them on one sample, then each on one of its own.
    encoder.sample(
        [1].into_iter(),
        [1].into_iter(),
        values.iter().map(|&v| (key, v)),
    );
    for &value in &values {
        encoder.sample([1].into_iter(), [1].into_iter(), [(key, value)].into_iter());
    }
    let opened = survive("labels", &encoder.finish());
    assert_eq!(profile_of(&opened).profile.samples.labels.len(), 200_000);
}

#[test]
fn archives_in_archives_end() {
    let profile = fs::read(root().join("testdata/pprof/handmade/header.pb")).expect("test data");
    // One within the other, up to the limit on nesting and beyond it.
    let mut nested = profile.clone();
    for depth in 1..=8 {
        nested = encode::zip(&[("inner", &nested)]);
        let opened = survive("nested.zip", &nested);
        assert_eq!(
            (opened.len(), opened[0].result.is_ok()),
            (1, depth <= 5),
            "{depth}"
        );
    }
    // Thirty in each, three times: 27,000 profiles in 930 archives, of which the first 10,000 are
    // looked at. Ten of the larger archives are 10 · (1 + 30 + 900) = 9,310; of the 690 left one is
    // the eleventh, 22 · 31 are whole smaller ones, and 7 one of those with 6 profiles: 9,000 + 660
    // + 6. The three archives that were not read to their end say so.
    let mut wide = profile;
    for _ in 0..3 {
        wide = encode::zip(&[("a", &wide[..]); 30]);
    }
    let opened = open("wide.zip", &wide, OPTIONS);
    assert_eq!(
        opened.iter().filter(|file| file.result.is_ok()).count(),
        9_666
    );
    let errors: Vec<String> = opened
        .iter()
        .filter_map(|f| Some(f.result.as_ref().err()?.to_string()))
        .collect();
    assert!(
        (1..=3).contains(&errors.len()) && errors.iter().all(|e| e.contains("10000 files")),
        "{errors:?}"
    );
}
