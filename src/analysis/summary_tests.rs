use super::super::testing::{cpu_profile, test_profile_of};
use super::super::{
    HotPathOptions, NodeOptions, Order, Tree, all_rows, hot_paths, mechanism_bar, sort_rows,
};
use super::*;

fn say(profile: &Profile, kind: Kind, sample_type: usize) -> (String, Vec<String>) {
    let nodes = Nodes::new(profile, &NodeOptions::default());
    let classes = Classes::new(profile);
    let selection = Selection::all(profile, sample_type);
    let tree = Tree::new(profile, &nodes, &selection, false);
    let view = tree.view(profile, &nodes);
    let paths = hot_paths(profile, &nodes, &classes, view, &HotPathOptions::default());
    let bar = mechanism_bar(profile, &nodes, &classes, kind, &selection);
    let mut rows = all_rows(profile, &nodes, &selection);
    sort_rows(&mut rows, &nodes, Order::Flat);
    let input = SummaryInput {
        profile,
        nodes: &nodes,
        classes: &classes,
        kind,
        selection: &selection,
        bar: &bar,
        paths: &paths,
        top: &rows,
    };
    (headline(profile, kind, &selection), verdict(&input))
}

#[test]
fn cpu_time_is_put_into_words() {
    // 1000 samples of 10 ms = 10 s in 20 s: 0.50 cores.
    let mut profile = cpu_profile(
        "runtime.main;main.main;main.work;runtime.mallocgc 600
         runtime.main;main.main;main.work 300
         runtime.gcBgMarkWorker;runtime.gcDrainMarkWorkerIdle 50
         runtime.gcBgMarkWorker;runtime.gcDrain 50",
    );
    profile.duration_nanos = 20_000_000_000;
    let (headline, verdict) = say(&profile, Kind::Cpu, 1);
    assert_eq!(
        headline,
        "10s of CPU in 20s of wall time (0.50 cores), 1\u{202f}000 samples"
    );
    // Wilson for k of 1000 (z = 1.96), from the formula in Python: 600 → [56.93, 62.99],
    // 900 → [87.98, 91.71], 100 → [8.29, 12.02].
    assert_eq!(
        verdict,
        [
            "Most of the CPU time goes to Allocation: 60.00% [56.9–63.0%] (6s); 100% of it for main.work.",
            "The heaviest function by own cost is runtime.mallocgc with 60.00% [56.9–63.0%].",
            "The heaviest call path carries 60.00% [56.9–63.0%]: main.main → main.work → runtime.mallocgc.",
            "90.00% [88.0–91.7%] passes through your code; 30.00% is spent in its own instructions, the rest in what it calls.",
            "Garbage collection takes 10.00% [8.3–12.0%], 50.00% of it by processors that were idle.",
        ]
    );
}

#[test]
fn too_few_samples_are_not_ranked() {
    let (headline, verdict) = say(&cpu_profile("main.f 20\nmain.g 9"), Kind::Cpu, 1);
    assert_eq!(headline, "290ms of CPU, 29 samples");
    assert_eq!(
        verdict,
        ["With 29 samples nothing can be ranked: any order would be chance."]
    );
}

#[test]
fn ranks_within_each_others_intervals_are_a_tie() {
    let (_, verdict) = say(
        &cpu_profile("main.f;runtime.mallocgc 52\nmain.f;fmt.Sprint 48"),
        Kind::Cpu,
        1,
    );
    // 52 of 100: 42.3–61.5 %, 48 of 100: 38.5–57.7 %.
    let tie = "Formatting and errors, 48.00% [38.5–57.7%], may be as large: the difference is within \
               what chance makes of this many samples.";
    assert!(verdict[0].ends_with(tie), "{verdict:?}");
    let (_, clear) = say(
        &cpu_profile("main.f;runtime.mallocgc 80\nmain.f;fmt.Sprint 20"),
        Kind::Cpu,
        1,
    );
    assert!(!clear[0].contains("may be as large"), "{clear:?}");
}

#[test]
fn memory_is_put_into_words() {
    let types = [
        ("alloc_objects", "count"),
        ("alloc_space", "bytes"),
        ("inuse_objects", "count"),
        ("inuse_space", "bytes"),
    ];
    let text =
        "main.main;main.load;encoding/json.Marshal 100 409600 10 40960\nmain.main 1 1024 1 1024";
    let profile = test_profile_of(&types, text);
    let (headline, verdict) = say(&profile, Kind::Allocs, 1);
    // 40960 + 1024 = 41 kB, 409600 + 1024 = 401 kB.
    assert_eq!(
        headline,
        "41kB in use in 11 objects, 401kB allocated in 101 objects"
    );
    // 409600/410624 = 99.75 %; 41984/410624 = 10.22 %; 410624/101 = 4065 B = 3.97 kB.
    assert_eq!(
        verdict[0],
        "Most of the allocated bytes go to JSON: 99.75% (400kB); 100% of it for main.load."
    );
    let last = "10.22% of the 401kB that were allocated are still in use; an allocated object has 3.97kB on average.";
    assert_eq!(verdict.last().unwrap(), last);
}

#[test]
fn other_kinds_have_headlines() {
    let delays = [("contentions", "count"), ("delay", "nanoseconds")];
    let profile = test_profile_of(&delays, "main.f;runtime.chanrecv1 4 2000000000");
    let (headline, verdict) = say(&profile, Kind::Block, 1);
    assert_eq!(headline, "2s of waiting in 4 waits");
    assert!(
        verdict.contains(&"A wait takes 500ms on average.".to_owned()),
        "{verdict:?}"
    );
    let profile = test_profile_of(&[("goroutine", "count")], "main.f;time.Sleep 7\nmain.g 1");
    assert_eq!(
        say(&profile, Kind::Goroutine, 0).0,
        "8 goroutines with 2 distinct stacks"
    );
    let profile = test_profile_of(&[("open_files", "count")], "main.f 7");
    assert_eq!(
        say(&profile, Kind::Custom, 0).0,
        "7 open_files in 1 sample record"
    );
}

#[test]
fn losses_keep_their_sign() {
    // 3 - 15 = -12 goroutines; of them -15 sleep. Of 3 + 15 = 18 that is 83.33%.
    let profile = test_profile_of(&[("goroutine", "count")], "main.f;time.Sleep -15\nmain.g 3");
    let (headline, verdict) = say(&profile, Kind::Goroutine, 0);
    assert_eq!(headline, "-12 goroutines with 2 distinct stacks");
    assert!(verdict[0].contains("83.33% (-15)"), "{verdict:?}");
    let profile = test_profile_of(&[("open_files", "count")], "main.f -7");
    assert_eq!(
        say(&profile, Kind::Custom, 0).0,
        "-7 open_files in 1 sample record"
    );
    // -200 samples of 10 ms; cores that were not busy are no cores.
    let mut profile = cpu_profile("main.f -300\nmain.g 100");
    profile.duration_nanos = 20_000_000_000;
    assert_eq!(say(&profile, Kind::Cpu, 1).0, "-2s of CPU, 400 samples");
}

#[test]
fn names_are_short_and_packages_allocate_themselves() {
    let types = [("alloc_objects", "count"), ("alloc_space", "bytes")];
    let text = "example.com/app/cache.(*TTL[go.shape.string]).Get 1 4096";
    let (_, verdict) = say(&test_profile_of(&types, text), Kind::Allocs, 1);
    assert_eq!(
        verdict[..2],
        [
            "Most of the allocated bytes go to package example.com/app/cache itself: 100% (4kB).",
            "The heaviest function by own cost is cache.(*TTL[…]).Get with 100%."
        ]
    );
}

#[test]
fn the_type_shown_first_has_values() {
    let types = [("a", "count"), ("b", "count"), ("c", "count")];
    let shown = |text| shown_type(&test_profile_of(&types, text));
    // The last is the default; without values the last that has some.
    assert_eq!(shown("main.f 1 2 3"), 2);
    assert_eq!(shown("main.f 1 2 0\nmain.g 0 0 -1"), 2);
    assert_eq!(shown("main.f 1 2 0"), 1);
    assert_eq!(shown("main.f 1 0 0"), 0);
    assert_eq!(shown("main.f 0 0 0"), 2);
    assert_eq!(shown(""), 2);
}

#[test]
fn without_samples_there_is_one_sentence() {
    let (_, verdict) = say(&cpu_profile(""), Kind::Cpu, 1);
    assert_eq!(
        verdict,
        ["There are no samples, so there is nothing to rank."]
    );
}
