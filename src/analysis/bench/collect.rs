//! Collects results into tables.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::axis::{Axis, Projected, ValueId, Values};
use super::keys::{Chosen, Excluded, Key, Line, full_name_without};
use super::summary::MedianIntervals;
use super::{
    BenchCell, BenchColumn, BenchFile, BenchRow, BenchTable, BenchTables, CompareOptions, Origin,
    Projections, UTests, Units,
};
use crate::error::{Error, Pos, Result, Stage};
use crate::model::{BenchResult, Benchmarks, Measurement, StringId};

/// Values of keys that may be looked at: a configuration that changes with every line makes their
/// number grow with the square of the file.
const EFFORT: usize = 1 << 28;
/// Values of the keys of all tables.
const KEYS_OF_TABLES: usize = 1 << 21;
/// Places of a table that may be empty, however few are filled.
const EMPTY_PLACES: usize = 1 << 18;

/// Groups the results of files, and compares each cell with the first of its row. Fails only at a
/// limit that hostile files reach: a configuration that changes with every line, too many tables
/// with too many keys, a table that would be nearly empty.
pub fn compare(
    files: &[BenchFile<'_>],
    projections: &Projections,
    options: &CompareOptions,
) -> Result<BenchTables> {
    let mut builder = Builder::new(projections, options);
    for (index, file) in (0..).zip(files) {
        builder.add(index, file)?;
    }
    let units = Units::new(files.iter().map(|file| file.benchmarks));
    builder.finish(&units)
}

/// Samples that are being collected.
struct Cell {
    table: u32,
    row: u32,
    column: u32,
    samples: Vec<f64>,
    origins: Vec<Origin>,
    /// What the first sample has besides, and the last one looked at.
    rest: [u32; 2],
    /// Slots of that in which some other sample differs.
    vary: BTreeSet<u32>,
}

/// Where results of one name go as long as the configuration does not change.
#[derive(Clone, Copy)]
struct Place {
    table: u32,
    row: u32,
    column: u32,
    rest: u32,
}

struct Builder<'p> {
    projections: &'p Projections,
    options: &'p CompareOptions,
    values: Values,
    table: Axis,
    row: Axis,
    column: Axis,
    rest: Axis,
    /// Units in the order in which they were seen.
    units: Vec<Vec<u8>>,
    unit_ids: FxHashMap<ValueId, u32>,
    tables: FxHashMap<(u32, u32), u32>,
    /// For each table the key and the unit.
    table_keys: Vec<(u32, u32)>,
    cells: Vec<Cell>,
    by_place: FxHashMap<(u32, u32, u32), u32>,
    effort: usize,
}

/// A result with the configuration in force.
struct Current<'a> {
    /// What full names are told without: it is a key of its own.
    excluded: &'a Excluded,
    file: &'a BenchFile<'a>,
    label: ValueId,
    config: Vec<(ValueId, ValueId)>,
    name: &'a [u8],
    units: Vec<(&'a [u8], &'a [u8])>,
    /// The texts of `config`, for the filter.
    texts: Vec<(&'a [u8], &'a [u8])>,
}

impl Projected for Current<'_> {
    fn value(&self, key: &Key, values: &mut Values) -> ValueId {
        match key {
            Key::File => self.label,
            Key::Config(name) => {
                let name = values.id(name);
                let found = self.config.iter().find(|(key, _)| *key == name);
                found.map_or(ValueId::EMPTY, |(_, value)| *value)
            }
            Key::FullName => values.id(&full_name_without(self.name, self.excluded)),
            _ => values.id(key.of_name(self.name).unwrap_or_default()),
        }
    }

    fn config(&self) -> &[(ValueId, ValueId)] {
        &self.config
    }
}

impl Line for Current<'_> {
    fn value(&self, key: &Key) -> &[u8] {
        match key {
            Key::File => self.file.label.as_bytes(),
            Key::Config(name) => {
                let found = self.texts.iter().find(|(key, _)| key == name);
                found.map_or(&[], |(_, value)| value)
            }
            _ => key.of_name(self.name).unwrap_or_default(),
        }
    }

    fn units(&self) -> &[(&[u8], &[u8])] {
        &self.units
    }
}

impl<'p> Builder<'p> {
    fn new(projections: &'p Projections, options: &'p CompareOptions) -> Self {
        Self {
            projections,
            options,
            values: Values::new(),
            table: Axis::new(&projections.table),
            row: Axis::new(&projections.row),
            column: Axis::new(&projections.column),
            rest: Axis::new(&projections.rest()),
            units: Vec::new(),
            unit_ids: FxHashMap::default(),
            tables: FxHashMap::default(),
            table_keys: Vec::new(),
            cells: Vec::new(),
            by_place: FxHashMap::default(),
            effort: 0,
        }
    }

    fn add(&mut self, index: u32, file: &BenchFile<'_>) -> Result<()> {
        let benchmarks = file.benchmarks;
        let text = |id: StringId| benchmarks.strings.bytes(id);
        let mut current = Current {
            excluded: &self.projections.excluded,
            file,
            label: self.values.id(file.label.as_bytes()),
            config: Vec::new(),
            name: &[],
            units: Vec::new(),
            texts: Vec::new(),
        };
        let mut in_force: Vec<Option<StringId>> = vec![None; benchmarks.keys.len()];
        let mut changes = config_changes(benchmarks).into_iter().peekable();
        // Each is good as long as the configuration stays.
        let mut places: FxHashMap<StringId, Place> = FxHashMap::default();
        let mut cells: FxHashMap<(StringId, StringId), u32> = FxHashMap::default();
        let mut filtered: FxHashMap<StringId, (Vec<StringId>, Option<Chosen>)> =
            FxHashMap::default();
        for (row, result) in (0..).zip(&benchmarks.results) {
            let mut is_new = row == 0;
            while let Some((_, key, value)) = changes.next_if(|change| change.0 <= row) {
                in_force[key as usize] = value;
                is_new = true;
            }
            if is_new {
                self.spend(in_force.len(), result)?;
                current.texts.clear();
                let pairs = benchmarks.keys.iter().zip(&in_force);
                let set = pairs.filter_map(|(key, value)| Some((text(key.name), text((*value)?))));
                current.texts.extend(set);
                current.config.clear();
                for (key, value) in &current.texts {
                    let pair = (self.values.id(key), self.values.id(value));
                    current.config.push(pair);
                }
                places.clear();
                cells.clear();
                filtered.clear();
            }
            current.name = text(result.name);
            let chosen = match self.projections.filters() {
                true => {
                    // What is in force, the name and the units decide.
                    let units = self.units_of(benchmarks, result);
                    let known = filtered.get(&result.name).filter(|known| known.0 == units);
                    match known {
                        Some((_, chosen)) => chosen.clone(),
                        None => {
                            self.spend(current.config.len(), result)?;
                            let chosen = self.chosen(benchmarks, result, &mut current);
                            filtered.insert(result.name, (units, chosen.clone()));
                            chosen
                        }
                    }
                }
                false => Some(Chosen::Whole(true)),
            };
            let Some(chosen) = chosen else { continue };
            let place = match places.get(&result.name) {
                Some(&known) => known,
                None => {
                    let place = self.place(&current, result)?;
                    places.insert(result.name, place);
                    place
                }
            };
            for (at, measured) in benchmarks.measurements_of(result).iter().enumerate() {
                if !chosen.has(at) {
                    continue;
                }
                let unit = self.unit_of(measured);
                let cell = match cells.get(&(unit, result.name)) {
                    Some(&known) => known,
                    None => {
                        let made = self.cell(&place, text(unit));
                        cells.insert((unit, result.name), made);
                        made
                    }
                };
                let cell = &mut self.cells[cell as usize];
                cell.samples.push(measured.value);
                cell.origins.push(Origin {
                    file: index,
                    result: row,
                });
                if !cell.rest.contains(&place.rest) {
                    self.effort += self.rest.width();
                    let differing = self.rest.differing(cell.rest[0], place.rest);
                    self.effort += differing.len();
                    cell.vary.extend(differing);
                }
                cell.rest[1] = place.rest;
            }
            self.spend(0, result)?;
        }
        Ok(())
    }

    /// The units of a result as they are grouped and as they were written.
    fn units_of(&self, benchmarks: &Benchmarks, result: &BenchResult) -> Vec<StringId> {
        let measured = benchmarks.measurements_of(result).iter();
        // Two units as written may be one in base form, and a filter knows both.
        measured
            .flat_map(|measured| [self.unit_of(measured), measured.written_unit])
            .collect()
    }

    /// The unit that a value is grouped by: benchstat takes a value that its unit's factor does not
    /// change for one that has none.
    fn unit_of(&self, measured: &Measurement) -> StringId {
        match self.options.as_benchstat && measured.value == measured.written {
            true => measured.written_unit,
            false => measured.unit,
        }
    }

    fn spend(&mut self, values: usize, result: &BenchResult) -> Result<()> {
        self.effort += values;
        if self.effort <= EFFORT {
            return Ok(());
        }
        let reason = "the configuration of results changes too often";
        Err(Error::new(Stage::Limit, Pos::Line(result.line), reason))
    }

    /// What filters leave of a result; `None` for nothing.
    fn chosen<'a>(
        &self,
        benchmarks: &'a Benchmarks,
        result: &BenchResult,
        current: &mut Current<'a>,
    ) -> Option<Chosen> {
        let Projections { filter, fixed, .. } = self.projections;
        let is_in = |(key, values): &(Key, Vec<Vec<u8>>)| {
            let own = Line::value(current, key);
            values.iter().any(|value| value == own)
        };
        if !fixed.iter().all(is_in) {
            return None;
        }
        if filter.is_everything() {
            return Some(Chosen::Whole(true));
        }
        let measurements = benchmarks.measurements_of(result);
        current.units.clear();
        for measured in measurements {
            let units = [self.unit_of(measured), measured.written_unit];
            let [base, written] = units.map(|unit| benchmarks.strings.bytes(unit));
            current.units.push((base, written));
        }
        let chosen = filter.chosen(current);
        let any = (0..measurements.len()).any(|at| chosen.has(at));
        any.then_some(chosen)
    }

    fn place(&mut self, current: &Current<'_>, result: &BenchResult) -> Result<Place> {
        let named = &self.projections.named;
        let values = &mut self.values;
        let place = Place {
            table: self.table.key(current, named, values),
            row: self.row.key(current, named, values),
            column: self.column.key(current, named, values),
            rest: self.rest.key(current, named, values),
        };
        let axes = [&self.table, &self.row, &self.column, &self.rest];
        let widths: usize = axes.iter().map(|axis| axis.width()).sum();
        self.spend(widths + current.config.len(), result)?;
        Ok(place)
    }

    /// The cell of a place and unit, made if need be.
    fn cell(&mut self, place: &Place, unit: &[u8]) -> u32 {
        let text = self.values.id(unit);
        let next = self.units.len() as u32;
        let unit_id = *self.unit_ids.entry(text).or_insert(next);
        if unit_id == next {
            self.units.push(unit.to_vec());
        }
        let next = self.table_keys.len() as u32;
        let table = *self.tables.entry((place.table, unit_id)).or_insert(next);
        if table == next {
            self.table_keys.push((place.table, unit_id));
        }
        let next = self.cells.len() as u32;
        let key = (table, place.row, place.column);
        let cell = *self.by_place.entry(key).or_insert(next);
        if cell == next {
            self.cells.push(Cell {
                table,
                row: place.row,
                column: place.column,
                // What -count=10 makes fits two times.
                samples: Vec::with_capacity(5),
                origins: Vec::with_capacity(5),
                rest: [place.rest; 2],
                vary: BTreeSet::new(),
            });
        }
        cell
    }

    fn finish(self, units: &Units) -> Result<BenchTables> {
        self.check_size()?;
        let ranks = |axis: &Axis| axis.ranks(&self.values);
        let (table_ranks, row_ranks, column_ranks) =
            (ranks(&self.table), ranks(&self.row), ranks(&self.column));
        let mut order: Vec<u32> = (0..self.table_keys.len() as u32).collect();
        let table_place = |table: u32| {
            let (key, unit) = self.table_keys[table as usize];
            (table_ranks[key as usize], unit)
        };
        crate::sort::sort_ids(&mut order, &|a, b| table_place(a).cmp(&table_place(b)));
        let mut members: Vec<Vec<Cell>> = self.table_keys.iter().map(|_| Vec::new()).collect();
        for cell in self.cells {
            members[cell.table as usize].push(cell);
        }
        let mut tests = UTests::default();
        let mut intervals = MedianIntervals::new(self.options.confidence);
        let mut tables = Vec::with_capacity(order.len());
        for table in order {
            let cells = std::mem::take(&mut members[table as usize]);
            let (key, unit) = self.table_keys[table as usize];
            let unit = self.units[unit as usize].clone();
            let rows = Lane::new(cells.iter().map(|cell| cell.row), &row_ranks);
            let columns = Lane::new(cells.iter().map(|cell| cell.column), &column_ranks);
            check_density(rows.keys.len(), columns.keys.len(), cells.len())?;
            let texts = |axis: &Axis, key: u32| axis.texts(key, &self.values);
            let mut built = BenchTable {
                key: texts(&self.table, key),
                properties: units.of(&unit),
                unit,
                columns: columns
                    .keys
                    .iter()
                    .map(|&key| BenchColumn {
                        key: texts(&self.column, key),
                        file: None,
                    })
                    .collect(),
                rows: rows
                    .keys
                    .iter()
                    .map(|&key| BenchRow {
                        key: texts(&self.row, key),
                        cells: vec![None; columns.keys.len()],
                    })
                    .collect(),
                means: Vec::new(),
            };
            let mut of_files: Vec<Option<Option<usize>>> = vec![None; columns.keys.len()];
            for cell in cells {
                let (row, column) = (rows.at(cell.row), columns.at(cell.column));
                let first = cell.origins[0].file as usize;
                let is_one = cell
                    .origins
                    .iter()
                    .all(|origin| origin.file as usize == first);
                let own = is_one.then_some(first);
                let known = of_files[column].get_or_insert(own);
                if *known != own {
                    *known = None;
                }
                built.rows[row].cells[column] = Some(BenchCell {
                    summary: intervals.summarise(&cell.samples, built.properties.assume),
                    samples: cell.samples,
                    origins: cell.origins,
                    difference: None,
                    vary: self.rest.names_of(&cell.vary),
                });
            }
            for (column, file) in built.columns.iter_mut().zip(of_files) {
                column.file = file.flatten();
            }
            built.compare(self.options, &mut tests);
            tables.push(built);
        }
        Ok(BenchTables {
            table_fields: self.table.names(),
            row_fields: self.row.names(),
            column_fields: self.column.names(),
            tables,
        })
    }

    /// Each table tells the values of all of its keys.
    fn check_size(&self) -> Result<()> {
        let width = self.table.width().max(1);
        if self.table_keys.len().saturating_mul(width) <= KEYS_OF_TABLES {
            return Ok(());
        }
        Err(too_large(
            "results fall into too many tables with too many keys",
        ))
    }
}

fn too_large(reason: &str) -> Error {
    Error::new(Stage::Limit, Pos::Nowhere, reason)
}

/// A table has a place for each row in each column, filled or not.
fn check_density(rows: usize, columns: usize, cells: usize) -> Result<()> {
    if rows.saturating_mul(columns) <= EMPTY_PLACES.max(cells.saturating_mul(8)) {
        return Ok(());
    }
    Err(too_large(&format!(
        "a table of {rows} rows and {columns} columns would be nearly empty"
    )))
}

/// The changes of the configuration in the order of results: from which result on, row of the key,
/// and value.
fn config_changes(benchmarks: &Benchmarks) -> Vec<(u32, u32, Option<StringId>)> {
    let mut changes: Vec<(u32, u32, Option<StringId>)> = Vec::new();
    for (row, key) in (0..).zip(&benchmarks.keys) {
        changes.extend(key.changes.iter().map(|&(from, value)| (from, row, value)));
    }
    // Stable: of several for one result, the last counts.
    crate::sort::sort_by(&mut changes, &|a, b| a.0.cmp(&b.0));
    changes
}

/// The rows or columns of one table, in their order.
struct Lane {
    keys: Vec<u32>,
    places: FxHashMap<u32, usize>,
}

impl Lane {
    fn new(keys: impl Iterator<Item = u32>, ranks: &[u32]) -> Self {
        let mut keys: Vec<u32> = keys.collect();
        crate::sort::sort_ids(&mut keys, &|a, b| ranks[a as usize].cmp(&ranks[b as usize]));
        keys.dedup();
        let places = keys
            .iter()
            .enumerate()
            .map(|(at, &key)| (key, at))
            .collect();
        Self { keys, places }
    }

    fn at(&self, key: u32) -> usize {
        self.places.get(&key).copied().unwrap_or_default()
    }
}
