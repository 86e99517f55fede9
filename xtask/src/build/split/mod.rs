//! Cuts the core's module in two: what the first picture needs, and what can come later.
//!
//! Both are one program with one memory. The first stands alone; where it calls something that was
//! put off, it has a stub of the same type, which has the second module loaded if it is not there
//! yet and goes on through a slot of the function table. The second imports from the first whatever
//! it uses and fills the slots. So it is never wrong to put a function off, only slow when it was
//! needed at once.

mod choice;
mod data;
mod first;
mod second;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, LocalFunction, LocalId, Module, TableId};

/// Where the second module says its imports come from; the page answers with the first's exports.
const FIRST: &str = "first";

/// Numbers of functions in the module that is being cut. They are the same however often it is
/// read, which walrus' own ids are not.
type Numbers = BTreeSet<usize>;

/// How it is cut, for whoever keeps what was cut: another way makes other modules.
pub const SOURCE: &str = concat!(
    include_str!("mod.rs"),
    include_str!("choice.rs"),
    include_str!("data.rs"),
    include_str!("first.rs"),
    include_str!("second.rs"),
);

/// The two modules, with their names.
pub struct Halves {
    /// Everything that is needed at once, and stubs.
    pub first: Vec<u8>,
    /// What was put off.
    pub second: Vec<u8>,
    /// How many functions the second holds.
    pub deferred: usize,
    /// Names of those that the first can call.
    pub stubs: Vec<String>,
    /// How many bytes of constants the second holds.
    pub constants: usize,
}

/// Cuts `module`, which must have names.
///
/// Put off is what `patterns` name (see [`choice`]), and what only that uses. `load` begins the name
/// of the imported function that brings the second module. `linked` is the module as the linker wrote
/// it: if that says who uses which constants, those are put off too.
pub fn split(module: &[u8], linked: &[u8], patterns: &[&str], load: &str) -> Result<Halves> {
    let deferred = choice::deferred(read(module)?, patterns);
    let mut hollow = read(module)?;
    first::hollow(&mut hollow, &deferred);
    let slots = first::slots(hollow, &deferred);
    let mut first = read(module)?;
    first::hollow(&mut first, &deferred);
    let base = first::connect(&mut first, &slots, load)?;
    let mut second = read(module)?;
    let shared = second::build(&mut second, &deferred, &slots, base)?;
    first::export(&mut first, &shared);
    let constants = match data::Constants::read(linked)? {
        Some(constants) => data::divide(&mut first, &mut second, &constants)?,
        None => 0,
    };
    for module in [&mut first, &mut second] {
        // What is moved about makes them wrong.
        for section in ["linking", "reloc.CODE", "reloc.DATA"] {
            module.customs.remove_raw(section);
        }
    }
    Ok(Halves {
        constants,
        first: first.emit_wasm(),
        second: second.emit_wasm(),
        deferred: deferred.len(),
        stubs: names(&first, &slots),
    })
}

fn read(module: &[u8]) -> Result<Module> {
    Module::from_buffer(module).context("cannot read the module that is to be split")
}

fn name(module: &Module, function: FunctionId) -> &str {
    module
        .funcs
        .get(function)
        .name
        .as_deref()
        .unwrap_or_default()
}

fn names(module: &Module, numbers: &[usize]) -> Vec<String> {
    let functions = module.funcs.iter().map(|function| function.id());
    let functions = functions.filter(|id| numbers.contains(&id.index()));
    functions.map(|id| name(module, id).to_owned()).collect()
}

/// The table of function pointers.
fn function_table(module: &Module) -> Result<TableId> {
    module
        .tables
        .main_function_table()?
        .context("the module has no table of functions")
}

/// Replaces what `function` does by what `body` writes, which is given its parameters.
fn rewrite(
    module: &mut Module,
    function: FunctionId,
    body: impl FnOnce(&mut walrus::InstrSeqBuilder, &[LocalId]),
) {
    let ty = module.types.get(module.funcs.get(function).ty());
    let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
    let locals: Vec<LocalId> = params.iter().map(|&ty| module.locals.add(ty)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    body(&mut builder.func_body(), &locals);
    let new: LocalFunction = builder.local_func(locals);
    module.funcs.get_mut(function).kind = FunctionKind::Local(new);
}
