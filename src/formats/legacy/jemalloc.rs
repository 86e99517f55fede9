//! jemalloc's heap texts, which pprof does not read: `heap_v2/RATE`, then for each stack a line
//! `@ ADDRESS…` and its counts, in all (`t*:`) and by thread.

use super::heap::{ALLOCATED, IN_USE, Numbers, values};
use super::lines::{Cursor, Lines, decimal, is_blank_or_comment, sample_addresses, to_calls, trim};
use super::records::Records;
use super::{Read, maps};
use crate::error::Result;

const TITLE: &[u8] = b"heap_v2/";

pub(super) fn is_mine(line: &[u8]) -> bool {
    line.starts_with(TITLE)
}

pub(super) fn read(text: &[u8]) -> Result<Read> {
    let mut lines = Lines::new(text);
    let title = lines.next().unwrap_or_default();
    let Some(rate) = title
        .strip_prefix(TITLE)
        .and_then(|rate| decimal(trim(rate)))
    else {
        return Err(lines.error("expected heap_v2/RATE"));
    };
    // The sums of all stacks say whether allocations were counted at all.
    let mut has_allocated = false;
    let mut next = lines.next();
    while let Some(line) = next.map(trim).filter(|line| !line.starts_with(b"@")) {
        has_allocated |= total(line).is_some_and(|numbers| numbers.has_allocated());
        if maps::is_sentinel(line) {
            break;
        }
        next = lines.next();
    }
    let mut records = Records::new(if has_allocated {
        &ALLOCATED[..]
    } else {
        &IN_USE[..]
    })?;
    records.period(b"space", b"bytes", rate)?;
    let mut addresses = Vec::new();
    while let Some(line) = next.map(trim).filter(|line| !maps::is_sentinel(line)) {
        if let Some(stack) = line.strip_prefix(b"@") {
            sample_addresses(stack, &lines, &mut addresses)?;
            to_calls(&mut addresses);
        } else if let Some(numbers) = total(line) {
            let values =
                values(&numbers, has_allocated, Some(rate)).map_err(|why| lines.error(why))?;
            records.begin(&addresses, values.all())?;
            records.size_label(values.size)?;
        } else if !is_blank_or_comment(line) && !is_thread(line) {
            return Err(lines.error("expected @ ADDRESS… or t*: COUNT: BYTES [COUNT: BYTES]"));
        }
        next = lines.next();
    }
    let regions = maps::after(&mut lines)?;
    Ok(records.finish(regions)?.into())
}

/// The counts of all threads.
fn total(line: &[u8]) -> Option<Numbers<'_>> {
    let mut cursor = Cursor(line.strip_prefix(b"t*:")?);
    cursor.spaces();
    Numbers::of(&mut cursor)
}

/// The counts of one thread: they are in those of all.
fn is_thread(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"t") else {
        return false;
    };
    let mut cursor = Cursor(rest);
    cursor.digits().is_some() && cursor.text(b":").is_some()
}
