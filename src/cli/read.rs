//! Files to opened profiles.

use std::fs::File;
use std::io::Read;

use dropprof::formats::{OpenOptions, Opened, OpenedProfile, Opener};

/// Reads a file in chunks; a folder gives the files in it, by name.
pub(crate) fn open(path: &str, options: OpenOptions) -> Vec<Result<Opened, String>> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => folder(path, options),
        _ => match open_file(path, options) {
            Ok(opened) => opened.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(format!("{path}: {error}"))],
        },
    }
}

fn folder(path: &str, options: OpenOptions) -> Vec<Result<Opened, String>> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return vec![Err(format!("{path}: {error}"))],
    };
    let mut names: Vec<String> =
        entries.filter_map(|e| e.ok()?.path().to_str().map(str::to_owned)).collect();
    names.sort();
    names.retain(|name| std::fs::metadata(name).is_ok_and(|meta| meta.is_file()));
    names.iter().flat_map(|name| open(name, options)).collect()
}

fn open_file(path: &str, options: OpenOptions) -> std::io::Result<Vec<Opened>> {
    let mut file = File::open(path)?;
    let mut opener = Opener::new(path, options);
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

/// The one profile of a file, or why there is none, as one line.
pub(crate) fn open_one(path: &str, options: OpenOptions) -> Result<OpenedProfile, String> {
    let mut opened = open(path, options);
    match (opened.pop(), opened.len()) {
        (Some(Ok(only)), 0) => only.result.map_err(|error| format!("{path}: {error}")),
        (Some(Err(message)), 0) => Err(message),
        (None, _) => Err(format!("{path}: no files in it")),
        (Some(_), others) => Err(format!("{path}: holds {} files; name one of them", others + 1)),
    }
}
