//! What the collector leaves of the procs to the program.

use crate::model::trace::CollectorPoint;

/// What counts as the collector's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags {
    /// Stops of the world for the collector: nobody runs.
    pub stops: bool,
    /// Workers, but for those that run because nothing else is to do.
    pub workers: bool,
    /// Goroutines that mark because they allocate.
    pub assists: bool,
    /// Sweeping.
    pub sweeps: bool,
}

impl Flags {
    /// What `go tool trace` shows at first: stops, workers and assists.
    pub const USUAL: Self = Self {
        stops: true,
        workers: true,
        assists: true,
        sweeps: false,
    };
}

/// The share of the procs that is left to the program, from each time on until the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Utilisation {
    /// Times, growing, in nanoseconds; the last is the end, and has no share of its own.
    pub times: Vec<u64>,
    /// Shares, 0 to 1, one less than times.
    pub shares: Vec<f64>,
    /// The integral up to each time.
    sums: Vec<f64>,
}

/// The share left to the program over time, from when GOMAXPROCS is first told until `end`.
pub fn utilisation(points: &[CollectorPoint], end: u64, flags: Flags) -> Utilisation {
    let mut found = Utilisation::default();
    for point in points {
        let taken = u32::from(point.workers) * u32::from(flags.workers)
            + u32::from(point.assists) * u32::from(flags.assists)
            + u32::from(point.sweeps) * u32::from(flags.sweeps);
        let procs = u32::from(point.procs.max(1));
        let share = match point.is_stopped && flags.stops {
            true => 0.0,
            false => 1.0 - f64::from(taken.min(procs)) / f64::from(procs),
        };
        if found.shares.last() != Some(&share) {
            found.times.push(point.at);
            found.shares.push(share);
        }
    }
    if let Some(&last) = found.times.last() {
        found.times.push(end.max(last));
    }
    let mut sum = 0.0;
    found.sums.push(0.0);
    for (times, share) in found.times.windows(2).zip(&found.shares) {
        sum += (times[1] - times[0]) as f64 * share;
        found.sums.push(sum);
    }
    found
}

/// The mean share over the whole time; 1 where nothing is known.
pub fn mean_utilisation(of: &Utilisation) -> f64 {
    match (of.times.first(), of.times.last(), of.sums.last()) {
        (Some(&from), Some(&to), Some(&sum)) if to > from => sum / (to - from) as f64,
        _ => 1.0,
    }
}

/// The least mean share over any window of this length, and where that begins. A window longer
/// than all there is is taken to be as long; `None` where nothing is known.
///
/// The mean as a function of where the window begins is made of straight lines that meet where an
/// edge of the window is at a change, so the least is at one of these.
pub fn minimum_utilisation(of: &Utilisation, window: u64) -> Option<(f64, u64)> {
    let (&begin, &end) = (of.times.first()?, of.times.last()?);
    let window = window.clamp(1, (end - begin).max(1));
    if end == begin {
        return None;
    }
    let last = end - window;
    let mut left = Place::default();
    let mut right = Place::default();
    let mut least = f64::INFINITY;
    let mut at = begin;
    let mut try_at = |from: u64, left: &mut Place, right: &mut Place| {
        let sum = right.sum(of, from + window) - left.sum(of, from);
        let mean = sum / window as f64;
        if mean < least {
            (least, at) = (mean, from);
        }
    };
    for &time in &of.times {
        if time <= last {
            try_at(time, &mut left, &mut right);
        }
    }
    (left, right) = (Place::default(), Place::default());
    for &time in &of.times {
        if let Some(from) = time.checked_sub(window).filter(|&from| from >= begin) {
            try_at(from, &mut left, &mut right);
        }
    }
    Some((least.clamp(0.0, 1.0), at))
}

/// Where a time lies among the changes; times are asked for in order.
#[derive(Clone, Copy, Debug, Default)]
struct Place(usize);

impl Place {
    /// The integral up to a time.
    fn sum(&mut self, of: &Utilisation, time: u64) -> f64 {
        while self.0 + 1 < of.shares.len() && of.times[self.0 + 1] <= time {
            self.0 += 1;
        }
        of.sums[self.0] + time.saturating_sub(of.times[self.0]) as f64 * of.shares[self.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(at: u64, is_stopped: bool, workers: u16) -> CollectorPoint {
        CollectorPoint {
            at,
            is_stopped,
            procs: 4,
            workers,
            ..CollectorPoint::default()
        }
    }

    #[test]
    fn the_least_window_may_begin_or_end_at_a_change() {
        // 0..100 all, 100..110 none, 110..200 three quarters, 200..300 all.
        let points = [
            point(0, false, 0),
            point(100, true, 0),
            point(110, false, 1),
            point(200, false, 0),
        ];
        let all = utilisation(&points, 300, Flags::USUAL);
        // (100 + 0 + 67.5 + 100) / 300
        assert!((mean_utilisation(&all) - 267.5 / 300.0).abs() < 1e-12);
        let least = |window| minimum_utilisation(&all, window).map(|(share, _)| share);
        assert_eq!(least(1), Some(0.0));
        assert_eq!(least(10), Some(0.0));
        // 100..120: 0 + 7.5
        assert!((least(20).unwrap() - 7.5 / 20.0).abs() < 1e-12);
        // 100..200: 0 + 67.5
        assert!((least(100).unwrap() - 0.675).abs() < 1e-12);
        // The whole, and what is longer.
        assert!((least(300).unwrap() - 267.5 / 300.0).abs() < 1e-12);
        assert_eq!(least(1 << 40), least(300));
        let stops = Flags {
            workers: false,
            ..Flags::USUAL
        };
        let stops = utilisation(&points, 300, stops);
        assert_eq!(stops.times, [0, 100, 110, 300]);
        assert_eq!(
            minimum_utilisation(&utilisation(&[], 5, Flags::USUAL), 1),
            None
        );
    }

    #[test]
    fn the_least_window_is_that_of_all_that_are_tried() {
        // Changes at random, and every window of whole nanoseconds tried one by one.
        let mut seed = 9_u64;
        let mut below = |limit: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed % limit
        };
        for _ in 0..50 {
            let mut at = 0;
            let points: Vec<CollectorPoint> = (0..20)
                .map(|_| {
                    at += 1 + below(20);
                    point(at, below(6) == 0, below(5) as u16)
                })
                .collect();
            let end = at + 1 + below(20);
            let all = utilisation(&points, end, Flags::USUAL);
            let (begin, share) = (points[0].at, |time: u64| {
                let point = points.iter().rfind(|point| point.at <= time).unwrap();
                if point.is_stopped {
                    0.0
                } else {
                    1.0 - f64::from(point.workers) / 4.0
                }
            });
            for window in [1, 3, 17, 60] {
                let window = window.min(end - begin);
                let sum = |from: u64| (from..from + window).map(share).sum::<f64>();
                let brute = (begin..=end - window)
                    .map(sum)
                    .fold(f64::INFINITY, f64::min);
                let (found, from) = minimum_utilisation(&all, window).unwrap();
                assert!((found - brute / window as f64).abs() < 1e-9);
                assert!((sum(from) - brute).abs() < 1e-9);
            }
        }
    }
}
