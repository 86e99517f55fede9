//! Collects samples whose stacks are addresses, and makes the profile of them.

use std::collections::HashMap;

use super::maps::{self, Region};
use super::symbols::Symbol;
use crate::error::{Error, Pos, Result, Stage};
use crate::formats::pprof::limits;
use crate::model::{Function, Label, Line, LocationId, Profile, ProfileBuilder, StringId};

/// Lines that one address may stand for: a few inlined calls of C, none in Go's texts.
const MOST_LINES: usize = 32;

/// Samples so far, and the one that is being read.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) builder: ProfileBuilder,
    by_address: HashMap<u64, LocationId>,
    /// Frames at the leaf that a record with names leaves unnamed are not kept.
    pub(super) drops_hidden: bool,
    record: Record,
    locations: Vec<LocationId>,
}

/// The sample that is being read: its names come after it.
#[derive(Debug, Default)]
struct Record {
    is_open: bool,
    addresses: Vec<u64>,
    values: Vec<i64>,
    labels: Vec<Label>,
    /// Lines by place in `addresses`, ascending.
    named: Vec<(usize, Line)>,
    last_pc: u64,
    /// Looking for names costs no more than this, whatever the text.
    steps: usize,
}

impl Records {
    /// No samples; the types are named and counted by these.
    pub(super) fn new(types: &[(&[u8], &[u8])]) -> Result<Self> {
        let mut builder = ProfileBuilder::new();
        for (kind, unit) in types {
            builder.sample_type(kind, unit)?;
        }
        Ok(Self {
            builder,
            by_address: HashMap::new(),
            drops_hidden: false,
            record: Record::default(),
            locations: Vec::new(),
        })
    }

    /// Says what the sampling period counts.
    pub(super) fn period(&mut self, kind: &[u8], unit: &[u8], period: i64) -> Result<()> {
        let row = self.builder.value_type(kind, unit)?;
        let profile = self.builder.profile();
        profile.period_type = Some(row);
        profile.period = period;
        Ok(())
    }

    /// Begins a sample, whose addresses are where its calls are, leaf first.
    pub(super) fn begin(&mut self, addresses: &[u64], values: &[i64]) -> Result<()> {
        self.flush(false)?;
        let record = &mut self.record;
        record.is_open = true;
        record.addresses.clear();
        record.addresses.extend_from_slice(addresses);
        record.values.clear();
        record.values.extend_from_slice(values);
        record.labels.clear();
        record.named.clear();
        record.steps = addresses.len() * 4 + 64;
        Ok(())
    }

    /// The size of an object, as a label of the sample that is being read. Its unit is its name.
    pub(super) fn size_label(&mut self, num: i64) -> Result<()> {
        let key = self.builder.string(b"bytes")?;
        self.record.labels.push(Label {
            key,
            str: StringId(0),
            num,
            unit: StringId(0),
        });
        Ok(())
    }

    /// A label of the sample that is being read.
    pub(super) fn label(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        if self.record.is_open && !value.is_empty() {
            let (key, str) = (self.builder.string(key)?, self.builder.string(value)?);
            self.record.labels.push(Label {
                key,
                str,
                num: 0,
                unit: StringId(0),
            });
        }
        Ok(())
    }

    /// Adds to the first value of the sample before.
    pub(super) fn again(&mut self) {
        if self.record.is_open
            && let Some(first) = self.record.values.first_mut()
        {
            *first = first.wrapping_add(1);
        }
    }

    /// A name for an address of the sample that is being read.
    pub(super) fn symbol(&mut self, symbol: &Symbol<'_>) -> Result<()> {
        let record = &mut self.record;
        let last = record.named.last().map(|(at, _)| *at);
        let at = match last {
            Some(last) if record.last_pc == symbol.pc => Some(last),
            _ => {
                let rest = &record.addresses[last.map_or(0, |last| last + 1)..];
                let is_it =
                    |&address: &u64| address == symbol.pc || address == symbol.pc.wrapping_sub(1);
                let found = rest.iter().take(record.steps).position(is_it);
                record.steps -= found.map_or(rest.len(), |at| at + 1).min(record.steps);
                found.map(|found| found + last.map_or(0, |last| last + 1))
            }
        };
        let (Some(at), true) = (at, record.is_open) else {
            return Ok(());
        };
        record.last_pc = symbol.pc;
        let function = self.function(symbol.function, symbol.file)?;
        self.record.named.push((
            at,
            Line {
                function,
                line: symbol.line,
                column: 0,
            },
        ));
        Ok(())
    }

    fn function(&mut self, name: &[u8], file: &[u8]) -> Result<crate::model::FunctionId> {
        let name = self.builder.string(name)?;
        let filename = self.builder.string(file)?;
        self.builder.function(Function {
            id: 0,
            name,
            system_name: name,
            filename,
            start_line: 0,
        })
    }

    /// Ends the sample that is being read. `whole` when the text says that nothing is missing.
    pub(super) fn flush(&mut self, whole: bool) -> Result<()> {
        if !std::mem::take(&mut self.record.is_open) {
            return Ok(());
        }
        if self.record.addresses.len() > limits::DEPTH {
            let reason = format!("more than {} frames in a stack", limits::DEPTH);
            return Err(Error::new(Stage::Limit, Pos::Nowhere, reason));
        }
        let addresses = std::mem::take(&mut self.record.addresses);
        let hidden = match self.record.named.first() {
            Some((first, _)) if self.drops_hidden => *first,
            _ => 0,
        };
        self.locations.clear();
        for &address in &addresses[hidden..] {
            let location = self.location(address)?;
            self.locations.push(location);
        }
        self.name(hidden)?;
        if whole {
            self.name_root(&addresses)?;
        }
        self.record.addresses = addresses;
        let stack = self.builder.stack(&self.locations)?;
        self.builder
            .sample(stack, &self.record.values, &self.record.labels)
    }

    /// Gives locations the lines that the record has for them. An address means the same
    /// everywhere, so once is enough.
    fn name(&mut self, hidden: usize) -> Result<()> {
        let mut lines = Vec::new();
        for same in self.record.named.chunk_by(|a, b| a.0 == b.0) {
            let location = self.locations[same[0].0 - hidden];
            if self.builder.profile().locations[location.index()].lines.1 == 0 {
                lines.clear();
                lines.extend(same.iter().take(MOST_LINES).map(|(_, line)| *line));
                self.builder.set_lines(location, &lines)?;
            }
        }
        Ok(())
    }

    /// Once it has named a frame, Go leaves out one function only: `runtime.goexit`, the root.
    fn name_root(&mut self, addresses: &[u64]) -> Result<()> {
        let (Some(&root), Some(&(last, _))) = (self.locations.last(), self.record.named.last())
        else {
            return Ok(());
        };
        let is_next = last + 2 == addresses.len() && addresses.last() != Some(&u64::MAX);
        if is_next && self.builder.profile().locations[root.index()].lines.1 == 0 {
            let function = self.function(b"runtime.goexit", b"")?;
            let line = Line {
                function,
                line: 0,
                column: 0,
            };
            self.builder.set_lines(root, &[line])?;
        }
        Ok(())
    }

    /// The location of an address.
    pub(super) fn location(&mut self, address: u64) -> Result<LocationId> {
        if let Some(&known) = self.by_address.get(&address) {
            return Ok(known);
        }
        let location = self.builder.new_location(None, address, false)?;
        self.by_address.insert(address, location);
        Ok(location)
    }

    /// The location of an address that a sample has.
    pub(super) fn known(&self, address: u64) -> Option<LocationId> {
        self.by_address.get(&address).copied()
    }

    /// The profile, with its addresses in the regions that they lie in.
    pub(super) fn finish(mut self, regions: Vec<Region>) -> Result<Profile> {
        self.flush(false)?;
        maps::assign(&mut self.builder, regions)?;
        super::frames::set(&mut self.builder)?;
        let profile = self.builder.finish();
        check_expanded(&profile)?;
        Ok(profile)
    }
}

/// An error when several lines per address would make the stacks too long to be walked.
fn check_expanded(profile: &Profile) -> Result<()> {
    let lines = |location: &LocationId| {
        let (from, to) = profile.locations[location.index()].lines;
        u64::from(to - from).max(1)
    };
    let frames = &profile.stacks.frames;
    let allowed = limits::EXPANDED.max(frames.len() as u64 * limits::INLINED);
    if frames.iter().map(lines).sum::<u64>() > allowed {
        let reason = format!("more than {allowed} frames, inlined ones included");
        return Err(Error::new(Stage::Limit, Pos::Nowhere, reason));
    }
    Ok(())
}
