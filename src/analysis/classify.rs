//! Whose code a function is: symbol names split, functions sorted into classes.
//!
//! Go symbols carry their import path, so name and file together tell the program's own code from
//! modules, the standard library and the runtime. Other languages are told by the paths their
//! tool chains use; what stays open is [`Class::Unknown`], never a guess.

use std::borrow::Cow;

use super::classify_tables::{
    NATIVE_PATHS, NATIVE_SUFFIXES, OTHER_RUNTIME, OTHER_STD_NAMES, OTHER_STD_PATHS,
    OTHER_THIRD_PARTY_PATHS, RUNTIME_ASM, RUNTIME_PACKAGES, STD_ROOTS,
};
use super::{NodeId, Nodes, package_of};
use crate::model::{FunctionId, Profile};

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

/// A Go symbol in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol<'a> {
    /// Import path as the linker writes it (dots of the last element as `%2e`); may be empty.
    pub package: &'a [u8],
    /// `(*T)` or `T` of a method; empty for a function.
    pub receiver: &'a [u8],
    /// Function or method, without closure suffixes and type arguments.
    pub base: &'a [u8],
}

/// Splits a Go symbol: `encoding/json.(*Decoder).Decode.func1` is package `encoding/json`,
/// receiver `(*Decoder)`, base `Decode`. A name without a package is all base.
pub fn split_symbol(name: &[u8]) -> Symbol<'_> {
    let package = package_of(name);
    let rest = if package.is_empty() { name } else { &name[package.len() + 1..] };
    let mut parts = DotParts { rest }.filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default();
    let second = parts.next().filter(|part| !is_closure(part));
    match second {
        Some(base) => Symbol { package, receiver: cut_type_arguments(first), base: plain(base) },
        None => Symbol { package, receiver: b"", base: plain(first) },
    }
}

/// Parts between the dots that stand outside brackets.
struct DotParts<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for DotParts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let mut depth = 0_usize;
        let dot = self.rest.iter().position(|&b| {
            match b {
                b'(' | b'[' => depth += 1,
                b')' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            b == b'.' && depth == 0
        });
        let end = dot.unwrap_or(self.rest.len());
        let part = &self.rest[..end];
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Some(part)
    }
}

/// `func1`, `gowrap2`, `deferwrap1`, `1`, `init` parts that the compiler appends to closures.
fn is_closure(part: &[u8]) -> bool {
    let digits = part.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let stem = &part[..part.len() - digits];
    digits > 0 && matches!(stem, b"" | b"func" | b"gowrap" | b"deferwrap") || part == b"func"
}

fn plain(base: &[u8]) -> &[u8] {
    let base = cut_type_arguments(base);
    base.strip_suffix(b"-fm").unwrap_or(base)
}

fn cut_type_arguments(part: &[u8]) -> &[u8] {
    if part.first() == Some(&b'(') {
        return part;
    }
    part.iter().position(|&b| b == b'[').map_or(part, |at| &part[..at])
}

/// An import path for people: the linker's `%2e` and its like undone.
/// `gopkg.in/yaml%2ev3` → `gopkg.in/yaml.v3`; what is not UTF-8 becomes U+FFFD.
pub fn unescape(package: &[u8]) -> Cow<'_, str> {
    if !package.contains(&b'%') {
        return String::from_utf8_lossy(package);
    }
    let mut out = Vec::with_capacity(package.len());
    let mut rest = package;
    while let Some((&byte, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(plain) if byte == b'%' => {
                out.push(plain);
                rest = &tail[2..];
            }
            _ => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// A printable name cut for display: the part to dim (address, import path, name space or
/// directories, with the separator) and the part that carries the meaning. Joined they are
/// [`Nodes::printable_text`].
pub fn split_name(nodes: &Nodes, node: NodeId) -> (String, String) {
    let info = &nodes.info[node.index()];
    let full = nodes.printable(node);
    let prefix = if info.address == 0 { 0 } else { full.len().min(17) };
    let name = nodes.text(info.name);
    let cut = if name.is_empty() { last_slash(&full[prefix..]) } else { dim_length(name) };
    let (dim, strong) = full.split_at((prefix + cut).min(full.len()));
    (String::from_utf8_lossy(dim).into_owned(), String::from_utf8_lossy(strong).into_owned())
}

fn last_slash(path: &[u8]) -> usize {
    path.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1)
}

/// Length of the leading part of a function name that only says where it lives.
fn dim_length(name: &[u8]) -> usize {
    if let Some(scopes) = scope_length(name) {
        return scopes;
    }
    let package = package_of(name);
    if package.is_empty() { last_slash_outside(name) } else { package.len() + 1 }
}

/// A name that is only a path (a package as a row): everything before the last element.
fn last_slash_outside(name: &[u8]) -> usize {
    let end = name.iter().position(|b| matches!(b, b'(' | b'[' | b' ')).unwrap_or(name.len());
    last_slash(&name[..end])
}

/// Length of `a::b::` before the last name of a C++ or Rust path; `None` when it has no `::`.
/// Separators inside template arguments and parameter lists do not count.
fn scope_length(name: &[u8]) -> Option<usize> {
    let (mut angle, mut found) = (0_i32, None);
    for (i, pair) in name.windows(2).enumerate() {
        match pair {
            b"->" => {}
            [b'<', _] => angle += 1,
            [b'>', _] if i == 0 || name[i - 1] != b'-' => angle -= 1,
            // A parameter list ends the name; `(anonymous namespace)` is part of it.
            [b'(', next] if *next != b'a' && angle == 0 => break,
            b"::" if angle == 0 => found = Some(i + 2),
            _ => {}
        }
    }
    // `a::{{closure}}` says nothing without what encloses it.
    let cut = found?;
    if name[cut..].starts_with(b"{{") {
        return Some(name[..cut - 2].windows(2).rposition(|p| p == b"::").map_or(0, |at| at + 2));
    }
    Some(cut)
}

/// Hue of a package's colour, 0..360: FNV-1a, so that it is the same in every file and version.
pub fn hue(package: &[u8]) -> u32 {
    let hash = package.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The low bits of FNV differ least between near names; fold the high half in.
    ((hash ^ (hash >> 32)) % 360) as u32
}

/// The class of every function of a profile.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    classes: Vec<Class>,
    harness: Vec<bool>,
    is_go: bool,
    main_module: String,
}

impl Classes {
    /// Classifies all functions once; O(functions), and one pass over the stacks when several
    /// modules could be the program's own.
    pub fn new(profile: &Profile) -> Self {
        let is_go = is_go(profile);
        let roots = if is_go { go_roots(profile) } else { Vec::new() };
        let is_managed = !is_go && is_managed(profile);
        let mut found = Self { is_go, ..Self::default() };
        let mut local = Vec::new();
        for row in 0..profile.functions.len() {
            let (name, file) = name_and_file(profile, row);
            let class = if is_go {
                go_class(name, file, &roots)
            } else {
                GoClass::Sure(other_class(name, file, is_managed))
            };
            found.harness.push(is_harness(name, file));
            found.classes.push(match class {
                GoClass::Sure(class) => class,
                GoClass::Module => {
                    local.push(row);
                    Class::ThirdParty
                }
            });
        }
        found.choose_main_module(profile, &local);
        found
    }

    /// Class of a function; unknown beyond the table.
    #[inline]
    pub fn of(&self, function: FunctionId) -> Class {
        self.classes.get(function.index()).copied().unwrap_or_default()
    }

    /// Class of a node, by the first line that became it. A bare address in a library of the
    /// system is native, another bare address unknown.
    pub fn of_node(&self, profile: &Profile, nodes: &Nodes, node: NodeId) -> Class {
        match profile.lines.get(nodes.first_line[node.index()] as usize) {
            Some(line) => self.of(line.function),
            None => binary_class(nodes.text(nodes.info[node.index()].objfile)),
        }
    }

    /// True for test files and the `testing` package: code that drives, not code under test.
    pub fn is_harness(&self, function: FunctionId) -> bool {
        self.harness.get(function.index()).copied().unwrap_or_default()
    }

    /// True when the names are Go's.
    pub fn is_go(&self) -> bool {
        self.is_go
    }

    /// Import path of the module taken for the program's own, or the directory of `main`;
    /// empty when nothing tells.
    pub fn main_module(&self) -> &str {
        &self.main_module
    }

    /// Settles which module is the program's own. Files that lie in a directory of their own
    /// have settled it already; otherwise it is the module that main's directory names, else the
    /// one that most stack frames belong to.
    fn choose_main_module(&mut self, profile: &Profile, open: &[usize]) {
        let own: Vec<usize> =
            (0..self.classes.len()).filter(|&row| self.classes[row] == Class::Main).collect();
        let directory = main_directory(profile);
        let known = ModuleWeights::collect(profile, &own);
        if let Some(root) = known.heaviest().filter(|_| self.is_go) {
            self.main_module = unescape(&root).into_owned();
            return;
        }
        let modules = ModuleWeights::collect(profile, open);
        let Some(root) = modules.named_in(directory).or_else(|| modules.heaviest()) else {
            let name = &directory[last_slash(directory)..];
            self.main_module = String::from_utf8_lossy(name).into_owned();
            return;
        };
        for &row in open {
            if module_root(package_of(name_and_file(profile, row).0)) == root.as_slice() {
                self.classes[row] = Class::Main;
            }
        }
        self.main_module = unescape(&root).into_owned();
    }
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
            for location in &profile.stacks.frames {
                for line in profile.lines_of(&profile.locations[location.index()]) {
                    if let Some(root) = roots.get_mut(root_of[line.function.index()] as usize) {
                        root.1 += 1;
                    }
                }
            }
        }
        Self { roots }
    }

    /// The root with most frames; ties by name.
    fn heaviest(&self) -> Option<Vec<u8>> {
        let best = self.roots.iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        best.map(|(root, _)| root.clone())
    }

    /// The longest root that is part of a directory, as below a GOPATH.
    fn named_in(&self, directory: &[u8]) -> Option<Vec<u8>> {
        let inside = self.roots.iter().filter(|(root, _)| contains(directory, root));
        inside.map(|(root, _)| root.clone()).max_by_key(Vec::len)
    }
}

/// Modules weighed against each other; more than that is not one program's set of candidates,
/// and a linear search through them would not be cheap any more.
const MAX_ROOTS: usize = 64;

fn name_and_file(profile: &Profile, row: usize) -> (&[u8], &[u8]) {
    let function = &profile.functions[row];
    (profile.strings.bytes(function.name), profile.strings.bytes(function.filename))
}

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
    if [&b"type:"[..], b"type..", b"go:"].iter().any(|prefix| name.starts_with(prefix)) {
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
        return Sure(if runtime { Class::Runtime } else { Class::Native });
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
    [&b"_Cfunc_"[..], b"_C2func_", b"_cgo_", b"x_cgo_", b"_cgoexp_", b"__cgo_"]
        .iter()
        .any(|prefix| base.starts_with(prefix))
}

fn is_runtime_package(package: &[u8]) -> bool {
    RUNTIME_PACKAGES.iter().any(|&known| match known.strip_suffix(b"/") {
        Some(directory) => package == directory || package.starts_with(known),
        None => package == known,
    })
}

/// A domain, as against a package of the standard library or a module without one.
fn is_dotted(element: &[u8]) -> bool {
    element.contains(&b'.') || element.windows(3).any(|w| w == b"%2e")
}

fn has_element(path: &[u8], element: &[u8]) -> bool {
    path.split(|&b| b == b'/').any(|part| part == element)
}

fn is_absolute(file: &[u8]) -> bool {
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
    // Bazel keeps other modules under external/.
    let foreign = [&b"/pkg/mod/"[..], b"@v", b"/vendor/", b"external/"];
    if foreign.iter().any(|mark| contains(file, mark)) {
        return Origin::ModuleCache;
    }
    let directory = &file[..last_slash(file).saturating_sub(1)];
    // src/<import path>/file.go: below a GOPATH everybody's code looks the same.
    let gopath = directory.strip_suffix(package).is_some_and(|head| head.ends_with(b"/src/"));
    if gopath || directory.is_empty() { Origin::Open } else { Origin::Local }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Directories of standard libraries (`/usr/local/go/src/`), from the files of package runtime;
/// empty for `-trimpath` builds. Merged profiles can have several.
fn go_roots(profile: &Profile) -> Vec<Vec<u8>> {
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
pub(crate) fn module_root(package: &[u8]) -> &[u8] {
    let mut slashes = package.iter().enumerate().filter(|&(_, &b)| b == b'/').map(|(i, _)| i);
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
    let end = if three { slashes.next().unwrap_or(package.len()) } else { second };
    &package[..end]
}

/// The directory of the main package's files; empty when not known.
fn main_directory(profile: &Profile) -> &[u8] {
    let main = (0..profile.functions.len())
        .map(|row| name_and_file(profile, row))
        .find(|(name, file)| name.starts_with(b"main.") && is_absolute(file));
    main.map_or(b"", |(_, file)| &file[..last_slash(file).saturating_sub(1)])
}

/// True for languages in whose programs C code is somebody else's.
fn is_managed(profile: &Profile) -> bool {
    (0..profile.functions.len()).any(|row| {
        let file = name_and_file(profile, row).1;
        [&b".rs"[..], b".py", b".js", b".ts", b".rb"].iter().any(|end| file.ends_with(end))
    })
}

/// Class of a function of another language, by the paths its tools leave.
fn other_class(name: &[u8], file: &[u8], is_managed: bool) -> Class {
    let is_c = || NATIVE_SUFFIXES.iter().any(|end| file.ends_with(end) && *end != b".rs");
    let starts = |list: &[&[u8]]| list.iter().any(|prefix| name.starts_with(prefix));
    if name.is_empty() {
        Class::Unknown
    } else if OTHER_RUNTIME.contains(&name) {
        Class::Runtime
    } else if OTHER_THIRD_PARTY_PATHS.iter().any(|part| contains(file, part)) {
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
    if is_library || is_system { Class::Native } else { Class::Unknown }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
