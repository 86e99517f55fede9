//! The expert: rules over everything a session holds, what they found and what they did not.
//!
//! A rule is data ([`rule`], [`catalogue`]): what to look for, from when on it matters, what to
//! change. [`matcher`] finds the stacks of rules by signature; [`detect`] has what a signature
//! cannot say. Shares fire by the lower end of their interval, so few samples claim little.
//! [`links`] puts causes before consequences, [`answers`] says what was looked for in vain and what
//! could not be looked for. The same files give the same findings, whatever order they come in.

mod answers;
mod case;
mod catalogue;
mod detect;
mod finding;
mod go_version;
mod json;
mod links;
mod matcher;
mod pattern;
mod rule;
mod score;

pub use answers::{Check, NotAssessable};
pub use finding::{Evidence, Finding, Metric, Site};
pub use json::SCHEMA;
pub use rule::{Confidence, Rule, Severity};

use case::Case;

use crate::analysis::Classes;
use crate::model::{Kind, Profile};

/// One file of the session.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Name as opened: evidence names its source by it, and files in one folder count as one run.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Its content.
    pub profile: &'a Profile,
    /// Whose code its functions are.
    pub classes: &'a Classes,
}

/// All that the rules say about a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// What was found: gravest first; a consequence stands behind its cause where both are as
    /// grave.
    pub findings: Vec<Finding>,
    /// Questions that were answered with no: with value and threshold.
    pub checked: Vec<Check>,
    /// Questions that no file of the session can answer.
    pub not_assessable: Vec<NotAssessable>,
}

impl Findings {
    /// The same without the findings of these keys (see [`Finding::key`]): what an author left
    /// out. What followed from one of them stands for itself.
    #[must_use]
    pub fn without(mut self, keys: &[String]) -> Self {
        let kept: Vec<bool> = self
            .findings
            .iter()
            .map(|finding| !keys.contains(&finding.key()))
            .collect();
        let mut place = Vec::with_capacity(kept.len());
        let mut next = 0;
        for &is_kept in &kept {
            place.push(is_kept.then_some(next));
            next += usize::from(is_kept);
        }
        let mut at = 0;
        self.findings.retain(|_| {
            at += 1;
            kept[at - 1]
        });
        for finding in &mut self.findings {
            finding.explained_by = finding.explained_by.and_then(|at| place[at]);
            finding.explains = finding
                .explains
                .iter()
                .filter_map(|&at| place[at])
                .collect();
        }
        self
    }
}

/// Examines a session. Nothing is found without files, and everything is then not assessable.
pub fn examine(files: &[Input<'_>]) -> Findings {
    let cases: Vec<Case<'_>> = views(files)
        .into_iter()
        .map(|(index, file)| Case::new(index, file))
        .collect();
    let mut findings = Vec::new();
    for case in &cases {
        detect::by_signature(case, &mut findings);
        detect::by_code(case, &mut findings);
    }
    detect::over_files(&cases, &mut findings);
    score::merge(&mut findings, files);
    links::connect(&cases, &mut findings);
    score::rank(&mut findings);
    Findings {
        checked: answers::checked(&cases, &findings),
        not_assessable: answers::not_assessable(files),
        findings,
    }
}

/// Which files of benchmark results are before and after of each other, as the numbers that came
/// with the names; the state before the change first.
pub(crate) fn benchmark_groups(files: &[(usize, &str)]) -> Vec<Vec<usize>> {
    detect::benchmark_groups(files)
}

/// What the rules look at. A memory profile is two things: what was allocated and what is in use.
/// Where a run has a file for each, each is looked at for what it is for.
fn views<'a>(files: &'a [Input<'a>]) -> Vec<(usize, CaseFile<'a>)> {
    let has = |folder: &str, kind: Kind| {
        files
            .iter()
            .any(|f| f.kind == kind && folder_of(f.name) == folder)
    };
    let mut views = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let folder = folder_of(file.name);
        views.push((
            index,
            CaseFile {
                kind: file.kind,
                ..CaseFile::of(file)
            },
        ));
        let other = match file.kind {
            Kind::Heap => Kind::Allocs,
            Kind::Allocs => Kind::Heap,
            _ => continue,
        };
        if !has(folder, other) {
            views.push((
                index,
                CaseFile {
                    kind: other,
                    ..CaseFile::of(file)
                },
            ));
        }
    }
    views
}

/// A file as one of the things it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CaseFile<'a> {
    name: &'a str,
    kind: Kind,
    profile: &'a Profile,
    classes: &'a Classes,
}

impl<'a> CaseFile<'a> {
    fn of(file: &Input<'a>) -> Self {
        Self {
            name: file.name,
            kind: file.kind,
            profile: file.profile,
            classes: file.classes,
        }
    }
}

/// The folder of a name, with its slash; empty without one.
fn folder_of(name: &str) -> &str {
    let end = name.rfind(['/', '\\']).map_or(0, |at| at + 1);
    &name[..end]
}
