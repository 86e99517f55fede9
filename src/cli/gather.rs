//! The files of a report: named ones and whole folders, in an order of their own.

use std::path::{Path, PathBuf};

use dropprof::error::Stage;
use dropprof::formats::{OpenOptions, Opened};
use dropprof::report::Unreadable;

use super::complain;
use super::flags::Given;
use super::read::{self, NotRead};

/// Folders inside folders that are looked into.
const DEPTH: usize = 16;

/// What was read, and what was not.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Profiles, as they came.
    pub(crate) read: Vec<Opened>,
    /// What was named or looked like a profile and could not be read.
    pub(crate) unreadable: Vec<Unreadable>,
    /// Files in folders that are something else.
    pub(crate) skipped: usize,
}

impl Gathered {
    /// Reads everything that the command line names; stderr is told at once of what cannot be
    /// read. Names lose the folders that all of them lie in.
    pub(crate) fn new(given: &Given, options: OpenOptions) -> Self {
        let mut gathered = Self::default();
        for path in &given.files {
            if path.is_dir() {
                for file in files_below(path) {
                    gathered.take(read::open(&file, options), Found::InFolder);
                }
            } else {
                gathered.take(read::open(path, options), Found::Named);
            }
        }
        let names = gathered.read.iter_mut().map(|file| &mut file.name);
        let others = gathered.unreadable.iter_mut().map(|file| &mut file.name);
        strip_common(names.chain(others).collect());
        gathered
    }

    fn take(&mut self, opened: Vec<Result<Opened, NotRead>>, found: Found) {
        for file in opened {
            let (name, reason) = match file {
                Ok(Opened {
                    result: Err(error), ..
                }) if found == Found::InFolder && error.stage == Stage::Detect => {
                    self.skipped += 1;
                    continue;
                }
                Ok(Opened {
                    name,
                    result: Err(error),
                    ..
                }) => (name, error.to_string()),
                Ok(file) => {
                    self.read.push(file);
                    continue;
                }
                Err(NotRead { name, reason }) => (name, reason),
            };
            complain(&format!("{name}: {reason}"));
            self.unreadable.push(Unreadable { name, reason });
        }
    }
}

/// How a file came into the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// It was named: that it is no profile is an error.
    Named,
    /// It lies in a folder, as much else may.
    InFolder,
}

/// All files in a folder and its folders, by path. Links to folders are not followed.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            complain(&format!("{}: the folder cannot be read", folder.display()));
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < DEPTH => folders.push((path, depth + 1)),
                _ if path.is_file() => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

/// Takes from the names the folders that all of them lie in: the report speaks of files by what
/// tells them apart, not by where they lie.
fn strip_common(mut names: Vec<&mut String>) {
    let folders = |name: &str| name.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    let Some((first, rest)) = names.split_first() else {
        return;
    };
    let mut common = folders(first);
    for name in rest {
        let same = first
            .bytes()
            .zip(name.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        // Both agree up to there, so the cut lies behind a slash of both.
        common = folders(&first.as_str()[..floor(first, common.min(same))]);
    }
    for name in &mut names {
        name.drain(..common);
    }
}

/// The last character boundary up to `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(names: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        strip_common(names.iter_mut().collect());
        names
    }

    #[test]
    fn only_what_all_have_in_common_is_left_out_of_names() {
        assert_eq!(
            stripped(&["x/a/cpu.pb.gz", "x/b/cpu.pb.gz"]),
            ["a/cpu.pb.gz", "b/cpu.pb.gz"]
        );
        assert_eq!(
            stripped(&["/t/cpu", "/t/cpu2", "/t/s/cpu"]),
            ["cpu", "cpu2", "s/cpu"]
        );
        assert_eq!(stripped(&["/t/s/cpu", "cpu"]), ["/t/s/cpu", "cpu"]);
        assert_eq!(stripped(&["/t/s/cpu"]), ["cpu"]);
        assert_eq!(stripped(&["t/a", "t/a"]), ["a", "a"]);
        // The two letters differ in their second byte.
        assert_eq!(stripped(&["t/ä", "t/ö"]), ["ä", "ö"]);
        assert!(stripped(&[]).is_empty());
    }
}
