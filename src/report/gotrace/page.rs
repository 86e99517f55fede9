//! What the tables of a trace have in common: who is asked about, whose names these are, which
//! rows are shown and in what order.

use super::words::Clock;
use crate::analysis::trace::Flags;
use crate::analysis::{Class, Classes};
use crate::model::trace::{GoroutineRow, Group, NO_GROUP, NO_STACK, TraceReport};
use crate::model::{Line, Profile, StackId, StringId};

/// Which tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TraceTable {
    /// The most important rows of all.
    #[default]
    Summary,
    /// Goroutines by the function they began with.
    Goroutines,
    /// How long who could run waited to be run.
    Latency,
    /// Waits by what for and where, and who ended whose.
    Waits,
    /// The collector.
    Gc,
    /// What the collector leaves to the program.
    Mmu,
    /// What each proc did.
    Procs,
    /// Groups of goroutines as pools of workers.
    Pools,
    /// Tasks and regions.
    Tasks,
    /// The pieces of the file.
    Generations,
}

impl TraceTable {
    /// Those that have a name on the command line, in the order of its help.
    pub const ALL: [Self; 9] = [
        Self::Summary,
        Self::Goroutines,
        Self::Waits,
        Self::Latency,
        Self::Gc,
        Self::Mmu,
        Self::Procs,
        Self::Pools,
        Self::Tasks,
    ];

    /// Its name, which is its key in JSON, too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Goroutines => "goroutines",
            Self::Latency => "latency",
            Self::Waits => "waits",
            Self::Gc => "gc",
            Self::Mmu => "mmu",
            Self::Procs => "procs",
            Self::Pools => "pools",
            Self::Tasks => "tasks",
            Self::Generations => "generations",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// By what goroutines and their groups are in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupOrder {
    /// Time for which they were there.
    #[default]
    Total,
    /// Time running.
    Exec,
    /// Time able to run.
    Sched,
    /// Time waiting.
    Block,
    /// Time in syscalls.
    Syscall,
    /// Time in assists.
    Assist,
    /// How many.
    Count,
    /// How many are left at the end.
    Left,
    /// By name, the first one first.
    Name,
}

impl GroupOrder {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Total,
        Self::Exec,
        Self::Sched,
        Self::Block,
        Self::Syscall,
        Self::Assist,
        Self::Count,
        Self::Left,
        Self::Name,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Exec => "exec",
            Self::Sched => "sched",
            Self::Block => "block",
            Self::Syscall => "syscall",
            Self::Assist => "assist",
            Self::Count => "count",
            Self::Left => "left",
            Self::Name => "name",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}

/// What is asked of a trace.
#[derive(Clone, Debug)]
pub struct TraceOptions {
    /// Which tables.
    pub table: TraceTable,
    /// The runtime's own goroutines have rows of their own, instead of one for all.
    pub shows_system: bool,
    /// Only goroutines that began with this function.
    pub group: Option<String>,
    /// The order of goroutines and of their groups.
    pub order: GroupOrder,
    /// Every goroutine has a row.
    pub shows_all: bool,
    /// What counts as the collector's.
    pub flags: Flags,
    /// Lengths of windows in nanoseconds, for the mutator's least share; empty for the usual ones.
    pub windows: Vec<u64>,
}

impl Default for TraceOptions {
    fn default() -> Self {
        Self {
            table: TraceTable::Summary,
            shows_system: false,
            group: None,
            order: GroupOrder::Total,
            shows_all: false,
            flags: Flags::USUAL,
            windows: Vec::new(),
        }
    }
}

/// Rows of each table in the summary.
const FEW: usize = 10;

/// A trace with what is asked of it.
#[derive(Debug)]
pub(super) struct Page<'a> {
    /// The file.
    pub(super) name: &'a str,
    pub(super) profile: &'a Profile,
    pub(super) report: &'a TraceReport,
    pub(super) options: &'a TraceOptions,
    pub(super) clock: Clock,
    classes: Classes,
}

impl<'a> Page<'a> {
    /// `None` for what is no trace.
    pub(super) fn new(
        name: &'a str,
        profile: &'a Profile,
        options: &'a TraceOptions,
    ) -> Option<Self> {
        let report = profile.trace.as_deref()?;
        Some(Self {
            name,
            profile,
            report,
            options,
            clock: Clock::new(report.span.0, report.facts.tick),
            classes: Classes::new(profile),
        })
    }

    /// True if a table is asked for.
    pub(super) fn has(&self, table: TraceTable) -> bool {
        [TraceTable::Summary, table].contains(&self.options.table)
    }

    /// Rows of a table at most.
    pub(super) fn limit(&self) -> usize {
        match self.options.table {
            TraceTable::Summary => FEW,
            _ => usize::MAX,
        }
    }

    /// Nanoseconds from the first to the last event.
    pub(super) fn duration(&self) -> u64 {
        self.report.span.1.saturating_sub(self.report.span.0)
    }

    /// A string; U+FFFD for what is not UTF-8.
    pub(super) fn text(&self, id: StringId) -> String {
        self.profile.strings.text(id).into_owned()
    }

    /// What a wait was for; it is not said of those that began before the trace.
    pub(super) fn reason(&self, id: StringId) -> String {
        match self.text(id) {
            reason if reason.is_empty() => "(before the trace)".to_owned(),
            reason => reason,
        }
    }

    /// A group's name as JSON has it; `None` for none.
    pub(super) fn group_name(&self, group: u32) -> Option<String> {
        let group = self.report.groups.get(group as usize)?;
        Some(self.text(group.name))
    }

    /// A group's name in a table of something else; `other` for none.
    pub(super) fn group(&self, group: u32, other: &str) -> String {
        match self.group_name(group) {
            Some(name) if name.is_empty() => NO_STACK.to_owned(),
            Some(name) => short(&name).to_owned(),
            None => other.to_owned(),
        }
    }

    pub(super) fn is_system(&self, group: u32) -> bool {
        let group = self.report.groups.get(group as usize);
        group.is_some_and(|group| group.is_system)
    }

    /// True if a group's rows are to be shown: it is the one that is asked for, or none is and it
    /// is the program's own, or the runtime's are wanted, too.
    pub(super) fn is_shown(&self, group: u32) -> bool {
        match &self.options.group {
            Some(name) => group != NO_GROUP && self.group_name(group).as_ref() == Some(name),
            None => self.options.shows_system || !self.is_system(group),
        }
    }

    /// The groups to be shown, in the order that is asked for.
    pub(super) fn groups(&self) -> Vec<&'a Group> {
        let report = self.report;
        let rows = (0..)
            .zip(&report.groups)
            .filter(|&(row, _)| self.is_shown(row));
        let mut rows: Vec<&Group> = rows.map(|(_, group)| group).collect();
        match self.options.order {
            // Groups stand by their time, but the program's own come first.
            GroupOrder::Total => rows.sort_by_key(|group| std::cmp::Reverse(group.total())),
            GroupOrder::Name => rows.sort_by_key(|group| self.profile.strings.bytes(group.name)),
            order => rows.sort_by_key(|group| std::cmp::Reverse(weight(group, order))),
        }
        rows
    }

    /// The groups that one line stands for: the runtime's own.
    pub(super) fn folded(&self) -> Option<(Group, usize)> {
        if self.options.shows_system || self.options.group.is_some() {
            return None;
        }
        let mut all = Group::default();
        let mut groups = 0;
        for group in self.report.groups.iter().filter(|group| group.is_system) {
            groups += 1;
            all.absorb(group);
        }
        (groups > 0).then_some((all, groups))
    }

    /// A group's goroutines that are kept, in the order that is asked for.
    pub(super) fn members(&self, group: &Group) -> Vec<&'a GoroutineRow> {
        let report = self.report;
        let rows = group.members.iter();
        let mut rows: Vec<&GoroutineRow> = rows
            .filter_map(|&row| report.goroutines.get(row as usize))
            .collect();
        let blocked = |row: &GoroutineRow| row.blocks.iter().map(|&(_, time)| time).sum::<u64>();
        let weight = |row: &GoroutineRow| match self.options.order {
            GroupOrder::Exec => row.exec,
            GroupOrder::Sched => row.sched,
            GroupOrder::Block => blocked(row),
            GroupOrder::Syscall => row.syscall + row.syscall_blocked,
            GroupOrder::Total
            | GroupOrder::Assist
            | GroupOrder::Count
            | GroupOrder::Left
            | GroupOrder::Name => row.total,
        };
        rows.sort_by_key(|row| std::cmp::Reverse(weight(row)));
        rows
    }

    /// The lines of a stack, leaf first.
    pub(super) fn frames(&self, stack: StackId) -> impl Iterator<Item = &'a Line> {
        let profile = self.profile;
        let locations = profile.stacks.get(stack).iter();
        locations.flat_map(move |id| profile.lines_of(&profile.locations[id.index()]))
    }

    /// A line as `function file.go:12`, with the whole paths of both.
    pub(super) fn line(&self, line: &Line) -> String {
        let function = &self.profile.functions[line.function.index()];
        let (name, file) = (self.text(function.name), self.text(function.filename));
        format!("{name} {file}:{}", line.line)
    }

    /// The same without the folders of the file and of the package, for a row of a table.
    pub(super) fn short_line(&self, line: &Line) -> String {
        let function = &self.profile.functions[line.function.index()];
        let (name, file) = (self.text(function.name), self.text(function.filename));
        let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{} {file}:{}", short(&name), line.line)
    }

    /// Where a stack is: its innermost line that is neither the runtime's nor of the standard
    /// library, as these only say how it waits; else its innermost one that is not the runtime's,
    /// else its innermost one.
    pub(super) fn place(&self, stack: StackId) -> Option<&'a Line> {
        let is_own = |line: &&Line| {
            let class = self.classes.of(line.function);
            !matches!(class, Class::Std | Class::Runtime)
        };
        let is_called = |line: &&Line| self.classes.of(line.function) != Class::Runtime;
        let own = self.frames(stack).find(is_own);
        let called = own.or_else(|| self.frames(stack).find(is_called));
        called.or_else(|| self.frames(stack).next())
    }

    /// The same for a row of a table.
    pub(super) fn short_place(&self, place: Option<&Line>) -> String {
        place.map_or_else(|| "(no stack)".to_owned(), |line| self.short_line(line))
    }
}

/// A function's name without the folders of its package: `pool.(*pool).work`.
fn short(name: &str) -> &str {
    let end = name.find(['(', '[', ' ']).unwrap_or(name.len());
    &name[name[..end].rfind('/').map_or(0, |at| at + 1)..]
}

/// What groups are put in order by.
fn weight(group: &Group, order: GroupOrder) -> u64 {
    match order {
        GroupOrder::Total | GroupOrder::Name => group.total(),
        GroupOrder::Exec => group.exec.total(),
        GroupOrder::Sched => group.sched.total(),
        GroupOrder::Block => blocked(group),
        GroupOrder::Syscall => group.syscall.total(),
        GroupOrder::Assist => group.assist,
        GroupOrder::Count => group.count,
        GroupOrder::Left => group.left,
    }
}

/// Time waiting.
pub(super) fn blocked(group: &Group) -> u64 {
    let times = group.blocks.iter().map(|(_, times)| times.total());
    times.fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_begin_with_the_package() {
        for (name, expected) in [
            ("main.main", "main.main"),
            ("example.com/a/pool.(*pool).work", "pool.(*pool).work"),
            (
                "a/b.F[go.shape.struct { a/c.T }]",
                "b.F[go.shape.struct { a/c.T }]",
            ),
            ("", ""),
        ] {
            assert_eq!(short(name), expected);
        }
    }
}
