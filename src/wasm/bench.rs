//! The verbs of the Benchmarks view.

use std::rc::Rc;

use super::bench_cells::{centers, row_info, ticks};
use super::bench_notes::{by_chance, notes};
use super::dto::Fact;
use super::dto_bench::{
    BenchColumnInfo, BenchCommand, BenchDetail, BenchDetailColumn, BenchFileInfo, BenchInfo,
    BenchKey, BenchProblem, BenchQuery, BenchRows, BenchSample, BenchTableInfo, BenchTally,
};
use super::workspace::{Loaded, Workspace};
use crate::analysis::bench::{
    Assume, BenchColumn, BenchFile, BenchTable, BenchTables, Better, ColumnMean, CompareOptions,
    Grouping, JudgeOptions, Judgement, Projections, compare, distinct_labels, filter_word,
    is_binary, judge, judged_row, known_keys, quality, recipe, words_of,
};
use crate::findings::benchmark_groups;
use crate::model::{Benchmarks, Kind};
use crate::report::benchstat::{
    Axis, BlockOptions, Comparison, Drawn, Scale, commands, csv, is_told, json, markdown,
    mean_change, picture, quality_words, summary_facts, tallies, tally_labels, text,
};

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

    pub(super) fn bench_files(&self) -> Vec<BenchFile<'_>> {
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

pub(super) fn lossy(text: &[u8]) -> String {
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

    /// The row of a table that is called so, the first of several; -1 where there is none.
    pub fn bench_row(
        &mut self,
        query: &BenchQuery,
        table: u32,
        label: &str,
    ) -> Result<i32, String> {
        let compared = self.compared_or_refused(query)?;
        let rows = &compared.table(table)?.rows;
        let row = rows.iter().position(|row| lossy(&row.label()) == label);
        Ok(row.map_or(-1, |row| row as i32))
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
        let benchmarks = compared.benchmarks();
        let mut columns = Vec::new();
        let cells = of.cells.iter().zip(info.cells).zip(&own.columns);
        for (at, ((cell, info), column)) in (0..).zip(cells) {
            let Some(cell) = cell else { continue };
            let samples = cell.samples.iter().zip(&cell.origins).take(SAMPLES);
            let samples = samples.map(|(&value, origin)| {
                let file = origin.file as usize;
                let line = benchmarks[file].results.get(origin.result as usize);
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

fn table_info(compared: &Compared, table: &BenchTable, at: usize, shown: usize) -> BenchTableInfo {
    let unit_is_binary = is_binary(&table.unit);
    let column = |(column, mean): (&BenchColumn, &ColumnMean)| BenchColumnInfo {
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
        exact: table.properties.assume == Assume::Exact,
        columns: table.columns.iter().zip(&table.means).map(column).collect(),
        rows: shown as u32,
        all_rows: table.rows.len() as u32,
        scale: Axis::of_changes(compared.judged_of(at))
            .map_or_else(String::new, |axis| axis.reach()),
        mean_notes,
    }
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
                    .map(|value| filter_word(&lossy(value)))
                    .collect(),
                more: known.more,
                key,
            }
        })
        .collect()
}
