//! The events of a trace, written as they come: they may be a hundred times the file.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::Path;
use std::rc::Rc;

use dropprof::formats::{OpenOptions, Opened, Opener};
use dropprof::model::trace::TraceSink;
use dropprof::report::gotrace::ParsedDump;

use super::cannot_write;
use super::input;
use super::request::Request;
use crate::cli::read::{self, NotRead};
use crate::cli::{Failure, Outcome, complain};

/// Where events go: a writer that remembers what went wrong first, and writes nothing from then
/// on. All traces of a file share it.
#[derive(Clone)]
struct Out(Rc<RefCell<Shared>>);

struct Shared {
    to: BufWriter<Box<dyn Write>>,
    failed: Option<io::Error>,
}

impl Out {
    fn new(to: Box<dyn Write>) -> Self {
        Self(Rc::new(RefCell::new(Shared {
            to: BufWriter::with_capacity(1 << 16, to),
            failed: None,
        })))
    }

    fn has_failed(&self) -> bool {
        self.0.borrow().failed.is_some()
    }

    fn with<T>(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
        let gone = || io::Error::from(ErrorKind::BrokenPipe);
        let shared = &mut *self.0.borrow_mut();
        if shared.failed.is_some() {
            return Err(gone());
        }
        write(&mut shared.to).map_err(|error| {
            shared.failed = Some(error);
            gone()
        })
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|to| to.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(|to| to.flush())
    }
}

/// Prints every event.
pub(super) fn run(request: &Request) -> Result<Outcome, Failure> {
    let to: Box<dyn Write> = match &request.output {
        Some(path) => Box::new(File::create(path).map_err(|error| cannot_write(path, &error))?),
        None => Box::new(io::stdout()),
    };
    let out = Out::new(to);
    let mut is_partial = false;
    for path in &request.files {
        for trace in input::of(path, open(path, request.open, &out)) {
            match trace {
                // Who does not read on does not ask for what was not read, either.
                _ if out.has_failed() => {}
                Ok(trace) => trace.complain(),
                Err(message) => {
                    complain(&message);
                    is_partial = true;
                }
            }
        }
    }
    match out.0.borrow_mut().failed.take() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => match &request.output {
            Some(path) => Err(cannot_write(path, &error)),
            None => Err(Failure::Failed(format!("writing: {error}"))),
        },
        _ if is_partial => Ok(Outcome::Partial(Vec::new())),
        _ => Ok(Outcome::Output(Vec::new())),
    }
}

/// Opens a file, or those of a folder, for as long as their events can be written.
fn open(path: &Path, options: OpenOptions, out: &Out) -> Vec<Result<Opened, NotRead>> {
    if path.is_dir() {
        let files = match read::files_in(path) {
            Ok(files) => files,
            Err(error) => return vec![Err(NotRead::new(path, error))],
        };
        return files
            .iter()
            .flat_map(|file| open(file, options, out))
            .collect();
    }
    let is_inside = !path.exists() && path.ancestors().skip(1).any(Path::is_file);
    if is_inside {
        // What lies in an archive is told by its name once it has been read, which is too late.
        let why = "name the archive, whose traces are all printed, or unpack this one";
        return vec![Err(NotRead::new(path, why))];
    }
    match read_file(path, options, out) {
        Ok(opened) => opened.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(NotRead::new(path, error))],
    }
}

fn read_file(path: &Path, options: OpenOptions, out: &Out) -> io::Result<Vec<Opened>> {
    let mut file = File::open(path)?;
    let for_sinks = out.clone();
    let make = move || {
        let sink: Box<dyn TraceSink> = Box::new(ParsedDump::new(for_sinks.clone()));
        sink
    };
    let name = path.to_string_lossy();
    let mut opener = Opener::new(&name, options).with_sinks(Box::new(make));
    let mut chunk = vec![0; 256 << 10];
    loop {
        match file.read(&mut chunk)? {
            0 => break,
            n => opener.push(&chunk[..n]),
        };
        if opener.has_failed() || out.has_failed() {
            break;
        }
    }
    Ok(opener.finish())
}
