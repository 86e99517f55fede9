//! `-top`: pprof's flat table as text, byte for byte.

use super::legend::{Clock, filter_lines, profile_lines, shown_lines};
use crate::analysis::{InlineMark, Nodes, Selection, Top, TopOptions, TopRow};
use crate::model::Profile;
use crate::unit::{label_in, percent_padded, scaled};

/// What the text is made from.
#[derive(Clone, Copy)]
pub struct TopText<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// Its nodes.
    pub nodes: &'a Nodes,
    /// What counts.
    pub selection: &'a Selection,
    /// The table.
    pub top: &'a Top,
    /// The options it was made with.
    pub options: &'a TopOptions,
    /// The filters to name in the heading, with their expressions.
    pub filters: &'a [(&'static str, &'a str)],
    /// Output unit; `minimum` chooses one that suits all rows.
    pub unit: &'a str,
    /// Values are multiplied by this and truncated before they are printed (pprof's
    /// `-divide_by` is 1 over it); 1 changes nothing.
    pub ratio: f64,
    /// Leave out the lines about the profile (pprof's `-compact_labels`).
    pub compact: bool,
    /// The caller's time zone.
    pub clock: Clock<'a>,
}

impl std::fmt::Debug for TopText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TopText")
            .field("options", self.options)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}

/// Renders the table. Names and units are written as the bytes they are.
pub fn top_text(input: &TopText<'_>) -> Vec<u8> {
    let sample_unit = input.profile.unit_name(input.selection.sample_type);
    let total = input.selection.total;
    let unit = output_unit(
        &input.top.rows,
        total,
        &sample_unit,
        input.unit,
        input.ratio,
    );
    let raw_unit = raw_unit(input);
    let format = |value: i64| {
        let text = label_in(multiplied(value, input.ratio), &sample_unit, &unit);
        match text.strip_suffix(&sample_unit) {
            Some(number) if unit == sample_unit => [number.as_bytes(), raw_unit].concat(),
            _ => text.into_bytes(),
        }
    };
    let mut out = Vec::new();
    let legend = profile_lines(input.profile, input.selection, &format, input.clock);
    for line in legend.iter().filter(|_| !input.compact) {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    for line in filter_lines(input.filters) {
        out.extend_from_slice(&line);
        out.push(b'\n');
    }
    for line in shown_lines(input.top, total, input.options.node_fraction, &format) {
        out.extend_from_slice(&line);
        out.push(b'\n');
    }
    out.extend_from_slice(b"      flat  flat%   sum%        cum   cum%\n");
    let mut sum = 0_i64;
    for row in &input.top.rows {
        sum = sum.wrapping_add(row.flat);
        push_padded(&mut out, &format(row.flat));
        let shares = [row.flat, sum].map(|value| percent_padded(value, total));
        out.extend_from_slice(format!(" {} {} ", shares[0], shares[1]).as_bytes());
        push_padded(&mut out, &format(row.cum));
        out.extend_from_slice(format!(" {}  ", percent_padded(row.cum, total)).as_bytes());
        out.extend_from_slice(&input.nodes.printable(row.node));
        out.extend_from_slice(mark(row.inline));
        out.push(b'\n');
    }
    out
}

/// The unit of the values as the bytes it is; calculations see it with U+FFFD.
fn raw_unit<'a>(input: &TopText<'a>) -> &'a [u8] {
    let sample_type = input.profile.sample_types.get(input.selection.sample_type);
    sample_type.map_or(b"", |t| input.profile.strings.bytes(t.unit))
}

/// Go's `%10s`: what is not UTF-8 takes a column per byte.
fn push_padded(out: &mut Vec<u8>, text: &[u8]) {
    let columns =
        |chunk: std::str::Utf8Chunk<'_>| chunk.valid().chars().count() + chunk.invalid().len();
    let width: usize = text.utf8_chunks().map(columns).sum();
    out.resize(out.len() + 10_usize.saturating_sub(width), b' ');
    out.extend_from_slice(text);
}

fn mark(inline: InlineMark) -> &'static [u8] {
    match inline {
        InlineMark::None => b"",
        InlineMark::Inline => b" (inline)",
        InlineMark::Partial => b" (partial-inline)",
    }
}

fn multiplied(value: i64, ratio: f64) -> i64 {
    if ratio > 0.0 && (ratio - 1.0).abs() > 0.0 {
        crate::unit::to_integer(value as f64 * ratio)
    } else {
        value
    }
}

/// pprof's one unit for the whole report: the smallest row's, unless the largest value wants
/// another and is more than a hundred times the smallest; then the unit of a hundred times it.
pub fn output_unit(
    rows: &[TopRow],
    total: i64,
    sample_unit: &str,
    wanted: &str,
    ratio: f64,
) -> String {
    if wanted != "minimum" || rows.is_empty() {
        return wanted.to_owned();
    }
    let smallest = |row: &TopRow| match row.flat.wrapping_abs() {
        0 => row.cum.wrapping_abs(),
        flat => flat,
    };
    let min = rows
        .iter()
        .map(smallest)
        .filter(|&v| v > 0)
        .min()
        .unwrap_or(total);
    let (min, total) = (multiplied(min, ratio), multiplied(total, ratio));
    let (_, min_unit) = scaled(min, sample_unit, "minimum");
    let (_, max_unit) = scaled(total, sample_unit, "minimum");
    let unit = if min_unit != max_unit && min.wrapping_mul(100) < total {
        scaled(min.wrapping_mul(100), sample_unit, "minimum").1
    } else {
        min_unit
    };
    if unit.is_empty() {
        sample_unit.to_owned()
    } else {
        unit
    }
}
