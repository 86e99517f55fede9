//! The mutator's least share of the procs, and who takes the rest.

use super::page::Page;
use crate::analysis::trace::{
    Flags, Utilisation, mean_utilisation, minimum_utilisation, utilisation,
};
use crate::model::trace::CollectorPoint;

/// Windows that are looked at where none are asked for, in nanoseconds.
const USUAL: [u64; 5] = [100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// The least share over a window, and what of the rest is whose: shares from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// As asked for, in nanoseconds.
    pub(super) asked: u64,
    /// As looked at: no longer than the trace.
    pub(super) length: u64,
    pub(super) least: f64,
    /// When the worst window begins.
    pub(super) at: u64,
    pub(super) taken: Taken,
}

/// Shares of the procs that the collector takes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    pub(super) stops: f64,
    pub(super) workers: f64,
    pub(super) assists: f64,
    pub(super) sweeps: f64,
}

/// What the collector leaves.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) series: Utilisation,
    pub(super) mean: f64,
    /// What it takes over the whole time.
    pub(super) taken: Taken,
    pub(super) windows: Vec<Window>,
}

/// For the flags and windows that are asked for; `None` where GOMAXPROCS is never told.
pub(super) fn left(page: &Page<'_>) -> Option<Left> {
    let (points, flags) = (&page.report.collector, page.options.flags);
    let end = page.report.last_event;
    let series = utilisation(points, end, flags);
    let (&from, &to) = (series.times.first()?, series.times.last()?);
    let asked = match &*page.options.windows {
        [] => {
            let fits = USUAL.into_iter().filter(|&window| window < to - from);
            fits.collect()
        }
        asked => asked.to_vec(),
    };
    let windows = asked.into_iter().filter_map(|asked| {
        let length = asked.clamp(1, (to - from).max(1));
        let (least, at) = minimum_utilisation(&series, asked)?;
        Some(Window {
            asked,
            length,
            least,
            at,
            taken: taken(points, at, at + length, end, flags),
        })
    });
    let windows = windows.collect();
    Some(Left {
        mean: mean_utilisation(&series),
        taken: taken(points, from, to, end, flags),
        series,
        windows,
    })
}

/// Who takes what between two times. The shares add up to what is not the mutator's: where more
/// is counted than there are procs, what comes later in the list has what is left.
fn taken(points: &[CollectorPoint], from: u64, to: u64, end: u64, flags: Flags) -> Taken {
    let mut sums = [0.0; 4];
    let ends = points.iter().skip(1).map(|point| point.at).chain([end]);
    for (point, until) in points.iter().zip(ends) {
        let time = until.min(to).saturating_sub(point.at.max(from)) as f64;
        if time <= 0.0 {
            continue;
        }
        if point.is_stopped && flags.stops {
            sums[0] += time;
            continue;
        }
        let procs = f64::from(point.procs.max(1));
        let mut free = procs;
        let parts = [
            (point.workers, flags.workers),
            (point.assists, flags.assists),
            (point.sweeps, flags.sweeps),
        ];
        for (sum, (count, counts)) in sums[1..].iter_mut().zip(parts) {
            let part = f64::from(u16::from(counts) * count).min(free);
            free -= part;
            *sum += time * part / procs;
        }
    }
    let all = to.saturating_sub(from).max(1) as f64;
    let [stops, workers, assists, sweeps] = sums.map(|sum| sum / all);
    Taken {
        stops,
        workers,
        assists,
        sweeps,
    }
}

/// The flags by the names that go tool trace has for them.
pub(super) fn names(flags: Flags) -> Vec<&'static str> {
    let all = [
        (flags.stops, "stw"),
        (flags.workers, "background"),
        (flags.assists, "assist"),
        (flags.sweeps, "sweep"),
    ];
    let set = all.into_iter().filter(|(is_set, _)| *is_set);
    set.map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_what_is_not_left() {
        let point = |at, is_stopped, workers, assists| CollectorPoint {
            at,
            is_stopped,
            procs: 4,
            workers,
            assists,
            sweeps: 1,
        };
        // Of four procs: a worker for 100 ns, a stop of 20, a worker and four assists for 80.
        let points = [
            point(0, false, 1, 0),
            point(100, true, 1, 0),
            point(120, false, 1, 4),
        ];
        let whole = taken(&points, 0, 200, 200, Flags::USUAL);
        let is = |found: f64, expected: f64| (found - expected).abs() < 1e-12;
        assert!(is(whole.stops, 20.0 / 200.0));
        assert!(is(whole.workers, 180.0 / 4.0 / 200.0), "{whole:?}");
        assert!(is(whole.assists, 80.0 * 3.0 / 4.0 / 200.0));
        assert!(is(whole.sweeps, 0.0));
        let series = utilisation(&points, 200, Flags::USUAL);
        let sum = whole.stops + whole.workers + whole.assists;
        assert!(is(1.0 - sum, mean_utilisation(&series)));
        let part = taken(&points, 90, 110, 200, Flags::USUAL);
        assert!(is(part.stops, 0.5) && is(part.workers, 0.125));
    }
}
