//! Tables as data: CSV and JSON.
//!
//! CSV is that of [`crate::report::csv`], under a heading.
//!
//! JSON is one object: `report`, `sampleType`, `unit`, `total`, and `rows`, an array of objects
//! with the columns' names. What is not UTF-8 becomes U+FFFD.

use super::{Outside, Prepared};
use crate::report::csv::push_csv;

/// What a table is and which columns it has.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) report: &'static str,
    pub(super) columns: &'static [&'static str],
}

/// A cell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    Text(&'a [u8]),
    Number(i64),
    /// Hundredths of the total, with its sign.
    Percent(f64),
    Flag(bool),
}

/// `value ÷ total` in percent, with its sign; 0 without a total.
pub(super) fn share(value: i64, total: i64) -> f64 {
    crate::unit::share(value, total) * 100.0
}

/// Writes rows one by one.
#[derive(Debug)]
pub(super) struct TableWriter<'a> {
    prepared: &'a Prepared,
    outside: Outside<'a>,
    is_csv: bool,
    columns: &'static [&'static str],
    rows: usize,
    out: Vec<u8>,
}

impl<'a> TableWriter<'a> {
    pub(super) fn new(prepared: &'a Prepared, is_csv: bool, outside: Outside<'a>) -> Self {
        Self {
            prepared,
            outside,
            is_csv,
            columns: &[],
            rows: 0,
            out: Vec::new(),
        }
    }

    /// The unit of all values.
    pub(super) fn unit(&self) -> &'a [u8] {
        let profile = &self.prepared.profile;
        let sample_type = profile
            .sample_types
            .get(self.prepared.selection.sample_type);
        sample_type.map_or(b"", |t| profile.strings.bytes(t.unit))
    }

    pub(super) fn begin(&mut self, table: &Table) {
        self.columns = table.columns;
        if self.is_csv {
            self.out
                .extend_from_slice(table.columns.join(",").as_bytes());
            self.out.extend_from_slice(b"\r\n");
            return;
        }
        let kind = super::legend::type_name(self.prepared);
        let total = self.prepared.selection.total;
        self.out.extend_from_slice(b"{\"report\":");
        push_json(&mut self.out, table.report.as_bytes());
        self.out.extend_from_slice(b",\"sampleType\":");
        push_json(&mut self.out, &kind);
        self.out.extend_from_slice(b",\"unit\":");
        let unit = self.unit();
        push_json(&mut self.out, unit);
        self.out
            .extend_from_slice(format!(",\"total\":{total},\"rows\":[").as_bytes());
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), String> {
        if !self.is_csv {
            let start: &[u8] = if self.rows == 0 { b"\n{" } else { b",\n{" };
            self.out.extend_from_slice(start);
        }
        for (i, (cell, column)) in cells.iter().zip(self.columns).enumerate() {
            if i > 0 {
                self.out.push(b',');
            }
            if !self.is_csv {
                push_json(&mut self.out, column.as_bytes());
                self.out.push(b':');
            }
            match cell {
                Cell::Text(text) if self.is_csv => push_csv(&mut self.out, text),
                Cell::Text(text) => push_json(&mut self.out, text),
                Cell::Number(number) => self.out.extend_from_slice(number.to_string().as_bytes()),
                Cell::Percent(value) => {
                    self.out.extend_from_slice(format!("{value:.4}").as_bytes());
                }
                Cell::Flag(flag) => self.out.extend_from_slice(flag.to_string().as_bytes()),
            }
        }
        self.out
            .extend_from_slice(if self.is_csv { b"\r\n" } else { b"}" });
        self.rows += 1;
        self.outside.drain(&mut self.out)
    }

    pub(super) fn end(mut self) -> Vec<u8> {
        if !self.is_csv {
            self.out.extend_from_slice(b"\n]}\n");
        }
        self.out
    }
}

/// Appends a text as a JSON string.
pub(super) fn push_json(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for c in String::from_utf8_lossy(text).chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            c if u32::from(c) < 0x20 => {
                out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
            }
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_strings_are_escaped() {
        let mut out = Vec::new();
        push_json(&mut out, b"a\"\\\n\xff");
        assert_eq!(out, "\"a\\\"\\\\\\u000a\u{fffd}\"".as_bytes());
    }
}
