//! Detailed Findings: one section per field, one part per file.

use super::super::document::{List, Section, Text};
use super::shell;
use super::study::View;
use super::summary::RANKABLE;
use super::{goroutines, memory, paths, tables, trace};
use crate::error::Severity;
use crate::model::Kind;
use crate::unit;

pub(super) fn sections(views: &[Vec<View<'_>>]) -> Vec<Section> {
    let mut sections = vec![Section::new("details", "Detailed Findings", 2)];
    sections.extend(field(views, &CPU));
    sections.extend(field(views, &MEMORY));
    sections.extend(field(views, &GOROUTINES));
    if views
        .iter()
        .flatten()
        .any(|v| OTHER.holds(v.study.file.kind))
    {
        sections.extend(field(views, &OTHER));
    }
    sections
}

/// One field of the detailed findings.
struct Field {
    id: &'static str,
    title: &'static str,
    kinds: &'static [Kind],
    /// For kinds that have no file: what is missing, what would fill it, and the command.
    missing: &'static [(&'static [Kind], &'static str, &'static str)],
}

impl Field {
    fn holds(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

const CPU: Field = Field {
    id: "cpu",
    title: "CPU analysis",
    kinds: &[Kind::Cpu],
    missing: &[(
        &[Kind::Cpu],
        "No CPU profile among the files that were read: nothing can be said about where CPU time goes. \
         A CPU profile fills this section; record one with",
        shell::RECORD_CPU,
    )],
};

const MEMORY: Field = Field {
    id: "memory",
    title: "Memory analysis",
    kinds: &[Kind::Heap, Kind::Allocs],
    missing: &[(
        &[Kind::Heap, Kind::Allocs],
        "No heap or allocation profile among the files that were read: nothing can be said about memory. \
         Either kind fills this section; record one with",
        shell::RECORD_MEMORY,
    )],
};

const GOROUTINES: Field = Field {
    id: "goroutines",
    title: "Goroutine analysis",
    kinds: &[
        Kind::Goroutine,
        Kind::GoroutineLeak,
        Kind::Block,
        Kind::Mutex,
        Kind::ThreadCreate,
        Kind::Trace,
    ],
    missing: &[
        (
            &[Kind::Goroutine, Kind::GoroutineLeak],
            "No goroutine profile among the files that were read: what goroutines exist and what they wait for \
             is not known. A goroutine profile in the protobuf form (without debug=) fills this; \
             record one with",
            shell::RECORD_GOROUTINES,
        ),
        (
            &[Kind::Block],
            "No block profile among the files that were read: how long goroutines waited for channels, locks \
             and conditions is not known. A service records it only after \
             runtime.SetBlockProfileRate; record one with",
            shell::RECORD_BLOCK,
        ),
        (
            &[Kind::Mutex],
            "No mutex profile among the files that were read: lock contention is not known. A service records \
             it only after runtime.SetMutexProfileFraction; record one with",
            shell::RECORD_MUTEX,
        ),
        (
            &[Kind::Trace],
            "No execution trace among the files that were read: how long goroutines wait for a processor, how \
             pools of workers and the collector use the time, and what tasks take is not known. A trace of some \
             seconds fills this; record one with",
            shell::RECORD_TRACE,
        ),
    ],
};

const OTHER: Field = Field {
    id: "other",
    title: "Other profiles",
    kinds: &[Kind::Custom],
    missing: &[],
};

fn field(views: &[Vec<View<'_>>], field: &Field) -> Vec<Section> {
    let mut sections = vec![Section::new(field.id, field.title, 3)];
    let own = views
        .iter()
        .filter(|v| v.first().is_some_and(|v| field.holds(v.study.file.kind)));
    let mut kinds = Vec::new();
    for views in own {
        kinds.push(views[0].study.file.kind);
        let id = format!("{}-{}", field.id, kinds.len());
        sections.push(file_section(&id, views));
    }
    let open: Vec<_> = field
        .missing
        .iter()
        .filter(|(fills, ..)| !kinds.iter().any(|kind| fills.contains(kind)))
        .collect();
    if !kinds.is_empty() && !open.is_empty() {
        sections.push(Section::new(
            format!("{}-missing", field.id),
            "Not recorded",
            4,
        ));
    }
    if let Some(last) = sections.last_mut() {
        for (_, text, command) in open {
            last.missing(text, command);
        }
    }
    sections
}

/// Everything about one file.
fn file_section(id: &str, views: &[View<'_>]) -> Section {
    let file = views[0].study.file;
    if file.kind == Kind::Trace {
        return trace::section(id, &views[0]);
    }
    let title = format!(
        "{}: {}",
        file.kind.label(),
        super::super::document::name(file.name)
    );
    let mut section = Section::new(id, &title, 4);
    for view in views {
        if views.len() > 1 {
            section.push(heading(view));
        }
        one_view(&mut section, view);
    }
    section
}

/// What a view of several is about.
fn heading(view: &View<'_>) -> Text {
    let words = match view.type_name.as_str() {
        "alloc_space" => "Allocated since the program started",
        "inuse_space" => "In use when the profile was taken",
        other => other,
    };
    Text::default().strong(words)
}

fn one_view(section: &mut Section, view: &View<'_>) {
    section.push(tables::facts(view));
    for warning in view
        .trust
        .iter()
        .filter(|d| d.severity == Severity::Warning)
    {
        section.note(warning.message.as_str());
    }
    if view.total() == 0 {
        section.push("All values of this type are zero, so there is nothing to break down.");
        return;
    }
    if view.study.file.kind == Kind::Cpu && view.sample_count < RANKABLE {
        section.push(
            "No shares, tables or pictures are given: with so few samples any of them would be \
             chance.",
        );
        return;
    }
    section.push(List::bullets(
        view.verdict.iter().map(|s| Text::from(s.as_str())),
    ));
    tables::breakdown(section, view, question(view));
    goroutines::groups_table(section, view);
    tables::causes_table(section, view);
    paths::lines(section, view);
    paths::hot_paths(section, view);
    if has_own_cost(view.study.file.kind) {
        tables::top_tables(section, view);
    }
    if unit::is_memory(&view.unit) {
        memory::allocation_tables(section, view);
    }
    section.blocks.extend(view.flame.clone());
}

/// Goroutines and threads all end in the scheduler: who they are is told by their callers.
fn has_own_cost(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Goroutine | Kind::GoroutineLeak | Kind::ThreadCreate
    )
}

fn question(view: &View<'_>) -> &'static str {
    match (view.study.file.kind, view.type_name.as_str()) {
        (Kind::Cpu, _) => "Where CPU time goes",
        (_, "alloc_space") => "What allocates",
        (_, "inuse_space") => "What holds memory in use",
        (Kind::Block, _) => "What goroutines waited for",
        (Kind::Mutex, _) => "Which operations had others waiting",
        (Kind::Goroutine | Kind::GoroutineLeak, _) => "What goroutines are at",
        _ => "Where it goes",
    }
}
