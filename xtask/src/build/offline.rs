//! The service worker of the site: the page's files by name, and a version that changes with any of them.

use crate::paths;
use crate::stamp::files_under;
use anyhow::{Context, Result, ensure};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

/// What of the site nobody needs who is offline: the page as one file is fetched for an export, the
/// demos by a click. Readers and icons of an installed page take their files themselves.
const LEFT_OUT: &[&str] = &["demo/", "onefile.html", "sw.js"];

/// Writes dist/sw.js from www/sw.js.
pub fn write() -> Result<()> {
    let source = paths::www().join("sw.js");
    let text =
        fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let written = filled(&text, &paths::dist())?;
    let target = paths::dist().join("sw.js");
    fs::write(&target, written).with_context(|| format!("cannot write {}", target.display()))
}

/// The script with the files below `dist` and their version.
fn filled(text: &str, dist: &Path) -> Result<String> {
    let (mut names, mut version) = (Vec::new(), DefaultHasher::new());
    text.hash(&mut version);
    for file in files_under(dist)? {
        let name = file
            .strip_prefix(dist)?
            .to_string_lossy()
            .replace('\\', "/");
        if LEFT_OUT.iter().any(|left_out| name.starts_with(left_out)) {
            continue;
        }
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        (&name, bytes).hash(&mut version);
        names.push(format!("'{name}'"));
    }
    let (before, list) = ("const VERSION = '';", "const FILES = [];");
    ensure!(
        text.contains(before) && text.contains(list),
        "www/sw.js has no place for its list"
    );
    let version = format!("const VERSION = '{:016x}';", version.finish());
    let names = format!("const FILES = [\n  {},\n];", names.join(",\n  "));
    Ok(text.replacen(before, &version, 1).replacen(list, &names, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_of_a_file_is_another_version() -> Result<()> {
        let dist = paths::target().join("xtask").join("offline-test");
        let _ = fs::remove_dir_all(&dist);
        fs::create_dir_all(dist.join("assets"))?;
        fs::create_dir_all(dist.join("demo"))?;
        for name in [
            "index.html",
            "assets/a.js",
            "demo/cpu.pb.gz",
            "onefile.html",
            "sw.js",
        ] {
            fs::write(dist.join(name), name)?;
        }
        let text = fs::read_to_string(paths::www().join("sw.js"))?;
        let first = filled(&text, &dist)?;
        assert!(
            first.contains("const FILES = [\n  'assets/a.js',\n  'index.html',\n];"),
            "{first}"
        );
        assert!(!first.contains("const VERSION = '';"), "{first}");
        fs::write(dist.join("demo/cpu.pb.gz"), "another")?;
        assert_eq!(filled(&text, &dist)?, first, "a demo is none of its files");
        fs::write(dist.join("assets/a.js"), "another")?;
        assert_ne!(filled(&text, &dist)?, first);
        assert!(filled("nothing", &dist).is_err());
        Ok(())
    }
}
