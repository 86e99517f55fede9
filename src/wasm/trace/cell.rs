//! Values of tables: what they are sorted by, and how they are written.

use crate::analysis::{Class, Classes, short_symbol};
use crate::model::trace::{Histogram, NO_GROUP, NO_STACK, TraceReport};
use crate::model::{Profile, StackId, StringId};
use crate::unit;

pub(in crate::wasm) use crate::unit::traced as time;

/// A share in percent.
pub(super) fn share(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        0.0 => "0".to_owned(),
        p if p < 0.01 => "<0.01%".to_owned(),
        p if p < 10.0 => format!("{p:.2}%"),
        p => format!("{p:.1}%"),
    }
}

/// A part of a whole; 0 of nothing.
pub(super) fn part(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Bytes as text.
pub(super) fn bytes(bytes: u64) -> String {
    unit::label(i64::try_from(bytes).unwrap_or(i64::MAX), "bytes")
}

/// A value of a table.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Text(String),
    Time(u64),
    /// A moment, from the beginning of the trace on.
    At(u64),
    Count(u64),
    Bytes(u64),
    Share(f64),
    Number(f64),
    /// Nothing to be said, which is less than everything.
    None,
}

impl Cell {
    /// What it is sorted by, as far as it is a number.
    pub(super) fn key(&self) -> Option<f64> {
        match self {
            Self::Text(_) => None,
            Self::Time(n) | Self::At(n) | Self::Count(n) | Self::Bytes(n) => Some(*n as f64),
            Self::Share(x) | Self::Number(x) => Some(*x),
            Self::None => Some(-1.0),
        }
    }

    /// For a table of numbers: its digits.
    pub(super) fn digits(&self) -> Option<String> {
        match self {
            Self::Text(_) => None,
            Self::Time(n) | Self::At(n) | Self::Count(n) | Self::Bytes(n) => Some(n.to_string()),
            Self::Share(x) | Self::Number(x) => Some(x.to_string()),
            Self::None => Some(String::new()),
        }
    }

    /// And what they count, for the heading.
    pub(super) fn unit(&self) -> Option<&'static str> {
        match self {
            Self::Time(_) | Self::At(_) => Some(" (ns)"),
            Self::Bytes(_) => Some(" (bytes)"),
            Self::Share(_) => Some(" (share)"),
            Self::Text(_) | Self::Count(_) | Self::Number(_) | Self::None => None,
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Time(nanos) => time(*nanos),
            Self::At(nanos) => format!("+{}", time(*nanos)),
            Self::Count(n) => unit::count(*n),
            Self::Bytes(n) => bytes(*n),
            Self::Share(x) => share(*x),
            Self::Number(x) if *x >= 100.0 => format!("{x:.0}"),
            Self::Number(x) => format!("{x:.2}"),
            Self::None => String::new(),
        }
    }
}

/// A row before its texts are made.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) id: u32,
    pub(super) cells: Vec<Cell>,
    pub(super) share: f64,
    pub(super) section: &'static str,
    pub(super) of: String,
    pub(super) at: f64,
    pub(super) time: f64,
    pub(super) goroutine: f64,
}

impl Draft {
    pub(super) fn new(id: usize, cells: Vec<Cell>) -> Self {
        Self {
            id: id as u32,
            cells,
            share: -1.0,
            section: "",
            of: String::new(),
            at: -1.0,
            time: 0.0,
            goroutine: -1.0,
        }
    }

    /// With a bar behind it.
    pub(super) fn of_whole(mut self, share: f64) -> Self {
        self.share = share.clamp(0.0, 1.0);
        self
    }

    /// With rows of another section as its parts.
    pub(super) fn opens(mut self, section: &'static str, of: String) -> Self {
        self.section = section;
        self.of = of;
        self
    }

    /// With a place in the timeline.
    pub(super) fn when(mut self, at: u64, time: u64) -> Self {
        (self.at, self.time) = (at as f64, time as f64);
        self
    }

    /// Of a goroutine.
    pub(super) fn whose(mut self, goroutine: u64) -> Self {
        self.goroutine = goroutine as f64;
        self
    }
}

/// A trace with what is needed to write it down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traced<'a> {
    pub(super) profile: &'a Profile,
    pub(super) report: &'a TraceReport,
    /// Where the whole trace begins: the report may be of a range of it.
    pub(super) begin: u64,
    pub(super) classes: &'a Classes,
    /// The runtime's own goroutines one by one.
    pub(super) system: bool,
}

impl Traced<'_> {
    pub(super) fn text(&self, id: StringId) -> String {
        self.profile.strings.text(id).into_owned()
    }

    /// A group's name.
    pub(super) fn group(&self, group: u32) -> String {
        match self.report.groups.get(group as usize) {
            Some(group) => self.group_name(group.name),
            None if group == NO_GROUP => "the runtime".to_owned(),
            None => String::new(),
        }
    }

    pub(super) fn group_name(&self, name: StringId) -> String {
        match name {
            StringId(0) => NO_STACK.to_owned(),
            name => self.text(name),
        }
    }

    /// Whether a group is to be left out, as one of the runtime's own.
    pub(super) fn is_folded(&self, group: u32) -> bool {
        let group = self.report.groups.get(group as usize);
        !self.system && group.is_some_and(|group| group.is_system)
    }

    /// A moment, from the beginning of the whole trace on, as the timeline counts.
    pub(super) fn at(&self, time: u64) -> u64 {
        time.saturating_sub(self.begin)
    }

    /// A moment, from where the report begins: a picture of it begins there.
    pub(super) fn inside(&self, time: u64) -> u64 {
        time.saturating_sub(self.report.span.0)
    }

    /// What ran for some time.
    pub(super) fn ran(&self, group: u32, time: u64) -> String {
        match group {
            _ if time == 0 => "nothing".to_owned(),
            NO_GROUP => NO_STACK.to_owned(),
            group => self.group(group),
        }
    }

    /// A part of the file could not be used.
    pub(super) fn is_torn(&self) -> bool {
        self.report.facts.is_cut || !self.report.facts.losses.is_empty()
    }

    /// Length of the trace.
    pub(super) fn length(&self) -> u64 {
        self.report.span.1.saturating_sub(self.report.span.0)
    }

    /// What a wait was for; waits from before the trace do not say it.
    pub(super) fn reason(&self, reason: StringId) -> String {
        match reason {
            StringId(0) => "(before the trace)".to_owned(),
            reason => self.text(reason),
        }
    }

    /// The line of a stack that a person would look at, `pool.work pool.go:12`: the innermost of
    /// the program's own, else of another module, else of the standard library, as the runtime
    /// only says how it waits.
    pub(super) fn place(&self, stack: StackId) -> String {
        let mut best = (5, String::new());
        for &location in self.profile.stacks.get(stack) {
            let location = &self.profile.locations[location.index()];
            for line in self.profile.lines_of(location) {
                let rank = match self.classes.of(line.function) {
                    Class::Main => 0,
                    Class::ThirdParty | Class::Unknown => 1,
                    Class::Std => 2,
                    Class::Runtime | Class::Native => 3,
                };
                let function = &self.profile.functions[line.function.index()];
                let name = self.text(function.name);
                // What writes the trace says nothing at all.
                let rank = rank + u8::from(name.starts_with("runtime.trace"));
                if rank < best.0 {
                    let file = self.text(function.filename);
                    let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
                    let name = short_symbol(&name);
                    best = match (file, line.line) {
                        ("", _) => (rank, name.to_owned()),
                        (file, ..=0) => (rank, format!("{name} {file}")),
                        (file, line) => (rank, format!("{name} {file}:{line}")),
                    };
                }
            }
        }
        match best.1.is_empty() {
            true => "(no stack)".to_owned(),
            false => best.1,
        }
    }
}

/// Count, sum, mean, percentiles and the longest of a histogram.
pub(super) fn spread(times: &Histogram) -> [Cell; 7] {
    // Of none there is nothing to be said.
    let time = |nanos| match times.count() {
        0 => Cell::None,
        _ => Cell::Time(nanos),
    };
    [
        Cell::Count(times.count()),
        time(times.total()),
        time(times.mean()),
        time(times.percentile(0.5)),
        time(times.percentile(0.95)),
        time(times.percentile(0.99)),
        time(times.most()),
    ]
}
