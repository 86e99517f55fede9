//! Makes a profile of a text's goroutines, and the table beside it.

use std::sync::Arc;

use super::labels;
use super::parse::{Parsed, RawFrame, RawGoroutine};
use crate::error::{Error, Pos, Result, Stage};
use crate::formats::pprof::limits;
use crate::model::dump::{
    Ancestor, CREATED_BY, Creator, Dump, DumpFrame, Goroutine, ID, MINUTES, SNAPSHOT, STATE, WAIT,
};
use crate::model::{
    Function, FunctionId, Label, Line, LocationId, Profile, ProfileBuilder, StringId,
};

/// Inlined calls that one location may stand for; real ones have a few.
const MOST_LINES: usize = 32;

/// Names of states; everything else in a header is what a waiting goroutine waits for.
const STATES: [&[u8]; 8] = [
    b"idle",
    b"runnable",
    b"running",
    b"syscall",
    b"waiting",
    b"dead",
    b"copystack",
    b"preempted",
];

struct Assembler<'a> {
    parsed: &'a Parsed<'a>,
    builder: ProfileBuilder,
    dump: Dump,
    has_snapshots: bool,
    locations: Vec<LocationId>,
    lines: Vec<Line>,
    labels: Vec<Label>,
}

/// The profile of some of a text's goroutines. With several texts in it, samples say of which they
/// are.
pub(super) fn profile(
    parsed: &Parsed<'_>,
    goroutines: &[RawGoroutine<'_>],
    has_snapshots: bool,
) -> Result<Profile> {
    let mut builder = ProfileBuilder::new();
    builder.sample_type(b"goroutine", b"count")?;
    let period = builder.value_type(b"goroutine", b"count")?;
    builder.profile().period_type = Some(period);
    builder.profile().period = 1;
    let mut assembler = Assembler {
        parsed,
        builder,
        dump: Dump::default(),
        has_snapshots,
        locations: Vec::new(),
        lines: Vec::new(),
        labels: Vec::new(),
    };
    for goroutine in goroutines {
        assembler.goroutine(goroutine)?;
    }
    let mut dump = assembler.dump;
    dump.has_snapshots = has_snapshots;
    let snapshot = goroutines
        .first()
        .map_or(0, |first| first.snapshot as usize);
    let crash = parsed.crashes.get(snapshot.wrapping_sub(1));
    dump.crash = crash.and_then(Clone::clone).filter(|_| !has_snapshots);
    dump.is_census = !has_snapshots && !is_lone(goroutines);
    let mut profile = assembler.builder.finish();
    dump.strings = profile.strings.clone();
    profile.dump = Some(Arc::new(dump));
    Ok(profile)
}

/// A single goroutine that runs has printed itself, and no other.
fn is_lone(goroutines: &[RawGoroutine<'_>]) -> bool {
    match goroutines {
        [] => true,
        [one] => one.header.state == b"running",
        _ => false,
    }
}

impl Assembler<'_> {
    fn goroutine(&mut self, raw: &RawGoroutine<'_>) -> Result<()> {
        let state = self.builder.string(raw.header.state)?;
        let frames = self.frames(&self.parsed.frames[raw.frames.0..raw.frames.1])?;
        let ancestors = self.ancestors(raw)?;
        let created_by = match &raw.created_by {
            Some(creator) => Some(Creator {
                function: self.builder.string(creator.function)?,
                file: self.builder.string(creator.file)?,
                line: creator.line,
                parent: creator.parent,
            }),
            None => None,
        };
        self.dump.goroutines.push(Goroutine {
            id: raw.header.id,
            snapshot: raw.snapshot,
            state,
            minutes: raw.header.minutes,
            is_locked: raw.header.is_locked,
            is_leaked: raw.header.is_leaked,
            is_durable: raw.header.is_durable,
            bubble: raw.header.bubble,
            is_unavailable: raw.is_unavailable,
            elided: raw.elided,
            frames,
            ancestors,
            created_by,
            line: raw.line,
        });
        self.stack(frames)?;
        self.label_all(raw, state, created_by.map(|creator| creator.function))?;
        let stack = self.builder.stack(&self.locations)?;
        self.builder.sample(stack, &[1], &self.labels)
    }

    fn frames(&mut self, raw: &[RawFrame<'_>]) -> Result<(u32, u32)> {
        if raw.len() > limits::DEPTH {
            let reason = format!("more than {} frames in a stack", limits::DEPTH);
            return Err(Error::new(Stage::Limit, Pos::Nowhere, reason));
        }
        let from = row(self.dump.frames.len())?;
        for frame in raw {
            let start = row(self.dump.arguments.len())?;
            self.dump.arguments.extend_from_slice(frame.arguments);
            let arguments = (start, row(self.dump.arguments.len())?);
            let (function, file) = (
                self.builder.string(frame.function)?,
                self.builder.string(frame.file)?,
            );
            self.dump.frames.push(DumpFrame {
                function,
                file,
                line: frame.line,
                arguments,
                is_inlined: frame.is_inlined,
            });
        }
        Ok((from, row(self.dump.frames.len())?))
    }

    fn ancestors(&mut self, raw: &RawGoroutine<'_>) -> Result<(u32, u32)> {
        let from = row(self.dump.ancestors.len())?;
        for (id, range) in &self.parsed.ancestors[raw.ancestors.0..raw.ancestors.1] {
            let frames = self.frames(&self.parsed.frames[range.0..range.1])?;
            self.dump.ancestors.push(Ancestor { id: *id, frames });
        }
        Ok((from, row(self.dump.ancestors.len())?))
    }

    /// Locations of frames: an inlined one shares that of the frame into which it is inlined.
    fn stack(&mut self, (from, to): (u32, u32)) -> Result<()> {
        self.locations.clear();
        self.lines.clear();
        for at in from..to {
            let frame = self.dump.frames[at as usize];
            let function = self.function(&frame)?;
            self.lines.push(Line {
                function,
                line: frame.line,
                column: 0,
            });
            if !frame.is_inlined || self.lines.len() == MOST_LINES || at + 1 == to {
                let location = self.builder.location(None, 0, false, &self.lines)?;
                self.locations.push(location);
                self.lines.clear();
            }
        }
        Ok(())
    }

    fn function(&mut self, frame: &DumpFrame) -> Result<FunctionId> {
        self.builder.function(Function {
            id: 0,
            name: frame.function,
            system_name: frame.function,
            filename: frame.file,
            start_line: 0,
        })
    }

    /// The goroutine's own labels, and what its header says.
    fn label_all(
        &mut self,
        raw: &RawGoroutine<'_>,
        state: StringId,
        creator: Option<StringId>,
    ) -> Result<()> {
        self.labels.clear();
        let mut own = raw.header.labels;
        while let Some((key, value)) = labels::next(&mut own) {
            let (key, value) = (self.builder.string(&key)?, self.builder.string(&value)?);
            self.text(key, value);
        }
        let (key, is_state) = (
            self.builder.string(STATE)?,
            STATES.contains(&raw.header.state),
        );
        if is_state {
            self.text(key, state);
        } else {
            let waiting = self.builder.string(b"waiting")?;
            self.text(key, waiting);
            let key = self.builder.string(WAIT)?;
            self.text(key, state);
        }
        if let Some(creator) = creator {
            let key = self.builder.string(CREATED_BY)?;
            self.text(key, creator);
        }
        self.number(ID, raw.header.id, b"")?;
        if self.has_snapshots {
            self.number(SNAPSHOT, u64::from(raw.snapshot), b"")?;
        }
        if raw.header.minutes > 0 {
            self.number(MINUTES, raw.header.minutes, b"minutes")?;
        }
        Ok(())
    }

    /// An empty value is none: a label without a text is a number.
    fn text(&mut self, key: StringId, str: StringId) {
        if str != StringId(0) {
            self.labels.push(Label {
                key,
                str,
                num: 0,
                unit: StringId(0),
            });
        }
    }

    fn number(&mut self, key: &[u8], number: u64, unit: &[u8]) -> Result<()> {
        let (key, unit) = (self.builder.string(key)?, self.builder.string(unit)?);
        self.labels.push(Label {
            key,
            str: StringId(0),
            num: number.cast_signed(),
            unit,
        });
        Ok(())
    }
}

fn row(len: usize) -> Result<u32> {
    u32::try_from(len).map_err(|_| {
        let reason = "more than 4 GiB of arguments or frames";
        Error::new(Stage::Limit, Pos::Nowhere, reason)
    })
}
