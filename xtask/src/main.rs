//! Every developer command of dropprof, run as `cargo xtask <task>`.
//!
//! CI, the documentation and people at home call the same tasks; nothing else in the repository
//! knows how to build, serve or test it. Each task is one line of [`TASKS`].

mod bench;
mod build;
mod fuzz;
mod golden;
mod paths;
mod serve;
mod setup;
mod stamp;
mod test;
mod tool;
mod wire;

use anyhow::Result;
use std::process::ExitCode;

/// One developer command.
struct Task {
    name: &'static str,
    run: fn(&[String]) -> Result<()>,
    /// First line: what it is for. Further lines: its options.
    help: &'static str,
}

const TASKS: &[Task] = &[
    Task {
        name: "setup",
        run: setup::run,
        help: setup::HELP,
    },
    Task {
        name: "build",
        run: build::run,
        help: build::HELP,
    },
    Task {
        name: "serve",
        run: serve::run,
        help: serve::HELP,
    },
    Task {
        name: "test",
        run: test::run,
        help: test::HELP,
    },
    Task {
        name: "bench",
        run: bench::run,
        help: bench::HELP,
    },
    Task {
        name: "golden",
        run: golden::run,
        help: golden::HELP,
    },
    Task {
        name: "fuzz",
        run: fuzz::run,
        help: fuzz::HELP,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = args.split_first() else {
        print!("{}", help());
        return ExitCode::from(2);
    };
    if matches!(name.as_str(), "help" | "-h" | "--help") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprint!("xtask: no task is called {name:?}\n\n{}", help());
        return ExitCode::from(2);
    };
    if rest.iter().any(|arg| arg == "-h" || arg == "--help") {
        println!("cargo xtask {}: {}", task.name, task.help);
        return ExitCode::SUCCESS;
    }
    match (task.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask {}: {error:#}", task.name);
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("Usage: cargo xtask <task> [options]\n\nTasks:\n");
    for task in TASKS {
        let mut lines = task.help.lines();
        let summary = lines.next().unwrap_or_default();
        text.push_str(&format!("  {:<8} {summary}\n", task.name));
        for line in lines {
            text.push_str(&format!("           {line}\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_task_once() {
        let text = help();
        for task in TASKS {
            let line_start = format!("\n  {:<8} ", task.name);
            assert_eq!(text.matches(&line_start).count(), 1, "{}", task.name);
        }
    }
}
