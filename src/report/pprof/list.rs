//! `-list`: the source of functions with what each line costs.

use std::collections::{BTreeMap, HashMap};

use super::table::{Cell, Table, TableWriter};
use super::values::{Values, push_padded};
use super::{Outside, Prepared};
use crate::analysis::{FlatCum, Pattern, TopRow, flat_cum, is_negative, nonzero_rows};
use crate::unit::percent_padded;

/// Lines shown before the first and behind the last line with a value.
const MARGIN: i64 = 5;

/// Longest line of a source file: what follows a longer one is not read.
const MAX_LINE: usize = 64 * 1024 - 1;

/// The functions that match: name, then file, then the rows of its lines.
type Functions<'a> = BTreeMap<&'a [u8], BTreeMap<&'a [u8], Vec<TopRow>>>;

fn functions<'a>(prepared: &'a Prepared, symbol: &Pattern) -> Result<Functions<'a>, String> {
    let nodes = &prepared.nodes;
    let sums: FlatCum = flat_cum(&prepared.profile, nodes, &prepared.selection, None);
    let mut functions = Functions::new();
    for row in nonzero_rows(&sums) {
        let info = &nodes.info[row.node.index()];
        let name = nodes.text(info.name);
        let dropped = prepared.options.drop_negative && is_negative(row.flat, row.cum);
        if dropped || !symbol.is_match(name) {
            continue;
        }
        let files = functions.entry(name).or_default();
        if info.file != crate::analysis::NodeText(0) {
            let file = nodes.text(info.file);
            files.entry(file).or_default().push(row);
        }
    }
    if functions.is_empty() {
        return Err(format!("no matches found for regexp: {symbol}"));
    }
    Ok(functions)
}

/// The report as text.
pub(super) fn text(
    prepared: &Prepared,
    symbol: &Pattern,
    outside: Outside<'_>,
) -> Result<Vec<u8>, String> {
    let values = Values::each(prepared);
    let total = prepared.selection.total;
    let mut sources = Sources::new(prepared, outside);
    let functions = functions(prepared, symbol)?;
    let mut out = [b"Total: ", values.text(total).as_slice(), b"\n"].concat();
    for (name, files) in &functions {
        if files.is_empty() {
            out.extend_from_slice(&[b"No source information for ", *name, b"\n"].concat());
            outside.drain(&mut out)?;
        }
        for (file, rows) in files {
            out.extend_from_slice(b"ROUTINE ======================== ");
            out.extend_from_slice(&[*name, b" in ", *file, b"\n"].concat());
            // Lines of one function: recursion over several of them counts for each, as in pprof.
            let (flat, cum) = sums(rows.iter());
            push_padded(&mut out, &values.text(flat), 10);
            out.push(b' ');
            push_padded(&mut out, &values.text(cum), 10);
            let share = percent_padded(cum, total);
            out.extend_from_slice(format!(" (flat, cum) {share} of Total\n").as_bytes());
            let source = match sources.lines(file) {
                Ok(source) => source,
                Err(error) => {
                    out.extend_from_slice(&[b" Error: ", error.as_slice(), b"\n"].concat());
                    outside.drain(&mut out)?;
                    continue;
                }
            };
            for line in annotated(prepared, rows, source) {
                for value in [line.flat, line.cum] {
                    let text = match value {
                        0 => b".".to_vec(),
                        value => values.text(value),
                    };
                    push_padded(&mut out, &text, 10);
                    out.push(b' ');
                }
                out.extend_from_slice(format!("{:6}:", line.number).as_bytes());
                outside.line(&mut out, line.text)?;
            }
        }
    }
    Ok(out)
}

const TABLE: Table = Table {
    report: "list",
    columns: &["function", "file", "line", "flat", "cum", "unit", "source"],
};

/// The lines with a value as data: see [`super::Format`]. `source` is empty where the file cannot
/// be read.
pub(super) fn data(
    prepared: &Prepared,
    symbol: &Pattern,
    outside: Outside<'_>,
    mut out: TableWriter<'_>,
) -> Result<Vec<u8>, String> {
    let mut sources = Sources::new(prepared, outside);
    let functions = functions(prepared, symbol)?;
    out.begin(&TABLE);
    let unit = out.unit();
    for (name, files) in &functions {
        for (file, rows) in files {
            let source = sources.lines(file).unwrap_or_default();
            for (number, (flat, cum)) in by_line(prepared, rows) {
                let text = usize::try_from(number)
                    .ok()
                    .and_then(|number| source.get(number.checked_sub(1)?));
                out.row(&[
                    Cell::Text(name),
                    Cell::Text(file),
                    Cell::Number(number),
                    Cell::Number(flat),
                    Cell::Number(cum),
                    Cell::Text(unit),
                    Cell::Text(text.map_or(b"", Vec::as_slice)),
                ])?;
            }
        }
    }
    Ok(out.end())
}

fn sums<'a>(rows: impl Iterator<Item = &'a TopRow>) -> (i64, i64) {
    rows.fold((0, 0), |(flat, cum), row| {
        (
            i64::wrapping_add(flat, row.flat),
            i64::wrapping_add(cum, row.cum),
        )
    })
}

/// Flat and cum by line number: a line can be several nodes.
fn by_line(prepared: &Prepared, rows: &[TopRow]) -> BTreeMap<i64, (i64, i64)> {
    let mut lines: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for row in rows {
        let line = prepared.nodes.info[row.node.index()].line;
        let (flat, cum) = lines.entry(line).or_default();
        *flat = flat.wrapping_add(row.flat);
        *cum = cum.wrapping_add(row.cum);
    }
    lines
}

struct Annotated<'a> {
    number: i64,
    flat: i64,
    cum: i64,
    text: &'a [u8],
}

/// The lines to show. pprof begins with a node that chance chooses, which matters only where one
/// name stands for functions with different first lines; here it is the node used first.
fn annotated<'a>(
    prepared: &Prepared,
    rows: &[TopRow],
    source: &'a [Vec<u8>],
) -> impl Iterator<Item = Annotated<'a>> {
    let place = |row: &TopRow| {
        let info = &prepared.nodes.info[row.node.index()];
        let start = match info.start_line {
            0 => info.line.wrapping_sub(MARGIN),
            start => start,
        };
        (start, info.line.wrapping_add(MARGIN))
    };
    let (mut start, mut end) = rows.first().map_or((1, 0), place);
    for row in rows {
        let (first, last) = place(row);
        if first < start {
            start = first;
        } else if last > end {
            end = last;
        }
    }
    let costs = by_line(prepared, rows);
    let start = start.max(1);
    let end = end.min(source.len() as i64);
    (start..=end).map(move |number| {
        let (flat, cum) = costs.get(&number).copied().unwrap_or_default();
        Annotated {
            number,
            flat,
            cum,
            text: &source[number as usize - 1],
        }
    })
}

/// Source files by the name that the profile has for them, each looked for once.
struct Sources<'a> {
    search: Search<'a>,
    outside: Outside<'a>,
    files: HashMap<Vec<u8>, Result<Vec<Vec<u8>>, Vec<u8>>>,
}

impl<'a> Sources<'a> {
    fn new(prepared: &'a Prepared, outside: Outside<'a>) -> Self {
        let options = &prepared.options;
        let folders = match options.source_path.as_str() {
            "" => outside.working_folder,
            folders => folders,
        };
        Self {
            search: Search {
                folders,
                trim: &options.trim_path,
            },
            outside,
            files: HashMap::new(),
        }
    }

    /// The lines of a file, or pprof's sentence.
    fn lines(&mut self, file: &[u8]) -> Result<&[Vec<u8>], Vec<u8>> {
        let (search, outside) = (&self.search, self.outside);
        let found = self.files.entry(file.to_vec()).or_insert_with(|| {
            let candidates = search.candidates(file);
            let found = candidates.iter().find_map(|path| (outside.source)(path));
            found
                .map(|text| split_lines(&text))
                .ok_or_else(|| search.not_found(file))
        });
        match found {
            Ok(lines) => Ok(lines),
            Err(error) => Err(error.clone()),
        }
    }
}

/// Lines without their ends; none behind one that is too long.
fn split_lines(text: &[u8]) -> Vec<Vec<u8>> {
    let lines = text.strip_suffix(b"\n").unwrap_or(text);
    if text.is_empty() {
        return Vec::new();
    }
    let lines = lines.split(|&b| b == b'\n');
    let fitting = lines.take_while(|line| line.len() <= MAX_LINE);
    fitting
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec())
        .collect()
}

/// Where source files may lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search<'a> {
    /// Folders, separated by colons.
    pub(super) folders: &'a str,
    /// Prefixes to take off, separated by colons.
    pub(super) trim: &'a str,
}

impl Search<'_> {
    /// The paths to try for a file, in order: an absolute one as it is, a relative one below every
    /// folder and every folder above that.
    fn candidates(&self, file: &[u8]) -> Vec<Vec<u8>> {
        let path = self.trimmed(file);
        if path.first() == Some(&b'/') {
            return vec![path.to_vec()];
        }
        let mut candidates = Vec::new();
        for folder in elements(self.folders) {
            let mut folder = folder.as_bytes().to_vec();
            loop {
                candidates.push(join(&folder, path));
                let parent = parent(&folder);
                if parent == folder {
                    break;
                }
                folder = parent;
            }
        }
        candidates
    }

    fn not_found(&self, file: &[u8]) -> Vec<u8> {
        let path = self.trimmed(file);
        if path.first() == Some(&b'/') {
            return [b"open ", path, b": no such file or directory"].concat();
        }
        [
            b"could not find file ",
            path,
            b" on path ",
            self.folders.as_bytes(),
        ]
        .concat()
    }

    /// A path without what is not to be looked for: unless prefixes are given, all up to the name
    /// of a source folder; else the prefixes, or the working directory of the process.
    pub(super) fn trimmed<'p>(&self, path: &'p [u8]) -> &'p [u8] {
        if self.trim.is_empty() {
            for folder in elements(self.folders) {
                let name = match folder {
                    "" => b".",
                    folder => crate::analysis::base_name(folder.as_bytes()),
                };
                let wanted = [b"/", name, b"/"].concat();
                let found = path.windows(wanted.len()).position(|part| part == wanted);
                if let Some(at) = found {
                    return &path[at + wanted.len()..];
                }
            }
        }
        for prefix in elements(self.trim).chain(["/proc/self/cwd/./", "/proc/self/cwd/"]) {
            let slash = if prefix.ends_with('/') { "" } else { "/" };
            let rest = path.strip_prefix(prefix.as_bytes());
            if let Some(rest) = rest.and_then(|rest| rest.strip_prefix(slash.as_bytes())) {
                return rest;
            }
        }
        path
    }
}

/// Elements of a list of paths; an empty list has none.
fn elements(list: &str) -> impl Iterator<Item = &str> {
    list.split(':').filter(move |_| !list.is_empty())
}

fn join(folder: &[u8], path: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = [folder, path]
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect();
    match parts.join(&b'/').as_slice() {
        b"" => Vec::new(),
        joined => crate::analysis::clean_path(joined),
    }
}

/// The folder above, as Go's `filepath.Dir` tells it: `/` and `.` are above themselves.
fn parent(folder: &[u8]) -> Vec<u8> {
    let end = folder
        .iter()
        .rposition(|&b| b == b'/')
        .map_or(0, |at| at + 1);
    match &folder[..end] {
        b"" => b".".to_vec(),
        above => crate::analysis::clean_path(above),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(paths: Vec<Vec<u8>>) -> Vec<String> {
        let text = |path: Vec<u8>| String::from_utf8(path).unwrap();
        paths.into_iter().map(text).collect()
    }

    #[test]
    fn relative_files_are_looked_for_in_folders_and_above() {
        let search = Search {
            folders: "/src/app:lib",
            trim: "",
        };
        let found = texts(search.candidates(b"x/a.go"));
        assert_eq!(
            found,
            [
                "/src/app/x/a.go",
                "/src/x/a.go",
                "/x/a.go",
                "lib/x/a.go",
                "x/a.go"
            ]
        );
        assert_eq!(texts(search.candidates(b"/other/a.go")), ["/other/a.go"]);
        // What stands before the name of a source folder belongs to the machine that built it.
        let found = texts(search.candidates(b"/build/app/a.go"));
        assert_eq!(found[0], "/src/app/a.go");
    }

    #[test]
    fn prefixes_are_taken_off() {
        for (trim, path, rest) in [
            ("/build", "/build/app/a.go", "app/a.go"),
            ("/other:/build/app/", "/build/app/a.go", "a.go"),
            ("/build", "/builder/a.go", "/builder/a.go"),
            ("/build", "/proc/self/cwd/./a.go", "a.go"),
            ("", "/proc/self/cwd/a.go", "a.go"),
        ] {
            let search = Search {
                folders: "/src/none",
                trim,
            };
            assert_eq!(search.trimmed(path.as_bytes()), rest.as_bytes(), "{trim}");
        }
    }

    #[test]
    fn sources_are_cut_into_lines() {
        assert_eq!(split_lines(b"a\r\n\nb"), [&b"a"[..], b"", b"b"]);
        assert_eq!(split_lines(b"a\n"), [b"a"]);
        assert!(split_lines(b"").is_empty());
        assert_eq!(split_lines(b"\n"), [b""]);
        let long = [b"a\n".to_vec(), vec![b'x'; MAX_LINE + 1], b"\nb".to_vec()].concat();
        assert_eq!(split_lines(&long), [b"a"]);
    }
}
