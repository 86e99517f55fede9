//! What of a trace could not be used, in sentences.

use crate::model::trace::{Loss, TraceFacts};
use crate::unit;

/// How the reason ends of a loss of tables that the file ends before.
pub(super) const CUT_BEFORE: &str = "are missing: the file was cut before them";

/// Losses that are told one by one.
const MOST: usize = 20;

fn bytes(count: u64) -> String {
    unit::label(i64::try_from(count).unwrap_or(i64::MAX), "bytes")
}

/// What the trace lacks because the file ends too early.
fn ending(facts: &TraceFacts) -> String {
    let last = facts.generations.last().map_or(0, |one| one.number);
    let is_before_tables =
        |loss: &Loss| loss.generation == last && loss.reason.ends_with(CUT_BEFORE);
    let what = if !facts.is_cut {
        format!(
            "The mark at the end of the trace is missing. All of generation {last} that events refer to is there, \
             so most likely nothing else is missing."
        )
    } else if facts.losses.iter().any(is_before_tables) {
        format!(
            "The file ends before the trace does, between two batches of generation {last}. A whole one would have \
             its tables, which stand at its end and say where its goroutines waited, and maybe more events."
        )
    } else {
        format!(
            "The file ends before the trace does, in generation {last}. A whole one would have the rest of that \
             generation, its names and its stacks, which stand at its end, and so say where its goroutines \
             waited."
        )
    };
    format!(
        "{what} trace.Stop has to be called before the program ends, and the file has to be copied whole."
    )
}

/// What was lost, in bytes, seconds and generations, why, and what a whole trace would have had:
/// first how much was used. Nothing for a trace that is whole.
pub fn trace_losses(facts: &TraceFacts) -> Vec<String> {
    let mut told = Vec::new();
    for loss in facts.losses.iter().take(MOST) {
        let long = loss.span.1.saturating_sub(loss.span.0);
        let span = match long {
            0 => String::new(),
            _ => format!(", {}", unit::traced(long)),
        };
        let what = match loss.bytes {
            0 => String::new(),
            count => format!(" {}{span} not used,", bytes(count)),
        };
        told.push(format!(
            "Generation {}:{what} at byte {}: {}.",
            loss.generation, loss.at, loss.reason,
        ));
    }
    if facts.losses.len() > told.len() {
        let more = (facts.losses.len() - told.len()) as u64;
        told.push(format!("And {} more such places.", unit::count(more)));
    }
    if facts.is_cut || !facts.is_ended {
        told.push(ending(facts));
    }
    if !told.is_empty() {
        let used = facts.bytes.saturating_sub(facts.lost_bytes());
        let mut share = used as f64 / facts.bytes.max(1) as f64 * 100.0;
        // Never all where something is lost.
        if used < facts.bytes {
            share = share.min(99.9);
        }
        // What is lost may reach beyond the last event.
        let (from, to) = facts.span().unwrap_or_default();
        let ends = facts.losses.iter().map(|loss| loss.span.1);
        let all = ends.fold(to, u64::max).saturating_sub(from);
        let known = all.saturating_sub(facts.lost_time());
        let missing = match facts.is_cut {
            true => "; what followed is not in the file",
            false => "",
        };
        told.insert(
            0,
            format!(
                "{} of {} bytes were used ({share:.1}%), {} of {}, in {}{missing}.",
                unit::count(used),
                unit::count(facts.bytes),
                unit::traced(known),
                unit::traced(all),
                unit::plural(facts.generations.len() as u64, "generation"),
            ),
        );
    }
    if facts.version > super::NEWEST {
        told.insert(
            0,
            format!(
                "The trace is of a format newer than is known (go 1.{}): it was read by the rules of go 1.{}.",
                facts.version,
                super::NEWEST
            ),
        );
    }
    told
}
