//! `dropprof trace` on the traces in `testdata/trace`, and what is known of these.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::read::GzDecoder;
use serde_json::Value;

/// The folder of traces.
pub fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join("trace")
}

/// An empty folder for one test.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// The command, in that folder.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dropprof"));
    command.arg("trace").args(arguments).current_dir(own());
    command
}

/// Status, standard output and standard error.
pub fn ran(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(arguments).output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

/// What a command that does not complain prints.
pub fn said(arguments: &[&str]) -> String {
    let (status, stdout, stderr) = ran(arguments);
    assert_eq!((status, &*stderr), (Some(0), ""), "{arguments:?}");
    stdout
}

/// The only object of an answer as JSON.
pub fn json(arguments: &[&str]) -> Value {
    let all: Value = serde_json::from_str(&said(arguments)).expect("JSON");
    let all = all.as_array().expect("an array");
    assert_eq!(all.len(), 1, "{arguments:?}");
    all[0].clone()
}

pub fn oracle(name: &str) -> Value {
    let plain = own().join(format!("golden/{name}.oracle.json"));
    let text = fs::read(&plain).unwrap_or_else(|_| {
        let packed = fs::read(plain.with_extension("json.gz")).expect("the oracle's answer");
        let mut text = Vec::new();
        let mut unpacked = GzDecoder::new(&packed[..]);
        unpacked.read_to_end(&mut text).expect("gzip");
        text
    });
    serde_json::from_slice(&text).expect("JSON")
}

/// The traces that can be read, with their sentences in the manifest.
pub fn traces() -> Vec<(String, String)> {
    let manifest = fs::read_to_string(own().join("manifest.tsv")).expect("the manifest");
    let rows = manifest.lines().filter(|line| !line.starts_with('#'));
    let rows = rows.filter_map(|row| {
        let columns: Vec<&str> = row.split('\t').collect();
        let name = columns[0].strip_suffix(".trace").expect("a trace");
        (name != "mixed-1.21").then(|| (name.to_owned(), columns[4].to_owned()))
    });
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() >= 25, "{} traces", rows.len());
    rows
}

/// A number that has to be one.
pub fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("{value} is a number"))
}

/// A list that has to be there.
pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key]
        .as_array()
        .unwrap_or_else(|| panic!("{key} in {value}"))
}
