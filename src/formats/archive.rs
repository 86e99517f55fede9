//! zip and tar: each file in them is read as if it had been dropped itself.

use std::io::Read;

use flate2::CrcReader;
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive};

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

/// Called with a member's path, size and bytes.
pub(crate) type OnMember<'a> = dyn FnMut(&str, u64, &mut dyn Read) + 'a;

/// Calls `each` for every file of the archive, in archive order. Folders, links and the
/// companions that macOS adds are left out.
pub(crate) fn members(kind: Kind, bytes: &[u8], each: &mut OnMember<'_>) -> Result<()> {
    match kind {
        Kind::Zip => zip(bytes, each),
        Kind::Tar => tar(bytes, each),
    }
}

/// Copies a member in chunks.
pub(crate) fn copy(reader: &mut dyn Read, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
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

fn zip(bytes: &[u8], each: &mut OnMember<'_>) -> Result<()> {
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
        if entry.is_dir() || !is_wanted(&path) {
            continue;
        }
        let method = entry.compression_method();
        let expected = (entry.crc32(), entry.uncompressed_size_hint());
        match archive.get_entry(entry.wayfinder()) {
            Ok(member) => {
                let size = member.data().len() as u64;
                match method {
                    CompressionMethod::STORE => {
                        each(&path, size, &mut Verified::new(member.data(), expected))
                    }
                    CompressionMethod::DEFLATE => {
                        each(
                            &path,
                            size,
                            &mut Verified::new(DeflateDecoder::new(member.data()), expected),
                        );
                    }
                    _ => each(
                        &path,
                        size,
                        &mut Broken(format!(
                            "compressed by method {method:?}, which is not read"
                        )),
                    ),
                }
            }
            Err(error) => each(&path, 0, &mut Broken(error.to_string())),
        }
    }
    Ok(())
}

fn tar(bytes: &[u8], each: &mut OnMember<'_>) -> Result<()> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive
        .entries()
        .map_err(|error| damaged(format!("tar header is damaged: {error}")))?;
    for (i, entry) in entries.enumerate() {
        if i >= MAX_MEMBERS {
            return Err(too_many());
        }
        let mut entry =
            entry.map_err(|error| damaged(format!("tar header {i} is damaged: {error}")))?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type().is_file() && is_wanted(&path) {
            let size = entry.size();
            each(&path, size, &mut entry);
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

/// A member that cannot even be begun: its error comes out where its bytes would.
struct Broken(String);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other(self.0.clone()))
    }
}
