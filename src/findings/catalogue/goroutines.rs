//! R: goroutines and threads. A census, so that a single goroutine can be proof.

use super::super::rule::{RULE, Rule, Severity};
use crate::model::Kind;
use Severity::{Critical, High, Info, Low, Medium};

const GOROUTINES: &[Kind] = &[Kind::Goroutine, Kind::GoroutineLeak];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "R01",
        name: "identical-stack-pile-up",
        title: "Very many goroutines wait at the same place",
        kinds: GOROUTINES,
        ladder: &[(100.0, Low), (1000.0, Medium), (10_000.0, High)],
        removable: 0.9,
        why: "So many goroutines with one stack are a queue that grows, or a leak: each holds its stack and what it refers to.",
        guard: "A configured pool and the idle connections of a server are as many as they should be.",
        now: &[
            "By what they wait for at {site}: a send needs a receiver or a select with ctx.Done(), a receive needs the channel to be closed, a select needs a case for the end, I/O needs a deadline.",
        ],
        later: &["goleak.VerifyTestMain in tests; an alert on the number of goroutines."],
        snippet: Some((
            "results <- compute()",
            "select {\ncase results <- compute():\ncase <-ctx.Done():\n}",
        )),
        falsifier: "A second dump minutes later with as many or fewer.",
        verify: "Two dumps some minutes apart under the same load: the count must not grow.",
        refs: &[
            "arXiv 2312.12002 (LeakProf)",
            "pkg.go.dev/go.uber.org/goleak",
        ],
        explains: &["H06", "R08"],
        ..RULE
    },
    Rule {
        id: "R02",
        name: "leak-confirmed",
        title: "Goroutines that can never wake up",
        kinds: GOROUTINES,
        ladder: &[(1.0, High)],
        removable: 1.0,
        why: "The collector proved that nothing that is still reachable can wake them.",
        guard: "A deliberate select {} in the background is reported, too. Zero is no proof: what is reachable from globals or waits on a timer is not looked at.",
        now: &[
            "Give the wait at {site} an end: close the channel, cancel the context, or buffer the one value that nobody may want.",
        ],
        later: &["Record the goroutineleak profile in CI at the end of tests (Go 1.27)."],
        snippet: Some((
            "ch := make(chan result)\ngo func() { ch <- work() }()",
            "ch := make(chan result, 1) // the sender can end although nobody waits\ngo func() { ch <- work() }()",
        )),
        falsifier: "The goroutine ends in a later dump.",
        refs: &["go.dev/doc/go1.27 (goroutineleak)"],
        explains: &["H06", "R01", "R07", "R08", "T14"],
        ..RULE
    },
    Rule {
        id: "R03",
        name: "janitor-per-instance",
        title: "Every instance starts a background goroutine that is never stopped",
        kinds: GOROUTINES,
        ladder: &[(20.0, High)],
        removable: 1.0,
        why: "The goroutines run the same loop for different receivers: one object each, made many times and never closed. The goroutine keeps the object alive, so the collector cannot help.",
        guard: "Few long-lived instances, each meant to be there.",
        now: &[
            "At every place that makes one (see {site}): defer x.Close(), or Stop.",
            "Start the loop only when it is needed, or use one goroutine for all instances.",
        ],
        later: &[
            "runtime.AddCleanup (Go 1.24) on a handle that users drop; goleak.VerifyTestMain in tests.",
        ],
        snippet: Some((
            "c := cache.New(ttl)",
            "c := cache.New(ttl)\ndefer c.Close()",
        )),
        falsifier: "The number stays the same while work goes on.",
        verify: "Dump goroutines twice, some work apart: the count of this loop must be flat.",
        refs: &["pkg.go.dev/runtime#AddCleanup"],
        explains: &["H06", "H05", "H02", "R01", "R08", "H08", "T14"],
        ..RULE
    },
    Rule {
        id: "R04",
        name: "http-body-leak",
        title: "Many HTTP responses are open at once",
        kinds: GOROUTINES,
        ladder: &[(50.0, Medium), (500.0, High)],
        removable: 0.9,
        why: "Each open client connection has a reading and a writing goroutine; these wait for a body to be read or closed; so many at once usually means bodies that were forgotten.",
        guard: "Responses that are being read: long downloads, event streams, requests in flight. Idle connections look otherwise and are not counted.",
        now: &[
            "defer resp.Body.Close() after every request, read the body to the end, set a Timeout on the client, and share one Transport.",
        ],
        later: &["The bodyclose linter."],
        snippet: Some((
            "resp, err := client.Get(url)",
            "resp, err := client.Get(url)\nif err != nil {\n\treturn err\n}\ndefer resp.Body.Close()",
        )),
        falsifier: "The number follows the requests in flight and falls with them.",
        refs: &["golang/go#16953"],
        explains: &["R01"],
        ..RULE
    },
    Rule {
        id: "R05",
        name: "lock-convoy",
        title: "Goroutines queue for one lock",
        kinds: GOROUTINES,
        ladder: &[(3.0, Info), (5.0, Medium), (50.0, High)],
        removable: 0.8,
        why: "Several goroutines wait for the lock at the same address.",
        guard: "A moment's queue is normal: two dumps tell.",
        now: &[
            "Look at what the holder does under the lock, and shorten it; see {site} for who waits.",
        ],
        later: &["A mutex profile puts numbers to it."],
        falsifier: "A second dump without the queue.",
        refs: &["pkg.go.dev/runtime#SetMutexProfileFraction"],
        ..RULE
    },
    Rule {
        id: "R06",
        name: "global-deadlock",
        title: "The program ended in a deadlock",
        kinds: GOROUTINES,
        ladder: &[(1.0, Critical)],
        removable: 1.0,
        why: "The runtime found every goroutine asleep: nothing can ever happen again.",
        guard: "",
        now: &[
            "Take locks in one order everywhere; close channels that others range over; let one goroutine own the data. Start at {site}.",
        ],
        later: &[
            "go vet and the race detector in CI; TryLock with back-off where the order cannot be fixed.",
        ],
        falsifier: "The same program, run again, that ends.",
        refs: &["go.dev/ref/mem"],
        explains: &["R05", "R07", "R01", "R02"],
        ..RULE
    },
    Rule {
        id: "R07",
        name: "never-wakes",
        title: "Goroutines wait for what cannot happen",
        kinds: GOROUTINES,
        ladder: &[(1.0, High)],
        removable: 1.0,
        why: "A receive or send on a nil channel, or a select without cases, blocks for ever.",
        guard: "select {} at the end of main keeps a server alive on purpose.",
        now: &["Make the channel before it is used, or return instead of waiting: {site}."],
        later: &["Construct types through functions that make their channels."],
        snippet: Some(("var done chan struct{}", "done := make(chan struct{})")),
        falsifier: "The goroutine ends in a later dump.",
        refs: &["go.dev/ref/spec#Receive_operator"],
        ..RULE
    },
    Rule {
        id: "R08",
        name: "long-wait",
        title: "Goroutines have waited for minutes",
        kinds: GOROUTINES,
        ladder: &[(1.0, Info), (10.0, Medium), (60.0, High)],
        removable: 0.5,
        why: "Waits of minutes on channels and locks are rarely meant.",
        guard: "The clock starts with the first collection that sees the goroutine asleep, so it shows less than the truth. Servers and background loops wait long by design.",
        now: &["Find who should have woken what waits at {site}."],
        later: &["Deadlines and contexts for every wait."],
        falsifier: "It is a background loop that waits for its next turn.",
        refs: &["pkg.go.dev/runtime#Stack"],
        ..RULE
    },
    Rule {
        id: "R09",
        name: "runnable-backlog",
        title: "More goroutines are ready to run than there are processors",
        kinds: GOROUTINES,
        ladder: &[(20.0, Medium), (200.0, High)],
        removable: 0.5,
        why: "Goroutines that could run have to wait for a processor: latency without any lock.",
        guard: "GOMAXPROCS is not in a dump: the steps are those of four processors.",
        now: &["Limit what runs at a time (errgroup with SetLimit) at {site}."],
        later: &["An execution trace shows how long they wait."],
        falsifier: "A second dump with few runnable ones.",
        refs: &["pkg.go.dev/runtime/trace"],
        ..RULE
    },
    Rule {
        id: "R10",
        name: "thread-explosion",
        title: "The program has made very many threads",
        kinds: &[Kind::ThreadCreate],
        ladder: &[(100.0, Medium), (1000.0, High)],
        removable: 0.5,
        why: "A goroutine in a blocking system call or in C keeps its thread; a new one is started for the others. At 10 000 the runtime ends the program.",
        guard: "Only the number counts: the stacks of this profile are mostly empty in every Go version.",
        now: &[
            "Bound blocking system calls and calls to C with a semaphore; use the Go resolver (GODEBUG=netdns=go).",
        ],
        later: &["Watch /sched/threads:threads."],
        falsifier: "The number is that of a short peak long ago: threads are never given back.",
        refs: &["pkg.go.dev/runtime/debug#SetMaxThreads"],
        ..RULE
    },
];
