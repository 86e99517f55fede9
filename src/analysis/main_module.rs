//! Which module is the program's own, where the files do not tell.

use super::classify::{contains, is_absolute, is_dotted, name_and_file};
use super::names::last_slash;
use super::package_of;
use crate::model::Profile;

/// The module of the functions `rows` that most stack frames belong to.
pub(super) fn heaviest_module(profile: &Profile, rows: &[usize]) -> Option<Vec<u8>> {
    ModuleWeights::collect(profile, rows).heaviest()
}

/// The module among those of `rows` that main's directory names, else the heaviest.
pub(super) fn main_module(profile: &Profile, rows: &[usize], directory: &[u8]) -> Option<Vec<u8>> {
    let modules = ModuleWeights::collect(profile, rows);
    modules.named_in(directory).or_else(|| modules.heaviest())
}

/// Stack frames per module root.
struct ModuleWeights {
    roots: Vec<(Vec<u8>, u64)>,
}

impl ModuleWeights {
    /// Weighs the modules of the functions `rows`; counts only when there is a choice.
    fn collect(profile: &Profile, rows: &[usize]) -> Self {
        let mut roots: Vec<(Vec<u8>, u64)> = Vec::new();
        let mut root_of = vec![u32::MAX; profile.functions.len()];
        for &row in rows {
            let root = module_root(package_of(name_and_file(profile, row).0));
            if matches!(root, b"" | b"main" | b"command-line-arguments") {
                continue;
            }
            let at = match roots.iter().position(|(known, _)| known == root) {
                Some(at) => at,
                None if roots.len() == MAX_ROOTS => continue,
                None => {
                    roots.push((root.to_vec(), 0));
                    roots.len() - 1
                }
            };
            root_of[row] = at as u32;
        }
        if roots.len() > 1 {
            let mut uses = vec![0_u64; profile.locations.len()];
            for location in profile.stacks.frames.iter() {
                uses[location.index()] += 1;
            }
            for (location, uses) in profile.locations.iter().zip(uses) {
                for line in profile.lines_of(location) {
                    if let Some(root) = roots.get_mut(root_of[line.function.index()] as usize) {
                        root.1 += uses;
                    }
                }
            }
        }
        Self { roots }
    }

    /// The root with most frames; ties by name.
    fn heaviest(&self) -> Option<Vec<u8>> {
        let best = self
            .roots
            .iter()
            .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        best.map(|(root, _)| root.clone())
    }

    /// The longest root that is part of a directory, as below a GOPATH.
    fn named_in(&self, directory: &[u8]) -> Option<Vec<u8>> {
        let inside = self
            .roots
            .iter()
            .filter(|(root, _)| contains(directory, root));
        inside.map(|(root, _)| root.clone()).max_by_key(Vec::len)
    }
}

/// Modules weighed against each other; more than that is not one program's set of candidates,
/// and a linear search through them would not be cheap any more.
const MAX_ROOTS: usize = 64;

/// Directories of standard libraries (`/usr/local/go/src/`), from the files of package runtime;
/// empty for `-trimpath` builds. Merged profiles can have several.
pub(super) fn go_roots(profile: &Profile) -> Vec<Vec<u8>> {
    let mut roots: Vec<Vec<u8>> = Vec::new();
    for row in 0..profile.functions.len() {
        let (name, file) = name_and_file(profile, row);
        if package_of(name) != b"runtime" || roots.len() >= 8 {
            continue;
        }
        let directory = &file[..last_slash(file)];
        if let Some(root) = directory.strip_suffix(b"runtime/")
            && root.ends_with(b"/src/")
            && !roots.iter().any(|known| known == root)
        {
            roots.push(root.to_vec());
        }
    }
    roots
}

/// The part of an import path that names its module, without looking it up: host, owner and
/// repository on the big hosts, host and first element elsewhere, the first element without a
/// host.
pub(super) fn module_root(package: &[u8]) -> &[u8] {
    let mut slashes = package
        .iter()
        .enumerate()
        .filter(|&(_, &b)| b == b'/')
        .map(|(i, _)| i);
    let first = slashes.next().unwrap_or(package.len());
    let host = &package[..first];
    if !is_dotted(host) {
        return host;
    }
    let second = slashes.next().unwrap_or(package.len());
    let versioned = contains(&package[..second], b".v") || contains(&package[..second], b"%2ev");
    let three = match host {
        b"github.com" | b"gitlab.com" | b"bitbucket.org" | b"codeberg.org" => true,
        b"golang.org" => &package[first..second] == b"/x",
        b"gopkg.in" => !versioned,
        _ => false,
    };
    let end = if three {
        slashes.next().unwrap_or(package.len())
    } else {
        second
    };
    &package[..end]
}

/// The directory of the main package's files; empty when not known.
pub(super) fn main_directory(profile: &Profile) -> &[u8] {
    let main = (0..profile.functions.len())
        .map(|row| name_and_file(profile, row))
        .find(|(name, file)| name.starts_with(b"main.") && is_absolute(file));
    main.map_or(b"", |(_, file)| &file[..last_slash(file).saturating_sub(1)])
}
