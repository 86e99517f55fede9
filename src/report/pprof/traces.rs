//! `-traces`: every sample as a stack with its labels.

use super::legend::profile_lines;
use super::names::Names;
use super::values::{Values, push_padded};
use super::{Outside, Prepared, grouped_labels};
use crate::unit::label;

const SEPARATOR: &[u8] = b"-----------+-------------------------------------------------------\n";

pub(super) fn text(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let Prepared {
        profile,
        nodes,
        selection,
        ..
    } = prepared;
    let values = Values::each(prepared);
    let mut out = profile_lines(prepared, &values, outside).join(&b'\n');
    out.push(b'\n');
    let mut label_text = Vec::new();
    let mut names = Names::printable(nodes);
    for (sample, &stack) in profile.samples.stacks.iter().enumerate() {
        let locations = profile.stacks.get(stack);
        if locations.is_empty() {
            continue;
        }
        out.extend_from_slice(SEPARATOR);
        label_text.clear();
        push_labels(prepared, sample, &mut label_text);
        out.extend_from_slice(&label_text);
        let mut value = profile.value(sample, selection.sample_type);
        if selection.mean {
            let events = profile.value(sample, 0);
            if events != 0 {
                value = value.wrapping_div(events);
            }
        }
        let mut first = Some(values.text(value));
        for location in locations {
            let frames = nodes.frames(location.index());
            for (depth, &node) in frames.iter().enumerate().rev() {
                match first.take() {
                    Some(value) => push_padded(&mut out, &value, 10),
                    None => out.extend_from_slice(b"          "),
                }
                out.extend_from_slice(b"   ");
                names.push(node, &mut out);
                out.extend_from_slice(if depth > 0 { b" (inline)\n" } else { b"\n" });
            }
            outside.drain(&mut out)?;
        }
    }
    out.extend_from_slice(SEPARATOR);
    Ok(out)
}

/// Texts, then numbers, each sorted as the lines they make.
fn push_labels(prepared: &Prepared, sample: usize, out: &mut Vec<u8>) {
    let strings = &prepared.profile.strings;
    let labels = prepared.profile.samples.labels(sample);
    if labels.is_empty() {
        return;
    }
    let line = |key: &[u8], values: Vec<Vec<u8>>| {
        let mut line = Vec::new();
        push_padded(&mut line, key, 10);
        line.extend_from_slice(b":  ");
        line.extend_from_slice(&values.join(&b' '));
        line.push(b'\n');
        line
    };
    let groups = grouped_labels(&prepared.profile, labels);
    let texts = groups.texts.iter().map(|(key, labels)| {
        let values = labels.iter().map(|l| strings.bytes(l.str).to_vec());
        line(key, values.collect())
    });
    let numbers = groups.numbers.iter().map(|(key, labels)| {
        let unit = String::from_utf8_lossy(prepared.units.of(key));
        let values = labels.iter().map(|l| label(l.num, &unit).into_bytes());
        line(key, values.collect())
    });
    for mut lines in [texts.collect::<Vec<_>>(), numbers.collect()] {
        lines.sort();
        for line in lines {
            out.extend_from_slice(&line);
        }
    }
}
