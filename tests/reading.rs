//! Reading: every wrapping gives the same profile, and what breaks a rule of `profile.proto` is
//! named with its id and its place.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its inputs from files, and fails where it cannot"
)]

#[path = "support/encode.rs"]
mod encode;

use std::fs;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use dropprof::error::{Pos, Stage};
use dropprof::formats::{OpenOptions, Opened, open};
use dropprof::model::Profile;
use encode::Encoder;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    gzip_at(Compression::fast(), bytes)
}

fn gzip_at(level: Compression, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).expect("memory can be written to");
    encoder.finish().unwrap()
}

/// With the checksum that the zstd command writes: this encoder adds one, too.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A profile of testdata, unpacked by the library.
fn heap() -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/pprof/dirsync/allocs.pb.gz"
    );
    let mut bytes = Vec::new();
    GzDecoder::new(fs::File::open(path).unwrap())
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

fn read(name: &str, bytes: &[u8]) -> Vec<Opened> {
    open(name, bytes, OpenOptions::default())
}

fn profile<'a>(opened: &'a Opened, what: &str) -> &'a Profile {
    match &opened.result {
        Ok(read) => &read.profile,
        Err(error) => panic!("{what}: {error}"),
    }
}

/// Everything of a profile, as text.
fn dump(profile: &Profile) -> String {
    format!("{profile:?}")
}

#[test]
fn every_wrapping_gives_the_same_profile() {
    let raw = heap();
    let plain = read("heap", &raw);
    let expected = dump(profile(&plain[0], "plain"));
    let half = raw.len() / 2;
    let two_members = [gzip(&raw[..half]), gzip(&raw[half..])].concat();
    let two_frames = [zstd(&raw[..half]), zstd(&raw[half..])].concat();
    // RFC 8878, 3.1.2: a frame to be skipped, of three bytes.
    let skipped = [
        &[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3][..],
        &zstd(&raw),
    ]
    .concat();
    let wrappings: [(&str, Vec<u8>, &[&str]); 10] = [
        ("gzip", gzip(&raw), &["gzip"]),
        ("two gzip members", two_members, &["gzip"]),
        ("gzip in gzip", gzip(&gzip(&raw)), &["gzip", "gzip"]),
        ("zstd", zstd(&raw), &["zstd"]),
        ("two zstd frames", two_frames, &["zstd"]),
        ("zstd after a skippable frame", skipped, &["zstd"]),
        ("zip", encode::zip(&[("heap", &raw)]), &["zip"]),
        (
            "gzip in zip",
            encode::zip(&[("heap", &gzip(&raw))]),
            &["zip", "gzip"],
        ),
        ("tar", tar(&[("heap", &raw)]), &["tar"]),
        ("tar.gz", gzip(&tar(&[("heap", &raw)])), &["gzip", "tar"]),
    ];
    for (what, bytes, containers) in wrappings {
        let opened = read("heap", &bytes);
        assert_eq!(opened.len(), 1, "{what}");
        assert!(
            dump(profile(&opened[0], what)) == expected,
            "{what} gives another profile"
        );
        assert_eq!(opened[0].containers, containers, "{what}");
        assert_eq!(opened[0].raw_size, raw.len() as u64, "{what}");
    }
}

#[test]
fn chunks_may_be_cut_anywhere() {
    let raw = heap();
    let packed = gzip(&raw);
    let expected = dump(profile(&read("heap", &raw)[0], "plain"));
    for size in [1, 7, 1000] {
        for bytes in [&raw, &packed] {
            let mut opener = dropprof::formats::Opener::new("heap", OpenOptions::default());
            for chunk in bytes.chunks(size) {
                opener.push(chunk);
            }
            assert!(
                dump(profile(&opener.finish()[0], "chunks")) == expected,
                "{size}"
            );
        }
    }
}

#[test]
fn members_of_an_archive_are_files_of_their_own() {
    let raw = heap();
    let packed = gzip(&raw);
    let members: [(&str, &[u8]); 4] = [
        ("run/heap.prof", &packed),
        ("run/notes.txt", b"nothing to see"),
        ("run/._heap.prof", b"left by macOS"),
        ("run/raw.pb", &raw),
    ];
    for bytes in [tar(&members), encode::zip(&members), gzip(&tar(&members))] {
        let opened = read("run.bin", &bytes);
        let names: Vec<&str> = opened.iter().map(|o| o.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "run.bin/run/heap.prof",
                "run.bin/run/notes.txt",
                "run.bin/run/raw.pb"
            ]
        );
        let readable: Vec<bool> = opened.iter().map(|o| o.result.is_ok()).collect();
        assert_eq!(readable, [true, false, true]);
    }
}

#[test]
fn a_flipped_bit_is_noticed_in_every_container() {
    let raw = heap();
    // Bytes that no compressor can shorten are stored as they are: a flip changes only data.
    let mut noise: u32 = 1;
    let mut incompressible = raw.clone();
    // An unknown field 100 of a length-delimited kind: ignored by every reader.
    let mut content = Vec::new();
    for _ in 0..4096 {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        content.push((noise >> 24) as u8);
    }
    // Tag 100 << 3 | 2 = 802 = 0xa2 0x06; length 4096 = 0x80 0x20.
    incompressible.extend([0xa2, 0x06, 0x80, 0x20]);
    incompressible.extend(&content);
    for (what, mut bytes) in [
        ("gzip", gzip_at(Compression::none(), &incompressible)),
        ("zstd", zstd(&incompressible)),
        ("zip", encode::zip(&[("heap", &incompressible)])),
    ] {
        let needle = &content[1000..1016];
        let at = bytes.windows(16).position(|window| window == needle);
        let at = at.unwrap_or_else(|| panic!("{what} does not store the noise as it is"));
        bytes[at] ^= 1;
        let opened = read("heap", &bytes);
        let error = opened[0].result.as_ref().expect_err(what);
        assert_eq!(error.stage, Stage::Container, "{what}: {error}");
        assert!(error.reason.contains("does not match"), "{what}: {error}");
    }
}

/// A valid profile: function 1 in location 1, one sample.
fn valid() -> Encoder {
    let mut encoder = Encoder::new(&["samples"]);
    encoder.function(1, "main.main");
    encoder.location(1, [1].into_iter());
    encoder.sample([1].into_iter(), [5].into_iter(), [].into_iter());
    encoder
}

type Case = (&'static str, fn(&mut Encoder) -> u64);

/// One broken rule each; the function returns where the record begins that breaks it.
const BROKEN: &[(Stage, Case)] = &[
    (
        Stage::Check,
        ("a second function with id 1", |e| e.message(5, &[(1, 1)])),
    ),
    (
        Stage::Check,
        ("a second location with id 1", |e| e.message(4, &[(1, 1)])),
    ),
    (
        Stage::Check,
        ("a second mapping with id 7", |e| {
            e.message(3, &[(1, 7)]);
            e.message(3, &[(1, 7)])
        }),
    ),
    (
        Stage::Check,
        ("function with the reserved id 0", |e| {
            e.message(5, &[(2, 1)])
        }),
    ),
    (
        Stage::Check,
        ("location with the reserved id 0", |e| e.message(4, &[])),
    ),
    (
        Stage::Check,
        ("mapping with the reserved id 0", |e| {
            e.message(3, &[(2, 1)])
        }),
    ),
    (
        Stage::Check,
        (
            "location 9 refers to function 8, which is not in the file",
            |e| {
                let at = e.at();
                e.location(9, [8].into_iter());
                at
            },
        ),
    ),
    (
        Stage::Check,
        (
            "sample 2 refers to location 77, which is not in the file",
            |e| {
                let at = e.at();
                e.sample([1, 77].into_iter(), [5].into_iter(), [].into_iter());
                at
            },
        ),
    ),
    (
        Stage::Check,
        (
            "sample 2 refers to location 0, which is not in the file",
            |e| {
                let at = e.at();
                e.sample([0].into_iter(), [5].into_iter(), [].into_iter());
                at
            },
        ),
    ),
    (
        Stage::Check,
        ("sample 2 has 2 values, the ones before it 1", |e| {
            let at = e.at();
            e.sample([1].into_iter(), [5, 6].into_iter(), [].into_iter());
            at
        }),
    ),
    (
        Stage::Check,
        ("sample 2 has no values", |e| {
            let at = e.at();
            e.sample([1].into_iter(), [].into_iter(), [].into_iter());
            at
        }),
    ),
    // Strings: "", "count", "samples", "main.main" twice as name and system name: 4 in all.
    (
        Stage::Check,
        ("function 2 refers to string 44 of 4", |e| {
            e.message(5, &[(1, 2), (2, 44)])
        }),
    ),
    (
        Stage::Check,
        ("mapping 2 refers to string 44 of 4", |e| {
            e.message(3, &[(1, 2), (5, 44)])
        }),
    ),
    (
        Stage::Check,
        ("period_type refers to string 44 of 4", |e| {
            e.message(11, &[(2, 44)])
        }),
    ),
    (
        Stage::Check,
        ("drop_frames refers to string 44 of 4", |e| e.number(7, 44)),
    ),
    (
        Stage::Check,
        ("keep_frames refers to string 44 of 4", |e| e.number(8, 44)),
    ),
    (
        Stage::Check,
        ("default_sample_type refers to string 44 of 4", |e| {
            e.number(14, 44)
        }),
    ),
    (
        Stage::Check,
        ("comment 1 refers to string 44 of 4", |e| e.number(13, 44)),
    ),
    (
        Stage::Proto,
        (
            "function.name is string 4294967296, beyond any table",
            |e| {
                // The tag is a byte, the length another, id 1 two: the field stands four bytes in.
                e.message(5, &[(1, 2), (2, 1 << 32)]) + 4
            },
        ),
    ),
];

#[test]
fn a_broken_rule_is_named_with_its_id_and_place() {
    let whole = valid().finish();
    assert!(read("valid", &whole)[0].result.is_ok());
    for (stage, (reason, spoil)) in BROKEN {
        let mut encoder = valid();
        let at = spoil(&mut encoder);
        let bytes = encoder.finish();
        for (what, bytes) in [("plain", bytes.clone()), ("gzip", gzip(&bytes))] {
            let opened = read(what, &bytes);
            let error = opened[0].result.as_ref().expect_err(reason);
            assert_eq!(
                (error.stage, error.reason.as_str(), error.pos),
                (*stage, *reason, Pos::Unpacked(at)),
                "{what}"
            );
        }
    }
}

#[test]
fn values_without_types_and_types_without_values() {
    // The header is what breaks the rule; the sample tells.
    let mut encoder = Encoder::new(&["samples", "cpu"]);
    encoder.location(1, [].into_iter());
    let at = encoder.at();
    encoder.sample([1].into_iter(), [5].into_iter(), [].into_iter());
    let opened = read("types", &encoder.finish());
    let error = opened[0]
        .result
        .as_ref()
        .expect_err("one value for two types");
    assert_eq!(error.reason, "sample 1 has 1 values for 2 sample types");
    assert_eq!(error.pos, Pos::Unpacked(at));
}

#[test]
fn inlined_frames_count_against_the_limit() {
    // 400 000 lines in one location, which 1000 frames name: 4 * 10^8, above 2^28.
    let mut encoder = Encoder::new(&["samples"]);
    encoder.function(1, "f");
    encoder.location(1, std::iter::repeat_n(1, 400_000));
    encoder.sample(
        std::iter::repeat_n(1, 1_000),
        [5].into_iter(),
        [].into_iter(),
    );
    let opened = read("inlined", &encoder.finish());
    let error = opened[0].result.as_ref().expect_err("too many frames");
    assert_eq!(error.stage, Stage::Limit);
    assert_eq!(
        error.reason,
        "more than 268435456 frames, inlined ones included"
    );
}

#[test]
fn gzip_members_are_counted() {
    // 2^20 empty members and one more: 21 MB. Copying the rest of a chunk for each, as one would
    // who collects a header before looking at it, takes minutes.
    let mut bytes = Vec::new();
    let empty = gzip(&[]);
    for _ in 0..=1 << 20 {
        bytes.extend_from_slice(&empty);
    }
    let begun = Instant::now();
    let opened = read("flood", &bytes);
    let error = opened[0].result.as_ref().expect_err("too many members");
    assert_eq!(error.stage, Stage::Limit);
    assert_eq!(error.reason, "more than 1048576 gzip members");
    assert_eq!(error.pos, Pos::Packed(empty.len() as u64 * (1 << 20)));
    assert!(begun.elapsed() < Duration::from_mins(1));
}

#[test]
fn frames_are_dropped_by_names_as_people_write_them() {
    let mut profile = Encoder::new(&["samples"]);
    for (id, name) in [(1, "main"), (2, "_Znwm"), (3, "_ZN3foo3barEi")] {
        profile.function(id, name);
        profile.location(id, [id].into_iter());
    }
    let drop = profile.string("operator new.*");
    profile.sample([2, 3, 1].into_iter(), [5].into_iter(), [].into_iter());
    profile.sample([3, 1].into_iter(), [2].into_iter(), [].into_iter());
    profile.number(7, drop);
    let opened = open("drop", &profile.finish(), OpenOptions::default());
    let profile = &opened[0].result.as_ref().unwrap().profile;
    let leaf = |sample: usize| {
        let leaf = profile.stacks.get(profile.samples.stacks[sample])[0];
        let line = profile.lines_of(&profile.locations[leaf.index()])[0];
        profile
            .strings
            .text(profile.functions[line.function.index()].name)
    };
    // go tool pprof -top (go1.27.3) shows foo::bar with 5 + 2 = 7.
    assert_eq!(
        (leaf(0).as_ref(), leaf(1).as_ref()),
        ("foo::bar", "foo::bar")
    );
}
