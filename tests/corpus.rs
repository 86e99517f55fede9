//! `dropprof pprof` against the real tool, live, on files that nobody tuned anything to: `-top` of
//! every sample type, a few lines of `testdata/matrix/options.txt` for each file, and what the tool
//! makes of the profiles that we write.
//!
//! Needs the optional corpus beside the repository (`../shared/corpus`) and a Go of at least 1.27:
//! named by
//! `DROPPROF_GO`, on the path, or installed by `cargo xtask golden`. Says so and passes where
//! either is missing. `DROPPROF_CORPUS=all` takes every file instead of about a quarter of them.
#![allow(
    clippy::disallowed_methods,
    reason = "a test looks for its inputs and the Go tools"
)]

mod support;

use flate2::read::MultiGzDecoder;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use support::{dropprof_pprof, first_difference, run};

/// The folders of profiles: three Go releases, a real project, the standard library, the compiler,
/// profiles derived from traces, other languages' producers, and small programs with one problem
/// each.
const FOLDERS: &[&str] = &[
    "compile",
    "go",
    "gobroadcast",
    "gotrace/pprof",
    "lab",
    "producers",
    "std",
];

/// Of files from the folders but `producers`, one in so many is compared.
const EVERY: usize = 5;

/// The `lab` programs are many, short and alike: of them one in so many.
const EVERY_LAB: usize = 60;

/// The most sample types looked at in one file.
const MOST_TYPES: usize = 20;

#[test]
fn top_equals_the_tool_on_the_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let (Some(oracle), true) = (Oracle::find(), corpus.is_dir()) else {
        eprintln!(
            "skipped: needs ../shared/corpus and a Go of at least 1.27 (see the head of tests/corpus.rs)"
        );
        return;
    };
    let files = profiles(&corpus);
    let sets = option_sets();
    let numbered: Vec<(usize, &PathBuf)> = files.iter().enumerate().collect();
    let outcomes = in_parallel(&numbered, |&(number, file)| {
        let mut outcome = compare(&oracle, file);
        if outcome.runs > 0 {
            let lines = sets.iter().cycle().skip(number * LINES).take(LINES);
            lines.for_each(|args| outcome.add(&oracle, args, file));
            outcome
                .differences
                .extend(round_trip(&oracle, number, file));
        }
        outcome
    });
    let differences: Vec<_> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.differences)
        .collect();
    let runs: usize = outcomes.iter().map(|outcome| outcome.runs).sum();
    let compared = outcomes.iter().filter(|outcome| outcome.runs > 0).count();
    eprintln!("compared {runs} outputs for {compared} files of the corpus");
    for text in differences.iter().take(25) {
        eprintln!("{text}\n");
    }
    assert!(
        compared >= 15,
        "only {compared} of {} files were compared",
        files.len()
    );
    assert!(
        differences.is_empty(),
        "{} of {runs} outputs differ, see above",
        differences.len()
    );
}

#[derive(Default)]
struct Outcome {
    runs: usize,
    differences: Vec<String>,
}

impl Outcome {
    /// Compares what both print for some arguments; what the tool refuses has tests of its own.
    fn add(&mut self, oracle: &Oracle, args: &[String], file: &Path) {
        if let Ok(expected) = oracle.pprof(args, file) {
            self.runs += 1;
            self.differences
                .extend(oracle.difference(args, file, &expected));
        }
    }
}

/// Lines of the matrix that each file is printed with: other ones than the file before it.
const LINES: usize = 4;

/// The lines of the matrix that print something, but for reports longer than they are worth and
/// those that vary from run to run.
fn option_sets() -> Vec<Vec<String>> {
    let path = support::testdata().join("matrix/options.txt");
    let text = fs::read_to_string(path).expect("the table is committed");
    let lines = text.lines().filter(|line| !line.starts_with(['#', '~']));
    let lines = lines.filter(|line| !line.contains("-call_tree") && !line.contains("-files"));
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
    lines.map(words).collect()
}

/// What the tool prints of the profile that we write is what it prints of the file itself.
fn round_trip(oracle: &Oracle, number: usize, file: &Path) -> Option<String> {
    let top = ["-top".to_owned(), "-trim=false".to_owned()];
    let expected = oracle.pprof(&top, file).ok()?;
    let written = env::temp_dir().join(format!("dropprof-{}-{number}.pb.gz", std::process::id()));
    let output = dropprof_pprof(&["-proto".to_owned()], file);
    let got = output.and_then(|bytes| {
        fs::write(&written, bytes).map_err(|error| error.to_string())?;
        oracle.pprof(&top, &written)
    });
    let _ = fs::remove_file(&written);
    match got {
        Ok(got) if got == expected => None,
        Ok(got) => Some(format!(
            "{}: through -proto\n{}",
            file.display(),
            first_difference(&expected, &got)
        )),
        Err(message) => Some(format!("{}: through -proto: {message}", file.display())),
    }
}

/// Compares every sample type, by flat and by cum. The tool says how many there are by refusing the
/// next; none are left of a file that it cannot read.
fn compare(oracle: &Oracle, file: &Path) -> Outcome {
    let mut outcome = Outcome::default();
    for index in 0..MOST_TYPES {
        for order in ["-flat", "-cum"] {
            let args = [
                "-top".to_owned(),
                format!("-sample_index={index}"),
                order.to_owned(),
            ];
            let Ok(expected) = oracle.pprof(&args, file) else {
                return outcome;
            };
            outcome.runs += 1;
            let difference = oracle.difference(&args, file, &expected);
            outcome.differences.extend(difference);
        }
    }
    outcome
}

struct Oracle(PathBuf);

impl Oracle {
    fn find() -> Option<Self> {
        let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/go/bin/go");
        let named = env::var_os("DROPPROF_GO").map(PathBuf::from);
        let mut candidates = [named, Some(PathBuf::from("go")), Some(installed)]
            .into_iter()
            .flatten();
        let go = candidates.find(|go| is_recent(go))?;
        // The first call builds the tool where it is not shipped; running it directly then saves
        // the go command.
        let _ = Command::new(&go).args(["tool", "pprof", "-h"]).output();
        let path = run(Command::new(&go).args(["tool", "-n", "pprof"])).ok()?;
        Some(Self(String::from_utf8(path).ok()?.trim().into()))
    }

    fn pprof(&self, args: &[String], file: &Path) -> Result<Vec<u8>, String> {
        let mut command = Command::new(&self.0);
        command
            .env("TZ", "UTC")
            .env("PPROF_BINARY_PATH", "/nonexistent")
            .env("PPROF_TMPDIR", env::temp_dir())
            // Where dropprof runs too: sources are looked for there.
            .current_dir(support::testdata());
        run(command.arg("-symbolize=none").args(args).arg(file))
    }

    /// What is different for these arguments; nothing if our output is one that the tool prints.
    fn difference(&self, args: &[String], file: &Path, expected: &[u8]) -> Option<String> {
        let title = format!("{}: {}", file.display(), args.join(" "));
        let got = match dropprof_pprof(args, file) {
            Ok(got) if got == expected => return None,
            Ok(got) => got,
            Err(message) => return Some(format!("{title}\n  failed: {message}")),
        };
        // The tool breaks some ties by map order: a difference counts when no other run agrees.
        let again = || self.pprof(args, file).is_ok_and(|expected| expected == got);
        if again() || again() {
            return None;
        }
        Some(format!("{title}\n{}", first_difference(expected, &got)))
    }
}

fn is_recent(go: &Path) -> bool {
    let version = run(Command::new(go).args(["env", "GOVERSION"])).unwrap_or_default();
    let version = String::from_utf8_lossy(&version).into_owned();
    let minor = version
        .trim()
        .strip_prefix("go1.")
        .and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    minor.is_some_and(|minor| minor >= 27)
}

/// The profiles to compare, in a fixed order.
fn profiles(corpus: &Path) -> Vec<PathBuf> {
    let all = env::var_os("DROPPROF_CORPUS").is_some_and(|value| value == "all");
    let mut chosen = Vec::new();
    for folder in FOLDERS {
        let mut files = Vec::new();
        walk(&corpus.join(folder), &mut files);
        files.retain(|file| is_profile(file));
        files.sort();
        let every = match *folder {
            _ if all => 1,
            "producers" | "gotrace/pprof" | "compile" => 1,
            "lab" => EVERY_LAB,
            _ => EVERY,
        };
        chosen.extend(files.into_iter().step_by(every));
    }
    chosen
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Whether a file looks like a profile that the tool reads. Whether it is one, the tool decides.
fn is_profile(file: &Path) -> bool {
    let mut bytes = fs::read(file).unwrap_or_default();
    if bytes.starts_with(b"\x1f\x8b") {
        let mut head = Vec::new();
        let _ = MultiGzDecoder::new(&bytes[..])
            .take(64)
            .read_to_end(&mut head);
        return is_profile_proto(&head);
    }
    bytes.truncate(64);
    let is_named = ["pb", "pgo", "pprof"]
        .map(OsStr::new)
        .iter()
        .any(|known| file.extension() == Some(known));
    is_named && is_profile_proto(&bytes) || is_legacy(&bytes)
}

/// Binary from the start, no trace, and not the old binary CPU format.
fn is_profile_proto(head: &[u8]) -> bool {
    head.iter().any(|byte| *byte < 9) && !head.starts_with(b"go 1.") && !head.starts_with(&[0])
}

/// A text, or the old binary CPU format, which begins with a word of 0 and one of 3.
fn is_legacy(head: &[u8]) -> bool {
    let begins: [&[u8]; 5] = [
        b"heap profile: ",
        b"--- mutex:",
        b"--- contention",
        b"--- threadz",
        &[0, 0, 0, 0],
    ];
    let title = b" profile: total ";
    begins.iter().any(|begin| head.starts_with(begin))
        || head.windows(title.len()).any(|words| words == title)
}

fn in_parallel<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let each = &each;
    thread::scope(|scope| {
        let part = |at: usize| {
            move || {
                items
                    .iter()
                    .skip(at)
                    .step_by(threads)
                    .map(each)
                    .collect::<Vec<_>>()
            }
        };
        let workers: Vec<_> = (0..threads).map(|at| scope.spawn(part(at))).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("comparing does not panic"))
            .collect()
    })
}
