//! Pictures of a trace: what the procs did over time, how long waits to run were.

use super::super::super::document::{Block, Section};
use super::super::super::figure::family_color;
use super::super::super::figure::series::{Band, COLUMNS, Frame, areas, columns};
use super::{Traced, time};
use crate::model::trace::{Cause, Histogram, ProcUse};
use crate::unit;

/// Uses in the order in which they stand on each other, with family and tone.
const USES: [(ProcUse, &str, usize); 7] = [
    (ProcUse::Running, "user", 0),
    (ProcUse::Syscall, "kernel", 0),
    (ProcUse::Assist, "gc", 0),
    (ProcUse::Worker, "gc", 2),
    (ProcUse::Sweep, "gc", 1),
    (ProcUse::IdleWorker, "gc", 3),
    (ProcUse::Scheduler, "runtime", 1),
];
const CAUSES: [(Cause, &str, usize); Cause::COUNT] = [
    (Cause::Unblocked, "user", 0),
    (Cause::Preempted, "gc", 0),
    (Cause::Created, "library", 0),
    (Cause::Yielded, "runtime", 0),
    (Cause::Syscall, "kernel", 0),
    (Cause::Unknown, "other", 0),
];
/// Columns of the picture of waits: 1, 2 and 5 times a power of ten, from a microsecond on.
const FIRST: u64 = 1000;
const STEPS: [u64; 3] = [1, 2, 5];
const SIZES: usize = 21;

/// What all procs did over time.
pub(super) fn uses(section: &mut Section, traced: &Traced<'_>) {
    let series = &traced.report.uses;
    let buckets = series.values.len();
    if buckets < 2 || series.step == 0 {
        return;
    }
    let each = buckets.div_ceil(COLUMNS);
    let procs = f64::from(traced.report.max_procs.0.max(1));
    let end = traced.report.span.1.saturating_sub(series.from);
    let bands: Vec<Band> = USES
        .into_iter()
        .map(|(usage, family, tone)| {
            let values = series.values.chunks(each).enumerate().map(|(i, chunk)| {
                let sum: u64 = chunk.iter().map(|bucket| bucket[usage as usize]).sum();
                // The last one may be cut off by the end.
                let from = i as u64 * each as u64 * series.step;
                let to = (from + chunk.len() as u64 * series.step).min(end);
                sum as f64 / to.saturating_sub(from).max(1) as f64
            });
            Band {
                label: usage.label().to_owned(),
                color: family_color(family, tone),
                values: values.collect(),
            }
        })
        .collect();
    let length = time(traced.totals.duration);
    let frame = Frame {
        top: unit::plural(procs as u64, "proc"),
        ends: ["0".to_owned(), length.clone()],
        alt: format!(
            "What the procs did over {length}, as areas one on the other; the table above holds their sums"
        ),
    };
    let caption = format!(
        "What the processors did over time, each column {}; white is idle",
        time(each as u64 * series.step)
    );
    section.push(Block::figure(
        &traced.caption(&caption),
        areas(&bands, procs, &frame),
    ));
}

/// The largest size of a column that does not exceed a time; 0 for what is below all.
fn size_of(nanos: u64) -> usize {
    (1..SIZES).rev().find(|&at| nanos >= from(at)).unwrap_or(0)
}

/// Where a column begins.
fn from(at: usize) -> u64 {
    match at.checked_sub(1) {
        None => 0,
        Some(at) => FIRST * 10_u64.pow(at as u32 / 3) * STEPS[at % 3],
    }
}

/// How long goroutines waited to run, by what made them able to.
pub(super) fn latency(section: &mut Section, traced: &Traced<'_>) {
    if Histogram::merged(&traced.report.latency).count() == 0 {
        return;
    }
    let mut bands: Vec<Band> = CAUSES
        .into_iter()
        .map(|(cause, family, tone)| Band {
            label: cause.label().to_owned(),
            color: family_color(family, tone),
            values: vec![0.0; SIZES],
        })
        .collect();
    for (band, (cause, ..)) in bands.iter_mut().zip(CAUSES) {
        for (least, beyond, count) in traced.report.latency[cause as usize].buckets() {
            // A bucket is narrow: its middle stands for all in it.
            let middle = u64::midpoint(least, beyond);
            band.values[size_of(middle)] += middle as f64 * f64::from(count);
        }
    }
    let sum = |i: usize| bands.iter().map(|band| band.values[i]).sum::<f64>();
    let last = (0..SIZES).rev().find(|&i| sum(i) > 0.0).unwrap_or(0);
    let most = (0..SIZES).map(sum).fold(0.0, f64::max);
    for band in &mut bands {
        band.values.truncate(last + 1);
    }
    let labels: Vec<String> = (0..=last)
        .map(|i| match i {
            0 => "<1us".to_owned(),
            _ => time(from(i)),
        })
        .collect();
    let frame = Frame {
        top: time(most as u64),
        ends: [String::new(), String::new()],
        alt: "Waits to run by length, as columns; the table above holds their percentiles"
            .to_owned(),
    };
    let caption = "Waits of goroutines that could run, by length: a column begins at the length \
                   under it, and is as high as the time that these waits add up to";
    section.push(Block::figure(
        &traced.caption(caption),
        columns(&bands, &labels, &frame),
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_begin_at_one_two_and_five() {
        let floors: Vec<u64> = (0..5).map(from).collect();
        assert_eq!(floors, [0, 1000, 2000, 5000, 10_000]);
        assert_eq!(from(SIZES - 1), 2_000_000_000);
        for (nanos, size) in [
            (0, 0),
            (999, 0),
            (1000, 1),
            (1999, 1),
            (49_999, 5),
            (u64::MAX, 20),
        ] {
            assert_eq!(size_of(nanos), size, "{nanos}");
        }
    }
}
