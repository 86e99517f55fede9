//! gperftools' binary CPU profiles: words of 32 or 64 bits in either order, then a memory map.

use std::sync::Arc;

use std::collections::HashMap;

use super::lines::{Lines, to_calls};
use super::maps::Region;
use super::records::Records;
use super::{Read, Reading, java, maps};
use crate::error::{Diagnostic, Error, Pos, Result, Stage};
use crate::model::StackId;

/// Words before the samples: 0, 3, version, period, 0.
const HEADER_WORDS: usize = 5;
/// Frames of the signal handler that are looked for.
const HANDLER_FRAMES: usize = 2;
/// One sample in so many may be without the signal handler's frame.
const SIMILAR: usize = 32;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    bytes: usize,
    is_big: bool,
}

const ENCODINGS: [Encoding; 4] = [
    Encoding {
        bytes: 4,
        is_big: false,
    },
    Encoding {
        bytes: 4,
        is_big: true,
    },
    Encoding {
        bytes: 8,
        is_big: false,
    },
    Encoding {
        bytes: 8,
        is_big: true,
    },
];

/// What the first words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    encoding: Encoding,
    is_java: bool,
    /// Microseconds.
    period: u64,
}

pub(super) fn header(head: &[u8]) -> Option<Header> {
    ENCODINGS.into_iter().find_map(|encoding| {
        let mut words = Words {
            encoding,
            all: head,
            at: Some(0),
        };
        let mut word = || words.next();
        let read = [word(), word(), word(), word(), word()];
        match read {
            [0, 3, version @ (0 | 1), period, 0] if period > 0 && words.at.is_some() => {
                Some(Header {
                    encoding,
                    is_java: version == 1,
                    period,
                })
            }
            _ => None,
        }
    })
}

/// The words of a file. Past the end there are only zeros.
#[derive(Clone, Copy, Debug)]
struct Words<'a> {
    encoding: Encoding,
    all: &'a [u8],
    /// The next word; `None` past the end.
    at: Option<usize>,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> u64 {
        let Encoding { bytes, is_big } = self.encoding;
        let word = self.at.and_then(|at| self.all.get(at..at + bytes));
        let Some(word) = word else {
            self.at = None;
            return 0;
        };
        self.at = self.at.map(|at| at + bytes);
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if is_big {
            word.iter().fold(0, add)
        } else {
            word.iter().rev().fold(0, add)
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.at.map_or(b"", |at| &self.all[at..])
    }
}

/// A sample: how often, and its place among the addresses of all.
#[derive(Clone, Copy, Debug)]
struct Sample {
    count: u64,
    from: usize,
    to: usize,
}

/// All samples and their addresses, leaf first.
#[derive(Debug, Default)]
struct Samples {
    rows: Vec<Sample>,
    addresses: Vec<u64>,
}

impl Samples {
    fn stack(&self, row: usize) -> &[u64] {
        let Sample { from, to, .. } = self.rows[row];
        &self.addresses[from..to]
    }

    /// Removes the frame above a sample's leaf.
    fn remove_second(&mut self, row: usize) {
        let sample = &mut self.rows[row];
        self.addresses[sample.from + 1] = self.addresses[sample.from];
        sample.from += 1;
    }
}

pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<Read> {
    let Some(header) = header(bytes) else {
        return Err(Error::new(
            Stage::Legacy,
            Pos::Unpacked(0),
            "expected the words 0, 3, version, period and 0",
        ));
    };
    let mut words = Words {
        encoding: header.encoding,
        all: bytes,
        at: Some(HEADER_WORDS * header.encoding.bytes),
    };
    let mut samples = samples(&mut words, !header.is_java, reading)?;
    let period = (header.period as i64).wrapping_mul(1000);
    let mut records = Records::new(&[(b"samples", b"count"), (b"cpu", b"nanoseconds")])?;
    records.period(b"cpu", b"nanoseconds", period)?;
    if !header.is_java {
        remove_handler(&mut samples);
    }
    for row in 0..samples.rows.len() {
        let count = samples.rows[row].count as i64;
        records.begin(samples.stack(row), &[count, count.wrapping_mul(period)])?;
    }
    if header.is_java {
        return java::named(records, words.rest(), 0);
    }
    let regions = maps::parse(&mut Lines::new(words.rest()))?;
    without_repeated_leaves(records, regions)
}

/// Reads up to the sample that marks the end: no counts of the address 0 alone.
fn samples(words: &mut Words<'_>, adjust: bool, reading: &mut Reading<'_>) -> Result<Samples> {
    let mut samples = Samples::default();
    while !words.rest().is_empty() {
        let at = words.at.unwrap_or_default();
        let (count, depth) = (words.next(), words.next());
        let left = words.rest().len() as u64;
        if words.at.is_none() || depth > left / 4 {
            let reason = format!("a sample of {depth} frames, and {left} bytes left");
            return Err(Error::new(Stage::Legacy, Pos::Unpacked(at as u64), reason));
        }
        let from = samples.addresses.len();
        for _ in 0..depth {
            samples.addresses.push(words.next());
        }
        if words.at.is_none() && !reading.is_exact() {
            // pprof takes the missing addresses for zeros.
            let message = "The last sample is cut off and was left out.";
            reading.notes.push(Diagnostic::warning(message));
            samples.addresses.truncate(from);
            break;
        }
        let stack = &mut samples.addresses[from..];
        if count == 0 && *stack == [0] {
            samples.addresses.truncate(from);
            break;
        }
        if adjust {
            // All but the leaf are where a call returns to.
            to_calls(stack.get_mut(1..).unwrap_or_default());
        }
        let to = samples.addresses.len();
        samples.rows.push(Sample { count, from, to });
    }
    Ok(samples)
}

/// The signal handler may have left frames of its own above the leaf: an address that nearly
/// every sample has there is one.
fn remove_handler(samples: &mut Samples) {
    let rows = samples.rows.len();
    let enough = rows - rows / SIMILAR;
    for _ in 0..HANDLER_FRAMES {
        let mut counts: HashMap<u64, usize> = HashMap::new();
        let mut handler = None;
        for row in 0..rows {
            if let Some(&second) = samples.stack(row).get(1) {
                let count = counts.entry(second).or_insert(0);
                *count += 1;
                if *count >= enough {
                    handler = Some(second);
                    break;
                }
            }
        }
        let Some(handler) = handler else { return };
        for row in 0..rows {
            if samples.stack(row).get(1) == Some(&handler) {
                samples.remove_second(row);
            }
        }
    }
}

/// The profile, without leaves that stand twice: from the signal's context, and from unwinding,
/// which took it for a return address.
pub(super) fn without_repeated_leaves(records: Records, regions: Vec<Region>) -> Result<Read> {
    let mut profile = records.finish(regions)?;
    for row in 0..profile.stacks.len() {
        let stack = profile.stacks.get(StackId(row as u32));
        if let [leaf, second, ..] = *stack {
            let address = |l: crate::model::LocationId| profile.locations[l.index()].address;
            if address(leaf) == address(second).wrapping_add(1) {
                let range = &mut profile.stacks.ranges[row];
                range.0 += 1;
                Arc::make_mut(&mut profile.stacks.frames)[range.0 as usize] = leaf;
            }
        }
    }
    Ok(profile.into())
}
