//! Goroutines of real programs: the same groups from all encodings, and what is odd about them.
//!
//! Numbers come from `testdata/programs/goroutines/main.go`, and of the optional corpus beside the
//! repository from what its programs do.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its inputs from files"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dropprof::analysis::Classes;
use dropprof::analysis::goroutines::{
    Candidate, CandidateKind, Evidence, Goroutines, Role, WaitGraph, WaitKind, candidates,
    goroutines, growth, wait_graph,
};
use dropprof::formats::{OpenOptions, open};
use dropprof::model::Profile;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

struct Read {
    profile: Profile,
    all: Goroutines,
}

impl Read {
    fn of(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut opened = open("file", &bytes, OpenOptions::default());
        let profile = opened.remove(0).result.expect("it is read").profile;
        let all = goroutines(&profile, &Classes::new(&profile)).expect("goroutines");
        Self { profile, all }
    }

    fn graph(&self) -> Option<WaitGraph> {
        let dump = self.profile.dump.as_ref()?;
        Some(wait_graph(&self.all, dump))
    }

    fn candidates(&self) -> Vec<Candidate> {
        candidates(&self.profile, &self.all, self.graph().as_ref())
    }

    fn only(&self, kind: CandidateKind) -> Vec<Candidate> {
        let all = self.candidates().into_iter();
        all.filter(|candidate| candidate.kind == kind).collect()
    }

    /// Groups by their stacks, but for the goroutine that writes, which differs.
    fn by_stack(&self) -> BTreeMap<u128, i64> {
        let mut found = BTreeMap::new();
        for group in &self.all.groups {
            if group.role != Role::Profiler {
                *found.entry(group.stack_key).or_default() += group.count;
            }
        }
        found
    }

    fn count(&self, wait: WaitKind) -> i64 {
        let groups = self.all.groups.iter();
        groups.filter(|g| g.wait == wait).map(|g| g.count).sum()
    }
}

fn own(name: &str) -> Read {
    Read::of(&root().join("testdata/goroutines").join(name))
}

/// A file of the corpus; `None` without one.
fn foreign(name: &str) -> Option<Read> {
    let path = root().join("../shared/corpus").join(name);
    path.is_file().then(|| Read::of(&path))
}

fn assert_same(a: &Read, b: &Read, what: &str) {
    let (first, second) = (a.by_stack(), b.by_stack());
    let text = |read: &Read, keys: &BTreeMap<u128, i64>, others: &BTreeMap<u128, i64>| {
        let groups = read.all.groups.iter();
        let odd = groups.filter(|g| {
            keys.contains_key(&g.stack_key) && others.get(&g.stack_key) != keys.get(&g.stack_key)
        });
        odd.map(|g| format!("{} {} {:?}\n", g.count, g.wait_text, g.user))
            .collect::<String>()
    };
    assert!(
        first == second,
        "{what}\n{}---\n{}",
        text(a, &first, &second),
        text(b, &second, &first)
    );
}

#[test]
fn all_encodings_give_the_same_groups() {
    let [proto, text, dump] = ["goroutine.d0", "goroutine.d1", "goroutine.d2"].map(own);
    assert_same(&proto, &text, "d0 and d1");
    assert_same(&proto, &dump, "d0 and d2");
    for read in [&proto, &text, &dump] {
        assert_eq!(read.all.total, proto.all.total);
    }
    // What a profile's frames tell is what the dump says.
    let waits = |read: &Read| {
        let groups = read.all.groups.iter().filter(|g| g.role != Role::Profiler);
        let mut waits: Vec<(u128, WaitKind)> = groups.map(|g| (g.stack_key, g.wait)).collect();
        waits.sort();
        waits
    };
    assert_eq!(waits(&proto), waits(&dump));
}

#[test]
fn lab_dumps_give_the_same_groups() {
    for folder in ["dumps122", "dumps127"] {
        let read = |debug| foreign(&format!("lab/{folder}/goroutine.d{debug}"));
        let (Some(proto), Some(text), Some(dump)) = (read(0), read(1), read(2)) else {
            eprintln!("skipped: needs ../shared/corpus");
            return;
        };
        assert_same(&proto, &text, folder);
        assert_same(&proto, &dump, folder);
        // Three on one lock, by three waiters of one object.
        let convoys = dump.only(CandidateKind::LockConvoy);
        assert_eq!((convoys.len(), convoys[0].count), (1, 3), "{folder}");
        assert!(convoys[0].address.is_some());
        // select {}, <-nil, nil<- and one with labels, which receives from Done of Background.
        let never = dump.only(CandidateKind::NeverWakes);
        assert_eq!(never.iter().map(|c| c.count).sum::<i64>(), 4, "{folder}");
        let never = proto.only(CandidateKind::NeverWakes);
        assert_eq!(
            never.iter().map(|c| c.count).sum::<i64>(),
            4,
            "{folder}: by line"
        );
    }
    if let Some(leaks) = foreign("lab/dumps127/goroutineleak.d2") {
        assert_eq!(leaks.all.leaked, 9);
        let proto = foreign("lab/dumps127/goroutineleak.d0").expect("beside it");
        assert_eq!((proto.all.leaked, proto.all.is_leak_profile), (9, true));
    }
}

#[test]
fn the_demo_has_a_janitor_for_each_cache() {
    let Some(dump) = foreign("lab/gobroadcast-demo/goroutine2.txt") else {
        eprintln!("skipped: needs ../shared/corpus");
        return;
    };
    let janitors = dump.only(CandidateKind::JanitorPerInstance);
    assert_eq!(
        (janitors.len(), janitors[0].count, janitors[0].distinct),
        (1, 964, 964)
    );
    let site = janitors[0].site.as_ref().expect("where they are started");
    assert!(site.function.ends_with("NewTTLCache"), "{site:?}");
    assert_eq!(site.line, 83);
}

#[test]
fn what_our_program_does_is_found() {
    let dump = own("goroutine.d2");
    let janitors = dump.only(CandidateKind::JanitorPerInstance);
    assert_eq!(
        (janitors.len(), janitors[0].count, janitors[0].distinct),
        (1, 6, 6)
    );
    assert_eq!(janitors[0].site.as_ref().unwrap().function, "main.newCache");
    // Three wait for the lock that (*ledger).hold keeps.
    let convoys = dump.only(CandidateKind::LockConvoy);
    assert_eq!((convoys.len(), convoys[0].count), (1, 3));
    let holder = &convoys[0].holders[0];
    assert_eq!(holder.evidence, Evidence::SameReceiver);
    let held_in = dump.all.groups[holder.group].user.as_ref().unwrap();
    assert_eq!(held_in.function, "main.(*ledger).hold");
    // select {}, <-nil and nil<-.
    let never = dump.only(CandidateKind::NeverWakes);
    assert_eq!(never.iter().map(|c| c.count).collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(own("goroutine.d0").only(CandidateKind::NeverWakes).len(), 3);
    // Three responses of which one byte was read.
    let bodies = dump.only(CandidateKind::HttpBodyLeak);
    assert_eq!((bodies.len(), bodies[0].count), (1, 3));
    assert!(dump.only(CandidateKind::GlobalDeadlock).is_empty());
    assert!(dump.only(CandidateKind::LockCycle).is_empty());
    let labelled = dump
        .all
        .groups
        .iter()
        .find(|g| !g.labels.is_empty())
        .unwrap();
    let labels: Vec<_> = labelled
        .labels
        .iter()
        .map(|l| (l.key.as_str(), l.value.as_str()))
        .collect();
    assert_eq!(labels, [("route", "/v1/carts"), ("user id", "x, \"y\"")]);
    assert_eq!((dump.all.locked_to_thread, dump.all.running), (1, 1));
    assert!(own("goroutineleak.d2").all.leaked > 0);
    // The server waits for connections; nobody is to be told of it.
    let accepting = dump
        .all
        .groups
        .iter()
        .find(|g| g.role_text == "waits for connections");
    assert_eq!(accepting.unwrap().count, 1);
    assert_eq!(dump.count(WaitKind::ChannelSend), 4);
}

#[test]
fn a_deadlock_names_the_cycle() {
    for name in ["deadlock.txt", "deadlock-system.txt"] {
        let read = own(name);
        let found = read.only(CandidateKind::GlobalDeadlock);
        assert_eq!((found.len(), found[0].count), (1, 3), "{name}");
        let cycles = &found[0].cycles;
        assert_eq!(cycles.len(), 1, "{name}: {cycles:?}");
        assert_eq!(cycles[0].steps.len(), 2);
        let [a, b] = [&cycles[0].steps[0], &cycles[0].steps[1]];
        assert_ne!(a.waits_for, b.waits_for);
        for step in [a, b] {
            let site = read.all.groups[step.group].user.as_ref().unwrap();
            assert_eq!(site.function, "main.(*account).transfer");
        }
    }
}

#[test]
fn leaks_grow_from_dump_to_dump() {
    let files: Vec<Read> = (1..=3)
        .filter_map(|n| foreign(&format!("go/1.27.3/leaker/t{n}.goroutine.debug2.txt")))
        .collect();
    if files.len() < 3 {
        eprintln!("skipped: needs ../shared/corpus");
        return;
    }
    let all: Vec<&Goroutines> = files.iter().map(|file| &file.all).collect();
    let rows = growth(&all);
    assert!(
        rows[0].only_grows() && rows[0].added() >= 50,
        "{:?}",
        rows[0]
    );
}
