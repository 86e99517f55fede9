//! A compiler for `wasm32-unknown-unknown`, with the sources of the standard library.
//!
//! The library is built along with the core, by rustup's toolchain as by Debian's: only so can its
//! panics be compiled to bare traps, without which the module is a tenth larger.

use super::{Step, apt};
use crate::paths;
use crate::tool::Tool;
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The target triple of the page's core.
pub const TRIPLE: &str = "wasm32-unknown-unknown";

/// The compiler and library, by either way.
pub const STEP: Step = Step {
    what: "wasm32-unknown-unknown",
    found: || Ok(find().map(|toolchain| toolchain.describe())),
    install,
    by_hand: "rustup component add rust-src\n\
              or, on Debian where rustup cannot reach its server:\n\
              sudo apt-get install --no-install-recommends rustc-web cargo-web rust-web-src",
};

/// The oldest Rust that compiles the core; `rust-version` in Cargo.toml says the same.
const OLDEST: (u32, u32) = (1, 92);

const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// How the core can be compiled here.
pub enum Toolchain {
    /// rustup's toolchain with its component rust-src.
    Rustup,
    /// The system's.
    Debian {
        /// The system's compiler.
        rustc: PathBuf,
        /// The cargo of the same release.
        cargo: PathBuf,
        /// A linker that writes wasm.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// The `cargo build` of this toolchain for the target, without what to build.
    pub fn cargo_build(&self) -> Tool {
        let cargo = match self {
            Self::Rustup => Tool::cargo(),
            Self::Debian {
                rustc,
                cargo,
                linker,
            } => Tool::new(cargo)
                .env("RUSTC", rustc)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .env_remove("CARGO")
                .env_remove("RUSTUP_TOOLCHAIN"),
        };
        // -Zbuild-std is a nightly option; the variable is how a stable compiler takes it.
        cargo
            .args(["build", "--target", TRIPLE, "-Zbuild-std=std,panic_abort"])
            .env("RUSTC_BOOTSTRAP", "1")
    }

    /// A short name that differs between toolchains whose artifacts must not be mixed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rustup => "wasm",
            Self::Debian { .. } => "wasm-debian",
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Rustup => "rustup's toolchain with rust-src".to_owned(),
            Self::Debian { rustc, linker, .. } => {
                format!("{}, linked by {}", rustc.display(), linker.display())
            }
        }
    }
}

/// The toolchain to use, if there is one.
pub fn find() -> Option<Toolchain> {
    if has_std_sources(Path::new("rustc")) {
        return Some(Toolchain::Rustup);
    }
    let (rustc, cargo) = (
        PathBuf::from("/usr/bin/rustc"),
        PathBuf::from("/usr/bin/cargo"),
    );
    let linker = find_linker()?;
    let usable = cargo.is_file() && has_std_sources(&rustc) && is_new_enough(&rustc);
    usable.then_some(Toolchain::Debian {
        rustc,
        cargo,
        linker,
    })
}

fn install() -> Result<()> {
    if let Err(error) = install_by_rustup() {
        println!("set-up: rustup cannot provide it ({error:#})");
        install_by_apt()?;
    }
    Ok(())
}

fn install_by_rustup() -> Result<()> {
    if paths::on_path(&["rustup"]).is_none() {
        bail!("rustup is not installed");
    }
    Tool::new("rustup")
        .args(["component", "add", "rust-src"])
        .env("RUSTUP_MAX_RETRIES", "1")
        .env_remove("RUST_BACKTRACE")
        .run_within(Duration::from_secs(180))
}

fn install_by_apt() -> Result<()> {
    let mut packages = DEBIAN_PACKAGES.to_vec();
    if find_linker().is_none() {
        packages.push("lld");
    }
    apt::install(&packages)
}

fn has_std_sources(rustc: &Path) -> bool {
    sysroot(rustc).is_some_and(|root| {
        root.join("lib/rustlib/src/rust/library/std/Cargo.toml")
            .is_file()
    })
}

fn is_new_enough(rustc: &Path) -> bool {
    let version = Tool::new(rustc).arg("--version").probe();
    version
        .as_deref()
        .and_then(parse_version)
        .is_some_and(|version| version >= OLDEST)
}

/// Major and minor of `rustc 1.96.0 (…)`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix("rustc ")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn sysroot(rustc: &Path) -> Option<PathBuf> {
    let root = Tool::new(rustc).args(["--print", "sysroot"]).probe()?;
    Some(PathBuf::from(root.trim()))
}

/// `rust-lld` of any toolchain, or LLVM's `wasm-ld`.
fn find_linker() -> Option<PathBuf> {
    let shipped = ["rustc", "/usr/bin/rustc"].iter().find_map(|rustc| {
        let libraries = sysroot(Path::new(rustc))?.join("lib/rustlib");
        let hosts = fs::read_dir(libraries).ok()?.flatten();
        hosts
            .map(|host| host.path().join("bin/rust-lld"))
            .find(|lld| lld.is_file())
    });
    shipped.or_else(|| paths::on_path(&["rust-lld", "wasm-ld"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_version_is_read_from_its_first_line() {
        assert_eq!(
            parse_version("rustc 1.96.0 (ac68faa20 2026-05-25)"),
            Some((1, 96))
        );
        assert!(parse_version("rustc 1.63.0") < Some(OLDEST));
        assert_eq!(parse_version("cargo 1.96.0"), None);
    }
}
