//! N: benchmarks. Filled by the text of `go test -bench`.

use super::super::rule::Rule;

pub(super) const RULES: &[Rule] = &[];
