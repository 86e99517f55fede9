//! What the comparisons with the Go tools share.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One line of the manifest of goldens.
pub struct Row {
    /// The expected output, relative to `testdata`.
    pub golden: String,
    /// The profile, relative to `testdata`.
    pub input: String,
    /// The arguments before the profile.
    pub args: Vec<String>,
}

/// The folder of inputs and expected outputs.
pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// The rows of `testdata/golden/manifest.tsv`.
pub fn manifest() -> Vec<Row> {
    let text = fs::read_to_string(testdata().join("golden/manifest.tsv"))
        .expect("the manifest is committed");
    let row = |line: &str| {
        let [golden, input, args, _tool] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not four columns: {line}");
        };
        let args = args.split_whitespace().map(str::to_owned).collect();
        Row {
            golden: golden.to_owned(),
            input: input.to_owned(),
            args,
        }
    };
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(row)
        .collect()
}

/// What `dropprof pprof ARGS FILE` prints, or why it failed. Sources are looked for in the folder of
/// the inputs.
pub fn dropprof_pprof(args: &[String], file: &Path) -> Result<Vec<u8>, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dropprof"));
    run(command
        .arg("pprof")
        .args(args)
        .arg(file)
        .current_dir(testdata())
        .env("TZ", "UTC"))
}

/// The standard output of a command, or its status and standard error.
pub fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().map_err(|error| error.to_string())?;
    let message = String::from_utf8_lossy(&stderr);
    if status.success() {
        Ok(stdout)
    } else {
        Err(format!("{status}: {}", message.trim()))
    }
}

/// The first line in which two outputs differ, with the line before it and both lengths.
pub fn first_difference(expected: &[u8], got: &[u8]) -> String {
    let (expected, got) = (
        String::from_utf8_lossy(expected),
        String::from_utf8_lossy(got),
    );
    let left: Vec<_> = expected.split('\n').collect();
    let right: Vec<_> = got.split('\n').collect();
    let at = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let before = at.checked_sub(1).map_or("(start)", |at| left[at]);
    let line = |lines: &[&str]| {
        lines
            .get(at)
            .map_or("(end)".to_owned(), |line| format!("{line:?}"))
    };
    format!(
        "  line {}, after {before:?}\n  expected {}\n  got      {}\n  ({} and {} lines)",
        at + 1,
        line(&left),
        line(&right),
        left.len(),
        right.len()
    )
}
