//! B: waiting, from block and mutex profiles. Delays are summed over goroutines and can exceed the
//! wall time.

use super::super::rule::{RULE, Rule, Severity};
use crate::model::Kind;
use Severity::{Critical, High, Info, Low, Medium};

/// Share of all delay.
const DELAY: super::super::rule::Ladder = &[(0.10, Medium), (0.30, High)];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "B01",
        name: "hot-lock-site",
        title: "One critical section keeps others waiting",
        kinds: &[Kind::Mutex],
        ladder: &[(0.1, Medium), (1.0, High), (10.0, Critical)],
        removable: 0.8,
        why: "A mutex profile blames the place where the lock was released, by how long others waited for it: this is the holder.",
        guard: "Without the duration of the recording the delay cannot be put into proportion.",
        now: &[
            "Move what does not need the lock out of the section in {site}: I/O, encoding, logging, allocation.",
            "Split the lock by key, or replace the data as a whole (atomic.Pointer) where it is read mostly.",
        ],
        later: &[
            "One goroutine as the owner of the data, asked through a channel, where the work is long.",
        ],
        snippet: Some((
            "mu.Lock()\ndefer mu.Unlock()\ndata := encode(state)\nw.Write(data)",
            "mu.Lock()\nsnapshot := state.clone()\nmu.Unlock()\nw.Write(encode(snapshot))",
        )),
        falsifier: "A second recording with the section emptied has the same waiting elsewhere.",
        refs: &[
            "pkg.go.dev/runtime#SetMutexProfileFraction",
            "go.dev/doc/go1.22 (mutex profile)",
        ],
        explains: &["C03", "B02", "T12"],
        ..RULE
    },
    Rule {
        id: "B02",
        name: "mutex-wait-site",
        title: "Goroutines wait for a lock here",
        kinds: &[Kind::Block],
        ladder: &[(0.20, Medium), (0.50, High)],
        removable: 0.8,
        why: "A block profile blames the place that waited: this is the victim. The holder is in the mutex profile.",
        guard: "Waits of idle servers and of main are left out.",
        now: &[
            "Find who holds the lock that {site} wants: the mutex profile of the same run names the section; shorten that one.",
        ],
        later: &["Watch /sync/mutex/wait/total:seconds of runtime/metrics."],
        falsifier: "The mutex profile shows little delay.",
        refs: &["pkg.go.dev/runtime#SetBlockProfileRate"],
        explains: &["C03"],
        ..RULE
    },
    Rule {
        id: "B03",
        name: "rwmutex-writers",
        title: "A RWMutex is used like a Mutex: writers wait for writers",
        kinds: &[Kind::Block, Kind::Mutex],
        ladder: &[(0.50, Medium)],
        removable: 0.5,
        why: "Where most of the waiting is of writers for other writers, the reader side of the lock costs and does not help.",
        guard: "",
        now: &["Write in batches, or less often, in {site}; otherwise a plain Mutex is cheaper."],
        later: &["Publish snapshots through an atomic.Pointer: readers never wait."],
        falsifier: "With a Mutex instead the waiting grows.",
        refs: &["pkg.go.dev/sync#RWMutex"],
        ..RULE
    },
    Rule {
        id: "B04",
        name: "channel-wait",
        title: "Goroutines wait to hand work over",
        kinds: &[Kind::Block],
        ladder: DELAY,
        removable: 0.5,
        why: "Waiting in a send means that receivers are too few or too slow. Waiting in a receive is normal for workers that have nothing to do, and is not counted.",
        guard: "Back-pressure may be wanted.",
        now: &[
            "Behind {site}: more or faster receivers, larger batches, or a buffer of at least one batch.",
        ],
        later: &["Watch the length of the queue."],
        falsifier: "The receivers are busy all the time with what has to be done.",
        refs: &["pkg.go.dev/runtime#SetBlockProfileRate"],
        ..RULE
    },
    Rule {
        id: "B06",
        name: "runtime-lock-in-mutex-profile",
        title: "Waiting for the runtime's own locks",
        kinds: &[Kind::Mutex],
        ladder: &[(0.10, Info), (0.50, Low)],
        removable: 0.5,
        why: "Since Go 1.22 the profile has the runtime's locks, too: of the heap, of the scheduler, of timers. Up to 1.24 they are all in one place without a stack.",
        guard: "With short recordings this is mostly start-up and the collector.",
        now: &[
            "Look at what the stacks come from: allocation (allocate less), timers (share them), goroutines (start fewer).",
        ],
        later: &["From Go 1.25 on the stacks are real."],
        falsifier: "The delay per second is microseconds.",
        refs: &["go.dev/doc/go1.25 (runtime)"],
        explains: &["C02"],
        ..RULE
    },
    Rule {
        id: "B07",
        name: "waitgroup-straggler",
        title: "Waiting for the last of a group",
        kinds: &[Kind::Block],
        ladder: &[(0.30, Info)],
        removable: 0.3,
        why: "Wait ends when the slowest is done: uneven pieces leave the others idle.",
        guard: "main waiting for everything is normal and is left out.",
        now: &[
            "Cut the work behind {site} into smaller pieces, largest first, from a shared queue.",
        ],
        later: &["An execution trace shows how long each piece took."],
        falsifier: "The trace shows pieces of equal length.",
        refs: &["pkg.go.dev/sync#WaitGroup"],
        ..RULE
    },
];
