//! Benchmark results as tables: what one file of Go's benchmark format holds.
//!
//! Nothing is grouped or summarised here. Every line keeps its configuration, its full name and
//! its values as written, so that whatever later decides what is compared with what finds all of
//! it.

use super::{StringId, StringTable};

/// The results of one file, in the order of its lines.
#[derive(Clone, Debug, Default)]
pub struct Benchmarks {
    /// Names, keys, values and units; string 0 is empty.
    pub strings: StringTable,
    /// One row per result line.
    pub results: Vec<BenchResult>,
    /// The values of all results, one after the other.
    pub measurements: Vec<Measurement>,
    /// The configuration: a row per key, in the order in which keys were first set.
    pub keys: Vec<ConfigKey>,
    /// What `Unit` lines say, in their order.
    pub metadata: Vec<UnitMetadata>,
    /// What was left out, and what was put right; ordered by line.
    pub remarks: Vec<Remark>,
}

/// One line of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BenchResult {
    /// What follows `Benchmark`: the base name, its parts and the suffix of GOMAXPROCS.
    pub name: StringId,
    /// Iterations as written; benchstat never uses them.
    pub iterations: i64,
    /// Line of the file, from 1; of a stream of events the line at which the text began.
    pub line: u64,
    /// First row of [`Benchmarks::measurements`].
    pub first: u32,
    /// Number of measurements.
    pub count: u32,
}

/// One value of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// In base units: seconds, bytes.
    pub value: f64,
    /// The base unit, such as `sec/op`.
    pub unit: StringId,
    /// As written.
    pub written: f64,
    /// The unit as written, such as `ns/op`.
    pub written_unit: StringId,
}

/// A key of the configuration with all values it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigKey {
    /// Its name, such as `pkg`.
    pub name: StringId,
    /// From which result on it had which value; `None` is deleted. Ordered by result, and of
    /// several for one result the last counts. Kept as changes, because a copy of the
    /// configuration for every result could grow with the square of the file.
    pub changes: Vec<(u32, Option<StringId>)>,
}

impl ConfigKey {
    /// The value that was in force at a result.
    pub fn at(&self, result: usize) -> Option<StringId> {
        let after = self
            .changes
            .partition_point(|&(from, _)| from as usize <= result);
        self.changes[..after].last().and_then(|&(_, value)| value)
    }
}

/// One `key=value` of a `Unit` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitMetadata {
    /// The base unit it is about.
    pub unit: StringId,
    /// `better`, `assume`, or anything.
    pub key: StringId,
    /// Its value.
    pub value: StringId,
    /// Line of the file.
    pub line: u64,
}

/// Something about a line that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Line of the file, from 1.
    pub line: u64,
    /// What it is.
    pub kind: RemarkKind,
}

/// What a [`Remark`] is about. All but the last three are errors of benchstat too, in its words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemarkKind {
    /// A name and blanks.
    MissingIterations,
    /// The number of iterations is none.
    IterationsSyntax,
    /// The number of iterations has more than 64 bits.
    IterationsRange,
    /// Nothing follows the number of iterations.
    MissingMeasurements,
    /// A value is no number.
    MeasurementSyntax,
    /// A value is too large for a number.
    MeasurementRange,
    /// A value without a unit.
    MissingUnits,
    /// A `Unit` line without a unit.
    MissingUnit,
    /// A `Unit` line with something that is no `key=value`.
    ExpectedKeyValue,
    /// A `Unit` line that contradicts one before.
    MetadataConflict {
        /// The key.
        key: String,
        /// The unit.
        unit: String,
        /// The value that stays.
        value: String,
    },
    /// Output stood between a name and its values; they were put together, and the line is where
    /// the values stand. benchstat loses them.
    Rejoined {
        /// The line of the name.
        from: u64,
    },
    /// A line of a stream of events that is no event.
    BadEvent,
    /// The text was UTF-16, as PowerShell writes it.
    Utf16,
}

impl RemarkKind {
    /// The line was left out.
    pub fn is_error(&self) -> bool {
        !matches!(self, Self::Rejoined { .. } | Self::Utf16)
    }
}

impl std::fmt::Display for RemarkKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::MissingIterations => "missing iteration count",
            Self::IterationsSyntax => "parsing iteration count: invalid syntax",
            Self::IterationsRange => "parsing iteration count: value out of range",
            Self::MissingMeasurements => "missing measurements",
            Self::MeasurementSyntax => "parsing measurement: invalid syntax",
            Self::MeasurementRange => "parsing measurement: value out of range",
            Self::MissingUnits => "missing units",
            Self::MissingUnit => "missing unit",
            Self::ExpectedKeyValue => "expected key=value",
            Self::MetadataConflict { key, unit, value } => {
                return write!(f, "metadata {key} of unit {unit} already set to {value}");
            }
            Self::Rejoined { from } => {
                return write!(f, "put together with the name in line {from}");
            }
            Self::BadEvent => "not an event of go test -json",
            Self::Utf16 => "the text is UTF-16",
        })
    }
}

impl Benchmarks {
    /// The values of a result.
    pub fn measurements_of(&self, result: &BenchResult) -> &[Measurement] {
        let first = result.first as usize;
        self.measurements
            .get(first..first + result.count as usize)
            .unwrap_or_default()
    }

    /// The key of a name, if it was ever set.
    pub fn key(&self, name: &[u8]) -> Option<&ConfigKey> {
        self.keys
            .iter()
            .find(|key| self.strings.bytes(key.name) == name)
    }

    /// The value of a key at a result; empty where it was not set.
    pub fn config(&self, name: &[u8], result: usize) -> &[u8] {
        let value = self.key(name).and_then(|key| key.at(result));
        value.map_or(&[], |id| self.strings.bytes(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_last_value_set_before_a_result() {
        // Set before result 0, twice before result 2, deleted before result 4.
        let key = ConfigKey {
            name: StringId(1),
            changes: vec![
                (0, Some(StringId(2))),
                (2, Some(StringId(3))),
                (2, Some(StringId(4))),
                (4, None),
            ],
        };
        let values: Vec<_> = (0..6).map(|result| key.at(result)).collect();
        let (two, four) = (Some(StringId(2)), Some(StringId(4)));
        assert_eq!(values, [two, two, four, four, None, None]);
        let late = ConfigKey {
            name: StringId(1),
            changes: vec![(3, Some(StringId(2)))],
        };
        assert_eq!(late.at(2), None);
    }
}
