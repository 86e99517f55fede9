//! What bytes are, told from their head. "Not mine" is an answer, not an error.

use super::gotrace;
use super::legacy::{self, Legacy};

/// How many bytes of the head are looked at; `ustar` stands at 257.
pub(crate) const HEAD: usize = 512;

/// What a reader exists for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// gzip, RFC 1952.
    Gzip,
    /// Zstandard, RFC 8878.
    Zstd,
    /// zip archive.
    Zip,
    /// POSIX tar archive.
    Tar,
    /// `profile.proto`.
    Proto,
    /// A Go execution trace, of any version.
    Trace,
    /// One of the formats before it, or another text of stacks.
    Legacy(Legacy),
    /// Text of which more has to be seen.
    Text,
}

/// Tells the format by the first [`HEAD`] bytes; the rest of the file may be missing.
pub(crate) fn detect(bytes: &[u8]) -> Option<Format> {
    let head = first(bytes);
    if head.starts_with(&[0x1f, 0x8b]) {
        Some(Format::Gzip)
    } else if is_zstd(head) {
        Some(Format::Zstd)
    } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        Some(Format::Zip)
    } else if head.get(257..262) == Some(b"ustar") {
        Some(Format::Tar)
    } else if head.starts_with(b"go 1.") && gotrace::is_trace(head) {
        // By its beginning first: what knows traces is fetched apart, and most files are none.
        Some(Format::Trace)
    } else if is_proto(head) {
        Some(Format::Proto)
    } else if let Some(format) = legacy::claim(head) {
        Some(Format::Legacy(format))
    } else {
        // Folded stacks have no title, and names in any encoding; PowerShell writes UTF-16.
        let is_wide = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
        (is_wide || !head.is_empty() && !head.contains(&0)).then_some(Format::Text)
    }
}

fn first(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(HEAD)]
}

/// A frame, or a skippable frame before one.
fn is_zstd(head: &[u8]) -> bool {
    let magic = head.first_chunk().map(|b| u32::from_le_bytes(*b));
    magic.is_some_and(|m| m == 0xfd2f_b528 || m & 0xffff_fff0 == 0x184d_2a50)
}

/// The Go runtime begins with any of several fields, other writers with samples, so the head is
/// walked: known fields must have their wire type. Text that happens to parse is still text.
fn is_proto(head: &[u8]) -> bool {
    !is_text(head) && walk(head)
}

/// Wire type of the fields 1 to 15 of a profile: 2 for messages and strings, 0 for numbers;
/// 9 where both occur (comments may be packed).
const WIRE: [u8; 16] = [8, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 2, 0, 9, 0, 0];

fn walk(head: &[u8]) -> bool {
    let mut rest = head;
    let mut known = 0;
    while let Some((tag, after)) = varint(rest) {
        let (field, wire) = ((tag >> 3) as usize, (tag & 7) as u8);
        if let Some(&expected) = WIRE.get(field) {
            if wire != expected && !(expected == 9 && matches!(wire, 0 | 2)) {
                return false;
            }
            known += 1;
        }
        let length = match wire {
            0 => varint(after).map(|(_, next)| (after.len() - next.len()) as u64),
            1 => Some(8),
            2 => varint(after)
                .map(|(len, next)| len.saturating_add((after.len() - next.len()) as u64)),
            5 => Some(4),
            _ => return false,
        };
        match length {
            Some(length) if length <= after.len() as u64 => rest = &after[length as usize..],
            // The field goes on beyond the head.
            _ => break,
        }
    }
    known > 0
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (i, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte < 0x80 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    None
}

fn is_text(head: &[u8]) -> bool {
    let plain = |b: &u8| matches!(b, b'\n' | b'\r' | b'\t' | 0x20..=0x7e | 0x80..);
    !head.is_empty() && head.iter().all(plain) && utf8_head(head)
}

/// UTF-8, but for a character cut at the end of the head.
fn utf8_head(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() == HEAD,
    }
}

/// What an unknown file seems to be, and what to do about it.
pub fn describe(bytes: &[u8]) -> (&'static str, &'static str) {
    const BINARY: &str = "open the profile that Go writes: go test -cpuprofile, or /debug/pprof/…";
    let head = first(bytes);
    for (magic, looks, advice) in MAGIC {
        if head.starts_with(magic) {
            return (looks, advice);
        }
    }
    if is_text(head) {
        return text_kind(head);
    }
    ("binary data of no known kind", BINARY)
}

const PROFILE_WANTED: &str =
    "this is not a profile; open what go test -cpuprofile or /debug/pprof/ wrote";

const MAGIC: [(&[u8], &str, &str); 14] = [
    (
        b"go 1.",
        "a Go execution trace",
        "its header is damaged, or it is no trace; go test -trace records one",
    ),
    (b"\x7fELF", "an ELF program or library", PROFILE_WANTED),
    (b"MZ", "a Windows program", PROFILE_WANTED),
    (b"\xcf\xfa\xed\xfe", "a macOS program", PROFILE_WANTED),
    (b"\x89PNG", "a PNG picture", PROFILE_WANTED),
    (b"%PDF", "a PDF document", PROFILE_WANTED),
    (b"\xff\xfe", WIDE.0, WIDE.1),
    (b"\xfe\xff", WIDE.0, WIDE.1),
    (
        b"BZh",
        "bzip2-compressed data",
        "unpack it with bunzip2 first",
    ),
    (
        b"\xfd7zXZ",
        "xz-compressed data",
        "unpack it with unxz first",
    ),
    (
        b"7z\xbc\xaf",
        "a 7z archive",
        "unpack it first, or pack it as zip",
    ),
    (
        b"PERFILE2",
        "a perf.data file",
        "convert it with perf_to_profile first",
    ),
    (b"SQLite format 3", "an SQLite database", PROFILE_WANTED),
    (
        b"\xca\xfe\xba\xbe",
        "a macOS universal program or Java class",
        PROFILE_WANTED,
    ),
];

fn text_kind(head: &[u8]) -> (&'static str, &'static str) {
    let text = String::from_utf8_lossy(head);
    let start = text.trim_start_matches('\u{feff}').trim_start();
    for (prefix, looks, advice) in TEXT {
        if start.starts_with(prefix) {
            return (looks, advice);
        }
    }
    if start.contains("\nBenchmark") {
        return BENCH;
    }
    ("text", PROFILE_WANTED)
}

const PAGE: (&str, &str) = (
    "a web page or XML",
    "the server answered with a page; check the URL it was fetched from",
);

const BENCH: (&str, &str) = (
    "go test -bench output",
    "there is no line with a result in it: a name that begins with Benchmark, the number of iterations, and values with their units",
);

const NO_GOROUTINE: &str =
    "there is no goroutine in it; GOTRACEBACK=all has a program print all of them when it crashes";

const WIDE: (&str, &str) = (
    "UTF-16 text, as PowerShell's > writes it",
    "results of benchmarks are read like that; anything else has to be saved as UTF-8",
);

const TESTED: (&str, &str) = (
    "the output of go test without results of benchmarks",
    "run it with -bench=. -benchmem -count=10",
);

const RACE: (&str, &str) = (
    "a report of Go's race detector",
    "it tells of one data race, by two stacks, and is no dump; record /debug/pprof/goroutine?debug=2",
);

const TEXT: [(&str, &str, &str); 23] = [
    (
        "goroutine ",
        "a goroutine dump (debug=2)",
        "no goroutine in it is whole; record it again",
    ),
    (
        "panic: ",
        "the output of a Go program that panicked",
        NO_GOROUTINE,
    ),
    (
        "fatal error: ",
        "the output of a Go program that crashed",
        NO_GOROUTINE,
    ),
    ("WARNING: DATA RACE", RACE.0, RACE.1),
    ("==================\nWARNING: DATA RACE", RACE.0, RACE.1),
    ("PASS\n", TESTED.0, TESTED.1),
    ("FAIL\n", TESTED.0, TESTED.1),
    ("ok  \t", TESTED.0, TESTED.1),
    ("=== RUN ", TESTED.0, TESTED.1),
    ("?   \t", TESTED.0, TESTED.1),
    ("testing: warning: no tests to run", TESTED.0, TESTED.1),
    ("goos: ", BENCH.0, BENCH.1),
    ("Benchmark", BENCH.0, BENCH.1),
    ("<!", PAGE.0, PAGE.1),
    ("<html", PAGE.0, PAGE.1),
    ("<?xml", PAGE.0, PAGE.1),
    (
        "Could not enable ",
        "an error message of net/http/pprof",
        "the text says why the server could not record a profile; mostly another one was being \
         recorded",
    ),
    (
        "version https://git-lfs",
        "a Git LFS pointer",
        "the profile itself was not fetched; git lfs pull does",
    ),
    ("{", "JSON", PROFILE_WANTED),
    ("[", "JSON", PROFILE_WANTED),
    ("mode: ", "Go coverage data", PROFILE_WANTED),
    ("package ", "Go source", PROFILE_WANTED),
    (
        "--- symbol",
        "a gperftools profile with symbols (pprof -raw)",
        "open the profile that it was made of",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_head() {
        assert_eq!(detect(&[0x1f, 0x8b, 8]), Some(Format::Gzip));
        assert_eq!(detect(&[0x28, 0xb5, 0x2f, 0xfd]), Some(Format::Zstd));
        assert_eq!(detect(b"PK\x03\x04"), Some(Format::Zip));
        // sample_type {type: 1, unit: 2}, as Go's heap profiles begin.
        assert_eq!(detect(&[0x0a, 4, 8, 1, 16, 2]), Some(Format::Proto));
        // time_nanos, as Go's CPU profiles begin.
        assert_eq!(detect(&[0x48, 0x81, 0x80, 0x01]), Some(Format::Proto));
        assert_eq!(detect(b""), None);
        assert_eq!(detect(b"\n\nBenchmarkX 1 2 ns/op\n\n"), Some(Format::Text));
        assert_eq!(detect(b"\n\nBenchmarkX 1 2 n"), Some(Format::Text));
        for (head, format) in [
            (&b"heap profile: 1: 2 [3: 4] @ heap/1"[..], Legacy::Heap),
            (b"# of today\nfds profile: total 3\n", Legacy::Count),
            (b"--- threadz 1 ---", Legacy::Thread),
            (b"--- mutex:", Legacy::Contention),
            (b"--- contentionz 1 ---", Legacy::Contention),
            (b"--- heapz 1 ---", Legacy::Java),
            (b"heap_v2/524288", Legacy::Jemalloc),
            (b"\0\0\0\0\x03\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0", Legacy::Cpu),
        ] {
            assert_eq!(detect(head), Some(Format::Legacy(format)), "{format:?}");
        }
        assert_eq!(detect(b"main;a 3"), Some(Format::Text));
        assert_eq!(detect(b"main;\xff 3"), Some(Format::Text));
        assert_eq!(detect(b"go 1.26 trace\0\0\0"), Some(Format::Trace));
    }

    #[test]
    fn only_the_head_is_looked_at() {
        let text = [&b"a"[..], &b"b".repeat(HEAD - 1), b"\0"].concat();
        assert_eq!(detect(&text), Some(Format::Text));
        assert_eq!(detect(&text[1..]), None);
        // A character is cut by the end of the head, and one is wrong in the midst of it.
        let cut = [&b"a".repeat(HEAD - 1)[..], "é".as_bytes()].concat();
        assert_eq!(describe(&cut).0, "text");
        assert_eq!(describe(&cut[1..]).0, "text");
        assert_eq!(
            describe(&cut[..HEAD][1..]).0,
            "binary data of no known kind"
        );
    }

    #[test]
    fn strangers_are_described() {
        assert_eq!(describe(b"go 1.26 trace\0\0\0").0, "a Go execution trace");
        assert_eq!(
            describe(b"goroutine 1 [running]:\n").0,
            "a goroutine dump (debug=2)"
        );
        assert_eq!(describe(&[0, 1, 2, 3]).0, "binary data of no known kind");
    }
}
