//! A made-up program: functions in packages in layers, a few call sites in each, and for each call
//! site a handful of callees, mostly in the same package or the next layer, some of them hot.

use super::generate::Spec;
use std::collections::HashMap;

const LAYERS: &[&str] = &[
    "cmd", "edge", "api", "auth", "service", "order", "pricing", "storage", "index", "codec",
];
const FUNCTIONS_PER_PACKAGE: usize = 40;
const CALLEES: usize = 6;
/// The last callees of every site are in the leaf packages, which call only each other.
const LEAF_CALLEES: usize = 2;
/// How close to its end a stack may enter the leaf packages.
const LEAF_DEPTH: usize = 7;
/// Every stack begins with the same calls, as those of a server's requests do; then come some entry
/// points.
const TRUNK: usize = 5;
const ENTRIES: usize = 60;
/// The program, and the dice that sample it.
pub struct Program<'a> {
    /// Its size.
    pub spec: &'a Spec,
    /// The only source of chance.
    pub random: Random,
    /// The string table of the profile.
    pub strings: Strings,
    /// Per function: name and file.
    pub functions: Vec<(u64, u64)>,
    /// Per site, `sites` of them for each function in turn: where it may be found next.
    pub callees: Vec<[u32; CALLEES]>,
    /// Functions from here on are in the leaf packages.
    first_leaf: usize,
}

impl<'a> Program<'a> {
    /// Makes the program of `spec`.
    pub fn new(spec: &'a Spec) -> Self {
        let mut program = Self {
            spec,
            random: Random(spec.seed),
            strings: Strings::default(),
            functions: Vec::with_capacity(spec.functions),
            callees: Vec::with_capacity(spec.functions * spec.sites),
            first_leaf: spec.functions - spec.functions / 16,
        };
        program.strings.id("");
        program.name_functions();
        program.connect();
        program
    }

    fn packages(&self) -> usize {
        self.first_leaf / FUNCTIONS_PER_PACKAGE
    }

    fn name_functions(&mut self) {
        for function in 0..self.spec.functions {
            let package = self.package_name(
                function / FUNCTIONS_PER_PACKAGE,
                function >= self.first_leaf,
            );
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
            1 => format!(
                "{package}.(*{first}).{second}{function}.func{}",
                1 + function % 3
            ),
            2 => format!(
                "{package}.{first}{function}[go.shape.struct {{ {second} int; key string }}]"
            ),
            3 => format!("{package}.{first}.{second}{function}"),
            _ => format!(
                "{package}.(*{first}{second}).{}{function}",
                self.random.word()
            ),
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

    /// What a goroutine does until it is sampled again: return from some calls, make others, now
    /// and then begin something new. Root first.
    pub fn advance(&mut self, stack: &mut Vec<u32>) {
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
            let choices = if want - stack.len() < LEAF_DEPTH {
                CALLEES
            } else {
                CALLEES - LEAF_CALLEES
            };
            stack.push(self.callees[top][self.random.hot(choices)]);
        }
    }

    /// Another function of the same package, as small ones that get inlined are.
    pub fn neighbour(&mut self, function: usize) -> usize {
        let first = function / FUNCTIONS_PER_PACKAGE * FUNCTIONS_PER_PACKAGE;
        (first + self.random.below(FUNCTIONS_PER_PACKAGE)).min(self.spec.functions - 1)
    }
}

/// A string table.
#[derive(Default)]
pub struct Strings {
    ids: HashMap<String, u64>,
    /// By index.
    pub texts: Vec<String>,
}

impl Strings {
    /// The index of `text`, which is added if it is new.
    pub fn id(&mut self, text: &str) -> u64 {
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
pub struct Random(u64);

impl Random {
    /// 64 random bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// A number below `n`, small ones much more often: a number below a number below a number.
    pub fn hot(&mut self, n: usize) -> usize {
        let n = self.below(n) + 1;
        let n = self.below(n) + 1;
        self.below(n)
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }
}

const WORDS: &[&str] = &[
    "Account",
    "Batch",
    "Cache",
    "Client",
    "Cursor",
    "Decode",
    "Digest",
    "Encode",
    "Event",
    "Fetch",
    "Filter",
    "Flush",
    "Graph",
    "Handle",
    "Hash",
    "Header",
    "Index",
    "Invoice",
    "Iterator",
    "Journal",
    "Key",
    "Lease",
    "Lookup",
    "Merge",
    "Message",
    "Metric",
    "Page",
    "Parse",
    "Plan",
    "Pool",
    "Price",
    "Query",
    "Queue",
    "Range",
    "Record",
    "Reduce",
    "Replica",
    "Request",
    "Resolve",
    "Route",
    "Scan",
    "Schema",
    "Segment",
    "Serve",
    "Session",
    "Shard",
    "Snapshot",
    "Stream",
    "Table",
    "Token",
    "Trace",
    "Transform",
    "Tree",
    "Validate",
    "Visit",
    "Window",
    "Worker",
    "Write",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const SMALL: Spec = Spec {
        name: "small",
        samples: 2000,
        depth: 40,
        functions: 800,
        sites: 2,
        seed: 7,
    };

    #[test]
    fn stacks_have_the_depth_asked_for_and_hardly_repeat() {
        let mut program = Program::new(&SMALL);
        let (mut stack, mut seen, mut frames) = (Vec::new(), HashSet::new(), 0);
        for _ in 0..SMALL.samples {
            program.advance(&mut stack);
            frames += stack.len();
            seen.insert(stack.clone());
        }
        let mean = frames / SMALL.samples;
        assert!((36..=44).contains(&mean), "mean depth {mean}");
        assert!(
            seen.len() * 10 > SMALL.samples * 9,
            "{} distinct stacks",
            seen.len()
        );
    }
}
