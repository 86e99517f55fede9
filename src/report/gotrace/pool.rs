//! Groups of goroutines that work like a pool.

use crate::model::trace::Group;

/// True for groups with several members at a time whose waits for work ended: the others have
/// numbers, too, that say nothing.
pub(super) fn is_pool(group: &Group) -> bool {
    group.most_alive >= 2 && group.pool.jobs > 0
}

/// Running time of a member on average.
pub(super) fn mean_exec(members: u64, all: u64) -> u64 {
    all.checked_div(members).unwrap_or(0)
}
