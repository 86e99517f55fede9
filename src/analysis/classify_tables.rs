//! The names by which [`super::classify`] knows other people's code.

/// First elements of the import paths of Go's standard library, sorted.
pub(super) const STD_ROOTS: &[&[u8]] = &[
    b"archive",
    b"bufio",
    b"builtin",
    b"bytes",
    b"cmp",
    b"compress",
    b"container",
    b"context",
    b"crypto",
    b"database",
    b"debug",
    b"embed",
    b"encoding",
    b"errors",
    b"expvar",
    b"flag",
    b"fmt",
    b"go",
    b"hash",
    b"html",
    b"image",
    b"index",
    b"internal",
    b"io",
    b"iter",
    b"log",
    b"maps",
    b"math",
    b"mime",
    b"net",
    b"os",
    b"path",
    b"plugin",
    b"reflect",
    b"regexp",
    b"runtime",
    b"simd",
    b"slices",
    b"sort",
    b"strconv",
    b"strings",
    b"structs",
    b"sync",
    b"syscall",
    b"testing",
    b"text",
    b"time",
    b"unicode",
    b"unique",
    b"unsafe",
    b"uuid",
    b"vendor",
    b"weak",
];

/// Packages that are the runtime; an entry ending in a slash stands for its subdirectories too.
pub(super) const RUNTIME_PACKAGES: &[&[u8]] = &[
    b"runtime",
    b"runtime/internal/",
    b"runtime/cgo",
    b"internal/runtime/",
    b"internal/abi",
    b"internal/bytealg",
    b"internal/cpu",
    b"internal/goarch",
    b"internal/race",
];

/// Beginnings of assembly routines of the runtime that have no package.
pub(super) const RUNTIME_ASM: &[&[u8]] = &[
    b"memeqbody",
    b"cmpbody",
    b"countbody",
    b"countgenericbody",
    b"indexbody",
    b"indexbytebody",
    b"aeshash",
    b"gcWriteBarrier",
    b"gogo",
    b"_rt0_",
    b"callRet",
    b"debugCall",
    b"setg_gcc",
    b"sigtramp",
    b"memmove",
    b"memclr",
    b"rt0_go",
];

/// Endings of files that the Go compiler did not compile.
pub(super) const NATIVE_SUFFIXES: &[&[u8]] = &[
    b".c", b".cc", b".cpp", b".cxx", b".h", b".hpp", b".m", b".mm", b".rs", b".S",
];

/// What V8 and other virtual machines call their own work.
pub(super) const OTHER_RUNTIME: &[&[u8]] = &[
    b"(garbage collector)",
    b"Garbage Collection",
    b"(idle)",
    b"(program)",
    b"(root)",
    b"Node.js ",
    b"Node.js",
    b"Non JS threads activity",
];

/// Parts of paths where package managers put what they fetch.
pub(super) const OTHER_THIRD_PARTY_PATHS: &[&[u8]] = &[
    b"/node_modules/",
    b"/.cargo/registry/",
    b"/registry/src/",
    b"/.cargo/git/",
    b"site-packages/",
    b"dist-packages/",
    b"/gems/",
];

/// Parts of paths of standard libraries.
pub(super) const OTHER_STD_PATHS: &[&[u8]] = &[
    b"node:",
    b"/rustc/",
    b"/rustlib/src/",
    b"/lib/python",
    b"<frozen ",
    b"/usr/include/c++/",
];

/// Beginnings of names of standard libraries.
pub(super) const OTHER_STD_NAMES: &[&[u8]] = &[
    b"std::",
    b"core::",
    b"alloc::",
    b"<std::",
    b"<core::",
    b"<alloc::",
    b"java.",
    b"javax.",
    b"jdk.",
    b"sun.",
    b"kotlin.",
    b"scala.",
    b"System.",
    b"Microsoft.",
];

/// Parts of paths of system libraries.
pub(super) const NATIVE_PATHS: &[&[u8]] = &[
    b"/sysdeps/",
    b"/glibc",
    b"/usr/lib/",
    b"/usr/include/",
    b"/nptl/",
    b"./malloc/",
];
