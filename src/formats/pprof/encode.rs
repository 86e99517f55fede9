//! The model's tables to `profile.proto`, with the bytes that pprof itself writes: the same order
//! of fields and of strings, ids as they are, lists of more than two numbers packed.

use std::collections::HashMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use prost::encoding::{encode_varint, encoded_len_varint};

use crate::model::{Function, Label, Location, Mapping, Profile, StringId, ValueType, sort_labels};

/// What a string has before it is first written.
const UNWRITTEN: u32 = u32::MAX;

/// A profile as `profile.proto`, not compressed. Strings that nothing refers to are left out.
pub fn encode(profile: &Profile) -> Vec<u8> {
    let mut encoder = Encoder::new(profile);
    encoder.sample_types();
    encoder.samples();
    encoder.mappings();
    encoder.locations();
    encoder.functions();
    encoder.header();
    encoder.out
}

/// Bytes compressed by gzip: `profile.pb.gz` is the usual form of a profile.
pub fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes)?;
    writer.finish()
}

struct Encoder<'a> {
    profile: &'a Profile,
    out: Vec<u8>,
    /// The message under construction, and one inside it.
    message: Vec<u8>,
    inner: Vec<u8>,
    /// Numbers that strings have in the file, by row and by content.
    numbers: Vec<u32>,
    known: HashMap<&'a [u8], u32>,
    /// Strings in the order of their numbers.
    strings: Vec<&'a [u8]>,
}

impl<'a> Encoder<'a> {
    fn new(profile: &'a Profile) -> Self {
        let mut new = Self {
            profile,
            out: Vec::new(),
            message: Vec::new(),
            inner: Vec::new(),
            numbers: vec![UNWRITTEN; profile.strings.len()],
            known: HashMap::new(),
            strings: Vec::new(),
        };
        new.number_of(b"");
        new
    }

    fn number_of(&mut self, text: &'a [u8]) -> u32 {
        let next = self.strings.len() as u32;
        let number = *self.known.entry(text).or_insert(next);
        if number == next {
            self.strings.push(text);
        }
        number
    }

    /// The number of a string; gives it one if it has none yet.
    fn string(&mut self, id: StringId) -> u64 {
        let known = self.numbers.get(id.index()).copied();
        if let Some(number) = known.filter(|&number| number != UNWRITTEN) {
            return u64::from(number);
        }
        let profile: &'a Profile = self.profile;
        let number = self.number_of(profile.strings.bytes(id));
        if let Some(place) = self.numbers.get_mut(id.index()) {
            *place = number;
        }
        u64::from(number)
    }

    /// Ends the message under construction as a field of the profile.
    fn end_message(&mut self, field: u32) {
        bytes(&mut self.out, field, &self.message);
        self.message.clear();
    }

    fn value_type(&mut self, of: ValueType, field: u32) {
        let (kind, unit) = (self.string(of.kind), self.string(of.unit));
        optional(&mut self.message, 1, kind);
        optional(&mut self.message, 2, unit);
        self.end_message(field);
    }

    fn sample_types(&mut self) {
        let profile = self.profile;
        for &of in &profile.sample_types {
            self.value_type(of, 1);
        }
    }

    fn samples(&mut self) {
        let profile = self.profile;
        let types = profile.sample_types.len();
        let (mut labels, mut ids, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (i, &stack) in profile.samples.stacks.iter().enumerate() {
            ids.clear();
            let frames = profile.stacks.get(stack).iter();
            ids.extend(frames.map(|l| profile.locations[l.index()].id));
            numbers(&mut self.message, &mut self.inner, 1, &ids);
            values.clear();
            let row = &profile.samples.values[i * types..][..types];
            values.extend(row.iter().map(|&value| value as u64));
            numbers(&mut self.message, &mut self.inner, 2, &values);
            labels.clear();
            labels.extend_from_slice(profile.samples.labels(i));
            sort_labels(&mut labels, &profile.strings);
            for label in &labels {
                self.label(label);
            }
            self.end_message(2);
        }
    }

    fn label(&mut self, label: &Label) {
        self.inner.clear();
        let key = self.string(label.key);
        optional(&mut self.inner, 1, key);
        if label.str == StringId(0) {
            optional(&mut self.inner, 3, label.num as u64);
            let unit = self.string(label.unit);
            optional(&mut self.inner, 4, unit);
        } else {
            let text = self.string(label.str);
            optional(&mut self.inner, 2, text);
        }
        bytes(&mut self.message, 3, &self.inner);
    }

    fn mappings(&mut self) {
        let profile = self.profile;
        for mapping in &profile.mappings {
            self.mapping(mapping);
        }
    }

    fn mapping(&mut self, mapping: &Mapping) {
        let strings = [self.string(mapping.filename), self.string(mapping.build_id)];
        let has = mapping.has.map(u64::from);
        let numbers = [mapping.id, mapping.start, mapping.limit, mapping.offset];
        let fields = numbers.iter().chain(&strings).chain(&has);
        for (field, &number) in (1..).zip(fields) {
            optional(&mut self.message, field, number);
        }
        self.end_message(3);
    }

    fn locations(&mut self) {
        let profile = self.profile;
        for location in &profile.locations {
            self.location(location);
        }
    }

    fn location(&mut self, location: &Location) {
        let profile = self.profile;
        let mapping = location.mapping.map(|m| profile.mappings[m.index()].id);
        let out = &mut self.message;
        optional(out, 1, location.id);
        optional(out, 2, mapping.unwrap_or(0));
        optional(out, 3, location.address);
        for line in profile.lines_of(location) {
            let function = profile.functions[line.function.index()].id;
            self.inner.clear();
            optional(&mut self.inner, 1, function);
            optional(&mut self.inner, 2, line.line as u64);
            optional(&mut self.inner, 3, line.column as u64);
            bytes(out, 4, &self.inner);
        }
        optional(out, 5, u64::from(location.is_folded));
        self.end_message(4);
    }

    fn functions(&mut self) {
        let profile = self.profile;
        for function in &profile.functions {
            self.function(function);
        }
    }

    fn function(&mut self, function: &Function) {
        let fields = [
            function.id,
            self.string(function.name),
            self.string(function.system_name),
            self.string(function.filename),
            function.start_line as u64,
        ];
        for (field, number) in (1..).zip(fields) {
            optional(&mut self.message, field, number);
        }
        self.end_message(5);
    }

    /// The strings and what stands behind them. Every string has to have its number by then, so
    /// the numbers of the header's own are asked for first, in pprof's order.
    fn header(&mut self) {
        let profile = self.profile;
        let drop_frames = self.string(profile.drop_frames);
        let keep_frames = self.string(profile.keep_frames);
        let period_type = profile
            .period_type
            .map(|of| (self.string(of.kind), self.string(of.unit)));
        let comments: Vec<u64> = profile.comments.iter().map(|&c| self.string(c)).collect();
        let default_sample_type = self.string(profile.default_sample_type);
        let doc_url = self.string(profile.doc_url);
        for text in &self.strings {
            bytes(&mut self.out, 6, text);
        }
        optional(&mut self.out, 7, drop_frames);
        optional(&mut self.out, 8, keep_frames);
        optional(&mut self.out, 9, profile.time_nanos as u64);
        optional(&mut self.out, 10, profile.duration_nanos as u64);
        if let Some((kind, unit)) = period_type.filter(|&names| names != (0, 0)) {
            optional(&mut self.message, 1, kind);
            optional(&mut self.message, 2, unit);
            self.end_message(11);
        }
        let out = &mut self.out;
        optional(out, 12, profile.period as u64);
        numbers(out, &mut self.inner, 13, &comments);
        number(out, 14, default_sample_type);
        optional(out, 15, doc_url);
    }
}

fn number(out: &mut Vec<u8>, field: u32, value: u64) {
    encode_varint(u64::from(field) << 3, out);
    encode_varint(value, out);
}

/// A number that is not written when it is 0.
fn optional(out: &mut Vec<u8>, field: u32, value: u64) {
    if value != 0 {
        number(out, field, value);
    }
}

fn bytes(out: &mut Vec<u8>, field: u32, content: &[u8]) {
    encode_varint(u64::from(field) << 3 | 2, out);
    encode_varint(content.len() as u64, out);
    out.extend_from_slice(content);
}

/// A list of numbers, packed where that is shorter by pprof's reckoning. `packed` is scratch.
fn numbers(out: &mut Vec<u8>, packed: &mut Vec<u8>, field: u32, values: &[u64]) {
    if values.len() <= 2 {
        for &value in values {
            number(out, field, value);
        }
        return;
    }
    packed.clear();
    let len = values.iter().map(|&value| encoded_len_varint(value)).sum();
    packed.reserve(len);
    for &value in values {
        encode_varint(value, packed);
    }
    bytes(out, field, packed);
}
