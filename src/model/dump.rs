//! What a text of goroutines says and a profile has no place for.
//!
//! A dump (`debug=2`, `runtime.Stack`, a crash) is a profile of one sample per goroutine with this
//! table beside it. A sample finds its row by labels, which filters leave alone: [`ID`], and
//! [`SNAPSHOT`] where a file holds several texts whose ids repeat.

use super::{Label, Profile, StringId, StringTable};

/// Key of the numeric label with a goroutine's number. Keys of labels that dropprof adds begin with
/// `goroutine::`, as pprof's own begin with `pprof::`, so that they are nobody's own.
pub const ID: &[u8] = b"goroutine::id";
/// Key of the numeric label with the number of the text in the file, from 1; only where numbers of
/// goroutines repeat in one profile.
pub const SNAPSHOT: &[u8] = b"goroutine::snapshot";
/// Key of the label `running`, `runnable`, `syscall`, `waiting` or what else the runtime has.
pub const STATE: &[u8] = b"goroutine::state";
/// Key of the label that says what a waiting goroutine waits for, as the text has it.
pub const WAIT: &[u8] = b"goroutine::wait";
/// Key of the numeric label with the minutes of waiting; absent below one.
pub const MINUTES: &[u8] = b"goroutine::minutes";
/// Key of the label that names the function with the `go` statement.
pub const CREATED_BY: &[u8] = b"goroutine::created_by";

/// The goroutines of one text.
#[derive(Clone, Debug, Default)]
pub struct Dump {
    /// In the order of the text. The stack of thread 0 (`goroutine 0`) is not among them.
    pub goroutines: Vec<Goroutine>,
    /// Frames of all goroutines, each leaf first, inlined ones included.
    pub frames: Vec<DumpFrame>,
    /// Stacks of goroutines that have ended and whose descendants live (GODEBUG
    /// tracebackancestors).
    pub ancestors: Vec<Ancestor>,
    /// Arguments of all frames, one after the other.
    pub arguments: Vec<u8>,
    /// Names and paths; shared with the profile as it was read.
    pub strings: StringTable,
    /// What stands before the goroutines of a program that crashed.
    pub crash: Option<Crash>,
    /// False where the text holds one goroutine of many: counts are then no census.
    pub is_census: bool,
    /// Several texts whose goroutines have the same numbers stand in here.
    pub has_snapshots: bool,
}

/// A goroutine of a text.
#[derive(Clone, Debug, Default)]
pub struct Goroutine {
    /// Its number.
    pub id: u64,
    /// Which text of the file, from 1.
    pub snapshot: u32,
    /// State or reason of waiting as printed, without what is in the fields below:
    /// `chan receive (nil chan)`.
    pub state: StringId,
    /// Whole minutes of waiting; 0 when there were none yet, or no GC has run since.
    pub minutes: u64,
    /// Bound to its thread.
    pub is_locked: bool,
    /// The collector has proved that nothing can wake it.
    pub is_leaked: bool,
    /// Waits durably in a bubble of `testing/synctest`.
    pub is_durable: bool,
    /// Number of its bubble of `testing/synctest`; 0 for none.
    pub bubble: u64,
    /// It ran on another thread, and its stack could not be printed.
    pub is_unavailable: bool,
    /// Frames in the middle that the text leaves out; 0 where it leaves some out and does not say
    /// how many.
    pub elided: Option<u64>,
    /// Rows of [`Dump::frames`].
    pub frames: (u32, u32),
    /// Rows of [`Dump::ancestors`].
    pub ancestors: (u32, u32),
    /// Where it was started; `None` for the main goroutine.
    pub created_by: Option<Creator>,
    /// Line of the text on which it begins.
    pub line: u64,
}

/// The `go` statement that started a goroutine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Creator {
    /// The function it is in.
    pub function: StringId,
    /// Its file.
    pub file: StringId,
    /// Its line; 0 when the text was cut before it.
    pub line: i64,
    /// The goroutine that ran it; 0 where the text does not say (before Go 1.21).
    pub parent: u64,
}

/// A frame of a goroutine.
#[derive(Clone, Copy, Debug, Default)]
pub struct DumpFrame {
    /// Its function.
    pub function: StringId,
    /// Its file.
    pub file: StringId,
    /// Its line.
    pub line: i64,
    /// Range of [`Dump::arguments`]: what stands between the parentheses.
    pub arguments: (u32, u32),
    /// Inlined into the next frame; its arguments are not known.
    pub is_inlined: bool,
}

/// A goroutine from which another one descends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ancestor {
    /// Its number.
    pub id: u64,
    /// Rows of [`Dump::frames`].
    pub frames: (u32, u32),
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashKind {
    /// `panic: …`
    Panic,
    /// `fatal error: …`, which cannot be recovered from.
    Fatal,
    /// A signal from outside, such as SIGQUIT.
    Signal,
    /// A panic that a server caught and logged.
    Recovered,
}

/// The lines before the goroutines of a program that crashed.
#[derive(Clone, Debug)]
pub struct Crash {
    /// How it ended.
    pub kind: CrashKind,
    /// The first line, without `panic: ` or `fatal error: `.
    pub message: String,
    /// The lines as they are, the first ones of many.
    pub lines: Vec<String>,
    /// Line of the text on which it begins.
    pub line: u64,
}

impl Crash {
    /// The runtime found that no goroutine can ever run again.
    pub fn is_deadlock(&self) -> bool {
        self.kind == CrashKind::Fatal && self.message.starts_with("all goroutines are asleep")
    }
}

impl Dump {
    /// A goroutine's frames, leaf first.
    pub fn frames_of(&self, goroutine: &Goroutine) -> &[DumpFrame] {
        &self.frames[goroutine.frames.0 as usize..goroutine.frames.1 as usize]
    }

    /// A goroutine's ancestors, nearest first.
    pub fn ancestors_of(&self, goroutine: &Goroutine) -> &[Ancestor] {
        &self.ancestors[goroutine.ancestors.0 as usize..goroutine.ancestors.1 as usize]
    }

    /// What stands between the parentheses of a frame: `0xc00001, {0x12?, 0x3}`.
    pub fn arguments_of(&self, frame: &DumpFrame) -> &[u8] {
        &self.arguments[frame.arguments.0 as usize..frame.arguments.1 as usize]
    }

    /// The rows of all goroutines by number, for [`DumpRows::of`].
    pub fn rows(&self) -> DumpRows<'_> {
        let mut rows: Vec<u32> = (0..self.goroutines.len() as u32).collect();
        rows.sort_by_key(|&row| key(&self.goroutines[row as usize]));
        DumpRows { dump: self, rows }
    }
}

fn key(goroutine: &Goroutine) -> (u32, u64) {
    (goroutine.snapshot, goroutine.id)
}

/// Finds the goroutine of a sample.
#[derive(Clone, Debug)]
pub struct DumpRows<'a> {
    dump: &'a Dump,
    /// By snapshot and number.
    rows: Vec<u32>,
}

impl DumpRows<'_> {
    /// The row of [`Dump::goroutines`] of sample `i`; `None` for one that has lost its labels.
    pub fn of(&self, profile: &Profile, i: usize) -> Option<usize> {
        let (mut id, mut snapshot) = (None, None);
        for label in profile.samples.labels(i) {
            match number(profile, label) {
                Some((ID, number)) => id = Some(number),
                Some((SNAPSHOT, number)) => snapshot = u32::try_from(number).ok(),
                _ => {}
            }
        }
        let goroutines = &self.dump.goroutines;
        let first = goroutines.first()?.snapshot;
        let wanted = (snapshot.unwrap_or(first), id?);
        let at = |&row: &u32| key(&goroutines[row as usize]);
        let found = self.rows.binary_search_by_key(&wanted, at).ok()?;
        Some(self.rows[found] as usize)
    }
}

/// A numeric label with one of the keys above.
fn number<'a>(profile: &'a Profile, label: &Label) -> Option<(&'a [u8], u64)> {
    let key = profile.strings.bytes(label.key);
    (label.str == StringId(0)).then_some((key, label.num.cast_unsigned()))
}
