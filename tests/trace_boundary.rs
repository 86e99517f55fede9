//! What the Trace view asks: every section, every row in full, ranges, the timeline.
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

#[path = "support/opening.rs"]
mod opening;

use std::fs;
use std::path::Path;

use dropprof::wasm::Workspace;
use dropprof::wasm::dto_trace::{TraceQuery, TraceTable, TraceTableQuery};
use opening::open;

fn trace(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/trace");
    fs::read(folder.join(format!("{name}.trace"))).expect("readable")
}

fn opened(name: &str) -> (Workspace, TraceQuery) {
    let mut workspace = Workspace::new(1 << 30);
    let info = open(&mut workspace, &format!("{name}.trace"), &trace(name));
    assert_eq!(info.kind.as_deref(), Some("trace"));
    let query = TraceQuery {
        file: info.id,
        ..TraceQuery::default()
    };
    (workspace, query)
}

fn section(id: &str) -> TraceTableQuery {
    TraceTableQuery {
        section: id.to_owned(),
        column: -1,
        ..TraceTableQuery::default()
    }
}

fn table(workspace: &mut Workspace, query: &TraceQuery, id: &str) -> TraceTable {
    let table = workspace.trace_table(query, &section(id), 0, 1000);
    table.unwrap_or_else(|error| panic!("{id}: {error}"))
}

const INNER: [&str; 4] = ["goroutines", "worst", "stop_list", "task_list"];

#[test]
fn every_section_has_rows_with_all_columns_and_each_can_be_opened() {
    let (mut workspace, mut query) = opened("mixed-1.27");
    for system in [false, true] {
        query.system = system;
        let info = workspace.trace(&query).expect("a trace");
        assert!(info.available && info.losses.is_empty());
        let listed = info.sections.iter().map(|one| one.id.clone());
        let all: Vec<String> = listed.chain(INNER.map(str::to_owned)).collect();
        for id in all {
            let table = table(&mut workspace, &query, &id);
            assert!(!table.rows.is_empty(), "{id}");
            assert_eq!(table.rows.len(), table.total.min(1000) as usize, "{id}");
            for row in &table.rows {
                assert_eq!(row.cells.len(), table.columns.len(), "{id}");
                let detail = workspace.trace_detail(&query, &id, row.id);
                let is_sum = id == "groups" && row.cells[0].starts_with("the runtime's own");
                assert!(detail.is_ok() || is_sum, "{id} {:?}", row.cells);
            }
            for chart in &table.charts {
                for part in &chart.parts {
                    assert_eq!(part.values.len(), chart.x.len(), "{id}: {}", chart.title);
                    assert!(part.values.iter().all(|value| value.is_finite()), "{id}");
                }
            }
        }
    }
}

#[test]
fn numbers_are_those_of_the_oracle() {
    // testdata/trace/golden/mixed-1.27.oracle.json: 9 cycles; stops 9 + 9 + 20 + 10 + 1.
    let (mut workspace, query) = opened("mixed-1.27");
    assert_eq!(table(&mut workspace, &query, "gc").total, 9);
    let stops = table(&mut workspace, &query, "stops");
    let counts: Vec<&str> = stops.rows.iter().map(|row| row.cells[1].as_str()).collect();
    let mut counts: Vec<u32> = counts.iter().map(|n| n.parse().expect("a count")).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 9, 9, 10, 20]);
}

#[test]
fn orders_searches_and_windows_are_of_all_rows() {
    let (mut workspace, query) = opened("mixed-1.27");
    let mut asked = section("blocking");
    asked.column = 6;
    asked.ascending = true;
    let all = workspace
        .trace_table(&query, &asked, 0, 1000)
        .expect("rows");
    let ids: Vec<u32> = all.rows.iter().map(|row| row.id).collect();
    let part = workspace.trace_table(&query, &asked, 3, 4).expect("rows");
    let some: Vec<u32> = part.rows.iter().map(|row| row.id).collect();
    assert_eq!(some, ids[3..7]);
    asked.search = "CHAN".to_owned();
    let found = workspace
        .trace_table(&query, &asked, 0, 1000)
        .expect("rows");
    assert!(found.total > 0 && found.total < all.total);
    let has_it = |row: &dropprof::wasm::dto_trace::TraceRow| {
        row.cells
            .iter()
            .any(|cell| cell.to_lowercase().contains("chan"))
    };
    assert!(found.rows.iter().all(has_it));
    let csv = workspace.trace_csv(&query, &asked).expect("CSV");
    let lines = String::from_utf8(csv).expect("text").lines().count();
    assert_eq!(lines, found.total as usize + 1);
    assert!(
        workspace
            .trace_table(&query, &section("nothing"), 0, 9)
            .is_err()
    );
    assert!(workspace.trace_detail(&query, "gc", 9999).is_err());
}

#[test]
fn a_range_needs_a_timeline_and_has_its_own_tables() {
    let (mut workspace, query) = opened("mixed-1.27");
    let whole = workspace.trace(&query).expect("a trace");
    let half = TraceQuery {
        to: whole.length / 2.0,
        ..query.clone()
    };
    let refused = workspace.trace(&half).expect_err("no timeline yet");
    assert!(refused.contains("timeline"), "{refused}");
    let bytes = trace("mixed-1.27");
    let size = bytes.len() as f64;
    workspace
        .timeline_start(query.file, "mixed-1.27.trace", size)
        .expect("a trace");
    for chunk in bytes.chunks(10_000) {
        workspace.timeline_push(chunk).expect("taken");
    }
    let timeline = workspace.timeline_finish().expect("a timeline");
    assert!((timeline.length - whole.length).abs() < 2.0);
    assert!(
        timeline.bytes / timeline.records < 24.0 * 4.0,
        "a small trace"
    );
    let first = workspace.trace(&half).expect("half a trace");
    assert!(
        (first.length - whole.length / 2.0).abs() < 2.0,
        "{}",
        first.length
    );
    let cycles = |workspace: &mut Workspace, query| table(workspace, query, "gc").total;
    let late = TraceQuery {
        from: whole.length / 2.0,
        to: whole.length + 1.0,
        ..query.clone()
    };
    let (all, early, late) = (
        cycles(&mut workspace, &query),
        cycles(&mut workspace, &half),
        cycles(&mut workspace, &late),
    );
    // A cycle that goes on at the middle is in both halves.
    assert!(
        early + late == all || early + late == all + 1,
        "{early} + {late}, of {all}"
    );
}

#[test]
fn a_timeline_is_drawn_whatever_is_asked() {
    let (mut workspace, query) = opened("gc-assist");
    let nothing = workspace.timeline_paint((0.0, 1.0), 10, &[], &[]);
    assert!(nothing.is_err(), "there is no timeline yet");
    let bytes = trace("gc-assist");
    workspace
        .timeline_start(query.file, "gc-assist.trace", bytes.len() as f64)
        .expect("a trace");
    workspace.timeline_push(&bytes).expect("taken");
    let timeline = workspace.timeline_finish().expect("a timeline");
    let lanes: Vec<f64> = timeline.lanes.iter().map(|lane| lane.id).collect();
    let palette: Vec<u32> = (0..timeline.states.len() as u32 + 4)
        .map(|n| n | 0xff00_0000)
        .collect();
    let windows = [
        (0.0, timeline.length),
        (timeline.length / 2.0, timeline.length / 2.0 + 64.0),
        (-5.0, 1e300),
        (f64::NAN, f64::NAN),
        (9e9, 1.0),
    ];
    for window in windows {
        for width in [0, 1, 777, u32::MAX] {
            let picture = workspace.timeline_paint(window, width, &lanes, &palette);
            let picture = picture.expect("a picture");
            let width = picture.width as usize;
            assert_eq!(picture.pixels.len(), picture.pixel_rows.len() * width);
            assert_eq!(picture.series.len(), picture.series_rows.len() * 3 * width);
            assert!(
                picture
                    .span_label
                    .iter()
                    .all(|&at| (at as usize) < picture.labels.len())
            );
        }
    }
    assert!(
        workspace
            .timeline_paint((0.0, 1.0), 9, &[0.5], &[])
            .is_err()
    );
    for lane in timeline.lanes.iter().filter(|lane| lane.kind == "group") {
        let members = workspace.timeline_members(lane.id, 0, 50).expect("members");
        assert_eq!(members.total, lane.members);
        assert_eq!(members.lanes.len() as u32, lane.members.min(50));
    }
}

#[test]
fn a_place_of_the_timeline_says_what_is_there_and_who_woke_it() {
    let (mut workspace, query) = opened("pool-starved");
    let bytes = trace("pool-starved");
    workspace
        .timeline_start(query.file, "pool-starved.trace", bytes.len() as f64)
        .expect("a trace");
    workspace.timeline_push(&bytes).expect("taken");
    let timeline = workspace.timeline_finish().expect("a timeline");
    // A worker of the pool, which waits nearly always (testdata/trace/manifest.tsv).
    let workers = timeline.lanes.iter();
    let mut workers = workers.filter(|lane| lane.name.ends_with("(*pool).work"));
    let group = workers.next().expect("the group");
    assert_eq!(group.members, 4);
    let member = workspace.timeline_members(group.id, 0, 1).expect("members");
    let lane = member.lanes[0].id;
    let half = timeline.length / 2.0;
    let spot = workspace.timeline_at(lane, half).expect("a place");
    assert!(
        spot.found && spot.title.contains("(*pool).work"),
        "{}",
        spot.title
    );
    assert!(spot.from <= half && half <= spot.to);
    let next = workspace.timeline_step(lane, half, true).expect("a step");
    let last = workspace.timeline_step(lane, half, false).expect("a step");
    assert!(last <= half && next > half, "{last} {half} {next}");
    let found = workspace.timeline_search("pool).work", 10).expect("names");
    assert!(found.total >= 1);
    // Every lane answers anywhere, and nothing is found where there is nothing.
    for lane in &timeline.lanes {
        for part in [0.0, 0.3, 0.999, 1.0, 7.0] {
            let spot = workspace.timeline_at(lane.id, timeline.length * part);
            assert!(spot.is_ok(), "{}", lane.name);
        }
    }
    assert!(workspace.timeline_at(0.5, 0.0).is_err());
    assert_eq!(workspace.timeline_search("", 10).expect("none").total, 0);
}
