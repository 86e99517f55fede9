//! The accumulator.

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use super::labels::LabelSets;
use super::stacks::StackTable;
use super::tables::{Strings, TOO_LARGE, Tables};
use super::{Header, MergeRules, Merged};
use crate::error::Diagnostic;
use crate::model::{Profile, StackId, StringId, ValueType};

const UNMAPPED: u32 = u32::MAX;

/// Merges profiles that are handed in one after the other. Their sample types must be the same;
/// [`super::Common`] makes them so. After an error it is of no further use.
#[derive(Debug)]
pub struct Merger {
    rules: MergeRules,
    /// Of the first profile.
    header: Option<Header>,
    /// Everything but the tables below.
    result: Profile,
    strings: Strings,
    tables: Tables,
    stacks: StackTable,
    label_sets: LabelSets,
    /// Each sample's labels.
    sets: Vec<u32>,
    /// Samples by stack and labels: numbers of our own making.
    rows: FxHashMap<(StackId, u32), u32>,
    comments: HashSet<StringId>,
    hidden_times: bool,
    /// Rows of the current source's stacks.
    stacks_of_source: Vec<u32>,
}

impl Merger {
    /// Nothing yet.
    pub fn new(rules: MergeRules) -> Self {
        Self {
            rules,
            header: None,
            result: Profile::default(),
            strings: Strings::default(),
            tables: Tables::new(rules.exact),
            stacks: StackTable::new(),
            label_sets: LabelSets::new(),
            sets: Vec::new(),
            rows: FxHashMap::default(),
            comments: HashSet::new(),
            hidden_times: false,
            stacks_of_source: Vec::new(),
        }
    }

    /// Adds a profile. The error is pprof's sentence.
    pub fn add(&mut self, source: &Profile) -> Result<(), String> {
        let header = Header::of(source);
        if let Some(first) = &self.header {
            first.check_same(&header, self.rules)?;
        }
        self.strings.intern(b"")?;
        self.strings.begin_source(source);
        self.combine_headers(source, header)?;
        self.tables.begin_source(source, &mut self.strings)?;
        self.stacks_of_source.clear();
        self.stacks_of_source.resize(source.stacks.len(), UNMAPPED);
        let types = source.sample_types.len();
        let mut scratch = Vec::new();
        for (i, &stack) in source.samples.stacks.iter().enumerate() {
            let values = &source.samples.values[i * types..][..types];
            if values.iter().all(|&value| value == 0) {
                continue;
            }
            let stack = self.stack(source, stack, &mut scratch)?;
            let labels = source.samples.labels(i);
            let set = self.label_sets.intern(source, labels, &mut self.strings)?;
            self.sample(stack, set, values)?;
        }
        Ok(())
    }

    /// The row of a stack of the current source.
    fn stack(
        &mut self,
        source: &Profile,
        stack: StackId,
        scratch: &mut Vec<u32>,
    ) -> Result<StackId, String> {
        let known = self.stacks_of_source[stack.index()];
        if known != UNMAPPED {
            return Ok(StackId(known));
        }
        scratch.clear();
        for location in source.stacks.get(stack) {
            let row = self
                .tables
                .location(source, location.index(), &mut self.strings)?;
            scratch.push(row);
        }
        let row = self.stacks.intern(scratch)?;
        self.stacks_of_source[stack.index()] = row.0;
        Ok(row)
    }

    fn sample(&mut self, stack: StackId, set: u32, values: &[i64]) -> Result<(), String> {
        let samples = &mut self.result.samples;
        let next = u32::try_from(samples.stacks.len()).map_err(|_| TOO_LARGE)?;
        let row = *self.rows.entry((stack, set)).or_insert(next);
        if row == next {
            samples.stacks.push(stack);
            samples.values.extend_from_slice(values);
            self.sets.push(set);
            return Ok(());
        }
        let sums = &mut samples.values[row as usize * values.len()..][..values.len()];
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = sum.wrapping_add(*value);
        }
        Ok(())
    }

    /// What is not a table. Most is the first profile's.
    fn combine_headers(&mut self, source: &Profile, header: Header) -> Result<(), String> {
        let strings = &mut self.strings;
        let result = &mut self.result;
        let mut both = |of: &ValueType| -> Result<ValueType, String> {
            Ok(ValueType {
                kind: strings.map(source, of.kind)?,
                unit: strings.map(source, of.unit)?,
            })
        };
        let is_first = self.header.is_none();
        let learns_period =
            !self.rules.exact && self.header.as_ref().is_some_and(Header::has_no_period);
        if is_first {
            for of in &source.sample_types {
                result.sample_types.push(both(of)?);
            }
        }
        if is_first || learns_period {
            result.period_type = source.period_type.as_ref().map(&mut both).transpose()?;
        }
        if is_first {
            result.drop_frames = strings.map(source, source.drop_frames)?;
            result.keep_frames = strings.map(source, source.keep_frames)?;
        }
        if is_first || learns_period {
            self.header = Some(header);
        }
        self.hidden_times |= !is_first && (result.time_nanos == 0) != (source.time_nanos == 0);
        let is_earlier = source.time_nanos < result.time_nanos;
        let is_known = self.rules.exact || source.time_nanos != 0;
        if result.time_nanos == 0 || is_earlier && is_known {
            result.time_nanos = source.time_nanos;
        }
        result.duration_nanos = result.duration_nanos.wrapping_add(source.duration_nanos);
        if result.period == 0 || result.period < source.period {
            result.period = source.period;
        }
        for &comment in &source.comments {
            let comment = strings.map(source, comment)?;
            if self.comments.insert(comment) {
                result.comments.push(comment);
            }
        }
        if result.default_sample_type == StringId(0) {
            result.default_sample_type = strings.map(source, source.default_sample_type)?;
        }
        if result.doc_url == StringId(0) {
            result.doc_url = strings.map(source, source.doc_url)?;
        }
        Ok(())
    }

    /// The merged profile. Samples whose values have cancelled out are not in it, nor is what only
    /// they referred to.
    pub fn finish(self) -> Result<Merged, String> {
        let diagnostics = self.remarks();
        let rules = self.rules;
        let mut profile = self.result;
        let (label_ends, labels) = self.label_sets.columns(&self.sets)?;
        profile.samples.label_ends = label_ends;
        profile.samples.labels = labels;
        profile.strings = self.strings.into_table();
        profile.stacks = self.stacks.finish();
        let tables = self.tables;
        profile.locations = tables.locations;
        profile.lines = tables.lines;
        profile.functions = tables.functions;
        profile.mappings = tables.mappings;
        let types = profile.sample_types.len().max(1);
        let mut rows = profile.samples.values.chunks_exact(types);
        if rows.any(|row| row.iter().all(|&value| value == 0)) {
            // The second time nothing is zero any more.
            profile = super::compact(&profile, rules)?;
        }
        Ok(Merged {
            profile,
            diagnostics,
        })
    }

    fn remarks(&self) -> Vec<Diagnostic> {
        let mut remarks = Vec::new();
        if self.rules.exact {
            return remarks;
        }
        if self.tables.told_apart > 0 {
            remarks.push(Diagnostic::note(format!(
                "{} locations differ from others only in the column of an inlined call; pprof \
                 would not tell them apart.",
                self.tables.told_apart
            )));
        }
        if self.hidden_times {
            remarks.push(Diagnostic::note(
                "Some of the profiles have no time; pprof might show none for all of them.",
            ));
        }
        remarks
    }
}
