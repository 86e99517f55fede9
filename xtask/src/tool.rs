//! Running other programs: always shown, never silent about a failure.

use crate::paths;
use anyhow::{Context, Result, bail};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A command to run; its `Display` is what a person would type at the root of the repository.
pub struct Tool {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(OsString, Option<OsString>)>,
    dir: PathBuf,
}

impl Tool {
    /// A command that runs at the root of the repository.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            dir: paths::root(),
        }
    }

    /// The cargo that runs this xtask.
    pub fn cargo() -> Self {
        Self::new(paths::cargo())
    }

    /// A script of an installed npm package, run by Node in `www/`.
    pub fn npm_script(script: &str) -> Self {
        Self::new("node")
            .arg(Path::new("node_modules").join(script))
            .dir(paths::www())
    }

    /// Adds one argument.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    pub fn args<I: IntoIterator>(mut self, args: I) -> Self
    where
        I::Item: Into<OsString>,
    {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable for the command only.
    pub fn env(mut self, key: &str, value: impl Into<OsString>) -> Self {
        self.env.push((key.into(), Some(value.into())));
        self
    }

    /// Hides a variable from the command.
    pub fn env_remove(mut self, key: &str) -> Self {
        self.env.push((key.into(), None));
        self
    }

    /// Runs the command in `dir` instead of the root.
    pub fn dir(mut self, dir: PathBuf) -> Self {
        self.dir = dir;
        self
    }

    /// Runs it with this terminal; an exit status other than 0 is an error that names the command.
    pub fn run(&self) -> Result<()> {
        let status = self
            .command()
            .status()
            .with_context(|| self.not_started())?;
        self.check(status)
    }

    /// As [`Tool::run`], but gives up after `limit`.
    pub fn run_within(&self, limit: Duration) -> Result<()> {
        let mut child = self.command().spawn().with_context(|| self.not_started())?;
        match wait(&mut child, limit)? {
            Some(status) => self.check(status),
            None => bail!("gave up after {} s: {self}", limit.as_secs()),
        }
    }

    /// Runs it and returns what it printed; its errors go to this terminal.
    pub fn capture(&self) -> Result<String> {
        let output = self
            .command()
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| self.not_started())?;
        self.check(output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What it prints if it can be started and succeeds; otherwise nothing, and nothing is shown.
    pub fn probe(&self) -> Option<String> {
        let output = self.command().stdin(Stdio::null()).output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it, passing its standard output on line by line to this terminal and to `seen`.
    ///
    /// The result is whether it succeeded, for callers that want to report what was seen either way.
    pub fn tee(&self, mut seen: impl FnMut(&str)) -> Result<bool> {
        let mut child = self
            .command()
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| self.not_started())?;
        let stdout = child
            .stdout
            .take()
            .context("a piped child has a standard output")?;
        let mut reader = BufReader::new(stdout);
        let mut line = Vec::new();
        let mut terminal = std::io::stdout();
        while reader.read_until(b'\n', &mut line)? > 0 {
            terminal.write_all(&line)?;
            terminal.flush()?;
            seen(&plain(&String::from_utf8_lossy(&line)));
            line.clear();
        }
        Ok(child.wait()?.success())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(&self.dir);
        for (key, value) in &self.env {
            match value {
                Some(value) => command.env(key, value),
                None => command.env_remove(key),
            };
        }
        command
    }

    fn check(&self, status: ExitStatus) -> Result<()> {
        if status.success() {
            return Ok(());
        }
        bail!("{status} from: {self}")
    }

    fn not_started(&self) -> String {
        format!("cannot start: {self}")
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let here = self.dir == paths::root();
        if !here {
            write!(f, "(cd {} && ", shown(self.dir.as_os_str()))?;
        }
        for (key, value) in &self.env {
            if let Some(value) = value {
                write!(f, "{}={} ", key.to_string_lossy(), shown(value))?;
            }
        }
        write!(f, "{}", shown(&self.program))?;
        for arg in &self.args {
            write!(f, " {}", shown(arg))?;
        }
        f.write_str(if here { "" } else { ")" })
    }
}

/// `text` as a shell takes it, with paths inside the repository shortened to relative ones.
fn shown(text: &OsStr) -> String {
    let root = paths::root();
    let text = match Path::new(text).strip_prefix(&root) {
        Ok(inside) if !inside.as_os_str().is_empty() => inside.to_string_lossy(),
        _ => text.to_string_lossy(),
    };
    let safe = |c: char| c.is_alphanumeric() || "-_=./:,+@%".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''").replace('\x1f', " "))
    }
}

/// Waits for `child` up to `limit`; kills it and returns nothing when the time is over.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// `line` without colour codes and line end.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.trim_end_matches(['\r', '\n']).chars();
    while let Some(c) = chars.next() {
        if c == '\x1b' {
            // CSI sequences end with a letter; the runners we read use no other kind.
            let _ = chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_drops_colours_and_line_end() {
        assert_eq!(
            plain("\x1b[2m  Tests \x1b[22m \x1b[1m\x1b[32m3 passed\x1b[39m\r\n"),
            "  Tests  3 passed"
        );
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        let tool = Tool::new("npm")
            .args(["ci", "a b", "it's"])
            .env("K", "v")
            .dir(paths::www());
        assert_eq!(tool.to_string(), r"(cd www && K=v npm ci 'a b' 'it'\''s')");
    }

    #[test]
    #[cfg(unix)]
    fn a_failing_command_is_an_error_that_names_it() {
        let error = Tool::new("sh")
            .args(["-c", "exit 3"])
            .run()
            .expect_err("it exits with 3");
        assert_eq!(error.to_string(), "exit status: 3 from: sh -c 'exit 3'");
        let error = Tool::new("no-such-program")
            .run()
            .expect_err("there is no such program");
        assert_eq!(error.to_string(), "cannot start: no-such-program");
    }

    #[test]
    #[cfg(unix)]
    fn a_command_that_hangs_is_given_up() {
        let sleep = Tool::new("sleep").arg("600");
        let error = sleep
            .run_within(Duration::from_millis(100))
            .expect_err("it sleeps");
        assert_eq!(error.to_string(), "gave up after 0 s: sleep 600");
    }
}
