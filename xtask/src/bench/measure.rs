//! What a child process used.

use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use wait4::Wait4;

/// CPU time in user and system mode, and the most memory that was resident at a time.
pub struct Usage {
    /// Seconds.
    pub cpu_s: f64,
    /// In 10^6 bytes.
    pub peak_mb: f64,
}

/// Runs a command `runs` times and returns what the run with the least CPU time used, and the
/// output of the last. Noise of the machine only ever adds.
pub fn best_of(runs: usize, command: &mut Command) -> Result<(Usage, Vec<u8>)> {
    let (mut best, mut output) = once(command)?;
    for _ in 1..runs {
        let (usage, text) = once(command)?;
        output = text;
        if usage.cpu_s < best.cpu_s {
            best = usage;
        }
    }
    Ok((best, output))
}

/// As [`best_of`] for a command whose output is thrown away.
pub fn discard(runs: usize, command: &mut Command) -> Result<Usage> {
    let mut best = wait(command.stdout(Stdio::null()), |_| Ok(()))?;
    for _ in 1..runs {
        let usage = wait(command, |_| Ok(()))?;
        if usage.cpu_s < best.cpu_s {
            best = usage;
        }
    }
    Ok(best)
}

fn once(command: &mut Command) -> Result<(Usage, Vec<u8>)> {
    let mut output = Vec::new();
    let usage = wait(command.stdout(Stdio::piped()), |child| {
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_end(&mut output)?;
        }
        Ok(())
    })?;
    Ok((usage, output))
}

fn wait(command: &mut Command, meanwhile: impl FnOnce(&mut Child) -> Result<()>) -> Result<Usage> {
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    meanwhile(&mut child)?;
    let used = child.wait4()?;
    ensure!(used.status.success(), "{} from {command:?}", used.status);
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Usage {
        cpu_s: cpu.as_secs_f64(),
        peak_mb: used.rusage.maxrss as f64 / 1e6,
    })
}

/// The child that only decompresses `file`: prints the number of bytes.
pub fn gunzip(file: &Path) -> Result<()> {
    let mut gzip = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, File::open(file)?));
    let mut buffer = vec![0; 1 << 18];
    let mut total = 0;
    loop {
        match gzip.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => total += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    println!("{total}");
    Ok(())
}

/// What [`gunzip`] prints.
pub fn raw_size(command: &mut Command) -> Result<u64> {
    let (_, output) = once(command)?;
    Ok(String::from_utf8_lossy(&output).trim().parse()?)
}
