//! The formats before `profile.proto`, Go's texts and folded stacks: what the goldens of
//! `tests/pprof_reports.rs` cannot show.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its inputs from files"
)]

use std::fs;
use std::path::Path;

use dropprof::error::{Pos, Stage};
use dropprof::formats::{OpenOptions, OpenedProfile, Opener, TextRules, open};
use dropprof::model::check::check;
use dropprof::model::{Kind, Profile, StackId};

fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_bytes(name: &str, bytes: &[u8], text: TextRules) -> OpenedProfile {
    let options = OpenOptions {
        text,
        ..OpenOptions::default()
    };
    let mut opened = open(name, bytes, options);
    assert_eq!(opened.len(), 1, "{name}");
    let read = opened
        .remove(0)
        .result
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    check(&read.profile).unwrap_or_else(|broken| panic!("{name}: {broken}"));
    read
}

fn read(name: &str) -> OpenedProfile {
    read_bytes(name, &bytes(name), TextRules::Corrected)
}

fn types(profile: &Profile) -> Vec<String> {
    let of = |t| format!("{}/{}", profile.type_name(t), profile.unit_name(t));
    (0..profile.sample_types.len()).map(of).collect()
}

/// The frames of a sample, leaf first: `function file:line` of each line, or the address.
fn stack(profile: &Profile, sample: usize) -> Vec<String> {
    let mut frames = Vec::new();
    for id in profile.stacks.get(profile.samples.stacks[sample]) {
        let location = &profile.locations[id.index()];
        if location.lines.0 == location.lines.1 {
            frames.push(format!("{:#x}", location.address));
        }
        for line in profile.lines_of(location) {
            let function = &profile.functions[line.function.index()];
            let (name, file) = (function.name, function.filename);
            let place = format!("{}:{}", profile.strings.text(file), line.line);
            frames.push(format!("{} {place}", profile.strings.text(name)));
        }
    }
    frames
}

fn values(profile: &Profile, sample: usize) -> Vec<i64> {
    (0..profile.sample_types.len())
        .map(|t| profile.value(sample, t))
        .collect()
}

fn labels(profile: &Profile, sample: usize) -> Vec<String> {
    let text = |id| profile.strings.text(id);
    let labels = profile.samples.labels(sample).iter();
    labels
        .map(|l| format!("{}={}{}", text(l.key), text(l.str), l.num))
        .collect()
}

fn error(text: &[u8]) -> String {
    open("text", text, OpenOptions::default())[0]
        .result
        .as_ref()
        .expect_err("a broken text")
        .to_string()
}

#[test]
fn all_four_encodings_give_the_same_profile() {
    for (source, encodings) in [
        ("cpu", &["32-little", "32-big", "64-little", "64-big"][..]),
        ("java-cpu", &["32-little", "64-big"]),
    ] {
        let dump = |encoding: &&str| {
            format!(
                "{:?}",
                read(&format!("legacy/{source}-{encoding}.prof")).profile
            )
        };
        let dumps: Vec<String> = encodings.iter().map(dump).collect();
        assert!(dumps.iter().all(|other| *other == dumps[0]), "{source}");
    }
}

#[test]
fn signal_handlers_and_repeated_leaves_are_removed() {
    let cpu = read("legacy/cpu-64-little.prof");
    let profile = &cpu.profile;
    assert_eq!(cpu.kind, Kind::Cpu);
    assert_eq!(types(profile), ["samples/count", "cpu/nanoseconds"]);
    // 10 ms: 5 samples are 50,000,000 ns.
    assert_eq!(values(profile, 0), [5, 50_000_000]);
    // 0x7f000101 stands above every leaf, and goes. What is left calls from one byte before the
    // address that it returns to.
    assert_eq!(stack(profile, 0), ["0x401010", "0x4011ff", "0x401fff"]);
    // A return address that is the leaf once more goes too.
    assert_eq!(stack(profile, 1), ["0x401020", "0x401fff"]);
    assert_eq!(stack(profile, 2), ["0x401030", "0x401fff"]);
    assert_eq!(stack(profile, 3), ["0x401040"]);
    // 33 samples, so one may be without: 33 − 33 ÷ 32 = 32.
    let two = read("legacy/cpu-two-64-little.prof").profile;
    assert_eq!(stack(&two, 0), ["0x401000", "0x401fff", "0x402fff"]);
    assert_eq!(stack(&two, 32), ["0x401500", "0x401fff", "0x402fff"]);
}

#[test]
fn heaps_are_scaled_up_from_their_samples() {
    let heap = read("legacy/heapz.txt");
    let profile = &heap.profile;
    assert_eq!(heap.kind, Kind::Heap);
    assert_eq!(
        types(profile),
        [
            "alloc_objects/count",
            "alloc_space/bytes",
            "inuse_objects/count",
            "inuse_space/bytes"
        ]
    );
    // Objects of 512 bytes: 1 ÷ (1 − e^(−512 ÷ 524288)) = 1024.5000814; times 3 and 1536 that is
    // 3073.5 and 1573632.1, times 2 and 1024 it is 2049.0 and 1049088.08.
    assert_eq!(values(profile, 0), [3073, 1_573_632, 2049, 1_049_088]);
    assert_eq!(labels(profile, 0), ["bytes=512"]);
    // Of a megabyte: 1 ÷ (1 − e^−2) = 1.1565176; times 2 and 2097152 it is 2.3 and 2425393.2,
    // times 1 and 1048576 it is 1.2 and 1212696.6.
    assert_eq!(values(profile, 1), [2, 2_425_393, 1, 1_212_696]);
    assert_eq!(
        types(&read("legacy/heap-in-use.txt").profile),
        ["objects/count", "space/bytes"]
    );
}

/// Go's binary profile has four types however little was allocated; pprof reads two in the text.
#[test]
fn an_empty_heap_of_go_is_a_heap() {
    let text = b"heap profile: 0: 0 [0: 0] @ heap/1048576\n\n# runtime.MemStats\n# Alloc = 0\n";
    let corrected = read_bytes("heap", text, TextRules::Corrected);
    assert_eq!(corrected.kind, Kind::Heap);
    assert_eq!(types(&corrected.profile).len(), 4);
    let exact = read_bytes("heap", text, TextRules::PprofExact).profile;
    assert_eq!(types(&exact), ["objects/count", "space/bytes"]);
}

#[test]
fn the_comments_of_gos_texts_name_their_frames() {
    let heap = read("legacy/go-heap.txt");
    assert_eq!(heap.kind, Kind::Heap);
    // What the text leaves out at the leaf is the runtime, and at the root runtime.goexit.
    assert_eq!(
        stack(&heap.profile, 0),
        [
            "example.com/shop/cart.(*Store).load /src/shop/cart/store.go:41",
            "main.main /src/shop/main.go:17",
            "runtime.main /go/src/runtime/proc.go:302",
            "runtime.goexit :0",
        ]
    );
    let goroutines = read("legacy/go-goroutine.txt");
    let profile = &goroutines.profile;
    assert_eq!(goroutines.kind, Kind::Goroutine);
    assert_eq!(
        stack(profile, 0),
        [
            "0x48f269",
            "0x41e0ad",
            "0x41dbd1",
            "example.com/shop/feed.(*Hub).run /src/shop/feed/hub.go:88",
            "runtime.goexit :0",
        ]
    );
    assert_eq!(labels(profile, 0), [""; 0]);
    assert_eq!(labels(profile, 1), ["route=/v1/\"x\" y0", "tenant=acme0"]);
    let exact = read_bytes(
        "goroutine",
        &bytes("legacy/go-goroutine.txt"),
        TextRules::PprofExact,
    );
    assert_eq!(
        stack(&exact.profile, 0),
        ["0x48f269", "0x41e0ad", "0x41dbd1", "0x491203", "0x48a3a0"]
    );
    assert_eq!(exact.profile.samples.labels, []);
}

#[test]
fn mutex_texts_are_scaled_once() {
    let name = "legacy/go-mutex.txt";
    let (text, corrected) = (bytes(name), read(name));
    let exact = read_bytes(name, &text, TextRules::PprofExact);
    assert_eq!([corrected.kind, exact.kind], [Kind::Mutex; 2]);
    // 5e9 cycles at 2.5 per nanosecond are 2 s; pprof multiplies by the period of 10.
    assert_eq!(values(&corrected.profile, 0), [200, 2_000_000_000]);
    assert_eq!(values(&exact.profile, 0), [2000, 20_000_000_000]);
    let note = &corrected.diagnostics[0].message;
    assert!(note.contains("10 times as large"), "{note}");
    assert!(exact.diagnostics.is_empty());
    assert_eq!(read("legacy/go-block.txt").kind, Kind::Block);
    // C++ has not multiplied yet: 40000 cycles · 100 ÷ 2 per ns = 2 ms.
    let cpp = read("legacy/contentionz.txt").profile;
    assert_eq!(values(&cpp, 0), [200, 2_000_000]);
    assert_eq!(cpp.duration_nanos, 60_000_000_000);
}

#[test]
fn a_pc_may_stand_for_several_inlined_calls() {
    let text = b"x profile: total 1\n1 @ 0x11 0x21\n#\t0x10\tinner+0x1\ta.c:1\n#\t0x10\touter+0x1\ta.c:2\n#\t0x20\tmain.f+0x2\tf.go:3\n";
    let profile = read_bytes("x", text, TextRules::Corrected).profile;
    assert_eq!(
        stack(&profile, 0),
        ["inner a.c:1", "outer a.c:2", "main.f f.go:3"]
    );
}

#[test]
fn threads_before_go_1_23_have_no_stack() {
    let text = b"threadcreate profile: total 5\n5 @\n#\t0x0\n\n";
    let read = read_bytes("t", text, TextRules::Corrected);
    assert_eq!(read.kind, Kind::ThreadCreate);
    assert_eq!(
        (values(&read.profile, 0), stack(&read.profile, 0)),
        (vec![5], vec![])
    );
}

#[test]
fn jemalloc_counts_all_threads_once() {
    let heap = read("legacy/jemalloc.txt");
    let profile = &heap.profile;
    assert_eq!(profile.samples.len(), 2);
    assert_eq!(types(profile), ["objects/count", "space/bytes"]);
    // 1048576 ÷ 2 bytes at a rate of 524288: 1 ÷ (1 − e^−1) = 1.5819767; times 2 and 1048576.
    assert_eq!(values(profile, 1), [3, 1_658_822]);
    assert_eq!(stack(profile, 1), ["0x401020", "0x402000"]);
    assert_eq!(
        profile.strings.text(profile.mappings[0].filename),
        "/opt/tools/bench"
    );
}

#[test]
fn folded_stacks_are_read() {
    let folded = read("legacy/folded.txt");
    let profile = &folded.profile;
    assert_eq!(types(profile), ["samples/count"]);
    assert_eq!(profile.samples.values, [12, 3, 5, 2]);
    assert_eq!(stack(profile, 0), ["parse json :0", "serve :0", "main :0"]);
    assert_eq!(profile.samples.stacks[2], StackId(0));
    let note = &folded.diagnostics[0].message;
    assert!(note.contains("line 7"), "{note}");

    let comparison = read("legacy/folded-diff.txt").profile;
    assert_eq!(types(&comparison), ["before/count", "after/count"]);
    assert_eq!(comparison.samples.values, [10, 4, 3, 8, 0, 5]);
    assert_eq!(stack(&comparison, 2), ["new path :0", "main :0"]);
}

#[test]
fn a_text_that_is_almost_right_says_where_and_what() {
    for (text, parts) in [
        (
            "heap profile: 1: x [1: 1] @ heap/2\n",
            ["(line 1)", "COUNT: BYTES"],
        ),
        (
            "heap profile: 1: 1 [1: 1] @ heap/2\n\n1: 1 [1: 1] 0x1\n",
            ["(line 3)", "@ ADDRESS"],
        ),
        (
            "heap profile: 1: 1 [1: 1] @ heap/2\n0: 1 [1: 1] @ 0x1\n",
            ["(line 2)", "in 0 objects"],
        ),
        ("a profile: total x\n", ["(line 1)", "total NUMBER"]),
        (
            "a profile: total 1\n1 @ 0x1\none @ 0x1\n",
            ["(line 3)", "COUNT @"],
        ),
        (
            "--- mutex:\ncycles/second=fast\n",
            ["(line 2)", "a number for cycles/second"],
        ),
        ("--- mutex:\nspeed=1\n", ["(line 2)", "an attribute among"]),
        (
            "--- mutex:\ncycles/second=1\n1 @ 0x1\n",
            ["(line 3)", "DELAY COUNT"],
        ),
        (
            "--- threadz 1 ---\n--- Thread 1 stack: ---\n",
            ["(line 2)", "--- Thread ID"],
        ),
        ("--- heapz 1 ---\nformat=c\n", ["(line 2)", "format=java"]),
        (
            "--- heapz 1 ---\nformat=java\n1 2 @ 0x1\n",
            ["(line 3)", "resolution"],
        ),
        ("heap_v2/x\n", ["(line 1)", "heap_v2/RATE"]),
        ("heap_v2/1\n@ 0x1\n  t*: 1: 1\n", ["(line 3)", "t*:"]),
    ] {
        let error = error(text.as_bytes());
        assert!(error.starts_with("legacy format: "), "{error}");
        assert!(
            parts.iter().all(|part| error.contains(part)),
            "{text:?}: {error}"
        );
    }
    let cut = &bytes("legacy/cpu-64-little.prof")[..64];
    let opened = open("cpu", cut, OpenOptions::default());
    let error = opened[0].result.as_ref().expect_err("cut");
    assert_eq!((error.stage, error.pos), (Stage::Legacy, Pos::Unpacked(40)));
}

#[test]
fn what_no_format_claims_says_what_was_tried() {
    for text in [
        &b"BenchmarkX-2 and its like\n"[..],
        b"just a text with a number 12\n",
        b"# only\n# comments\n",
    ] {
        let error = error(text);
        assert!(error.starts_with("detect: not a profile"), "{error}");
        assert!(
            error.contains("folded stacks") && error.contains("profile.proto"),
            "{error}"
        );
    }
    // A text that says what it is only after many comments is still told.
    let late = [
        &b"# comment\n".repeat(1000)[..],
        b"a profile: total 1\n1 @ 0x1\n",
    ]
    .concat();
    assert_eq!(
        read_bytes("late", &late, TextRules::Corrected)
            .profile
            .samples
            .len(),
        1
    );
    let never = b"# comment\n".repeat(100_000);
    assert!(error(&never).starts_with("detect: "));
}

#[test]
fn a_text_is_told_apart_however_it_arrives() {
    // Its first lines have no caller, and the head of 512 bytes ends in a line.
    let late = "main 1\n".repeat(200) + "main;a 5\n";
    // Its first line is longer than that.
    let long = format!("main;{} 3\n", "a".repeat(2000));
    // Most of its lines are no stacks, though the first are.
    let other = "main;a 1\n".repeat(100) + &"neither\n".repeat(200);
    for (text, is_folded) in [(late, true), (long, true), (other, false)] {
        for size in [1, 512, 700, text.len()] {
            let mut opener = Opener::new("text", OpenOptions::default());
            for chunk in text.as_bytes().chunks(size) {
                opener.push(chunk);
            }
            let opened = opener.finish();
            assert_eq!(opened[0].result.is_ok(), is_folded, "{size} {text}");
        }
    }
}

#[test]
fn folded_names_may_begin_like_a_comment_and_have_any_encoding() {
    let text = b"# by hand\n#private;b 3\n#private;\xff\" 5\na\tb 6\n\"\xe9t\xe9 1\n";
    let profile = read_bytes("names", text, TextRules::Corrected).profile;
    let leaves: Vec<&[u8]> = (0..profile.samples.len())
        .map(|sample| {
            let leaf = profile.stacks.get(profile.samples.stacks[sample])[0];
            let line = profile.lines_of(&profile.locations[leaf.index()])[0];
            let name = profile.functions[line.function.index()].name;
            profile.strings.bytes(name)
        })
        .collect();
    assert_eq!(leaves, [&b"b"[..], b"\xff\"", b"a\tb", b"\"\xe9t\xe9"]);
    // A word of Latin 1 and no stacks is still unknown.
    assert!(error(b"caf\xe9\n").starts_with("detect: "));
}
