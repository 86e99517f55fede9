//! How results were recorded: what differs between files, and the command that makes more of them.

use rustc_hash::FxHashMap;

use super::keys::{Key, base_name};
use super::{BenchFile, BenchTables};
use crate::model::{Benchmarks, ConfigKey, StringId};

/// A key of the configuration in which files have no value in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separation {
    /// The key: `cpu`, `pkg`, …
    pub key: Vec<u8>,
    /// The labels of files with results.
    pub labels: Vec<String>,
    /// For each of these its values, in the order in which they were set; an empty one is none.
    pub values: Vec<Vec<Vec<u8>>>,
}

/// Values of a key that are told at most.
const TOLD: usize = 8;

/// The keys by which files are told apart although they were to be compared: no value of the first
/// file is one of another. In the order of the first file's keys, then of the others'.
pub fn separations(files: &[BenchFile<'_>]) -> Vec<Separation> {
    let with: Vec<&BenchFile<'_>> = files
        .iter()
        .filter(|file| !file.benchmarks.results.is_empty())
        .collect();
    let mut keys: Vec<&[u8]> = Vec::new();
    for file in &with {
        for key in &file.benchmarks.keys {
            let name = file.benchmarks.strings.bytes(key.name);
            if !keys.contains(&name) && keys.len() < TOLD * TOLD {
                keys.push(name);
            }
        }
    }
    let mut found = Vec::new();
    for key in keys {
        let values: Vec<Vec<Vec<u8>>> = with
            .iter()
            .map(|file| values(file.benchmarks, key))
            .collect();
        let Some((first, others)) = values.split_first() else {
            continue;
        };
        let is_apart = |other: &Vec<Vec<u8>>| !other.iter().any(|value| first.contains(value));
        if others.iter().any(is_apart) {
            found.push(Separation {
                key: key.to_vec(),
                labels: with.iter().map(|file| file.label.to_owned()).collect(),
                values,
            });
        }
    }
    found
}

/// The values that a key has for results; an empty one where it has none.
fn values(file: &Benchmarks, key: &[u8]) -> Vec<Vec<u8>> {
    match file.key(key) {
        Some(key) => values_of(file, key),
        None => vec![Vec::new()],
    }
}

fn values_of(file: &Benchmarks, key: &ConfigKey) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut add = |value: &[u8]| {
        if found.len() < TOLD && !found.iter().any(|known| known == value) {
            found.push(value.to_vec());
        }
    };
    if key.changes.first().is_none_or(|&(from, _)| from > 0) {
        add(b"");
    }
    let ends = key.changes.iter().skip(1).map(|&(from, _)| from);
    let ends = ends.chain([file.results.len() as u32]);
    for (&(from, value), end) in key.changes.iter().zip(ends) {
        if from < end {
            add(value.map_or(&[][..], |id| file.strings.bytes(id)));
        }
    }
    found
}

/// The names of results, each once, in the order in which they come.
fn names_of(file: &Benchmarks) -> Vec<StringId> {
    let mut is_known = vec![false; file.strings.len()];
    let mut names = Vec::new();
    for result in &file.results {
        if !std::mem::replace(&mut is_known[result.name.index()], true) {
            names.push(result.name);
        }
    }
    names
}

/// What a run of `go test` is told, as far as a file shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipe {
    /// The packages, in their order; empty if none is said.
    pub packages: Vec<String>,
    /// The base names of benchmarks, in their order.
    pub benchmarks: Vec<String>,
    /// Runs of most benchmarks.
    pub count: usize,
    /// Allocations were recorded.
    pub benchmem: bool,
    /// GOMAXPROCS of the runs, if there are several.
    pub cpu: Vec<String>,
    /// Iterations, if all runs have as many: they were asked for.
    pub iterations: Option<i64>,
}

/// How a file was recorded.
pub fn recipe(file: &Benchmarks) -> Recipe {
    let mut recipe = Recipe::default();
    let mut runs: FxHashMap<u32, usize> = FxHashMap::default();
    let add = |list: &mut Vec<String>, text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        if !text.is_empty() && list.len() < 64 && !list.iter().any(|known| *known == text) {
            list.push(text.into_owned());
        }
    };
    for package in values(file, b"pkg") {
        add(&mut recipe.packages, &package);
    }
    for result in &file.results {
        *runs.entry(result.name.0).or_default() += 1;
    }
    for name in names_of(file) {
        let name = file.strings.bytes(name);
        add(&mut recipe.benchmarks, base_name(name));
        add(
            &mut recipe.cpu,
            Key::MaxProcs.of_name(name).unwrap_or_default(),
        );
    }
    let several = runs.len() > 1;
    let mut counts: Vec<usize> = runs.into_values().collect();
    counts.sort_unstable();
    recipe.count = counts.get(counts.len() / 2).copied().unwrap_or_default();
    if recipe.cpu.len() < 2 {
        recipe.cpu.clear();
    }
    let units = file
        .measurements
        .iter()
        .map(|measured| file.strings.bytes(measured.unit));
    recipe.benchmem = units.into_iter().any(|unit| unit == b"allocs/op");
    let first = file.results.first().map(|result| result.iterations);
    let is_same = file
        .results
        .iter()
        .all(|result| Some(result.iterations) == first);
    recipe.iterations = first.filter(|_| is_same && several);
    recipe
}

/// The keys that results could be grouped by, with some of their values: `.name`, those in names,
/// and the file's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValues {
    /// As projections call it.
    pub key: Vec<u8>,
    /// Values in the order in which they were seen, at most 40.
    pub values: Vec<Vec<u8>>,
    /// There are more.
    pub more: bool,
}

/// Values of a key that are listed at most.
const VALUES: usize = 40;
/// Keys that are listed at most.
const KEYS: usize = 60;

/// All keys of files.
pub fn known_keys(files: &[BenchFile<'_>]) -> Vec<KeyValues> {
    let mut found = Found::default();
    found.add(b".name", None);
    let mut names: Vec<&[u8]> = Vec::new();
    for file in files {
        let text = |id| file.benchmarks.strings.bytes(id);
        names.extend(names_of(file.benchmarks).into_iter().map(text));
    }
    for name in names {
        found.add(b".name", Some(base_name(name)));
        for part in name.split(|&b| b == b'/').skip(1).take(KEYS) {
            if let Some(at) = part.iter().position(|&b| b == b'=').filter(|&at| at > 0) {
                let value = match name.ends_with(part) {
                    // The last part may have GOMAXPROCS behind it.
                    true => Key::Part(part[..at].to_vec())
                        .of_name(name)
                        .unwrap_or_default(),
                    false => &part[at + 1..],
                };
                found.add(&[b"/", &part[..at]].concat(), Some(value));
            }
        }
        found.add(
            b"/gomaxprocs",
            Key::MaxProcs.of_name(name).filter(|n| !n.is_empty()),
        );
    }
    for file in files {
        found.add(b".file", Some(file.label.as_bytes()));
        for key in file.benchmarks.keys.iter().take(KEYS) {
            let name = file.benchmarks.strings.bytes(key.name);
            for value in values_of(file.benchmarks, key) {
                found.add(name, Some(&value));
            }
        }
    }
    found.keys.retain(|key| !key.values.is_empty());
    found.keys
}

#[derive(Default)]
struct Found {
    keys: Vec<KeyValues>,
}

impl Found {
    fn add(&mut self, key: &[u8], value: Option<&[u8]>) {
        let at = match self.keys.iter().position(|known| known.key == key) {
            Some(at) => at,
            None if self.keys.len() < KEYS => {
                self.keys.push(KeyValues {
                    key: key.to_vec(),
                    values: Vec::new(),
                    more: false,
                });
                self.keys.len() - 1
            }
            None => return,
        };
        let known = &mut self.keys[at];
        let Some(value) = value else { return };
        if known.values.len() >= VALUES {
            known.more |= !known.values.iter().any(|other| other == value);
        } else if !known.values.iter().any(|other| other == value) {
            known.values.push(value.to_vec());
        }
    }
}

/// Whether a table compares anything.
pub fn compares(tables: &BenchTables) -> bool {
    let rows = tables.tables.iter().flat_map(|table| &table.rows);
    rows.flat_map(|row| row.cells.iter().flatten())
        .any(|cell| cell.difference.is_some())
}

/// Names of files as labels of columns: where several have one name, each gets a number.
pub fn distinct_labels<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<&str> = names.collect();
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
    let mut labels = Vec::with_capacity(names.len());
    for &name in &names {
        if counts.get(name).is_none_or(|&count| count == 1) {
            labels.push(name.to_owned());
            continue;
        }
        let before = seen.entry(name).or_default();
        let mut label = format!("{name}#{before}");
        // A file may be called like that.
        while counts.contains_key(label.as_str()) {
            label.push('#');
        }
        labels.push(label);
        *before += 1;
    }
    labels
}
