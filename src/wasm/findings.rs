//! What the rules say about the session: the verb of the Summary and of the report's choice.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use super::workspace::{Loaded, Workspace};
use crate::analysis::Classes;
use crate::findings::{self, Evidence, Finding, Input, Site, examine};
use crate::model::Kind;

/// All that the rules say.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FindingList {
    /// Gravest first.
    pub findings: Vec<FindingDto>,
    /// Questions that were answered with no.
    pub checked: Vec<CheckDto>,
    /// Questions that no file answers.
    pub not_assessable: Vec<OpenQuestion>,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FindingDto {
    /// Names it among those of the same files: what a report leaves out.
    pub key: String,
    /// Id of the rule, `S03`.
    pub rule: String,
    /// Its name, `fmt-hot`.
    pub name: String,
    /// What is said.
    pub title: String,
    /// `critical`, `high`, `medium`, `low` or `info`.
    pub severity: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// 0 to 100.
    pub score: u32,
    /// What was seen, the main thing first; at least one.
    pub evidence: Vec<EvidenceDto>,
    /// Places in the list of what follows from it.
    pub explains: Vec<u32>,
    /// Place in the list of what it follows from.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained_by: Option<u32>,
    /// Why it costs.
    pub why: String,
    /// What to change, most useful first.
    pub now: Vec<String>,
    /// What keeps it away.
    pub later: Vec<String>,
    /// The change as code; both empty where the rule knows none.
    pub before: String,
    /// Code after the change.
    pub after: String,
    /// How to check a change.
    pub verify: String,
    /// What would show it wrong.
    pub falsifier: String,
    /// What speaks against it.
    pub limits: Vec<String>,
    /// Where the rule comes from.
    pub references: Vec<String>,
    /// Upper bound of what can be won, in words; empty for none.
    pub potential: String,
}

/// What was seen in one file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct EvidenceDto {
    /// Session file id.
    pub file: u32,
    /// Its name.
    pub file_name: String,
    /// View that shows it best.
    pub view: String,
    /// Sample type to show; empty for the file's own.
    pub sample_type: String,
    /// Expression for the filter `focus` or the search; empty for none.
    pub focus: String,
    /// The metric in words.
    pub metric: String,
    /// 95 % interval, `20.1–24.6%`; empty for none.
    pub interval: String,
    /// Value from which on the rule fires, in words; empty where no single value decides.
    pub threshold: String,
    /// Observations: `282 of 1 266 samples`.
    pub samples: String,
    /// Lines to blame.
    pub places: Vec<PlaceDto>,
    /// The heaviest stack, outermost first.
    pub stack: Vec<String>,
    /// Functions by which it was recognised.
    pub seen: Vec<String>,
    /// Further numbers, in sentences.
    pub notes: Vec<String>,
    /// What the symbols tell of the Go version.
    pub go: String,
}

/// A line to blame.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PlaceDto {
    /// Function, without the directories of its import path.
    pub function: String,
    /// The same with them.
    pub full: String,
    /// `dir/file.go:12`; empty without a file.
    pub place: String,
    /// Its part.
    pub value: String,
    /// Its part of the file, 0 to 1.
    pub share: f64,
}

/// A question that was answered with no.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CheckDto {
    /// Rule.
    pub rule: String,
    /// Question.
    pub question: String,
    /// File that answers it.
    pub file: String,
    /// What was found.
    pub value: String,
    /// From when on it would be a finding.
    pub threshold: String,
}

/// A question that no file answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OpenQuestion {
    /// Question.
    pub question: String,
    /// What would answer it.
    pub needs: String,
    /// How to record that.
    pub command: String,
}

impl Workspace {
    /// The rules over all files that could be read, or those of `files` where there are any. `main`
    /// is the import path of the program's own module; empty to guess it. The files are taken in an
    /// order of their own, so that the answer does not depend on how they came.
    pub fn findings(&self, files: &[u32], main: &str) -> FindingList {
        let chosen = self
            .all_files()
            .iter()
            .filter(|file| files.is_empty() || files.contains(&file.info.id));
        let mut loaded: Vec<(u32, &Loaded)> = chosen
            .filter_map(|file| Some((file.info.id, &**file.loaded.as_ref()?)))
            .collect();
        loaded.sort_by(|a, b| crate::report::compare_files(&key(a.1), &key(b.1)));
        let named: Vec<Option<Classes>> = loaded
            .iter()
            .map(|(_, file)| (!main.is_empty()).then(|| Classes::with_module(&file.profile, main)))
            .collect();
        let inputs: Vec<Input<'_>> = loaded
            .iter()
            .zip(&named)
            .map(|((_, file), named)| Input {
                name: &file.name,
                kind: file.kind,
                profile: &file.profile,
                classes: named.as_ref().unwrap_or(&file.classes),
            })
            .collect();
        let ids: Vec<u32> = loaded.iter().map(|(id, _)| *id).collect();
        list(&examine(&inputs), &ids)
    }
}

fn key(file: &Loaded) -> crate::report::ReportFile<'_> {
    crate::report::ReportFile {
        name: &file.name,
        kind: file.kind,
        profile: &file.profile,
        diagnostics: &file.diagnostics,
    }
}

fn list(found: &findings::Findings, ids: &[u32]) -> FindingList {
    FindingList {
        findings: found.findings.iter().map(|f| finding(f, ids)).collect(),
        checked: found
            .checked
            .iter()
            .map(|check| CheckDto {
                rule: check.rule.to_owned(),
                question: check.question.to_owned(),
                file: check.file.clone(),
                value: check.value.clone(),
                threshold: check.threshold.clone(),
            })
            .collect(),
        not_assessable: found
            .not_assessable
            .iter()
            .map(|open| OpenQuestion {
                question: open.question.to_owned(),
                needs: open.needs.to_owned(),
                command: open.command.to_owned(),
            })
            .collect(),
    }
}

fn finding(finding: &Finding, ids: &[u32]) -> FindingDto {
    let rule = finding.rule;
    let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    let (before, after) = rule.snippet.unwrap_or_default();
    FindingDto {
        key: finding.key(),
        rule: rule.id.to_owned(),
        name: rule.name.to_owned(),
        title: finding.title.clone(),
        severity: finding.severity.name().to_owned(),
        confidence: finding.confidence.name().to_owned(),
        score: finding.score,
        evidence: finding.evidence.iter().map(|e| evidence(e, ids)).collect(),
        explains: finding.explains.iter().map(|&at| at as u32).collect(),
        explained_by: finding.explained_by.map(|at| at as u32),
        why: rule.why.to_owned(),
        now: finding.now(),
        later: owned(rule.later),
        before: before.to_owned(),
        after: after.to_owned(),
        verify: finding.verify(),
        falsifier: rule.falsifier.to_owned(),
        limits: owned(&finding.all_limits()),
        references: owned(rule.refs),
        potential: finding.potential_text(),
    }
}

fn evidence(evidence: &Evidence, ids: &[u32]) -> EvidenceDto {
    EvidenceDto {
        file: ids.get(evidence.file).copied().unwrap_or_default(),
        file_name: evidence.name.clone(),
        view: view(evidence).to_owned(),
        sample_type: evidence.sample_type.clone(),
        focus: evidence.focus.clone(),
        metric: evidence.metric.text.clone(),
        interval: evidence.metric.interval_text(),
        threshold: evidence.metric.threshold_text(),
        samples: evidence.samples_text(),
        places: evidence.places.iter().map(place).collect(),
        stack: evidence.stack.clone(),
        seen: evidence.seen.clone(),
        notes: evidence.notes.clone(),
        go: evidence.go.clone(),
    }
}

/// The view that shows the evidence best.
fn view(evidence: &Evidence) -> &'static str {
    match evidence.kind {
        Kind::Goroutine | Kind::GoroutineLeak => "goroutines",
        Kind::Heap | Kind::Allocs if evidence.focus.is_empty() => "allocations",
        Kind::ThreadCreate | Kind::Bench => "summary",
        _ if evidence.focus.is_empty() => "top",
        _ => "flame",
    }
}

fn place(site: &Site) -> PlaceDto {
    PlaceDto {
        function: site.short().to_owned(),
        full: site.function.clone(),
        place: site.place(),
        value: site.value.clone(),
        share: site.share,
    }
}
