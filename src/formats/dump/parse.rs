//! Goroutines of a text, one after the other, and what stands before and between them.

use std::collections::HashSet;

use super::header::{Header, WORD, header, number};
use super::lines::Lines;
use super::prologue::Prologue;
use crate::model::dump::Crash;

/// A frame as the text has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RawFrame<'a> {
    pub(super) function: &'a [u8],
    pub(super) arguments: &'a [u8],
    pub(super) file: &'a [u8],
    pub(super) line: i64,
    pub(super) is_inlined: bool,
}

/// The `go` statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawCreator<'a> {
    pub(super) function: &'a [u8],
    pub(super) file: &'a [u8],
    pub(super) line: i64,
    pub(super) parent: u64,
}

/// A goroutine as the text has it.
#[derive(Clone, Debug, Default)]
pub(super) struct RawGoroutine<'a> {
    pub(super) header: Header<'a>,
    pub(super) snapshot: u32,
    pub(super) is_unavailable: bool,
    pub(super) elided: Option<u64>,
    /// Rows of [`Parsed::frames`].
    pub(super) frames: (usize, usize),
    /// Rows of [`Parsed::ancestors`].
    pub(super) ancestors: (usize, usize),
    pub(super) created_by: Option<RawCreator<'a>>,
    pub(super) line: u64,
    /// Where it begins in the text.
    at: usize,
}

/// What the end of the text has taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Its number; 0 when not even that is whole.
    pub(super) id: u64,
    pub(super) line: u64,
    pub(super) lines: u64,
    pub(super) bytes: usize,
    /// Only where it was created is missing: its stack is kept.
    pub(super) is_kept: bool,
}

/// A text's goroutines.
#[derive(Debug, Default)]
pub(super) struct Parsed<'a> {
    pub(super) goroutines: Vec<RawGoroutine<'a>>,
    /// Frames of all goroutines and ancestors.
    pub(super) frames: Vec<RawFrame<'a>>,
    /// Numbers and rows of `frames`.
    pub(super) ancestors: Vec<(u64, (usize, usize))>,
    /// Of each snapshot, what stands before it.
    pub(super) crashes: Vec<Option<Crash>>,
    /// Stacks of threads (`goroutine 0`), which are no goroutine's.
    pub(super) thread_stacks: u64,
    /// Lines within goroutines that are of no known form; the first of them.
    pub(super) strange: u64,
    pub(super) first_strange: u64,
    pub(super) races: u64,
    pub(super) cut: Option<Cut>,
}

/// Where frames go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// To nobody: before the first goroutine and between two.
    Outside,
    Goroutine,
    Ancestor,
    /// To nobody either: frames of the scheduler.
    Thread,
}

/// What a line of the form `NAME(ARGUMENTS)` waits for.
#[derive(Clone, Copy, Debug)]
enum Pending<'a> {
    Nothing,
    Call(&'a [u8]),
    Creator { function: &'a [u8], parent: u64 },
}

struct Parser<'a> {
    parsed: Parsed<'a>,
    place: Place,
    pending: Pending<'a>,
    current: RawGoroutine<'a>,
    seen: HashSet<u64>,
    prologue: Prologue,
}

/// Reads a text without prefixes. One pass; every line is looked at once or twice.
pub(super) fn parse(text: &[u8]) -> Parsed<'_> {
    let mut parser = Parser {
        parsed: Parsed {
            crashes: vec![None],
            ..Parsed::default()
        },
        place: Place::Outside,
        pending: Pending::Nothing,
        current: RawGoroutine::default(),
        seen: HashSet::new(),
        prologue: Prologue::default(),
    };
    let mut lines = Lines::new(text);
    let (mut last, mut last_at, mut is_ended) = (&b""[..], 0, true);
    loop {
        let at = lines.position();
        let Some((line, ended)) = lines.next() else {
            break;
        };
        (last, last_at, is_ended) = (line, at, ended);
        // A tab without its path is no blank line.
        if ended || !trim_start(line).is_empty() {
            parser.line(line, lines.number(), at);
        }
    }
    parser.finish(last, last_at, is_ended, &lines);
    parser.parsed
}

impl<'a> Parser<'a> {
    fn line(&mut self, line: &'a [u8], line_number: u64, at: usize) {
        let trimmed = trim_start(line);
        if !matches!(self.pending, Pending::Nothing) {
            if let Some((file, row)) = place(line) {
                self.resolve(file, row);
                return;
            }
            self.give_up(line_number);
        }
        if trimmed.starts_with(WORD)
            && let Some(header) = header(trimmed)
        {
            self.begin(header, line_number, at);
            return;
        }
        match self.place {
            Place::Outside => self.outside(trimmed, line_number),
            Place::Goroutine | Place::Ancestor | Place::Thread if trimmed.is_empty() => self.end(),
            Place::Thread if !trimmed.ends_with(b")") => {}
            Place::Goroutine | Place::Ancestor | Place::Thread => self.inside(trimmed),
        }
    }

    fn outside(&mut self, line: &'a [u8], line_number: u64) {
        if line == b"runtime stack:" {
            self.place = Place::Thread;
        } else if line.starts_with(b"WARNING: DATA RACE") {
            self.parsed.races += 1;
        } else {
            self.prologue.line(line, line_number);
        }
    }

    fn inside(&mut self, line: &'a [u8]) {
        if let Some(rest) = line.strip_prefix(b"created by ") {
            let (function, parent) = creator(rest);
            self.pending = Pending::Creator { function, parent };
        } else if let Some(mut rest) = line.strip_prefix(b"[originating from goroutine ") {
            if let (Some(id), Place::Goroutine | Place::Ancestor) = (number(&mut rest), self.place)
            {
                let from = self.parsed.frames.len();
                self.parsed.ancestors.push((id, (from, from)));
                self.place = Place::Ancestor;
            }
        } else if line.starts_with(b"goroutine running on other thread") {
            self.current.is_unavailable = true;
        } else if let Some(elided) = elided(line) {
            self.current.elided = Some(elided);
        } else if is_end(line) {
            self.end();
        } else {
            self.pending = Pending::Call(line);
        }
    }

    /// The line after the one that is pending tells its file.
    fn resolve(&mut self, file: &'a [u8], line: i64) {
        match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => {}
            Pending::Call(call) => {
                if self.place != Place::Thread {
                    let frame = frame(call, file, line);
                    self.parsed.frames.push(frame);
                    self.grow();
                }
            }
            Pending::Creator { function, parent } => {
                if self.place == Place::Goroutine {
                    self.current.created_by = Some(RawCreator {
                        function,
                        file,
                        line,
                        parent,
                    });
                }
            }
        }
    }

    /// Frames belong to the goroutine, until its ancestors' begin.
    fn grow(&mut self) {
        let end = self.parsed.frames.len();
        match (self.place, self.parsed.ancestors.last_mut()) {
            (Place::Ancestor, Some((_, frames))) => frames.1 = end,
            _ => self.current.frames.1 = end,
        }
    }

    /// No file followed: the line was of another kind.
    fn give_up(&mut self, line_number: u64) {
        match std::mem::replace(&mut self.pending, Pending::Nothing) {
            // A creator without a place is a creator all the same.
            Pending::Creator { function, parent } if self.place == Place::Goroutine => {
                self.current.created_by = Some(RawCreator {
                    function,
                    file: b"",
                    line: 0,
                    parent,
                });
            }
            Pending::Call(_) if self.place != Place::Thread => {
                self.parsed.strange += 1;
                if self.parsed.strange == 1 {
                    self.parsed.first_strange = line_number - 1;
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, header: Header<'a>, line: u64, at: usize) {
        self.end();
        if header.id == 0 {
            self.parsed.thread_stacks += 1;
            self.place = Place::Thread;
            return;
        }
        let crash = self.prologue.take();
        // A number that comes again is another text's.
        if !self.seen.insert(header.id) {
            self.seen.clear();
            self.seen.insert(header.id);
            self.parsed.crashes.push(None);
        }
        if let Some(latest) = self.parsed.crashes.last_mut() {
            *latest = latest.take().or(crash);
        }
        let frames = self.parsed.frames.len();
        let ancestors = self.parsed.ancestors.len();
        self.place = Place::Goroutine;
        self.current = RawGoroutine {
            header,
            snapshot: u32::try_from(self.parsed.crashes.len()).unwrap_or(u32::MAX),
            frames: (frames, frames),
            ancestors: (ancestors, ancestors),
            line,
            at,
            ..RawGoroutine::default()
        };
    }

    /// Ends the goroutine that is being read.
    fn end(&mut self) {
        if matches!(self.place, Place::Goroutine | Place::Ancestor) {
            let mut current = std::mem::take(&mut self.current);
            current.ancestors.1 = self.parsed.ancestors.len();
            self.parsed.goroutines.push(current);
        }
        self.place = Place::Outside;
        self.pending = Pending::Nothing;
    }

    /// The end of the text. A goroutine within which it ends is not kept, unless all its frames
    /// are there.
    fn finish(&mut self, last: &'a [u8], last_at: usize, is_ended: bool, lines: &Lines<'a>) {
        let is_header_cut = trim_start(last).starts_with(WORD)
            && !is_ended
            && header(trim_start(last)).is_none()
            && self.place == Place::Outside;
        if is_header_cut {
            self.parsed.cut = Some(Cut {
                id: 0,
                line: lines.number(),
                lines: 1,
                bytes: last.len(),
                is_kept: false,
            });
        }
        if !matches!(self.place, Place::Goroutine | Place::Ancestor) {
            return;
        }
        let how = self.how_cut(last, is_ended);
        if matches!(self.pending, Pending::Creator { .. }) {
            self.give_up(lines.number() + 1);
        }
        if let Some(is_kept) = how {
            let (line, from) = if is_kept {
                (lines.number(), last_at)
            } else {
                (self.current.line, self.current.at)
            };
            self.parsed.cut = Some(Cut {
                id: self.current.header.id,
                line,
                lines: lines.number() + 1 - line,
                bytes: lines.position() - from,
                is_kept,
            });
            if let (true, Some(creator)) = (is_kept, &mut self.current.created_by) {
                creator.line = 0;
            }
            if !is_kept {
                self.parsed.frames.truncate(self.current.frames.0);
                self.parsed.ancestors.truncate(self.current.ancestors.0);
                self.place = Place::Outside;
            }
        }
        self.end();
    }

    /// Whether the last goroutine is cut, and if so, whether its stack is whole all the same.
    fn how_cut(&self, last: &[u8], is_ended: bool) -> Option<bool> {
        if self.place == Place::Ancestor {
            return (!is_ended && !last.contains(&b'+')).then_some(true);
        }
        let frames = &self.parsed.frames[self.current.frames.0..self.current.frames.1];
        match self.pending {
            Pending::Creator { .. } => return Some(true),
            Pending::Call(_) if self.current.created_by.is_some() => return Some(true),
            Pending::Call(call) if call.contains(&b'(') || !is_ended => return Some(false),
            _ => {}
        }
        if self.current.created_by.is_some() {
            // The line may have had more digits.
            return (!is_ended && !last.contains(&b'+')).then_some(true);
        }
        let Some(root) = frames.last() else {
            return (!self.current.is_unavailable).then_some(false);
        };
        let may_go_on = !is_ended && !last.contains(&b'+');
        let others_have_creators = self
            .parsed
            .goroutines
            .iter()
            .any(|other| other.created_by.is_some());
        let is_rootless = self.current.header.id != 1
            && !root.function.starts_with(b"runtime.")
            && others_have_creators;
        (root.is_inlined || may_go_on || is_rootless).then_some(false)
    }
}

/// Spaces before a line are a log's or a test's; a tab means something.
fn trim_start(line: &[u8]) -> &[u8] {
    let start = line.iter().position(|b| !matches!(b, b' ' | b'\t'));
    &line[start.unwrap_or(line.len())..]
}

/// `NAME[ in goroutine N]`.
fn creator(text: &[u8]) -> (&[u8], u64) {
    const IN: &[u8] = b" in goroutine ";
    let digits = text.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let (head, mut id) = text.split_at(text.len() - digits);
    match (head.strip_suffix(IN), number(&mut id)) {
        (Some(function), Some(parent)) => (function, parent),
        _ => (text, 0),
    }
}

/// `...additional frames elided...` and `...23 frames elided...`.
fn elided(line: &[u8]) -> Option<u64> {
    let mut rest = line.strip_prefix(b"...")?;
    let count = number(&mut rest);
    rest.ends_with(b"frames elided...")
        .then(|| count.unwrap_or(0))
}

/// Lines that programs around the one that crashed print right after its last goroutine.
fn is_end(line: &[u8]) -> bool {
    const ENDS: [&[u8]; 5] = [b"exit status ", b"FAIL", b"ok  \t", b"-----", b"====="];
    ENDS.iter().any(|end| line.starts_with(end))
}

/// `⇥FILE:LINE[ +0xOFFSET][ fp=0x… sp=0x… pc=0x…]`.
fn place(line: &[u8]) -> Option<(&[u8], i64)> {
    let text = trim_start(line);
    if text.len() == line.len() {
        return None;
    }
    let mut text = text;
    while let Some(space) = text.iter().rposition(|&b| b == b' ') {
        let word = &text[space + 1..];
        let is_position = [&b"+0x"[..], b"fp=", b"sp=", b"pc="]
            .iter()
            .any(|mark| word.starts_with(mark));
        if !is_position {
            break;
        }
        text = &text[..space];
    }
    // C code has only an address.
    if text.starts_with(b"pc=0x") {
        return Some((b"", 0));
    }
    let colon = text.iter().rposition(|&b| b == b':')?;
    let mut digits = &text[colon + 1..];
    let line = number(&mut digits)?;
    let is_whole = digits.is_empty() && colon > 0;
    is_whole.then(|| (&text[..colon], i64::try_from(line).unwrap_or(i64::MAX)))
}

/// `NAME(ARGUMENTS)`; of an inlined call, the arguments are `...`.
fn frame<'a>(call: &'a [u8], file: &'a [u8], line: i64) -> RawFrame<'a> {
    let open = call.iter().rposition(|&b| b == b'(');
    let (function, arguments) = match (open, call.strip_suffix(b")")) {
        (Some(open), Some(inner)) if open > 0 => (&call[..open], &inner[open + 1..]),
        _ => (call, &b""[..]),
    };
    let is_inlined = arguments == b"...";
    RawFrame {
        // The traceback's short form of the function that profiles name in full.
        function: if function == b"panic" {
            b"runtime.gopanic"
        } else {
            function
        },
        arguments: if is_inlined { b"" } else { arguments },
        file,
        line,
        is_inlined,
    }
}
