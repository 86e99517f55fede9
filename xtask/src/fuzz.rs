//! `cargo xtask fuzz`: the fuzz targets, for a while each.

use crate::paths;
use crate::tool::Tool;
use anyhow::{Context, Result, bail};
use std::fs;

/// See `cargo xtask fuzz --help`.
pub const HELP: &str = "Run the fuzz targets of fuzz/ (needs a nightly toolchain)
TARGET       only this one
--seconds=N  how long each, 600 unless given
--list       print the targets";

/// Memory a target may take before it counts as a finding, in MB.
const MEMORY_LIMIT: u32 = 2048;

/// Seconds one input may take before it counts as a finding.
const TIME_LIMIT: u32 = 5;

/// Runs one target or all of them, one after the other.
pub fn run(args: &[String]) -> Result<()> {
    let mut targets = targets()?;
    let mut seconds = 600;
    for arg in args {
        if arg == "--list" {
            println!("{}", targets.join("\n"));
            return Ok(());
        } else if let Some(text) = arg.strip_prefix("--seconds=") {
            seconds = text.parse::<u32>().with_context(|| format!("bad {arg}"))?;
        } else if targets.contains(arg) {
            targets.retain(|target| target == arg);
        } else {
            bail!(
                "no option or target {arg:?}; targets are: {}",
                targets.join(", ")
            );
        }
    }
    ensure_tools()?;
    targets.iter().try_for_each(|target| fuzz(target, seconds))
}

fn fuzz(target: &str, seconds: u32) -> Result<()> {
    println!("\n== fuzz {target} for {seconds} s");
    // What a run discovers grows without end, so it goes elsewhere: the seeds in the repository
    // stay few and chosen.
    let root = paths::root();
    let found = root.join("target").join("fuzz-corpus").join(target);
    fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
    let seeds = [
        root.join("fuzz").join("corpus").join(target),
        root.join("testdata").join("pprof"),
        root.join("testdata").join("legacy"),
        root.join("testdata").join("trace"),
    ];
    nightly()
        .args(["fuzz", "run", target])
        .arg(&found)
        .args(seeds.into_iter().filter(|dir| dir.is_dir()))
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-rss_limit_mb={MEMORY_LIMIT}"))
        .arg(format!("-timeout={TIME_LIMIT}"))
        .arg("-print_final_stats=1")
        .run()
}

/// The targets by name, sorted: one file each.
fn targets() -> Result<Vec<String>> {
    let dir = paths::root().join("fuzz").join("fuzz_targets");
    let entries = fs::read_dir(&dir).with_context(|| format!("cannot list {}", dir.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

fn ensure_tools() -> Result<()> {
    if nightly().arg("--version").probe().is_none() {
        bail!("fuzzing needs a nightly toolchain\nBy hand:\n    rustup toolchain install nightly");
    }
    if Tool::new("cargo")
        .args(["fuzz", "--version"])
        .probe()
        .is_none()
    {
        println!("set-up: cargo-fuzz: missing, installing it");
        let install = Tool::new("cargo").args(["install", "cargo-fuzz"]);
        install
            .run()
            .with_context(|| format!("no cargo-fuzz\nBy hand:\n    {install}"))?;
    }
    Ok(())
}

/// The nightly cargo, by rustup's proxy: the one that runs xtask is stable.
fn nightly() -> Tool {
    Tool::new("cargo")
        .arg("+nightly")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTC")
}
