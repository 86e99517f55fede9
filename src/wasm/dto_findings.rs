//! What crosses the boundary of what the rules say; see [`super::dto`].

use super::dto::SplitName;
use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

/// All that the rules say.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FindingList {
    /// Gravest first.
    pub findings: Vec<FindingDto>,
    /// How they are listed: what is above information, causes before what follows from them.
    pub outline: Vec<OutlineDto>,
    /// How many there are of each severity: `3 high, 1 medium, 4 info`; empty without any.
    pub counts: String,
    /// Questions that were answered with no.
    pub checked: Vec<CheckDto>,
    /// Questions that no file answers.
    pub not_assessable: Vec<OpenQuestion>,
}

/// A finding in its place among the others.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OutlineDto {
    /// Place in the list of findings.
    pub at: u32,
    /// 0 for a cause, 1 for what follows from the one above.
    pub depth: u32,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FindingDto {
    /// Names it among those of the same files: what a report leaves out.
    pub key: String,
    /// Id of the rule, `S03`.
    pub rule: String,
    /// Its name, `fmt-hot`.
    pub name: String,
    /// What is said.
    pub title: String,
    /// `critical`, `high`, `medium`, `low` or `info`.
    pub severity: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// 0 to 100.
    pub score: u32,
    /// What was seen, the main thing first; at least one.
    pub evidence: Vec<EvidenceDto>,
    /// Places in the list of what follows from it.
    pub explains: Vec<u32>,
    /// Place in the list of what it follows from.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained_by: Option<u32>,
    /// Why it costs.
    pub why: String,
    /// What to change, most useful first.
    pub now: Vec<String>,
    /// What keeps it away.
    pub later: Vec<String>,
    /// The change as code; both empty where the rule knows none.
    pub before: String,
    /// Code after the change.
    pub after: String,
    /// How to check a change.
    pub verify: String,
    /// What would show it wrong.
    pub falsifier: String,
    /// What speaks against it.
    pub limits: Vec<String>,
    /// Where the rule comes from.
    pub references: Vec<String>,
    /// Upper bound of what can be won, in words; empty for none.
    pub potential: String,
}

/// What was seen in one file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct EvidenceDto {
    /// Session file id.
    pub file: u32,
    /// Its name.
    pub file_name: String,
    /// View that shows it best.
    pub view: String,
    /// Sample type to show; empty for the file's own.
    pub sample_type: String,
    /// Expression for the filter `focus` or the search; empty for none.
    pub focus: String,
    /// The metric in words.
    pub metric: String,
    /// 95 % interval, `20.1–24.6%`; empty for none.
    pub interval: String,
    /// Value from which on the rule fires, in words; empty where no single value decides.
    pub threshold: String,
    /// Observations: `282 of 1 266 samples`.
    pub samples: String,
    /// Lines to blame.
    pub places: Vec<PlaceDto>,
    /// The heaviest stack, outermost first.
    pub stack: Vec<String>,
    /// Functions by which it was recognised.
    pub seen: Vec<String>,
    /// Further numbers, in sentences.
    pub notes: Vec<String>,
    /// What the symbols tell of the Go version.
    pub go: String,
}

/// A line to blame.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PlaceDto {
    /// Function, without the directories of its import path.
    pub name: SplitName,
    /// The same with them.
    pub full: String,
    /// `dir/file.go:12`; empty without a file.
    pub place: String,
    /// Its part.
    pub value: String,
    /// Its part of the file, 0 to 1.
    pub share: f64,
}

/// A question that was answered with no.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CheckDto {
    /// Rule.
    pub rule: String,
    /// Question.
    pub question: String,
    /// File that answers it.
    pub file: String,
    /// What was found.
    pub value: String,
    /// From when on it would be a finding.
    pub threshold: String,
}

/// A question that no file answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
#[serde(rename_all = "camelCase")]
pub struct OpenQuestion {
    /// Question.
    pub question: String,
    /// What would answer it.
    pub needs: String,
    /// How to record that.
    pub command: String,
}
