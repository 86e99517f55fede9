//! Units of numeric labels.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::model::{Label, Profile, StringId};

/// The unit of each numeric label key, by pprof's rule: the first one that a sample gives; where
/// none does, bytes for `alignment` and `request`, else the key itself.
#[derive(Clone, Debug, Default)]
pub struct LabelUnits {
    by_key: BTreeMap<Vec<u8>, Vec<u8>>,
    others: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
}

impl LabelUnits {
    /// The units of a profile's labels.
    pub fn new(profile: &Profile) -> Self {
        let mut units = Self::default();
        // A pair of key and unit that was seen before says nothing new, and there are few.
        let mut seen: FxHashSet<u64> = FxHashSet::default();
        for label in profile.samples.labels.iter().filter(|l| is_numeric(l)) {
            if seen.insert(u64::from(label.key.0) << 32 | u64::from(label.unit.0)) {
                units.add(profile, label);
            }
        }
        for (key, unit) in units.by_key.iter_mut().filter(|(_, unit)| unit.is_empty()) {
            let inferred: &[u8] = match key.as_slice() {
                b"alignment" | b"request" => b"bytes",
                own => own,
            };
            *unit = inferred.to_vec();
        }
        units
    }

    fn add(&mut self, profile: &Profile, label: &Label) {
        let bytes = |id| profile.strings.bytes(id);
        let (key, unit) = (bytes(label.key), bytes(label.unit));
        match self.by_key.get_mut(key) {
            None => {
                self.by_key.insert(key.to_vec(), unit.to_vec());
            }
            Some(known) if known.is_empty() => *known = unit.to_vec(),
            Some(known) if unit.is_empty() || known == unit => {}
            Some(_) => {
                let others = self.others.entry(key.to_vec()).or_default();
                others.insert(unit.to_vec());
            }
        }
    }

    /// The unit of a key; empty for one that no numeric label has.
    pub fn of(&self, key: &[u8]) -> &[u8] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// Keys of numeric labels, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.by_key.keys()
    }

    /// pprof's remarks about keys with several units, by key.
    pub fn remarks(&self) -> Vec<String> {
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let remark = |(key, others): (&Vec<u8>, &BTreeSet<Vec<u8>>)| {
            let used = String::from_utf8_lossy(self.of(key)).into_owned();
            let others: Vec<String> = others.iter().map(text).collect();
            format!(
                "For tag {} used unit {used}, also encountered unit(s) {}",
                text(key),
                others.join(", ")
            )
        };
        self.others.iter().map(remark).collect()
    }
}

/// A label with a number, not a text.
pub(crate) fn is_numeric(label: &Label) -> bool {
    label.str == StringId(0)
}
