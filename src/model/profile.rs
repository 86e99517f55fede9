//! The profile as tables: pprof's terms, rows instead of pointers.

use std::sync::{Arc, OnceLock};

use super::dump::Dump;
use super::trace::TraceReport;
use super::{
    Benchmarks, FunctionId, LocationId, MappingId, MemStats, StackId, StringId, StringTable,
};

/// A sample type or period type (`profile.proto`: `ValueType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueType {
    /// What is counted, e.g. `cpu`.
    pub kind: StringId,
    /// In what, e.g. `nanoseconds`.
    pub unit: StringId,
}

/// Distinct stacks. A stack is its locations, leaf first.
#[derive(Clone, Debug, Default)]
pub struct Stacks {
    /// All stacks' locations, in the order of the stacks; no two stacks share frames. The table is
    /// shared: what filters leave of a profile are mostly shorter ranges of the same frames.
    pub frames: Arc<Vec<LocationId>>,
    /// Where each stack begins in `frames`, and where it ends.
    pub ranges: Vec<(u32, u32)>,
}

impl Stacks {
    /// Number of distinct stacks.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// No stacks.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// A stack's locations, leaf first.
    #[inline]
    pub fn get(&self, id: StackId) -> &[LocationId] {
        let (start, end) = self.ranges[id.index()];
        &self.frames[start as usize..end as usize]
    }
}

/// A label of a sample. A numeric label has `str` 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Key.
    pub key: StringId,
    /// Value of a string label; 0 for a numeric one.
    pub str: StringId,
    /// Value of a numeric label.
    pub num: i64,
    /// Unit of a numeric label; 0 when the file gives none.
    pub unit: StringId,
}

/// The samples as columns.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// Each sample's stack.
    pub stacks: Vec<StackId>,
    /// Values, row after row: sample `i`'s value of type `t` is `values[i * types + t]`.
    pub values: Vec<i64>,
    /// Where each sample's labels end in `labels`; empty when no sample has any.
    pub label_ends: Vec<u32>,
    /// All labels, sample after sample.
    pub labels: Vec<Label>,
}

impl Samples {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.stacks.len()
    }

    /// No samples.
    pub fn is_empty(&self) -> bool {
        self.stacks.is_empty()
    }

    /// Labels of sample `i`; empty when it has none.
    pub fn labels(&self, i: usize) -> &[Label] {
        let Some(&end) = self.label_ends.get(i) else {
            return &[];
        };
        let start = if i == 0 {
            0
        } else {
            self.label_ends[i - 1] as usize
        };
        &self.labels[start..end as usize]
    }
}

/// A program counter and the source lines it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Location {
    /// Id in the file, never 0.
    pub id: u64,
    /// The binary it lies in.
    pub mapping: Option<MappingId>,
    /// Address; 0 when unknown.
    pub address: u64,
    /// Rows of [`Profile::lines`], innermost inlined call first.
    pub lines: (u32, u32),
    /// Several symbols share the address.
    pub is_folded: bool,
}

/// A source line of a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The function.
    pub function: FunctionId,
    /// Line number; 0 when unknown.
    pub line: i64,
    /// Column; 0 when unknown.
    pub column: i64,
}

/// A function.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Id in the file, never 0.
    pub id: u64,
    /// Name to show.
    pub name: StringId,
    /// Name as the linker knows it.
    pub system_name: StringId,
    /// Source file.
    pub filename: StringId,
    /// First line; 0 when unknown.
    pub start_line: i64,
}

/// A binary mapped into the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mapping {
    /// Id in the file, never 0.
    pub id: u64,
    /// First address.
    pub start: u64,
    /// First address beyond.
    pub limit: u64,
    /// Offset of `start` in the binary.
    pub offset: u64,
    /// Path of the binary.
    pub filename: StringId,
    /// Build id; may be empty.
    pub build_id: StringId,
    /// Symbolisation already done: functions, file names, line numbers, inlined frames.
    pub has: [bool; 4],
}

/// A decoded profile. Rows keep the file's order; [`crate::model::check`] states what holds.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// All strings; row 0 is empty.
    pub strings: StringTable,
    /// Sample types in file order.
    pub sample_types: Vec<ValueType>,
    /// Name of the type to show first; 0 when the file does not say.
    pub default_sample_type: StringId,
    /// The samples.
    pub samples: Samples,
    /// Their stacks, each once.
    pub stacks: Stacks,
    /// Locations.
    pub locations: Vec<Location>,
    /// Lines of all locations.
    pub lines: Vec<Line>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Mappings; the first is the main binary.
    pub mappings: Vec<Mapping>,
    /// Regular expression of frames to drop with their callees; 0 when none.
    pub drop_frames: StringId,
    /// Regular expression of frames to keep in spite of `drop_frames`.
    pub keep_frames: StringId,
    /// When it was recorded, ns since 1970; 0 when unknown.
    pub time_nanos: i64,
    /// Wall time covered, ns; 0 when unknown.
    pub duration_nanos: i64,
    /// What the sampling period counts.
    pub period_type: Option<ValueType>,
    /// Events between samples.
    pub period: i64,
    /// Comments in file order.
    pub comments: Vec<StringId>,
    /// Documentation URL; shown, never fetched.
    pub doc_url: StringId,
    /// What a text of goroutines says besides; nearly always `None`.
    pub dump: Option<Arc<Dump>>,
    /// The statistics at the end of a text of a heap.
    pub mem_stats: Option<Arc<MemStats>>,
    /// Benchmark results, where the file holds these instead of a profile.
    pub benchmarks: Option<Arc<Benchmarks>>,
    /// What an execution trace is found to say, where the file is one; its waits are the samples.
    pub trace: Option<Arc<TraceReport>>,
    /// See [`Profile::base_samples`].
    pub(crate) base_samples: OnceLock<Vec<u32>>,
}

impl Default for StringId {
    /// The empty string.
    fn default() -> Self {
        Self(0)
    }
}

impl Profile {
    /// Samples that a saved diff marks as its base's, by the label `pprof::base=true`; nearly
    /// always none. Looked for once.
    pub fn base_samples(&self) -> &[u32] {
        self.base_samples.get_or_init(|| {
            let samples = &self.samples;
            if samples.labels.is_empty() {
                return Vec::new();
            }
            let is_base = |label: &Label| {
                self.strings.bytes(label.key) == b"pprof::base"
                    && self.strings.bytes(label.str) == b"true"
            };
            let all = 0..samples.len() as u32;
            all.filter(|&i| samples.labels(i as usize).iter().any(is_base))
                .collect()
        })
    }

    /// The sample type of a name; of several the first.
    pub fn type_named(&self, name: &str) -> Option<usize> {
        let is_it = |t: &ValueType| self.strings.bytes(t.kind) == name.as_bytes();
        self.sample_types.iter().position(is_it)
    }

    /// Value of sample `i` for sample type `t`.
    #[inline]
    pub fn value(&self, i: usize, t: usize) -> i64 {
        self.samples.values[i * self.sample_types.len() + t]
    }

    /// Lines of a location, innermost first.
    #[inline]
    pub fn lines_of(&self, location: &Location) -> &[Line] {
        &self.lines[location.lines.0 as usize..location.lines.1 as usize]
    }

    /// The sample type shown first: the default one if the file names it, else the last, as
    /// pprof does.
    pub fn default_type(&self) -> usize {
        let wanted = self.strings.bytes(self.default_sample_type);
        let named = self
            .sample_types
            .iter()
            .position(|t| self.strings.bytes(t.kind) == wanted);
        named
            .filter(|_| !wanted.is_empty())
            .unwrap_or_else(|| self.sample_types.len().saturating_sub(1))
    }

    /// Name of sample type `t` for display.
    pub fn type_name(&self, t: usize) -> String {
        self.sample_types
            .get(t)
            .map_or_else(String::new, |v| self.strings.text(v.kind).into_owned())
    }

    /// Unit of sample type `t` for display.
    pub fn unit_name(&self, t: usize) -> String {
        self.sample_types
            .get(t)
            .map_or_else(String::new, |v| self.strings.text(v.unit).into_owned())
    }
}
