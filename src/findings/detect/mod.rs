//! What fires: rules by signature, rules by code, rules over several files.

mod allocation;
mod bench;
mod contention;
mod cpu;
mod goroutine_files;
mod goroutines;
mod growth;
mod heap;
mod runtime;
mod signature;
mod trace;
pub(super) mod trust;

use super::case::Case;
use super::catalogue;
use super::finding::Finding;
use super::rule::Rule;
use crate::model::Kind;

pub(super) use bench::groups as benchmark_groups;
pub(super) use signature::{by_signature, percent, share_of, what};
pub(super) use trace::checked as checked_in_trace;

/// Rules with code of their own that look at one file.
pub(super) fn by_code(case: &Case<'_>, out: &mut Vec<Finding>) {
    trust::look(case, out);
    match case.kind() {
        Kind::Cpu => cpu::look(case, out),
        Kind::Allocs => allocation::look(case, out),
        Kind::Heap => {
            heap::look(case, out);
            runtime::look(case, out);
        }
        Kind::Block | Kind::Mutex => contention::look(case, out),
        Kind::Goroutine | Kind::GoroutineLeak | Kind::ThreadCreate => goroutines::look(case, out),
        Kind::Trace => trace::look(case, out),
        Kind::Custom | Kind::Bench => {}
    }
}

/// Rules that need more than one file.
pub(super) fn over_files(cases: &[Case<'_>], out: &mut Vec<Finding>) {
    allocation::rate(cases, out);
    growth::look(cases, out);
    goroutine_files::over_files(cases, out);
    bench::look(cases, out);
}

/// A rule by its id.
fn rule(id: &str) -> Option<&'static Rule> {
    let rule = catalogue::rule(id);
    debug_assert!(rule.is_some(), "no rule {id}");
    rule
}
