//! What the rules say about the session: the verb of the Summary and of the report's choice.

use std::rc::Rc;

use super::dto_findings::{
    CheckDto, EvidenceDto, FindingDto, FindingList, OpenQuestion, OutlineDto, PlaceDto,
};
use super::export::report_file;
use super::workspace::{Loaded, Workspace};
use crate::analysis::{Classes, split_function};
use crate::findings::{self, Evidence, Finding, Input, Site, examine};
use crate::model::Kind;
use crate::report::compare_files;

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
        loaded.sort_by(|a, b| compare_files(&report_file(a.1), &report_file(b.1)));
        let named: Vec<Rc<Classes>> = loaded
            .iter()
            .map(|(_, file)| file.classes_of(main))
            .collect();
        let inputs: Vec<Input<'_>> = loaded
            .iter()
            .zip(&named)
            .map(|((_, file), classes)| Input {
                name: &file.name,
                kind: file.kind,
                profile: &file.profile,
                classes,
            })
            .collect();
        let ids: Vec<u32> = loaded.iter().map(|(id, _)| *id).collect();
        list(&examine(&inputs), &ids)
    }
}

/// `3 high, 1 medium, 4 info`.
fn counts(found: &findings::Findings) -> String {
    let counts = found.counts().into_iter();
    let parts: Vec<String> = counts
        .map(|(severity, count)| format!("{count} {}", severity.name()))
        .collect();
    parts.join(", ")
}

fn list(found: &findings::Findings, ids: &[u32]) -> FindingList {
    FindingList {
        findings: found.findings.iter().map(|f| finding(f, ids)).collect(),
        outline: found
            .outline()
            .into_iter()
            .map(|row| OutlineDto {
                at: row.at as u32,
                depth: row.depth.into(),
            })
            .collect(),
        counts: counts(found),
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
        Kind::ThreadCreate | Kind::Bench | Kind::Trace => "summary",
        _ if evidence.focus.is_empty() => "top",
        _ => "flame",
    }
}

fn place(site: &Site) -> PlaceDto {
    PlaceDto {
        name: split_function(site.short()).into(),
        full: site.function.clone(),
        place: site.place(),
        value: site.value.clone(),
        share: site.share,
    }
}
