//! Findings as JSON, for CI and other tools. The form is stable: fields are added, not changed.

use serde::{Serialize, Serializer};

use super::answers::{Check, NotAssessable};
use super::finding::{Evidence, Finding, Site};
use super::{Findings, Severity};

/// Version of the form; raised when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Root<'a> {
    schema: u32,
    generator: &'static str,
    findings: Vec<FindingJson<'a>>,
    checked: Vec<CheckJson<'a>>,
    not_assessable: Vec<OpenJson<'a>>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    rule: &'a str,
    name: &'a str,
    title: &'a str,
    severity: &'static str,
    confidence: &'static str,
    score: u32,
    file: &'a str,
    kind: &'static str,
    value: f64,
    ci95: Option<[f64; 2]>,
    threshold: f64,
    metric: &'a str,
    n_samples: u64,
    of_samples: u64,
    #[serde(rename = "where")]
    places: Vec<SiteJson<'a>>,
    stack: &'a [String],
    seen: &'a [String],
    focus: &'a str,
    evidence: Vec<EvidenceJson<'a>>,
    explains: Vec<&'static str>,
    explained_by: Option<&'static str>,
    potential_upper_bound: Option<f64>,
    why: &'a str,
    now: Vec<String>,
    later: &'a [&'a str],
    before: Option<&'a str>,
    after: Option<&'a str>,
    verify: String,
    falsifier: &'a str,
    limits: Vec<&'a str>,
    references: &'a [&'a str],
}

#[derive(Serialize)]
struct SiteJson<'a> {
    function: &'a str,
    file: &'a str,
    line: i64,
    value: &'a str,
    share: f64,
    n_samples: u64,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    file: &'a str,
    kind: &'static str,
    sample_type: &'a str,
    metric: &'a str,
    value: f64,
    n_samples: u64,
    notes: &'a [String],
    go: &'a str,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    rule: &'a str,
    question: &'a str,
    file: &'a str,
    value: &'a str,
    threshold: &'a str,
}

#[derive(Serialize)]
struct OpenJson<'a> {
    rules: &'a [&'a str],
    question: &'a str,
    needs: &'a str,
    command: &'a str,
}

impl Serialize for Findings {
    /// The form of [`Findings::to_json`].
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let root = Root {
            schema: SCHEMA,
            generator: concat!("dropprof ", env!("CARGO_PKG_VERSION")),
            findings: self.findings.iter().map(|f| self.finding(f)).collect(),
            checked: self.checked.iter().map(check).collect(),
            not_assessable: self.not_assessable.iter().map(open).collect(),
        };
        root.serialize(serializer)
    }
}

impl Findings {
    /// As JSON with a newline at the end: `schema`, `generator`, `findings` (gravest first),
    /// `checked` and `not_assessable`. Shares are 0 to 1.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The gravest severity that was found.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }

    fn finding<'a>(&'a self, finding: &'a Finding) -> FindingJson<'a> {
        let main = finding.main();
        let rule = finding.rule;
        let id = |&at: &usize| self.findings[at].rule.id;
        FindingJson {
            rule: rule.id,
            name: rule.name,
            title: &finding.title,
            severity: finding.severity.name(),
            confidence: finding.confidence.name(),
            score: finding.score,
            file: &main.name,
            kind: main.kind.name(),
            value: rounded(main.metric.value),
            ci95: main.metric.interval.map(|(a, b)| [rounded(a), rounded(b)]),
            threshold: main.metric.threshold,
            metric: &main.metric.text,
            n_samples: main.samples,
            of_samples: main.of_samples,
            places: main.places.iter().map(site).collect(),
            stack: &main.stack,
            seen: &main.seen,
            focus: &main.focus,
            evidence: finding.evidence.iter().map(evidence).collect(),
            explains: finding.explains.iter().map(id).collect(),
            explained_by: finding.explained_by.as_ref().map(id),
            potential_upper_bound: finding.potential.map(rounded),
            why: rule.why,
            now: finding.now(),
            later: rule.later,
            before: rule.snippet.map(|s| s.0),
            after: rule.snippet.map(|s| s.1),
            verify: finding.verify(),
            falsifier: rule.falsifier,
            limits: finding.all_limits(),
            references: rule.refs,
        }
    }
}

/// Six digits: more would only show how the sum was made.
fn rounded(value: f64) -> f64 {
    if value.abs() >= 1e6 {
        return value.round();
    }
    (value * 1e6).round() / 1e6
}

fn site(site: &Site) -> SiteJson<'_> {
    SiteJson {
        function: &site.function,
        file: &site.file,
        line: site.line,
        value: &site.value,
        share: rounded(site.share),
        n_samples: site.samples,
    }
}

fn evidence(evidence: &Evidence) -> EvidenceJson<'_> {
    EvidenceJson {
        file: &evidence.name,
        kind: evidence.kind.name(),
        sample_type: &evidence.sample_type,
        metric: &evidence.metric.text,
        value: rounded(evidence.metric.value),
        n_samples: evidence.samples,
        notes: &evidence.notes,
        go: &evidence.go,
    }
}

fn check(check: &Check) -> CheckJson<'_> {
    CheckJson {
        rule: check.rule,
        question: check.question,
        file: &check.file,
        value: &check.value,
        threshold: &check.threshold,
    }
}

fn open(open: &NotAssessable) -> OpenJson<'_> {
    OpenJson {
        rules: open.rules,
        question: open.question,
        needs: open.needs,
        command: open.command,
    }
}
