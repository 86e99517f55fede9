//! What Go makes of the traces of `testdata/trace`, into `testdata/trace/golden`:
//!
//! * `NAME.oracle.json`, or `.json.gz` where that is large: what `testdata/programs/tracing/oracle`
//!   says, which is built as a part of `internal/trace`;
//! * `NAME.KIND.top.txt`: `go tool pprof -top` of what `go tool trace -pprof=KIND` writes;
//! * `NAME.KIND.raw.txt`: `-raw` of the same with the stacks written out, see [`written_out`].
//!
//! The traces themselves are made by `testdata/programs/tracing/capture.sh`.

use super::cases;
use super::{Oracle, first_line};
use crate::tool::Tool;
use crate::{paths, setup};
use anyhow::{Context, Result, bail, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

/// The profiles that `go tool trace` makes.
const KINDS: &[&str] = &["net", "sync", "syscall", "sched"];
/// How often each profile is made and printed: its samples come in another order each time.
const RUNS: usize = 3;
/// JSON of more bytes is kept gzipped.
const LARGE: usize = 200_000;

/// The programs that make the goldens.
struct Tools {
    oracle: PathBuf,
    trace: PathBuf,
    pprof: Oracle,
}

/// Makes them all.
pub fn run() -> Result<()> {
    let go = setup::go::find_or_install_go()?;
    let work = paths::target().join("trace-oracle");
    fs::create_dir_all(&work)?;
    let tools = Tools {
        oracle: build_oracle(&go, &work)?,
        trace: tool_trace(&go)?,
        pprof: Oracle::of(&go)?,
    };
    let from = paths::root().join("testdata").join("trace");
    let to = from.join("golden");
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    fs::create_dir_all(&to)?;
    let mut traces = cases::files(&from)?;
    traces.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "trace")
    });
    println!(
        "golden: {} traces, by Go's reader and its four profiles of each ({})",
        traces.len(),
        tools.pprof.version
    );
    let threads = thread::available_parallelism()?.get();
    let chunk = traces.len().div_ceil(threads).max(1);
    let rows: Result<Vec<String>> = thread::scope(|scope| {
        let (tools, work, to) = (&tools, &work, &to);
        let workers: Vec<_> = traces
            .chunks(chunk)
            .map(|part| {
                scope.spawn(move || part.iter().map(|t| write(tools, work, to, t)).collect())
            })
            .collect();
        let parts = workers
            .into_iter()
            .map(|worker| worker.join().expect("printing does not panic"));
        Ok(parts.collect::<Result<Vec<Vec<_>>>>()?.concat())
    });
    let manifest = format!("# golden\tinput\tcommand\ttool\n{}", rows?.concat());
    fs::write(to.join("manifest.tsv"), manifest)?;
    Ok(())
}

/// Builds the oracle as a package of the standard library, which may read traces as no other program
/// may: an overlay puts it there, and nothing of Go changes.
fn build_oracle(go: &Path, work: &Path) -> Result<PathBuf> {
    let programs = paths::root().join("testdata/programs/tracing/oracle");
    let root = first_line(Command::new(go).args(["env", "GOROOT"]))?;
    let mut replaced = Vec::new();
    for file in cases::files(&programs)? {
        let name = file.file_name().context("a source has a name")?;
        let seen = Path::new(&root)
            .join("src/internal/trace/oracle")
            .join(name);
        // Debug output quotes as JSON does, as long as paths are text.
        replaced.push(format!("{seen:?}:{file:?}"));
    }
    let overlay = work.join("overlay.json");
    fs::write(
        &overlay,
        format!("{{\"Replace\":{{{}}}}}", replaced.join(",")),
    )?;
    let program = work.join("oracle");
    Tool::new(go)
        .args(["build", "-trimpath", "-tags", "oracle", "-overlay"])
        .arg(&overlay)
        .arg("-o")
        .arg(&program)
        .arg("internal/trace/oracle")
        .env("CGO_ENABLED", "0")
        .env("GOTOOLCHAIN", "local")
        .run()
        .context("the oracle is for Go 1.27, whose internal/trace it uses")?;
    Ok(program)
}

/// `go tool trace`, built now if it was not yet.
pub fn tool_trace(go: &Path) -> Result<PathBuf> {
    let path = first_line(Command::new(go).args(["tool", "-n", "trace"]))?;
    if !Path::new(&path).is_file() {
        // Asking for help ends with an error, after the tool was built.
        first_line(Command::new(go).args(["tool", "trace", "-h"])).ok();
    }
    Ok(path.into())
}

/// The goldens of one trace; gives their rows in the manifest.
fn write(tools: &Tools, work: &Path, to: &Path, trace: &Path) -> Result<String> {
    let file = trace.file_name().context("a trace has a name")?;
    let file = file.to_string_lossy().into_owned();
    let name = file.strip_suffix(".trace").unwrap_or(&file);
    let mut rows = BTreeMap::new();
    let json = said(Command::new(&tools.oracle).arg(trace))?;
    let golden = if json.len() > LARGE {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&json)?;
        let golden = format!("{name}.oracle.json.gz");
        fs::write(to.join(&golden), packed.finish()?)?;
        golden
    } else {
        let golden = format!("{name}.oracle.json");
        fs::write(to.join(&golden), json)?;
        golden
    };
    rows.insert(golden, "oracle".to_owned());
    for kind in KINDS {
        let once = || -> Result<(String, String)> {
            let option = format!("-pprof={kind}");
            let profile = work.join(format!("{name}.{kind}.pprof"));
            fs::write(
                &profile,
                said(Command::new(&tools.trace).arg(option).arg(trace))?,
            )?;
            let print = |format: &str| -> Result<String> {
                let arguments = [format.as_ref(), profile.as_os_str()];
                Ok(String::from_utf8(said(
                    &mut tools.pprof.command(arguments),
                )?)?)
            };
            Ok((print("-top")?, written_out(&print("-raw")?)?))
        };
        let first = once()?;
        for _ in 1..RUNS {
            ensure!(once()? == first, "{file}: the profile {kind} varies");
        }
        for (format, text) in [("top", first.0), ("raw", first.1)] {
            let golden = format!("{name}.{kind}.{format}.txt");
            fs::write(to.join(&golden), text)?;
            rows.insert(golden, format!("-pprof={kind} -{format}"));
        }
    }
    let row = |(golden, command): (&String, &String)| {
        format!("{golden}\t{file}\t{command}\t{}\n", tools.pprof.version)
    };
    Ok(rows.iter().map(row).collect())
}

/// What a command prints, if it has no complaint.
fn said(command: &mut Command) -> Result<Vec<u8>> {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .env("TZ", "UTC")
        .output()
        .with_context(|| format!("cannot start {command:?}"))?;
    let stderr = String::from_utf8_lossy(&stderr);
    ensure!(
        status.success() && stderr.is_empty(),
        "{command:?}: {stderr}"
    );
    Ok(stdout)
}

/// The output of `-raw` without the numbers of locations, which vary with the order of the samples:
/// the lines before the samples as they are, then a line for each sample,
///
/// ```text
/// CONTENTIONS DELAY: FUNC@0xPC FILE:LINE;FUNC@0xPC FILE:LINE;…
/// ```
///
/// from the leaf to the root, sorted by stack.
fn written_out(raw: &str) -> Result<String> {
    let (head, rest) = raw.split_once("Samples:\n").context("no samples in -raw")?;
    let (samples, locations) = rest
        .split_once("Locations\n")
        .context("no locations in -raw")?;
    let (types, samples) = samples
        .split_once('\n')
        .context("no sample types in -raw")?;
    let mut frames = BTreeMap::new();
    for line in locations.lines().take_while(|line| *line != "Mappings") {
        let (id, location) = line.trim_start().split_once(": ").context("no location")?;
        frames.insert(id, frame(location).with_context(|| line.to_owned())?);
    }
    let mut lines = Vec::new();
    for line in samples.lines() {
        let (values, stack) = line.split_once(':').context("no sample")?;
        let stack = stack.split_whitespace().map(|id| match frames.get(id) {
            Some(frame) => Ok(frame.as_str()),
            None => bail!("no location {id}"),
        });
        let stack = stack.collect::<Result<Vec<_>>>()?.join(";");
        let values = values.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push((stack, values));
    }
    lines.sort_unstable();
    let lines = lines
        .iter()
        .map(|(stack, values)| format!("{values}: {stack}\n"));
    Ok(format!(
        "{head}Samples:\n{types}\n{}",
        lines.collect::<String>()
    ))
}

/// `0x46f295 M=1 main.f main.go:7:0 s=0` as `main.f@0x46f295 main.go:7`.
fn frame(location: &str) -> Option<String> {
    let (address, rest) = location.split_once(" M=1 ")?;
    let (named, _start) = rest.rsplit_once(" s=")?;
    let (function, place) = named.rsplit_once(' ')?;
    let (place, _column) = place.rsplit_once(':')?;
    Some(format!("{function}@{address} {place}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_written_out_and_sorted() {
        let raw = "PeriodType: trace count\nPeriod: 1\nSamples:\ncontentions/count delay/nanoseconds\n          \
                   7         70: 2 1 \n         12        300: 1 \n          3          4: \nLocations\n     \
                   1: 0x53e1f1 M=1 main.main main.go:96:0 s=0\n     2: 0x415891 M=1 main.f[struct { x int }] \
                   f.go:5:0 s=0\nMappings\n1: 0x0/0x0/0x0   \n";
        let text = written_out(raw);
        assert_eq!(
            text.ok().as_deref(),
            Some(
                "PeriodType: trace count\nPeriod: 1\nSamples:\ncontentions/count delay/nanoseconds\n3 4: \n\
                 7 70: main.f[struct { x int }]@0x415891 f.go:5;main.main@0x53e1f1 main.go:96\n\
                 12 300: main.main@0x53e1f1 main.go:96\n"
            )
        );
    }
}
