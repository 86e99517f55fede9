//! Where a report goes: the standard output, a file, or through Graphviz.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::table::Kind;
use crate::cli::complain;

/// Files with the same name that are tried before giving up, as pprof does.
const MAX_NAMES: usize = 10_000;

/// Where a report goes as it is written, piece by piece, unless it is needed as a whole.
#[derive(Debug)]
pub(super) struct Pipe<'a> {
    streams: bool,
    /// The file asked for; the standard output without one.
    path: Option<&'a Path>,
    /// That file, once something is written: a report that fails before leaves it alone.
    file: RefCell<Option<File>>,
    closed: Cell<bool>,
}

impl<'a> Pipe<'a> {
    pub(super) fn to(kind: Kind, path: Option<&'a Path>) -> Self {
        let streams = match kind {
            Kind::Text => true,
            // Nothing for a terminal: then it goes to a new file.
            Kind::File(_) => path.is_some() || !std::io::stdout().is_terminal(),
            Kind::Picture(_) | Kind::Viewer => false,
        };
        Self {
            streams,
            path,
            file: RefCell::new(None),
            closed: Cell::new(false),
        }
    }

    pub(super) fn streams(&self) -> bool {
        self.streams
    }

    /// Writes a piece; an error when nobody reads any more, or when writing fails.
    pub(super) fn write(&self, piece: &[u8]) -> Result<(), String> {
        if let Some(path) = self.path {
            let written = self.write_to_file(path, piece);
            return written.map_err(|error| format!("{}: {error}", path.display()));
        }
        std::io::stdout().write_all(piece).map_err(|error| {
            self.closed
                .set(error.kind() == std::io::ErrorKind::BrokenPipe);
            format!("writing: {error}")
        })
    }

    fn write_to_file(&self, path: &Path, piece: &[u8]) -> std::io::Result<()> {
        let mut file = self.file.borrow_mut();
        if let Some(file) = &mut *file {
            return file.write_all(piece);
        }
        complain(&format!("Generating report in {}", path.display()));
        file.insert(File::create(path)?).write_all(piece)
    }

    /// True when whoever read has gone (`| head`).
    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }
}

/// Makes of a report, or of what a pipe has not taken of it, what its flag names, and puts it
/// where it belongs. What is left is for the standard output.
pub(super) fn deliver(text: Vec<u8>, kind: Kind, pipe: &Pipe<'_>) -> Result<Vec<u8>, String> {
    let (made, ending) = match kind {
        Kind::Text | Kind::Viewer => (text, None),
        Kind::File(ending) => (text, Some(ending)),
        Kind::Picture(format) => (picture(&text, format)?, Some(format)),
    };
    if pipe.path.is_some() {
        pipe.write(&made)?;
        return Ok(Vec::new());
    }
    match ending {
        Some(ending) if std::io::stdout().is_terminal() => {
            let (mut file, path) = new_file(ending)?;
            complain(&format!("Generating report in {}", path.display()));
            let written = file.write_all(&made);
            written.map_err(|error| format!("{}: {error}", path.display()))?;
            Ok(Vec::new())
        }
        _ => Ok(made),
    }
}

/// A file that was not there before: `profile001.pb.gz`.
fn new_file(ending: &str) -> Result<(File, PathBuf), String> {
    for number in 1..MAX_NAMES {
        let path = PathBuf::from(format!("profile{number:03}.{ending}"));
        match File::create_new(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(format!("{}: {error}", path.display())),
        }
    }
    Err(format!(
        "could not create file of the form profileNNN.{ending}"
    ))
}

/// The picture that Graphviz makes of a graph.
fn picture(graph: &[u8], format: &str) -> Result<Vec<u8>, String> {
    let mut command = Command::new("dot");
    command.arg(format!("-T{format}"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let missing = |error| {
        format!(
            "-{format} needs Graphviz, whose dot cannot be run ({error}); dropprof's page draws \
             the profile without it"
        )
    };
    let mut dot = command.spawn().map_err(missing)?;
    let input = dot.stdin.take();
    let output = std::thread::scope(|scope| {
        // dot may write before it has read everything.
        scope.spawn(move || input.map(|mut input| input.write_all(graph)));
        dot.wait_with_output()
    });
    let output = output.map_err(|error| format!("dot: {error}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("failed to execute dot: {}", output.status))
    }
}
