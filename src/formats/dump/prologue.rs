//! What a program prints before its goroutines when it crashes.

use crate::model::dump::{Crash, CrashKind};

/// Lines that are kept, and bytes of each.
const MOST_LINES: usize = 40;
const MOST_BYTES: usize = 1000;

/// Lines before a goroutine, as far as they tell of a crash.
#[derive(Debug, Default)]
pub(super) struct Prologue {
    crash: Option<Crash>,
    /// Lines of the runtime that come before it says what has happened.
    notes: Vec<(String, u64)>,
    is_open: bool,
}

impl Prologue {
    /// Takes a line that is outside all goroutines.
    pub(super) fn line(&mut self, line: &[u8], number: u64) {
        if let Some((kind, message)) = start(line) {
            // A second panic while the first is being printed belongs to it.
            if self.is_open
                && let Some(crash) = &mut self.crash
            {
                keep(&mut crash.lines, line);
                return;
            }
            let mut crash = Crash {
                kind,
                message: text(message),
                lines: Vec::new(),
                line: number,
            };
            for (note, at) in self.notes.drain(..) {
                crash.line = crash.line.min(at);
                crash.lines.push(note);
            }
            keep(&mut crash.lines, line);
            self.crash = Some(crash);
            self.is_open = true;
        } else if line.is_empty() {
            self.is_open = false;
        } else if let (Some(crash), true) = (&mut self.crash, self.is_open) {
            keep(&mut crash.lines, line);
        } else if line.starts_with(b"runtime: ") && self.notes.len() < MOST_LINES {
            self.notes.push((text(line), number));
        }
    }

    /// The crash that was told of, when a goroutine begins.
    pub(super) fn take(&mut self) -> Option<Crash> {
        self.is_open = false;
        self.notes.clear();
        self.crash.take()
    }
}

/// How a line tells of a crash, and what it says.
fn start(line: &[u8]) -> Option<(CrashKind, &[u8])> {
    if let Some(message) = line.strip_prefix(b"panic: ") {
        return Some((CrashKind::Panic, message));
    }
    if let Some(message) = line.strip_prefix(b"fatal error: ") {
        return Some((CrashKind::Fatal, message));
    }
    // SIGQUIT: quit
    let word = line.split(|&b| b == b':').next().unwrap_or_default();
    let is_signal = word.len() > 3
        && word.len() < line.len()
        && word.starts_with(b"SIG")
        && word
            .iter()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if is_signal {
        return Some((CrashKind::Signal, line));
    }
    // http: panic serving 127.0.0.1:4711: boom
    let served = super::header::find(&line[..line.len().min(200)], b"panic serving ");
    served.map(|at| (CrashKind::Recovered, &line[at..]))
}

fn keep(lines: &mut Vec<String>, line: &[u8]) {
    if lines.len() < MOST_LINES {
        lines.push(text(line));
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(&line[..line.len().min(MOST_BYTES)]).into_owned()
}
