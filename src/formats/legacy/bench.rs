//! Benchmark texts as files of a session: a profile without samples, with the results beside it.

use std::sync::Arc;

use super::Read;
use crate::error::{Diagnostic, Result};
use crate::formats::bench::{BenchRules, decoded, read_benchmarks};
use crate::model::{Kind, Profile, Remark, ValueType};

/// Remarks that are repeated to a person.
const REMARKS: usize = 10;
/// Lines of a text that are looked through for a result.
const LOOKED_AT: usize = 100_000;

/// A line with a result, plain or inside an event of `go test -json`.
pub(super) fn is_mine(bytes: &[u8]) -> bool {
    let (text, _) = decoded(bytes);
    text.split(|&b| b == b'\n').take(LOOKED_AT).any(|line| {
        if line.starts_with(b"{") {
            return line.windows(18).any(|w| w == b"\"Output\":\"Benchmar");
        }
        is_result(line)
    })
}

/// `BenchmarkX-8  100  12.3 ns/op`.
fn is_result(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"Benchmark") else {
        return false;
    };
    let text = String::from_utf8_lossy(&rest[..rest.len().min(4096)]);
    let mut words = text.split_ascii_whitespace();
    // The name goes on in the same word, or the benchmark has no other.
    if !rest.first().is_some_and(u8::is_ascii_whitespace) {
        words.next();
    }
    let is_count = words.next().is_some_and(|n| n.parse::<u64>().is_ok());
    let is_value = words.next().is_some_and(|v| v.parse::<f64>().is_ok());
    is_count && is_value && words.next().is_some()
}

pub(super) fn read(bytes: &[u8], notes: &mut Vec<Diagnostic>) -> Result<Read> {
    let benchmarks = read_benchmarks(bytes, BenchRules::Corrected)?;
    let errors: Vec<&Remark> = benchmarks
        .remarks
        .iter()
        .filter(|r| r.kind.is_error())
        .collect();
    for remark in errors.iter().take(REMARKS) {
        notes.push(Diagnostic::warning(format!(
            "Line {}: {}.",
            remark.line, remark.kind
        )));
    }
    if errors.len() > REMARKS {
        let more = errors.len() - REMARKS;
        notes.push(Diagnostic::warning(format!(
            "{more} more lines are left out."
        )));
    }
    let mut profile = Profile::default();
    // A profile has a sample type; nothing is sampled of it.
    let mut string = |text: &[u8]| profile.strings.push(text).unwrap_or_default();
    let (_, kind, unit) = (string(b""), string(b"runs"), string(b"count"));
    profile.sample_types.push(ValueType { kind, unit });
    profile.benchmarks = Some(Arc::new(benchmarks));
    Ok(Read {
        kind: Some(Kind::Bench),
        ..profile.into()
    })
}
