//! The command as a person meets it: names of files, and what they may do to a terminal.
#![allow(
    clippy::disallowed_methods,
    reason = "a test of the command writes the files that it reads"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

#[path = "support/encode.rs"]
mod encode;

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// A profile with one sample of each type, worth 7.
fn profile(types: &[&str]) -> Vec<u8> {
    let mut encoder = encode::Encoder::new(types);
    encoder.function(1, "main.main");
    encoder.location(1, [1].into_iter());
    encoder.sample([1].into_iter(), types.iter().map(|_| 7), std::iter::empty());
    encoder.finish()
}

fn dropprof(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dropprof"));
    let output = command.current_dir(folder).args(arguments).output();
    output.expect("the command runs")
}

/// Standard output, or standard error when it failed.
fn said(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = dropprof(folder, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    match output.status.success() {
        true => Ok(text(output.stdout)),
        false => Err(text(output.stderr)),
    }
}

#[test]
fn a_file_in_an_archive_has_a_path() {
    let folder = folder("archive");
    let (a, b) = (profile(&["a"]), profile(&["b"]));
    let inner = encode::zip(&[("deep", &b)]);
    let members: [(&str, &[u8]); 4] = [
        ("notes.txt", b"nothing of ours"),
        ("./runs/a.pb", &a),
        ("runs/b\n.pb", &b),
        ("inner.zip", &inner),
    ];
    fs::write(folder.join("x.zip"), encode::zip(&members)).expect("written");
    fs::write(folder.join("plain.pb"), &a).expect("written");
    fs::write(folder.join("cut.zip"), b"PK\x03\x04 and no directory").expect("written");

    // What open prints before the colon is a name for pprof.
    let listed = dropprof(&folder, &["open", "x.zip"]).stdout;
    let listed = String::from_utf8(listed).expect("UTF-8");
    let names: Vec<&str> = listed
        .lines()
        .filter_map(|l| l.split(": ").next())
        .collect();
    assert_eq!(
        names,
        [
            "x.zip/./runs/a.pb",
            "x.zip/runs/b␊.pb",
            "x.zip/inner.zip/deep"
        ]
    );
    let top = |name: &str| said(&folder, &["pprof", "-top", name]);
    for name in names
        .iter()
        .chain(&["x.zip/runs/a.pb", "./x.zip/inner.zip"])
    {
        let shown = top(name).expect("a profile");
        assert!(shown.contains("100%  main.main"), "{name}: {shown}");
    }
    assert!(top("x.zip/runs/a.pb").is_ok_and(|shown| shown.contains("Type: a")));

    // The messages name one that works.
    assert_eq!(
        top("x.zip").expect_err("four files"),
        "dropprof: x.zip: holds 4 files; name one of them, such as x.zip/./runs/a.pb\n"
    );
    assert_eq!(
        top("x.zip/c").expect_err("no such file"),
        "dropprof: x.zip/c: no such file in x.zip, but x.zip/./runs/a.pb\n"
    );
    // What is no archive holds no files, and one that cannot be read says why.
    let error = top("plain.pb/a").expect_err("no folder");
    assert!(error.starts_with("dropprof: plain.pb/a: "), "{error}");
    assert!(!error.contains("but"), "{error}");
    let error = top("cut.zip/a").expect_err("damaged");
    assert!(error.contains("zip directory is damaged"), "{error}");

    // Folders in archives, and the report.
    let json = said(&folder, &["open", "-json", "x.zip/runs"]).expect("both are profiles");
    assert_eq!(json.matches("\"size\"").count(), 2, "{json}");
    let report = said(&folder, &["report", "-format=md", "x.zip/runs/a.pb"]).expect("a report");
    assert!(report.contains("From `a.pb`"), "{report}");
}

#[test]
fn names_do_nothing_to_the_terminal() {
    let folder = folder("terminal");
    let evil = "a\x1b[2J\nb\u{9b}31m";
    fs::write(
        folder.join("bad"),
        encode::zip(&[(evil, b"text"), ("b", b"")]),
    )
    .expect("written");
    fs::write(folder.join("good"), profile(&[evil])).expect("written");
    let shown = said(&folder, &["open", "good"]).expect("a profile");
    assert_eq!(
        shown,
        "good: Profile, 1 samples, 1 stacks, 1 functions; a␛[2J␊b⟨U+009B⟩31m 7\n"
    );
    for arguments in [
        &["open", "bad"][..],
        &["report", "bad"],
        &["pprof", "-top", "bad"],
        &["pprof", "-top", evil],
        &["pprof", "-top", "-sample_index=x", "good"],
        &[&format!("pprof{evil}")],
        &["open", &format!("-{evil}")],
    ] {
        let error = said(&folder, arguments).expect_err("nothing to show");
        assert!(!error.contains(['\x1b', '\u{9b}']), "{error:?}");
        assert!(error.contains("a␛[2J␊b"), "{error:?}");
    }
}

#[test]
fn what_pprof_does_outside_of_the_standard_output() {
    let folder = folder("outside");
    fs::write(folder.join("a"), profile(&["x"])).expect("written");
    fs::write(folder.join("b"), profile(&["x"])).expect("written");
    fs::write(folder.join("bad"), "nothing of ours").expect("written");
    let ran = |arguments: &[&str]| {
        let output = dropprof(&folder, arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    // A file, and a file that cannot be written.
    let (status, stdout, stderr) = ran(&["pprof", "-top", "-output=out", "a"]);
    assert_eq!((status, &*stdout), (Some(0), ""));
    assert_eq!(stderr, "dropprof: Generating report in out\n");
    let written = fs::read_to_string(folder.join("out")).expect("written");
    assert!(written.contains("100%  main.main"), "{written}");
    let (status, stdout, stderr) = ran(&["pprof", "-top", "-output=none/out", "a"]);
    assert_eq!((status, &*stdout), (Some(2), ""));
    assert!(stderr.contains("dropprof: none/out: "), "{stderr}");

    // What cannot be read is left out, as long as something is left.
    let (status, stdout, stderr) = ran(&["pprof", "-top", "a", "bad", "b"]);
    assert_eq!(status, Some(0));
    assert!(stdout.contains("100% of 14 total"), "{stdout}");
    assert!(stderr.starts_with("dropprof: bad: detect: "), "{stderr}");
    assert!(
        stderr.ends_with("dropprof: Fetched 2 source profiles out of 3\n"),
        "{stderr}"
    );
    let (status, _, stderr) = ran(&["pprof", "-top", "bad", "none"]);
    assert_eq!(status, Some(2));
    assert!(
        stderr.ends_with("dropprof: failed to fetch any source profiles\n"),
        "{stderr}"
    );

    // Of several bases pprof takes the last; ours can take all: 7 - 14.
    let bases = ["pprof", "-top", "-base=a", "-base=b", "a"];
    let (_, stdout, stderr) = ran(&bases);
    assert!(
        stdout.contains("0 of 0 total") || stdout.contains("0% of 0 total"),
        "{stdout}"
    );
    assert!(stderr.contains("-base is given 2 times"), "{stderr}");
    let (_, stdout, stderr) = ran(&["pprof", "-corrected", "-top", "-base=a", "-base=b", "a"]);
    assert!(
        stdout.contains("accounting for -7, 100% of 7 total"),
        "{stdout}"
    );
    assert_eq!(stderr, "");

    // What is not here is said to be elsewhere, in one line.
    for (arguments, status, said) in [
        (&["pprof", "-web", "a"][..], 2, "the page"),
        (&["pprof", "-http=:0", "a"], 2, "the page"),
        (&["pprof", "-disasm=main", "a"], 2, "the page"),
        (&["pprof", "-kcachegrind", "a"], 2, "-callgrind"),
        (&["pprof", "a"], 2, "which report? One of -top -text"),
    ] {
        let (code, stdout, stderr) = ran(arguments);
        assert_eq!((code, &*stdout), (Some(status), ""), "{arguments:?}");
        let is_told = stderr.contains(said) || stderr.contains("dropprof's page");
        assert!(is_told && stderr.lines().count() == 1, "{stderr}");
    }
}

#[test]
fn findings_are_text_data_and_a_gate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder("findings");
    fs::create_dir(folder.join("in")).expect("made");
    let copy = |from: &str, to: &str| {
        fs::copy(root.join("testdata/findings").join(from), folder.join(to)).expect("copied");
    };
    copy("regexp-compile.cpu.pb.gz", "in/cpu.pb.gz");
    copy("janitors.goroutine.txt", "in/dump.txt");
    fs::write(folder.join("in/notes.md"), "no profile, and passed over").expect("written");

    let text = said(&folder, &["findings", "in"]).expect("findings");
    assert!(text.contains("S04") && text.contains("R03"), "{text}");
    let json = said(&folder, &["findings", "-json", "in"]).expect("findings");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for key in ["schema", "findings", "checked", "not_assessable"] {
        assert!(!json[key].is_null(), "{key}");
    }
    let first = &json["findings"][0];
    for key in [
        "rule",
        "severity",
        "confidence",
        "where",
        "evidence",
        "now",
        "falsifier",
    ] {
        assert!(!first[key].is_null(), "{key}: {first}");
    }
    // The order of naming does not matter, nor does it between two files that show the same.
    copy("regexp-compile.cpu.pb.gz", "one.pb.gz");
    copy("regexp-compile.cpu.pb.gz", "two.pb.gz");
    let named = |files: &[&str]| {
        let arguments = [&["findings", "-json"][..], files].concat();
        said(&folder, &arguments).expect("findings")
    };
    assert_eq!(
        named(&["in/cpu.pb.gz", "in/dump.txt"]),
        named(&["in/dump.txt", "in/cpu.pb.gz"])
    );
    assert_eq!(
        named(&["one.pb.gz", "two.pb.gz"]),
        named(&["two.pb.gz", "one.pb.gz"])
    );

    let status = |arguments: &[&str]| dropprof(&folder, arguments).status.code();
    assert_eq!(status(&["findings", "-fail-on=high", "in"]), Some(3));
    assert_eq!(
        status(&["findings", "-fail-on=critical", "in/dump.txt"]),
        Some(0)
    );
    assert_eq!(status(&["findings", "-fail-on=grave", "in"]), Some(2));
    fs::write(folder.join("in/cut.pb.gz"), b"\x1f\x8b\x08\0").expect("written");
    assert_eq!(status(&["findings", "in"]), Some(1));
    assert_eq!(status(&["findings", "in/notes.md"]), Some(1));
}
