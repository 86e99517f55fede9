//! Every profile of `testdata/matrix/inputs.txt` with every line of `options.txt`.
//!
//! A golden is one file per profile: its outputs one after the other, each behind a line of
//! arguments, how it ended and how many bytes follow, all gzipped. What the tool prints in another
//! order from run to run is kept as sorted lines; what varies otherwise is only named.

use super::Oracle;
use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Output;
use std::thread;

/// How often the tool prints each cell.
const RUNS: usize = 3;
/// Call trees vary in the numbers of their nodes, but not every time.
const TREE_RUNS: usize = 10;

/// A line of one of the two tables.
struct Line {
    text: String,
    /// A profile that is large, or arguments for others only.
    marked: bool,
}

fn table(path: &Path) -> Result<Vec<Line>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let line = |line: &str| Line {
        text: line.trim_start_matches('~').to_owned(),
        marked: line.starts_with('~'),
    };
    Ok(lines.map(line).collect())
}

/// Prints the whole matrix.
pub fn run(oracle: &Oracle, testdata: &Path) -> Result<()> {
    let inputs = table(&testdata.join("matrix").join("inputs.txt"))?;
    let options = table(&testdata.join("matrix").join("options.txt"))?;
    let to = testdata.join("golden").join("matrix");
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    fs::create_dir_all(&to)?;
    println!(
        "golden: the matrix, {} profiles by {} sets of arguments, {RUNS} runs each",
        inputs.len(),
        options.len()
    );
    let threads = thread::available_parallelism()?.get();
    let chunk = inputs.len().div_ceil(threads);
    thread::scope(|scope| {
        let work = |part: &[Line]| {
            for input in part {
                write(oracle, testdata, &to, input, &options)?;
            }
            Ok(())
        };
        let workers: Vec<_> = inputs
            .chunks(chunk)
            .map(|part| scope.spawn(move || work(part)))
            .collect();
        let mut results = workers
            .into_iter()
            .map(|worker| worker.join().expect("printing does not panic"));
        results.try_for_each(|result: Result<()>| result)
    })
}

fn write(
    oracle: &Oracle,
    testdata: &Path,
    to: &Path,
    input: &Line,
    options: &[Line],
) -> Result<()> {
    let mut out = format!("{}\t{}\n", input.text, oracle.version).into_bytes();
    for set in options.iter().filter(|set| !(set.marked && input.marked)) {
        let once = || -> Result<Output> {
            let args = set.text.split_whitespace().chain([input.text.as_str()]);
            Ok(oracle.command(args).current_dir(testdata).output()?)
        };
        let first = once()?;
        let mut others = Vec::new();
        let is_tree = set.text.contains("-call_tree");
        for _ in 1..if is_tree { TREE_RUNS } else { RUNS } {
            others.push(once()?);
        }
        let (how, bytes) = outcome(&first, &others);
        out.extend_from_slice(format!("{}\t{how}\t{}\n", set.text, bytes.len()).as_bytes());
        out.extend_from_slice(&bytes);
        out.push(b'\n');
    }
    let name = name(&input.text);
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&out)?;
    let file = to.join(format!("{name}.gz"));
    ensure!(!file.exists(), "two profiles called {name}");
    fs::write(file, packed.finish()?)?;
    Ok(())
}

/// How the runs ended, and what is kept of it.
fn outcome(first: &Output, others: &[Output]) -> (&'static str, Vec<u8>) {
    if !first.status.success() {
        // The last line is the error; what is before it are remarks.
        let text = String::from_utf8_lossy(&first.stderr);
        let error = text.trim_end().lines().last().unwrap_or_default();
        let error = error.strip_prefix("pprof: ").unwrap_or(error);
        return ("fails", error.as_bytes().to_vec());
    }
    if others.iter().all(|other| other.stdout == first.stdout) {
        return ("prints", first.stdout.clone());
    }
    let lines = sorted(&first.stdout);
    if others.iter().all(|other| sorted(&other.stdout) == lines) {
        return ("sorted", lines);
    }
    ("varies", Vec::new())
}

fn sorted(text: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = text.split(|&b| b == b'\n').collect();
    lines.sort_unstable();
    lines.join(&b'\n')
}

/// A file name for a path.
fn name(input: &str) -> String {
    let parts = input.split('/').filter(|part| *part != "..");
    parts.collect::<Vec<_>>().join("-")
}
