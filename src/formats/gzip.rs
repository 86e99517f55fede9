//! gzip (RFC 1952) as it arrives: members one after the other, checksums verified.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::error::{Error, Pos, Result, Stage};

const FHCRC: u8 = 2;
const FEXTRA: u8 = 4;
const FNAME: u8 = 8;
const FCOMMENT: u8 = 16;

/// Bytes inflated at a time: small enough for the second-level cache, so that what is inflated
/// is decoded while it is warm.
const OUT: usize = 128 << 10;

/// Bytes of a header that are looked at first: the fixed part and a name.
const FIRST_LOOK: usize = 64;

/// Members at most; block-wise writers put 64 KB into each, so this is above any size that is read.
const MAX_MEMBERS: u32 = 1 << 20;

/// A header larger than this is no header (RFC 1952 sets no limit; names and comments are short).
const MAX_HEADER: usize = 1 << 20;

#[derive(Debug)]
enum State {
    /// Collecting a member's header.
    Header(Vec<u8>),
    /// Inside the deflate stream.
    Body(Crc),
    /// Collecting CRC-32 and size.
    Trailer(Crc, Vec<u8>),
    /// Something after the last member that is no member.
    Garbage(u64),
}

/// Inflates members and hands the bytes on.
#[derive(Debug)]
pub(crate) struct Gzip {
    state: State,
    inflate: Decompress,
    out: Vec<u8>,
    taken: u64,
    members: u32,
}

impl Gzip {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Header(Vec::new()),
            inflate: Decompress::new(false),
            out: vec![0; OUT],
            taken: 0,
            members: 0,
        }
    }

    /// Takes compressed bytes; `sink` gets the inflated ones.
    pub(crate) fn push(
        &mut self,
        mut bytes: &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        while !bytes.is_empty() {
            let used = self.step(bytes, sink)?;
            self.taken += used as u64;
            bytes = &bytes[used..];
        }
        Ok(())
    }

    /// The end of the file. Returns how many bytes after the last member were ignored.
    pub(crate) fn finish(&self) -> Result<u64> {
        match &self.state {
            State::Header(head) if head.is_empty() && self.members > 0 => Ok(0),
            // RFC 1952 members only; a stray tail is what "cat" and padded downloads leave.
            State::Header(head) if self.members > 0 => Ok(head.len() as u64),
            State::Garbage(count) => Ok(*count),
            State::Header(_) => Err(self.cut("inside the gzip header")),
            State::Body(_) => Err(self.cut("inside the compressed data")),
            State::Trailer(..) => Err(self.cut("before the gzip checksum")),
        }
    }

    fn cut(&self, place: &str) -> Error {
        self.error(format!("the file ends {place}"))
            .with_advice("the file was cut short; copy or record it again")
    }

    fn error(&self, reason: impl Into<String>) -> Error {
        Error::new(Stage::Container, Pos::Packed(self.taken), reason)
    }

    fn step(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<usize> {
        match &mut self.state {
            State::Header(_) => self.header(bytes),
            State::Body(_) => self.body(bytes, sink),
            State::Trailer(..) => self.trailer(bytes),
            State::Garbage(count) => {
                *count += bytes.len() as u64;
                Ok(bytes.len())
            }
        }
    }

    fn header(&mut self, bytes: &[u8]) -> Result<usize> {
        let State::Header(head) = &mut self.state else {
            return Ok(0);
        };
        // A header that is all there, as nearly all are, is not copied. One that is cut is looked
        // at again whenever it has doubled.
        let before = head.len();
        let more = bytes.len().min(before.max(FIRST_LOOK));
        let (found, seen) = if before == 0 && bytes.len() >= FIRST_LOOK {
            (header_len(bytes), bytes.len())
        } else {
            head.extend_from_slice(&bytes[..more]);
            (header_len(head), head.len())
        };
        match found {
            Ok(Some(_)) if self.members >= MAX_MEMBERS => {
                let reason = format!("more than {MAX_MEMBERS} gzip members");
                Err(Error::new(Stage::Limit, Pos::Packed(self.taken), reason))
            }
            Ok(Some(len)) => {
                self.state = State::Body(Crc::new());
                self.inflate.reset(false);
                Ok(len - before)
            }
            Ok(None) if seen > MAX_HEADER => Err(self.error("gzip header does not end")),
            Ok(None) => {
                if head.is_empty() {
                    head.extend_from_slice(&bytes[..more]);
                }
                Ok(more)
            }
            Err(_) if self.members > 0 => {
                self.state = State::Garbage((before + more) as u64);
                Ok(more)
            }
            Err(reason) => Err(self.error(reason)),
        }
    }

    fn body(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<usize> {
        let State::Body(crc) = &mut self.state else {
            return Ok(0);
        };
        let mut used = 0;
        loop {
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let status =
                self.inflate
                    .decompress(&bytes[used..], &mut self.out, FlushDecompress::None);
            let consumed = (self.inflate.total_in() - before_in) as usize;
            let made = (self.inflate.total_out() - before_out) as usize;
            used += consumed;
            crc.update(&self.out[..made]);
            sink(&self.out[..made])?;
            match status {
                Ok(Status::StreamEnd) => {
                    let crc = std::mem::replace(crc, Crc::new());
                    self.state = State::Trailer(crc, Vec::new());
                    return Ok(used);
                }
                Ok(_) if made == self.out.len() => {}
                Ok(_) if used == bytes.len() => return Ok(used),
                Ok(_) if consumed > 0 || made > 0 => {}
                Ok(_) => return Ok(bytes.len()),
                Err(error) => {
                    self.taken += used as u64;
                    return Err(self.error(format!("compressed data is damaged: {error}")));
                }
            }
        }
    }

    fn trailer(&mut self, bytes: &[u8]) -> Result<usize> {
        let State::Trailer(crc, trailer) = &mut self.state else {
            return Ok(0);
        };
        let used = bytes.len().min(8 - trailer.len());
        trailer.extend_from_slice(&bytes[..used]);
        if let Some((sum, size)) = trailer.split_first_chunk::<4>()
            && let Some(size) = size.first_chunk::<4>()
        {
            let (sum, size) = (u32::from_le_bytes(*sum), u32::from_le_bytes(*size));
            if sum != crc.sum() {
                return Err(self.error("gzip checksum does not match: the data is damaged"));
            }
            if size != crc.amount() {
                return Err(self.error("gzip size does not match: the data is damaged"));
            }
            self.members += 1;
            self.state = State::Header(Vec::new());
        }
        Ok(used)
    }
}

/// Length of a member's header; `None` while it is not all there.
fn header_len(head: &[u8]) -> std::result::Result<Option<usize>, &'static str> {
    let magic = [0x1f, 0x8b, 8];
    if head.iter().zip(magic).any(|(&a, b)| a != b) {
        return Err("not a gzip header");
    }
    let Some(&flags) = head.get(3) else {
        return Ok(None);
    };
    if flags & 0xe0 != 0 {
        return Err("gzip header with reserved flags");
    }
    let mut at = 10;
    if flags & FEXTRA != 0 {
        let Some(len) = head.get(at..at + 2) else {
            return Ok(None);
        };
        at += 2 + usize::from(u16::from_le_bytes([len[0], len[1]]));
    }
    for flag in [FNAME, FCOMMENT] {
        if flags & flag != 0 {
            let Some(end) = head
                .get(at..)
                .and_then(|rest| rest.iter().position(|&b| b == 0))
            else {
                return Ok(None);
            };
            at += end + 1;
        }
    }
    if flags & FHCRC != 0 {
        at += 2;
    }
    Ok((head.len() >= at).then_some(at))
}
