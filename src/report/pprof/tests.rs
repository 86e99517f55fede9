//! Profiles of a few kilobytes whose reports are longer than memory, since they name one long
//! string again and again.

use std::cell::Cell;

use super::*;
use crate::analysis::testing::{intern, test_profile, test_profile_of};
use crate::model::{Mapping, StringId};

/// Nothing of the outside.
pub(super) const OUTSIDE: Outside<'static> = Outside {
    clock: &|nanos| nanos.to_string(),
    instant: &|nanos| nanos.to_string(),
    source: &|_| None,
    working_folder: "",
    sink: None,
};

/// Bytes of the long string, and how often it is named: together more than [`MAX_OUTPUT`].
const LONG: usize = 1 << 18;
const TIMES: usize = MAX_OUTPUT / LONG + 8;

fn printed(
    profile: &Profile,
    report: Report,
    format: Format,
    options: &Options,
    outside: Outside<'_>,
) -> Result<Vec<u8>, String> {
    let command = Command {
        report,
        symbol: Pattern::new(".").ok().filter(|_| report.takes_symbol()),
        format,
    };
    let prepared = prepare(profile, 0, &command, options)?;
    print(&prepared, &command, outside)
}

/// A report as it is handed on: its length, and what of it was in memory at a time.
fn streamed(
    profile: &Profile,
    report: Report,
    format: Format,
    options: &Options,
) -> Result<(usize, usize), String> {
    let (length, most) = (Cell::new(0), Cell::new(0));
    let sink = |piece: &[u8]| {
        length.set(length.get() + piece.len());
        most.set(most.get().max(piece.len()));
        Ok(())
    };
    let outside = Outside {
        sink: Some(&sink),
        ..OUTSIDE
    };
    let rest = printed(profile, report, format, options, outside)?.len();
    Ok((length.get() + rest, most.get().max(rest)))
}

fn long(profile: &mut Profile) -> StringId {
    intern(profile, &vec![b'x'; LONG])
}

/// Every line of a function is a row.
fn lines() -> Profile {
    let text: String = (1..=TIMES).map(|i| format!("f@a:{i} 1\n")).collect();
    let mut profile = test_profile(&text);
    let name = long(&mut profile);
    for function in &mut profile.functions {
        function.name = name;
    }
    profile
}

/// The label of a long key has many values.
fn values() -> Profile {
    let text: String = (1..=TIMES).map(|i| format!("f 1 [k=v{i}]\n")).collect();
    let mut profile = test_profile(&text);
    let key = long(&mut profile);
    for label in &mut profile.samples.labels {
        label.key = key;
    }
    profile
}

fn comments() -> Profile {
    let mut profile = test_profile("f 1");
    let comment = long(&mut profile);
    profile.comments = vec![comment; TIMES];
    profile
}

fn mappings() -> Profile {
    let mut profile = test_profile("f 1");
    let filename = long(&mut profile);
    add_missing_mapping(&mut profile);
    let mapping = Mapping {
        filename,
        ..profile.mappings[0]
    };
    profile.mappings = vec![mapping; TIMES];
    profile
}

fn every_line() -> Options {
    Options {
        granularity: Some(Granularity::Lines),
        nodefraction: 0.0,
        edgefraction: 0.0,
        nodecount: 0,
        ..Options::default()
    }
}

#[test]
fn long_reports_are_never_in_memory_as_a_whole() {
    let (lines, values, comments, mappings) = (lines(), values(), comments(), mappings());
    let options = every_line();
    for (profile, report, format) in [
        (&comments, Report::Comments, Format::Text),
        (&comments, Report::Raw, Format::Text),
        (&comments, Report::Top, Format::Text),
        (&comments, Report::Tree, Format::Text),
        (&comments, Report::Traces, Format::Text),
        (&comments, Report::Dot, Format::Text),
        (&lines, Report::Top, Format::Text),
        (&lines, Report::Top, Format::Csv),
        (&lines, Report::Tree, Format::Text),
        (&lines, Report::Traces, Format::Text),
        (&lines, Report::Dot, Format::Text),
        (&lines, Report::Folded, Format::Text),
        (&lines, Report::Speedscope, Format::Text),
        (&values, Report::Tags, Format::Text),
        (&values, Report::Tags, Format::Json),
        (&values, Report::Raw, Format::Text),
        (&values, Report::Traces, Format::Text),
        (&mappings, Report::Raw, Format::Text),
    ] {
        let (length, most) = streamed(profile, report, format, &options).unwrap();
        assert!(length > MAX_OUTPUT, "{report:?}: {length}");
        assert!(most < MAX_OUTPUT / 4, "{report:?}: {most}");
        let held = printed(profile, report, format, &options, OUTSIDE);
        assert_eq!(held, Err(TOO_LONG.to_owned()), "{report:?}");
    }
}

#[test]
fn labels_that_are_too_long_together_are_not_joined() {
    let mut profile = test_profile("f 1 [k=v]");
    let text = long(&mut profile);
    let label = Label {
        str: text,
        ..profile.samples.labels[0]
    };
    profile.samples.labels = vec![label; TIMES];
    profile.samples.label_ends = vec![TIMES as u32];
    let options = Options::default();
    for report in [Report::Raw, Report::Traces] {
        let result = streamed(&profile, report, Format::Text, &options);
        assert_eq!(result, Err(TOO_LONG.to_owned()), "{report:?}");
    }
    let drawn = streamed(&profile, Report::Dot, Format::Text, &options).unwrap_err();
    assert!(drawn.contains("-taghide"), "{drawn}");
    let options = Options {
        tagroot: "k".to_owned(),
        ..options
    };
    let framed = streamed(&profile, Report::Top, Format::Text, &options).unwrap_err();
    assert!(framed.contains("frames of labels"), "{framed}");
}

/// 2⁶² hours are more nanoseconds than a number holds; Go on x86-64 makes that −2⁶³.
#[test]
fn what_a_unit_cannot_hold_is_the_smallest_number() {
    let profile = test_profile_of(&[("time", "hours")], "f;g 4611686018427387904");
    let options = Options {
        unit: "ns".to_owned(),
        ..Options::default()
    };
    let out = printed(&profile, Report::Callgrind, Format::Text, &options, OUTSIDE).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(out.contains(" -9223372036854775808\n"), "{out}");
    assert!(!out.contains("9223372036854775807"), "{out}");
}
