//! C: scheduling, channels and locks, as far as a CPU profile shows them. Waiting itself burns no
//! CPU: these are the costs of going to sleep and being woken.

use super::super::rule::{Look, NOTHING, RULE, Rule, Severity, Signature};
use super::PROFILER;
use crate::model::Kind;
use Severity::{Critical, High, Low, Medium};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "C01",
        name: "scheduler-overhead",
        title: "The scheduler takes a large part of the CPU time",
        look: Look::Stacks(Signature {
            any: "runtime.{schedule,findRunnable,findrunnable,stealWork,park_m,goschedImpl,goexit0,wakep,startm,stopm,mPark,sysmon,retake,netpoll}",
            without: "runtime.(*timers).* runtime.{checkTimers,runtimer} runtime.gcBgMarkWorker runtime.{bgsweep,bgscavenge} runtime.gcStart",
            ..NOTHING
        }),
        ladder: &[(0.10, Low), (0.20, Medium), (0.35, High)],
        removable: 0.6,
        why: "Goroutines go to sleep and wake up for very little work each time.",
        guard: "With few goroutines on many cores, and while mostly idle, it is looking for work that is not there: harmless.",
        now: &["Give each wake-up more to do: batches through channels, fewer and larger tasks."],
        later: &["GOMAXPROCS at the container's quota (automatic from Go 1.25 on)."],
        falsifier: "With GOMAXPROCS halved, throughput stays and the share falls: it was idle spinning.",
        refs: &["golang/go#18237", "golang/go#28808"],
        ..RULE
    },
    Rule {
        id: "C02",
        name: "runtime-lock-contention",
        title: "The runtime's own locks are contended",
        look: Look::Stacks(Signature {
            any: "runtime.{lock2,unlock2,lockWithRank,osyield,procyield}",
            without: "runtime.bgsweep runtime.mutexSampleContention runtime.cheaprandu64",
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.15, High)],
        removable: 0.6,
        why: "Many processors want the same internal lock: of the heap, of a channel, of timers, of the scheduler.",
        guard: "Mutex profiling adds to it, and is left out.",
        now: &[
            "Look at what calls it from {site}: allocation (allocate less), timers (share them), one channel for everything (batch or shard).",
        ],
        later: &["Compare Go versions: the locks have changed in 1.24."],
        falsifier: "The share falls with GOMAXPROCS and nothing gets slower.",
        refs: &["golang/go#67585"],
        ..RULE
    },
    Rule {
        id: "C03",
        name: "mutex-slow-path",
        title: "Locks are contended: the slow path shows in the CPU profile",
        look: Look::Stacks(Signature {
            any: "sync.(*Mutex).{lockSlow,unlockSlow} internal/sync.(*Mutex).{lockSlow,unlockSlow} sync.runtime_SemacquireMutex internal/sync.{runtime_SemacquireMutex,runtime_Semrelease,runtime_doSpin} sync.{runtime_Semrelease,runtime_doSpin}",
            ..NOTHING
        }),
        ladder: &[(0.02, Medium), (0.08, High)],
        removable: 0.7,
        why: "Goroutines queue for a lock. The waiting itself takes no CPU time, so what is seen here is the tip: a lock with 92 % of all waiting has been seen with 2 to 4 % here.",
        guard: "Only a mutex or block profile says how long they wait.",
        now: &[
            "Shorten what {site} does under the lock; split the lock by key; copy on write for what is read mostly.",
        ],
        later: &["Record a mutex profile of the same load: runtime.SetMutexProfileFraction(100)."],
        falsifier: "The mutex profile shows microseconds in all.",
        refs: &["pkg.go.dev/runtime#SetMutexProfileFraction"],
        explains: &["C01", "C02"],
        ..RULE
    },
    Rule {
        id: "C04",
        name: "rwmutex-reader-atomics",
        title: "Readers of a RWMutex fight for its counter",
        look: Look::Stacks(Signature {
            any: "sync.(*RWMutex).{RLock,RUnlock}",
            without: PROFILER,
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.15, High)],
        removable: 0.7,
        why: "Every RLock and RUnlock changes one shared counter: with many cores its cache line travels all the time, although nobody writes.",
        guard: "",
        now: &[
            "For tiny sections in {site} a plain Mutex, or an atomic.Pointer to a snapshot that writers replace.",
        ],
        later: &["A lock per shard."],
        snippet: Some((
            "mu.RLock()\nv := config[key]\nmu.RUnlock()",
            "v := (*config.Load())[key] // atomic.Pointer[map[string]T], replaced as a whole by writers",
        )),
        falsifier: "On one core the benchmark is as slow.",
        refs: &["golang/go#17973"],
        ..RULE
    },
    Rule {
        id: "C05",
        name: "channel-overhead",
        title: "Passing values through channels takes much of the time",
        look: Look::Stacks(Signature {
            boundary: "runtime.{chansend1,chanrecv1,chanrecv2,closechan,chansend,chanrecv}",
            without: PROFILER,
            ..NOTHING
        }),
        ladder: &[(0.08, Low), (0.10, Medium), (0.20, High), (0.40, Critical)],
        removable: 0.6,
        why: "A channel operation takes a lock and may put a goroutine to sleep: for a few nanoseconds of work per value that is all there is.",
        guard: "Recording block events is not counted.",
        now: &[
            "Send slices of values in {site}, give the channel a buffer of at least a batch, or divide the work by index without a channel.",
        ],
        later: &["Measure work per message; below a microsecond channels dominate."],
        snippet: Some((
            "for _, x := range xs {\n\tch <- x\n}",
            "for chunk := range slices.Chunk(xs, 256) {\n\tch <- chunk\n}",
        )),
        falsifier: "With batches of 256 the time stays the same.",
        refs: &["pkg.go.dev/slices#Chunk"],
        explains: &["C01", "C02"],
        ..RULE
    },
    Rule {
        id: "C06",
        name: "select-default-spin",
        title: "A loop spins, asking over and over instead of waiting",
        look: Look::Stacks(Signature {
            any: "runtime.Gosched",
            boundary: "runtime.{selectnbrecv,selectnbsend,empty,full} runtime.{chanlen,chancap}",
            without: PROFILER,
            ..NOTHING
        }),
        ladder: &[(0.05, High)],
        removable: 0.95,
        why: "select with default, or Gosched, in a loop burns a core while nothing happens.",
        guard: "A try that falls back to real work is no spinning.",
        now: &[
            "Let {site} block: remove the default case, wait on a sync.Cond, or sleep between attempts.",
        ],
        later: &["Polls need a timer with a period that is chosen."],
        snippet: Some((
            "for {\n\tselect {\n\tcase v := <-ch:\n\t\thandle(v)\n\tdefault:\n\t}\n}",
            "for v := range ch {\n\thandle(v)\n}",
        )),
        falsifier: "The default case does useful work each time.",
        refs: &["go.dev/ref/spec#Select_statements"],
        explains: &["C01", "C02"],
        ..RULE
    },
    Rule {
        id: "C07",
        name: "select-loop-cost",
        title: "select with several cases takes much of the time",
        look: Look::Stacks(Signature {
            boundary: "runtime.selectgo",
            without: PROFILER,
            ..NOTHING
        }),
        ladder: &[(0.08, Medium), (0.40, High)],
        removable: 0.6,
        why: "select locks all of its channels in order, for every pass, and unlocks them again.",
        guard: "Recording block events is not counted.",
        now: &[
            "Fewer cases in {site}: one channel for all messages, ctx.Err() tested every n items, one Timer with Reset instead of time.After in the loop.",
        ],
        later: &["Batch messages, so that there are fewer passes."],
        snippet: Some((
            "case <-time.After(d):",
            "case <-timer.C: // one timer, Reset after use",
        )),
        falsifier: "With fewer cases the time stays.",
        refs: &["pkg.go.dev/time#Timer.Reset"],
        explains: &["C01", "C02"],
        ..RULE
    },
    Rule {
        id: "C08",
        name: "goroutine-churn",
        title: "Goroutines are started for very little work each",
        look: Look::Stacks(Signature {
            any: "runtime.{newproc,newproc1,malg,gfget,goexit0,gdestroy}",
            ..NOTHING
        }),
        ladder: &[(0.03, Medium), (0.10, High)],
        removable: 0.8,
        why: "A goroutine costs a descriptor, a stack and two passes through the scheduler: about a microsecond, as much as its work.",
        guard: "",
        now: &[
            "A fixed number of workers in {site}, errgroup with SetLimit, or chunks of items for each goroutine.",
        ],
        later: &["Start goroutines for waiting, not for computing a little."],
        snippet: Some((
            "for _, x := range xs {\n\twg.Go(func() { handle(x) })\n}",
            "for chunk := range slices.Chunk(xs, 1024) {\n\twg.Go(func() {\n\t\tfor _, x := range chunk {\n\t\t\thandle(x)\n\t\t}\n\t})\n}",
        )),
        falsifier: "The goroutines live for milliseconds.",
        refs: &["pkg.go.dev/golang.org/x/sync/errgroup#Group.SetLimit"],
        explains: &["C01", "C02"],
        ..RULE
    },
    Rule {
        id: "C09",
        name: "sync-map-misuse",
        title: "A sync.Map is written more than it is read",
        kinds: &[Kind::Cpu, Kind::Allocs],
        look: Look::Stacks(Signature {
            any: "sync.(*Map).{Store,Swap,LoadOrStore,CompareAndSwap,Delete}",
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium), (0.30, High)],
        removable: 0.5,
        why: "sync.Map is for keys that are written once and read often, or by disjoint goroutines; each new key allocates, and keys and values are boxed.",
        guard: "",
        now: &[
            "A map with its type and a Mutex in {site}, split by key where many goroutines write.",
        ],
        later: &["Benchmark both with the real ratio of reads to writes."],
        snippet: Some((
            "var m sync.Map\nm.Store(k, v)",
            "type shard struct {\n\tmu sync.Mutex\n\tm  map[string]int\n}\nvar shards [64]shard",
        )),
        falsifier: "Loads take more of the time than stores.",
        refs: &["pkg.go.dev/sync#Map"],
        explains: &["A04", "A05", "A01"],
        ..RULE
    },
];
