//! I: system calls, files, networks, cryptography, logging, time.

use super::super::rule::{Look, NOTHING, RULE, Rule, Severity, Signature};
use super::{LOGGING, SYSCALL};
use crate::model::Kind;
use Severity::{Critical, High, Info, Low, Medium};

const BOTH: &[Kind] = &[Kind::Cpu, Kind::Allocs];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "I01",
        name: "small-unbuffered-io",
        title: "Many small reads or writes go straight to the kernel",
        look: Look::Stacks(Signature {
            leaf: SYSCALL,
            with: "os.(*File).{Write,WriteString,Read} net.(*conn).{Write,Read} internal/poll.(*FD).{Write,Read}",
            without: "bufio.* io.Copy* io.copyBuffer io.ReadAll os.{ReadFile,WriteFile} net/http* crypto/tls.* os/exec.* compress/* log.* log/slog* go.uber.org/zap* github.com/sirupsen/logrus* github.com/rs/zerolog*",
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.20, High)],
        removable: 0.9,
        why: "Every call enters the kernel, whatever its size; a few bytes at a time make that the whole cost.",
        guard: "Large blocks need no buffer; what must be on disk at once may not have one.",
        now: &[
            "Put a bufio.Writer (or Reader) of 64 KiB around the file in {site}, and Flush before closing, with its error checked.",
        ],
        later: &["Batch records; writev (net.Buffers) for network connections."],
        snippet: Some((
            "for _, r := range rows {\n\tfmt.Fprintf(f, \"%d\\n\", r)\n}",
            "w := bufio.NewWriterSize(f, 64<<10)\nfor _, r := range rows {\n\tfmt.Fprintf(w, \"%d\\n\", r)\n}\nif err := w.Flush(); err != nil {\n\treturn err\n}",
        )),
        falsifier: "strace -c shows few calls with large sizes.",
        refs: &["pkg.go.dev/bufio"],
        explains: &["I02", "S03"],
        ..RULE
    },
    Rule {
        id: "I02",
        name: "syscall-heavy",
        title: "Much of the time is spent in the kernel",
        look: Look::Stacks(Signature {
            leaf: SYSCALL,
            without: "runtime.netpoll",
            ..NOTHING
        }),
        ladder: &[(0.15, Low), (0.30, Medium), (0.50, High)],
        removable: 0.4,
        why: "System calls do real work, but each has a fixed price too. Waiting for I/O is not in a CPU profile: this is CPU time in the kernel.",
        guard: "The number of calls is not in the profile; work in the kernel may be exactly what is wanted.",
        now: &[
            "Make fewer and larger calls from {site}; keep descriptors open instead of reopening.",
        ],
        later: &["Count them: strace -c -f -p PID, or perf trace -s."],
        falsifier: "strace -c shows few calls.",
        refs: &["go.dev/wiki/Performance"],
        ..RULE
    },
    Rule {
        id: "I03",
        name: "fs-walk-lstat",
        title: "Walking a directory tree with one lstat for every file",
        look: Look::Stacks(Signature {
            any: "path/filepath.{Walk,walk}",
            with: "os.{Lstat,lstatNolog} path/filepath.{Join,Clean}",
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.20, High)],
        removable: 0.6,
        why: "filepath.Walk asks the kernel about every entry; WalkDir takes the type from the directory listing.",
        guard: "Where size or time of every file is needed, each has to be asked for.",
        now: &["Use filepath.WalkDir in {site}, and skip whole directories early with fs.SkipDir."],
        later: &["Walk top directories in parallel with a limit."],
        snippet: Some((
            "filepath.Walk(root, func(path string, info fs.FileInfo, err error) error {",
            "filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {",
        )),
        falsifier: "The callback needs Size or ModTime of every file.",
        refs: &["pkg.go.dev/path/filepath#WalkDir"],
        explains: &["I02", "A04", "A05"],
        ..RULE
    },
    Rule {
        id: "I04",
        name: "subprocess-exec",
        title: "Processes are started; their own CPU time is not in this profile",
        kinds: &[Kind::Cpu],
        look: Look::Stacks(Signature {
            any: "os/exec.(*Cmd).{Start,Run,Wait,Output,CombinedOutput} os.StartProcess syscall.{forkExec,forkAndExecInChild,forkAndExecInChild1,StartProcess}",
            ..NOTHING
        }),
        ladder: &[(0.02, Info), (0.10, Medium), (0.30, High)],
        removable: 0.6,
        why: "Starting a process copies page tables, opens pipes and reads a binary; what the child then does is in no Go profile.",
        guard: "One process per run is nothing.",
        now: &[
            "Start fewer from {site}: many paths in one call, or one helper that stays (git cat-file --batch).",
        ],
        later: &["A library instead of a command, where one is as good."],
        snippet: Some((
            "for _, id := range ids {\n\texec.Command(\"git\", \"cat-file\", \"-p\", id).Output()\n}",
            "cmd := exec.Command(\"git\", \"cat-file\", \"--batch\")\n// write ids to its stdin, read the answers from its stdout",
        )),
        falsifier: "The children take so long that starting them does not matter: time them.",
        refs: &["git-scm.com/docs/git-cat-file"],
        explains: &["I02"],
        ..RULE
    },
    Rule {
        id: "I05",
        name: "cgo-overhead",
        title: "Much time is spent in calls to C",
        look: Look::Stacks(Signature {
            any: "*._Cfunc_* _cgo_* runtime.{asmcgocall,cgocallback,cgoCheckPointer}",
            with: "*._Cfunc_* _cgo_*",
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium), (0.20, High)],
        removable: 0.5,
        why: "A call to C switches stacks and scheduler state; many short ones pay that each time.",
        guard: "What the C code does is not overhead.",
        now: &["Batch work across the boundary in {site}: one call for many items."],
        later: &[
            "A driver in Go where one exists; Go 1.26 made the call itself about 30 % cheaper.",
        ],
        falsifier: "perf shows the time inside the C functions.",
        refs: &["go.dev/doc/go1.26"],
        ..RULE
    },
    Rule {
        id: "I06",
        name: "http-connection-churn",
        title: "HTTP connections are opened for every request",
        look: Look::Stacks(Signature {
            any: "net/http.(*Transport).{dialConn,dialConnFor,dial} net.(*Dialer).DialContext net.(*Resolver).*",
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.30, High)],
        removable: 0.9,
        why: "A new connection costs a handshake, goroutines and buffers; keep-alive makes them once.",
        guard: "Many hosts with one request each.",
        now: &[
            "Share one http.Client, read bodies to the end and close them, and do not set DisableKeepAlives: see {site}.",
            "Raise MaxIdleConnsPerHost: its default of 2 closes connections that come back above that.",
        ],
        later: &["Watch the number of new connections (httptrace GotConn.Reused)."],
        snippet: Some((
            "client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}",
            "var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}} // shared\n…\ndefer resp.Body.Close()\nio.Copy(io.Discard, resp.Body)",
        )),
        falsifier: "httptrace reports connections as reused.",
        refs: &["pkg.go.dev/net/http#Transport"],
        explains: &["I07", "I02", "A04"],
        ..RULE
    },
    Rule {
        id: "I07",
        name: "tls-handshake",
        title: "TLS handshakes take much of the time",
        look: Look::Stacks(Signature {
            any: "crypto/tls.(*Conn).{Handshake,HandshakeContext,handshakeContext,clientHandshake,serverHandshake}",
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.20, High)],
        removable: 0.9,
        why: "A full handshake signs and agrees on keys: a million times the cost of a byte that is sent later.",
        guard: "A front end for many strangers.",
        now: &[
            "Keep connections open, allow session tickets, and use ECDSA certificates: signing with RSA is most of a server's handshake. See {site}.",
        ],
        later: &["Count handshakes per request."],
        falsifier: "Requests per connection are many.",
        refs: &["pkg.go.dev/crypto/tls#Config"],
        explains: &["I08", "I02", "A04"],
        ..RULE
    },
    Rule {
        id: "I08",
        name: "crypto-hash-hot",
        title: "Hashing or encrypting takes much of the time",
        look: Look::Stacks(Signature {
            any: "crypto/{sha1,sha256,sha512,sha3,md5,hmac,aes,des,rc4,cipher}.* crypto/internal/fips140/{sha256,sha512,sha3,hmac,aes}* hash/* crypto/internal/boring*",
            without: "crypto/tls.* crypto/rand.* compress/*",
            ..NOTHING
        }),
        ladder: &[(0.15, Info), (0.30, Medium)],
        removable: 0.5,
        why: "Whoever hashes a lot of bytes pays per byte; the assembly of the standard library is as fast as the processor allows.",
        guard: "An assembly function at the leaf is optimal already: only fewer bytes help.",
        now: &[
            "Hash once and keep the result by path, size and time in {site}; for keys of maps and caches use hash/maphash instead of a cryptographic hash.",
        ],
        later: &[
            "If the leaf is a generic implementation, find out why: purego builds, or an architecture without acceleration.",
        ],
        falsifier: "Every byte is hashed once and has to be.",
        refs: &["pkg.go.dev/hash/maphash"],
        ..RULE
    },
    Rule {
        id: "I09",
        name: "crypto-rand-hot",
        title: "Cryptographic random numbers on a hot path",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "crypto/rand.* crypto/internal/sysrand.* crypto/internal/fips140/drbg.* runtime.vgetrandom# internal/syscall/unix.GetRandom",
            without: "crypto/tls.* crypto/rsa.* crypto/ecdsa.*",
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.20, High)],
        removable: 0.9,
        why: "crypto/rand asks the kernel or its generator for every number, and Int computes with big integers: ten times and more the cost of math/rand/v2.",
        guard: "Keys, tokens, salts and nonces must stay cryptographic.",
        now: &[
            "For test data, simulation, sampling and jitter use math/rand/v2 in {site}.",
            "Where it has to be cryptographic: read one block of bytes and take many numbers from it.",
        ],
        later: &["Keep the two apart by package, so that a review sees which one is used."],
        snippet: Some((
            "n, err := rand.Int(rand.Reader, big.NewInt(int64(max)))",
            "n := mrand.IntN(max) // math/rand/v2; mrand.New(mrand.NewPCG(1, 2)) for runs that repeat",
        )),
        falsifier: "The numbers are secrets.",
        refs: &["pkg.go.dev/math/rand/v2"],
        explains: &["A04", "A01", "A02", "A05", "I02", "I08", "D03"],
        ..RULE
    },
    Rule {
        id: "I10",
        name: "compression-hot",
        title: "Compression takes much of the time",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "compress/* github.com/klauspost/compress* github.com/andybalholm/brotli* github.com/golang/snappy*",
            ..NOTHING
        }),
        ladder: &[(0.10, Medium), (0.20, High), (0.40, Critical)],
        removable: 0.4,
        why: "Compressing costs per byte, and a fresh compressor first makes and clears about a megabyte of tables.",
        guard: "It may be the purpose of the program.",
        now: &[
            "Reuse writers (Reset) in {site}, lower the level, and skip what is small or compressed already.",
        ],
        later: &["zstd or s2 give the same size for less time."],
        snippet: Some((
            "zw := gzip.NewWriter(w)",
            "zw.Reset(w) // a pooled *gzip.Writer, made with gzip.NewWriterLevel(nil, gzip.BestSpeed)",
        )),
        falsifier: "A lower level changes neither time nor size much.",
        refs: &["github.com/klauspost/compress"],
        explains: &["A07", "A04", "I08", "D06"],
        ..RULE
    },
    Rule {
        id: "I11",
        name: "logging-hot",
        title: "Logging takes much of the time",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: LOGGING,
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.15, High)],
        removable: 0.7,
        why: "A line costs formatting, a timestamp, often a walk of the stack for the caller, and a write.",
        guard: "A program whose product is its log.",
        now: &[
            "Guard by level before building arguments in {site} (logger.Enabled), use LogAttrs with typed attributes, and leave the caller's position out.",
            "Buffer the writer and sample what repeats.",
        ],
        later: &["Log once per request, with fields, instead of once per step."],
        snippet: Some((
            "slog.Debug(\"step\", \"state\", fmt.Sprint(state))",
            "if logger.Enabled(ctx, slog.LevelDebug) {\n\tlogger.LogAttrs(ctx, slog.LevelDebug, \"step\", slog.Any(\"state\", state))\n}",
        )),
        falsifier: "With the level raised, time stays the same.",
        refs: &["pkg.go.dev/log/slog#hdr-Performance_considerations"],
        explains: &[
            "I12", "S03", "S10", "A04", "A01", "A05", "I02", "I14", "S07", "C03",
        ],
        ..RULE
    },
    Rule {
        id: "I12",
        name: "stack-capture",
        title: "Stacks are captured on a hot path",
        look: Look::Stacks(Signature {
            any: "runtime.{Caller,Callers,CallersFrames,FuncForPC,Stack} runtime.(*Frames).Next runtime/debug.{Stack,PrintStack}",
            without: "runtime.mProf_Malloc runtime.{saveblockevent,blockevent,mutexevent} testing.*",
            ..NOTHING
        }),
        ladder: &[(0.02, Medium), (0.10, High)],
        removable: 0.9,
        why: "Walking the stack and looking its frames up costs microseconds for every call.",
        guard: "On error paths it is worth it.",
        now: &[
            "Do it in {site} only when something failed; remember results per program counter; switch the caller's position off in the logger.",
        ],
        later: &["Error wrappers that capture stacks belong to boundaries."],
        snippet: Some((
            "log.SetFlags(log.LstdFlags | log.Lshortfile)",
            "log.SetFlags(log.LstdFlags)",
        )),
        falsifier: "The calls happen on failures only.",
        refs: &["pkg.go.dev/runtime#Callers"],
        ..RULE
    },
    Rule {
        id: "I13",
        name: "whole-file-read",
        title: "Whole files or bodies are read into memory",
        kinds: &[Kind::Cpu, Kind::Allocs],
        look: Look::Stacks(Signature {
            any: "io.ReadAll os.ReadFile io/ioutil.{ReadAll,ReadFile}",
            ..NOTHING
        }),
        ladder: &[(0.10, Medium), (0.40, High)],
        removable: 0.6,
        why: "io.ReadAll grows its buffer as it goes and so allocates several times the size; all of it is in memory at once.",
        guard: "Small files, or content that is needed as a whole.",
        now: &[
            "Stream in {site}: io.Copy, a bufio.Scanner, a Decoder on the reader; or size the buffer by Stat or Content-Length first.",
        ],
        later: &[
            "Limit what is accepted (http.MaxBytesReader). Go 1.26 halves what ReadAll allocates.",
        ],
        snippet: Some((
            "data, err := io.ReadAll(resp.Body)\njson.Unmarshal(data, &v)",
            "err := json.NewDecoder(resp.Body).Decode(&v)",
        )),
        falsifier: "The contents are small and few.",
        refs: &["go.dev/doc/go1.26"],
        explains: &["A04", "A07", "A01", "D03", "I02", "D06"],
        ..RULE
    },
    Rule {
        id: "I14",
        name: "time-now-hot",
        title: "The clock is read very often",
        look: Look::Stacks(Signature {
            any: "time.{Now,Since,Until,now,runtimeNow}",
            without: "log.* log/slog.* runtime.schedule",
            ..NOTHING
        }),
        ladder: &[(0.03, Medium), (0.20, High)],
        removable: 0.8,
        why: "Reading the clock takes tens of nanoseconds, and a system call where the machine has no fast clock source.",
        guard: "The scheduler's and the profilers' own readings are not counted.",
        now: &["Read once per batch in {site} and pass it on; time every nth operation."],
        later: &[
            "On virtual machines check the clock source: cat /sys/devices/system/clocksource/clocksource0/current_clocksource.",
        ],
        snippet: Some((
            "for _, x := range items {\n\tstart := time.Now()\n\thandle(x)\n\tobserve(time.Since(start))\n}",
            "start := time.Now()\nfor _, x := range items {\n\thandle(x)\n}\nobserveBatch(time.Since(start), len(items))",
        )),
        falsifier: "A benchmark without the readings is no faster.",
        refs: &["pkg.go.dev/time#Now"],
        ..RULE
    },
    Rule {
        id: "I15",
        name: "timer-heap",
        title: "Timers take much of the time",
        look: Look::Stacks(Signature {
            any: "runtime.(*timers).{check,run,siftDown,siftUp,adjust,deleteMin,addHeap} runtime.(*timer).{modify,reset,stop,needsAdd} runtime.{checkTimers,runtimer,runOneTimer,siftdownTimer,siftupTimer,modtimer,adjusttimers,doaddtimer,addtimer} time.{After,NewTimer,AfterFunc,newTimer,Tick,NewTicker}",
            ..NOTHING
        }),
        ladder: &[(0.05, Medium), (0.15, High)],
        removable: 0.7,
        why: "Each timer is an entry of a heap that is rearranged when it starts, stops and fires; very many short ones are all the scheduler does.",
        guard: "",
        now: &[
            "Share one ticker in {site} instead of a timer for each, and reuse timers with Reset; time.After in a loop makes a new one every time round.",
        ],
        later: &["A coarse timing wheel for very many time-outs."],
        snippet: Some((
            "for {\n\tselect {\n\tcase v := <-in:\n\t\thandle(v)\n\tcase <-time.After(time.Second):\n\t}\n}",
            "t := time.NewTimer(time.Second)\nfor {\n\tt.Reset(time.Second)\n\tselect {\n\tcase v := <-in:\n\t\thandle(v)\n\tcase <-t.C:\n\t}\n}",
        )),
        falsifier: "Fewer timers leave the time unchanged.",
        refs: &["go.dev/doc/go1.23 (timers)"],
        explains: &["C01", "C02"],
        ..RULE
    },
    Rule {
        id: "I16",
        name: "db-pool-wait",
        title: "Goroutines wait for database connections",
        kinds: &[Kind::Goroutine, Kind::Block],
        ladder: &[],
        removable: 0.8,
        why: "The pool has fewer connections than there are requests for one: they queue.",
        guard: "One goroutine in connectionOpener is normal.",
        now: &[
            "Close rows and transactions as soon as they are read (defer rows.Close()), and set SetMaxOpenConns and SetMaxIdleConns to what the database takes. See {site}.",
        ],
        later: &["Watch DB.Stats().WaitCount and WaitDuration."],
        snippet: Some((
            "rows, err := db.Query(q)\nfor rows.Next() { … }",
            "rows, err := db.Query(q)\nif err != nil {\n\treturn err\n}\ndefer rows.Close()\nfor rows.Next() { … }",
        )),
        falsifier: "DB.Stats() shows no waits.",
        refs: &["go.dev/doc/database/manage-connections"],
        ..RULE
    },
];
