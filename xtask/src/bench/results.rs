//! Benchmark results: three files of ten thousand benchmarks, ten runs each, read and compared by the
//! command, by benchstat where there is one, and by the page up to its table.

use super::browser::{Page, Shown, driver};
use super::{measure, row};
use crate::paths;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const BENCHMARKS: usize = 10_000;
const RUNS: usize = 10;
const FILES: [&str; 3] = ["old.txt", "new.txt", "newer.txt"];

/// Numbers from a seed; the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Near 0, mostly within 1: the sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// As Go's testing package prints a time: four digits.
fn nanoseconds(x: f64) -> String {
    match x {
        x if x >= 999.95 => format!("{x:.0}"),
        x if x >= 99.995 => format!("{x:.1}"),
        x if x >= 9.9995 => format!("{x:.2}"),
        x => format!("{x:.3}"),
    }
}

fn files() -> Result<Vec<PathBuf>> {
    let folder = paths::target().join("bench").join("results");
    fs::create_dir_all(&folder)?;
    let mut random = Random(1);
    let base: Vec<[f64; 3]> = (0..BENCHMARKS)
        .map(|_| {
            [
                (8.0 + 2.0 * random.normal()).exp(),
                (random.next() * 2000.0).floor() * 8.0,
                (random.next() * 40.0).floor(),
            ]
        })
        .collect();
    let mut made = Vec::new();
    for (state, name) in FILES.iter().enumerate() {
        let state = state as f64;
        let mut text = String::from(
            "goos: linux\ngoarch: amd64\npkg: example.com/big\ncpu: Some CPU @ 3.00GHz\n",
        );
        for _ in 0..RUNS {
            for (at, [time, bytes, allocations]) in base.iter().enumerate() {
                // Some become slower, some faster, some allocate more.
                let slower = if at % 7 == 0 { 0.1 * state } else { 0.0 };
                let faster = if at % 11 == 0 { 0.05 * state } else { 0.0 };
                let time = time * (1.0 + slower - faster) * (0.02 * random.normal()).exp();
                let more = if at % 50 == 0 { state } else { 0.0 };
                writeln!(
                    text,
                    "BenchmarkOp/group={}/case={}-8   \t    1000\t{:>13} ns/op\t{:>8} B/op\t{:>8} allocs/op",
                    at / 100,
                    at % 100,
                    nanoseconds(time),
                    bytes + 64.0 * more,
                    allocations + more
                )?;
            }
        }
        let path = folder.join(name);
        fs::write(&path, text)?;
        made.push(path);
    }
    Ok(made)
}

/// Measures all of them.
pub fn run(page: Option<&Page>, runs: usize) -> Result<()> {
    let files = files()?;
    println!(
        "\nbenchmark results: {} files of {BENCHMARKS} benchmarks, {RUNS} runs each",
        FILES.len()
    );
    println!("  {:<34}{:>10}{:>12}", "", "CPU s", "peak MB");
    let mut command = Command::new(paths::target().join("release").join("dropprof"));
    let ours = measure::discard(runs, command.arg("benchstat").args(&files))?;
    row("dropprof benchstat", &ours, "");
    match paths::on_path(&["benchstat"]) {
        Some(rival) => {
            let theirs = measure::discard(1, Command::new(rival).args(&files))?;
            let note = format!("{:.1} × dropprof", theirs.cpu_s / ours.cpu_s);
            row("benchstat", &theirs, &note);
        }
        None => println!("  no benchstat on the path to compare with"),
    }
    let Some(page) = page else { return Ok(()) };
    let mut arguments = vec![page.url().as_ref()];
    arguments.extend(files.iter().map(|file| file.as_os_str()));
    let tool = driver("e2e/results.mjs", &arguments)?;
    let mut best: Option<Shown> = None;
    for _ in 0..runs {
        let shown = Shown::of(&tool.capture()?).with_context(|| tool.to_string())?;
        if best.as_ref().is_none_or(|best| shown.wall_s < best.wall_s) {
            best = Some(shown);
        }
    }
    if let Some(best) = best {
        let note = format!(
            "{:.2} s on the clock; longest task {:.0} ms",
            best.wall_s, best.longest_task_ms
        );
        row("Chromium tab, files to table", &best.usage, &note);
    }
    Ok(())
}
