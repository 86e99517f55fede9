//! Benchmarking Results: before and after, as far as there are results of both.

use super::super::benchstat::{
    BenchProfile, BlockOptions, Comparison, Drawn, amount, blocks, commands, explain,
    explained_words, is_told, picture, quality_words, table_title,
};
use super::super::document::{Block, Column, List, Section, Table, Text};
use super::study::Study;
use super::{ReportFile, shell};
use crate::analysis::bench::{
    BenchCell, BenchFile, BenchTable, BenchTables, CompareOptions, JudgeOptions, Judgement,
    Projections, chances, compare, compares, distinct_labels, judge, judged_row, quality, recipe,
    separations,
};
use crate::analysis::file_name;
use crate::error::Result;
use crate::findings::benchmark_groups;
use crate::model::{Benchmarks, Kind};
use crate::unit;

/// Rows of a table, and of a picture.
const ROWS: usize = 40;
/// Units with a picture.
const PICTURES: usize = 12;
/// Columns of a table that are still to be told apart in one.
const COLUMNS: usize = 12;
/// Differences that are explained by profiles.
const EXPLAINED: usize = 6;
/// Series whose oddities are told.
const ODD: usize = 5;
/// Values of a key of the configuration that are told.
const VALUES: usize = 3;

/// The section of results, and the commands that record such results again.
pub(super) fn results(files: &[ReportFile<'_>], studies: &[Study<'_>]) -> (Section, Vec<String>) {
    let mut section = Section::new("before-after", "Before and after", 3);
    let groups = groups(files);
    match groups.iter().map(Vec::len).max().unwrap_or(0) {
        0 => section.missing(
            "No benchmark output among the files that were read, so nothing is measured before \
             and after. The output of two states of the code fills this; record and compare them \
             with",
            shell::BENCHMARK,
        ),
        1 => section.missing(
            "No two files of benchmark output are before and after by their names (old.txt and \
             new.txt, or the same name in two folders), so nothing is compared. Record the other \
             state with",
            shell::BENCHMARK,
        ),
        _ => {}
    }
    let profiles = profiles(studies);
    let mut lines = Vec::new();
    for group in &groups {
        match Results::new(group) {
            Ok(results) => {
                results.write(&mut section, &profiles);
                lines.extend(results.commands());
            }
            Err(error) => section.note(format!("Results are not compared: {error}.")),
        }
    }
    if !groups.is_empty() {
        section.push(
            "Medians with the reach of their 95% interval; p is that of the Mann-Whitney U test, \
             two-sided. A change is given where p is at most 0.05, “~” where it is not; with fewer \
             than 6 runs there is no interval, with fewer than 4 no test. Verdicts consider how many \
             benchmarks were compared (Benjamini and Hochberg); what stands behind them is the median \
             of the ratios of all pairs of runs with its interval.",
        );
    }
    (section, lines)
}

/// The profiles that may explain a difference.
fn profiles<'a>(studies: &'a [Study<'a>]) -> Vec<BenchProfile<'a>> {
    let own = studies.iter().map(|study| BenchProfile {
        name: study.file.name,
        kind: study.file.kind,
        profile: study.file.profile,
        classes: &study.classes,
    });
    own.collect()
}

/// Files with results that may be compared, the state before the change first.
fn groups<'a>(files: &[ReportFile<'a>]) -> Vec<Vec<(ReportFile<'a>, &'a Benchmarks)>> {
    let results = files
        .iter()
        .enumerate()
        .filter(|(_, f)| f.kind == Kind::Bench);
    let names: Vec<(usize, &str)> = results.map(|(at, file)| (at, file.name)).collect();
    let of = |at: usize| Some((files[at], files[at].profile.benchmarks.as_deref()?));
    benchmark_groups(&names)
        .into_iter()
        .map(|group| group.into_iter().filter_map(of).collect())
        .collect()
}

/// Files that are compared, or one alone.
struct Results<'g, 'a> {
    group: &'g [(ReportFile<'a>, &'a Benchmarks)],
    labels: Vec<String>,
    tables: BenchTables,
    judged: Vec<Judgement>,
    /// The package of all of them; rows say it where there are several.
    package: Vec<u8>,
}

impl<'g, 'a> Results<'g, 'a> {
    fn new(group: &'g [(ReportFile<'a>, &'a Benchmarks)]) -> Result<Self> {
        let labels = distinct_labels(group.iter().map(|(file, _)| file.name));
        let mut new = Self {
            group,
            labels,
            tables: BenchTables::default(),
            judged: Vec::new(),
            package: Vec::new(),
        };
        let options = CompareOptions::default();
        new.tables = compare(&new.files(), &Projections::by_package(), &options)?;
        new.judged = judge(&new.tables.tables, &JudgeOptions::default());
        new.leave_out_package();
        Ok(new)
    }

    /// Package and full name are the keys of a row; a package that all have tells nothing.
    fn leave_out_package(&mut self) {
        let rows = || self.tables.tables.iter().flat_map(|table| &table.rows);
        let Some(first) = rows().next().map(|row| row.key[0].clone()) else {
            return;
        };
        if rows().all(|row| row.key[0] == first) {
            let rows = self
                .tables
                .tables
                .iter_mut()
                .flat_map(|table| &mut table.rows);
            rows.for_each(|row| row.key[0].clear());
            self.package = first;
        }
    }

    fn files(&self) -> Vec<BenchFile<'_>> {
        let files = self.group.iter().zip(&self.labels);
        files
            .map(|((_, benchmarks), label)| BenchFile { label, benchmarks })
            .collect()
    }

    fn comparison(&self) -> Comparison<'_> {
        Comparison {
            tables: &self.tables,
            as_benchstat: false,
            alpha: CompareOptions::default().alpha,
        }
    }

    fn write(&self, section: &mut Section, profiles: &[BenchProfile<'_>]) {
        let comparison = self.comparison();
        let options = BlockOptions {
            only_told: false,
            rows: ROWS,
        };
        section
            .blocks
            .extend(blocks(&comparison, &self.judged, options));
        self.pictures(section);
        self.explained(section, profiles);
        self.caveats(section);
    }

    /// One command for each state of the code, and the comparison.
    fn commands(&self) -> Vec<String> {
        let files = self.files();
        let recorded = files
            .iter()
            .flat_map(|file| commands(file.label, &recipe(file.benchmarks)));
        let mut lines: Vec<String> = recorded.map(|(_, command)| command).collect();
        if files.len() > 1 && !lines.is_empty() {
            let names: Vec<String> = files
                .iter()
                .map(|file| shell::word(file_name(file.label)))
                .collect();
            lines.push(format!("benchstat {}", names.join(" ")));
        }
        lines
    }

    /// Where something is compared, each unit's samples: those that tell most first.
    fn pictures(&self, section: &mut Section) {
        if !compares(&self.tables) {
            return;
        }
        let comparison = self.comparison();
        let tables = self.tables.tables.iter().enumerate().take(PICTURES);
        for (at, table) in tables.filter(|(_, table)| table.columns.len() <= COLUMNS) {
            let judged = self.judged_of(at);
            let mut rows: Vec<u32> = (0..table.rows.len() as u32).collect();
            if rows.len() > ROWS {
                let told = |row: u32| judged_row(judged, row as usize).iter().any(is_told);
                let told: Vec<bool> = (0..table.rows.len() as u32).map(told).collect();
                crate::sort::sort_ids(&mut rows, &|a, b| told[b as usize].cmp(&told[a as usize]));
                rows.truncate(ROWS);
            }
            let drawn = Drawn {
                table,
                judged,
                rows: &rows,
            };
            let svg = picture(&comparison, &[drawn]);
            let caption = format!(
                "{}: every run as a dot on the benchmark's own axis (hollow: {}), medians as ticks, their \
                 intervals as bars; on the right the ratio to the first file with its interval.",
                table_title(&comparison, table),
                self.labels.first().map_or("", String::as_str)
            );
            section.push(Block::figure(&caption, svg));
        }
    }

    fn judged_of(&self, table: usize) -> &[Judgement] {
        let from = self
            .judged
            .partition_point(|judged| judged.place.table < table);
        let to = self
            .judged
            .partition_point(|judged| judged.place.table <= table);
        &self.judged[from..to]
    }

    /// The functions that profiles of both states show behind the largest differences.
    fn explained(&self, section: &mut Section, profiles: &[BenchProfile<'_>]) {
        let mut told: Vec<&Judgement> = self
            .judged
            .iter()
            .filter(|judged| is_told(judged))
            .collect();
        let far = |judged: &Judgement| {
            judged
                .ratio
                .map_or(f64::INFINITY, |ratio| ratio.ratio.ln().abs())
        };
        crate::sort::sort_by(&mut told, &|a, b| far(b).total_cmp(&far(a)));
        let (mut count, mut is_of_parts) = (0, false);
        for judged in told {
            if count == EXPLAINED {
                break;
            }
            let table = &self.tables.tables[judged.place.table];
            let row = &table.rows[judged.place.row];
            let (Some(old), Some(new)) = (&row.cells[0], &row.cells[judged.place.column]) else {
                continue;
            };
            let centers = [old.summary.center, new.summary.center];
            let name = |cell: &BenchCell| {
                cell.origins
                    .first()
                    .map_or("", |from| self.group[from.file as usize].0.name)
            };
            let package = match row.key[0].as_slice() {
                b"" => self.package.as_slice(),
                package => package,
            };
            let benchmark = (package, row.key[1].as_slice());
            let found = explain(table, benchmark, centers, [name(old), name(new)], profiles);
            let Some(found) = found.filter(|found| !found.causes.parts.is_empty()) else {
                continue;
            };
            count += 1;
            is_of_parts |= benchmark.1.contains(&b'/');
            let text = Text::default()
                .code(&String::from_utf8_lossy(&row.label()))
                .plain(": ")
                .plain(&explained_words(table, &found, centers));
            section.push(text);
            section.push(functions(table, &found, profiles));
        }
        if count > 0 {
            section.note(
                "What a function costs per operation is its share of the benchmark in the profile times \
                 the median of the results: right as far as the profile is of the same runs.",
            );
        }
        if is_of_parts {
            section.note(
                "Sub-benchmarks share one function, so what the profiles say is about all of them.",
            );
        }
    }

    /// What to know before the results are believed.
    fn caveats(&self, section: &mut Section) {
        let mut items: Vec<Text> = Vec::new();
        for apart in separations(&self.files()) {
            let values = apart
                .values
                .iter()
                .zip(&apart.labels)
                .map(|(values, label)| {
                    let shown: Vec<String> = values
                        .iter()
                        .take(VALUES)
                        .map(|value| match value.as_slice() {
                            b"" => "none".to_owned(),
                            value => String::from_utf8_lossy(value).into_owned(),
                        })
                        .collect();
                    format!("{label}: {}", shown.join(", "))
                });
            let values: Vec<String> = values.collect();
            items.push(Text::from(format!(
                "The files differ in {} ({}).",
                String::from_utf8_lossy(&apart.key),
                values.join("; ")
            )));
        }
        let mut odd = 0_u64;
        for table in self
            .tables
            .tables
            .iter()
            .filter(|table| table.unit == b"sec/op")
        {
            for row in &table.rows {
                for (cell, label) in row.cells.iter().zip(&table.columns) {
                    let Some(cell) = cell else { continue };
                    let drift = quality(&cell.samples);
                    let words = quality_words(&drift);
                    if drift.drift.is_none() && drift.groups.is_none() {
                        continue;
                    }
                    odd += 1;
                    if odd <= ODD as u64 {
                        items.push(
                            Text::default()
                                .code(&String::from_utf8_lossy(&row.label()))
                                .plain(" in ")
                                .code(&String::from_utf8_lossy(&label.label()))
                                .plain(&format!(": {}", words.join(" "))),
                        );
                    }
                }
            }
        }
        if odd > ODD as u64 {
            let more = unit::plural(odd - ODD as u64, "more series");
            items.push(Text::from(format!(
                "{more} of times with a trend or two groups."
            )));
        }
        let alpha = CompareOptions::default().alpha;
        let tested = chances(&self.tables.tables, &self.judged, alpha);
        if tested >= 20 {
            let expected = (tested as f64 * alpha).round();
            items.push(Text::from(format!(
                "Of {tested} comparisons about {expected:.0} have p ≤ 0.05 by chance alone."
            )));
        }
        if !items.is_empty() {
            section.push(List::bullets(items));
        }
    }
}

fn functions(
    table: &BenchTable,
    found: &super::super::benchstat::Explained,
    profiles: &[BenchProfile<'_>],
) -> Table {
    let [before, after] = found.profiles.map(|at| profiles[at].name);
    let caption = format!(
        "{} per operation by function, {} of {before} and {after}",
        String::from_utf8_lossy(&table.unit),
        found.sample_type
    );
    let columns = [
        Column::symbol("Function"),
        Column::code("Line"),
        Column::number("before"),
        Column::number("after"),
        Column::number("change"),
    ];
    let mut out = Table::new(&caption, columns);
    for part in &found.causes.parts {
        let cost = |at: usize| {
            amount(table, part.cost[at])
                .trim_start_matches('+')
                .to_owned()
        };
        out.row([
            String::from_utf8_lossy(&part.function).into_owned(),
            part.place.clone(),
            cost(0),
            cost(1),
            amount(table, part.change()),
        ]);
    }
    out
}
