//! Amounts over time as areas one on the other, and amounts by size as columns.

use std::fmt::Write as _;

use super::{Px, Svg, UNIT, WIDTH, escape, fitting, open, text};

/// Heights, in pixels: of the line of names, of the drawing, and of the line of the axis.
const NAMES: i64 = 22;
const DRAWING: i64 = 132;
const AXIS: i64 = 18;
/// Where the drawing begins, in pixels: left of it stands what its height is.
const LEFT: i64 = 90;
/// Columns of an area: more could not be told apart.
pub(crate) const COLUMNS: usize = 240;

/// One amount among others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Band {
    pub(crate) label: String,
    pub(crate) color: &'static str,
    /// A value per column, none negative.
    pub(crate) values: Vec<f64>,
}

/// What stands beside a drawing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    /// The largest value, in words.
    pub(crate) top: String,
    /// Below both ends of the axis.
    pub(crate) ends: [String; 2],
    /// Describes the picture.
    pub(crate) alt: String,
}

/// Amounts that share a whole over time, the first at the bottom; `whole` is as high as the
/// drawing.
pub(crate) fn areas(bands: &[Band], whole: f64, frame: &Frame) -> Svg {
    let count = bands
        .iter()
        .map(|band| band.values.len())
        .max()
        .unwrap_or(0);
    let mut out = begin(bands, frame);
    let mut below = vec![0.0; count];
    for band in bands {
        let above: Vec<f64> = below
            .iter()
            .enumerate()
            .map(|(i, base)| base + band.values.get(i).copied().unwrap_or(0.0).max(0.0))
            .collect();
        let path = outline(&above, &below, whole);
        if above != below {
            out.push_str("<g><title>");
            escape(&mut out, &band.label);
            let _ = write!(
                out,
                "</title><path fill=\"{}\" d=\"{path}Z\"/></g>",
                band.color
            );
        }
        below = above;
    }
    end(out, frame)
}

/// One path around all columns of a band: there along the top and back along the bottom. Where
/// nothing changes there is no point.
fn outline(above: &[f64], below: &[f64], whole: f64) -> String {
    let count = above.len();
    let levels =
        |values: &[f64]| -> Vec<i64> { values.iter().map(|&value| height(value, whole)).collect() };
    let (top, bottom) = (levels(above), levels(below));
    let (Some(&first), Some(&last)) = (top.first(), bottom.last()) else {
        return String::new();
    };
    let mut path = format!("M{} {}", Px(column(0, count)), Px(first));
    for (i, pair) in top
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] != pair[1])
    {
        let _ = write!(path, "H{}V{}", Px(column(i + 1, count)), Px(pair[1]));
    }
    let _ = write!(path, "H{}V{}", Px(column(count, count)), Px(last));
    for (i, pair) in bottom
        .windows(2)
        .enumerate()
        .rev()
        .filter(|(_, pair)| pair[0] != pair[1])
    {
        let _ = write!(path, "H{}V{}", Px(column(i + 1, count)), Px(pair[0]));
    }
    let _ = write!(path, "H{}", Px(column(0, count)));
    path
}

/// Amounts by size: a column for each, its parts one on the other; labels stand under those for
/// which there is room.
pub(crate) fn columns(bands: &[Band], labels: &[String], frame: &Frame) -> Svg {
    let count = labels.len();
    let sum = |i: usize| -> f64 {
        bands
            .iter()
            .map(|band| band.values.get(i).copied().unwrap_or(0.0).max(0.0))
            .sum()
    };
    let most = (0..count).map(sum).fold(0.0, f64::max);
    let mut out = begin(bands, frame);
    for (i, name) in labels.iter().enumerate() {
        let (left, right) = (column(i, count), column(i + 1, count));
        let mut below = 0.0;
        for band in bands {
            let value = band.values.get(i).copied().unwrap_or(0.0).max(0.0);
            let (top, bottom) = (height(below + value, most), height(below, most));
            below += value;
            if bottom > top {
                out.push_str("<g><title>");
                escape(&mut out, &format!("{name}, {}", band.label));
                let _ = write!(
                    out,
                    "</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/></g>",
                    Px(left + UNIT),
                    Px(top),
                    Px((right - left - 2 * UNIT).max(UNIT)),
                    Px(bottom - top),
                    band.color
                );
            }
        }
        // Only whole: half a number says another one.
        let room = right - left + 6 * UNIT;
        if let Some(label) = fitting(&[name.clone(), String::new()], room).filter(|l| l == name) {
            text(&mut out, left - 2 * UNIT, NAMES + DRAWING + 13, &label);
        }
    }
    end(out, frame)
}

/// The left edge of a column, in hundredths of a pixel.
fn column(i: usize, count: usize) -> i64 {
    let wide = (WIDTH - LEFT) * UNIT;
    LEFT * UNIT + wide * i as i64 / count.max(1) as i64
}

/// How far down a value lies, in hundredths of a pixel.
fn height(value: f64, whole: f64) -> i64 {
    let share = if whole > 0.0 {
        (value / whole).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let bottom = (NAMES + DRAWING) * UNIT;
    bottom - (share * (DRAWING * UNIT) as f64).round() as i64
}

fn begin(bands: &[Band], frame: &Frame) -> String {
    let high = NAMES + DRAWING + AXIS;
    let mut out = open(high, &frame.alt);
    // It may stand on any ground.
    let _ = write!(
        out,
        "<rect width=\"{WIDTH}\" height=\"{high}\" fill=\"#fff\"/>"
    );
    let mut left = LEFT * UNIT;
    let named: Vec<&Band> = bands
        .iter()
        .filter(|band| band.values.iter().any(|&value| value > 0.0))
        .collect();
    for (nth, band) in named.iter().enumerate() {
        // Names that need less leave it to the others.
        let room = (WIDTH * UNIT - left) / (named.len() - nth) as i64;
        let _ = write!(
            out,
            "<rect x=\"{}\" y=\"5\" width=\"10\" height=\"10\" fill=\"{}\"/>",
            Px(left),
            band.color
        );
        let labels = [band.label.clone(), band.label.clone()];
        if let Some(label) = fitting(&labels, room - 14 * UNIT) {
            text(&mut out, left + 11 * UNIT, 14, &label);
            left += (label.chars().count() as i64 * 7 + 30) * UNIT;
        } else {
            left += room;
        }
    }
    let (top, bottom) = (NAMES, NAMES + DRAWING);
    let _ = write!(
        out,
        "<path d=\"M{LEFT} {top}H{WIDTH}M{LEFT} {bottom}H{WIDTH}\" stroke=\"#c9ced6\"/>"
    );
    if let Some(label) = fitting(&[frame.top.clone(), frame.top.clone()], LEFT * UNIT) {
        text(&mut out, 0, NAMES + 10, &label);
    }
    out
}

fn end(mut out: String, frame: &Frame) -> Svg {
    let places = [
        (LEFT, "start", &frame.ends[0]),
        (WIDTH, "end", &frame.ends[1]),
    ];
    for (x, anchor, label) in places.into_iter().filter(|(.., label)| !label.is_empty()) {
        let y = NAMES + DRAWING + 13;
        let _ = write!(out, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">");
        escape(&mut out, label);
        out.push_str("</text>");
    }
    out.push_str("</g></svg>");
    Svg(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(label: &str, values: &[f64]) -> Band {
        Band {
            label: label.to_owned(),
            color: "#abcdef",
            values: values.to_vec(),
        }
    }

    #[test]
    fn areas_stand_on_each_other() {
        // Two columns of 455 px from 90 on; a quarter and a half of 132 px are 33 and 66 px.
        let bands = [band("a", &[1.0, 2.0]), band("b", &[1.0, 0.0])];
        let svg = areas(&bands, 4.0, &Frame::default());
        let svg = svg.as_str();
        assert!(svg.contains("d=\"M90 121H545V88H1000V154H90Z\""), "{svg}");
        assert!(svg.contains("d=\"M90 88H1000V88H545V121H90Z\""), "{svg}");
    }

    #[test]
    fn columns_reach_up_to_the_largest() {
        let bands = [band("a", &[1.0, 0.0]), band("b", &[1.0, 1.0])];
        let labels = ["1µs".to_owned(), "2µs".to_owned()];
        let svg = columns(&bands, &labels, &Frame::default());
        let svg = svg.as_str();
        // The first is as high as the drawing, of two halves; the second half as high.
        assert!(
            svg.contains("<rect x=\"91\" y=\"88\" width=\"453\" height=\"66\""),
            "{svg}"
        );
        assert!(
            svg.contains("<rect x=\"91\" y=\"22\" width=\"453\" height=\"66\""),
            "{svg}"
        );
        assert!(
            svg.contains("<rect x=\"546\" y=\"88\" width=\"453\" height=\"66\""),
            "{svg}"
        );
    }

    #[test]
    fn nothing_and_hostile_names_draw_nothing_wrong() {
        let evil = "</title><script>alert(1)</script>\"\n\u{202e}";
        for svg in [
            areas(&[], 0.0, &Frame::default()),
            areas(
                &[band(evil, &[f64::NAN, -1.0, 1e300])],
                1.0,
                &Frame {
                    top: evil.to_owned(),
                    ends: [evil.to_owned(), evil.to_owned()],
                    alt: evil.to_owned(),
                },
            ),
            columns(&[band(evil, &[1.0])], &[evil.to_owned()], &Frame::default()),
        ] {
            let svg = svg.as_str();
            assert!(
                !svg.contains("<script") && !svg.contains(['\n', '\u{202e}']),
                "{svg}"
            );
            assert!(svg.ends_with("</g></svg>"));
        }
    }
}
