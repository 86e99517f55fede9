//! The report as JSON: the document and the numbers behind it.
//!
//! ```text
//! { "schema": 1, "generator", "title", "notes",
//!   "files":    [{ "name", "kind", "kindLabel" }],
//!   "sections": [{ "id", "title", "level", "blocks": [{ "type": "paragraph", … }] }],
//!   "numbers":  [{ "file", "kind", "sampleTypes", "functions", … }] }
//! ```
//!
//! Values under `numbers` are exact 64-bit integers in the unit of their sample type; a reader
//! that keeps numbers as doubles loses digits beyond 2^53. Names under `numbers` are as in the
//! file (U+FFFD for what is not UTF-8), cut to their last 1000 characters.

use serde::Serialize;

use super::document::Document;
use super::json_trace::TraceNumbers;

/// Functions listed per file under `numbers`.
pub const FUNCTION_LIMIT: usize = 200;

/// Sample types per file under `numbers`.
pub const TYPE_LIMIT: usize = 24;

/// Longest name under `numbers`, in characters.
const NAME_LIMIT: usize = 1000;

/// What one file holds, as integers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileNumbers {
    /// Name as opened.
    pub file: String,
    /// See [`super::FileEntry::kind`].
    pub kind: String,
    /// Samples in the file.
    pub samples: u64,
    /// Distinct stacks.
    pub stacks: u64,
    /// Wall time covered in ns; 0 when the file does not say.
    pub duration_nanos: i64,
    /// Events between samples, in the period's unit; 0 when the file does not say.
    pub period: i64,
    /// The sample types in file order, at most [`TYPE_LIMIT`]; the shown one is among them.
    pub sample_types: Vec<SampleTypeNumbers>,
    /// The heaviest functions by cum of the type the report shows first, at most
    /// [`FUNCTION_LIMIT`]; order as in pprof's `-top -cum`.
    pub functions: Vec<FunctionNumbers>,
    /// Distinct functions with a value, listed or not.
    pub function_count: u64,
    /// Where it goes by mechanism, heaviest first; the values add up to the signed sum of all
    /// samples, which is the total only where no value is negative. Of a trace they are the procs'
    /// time by its use.
    pub mechanisms: Vec<MechanismNumbers>,
    /// Heaviest call paths, heaviest first.
    pub hot_paths: Vec<PathNumbers>,
    /// What else an execution trace says; absent for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceNumbers>,
}

/// One sample type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SampleTypeNumbers {
    /// Type name, e.g. `alloc_space`.
    pub name: String,
    /// Unit as the file says, e.g. `bytes`.
    pub unit: String,
    /// Σ |value| over all samples, in a saved difference over its base's: what percentages refer
    /// to.
    pub total: i64,
    /// The total did not fit 64 bits and wrapped.
    pub overflowed: bool,
    /// The type that the texts of the report show for this file.
    pub shown: bool,
}

/// One function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionNumbers {
    /// Name as pprof prints it.
    pub name: String,
    /// Whose code: `main`, `thirdparty`, `std`, `runtime`, `native`, `unknown`.
    pub class: String,
    /// Own value per listed sample type, in their order.
    pub flat: Vec<i64>,
    /// Value with callees per listed sample type, in their order; recursion counts once.
    pub cum: Vec<i64>,
}

/// One part of the breakdown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MechanismNumbers {
    /// Stable key, e.g. `gc-assist`.
    pub key: String,
    /// In words.
    pub label: String,
    /// Value of the shown sample type.
    pub value: i64,
}

/// One call path, root first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PathNumbers {
    /// Value that ends on this path and on no other.
    pub value: i64,
    /// The steps, without the folded frames.
    pub steps: Vec<StepNumbers>,
}

/// One step of a path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepNumbers {
    /// Name as pprof prints it.
    pub name: String,
    /// Own value on this path.
    pub flat: i64,
    /// Value on this path with callees.
    pub cum: i64,
}

/// A name cut to its last 1000 characters.
pub(crate) fn raw_name(name: &str) -> String {
    match name.char_indices().rev().nth(NAME_LIMIT - 1) {
        Some((at, _)) => name[at..].to_owned(),
        None => name.to_owned(),
    }
}

impl Document {
    /// The document as JSON, indented by two spaces, with a newline at the end.
    #[expect(
        clippy::missing_panics_doc,
        reason = "it cannot: every part of a document serialises"
    )]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self)
            .expect("strings, integers, finite shares and vectors of them always serialise");
        json.push('\n');
        json
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{EVIL, hostile};
    use super::*;

    #[test]
    fn integers_beyond_doubles_stay_exact() {
        let mut document = hostile();
        document.numbers = vec![FileNumbers {
            sample_types: vec![SampleTypeNumbers {
                total: i64::MAX,
                ..Default::default()
            }],
            ..Default::default()
        }];
        assert!(
            document
                .to_json()
                .contains("\"total\": 9223372036854775807,")
        );
    }

    #[test]
    fn the_document_reads_back_with_its_version() {
        let json: serde_json::Value = serde_json::from_str(&hostile().to_json()).unwrap();
        assert_eq!(json["schema"], 1);
        assert_eq!(json["files"][0]["kindLabel"], "CPU profile");
        assert!(
            json["sections"][0]["blocks"]
                .as_array()
                .is_some_and(|b| !b.is_empty())
        );
    }

    #[test]
    fn raw_names_are_kept_but_bounded() {
        assert_eq!(raw_name(EVIL), EVIL);
        assert_eq!(
            raw_name(&format!("x{}", "ü".repeat(1000))),
            "ü".repeat(1000)
        );
    }
}
