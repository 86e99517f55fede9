//! Why a file could not be read: the stage, what was expected and found, and where.

use std::fmt;

/// The step of the pipeline that gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Unwrapping gzip, zstd, zip or tar.
    Container,
    /// Telling what the bytes are.
    Detect,
    /// Decoding `profile.proto`.
    Proto,
    /// Reading one of the formats before `profile.proto`, or a text.
    Legacy,
    /// Reading a Go execution trace.
    Trace,
    /// Checking the decoded profile's invariants.
    Check,
    /// A stated limit on size was reached.
    Limit,
}

impl Stage {
    /// The stage as messages and the page name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Detect => "detect",
            Self::Proto => "profile.proto",
            Self::Legacy => "legacy format",
            Self::Trace => "trace",
            Self::Check => "check",
            Self::Limit => "limit",
        }
    }
}

/// Where reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pos {
    /// No position can be given.
    Nowhere,
    /// Offset into packed bytes: of the file as dropped, or of the archive's member or inner
    /// container that is being unwrapped.
    Packed(u64),
    /// Offset into the bytes after decompression.
    Unpacked(u64),
    /// Line of a text, counted from 1.
    Line(u64),
}

impl fmt::Display for Pos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => Ok(()),
            Self::Packed(at) => write!(f, "byte {at} of the compressed data"),
            Self::Unpacked(at) => write!(f, "byte {at} of the unpacked data"),
            Self::Line(number) => write!(f, "line {number}"),
        }
    }
}

/// An unreadable file. Display gives one line without the file's name:
/// `stage: reason (position)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The step that gave up.
    pub stage: Stage,
    /// What was expected and what was found; lower case, no full stop.
    pub reason: String,
    /// Where.
    pub pos: Pos,
    /// What the bytes look like, when that is known and helps: `a Go execution trace`.
    pub looks_like: Option<&'static str>,
    /// What a person can do about it.
    pub advice: Option<&'static str>,
}

impl Error {
    /// An error of `stage` at `pos`.
    pub fn new(stage: Stage, pos: Pos, reason: impl Into<String>) -> Self {
        Self {
            stage,
            reason: reason.into(),
            pos,
            looks_like: None,
            advice: None,
        }
    }

    /// A decoding error at an offset of the unpacked data.
    pub(crate) fn proto(at: u64, reason: impl Into<String>) -> Self {
        Self::new(Stage::Proto, Pos::Unpacked(at), reason)
    }

    /// A broken invariant of the record that began at an offset of the unpacked data.
    pub(crate) fn check(at: u64, reason: impl Into<String>) -> Self {
        Self::new(Stage::Check, Pos::Unpacked(at), reason)
    }

    /// The same error with advice.
    #[must_use]
    pub fn with_advice(mut self, advice: &'static str) -> Self {
        self.advice = Some(advice);
        self
    }

    /// The same error with what the bytes look like.
    #[must_use]
    pub fn with_looks(mut self, looks_like: &'static str) -> Self {
        self.looks_like = Some(looks_like);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.stage.name(), self.reason)?;
        if self.pos != Pos::Nowhere {
            write!(f, " ({})", self.pos)?;
        }
        if let Some(looks) = self.looks_like {
            write!(f, "; it looks like {looks}")?;
        }
        if let Some(advice) = self.advice {
            write!(f, "; {advice}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The numbers may mislead.
    Warning,
    /// Worth knowing.
    Note,
}

/// A remark about a file that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
}

impl Diagnostic {
    /// A warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            message: message.into(),
        }
    }

    /// A note.
    pub fn note(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Note,
            message: message.into(),
        }
    }
}

/// The library's result.
pub type Result<T> = std::result::Result<T, Error>;
