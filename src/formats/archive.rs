//! zip and tar: each file in them is read as if it had been dropped itself.

use std::io::Read;

use flate2::CrcReader;
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder};

use crate::error::{Error, Pos, Result, Stage};

/// Members at most, over all archives of a dropped file.
pub(crate) const MAX_MEMBERS: usize = 10_000;

/// The archives that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Zip,
    Tar,
}

impl Kind {
    /// As the session list names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
        }
    }
}

/// A file of an archive, not yet unpacked.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) path: String,
    /// Bytes as stored.
    pub(crate) size: u64,
    place: Place,
}

/// How a member is read.
#[derive(Clone, Debug)]
enum Place {
    /// With the CRC-32 that the directory states.
    Zip(ZipArchiveEntryWayfinder, CompressionMethod, u32),
    /// Range of a tar's bytes.
    Tar(u64, u64),
}

/// An archive's files in archive order, and what ended the list early. Folders, links and the
/// companions that macOS adds are left out.
pub(crate) fn list(kind: Kind, bytes: &[u8]) -> (Vec<Member>, Option<Error>) {
    let mut members = Vec::new();
    let outcome = match kind {
        Kind::Zip => list_zip(bytes, &mut members),
        Kind::Tar => list_tar(bytes, &mut members),
    };
    (members, outcome.err())
}

/// Unpacks a member of the archive that [`list`] found it in; `sink` gets its bytes.
pub(crate) fn unpack(
    bytes: &[u8],
    member: &Member,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    match member.place {
        Place::Tar(start, end) => {
            let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
            match range.and_then(|(start, end)| bytes.get(start..end)) {
                Some(mut content) => copy(&mut content, sink),
                None => Err(damaged("the archive ends inside the file".to_owned())),
            }
        }
        Place::Zip(wayfinder, method, crc) => {
            let broken =
                |error: rawzip::Error| damaged(format!("archive member is damaged: {error}"));
            let archive = ZipArchive::from_slice(bytes).map_err(broken)?;
            let entry = archive.get_entry(wayfinder).map_err(broken)?;
            let expected = (crc, wayfinder.uncompressed_size_hint());
            match method {
                CompressionMethod::STORE => copy(&mut Verified::new(entry.data(), expected), sink),
                CompressionMethod::DEFLATE => {
                    let inflated = DeflateDecoder::new(entry.data());
                    copy(&mut Verified::new(inflated, expected), sink)
                }
                _ => Err(damaged(format!(
                    "archive member is compressed by method {method:?}, which is not read"
                ))),
            }
        }
    }
}

/// Copies a member in chunks.
fn copy(reader: &mut dyn Read, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut buffer = vec![0; 128 << 10];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => sink(&buffer[..n])?,
            Err(error) => return Err(damaged(format!("archive member is damaged: {error}"))),
        }
    }
}

fn damaged(reason: String) -> Error {
    Error::new(Stage::Container, Pos::Nowhere, reason)
}

pub(crate) fn too_many() -> Error {
    Error::new(
        Stage::Limit,
        Pos::Nowhere,
        format!("more than {MAX_MEMBERS} files in the archive"),
    )
}

fn is_wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.is_empty()
        && !name.starts_with("._")
        && name != ".DS_Store"
        && !path.starts_with("__MACOSX/")
}

fn list_zip(bytes: &[u8], members: &mut Vec<Member>) -> Result<()> {
    let archive = ZipArchive::from_slice(bytes)
        .map_err(|error| damaged(format!("zip directory is damaged: {error}")))?;
    if archive.entries_hint() > MAX_MEMBERS as u64 {
        return Err(too_many());
    }
    let mut entries = archive.entries();
    let mut count = 0;
    while let Some(entry) = entries
        .next_entry()
        .map_err(|error| damaged(format!("zip entry {count} is damaged: {error}")))?
    {
        count += 1;
        if count > MAX_MEMBERS {
            return Err(too_many());
        }
        let path = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        if !entry.is_dir() && is_wanted(&path) {
            members.push(Member {
                path,
                size: entry.compressed_size_hint(),
                place: Place::Zip(entry.wayfinder(), entry.compression_method(), entry.crc32()),
            });
        }
    }
    Ok(())
}

fn list_tar(bytes: &[u8], members: &mut Vec<Member>) -> Result<()> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive
        .entries()
        .map_err(|error| damaged(format!("tar header is damaged: {error}")))?;
    for (i, entry) in entries.enumerate() {
        if i >= MAX_MEMBERS {
            return Err(too_many());
        }
        let entry =
            entry.map_err(|error| damaged(format!("tar header {i} is damaged: {error}")))?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type().is_file() && is_wanted(&path) {
            let (start, size) = (entry.raw_file_position(), entry.size());
            members.push(Member {
                path,
                size,
                place: Place::Tar(start, start.saturating_add(size)),
            });
        }
    }
    Ok(())
}

/// Checks a zip member's CRC-32 and size at its end. rawzip would, with tables of its own, which
/// are 16 KB that nothing compresses.
struct Verified<R> {
    inner: CrcReader<R>,
    expected: (u32, u64),
}

impl<R: Read> Verified<R> {
    fn new(inner: R, expected: (u32, u64)) -> Self {
        Self {
            inner: CrcReader::new(inner),
            expected,
        }
    }
}

impl<R: Read> Read for Verified<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let crc = self.inner.crc();
        let (sum, size) = self.expected;
        if read == 0
            && !buffer.is_empty()
            && (crc.sum() != sum || u64::from(crc.amount()) != size & 0xffff_ffff)
        {
            return Err(std::io::Error::other("checksum or size does not match"));
        }
        Ok(read)
    }
}
