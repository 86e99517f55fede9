//! T: execution traces. Every event was recorded, so nothing is sampled; but a trace is of one
//! moment, and mostly of a short one.

use super::super::rule::{RULE, Rule, Severity};
use crate::model::Kind;
use Severity::{High, Low, Medium};

const TRACE: &[Kind] = &[Kind::Trace];

/// How a change is checked.
const AGAIN: &str = "go test -run='^$' -bench=NAME -trace=trace.out before and after, then dropprof findings trace.out.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "T01",
        name: "scheduling-latency",
        title: "Goroutines that could run wait long for a processor",
        kinds: TRACE,
        // Milliseconds at the 99th percentile; ten are a time slice of somebody else.
        ladder: &[(1.0, Low), (10.0, High)],
        removable: 0.0,
        why: "From being woken to running a goroutine should take microseconds. Where it takes milliseconds more goroutines want to run than there are processors, and each waits for the time slices (10 ms) of the others.",
        guard: "A machine that was busy with something else, or a container at its CPU limit, looks the same: the thread of the processor was not run.",
        now: &[
            "Let fewer goroutines calculate at a time: a pool of GOMAXPROCS workers, or errgroup with SetLimit, in front of {site}.",
            "Compare GOMAXPROCS with the CPU limit of the container (from Go 1.25 on it follows the limit).",
        ],
        later: &[
            "Keep what has to answer soon apart from what calculates long: another process, or chunks with work that can wait between them.",
            "Watch /sched/latencies:seconds of runtime/metrics.",
        ],
        falsifier: "A trace with GOMAXPROCS twice as large, on free processors, with the same waits.",
        verify: AGAIN,
        refs: &["pkg.go.dev/runtime/trace", "pkg.go.dev/runtime/metrics"],
        ..RULE
    },
    Rule {
        id: "T02",
        name: "stop-the-world",
        title: "The world is stopped for a noticeable part of the time",
        kinds: TRACE,
        // Share of the time.
        ladder: &[(0.01, Medium), (0.03, High)],
        removable: 0.0,
        why: "While the world is stopped nothing of the program runs, on any processor. A stop lasts from the wish to stop until the world goes on, so that whoever is slow to stop counts too.",
        guard: "The stop with which tracing begins is not counted. One long stop may be the machine's doing.",
        now: &[
            "Where the collector stops it: fewer collections, by allocating less or with a larger GOGC.",
        ],
        later: &["Watch /sched/pauses/total/gc:seconds and /sched/pauses/total/other:seconds."],
        falsifier: "A second trace of the same load with stops of microseconds only.",
        verify: AGAIN,
        refs: &["pkg.go.dev/runtime/metrics", "go.dev/doc/gc-guide"],
        ..RULE
    },
    Rule {
        id: "T03",
        name: "assist-time",
        title: "Goroutines mark for the collector instead of doing their work",
        kinds: TRACE,
        // Share of the time in which a group does anything.
        ladder: &[(0.05, High)],
        removable: 0.0,
        why: "Who allocates faster than the collector marks has to mark itself before it gets the memory: the work sits in the middle of whatever it was doing.",
        guard: "",
        now: &[
            "Allocate less in {site}: reuse buffers, make one slice of values instead of many pointers.",
            "Raise GOGC, or set GOMEMLIMIT and GOGC=off where memory is to spare: rarer collections start earlier relative to their goal.",
        ],
        later: &[
            "Limit what is in flight, so that bursts do not outrun the collector; keep a budget of B/op in the benchmarks of CI.",
        ],
        falsifier: "A trace with GOGC=400 that has as much assist time.",
        verify: AGAIN,
        refs: &["go.dev/doc/gc-guide#Identifying_costs"],
        explains: &["T01", "T04"],
        ..RULE
    },
    Rule {
        id: "T04",
        name: "proc-utilisation",
        title: "The collector leaves little of the processors for milliseconds at a time",
        kinds: TRACE,
        // The part that is missing.
        ladder: &[(0.5, Medium)],
        removable: 0.0,
        why: "What matters for latency is the worst window, not the mean: a request that falls into it has that little of the processors.",
        guard: "Idle processors that mark because nothing else is to do are not counted.",
        now: &[
            "Allocate less, or raise GOGC: fewer and shorter collections have fewer bad windows.",
        ],
        later: &["Watch /cpu/classes/gc/total:cpu-seconds and the tail of the latencies together."],
        falsifier: "A longer trace whose worst windows are better.",
        verify: AGAIN,
        refs: &["go.dev/doc/gc-guide#Latency"],
        ..RULE
    },
    Rule {
        id: "T05",
        name: "worker-imbalance",
        title: "A few workers do most of the work, the others wait",
        kinds: TRACE,
        // The busiest over the one in the middle.
        ladder: &[(2.0, Medium)],
        removable: 0.0,
        why: "The pool is as fast as its busiest worker: more workers do not help as long as the work is dealt out so.",
        guard: "By running time: workers that wait for something else inside a job look idle here.",
        now: &[
            "Let all workers of {site} take from one channel, so that who is free takes the next piece.",
            "Where each has to have its own part (by key): deal out smaller parts, by a hash that spreads them.",
        ],
        later: &["Measure the length of the queues, or jobs per worker."],
        snippet: Some((
            "parts[hash(job)%n] <- job",
            "jobs <- job // one channel for all workers",
        )),
        falsifier: "A trace with other data in which another worker, or none, is the busiest.",
        verify: AGAIN,
        refs: &["pkg.go.dev/golang.org/x/sync/errgroup"],
        explains: &["T10", "T16", "T07", "B07", "B04"],
        ..RULE
    },
    Rule {
        id: "T06",
        name: "syscall-blocking",
        title: "Much time is spent in blocking system calls, or in C",
        kinds: TRACE,
        // Share of the time of a group.
        ladder: &[(0.20, Low), (0.50, Medium)],
        removable: 0.0,
        why: "A blocking call keeps a thread, and until the runtime takes it away also a processor. Files, pipes and devices block; network connections do not, they wait in the poller. Calls into C count as well.",
        guard: "A goroutine that is there to wait for a device or another process is meant to be in a call.",
        now: &[
            "Make fewer, larger calls in {site}: bufio, one Sync for many entries, os.ReadFile instead of small reads.",
            "Read pipes through os.NewFile and SetNonblock, or os.Pipe: they then wait in the poller without a thread.",
        ],
        later: &[
            "Bound how many goroutines are in such calls at a time, with a semaphore: each costs a thread.",
        ],
        falsifier: "A trace on another disk, or with the file in memory, with the same times.",
        verify: AGAIN,
        refs: &[
            "pkg.go.dev/os#NewFile",
            "pkg.go.dev/runtime/debug#SetMaxThreads",
        ],
        ..RULE
    },
    Rule {
        id: "T07",
        name: "wait-breakdown",
        title: "Goroutines spend their time waiting for answers from the network",
        kinds: TRACE,
        // Share of the time of a group.
        ladder: &[(0.40, Low), (0.80, Medium)],
        removable: 0.0,
        why: "The processors are not what limits these goroutines: they ask somebody and wait. Less work here changes nothing; fewer, earlier or parallel questions do.",
        guard: "Servers that wait for the next request, and readers that always wait, are left out as far as stacks tell.",
        now: &[
            "Ask less often or for more at a time in {site}: batches, pipelining, a cache.",
            "Ask in parallel what does not depend on each other, and look at the other side: the time may be its own.",
        ],
        later: &[
            "Timeouts and a limit for what is in flight; the latency of the other side as a metric.",
        ],
        falsifier: "The other side measures much shorter times than the waits here.",
        verify: AGAIN,
        refs: &["pkg.go.dev/runtime/trace#hdr-User_annotation"],
        ..RULE
    },
    Rule {
        id: "T08",
        name: "gc-cycle-rate",
        title: "The collector runs very often",
        kinds: TRACE,
        // Collections a second.
        ladder: &[(10.0, Medium)],
        removable: 0.0,
        why: "Each collection stops the world twice, turns the write barrier on and marks all that is alive again. With a small heap the next one is due after a few megabytes.",
        guard: "Rates of a short trace are those of a moment.",
        now: &[
            "With a small heap: set GOMEMLIMIT and a larger GOGC; the memory costs little, the collections are rarer in proportion.",
            "Allocate less where it is most: an allocation profile of the same run names the sites.",
        ],
        later: &["Watch /gc/cycles/total:gc-cycles of runtime/metrics."],
        falsifier: "GODEBUG=gctrace=1 over a longer time with few lines a second.",
        verify: "GODEBUG=gctrace=1 before and after: cycles a second and their CPU share should fall.",
        refs: &["go.dev/doc/gc-guide#GOGC"],
        explains: &["T03", "T02", "T04", "T01"],
        ..RULE
    },
    Rule {
        id: "T09",
        name: "pool-saturated",
        title: "A pool has too few workers: others wait to hand over work while processors are idle",
        kinds: TRACE,
        // Goroutines that wait to hand over, on average.
        ladder: &[(0.5, Medium), (2.0, High)],
        removable: 0.0,
        why: "No worker ever waits, senders do, and there are processors for more.",
        guard: "A pool may be small on purpose, to spare what is behind it.",
        now: &[
            "Start more workers at {site}, up to GOMAXPROCS where they calculate, beyond where they wait for something else.",
        ],
        later: &[
            "Set the size from runtime.GOMAXPROCS(0) or a flag, and watch the length of the queue.",
        ],
        snippet: Some((
            "for range 2 {\n\tgo work(jobs)\n}",
            "for range runtime.GOMAXPROCS(0) {\n\tgo work(jobs)\n}",
        )),
        falsifier: "Twice the workers finish no more.",
        verify: AGAIN,
        refs: &["pkg.go.dev/golang.org/x/sync/errgroup#Group.SetLimit"],
        explains: &["T01", "T07", "B04"],
        ..RULE
    },
    Rule {
        id: "T10",
        name: "pool-starved",
        title: "The workers of a pool wait for work nearly all of the time",
        kinds: TRACE,
        // Share of the time in which all wait.
        ladder: &[(0.8, Low)],
        removable: 0.0,
        why: "The pool is not what limits the program: what hands out the work is too slow, or there is too little of it for so many workers.",
        guard: "At a low load this is as it should be: then the number of workers is the only thing to change, if anything.",
        now: &[
            "Look at what hands out work to {site}: let it look ahead (a buffered channel), ask in parallel, or hand out larger pieces.",
        ],
        later: &["Fewer workers where the load is never higher."],
        falsifier: "A trace at full load in which the workers are busy.",
        verify: AGAIN,
        refs: &["pkg.go.dev/runtime/trace"],
        ..RULE
    },
    Rule {
        id: "T11",
        name: "pool-oversubscribed",
        title: "A pool has more workers than there are processors, and they queue for these",
        kinds: TRACE,
        // Share of the time in which workers that could run do not.
        ladder: &[(0.2, Low), (0.5, Medium)],
        removable: 0.0,
        why: "All processors are busy. More workers than that do not make it faster: each takes longer, with more memory in flight.",
        guard: "Right where jobs wait for something else most of the time.",
        now: &["Start at most GOMAXPROCS workers at {site} while they calculate."],
        later: &["Set the size from runtime.GOMAXPROCS(0)."],
        falsifier: "With as many workers as processors less gets done.",
        verify: AGAIN,
        refs: &["pkg.go.dev/runtime#GOMAXPROCS"],
        explains: &["T01"],
        ..RULE
    },
    Rule {
        id: "T12",
        name: "lock-queue",
        title: "Goroutines stand in line for one lock",
        kinds: TRACE,
        // Goroutines that wait, on average.
        ladder: &[(0.25, Low), (1.0, Medium), (2.0, High)],
        removable: 0.0,
        why: "The queue for the lock is hardly ever empty, so that all who want it go at its pace, one after the other, however many processors there are. Short holds do not help once the queue stands: each hand-over wakes a goroutine.",
        guard: "",
        now: &[
            "Do less under the lock that {site} wants: prepare before, publish under it, notify after.",
            "Split the lock by key, or keep a counter or result of its own per goroutine and add up at the end.",
        ],
        later: &[
            "atomic.Pointer to a snapshot where it is mostly read; one goroutine as the owner where the work is long.",
        ],
        snippet: Some((
            "mu.Lock()\nresult := compute(item)\nresults = append(results, result)\nmu.Unlock()",
            "result := compute(item)\nmu.Lock()\nresults = append(results, result)\nmu.Unlock()",
        )),
        falsifier: "With a lock per goroutine nothing gets faster.",
        verify: AGAIN,
        refs: &["pkg.go.dev/sync#Mutex"],
        explains: &["B02", "C03", "R05"],
        ..RULE
    },
    Rule {
        id: "T13",
        name: "goroutine-turnover",
        title: "Very many goroutines are started for very little work",
        kinds: TRACE,
        // Goroutines of a group a second.
        ladder: &[(1000.0, Low), (10_000.0, Medium), (100_000.0, High)],
        removable: 0.0,
        why: "Starting, scheduling and ending a goroutine takes about as long as these run, and each waits for a processor first.",
        guard: "A goroutine per request is no problem where a request takes milliseconds.",
        now: &[
            "Give each goroutine that {site} starts a chunk of the work, or keep a pool and hand it the pieces.",
        ],
        later: &[
            "errgroup with SetLimit(runtime.GOMAXPROCS(0)); a benchmark of the loop without goroutines.",
        ],
        snippet: Some((
            "for _, item := range items {\n\tgo check(item)\n}",
            "for chunk := range slices.Chunk(items, 256) {\n\tgo checkAll(chunk)\n}",
        )),
        falsifier: "The loop without goroutines takes longer.",
        verify: AGAIN,
        refs: &["pkg.go.dev/golang.org/x/sync/errgroup"],
        explains: &["C08", "C01", "T01"],
        ..RULE
    },
    Rule {
        id: "T14",
        name: "goroutine-growth",
        title: "Goroutines are left behind, more and more of them",
        kinds: TRACE,
        // Goroutines that are left.
        ladder: &[(20.0, Medium), (100.0, High)],
        removable: 0.0,
        why: "They were started all through the trace, stopped at the same place and did not go on: each keeps its stack and what it refers to.",
        guard: "A trace has an end: who waits for something slow may have gone on after it.",
        now: &[
            "Give the wait at {site} an end: a buffer for the one value that nobody may want, a select with ctx.Done(), a channel that is closed.",
        ],
        later: &["goleak.VerifyTestMain in tests; an alert on the number of goroutines."],
        snippet: Some((
            "results := make(chan result)\ngo func() { results <- ask() }()",
            "results := make(chan result, 1) // the sender can end although nobody waits\ngo func() { results <- ask() }()",
        )),
        falsifier: "A later dump in which they are gone.",
        verify: "Two goroutine dumps some minutes apart under the same load: the count of this stack must not grow.",
        refs: &[
            "pkg.go.dev/go.uber.org/goleak",
            "go.dev/doc/go1.27 (goroutineleak)",
        ],
        explains: &["R01", "R08", "H06", "T13"],
        ..RULE
    },
    Rule {
        id: "T15",
        name: "gosched-storm",
        title: "Goroutines give way all the time instead of waiting",
        kinds: TRACE,
        // Times a second.
        ladder: &[(1000.0, Low), (10_000.0, Medium), (100_000.0, High)],
        removable: 0.0,
        why: "runtime.Gosched in a loop asks again and again whether something has happened: it takes a processor, and those that have work wait behind it.",
        guard: "A few yields in a long computation are harmless.",
        now: &[
            "Wait in {site} for what it looks for: a channel, a sync.Cond, or a timer with back-off.",
        ],
        later: &["A code search for runtime.Gosched in loops."],
        snippet: Some((
            "for !ready.Load() {\n\truntime.Gosched()\n}",
            "<-ready // closed by whoever makes it so",
        )),
        falsifier: "Without Gosched the program gets slower.",
        verify: AGAIN,
        refs: &["pkg.go.dev/runtime#Gosched"],
        explains: &["T01", "C01", "C06"],
        ..RULE
    },
    Rule {
        id: "T16",
        name: "single-proc-bottleneck",
        title: "One goroutine works, and the others wait for it",
        kinds: TRACE,
        // Share of the program's running time.
        ladder: &[(0.85, Low)],
        removable: 0.0,
        why: "About one processor is busy, nearly all of it with one goroutine, and others wait again and again for what it hands out: more processors cannot help.",
        guard: "Right for what is serial by nature.",
        now: &[
            "Split what {site} does: prepare or encode in the goroutines that wait now, and leave to it only what has to be in order.",
        ],
        later: &[
            "Keep the serial part in mind: with a serial share s, n processors give at most 1/(s + (1−s)/n) times.",
        ],
        falsifier: "A run with GOMAXPROCS=1 that takes longer.",
        verify: AGAIN,
        refs: &["Amdahl's law"],
        ..RULE
    },
];
