//! Which files of a built site a browser fetches before a person does anything.

use super::wasm::SECOND;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// index.html, and every script, style and module that it names, directly or through a script.
///
/// What a script names only in a dynamic import is fetched on demand and does not count, nor does the
/// core's second half or anything that is not code (demo profiles, icons). Paths are relative to
/// `dist` and sorted.
pub fn files(dist: &Path) -> Result<Vec<PathBuf>> {
    let mut candidates = code(dist)?;
    candidates.retain(|file| !is_second_half(file));
    let mut found = BTreeSet::new();
    let mut pending = vec![PathBuf::from("index.html")];
    while let Some(file) = pending.pop() {
        if !found.insert(file.clone()) || !may_name_others(&file) {
            continue;
        }
        let path = dist.join(&file);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        pending.extend(
            candidates
                .iter()
                .filter(|other| fetches(&text, other))
                .cloned(),
        );
    }
    Ok(found.into_iter().collect())
}

/// The core's second half, which the worker fetches when something of it is needed or the page is idle.
pub fn second_half(dist: &Path) -> Result<Vec<PathBuf>> {
    let mut files = code(dist)?;
    files.retain(|file| is_second_half(file));
    Ok(files)
}

/// Scripts and styles that are fetched when a part of the page is first shown, or the page is idle.
pub fn later_views(dist: &Path) -> Result<Vec<PathBuf>> {
    let first = files(dist)?;
    let mut later = code(dist)?;
    later.retain(|file| extension(file) != "wasm" && !first.contains(file) && !is_graphviz(file));
    Ok(later)
}

/// Graphviz, which is fetched when a call graph is first laid out, and not before.
pub fn graphviz(dist: &Path) -> Result<Vec<PathBuf>> {
    let mut files = code(dist)?;
    files.retain(|file| is_graphviz(file));
    Ok(files)
}

/// Vite calls a package's script after the package's main file.
fn is_graphviz(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    extension(file) == "js" && name.is_some_and(|name| name.starts_with("viz-"))
}

/// Scripts, styles and modules of the site.
fn code(dist: &Path) -> Result<Vec<PathBuf>> {
    Ok(crate::stamp::files_under(dist)?
        .into_iter()
        .filter_map(|file| Some(file.strip_prefix(dist).ok()?.to_path_buf()))
        // The service worker names every file and needs none.
        .filter(|file| is_code(file) && file != Path::new("sw.js"))
        .collect())
}

/// Vite puts a hash between name and ending.
fn is_second_half(file: &Path) -> bool {
    let (Some(name), Some(ours)) = (file.file_stem(), Path::new(SECOND).file_stem()) else {
        return false;
    };
    let (name, ours) = (name.to_string_lossy(), ours.to_string_lossy());
    extension(file) == "wasm" && name.starts_with(&*ours)
}

/// `js`, `css`, `wasm` or `html`, as the budget groups them.
pub fn extension(file: &Path) -> &str {
    file.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

fn is_code(file: &Path) -> bool {
    matches!(extension(file), "js" | "mjs" | "css" | "wasm")
}

fn may_name_others(file: &Path) -> bool {
    matches!(extension(file), "js" | "mjs" | "css" | "html")
}

/// Whether `text` names `file` other than as the target of a dynamic import.
fn fetches(text: &str, file: &Path) -> bool {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    text.match_indices(name).any(|(at, _)| {
        let before =
            text[..at].trim_end_matches(|c: char| c.is_alphanumeric() || "./_-".contains(c));
        let before = before.trim_end_matches(['"', '\'', '`']);
        !before.ends_with("import(") && !is_in_preload_list(before)
    })
}

/// Whether `before` ends inside the list of on-demand files that Vite puts at the head of a chunk
/// (`m.f=["assets/a.js","assets/b.css"]`).
fn is_in_preload_list(before: &str) -> bool {
    before
        .rfind("m.f||(m.f=[")
        .is_some_and(|list| !before[list + 11..].contains(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_mentions_count_and_dynamic_imports_do_not() {
        let file = Path::new("assets/graph-Ab1_.js");
        assert!(fetches(r#"import{a}from"./graph-Ab1_.js";"#, file));
        assert!(fetches(r#"<script src="./assets/graph-Ab1_.js">"#, file));
        assert!(fetches(
            r#"new Worker(new URL("graph-Ab1_.js",import.meta.url))"#,
            file
        ));
        assert!(!fetches(r#"p(()=>import("./graph-Ab1_.js"),[])"#, file));
        assert!(!fetches(r"p(()=>import(`./graph-Ab1_.js`),[])", file));
        let list = r#"(m.f||(m.f=["assets/x.css","./assets/graph-Ab1_.js"])))=>i.map(i=>d[i]);"#;
        assert!(!fetches(list, file));
        assert!(fetches(&format!(r#"{list}import"./graph-Ab1_.js""#), file));
        assert!(!fetches("graph-Zz.js", file));
    }

    #[test]
    fn the_walk_follows_scripts_and_stops_at_data() -> Result<()> {
        let dist = crate::paths::target().join("xtask").join("first-load-test");
        let _ = fs::remove_dir_all(&dist);
        fs::create_dir_all(dist.join("assets"))?;
        for (name, text) in [
            (
                "index.html",
                r#"<script src="./assets/main.js"></script><link href="./assets/m.css">"#,
            ),
            (
                "assets/main.js",
                r#"new Worker(new URL("worker.js",x));()=>import("./late.js");"cpu.pb.gz""#,
            ),
            ("assets/m.css", ""),
            (
                "assets/worker.js",
                r#"new URL("core.wasm",x);new URL("dropprof_more-Ab1_.wasm",x)"#,
            ),
            ("assets/dropprof_more-Ab1_.wasm", ""),
            ("assets/core.wasm", ""),
            ("assets/late.js", r#"import"./later.js""#),
            ("assets/later.js", r#"()=>import("./viz-Ab1_.js")"#),
            ("assets/viz-Ab1_.js", ""),
            ("assets/cpu.pb.gz", ""),
        ] {
            fs::write(dist.join(name), text)?;
        }
        let expected = [
            "assets/core.wasm",
            "assets/m.css",
            "assets/main.js",
            "assets/worker.js",
            "index.html",
        ];
        assert_eq!(files(&dist)?, expected.map(PathBuf::from));
        let second = ["assets/dropprof_more-Ab1_.wasm"];
        assert_eq!(second_half(&dist)?, second.map(PathBuf::from));
        let later = ["assets/late.js", "assets/later.js"];
        assert_eq!(later_views(&dist)?, later.map(PathBuf::from));
        let graphviz = ["assets/viz-Ab1_.js"];
        assert_eq!(super::graphviz(&dist)?, graphviz.map(PathBuf::from));
        Ok(())
    }
}
