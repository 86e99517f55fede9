//! The events of a trace, written as they come: they may be a hundred times the file.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use dropprof::formats::{OpenOptions, Opened, Opener};
use dropprof::model::trace::TraceSink;
use dropprof::report::gotrace::{ParsedDump, trace_losses};

use super::cannot_write;
use super::input;
use super::request::Request;
use crate::cli::read::{self, NotRead};
use crate::cli::{Failure, Outcome, complain};

thread_local! {
    /// Where events go. It stands here because what reads a file makes sinks by a plain function:
    /// there may be several traces in a file, or in an archive.
    static OUT: RefCell<Out> = const { RefCell::new(Out { to: None, failed: None }) };
}

/// A writer that remembers what went wrong first, and writes nothing from then on.
struct Out {
    to: Option<BufWriter<Box<dyn Write>>>,
    failed: Option<io::Error>,
}

impl Out {
    fn with<T>(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
        let gone = || io::Error::from(ErrorKind::BrokenPipe);
        if self.failed.is_some() {
            return Err(gone());
        }
        let to = self.to.as_mut().ok_or_else(gone)?;
        write(to).map_err(|error| {
            self.failed = Some(error);
            gone()
        })
    }
}

/// Writes to [`OUT`].
struct ToOut;

impl Write for ToOut {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        OUT.with_borrow_mut(|out| out.with(|to| to.write(bytes)))
    }

    fn flush(&mut self) -> io::Result<()> {
        OUT.with_borrow_mut(|out| out.with(|to| to.flush()))
    }
}

fn has_failed() -> bool {
    OUT.with_borrow(|out| out.failed.is_some())
}

fn sink() -> Box<dyn TraceSink> {
    Box::new(ParsedDump::new(ToOut))
}

/// Prints every event.
pub(super) fn events(request: &Request) -> Result<Outcome, Failure> {
    let to: Box<dyn Write> = match &request.output {
        Some(path) => Box::new(File::create(path).map_err(|error| cannot_write(path, &error))?),
        None => Box::new(io::stdout()),
    };
    OUT.set(Out {
        to: Some(BufWriter::with_capacity(1 << 16, to)),
        failed: None,
    });
    let open = request.open.with_trace(sink);
    let mut is_partial = false;
    for path in &request.files {
        for trace in input::of(path, open_while_read(path, open)) {
            match trace {
                // Who does not read on does not ask for what was not read, either.
                _ if has_failed() => {}
                Ok((name, profile)) => {
                    for loss in trace_losses(&profile) {
                        complain(&format!("{name}: {loss}"));
                    }
                }
                Err(message) => {
                    complain(&message);
                    is_partial = true;
                }
            }
        }
    }
    match OUT.take().failed {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => match &request.output {
            Some(path) => Err(cannot_write(path, &error)),
            None => Err(Failure::Failed(format!("writing: {error}"))),
        },
        _ if is_partial => Ok(Outcome::Partial(Vec::new())),
        _ => Ok(Outcome::Output(Vec::new())),
    }
}

impl Default for Out {
    fn default() -> Self {
        Self {
            to: None,
            failed: None,
        }
    }
}

/// Opens a file for as long as its events can be written.
fn open_while_read(path: &Path, options: OpenOptions) -> Vec<Result<Opened, NotRead>> {
    let is_inside = !path.exists() && path.ancestors().skip(1).any(Path::is_file);
    if is_inside {
        // What lies in an archive is told by its name once it has been read, which is too late.
        let why = "name the archive, whose traces are all printed, or unpack this one";
        return vec![Err(NotRead::new(path, why))];
    }
    let mut file = match File::open(path) {
        Ok(file) if path.is_file() => file,
        _ => return read::open(path, options),
    };
    let mut opener = Opener::new(&path.to_string_lossy(), options);
    let mut chunk = vec![0; 256 << 10];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => opener.push(&chunk[..n]),
            Err(error) => return vec![Err(NotRead::new(path, error))],
        };
        if opener.has_failed() || has_failed() {
            break;
        }
    }
    opener.finish().into_iter().map(Ok).collect()
}
