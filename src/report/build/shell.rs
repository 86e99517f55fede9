//! Commands to copy.

use super::super::document::clean;

/// A file name as one word of a POSIX shell: quoted where needed, never read as a flag.
pub(crate) fn word(name: &str) -> String {
    let name = clean(name);
    let name = if name.starts_with('-') {
        format!("./{name}")
    } else {
        name
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/-+,:@=".contains(c);
    if !name.is_empty() && name.chars().all(plain) {
        return name;
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

/// Records a CPU profile, of a test or of a running service.
pub(super) const RECORD_CPU: &str = "\
go test -run='^$' -bench=. -cpuprofile=cpu.prof
curl -o cpu.pb.gz 'http://localhost:6060/debug/pprof/profile?seconds=30'";

/// Records allocations.
pub(super) const RECORD_MEMORY: &str = "\
go test -run='^$' -bench=. -memprofile=mem.prof
curl -o allocs.pb.gz http://localhost:6060/debug/pprof/allocs
curl -o heap.pb.gz 'http://localhost:6060/debug/pprof/heap?gc=1'";

/// Records goroutines.
pub(super) const RECORD_GOROUTINES: &str =
    "curl -o goroutine.pb.gz http://localhost:6060/debug/pprof/goroutine";

/// Records where goroutines wait. A service must have called `runtime.SetBlockProfileRate`.
pub(super) const RECORD_BLOCK: &str = "\
go test -run='^$' -bench=. -blockprofile=block.prof
curl -o block.pb.gz http://localhost:6060/debug/pprof/block";

/// Records who holds contended locks. A service must have called
/// `runtime.SetMutexProfileFraction`.
pub(super) const RECORD_MUTEX: &str = "\
go test -run='^$' -bench=. -mutexprofile=mutex.prof
curl -o mutex.pb.gz http://localhost:6060/debug/pprof/mutex";

/// Records a trace: of a benchmark, or of some seconds of a service.
pub(super) const RECORD_TRACE: &str = "\
go test -run='^$' -bench=. -trace=trace.out
curl -o trace.out 'http://localhost:6060/debug/pprof/trace?seconds=5'";

/// Measures two states and compares them.
pub(super) const BENCHMARK: &str = "\
go test -run='^$' -bench=. -benchmem -count=10 > old.txt
# make the change, then:
go test -run='^$' -bench=. -benchmem -count=10 > new.txt
benchstat old.txt new.txt";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_single_words() {
        assert_eq!(word("cpu.pb.gz"), "cpu.pb.gz");
        assert_eq!(word("-o x"), "'./-o x'");
        assert_eq!(word("a'b;$(rm)"), "'a'\\''b;$(rm)'");
        assert_eq!(word(""), "''");
        assert_eq!(word("a\nb"), "'a␊b'");
    }
}
