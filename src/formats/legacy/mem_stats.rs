//! The statistics at the end of Go's heap texts: `# HeapAlloc = 2906768`.

use super::lines::trim;
use crate::model::MemStats;

/// Entries of a ring of pauses: as many as the runtime keeps.
const PAUSES: usize = 256;

/// Takes a comment of a heap's text. The statistics begin with their title; what stands before is
/// something else.
pub(super) fn comment(stats: &mut Option<MemStats>, line: &[u8]) {
    if line == b"# runtime.MemStats" {
        stats.get_or_insert_default();
    } else if let (Some(stats), Some((name, value))) = (stats, entry(line)) {
        set(stats, name, value);
    }
}

/// `# NAME = VALUE`.
fn entry(line: &[u8]) -> Option<(&str, &str)> {
    let line = std::str::from_utf8(line.strip_prefix(b"# ")?).ok()?;
    line.split_once(" = ")
}

/// What is not a number changes nothing.
fn set(stats: &mut MemStats, name: &str, value: &str) {
    let mut other = 0;
    let place = match name {
        "Alloc" => &mut stats.alloc,
        "TotalAlloc" => &mut stats.total_alloc,
        "Sys" => &mut stats.sys,
        "Lookups" => &mut stats.lookups,
        "Mallocs" => &mut stats.mallocs,
        "Frees" => &mut stats.frees,
        "HeapAlloc" => &mut stats.heap_alloc,
        "HeapSys" => &mut stats.heap_sys,
        "HeapIdle" => &mut stats.heap_idle,
        "HeapInuse" => &mut stats.heap_inuse,
        "HeapReleased" => &mut stats.heap_released,
        "HeapObjects" => &mut stats.heap_objects,
        "BuckHashSys" => &mut stats.buck_hash_sys,
        "GCSys" => &mut stats.gc_sys,
        "OtherSys" => &mut stats.other_sys,
        "NextGC" => &mut stats.next_gc,
        "LastGC" => &mut stats.last_gc,
        "NumGC" => &mut stats.num_gc,
        "NumForcedGC" => &mut stats.num_forced_gc,
        "MaxRSS" => &mut stats.max_rss,
        _ => {
            set_other(stats, name, value);
            &mut other
        }
    };
    if let Ok(number) = value.trim().parse() {
        *place = number;
    }
}

/// Pairs, lists and what is no whole number.
fn set_other(stats: &mut MemStats, name: &str, value: &str) {
    match name {
        "Stack" => stats.stack = pair(value),
        "MSpan" => stats.mspan = pair(value),
        "MCache" => stats.mcache = pair(value),
        "PauseNs" => stats.pause_ns = list(value),
        "PauseEnd" => stats.pause_end = list(value),
        "GCCPUFraction" => {
            let fraction: f64 = value.trim().parse().unwrap_or_default();
            stats.gc_cpu_fraction = if fraction.is_finite() { fraction } else { 0.0 };
        }
        "DebugGC" => stats.debug_gc = trim(value.as_bytes()) == b"true",
        _ => {}
    }
}

/// `IN USE / OBTAINED`.
fn pair(value: &str) -> (u64, u64) {
    let number = |text: &str| text.trim().parse().unwrap_or_default();
    let (in_use, obtained) = value.split_once(" / ").unwrap_or((value, ""));
    (number(in_use), number(obtained))
}

/// `[1 2 3]`; the first that is no number ends it.
fn list(value: &str) -> Vec<u64> {
    let inner = value.trim().trim_start_matches('[').trim_end_matches(']');
    let numbers = inner.split_ascii_whitespace().take(PAUSES);
    numbers.map_while(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_read_line_by_line() {
        let mut stats = None;
        let text = "# Alloc = 1\n# runtime.MemStats\n# Alloc = 7\n# Stack = 3 / 4\n# LastGC = x\n\
                    # PauseNs = [8 61 0 0]\n# NumGC = 2\n# GCCPUFraction = 0.25\n# DebugGC = true\n\
                    # New = 5\n# MaxRSS = 99";
        text.lines()
            .for_each(|line| comment(&mut stats, line.as_bytes()));
        let stats = stats.unwrap();
        let expected = MemStats {
            alloc: 7,
            stack: (3, 4),
            pause_ns: vec![8, 61, 0, 0],
            num_gc: 2,
            gc_cpu_fraction: 0.25,
            debug_gc: true,
            max_rss: 99,
            ..MemStats::default()
        };
        assert_eq!(stats, expected);
        assert_eq!(stats.pauses(), [61, 8]);
    }

    #[test]
    fn pauses_beyond_the_ring_begin_at_the_latest() {
        let stats = MemStats {
            pause_ns: vec![40, 50, 30],
            num_gc: 5,
            ..MemStats::default()
        };
        assert_eq!(stats.pauses(), [50, 40, 30]);
        assert_eq!(MemStats::default().pauses(), [0; 0]);
    }
}
