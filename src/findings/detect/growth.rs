//! H01: memory in use that grows between snapshots of one process.

use super::super::case::Case;
use super::super::finding::{Evidence, Finding, Metric, heaviest, placed};
use super::super::matcher::gather;
use super::super::pattern::exactly;
use super::super::rule::{Confidence, Severity};
use super::{allocation, rule};
use crate::analysis::compare::{GrowthSite, Side, Snapshot, growth};
use crate::analysis::{NodeOptions, Nodes};
use crate::model::Kind;
use crate::unit;

/// Places that are reported.
const MOST: usize = 3;

pub(super) fn look(cases: &[Case<'_>], out: &mut Vec<Finding>) {
    for process in processes(cases) {
        if process.len() >= 2 {
            out.extend(grown(&process));
        }
    }
}

/// Snapshots of memory in use, by process, each in order of time: same binary, and counters that
/// only grew.
fn processes<'c, 'a>(cases: &'c [Case<'a>]) -> Vec<Vec<&'c Case<'a>>> {
    let mut snapshots: Vec<&Case<'_>> = cases
        .iter()
        .filter(|c| c.kind() == Kind::Heap && c.profile.time_nanos > 0)
        .filter(|c| c.profile.duration_nanos == 0 && c.weights.total > 0)
        .collect();
    snapshots.sort_by(|a, b| {
        let key = |c: &Case<'_>| c.profile.time_nanos;
        key(a)
            .cmp(&key(b))
            .then_with(|| a.file.name.cmp(b.file.name))
    });
    let mut processes: Vec<Vec<&Case<'_>>> = Vec::new();
    for case in snapshots {
        let own = processes.iter_mut().find(|known| {
            known
                .last()
                .is_some_and(|last| allocation::is_later(last, case))
        });
        match own {
            Some(process) => process.push(case),
            None => processes.push(vec![case]),
        }
    }
    processes
}

fn grown(process: &[&Case<'_>]) -> Vec<Finding> {
    let nodes: Vec<Nodes> = process
        .iter()
        .map(|case| Nodes::new(case.profile, &NodeOptions::default()))
        .collect();
    let snapshots: Vec<Snapshot<'_>> = process
        .iter()
        .zip(&nodes)
        .map(|(case, nodes)| {
            let side = Side {
                profile: case.profile,
                kind: case.kind(),
                sample_type: case.weights.sample_type,
            };
            Snapshot {
                side,
                objects: side.partner(),
                nodes,
                classes: case.file.classes,
            }
        })
        .collect();
    let result = growth(&snapshots);
    let minutes = result.minutes.last().copied().unwrap_or(0.0);
    let last = process[process.len() - 1];
    let is_leak = |site: &&GrowthSite| {
        let f = &site.facts;
        f.is_sampled && f.exceeds_error && f.is_large && f.is_share
    };
    result
        .sites
        .iter()
        .filter(is_leak)
        .take(MOST)
        .filter_map(|site| finding(last, site, process, minutes))
        .collect()
}

fn finding(
    last: &Case<'_>,
    site: &GrowthSite,
    process: &[&Case<'_>],
    minutes: f64,
) -> Option<Finding> {
    let rule = rule("H01")?;
    let severity = match site.facts.is_fast || site.facts.is_steady {
        true => Severity::High,
        false => Severity::Medium,
    };
    let seen = site.seen.last().copied().unwrap_or(0.0).round() as u64;
    let confidence = Confidence::of(seen)?;
    let bytes = |value: i64| unit::label(value, "bytes");
    let amounts: Vec<String> = site.amounts.iter().map(|&a| bytes(a)).collect();
    let error = 1.96 * site.error;
    let metric = Metric {
        value: site.delta as f64,
        interval: Some((site.delta as f64 - error, site.delta as f64 + error)),
        threshold: 1_048_576.0,
        text: format!("{} more: {}", bytes(site.delta), amounts.join(" → ")),
    };
    let blame = |stack: usize| last.blamed(stack);
    let name = site.name.as_slice();
    let is_site =
        |stack: &usize| blame(*stack).is_some_and(|(function, _)| last.name_of(function) == name);
    let stacks: Vec<usize> = last.weights.stacks().filter(is_site).collect();
    let places = gather(last, stacks.iter().map(|&s| (s, blame(s))));
    let mut evidence = Evidence {
        stack: heaviest(last, stacks.iter().copied()),
        focus: exactly(name),
        ..placed(last, metric, seen, &places)
    };
    let names: Vec<&str> = process.iter().map(|case| case.file.name).collect();
    evidence.notes.push(format!(
        "From {} of one process{}: {}.",
        unit::plural(process.len() as u64, "snapshot"),
        if minutes > 0.0 {
            format!(
                " over {}",
                unit::label((minutes * 60e9) as i64, "nanoseconds")
            )
        } else {
            String::new()
        },
        names.join(", ")
    ));
    if let Some(slope) = site.slope {
        evidence
            .notes
            .push(format!("{} per minute.", bytes(slope as i64)));
    }
    let mut finding = Finding::new(rule, severity, confidence, evidence);
    if process.len() < 3 {
        finding.limits.push(
            "Two snapshots only: a cache that fills looks the same. A third one tells.".to_owned(),
        );
    }
    Some(finding)
}
