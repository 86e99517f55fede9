//! A profile.proto put together by hand, for inputs that no tool would write.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]

/// A profile being written. Functions and locations get the id they are added with.
#[derive(Debug)]
pub struct Encoder {
    strings: Vec<String>,
    body: Vec<u8>,
}

impl Encoder {
    /// A profile with these sample types, each in the unit `count`.
    pub fn new(types: &[&str]) -> Self {
        let mut new = Self {
            strings: vec![String::new()],
            body: Vec::new(),
        };
        let unit = new.string("count");
        for name in types {
            let kind = new.string(name);
            message(&mut new.body, 1, &[(1, kind), (2, unit)], &[]);
        }
        new
    }

    /// Adds a string and returns its index.
    pub fn string(&mut self, text: &str) -> u64 {
        self.strings.push(text.to_owned());
        self.strings.len() as u64 - 1
    }

    /// Adds a function.
    pub fn function(&mut self, id: u64, name: &str) {
        let name = self.string(name);
        message(&mut self.body, 5, &[(1, id), (2, name), (3, name)], &[]);
    }

    /// Adds a location whose lines are of these functions, innermost first.
    pub fn location(&mut self, id: u64, functions: impl Iterator<Item = u64>) {
        let mut lines = Vec::new();
        for function in functions {
            message(&mut lines, 4, &[(1, function), (2, 1)], &[]);
        }
        message(&mut self.body, 4, &[(1, id)], &lines);
    }

    /// Adds a sample: locations innermost first, values, labels as key and text.
    pub fn sample(
        &mut self,
        locations: impl Iterator<Item = u64>,
        values: impl Iterator<Item = u64>,
        labels: impl Iterator<Item = (u64, u64)>,
    ) {
        let mut sample = Vec::new();
        packed(&mut sample, 1, locations);
        packed(&mut sample, 2, values);
        for (key, text) in labels {
            message(&mut sample, 3, &[(1, key), (2, text)], &[]);
        }
        message(&mut self.body, 2, &[], &sample);
    }

    /// Adds a sample whose labels are messages of integer fields.
    pub fn sample_with(
        &mut self,
        locations: impl Iterator<Item = u64>,
        values: impl Iterator<Item = u64>,
        labels: impl Iterator<Item = [(u64, u64); 4]>,
    ) {
        let mut sample = Vec::new();
        packed(&mut sample, 1, locations);
        packed(&mut sample, 2, values);
        for label in labels {
            message(&mut sample, 3, &label, &[]);
        }
        message(&mut self.body, 2, &[], &sample);
    }

    /// Adds a field of the profile that is a message of integer fields; returns the offset at
    /// which it begins.
    pub fn message(&mut self, field: u64, integers: &[(u64, u64)]) -> u64 {
        let at = self.body.len() as u64;
        message(&mut self.body, field, integers, &[]);
        at
    }

    /// Adds a field of the profile that is a number; returns the offset at which it begins.
    pub fn number(&mut self, field: u64, value: u64) -> u64 {
        let at = self.body.len() as u64;
        varint(&mut self.body, field << 3);
        varint(&mut self.body, value);
        at
    }

    /// Where the next record begins.
    pub fn at(&self) -> u64 {
        self.body.len() as u64
    }

    /// The bytes.
    pub fn finish(mut self) -> Vec<u8> {
        for text in self.strings {
            bytes(&mut self.body, 6, text.as_bytes());
        }
        self.body
    }
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

fn packed(out: &mut Vec<u8>, field: u64, values: impl Iterator<Item = u64>) {
    let mut content = Vec::new();
    values.for_each(|value| varint(&mut content, value));
    bytes(out, field, &content);
}

/// A message of integer fields, followed by what is already encoded.
fn message(out: &mut Vec<u8>, field: u64, integers: &[(u64, u64)], rest: &[u8]) {
    let mut content = Vec::new();
    for &(field, value) in integers {
        varint(&mut content, field << 3);
        varint(&mut content, value);
    }
    content.extend_from_slice(rest);
    bytes(out, field, &content);
}

/// A zip file of these members, uncompressed.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let size = content.len() as u32;
        let offset = out.len() as u32;
        // Version 2.0, no flags, stored, no time; then CRC, both sizes, length of the name.
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for number in [crc.sum(), size, size, name.len() as u32] {
            common.extend(number.to_le_bytes());
        }
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend_from_slice(content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, length) = (out.len() as u32, directory.len() as u32);
    let count = (members.len() as u16).to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend([count, count].concat());
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}
