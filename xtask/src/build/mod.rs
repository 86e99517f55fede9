//! `cargo xtask build`: from the Rust core and the page's sources to a static site in dist/.

mod first_load;
mod offline;
mod sizes;
mod split;
mod wasm;

use crate::stamp::Stamp;
use crate::tool::Tool;
use crate::{paths, setup};
use anyhow::{Result, bail, ensure};

/// See `cargo xtask build --help`.
pub const HELP: &str = "Build the static site into dist/ and print its sizes beside the budget
--dev  compile the core quickly, whole and without wasm-opt: larger and slower";

/// How much work to put into the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// What is published.
    Release,
    /// For trying things out: links in seconds, runs several times slower.
    Dev,
}

/// Builds the site and prints its sizes.
pub fn run(args: &[String]) -> Result<()> {
    let mode = match args {
        [] => Mode::Release,
        [flag] if flag == "--dev" => Mode::Dev,
        _ => bail!("options are: --dev"),
    };
    site(mode)
}

/// Builds whatever of the site is not up to date.
pub fn site(mode: Mode) -> Result<()> {
    core(mode)?;
    bundle()?;
    // Another compiler may make it a little larger: no reason to leave a person without the page.
    sizes::report()?;
    Ok(())
}

/// As [`site`], for the tests: more bytes than the budget allows are an error.
pub fn site_within_budget() -> Result<()> {
    core(Mode::Release)?;
    bundle()?;
    let over = sizes::report()?;
    ensure!(
        over.is_empty(),
        "over the budget of sizes: {}",
        over.join(", ")
    );
    Ok(())
}

/// Builds the core alone: the module and its glue in `www/src/pkg`, which the types depend on.
pub fn core(mode: Mode) -> Result<()> {
    setup::ensure(setup::FOR_BUILD)?;
    wasm::build(mode)
}

fn bundle() -> Result<()> {
    let www = paths::www();
    let mut inputs: Vec<_> = [
        "index.html",
        "src",
        "public",
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "vite.config.ts",
        "vite.onefile.config.ts",
        "sw.js",
    ]
    .iter()
    .map(|name| www.join(name))
    .collect();
    inputs.push(paths::root().join("testdata"));
    let stamp = Stamp::new("bundle", "", &inputs, &[paths::dist()])?;
    if stamp.is_current()? {
        println!("build: dist/ is up to date");
        return Ok(());
    }
    println!("build: bundling the page into dist/");
    Tool::npm_script("vite/bin/vite.js")
        .args(["build", "--logLevel", "warn"])
        .run()?;
    println!("build: the page as one file");
    Tool::npm_script("vite/bin/vite.js")
        .args(["build", "--logLevel", "warn"])
        .args(["--config", "vite.onefile.config.ts"])
        .run()?;
    offline::write()?;
    stamp.write()
}
