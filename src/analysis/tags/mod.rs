//! What the labels of the samples say: their keys, the values of each with what it has, and of
//! numbers the histogram.
//!
//! Values are pprof's `-tags`: a sample counts once for each label it bears, so a key of which
//! samples have several values can have more than the total. What of the samples has a key at all
//! is summed apart.

mod collect;
mod expression;
mod histogram;
#[cfg(test)]
mod tests;
mod time;

use std::cmp::Reverse;

pub use collect::tags;
pub use expression::{any_value, exact_text, number_range};
pub use histogram::{Bucket, Timeline, timeline};
pub use time::{TimeKey, clock, has_times, time_key};

use crate::model::{Profile, StringId};
use crate::sort::sort_ids;
use crate::unit::label_in;

/// The labels of a profile, for one sample type.
#[derive(Clone, Debug, Default)]
pub struct Tags {
    /// Most tagged first, then by name.
    pub keys: Vec<TagKey>,
    /// The key that says when samples were taken.
    pub time: Option<TimeKey>,
}

/// A key of labels.
#[derive(Clone, Debug)]
pub struct TagKey {
    /// The key.
    pub key: StringId,
    /// Unit of its numbers; empty without any.
    pub unit: String,
    /// Σ value over its labels: of a sample once for each.
    pub total: i64,
    /// Σ value of the samples that have it.
    pub tagged: i64,
    /// Σ value of the samples that do not.
    pub untagged: i64,
    /// Some sample has it more than once.
    pub several: bool,
    /// Its values: of texts each, of numbers those that print alike as one. Heaviest first; of
    /// equal ones texts by name, then numbers, ascending.
    pub values: Vec<TagValue>,
    /// What its numbers are like; `None` without any.
    pub numbers: Option<Numbers>,
}

/// A value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagValue {
    /// Which it is.
    pub name: TagName,
    /// Σ value of its labels.
    pub value: i64,
}

/// What a value is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagName {
    /// A text.
    Text(StringId),
    /// Numbers from the first to the last, which print alike; mostly one.
    Numbers(i64, i64),
}

/// Statistics of a key's numbers, weighted by the magnitude of the values.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// Smallest.
    pub min: i64,
    /// Half of the value is in samples with at most this.
    pub median: i64,
    /// Nine tenths of the value are in samples with at most this.
    pub p90: i64,
    /// Largest.
    pub max: i64,
    /// Ascending and without gaps.
    pub buckets: Vec<Bucket>,
}

impl TagName {
    /// As pprof prints it; numbers in `to`, which may be `minimum` for what suits each.
    pub fn text(self, profile: &Profile, unit: &str, to: &str) -> String {
        match self {
            Self::Text(id) => profile.strings.text(id).into_owned(),
            Self::Numbers(first, _) => label_in(first, unit, to),
        }
    }
}

impl TagKey {
    /// True when some of its values are texts.
    pub fn has_texts(&self) -> bool {
        let is_text = |value: &TagValue| matches!(value.name, TagName::Text(_));
        self.values.iter().any(is_text)
    }

    /// The rows of `values` whose text contains `search` in whatever case, in the order of the
    /// values, or by name: texts before numbers.
    pub fn rows(&self, profile: &Profile, wanted: &Wanted<'_>) -> Vec<u32> {
        let all = 0..self.values.len() as u32;
        let search = wanted.search.to_lowercase();
        let matches = |&row: &u32| {
            let name = self.values[row as usize].name;
            search.is_empty()
                || name
                    .text(profile, &self.unit, wanted.unit)
                    .to_lowercase()
                    .contains(&search)
        };
        let mut rows: Vec<u32> = all.filter(matches).collect();
        if wanted.by_name {
            sort_ids(&mut rows, &|a, b| {
                let [a, b] = [a, b].map(|row| self.values[row as usize].name);
                name_order(profile, a, b)
            });
        }
        if wanted.reversed {
            rows.reverse();
        }
        rows
    }
}

/// Which values of a key are wanted, and in which order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Part of their text; empty for all.
    pub search: &'a str,
    /// Unit in which numbers are printed.
    pub unit: &'a str,
    /// By name instead of by value.
    pub by_name: bool,
    /// The other way round.
    pub reversed: bool,
}

fn name_order(profile: &Profile, a: TagName, b: TagName) -> std::cmp::Ordering {
    match (a, b) {
        (TagName::Text(a), TagName::Text(b)) => {
            profile.strings.bytes(a).cmp(profile.strings.bytes(b))
        }
        (TagName::Text(_), TagName::Numbers(..)) => std::cmp::Ordering::Less,
        (TagName::Numbers(..), TagName::Text(_)) => std::cmp::Ordering::Greater,
        (TagName::Numbers(a, _), TagName::Numbers(b, _)) => a.cmp(&b),
    }
}

/// Heaviest first; the values come by name.
fn by_weight(values: &mut [TagValue]) {
    values.sort_by_key(|value| Reverse(value.value.wrapping_abs() as u64));
}
