use super::super::names::{hue, short_name, split_function, split_name, split_symbol, unescape};
use super::super::testing::test_profile;
use super::super::{Granularity, NodeOptions};
use super::*;

fn classes_of(text: &str) -> Vec<(String, Class)> {
    let profile = test_profile(text);
    let classes = Classes::new(&profile);
    (0..profile.functions.len())
        .map(|row| {
            let name = profile
                .strings
                .text(profile.functions[row].name)
                .into_owned();
            (name, classes.of(FunctionId(row as u32)))
        })
        .collect()
}

fn class_of(frame: &str) -> Class {
    // The first frame makes it a Go profile with a known GOROOT.
    let text = format!("runtime.main@/usr/local/go/src/runtime/proc.go:283;{frame} 1");
    // Frames are met leaf first.
    classes_of(&text)[0].1
}

#[test]
fn symbols_fall_into_package_receiver_and_base() {
    let cases: [(&str, (&str, &str, &str)); 12] = [
        ("main.main", ("main", "", "main")),
        (
            "encoding/json.(*Decoder).Decode",
            ("encoding/json", "(*Decoder)", "Decode"),
        ),
        (
            "encoding/json.(*Decoder).Decode.func1",
            ("encoding/json", "(*Decoder)", "Decode"),
        ),
        ("main.main.func1.2", ("main", "", "main")),
        ("main.main.gowrap1", ("main", "", "main")),
        ("time.Time.Format", ("time", "Time", "Format")),
        (
            "gopkg.in/yaml%2ev3.Unmarshal",
            ("gopkg.in/yaml%2ev3", "", "Unmarshal"),
        ),
        (
            "slices.SortFunc[go.shape.[]example.com/a.T,go.shape.int]",
            ("slices", "", "SortFunc"),
        ),
        (
            "sync.(*Map[go.shape.string]).Load",
            ("sync", "(*Map[go.shape.string])", "Load"),
        ),
        ("main.(*T).run-fm", ("main", "(*T)", "run")),
        ("memeqbody", ("", "", "memeqbody")),
        ("", ("", "", "")),
    ];
    for (name, (package, receiver, base)) in cases {
        let symbol = split_symbol(name.as_bytes());
        let parts = (symbol.package, symbol.receiver, symbol.base);
        assert_eq!(
            parts,
            (package.as_bytes(), receiver.as_bytes(), base.as_bytes()),
            "{name}"
        );
    }
}

#[test]
fn go_classes_follow_name_and_file() {
    let cases = [
        ("main.f@/src/app/main.go:3", Class::Main),
        (
            "runtime.mallocgc@/usr/local/go/src/runtime/malloc.go:1",
            Class::Runtime,
        ),
        ("runtime/internal/syscall.Syscall6", Class::Runtime),
        ("internal/runtime/maps.(*Map).Get", Class::Runtime),
        ("internal/runtime/syscall/linux.Syscall6", Class::Runtime),
        ("internal/bytealg.IndexByte", Class::Runtime),
        (
            "runtime/pprof.profileWriter@/usr/local/go/src/runtime/pprof/pprof.go:1",
            Class::Std,
        ),
        ("runtime/debug.FreeOSMemory", Class::Std),
        (
            "encoding/json.BenchmarkX@/usr/local/go/src/encoding/json/bench_test.go:9",
            Class::Main,
        ),
        (
            "memeqbody@/usr/local/go/src/internal/bytealg/equal_amd64.s:30",
            Class::Runtime,
        ),
        ("aeshashbody", Class::Runtime),
        ("gcWriteBarrier", Class::Runtime),
        ("type:.eq.main.key", Class::Runtime),
        (
            "_.goready.func1@/usr/local/go/src/runtime/proc.go:1",
            Class::Runtime,
        ),
        ("fmt.Sprintf@/usr/local/go/src/fmt/print.go:1", Class::Std),
        ("net/http.(*conn).serve@net/http/server.go:1", Class::Std),
        (
            "vendor/golang.org/x/net/http2/hpack.(*Encoder).WriteField",
            Class::Std,
        ),
        (
            "github.com/a/b.F@/home/me/go/pkg/mod/github.com/a/b@v1.2.3/b.go:1",
            Class::ThirdParty,
        ),
        (
            "github.com/a/b.F@github.com/a/b@v1.2.3/b.go:1",
            Class::ThirdParty,
        ),
        (
            "github.com/a/b.F@/home/me/app/vendor/github.com/a/b/b.go:1",
            Class::ThirdParty,
        ),
        ("example.com/app/vendor/github.com/a/b.F", Class::ThirdParty),
        ("example.com/app/db.F@/home/me/app/db/db.go:1", Class::Main),
        (
            "example.com/app/db.F@example.com/app/db/db.go:1",
            Class::Main,
        ),
        (
            "myapp/internal/store.F@/home/me/myapp/internal/store/s.go:1",
            Class::Main,
        ),
        ("myapp/internal/store.F", Class::Main),
        ("test/log.F@/home/me/test/log/log.go:1", Class::Main),
        (
            "cmd/compile/internal/ssa.Compile@/usr/local/go/src/cmd/compile/internal/ssa/c.go:1",
            Class::Main,
        ),
        (
            "time.Now@/home/me/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.24.linux-amd64/src/time/time.go:1",
            Class::Std,
        ),
        // Bazel's external/ is a module of others, a folder of that name is not; `@` begins a
        // version only before a number.
        (
            "github.com/a/b.F@external/com_github_a_b/b.go:1",
            Class::ThirdParty,
        ),
        (
            "github.com/a/b.F@/home/me/.cache/bazel/execroot/ws/external/com_github_a_b/b.go:1",
            Class::ThirdParty,
        ),
        (
            "example.com/app/external/crm.F@/home/me/app/external/crm/c.go:1",
            Class::Main,
        ),
        (
            "example.com/app/db.F@/home/me@vm/app/db/db.go:1",
            Class::Main,
        ),
        ("main._Cfunc_sqrt", Class::Native),
        ("sqrt@/build/math/s.c:10", Class::Native),
        ("std::vector<int>::push_back", Class::Native),
        ("command-line-arguments.F", Class::Main),
        (
            "sort.F@C:/Users/me/go/pkg/mod/x@v1.0.0/sort.go:1",
            Class::ThirdParty,
        ),
    ];
    for (frame, class) in cases {
        assert_eq!(class_of(frame), class, "{frame}");
    }
}

#[test]
fn without_files_the_module_with_most_frames_is_the_programs_own() {
    // github.com/me/app has three frames, github.com/lib/pq one.
    let classes = classes_of(
        "runtime.main;github.com/me/app/cmd.Run;github.com/me/app/db.Q;github.com/lib/pq.Exec 1
         runtime.main;github.com/me/app/cmd.Run 1",
    );
    let find = |name: &str| classes.iter().find(|(n, _)| n == name).unwrap().1;
    assert_eq!(find("github.com/me/app/db.Q"), Class::Main);
    assert_eq!(find("github.com/lib/pq.Exec"), Class::ThirdParty);
}

#[test]
fn below_a_gopath_mains_directory_names_the_module() {
    let classes = classes_of(
        "runtime.main;main.main@/go/src/github.com/me/app/main.go:3;github.com/lib/pq.Exec@/go/src/github.com/lib/pq/pq.go:9;github.com/lib/pq.Scan@/go/src/github.com/lib/pq/pq.go:19;github.com/me/app/db.Q@/go/src/github.com/me/app/db/db.go:5 1",
    );
    let find = |name: &str| classes.iter().find(|(n, _)| n == name).unwrap().1;
    assert_eq!(find("github.com/me/app/db.Q"), Class::Main);
    assert_eq!(find("github.com/lib/pq.Exec"), Class::ThirdParty);
}

#[test]
fn main_module_is_named() {
    let module = |text: &str| Classes::new(&test_profile(text)).main_module().to_owned();
    assert_eq!(module("main.main@/home/me/tool/main.go:1 1"), "tool");
    assert_eq!(
        module("github.com/me/app/x%2ey.F@/home/me/app/x/x.go:1 1"),
        "github.com/me/app"
    );
    assert_eq!(module("fmt.Println 1"), "");
}

#[test]
fn module_roots() {
    for (package, root) in [
        ("github.com/a/b/c/d", "github.com/a/b"),
        ("github.com/a/b", "github.com/a/b"),
        ("golang.org/x/net/http2", "golang.org/x/net"),
        ("gopkg.in/yaml%2ev3", "gopkg.in/yaml%2ev3"),
        ("gopkg.in/user/pkg%2ev3/sub", "gopkg.in/user/pkg%2ev3"),
        ("example.com/shop/cart", "example.com/shop"),
        ("go.uber.org/zap/zapcore", "go.uber.org/zap"),
        ("myapp/internal/x", "myapp"),
        ("main", "main"),
    ] {
        assert_eq!(
            module_root(package.as_bytes()),
            root.as_bytes(),
            "{package}"
        );
    }
}

#[test]
fn other_languages_are_classed_by_path() {
    let classes = classes_of(
        "handler@/app/app.js:14;listOnTimeout@node:internal/timers:524;x@/app/node_modules/pg/lib/q.js:1;(garbage collector);digest 1",
    );
    let expected = [
        Class::Unknown,
        Class::Runtime,
        Class::ThirdParty,
        Class::Std,
        Class::Main,
    ];
    let found: Vec<Class> = classes.into_iter().map(|(_, class)| class).collect();
    assert_eq!(found, expected);
}

#[test]
fn names_are_cut_where_the_meaning_starts() {
    let cases = [
        (
            "encoding/json.(*Decoder).Decode",
            "encoding/json.",
            "(*Decoder).Decode",
        ),
        ("main.main", "main.", "main"),
        ("memeqbody", "", "memeqbody"),
        (
            "std::vector<a::b>::push_back(int)",
            "std::vector<a::b>::",
            "push_back(int)",
        ),
        (
            "(anonymous namespace)::f(std::string)",
            "(anonymous namespace)::",
            "f(std::string)",
        ),
        (
            "regex::c::Compiler::c::{{closure}}",
            "regex::c::Compiler::",
            "c::{{closure}}",
        ),
        (
            "<alloc::Global as core::Allocator>::allocate",
            "<alloc::Global as core::Allocator>::",
            "allocate",
        ),
        ("java.util.HashMap.put", "java.", "util.HashMap.put"),
        ("(idle)", "", "(idle)"),
    ];
    for (name, dim, strong) in cases {
        let profile = test_profile(&format!("{name} 1"));
        let nodes = Nodes::new(&profile, &NodeOptions::default());
        assert_eq!(
            split_name(&nodes, NodeId(0)),
            (dim.to_owned(), strong.to_owned())
        );
    }
}

#[test]
fn rows_other_than_functions_are_cut_too() {
    let profile = test_profile("encoding/json.Marshal@/go/src/encoding/json/encode.go:7 1");
    let cut = |granularity| {
        let options = NodeOptions {
            granularity,
            ..NodeOptions::default()
        };
        split_name(&Nodes::new(&profile, &options), NodeId(0))
    };
    let pair = |dim: &str, strong: &str| (dim.to_owned(), strong.to_owned());
    assert_eq!(cut(Granularity::Packages), pair("encoding/", "json"));
    assert_eq!(
        cut(Granularity::Files),
        pair("/go/src/encoding/json/", "encode.go")
    );
    let line = pair(
        "encoding/json.",
        "Marshal /go/src/encoding/json/encode.go:7",
    );
    assert_eq!(cut(Granularity::Lines), line);
}

#[test]
fn names_in_sentences_are_short() {
    let short = |frame: &str, granularity| {
        let profile = test_profile(&format!("{frame} 1"));
        let options = NodeOptions {
            granularity,
            ..NodeOptions::default()
        };
        short_name(&Nodes::new(&profile, &options), NodeId(0))
    };
    let function = |name: &str| short(name, Granularity::Functions);
    assert_eq!(
        function("encoding/json.(*Decoder).Decode"),
        "json.(*Decoder).Decode"
    );
    assert_eq!(
        function("example.com/a/cache.(*TTL[go.shape.string,example.com/b.T[[]int]]).Get"),
        "cache.(*TTL[…]).Get"
    );
    assert_eq!(function("slices.SortFunc[...]"), "slices.SortFunc[…]");
    // An array is no list of parameters, a bracket that is never closed no reason to stop.
    assert_eq!(function("type:.eq.[16]string"), "type:.eq.[16]string");
    assert_eq!(function("main.F[go.shape"), "main.F[…");
    assert_eq!(
        short("example.com/a.F[int]@/src/a[1].go:7", Granularity::Lines),
        "a.F[…] /src/a[1].go:7"
    );
    let long = format!("main.{}End", "ä".repeat(200));
    let cut = function(&long);
    assert_eq!(cut.chars().count(), 100);
    assert!(cut.starts_with("main.ää") && cut.contains("ä…ä") && cut.ends_with("äEnd"));
    assert_eq!(function(&"x".repeat(100)), "x".repeat(100));
}

#[test]
fn a_bare_address_is_classed_by_its_binary() {
    let profile = test_profile("main.main;[/lib/libc.so.6] 1\nmain.main;[app] 1");
    let classes = Classes::new(&profile);
    let nodes = Nodes::new(&profile, &NodeOptions::default());
    let class = |location| classes.of_node(&profile, &nodes, nodes.frames(location)[0]);
    assert_eq!(class(0), Class::Native);
    assert_eq!(class(2), Class::Unknown);
}

#[test]
fn escapes_and_hues() {
    assert_eq!(unescape(b"gopkg.in/yaml%2ev3"), "gopkg.in/yaml.v3");
    assert_eq!(unescape(b"a%zz%2"), "a%zz%2");
    // FNV-1a of the empty text is its offset basis, cbf29ce484222325: high half ^ low half
    // = cbf29ce4 ^ 84222325 below the high half cbf29ce4; the whole modulo 360 by hand in Python.
    let basis = 0xcbf2_9ce4_8422_2325_u64;
    assert_eq!(u64::from(hue(b"")), (basis ^ (basis >> 32)) % 360);
    assert_ne!(hue(b"encoding/json"), hue(b"encoding/xml"));
    assert!(hue(b"net/http") < 360);
}

#[test]
fn a_function_alone_is_cut_behind_its_package() {
    for (name, dim) in [
        ("encoding/json.(*Decoder).Decode", "encoding/json."),
        ("json.(*Decoder).Decode", "json."),
        ("gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml%2ev3."),
        ("pool.Map[example.com/a/b.T].func1", "pool."),
        ("main.größe", "main."),
        ("memeqbody", ""),
        ("[libc.so]", ""),
        ("", ""),
    ] {
        assert_eq!(split_function(name), (dim, &name[dim.len()..]));
    }
}
