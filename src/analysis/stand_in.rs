//! Frames that no file has: what stands for a package, for stacks that went, or for a label.

use crate::model::{Function, FunctionId, Line, Location, LocationId, Profile};

/// Ids for functions and locations that the file does not have: those beyond its last.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewIds {
    function: u64,
    location: u64,
}

impl NewIds {
    pub(super) fn of(profile: &Profile) -> Self {
        let last = |ids: Option<u64>| ids.unwrap_or(0);
        Self {
            function: last(profile.functions.iter().map(|f| f.id).max()),
            location: last(profile.locations.iter().map(|l| l.id).max()),
        }
    }

    /// The id of another location.
    pub(super) fn next_location(&mut self) -> u64 {
        next_id(&mut self.location)
    }

    /// False where the next ids begin again at 1, which the file may have.
    pub(super) fn have_room(self) -> bool {
        self.function < u64::MAX && self.location < u64::MAX
    }
}

/// The id after the last one, which it then is; 0 is none.
fn next_id(last: &mut u64) -> u64 {
    *last = last.wrapping_add(1).max(1);
    *last
}

/// Appends a function, whose `id` is not looked at, and a location of its own, without an address;
/// returns the location and the row of its only line, which has no number.
pub(super) fn stand_in(
    profile: &mut Profile,
    ids: &mut NewIds,
    function: Function,
) -> (LocationId, u32) {
    let id = FunctionId(profile.functions.len() as u32);
    profile.functions.push(Function {
        id: next_id(&mut ids.function),
        ..function
    });
    let row = profile.lines.len() as u32;
    profile.lines.push(Line {
        function: id,
        line: 0,
        column: 0,
    });
    let location = LocationId(profile.locations.len() as u32);
    profile.locations.push(Location {
        id: ids.next_location(),
        mapping: None,
        address: 0,
        lines: (row, row + 1),
        is_folded: false,
    });
    (location, row)
}
