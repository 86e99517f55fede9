//! Files to opened profiles.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use dropprof::formats::{OpenOptions, Opened, OpenedProfile, Opener};
use dropprof::report::clean;

/// A file of which not even the bytes could be read.
#[derive(Debug)]
pub(crate) struct NotRead {
    /// The path, U+FFFD for what is not UTF-8.
    pub(crate) name: String,
    /// Why, in one line.
    pub(crate) reason: String,
}

impl NotRead {
    pub(crate) fn new(path: &Path, reason: impl fmt::Display) -> Self {
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

/// Whether frames are left out that a profile asks to be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frames {
    All,
    Pruned,
}

/// Reads a file in chunks; a folder gives the files in it, by name. A path that goes on behind an
/// archive names what is in it: one file, or all of a folder or an archive.
pub(crate) fn open(path: &Path, options: OpenOptions) -> Vec<Result<Opened, NotRead>> {
    open_with(path, options, Frames::Pruned)
}

fn open_with(path: &Path, options: OpenOptions, frames: Frames) -> Vec<Result<Opened, NotRead>> {
    let opened = if path.is_dir() {
        folder(path, options, frames)
    } else {
        open_file(path, options, frames).map(|opened| opened.into_iter().map(Ok).collect())
    };
    opened.unwrap_or_else(|error| {
        let archive = path.ancestors().skip(1).find(|path| path.is_file());
        let members = archive.and_then(|archive| members(archive, path, options, frames));
        members.unwrap_or_else(|| vec![Err(NotRead::new(path, error))])
    })
}

/// The files of an archive that `path` names; `None` where that is no archive after all.
fn members(
    archive: &Path,
    path: &Path,
    options: OpenOptions,
    frames: Frames,
) -> Option<Vec<Result<Opened, NotRead>>> {
    let (archive_name, wanted) = (archive.to_string_lossy(), path.to_string_lossy());
    // By parts of the path, so that `./` does not matter; or as the name is printed.
    let is_wanted = |name: &str| Path::new(name).starts_with(&*wanted);
    let (found, others): (Vec<Opened>, Vec<Opened>) = open_file(archive, options, frames)
        .ok()?
        .into_iter()
        .partition(|file| is_wanted(&file.name) || is_wanted(&clean(&file.name)));
    if !found.is_empty() {
        return Some(found.into_iter().map(Ok).collect());
    }
    // What bears the archive's own name says why it could not be read to its end, or is a file
    // that is none.
    let (own, others): (Vec<Opened>, Vec<Opened>) = others
        .into_iter()
        .partition(|file| file.name == archive_name);
    let failed: Vec<_> = own.into_iter().filter(|f| f.result.is_err()).collect();
    if !failed.is_empty() {
        return Some(failed.into_iter().map(Ok).collect());
    }
    let reason = format!("no such file in {archive_name}, but {}", example(&others)?);
    Some(vec![Err(NotRead::new(path, reason))])
}

/// The name of one of several files, if possible one that is a profile.
fn example<'a>(opened: impl IntoIterator<Item = &'a Opened>) -> Option<String> {
    let first = opened
        .into_iter()
        .min_by_key(|opened| opened.result.is_err());
    first.map(|opened| opened.name.clone())
}

fn folder(
    path: &Path,
    options: OpenOptions,
    frames: Frames,
) -> io::Result<Vec<Result<Opened, NotRead>>> {
    Ok(files_in(path)?
        .iter()
        .flat_map(|path| open_with(path, options, frames))
        .collect())
}

/// The files in a folder, by name.
pub(crate) fn files_in(path: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    paths.retain(|path| path.is_file());
    Ok(paths)
}

fn open_file(path: &Path, options: OpenOptions, frames: Frames) -> io::Result<Vec<Opened>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut opener = Opener::new(&path.to_string_lossy(), options).with_size(size);
    if frames == Frames::All {
        opener = opener.with_all_frames();
    }
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
pub(crate) fn open_one(
    path: &Path,
    options: OpenOptions,
    frames: Frames,
) -> Result<OpenedProfile, NotRead> {
    let mut opened = open_with(path, options, frames);
    let example = example(opened.iter().flatten());
    match (opened.pop(), opened.len()) {
        (Some(Ok(only)), 0) => only.result.map_err(|error| NotRead::new(path, error)),
        (Some(Err(error)), 0) => Err(error),
        (None, _) => Err(NotRead::new(path, "no files in it")),
        (Some(_), others) => {
            let such = example.map_or_else(String::new, |name| format!(", such as {name}"));
            let reason = format!("holds {} files; name one of them{such}", others + 1);
            Err(NotRead::new(path, reason))
        }
    }
}
