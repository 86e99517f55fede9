//! The protobuf wire format, as far as `profile.proto` needs it, over prost's primitives.
//!
//! Every read states the offset it failed at. Lengths are compared with what is there before
//! anything is taken.

use prost::encoding::{WireType, decode_key, decode_varint};

use crate::error::{Error, Result};

/// One field of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 2.
    Bytes(Message<'a>),
    /// Wire types 1 and 5; `profile.proto` has none, so they are unknown fields.
    Fixed,
}

impl<'a> Value<'a> {
    /// The number, or an error that names the field.
    pub(crate) fn varint(self, field: &str, at: u64) -> Result<u64> {
        match self {
            Self::Varint(value) => Ok(value),
            _ => Err(wrong_type(field, "a number", at)),
        }
    }

    /// The nested message or string, or an error that names the field.
    pub(crate) fn message(self, field: &str, at: u64) -> Result<Message<'a>> {
        match self {
            Self::Bytes(message) => Ok(message),
            _ => Err(wrong_type(field, "a length-delimited value", at)),
        }
    }

    /// Calls `each` for every number of a repeated field, packed or not.
    #[inline(always)]
    pub(crate) fn numbers(
        self,
        field: &str,
        at: u64,
        mut each: impl FnMut(u64) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Varint(value) => each(value),
            Self::Bytes(packed) => {
                let mut rest = packed.bytes;
                while !rest.is_empty() {
                    let left = rest.len();
                    let value = decode_varint(&mut rest)
                        .map_err(|_| bad_varint(packed.at + (packed.bytes.len() - left) as u64))?;
                    each(value)?;
                }
                Ok(())
            }
            Self::Fixed => Err(wrong_type(field, "a number or a packed list", at)),
        }
    }
}

/// A message's bytes and where they stand in the unpacked data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: u64,
}

impl<'a> Message<'a> {
    /// The next field: its number, where its tag stands, and its value. `None` at the end.
    /// A failed message is used up, so that a caller that goes on cannot loop.
    #[inline(never)]
    pub(crate) fn field(&mut self) -> Result<Option<(u32, u64, Value<'a>)>> {
        self.next_field()
    }

    /// [`Self::field`] for the one loop that nearly all bytes go through: compiled into it.
    #[inline(always)]
    pub(crate) fn next_field(&mut self) -> Result<Option<(u32, u64, Value<'a>)>> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        match self.read() {
            Ok(Read::Field { number, at, value }) => Ok(Some((number, at, value))),
            Ok(Read::Short { needed, at }) => {
                let left = self.bytes.len();
                self.bytes = &[];
                Err(Error::proto(
                    at,
                    format!("field needs {needed} bytes, {left} are left"),
                ))
            }
            Err(error) => {
                self.bytes = &[];
                Err(error)
            }
        }
    }

    /// Reads one field if all of it is there; the message is advanced only then.
    #[inline(always)]
    pub(crate) fn read(&mut self) -> Result<Read<'a>> {
        let at = self.at;
        let mut rest = self.bytes;
        let Some((number, wire)) = key(&mut rest, at)? else {
            return Ok(Read::Short {
                needed: rest.len() as u64 + 1,
                at,
            });
        };
        let value = match wire {
            WireType::Varint => match varint(&mut rest, at)? {
                Some(value) => Value::Varint(value),
                None => {
                    return Ok(Read::Short {
                        needed: rest.len() as u64 + 1,
                        at,
                    });
                }
            },
            WireType::LengthDelimited => {
                let Some(len) = varint(&mut rest, at)? else {
                    return Ok(Read::Short {
                        needed: rest.len() as u64 + 1,
                        at,
                    });
                };
                if len > rest.len() as u64 {
                    let header = (self.bytes.len() - rest.len()) as u64;
                    return Ok(Read::Short {
                        needed: header.saturating_add(len),
                        at,
                    });
                }
                let start = at + (self.bytes.len() - rest.len()) as u64;
                let (bytes, after) = rest.split_at(len as usize);
                rest = after;
                Value::Bytes(Message { bytes, at: start })
            }
            WireType::SixtyFourBit | WireType::ThirtyTwoBit => {
                let size = if wire == WireType::SixtyFourBit { 8 } else { 4 };
                if rest.len() < size {
                    let header = (self.bytes.len() - rest.len()) as u64;
                    return Ok(Read::Short {
                        needed: header + size as u64,
                        at,
                    });
                }
                rest = &rest[size..];
                Value::Fixed
            }
            WireType::StartGroup | WireType::EndGroup => {
                return Err(Error::proto(
                    at,
                    format!("field {number} is a group, which profile.proto never uses"),
                ));
            }
        };
        self.at += (self.bytes.len() - rest.len()) as u64;
        self.bytes = rest;
        Ok(Read::Field { number, at, value })
    }
}

/// What [`Message::read`] found.
#[derive(Debug)]
pub(crate) enum Read<'a> {
    /// A whole field.
    Field {
        number: u32,
        at: u64,
        value: Value<'a>,
    },
    /// The field that begins at `at` needs this many bytes (or more) from there on.
    Short { needed: u64, at: u64 },
}

/// A number that must be whole.
pub(crate) fn number(rest: &mut &[u8], at: u64) -> Result<u64> {
    decode_varint(rest).map_err(|_| bad_varint(at))
}

/// A field number and wire type; `None` when the bytes end inside.
#[inline(always)]
fn key(rest: &mut &[u8], at: u64) -> Result<Option<(u32, WireType)>> {
    if is_cut(rest) {
        return Ok(None);
    }
    let (number, wire) =
        decode_key(rest).map_err(|error| Error::proto(at, format!("not a field tag: {error}")))?;
    Ok(Some((number, wire)))
}

/// A number; `None` when the bytes end inside.
#[inline(always)]
fn varint(rest: &mut &[u8], at: u64) -> Result<Option<u64>> {
    if is_cut(rest) {
        return Ok(None);
    }
    decode_varint(rest).map(Some).map_err(|_| bad_varint(at))
}

/// True when a varint begins here and its end is not in sight, although it still may come: a
/// varint has ten bytes at most.
#[inline(always)]
fn is_cut(rest: &[u8]) -> bool {
    rest.len() < 10 && !rest.iter().any(|&byte| byte < 0x80)
}

fn bad_varint(at: u64) -> Error {
    Error::proto(
        at,
        "number does not end within ten bytes or exceeds 64 bits",
    )
}

fn wrong_type(field: &str, expected: &str, at: u64) -> Error {
    Error::proto(at, format!("{field} is not {expected}"))
}
