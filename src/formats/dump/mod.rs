//! Texts of goroutines: dumps (`debug=2`), `runtime.Stack`, panics and crashes of Go 1.18 to 1.27.
//!
//! [`lines`] takes a log's prefixes off, [`header`] reads the first line of a goroutine, [`parse`]
//! goes through the text, [`prologue`] collects what a crash says, [`build`] makes a profile of one
//! sample per goroutine with [`crate::model::dump`] beside it.

mod build;
mod header;
mod labels;
mod lines;
mod parse;
mod prologue;

use crate::error::{Diagnostic, Error, Pos, Result, Stage};
use crate::model::Profile;
use parse::{Cut, Parsed, RawGoroutine};

/// Texts in one file that become profiles of their own.
const MOST_SNAPSHOTS: usize = 100;

/// True when some line begins a goroutine.
pub(super) fn is_mine(head: &[u8]) -> bool {
    lines::has_goroutine(head)
}

/// The profiles of a file: one, or one for each dump where several stand one after the other.
pub(super) fn read(text: &[u8], notes: &mut Vec<Diagnostic>) -> Result<Vec<Profile>> {
    let (text, prefix) = lines::clean(text);
    let parsed = parse::parse(&text);
    if let Some(prefix) = prefix {
        let message = format!("Each line's {prefix} was taken off.");
        notes.push(Diagnostic::note(message));
    }
    remarks(&parsed, notes);
    if parsed.goroutines.is_empty() {
        let reason = match parsed.cut {
            Some(cut) => format!("{} before it is whole, and there is no other", ends(&cut)),
            None => "there are stacks of threads, and of no goroutine".to_owned(),
        };
        return Err(Error::new(Stage::Legacy, Pos::Line(1), reason));
    }
    let snapshots: Vec<&[RawGoroutine<'_>]> = parsed
        .goroutines
        .chunk_by(|a, b| a.snapshot == b.snapshot)
        .collect();
    let dumps = snapshots.iter().filter(|all| all.len() > 1).count();
    let are_apart = dumps > 1 && snapshots.len() <= MOST_SNAPSHOTS;
    if snapshots.len() > 1 {
        notes.push(Diagnostic::note(several(snapshots.len(), are_apart)));
    }
    if are_apart {
        return snapshots
            .into_iter()
            .map(|all| build::profile(&parsed, all, false))
            .collect();
    }
    let has_snapshots = snapshots.len() > 1;
    let profile = build::profile(&parsed, &parsed.goroutines, has_snapshots)?;
    if profile.dump.as_ref().is_some_and(|dump| !dump.is_census) && !has_snapshots {
        notes.push(Diagnostic::note(
            "Only the goroutine that printed its stack is in the text: counts are no census. \
             GOTRACEBACK=all has a crash print all of them.",
        ));
    }
    Ok(vec![profile])
}

fn several(count: usize, are_apart: bool) -> String {
    if are_apart {
        format!("The file holds {count} texts one after the other; each is a profile of its own.")
    } else {
        format!(
            "The file holds {count} stacks or dumps of different moments, as a log has them: counts \
             are no census. The label goroutine::snapshot tells them apart."
        )
    }
}

/// What is worth knowing about a text.
fn remarks(parsed: &Parsed<'_>, notes: &mut Vec<Diagnostic>) {
    if let Some(cut) = &parsed.cut {
        let whole = parsed.goroutines.len();
        let what = match (cut.id, cut.is_kept, cut.lines) {
            (_, true, _) => "its stack is whole".to_owned(),
            (_, false, 1) => format!("this line of {} bytes is left out", cut.bytes),
            (_, false, lines) => format!("its {lines} lines of {} bytes are left out", cut.bytes),
        };
        let message = format!("{}: {what}. {whole} goroutines were read.", ends(cut));
        notes.push(Diagnostic::warning(message));
    }
    if parsed.strange > 0 {
        let message = format!(
            "Lines that are no frames stand between those of goroutines; {} were skipped, the first \
             is line {}.",
            parsed.strange, parsed.first_strange
        );
        notes.push(Diagnostic::note(message));
    }
    if parsed.races > 0 {
        let message = format!(
            "Reports of data races ({}) stand in the file too; their stacks are not in the profile.",
            parsed.races
        );
        notes.push(Diagnostic::note(message));
    }
    let unavailable = parsed
        .goroutines
        .iter()
        .filter(|g| g.is_unavailable)
        .count();
    if unavailable > 0 {
        let message = format!(
            "{unavailable} goroutines were running on other threads, and have no stack in the text."
        );
        notes.push(Diagnostic::note(message));
    }
    let elided = parsed
        .goroutines
        .iter()
        .filter(|g| g.elided.is_some())
        .count();
    if elided > 0 {
        let message = format!(
            "The text leaves out frames in the middle of {elided} deep stacks: their ends are \
             joined here."
        );
        notes.push(Diagnostic::warning(message));
    }
}

fn ends(cut: &Cut) -> String {
    match (cut.id, cut.is_kept) {
        (0, _) => format!(
            "The text ends inside the first line of a goroutine (line {})",
            cut.line
        ),
        (id, false) => format!(
            "The text ends inside goroutine {id}, which begins in line {}",
            cut.line
        ),
        (id, true) => format!(
            "The text ends where goroutine {id} says where it was created (line {})",
            cut.line
        ),
    }
}
