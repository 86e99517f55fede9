//! Files to the traces in them.

use std::path::Path;

use dropprof::error::{Diagnostic, Stage};
use dropprof::formats::{OpenOptions, Opened};
use dropprof::model::{Kind, Profile};

use crate::cli::{complain, read};

/// A trace, under the name of its file.
#[derive(Debug)]
pub(super) struct Trace {
    pub(super) name: String,
    pub(super) profile: Profile,
    remarks: Vec<Diagnostic>,
}

impl Trace {
    /// Says what of it could not be used, for who sees no table.
    pub(super) fn complain(&self) {
        for remark in &self.remarks {
            complain(&format!("{}: {}", self.name, remark.message));
        }
    }
}

/// The traces of a file, a folder or an archive, in order; or why there is none, in one line. What
/// else lies in a folder or an archive is passed over.
pub(super) fn traces(path: &Path, options: OpenOptions) -> Vec<Result<Trace, String>> {
    of(path, read::open(path, options))
}

/// The traces among what was opened.
pub(super) fn of(
    path: &Path,
    opened: Vec<Result<Opened, read::NotRead>>,
) -> Vec<Result<Trace, String>> {
    let is_only = opened.len() == 1;
    let mut found = Vec::new();
    for file in opened {
        let Opened { name, result, .. } = match file {
            Ok(opened) => opened,
            Err(error) => {
                found.push(Err(error.to_string()));
                continue;
            }
        };
        match result {
            Ok(opened) if opened.kind == Kind::Trace => found.push(Ok(Trace {
                name,
                profile: opened.profile,
                remarks: opened.diagnostics,
            })),
            Ok(opened) if is_only => {
                let kind = opened.kind.label();
                found.push(Err(format!("{name}: not an execution trace: {kind}")));
            }
            Err(error) if is_only || error.stage != Stage::Detect => {
                found.push(Err(format!("{name}: {error}")));
            }
            _ => {}
        }
    }
    if found.is_empty() {
        found.push(Err(format!("{}: no execution trace in it", path.display())));
    }
    found
}
