//! Recommendations: only what the numbers say, each with the way to check it.
//!
//! Nothing here guesses at code: a text names a share, who causes it and what would confirm it.

use super::super::document::{Block, List, Section, Text};
use super::confidence::share_interval;
use super::shell;
use super::study::{Cause, View, part_name};
use super::summary::{ENOUGH_SAMPLES, WORTH_NAMING, main_causes, what};
use crate::analysis::{Family, Part, wilson};
use crate::model::Kind;
use crate::unit;

/// A part of the bar gets a recommendation from this share on.
const PART_SHARE: f64 = 0.05;
/// From this share on "most" is said of a part of something.
const MOSTLY: f64 = 0.5;
/// Below this many CPU samples a longer recording comes first.
const SAMPLES_FOR_DETAIL: u64 = 1000;

/// Parts that are one cost: allocating now and collecting later.
const ALLOCATION: [&str; 5] = ["alloc", "gc-assist", "gc-mark", "gc-sweep", "write-barrier"];

pub(super) fn sections(views: &[Vec<View<'_>>]) -> Vec<Section> {
    vec![
        Section::new("recommendations", "Recommendations", 2),
        immediate(views),
        long_term(views),
    ]
}

fn immediate(views: &[Vec<View<'_>>]) -> Section {
    let mut section = Section::new("immediate", "Immediate", 3);
    let mut items = Vec::new();
    for view in views.iter().flatten() {
        items.extend(look_first(view));
        if view.study.file.kind == Kind::Cpu {
            items.extend(allocation(view));
            items.extend(view.parts.iter().filter_map(|part| mechanism(view, part)));
        }
    }
    if items.is_empty() {
        section.push(
            "None: the data names no function that causes at least 5% of a file's total, and \
             advice without a number behind it is not given.",
        );
        return section;
    }
    section.push(List::ordered(items));
    section.push("To verify a change, record the same profile again and look at the same line:");
    section.push(verify(views));
    section
}

/// The heaviest cause of a view.
fn look_first(view: &View<'_>) -> Option<Text> {
    let mut causes = main_causes(view);
    let first = causes.next()?;
    let mut text = Text::from("Look at ")
        .code(&view.name(first.node))
        .plain(" first: it causes ");
    text = text.strong(&view.percent(first.value)).plain(&format!(
        " of the {} ({} of {}; {})",
        what(view),
        view.text(first.value),
        view.words(view.total()),
        view.source()
    ));
    if let Some((part, share)) = view.mostly(first) {
        text = text.plain(&format!(
            ", {:.0}% of that in “{}”",
            share * 100.0,
            part_name(part)
        ));
    }
    text = text.plain(".");
    if !first.place.is_empty() && first.line_value != 0 {
        text = text
            .plain(" Its heaviest line is ")
            .code(&first.place)
            .plain(&format!(
                " with {} ({}).",
                view.text(first.line_value),
                view.percent(first.line_value)
            ));
    }
    match causes.next() {
        Some(second) if tied(view, first, second) => Some(
            text.plain(" By this many samples ")
                .code(&view.name(second.node))
                .plain(&format!(
                    " ({}) is not distinguishable from it.",
                    view.percent(second.value)
                )),
        ),
        _ => Some(text),
    }
}

fn tied(view: &View<'_>, first: &Cause, second: &Cause) -> bool {
    let bounds = |cause: &Cause| wilson(cause.samples, view.sample_count);
    view.study.file.kind == Kind::Cpu && bounds(first).0 <= bounds(second).1
}

/// Allocating and collecting as one.
fn allocation(view: &View<'_>) -> Option<Text> {
    let parts = || {
        view.parts
            .iter()
            .filter(|p| ALLOCATION.contains(&p.key.as_str()) && !p.hatched)
    };
    let sum = parts().fold(0_i64, |sum, part| sum.wrapping_add(part.value));
    if !stands(view, sum) {
        return None;
    }
    let list: Vec<String> = parts()
        .map(|p| format!("{} {}", p.label, view.percent(p.value)))
        .collect();
    let text = Text::from("Allocation and garbage collection take ")
        .strong(&view.percent(sum))
        .plain(&format!(
            " of the CPU time ({}; {})",
            list.join(", "),
            view.source()
        ));
    let text = match parts().find(|p| p.key == "alloc") {
        Some(part) => for_whom(text, view, part, "of the allocation"),
        None => text,
    };
    Some(text.plain(
        ". Fewer or smaller allocations lower both; an allocation profile of the same run names \
         the sites (Memory analysis).",
    ))
}

/// Any other part that is not the program's own code.
fn mechanism(view: &View<'_>, part: &Part) -> Option<Text> {
    let own = matches!(part.family, Family::User | Family::Library | Family::Other);
    let idle = part.hatched || part.key == "idle";
    if own || idle || ALLOCATION.contains(&part.key.as_str()) || !stands(view, part.value) {
        return None;
    }
    let text = Text::default()
        .plain(&format!("“{}” takes ", part.label))
        .strong(&view.percent(part.value))
        .plain(&format!(
            " of the CPU time ({}; {})",
            view.text(part.value),
            view.source()
        ));
    let text = for_whom(text, view, part, "of it");
    let check = CHECKS
        .iter()
        .find(|(key, _)| *key == part.key)
        .map_or("", |(_, check)| check);
    Some(text.plain(&format!(". {} {check}", part.help)))
}

/// Adds the function that a part is heaviest for, with its share of the part.
fn for_whom(text: Text, view: &View<'_>, part: &Part, of_what: &str) -> Text {
    let Some(&(node, value)) = part.top.first() else {
        return text;
    };
    let share = unit::percent(value, part.value);
    let lead = if unit::share(value, part.value).abs() >= MOSTLY {
        format!(", most {of_what}, {share}, for ")
    } else {
        format!(", the largest share {of_what}, {share}, for ")
    };
    text.plain(&lead).code(&view.name(node))
}

/// What to check for a part, and what would confirm it.
const CHECKS: [(&str, &str); 12] = [
    (
        "strings",
        "Check whether the conversions or concatenations have to happen on this path.",
    ),
    (
        "maps",
        "Check whether the map can be sized once, or the key made cheaper to hash.",
    ),
    (
        "copy",
        "Check whether the copies, or the clearing of fresh memory, are needed at that size.",
    ),
    (
        "stack-growth",
        "Check for goroutines that are started anew for deep calls.",
    ),
    (
        "channels",
        "Check whether one message carries enough work; a block profile shows the waiting.",
    ),
    (
        "locks",
        "A mutex profile of the same run shows which lock, and who holds it.",
    ),
    (
        "timers",
        "Check whether timers are made anew per operation.",
    ),
    (
        "scheduler",
        "Often short pieces of work passed between goroutines; an execution trace shows which.",
    ),
    (
        "syscalls",
        "Check number and size of the calls: buffering makes fewer and larger ones.",
    ),
    (
        "stack-capture",
        "Check whether stacks are captured on this path on purpose (errors, logging, profiling).",
    ),
    (
        "spawn",
        "Check whether processes have to be started on this path.",
    ),
    (
        "clock",
        "Check whether the time is needed at each of these calls.",
    ),
];

/// A share of CPU time worth a recommendation: large enough, and on enough samples.
fn stands(view: &View<'_>, value: i64) -> bool {
    let share = view.share(value);
    share >= PART_SHARE && share * view.sample_count as f64 >= ENOUGH_SAMPLES as f64
}

/// One command per file that a recommendation came from.
fn verify(views: &[Vec<View<'_>>]) -> Block {
    let named = |view: &&View<'_>| main_causes(view).next().is_some();
    let lines: Vec<String> = views
        .iter()
        .flatten()
        .filter(named)
        .map(top_command)
        .collect();
    Block::code(lines.join("\n"))
}

/// The command that prints the functions of a view, by cost with callees.
pub(super) fn top_command(view: &View<'_>) -> String {
    format!(
        "go tool pprof -top -cum -nodecount=20 -sample_index={} {}",
        shell::word(&view.type_name),
        shell::word(view.study.file.name)
    )
}

fn long_term(views: &[Vec<View<'_>>]) -> Section {
    let mut section = Section::new("long-term", "Long-term", 3);
    let mut items: Vec<Text> = views.iter().flatten().filter_map(longer).collect();
    items.extend(guard(views));
    if let Some(text) = record_too(views) {
        items.push(text);
    }
    if items.is_empty() {
        section.push("None: every kind of profile is here, and nothing stands out.");
    } else {
        section.push(List::bullets(items));
    }
    section
}

/// A CPU profile with too few samples for detail.
fn longer(view: &View<'_>) -> Option<Text> {
    let n = view.sample_count;
    if view.study.file.kind != Kind::Cpu || n >= SAMPLES_FOR_DETAIL {
        return None;
    }
    let example = match share_interval(0.05, n) {
        text if text.is_empty() => String::new(),
        text => format!("a share of 5% may in truth be {text}; "),
    };
    Some(Text::from("Record longer: ").code(view.study.file.name).plain(&format!(
        " holds {} samples, {example}at Go's 100 samples per second and busy core, 30 seconds on \
         one core give 3 000.",
        unit::count(n)
    )))
}

/// Keep what is won.
fn guard(views: &[Vec<View<'_>>]) -> Option<Text> {
    let (view, cause) = views
        .iter()
        .flatten()
        .filter(|v| matches!(v.study.file.kind, Kind::Cpu | Kind::Heap | Kind::Allocs))
        .find_map(|view| main_causes(view).next().map(|cause| (view, cause)))?;
    debug_assert!(view.share(cause.value) >= WORTH_NAMING);
    Some(
        Text::from("Keep a benchmark that spends its time in ")
            .code(&view.name(cause.node))
            .plain(" and compare it before and after each change (Benchmarking Results)."),
    )
}

/// Kinds that no file covers.
fn record_too(views: &[Vec<View<'_>>]) -> Option<Text> {
    let kinds: Vec<Kind> = views.iter().flatten().map(|v| v.study.file.kind).collect();
    let wanted: [(&str, &[Kind]); 5] = [
        ("CPU", &[Kind::Cpu]),
        ("heap or allocation", &[Kind::Heap, Kind::Allocs]),
        ("goroutine", &[Kind::Goroutine, Kind::GoroutineLeak]),
        ("block", &[Kind::Block]),
        ("mutex", &[Kind::Mutex]),
    ];
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|(_, fills)| !kinds.iter().any(|kind| fills.contains(kind)))
        .map(|(name, _)| name)
        .collect();
    if missing.is_empty() || kinds.is_empty() {
        return None;
    }
    Some(Text::from(format!(
        "Record also, of the same load and one kind at a time so that they do not disturb each \
         other: {} profile. The sections above hold the commands.",
        missing.join(", ")
    )))
}
