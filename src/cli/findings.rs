//! `dropprof findings`: what is wrong, as text or JSON, and a gate for CI.

use std::ffi::OsString;
use std::fmt::Write;

use dropprof::analysis::trace::report_sink;
use dropprof::findings::{Finding, Findings, Input, Severity, examine};
use dropprof::formats::OpenOptions;
use dropprof::model::Kind;
use dropprof::report::clean;

use super::flags::{self, Flag, switch, value};
use super::gather::Gathered;
use super::session::Session;
use super::{Failure, Outcome};

const FLAGS: [Flag; 4] = [
    switch("json", "as JSON: findings, checked, not_assessable"),
    value(
        "fail-on",
        "end with status 3 if there is a finding of this severity or above: info, low, medium, high or critical",
    ),
    value(
        "main",
        "import path of the program's own module (guessed from the profiles)",
    ),
    value("limit", "unpacked bytes per file at most (4294967296)"),
];

pub(crate) fn help() -> String {
    format!(
        "usage: dropprof findings [flags] FILE|FOLDER…\n\n{}\n\
         exit status: 0, 1 if a file could not be read, 2 for wrong flags, 3 if -fail-on applies\n",
        flags::help(&FLAGS)
    )
}

pub(crate) fn run(arguments: &[OsString]) -> Result<Outcome, Failure> {
    let given = flags::parse(&FLAGS, arguments).map_err(Failure::Usage)?;
    if given.files.is_empty() {
        return Err(Failure::Usage("which files?".to_owned()));
    }
    let gate = gate(given.get("fail-on")).map_err(Failure::Usage)?;
    let limit = given
        .number("limit", OpenOptions::default().limit)
        .map_err(Failure::Usage)?;
    let options = OpenOptions::with_limit(limit).with_trace(report_sink);
    let gathered = Gathered::new(&given, options);
    let session = Session::new(&gathered, given.get("main"))?;
    let inputs: Vec<Input<'_>> = session.inputs();
    let findings = examine(&inputs);
    let text = if given.is_set("json") {
        findings.to_json()
    } else {
        plain(&findings)
    };
    let shown = text.into_bytes();
    Ok(match trips(&findings, gate) {
        true => Outcome::Gate(shown),
        false if !gathered.unreadable.is_empty() => Outcome::Partial(shown),
        false => Outcome::Output(shown),
    })
}

/// The severity that `-fail-on` names.
fn gate(name: Option<&str>) -> Result<Option<Severity>, String> {
    name.map(|name| {
        Severity::named(name).ok_or_else(|| {
            format!("\"{name}\" is no severity: info, low, medium, high or critical")
        })
    })
    .transpose()
}

/// True when something as grave as the gate was found.
fn trips(findings: &Findings, gate: Option<Severity>) -> bool {
    gate.is_some_and(|gate| findings.worst().is_some_and(|worst| worst >= gate))
}

/// A few lines for each finding.
fn plain(findings: &Findings) -> String {
    let mut out = String::new();
    if findings.findings.is_empty() {
        out.push_str("No findings.\n");
    }
    for (at, finding) in findings.findings.iter().enumerate() {
        one(&mut out, findings, at, finding);
    }
    if !findings.checked.is_empty() {
        out.push_str("\nChecked, not found\n");
        for check in &findings.checked {
            let _ = writeln!(
                out,
                "  {} {}: {} (from {} on) in {}",
                check.rule,
                check.question,
                check.value,
                check.threshold,
                clean(&check.file)
            );
        }
    }
    if !findings.not_assessable.is_empty() {
        out.push_str("\nNot assessable\n");
        for open in &findings.not_assessable {
            let _ = writeln!(
                out,
                "  {} needs {}: {}",
                open.question, open.needs, open.command
            );
        }
    }
    out
}

fn one(out: &mut String, findings: &Findings, at: usize, finding: &Finding) {
    let main = finding.main();
    let _ = writeln!(
        out,
        "{}{} {} {} ({}): {}",
        if at > 0 { "\n" } else { "" },
        finding.severity.name().to_uppercase(),
        finding.rule.id,
        clean(&finding.title),
        finding.rule.name,
        clean(&main.metric.text)
    );
    let interval = main.metric.interval_text();
    if !interval.is_empty() {
        let _ = writeln!(
            out,
            "  {interval} with 95% confidence, {}, confidence {}",
            main.samples_text(),
            finding.confidence.name()
        );
    }
    for site in &main.places {
        let _ = writeln!(
            out,
            "  {} at {} {}",
            site.value,
            clean(&site.function),
            clean(&site.place())
        );
    }
    let _ = writeln!(out, "  in {}", clean(&main.name));
    for evidence in &finding.evidence[1..] {
        let _ = writeln!(
            out,
            "  also {} in {}",
            clean(&evidence.metric.text),
            clean(&evidence.name)
        );
    }
    // What a trace has to say is not one number.
    for note in main.notes.iter().filter(|_| main.kind == Kind::Trace) {
        let _ = writeln!(out, "  {}", clean(note));
    }
    if let Some(cause) = finding.explained_by {
        let _ = writeln!(out, "  follows from {}", findings.findings[cause].rule.id);
    }
    for now in finding.now() {
        let _ = writeln!(out, "  → {}", clean(&now));
    }
}
