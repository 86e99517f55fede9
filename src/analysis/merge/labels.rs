//! Labels of samples in the merged profile: each set of labels once.

use std::collections::HashMap;

use super::tables::{Strings, TOO_LARGE};
use crate::model::{Label, Profile, StringId, sort_labels};

/// A label as something that can be looked up.
type Key = (u32, u32, i64, u32);

/// Sets of labels by their content; row 0 is the empty one.
#[derive(Debug)]
pub(super) struct LabelSets {
    rows: HashMap<Vec<Key>, u32>,
    ends: Vec<u32>,
    labels: Vec<Label>,
    scratch: Vec<Label>,
}

impl LabelSets {
    pub(super) fn new() -> Self {
        Self {
            rows: HashMap::from([(Vec::new(), 0)]),
            ends: vec![0],
            labels: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// The row of the labels of a sample of `source`, in pprof's order.
    pub(super) fn intern(
        &mut self,
        source: &Profile,
        labels: &[Label],
        strings: &mut Strings,
    ) -> Result<u32, String> {
        if labels.is_empty() {
            return Ok(0);
        }
        self.scratch.clear();
        for label in labels {
            self.scratch.push(Label {
                key: strings.map(source, label.key)?,
                str: strings.map_text(source, label.str)?,
                num: label.num,
                unit: strings.map(source, label.unit)?,
            });
        }
        sort_labels(&mut self.scratch, strings.table());
        let key = |l: &Label| (l.key.0, l.str.0, l.num, l.unit.0);
        let keys: Vec<Key> = self.scratch.iter().map(key).collect();
        let next = u32::try_from(self.ends.len()).map_err(|_| TOO_LARGE)?;
        let row = *self.rows.entry(keys).or_insert(next);
        if row == next {
            self.labels.extend_from_slice(&self.scratch);
            let end = u32::try_from(self.labels.len()).map_err(|_| TOO_LARGE)?;
            self.ends.push(end);
        }
        Ok(row)
    }

    fn get(&self, row: u32) -> &[Label] {
        let end = self.ends[row as usize] as usize;
        let start = match row {
            0 => 0,
            row => self.ends[row as usize - 1] as usize,
        };
        &self.labels[start..end]
    }

    /// The labels of samples that have these sets, as a profile keeps them.
    pub(super) fn columns(&self, sets: &[u32]) -> Result<(Vec<u32>, Vec<Label>), String> {
        if sets.iter().all(|&set| set == 0) {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut labels = Vec::new();
        let mut ends = Vec::with_capacity(sets.len());
        for &set in sets {
            labels.extend_from_slice(self.get(set));
            ends.push(u32::try_from(labels.len()).map_err(|_| TOO_LARGE)?);
        }
        Ok((ends, labels))
    }
}

/// The base's mark in a diff.
pub(super) const BASE: (&[u8], &[u8]) = (b"pprof::base", b"true");

/// Gives all samples the base's mark, in place of what text they have under that key.
pub(super) fn mark(profile: &mut Profile) -> Option<()> {
    let key = profile.strings.push(BASE.0)?;
    let str = profile.strings.push(BASE.1)?;
    let mark = Label {
        key,
        str,
        num: 0,
        unit: StringId(0),
    };
    let samples = &profile.samples;
    let mut labels = Vec::with_capacity(samples.labels.len() + samples.len());
    let mut ends = Vec::with_capacity(samples.len());
    for i in 0..samples.len() {
        let is_other = |l: &&Label| l.str == StringId(0) || profile.strings.bytes(l.key) != BASE.0;
        labels.extend(samples.labels(i).iter().filter(is_other));
        labels.push(mark);
        ends.push(u32::try_from(labels.len()).ok()?);
    }
    profile.samples.labels = labels;
    profile.samples.label_ends = ends;
    profile.base_samples.take();
    Some(())
}
