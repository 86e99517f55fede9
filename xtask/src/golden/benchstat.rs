//! What benchstat prints for `testdata/benchstat`.

use crate::paths;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The release that the expected outputs are of.
const RELEASE: &str = "golang.org/x/perf/cmd/benchstat@712aea8b4705";

/// Runs the commands of the manifest again, with the `benchstat` on the path. It is no part of Go:
/// where there is none, what is there stays.
pub fn run() -> Result<()> {
    if Command::new("benchstat").arg("-h").output().is_err() {
        println!("golden: no benchstat on the path, its outputs stay; go install {RELEASE}");
        return Ok(());
    }
    let root = paths::root().join("testdata").join("benchstat");
    let manifest = fs::read_to_string(root.join("manifest.tsv"))?;
    let mut count = 0;
    for row in manifest.lines().filter(|row| !row.starts_with('#')) {
        let words: Vec<&str> = row.split('\t').collect();
        let [id, folder, arguments @ ..] = words.as_slice() else {
            anyhow::bail!("a row without a folder: {row}");
        };
        let folder = root.join(folder);
        let csv = [&["-format", "csv"], arguments].concat();
        print(&root, &folder, &format!("{id}.txt"), arguments)?;
        if !arguments.contains(&"-format") {
            print(&root, &folder, &format!("{id}.csv"), &csv)?;
        }
        count += 1;
    }
    ensure!(count > 0, "the manifest is empty");
    println!("golden: {count} commands of benchstat");
    Ok(())
}

fn print(root: &Path, folder: &Path, name: &str, arguments: &[&str]) -> Result<()> {
    let output = Command::new("benchstat")
        .args(arguments)
        .current_dir(folder)
        .output()
        .with_context(|| format!("benchstat for {name}"))?;
    let expected = root.join("expected");
    for (file, bytes) in [
        (expected.join(name), output.stdout),
        (expected.join(format!("{name}.stderr")), output.stderr),
    ] {
        if bytes.is_empty() {
            // A file that is not there stands for one without bytes.
            if file.exists() {
                fs::remove_file(file)?;
            }
        } else {
            fs::write(file, bytes)?;
        }
    }
    Ok(())
}
