//! What a difference means.

use super::facts::{Place, adjusted, agreed, cells_of, is_allocation};
use super::{
    Assume, BenchCell, BenchTable, Better, Difference, RatioInterval, RatioIntervals, Warning,
    median, samples_for_test,
};

/// How differences are judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JudgeOptions {
    /// Level of the intervals of ratios.
    pub confidence: f64,
    /// The share of false ones that is accepted among differences that are called such.
    pub alpha: f64,
    /// Differences up to this share matter to nobody: 0.02 is 2 %.
    pub margin: f64,
}

impl Default for JudgeOptions {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            alpha: 0.05,
            margin: 0.0,
        }
    }
}

/// What a difference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// To the better side of its unit, by more than the margin.
    Better,
    /// To the worse side, by more than the margin.
    Worse,
    /// By more than the margin; nobody said which side is better.
    Changed,
    /// Not at all, or by no more than the margin.
    Same,
    /// The samples do not tell.
    Unknown,
}

/// A difference with what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The cell that is compared with the first of its row.
    pub place: Place,
    /// What it means.
    pub verdict: Verdict,
    /// The ratio to the first; `None` where a value is not above 0.
    pub ratio: Option<RatioInterval>,
    /// The probability of such samples without a difference, considering how many of the unit
    /// were compared; 0 for an exact unit.
    pub q: f64,
    /// How far the middles are apart, in median absolute deviations of both samples; `None` where
    /// these do not vary.
    pub shift: Option<f64>,
    /// All runs of either side agree, and not with those of the other: no test is needed.
    pub is_certain: bool,
}

/// Judges all cells that are compared, in the order of tables, rows and columns. What comes out
/// does not depend on which side is the first: swapped, better is worse.
pub fn judge(tables: &[BenchTable], options: &JudgeOptions) -> Vec<Judgement> {
    let mut intervals = RatioIntervals::new(options.confidence);
    let mut found = Vec::new();
    let mut p = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        for (place, cell) in cells_of(index, table) {
            let base = table.rows[place.row].cells[0].as_ref();
            let (Some(base), Some(difference)) = (base, &cell.difference) else {
                continue;
            };
            p.push(difference.two_sided);
            found.push(Judgement {
                place,
                verdict: Verdict::Unknown,
                ratio: ratio(table, base, cell, &mut intervals),
                q: difference.two_sided,
                shift: shift(base, cell),
                is_certain: is_certain(table, base, cell, difference),
            });
        }
    }
    let places: Vec<Place> = found.iter().map(|judged| judged.place).collect();
    let q = adjusted(tables, places.into_iter(), &p);
    for (judged, q) in found.iter_mut().zip(q) {
        judged.q = q;
        let Place { table, row, column } = judged.place;
        let cells = &tables[table].rows[row].cells;
        if let (Some(old), Some(new)) = (&cells[0], &cells[column]) {
            judged.verdict = verdict(&tables[table], judged, old, new, options);
        }
    }
    found
}

/// The judgement of a column among those of one row.
pub fn judged_column(of_row: &[Judgement], column: usize) -> Option<&Judgement> {
    let at = of_row.binary_search_by_key(&column, |judged| judged.place.column);
    at.ok().map(|at| &of_row[at])
}

/// The judgements of a row among those of its table.
pub fn judged_row(of_table: &[Judgement], row: usize) -> &[Judgement] {
    let from = of_table.partition_point(|judged| judged.place.row < row);
    let to = of_table.partition_point(|judged| judged.place.row <= row);
    &of_table[from..to]
}

/// How many comparisons can look different by chance: those that are tested, of so many samples
/// that the test can fall to `alpha`, and that vary.
pub fn chances(tables: &[BenchTable], judged: &[Judgement], alpha: f64) -> usize {
    let need = samples_for_test(alpha);
    let can = |judged: &&Judgement| {
        let Place { table, row, column } = judged.place;
        let cell = tables[table].rows[row].cells[column].as_ref();
        let found = cell.and_then(|cell| cell.difference.as_ref());
        found.is_some_and(|found| {
            let is_enough = need.is_some_and(|need| found.n.min(found.n_base) >= need);
            is_enough && !found.exact_unit && !found.warnings.contains(&Warning::AllEqual)
        })
    };
    judged.iter().filter(can).count()
}

/// Of an exact unit the ratio is that of the values, and needs no interval.
fn ratio(
    table: &BenchTable,
    base: &BenchCell,
    cell: &BenchCell,
    intervals: &mut RatioIntervals,
) -> Option<RatioInterval> {
    if table.properties.assume == Assume::Nothing {
        return intervals.interval(&base.samples, &cell.samples);
    }
    let ratio = cell.summary.center / base.summary.center;
    (ratio > 0.0 && ratio.is_finite()).then_some(RatioInterval {
        ratio,
        low: ratio,
        high: ratio,
        level: 1.0,
    })
}

/// Numbers of allocations do not vary with the machine. One run of each side may be by chance what
/// it is all the same.
fn is_certain(
    table: &BenchTable,
    base: &BenchCell,
    cell: &BenchCell,
    difference: &Difference,
) -> bool {
    if difference.exact_unit {
        return base.summary.center != cell.summary.center;
    }
    let differ = agreed(base).zip(agreed(cell)).is_some_and(|(a, b)| a != b);
    is_allocation(&table.unit) && differ && base.samples.len() > 1 && cell.samples.len() > 1
}

fn shift(base: &BenchCell, cell: &BenchCell) -> Option<f64> {
    let mut away: Vec<f64> = [base, cell]
        .into_iter()
        .flat_map(|cell| cell.samples.iter().map(|x| (x - cell.summary.center).abs()))
        .collect();
    if away.iter().any(|x| !x.is_finite()) {
        return None;
    }
    away.sort_by(f64::total_cmp);
    let spread = median(&away);
    (spread > 0.0).then(|| (cell.summary.center - base.summary.center) / spread)
}

fn verdict(
    table: &BenchTable,
    judged: &Judgement,
    old: &BenchCell,
    new: &BenchCell,
    options: &JudgeOptions,
) -> Verdict {
    let (before, after) = (old.summary.center, new.summary.center);
    let differs = judged.is_certain || judged.q <= options.alpha;
    let Some(ratio) = judged.ratio else {
        // From or to nothing there is no share, and no margin.
        return match () {
            () if agreed(old).is_some() && agreed(old) == agreed(new) => Verdict::Same,
            () if differs && before != after => direction(table, after > before),
            () => Verdict::Unknown,
        };
    };
    // A factor, so that it is the same in both directions.
    let most = 1.0 + options.margin.max(0.0);
    let is_inside = ratio.high <= most && ratio.low >= 1.0 / most;
    let is_outside = ratio.low > most || ratio.high < 1.0 / most;
    // Without a margin only what does not vary at all is the same, or what the test agrees with.
    if is_inside && (options.margin > 0.0 || !differs) {
        return Verdict::Same;
    }
    // Without a margin the test decides: with equal values an interval may touch 1 all the same.
    // Medians that say the opposite of the ratios say nothing.
    let agree = (ratio.ratio > 1.0) == (after > before) && ratio.ratio != 1.0 && after != before;
    let is_told = is_outside || options.margin <= 0.0 || judged.is_certain && beyond(&ratio, most);
    match differs && agree && is_told {
        true => direction(table, after > before),
        false => Verdict::Unknown,
    }
}

fn beyond(ratio: &RatioInterval, most: f64) -> bool {
    ratio.ratio > most || ratio.ratio < 1.0 / most
}

fn direction(table: &BenchTable, is_more: bool) -> Verdict {
    match (table.properties.better, is_more) {
        (Better::Unknown, _) => Verdict::Changed,
        (Better::Lower, false) | (Better::Higher, true) => Verdict::Better,
        _ => Verdict::Worse,
    }
}
