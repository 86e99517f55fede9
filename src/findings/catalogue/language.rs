//! D: data structures and the mechanics of the language.

use super::super::rule::{Look, NOTHING, RULE, Rule, Severity, Signature};
use crate::model::Kind;
use Severity::{Critical, High, Info, Low, Medium};

const BOTH: &[Kind] = &[Kind::Cpu, Kind::Allocs];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "D01",
        name: "map-growth",
        title: "Maps grow from small to large again and again",
        look: Look::Stacks(Signature {
            any: "internal/runtime/maps.(*table).{rehash,grow,split,reset} internal/runtime/maps.{newTable,newarray,newGroups} internal/runtime/maps.(*Map).{growToTable,growToSmall,installTableSplit} runtime.{hashGrow,growWork*,evacuate*,makeBucketArray}",
            without: "runtime.doInit* encoding/* regexp*",
            ..NOTHING
        }),
        ladder: &[
            (0.04, Info),
            (0.05, Low),
            (0.10, Medium),
            (0.20, High),
            (0.40, Critical),
        ],
        removable: 0.8,
        why: "A map that outgrows its table moves all of its entries; growing to n entries moves about as many again.",
        guard: "A long-lived map that fills once at the start.",
        now: &[
            "Size it at once in {site}: make(map[K]V, n); where it is refilled, clear(m) and reuse it.",
        ],
        later: &["For small integer keys a slice; for keys known in advance a sorted slice."],
        snippet: Some((
            "m := make(map[string]int)",
            "m := make(map[string]int, len(items))",
        )),
        falsifier: "The map is built once per process.",
        refs: &["go.dev/blog/swisstable"],
        explains: &["A04", "A01", "A02", "A03", "D02", "D06", "A07"],
        ..RULE
    },
    Rule {
        id: "D02",
        name: "map-access-hot",
        title: "Looking up and storing in maps takes much of the time",
        look: Look::Stacks(Signature {
            boundary: "runtime.{mapaccess1,mapaccess2}* runtime.{mapassign,mapdelete}* runtime.{mapIterNext,mapiternext,mapIterStart,mapiterinit} internal/runtime/maps.*",
            without: "internal/runtime/maps.(*table).{rehash,grow,split} runtime.{hashGrow,growWork*,evacuate*} encoding/* regexp* reflect.*",
            ..NOTHING
        }),
        ladder: &[(0.08, Low), (0.10, Medium), (0.20, High), (0.40, Critical)],
        removable: 0.5,
        why: "Each access hashes the key and probes memory that is often not in the cache; string and interface keys cost most.",
        guard: "In a very large map the memory itself is the cost.",
        now: &[
            "In {site} look up once (v, ok := m[k]) instead of testing and fetching; hoist lookups out of loops.",
            "Make keys cheaper: an integer or a small struct instead of a string built for the purpose; a slice for few or dense keys.",
        ],
        later: &["Intern keys (package unique), or shard by what is known."],
        snippet: Some((
            "if _, ok := m[k]; ok {\n\tuse(m[k])\n}",
            "if v, ok := m[k]; ok {\n\tuse(v)\n}",
        )),
        falsifier: "A benchmark with a slice or a sized map is no faster.",
        refs: &["go.dev/blog/swisstable"],
        ..RULE
    },
    Rule {
        id: "D03",
        name: "slice-growth",
        title: "Slices grow by appending, and are copied each time",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "slices.Grow bytes.growSlice bytes.(*Buffer).grow reflect.growslice strings.(*Builder).grow",
            boundary: "runtime.growslice*",
            without: "fmt.* encoding/* regexp* runtime.doInit* compress/*",
            ..NOTHING
        }),
        ladder: &[
            (0.04, Info),
            (0.05, Low),
            (0.10, Medium),
            (0.20, High),
            (0.40, Critical),
        ],
        removable: 0.7,
        why: "append beyond the capacity allocates a larger array and copies; a slice that grows from nothing to n is copied about twice over.",
        guard: "The final length is not known.",
        now: &["Give {site} the capacity: make([]T, 0, n), slices.Grow, or reuse with s = s[:0]."],
        later: &["The prealloc linter finds such loops."],
        snippet: Some((
            "var out []Item\nfor _, x := range in {\n\tout = append(out, convert(x))\n}",
            "out := make([]Item, 0, len(in))\nfor _, x := range in {\n\tout = append(out, convert(x))\n}",
        )),
        falsifier: "With the capacity given, the benchmark's B/op does not fall.",
        refs: &["go.dev/blog/slices-intro"],
        explains: &["A04", "A01", "A02", "A03", "A07", "D06"],
        ..RULE
    },
    Rule {
        id: "D04",
        name: "interface-boxing",
        title: "Values are boxed into interfaces",
        look: Look::Stacks(Signature {
            boundary: "runtime.convT runtime.convT{16,32,64,string,slice,noptr}",
            without: "fmt.* encoding/* reflect.*",
            ..NOTHING
        }),
        ladder: &[(0.03, Low), (0.05, Medium), (0.15, High)],
        removable: 0.8,
        why: "Putting a value that is no pointer into an interface copies it to the heap.",
        guard: "Small integers below 256, zero values, constants and pointers cost nothing. Inside fmt it is fmt's cost.",
        now: &[
            "Use typed slices or generics in {site} instead of any; pass pointers to what is on the heap already; guard variadic ...any logging with Enabled().",
        ],
        later: &["A benchmark with -benchmem in CI: boxing shows as allocs/op."],
        snippet: Some((
            "func sum(xs []any) (n int) {",
            "func sum[T int | int64](xs []T) (n T) {",
        )),
        falsifier: "go build -gcflags=-m names no value that escapes at the line.",
        refs: &["go.dev/wiki/CompilerOptimizations"],
        explains: &["A04", "A01", "A02", "A03", "A05"],
        ..RULE
    },
    Rule {
        id: "D05",
        name: "pool-of-slices",
        title: "A sync.Pool allocates for every Put",
        ladder: &[(0.02, Medium)],
        removable: 0.9,
        why: "Putting a slice into a pool boxes its header: 24 bytes on the heap for each Put, which is what the pool was to save.",
        guard: "",
        now: &[
            "Pool pointers in {site}: *[]byte or *bytes.Buffer, and drop buffers that have grown too large.",
        ],
        later: &["staticcheck SA6002 finds it."],
        snippet: Some((
            "buf := pool.Get().([]byte)\ndefer pool.Put(buf)",
            "buf := pool.Get().(*[]byte)\ndefer pool.Put(buf)",
        )),
        falsifier: "allocs/op of Get and Put is 0.",
        refs: &["staticcheck.dev/docs/checks#SA6002"],
        explains: &["D04", "A04", "A01", "A02", "A03"],
        ..RULE
    },
    Rule {
        id: "D06",
        name: "large-copy",
        title: "Copying memory takes much of the time",
        look: Look::Stacks(Signature {
            leaf: "runtime.{memmove,typedmemmove,typedslicecopy,duffcopy,duffzero}",
            without: "runtime.growslice* runtime.concat* runtime.bgsweep io.* bufio.* os.* net.* syscall.* bytes.* strings.* compress/* internal/poll.*",
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium), (0.20, High), (0.40, Critical)],
        removable: 0.7,
        why: "Large structs are copied by value: as arguments, as receivers, by range.",
        guard: "copy() for I/O is the job; from Go 1.27 on large copies may be inlined and then look like the line's own time.",
        now: &[
            "Pass pointers in {site}, range by index (p := &s[i]), and split rarely used fields off.",
        ],
        later: &[
            "gocritic's hugeParam and rangeValCopy find it; fieldalignment makes structs smaller.",
        ],
        snippet: Some((
            "for _, v := range records {",
            "for i := range records {\n\tv := &records[i]",
        )),
        falsifier: "The copies are of buffers that have to be copied.",
        refs: &["go-critic.com/overview#hugeparam"],
        ..RULE
    },
    Rule {
        id: "D07",
        name: "defer-in-loop",
        title: "Deferred calls in a loop",
        look: Look::Stacks(Signature {
            any: "runtime.{deferproc,deferprocStack,deferprocat,newdefer,popDefer,deferreturn,freedefer} runtime.(*_panic).nextDefer runtime.(*_panic).nextFrame",
            without: "runtime.gopanic",
            ..NOTHING
        }),
        ladder: &[(0.02, Medium)],
        removable: 0.9,
        why: "A defer outside of loops is compiled in place and costs next to nothing. In a loop each one is a record that is kept until the function returns.",
        guard: "The time of what is deferred is not counted, only the mechanism.",
        now: &[
            "Move the body of the loop in {site} into a function of its own, or close explicitly at the end of the body.",
        ],
        later: &["gocritic's deferInLoop and revive's defer find it."],
        snippet: Some((
            "for _, name := range names {\n\tf, _ := os.Open(name)\n\tdefer f.Close()\n\tread(f)\n}",
            "for _, name := range names {\n\tfunc() {\n\t\tf, _ := os.Open(name)\n\t\tdefer f.Close()\n\t\tread(f)\n\t}()\n}",
        )),
        falsifier: "No defer of the function stands in a loop or a branch.",
        refs: &["go.dev/doc/go1.14 (defer)"],
        explains: &["A04"],
        ..RULE
    },
    Rule {
        id: "D08",
        name: "panic-recover-flow",
        title: "Panics are used as ordinary results",
        look: Look::Stacks(Signature {
            any: "runtime.{gopanic,gorecover} runtime.(*_panic).*",
            with: "runtime.gopanic",
            ..NOTHING
        }),
        ladder: &[(0.01, Medium), (0.10, High)],
        removable: 0.9,
        why: "A panic unwinds the stack frame by frame and runs what is deferred: thousands of times the cost of returning an error.",
        guard: "",
        now: &["Return an error from {site} and test it."],
        later: &["Keep panics for broken invariants."],
        snippet: Some((
            "defer func() { recover() }()\nparse(s) // panics on bad input",
            "v, err := parse(s)\nif err != nil {",
        )),
        falsifier: "The panics are rare.",
        refs: &["go.dev/blog/defer-panic-and-recover"],
        explains: &["D07", "A04"],
        ..RULE
    },
    Rule {
        id: "D09",
        name: "stack-growth",
        title: "Goroutine stacks grow over and over",
        look: Look::Stacks(Signature {
            any: "runtime.copystack",
            ..NOTHING
        }),
        ladder: &[(0.03, Medium), (0.10, High)],
        removable: 0.8,
        why: "A goroutine begins with a small stack; a deep call copies it to one twice as large, again and again, and a new goroutine begins anew.",
        guard: "newstack without copystack is preemption and is not counted.",
        now: &[
            "Keep the goroutines that {site} starts: a fixed set of workers instead of one per item; make recursion iterative or frames smaller.",
        ],
        later: &[
            "Go sizes new stacks by the average in use since 1.19; uniform work profits most.",
        ],
        snippet: Some((
            "for _, x := range items {\n\tgo deep(x)\n}",
            "for range runtime.GOMAXPROCS(0) {\n\tgo func() {\n\t\tfor x := range work {\n\t\t\tdeep(x)\n\t\t}\n\t}()\n}",
        )),
        falsifier: "The goroutines live long.",
        refs: &["go.dev/doc/go1.19 (runtime)"],
        explains: &["C08", "A04"],
        ..RULE
    },
    Rule {
        id: "D10",
        name: "sort-reflection",
        title: "Sorting through an interface or reflection",
        look: Look::Stacks(Signature {
            any: "sort.{Slice,SliceStable,Sort,Stable,Strings,Ints}",
            without: "regexp* encoding/* text/template* net/http.*",
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium), (0.20, High), (0.40, Critical)],
        removable: 0.3,
        why: "package sort calls Less and Swap through an interface or a closure for every comparison; sort.Slice also swaps by reflection.",
        guard: "Most of the time may be the comparison itself.",
        now: &[
            "slices.SortFunc or slices.Sort in {site}: typed, inlined where possible; compute sort keys once before sorting.",
        ],
        later: &["Keep the data sorted, or take the k smallest with a heap."],
        snippet: Some((
            "sort.Slice(xs, func(i, j int) bool { return xs[i].N < xs[j].N })",
            "slices.SortFunc(xs, func(a, b Item) int { return cmp.Compare(a.N, b.N) })",
        )),
        falsifier: "With slices.SortFunc the benchmark does not change: then the comparison is the cost.",
        refs: &["pkg.go.dev/slices#SortFunc"],
        ..RULE
    },
    Rule {
        id: "D11",
        name: "context-value-chain",
        title: "Values are looked up in long chains of contexts",
        look: Look::Stacks(Signature {
            any: "context.value context.(*valueCtx).Value",
            ..NOTHING
        }),
        ladder: &[(0.02, Low), (0.10, Medium), (0.20, High)],
        removable: 0.8,
        why: "Each Value walks the chain of contexts up to the key: one step for every WithValue and WithCancel between.",
        guard: "",
        now: &[
            "Fetch once per request in {site} and pass the value on; bundle what belongs together in one struct under one key.",
        ],
        later: &["Explicit parameters for what every function needs."],
        snippet: Some((
            "for _, x := range items {\n\tlog(ctx.Value(loggerKey), x)\n}",
            "logger := ctx.Value(loggerKey)\nfor _, x := range items {\n\tlog(logger, x)\n}",
        )),
        falsifier: "The chain is short and the lookups few.",
        refs: &["pkg.go.dev/context#WithValue"],
        ..RULE
    },
    Rule {
        id: "D12",
        name: "assertion-dispatch",
        title: "Type assertions and interface comparisons take time",
        look: Look::Stacks(Signature {
            boundary: "runtime.{assertE2I,assertE2I2,assertI2I,assertI2I2,typeAssert,interfaceSwitch,getitab,ifaceeq,efaceeq,nilinterequal,interequal}",
            without: "encoding/* fmt.* reflect.*",
            ..NOTHING
        }),
        ladder: &[(0.03, Low), (0.10, Medium)],
        removable: 0.6,
        why: "Assertions to interfaces search for a method table; comparing interfaces compares types and then values.",
        guard: "From Go 1.22 on each place keeps a cache, so that most assertions do not show at all.",
        now: &["Use concrete types in the inner loop of {site}, and assert once outside."],
        later: &["Profile-guided optimisation devirtualises hot calls."],
        falsifier: "A benchmark with concrete types is no faster.",
        refs: &["go.dev/doc/pgo"],
        ..RULE
    },
    Rule {
        id: "D13",
        name: "pgo-opportunity",
        title: "The program's own code is spread out: profile-guided optimisation may help",
        ladder: &[],
        removable: 0.05,
        why: "Much of the time is in many own functions, where the compiler gains from knowing which calls are hot: 2 to 14 % in the measurements of the Go team.",
        guard: "The profile has to be of production load; benchmarks mislead the compiler.",
        now: &[
            "Save a representative CPU profile as default.pgo beside the main package, rebuild and compare.",
        ],
        later: &["Renew it at every release; merge profiles of equal duration only."],
        falsifier: "The benchmark before and after does not differ.",
        refs: &["go.dev/doc/pgo"],
        ..RULE
    },
];
