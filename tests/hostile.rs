//! Damaged, extreme and malicious input: never a panic or a hang, always one clear message or a
//! profile whose invariants hold and which every analysis can take.
#![allow(clippy::disallowed_methods, reason = "a test reads its inputs from files")]

use std::fs;
use std::path::{Path, PathBuf};

use dropprof::analysis::{Granularity, NodeOptions, Nodes, Selection, TopOptions, Tree, top};
use dropprof::error::Stage;
use dropprof::formats::{OpenOptions, Opened, Opener, open};
use dropprof::model::check::check;
use dropprof::report::{ReportFile, ReportOptions, build};

/// A limit at which a bomb is stopped quickly.
const OPTIONS: OpenOptions = OpenOptions { limit: 256 << 20 };

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file()).collect();
    files.sort();
    files
}

/// Runs what a dropped file runs through.
fn exercise(opened: &[Opened]) {
    assert!(!opened.is_empty());
    for file in opened {
        match &file.result {
            Err(error) => {
                assert!(!error.reason.is_empty());
                assert!(!error.to_string().contains('\n'), "one line: {error}");
            }
            Ok(read) => {
                let profile = &read.profile;
                check(profile).unwrap_or_else(|broken| panic!("{}: {broken}", file.name));
                for granularity in [Granularity::Functions, Granularity::Addresses] {
                    let options = NodeOptions { granularity, ..NodeOptions::default() };
                    let nodes = Nodes::new(profile, &options);
                    for t in 0..profile.sample_types.len().min(2) {
                        let selection = Selection::all(profile, t);
                        top(profile, &nodes, &selection, &TopOptions::default());
                        Tree::build(profile, &nodes, &selection, false);
                        Tree::build(profile, &nodes, &selection, true);
                    }
                }
            }
        }
    }
}

fn report(opened: &[Opened]) -> String {
    let files: Vec<ReportFile<'_>> = opened
        .iter()
        .filter_map(|file| {
            let read = file.result.as_ref().ok()?;
            Some(ReportFile {
                name: &file.name,
                kind: read.kind,
                profile: &read.profile,
                diagnostics: &read.diagnostics,
            })
        })
        .collect();
    build(&files, &ReportOptions::default()).to_html()
}

#[test]
fn every_cut_of_a_small_profile_is_survived() {
    for name in ["header.pb", "inlines.pb", "wire.pb"] {
        let bytes = fs::read(root().join("testdata/pprof/handmade").join(name)).expect("test data");
        let whole = open(name, &bytes, OPTIONS);
        assert!(whole[0].result.is_ok(), "{name} is whole");
        for cut in 0..bytes.len() {
            exercise(&open(name, &bytes[..cut], OPTIONS));
        }
    }
}

#[test]
fn every_flipped_bit_of_a_small_profile_is_survived() {
    for name in ["header.pb", "inlines.pb"] {
        let bytes = fs::read(root().join("testdata/pprof/handmade").join(name)).expect("test data");
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            exercise(&open(name, &flipped, OPTIONS));
        }
    }
}

#[test]
fn a_cut_or_damaged_gzip_says_so_and_where() {
    let bytes = fs::read(root().join("www/public/demo/heap.pb.gz")).expect("demo profile");
    for cut in (1..bytes.len()).step_by(997) {
        let opened = open("heap.pb.gz", &bytes[..cut], OPTIONS);
        let error = opened[0].result.as_ref().expect_err("cut");
        assert!(matches!(error.stage, Stage::Container | Stage::Detect), "{error}");
    }
    let mut damaged = bytes.clone();
    let last = damaged.len() - 6;
    damaged[last] ^= 0xff;
    let error = open("heap.pb.gz", &damaged, OPTIONS)[0].result.as_ref().expect_err("checksum").to_string();
    assert!(error.contains("checksum") && error.contains("byte"), "{error}");
}

#[test]
fn chunk_sizes_make_no_difference() {
    let bytes = fs::read(root().join("www/public/demo/cpu.pb.gz")).expect("demo profile");
    let expected = report(&open("cpu.pb.gz", &bytes, OPTIONS));
    for size in [1, 7, 4096] {
        let mut opener = Opener::new("cpu.pb.gz", OPTIONS);
        for chunk in bytes.chunks(size) {
            opener.push(chunk);
        }
        assert_eq!(report(&opener.finish()), expected, "chunks of {size}");
    }
}

#[test]
fn a_bomb_stops_at_the_limit() {
    // 64 MiB of zeros deflate to some 64 KiB; the limit is 1 MiB. Zeros are no profile, so the
    // bomb is wrapped in an unknown field of 64 MiB of a valid message.
    let mut raw = vec![0x0a, 4, 8, 1, 16, 2, 0xfa, 0x07];
    raw.extend([0x80, 0x80, 0x80, 0x20]);
    raw.resize(raw.len() + (64 << 20), 0);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, &raw).expect("memory");
    let packed = encoder.finish().expect("memory");
    assert!(packed.len() < 1 << 20);
    let opened = open("bomb.gz", &packed, OpenOptions { limit: 1 << 20 });
    let error = opened[0].result.as_ref().expect_err("a bomb");
    assert_eq!(error.stage, Stage::Limit);
    assert!(error.reason.contains("1048576 bytes"), "{error}");
}

#[test]
fn every_file_of_the_corpus_is_survived() {
    let corpus = root().join("../shared/corpus");
    let mut count = 0;
    for folder in ["hostile", "producers"] {
        for path in files(&corpus.join(folder)) {
            let bytes = fs::read(&path).expect("readable");
            if bytes.len() > 4 << 20 {
                continue;
            }
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            exercise(&open(name, &bytes, OPTIONS));
            count += 1;
        }
    }
    if count == 0 {
        println!("skipped: no corpus beside the project");
    }
}
