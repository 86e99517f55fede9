//! What a first visit costs, against the budget.

use super::first_load;
use crate::paths;
use crate::tool::Tool;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Prints raw, gzip and brotli bytes of each file given, one line per file in the same order.
///
/// Node has both compressors; linking them into xtask would cost every first build.
const COMPRESS: &str = "
const { readFileSync } = require('node:fs');
const { brotliCompressSync, gzipSync, constants } = require('node:zlib');
for (const file of process.argv.slice(1)) {
  const raw = readFileSync(file);
  const brotli = brotliCompressSync(raw, { params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
  } });
  console.log(raw.length, gzipSync(raw, { level: 9 }).length, brotli.length);
}";

/// Bytes of one file or of a group of files.
#[derive(Clone, Copy, Default)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Size {
    fn plus(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// A row of the table: what it sums up, and how many brotli bytes it may have.
struct Group {
    name: &'static str,
    contains: fn(&str) -> bool,
    budget: Option<u64>,
}

const GROUPS: &[Group] = &[
    Group {
        name: "JS + CSS",
        contains: |extension| matches!(extension, "js" | "mjs" | "css"),
        budget: Some(60_000),
    },
    Group {
        name: "wasm",
        contains: |extension| extension == "wasm",
        budget: Some(250_000),
    },
    Group {
        name: "html",
        contains: |extension| extension == "html",
        budget: None,
    },
    Group {
        name: "total",
        contains: |_| true,
        budget: Some(310_000),
    },
];

/// What is no part of the first load, but of what a visit costs: every view but the first two, and
/// all that opens over them.
const VIEWS: Group = Group {
    name: "JS + CSS, fetched later",
    contains: |_| true,
    budget: Some(160_000),
};

/// Nobody waits for it: it comes when the page is idle, or a question needs it. It holds the rules
/// with their texts, filters, comparing, goroutines, labels, call graphs, source lines, reports and
/// every format but profile.proto.
const SECOND: Group = Group {
    name: "wasm, fetched later",
    contains: |_| true,
    budget: Some(1_000_000),
};

/// Fetched when a call graph is first laid out; nobody pays for it who does not look at one.
const GRAPHVIZ: Group = Group {
    name: "Graphviz, for call graphs only",
    contains: |_| true,
    budget: Some(420_000),
};

/// Prints the sizes of the first load and of what follows; returns what is over its budget.
pub fn report() -> Result<Vec<&'static str>> {
    let dist = paths::dist();
    let files = first_load::files(&dist)?;
    if !files
        .iter()
        .any(|file| first_load::extension(file) == "wasm")
    {
        bail!("no script of dist/ loads a wasm module: the page would have no core");
    }
    let sizes = sized(files)?;
    println!(
        "\n{:<26} {:>9} {:>9} {:>9} {:>9}",
        "first load, KB", "raw", "gzip", "brotli", "budget"
    );
    for (file, size) in &sizes {
        println!("{}", row(&format!("  {}", file.display()), *size, None));
    }
    let views = sized(first_load::later_views(&dist)?)?;
    let second = sized(first_load::second_half(&dist)?)?;
    let graphviz = sized(first_load::graphviz(&dist)?)?;
    let later = [
        (&VIEWS, sum(&views, &VIEWS)),
        (&SECOND, sum(&second, &SECOND)),
        (&GRAPHVIZ, sum(&graphviz, &GRAPHVIZ)),
    ];
    let groups = GROUPS.iter().map(|group| (group, sum(&sizes, group)));
    let mut over = Vec::new();
    for (group, size) in groups.chain(later) {
        println!("{}", row(group.name, size, group.budget));
        if group.budget.is_some_and(|budget| size.brotli > budget) {
            over.push(group.name);
        }
    }
    println!();
    Ok(over)
}

fn sized(files: Vec<PathBuf>) -> Result<Vec<(PathBuf, Size)>> {
    let sizes = measure(&files)?;
    Ok(files.into_iter().zip(sizes).collect())
}

fn sum(sizes: &[(PathBuf, Size)], group: &Group) -> Size {
    sizes
        .iter()
        .filter(|(file, _)| (group.contains)(first_load::extension(file)))
        .fold(Size::default(), |sum, (_, size)| sum.plus(*size))
}

fn row(name: &str, size: Size, budget: Option<u64>) -> String {
    let budget = budget.map(kilobytes).unwrap_or_default();
    let [raw, gzip, brotli] = [size.raw, size.gzip, size.brotli].map(kilobytes);
    format!("{name:<34} {raw:>9} {gzip:>9} {brotli:>9} {budget:>9}")
}

/// Units of 1000 bytes, one decimal.
fn kilobytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

fn measure(files: &[PathBuf]) -> Result<Vec<Size>> {
    let paths = files.iter().map(|file| paths::dist().join(file));
    let printed = Tool::new("node")
        .args(["-e", COMPRESS])
        .args(paths)
        .capture()?;
    let sizes: Vec<Size> = printed.lines().filter_map(parse).collect();
    if sizes.len() != files.len() {
        bail!("measured {} of {} files", sizes.len(), files.len());
    }
    Ok(sizes)
}

fn parse(line: &str) -> Option<Size> {
    let mut numbers = line.split(' ').map(|number| number.parse().ok());
    let mut next = || numbers.next().flatten();
    Some(Size {
        raw: next()?,
        gzip: next()?,
        brotli: next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_sum_their_own_kinds() {
        let size = |brotli| Size {
            raw: 0,
            gzip: 0,
            brotli,
        };
        let sizes = [
            ("a.js", 10),
            ("b.css", 200),
            ("c.wasm", 3000),
            ("index.html", 40_000),
        ]
        .map(|(name, brotli)| (PathBuf::from(name), size(brotli)));
        let sums: Vec<u64> = GROUPS
            .iter()
            .map(|group| sum(&sizes, group).brotli)
            .collect();
        assert_eq!(sums, [210, 3000, 40_000, 43_210]);
    }

    #[test]
    fn kilobytes_have_one_decimal() {
        assert_eq!(kilobytes(59_999), "59.9");
        assert_eq!(kilobytes(300_000), "300.0");
    }
}
