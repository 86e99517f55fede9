//! What the batches of a generation hold, and the tables that are made of them.

use super::generation::Whole;
use super::order::Out;
use super::spec;
use super::tables::{TableFault, Tables};
use super::wire::Cursor;

/// What a batch holds, by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Strings,
    Stacks,
    Samples,
    Clocks,
    Events,
}

impl Content {
    pub(super) fn of(payload: &[u8]) -> Self {
        match payload.first() {
            Some(&spec::STRINGS) => Self::Strings,
            Some(&spec::STACKS) => Self::Stacks,
            Some(&spec::CPU_SAMPLES) => Self::Samples,
            Some(&(spec::FREQUENCY | spec::SYNC)) => Self::Clocks,
            _ => Self::Events,
        }
    }
}

/// Which tables there are none of.
#[derive(Debug)]
pub(super) struct Lacks {
    pub(super) names: bool,
    pub(super) stacks: bool,
    pub(super) rate: bool,
}

/// A part of a table that could not be used: where it begins in the file, its bytes, and why.
pub(super) type TableLoss = (u64, usize, &'static str);

/// Reads the tables of all batches: what is in them, which there are none of, and what of them
/// could not be used.
pub(super) fn tables(whole: &Whole<'_>, out: &mut Out<'_>) -> (Tables, Lacks, Vec<TableLoss>) {
    let mut tables = Tables::default();
    let mut lost = Vec::new();
    let mut lacks = Lacks {
        names: true,
        stacks: true,
        rate: true,
    };
    // Stacks name strings, so strings come first wherever they stand.
    let passes = [
        Content::Strings,
        Content::Stacks,
        Content::Samples,
        Content::Clocks,
    ];
    for pass in passes {
        for batch in whole.batches {
            let block = whole.held.until(batch);
            if whole.content(batch) != pass {
                continue;
            }
            let after = Cursor::new(block, batch.from + 1);
            match pass {
                Content::Strings => {
                    lacks.names = false;
                    tables.add_strings(after, out.world);
                }
                Content::Stacks => {
                    lacks.stacks = false;
                    tables.add_stacks(after, out.world);
                }
                Content::Samples => tables.add_samples(after),
                // Before Go 1.25 the batch is the rate alone.
                _ if block[batch.from] == spec::FREQUENCY => {
                    lacks.rate = false;
                    tables.add_clocks(Cursor::new(block, batch.from), batch.time);
                }
                _ => {
                    lacks.rate = false;
                    tables.add_clocks(after, batch.time);
                }
            }
            if let Some(fault) = tables.fault.take() {
                let TableFault { at, bytes, reason } = fault;
                lost.push((batch.in_file(at), bytes, reason));
            }
        }
    }
    (tables, lacks, lost)
}
