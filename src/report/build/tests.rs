//! The report as a whole, on small profiles whose numbers can be added up by hand.

use std::fmt::Write as _;

use super::*;
use crate::analysis::testing::{cpu_profile, test_profile_of};
use crate::report::{Block, Section, Table};

const CPU: &str = "
    main.main@/a/main.go:3;main.work@/a/main.go:10;runtime.mallocgc 60
    main.main@/a/main.go:3;main.work@/a/main.go:12;fmt.Sprint@/go/src/fmt/print.go:1 10
    main.main@/a/main.go:4 30";

fn cpu_file(profile: &Profile) -> ReportFile<'_> {
    ReportFile {
        name: "cpu.pb.gz",
        kind: Kind::Cpu,
        profile,
        diagnostics: &[],
    }
}

fn section<'a>(document: &'a Document, id: &str) -> &'a Section {
    document.sections.iter().find(|s| s.id == id).unwrap()
}

fn tables(section: &Section) -> Vec<&Table> {
    let mut tables = Vec::new();
    for block in &section.blocks {
        if let Block::Table(table) = block {
            tables.push(table);
        }
    }
    tables
}

#[test]
fn the_outline_is_fixed() {
    let document = build(&[], &ReportOptions::default());
    let outline: Vec<(u8, &str)> = document
        .sections
        .iter()
        .map(|s| (s.level, s.title.as_str()))
        .collect();
    assert_eq!(
        outline,
        [
            (2, "Performance Analysis Summary"),
            (3, "Overall"),
            (3, "Key bottlenecks"),
            (3, "Impact"),
            (2, "Detailed Findings"),
            (3, "CPU analysis"),
            (3, "Memory analysis"),
            (3, "Goroutine analysis"),
            (3, "Checked, not found"),
            (2, "Recommendations"),
            (3, "Immediate"),
            (3, "Long-term"),
            (2, "Benchmarking Results"),
            (3, "Before and after"),
            (3, "Commands to reproduce"),
            (2, "Limits"),
        ]
    );
}

#[test]
fn what_is_missing_comes_with_the_command_that_records_it() {
    let document = build(&[], &ReportOptions::default());
    for (id, command) in [
        ("cpu", "-cpuprofile"),
        ("memory", "-memprofile"),
        ("goroutines", "debug/pprof/goroutine"),
        ("goroutines", "-blockprofile"),
        ("goroutines", "-mutexprofile"),
        ("goroutines", "-trace="),
        ("before-after", "benchstat"),
    ] {
        let holds = |block: &Block| match block {
            Block::Missing { command: given, .. } => given.contains(command),
            _ => false,
        };
        assert!(
            section(&document, id).blocks.iter().any(holds),
            "{id}: {command}"
        );
    }
}

#[test]
fn numbers_are_those_of_the_profile() {
    let profile = cpu_profile(CPU);
    let document = build(&[cpu_file(&profile)], &ReportOptions::default());
    let [found, bottlenecks] = tables(section(&document, "bottlenecks"))[..] else {
        panic!("what was found, and who causes it");
    };
    // 60 of 100 samples allocate: (0.6 + 0.019208 ± 1.96 · √(0.0024 + 0.00009604)) ÷ 1.038416
    // = 0.5963 ± 0.0943.
    assert_eq!(
        found.rows[0],
        [
            "1",
            "critical",
            "Allocating memory takes a large part of the CPU time (A04)",
            "60.0% of CPU time",
            "50.2–69.1%",
            "main.work a/main.go:10",
            "medium, 60 of 100 samples"
        ]
    );
    // 100 samples of 10 ms: main.work causes 60 + 10, its line 10 holds 60; of its 70, 60 are
    // allocation (86%). Wilson for 70 of 100: (0.7 + 0.019208 ± 1.96 · √(0.0021 + 0.00009604))
    // ÷ 1.038416 = 0.6926 ± 0.0885.
    let row = &bottlenecks.rows[0];
    assert_eq!(
        row,
        &[
            "CPU time",
            "main.work",
            "a/main.go:10",
            "700ms",
            "70.00%",
            "60.4–78.1%",
            "Allocation (86%)",
            "cpu.pb.gz: cpu"
        ]
    );
    let details = tables(section(&document, "cpu-1"));
    let cum = details
        .iter()
        .find(|t| t.caption.starts_with("Top by cost with callees"))
        .unwrap();
    assert_eq!(
        cum.rows[0][..5],
        ["main.main", "300ms", "30.00%", "1s", "100%"]
    );
    assert_eq!(
        cum.rows[1][..5],
        ["main.work", "0", "0%", "700ms", "70.00%"]
    );
    let numbers = &document.numbers[0];
    assert_eq!(numbers.sample_types[1].total, 1_000_000_000);
    assert_eq!(numbers.functions[0].cum, [100, 1_000_000_000]);
    let sum: i64 = numbers.mechanisms.iter().map(|m| m.value).sum();
    assert_eq!(sum, 1_000_000_000);
}

#[test]
fn every_table_of_numbers_names_its_source() {
    let profile = cpu_profile(CPU);
    let document = build(&[cpu_file(&profile)], &ReportOptions::default());
    let details = section(&document, "cpu-1");
    assert!(tables(details).len() >= 4);
    for table in tables(details) {
        assert!(
            table.caption.contains("source: cpu.pb.gz, cpu/nanoseconds"),
            "{}",
            table.caption
        );
    }
}

#[test]
fn advice_needs_a_number_behind_it() {
    // Below 30 samples nothing is named, whatever the share.
    let few = cpu_profile("main.main;main.work 29");
    let document = build(&[cpu_file(&few)], &ReportOptions::default());
    // But for the table of findings, which says that there are too few samples.
    let tables = tables(section(&document, "bottlenecks"));
    assert!(tables.len() == 1 && tables[0].rows[0][2].contains("M01"));
    let immediate = section(&document, "immediate");
    assert!(
        matches!(&immediate.blocks[0], Block::Paragraph(text) if text.text.starts_with("Each"))
    );
    let shares = few_text(&document);
    assert!(!shares.contains('%'), "a share of 29 samples: {shares}");
    let enough = cpu_profile("main.main;main.work 30");
    let document = build(&[cpu_file(&enough)], &ReportOptions::default());
    assert!(
        matches!(&section(&document, "immediate").blocks[1], Block::List(list)
        if list.items[0].starts_with("Look at main.work first: it causes 100%"))
    );
}

/// What the report says of the file itself: not what others would have to say.
fn few_text(document: &Document) -> String {
    let own = ["overall", "bottlenecks", "cpu-1", "immediate"];
    let sections = document
        .sections
        .iter()
        .filter(|s| own.contains(&s.id.as_str()));
    sections
        .map(|s| serde_json::to_string(s).unwrap())
        .collect::<Vec<_>>()
        .join("\n")
        .replace("95% interval", "interval")
}

#[test]
fn a_recommendation_has_the_change_the_check_and_what_would_refute_it() {
    let profile = cpu_profile(
        "main.main@/a/main.go:3;main.key@/a/key.go:7;fmt.Sprintf;fmt.(*pp).doPrintf 80
         main.main@/a/main.go:4 20",
    );
    let document = build(&[cpu_file(&profile)], &ReportOptions::default());
    let text = serde_json::to_string(section(&document, "finding-1")).unwrap();
    for part in [
        "1. fmt formats on a hot path",
        "main.key (a/key.go:7)",
        "+ key := name",
        "Verify: ",
        "It is wrong if: ",
        "80.0% of CPU time",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Left out by the author, it is nowhere.
    let key = document.findings.findings[0].key();
    let options = ReportOptions {
        without: vec![key],
        ..ReportOptions::default()
    };
    let document = build(&[cpu_file(&profile)], &options);
    assert!(!document.to_json().contains("fmt formats on a hot path"));
}

#[test]
fn files_stand_in_the_same_order_however_they_come() {
    let (a, b) = (cpu_profile("main.main 40"), cpu_profile("main.other 50"));
    let heap = test_profile_of(&[("inuse_space", "bytes")], "main.f 10");
    let file = |name, kind, profile| ReportFile {
        name,
        kind,
        profile,
        diagnostics: &[],
    };
    let files = [
        file("b.cpu", Kind::Cpu, &b),
        file("x.heap", Kind::Custom, &heap),
        file("a.cpu", Kind::Cpu, &a),
        file("a.cpu", Kind::Cpu, &b),
    ];
    let text = |order: [usize; 4]| {
        let files = order.map(|at| files[at]);
        build(&files, &ReportOptions::default()).to_html()
    };
    let first = text([0, 1, 2, 3]);
    for order in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        assert_eq!(text(order), first);
    }
}

#[test]
fn numbers_of_many_sample_types_are_bounded() {
    let names: Vec<String> = (0..100).map(|i| format!("t{i}")).collect();
    let types: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "count")).collect();
    let values: Vec<String> = (1..=100).map(|i| i.to_string()).collect();
    let profile = test_profile_of(&types, &format!("main.f {}", values.join(" ")));
    let file = ReportFile {
        name: "many",
        kind: Kind::Custom,
        profile: &profile,
        diagnostics: &[],
    };
    let numbers = &build(&[file], &ReportOptions::default()).numbers[0];
    // The first 23 of the 100, with the values 1 to 23, and the last, which is the one shown.
    let expected: Vec<i64> = (1..=23).chain([100]).collect();
    assert_eq!(numbers.functions[0].cum, expected);
    let totals: Vec<i64> = numbers.sample_types.iter().map(|t| t.total).collect();
    assert_eq!(totals, expected);
    assert!(numbers.sample_types[23].shown && numbers.sample_types[23].name == "t99");
}

#[test]
fn heap_and_allocations_side_by_side_are_not_said_twice() {
    let types = [
        ("alloc_objects", "count"),
        ("alloc_space", "bytes"),
        ("inuse_objects", "count"),
        ("inuse_space", "bytes"),
    ];
    let profile = test_profile_of(&types, "main.main;main.fill 8 4096 2 1024");
    let file = |name, kind| ReportFile {
        name,
        kind,
        profile: &profile,
        diagnostics: &[],
    };
    let both = [file("allocs", Kind::Allocs), file("heap", Kind::Heap)];
    let costs = |files: &[ReportFile<'_>]| -> Vec<String> {
        let document = build(files, &ReportOptions::default());
        let table = tables(section(&document, "bottlenecks"))[0].clone();
        table
            .rows
            .into_iter()
            .map(|row| row.last().cloned().unwrap())
            .collect()
    };
    assert_eq!(costs(&both), ["allocs: alloc_space", "heap: inuse_space"]);
    assert_eq!(
        costs(&both[1..]),
        ["heap: alloc_space", "heap: inuse_space"]
    );
}

#[test]
fn differences_keep_their_signs_and_say_what_shares_are_of() {
    let types = [
        ("alloc_objects", "count"),
        ("alloc_space", "bytes"),
        ("inuse_objects", "count"),
        ("inuse_space", "bytes"),
    ];
    let profile = test_profile_of(&types, "main.f -8 -4096 -8 -4096\nmain.g 2 1024 2 1024");
    let file = ReportFile {
        name: "heap",
        kind: Kind::Heap,
        profile: &profile,
        diagnostics: &[],
    };
    let text = build(&[file], &ReportOptions::default()).to_markdown();
    // 2 - 8 = -6 objects, 1024 - 4096 = -3072 bytes, of 1024 + 4096 = 5120.
    for expected in [
        "in use in -6 objects, -3kB allocated in -6 objects",
        "Pattern: **\\-3kB** allocated in -6 objects",
        "| \\-4kB | 80.00% | \\-8 | 512B |",
        "| ≤ 512B | \\-6 | 100% | \\-3kB | 100% |",
        "Parts of the bar, together -3kB net; shares are of 5kB; source",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    // What went down is nothing to be saved: main.g, 1024 of 5120, is the cause.
    assert!(text.contains("Look at `main.g` first"), "{text}");
    assert!(!text.contains("Look at `main.f` first"), "{text}");
}

#[test]
fn unreadable_files_and_remarks_are_limits() {
    let profile = cpu_profile(CPU);
    let diagnostics = [Diagnostic::warning("it was cut")];
    let file = ReportFile {
        diagnostics: &diagnostics,
        ..cpu_file(&profile)
    };
    let unreadable = vec![Unreadable {
        name: "bad.gz".to_owned(),
        reason: "container: no end".to_owned(),
    }];
    let options = ReportOptions {
        unreadable,
        ..ReportOptions::default()
    };
    let text = build(&[file], &options).to_markdown();
    assert!(text.contains("- `bad.gz` could not be read"), "{text}");
    assert!(
        text.contains("- `cpu.pb.gz`, warning: it was cut"),
        "{text}"
    );
}

#[test]
fn hostile_names_and_values_give_a_harmless_report() {
    let evil = "x<script>alert(1)</script>|`\u{7}\u{202e}@v1";
    let text = format!(
        "{evil};{evil}b {max}\n{evil};c {max}\nc {min}\n- 5",
        max = i64::MAX,
        min = i64::MIN
    );
    let profile = test_profile_of(&[("x|y", "z<b>")], &text);
    let file = ReportFile {
        name: "a'<b>|.gz",
        kind: Kind::Custom,
        profile: &profile,
        diagnostics: &[],
    };
    let document = build(&[file], &ReportOptions::default());
    let (html, markdown) = (document.to_html(), document.to_markdown());
    assert!(!html.contains("<script") && !html.contains("<b>"));
    assert!(!html.contains(['\u{7}', '\u{202e}']) && !markdown.contains(['\u{7}', '\u{202e}']));
    assert!(serde_json::from_str::<serde_json::Value>(&document.to_json()).is_ok());
}

#[test]
fn deep_and_wide_profiles_make_small_pictures() {
    let deep: Vec<String> = (0..20_000).map(|i| format!("f{i}")).collect();
    let mut text = format!("{} 50\n", deep.join(";"));
    for i in 0..3_000 {
        let _ = writeln!(
            text,
            "main.main;some/long/package/path/to/code.(*Type{i}).Method;leaf 1"
        );
    }
    let profile = cpu_profile(&text);
    let document = build(&[cpu_file(&profile)], &ReportOptions::default());
    let mut pictures = 0;
    for block in &section(&document, "cpu-1").blocks {
        if let Block::Figure { svg, .. } = block {
            pictures += 1;
            assert!(svg.as_str().len() < 60_000, "{}", svg.as_str().len());
        }
    }
    assert_eq!(pictures, 2, "the bar and the flame graph");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let once = || {
        let profile = cpu_profile(CPU);
        let document = build(&[cpu_file(&profile)], &ReportOptions::default());
        (
            document.to_html(),
            document.to_markdown(),
            document.to_json(),
        )
    };
    assert_eq!(once(), once());
}
