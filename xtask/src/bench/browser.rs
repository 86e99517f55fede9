//! The page in Chromium, driven by `www/e2e/bench.mjs`, `www/e2e/frames.mjs` and
//! `www/e2e/timelineframes.mjs`.

use super::measure::Usage;
use crate::build::{self, Mode};
use crate::serve::http::Server;
use crate::setup::browser::{self, Browser};
use crate::tool::Tool;
use crate::{paths, setup};
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::path::Path;

/// A deep base, as on GitHub Pages.
const BASE: &str = "/pages/dropprof/";

/// The built site, served until the process ends.
pub struct Page {
    url: String,
}

/// What the tab used from the choice of a file until its flame graph was drawn.
pub struct Shown {
    /// CPU time of the tab's process with its worker, and its peak memory since it was started.
    pub usage: Usage,
    /// Seconds on the clock.
    pub wall_s: f64,
    /// Resident memory before the file was chosen, in 10^6 bytes; 0 where that was not asked.
    pub idle_mb: f64,
    /// The longest task of the main thread; 0 when none took 50 ms.
    pub longest_task_ms: f64,
}

impl Shown {
    /// What a script printed as `key=value`; an error where something is missing.
    pub fn of(printed: &str) -> Result<Self> {
        let value = |key: &str| -> Result<f64> {
            let line = printed
                .lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.with_context(|| format!("no {key} was measured"))?
                .parse()
                .context("not a number")
        };
        Ok(Self {
            usage: Usage {
                cpu_s: value("cpu_s")?,
                peak_mb: value("peak_mb")?,
            },
            wall_s: value("wall_s")?,
            idle_mb: value("idle_mb").unwrap_or(0.0),
            longest_task_ms: value("longest_task_ms")?,
        })
    }
}

/// What the frames of one movement cost.
pub struct Frames {
    /// What was done.
    pub what: String,
    /// How many frames.
    pub count: u32,
    /// Milliseconds of the main thread in a frame's callbacks: median, 95th percentile, most.
    pub work_ms: [f64; 3],
    /// Milliseconds between frames, 95th percentile.
    pub interval_ms: f64,
    /// The longest task of the main thread; 0 when none took 50 ms.
    pub longest_task_ms: f64,
}

impl Frames {
    fn of(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let what = words.next()?.to_owned();
        let count = words.next()?.parse().ok()?;
        let figures: Vec<f64> = words.map(str::parse).collect::<Result<_, _>>().ok()?;
        let &[p50, p95, most, interval_ms, longest_task_ms] = figures.as_slice() else {
            return None;
        };
        Some(Self {
            what,
            count,
            work_ms: [p50, p95, most],
            interval_ms,
            longest_task_ms,
        })
    }
}

impl Page {
    /// Builds the site if asked to and serves it.
    pub fn open(build: bool) -> Result<Self> {
        setup::ensure(setup::FOR_BROWSER_TESTS)?;
        if build {
            build::site(Mode::Release)?;
        }
        let server = Server::bind(&paths::dist(), BASE, 0)?;
        let url = server.url("127.0.0.1");
        server.start();
        Ok(Self { url })
    }

    /// Where it is served.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The run with the least CPU time of `runs`, each in a new browser.
    pub fn best_of(&self, runs: usize, file: &Path) -> Result<Shown> {
        let mut best = self.show(file, &[])?.0;
        for _ in 1..runs {
            let shown = self.show(file, &[])?.0;
            if shown.usage.cpu_s < best.usage.cpu_s {
                best = shown;
            }
        }
        Ok(best)
    }

    /// What changing each of `filters`, parts of the page's hash, takes once `file` is shown: the
    /// milliseconds until the picture is drawn, and CPU seconds. The best of `runs`, each by itself.
    pub fn filters(&self, runs: usize, file: &Path, filters: &[&str]) -> Result<Vec<(f64, f64)>> {
        let mut best = self.show(file, filters)?.1;
        for _ in 1..runs {
            for (best, next) in best.iter_mut().zip(self.show(file, filters)?.1) {
                if next.0 < best.0 {
                    *best = next;
                }
            }
        }
        Ok(best)
    }

    /// What frames of the flame graph cost, as `www/e2e/frames.mjs` prints it.
    pub fn frames(&self, file: &Path) -> Result<Vec<Frames>> {
        let printed =
            driver("e2e/frames.mjs", &[self.url.as_ref(), file.as_os_str()])?.capture()?;
        let lines = printed
            .lines()
            .filter_map(|line| line.strip_prefix("frames="));
        lines
            .map(|line| Frames::of(line).with_context(|| format!("not a measurement: {line}")))
            .collect()
    }

    /// What the timeline of a trace costs, in lines of `www/e2e/timelineframes.mjs`: what they are
    /// about, and the figures.
    pub fn timeline(&self, file: &Path) -> Result<Vec<(String, String)>> {
        let args = [self.url.as_ref(), file.as_os_str()];
        let printed = driver("e2e/timelineframes.mjs", &args)?.capture()?;
        let lines = printed.lines().filter_map(|line| line.split_once('='));
        Ok(lines
            .map(|(what, figures)| (what.to_owned(), figures.to_owned()))
            .collect())
    }

    fn show(&self, file: &Path, filters: &[&str]) -> Result<(Shown, Vec<(f64, f64)>)> {
        let tool = driver("e2e/bench.mjs", &[self.url.as_ref(), file.as_os_str()])?.args(filters);
        let printed = tool.capture()?;
        let shown = Shown::of(&printed).with_context(|| tool.to_string())?;
        let mut changes = Vec::new();
        for line in printed
            .lines()
            .filter_map(|line| line.strip_prefix("filter="))
        {
            let mut words = line.rsplit(' ').map(str::parse::<f64>);
            let (Some(Ok(cpu_s)), Some(Ok(ms))) = (words.next(), words.next()) else {
                anyhow::bail!("not a measurement: {line}");
            };
            changes.push((ms, cpu_s));
        }
        Ok((shown, changes))
    }
}

/// A script below `www` that drives the browser.
pub fn driver(script: &str, args: &[&OsStr]) -> Result<Tool> {
    let tool = Tool::new("node").arg(script).args(args).dir(paths::www());
    Ok(match browser::find()? {
        Some(Browser::At(path)) => tool.env(browser::VARIABLE, path),
        _ => tool,
    })
}
