//! The native command: reads files, calls the core, prints. All input and output is here.

mod benchstat;
mod findings;
mod flags;
mod gather;
mod numbers;
mod open;
mod pprof;
mod read;
mod report;
mod session;
mod trace;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use dropprof::report::clean;

const USAGE: &str = "\
dropprof: see where a Go program's time and memory go

usage:
  dropprof open [-json] FILE…              say what each file is
  dropprof pprof -REPORT [flags] [BINARY] FILE…
                                           what go tool pprof prints
  dropprof benchstat [flags] [LABEL=]FILE…
                                           what benchstat prints
  dropprof report [-format=html|md|json] [-o=OUT] FILE…
                                           the performance analysis report
  dropprof findings [-json] [-fail-on=high] FILE…
                                           what is wrong, how sure that is, what to change
  dropprof trace [TABLE] [-json] FILE…     what an execution trace says: goroutines, waits, the
                                           collector, pools; -pprof is what go tool trace writes
  dropprof help [command]                  the flags of a command
  dropprof version

FILE may be a folder, an archive, or a file in an archive: profiles.zip/cpu.pb.gz
";

/// What a command did.
pub(crate) enum Outcome {
    /// Printed this.
    Output(Vec<u8>),
    /// Printed this although something went wrong, which stderr tells: exit status 1.
    Partial(Vec<u8>),
    /// Printed this, and something in it is as grave as was asked about: exit status 3.
    Gate(Vec<u8>),
}

/// Why a command did nothing.
pub(crate) enum Failure {
    /// The arguments cannot be used: exit status 2.
    Usage(String),
    /// Something could not be done: exit status 1.
    Failed(String),
    /// The same where pprof ends with status 2.
    LikePprof(String),
}

type Command = fn(&[OsString]) -> Result<Outcome, Failure>;

const COMMANDS: [(&str, Command, fn() -> String); 6] = [
    ("benchstat", benchstat::run, benchstat::help),
    ("findings", findings::run, findings::help),
    ("open", open::run, open::help),
    ("pprof", pprof::run, pprof::help),
    ("report", report::run, report::help),
    ("trace", trace::run, trace::help),
];

/// Runs the command line; the words after the program's name.
pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.to_string_lossy(), rest),
        None => return usage_error(USAGE),
    };
    match &*name {
        "help" | "-h" | "-help" | "--help" => print(help(rest).as_bytes(), ExitCode::SUCCESS),
        "version" | "-version" | "--version" => print(
            format!("dropprof {}\n", env!("CARGO_PKG_VERSION")).as_bytes(),
            ExitCode::SUCCESS,
        ),
        _ => match COMMANDS.iter().find(|(known, ..)| *known == name) {
            Some((_, _, help)) if rest.iter().any(asks_for_help) => {
                print(help().as_bytes(), ExitCode::SUCCESS)
            }
            Some((_, command, _)) => match command(rest) {
                Ok(Outcome::Output(text)) => print(&text, ExitCode::SUCCESS),
                Ok(Outcome::Partial(text)) => print(&text, ExitCode::FAILURE),
                Ok(Outcome::Gate(text)) => print(&text, ExitCode::from(3)),
                Err(Failure::Usage(message)) => {
                    usage_error(&format!("dropprof {name}: {}\n", clean(&message)))
                }
                Err(Failure::Failed(message)) => {
                    complain(&message);
                    ExitCode::FAILURE
                }
                Err(Failure::LikePprof(message)) => {
                    complain(&message);
                    ExitCode::from(2)
                }
            },
            None => {
                let name = clean(&name);
                usage_error(&format!("dropprof: unknown command \"{name}\"\n{USAGE}"))
            }
        },
    }
}

fn asks_for_help(argument: &OsString) -> bool {
    ["-h", "-help", "--help"]
        .iter()
        .any(|flag| argument == flag)
}

fn help(arguments: &[OsString]) -> String {
    let wanted = arguments.first().and_then(|a| a.to_str());
    let command = COMMANDS.iter().find(|(name, ..)| Some(*name) == wanted);
    command.map_or_else(|| USAGE.to_owned(), |(_, _, help)| help())
}

/// One line on stderr: names in it cannot end the line, nor command the terminal.
pub(crate) fn complain(message: &str) {
    let _ = writeln!(std::io::stderr(), "dropprof: {}", clean(message));
}

fn usage_error(text: &str) -> ExitCode {
    let _ = std::io::stderr().write_all(text.as_bytes());
    ExitCode::from(2)
}

/// Writes to stdout. A reader that went away (`| head`) is no error.
fn print(text: &[u8], status: ExitCode) -> ExitCode {
    let mut out = std::io::stdout();
    // What ends without a line's end is not written yet.
    match out.write_all(text).and_then(|()| out.flush()) {
        Ok(()) => status,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => status,
        Err(error) => {
            complain(&format!("writing: {error}"));
            ExitCode::FAILURE
        }
    }
}
