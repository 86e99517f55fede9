//! What a picture tells by its looks: lines of labels, sizes of text, widths and colours.

use super::dot::escaped;
use super::short_name::shortened;
use crate::analysis::{NodeInfo, Nodes, base_name};
use crate::unit::to_integer;

/// A node's name with a part per line: the function without its package's path, then file or
/// binary. Lines end as the language of pictures has it.
pub(super) fn multi_line(nodes: &Nodes, info: &NodeInfo) -> Vec<u8> {
    let mut name = escaped(&shortened(nodes.text(info.name)));
    // Go's type parameters are `[...]`, which is no place for a line break.
    for (from, to) in [
        (&b"::"[..], &b"\\n"[..]),
        (b"[...]", "[…]".as_bytes()),
        (b".", b"\\n"),
    ] {
        name = replaced(&name, from, to);
    }
    let file = match nodes.text(info.file) {
        b"" => b"",
        file => base_name(file),
    };
    let mut label = nodes.name_parts(info, &name, file, b"\\n");
    label.extend_from_slice(b"\\n");
    label
}

/// The lines of a node's name; none is empty.
pub fn label_lines(nodes: &Nodes, info: &NodeInfo) -> Vec<String> {
    lines_of(&multi_line(nodes, info))
}

/// The lines of a text as the language of pictures writes it, as far as they are not empty.
pub fn lines_of(label: &[u8]) -> Vec<String> {
    let mut lines = vec![Vec::new()];
    let mut rest = label.iter();
    while let Some(&byte) = rest.next() {
        let written = match byte {
            b'\\' => match rest.next() {
                Some(b'n' | b'l' | b'r') | None => None,
                Some(&escaped) => Some(escaped),
            },
            byte => Some(byte),
        };
        match (written, lines.last_mut()) {
            (Some(byte), Some(line)) => line.push(byte),
            _ => lines.push(Vec::new()),
        }
    }
    lines.retain(|line| !line.is_empty());
    let text = |line: Vec<u8>| String::from_utf8_lossy(&line).into_owned();
    lines.into_iter().map(text).collect()
}

/// What a node says of its values: `flat (share)`, then `of cum (share)` unless both are the same;
/// one line where flat is 0.
pub fn value_lines(
    flat: i64,
    cum: i64,
    percent: &dyn Fn(i64) -> String,
    text: &dyn Fn(i64) -> Vec<u8>,
) -> Vec<Vec<u8>> {
    let with_share = |value: i64| {
        let share = format!(" ({})", percent(value));
        [text(value).as_slice(), share.as_bytes()].concat()
    };
    let of_cum = || [b"of ", with_share(cum).as_slice()].concat();
    match (flat, cum == flat) {
        (0, true) => vec![b"0".to_vec()],
        (0, false) => vec![[b"0 ", of_cum().as_slice()].concat()],
        (_, true) => vec![with_share(flat)],
        (_, false) => vec![with_share(flat), of_cum()],
    }
}

/// Points of a node's text: 8 to 24, by its flat among those of all nodes.
pub fn font_size(flat: i64, heaviest: f64) -> i64 {
    let magnitude = flat.wrapping_abs() as f64;
    let growth = if flat != 0 && heaviest != 0.0 && magnitude <= heaviest {
        to_integer((16.0 * (magnitude / heaviest).sqrt()).ceil())
    } else {
        0
    };
    8_i64.wrapping_add(growth)
}

/// How straight an edge is to be, 1 to 101, and how wide it is drawn, 1 to 6. `total` is not 0.
pub fn edge_weight(value: i64, total: i64) -> [i64; 2] {
    [100_i64, 5].map(|factor| {
        // More than the total is possible in differences.
        let part = value.wrapping_mul(factor).wrapping_div(total);
        1 + part.wrapping_abs().min(factor)
    })
}

/// Green for less, grey for nothing, red for more; a light shade for areas. `score` is a share of
/// the total.
pub fn color(score: f64, is_area: bool) -> String {
    let (mut saturation, value) = if is_area { (0.1, 0.93) } else { (1.0, 0.7) };
    // Without a total the score is no number, and stays none.
    let score = if score.is_nan() {
        score
    } else {
        score.clamp(-1.0, 1.0)
    };
    if score.abs() < 0.2 {
        saturation *= score.abs() / 0.2;
    }
    // Small shares are shifted away from grey.
    let strength = score.abs().powf(0.3);
    let faded = value * (1.0 - saturation * strength);
    let (red, green) = if score < 0.0 {
        (faded, value)
    } else {
        (value, faded)
    };
    let blue = value * (1.0 - saturation);
    let [red, green, blue] = [red, green, blue].map(|part| (part * 255.0) as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(from) {
            out.extend_from_slice(to);
            rest = after;
        } else {
            out.push(first);
            rest = tail;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_go_from_green_over_grey_to_red() {
        // All: value 0.7 → 178 = b2, faded by saturation 1 to 0. Nothing: saturation 0, all b2.
        assert_eq!(color(1.0, false), "#b20000");
        assert_eq!(color(-7.0, false), "#00b200");
        assert_eq!(color(0.0, false), "#b2b2b2");
        // Areas: 0.93 → 237 = ed; 0.93 · 0.9 = 0.837 → 213 = d5.
        assert_eq!(color(1.0, true), "#edd5d5");
        assert_eq!(color(f64::NAN, false), "#b20000");
    }

    #[test]
    fn parts_of_a_name_are_replaced() {
        assert_eq!(replaced(b"a::b::", b"::", b"\\n"), b"a\\nb\\n");
    }

    #[test]
    fn lines_are_what_graphviz_would_draw() {
        assert_eq!(lines_of(b"a\\nb \\\"c\\\"\\n"), ["a", "b \"c\""]);
        assert_eq!(lines_of(b"a\\\\nb\\lc"), ["a\\nb", "c"]);
        assert!(lines_of(b"").is_empty());
    }

    #[test]
    fn a_node_tells_cum_where_it_differs() {
        let lines = |flat, cum| {
            let lines = value_lines(flat, cum, &|v| format!("{v}%"), &|v| format!("{v}s").into());
            let lines = lines.iter().map(|line| String::from_utf8_lossy(line));
            lines.collect::<Vec<_>>().join("|")
        };
        assert_eq!(lines(3, 5), "3s (3%)|of 5s (5%)");
        assert_eq!(lines(3, 3), "3s (3%)");
        assert_eq!(lines(0, 5), "0 of 5s (5%)");
        assert_eq!(lines(0, 0), "0");
    }
}
