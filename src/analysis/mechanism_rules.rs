//! The tables behind [`super::mechanism`]: which symbols mean which category.
//!
//! Symbol names follow Go 1.20 to 1.27; old and new names of one thing stand side by side
//! (`findrunnable`, `findRunnable`). Order is precedence: a stack belongs to the first category
//! that it matches.

/// Who a part of the bar belongs to: the colour family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// The program's own code.
    User,
    /// Standard library and modules of others.
    Library,
    /// The runtime on behalf of the program: allocation, maps, channels.
    Runtime,
    /// The garbage collector.
    Gc,
    /// The operating system.
    Kernel,
    /// Anything else.
    Other,
}

impl Family {
    /// Short stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Library => "library",
            Self::Runtime => "runtime",
            Self::Gc => "gc",
            Self::Kernel => "kernel",
            Self::Other => "other",
        }
    }
}

/// A test on a symbol's name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pattern {
    /// The whole name.
    Is(&'static str),
    /// The name begins so.
    Starts(&'static str),
    /// The name is this, or this and digits.
    Digits(&'static str),
    /// The name is this, or this and letters, digits, underscores.
    Word(&'static str),
}

use Pattern::{Digits, Is, Starts, Word};

impl Pattern {
    pub(super) fn matches(&self, name: &[u8]) -> bool {
        let rest = |text: &str| name.strip_prefix(text.as_bytes());
        match self {
            Is(text) => name == text.as_bytes(),
            Starts(text) => name.starts_with(text.as_bytes()),
            Digits(text) => rest(text).is_some_and(|r| r.iter().all(u8::is_ascii_digit)),
            Word(text) => rest(text)
                .is_some_and(|r| r.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')),
        }
    }
}

/// One part of the bar. A stack matches when a frame below its nearest user frame is in `any`,
/// its boundary in `boundary` or its leaf in `leaf`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Category {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
    pub(super) family: Family,
    pub(super) any: &'static [Pattern],
    pub(super) boundary: &'static [Pattern],
    pub(super) leaf: &'static [Pattern],
}

const fn any(
    key: &'static str,
    label: &'static str,
    family: Family,
    any: &'static [Pattern],
    help: &'static str,
) -> Category {
    Category {
        key,
        label,
        help,
        family,
        any,
        boundary: &[],
        leaf: &[],
    }
}

const fn boundary(
    key: &'static str,
    label: &'static str,
    family: Family,
    boundary: &'static [Pattern],
    help: &'static str,
) -> Category {
    Category {
        key,
        label,
        help,
        family,
        any: &[],
        boundary,
        leaf: &[],
    }
}

const fn leaf(
    key: &'static str,
    label: &'static str,
    family: Family,
    leaf: &'static [Pattern],
    help: &'static str,
) -> Category {
    Category {
        key,
        label,
        help,
        family,
        any: &[],
        boundary: &[],
        leaf,
    }
}

/// Key of the category that is drawn hatched: work that idle cores do for free.
pub(super) const GC_IDLE: &str = "gc-idle";
/// Key of the category that leaves without Go symbols fall into.
pub(super) const NATIVE: &str = "native";
/// Key of the parts that measuring itself costs.
pub(super) const PROFILING: &str = "profiling";

const STRINGS: &[Pattern] = &[
    Word("runtime.concatstring"),
    Word("runtime.concatbyte"),
    Is("runtime.slicebytetostring"),
    Word("runtime.stringto"),
    Is("runtime.slicerunetostring"),
    Is("runtime.intstring"),
];
const BOXING: &[Pattern] = &[Word("runtime.convT")];
const MAPS: &[Pattern] = &[
    Word("runtime.map"),
    Starts("internal/runtime/maps."),
    Is("runtime.memhash"),
    Is("runtime.strhash"),
    Is("runtime.nilinterhash"),
    Is("runtime.interhash"),
    Is("runtime.typehash"),
    Word("runtime.memhash"),
    Starts("memhash"),
    Starts("strhash"),
    Starts("aeshash"),
    Starts("type:.hash."),
    Starts("type..hash."),
];

/// CPU time by mechanism.
pub(super) const CPU: &[Category] = &[
    any(
        "gc-assist",
        "GC assist",
        Family::Gc,
        &[Digits("runtime.gcAssistAlloc"), Is("runtime.gcParkAssist")],
        "Goroutines that allocate faster than the collector marks, made to help it before they may go on.",
    ),
    any(
        GC_IDLE,
        "GC mark, idle",
        Family::Gc,
        &[Is("runtime.gcDrainMarkWorkerIdle")],
        "Marking on processors that had nothing else to do: free as long as cores are idle.",
    ),
    any(
        "gc-mark",
        "GC mark",
        Family::Gc,
        &[
            Is("runtime.gcBgMarkWorker"),
            Starts("runtime.gcBgMarkWorker."),
            Starts("runtime.gcDrain"),
            Is("runtime._GC"),
            Is("runtime.gcMarkTinyAllocs"),
            Is("(garbage collector)"),
            Is("Garbage Collection"),
        ],
        "The collector's workers finding live objects in the background.",
    ),
    any(
        "gc-sweep",
        "GC sweep and control",
        Family::Gc,
        &[
            Is("runtime.bgsweep"),
            Is("runtime.sweepone"),
            Is("runtime.deductSweepCredit"),
            Is("runtime.bgscavenge"),
            Is("runtime.gcStart"),
            Starts("runtime.gcStart."),
            Is("runtime.gcMarkDone"),
            Starts("runtime.gcMarkDone."),
            Is("runtime.gcMarkTermination"),
            Starts("runtime.gcMarkTermination."),
            Is("runtime.forcegchelper"),
        ],
        "Giving back dead objects, returning memory to the system, and starting and ending cycles.",
    ),
    any(
        "write-barrier",
        "Write barrier",
        Family::Gc,
        &[
            Digits("runtime.gcWriteBarrier"),
            Digits("gcWriteBarrier"),
            Digits("runtime.wbBufFlush"),
            Starts("runtime.bulkBarrierPreWrite"),
        ],
        "Bookkeeping for pointers that are stored while the collector marks.",
    ),
    any(
        PROFILING,
        "Profiling",
        Family::Other,
        &[
            Is("runtime.blockevent"),
            Is("runtime.saveblockevent"),
            Is("runtime.mutexevent"),
            Is("runtime.mutexSampleContention"),
            Starts("runtime.mProf_"),
            Is("runtime.profilealloc"),
            Starts("runtime.sigprof"),
            Starts("runtime.(*mLockProfile)."),
            // Not runtime/pprof as a whole: pprof.Do only calls the labelled code.
            Starts("runtime/pprof.profileWriter"),
            Starts("runtime/pprof.Start"),
            Starts("runtime/pprof.Stop"),
            Starts("runtime/pprof.Write"),
            Starts("runtime/pprof.write"),
            Starts("runtime/pprof.("),
            Starts("runtime/pprof.runtime_"),
            Starts("runtime/pprof.lost"),
            Starts("net/http/pprof."),
        ],
        "The cost of measuring: recording block, mutex and allocation events and writing profiles.",
    ),
    any(
        "alloc",
        "Allocation",
        Family::Runtime,
        &[
            Word("runtime.mallocgc"),
            Is("runtime.newobject"),
            Is("runtime.newarray"),
            Word("runtime.makeslice"),
            Word("runtime.growslice"),
            Word("runtime.rawstring"),
            Is("runtime.rawbyteslice"),
            Starts("runtime.(*mcache)."),
            Starts("runtime.(*mcentral)."),
            Starts("runtime.(*mheap)."),
        ],
        "Finding and clearing memory for new objects; the functions listed are those that allocate.",
    ),
    Category {
        key: "strings",
        label: "Strings, conversion, boxing",
        help: "Concatenating, converting between strings and bytes, and wrapping values in interfaces, beyond the allocation itself.",
        family: Family::Runtime,
        any: &[],
        boundary: &[
            STRINGS[0], STRINGS[1], STRINGS[2], STRINGS[3], STRINGS[4], STRINGS[5], BOXING[0],
        ],
        leaf: &[],
    },
    boundary(
        "maps",
        "Maps and hashing",
        Family::Runtime,
        MAPS,
        "Looking up, inserting and deleting in maps, growing them, and hashing keys.",
    ),
    leaf(
        "copy",
        "Copy, clear, compare",
        Family::Runtime,
        &[
            Is("runtime.memmove"),
            Word("runtime.memclr"),
            Is("runtime.typedmemmove"),
            Is("runtime.typedslicecopy"),
            Is("runtime.duffcopy"),
            Is("runtime.duffzero"),
            Word("runtime.memequal"),
            Is("runtime.efaceeq"),
            Is("runtime.ifaceeq"),
            Is("runtime.interequal"),
            Is("runtime.nilinterequal"),
            Is("runtime.strequal"),
            Starts("type:.eq."),
            Starts("type..eq."),
            Word("internal/bytealg."),
            Is("memeqbody"),
            Is("cmpbody"),
            Is("countbody"),
            Is("indexbody"),
            Is("indexbytebody"),
        ],
        "Moving, zeroing, comparing and searching memory.",
    ),
    any(
        "stack-growth",
        "Stack growth",
        Family::Runtime,
        &[Is("runtime.newstack"), Is("runtime.copystack")],
        "Goroutine stacks that had to be copied to a larger place.",
    ),
    any(
        "defer",
        "Defer and panic",
        Family::Runtime,
        &[
            Word("runtime.deferproc"),
            Is("runtime.newdefer"),
            Is("runtime.popDefer"),
            Is("runtime.freedefer"),
            Is("runtime.deferreturn"),
            Is("runtime.gopanic"),
            Is("runtime.gorecover"),
            Starts("runtime.(*_panic)."),
        ],
        "Deferred calls that the compiler could not inline, panics and recovery.",
    ),
    boundary(
        "channels",
        "Channels and select",
        Family::Runtime,
        &[
            Digits("runtime.chansend"),
            Digits("runtime.chanrecv"),
            Is("runtime.selectgo"),
            Word("runtime.selectnb"),
            Is("runtime.closechan"),
            Is("runtime.makechan"),
        ],
        "Sending, receiving and selecting; waiting itself costs no CPU.",
    ),
    any(
        "locks",
        "Locks",
        Family::Runtime,
        &[
            Starts("sync.(*Mutex)."),
            Starts("sync.(*RWMutex)."),
            Starts("internal/sync.(*Mutex)."),
            Is("runtime.semacquire1"),
            Is("runtime.semrelease1"),
            Digits("runtime.lock"),
            Digits("runtime.unlock"),
        ],
        "Mutexes and the runtime's own locks: spinning, queueing and waking; waiting itself costs no CPU.",
    ),
    any(
        "timers",
        "Timers",
        Family::Runtime,
        &[
            Starts("runtime.(*timer)."),
            Starts("runtime.(*timers)."),
            Is("runtime.checkTimers"),
            Is("runtime.runtimer"),
            Is("runtime.runOneTimer"),
            Is("runtime.timerproc"),
            Is("runtime.addtimer"),
            Is("runtime.doaddtimer"),
            Is("runtime.deltimer"),
            Is("runtime.modtimer"),
            Is("runtime.resettimer"),
            Is("time.Sleep"),
            Is("time.newTimer"),
            Is("time.resetTimer"),
        ],
        "Sleeping, tickers, timeouts and the heap that orders them.",
    ),
    any(
        "scheduler",
        "Scheduler",
        Family::Runtime,
        &[
            Is("runtime.schedule"),
            Is("runtime.findRunnable"),
            Is("runtime.findrunnable"),
            Is("runtime.stealWork"),
            Word("runtime.runq"),
            Is("runtime.park_m"),
            Is("runtime.goschedImpl"),
            Is("runtime.gosched_m"),
            Is("runtime.gopreempt_m"),
            Is("runtime.goyield_m"),
            Digits("runtime.goexit"),
            Is("runtime.gdestroy"),
            Is("runtime.casgstatus"),
            Is("gogo"),
            Is("gosave_systemstack_switch"),
            Digits("runtime.newproc"),
            Is("runtime.goready"),
            Is("runtime.ready"),
            Is("runtime.wakep"),
            Is("runtime.startm"),
            Is("runtime.stopm"),
            Is("runtime.mPark"),
            Digits("runtime.mstart"),
            Is("runtime.sysmon"),
            Is("runtime.retake"),
            Is("runtime.netpoll"),
            Word("runtime.futex"),
            Is("runtime.notesleep"),
            Is("runtime.notewakeup"),
            Is("runtime.osyield"),
            Is("runtime.usleep"),
            Is("runtime.startTheWorldWithSema"),
            Is("runtime.stopTheWorldWithSema"),
        ],
        "Starting, stopping and choosing goroutines, and looking for work.",
    ),
    Category {
        key: "syscalls",
        label: "System calls",
        help: "Time inside the kernel on the program's behalf: files, sockets, processes, random numbers.",
        family: Family::Kernel,
        any: &[
            Is("runtime.entersyscall"),
            Is("runtime.reentersyscall"),
            Word("runtime.exitsyscall"),
        ],
        boundary: &[],
        leaf: &[
            Starts("runtime/internal/syscall."),
            Starts("internal/runtime/syscall."),
            Starts("internal/runtime/syscall/"),
            Word("syscall.Syscall"),
            Word("syscall.RawSyscall"),
            Word("syscall.rawVforkSyscall"),
            Digits("runtime.vgetrandom"),
            Digits("runtime.syscall"),
            Is("runtime.libcCall"),
            Word("runtime.stdcall"),
            Is("runtime.kevent"),
        ],
    },
    any(
        NATIVE,
        "C and native code",
        Family::Other,
        &[
            Is("runtime.cgocall"),
            Is("runtime.asmcgocall"),
            Starts("_cgo_"),
            Starts("_Cfunc_"),
            Starts("x_cgo_"),
        ],
        "Calls into C and code without Go symbols.",
    ),
    any(
        "stack-capture",
        "Stack capture",
        Family::Runtime,
        &[
            Is("runtime.Caller"),
            Is("runtime.Callers"),
            Is("runtime.callers"),
            Is("runtime.CallersFrames"),
            Starts("runtime.(*Frames)."),
            Is("runtime.FuncForPC"),
            Is("runtime.Stack"),
            Word("runtime.traceback"),
        ],
        "Walking stacks for loggers, errors and debug output.",
    ),
    any(
        "spawn",
        "Process start",
        Family::Kernel,
        &[Is("syscall.forkExec"), Digits("syscall.forkAndExecInChild")],
        "Starting other processes; their own CPU time is not in this profile.",
    ),
    any(
        "clock",
        "Clock",
        Family::Runtime,
        &[
            Is("time.Now"),
            Is("time.now"),
            Is("time.runtimeNow"),
            Is("time.Since"),
            Is("time.Until"),
            Digits("runtime.nanotime"),
            Digits("runtime.walltime"),
        ],
        "Reading the time.",
    ),
    any(
        "idle",
        "Idle",
        Family::Other,
        &[Is("(idle)")],
        "Samples taken while nothing ran.",
    ),
];

/// Runtime functions that libraries and programs call as small helpers: alone they are no
/// mechanism, their cost is the caller's.
pub(super) const HELPERS: &[Pattern] = &[
    Starts("internal/abi."),
    Starts("internal/cpu."),
    Starts("internal/runtime/atomic."),
    Starts("runtime/internal/atomic."),
    Word("runtime.rand"),
    Word("runtime.cheaprand"),
    Is("runtime.procPin"),
    Is("runtime.procUnpin"),
    Is("runtime.KeepAlive"),
];

/// Allocated and live memory by what asked for it. Go strips the runtime's frames from heap
/// profiles, so the first rows match only where a producer left them in; the libraries and the
/// program's own packages tell the rest.
pub(super) const MEMORY: &[Category] = &[
    any(
        "goroutines",
        "Goroutines and threads",
        Family::Runtime,
        &[
            Is("runtime.malg"),
            Is("runtime.allocm"),
            Digits("runtime.newproc"),
            Is("runtime.newm"),
            Is("runtime.startm"),
            Is("runtime.mcommoninit"),
            Is("runtime.acquireSudog"),
        ],
        "What the runtime keeps for each goroutine and thread, stacks not included.",
    ),
    boundary(
        "strings",
        "Strings and conversions",
        Family::Runtime,
        STRINGS,
        "Concatenated strings and copies between strings and bytes.",
    ),
    boundary(
        "boxing",
        "Interface boxing",
        Family::Runtime,
        BOXING,
        "Values copied to the heap to be held in an interface.",
    ),
    boundary(
        "slices",
        "Slice growth",
        Family::Runtime,
        &[Word("runtime.growslice"), Is("runtime.appendSlice")],
        "Slices that outgrew their array and were copied to a larger one.",
    ),
    boundary(
        "maps",
        "Maps",
        Family::Runtime,
        &[
            Word("runtime.map"),
            Word("runtime.makemap"),
            Starts("internal/runtime/maps."),
        ],
        "Tables of maps: made, grown and copied.",
    ),
    any(
        PROFILING,
        "Profiling",
        Family::Other,
        &[
            Starts("runtime/pprof.profileWriter"),
            Starts("runtime/pprof.Start"),
            Starts("runtime/pprof.Write"),
            Starts("runtime/pprof.write"),
            Starts("runtime/pprof.("),
            Starts("net/http/pprof."),
        ],
        "Memory that measuring itself takes.",
    ),
];

/// Goroutines and delays by the operation they wait in.
pub(super) const BLOCKING: &[Category] = &[
    leaf(
        "runtime-locks",
        "Runtime locks",
        Family::Runtime,
        &[
            Word("runtime.unlock"),
            Is("runtime._LostContendedRuntimeLock"),
        ],
        "Locks inside the runtime: heap, scheduler, timers, channels.",
    ),
    any(
        "runtime-own",
        "Runtime's own goroutines",
        Family::Gc,
        &[
            Is("runtime.bgsweep"),
            Is("runtime.bgscavenge"),
            Is("runtime.forcegchelper"),
            Is("runtime.gcBgMarkWorker"),
            Is("runtime.runfinq"),
            Is("runtime.runFinalizers"),
            Is("runtime.runCleanups"),
            Is("runtime.(*cleanupQueue).dequeue"),
            Starts("runtime.updateMaxProcs"),
        ],
        "The collector's and the finalizers' goroutines, waiting for work.",
    ),
    any(
        "rwmutex",
        "RWMutex",
        Family::Runtime,
        &[Starts("sync.(*RWMutex).")],
        "Readers and writers of a sync.RWMutex.",
    ),
    any(
        "waitgroup",
        "WaitGroup",
        Family::Runtime,
        &[Is("sync.(*WaitGroup).Wait")],
        "Waiting for other goroutines to finish.",
    ),
    any(
        "cond",
        "Cond",
        Family::Runtime,
        &[Starts("sync.(*Cond)."), Is("sync.runtime_notifyListWait")],
        "Waiting on a sync.Cond.",
    ),
    any(
        "mutex",
        "Mutex",
        Family::Runtime,
        &[Starts("sync.(*Mutex)."), Starts("internal/sync.(*Mutex).")],
        "A sync.Mutex: in block profiles where it was waited for, in mutex profiles where it was released.",
    ),
    any(
        "signals",
        "Signals",
        Family::Kernel,
        &[Is("os/signal.signal_recv"), Is("os/signal.loop")],
        "The goroutine that waits for signals.",
    ),
    any(
        "network",
        "Network and pipes",
        Family::Kernel,
        &[
            Starts("internal/poll.runtime_poll"),
            Starts("internal/poll.(*pollDesc)."),
            Is("runtime.netpollblock"),
        ],
        "Waiting for a socket or pipe to become readable or writable.",
    ),
    any(
        "sleep",
        "Sleep",
        Family::Other,
        &[Is("time.Sleep"), Is("runtime.timeSleep")],
        "time.Sleep.",
    ),
    any(
        "select",
        "Select",
        Family::Runtime,
        &[Is("runtime.selectgo"), Word("runtime.selectnb")],
        "select statements that wait for one of several channels.",
    ),
    any(
        "select-forever",
        "Blocked for ever",
        Family::Other,
        &[Is("runtime.block")],
        "select {} and other waits that nothing can end.",
    ),
    any(
        "chan-recv",
        "Channel receive",
        Family::Runtime,
        &[Digits("runtime.chanrecv")],
        "Waiting for a value from a channel.",
    ),
    any(
        "chan-send",
        "Channel send",
        Family::Runtime,
        &[Digits("runtime.chansend"), Is("runtime.closechan")],
        "Waiting for a receiver or for room in a channel's buffer.",
    ),
    any(
        "gc-wait",
        "Waiting for GC",
        Family::Gc,
        &[
            Digits("runtime.gcAssistAlloc"),
            Is("runtime.gcParkAssist"),
            Is("runtime.gcWaitOnMark"),
        ],
        "Goroutines that wait for the collector.",
    ),
    any(
        "semaphore",
        "Other synchronisation",
        Family::Runtime,
        &[
            Digits("runtime.semacquire"),
            Word("sync.runtime_"),
            Word("internal/sync.runtime_"),
        ],
        "Waiting in the runtime's semaphores by way of another type.",
    ),
    any(
        "syscall",
        "System calls",
        Family::Kernel,
        &[
            Starts("syscall."),
            Starts("runtime/internal/syscall."),
            Starts("internal/runtime/syscall"),
            Is("runtime.notetsleepg"),
            Is("runtime.cgocall"),
            Is("runtime.asmcgocall"),
        ],
        "Inside a system call or a call into C.",
    ),
];

/// Leaves that say nothing about who allocates or waits: where only the runtime is on the stack,
/// the frame above them is listed.
pub(super) const DULL: &[Pattern] = &[
    Word("runtime.mallocgc"),
    Is("runtime.newobject"),
    Is("runtime.newarray"),
    Word("runtime.makeslice"),
    Word("runtime.growslice"),
    Word("runtime.unlock"),
    Word("runtime.gopark"),
];

/// A field of work that a library stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Domain {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    /// Beginnings of symbol names.
    pub(super) prefixes: &'static [&'static str],
}

const fn domain(
    key: &'static str,
    label: &'static str,
    prefixes: &'static [&'static str],
) -> Domain {
    Domain {
        key,
        label,
        prefixes,
    }
}

/// Libraries by what they do; the first that matches counts.
pub(super) const DOMAINS: &[Domain] = &[
    domain(
        "json",
        "JSON",
        &[
            "encoding/json",
            "github.com/json-iterator/",
            "github.com/goccy/go-json",
            "github.com/bytedance/sonic",
            "github.com/mailru/easyjson",
            "github.com/tidwall/",
            "github.com/valyala/fastjson",
        ],
    ),
    domain(
        "regexp",
        "Regular expressions",
        &["regexp.", "regexp/", "github.com/dlclark/regexp2"],
    ),
    domain(
        "fmt",
        "Formatting and errors",
        &["fmt.", "errors.", "github.com/pkg/errors"],
    ),
    domain(
        "reflect",
        "Reflection",
        &["reflect.", "internal/reflectlite."],
    ),
    domain(
        "sort",
        "Sorting",
        &["sort.", "slices.Sort", "slices.sort", "slices.BinarySearch"],
    ),
    domain(
        "compress",
        "Compression",
        &[
            "compress/",
            "archive/",
            "github.com/klauspost/compress",
            "github.com/golang/snappy",
            "github.com/pierrec/lz4",
            "github.com/andybalholm/brotli",
        ],
    ),
    domain(
        "random",
        "Random numbers",
        &["math/rand", "crypto/rand", "internal/chacha8rand"],
    ),
    domain(
        "crypto",
        "Cryptography and hashes",
        &[
            "crypto.",
            "crypto/",
            "hash.",
            "hash/",
            "golang.org/x/crypto",
            "vendor/golang.org/x/crypto",
        ],
    ),
    domain(
        "http",
        "HTTP and RPC",
        &[
            "net/http",
            "vendor/golang.org/x/net/http",
            "golang.org/x/net/http",
            "google.golang.org/grpc",
            "github.com/valyala/fasthttp",
            "net/rpc",
            "github.com/gin-gonic/",
            "github.com/gorilla/mux",
            "github.com/labstack/echo",
            "github.com/go-chi/",
        ],
    ),
    domain(
        "net",
        "Network",
        &["net.", "net/", "internal/poll.", "mime.", "mime/"],
    ),
    domain(
        "logging",
        "Logging",
        &[
            "log.",
            "log/slog",
            "go.uber.org/zap",
            "github.com/sirupsen/logrus",
            "github.com/rs/zerolog",
            "k8s.io/klog",
            "github.com/go-kit/log",
        ],
    ),
    domain(
        "database",
        "Database",
        &[
            "database/sql",
            "github.com/lib/pq",
            "github.com/jackc/",
            "github.com/go-sql-driver/",
            "github.com/mattn/go-sqlite3",
            "github.com/redis/",
            "github.com/go-redis/",
            "github.com/gomodule/redigo",
            "go.mongodb.org/",
            "gorm.io/",
            "github.com/jmoiron/sqlx",
            "go.etcd.io/bbolt",
        ],
    ),
    domain(
        "config",
        "Templates and configuration",
        &[
            "text/template",
            "html/template",
            "html.",
            "gopkg.in/yaml",
            "go.yaml.in/",
            "sigs.k8s.io/yaml",
            "github.com/BurntSushi/toml",
            "github.com/pelletier/go-toml",
        ],
    ),
    domain(
        "encoding",
        "Other encodings",
        &[
            "encoding/",
            "encoding.",
            "google.golang.org/protobuf",
            "github.com/golang/protobuf",
            "github.com/gogo/protobuf",
            "github.com/vmihailenco/msgpack",
            "unicode/",
        ],
    ),
    domain("exec", "Other processes", &["os/exec."]),
    domain(
        "buffers",
        "Buffers and streams",
        &[
            "bytes.(*Buffer)",
            "bytes.(*Reader)",
            "bytes.growSlice",
            "bytes.NewBuffer",
            "strings.(*Builder)",
            "strings.(*Reader)",
            "bufio.",
            "io.",
            "io/ioutil.",
            "slices.Grow",
        ],
    ),
    domain(
        "text",
        "Strings and numbers",
        &["strings.", "bytes.", "strconv.", "text/", "unicode."],
    ),
    domain(
        "files",
        "Files",
        &["os.", "io/fs.", "path.", "path/", "embed."],
    ),
    domain("time", "Dates and times", &["time."]),
    domain(
        "sync",
        "Synchronisation and context",
        &[
            "sync.",
            "sync/",
            "internal/sync.",
            "context.",
            "golang.org/x/sync",
            "unique.",
            "weak.",
        ],
    ),
    domain(
        "testing",
        "Test harness",
        &["testing.", "testing/", "github.com/stretchr/testify"],
    ),
];
