//! Other viewers in the same browser, driven by `www/e2e/rivals.mjs`.

use super::browser::{Shown, driver};
use crate::golden::Oracle;
use crate::paths;
use crate::serve::http::Server;
use crate::setup::node;
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::path::Path;

/// The release of the npm package.
pub const SPEEDSCOPE: &str = "1.25.0";

/// What the script says when the browser gave the tab up.
const CRASHED: &str = "crashed";

/// speedscope, served until the process ends.
pub struct Speedscope {
    url: String,
}

impl Speedscope {
    /// Fetches it under target/tools where it is not there yet.
    pub fn open() -> Result<Self> {
        let dir = paths::tools().join("speedscope");
        let site = dir.join("node_modules/speedscope/dist/release");
        if !site.join("index.html").is_file() {
            node::npm()
                .args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
                .args(["--loglevel=error", "--prefix"])
                .arg(&dir)
                .arg(format!("speedscope@{SPEEDSCOPE}"))
                .run()?;
        }
        let server = Server::bind(&site, "/", 0)?;
        let url = server.url("127.0.0.1");
        server.start();
        Ok(Self { url })
    }

    /// What the tab uses for a file; `None` where that is too much for it.
    pub fn show(&self, file: &Path) -> Result<Option<Shown>> {
        show("speedscope", self.url.as_ref(), file)
    }
}

/// What `go tool pprof -http` and its tab use together.
pub fn pprof(go: &Oracle, file: &Path) -> Result<Option<Shown>> {
    show("pprof", go.program().as_os_str(), file)
}

fn show(viewer: &str, place: &OsStr, file: &Path) -> Result<Option<Shown>> {
    let tool = driver(
        "e2e/rivals.mjs",
        &[viewer.as_ref(), place, file.as_os_str()],
    )?;
    let printed = tool.capture()?;
    if printed.trim() == CRASHED {
        return Ok(None);
    }
    Shown::of(&printed)
        .with_context(|| tool.to_string())
        .map(Some)
}
