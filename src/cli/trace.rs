//! `dropprof trace`: what go tool trace writes, and what it says, without a server.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Read};
use std::path::Path;

use dropprof::formats::read_trace;
use dropprof::model::trace::TraceSink;
use dropprof::report::gotrace::ParsedDump;

use super::flags::{self, Flag, value};
use super::{Failure, Outcome};

const FLAGS: [Flag; 1] = [value(
    "d",
    "print the trace itself: parsed is every event as go tool trace -d=parsed prints it",
)];

pub(crate) fn help() -> String {
    format!(
        "usage: dropprof trace -d=parsed FILE\n\nExecution traces.\n\n{}\n",
        flags::help(&FLAGS)
    )
}

pub(crate) fn run(arguments: &[OsString]) -> Result<Outcome, Failure> {
    let given = flags::parse(&FLAGS, arguments).map_err(Failure::Usage)?;
    let [file] = given.files.as_slice() else {
        return Err(Failure::Usage(format!("which file?\n{}", help())));
    };
    match given.get("d") {
        Some("parsed") => parsed(file),
        _ => Err(Failure::Usage("-d must be parsed".to_owned())),
    }
}

/// Prints every event. A trace may have a hundred times the text, so it is written as it comes.
fn parsed(file: &Path) -> Result<Outcome, Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::Failed(format!("{}: {error}", file.display()));
    let mut input = File::open(file).map_err(|error| failed(&error))?;
    let mut chunks = Vec::new();
    input
        .read_to_end(&mut chunks)
        .map_err(|error| failed(&error))?;
    let make = Box::new(|| {
        let sink: Box<dyn TraceSink> = Box::new(ParsedDump::new(BufWriter::new(std::io::stdout())));
        sink
    });
    read_trace(chunks.chunks(1 << 20), make).map_err(|error| failed(&error))?;
    Ok(Outcome::Output(Vec::new()))
}
