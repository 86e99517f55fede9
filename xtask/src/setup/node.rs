//! Node and the page's npm packages.

use super::Step;
use crate::paths;
use crate::tool::Tool;
use anyhow::{Context, Result, bail};
use std::fs;

/// The oldest Node that Vite runs on; `engines` in www/package.json says the same.
const OLDEST: (u32, u32) = (20, 19);

/// Node itself, which is not installed for anyone: there are too many ways people manage it.
pub const NODE: Step = Step {
    what: "Node 20.19 or newer, with npm",
    found: found_node,
    install: || bail!("not on the path, or too old"),
    by_hand: "https://nodejs.org/en/download, or your package manager, for instance\n\
              nvm install 22        (any system with nvm)\n\
              brew install node     (macOS)\n\
              sudo apt-get install nodejs npm     (a recent Debian or Ubuntu)",
};

/// The packages of www/package-lock.json.
pub const PACKAGES: Step = Step {
    what: "npm packages of www/",
    found: found_packages,
    install: install_packages,
    by_hand: "(cd www && npm ci)",
};

fn found_node() -> Result<Option<String>> {
    let node = Tool::new("node").arg("--version").probe();
    let npm = npm().arg("--version").probe();
    let Some((node, npm)) = node.zip(npm) else {
        return Ok(None);
    };
    let found = format!("node {}, npm {}", node.trim(), npm.trim());
    Ok(parse_version(&node)
        .filter(|version| *version >= OLDEST)
        .map(|_| found))
}

/// Major and minor of `v20.19.2`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn found_packages() -> Result<Option<String>> {
    let lock = lock_file()?;
    let installed = fs::read_to_string(installed_lock()).unwrap_or_default();
    Ok((installed == lock).then(|| "as www/package-lock.json says".to_owned()))
}

fn install_packages() -> Result<()> {
    npm()
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .dir(paths::www())
        .run()?;
    fs::write(installed_lock(), lock_file()?).context("cannot note what was installed")
}

fn lock_file() -> Result<String> {
    let path = paths::www().join("package-lock.json");
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// A copy of the lock file that node_modules was installed from; `npm ci` removes it with the rest.
fn installed_lock() -> std::path::PathBuf {
    paths::www()
        .join("node_modules")
        .join(".dropprof-lock.json")
}

/// npm itself.
pub fn npm() -> Tool {
    Tool::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(parse_version("v20.19.2\n"), Some((20, 19)));
        assert!(parse_version("v20.9.0") < Some(OLDEST));
        assert!(parse_version("v22.1.0") > Some(OLDEST));
        assert_eq!(parse_version("20.19.2"), None);
    }
}
