//! Which profiles are printed with which arguments.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// One run of `pprof`.
#[derive(Debug)]
pub struct Case {
    /// The profile, relative to `testdata`.
    pub input: String,
    /// All arguments but the profile.
    pub args: Vec<String>,
}

/// The captured profiles and their sample types.
const CAPTURED: &[(&str, &[&str])] = &[
    ("../www/public/demo/cpu.pb.gz", CPU),
    ("../www/public/demo/cpu-tuned.pb.gz", CPU),
    ("../www/public/demo/heap.pb.gz", MEMORY),
    ("pprof/dirsync/allocs.pb.gz", MEMORY),
    ("pprof/dirsync/block.pb.gz", CONTENTION),
    ("pprof/dirsync/mutex.pb.gz", CONTENTION),
    ("pprof/dirsync/goroutine.pb.gz", &["goroutine"]),
    ("pprof/dirsync/threadcreate.pb.gz", &["threadcreate"]),
    ("suite/mem.prof", MEMORY),
];

const CPU: &[&str] = &["samples", "cpu"];
const MEMORY: &[&str] = &[
    "alloc_objects",
    "alloc_space",
    "inuse_objects",
    "inuse_space",
];
const CONTENTION: &[&str] = &["contentions", "delay"];

/// Further arguments for the profiles that differ most from each other, kept to a screenful.
const OPTIONS: &[&str] = &[
    "-functions",
    "-filefunctions",
    "-files",
    "-lines",
    "-addresses",
    "-noinlines",
    "-lines -noinlines",
    "-addresses -noinlines",
    "-filefunctions -cum",
    "-lines -cum",
    "-lines -showcolumns",
    "-nodefraction=0",
    "-nodefraction=0.05",
    "-edgefraction=0",
    "-edgefraction=0.2",
    "-nodefraction=0 -edgefraction=0",
    "-mean",
    "-mean -cum",
    "-divide_by=3",
    "-divide_by=1000000",
    "-compact_labels",
    "-relative_percentages",
    "-drop_negative",
    "-unit=auto",
];

const DETAILED: &[(&str, &[&str])] = &[
    (
        "../www/public/demo/cpu.pb.gz",
        &[
            "-unit=ns",
            "-unit=us",
            "-unit=ms",
            "-unit=seconds",
            "-unit=hours",
            "-unit=MB",
        ],
    ),
    (
        "../www/public/demo/heap.pb.gz",
        &[
            "-unit=B",
            "-unit=kb",
            "-unit=MB",
            "-unit=gigabytes",
            "-unit=s",
            "-inuse_space",
            "-alloc_objects",
        ],
    ),
    (
        "pprof/dirsync/block.pb.gz",
        &["-unit=ms", "-unit=count", "-trim=false"],
    ),
];

/// Arguments for every profile written by hand: they are tiny and each is there for one rule.
const HANDMADE: &[&str] = &[
    "",
    "-cum",
    "-filefunctions",
    "-lines",
    "-addresses",
    "-noinlines",
    "-nodefraction=0 -edgefraction=0",
];

/// Formats before profile.proto, and Go's texts, with the number of sample types.
const LEGACY: &[(&str, usize)] = &[
    ("legacy/contentionz.txt", 2),
    ("legacy/cpu-32-big.prof", 2),
    ("legacy/cpu-32-little.prof", 2),
    ("legacy/cpu-64-big.prof", 2),
    ("legacy/cpu-64-little.prof", 2),
    ("legacy/cpu-empty-64-little.prof", 2),
    ("legacy/cpu-two-64-little.prof", 2),
    ("legacy/cpu-wrap-64-big.prof", 2),
    ("legacy/fragmentation.txt", 2),
    ("legacy/go-block.txt", 2),
    ("legacy/go-custom.txt", 1),
    ("legacy/go-goroutine.txt", 1),
    ("legacy/go-heap.txt", 4),
    ("legacy/go-mutex.txt", 2),
    ("legacy/growth.txt", 2),
    ("legacy/heap-in-use.txt", 2),
    ("legacy/heapprofile.txt", 4),
    ("legacy/heapz.txt", 4),
    ("legacy/java-contention.txt", 2),
    ("legacy/java-cpu-32-little.prof", 2),
    ("legacy/java-cpu-64-big.prof", 2),
    ("legacy/java-heap.txt", 2),
    ("legacy/maps-huge.txt", 2),
    ("legacy/maps-split.txt", 2),
    ("legacy/threadz-none.txt", 1),
    ("legacy/threadz.txt", 1),
    ("suite/block.prof", 2),
    ("suite/goroutine.prof", 1),
    ("suite/mutex.prof", 2),
    ("suite/threadcreate.prof", 1),
];

/// Reports other than the table, for every profile written by hand. Those about some functions
/// fail where there are none, and are asked for in [`REPORTS`].
const HANDMADE_REPORTS: &[&str] = &[
    "-tree",
    "-dot -lines",
    "-traces",
    "-tags",
    "-raw",
    "-callgrind",
];

/// Further runs of the other reports.
const REPORTS: &[(&str, &[&str])] = &[
    (
        "../www/public/demo/cpu.pb.gz",
        &[
            "-tree -nodecount=12",
            "-tree -cum -lines -nodecount=6",
            "-tree -mean -nodecount=6",
            "-tree -focus=json -hide=runtime -nodecount=6",
            "-peek=diff\\.",
            "-peek=mallocgc$ -noinlines",
            "-tags",
            "-tags -divide_by=10",
            "-dot -nodecount=15",
            "-dot -nodecount=10 -filefunctions -unit=us",
            "-dot -nodecount=10 -mean",
            "-dot -nodecount=8 -noinlines -edgefraction=0.05",
            "-dot -nodecount=10 -ignore=runtime -relative_percentages",
            "-list=diff\\. -trim_path=example.com/dirsync -source_path=programs/dirsync",
            "-list=diff\\. -source_path=/nonexistent -noinlines",
        ],
    ),
    (
        "../www/public/demo/heap.pb.gz",
        &[
            "-tree -nodecount=8 -sample_index=alloc_objects",
            "-tags",
            "-tags -unit=kb",
            "-tags -tagfocus=bytes=:1kb",
            "-dot -nodecount=15",
            "-dot -nodecount=12 -sample_index=alloc_space",
            "-dot -nodecount=12 -unit=kb -divide_by=2",
            "-dot -nodecount=8 -tagroot=bytes",
            "-dot -nodecount=6 -call_tree",
            "-list=tree\\. -trim_path=example.com/dirsync -source_path=programs/dirsync",
        ],
    ),
    (
        "pprof/dirsync/threadcreate.pb.gz",
        &["-traces", "-raw", "-callgrind", "-comments"],
    ),
    (
        "pprof/dirsync/goroutine.pb.gz",
        &["-traces", "-raw", "-traces -lines", "-callgrind -noinlines"],
    ),
    (
        "pprof/dirsync/block.pb.gz",
        &["-traces -mean", "-raw -noinlines", "-tree -compact_labels"],
    ),
    (
        "pprof/handmade/header.pb",
        &["-comments", "-list=. -source_path=/nonexistent"],
    ),
    (
        "pprof/handmade/diff-base.pb",
        &[
            "-peek=.",
            "-dot -drop_negative",
            "-dot -call_tree",
            "-tree -drop_negative",
        ],
    ),
    (
        "pprof/handmade/trimmed-middle.pb",
        &[
            "-dot -nodecount=2",
            "-dot -call_tree -nodefraction=0.2",
            "-peek=main",
        ],
    ),
    (
        "pprof/handmade/inlines.pb",
        &[
            "-dot",
            "-dot -nodecount=3",
            "-callgrind -noinlines",
            "-traces -noinlines",
            "-raw -noinlines -showcolumns",
            "-list=. -source_path=/nonexistent",
        ],
    ),
    (
        "pprof/handmade/recursion.pb",
        &[
            "-list=. -source_path=/nonexistent",
            "-dot -call_tree",
            "-peek=.",
        ],
    ),
    (
        "pprof/handmade/mean.pb",
        &[
            "-dot -mean",
            "-tree -mean",
            "-traces -mean",
            "-callgrind -mean",
            "-tags -mean",
        ],
    ),
    (
        "pprof/handmade/cwd-prefix.pb",
        &[
            "-traces -files",
            "-list=main.b -source_path=/nonexistent",
            "-dot -files",
        ],
    ),
    (
        "pprof/handmade/unit-bytes.pb",
        &["-dot", "-dot -unit=kb -tagleaf=bytes"],
    ),
];

/// All cases, in the order of the manifest.
pub fn all(testdata: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for (input, types) in CAPTURED {
        for name in *types {
            let index = format!("-sample_index={name}");
            for (order, count) in [
                ("", ""),
                ("-cum", ""),
                ("", "-nodecount=10"),
                ("-cum", "-nodecount=10"),
            ] {
                cases.push(case(input, &[&index, order, count]));
            }
        }
    }
    for (input, units) in DETAILED {
        for options in OPTIONS.iter().chain(*units) {
            cases.push(case(input, &[options, "-nodecount=25"]));
        }
    }
    let sources = handmade_sources(testdata)?;
    for source in &sources {
        add_handmade(source, &mut cases)?;
    }
    for (input, reports) in REPORTS {
        cases.extend(reports.iter().map(|report| report_case(input, report)));
    }
    // dropprof leaves types out after reading, the tool before: the raw text tells.
    let whole = sources
        .iter()
        .filter_map(|source| source.file_stem()?.to_str());
    for name in whole.filter(|name| !name.starts_with("same-types")) {
        let input = format!("pprof/handmade/{name}.pb");
        let reports = HANDMADE_REPORTS.iter();
        cases.extend(reports.map(|report| report_case(&input, report)));
    }
    for (input, types) in LEGACY {
        for index in 0..*types {
            let index = format!("-sample_index={index}");
            for order in ["", "-cum", "-lines", "-addresses"] {
                cases.push(case(input, &[&index, order]));
            }
        }
    }
    Ok(cases)
}

/// Every profile written by hand, with each sample type and the arguments its source asks for in
/// lines
/// `# also: ARGUMENTS`.
fn add_handmade(source: &Path, cases: &mut Vec<Case>) -> Result<()> {
    let name = source
        .file_stem()
        .and_then(|name| name.to_str())
        .context("a source has a name")?;
    let input = format!("pprof/handmade/{name}.pb");
    let text = fs::read_to_string(source)?;
    for options in HANDMADE.iter().copied().chain(
        text.lines()
            .filter_map(|line| line.strip_prefix("# also: ")),
    ) {
        cases.push(case(&input, &[options]));
    }
    // The tool leaves out types whose name is not unique. What the cases above print is the last
    // one, the first where some were left out, or the default.
    let names: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("type ")?.split(' ').next())
        .collect();
    let types = names
        .iter()
        .filter(|name| names.iter().filter(|other| other == name).count() == 1)
        .count();
    let shown = match (text.contains("\ndefault "), types == names.len()) {
        (true, _) => None,
        (false, true) => types.checked_sub(1),
        (false, false) => Some(0),
    };
    for index in (0..types).filter(|&index| Some(index) != shown) {
        let index = format!("-sample_index={index}");
        cases.push(case(&input, &[&index]));
        cases.push(case(&input, &[&index, "-cum"]));
    }
    Ok(())
}

/// The texts of the profiles written by hand, by name.
pub fn handmade_sources(testdata: &Path) -> Result<Vec<PathBuf>> {
    let mut sources = files(&testdata.join("programs").join("handmade"))?;
    sources.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    Ok(sources)
}

/// The files of a folder, by name.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.sort();
    ensure!(!files.is_empty(), "{} is empty", folder.display());
    Ok(files)
}

/// A run of `-top`.
fn case(input: &str, options: &[&str]) -> Case {
    report_case(input, &["-top", &options.join(" ")].join(" "))
}

/// A run of the report that `args` begins with.
fn report_case(input: &str, args: &str) -> Case {
    Case {
        input: input.to_owned(),
        args: args.split_whitespace().map(str::to_owned).collect(),
    }
}

impl Case {
    /// The file of the expected output below `golden/`: the arguments are in its name.
    pub fn golden_name(&self) -> String {
        let input = self
            .input
            .trim_start_matches("../www/public/")
            .trim_start_matches("pprof/");
        let input = input.split('.').next().unwrap_or(input);
        let plain = |arg: &String| {
            let arg = arg.trim_start_matches('-');
            arg.replace(['=', '/', '\\', '|', '$'], "-")
        };
        let args: Vec<_> = self.args.iter().map(plain).collect();
        format!("pprof/{input}/{}.txt", args.join("_"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_golden_is_named_after_profile_and_arguments() {
        let case = case(
            "../www/public/demo/cpu.pb.gz",
            &["-sample_index=cpu", "", "-nodecount=10"],
        );
        assert_eq!(case.args, ["-top", "-sample_index=cpu", "-nodecount=10"]);
        assert_eq!(
            case.golden_name(),
            "pprof/demo/cpu/top_sample_index-cpu_nodecount-10.txt"
        );
    }
}
