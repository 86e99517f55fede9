//! The first words about a profile: what it holds, and two to five sentences on what stands out.
//!
//! Every sentence is made of computed numbers, in a fixed order, so the same file gives the same
//! text. Shares of CPU samples carry their 95 % interval; what cannot be told apart from it is
//! called a tie, and below 30 samples nothing is ranked.

use std::fmt::Write;

use super::attribution::{Attributor, is_folded};
use super::names::short_name;
use super::statistics::wilson;
use super::trust::{busy_cores, cpu_samples, cpu_type, percent_of};
use super::{Class, Classes, Family, HotPath, Nodes, Part, Selection, TopRow};
use crate::model::{Kind, Profile, StackId};
use crate::unit::{self, plural, signed_plural};

/// Below this many samples nothing is ranked.
const RANKABLE: u64 = 30;
/// Shares below this are not worth a sentence.
const WORTH: f64 = 0.01;
/// Names of a path's steps in a sentence at most.
const PATH_NAMES: usize = 5;

/// What the sentences are made of; all of the same selection.
#[derive(Clone, Copy, Debug)]
pub struct SummaryInput<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// Its nodes, in which `bar`, `paths` and `top` are expressed.
    pub nodes: &'a Nodes,
    /// Classes of its functions.
    pub classes: &'a Classes,
    /// What kind it is.
    pub kind: Kind,
    /// Samples and sample type.
    pub selection: &'a Selection,
    /// Where it goes, heaviest first.
    pub bar: &'a [Part],
    /// Call paths, heaviest first.
    pub paths: &'a [HotPath],
    /// Rows with the largest flat values, largest first; a handful is enough.
    pub top: &'a [TopRow],
}

/// The sample type to show first: the default type, unless it has no values and another one has.
/// Some producers end their list with a type that they did not measure; then it is the last one
/// with a value that is not zero.
pub fn shown_type(profile: &Profile) -> usize {
    let has_values =
        |&t: &usize| (0..profile.samples.len()).any(|sample| profile.value(sample, t) != 0);
    let default = profile.default_type();
    if has_values(&default) {
        return default;
    }
    let mut types = (0..profile.sample_types.len()).rev();
    types.find(has_values).unwrap_or(default)
}

/// One sentence: what this is and how much of what it holds.
pub fn headline(profile: &Profile, kind: Kind, selection: &Selection) -> String {
    let total = |name: &str| type_total(profile, name);
    let samples = plural(profile.samples.len() as u64, "sample record");
    let over = match profile.duration_nanos {
        nanos if nanos > 0 => format!(" within {}", unit::label(nanos, "nanoseconds")),
        _ => String::new(),
    };
    match kind {
        Kind::Cpu => cpu_headline(profile, kind),
        Kind::Heap | Kind::Allocs => format!(
            "{} in use in {}, {} allocated in {}{over}",
            unit::label(total("inuse_space"), &type_unit(profile, "inuse_space")),
            signed_plural(total("inuse_objects"), "object"),
            unit::label(total("alloc_space"), &type_unit(profile, "alloc_space")),
            signed_plural(total("alloc_objects"), "object"),
        ),
        Kind::Block => format!(
            "{} of waiting in {}{over}",
            unit::label(total("delay"), &type_unit(profile, "delay")),
            signed_plural(total("contentions"), "wait")
        ),
        Kind::Mutex => format!(
            "{} of waiting for locks in {}{over}",
            unit::label(total("delay"), &type_unit(profile, "delay")),
            signed_plural(total("contentions"), "contention")
        ),
        Kind::Goroutine => format!(
            "{} with {}",
            signed_plural(total("goroutine"), "goroutine"),
            plural(profile.stacks.len() as u64, "distinct stack")
        ),
        Kind::GoroutineLeak => {
            format!(
                "{} that nothing can wake up",
                signed_plural(total("goroutineleak"), "goroutine")
            )
        }
        Kind::ThreadCreate => format!("{} created", signed_plural(total("threadcreate"), "thread")),
        Kind::Bench => bench_headline(profile),
        Kind::Trace => trace_headline(profile),
        Kind::Custom => format!(
            "{} {} in {samples}{over}",
            amount(selection.net(), &profile.unit_name(selection.sample_type)),
            profile.type_name(selection.sample_type),
        ),
    }
}

/// A value before its noun: `7`, `3s of`.
fn amount(value: i64, unit: &str) -> String {
    match unit {
        "" | "count" => unit::signed_count(value),
        _ => format!("{} of", unit::label_with_unit(value, unit)),
    }
}

fn cpu_headline(profile: &Profile, kind: Kind) -> String {
    let Some(cpu) = cpu_type(profile) else {
        return plural(profile.samples.len() as u64, "sample record");
    };
    let selection = Selection::all(profile, cpu);
    let mut text = format!(
        "{} of CPU",
        unit::label(selection.net(), &profile.unit_name(cpu))
    );
    if let Some(cores) = busy_cores(profile) {
        let wall = unit::label(profile.duration_nanos, "nanoseconds");
        let _ = write!(text, " in {wall} of wall time ({cores:.2} cores)");
    }
    if let Some(samples) = cpu_samples(profile, kind, &selection) {
        let _ = write!(text, ", {}", plural(samples, "sample"));
    }
    text
}

/// Two to five sentences on what stands out, or the one that says why nothing can be said.
pub fn verdict(input: &SummaryInput<'_>) -> Vec<String> {
    if input.kind == Kind::Trace {
        return super::trace::sentences(input.profile);
    }
    let voice = Voice {
        input,
        noun: noun(input.profile, input.selection.sample_type).0,
        verb: noun(input.profile, input.selection.sample_type).1,
        samples: cpu_samples(input.profile, input.kind, input.selection),
    };
    // What idle processors do is no one's problem while anything else is on the list.
    let working = |part: &&Part| !part.hatched && part.key != "idle";
    let ranked: Vec<&Part> = input.bar.iter().filter(working).collect();
    let Some(first) = ranked.first().copied().or(input.bar.first()) else {
        return vec!["There are no samples, so there is nothing to rank.".to_owned()];
    };
    if let Some(samples) = voice.samples.filter(|&n| n < RANKABLE) {
        let count = plural(samples, "sample");
        return vec![format!(
            "With {count} nothing can be ranked: any order would be chance."
        )];
    }
    let mut sentences = vec![voice.mechanism(first, ranked.get(1).copied())];
    sentences.extend(voice.function());
    sentences.extend(voice.path());
    sentences.extend(voice.own_code());
    sentences.extend(voice.collector());
    sentences.extend(voice.churn());
    sentences.extend(voice.mean_wait());
    sentences.truncate(5);
    sentences
}

/// How long, how many goroutines, how many procs.
fn trace_headline(profile: &Profile) -> String {
    let Some(trace) = profile.trace.as_deref() else {
        return "no events".to_owned();
    };
    let time = trace.span.1.saturating_sub(trace.span.0);
    let time = unit::label(i64::try_from(time).unwrap_or(i64::MAX), "nanoseconds");
    let goroutines = plural(trace.own_goroutines(), "goroutine");
    format!("{time}, {goroutines}, {}", trace.procs_text())
}

/// How many benchmarks and runs.
fn bench_headline(profile: &Profile) -> String {
    let Some(benchmarks) = profile.benchmarks.as_deref() else {
        return "no benchmark results".to_owned();
    };
    let mut names: Vec<crate::model::StringId> =
        benchmarks.results.iter().map(|r| r.name).collect();
    names.sort_unstable();
    names.dedup();
    format!(
        "{} in {}",
        plural(names.len() as u64, "benchmark"),
        plural(benchmarks.results.len() as u64, "run")
    )
}

/// What the values of a sample type are called in a sentence, and what they do.
fn noun(profile: &Profile, sample_type: usize) -> (String, &'static str) {
    let name = profile.type_name(sample_type);
    let (noun, verb) = match name.as_str() {
        "cpu" => ("CPU time", "goes to"),
        "samples" => ("samples", "go to"),
        "alloc_space" => ("allocated bytes", "go to"),
        "alloc_objects" => ("allocated objects", "go to"),
        "inuse_space" => ("bytes in use", "go to"),
        "inuse_objects" => ("objects in use", "go to"),
        "delay" => ("waiting time", "is spent in"),
        "contentions" => ("waits", "are in"),
        "goroutine" => ("goroutines", "are in"),
        "goroutineleak" => ("leaked goroutines", "are in"),
        "threadcreate" => ("threads", "go to"),
        _ => (name.as_str(), "goes to"),
    };
    (noun.to_owned(), verb)
}

fn type_total(profile: &Profile, name: &str) -> i64 {
    let Some(t) = profile.type_named(name) else {
        return 0;
    };
    (0..profile.samples.len()).fold(0, |sum: i64, i| sum.wrapping_add(profile.value(i, t)))
}

/// The unit of the sample type of a name; old formats have others than Go's.
fn type_unit(profile: &Profile, name: &str) -> String {
    profile
        .type_named(name)
        .map_or_else(String::new, |t| profile.unit_name(t))
}

/// Makes the sentences.
struct Voice<'a> {
    input: &'a SummaryInput<'a>,
    noun: String,
    verb: &'static str,
    /// Profiler ticks, for intervals; unknown for anything but CPU profiles.
    samples: Option<u64>,
}

impl Voice<'_> {
    fn total(&self) -> i64 {
        self.input.selection.total
    }

    fn name(&self, node: super::NodeId) -> String {
        short_name(self.input.nodes, node)
    }

    /// 95 % interval of a share, when the number of samples is known.
    fn interval(&self, share: f64) -> Option<(f64, f64)> {
        let samples = self.samples?;
        Some(wilson((share * samples as f64).round() as u64, samples))
    }

    /// `12.34% [10.5–14.4%]`.
    fn share(&self, share: f64) -> String {
        let text = percent_of(share);
        match self.interval(share) {
            Some((low, high)) => format!("{text} [{:.1}–{:.1}%]", low * 100.0, high * 100.0),
            None => text,
        }
    }

    fn mechanism(&self, first: &Part, second: Option<&Part>) -> String {
        let value = match self.unit().as_str() {
            "" | "count" => unit::signed_count(first.value),
            unit => unit::label_with_unit(first.value, unit),
        };
        // A test that waits for what it tests is no cause.
        let input = self.input;
        let drives = |node| {
            input
                .classes
                .is_harness_node(input.profile, input.nodes, node)
        };
        let cause = first
            .top
            .iter()
            .find(|&&(node, _)| !drives(node))
            .filter(|_| first.family != Family::User)
            .map_or_else(String::new, |&(node, part)| {
                let whole = unit::percent(part, first.value);
                format!("; {whole} of it for {}", self.name(node))
            });
        let extent = if first.share >= 0.5 {
            "Most"
        } else {
            "The largest part"
        };
        let mut text = format!(
            "{extent} of the {} {} {}: {} ({value}){cause}.",
            self.noun,
            if first.share >= 0.5 {
                self.verb
            } else {
                singular(self.verb)
            },
            self.part_name(first),
            self.share(first.share)
        );
        if let Some(second) = second.filter(|s| self.is_tie(first.share, s.share)) {
            let _ = write!(
                text,
                " {}, {}, may be as large: the difference is within what chance makes of this many \
                 samples.",
                unit::capital(&self.part_name(second)),
                self.share(second.share)
            );
        }
        text
    }

    /// Only CPU time is spent in instructions: what a package allocates or waits for is its own
    /// doing as against that of the libraries it calls.
    fn part_name(&self, part: &Part) -> String {
        match (part.key.starts_with("code:"), self.input.kind) {
            (false, _) => part.label.clone(),
            (true, Kind::Cpu) => format!("the own instructions of package {}", part.label),
            (true, _) => format!("package {} itself", part.label),
        }
    }

    fn unit(&self) -> String {
        self.input
            .profile
            .unit_name(self.input.selection.sample_type)
    }

    /// The first rank is certain only when its interval lies above the second's.
    fn is_tie(&self, first: f64, second: f64) -> bool {
        match (self.interval(first), self.interval(second)) {
            (Some((low, _)), Some((_, high))) => low <= high,
            _ => first <= second,
        }
    }

    /// Not for waiting: there every stack ends in the same few functions of the runtime.
    fn function(&self) -> Option<String> {
        let applies =
            matches!(self.input.kind, Kind::Cpu | Kind::Custom) || self.input.kind.is_memory();
        let name = |row: &&TopRow| {
            let info = &self.input.nodes.info[row.node.index()];
            self.input.nodes.text(info.name)
        };
        // Preemption is no function's doing: its cost is the interrupted caller's.
        let row = self
            .input
            .top
            .iter()
            .find(|row| applies && !is_folded(name(row)))?;
        let share = unit::share(row.flat, self.total()).abs();
        (share >= WORTH).then(|| {
            let is_preemption = |first: &&TopRow| name(first).starts_with(b"runtime.asyncPreempt");
            let first = self.input.top.first().filter(is_preemption);
            let besides = first.map_or_else(String::new, |first| {
                format!(
                    ", not counting {}, in which samples of the functions that it interrupts end",
                    self.name(first.node)
                )
            });
            format!(
                "The heaviest function by own cost is {} with {}{besides}.",
                self.name(row.node),
                self.share(share)
            )
        })
    }

    fn path(&self) -> Option<String> {
        let path = self
            .input
            .paths
            .first()
            .filter(|p| p.share >= WORTH && p.steps.len() > 1)?;
        let names: Vec<String> = path.steps.iter().map(|step| self.name(step.node)).collect();
        let text = if names.len() > PATH_NAMES {
            let tail = &names[names.len() - (PATH_NAMES - 2)..];
            format!(
                "{} → {} → … → {}",
                names[0],
                names[1],
                tail[1..].join(" → ")
            )
        } else {
            names.join(" → ")
        };
        Some(format!(
            "The heaviest call path carries {}: {text}.",
            self.share(path.share)
        ))
    }

    /// How much passes through the program's own code, and how much of it is its own.
    fn own_code(&self) -> Option<String> {
        let input = self.input;
        if input.kind != Kind::Cpu || !input.classes.is_go() {
            return None;
        }
        let attributor = Attributor::new(input.profile, input.classes, &[]);
        let (mut through, mut total) = (0_u128, 0_u128);
        for (stack, weight) in input.selection.stacks() {
            let user = attributor.attribute(StackId(stack as u32)).user;
            let class = user.map(|place| input.classes.of(place.function(input.profile)));
            let weight = u128::from(weight.unsigned_abs());
            total += weight;
            through += if class == Some(Class::Main) {
                weight
            } else {
                0
            };
        }
        let share = if total == 0 {
            0.0
        } else {
            through as f64 / total as f64
        };
        let own: f64 = input
            .bar
            .iter()
            .filter(|p| p.family == Family::User)
            .map(|p| p.share)
            .sum();
        (share >= WORTH).then(|| {
            format!(
                "{} passes through your code; {} is spent in its own instructions, the rest in what it calls.",
                self.share(share),
                percent_of(own)
            )
        })
    }

    fn collector(&self) -> Option<String> {
        if self.input.kind != Kind::Cpu {
            return None;
        }
        let gc = self.input.bar.iter().filter(|p| p.family == Family::Gc);
        let share: f64 = gc.clone().map(|p| p.share).sum();
        let idle: f64 = gc.filter(|p| p.hatched).map(|p| p.share).sum();
        let aside = if idle > 0.0 {
            format!(
                ", {} of it by processors that were idle",
                percent_of(idle / share)
            )
        } else {
            String::new()
        };
        (share >= WORTH).then(|| format!("Garbage collection takes {}{aside}.", self.share(share)))
    }

    /// How much of what was allocated is still there, and how large an object is.
    fn churn(&self) -> Option<String> {
        if !self.input.kind.is_memory() {
            return None;
        }
        let profile = self.input.profile;
        let (space, objects) = (
            type_total(profile, "alloc_space"),
            type_total(profile, "alloc_objects"),
        );
        if space <= 0 || objects <= 0 {
            return None;
        }
        Some(format!(
            "{} of the {} that were allocated are still in use; an allocated object has {} on average.",
            unit::percent(type_total(profile, "inuse_space"), space),
            unit::label(space, "bytes"),
            unit::label(space / objects, "bytes")
        ))
    }

    fn mean_wait(&self) -> Option<String> {
        if !matches!(self.input.kind, Kind::Block | Kind::Mutex) {
            return None;
        }
        let profile = self.input.profile;
        let mean = type_total(profile, "delay").checked_div(type_total(profile, "contentions"))?;
        Some(format!(
            "A wait takes {} on average.",
            unit::label(mean, &type_unit(profile, "delay"))
        ))
    }
}

fn singular(verb: &'static str) -> &'static str {
    match verb {
        "go to" => "goes to",
        "are in" => "is in",
        _ => verb,
    }
}

#[cfg(test)]
#[path = "summary_tests.rs"]
mod tests;
