//! M: can the profile be believed, and is it about the right thing?

use super::super::rule::{Look, NOTHING, RULE, Rule, Severity, Signature};
use super::PROFILER;
use crate::model::Kind;
use Severity::{High, Info, Medium};

const SAMPLED: &[Kind] = &[Kind::Cpu, Kind::Heap, Kind::Allocs];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "M01",
        name: "insufficient-samples",
        title: "Too few samples to rank anything",
        kinds: SAMPLED,
        ladder: &[],
        removable: 0.0,
        why: "A profile is a sample. The relative error of a count k is about 1/√k, so ten samples may as well have been six or fourteen, and a single one says only that the function ran.",
        guard: "Goroutine profiles and dumps count everything and need no minimum.",
        now: &[
            "Profile at least 30 s of steady load: at 100 samples per second and busy core that is 3 000 samples on one core.",
            "For a benchmark, loop longer (-benchtime=10s) rather than more often; for a short program, loop the workload inside the profile.",
        ],
        later: &[
            "Make the profiling run of CI long enough once, and check the number of samples there.",
        ],
        falsifier: "A longer recording of the same work with the same ranking.",
        refs: &["Wilson score interval; gprof manual on statistical sampling error"],
        ..RULE
    },
    Rule {
        id: "M02",
        name: "profiler-observer-effect",
        title: "Recording other profiles takes part of the CPU time",
        look: Look::Stacks(Signature {
            any: PROFILER,
            ..NOTHING
        }),
        ladder: &[(0.03, Info), (0.10, Medium), (0.25, High)],
        removable: 1.0,
        why: "Block and mutex profiling walk the stack at every recorded event. With a rate of 1 every event is recorded, and the CPU profile shows the recording.",
        guard: "Harmless where only the other profiles are of interest.",
        now: &[
            "Take CPU profiles alone: runtime.SetBlockProfileRate(0) and runtime.SetMutexProfileFraction(0) meanwhile.",
            "Where they have to run together: a block rate of 1 000 000 ns or more, a mutex fraction of 100 or more.",
        ],
        later: &["Let the profiling suite take one kind at a time."],
        snippet: Some((
            "runtime.SetBlockProfileRate(1)\nruntime.SetMutexProfileFraction(1)",
            "runtime.SetBlockProfileRate(1_000_000) // waits of 1 ms and more, shorter ones sampled\nruntime.SetMutexProfileFraction(100)",
        )),
        falsifier: "The same share after switching the other profiles off.",
        refs: &[
            "go.dev/wiki/Performance",
            "pkg.go.dev/runtime#SetBlockProfileRate",
        ],
        ..RULE
    },
    Rule {
        id: "M03",
        name: "harness-dominates",
        title: "The profile shows the test harness and its data, not the code under test",
        kinds: SAMPLED,
        ladder: &[(0.30, High)],
        removable: 0.9,
        why: "Test code and functions that make data (random numbers, generate…, fixture…, mock…) take so large a part that the ranking of the rest is about a small remainder.",
        guard: "Where making random data is itself what is measured.",
        now: &[
            "Make the input once, before the timer or the profile starts, and reuse it in the loop: see {site}.",
            "Use math/rand/v2 with a fixed seed for test data: it is faster, and the run can be repeated.",
            "Write the loop as for b.Loop() { … }: what stands before it is not timed.",
        ],
        later: &[
            "Keep a benchmark per component, so that the driver of a demonstration is never what is profiled.",
        ],
        snippet: Some((
            "for i := 0; i < b.N; i++ {\n\tprocess(makeInput(size))\n}",
            "input := makeInput(size)\nfor b.Loop() {\n\tprocess(input)\n}",
        )),
        falsifier: "The functions listed are the ones that the benchmark is meant to measure.",
        refs: &["pkg.go.dev/testing#B.Loop"],
        explains: &[
            "I09", "A04", "A01", "A02", "A03", "A05", "S03", "A06", "S01", "S02", "D03", "S06",
            "I08",
        ],
        ..RULE
    },
    Rule {
        id: "M04",
        name: "truncated-or-lost",
        title: "Part of the stacks is cut off or was lost",
        kinds: &[
            Kind::Cpu,
            Kind::Heap,
            Kind::Allocs,
            Kind::Block,
            Kind::Mutex,
            Kind::Goroutine,
        ],
        ladder: &[(0.05, Info), (0.25, Medium)],
        removable: 0.0,
        why: "Go keeps 64 frames of a CPU stack and 128 of others (32 before 1.23). What lies further out is missing, so the cost of outer functions is a lower bound; lost events are in no function at all.",
        guard: "Own cost (flat) is right all the same.",
        now: &[
            "Read cost with callees of outer functions as “at least”; rank by own cost or from the leaf (flame graph bottom-up).",
        ],
        later: &[
            "GODEBUG=profstackdepth=512 records deeper stacks from Go 1.23 on, except for CPU profiles.",
        ],
        falsifier: "The same stacks, complete, in a recording with a larger depth.",
        refs: &["go.dev/doc/go1.23 (runtime)"],
        ..RULE
    },
    Rule {
        id: "M05",
        name: "low-cpu-utilisation",
        title: "Mostly not running: a CPU profile cannot explain the wall time",
        ladder: &[],
        removable: 0.0,
        why: "The profile counts CPU time only. Time spent waiting for I/O, locks, channels, timers, or for a CPU that the machine did not give, is not in it.",
        guard: "It may be starvation, not idleness: a busy loop on an overcommitted or throttled host looks the same. Check cpu.stat (nr_throttled) of the container, or steal time.",
        now: &[
            "Record what it waited for: a block profile, a goroutine profile during the run, or an execution trace.",
        ],
        later: &["From Go 1.25 on GOMAXPROCS follows the container's CPU limit; before, set it."],
        falsifier: "A trace of the same run in which goroutines were runnable and processors busy.",
        refs: &["go.dev/doc/go1.25 (GOMAXPROCS)"],
        ..RULE
    },
    Rule {
        id: "M06",
        name: "single-thread-bottleneck",
        title: "One goroutine does nearly all of the work",
        ladder: &[],
        removable: 0.5,
        why: "About one core was busy, and nearly all of it below one goroutine's entry: more cores cannot help what is serial.",
        guard: "Right for a program that is meant to be serial, and for a benchmark of one operation. Idle garbage collection raises the number of busy cores.",
        now: &[
            "Split {site} into independent chunks and run at most GOMAXPROCS of them at a time (errgroup with SetLimit).",
        ],
        later: &[
            "Keep the serial part in mind: with a serial share s, n cores give at most 1/(s + (1−s)/n) times.",
        ],
        falsifier: "A run on one core that takes as long.",
        refs: &["Amdahl's law"],
        ..RULE
    },
];
