//! N: benchmarks, from the text of `go test -bench`.

use super::super::rule::{RULE, Rule, Severity};
use crate::model::Kind;
use Severity::{High, Low, Medium};

const BENCH: &[Kind] = &[Kind::Bench];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "N01",
        name: "bench-noise",
        title: "Benchmarks vary too much to see small changes",
        kinds: BENCH,
        ladder: &[(0.05, Low), (0.15, Medium)],
        removable: 0.0,
        why: "The interval of the median is wide: a change of less than twice its half cannot be told from chance.",
        guard: "A change much larger than the noise is seen all the same.",
        now: &[
            "Run with -count=10 or more (6 is the least for an interval), on a machine with nothing else to do, with a longer -benchtime.",
        ],
        later: &["Pin the clock rate and compare in one session, alternating old and new."],
        falsifier: "A second series on a quiet machine with a narrow interval.",
        verify: "go test -run='^$' -bench=. -benchmem -count=10 | tee new.txt, then look at ± again.",
        refs: &["pkg.go.dev/golang.org/x/perf/cmd/benchstat"],
        ..RULE
    },
    Rule {
        id: "N02",
        name: "bench-regression",
        title: "Benchmarks got slower",
        kinds: BENCH,
        ladder: &[(0.03, Low), (0.10, Medium), (0.25, High)],
        removable: 0.0,
        why: "The samples of before and after differ by more than chance makes them, also when it is considered how many benchmarks were compared.",
        guard: "Both have to be recorded on one machine in one state.",
        now: &[
            "Record CPU profiles of {site} before and after, and compare them: the functions that grew say what changed.",
        ],
        later: &["Run it in CI with -fail-on=medium."],
        falsifier: "The series repeated, in the other order, without the difference.",
        verify: "go test -run='^$' -bench=NAME -benchmem -count=10 on both states, then benchstat old.txt new.txt.",
        refs: &["pkg.go.dev/golang.org/x/perf/cmd/benchstat"],
        ..RULE
    },
    Rule {
        id: "N03",
        name: "alloc-regression",
        title: "Benchmarks allocate more",
        kinds: BENCH,
        ladder: &[(1.0, Medium)],
        removable: 0.0,
        why: "Numbers of allocations do not vary with the machine: when all runs agree, one more is one more, however noisy the times are.",
        guard: "",
        now: &[
            "Take an allocation profile of {site} on both states (-memprofile) and compare the sites.",
        ],
        later: &["Keep a budget of allocs/op in CI: it is exact."],
        falsifier: "The numbers differ between runs of one state.",
        verify: "go test -run='^$' -bench=NAME -benchmem on both states.",
        refs: &["pkg.go.dev/testing#B.ReportAllocs"],
        ..RULE
    },
    Rule {
        id: "N04",
        name: "suspicious-benchmark",
        title: "Benchmarks that cannot have measured what they say",
        kinds: BENCH,
        ladder: &[(1.0, Low)],
        removable: 0.0,
        why: "The compiler removes work whose result nobody uses; a single iteration measures the warm-up; a time that does not depend on the number of iterations is not that of the loop.",
        guard: "An operation of seconds runs once on purpose.",
        now: &[
            "Write {site} as for b.Loop() { … } (Go 1.24), which keeps the work, or store the result in a package variable; prepare before the loop.",
        ],
        later: &["Run with -benchmem always."],
        snippet: Some((
            "for i := 0; i < b.N; i++ {\n\tsum(xs)\n}",
            "for b.Loop() {\n\tsum(xs)\n}",
        )),
        falsifier: "The disassembly shows the work inside the loop.",
        verify: "The time per operation with b.Loop().",
        refs: &["pkg.go.dev/testing#B.Loop"],
        ..RULE
    },
];
