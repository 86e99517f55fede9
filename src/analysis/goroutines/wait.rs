//! What a goroutine waits for: as a dump says it, or told from the innermost frames.

/// In which state a goroutine is, as far as that matters for advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaitKind {
    /// Runs.
    Running,
    /// Could run, and has no processor. A profile says so of what runs too, but for its writer.
    Runnable,
    /// In a system call or in C code.
    Syscall,
    /// Receives from a channel.
    ChannelReceive,
    /// Sends to a channel.
    ChannelSend,
    /// Receives or sends: a text with `debug=1` hides which.
    Channel,
    /// Receives from a channel that is nil, for ever.
    NilReceive,
    /// Sends to a channel that is nil, for ever.
    NilSend,
    /// In a `select`.
    Select,
    /// In a `select` without cases, for ever.
    EmptySelect,
    /// Waits for a mutex.
    Mutex,
    /// Waits to read-lock a RWMutex.
    ReadLock,
    /// Waits to write-lock a RWMutex.
    WriteLock,
    /// Waits for a WaitGroup.
    WaitGroup,
    /// Waits on a condition variable.
    Cond,
    /// Waits for a semaphore of the runtime, and its user is not known.
    Semaphore,
    /// Sleeps.
    Sleep,
    /// Waits for the network or another file that the poller watches.
    Network,
    /// Is the other side of an `iter.Pull`.
    Coroutine,
    /// A goroutine of the runtime itself waits for work.
    Runtime,
    /// Something else, by the words of the dump.
    Other,
    /// Not known: no state and no names.
    Unknown,
}

impl WaitKind {
    /// Go's own words; empty where they differ from case to case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Runnable => "runnable",
            Self::Syscall => "syscall",
            Self::ChannelReceive => "chan receive",
            Self::ChannelSend => "chan send",
            Self::Channel => "chan receive or send",
            Self::NilReceive => "chan receive (nil chan)",
            Self::NilSend => "chan send (nil chan)",
            Self::Select => "select",
            Self::EmptySelect => "select (no cases)",
            Self::Mutex => "sync.Mutex.Lock",
            Self::ReadLock => "sync.RWMutex.RLock",
            Self::WriteLock => "sync.RWMutex.Lock",
            Self::WaitGroup => "sync.WaitGroup.Wait",
            Self::Cond => "sync.Cond.Wait",
            Self::Semaphore => "semacquire",
            Self::Sleep => "sleep",
            Self::Network => "IO wait",
            Self::Coroutine => "coroutine",
            Self::Runtime => "runtime",
            Self::Other => "",
            Self::Unknown => "unknown",
        }
    }

    /// Waits for something, as against running, being ready to, and system calls.
    pub fn is_waiting(self) -> bool {
        !matches!(
            self,
            Self::Running | Self::Runnable | Self::Syscall | Self::Unknown
        )
    }

    /// Nothing can ever wake it.
    pub fn is_for_ever(self) -> bool {
        matches!(self, Self::NilReceive | Self::NilSend | Self::EmptySelect)
    }

    /// Waits for a lock.
    pub fn is_lock(self) -> bool {
        matches!(self, Self::Mutex | Self::ReadLock | Self::WriteLock)
    }
}

/// Words of dumps that have a kind of their own.
const WORDS: [WaitKind; 18] = [
    WaitKind::Running,
    WaitKind::Runnable,
    WaitKind::Syscall,
    WaitKind::ChannelReceive,
    WaitKind::ChannelSend,
    WaitKind::NilReceive,
    WaitKind::NilSend,
    WaitKind::Select,
    WaitKind::EmptySelect,
    WaitKind::Mutex,
    WaitKind::ReadLock,
    WaitKind::WriteLock,
    WaitKind::WaitGroup,
    WaitKind::Cond,
    WaitKind::Semaphore,
    WaitKind::Sleep,
    WaitKind::Network,
    WaitKind::Coroutine,
];

/// Words of goroutines of the runtime.
const RUNTIME_WORDS: [&str; 18] = [
    "GC assist marking",
    "GC assist wait",
    "GC mark termination",
    "GC scavenge wait",
    "GC sweep wait",
    "GC weak to strong wait",
    "GC worker (active)",
    "GC worker (idle)",
    "GOMAXPROCS updater (idle)",
    "cleanup wait",
    "dumping heap",
    "finalizer wait",
    "force gc (idle)",
    "garbage collection",
    "garbage collection scan",
    "stopping the world",
    "trace reader (blocked)",
    "wait for GC cycle",
];

/// The kind of a dump's words. A semaphore is told by its user, as newer Go versions tell it.
pub(super) fn of_words<'a>(words: &str, frames: impl FnOnce() -> Vec<&'a [u8]>) -> WaitKind {
    let kind = WORDS.iter().copied().find(|kind| kind.name() == words);
    match kind {
        Some(WaitKind::Semaphore) => semaphore(&frames()),
        Some(kind) => kind,
        None if words == "waiting" => of_frames(&[], &frames(), None),
        None if RUNTIME_WORDS.contains(&words) => WaitKind::Runtime,
        // Older words: a status besides waiting.
        None if matches!(words, "preempted" | "copystack") => WaitKind::Runnable,
        None => WaitKind::Other,
    }
}

/// What the innermost frames of a stack hide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden {
    /// Frames at the leaf without names, of which the first one parks.
    pub(super) parked: usize,
}

/// A line within its function, where both are known: tells the two places where a function parks
/// apart.
pub(super) type Offset = Option<i64>;

/// Lines of `chanrecv` and `chansend` up to which they look for a nil channel: 5 to 12 in Go 1.20 to
/// 1.27. Where they wait for others stands beyond line 80.
const NIL_LINES: i64 = 40;

/// The kind that frames tell of, leaf first. `offsets` belongs to the first of them.
pub(super) fn of_frames(offsets: &[Offset], frames: &[&[u8]], hidden: Option<Hidden>) -> WaitKind {
    let is_early = |at: usize| {
        let offset = offsets.get(at).copied().flatten();
        offset.is_some_and(|lines| (0..NIL_LINES).contains(&lines))
    };
    for (at, name) in frames.iter().enumerate().take(INNERMOST) {
        let found = match *name {
            b"runtime.chanrecv" if is_early(at) => WaitKind::NilReceive,
            b"runtime.chansend" if is_early(at) => WaitKind::NilSend,
            b"runtime.chanrecv" => WaitKind::ChannelReceive,
            b"runtime.chansend" => WaitKind::ChannelSend,
            b"runtime.selectgo" => WaitKind::Select,
            b"runtime.block" => WaitKind::EmptySelect,
            b"runtime.netpollblock" | b"internal/poll.runtime_pollWait" => WaitKind::Network,
            b"time.Sleep" | b"runtime.timeSleep" => WaitKind::Sleep,
            b"sync.runtime_notifyListWait" | b"sync.(*Cond).Wait" => WaitKind::Cond,
            b"runtime.coroswitch" | b"runtime.coroswitch_m" => WaitKind::Coroutine,
            b"runtime.semacquire1" => semaphore(&frames[at..]),
            b"runtime.goroutineProfileWithLabels"
            | b"runtime/pprof.runtime_goroutineProfileWithLabels" => WaitKind::Running,
            b"runtime.bgsweep"
            | b"runtime.bgscavenge"
            | b"runtime.forcegchelper"
            | b"runtime.gcBgMarkWorker"
            | b"runtime.runfinq"
            | b"runtime.runFinalizers"
            | b"runtime.runCleanups"
            | b"runtime.updateMaxProcsGoroutine" => WaitKind::Runtime,
            // What writes the profile runs; a text does not name the frames below.
            name if name.starts_with(b"runtime/pprof.write") => WaitKind::Running,
            b"runtime/debug.Stack" => WaitKind::Running,
            name if is_syscall(name) => WaitKind::Syscall,
            name if is_semaphore(name) => semaphore(&frames[at..]),
            name if is_plumbing(name) => continue,
            _ => return outside(at, hidden),
        };
        return found;
    }
    WaitKind::Unknown
}

/// Frames from the leaf that are looked at; the deepest way to park has about ten.
const INNERMOST: usize = 16;

/// The first frame that does not belong to waiting is reached.
fn outside(at: usize, hidden: Option<Hidden>) -> WaitKind {
    match hidden.map(|hidden| hidden.parked) {
        // gopark, chanrecv, chanrecv1; gopark, selectgo.
        Some(3) if at == 0 => WaitKind::Channel,
        Some(2) if at == 0 => WaitKind::Select,
        Some(1) if at == 0 => WaitKind::Unknown,
        _ => WaitKind::Runnable,
    }
}

/// Frames between the one that waits and the one that parks.
fn is_plumbing(name: &[u8]) -> bool {
    name.starts_with(b"runtime.") || name.starts_with(b"internal/runtime/")
}

fn is_syscall(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 6] = [
        b"runtime.notetsleepg",
        b"runtime.cgocall",
        b"runtime.entersyscall",
        b"syscall.Syscall",
        b"syscall.Syscall6",
        b"syscall.rawVforkSyscall",
    ];
    NAMES.contains(&name)
        || name.starts_with(b"syscall.syscall")
        || name.starts_with(b"syscall.RawSyscall")
        || name.starts_with(b"internal/runtime/syscall")
        || name.starts_with(b"runtime/internal/syscall")
}

fn is_semaphore(name: &[u8]) -> bool {
    const STARTS: [&[u8]; 4] = [
        b"sync.runtime_Semacquire",
        b"internal/sync.runtime_Semacquire",
        b"internal/poll.runtime_Semacquire",
        b"sync.runtime_SemacquireWaitGroup",
    ];
    STARTS.iter().any(|start| name.starts_with(start))
}

/// Who waits for a semaphore: the first that has a name of its own.
fn semaphore(frames: &[&[u8]]) -> WaitKind {
    for name in frames.iter().take(INNERMOST) {
        match *name {
            b"sync.(*Mutex).Lock"
            | b"sync.(*Mutex).lockSlow"
            | b"internal/sync.(*Mutex).Lock"
            | b"internal/sync.(*Mutex).lockSlow" => return WaitKind::Mutex,
            b"sync.(*RWMutex).RLock" => return WaitKind::ReadLock,
            b"sync.(*RWMutex).Lock" => return WaitKind::WriteLock,
            b"sync.(*WaitGroup).Wait" => return WaitKind::WaitGroup,
            name if is_plumbing(name) || is_semaphore(name) => {}
            _ => return WaitKind::Semaphore,
        }
    }
    WaitKind::Semaphore
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(stack: &str) -> WaitKind {
        let frames: Vec<&[u8]> = stack.split(' ').map(str::as_bytes).collect();
        of_frames(&[], &frames, None)
    }

    #[test]
    fn the_innermost_frames_tell() {
        for (stack, kind) in [
            (
                "runtime.gopark runtime.chanrecv runtime.chanrecv1 main.f",
                WaitKind::ChannelReceive,
            ),
            ("runtime.gopark runtime.selectgo main.f", WaitKind::Select),
            ("runtime.gopark runtime.block main.f", WaitKind::EmptySelect),
            ("runtime.gopark time.Sleep main.f", WaitKind::Sleep),
            (
                "runtime.gopark runtime.netpollblock internal/poll.runtime_pollWait net.f",
                WaitKind::Network,
            ),
            (
                "runtime.gopark runtime.goparkunlock runtime.semacquire1 \
                 internal/sync.runtime_SemacquireMutex internal/sync.(*Mutex).lockSlow main.f",
                WaitKind::Mutex,
            ),
            (
                "runtime.gopark runtime.goparkunlock runtime.semacquire1 \
                 sync.runtime_SemacquireRWMutexR sync.(*RWMutex).RLock main.f",
                WaitKind::ReadLock,
            ),
            (
                "sync.runtime_Semacquire sync.(*WaitGroup).Wait main.f",
                WaitKind::WaitGroup,
            ),
            ("sync.runtime_Semacquire main.f", WaitKind::Semaphore),
            ("syscall.Syscall syscall.read main.f", WaitKind::Syscall),
            (
                "runtime.asyncPreempt2 runtime.asyncPreempt main.f",
                WaitKind::Runnable,
            ),
            ("main.f", WaitKind::Runnable),
            (
                "runtime.goroutineProfileWithLabels runtime/pprof.writeRuntimeProfile main.f",
                WaitKind::Running,
            ),
            (
                "runtime.gopark runtime.goparkunlock runtime.bgsweep",
                WaitKind::Runtime,
            ),
            ("runtime.gopark", WaitKind::Unknown),
        ] {
            assert_eq!(of(stack), kind, "{stack}");
        }
    }

    #[test]
    fn a_nil_channel_is_told_by_the_line() {
        let frames: [&[u8]; 4] = [
            b"runtime.gopark",
            b"runtime.chanrecv",
            b"runtime.chanrecv1",
            b"main.f",
        ];
        // Go 1.27: chanrecv begins in line 524 and parks in 536 for ever, in 667 otherwise.
        let of = |line: i64| of_frames(&[None, Some(line - 524)], &frames, None);
        assert_eq!(of(536), WaitKind::NilReceive);
        assert_eq!(of(667), WaitKind::ChannelReceive);
    }

    #[test]
    fn hidden_frames_are_counted() {
        let hidden = |parked| of_frames(&[], &[b"main.f"], Some(Hidden { parked }));
        assert_eq!(hidden(3), WaitKind::Channel);
        assert_eq!(hidden(2), WaitKind::Select);
        assert_eq!(hidden(0), WaitKind::Runnable);
    }

    #[test]
    fn older_words_are_told_by_their_user() {
        let of = |words, frames: &[&'static [u8]]| of_words(words, || frames.to_vec());
        assert_eq!(
            of(
                "semacquire",
                &[b"sync.runtime_Semacquire", b"sync.(*WaitGroup).Wait"]
            ),
            WaitKind::WaitGroup
        );
        assert_eq!(of("semacquire", &[b"main.f"]), WaitKind::Semaphore);
        assert_eq!(of("GC worker (idle)", &[]), WaitKind::Runtime);
        assert_eq!(of("something new", &[]), WaitKind::Other);
    }
}
