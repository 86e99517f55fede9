//! Pictures as SVG: the breakdown bar and the flame graph.
//!
//! A picture is one `svg` element with presentation attributes only: no script, style, link,
//! reference or id, so that any number of them can stand in one page under any policy. Positions
//! are integers in hundredths of a pixel, so the bytes do not depend on the machine.

pub(crate) mod plot;
pub(crate) mod series;

use std::fmt::{self, Write as _};

use serde::Serialize;

use super::document::{clean, shorten};

/// Width of a picture in its own pixels.
pub(crate) const WIDTH: i64 = 1000;

/// Hundredths of a pixel per pixel.
const UNIT: i64 = 100;
const FULL: i64 = WIDTH * UNIT;
const BAR_HEIGHT: i64 = 40;
const ROW: i64 = 17;
const BOX_HEIGHT: i64 = 16;
/// Advance of a character of the monospace face at 11 px: 0.602 em in every face named below.
const CHARACTER: i64 = 663;
const TITLE_LIMIT: usize = 120;
const TEXT: &str = "<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',\
                    monospace\" font-size=\"11\" fill=\"#15181c\">";

/// An SVG element. Only this module makes one, so it holds no markup that came from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Svg(String);

impl Svg {
    /// The element.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Colour family of a part of the bar. Four tones each, lightness 0.74, 0.82, 0.68 and 0.88 in
/// OKLCH; the ink on them has a contrast of at least 5.9.
const TONES: [(&str, [&str; 4]); 6] = [
    ("user", ["#7aaeef", "#9dc7fd", "#689bdb", "#bedafe"]),
    ("library", ["#6cbcb1", "#86d5cb", "#59a99f", "#99e9de"]),
    ("runtime", ["#c5a767", "#dfc07f", "#b29454", "#f3d392"]),
    ("gc", ["#eb9070", "#fead91", "#d67d5e", "#fecab8"]),
    ("kernel", ["#c09ad2", "#dab3ed", "#ad87bf", "#edc7fe"]),
    ("other", ["#ababab", "#c4c4c4", "#989898", "#d7d7d7"]),
];

/// Packages of one's own and of third parties: OKLCH lightness 0.82, chroma 0.085, every 15°.
const STRONG: [&str; 24] = [
    "#f3adc2", "#f6aeb2", "#f6b0a4", "#f3b397", "#eeb88c", "#e5bd86", "#d9c284", "#ccc887",
    "#bdcd8e", "#add199", "#9dd4a7", "#8ed6b6", "#83d7c6", "#7ed6d5", "#7fd4e3", "#85d0ee",
    "#91ccf6", "#9fc7fb", "#aec2fc", "#bebdfa", "#ccb8f4", "#d9b4ea", "#e4b1df", "#edaed1",
];

/// Standard library: lightness 0.87, chroma 0.03, every 15°.
const MUTED: [&str; 24] = [
    "#e6cdd3", "#e7cdce", "#e7cdc9", "#e6cfc4", "#e4d0c1", "#e0d2bf", "#dcd4be", "#d7d6bf",
    "#d1d7c2", "#ccd9c5", "#c7daca", "#c3dbcf", "#c0dbd5", "#bfdbda", "#bfdadf", "#c0d9e3",
    "#c3d7e6", "#c7d6e8", "#ccd4e9", "#d2d2e8", "#d7d0e6", "#dccfe2", "#e0cede", "#e4cdd9",
];

const GREY: &str = "#cacaca";
const DARK_GREY: &str = "#b7b7b7";

/// The colour of the `nth` part of a colour family (`user`, `library`, `runtime`, `gc`,
/// `kernel`; everything else is grey). Neighbours in a family differ in lightness.
pub(crate) fn family_color(family: &str, nth: usize) -> &'static str {
    let tones = TONES
        .iter()
        .find(|(name, _)| *name == family)
        .unwrap_or(&TONES[5]);
    tones.1[nth % 4]
}

/// Which palette a box is coloured from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Palette {
    /// One's own code and third parties': by package.
    Strong,
    /// Standard library: by package, muted.
    Muted,
    /// Go's runtime.
    Grey,
    /// Everything else, and merged boxes.
    #[default]
    Dark,
}

/// One part of the bar.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub(crate) label: String,
    /// For the title: value and percentage.
    pub(crate) value: String,
    /// In the unit of the whole; negative values have no width.
    pub(crate) weight: i64,
    pub(crate) color: &'static str,
    pub(crate) hatched: bool,
}

/// One box of the flame graph. Edges are in hundredths of a pixel, 0 to 100 000.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlameBox {
    pub(crate) row: i64,
    pub(crate) left: i64,
    pub(crate) right: i64,
    /// Whole name for the title.
    pub(crate) name: String,
    /// What to write into it, shortest acceptable form last.
    pub(crate) labels: [String; 2],
    pub(crate) value: String,
    pub(crate) palette: Palette,
    /// 0..360.
    pub(crate) hue: u32,
}

/// A horizontal bar of the parts, left to right; `alt` describes it in words.
pub(crate) fn bar(parts: &[Part], alt: &str) -> Svg {
    let whole: i128 = parts.iter().map(|p| i128::from(p.weight.max(0))).sum();
    let mut out = open(BAR_HEIGHT, alt);
    let mut sum: i128 = 0;
    for part in parts {
        let left = edge(sum, whole);
        sum += i128::from(part.weight.max(0));
        let right = edge(sum, whole);
        if right > left {
            bar_part(&mut out, part, left, right);
        }
    }
    out.push_str("</g></svg>");
    Svg(out)
}

fn edge(sum: i128, whole: i128) -> i64 {
    if whole == 0 {
        0
    } else {
        (sum * i128::from(FULL) / whole) as i64
    }
}

fn bar_part(out: &mut String, part: &Part, left: i64, right: i64) {
    let title = format!("{}: {}", part.label, part.value);
    begin_box(out, &title, left, right, 0, BAR_HEIGHT, part.color);
    if part.hatched {
        hatch(out, left, right);
    }
    let labels = [format!("{} {}", part.label, part.value), part.label.clone()];
    if let Some(label) = labels.iter().find(|l| fits(l, right - left)) {
        text(out, left, BAR_HEIGHT / 2 + 4, label);
    }
    out.push_str("</g>");
}

/// Diagonal lines over a part of the bar, drawn out because a pattern would need an id.
fn hatch(out: &mut String, left: i64, right: i64) {
    let height = BAR_HEIGHT * UNIT;
    out.push_str("<path stroke=\"#15181c\" stroke-opacity=\".35\" d=\"");
    let mut start = left - height + 4 * UNIT;
    while start < right {
        let (from, to) = (start.max(left), (start + height).min(right));
        if from < to {
            let (y1, y2) = (height - (from - start), height - (to - start));
            let _ = write!(out, "M{} {}L{} {}", Px(from), Px(y1), Px(to), Px(y2));
        }
        start += 8 * UNIT;
    }
    out.push_str("\"/>");
}

/// A flame graph, root on top; `alt` describes it in words.
pub(crate) fn flame(boxes: &[FlameBox], alt: &str) -> Svg {
    let rows = boxes.iter().map(|b| b.row + 1).max().unwrap_or(1);
    let mut out = open(rows * ROW, alt);
    for frame in boxes {
        let title = format!("{}: {}", shorten(&frame.name, TITLE_LIMIT), frame.value);
        let color = box_color(frame.palette, frame.hue);
        begin_box(
            &mut out,
            &title,
            frame.left,
            frame.right,
            frame.row * ROW,
            BOX_HEIGHT,
            color,
        );
        if let Some(label) = fitting(&frame.labels, frame.right - frame.left) {
            text(&mut out, frame.left, frame.row * ROW + 12, &label);
        }
        out.push_str("</g>");
    }
    out.push_str("</g></svg>");
    Svg(out)
}

fn box_color(palette: Palette, hue: u32) -> &'static str {
    let nth = (hue as usize % 360) / 15;
    match palette {
        Palette::Strong => STRONG[nth],
        Palette::Muted => MUTED[nth],
        Palette::Grey => GREY,
        Palette::Dark => DARK_GREY,
    }
}

/// The first label that fits, else the beginning of the last one, if three characters fit.
fn fitting(labels: &[String], width: i64) -> Option<String> {
    if let Some(label) = labels.iter().find(|l| fits(l, width)) {
        return Some(label.clone());
    }
    let room = (width - 6 * UNIT) / CHARACTER;
    if room < 4 {
        return None;
    }
    let mut cut = String::new();
    let mut used = 1;
    for c in labels.last()?.chars() {
        used += cells(c);
        if used > room {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    Some(cut)
}

fn fits(label: &str, width: i64) -> bool {
    let needed: i64 = label.chars().map(cells).sum::<i64>() * CHARACTER + 6 * UNIT;
    !label.is_empty() && needed <= width
}

/// Columns a character takes in a monospace face; East Asian and everything beyond takes two.
fn cells(c: char) -> i64 {
    if (c as u32) < 0x1100 || ('\u{2000}'..'\u{2e80}').contains(&c) {
        1
    } else {
        2
    }
}

fn open(height: i64, alt: &str) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\""
    );
    escape(&mut out, alt);
    out.push_str("\">");
    out.push_str(TEXT);
    out
}

fn begin_box(out: &mut String, title: &str, l: i64, r: i64, y: i64, height: i64, color: &str) {
    out.push_str("<g><title>");
    escape(out, title);
    // Half a pixel of ground between neighbours, as long as that leaves something to see.
    let width = (r - l - UNIT / 2).max((r - l) / 2);
    let _ = write!(
        out,
        "</title><rect x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{height}\" fill=\"{color}\"/>",
        Px(l),
        Px(width)
    );
}

fn text(out: &mut String, left: i64, baseline: i64, label: &str) {
    let _ = write!(out, "<text x=\"{}\" y=\"{baseline}\">", Px(left + 3 * UNIT));
    escape(out, label);
    out.push_str("</text>");
}

/// Escapes for element content and double-quoted attributes.
fn escape(out: &mut String, text: &str) {
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

/// Hundredths of a pixel as a decimal number.
struct Px(i64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / UNIT, self.0 % UNIT);
        match rest {
            0 => write!(f, "{whole}"),
            r if r % 10 == 0 => write!(f, "{whole}.{}", r / 10),
            r => write!(f, "{whole}.{r:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(label: &str, weight: i64) -> Part {
        Part {
            label: label.to_owned(),
            value: format!("{weight}%"),
            weight,
            color: family_color("user", 0),
            hatched: false,
        }
    }

    #[test]
    fn parts_fill_the_bar_exactly() {
        // 1 + 1 + 1 of 3 parts: edges at 333.33, 666.66 and 1000, half a pixel of ground each.
        let svg = bar(&[part("a", 1), part("b", 1), part("c", 1)], "thirds");
        assert!(
            svg.as_str().contains("x=\"0\" y=\"0\" width=\"332.83\""),
            "{svg}"
        );
        assert!(
            svg.as_str()
                .contains("x=\"666.66\" y=\"0\" width=\"332.84\""),
            "{svg}"
        );
    }

    #[test]
    fn extreme_and_empty_values_draw_nothing_wrong() {
        assert_eq!(bar(&[], "none").as_str().matches("<rect").count(), 0);
        let huge = bar(
            &[
                part("a", i64::MAX),
                part("b", i64::MAX),
                part("c", i64::MIN),
            ],
            "x",
        );
        assert_eq!(huge.as_str().matches("<rect").count(), 2);
    }

    #[test]
    fn hostile_names_stay_text() {
        let evil = "</title><script>alert(1)</script>\"\n\u{202e}";
        let frame = FlameBox {
            right: FULL,
            name: evil.to_owned(),
            labels: [evil.to_owned(), evil.to_owned()],
            value: "1".to_owned(),
            ..FlameBox::default()
        };
        for svg in [flame(&[frame], evil), bar(&[part(evil, 1)], evil)] {
            let svg = svg.as_str();
            assert!(!svg.contains("<script"), "{svg}");
            assert_eq!(svg.matches("</title>").count(), 1, "{svg}");
            assert!(!svg.contains(['\n', '\u{202e}']), "{svg}");
        }
    }

    #[test]
    fn labels_are_cut_to_the_box() {
        let labels = ["encoding/json.Marshal".to_owned(), "Marshal".to_owned()];
        // 21 characters take 139.23 px + 6 px margins; 7 take 46.41 + 6.
        assert_eq!(
            fitting(&labels, 14_600).as_deref(),
            Some("encoding/json.Marshal")
        );
        assert_eq!(fitting(&labels, 14_500).as_deref(), Some("Marshal"));
        assert_eq!(fitting(&labels, 4_000).as_deref(), Some("Mars…"));
        assert_eq!(fitting(&labels, 3_000), None);
    }

    #[test]
    fn hatching_stays_inside_its_part() {
        let mut out = String::new();
        hatch(&mut out, 1_000, 1_500);
        for x in out
            .split(['M', 'L'])
            .skip(1)
            .map(|p| p.split(' ').next().unwrap())
        {
            let x: f64 = x.parse().unwrap();
            assert!((10.0..=15.0).contains(&x), "{out}");
        }
        assert!(out.contains('M'));
    }
}
