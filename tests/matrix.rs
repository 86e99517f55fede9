//! Every profile of `testdata/matrix/inputs.txt` with every line of `options.txt`: dropprof prints
//! what `go tool pprof` printed, byte for byte, and fails with its words.
//!
//! `cargo xtask golden` makes the expected outputs with the real tool; each golden names its
//! release. What the tool itself prints in another order from run to run is compared as sorted
//! lines, what varies beyond that is not compared. Differences on purpose stand in `KNOWN`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test reads its expected outputs from files, and says how much it compared"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::process::Command;
use std::thread;
use support::{first_difference, testdata};

/// Where dropprof differs on purpose: profile (or `*`), arguments, and why. Each is pinned by a
/// test of its own.
const KNOWN: &[(&str, &str, &str)] = &[];

/// A cell of the matrix.
struct Cell {
    args: String,
    how: String,
    text: Vec<u8>,
}

/// The cells of a golden, and the profile they are about.
fn cells(packed: &[u8]) -> (String, Vec<Cell>) {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(packed)
        .read_to_end(&mut text)
        .expect("goldens are whole");
    let mut rest = text.as_slice();
    let end = rest.iter().position(|&b| b == b'\n').expect("a heading");
    let heading = String::from_utf8(rest[..end].to_vec()).expect("headings are text");
    let input = heading.split('\t').next().expect("a profile").to_owned();
    rest = &rest[end + 1..];
    let mut cells = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|&b| b == b'\n').expect("a heading");
        let heading = String::from_utf8(rest[..end].to_vec()).expect("headings are text");
        let [args, how, length] = heading.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not three columns: {heading}");
        };
        let length: usize = length.parse().expect("a length");
        let from = end + 1;
        cells.push(Cell {
            args: args.to_owned(),
            how: how.to_owned(),
            text: rest[from..from + length].to_vec(),
        });
        rest = &rest[from + length + 1..];
    }
    (input, cells)
}

fn sorted(text: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = text.split(|&b| b == b'\n').collect();
    lines.sort_unstable();
    lines.join(&b'\n')
}

/// What is wrong with our output for a cell; nothing if it is right.
fn failure(input: &str, cell: &Cell) -> Option<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dropprof"));
    command.arg("pprof").args(cell.args.split_whitespace());
    command.arg(input).current_dir(testdata()).env("TZ", "UTC");
    let output = command.output().expect("dropprof starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    let title = format!("dropprof pprof {} {input}", cell.args);
    let differs = |got: &[u8]| {
        let difference = first_difference(&cell.text, got);
        (got != cell.text).then(|| format!("{title}\n{difference}{complaint}"))
    };
    if cell.how == "fails" {
        let error = complaint.trim_end().lines().last().unwrap_or_default();
        let error = error.strip_prefix("dropprof: ").unwrap_or(error);
        // pprof ends every failure with 2.
        if output.status.code() != Some(2) || !output.stdout.is_empty() {
            return Some(format!("{title}\n  should fail with 2: {}", output.status));
        }
        return differs(error.as_bytes());
    }
    if !output.status.success() {
        return Some(format!("{title}\n  failed: {complaint}"));
    }
    match cell.how.as_str() {
        "prints" => differs(&output.stdout),
        "sorted" => differs(&sorted(&output.stdout)),
        _ => None,
    }
}

fn is_known(input: &str, args: &str) -> bool {
    let mut known = KNOWN.iter();
    known.any(|(i, a, _)| (*i == "*" || *i == input) && *a == args)
}

#[test]
fn the_matrix_is_that_of_the_real_tool() {
    let folder = fs::read_dir(testdata().join("golden/matrix")).expect("goldens are committed");
    let mut files: Vec<_> = folder
        .map(|entry| entry.expect("readable").path())
        .collect();
    files.sort();
    let goldens: Vec<(String, Vec<Cell>)> = files
        .iter()
        .map(|file| cells(&fs::read(file).expect("readable")))
        .collect();
    let sets: BTreeSet<&str> = goldens
        .iter()
        .flat_map(|(_, cells)| cells.iter().map(|cell| cell.args.as_str()))
        .collect();
    let all: Vec<(&str, &Cell)> = goldens
        .iter()
        .flat_map(|(input, cells)| cells.iter().map(|cell| (input.as_str(), cell)))
        .collect();
    let compared = all.iter().filter(|(_, cell)| cell.how != "varies").count();
    println!(
        "{} profiles by {} sets of arguments: {} cells, {compared} compared",
        goldens.len(),
        sets.len(),
        all.len()
    );
    assert!(goldens.len() >= 25 && sets.len() >= 40, "the matrix shrank");
    assert!(compared * 20 > all.len() * 19, "too much varies");
    // What depends on where it was made is no golden.
    let own = env!("CARGO_MANIFEST_DIR").as_bytes();
    let names_us = |(_, cell): &&(&str, &Cell)| cell.text.windows(own.len()).any(|w| w == own);
    assert!(
        !all.iter().any(|cell| names_us(&cell)),
        "a golden names this folder"
    );
    let threads = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let failures: Vec<String> = thread::scope(|scope| {
        let part = |part: &[(&str, &Cell)]| -> Vec<String> {
            let wanted = part
                .iter()
                .filter(|(input, cell)| !is_known(input, &cell.args));
            wanted
                .filter_map(|(input, cell)| failure(input, cell))
                .collect()
        };
        let chunks = all.chunks(all.len().div_ceil(threads));
        let workers: Vec<_> = chunks
            .map(|chunk| scope.spawn(move || part(chunk)))
            .collect();
        let joined = workers.into_iter().map(|w| w.join().expect("no panic"));
        joined.flatten().collect()
    });
    for text in failures.iter().take(25) {
        eprintln!("{text}\n");
    }
    assert!(
        failures.is_empty(),
        "{} of {} cells differ, see above",
        failures.len(),
        all.len()
    );
}
