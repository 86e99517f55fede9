//! The lines above a text report: what was profiled, when, and how much of it is shown.

use crate::analysis::{Selection, Top, base_name};
use crate::model::Profile;
use crate::unit::{label, percent, percent_padded, scaled};

/// Turns a time since 1970 in nanoseconds into `2006-01-02 15:04:05 MST`; the zone is the
/// caller's, since the core knows none.
pub type Clock<'a> = &'a dyn Fn(i64) -> String;

/// `File:`, `Build ID:`, comments, `Type:`, `Doc:`, `Time:` and `Duration:`, as far as the
/// profile has them; `format` prints values in the report's unit.
pub(super) fn profile_lines(
    profile: &Profile,
    selection: &Selection,
    format: &dyn Fn(i64) -> Vec<u8>,
    clock: Clock<'_>,
) -> Vec<Vec<u8>> {
    let bytes = |id| profile.strings.bytes(id);
    let mut lines = Vec::new();
    if let Some(main) = profile.mappings.first() {
        let file = bytes(main.filename);
        if !file.is_empty() {
            lines.push([b"File: ", base_name(file)].concat());
        }
        if !bytes(main.build_id).is_empty() {
            lines.push([b"Build ID: ", bytes(main.build_id)].concat());
        }
    }
    let comments = profile.comments.iter().map(|&id| bytes(id));
    lines.extend(
        comments
            .filter(|c| !c.starts_with(b"#"))
            .map(<[u8]>::to_vec),
    );
    let sample_type = profile.sample_types.get(selection.sample_type);
    if let Some(kind) = sample_type.map(|t| bytes(t.kind)).filter(|k| !k.is_empty()) {
        let mean: &[u8] = if selection.mean { b"mean_" } else { b"" };
        lines.push([b"Type: ", mean, kind].concat());
    }
    if !bytes(profile.doc_url).is_empty() {
        lines.push([b"Doc: ", bytes(profile.doc_url)].concat());
    }
    if profile.time_nanos != 0 {
        lines.push(format!("Time: {}", clock(profile.time_nanos)).into_bytes());
    }
    lines.extend(duration_line(profile, selection, format));
    lines
}

fn duration_line(
    profile: &Profile,
    selection: &Selection,
    format: &dyn Fn(i64) -> Vec<u8>,
) -> Option<Vec<u8>> {
    if profile.duration_nanos == 0 {
        return None;
    }
    let sample_unit = profile.unit_name(selection.sample_type);
    let (nanos, family) = scaled(selection.total, &sample_unit, "nanoseconds");
    let ratio = if family == "ns" && nanos != 0.0 {
        format!("({})", percent_padded(nanos as i64, profile.duration_nanos))
    } else {
        String::new()
    };
    let duration = label(profile.duration_nanos, "nanoseconds");
    let total = format(selection.total);
    // Without a ratio the blank before it stays, as in pprof.
    let start = format!("Duration: {duration}, Total samples = ");
    Some([start.as_bytes(), &total, b" ", ratio.as_bytes()].concat())
}

/// Longest `name=expression` that is printed whole.
const MAX_FILTER: usize = 80;

/// `Active filters:` and the filters, cut where they are long; nothing without any.
pub(super) fn filter_lines(filters: &[(&str, &str)]) -> Vec<Vec<u8>> {
    if filters.is_empty() {
        return Vec::new();
    }
    let line = |(name, text): &(&str, &str)| {
        let mut line = format!("{name}={text}").into_bytes();
        if line.len() > MAX_FILTER {
            line.truncate(MAX_FILTER);
            line.extend_from_slice("…".as_bytes());
        }
        [b"   ", line.as_slice()].concat()
    };
    let heading = b"Active filters:".to_vec();
    std::iter::once(heading)
        .chain(filters.iter().map(line))
        .collect()
}

/// `Showing nodes accounting for …` and what was dropped.
pub(super) fn shown_lines(
    top: &Top,
    total: i64,
    node_fraction: f64,
    format: &dyn Fn(i64) -> Vec<u8>,
) -> Vec<Vec<u8>> {
    let shown = top
        .rows
        .iter()
        .fold(0_i64, |sum, row| sum.wrapping_add(row.flat));
    let mut lines = vec![
        [
            b"Showing nodes accounting for ",
            format(shown).as_slice(),
            format!(", {} of ", percent(shown, total)).as_bytes(),
            &format(total),
            b" total",
        ]
        .concat(),
    ];
    if total != 0 {
        if top.dropped > 0 {
            let plural = if top.dropped > 1 { "s" } else { "" };
            let limit = crate::unit::to_integer(total as f64 * node_fraction).wrapping_abs();
            let start = format!("Dropped {} node{plural} (cum <= ", top.dropped);
            lines.push([start.as_bytes(), &format(limit), b")"].concat());
        }
        let rows = top.rows.len();
        if rows > 0 && rows < top.node_count {
            let line = format!("Showing top {rows} nodes out of {}", top.node_count);
            lines.push(line.into_bytes());
        }
    }
    lines
}
