//! The memory statistics at the end of Go's heap texts.

/// `runtime.MemStats` as the text of a heap (`debug=1`) has it, in bytes where nothing else is
/// said. What a text does not have is 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemStats {
    /// Bytes of living objects and of dead ones not swept yet.
    pub alloc: u64,
    /// Bytes of all objects there ever were.
    pub total_alloc: u64,
    /// Bytes obtained from the system.
    pub sys: u64,
    /// Pointer look-ups of the runtime, a count.
    pub lookups: u64,
    /// Objects allocated so far, a count.
    pub mallocs: u64,
    /// Objects freed so far, a count.
    pub frees: u64,
    /// The same as `alloc`.
    pub heap_alloc: u64,
    /// Obtained from the system for the heap.
    pub heap_sys: u64,
    /// In spans without an object.
    pub heap_idle: u64,
    /// In spans with one at least.
    pub heap_inuse: u64,
    /// Given back to the system, of `heap_idle`.
    pub heap_released: u64,
    /// Objects, living or not swept yet, a count.
    pub heap_objects: u64,
    /// Stacks in use, and obtained for stacks.
    pub stack: (u64, u64),
    /// The runtime's spans: in use, and obtained.
    pub mspan: (u64, u64),
    /// The runtime's caches: in use, and obtained.
    pub mcache: (u64, u64),
    /// Hash table of the profilers.
    pub buck_hash_sys: u64,
    /// Metadata of the collector.
    pub gc_sys: u64,
    /// Everything else.
    pub other_sys: u64,
    /// Size of the heap at which the next collection ends.
    pub next_gc: u64,
    /// When the last collection ended, ns since 1970; 0 when there was none.
    pub last_gc: u64,
    /// The last pauses, up to 256, in ns; a ring whose latest entry is at
    /// `(num_gc + 255) % 256`.
    pub pause_ns: Vec<u64>,
    /// When they ended, ns since 1970.
    pub pause_end: Vec<u64>,
    /// Collections so far, a count.
    pub num_gc: u64,
    /// Collections that the program asked for, a count.
    pub num_forced_gc: u64,
    /// Share of the available CPU time since the start that collections took, 0 to 1.
    pub gc_cpu_fraction: f64,
    /// `GODEBUG` asks for debugging of the collector.
    pub debug_gc: bool,
    /// The most memory that the process ever had resident; 0 where the system does not say.
    pub max_rss: u64,
}

impl MemStats {
    /// The pauses there were, ns, latest first.
    pub fn pauses(&self) -> Vec<u64> {
        let len = self.pause_ns.len() as u64;
        if len == 0 {
            return Vec::new();
        }
        let known = self.num_gc.min(len);
        let latest_first = (0..known).map(|back| (self.num_gc - 1 - back) % len);
        latest_first.map(|i| self.pause_ns[i as usize]).collect()
    }
}
