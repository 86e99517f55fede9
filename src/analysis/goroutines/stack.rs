//! Stacks as all encodings show them, so that groups are the same whatever a file is.
//!
//! `profile.proto` has every frame, a dump leaves the runtime's out, a text with `debug=1` does not
//! name those at the leaf. What all three have is what is looked at: functions and lines outside the
//! runtime.

use super::super::attribution::is_folded;
use super::wait::{Hidden, Offset};
use crate::model::{FunctionId, Profile, StackId};

/// A frame of a goroutine's stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoroutineFrame {
    /// Its function.
    pub function: FunctionId,
    /// Its line; 0 when unknown.
    pub line: i64,
}

/// Frames that count: a dump shows the 50 innermost ones of a deep stack, and the last ones.
const COUNTED: usize = 48;

/// Frames of a stack that are looked at and shown; Go writes up to 1024.
const MOST: usize = 1024;

/// A stack, frame by frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames<'a> {
    /// All that have names, leaf first.
    pub(super) all: Vec<GoroutineFrame>,
    /// Their names.
    pub(super) names: Vec<&'a [u8]>,
    /// Lines within their functions.
    pub(super) offsets: Vec<Offset>,
    /// Addresses of frames at the leaf that have no names.
    pub(super) nameless: Vec<u64>,
}

impl<'a> Frames<'a> {
    pub(super) fn of(profile: &'a Profile, stack: StackId) -> Self {
        let mut found = Self::default();
        for location in profile.stacks.get(stack).iter().take(MOST) {
            let location = &profile.locations[location.index()];
            let lines = profile.lines_of(location);
            if lines.is_empty() && found.all.is_empty() {
                found.nameless.push(location.address);
            }
            for line in lines {
                let function = &profile.functions[line.function.index()];
                found.all.push(GoroutineFrame {
                    function: line.function,
                    line: line.line,
                });
                found.names.push(profile.strings.bytes(function.name));
                let offset = line.line.checked_sub(function.start_line);
                found
                    .offsets
                    .push(offset.filter(|_| function.start_line > 0));
            }
        }
        found
    }

    /// What the nameless frames at the leaf hide, when `park` is the address where goroutines park.
    pub(super) fn hidden(&self, park: Option<u64>) -> Option<Hidden> {
        let first = *self.nameless.first()?;
        let is_parked = park == Some(first);
        Some(Hidden {
            parked: if is_parked { self.nameless.len() } else { 0 },
        })
    }

    /// What a goroutine without code of the program runs: its outermost frame that has a name and
    /// is not plumbing.
    pub(super) fn outermost(&self) -> Option<(FunctionId, i64)> {
        let last = |is: fn(&[u8]) -> bool| self.names.iter().rposition(|name| is(name));
        let at = last(is_visible).or_else(|| last(|name| !name.is_empty() && !is_folded(name)))?;
        let frame = self.all[at];
        Some((frame.function, frame.line))
    }

    /// A number for the functions and lines that every encoding shows.
    pub(super) fn key(&self) -> u128 {
        let mut hash = Fnv::new();
        let mut counted = 0;
        let is_writer = |name: &[u8]| {
            name.starts_with(b"runtime/pprof.")
                || name.starts_with(b"runtime/debug.")
                || name.starts_with(b"net/http/pprof.")
        };
        for (frame, name) in self.all.iter().zip(&self.names) {
            // What writes the profile differs with the encoding.
            let is_visible = is_visible(name) && !(counted == 0 && is_writer(name));
            if is_visible {
                hash.name(name);
                hash.add(&frame.line.to_le_bytes());
                counted += 1;
                if counted == COUNTED {
                    break;
                }
            }
        }
        if counted == 0 {
            // The runtime's own goroutines: what is left once they are parked.
            let is_own = |name: &&&[u8]| !is_folded(name) && !name.starts_with(b"runtime.gopark");
            self.names
                .iter()
                .filter(is_own)
                .for_each(|name| hash.name(name));
        }
        hash.0
    }
}

/// A frame that a dump and a text show at any place of a stack.
pub(super) fn is_visible(name: &[u8]) -> bool {
    let is_runtime = name.starts_with(b"runtime.")
        || name.starts_with(b"internal/runtime/")
        || name.starts_with(b"runtime/internal/");
    !name.is_empty() && !is_runtime && !is_folded(name)
}

/// FNV-1a of 128 bits: the same on every machine and in every version.
struct Fnv(u128);

impl Fnv {
    fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    }

    /// A name; encodings differ in how they write type arguments.
    fn name(&mut self, name: &[u8]) {
        let mut depth = 0_usize;
        for &byte in name {
            match byte {
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                _ if depth == 0 => self.add(&[byte]),
                _ => {}
            }
        }
        self.add(&[0xff]);
    }
}

/// Where goroutines park, in a text that does not name the runtime's frames at the leaf: the address
/// with which most stacks begin that are known to wait.
pub(super) fn park_address(profile: &Profile) -> Option<u64> {
    let waits = |name: &[u8]| {
        name.starts_with(b"sync.runtime_")
            || name.starts_with(b"internal/sync.runtime_")
            || name == b"time.Sleep"
            || name == b"internal/poll.runtime_pollWait"
    };
    let (mut known, mut deep) = (Vec::new(), Vec::new());
    for stack in (0..profile.stacks.len() as u32).map(StackId) {
        let frames = Frames::of(profile, stack);
        let Some(&leaf) = frames.nameless.first() else {
            continue;
        };
        if frames.names.first().is_some_and(|name| waits(name)) {
            known.push(leaf);
        } else if frames.nameless.len() >= 2 {
            deep.push(leaf);
        }
    }
    // Channels only: at least two frames are hidden, and one address begins most stacks.
    let mut addresses = if known.is_empty() { deep } else { known };
    addresses.sort_unstable();
    let runs = addresses.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).map(|run| run[0])
}
