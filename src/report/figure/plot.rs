//! Samples of benchmarks as dots, and by how much they differ.

use std::fmt::Write as _;

use super::{Px, Svg, UNIT, WIDTH, escape, fitting, open, text};

/// A benchmark.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlotRow {
    pub(crate) label: String,
    /// The values at both ends of its axis.
    pub(crate) ends: [String; 2],
    /// A lane per column.
    pub(crate) lanes: Vec<PlotLane>,
}

/// The samples of one column. Places are shares of the axis; what is below 0 is not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlotLane {
    pub(crate) points: Vec<f64>,
    pub(crate) center: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Value and range, for the title.
    pub(crate) value: String,
    pub(crate) change: Option<PlotChange>,
}

/// A difference from the first column; places are shares of the axis of changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlotChange {
    pub(crate) at: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// What it is called.
    pub(crate) text: String,
    pub(crate) tone: Tone,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// To the better side.
    Better,
    /// To the worse side.
    Worse,
    /// Neither, or nobody knows.
    #[default]
    Plain,
}

impl Tone {
    fn color(self) -> &'static str {
        match self {
            Self::Better => "#1d6bb3",
            Self::Worse => "#b3261e",
            Self::Plain => "#5c6470",
        }
    }
}

const LANE: i64 = 12;
/// Below the lanes of a row, for the ends of its axis.
const GAP: i64 = 16;
const TITLE: i64 = 20;
const HEAD: i64 = 22;
/// Where names, dots and changes begin and end, in pixels.
const NAMES: i64 = 270;
const DOTS: (i64, i64) = (280, 640);
const CHANGES: (i64, i64) = (660, 790);

/// The benchmarks of one unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlotTable {
    pub(crate) title: String,
    /// Names of the lanes.
    pub(crate) columns: Vec<String>,
    /// What both ends of the axis of changes are; empty without changes.
    pub(crate) scale: String,
    pub(crate) rows: Vec<PlotRow>,
}

impl PlotTable {
    fn height(&self) -> i64 {
        let lanes = |row: &PlotRow| row.lanes.len().max(1) as i64;
        TITLE
            + HEAD
            + self
                .rows
                .iter()
                .map(|row| lanes(row) * LANE + GAP)
                .sum::<i64>()
    }
}

/// The picture of some tables, one below the other; `alt` describes it in words.
pub(crate) fn plot(tables: &[PlotTable], alt: &str) -> Svg {
    let height = tables.iter().map(PlotTable::height).sum();
    let mut out = open(height, alt);
    // It may stand on any ground.
    let _ = write!(
        out,
        "<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>"
    );
    let mut top = 0;
    for table in tables {
        table_at(&mut out, table, top);
        top += table.height();
    }
    out.push_str("</g></svg>");
    Svg(out)
}

fn table_at(out: &mut String, table: &PlotTable, top: i64) {
    let bottom = top + table.height();
    if let Some(title) = fitting(&[table.title.clone(), table.title.clone()], WIDTH * UNIT) {
        out.push_str("<g font-weight=\"600\">");
        text(out, 0, top + 14, &title);
        out.push_str("</g>");
    }
    let mut at = top + TITLE;
    head(out, &table.columns, &table.scale, at);
    at += HEAD;
    if !table.scale.is_empty() {
        let middle = Px(pixel(CHANGES, 0.5));
        let _ = write!(
            out,
            "<path d=\"M{middle} {at}V{bottom}\" stroke=\"#c9ced6\"/>"
        );
    }
    for row in &table.rows {
        row_at(out, row, &table.columns, at);
        at += row.lanes.len().max(1) as i64 * LANE + GAP;
    }
}

fn head(out: &mut String, columns: &[String], scale: &str, top: i64) {
    let mut left = DOTS.0 * UNIT;
    for (at, column) in columns.iter().enumerate() {
        let x = left + 5 * UNIT;
        dot(out, x, (top + 10) * UNIT, at);
        let room = (DOTS.1 * UNIT - left) / (columns.len() - at) as i64;
        if let Some(label) = fitting(&[column.clone(), column.clone()], room - 14 * UNIT) {
            text(out, x + 4 * UNIT, top + 14, &label);
        }
        left += room;
    }
    if !scale.is_empty() {
        text(out, CHANGES.0 * UNIT, top + 14, &format!("change, {scale}"));
    }
}

fn row_at(out: &mut String, row: &PlotRow, columns: &[String], top: i64) {
    out.push_str("<g><title>");
    escape(out, &row.label);
    for (lane, column) in row.lanes.iter().zip(columns) {
        let change = lane
            .change
            .as_ref()
            .map_or_else(String::new, |change| format!(", {}", change.text));
        if !lane.value.is_empty() {
            escape(out, &format!("; {column}: {}{change}", lane.value));
        }
    }
    out.push_str("</title>");
    // The end of a name is what tells it from others.
    let label = end_of(&row.label, NAMES);
    text(out, 0, top + LANE, &label);
    let bottom = top + row.lanes.len() as i64 * LANE;
    let (left, right) = (Px(DOTS.0 * UNIT), Px(DOTS.1 * UNIT));
    let _ = write!(
        out,
        "<path d=\"M{left} {y}H{right}\" stroke=\"#e3e6ea\"/>",
        y = bottom + 3
    );
    ends(out, row, bottom + 12);
    for (at, lane) in row.lanes.iter().enumerate() {
        let middle = (top + at as i64 * LANE + LANE / 2) * UNIT;
        lane_at(out, lane, at, middle);
        if let Some(change) = &lane.change {
            change_at(out, change, middle);
        }
    }
    out.push_str("</g>");
}

/// The values at both ends of the axis.
fn ends(out: &mut String, row: &PlotRow, baseline: i64) {
    let [low, high] = &row.ends;
    let places = [(DOTS.0, "start", low), (DOTS.1, "end", high)];
    for (x, anchor, value) in places {
        let _ = write!(
            out,
            "<text x=\"{x}\" y=\"{baseline}\" font-size=\"8.5\" fill=\"#5c6470\" text-anchor=\"{anchor}\">"
        );
        escape(out, value);
        out.push_str("</text>");
    }
}

fn lane_at(out: &mut String, lane: &PlotLane, at: usize, middle: i64) {
    let y = Px(middle);
    if lane.low >= 0.0 && lane.high >= 0.0 {
        let (low, high) = (pixel(DOTS, lane.low), pixel(DOTS, lane.high));
        let (top, width) = (Px(middle - 4 * UNIT), Px((high - low).max(UNIT)));
        let _ = write!(
            out,
            "<rect x=\"{}\" y=\"{top}\" width=\"{width}\" height=\"8\" fill=\"#dfe5ec\"/>",
            Px(low)
        );
    }
    for &point in lane.points.iter().filter(|&&point| point >= 0.0) {
        dot(out, pixel(DOTS, point), middle, at);
    }
    if lane.center >= 0.0 {
        let x = Px(pixel(DOTS, lane.center));
        let _ = write!(
            out,
            "<path d=\"M{x} {}V{}\" stroke=\"#15181c\" stroke-width=\"2\"/>",
            Px(middle - 5 * UNIT),
            Px(middle + 5 * UNIT)
        );
    }
    if lane.center < 0.0 && lane.points.is_empty() {
        let _ = write!(
            out,
            "<path d=\"M{} {y}h6\" stroke=\"#c9ced6\"/>",
            Px(DOTS.0 * UNIT)
        );
    }
}

/// Of the first column hollow, of the others filled: told apart without colours.
fn dot(out: &mut String, x: i64, y: i64, column: usize) {
    let fill = match column {
        0 => "none",
        at if at % 2 == 1 => "#15181c",
        _ => "#8a93a0",
    };
    let _ = write!(
        out,
        "<circle cx=\"{}\" cy=\"{}\" r=\"2.2\" fill=\"{fill}\" fill-opacity=\".6\" stroke=\"#15181c\" stroke-width=\".8\"/>",
        Px(x),
        Px(y)
    );
}

fn change_at(out: &mut String, change: &PlotChange, middle: i64) {
    let color = change.tone.color();
    let y = Px(middle);
    if change.low >= 0.0 && change.high >= 0.0 {
        let (low, high) = (
            Px(pixel(CHANGES, change.low)),
            Px(pixel(CHANGES, change.high)),
        );
        let _ = write!(
            out,
            "<path d=\"M{low} {y}H{high}\" stroke=\"{color}\" stroke-width=\"3\"/>"
        );
    }
    if change.at >= 0.0 {
        let x = pixel(CHANGES, change.at);
        let _ = write!(
            out,
            "<circle cx=\"{}\" cy=\"{y}\" r=\"3.5\" fill=\"{color}\"/>",
            Px(x)
        );
    }
    let left = (CHANGES.1 + 8) * UNIT;
    let labels = [change.text.clone(), change.text.clone()];
    if let Some(label) = fitting(&labels, WIDTH * UNIT - left) {
        text(out, left, (middle / UNIT) + 4, &label);
    }
}

/// The end of a text that fits into a number of pixels.
fn end_of(label: &str, pixels: i64) -> String {
    let room = (pixels * UNIT - 6 * UNIT) / super::CHARACTER;
    super::shorten(label, room as usize)
}

fn pixel((from, to): (i64, i64), place: f64) -> i64 {
    let width = ((to - from) * UNIT) as f64;
    from * UNIT + (place.clamp(0.0, 1.0) * width).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_drawn_where_they_are() {
        let lane = PlotLane {
            points: vec![0.0, 0.5, 1.0, -1.0],
            center: 0.5,
            low: 0.25,
            high: 0.75,
            value: "1".to_owned(),
            change: Some(PlotChange {
                at: 0.5,
                low: -1.0,
                high: -1.0,
                text: "faster".to_owned(),
                tone: Tone::Better,
            }),
        };
        let row = PlotRow {
            label: "<script>".to_owned(),
            lanes: vec![lane],
            ..PlotRow::default()
        };
        let table = PlotTable {
            title: "sec/op".to_owned(),
            columns: vec!["a\"b".to_owned()],
            scale: "±5%".to_owned(),
            rows: vec![row],
        };
        let svg = plot(&[table], "x").to_string();
        // From 280 to 640: the middle is 460; a quarter is 370, and half the width 180.
        for part in [
            "cx=\"280\"",
            "cx=\"460\"",
            "cx=\"640\"",
            "x=\"370\" y=\"44\" width=\"180\"",
        ] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        // The legend has one too, and the change has its own.
        assert_eq!(svg.matches("<circle").count(), 5);
        assert!(
            !svg.contains("<script") && !svg.contains("stroke-width=\"3\""),
            "{svg}"
        );
        let empty = plot(&[], "none").to_string();
        assert!(empty.ends_with("</g></svg>"));
    }
}
