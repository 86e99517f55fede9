//! Transforms through the boundary, with the numbers that `go tool pprof` (go1.27.3) has for them:
//! `-symbolize=none -top -trim=false` of the demo profile, 23.13s in all, with the filter that comes to
//! the same where pprof has one.

use dropprof::wasm::Workspace;
use dropprof::wasm::dto::{GranularityDto, PprofRequest, Query, Step, TableOrder};
use dropprof::wasm::dto_flame::FlameShape;

const CPU: &[u8] = include_bytes!("../www/public/demo/cpu.pb.gz");
/// 1.02s flat, 2.27s cum; all of it is called by regexp.(*Regexp).backtrack, which has 2.43s cum.
const TRY: &str = r"^regexp\.\(\*Regexp\)\.tryBacktrack$";

fn opened() -> (Workspace, Query) {
    let mut workspace = Workspace::new(1 << 30);
    let handle = workspace.open_start("cpu.pb.gz", CPU.len() as f64);
    workspace.open_push(handle, CPU).expect("a chunk");
    while workspace.open_step(handle).expect("a step").more {}
    let info = workspace.open_finish(handle).expect("a file").remove(0);
    let query = Query {
        file: info.id,
        sample: info.default_sample,
        granularity: GranularityDto::Functions,
        ..Query::default()
    };
    (workspace, query)
}

fn with(query: &Query, list: &[(&str, &str)]) -> Query {
    let step = |&(kind, text): &(&str, &str)| Step {
        kind: kind.to_owned(),
        text: text.to_owned(),
    };
    Query {
        steps: list.iter().map(step).collect(),
        ..query.clone()
    }
}

/// The rows of pprof's -top, without its heading.
fn top(workspace: &mut Workspace, query: &Query) -> String {
    let request = PprofRequest {
        report: "top".to_owned(),
        ..PprofRequest::default()
    };
    let text = workspace.pprof(query, &request).expect("a report");
    let text = String::from_utf8(text).expect("UTF-8");
    let at = text.find("Showing nodes").expect("a table");
    text[at..].to_owned()
}

/// flat, cum and cum% of a function.
fn values(workspace: &mut Workspace, query: &Query, name: &str) -> [String; 3] {
    let order = TableOrder {
        column: "cum".to_owned(),
        ascending: false,
        search: String::new(),
    };
    let rows = workspace
        .top_rows(query, &order, 0, u32::MAX)
        .expect("rows")
        .0;
    let row = rows.into_iter().find(|row| row.name.full == name);
    row.map_or_else(Default::default, |row| [row.flat, row.cum, row.cum_pct])
}

fn left(workspace: &mut Workspace, query: &Query) -> String {
    let info = workspace.filters(query).expect("an answer");
    assert!(info.problems.is_empty(), "{:?}", info.problems);
    info.value
}

#[test]
fn what_pprof_can_do_comes_out_as_pprof_has_it() {
    let (mut workspace, query) = opened();
    for (transform, filter, total, rows) in [
        (
            "drop_samples",
            "ignore",
            "20.86s",
            "1.24s  5.36% 20.15%      1.24s  5.36%  runtime.memmove",
        ),
        (
            "merge_function",
            "hide",
            "23.13s",
            "1.07s  4.63% 24.77%      2.43s 10.51%  regexp.(*Regexp).backtrack",
        ),
        (
            "focus_function",
            "show_from",
            "2.27s",
            "0.13s  0.56%  8.00%      0.21s  0.91%  regexp.(*bitState).push (inline)",
        ),
    ] {
        let transformed = with(&query, &[(transform, TRY)]);
        assert_eq!(left(&mut workspace, &transformed), total, "{transform}");
        let text = top(&mut workspace, &transformed);
        assert!(text.contains(rows), "{transform}: {text}");
        assert_eq!(
            text,
            top(&mut workspace, &with(&query, &[(filter, TRY)])),
            "{transform}"
        );
    }
}

#[test]
fn self_is_flat_and_a_collapsed_function_has_its_cum_as_flat() {
    let (mut workspace, query) = opened();
    let own = with(&query, &[("focus_self", TRY)]);
    assert_eq!(left(&mut workspace, &own), "1.02s");
    let name = "regexp.(*Regexp).tryBacktrack";
    let collapsed = with(&query, &[("collapse_function", TRY)]);
    assert_eq!(left(&mut workspace, &collapsed), "23.13s");
    assert_eq!(
        values(&mut workspace, &collapsed, name),
        ["2.27s", "2.27s", "9.81%"]
    );
    // Nobody else calls it.
    assert_eq!(
        values(&mut workspace, &collapsed, "regexp.(*bitState).push"),
        [""; 3]
    );
}

#[test]
fn a_package_is_one_frame_with_what_all_of_it_has() {
    // -focus='^regexp\.' keeps 7.50s: every sample with a frame of the package.
    let (mut workspace, query) = opened();
    let collapsed = with(&query, &[("collapse_package", "^regexp$")]);
    let [_, cum, pct] = values(&mut workspace, &collapsed, "regexp.*");
    let focused = with(&query, &[("focus", r"^regexp\.")]);
    let info = workspace.filters(&focused).expect("an answer");
    assert_eq!((cum, pct), (info.value, info.pct));
    let name = workspace.find_node(&collapsed, "regexp.*").expect("a node");
    let details = workspace.details(&collapsed, name as u32).expect("details");
    assert_eq!(details.class_label, "standard library");
    assert_eq!(details.name.package, "regexp");
}

#[test]
fn a_box_of_the_flame_graph_is_focused_and_merged() {
    let (mut workspace, query) = opened();
    let node = workspace
        .find_node(&query, "regexp.(*Regexp).tryBacktrack")
        .expect("a node") as u32;
    for inverted in [false, true] {
        let shape = FlameShape {
            inverted,
            ..FlameShape::default()
        };
        let id = workspace.flame_find(&query, &shape, node).expect("a box");
        let details = workspace.flame_box(&query, &shape, &id).expect("a box");
        let place = workspace
            .flame_place(&query, inverted, &id)
            .expect("a place");
        let focused = with(&query, &[("focus_subtree", &place)]);
        assert_eq!(left(&mut workspace, &focused), details.cum);
        let labels = workspace.filters(&focused).expect("an answer").labels;
        assert!(
            labels[0].ends_with("regexp.(*Regexp).tryBacktrack"),
            "{labels:?}"
        );
        // Its whole tree hangs below it then, or ends at it.
        let flame = workspace.flame(&focused, &shape).expect("a tree");
        assert_eq!(flame.total, details.cum);
        let merged = with(&query, &[("merge_node", &place)]);
        assert_eq!(left(&mut workspace, &merged), "23.13s");
        let gone = workspace
            .flame_place(&merged, inverted, "0")
            .expect("an answer");
        assert_eq!(gone, "");
        // The second time it is not there any more.
        let twice = with(&query, &[("merge_node", &place), ("merge_node", &place)]);
        let info = workspace.filters(&twice).expect("an answer");
        assert_eq!(info.problems.len(), 1);
        assert_eq!(info.problems[0].step, 1);
    }
}

#[test]
fn only_one_kind_of_code() {
    let (mut workspace, query) = opened();
    let own = with(&query, &[("focus_category", "main")]);
    let mine = Query {
        mine: true,
        ..query.clone()
    };
    let shown = |workspace: &mut Workspace, query: &Query| {
        values(workspace, query, "example.com/dirsync/internal/diff.Lines")
    };
    let rows = shown(&mut workspace, &own);
    assert!(!rows[1].is_empty(), "the row is there");
    assert_eq!(rows, shown(&mut workspace, &mine));
    // Recursion: no sample is lost.
    let all = with(
        &query,
        &[("collapse_recursion", "."), ("collapse_direct", ".")],
    );
    assert_eq!(left(&mut workspace, &all), "23.13s");
}

#[test]
fn an_unknown_step_is_told_of() {
    let (mut workspace, query) = opened();
    let wrong = with(&query, &[("focus", "a"), ("explode", "b")]);
    let info = workspace.filters(&wrong).expect("an answer");
    assert_eq!(info.problems[0].step, 1);
    assert!(info.problems[0].reason.contains("explode"));
    assert!(workspace.flame(&wrong, &FlameShape::default()).is_err());
}

#[test]
fn the_summary_is_about_the_samples_that_steps_leave() {
    // All 2.27s go through regexp.(*Regexp).backtrack, which focusing cuts off: in the file it is there.
    let (mut workspace, query) = opened();
    let focused = with(&query, &[("focus_function", TRY)]);
    let summary = workspace.summary(&focused).expect("a summary");
    assert!(summary.headline.contains("2.27s"), "{}", summary.headline);
    assert_eq!(summary.top_cum[0].cum_pct, "100%");
    // Which samples are left depends on the steps before: with tryBacktrack hidden its own 1.02s are
    // those of its only caller, which had none of them before.
    let own = |steps: &[(&str, &str)]| with(&query, steps);
    let caller = r"^regexp\.\(\*Regexp\)\.backtrack$";
    let bare = own(&[("focus_self", caller)]);
    let hidden = own(&[("hide", TRY), ("focus_self", caller)]);
    // -hide of it gives backtrack 1.07s flat, 1.02s of which come from what is hidden.
    assert_eq!(left(&mut workspace, &bare), "50ms");
    assert_eq!(left(&mut workspace, &hidden), "1.07s");
    let summary = workspace.summary(&hidden).expect("a summary");
    assert!(summary.headline.contains("1.07s"), "{}", summary.headline);
    // The frames are those of the file.
    let flat = summary
        .top_flat
        .iter()
        .find(|row| row.name.full == "regexp.(*Regexp).tryBacktrack");
    assert_eq!(flat.expect("the hidden one").flat, "1.02s");
}

#[test]
fn reports_see_frames_of_labels_as_the_page_does_and_name_them_as_pprof_does() {
    // -tagroot=tenant -focus='^south$' says: 10.45s, 45.18% of 23.13s total, and the row below.
    let (mut workspace, query) = opened();
    let focused = with(
        &query,
        &[("tagroot", "tenant"), ("focus", "^tenant:south$")],
    );
    let text = top(&mut workspace, &focused);
    assert!(
        text.starts_with("Showing nodes accounting for 10.45s, 45.18% of 23.13s total"),
        "{text}"
    );
    assert!(text.contains("10.45s 45.18%  south\n"), "{text}");
    assert!(!text.contains("tenant:"), "{text}");
}

#[test]
fn a_sample_type_that_is_not_there_is_refused_by_every_verb() {
    let (mut workspace, query) = opened();
    let wrong = Query {
        sample: 99,
        ..query
    };
    let request = PprofRequest {
        report: "top".to_owned(),
        ..PprofRequest::default()
    };
    assert!(workspace.filters(&wrong).is_err());
    assert!(workspace.pprof(&wrong, &request).is_err());
    assert!(workspace.summary(&wrong).is_err());
    assert!(workspace.flame(&wrong, &FlameShape::default()).is_err());
    assert!(workspace.time_strip(&wrong, 100).is_err());
}
