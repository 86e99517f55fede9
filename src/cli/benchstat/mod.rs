//! `dropprof benchstat`: what benchstat prints, and a gate for CI.

mod gate;
mod inputs;

use std::ffi::OsString;

use dropprof::analysis::bench::{
    BenchFile, BenchTables, CompareOptions, Grouping, JudgeOptions, Judgement, Projections,
    compare, compares, judge,
};
use dropprof::report::benchstat::{BlockOptions, Comparison, csv, differing, json, markdown, text};
use dropprof::report::clean;

use super::flags::{self, Flag, Given, float, switch, value};
use super::{Failure, Outcome};
use gate::Gate;
use inputs::Inputs;

const FLAGS: [Flag; 11] = [
    value("table", "a table for each value of these keys (.config)"),
    value("row", "a row for each value of these keys (.fullname)"),
    value("col", "a column for each value of these keys (.file)"),
    value("ignore", "keys whose differences separate nothing"),
    value("filter", "only results that this leaves (*)"),
    float(
        "alpha",
        "a difference is significant if its p is not above this (0.05)",
    ),
    float("confidence", "level of the intervals (0.95)"),
    value("format", "text, csv, json or markdown (text)"),
    switch(
        "strict",
        "without benchstat's mistakes: p does not depend on the order of files, nothing readable is \
         lost, and what goes wrong ends with status 1",
    ),
    value(
        "fail-on",
        "end with status 3 if a difference is beyond chance and beyond this: sec/op>+5%, B/s<-5%, or \
         *>5% for the worse side of every unit; several between commas",
    ),
    float(
        "margin",
        "differences up to this many percent matter to nobody (0): for -fail-on, json and markdown",
    ),
];

pub(crate) fn help() -> String {
    format!(
        "usage: dropprof benchstat [flags] [LABEL=]FILE…\n\n\
         Medians of benchmark results with intervals, and how each file differs from the first, as\n\
         benchstat prints it, byte for byte. - is standard input.\n\n\
         {}\n\
         exit status: 0 as benchstat, also after errors; 1 for errors with -strict or -fail-on;\n\
         2 for wrong flags; 3 if -fail-on applies\n",
        flags::help(&FLAGS)
    )
}

pub(crate) fn run(arguments: &[OsString]) -> Result<Outcome, Failure> {
    let given = flags::parse(&FLAGS, arguments).map_err(Failure::Usage)?;
    if given.files.is_empty() {
        return Err(Failure::Usage(format!("which files?\n{}", help())));
    }
    let gate = given.text("fail-on").and_then(|text| Gate::new(&text));
    let gate = gate.map_err(Failure::Usage)?;
    let is_strict = given.is_set("strict");
    match answer(&given, &gate, is_strict) {
        Ok(outcome) => Ok(outcome),
        // benchstat says what is wrong and ends as if nothing were.
        Err(message) => {
            tell(&format!("benchstat: {message}"));
            match is_strict || !gate.is_empty() {
                true => Ok(Outcome::Partial(Vec::new())),
                false => Ok(Outcome::Output(Vec::new())),
            }
        }
    }
}

/// Lines for standard error; each is clean by itself.
fn tell(lines: &str) {
    use std::io::Write;
    let mut out = std::io::stderr().lock();
    for line in lines.split('\n') {
        // The expression and the caret of an error begin with a tab.
        let (tab, rest) = line.split_at(line.len() - line.trim_start_matches('\t').len());
        let _ = writeln!(out, "{tab}{}", clean(rest));
    }
}

fn answer(given: &Given, gate: &Gate, is_strict: bool) -> Result<Outcome, String> {
    let texts = ["table", "row", "col", "ignore", "filter"].map(|flag| given.text(flag));
    let [table, row, col, ignore, filter] = texts;
    let (table, row, col, ignore, filter) = (table?, row?, col?, ignore?, filter?);
    let usual = Grouping::default();
    // An empty projection is one too.
    let or = |flag: &str, text: &'_ str, usual: &'static str| -> String {
        match given.all(flag).is_empty() {
            true => usual.to_owned(),
            false => text.to_owned(),
        }
    };
    let (table, row, col) = (
        or("table", &table, usual.table),
        or("row", &row, usual.row),
        or("col", &col, usual.col),
    );
    let filter = or("filter", &filter, usual.filter);
    let grouping = Grouping {
        table: &table,
        row: &row,
        col: &col,
        ignore: &ignore,
        filter: &filter,
    };
    let projections = Projections::new(&grouping).map_err(|error| error.to_string())?;
    let options = CompareOptions {
        confidence: level(given, "confidence", 0.95)?,
        alpha: level(given, "alpha", 0.05)?,
        as_benchstat: !is_strict,
    };
    let format = match given.get("format").unwrap_or("text") {
        "text" => Format::Text,
        "csv" => Format::Csv,
        "json" => Format::Json,
        "markdown" | "md" => Format::Markdown,
        // As benchstat says it, which has no others.
        _ => return Err("-format must be text or csv".to_owned()),
    };
    let mut inputs = Inputs::new(&given.files, is_strict);
    inputs.read(&|line| tell(line))?;
    let files: Vec<BenchFile<'_>> = inputs.files();
    let tables = compare(&files, &projections, &options).map_err(|error| error.to_string())?;
    let comparison = Comparison {
        tables: &tables,
        as_benchstat: !is_strict,
        alpha: options.alpha,
    };
    let judged = judge(
        &tables.tables,
        &JudgeOptions {
            confidence: options.confidence,
            alpha: options.alpha,
            margin: given.float("margin").unwrap_or(0.0) / 100.0,
        },
    );
    let out = match format {
        Format::Text => text(&comparison),
        Format::Csv => {
            let (out, warnings) = csv(&comparison);
            warnings.lines().for_each(tell);
            out
        }
        Format::Json => json(&comparison, &judged).into_bytes(),
        Format::Markdown => {
            let options = BlockOptions {
                only_told: false,
                rows: usize::MAX,
            };
            markdown(&comparison, &judged, options).into_bytes()
        }
    };
    if is_strict {
        for line in differing(&comparison) {
            tell(&line);
        }
    }
    if gate.is_empty() {
        return Ok(Outcome::Output(out));
    }
    Ok(gated(gate, &tables, &judged, out))
}

/// What the gate says, on standard error.
fn gated(gate: &Gate, tables: &BenchTables, judged: &[Judgement], out: Vec<u8>) -> Outcome {
    if !compares(tables) {
        tell("dropprof: -fail-on: nothing is compared with anything, so nothing could be found");
        return Outcome::Partial(out);
    }
    let said = gate.look(tables, judged);
    for line in said.lines {
        tell(&format!("dropprof: {line}"));
    }
    match (said.trips, said.is_idle) {
        (true, _) => Outcome::Gate(out),
        (false, true) => Outcome::Partial(out),
        (false, false) => Outcome::Output(out),
    }
}

enum Format {
    Text,
    Csv,
    Json,
    Markdown,
}

fn level(given: &Given, flag: &str, usual: f64) -> Result<f64, String> {
    let level = given.float(flag).unwrap_or(usual);
    // Go lets what is no number pass.
    match level.is_nan() || (0.0..=1.0).contains(&level) {
        true => Ok(level),
        false => Err(format!("-{flag} must be in range [0, 1]")),
    }
}
