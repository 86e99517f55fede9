//! The core as a module for browsers: cargo, then wasm-bindgen, then wasm-opt.

use super::{Mode, split};
use crate::paths;
use crate::setup::wasm_target::{self, TRIPLE};
use crate::stamp::Stamp;
use crate::tool::Tool;
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// What every browser of the last four years has, beyond the first WebAssembly. rustc switches most
/// of it on by itself; wasm-opt has to be told.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// The core's module; its name is wasm-bindgen's.
const FIRST: &str = "dropprof_bg.wasm";

/// What is fetched when something of it is needed, or when the page has nothing better to do.
pub(super) const SECOND: &str = "dropprof_more.wasm";

/// What the first picture of a profile does without: paths of the core and verbs of its session.
/// Verbs that are named here must not be in `WITHOUT_MORE` of `www/src/more.ts`.
const DEFERRED: &[&str] = &[
    "cpp_demangle",
    "dropprof::analysis::bench",
    "dropprof::analysis::compare",
    "dropprof::analysis::filter",
    "dropprof::analysis::goroutines",
    "dropprof::analysis::groups",
    "dropprof::analysis::tree_order",
    "dropprof::analysis::tree_pivot",
    "dropprof::analysis::trim",
    "dropprof::analysis::source",
    "dropprof::analysis::graph",
    "dropprof::analysis::merge",
    "dropprof::analysis::tags::collect",
    "dropprof::analysis::tags::expression",
    "dropprof::analysis::tags::histogram",
    "dropprof::analysis::trace",
    "dropprof::findings",
    "dropprof::formats::archive",
    "dropprof::formats::bench",
    "dropprof::formats::demangle::better_name",
    "dropprof::formats::dump",
    "dropprof::formats::gotrace",
    "dropprof::formats::legacy",
    "dropprof::formats::zstd",
    "dropprof::gotext",
    "dropprof::model::trace",
    "dropprof::report::benchstat",
    "dropprof::report::build",
    "dropprof::report::csv",
    "dropprof::report::document",
    "dropprof::report::figure",
    "dropprof::report::html",
    "dropprof::report::json",
    "dropprof::report::markdown",
    "dropprof::report::pprof",
    "dropprof::wasm::bench",
    "dropprof::wasm::bench_causes",
    "dropprof::wasm::bench_cells",
    "dropprof::wasm::bench_notes",
    "dropprof::wasm::compare",
    "dropprof::wasm::flame_groups",
    "dropprof::wasm::csv",
    "dropprof::wasm::graph",
    "dropprof::wasm::growth",
    "dropprof::wasm::trim",
    "dropprof::wasm::source",
    "dropprof::wasm::tags",
    "dropprof::views::timeline",
    "dropprof::wasm::time",
    "dropprof::wasm::timeline",
    "dropprof::wasm::timeline_spot",
    "dropprof::wasm::trace",
    "rawzip",
    "regex",
    "regex_automata",
    "regex_syntax",
    "rustc_demangle",
    "ruzstd",
    "session_benchDetail",
    "session_benchExport",
    "session_benchRow",
    "session_benchRows",
    "session_benchTables",
    "session_callGraph",
    "session_callGraphDot",
    "session_callGraphPart",
    "session_compare",
    "session_comparePlace",
    "session_compareRows",
    "session_compareTexts",
    "session_filters",
    "session_findings",
    "session_flamePlace",
    "session_flameGroups",
    "session_flameGroupsOf",
    "session_goroutineStacks",
    "session_goroutines",
    "session_growth",
    "session_nodeMatches",
    "session_mergeFiles",
    "session_pprof",
    "session_reportHtml",
    "session_timelineAt",
    "session_timelineLane",
    "session_timelineMembers",
    "session_timelinePaint",
    "session_timelineCancel",
    "session_timelineFinish",
    "session_timelinePart",
    "session_timelinePush",
    "session_timelineSearch",
    "session_timelineStart",
    "session_timelineStep",
    "session_trace",
    "session_traceCsv",
    "session_traceDetail",
    "session_traceTable",
    "session_reportJson",
    "session_reportMarkdown",
    "session_search",
    "session_tableCsv",
    "session_trimInfo",
    "session_trimmed",
    "session_source",
    "session_sourceFiles",
    "session_tagRange",
    "session_tagValues",
    "session_tags",
    "session_timeRange",
    "session_timeStrip",
    "tar",
    "timelinepicture_width",
    "timelinepicture_pixels",
    "timelinepicture_pixelRows",
    "timelinepicture_series",
    "timelinepicture_seriesRows",
    "timelinepicture_spanRow",
    "timelinepicture_spanState",
    "timelinepicture_spanLabel",
    "timelinepicture_spanX0",
    "timelinepicture_spanX1",
    "timelinepicture_spanDepth",
    "timelinepicture_spanGoroutine",
    "timelinepicture_labels",
];

/// How the import that brings the second module is called; `src/wasm/session.rs` declares it.
const LOAD: &str = "__wbg_loadMore";

/// Builds the module and its glue into `www/src/pkg`, skipping what is up to date.
pub fn build(mode: Mode) -> Result<()> {
    let version = bindgen_version()?;
    println!("build: compiling the core to wasm");
    let module = compile(mode)?;
    let options = format!(
        "{version} {FEATURES:?} {DEFERRED:?} {mode:?} {}",
        split::SOURCE
    );
    let lock = paths::www().join("package-lock.json");
    let stamp = Stamp::new("wasm", &options, &[module.clone(), lock], &[paths::pkg()])?;
    if stamp.is_current()? {
        return Ok(());
    }
    bindgen(&module).context("wasm-bindgen")?;
    match mode {
        Mode::Release => {
            divide(&module)?;
            optimise(FIRST)?;
            optimise(SECOND)?;
        }
        // The page asks for it all the same; an empty module will do.
        Mode::Dev => fs::write(paths::pkg().join(SECOND), b"\0asm\x01\0\0\0")?,
    }
    stamp.write()
}

fn compile(mode: Mode) -> Result<PathBuf> {
    let toolchain = wasm_target::find().context("no compiler for wasm32-unknown-unknown")?;
    // A directory of its own: the two kinds of toolchain do not share artifacts, and a build for the
    // page must not wait for, or throw away, the native one.
    let target_dir = paths::target().join(toolchain.name());
    let mut cargo = toolchain
        .cargo_build()
        .args(["--package", "dropprof", "--lib", "--profile", "wasm"])
        .arg("--target-dir")
        .arg(&target_dir)
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", rustc_flags());
    if mode == Mode::Dev {
        cargo = cargo.args(["--config", "profile.wasm.lto=false"]).args([
            "--config",
            "profile.wasm.codegen-units=16",
            "--config",
            "profile.wasm.opt-level=1",
        ]);
    }
    cargo.run()?;
    Ok(target_dir.join(TRIPLE).join("wasm").join("dropprof.wasm"))
}

/// Flags in cargo's encoding, which allows for spaces in paths.
fn rustc_flags() -> String {
    let mut flags = vec![
        "-Ctarget-feature=+simd128".to_owned(),
        // Less inlining than is usual even for size. The loops over every frame say themselves what
        // is to be compiled into them, and lose nothing.
        "-Cllvm-args=-inline-threshold=12".to_owned(),
        // Which constants a function uses: those of what is put off are put off with it.
        "-Clink-arg=--emit-relocs".to_owned(),
    ];
    // A panic in the page is a trap that the worker reports; its message would be lost anyway, and
    // the texts and formatting behind the messages are a tenth of the module.
    let terse = [
        "-Zunstable-options",
        "-Cpanic=immediate-abort",
        "-Zlocation-detail=none",
        "-Zfmt-debug=none",
    ];
    flags.extend(terse.map(str::to_owned));
    // Panic messages carry file names. They must not differ by who built it, nor name their home.
    let cargo_home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    for (place, name) in [(cargo_home, "cargo"), (Some(paths::root()), "dropprof")] {
        if let Some(place) = place {
            flags.push(format!("--remap-path-prefix={}={name}", place.display()));
        }
    }
    flags.join("\x1f")
}

fn bindgen(module: &Path) -> Result<()> {
    println!("build: writing the glue to www/src/pkg");
    let pkg = paths::pkg();
    if pkg.exists() {
        fs::remove_dir_all(&pkg).with_context(|| format!("cannot empty {}", pkg.display()))?;
    }
    Bindgen::new()
        .input_path(module)
        .out_name("dropprof")
        // The glue says `new URL("dropprof_bg.wasm", import.meta.url)`, from which Vite makes an asset.
        .omit_default_module_path(false)
        .web(true)?
        .typescript(true)
        .generate(&pkg)
}

/// Moves what is put off into the second module. Before wasm-opt, which would merge functions of
/// both kinds and drop the names that tell them apart.
fn divide(linked: &Path) -> Result<()> {
    let linked = fs::read(linked).with_context(|| format!("cannot read {}", linked.display()))?;
    let module = paths::pkg().join(FIRST);
    let bytes = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let halves = split::split(&bytes, &linked, DEFERRED, LOAD).context("splitting the core")?;
    println!(
        "build: {} functions put off, {} of them behind stubs, and {} bytes of constants",
        halves.deferred,
        halves.stubs.len(),
        halves.constants
    );
    fs::write(&module, &halves.first)?;
    fs::write(paths::pkg().join(SECOND), halves.second)?;
    // For whoever adds a line to DEFERRED: what is wrongly put off stands here, as a rule.
    let list = paths::target().join("xtask");
    fs::create_dir_all(&list)?;
    // And for whoever asks what the first load consists of: with names, which wasm-opt takes away.
    fs::write(list.join("first.wasm"), &halves.first)?;
    fs::write(list.join("stubs.txt"), halves.stubs.join("\n") + "\n")?;
    Ok(())
}

fn optimise(module: &str) -> Result<()> {
    println!("build: wasm-opt {module}");
    let module = paths::pkg().join(module);
    Tool::npm_script("binaryen/bin/wasm-opt")
        .args(["--converge", "-O3", "--strip-debug", "--strip-producers"])
        .args(FEATURES)
        .arg(&module)
        .arg("-o")
        .arg(&module)
        .run()
}

/// The one version of wasm-bindgen in Cargo.lock, if the core's and ours agree.
fn bindgen_version() -> Result<String> {
    let path = paths::root().join("Cargo.lock");
    let lock =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let core = locked_versions(&lock, "wasm-bindgen");
    let ours = locked_versions(&lock, "wasm-bindgen-cli-support");
    match (core.as_slice(), ours.as_slice()) {
        ([core], [ours]) if core == ours => Ok((*core).to_owned()),
        _ => bail!(
            "Cargo.lock has wasm-bindgen {} but wasm-bindgen-cli-support {}: both must be the same \
             single version; set it in Cargo.toml and xtask/Cargo.toml",
            core.join(" and "),
            ours.join(" and ")
        ),
    }
}

/// Every version of `package` in a Cargo.lock.
fn locked_versions<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let name = format!("name = \"{package}\"");
    let version = |line: &'a str| line.strip_prefix("version = \"")?.strip_suffix('"');
    lock.split("[[package]]")
        .filter(|entry| entry.lines().any(|line| line == name))
        .filter_map(|entry| entry.lines().find_map(version))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_by_exact_name() {
        let lock = "version = 4\n\n\
            [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.1\"\n\n\
            [[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"0.2.9\"\n\n\
            [[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\n \"wasm-bindgen\",\n]\n\n\
            [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.2\"\n";
        assert_eq!(locked_versions(lock, "wasm-bindgen"), ["0.2.1", "0.2.2"]);
        assert!(locked_versions(lock, "wasm").is_empty());
    }

    #[test]
    fn the_page_waits_for_the_second_half_where_a_verb_needs_it() -> Result<()> {
        let page = fs::read_to_string(paths::www().join("src").join("more.ts"))?;
        let list = (page.split("new Set<Verb>([").nth(1)).and_then(|rest| rest.split(']').next());
        let at_once: Vec<&str> = (list.unwrap_or_default().split('\''))
            .skip(1)
            .step_by(2)
            .collect();
        assert!(at_once.contains(&"flameBoxes"), "the list of verbs is read");
        let mut put_off = DEFERRED
            .iter()
            .filter_map(|path| path.strip_prefix("session_"));
        let wrong = put_off.find(|verb| at_once.contains(verb));
        assert_eq!(wrong, None, "put off, and the page does not wait for it");
        Ok(())
    }

    #[test]
    fn core_and_xtask_use_one_wasm_bindgen() {
        assert!(bindgen_version().is_ok_and(|version| version.starts_with("0.2.")));
    }
}
