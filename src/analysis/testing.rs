//! Tiny profiles written as text, for tests.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{
    Function, FunctionId, Label, Line, Location, LocationId, Mapping, MappingId, Profile, StackId,
    StringId, ValueType,
};

/// A profile of `samples/count`. See [`test_profile_of`].
pub(crate) fn test_profile(text: &str) -> Profile {
    test_profile_of(&[("samples", "count")], text)
}

/// A CPU profile at 100 Hz: every line gives a number of samples, 10 ms each.
pub(crate) fn cpu_profile(text: &str) -> Profile {
    let mut profile = test_profile(text);
    let kind = intern(&mut profile, b"cpu");
    let unit = intern(&mut profile, b"nanoseconds");
    profile.sample_types.push(ValueType { kind, unit });
    profile.period_type = Some(ValueType { kind, unit });
    profile.period = 10_000_000;
    let values = profile
        .samples
        .values
        .iter()
        .flat_map(|&n| [n, n * 10_000_000])
        .collect();
    profile.samples.values = values;
    profile
}

/// A profile of the given sample types (`(type, unit)`), a sample per line:
///
/// `root;caller;leaf 1 2 [bytes=16 key=text]`
///
/// Frames stand root first. `caller~inlined` is one location with an inlined call. A frame may
/// name its place, `main.f@/src/main.go:12`, or its binary, `[libc.so]`, which makes it a
/// location without a function. `-` is an empty stack. Values follow, then labels.
pub(crate) fn test_profile_of(types: &[(&str, &str)], text: &str) -> Profile {
    let mut builder = TextBuilder::default();
    builder.profile.strings.push(b"");
    for (kind, unit) in types {
        let kind = builder.string(kind);
        let unit = builder.string(unit);
        builder.profile.sample_types.push(ValueType { kind, unit });
    }
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        builder.sample(line, types.len());
    }
    builder.profile
}

/// Adds a string to a finished profile.
pub(crate) fn intern(profile: &mut Profile, text: &[u8]) -> StringId {
    profile.strings.push(text).unwrap()
}

#[derive(Default)]
struct TextBuilder {
    profile: Profile,
    strings: HashMap<String, StringId>,
    functions: HashMap<(StringId, StringId), FunctionId>,
    locations: HashMap<String, LocationId>,
    stacks: HashMap<Vec<LocationId>, StackId>,
}

impl TextBuilder {
    fn string(&mut self, text: &str) -> StringId {
        if text.is_empty() {
            return StringId(0);
        }
        let profile = &mut self.profile;
        *self
            .strings
            .entry(text.to_owned())
            .or_insert_with(|| profile.strings.push(text.as_bytes()).unwrap())
    }

    fn sample(&mut self, line: &str, types: usize) {
        let (line, labels) = match line.split_once(" [") {
            Some((line, labels)) => (line, labels.strip_suffix(']').unwrap()),
            None => (line, ""),
        };
        let mut rest = line;
        let mut values = Vec::new();
        for _ in 0..types {
            let (before, value) = rest.rsplit_once(' ').unwrap();
            values.insert(0, value.parse::<i64>().unwrap());
            rest = before.trim_end();
        }
        let mut stack = Vec::new();
        for frame in rest.split(';').rev().filter(|&frame| frame != "-") {
            stack.push(self.location(frame));
        }
        let stack = self.stack(stack);
        self.profile.samples.stacks.push(stack);
        self.profile.samples.values.extend(values);
        for label in labels.split_whitespace() {
            self.label(label);
        }
        let end = self.profile.samples.labels.len() as u32;
        self.profile.samples.label_ends.push(end);
    }

    fn label(&mut self, label: &str) {
        let (key, value) = label.split_once('=').unwrap();
        let key = self.string(key);
        let number = value.parse::<i64>();
        let str = if number.is_ok() {
            StringId(0)
        } else {
            self.string(value)
        };
        let label = Label {
            key,
            str,
            num: number.unwrap_or(0),
            unit: StringId(0),
        };
        self.profile.samples.labels.push(label);
    }

    fn stack(&mut self, stack: Vec<LocationId>) -> StackId {
        let profile = &mut self.profile;
        *self.stacks.entry(stack).or_insert_with_key(|stack| {
            let start = profile.stacks.frames.len() as u32;
            Arc::make_mut(&mut profile.stacks.frames).extend(stack);
            let end = profile.stacks.frames.len() as u32;
            profile.stacks.ranges.push((start, end));
            StackId(profile.stacks.ranges.len() as u32 - 1)
        })
    }

    fn location(&mut self, frame: &str) -> LocationId {
        if let Some(&id) = self.locations.get(frame) {
            return id;
        }
        let is_binary = frame.starts_with('[');
        let mapping = is_binary.then(|| self.mapping(&frame[1..frame.len() - 1]));
        let start = self.profile.lines.len() as u32;
        for line in frame.split('~').rev().filter(|_| !is_binary) {
            let line = self.line(line);
            self.profile.lines.push(line);
        }
        let id = LocationId(self.profile.locations.len() as u32);
        let lines = (start, self.profile.lines.len() as u32);
        let address = u64::from(is_binary);
        let row = Location {
            id: u64::from(id.0) + 1,
            mapping,
            address,
            lines,
            is_folded: false,
        };
        self.profile.locations.push(row);
        self.locations.insert(frame.to_owned(), id);
        id
    }

    fn mapping(&mut self, file: &str) -> MappingId {
        let filename = self.string(file);
        let id = MappingId(self.profile.mappings.len() as u32);
        self.profile.mappings.push(Mapping {
            id: u64::from(id.0) + 1,
            start: 0,
            limit: 0,
            offset: 0,
            filename,
            build_id: StringId(0),
            has: [false; 4],
        });
        id
    }

    fn line(&mut self, text: &str) -> Line {
        let (name, place) = text.split_once('@').unwrap_or((text, ""));
        let (file, line) = place.rsplit_once(':').unwrap_or((place, "0"));
        let name = self.string(name);
        let filename = self.string(file);
        let profile = &mut self.profile;
        let function = *self.functions.entry((name, filename)).or_insert_with(|| {
            let id = FunctionId(profile.functions.len() as u32);
            let row = Function {
                id: u64::from(id.0) + 1,
                name,
                system_name: name,
                filename,
                start_line: 0,
            };
            profile.functions.push(row);
            id
        });
        Line {
            function,
            line: line.parse().unwrap(),
            column: 0,
        }
    }
}
