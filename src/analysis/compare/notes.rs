//! What has to be known of two profiles before their comparison is believed. Nothing is guessed: what
//! is missing is said.

use super::evidence::Evidence;
use super::plan::{Known, Nature};
use super::{Mode, Side};
use crate::analysis::base_name;
use crate::error::Diagnostic;
use crate::unit::{self, plural};

/// Durations that differ by less than this share are the same.
const SAME_DURATION: f64 = 0.02;
/// Samples below which differences are hardly to be told from chance.
const FEW: f64 = 30.0;
/// Share of functions in common below which the profiles are of different programs.
const HARDLY_ANY: f64 = 0.2;

impl Known<'_> {
    pub(super) fn remarks(&self, mode: Mode, notes: &mut Vec<Diagnostic>) {
        notes.extend(self.emptiness());
        notes.extend(self.strangers());
        notes.extend(self.restart());
        notes.extend(self.duration_note(mode));
        notes.extend(self.few());
        if self.signed {
            notes.push(Diagnostic::warning(
                "Values of one of the two are negative: it is a difference itself. Widths in the picture are of magnitudes.",
            ));
        }
        if let Some(seconds) = self.elapsed().filter(|&s| s < 0.0) {
            notes.push(Diagnostic::warning(format!(
                "The baseline was recorded {} after this file: more and less are the other way round in time.",
                seconds_text(-seconds)
            )));
        }
        notes.extend(self.builds());
        notes.extend(self.periods());
        if self.evidence == Evidence::Unknown {
            notes.push(Diagnostic::note(
                "What these values were sampled from is not known, so nobody can say how sure a difference is.",
            ));
        }
        if self.evidence == Evidence::Waits {
            notes.push(Diagnostic::note(
                "Waits differ in length by orders of magnitude, and a profile holds only their sum: which rows changed is an indication, never a measurement.",
            ));
        }
    }

    fn emptiness(&self) -> Option<Diagnostic> {
        let which = match self.totals {
            [0, 0] => "Neither of the two has any value",
            [0, _] => "The baseline has no value",
            [_, 0] => "This file has no value",
            _ => return None,
        };
        let name = self.new.profile.type_name(self.new.sample_type);
        Some(Diagnostic::warning(format!("{which} of {name}.")))
    }

    fn strangers(&self) -> Option<Diagnostic> {
        let [common, fewer] = self.common;
        (fewer > 0 && (common as f64) < HARDLY_ANY * fewer as f64).then(|| {
            Diagnostic::warning(format!(
                "Only {common} of {} are in both: these seem to be different programs.",
                plural(fewer, "function")
            ))
        })
    }

    fn restart(&self) -> Option<Diagnostic> {
        let is_counter = self.nature == Nature::Cumulative && self.durations().is_none();
        if !is_counter {
            return None;
        }
        if self.decreased == 0 {
            return self.between().is_none().then(|| {
                Diagnostic::note(
                    "Counted since each process started, which may be a different time ago: only for two moments of one process is the difference what happened between them.",
                )
            });
        }
        Some(Diagnostic::warning(format!(
            "{} less than in the baseline, although this counts up as long as a process runs: the two are of different processes, or it was restarted. The differences are not what happened between them.",
            if self.decreased == 1 {
                "1 row has".to_owned()
            } else {
                format!("{} rows have", unit::count(self.decreased))
            }
        )))
    }

    fn duration_note(&self, mode: Mode) -> Option<Diagnostic> {
        if self.nature == Nature::Gauge {
            return None;
        }
        let Some([one, other]) = self.durations() else {
            return (self.nature == Nature::Spent).then(|| {
                Diagnostic::note(
                    "How long it ran is not known of both: differences of totals may be differences of duration.",
                )
            });
        };
        if (one - other).abs() <= SAME_DURATION * one.max(other) {
            return None;
        }
        let both = format!(
            "The baseline covers {}, this file {}",
            seconds_text(one),
            seconds_text(other)
        );
        Some(match mode {
            Mode::Absolute => Diagnostic::warning(format!(
                "{both}: part of every difference is that. Per second takes it out."
            )),
            _ => Diagnostic::note(format!("{both}; the values take that into account.")),
        })
    }

    fn few(&self) -> Option<Diagnostic> {
        let what = match self.evidence {
            Evidence::Ticks => "sample",
            Evidence::Objects => "sampled object",
            Evidence::Waits => "wait",
            Evidence::Census | Evidence::Unknown => return None,
        };
        let [one, other] = self.seen;
        (one.min(other) < FEW && self.totals.iter().all(|&total| total != 0)).then(|| {
            Diagnostic::warning(format!(
                "Only {} in the baseline and {} here: hardly any difference can be told from chance.",
                plural(one.round() as u64, what),
                plural(other.round() as u64, what)
            ))
        })
    }

    fn builds(&self) -> Option<Diagnostic> {
        let programs = [self.base, self.new].map(main_binary);
        if let [Some(one), Some(other)] = &programs
            && one != other
        {
            return Some(Diagnostic::note(format!(
                "The binaries are called {one} and {other}."
            )));
        }
        let [one, other] = build_ids(self.base, self.new)?;
        Some(Diagnostic::note(if one == other {
            "Both are of the same build.".to_owned()
        } else {
            format!("Two builds: {} and {}.", short(&one), short(&other))
        }))
    }

    fn periods(&self) -> Option<Diagnostic> {
        let period = |side: &Side<'_>| {
            let of = side.profile.period_type?;
            let unit = side.profile.strings.text(of.unit).into_owned();
            (side.profile.period > 0).then(|| unit::label_with_unit(side.profile.period, &unit))
        };
        let (base, new) = (period(self.base)?, period(self.new)?);
        (base != new).then(|| {
            Diagnostic::note(format!(
                "Sampled every {base} in the baseline and every {new} here; the values take that into account."
            ))
        })
    }
}

fn main_binary(side: &Side<'_>) -> Option<String> {
    let mapping = side.profile.mappings.first()?;
    let name = side.profile.strings.bytes(mapping.filename);
    let base = String::from_utf8_lossy(base_name(name)).into_owned();
    (!base.is_empty()).then_some(base)
}

/// Build ids of both, where both say one.
pub(super) fn build_ids(base: &Side<'_>, new: &Side<'_>) -> Option<[String; 2]> {
    let id = |side: &Side<'_>| {
        let mapping = side.profile.mappings.first()?;
        let id = side.profile.strings.text(mapping.build_id).into_owned();
        (!id.is_empty()).then_some(id)
    };
    Some([id(base)?, id(new)?])
}

fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

/// A time as people say it: `12.1s`.
pub(super) fn seconds_text(seconds: f64) -> String {
    unit::label(unit::to_integer(seconds * 1e9), "ns")
}
