//! Opening a file: detect, unwrap, decode, layer by layer, in one pass over its chunks.

use super::archive;
use super::layer::{Budget, Content, Layer};
use super::pprof::drop_frames;
use crate::error::{Diagnostic, Error, Pos, Result, Stage};
use crate::model::{Kind, Profile};

/// Unpacked bytes per dropped file that are read by default.
pub const DEFAULT_LIMIT: u64 = 4 << 30;

/// In place of the share of a file that has been read: tables grow by doubling.
const UNKNOWN_SHARE: f64 = 0.5;

/// Limits of reading.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions {
    /// Unpacked bytes at most, over all members of an archive.
    pub limit: u64,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            limit: DEFAULT_LIMIT,
        }
    }
}

/// A profile that was read.
#[derive(Clone, Debug)]
pub struct OpenedProfile {
    /// The tables.
    pub profile: Profile,
    /// What kind it is.
    pub kind: Kind,
    /// Remarks of the reader.
    pub diagnostics: Vec<Diagnostic>,
}

/// One profile of a dropped file, or why there is none.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Name as dropped; members of archives follow after a slash.
    pub name: String,
    /// What was unwrapped, outermost first.
    pub containers: Vec<&'static str>,
    /// Bytes as dropped, or as stored in the archive.
    pub size: u64,
    /// Bytes after unwrapping.
    pub raw_size: u64,
    /// The profile.
    pub result: Result<OpenedProfile>,
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes taken in.
    pub bytes_in: u64,
    /// Unpacked bytes.
    pub bytes_out: u64,
    /// Samples decoded.
    pub samples: u64,
}

/// Reads one file from its chunks. Dropping it cancels.
#[derive(Debug)]
pub struct Opener {
    name: String,
    layer: Layer,
    budget: Budget,
    bytes_in: u64,
    /// Bytes of the whole file; 0 when unknown.
    size: u64,
    failed: Option<Error>,
}

impl Opener {
    /// Begins reading a file; `name` is used for messages and as the last resort for the kind.
    pub fn new(name: &str, options: OpenOptions) -> Self {
        Self {
            name: name.to_owned(),
            layer: Layer::new(0),
            budget: Budget {
                limit: options.limit,
                used: 0,
                members: 0,
                read_share: UNKNOWN_SHARE,
            },
            bytes_in: 0,
            size: 0,
            failed: None,
        }
    }

    /// Says how many bytes the whole file has, when that is known: tables can then be made as
    /// large as they will be.
    #[must_use]
    pub fn with_size(mut self, size: u64) -> Self {
        self.size = size;
        self
    }

    /// Takes the next chunk. Errors are kept for [`Self::finish`]; later chunks are then skipped.
    pub fn push(&mut self, chunk: &[u8]) -> Progress {
        self.bytes_in += chunk.len() as u64;
        if self.size > 0 {
            self.budget.read_share = self.bytes_in as f64 / self.size as f64;
        }
        if self.failed.is_none() {
            let fits = self.budget.check(self.bytes_in);
            self.failed = fits
                .and_then(|()| self.layer.push(chunk, &mut self.budget))
                .err();
        }
        self.progress()
    }

    /// True when more chunks cannot change the outcome.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let unpacked = if self.budget.used == 0 {
            self.bytes_in
        } else {
            self.budget.used
        };
        Progress {
            bytes_in: self.bytes_in,
            bytes_out: unpacked,
            samples: self.layer.samples(),
        }
    }

    /// The end of the file: one entry per profile, in archive order, never none.
    pub fn finish(mut self) -> Vec<Opened> {
        // What is unpacked only now says nothing about how much is to come.
        self.budget.read_share = UNKNOWN_SHARE;
        let mut opened = Vec::new();
        let mut file = Source {
            name: self.name,
            size: self.bytes_in,
            containers: Vec::new(),
        };
        match self.failed {
            Some(error) => {
                file.containers = self.layer.containers();
                opened.push(file.failed(error, self.budget.used));
            }
            None => file.finish(self.layer, &mut self.budget, &mut opened),
        }
        opened
    }
}

/// Reads a whole file at once.
pub fn open(name: &str, bytes: &[u8], options: OpenOptions) -> Vec<Opened> {
    let mut opener = Opener::new(name, options).with_size(bytes.len() as u64);
    for chunk in bytes.chunks(1 << 20) {
        opener.push(chunk);
    }
    opener.finish()
}

/// A dropped file or an archive's member, with what has been unwrapped around it.
#[derive(Clone, Debug)]
struct Source {
    name: String,
    size: u64,
    containers: Vec<&'static str>,
}

impl Source {
    fn failed(self, error: Error, unpacked: u64) -> Opened {
        let raw_size = if unpacked == 0 { self.size } else { unpacked };
        Opened {
            name: self.name,
            containers: self.containers,
            size: self.size,
            raw_size,
            result: Err(error),
        }
    }

    /// Ends the layers and appends what they held.
    fn finish(mut self, layer: Layer, budget: &mut Budget, opened: &mut Vec<Opened>) {
        let mut notes = Vec::new();
        match layer.finish(budget, &mut self.containers, &mut notes) {
            Ok(Content::Profile { profile, raw_size }) => {
                let result = Ok(interpret(*profile, &self.name, notes));
                let Self {
                    name,
                    size,
                    containers,
                } = self;
                opened.push(Opened {
                    name,
                    containers,
                    size,
                    raw_size,
                    result,
                });
            }
            Ok(Content::Archive { kind, bytes, depth }) => {
                self.containers.push(kind.name());
                self.members(kind, &bytes, depth, budget, opened);
            }
            Err(error) => opened.push(self.failed(error, budget.used)),
        }
    }

    /// Reads an archive's members one after the other, each through layers of its own.
    fn members(
        self,
        kind: archive::Kind,
        bytes: &[u8],
        depth: usize,
        budget: &mut Budget,
        opened: &mut Vec<Opened>,
    ) {
        let first = opened.len();
        let outcome = archive::members(kind, bytes, &mut |member, size, reader| {
            let source = Self {
                name: format!("{}/{member}", self.name),
                size,
                containers: self.containers.clone(),
            };
            budget.members += 1;
            if budget.members > archive::MAX_MEMBERS {
                return;
            }
            let mut layer = Layer::new(depth + 1);
            match archive::copy(reader, &mut |chunk| {
                // A tar's members are bytes that have been counted already.
                if kind == archive::Kind::Zip {
                    budget.take(chunk.len())?;
                }
                layer.push(chunk, budget)
            }) {
                Ok(()) => source.finish(layer, budget, opened),
                Err(error) => opened.push(source.failed(error, 0)),
            }
        });
        let error = match outcome {
            Err(error) => error,
            // Archives in archives multiply: the limit on one archive's files is one on all.
            Ok(()) if budget.members > archive::MAX_MEMBERS => archive::too_many(),
            Ok(()) if opened.len() == first => {
                Error::new(Stage::Container, Pos::Nowhere, "the archive holds no files")
            }
            Ok(()) => return,
        };
        opened.push(self.failed(error, budget.used));
    }
}

/// Prunes, tells the kind and collects remarks.
fn interpret(mut profile: Profile, name: &str, mut diagnostics: Vec<Diagnostic>) -> OpenedProfile {
    drop_frames(&mut profile, &mut diagnostics);
    let kind = Kind::of(&profile, name);
    OpenedProfile {
        profile,
        kind,
        diagnostics,
    }
}
