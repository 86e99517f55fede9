//! The same group in several files.

use std::collections::BTreeMap;

use super::Goroutines;
use crate::sort::sort_by;

/// A group over several files, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growth {
    /// The stack as every encoding shows it.
    pub stack_key: u128,
    /// How many there are in each file.
    pub counts: Vec<i64>,
    /// The last file that has it, and the place of its largest group with this stack there.
    pub group: (usize, usize),
}

impl Growth {
    /// What has been added from the first file to the last.
    pub fn added(&self) -> i64 {
        let ends = self.counts.first().zip(self.counts.last());
        ends.map_or(0, |(first, last)| last.wrapping_sub(*first))
    }

    /// Never fewer than before, and more at the end than at the beginning.
    pub fn only_grows(&self) -> bool {
        self.counts.is_sorted() && self.added() > 0
    }
}

/// Matches groups by their stacks, in files of one program in the order of time; what has grown most
/// first. Groups of one stack that wait for different things are one here: encodings differ in how
/// much they tell of that.
pub fn growth(files: &[&Goroutines]) -> Vec<Growth> {
    let mut found: BTreeMap<u128, Growth> = BTreeMap::new();
    for (file, goroutines) in files.iter().enumerate() {
        for (at, group) in goroutines.groups.iter().enumerate() {
            let growth = found.entry(group.stack_key).or_insert_with(|| Growth {
                stack_key: group.stack_key,
                counts: vec![0; files.len()],
                group: (file, at),
            });
            growth.counts[file] = growth.counts[file].wrapping_add(group.count);
            // Groups stand largest first.
            if growth.group.0 != file {
                growth.group = (file, at);
            }
        }
    }
    let mut all: Vec<Growth> = found.into_values().collect();
    sort_by(&mut all, &|a, b| {
        let by_added = b.added().cmp(&a.added());
        by_added
            .then_with(|| b.counts.last().cmp(&a.counts.last()))
            .then_with(|| a.group.cmp(&b.group))
    });
    all
}
