//! The `dropprof` command.
#![allow(clippy::disallowed_methods, reason = "this is where files are read and written")]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|a| a.to_string_lossy().into_owned())
        .collect();
    cli::run(&arguments)
}
