//! How two profiles are to be compared: whether they can be, in which ways, which of these tells
//! most, and what has to be known before the result is believed.

use super::evidence::Evidence;
use super::notes::build_ids;
use super::{Mode, Side};
use crate::analysis::package_of;
use crate::error::Diagnostic;
use crate::model::{Kind, Profile, StringId};
use crate::unit;

/// What a sample type measures, which decides how two values of it can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Used while the profile ran.
    Spent,
    /// Counted up since the process started, or within a window where the profile has a duration.
    Cumulative,
    /// What there is at a moment.
    Gauge,
}

impl Nature {
    pub(super) fn of(side: &Side<'_>) -> Self {
        let name = side.profile.type_name(side.sample_type);
        match side.kind {
            Kind::Heap | Kind::Allocs | Kind::Custom if name.starts_with("alloc") => {
                Self::Cumulative
            }
            Kind::Block | Kind::Mutex => Self::Cumulative,
            Kind::Cpu => Self::Spent,
            Kind::Custom if !matches!(name.as_str(), "objects" | "space") => Self::Spent,
            _ => Self::Gauge,
        }
    }
}

/// Why two profiles cannot be compared; in a sentence.
pub(super) fn refusal(base: &Side<'_>, new: &Side<'_>) -> Option<String> {
    let same = base.kind == new.kind || base.kind.is_memory() && new.kind.is_memory();
    if !same {
        return Some(format!(
            "The baseline is a {}, this file a {}: only profiles of one kind can be compared.",
            in_sentence(base.kind),
            in_sentence(new.kind)
        ));
    }
    let (from, to) = (base.unit(), new.unit());
    (from != to && !unit::is_convertible(&from, &to)).then(|| {
        let name = new.profile.type_name(new.sample_type);
        format!("{name} is in {from} in the baseline and in {to} here: the one cannot be converted into the other.")
    })
}

/// A kind's label inside a sentence: abbreviations keep their capitals.
fn in_sentence(kind: Kind) -> String {
    let label = kind.label();
    if label.starts_with("CPU") {
        label.to_owned()
    } else {
        label.to_lowercase()
    }
}

/// The sample type of the baseline with this name. The error says what both have.
pub fn counterpart(base: &Profile, new: &Profile, sample_type: usize) -> Result<usize, String> {
    let find = |name: &str| (0..base.sample_types.len()).find(|&t| base.type_name(t) == name);
    let wanted = new.type_name(sample_type);
    if let Some(found) = find(&wanted) {
        return Ok(found);
    }
    let types = (0..new.sample_types.len()).map(|t| new.type_name(t));
    let common: Vec<String> = types.filter(|name| find(name).is_some()).collect();
    Err(match common.as_slice() {
        [] => "The two profiles have no sample type in common.".to_owned(),
        names => format!(
            "The baseline has no sample type {wanted}; both have {}.",
            names.join(", ")
        ),
    })
}

/// What values are divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Of the baseline.
    pub base: f64,
    /// Of the other profile.
    pub new: f64,
    /// Of their difference; not 1 only where two snapshots lie apart by a known time.
    pub delta: f64,
}

impl Scale {
    const PLAIN: Self = Self {
        base: 1.0,
        new: 1.0,
        delta: 1.0,
    };
}

/// The result: what is done, what else could be done, and remarks.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How it is compared.
    pub mode: Mode,
    /// Ways that make sense for these two.
    pub offered: Vec<Mode>,
    /// What values are divided by.
    pub scale: Scale,
    /// Seconds, operations or whatever else the samples were taken over, of both sides.
    pub exposure: [f64; 2],
    /// What has to be known, gravest first.
    pub notes: Vec<Diagnostic>,
}

/// What is known of both when it comes to the choice.
pub(super) struct Known<'a> {
    pub(super) base: &'a Side<'a>,
    pub(super) new: &'a Side<'a>,
    pub(super) nature: Nature,
    pub(super) evidence: Evidence,
    /// Net sums.
    pub(super) totals: [i64; 2],
    /// What was sampled in all.
    pub(super) seen: [f64; 2],
    /// Rows that have less than in the baseline by their own value.
    pub(super) decreased: u64,
    /// Functions of the one with the fewer that the other has, too, and how many these are.
    pub(super) common: [u64; 2],
    /// Some value is negative.
    pub(super) signed: bool,
}

impl Known<'_> {
    pub(super) fn durations(&self) -> Option<[f64; 2]> {
        let seconds = |side: &Side<'_>| side.profile.duration_nanos as f64 / 1e9;
        let both = [seconds(self.base), seconds(self.new)];
        both.iter().all(|&s| s > 0.0).then_some(both)
    }

    /// Seconds from the baseline to the other, where both say when they were taken.
    pub(super) fn elapsed(&self) -> Option<f64> {
        let (from, to) = (self.base.profile.time_nanos, self.new.profile.time_nanos);
        (from > 0 && to > 0).then(|| (i128::from(to) - i128::from(from)) as f64 / 1e9)
    }

    /// Counters of one process, that go up and nowhere down, a known time apart.
    pub(super) fn between(&self) -> Option<f64> {
        let is_snapshot = |side: &Side<'_>| side.profile.duration_nanos == 0;
        let one_process = self.nature == Nature::Cumulative
            && is_snapshot(self.base)
            && is_snapshot(self.new)
            && self.decreased == 0
            && build_ids(self.base, self.new).is_none_or(|[one, other]| one == other);
        self.elapsed().filter(|&s| one_process && s > 0.0)
    }

    fn offered(&self) -> Vec<Mode> {
        if self.nature == Nature::Gauge {
            return vec![Mode::Absolute];
        }
        let has_rate = self.durations().is_some() || self.between().is_some();
        let rate = has_rate.then_some(Mode::Rate);
        let others = [Mode::Share, Mode::Operation];
        std::iter::once(Mode::Absolute)
            .chain(rate)
            .chain(others)
            .collect()
    }

    fn default_mode(&self, offered: &[Mode]) -> Mode {
        let has_rate = offered.contains(&Mode::Rate);
        match self.nature {
            Nature::Gauge => Mode::Absolute,
            _ if has_rate => Mode::Rate,
            Nature::Spent if self.base.kind == Kind::Cpu => Mode::Share,
            _ => Mode::Absolute,
        }
    }

    /// Chooses. `operations` are what the person says of both.
    pub(super) fn plan(&self, asked: Option<Mode>, operations: Option<[f64; 2]>) -> Plan {
        let offered = self.offered();
        let mut notes = Vec::new();
        let mut mode = asked.unwrap_or_else(|| self.default_mode(&offered));
        if !offered.contains(&mode) {
            notes.push(Diagnostic::warning(self.not_offered(mode)));
            mode = self.default_mode(&offered);
        }
        let operations = operations.filter(|both| both.iter().all(|&n| n.is_finite() && n > 0.0));
        let mut scale = Scale::PLAIN;
        let mut exposure = [1.0, 1.0];
        match mode {
            Mode::Absolute => {}
            Mode::Rate => match (self.durations(), self.between()) {
                (Some(both), _) => exposure = both,
                (None, Some(seconds)) => scale.delta = seconds,
                (None, None) => {}
            },
            Mode::Share => exposure = self.totals.map(|total| (total as f64).abs().max(1.0)),
            Mode::Operation => match operations {
                Some(both) => exposure = both,
                None => notes.push(Diagnostic::warning(
                    "How many operations each of the two stands for is not in a profile: give both numbers, such as b.N. Until then values are as they are.",
                )),
            },
        }
        (scale.base, scale.new) = (exposure[0], exposure[1]);
        self.remarks(mode, &mut notes);
        Plan {
            mode,
            offered,
            scale,
            exposure,
            notes,
        }
    }

    fn not_offered(&self, mode: Mode) -> String {
        match (self.nature, mode) {
            (Nature::Gauge, _) => {
                "These are amounts at a moment: only their plain difference means anything, and is shown.".to_owned()
            }
            _ => "How long the two took is not known of both, so there are no values per second.".to_owned(),
        }
    }
}

/// Functions of the profile with the fewer of them that the other has, too, and how many it has.
/// Runtime frames are in every Go program, and say nothing.
pub(super) fn functions_in_common(base: &Profile, new: &Profile) -> [u64; 2] {
    let names = |profile: &Profile| {
        let own = |id: StringId| package_of(profile.strings.bytes(id)) != b"runtime";
        let ids = profile.functions.iter().map(|f| f.name);
        let mut names: Vec<Vec<u8>> = ids
            .filter(|&id| own(id))
            .map(|id| profile.strings.bytes(id).to_vec())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let (one, other) = (names(base), names(new));
    let (fewer, more) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let common = fewer.iter().filter(|name| more.binary_search(name).is_ok());
    [common.count() as u64, fewer.len() as u64]
}
