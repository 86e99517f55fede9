use super::*;
use crate::paths;
use crate::tool::Tool;
use std::fs;

/// `late` is to be put off. `helper` is only its own; `shared` and the import `log` are of both halves;
/// the instance of `sort` mentions `late` and is used by others as well, `drop` is only pointed to.
const PROGRAM: &str = r#"(module
  (import "./glue.js" "log" (func $log (param i32)))
  (import "./glue.js" "__wbg_loadMore_0a1b" (func $load))
  (memory (export "memory") 1)
  (table 3 3 funcref)
  (elem (i32.const 1) $drop<a::late::T> $a::late::call)
  (global $stack (mut i32) (i32.const 1000))
  (type $unary (func (param i32) (result i32)))

  (func $session_soon (export "soon") (param i32) (result i32)
    (call $a::shared (call $sort<a::late::T> (local.get 0))))
  (func $session_pointed (export "pointed") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 1) (local.get 0)))
  (func $session_late (export "late") (param i32 i64) (result i64)
    (i64.add (local.get 1) (i64.extend_i32_u (call $a::late::sum (local.get 0)))))

  (func $a::shared (param i32) (result i32)
    (i32.add (local.get 0) (i32.const 1)))
  (func $sort<a::late::T> (param i32) (result i32)
    (i32.mul (local.get 0) (i32.const 2)))
  (func $drop<a::late::T> (param i32) (result i32)
    (i32.sub (i32.const 0) (local.get 0)))

  (func $a::late::call (param i32) (result i32)
    (call $a::late::sum (local.get 0)))
  (func $a::late::sum (param i32) (result i32)
    (global.set $stack (i32.sub (global.get $stack) (i32.const 8)))
    (i32.store (global.get $stack) (local.get 0))
    (call $log (global.get $stack))
    (i32.add
      (call $sort<a::late::T> (call $a::helper))
      (call_indirect (type $unary) (local.get 0) (i32.const 1))))
  (func $a::helper (result i32)
    (call $a::shared (i32.load (global.get $stack))))
  (func $load_more (export "linkMore") (call $load))
)"#;

const DEFERRED: &[&str] = &["a::late", "session_late"];

fn halves(program: &str) -> Result<Halves> {
    let module = wat::parse_str(program)?;
    split(&module, &module, DEFERRED, "__wbg_loadMore")
}

/// Names of the functions that a module defines, in the order of the alphabet.
fn defined(module: &[u8]) -> Result<Vec<String>> {
    let module = read(module)?;
    let mut names: Vec<String> = (module.funcs.iter_local())
        .map(|(id, _)| name(&module, id).to_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// What `script` prints in Node, given the paths of the two modules; nothing where there is no Node.
fn node(test: &str, halves: &Halves, script: &str) -> Result<Option<String>> {
    if Tool::new("node").arg("--version").probe().is_none() {
        return Ok(None);
    }
    let dir = paths::target().join("xtask").join(test);
    fs::create_dir_all(&dir)?;
    let (first, second) = (dir.join("first.wasm"), dir.join("second.wasm"));
    fs::write(&first, &halves.first)?;
    fs::write(&second, &halves.second)?;
    let printed = Tool::new("node")
        .args(["-e", script])
        .args([first, second])
        .capture()?;
    Ok(Some(printed))
}

#[test]
fn each_half_has_its_own_functions() -> Result<()> {
    let halves = halves(PROGRAM)?;
    let late = ["a::helper", "a::late::call", "a::late::sum"];
    let second = [&late[..], &["drop<a::late::T>", "session_late"]].concat();
    assert_eq!(defined(&halves.second)?, second);
    assert_eq!(halves.deferred, 5);
    // `a::late::sum` is called by what is put off alone, so it needs no stub.
    let stubs = ["session_late", "drop<a::late::T>", "a::late::call"];
    assert_eq!(halves.stubs, stubs);
    let first = [
        "a::late::call",
        "a::shared",
        "drop<a::late::T>",
        "load_more",
        "session_late",
        "session_pointed",
        "session_soon",
        "sort<a::late::T>",
        "split::ready",
    ];
    assert_eq!(defined(&halves.first)?, first);
    Ok(())
}

/// The closure is the same for all rows of a size: whoever sorts such rows may hold it in the table.
#[test]
fn a_closure_of_a_generic_function_is_not_put_off() -> Result<()> {
    let closure = "sort<a::late::T>::{closure#0}";
    let program = PROGRAM.replace("drop<a::late::T>", closure);
    let program = program.replace(&format!("${closure}"), &format!("$\"{closure}\""));
    let halves = halves(&program)?;
    assert!(defined(&halves.first)?.contains(&closure.to_owned()));
    assert!(!halves.stubs.contains(&closure.to_owned()));
    assert!(!defined(&halves.second)?.contains(&closure.to_owned()));
    Ok(())
}

/// Loads the second module when the first asks for it.
const RUN: &str = "
const { readFileSync } = require('node:fs');
const [first, second] = process.argv.slice(1).map((file) => new WebAssembly.Module(readFileSync(file)));
let loads = 0;
let offline = false;
const log = (stack) => console.log('stack', stack, 'holds', new Int32Array(core.memory.buffer)[stack / 4]);
const __wbg_loadMore_0a1b = () => {
  if (offline) throw new Error('offline');
  loads += 1;
  new WebAssembly.Instance(second, { first: core });
};
const core = new WebAssembly.Instance(first, { './glue.js': { log, __wbg_loadMore_0a1b } }).exports;
";

#[test]
fn the_second_half_comes_with_the_first_use_of_it() -> Result<()> {
    let script = format!(
        "{RUN}
        console.log(core.soon(5), loads);
        console.log(core.late(5, 2n ** 40n), loads);
        console.log(core.pointed(2, 7), core.pointed(1, 3), loads);"
    );
    let printed = node("split-first-use", &halves(PROGRAM)?, &script)?;
    // soon(5) = 5 * 2 + 1. late(5) = (5 + 1) * 2 - 5 = 7, and 2^40 with it; the stack begins at 1000.
    // pointed(2, 7) is sum(7) = (7 + 1) * 2 - 7.
    let expected = "11 0\n\
        stack 992 holds 5\n1099511627783n 1\n\
        stack 984 holds 7\n9 -3 1\n";
    assert!(printed.is_none_or(|printed| printed == expected));
    Ok(())
}

#[test]
fn the_second_half_may_come_before_its_use_and_a_pointer_brings_it_too() -> Result<()> {
    let halves = halves(PROGRAM)?;
    let twice = "
        console.log(core.pointed(1, 3), loads);
        console.log(core.pointed(1, 4), loads);";
    for (test, before) in [("split-pointer", ""), ("split-early", "core.linkMore();")] {
        let printed = node(test, &halves, &format!("{RUN}{before}{twice}"))?;
        assert!(printed.is_none_or(|printed| printed == "-3 1\n-4 1\n"));
    }
    Ok(())
}

#[test]
fn a_load_that_fails_ends_the_call_and_may_be_tried_again() -> Result<()> {
    let script = format!(
        "{RUN}
        offline = true;
        try {{ core.late(5, 1n); }} catch (error) {{ console.log(error.message); }}
        console.log(core.soon(1), loads);
        offline = false;
        console.log(core.pointed(1, 3), loads);"
    );
    let printed = node("split-offline", &halves(PROGRAM)?, &script)?;
    // soon(1) = 1 * 2 + 1.
    assert!(printed.is_none_or(|printed| printed == "offline\n3 0\n-3 1\n"));
    Ok(())
}

#[test]
fn nothing_to_put_off_leaves_the_module_whole() -> Result<()> {
    let program = r#"(module (func $b::f (export "f") (result i32) (i32.const 1)))"#;
    let halves = halves(program)?;
    assert_eq!(defined(&halves.first)?, ["b::f"]);
    assert!(defined(&halves.second)?.is_empty());
    assert_eq!(halves.deferred, 0);
    Ok(())
}

#[test]
fn a_module_that_cannot_load_is_refused() {
    let program = r#"(module (table 1 funcref) (func $a::late::f (export "f")))"#;
    let error = halves(program).err().map(|error| error.to_string());
    let expected = "the module imports no function __wbg_loadMore";
    assert_eq!(error.as_deref(), Some(expected));
}
