//! `profile.proto` to the model's tables, in one pass over bytes as they arrive.
//!
//! The file is a sequence of top-level fields; whole ones are decoded where they lie and the cut
//! one at the end of a chunk waits for the next. Nothing is allocated per sample beyond its
//! values: stacks go through [`StackInterner`], references stay the file's ids until [`Decoder::finish`]
//! has seen all tables, in whatever order they came.

use super::limits;
use super::stacks::StackInterner;
use super::tables::{LabelRow, Raw};
use super::wire::{Message, Read, Value};
use crate::error::{Error, Pos, Result, Stage};
use crate::model::{FunctionId, Line, Profile, StackId};

/// Decodes a profile from chunks of its unpacked bytes.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// The cut record at the end of the last chunk.
    pending: Vec<u8>,
    /// Offset of `pending`, or of the next chunk.
    offset: u64,
    raw: Raw,
    stacks: StackInterner,
}

impl Decoder {
    /// Takes the next bytes. After an error the decoder is of no further use.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<()> {
        if self.pending.is_empty() {
            let taken = self.decode(chunk)?;
            self.pending.extend_from_slice(&chunk[taken..]);
            return Ok(());
        }
        let mut joined = std::mem::take(&mut self.pending);
        joined.extend_from_slice(chunk);
        let taken = self.decode(&joined)?;
        joined.drain(..taken);
        self.pending = joined;
        Ok(())
    }

    /// Says which share of the file will have been read with the next chunk, 0 to 1; a guess will
    /// do.
    pub(crate) fn set_read_share(&mut self, share: f64) {
        self.stacks.set_read_share(share);
    }

    /// Samples decoded so far.
    pub(crate) fn samples(&self) -> usize {
        self.raw.sample_stacks.len()
    }

    /// Bytes taken so far.
    pub(crate) fn size(&self) -> u64 {
        self.offset + self.pending.len() as u64
    }

    /// Resolves all references and checks pprof's invariants.
    pub(crate) fn finish(mut self) -> Result<Profile> {
        if !self.pending.is_empty() {
            let error = match (Message {
                bytes: &self.pending,
                at: self.offset,
            })
            .field()
            {
                Err(error) => error,
                Ok(_) => Error::proto(self.offset, "data ends inside a record"),
            };
            return Err(error.with_advice("the file was cut short; copy or record it again"));
        }
        self.raw.finish(std::mem::take(&mut self.stacks))
    }

    /// Decodes the whole records at the head of `bytes`; returns how many bytes they take.
    fn decode(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut message = Message {
            bytes,
            at: self.offset,
        };
        while !message.bytes.is_empty() {
            match message.read()? {
                Read::Field { number, at, value } => self.field(number, at, value)?,
                Read::Short { needed, at } if needed > limits::RECORD => {
                    let reason = format!(
                        "a record of {needed} bytes; at most {} are read",
                        limits::RECORD
                    );
                    return Err(Error::new(Stage::Limit, Pos::Unpacked(at), reason));
                }
                Read::Short { .. } => break,
            }
        }
        let taken = bytes.len() - message.bytes.len();
        self.offset += taken as u64;
        Ok(taken)
    }

    #[inline]
    fn field(&mut self, number: u32, at: u64, value: Value<'_>) -> Result<()> {
        match number {
            2 => self.sample(value.message("sample", at)?, at),
            3 => self.raw.mapping(value.message("mapping", at)?, at),
            4 => self.location(value.message("location", at)?, at),
            5 => self.raw.function(value.message("function", at)?, at),
            6 => self.raw.string(value.message("string_table", at)?, at),
            _ => self.raw.header(number, at, value),
        }
    }

    fn sample(&mut self, mut message: Message<'_>, at: u64) -> Result<()> {
        let raw = &mut self.raw;
        let first_value = raw.values.len();
        let first_label = raw.labels.len();
        while let Some((number, field_at, value)) = message.next_field()? {
            match number {
                1 => match value {
                    Value::Bytes(packed) => self.stacks.push_packed(packed)?,
                    _ => {
                        let id = value.varint("sample.location_id", field_at)?;
                        self.stacks.push(id, field_at)?;
                    }
                },
                2 => value.numbers("sample.value", field_at, |v| {
                    raw.values.push(v as i64);
                    let count = raw.values.len() - first_value;
                    limits::check(count - 1, limits::VALUES, "values of one sample", at)
                })?,
                3 => raw.label(value.message("sample.label", field_at)?, field_at)?,
                _ => {}
            }
        }
        let stack = self.stacks.finish_stack(at)?;
        raw.end_sample(StackId(stack), at, first_value, first_label)
    }

    fn location(&mut self, mut message: Message<'_>, at: u64) -> Result<()> {
        let raw = &mut self.raw;
        let first = raw.lines.len() as u32;
        let mut row = super::tables::LocationRow {
            at,
            ..Default::default()
        };
        while let Some((number, field_at, value)) = message.field()? {
            match number {
                1 => row.id = value.varint("location.id", field_at)?,
                2 => row.mapping = value.varint("location.mapping_id", field_at)?,
                3 => row.address = value.varint("location.address", field_at)?,
                4 => {
                    limits::check(raw.lines.len(), limits::LINES, "lines of locations", at)?;
                    let (function, line) = line(value.message("location.line", field_at)?)?;
                    raw.lines.push(line);
                    raw.line_functions.push(function);
                }
                5 => row.is_folded = value.varint("location.is_folded", field_at)? != 0,
                _ => {}
            }
        }
        row.lines = (first, raw.lines.len() as u32);
        raw.end_location(row)
    }
}

/// A line and its function's id in the file.
fn line(mut message: Message<'_>) -> Result<(u64, Line)> {
    let mut function = 0;
    let mut row = Line {
        function: FunctionId(0),
        line: 0,
        column: 0,
    };
    while let Some((number, at, value)) = message.field()? {
        match number {
            1 => function = value.varint("line.function_id", at)?,
            2 => row.line = value.varint("line.line", at)? as i64,
            3 => row.column = value.varint("line.column", at)? as i64,
            _ => {}
        }
    }
    Ok((function, row))
}

impl Raw {
    fn label(&mut self, mut message: Message<'_>, at: u64) -> Result<()> {
        let mut label = LabelRow::default();
        while let Some((number, at, value)) = message.field()? {
            match number {
                1 => label.key = string_ref(value, "label.key", at)?,
                2 => label.str = string_ref(value, "label.str", at)?,
                3 => label.num = value.varint("label.num", at)? as i64,
                4 => label.unit = string_ref(value, "label.num_unit", at)?,
                _ => {}
            }
        }
        // As pprof: a numeric label of 0 without a unit cannot be told from no value.
        if label.str != 0 || label.num != 0 || label.unit != 0 {
            limits::check(self.labels.len(), limits::LABELS, "labels", at)?;
            self.labels.push(label);
        }
        Ok(())
    }
}

/// A row of the string table; checked against its length at the end.
pub(super) fn string_ref(value: Value<'_>, field: &str, at: u64) -> Result<u32> {
    let row = value.varint(field, at)?;
    u32::try_from(row)
        .map_err(|_| Error::proto(at, format!("{field} is string {row}, beyond any table")))
}
