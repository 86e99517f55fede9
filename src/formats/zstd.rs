//! Zstandard (RFC 8878): frames one after the other, decoded by ruzstd.

use std::io::Read;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use crate::error::{Error, Pos, Result, Stage};

/// Unpacks all frames; `sink` gets the bytes.
pub(crate) fn unpack(bytes: &[u8], sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut rest = bytes;
    let mut buffer = vec![0; 128 << 10];
    while !rest.is_empty() {
        let at = (bytes.len() - rest.len()) as u64;
        let damaged = |reason: &str| Error::new(Stage::Container, Pos::Packed(at), reason);
        let mut decoder = match StreamingDecoder::new_with_decoder(&mut rest, FrameDecoder::new()) {
            Ok(decoder) => decoder,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let Some(after) = rest.get(length as usize..) else {
                    return Err(damaged("the file ends inside a skippable zstd frame"));
                };
                rest = after;
                continue;
            }
            Err(_) => return Err(damaged("zstd frame header is damaged")),
        };
        let mut size = 0;
        loop {
            match decoder.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => {
                    size += n as u64;
                    sink(&buffer[..n])?;
                }
                Err(_) => return Err(damaged("zstd data is damaged or cut short")),
            }
        }
        let frame = decoder.into_frame_decoder();
        if frame.content_size() > 0 && frame.content_size() != size {
            return Err(damaged("zstd size does not match: the data is damaged"));
        }
        let sums = (
            frame.get_checksum_from_data(),
            frame.get_calculated_checksum(),
        );
        if let (Some(stored), Some(calculated)) = sums
            && stored != calculated
        {
            return Err(damaged("zstd checksum does not match: the data is damaged"));
        }
    }
    Ok(())
}
