//! `-tags`: what each label's values have, key by key.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::columns::Columns;
use super::table::{Cell, Table, TableWriter, share};
use super::values::Values;
use super::{Budget, Outside, Prepared};
use crate::analysis::is_numeric;
use crate::unit::{label_in, percent_padded};

/// A key's values with their sums.
#[derive(Default)]
struct Key<'a> {
    total: i64,
    values: BTreeMap<Cow<'a, [u8]>, i64>,
}

impl Key<'_> {
    /// Heaviest first, then by name. pprof's order of two values that differ in their sign only
    /// is up to chance; here names decide.
    fn sorted(&self) -> Vec<(&[u8], i64)> {
        let mut sorted: Vec<(&[u8], i64)> = self.values.iter().map(|(k, &v)| (&**k, v)).collect();
        sorted.sort_by_key(|&(_, value)| Reverse(value.wrapping_abs()));
        sorted
    }
}

/// Sums by key and value. Texts and numbers are pooled, and numbers that print alike are one.
fn keys(prepared: &Prepared) -> Result<BTreeMap<&[u8], Key<'_>>, String> {
    let profile = &prepared.profile;
    let mut keys: BTreeMap<&[u8], Key<'_>> = BTreeMap::new();
    // Numbers share their unit, which can be long.
    let mut budget = Budget::default();
    let mut add = |label: &crate::model::Label, value: i64| -> Result<(), String> {
        let key = profile.strings.bytes(label.key);
        let text = if is_numeric(label) {
            let unit = String::from_utf8_lossy(prepared.units.of(key));
            Cow::Owned(label_in(label.num, &unit, &prepared.options.unit).into_bytes())
        } else {
            Cow::Borrowed(profile.strings.bytes(label.str))
        };
        let row = keys.entry(key).or_default();
        row.total = row.total.wrapping_add(value);
        if let Some(sum) = row.values.get_mut(&text) {
            *sum = sum.wrapping_add(value);
            return Ok(());
        }
        if let Cow::Owned(text) = &text {
            budget.take(text.len())?;
        }
        row.values.insert(text, value);
        Ok(())
    };
    // Neighbouring samples mostly have the same labels, so those are looked up once.
    let mut pending: Option<(&[crate::model::Label], i64)> = None;
    for sample in 0..profile.samples.len() {
        let labels = profile.samples.labels(sample);
        let value = profile.value(sample, prepared.selection.sample_type);
        match &mut pending {
            Some((known, sum)) if *known == labels => *sum = sum.wrapping_add(value),
            _ => {
                if let Some((known, sum)) = pending.replace((labels, value)) {
                    for label in known {
                        add(label, sum)?;
                    }
                }
            }
        }
    }
    if let Some((known, sum)) = pending {
        for label in known {
            add(label, sum)?;
        }
    }
    Ok(keys)
}

pub(super) fn text(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let values = Values::each(prepared);
    let total = prepared.selection.total;
    let ratio = |value: i64| {
        if total > 0 {
            format!(" ({})", percent_padded(value, total))
        } else {
            String::new()
        }
    };
    let mut out = Vec::new();
    for (key, row) in keys(prepared)? {
        // The empty line behind a key ends all columns.
        let mut columns = Columns::default();
        let mut budget = Budget::default();
        for part in [
            key,
            b":\t Total ",
            &values.text(row.total),
            b" of ",
            &values.text(total),
            ratio(row.total).as_bytes(),
            b"\n",
        ] {
            columns.write(part);
        }
        for (name, value) in row.sorted() {
            for part in [
                b" \t".as_slice(),
                &values.text(value),
                ratio(value).as_bytes(),
                b":\t ",
                name,
                b"\n",
            ] {
                budget.take(part.len())?;
                columns.write(part);
            }
        }
        columns.write(b"\n");
        columns.finish(&mut out, outside)?;
    }
    Ok(out)
}

const TABLE: Table = Table {
    report: "tags",
    columns: &["key", "value", "sum", "percent", "unit"],
};

/// The sums as data: see [`super::Format`].
pub(super) fn data(prepared: &Prepared, mut out: TableWriter<'_>) -> Result<Vec<u8>, String> {
    out.begin(&TABLE);
    let unit = out.unit();
    for (key, row) in keys(prepared)? {
        for (name, value) in row.sorted() {
            out.row(&[
                Cell::Text(key),
                Cell::Text(name),
                Cell::Number(value),
                Cell::Percent(share(value, prepared.selection.total)),
                Cell::Text(unit),
            ])?;
        }
    }
    Ok(out.end())
}
