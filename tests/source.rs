//! What lines cost, against what `go tool pprof -list` printed, and what the page can ask for.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its expected outputs from files"
)]

#[path = "support/opening.rs"]
mod opening;
mod support;

use std::fs;

use dropprof::unit;
use dropprof::wasm::Workspace;
use dropprof::wasm::dto::{GranularityDto, Query, TableOrder};
use dropprof::wasm::dto_source::{SourceFiles, SourceInfo, SourceLineRow, SourcePlace};
use opening::open;
use support::testdata;

const CPU: &str = "../www/public/demo/cpu.pb.gz";
const HEAP: &str = "../www/public/demo/heap.pb.gz";

/// A file, and what is asked of it: in the tests of one of its sample types.
struct Asked {
    workspace: Workspace,
    query: Query,
}

impl Asked {
    fn of(input: &str, sample: u32) -> Self {
        let bytes = fs::read(testdata().join(input)).expect("the profile is there");
        let mut workspace = Workspace::new(1 << 30);
        let query = Query {
            file: open(&mut workspace, "file.pb.gz", &bytes).id,
            sample,
            ..Query::default()
        };
        Self { workspace, query }
    }

    /// Values in one unit, so that nothing is rounded before it is compared.
    fn in_unit(mut self, unit: &str) -> Self {
        unit.clone_into(&mut self.query.unit);
        self
    }

    fn source(&mut self, name: &str, file: &str) -> SourceInfo {
        let place = SourcePlace {
            name: name.to_owned(),
            file: file.to_owned(),
        };
        self.workspace.source(&self.query, &place).expect("lines")
    }

    fn files(&mut self, column: &str, search: &str) -> SourceFiles {
        let order = TableOrder {
            column: column.to_owned(),
            ascending: false,
            search: search.to_owned(),
        };
        let files = self.workspace.source_files(&self.query, &order);
        files.expect("files")
    }
}

/// A function in a list report: name, sums as printed, and its lines with a value.
struct Routine {
    name: String,
    sums: (String, String),
    lines: Vec<(i64, String, String)>,
}

/// Reads the text of `-list`.
fn routines(golden: &str) -> Vec<Routine> {
    let text = fs::read_to_string(testdata().join("golden/pprof").join(golden));
    let text = text.expect("the golden is there");
    let mut routines: Vec<Routine> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("ROUTINE ======================== ") {
            let (name, _) = rest.split_once(" in ").expect("a function in a file");
            routines.push(Routine {
                name: name.to_owned(),
                sums: (String::new(), String::new()),
                lines: Vec::new(),
            });
            continue;
        }
        let Some(routine) = routines.last_mut() else {
            continue;
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        if line.contains("(flat, cum)") {
            routine.sums = (words[0].to_owned(), words[1].to_owned());
        } else if let [flat, cum, number, ..] = words[..]
            && let Some((number, _)) = number.split_once(':')
            && (flat, cum) != (".", ".")
        {
            let number = number.parse().expect("a line number");
            let shown = |text: &str| {
                if text == "." {
                    "0".to_owned()
                } else {
                    text.to_owned()
                }
            };
            routine.lines.push((number, shown(flat), shown(cum)));
        }
    }
    assert!(!routines.is_empty(), "{golden} lists nothing");
    routines
}

/// A value in nanoseconds or bytes as the list report writes it.
fn as_listed(text: &str, unit_name: &str) -> String {
    let digits: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '-')
        .collect();
    let value = if digits.is_empty() {
        0
    } else {
        digits.parse().expect("a number")
    };
    unit::label(value, unit_name)
}

fn listed(
    info: &SourceInfo,
    flat: impl Fn(&SourceLineRow) -> &str,
    unit_name: &str,
) -> Vec<(i64, String, String)> {
    let rows = info.lines.iter().map(|row| {
        (
            row.line as i64,
            as_listed(flat(row), unit_name),
            as_listed(&row.cum, unit_name),
        )
    });
    // What only has cost by what was inlined is no line of pprof's.
    rows.filter(|(_, flat, cum)| flat != "0" || cum != "0")
        .collect()
}

/// Compares every value of a list report; returns how many lines have one.
fn equals(mut asked: Asked, unit_name: &str, golden: &str) -> usize {
    let mut compared = 0;
    for routine in routines(golden) {
        let Routine { name, sums, lines } = &routine;
        let info = asked.source(name, "");
        assert!(!info.missing, "{name} is in the profile");
        let got = listed(&info, |row| &row.own, unit_name);
        assert_eq!(got, *lines, "{name}");
        assert_eq!(as_listed(&info.own, unit_name), sums.0, "{name}");
        // pprof adds the lines up, which is more where a sample passes several of them.
        if !info.overlap {
            assert_eq!(as_listed(&info.cum, unit_name), sums.1, "{name}");
        }
        compared += lines.len();
    }
    compared
}

#[test]
fn own_and_cum_of_lines_equal_pprofs_list_of_a_cpu_profile() {
    let golden =
        "demo/cpu/list-diff-._trim_path-example.com-dirsync_source_path-programs-dirsync.txt";
    let compared = equals(Asked::of(CPU, 1).in_unit("ns"), "nanoseconds", golden);
    assert!(compared >= 19, "only {compared} lines");
}

#[test]
fn own_and_cum_of_lines_equal_pprofs_list_of_a_heap_profile() {
    let golden =
        "demo/heap/list-tree-._trim_path-example.com-dirsync_source_path-programs-dirsync.txt";
    // The golden is of the default type, the memory in use.
    let compared = equals(Asked::of(HEAP, 3).in_unit("bytes"), "bytes", golden);
    assert!(compared > 5, "only {compared} lines");
}

#[test]
fn flat_of_functions_that_are_never_inlined_equals_the_list_without_inlines() {
    // -list=diff\. -noinlines: sums of functions, the sources are not there. Each of them has the same
    // cum in the list with inlined calls above, so none is ever inlined itself.
    let golden = "demo/cpu/list-diff-._source_path--nonexistent_noinlines.txt";
    let mut asked = Asked::of(CPU, 1).in_unit("ns");
    for routine in routines(golden) {
        let name = &routine.name;
        asked.query.noinlines = false;
        let info = asked.source(name, "");
        asked.query.noinlines = true;
        let folded = asked.source(name, "");
        for flat in [&info.flat, &folded.flat] {
            assert_eq!(as_listed(flat, "nanoseconds"), routine.sums.0, "{name}");
        }
        // Folded away, nothing is listed as inlined.
        assert_eq!(folded.inlined, "", "{name}");
    }
}

#[test]
fn recursion_counts_once() {
    // testdata/golden/pprof/handmade/recursion: list prints 60ms for main.walk, -top -cum of the same
    // file 60ms as well: one line. even and odd call each other, and no sample is counted twice.
    let mut asked = Asked::of("pprof/handmade/recursion.pb", 1);
    for (name, flat, cum) in [
        ("main.walk", "40ms", "60ms"),
        ("main.odd", "50ms", "50ms"),
        ("main.main", "40ms", "150ms"),
    ] {
        let info = asked.source(name, "");
        assert_eq!(
            (info.flat.as_str(), info.cum.as_str()),
            (flat, cum),
            "{name}"
        );
    }
}

#[test]
fn a_whole_file_has_the_lines_of_all_its_functions_and_each_sample_once() {
    let mut asked = Asked::of(CPU, 1).in_unit("ns");
    let path = "example.com/dirsync/internal/diff/diff.go";
    let info = asked.source("", path);
    assert!(info.function.is_none() && info.file == path && !info.missing);
    assert!(
        info.functions
            .windows(2)
            .all(|w| w[0].start_line <= w[1].start_line)
    );
    let number = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<i64>().unwrap_or(0)
    };
    let sum: i64 = info.lines.iter().map(|row| number(&row.flat)).sum();
    assert_eq!(sum, number(&info.flat));
    // By -list=diff\.: Lines 9.89s and Compare 70ms, neither of which calls the other; the rest of
    // the file is called by them. (-top -files splits the file into rows by first lines.)
    assert_eq!(as_listed(&info.cum, "nanoseconds"), "9.96s");
}

#[test]
fn without_a_name_it_is_the_heaviest_function_of_the_program() {
    let mut asked = Asked::of(CPU, 1);
    let info = asked.source("", "");
    let name = info.function.expect("a function");
    assert_eq!(name.class, "main");
    assert!(!info.missing && info.file.starts_with("example.com/dirsync/"));
    let absent = asked.source("main.nobody", "");
    assert!(absent.missing);
    assert_eq!(absent.function.expect("a function").full, name.full);
}

#[test]
fn names_are_rows_of_the_query_whatever_rows_are() {
    let mut asked = Asked::of(CPU, 1);
    let function = "example.com/dirsync/internal/diff.Lines";
    for granularity in [
        GranularityDto::Functions,
        GranularityDto::Files,
        GranularityDto::Packages,
        GranularityDto::Lines,
    ] {
        asked.query.granularity = granularity;
        let info = asked.source(function, "");
        let name = info.function.expect("a function");
        assert_eq!(format!("{}{}", name.dim, name.strong), function);
        let names = asked.workspace.names(&asked.query, &[name.node]);
        let names = names.expect("names");
        assert_eq!(names[0].full, name.full);
        // And the name of the row leads back to a function of it.
        let back = asked.source(&name.full, "");
        assert!(!back.missing, "{}", name.full);
    }
}

#[test]
fn files_stand_heaviest_first() {
    let mut asked = Asked::of(CPU, 1);
    let files = asked.files("flat", "");
    // As above.
    let diff = files
        .rows
        .iter()
        .find(|row| row.path.ends_with("internal/diff/diff.go"));
    assert_eq!(diff.expect("a row").cum, "9.96s");
    let mut paths: Vec<&str> = files.rows.iter().map(|row| row.path.as_str()).collect();
    assert_eq!(paths.len(), files.matching as usize);
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), files.rows.len(), "a file is one row");
    assert!(
        files
            .rows
            .windows(2)
            .all(|w| w[0].flat_share >= w[1].flat_share)
    );

    let some = asked.files("name", "diff\\.go$");
    assert_eq!(some.rows.len(), 1);
    let all = asked.files("name", "(");
    assert!(!all.refused.is_empty() && all.rows.len() == files.rows.len());
    assert!(all.rows.windows(2).all(|w| w[0].path > w[1].path));
}
