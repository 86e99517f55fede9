//! Who may import whom, in Rust and in TypeScript; that documents name only what exists; that
//! nothing of one machine gets in.
#![allow(
    clippy::disallowed_methods,
    reason = "a test of the source reads the source"
)]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `dir` with one of the endings, as (path from the root, text).
fn sources(dir: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(dir)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("readable").path();
            let name = path
                .file_name()
                .and_then(|n| n.to_str())
                .unwrap_or_default()
                .to_owned();
            if path.is_dir() {
                if !["node_modules", "pkg", "target", "corpus", "artifacts"]
                    .contains(&name.as_str())
                {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(&path).expect("source is UTF-8");
                let shown = path
                    .strip_prefix(root())
                    .expect("below the root")
                    .display()
                    .to_string();
                found.push((shown, text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no sources in {dir}");
    found
}

/// The layer of a Rust file: its first directory or file below `src`.
fn layer(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside
        .split('/')
        .next()
        .unwrap_or(inside)
        .trim_end_matches(".rs")
}

/// For each layer the layers it may name by `crate::`.
const RUST_LAYERS: [(&str, &[&str]); 13] = [
    ("error", &[]),
    ("gotext", &[]),
    ("sort", &[]),
    ("unit", &[]),
    ("model", &["error", "sort"]),
    ("formats", &["error", "gotext", "unit", "sort", "model"]),
    ("analysis", &["error", "gotext", "unit", "sort", "model"]),
    ("findings", &["error", "unit", "sort", "model", "analysis"]),
    (
        "report",
        &[
            "error", "gotext", "unit", "sort", "model", "formats", "analysis", "findings",
        ],
    ),
    ("views", &["error", "unit", "sort", "model", "analysis"]),
    (
        "wasm",
        &[
            "error", "unit", "sort", "model", "formats", "analysis", "findings", "report", "views",
        ],
    ),
    ("cli", &[]),
    ("main", &[]),
];

#[test]
fn rust_layers_import_downwards_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src", &[".rs"]) {
        let own = layer(&path);
        if own == "lib" {
            continue;
        }
        let Some((_, allowed)) = RUST_LAYERS.iter().find(|(name, _)| *name == own) else {
            wrong.push(format!("{path}: layer {own} is not in the table"));
            continue;
        };
        for part in text.split("crate::").skip(1) {
            let named: String = part
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let is_layer = RUST_LAYERS.iter().any(|(name, _)| *name == named);
            if is_layer && named != own && !allowed.contains(&named.as_str()) {
                wrong.push(format!("{path}: {own} names crate::{named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_boundary_knows_javascript() {
    let users: Vec<String> = sources("src", &[".rs"])
        .into_iter()
        .filter(|(_, text)| {
            ["wasm_bindgen::", "js_sys::", "use tsify"]
                .iter()
                .any(|used| text.contains(used))
        })
        .map(|(path, _)| path)
        .collect();
    let known = [
        "src/wasm/dto.rs",
        "src/wasm/dto_bench.rs",
        "src/wasm/dto_export.rs",
        "src/wasm/dto_findings.rs",
        "src/wasm/dto_flame.rs",
        "src/wasm/dto_graph.rs",
        "src/wasm/dto_source.rs",
        "src/wasm/dto_tags.rs",
        "src/wasm/dto_trace.rs",
        "src/wasm/session.rs",
        "src/wasm/session_bench.rs",
        "src/wasm/session_tags.rs",
        "src/wasm/session_trace.rs",
    ];
    assert_eq!(users, known);
}

#[test]
fn only_the_command_touches_files_and_the_environment() {
    let outside = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::time",
        "std::thread",
    ];
    for (path, text) in sources("src", &[".rs"]) {
        if path.starts_with("src/cli/") || path == "src/main.rs" {
            continue;
        }
        for name in outside {
            assert!(!text.contains(name), "{path} uses {name}");
        }
    }
}

#[test]
fn the_core_has_no_unsafe_code_and_no_bare_unwrap() {
    for (path, text) in sources("src", &[".rs"]) {
        let production = text.split("#[cfg(test)]").next().unwrap_or_default();
        assert!(!production.contains("unsafe "), "{path} has unsafe code");
        let is_test = path.ends_with("tests.rs") || path.ends_with("testing.rs");
        assert!(
            is_test || !production.contains(".unwrap()"),
            "{path} has a bare unwrap"
        );
    }
}

/// The modules a TypeScript file imports, as paths from `www/src`, without ending.
fn imports(path: &str, text: &str) -> Vec<String> {
    let folder = Path::new(path).parent().expect("in a folder");
    let mut found = Vec::new();
    let is_import = |line: &&str| {
        ["from '", "from \"", "import '", "import \"", "import('"]
            .iter()
            .any(|form| line.contains(form))
    };
    for line in text.lines().filter(is_import) {
        let quoted = line
            .split(['"', '\''])
            .find(|part| part.starts_with("./") || part.starts_with("../"));
        let Some(module) = quoted else { continue };
        let mut parts: Vec<String> = Vec::new();
        for part in folder.join(module).components() {
            match part.as_os_str().to_str().unwrap_or_default() {
                ".." => drop(parts.pop()),
                "." => {}
                name => parts.push(name.to_owned()),
            }
        }
        found.push(parts.join("/").trim_start_matches("www/src/").to_owned());
    }
    found
}

#[test]
fn typescript_imports_follow_the_layers() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, text) in sources("www/src", &[".ts", ".tsx"]) {
        let own = path.trim_start_matches("www/src/");
        if own.contains(".test.") {
            continue;
        }
        for target in imports(&path, &text) {
            seen += 1;
            if let Some(rule) = forbidden(own, &target) {
                wrong.push(format!("{own} imports {target}: {rule}"));
            }
        }
    }
    assert!(seen > 50, "only {seen} imports were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rule that an import breaks.
fn forbidden(own: &str, target: &str) -> Option<&'static str> {
    let folder = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    let view = |path: &str| {
        path.strip_prefix("views/")
            .and_then(|rest| rest.split('/').next())
            .map(str::to_owned)
    };
    if target.starts_with("pkg/") && !["worker.ts", "core.ts", "protocol.ts"].contains(&own) {
        return Some("only the worker uses the wasm package; types come through core.ts");
    }
    if own.starts_with("lib/") && !target.starts_with("lib/") {
        return Some("lib stands alone");
    }
    if let (Some(from), Some(to)) = (view(own), view(target))
        && from != to
    {
        return Some("views do not know each other");
    }
    let upper = ["app", "main"];
    if upper.contains(&folder(target).as_str()) && !["main.tsx", "onefile/main.ts"].contains(&own) {
        return Some("nothing imports the top of the page");
    }
    if [
        "state.ts",
        "core.ts",
        "worker.ts",
        "protocol.ts",
        "session.ts",
    ]
    .contains(&own)
        && ["views", "shell", "table", "flame"].contains(&folder(target).as_str())
    {
        return Some("state and engine do not know what is drawn");
    }
    None
}

#[test]
fn documents_name_files_that_exist() {
    for document in ["README.md", "ARCHITECTURE.md", "testdata/README.md"] {
        let text = fs::read_to_string(root().join(document)).expect("the document is there");
        let folder = root()
            .join(document)
            .parent()
            .expect("in a folder")
            .to_owned();
        for name in text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| looks_like_path(name))
        {
            let name = name.split('*').next().unwrap_or_default();
            let there = [
                folder.join(name),
                root().join(name),
                root().join("src").join(name),
            ];
            assert!(
                there.iter().any(|path| path.exists()),
                "{document} names {name}, which does not exist"
            );
        }
    }
}

fn looks_like_path(name: &str) -> bool {
    let first = name.split('/').next().unwrap_or_default();
    let roots = [
        "src", "tests", "testdata", "www", "xtask", "fuzz", "programs", ".ci", ".github",
    ];
    name.contains('/')
        && roots.contains(&first)
        && !name.contains([' ', '{', '<', '…'])
        && !name.chars().any(char::is_uppercase)
}

#[test]
fn the_architecture_fits_150_lines() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the document is there");
    assert!(text.lines().count() <= 150);
}

#[test]
fn nothing_of_one_machine_gets_in() {
    let home = concat!("/ro", "ot/");
    let work = concat!("/wo", "rk/");
    let kinds = &[
        ".rs", ".ts", ".tsx", ".md", ".toml", ".json", ".css", ".html", ".yml", ".go", ".sh",
        ".mjs",
    ][..];
    for dir in [
        "src", "tests", "www", "xtask", "testdata", "fuzz", ".github",
    ] {
        for (path, text) in sources(dir, kinds) {
            for name in [home, work] {
                let hit = text.lines().find(|line| line.contains(name));
                assert!(
                    hit.is_none(),
                    "{path} names {name}: {}",
                    hit.unwrap_or_default()
                );
            }
        }
    }
}
