//! The memory map at the end of a text: which binary lies where.

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::lines::{Lines, assignment, find, hex, is_space, trim};
use super::variables::Variables;
use crate::error::{Error, Pos, Result, Stage};
use crate::formats::pprof::limits;
use crate::model::{Mapping, MappingId, ProfileBuilder};

/// Where programs of Linux begin that are not moved at their start.
const USUAL_START: u64 = 0x40_0000;
/// What the kernel puts after the path of a file that is gone.
const DELETED: &[u8] = b"(deleted)";
/// Comparisons of an address with a region; some seconds.
const MOST_WORK: usize = 1 << 31;

/// A line of the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    start: u64,
    limit: u64,
    offset: u64,
    file: Vec<u8>,
    build_id: Vec<u8>,
}

impl Region {
    #[cfg(test)]
    pub(super) fn file(&self) -> &[u8] {
        &self.file
    }
}

/// True for the line before a map.
pub(super) fn is_sentinel(line: &[u8]) -> bool {
    const SENTINELS: [&[u8]; 2] = [b"--- Memory map: ---", b"MAPPED_LIBRARIES:"];
    SENTINELS
        .iter()
        .any(|sentinel| find(line, sentinel).is_some())
}

/// The map of a text of which the current line and all before it have been read. Other sections
/// before the map are passed over.
pub(super) fn after(lines: &mut Lines<'_>) -> Result<Vec<Region>> {
    while !is_sentinel(lines.current()) {
        if lines.next().is_none() {
            return Ok(Vec::new());
        }
    }
    parse(lines)
}

/// The regions in the lines that are left. What is neither a region nor a variable is skipped.
pub(super) fn parse(lines: &mut Lines<'_>) -> Result<Vec<Region>> {
    let mut forms = None;
    let mut regions = Vec::new();
    let mut variables = Variables::default();
    while let Some(line) = lines.next() {
        let line = variables.substitute(without_log_prefix(line));
        if variables.are_too_many() {
            let reason = "too many variables in the lines of the memory map";
            return Err(Error::new(Stage::Limit, Pos::Line(lines.number()), reason));
        }
        let forms = match &forms {
            Some(forms) => forms,
            None => forms.insert(Forms::new()?),
        };
        match forms.region(&line) {
            Entry::Region(region) if regions.len() < limits::MAPPINGS => regions.push(region),
            Entry::Region(_) => {
                let reason = format!("more than {} mappings", limits::MAPPINGS);
                return Err(Error::new(Stage::Limit, Pos::Line(lines.number()), reason));
            }
            Entry::Data => {}
            Entry::Other => {
                if let Some((name, value)) = assignment(&line) {
                    variables.add(name, value);
                }
            }
        }
    }
    Ok(regions)
}

/// A line without what a logging library puts before it: `… file.cc:12] `.
fn without_log_prefix(line: &[u8]) -> &[u8] {
    let rest_of = || {
        let bracket = line.iter().position(|b| matches!(b, b'[' | b']'))?;
        let rest = line[bracket..].strip_prefix(b"]")?;
        let colon = line[..bracket].iter().rposition(|b| !b.is_ascii_digit())?;
        let is_prefix = colon > 0 && line[colon] == b':' && colon + 1 < bracket;
        let (space, rest) = rest.split_first()?;
        (is_prefix && is_space(*space)).then_some(rest)
    };
    rest_of().unwrap_or(line)
}

/// What a line of the map is.
enum Entry {
    Region(Region),
    /// A region that holds no code.
    Data,
    Other,
}

/// The two forms of a region.
struct Forms {
    /// As in `/proc/PID/maps`: range, permissions, offset, device, inode, path.
    proc: Regex,
    /// Range, permissions, path, `(@offset)`, build id; all but the range may be missing.
    brief: Regex,
}

impl Forms {
    fn new() -> Result<Self> {
        const SPACE: &str = r"[\t\n\f\r ]";
        const HEX: &str = "[0-9A-Fa-f]+";
        let number = format!("(?:0x)?({HEX})");
        let range = format!(r"^{SPACE}*{number}[\t\n\f\r -]?{SPACE}*{number}:?");
        let permissions = format!("(?:{SPACE}+(?P<permissions>[-rwxp]+))?");
        let path = format!(r"(?:{SPACE}+(?P<file>[^\t\n\f\r ]+))?");
        let proc = format!(
            "{range}{permissions}(?:{SPACE}+(?P<offset>{HEX}))?{SPACE}+{HEX}:{HEX}{SPACE}+[0-9]+{path}"
        );
        let brief = format!(
            r"{range}{permissions}{path}(?:{SPACE}+\(@(?P<offset>{HEX})\))?(?:{SPACE}+(?P<build>{HEX}))?"
        );
        let compile = |form: &str| {
            let regex = RegexBuilder::new(form).unicode(false).build();
            regex.map_err(|error| Error::new(Stage::Legacy, Pos::Nowhere, error.to_string()))
        };
        Ok(Self {
            proc: compile(&proc)?,
            brief: compile(&brief)?,
        })
    }

    fn region(&self, line: &[u8]) -> Entry {
        let captures = self
            .proc
            .captures(line)
            .or_else(|| self.brief.captures(line));
        let Some(captures) = captures else {
            return Entry::Other;
        };
        let permissions = named(&captures, "permissions");
        if !permissions.is_empty() && !permissions.contains(&b'x') {
            return Entry::Data;
        }
        match region(&captures) {
            Some(region) => Entry::Region(region),
            None => Entry::Other,
        }
    }
}

fn named<'a>(captures: &Captures<'a>, name: &str) -> &'a [u8] {
    captures.name(name).map_or(b"", |found| found.as_bytes())
}

/// `None` when a number does not fit.
fn region(captures: &Captures<'_>) -> Option<Region> {
    let offset = named(captures, "offset");
    Some(Region {
        start: hex(captures.get(1)?.as_bytes())?,
        limit: hex(captures.get(2)?.as_bytes())?,
        offset: if offset.is_empty() { 0 } else { hex(offset)? },
        file: named(captures, "file").to_owned(),
        build_id: named(captures, "build").to_owned(),
    })
}

/// Puts the regions into the profile, the main binary first, and finds each location's. What no
/// region has gets one that holds everything, as every address of Go's texts does.
pub(super) fn assign(builder: &mut ProfileBuilder, regions: Vec<Region>) -> Result<()> {
    let mut regions = joined(regions);
    main_binary_first(&mut regions);
    mend(&mut regions);
    let mut places = Places::new(regions);
    let mut everywhere = false;
    let locations = builder.profile().locations.len();
    for row in 0..locations {
        let address = builder.profile().locations[row].address;
        if address == 0 {
            continue;
        }
        let mapping = match places.find(address, !everywhere)? {
            Some(region) => region,
            None => {
                everywhere = true;
                places.regions.len()
            }
        };
        builder.profile().locations[row].mapping = Some(MappingId(mapping as u32));
    }
    let fake = everywhere.then_some(Region {
        start: 0,
        limit: u64::MAX,
        offset: 0,
        file: Vec::new(),
        build_id: Vec::new(),
    });
    for region in places.regions.into_iter().chain(fake) {
        let filename = builder.string(&region.file)?;
        let build_id = builder.string(&region.build_id)?;
        builder.mapping(Mapping {
            id: 0,
            start: region.start,
            limit: region.limit,
            offset: region.offset,
            filename,
            build_id,
            has: [false; 4],
        })?;
    }
    Ok(())
}

/// Regions with those that continue the one before joined to it.
fn joined(regions: Vec<Region>) -> Vec<Region> {
    let mut all: Vec<Region> = Vec::with_capacity(regions.len());
    for region in regions {
        match all.last_mut() {
            Some(last) if continues(last, &region) => {
                last.limit = region.limit;
                for (own, new) in [
                    (&mut last.file, region.file),
                    (&mut last.build_id, region.build_id),
                ] {
                    if !new.is_empty() {
                        *own = new;
                    }
                }
            }
            _ => all.push(region),
        }
    }
    all
}

/// Side by side, and nothing that is known of both says that they are two.
fn continues(last: &Region, next: &Region) -> bool {
    let agree = |a: &[u8], b: &[u8]| a.is_empty() || b.is_empty() || a == b;
    let size = last.limit.wrapping_sub(last.start);
    last.limit == next.start
        && agree(&last.file, &next.file)
        && agree(&last.build_id, &next.build_id)
        && (last.offset == 0 || next.offset == 0 || last.offset.wrapping_add(size) == next.offset)
}

/// The first that is neither a library nor without a file of its own is taken to be the program,
/// and changes places with the first of all.
fn main_binary_first(regions: &mut [Region]) {
    let is_program = |region: &Region| {
        let file = without_deleted(&region.file);
        let file = trim(&file);
        !file.is_empty() && !file.starts_with(b"[") && !is_library(file)
    };
    if let Some(main) = regions.iter().position(is_program) {
        regions.swap(0, main);
    }
}

fn without_deleted(file: &[u8]) -> Vec<u8> {
    let mut left = Vec::with_capacity(file.len());
    let mut rest = file;
    while let Some(at) = find(rest, DELETED) {
        left.extend_from_slice(&rest[..at]);
        rest = &rest[at + DELETED.len()..];
    }
    left.extend_from_slice(rest);
    left
}

/// `….so`, `….so.1`, `….so_1…`.
fn is_library(file: &[u8]) -> bool {
    let mut rest = file;
    while let Some(at) = find(rest, b".so") {
        rest = &rest[at + 3..];
        match rest {
            [] | [b'.' | b'_', b'0'..=b'9', ..] => return true,
            _ => {}
        }
    }
    false
}

/// Two repairs of the first region: a part of it that was moved into huge pages, and a start that
/// leaves out the head of the file.
fn mend(regions: &mut Vec<Region>) {
    if let [first, second, ..] = regions.as_slice()
        && first.file.starts_with(b"/anon_hugepage")
        && first.limit == second.start
    {
        regions.remove(0);
    }
    if let Some(first) = regions.first_mut()
        && first.start.wrapping_sub(first.offset) == USUAL_START
    {
        first.start = USUAL_START;
        first.offset = 0;
    }
}

/// Finds the region of an address.
struct Places {
    regions: Vec<Region>,
    /// Rows by start, when no two regions overlap.
    sorted: Option<Vec<u32>>,
    work: usize,
}

impl Places {
    fn new(regions: Vec<Region>) -> Self {
        let mut places = Self {
            regions,
            sorted: None,
            work: 0,
        };
        places.sort();
        places
    }

    fn sort(&mut self) {
        let regions = &self.regions;
        let mut rows: Vec<u32> = (0..regions.len() as u32).collect();
        rows.retain(|&row| regions[row as usize].start < regions[row as usize].limit);
        let start = |row: u32| regions[row as usize].start;
        crate::sort::sort_ids(&mut rows, &|a, b| start(a).cmp(&start(b)));
        let ends_before =
            |pair: &[u32]| regions[pair[0] as usize].limit <= regions[pair[1] as usize].start;
        self.sorted = rows.windows(2).all(ends_before).then_some(rows);
    }

    /// The first region that has the address, or else, as long as nothing holds everything, the
    /// first whose missing head has it: that one is made whole.
    fn find(&mut self, address: u64, may_mend: bool) -> Result<Option<usize>> {
        let regions = &self.regions;
        let has = |region: &Region| region.start <= address && address < region.limit;
        let found = match &self.sorted {
            Some(rows) => {
                let after = rows.partition_point(|&row| regions[row as usize].start <= address);
                let row = after.checked_sub(1).map(|at| rows[at] as usize);
                row.filter(|&row| has(&regions[row]))
            }
            None => {
                self.work += regions.len();
                regions.iter().position(has)
            }
        };
        if found.is_some() || !may_mend {
            return self.checked(found);
        }
        self.work += regions.len();
        let lacks = |region: &Region| {
            region.offset != 0
                && region.start.wrapping_sub(region.offset) <= address
                && address < region.start
        };
        let found = regions.iter().position(lacks);
        if let Some(row) = found {
            let region = &mut self.regions[row];
            region.start = region.start.wrapping_sub(region.offset);
            region.offset = 0;
            self.work += self.regions.len() * 16;
            self.sort();
        }
        self.checked(found)
    }

    fn checked(&self, found: Option<usize>) -> Result<Option<usize>> {
        if self.work <= MOST_WORK {
            return Ok(found);
        }
        let reason = format!(
            "{} mappings and too many addresses outside of them",
            self.regions.len()
        );
        Err(Error::new(Stage::Limit, Pos::Nowhere, reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_deleted_files_are_taken_out_once() {
        assert_eq!(without_deleted(b"(deleted)/a(deleted)"), b"/a");
        assert_eq!(without_deleted(b"(dele(deleted)ted)"), b"(deleted)");
        let many = b"(deleted)".repeat(100_000);
        assert_eq!(without_deleted(&many), b"");
    }
}
