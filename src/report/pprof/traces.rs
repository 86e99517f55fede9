//! `-traces`: every sample as a stack with its labels.

use super::legend::profile_lines;
use super::names::Names;
use super::values::{Values, push_padded};
use super::{Budget, Outside, Prepared, grouped_labels};
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
    let mut out = Vec::new();
    let legend = profile_lines(prepared, &values, outside);
    if legend.is_empty() {
        out.push(b'\n');
    }
    for line in legend {
        outside.line(&mut out, &line)?;
    }
    let mut names = Names::printable(nodes);
    for (sample, &stack) in profile.samples.stacks.iter().enumerate() {
        let locations = profile.stacks.get(stack);
        if locations.is_empty() {
            continue;
        }
        out.extend_from_slice(SEPARATOR);
        push_labels(prepared, sample, &mut out)?;
        outside.drain(&mut out)?;
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
                outside.line(&mut out, if depth > 0 { b" (inline)" } else { b"" })?;
            }
        }
        outside.drain(&mut out)?;
    }
    out.extend_from_slice(SEPARATOR);
    Ok(out)
}

/// Texts, then numbers, each sorted as the lines they make.
fn push_labels(prepared: &Prepared, sample: usize, out: &mut Vec<u8>) -> Result<(), String> {
    let strings = &prepared.profile.strings;
    let labels = prepared.profile.samples.labels(sample);
    if labels.is_empty() {
        return Ok(());
    }
    let groups = grouped_labels(&prepared.profile, labels);
    let mut budget = Budget::default();
    let start = |key: &[u8], budget: &mut Budget| -> Result<Vec<u8>, String> {
        let mut line = Vec::new();
        budget.take(key.len() + 4)?;
        push_padded(&mut line, key, 10);
        line.extend_from_slice(b": ");
        Ok(line)
    };
    let add = |line: &mut Vec<u8>, value: &[u8], budget: &mut Budget| {
        budget.take(value.len() + 1)?;
        line.push(b' ');
        line.extend_from_slice(value);
        Ok::<(), String>(())
    };
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    for (key, labels) in &groups.texts {
        let mut line = start(key, &mut budget)?;
        for label in labels {
            add(&mut line, strings.bytes(label.str), &mut budget)?;
        }
        texts.push(line);
    }
    for (key, labels) in &groups.numbers {
        let unit = String::from_utf8_lossy(prepared.units.of(key));
        let mut line = start(key, &mut budget)?;
        for l in labels {
            add(&mut line, label(l.num, &unit).as_bytes(), &mut budget)?;
        }
        numbers.push(line);
    }
    for lines in [&mut texts, &mut numbers] {
        for line in &mut *lines {
            line.push(b'\n');
        }
        lines.sort();
        for line in lines {
            out.extend_from_slice(line);
        }
    }
    Ok(())
}
