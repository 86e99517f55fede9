//! How sure a difference is.

use super::{Comparison, Evidence, Measure, Mode, Pair, Row};
use crate::analysis::statistics::{
    Rate, Share, benjamini_hochberg, newcombe, rate_p, rate_ratio, sampling_error, share_p,
    two_sided,
};

/// The share of false alarms among measured differences that is put up with.
const FALSE_ALARMS: f64 = 0.1;
/// p from which on an interval of 95 % holds no change, too.
const CHANCE: f64 = 0.05;
/// Share of the total that a difference must have to be called measured.
const EFFECT: f64 = 0.01;
/// Samples on both sides together that a measured difference, and any at all, rests on.
const SAMPLES: [f64; 2] = [30.0, 10.0];
/// Two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.96;

/// In which words a difference may be spoken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Significance {
    /// Nobody knows what the values rest on.
    #[default]
    Unassessed,
    /// It may be chance.
    Indistinguishable,
    /// It is hardly chance by itself, but rests on few samples, is small, or is one of many.
    Indicated,
    /// It is more than chance, however many rows are looked at, and matters.
    Measured,
    /// Nothing was sampled: the difference is what it is.
    Counted,
}

impl Significance {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unassessed => "not assessed",
            Self::Indistinguishable => "not distinguishable",
            Self::Indicated => "indicated",
            Self::Measured => "measured",
            Self::Counted => "counted",
        }
    }
}

/// Where the difference lies in 95 of 100 cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Interval {
    /// As a share of the baseline.
    Relative(f64, f64),
    /// As a difference of shares.
    Points(f64, f64),
    /// As an amount.
    Amount(f64, f64),
}

/// How sure a difference is, and by what.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Verdict {
    /// In which words it may be spoken of.
    pub significance: Significance,
    /// How likely one as large is when nothing differs.
    pub p: Option<f64>,
    /// Where it lies.
    pub interval: Option<Interval>,
}

impl Comparison {
    /// The difference as a share of the larger total: what it matters.
    pub fn effect(&self, value: Pair) -> f64 {
        let total = self.total.value;
        let whole = self.base_of(total).abs().max(self.new_of(total).abs());
        if whole == 0.0 {
            return 0.0;
        }
        (self.new_of(value) - self.base_of(value)).abs() / whole
    }

    /// p and interval of one row by itself.
    fn test(&self, row: &Row) -> Verdict {
        match self.evidence {
            Evidence::Ticks if self.plan.mode == Mode::Share => self.test_share(row),
            Evidence::Ticks => self.test_rate(row),
            Evidence::Objects => self.test_amount(row),
            Evidence::Waits | Evidence::Census | Evidence::Unknown => Verdict::default(),
        }
    }

    fn test_share(&self, row: &Row) -> Verdict {
        let share = |side: usize| Share {
            matches: row.seen[side].round() as u64,
            samples: self.total.seen[side].round() as u64,
        };
        let (base, new) = (share(0), share(1));
        let (low, high) = newcombe(base, new);
        Verdict {
            p: Some(share_p(base, new)),
            interval: Some(Interval::Points(low, high)),
            ..Verdict::default()
        }
    }

    /// What a tick stands for on each side: not the same where they were sampled at different rates.
    fn value_of_a_tick(&self) -> [f64; 2] {
        let total = self.total.value;
        let each = |side: usize, value: i64| {
            let each = (value as f64).abs() / self.total.seen[side];
            (each > 0.0 && each.is_finite()).then_some(each)
        };
        match (each(0, total.base), each(1, total.new)) {
            (Some(base), Some(new)) => [base, new],
            // A side without ticks is taken to have been sampled like the other.
            _ => [1.0, 1.0],
        }
    }

    fn test_rate(&self, row: &Row) -> Verdict {
        let each = self.value_of_a_tick();
        let rate = |side: usize| Rate {
            events: row.seen[side],
            exposure: self.plan.exposure[side] * each[1 - side],
        };
        let (base, new) = (rate(0), rate(1));
        let ratio = rate_ratio(base, new);
        Verdict {
            p: Some(rate_p(base, new)),
            interval: ratio.map(|(_, low, high)| Interval::Relative(low - 1.0, high - 1.0)),
            ..Verdict::default()
        }
    }

    fn test_amount(&self, row: &Row) -> Verdict {
        let error = |value: f64, side: usize| sampling_error(value, row.seen[side]);
        let errors = [
            error(self.base_of(row.value), 0),
            error(self.new_of(row.value), 1),
        ];
        let error = errors[0].hypot(errors[1]) / self.plan.scale.delta;
        let delta = self.delta(row.value);
        if error == 0.0 {
            return Verdict::default();
        }
        Verdict {
            p: Some(two_sided(delta / error)),
            interval: Some(Interval::Amount(delta - Z * error, delta + Z * error)),
            ..Verdict::default()
        }
    }

    /// The standard error of a difference of amounts that were scaled up.
    pub fn standard_error(&self, row: &Row) -> Option<f64> {
        match self.test(row).interval {
            Some(Interval::Amount(low, high)) => Some((high - low) / (2.0 * Z)),
            _ => None,
        }
    }

    fn classify(&self, row: &Row, stands: bool) -> Significance {
        let seen = row.seen[0] + row.seen[1];
        let matters = self.effect(row.value) >= EFFECT;
        match (self.evidence, row.verdict.p) {
            (Evidence::Census, _) => Significance::Counted,
            (Evidence::Unknown, _) => Significance::Unassessed,
            (Evidence::Waits, _) if seen >= SAMPLES[0] && matters => Significance::Indicated,
            (_, Some(p)) if p < CHANCE && seen >= SAMPLES[1] => {
                if stands && matters && seen >= SAMPLES[0] {
                    Significance::Measured
                } else {
                    Significance::Indicated
                }
            }
            _ => Significance::Indistinguishable,
        }
    }

    pub(super) fn judge_total(&mut self) {
        let mut total = self.total;
        total.verdict = self.test(&total);
        total.verdict.significance = self.classify(&total, true);
        if self.plan.mode == Mode::Share {
            // All of both is 100 % by definition.
            total.verdict = Verdict::default();
        }
        self.total = total;
    }

    /// Every row by itself, then which of them stand among so many.
    pub(super) fn judge_rows(&mut self, measure: Measure) {
        let mut rows = std::mem::take(match measure {
            Measure::Flat => &mut self.flat,
            Measure::Cum => &mut self.cum,
        });
        // What has no value of its own is no test that could give a false alarm.
        let has_value = |row: &Row| !row.value.is_zero();
        for row in rows.iter_mut().filter(|row| has_value(row)) {
            row.verdict = self.test(row);
        }
        let tested: Vec<usize> = (0..rows.len())
            .filter(|&i| rows[i].verdict.p.is_some())
            .collect();
        let p: Vec<f64> = tested.iter().filter_map(|&i| rows[i].verdict.p).collect();
        let mut stands = vec![false; rows.len()];
        for (&row, stands_here) in tested.iter().zip(benjamini_hochberg(&p, FALSE_ALARMS)) {
            stands[row] = stands_here;
        }
        for (row, stands) in rows.iter_mut().zip(stands) {
            row.verdict.significance = self.classify(row, stands);
        }
        match measure {
            Measure::Flat => self.flat = rows,
            Measure::Cum => self.cum = rows,
        }
    }

    /// Why a row is spoken of as it is: interval, p and samples, in one line.
    pub fn explain(&self, row: &Row) -> String {
        let mut parts = Vec::new();
        if let Some(interval) = row.verdict.interval {
            parts.push(format!("95% interval {}", self.interval_text(interval)));
        }
        if let Some(p) = row.verdict.p {
            parts.push(p_text(p));
        }
        let what = match self.evidence {
            Evidence::Ticks => "samples",
            Evidence::Objects => "sampled objects",
            Evidence::Waits => "waits",
            Evidence::Census => {
                return "Counted, not sampled: the difference is what it is.".to_owned();
            }
            Evidence::Unknown => {
                return "What these values were sampled from is not known, so nobody can say how sure a difference is.".to_owned();
            }
        };
        let [base, new] = row.seen.map(|n| crate::unit::count(n.round() as u64));
        parts.push(format!("{base} and {new} {what}"));
        let reason = self.reason(row);
        let sentence = parts.join(", ");
        format!(
            "{}: {sentence}.{reason}",
            crate::unit::capital(row.verdict.significance.label())
        )
    }

    fn reason(&self, row: &Row) -> &'static str {
        let seen = row.seen[0] + row.seen[1];
        match row.verdict.significance {
            Significance::Measured => {
                " Samples come in bursts, so the interval is at least as wide."
            }
            Significance::Indicated if self.evidence == Evidence::Waits => {
                " Waits are too different in length for more."
            }
            Significance::Indicated if seen < SAMPLES[0] => " It rests on fewer than 30 samples.",
            Significance::Indicated if self.effect(row.value) < EFFECT => {
                " It is less than 1% of the whole."
            }
            Significance::Indicated => {
                " Among so many rows one like it is to be expected by chance."
            }
            Significance::Indistinguishable if seen < SAMPLES[1] => {
                " Fewer than 10 samples tell nothing."
            }
            _ => "",
        }
    }
}

/// A probability as people write it.
fn p_text(p: f64) -> String {
    if p < 0.001 {
        "p < 0.001".to_owned()
    } else {
        format!("p = {p:.3}")
    }
}
