//! Makes a profile row by row, keeping every string, function, location and stack once.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash};

use rustc_hash::FxHasher;

use super::{
    Function, FunctionId, Label, Line, Location, LocationId, Mapping, MappingId, Profile, StackId,
    StringId, ValueType,
};
use crate::error::{Error, Pos, Result, Stage};

/// A profile under construction.
///
/// Readers of texts, merges and filters share it. Ids of functions, locations and mappings are
/// 1, 2, 3, … in the order in which they are first given.
#[derive(Debug)]
pub struct ProfileBuilder {
    profile: Profile,
    strings: Index,
    functions: Index,
    locations: Index,
    stacks: Index,
}

impl Default for ProfileBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ProfileBuilder {
    /// Nothing but the empty string.
    pub fn new() -> Self {
        let mut builder = Self {
            profile: Profile::default(),
            strings: Index::default(),
            functions: Index::default(),
            locations: Index::default(),
            stacks: Index::default(),
        };
        builder.profile.strings.push(b"");
        let hash = builder.strings.hash(&b""[..]);
        builder.strings.rows.insert(hash, 0);
        builder
    }

    /// The profile as far as it is made: for header fields, and for what is only known at the
    /// end. Rows that were given out must stay where they are.
    pub fn profile(&mut self) -> &mut Profile {
        &mut self.profile
    }

    /// The row of a string.
    pub fn string(&mut self, text: &[u8]) -> Result<StringId> {
        let hash = self.strings.hash(text);
        let strings = &mut self.profile.strings;
        if let Some(row) = self
            .strings
            .find(hash, |row| strings.bytes(StringId(row)) == text)
        {
            return Ok(StringId(row));
        }
        let id = strings.push(text).ok_or_else(|| full("strings"))?;
        self.strings.insert(hash, id.0);
        Ok(id)
    }

    /// A type of samples or of the period.
    pub fn value_type(&mut self, kind: &[u8], unit: &[u8]) -> Result<ValueType> {
        Ok(ValueType {
            kind: self.string(kind)?,
            unit: self.string(unit)?,
        })
    }

    /// Appends a sample type; only before the first sample.
    pub fn sample_type(&mut self, kind: &[u8], unit: &[u8]) -> Result<()> {
        debug_assert!(self.profile.samples.is_empty(), "types come before samples");
        let row = self.value_type(kind, unit)?;
        self.profile.sample_types.push(row);
        Ok(())
    }

    /// The row of a function; `id` of the given one is not looked at.
    pub fn function(&mut self, function: Function) -> Result<FunctionId> {
        let key = |f: &Function| (f.name, f.system_name, f.filename, f.start_line);
        let hash = self.functions.hash(key(&function));
        let rows = &mut self.profile.functions;
        let is_same = |row: u32| key(&rows[row as usize]) == key(&function);
        if let Some(row) = self.functions.find(hash, is_same) {
            return Ok(FunctionId(row));
        }
        let row = next(rows.len(), "functions")?;
        rows.push(Function {
            id: u64::from(row) + 1,
            ..function
        });
        self.functions.insert(hash, row);
        Ok(FunctionId(row))
    }

    /// Appends a mapping; `id` of the given one is not looked at.
    pub fn mapping(&mut self, mapping: Mapping) -> Result<MappingId> {
        let row = next(self.profile.mappings.len(), "mappings")?;
        self.profile.mappings.push(Mapping {
            id: u64::from(row) + 1,
            ..mapping
        });
        Ok(MappingId(row))
    }

    /// The row of a location with this mapping, address and lines.
    pub fn location(
        &mut self,
        mapping: Option<MappingId>,
        address: u64,
        is_folded: bool,
        lines: &[Line],
    ) -> Result<LocationId> {
        let line_key = |l: &Line| (l.function, l.line, l.column);
        let hash = self.locations.hash_all(
            (mapping, address, is_folded, lines.len()),
            lines.iter().map(line_key),
        );
        let profile = &self.profile;
        let is_same = |row: u32| {
            let known = &profile.locations[row as usize];
            (known.mapping, known.address, known.is_folded) == (mapping, address, is_folded)
                && profile
                    .lines_of(known)
                    .iter()
                    .map(line_key)
                    .eq(lines.iter().map(line_key))
        };
        if let Some(row) = self.locations.find(hash, is_same) {
            return Ok(LocationId(row));
        }
        let id = self.new_location(mapping, address, is_folded)?;
        self.set_lines(id, lines)?;
        self.locations.insert(hash, id.0);
        Ok(id)
    }

    /// Appends a location without lines, whether or not there is one like it.
    pub fn new_location(
        &mut self,
        mapping: Option<MappingId>,
        address: u64,
        is_folded: bool,
    ) -> Result<LocationId> {
        let row = next(self.profile.locations.len(), "locations")?;
        self.profile.locations.push(Location {
            id: u64::from(row) + 1,
            mapping,
            address,
            lines: (0, 0),
            is_folded,
        });
        Ok(LocationId(row))
    }

    /// Gives a location of [`Self::new_location`] its lines, innermost first.
    pub fn set_lines(&mut self, location: LocationId, lines: &[Line]) -> Result<()> {
        let rows = &mut self.profile.lines;
        let start = next(rows.len(), "lines")?;
        let end = next(rows.len() + lines.len(), "lines")?;
        rows.extend_from_slice(lines);
        self.profile.locations[location.index()].lines = (start, end);
        Ok(())
    }

    /// The row of a stack, leaf first.
    pub fn stack(&mut self, locations: &[LocationId]) -> Result<StackId> {
        let hash = self.stacks.hash_all(locations.len(), locations.iter());
        let stacks = &mut self.profile.stacks;
        let is_same = |row: u32| stacks.get(StackId(row)) == locations;
        if let Some(row) = self.stacks.find(hash, is_same) {
            return Ok(StackId(row));
        }
        let row = next(stacks.ranges.len(), "stacks")?;
        let start = next(stacks.frames.len(), "frames")?;
        let end = next(stacks.frames.len() + locations.len(), "frames")?;
        std::sync::Arc::make_mut(&mut stacks.frames).extend_from_slice(locations);
        stacks.ranges.push((start, end));
        self.stacks.insert(hash, row);
        Ok(StackId(row))
    }

    /// Appends a sample, with a value for each type.
    pub fn sample(&mut self, stack: StackId, values: &[i64], labels: &[Label]) -> Result<()> {
        debug_assert_eq!(values.len(), self.profile.sample_types.len());
        let samples = &mut self.profile.samples;
        next(samples.stacks.len(), "samples")?;
        let end = next(samples.labels.len() + labels.len(), "labels")?;
        // Most files have no labels at all, and then no column for them.
        if !labels.is_empty() && samples.label_ends.is_empty() {
            samples.label_ends.resize(samples.stacks.len(), 0);
        }
        if !labels.is_empty() || !samples.label_ends.is_empty() {
            samples.labels.extend_from_slice(labels);
            samples.label_ends.push(end);
        }
        samples.stacks.push(stack);
        samples.values.extend_from_slice(values);
        Ok(())
    }

    /// The profile.
    pub fn finish(self) -> Profile {
        let mut profile = self.profile;
        profile.strings.shrink();
        profile
    }
}

/// Rows by a hash of what is in them. Rows whose hashes are equal by chance are stored again
/// instead of being shared: that costs a row, and is all but impossible.
#[derive(Debug, Default)]
struct Index {
    rows: HashMap<u64, u32, BuildHasherDefault<FxHasher>>,
    /// `SipHash`: contents are the file's.
    hasher: BuildHasherDefault<std::hash::DefaultHasher>,
}

impl Index {
    fn hash(&self, key: impl Hash) -> u64 {
        self.hasher.hash_one(key)
    }

    fn hash_all(&self, head: impl Hash, rest: impl Iterator<Item = impl Hash>) -> u64 {
        use std::hash::Hasher;
        let mut hasher = self.hasher.build_hasher();
        head.hash(&mut hasher);
        rest.for_each(|part| part.hash(&mut hasher));
        hasher.finish()
    }

    fn find(&self, hash: u64, is_same: impl Fn(u32) -> bool) -> Option<u32> {
        self.rows.get(&hash).copied().filter(|&row| is_same(row))
    }

    fn insert(&mut self, hash: u64, row: u32) {
        self.rows.entry(hash).or_insert(row);
    }
}

/// The row after `len` others.
fn next(len: usize, what: &str) -> Result<u32> {
    u32::try_from(len).map_err(|_| full(what))
}

#[cold]
fn full(what: &str) -> Error {
    let reason = format!("more than {} {what}, or bytes of them", u32::MAX);
    Error::new(Stage::Limit, Pos::Nowhere, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check::check;

    #[test]
    fn everything_is_kept_once() {
        let mut builder = ProfileBuilder::new();
        builder.sample_type(b"samples", b"count").unwrap();
        let named = |builder: &mut ProfileBuilder, name: &[u8]| {
            let name = builder.string(name).unwrap();
            let function = Function {
                id: 0,
                name,
                system_name: name,
                filename: StringId(0),
                start_line: 0,
            };
            let function = builder.function(function).unwrap();
            let line = Line {
                function,
                line: 3,
                column: 0,
            };
            builder.location(None, 0, false, &[line]).unwrap()
        };
        let stacks = [[&b"a"[..], b"b"], [b"b", b"a"], [b"a", b"b"]].map(|names| {
            let rows = names.map(|name| named(&mut builder, name));
            builder.stack(&rows).unwrap()
        });
        assert_eq!(stacks, [0, 1, 0].map(StackId));
        assert_eq!(builder.string(b"").unwrap(), StringId(0));
        let label = Label {
            key: builder.string(b"bytes").unwrap(),
            str: StringId(0),
            num: 8,
            unit: StringId(0),
        };
        builder.sample(stacks[0], &[1], &[]).unwrap();
        builder.sample(stacks[1], &[2], &[label]).unwrap();
        builder.sample(stacks[2], &[3], &[]).unwrap();
        let profile = builder.finish();
        check(&profile).unwrap();
        assert_eq!((profile.functions.len(), profile.locations.len()), (2, 2));
        assert_eq!(profile.samples.values, [1, 2, 3]);
        let labels = [0, 1, 2].map(|i| profile.samples.labels(i).len());
        assert_eq!(labels, [0, 1, 0]);
    }
}
