//! What is noteworthy about benchmark results, in numbers: how noisy they are, what changed, what
//! allocates differently, and what cannot have been measured as it says. Thresholds and words are
//! the caller's.

use std::collections::BTreeMap;

use super::{Assume, BenchCell, BenchTable, Better, Delta, Origin, RelativeRange, relative_range};
use crate::model::Benchmarks;

/// Where a fact is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Row of the tables.
    pub table: usize,
    /// Row of [`BenchTable::rows`].
    pub row: usize,
    /// Row of [`BenchTable::columns`].
    pub column: usize,
}

impl Place {
    /// The file that its column is from; `None` if several are.
    pub fn file(self, tables: &[BenchTable]) -> Option<usize> {
        tables[self.table].columns[self.column].file
    }
}

/// How noisy a cell is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// The cell.
    pub place: Place,
    /// Number of samples.
    pub n: usize,
    /// How far the interval of the median reaches, as a share of it; `None` without an interval,
    /// which is with few samples or on both sides of 0.
    pub half_width: Option<f64>,
}

/// The noise of all cells of units that vary; neither of those said to be exact nor of
/// allocations.
pub fn noise(tables: &[BenchTable]) -> Vec<Noise> {
    let mut found = Vec::new();
    for (place, cell) in cells(tables) {
        let table = &tables[place.table];
        if table.properties.assume == Assume::Exact || is_allocation(&table.unit) {
            continue;
        }
        found.push(Noise {
            place,
            n: cell.summary.n,
            half_width: half_width(cell),
        });
    }
    found
}

/// Which way a value went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the better side of its unit.
    Improved,
    /// To the worse side.
    Regressed,
    /// Nobody knows which side is better.
    Changed,
    /// Not at all, or there is too little to tell.
    Unchanged,
}

/// How a cell differs from the base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The cell that is compared.
    pub place: Place,
    /// New middle over old, less 1; `None` from 0.
    pub delta: Option<f64>,
    /// The probability of such samples without a difference.
    pub p: f64,
    /// The same when it is considered how many were tested: the share of false ones among all
    /// that look at least as different, by Benjamini and Hochberg, over all of the unit.
    pub q: f64,
    /// Which way it went, if the difference is significant.
    pub direction: Direction,
    /// The larger half width of both intervals; `None` where one has no interval.
    pub half_width: Option<f64>,
    /// The intervals have nothing in common. Where runs vary by half their median, this is what
    /// tells a change apart from that: something ten times as fast is only 90 % less.
    pub apart: bool,
    /// Samples of the base and of the cell.
    pub n: (usize, usize),
}

/// All cells that are compared with a base, allocations among them.
pub fn changes(tables: &[BenchTable]) -> Vec<Change> {
    let mut found = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        for (place, cell) in cells_of(index, table) {
            let base = table.rows[place.row].cells[0].as_ref();
            if let (Some(difference), Some(base)) = (&cell.difference, base) {
                let (own, of_base) = (half_width(cell), half_width(base));
                found.push(Change {
                    place,
                    delta: match difference.delta {
                        Delta::Same => Some(0.0),
                        Delta::FromZero => None,
                        Delta::Change(by) => Some(by),
                    },
                    p: difference.two_sided,
                    q: difference.two_sided,
                    direction: direction(table, base, cell, difference.significant),
                    half_width: own.zip(of_base).map(|(a, b)| a.max(b)),
                    apart: cell.summary.high < base.summary.low
                        || base.summary.high < cell.summary.low,
                    n: (difference.n_base, difference.n),
                });
            }
        }
    }
    let p: Vec<f64> = found.iter().map(|change| change.p).collect();
    let q = adjusted(tables, found.iter().map(|change| change.place), &p);
    for (change, q) in found.iter_mut().zip(q) {
        change.q = q;
    }
    found
}

fn direction(
    table: &BenchTable,
    base: &BenchCell,
    cell: &BenchCell,
    significant: bool,
) -> Direction {
    let (old, new) = (base.summary.center, cell.summary.center);
    if !significant || old == new {
        return Direction::Unchanged;
    }
    match (table.properties.better, new < old) {
        (Better::Unknown, _) => Direction::Changed,
        (Better::Lower, true) | (Better::Higher, false) => Direction::Improved,
        _ => Direction::Regressed,
    }
}

/// Of differences with these p, the share of false ones among all of the same unit that look at
/// least as different: by Benjamini and Hochberg.
pub(super) fn adjusted(
    tables: &[BenchTable],
    places: impl Iterator<Item = Place>,
    p: &[f64],
) -> Vec<f64> {
    let mut by_unit: BTreeMap<&[u8], Vec<u32>> = BTreeMap::new();
    for (row, place) in (0..).zip(places) {
        by_unit
            .entry(&tables[place.table].unit)
            .or_default()
            .push(row);
    }
    let mut q = p.to_vec();
    for mut rows in by_unit.into_values() {
        crate::sort::sort_ids(&mut rows, &|a, b| p[a as usize].total_cmp(&p[b as usize]));
        // From the least different on: of m tests the k-th smallest p stands for p·m/k, and none
        // for more than one that is less different.
        let (count, mut least) = (rows.len() as f64, 1.0_f64);
        for (k, &row) in rows.iter().enumerate().rev() {
            least = least.min(p[row as usize] * count / (k + 1) as f64);
            q[row as usize] = least;
        }
    }
    q
}

/// Allocations that are not what they were, in every run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AllocationChange {
    /// The cell that is compared.
    pub place: Place,
    /// The value of all runs of the base.
    pub old: f64,
    /// The value of all runs of the cell.
    pub new: f64,
    /// Runs of the base and of the cell; one of each agrees with itself.
    pub n: (usize, usize),
}

/// Changes of at least 1 in units of allocation where all runs of either side agree. No test is
/// needed for them, however noisy the times are.
pub fn allocation_changes(tables: &[BenchTable]) -> Vec<AllocationChange> {
    let mut found = Vec::new();
    for (place, cell) in cells(tables) {
        let table = &tables[place.table];
        let base = table.rows[place.row].cells[0].as_ref();
        let Some(base) = base.filter(|_| is_allocation(&table.unit) && place.column > 0) else {
            continue;
        };
        if let (Some(old), Some(new)) = (agreed(base), agreed(cell))
            && (new - old).abs() >= 1.0
        {
            found.push(AllocationChange {
                place,
                old,
                new,
                n: (base.samples.len(), cell.samples.len()),
            });
        }
    }
    found
}

/// The one value of all samples.
pub(super) fn agreed(cell: &BenchCell) -> Option<f64> {
    let (&first, rest) = cell.samples.split_first()?;
    rest.iter().all(|&other| other == first).then_some(first)
}

/// Why a benchmark is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Suspicion {
    /// Less time than an instruction takes: the compiler removed the work, or it was done before.
    Elided {
        /// Seconds per operation.
        seconds: f64,
    },
    /// Only one iteration in some run, so its warm-up is in the number.
    OneIteration {
        /// In how many runs.
        runs: usize,
        /// Seconds that an operation took.
        seconds: f64,
    },
    /// The whole run takes as long whatever the number of iterations, so the loop does not do the
    /// work.
    IndependentOfIterations {
        /// The smallest number of iterations.
        least: i64,
        /// The largest.
        most: i64,
        /// Seconds of a whole run.
        seconds: f64,
    },
}

/// Below this many seconds per operation nothing can have been done: half a nanosecond.
const ELIDED: f64 = 0.5e-9;
/// Numbers of iterations have to differ by this factor before time is expected to.
const SPREAD: f64 = 1.5;
/// And a whole run's time may then differ by this factor to count as equal.
const EQUAL: f64 = 1.1;

/// Benchmarks that are not to be believed, by their times and iterations. `files` are those that
/// were compared.
pub fn suspicions(tables: &[BenchTable], files: &[&Benchmarks]) -> Vec<(Place, Suspicion)> {
    let mut found = Vec::new();
    for (place, cell) in cells(tables) {
        if tables[place.table].unit != b"sec/op" {
            continue;
        }
        let iterations = |from: &Origin| {
            let file = files.get(from.file as usize)?;
            let result = file.results.get(from.result as usize)?;
            Some(result.iterations)
        };
        let iterations: Vec<i64> = cell.origins.iter().filter_map(iterations).collect();
        if cell.summary.center < ELIDED && cell.summary.center >= 0.0 {
            let seconds = cell.summary.center;
            found.push((place, Suspicion::Elided { seconds }));
        }
        let runs = iterations.iter().filter(|&&n| n == 1).count();
        if runs > 0 {
            let seconds = cell.summary.center;
            found.push((place, Suspicion::OneIteration { runs, seconds }));
        }
        found.extend(independent(&cell.samples, &iterations).map(|suspicion| (place, suspicion)));
    }
    found
}

fn independent(seconds: &[f64], iterations: &[i64]) -> Option<Suspicion> {
    let (&least, &most) = (iterations.iter().min()?, iterations.iter().max()?);
    if least < 1 || (most as f64) < least as f64 * SPREAD {
        return None;
    }
    let whole = seconds.iter().zip(iterations).map(|(s, &n)| s * n as f64);
    let (low, high) = whole.fold((f64::INFINITY, 0.0_f64), |(low, high), run| {
        (low.min(run), high.max(run))
    });
    (low > 0.0 && high <= low * EQUAL).then_some(Suspicion::IndependentOfIterations {
        least,
        most,
        seconds: low,
    })
}

/// The files with times but without any allocations: `-benchmem` was not given.
pub fn without_allocations(tables: &[BenchTable]) -> Vec<usize> {
    let of = |unit: &[u8]| -> Vec<usize> {
        let own = tables.iter().filter(|table| table.unit == unit);
        own.flat_map(|table| table.columns.iter().filter_map(|column| column.file))
            .collect()
    };
    let (mut found, with) = (of(b"sec/op"), of(b"allocs/op"));
    found.retain(|file| !with.contains(file));
    found.sort_unstable();
    found.dedup();
    found
}

pub(super) fn is_allocation(unit: &[u8]) -> bool {
    unit == b"allocs/op" || unit == b"B/op"
}

fn half_width(cell: &BenchCell) -> Option<f64> {
    let summary = &cell.summary;
    match relative_range(summary.center, summary.low, summary.high) {
        RelativeRange::Share(share) => Some(share.abs()),
        _ => None,
    }
}

fn cells(tables: &[BenchTable]) -> impl Iterator<Item = (Place, &BenchCell)> {
    tables
        .iter()
        .enumerate()
        .flat_map(|(index, table)| cells_of(index, table))
}

pub(super) fn cells_of(
    index: usize,
    table: &BenchTable,
) -> impl Iterator<Item = (Place, &BenchCell)> {
    table.rows.iter().enumerate().flat_map(move |(row, cells)| {
        let cells = cells.cells.iter().enumerate();
        cells.filter_map(move |(column, cell)| {
            let place = Place {
                table: index,
                row,
                column,
            };
            Some((place, cell.as_ref()?))
        })
    })
}
