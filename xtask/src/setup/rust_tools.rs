//! rustfmt and clippy, which a minimal Rust installation leaves out.

use super::Step;
use crate::tool::Tool;
use anyhow::Result;

/// Both tools of the toolchain in use.
pub const STEP: Step = Step {
    what: "rustfmt and clippy",
    found,
    install,
    by_hand: "rustup component add rustfmt clippy",
};

fn found() -> Result<Option<String>> {
    let version = |tool: &str| Tool::cargo().args([tool, "--version"]).probe();
    Ok(version("fmt")
        .zip(version("clippy"))
        .map(|(fmt, clippy)| format!("{}, {}", fmt.trim(), clippy.trim())))
}

fn install() -> Result<()> {
    Tool::new("rustup")
        .args(["component", "add", "rustfmt", "clippy"])
        .run()
}
