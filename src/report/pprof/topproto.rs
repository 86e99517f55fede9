//! `-topproto`: the table as a profile of its own, a sample per function.

use std::collections::HashMap;
use std::sync::Arc;

use super::Prepared;
use super::values::Values;
use crate::model::{
    Function, FunctionId, Line, Location, LocationId, Profile, StackId, StringId, ValueType,
};

/// The table as a profile: sample types `cum` and `flat` in the table's unit, in which values are
/// cut to whole numbers.
pub fn topproto(prepared: &Prepared) -> Result<Profile, String> {
    let table = super::top::rows(prepared);
    let values = Values::of_rows(prepared, &table.rows);
    let from = &prepared.profile;
    let nodes = &prepared.nodes;
    let mut strings = Strings::new()?;
    let mut period_type = None;
    if let Some(period) = from.period_type {
        period_type = Some(ValueType {
            kind: strings.id(from.strings.bytes(period.kind))?,
            unit: strings.id(from.strings.bytes(period.unit))?,
        });
    }
    let unit = strings.id(values.unit())?;
    let kinds = [strings.id(b"cum")?, strings.id(b"flat")?];
    let mut to = Profile {
        sample_types: kinds.map(|kind| ValueType { kind, unit }).to_vec(),
        time_nanos: from.time_nanos,
        duration_nanos: from.duration_nanos,
        period_type,
        period: from.period,
        ..Profile::default()
    };
    let mut functions: HashMap<(StringId, StringId, i64), FunctionId> = HashMap::new();
    let mut frames = Vec::new();
    for (i, row) in table.rows.iter().enumerate() {
        let info = &nodes.info[row.node.index()];
        let name = strings.id(nodes.text(info.name))?;
        let filename = strings.id(nodes.text(info.file))?;
        let next = FunctionId(to.functions.len() as u32);
        let key = (name, filename, info.start_line);
        let function = *functions.entry(key).or_insert(next);
        if function == next {
            to.functions.push(Function {
                id: u64::from(next.0) + 1,
                name,
                system_name: StringId(0),
                filename,
                start_line: info.start_line,
            });
        }
        let at = i as u32;
        to.lines.push(Line {
            function,
            line: info.line,
            column: info.column,
        });
        to.locations.push(Location {
            id: u64::from(at) + 1,
            mapping: None,
            address: info.address,
            lines: (at, at + 1),
            is_folded: false,
        });
        frames.push(LocationId(at));
        to.stacks.ranges.push((at, at + 1));
        to.samples.stacks.push(StackId(at));
        to.samples
            .values
            .extend([row.cum, row.flat].map(|value| values.number(value)));
    }
    to.stacks.frames = Arc::new(frames);
    to.strings = strings.table;
    Ok(to)
}

/// Strings, each once.
struct Strings {
    table: crate::model::StringTable,
    known: HashMap<Vec<u8>, StringId>,
}

impl Strings {
    fn new() -> Result<Self, String> {
        let mut new = Self {
            table: crate::model::StringTable::default(),
            known: HashMap::new(),
        };
        new.id(b"")?;
        Ok(new)
    }

    fn id(&mut self, text: &[u8]) -> Result<StringId, String> {
        if let Some(&id) = self.known.get(text) {
            return Ok(id);
        }
        let id = self.table.push(text).ok_or("too many names")?;
        self.known.insert(text.to_vec(), id);
        Ok(id)
    }
}
