//! The bytes of a trace: its header, its numbers, the frames of its batches.

/// Bytes of the header.
pub(super) const HEADER: usize = 16;

/// Bytes of a batch's payload at most.
pub(super) const MOST_PAYLOAD: u64 = 64 << 10;

/// First byte of a batch of events.
pub(super) const EVENT_BATCH: u8 = 1;
/// First byte of a batch of an experiment, which is opaque.
pub(super) const EXPERIMENTAL_BATCH: u8 = 49;
/// Between batches: the generation is whole. Go ≥ 1.26.
pub(super) const END_OF_GENERATION: u8 = 52;

/// The thread of batches that are no thread's.
pub(super) const NO_THREAD: u64 = u64::MAX;

/// The number of a header's format: 22 of `go 1.22 trace`. `None` for what is no header.
///
/// Old releases filled the 16 bytes with three zeros after a one-digit number, too, so that all
/// that follows the word is to be zero.
pub(super) fn version(header: &[u8]) -> Option<u32> {
    let rest = header.get(..HEADER)?.strip_prefix(b"go 1.")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = rest.split_at(digits);
    let padding = rest.strip_prefix(b" trace")?;
    let is_it = (1..=3).contains(&digits) && padding.iter().all(|&byte| byte == 0);
    let number = std::str::from_utf8(number).ok()?;
    number.parse().ok().filter(|_| is_it)
}

/// Reads numbers one after the other; `None` where they end or are none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Where the bytes end.
    pub(super) const fn end(&self) -> usize {
        self.bytes.len()
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    #[inline(always)]
    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// An unsigned LEB128 number of at most ten bytes. Padding is allowed: the runtime reserves
    /// ten bytes for the size of a batch, whatever it will be.
    #[inline(always)]
    pub(super) fn number(&mut self) -> Option<u64> {
        let first = *self.bytes.get(self.at)?;
        if first < 0x80 {
            self.at += 1;
            return Some(u64::from(first));
        }
        self.long_number()
    }

    fn long_number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for (i, &byte) in self.bytes.get(self.at..)?.iter().take(10).enumerate() {
            // Of the tenth byte only one bit is left of 64.
            if i == 9 && byte > 1 {
                return None;
            }
            value |= u64::from(byte & 0x7f) << (7 * i);
            if byte < 0x80 {
                self.at += i + 1;
                return Some(value);
            }
        }
        None
    }
}

/// The head of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BatchHead {
    pub(super) is_experiment: bool,
    pub(super) generation: u64,
    pub(super) thread: u64,
    /// Ticks.
    pub(super) time: u64,
    /// Bytes of the head itself.
    pub(super) head: usize,
    /// Bytes of the payload.
    pub(super) size: usize,
}

/// What stands at a place between batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Batch(BatchHead),
    EndOfGeneration,
    /// Another trace begins here.
    Header,
    /// More bytes are needed to tell.
    Short,
    Nothing(Framing),
}

/// Why no batch begins at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Kind(u8),
    Number,
    Size(u64),
    GenerationZero,
}

impl std::fmt::Display for Framing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Kind(byte) => write!(f, "a batch of events was expected, and byte {byte} found"),
            Self::Number => write!(f, "the head of a batch has a number of more than 64 bits"),
            Self::Size(size) => write!(
                f,
                "a batch says it has {size} bytes, where {MOST_PAYLOAD} are the most"
            ),
            Self::GenerationZero => write!(f, "a batch is of generation 0, which there is not"),
        }
    }
}

/// Tells what stands at `at`.
pub(super) fn find(bytes: &[u8], at: usize) -> Found {
    /// The longest head: two bytes and four numbers.
    const MOST_HEAD: usize = 2 + 4 * 10;
    let mut cursor = Cursor::new(bytes, at);
    let Some(kind) = cursor.byte() else {
        return Found::Short;
    };
    match kind {
        END_OF_GENERATION => return Found::EndOfGeneration,
        EVENT_BATCH => {}
        EXPERIMENTAL_BATCH => {
            if cursor.byte().is_none() {
                return Found::Short;
            }
        }
        b'g' if bytes.len() - at < HEADER => {
            let is_prefix = b"go 1.".iter().zip(&bytes[at..]).all(|(a, b)| a == b);
            return match is_prefix {
                true => Found::Short,
                false => Found::Nothing(Framing::Kind(kind)),
            };
        }
        b'g' if version(&bytes[at..]).is_some() => return Found::Header,
        _ => return Found::Nothing(Framing::Kind(kind)),
    }
    let mut numbers = [0; 4];
    for number in &mut numbers {
        *number = match cursor.number() {
            Some(value) => value,
            None if bytes.len() - at < MOST_HEAD => return Found::Short,
            None => return Found::Nothing(Framing::Number),
        };
    }
    let [generation, thread, time, size] = numbers;
    if size > MOST_PAYLOAD {
        return Found::Nothing(Framing::Size(size));
    }
    if generation == 0 {
        return Found::Nothing(Framing::GenerationZero);
    }
    Found::Batch(BatchHead {
        is_experiment: kind == EXPERIMENTAL_BATCH,
        generation,
        thread,
        time,
        head: cursor.at - at,
        size: size as usize,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_by_all_their_bytes() {
        assert_eq!(version(b"go 1.22 trace\0\0\0"), Some(22));
        assert_eq!(version(b"go 1.5 trace\0\0\0\0"), Some(5));
        assert_eq!(version(b"go 1.126 trace\0\0"), Some(126));
        assert_eq!(version(b"go 1.22 trace\0\0"), None);
        assert_eq!(version(b"go 1. trace\0\0\0\0\0"), None);
        assert_eq!(version(b"go 1.22 trace\0\0x"), None);
        assert_eq!(version(b"go 2.22 trace\0\0\0"), None);
    }

    #[test]
    fn numbers_may_be_padded_and_end_at_64_bits() {
        let number = |bytes: &[u8]| Cursor::new(bytes, 0).number();
        assert_eq!(number(&[0x05]), Some(5));
        assert_eq!(number(&[0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]), Some(5));
        assert_eq!(number(&[0xac, 0x02]), Some(300));
        let all = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(number(&all), Some(u64::MAX));
        let beyond = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        assert_eq!(number(&beyond), None);
        assert_eq!(number(&[0x80; 11]), None);
        assert_eq!(number(&[0x80]), None);
        assert_eq!(number(&[]), None);
    }

    #[test]
    fn a_batch_needs_a_whole_head_and_a_size_that_can_be() {
        let batch = [1, 3, 7, 0xac, 0x02, 9, 0, 0];
        let head = BatchHead {
            is_experiment: false,
            generation: 3,
            thread: 7,
            time: 300,
            head: 6,
            size: 9,
        };
        assert_eq!(find(&batch, 0), Found::Batch(head));
        assert_eq!(find(&batch[..5], 0), Found::Short);
        assert_eq!(find(&[], 0), Found::Short);
        assert_eq!(find(&[52], 0), Found::EndOfGeneration);
        assert_eq!(find(&[2, 0], 0), Found::Nothing(Framing::Kind(2)));
        // 65 537 = 1 + (0 << 7) + (4 << 14)
        let large = [1, 3, 7, 1, 0x81, 0x80, 0x04];
        assert_eq!(find(&large, 0), Found::Nothing(Framing::Size(65_537)));
        assert_eq!(
            find(&[1, 0, 7, 1, 1], 0),
            Found::Nothing(Framing::GenerationZero)
        );
        assert_eq!(find(b"go 1.26 trace\0\0\0", 0), Found::Header);
        assert_eq!(find(b"go 1.26 t", 0), Found::Short);
        assert_eq!(find(b"gopher", 0), Found::Nothing(Framing::Kind(b'g')));
    }
}
