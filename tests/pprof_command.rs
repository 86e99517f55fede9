//! `dropprof pprof` does what `go tool pprof` did under many arguments, bad ones among them, and
//! with profiles that differ in what they say of themselves.
//!
//! `testdata/programs/command/make.py` wrote the profiles and ran the real tool, of Go 1.27.3:
//! `testdata/command/expected.jsonl` has what it printed. A profile that it wrote is compared byte
//! for byte once it is unpacked.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its expected outputs from files"
)]

mod support;

use std::fs;
use std::io::Read;
use std::process::Command;

use serde::Deserialize;
use support::testdata;

#[derive(Debug, Deserialize)]
struct Case {
    args: Vec<String>,
    fails: bool,
    stderr: String,
    stdout: Option<String>,
    proto: Option<String>,
}

#[test]
fn arguments_mean_what_they_mean_to_pprof() {
    let folder = testdata().join("command");
    let text = fs::read_to_string(folder.join("expected.jsonl")).expect("is there");
    let cases: Vec<Case> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case"))
        .collect();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(failure).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A report goes to a file as it goes to the standard output, piece by piece.
#[test]
fn a_file_gets_what_the_standard_output_gets() {
    let file = std::env::temp_dir().join(format!("dropprof-output-{}", std::process::id()));
    let run = |arguments: &[String]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dropprof"));
        command.arg("pprof").args(arguments).env("TZ", "UTC");
        command.current_dir(testdata().join("command"));
        command.output().expect("the command runs")
    };
    for report in ["-callgrind", "-raw", "-topproto"] {
        let mut arguments = vec![report.to_owned(), "big.pb".to_owned()];
        let printed = run(&arguments);
        assert!(printed.status.success() && !printed.stdout.is_empty());
        arguments.insert(1, format!("-output={}", file.display()));
        let written = run(&arguments);
        assert!(written.status.success() && written.stdout.is_empty());
        let said = String::from_utf8_lossy(&written.stderr);
        let sentence = format!("Generating report in {}", file.display());
        assert_eq!(said.matches(&sentence).count(), 1, "{said}");
        assert_eq!(
            fs::read(&file).expect("is there"),
            printed.stdout,
            "{report}"
        );
    }
    fs::remove_file(&file).expect("was there");
}

/// What is wrong with what we do; nothing if it is right.
fn failure(case: &Case) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dropprof"));
    command.arg("pprof").args(&case.args).env("TZ", "UTC");
    command.current_dir(testdata().join("command"));
    let output = command.output().expect("the command runs");
    let stdout = unpacked(output.stdout);
    let stderr = without_prefix(&String::from_utf8_lossy(&output.stderr));
    let expected = match &case.proto {
        Some(hex) => bytes(hex),
        None => case.stdout.clone().unwrap_or_default().into_bytes(),
    };
    let is_right = stdout == expected
        && stderr.trim_end() == case.stderr.trim_end()
        // pprof ends every failure with 2.
        && output.status.code() == Some(if case.fails { 2 } else { 0 });
    (!is_right).then(|| {
        let shown = |bytes: &[u8]| bytes.escape_ascii().to_string();
        format!(
            "dropprof pprof {}\n  pprof {} {}\n  here  {} {}",
            case.args.join(" "),
            case.stderr,
            shown(&expected),
            stderr,
            shown(&stdout)
        )
    })
}

/// What we say, as pprof would begin it.
fn without_prefix(text: &str) -> String {
    let bare = |line: &str| {
        let rest = line
            .strip_prefix("dropprof ")
            .and_then(|l| l.strip_prefix("pprof: "));
        let rest = rest.or_else(|| line.strip_prefix("dropprof: "));
        rest.unwrap_or(line).to_owned() + "\n"
    };
    text.lines().map(bare).collect()
}

fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut out = Vec::new();
    let read = flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut out);
    read.expect("gzip");
    out
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).expect("hex") as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
