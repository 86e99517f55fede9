//! What a goroutine is there for, as far as its stack tells: those that are supposed to wait.

use super::wait::WaitKind;
use crate::analysis::Class;

/// What a group of goroutines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The program's work, or nothing known about it.
    Work,
    /// Waits on purpose: a server for connections, a pool for work, a handler for signals.
    Idle,
    /// The runtime's own.
    Runtime,
    /// Wrote the profile, or records another one.
    Profiler,
}

/// A role, and what it consists in: `waits for connections`; empty for [`Role::Work`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) role: Role,
    pub(super) what: &'static str,
}

const WORK: Known = Known {
    role: Role::Work,
    what: "",
};

/// A function anywhere on the stack that tells what it is for. A name that ends in `*` stands for
/// all that begin so.
type Mark = (&'static str, Role, &'static str);

const MARKS: [Mark; 26] = [
    (
        "runtime/pprof.profileWriter",
        Role::Profiler,
        "writes a CPU profile",
    ),
    (
        "runtime/pprof.StopCPUProfile",
        Role::Profiler,
        "ends a CPU profile",
    ),
    (
        "runtime/trace.Start.func*",
        Role::Profiler,
        "writes a trace",
    ),
    ("os/signal.loop", Role::Idle, "waits for signals"),
    ("os/signal.signal_recv", Role::Idle, "waits for signals"),
    (
        "os/signal.NotifyContext.func*",
        Role::Idle,
        "waits for signals",
    ),
    (
        "runtime.ensureSigM.func*",
        Role::Runtime,
        "waits for signals",
    ),
    (
        "context.(*cancelCtx).propagateCancel.func*",
        Role::Idle,
        "waits for a context to end",
    ),
    (
        "database/sql.(*DB).connectionOpener",
        Role::Idle,
        "opens connections of a database",
    ),
    (
        "database/sql.(*DB).connectionCleaner",
        Role::Idle,
        "closes connections of a database",
    ),
    (
        "database/sql.(*Tx).awaitDone",
        Role::Idle,
        "waits for a transaction to end",
    ),
    (
        "net/http.(*persistConn).readLoop",
        Role::Idle,
        "reads a connection of an HTTP client",
    ),
    (
        "net/http.(*persistConn).writeLoop",
        Role::Idle,
        "writes a connection of an HTTP client",
    ),
    (
        "net/http.(*http2clientConnReadLoop).run",
        Role::Idle,
        "reads a connection of an HTTP client",
    ),
    (
        "net/http.(*connReader).backgroundRead",
        Role::Idle,
        "watches a connection whose request is being served",
    ),
    (
        "net/http.(*http2serverConn).readFrames",
        Role::Idle,
        "reads a connection of an HTTP server",
    ),
    (
        "google.golang.org/grpc/internal/transport.(*http2Client).reader",
        Role::Idle,
        "reads a connection of gRPC",
    ),
    (
        "google.golang.org/grpc/internal/transport.(*loopyWriter).run",
        Role::Idle,
        "writes a connection of gRPC",
    ),
    (
        "google.golang.org/grpc/internal/transport.(*http2Server).keepalive",
        Role::Idle,
        "keeps a connection of gRPC alive",
    ),
    (
        "google.golang.org/grpc/internal/grpcsync.(*CallbackSerializer).run",
        Role::Idle,
        "calls back for gRPC",
    ),
    (
        "go.opencensus.io/stats/view.(*worker).start",
        Role::Idle,
        "collects metrics",
    ),
    (
        "k8s.io/klog/v2.(*flushDaemon).run*",
        Role::Idle,
        "flushes a log",
    ),
    (
        "github.com/golang/glog.(*fileSink).flushDaemon",
        Role::Idle,
        "flushes a log",
    ),
    (
        "gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun",
        Role::Idle,
        "rotates a log",
    ),
    ("testing.(*T).Run", Role::Idle, "waits for a test"),
    ("testing.(*B).run1", Role::Idle, "waits for a benchmark"),
];

/// Functions in which a server waits for the next connection.
const ACCEPTS: [&[u8]; 4] = [
    b"internal/poll.(*FD).Accept",
    b"net.(*TCPListener).Accept",
    b"net.(*UnixListener).Accept",
    b"net.(*netFD).accept",
];

/// What a stack is for. `names` stand leaf first, `user` is the place of the nearest user frame
/// among them, `class` its class.
pub(super) fn role(names: &[&[u8]], kind: WaitKind, user: Option<usize>, class: Class) -> Known {
    let known = |role, what| Known { role, what };
    let is_profile = |name: &&[u8]| name.starts_with(b"runtime/pprof.");
    if kind == WaitKind::Running && names.iter().any(is_profile) {
        return known(Role::Profiler, "writes this profile");
    }
    for name in names {
        let is_mark = |mark: &&Mark| match mark.0.strip_suffix('*') {
            Some(start) => name.starts_with(start.as_bytes()),
            None => *name == mark.0.as_bytes(),
        };
        if let Some(mark) = MARKS.iter().find(is_mark).filter(|_| name.contains(&b'.')) {
            return known(mark.1, mark.2);
        }
    }
    if names.iter().any(|name| ACCEPTS.contains(name)) {
        return known(Role::Idle, "waits for connections");
    }
    let is_serving = |name: &&[u8]| **name == *b"net/http.(*conn).serve";
    let is_users = matches!(class, Class::Main | Class::ThirdParty);
    if kind == WaitKind::Network && !is_users && names.iter().any(is_serving) {
        return known(Role::Idle, "waits for the next request of a connection");
    }
    let outside = |name: &&[u8]| super::stack::is_visible(name);
    if kind == WaitKind::Runtime || !names.is_empty() && !names.iter().any(outside) {
        return known(Role::Runtime, "the runtime's own");
    }
    let is_main = user.and_then(|at| names.get(at)) == Some(&&b"main.main"[..]);
    if is_main && kind.is_waiting() {
        return known(Role::Idle, "the main goroutine waits for the others");
    }
    WORK
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(stack: &str, kind: WaitKind, user: usize, class: Class) -> (Role, &'static str) {
        let names: Vec<&[u8]> = stack.split(' ').map(str::as_bytes).collect();
        let known = role(&names, kind, Some(user), class);
        (known.role, known.what)
    }

    #[test]
    fn what_is_supposed_to_wait_is_known() {
        let accept =
            "internal/poll.(*FD).Accept net.(*TCPListener).Accept net/http.(*Server).Serve main.f";
        let found = of(accept, WaitKind::Network, 3, Class::Main);
        assert_eq!(found, (Role::Idle, "waits for connections"));
        let idle = "internal/poll.(*FD).Read bufio.(*Reader).Peek net/http.(*conn).serve";
        assert_eq!(of(idle, WaitKind::Network, 0, Class::Std).0, Role::Idle);
        let handler = "internal/poll.(*FD).Read main.handle net/http.(*conn).serve";
        assert_eq!(of(handler, WaitKind::Network, 1, Class::Main).0, Role::Work);
        assert_eq!(
            of("main.main", WaitKind::WaitGroup, 0, Class::Main).0,
            Role::Idle
        );
        assert_eq!(
            of("main.main", WaitKind::Runnable, 0, Class::Main).0,
            Role::Work
        );
        assert_eq!(
            of("runtime.bgsweep", WaitKind::Runtime, 0, Class::Runtime).0,
            Role::Runtime
        );
        let closure = "os/signal.NotifyContext.func1";
        assert_eq!(of(closure, WaitKind::Select, 0, Class::Std).0, Role::Idle);
    }
}
