//! Texts by hand. What benchstat makes of the same lines is what the study of it says; the
//! larger corpus is compared in `tests/benchmarks.rs`.

use super::*;
use crate::model::StringId;

fn read(text: &str) -> Benchmarks {
    read_benchmarks(text.as_bytes(), BenchRules::Corrected).expect("small enough")
}

fn text(read: &Benchmarks, id: StringId) -> String {
    read.strings.text(id).into_owned()
}

/// Each result as `name iterations value unit …`, in base units.
fn shown(read: &Benchmarks) -> Vec<String> {
    let show = |result| {
        let measured: Vec<String> = read
            .measurements_of(result)
            .iter()
            .map(|m| format!("{:.6e} {}", m.value, text(read, m.unit)))
            .collect();
        let name = text(read, result.name);
        format!("{name} {} {}", result.iterations, measured.join(" "))
    };
    read.results.iter().map(show).collect()
}

fn remarks(read: &Benchmarks) -> Vec<String> {
    let show = |remark: &Remark| format!("{}: {}", remark.line, remark.kind);
    read.remarks.iter().map(show).collect()
}

#[test]
fn a_line_has_a_name_a_count_and_pairs() {
    let read = read("BenchmarkA/k=v-8   \t     100\t      10.5 ns/op\t 2.00 MB/s\t 8 B/op\r\n");
    assert_eq!(
        shown(&read),
        ["A/k=v-8 100 1.050000e-8 sec/op 2.000000e6 B/s 8.000000e0 B/op"]
    );
    let first = read.measurements[0];
    assert!((first.written - 10.5).abs() < f64::EPSILON);
    assert_eq!(text(&read, first.written_unit), "ns/op");
    assert_eq!(remarks(&read), [""; 0]);
}

#[test]
fn a_mistake_drops_its_whole_line() {
    let read = read(concat!(
        "BenchmarkOnlyAName\n",
        "BenchmarkBlank \n",
        "BenchmarkWord ten 10 ns/op\n",
        "BenchmarkBig 99999999999999999999 10 ns/op\n",
        "BenchmarkNothing 1\n",
        "BenchmarkNoUnit 1 10\n",
        "BenchmarkOdd 1 10 ns/op 20\n",
        "BenchmarkWords 1 10 ns/op and so on\n",
        "BenchmarkRange 1 1e400 ns/op\n",
        " BenchmarkIndented 1 10 ns/op\n",
        "Benchmark 7 70 x\n",
        "Benchmarkgood -3 10 x 11 x",
    ));
    assert_eq!(
        shown(&read),
        [" 7 7.000000e1 x", "good -3 1.000000e1 x 1.100000e1 x"]
    );
    assert_eq!(
        remarks(&read),
        [
            "2: missing iteration count",
            "3: parsing iteration count: invalid syntax",
            "4: parsing iteration count: value out of range",
            "5: missing measurements",
            "6: missing units",
            "7: missing units",
            "8: parsing measurement: invalid syntax",
            "9: parsing measurement: value out of range",
        ]
    );
}

#[test]
fn configuration_holds_until_it_changes() {
    let read = read(concat!(
        "gone:\n",
        "goos: linux\n",
        "pkg: a\n",
        "BenchmarkX 1 1 x\n",
        "Upper: no\n",
        "with space: no\n",
        "pkg: b\n",
        "pkg: c\n",
        "BenchmarkX 1 2 x\n",
        "goos:\n",
        "BenchmarkX 1 3 x\n",
    ));
    let at = |key: &str, result| {
        String::from_utf8_lossy(read.config(key.as_bytes(), result)).into_owned()
    };
    let pkg: Vec<String> = (0..3).map(|result| at("pkg", result)).collect();
    let goos: Vec<String> = (0..3).map(|result| at("goos", result)).collect();
    assert_eq!(pkg, ["a", "c", "c"]);
    assert_eq!(goos, ["linux", "linux", ""]);
    let keys: Vec<String> = read.keys.iter().map(|key| text(&read, key.name)).collect();
    assert_eq!(keys, ["goos", "pkg"]);
}

#[test]
fn units_have_metadata() {
    let read = read(concat!(
        "Unit\n",
        "Unit p99-ns better=lower assume=nothing\n",
        "Unit p99-sec better=lower more\n",
        "Unit p99-ns better=higher =x\n",
        "Units x a=b\n",
    ));
    let known: Vec<String> = read
        .metadata
        .iter()
        .map(|m| {
            format!(
                "{} {}={}",
                text(&read, m.unit),
                text(&read, m.key),
                text(&read, m.value)
            )
        })
        .collect();
    assert_eq!(known, ["p99-sec better=lower", "p99-sec assume=nothing"]);
    assert_eq!(
        remarks(&read),
        [
            "1: missing unit",
            "3: expected key=value",
            "4: metadata better of unit p99-sec already set to lower",
            "4: expected key=value",
        ]
    );
}

#[test]
fn what_tests_and_the_race_detector_print_is_passed_over() {
    let read = read(concat!(
        "=== RUN   TestA\n",
        "--- PASS: TestA (0.00s)\n",
        "==================\n",
        "WARNING: DATA RACE\n",
        "Write at 0x00c000012090 by goroutine 8:\n",
        "  example.com/x.f()\n",
        "      /x/x.go:12 +0x3c\n",
        "Goroutine 8 (running) created at:\n",
        "==================\n",
        "BenchmarkA\n",
        "    a_test.go:9: a log line\n",
        "BenchmarkA-2   \t     200\t       130.6 ns/op\n",
        "--- BENCH: BenchmarkA-2\n",
        "PASS\n",
        "ok  \texample.com/x\t1.2s\n",
    ));
    assert_eq!(shown(&read), ["A-2 200 1.306000e-7 sec/op"]);
    assert_eq!(remarks(&read), [""; 0]);
    assert!(read.keys.is_empty());
}

/// As Go 1.27 prints a benchmark that prints, without -v.
const TORN: &str = concat!(
    "BenchmarkPrint-2   \tstdout noise\n",
    "stderr noise\n",
    "     200\t       504.7 ns/op\t       1 B/op\n",
    "     300\t       1.0 ns/op\n",
    "BenchmarkPrint-2   \tnoise\n",
    "BenchmarkNext-2   \t     1\t       2 ns/op\n",
    "     200\t       504.7 ns/op\n",
);

#[test]
fn values_torn_from_their_name_are_put_back() {
    let joined = read(TORN);
    assert_eq!(
        shown(&joined),
        [
            "Print-2 200 5.047000e-7 sec/op 1.000000e0 B/op",
            "Next-2 1 2.000000e-9 sec/op"
        ]
    );
    let expected = [
        "3: put together with the name in line 1",
        "5: parsing iteration count: invalid syntax",
    ];
    assert_eq!(remarks(&joined), expected);
    let exact = read_benchmarks(TORN.as_bytes(), BenchRules::AsBenchstat);
    assert_eq!(exact.map(|read| read.results.len()), Ok(1));
}

#[test]
fn events_are_put_together_per_package() {
    let event = |package: &str, output: &str| {
        let output = output.replace('\n', "\\n").replace('\t', "\\t");
        format!(r#"{{"Action":"output","Package":"{package}","Output":"{output}"}}"#)
    };
    let stream = [
        r#"{"Time":"2026-01-01T00:00:00Z","Action":"start","Package":"a"}"#.to_owned(),
        event("a", "pkg: a\n"),
        event("b", "pkg: b\n"),
        event("a", "BenchmarkX-2   \t"),
        event("b", "BenchmarkX-2 1 5 ns/op\n"),
        event("a", "     1\t 7 ns/op\n"),
        "{no event".to_owned(),
        event("a", "BenchmarkY 1 8 ns/op"),
        "# a compiler's message".to_owned(),
    ]
    .join("\n");
    let read = read(&stream);
    let expected = [
        "X-2 1 7.000000e-9 sec/op",
        "Y 1 8.000000e-9 sec/op",
        "X-2 1 5.000000e-9 sec/op",
    ];
    assert_eq!(shown(&read), expected);
    let found: Vec<(u64, &[u8])> = (0..3)
        .map(|row| (read.results[row].line, read.config(b"pkg", row)))
        .collect();
    assert_eq!(found, [(4, &b"a"[..]), (8, b"a"), (5, b"b")]);
    assert_eq!(remarks(&read), ["7: not an event of go test -json"]);
}

#[test]
fn marks_and_utf16_are_understood() {
    let line = "BenchmarkÄ 1 5 x\n";
    assert_eq!(
        shown(&read(&format!("\u{feff}{line}"))),
        ["Ä 1 5.000000e0 x"]
    );
    let little: Vec<u8> = [0xFEFF_u16]
        .into_iter()
        .chain(line.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = little
        .chunks(2)
        .flat_map(|pair| [pair[1], pair[0]])
        .collect();
    for bytes in [little, big] {
        let read = read_benchmarks(&bytes, BenchRules::Corrected).expect("small enough");
        assert_eq!(shown(&read), ["Ä 1 5.000000e0 x"]);
        assert_eq!(remarks(&read), ["1: the text is UTF-16"]);
    }
}

#[test]
fn nothing_is_read_of_nothing() {
    for text in ["", "\n", "{}", "{\"Action\":\"start\"}", "\u{feff}"] {
        assert!(read(text).results.is_empty(), "{text:?}");
    }
}
