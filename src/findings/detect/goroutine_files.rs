//! What goroutines tell over several files: piles that grow from moment to moment, and memory that
//! the type holds whose goroutines pile up.

use super::super::case::{Case, Place};
use super::super::finding::{Finding, Metric, placed};
use super::super::folder_of;
use super::super::matcher::gather;
use super::super::rule::{Confidence, Rule, Severity};
use super::bench::numbered;
use super::goroutines::Census;
use super::rule;
use super::signature::percent;
use crate::analysis::goroutines::{
    Candidate, CandidateKind, GoroutineGroup, Goroutines, Role, growth,
};
use crate::analysis::split_symbol;
use crate::model::{FunctionId, Kind};
use crate::unit;

/// R01: growth between two dumps that makes a pile graver: times, and goroutines more.
const GROWN: (f64, i64) = (1.5, 50);
/// H06: bytes in use that the receivers' type has to hold.
const RETAINED: u64 = 1 << 20;

/// R01 over several files of one program, and H06 beside a heap profile.
pub(super) fn over_files(cases: &[Case<'_>], out: &mut Vec<Finding>) {
    let censuses: Vec<Census<'_, '_>> = cases
        .iter()
        .filter(|case| case.kind() == Kind::Goroutine)
        .filter_map(Census::new)
        .collect();
    grown(&censuses, out);
    retained(cases, &censuses, out);
}

/// Piles that grow from file to file: graver, and worth a finding even where they are small.
fn grown(censuses: &[Census<'_, '_>], out: &mut Vec<Finding>) {
    // Of one program, and of one encoding: a text does not say when it was written.
    let mut groups: Vec<Vec<&Census<'_, '_>>> = Vec::new();
    for census in censuses {
        let own = groups
            .iter_mut()
            .find(|group| is_one_series(group[0], census));
        match own {
            Some(group) => group.push(census),
            None => groups.push(vec![census]),
        }
    }
    for mut group in groups {
        // In time where files say it, else by name, which is how people number them.
        group.sort_by_cached_key(|census| {
            let case = census.case;
            (case.profile.time_nanos, numbered(case.file.name))
        });
        grown_in(&group, out);
    }
}

/// Files that may be moments of one process: in one folder, both with a time or both without, and
/// with a stack in common beside the runtime's.
fn is_one_series(a: &Census<'_, '_>, b: &Census<'_, '_>) -> bool {
    let folder = |c: &Census<'_, '_>| folder_of(c.case.file.name).to_owned();
    let is_timed = |c: &Census<'_, '_>| c.case.profile.time_nanos > 0;
    let own = |c: &Census<'_, '_>| -> Vec<u128> {
        let groups = c.goroutines.groups.iter();
        let work = groups.filter(|group| group.role == Role::Work);
        work.map(|group| group.stack_key).collect()
    };
    let known = own(a);
    folder(a) == folder(b)
        && is_timed(a) == is_timed(b)
        && own(b).iter().take(1000).any(|key| known.contains(key))
}

fn grown_in(order: &[&Census<'_, '_>], out: &mut Vec<Finding>) {
    if order.len() < 2 {
        return;
    }
    let tables: Vec<&Goroutines> = order.iter().map(|c| &c.goroutines).collect();
    let Some(rule) = rule("R01") else {
        return;
    };
    for pile in growth(&tables) {
        let counts = &pile.counts;
        let (Some(&first), Some(&last)) = (counts.first(), counts.last()) else {
            continue;
        };
        let (times, more) = GROWN;
        // What was not there at first may be of another time of the program's life.
        let is_grown = first > 0 && pile.added() >= more && last as f64 >= times * first as f64;
        let (at, group) = pile.group;
        let Some(census) = order.get(at).filter(|_| is_grown && pile.only_grows()) else {
            continue;
        };
        let Some(table) = census
            .goroutines
            .groups
            .get(group)
            .filter(|g| g.role == Role::Work)
        else {
            continue;
        };
        let texts: Vec<String> = counts.iter().map(|&n| unit::signed_count(n)).collect();
        let text = format!(
            "{} goroutines with one stack, file by file",
            texts.join(" → ")
        );
        let known = out.iter_mut().find(|f| {
            matches!(f.rule.id, "R01" | "R03")
                && f.main().file == census.case.index
                && f.site().is_some_and(|site| {
                    table
                        .user
                        .as_ref()
                        .is_some_and(|user| user.function == site.function)
                })
        });
        if let Some(finding) = known {
            finding.severity = finding.severity.raise();
            finding.evidence[0].notes.push(format!("It grows: {text}."));
            continue;
        }
        let fact = Candidate {
            kind: CandidateKind::PileUp,
            count: last,
            groups: vec![group],
            site: table.user.clone(),
            distinct: 0,
            minutes: 0,
            address: None,
            holders: Vec::new(),
            cycles: Vec::new(),
        };
        let severity = rule.severity(last as f64).unwrap_or(Severity::Info).raise();
        out.push(census.finding(rule, severity, &fact, last as f64, text));
    }
}

/// H06: memory held by the type whose goroutines pile up.
fn retained(cases: &[Case<'_>], censuses: &[Census<'_, '_>], out: &mut Vec<Finding>) {
    let Some(rule) = rule("H06") else {
        return;
    };
    let mut found = Vec::new();
    for finding in out
        .iter_mut()
        .filter(|f| matches!(f.rule.id, "R01" | "R02" | "R03"))
    {
        let census = censuses
            .iter()
            .find(|c| c.case.index == finding.main().file);
        let Some(group) = census.and_then(|census| {
            let fact = census.facts.iter().find(|fact| {
                let function = fact.site.as_ref().map(|site| site.function.as_str());
                function.is_some() && function == finding.site().map(|s| s.function.as_str())
            })?;
            census.group(fact)
        }) else {
            continue;
        };
        let Some(owner) = Owner::of(group) else {
            continue;
        };
        for heap in cases.iter().filter(|c| c.kind() == Kind::Heap) {
            if folder_of(heap.file.name) == folder_of(finding.main().name.as_str()) {
                let memory = retained_by(heap, rule, &owner, group.count);
                if memory.is_some() {
                    // What holds that much is no queue of the moment.
                    finding.severity = finding.severity.max(Severity::High);
                }
                found.extend(memory);
            }
        }
    }
    out.extend(found);
}

/// A type, by its import path and name.
struct Owner {
    package: Vec<u8>,
    name: Vec<u8>,
}

impl Owner {
    /// The type of the method that a group runs: of its receivers, else of its user frame.
    fn of(group: &GoroutineGroup) -> Option<Self> {
        let user = group.user.as_ref().map(|site| site.function.as_str());
        let method = Some(group.receivers.method.as_str())
            .filter(|m| !m.is_empty())
            .or(user)?;
        let symbol = split_symbol(method.as_bytes());
        let name = type_name(symbol.receiver);
        (!name.is_empty()).then(|| Self {
            package: symbol.package.to_vec(),
            name: name.to_vec(),
        })
    }

    /// A method of the type, or what makes it.
    fn has(&self, function: &[u8]) -> bool {
        let symbol = split_symbol(function);
        if symbol.package != self.package {
            return false;
        }
        let makes = symbol
            .base
            .strip_prefix(b"New")
            .or(symbol.base.strip_prefix(b"new"));
        type_name(symbol.receiver) == self.name
            || symbol.receiver.is_empty() && makes == Some(self.name.as_slice())
    }
}

/// `Cache` of the receiver `(*Cache)` or `Cache`.
fn type_name(receiver: &[u8]) -> &[u8] {
    let name = receiver.strip_prefix(b"(*").unwrap_or(receiver);
    name.strip_suffix(b")").unwrap_or(name)
}

fn retained_by(heap: &Case<'_>, rule: &'static Rule, owner: &Owner, count: i64) -> Option<Finding> {
    let is_owner = |f: FunctionId| owner.has(heap.name_of(f));
    let stacks: Vec<usize> = heap
        .weights
        .stacks()
        .filter(|&s| heap.frames(s).any(|line| is_owner(line.function)))
        .collect();
    let value = heap.weights.sum(stacks.iter().copied()).value;
    let samples: f64 = stacks.iter().map(|&s| heap.weights.counts[s]).sum();
    let share = heap.share(value);
    if value < RETAINED || share < 0.05 {
        return None;
    }
    let confidence = Confidence::of(samples.round() as u64)?;
    let places: Vec<Place> = gather(heap, stacks.iter().map(|&s| (s, heap.blame(s, is_owner))));
    let metric = Metric {
        value: share,
        interval: None,
        threshold: 0.05,
        text: format!(
            "{} in use, {} of bytes in use, below methods of {}, whose {} do not end",
            unit::label(value.min(i64::MAX as u64) as i64, "bytes"),
            percent(share),
            String::from_utf8_lossy(&owner.name),
            unit::plural(count.max(0) as u64, "goroutine")
        ),
    };
    let evidence = placed(heap, metric, samples.round() as u64, &places);
    Some(Finding::new(rule, Severity::High, confidence, evidence))
}
