//! Files to opened profiles.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use dropprof::formats::{OpenOptions, Opened, OpenedProfile, Opener};

/// A file of which not even the bytes could be read.
#[derive(Debug)]
pub(crate) struct NotRead {
    /// The path, U+FFFD for what is not UTF-8.
    pub(crate) name: String,
    /// Why, in one line.
    pub(crate) reason: String,
}

impl NotRead {
    fn new(path: &Path, reason: impl fmt::Display) -> Self {
        Self {
            name: path.to_string_lossy().into_owned(),
            reason: reason.to_string(),
        }
    }
}

impl fmt::Display for NotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.reason)
    }
}

/// Reads a file in chunks; a folder gives the files in it, by name.
pub(crate) fn open(path: &Path, options: OpenOptions) -> Vec<Result<Opened, NotRead>> {
    let opened = if path.is_dir() {
        folder(path, options)
    } else {
        open_file(path, options).map(|opened| opened.into_iter().map(Ok).collect())
    };
    opened.unwrap_or_else(|error| vec![Err(NotRead::new(path, error))])
}

fn folder(path: &Path, options: OpenOptions) -> io::Result<Vec<Result<Opened, NotRead>>> {
    let entries = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    paths.retain(|path| path.is_file());
    Ok(paths.iter().flat_map(|path| open(path, options)).collect())
}

fn open_file(path: &Path, options: OpenOptions) -> io::Result<Vec<Opened>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut opener = Opener::new(&path.to_string_lossy(), options).with_size(size);
    let mut chunk = vec![0; 256 << 10];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(opener.finish()),
            n => opener.push(&chunk[..n]),
        };
        if opener.has_failed() {
            return Ok(opener.finish());
        }
    }
}

/// The one profile of a file, or why there is none.
pub(crate) fn open_one(path: &Path, options: OpenOptions) -> Result<OpenedProfile, NotRead> {
    let mut opened = open(path, options);
    match (opened.pop(), opened.len()) {
        (Some(Ok(only)), 0) => only.result.map_err(|error| NotRead::new(path, error)),
        (Some(Err(error)), 0) => Err(error),
        (None, _) => Err(NotRead::new(path, "no files in it")),
        (Some(_), others) => {
            let reason = format!("holds {} files; name one of them", others + 1);
            Err(NotRead::new(path, reason))
        }
    }
}
