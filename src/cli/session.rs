//! What was read, with whose code is whose.

use dropprof::analysis::Classes;
use dropprof::error::Diagnostic;
use dropprof::findings::Input;
use dropprof::model::{Kind, Profile};
use dropprof::report::{ReportFile, compare_files};

use super::Failure;
use super::gather::Gathered;

/// A profile of the session.
#[derive(Debug)]
pub(crate) struct SessionFile<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
    pub(crate) profile: &'a Profile,
    pub(crate) diagnostics: &'a [Diagnostic],
    pub(crate) classes: Classes,
}

impl<'a> SessionFile<'a> {
    pub(crate) fn for_report(&self) -> ReportFile<'a> {
        ReportFile {
            name: self.name,
            kind: self.kind,
            profile: self.profile,
            diagnostics: self.diagnostics,
        }
    }
}

/// The profiles that were read, in the order of the report.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) files: Vec<SessionFile<'a>>,
}

impl<'a> Session<'a> {
    /// `main` names the program's own module; without it, it is guessed.
    pub(crate) fn new(gathered: &'a Gathered, main: Option<&str>) -> Result<Self, Failure> {
        let read = gathered.read.iter().filter_map(|file| {
            let opened = file.result.as_ref().ok()?;
            Some(SessionFile {
                name: &file.name,
                kind: opened.kind,
                profile: &opened.profile,
                diagnostics: &opened.diagnostics,
                classes: Classes::with_module(&opened.profile, main.unwrap_or_default()),
            })
        });
        let mut files: Vec<SessionFile<'a>> = read.collect();
        // What is found, and told first, does not depend on the order of naming.
        files.sort_by(|a, b| compare_files(&a.for_report(), &b.for_report()));
        if files.is_empty() {
            let why = "no file could be read, so there is nothing to report";
            return Err(Failure::Failed(why.to_owned()));
        }
        Ok(Self { files })
    }

    /// For the rules.
    pub(crate) fn inputs(&self) -> Vec<Input<'_>> {
        let inputs = self.files.iter().map(|file| Input {
            name: file.name,
            kind: file.kind,
            profile: file.profile,
            classes: &file.classes,
        });
        inputs.collect()
    }
}
