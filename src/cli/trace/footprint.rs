//! How much of a trace is of what.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use dropprof::formats::{Footprint, FootprintTable};
use dropprof::report::gotrace::footprint_text;
use flate2::read::MultiGzDecoder;

use super::deliver;
use super::request::Request;
use crate::cli::{Failure, Outcome, complain};

pub(super) fn run(request: &Request) -> Result<Outcome, Failure> {
    let (mut text, mut has_failed) = (String::new(), false);
    for path in &request.files {
        match of(path) {
            Ok(table) => {
                if !text.is_empty() {
                    text.push('\n');
                }
                if request.files.len() > 1 {
                    text.push_str(&format!("{}:\n", path.display()));
                }
                text.push_str(&footprint_text(&table));
            }
            Err(message) => {
                complain(&format!("{}: {message}", path.display()));
                has_failed = true;
            }
        }
    }
    deliver(request, text.into_bytes(), has_failed)
}

/// Reads a file, which may be in gzip, piece by piece: archives are not looked into, as only the
/// bytes of the trace itself say this.
fn of(path: &Path) -> Result<FootprintTable, String> {
    let said = |error: io::Error| error.to_string();
    let mut file = File::open(path).map_err(said)?;
    let mut magic = [0; 2];
    let is_packed = file.read(&mut magic).map_err(said)? == 2 && magic == [0x1f, 0x8b];
    file.rewind().map_err(said)?;
    let mut bytes: Box<dyn Read> = match is_packed {
        true => Box::new(MultiGzDecoder::new(BufReader::new(file))),
        false => Box::new(file),
    };
    let mut footprint = Footprint::default();
    let mut chunk = vec![0; 256 << 10];
    loop {
        match bytes.read(&mut chunk).map_err(said)? {
            0 => break,
            n => footprint
                .push(&chunk[..n])
                .map_err(|error| error.to_string())?,
        }
    }
    footprint.finish().map_err(|error| error.to_string())
}
