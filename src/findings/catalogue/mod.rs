//! The rules, as data, by family. Ids are stable; the letter is the family.
//!
//! Thresholds without a reference are judgements, set on profiles with one planted problem each.

mod allocation;
mod bench;
mod concurrency;
mod contention;
mod goroutines;
mod heap;
mod io;
mod language;
mod probes;
mod strings;
mod trace;
mod trust;

use super::rule::Rule;

pub(super) use probes::{COLLECTOR_CALLS, PROBES, Probe};

/// All rules, in the order of their ids by family.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The rule of an id.
pub(super) fn rule(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

const FAMILIES: [&[Rule]; 11] = [
    trust::RULES,
    allocation::RULES,
    strings::RULES,
    language::RULES,
    io::RULES,
    concurrency::RULES,
    contention::RULES,
    heap::RULES,
    goroutines::RULES,
    trace::RULES,
    bench::RULES,
];

/// What wrote a log line, in the usual libraries.
pub(super) const LOGGING: &str = "log.* log/slog.* log/slog/internal* go.uber.org/zap* \
    github.com/sirupsen/logrus* github.com/rs/zerolog* k8s.io/klog*";

/// Where the kernel is entered, in all versions.
pub(super) const SYSCALL: &str = "runtime/internal/syscall.* internal/runtime/syscall.* \
    internal/runtime/syscall/* syscall.{Syscall,Syscall6,RawSyscall,RawSyscall6,rawSyscallNoError} \
    syscall.{syscall,syscall6,rawSyscall} runtime.{libcCall,stdcall,syscall,syscall6}";

/// Everything under which memory is allocated.
pub(super) const ALLOCATION: &str = "runtime.mallocgc*";

/// What records block, mutex and allocation events.
pub(super) const PROFILER: &str = "runtime.{blockevent,saveblockevent,mutexevent} \
    runtime.{mutexSampleContention,profilealloc} runtime.mProf_* runtime.(*mLockProfile).*";

#[cfg(test)]
mod tests {
    use super::super::rule::{Look, Rule};
    use super::*;

    #[test]
    fn ids_are_unique_and_every_link_leads_somewhere() {
        let ids: Vec<&str> = all().map(|rule| rule.id).collect();
        for (at, rule) in all().enumerate() {
            assert!(!ids[..at].contains(&rule.id), "{} stands twice", rule.id);
            for id in rule.explains {
                assert!(
                    ids.contains(id),
                    "{} explains {id}, which is no rule",
                    rule.id
                );
            }
        }
    }

    #[test]
    fn every_rule_says_what_a_reader_needs() {
        let complete = |rule: &Rule| {
            !rule.title.is_empty()
                && !rule.why.is_empty()
                && !rule.now.is_empty()
                && !rule.falsifier.is_empty()
                && !rule.kinds.is_empty()
                && rule.ladder.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1)
        };
        for rule in all() {
            assert!(complete(rule), "{} lacks something", rule.id);
            assert!((0.0..=1.0).contains(&rule.removable), "{}", rule.id);
        }
    }

    #[test]
    fn signatures_look_for_something() {
        for rule in all() {
            if let Look::Stacks(s) = &rule.look {
                let any = [s.any, s.boundary, s.leaf]
                    .iter()
                    .any(|list| !list.is_empty());
                assert!(any, "{} looks for nothing", rule.id);
            }
        }
    }
}
