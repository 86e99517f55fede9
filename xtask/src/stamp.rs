//! Skipping work whose inputs and outputs are unchanged.

use anyhow::{Context, Result};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

/// A note of what a step read and what it left, by content.
///
/// The outputs are part of it because the directories they lie in are shared: another checkout of
/// the same target directory, or a person, may have changed them since.
pub struct Stamp {
    file: PathBuf,
    inputs: u64,
    outputs: Vec<PathBuf>,
}

impl Stamp {
    /// A stamp called `name` for a step that reads `inputs` with `options` and writes `outputs`.
    ///
    /// Inputs and outputs are files or directories; one that does not exist counts as empty.
    pub fn new(name: &str, options: &str, inputs: &[PathBuf], outputs: &[PathBuf]) -> Result<Self> {
        let file = crate::paths::target()
            .join("xtask")
            .join(format!("{name}.stamp"));
        let mut hasher = DefaultHasher::new();
        options.hash(&mut hasher);
        hash_all(inputs, &mut hasher)?;
        Ok(Self {
            file,
            inputs: hasher.finish(),
            outputs: outputs.to_vec(),
        })
    }

    /// Whether the step has nothing to do.
    pub fn is_current(&self) -> Result<bool> {
        if !self.outputs.iter().all(|path| path.exists()) {
            return Ok(false);
        }
        let noted = fs::read_to_string(&self.file).unwrap_or_default();
        Ok(noted == self.text()?)
    }

    /// Notes that the step is done.
    pub fn write(&self) -> Result<()> {
        if let Some(dir) = self.file.parent() {
            fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        }
        fs::write(&self.file, self.text()?)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }

    fn text(&self) -> Result<String> {
        let mut hasher = DefaultHasher::new();
        hash_all(&self.outputs, &mut hasher)?;
        Ok(format!("{:016x} {:016x}\n", self.inputs, hasher.finish()))
    }
}

fn hash_all(paths: &[PathBuf], hasher: &mut DefaultHasher) -> Result<()> {
    for path in paths {
        for file in files_under(path)? {
            file.strip_prefix(path).unwrap_or(&file).hash(hasher);
            fs::read(&file)
                .with_context(|| format!("cannot read {}", file.display()))?
                .hash(hasher);
        }
    }
    Ok(())
}

/// Every file at or under `path`, sorted by path; empty if there is nothing.
pub fn files_under(path: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut pending = vec![path.to_path_buf()];
    while let Some(next) = pending.pop() {
        if next.is_file() {
            files.push(next);
        } else if next.is_dir() {
            let entries =
                fs::read_dir(&next).with_context(|| format!("cannot list {}", next.display()))?;
            for entry in entries {
                pending.push(entry?.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::slice::from_ref;

    #[test]
    fn a_changed_input_or_output_makes_it_stale() -> Result<()> {
        let dir = crate::paths::target().join("xtask").join("stamp-test");
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir)?;
        let _ = fs::remove_file(dir.with_extension("stamp"));
        let (input, output) = (dir.join("in"), dir.join("out"));
        fs::write(&input, "a")?;
        let stamp =
            |options: &str| Stamp::new("stamp-test", options, from_ref(&input), from_ref(&output));
        assert!(!stamp("")?.is_current()?, "no output yet");
        fs::write(&output, "b")?;
        assert!(!stamp("")?.is_current()?, "never written");
        stamp("")?.write()?;
        assert!(stamp("")?.is_current()?);
        assert!(!stamp("--dev")?.is_current()?, "other options");
        fs::write(&output, "tampered")?;
        assert!(!stamp("")?.is_current()?, "other output");
        fs::write(&output, "b")?;
        fs::write(&input, "c")?;
        assert!(!stamp("")?.is_current()?, "other input");
        Ok(())
    }
}
