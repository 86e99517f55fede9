//! The session list: what a file is, and why one could not be read.

use super::dto::{DiagnosticDto, Fact, FileInfo, OpenError, SampleTypeInfo};
use crate::analysis::tags::has_times;
use crate::analysis::{Selection, program_of, shown_type};
use crate::error::{Diagnostic, Error, Severity};
use crate::formats::{Opened, OpenedProfile};
use crate::model::{Kind, Profile};
use crate::unit;

/// Facts shown at most.
const MAX_FACTS: usize = 50;

pub(super) fn file_info(id: u32, opened: &Opened) -> FileInfo {
    let mut info = FileInfo {
        id,
        name: opened.name.clone(),
        size: opened.size as f64,
        size_text: unit::label(opened.size as i64, "bytes"),
        raw_size: opened.raw_size as f64,
        raw_size_text: unit::label(opened.raw_size as i64, "bytes"),
        containers: opened.containers.iter().map(|&c| c.to_owned()).collect(),
        ..FileInfo::default()
    };
    match &opened.result {
        Ok(read) => describe(&mut info, read),
        Err(error) => {
            info.kind_label = "Not readable".to_owned();
            info.error = Some(open_error(error));
        }
    }
    info
}

fn describe(info: &mut FileInfo, read: &OpenedProfile) {
    let profile = &read.profile;
    info.kind = Some(read.kind.name().to_owned());
    info.kind_label = read.kind.label().to_owned();
    info.samples = profile.samples.len() as f64;
    info.samples_text = unit::count(profile.samples.len() as u64);
    info.stacks = profile.stacks.len() as f64;
    info.functions = profile.functions.len() as f64;
    if profile.duration_nanos > 0 {
        info.duration = unit::label(profile.duration_nanos, "nanoseconds");
    }
    info.recorded = unit::utc(profile.time_nanos);
    info.timed = has_times(profile);
    info.process = process(profile, read.kind);
    let (sample_types, overflowed) = sample_types(profile);
    info.sample_types = sample_types;
    info.default_sample = shown_type(profile) as u32;
    info.facts = facts(profile);
    let overflow = overflowed.then(|| {
        Diagnostic::warning("Sums exceed 64 bits and wrap around, as they do in go tool pprof.")
    });
    info.diagnostics = read
        .diagnostics
        .iter()
        .chain(&overflow)
        .map(diagnostic)
        .collect();
}

/// Program, kind and sample types; see [`FileInfo::process`].
pub(super) fn process(profile: &Profile, kind: Kind) -> String {
    let program = program_of(profile);
    if program.is_empty() || profile.time_nanos == 0 {
        return String::new();
    }
    let types = (0..profile.sample_types.len()).map(|t| profile.type_name(t));
    let types: Vec<String> = types.collect();
    format!("{program}\n{}\n{}", kind.name(), types.join("\n"))
}

/// The sample types with their totals, and whether one of those wrapped. Files may hold thousands
/// of types, so no more than one selection is kept at a time.
fn sample_types(profile: &Profile) -> (Vec<SampleTypeInfo>, bool) {
    let mut overflowed = false;
    let info = |t: usize| {
        let selection = Selection::all(profile, t);
        overflowed |= selection.overflowed;
        SampleTypeInfo {
            name: profile.type_name(t),
            unit: profile.unit_name(t),
            total: unit::label(selection.total, &profile.unit_name(t)),
            units: unit::choices(&profile.unit_name(t)),
        }
    };
    (
        (0..profile.sample_types.len()).map(info).collect(),
        overflowed,
    )
}

fn facts(profile: &Profile) -> Vec<Fact> {
    let text = |id| profile.strings.text(id).into_owned();
    let mut facts = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() && facts.len() < MAX_FACTS {
            facts.push(Fact {
                name: name.to_owned(),
                value,
            });
        }
    };
    if let Some(main) = profile.mappings.first() {
        add("Binary", text(main.filename));
        add("Build ID", text(main.build_id));
    }
    if let Some(kind) = profile.period_type.filter(|_| profile.period != 0) {
        let unit_name = text(kind.unit);
        add(
            "Period",
            format!(
                "{} {}",
                unit::label(profile.period, &unit_name),
                text(kind.kind)
            ),
        );
    }
    add("Documentation", text(profile.doc_url));
    for &comment in &profile.comments {
        add("Comment", text(comment));
    }
    facts
}

pub(super) fn diagnostic(diagnostic: &Diagnostic) -> DiagnosticDto {
    let severity = match diagnostic.severity {
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    DiagnosticDto {
        severity: severity.to_owned(),
        message: diagnostic.message.clone(),
    }
}

fn open_error(error: &Error) -> OpenError {
    OpenError {
        stage: error.stage.name().to_owned(),
        reason: error.reason.clone(),
        position: error.pos.to_string(),
        looks_like: error.looks_like.unwrap_or_default().to_owned(),
        advice: error.advice.unwrap_or_default().to_owned(),
    }
}
