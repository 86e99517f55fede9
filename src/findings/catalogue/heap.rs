//! H: memory in use, and whether it grows.

use super::super::rule::{RULE, Rule, Severity};
use crate::model::Kind;
use Severity::{High, Info, Low, Medium};

const MEMORY: &[Kind] = &[Kind::Heap, Kind::Allocs];

/// Bytes in a mebibyte.
const MIB: f64 = 1_048_576.0;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "H01",
        name: "heap-growth-leak",
        title: "Memory in use grows from snapshot to snapshot",
        kinds: MEMORY,
        ladder: &[],
        removable: 0.9,
        why: "The same place holds more at every snapshot of one process, by more than sampling explains.",
        guard: "Caches that fill to their limit and programs that are still starting grow, too: compare snapshots after two collections.",
        now: &[
            "Find who keeps what {site} allocates: a map, a slice or a goroutine that is never let go. Delete, evict or close.",
        ],
        later: &["Alert on the slope of memory in use; take two heaps in CI and compare them."],
        falsifier: "A later snapshot of the same process that is no larger.",
        verify: "Three snapshots at equal distance after the change: the site's line must be flat.",
        refs: &["pkg.go.dev/net/http/pprof"],
        explains: &["H02", "H08", "H05"],
        ..RULE
    },
    Rule {
        id: "H02",
        name: "inuse-concentration",
        title: "Most of the memory in use comes from one place",
        kinds: MEMORY,
        ladder: &[(64.0 * MIB, Medium), (1024.0 * MIB, High)],
        removable: 0.5,
        why: "One line allocated at least half of what is alive.",
        guard: "It may be the working set that the program exists for.",
        now: &[
            "Look at what {site} keeps: smaller types, interned strings, only the fields that are needed, or a file behind mmap.",
        ],
        later: &["Set GOMEMLIMIT, and alert below it."],
        falsifier: "The same amount in a program that does the same with less data.",
        refs: &["go.dev/doc/gc-guide"],
        ..RULE
    },
    Rule {
        id: "H03",
        name: "map-never-shrinks",
        title: "A large map may hold memory that it no longer needs",
        kinds: MEMORY,
        ladder: &[(16.0 * MIB, Info), (128.0 * MIB, Medium)],
        removable: 0.5,
        why: "Deleting from a map does not give its tables back; a map that was large once stays so.",
        guard: "A map that is as full as it ever was needs its tables.",
        now: &[
            "Make a new map after deleting most of the old one in {site}; or split it and drop whole parts.",
        ],
        later: &["Values as pointers keep the tables small."],
        snippet: Some((
            "for k := range m {\n\tif old(k) {\n\t\tdelete(m, k)\n\t}\n}",
            "fresh := make(map[K]V, keep)\nfor k, v := range m {\n\tif !old(k) {\n\t\tfresh[k] = v\n\t}\n}\nm = fresh",
        )),
        falsifier: "len(m) is near the most it ever was.",
        refs: &["golang/go#20135"],
        ..RULE
    },
    Rule {
        id: "H04",
        name: "subslice-retention",
        title: "Small parts may be keeping large buffers alive",
        kinds: MEMORY,
        ladder: &[(8.0 * MIB, Low)],
        removable: 0.8,
        why: "A substring or subslice keeps the whole array that it was cut from.",
        guard: "The whole content may be needed: this is only worth a check.",
        now: &[
            "Copy the part that is kept from what {site} read: strings.Clone, bytes.Clone, slices.Clip.",
        ],
        later: &["Keep values in their own small structs, parsed."],
        snippet: Some((
            "name := line[:i]\nnames = append(names, name)",
            "names = append(names, strings.Clone(line[:i]))",
        )),
        falsifier: "After cloning, memory in use stays.",
        refs: &["pkg.go.dev/strings#Clone"],
        ..RULE
    },
    Rule {
        id: "H05",
        name: "unbounded-cache",
        title: "What goes into this cache seems never to leave it",
        kinds: MEMORY,
        ladder: &[(16.0 * MIB, Medium), (256.0 * MIB, High)],
        removable: 0.8,
        why: "A place with the name of a cache or store holds nearly everything that it ever allocated.",
        guard: "A cache that is still filling, or a table that is meant to be complete.",
        now: &[
            "Give it a bound in {site}: a maximum size with LRU, or a time to live that really removes.",
        ],
        later: &["Weak pointers (Go 1.24) for what can be made again."],
        snippet: Some((
            "cache[key] = value",
            "if len(cache) >= limit {\n\tevictOldest()\n}\ncache[key] = value",
        )),
        falsifier: "A later snapshot with the same size.",
        refs: &["pkg.go.dev/weak"],
        explains: &["H02", "H08"],
        ..RULE
    },
    Rule {
        id: "H06",
        name: "goroutine-retained",
        title: "Goroutines that never end keep memory alive",
        kinds: MEMORY,
        ladder: &[],
        removable: 0.9,
        why: "The type whose goroutines pile up is also among the holders of memory: each goroutine keeps its receiver, and all that it refers to.",
        guard: "",
        now: &[
            "End the goroutines that {site} starts: Close, Stop or a context that is cancelled.",
        ],
        later: &["Tests with goleak.VerifyTestMain."],
        falsifier: "After closing, a forced collection leaves the memory in use.",
        refs: &["pkg.go.dev/go.uber.org/goleak"],
        ..RULE
    },
    Rule {
        id: "H07",
        name: "stack-memory",
        title: "Goroutine stacks take much of the memory",
        kinds: MEMORY,
        ladder: &[(128.0 * MIB, Medium), (1024.0 * MIB, High)],
        removable: 0.7,
        why: "Every goroutine has a stack of at least 2 KiB; deep calls make it larger, and heap profiles do not show it.",
        guard: "",
        now: &["Fewer goroutines at a time: workers with a queue; flatter calls."],
        later: &["Watch /memory/classes/heap/stacks:bytes of runtime/metrics."],
        falsifier: "The number of goroutines is small.",
        refs: &["pkg.go.dev/runtime#MemStats"],
        ..RULE
    },
    Rule {
        id: "H08",
        name: "survival-ratio",
        title: "What this place allocates is thrown away at once",
        kinds: MEMORY,
        ladder: &[(0.10, Info)],
        removable: 0.6,
        why: "One of the largest allocators has next to nothing in use: pure churn for the collector.",
        guard: "Streaming through small buffers looks the same and is cheap per byte.",
        now: &["Reuse what {site} makes: a buffer per worker, a sync.Pool, s = s[:0]."],
        later: &["Budget of B/op in its benchmark."],
        falsifier: "B/op of the benchmark is small.",
        refs: &["go.dev/doc/gc-guide"],
        ..RULE
    },
    Rule {
        id: "H09",
        name: "timer-leak",
        title: "Many timers are alive",
        kinds: MEMORY,
        ladder: &[(1000.0, Medium)],
        removable: 0.9,
        why: "Before Go 1.23 a timer that was not stopped stays until it fires, and a ticker for ever.",
        guard: "From Go 1.23 on (in modules that say so) unreferenced timers are collected.",
        now: &[
            "Stop timers and tickers in {site} (defer t.Stop()), and do not use time.After in a loop.",
        ],
        later: &["Go 1.23 or later in go.mod."],
        snippet: Some((
            "<-time.After(d)",
            "t := time.NewTimer(d)\ndefer t.Stop()\n<-t.C",
        )),
        falsifier: "The number does not grow.",
        refs: &["go.dev/doc/go1.23 (timers)"],
        go: (0, 22),
        ..RULE
    },
    Rule {
        id: "H10",
        name: "rss-gap",
        title: "Much of the heap is fragmented or not given back",
        kinds: MEMORY,
        ladder: &[(64.0 * MIB, Low)],
        removable: 0.5,
        why: "Spans in use hold fewer live bytes than they could: memory that the operating system sees and the program does not use.",
        guard: "Directly after a peak this is normal; the runtime gives idle memory back in the background.",
        now: &[
            "Set GOMEMLIMIT, so that the runtime gives memory back in time; avoid sizes just above a size class.",
        ],
        later: &["Watch /memory/classes/heap/free:bytes and unused:bytes."],
        falsifier: "The gap closes within minutes.",
        refs: &["go.dev/doc/gc-guide#Memory_limit"],
        ..RULE
    },
];
