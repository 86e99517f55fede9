//! One pass over the labels.

use std::cmp::Reverse;
use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::histogram::{buckets, quantile};
use super::{Numbers, TagKey, TagName, TagValue, Tags, by_weight, name_order, time_key};
use crate::analysis::labels::{LabelUnits, is_numeric};
use crate::model::{Label, Profile, StringId};
use crate::sort::sort_by;
use crate::unit::{is_convertible, is_memory, label_in};

/// No row yet.
const NONE: u32 = u32::MAX;

/// The labels of all samples, for one sample type. `unit` is the one in which numbers are printed,
/// by which it is told which of them print alike.
pub fn tags(profile: &Profile, sample_type: usize, unit: &str) -> Tags {
    let mut collector = Collector::new(profile);
    let mut net = 0_i64;
    // Neighbouring samples mostly have the same labels, so those are looked up once.
    let mut pending: (&[Label], i64) = (&[], 0);
    for sample in 0..profile.samples.len() {
        let labels = profile.samples.labels(sample);
        let value = profile.value(sample, sample_type);
        net = net.wrapping_add(value);
        if pending.0 == labels {
            pending.1 = pending.1.wrapping_add(value);
        } else {
            collector.add(pending.0, pending.1);
            pending = (labels, value);
        }
    }
    collector.add(pending.0, pending.1);
    collector.finish(net, unit)
}

struct Collector<'a> {
    profile: &'a Profile,
    /// Rows of `keys` by the string that is their name: files may hold a string more than once.
    rows: Vec<u32>,
    by_name: HashMap<&'a [u8], u32>,
    keys: Vec<Key>,
    /// Rows of a key's texts, by the row of the key and the string.
    texts: FxHashMap<u64, u32>,
    /// Sets of labels so far.
    sets: u32,
}

struct Key {
    name: StringId,
    total: i64,
    tagged: i64,
    several: bool,
    /// The last set of labels that had it.
    seen: u32,
    texts: Vec<(StringId, i64)>,
    numbers: Vec<(i64, i64)>,
}

impl<'a> Collector<'a> {
    fn new(profile: &'a Profile) -> Self {
        let strings = if profile.samples.labels.is_empty() {
            0
        } else {
            profile.strings.len()
        };
        Self {
            profile,
            rows: vec![NONE; strings],
            by_name: HashMap::new(),
            keys: Vec::new(),
            texts: FxHashMap::default(),
            sets: 0,
        }
    }

    /// The labels of a sample, or of some that have the same, with their value.
    fn add(&mut self, labels: &[Label], value: i64) {
        self.sets += 1;
        for label in labels {
            let row = self.row(label.key);
            let key = &mut self.keys[row as usize];
            key.total = key.total.wrapping_add(value);
            if key.seen == self.sets {
                key.several = true;
            } else {
                key.tagged = key.tagged.wrapping_add(value);
                key.seen = self.sets;
            }
            if is_numeric(label) {
                key.numbers.push((label.num, value));
                continue;
            }
            let next = key.texts.len() as u32;
            let id = u64::from(row) << 32 | u64::from(label.str.0);
            let at = *self.texts.entry(id).or_insert(next);
            if at == next {
                key.texts.push((label.str, value));
            } else {
                let sum = &mut key.texts[at as usize].1;
                *sum = sum.wrapping_add(value);
            }
        }
    }

    fn row(&mut self, name: StringId) -> u32 {
        let known = self.rows[name.index()];
        if known != NONE {
            return known;
        }
        let next = self.keys.len() as u32;
        let text = self.profile.strings.bytes(name);
        let row = *self.by_name.entry(text).or_insert(next);
        if row == next {
            self.keys.push(Key {
                name,
                total: 0,
                tagged: 0,
                several: false,
                seen: 0,
                texts: Vec::new(),
                numbers: Vec::new(),
            });
        }
        self.rows[name.index()] = row;
        row
    }

    fn finish(self, net: i64, unit: &str) -> Tags {
        let profile = self.profile;
        let units = LabelUnits::new(profile);
        let key = |key: Key| finished(key, profile, &units, net, unit);
        let mut keys: Vec<TagKey> = self.keys.into_iter().map(key).collect();
        sort_by(&mut keys, &|a, b| {
            let weight = |key: &TagKey| Reverse(key.tagged.wrapping_abs() as u64);
            let name = |key: &TagKey| profile.strings.bytes(key.key);
            (weight(a), name(a)).cmp(&(weight(b), name(b)))
        });
        Tags {
            keys,
            time: time_key(profile),
        }
    }
}

fn finished(key: Key, profile: &Profile, units: &LabelUnits, net: i64, unit: &str) -> TagKey {
    let name = profile.strings.bytes(key.name);
    let own_unit = String::from_utf8_lossy(units.of(name)).into_owned();
    let numbers = merged(key.numbers);
    let mut values = texts(profile, key.texts);
    values.extend(printed_alike(&numbers, &own_unit, unit));
    by_weight(&mut values);
    TagKey {
        key: key.name,
        total: key.total,
        tagged: key.tagged,
        untagged: net.wrapping_sub(key.tagged),
        several: key.several,
        values,
        numbers: statistics(&numbers, &own_unit),
        unit: own_unit,
    }
}

/// Each number once, ascending, with its sum.
fn merged(mut numbers: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    numbers.sort_unstable();
    numbers.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.wrapping_add(next.1);
        }
        same
    });
    numbers
}

/// Each text once, by name, with its sum.
fn texts(profile: &Profile, mut texts: Vec<(StringId, i64)>) -> Vec<TagValue> {
    let text = |id: StringId| TagName::Text(id);
    sort_by(&mut texts, &|a, b| {
        name_order(profile, text(a.0), text(b.0))
    });
    texts.dedup_by(|next, kept| {
        let same = profile.strings.bytes(next.0) == profile.strings.bytes(kept.0);
        if same {
            kept.1 = kept.1.wrapping_add(next.1);
        }
        same
    });
    let value = |(id, value)| TagValue {
        name: text(id),
        value,
    };
    texts.into_iter().map(value).collect()
}

/// Numbers that print alike, which are neighbours, as one value.
fn printed_alike(numbers: &[(i64, i64)], unit: &str, to: &str) -> Vec<TagValue> {
    let mut values: Vec<TagValue> = Vec::new();
    // Numbers of a unit that does not scale are printed as they are; there may be very many.
    let scales = is_convertible(unit, unit);
    let mut last = String::new();
    let mut last_number = 0.0;
    for &(number, value) in numbers {
        let text = if scales {
            label_in(number, unit, to)
        } else {
            String::new()
        };
        let alike = last == text && (scales || number as f64 - last_number == 0.0);
        last_number = number as f64;
        match values.last_mut() {
            Some(TagValue {
                name: TagName::Numbers(_, end),
                value: sum,
            }) if alike => {
                *end = number;
                *sum = sum.wrapping_add(value);
            }
            _ => values.push(TagValue {
                name: TagName::Numbers(number, number),
                value,
            }),
        }
        last = text;
    }
    values
}

fn statistics(numbers: &[(i64, i64)], unit: &str) -> Option<Numbers> {
    let (&(min, _), &(max, _)) = numbers.first().zip(numbers.last())?;
    Some(Numbers {
        min,
        median: quantile(numbers, 1, 2),
        p90: quantile(numbers, 9, 10),
        max,
        buckets: buckets(numbers, is_memory(unit)),
    })
}
