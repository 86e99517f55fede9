//! CSV, after RFC 4180: lines end in CR LF, cells stand in quotes where they hold a quote, a comma or a
//! line break.
//!
//! Texts are bytes of a foreign file, and spreadsheets take a cell that begins with `=`, `+`, `-` or `@`
//! for a formula; such a text, and one that begins with a tab or a carriage return, gets an apostrophe
//! before it. Numbers never do. Bytes that are not UTF-8 stay as they are.

/// A table under construction.
#[derive(Debug, Default)]
pub struct Csv {
    out: Vec<u8>,
    in_row: bool,
}

impl Csv {
    /// A table with these headings.
    pub fn new<'a>(headings: impl IntoIterator<Item = &'a str>) -> Self {
        let mut new = Self::default();
        for heading in headings {
            new.text(heading);
        }
        new.end_row();
        new
    }

    /// Appends a cell that is the file's or ours, and never a number.
    pub fn text(&mut self, text: &str) {
        self.separate();
        push_csv(&mut self.out, text.as_bytes());
    }

    /// Appends a number as it is; empty for one that is not known.
    pub fn number(&mut self, digits: &str) {
        self.separate();
        self.out.extend_from_slice(digits.as_bytes());
    }

    /// Appends a share of the whole in percent, with four decimals.
    pub fn percent(&mut self, share: f64) {
        self.number(&format!("{:.4}", share * 100.0));
    }

    /// Ends the line.
    pub fn end_row(&mut self) {
        self.out.extend_from_slice(b"\r\n");
        self.in_row = false;
    }

    /// The table.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    fn separate(&mut self) {
        if self.in_row {
            self.out.push(b',');
        }
        self.in_row = true;
    }
}

/// Appends a text as a cell.
pub(super) fn push_csv(out: &mut Vec<u8>, text: &[u8]) {
    let is_formula = matches!(
        text.first(),
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')
    );
    let quoted = text
        .iter()
        .any(|b| matches!(b, b'"' | b',' | b'\n' | b'\r'));
    if quoted {
        out.push(b'"');
    }
    if is_formula {
        out.push(b'\'');
    }
    for &byte in text {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    if quoted {
        out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        for (text, cell) in [
            ("main.f", "main.f"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("@x,y", "\"'@x,y\""),
            ("-f", "'-f"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("", ""),
        ] {
            let mut out = Vec::new();
            push_csv(&mut out, text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&out), cell);
        }
    }

    #[test]
    fn numbers_stay_numbers_and_rows_end_in_cr_lf() {
        let mut csv = Csv::new(["name", "flat (count)", "share"]);
        csv.text("-f");
        csv.number("-3");
        csv.percent(0.125);
        csv.end_row();
        csv.text("");
        csv.number("");
        csv.percent(-1.0);
        csv.end_row();
        let text = String::from_utf8(csv.finish()).expect("all of it is text");
        assert_eq!(
            text,
            "name,flat (count),share\r\n'-f,-3,12.5000\r\n,,-100.0000\r\n"
        );
    }
}
