//! Large profiles, made from a seed: the shape of a Go CPU profile of a big server that many hosts wrote to.
//!
//! A made-up program comes first: functions in packages in layers, a few call sites in each, and for each
//! call site a handful of callees, mostly in the same package or the next layer, some of them hot. Samples
//! then are what a few dozen threads were doing: each keeps most of its stack from one sample to the
//! next, so that nearly every stack is new and the tree of them still has trunks. Written as it is made:
//! memory does not grow with the number of samples.

use crate::wire::Message;
use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// What to make.
pub struct Spec {
    /// The stem of the file.
    pub name: &'static str,
    /// How many samples.
    pub samples: usize,
    /// Mean number of locations of a stack; a quarter of the locations hold two frames.
    pub depth: usize,
    /// How many functions.
    pub functions: usize,
    /// Call sites, and with that locations, per function.
    pub sites: usize,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

/// To be raised when the same [`Spec`] gives another file.
pub const VERSION: u32 = 1;

const LAYERS: &[&str] = &["cmd", "edge", "api", "auth", "service", "order", "pricing", "storage", "index", "codec"];
const FUNCTIONS_PER_PACKAGE: usize = 40;
const CALLEES: usize = 6;
/// The last callees of every site are in the leaf packages, which call only each other.
const LEAF_CALLEES: usize = 2;
/// How close to its end a stack may enter the leaf packages.
const LEAF_DEPTH: usize = 7;
const GOROUTINES: usize = 48;
/// Every stack begins with the same calls, as those of a server's requests do; then come some entry points.
const TRUNK: usize = 5;
const ENTRIES: usize = 60;
const PERIOD_NS: u64 = 10_000_000;

/// Writes the profile, gzipped as fast as the Go runtime does; returns the size before that.
pub fn write(spec: &Spec, to: &Path) -> Result<u64> {
    let unfinished = to.with_extension("part");
    let gzip = GzEncoder::new(BufWriter::new(File::create(&unfinished)?), Compression::fast());
    let mut out = Counted { inner: gzip, written: 0 };
    Profile::new(spec).write(&mut out)?;
    out.inner.finish()?.flush()?;
    fs::rename(&unfinished, to)?;
    Ok(out.written)
}

struct Counted<W> {
    inner: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.written += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

struct Profile<'a> {
    spec: &'a Spec,
    random: Random,
    strings: Strings,
    /// Per function: name and file.
    functions: Vec<(u64, u64)>,
    /// Per site, `sites` of them for each function in turn: where it may be found next.
    callees: Vec<[u32; CALLEES]>,
    /// Functions from here on are in the leaf packages.
    first_leaf: usize,
}

impl<'a> Profile<'a> {
    fn new(spec: &'a Spec) -> Self {
        let mut profile = Self {
            spec,
            random: Random(spec.seed),
            strings: Strings::default(),
            functions: Vec::with_capacity(spec.functions),
            callees: Vec::with_capacity(spec.functions * spec.sites),
            first_leaf: spec.functions - spec.functions / 16,
        };
        profile.strings.id("");
        profile.name_functions();
        profile.connect();
        profile
    }

    fn packages(&self) -> usize {
        self.first_leaf / FUNCTIONS_PER_PACKAGE
    }

    fn name_functions(&mut self) {
        for function in 0..self.spec.functions {
            let package = self.package_name(function / FUNCTIONS_PER_PACKAGE, function >= self.first_leaf);
            let name = self.function_name(&package, function);
            let file = format!("{package}/{}.go", self.random.word().to_lowercase());
            let ids = (self.strings.id(&name), self.strings.id(&file));
            self.functions.push(ids);
        }
    }

    fn package_name(&self, package: usize, leaf: bool) -> String {
        if leaf {
            return format!("internal/platform/leaf{package}");
        }
        let layer = LAYERS[package * LAYERS.len() / self.packages().max(1) % LAYERS.len()];
        let word = WORDS[package % WORDS.len()].to_lowercase();
        format!("example.com/atlas/{layer}/internal/{word}{package}")
    }

    fn function_name(&mut self, package: &str, function: usize) -> String {
        let (first, second) = (self.random.word(), self.random.word());
        match function % 8 {
            0 => format!("{package}.New{first}{second}{function}"),
            1 => format!("{package}.(*{first}).{second}{function}.func{}", 1 + function % 3),
            2 => format!("{package}.{first}{function}[go.shape.struct {{ {second} int; key string }}]"),
            3 => format!("{package}.{first}.{second}{function}"),
            _ => format!("{package}.(*{first}{second}).{}{function}", self.random.word()),
        }
    }

    fn connect(&mut self) {
        for function in 0..self.spec.functions {
            for _ in 0..self.spec.sites {
                let mut callees = [0; CALLEES];
                for (at, callee) in callees.iter_mut().enumerate() {
                    *callee = self.callee(function, at >= CALLEES - LEAF_CALLEES);
                }
                self.callees.push(callees);
            }
        }
    }

    /// A site that `function` may call.
    fn callee(&mut self, function: usize, leaf: bool) -> u32 {
        let (random, n, sites) = (&mut self.random, self.spec.functions, self.spec.sites);
        let package = function / FUNCTIONS_PER_PACKAGE;
        let packages = self.first_leaf / FUNCTIONS_PER_PACKAGE;
        let called = if leaf || function >= self.first_leaf {
            self.first_leaf + random.hot(n - self.first_leaf)
        } else {
            let package = match random.below(100) {
                0..45 => package,
                45..80 => package + packages / LAYERS.len() + random.below(5),
                80..90 => package + 1 + random.below(3),
                _ => random.below(packages),
            };
            package % packages * FUNCTIONS_PER_PACKAGE + random.below(FUNCTIONS_PER_PACKAGE)
        };
        (called * sites + random.below(sites)) as u32
    }

    fn write(mut self, out: &mut impl Write) -> Result<()> {
        let mut message = Message::default();
        for (name, unit) in [("samples", "count"), ("cpu", "nanoseconds")] {
            let value_type = self.value_type(name, unit);
            message.bytes(1, &value_type.bytes);
        }
        out.write_all(&message.bytes)?;
        self.write_samples(out)?;
        self.write_mapping(out)?;
        self.write_locations(out)?;
        self.write_functions(out)?;
        self.write_rest(out)
    }

    fn value_type(&mut self, name: &str, unit: &str) -> Message {
        let mut inner = Message::default();
        inner.uint(1, self.strings.id(name));
        inner.uint(2, self.strings.id(unit));
        inner
    }

    fn write_samples(&mut self, out: &mut impl Write) -> Result<()> {
        let mut goroutines = vec![Vec::new(); GOROUTINES];
        let (mut message, mut inner) = (Message::default(), Message::default());
        for _ in 0..self.spec.samples {
            let stack = &mut goroutines[self.random.below(GOROUTINES)];
            self.advance(stack);
            inner.clear();
            inner.packed(1, stack.iter().rev().map(|site| u64::from(*site) + 1));
            // Few stacks are hit more than once: halve the odds for each further hit.
            let hits = 1 + u64::from(self.random.next().trailing_zeros());
            inner.packed(2, [hits, hits * PERIOD_NS]);
            message.clear();
            message.bytes(2, &inner.bytes);
            out.write_all(&message.bytes)?;
        }
        Ok(())
    }

    /// What a goroutine does until it is sampled again: return from some calls, make others, now and then
    /// begin something new. Root first.
    fn advance(&mut self, stack: &mut Vec<u32>) {
        let depth = self.spec.depth;
        let want = (depth / 2 + self.random.below(depth + 1)).max(TRUNK + 2);
        let keep = stack.len().min(want) * (60 + self.random.below(41)) / 100;
        stack.truncate(keep);
        if stack.is_empty() || self.random.below(200) == 0 {
            stack.clear();
            stack.extend((0..TRUNK).map(|function| (function * self.spec.sites) as u32));
            let entry = TRUNK + self.random.hot(ENTRIES);
            stack.push((entry * self.spec.sites) as u32);
        }
        while stack.len() < want {
            let top = *stack.last().unwrap_or(&0) as usize;
            let choices = if want - stack.len() < LEAF_DEPTH { CALLEES } else { CALLEES - LEAF_CALLEES };
            stack.push(self.callees[top][self.random.hot(choices)]);
        }
    }

    fn write_mapping(&mut self, out: &mut impl Write) -> Result<()> {
        let mut inner = Message::default();
        inner.uint(1, 1);
        inner.uint(2, 0x40_0000);
        inner.uint(3, 0x40_0000 + self.callees.len() as u64 * 64);
        inner.uint(5, self.strings.id("/usr/local/bin/atlas"));
        inner.uint(6, self.strings.id("5eed0000000000000000000000000000a71a5000"));
        inner.uint(7, 1);
        write_field(out, 3, &inner)
    }

    fn write_locations(&mut self, out: &mut impl Write) -> Result<()> {
        let (mut inner, mut line) = (Message::default(), Message::default());
        for site in 0..self.callees.len() {
            let function = site / self.spec.sites;
            let inlined = (self.random.below(4) == 0).then(|| self.neighbour(function));
            inner.clear();
            inner.uint(1, site as u64 + 1);
            inner.uint(2, 1);
            inner.uint(3, 0x40_0000 + site as u64 * 64);
            for function in inlined.into_iter().chain([function]) {
                line.clear();
                line.uint(1, function as u64 + 1);
                line.uint(2, 1 + self.random.below(1500) as u64);
                inner.bytes(4, &line.bytes);
            }
            write_field(out, 4, &inner)?;
        }
        Ok(())
    }

    /// Another function of the same package, as small ones that get inlined are.
    fn neighbour(&mut self, function: usize) -> usize {
        let first = function / FUNCTIONS_PER_PACKAGE * FUNCTIONS_PER_PACKAGE;
        (first + self.random.below(FUNCTIONS_PER_PACKAGE)).min(self.spec.functions - 1)
    }

    fn write_functions(&mut self, out: &mut impl Write) -> Result<()> {
        let mut inner = Message::default();
        for (at, (name, file)) in self.functions.iter().enumerate() {
            inner.clear();
            inner.uint(1, at as u64 + 1);
            inner.uint(2, *name);
            inner.uint(3, *name);
            inner.uint(4, *file);
            inner.uint(5, 1 + self.random.below(1000) as u64);
            write_field(out, 5, &inner)?;
        }
        Ok(())
    }

    fn write_rest(&mut self, out: &mut impl Write) -> Result<()> {
        let period_type = self.value_type("cpu", "nanoseconds");
        let mut message = Message::default();
        message.uint(9, 1_700_000_000_000_000_000);
        message.uint(10, 60_000_000_000);
        message.bytes(11, &period_type.bytes);
        message.uint(12, PERIOD_NS);
        for text in &self.strings.texts {
            message.bytes(6, text.as_bytes());
        }
        Ok(out.write_all(&message.bytes)?)
    }
}

fn write_field(out: &mut impl Write, number: u32, inner: &Message) -> Result<()> {
    let mut message = Message::default();
    message.bytes(number, &inner.bytes);
    Ok(out.write_all(&message.bytes)?)
}

#[derive(Default)]
struct Strings {
    ids: HashMap<String, u64>,
    texts: Vec<String>,
}

impl Strings {
    fn id(&mut self, text: &str) -> u64 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.texts.len() as u64;
        self.ids.insert(text.to_owned(), id);
        self.texts.push(text.to_owned());
        id
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// A number below `n`, small ones much more often: a number below a number below a number.
    fn hot(&mut self, n: usize) -> usize {
        let n = self.below(n) + 1;
        let n = self.below(n) + 1;
        self.below(n)
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }
}

const WORDS: &[&str] = &[
    "Account", "Batch", "Cache", "Client", "Cursor", "Decode", "Digest", "Encode", "Event", "Fetch", "Filter", "Flush",
    "Graph", "Handle", "Hash", "Header", "Index", "Invoice", "Iterator", "Journal", "Key", "Lease", "Lookup", "Merge",
    "Message", "Metric", "Page", "Parse", "Plan", "Pool", "Price", "Query", "Queue", "Range", "Record", "Reduce",
    "Replica", "Request", "Resolve", "Route", "Scan", "Schema", "Segment", "Serve", "Session", "Shard", "Snapshot",
    "Stream", "Table", "Token", "Trace", "Transform", "Tree", "Validate", "Visit", "Window", "Worker", "Write",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const SMALL: Spec = Spec { name: "small", samples: 2000, depth: 40, functions: 800, sites: 2, seed: 7 };

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let write = |seed| {
            let mut out = Vec::new();
            Profile::new(&Spec { seed, ..SMALL }).write(&mut out).unwrap();
            out
        };
        assert_eq!(write(7), write(7));
        assert_ne!(write(7), write(8));
    }

    #[test]
    fn stacks_have_the_depth_asked_for_and_hardly_repeat() {
        let mut profile = Profile::new(&SMALL);
        let (mut stack, mut seen, mut frames) = (Vec::new(), HashSet::new(), 0);
        for _ in 0..SMALL.samples {
            profile.advance(&mut stack);
            frames += stack.len();
            seen.insert(stack.clone());
        }
        let mean = frames / SMALL.samples;
        assert!((36..=44).contains(&mean), "mean depth {mean}");
        assert!(seen.len() * 10 > SMALL.samples * 9, "{} distinct stacks", seen.len());
    }
}
