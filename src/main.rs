//! The `dropprof` command.
#![allow(
    clippy::disallowed_methods,
    reason = "this is where files are read and written"
)]

mod cli;

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    cli::run(&arguments)
}
