//! The layers around a profile: each takes bytes as they arrive and hands on what it unwraps.

use super::archive;
use super::detect::{Format, HEAD, describe, detect};
use super::gotrace::{MakeSink, TraceReader};
use super::gzip::Gzip;
use super::legacy::{self, Legacy, Reading, TextRules};
use super::pprof::Decoder;
use super::zstd;
use crate::error::{Diagnostic, Error, Pos, Result, Stage};
use crate::model::{Kind, Profile};
use std::cell::RefCell;
use std::rc::Rc;

/// Containers inside containers: a profile in gzip in a tar in gzip is three.
const MAX_DEPTH: usize = 5;

/// Bytes of a text or another file of a format before `profile.proto`, which is held whole, beside
/// the profile that is made of it.
const MOST_TEXT: usize = (if usize::BITS > 32 { 256 } else { 128 }) << 20;

/// Bytes of a log before its first goroutine.
const MOST_LOG: usize = 16 << 20;

/// Unpacked bytes still allowed, over all layers and members of one dropped file.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    pub(crate) limit: u64,
    pub(crate) used: u64,
    /// Archive members met so far.
    pub(crate) members: usize,
    /// Which share of the dropped file has been taken in, 0 to 1.
    pub(crate) read_share: f64,
    /// Makes what takes the events of a trace.
    pub(crate) sinks: Sinks,
}

/// Makes a sink for each trace.
#[derive(Clone)]
pub(crate) struct Sinks(Rc<RefCell<MakeSink>>);

impl Sinks {
    pub(crate) fn new(make: MakeSink) -> Self {
        Self(Rc::new(RefCell::new(make)))
    }

    fn reader(&self) -> TraceReader {
        let sinks = Rc::clone(&self.0);
        TraceReader::new(Box::new(move || (sinks.borrow_mut())()))
    }
}

impl std::fmt::Debug for Sinks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sinks").finish_non_exhaustive()
    }
}

impl Budget {
    /// Counts unpacked bytes; an error when the limit is passed.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<()> {
        self.used = self.used.saturating_add(bytes as u64);
        self.check(self.used)
    }

    /// An error when `bytes` are more than the limit.
    pub(crate) fn check(&self, bytes: u64) -> Result<()> {
        if bytes <= self.limit {
            return Ok(());
        }
        let reason = format!("more than {} bytes, which is the limit", self.limit);
        Err(Error::new(Stage::Limit, Pos::Unpacked(self.limit), reason)
            .with_advice("open it with the native command, whose limit can be raised by -limit"))
    }
}

/// One layer with what is inside it.
#[derive(Debug)]
pub(crate) enum Layer {
    /// Too few bytes yet to tell.
    Head { bytes: Vec<u8>, depth: usize },
    /// Inflates into the layer inside.
    Gzip(Box<Gzip>, Box<Layer>),
    /// Collected whole: the decoder pulls.
    Zstd { bytes: Vec<u8>, depth: usize },
    /// Collected whole: a zip's directory stands at its end.
    Archive {
        kind: archive::Kind,
        bytes: Vec<u8>,
        depth: usize,
    },
    /// The profile itself.
    Proto(Box<Decoder>),
    /// A trace, of which one generation is held at a time. Its first bytes wait for the next: the
    /// page keeps the code that reads traces apart, and has to be able to fetch it before.
    Trace(Vec<u8>, Option<Box<TraceReader>>),
    /// Text of which more has to be seen; at so many bytes it is looked at again.
    Text { bytes: Vec<u8>, next: usize },
    /// Collected whole: names come after what they name.
    Legacy { format: Legacy, bytes: Vec<u8> },
}

/// What the innermost layer held.
#[derive(Debug)]
pub(crate) enum Content {
    Profile {
        profile: Box<Profile>,
        raw_size: u64,
        /// Where the file says it and the profile does not.
        kind: Option<Kind>,
        /// Further ones of the same file.
        later: Vec<Profile>,
    },
    Archive {
        kind: archive::Kind,
        bytes: Vec<u8>,
        depth: usize,
    },
}

impl Layer {
    pub(crate) fn new(depth: usize) -> Self {
        Self::Head {
            bytes: Vec::new(),
            depth,
        }
    }

    /// What is being unwrapped, outermost first.
    pub(crate) fn containers(&self) -> Vec<&'static str> {
        match self {
            Self::Gzip(_, inner) => [vec!["gzip"], inner.containers()].concat(),
            Self::Zstd { .. } => vec!["zstd"],
            Self::Archive { kind, .. } => vec![kind.name()],
            _ => Vec::new(),
        }
    }

    /// A profile, at most in gzip.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Self::Gzip(_, inner) => inner.is_plain(),
            Self::Proto(_) => true,
            Self::Head { .. }
            | Self::Zstd { .. }
            | Self::Archive { .. }
            | Self::Trace(..)
            | Self::Text { .. }
            | Self::Legacy { .. } => false,
        }
    }

    /// A trace, at most in gzip.
    pub(crate) fn is_trace(&self) -> bool {
        match self {
            Self::Gzip(_, inner) => inner.is_trace(),
            Self::Trace(..) => true,
            _ => false,
        }
    }

    /// Samples decoded so far.
    pub(crate) fn samples(&self) -> u64 {
        match self {
            Self::Gzip(_, inner) => inner.samples(),
            Self::Proto(decoder) => decoder.samples() as u64,
            Self::Trace(_, Some(reader)) => reader.events(),
            _ => 0,
        }
    }

    /// Takes the next bytes of this layer.
    pub(crate) fn push(&mut self, chunk: &[u8], budget: &mut Budget) -> Result<()> {
        match self {
            Self::Head { bytes, depth } => {
                bytes.extend_from_slice(chunk);
                if bytes.len() < HEAD {
                    return Ok(());
                }
                let (bytes, depth) = (std::mem::take(bytes), *depth);
                *self = Self::tell(&bytes, depth)?;
                self.push(&bytes, budget)
            }
            Self::Gzip(gzip, inner) => gzip.push(chunk, &mut |out| {
                budget.take(out.len())?;
                inner.push(out, budget)
            }),
            Self::Zstd { bytes, .. } | Self::Archive { bytes, .. } => {
                bytes.extend_from_slice(chunk);
                Ok(())
            }
            Self::Legacy { bytes, .. } => add_text(bytes, chunk),
            Self::Text { bytes, next } => {
                add_text(bytes, chunk)?;
                if bytes.len() < *next {
                    return Ok(());
                }
                match legacy::claim_text(bytes) {
                    // A log is told by the first goroutine in it, which may come late.
                    None if bytes.len() < MOST_LOG && !bytes.contains(&0) => {
                        *next = bytes.len().saturating_mul(2);
                    }
                    _ => *self = Self::text(std::mem::take(bytes))?,
                }
                Ok(())
            }
            Self::Trace(head, reader) => {
                if reader.is_none() && head.is_empty() {
                    head.extend_from_slice(chunk);
                    return Ok(());
                }
                let reader = begun(head, reader, budget)?;
                reader.push(chunk)
            }
            Self::Proto(decoder) => {
                decoder.set_read_share(budget.read_share);
                decoder.push(chunk)
            }
        }
    }

    /// The layer that a head calls for.
    fn tell(head: &[u8], depth: usize) -> Result<Self> {
        let Some(format) = detect(head) else {
            return Err(unknown(head));
        };
        if depth >= MAX_DEPTH && !matches!(format, Format::Proto | Format::Trace) {
            let reason = format!("more than {MAX_DEPTH} containers inside each other");
            return Err(Error::new(Stage::Container, Pos::Nowhere, reason));
        }
        let archive = |kind| Self::Archive {
            kind,
            bytes: Vec::new(),
            depth,
        };
        Ok(match format {
            Format::Gzip => Self::Gzip(Box::new(Gzip::new()), Box::new(Self::new(depth + 1))),
            Format::Zstd => Self::Zstd {
                bytes: Vec::new(),
                depth,
            },
            Format::Zip => archive(archive::Kind::Zip),
            Format::Tar => archive(archive::Kind::Tar),
            Format::Proto => Self::Proto(Box::default()),
            Format::Trace => Self::Trace(Vec::new(), None),
            Format::Legacy(format) => Self::Legacy {
                format,
                bytes: Vec::new(),
            },
            Format::Text => Self::Text {
                bytes: Vec::new(),
                next: legacy::HEAD,
            },
        })
    }

    /// The layer of a text of which enough has been seen.
    fn text(bytes: Vec<u8>) -> Result<Self> {
        match legacy::claim_text(&bytes) {
            Some(format) => Ok(Self::Legacy { format, bytes }),
            None => Err(unknown(&bytes)),
        }
    }

    /// The end of this layer's bytes. `containers` gets the names of what was unwrapped.
    pub(crate) fn finish(
        self,
        budget: &mut Budget,
        containers: &mut Vec<&'static str>,
        rules: TextRules,
        notes: &mut Vec<Diagnostic>,
    ) -> Result<Content> {
        match self {
            Self::Head { bytes, .. } if bytes.is_empty() => Err(empty(containers)),
            Self::Head { bytes, depth } => {
                let mut layer = Self::tell(&bytes, depth)?;
                layer.push(&bytes, budget)?;
                layer.finish(budget, containers, rules, notes)
            }
            Self::Gzip(gzip, inner) => {
                containers.push("gzip");
                let ignored = gzip.finish()?;
                if ignored > 0 {
                    let message =
                        format!("{ignored} bytes after the end of the gzip data were ignored.");
                    notes.push(Diagnostic::warning(message));
                }
                inner.finish(budget, containers, rules, notes)
            }
            Self::Zstd { bytes, depth } => {
                containers.push("zstd");
                let mut inner = Self::new(depth + 1);
                zstd::unpack(&bytes, &mut |out| {
                    budget.take(out.len())?;
                    inner.push(out, budget)
                })?;
                inner.finish(budget, containers, rules, notes)
            }
            Self::Archive { kind, bytes, depth } => Ok(Content::Archive { kind, bytes, depth }),
            Self::Proto(decoder) => {
                let raw_size = decoder.size();
                let profile = Box::new(decoder.finish()?);
                Ok(Content::Profile {
                    profile,
                    raw_size,
                    kind: None,
                    later: Vec::new(),
                })
            }
            Self::Trace(..) if rules == TextRules::PprofExact => Err(pprof_reads_no_traces()),
            Self::Trace(mut head, mut reader) => {
                begun(&mut head, &mut reader, budget)?;
                let reader = reader.ok_or_else(|| empty(containers))?;
                let raw_size = reader.size();
                let mut profiles = reader.finish()?.into_iter();
                let first = profiles.next().unwrap_or_default();
                Ok(Content::Profile {
                    profile: Box::new(first),
                    raw_size,
                    kind: Some(Kind::Trace),
                    later: profiles.collect(),
                })
            }
            Self::Text { bytes, .. } => Self::text(bytes)?.finish(budget, containers, rules, notes),
            Self::Legacy {
                format: Legacy::Dump,
                ..
            } if rules == TextRules::PprofExact => Err(pprof_reads_no_dumps()),
            // What pprof does not read is not to be read as pprof does.
            Self::Legacy {
                format: Legacy::Bench,
                bytes,
            } if rules == TextRules::PprofExact => Err(unknown(&bytes)),
            Self::Legacy { format, bytes } => {
                let read = legacy::read(format, &bytes, &mut Reading { rules, notes })?;
                Ok(Content::Profile {
                    profile: Box::new(read.profile),
                    raw_size: bytes.len() as u64,
                    kind: read.kind,
                    later: read.later,
                })
            }
        }
    }
}

/// The reader of a trace, which has taken its first bytes.
fn begun<'a>(
    head: &mut Vec<u8>,
    reader: &'a mut Option<Box<TraceReader>>,
    budget: &Budget,
) -> Result<&'a mut TraceReader> {
    let reader = reader.get_or_insert_with(|| Box::new(budget.sinks.reader()));
    let bytes = std::mem::take(head);
    if !bytes.is_empty() {
        reader.push(&bytes)?;
    }
    Ok(reader)
}

/// Keeps a chunk of what is held whole; an error when that is too much.
fn add_text(bytes: &mut Vec<u8>, chunk: &[u8]) -> Result<()> {
    if chunk.len() > MOST_TEXT - bytes.len().min(MOST_TEXT) {
        let reason = format!(
            "more than {} MiB ({MOST_TEXT} bytes), which is the limit of texts and of the formats \
             before profile.proto",
            MOST_TEXT >> 20
        );
        return Err(
            Error::new(Stage::Limit, Pos::Unpacked(MOST_TEXT as u64), reason)
                .with_advice("record it in the format of profile.proto, or leave out small stacks"),
        );
    }
    bytes.extend_from_slice(chunk);
    Ok(())
}

fn empty(containers: &[&str]) -> Error {
    let reason = if containers.is_empty() {
        "the file is empty"
    } else {
        "the file holds nothing once unpacked"
    };
    Error::new(Stage::Detect, Pos::Nowhere, reason)
        .with_advice("a program that is killed before it stops profiling leaves an empty file")
}

fn pprof_reads_no_dumps() -> Error {
    let reason = "go tool pprof does not read this";
    Error::new(Stage::Detect, Pos::Nowhere, reason)
        .with_looks("a goroutine dump (debug=2)")
        .with_advice("add -corrected, which does; or record it with debug=0")
}

fn pprof_reads_no_traces() -> Error {
    let reason = "go tool pprof does not read this";
    Error::new(Stage::Detect, Pos::Nowhere, reason)
        .with_looks("a Go execution trace")
        .with_advice("dropprof trace reads it, and writes its waits as profiles with -pprof")
}

/// What a file was compared with.
const TRIED: &str = "neither profile.proto nor gperftools' CPU, heap, growth, thread or contention \
    profile, Go's text (debug=1), Java's text, jemalloc's heap text, goroutines (debug=2), folded stacks, or an execution trace";

fn unknown(head: &[u8]) -> Error {
    let (looks_like, advice) = describe(head);
    Error::new(
        Stage::Detect,
        Pos::Nowhere,
        format!("not a profile in a format that can be read: {TRIED}"),
    )
    .with_looks(looks_like)
    .with_advice(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_a_limit_of_their_own() {
        let mut budget = Budget {
            limit: u64::MAX,
            used: 0,
            members: 0,
            read_share: 0.5,
            sinks: Sinks::new(Box::new(crate::formats::facts_only)),
        };
        // Zeros that nobody looks at take no memory.
        let nearly = || vec![0; MOST_TEXT - 3];
        let format = Legacy::Folded;
        let bytes = nearly();
        let text = Layer::Text {
            bytes: nearly(),
            next: 0,
        };
        for mut layer in [Layer::Legacy { format, bytes }, text] {
            let error = layer.push(b"a;b 3\n", &mut budget).unwrap_err();
            assert_eq!(error.stage, Stage::Limit);
            assert!(error.to_string().contains("MiB"), "{error}");
        }
        let bytes = nearly();
        let mut layer = Layer::Legacy { format, bytes };
        assert!(layer.push(b"b 3", &mut budget).is_ok());
        assert!(layer.push(b"", &mut budget).is_ok());
        assert!(layer.push(b"4", &mut budget).is_err());
    }
}
