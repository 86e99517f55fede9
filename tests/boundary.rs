//! What the boundary makes of an order that a table does not have, and what it says of merged boxes.

#[path = "support/opening.rs"]
mod opening;

use dropprof::views::FlameBoxes;
use dropprof::wasm::Workspace;
use dropprof::wasm::dto::{
    FlameWindow, GoroutineOrder, GranularityDto, PprofRequest, Query, Step, TableOrder, TopRow,
};
use dropprof::wasm::dto_flame::FlameShape;
use opening::open;

/// A workspace with one file of the test data, and its sample types.
fn opened(bytes: &[u8]) -> (Workspace, u32, Vec<String>) {
    let mut workspace = Workspace::new(1 << 30);
    let info = open(&mut workspace, "file.pb.gz", bytes);
    let types = info.sample_types.into_iter().map(|t| t.name);
    (workspace, info.id, types.collect())
}

const HEAP: &[u8] = include_bytes!("../www/public/demo/heap.pb.gz");
const SIGNED: &[u8] = include_bytes!("../testdata/pprof/handmade/negative.pb");

fn query(file: u32, types: &[String], name: &str) -> Query {
    let sample = types.iter().position(|t| t == name).expect("such a type");
    Query {
        file,
        sample: sample as u32,
        granularity: GranularityDto::Functions,
        ..Query::default()
    }
}

/// Steps, as kind and text.
fn steps(list: &[(&str, &str)]) -> Vec<Step> {
    let step = |&(kind, text): &(&str, &str)| Step {
        kind: kind.to_owned(),
        text: text.to_owned(),
    };
    list.iter().map(step).collect()
}

fn order(column: &str, ascending: bool) -> TableOrder {
    TableOrder {
        column: column.to_owned(),
        ascending,
        search: String::new(),
    }
}

#[test]
fn a_column_of_the_type_that_is_now_shown_goes_by_its_plain_name() {
    let (mut workspace, file, types) = opened(HEAP);
    let inuse = query(file, &types, "inuse_space");
    let alloc = query(file, &types, "alloc_space");
    let asked = order("flat:alloc_space", false);

    let beside = workspace.top(&inuse, &asked).expect("a table");
    assert_eq!(beside.order, asked);
    let shown = workspace.top(&alloc, &asked).expect("a table");
    assert_eq!(shown.order, order("flat", false));

    let first = |workspace: &mut Workspace, order: &TableOrder| {
        let rows = workspace.top_rows(&alloc, order, 0, 1).expect("rows").0;
        rows[0].name.full.clone()
    };
    let by_plain_name = first(&mut workspace, &order("flat", false));
    assert_eq!(first(&mut workspace, &asked), by_plain_name);
    assert_ne!(first(&mut workspace, &order("name", false)), by_plain_name);
}

#[test]
fn an_unknown_column_is_the_default_largest_first() {
    let (mut workspace, file, types) = opened(HEAP);
    let query = query(file, &types, "alloc_space");
    for column in ["", "sum", "flat:cpu", "mean:alloc_space"] {
        let top = workspace
            .top(&query, &order(column, true))
            .expect("a table");
        assert_eq!(top.order, order("flat", false), "{column}");
        let sites = workspace.allocations(&query, &order(column, true));
        let sites = sites.expect("a table").order;
        assert_eq!(sites, Some(order("alloc_space", false)), "{column}");
    }
    for known in [order("name", true), order("cum", true)] {
        assert_eq!(workspace.top(&query, &known).expect("a table").order, known);
    }
    let mean = order("mean", true);
    let sites = workspace.allocations(&query, &mean).expect("a table");
    assert_eq!(sites.order, Some(mean));
}

#[test]
fn the_place_of_a_function_is_where_its_row_is() {
    let (mut workspace, file, types) = opened(HEAP);
    let query = query(file, &types, "inuse_space");
    let order = order("name", true);
    let rows = workspace.top_rows(&query, &order, 0, 1000).expect("rows").0;
    for (place, row) in rows.iter().enumerate() {
        let found = workspace.top_place(&query, &order, row.name.node);
        assert_eq!(found, Ok(place as i32));
    }
    let none = TableOrder {
        search: "nothing is called this".to_owned(),
        ..order
    };
    let found = workspace.top_place(&query, &none, rows[0].name.node);
    assert_eq!(found, Ok(-1));
}

/// The boxes of the whole tree on a screen of `width` pixels.
fn boxes(workspace: &mut Workspace, query: &Query, width: f64, search: &str) -> FlameBoxes {
    let window = FlameWindow {
        shape: FlameShape::default(),
        root: "0".to_owned(),
        left: 0.0,
        right: 1.0,
        first_row: 0,
        row_count: 1000,
        width,
        min_width: 2.0,
        search: search.to_owned(),
    };
    workspace.flame_boxes(query, &window).expect("boxes")
}

#[test]
fn a_merged_box_is_marked_when_one_of_its_names_matches() {
    let (mut workspace, file, types) = opened(HEAP);
    let query = query(file, &types, "alloc_space");
    let marked = |boxes: &FlameBoxes| {
        let both = FlameBoxes::MERGED | FlameBoxes::MATCH;
        boxes
            .flags
            .iter()
            .filter(|&&flags| flags & both == both)
            .count()
    };
    let merged = |boxes: &FlameBoxes| {
        let flags = boxes.flags.iter();
        flags
            .filter(|&&flags| flags & FlameBoxes::MERGED != 0)
            .count()
    };
    let plain = boxes(&mut workspace, &query, 300.0, "");
    assert!(merged(&plain) > 10, "on 300 pixels much is merged");
    assert_eq!(marked(&plain), 0);
    // An empty alternative matches every name; nothing is called by the other.
    let all = boxes(&mut workspace, &query, 300.0, "x|");
    assert_eq!(marked(&all), merged(&all));
    let none = boxes(&mut workspace, &query, 300.0, "nothing is called this");
    assert_eq!(marked(&none), 0);
    assert_eq!(none.value, plain.value);
}

#[test]
fn merged_boxes_of_values_of_both_signs_hold_their_net_sum() {
    let (mut workspace, file, types) = opened(SIGNED);
    let query = query(file, &types, &types[0].clone());
    let wide = boxes(&mut workspace, &query, 10_000.0, "");
    assert!(
        wide.flags
            .iter()
            .any(|flags| flags & FlameBoxes::NEGATIVE != 0)
    );
    let net = |boxes: &FlameBoxes, row: u32| -> i64 {
        let rows = boxes.row.iter().zip(&boxes.value);
        rows.filter(|&(&at, _)| at == row)
            .map(|(_, &value)| value as i64)
            .sum()
    };
    // Three pixels: nearly everything is merged, and yet the first row holds the same in sum.
    let narrow = boxes(&mut workspace, &query, 3.0, "");
    assert!(narrow.row.len() < wide.row.len());
    assert_eq!(net(&narrow, 1), net(&wide, 1));
}

#[test]
fn filters_leave_what_pprof_leaves() {
    // go tool pprof (go1.27.3) -sample_index=alloc_space -focus='regexp\.compile$' -top -cum prints
    // of this file: 2.68GB 18.46% regexp.compile. The share is of the whole profile.
    let (mut workspace, file, types) = opened(HEAP);
    let whole = query(file, &types, "alloc_space");
    let mut focused = whole.clone();
    focused.steps = steps(&[("focus", "regexp\\.compile$")]);
    let by_cum = order("cum", false);
    let all = workspace.top(&whole, &by_cum).expect("a table");
    let some = workspace.top(&focused, &by_cum).expect("a table");
    assert!(some.rows > 0 && some.rows < all.rows);
    let node = workspace
        .find_node(&focused, "regexp.compile")
        .expect("an answer");
    let details = workspace.details(&focused, node as u32).expect("details");
    let shown = details
        .values
        .iter()
        .find(|v| v.sample_type == "alloc_space");
    let shown = shown.expect("the type");
    assert_eq!((&*shown.cum, &*shown.cum_pct), ("2.68GB", "18.46%"));
    let flame = workspace
        .flame(&focused, &FlameShape::default())
        .expect("a tree");
    // In the unit of the whole table: the tool prints it so with -unit=MB.
    assert_eq!(flame.total, "2747.21MB");
    let info = workspace.filters(&focused).expect("filters");
    assert!(info.problems.is_empty() && info.remarks.is_empty());
    assert_eq!((&*info.value, &*info.pct), ("2.68GB", "18.46%"));
}

#[test]
fn a_bad_filter_says_where_and_the_rest_is_still_told() {
    let (mut workspace, file, types) = opened(HEAP);
    let mut bad = query(file, &types, "alloc_space");
    bad.steps = steps(&[("focus", "a(b"), ("hide", "x"), ("taghide", "[")]);
    let info = workspace.filters(&bad).expect("an answer");
    let wrong: Vec<(i32, i32)> = info.problems.iter().map(|p| (p.step, p.at)).collect();
    // What closes a group or a class is missing at the end.
    assert_eq!(wrong, [(0, 3), (2, 1)]);
    assert!(workspace.top(&bad, &order("flat", false)).is_err());
}

#[test]
fn reports_are_those_of_the_command() {
    // Made by the real tool: go tool pprof -top -sample_index=alloc_space.
    let golden =
        include_bytes!("../testdata/golden/pprof/demo/heap/top_sample_index-alloc_space.txt");
    let (mut workspace, file, types) = opened(HEAP);
    let query = query(file, &types, "alloc_space");
    let request = PprofRequest {
        report: "top".to_owned(),
        trim: true,
        ..PprofRequest::default()
    };
    let text = workspace.pprof(&query, &request).expect("a report");
    assert_eq!(text, golden);
}

#[test]
fn means_are_for_the_table_and_shares_are_of_sums() {
    // go tool pprof (go1.27.3) -top -mean of this profile prints for the first row, whose values
    // are sums over its contentions divided by their number, what the golden says.
    let golden = include_str!("../testdata/golden/pprof/handmade/mean/top_mean.txt");
    let row = golden
        .lines()
        .find(|line| line.ends_with("sync.(*Mutex).Lock"));
    let flat = row.and_then(|row| row.split_whitespace().next());
    let bytes = include_bytes!("../testdata/pprof/handmade/mean.pb");
    let (mut workspace, file, types) = opened(bytes);
    let sums = query(file, &types, "delay");
    let mut means = sums.clone();
    means.mean = true;
    let by_flat = order("flat", false);
    let find = |workspace: &mut Workspace, query: &Query| {
        let rows = workspace.top_rows(query, &by_flat, 0, 10).expect("rows").0;
        let is_lock = |row: &TopRow| row.name.full == "sync.(*Mutex).Lock";
        rows.into_iter().find(is_lock).expect("the row")
    };
    let (sum, mean) = (find(&mut workspace, &sums), find(&mut workspace, &means));
    assert_eq!(Some(mean.flat.as_str()), flat);
    assert_ne!(mean.flat, sum.flat);
    assert_eq!(mean.flat_pct, sum.flat_pct);
    let total = |workspace: &mut Workspace, query: &Query| {
        workspace
            .flame(query, &FlameShape::default())
            .expect("a tree")
            .total
    };
    assert_eq!(total(&mut workspace, &means), total(&mut workspace, &sums));
}

#[test]
fn a_summary_under_filters_is_about_the_samples_that_are_left() {
    let (mut workspace, file, types) = opened(HEAP);
    let mut focused = query(file, &types, "alloc_space");
    focused.steps = steps(&[("focus", "regexp\\.compile$"), ("hide", "^regexp/")]);
    let summary = workspace.summary(&focused).expect("a summary");
    // All of what is left passes through the callers of regexp.compile, so that they have all of it.
    assert_eq!(summary.top_cum[0].cum_pct, "100%");
    assert!(summary.notes.len() >= 2, "{:?}", summary.notes);
    // Names lead to the rows of the view, from which hidden ones are missing.
    for row in summary
        .top_flat
        .iter()
        .filter(|row| row.name.full.starts_with("regexp/"))
    {
        assert_eq!(row.name.node, u32::MAX);
    }
}

#[test]
fn nodes_have_a_number_that_says_where_their_ids_mean_the_same() {
    let (mut workspace, file, types) = opened(HEAP);
    let plain = query(file, &types, "alloc_space");
    let mut set_of = |change: fn(&mut Query)| {
        let mut query = plain.clone();
        change(&mut query);
        let set = workspace
            .flame(&query, &FlameShape::default())
            .expect("a tree")
            .node_set;
        // Ids of the same number have the same names, and a name has the same id.
        let name = workspace.names(&query, &[0]).expect("a name")[0]
            .full
            .clone();
        (set, name)
    };
    let whole = set_of(|_| {});
    assert_eq!(set_of(|q| q.steps = steps(&[("focus", "regexp")])), whole);
    assert_eq!(set_of(|q| q.steps = steps(&[("hide", "^runtime")])), whole);
    assert_eq!(set_of(|q| q.steps = steps(&[("show_from", "main")])), whole);
    // Of a location with inlined calls another line is the outermost then, whose function is known.
    let folded = set_of(|q| q.noinlines = true);
    assert_eq!(
        set_of(|q| (q.noinlines, q.steps) = (true, steps(&[("hide", "^regexp/")]))),
        folded
    );
    let others: [fn(&mut Query); 3] = [
        |q| q.granularity = GranularityDto::Lines,
        |q| q.noinlines = true,
        |q| q.steps = steps(&[("tagroot", "bytes")]),
    ];
    let mut sets: Vec<u32> = others.into_iter().map(|change| set_of(change).0).collect();
    sets.push(whole.0);
    sets.sort_unstable();
    sets.dedup();
    assert_eq!(sets.len(), 4);
}

#[test]
fn hiding_leaves_the_boxes_that_the_rest_has() {
    let (mut workspace, file, types) = opened(HEAP);
    let mut hidden = query(file, &types, "alloc_space");
    hidden.steps = steps(&[("hide", "^regexp/syntax\\.")]);
    let window = FlameWindow {
        shape: FlameShape::default(),
        root: "0".to_owned(),
        left: 0.0,
        right: 1.0,
        first_row: 0,
        row_count: 100,
        width: 1200.0,
        min_width: 0.1,
        search: String::new(),
    };
    for noinlines in [false, true] {
        hidden.noinlines = noinlines;
        let boxes = workspace.flame_boxes(&hidden, &window).expect("boxes");
        let mut nodes: Vec<u32> = boxes.node.into_iter().filter(|&n| n != u32::MAX).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let names = workspace.names(&hidden, &nodes).expect("names");
        let is = |wanted: &str| names.iter().any(|name| name.full == wanted);
        assert!(
            is("regexp.compile") && !names.iter().any(|n| n.full.starts_with("regexp/syntax."))
        );
        assert_eq!(
            workspace
                .find_node(&hidden, "regexp/syntax.Parse")
                .expect("an answer"),
            -1
        );
        assert!(
            workspace
                .find_node(&hidden, "regexp.compile")
                .expect("an answer")
                >= 0
        );
    }
}

#[test]
fn a_search_reads_expressions_as_filters_do() {
    let (mut workspace, file, types) = opened(HEAP);
    let query = query(file, &types, "alloc_space");
    let mut search = |text| workspace.search(&query, text).expect("an answer");
    // Go takes these; other dialects refuse them or read them otherwise.
    for text in [
        "\\QMatch\\E",
        "match{",
        "[[a]tch",
        "[m&&]atch",
        "MATCH|match",
    ] {
        assert_eq!(search(text).error, "", "{text}");
    }
    assert!(search("\\QMatch\\E").matches > 0);
    // Letters match in either case as long as there is no capital.
    assert!(search("regexp\\.compile").matches > search("regexp\\.Compile").matches);
    assert!(search("REGEXP").matches == 0 && search("(?i)REGEXP").matches > 0);
    let wrong = search("é(a");
    assert_eq!(
        (wrong.error.as_str(), wrong.error_at),
        ("missing closing ): `é(a`", 3)
    );
    let wrong = search("[z-a]");
    assert_eq!(
        (wrong.error.as_str(), wrong.error_at),
        ("invalid character class range: `z-a`", 1)
    );
}

const DUMP: &[u8] = include_bytes!("../testdata/goroutines/goroutine.d2");

#[test]
fn goroutines_that_filters_leave_keep_what_a_dump_knows_of_them() {
    let (mut workspace, file, types) = opened(DUMP);
    let mut all = query(file, &types, "goroutine");
    let by = |name: &str, search: &str| GoroutineOrder {
        by: name.to_owned(),
        search: search.to_owned(),
    };
    let whole = workspace.goroutines(&all, &by("stack", "")).expect("rows");
    assert!(whole.available && whole.is_dump && whole.files.is_empty());
    // Every group is in one row, however rows are made.
    for name in ["stack", "state", "wait", "creator", "site"] {
        let info = workspace.goroutines(&all, &by(name, "")).expect("rows");
        let groups: usize = info.rows.iter().map(|row| row.groups.len()).sum();
        assert_eq!(groups, whole.rows.len(), "{name}");
    }
    let searched = workspace
        .goroutines(&all, &by("stack", "janitor"))
        .expect("rows");
    assert_eq!(searched.rows.len(), 1);
    let refused = workspace.goroutines(&all, &by("stack", "(")).expect("rows");
    assert!(!refused.refused.is_empty() && refused.rows.len() == whole.rows.len());

    all.steps = steps(&[
        ("focus", "janitor"),
        ("tagfocus", "goroutine::wait=^select$"),
    ]);
    let info = workspace.goroutines(&all, &by("stack", "")).expect("rows");
    assert_eq!(info.title, "6 goroutines in 1 group");
    assert!(
        info.facts[0].title.contains("6 objects"),
        "{}",
        info.facts[0].title
    );
    let opened = workspace
        .goroutine_stacks(&all, &info.rows[0].groups)
        .expect("stacks");
    let group = &opened.groups[0];
    assert_eq!((group.members.len(), group.frames.len()), (6, 1));
    assert!(group.frames[0].arguments.starts_with("(0x"));
    assert!(
        workspace
            .goroutine_stacks(&all, &[99])
            .expect("none")
            .groups
            .is_empty()
    );
}

#[test]
fn files_about_something_else_have_no_goroutines() {
    let (mut workspace, file, types) = opened(HEAP);
    let query = query(file, &types, "inuse_space");
    let info = workspace
        .goroutines(&query, &GoroutineOrder::default())
        .expect("an answer");
    assert!(!info.available);
    assert!(workspace.goroutine_stacks(&query, &[0]).is_err());
}

/// The files of a session, opened in this order.
fn session(files: &[(&str, &[u8])]) -> Workspace {
    let mut workspace = Workspace::new(1 << 30);
    for (name, bytes) in files {
        let handle = workspace.open_start(name, bytes.len() as f64);
        workspace.open_push(handle, bytes).expect("it is open");
        while workspace.open_step(handle).expect("it is open").more {}
        workspace.open_finish(handle).expect("it is open");
    }
    workspace
}

#[test]
fn reports_and_findings_do_not_depend_on_the_order_of_opening() {
    let cpu: (&str, &[u8]) = ("cpu.pb.gz", include_bytes!("../www/public/demo/cpu.pb.gz"));
    let tuned: (&str, &[u8]) = (
        "tuned.pb.gz",
        include_bytes!("../www/public/demo/cpu-tuned.pb.gz"),
    );
    let heap: (&str, &[u8]) = ("heap.pb.gz", HEAP);
    let dump: (&str, &[u8]) = (
        "dump.txt",
        include_bytes!("../testdata/findings/janitors.goroutine.txt"),
    );
    let bench: (&str, &[u8]) = (
        "bench.txt",
        include_bytes!("../testdata/findings/few.bench.txt"),
    );
    let text = |files: &[(&str, &[u8])]| {
        let workspace = session(files);
        let options = dropprof::wasm::dto::ReportOptions {
            files: Vec::new(),
            title: String::new(),
            notes: String::new(),
            without: Vec::new(),
            main_module: String::new(),
        };
        let findings = workspace.findings(&[], "");
        let keys: Vec<String> = findings.findings.into_iter().map(|f| f.key).collect();
        (
            workspace.report_html(&options),
            workspace.report_markdown(&options),
            workspace.report_json(&options),
            keys,
        )
    };
    let first = text(&[cpu, tuned, heap, dump, bench]);
    assert!(first.3.len() > 3, "{:?}", first.3);
    for order in [
        [bench, dump, heap, tuned, cpu],
        [heap, cpu, bench, dump, tuned],
        [tuned, bench, cpu, heap, dump],
    ] {
        assert!(text(&order) == first, "another order, another text");
    }
}
