//! The second module: what was put off, on top of the first one's memory, tables and functions.

use super::{FIRST, Numbers, function_table};
use anyhow::Result;
use std::collections::HashMap;
use walrus::ir::Value;
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, FunctionKind, Global, GlobalId,
    GlobalKind, ImportId, ImportKind, ImportedFunction, Module,
};

/// Something of the first module that the second imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Item {
    Function(usize),
    Table(usize),
    Memory(usize),
    Global(usize),
}

/// An import of the second module and the name of the first module's export for it.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) name: String,
    pub(super) item: Item,
}

/// Leaves in `module` what is put off, and the segment that puts the functions of `slots` into the
/// table from `base` on. Returns what it imports.
pub(super) fn build(
    module: &mut Module,
    deferred: &Numbers,
    slots: &[usize],
    base: i32,
) -> Result<Vec<Shared>> {
    let known = exports(module);
    module.start = None;
    let ids: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
    ids.into_iter().for_each(|id| module.exports.delete(id));
    drop_segments(module);
    if !slots.is_empty() {
        let table = function_table(module)?;
        fill(module, table, slots, base);
    }
    let old: Vec<_> = module.imports.iter().map(|import| import.id()).collect();
    import_all(module, deferred);
    old.into_iter().for_each(|id| module.imports.delete(id));
    walrus::passes::gc::run(module);
    Ok(name_imports(module, &known))
}

/// The module's exports by what they are.
fn exports(module: &Module) -> HashMap<Item, String> {
    let item = |item| match item {
        ExportItem::Function(id) => Some(Item::Function(id.index())),
        ExportItem::Table(id) => Some(Item::Table(id.index())),
        ExportItem::Memory(id) => Some(Item::Memory(id.index())),
        ExportItem::Global(id) => Some(Item::Global(id.index())),
        ExportItem::Tag(_) => None,
    };
    module
        .exports
        .iter()
        .filter_map(|export| Some((item(export.item)?, export.name.clone())))
        .collect()
}

/// The first module fills memory and tables.
fn drop_segments(module: &mut Module) {
    let ids: Vec<_> = module.elements.iter().map(|segment| segment.id()).collect();
    ids.into_iter().for_each(|id| module.elements.delete(id));
    for table in module.tables.iter_mut() {
        table.elem_segments.clear();
    }
    let ids: Vec<_> = module.data.iter().map(|segment| segment.id()).collect();
    ids.into_iter().for_each(|id| module.data.delete(id));
    for memory in module.memories.iter_mut() {
        memory.data_segments.clear();
    }
}

fn fill(module: &mut Module, table: walrus::TableId, slots: &[usize], base: i32) {
    let ids: HashMap<usize, FunctionId> = module
        .funcs
        .iter()
        .map(|f| (f.id().index(), f.id()))
        .collect();
    let functions = slots.iter().filter_map(|number| ids.get(number).copied());
    let offset = ConstExpr::Value(Value::I32(base));
    let segment = module.elements.add(
        ElementKind::Active { table, offset },
        ElementItems::Functions(functions.collect()),
    );
    let table = module.tables.get_mut(table);
    table.elem_segments.insert(segment);
    // A slot that the first module has is all that may be asked of the table.
    table.initial += slots.len() as u64;
    table.maximum = None;
}

/// Makes everything an import that is not put off. What is not used is collected afterwards.
fn import_all(module: &mut Module, deferred: &Numbers) {
    let Module {
        imports,
        funcs,
        tables,
        memories,
        globals,
        ..
    } = module;
    let mut import = |kind: ImportKind| -> ImportId { imports.add(FIRST, "", kind) };
    for function in funcs
        .iter_mut()
        .filter(|f| !deferred.contains(&f.id().index()))
    {
        let ty = function.ty();
        let import = import(function.id().into());
        function.kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
    for table in tables.iter_mut() {
        table.import = Some(import(table.id().into()));
    }
    for memory in memories.iter_mut() {
        memory.import = Some(import(memory.id().into()));
    }
    let ids: Vec<GlobalId> = globals.iter().map(Global::id).collect();
    for id in ids {
        globals.get_mut(id).kind = GlobalKind::Import(import(id.into()));
    }
}

/// Names the imports after the first module's exports, new ones as shortly as may be.
fn name_imports(module: &mut Module, known: &HashMap<Item, String>) -> Vec<Shared> {
    let mut shared = Vec::new();
    let mut new = (1..)
        .map(|number| format!("_{number}"))
        .filter(|name| known.values().all(|known| known != name));
    for import in module.imports.iter_mut() {
        let item = match import.kind {
            ImportKind::Function(id) => Item::Function(id.index()),
            ImportKind::Table(id) => Item::Table(id.index()),
            ImportKind::Memory(id) => Item::Memory(id.index()),
            ImportKind::Global(id) => Item::Global(id.index()),
            ImportKind::Tag(_) => continue,
        };
        let name = known.get(&item).cloned().or_else(|| new.next());
        import.name = name.unwrap_or_default();
        shared.push(Shared {
            name: import.name.clone(),
            item,
        });
    }
    shared
}
