//! Whose code a function is: functions sorted into classes.
//!
//! Go symbols carry their import path, so name and file together tell the program's own code from
//! modules, the standard library and the runtime. Other languages are told by the paths their
//! tool chains use; what stays open is [`Class::Unknown`], never a guess.

use super::classify_tables::{
    NATIVE_PATHS, NATIVE_SUFFIXES, OTHER_RUNTIME, OTHER_STD_NAMES, OTHER_STD_PATHS,
    OTHER_THIRD_PARTY_PATHS, RUNTIME_ASM, RUNTIME_PACKAGES, STD_ROOTS,
};
use super::main_module::{go_roots, heaviest_module, main_directory, main_module, module_root};
use super::named_modules::{name_modules, named_modules};
use super::names::{last_slash, scope_length, unescape};
use super::{NodeId, Nodes, package_of};
use crate::model::{FunctionId, Location, Profile};

/// Whose code a function is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Class {
    /// The program's own modules.
    Main,
    /// Modules and packages of others.
    ThirdParty,
    /// The language's standard library.
    Std,
    /// The language's runtime.
    Runtime,
    /// C, C++ and other machine code inside a Go program, and system libraries.
    Native,
    /// Nothing known.
    #[default]
    Unknown,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Main,
        Self::ThirdParty,
        Self::Std,
        Self::Runtime,
        Self::Native,
        Self::Unknown,
    ];

    /// Short stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::ThirdParty => "thirdparty",
            Self::Std => "std",
            Self::Runtime => "runtime",
            Self::Native => "native",
            Self::Unknown => "unknown",
        }
    }

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Main => "your code",
            Self::ThirdParty => "third-party library",
            Self::Std => "standard library",
            Self::Runtime => "runtime",
            Self::Native => "native code",
            Self::Unknown => "unknown",
        }
    }
}

/// The class of every function of a profile.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    by_function: Vec<Class>,
    harness: Vec<bool>,
    is_go: bool,
    module: String,
}

impl Classes {
    /// Classifies all functions once; O(functions), and one pass over the stacks when several
    /// modules could be the program's own.
    pub fn new(profile: &Profile) -> Self {
        Self::with_module(profile, "")
    }

    /// The same with the module that is the program's own named: functions of packages below its
    /// import path are its own, other modules' are third parties'. Several may be named, between
    /// commas; an empty text leaves it to be guessed.
    pub fn with_module(profile: &Profile, module: &str) -> Self {
        let mut found = Self::guess(profile);
        // Nobody named any: what reads names is then not even looked at, as the page may not have
        // it yet.
        let named = match module {
            "" => Vec::new(),
            _ => named_modules(module),
        };
        if !named.is_empty() {
            name_modules(profile, &named, &mut found.by_function);
            found.module = named.join(", ");
        }
        found
    }

    /// The same of a table that goes on with functions that nothing is known of, up to `functions`.
    pub(crate) fn padded(&self, functions: usize) -> Self {
        let mut all = self.clone();
        all.by_function.resize(functions, Class::Unknown);
        all.harness.resize(functions, false);
        all
    }

    /// The classes of two profiles whose functions stand one after the other in one table.
    pub(crate) fn joined(&self, other: &Self) -> Self {
        Self {
            by_function: [&self.by_function[..], &other.by_function].concat(),
            harness: [&self.harness[..], &other.harness].concat(),
            is_go: self.is_go || other.is_go,
            module: other.module.clone(),
        }
    }

    fn guess(profile: &Profile) -> Self {
        let is_go = is_go(profile);
        let roots = if is_go { go_roots(profile) } else { Vec::new() };
        let is_managed = !is_go && is_managed(profile);
        let mut found = Self {
            is_go,
            ..Self::default()
        };
        let mut local = Vec::new();
        for row in 0..profile.functions.len() {
            let (name, file) = name_and_file(profile, row);
            let class = if is_go {
                go_class(name, file, &roots)
            } else {
                GoClass::Sure(other_class(name, file, is_managed))
            };
            found.harness.push(is_harness(name, file));
            found.by_function.push(match class {
                GoClass::Sure(class) => class,
                GoClass::Module => {
                    local.push(row);
                    Class::ThirdParty
                }
            });
        }
        found.settle_main_module(profile, &local);
        found
    }

    /// Class of a function; unknown beyond the table.
    #[inline]
    pub fn of(&self, function: FunctionId) -> Class {
        self.by_function
            .get(function.index())
            .copied()
            .unwrap_or_default()
    }

    /// Class of a node, by the first line that became it. A bare address in a library of the
    /// system is native, another bare address unknown.
    pub fn of_node(&self, profile: &Profile, nodes: &Nodes, node: NodeId) -> Class {
        match profile.lines.get(nodes.first_line[node.index()] as usize) {
            Some(line) => self.of(line.function),
            None => binary_class(nodes.text(nodes.info[node.index()].objfile)),
        }
    }

    /// Class of a location without lines.
    pub(crate) fn of_bare(profile: &Profile, location: &Location) -> Class {
        let mapping = location.mapping.map(|id| profile.mappings[id.index()]);
        mapping.map_or(Class::Unknown, |mapping| {
            binary_class(profile.strings.bytes(mapping.filename))
        })
    }

    /// With classes for functions that were added to the profile: each is of the class of the other
    /// that stands beside it, any other new one unknown.
    pub(crate) fn with_twins(&self, functions: usize, twins: &[(FunctionId, FunctionId)]) -> Self {
        let mut all = self.padded(functions);
        for &(new, old) in twins {
            let (class, harness) = (all.of(old), all.is_harness(old));
            if let (Some(to), Some(is)) = (
                all.by_function.get_mut(new.index()),
                all.harness.get_mut(new.index()),
            ) {
                (*to, *is) = (class, harness);
            }
        }
        all
    }

    /// True for test files and the `testing` package: code that drives, not code under test.
    pub fn is_harness(&self, function: FunctionId) -> bool {
        self.harness
            .get(function.index())
            .copied()
            .unwrap_or_default()
    }

    /// [`Self::is_harness`] of a node, by the first line that became it.
    pub fn is_harness_node(&self, profile: &Profile, nodes: &Nodes, node: NodeId) -> bool {
        let line = profile.lines.get(nodes.first_line[node.index()] as usize);
        line.is_some_and(|line| self.is_harness(line.function))
    }

    /// True when the names are Go's.
    pub fn is_go(&self) -> bool {
        self.is_go
    }

    /// Import path of the module taken for the program's own, or the directory of `main`;
    /// empty when nothing tells.
    pub fn main_module(&self) -> &str {
        &self.module
    }

    /// Settles which module is the program's own. Files that lie in a directory of their own
    /// have settled it already; otherwise one of the modules that could be is chosen.
    fn settle_main_module(&mut self, profile: &Profile, open: &[usize]) {
        let own: Vec<usize> = (0..self.by_function.len())
            .filter(|&row| self.by_function[row] == Class::Main)
            .collect();
        let directory = main_directory(profile);
        if let Some(root) = heaviest_module(profile, &own).filter(|_| self.is_go) {
            self.module = unescape(&root).into_owned();
            return;
        }
        let Some(root) = main_module(profile, open, directory) else {
            let name = &directory[last_slash(directory)..];
            self.module = String::from_utf8_lossy(name).into_owned();
            return;
        };
        for &row in open {
            if module_root(package_of(name_and_file(profile, row).0)) == root.as_slice() {
                self.by_function[row] = Class::Main;
            }
        }
        self.module = unescape(&root).into_owned();
    }
}

pub(super) fn name_and_file(profile: &Profile, row: usize) -> (&[u8], &[u8]) {
    let function = &profile.functions[row];
    let bounded = |text: &'_ _| -> &[u8] {
        let bytes = profile.strings.bytes(*text);
        &bytes[..bytes.len().min(CLASSIFIED)]
    };
    (bounded(&function.name), bounded(&function.filename))
}

/// Bytes of names and paths that are looked at. Both are looked through a dozen times for every
/// function, and many functions may share one that is very long.
const CLASSIFIED: usize = 2048;

/// Go names its files `.go`; without files, its runtime, its main packages and its pointer
/// receivers tell.
fn is_go(profile: &Profile) -> bool {
    let is_go_name = |name: &[u8]| {
        name.starts_with(b"runtime.") || name.starts_with(b"main.") || contains(name, b".(*")
    };
    (0..profile.functions.len()).any(|row| {
        let (name, file) = name_and_file(profile, row);
        file.ends_with(b".go") || file.is_empty() && is_go_name(name)
    })
}

/// A test's own files, and the package that runs them.
fn is_harness(name: &[u8], file: &[u8]) -> bool {
    file.ends_with(b"_test.go")
        || file.ends_with(b"_testmain.go")
        || name.starts_with(b"testing.")
        || name.starts_with(b"testing/")
}

/// What name and file say about a Go function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum GoClass {
    Sure(Class),
    /// A module whose file does not tell whether it is the program's own.
    Module,
}

/// Where a file lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Origin {
    ModuleCache,
    Goroot,
    /// An own directory, or a module path without a version (`-trimpath`).
    Local,
    /// GOPATH layout or no file: anyone's.
    Open,
}

fn go_class(name: &[u8], file: &[u8], roots: &[Vec<u8>]) -> GoClass {
    use GoClass::{Module, Sure};
    if name.is_empty() {
        return Sure(Class::Unknown);
    }
    let package = package_of(name);
    // Equality and hash functions that the compiler makes for types.
    if [&b"type:"[..], b"type..", b"go:"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
    {
        return Sure(Class::Runtime);
    }
    let is_c = NATIVE_SUFFIXES.iter().any(|suffix| file.ends_with(suffix));
    if is_c || is_cgo(&name[package.len()..]) || scope_length(name).is_some() {
        return Sure(Class::Native);
    }
    if package.is_empty() {
        let is_asm = RUNTIME_ASM.iter().any(|prefix| name.starts_with(prefix));
        let is_go_file = file.ends_with(b".s") || file.ends_with(b".go");
        let runtime = is_go_file || file.is_empty() && is_asm;
        return Sure(if runtime {
            Class::Runtime
        } else {
            Class::Native
        });
    }
    // `_` stands for the package of a closure that was inlined across the runtime's linknames.
    if is_runtime_package(package) || package == b"_" {
        return Sure(Class::Runtime);
    }
    let root = package.split(|&b| b == b'/').next().unwrap_or_default();
    if matches!(root, b"main" | b"command-line-arguments" | b"cmd") {
        return Sure(Class::Main);
    }
    if has_element(package, b"vendor") && root != b"vendor" {
        return Sure(Class::ThirdParty);
    }
    // Only the tests of what is being worked on are compiled into a test binary.
    if file.ends_with(b"_test.go") {
        return Sure(Class::Main);
    }
    let is_std = STD_ROOTS.binary_search(&root).is_ok();
    match origin(file, package, roots) {
        Origin::Goroot => Sure(Class::Std),
        Origin::ModuleCache => Sure(Class::ThirdParty),
        // Generated files have no directory: the name decides.
        Origin::Local if !is_std || is_absolute(file) && !roots.is_empty() => Sure(Class::Main),
        _ if is_std => Sure(Class::Std),
        _ if !is_dotted(root) => Sure(Class::Main),
        _ => Module,
    }
}

/// Functions that cgo generates: `_Cfunc_x`, `_cgo_x`, `x_cgo_x`.
fn is_cgo(base: &[u8]) -> bool {
    let base = base.strip_prefix(b".").unwrap_or(base);
    [
        &b"_Cfunc_"[..],
        b"_C2func_",
        b"_cgo_",
        b"x_cgo_",
        b"_cgoexp_",
        b"__cgo_",
    ]
    .iter()
    .any(|prefix| base.starts_with(prefix))
}

fn is_runtime_package(package: &[u8]) -> bool {
    RUNTIME_PACKAGES
        .iter()
        .any(|&known| match known.strip_suffix(b"/") {
            Some(directory) => package == directory || package.starts_with(known),
            None => package == known,
        })
}

/// A domain, as against a package of the standard library or a module without one.
pub(super) fn is_dotted(element: &[u8]) -> bool {
    element.contains(&b'.') || element.windows(3).any(|w| w == b"%2e")
}

fn has_element(path: &[u8], element: &[u8]) -> bool {
    path.split(|&b| b == b'/').any(|part| part == element)
}

pub(super) fn is_absolute(file: &[u8]) -> bool {
    file.first() == Some(&b'/') || file.get(1) == Some(&b':')
}

fn origin(file: &[u8], package: &[u8], roots: &[Vec<u8>]) -> Origin {
    if file.is_empty() || file.first() == Some(&b'<') {
        return Origin::Open;
    }
    let under_root = roots.iter().any(|root| file.starts_with(root));
    if under_root || contains(file, b"/golang.org/toolchain@") || file.starts_with(b"$GOROOT/") {
        return Origin::Goroot;
    }
    let is_cached = contains(file, b"/pkg/mod/") || contains(file, b"/vendor/");
    if is_cached || has_version(file) || is_bazel_external(file) {
        return Origin::ModuleCache;
    }
    let directory = &file[..last_slash(file).saturating_sub(1)];
    // src/<import path>/file.go: below a GOPATH everybody's code looks the same.
    let gopath = directory
        .strip_suffix(package)
        .is_some_and(|head| head.ends_with(b"/src/"));
    if gopath || directory.is_empty() {
        Origin::Open
    } else {
        Origin::Local
    }
}

/// A module's version in the path: `@v` and a digit.
fn has_version(file: &[u8]) -> bool {
    file.windows(3)
        .any(|w| w.starts_with(b"@v") && w[2].is_ascii_digit())
}

/// Bazel keeps other modules under `external/`, below its execution root.
fn is_bazel_external(file: &[u8]) -> bool {
    const EXECROOT: &[u8] = b"/execroot/";
    let root = file.windows(EXECROOT.len()).position(|w| w == EXECROOT);
    file.starts_with(b"external/")
        || root.is_some_and(|at| contains(&file[at + EXECROOT.len()..], b"/external/"))
}

pub(super) fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// True for languages in whose programs C code is somebody else's.
fn is_managed(profile: &Profile) -> bool {
    (0..profile.functions.len()).any(|row| {
        let file = name_and_file(profile, row).1;
        [&b".rs"[..], b".py", b".js", b".ts", b".rb"]
            .iter()
            .any(|end| file.ends_with(end))
    })
}

/// Class of a function of another language, by the paths its tools leave.
fn other_class(name: &[u8], file: &[u8], is_managed: bool) -> Class {
    let is_c = || {
        NATIVE_SUFFIXES
            .iter()
            .any(|end| file.ends_with(end) && *end != b".rs")
    };
    let starts = |list: &[&[u8]]| list.iter().any(|prefix| name.starts_with(prefix));
    if name.is_empty() {
        Class::Unknown
    } else if OTHER_RUNTIME.contains(&name) {
        Class::Runtime
    } else if OTHER_THIRD_PARTY_PATHS
        .iter()
        .any(|part| contains(file, part))
    {
        Class::ThirdParty
    } else if OTHER_STD_PATHS.iter().any(|part| contains(file, part)) || starts(OTHER_STD_NAMES) {
        Class::Std
    } else if NATIVE_PATHS.iter().any(|part| contains(file, part)) || is_managed && is_c() {
        Class::Native
    } else if file.is_empty() {
        Class::Unknown
    } else {
        Class::Main
    }
}

/// Class of code known only by its binary.
pub(crate) fn binary_class(binary: &[u8]) -> Class {
    let is_library = contains(binary, b".so") || contains(binary, b".dylib");
    let is_system = binary.first() == Some(&b'[') || contains(binary, b".dll");
    if is_library || is_system {
        Class::Native
    } else {
        Class::Unknown
    }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
