//! Tables as CSV and profiles with their heaviest stacks only, as the page saves them. Numbers are those of
//! `go tool pprof` (go1.27.3) with `-unit=1`, `-unit=B` or `-unit=ns`.

#[path = "support/encode.rs"]
mod encode;
#[path = "support/opening.rs"]
mod opening;

use dropprof::wasm::Workspace;
use dropprof::wasm::dto::{Baseline, GoroutineOrder, GranularityDto, Query, TableOrder};
use dropprof::wasm::dto_export::CsvRequest;
use encode::Encoder;
use opening::open;

const CPU: &[u8] = include_bytes!("../www/public/demo/cpu.pb.gz");
const TUNED: &[u8] = include_bytes!("../www/public/demo/cpu-tuned.pb.gz");
const HEAP: &[u8] = include_bytes!("../www/public/demo/heap.pb.gz");
const GOROUTINES: &[u8] = include_bytes!("../testdata/findings/janitors.goroutine.txt");

fn opened(bytes: &[u8]) -> (Workspace, u32) {
    let mut workspace = Workspace::new(1 << 30);
    let file = open(&mut workspace, "file", bytes).id;
    (workspace, file)
}

fn query(file: u32, sample: u32) -> Query {
    Query {
        file,
        sample,
        granularity: GranularityDto::Functions,
        ..Query::default()
    }
}

fn request(table: &str, column: &str, node: i32) -> CsvRequest {
    CsvRequest {
        table: table.to_owned(),
        order: TableOrder {
            column: column.to_owned(),
            ascending: false,
            search: String::new(),
        },
        node,
    }
}

/// The heading of a table, and the cells of its other lines; none of the demo's names has a quote or a line break.
fn rows(csv: &[u8]) -> (String, Vec<Vec<String>>) {
    let text = String::from_utf8(csv.to_vec()).expect("the demo is UTF-8");
    let mut lines = text.split_terminator("\r\n");
    let heading = lines.next().expect("a heading").to_owned();
    (heading, lines.map(cells).collect())
}

/// Cells of a line: what stands between two quotes may have commas.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().expect("never empty").push(c),
        }
    }
    cells
}

#[test]
fn top_has_the_numbers_of_pprof_in_the_smallest_unit() {
    let (mut workspace, file) = opened(CPU);
    let csv = workspace.table_csv(&query(file, 1), &request("top", "flat", -1));
    let (heading, rows) = rows(&csv.expect("a table"));
    assert_eq!(
        heading,
        "name,file,line,flat (nanoseconds),flat (percent),sum (percent),cum (nanoseconds),\
         cum (percent),inline,samples flat (count),samples cum (count)"
    );
    let told: Vec<[&str; 3]> = (rows.iter().take(4))
        .map(|row| [row[0].as_str(), row[3].as_str(), row[6].as_str()])
        .collect();
    assert_eq!(
        told,
        [
            [
                "example.com/dirsync/internal/diff.table",
                "3420000000",
                "6200000000"
            ],
            ["runtime.memmove", "1240000000", "1240000000"],
            ["regexp.(*Regexp).tryBacktrack", "1020000000", "2270000000"],
            ["runtime.tryDeferToSpanScan", "980000000", "1500000000"],
        ]
    );
    // 3.42 s of 23.13 s.
    assert_eq!(rows[0][4], "14.7860");
    assert_eq!(
        rows.iter()
            .map(|row| row[3].parse::<i64>().unwrap())
            .sum::<i64>(),
        23_130_000_000
    );
}

#[test]
fn allocations_have_all_four_values() {
    let (mut workspace, file) = opened(HEAP);
    let csv = workspace.table_csv(&query(file, 1), &request("allocations", "alloc_space", -1));
    let (heading, rows) = rows(&csv.expect("a table"));
    assert_eq!(
        heading,
        "name,file,line,alloc_objects (count),alloc_space (bytes),inuse_objects (count),\
         inuse_space (bytes),mean (bytes),survival (percent),sampled (count)"
    );
    // Sites are lines; pprof's sum of this function is that of its lines.
    let of_script = rows.iter().filter(|row| row[0].ends_with("diff.script"));
    let bytes: i64 = of_script.map(|row| row[4].parse::<i64>().unwrap()).sum();
    assert_eq!(bytes, 6_371_549_634);
}

#[test]
fn callers_stand_around_the_function() {
    let (mut workspace, file) = opened(CPU);
    let asked = query(file, 1);
    let node = workspace.find_node(&asked, "main.main").expect("a node");
    let csv = workspace.table_csv(&asked, &request("callers", "", node));
    let (_, rows) = rows(&csv.expect("a table"));
    let told: Vec<[&str; 3]> = rows
        .iter()
        .map(|row| [3, 0, 4].map(|i| row[i].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ["caller", "runtime.main", "30000000"],
            ["function", "main.main", "30000000"],
            ["callee", "main.run", "30000000"],
        ]
    );
    let refused = workspace.table_csv(&asked, &request("callers", "", -1));
    assert_eq!(refused, Err("no function is selected".to_owned()));
    assert!(
        workspace
            .table_csv(&asked, &request("nothing", "", 0))
            .is_err()
    );
}

#[test]
fn compare_has_both_sides_as_they_are_in_the_files() {
    let (mut workspace, base) = opened(CPU);
    let file = open(&mut workspace, "tuned", TUNED).id;
    let mut asked = query(file, 1);
    asked.base = Some(Baseline {
        file: base,
        mode: "absolute".to_owned(),
        operations: Vec::new(),
    });
    let csv = workspace.table_csv(&asked, &request("compare", "flat.delta", -1));
    let (heading, rows) = rows(&csv.expect("a table"));
    assert!(
        heading.contains("baseline (nanoseconds),this file (nanoseconds)"),
        "{heading}"
    );
    let table = rows
        .iter()
        .find(|row| row[0].ends_with("diff.table"))
        .expect("it is in both");
    assert_eq!(table[3], "3420000000");
    let difference =
        |row: &Vec<String>| row[4].parse::<i64>().unwrap() - row[3].parse::<i64>().unwrap();
    assert_eq!(table[7], difference(table).to_string());
    // Without a baseline there is nothing to write.
    asked.base = None;
    assert!(
        workspace
            .table_csv(&asked, &request("compare", "", -1))
            .is_err()
    );
}

/// A goroutine profile of a moment, minutes after a first one: how many stand where.
fn census(minute: u64, counts: &[(&str, u64)]) -> Vec<u8> {
    let mut encoder = Encoder::new(&["goroutine"]);
    for (id, (name, count)) in (1..).zip(counts) {
        encoder.function(id, name);
        encoder.location(id, [id].into_iter());
        encoder.sample([id].into_iter(), [*count].into_iter(), std::iter::empty());
    }
    encoder.number(9, (1_700_000_000 + 60 * minute) * 1_000_000_000);
    encoder.finish()
}

#[test]
fn growth_has_the_amounts_of_every_file_in_the_order_of_time() {
    let of = |minute: u64, wait: u64, gone: u64| {
        let counts = [("main.wait", wait), ("main.idle", 5), ("main.gone", gone)];
        census(minute, &counts)
    };
    // Given out of order.
    let (mut workspace, file) = opened(&of(1, 120, 20));
    let last = open(&mut workspace, "last, of three", &of(2, 200, 0)).id;
    open(&mut workspace, "first", &of(0, 60, 40));
    let asked = query(file, 0);
    let csv = workspace.table_csv(&asked, &request("growth", "", -1));
    let csv = csv.expect("a table");
    let (heading, told) = rows(&csv);
    assert_eq!(
        heading,
        "name,file,line,first (count),file (count),\"last, of three (count)\",delta (count),\
         standard error of delta (count),sampled at the end (count),delta of objects (count),\
         growth per minute (count),what holds"
    );
    // What grew most first. In two minutes 140 more and 40 fewer: 70 and -20 per minute. All were
    // counted, so there is no error, and they are no objects.
    let holds = "grows, steadily, ≥ 1% per minute";
    let expected = [
        "main.wait,,,60,120,200,140,,,,70",
        "main.idle,,,5,5,5,0,,,,0",
        "main.gone,,,40,20,0,-40,,,,-20",
    ];
    let expected = expected.into_iter().zip([holds, "", ""]);
    let expected: Vec<Vec<String>> = expected
        .map(|(numbers, holds)| [cells(numbers), vec![holds.to_owned()]].concat())
        .collect();
    assert_eq!(told, expected);
    // The view's search is a text in whatever case.
    let mut searched = request("growth", "", -1);
    for (search, found) in [("IDLE", vec!["main.idle"]), ("main.(", vec![])] {
        searched.order.search = search.to_owned();
        let csv = workspace.table_csv(&asked, &searched).expect("a table");
        let names: Vec<String> = rows(&csv).1.iter().map(|row| row[0].clone()).collect();
        assert_eq!(names, found);
    }
    workspace.close(last);
    let refused = workspace.table_csv(&asked, &request("growth", "", -1));
    assert!(refused.is_err_and(|refused| refused.contains("there are 2")));
}

#[test]
fn growth_of_heaps_has_all_sites_and_how_sure_they_are() {
    let (mut workspace, file) = opened(HEAP);
    for name in ["second", "third"] {
        open(&mut workspace, name, HEAP);
    }
    let asked = query(file, 3);
    let csv = workspace.table_csv(&asked, &request("growth", "", -1));
    let (heading, told) = rows(&csv.expect("a table"));
    assert!(
        heading.contains("delta (bytes),standard error of delta (bytes),"),
        "{heading}"
    );
    let shown = workspace.growth(&asked).expect("an answer");
    assert_eq!(told.len(), shown.all_rows as usize);
    for (row, shown) in told.iter().zip(&shown.rows) {
        assert_eq!(row[0], shown.name.full);
        // Three times the same: nothing grows, neither bytes nor objects.
        let amount = shown.values[0].to_string();
        assert_eq!(row[3..6], [amount.clone(), amount.clone(), amount]);
        assert_eq!((row[6].as_str(), row[9].as_str()), ("0", "0"));
        assert_eq!(row[7].is_empty(), shown.error.is_empty(), "{row:?}");
    }
}

/// A dump of goroutines, numbered as they come: so many in this state and function.
fn dump(groups: &[(usize, &str, &str)]) -> Vec<u8> {
    let all = groups
        .iter()
        .flat_map(|&(count, state, function)| std::iter::repeat_n((state, function), count));
    let texts = (1..).zip(all).map(|(id, (state, function))| {
        format!("goroutine {id} [{state}]:\n{function}(0x1)\n\t/src/main.go:9 +0x1\n\n")
    });
    texts.collect::<String>().into_bytes()
}

#[test]
fn goroutines_stand_in_the_order_of_the_view() {
    let text = dump(&[
        (4, "select", "main.a"),
        (3, "chan receive", "main.b"),
        (2, "chan receive", "main.c"),
    ]);
    let (mut workspace, file) = opened(&text);
    let asked = query(file, 0);
    let told = |workspace: &mut Workspace, asked: &Query, by: &str, search: &str| {
        let mut request = request("goroutines", by, -1);
        request.order.search = search.to_owned();
        let csv = workspace.table_csv(asked, &request).expect("a table");
        let (heading, rows) = rows(&csv);
        assert_eq!(heading.starts_with("row,row (count),"), by != "stack");
        rows
    };
    let functions = |rows: &[Vec<String>]| {
        let names = rows.iter().map(|row| row[row.len() - 9].clone());
        names.collect::<Vec<_>>()
    };
    let by_stack = told(&mut workspace, &asked, "stack", "");
    assert_eq!(functions(&by_stack), ["main.a", "main.b", "main.c"]);
    // 3 + 2 wait to receive, more than the 4 in a select.
    let by_wait = told(&mut workspace, &asked, "wait", "");
    let counted: Vec<&[String]> = by_wait.iter().map(|row| &row[..4]).collect();
    assert_eq!(
        counted,
        [
            ["chan receive", "5", "3", "chan receive"],
            ["chan receive", "5", "2", "chan receive"],
            ["select", "4", "4", "select"],
        ]
    );
    assert_eq!(functions(&by_wait), ["main.b", "main.c", "main.a"]);
    for by in ["stack", "state", "wait", "creator", "site"] {
        let order = GoroutineOrder {
            by: by.to_owned(),
            search: String::new(),
        };
        let view = workspace.goroutines(&asked, &order).expect("rows").rows;
        let of_view = view.iter();
        let of_view = of_view.flat_map(|row| vec![row.count.clone(); row.groups.len()]);
        let of_table = told(&mut workspace, &asked, by, "");
        let at = usize::from(by != "stack");
        let of_table = of_table.iter().map(|row| row[at].clone());
        assert_eq!(
            of_table.collect::<Vec<_>>(),
            of_view.collect::<Vec<_>>(),
            "{by}"
        );
    }
    // Narrowed by the search; one that cannot be used narrows nothing, as in the view.
    let found = told(&mut workspace, &asked, "wait", "main\\.[ac]");
    assert_eq!(functions(&found), ["main.a", "main.c"]);
    let all = told(&mut workspace, &asked, "stack", "(");
    assert_eq!(all, by_stack);
    // The view shows these stacks with all their frames, whatever else is hidden.
    let mine = Query {
        mine: true,
        ..asked
    };
    assert_eq!(told(&mut workspace, &mine, "stack", ""), by_stack);
}

#[test]
fn goroutines_and_hot_paths_are_tables() {
    let (mut workspace, file) = opened(GOROUTINES);
    let csv = workspace.table_csv(&query(file, 0), &request("goroutines", "", -1));
    let (heading, rows_of) = rows(&csv.expect("a table"));
    assert!(
        heading.starts_with("count,waits for,function,place,created by,"),
        "{heading}"
    );
    // The dump has 40 goroutines in (*Quota).refill: `grep -c 'created by .*NewQuota'`.
    assert_eq!(rows_of[0][0], "40");
    assert!(
        rows_of[0][2].ends_with("(*Quota).refill"),
        "{:?}",
        rows_of[0]
    );

    let (mut workspace, file) = opened(CPU);
    let csv = workspace.table_csv(&query(file, 1), &request("hotpaths", "", -1));
    let (_, steps) = rows(&csv.expect("a table"));
    let table = steps.iter().position(|row| row[0].ends_with("diff.table"));
    let table = table.expect("a path leads to it");
    // Each of these is called by the one before it alone, so what a path has of it is what
    // `-top -cum` tells: 10.55 s, 10.55 s, 9.89 s, and 6.20 s with 3.42 s of its own.
    let ends: [(&str, &str, &str); 4] = [
        ("].func1", "0", "10550000000"),
        ("patch.func1", "0", "10550000000"),
        ("diff.Lines", "0", "9890000000"),
        ("diff.table", "3420000000", "6200000000"),
    ];
    for ((row, (name, flat, cum)), number) in steps[table - 3..].iter().zip(ends).zip(1..) {
        assert!(row[0].ends_with(name), "{row:?}");
        assert_eq!(row[3], steps[table][3], "one path");
        assert_eq!(row[4], number.to_string());
        assert_eq!((row[5].as_str(), row[6].as_str()), (flat, cum), "{name}");
    }
    // 6.20 s of 23.13 s.
    assert_eq!(steps[table][7], "26.8050");
    let refused = workspace.table_csv(&query(file, 1), &request("goroutines", "", -1));
    assert!(refused.is_err());
}

#[test]
fn a_trimmed_file_opens_with_the_totals_of_the_whole() {
    for (bytes, most) in [(CPU, 100), (HEAP, 7), (HEAP, 0)] {
        let (mut workspace, file) = opened(bytes);
        let info = workspace
            .trim_info(file, 1, most)
            .expect("it can be trimmed");
        assert!(info.is_trimmed);
        let trimmed = workspace.trimmed(file, 1, most).expect("it can be trimmed");
        assert!(trimmed.len() < bytes.len());
        let less = open(&mut workspace, "trimmed", &trimmed).id;
        let files = workspace.files();
        assert_eq!(files[1].stacks as u32, most + 1);
        let totals = |at: usize| {
            files[at]
                .sample_types
                .iter()
                .map(|t| t.total.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(totals(0), totals(1));
        assert_eq!(files[0].kind, files[1].kind);
        let found = workspace.find_node(&query(less, 1), &info.frame);
        assert!(found.expect("a query") >= 0, "{} is a function", info.frame);
        assert!(
            workspace.trimmed(file, 9, most).is_err(),
            "there is no such sample type"
        );
    }
    let (workspace, file) = opened(CPU);
    let whole = workspace
        .trim_info(file, 1, 1_000_000)
        .expect("it is small");
    assert!(!whole.is_trimmed && whole.frame.is_empty());
}
