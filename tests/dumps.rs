//! Texts of goroutines: every header that Go has, logs around them, cut ones, several in a file.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads its inputs from files"
)]

use std::fs;
use std::path::{Path, PathBuf};

use dropprof::formats::{OpenOptions, Opened, OpenedProfile, TextRules, open};
use dropprof::model::check::check;
use dropprof::model::dump::{CrashKind, Dump, Goroutine};
use dropprof::model::{Kind, Profile};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn all(bytes: &[u8]) -> Vec<Opened> {
    open("dump.txt", bytes, OpenOptions::default())
}

fn one(bytes: &[u8]) -> OpenedProfile {
    let mut opened = all(bytes);
    assert_eq!(opened.len(), 1);
    let read = opened.remove(0).result.expect("it is read");
    check(&read.profile).expect("invariants hold");
    read
}

fn file(name: &str) -> OpenedProfile {
    one(&fs::read(root().join("testdata/goroutines").join(name)).expect("test data"))
}

fn dump(read: &OpenedProfile) -> &Dump {
    read.profile.dump.as_ref().expect("a dump")
}

fn states(read: &OpenedProfile) -> Vec<String> {
    let dump = dump(read);
    let state = |g: &Goroutine| dump.strings.text(g.state).into_owned();
    dump.goroutines.iter().map(state).collect()
}

fn notes(read: &OpenedProfile) -> String {
    let notes = read.diagnostics.iter();
    notes.map(|note| note.message.clone() + "\n").collect()
}

/// Labels of sample `i`: `key=value`.
fn labels(profile: &Profile, i: usize) -> Vec<String> {
    let text = |id| profile.strings.text(id).into_owned();
    let label = |l: &dropprof::model::Label| {
        let value = if l.str.0 == 0 {
            format!("{}{}", l.num, text(l.unit))
        } else {
            text(l.str)
        };
        format!("{}={value}", text(l.key))
    };
    profile.samples.labels(i).iter().map(label).collect()
}

const PAIR: &str = "goroutine 1 [chan receive, 14 minutes]:\n\
    main.wait(0xc0001a2000, {0x6f1e20?, 0x12?})\n\t/src/a b/main.go:9 +0x2a\n\
    main.main()\n\t/src/a b/main.go:4 +0x1d\n\n\
    goroutine 7 gp=0xc1 m=3 mp=0xc2 [syscall, locked to thread] {role: poller, \"user id\": \"x y\"}:\n\
    main.inner(...)\n\t/src/b.go:3\nmain.(*T[...]).outer(0xc00)\n\t/src/b.go:7 +0x1 fp=0x1 sp=0x2 pc=0x3\n\
    created by main.start in goroutine 1\n\t/src/b.go:20 +0x9\n";

#[test]
fn a_dump_is_a_profile_with_a_table_beside_it() {
    let read = one(PAIR.as_bytes());
    assert_eq!(read.kind, Kind::Goroutine);
    assert_eq!(
        (read.profile.type_name(0), read.profile.unit_name(0)),
        ("goroutine".into(), "count".into())
    );
    assert_eq!(read.profile.samples.values, [1, 1]);
    let dump = dump(&read);
    assert!(dump.is_census);
    assert_eq!(
        labels(&read.profile, 0),
        [
            "goroutine::state=waiting",
            "goroutine::wait=chan receive",
            "goroutine::id=1",
            "goroutine::minutes=14minutes"
        ]
    );
    assert_eq!(
        labels(&read.profile, 1),
        [
            "role=poller",
            "user id=x y",
            "goroutine::state=syscall",
            "goroutine::created_by=main.start",
            "goroutine::id=7"
        ]
    );
    let rows = dump.rows();
    assert_eq!(rows.of(&read.profile, 1), Some(1));
    let goroutine = &dump.goroutines[1];
    assert!(goroutine.is_locked);
    let creator = goroutine.created_by.unwrap();
    assert_eq!((creator.line, creator.parent), (20, 1));
    let frames = dump.frames_of(goroutine);
    let names: Vec<_> = frames
        .iter()
        .map(|f| dump.strings.text(f.function))
        .collect();
    assert_eq!(names, ["main.inner", "main.(*T[...]).outer"]);
    assert_eq!(
        frames.iter().map(|f| f.is_inlined).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(dump.arguments_of(&frames[1]), b"0xc00");
    let frames = dump.frames_of(&dump.goroutines[0]);
    assert_eq!(
        dump.arguments_of(&frames[0]),
        b"0xc0001a2000, {0x6f1e20?, 0x12?}"
    );
    assert_eq!(dump.strings.text(frames[0].file), "/src/a b/main.go");
    // The inlined call shares the location of its caller.
    assert_eq!(
        read.profile
            .stacks
            .get(read.profile.samples.stacks[1])
            .len(),
        1
    );
}

#[test]
fn pprof_reads_none() {
    let options = OpenOptions {
        text: TextRules::PprofExact,
        ..OpenOptions::default()
    };
    let opened = open("dump", PAIR.as_bytes(), options);
    let error = opened[0].result.as_ref().unwrap_err();
    assert_eq!(error.looks_like, Some("a goroutine dump (debug=2)"));
}

#[test]
fn line_ends_and_prefixes_make_no_difference() {
    let plain = one(PAIR.as_bytes());
    let crlf = one(PAIR.replace('\n', "\r\n").as_bytes());
    let log = |head: &str| {
        let lines = PAIR.lines().map(|line| format!("{head}{line}\n"));
        one(lines.collect::<String>().as_bytes())
    };
    let same = |other: &OpenedProfile| {
        assert_eq!(states(other), states(&plain));
        let names = |read: &OpenedProfile| {
            let functions = read.profile.functions.iter();
            let name =
                |f: &dropprof::model::Function| read.profile.strings.text(f.name).into_owned();
            functions.map(name).collect::<Vec<_>>()
        };
        assert_eq!(names(other), names(&plain));
    };
    same(&crlf);
    same(&log("2026-11-23T09:00:00.123456789Z stderr F "));
    same(&log("Nov 23 09:00:00 host app[4711]: "));
    same(&log("    "));
    same(&one(format!(
        "listening\n2026/11/23 09:00:00 {PAIR}exit status 2\n"
    )
    .as_bytes()));
}

#[test]
fn a_cut_text_keeps_what_is_whole() {
    let whole = |read: &OpenedProfile| dump(read).goroutines.len();
    // Inside the second goroutine's frames: it is left out.
    let at = PAIR.find("/src/b.go:7").unwrap();
    let read = one(&PAIR.as_bytes()[..at]);
    assert_eq!(whole(&read), 1);
    // 5 lines: its header, two for a frame, the name of the next, and the tab before its place.
    let expected = "The text ends inside goroutine 7, which begins in line 7: its 5 lines of ";
    assert!(notes(&read).starts_with(expected), "{}", notes(&read));
    // Inside the place of its creator: the stack is whole.
    let at = PAIR.find("/src/b.go:20").unwrap();
    let read = one(&PAIR.as_bytes()[..at + 6]);
    assert_eq!(whole(&read), 2);
    assert!(
        notes(&read).contains("where goroutine 7 says where it was created"),
        "{}",
        notes(&read)
    );
    // Every cut keeps the goroutine before, and nothing is said when nothing is lost.
    let first = PAIR.find("goroutine 7").unwrap();
    for at in first..PAIR.len() {
        let read = one(&PAIR.as_bytes()[..at]);
        assert!(whole(&read) >= 1, "{at}");
    }
    assert_eq!(notes(&one(PAIR.as_bytes())), "");
}

#[test]
fn crashes_say_what_has_happened() {
    let text = "runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n\n\
        runtime stack:\nruntime.throw({0x1, 0x2})\n\t/r/panic.go:1 +0x1 fp=0x1 sp=0x2 pc=0x3\n\n\
        goroutine 1 gp=0x1 m=0 mp=0x2 [running]:\nmain.f(0x1)\n\t/m.go:3 +0x1\n\
        ...23 frames elided...\nmain.main()\n\t/m.go:9 +0x1\n";
    let read = one(text.as_bytes());
    let table = dump(&read);
    let crash = table.crash.as_ref().unwrap();
    assert_eq!(
        (crash.kind, crash.message.as_str(), crash.line),
        (CrashKind::Fatal, "stack overflow", 1)
    );
    assert_eq!(table.goroutines[0].elided, Some(23));
    assert_eq!(table.goroutines.len(), 1);
    assert!(!table.is_census);
    let text = "panic: one\ntwo [recovered]\n\tpanic: again\n[signal SIGSEGV: segmentation violation]\n\n\
        goroutine 5 [running]:\npanic({0x1?, 0x2?})\n\t/r/panic.go:8 +0x1\nmain.f()\n\t/m.go:3 +0x1\n\
        created by main.main in goroutine 1\n\t/m.go:2 +0x1\nexit status 2\n";
    let read = one(text.as_bytes());
    let crash = dump(&read).crash.as_ref().unwrap();
    assert_eq!(crash.lines.len(), 4);
    assert_eq!(
        read.profile.strings.text(read.profile.functions[0].name),
        "runtime.gopanic"
    );
    assert!(notes(&read).contains("no census"), "{}", notes(&read));
    let deadlock = file("deadlock.txt");
    assert!(dump(&deadlock).crash.as_ref().unwrap().is_deadlock());
    assert!(dump(&deadlock).is_census);
    assert_eq!(
        states(&deadlock),
        ["sync.WaitGroup.Wait", "sync.Mutex.Lock", "sync.Mutex.Lock"]
    );
    // At this level the runtime prints its own goroutines, and the scheduler's stack.
    let system = file("deadlock-system.txt");
    assert!(states(&system).contains(&"force gc (idle)".to_owned()));
}

#[test]
fn ancestors_and_missing_stacks_are_told_apart() {
    let text = "goroutine 9 [running]:\n\tgoroutine running on other thread; stack unavailable\n\
        created by main.f in goroutine 8\n\t/m.go:2 +0x1\n[originating from goroutine 8]:\n\
        main.f(...)\n\t/m.go:1 +0x1\ncreated by main.main\n\t/m.go:7 +0x1\n\n\
        goroutine 1 [select]:\nmain.main()\n\t/m.go:3 +0x1\n";
    let read = one(text.as_bytes());
    let dump = dump(&read);
    assert!(dump.goroutines[0].is_unavailable);
    assert_eq!(dump.goroutines[0].created_by.unwrap().parent, 8);
    let ancestors = dump.ancestors_of(&dump.goroutines[0]);
    assert_eq!((ancestors.len(), ancestors[0].id), (1, 8));
    assert!(dump.frames_of(&dump.goroutines[0]).is_empty());
    assert!(notes(&read).contains("1 goroutines were running on other threads"));
}

#[test]
fn several_dumps_in_a_file_are_several_profiles() {
    let two = format!("{PAIR}\n{PAIR}");
    let opened = all(two.as_bytes());
    let names: Vec<_> = opened.iter().map(|o| o.name.as_str()).collect();
    assert_eq!(names, ["dump.txt#1", "dump.txt#2"]);
    for file in &opened {
        let read = file.result.as_ref().unwrap();
        assert_eq!(read.profile.samples.len(), 2);
    }
    // Stacks that a log has of one goroutine each are one profile, and say which they are.
    let single = "http: panic serving 127.0.0.1:1: boom\ngoroutine 4 [running]:\nmain.f()\n\t/m.go:3 +0x1\n\
        created by main.main in goroutine 1\n\t/m.go:2 +0x1\n\n";
    let read = one(single.repeat(3).as_bytes());
    let table = dump(&read);
    assert_eq!((table.goroutines.len(), table.is_census), (3, false));
    assert!(labels(&read.profile, 2).contains(&"goroutine::snapshot=3".to_owned()));
    assert_eq!(table.rows().of(&read.profile, 2), Some(2));
}

#[test]
fn a_dump_is_found_at_the_end_of_a_log() {
    let log = "2026/11/23 09:00:00 GET /v1/carts 200 12ms\n".repeat(20_000);
    let read = one(format!("{log}panic: boom\n\n{PAIR}").as_bytes());
    assert_eq!(dump(&read).goroutines.len(), 2);
    assert_eq!(dump(&read).crash.as_ref().unwrap().message, "boom");
    let opened = all(log.as_bytes());
    assert_eq!(
        opened[0].result.as_ref().unwrap_err().looks_like,
        Some("text")
    );
}

#[test]
fn reports_of_races_are_no_dumps() {
    let race = "==================\nWARNING: DATA RACE\nRead at 0x00c by goroutine 7:\n  main.f()\n      \
        /m.go:3 +0x1\n\nGoroutine 7 (running) created at:\n  main.main()\n      /m.go:2 +0x1\n\
        ==================\n";
    let opened = all(race.as_bytes());
    let error = opened[0].result.as_ref().unwrap_err();
    assert_eq!(error.looks_like, Some("a report of Go's race detector"));
    let read = one(format!("{race}{PAIR}").as_bytes());
    assert!(notes(&read).starts_with("Reports of data races (1)"));
    assert_eq!(dump(&read).goroutines.len(), 2);
}

#[test]
fn the_statistics_of_a_heap_are_kept() {
    let bytes = fs::read(root().join("testdata/legacy/go-heap.txt")).expect("test data");
    let read = one(&bytes);
    let stats = read.profile.mem_stats.as_ref().unwrap();
    assert_eq!((stats.heap_alloc, stats.max_rss), (1_049_088, 12_345_678));
}

#[test]
fn every_state_that_go_has_is_in_our_dump() {
    let read = file("goroutine.d2");
    let states = states(&read);
    for state in [
        "running",
        "chan send",
        "chan receive",
        "chan receive (nil chan)",
        "chan send (nil chan)",
        "select",
        "select (no cases)",
        "sync.Mutex.Lock",
        "sync.RWMutex.RLock",
        "sync.RWMutex.Lock",
        "sync.Cond.Wait",
        "sync.WaitGroup.Wait",
        "sleep",
        "IO wait",
    ] {
        assert!(states.iter().any(|s| s == state), "{state}");
    }
    let leaks = file("goroutineleak.d2");
    assert!(dump(&leaks).goroutines.iter().any(|g| g.is_leaked));
    assert!(dump(&read).goroutines.iter().any(|g| g.is_locked));
    assert!(dump(&read).goroutines.iter().any(|g| g.elided.is_some()));
}

/// Needs the optional corpus beside the repository; says so and passes where it is missing.
#[test]
fn every_dump_of_the_corpus_is_read_whole() {
    let corpus = root().join("../shared/corpus");
    let mut folders = vec![corpus];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.filter_map(|e| Some(e.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else if path.metadata().is_ok_and(|m| m.len() < 4 << 20) {
                seen += usize::from(is_read_whole(&path));
            }
        }
    }
    eprintln!("{seen} dumps of the corpus");
}

/// True for a text with goroutines: as many are read as lines begin one.
fn is_read_whole(path: &Path) -> bool {
    let bytes = fs::read(path).expect("readable");
    let Ok(text) = String::from_utf8(bytes) else {
        return false;
    };
    let expected = text.lines().filter(|line| is_header(line)).count();
    if expected == 0 {
        return false;
    }
    let opened = all(text.as_bytes());
    let read = opened.iter().map(|file| match &file.result {
        Ok(read) => {
            check(&read.profile).expect("invariants hold");
            read.profile.dump.as_ref().map_or(0, |d| d.goroutines.len())
        }
        Err(error) => panic!("{}: {error}", path.display()),
    });
    assert_eq!(read.sum::<usize>(), expected, "{}", path.display());
    true
}

/// `goroutine NUMBER …[…]…:`, anywhere in a line; the scheduler's stack has the number 0.
fn is_header(line: &str) -> bool {
    let Some(at) = line.find("goroutine ") else {
        return false;
    };
    let rest = &line[at + 10..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0
        && &rest[..digits] != "0"
        && rest[digits..].starts_with(' ')
        && rest.contains('[')
        && line.ends_with(':')
}
