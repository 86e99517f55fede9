//! Whose code is shown: the module that is guessed or named, and only the program's own frames.

#[path = "support/opening.rs"]
mod opening;

use dropprof::wasm::Workspace;
use dropprof::wasm::dto::{Baseline, GoroutineOrder, Query, Step, TableOrder, TopRow};
use dropprof::wasm::dto_flame::FlameShape;
use opening::open;

const CPU: &[u8] = include_bytes!("../www/public/demo/cpu.pb.gz");
const DUMP: &[u8] = include_bytes!("../testdata/goroutines/goroutine.d2");

/// A workspace with the demo's CPU profile, and the query for its time.
fn opened() -> (Workspace, Query) {
    let mut workspace = Workspace::new(1 << 30);
    let file = open(&mut workspace, "cpu.pb.gz", CPU).id;
    let query = Query {
        file,
        sample: 1,
        ..Query::default()
    };
    (workspace, query)
}

fn by_flat() -> TableOrder {
    TableOrder {
        column: "flat".to_owned(),
        ascending: false,
        search: String::new(),
    }
}

fn rows(workspace: &mut Workspace, query: &Query) -> Vec<TopRow> {
    let rows = workspace.top_rows(query, &by_flat(), 0, 1000);
    rows.expect("rows").0
}

fn row_text(row: &TopRow) -> String {
    let TopRow {
        flat,
        flat_pct,
        cum,
        cum_pct,
        name,
        ..
    } = row;
    format!("{flat} {flat_pct} {cum} {cum_pct} {}", name.full)
}

fn class(workspace: &mut Workspace, query: &Query, name: &str) -> String {
    let rows = rows(workspace, query);
    let row = rows.iter().find(|row| row.name.full == name);
    row.expect("such a row").name.class.clone()
}

#[test]
fn only_my_code_is_what_pprof_shows_of_it_and_the_total_stays() {
    let (mut workspace, query) = opened();
    let mine = Query {
        mine: true,
        ..query.clone()
    };
    // go tool pprof -symbolize=none -top -trim=false -show='^(main|example\.com/dirsync[^ ]*)\.'
    // says: 20.85s, 90.14% of 23.13s total, and these rows. 23.13s - 20.85s = 2.28s, which is 9.86%.
    let info = workspace.filters(&mine).expect("filters");
    assert_eq!((&*info.value, &*info.pct), ("20.85s", "90.14%"));
    assert_eq!(
        info.remarks,
        [
            "2.28s (9.86%) is in samples without a frame of yours: it stays in the total, and no row has it"
        ]
    );
    let own = rows(&mut workspace, &mine);
    let first: Vec<String> = own.iter().take(4).map(row_text).collect();
    assert_eq!(
        first,
        [
            "7.47s 32.30% 7.74s 33.46% example.com/dirsync/internal/ignore.(*Rule).matches",
            "6.20s 26.81% 6.20s 26.81% example.com/dirsync/internal/diff.table",
            "3.57s 15.43% 3.57s 15.43% example.com/dirsync/internal/diff.script",
            "0.84s 3.63% 0.84s 3.63% example.com/dirsync/internal/pack.(*Writer).Add",
        ]
    );
    assert!(own.iter().all(|row| row.name.class == "main"));
    assert_eq!(
        workspace.top(&mine, &by_flat()).expect("a table").total,
        "23.13s"
    );
    let flame = workspace
        .flame(&mine, &FlameShape::default())
        .expect("a tree");
    assert_eq!(flame.total, "23.13s");
    // Names stay where they are, so that nothing selected or drawn is lost.
    let whole = workspace
        .flame(&query, &FlameShape::default())
        .expect("a tree");
    assert_eq!(flame.node_set, whole.node_set);
    let name = &own[0].name;
    let found = workspace.find_node(&query, &name.full).expect("a node");
    assert_eq!(found as u32, name.node);
    let hidden = workspace
        .find_node(&mine, "runtime.mallocgc")
        .expect("none");
    assert_eq!(hidden, -1);
}

#[test]
fn only_my_code_goes_with_filters_and_with_frames_of_labels() {
    let (mut workspace, query) = opened();
    let mut of = |kind: &str, text: &str| {
        let (kind, text) = (kind.to_owned(), text.to_owned());
        let mine = Query {
            steps: vec![Step { kind, text }],
            mine: true,
            ..query.clone()
        };
        let info = workspace.filters(&mine).expect("filters");
        (info, rows(&mut workspace, &mine))
    };
    // What the filters see are the frames of the file: of the 32.43% with a regexp, all is in own code.
    let (focused, _) = of("focus", "regexp");
    assert_eq!(focused.pct, "32.43%");
    // Labels become frames, and those stay: 12.04s have no stage (-tagleaf=stage), 10.56s are patches.
    let (_, rows) = of("tagroot", "tenant");
    let south = rows.iter().find(|row| row.name.full == "tenant:south");
    assert_eq!(south.expect("a row").cum, "10.45s");
}

#[test]
fn a_named_module_is_the_programs_own_everywhere() {
    let (mut workspace, query) = opened();
    let named = Query {
        main: "regexp".to_owned(),
        ..query.clone()
    };
    let of = |workspace: &mut Workspace, query: &Query| {
        ["regexp.compile", "example.com/dirsync/internal/diff.table"]
            .map(|name| class(workspace, query, name))
    };
    assert_eq!(of(&mut workspace, &query), ["std", "main"]);
    assert_eq!(of(&mut workspace, &named), ["main", "thirdparty"]);
    assert_eq!(of(&mut workspace, &query), ["std", "main"]);
    // What is drawn with names must be drawn anew: they say whose code a function is.
    let set = |workspace: &mut Workspace, query: &Query| {
        workspace
            .flame(query, &FlameShape::default())
            .expect("a tree")
            .node_set
    };
    let (guessed, other) = (set(&mut workspace, &query), set(&mut workspace, &named));
    assert_ne!(guessed, other);
    assert_eq!(set(&mut workspace, &named), other);

    // The shares are pprof's of -show, see above and below.
    let passes = |workspace: &mut Workspace, query: &Query| {
        let summary = workspace.summary(query).expect("a summary");
        let said = summary.verdict.into_iter();
        let mut said = said.filter(|sentence| sentence.contains("passes through your code"));
        said.next().expect("a sentence")
    };
    assert!(passes(&mut workspace, &query).starts_with("90.14%"));
    assert!(passes(&mut workspace, &named).starts_with("42.07%"));

    // go tool pprof -top -trim=false -show='^(regexp|regexp/syntax|main)\.': 9.73s, 42.07% of 23.13s.
    let mine = Query {
        mine: true,
        ..named
    };
    let info = workspace.filters(&mine).expect("filters");
    assert_eq!((&*info.value, &*info.pct), ("9.73s", "42.07%"));
}

#[test]
fn a_module_without_functions_is_told() {
    let (mut workspace, query) = opened();
    let named = Query {
        main: "example.com/dirsync, example.com/absent".to_owned(),
        ..query.clone()
    };
    let info = workspace.filters(&named).expect("filters");
    assert_eq!(
        info.remarks,
        [
            "No function of this file is below example.com/absent: check the import path of your code"
        ]
    );
    assert_eq!(info.pct, "100%");
    let own = workspace.own_code(query.file).expect("a file");
    assert_eq!(own.guess, "example.com/dirsync");
    assert_eq!(own.modules, ["example.com/dirsync"]);
}

#[test]
fn a_summary_is_about_whole_stacks_and_says_so() {
    let (mut workspace, query) = opened();
    let mine = Query {
        mine: true,
        ..query.clone()
    };
    let plain = workspace.summary(&query).expect("a summary");
    let summary = workspace.summary(&mine).expect("a summary");
    assert_eq!(summary.headline, plain.headline);
    assert_eq!(summary.verdict, plain.verdict);
    let said = "Frames count here as they are in the file: what hides or adds some is left aside.";
    assert!(summary.notes.iter().any(|note| note.message == said));
}

#[test]
fn a_comparison_has_the_classes_of_its_files_and_only_own_frames_if_asked() {
    let (mut workspace, query) = opened();
    let other = open(&mut workspace, "other.pb.gz", CPU).id;
    let compared = Query {
        mine: true,
        main: "regexp".to_owned(),
        base: Some(Baseline {
            file: other,
            mode: "absolute".to_owned(),
            ..Baseline::default()
        }),
        ..query
    };
    let order = TableOrder {
        column: "flat.base".to_owned(),
        ascending: false,
        search: String::new(),
    };
    let info = workspace.compare(&compared, &order).expect("a comparison");
    assert_eq!(info.refused, "");
    // The total stays that of the whole profiles.
    assert_eq!(info.total.expect("a total").base, "23.13s");
    let rows = workspace.compare_rows(&compared, &order, 0, 1000);
    let rows = rows.expect("rows").0;
    assert!(!rows.is_empty());
    for row in rows {
        let name = row.name.expect("a name");
        assert_eq!(name.class, "main", "{}", name.full);
    }
}

#[test]
fn goroutines_keep_their_stacks_and_take_the_named_module() {
    let mut workspace = Workspace::new(1 << 30);
    let file = open(&mut workspace, "goroutine.d2", DUMP).id;
    let query = Query {
        file,
        ..Query::default()
    };
    let mine = Query {
        mine: true,
        ..query.clone()
    };
    let order = GoroutineOrder::default();
    let plain = workspace.goroutines(&query, &order).expect("goroutines");
    let own = workspace.goroutines(&mine, &order).expect("goroutines");
    assert_eq!(own.title, plain.title);
    let waits = |info: &dropprof::wasm::dto::GoroutineInfo| {
        let rows = info.rows.iter();
        rows.map(|row| row.wait.clone()).collect::<Vec<_>>()
    };
    assert_eq!(waits(&own), waits(&plain));
    assert_eq!(own.notes.len(), plain.notes.len() + 1);
}
