//! The stream of `go test -json`: an event per line, of which some hold pieces of the text.

use std::collections::HashMap;

use serde::Deserialize;

use super::lines;
use super::reader::Reader;
use crate::error::Result;
use crate::model::RemarkKind;

/// What is needed of an event.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "Action")]
    action: String,
    #[serde(rename = "Package", default)]
    package: String,
    #[serde(rename = "Output", default)]
    output: String,
}

/// The text of one package, put together from its events: they may break lines anywhere, and
/// those of packages that are tested at once come mixed.
#[derive(Default)]
struct Output {
    text: Vec<u8>,
    /// Where in the text which line of the stream begins.
    starts: Vec<(usize, u64)>,
}

impl Output {
    fn push(&mut self, piece: &[u8], line: u64) {
        self.starts.push((self.text.len(), line));
        self.text.extend_from_slice(piece);
    }
}

/// The first line that is not blank is an event.
pub(super) fn is_stream(text: &[u8]) -> bool {
    lines(text)
        .map(|(line, _)| line.trim_ascii())
        .find(|line| !line.is_empty())
        .is_some_and(|line| line.starts_with(b"{") && event(line).is_some())
}

fn event(line: &[u8]) -> Option<Event> {
    serde_json::from_slice(line).ok()
}

/// The texts of packages, in the order in which they first say something.
#[derive(Default)]
struct Outputs {
    texts: Vec<Output>,
    rows: HashMap<String, usize>,
}

impl Outputs {
    fn push(&mut self, package: String, piece: &[u8], line: u64) {
        let next = self.texts.len();
        let row = *self.rows.entry(package).or_insert(next);
        if row == next {
            self.texts.push(Output::default());
        }
        self.texts[row].push(piece, line);
    }
}

/// Reads the texts of all packages.
pub(super) fn read(stream: &[u8], reader: &mut Reader) -> Result<()> {
    let mut outputs = Outputs::default();
    for (line, number) in lines(stream) {
        if !line.starts_with(b"{") {
            // The compiler's messages, or a text that was appended.
            outputs.push(String::new(), &[line, b"\n"].concat(), number);
            continue;
        }
        match event(line) {
            Some(event) if event.action == "output" => {
                outputs.push(event.package, event.output.as_bytes(), number);
            }
            Some(_) => {}
            None => reader.remark(number, RemarkKind::BadEvent),
        }
    }
    for output in &outputs.texts {
        read_output(output, reader)?;
        reader.end_of_text();
    }
    Ok(())
}

fn read_output(output: &Output, reader: &mut Reader) -> Result<()> {
    let (mut at, mut start) = (0, 0);
    for (line, _) in lines(&output.text) {
        while output.starts.get(start + 1).is_some_and(|s| s.0 <= at) {
            start += 1;
        }
        reader.line(line, output.starts.get(start).map_or(1, |s| s.1))?;
        // A carriage return before the end is not part of the line.
        let returned = output.text.get(at + line.len()) == Some(&b'\r');
        at += line.len() + 1 + usize::from(returned);
    }
    Ok(())
}
