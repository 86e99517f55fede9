//! Text in columns that are as wide as their widest cell, as Go's text/tabwriter lays it out with
//! cells set to the right and one blank between them.
//!
//! A cell ends in a tab. A column is a run of lines that all have a cell there; what follows a
//! line's last tab belongs to no column.

use super::values::columns;
use super::{MAX_OUTPUT, Outside, TOO_LONG};

/// Collects lines and lays them out in the end.
#[derive(Debug, Default)]
pub(super) struct Columns {
    text: Vec<u8>,
}

impl Columns {
    /// Adds text: cells end in tabs, lines in line feeds.
    pub(super) fn write(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    /// Appends the lines to a report. All of them are padded to the width of the widest cell, so
    /// that the text that is handed on can be far longer than what was collected.
    pub(super) fn finish(&self, out: &mut Vec<u8>, outside: Outside<'_>) -> Result<(), String> {
        let widths = widths(&self.text);
        let mut begun = widths.iter();
        let mut open: Vec<usize> = Vec::new();
        for (i, line) in lines(&self.text).enumerate() {
            if i > 0 {
                out.push(b'\n');
            }
            let cells = cell_count(line);
            open.truncate(cells);
            while open.len() < cells {
                open.push(begun.next().copied().unwrap_or(0));
            }
            for (column, cell) in line.split(|&b| is_tab(b)).enumerate() {
                let width = open.get(column).copied().unwrap_or(0);
                let padding = width.saturating_sub(columns(cell));
                if out.len() + padding > MAX_OUTPUT {
                    return Err(TOO_LONG.to_owned());
                }
                out.resize(out.len() + padding, b' ');
                out.extend_from_slice(cell);
                outside.drain(out)?;
            }
        }
        Ok(())
    }
}

fn is_tab(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\x0b')
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b'\n' | b'\x0c'))
}

/// Cells that belong to columns: all but what follows the last tab.
fn cell_count(line: &[u8]) -> usize {
    line.iter().filter(|&&byte| is_tab(byte)).count()
}

/// The widths of columns, in the order in which they begin.
fn widths(text: &[u8]) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    // The columns that are still going on, rows of `widths`.
    let mut open: Vec<usize> = Vec::new();
    for line in lines(text) {
        let cells = cell_count(line);
        open.truncate(cells);
        for (column, cell) in line.split(|&b| is_tab(b)).take(cells).enumerate() {
            let width = columns(cell) + 1;
            match open.get(column) {
                Some(&row) => widths[row] = widths[row].max(width),
                None => {
                    open.push(widths.len());
                    widths.push(width);
                }
            }
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        // Column 0: the wider cell has 3 characters and a blank. Column 1 begins with the second
        // line, is 2 characters wide there and ends with the empty line.
        let mut columns = Columns::default();
        columns.write(b"key\t a\n.\tx\tone\n.\txx\ttwo\n\n.\ty\n");
        let mut out = Vec::new();
        columns
            .finish(&mut out, super::super::tests::OUTSIDE)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, " key a\n   .  xone\n   . xxtwo\n\n .y\n");
    }
}
