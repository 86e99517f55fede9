//! The tables while they are being read, and their resolution at the end: ids to rows, string
//! numbers to strings, and pprof's CheckValid with the offending id and offset.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::decode::string_ref;
use super::limits;
use super::stacks::StackInterner;
use super::wire::{Message, Value};
use crate::error::{Error, Pos, Result, Stage};
use crate::model::{
    Function, FunctionId, Label, Line, Location, Mapping, MappingId, Profile, Samples, StackId,
    Stacks, StringId, StringTable, ValueType,
};

/// A label with string numbers as in the file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LabelRow {
    pub(super) key: u32,
    pub(super) str: u32,
    pub(super) num: i64,
    pub(super) unit: u32,
}

/// A location with ids as in the file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LocationRow {
    pub(super) at: u64,
    pub(super) id: u64,
    pub(super) mapping: u64,
    pub(super) address: u64,
    pub(super) lines: (u32, u32),
    pub(super) is_folded: bool,
}

#[derive(Clone, Copy, Debug)]
struct FunctionRow {
    at: u64,
    row: Function,
}

#[derive(Clone, Copy, Debug)]
struct MappingRow {
    at: u64,
    row: Mapping,
}

/// Fields of the profile that are string numbers.
const HEADER_STRINGS: [&str; 4] = [
    "drop_frames",
    "keep_frames",
    "default_sample_type",
    "doc_url",
];

/// Everything read so far.
#[derive(Debug, Default)]
pub(super) struct Raw {
    strings: StringTable,
    sample_types: Vec<(u64, ValueType)>,
    period_type: Option<(u64, ValueType)>,
    /// See `HEADER_STRINGS`, with the offset of their field.
    header_strings: [(u64, u32); 4],
    comments: Vec<(u64, StringId)>,
    time_nanos: i64,
    duration_nanos: i64,
    period: i64,
    /// Values per sample; set by the first one.
    stride: Option<usize>,
    pub(super) values: Vec<i64>,
    pub(super) sample_stacks: Vec<StackId>,
    sample_offsets: Vec<u64>,
    label_ends: Vec<u32>,
    pub(super) labels: Vec<LabelRow>,
    pub(super) locations: Vec<LocationRow>,
    pub(super) lines: Vec<Line>,
    pub(super) line_functions: Vec<u64>,
    functions: Vec<FunctionRow>,
    mappings: Vec<MappingRow>,
}

impl Raw {
    /// Fields of the profile message itself.
    pub(super) fn header(&mut self, number: u32, at: u64, value: Value<'_>) -> Result<()> {
        match number {
            1 => {
                let parsed = value_type(value.message("sample_type", at)?)?;
                limits::check(self.sample_types.len(), limits::VALUES, "sample types", at)?;
                self.sample_types.push((at, parsed));
            }
            7 => self.header_string(0, value, at)?,
            8 => self.header_string(1, value, at)?,
            9 => self.set_time(value.varint("time_nanos", at)? as i64, at)?,
            10 => self.duration_nanos = value.varint("duration_nanos", at)? as i64,
            11 => self.period_type = Some((at, value_type(value.message("period_type", at)?)?)),
            12 => self.period = value.varint("period", at)? as i64,
            13 => value.numbers("comment", at, |row| {
                let row = u32::try_from(row)
                    .map_err(|_| Error::proto(at, "comment is beyond any string table"))?;
                limits::check(self.comments.len(), limits::COMMENTS, "comments", at)?;
                self.comments.push((at, StringId(row)));
                Ok(())
            })?,
            14 => self.header_string(2, value, at)?,
            15 => self.header_string(3, value, at)?,
            _ => {}
        }
        Ok(())
    }

    fn header_string(&mut self, which: usize, value: Value<'_>, at: u64) -> Result<()> {
        self.header_strings[which] = (at, string_ref(value, HEADER_STRINGS[which], at)?);
        Ok(())
    }

    /// A second time stamp is how pprof, and we, notice two files stuck together.
    fn set_time(&mut self, nanos: i64, at: u64) -> Result<()> {
        if self.time_nanos != 0 {
            return Err(
                Error::proto(at, "a second time_nanos: two profiles stuck together")
                    .with_advice("drop the two files as they were, side by side"),
            );
        }
        self.time_nanos = nanos;
        Ok(())
    }

    pub(super) fn string(&mut self, text: Message<'_>, at: u64) -> Result<()> {
        if self.strings.is_empty() && !text.bytes.is_empty() {
            return Err(Error::check(at, "string_table[0] is not the empty string"));
        }
        match self.strings.push(text.bytes) {
            Some(_) => Ok(()),
            None => Err(Error::check(at, "string table larger than 4 GiB")),
        }
    }

    pub(super) fn mapping(&mut self, mut message: Message<'_>, at: u64) -> Result<()> {
        let mut row = Mapping::default();
        while let Some((number, field_at, value)) = message.field()? {
            match number {
                1 => row.id = value.varint("mapping.id", field_at)?,
                2 => row.start = value.varint("mapping.memory_start", field_at)?,
                3 => row.limit = value.varint("mapping.memory_limit", field_at)?,
                4 => row.offset = value.varint("mapping.file_offset", field_at)?,
                5 => row.filename = StringId(string_ref(value, "mapping.filename", field_at)?),
                6 => row.build_id = StringId(string_ref(value, "mapping.build_id", field_at)?),
                7..=10 => {
                    row.has[number as usize - 7] = value.varint("mapping.has_*", field_at)? != 0;
                }
                _ => {}
            }
        }
        check_id("mapping", row.id, at)?;
        limits::check(self.mappings.len(), limits::MAPPINGS, "mappings", at)?;
        self.mappings.push(MappingRow { at, row });
        Ok(())
    }

    pub(super) fn function(&mut self, mut message: Message<'_>, at: u64) -> Result<()> {
        let mut row = Function {
            id: 0,
            name: StringId(0),
            system_name: StringId(0),
            filename: StringId(0),
            start_line: 0,
        };
        while let Some((number, field_at, value)) = message.field()? {
            match number {
                1 => row.id = value.varint("function.id", field_at)?,
                2 => row.name = StringId(string_ref(value, "function.name", field_at)?),
                3 => {
                    row.system_name = StringId(string_ref(value, "function.system_name", field_at)?)
                }
                4 => row.filename = StringId(string_ref(value, "function.filename", field_at)?),
                5 => row.start_line = value.varint("function.start_line", field_at)? as i64,
                _ => {}
            }
        }
        check_id("function", row.id, at)?;
        limits::check(self.functions.len(), limits::FUNCTIONS, "functions", at)?;
        self.functions.push(FunctionRow { at, row });
        Ok(())
    }

    /// Ends the location whose lines have been added.
    pub(super) fn end_location(&mut self, row: LocationRow) -> Result<()> {
        check_id("location", row.id, row.at)?;
        limits::check(self.locations.len(), limits::LOCATIONS, "locations", row.at)?;
        self.locations.push(row);
        Ok(())
    }

    /// Ends the sample whose values and labels begin at the given rows.
    pub(super) fn end_sample(
        &mut self,
        stack: StackId,
        at: u64,
        first_value: usize,
        first_label: usize,
    ) -> Result<()> {
        let count = self.values.len() - first_value;
        let stride = *self.stride.get_or_insert(count);
        let number = self.sample_stacks.len() + 1;
        // The sample types may come later; what is wrong whatever they are is refused at once.
        if count == 0 {
            return Err(Error::check(at, format!("sample {number} has no values")));
        }
        if count != stride {
            let reason = format!("sample {number} has {count} values, the ones before it {stride}");
            return Err(Error::check(at, reason));
        }
        limits::check(self.sample_stacks.len(), limits::SAMPLES, "samples", at)?;
        limits::check(first_value, limits::ALL_VALUES, "values", at)?;
        if self.labels.len() > first_label && self.label_ends.is_empty() {
            self.label_ends
                .resize(self.sample_stacks.len(), first_label as u32);
        }
        if !self.label_ends.is_empty() || self.labels.len() > first_label {
            let end = u32::try_from(self.labels.len())
                .map_err(|_| Error::check(at, "more than 4 294 967 295 labels"))?;
            self.label_ends.push(end);
        }
        self.sample_stacks.push(stack);
        self.sample_offsets.push(at);
        Ok(())
    }

    /// Resolves and checks everything.
    pub(super) fn finish(self, stacks: StackInterner) -> Result<Profile> {
        self.check_types()?;
        self.check_strings()?;
        let function_rows =
            IdTable::new("function", self.functions.iter().map(|f| (f.row.id, f.at)))?;
        let mapping_rows = IdTable::new("mapping", self.mappings.iter().map(|m| (m.row.id, m.at)))?;
        let location_rows = IdTable::new("location", self.locations.iter().map(|l| (l.id, l.at)))?;
        let lines = self.resolve_lines(&function_rows)?;
        let in_order = self.locations.iter().zip(1..).all(|(l, id)| l.id == id);
        let row_of = (!in_order).then_some(|id| location_rows.row(id));
        let lines_of = |row: usize| {
            let (from, to) = self.locations[row].lines;
            u64::from((to - from).max(1))
        };
        let stacks = stacks
            .resolve(self.locations.len(), row_of)
            .map_err(|(id, stack)| {
                let sample = self.sample_stacks.iter().position(|s| s.0 == stack);
                let at = sample.map_or(0, |s| self.sample_offsets[s]);
                let number = sample.map_or(0, |s| s + 1);
                Error::check(
                    at,
                    format!("sample {number} refers to location {id}, which is not in the file"),
                )
            })?;
        check_expanded(&stacks, self.locations.len(), lines_of)?;
        let mut strings = self.strings;
        strings.shrink();
        let [drop_frames, keep_frames, default_sample_type, doc_url] =
            self.header_strings.map(|(_, row)| StringId(row));
        Ok(Profile {
            sample_types: self.sample_types.iter().map(|&(_, t)| t).collect(),
            default_sample_type,
            samples: Samples {
                stacks: self.sample_stacks,
                values: self.values,
                label_ends: self.label_ends,
                labels: self.labels.iter().map(label).collect(),
            },
            stacks,
            locations: self
                .locations
                .iter()
                .map(|row| location(row, &mapping_rows))
                .collect(),
            lines,
            functions: self.functions.iter().map(|f| f.row).collect(),
            mappings: self.mappings.iter().map(|m| m.row).collect(),
            drop_frames,
            keep_frames,
            time_nanos: self.time_nanos,
            duration_nanos: self.duration_nanos,
            period_type: self.period_type.map(|(_, t)| t),
            period: self.period,
            comments: self.comments.iter().map(|&(_, row)| row).collect(),
            doc_url,
            strings,
            dump: None,
            mem_stats: None,
            benchmarks: None,
            trace: None,
            base_samples: OnceLock::new(),
        })
    }

    /// Every sample has one value per sample type, and there is a type.
    fn check_types(&self) -> Result<()> {
        let types = self.sample_types.len();
        let first_sample = self.sample_offsets.first().copied();
        if types == 0 {
            let reason = match first_sample {
                Some(_) => "samples without a sample_type",
                None => "no sample_type, so this is not a profile",
            };
            return Err(Error::check(first_sample.unwrap_or(0), reason));
        }
        match (self.stride, first_sample) {
            (Some(count), Some(at)) if count != types => {
                let reason = format!("sample 1 has {count} values for {types} sample types");
                Err(Error::check(at, reason))
            }
            _ => Ok(()),
        }
    }

    /// Every string number is inside the table.
    fn check_strings(&self) -> Result<()> {
        let len = self.strings.len() as u32;
        let named = |row: u32, what: std::fmt::Arguments<'_>, at: u64| {
            if row < len {
                return Ok(());
            }
            let reason = format!("{what} refers to string {row} of {len}");
            Err(Error::check(at, reason))
        };
        let check =
            |row: u32, what: &str, id: u64, at: u64| named(row, format_args!("{what} {id}"), at);
        let largest = |of: &ValueType| of.kind.0.max(of.unit.0);
        for (row, (at, of)) in self.sample_types.iter().enumerate() {
            check(largest(of), "sample type", row as u64 + 1, *at)?;
        }
        if let Some((at, of)) = &self.period_type {
            named(largest(of), format_args!("period_type"), *at)?;
        }
        for (field, &(at, row)) in HEADER_STRINGS.iter().zip(&self.header_strings) {
            named(row, format_args!("{field}"), at)?;
        }
        for (number, &(at, row)) in self.comments.iter().enumerate() {
            check(row.0, "comment", number as u64 + 1, at)?;
        }
        for f in &self.functions {
            let row = f.row.name.0.max(f.row.system_name.0).max(f.row.filename.0);
            check(row, "function", f.row.id, f.at)?;
        }
        for m in &self.mappings {
            check(
                m.row.filename.0.max(m.row.build_id.0),
                "mapping",
                m.row.id,
                m.at,
            )?;
        }
        let worst = self
            .labels
            .iter()
            .position(|l| l.key.max(l.str).max(l.unit) >= len);
        if let Some(label) = worst {
            let sample = self
                .label_ends
                .partition_point(|&end| end as usize <= label);
            let row = &self.labels[label];
            let at = self.sample_offsets.get(sample).copied().unwrap_or(0);
            check(
                row.key.max(row.str).max(row.unit),
                "label of sample",
                sample as u64 + 1,
                at,
            )?;
        }
        Ok(())
    }

    fn resolve_lines(&self, functions: &IdTable) -> Result<Vec<Line>> {
        let resolve = |(row, line): (usize, &Line)| {
            let id = self.line_functions[row];
            match functions.row(id) {
                Some(function) => Ok(Line {
                    function: FunctionId(function),
                    ..*line
                }),
                None => {
                    let location = self
                        .locations
                        .partition_point(|l| l.lines.1 as usize <= row);
                    let (owner, at) = self
                        .locations
                        .get(location)
                        .map_or((0, 0), |l| (l.id, l.at));
                    let reason = format!(
                        "location {owner} refers to function {id}, which is not in the file"
                    );
                    Err(Error::check(at, reason))
                }
            }
        };
        self.lines.iter().enumerate().map(resolve).collect()
    }
}

/// Ids begin at 1.
fn check_id(what: &str, id: u64, at: u64) -> Result<()> {
    if id == 0 {
        return Err(Error::check(at, format!("{what} with the reserved id 0")));
    }
    Ok(())
}

/// An error when inlined frames, which cost the file nothing per stack, would make the stacks too
/// long to be walked.
fn check_expanded(
    stacks: &Stacks,
    locations: usize,
    lines_of: impl Fn(usize) -> u64,
) -> Result<()> {
    let written = stacks.frames.len() as u64;
    let most = (0..locations).map(&lines_of).max().unwrap_or(1);
    let allowed = limits::EXPANDED.max(written.saturating_mul(limits::INLINED));
    if written.saturating_mul(most) <= allowed {
        return Ok(());
    }
    let frames = stacks.frames.iter().map(|l| lines_of(l.index()));
    if frames.fold(0, u64::saturating_add) > allowed {
        let what = "frames, inlined ones included";
        return Err(Error::new(
            Stage::Limit,
            Pos::Nowhere,
            format!("more than {allowed} {what}"),
        ));
    }
    Ok(())
}

fn label(row: &LabelRow) -> Label {
    Label {
        key: StringId(row.key),
        str: StringId(row.str),
        num: row.num,
        unit: StringId(row.unit),
    }
}

/// A mapping id that is not in the file means no mapping, as pprof has it.
fn location(row: &LocationRow, mappings: &IdTable) -> Location {
    Location {
        id: row.id,
        mapping: mappings.row(row.mapping).map(MappingId),
        address: row.address,
        lines: row.lines,
        is_folded: row.is_folded,
    }
}

fn value_type(mut message: Message<'_>) -> Result<ValueType> {
    let mut row = ValueType {
        kind: StringId(0),
        unit: StringId(0),
    };
    while let Some((number, at, value)) = message.field()? {
        match number {
            1 => row.kind = StringId(string_ref(value, "value_type.type", at)?),
            2 => row.unit = StringId(string_ref(value, "value_type.unit", at)?),
            _ => {}
        }
    }
    Ok(row)
}

/// Ids of the file to rows. Ids are usually 1, 2, 3, …, so a plain array does; else a map, with
/// a keyed hash since the ids are the file's.
#[derive(Debug)]
enum IdTable {
    Dense(Vec<u32>),
    Sparse(HashMap<u64, u32>),
}

const NO_ROW: u32 = u32::MAX;

impl IdTable {
    /// Ids with the offset of their record, in row order. Duplicates are errors.
    fn new(what: &str, ids: impl ExactSizeIterator<Item = (u64, u64)> + Clone) -> Result<Self> {
        let largest = ids.clone().map(|(id, _)| id).max().unwrap_or(0);
        let bound = (ids.len() as u64).saturating_mul(4).saturating_add(1024);
        let mut table = if largest <= bound {
            Self::Dense(vec![NO_ROW; largest as usize + 1])
        } else {
            Self::Sparse(HashMap::with_capacity(ids.len()))
        };
        for (row, (id, at)) in ids.enumerate() {
            if table.insert(id, row as u32) {
                return Err(Error::check(at, format!("a second {what} with id {id}")));
            }
        }
        Ok(table)
    }

    /// True when the id was there before.
    fn insert(&mut self, id: u64, row: u32) -> bool {
        match self {
            Self::Dense(rows) => std::mem::replace(&mut rows[id as usize], row) != NO_ROW,
            Self::Sparse(rows) => rows.insert(id, row).is_some(),
        }
    }

    #[inline]
    fn row(&self, id: u64) -> Option<u32> {
        match self {
            Self::Dense(rows) => rows.get(id as usize).copied().filter(|&row| row != NO_ROW),
            Self::Sparse(rows) => rows.get(&id).copied(),
        }
    }
}
