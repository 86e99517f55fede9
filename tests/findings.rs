//! What fires and what must not: on profiles with one planted problem each, and, where it is
//! present, on a folder of foreign ones.
#![allow(
    clippy::disallowed_methods,
    reason = "tests read the files that they are about"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dropprof::analysis::Classes;
use dropprof::findings::{Finding, Findings, Input, Severity, examine};
use dropprof::formats::{OpenOptions, Opened, open};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Opens files as one session and examines it.
fn findings_of(folder: &Path, names: &[&str]) -> Findings {
    let opened: Vec<Opened> = names
        .iter()
        .flat_map(|name| {
            let bytes = fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
            open(name, &bytes, OpenOptions::default())
        })
        .collect();
    let profiles: Vec<_> = opened
        .iter()
        .filter_map(|file| {
            let opened = file.result.as_ref().ok()?;
            Some((file, opened, Classes::new(&opened.profile)))
        })
        .collect();
    let inputs: Vec<Input<'_>> = profiles
        .iter()
        .map(|(file, opened, classes)| Input {
            name: &file.name,
            kind: opened.kind,
            profile: &opened.profile,
            classes,
        })
        .collect();
    examine(&inputs)
}

/// One line of a manifest: see `testdata/README.md`.
struct Case<'a> {
    files: Vec<&'a str>,
    must: Vec<&'a str>,
    top: &'a str,
    must_not: Vec<&'a str>,
}

impl<'a> Case<'a> {
    fn parse(line: &'a str) -> Self {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let list = |text: &'a str| -> Vec<&'a str> {
            text.split([',', ' '])
                .filter(|t| !t.is_empty() && *t != "-")
                .collect()
        };
        Self {
            files: list(next()),
            must: list(next()),
            top: next(),
            must_not: list(next()),
        }
    }

    /// What is wrong with what was found.
    fn judge(&self, found: &Findings) -> Vec<String> {
        let ids: Vec<String> = found
            .findings
            .iter()
            .map(|f| format!("{}:{}", f.rule.id, f.severity.name()))
            .collect();
        let mut wrong = Vec::new();
        for id in &self.must {
            if !found.findings.iter().any(|f| f.rule.id == *id) {
                wrong.push(format!("{id} does not fire"));
            }
        }
        for pattern in &self.must_not {
            for finding in found.findings.iter().filter(|f| is_meant(pattern, f)) {
                let metric = &finding.main().metric.text;
                wrong.push(format!(
                    "{} fires ({metric}), against {pattern}",
                    finding.rule.id
                ));
            }
        }
        let first = found.findings.first().map_or("", |f| f.rule.id);
        if !matches!(self.top, "" | "-") && first != self.top {
            wrong.push(format!("{} is not first", self.top));
        }
        let files = self.files.join(" ");
        wrong
            .into_iter()
            .map(|what| format!("{files}: {what}; found {}", ids.join(" ")))
            .collect()
    }
}

/// `S03`, `S*`, `*`, each with `>info` or another severity behind it: rules that must not fire
/// more gravely than that. Without one a finding without consequences, an info, is let pass for
/// families (`S*`), not for a rule that is named.
fn is_meant(pattern: &str, finding: &Finding) -> bool {
    let (ids, above) = match pattern.split_once('>') {
        Some((ids, name)) => (ids, Severity::named(name)),
        None => (pattern, None),
    };
    let matches = match ids.strip_suffix('*') {
        Some(start) => finding.rule.id.starts_with(start),
        None => finding.rule.id == ids,
    };
    matches && above.is_none_or(|above| finding.severity > above)
}

#[test]
fn planted_problems_are_found_and_nothing_else() {
    let folder = root().join("testdata/findings");
    let manifest = fs::read_to_string(folder.join("manifest.tsv")).expect("the manifest");
    let lines = manifest
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty());
    let (mut wrong, mut rules) = (Vec::new(), BTreeMap::new());
    for case in lines.map(Case::parse) {
        wrong.extend(case.judge(&findings_of(&folder, &case.files)));
        for id in case.must {
            *rules.entry(id.to_owned()).or_insert(0) += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        rules.len() >= 30,
        "only {} rules have a fixture",
        rules.len()
    );
}
