//! N: benchmark results, of one file and before against after.

use super::super::case::Case;
use super::super::finding::{Evidence, Finding, Metric, Site, counted};
use super::super::rule::{Confidence, Rule, Severity};
use super::rule;
use crate::analysis::bench::facts::{
    AllocationChange, Change, Direction, Place, Suspicion, allocation_changes, changes, noise,
    suspicions, without_allocations,
};
use crate::analysis::bench::{BenchFile, BenchTable, CompareOptions, Projections, compare};
use crate::analysis::file_name;
use crate::model::{Benchmarks, Kind};
use crate::sort::sort_by;
use crate::unit;

/// Runs that an interval needs at 95 %.
const RUNS: usize = 6;
/// Benchmarks that a finding names.
const NAMED: usize = 3;
/// Share of changes that may be false among those that are reported.
const FALSE: f64 = 0.1;
/// Words in names of files that stand for the state before a change, and after it.
const BEFORE: [&str; 5] = ["before", "old", "base", "naive", "main"];
const AFTER: [&str; 5] = ["after", "new", "tuned", "head", "fixed"];

/// Benchmark results of a session, the state before the change first.
struct Results<'c, 'a> {
    cases: Vec<&'c Case<'a>>,
    files: Vec<&'c Benchmarks>,
    tables: Vec<BenchTable>,
}

pub(super) fn look(cases: &[Case<'_>], out: &mut Vec<Finding>) {
    let found = cases
        .iter()
        .enumerate()
        .filter(|(_, c)| c.kind() == Kind::Bench);
    let names: Vec<(usize, &str)> = found.map(|(at, case)| (at, case.file.name)).collect();
    for group in groups(&names) {
        let members: Vec<&Case<'_>> = group.into_iter().map(|at| &cases[at]).collect();
        look_at(&members, out);
    }
}

fn look_at(cases: &[&Case<'_>], out: &mut Vec<Finding>) {
    let Some(results) = Results::new(cases) else {
        return;
    };
    for column in 0..results.files.len() {
        out.extend(results.noisy(column));
        out.extend(results.suspicious(column));
        out.extend(results.changed(column, Direction::Regressed));
        out.extend(results.changed(column, Direction::Improved));
        out.extend(results.allocations(column, true));
        out.extend(results.allocations(column, false));
    }
}

/// Files with results, in groups that may be compared, the state before the change first. Two
/// recordings of one state, say with other profilers switched on, are no before and after: names
/// have to say so. They do by words (before, old; after, new), by the same name in two folders, or
/// by differing in nothing but digits (`go1.26.txt`, `go1.27.txt`).
pub(in super::super) fn groups(files: &[(usize, &str)]) -> Vec<Vec<usize>> {
    let mut order: Vec<(u8, &str, usize)> = files
        .iter()
        .map(|&(at, name)| (rank(name), name, at))
        .collect();
    order.sort_by_cached_key(|&(rank, name, at)| (rank, numbered(name), at));
    let mut groups: Vec<Vec<(u8, &str, usize)>> = Vec::new();
    for file in order {
        let own = groups
            .iter_mut()
            .find(|group| are_comparable(group[0], file));
        match own {
            Some(group) => group.push(file),
            None => groups.push(vec![file]),
        }
    }
    let places = |group: Vec<(u8, &str, usize)>| group.into_iter().map(|file| file.2).collect();
    groups.into_iter().map(places).collect()
}

fn are_comparable(base: (u8, &str, usize), other: (u8, &str, usize)) -> bool {
    let without_digits = |name: &str| -> String {
        let is_kept = |c: &char| !c.is_ascii_digit() && *c != '.';
        name.chars().filter(is_kept).collect()
    };
    base.0 == 0 && other.0 == 2
        || file_name(base.1) == file_name(other.1)
        || without_digits(base.1) == without_digits(other.1)
}

/// 0 for a name that says before, 2 for after, 1 for neither: by its own words, else by those of
/// its folders.
fn rank(name: &str) -> u8 {
    let mut parts = name.rsplit(['/', '\\']);
    parts.find_map(rank_of).unwrap_or(1)
}

fn rank_of(part: &str) -> Option<u8> {
    let lower = part.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let (mut before, mut after) = (false, false);
    for word in words.by_ref() {
        before |= BEFORE.contains(&word);
        after |= AFTER.contains(&word);
    }
    match (before, after) {
        (true, false) => Some(0),
        (false, true) => Some(2),
        _ => None,
    }
}

/// A name as people number it: runs of digits by their value.
pub(super) fn numbered(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (head, tail) = rest.split_at(text);
        let digits = tail
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (number, after) = tail.split_at(digits);
        parts.push((head.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    parts
}

impl<'c, 'a> Results<'c, 'a> {
    fn new(cases: &[&'c Case<'a>]) -> Option<Self> {
        let with: Vec<(&'c Case<'a>, &'c Benchmarks)> = cases
            .iter()
            .filter_map(|&case| Some((case, case.profile.benchmarks.as_deref()?)))
            .collect();
        if with.is_empty() {
            return None;
        }
        // Files of one name are different files all the same.
        let labels: Vec<String> = (0..with.len()).map(|at| at.to_string()).collect();
        let files: Vec<BenchFile<'_>> = with
            .iter()
            .zip(&labels)
            .map(|((_, benchmarks), label)| BenchFile { label, benchmarks })
            .collect();
        let options = CompareOptions::default();
        let tables = compare(&files, &Projections::by_package(), &options);
        let tables = tables.ok()?.tables;
        Some(Self {
            cases: with.iter().map(|(case, _)| *case).collect(),
            files: with.iter().map(|(_, benchmarks)| *benchmarks).collect(),
            tables,
        })
    }

    fn name(&self, place: Place) -> String {
        // Package and full name.
        let key = &self.tables[place.table].rows[place.row].key;
        String::from_utf8_lossy(&key[1]).into_owned()
    }

    /// The file that a cell is compared with.
    fn base_name(&self, place: Place) -> &str {
        let base = self.tables[place.table].columns[0].file;
        base.map_or("", |file| self.cases[file].file.name)
    }

    fn unit(&self, place: Place) -> String {
        String::from_utf8_lossy(&self.tables[place.table].unit).into_owned()
    }

    /// A finding about some benchmarks of a file.
    fn finding(
        &self,
        rule: &'static Rule,
        severity: Severity,
        column: usize,
        (value, text): (f64, String),
        rows: &[(Place, String)],
    ) -> Finding {
        let metric = Metric {
            value,
            interval: None,
            threshold: rule.threshold(),
            text,
        };
        let runs = self.files[column].results.len() as u64;
        let site = |(place, value): &(Place, String)| Site {
            function: self.name(*place),
            value: value.clone(),
            ..Site::default()
        };
        let evidence = Evidence {
            places: rows.iter().take(NAMED).map(site).collect(),
            functions: rows
                .iter()
                .take(1)
                .map(|(p, _)| self.name(*p).into_bytes())
                .collect(),
            of_samples: runs,
            sample_type: rows
                .first()
                .map_or_else(String::new, |(p, _)| self.unit(*p)),
            ..counted(self.cases[column], metric, runs)
        };
        let mut finding = Finding::new(rule, severity, Confidence::High, evidence);
        if rows.len() > NAMED {
            let more = format!("{} more benchmarks.", rows.len() - NAMED);
            finding.evidence[0].notes.push(more);
        }
        finding
    }

    /// N01: too few runs for an interval, or a wide one.
    fn noisy(&self, column: usize) -> Option<Finding> {
        let rule = rule("N01")?;
        let own = noise(&self.tables);
        let times: Vec<_> = own
            .into_iter()
            .filter(|n| {
                n.place.file(&self.tables) == Some(column)
                    && self.tables[n.place.table].unit == b"sec/op"
            })
            .collect();
        let few: Vec<(Place, String)> = times
            .iter()
            .filter(|n| n.n < RUNS)
            .map(|n| (n.place, unit::plural(n.n as u64, "run")))
            .collect();
        if !few.is_empty() {
            let text = format!(
                "{} with fewer than {RUNS} runs: no interval can be given",
                unit::plural(few.len() as u64, "benchmark")
            );
            let count = few.len() as f64;
            let mut finding = self.finding(rule, Severity::Info, column, (count, text), &few);
            finding.title = "Too few runs to tell a change from chance".to_owned();
            return Some(finding);
        }
        let mut wide: Vec<(f64, Place, String)> = times
            .iter()
            .filter_map(|n| {
                let half = n.half_width.filter(|half| *half > rule.threshold())?;
                Some((half, n.place, format!("±{:.0}%", half * 100.0)))
            })
            .collect();
        sort_by(&mut wide, &|a, b| {
            b.0.total_cmp(&a.0)
                .then_with(|| self.name(a.1).cmp(&self.name(b.1)))
        });
        let worst = wide.first()?.0;
        let severity = rule.severity(worst)?;
        let text = format!(
            "{} beyond 5% of noise, the worst ±{:.0}%",
            unit::plural(wide.len() as u64, "benchmark"),
            worst * 100.0
        );
        let rows: Vec<(Place, String)> = wide.into_iter().map(|(_, p, t)| (p, t)).collect();
        Some(self.finding(rule, severity, column, (worst, text), &rows))
    }

    /// N02, one finding for what got worse and one for what got better.
    fn changed(&self, column: usize, direction: Direction) -> Option<Finding> {
        let rule = rule("N02")?;
        let is_meant = |change: &Change| {
            let by = change.delta.unwrap_or(1.0).abs();
            let beyond_noise =
                change.apart || change.half_width.is_none_or(|half| by >= 2.0 * half);
            change.place.file(&self.tables) == Some(column)
                && change.direction == direction
                && change.q <= FALSE
                && by >= rule.threshold()
                && beyond_noise
                && !matches!(self.unit(change.place).as_str(), "B/op" | "allocs/op")
        };
        let mut found: Vec<Change> = changes(&self.tables).into_iter().filter(is_meant).collect();
        sort_by(&mut found, &|a, b| {
            let by = |c: &Change| c.delta.unwrap_or(1.0).abs();
            by(b)
                .total_cmp(&by(a))
                .then_with(|| self.name(a.place).cmp(&self.name(b.place)))
        });
        let worst = found.first()?.delta.unwrap_or(1.0).abs();
        let is_worse = direction == Direction::Regressed;
        let severity = match is_worse {
            true => rule.severity(worst)?,
            false => Severity::Info,
        };
        let rows: Vec<(Place, String)> = found
            .iter()
            .map(|c| (c.place, self.change_text(c)))
            .collect();
        let verb = if is_worse { "slower" } else { "better" };
        let text = format!(
            "{} {verb} than in {}; {}",
            unit::plural(rows.len() as u64, "benchmark"),
            self.base_name(found[0].place),
            rows[0].1
        );
        let mut finding = self.finding(rule, severity, column, (worst, text), &rows);
        if !is_worse {
            finding.title = "Benchmarks got better".to_owned();
        }
        let (n, p) = (found[0].n, found[0].p);
        finding.evidence[0]
            .notes
            .push(format!("Mann-Whitney U test, p={p:.3}, n={}+{}.", n.0, n.1));
        Some(finding)
    }

    /// How much, and at least how much: the factor between the near ends of both intervals.
    fn change_text(&self, change: &Change) -> String {
        let table = &self.tables[change.place.table];
        let cells = &table.rows[change.place.row].cells;
        let delta = change.delta.unwrap_or(0.0) * 100.0;
        let sign = if delta > 0.0 { "+" } else { "−" };
        let mut text = format!("{sign}{:.1}% {}", delta.abs(), self.unit(change.place));
        let (Some(old), Some(new)) = (&cells[0], &cells[change.place.column]) else {
            return text;
        };
        let (old, new) = (&old.summary, &new.summary);
        if change.apart && new.center > 0.0 && old.center > 0.0 {
            let (about, least) = match new.center < old.center {
                true => (old.center / new.center, old.low / new.high),
                false => (new.center / old.center, new.low / old.high),
            };
            text.push_str(&format!(
                ", about {about:.1} times, at least {least:.1} times"
            ));
        }
        text
    }

    /// N03.
    fn allocations(&self, column: usize, more: bool) -> Option<Finding> {
        let rule = rule("N03")?;
        let mut found: Vec<AllocationChange> = allocation_changes(&self.tables)
            .into_iter()
            .filter(|c| c.place.file(&self.tables) == Some(column) && (c.new > c.old) == more)
            .filter(|c| self.unit(c.place) == "allocs/op")
            .collect();
        sort_by(&mut found, &|a, b| {
            let by = |c: &AllocationChange| (c.new - c.old).abs();
            by(b)
                .total_cmp(&by(a))
                .then_with(|| self.name(a.place).cmp(&self.name(b.place)))
        });
        let first = found.first()?;
        let by = (first.new - first.old).abs();
        let rows: Vec<(Place, String)> = found
            .iter()
            .map(|c| (c.place, format!("{} → {} allocs/op", c.old, c.new)))
            .collect();
        let severity = if more {
            Severity::Medium
        } else {
            Severity::Info
        };
        let text = format!(
            "{} {}: {}",
            unit::plural(rows.len() as u64, "benchmark"),
            if more {
                "with more allocations"
            } else {
                "with fewer allocations"
            },
            rows[0].1
        );
        let mut finding = self.finding(rule, severity, column, (by, text), &rows);
        if !more {
            finding.title = "Benchmarks allocate less".to_owned();
        }
        Some(finding)
    }

    /// N04.
    fn suspicious(&self, column: usize) -> Option<Finding> {
        let rule = rule("N04")?;
        let mut severity = Severity::Info;
        let mut rows: Vec<(Place, String)> = Vec::new();
        for (place, suspicion) in suspicions(&self.tables, &self.files) {
            if place.file(&self.tables) != Some(column) {
                continue;
            }
            let (step, text) = match suspicion {
                Suspicion::Elided { seconds } => (
                    Severity::Medium,
                    format!(
                        "{:.2} ns per operation: nothing can be done in that time",
                        seconds * 1e9
                    ),
                ),
                Suspicion::OneIteration { runs, .. } => (
                    Severity::Info,
                    format!("a single iteration in {}", unit::plural(runs as u64, "run")),
                ),
                Suspicion::IndependentOfIterations { least, most, .. } => (
                    Severity::Medium,
                    format!(
                        "as long for {least} as for {most} iterations: the loop does not do the work"
                    ),
                ),
            };
            severity = severity.max(step);
            rows.push((place, text));
        }
        if rows.is_empty() {
            if !without_allocations(&self.tables).contains(&column) {
                return None;
            }
            let text = "no allocations recorded: run with -benchmem".to_owned();
            let mut finding = self.finding(rule, Severity::Info, column, (0.0, text), &[]);
            finding.title = "Benchmarks without allocations".to_owned();
            return Some(finding);
        }
        let text = format!(
            "{}; {}",
            unit::plural(rows.len() as u64, "benchmark"),
            rows[0].1
        );
        let count = rows.len() as f64;
        Some(self.finding(rule, severity, column, (count, text), &rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_say_so_are_before_and_after() {
        let grouped = |names: &[&'static str]| -> Vec<Vec<&'static str>> {
            let files: Vec<(usize, &str)> = names.iter().copied().enumerate().collect();
            let groups = groups(&files);
            groups
                .into_iter()
                .map(|group| group.into_iter().map(|at| names[at]).collect())
                .collect()
        };
        assert_eq!(
            grouped(&["after.txt", "before.txt"]),
            [["before.txt", "after.txt"]]
        );
        assert_eq!(grouped(&["b/x.txt", "a/x.txt"]), [["a/x.txt", "b/x.txt"]]);
        assert_eq!(
            grouped(&["go1.27.3.txt", "go1.26.6.txt"]),
            [["go1.26.6.txt", "go1.27.3.txt"]]
        );
        assert_eq!(
            grouped(&["go1.10.txt", "go1.9.txt"]),
            [["go1.9.txt", "go1.10.txt"]]
        );
        assert_eq!(
            grouped(&["after/bench.txt", "before/bench.txt"]),
            [["before/bench.txt", "after/bench.txt"]]
        );
        // Words, not letters: neither base nor head.
        assert_eq!(grouped(&["database.txt", "overhead.txt"]).len(), 2);
        assert_eq!(
            grouped(&["bench-cpu-mem.txt", "bench-block-mutex.txt"]),
            [["bench-block-mutex.txt"], ["bench-cpu-mem.txt"]]
        );
    }
}
