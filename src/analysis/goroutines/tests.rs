//! Groups of small dumps written here; `tests/goroutines.rs` has those of real programs.

use super::*;
use crate::analysis::Classes;
use crate::analysis::testing::test_profile_of;

#[test]
fn other_kinds_have_no_goroutines() {
    let profile = test_profile_of(&[("samples", "count")], "main.main;main.f 3");
    assert!(goroutines(&profile, &Classes::new(&profile)).is_none());
}

fn of(text: &str) -> Goroutines {
    let profile = test_profile_of(&[("goroutine", "count")], text);
    goroutines(&profile, &Classes::new(&profile)).unwrap()
}

#[test]
fn a_profile_is_grouped_by_what_all_encodings_show() {
    let all = of("runtime.main;main.main;sync.(*WaitGroup).Wait;sync.runtime_SemacquireWaitGroup;runtime.semacquire1;runtime.gopark 1
        main.serve.gowrap1;main.work@/w.go:7;runtime.chanrecv1;runtime.chanrecv;runtime.gopark 12
        main.work@/w.go:7;runtime.chanrecv2;runtime.chanrecv;runtime.gopark 3
        main.work@/w.go:9;runtime.chansend1;runtime.chansend;runtime.gopark 2");
    let groups: Vec<(i64, &str, Role)> = all
        .groups
        .iter()
        .map(|g| (g.count, g.wait_text.as_str(), g.role))
        .collect();
    assert_eq!(
        groups,
        [
            (15, "chan receive", Role::Work),
            (2, "chan send", Role::Work),
            (1, "sync.WaitGroup.Wait", Role::Idle)
        ]
    );
    assert_eq!((all.total, all.expected, all.is_dump), (18, 1, false));
    let user = all.groups[0].user.as_ref().unwrap();
    assert_eq!(
        (user.function.as_str(), user.file.as_str(), user.line),
        ("main.work", "/w.go", 7)
    );
    assert_eq!(
        all.groups[2].operation.as_deref(),
        Some("sync.(*WaitGroup).Wait")
    );
    assert_eq!(
        all.by_wait[0],
        Tally {
            name: "chan receive".to_owned(),
            count: 15
        }
    );
}

#[test]
fn growth_is_matched_by_stacks() {
    let files = [3, 8, 20].map(|n| {
        of(&format!(
            "main.leak@/l.go:4;runtime.chansend1;runtime.chansend;runtime.gopark {n}
            main.serve@/s.go:2;runtime.selectgo;runtime.gopark 5"
        ))
    });
    let rows = growth(&files.iter().collect::<Vec<_>>());
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].counts, [3, 8, 20]);
    assert!(rows[0].only_grows() && !rows[1].only_grows());
    assert_eq!((rows[0].added(), rows[0].group), (17, (2, 0)));
}

#[test]
fn deltas_are_no_census() {
    let all =
        of("main.f;runtime.selectgo;runtime.gopark -3\nmain.g;runtime.selectgo;runtime.gopark 4");
    assert!(!all.is_census);
    assert_eq!(all.total, 1);
}
