//! What to keep in mind before believing a profile: few samples, cut stacks, the cost of
//! measuring, what a kind of profile cannot show. Only what applies, each with its numbers.

use super::allocations::{object_size, sampling_period};
use super::attribution::{Attribution, Attributor};
use super::statistics::{sampled_objects, wilson_share};
use super::{Classes, Selection, split_symbol};
use crate::error::Diagnostic;
use crate::model::{FunctionId, Kind, Location, LocationId, Profile, StackId};
use crate::unit::{self, plural};

/// Below this many samples nothing can be ranked, below the next shares are indications, below
/// the last small shares are noise.
const FEW: [u64; 3] = [30, 100, 1000];
/// Frames at which Go cuts a CPU stack, in every version.
const CPU_DEPTH: usize = 64;
/// Frames at which Go cuts other stacks: from 1.23, and before.
const OTHER_DEPTHS: [usize; 2] = [128, 32];
/// Share of the value in cut stacks, lost events or nameless frames that is worth a remark.
const WORTH_A_REMARK: f64 = 0.05;
/// Cores busy below which a CPU profile cannot explain the wall time.
const LOW_UTILISATION: f64 = 0.2;
/// Shares of the profilers' own cost that are a note and a warning.
const OBSERVER: [f64; 2] = [0.03, 0.10];
/// Share of the harness that hides the code under test.
const HARNESS: f64 = 0.30;
/// Contentions below which a block or mutex profile gives an order, not a measure.
const FEW_CONTENTIONS: u64 = 30;

/// The remarks that apply to a selection, gravest first as far as they can be compared.
pub fn trust_notes(
    profile: &Profile,
    classes: &Classes,
    kind: Kind,
    selection: &Selection,
) -> Vec<Diagnostic> {
    if kind == Kind::Trace {
        return super::trace::notes(profile);
    }
    if selection.stacks().next().is_none() {
        return vec![empty(kind)];
    }
    if kind == Kind::ThreadCreate {
        // Its stacks are broken in every Go release; only the count means something.
        return caveat(profile, kind)
            .map(Diagnostic::note)
            .into_iter()
            .collect();
    }
    // Shares of a handful of samples are not worth giving, not even to warn of something.
    if cpu_samples(profile, kind, selection).is_some_and(|n| n < FEW[0]) {
        let notes = [overflowed(selection), few_samples(profile, kind, selection)];
        return notes.into_iter().flatten().collect();
    }
    let survey = Survey::new(profile, classes, kind, selection);
    let mut notes = Vec::new();
    notes.extend(overflowed(selection));
    notes.extend(few_samples(profile, kind, selection));
    notes.extend(few_objects(profile, kind, selection));
    notes.extend(few_contentions(profile, kind));
    notes.extend(survey.cut_stacks(kind));
    notes.extend(survey.lost());
    notes.extend(survey.nameless());
    notes.extend(survey.observer(kind));
    notes.extend(survey.harness(kind));
    notes.extend(low_utilisation(profile, kind));
    notes.extend(negative(profile, selection));
    notes.extend(caveat(profile, kind).map(Diagnostic::note));
    notes
}

/// Number of profiler ticks behind a CPU selection; `None` for other kinds and where the file
/// does not tell.
pub(crate) fn cpu_samples(profile: &Profile, kind: Kind, selection: &Selection) -> Option<u64> {
    if kind != Kind::Cpu {
        return None;
    }
    let value = profile.sample_types.get(selection.sample_type)?;
    let sum = selection
        .weights
        .iter()
        .fold(0_u64, |n, w| n.saturating_add(w.unsigned_abs()));
    if profile.strings.bytes(value.unit) == b"count" {
        return Some(sum);
    }
    let same_unit = profile.period_type.is_some_and(|p| p.unit == value.unit);
    (same_unit && profile.period > 0).then(|| sum / profile.period.unsigned_abs())
}

/// A share as text.
pub(crate) fn percent_of(share: f64) -> String {
    unit::percent((share * 1e6).round() as i64, 1_000_000)
}

fn empty(kind: Kind) -> Diagnostic {
    let why = match kind {
        Kind::Cpu => {
            "the program used no CPU for as long as one sampling interval; profile longer, under load"
        }
        Kind::Block => "no wait was recorded; runtime.SetBlockProfileRate turns this profile on",
        Kind::Mutex => {
            "no contention was recorded; runtime.SetMutexProfileFraction turns this profile on"
        }
        Kind::GoroutineLeak => {
            "no leaked goroutine was found; goroutines reachable from globals or waiting on timers are not looked at, so this is no proof"
        }
        Kind::Heap | Kind::Allocs => {
            "no allocation was sampled; small programs can stay below the sampling period"
        }
        _ => "nothing was recorded",
    };
    Diagnostic::warning(format!("There are no samples: {why}."))
}

fn overflowed(selection: &Selection) -> Option<Diagnostic> {
    let message = "The values add up to more than 64 bits hold: totals wrapped around, and percentages mean nothing.";
    selection.overflowed.then(|| Diagnostic::warning(message))
}

fn few_samples(profile: &Profile, kind: Kind, selection: &Selection) -> Option<Diagnostic> {
    let samples = cpu_samples(profile, kind, selection)?;
    let stage = FEW.iter().position(|&limit| samples < limit)?;
    let (low, high) = wilson_share(0.1, samples);
    let count = plural(samples, "sample");
    let range = format!(
        "a share of 10% may be anything from {} to {}",
        percent_of(low),
        percent_of(high)
    );
    Some(match stage {
        0 => Diagnostic::warning(format!(
            "Only {count}: too few to rank anything. Profile for 30s under load, or run the benchmark longer."
        )),
        1 => Diagnostic::warning(format!(
            "Only {count}: percentages are indications; {range}."
        )),
        _ => Diagnostic::note(format!(
            "{count}: {range}; shares below 5% are mostly noise."
        )),
    })
}

/// How many objects a heap profile really saw.
fn few_objects(profile: &Profile, kind: Kind, selection: &Selection) -> Option<Diagnostic> {
    let period = sampling_period(profile).filter(|&p| kind.is_memory() && p > 1)?;
    let t = selection.sample_type;
    let (objects, space) = (t & !1, t | 1);
    if space >= profile.sample_types.len() {
        return None;
    }
    let seen: f64 = (0..profile.samples.len())
        .filter(|&i| profile.value(i, objects) > 0)
        .map(|i| {
            let (count, bytes) = (profile.value(i, objects), profile.value(i, space));
            let size = object_size(profile, i).unwrap_or(bytes as f64 / count as f64);
            sampled_objects(count, size, period)
        })
        .sum();
    let seen = seen.round() as u64;
    if seen >= FEW[1] {
        return None;
    }
    Some(Diagnostic::warning(format!(
        "The numbers are scaled up from about {} that were really sampled (one per {} allocated): single rows are little more than chance.",
        plural(seen, "object"),
        unit::label(period, "bytes")
    )))
}

fn few_contentions(profile: &Profile, kind: Kind) -> Option<Diagnostic> {
    if !matches!(kind, Kind::Block | Kind::Mutex) {
        return None;
    }
    let count = (0..profile.samples.len()).fold(0_u64, |n, i| {
        n.saturating_add(profile.value(i, 0).unsigned_abs())
    });
    (count < FEW_CONTENTIONS).then(|| {
        let count = plural(count, "wait");
        Diagnostic::warning(format!(
            "Only {count} recorded: this gives an order, not a measure."
        ))
    })
}

fn low_utilisation(profile: &Profile, kind: Kind) -> Option<Diagnostic> {
    let cores =
        busy_cores(profile).filter(|&cores| kind == Kind::Cpu && cores < LOW_UTILISATION)?;
    Some(Diagnostic::note(format!(
        "{cores:.2} cores were busy on average: a CPU profile cannot explain what the rest of the time went into. A block, goroutine or trace profile can; so can a CPU limit of the container."
    )))
}

/// CPU time ÷ wall time; `None` when the file does not give both, and in a difference.
pub(crate) fn busy_cores(profile: &Profile) -> Option<f64> {
    let cpu = cpu_type(profile)?;
    let unit = profile.unit_name(cpu);
    let selection = Selection::all(profile, cpu);
    let (nanos, _) = unit::scaled(selection.total, &unit, "ns");
    (profile.duration_nanos > 0 && !selection.signed).then(|| nanos / profile.duration_nanos as f64)
}

/// The sample type that holds CPU time.
pub(crate) fn cpu_type(profile: &Profile) -> Option<usize> {
    (0..profile.sample_types.len())
        .find(|&t| profile.type_name(t) == "cpu" && unit::is_time(&profile.unit_name(t)))
}

fn negative(profile: &Profile, selection: &Selection) -> Option<Diagnostic> {
    if !selection.signed {
        return None;
    }
    // Samples, not stacks: one that grew by more than it lost is negative nowhere.
    let values = (0..profile.samples.len()).map(|i| profile.value(i, selection.sample_type));
    let count = values.filter(|&value| value < 0).count() as u64;
    let why = if profile.duration_nanos > 0 {
        "the profile is the difference between two moments"
    } else {
        "the profile is a difference"
    };
    Some(Diagnostic::note(format!(
        "{} of negative value: {why}. Percentages are of {} {}.",
        plural(count, "sample"),
        if selection.of_base {
            "the base's"
        } else {
            "the"
        },
        if selection.mean {
            "mean magnitude"
        } else {
            "sum of magnitudes"
        },
    )))
}

/// What a kind of profile cannot show, whatever its numbers.
fn caveat(profile: &Profile, kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Heap => Some(
            "State of the last finished garbage collection. Sites say who allocated, not who still holds the memory; stacks, C memory and the runtime's own are not included.",
        ),
        Kind::Allocs => Some(
            "Counted since the program started. Sites say who allocated, not who still holds the memory.",
        ),
        Kind::Block => Some(
            "Delays are summed over goroutines or threads and can exceed the wall time. A wait that has not ended is not in the profile, nor are sleeping, system calls and network waits.",
        ),
        Kind::Mutex => Some(
            "Contention is shown where the lock was released: by those who held it, not by those who waited. Delays are summed over the waiters.",
        ),
        Kind::Goroutine if profile.dump.is_some() => Some(
            "A dump shows one moment. Waiting is counted from the first garbage collection that saw it, in whole minutes: none are shown where no collection has run since.",
        ),
        Kind::Goroutine => Some(
            "The profile does not say in which state a goroutine is; it is told here from the innermost frames. A dump with debug=2 has states and waiting times.",
        ),
        Kind::GoroutineLeak => Some(
            "Goroutines that the collector proved unable to wake up. Leaks that are reachable from globals or wait on timers are not among them.",
        ),
        Kind::ThreadCreate => Some(
            "Stacks of this kind are mostly empty in every Go version; only the count can be trusted.",
        ),
        Kind::Cpu | Kind::Custom | Kind::Bench | Kind::Trace => None,
    }
}

/// Weights of everything that is read off the stacks, in one pass.
#[derive(Default)]
struct Survey {
    total: u128,
    cut: u128,
    depth: usize,
    lost: u128,
    nameless: u128,
    observer: u128,
    harness: u128,
}

impl Survey {
    fn new(profile: &Profile, classes: &Classes, kind: Kind, selection: &Selection) -> Self {
        let names = |f: &crate::model::Function| profile.strings.bytes(f.name);
        let observers: Vec<u64> = profile
            .functions
            .iter()
            .map(|f| u64::from(is_observer(names(f))))
            .collect();
        let attributor = Attributor::new(profile, classes, &observers);
        let surveyor = Surveyor::new(profile, classes, kind);
        let mut survey = Self {
            depth: surveyor.depth,
            ..Self::default()
        };
        for (row, weight) in selection.stacks() {
            let stack = StackId(row as u32);
            let found = attributor.attribute(stack);
            let weight = u128::from(weight.unsigned_abs());
            let mut count = |slot: fn(&mut Self) -> &mut u128, applies: bool| {
                if applies {
                    *slot(&mut survey) += weight;
                }
            };
            count(|s| &mut s.total, true);
            count(|s| &mut s.cut, surveyor.is_cut(stack));
            count(|s| &mut s.lost, surveyor.is_lost(&found));
            count(|s| &mut s.nameless, surveyor.is_nameless(stack));
            count(|s| &mut s.observer, found.marks != 0);
            count(|s| &mut s.harness, surveyor.is_harness(&found));
        }
        survey
    }

    fn share(&self, part: u128) -> f64 {
        if self.total == 0 {
            0.0
        } else {
            part as f64 / self.total as f64
        }
    }

    fn cut_stacks(&self, kind: Kind) -> Option<Diagnostic> {
        let share = self.share(self.cut);
        let advice = match kind {
            Kind::Cpu => "",
            _ => " GODEBUG=profstackdepth=N records up to 1024.",
        };
        (share > WORTH_A_REMARK).then(|| {
            Diagnostic::warning(format!(
                "{} of the value is in stacks that were cut at {} frames: the cost of outer functions is a lower bound.{advice}",
                percent_of(share),
                self.depth
            ))
        })
    }

    fn lost(&self) -> Option<Diagnostic> {
        let share = self.share(self.lost);
        (share > WORTH_A_REMARK).then(|| {
            Diagnostic::warning(format!(
                "{} of the value could not be attributed when it was recorded (lost events, code outside Go).",
                percent_of(share)
            ))
        })
    }

    fn nameless(&self) -> Option<Diagnostic> {
        let share = self.share(self.nameless);
        (share > WORTH_A_REMARK).then(|| {
            Diagnostic::warning(format!(
                "{} of the value ends in addresses for which the file has no function names.",
                percent_of(share)
            ))
        })
    }

    fn observer(&self, kind: Kind) -> Option<Diagnostic> {
        let share = self.share(self.observer);
        if kind != Kind::Cpu || share < OBSERVER[0] {
            return None;
        }
        let message = format!(
            "{} of the CPU time went into recording block, mutex and allocation profiles, which distorts the rest. Take CPU profiles alone, or set coarser rates: runtime.SetBlockProfileRate(1000000) or 0, runtime.SetMutexProfileFraction(100).",
            percent_of(share)
        );
        Some(if share < OBSERVER[1] {
            Diagnostic::note(message)
        } else {
            Diagnostic::warning(message)
        })
    }

    fn harness(&self, kind: Kind) -> Option<Diagnostic> {
        let share = self.share(self.harness);
        let applies = kind == Kind::Cpu || kind.is_memory();
        (applies && share > HARNESS).then(|| {
            Diagnostic::warning(format!(
                "{} belongs to test code and to functions that make data (random numbers, generate…, fixture…, mock…): the profile may show the making of the input rather than the code under test.",
                percent_of(share)
            ))
        })
    }
}

/// Functions with which the runtime records block, mutex and allocation events.
fn is_observer(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 7] = [
        b"blockevent",
        b"saveblockevent",
        b"mutexevent",
        b"mutexSampleContention",
        b"mProf_Malloc",
        b"mProf_Free",
        b"profilealloc",
    ];
    let Some(rest) = name.strip_prefix(b"runtime.") else {
        return false;
    };
    NAMES.contains(&rest) || rest.starts_with(b"(*mLockProfile).")
}

/// Frames at which stacks of this profile seem to have been cut; `usize::MAX` for none.
fn depth_limit(profile: &Profile, kind: Kind, widths: &[u8]) -> usize {
    if kind == Kind::Cpu {
        return CPU_DEPTH;
    }
    let stacks = (0..profile.stacks.len()).map(|s| profile.stacks.get(StackId(s as u32)));
    let (locations, frames) = stacks.fold((0, 0), |(locations, frames), stack| {
        let (l, f) = depth(widths, stack);
        (l.max(locations), f.max(frames))
    });
    let is_limit = |limit: &usize| locations == *limit || frames == *limit;
    OTHER_DEPTHS
        .into_iter()
        .find(is_limit)
        .unwrap_or(usize::MAX)
}

/// Locations and frames of a stack.
fn depth(widths: &[u8], locations: &[LocationId]) -> (usize, usize) {
    (
        locations.len(),
        locations
            .iter()
            .map(|l| usize::from(widths[l.index()]))
            .sum(),
    )
}

/// Frames of each location, 255 at most: no limit is larger.
fn widths(profile: &Profile) -> Vec<u8> {
    let width = |l: &Location| (l.lines.1 - l.lines.0).clamp(1, 255) as u8;
    profile.locations.iter().map(width).collect()
}

/// Reads single stacks; what depends on a function or location alone is prepared.
#[derive(Debug)]
pub(crate) struct Surveyor<'a> {
    profile: &'a Profile,
    classes: &'a Classes,
    /// Frames at which stacks seem to have been cut; `usize::MAX` for none.
    pub(crate) depth: usize,
    widths: Vec<u8>,
    widest: usize,
    generators: Vec<bool>,
    randoms: Vec<bool>,
    lost: Vec<bool>,
}

impl<'a> Surveyor<'a> {
    /// Prepares all locations and functions.
    pub(crate) fn new(profile: &'a Profile, classes: &'a Classes, kind: Kind) -> Self {
        let widths = widths(profile);
        let depth = if classes.is_go() {
            depth_limit(profile, kind, &widths)
        } else {
            usize::MAX
        };
        let symbols = || {
            profile
                .functions
                .iter()
                .map(|f| split_symbol(profile.strings.bytes(f.name)))
        };
        Self {
            profile,
            classes,
            depth,
            widest: widths.iter().copied().max().map_or(1, usize::from),
            widths,
            generators: symbols().map(|s| is_generator(s.base)).collect(),
            randoms: symbols().map(|s| makes_random(s.package)).collect(),
            lost: profile
                .functions
                .iter()
                .map(|f| stands_for_lost(profile.strings.bytes(f.name)))
                .collect(),
        }
    }

    fn name(&self, function: FunctionId) -> &[u8] {
        self.profile
            .strings
            .bytes(self.profile.functions[function.index()].name)
    }

    /// As deep as stacks get, and its outermost frame is not where goroutines begin.
    pub(crate) fn is_cut(&self, stack: StackId) -> bool {
        const ROOTS: [&[u8]; 5] = [
            b"runtime.main",
            b"runtime.goexit",
            b"runtime.mstart",
            b"runtime.gcBgMarkWorker",
            b"runtime.bgsweep",
        ];
        let locations = self.profile.stacks.get(stack);
        // Most stacks are too shallow however many inlined calls their locations hold.
        if locations.len().saturating_mul(self.widest) < self.depth {
            return false;
        }
        let (calls, frames) = depth(&self.widths, locations);
        if calls < self.depth && frames < self.depth {
            return false;
        }
        let outermost = locations
            .last()
            .map(|l| self.profile.locations[l.index()].lines);
        let root = outermost.and_then(|(start, end)| {
            (start != end).then(|| self.profile.lines[end as usize - 1].function)
        });
        !root.is_some_and(|f| ROOTS.contains(&self.name(f)))
    }

    /// Its leaf stands for events that were lost or code outside Go.
    pub(crate) fn is_lost(&self, found: &Attribution) -> bool {
        let leaf = found.leaf.map(|leaf| leaf.function(self.profile));
        leaf.is_some_and(|function| self.lost[function.index()])
    }

    fn is_nameless(&self, stack: StackId) -> bool {
        let leaf = self.profile.stacks.get(stack).first();
        leaf.is_some_and(|l| {
            let (start, end) = self.profile.locations[l.index()].lines;
            start == end
                || self
                    .name(self.profile.lines[start as usize].function)
                    .is_empty()
        })
    }

    /// Own cost of test code, and what makes data on anyone's behalf. A library that a test
    /// calls may be the very thing under test and does not count.
    pub(crate) fn is_harness(&self, found: &Attribution) -> bool {
        let Some(user) = found.user.map(|place| place.function(self.profile)) else {
            return false;
        };
        let library = found.library.filter(|&l| l != user);
        let is_random = library.is_some_and(|l| self.randoms[l.index()]);
        let own_cost = library.is_none() && self.classes.is_harness(user);
        is_random || own_cost || self.generators[user.index()]
    }
}

fn stands_for_lost(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 5] = [
        b"runtime/pprof.lostProfileEvent",
        b"runtime._LostSIGPROFDuringAtomic64",
        b"runtime._ExternalCode",
        b"runtime._System",
        b"runtime._VDSO",
    ];
    NAMES.contains(&name)
}

fn makes_random(package: &[u8]) -> bool {
    matches!(package, b"crypto/rand" | b"math/rand" | b"math/rand/v2")
}

fn is_generator(base: &[u8]) -> bool {
    let lower = base.to_ascii_lowercase();
    let has = |part: &[u8]| lower.windows(part.len()).any(|window| window == part);
    has(b"generate") || has(b"fixture") || has(b"mock")
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
