//! The formats of pprof before `profile.proto`, and other texts of stacks.
//!
//! Each file reads one: gperftools' binary [`cpu`] profiles, the texts of a [`heap`], of Go's
//! [`count`] profiles, of threads ([`thread`]), of [`contention`], and Java's ([`java`]).
//! [`maps`] reads the memory map at their end, [`symbols`] and [`mem_stats`] the comments that Go adds,
//! [`records`] makes the profile. [`jemalloc`] and [`folded`] are not pprof's.

mod bench;
mod contention;
mod count;
mod cpu;
mod folded;
mod frames;
mod heap;
mod java;
mod jemalloc;
mod lines;
mod maps;
mod mem_stats;
mod records;
mod symbols;
mod thread;
mod variables;

use super::dump;
use crate::error::{Diagnostic, Result};
use crate::model::{Kind, Profile};
use lines::Lines;

/// Bytes after which it is clear whether a text is one of these.
pub(crate) const HEAD: usize = 64 << 10;

/// How the texts of Go's `debug=1` are read, where `go tool pprof` loses or distorts something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextRules {
    /// Functions, files, lines and labels come from the comments; the values of mutex profiles
    /// are those that the program measured.
    #[default]
    Corrected,
    /// As `go tool pprof` has it: comments are ignored, and the values of mutex profiles are
    /// multiplied by their sampling period, although Go has done so since 1.20.
    PprofExact,
}

/// One of these formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Legacy {
    Cpu,
    Heap,
    Count,
    Thread,
    Contention,
    Java,
    Jemalloc,
    Folded,
    /// Goroutines; `go tool pprof` reads none.
    Dump,
    Bench,
}

/// What was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) profile: Profile,
    /// Where the text says it and the sample types do not.
    pub(crate) kind: Option<Kind>,
    /// Further profiles of the same file, each recorded after the one before.
    pub(crate) later: Vec<Profile>,
}

impl From<Profile> for Read {
    fn from(profile: Profile) -> Self {
        Self {
            profile,
            kind: None,
            later: Vec::new(),
        }
    }
}

/// How to read, and what is worth saying about it.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) rules: TextRules,
    pub(crate) notes: &'a mut Vec<Diagnostic>,
}

impl Reading<'_> {
    fn is_exact(&self) -> bool {
        self.rules == TextRules::PprofExact
    }
}

/// Tells the format by the title in the head of a file, in pprof's order.
pub(crate) fn claim(head: &[u8]) -> Option<Legacy> {
    if cpu::header(head).is_some() {
        return Some(Legacy::Cpu);
    }
    let first = Lines::new(head).next()?;
    let start = Lines::new(head).skip_comments().unwrap_or_default();
    if heap::is_mine(first) {
        Some(Legacy::Heap)
    } else if count::is_mine(start) {
        Some(Legacy::Count)
    } else if thread::is_mine(start) {
        Some(Legacy::Thread)
    } else if contention::is_mine(first) {
        Some(Legacy::Contention)
    } else if java::is_mine(first) {
        Some(Legacy::Java)
    } else if jemalloc::is_mine(first) {
        Some(Legacy::Jemalloc)
    } else {
        None
    }
}

/// Tells the format of a text by its first [`HEAD`] bytes, which are more than a title needs; a
/// goroutine may stand anywhere in what there is.
pub(crate) fn claim_text(bytes: &[u8]) -> Option<Legacy> {
    let head = &bytes[..bytes.len().min(HEAD)];
    claim(head)
        .or_else(|| dump::is_mine(bytes).then_some(Legacy::Dump))
        .or_else(|| bench::is_mine(bytes).then_some(Legacy::Bench))
        .or_else(|| folded::is_mine(head).then_some(Legacy::Folded))
}

/// Reads a whole file.
pub(crate) fn read(format: Legacy, bytes: &[u8], reading: &mut Reading<'_>) -> Result<Read> {
    match format {
        Legacy::Cpu => cpu::read(bytes, reading),
        Legacy::Heap => heap::read(bytes, reading),
        Legacy::Count => count::read(bytes, reading),
        Legacy::Thread => thread::read(bytes),
        Legacy::Contention => match contention::read(bytes, reading)? {
            Some(read) => Ok(read),
            None => java::read(bytes),
        },
        Legacy::Java => java::read(bytes),
        Legacy::Jemalloc => jemalloc::read(bytes),
        Legacy::Folded => folded::read(bytes, reading),
        Legacy::Bench => bench::read(bytes, reading.notes),
        Legacy::Dump => {
            let mut profiles = dump::read(bytes, reading.notes)?.into_iter();
            let first = profiles.next().unwrap_or_default();
            Ok(Read {
                later: profiles.collect(),
                ..first.into()
            })
        }
    }
}
