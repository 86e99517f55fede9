//! The "where does it go" bar over profiles that nobody tuned to.
//!
//! The corpus is optional: it lies beside the repository where it is present. The bounds come
//! from running the table of mechanisms over the same files with another program: "other
//! runtime" was 7 % at most, and 5 % or less in 140 of 145 files.

#![allow(clippy::disallowed_methods, reason = "tests read the corpus")]

use std::path::{Path, PathBuf};

use dropprof::analysis::{Classes, NodeOptions, Nodes, Part, Selection, mechanism_bar};
use dropprof::formats::{OpenOptions, OpenedProfile, open};

fn corpus(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpus")
        .join(folder);
    let Ok(entries) = std::fs::read_dir(root) else {
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

#[test]
fn every_sample_is_in_exactly_one_part() {
    let folders = ["lab/p122", "lab/p124", "lab/p127", "lab/p127-stdlib"];
    for path in folders.iter().flat_map(|folder| corpus(folder)) {
        let opened = read(&path);
        for sample_type in 0..opened.profile.sample_types.len() {
            let parts = bar(&opened, sample_type);
            let selection = Selection::all(&opened.profile, sample_type);
            let expected: i64 = selection.weights.iter().sum();
            let sum: i64 = parts.iter().map(|p| p.value).sum();
            assert_eq!(sum, expected, "{} {sample_type}", path.display());
            let shares: f64 = parts.iter().map(|p| p.share).sum();
            let expected = if parts.is_empty() { 0.0 } else { 1.0 };
            assert!(
                (shares - expected).abs() < 1e-9,
                "{}: {shares}",
                path.display()
            );
        }
    }
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
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../shared/corpus/lab")
            .join(file);
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
