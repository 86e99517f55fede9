//! What a rule is: data that says what to look for, from when on it matters, and what to do.
//!
//! Adding a rule is adding an entry to a table of [`super::catalogue`] and a fixture to
//! `testdata/findings`. Only what cannot be said by [`Look::Stacks`] has code of its own.

use serde::Serialize;

use crate::model::Kind;

/// How much it matters, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// Worth a look when nothing graver is open.
    Low,
    /// Worth a change.
    Medium,
    /// Change this first.
    High,
    /// Dominates everything, or the program does not work.
    Critical,
}

impl Severity {
    /// All of them, gravest first.
    pub const ALL: [Self; 5] = [
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Low,
        Self::Info,
    ];

    /// Stable name: `info`, `low`, `medium`, `high`, `critical`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// One step less grave.
    pub(super) fn lower(self) -> Self {
        match self {
            Self::Info | Self::Low => Self::Info,
            Self::Medium => Self::Low,
            Self::High => Self::Medium,
            Self::Critical => Self::High,
        }
    }

    /// One step graver, up to high: critical is only said by a rule itself.
    pub(super) fn raise(self) -> Self {
        match self {
            Self::Info => Self::Low,
            Self::Low => Self::Medium,
            Self::Medium | Self::High => Self::High,
            Self::Critical => Self::Critical,
        }
    }
}

/// How sure the numbers make it, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// 10 to 29 samples.
    Low,
    /// 30 to 99 samples.
    Medium,
    /// 100 samples and more, or a structure that does not depend on samples.
    High,
}

impl Confidence {
    /// Samples below which nothing is claimed.
    pub(super) const LEAST: u64 = 10;

    /// What a number of samples allows; `None` when it allows nothing.
    pub(super) fn of(samples: u64) -> Option<Self> {
        match samples {
            100.. => Some(Self::High),
            30.. => Some(Self::Medium),
            Self::LEAST.. => Some(Self::Low),
            _ => None,
        }
    }

    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Weight in scores and orders.
    pub(super) fn weight(self) -> f64 {
        match self {
            Self::Low => 1.0 / 3.0,
            Self::Medium => 2.0 / 3.0,
            Self::High => 1.0,
        }
    }
}

/// Steps of a ladder: from this value of the metric on, that severity. Ascending.
pub(super) type Ladder = &'static [(f64, Severity)];

/// Shares of CPU time that matter: removing a share s caps the speed-up at 1/(1 − s), so 5 % are
/// 1.05 times and 20 % are 1.25 times. A judgement, not an industry standard.
pub(super) const SHARES: Ladder = &[
    (0.02, Severity::Info),
    (0.05, Severity::Low),
    (0.10, Severity::Medium),
    (0.20, Severity::High),
    (0.40, Severity::Critical),
];

/// Which stacks a rule is about. Each text is a list of patterns as [`super::pattern`] reads them;
/// an empty one asks for nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signature {
    /// A function anywhere on the stack.
    pub(super) any: &'static str,
    /// The runtime function that was called from outside the runtime on the way to the leaf.
    pub(super) boundary: &'static str,
    /// The innermost function.
    pub(super) leaf: &'static str,
    /// Also needed somewhere on the stack.
    pub(super) with: &'static str,
    /// Must not be on the stack.
    pub(super) without: &'static str,
}

pub(super) const NOTHING: Signature = Signature {
    any: "",
    boundary: "",
    leaf: "",
    with: "",
    without: "",
};

/// How a rule looks for its case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Look {
    /// By the share of samples whose stack has the signature.
    Stacks(Signature),
    /// By code that names this rule.
    Code,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Stable id: a letter of its family and a number, `S03`.
    pub id: &'static str,
    /// Stable name in words, `fmt-hot`.
    pub name: &'static str,
    /// What is said when it fires.
    pub title: &'static str,
    /// Kinds of profile it looks at.
    pub(super) kinds: &'static [Kind],
    /// What it looks for.
    pub(super) look: Look,
    /// From when on it fires, and how grave that is. The lower end of the metric's interval
    /// decides.
    pub(super) ladder: Ladder,
    /// Plausible part of the cost that a change removes, 0 to 1: for upper bounds only.
    pub(super) removable: f64,
    /// Why it costs.
    pub why: &'static str,
    /// When it is no problem although it fires.
    pub guard: &'static str,
    /// What to change at the place, most useful first. `{site}` stands for the function.
    pub now: &'static [&'static str],
    /// What keeps it away for good.
    pub later: &'static [&'static str],
    /// The change as code: before and after.
    pub snippet: Option<(&'static str, &'static str)>,
    /// What would show the finding wrong.
    pub falsifier: &'static str,
    /// How to check a change, where it is not the usual way.
    pub verify: &'static str,
    /// Where the rule comes from.
    pub refs: &'static [&'static str],
    /// Rules whose findings on the same samples are consequences of this one.
    pub(super) explains: &'static [&'static str],
    /// Go minor versions for which it holds: from, up to.
    pub(super) go: (u8, u8),
}

/// Every version.
pub(super) const ANY_GO: (u8, u8) = (0, u8::MAX);

/// What a table entry need not say.
pub(super) const RULE: Rule = Rule {
    id: "",
    name: "",
    title: "",
    kinds: &[Kind::Cpu],
    look: Look::Code,
    ladder: SHARES,
    removable: 0.5,
    why: "",
    guard: "",
    now: &[],
    later: &[],
    snippet: None,
    falsifier: "",
    verify: "",
    refs: &[],
    explains: &[],
    go: ANY_GO,
};

impl PartialEq for Rule {
    /// Rules are constants: one id, one rule.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Rule {
    /// The severity of a value of the metric; `None` below the first step.
    pub(super) fn severity(&self, value: f64) -> Option<Severity> {
        let step = self.ladder.iter().rev().find(|step| value >= step.0);
        step.map(|step| step.1)
    }

    /// The value from which on it fires.
    pub(super) fn threshold(&self) -> f64 {
        self.ladder.first().map_or(0.0, |step| step.0)
    }

    /// How far a value has come inside its step, 0 to 1.
    pub(super) fn position(&self, value: f64) -> f64 {
        let Some(at) = self.ladder.iter().rposition(|step| value >= step.0) else {
            return 0.0;
        };
        let from = self.ladder[at].0;
        // Shares end at all of it, other metrics at twice the last step.
        let last = if from < 1.0 { 1.0 } else { from * 2.0 };
        let to = self.ladder.get(at + 1).map_or(last, |step| step.0);
        if to > from {
            ((value - from) / (to - from)).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }

    /// Plausible part of the cost that a change removes, 0 to 1.
    pub fn removable(&self) -> f64 {
        self.removable
    }

    /// True when findings of the other rule on the same samples follow from this one.
    pub(super) fn does_explain(&self, other: &Self) -> bool {
        self.explains.contains(&other.id)
    }
}
