//! A Chromium for the browser tests.

use super::{Step, apt};
use crate::paths;
use crate::tool::Tool;
use anyhow::{Result, bail};
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The variable that names the browser to use, for people and for playwright.config.ts.
pub const VARIABLE: &str = "DROPPROF_CHROMIUM";

/// Any Chromium that Playwright can drive.
pub const STEP: Step = Step {
    what: "Chromium",
    found: || Ok(find()?.map(|browser| browser.describe())),
    install,
    by_hand: "(cd www && npx playwright install --with-deps chromium)\n\
              or install Chromium or Google Chrome your way; DROPPROF_CHROMIUM=/path/to/it names\n\
              one that is not on the path",
};

/// Which browser the tests drive.
pub enum Browser {
    /// The one that Playwright downloaded for itself.
    Playwrights,
    /// One found on this machine.
    At(PathBuf),
}

impl Browser {
    fn describe(&self) -> String {
        match self {
            Self::Playwrights => "the one Playwright downloaded".to_owned(),
            Self::At(path) => path.display().to_string(),
        }
    }
}

/// The browser to use, if there is one: named by the variable, on the machine, or Playwright's.
pub fn find() -> Result<Option<Browser>> {
    if let Some(named) = env::var_os(VARIABLE).map(PathBuf::from) {
        if !named.is_file() {
            bail!("{VARIABLE} names {}, which is not a file", named.display());
        }
        return Ok(Some(Browser::At(named)));
    }
    if let Some(path) = on_machine() {
        return Ok(Some(Browser::At(path)));
    }
    Ok(playwrights().then_some(Browser::Playwrights))
}

fn on_machine() -> Option<PathBuf> {
    const NAMES: &[&str] = &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    const PLACES: &[&str] = &[
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ];
    let placed = PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
    let named = NAMES
        .iter()
        .filter_map(|name| paths::on_path(&[name]))
        .find(|path| starts(path));
    named.or(placed)
}

/// Whether it runs at all: some systems ship a stub by that name, or lack its libraries.
fn starts(browser: &Path) -> bool {
    Tool::new(browser).arg("--version").probe().is_some()
}

/// Whether Playwright's own download is there and runs.
fn playwrights() -> bool {
    let script = "console.log(require('playwright-core').chromium.executablePath())";
    let printed = Tool::new("node")
        .args(["-e", script])
        .dir(paths::www())
        .probe();
    printed.is_some_and(|path| {
        let path = Path::new(path.trim());
        path.is_file() && (cfg!(windows) || starts(path))
    })
}

fn install() -> Result<()> {
    let downloaded = Tool::npm_script("playwright/cli.js")
        .args(["install", "chromium"])
        .run_within(Duration::from_secs(600));
    match downloaded {
        Ok(()) if playwrights() => return Ok(()),
        Ok(()) => println!("set-up: Playwright's Chromium does not start here"),
        Err(error) => println!("set-up: Playwright cannot download Chromium ({error:#})"),
    }
    apt::install(&["chromium", "fonts-liberation", "fonts-dejavu-core"])
}
