//! Cells in columns as wide as they need, as benchstat lays them out.

/// Where a cell's text stands in its room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

struct Cell {
    row: usize,
    column: usize,
    span: usize,
    text: String,
    margin: &'static str,
    align: Align,
}

/// A table under construction. Rows are begun one after the other, cells from left to right.
#[derive(Default)]
pub(super) struct Grid {
    cells: Vec<Cell>,
    columns: usize,
    row: usize,
    column: usize,
    /// Columns that do not grow for a cell that spans several.
    fixed: Vec<usize>,
}

impl Grid {
    pub(super) fn row(&mut self) {
        // The first row is there before it is begun.
        self.row += usize::from(!self.cells.is_empty());
        self.column = 0;
    }

    /// Goes on at a column.
    pub(super) fn at(&mut self, column: usize) -> &mut Self {
        self.column = column;
        self
    }

    pub(super) fn fix(&mut self, column: usize) {
        self.fixed.push(column);
    }

    /// A cell with the margin that is usual: a blank, and none where nothing is to be kept apart.
    pub(super) fn cell(&mut self, text: impl Into<String>, align: Align) -> &mut Self {
        let text = text.into();
        let margin = if self.column == 0 || text.is_empty() {
            ""
        } else {
            " "
        };
        self.span(1, text, align, margin)
    }

    pub(super) fn span(
        &mut self,
        span: usize,
        text: impl Into<String>,
        align: Align,
        margin: &'static str,
    ) -> &mut Self {
        self.cells.push(Cell {
            row: self.row,
            column: self.column,
            span,
            text: text.into(),
            margin,
            align,
        });
        self.column += span;
        self.columns = self.columns.max(self.column);
        self
    }

    /// The lines.
    pub(super) fn print(self, out: &mut String) {
        let mut margins = vec![0; self.columns];
        for cell in &self.cells {
            let own = &mut margins[cell.column];
            *own = width(cell.margin).max(*own);
        }
        let widths = self.widths(&margins);
        let mut offsets = Vec::with_capacity(widths.len() + 1);
        offsets.push(0_i64);
        for width in &widths {
            offsets.push(offsets.last().copied().unwrap_or(0) + *width as i64);
        }
        let (mut row, mut at) = (0, 0_i64);
        for cell in &self.cells {
            if cell.text.trim().is_empty() && cell.margin.trim().is_empty() {
                continue;
            }
            while row < cell.row {
                out.push('\n');
                row += 1;
                at = 0;
            }
            let margin = margins[cell.column] as i64;
            let gap = offsets[cell.column] - at;
            blanks(out, gap);
            blanks(out, margin - width(cell.margin) as i64);
            out.push_str(cell.margin);
            at += gap + margin;
            let room = offsets[cell.column + cell.span] - offsets[cell.column] - margin;
            let own = width(&cell.text) as i64;
            at += own;
            match cell.align {
                Align::Left => out.push_str(&cell.text),
                // Where there is no room, half of what lacks is put before it all the same.
                Align::Center => {
                    let before = (room - own) / 2;
                    blanks(out, before);
                    out.push_str(&cell.text);
                    at += before.abs();
                }
                Align::Right if room < 0 => {
                    out.push_str(&cell.text);
                    blanks(out, (room.abs() - own).max(0));
                    at += (room.abs() - own).max(0);
                }
                Align::Right => {
                    blanks(out, (room - own).max(0));
                    out.push_str(&cell.text);
                    at += (room - own).max(0);
                }
            }
        }
        if !self.cells.is_empty() {
            out.push('\n');
        }
    }

    /// Width of each column with its margin.
    fn widths(&self, margins: &[usize]) -> Vec<usize> {
        let mut widths = vec![0; self.columns];
        let mut is_fixed = vec![false; self.columns];
        for &column in &self.fixed {
            is_fixed[column] = true;
        }
        let mut order: Vec<&Cell> = self.cells.iter().collect();
        order.sort_by_key(|cell| cell.span);
        for cell in order {
            let mut needed = width(&cell.text) + margins[cell.column];
            if cell.span == 1 {
                widths[cell.column] = needed.max(widths[cell.column]);
                continue;
            }
            let columns = cell.column..cell.column + cell.span;
            let (mut fixed, mut growing) = (0, Vec::new());
            for column in columns {
                match is_fixed[column] {
                    true => fixed += widths[column],
                    false => growing.push(column),
                }
            }
            let has: usize = growing.iter().map(|&column| widths[column]).sum();
            if has + fixed >= needed {
                continue;
            }
            needed -= fixed;
            // All grow to one width, but for those that are wider anyway: they go first.
            growing.sort_by_key(|&column| std::cmp::Reverse(widths[column]));
            for (at, &column) in growing.iter().enumerate() {
                let share = needed.div_ceil(growing.len() - at);
                widths[column] = widths[column].max(share);
                needed = needed.saturating_sub(widths[column]);
            }
        }
        widths
    }
}

/// Blanks that keep cells apart at most: beyond it nobody sees a column, and a megabyte of a name
/// would be one for every row.
const WIDEST: u64 = 1 << 12;

/// Blanks, also for a gap that is none: what benchstat prints there, as Go takes a width below zero
/// for its opposite.
fn blanks(out: &mut String, count: i64) {
    out.extend(std::iter::repeat_n(
        ' ',
        count.unsigned_abs().min(WIDEST) as usize,
    ));
}

fn width(text: &str) -> usize {
    text.chars().count()
}
