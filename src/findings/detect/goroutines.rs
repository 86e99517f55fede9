//! R: filled by the groups of goroutines.

use super::super::case::Case;
use super::super::finding::Finding;

pub(super) fn look(_case: &Case<'_>, _out: &mut Vec<Finding>) {}
