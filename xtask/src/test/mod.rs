//! `cargo xtask test`: everything that must hold, in the order that fails soonest.

mod summary;

use crate::build::{self, Mode};
use crate::serve::http::Server;
use crate::setup::browser::{self, Browser};
use crate::tool::Tool;
use crate::{paths, setup};
use anyhow::{Context, Result, bail};
use std::time::Instant;
use summary::{Runner, Summary};

/// See `cargo xtask test --help`.
pub const HELP: &str = "Install what is missing, then run every check and test
--skip-browser  leave out the tests that drive a browser";

/// Where the browser tests find the site: a sub-path, so that an absolute URL anywhere fails.
const BASE: &str = "/pages/dropprof/";

/// One step of the run.
struct Stage {
    name: &'static str,
    run: fn(&mut Summary) -> Result<()>,
    needs_browser: bool,
}

const fn stage(name: &'static str, run: fn(&mut Summary) -> Result<()>) -> Stage {
    Stage {
        name,
        run,
        needs_browser: false,
    }
}

const STAGES: &[Stage] = &[
    stage("set-up", |_| {
        setup::ensure(setup::FOR_CHECKS)?;
        setup::ensure(setup::FOR_BUILD)
    }),
    stage("format", |_| {
        Tool::cargo().args(["fmt", "--all", "--check"]).run()
    }),
    stage("clippy", |_| {
        Tool::cargo()
            .args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])
            .run()
    }),
    stage("Rust tests", |summary| {
        summary.run(Runner::Cargo, &Tool::cargo().args(["test", "--workspace"]))
    }),
    stage("core for the page", |_| build::core(Mode::Release)),
    stage("types", |_| {
        ["tsconfig.json", "tsconfig.node.json"]
            .iter()
            .try_for_each(|project| {
                Tool::npm_script("typescript/bin/tsc")
                    .args(["--project", project])
                    .run()
            })
    }),
    stage("page unit tests", |summary| {
        summary.run(
            Runner::Vitest,
            &Tool::npm_script("vitest/vitest.mjs").arg("run"),
        )
    }),
    stage("site", |_| build::site_within_budget()),
    Stage {
        name: "browser tests",
        run: browser_tests,
        needs_browser: true,
    },
];

/// Runs the stages up to the first that fails; ends with the runners' own totals and their sum.
pub fn run(args: &[String]) -> Result<()> {
    let skip_browser = match args {
        [] => false,
        [flag] if flag == "--skip-browser" => true,
        _ => bail!("options are: --skip-browser"),
    };
    let mut summary = Summary::default();
    let start = Instant::now();
    for stage in STAGES
        .iter()
        .filter(|stage| !(skip_browser && stage.needs_browser))
    {
        run_stage(stage, &mut summary)?;
    }
    println!("\n== all stages passed in {} s", start.elapsed().as_secs());
    summary.close()
}

fn run_stage(stage: &Stage, summary: &mut Summary) -> Result<()> {
    println!("\n== {}", stage.name);
    let start = Instant::now();
    let outcome = (stage.run)(summary);
    println!("== {}: {:.1} s", stage.name, start.elapsed().as_secs_f64());
    outcome.with_context(|| format!("stage \"{}\" failed", stage.name))
}

fn browser_tests(summary: &mut Summary) -> Result<()> {
    setup::ensure(setup::FOR_BROWSER_TESTS)?;
    let server = Server::bind(&paths::dist(), BASE, 0)?;
    let url = server.url("127.0.0.1");
    // The threads end with this process.
    server.start();
    let mut playwright = Tool::npm_script("@playwright/test/cli.js")
        .arg("test")
        .env("DROPPROF_URL", url);
    if let Some(Browser::At(path)) = browser::find()? {
        playwright = playwright.env(browser::VARIABLE, path);
    }
    summary.run(Runner::Playwright, &playwright)
}
