//! `cargo xtask setup`: what a bare machine lacks, found or installed.
//!
//! A [`Step`] knows how to tell that it is done, how to do it, and what a person would type instead.
//! The standard way comes first in each (rustup, npm, Playwright); where its server cannot be
//! reached, the distribution's packages stand in, with one line that says so.

mod apt;
pub mod browser;
pub mod go;
pub mod node;
mod rust_tools;
pub mod wasm_target;

use anyhow::{Result, bail};
use std::time::Instant;

/// See `cargo xtask setup --help`.
pub const HELP: &str = "Install what building and testing need and this machine lacks
The other tasks do the same for what they use; run it ahead of time or to see what is there.";

/// One thing a machine may lack.
pub struct Step {
    /// What it is, as in "set-up: <what>".
    what: &'static str,
    /// What is there already, in a few words; nothing if the step has work to do.
    found: fn() -> Result<Option<String>>,
    install: fn() -> Result<()>,
    /// The commands a person can run when `install` fails.
    by_hand: &'static str,
}

/// What `cargo xtask build` needs.
pub const FOR_BUILD: &[Step] = &[wasm_target::STEP, node::NODE, node::PACKAGES];

/// What the browser tests need besides.
pub const FOR_BROWSER_TESTS: &[Step] = &[browser::STEP];

/// What the source checks need besides.
pub const FOR_CHECKS: &[Step] = &[rust_tools::STEP];

/// Runs every step and says how each stands.
pub fn run(_args: &[String]) -> Result<()> {
    for steps in [FOR_CHECKS, FOR_BUILD, FOR_BROWSER_TESTS] {
        for step in steps {
            ensure_one(step)?;
            if let Some(found) = (step.found)()? {
                println!("set-up: {}: {found}", step.what);
            }
        }
    }
    Ok(())
}

/// Does those of `steps` that are not done; says nothing about the others.
pub fn ensure(steps: &[Step]) -> Result<()> {
    steps.iter().try_for_each(ensure_one)
}

fn ensure_one(step: &Step) -> Result<()> {
    if (step.found)()?.is_some() {
        return Ok(());
    }
    println!("set-up: {}: missing, installing it", step.what);
    let start = Instant::now();
    let outcome = (step.install)().and_then(|()| (step.found)());
    match outcome {
        Ok(Some(found)) => {
            println!(
                "set-up: {}: {found} ({} s)",
                step.what,
                start.elapsed().as_secs()
            );
            Ok(())
        }
        Ok(None) => bail!(
            "{}: still missing after the installation\n{}",
            step.what,
            advice(step)
        ),
        Err(error) => bail!("{}: {error:#}\n{}", step.what, advice(step)),
    }
}

fn advice(step: &Step) -> String {
    format!("By hand:\n    {}", step.by_hand.replace('\n', "\n    "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absent() -> Result<Option<String>> {
        Ok(None)
    }

    #[test]
    fn a_failed_step_ends_with_the_command_to_run() {
        let step = Step {
            what: "a thing",
            found: absent,
            install: || bail!("no network"),
            by_hand: "get thing\nput thing",
        };
        let text = ensure(&[step])
            .expect_err("cannot be installed")
            .to_string();
        assert_eq!(
            text,
            "a thing: no network\nBy hand:\n    get thing\n    put thing"
        );
    }

    #[test]
    fn an_installation_without_effect_is_a_failure() {
        let step = Step {
            what: "a thing",
            found: absent,
            install: || Ok(()),
            by_hand: "get thing",
        };
        let text = ensure(&[step]).expect_err("still absent").to_string();
        assert!(text.starts_with("a thing: still missing"), "{text}");
    }
}
