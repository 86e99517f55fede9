//! R, and what else goroutines tell: facts of their groups, weighed.

use super::super::case::Case;
use super::super::finding::{Evidence, Finding, Metric, Site, counted};
use super::super::pattern::exactly;
use super::super::rule::{Confidence, Rule, Severity};
use super::rule;
use crate::analysis::goroutines::{
    Candidate, CandidateKind, GoroutineGroup, Goroutines, Role, WaitKind, candidates, goroutines,
    wait_graph,
};
use crate::model::Kind;
use crate::unit;

/// I16: goroutines that wait for a connection.
const POOL_WAITERS: i64 = 5;
/// R01: minutes after which a pile is a leak rather than a queue.
const OLD: u64 = 10;
/// Places of one file that a rule is reported for.
const PLACES: usize = 12;
/// Frames of a stack that are shown.
const FRAMES: usize = 24;

/// A case with its goroutines in groups.
pub(super) struct Census<'c, 'a> {
    pub(super) case: &'c Case<'a>,
    pub(super) goroutines: Goroutines,
    pub(super) facts: Vec<Candidate>,
}

impl<'c, 'a> Census<'c, 'a> {
    pub(super) fn new(case: &'c Case<'a>) -> Option<Self> {
        let goroutines = goroutines(case.profile, case.file.classes)?;
        let dump = case.profile.dump.as_deref();
        let graph = dump.map(|dump| wait_graph(&goroutines, dump));
        let facts = candidates(case.profile, &goroutines, graph.as_ref());
        Some(Self {
            case,
            goroutines,
            facts,
        })
    }

    pub(super) fn group(&self, candidate: &Candidate) -> Option<&GoroutineGroup> {
        let at = candidate.groups.first()?;
        self.goroutines.groups.get(*at)
    }

    /// The evidence for a fact, at its place, with the stack of its largest group.
    fn evidence(
        &self,
        candidate: &Candidate,
        value: f64,
        threshold: f64,
        text: String,
    ) -> Evidence {
        let metric = Metric {
            value,
            interval: None,
            threshold,
            text,
        };
        let count = candidate.count.max(0) as u64;
        let mut evidence = counted(self.case, metric, count);
        evidence.of_samples = self.goroutines.total.max(0) as u64;
        evidence.sample_type = self.case.profile.type_name(self.case.weights.sample_type);
        if let Some(site) = &candidate.site {
            evidence.focus = exactly(site.function.as_bytes());
            evidence.functions = vec![site.function.as_bytes().to_vec()];
            // Who started them is one place, where they stand another.
            let user = self.group(candidate).and_then(|group| group.user.as_ref());
            if let Some(user) = user.filter(|user| user.function != site.function) {
                evidence.functions.push(user.function.as_bytes().to_vec());
            }
            evidence.places = vec![Site {
                function: site.function.clone(),
                file: site.file.clone(),
                line: site.line,
                value: unit::plural(count, "goroutine"),
                share: candidate.count as f64 / self.goroutines.total.max(1) as f64,
                samples: count,
            }];
        }
        if let Some(group) = self.group(candidate) {
            evidence.stack = self.stack(group);
            evidence.notes.extend(notes(group, candidate));
        }
        evidence
    }

    fn stack(&self, group: &GoroutineGroup) -> Vec<String> {
        let frames = group.stack.iter().take(FRAMES);
        let names = frames.map(|frame| super::super::finding::name(self.case, frame.function));
        let mut names: Vec<String> = names.collect();
        names.reverse();
        names
    }

    pub(super) fn finding(
        &self,
        rule: &'static Rule,
        severity: Severity,
        candidate: &Candidate,
        value: f64,
        text: String,
    ) -> Finding {
        let evidence = self.evidence(candidate, value, rule.threshold(), text);
        let mut finding = Finding::new(rule, severity, Confidence::High, evidence);
        if !self.goroutines.is_census {
            finding.limits.push(
                "The file does not hold all goroutines of the program: counts are no census."
                    .to_owned(),
            );
        }
        finding
    }
}

/// What a group tells beside its count.
fn notes(group: &GoroutineGroup, candidate: &Candidate) -> Vec<String> {
    let mut notes = Vec::new();
    let inferred = if group.is_inferred {
        ", told from the innermost frames"
    } else {
        ""
    };
    notes.push(format!("They are in “{}”{inferred}.", group.wait_text));
    if let Some((site, count)) = group.created_by.first() {
        notes.push(format!(
            "Started by {} ({} of them).",
            Site {
                function: site.function.clone(),
                file: site.file.clone(),
                line: site.line,
                ..Site::default()
            }
            .in_words(),
            unit::signed_count(*count)
        ));
    }
    if group.receivers.distinct > 1 {
        notes.push(format!(
            "{} distinct receivers of {}.",
            unit::count(group.receivers.distinct as u64),
            group.receivers.method
        ));
    }
    if let Some(ages) = group.ages {
        notes.push(format!(
            "Waiting for {} to {} minutes, as far as the file says.",
            ages.min, ages.max
        ));
    }
    if let Some(holder) = candidate.holders.first() {
        notes.push(format!("Goroutine {} may hold the lock.", holder.id));
    }
    notes
}

pub(super) fn look(case: &Case<'_>, out: &mut Vec<Finding>) {
    if case.kind() == Kind::ThreadCreate {
        out.extend(threads(case));
        return;
    }
    let Some(census) = Census::new(case) else {
        return;
    };
    let mut told = vec![false; census.goroutines.groups.len()];
    let more = census
        .facts
        .iter()
        .filter(|fact| tells_more_than_a_pile(fact));
    for &group in more.flat_map(|fact| &fact.groups) {
        told[group] = true;
    }
    // Facts stand by kind, the largest first: what is the same in many places is not said of all.
    let mut said: Vec<(&'static str, usize)> = Vec::new();
    for finding in census
        .facts
        .iter()
        .filter_map(|fact| weigh(&census, fact, &told))
    {
        let at = said.iter().position(|(id, _)| *id == finding.rule.id);
        let at = at.unwrap_or_else(|| {
            said.push((finding.rule.id, 0));
            said.len() - 1
        });
        said[at].1 += 1;
        if said[at].1 <= PLACES {
            out.push(finding);
        }
    }
    out.extend(long_waits(&census, &told));
}

/// Groups of such a fact are not reported as a pile as well.
fn tells_more_than_a_pile(fact: &Candidate) -> bool {
    use CandidateKind as K;
    match fact.kind {
        K::LeakConfirmed | K::NeverWakes | K::HttpBodyLeak | K::GlobalDeadlock => true,
        K::JanitorPerInstance => fact.distinct >= 20,
        K::DatabasePoolWait => fact.count >= POOL_WAITERS,
        _ => false,
    }
}

fn weigh(census: &Census<'_, '_>, fact: &Candidate, told: &[bool]) -> Option<Finding> {
    use CandidateKind as K;
    let count = fact.count.max(0) as u64;
    let number = fact.count as f64;
    let goroutines = unit::plural(count, "goroutine");
    let of = |rule: &'static Rule, value: f64, text: String| {
        let severity = rule.severity(value)?;
        Some(census.finding(rule, severity, fact, value, text))
    };
    match fact.kind {
        K::GlobalDeadlock => {
            let cycle = cycle_text(fact);
            let mut finding = of(
                rule("R06")?,
                number.max(1.0),
                format!("all {goroutines} asleep"),
            )?;
            finding.evidence[0].notes.extend(cycle);
            Some(finding)
        }
        K::LockCycle => {
            let rule = rule("R06")?;
            let text = format!("{goroutines} wait for each other's locks");
            let mut finding = census.finding(rule, Severity::High, fact, number, text);
            finding.title = "Goroutines wait for each other's locks".to_owned();
            finding.confidence = Confidence::Medium;
            finding.evidence[0].notes.extend(cycle_text(fact));
            Some(finding)
        }
        K::LeakConfirmed => of(rule("R02")?, number, format!("{goroutines} proved leaked")),
        K::NeverWakes => of(
            rule("R07")?,
            number,
            format!("{goroutines} that nothing can wake"),
        ),
        K::JanitorPerInstance => of(
            rule("R03")?,
            fact.distinct as f64,
            format!(
                "{goroutines} in the loop of {} distinct objects",
                unit::count(fact.distinct as u64)
            ),
        ),
        K::HttpBodyLeak => of(
            rule("R04")?,
            number,
            format!(
                "{} with a reading and a writing goroutine each",
                unit::plural(count, "client connection")
            ),
        ),
        K::LockConvoy => {
            let address = fact
                .address
                .map_or_else(String::new, |a| format!(" at {a:#x}"));
            of(
                rule("R05")?,
                number,
                format!("{goroutines} wait for the lock{address}"),
            )
        }
        K::DatabasePoolWait if fact.count >= POOL_WAITERS => {
            let text = format!("{goroutines} wait for a connection");
            Some(census.finding(rule("I16")?, Severity::High, fact, number, text))
        }
        K::SubprocessWait => {
            let text = format!("{goroutines} wait for other processes");
            Some(census.finding(rule("I04")?, Severity::Info, fact, number, text))
        }
        K::RunnableBacklog => of(rule("R09")?, number, format!("{goroutines} ready to run")),
        K::PileUp => {
            let is_told = fact.groups.iter().all(|group| told[*group]);
            let group = census.group(fact)?;
            if is_told || group.role != Role::Work {
                return None;
            }
            let rule = rule("R01")?;
            let mut severity = rule.severity(number)?;
            if fact.minutes >= OLD {
                severity = severity.raise();
            }
            Some(census.finding(
                rule,
                severity,
                fact,
                number,
                format!("{goroutines} with one stack"),
            ))
        }
        K::DatabasePoolWait | K::LongWait => None,
    }
}

/// Who waits for whom.
fn cycle_text(fact: &Candidate) -> Option<String> {
    let cycle = fact.cycles.first()?;
    let steps: Vec<String> = cycle
        .steps
        .iter()
        .map(|step| {
            format!(
                "goroutine {} waits for the lock at {:#x}",
                step.id, step.waits_for
            )
        })
        .collect();
    Some(format!(
        "In a circle: {}. Locks taken in opposite order do that.",
        steps.join(", ")
    ))
}

/// R08: the longest waits, channels and locks first, as one finding.
fn long_waits(census: &Census<'_, '_>, told: &[bool]) -> Option<Finding> {
    let rule = rule("R08")?;
    let is_work = |fact: &&Candidate| {
        fact.kind == CandidateKind::LongWait
            && census
                .group(fact)
                .is_some_and(|group| group.role == Role::Work)
    };
    let longest = census.facts.iter().filter(is_work).max_by(|a, b| {
        let key = |f: &Candidate| (f.minutes, f.count);
        key(a).cmp(&key(b)).then_with(|| b.groups.cmp(&a.groups))
    })?;
    let minutes = longest.minutes as f64;
    let mut severity = rule.severity(minutes)?;
    let waits_for_others = census
        .group(longest)
        .is_some_and(|group| is_synchronising(group.wait));
    // What another finding explains, or what waits for time or the network, is only listed.
    if !waits_for_others || longest.groups.iter().all(|group| told[*group]) {
        severity = Severity::Info;
    }
    let text = format!(
        "up to {} minutes, {} in the longest group",
        longest.minutes,
        unit::plural(longest.count.max(0) as u64, "goroutine")
    );
    Some(census.finding(rule, severity, longest, minutes, text))
}

/// Channels and locks: someone else has to do something.
fn is_synchronising(wait: WaitKind) -> bool {
    let name = wait.name();
    ["chan", "select", "lock", "mutex", "sema", "cond", "group"]
        .iter()
        .any(|word| name.to_ascii_lowercase().contains(word))
}

/// R10.
fn threads(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("R10")?;
    let count = case.weights.total;
    let severity = rule.severity(count as f64)?;
    let metric = Metric {
        value: count as f64,
        interval: None,
        threshold: rule.threshold(),
        text: unit::plural(count, "thread"),
    };
    Some(Finding::new(
        rule,
        severity,
        Confidence::High,
        counted(case, metric, count),
    ))
}
