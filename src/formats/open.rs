//! Opening a file: detect, unwrap, decode, layer by layer, in one pass over its chunks.

use super::archive::{self, Member};
use super::demangle::{Demangling, demangle, has_mangled_names};
use super::gotrace::{MakeSink, trace_losses};
use super::layer::{Budget, Content, Layer, Sinks};
use super::legacy::TextRules;
use super::pprof::drop_frames;
use crate::error::{Diagnostic, Error, Pos, Result, Stage};
use crate::model::trace::TraceSink;
use crate::model::{Kind, Profile};

/// Unpacked bytes per dropped file that are read by default.
pub const DEFAULT_LIMIT: u64 = 4 << 30;

/// In place of the share of a file that has been read: tables grow by doubling.
const UNKNOWN_SHARE: f64 = 0.5;

/// Limits and rules of reading.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions {
    /// Unpacked bytes at most, over all members of an archive.
    pub limit: u64,
    /// How Go's texts are read.
    pub text: TextRules,
    /// Makes what takes the events of an execution trace; its profile is the file's. What is
    /// analysed is decided by the caller, as nothing here knows analyses.
    pub trace: fn() -> Box<dyn TraceSink>,
}

impl OpenOptions {
    /// The default with another limit.
    pub const fn with_limit(limit: u64) -> Self {
        Self {
            limit,
            text: TextRules::Corrected,
            trace: super::facts_only,
        }
    }

    /// The same with another sink for traces.
    #[must_use]
    pub const fn with_trace(mut self, sink: fn() -> Box<dyn TraceSink>) -> Self {
        self.trace = sink;
        self
    }
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
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
    /// Until the end of the file.
    layer: Option<Layer>,
    work: Work,
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
            layer: Some(Layer::new(0)),
            work: Work {
                rules: options.text,
                ..Work::default()
            },
            budget: Budget {
                limit: options.limit,
                used: 0,
                members: 0,
                read_share: UNKNOWN_SHARE,
                sinks: Sinks::new(Box::new(options.trace)),
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

    /// Leaves the frames in that a profile asks to be dropped, for who merges profiles first: see
    /// [`super::drop_frames`].
    #[must_use]
    pub fn with_all_frames(mut self) -> Self {
        self.work.keeps_frames = true;
        self
    }

    /// Makes sinks for traces by `make` instead of by the options.
    #[must_use]
    pub fn with_sinks(mut self, make: MakeSink) -> Self {
        self.budget.sinks = Sinks::new(make);
        self
    }

    /// Takes the next chunk. Errors are kept for [`Self::finish`]; later chunks are then skipped.
    pub fn push(&mut self, chunk: &[u8]) -> Progress {
        self.bytes_in += chunk.len() as u64;
        if self.size > 0 {
            self.budget.read_share = self.bytes_in as f64 / self.size as f64;
        }
        if let (Some(layer), None) = (&mut self.layer, &self.failed) {
            let fits = self.budget.check(self.bytes_in);
            self.failed = fits
                .and_then(|()| layer.push(chunk, &mut self.budget))
                .err();
        }
        self.progress()
    }

    /// True when more chunks cannot change the outcome.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// True while all there is seems to be a profile, at most in gzip: no archive, no other format.
    pub fn is_plain(&self) -> bool {
        self.layer.as_ref().is_some_and(Layer::is_plain)
    }

    /// True once the file is seen to be an execution trace, at most in gzip: what follows is read as
    /// it comes.
    pub fn is_trace(&self) -> bool {
        self.layer.as_ref().is_some_and(Layer::is_trace)
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
            samples: self.samples(),
        }
    }

    fn samples(&self) -> u64 {
        let opened = self.work.opened.iter();
        let read = opened.filter_map(|o| Some(o.result.as_ref().ok()?.profile.samples.len()));
        read.sum::<usize>() as u64 + self.layer.as_ref().map_or(0, Layer::samples)
    }

    /// After the last chunk, a piece of the work that is left: the file itself, then a member of
    /// an archive at a time. True while there is more; between two steps a reader can show how
    /// far it is, and give up.
    pub fn step(&mut self) -> bool {
        // What is unpacked only now says nothing about how much is to come.
        self.budget.read_share = UNKNOWN_SHARE;
        if let Some(layer) = self.layer.take() {
            let mut file = Source {
                name: self.name.clone(),
                size: self.bytes_in,
                containers: Vec::new(),
            };
            match self.failed.take() {
                Some(error) => {
                    file.containers = layer.containers();
                    self.work.opened.push(file.failed(error, self.budget.used));
                }
                None => self.work.finish(file, layer, &mut self.budget),
            }
        } else {
            self.work.next_member(&mut self.budget);
        }
        !self.work.archives.is_empty()
    }

    /// The end of the file: one entry per profile, in archive order, never none.
    pub fn finish(mut self) -> Vec<Opened> {
        while self.layer.is_some() || !self.work.archives.is_empty() {
            self.step();
        }
        self.work.opened
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
}

/// An archive whose members are being read.
#[derive(Debug)]
struct OpenArchive {
    source: Source,
    kind: archive::Kind,
    bytes: Vec<u8>,
    depth: usize,
    members: std::vec::IntoIter<Member>,
    /// What ended the list of members early.
    error: Option<Error>,
    /// Files opened before the first of this archive's.
    first: usize,
}

/// What was opened, and the archives that are still open, the innermost last.
#[derive(Debug, Default)]
struct Work {
    rules: TextRules,
    opened: Vec<Opened>,
    archives: Vec<OpenArchive>,
    keeps_frames: bool,
}

impl Work {
    /// Ends the layers and keeps what they held.
    fn finish(&mut self, mut source: Source, layer: Layer, budget: &mut Budget) {
        let mut notes = Vec::new();
        match layer.finish(budget, &mut source.containers, self.rules, &mut notes) {
            Ok(Content::Profile {
                profile,
                raw_size,
                kind,
                later,
            }) => {
                let is_one = later.is_empty();
                let profiles = std::iter::once(*profile).chain(later);
                for (number, profile) in (1..).zip(profiles) {
                    let name = if is_one {
                        source.name.clone()
                    } else {
                        format!("{}#{number}", source.name)
                    };
                    let result = Ok(self.interpret(profile, kind, &name, notes.clone()));
                    self.opened.push(Opened {
                        name,
                        containers: source.containers.clone(),
                        size: source.size,
                        raw_size,
                        result,
                    });
                }
            }
            Ok(Content::Archive { kind, bytes, depth }) => {
                source.containers.push(kind.name());
                let (members, error) = archive::list(kind, &bytes);
                self.archives.push(OpenArchive {
                    source,
                    kind,
                    bytes,
                    depth,
                    members: members.into_iter(),
                    error,
                    first: self.opened.len(),
                });
            }
            Err(error) => self.opened.push(source.failed(error, budget.used)),
        }
    }

    /// Reads the next member of the innermost archive, through layers of its own, or ends the
    /// archive.
    fn next_member(&mut self, budget: &mut Budget) {
        let Some(open) = self.archives.last_mut() else {
            return;
        };
        // Archives in archives multiply: the limit on one archive's files is one on all.
        let is_full = budget.members >= archive::MAX_MEMBERS;
        match open.members.next() {
            Some(_) if is_full => {
                open.error = Some(archive::too_many());
                open.members = Vec::new().into_iter();
            }
            Some(member) => {
                budget.members += 1;
                let source = Source {
                    name: format!("{}/{}", open.source.name, member.path),
                    size: member.size,
                    containers: open.source.containers.clone(),
                };
                let mut layer = Layer::new(open.depth + 1);
                let kind = open.kind;
                let outcome = archive::unpack(&open.bytes, &member, &mut |chunk| {
                    // A tar's members are bytes that have been counted already.
                    if kind == archive::Kind::Zip {
                        budget.take(chunk.len())?;
                    }
                    layer.push(chunk, budget)
                });
                match outcome {
                    Ok(()) => self.finish(source, layer, budget),
                    Err(error) => self.opened.push(source.failed(error, 0)),
                }
            }
            None => {
                let is_empty = self.opened.len() == open.first;
                let error = open.error.take().or_else(|| {
                    is_empty.then(|| {
                        let reason = "the archive holds no files";
                        Error::new(Stage::Container, Pos::Nowhere, reason)
                    })
                });
                if let (Some(ended), Some(error)) = (self.archives.pop(), error) {
                    self.opened.push(ended.source.failed(error, budget.used));
                }
            }
        }
    }

    /// Names, prunes, tells the kind where the file has not said it, and collects remarks.
    fn interpret(
        &self,
        mut profile: Profile,
        kind: Option<Kind>,
        name: &str,
        mut diagnostics: Vec<Diagnostic>,
    ) -> OpenedProfile {
        // Names first: what is to be dropped is given by names as people write them.
        if self.rules == TextRules::Corrected && has_mangled_names(&profile) {
            demangle(&mut profile, Demangling::Gentle, false);
        }
        if !self.keeps_frames {
            drop_frames(&mut profile, &mut diagnostics);
        }
        if let Some(trace) = &profile.trace {
            let losses = trace_losses(&trace.facts);
            diagnostics.extend(losses.into_iter().map(Diagnostic::warning));
        }
        let kind = kind.unwrap_or_else(|| Kind::of(&profile, name));
        OpenedProfile {
            profile,
            kind,
            diagnostics,
        }
    }
}
