//! Debian's packages, the fallback where a tool's own download server cannot be reached.

use crate::paths;
use crate::tool::Tool;
use anyhow::{Result, bail};

/// Installs `packages`; never removes one that is in the way.
pub fn install(packages: &[&str]) -> Result<()> {
    if paths::on_path(&["apt-get"]).is_none() {
        bail!("this system has no apt-get to fall back to");
    }
    println!(
        "set-up: falling back to the distribution's packages: {}",
        packages.join(" ")
    );
    apt_get()?.args(["-qq", "update"]).run()?;
    let flags = [
        "-qq",
        "install",
        "-y",
        "--no-install-recommends",
        "--no-remove",
    ];
    let quiet = "-oDpkg::Use-Pty=0";
    apt_get()?.args(flags).arg(quiet).args(packages).run()
}

/// `apt-get`, as root by whatever way is open without asking.
fn apt_get() -> Result<Tool> {
    if Tool::new("id")
        .arg("-u")
        .probe()
        .is_some_and(|id| id.trim() == "0")
    {
        return Ok(Tool::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive"));
    }
    if Tool::new("sudo").args(["-n", "true"]).probe().is_some() {
        let args = ["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
        return Ok(Tool::new("sudo").args(args));
    }
    bail!("apt-get needs root, and sudo is not open without a password")
}
