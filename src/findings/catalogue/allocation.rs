//! A: allocating, and collecting what was allocated.

use super::super::rule::{Look, NOTHING, RULE, Rule, Severity, Signature};
use super::ALLOCATION;
use crate::model::Kind;
use Severity::{Critical, High, Low, Medium};

const MEMORY: &[Kind] = &[Kind::Allocs];

/// Marking and its control by processors that had something else to do. Sweeping in the
/// background and marking by idle processors are left out: they take what nobody wanted.
const COLLECTING: &str = "runtime.{gcBgMarkWorker,gcDrain,gcDrainMarkWorkerDedicated} \
    runtime.gcDrainMarkWorkerFractional runtime._GC runtime.{gcStart,gcMarkDone} \
    runtime.gcMarkTermination runtime.gcAssistAlloc* runtime.deductSweepCredit \
    gcWriteBarrier* runtime.{gcWriteBarrier,wbBufFlush,wbBufFlush1} runtime.bulkBarrierPreWrite*";
const COLLECTING_IDLE: &str = "runtime.{gcDrainMarkWorkerIdle,bgsweep,bgscavenge}";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "A01",
        name: "gc-pressure",
        title: "The garbage collector takes a large part of the CPU time",
        look: Look::Stacks(Signature {
            any: COLLECTING,
            without: COLLECTING_IDLE,
            ..NOTHING
        }),
        ladder: &[(0.10, Low), (0.20, Medium), (0.30, High), (0.45, Critical)],
        removable: 0.5,
        why: "Every byte allocated brings the next collection closer, and every collection marks all that is alive. The pacer lets marking take a quarter of the processors while it runs; beyond that, goroutines assist.",
        guard: "Marking by idle processors and background sweeping are not counted: on idle cores they cost nothing.",
        now: &[
            "Allocate less at the sites that the allocation findings name; that is what the collector runs for.",
            "Where memory is to spare: raise GOGC (200 halves the number of cycles), with GOMEMLIMIT as the ceiling.",
        ],
        later: &[
            "Fewer pointers: slices of values instead of pointers, indices instead of references; memory without pointers is not scanned.",
            "Go 1.26 and later mark with Green Tea, 10 to 40 % cheaper for programs that mark much.",
        ],
        falsifier: "GOGC=off for one run (with memory enough) leaves CPU time and latency as they are.",
        verify: "GODEBUG=gctrace=1 before and after: cycles per second and their CPU share should fall.",
        refs: &["go.dev/doc/gc-guide", "go.dev/blog/greenteagc"],
        explains: &["A03"],
        ..RULE
    },
    Rule {
        id: "A02",
        name: "gc-assist",
        title: "Goroutines are made to help the collector while they allocate",
        look: Look::Stacks(Signature {
            any: "runtime.gcAssistAlloc*",
            ..NOTHING
        }),
        ladder: &[(0.02, Low), (0.05, High), (0.15, Critical)],
        removable: 0.8,
        why: "Allocation outruns the collector, so whoever allocates has to mark first: the work sits in the latency of requests. The guide to the collector calls more than 5 % a sign of it.",
        guard: "Part of the allocation share (A04): the two are not added.",
        now: &[
            "Allocate less in {site}, which assists most.",
            "Raise GOGC or set GOMEMLIMIT, so that the collector starts earlier with more room.",
        ],
        later: &[
            "Limit what is in flight (admission control), so that bursts do not outrun the collector.",
        ],
        falsifier: "Assists vanish with GOGC=400 while the latency of requests stays.",
        refs: &["go.dev/doc/gc-guide#Identifying_costs"],
        ..RULE
    },
    Rule {
        id: "A03",
        name: "write-barrier-pressure",
        title: "Writing pointers while the collector marks is expensive here",
        look: Look::Stacks(Signature {
            any: "gcWriteBarrier* runtime.gcWriteBarrier* runtime.wbBufFlush* runtime.bulkBarrierPreWrite*",
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium)],
        removable: 0.7,
        why: "While marking runs, every pointer store goes through the write barrier. It is only on during collections, so it grows with their number.",
        guard: "Usually falls with the collector's share (A01).",
        now: &[
            "Store fewer pointers in {site}: value slices, indices, or reuse an object instead of replacing it.",
        ],
        later: &[
            "Keep pointer-free maps and slices for large tables: they are neither scanned nor barred.",
        ],
        falsifier: "The share stays when collections become rarer (GOGC=400).",
        refs: &["go.dev/doc/gc-guide"],
        ..RULE
    },
    Rule {
        id: "A04",
        name: "alloc-heavy-cpu",
        title: "Allocating memory takes a large part of the CPU time",
        look: Look::Stacks(Signature {
            any: ALLOCATION,
            ..NOTHING
        }),
        ladder: &[(0.15, Medium), (0.25, High), (0.40, Critical)],
        removable: 0.7,
        why: "Time inside mallocgc and its size-class variants, assists included. The guide to the collector names 15 % as worth a look.",
        guard: "From Go 1.27 on the compiler calls variants for each size class; all of them are counted.",
        now: &[
            "Look at what asks for the memory in {site}: growing slices, joining strings, boxing into interfaces and closures that escape each have their own remedy below.",
            "go build -gcflags=-m names the values that escape to the heap; keep them on the stack or reuse them.",
        ],
        later: &[
            "Keep a budget of allocs/op in the benchmarks of CI (-benchmem): it is exact, unlike time.",
        ],
        falsifier: "An allocation profile of the same run without a dominating site.",
        refs: &["go.dev/doc/gc-guide#Identifying_costs", "go.dev/doc/go1.27"],
        explains: &["A01", "A02", "A03", "T03", "T08"],
        ..RULE
    },
    Rule {
        id: "A05",
        name: "small-object-churn",
        title: "Very many small objects come from one place",
        kinds: MEMORY,
        ladder: &[(0.10, Medium), (0.40, High)],
        removable: 0.8,
        why: "The cost of an allocation is mostly per object. Below 128 bytes the overhead outweighs the content, and each object is one more for the collector to visit.",
        guard: "Count of objects stands for time; for the pressure on the collector bytes count.",
        now: &[
            "Combine the objects that {site} makes: one slice of values instead of many pointers, one buffer reused, a preallocated result.",
            "Return small values instead of pointers to them.",
        ],
        later: &["Set a budget of allocs/op for its benchmark."],
        falsifier: "Benchmark of the site with -benchmem: few allocs/op.",
        refs: &["go.dev/wiki/Performance"],
        explains: &["A04", "A01"],
        ..RULE
    },
    Rule {
        id: "A06",
        name: "allocation-rate",
        title: "Memory is allocated fast enough to keep the collector busy",
        kinds: &[Kind::Heap, Kind::Allocs],
        ladder: &[(2.0, Low), (10.0, Medium), (50.0, High)],
        removable: 0.5,
        why: "The collector runs each time as much was allocated as was alive (GOGC=100): the rate of allocation over the live heap gives its cycles per second.",
        guard: "Assumes GOGC=100 and no GOMEMLIMIT where the file does not say; small live heaps count as 4 MiB.",
        now: &[
            "Start with the largest sites by bytes allocated; stream instead of building whole results.",
        ],
        later: &["GOGC and GOMEMLIMIT trade memory for fewer cycles."],
        falsifier: "GODEBUG=gctrace=1 shows fewer cycles per second.",
        refs: &["go.dev/doc/gc-guide#GOGC"],
        explains: &["A01"],
        ..RULE
    },
    Rule {
        id: "A07",
        name: "large-object-zeroing",
        title: "Large objects are made and cleared for every use",
        kinds: &[Kind::Cpu],
        look: Look::Stacks(Signature {
            leaf: "runtime.memclrNoHeapPointers*",
            with: "runtime.mallocgcLarge runtime.makeslice runtime.mallocgc runtime.memclrNoHeapPointersChunked",
            without: "runtime.bgsweep runtime.growslice*",
            ..NOTHING
        }),
        removable: 0.9,
        why: "Objects above 32 KiB come from fresh pages and are cleared at each allocation; buffers made per operation pay that every time.",
        guard: "One-time buffers at the start.",
        now: &[
            "Reuse the buffer that {site} makes: a sync.Pool of *[]byte or *bytes.Buffer, or one buffer per worker.",
            "Reset writers and readers (gzip.Writer.Reset, bufio.Reader.Reset) instead of making new ones: a fresh flate writer clears about 1 MB.",
        ],
        later: &["Benchmark with -benchmem: B/op shows a buffer per operation at once."],
        snippet: Some((
            "zw := gzip.NewWriter(w)",
            "zw := writers.Get().(*gzip.Writer) // sync.Pool\nzw.Reset(w)\ndefer writers.Put(zw)",
        )),
        falsifier: "B/op of the benchmark is small.",
        refs: &["pkg.go.dev/compress/gzip#Writer.Reset"],
        explains: &["A04", "T03", "T08"],
        ..RULE
    },
    Rule {
        id: "A08",
        name: "explicit-gc",
        title: "The program seems to run the garbage collector itself",
        kinds: &[Kind::Cpu, Kind::Heap, Kind::Allocs],
        ladder: &[],
        removable: 0.9,
        why: "runtime.GC, debug.FreeOSMemory, runtime.ReadMemStats and heap snapshots stop the world or force a whole collection.",
        guard: "One call before a heap snapshot is right. A forced collection leaves no frame of its caller in a CPU profile, so this is a hint, not a proof.",
        now: &[
            "Search the code for runtime.GC, debug.FreeOSMemory and runtime.ReadMemStats in loops and request paths, and delete them.",
            "Read numbers with runtime/metrics: it does not stop the world.",
        ],
        later: &["Alert on NumForcedGC."],
        falsifier: "NumForcedGC does not grow between two readings.",
        refs: &["pkg.go.dev/runtime/metrics"],
        explains: &["A01"],
        ..RULE
    },
    Rule {
        id: "A09",
        name: "gc-frequency",
        title: "The runtime's own counters show a busy collector",
        kinds: &[Kind::Heap, Kind::Allocs],
        ladder: &[(0.05, Low), (0.10, Medium), (0.25, High)],
        removable: 0.5,
        why: "GCCPUFraction is the share of the CPU time that was available since the program started, not of what it used; pauses are those of the last collections.",
        guard: "Not comparable with shares of a CPU profile: the denominator is another one.",
        now: &["Take an allocation profile and start with the largest site by bytes allocated."],
        later: &[
            "Watch /gc/cycles/total:gc-cycles and /cpu/classes/gc/total:cpu-seconds of runtime/metrics.",
        ],
        falsifier: "GODEBUG=gctrace=1 with short, rare collections.",
        refs: &["pkg.go.dev/runtime#MemStats"],
        ..RULE
    },
];
