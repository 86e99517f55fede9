use super::super::testing::{cpu_profile, intern, test_profile, test_profile_of};
use super::*;
use crate::error::Severity;
use crate::model::ValueType;

fn notes(profile: &Profile, kind: Kind, sample_type: usize) -> Vec<Diagnostic> {
    trust_notes(
        profile,
        &Classes::new(profile),
        kind,
        &Selection::all(profile, sample_type),
    )
}

fn cpu_notes(text: &str) -> Vec<Diagnostic> {
    notes(&cpu_profile(text), Kind::Cpu, 1)
}

fn has(notes: &[Diagnostic], severity: Severity, part: &str) -> bool {
    notes
        .iter()
        .any(|n| n.severity == severity && n.message.contains(part))
}

#[test]
fn sample_counts_decide_how_much_can_be_said() {
    // 10 of 100 samples: Wilson 5.5 … 17.4 %; the number of samples is CPU time ÷ period.
    assert!(has(
        &cpu_notes("main.f 1"),
        Severity::Warning,
        "Only 1 sample: too few"
    ));
    let indicative = cpu_notes("main.f 99");
    assert!(has(
        &indicative,
        Severity::Warning,
        "Only 99 samples: percentages are indications; a share of 10% may be anything from 5.51% to 17.48%"
    ));
    // p = 10/100: centre (0.1+0.019208)/1.038416 = 0.11480, half 1.96/1.038416·√(0.0009+0.00009604)
    // = 0.05957, so 5.52 … 17.44 %.
    let noted = cpu_notes("main.f 100");
    assert!(
        has(&noted, Severity::Note, "anything from 5.52% to 17.44%"),
        "{noted:?}"
    );
    assert!(cpu_notes("main.f 1000").is_empty());
}

#[test]
fn an_empty_profile_says_why_it_may_be_empty() {
    let found = notes(
        &test_profile_of(&[("contentions", "count"), ("delay", "nanoseconds")], ""),
        Kind::Block,
        1,
    );
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("SetBlockProfileRate"));
    assert!(has(&cpu_notes("main.f 0"), Severity::Warning, "no samples"));
}

#[test]
fn cut_stacks_are_noticed_at_the_limit_of_their_kind() {
    let stack = |n: usize| {
        (0..n)
            .map(|i| format!("main.f{i}"))
            .collect::<Vec<_>>()
            .join(";")
    };
    let cut = cpu_notes(&format!("{} 100\nmain.f 900", stack(64)));
    assert!(has(
        &cut,
        Severity::Warning,
        "10.00% of the value is in stacks that were cut at 64 frames"
    ));
    // One frame less, a root that is known, or a share below 5 %: nothing to say.
    assert!(cpu_notes(&format!("{} 100\nmain.f 900", stack(63))).is_empty());
    assert!(cpu_notes(&format!("runtime.main;{} 100\nmain.f 900", stack(63))).is_empty());
    assert!(cpu_notes(&format!("{} 40\nmain.f 960", stack(64))).is_empty());
    let types = [("contentions", "count"), ("delay", "nanoseconds")];
    let block = test_profile_of(&types, &format!("{} 50 500\nmain.f 50 500", stack(128)));
    let found = notes(&block, Kind::Block, 1);
    assert!(has(
        &found,
        Severity::Warning,
        "50.00% of the value is in stacks that were cut at 128"
    ));
    assert!(has(&found, Severity::Warning, "profstackdepth"));
    let shallow = test_profile_of(&types, &format!("{} 50 500", stack(100)));
    assert!(!has(
        &notes(&shallow, Kind::Block, 1),
        Severity::Warning,
        "cut"
    ));
}

#[test]
fn the_cost_of_measuring_is_noticed() {
    let text = |n: u32| {
        format!(
            "main.f;runtime.chansend1;runtime.blockevent;runtime.saveblockevent {n}\nmain.f {}",
            1000 - n
        )
    };
    assert!(cpu_notes(&text(29)).is_empty());
    assert!(has(
        &cpu_notes(&text(30)),
        Severity::Note,
        "3.00% of the CPU time went into recording"
    ));
    assert!(has(
        &cpu_notes(&text(100)),
        Severity::Warning,
        "10.00% of the CPU time"
    ));
}

#[test]
fn the_harness_is_noticed_when_it_dominates() {
    let harness = cpu_notes(
        "main.main;main.secureRandInt;crypto/rand.Int;math/big.(*Int).Sub 400
         main.main;main.generateTestData 100
         main.main;main.work 500",
    );
    assert!(
        has(&harness, Severity::Warning, "50.00% belongs to test code"),
        "{harness:?}"
    );
    // What a test calls is under test.
    let library = cpu_notes(
        "main.TestX@/s/x_test.go:3;encoding/json.Marshal@/go/src/encoding/json/e.go:1 1000",
    );
    assert!(library.is_empty(), "{library:?}");
    let own = cpu_notes("main.BenchmarkX@/s/x_test.go:3 1000");
    assert!(has(&own, Severity::Warning, "100% belongs"), "{own:?}");
}

#[test]
fn idle_time_is_noticed() {
    // 1000 samples of 10 ms in 100 s of wall time: 0.10 cores.
    let mut profile = cpu_profile("main.f 1000");
    profile.duration_nanos = 100_000_000_000;
    assert!(has(
        &notes(&profile, Kind::Cpu, 1),
        Severity::Note,
        "0.10 cores were busy"
    ));
    profile.duration_nanos = 10_000_000_000;
    assert!(notes(&profile, Kind::Cpu, 1).is_empty());
}

#[test]
fn few_sampled_objects_are_noticed() {
    let types = [
        ("alloc_objects", "count"),
        ("alloc_space", "bytes"),
        ("inuse_objects", "count"),
        ("inuse_space", "bytes"),
    ];
    // 8192.5 objects of 64 B stand for one sampled one; 20 of them.
    let mut profile = test_profile_of(&types, "main.f 163850 10486400 0 0");
    let kind = intern(&mut profile, b"space");
    profile.period_type = Some(ValueType {
        kind,
        unit: profile.sample_types[1].unit,
    });
    profile.period = 524_288;
    let found = notes(&profile, Kind::Allocs, 1);
    assert!(
        has(
            &found,
            Severity::Warning,
            "about 20 objects that were really sampled (one per 512kB"
        ),
        "{found:?}"
    );
    // A period of 1 records everything.
    profile.period = 1;
    assert!(!has(
        &notes(&profile, Kind::Allocs, 1),
        Severity::Warning,
        "really sampled"
    ));
}

#[test]
fn differences_overflows_and_missing_symbols_are_noticed() {
    let found = notes(&test_profile("main.f -5\nmain.g 2000"), Kind::Custom, 0);
    assert!(
        has(&found, Severity::Note, "1 sample of negative value"),
        "{found:?}"
    );
    // One stack with two samples, net 5: the loss is there all the same.
    let found = notes(&test_profile("main.f -5\nmain.f 10"), Kind::Custom, 0);
    let message = "1 sample of negative value: the profile is a difference. \
        Percentages are of the sum of magnitudes.";
    assert!(has(&found, Severity::Note, message), "{found:?}");
    let saved = test_profile("main.f -5 [pprof::base=true]\nmain.f 10");
    let found = notes(&saved, Kind::Custom, 0);
    let message = "Percentages are of the base's sum of magnitudes.";
    assert!(has(&found, Severity::Note, message), "{found:?}");
    let huge = test_profile(&format!("main.f {}\nmain.g {}", i64::MAX, i64::MAX));
    assert!(has(
        &notes(&huge, Kind::Custom, 0),
        Severity::Warning,
        "more than 64 bits"
    ));
    let found = notes(&test_profile("main.f;[app] 10\nmain.g 90"), Kind::Custom, 0);
    assert!(
        has(
            &found,
            Severity::Warning,
            "10.00% of the value ends in addresses"
        ),
        "{found:?}"
    );
    let lost = cpu_notes("runtime/pprof.lostProfileEvent 100\nmain.f 900");
    assert!(
        has(
            &lost,
            Severity::Warning,
            "10.00% of the value could not be attributed"
        ),
        "{lost:?}"
    );
}

#[test]
fn each_kind_tells_what_it_cannot_show() {
    let profile = test_profile_of(
        &[("contentions", "count"), ("delay", "nanoseconds")],
        "main.f 29 5",
    );
    let found = notes(&profile, Kind::Mutex, 1);
    assert!(has(&found, Severity::Warning, "Only 29 waits recorded"));
    assert!(has(&found, Severity::Note, "where the lock was released"));
    assert!(has(
        &notes(&test_profile("main.f 1"), Kind::Goroutine, 0),
        Severity::Note,
        "debug=2"
    ));
}
