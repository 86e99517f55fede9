//! Tables of text: columns as wide as what is in them.

use std::fmt::Write;

use crate::report::clean;

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table that is being filled.
#[derive(Debug)]
pub(super) struct Grid {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A table with these headings. One that begins with `<` is of a column of words.
    pub(super) fn new(heads: &[&str]) -> Self {
        let side = |head: &&str| match head.starts_with('<') {
            true => Side::Left,
            false => Side::Right,
        };
        let words = heads
            .iter()
            .map(|head| head.trim_start_matches('<').to_owned());
        Self {
            sides: heads.iter().map(side).collect(),
            rows: vec![words.collect()],
        }
    }

    /// Adds a row; cells that are missing are empty.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut cells: Vec<String> = cells.into_iter().map(|cell| clean(&cell)).collect();
        cells.resize(self.sides.len(), String::new());
        self.rows.push(cells);
    }

    /// True while there are only headings.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// Writes it, each line after two spaces; nothing of a table without rows.
    pub(super) fn write(&self, out: &mut String) {
        if self.is_empty() {
            return;
        }
        let width = |at: usize| {
            let cells = self.rows.iter().map(|row| row[at].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.sides.len()).map(width).collect();
        for row in &self.rows {
            let mut line = String::new();
            for ((cell, &width), side) in row.iter().zip(&widths).zip(&self.sides) {
                let _ = match side {
                    Side::Left => write!(line, "  {cell:<width$}"),
                    Side::Right => write!(line, "  {cell:>width$}"),
                };
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_cells() {
        let mut grid = Grid::new(&["total", "<name"]);
        let mut out = String::new();
        grid.write(&mut out);
        assert_eq!(out, "");
        grid.row(["12.3µs".to_owned(), "a\nb".to_owned()]);
        grid.row(["1s".to_owned()]);
        grid.write(&mut out);
        assert_eq!(out, "   total  name\n  12.3µs  a␊b\n      1s\n");
    }
}
