//! Comparing real files: differences are those of `go tool pprof -diff_base`, and the picture has the
//! same sums as the table.

#[path = "support/opening.rs"]
mod opening;

use std::collections::HashMap;

use dropprof::analysis::compare::{Measure, Mode, Side, compare, counterpart};
use dropprof::analysis::merge::{MergeRules, diff};
use dropprof::analysis::{Granularity, NodeId, NodeOptions, Nodes, Selection, flat_cum};
use dropprof::formats::{OpenOptions, open};
use dropprof::model::{Kind, Profile};
use dropprof::wasm::Workspace;
use dropprof::wasm::dto::{Baseline, CompareRow, FlameWindow, Query, TableOrder};
use dropprof::wasm::dto_flame::FlameShape;

const BEFORE: &[u8] = include_bytes!("../www/public/demo/cpu.pb.gz");
const AFTER: &[u8] = include_bytes!("../www/public/demo/cpu-tuned.pb.gz");
const HEAP: &[u8] = include_bytes!("../www/public/demo/heap.pb.gz");
const SIGNED: &[u8] = include_bytes!("../testdata/pprof/handmade/negative.pb");

fn profile(bytes: &[u8]) -> Profile {
    let mut opened = open("file.pb.gz", bytes, OpenOptions::default());
    opened.remove(0).result.expect("a profile").profile
}

/// Σ by printable name: addresses of two binaries are no names, so they are left out.
fn by_name(nodes: &Nodes, values: impl Iterator<Item = (NodeId, i64)>) -> HashMap<String, i64> {
    let mut sums: HashMap<String, i64> = HashMap::new();
    for (node, value) in values {
        *sums.entry(nodes.printable_text(node)).or_default() += value;
    }
    sums.retain(|_, value| *value != 0);
    sums
}

#[test]
fn every_difference_is_that_of_a_subtraction() {
    let (before, after) = (profile(BEFORE), profile(AFTER));
    let merged = diff(
        after.clone(),
        before.clone(),
        true,
        false,
        MergeRules::CORRECTED,
    );
    let merged = merged.expect("they can be subtracted").profile;
    for granularity in [
        Granularity::Functions,
        Granularity::FileFunctions,
        Granularity::Files,
        Granularity::Packages,
        Granularity::Lines,
    ] {
        let options = NodeOptions {
            granularity,
            ..NodeOptions::default()
        };
        let sample_type = counterpart(&before, &after, 1).expect("both have cpu");
        let [base, new] =
            [(&before, sample_type), (&after, 1)].map(|(profile, sample_type)| Side {
                profile,
                kind: Kind::Cpu,
                sample_type,
            });
        let found =
            compare(&base, &new, &options, Some(Mode::Absolute), None).expect("of one kind");
        let nodes = Nodes::new(&merged, &options);
        let sums = flat_cum(&merged, &nodes, &Selection::all(&merged, 1), None);
        for (measure, column) in [(Measure::Flat, &sums.flat), (Measure::Cum, &sums.cum)] {
            let expected = column.iter().enumerate();
            let expected = expected.map(|(node, &value)| (NodeId(node as u32), value));
            let rows = found.comparison.rows(measure).iter();
            let got = rows.map(|row| (row.node, row.value.new - row.value.base));
            assert_eq!(
                by_name(&found.nodes, got),
                by_name(&nodes, expected),
                "{granularity:?} {measure:?}"
            );
        }
    }
}

struct Session {
    workspace: Workspace,
    ids: Vec<u32>,
}

fn session(files: &[&[u8]]) -> Session {
    let mut workspace = Workspace::new(1 << 30);
    let ids = files.iter();
    let ids = ids.map(|bytes| opening::open(&mut workspace, "file.pb.gz", bytes).id);
    let ids = ids.collect();
    Session { workspace, ids }
}

fn query(session: &Session, sample: u32, mode: &str) -> Query {
    Query {
        file: session.ids[1],
        sample,
        base: Some(Baseline {
            file: session.ids[0],
            mode: mode.to_owned(),
            operations: Vec::new(),
        }),
        ..Query::default()
    }
}

fn order(column: &str) -> TableOrder {
    TableOrder {
        column: column.to_owned(),
        ascending: false,
        search: String::new(),
    }
}

fn named(row: &CompareRow) -> (&str, &str) {
    let name = row.name.as_ref().map_or("", |name| name.full.as_str());
    (name, row.delta.as_str())
}

#[test]
fn the_largest_differences_are_those_that_the_tool_prints() {
    // go tool pprof -symbolize=none -top -diff_base cpu.pb.gz cpu-tuned.pb.gz, go 1.27:
    //   2.45s 10.59%  4.27s  diff.table        -1.04s  4.50%  -1.04s  runtime.memmove
    //   0.97s  4.19%  1.65s  tryBacktrack      -0.33s  1.43%  -1.53s  (*compiler).inst
    //  -0.31s  1.34% -0.32s  moveInlineMarks    0.28s  1.21%   0.28s  memeqbody
    let mut session = session(&[BEFORE, AFTER]);
    let query = query(&session, 1, "absolute");
    let rows = session
        .workspace
        .compare_rows(&query, &order("flat.delta"), 0, 6);
    let rows = rows.expect("rows").0;
    let got: Vec<(&str, &str)> = rows.iter().map(named).collect();
    assert_eq!(
        got,
        [
            ("example.com/dirsync/internal/diff.table", "+2.45s"),
            ("runtime.memmove", "-1.04s"),
            ("regexp.(*Regexp).tryBacktrack", "+970ms"),
            ("regexp/syntax.(*compiler).inst", "-330ms"),
            ("runtime.(*mspan).moveInlineMarks", "-310ms"),
            ("memeqbody", "+280ms"),
        ]
    );
    let cum = session
        .workspace
        .compare_rows(&query, &order("cum.delta"), 0, 834)
        .expect("rows")
        .0;
    for (name, delta) in [
        ("example.com/dirsync/internal/diff.table", "+4.27s"),
        ("regexp.(*Regexp).tryBacktrack", "+1.65s"),
        ("regexp/syntax.(*compiler).inst", "-1.53s"),
        ("runtime.(*mspan).moveInlineMarks", "-320ms"),
    ] {
        assert!(
            cum.iter().any(|row| named(row) == (name, delta)),
            "{name} {delta}"
        );
    }
}

#[test]
fn the_picture_has_the_sums_of_the_table() {
    let mut session = session(&[BEFORE, AFTER]);
    for mode in ["absolute", "second", "share"] {
        let query = query(&session, 1, mode);
        let info = session
            .workspace
            .compare(&query, &order(""))
            .expect("a comparison");
        assert_eq!(info.mode, mode);
        assert_eq!(
            info.order.map(|order| order.column),
            Some("flat.delta".to_owned())
        );
        let total = info.total.expect("a total");
        let root = session
            .workspace
            .flame_box(&query, &FlameShape::default(), "0")
            .expect("a root");
        let both = root.versus.expect("two sides");
        assert_eq!((both.base, both.new), (total.base, total.new), "{mode}");
        assert_eq!(root.cum, total.delta, "{mode}");
        let window = FlameWindow {
            shape: FlameShape::default(),
            root: "0".to_owned(),
            left: 0.0,
            right: 1.0,
            first_row: 0,
            row_count: 50,
            width: 1000.0,
            min_width: 2.0,
            search: String::new(),
        };
        let boxes = session
            .workspace
            .flame_boxes(&query, &window)
            .expect("boxes");
        assert_eq!(boxes.change.len(), boxes.row.len());
        assert!(
            boxes
                .change
                .iter()
                .all(|share| (-1.0..=1.0).contains(share))
        );
        assert!(
            boxes.change.iter().any(|&share| share > 0.3)
                && boxes.change.iter().any(|&share| share < -0.3)
        );
        let texts = session
            .workspace
            .compare_texts(&query, &boxes.value)
            .expect("texts")
            .0;
        assert_eq!(texts[0], root.cum);
    }
}

#[test]
fn what_cannot_be_compared_is_told_and_nothing_breaks() {
    let mut workspace = session(&[HEAP, AFTER]);
    let asked = query(&workspace, 1, "");
    let info = workspace
        .workspace
        .compare(&asked, &order(""))
        .expect("an answer");
    assert!(
        info.refused.contains("no sample type in common"),
        "{}",
        info.refused
    );
    assert!(
        workspace
            .workspace
            .flame(&asked, &FlameShape::default())
            .is_err()
    );
    // A file with itself, and a baseline that was closed.
    workspace.ids[0] = workspace.ids[1];
    let asked = query(&workspace, 1, "");
    assert!(
        workspace
            .workspace
            .compare(&asked, &order(""))
            .expect("an answer")
            .refused
            .contains("itself")
    );
    let mut both = session(&[BEFORE, AFTER]);
    let asked = query(&both, 1, "");
    assert!(
        both.workspace
            .compare(&asked, &order(""))
            .expect("an answer")
            .refused
            .is_empty()
    );
    both.workspace.close(both.ids[0]);
    assert!(
        !both
            .workspace
            .compare(&asked, &order(""))
            .expect("an answer")
            .refused
            .is_empty()
    );
}

#[test]
fn differences_of_differences_and_odd_numbers_do_no_harm() {
    let mut session = session(&[SIGNED, SIGNED]);
    for mode in ["", "absolute", "second", "share", "operation", "nonsense"] {
        for operations in [
            vec![],
            vec![0.0, -1.0],
            vec![f64::NAN, 1e300],
            vec![1e-300, 1e300],
        ] {
            let mut asked = query(&session, 0, mode);
            asked.base.as_mut().expect("a baseline").operations = operations;
            let info = session
                .workspace
                .compare(&asked, &order("cum.change"))
                .expect("an answer");
            assert_eq!(info.refused, "");
            session
                .workspace
                .compare_rows(&asked, &order("nothing"), 0, 1000)
                .expect("rows");
            let bottom_up = FlameShape {
                inverted: true,
                ..FlameShape::default()
            };
            session.workspace.flame(&asked, &bottom_up).expect("a tree");
            session
                .workspace
                .flame_box(&asked, &bottom_up, "0")
                .expect("a root");
        }
    }
    let plain = Query {
        file: session.ids[0],
        ..Query::default()
    };
    assert!(
        session
            .workspace
            .growth(&plain)
            .expect("an answer")
            .refused
            .contains("heap and goroutine")
    );
}

#[test]
fn growth_takes_three_files_of_the_session() {
    let mut session = session(&[HEAP, HEAP, HEAP]);
    let asked = Query {
        file: session.ids[0],
        sample: 3,
        ..Query::default()
    };
    let found = session.workspace.growth(&asked).expect("an answer");
    assert_eq!((found.refused.as_str(), found.files.len()), ("", 3));
    // Three times the same: nothing grows.
    assert!(
        found
            .rows
            .iter()
            .all(|row| row.delta == "0" && row.facts.is_empty())
    );
    assert!(found.summary[1].starts_with("No site grows"));
    session.workspace.close(session.ids[2]);
    let found = session.workspace.growth(&asked).expect("an answer");
    assert!(found.refused.contains("there are 2"));
}
