//! What records change in the counts of goroutines by what they do.

use super::chunk::Record;
use super::count_lane::Step;
use super::kind::{Kind, state_of};
use super::table::Table;
use crate::model::trace::GoState;

/// The steps of a record, each with its group; of no group for those that count for all
/// goroutines together.
#[inline]
pub(super) fn steps(
    record: &Record,
    number: u32,
    table: &Table,
    mut tell: impl FnMut(Option<u32>, Step),
) {
    let mut change = |goroutine: u32, from: GoState, to: GoState, after: u8| {
        let (before, now) = table.groups_at(goroutine, number);
        let step = Step::new(from, to, after);
        if let Some(step) = step {
            tell(None, step);
        }
        if before == now {
            if let Some(step) = step {
                tell(Some(now), step);
            }
            return;
        }
        // The record names the goroutine, which is of another group from then on.
        let nowhere = GoState::Undetermined;
        if let Some(step) = Step::new(from, nowhere, after) {
            tell(Some(before), step);
        }
        if let Some(step) = Step::new(nowhere, to, after) {
            tell(Some(now), step);
        }
    };
    match record.kind() {
        // It has been counted since all that is known began.
        Kind::Go { arrives: true, .. } => {}
        Kind::Go { from, to, .. } => change(record.subject, from, to, 0),
        Kind::Switch { ends } => {
            let (waiting, runnable, running) =
                (GoState::Waiting, GoState::Runnable, GoState::Running);
            let to = if ends { GoState::NotExist } else { waiting };
            change(record.subject, waiting, runnable, 0);
            change(record.site, running, to, 1);
            change(record.subject, runnable, running, 2);
        }
        Kind::Was => {
            let (from, to) = (state_of(record.site >> 8), state_of(record.site & 0xff));
            change(record.subject, from, to, 0);
        }
        _ => {}
    }
}
