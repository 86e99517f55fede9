//! The "where does it go" bar over profiles that nobody tuned to.
//!
//! The test data of the repository is always looked at. The corpus is optional: it lies beside the
//! repository where it is present. Its bounds come from running the table of mechanisms over the
//! same files with another program: "other runtime" was 7 % at most, and 5 % or less in 140 of
//! 145 files.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read files, and say when there are none"
)]

use std::path::{Path, PathBuf};

use dropprof::analysis::{Classes, NodeOptions, Nodes, Part, Selection, mechanism_bar};
use dropprof::formats::{OpenOptions, OpenedProfile, open};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of the corpus, by name; none where there is no corpus, which is said.
fn corpus(folder: &str) -> Vec<PathBuf> {
    let files = folder_of(&root().join("../shared/corpus").join(folder));
    if files.is_empty() {
        println!("skipped: no corpus/{folder} beside the repository");
    }
    files
}

/// The profiles of the repository: the demo's, the captured and the handmade ones.
fn test_data() -> Vec<PathBuf> {
    let folders = [
        "www/public/demo",
        "testdata/pprof/dirsync",
        "testdata/pprof/handmade",
    ];
    let files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| folder_of(&root().join(folder)))
        .filter(|path| has_extension(path, "gz") || has_extension(path, "pb"))
        .collect();
    assert!(files.len() > 30, "the test data is committed: {files:?}");
    files
}

fn folder_of(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    files
}

fn read(path: &Path) -> OpenedProfile {
    let bytes = std::fs::read(path).expect("a listed file can be read");
    let mut opened = open(&path.to_string_lossy(), &bytes, OpenOptions::default());
    opened
        .remove(0)
        .result
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn bar(opened: &OpenedProfile, sample_type: usize) -> Vec<Part> {
    let profile = &opened.profile;
    let nodes = Nodes::new(profile, &NodeOptions::default());
    let selection = Selection::all(profile, sample_type);
    mechanism_bar(
        profile,
        &nodes,
        &Classes::new(profile),
        opened.kind,
        &selection,
    )
}

fn share(parts: &[Part], key: &str) -> f64 {
    parts.iter().find(|p| p.key == key).map_or(0.0, |p| p.share)
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|e| e == extension)
}

/// CPU profiles of labelled micro-workloads, three Go versions.
fn lab_cpu_profiles() -> Vec<PathBuf> {
    let folders = ["lab/p122", "lab/p124", "lab/p127", "lab/p127-stdlib"];
    let files = folders.iter().flat_map(|folder| corpus(folder));
    files.filter(|path| has_extension(path, "cpu")).collect()
}

#[test]
fn little_of_the_runtime_is_left_over() {
    let files = lab_cpu_profiles();
    let mut above_five = 0;
    for path in &files {
        let opened = read(path);
        let parts = bar(&opened, opened.profile.default_type());
        let other = share(&parts, "runtime-other");
        assert!(
            other <= 0.07,
            "{}: {:.1} % other runtime",
            path.display(),
            other * 100.0
        );
        above_five += usize::from(other > 0.05);
    }
    assert!(
        above_five <= 5,
        "{above_five} of {} files above 5 %",
        files.len()
    );
}

/// The parts add up to the stacks, exactly, and where nothing is negative or stackless to pprof's
/// total; their shares to 1. Sums wrap as everywhere.
fn check_sums(path: &Path) {
    let opened = read(path);
    for sample_type in 0..opened.profile.sample_types.len() {
        let parts = bar(&opened, sample_type);
        let selection = Selection::all(&opened.profile, sample_type);
        let expected = selection
            .weights
            .iter()
            .fold(0, |n: i64, w| n.wrapping_add(*w));
        let sum = parts
            .iter()
            .fold(0, |n: i64, part| n.wrapping_add(part.value));
        assert_eq!(sum, expected, "{} {sample_type}", path.display());
        if !selection.signed {
            assert_eq!(sum, selection.total, "{} {sample_type}", path.display());
        }
        let shares: f64 = parts.iter().map(|p| p.share).sum();
        let expected = if parts.is_empty() { 0.0 } else { 1.0 };
        assert!(
            (shares - expected).abs() < 1e-9,
            "{}: {shares}",
            path.display()
        );
    }
}

#[test]
fn every_sample_of_the_test_data_is_in_exactly_one_part() {
    for path in test_data() {
        check_sums(&path);
    }
}

#[test]
fn every_sample_of_the_corpus_is_in_exactly_one_part() {
    let folders = ["lab/p122", "lab/p124", "lab/p127", "lab/p127-stdlib"];
    for path in folders.iter().flat_map(|folder| corpus(folder)) {
        check_sums(&path);
    }
}

/// Parts that are all the samples below one function of the runtime or of package sync. The
/// values are cum as `go tool pprof -symbolize=none -top -cum -nodefraction=0 -unit=ns FILE`
/// prints it, Go 1.27.3.
#[test]
fn parts_are_the_cost_of_the_functions_they_stand_for() {
    let cases: [(&str, &[&str], i64); 13] = [
        // sync.(*WaitGroup).Wait
        (
            "testdata/pprof/dirsync/block",
            &["waitgroup"],
            6_505_195_703,
        ),
        // runtime.selectgo
        ("testdata/pprof/dirsync/block", &["select"], 6_024_886_324),
        // runtime.chansend1
        (
            "testdata/pprof/dirsync/block",
            &["chan-send"],
            2_562_075_212,
        ),
        // runtime.chanrecv1 5 738 and chanrecv2 1 664 052 670
        (
            "testdata/pprof/dirsync/block",
            &["chan-recv"],
            1_664_058_408,
        ),
        // sync.(*Mutex).Lock
        ("testdata/pprof/dirsync/block", &["mutex"], 131_782_174),
        // sync.(*Mutex).Unlock
        ("testdata/pprof/dirsync/mutex", &["mutex"], 158_532_051),
        // runtime.unlock
        (
            "testdata/pprof/dirsync/mutex",
            &["runtime-locks"],
            6_738_935,
        ),
        // runtime.selectgo: the twelve that were planted, and one of the runtime's own
        ("testdata/pprof/dirsync/goroutine", &["select"], 13),
        // runtime.chanrecv: the five that were planted
        ("testdata/pprof/dirsync/goroutine", &["chan-recv"], 5),
        // time.Sleep
        ("testdata/pprof/dirsync/goroutine", &["sleep"], 1),
        // runtime.gcBgMarkWorker
        (
            "www/public/demo/cpu",
            &["gc-mark", "gc-idle"],
            1_320_000_000,
        ),
        (
            "www/public/demo/cpu-tuned",
            &["gc-mark", "gc-idle"],
            1_380_000_000,
        ),
        // runtime.gcAssistAlloc
        ("www/public/demo/cpu-tuned", &["gc-assist"], 1_070_000_000),
    ];
    for (file, keys, expected) in cases {
        let opened = read(&root().join(format!("{file}.pb.gz")));
        let parts = bar(&opened, opened.profile.default_type());
        let listed = parts.iter().filter(|p| keys.contains(&p.key.as_str()));
        let sum: i64 = listed.map(|p| p.value).sum();
        assert_eq!(sum, expected, "{file} {keys:?}");
    }
}

/// The demo program compiles a regular expression for every path and joins a text line by line;
/// the tuned one does not join. Both are described in `testdata/README.md`.
#[test]
fn what_was_planted_in_the_demo_leads_and_goes() {
    let bar_of = |name: &str| {
        let opened = read(&root().join("www/public/demo").join(name));
        bar(&opened, opened.profile.default_type())
    };
    let (before, after) = (bar_of("cpu.pb.gz"), bar_of("cpu-tuned.pb.gz"));
    let leading: Vec<&str> = before.iter().take(2).map(|p| p.key.as_str()).collect();
    assert!(leading.contains(&"regexp"), "{leading:?}");
    // Cum of runtime.concatstrings by pprof: 15.05 % of the CPU time before, 0.089 % after. Most of
    // it is allocation, which goes with it.
    assert!(share(&before, "strings") > 10.0 * share(&after, "strings"));
    assert!(share(&before, "alloc") > share(&after, "alloc"));
}

/// What was planted must be visible: the part is among the first two that do not idle.
#[test]
fn planted_mechanisms_lead() {
    let planted = [
        ("p127/concat.cpu", "strings"),
        ("p127/slicegrow.cpu", "alloc"),
        ("p127/boxing.cpu", "alloc"),
        ("p127/mapread.cpu", "maps"),
        ("p127/regexprun.cpu", "regexp"),
        ("p127/deferloop.cpu", "defer"),
        ("p127/morestack.cpu", "stack-growth"),
        ("p127/selectloop.cpu", "channels"),
        ("p127/smallwrites.cpu", "syscalls"),
        ("p127/timenow.cpu", "clock"),
        ("p127/sha.cpu", "crypto"),
        ("p122/mapread.cpu", "maps"),
        ("p122/deferloop.cpu", "defer"),
        ("p122/smallwrites.cpu", "syscalls"),
    ];
    if corpus("lab/p127").is_empty() {
        return;
    }
    for (file, key) in planted {
        let path = root().join("../shared/corpus/lab").join(file);
        let opened = read(&path);
        let parts = bar(&opened, opened.profile.default_type());
        // Sweeping and idle marking fill cores that have nothing else to do.
        let leading: Vec<&str> = parts
            .iter()
            .map(|p| p.key.as_str())
            .filter(|k| !matches!(*k, "gc-idle" | "gc-sweep" | "gc-mark"))
            .take(2)
            .collect();
        assert!(leading.contains(&key), "{file}: {leading:?}");
    }
}
