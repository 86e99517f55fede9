//! `dropprof pprof` prints what `go tool pprof` printed, byte for byte: every report.
//!
//! The expected outputs were made by the real tool: `testdata/golden/manifest.tsv` says which
//! release, from which profile and with which arguments, and `cargo xtask golden` makes them again.
//! Profiles and arguments whose output the tool itself varies from run to run are not in there.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its expected outputs from files"
)]

mod support;

use std::fs;
use support::{Row, dropprof_pprof, first_difference, manifest, testdata};

#[test]
fn reports_equal_every_golden() {
    let rows = manifest();
    assert!(
        rows.len() >= 600,
        "the manifest has only {} rows",
        rows.len()
    );
    let failures: Vec<String> = rows.iter().filter_map(failure).collect();
    for text in failures.iter().take(25) {
        eprintln!("{text}\n");
    }
    assert!(
        failures.is_empty(),
        "{} of {} goldens differ, see above",
        failures.len(),
        rows.len()
    );
}

/// What is wrong with our output for `row`; nothing if it is right.
fn failure(row: &Row) -> Option<String> {
    let golden =
        fs::read(testdata().join(&row.golden)).expect("every golden of the manifest is there");
    let title = format!(
        "{}: dropprof pprof {} {}",
        row.golden,
        row.args.join(" "),
        row.input
    );
    match dropprof_pprof(&row.args, &testdata().join(&row.input)) {
        Ok(got) if got == golden => None,
        Ok(got) => Some(format!("{title}\n{}", first_difference(&golden, &got))),
        Err(message) => Some(format!("{title}\n  failed: {message}")),
    }
}
