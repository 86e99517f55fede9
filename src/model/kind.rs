//! What kind of Go profile it is, told by content.

use super::{Profile, StackId};

/// The kinds that Go writes; everything else is `Custom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// CPU profile.
    Cpu,
    /// Heap: in use is shown first.
    Heap,
    /// The same data with allocations shown first.
    Allocs,
    /// Goroutines.
    Goroutine,
    /// Goroutines that can never wake up (Go 1.26 and later).
    GoroutineLeak,
    /// Waiting.
    Block,
    /// Lock contention.
    Mutex,
    /// Threads.
    ThreadCreate,
    /// Benchmark results: no profile, but a table beside it.
    Bench,
    /// An execution trace: its waits as samples, and what it says beside them.
    Trace,
    /// Anything else.
    Custom,
}

impl Kind {
    /// Name as the command and the page print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Heap => "heap",
            Self::Allocs => "allocs",
            Self::Goroutine => "goroutine",
            Self::GoroutineLeak => "goroutineleak",
            Self::Block => "block",
            Self::Mutex => "mutex",
            Self::ThreadCreate => "threadcreate",
            Self::Bench => "bench",
            Self::Trace => "trace",
            Self::Custom => "custom",
        }
    }

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cpu => "CPU profile",
            Self::Heap => "Heap profile",
            Self::Allocs => "Allocation profile",
            Self::Goroutine => "Goroutine profile",
            Self::GoroutineLeak => "Goroutine leak profile",
            Self::Block => "Block profile",
            Self::Mutex => "Mutex profile",
            Self::ThreadCreate => "Thread creation profile",
            Self::Bench => "Benchmark results",
            Self::Trace => "Execution trace",
            Self::Custom => "Profile",
        }
    }

    /// True for the two kinds with allocation and in-use columns.
    pub fn is_memory(self) -> bool {
        matches!(self, Self::Heap | Self::Allocs)
    }

    /// Tells the kind from sample types, period and, for block against mutex, the leaf frames;
    /// the file name decides only what the content leaves open.
    pub fn of(profile: &Profile, file_name: &str) -> Self {
        let names: Vec<&[u8]> = profile
            .sample_types
            .iter()
            .map(|t| profile.strings.bytes(t.kind))
            .collect();
        let units: Vec<&[u8]> = profile
            .sample_types
            .iter()
            .map(|t| profile.strings.bytes(t.unit))
            .collect();
        match names.as_slice() {
            [b"samples", b"cpu"] if units[1] == b"nanoseconds" => Self::Cpu,
            [b"cpu"] => Self::Cpu,
            [
                b"alloc_objects",
                b"alloc_space",
                b"inuse_objects",
                b"inuse_space",
            ] => {
                let default = profile.strings.bytes(profile.default_sample_type);
                if default.starts_with(b"alloc") {
                    Self::Allocs
                } else {
                    Self::Heap
                }
            }
            [b"goroutine"] => Self::Goroutine,
            [b"goroutineleak"] => Self::GoroutineLeak,
            [b"threadcreate"] => Self::ThreadCreate,
            [b"contentions", b"delay"] => contention(profile, file_name),
            _ => Self::Custom,
        }
    }
}

/// Block and mutex profiles have the same shape; the leaf tells them apart: waiting ends in a
/// lock or channel operation, contention is reported where the lock is released.
fn contention(profile: &Profile, file_name: &str) -> Kind {
    let (mut block, mut mutex) = (0_i128, 0_i128);
    for (i, &stack) in profile.samples.stacks.iter().enumerate() {
        let weight = i128::from(profile.value(i, 1)).abs().max(1);
        match leaf_name(profile, stack) {
            Some(name) if releases_lock(name) => mutex += weight,
            Some(_) => block += weight,
            None => {}
        }
    }
    // The folders say what else lies there.
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let lower = base.to_ascii_lowercase();
    if mutex > block {
        Kind::Mutex
    } else if block > mutex {
        Kind::Block
    } else if lower.contains("mutex") {
        Kind::Mutex
    } else if lower.contains("block") || lower.contains("contention") {
        Kind::Block
    } else {
        Kind::Custom
    }
}

fn leaf_name(profile: &Profile, stack: StackId) -> Option<&[u8]> {
    let leaf = profile.stacks.get(stack).first()?;
    let line = profile.lines_of(&profile.locations[leaf.index()]).first()?;
    Some(
        profile
            .strings
            .bytes(profile.functions[line.function.index()].name),
    )
}

fn releases_lock(name: &[u8]) -> bool {
    name.ends_with(b"nlock") && (name.starts_with(b"sync.") || name.starts_with(b"runtime."))
        || name.ends_with(b".RUnlock")
        || name.ends_with(b".Unlock")
        || name.ends_with(b".unlockSlow")
        || name == b"runtime._LostContendedRuntimeLock"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ValueType;

    #[test]
    fn an_empty_profile_of_waiting_is_told_by_its_own_name() {
        let mut profile = Profile::default();
        for name in [&b""[..], b"contentions", b"delay"] {
            let kind = profile.strings.push(name).unwrap();
            profile.sample_types.push(ValueType { kind, unit: kind });
        }
        profile.sample_types.remove(0);
        for (name, kind) in [
            ("mutex-tests/block.pb.gz", Kind::Block),
            ("C:\\block\\Mutex.pb.gz", Kind::Mutex),
            ("contention", Kind::Block),
            ("mutex/profile.pb.gz", Kind::Custom),
        ] {
            assert_eq!(Kind::of(&profile, name), kind, "{name}");
        }
    }
}
