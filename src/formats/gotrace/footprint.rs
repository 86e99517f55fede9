//! How much of a trace is of what: bytes and counts by type of record.

use super::spec;
use super::wire::{self, Cursor, Found, HEADER};
use super::{OLDEST, v1};
use crate::error::{Error, Pos, Result, Stage};

/// Types of records and, after the last, what cannot be read.
const KINDS: usize = 256;

/// Records of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FootprintRow {
    /// Go's name of the type.
    pub name: &'static str,
    /// Bytes, as they would be without padding.
    pub bytes: u64,
    /// How many.
    pub count: u64,
}

/// What a file of one or several traces consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FootprintTable {
    /// Types that occur, the most bytes first.
    pub rows: Vec<FootprintRow>,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of headers, and of what batches' sizes are padded with.
    pub padding: u64,
    /// Bytes that are nothing that is known, or are torn.
    pub unreadable: u64,
}

/// Counts while the bytes of a file come in.
#[derive(Debug)]
pub struct Footprint {
    sums: Vec<(u64, u64)>,
    /// From the beginning of the batch on that is coming in.
    buffer: Vec<u8>,
    bytes: u64,
    unreadable: u64,
    is_begun: bool,
    /// Nothing can be told any more.
    is_lost: bool,
}

impl Default for Footprint {
    fn default() -> Self {
        Self {
            sums: vec![(0, 0); KINDS],
            buffer: Vec::new(),
            bytes: 0,
            unreadable: 0,
            is_begun: false,
            is_lost: false,
        }
    }
}

impl Footprint {
    /// Takes the next bytes. Fails where this is no trace, or one before Go 1.22.
    pub fn push(&mut self, chunk: &[u8]) -> Result<()> {
        self.bytes += chunk.len() as u64;
        if self.is_lost {
            self.unreadable += chunk.len() as u64;
            return Ok(());
        }
        self.buffer.extend_from_slice(chunk);
        let buffer = std::mem::take(&mut self.buffer);
        let mut at = 0;
        while let Some(next) = self.next(&buffer, at)? {
            at = next;
        }
        match self.is_lost {
            true => self.unreadable += (buffer.len() - at) as u64,
            false => self.buffer = buffer[at..].to_vec(),
        }
        Ok(())
    }

    /// What there was.
    pub fn finish(self) -> Result<FootprintTable> {
        if !self.is_begun {
            return Err(no_trace());
        }
        let rows = (0..=u8::MAX)
            .zip(&self.sums)
            .filter(|(_, (bytes, _))| *bytes > 0);
        let rows = rows.map(|(kind, &(bytes, count))| FootprintRow {
            name: name(kind),
            bytes,
            count,
        });
        let mut rows: Vec<FootprintRow> = rows.collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.bytes));
        let unreadable = self.unreadable + self.buffer.len() as u64;
        let known: u64 = rows.iter().map(|row| row.bytes).sum();
        Ok(FootprintTable {
            rows,
            bytes: self.bytes,
            padding: self.bytes.saturating_sub(known + unreadable),
            unreadable,
        })
    }

    fn add(&mut self, kind: u8, bytes: usize) {
        let sum = &mut self.sums[usize::from(kind)];
        sum.0 += bytes as u64;
        sum.1 += 1;
    }

    /// Takes what stands at a place, and says where the next begins; `None` if that has to wait.
    fn next(&mut self, bytes: &[u8], at: usize) -> Result<Option<usize>> {
        if self.is_lost {
            return Ok(None);
        }
        if !self.is_begun {
            return self.header(bytes, at);
        }
        Ok(match wire::find(bytes, at) {
            Found::Short => None,
            Found::Header => self.header(bytes, at)?,
            Found::EndOfGeneration => {
                self.add(wire::END_OF_GENERATION, 1);
                Some(at + 1)
            }
            Found::Batch(head) => {
                let (from, to) = (at + head.head, at + head.head + head.size);
                if to > bytes.len() {
                    return Ok(None);
                }
                let numbers = [head.generation, head.thread, head.time, head.size as u64];
                let plain = 1 + numbers.into_iter().map(length).sum::<usize>();
                match head.is_experiment {
                    true => self.add(wire::EXPERIMENTAL_BATCH, plain + 1 + head.size),
                    false => {
                        self.add(wire::EVENT_BATCH, plain);
                        self.records(&bytes[from..to]);
                    }
                }
                Some(to)
            }
            Found::Nothing(_) => {
                self.is_lost = true;
                None
            }
        })
    }

    fn header(&mut self, bytes: &[u8], at: usize) -> Result<Option<usize>> {
        if bytes.len() - at < HEADER {
            return Ok(None);
        }
        match wire::version(&bytes[at..]) {
            Some(version) if version >= OLDEST => {}
            Some(version) => return Err(v1::explain(version)),
            None => return Err(no_trace()),
        }
        self.is_begun = true;
        Ok(Some(at + HEADER))
    }

    /// The records of a batch.
    fn records(&mut self, payload: &[u8]) {
        let mut from = Cursor::new(payload, 0);
        while !from.is_at_end() {
            let begin = from.at;
            match record(&mut from) {
                Some(kind) => self.add(kind, from.at - begin),
                None => {
                    self.unreadable += (payload.len() - begin) as u64;
                    return;
                }
            }
        }
    }
}

/// Passes over a record; its type, or `None` where that cannot be told.
fn record(from: &mut Cursor<'_>) -> Option<u8> {
    let kind = from.byte()?;
    let numbers = match kind {
        spec::STACKS | spec::STRINGS | spec::CPU_SAMPLES | spec::SYNC => 0,
        spec::STRING => {
            from.number()?;
            let length = from.number()?;
            from.take(usize::try_from(length).ok()?)?;
            0
        }
        spec::STACK => {
            from.number()?;
            // A number is a byte at least, so that more than there are end the loop.
            from.number()?.checked_mul(4)?
        }
        spec::CPU_SAMPLE => 5,
        spec::FREQUENCY => 1,
        spec::CLOCK_SNAPSHOT => 4,
        _ => spec::args(kind)? as u64 + 1,
    };
    for _ in 0..numbers {
        from.number()?;
    }
    Some(kind)
}

/// Bytes of a number without padding.
fn length(number: u64) -> usize {
    (64 - (number | 1).leading_zeros() as usize).div_ceil(7)
}

fn no_trace() -> Error {
    Error::new(Stage::Detect, Pos::Nowhere, "not an execution trace")
}

/// Go's name of a type.
fn name(kind: u8) -> &'static str {
    const NAMES: [&str; 53] = [
        "None",
        "EventBatch",
        "Stacks",
        "Stack",
        "Strings",
        "String",
        "CPUSamples",
        "CPUSample",
        "Frequency",
        "ProcsChange",
        "ProcStart",
        "ProcStop",
        "ProcSteal",
        "ProcStatus",
        "GoCreate",
        "GoCreateSyscall",
        "GoStart",
        "GoDestroy",
        "GoDestroySyscall",
        "GoStop",
        "GoBlock",
        "GoUnblock",
        "GoSyscallBegin",
        "GoSyscallEnd",
        "GoSyscallEndBlocked",
        "GoStatus",
        "STWBegin",
        "STWEnd",
        "GCActive",
        "GCBegin",
        "GCEnd",
        "GCSweepActive",
        "GCSweepBegin",
        "GCSweepEnd",
        "GCMarkAssistActive",
        "GCMarkAssistBegin",
        "GCMarkAssistEnd",
        "HeapAlloc",
        "HeapGoal",
        "GoLabel",
        "UserTaskBegin",
        "UserTaskEnd",
        "UserRegionBegin",
        "UserRegionEnd",
        "UserLog",
        "GoSwitch",
        "GoSwitchDestroy",
        "GoCreateBlocked",
        "GoStatusStack",
        "ExperimentalBatch",
        "Sync",
        "ClockSnapshot",
        "EndOfGeneration",
    ];
    match NAMES.get(usize::from(kind)) {
        Some(name) => name,
        None => super::experiment(kind).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_they_need() {
        for (number, bytes) in [
            (0, 1),
            (127, 1),
            (128, 2),
            (16_383, 2),
            (16_384, 3),
            (u64::MAX, 10),
        ] {
            assert_eq!(length(number), bytes, "{number}");
        }
    }

    #[test]
    fn what_is_torn_or_unknown_is_unreadable() {
        // A header, a batch of a string of 2 bytes and a torn one, and the beginning of another.
        let payload = [
            spec::STRINGS,
            spec::STRING,
            1,
            2,
            b'a',
            b'b',
            spec::STRING,
            2,
            9,
            b'c',
        ];
        let mut file = b"go 1.26 trace\0\0\0".to_vec();
        file.extend([wire::EVENT_BATCH, 1, 1, 1, 0x80 | payload.len() as u8, 0]);
        file.extend(payload);
        file.extend([wire::EVENT_BATCH, 1, 1]);
        for chunk in [1, 5, 100] {
            let mut footprint = Footprint::default();
            for part in file.chunks(chunk) {
                footprint.push(part).expect("a trace");
            }
            let table = footprint.finish().expect("a trace");
            let rows: Vec<_> = table.rows.iter().map(|row| (row.name, row.bytes)).collect();
            assert_eq!(rows, [("EventBatch", 5), ("String", 5), ("Strings", 1)]);
            // Of the second string 4 bytes, of the second batch 3; 16 of the header, 1 of the size.
            assert_eq!((table.unreadable, table.padding), (4 + 3, 16 + 1));
        }
        assert!(Footprint::default().push(&[b'x'; 20]).is_err());
        let told = Footprint::default()
            .push(b"go 1.21 trace\0\0\0")
            .expect_err("too old");
        assert!(told.to_string().contains("Go 1.21"), "{told}");
        assert!(Footprint::default().finish().is_err());
    }
}
