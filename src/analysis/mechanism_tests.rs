use super::super::NodeOptions;
use super::super::mechanism_rules::{BLOCKING, CPU, MEMORY};
use super::super::testing::{cpu_profile, test_profile, test_profile_of};
use super::*;

/// Key and value of each part, in order.
fn bar(profile: &Profile, kind: Kind, sample_type: usize) -> Vec<(String, i64)> {
    parts(profile, kind, sample_type)
        .into_iter()
        .map(|p| (p.key, p.value))
        .collect()
}

fn parts(profile: &Profile, kind: Kind, sample_type: usize) -> Vec<Part> {
    let nodes = Nodes::new(profile, &NodeOptions::default());
    let selection = Selection::all(profile, sample_type);
    mechanism_bar(profile, &nodes, &Classes::new(profile), kind, &selection)
}

fn cpu_key(stack: &str) -> String {
    let profile = cpu_profile(&format!("{stack} 1"));
    let mut found = bar(&profile, Kind::Cpu, 0);
    assert_eq!(found.len(), 1, "{stack}");
    found.remove(0).0
}

#[test]
fn each_rule_of_the_table_takes_its_stack() {
    // Stack and category by the table of mechanisms: first match in table order.
    let cases = [
        (
            "main.f;runtime.newobject;runtime.mallocgc;runtime.gcAssistAlloc;runtime.systemstack;runtime.gcAssistAlloc1;runtime.gcDrainN",
            "gc-assist",
        ),
        (
            "runtime.gcBgMarkWorker;runtime.systemstack;runtime.gcBgMarkWorker.func2;runtime.gcDrain;runtime.scanobject",
            "gc-mark",
        ),
        (
            "runtime.gcBgMarkWorker;runtime.systemstack;runtime.gcBgMarkWorker.func2;runtime.gcDrainMarkWorkerIdle;runtime.gcDrain;runtime.scanSpan",
            "gc-idle",
        ),
        (
            "runtime.bgsweep;runtime.sweepone;runtime.(*sweepLocked).sweep",
            "gc-sweep",
        ),
        ("main.f;gcWriteBarrier;runtime.wbBufFlush", "write-barrier"),
        ("main.f;runtime.gcWriteBarrier2", "write-barrier"),
        (
            "main.f;runtime.chansend1;runtime.chansend;runtime.blockevent;runtime.saveblockevent",
            "profiling",
        ),
        (
            "runtime/pprof.profileWriter;runtime/pprof.(*profileBuilder).build;compress/gzip.(*Writer).Write",
            "profiling",
        ),
        (
            "main.f;runtime.concatstring2;runtime.concatstrings;runtime.rawstringtmp;runtime.rawstring;runtime.mallocgc",
            "alloc",
        ),
        (
            "main.f;runtime.mallocgcSmallScanNoHeaderSC5;runtime.nextFreeFast",
            "alloc",
        ),
        (
            "main.f;runtime.concatstring2;runtime.concatstrings;runtime.memmove",
            "strings",
        ),
        ("main.f;runtime.convTstring", "strings"),
        (
            "main.f;runtime.mapaccess1_faststr;internal/runtime/maps.ctrlGroup.matchH2",
            "maps",
        ),
        ("main.f;runtime.mapassign;aeshashbody", "maps"),
        ("main.f;runtime.memmove", "copy"),
        (
            "main.f;bytes.IndexByte;internal/bytealg.IndexByte;indexbytebody",
            "copy",
        ),
        (
            "main.f;runtime.morestack;runtime.newstack;runtime.copystack;runtime.adjustframe",
            "stack-growth",
        ),
        (
            "main.f;runtime.deferreturn;runtime.(*_panic).nextDefer",
            "defer",
        ),
        ("main.f;runtime.chanrecv1;runtime.chanrecv", "channels"),
        ("main.f;runtime.selectgo;runtime.sellock", "channels"),
        (
            "main.f;sync.(*Mutex).Lock;internal/sync.(*Mutex).lockSlow",
            "locks",
        ),
        (
            "main.f;sync.(*RWMutex).RLock;sync/atomic.(*Int32).Add",
            "locks",
        ),
        (
            "runtime.mcall;runtime.park_m;runtime.schedule;runtime.findRunnable;runtime.(*timers).check",
            "timers",
        ),
        ("main.f;time.Sleep;runtime.nanotime", "timers"),
        (
            "runtime.mcall;runtime.park_m;runtime.schedule;runtime.findrunnable",
            "scheduler",
        ),
        (
            "main.f;os.(*File).Write;internal/poll.(*FD).Write;syscall.write;syscall.Syscall;internal/runtime/syscall/linux.Syscall6",
            "syscalls",
        ),
        ("main.f;crypto/rand.Read;runtime.vgetrandom1", "syscalls"),
        (
            "main.f;main._Cfunc_sqrt;runtime.cgocall;runtime.asmcgocall",
            "native",
        ),
        (
            "main.f;log.Output;runtime.Callers;runtime.tracebackPCs",
            "stack-capture",
        ),
        (
            "main.f;os/exec.(*Cmd).Start;syscall.forkExec;syscall.(*Errno).Error",
            "spawn",
        ),
        ("main.f;time.Now;runtime.walltime", "clock"),
        ("main.f;runtime.somethingNew", "runtime-other"),
        ("runtime.goexit;runtime.main", "runtime-other"),
        ("main.f;encoding/json.Marshal;reflect.Value.Field", "json"),
        ("main.f;fmt.Sprintf;strconv.AppendInt", "fmt"),
        ("main.f;math/big.(*Int).Mul", "std:math/big"),
        ("main.f", "code:main"),
        ("main.f;runtime.asyncPreempt", "code:main"),
        ("net/http.(*conn).serve;bufio.(*Reader).ReadLine", "http"),
    ];
    for (stack, key) in cases {
        assert_eq!(cpu_key(stack), key, "{stack}");
    }
}

#[test]
fn what_the_runtime_calls_back_is_not_the_runtimes() {
    // A deferred function and labelled code run below runtime frames.
    assert_eq!(
        cpu_key("main.f;runtime.deferreturn;main.f.func1"),
        "code:main"
    );
    assert_eq!(
        cpu_key("main.f;runtime.gopanic;main.f.func1;fmt.Sprint"),
        "fmt"
    );
    assert_eq!(cpu_key("main.f;runtime/pprof.Do;main.f.func1"), "code:main");
    // Helpers that happen to live in the runtime.
    assert_eq!(
        cpu_key("main.f;reflect.Value.Field;internal/abi.(*Type).Kind"),
        "reflect"
    );
    assert_eq!(cpu_key("main.f;internal/abi.NoEscape"), "code:main");
}

#[test]
fn parts_add_up_and_list_who_caused_them() {
    // 10 samples of 10 ms: 4 + 1 allocate for main.a and main.b, 3 mark, 2 are own code.
    let profile = cpu_profile(
        "main.main;main.a;runtime.mallocgc 4
         main.main;main.b;runtime.newobject;runtime.mallocgc 1
         runtime.gcBgMarkWorker;runtime.gcDrain;runtime.scanobject 3
         main.main;main.a 2",
    );
    let nodes = Nodes::new(&profile, &NodeOptions::default());
    let found = parts(&profile, Kind::Cpu, 1);
    let rows: Vec<(&str, i64, f64)> = found
        .iter()
        .map(|p| (p.key.as_str(), p.value, p.share))
        .collect();
    assert_eq!(
        rows,
        [
            ("alloc", 50_000_000, 0.5),
            ("gc-mark", 30_000_000, 0.3),
            ("code:main", 20_000_000, 0.2)
        ]
    );
    let top = |i: usize| -> Vec<(String, i64)> {
        found[i]
            .top
            .iter()
            .map(|&(n, v)| (nodes.printable_text(n), v))
            .collect()
    };
    assert_eq!(
        top(0),
        [("main.a".into(), 40_000_000), ("main.b".into(), 10_000_000)]
    );
    // No user frame anywhere: the leaf.
    assert_eq!(top(1), [("runtime.scanobject".into(), 30_000_000)]);
    assert_eq!(found[0].family, Family::Runtime);
    assert_eq!(found[1].family, Family::Gc);
}

#[test]
fn only_idle_marking_is_hatched() {
    let profile = cpu_profile(
        "runtime.gcBgMarkWorker;runtime.gcDrainMarkWorkerIdle;runtime.gcDrain 1
         runtime.gcBgMarkWorker;runtime.gcDrain 2",
    );
    let found = parts(&profile, Kind::Cpu, 0);
    let hatched: Vec<(&str, bool)> = found.iter().map(|p| (p.key.as_str(), p.hatched)).collect();
    assert_eq!(hatched, [("gc-mark", false), ("gc-idle", true)]);
}

#[test]
fn inlined_locks_belong_to_locks() {
    // sync.(*Mutex).Lock is inlined into main.f: one location.
    let profile = cpu_profile("main.main;main.f~sync.(*Mutex).Lock 1");
    assert_eq!(bar(&profile, Kind::Cpu, 0), [("locks".to_owned(), 1)]);
}

#[test]
fn memory_is_cut_by_who_asked() {
    let types = [("inuse_space", "bytes")];
    let profile = test_profile_of(
        &types,
        "main.main;encoding/json.Marshal;bytes.growSlice 100
         main.main;main.load 50
         main.main;bytes.(*Buffer).Write;bytes.growSlice 40
         runtime.mstart;runtime.newm;runtime.allocm 10
         main.main;runtime.growslice 5",
    );
    assert_eq!(
        bar(&profile, Kind::Heap, 0),
        [
            ("json".to_owned(), 100),
            ("code:main".to_owned(), 50),
            ("buffers".to_owned(), 40),
            ("goroutines".to_owned(), 10),
            ("slices".to_owned(), 5),
        ]
    );
}

#[test]
fn waiting_is_cut_by_operation() {
    let cases = [
        (
            "main.f;runtime.chanrecv1;runtime.chanrecv;runtime.gopark",
            "chan-recv",
        ),
        ("main.f;runtime.chansend1", "chan-send"),
        ("main.f;runtime.selectgo;runtime.gopark", "select"),
        (
            "main.f;sync.(*Mutex).Lock;sync.runtime_SemacquireMutex;runtime.semacquire1",
            "mutex",
        ),
        ("main.f;sync.(*RWMutex).Lock;sync.(*Mutex).Lock", "rwmutex"),
        (
            "main.f;sync.(*WaitGroup).Wait;runtime.semacquire1",
            "waitgroup",
        ),
        (
            "main.f;sync.(*Cond).Wait;sync.runtime_notifyListWait",
            "cond",
        ),
        (
            "main.f;net.(*conn).Read;internal/poll.(*pollDesc).wait;internal/poll.runtime_pollWait;runtime.netpollblock",
            "network",
        ),
        ("main.f;time.Sleep;runtime.gopark", "sleep"),
        (
            "main.f;os.(*File).Read;syscall.read;syscall.Syscall",
            "syscall",
        ),
        (
            "runtime.bgsweep;runtime.goparkunlock;runtime.gopark",
            "runtime-own",
        ),
        ("main.f;runtime.block;runtime.gopark", "select-forever"),
        (
            "os/signal.loop;os/signal.signal_recv;runtime.notetsleepg",
            "signals",
        ),
        ("runtime._LostContendedRuntimeLock", "runtime-locks"),
        ("main.f", "running"),
    ];
    for (stack, key) in cases {
        let profile = test_profile_of(&[("goroutine", "count")], &format!("{stack} 1"));
        assert_eq!(
            bar(&profile, Kind::Goroutine, 0),
            [(key.to_owned(), 1)],
            "{stack}"
        );
    }
}

#[test]
fn runtime_only_stacks_list_the_frame_that_tells() {
    let first = |kind, text: &str| {
        let profile = test_profile_of(&[("x", "count")], text);
        let nodes = Nodes::new(&profile, &NodeOptions::default());
        let part = parts(&profile, kind, 0).remove(0);
        (part.key, nodes.printable_text(part.top[0].0))
    };
    let pair = |key: &str, name: &str| (key.to_owned(), name.to_owned());
    let found = first(
        Kind::Heap,
        "runtime.mstart;runtime.newm;runtime.allocm;runtime.newobject;runtime.mallocgc 1",
    );
    assert_eq!(found, pair("goroutines", "runtime.allocm"));
    let found = first(
        Kind::Mutex,
        "runtime.bgsweep;runtime.sweepone;runtime.unlock 1",
    );
    assert_eq!(found, pair("runtime-locks", "runtime.sweepone"));
    let found = first(
        Kind::Goroutine,
        "runtime.bgsweep;runtime.goparkunlock;runtime.gopark 1",
    );
    assert_eq!(found, pair("runtime-own", "runtime.bgsweep"));
}

#[test]
fn custom_profiles_are_cut_by_package() {
    let profile = test_profile_of(
        &[("open_files", "count")],
        "main.main;example.com/app/store.Open@/home/me/app/store/s.go:1;os.Open 3
         main.main;main.tmp;os.Open 1",
    );
    assert_eq!(
        bar(&profile, Kind::Custom, 0),
        [
            ("code:example.com/app/store".to_owned(), 3),
            ("code:main".to_owned(), 1)
        ]
    );
}

#[test]
fn small_packages_are_joined_but_a_single_one_keeps_its_name() {
    // 1000 samples; packages below 1 % (10 samples) are small.
    let two_small = test_profile(
        "example.com/m/a.F@/h/m/a/a.go:1 990
         example.com/m/b.F@/h/m/b/b.go:1 6
         example.com/m/c.F@/h/m/c/c.go:1 4",
    );
    assert_eq!(
        bar(&two_small, Kind::Cpu, 0),
        [
            ("code:example.com/m/a".to_owned(), 990),
            ("code-other".to_owned(), 10)
        ]
    );
    let one_small = test_profile(
        "example.com/m/a.F@/h/m/a/a.go:1 995
         example.com/m/b.F@/h/m/b/b.go:1 5",
    );
    assert_eq!(
        bar(&one_small, Kind::Cpu, 0),
        [
            ("code:example.com/m/a".to_owned(), 995),
            ("code:example.com/m/b".to_owned(), 5)
        ]
    );
}

#[test]
fn stackless_and_nameless_samples_have_their_parts() {
    let profile = test_profile("- 2\n[app] 1\nmain.f;[/lib/libm.so.6] 4");
    assert_eq!(
        bar(&profile, Kind::Cpu, 0),
        [
            ("native".to_owned(), 4),
            ("no-stack".to_owned(), 2),
            ("unnamed".to_owned(), 1)
        ]
    );
}

#[test]
fn nothing_selected_makes_no_parts() {
    assert!(bar(&test_profile(""), Kind::Cpu, 0).is_empty());
    assert!(bar(&test_profile("main.f 0"), Kind::Cpu, 0).is_empty());
}

#[test]
fn shares_of_a_diff_are_of_magnitudes() {
    let profile = test_profile("main.f -3\nmain.g;fmt.Sprint 1");
    let found = parts(&profile, Kind::Cpu, 0);
    let rows: Vec<(&str, i64, f64)> = found
        .iter()
        .map(|p| (p.key.as_str(), p.value, p.share))
        .collect();
    assert_eq!(rows, [("code:main", -3, 0.75), ("fmt", 1, 0.25)]);
}

#[test]
fn other_languages_are_cut_by_file_and_package() {
    let profile = test_profile(
        "handler@/app/app.js:14;(garbage collector) 1
         handler@/app/app.js:14;q@/app/node_modules/@scope/pg/lib/q.js:1 2
         handler@/app/app.js:14;x@node:fs:1 4
         handler@/app/app.js:14 8",
    );
    let keys: Vec<String> = bar(&profile, Kind::Custom, 0)
        .into_iter()
        .map(|(k, _)| k)
        .collect();
    assert_eq!(
        keys,
        [
            "code:app.js",
            "std:standard library",
            "lib:@scope/pg",
            "gc-mark"
        ]
    );
}

#[test]
fn keys_are_distinct_and_fit_the_bit_masks() {
    for rules in [CPU, MEMORY, BLOCKING] {
        assert!(rules.len() <= 64);
        let mut keys: Vec<&str> = rules.iter().map(|c| c.key).collect();
        keys.extend(DOMAINS.iter().map(|d| d.key));
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), rules.len() + DOMAINS.len());
    }
}
