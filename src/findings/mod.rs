//! The expert: rules over everything a session holds, what they found and what they did not.
//!
//! A rule is data ([`rule`], [`catalogue`]): what to look for, from when on it matters, what to
//! change. [`matcher`] finds the stacks of rules by signature; [`detect`] has what a signature
//! cannot say. Shares fire by the lower end of their interval, so few samples claim little.
//! [`links`] puts causes before consequences, [`confirm`] asks other files of the run about what a
//! trace shows, [`answers`] says what was looked for in vain and what
//! could not be looked for. The same files give the same findings, whatever order they come in.

mod answers;
mod case;
mod catalogue;
mod confirm;
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
    /// How many there are of each severity that occurs, gravest first.
    pub fn counts(&self) -> Vec<(Severity, usize)> {
        let count = |severity| {
            let of = self.findings.iter().filter(|f| f.severity == severity);
            (severity, of.count())
        };
        let all = Severity::ALL.into_iter().map(count);
        all.filter(|(_, count)| *count > 0).collect()
    }

    /// What is above information as it is listed, by place in [`Self::findings`]: a cause before
    /// what follows from it, which stands one step deeper. A group stands where its gravest member
    /// would.
    pub fn outline(&self) -> Vec<OutlineRow> {
        let is_listed = |at: usize| {
            let finding = self.findings.get(at);
            finding.is_some_and(|finding| finding.severity > Severity::Info)
        };
        let mut rows = Vec::new();
        let mut placed = vec![false; self.findings.len()];
        for (at, finding) in self.findings.iter().enumerate() {
            let root = finding
                .explained_by
                .filter(|&cause| is_listed(cause))
                .unwrap_or(at);
            let effects = self.findings[root].explains.iter().map(|&at| (at, 1));
            for (at, depth) in [(root, 0)].into_iter().chain(effects) {
                if is_listed(at) && !placed[at] {
                    placed[at] = true;
                    rows.push(OutlineRow { at, depth });
                }
            }
        }
        rows
    }

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

/// A finding in its place among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutlineRow {
    /// Place in [`Findings::findings`].
    pub at: usize,
    /// 0 for a cause, 1 for what follows from the cause above.
    pub depth: u8,
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
    score::merge(&mut findings);
    links::connect(&cases, &mut findings);
    confirm::confirm(&cases, &mut findings);
    score::rank(&mut findings);
    Findings {
        checked: answers::checked(&cases, &findings),
        not_assessable: answers::not_assessable(files),
        findings,
    }
}

/// A text as an expression that matches nothing else.
pub(crate) fn quoted_pattern(text: &str) -> String {
    pattern::quoted(text)
}

/// Which files of benchmark results are before and after of each other, as the numbers that came
/// with the names; the state before the change first.
pub(crate) fn benchmark_groups(files: &[(usize, &str)]) -> Vec<Vec<usize>> {
    detect::benchmark_groups(files)
}

/// What the rules look at. A memory profile is two things: what was allocated and what is in use.
/// Where a run has a file for each, each is looked at for what it is for.
fn views<'a>(files: &'a [Input<'a>]) -> Vec<(usize, Input<'a>)> {
    let has = |folder: &str, kind: Kind| {
        files
            .iter()
            .any(|f| f.kind == kind && folder_of(f.name) == folder)
    };
    let mut views = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let folder = folder_of(file.name);
        views.push((index, *file));
        let other = match file.kind {
            Kind::Heap => Kind::Allocs,
            Kind::Allocs => Kind::Heap,
            _ => continue,
        };
        if !has(folder, other) {
            views.push((
                index,
                Input {
                    kind: other,
                    ..*file
                },
            ));
        }
    }
    views
}

/// The folder of a name, with its slash; empty without one.
fn folder_of(name: &str) -> &str {
    let end = name.rfind(['/', '\\']).map_or(0, |at| at + 1);
    &name[..end]
}

#[cfg(test)]
mod tests {
    use super::finding::Metric;
    use super::*;

    /// Findings of these severities; `(cause, effect)` are links.
    fn findings(severities: &[Severity], links: &[(usize, usize)]) -> Findings {
        let rule = catalogue::rule("A04").expect("a rule");
        let mut findings: Vec<Finding> = severities
            .iter()
            .map(|&severity| {
                let evidence = finding::tests::evidence(Metric::default());
                Finding::new(rule, severity, Confidence::High, evidence)
            })
            .collect();
        for &(cause, effect) in links {
            findings[cause].explains.push(effect);
            findings[effect].explained_by = Some(cause);
        }
        Findings {
            findings,
            ..Findings::default()
        }
    }

    fn listed(found: &Findings) -> Vec<(usize, u8)> {
        let rows = found.outline().into_iter();
        rows.map(|row| (row.at, row.depth)).collect()
    }

    use Severity::{High, Info, Low, Medium};

    #[test]
    fn what_follows_from_a_cause_stands_below_it_also_where_it_is_the_graver_one() {
        let found = findings(&[High, High, Medium, Low], &[(2, 0), (2, 3)]);
        assert_eq!(listed(&found), [(2, 0), (0, 1), (3, 1), (1, 0)]);
        assert_eq!(found.counts(), [(High, 2), (Medium, 1), (Low, 1)]);
    }

    #[test]
    fn information_is_listed_apart_and_what_follows_from_it_stands_for_itself() {
        let found = findings(&[High, Info, Info], &[(1, 0), (0, 2)]);
        assert_eq!(listed(&found), [(0, 0)]);
    }

    #[test]
    fn causes_in_a_ring_are_listed_once() {
        let found = findings(&[High, High, Low], &[(0, 1), (1, 0)]);
        let mut places: Vec<usize> = listed(&found).into_iter().map(|(at, _)| at).collect();
        places.sort_unstable();
        assert_eq!(places, [0, 1, 2]);
    }
}
