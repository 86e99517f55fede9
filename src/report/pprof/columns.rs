//! Text in columns that are as wide as their widest cell, as Go's text/tabwriter lays it out with
//! cells set to the right and one blank between them.
//!
//! A cell ends in a tab. A column is a run of lines that all have a cell there; what follows a
//! line's last tab belongs to no column.

use super::values::columns;

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

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let is_break = |&b: &u8| b == b'\n' || b == b'\x0c';
        let is_tab = |&b: &u8| b == b'\t' || b == b'\x0b';
        let lines: Vec<Vec<&[u8]>> = self
            .text
            .split(is_break)
            .map(|line| line.split(is_tab).collect())
            .collect();
        let widths = widths(&lines);
        let mut out = Vec::with_capacity(self.text.len() * 2);
        for (i, (line, widths)) in lines.iter().zip(&widths).enumerate() {
            if i > 0 {
                out.push(b'\n');
            }
            for (j, cell) in line.iter().enumerate() {
                let width = widths.get(j).copied().unwrap_or(0);
                let padding = width.saturating_sub(columns(cell));
                out.resize(out.len() + padding, b' ');
                out.extend_from_slice(cell);
            }
        }
        out
    }
}

/// Per line the widths of its cells but the last.
fn widths(lines: &[Vec<&[u8]>]) -> Vec<Vec<usize>> {
    let mut widths: Vec<Vec<usize>> = lines.iter().map(|line| vec![0; line.len() - 1]).collect();
    // Runs that are still going on, by column: where they began and their width so far.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for i in 0..=lines.len() {
        let cells = lines.get(i).map_or(0, |line| line.len() - 1);
        for column in (cells..open.len()).rev() {
            let (start, width) = open[column];
            for line in &mut widths[start..i] {
                line[column] = width;
            }
        }
        open.truncate(cells);
        let line = lines.get(i).map_or(&[][..], |line| &line[..cells]);
        for (column, cell) in line.iter().enumerate() {
            let width = columns(cell) + 1;
            match open.get_mut(column) {
                Some(run) => run.1 = run.1.max(width),
                None => open.push((i, width)),
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
        let text = String::from_utf8(columns.finish()).unwrap();
        assert_eq!(text, " key a\n   .  xone\n   . xxtwo\n\n .y\n");
    }
}
