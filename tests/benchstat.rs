//! `dropprof benchstat` against benchstat: text, CSV, standard error and exit status of every command
//! of `testdata/benchstat`, and of the optional corpus beside the repository where it is there.
#![allow(clippy::disallowed_methods, reason = "a test reads its inputs")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One command of a manifest.
struct Case {
    id: String,
    folder: PathBuf,
    arguments: Vec<String>,
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/benchstat")
}

/// The commands of a folder: `manifest.tsv`, or as the corpus has them `manifest.json`.
fn cases(root: &Path) -> Vec<Case> {
    let case = |words: Vec<String>| {
        let [id, folder, arguments @ ..] = words.as_slice() else {
            panic!("a row has an id and a folder: {words:?}");
        };
        Case {
            id: id.clone(),
            folder: root.join(folder),
            arguments: arguments.to_vec(),
        }
    };
    if let Ok(text) = fs::read_to_string(root.join("manifest.tsv")) {
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        return rows
            .map(|row| case(row.split('\t').map(str::to_owned).collect()))
            .collect();
    }
    let text = fs::read_to_string(root.join("manifest.json")).expect("a manifest");
    let rows: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    rows.iter()
        .map(|row| {
            let arguments = row["args"].as_array().expect("a list");
            let mut words = vec![text(&row["id"]), text(&row["dir"])];
            words.extend(arguments.iter().map(text));
            case(words)
        })
        .collect()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dropprof"))
        .arg("benchstat")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("runs")
}

fn expected(root: &Path, name: &str) -> String {
    fs::read_to_string(root.join("expected").join(name)).unwrap_or_default()
}

/// Equal but for the last digits of numbers: only geometric means have them.
fn is_close(own: &str, expected: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite());
    let same = |a: &str, b: &str| {
        let close = |(a, b): (f64, f64)| (a - b).abs() <= 1e-12 * b.abs();
        a == b || number(a).zip(number(b)).is_some_and(close)
    };
    let lines = own.split('\n').zip(expected.split('\n'));
    let all = lines.into_iter().all(|(own, expected)| {
        let is_mean = expected.starts_with("geomean,");
        let fields = || own.split(',').zip(expected.split(','));
        own == expected
            || is_mean
                && own.split(',').count() == expected.split(',').count()
                && fields().all(|(own, expected)| same(own, expected))
    });
    all && own.split('\n').count() == expected.split('\n').count()
}

fn check(root: &Path) -> usize {
    let cases = cases(root);
    for case in &cases {
        let id = &case.id;
        let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
        let has_format = arguments.contains(&"-format");
        let csv = [&["-format", "csv"], &arguments[..]].concat();
        for (arguments, ending) in [(&arguments, "txt"), (&csv, "csv")] {
            // What says itself which format it wants is one command only.
            if has_format && ending == "csv" {
                continue;
            }
            let output = run(&case.folder, arguments);
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (own, said) = (text(&output.stdout), text(&output.stderr));
            let printed = expected(root, &format!("{id}.{ending}"));
            let is_equal = own == printed || ending == "csv" && is_close(&own, &printed);
            assert!(is_equal, "{id}.{ending}\n{own}\nexpected\n{printed}");
            let stderr = expected(root, &format!("{id}.{ending}.stderr"));
            assert_eq!(said, stderr, "{id}.{ending}: standard error");
            assert_eq!(output.status.code(), Some(0), "{id}.{ending}");
        }
    }
    cases.len()
}

#[test]
fn every_command_prints_what_benchstat_prints() {
    assert!(check(&testdata()) >= 65);
}

#[test]
fn so_does_every_command_of_the_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/benchstat");
    if corpus.is_dir() {
        eprintln!("{} commands of the corpus", check(&corpus));
    } else {
        eprintln!("skipped: needs ../shared/corpus/benchstat");
    }
}

/// Standard output, standard error and exit status in a folder of the test data.
fn said(folder: &str, arguments: &[&str]) -> (String, String, i32) {
    let output = run(&testdata().join(folder), arguments);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let status = output.status.code().expect("ends by itself");
    (text(output.stdout), text(output.stderr), status)
}

#[test]
fn strict_does_not_depend_on_the_order_of_files() {
    // 64 four times against 48 three times: of C(7,3) = 35 choices of ranks only this one is as far
    // from the mean, so p = 1/35 = 0.029 in both orders. benchstat prints 0 and 0.057.
    let arguments =
        |files: [&'static str; 2]| ["-strict", "-filter", ".unit:B/op", files[0], files[1]];
    let (text, told, status) = said("07-n4-vs-n3", &arguments(["old.txt", "new.txt"]));
    assert_eq!(status, 0, "{told}");
    assert!(text.contains("(p=0.029 n=4+3)"), "{text}");
    let (text, told, _) = said("07-n4-vs-n3", &arguments(["new.txt", "old.txt"]));
    assert!(text.contains("(p=0.029 n=3+4)"), "{text}");
    let differs = "p=0.029 here; benchstat says p=0.057, which depends on the order of files";
    assert!(told.contains(differs), "{told}");
}

#[test]
fn strict_reads_what_benchstat_loses_and_fails_where_it_does_not() {
    let plain = |arguments: &[&str], folder: &str| said(folder, arguments);
    // Six runs of each of the benchmarks, also as events, as UTF-16 and behind a long line.
    let (text, _, status) = plain(&["-strict", "events.json"], "21-real-go127");
    assert!(status == 0 && text.contains("Print-2"), "{text}");
    let (text, told, _) = plain(&["-strict", "plain.txt"], "21-real-go127");
    assert!(
        text.contains("Print-2") && told.contains("put together with the name"),
        "{told}"
    );
    for file in ["utf16.txt", "longline.txt"] {
        let (text, _, status) = plain(&["-strict", file], "15-malformed");
        assert!(status == 0 && text.contains("sec/op"), "{file}: {text}");
    }
    let (text, told, status) = plain(
        &["-strict", "crlf.txt", "does-not-exist.txt"],
        "15-malformed",
    );
    assert_eq!((text.as_str(), status), ("", 1));
    assert_eq!(
        told,
        "benchstat: open does-not-exist.txt: no such file or directory\n"
    );
    let (_, told, status) = plain(&["-strict", "empty.txt"], "15-malformed");
    assert_eq!(status, 1);
    assert!(
        told.starts_with("benchstat: empty.txt: no benchmark results in it"),
        "{told}"
    );
    let (_, told, status) = plain(&["-strict", "-filter", "foo", "old.txt"], "04-n6");
    assert!(status == 1 && told.contains("\n\tfoo\n\t^"), "{told}");
}

#[test]
fn a_gate_trips_on_what_is_beyond_chance_and_limit() {
    let files = ["old.txt", "new.txt"];
    let gated = |condition: &str, files: [&str; 2]| {
        let (text, told, status) =
            said("12-subbench", &["-fail-on", condition, files[0], files[1]]);
        assert!(
            text.contains("geomean"),
            "the tables are printed all the same"
        );
        (told, status)
    };
    // Every benchmark of the folder became about 15 % faster: swapped, 18 % slower.
    let (told, status) = gated("sec/op>+5%", files);
    assert_eq!(status, 0, "{told}");
    let (told, status) = gated("sec/op>+5%", ["new.txt", "old.txt"]);
    assert_eq!(status, 3);
    assert!(
        told.contains("-fail-on=sec/op>+5%: Encode/codec="),
        "{told}"
    );
    let (told, status) = gated("sec/op>+50%", ["new.txt", "old.txt"]);
    assert_eq!(status, 0, "{told}");
    let (_, status) = gated("*>5%", ["new.txt", "old.txt"]);
    assert_eq!(status, 3);
    // A gate that can never trip is no gate.
    let (told, status) = gated("sec/oop>5%", files);
    assert!(
        status == 1 && told.contains("nothing of this unit is compared"),
        "{told}"
    );
    let (_, told, status) = said("12-subbench", &["-fail-on", "sec/op>5%", "old.txt"]);
    assert!(
        status == 1 && told.contains("nothing is compared"),
        "{told}"
    );
    let (_, told, status) = said("12-subbench", &["-fail-on", "sec/op", "old.txt"]);
    assert!(status == 2 && told.contains("is no condition"), "{told}");
    // One run of each side tells nothing, and that is said.
    let (_, told, status) = said("01-n1", &["-fail-on=sec/op>5%", "old.txt", "new.txt"]);
    assert!(
        status == 0 && told.contains("of 3 comparisons 3 cannot tell"),
        "{told}"
    );
}

#[test]
fn other_formats_hold_the_same_numbers() {
    let (text, _, status) = said("04-n6", &["-format=json", "old.txt", "new.txt"]);
    assert_eq!(status, 0);
    let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let cell = &read["tables"][0]["rows"][0]["cells"][1];
    // The first row of 04-n6.csv: the middle, and p=0.002 n=6.
    let csv = expected(&testdata(), "04-n6.csv");
    let row: Vec<&str> = csv.lines().nth(6).expect("a row").split(',').collect();
    let center = cell["center"].as_f64().expect("a number");
    assert!((center / row[3].parse::<f64>().expect("a number") - 1.0).abs() < 1e-15);
    assert_eq!(cell["n"], 6);
    assert_eq!(cell["samples"].as_array().map(Vec::len), Some(6));
    assert!((cell["p"].as_f64().expect("p") - 2.0 / 924.0).abs() < 1e-15);
    let (markdown, _, _) = said("04-n6", &["-format=markdown", "old.txt", "new.txt"]);
    assert!(markdown.contains(row[5]), "{markdown}");
    assert!(
        markdown
            .lines()
            .filter(|line| line.starts_with('|'))
            .count()
            > 3
    );
}

#[test]
fn standard_input_is_a_file() {
    use std::io::Write;
    use std::process::Stdio;
    let folder = testdata().join("04-n6");
    let mut child = Command::new(env!("CARGO_BIN_EXE_dropprof"))
        .args(["benchstat", "old=-", "new=new.txt"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("runs");
    let bytes = fs::read(folder.join("old.txt")).expect("is there");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(&bytes).expect("takes it");
    drop(stdin);
    let output = child.wait_with_output().expect("ends");
    let labelled = run(&folder, &["old=old.txt", "new=new.txt"]);
    assert_eq!(output.stdout, labelled.stdout);
    assert!(!output.stdout.is_empty());
}
