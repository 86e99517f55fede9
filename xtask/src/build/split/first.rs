//! The first module: stubs in the place of what was put off.

use super::second::{Item, Shared};
use super::{Numbers, function_table, rewrite};
use anyhow::{Context, Result};
use std::collections::HashMap;
use walrus::{
    ExportItem, Function, FunctionBuilder, FunctionId, Global, ImportKind, Memory, Module, Table,
    TableId,
};

/// Empties the functions put off. What they alone used stays, for [`export`] to ask for.
pub(super) fn hollow(module: &mut Module, deferred: &Numbers) {
    let ids: Vec<FunctionId> = module.funcs.iter().map(Function::id).collect();
    for id in ids.into_iter().filter(|id| deferred.contains(&id.index())) {
        rewrite(module, id, |body, _| {
            body.unreachable();
        });
    }
}

/// The functions put off that the hollow `module` still uses.
pub(super) fn slots(mut module: Module, deferred: &Numbers) -> Vec<usize> {
    walrus::passes::gc::run(&mut module);
    let left = module.funcs.iter().map(|function| function.id().index());
    left.filter(|number| deferred.contains(number)).collect()
}

/// Makes stubs of the functions of `slots`, one slot of the table for each. Returns the first slot.
pub(super) fn connect(module: &mut Module, slots: &[usize], load: &str) -> Result<i32> {
    if slots.is_empty() {
        return Ok(0);
    }
    let table = function_table(module)?;
    let base = i32::try_from(module.tables.get(table).initial)?;
    let end = base
        .checked_add(i32::try_from(slots.len())?)
        .context("the table of functions is too large")?;
    let held = module.tables.get_mut(table);
    held.initial = u64::from(end.unsigned_abs());
    held.maximum = held.maximum.map(|maximum| maximum.max(held.initial));
    let ready = ready(module, table, base, load)?;
    let ids: HashMap<usize, FunctionId> = (module.funcs.iter())
        .map(|function| (function.id().index(), function.id()))
        .collect();
    let ids = slots.iter().filter_map(|number| ids.get(number).copied());
    for (slot, id) in (base..end).zip(ids) {
        let ty = module.funcs.get(id).ty();
        rewrite(module, id, |body, params| {
            body.call(ready);
            for &param in params {
                body.local_get(param);
            }
            body.i32_const(slot).call_indirect(ty, table);
        });
    }
    Ok(base)
}

/// A function that calls the import `load` while the slot `base` is empty.
fn ready(module: &mut Module, table: TableId, base: i32, load: &str) -> Result<FunctionId> {
    let load = module
        .imports
        .iter()
        .filter(|import| import.name.starts_with(load))
        .find_map(|import| match import.kind {
            ImportKind::Function(id) => Some(id),
            _ => None,
        })
        .with_context(|| format!("the module imports no function {load}"))?;
    let mut function = FunctionBuilder::new(&mut module.types, &[], &[]);
    function.name("split::ready".to_owned());
    function
        .func_body()
        .i32_const(base)
        .table_get(table)
        .ref_is_null()
        .if_else(
            None,
            |then| {
                then.call(load);
            },
            |_| {},
        );
    Ok(function.finish(Vec::new(), &mut module.funcs))
}

/// Exports what the second module imports, and drops what nothing uses any more.
pub(super) fn export(module: &mut Module, shared: &[Shared]) {
    for Shared { name, item } in shared {
        if module.exports.iter().any(|export| export.name == *name) {
            continue;
        }
        if let Some(item) = find(module, *item) {
            module.exports.add(name, item);
        }
    }
    walrus::passes::gc::run(module);
}

fn find(module: &Module, item: Item) -> Option<ExportItem> {
    match item {
        Item::Function(number) => {
            let mut ids = module.funcs.iter().map(Function::id);
            Some(ids.find(|id| id.index() == number)?.into())
        }
        Item::Table(number) => {
            let mut ids = module.tables.iter().map(Table::id);
            Some(ids.find(|id| id.index() == number)?.into())
        }
        Item::Memory(number) => {
            let mut ids = module.memories.iter().map(Memory::id);
            Some(ids.find(|id| id.index() == number)?.into())
        }
        Item::Global(number) => {
            let mut ids = module.globals.iter().map(Global::id);
            Some(ids.find(|id| id.index() == number)?.into())
        }
    }
}
