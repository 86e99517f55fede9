//! What one line after the other says.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::BenchRules;
use super::fields::{config, split_field, split_word, trim_start};
use super::unit::tidy;
use crate::error::{Error, Pos, Result, Stage};
use crate::gotext::{NumberError, parse_float, parse_int};
use crate::model::{
    BenchResult, Benchmarks, ConfigKey, Measurement, Remark, RemarkKind, StringId, UnitMetadata,
};

/// Reads lines into tables.
pub(super) struct Reader {
    read: Benchmarks,
    rules: BenchRules,
    ids: HashMap<Vec<u8>, StringId>,
    /// Rows of keys by their names.
    keys: FxHashMap<StringId, usize>,
    /// Units as written to their base unit and factor.
    tidied: FxHashMap<StringId, (StringId, f64)>,
    /// The units of the last line as written: those of the next are the same as a rule, and then need
    /// not be looked up.
    last_units: Vec<StringId>,
    /// What is known of a unit and a key.
    metadata: FxHashMap<(StringId, StringId), StringId>,
    /// Rows of keys that have a value, in benchstat's order: one that is deleted leaves its place to
    /// the last.
    live: Vec<usize>,
    /// For each key its place in `live`, if it has a value.
    places: Vec<Option<usize>>,
    /// Keys in the order in which results were seen with them.
    seen: Vec<usize>,
    /// Keys that got a value no result has seen yet.
    unseen: Vec<usize>,
    /// A name whose values have not come yet, with its line and its remark.
    torn: Option<(Vec<u8>, u64, usize)>,
}

/// What follows a name on its line.
struct Values {
    iterations: i64,
    measurements: Vec<Measurement>,
}

fn full(line: u64) -> Error {
    let reason = "more than 2^32 rows or 4 GiB of names";
    Error::new(Stage::Limit, Pos::Line(line), reason)
}

impl Reader {
    pub(super) fn new(rules: BenchRules) -> Result<Self> {
        let mut reader = Self {
            read: Benchmarks::default(),
            rules,
            ids: HashMap::new(),
            keys: FxHashMap::default(),
            tidied: FxHashMap::default(),
            last_units: Vec::new(),
            metadata: FxHashMap::default(),
            live: Vec::new(),
            places: Vec::new(),
            seen: Vec::new(),
            unseen: Vec::new(),
            torn: None,
        };
        reader.intern(b"", 0)?;
        Ok(reader)
    }

    pub(super) fn finish(mut self) -> Benchmarks {
        self.read.strings.shrink();
        // What no result has seen comes last.
        let all = self.seen.iter().copied().chain(0..self.read.keys.len());
        let order: Vec<usize> = all.collect();
        let mut keys: Vec<Option<ConfigKey>> = self.read.keys.drain(..).map(Some).collect();
        let keys = order.into_iter().filter_map(|key| keys[key].take());
        self.read.keys = keys.collect();
        self.read
    }

    /// Takes over what another file says of units.
    pub(super) fn knows(&mut self, file: &Benchmarks) -> Result<()> {
        for said in &file.metadata {
            let mut id = |id| self.intern(file.strings.bytes(id), 0);
            let (unit, key, value) = (id(said.unit)?, id(said.key)?, id(said.value)?);
            self.metadata.entry((unit, key)).or_insert(value);
        }
        Ok(())
    }

    /// Notes the keys that the next result is the first to be seen with.
    fn see_keys(&mut self) {
        let mut new = std::mem::take(&mut self.unseen);
        new.retain(|&key| self.places[key].is_some());
        new.sort_unstable_by_key(|&key| self.places[key]);
        new.dedup();
        self.seen.append(&mut new);
    }

    /// Gives a key a value, or takes it away.
    fn set_live(&mut self, key: usize, is_live: bool) {
        match (self.places[key], is_live) {
            (None, true) => {
                self.places[key] = Some(self.live.len());
                self.live.push(key);
                self.unseen.push(key);
            }
            (Some(place), false) => {
                self.places[key] = None;
                self.live.swap_remove(place);
                if let Some(&moved) = self.live.get(place) {
                    self.places[moved] = Some(place);
                }
            }
            _ => {}
        }
    }

    pub(super) fn remark(&mut self, line: u64, kind: RemarkKind) {
        self.read.remarks.push(Remark { line, kind });
    }

    /// What a name without values stood for is over: another text begins.
    pub(super) fn end_of_text(&mut self) {
        self.torn = None;
    }

    fn intern(&mut self, text: &[u8], line: u64) -> Result<StringId> {
        if let Some(&id) = self.ids.get(text) {
            return Ok(id);
        }
        let id = self.read.strings.push(text).ok_or_else(|| full(line))?;
        self.ids.insert(text.to_vec(), id);
        Ok(id)
    }

    /// Takes the next line, without its end.
    pub(super) fn line(&mut self, line: &[u8], number: u64) -> Result<()> {
        if let Some(rest) = line.strip_prefix(b"Benchmark") {
            return self.result_line(rest, number);
        }
        if split_word(line).0 == b"Unit" {
            return self.unit_line(&line[4..], number);
        }
        if let Some((key, value)) = config(line) {
            return self.config_line(key, value, number);
        }
        self.torn_values(line, number)
    }

    fn result_line(&mut self, rest: &[u8], number: u64) -> Result<()> {
        self.torn = None;
        let (name, rest) = split_word(rest);
        // With -v, a name alone says that its benchmark begins.
        if rest.is_empty() {
            return Ok(());
        }
        match self.values(rest, number)? {
            Ok(values) => self.add(name, values, number),
            Err(kind) => {
                // Go writes the name, blanks, a tab, and after the run the rest.
                let blanks = &rest[..rest.len() - trim_start(rest).len()];
                let unfinished = matches!(
                    kind,
                    RemarkKind::MissingIterations | RemarkKind::IterationsSyntax
                );
                if self.rules == BenchRules::Corrected && unfinished && blanks.contains(&b'\t') {
                    self.torn = Some((name.to_vec(), number, self.read.remarks.len()));
                }
                self.remark(number, kind);
                Ok(())
            }
        }
    }

    /// If a line has just the values that a name before it lacks, they are the name's.
    fn torn_values(&mut self, line: &[u8], number: u64) -> Result<()> {
        if self.torn.is_none() || !matches!(line.first(), Some(b' ' | b'\t')) {
            return Ok(());
        }
        let Ok(values) = self.values(line, number)? else {
            return Ok(());
        };
        if let Some((name, from, remark)) = self.torn.take() {
            if let Some(remark) = self.read.remarks.get_mut(remark) {
                remark.line = number;
                remark.kind = RemarkKind::Rejoined { from };
            }
            self.add(&name, values, number)?;
        }
        Ok(())
    }

    /// The number of iterations and the measurements, or why they are none.
    fn values(
        &mut self,
        text: &[u8],
        line: u64,
    ) -> Result<std::result::Result<Values, RemarkKind>> {
        let (count, mut rest) = split_field(text);
        if count.is_empty() {
            return Ok(Err(RemarkKind::MissingIterations));
        }
        let iterations = match parse_int(count) {
            Ok(iterations) => iterations,
            Err(NumberError::Syntax) => return Ok(Err(RemarkKind::IterationsSyntax)),
            Err(NumberError::Range) => return Ok(Err(RemarkKind::IterationsRange)),
        };
        // Units of a line that is left out leave nothing behind, so they are looked at first.
        let mut pairs = Vec::new();
        loop {
            let (value, after) = split_field(rest);
            if value.is_empty() {
                break;
            }
            let written = match parse_float(value) {
                Ok(written) => written,
                Err(NumberError::Syntax) => return Ok(Err(RemarkKind::MeasurementSyntax)),
                Err(NumberError::Range) => return Ok(Err(RemarkKind::MeasurementRange)),
            };
            let (unit, after) = split_field(after);
            if unit.is_empty() {
                return Ok(Err(RemarkKind::MissingUnits));
            }
            pairs.push((written, unit));
            rest = after;
        }
        if pairs.is_empty() {
            return Ok(Err(RemarkKind::MissingMeasurements));
        }
        let mut measurements = Vec::with_capacity(pairs.len());
        for (at, (written, unit)) in pairs.into_iter().enumerate() {
            let known = self.last_units.get(at).copied();
            let known = known.filter(|&id| self.read.strings.bytes(id) == unit);
            let written_unit = match known {
                Some(known) => known,
                None => {
                    self.last_units.truncate(at);
                    let id = self.intern(unit, line)?;
                    self.last_units.push(id);
                    id
                }
            };
            let (unit, factor) = self.base_unit(written_unit, line)?;
            measurements.push(Measurement {
                value: written * factor,
                unit,
                written,
                written_unit,
            });
        }
        Ok(Ok(Values {
            iterations,
            measurements,
        }))
    }

    fn base_unit(&mut self, written: StringId, line: u64) -> Result<(StringId, f64)> {
        if let Some(&known) = self.tidied.get(&written) {
            return Ok(known);
        }
        let (unit, factor) = tidy(self.read.strings.bytes(written));
        let base = (self.intern(&unit, line)?, factor);
        self.tidied.insert(written, base);
        Ok(base)
    }

    fn add(&mut self, name: &[u8], values: Values, line: u64) -> Result<()> {
        self.see_keys();
        let name = self.intern(name, line)?;
        let first = u32::try_from(self.read.measurements.len()).map_err(|_| full(line))?;
        let count = u32::try_from(values.measurements.len()).map_err(|_| full(line))?;
        self.read.measurements.extend(values.measurements);
        self.read.results.push(BenchResult {
            name,
            iterations: values.iterations,
            line,
            first,
            count,
        });
        Ok(())
    }

    fn config_line(&mut self, key: &[u8], value: &[u8], line: u64) -> Result<()> {
        let from = u32::try_from(self.read.results.len()).map_err(|_| full(line))?;
        let key = self.intern(key, line)?;
        let value = match value {
            [] => None,
            value => Some(self.intern(value, line)?),
        };
        let keys = &mut self.read.keys;
        let Some(&row) = self.keys.get(&key) else {
            // What is deleted before it was set was never there.
            if value.is_some() {
                self.keys.insert(key, keys.len());
                self.places.push(None);
                let row = keys.len();
                keys.push(ConfigKey {
                    name: key,
                    changes: vec![(from, value)],
                });
                self.set_live(row, true);
            }
            return Ok(());
        };
        self.set_live(row, value.is_some());
        let changes = &mut self.read.keys[row].changes;
        match changes.last_mut() {
            Some(last) if last.1 == value => {}
            Some(last) if last.0 == from => last.1 = value,
            _ => changes.push((from, value)),
        }
        Ok(())
    }

    /// What follows `Unit`.
    fn unit_line(&mut self, rest: &[u8], line: u64) -> Result<()> {
        let (unit, mut rest) = split_field(rest);
        if unit.is_empty() {
            self.remark(line, RemarkKind::MissingUnit);
            return Ok(());
        }
        let unit = tidy(unit).0;
        let unit = self.intern(&unit, line)?;
        loop {
            let (field, after) = split_field(rest);
            rest = after;
            if field.is_empty() {
                return Ok(());
            }
            match field.iter().position(|&b| b == b'=') {
                None | Some(0) => self.remark(line, RemarkKind::ExpectedKeyValue),
                Some(at) => self.unit_metadata(unit, &field[..at], &field[at + 1..], line)?,
            }
        }
    }

    fn unit_metadata(&mut self, unit: StringId, key: &[u8], value: &[u8], line: u64) -> Result<()> {
        let key = self.intern(key, line)?;
        let value = self.intern(value, line)?;
        match self.metadata.get(&(unit, key)) {
            Some(&known) if known == value => {}
            Some(&known) => {
                let text = |id| self.read.strings.text(id).into_owned();
                let kind = RemarkKind::MetadataConflict {
                    key: text(key),
                    unit: text(unit),
                    value: text(known),
                };
                self.remark(line, kind);
            }
            None => {
                self.metadata.insert((unit, key), value);
                self.read.metadata.push(UnitMetadata {
                    unit,
                    key,
                    value,
                    line,
                });
            }
        }
        Ok(())
    }
}
