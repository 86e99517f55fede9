//! What a comparison says, in words.

use std::collections::BTreeMap;

use super::{Scale, lossy};
use crate::analysis::bench::facts::Place;
use crate::analysis::bench::{
    BenchCell, BenchTable, Better, Judgement, Quality, RatioInterval, Verdict,
};
use crate::unit;

/// What more and what less of a unit is called.
fn more_and_less(unit: &[u8]) -> (&'static str, &'static str) {
    match unit {
        b"sec/op" | b"ns/op" => ("slower", "faster"),
        b"B/op" => ("more memory", "less memory"),
        b"allocs/op" => ("more allocations", "fewer allocations"),
        b"B/s" | b"MB/s" => ("faster", "slower"),
        _ if unit.ends_with(b"/s") || unit.ends_with(b"/sec") => ("higher rate", "lower rate"),
        _ if is_time(unit) => ("longer", "shorter"),
        _ => ("more", "less"),
    }
}

fn is_time(unit: &[u8]) -> bool {
    let mut tokens = unit.split(|b| matches!(b, b'*' | b'/' | b'-'));
    tokens.any(|token| matches!(token, b"sec" | b"ns"))
}

/// What a difference means in one or two words: `faster`, `more allocations`, `cannot tell`; `is_more`
/// says which way it went.
pub fn verdict_words(unit: &[u8], verdict: Verdict, is_more: bool) -> &'static str {
    let (more, less) = more_and_less(unit);
    match verdict {
        Verdict::Same => "no difference",
        Verdict::Unknown => "cannot tell",
        _ if is_more => more,
        _ => less,
    }
}

/// A ratio as a change with its interval: `−15.1% (−16.0% to −14.2%)`; an interval without ends is
/// left out.
pub fn ratio_words(ratio: &RatioInterval) -> String {
    let middle = percent(ratio.ratio);
    if !ratio.has_ends() {
        return middle;
    }
    format!(
        "{middle} ({} to {})",
        percent(ratio.low),
        percent(ratio.high)
    )
}

/// A factor as a change; as a factor where it is large.
fn percent(ratio: f64) -> String {
    let by = (ratio - 1.0) * 100.0;
    match by {
        _ if ratio >= 10.0 => format!("×{ratio:.1}"),
        _ if by.abs() < 0.05 => "0%".to_owned(),
        _ if by < 0.0 => format!("−{:.1}%", -by),
        _ => format!("+{by:.1}%"),
    }
}

/// How many differences of one unit mean what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The unit.
    pub unit: Vec<u8>,
    /// Number of cells that were compared.
    pub compared: usize,
    /// Of them those to the better side.
    pub better: usize,
    /// To the worse side.
    pub worse: usize,
    /// Beyond chance, of a unit without a better side.
    pub changed: usize,
    /// Without a difference that matters.
    pub same: usize,
    /// Of which the samples do not tell.
    pub unknown: usize,
    /// Whether more of the unit is better; `None` if nobody said.
    pub more_is_better: Option<bool>,
}

/// The differences of all tables by unit, in the order of units.
pub fn tallies(tables: &[BenchTable], judged: &[Judgement]) -> Vec<Tally> {
    let mut found: Vec<Tally> = Vec::new();
    let mut places: BTreeMap<&[u8], usize> = BTreeMap::new();
    for judgement in judged {
        let Place { table, .. } = judgement.place;
        let table = &tables[table];
        let at = match places.get(table.unit.as_slice()) {
            Some(&at) => at,
            None => {
                places.insert(&table.unit, found.len());
                found.push(Tally {
                    unit: table.unit.clone(),
                    more_is_better: match table.properties.better {
                        Better::Higher => Some(true),
                        Better::Lower => Some(false),
                        Better::Unknown => None,
                    },
                    ..Tally::default()
                });
                found.len() - 1
            }
        };
        let tally = &mut found[at];
        tally.compared += 1;
        *match judgement.verdict {
            Verdict::Better => &mut tally.better,
            Verdict::Worse => &mut tally.worse,
            Verdict::Changed => &mut tally.changed,
            Verdict::Same => &mut tally.same,
            Verdict::Unknown => &mut tally.unknown,
        } += 1;
    }
    found
}

/// What each number of a tally is called: better, worse, changed, same, unknown.
pub fn tally_labels(tally: &Tally) -> [&'static str; 5] {
    let (more, less) = more_and_less(&tally.unit);
    let (better, worse) = match tally.more_is_better {
        Some(true) => (more, less),
        _ => (less, more),
    };
    [better, worse, "changed", "no difference", "cannot tell"]
}

/// `sec/op: 5 faster, 1 slower, 2 no difference, 4 cannot tell`.
pub fn tally_words(tally: &Tally) -> String {
    let counts = [
        tally.better,
        tally.worse,
        tally.changed,
        tally.same,
        tally.unknown,
    ];
    let parts = counts.into_iter().zip(tally_labels(tally));
    let parts = parts.filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    format!("{}: {}", lossy(&tally.unit), parts.join(", "))
}

/// A cell's samples in numbers: name and value.
pub fn summary_facts(cell: &BenchCell, scale: &Scale) -> Vec<(&'static str, String)> {
    let mut sorted = cell.samples.clone();
    sorted.sort_by(f64::total_cmp);
    let summary = &cell.summary;
    let mut facts = vec![
        ("Runs", summary.n.to_string()),
        ("Median", scale.format(summary.center)),
    ];
    if summary.low.is_finite() && summary.high.is_finite() {
        let interval = format!(
            "{} to {}",
            scale.format(summary.low),
            scale.format(summary.high)
        );
        facts.push(("Interval", interval));
        facts.push(("Level of it", format!("{:.1}%", summary.level * 100.0)));
    }
    if let [first, .., last] = sorted.as_slice() {
        facts.push(("Smallest", scale.format(*first)));
        facts.push(("Largest", scale.format(*last)));
        let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
        let squares: f64 = sorted.iter().map(|x| (x - mean).powi(2)).sum();
        let deviation = (squares / (sorted.len() - 1) as f64).sqrt();
        facts.push(("Mean", scale.format(mean)));
        if mean != 0.0 && deviation.is_finite() {
            facts.push((
                "Standard deviation",
                format!("{:.1}% of the mean", deviation / mean.abs() * 100.0),
            ));
        }
    }
    facts
}

/// What is odd about samples, one sentence each.
pub fn quality_words(quality: &Quality) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(drift) = quality.drift {
        let by = drift.change * 100.0;
        let direction = if by < 0.0 { "fall" } else { "rise" };
        words.push(format!(
            "Values {direction} from run to run: the second half is {} the first (Mann-Kendall, p={:.3}). \
             Something else than the code changed; alternate the runs of both states.",
            match by.abs() {
                by if by < 0.05 => "about".to_owned(),
                by => format!("{by:.1}% {}", if drift.change < 0.0 { "below" } else { "above" }),
            },
            drift.p
        ));
    }
    if let Some((low, high)) = quality.groups {
        words.push(format!(
            "Values fall into two groups with nothing between, the upper one at {:.2} times the lower: \
             the runs are of two situations, and a median is of one of them.",
            high / low
        ));
    }
    if quality.far_outliers > 0 {
        words.push(format!(
            "{} far off, beyond three times the distance of the quartiles; medians bear that.",
            unit::plural(quality.far_outliers as u64, "run")
        ));
    } else if quality.outliers > 0 {
        words.push(format!(
            "{} off, beyond one and a half times the distance of the quartiles.",
            unit::plural(quality.outliers as u64, "run")
        ));
    }
    words
}
