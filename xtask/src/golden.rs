//! `cargo xtask golden`: remakes the expected outputs with the real Go tools.
//!
//! 1. `testdata/programs/handmade/*.txt` become `testdata/pprof/handmade/*.pb`, and
//!    `testdata/programs/legacy/*.words` become `testdata/legacy/*.prof`.
//! 2. Every case of [`cases`] is printed by `go tool pprof` several times; what never
//!    varied becomes `testdata/golden/pprof/…` with a row in `manifest.tsv`, what varied is listed in
//!    `varying.tsv`.
//! 3. Every profile is printed with every set of arguments of `testdata/matrix`, see [`matrix`].
//! 4. Every command of `testdata/benchstat` is run by benchstat, see [`benchstat`].
//! 5. Every trace of `testdata/trace` is read and made into profiles by Go, see [`trace`].
//!
//! The captured profiles themselves are made by `testdata/programs/capture.sh`.

mod benchstat;
pub mod cases;
pub mod handmade;
mod matrix;
mod trace;
mod words;

pub use trace::tool_trace;

use crate::{paths, setup};
use anyhow::{Context, Result, bail, ensure};
use cases::Case;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

/// What `cargo xtask help` says.
pub const HELP: &str = "Remake the expected outputs under testdata/ with the real Go tools
--matrix     only those of testdata/matrix
--benchstat  only those of testdata/benchstat (needs benchstat on the path)
--trace      only those of testdata/trace";

/// How often the tool prints each case: it breaks some ties by map order, so once is not enough.
const RUNS: usize = 5;

/// The arguments of every run: no look-up of binaries, no demangling.
const ALWAYS: &[&str] = &["-symbolize=none"];

/// Remakes the goldens.
pub fn run(args: &[String]) -> Result<()> {
    let testdata = paths::root().join("testdata");
    if args.iter().any(|arg| arg == "--benchstat") {
        return benchstat::run();
    }
    if args.iter().any(|arg| arg == "--trace") {
        return trace::run();
    }
    encode_handmade(&testdata)?;
    encode_words(&testdata)?;
    let oracle = Oracle::find()?;
    match args {
        [] => {}
        [only] if only == "--matrix" => return matrix::run(&oracle, &testdata),
        _ => bail!("unknown arguments; see cargo xtask golden --help"),
    }
    let cases = cases::all(&testdata)?;
    println!(
        "golden: {} cases, {RUNS} runs each of go tool pprof ({})",
        cases.len(),
        oracle.version
    );
    let outcomes = oracle.print_all(&testdata, &cases)?;
    write(&testdata.join("golden"), &oracle.version, &cases, &outcomes)?;
    matrix::run(&oracle, &testdata)?;
    benchstat::run()?;
    trace::run()
}

fn encode_handmade(testdata: &Path) -> Result<()> {
    let to = testdata.join("pprof").join("handmade");
    fs::create_dir_all(&to)?;
    for from in cases::handmade_sources(testdata)? {
        let encoded = handmade::encode(&fs::read_to_string(&from)?);
        let encoded = encoded.with_context(|| from.display().to_string())?;
        let name = from.file_stem().context("a source has a name")?;
        fs::write(to.join(name).with_extension("pb"), encoded)?;
    }
    Ok(())
}

fn encode_words(testdata: &Path) -> Result<()> {
    for from in cases::files(&testdata.join("programs").join("legacy"))? {
        let encoded = words::encode(&fs::read_to_string(&from)?);
        let name = from.file_stem().context("a source has a name")?;
        for (encoding, bytes) in encoded.with_context(|| from.display().to_string())? {
            let file = format!("{}-{encoding}.prof", name.to_string_lossy());
            fs::write(testdata.join("legacy").join(file), bytes)?;
        }
    }
    Ok(())
}

/// The real `go tool pprof`.
pub struct Oracle {
    program: PathBuf,
    /// The Go release it belongs to, such as `go1.27.3`.
    pub version: String,
}

impl Oracle {
    /// The tool of the Go that set-up finds or installs.
    pub fn find() -> Result<Self> {
        Self::of(&setup::go::find_or_install_go()?)
    }

    /// The tool of `go`, built now if it was not yet: asking for its path avoids paying for the
    /// `go` command in every run and in every measurement.
    pub fn of(go: &Path) -> Result<Self> {
        let path = first_line(Command::new(go).args(["tool", "-n", "pprof"]))?;
        let version = first_line(Command::new(go).args(["env", "GOVERSION"]))?;
        if !Path::new(&path).is_file() {
            // Releases that ship the tool print where it is; newer ones build it into the cache on
            // first use.
            first_line(Command::new(go).args(["tool", "pprof", "-h"])).ok();
        }
        Ok(Self {
            program: path.into(),
            version,
        })
    }

    /// The tool itself.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// A run that prints what dropprof has to print.
    pub fn command<S: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.program);
        command.args(ALWAYS).args(args);
        command
            .env("TZ", "UTC")
            .env("PPROF_BINARY_PATH", "/nonexistent");
        command
    }

    fn print_all(&self, testdata: &Path, cases: &[Case]) -> Result<Vec<Option<Vec<u8>>>> {
        let threads = thread::available_parallelism()?.get();
        let chunk = cases.len().div_ceil(threads);
        thread::scope(|scope| {
            let workers: Vec<_> = cases
                .chunks(chunk)
                .map(|part| {
                    scope
                        .spawn(move || part.iter().map(|case| self.print(testdata, case)).collect())
                })
                .collect();
            let parts = workers
                .into_iter()
                .map(|worker| worker.join().expect("printing does not panic"));
            Ok(parts.collect::<Result<Vec<Vec<_>>>>()?.concat())
        })
    }

    /// What the tool prints for `case`; nothing if that varies.
    fn print(&self, testdata: &Path, case: &Case) -> Result<Option<Vec<u8>>> {
        let once = || -> Result<Vec<u8>> {
            let args = case
                .args
                .iter()
                .map(String::as_str)
                .chain([case.input.as_str()]);
            let output = self.command(args).current_dir(testdata).output()?;
            if !output.status.success() {
                bail!("{case:?}: {}", String::from_utf8_lossy(&output.stderr));
            }
            Ok(output.stdout)
        };
        let first = once()?;
        for _ in 1..RUNS {
            if once()? != first {
                return Ok(None);
            }
        }
        Ok(Some(first))
    }
}

fn first_line(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned())
}

fn write(golden: &Path, version: &str, cases: &[Case], outcomes: &[Option<Vec<u8>>]) -> Result<()> {
    let files = golden.join("pprof");
    if files.exists() {
        fs::remove_dir_all(&files)?;
    }
    let mut manifest = String::from("# golden\tinput\targuments\ttool\n");
    let mut varying = String::from(
        "# Not the same in every run of the tool, so not golden.\n# input\targuments\ttool\n",
    );
    let mut kept = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        let arguments = case.args.join(" ");
        let Some(text) = outcome else {
            println!("varies: {} {arguments}", case.input);
            varying += &format!("{}\t{arguments}\t{version}\n", case.input);
            continue;
        };
        let name = case.golden_name();
        if let Some(other) = kept.insert(name.clone(), case) {
            bail!("{case:?} and {other:?} have the same golden {name}");
        }
        let file = golden.join(&name);
        fs::create_dir_all(file.parent().context("a golden is in a directory")?)?;
        fs::write(&file, text)?;
        manifest += &format!("golden/{name}\t{}\t{arguments}\t{version}\n", case.input);
    }
    fs::write(golden.join("manifest.tsv"), manifest)?;
    fs::write(golden.join("varying.tsv"), varying)?;
    println!(
        "golden: {} written, {} vary",
        kept.len(),
        cases.len() - kept.len()
    );
    Ok(())
}
