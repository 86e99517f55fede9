//! The files that are named, with labels and as standard input.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use dropprof::analysis::bench::BenchFile;
use dropprof::error::Pos;
use dropprof::formats::{BenchRules, describe, read_benchmarks_after};
use dropprof::model::Benchmarks;

/// One of them.
struct Input {
    path: PathBuf,
    label: String,
}

/// All of them.
pub(super) struct Inputs {
    inputs: Vec<Input>,
    rules: BenchRules,
    read: Vec<Benchmarks>,
}

impl Inputs {
    /// `label=path` names a column; a path that is given several times has a number for each.
    pub(super) fn new(words: &[PathBuf], is_strict: bool) -> Self {
        let mut inputs = Vec::new();
        let mut is_labelled = Vec::new();
        for word in words {
            let text = word.to_string_lossy();
            let (label, path) = match text.split_once('=') {
                Some((label, path)) => (label.to_owned(), PathBuf::from(path)),
                None => (text.into_owned(), word.clone()),
            };
            is_labelled.push(word.to_string_lossy().contains('='));
            inputs.push(Input { path, label });
        }
        let paths: Vec<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
        let is_bare_copy = |at: usize, path: &Path| !is_labelled[at] && paths[at] == path;
        for (at, input) in inputs.iter_mut().enumerate() {
            let copies = |to: usize| {
                (0..to)
                    .filter(|&other| is_bare_copy(other, &paths[at]))
                    .count()
            };
            if !is_labelled[at] && copies(paths.len()) > 1 {
                input.label = format!("{}#{}", input.path.display(), copies(at));
            }
        }
        Self {
            inputs,
            rules: match is_strict {
                true => BenchRules::Corrected,
                false => BenchRules::AsBenchstat,
            },
            read: Vec::new(),
        }
    }

    /// Reads them one after the other, and tells of lines that are left out as they come.
    pub(super) fn read(&mut self, tell: &dyn Fn(&str)) -> Result<(), String> {
        for input in &self.inputs {
            let path = input.path.display();
            let bytes = match input.path.as_os_str() == "-" {
                true => {
                    let mut bytes = Vec::new();
                    let read = io::stdin().lock().read_to_end(&mut bytes);
                    read.map(|_| bytes)
                        .map_err(|error| format!("read stdin: {}", reason(&error)))
                }
                false => read_file(&input.path),
            }?;
            let earlier: Vec<&Benchmarks> = self.read.iter().collect();
            let read =
                read_benchmarks_after(&bytes, self.rules, &earlier).map_err(
                    |error| match error.pos {
                        Pos::Line(line) => format!("{path}:{line}: {}", error.reason),
                        _ => format!("{path}: {}", error.reason),
                    },
                )?;
            for remark in &read.remarks {
                if remark.kind.is_error() || self.rules == BenchRules::Corrected {
                    tell(&format!("{path}:{}: {}", remark.line, remark.kind));
                }
            }
            if self.rules == BenchRules::Corrected && read.results.is_empty() {
                let (looks_like, advice) = describe(&bytes);
                return Err(format!(
                    "{path}: no benchmark results in it; it looks like {looks_like}: {advice}"
                ));
            }
            self.read.push(read);
        }
        Ok(())
    }

    pub(super) fn files(&self) -> Vec<BenchFile<'_>> {
        let pairs = self.inputs.iter().zip(&self.read);
        pairs
            .map(|(input, benchmarks)| BenchFile {
                label: &input.label,
                benchmarks,
            })
            .collect()
    }
}

/// The bytes of a file, or why there are none, as Go says it.
fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let shown = path.display();
    if path.is_dir() {
        return Err(format!("read {shown}: is a directory"));
    }
    fs::read(path).map_err(|error| format!("open {shown}: {}", reason(&error)))
}

/// What the system says, without its number and in small letters, as Go prints it.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
