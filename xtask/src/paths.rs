//! Where things are in the tree.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The root of the repository.
///
/// Cargo says where `xtask` is when it runs it; the place it was compiled at is the fallback for a
/// binary that is started directly.
pub fn root() -> PathBuf {
    let xtask = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask
        .parent()
        .map_or_else(|| xtask.clone(), Path::to_path_buf)
}

/// The page's sources and its npm package.
pub fn www() -> PathBuf {
    root().join("www")
}

/// The finished static site.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The generated glue and module that the page's worker imports.
pub fn pkg() -> PathBuf {
    www().join("src").join("pkg")
}

/// Cargo's output directory, which `CARGO_TARGET_DIR` may move.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Tools that xtask installs for itself; they survive a change of `CARGO_TARGET_DIR`.
pub fn tools() -> PathBuf {
    root().join("target").join("tools")
}

/// The cargo that runs this xtask, or the first on the path.
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Where the first of `names` is on the search path, if any of them is.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let dirs: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        dirs.iter()
            .map(|dir| dir.join(&file))
            .find(|candidate| candidate.is_file())
    })
}
