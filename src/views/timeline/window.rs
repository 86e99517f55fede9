//! Which part of a trace to draw, and where in it a time is.

/// The widest picture, in pixels.
pub(super) const MOST_WIDTH: u32 = 16_384;
/// The shortest window, in nanoseconds: a tick of the clock.
const LEAST_LENGTH: u64 = 64;

/// A part of a trace, and how wide its picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Nanoseconds of the trace's clock; it may be before the beginning.
    pub from: u64,
    /// The same, and may be after the end. What is not 64 ns after `from` is taken to be.
    pub to: u64,
    /// Device pixels; more than 16 384 are taken to be these.
    pub width: u32,
}

/// Times to pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) width: usize,
    /// Pixels of a nanosecond.
    per_nano: f64,
    edge: f64,
}

impl Scale {
    pub(super) fn new(window: &Window) -> Self {
        let from = window.from.min(u64::MAX - LEAST_LENGTH);
        let to = window.to.max(from + LEAST_LENGTH);
        let width = window.width.min(MOST_WIDTH);
        Self {
            from,
            to,
            width: width as usize,
            per_nano: f64::from(width) / (to - from) as f64,
            edge: f64::from(width),
        }
    }

    /// Where a time is, cut to the window.
    #[inline]
    pub(super) fn x(&self, time: u64) -> f64 {
        let since = time.saturating_sub(self.from) as f64;
        (since * self.per_nano).min(self.edge)
    }

    /// Pixels of a time, be it in the window or not.
    pub(super) fn pixels(&self, nanos: u64) -> f64 {
        nanos as f64 * self.per_nano
    }

    /// The time at the left edge of a column.
    pub(super) fn time(&self, column: usize) -> u64 {
        if column >= self.width {
            return self.to;
        }
        let since = (self.to - self.from) as f64 * column as f64 / self.edge.max(1.0);
        self.from.saturating_add(since as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::float_cmp, reason = "whole numbers")]
    fn garbage_becomes_a_window() {
        let window = |from, to, width| Scale::new(&Window { from, to, width });
        let turned = window(100, 50, 10);
        assert_eq!((turned.from, turned.to), (100, 164));
        let late = window(u64::MAX, 0, u32::MAX);
        assert_eq!((late.from, late.to), (u64::MAX - 64, u64::MAX));
        assert_eq!(late.width, 16_384);
        assert!(window(0, 0, 0).x(1000) <= 0.0);
        // 10 pixels for 100 ns: 30 ns after the beginning is at 3.
        let plain = window(1000, 1100, 10);
        for (time, x) in [(1030, 3.0), (0, 0.0), (2000, 10.0)] {
            assert!((plain.x(time) - x).abs() < 1e-9, "{time}");
        }
        assert_eq!((plain.time(3), plain.time(10)), (1030, 1100));
    }
}
