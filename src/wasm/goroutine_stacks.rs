//! A group of goroutines in full: its notes, its stack, its goroutines.

use super::dto::{GoroutineCall, GoroutineMember, GoroutineStack};
use super::goroutines::place;
use super::query::Analysis;
use crate::analysis::Class;
use crate::analysis::goroutines::{GoroutineGroup, Role};
use crate::model::dump::{Dump, DumpFrame};
use crate::model::{FunctionId, Profile};
use crate::unit;

/// Locks, creators and labels that are told of.
const NOTES: usize = 10;
/// Frames and goroutines that are shown.
const FRAMES: usize = 200;
const MEMBERS: usize = 100;

/// A group as an opened row shows it.
pub(super) fn opened(analysis: &Analysis, group: &GoroutineGroup) -> GoroutineStack {
    let dump = analysis.dump();
    let members = dump.map(|dump| members(dump, group)).unwrap_or_default();
    let shown = group.stack.len().min(FRAMES);
    GoroutineStack {
        title: format!(
            "{}: {}",
            unit::signed_plural(group.count, "goroutine"),
            group.wait_text
        ),
        notes: group_notes(group),
        frames: calls(analysis, group),
        more_frames: (group.stack.len() - shown) as u32,
        more_members: group.rows.len().saturating_sub(members.len()) as u32,
        members,
    }
}

fn group_notes(group: &GoroutineGroup) -> Vec<String> {
    let mut notes = Vec::new();
    if group.role != Role::Work {
        notes.push(format!("What it is for: {}.", group.role_text));
    }
    let receivers = &group.receivers;
    if receivers.distinct > 1 {
        notes.push(format!(
            "{} distinct receivers of {}.",
            unit::count(receivers.distinct as u64),
            receivers.method
        ));
    }
    for lock in group.locks.iter().take(NOTES) {
        let wait = if lock.waiters == 1 { "waits" } else { "wait" };
        notes.push(format!(
            "{} {wait} for {:#x}.",
            unit::signed_count(lock.waiters),
            lock.address
        ));
    }
    for (site, count) in group.created_by.iter().take(NOTES) {
        notes.push(format!(
            "{} created by {}.",
            unit::signed_count(*count),
            place(site)
        ));
    }
    if group.leaked > 0 {
        notes.push(format!(
            "{} proved leaked.",
            unit::signed_count(group.leaked)
        ));
    }
    if group.locked_to_thread > 0 {
        notes.push(format!(
            "{} locked to a thread.",
            unit::signed_count(group.locked_to_thread)
        ));
    }
    for label in group.labels.iter().take(NOTES) {
        let count = unit::signed_count(label.count);
        notes.push(format!(
            "{count} with the label {}={}.",
            label.key, label.value
        ));
    }
    notes
}

/// The stack, with the arguments of the first goroutine.
fn calls(analysis: &Analysis, group: &GoroutineGroup) -> Vec<GoroutineCall> {
    let profile = analysis.profile();
    let first = group.rows.first();
    let arguments = analysis.dump().zip(first).map(|(dump, &row)| {
        let frames = dump.frames_of(&dump.goroutines[row as usize]);
        frames
            .iter()
            .map(|frame| arguments(dump, frame))
            .collect::<Vec<String>>()
    });
    let frames = group.stack.iter().take(FRAMES).enumerate();
    frames
        .map(|(at, frame)| GoroutineCall {
            function: function_name(profile, frame.function),
            arguments: arguments
                .as_ref()
                // Filters may have taken frames away: then arguments do not stand beside them.
                .filter(|all| all.len() == group.stack.len())
                .and_then(|all| all.get(at).cloned())
                .unwrap_or_default(),
            source: {
                let file = profile.functions[frame.function.index()].filename;
                let file = profile.strings.text(file);
                if file.is_empty() {
                    String::new()
                } else {
                    format!("{file}:{}", frame.line)
                }
            },
            is_library: !matches!(
                analysis.classes.of(frame.function),
                Class::Main | Class::ThirdParty | Class::Unknown
            ),
        })
        .collect()
}

fn arguments(dump: &Dump, frame: &DumpFrame) -> String {
    if frame.is_inlined {
        return "(inlined)".to_owned();
    }
    let text = String::from_utf8_lossy(dump.arguments_of(frame));
    format!("({text})")
}

fn function_name(profile: &Profile, function: FunctionId) -> String {
    let name = profile.functions[function.index()].name;
    profile.strings.text(name).into_owned()
}

fn members(dump: &Dump, group: &GoroutineGroup) -> Vec<GoroutineMember> {
    let rows = group.rows.iter().take(MEMBERS);
    rows.map(|&row| {
        let goroutine = &dump.goroutines[row as usize];
        let parent = goroutine.created_by.map_or(0, |creator| creator.parent);
        let or_empty = |number: u64| {
            if number == 0 {
                String::new()
            } else {
                number.to_string()
            }
        };
        GoroutineMember {
            id: goroutine.id.to_string(),
            line: goroutine.line.to_string(),
            age: match goroutine.minutes {
                0 => String::new(),
                minutes => format!("{minutes} min"),
            },
            parent: or_empty(parent),
        }
    })
    .collect()
}
