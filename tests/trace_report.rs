//! What the report and the summary say of execution traces, against an independent count
//! (`testdata/trace/golden/NAME.oracle.json`).
#![allow(
    clippy::disallowed_methods,
    reason = "tests read the files that they are about"
)]

#[path = "support/tracing.rs"]
mod tracing;

use std::fs;

use dropprof::analysis::trace::report_sink;
use dropprof::analysis::{
    Classes, NodeOptions, Nodes, Part, Selection, SummaryInput, headline, mechanism_bar,
    trust_notes, verdict,
};
use dropprof::formats::{OpenOptions, OpenedProfile, open};
use dropprof::report::{Block, Document, ReportFile, ReportOptions, Section, Table, build};
use serde_json::Value;
use tracing::{oracle, own};

fn read_bytes(bytes: &[u8]) -> OpenedProfile {
    let options = OpenOptions::default().with_trace(report_sink);
    let opened = open("run/trace.out", bytes, options).remove(0);
    opened.result.expect("a trace")
}

fn read(name: &str) -> OpenedProfile {
    read_bytes(&fs::read(own().join(format!("{name}.trace"))).expect("readable"))
}

fn facts(name: &str) -> Value {
    oracle(name)["facts"].clone()
}

fn report(opened: &OpenedProfile) -> Document {
    let file = ReportFile {
        name: "run/trace.out",
        kind: opened.kind,
        profile: &opened.profile,
        diagnostics: &opened.diagnostics,
    };
    build(&[file], &ReportOptions::default())
}

fn section<'a>(document: &'a Document, id: &str) -> &'a Section {
    let found = document.sections.iter().find(|section| section.id == id);
    found.unwrap_or_else(|| panic!("no section {id}"))
}

fn table<'a>(section: &'a Section, caption: &str) -> &'a Table {
    let tables = section.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let mut found = tables.filter(|table| table.caption.starts_with(caption));
    found.next().unwrap_or_else(|| panic!("no table {caption}"))
}

fn bar(opened: &OpenedProfile, selection: &Selection) -> Vec<Part> {
    let profile = &opened.profile;
    let nodes = Nodes::new(profile, &NodeOptions::default());
    let classes = Classes::new(profile);
    mechanism_bar(profile, &nodes, &classes, opened.kind, selection)
}

/// The bar of the whole trace.
fn whole_bar(name: &str) -> Vec<Part> {
    let opened = read(name);
    let profile = &opened.profile;
    bar(&opened, &Selection::all(profile, profile.default_type()))
}

#[test]
fn the_bar_is_of_all_that_the_procs_had() {
    for name in [
        "pool-imbalanced",
        "gc-assist",
        "stw",
        "network-wait",
        "mixed-1.27",
        "healthy",
    ] {
        let parts = whole_bar(name);
        let sum: i64 = parts.iter().map(|part| part.value).sum();
        let expected = facts(name)["proc_time"].as_f64().expect("a time");
        // Procs are known from the first event that is about them.
        assert!(
            (sum as f64 / expected - 1.0).abs() < 1e-3,
            "{name}: {sum}, not {expected}"
        );
        let shares: f64 = parts.iter().map(|part| part.share).sum();
        assert!((shares - 1.0).abs() < 1e-9, "{name}: {shares}");
        assert!(parts.is_sorted_by(|a, b| a.value >= b.value), "{name}");
    }
    // What the manifest says of it: two goroutines mark most of the time, of two procs.
    let parts = whole_bar("gc-assist");
    assert_eq!(
        (parts[0].key.as_str(), parts[0].top.len()),
        ("proc-gc-assist", 1)
    );
}

#[test]
fn a_part_of_the_waits_is_cut_by_what_was_waited_for() {
    let opened = read("network-wait");
    let profile = &opened.profile;
    let network = profile.type_named("network").expect("a type");
    let selection = Selection::all(profile, network);
    let parts = bar(&opened, &selection);
    let sum: i64 = parts.iter().map(|part| part.value).sum();
    assert_eq!(sum, selection.total);
    assert!(parts.iter().all(|part| !part.key.starts_with("proc-")));
}

fn sentences(opened: &OpenedProfile) -> Vec<String> {
    let profile = &opened.profile;
    let nodes = Nodes::new(profile, &NodeOptions::default());
    let classes = Classes::new(profile);
    let selection = Selection::all(profile, profile.default_type());
    verdict(&SummaryInput {
        profile,
        nodes: &nodes,
        classes: &classes,
        kind: opened.kind,
        selection: &selection,
        bar: &[],
        paths: &[],
        top: &[],
    })
}

#[test]
fn the_summary_speaks_of_procs_waits_and_the_collector() {
    let opened = read("gc-frequent");
    let selection = Selection::default();
    // As the manifest has it: 300.486 ms, and four procs.
    let first = headline(&opened.profile, opened.kind, &selection);
    assert!(
        first.starts_with("300.49ms, ") && first.ends_with("GOMAXPROCS 4"),
        "{first}"
    );
    let told = sentences(&opened).join("\n");
    // 12 collections in 0.300486 s are 39.9 a second; main.main waits in its receive 154 times.
    for part in [
        "12 collections (39.9 a second)",
        "main.main in “chan receive”: 290.20ms in 154 waits",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert!(
        sentences(&read("healthy"))
            .iter()
            .all(|text| !text.contains("collection"))
    );
}

#[test]
fn what_is_missing_or_short_is_told() {
    let notes = |opened: &OpenedProfile| -> Vec<String> {
        let profile = &opened.profile;
        let selection = Selection::all(profile, profile.default_type());
        let notes = trust_notes(profile, &Classes::new(profile), opened.kind, &selection);
        notes.into_iter().map(|note| note.message).collect()
    };
    let whole = notes(&read("mixed-generations")).join("\n");
    for part in ["218.74ms long", "GOMAXPROCS changed", "every 64 ns"] {
        assert!(whole.contains(part), "{part}: {whole}");
    }
    assert!(!whole.contains("no CPU samples"), "{whole}");
    assert!(notes(&read("idle")).join("\n").contains("no CPU samples"));
    assert!(!whole.contains("could not be used"), "{whole}");
    // Half of it: earlier generations are used, the torn one is not.
    let bytes = fs::read(own().join("mixed-generations.trace")).expect("readable");
    let cut = notes(&read_bytes(&bytes[..bytes.len() / 2])).join("\n");
    assert!(cut.contains("has no end"), "{cut}");
    // A few milliseconds say next to nothing.
    let generation = fs::read(own().join("gc-generations.trace")).expect("readable");
    let short = notes(&read_bytes(&generation[..generation.len() / 8])).join("\n");
    assert!(short.contains("too short for rates"), "{short}");
}

#[test]
fn the_goroutine_analysis_has_the_numbers_of_the_oracle() {
    let name = "pool-imbalanced";
    let opened = read(name);
    let document = report(&opened);
    let part = section(&document, "goroutines-1");
    assert_eq!(part.title, "Execution trace: run/trace.out");
    let worker = "example.com/tracing/pool.(*pool).work";
    let row = &table(part, "Goroutines of the program").rows[0];
    // Of the manifest: five goroutines, 69 receives that take 1165.63 ms in sum.
    assert_eq!(row[..3], [worker, "5", "5"]);
    assert_eq!(row[9], "chan receive 1.17s (69×)");
    let latency = table(part, "Scheduler latency");
    assert_eq!(latency.rows.last().expect("a sum")[0], "all");
    let sites = table(part, "Where goroutines of the program wait");
    assert_eq!(
        sites.rows[1][..4],
        [
            "chan send",
            "pool.Imbalanced pool/pool.go:102",
            "main.main",
            "589"
        ]
    );
    let pools = table(part, "Worker pools");
    assert_eq!(
        pools.rows[0].last().expect("a verdict"),
        "work unevenly spread"
    );
    let pictures = part
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Figure { .. }));
    assert_eq!(pictures.count(), 3);
    // As integers, exactly.
    let numbers = document.numbers[0].trace.as_ref().expect("numbers");
    let group = numbers
        .groups
        .iter()
        .find(|group| group.name == worker)
        .expect("the group");
    let spans = &facts(name)["groups"][worker]["spans"];
    assert_eq!(Some(group.running), spans["Running"]["total"].as_u64());
    assert_eq!(
        Some(group.runnable.total),
        spans["Runnable"]["total"].as_u64()
    );
    assert_eq!(
        Some(group.waits[0].count),
        spans["Waiting:chan receive"]["count"].as_u64()
    );
}

#[test]
fn collector_and_tasks_have_tables_of_their_own() {
    let document = report(&read("gc-assist"));
    let part = section(&document, "goroutines-1");
    // 32 collections, 105.9 a second.
    assert_eq!(
        table(part, "Garbage collection").rows[0][..2],
        ["32", "105.9"]
    );
    let left = table(part, "What the collector leaves");
    assert_eq!(left.rows.last().expect("the whole")[0], "the whole trace");
    let stops = table(part, "Stops of the world");
    let tracing = stops
        .rows
        .iter()
        .find(|row| row[0] == "start trace")
        .expect("its own");
    assert_eq!(tracing[7], "tracing itself");
    let document = report(&read("mixed-1.27"));
    let part = section(&document, "goroutines-1");
    let tasks = table(part, "Tasks of the program");
    let known: Vec<&str> = tasks.rows.iter().map(|row| row[0].as_str()).collect();
    assert!(
        known.contains(&"pass") && known.contains(&"file"),
        "{known:?}"
    );
}

#[test]
fn findings_of_a_trace_become_recommendations_in_every_format() {
    let document = report(&read("lock-convoy"));
    let (html, markdown, json) = (
        document.to_html(),
        document.to_markdown(),
        document.to_json(),
    );
    for text in [&html, &markdown, &json] {
        for part in [
            "Goroutines stand in line for one lock",
            "No group of goroutines works as a pool",
            "go tool trace run/trace.out",
            "dropprof trace run/trace.out",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert!(text.contains("lock.go:17"), "the place of the lock");
    }
    assert!(html.contains("<svg") && json.contains("\"trace\""));
    let read: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(read["findings"]["findings"][0]["rule"], "T12");
    let long_term = section(&document, "long-term");
    let is_told = |block: &Block| match block {
        Block::List(list) => list.items.iter().any(|item| item.contains("(T12)")),
        _ => false,
    };
    assert!(long_term.blocks.iter().any(is_told));
}

#[test]
fn without_a_trace_the_report_says_how_to_record_one() {
    let document = build(&[], &ReportOptions::default());
    let asks = |block: &Block| match block {
        Block::Missing { command, .. } => command.contains("-trace=trace.out"),
        _ => false,
    };
    assert!(section(&document, "goroutines").blocks.iter().any(asks));
    // And with one it does not.
    let document = report(&read("idle"));
    assert!(
        !document
            .sections
            .iter()
            .flat_map(|section| &section.blocks)
            .any(asks)
    );
}
