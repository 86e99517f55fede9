//! What was really sampled behind a value: CPU ticks, objects a heap profiler saw, contentions.

use super::Side;
use crate::analysis::allocations::{object_size, sampling_period};
use crate::analysis::statistics::sampled_objects;
use crate::analysis::trust::cpu_type;
use crate::model::{Kind, Profile};
use crate::unit;

/// What a profile's values rest on, and with it by which rules two of them can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// CPU ticks: counts that are Poisson.
    Ticks,
    /// Objects that a heap profiler saw and scaled up.
    Objects,
    /// Waits, of very different lengths: their number says how much there is to go by, nothing
    /// says how far a sum of their delays may be off.
    Waits,
    /// Everything was counted.
    Census,
    /// Nobody knows.
    Unknown,
}

impl Evidence {
    /// Parts of one: objects seen are estimated, and are no whole numbers.
    pub(super) const PARTS: f64 = 1024.0;

    pub(super) fn of_kind(kind: Kind, profile: &Profile) -> Self {
        match kind {
            Kind::Cpu => Self::Ticks,
            Kind::Heap | Kind::Allocs => match sampling_period(profile) {
                Some(1) => Self::Census,
                Some(_) => Self::Objects,
                None => Self::Unknown,
            },
            Kind::Block | Kind::Mutex => Self::Waits,
            Kind::Goroutine | Kind::GoroutineLeak | Kind::ThreadCreate => Self::Census,
            Kind::Custom | Kind::Bench | Kind::Trace => Self::Unknown,
        }
    }

    /// How the samples of one side are counted.
    pub(super) fn reader(self, side: &Side<'_>) -> Reader {
        let profile = side.profile;
        match self {
            Self::Ticks => Reader::ticks(profile),
            Self::Waits => Reader::Count(0),
            Self::Objects => Reader::objects(profile, side.sample_type),
            Self::Census | Self::Unknown => Reader::Nothing,
        }
    }
}

/// Counts what was sampled.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reader {
    /// The file does not say, or nothing was sampled but everything counted.
    Nothing,
    /// A sample type says it.
    Count(usize),
    /// A sample type in parts that stand for one event each.
    Parts(usize, f64),
    /// A heap profile's number of objects, their bytes, and its period.
    Objects(usize, usize, i64),
}

impl Reader {
    /// How the samples behind a type's values are counted, also where every object was seen.
    pub(crate) fn of(kind: Kind, profile: &Profile, sample_type: usize) -> Self {
        match kind {
            Kind::Cpu => Self::ticks(profile),
            Kind::Block | Kind::Mutex => Self::Count(0),
            Kind::Heap | Kind::Allocs if (sample_type | 1) < profile.sample_types.len() => {
                let period = sampling_period(profile).unwrap_or(1);
                Self::Objects(sample_type & !1, sample_type | 1, period)
            }
            _ => Self::Nothing,
        }
    }

    /// CPU ticks are counted, or reckoned from the time.
    fn ticks(profile: &Profile) -> Self {
        let types = 0..profile.sample_types.len();
        if let Some(count) = types.clone().find(|&t| profile.unit_name(t) == "count") {
            return Self::Count(count);
        }
        let (Some(cpu), Some(per)) = (cpu_type(profile), profile.period_type) else {
            return Self::Nothing;
        };
        let per = profile.strings.text(per.unit);
        let (period, _) = unit::scaled(profile.period, &per, &profile.unit_name(cpu));
        if period > 0.0 {
            Self::Parts(cpu, period)
        } else {
            Self::Nothing
        }
    }

    /// Sample types of a heap profile stand in pairs: objects, bytes.
    fn objects(profile: &Profile, sample_type: usize) -> Self {
        let (count, space) = (sample_type & !1, sample_type | 1);
        match sampling_period(profile) {
            Some(period) if space < profile.sample_types.len() => {
                Self::Objects(count, space, period)
            }
            _ => Self::Nothing,
        }
    }

    /// What was sampled for sample `i`.
    pub(crate) fn seen(self, profile: &Profile, i: usize) -> f64 {
        let size = |t| profile.value(i, t).unsigned_abs() as f64;
        match self {
            Self::Nothing => 0.0,
            Self::Count(t) => size(t),
            Self::Parts(t, period) => size(t) / period,
            Self::Objects(count, space, period) => {
                let objects = profile.value(i, count).saturating_abs();
                let each = object_size(profile, i).unwrap_or(size(space) / size(count).max(1.0));
                sampled_objects(objects, each, period)
            }
        }
    }
}
