//! How much of a trace is of what, as text.

use super::grid::Grid;
use crate::formats::FootprintTable;

/// A row for each type of record that occurs, as `go tool trace -d=footprint` has it, which has one
/// for each of 256; shares of bytes are of the file. What is of no record comes last.
pub fn footprint_text(table: &FootprintTable) -> String {
    let mut grid = Grid::new(&["<Event", "<Bytes", "<%", "<Count", "<%"]);
    grid.row(["-"; 5].map(str::to_owned));
    let count: u64 = table.rows.iter().map(|row| row.count).sum();
    let share =
        |part: u64, whole: u64| format!("{:.2}%", part as f64 / whole.max(1) as f64 * 100.0);
    for row in &table.rows {
        grid.row([
            row.name.to_owned(),
            row.bytes.to_string(),
            share(row.bytes, table.bytes),
            row.count.to_string(),
            share(row.count, count),
        ]);
    }
    for (name, bytes) in [
        ("(header, padding)", table.padding),
        ("(unreadable)", table.unreadable),
    ] {
        if bytes > 0 {
            grid.row([
                name.to_owned(),
                bytes.to_string(),
                share(bytes, table.bytes),
            ]);
        }
    }
    let mut out = String::new();
    grid.write(&mut out);
    // Go begins at the margin.
    out.lines()
        .map(|line| format!("{}\n", &line[2..]))
        .collect()
}
