//! Strings, functions, mappings and locations of the merged profile, each looked up by its
//! content.

use std::collections::HashMap;

use rustc_hash::FxHashMap;

use crate::model::{
    Function, FunctionId, Line, Location, Mapping, MappingId, Profile, StringId, StringTable,
};

/// Said when a table would pass 2^32 rows.
pub(super) const TOO_LARGE: &str = "the merged profile is too large";

/// What is not in the merged profile yet.
const UNMAPPED: u32 = u32::MAX;

/// Sizes of mappings are compared in these steps.
const PAGE: u64 = 0x1000;

/// Strings, each once, and the rows of the current source's strings.
#[derive(Debug, Default)]
pub(super) struct Strings {
    table: StringTable,
    rows: HashMap<Vec<u8>, StringId>,
    of_source: Vec<u32>,
    /// A second empty string: a label with an empty text is no number.
    empty_text: Option<StringId>,
}

impl Strings {
    pub(super) fn begin_source(&mut self, source: &Profile) {
        self.of_source.clear();
        self.of_source.resize(source.strings.len(), UNMAPPED);
    }

    pub(super) fn table(&self) -> &StringTable {
        &self.table
    }

    pub(super) fn into_table(self) -> StringTable {
        self.table
    }

    pub(super) fn intern(&mut self, text: &[u8]) -> Result<StringId, String> {
        if let Some(&id) = self.rows.get(text) {
            return Ok(id);
        }
        let id = self.table.push(text).ok_or(TOO_LARGE)?;
        self.rows.insert(text.to_vec(), id);
        Ok(id)
    }

    /// The row of a string of the current source.
    pub(super) fn map(&mut self, source: &Profile, id: StringId) -> Result<StringId, String> {
        match self.of_source.get(id.index()) {
            Some(&row) if row != UNMAPPED => return Ok(StringId(row)),
            _ => {}
        }
        let row = self.intern(source.strings.bytes(id))?;
        if let Some(place) = self.of_source.get_mut(id.index()) {
            *place = row.0;
        }
        Ok(row)
    }

    /// The same for a label's text, which is 0 only where there is none.
    pub(super) fn map_text(&mut self, source: &Profile, id: StringId) -> Result<StringId, String> {
        let row = self.map(source, id)?;
        if id == StringId(0) || row != StringId(0) {
            return Ok(row);
        }
        if self.empty_text.is_none() {
            self.empty_text = Some(self.table.push(b"").ok_or(TOO_LARGE)?);
        }
        Ok(self.empty_text.unwrap_or(row))
    }
}

type FunctionKey = (i64, StringId, StringId, StringId);

/// Size, offset, and build id or file.
type MappingKey = (u64, u64, StringId);

/// Address in the mapping, mapping, folded or not, and the lines.
type LocationKey = (u64, u32, bool, Vec<u64>);

/// The tables, and the rows of the current source's.
#[derive(Debug)]
pub(super) struct Tables {
    exact: bool,
    pub(super) functions: Vec<Function>,
    pub(super) mappings: Vec<Mapping>,
    pub(super) locations: Vec<Location>,
    pub(super) lines: Vec<Line>,
    /// Locations that pprof would take for another one.
    pub(super) told_apart: usize,
    function_rows: FxHashMap<FunctionKey, u32>,
    mapping_rows: HashMap<MappingKey, u32>,
    location_rows: HashMap<LocationKey, u32>,
    pprof_keys: HashMap<LocationKey, u32>,
    functions_of_source: Vec<u32>,
    /// Row, and what is to be added to addresses.
    mappings_of_source: Vec<(u32, u64)>,
    locations_of_source: Vec<u32>,
}

impl Tables {
    pub(super) fn new(exact: bool) -> Self {
        Self {
            exact,
            functions: Vec::new(),
            mappings: Vec::new(),
            locations: Vec::new(),
            lines: Vec::new(),
            told_apart: 0,
            function_rows: FxHashMap::default(),
            mapping_rows: HashMap::new(),
            location_rows: HashMap::new(),
            pprof_keys: HashMap::new(),
            functions_of_source: Vec::new(),
            mappings_of_source: Vec::new(),
            locations_of_source: Vec::new(),
        }
    }

    /// Begins with another source. The first mapping of the first one that has any is the main
    /// binary's, and stays the first.
    pub(super) fn begin_source(
        &mut self,
        source: &Profile,
        strings: &mut Strings,
    ) -> Result<(), String> {
        let renew = |rows: &mut Vec<u32>, len| {
            rows.clear();
            rows.resize(len, UNMAPPED);
        };
        renew(&mut self.functions_of_source, source.functions.len());
        renew(&mut self.locations_of_source, source.locations.len());
        self.mappings_of_source.clear();
        self.mappings_of_source
            .resize(source.mappings.len(), (UNMAPPED, 0));
        if self.mappings.is_empty() && !source.mappings.is_empty() {
            self.mapping(source, MappingId(0), strings)?;
        }
        Ok(())
    }

    /// The row of a location of the current source.
    #[inline]
    pub(super) fn location(
        &mut self,
        source: &Profile,
        row: usize,
        strings: &mut Strings,
    ) -> Result<u32, String> {
        match self.locations_of_source[row] {
            UNMAPPED => self.new_location(source, row, strings),
            known => Ok(known),
        }
    }

    #[cold]
    fn new_location(
        &mut self,
        source: &Profile,
        row: usize,
        strings: &mut Strings,
    ) -> Result<u32, String> {
        let location = &source.locations[row];
        let (mapping, shift) = match location.mapping {
            Some(mapping) => {
                let (row, shift) = self.mapping(source, mapping, strings)?;
                (Some(MappingId(row)), shift)
            }
            None => (None, 0),
        };
        let mut lines = Vec::with_capacity(location.lines.1 as usize - location.lines.0 as usize);
        for line in source.lines_of(location) {
            let function = self.function(source, line.function, strings)?;
            lines.push(Line { function, ..*line });
        }
        let address = location.address.wrapping_add(shift);
        let start = mapping.map_or(0, |m| self.mappings[m.index()].start);
        let key = |exact: bool| -> LocationKey {
            (
                address.wrapping_sub(start),
                mapping.map_or(UNMAPPED, |m| m.0),
                location.is_folded,
                line_key(&lines, exact),
            )
        };
        let next = self.locations.len() as u32;
        let found = *self.location_rows.entry(key(self.exact)).or_insert(next);
        self.locations_of_source[row] = found;
        if found != next {
            return Ok(found);
        }
        let inlined = lines.len().saturating_sub(1);
        if !self.exact && lines[..inlined].iter().any(|line| line.column != 0) {
            let first = *self.pprof_keys.entry(key(true)).or_insert(next);
            self.told_apart += usize::from(first != next);
        }
        let first_line = self.lines.len() as u32;
        self.lines.extend(lines);
        let last_line = u32::try_from(self.lines.len()).map_err(|_| TOO_LARGE)?;
        self.locations.push(Location {
            id: u64::from(next) + 1,
            mapping,
            address,
            lines: (first_line, last_line),
            is_folded: location.is_folded,
        });
        Ok(next)
    }

    fn function(
        &mut self,
        source: &Profile,
        id: FunctionId,
        strings: &mut Strings,
    ) -> Result<FunctionId, String> {
        let known = self.functions_of_source[id.index()];
        if known != UNMAPPED {
            return Ok(FunctionId(known));
        }
        let function = &source.functions[id.index()];
        let name = strings.map(source, function.name)?;
        let system_name = strings.map(source, function.system_name)?;
        let filename = strings.map(source, function.filename)?;
        let key = (function.start_line, name, system_name, filename);
        let next = self.functions.len() as u32;
        let row = *self.function_rows.entry(key).or_insert(next);
        if row == next {
            self.functions.push(Function {
                id: u64::from(next) + 1,
                name,
                system_name,
                filename,
                start_line: function.start_line,
            });
        }
        self.functions_of_source[id.index()] = row;
        Ok(FunctionId(row))
    }

    /// The row of a mapping, and what takes addresses of the source to where it lies there.
    fn mapping(
        &mut self,
        source: &Profile,
        id: MappingId,
        strings: &mut Strings,
    ) -> Result<(u32, u64), String> {
        let known = self.mappings_of_source[id.index()];
        if known.0 != UNMAPPED {
            return Ok(known);
        }
        let mapping = &source.mappings[id.index()];
        let filename = strings.map(source, mapping.filename)?;
        let build_id = strings.map(source, mapping.build_id)?;
        let name = if source.strings.bytes(mapping.build_id).is_empty() {
            filename
        } else {
            build_id
        };
        let size = mapping.limit.wrapping_sub(mapping.start);
        let size = size.wrapping_add(PAGE - 1) / PAGE * PAGE;
        let next = self.mappings.len() as u32;
        let key = (size, mapping.offset, name);
        let row = *self.mapping_rows.entry(key).or_insert(next);
        if row == next {
            self.mappings.push(Mapping {
                id: u64::from(next) + 1,
                filename,
                build_id,
                ..*mapping
            });
        }
        let shift = self.mappings[row as usize]
            .start
            .wrapping_sub(mapping.start);
        self.mappings_of_source[id.index()] = (row, shift);
        Ok((row, shift))
    }
}

/// Lines as a key. pprof's forgets the columns of all but the last.
fn line_key(lines: &[Line], exact: bool) -> Vec<u64> {
    let mut key = Vec::with_capacity(lines.len() * 3);
    for (i, line) in lines.iter().enumerate() {
        key.extend([u64::from(line.function.0), line.line as u64]);
        if !exact || i + 1 == lines.len() {
            key.push(line.column as u64);
        }
    }
    key
}
