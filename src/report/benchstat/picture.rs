//! A table as a picture.

use super::{
    Axis, Comparison, Scale, delta_text, is_told, lossy, range_text, table_title, verdict_words,
};
use crate::analysis::bench::{
    BenchCell, BenchRow, BenchTable, Judgement, Verdict, is_binary, judged_column, judged_row,
};
use crate::report::figure::Svg;
use crate::report::figure::plot::{PlotChange, PlotLane, PlotRow, PlotTable, Tone, plot};

/// Some rows of a table.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    /// The table.
    pub table: &'a BenchTable,
    /// What its differences mean.
    pub judged: &'a [Judgement],
    /// Which of its rows, in the order in which they are drawn.
    pub rows: &'a [u32],
}

/// The samples of rows as dots, each row on its own axis, with medians and intervals, and the
/// changes of a table on one axis.
pub fn picture(comparison: &Comparison<'_>, tables: &[Drawn<'_>]) -> Svg {
    let drawn: Vec<PlotTable> = tables
        .iter()
        .map(|drawn| plot_table(comparison, drawn))
        .collect();
    let rows: usize = drawn.iter().map(|table| table.rows.len()).sum();
    let units: Vec<&str> = drawn.iter().map(|table| table.title.as_str()).collect();
    let alt = format!(
        "{}: samples of {} as dots, medians as ticks, intervals as bars; changes with their intervals on the right",
        units.join("; "),
        crate::unit::plural(rows as u64, "benchmark")
    );
    plot(&drawn, &alt)
}

fn plot_table(comparison: &Comparison<'_>, drawn: &Drawn<'_>) -> PlotTable {
    let Drawn {
        table,
        judged,
        rows,
    } = *drawn;
    let changes = Axis::of_changes(judged);
    let columns = table
        .columns
        .iter()
        .map(|column| lossy(&column.label()).into_owned());
    let drawn = rows
        .iter()
        .filter_map(|&at| Some((at as usize, table.rows.get(at as usize)?)));
    let drawn = drawn.map(|(at, row)| plot_row(table, row, judged_row(judged, at), changes));
    PlotTable {
        title: match rows.len() == table.rows.len() {
            true => table_title(comparison, table),
            false => format!(
                "{}, {} of {}",
                table_title(comparison, table),
                rows.len(),
                crate::unit::plural(table.rows.len() as u64, "benchmark")
            ),
        },
        columns: columns.collect(),
        scale: changes.map_or_else(String::new, |axis| axis.reach()),
        rows: drawn.collect(),
    }
}

fn plot_row(
    table: &BenchTable,
    row: &BenchRow,
    judged: &[Judgement],
    changes: Option<Axis>,
) -> PlotRow {
    let axis = Axis::of_row(row);
    let centers = row.cells.iter().flatten().map(|cell| cell.summary.center);
    let scale = Scale::of(centers, is_binary(&table.unit));
    let base = row.cells[0].as_ref();
    let lane = |(column, cell): (usize, &Option<BenchCell>)| {
        let Some(cell) = cell else {
            return PlotLane {
                center: -1.0,
                low: -1.0,
                high: -1.0,
                ..PlotLane::default()
            };
        };
        let own = judged_column(judged, column);
        let is_more = base.is_some_and(|base| cell.summary.center > base.summary.center);
        let placed = axis.place_cell(cell);
        PlotLane {
            points: placed.points,
            center: placed.center,
            low: placed.low,
            high: placed.high,
            value: format!(
                "{} ± {}",
                scale.format(cell.summary.center),
                range_text(cell)
            ),
            change: own.and_then(|own| change(table, cell, own, is_more, changes)),
        }
    };
    PlotRow {
        label: lossy(&row.label()).into_owned(),
        ends: [axis.low, axis.high].map(|end| scale.format(end)),
        lanes: row.cells.iter().enumerate().map(lane).collect(),
    }
}

fn change(
    table: &BenchTable,
    cell: &BenchCell,
    judged: &Judgement,
    is_more: bool,
    changes: Option<Axis>,
) -> Option<PlotChange> {
    let words = verdict_words(&table.unit, judged.verdict, is_more);
    let delta = delta_text(cell.difference.as_ref()?);
    let [low, at, high] = Axis::place_ratio(changes, judged.ratio.as_ref());
    Some(PlotChange {
        at,
        low,
        high,
        text: if is_told(judged) {
            format!("{delta} {words}")
        } else {
            words.to_owned()
        },
        tone: match judged.verdict {
            Verdict::Better => Tone::Better,
            Verdict::Worse => Tone::Worse,
            _ => Tone::Plain,
        },
    })
}
