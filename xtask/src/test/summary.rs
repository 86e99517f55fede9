//! Counting what the test runners ran, from their own last words.

use crate::tool::Tool;
use anyhow::{Result, bail};

/// A program that runs tests and ends with totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// `test result: ok. 12 passed; 0 failed; 0 ignored; …`, once per test binary.
    Cargo,
    /// `Tests  34 passed | 1 skipped (35)`.
    Vitest,
    /// `  7 passed (3.2s)`, with a line of its own for each other outcome.
    Playwright,
}

/// What the runners said so far.
#[derive(Default)]
pub struct Summary {
    lines: Vec<(Runner, String)>,
}

impl Summary {
    /// Runs the tests of one runner; a failed or an empty run is an error.
    ///
    /// Cargo reports each binary; those without tests say nothing worth repeating.
    pub fn run(&mut self, runner: Runner, tool: &Tool) -> Result<()> {
        let mut seen = Vec::new();
        let succeeded = tool.tee(|line| {
            if passed_in(runner, line).is_some_and(|passed| passed > 0) {
                seen.push((runner, line.trim().to_owned()));
            }
        })?;
        let passed: u64 = seen
            .iter()
            .filter_map(|(runner, line)| passed_in(*runner, line))
            .sum();
        self.lines.extend(seen);
        if !succeeded {
            bail!("{tool}");
        }
        if passed == 0 {
            bail!("no test was run by: {tool}");
        }
        Ok(())
    }

    /// Prints each runner's totals and, as the last line, their sum.
    pub fn close(&self) -> Result<()> {
        for (runner, line) in &self.lines {
            println!("{:<11} {line}", format!("{runner:?}:"));
        }
        let passed = self.passed();
        if passed == 0 {
            bail!("no test was run");
        }
        println!("{passed} passed, 0 failed");
        Ok(())
    }

    fn passed(&self) -> u64 {
        self.lines
            .iter()
            .filter_map(|(runner, line)| passed_in(*runner, line))
            .sum()
    }
}

/// The number of passed tests, if `line` is one of the runner's totals.
fn passed_in(runner: Runner, line: &str) -> Option<u64> {
    let line = line.trim();
    match runner {
        Runner::Cargo => {
            let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
            counts.split_once(" passed;")?.0.parse().ok()
        }
        Runner::Vitest => {
            let counts = line.strip_prefix("Tests ")?;
            let passed = counts
                .split('|')
                .find_map(|count| count.split_once(" passed"))?;
            passed.0.trim().parse().ok()
        }
        Runner::Playwright => {
            let (count, rest) = line.split_once(" passed")?;
            (rest.is_empty() || rest.starts_with(" (")).then_some(())?;
            count.parse().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read_as_each_runner_writes_them() {
        let cargo = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(passed_in(Runner::Cargo, cargo), Some(12));
        assert_eq!(
            passed_in(Runner::Vitest, "      Tests  1 failed | 34 passed (35)"),
            Some(34)
        );
        assert_eq!(
            passed_in(Runner::Vitest, "      Tests  34 passed (34)"),
            Some(34)
        );
        assert_eq!(passed_in(Runner::Playwright, "  7 passed (3.2s)"), Some(7));
    }

    #[test]
    fn other_lines_are_not_totals() {
        assert_eq!(passed_in(Runner::Cargo, "test a::b ... ok"), None);
        assert_eq!(passed_in(Runner::Vitest, " Test Files  3 passed (3)"), None);
        assert_eq!(passed_in(Runner::Playwright, "  2 failed"), None);
        assert_eq!(
            passed_in(Runner::Playwright, "  ok 1 › says 7 passed checks (1s)"),
            None
        );
    }

    #[test]
    fn a_run_without_tests_is_a_failure() {
        let mut summary = Summary::default();
        assert!(summary.close().is_err());
        let nothing = Tool::cargo().arg("--version");
        let error = summary
            .run(Runner::Cargo, &nothing)
            .expect_err("cargo --version runs no test");
        assert!(error.to_string().starts_with("no test was run"), "{error}");
    }
}
