//! Execution traces: beside `go tool trace`, and in the page.

use super::browser::Page;
use super::measure::{Usage, best_of, discard};
use super::{megabytes, row};
use crate::golden::tool_trace;
use crate::paths;
use crate::tool::Tool;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Name, and how long the program is recorded. What is in it depends on the machine and on what
/// else that does, so sizes are printed.
const TRACES: [(&str, &str); 2] = [("trace-1s", "1s"), ("trace-12s", "12s")];

/// Measures all of them. Traces are recorded by Go, so nothing is measured without one. `quick`
/// leaves `go tool trace` out for the large one, for which it takes more memory than most machines
/// have.
pub fn run(go: Option<&Path>, page: Option<&Page>, runs: usize, quick: bool) -> Result<()> {
    let Some(go) = go else { return Ok(()) };
    let rival = tool_trace(go)?;
    for (name, long) in TRACES {
        let file = record(go, name, long)?;
        let bytes = fs::metadata(&file)?.len();
        println!("\n{name}: {:.1} MB", megabytes(bytes));
        println!("  {:<34}{:>10}{:>12}", "", "CPU s", "peak MB");
        let ours = discard(runs, &mut dropprof(&["trace", "-pprof=sched"], &file))?;
        row("dropprof trace -pprof=sched", &ours, "");
        let (all, text) = best_of(runs, &mut dropprof(&["trace", "summary", "-json"], &file))?;
        let events = wire_events(&text).context("trace summary -json has no events")?;
        let rate = |usage: &Usage| format!("{:.1} M records/s", events / usage.cpu_s / 1e6);
        row("dropprof trace summary", &all, &rate(&all));
        if !quick || long == "1s" {
            let mut command = Command::new(&rival);
            match discard(1, command.arg("-pprof=sched").arg(&file)) {
                Ok(theirs) => {
                    let note = format!(
                        "{:.0} × dropprof, memory {:.0} ×",
                        theirs.cpu_s / ours.cpu_s,
                        theirs.peak_mb / ours.peak_mb
                    );
                    row("go tool trace -pprof=sched", &theirs, &note);
                }
                Err(error) => println!("  go tool trace -pprof=sched: {error:#}"),
            }
        }
        if let Some(page) = page {
            let shown = page.best_of(runs, &file)?;
            let note = format!(
                "{}; {:.0} MB over the idle page; longest task {:.0} ms",
                rate(&shown.usage),
                shown.usage.peak_mb - shown.idle_mb,
                shown.longest_task_ms
            );
            row("Chromium tab, file to picture", &shown.usage, &note);
            println!(
                "  timeline: ms to the first picture; then frames, and of their main-thread ms p50, p95, most, longest task"
            );
            for (what, figures) in page.timeline(&file)? {
                println!("    {what} {figures}");
            }
        }
    }
    Ok(())
}

fn dropprof(args: &[&str], file: &Path) -> Command {
    let mut command = Command::new(paths::target().join("release").join("dropprof"));
    command.args(args).arg(file);
    command
}

/// Records with a time, over all generations.
fn wire_events(json: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(json).ok()?;
    let after = text.split("\"records\":").nth(1)?;
    let digits = after
        .trim_start()
        .split(|c: char| !c.is_ascii_digit())
        .next()?;
    digits.parse().ok()
}

/// The trace, from an earlier run if there is one.
fn record(go: &Path, name: &str, long: &str) -> Result<PathBuf> {
    let dir = paths::target().join("bench");
    fs::create_dir_all(&dir)?;
    let file = dir.join(format!("{name}-v1.trace"));
    if file.is_file() {
        return Ok(file);
    }
    println!("bench: recording {}", file.display());
    let programs = paths::root()
        .join("testdata")
        .join("programs")
        .join("tracing");
    let program = dir.join("tracing");
    Tool::new(go.as_os_str())
        .args(["build", "-trimpath", "-o"])
        .arg(program.as_os_str())
        .arg(".")
        .dir(programs)
        .env("GOTOOLCHAIN", "local")
        .env("CGO_ENABLED", "0")
        .run()?;
    let status = Command::new(&program)
        .args(["-for", long, "-o"])
        .arg(&file)
        .arg("load")
        .status()?;
    ensure!(status.success(), "the program that is recorded failed");
    Ok(file)
}
