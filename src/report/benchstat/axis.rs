//! Axes that samples and changes are drawn on.

use crate::analysis::bench::{BenchCell, BenchRow, Judgement, RatioInterval};

/// Samples of a cell that are drawn.
const POINTS: usize = 200;

/// Where a cell stands on the axis of its row; see [`Axis::place`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlacedCell {
    /// Its first samples, at most 200.
    pub points: Vec<f64>,
    /// Its middle.
    pub center: f64,
    /// Where its interval begins.
    pub low: f64,
    /// Where its interval ends.
    pub high: f64,
}

/// A linear axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The value at its beginning.
    pub low: f64,
    /// The value at its end.
    pub high: f64,
}

impl Axis {
    /// From the smallest sample of a row to the largest, with a little room.
    pub fn of_row(row: &BenchRow) -> Self {
        let samples = row.cells.iter().flatten().flat_map(|cell| &cell.samples);
        let finite = samples.copied().filter(|x| x.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        if low > high {
            return Self {
                low: 0.0,
                high: 1.0,
            };
        }
        // What does not vary stands in the middle.
        let room = match high - low {
            0.0 if low == 0.0 => 1.0,
            0.0 => low.abs() * 0.05,
            width => width * 0.04,
        };
        // What is never below 0 has no room there.
        let start = if low >= 0.0 {
            (low - room).max(0.0)
        } else {
            low - room
        };
        Self {
            low: start,
            high: high + room,
        }
    }

    /// The axis of all changes of a table, of factors on a logarithmic scale, so that half is as far
    /// as double; `None` without any. At least a hundredth, that noise of a thousandth does not fill
    /// it, and at most a factor of 20.
    pub fn of_changes(judged: &[Judgement]) -> Option<Self> {
        let ratios = judged.iter().filter_map(|judged| judged.ratio);
        let ends = ratios.flat_map(|ratio| [ratio.ratio, ratio.low, ratio.high]);
        let far = ends.map(|end| end.ln().abs()).filter(|far| far.is_finite());
        let far = far.reduce(f64::max)?;
        let far = (far * 1.05).clamp(1.01_f64.ln(), 20_f64.ln());
        Some(Self {
            low: -far,
            high: far,
        })
    }

    /// A place from 0 to 1; −1 for what is none, the ends for what lies beyond.
    pub fn place(&self, x: f64) -> f64 {
        let at = (x - self.low) / (self.high - self.low);
        if x.is_finite() && at.is_finite() {
            at.clamp(0.0, 1.0)
        } else {
            -1.0
        }
    }

    /// The place of a factor on an axis of changes.
    pub fn factor(&self, factor: f64) -> f64 {
        match factor {
            f64::INFINITY => 1.0,
            factor if factor <= 0.0 => 0.0,
            factor => self.place(factor.ln()),
        }
    }

    /// The places of a cell on the axis of its row.
    pub fn place_cell(&self, cell: &BenchCell) -> PlacedCell {
        let points = cell.samples.iter().take(POINTS);
        PlacedCell {
            points: points.map(|&x| self.place(x)).collect(),
            center: self.place(cell.summary.center),
            low: self.place(cell.summary.low),
            high: self.place(cell.summary.high),
        }
    }

    /// The places of the lower end, the middle and the upper end of a ratio on an axis of changes; −1
    /// where there is no axis or no ratio.
    pub fn place_ratio(changes: Option<Self>, ratio: Option<&RatioInterval>) -> [f64; 3] {
        changes.zip(ratio).map_or([-1.0; 3], |(axis, ratio)| {
            [ratio.low, ratio.ratio, ratio.high].map(|factor| axis.factor(factor))
        })
    }

    /// How far an axis of changes reaches.
    pub fn reach(&self) -> String {
        match self.high.exp() {
            factor if factor < 1.1 => format!("±{:.1}%", (factor - 1.0) * 100.0),
            // On a scale where half is as far as double.
            factor if factor < 10.0 => format!("÷{factor:.2} to ×{factor:.2}"),
            factor => format!("÷{factor:.0} to ×{factor:.0}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_lie_evenly_on_both_sides() {
        let axis = Axis {
            low: -(2_f64.ln()),
            high: 2_f64.ln(),
        };
        for (factor, place) in [
            (1.0, 0.5),
            (2.0, 1.0),
            (0.5, 0.0),
            (0.0, 0.0),
            (f64::INFINITY, 1.0),
            (9.0, 1.0),
        ] {
            assert!((axis.factor(factor) - place).abs() < 1e-12, "{factor}");
        }
        assert!(axis.place(f64::NAN) < 0.0);
        assert_eq!(axis.reach(), "÷2.00 to ×2.00");
        assert_eq!(Axis::of_changes(&[]), None);
    }
}
