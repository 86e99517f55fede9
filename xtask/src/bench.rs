//! `cargo xtask bench`: CPU seconds and peak memory beside the Go tools, in one run on one machine.
//!
//! The inputs are generated and kept in `target/bench/`; nothing measured is kept. Wall time is not
//! shown: on a machine that does other things too it says little.

mod browser;
mod generate;
mod measure;
mod program;
mod results;
mod traces;
mod viewers;

use crate::golden::Oracle;
use crate::tool::Tool;
use crate::{paths, setup};
use anyhow::{Context, Result, bail, ensure};
use browser::Shown;
use generate::Spec;
use measure::{Usage, best_of};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// See `cargo xtask bench --help`.
pub const HELP: &str = "Measure dropprof beside the Go tools: CPU seconds and peak memory
--quick       without other viewers, and without go tool pprof on 300 k and 1 M samples: minutes, and GBs
--no-browser  without Chromium
--no-build    with the command and the page as they are
--runs=N      our own figures are the best of N runs (3)";

const SPECS: &[Spec] = &[
    Spec {
        name: "cpu-100k",
        samples: 100_000,
        depth: 36,
        functions: 20_000,
        sites: 2,
        seed: 1,
    },
    Spec {
        name: "cpu-300k",
        samples: 300_000,
        depth: 40,
        functions: 20_000,
        sites: 3,
        seed: 1,
    },
    Spec {
        name: "cpu-1m",
        samples: 1_000_000,
        depth: 44,
        functions: 20_000,
        sites: 5,
        seed: 1,
    },
];

/// What the command line asks for.
struct Options {
    quick: bool,
    browser: bool,
    build: bool,
    runs: usize,
}

/// Runs the measurements; two further forms are this command's own children.
pub fn run(args: &[String]) -> Result<()> {
    match args {
        [verb, file] if verb == "gunzip" => measure::gunzip(Path::new(file)),
        [verb, name, file] if verb == "generate" => make(name, Path::new(file)),
        _ => run_all(&parse(args)?),
    }
}

fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options {
        quick: false,
        browser: true,
        build: true,
        runs: 3,
    };
    for arg in args {
        match arg.split_once('=').unwrap_or((arg, "")) {
            ("--quick", "") => options.quick = true,
            ("--no-browser", "") => options.browser = false,
            ("--no-build", "") => options.build = false,
            ("--runs", n) => options.runs = n.parse().with_context(|| format!("bad {arg}"))?,
            _ => bail!("unknown option {arg}; see cargo xtask bench --help"),
        }
    }
    ensure!(options.runs > 0, "--runs=0 measures nothing");
    Ok(options)
}

fn run_all(options: &Options) -> Result<()> {
    if options.build {
        Tool::cargo()
            .args(["build", "--release", "--bin", "dropprof"])
            .run()?;
    }
    let go = setup::go::find_go();
    let oracle = go.as_deref().map(Oracle::of).transpose()?;
    if oracle.is_none() {
        println!("bench: no Go found, so no comparison; cargo xtask golden installs one");
    }
    let page = if options.browser {
        Some(browser::Page::open(options.build)?)
    } else {
        None
    };
    let speedscope = if options.browser && !options.quick {
        Some(viewers::Speedscope::open()?)
    } else {
        None
    };
    report(options.runs)?;
    results::run(page.as_ref(), options.runs)?;
    traces::run(go.as_deref(), page.as_ref(), options.runs, options.quick)?;
    for spec in SPECS {
        let file = input(spec)?;
        let go = oracle
            .as_ref()
            .filter(|_| !options.quick || spec.samples <= 100_000);
        compare(&file, go, page.as_ref(), options.runs)?;
        // Above this size their tabs crash.
        if let Some(page) = page
            .as_ref()
            .filter(|_| spec.samples <= 300_000 && !options.quick)
        {
            viewers(&file, oracle.as_ref(), page, speedscope.as_ref())?;
        }
        match spec.name {
            "cpu-1m" => {
                reports(&file, go, options.runs)?;
                frames(&file, page.as_ref())?;
            }
            "cpu-300k" => filters(&file, go, page.as_ref(), options.runs)?,
            _ => {}
        }
    }
    Ok(())
}

/// Reports other than `-top`, and whether Go is asked for them too: it takes a minute for each.
const REPORTS: &[(&str, bool)] = &[
    ("-tree", true),
    ("-peek=Metric", false),
    ("-tags", false),
    ("-traces", false),
    ("-raw", false),
    ("-list=Metric4", false),
    ("-dot", true),
    ("-callgrind", false),
    ("-proto", false),
    ("-topproto", false),
    ("-folded", false),
    ("-speedscope", false),
    ("-top -focus=Metric -hide=Route", true),
];

/// The same file in the viewers that people use today, up to their flame graph.
fn viewers(
    file: &Path,
    go: Option<&Oracle>,
    page: &browser::Page,
    speedscope: Option<&viewers::Speedscope>,
) -> Result<()> {
    let ours = page.best_of(1, file)?;
    let compare = |what: String, theirs: Option<Shown>| match theirs {
        Some(theirs) => {
            let note = format!(
                "{:.0} × the tab with dropprof, memory {:.0} ×, time {:.0} ×; longest task {:.0} ms",
                theirs.usage.cpu_s / ours.usage.cpu_s,
                theirs.usage.peak_mb / ours.usage.peak_mb,
                theirs.wall_s / ours.wall_s,
                theirs.longest_task_ms
            );
            row(&what, &theirs.usage, &note);
        }
        None => println!("  {what:<34}{:>10}{:>12}   its tab crashed", "–", "–"),
    };
    if let Some(speedscope) = speedscope {
        let name = format!("speedscope {}", viewers::SPEEDSCOPE);
        compare(name, speedscope.show(file)?);
    }
    if let Some(go) = go {
        let name = format!("pprof -http ({}), with its tab", go.version);
        compare(name, viewers::pprof(go, file)?);
    }
    Ok(())
}

/// What each report takes; its text is thrown away.
fn reports(file: &Path, go: Option<&Oracle>, runs: usize) -> Result<()> {
    for &(report, with_go) in REPORTS {
        let args: Vec<&std::ffi::OsStr> = report
            .split(' ')
            .map(AsRef::as_ref)
            .chain([file.as_os_str()])
            .collect();
        let mut command = Command::new(paths::target().join("release").join("dropprof"));
        let ours = measure::discard(runs, command.arg("pprof").args(&args).env("TZ", "UTC"))?;
        let mut note = String::new();
        if let Some(go) = go.filter(|_| with_go) {
            let theirs = measure::discard(1, &mut go.command(&args))?;
            note = format!(
                "go tool pprof {:.1} s, {:.0} × dropprof",
                theirs.cpu_s,
                theirs.cpu_s / ours.cpu_s
            );
        }
        row(&format!("dropprof pprof {report}"), &ours, &note);
    }
    Ok(())
}

/// Changes of the filters, as parts of the page's URL and as arguments.
const FILTERS: &[(&str, &str)] = &[
    ("f=Route5", "-focus=Route5"),
    ("i=Metric4", "-ignore=Metric4"),
    ("f=Stream&i=Cache", "-focus=Stream -ignore=Cache"),
    ("h=Validate", "-hide=Validate"),
    ("sf=edge", "-show_from=edge"),
];

/// Other trees of the same profile, and transforms that pprof has not, as parts of the page's URL.
const TREES: &[&str] = &[
    "order=name",
    "inverted=1",
    "mine=t",
    "t=ff:Route5",
    "t=cf:Route5",
    "t=mf:Validate",
    "t=drop:Route5",
    "t=cp:edge",
    "t=drec:.",
    "t=rec:.",
];

/// What another tree and a change of a filter take in the page, from the URL to the flame graph,
/// and what Go takes for the same question as the filter.
fn filters(
    file: &Path,
    go: Option<&Oracle>,
    page: Option<&browser::Page>,
    runs: usize,
) -> Result<()> {
    let Some(page) = page else { return Ok(()) };
    let parts: Vec<&str> = FILTERS.iter().map(|(part, _)| *part).collect();
    let changes = page.filters(runs, file, &parts)?;
    for (part, (ms, cpu_s)) in TREES.iter().zip(page.filters(runs, file, TREES)?) {
        println!("  Chromium tab, tree {part:<20} {ms:>6.0} ms, {cpu_s:.2} CPU s");
    }
    for ((ms, cpu_s), (part, args)) in changes.into_iter().zip(FILTERS) {
        let mut note = String::new();
        if let Some(go) = go {
            let words = args.split(' ').map(AsRef::as_ref);
            let args: Vec<&std::ffi::OsStr> = [std::ffi::OsStr::new("-top")]
                .into_iter()
                .chain(words)
                .chain([file.as_os_str()])
                .collect();
            let theirs = measure::discard(1, &mut go.command(args))?;
            note = format!("; go tool pprof -top: {:.1} CPU s", theirs.cpu_s);
        }
        println!("  Chromium tab, filter {part:<18} {ms:>6.0} ms, {cpu_s:.2} CPU s{note}");
    }
    Ok(())
}

/// What a frame of the flame graph costs in a window of 2560×1300, of a tree of millions of boxes.
fn frames(file: &Path, page: Option<&browser::Page>) -> Result<()> {
    let Some(page) = page else { return Ok(()) };
    for frames in page.frames(file)? {
        let [p50, p95, most] = frames.work_ms;
        println!(
            "  Chromium tab, {:<10} {:>4} frames: main thread p50 {p50:.1}, p95 {p95:.1}, most {most:.1} ms; {:.0} ms between frames at p95; longest task {:.0} ms",
            frames.what, frames.count, frames.interval_ms, frames.longest_task_ms
        );
    }
    Ok(())
}

/// The generated profile, from an earlier run if there is one.
fn input(spec: &Spec) -> Result<PathBuf> {
    let dir = paths::target().join("bench");
    fs::create_dir_all(&dir)?;
    let file = dir.join(format!("{}-v{}.pb.gz", spec.name, generate::VERSION));
    if !file.is_file() {
        println!("bench: generating {}", file.display());
        // In a process of its own: a child's peak memory is counted from that of the process that
        // starts it.
        let status = own(&["generate", spec.name]).arg(&file).status()?;
        ensure!(status.success(), "generating failed");
    }
    Ok(file)
}

fn make(name: &str, file: &Path) -> Result<()> {
    let spec = SPECS
        .iter()
        .find(|spec| spec.name == name)
        .context("no such profile")?;
    generate::write(spec, file)?;
    Ok(())
}

fn own(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_else(|_| "xtask".into()));
    command.arg("bench").args(args);
    command
}

fn compare(
    file: &Path,
    go: Option<&Oracle>,
    page: Option<&browser::Page>,
    runs: usize,
) -> Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let packed = megabytes(fs::metadata(file)?.len());
    let raw = megabytes(measure::raw_size(own(&["gunzip"]).arg(file))?);
    println!("\n{name}: {packed:.1} MB, {raw:.1} MB raw");
    println!("  {:<34}{:>10}{:>12}", "", "CPU s", "peak MB");
    let baselines = gunzip(file, runs)?;
    let (ours, text) = native(file, runs)?;
    let ratios: Vec<_> = baselines
        .iter()
        .map(|(what, usage)| format!("{:.1} × {what}", ours.cpu_s / usage.cpu_s))
        .collect();
    row("dropprof pprof -top", &ours, &ratios.join(", "));
    findings(file, &ours, runs)?;
    if let Some(go) = go {
        rival(go, file, &ours, &text)?;
    }
    if let Some(page) = page {
        tab(page, file, &ours, runs)?;
    }
    Ok(())
}

/// What the rules take, beyond reading the file, as a share of what the table takes with reading.
fn findings(file: &Path, top: &Usage, runs: usize) -> Result<()> {
    let of = |verb: &str| {
        let mut command = Command::new(paths::target().join("release").join("dropprof"));
        measure::discard(runs, command.arg(verb).arg(file))
    };
    let (read, all) = (of("open")?, of("findings")?);
    let added = (all.cpu_s - read.cpu_s) / top.cpu_s * 100.0;
    let note = format!("{added:.0} % of -top beyond reading ({:.2} s)", read.cpu_s);
    row("dropprof findings", &all, &note);
    Ok(())
}

/// Files of five kinds, as one session.
const SESSION: [&str; 5] = [
    "www/public/demo/cpu.pb.gz",
    "www/public/demo/heap.pb.gz",
    "testdata/pprof/dirsync/block.pb.gz",
    "testdata/pprof/dirsync/mutex.pb.gz",
    "testdata/findings/janitors.goroutine.txt",
];

/// The whole report over five files.
fn report(runs: usize) -> Result<()> {
    let mut command = Command::new(paths::target().join("release").join("dropprof"));
    command.arg("report");
    command.args(SESSION.map(|name| paths::root().join(name)));
    println!("\nfive files of one session");
    println!("  {:<34}{:>10}{:>12}", "", "CPU s", "peak MB");
    row(
        "dropprof report",
        &measure::discard(runs, &mut command)?,
        "",
    );
    Ok(())
}

/// What decompressing alone takes: with the library that the core uses, and with the command that
/// everybody has.
fn gunzip(file: &Path, runs: usize) -> Result<Vec<(&'static str, Usage)>> {
    let mut baselines = vec![("zlib-rs", best_of(runs, own(&["gunzip"]).arg(file))?.0)];
    row("gunzip alone, by zlib-rs", &baselines[0].1, "");
    if let Some(gzip) = paths::on_path(&["gzip"]) {
        let usage = measure::discard(runs, Command::new(gzip).arg("-dc").arg(file))?;
        row("gunzip alone, by gzip -dc", &usage, "");
        baselines.push(("gzip -dc", usage));
    }
    Ok(baselines)
}

fn native(file: &Path, runs: usize) -> Result<(Usage, Vec<u8>)> {
    let mut command = Command::new(paths::target().join("release").join("dropprof"));
    command.args(["pprof", "-top"]).arg(file).env("TZ", "UTC");
    best_of(runs, &mut command)
}

fn rival(go: &Oracle, file: &Path, ours: &Usage, text: &[u8]) -> Result<()> {
    let (theirs, expected) = best_of(1, &mut go.command(["-top".as_ref(), file.as_os_str()]))?;
    let same = if text == expected {
        "same output"
    } else {
        "OTHER OUTPUT"
    };
    let (cpu, peak) = (theirs.cpu_s / ours.cpu_s, theirs.peak_mb / ours.peak_mb);
    let note = format!("{cpu:.0} × dropprof, memory {peak:.0} ×, {same}");
    row(
        &format!("go tool pprof -top ({})", go.version),
        &theirs,
        &note,
    );
    Ok(())
}

fn tab(page: &browser::Page, file: &Path, ours: &Usage, runs: usize) -> Result<()> {
    let shown = page.best_of(runs, file)?;
    let note = format!(
        "{:.1} × dropprof; {:.0} MB before the drop; longest task {:.0} ms",
        shown.usage.cpu_s / ours.cpu_s,
        shown.idle_mb,
        shown.longest_task_ms
    );
    row("Chromium tab, file to flame graph", &shown.usage, &note);
    Ok(())
}

fn row(what: &str, usage: &Usage, note: &str) {
    println!(
        "  {what:<34}{:>10.2}{:>12.0}   {note}",
        usage.cpu_s, usage.peak_mb
    );
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
