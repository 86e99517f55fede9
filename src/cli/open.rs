//! `dropprof open`: what each file is.

use std::ffi::OsString;

use dropprof::analysis::trace::report_sink;
use dropprof::error::Severity;
use dropprof::formats::{OpenOptions, Opened, OpenedProfile};
use dropprof::report::clean;
use dropprof::unit;
use serde_json::{Value, json};

use super::flags::{self, Flag, switch, value};
use super::read::{self, NotRead};
use super::{Failure, Outcome, complain};

const FLAGS: [Flag; 2] = [
    switch("json", "print an array with one object per file"),
    value("limit", "unpacked bytes per file at most (4294967296)"),
];

pub(crate) fn help() -> String {
    format!(
        "usage: dropprof open [-json] FILE…\n\n{}",
        flags::help(&FLAGS)
    )
}

pub(crate) fn run(arguments: &[OsString]) -> Result<Outcome, Failure> {
    let given = flags::parse(&FLAGS, arguments).map_err(Failure::Usage)?;
    if given.files.is_empty() {
        return Err(Failure::Usage("which file?".to_owned()));
    }
    let limit = given
        .number("limit", OpenOptions::default().limit)
        .map_err(Failure::Usage)?;
    let opened: Vec<_> = given
        .files
        .iter()
        .flat_map(|path| read::open(path, OpenOptions::with_limit(limit).with_trace(report_sink)))
        .collect();
    let mut failed = false;
    for file in &opened {
        match file {
            Ok(Opened { result: Ok(_), .. }) => continue,
            Ok(Opened {
                name,
                result: Err(error),
                ..
            }) => complain(&format!("{name}: {error}")),
            Err(error) => complain(&error.to_string()),
        }
        failed = true;
    }
    let text = if given.is_set("json") {
        let files: Vec<Value> = opened.iter().map(as_json).collect();
        format!("{:#}\n", Value::Array(files))
    } else {
        opened
            .iter()
            .filter_map(|file| file.as_ref().ok())
            .filter_map(as_text)
            .collect()
    };
    let text = text.into_bytes();
    Ok(if failed {
        Outcome::Partial(text)
    } else {
        Outcome::Output(text)
    })
}

/// One line, and one per remark; what names hold cannot add any.
fn as_text(file: &Opened) -> Option<String> {
    let opened = file.result.as_ref().ok()?;
    let profile = &opened.profile;
    let types: Vec<String> = (0..profile.sample_types.len())
        .map(|t| {
            let total = dropprof::analysis::Selection::total_of(profile, t).0;
            format!(
                "{} {}",
                profile.type_name(t),
                unit::label(total, &profile.unit_name(t))
            )
        })
        .collect();
    let line = format!(
        "{}: {}, {} samples, {} stacks, {} functions; {}",
        file.name,
        opened.kind.label(),
        profile.samples.len(),
        profile.stacks.len(),
        profile.functions.len(),
        types.join(", ")
    );
    let remarks = opened.diagnostics.iter();
    let remarks = remarks.map(|diagnostic| format!("  {}\n", clean(&diagnostic.message)));
    Some(format!("{}\n{}", clean(&line), remarks.collect::<String>()))
}

fn as_json(file: &Result<Opened, NotRead>) -> Value {
    match file {
        Ok(file) => match &file.result {
            Ok(opened) => readable(file, opened),
            Err(error) => json!({
                "name": file.name, "kind": null, "size": file.size, "raw_size": file.raw_size,
                "containers": file.containers,
                "diagnostics": [{
                    "severity": "error", "stage": error.stage.name(), "message": error.reason,
                    "position": error.pos.to_string(), "looks_like": error.looks_like,
                    "advice": error.advice,
                }],
            }),
        },
        Err(error) => json!({
            "name": error.name, "kind": null,
            "diagnostics": [{ "severity": "error", "stage": "read", "message": error.reason }],
        }),
    }
}

fn readable(file: &Opened, opened: &OpenedProfile) -> Value {
    let profile = &opened.profile;
    let types: Vec<Value> = (0..profile.sample_types.len())
        .map(|t| {
            let total = dropprof::analysis::Selection::total_of(profile, t).0;
            json!({ "type": profile.type_name(t), "unit": profile.unit_name(t), "total": total })
        })
        .collect();
    let diagnostics: Vec<Value> = opened
        .diagnostics
        .iter()
        .map(|d| {
            let severity = if d.severity == Severity::Warning {
                "warning"
            } else {
                "note"
            };
            json!({ "severity": severity, "message": d.message })
        })
        .collect();
    json!({
        "name": file.name, "kind": opened.kind.name(), "size": file.size, "raw_size": file.raw_size,
        "containers": file.containers, "samples": profile.samples.len(),
        "stacks": profile.stacks.len(), "locations": profile.locations.len(),
        "functions": profile.functions.len(), "mappings": profile.mappings.len(),
        "sample_types": types, "default_sample_type": profile.type_name(profile.default_type()),
        "time_nanos": profile.time_nanos, "duration_nanos": profile.duration_nanos,
        "period": profile.period, "diagnostics": diagnostics,
    })
}
