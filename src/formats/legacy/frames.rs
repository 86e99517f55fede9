//! The frames that pprof drops from every profile in one of these formats: those of the
//! allocator, the lock or the profiler itself, at the leaf. The expressions accept the same
//! names as pprof's.

use crate::error::Result;
use crate::model::ProfileBuilder;

/// Allocators: C's and C++'s, tcmalloc, macOS's zones, and Go's runtime.
const ALLOCATION: &str = "(tc_|malloc_zone_)?(malloc|calloc|valloc|realloc|memalign)\
    |(tc_)?(cfree|pvalloc)|free|tc_free|malloc_zone_free\
    |do_memalign|((__)?|tc_)posix_memalign\
    |tc_(new|delete)(array)?|tc_new(array)?_nothrow\
    |(tcmalloc|BaseArena)::.*|runtime\\..*\
    |(::)?do_malloc(_pages|_no_errno)?\
    |DoSampledAllocation|MallocedMemBlock::MallocedMemBlock|__libc_malloc|cpp_alloc\
    |_M_allocate|((__gnu_cxx::new_allocator|__malloc_alloc_template|simple_alloc)::)?allocate\
    |__builtin_(vec_)?(new|delete)|operator new(\\[\\])?";

/// What stays of Go's runtime, in the middle of a stack.
const NOT_ALLOCATION: &str = r"runtime\.(panic|reflectcall|call[0-9]*)";

/// The ends of locks.
const LOCK: &str = "(base::)?RecordLockProfileData.*\
    |(base::)?Submit(Mutex|SpinLock)ProfileData.*\
    |((base::)?Mutex::)?(AwaitCommon|Unlock(Slow)?|ReaderUnlock).*\
    |((base::)?MutexLock::)?~MutexLock.*\
    |(SpinLock::)?(Unlock|SlowUnlock).*\
    |(SpinLockHolder::)?~SpinLockHolder.*";

/// The signal handler of a CPU profiler.
const PROFILER: &str =
    "(ProfileData|CpuProfiler)::prof_handler|ProfileData::Add|__pthread_sighandler|__restore";

const HEAP: [&[&[u8]]; 4] = [
    &[b"objects", b"space"],
    &[b"inuse_objects", b"inuse_space"],
    &[b"alloc_objects", b"alloc_space"],
    &[
        b"alloc_objects",
        b"alloc_space",
        b"inuse_objects",
        b"inuse_space",
    ],
];

/// Sets `drop_frames` and `keep_frames` by the sample types.
pub(super) fn set(builder: &mut ProfileBuilder) -> Result<()> {
    let profile = builder.profile();
    let types = profile.sample_types.iter();
    let names: Vec<&[u8]> = types.map(|t| profile.strings.bytes(t.kind)).collect();
    let (drop, keep) = if HEAP.contains(&names.as_slice()) {
        (ALLOCATION, NOT_ALLOCATION)
    } else if names == [&b"contentions"[..], b"delay"] {
        (LOCK, "")
    } else {
        (PROFILER, "")
    };
    let rows = (
        builder.string(drop.as_bytes())?,
        builder.string(keep.as_bytes())?,
    );
    let profile = builder.profile();
    (profile.drop_frames, profile.keep_frames) = rows;
    Ok(())
}
