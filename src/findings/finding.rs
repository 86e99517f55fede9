//! What a rule found, with the evidence for it.

use super::case::{Case, Place};
use super::rule::{Confidence, Rule, Severity};
use crate::analysis::{short_place, short_symbol, unescape};
use crate::model::{FunctionId, Kind};
use crate::unit;

/// Places and functions that a finding lists.
const LISTED: usize = 3;
/// Frames of the stack that is shown.
const FRAMES: usize = 24;

/// One thing that is wrong, or worth knowing.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule that fired.
    pub rule: &'static Rule,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// 0 to 100: severity, confidence and how far into its step the value is.
    pub score: u32,
    /// What is said, with the place where one stands out.
    pub title: String,
    /// What was seen, the main thing first.
    pub evidence: Vec<Evidence>,
    /// Upper bound for the share of CPU time that a change removes, 0 to 1. Never a forecast.
    pub potential: Option<f64>,
    /// Findings of the same list that follow from this one.
    pub explains: Vec<usize>,
    /// The finding that this one follows from.
    pub explained_by: Option<usize>,
    /// What speaks against believing it, or lowers it.
    pub limits: Vec<String>,
    /// What to change in this very case; comes before what the rule says.
    pub(super) remedies: Vec<String>,
    /// Rules that do not explain it, whatever they say of others of its kind.
    pub(super) unrelated: &'static [&'static str],
}

/// What was seen in one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Index of the file among those that were given.
    pub file: usize,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// Sample type that the numbers are of; empty where they are counts of something else.
    pub sample_type: String,
    /// The metric.
    pub metric: Metric,
    /// Observations behind it: samples, sampled objects, contentions, goroutines.
    pub samples: u64,
    /// Observations in all.
    pub of_samples: u64,
    /// What one of them is called; empty where the kind of the file says it.
    pub(super) noun: &'static str,
    /// Lines to blame, heaviest first, at most three.
    pub places: Vec<Site>,
    /// The heaviest stack, outermost frame first, plumbing left out.
    pub stack: Vec<String>,
    /// Functions by which it was recognised, heaviest first, at most three.
    pub seen: Vec<String>,
    /// Expression that finds them in the views; empty for none.
    pub focus: String,
    /// Further numbers, in sentences.
    pub notes: Vec<String>,
    /// What the symbols tell of the Go version.
    pub go: String,
    /// The places as functions of the file, for matching evidence.
    pub(super) functions: Vec<Vec<u8>>,
}

/// A number with what it is of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metric {
    /// The value: for shares 0 to 1.
    pub value: f64,
    /// 95 % interval of the value.
    pub interval: Option<(f64, f64)>,
    /// The value from which on the rule fires.
    pub threshold: f64,
    /// In words: `22.3% of CPU time`, `964 goroutines`.
    pub text: String,
}

/// A line to blame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Site {
    /// Function as it is shown.
    pub function: String,
    /// Cleaned path; may be empty.
    pub file: String,
    /// 0 when unknown.
    pub line: i64,
    /// Its part, with unit.
    pub value: String,
    /// Its part of the finding's file, 0 to 1.
    pub share: f64,
    /// Observations.
    pub samples: u64,
}

impl Site {
    /// `dir/file.go:12`; empty without a file.
    pub fn place(&self) -> String {
        short_place(&self.file, self.line)
    }

    /// `cache.New (cache/cache.go:12)`.
    pub(super) fn in_words(&self) -> String {
        match self.place().as_str() {
            "" => self.short().to_owned(),
            place => format!("{} ({place})", self.short()),
        }
    }

    /// The function without the directories of its import path.
    pub fn short(&self) -> &str {
        short_symbol(&self.function)
    }
}

impl Metric {
    /// The interval of a share, `20.1–24.6%`; empty for another metric.
    pub fn interval_text(&self) -> String {
        match self.interval {
            Some((low, high)) if self.value <= 1.0 => {
                format!("{:.1}–{:.1}%", low * 100.0, high * 100.0)
            }
            _ => String::new(),
        }
    }

    /// From when on the rule fires, for shares; empty for another metric.
    pub fn threshold_text(&self) -> String {
        match self.interval {
            Some(_) if self.value <= 1.0 && self.threshold > 0.0 => {
                format!("from {:.0}% on", self.threshold * 100.0)
            }
            _ => String::new(),
        }
    }
}

impl Evidence {
    /// What was counted: `282 of 1 266 samples`.
    pub fn samples_text(&self) -> String {
        let noun = match self.kind {
            _ if !self.noun.is_empty() => self.noun,
            Kind::Block | Kind::Mutex | Kind::Trace => "wait",
            Kind::Goroutine | Kind::GoroutineLeak => "goroutine",
            Kind::ThreadCreate => "thread",
            Kind::Heap | Kind::Allocs => "sampled object",
            Kind::Bench => "run",
            Kind::Cpu | Kind::Custom => "sample",
        };
        if self.of_samples > self.samples {
            let of = unit::plural(self.of_samples, noun);
            return format!("{} of {of}", unit::count(self.samples));
        }
        unit::plural(self.samples, noun)
    }
}

impl Finding {
    /// What can be won at most, in words; empty where that is not known or little.
    pub fn potential_text(&self) -> String {
        match self.potential.filter(|&share| share >= 0.01) {
            Some(share) => format!(
                "at most {:.0}% of the CPU time, {:.2} times less",
                share * 100.0,
                1.0 / (1.0 - share.min(0.99))
            ),
            None => String::new(),
        }
    }

    /// A finding of one piece of evidence.
    pub(super) fn new(
        rule: &'static Rule,
        severity: Severity,
        confidence: Confidence,
        evidence: Evidence,
    ) -> Self {
        Self {
            rule,
            severity,
            confidence,
            score: 0,
            title: rule.title.to_owned(),
            evidence: vec![evidence],
            potential: None,
            explains: Vec::new(),
            explained_by: None,
            limits: Vec::new(),
            remedies: Vec::new(),
            unrelated: &[],
        }
    }

    /// What the severity rests on.
    pub fn main(&self) -> &Evidence {
        &self.evidence[0]
    }

    /// The line to blame most.
    pub fn site(&self) -> Option<&Site> {
        self.main().places.first()
    }

    /// `{site}` in a text replaced by the function to blame.
    pub fn say(&self, text: &str) -> String {
        let site = self
            .site()
            .map_or_else(|| "the place above".to_owned(), Site::in_words);
        text.replace("{site}", &site)
    }

    /// Names this finding among those of the same files: rule, file and function.
    pub fn key(&self) -> String {
        let function = self.site().map_or("", |site| site.function.as_str());
        format!("{}:{}:{function}", self.rule.id, self.main().name)
    }

    /// How to check a change.
    pub fn verify(&self) -> String {
        if !self.rule.verify.is_empty() {
            return self.rule.verify.to_owned();
        }
        let again = "record the same profile again and look at the same line";
        match self.main().kind {
            Kind::Cpu | Kind::Allocs | Kind::Heap => format!(
                "go test -run='^$' -bench=. -benchmem -count=10 before and after, compared with benchstat; {again}."
            ),
            _ => format!("Run the same load before and after: {again}."),
        }
    }

    /// What speaks against it: of this case, then of the rule.
    pub fn all_limits(&self) -> Vec<&str> {
        let own = self.limits.iter().map(String::as_str);
        own.chain((!self.rule.guard.is_empty()).then_some(self.rule.guard))
            .collect()
    }

    /// What to change now.
    pub fn now(&self) -> Vec<String> {
        let own = self.remedies.iter().map(String::as_str);
        own.chain(self.rule.now.iter().copied())
            .map(|text| self.say(text))
            .collect()
    }
}

/// Evidence without places: counts of something.
pub(super) fn counted(case: &Case<'_>, metric: Metric, samples: u64) -> Evidence {
    Evidence {
        file: case.index,
        name: case.file.name.to_owned(),
        kind: case.kind(),
        sample_type: String::new(),
        metric,
        samples,
        of_samples: case.weights.count.round() as u64,
        noun: "",
        places: Vec::new(),
        stack: Vec::new(),
        seen: Vec::new(),
        focus: String::new(),
        notes: Vec::new(),
        go: case.go.text(),
        functions: Vec::new(),
    }
}

/// Evidence with the lines to blame.
pub(super) fn placed(case: &Case<'_>, metric: Metric, samples: u64, places: &[Place]) -> Evidence {
    let sample_type = case.weights.sample_type;
    let unit = case.profile.unit_name(sample_type);
    let site = |place: &Place| Site {
        function: name(case, place.function),
        file: String::from_utf8_lossy(&case.file_of(place.function)).into_owned(),
        line: place.line,
        value: unit::label(place.value.min(i64::MAX as u64) as i64, &unit),
        share: case.share(place.value),
        samples: place.samples.round() as u64,
    };
    let listed = &places[..places.len().min(LISTED)];
    Evidence {
        sample_type: case.profile.type_name(sample_type),
        places: listed.iter().map(site).collect(),
        functions: listed
            .iter()
            .map(|p| case.name_of(p.function).to_vec())
            .collect(),
        ..counted(case, metric, samples)
    }
}

/// A function's name as it is shown.
pub(super) fn name(case: &Case<'_>, function: FunctionId) -> String {
    unescape(case.name_of(function)).into_owned()
}

/// The names of functions, the first few.
pub(super) fn names(case: &Case<'_>, functions: &[(FunctionId, u64)]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (function, _) in functions {
        let name = name(case, *function);
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() == LISTED {
            break;
        }
    }
    names
}

/// The heaviest of some stacks, outermost first, plumbing folded; long ones keep their inner end.
pub(super) fn heaviest(case: &Case<'_>, stacks: impl Iterator<Item = usize>) -> Vec<String> {
    let weight = |&stack: &usize| case.weights.values[stack];
    // Of equal ones the first by its frames, so that the order of samples does not matter.
    let mut best: Option<(u64, Vec<&[u8]>)> = None;
    for stack in stacks {
        let value = weight(&stack);
        if best.as_ref().is_some_and(|(most, _)| value < *most) {
            continue;
        }
        let frames: Vec<&[u8]> = case
            .frames(stack)
            .map(|line| case.name_of(line.function))
            .filter(|name| !crate::analysis::is_folded(name))
            .take(FRAMES)
            .collect();
        if best
            .as_ref()
            .is_none_or(|(most, known)| value > *most || frames < *known)
        {
            best = Some((value, frames));
        }
    }
    let frames = best.map(|(_, frames)| frames).unwrap_or_default();
    frames
        .into_iter()
        .rev()
        .map(|name| unescape(name).into_owned())
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Evidence of nothing but a metric.
    pub(in super::super) fn evidence(metric: Metric) -> Evidence {
        Evidence {
            file: 0,
            name: "cpu".to_owned(),
            kind: Kind::Cpu,
            sample_type: String::new(),
            metric,
            samples: 0,
            of_samples: 0,
            noun: "",
            places: Vec::new(),
            stack: Vec::new(),
            seen: Vec::new(),
            focus: String::new(),
            notes: Vec::new(),
            go: String::new(),
            functions: Vec::new(),
        }
    }

    #[test]
    fn intervals_and_thresholds_are_those_of_shares_only() {
        let share = Metric {
            value: 0.223,
            interval: Some((0.201, 0.246)),
            threshold: 0.15,
            text: String::new(),
        };
        assert_eq!(share.interval_text(), "20.1–24.6%");
        assert_eq!(share.threshold_text(), "from 15% on");
        let bytes = Metric {
            value: 5e6,
            ..share
        };
        assert_eq!(bytes.interval_text() + &bytes.threshold_text(), "");
    }
}
