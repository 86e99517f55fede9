//! The verbs of the Benchmarks view.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::bench_cells::{cell_info, ticks};
use super::dto::Fact;
use super::dto_bench::{
    BenchColumnInfo, BenchCommand, BenchDetail, BenchDetailColumn, BenchFileInfo, BenchInfo,
    BenchKey, BenchNote, BenchProblem, BenchQuery, BenchRowInfo, BenchRows, BenchSample,
    BenchTableInfo, BenchTally,
};
use super::workspace::{Loaded, Workspace};
use crate::analysis::bench::{
    BenchFile, BenchRow, BenchTable, BenchTables, Better, CompareOptions, Grouping, JudgeOptions,
    Judgement, Projections, Warning, chances, compare, compares, distinct_labels, drifts,
    is_binary, judge, judged_column, judged_row, known_keys, quality, recipe, samples_for_interval,
    samples_for_test, separations, words_of,
};
use crate::findings::benchmark_groups;
use crate::model::{Benchmarks, Kind};
use crate::report::benchstat::{
    Axis, BlockOptions, Comparison, Drawn, Scale, commands, csv, is_told, json, markdown,
    mean_change, picture, quality_words, summary_facts, tallies, tally_labels, text,
};

use crate::unit;

/// Comparisons that are kept: the one shown, and the one that Back leads to.
const KEPT: usize = 2;
/// Rows that are answered at once.
const ROWS: u32 = 1000;
/// Samples of a cell that are drawn one by one.
const SAMPLES: usize = 2000;
/// Rows of a picture.
const DRAWN: usize = 100;

/// What is asked of the files themselves; how rows are shown is not part of it.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    files: Vec<u32>,
    texts: [String; 5],
    /// Alpha, confidence, margin: as bits, which are equal when they are.
    levels: [u64; 3],
}

/// A comparison with what it is of.
#[derive(Debug)]
pub(super) struct Compared {
    asked: Asked,
    files: Vec<(u32, Rc<Loaded>)>,
    labels: Vec<String>,
    pub(super) tables: BenchTables,
    pub(super) judged: Vec<Judgement>,
    /// For each table where its judgements begin.
    starts: Vec<usize>,
}

/// The comparisons of a session. Forgotten when files come or go: which there are is part of every
/// answer.
#[derive(Debug, Default)]
pub(super) struct BenchCache {
    compared: Vec<Rc<Compared>>,
    /// For each table the rows that are shown, in their order, of the last two questions: that of the
    /// view, and one about a row.
    orders: Vec<(BenchQuery, Vec<Option<Rc<Vec<u32>>>>)>,
}

impl Compared {
    fn benchmarks(&self) -> Vec<&Benchmarks> {
        let files = self.files.iter();
        files
            .filter_map(|(_, loaded)| loaded.profile.benchmarks.as_deref())
            .collect()
    }

    fn bench_files(&self) -> Vec<BenchFile<'_>> {
        let files = self.benchmarks().into_iter().zip(&self.labels);
        files
            .map(|(benchmarks, label)| BenchFile { label, benchmarks })
            .collect()
    }

    /// One of the files.
    pub(super) fn file_at(&self, at: usize) -> Option<&Loaded> {
        self.files.get(at).map(|(_, loaded)| &**loaded)
    }

    fn comparison(&self) -> Comparison<'_> {
        Comparison {
            tables: &self.tables,
            as_benchstat: false,
            alpha: f64::from_bits(self.asked.levels[0]),
        }
    }

    fn table(&self, at: u32) -> Result<&BenchTable, String> {
        let table = self.tables.tables.get(at as usize);
        table.ok_or_else(|| format!("there is no table {at}"))
    }

    /// The judgements of a table.
    fn judged_of(&self, table: usize) -> &[Judgement] {
        let end = self.starts.get(table + 1).copied();
        &self.judged[self.starts[table]..end.unwrap_or(self.judged.len())]
    }

    /// The judgements of a row, by column.
    pub(super) fn judged_row(&self, table: usize, row: usize) -> &[Judgement] {
        judged_row(self.judged_of(table), row)
    }
}

fn asked(query: &BenchQuery, files: Vec<u32>) -> Asked {
    let texts = [
        &query.table,
        &query.row,
        &query.col,
        &query.ignore,
        &query.filter,
    ];
    Asked {
        files,
        texts: texts.map(Clone::clone),
        levels: [query.alpha, query.confidence, query.margin].map(f64::to_bits),
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn facts(fields: &[Vec<u8>], values: &[Vec<u8>]) -> Vec<Fact> {
    let pairs = fields.iter().zip(values);
    pairs
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| Fact {
            name: lossy(name),
            value: lossy(value),
        })
        .collect()
}

impl Workspace {
    /// The files of a query: those it names, or all with results, before as before after as names
    /// tell.
    fn bench_files(&self, query: &BenchQuery) -> Vec<u32> {
        let of = |id: u32| self.file(id).and_then(|file| file.loaded.as_ref());
        let has_results =
            |id: &u32| of(*id).is_some_and(|loaded| loaded.profile.benchmarks.is_some());
        if !query.files.is_empty() {
            return query.files.iter().copied().filter(has_results).collect();
        }
        let mut names: Vec<(usize, &str)> = Vec::new();
        for file in self.all_files() {
            if let Some(loaded) = &file.loaded
                && loaded.kind == Kind::Bench
            {
                names.push((file.info.id as usize, &loaded.name));
            }
        }
        let groups = benchmark_groups(&names);
        groups.into_iter().flatten().map(|id| id as u32).collect()
    }

    /// The comparison of a query, made when first asked for; a problem with a projection or filter
    /// is no error.
    fn compared(
        &mut self,
        query: &BenchQuery,
    ) -> Result<Result<Rc<Compared>, BenchProblem>, String> {
        let files = self.bench_files(query);
        let asked = asked(query, files);
        let cache = &mut self.bench.get_or_insert_default().compared;
        if let Some(at) = cache.iter().position(|known| known.asked == asked) {
            let known = cache.remove(at);
            cache.push(Rc::clone(&known));
            return Ok(Ok(known));
        }
        let [table, row, col, ignore, filter] = &asked.texts;
        let grouping = Grouping {
            table,
            row,
            col,
            ignore,
            filter: if filter.trim().is_empty() {
                "*"
            } else {
                filter
            },
        };
        let projections = match Projections::new(&grouping) {
            Ok(projections) => projections,
            Err(wrong) => {
                let before = wrong.error.text.get(..wrong.error.at).unwrap_or_default();
                return Ok(Err(BenchProblem {
                    flag: wrong.flag.to_owned(),
                    reason: wrong.error.reason,
                    at: before.encode_utf16().count() as i32,
                }));
            }
        };
        let mut loaded = Vec::new();
        for &id in &asked.files {
            loaded.push((id, Rc::clone(self.loaded(id)?)));
        }
        let mut compared = Compared {
            labels: distinct_labels(loaded.iter().map(|(_, file)| file.name.as_str())),
            files: loaded,
            tables: BenchTables::default(),
            judged: Vec::new(),
            starts: Vec::new(),
            asked,
        };
        let options = CompareOptions {
            confidence: query.confidence,
            alpha: query.alpha,
            as_benchstat: false,
        };
        let tables = compare(&compared.bench_files(), &projections, &options);
        compared.tables = match tables {
            Ok(tables) => tables,
            Err(error) => {
                return Ok(Err(BenchProblem {
                    flag: String::new(),
                    reason: error.to_string(),
                    at: -1,
                }));
            }
        };
        let options = JudgeOptions {
            confidence: query.confidence,
            alpha: query.alpha,
            margin: query.margin,
        };
        compared.judged = judge(&compared.tables.tables, &options);
        let starts = 0..compared.tables.tables.len();
        compared.starts = starts
            .map(|table| compared.judged.partition_point(|j| j.place.table < table))
            .collect();
        let compared = Rc::new(compared);
        let cache = &mut self.bench.get_or_insert_default().compared;
        let excess = (cache.len() + 1).saturating_sub(KEPT);
        cache.drain(..excess);
        cache.push(Rc::clone(&compared));
        Ok(Ok(compared))
    }

    fn compared_or_refused(&mut self, query: &BenchQuery) -> Result<Rc<Compared>, String> {
        self.compared(query)?.map_err(|problem| problem.reason)
    }

    /// The comparison as a whole. Without any file of results it has no tables.
    pub fn bench_tables(&mut self, query: &BenchQuery) -> Result<BenchInfo, String> {
        let compared = match self.compared(query)? {
            Ok(compared) => compared,
            Err(problem) => {
                return Ok(BenchInfo {
                    problem: Some(problem),
                    ..BenchInfo::default()
                });
            }
        };
        let mut tables = Vec::new();
        for (at, table) in compared.tables.tables.iter().enumerate() {
            let shown = self.order(&compared, query, at as u32);
            tables.push(table_info(&compared, table, at, shown.len()));
        }
        let files = compared.bench_files();
        Ok(BenchInfo {
            problem: None,
            files: compared
                .files
                .iter()
                .zip(&files)
                .map(|((id, _), file)| BenchFileInfo {
                    file: *id,
                    label: file.label.to_owned(),
                    results: file.benchmarks.results.len() as u32,
                })
                .collect(),
            tallies: tallies(&compared.tables.tables, &compared.judged)
                .iter()
                .map(|tally| BenchTally {
                    unit: lossy(&tally.unit),
                    words: tally_labels(tally).map(str::to_owned).to_vec(),
                    counts: [
                        tally.better,
                        tally.worse,
                        tally.changed,
                        tally.same,
                        tally.unknown,
                    ]
                    .map(|count| count as u32)
                    .to_vec(),
                    compared: tally.compared as u32,
                })
                .collect(),
            by_chance: by_chance(&compared, query.alpha),
            notes: notes(&compared, query),
            keys: keys(&files, query),
            commands: files
                .iter()
                .flat_map(|file| commands(file.label, &recipe(file.benchmarks)))
                .map(|(about, text)| BenchCommand { about, text })
                .collect(),
            tables,
        })
    }

    /// Rows `start` to `start + count` of a table in the order asked for; fewer at its end, at most
    /// 1000.
    pub fn bench_rows(
        &mut self,
        query: &BenchQuery,
        table: u32,
        start: u32,
        count: u32,
    ) -> Result<BenchRows, String> {
        let compared = self.compared_or_refused(query)?;
        let own = compared.table(table)?;
        let order = self.order(&compared, query, table);
        let changes = Axis::of_changes(compared.judged_of(table as usize));
        let from = order.get(start as usize..).unwrap_or_default();
        let rows = from.iter().take(count.min(ROWS) as usize);
        let rows = rows.map(|&row| {
            let judged = compared.judged_row(table as usize, row as usize);
            row_info(&compared.comparison(), own, row as usize, judged, changes)
        });
        Ok(BenchRows {
            rows: rows.collect(),
        })
    }

    /// The place of a row among those that are shown of its table; -1 for one that is not.
    pub fn bench_place(&mut self, query: &BenchQuery, table: u32, row: u32) -> Result<i32, String> {
        let compared = self.compared_or_refused(query)?;
        compared.table(table)?;
        let order = self.order(&compared, query, table);
        let place = order.iter().position(|&shown| shown == row);
        Ok(place.map_or(-1, |place| place as i32))
    }

    /// Everything about one row of a table.
    pub fn bench_detail(
        &mut self,
        query: &BenchQuery,
        table: u32,
        row: u32,
    ) -> Result<BenchDetail, String> {
        let compared = self.compared_or_refused(query)?;
        let own = compared.table(table)?;
        let of = own.rows.get(row as usize);
        let of = of.ok_or_else(|| format!("there is no row {row}"))?;
        let judged = compared.judged_row(table as usize, row as usize);
        let info = row_info(
            &compared.comparison(),
            own,
            row as usize,
            judged,
            Axis::of_changes(compared.judged_of(table as usize)),
        );
        let axis = Axis::of_row(of);
        let unit_is_binary = is_binary(&own.unit);
        let scale = Scale::of(centers(of), unit_is_binary);
        let mut columns = Vec::new();
        let cells = of.cells.iter().zip(info.cells).zip(&own.columns);
        for (at, ((cell, info), column)) in (0..).zip(cells) {
            let Some(cell) = cell else { continue };
            let samples = cell.samples.iter().zip(&cell.origins).take(SAMPLES);
            let samples = samples.map(|(&value, origin)| {
                let file = origin.file as usize;
                let line = compared.benchmarks()[file]
                    .results
                    .get(origin.result as usize);
                BenchSample {
                    text: scale.format(value),
                    at: axis.place(value),
                    from: format!(
                        "{}:{}",
                        compared.labels[file],
                        line.map_or(0, |result| result.line)
                    ),
                }
            });
            columns.push(BenchDetailColumn {
                at,
                label: lossy(&column.label()),
                samples: samples.collect(),
                cell: info,
                facts: summary_facts(cell, &scale)
                    .into_iter()
                    .map(|(name, value)| Fact {
                        name: name.to_owned(),
                        value,
                    })
                    .collect(),
                oddities: quality_words(&quality(&cell.samples)),
            });
        }
        Ok(BenchDetail {
            label: info.label,
            keys: facts(&compared.tables.row_fields, &of.key),
            unit: lossy(&own.unit),
            ticks: ticks(&axis, unit_is_binary),
            columns,
            causes: self.bench_causes(&compared, table as usize, row as usize),
        })
    }

    /// The comparison as a file: `text` and `csv` as benchstat writes them (with the corrected
    /// test), `markdown`, `json`, or `svg`. Of Markdown and the picture only what is shown.
    pub fn bench_export(&mut self, query: &BenchQuery, format: &str) -> Result<Vec<u8>, String> {
        let compared = self.compared_or_refused(query)?;
        let comparison = compared.comparison();
        let options = BlockOptions {
            only_told: query.told,
            rows: usize::MAX,
        };
        Ok(match format {
            "text" => text(&comparison),
            "csv" => csv(&comparison).0,
            "json" => json(&comparison, &compared.judged).into_bytes(),
            "markdown" => markdown(&comparison, &compared.judged, options).into_bytes(),
            "svg" => self.pictures(&compared, query)?,
            _ => return Err(format!("there is no format {format}")),
        })
    }

    /// The picture of all tables; of many rows the first hundred.
    fn pictures(&mut self, compared: &Compared, query: &BenchQuery) -> Result<Vec<u8>, String> {
        let tables = 0..compared.tables.tables.len();
        let orders: Vec<Rc<Vec<u32>>> = tables
            .map(|at| self.order(compared, query, at as u32))
            .collect();
        let mut left = DRAWN;
        let mut drawn = Vec::new();
        for (at, rows) in orders.iter().enumerate() {
            let rows = &rows[..rows.len().min(left)];
            left -= rows.len();
            if !rows.is_empty() {
                drawn.push(Drawn {
                    table: &compared.tables.tables[at],
                    judged: compared.judged_of(at),
                    rows,
                });
            }
        }
        match drawn.is_empty() {
            true => Err("nothing is shown that could be drawn".to_owned()),
            false => Ok(picture(&compared.comparison(), &drawn)
                .to_string()
                .into_bytes()),
        }
    }

    /// The rows of a table that are shown, in their order.
    fn order(&mut self, compared: &Compared, query: &BenchQuery, table: u32) -> Rc<Vec<u32>> {
        let orders = &mut self.bench.get_or_insert_default().orders;
        let at = match orders.iter().position(|(of, _)| of == query) {
            Some(at) => at,
            None => {
                let excess = (orders.len() + 1).saturating_sub(KEPT);
                orders.drain(..excess);
                orders.push((query.clone(), vec![None; compared.tables.tables.len()]));
                orders.len() - 1
            }
        };
        let rows = &mut orders[at].1[table as usize];
        Rc::clone(rows.get_or_insert_with(|| Rc::new(ordered(compared, query, table as usize))))
    }
}

/// The rows of a table that are shown, in their order.
fn ordered(compared: &Compared, query: &BenchQuery, at: usize) -> Vec<u32> {
    let table = &compared.tables.tables[at];
    let search = query.search.to_lowercase();
    let is_shown = |&row: &u32| {
        let found = || {
            lossy(&table.rows[row as usize].label())
                .to_lowercase()
                .contains(&search)
        };
        let told = || compared.judged_row(at, row as usize).iter().any(is_told);
        (!query.told || told()) && (search.is_empty() || found())
    };
    let mut rows: Vec<u32> = (0..table.rows.len() as u32).filter(is_shown).collect();
    match query.sort.as_str() {
        "name" => {
            let label = |row: u32| table.rows[row as usize].label();
            crate::sort::sort_ids(&mut rows, &|a, b| label(a).cmp(&label(b)));
        }
        "change" | "gain" => {
            // What is told before what is not, and of that the largest first.
            let sign = match (table.properties.better, query.sort == "gain") {
                (Better::Higher, false) | (Better::Lower | Better::Unknown, true) => -1.0,
                _ => 1.0,
            };
            let weight = |row: u32| {
                let judged = compared.judged_row(at, row as usize).iter();
                let told = judged.filter(|judged| is_told(judged)).map(|judged| {
                    let ratio = judged.ratio.map(|ratio| ratio.ratio.ln());
                    sign * ratio.unwrap_or(f64::INFINITY)
                });
                told.fold(f64::NEG_INFINITY, f64::max)
            };
            let weights: Vec<f64> = (0..table.rows.len() as u32).map(weight).collect();
            crate::sort::sort_ids(&mut rows, &|a, b| {
                weights[b as usize].total_cmp(&weights[a as usize])
            });
        }
        _ => {}
    }
    rows
}

fn centers(row: &BenchRow) -> impl Iterator<Item = f64> {
    row.cells.iter().flatten().map(|cell| cell.summary.center)
}

fn row_info(
    comparison: &Comparison<'_>,
    table: &BenchTable,
    at: usize,
    judged: &[Judgement],
    changes: Option<Axis>,
) -> BenchRowInfo {
    let row = &table.rows[at];
    let axis = Axis::of_row(row);
    let scale = Scale::of(centers(row), is_binary(&table.unit));
    let cells = (0..row.cells.len()).map(|column| {
        let judged = judged_column(judged, column);
        cell_info(
            comparison, table, row, column, judged, &axis, changes, &scale,
        )
    });
    BenchRowInfo {
        at: at as u32,
        label: lossy(&row.label()),
        cells: cells.collect(),
        ends: [axis.low, axis.high].map(|end| scale.format(end)).to_vec(),
    }
}

fn table_info(compared: &Compared, table: &BenchTable, at: usize, shown: usize) -> BenchTableInfo {
    let unit_is_binary = is_binary(&table.unit);
    let column = |(column, mean): (
        &crate::analysis::bench::BenchColumn,
        &crate::analysis::bench::ColumnMean,
    )| BenchColumnInfo {
        keys: facts(&compared.tables.column_fields, &column.key),
        label: lossy(&column.label()),
        mean: mean.mean.map_or_else(String::new, |value| {
            Scale::of([value], unit_is_binary).format(value)
        }),
        mean_change: mean_change(mean),
    };
    let mut mean_notes: Vec<String> = Vec::new();
    for warning in table.means.iter().flat_map(|mean| &mean.warnings) {
        let text = warning.to_string();
        if !mean_notes.contains(&text) {
            mean_notes.push(text);
        }
    }
    BenchTableInfo {
        keys: facts(&compared.tables.table_fields, &table.key),
        unit: lossy(&table.unit),
        better: match table.properties.better {
            Better::Lower => "lower",
            Better::Higher => "higher",
            Better::Unknown => "",
        }
        .to_owned(),
        exact: table.properties.assume == crate::analysis::bench::Assume::Exact,
        columns: table.columns.iter().zip(&table.means).map(column).collect(),
        rows: shown as u32,
        all_rows: table.rows.len() as u32,
        scale: Axis::of_changes(compared.judged_of(at))
            .map_or_else(String::new, |axis| axis.reach()),
        mean_notes,
    }
}

fn by_chance(compared: &Compared, alpha: f64) -> String {
    let tested = chances(&compared.tables.tables, &compared.judged, alpha);
    let expected = tested as f64 * alpha;
    match tested {
        0 => String::new(),
        _ if expected < 0.5 => String::new(),
        _ => format!(
            "Of {} comparisons about {} would look different by chance alone; verdicts consider that \
             (Benjamini and Hochberg), the printed p does not.",
            unit::count(tested as u64),
            unit::count(expected.round() as u64)
        ),
    }
}

/// What is to be known before anything is believed.
fn notes(compared: &Compared, query: &BenchQuery) -> Vec<BenchNote> {
    let mut notes = Vec::new();
    let files = compared.bench_files();
    let used = |text: &str, key: &str| words_of(text).iter().any(|word| word == key);
    for apart in separations(&files) {
        let key = lossy(&apart.key);
        // In columns it is the comparison itself.
        if used(&query.col, &key) {
            continue;
        }
        let by = |text: &str| used(text, &key) || used(text, ".config");
        let named = [&query.table, &query.row, &query.col, &query.ignore];
        let is_named = named.iter().any(|text| used(text, &key));
        let is_split = !used(&query.ignore, &key)
            && match is_named {
                true => used(&query.table, &key) || used(&query.row, &key),
                false => by(&query.table) || by(&query.row),
            };
        let of_files = apart.labels.iter().zip(&apart.values);
        let shown: Vec<String> = of_files
            .map(|(label, values)| {
                let values = match values.as_slice() {
                    [] => "none".to_owned(),
                    [first] if first.is_empty() => "none".to_owned(),
                    [first] => lossy(first),
                    [first, rest @ ..] => format!("{} and {} more", lossy(first), rest.len()),
                };
                format!("{label}: {values}")
            })
            .collect();
        let consequence = match is_split {
            true => " Results that differ in it stand apart and are not compared.",
            false => " They are compared all the same.",
        };
        notes.push(BenchNote {
            severity: if is_split { "warning" } else { "note" }.to_owned(),
            text: format!(
                "The files differ in {key} ({}).{consequence}",
                shown.join("; ")
            ),
            ignore: if is_split { key } else { String::new() },
        });
    }
    let apart: Vec<String> = notes.iter().map(|note| note.ignore.clone()).collect();
    notes.extend(partly_split(&compared.tables).filter(|note| !apart.contains(&note.ignore)));
    let is_empty = compared.tables.tables.is_empty();
    if files.len() > 1 && notes.is_empty() && !is_empty && !compares(&compared.tables) {
        notes.push(BenchNote {
            severity: "warning".to_owned(),
            text: "No benchmark of one column is in another one, so nothing is compared."
                .to_owned(),
            ignore: String::new(),
        });
    }
    notes.extend(few_runs(compared, query));
    let tables = compared.tables.tables.iter();
    let times = tables.filter(|table| table.unit == b"sec/op");
    let times = times.flat_map(|table| &table.rows);
    let times: Vec<_> = times.flat_map(|row| row.cells.iter().flatten()).collect();
    let drifting = times.iter().filter(|cell| drifts(&cell.samples)).count();
    // One in a hundred does by chance.
    let expected = times.len() as f64 / 100.0;
    if drifting as f64 > expected + 2.0 * expected.sqrt() {
        notes.push(BenchNote {
            severity: "warning".to_owned(),
            text: format!(
                "In {} of {} times rise or fall from run to run, more than by chance: the machine may have changed while they ran. Alternate the runs of both states.",
                unit::count(drifting as u64),
                unit::plural(times.len() as u64, "series")
            ),
            ignore: String::new(),
        });
    }
    let cells = compared.tables.tables.iter().flat_map(|table| &table.rows);
    let differences = cells.flat_map(|row| row.cells.iter().flatten());
    let differences = differences.filter_map(|cell| cell.difference.as_ref());
    let other = differences
        .filter(|found| (found.p - found.two_sided).abs() > 5e-4)
        .count();
    if other > 0 {
        notes.push(BenchNote {
            severity: "note".to_owned(),
            text: format!(
                "Of {} p is another one than benchstat's, whose test depends on the order of files where values are equal and samples of different size.",
                unit::plural(other as u64, "comparison")
            ),
            ignore: String::new(),
        });
    }
    notes
}

/// Whether runs are too few for intervals, and how many there have to be.
fn few_runs(compared: &Compared, query: &BenchQuery) -> Option<BenchNote> {
    let cells = compared.tables.tables.iter().flat_map(|table| &table.rows);
    let few = cells
        .flat_map(|row| row.cells.iter().flatten())
        .filter(|cell| {
            let mut warnings = cell.summary.warnings.iter();
            warnings.any(|warning| matches!(warning, Warning::FewForInterval { .. }))
        });
    let most = few.map(|cell| cell.samples.len()).max()?;
    let least = |need: Option<usize>, most: usize| match need {
        Some(need) => format!("fewer than {need}"),
        None => format!("{most} or fewer"),
    };
    let (interval, test) = (
        samples_for_interval(query.confidence),
        samples_for_test(query.alpha),
    );
    Some(BenchNote {
        severity: "note".to_owned(),
        text: format!(
            "Some benchmarks have {} or fewer: with {} there is no interval, with {} no difference can be told. -count=10 runs each ten times.",
            unit::plural(most as u64, "run"),
            least(interval, 50),
            least(test, 10)
        ),
        ignore: String::new(),
    })
}

/// Keys whose values put results of different columns into different tables, so that some hold one
/// column only and nothing in them is compared.
fn partly_split(tables: &BenchTables) -> impl Iterator<Item = BenchNote> + '_ {
    // Of hostile files there may be thousands of either.
    let most = if tables.tables.len() > 2000 { 0 } else { 64 };
    (0..tables.table_fields.len().min(most)).filter_map(|field| {
        // Without the key these tables would be one.
        let mut together: BTreeMap<(Vec<&[u8]>, &[u8]), Vec<&BenchTable>> = BTreeMap::new();
        for table in &tables.tables {
            let others = (0..table.key.len()).filter(|&at| at != field);
            let place = others.map(|at| table.key[at].as_slice()).collect();
            let group = together.entry((place, &table.unit)).or_default();
            group.push(table);
        }
        let is_alone = |table: &BenchTable| table.columns.len() == 1;
        let is_torn = |group: &Vec<&BenchTable>| {
            let alone: Vec<_> = group.iter().filter(|table| is_alone(table)).collect();
            let first = alone.first().map(|table| &table.columns[0].key);
            !alone.is_empty() && group.iter().any(|table| table.columns.iter().any(|column| Some(&column.key) != first))
        };
        let torn = together.values().filter(|group| is_torn(group)).count();
        let key = lossy(&tables.table_fields[field]);
        (torn > 0).then(|| BenchNote {
            severity: "warning".to_owned(),
            text: format!("Some tables hold one column only, because their results differ in {key}: nothing of them is compared."),
            ignore: key,
        })
    })
}

/// What results could be grouped by, and what it is used for.
fn keys(files: &[BenchFile<'_>], query: &BenchQuery) -> Vec<BenchKey> {
    let uses = [
        ("table", words_of(&query.table)),
        ("row", words_of(&query.row)),
        ("col", words_of(&query.col)),
        ("ignore", words_of(&query.ignore)),
    ];
    let known = known_keys(files).into_iter();
    known
        .map(|known| {
            let key = lossy(&known.key);
            let used = uses.iter().find(|(_, words)| words.contains(&key));
            BenchKey {
                used: used.map_or("", |(name, _)| name).to_owned(),
                values: known.values.iter().map(|value| lossy(value)).collect(),
                words: known
                    .values
                    .iter()
                    .map(|value| crate::analysis::bench::filter_word(&lossy(value)))
                    .collect(),
                more: known.more,
                key,
            }
        })
        .collect()
}
