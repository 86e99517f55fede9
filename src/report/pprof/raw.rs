//! `-raw`: the profile itself as text, and `-comments`.

use std::borrow::Cow;

use super::{Budget, Outside, Prepared, grouped_labels};
use crate::model::{Label, Location, Mapping, Profile, StringId};

/// All comments, a line each.
pub(super) fn comments(profile: &Profile, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    for &comment in &profile.comments {
        outside.line(&mut out, profile.strings.bytes(comment))?;
    }
    Ok(out)
}

pub(super) fn text(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let profile = &prepared.profile;
    let mut out = header(profile, outside)?;
    // Of every location the text of its id.
    let mut ids: Vec<u8> = Vec::new();
    let mut starts = vec![0];
    for location in &profile.locations {
        ids.extend_from_slice(format!("{} ", location.id).as_bytes());
        starts.push(ids.len());
    }
    for sample in 0..profile.samples.len() {
        push_values(profile, sample, &mut out);
        for location in profile.stacks.get(profile.samples.stacks[sample]) {
            let at = location.index();
            out.extend_from_slice(&ids[starts[at]..starts[at + 1]]);
        }
        out.push(b'\n');
        push_labels(profile, sample, &mut out)?;
        outside.drain(&mut out)?;
    }
    out.extend_from_slice(b"Locations\n");
    let mut lines = Lines {
        prepared,
        outside,
        out,
    };
    for location in &profile.locations {
        lines.location(location)?;
    }
    let mut out = lines.out;
    out.extend_from_slice(b"Mappings\n");
    for mapping in &profile.mappings {
        push_mapping(prepared, mapping, &mut out);
        outside.drain(&mut out)?;
    }
    Ok(out)
}

fn header(profile: &Profile, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let bytes = |id| profile.strings.bytes(id);
    let mut out = Vec::new();
    let mut line = |parts: &[&[u8]]| {
        for part in parts {
            out.extend_from_slice(part);
        }
        outside.line(&mut out, b"")
    };
    for &comment in &profile.comments {
        line(&[b"Comment: ", bytes(comment)])?;
    }
    if !bytes(profile.doc_url).is_empty() {
        line(&[b"Doc: ", bytes(profile.doc_url)])?;
    }
    let period = profile.period_type;
    let (kind, unit) = period.map_or((StringId(0), StringId(0)), |t| (t.kind, t.unit));
    line(&[b"PeriodType: ", bytes(kind), b" ", bytes(unit)])?;
    line(&[format!("Period: {}", profile.period).as_bytes()])?;
    if profile.time_nanos != 0 {
        line(&[b"Time: ", (outside.instant)(profile.time_nanos).as_bytes()])?;
    }
    if profile.duration_nanos != 0 {
        // pprof prints four characters of it.
        let duration: String = duration(profile.duration_nanos).chars().take(4).collect();
        line(&[b"Duration: ", duration.as_bytes()])?;
    }
    line(&[b"Samples:"])?;
    let mut budget = Budget::default();
    let mut types = Vec::new();
    for t in &profile.sample_types {
        let is_default = bytes(t.kind) == bytes(profile.default_sample_type);
        let mark: &[u8] = if is_default { b"[dflt] " } else { b" " };
        for part in [bytes(t.kind), b"/", bytes(t.unit), mark] {
            budget.take(part.len())?;
            types.extend_from_slice(part);
        }
    }
    line(&[trim(&types)])?;
    Ok(out)
}

/// Without blanks at both ends, as Go's `strings.TrimSpace` sees them in ASCII.
fn trim(text: &[u8]) -> &[u8] {
    let is_blank = |b: &u8| matches!(b, b' ' | b'\t'..=b'\r');
    let start = text.iter().take_while(|b| is_blank(b)).count();
    let end = text[start..]
        .iter()
        .rev()
        .take_while(|b| is_blank(b))
        .count();
    &text[start..text.len() - end]
}

/// A duration as Go prints it: `1.5µs`, `2m3s`, `4h0m0s`.
fn duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let fraction = |value: u64, unit: u64| {
        let rest = value % unit;
        if rest == 0 {
            return (value / unit).to_string();
        }
        let digits = unit.ilog10() as usize;
        let text = format!("{}.{rest:0digits$}", value / unit);
        text.trim_end_matches('0').to_owned()
    };
    if nanos < 1000 {
        return format!("{sign}{nanos}ns");
    }
    if nanos < 1_000_000 {
        return format!("{sign}{}µs", fraction(nanos, 1000));
    }
    if nanos < 1_000_000_000 {
        return format!("{sign}{}ms", fraction(nanos, 1_000_000));
    }
    let minutes = nanos / 60_000_000_000;
    let seconds = fraction(nanos % 60_000_000_000, 1_000_000_000);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}

fn push_values(profile: &Profile, sample: usize, out: &mut Vec<u8>) {
    for t in 0..profile.sample_types.len() {
        out.extend_from_slice(format!(" {:10}", profile.value(sample, t)).as_bytes());
    }
    out.extend_from_slice(b": ");
}

fn push_labels(profile: &Profile, sample: usize, out: &mut Vec<u8>) -> Result<(), String> {
    const INDENT: &[u8] = b"                ";
    let groups = grouped_labels(profile, profile.samples.labels(sample));
    let mut budget = Budget::default();
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    for (key, labels) in &groups.texts {
        let values = labels
            .iter()
            .map(|l| Cow::Borrowed(profile.strings.bytes(l.str)));
        texts.push(list(key, values, &mut budget)?);
    }
    for (key, labels) in &groups.numbers {
        // With units, which may be empty, as soon as one has a unit.
        let with_units = labels.iter().any(|label| label.unit != StringId(0));
        let values = labels
            .iter()
            .map(|l| Cow::Owned(number(profile, l, with_units)));
        numbers.push(list(key, values, &mut budget)?);
    }
    for lists in [&mut texts, &mut numbers] {
        lists.sort();
        for (i, list) in lists.iter().enumerate() {
            out.extend_from_slice(if i == 0 { INDENT } else { b" " });
            out.extend_from_slice(list);
        }
        if !lists.is_empty() {
            out.push(b'\n');
        }
    }
    Ok(())
}

/// `key:[value value]`.
fn list<'a>(
    key: &[u8],
    values: impl Iterator<Item = Cow<'a, [u8]>>,
    budget: &mut Budget,
) -> Result<Vec<u8>, String> {
    budget.take(key.len() + 3)?;
    let mut list = [key, b":["].concat();
    for (i, value) in values.enumerate() {
        budget.take(value.len() + 1)?;
        if i > 0 {
            list.push(b' ');
        }
        list.extend_from_slice(&value);
    }
    list.push(b']');
    Ok(list)
}

fn number(profile: &Profile, label: &Label, with_unit: bool) -> Vec<u8> {
    let number = label.num.to_string().into_bytes();
    if with_unit {
        [&number, &b" "[..], profile.strings.bytes(label.unit)].concat()
    } else {
        number
    }
}

struct Lines<'a> {
    prepared: &'a Prepared,
    outside: Outside<'a>,
    out: Vec<u8>,
}

impl Lines<'_> {
    /// With `-noinlines` the outermost line is all there is, without its column unless those are
    /// asked for.
    fn location(&mut self, location: &Location) -> Result<(), String> {
        let Prepared {
            profile, options, ..
        } = self.prepared;
        let mut start = format!("{:6}: {:#x} ", location.id, location.address);
        if let Some(mapping) = location.mapping {
            let id = profile.mappings[mapping.index()].id;
            start.push_str(&format!("M={id} "));
        }
        if location.is_folded {
            start.push_str("[F] ");
        }
        let mut lines = profile.lines_of(location);
        if options.noinlines {
            lines = &lines[lines.len().saturating_sub(1)..];
        }
        if lines.is_empty() {
            self.out.extend_from_slice(start.as_bytes());
            self.out.push(b'\n');
        }
        for line in lines {
            let function = profile.functions[line.function.index()];
            let bytes = |id| profile.strings.bytes(id);
            let keeps_column = !options.noinlines || options.showcolumns;
            let column = if keeps_column { line.column } else { 0 };
            let place = format!(":{}:{column} s={}", line.line, function.start_line);
            self.out.extend_from_slice(start.as_bytes());
            self.out.extend_from_slice(bytes(function.name));
            self.out.push(b' ');
            self.out.extend_from_slice(bytes(function.filename));
            self.out.extend_from_slice(place.as_bytes());
            if bytes(function.name) != bytes(function.system_name) {
                let system_name = [b"(", bytes(function.system_name), b")"].concat();
                self.out.extend_from_slice(&system_name);
            }
            self.out.push(b'\n');
            start = " ".repeat(13);
            self.outside.drain(&mut self.out)?;
        }
        self.outside.drain(&mut self.out)
    }
}

fn push_mapping(prepared: &Prepared, mapping: &Mapping, out: &mut Vec<u8>) {
    let bytes = |id| prepared.profile.strings.bytes(id);
    let start = format!(
        "{}: {:#x}/{:#x}/{:#x} ",
        mapping.id, mapping.start, mapping.limit, mapping.offset
    );
    out.extend_from_slice(start.as_bytes());
    out.extend_from_slice(bytes(mapping.filename));
    out.push(b' ');
    out.extend_from_slice(bytes(mapping.build_id));
    out.push(b' ');
    let inlines = !prepared.options.noinlines;
    for (i, mark) in ["[FN]", "[FL]", "[LN]", "[IN]"].iter().enumerate() {
        if mapping.has[i] && (i < 3 || inlines) {
            out.extend_from_slice(mark.as_bytes());
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_written_as_go_writes_them() {
        // By the documentation of time.Duration.String.
        for (nanos, text) in [
            (1, "1ns"),
            (1100, "1.1µs"),
            (2_200_000, "2.2ms"),
            (3_300_000_000, "3.3s"),
            (30_123_456_789, "30.123456789s"),
            (65_001_000_000, "1m5.001s"),
            (14_400_000_000_000, "4h0m0s"),
            (-1_500_000, "-1.5ms"),
        ] {
            assert_eq!(duration(nanos), text);
        }
    }
}
