//! Constants that only what is put off uses: they go into the second module.
//!
//! The linker says which bytes are one constant and where each is used (`--emit-relocs`: the sections
//! `linking` and `reloc.*`, as the tool conventions of WebAssembly describe them). A constant is
//! needed at once if a function of the first module uses it, or another such constant, or memory that
//! is written to. To be on the safe side so is any whose address stands as a number in the first
//! module's code, and whatever the linker says nothing about.

use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::ops::Range;
use walrus::ir::Value;
use walrus::{ConstExpr, DataKind, Module};
use wasmparser::{
    DataKind as Kind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationType,
    SymbolInfo,
};

/// Fewer bytes than this between two needed constants stay: a segment of its own costs as much.
const LEAST_GAP: u32 = 32;

/// Bytes of a stretch of memory.
const STRETCH: u32 = 256;

/// The constants of a linked module and who uses them.
#[derive(Debug)]
pub(super) struct Constants {
    /// Memory that is only read.
    read_only: Range<u32>,
    /// Where each lies; empty for symbols that are none.
    symbols: Vec<Range<u32>>,
    /// By the names of functions.
    of_functions: HashMap<String, Vec<usize>>,
    of_symbols: HashMap<usize, Vec<usize>>,
    /// Those that memory uses which is written to.
    always: Vec<usize>,
}

/// A place where a constant is used: offset in its section's content, symbol.
type Use = (u32, usize);

impl Constants {
    /// Reads the module as the linker wrote it; `None` where the linker was not asked for relocations.
    pub(super) fn read(linked: &[u8]) -> Result<Option<Self>> {
        let mut found = Parts::default();
        for payload in Parser::new(0).parse_all(linked) {
            found.take(payload?)?;
        }
        if found.code_uses.is_empty() {
            return Ok(None);
        }
        found.put_together().map(Some)
    }

    /// The addresses that `first` needs, in order and apart.
    fn needed(&self, first: &[u8]) -> Result<Vec<Range<u32>>> {
        let mut wanted: Vec<usize> = self.always.clone();
        // Several may lie in one place: by stretches of memory, all that reach into one.
        let mut by_stretch: HashMap<u32, Vec<usize>> = HashMap::new();
        for (symbol, range) in self
            .symbols
            .iter()
            .enumerate()
            .filter(|(_, range)| !range.is_empty())
        {
            for stretch in range.start / STRETCH..=range.end / STRETCH {
                by_stretch.entry(stretch).or_default().push(symbol);
            }
        }
        let at = |address: u32| -> Vec<usize> {
            let around = by_stretch.get(&(address / STRETCH)).into_iter().flatten();
            let (within, behind): (Vec<usize>, Vec<usize>) =
                around.partition(|&&symbol| self.symbols[symbol].contains(&address));
            if !within.is_empty() {
                return within;
            }
            // One past the end is an address of it too, where nothing else begins.
            let ends_here = behind
                .into_iter()
                .filter(|&symbol| self.symbols[symbol].end == address);
            ends_here.collect()
        };
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(first) {
            match payload? {
                Payload::CodeSectionEntry(body) => {
                    for operator in body.get_operators_reader()? {
                        wanted.extend(address_in(&operator?).into_iter().flat_map(at));
                    }
                }
                Payload::CustomSection(section) => names.extend(function_names(&section)?),
                _ => {}
            }
        }
        for (_, name) in names {
            wanted.extend(self.of_functions.get(&name).into_iter().flatten());
        }
        let mut is_needed = vec![false; self.symbols.len()];
        while let Some(symbol) = wanted.pop() {
            if !std::mem::replace(&mut is_needed[symbol], true) {
                wanted.extend(self.of_symbols.get(&symbol).into_iter().flatten());
            }
        }
        // What no symbol covers is kept, and what several cover if one of them is needed.
        let mut off: Vec<bool> = vec![false; self.read_only.len()];
        for (symbol, needed) in is_needed.iter().enumerate() {
            if !needed {
                self.mark(symbol, &mut off, true);
            }
        }
        for (symbol, needed) in is_needed.iter().enumerate() {
            if *needed {
                self.mark(symbol, &mut off, false);
            }
        }
        Ok(self.ranges(&off))
    }

    fn mark(&self, symbol: usize, off: &mut [bool], value: bool) {
        let range = &self.symbols[symbol];
        let start = range.start.max(self.read_only.start) - self.read_only.start;
        let end = range
            .end
            .min(self.read_only.end)
            .saturating_sub(self.read_only.start);
        if start < end {
            off[start as usize..end as usize].fill(value);
        }
    }

    fn ranges(&self, off: &[bool]) -> Vec<Range<u32>> {
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for (address, off) in self.read_only.clone().zip(off) {
            match ranges.last_mut() {
                _ if *off => {}
                Some(last) if address - last.end <= LEAST_GAP => last.end = address + 1,
                _ => ranges.push(address..address + 1),
            }
        }
        ranges
    }
}

/// Moves what `first` does not need of the constants into `second`. Returns how many bytes.
pub(super) fn divide(
    first: &mut Module,
    second: &mut Module,
    constants: &Constants,
) -> Result<usize> {
    let needed = constants.needed(&first.emit_wasm())?;
    let (Some(memory), Some(imported)) =
        (first.memories.iter().next(), second.memories.iter().next())
    else {
        bail!("a module has no memory");
    };
    let (memory, imported) = (memory.id(), imported.id());
    let segments: Vec<_> = first.data.iter().map(|segment| segment.id()).collect();
    let mut moved = 0;
    for id in segments {
        let segment = first.data.get(id);
        let DataKind::Active {
            offset: ConstExpr::Value(Value::I32(start)),
            ..
        } = segment.kind
        else {
            bail!("a segment of the memory has no fixed place");
        };
        let start = start.cast_unsigned();
        if start != constants.read_only.start {
            continue;
        }
        let bytes = segment.value.clone();
        let part = |range: &Range<u32>| {
            bytes[(range.start - start) as usize..(range.end - start) as usize].to_vec()
        };
        let place = |memory, address: u32| DataKind::Active {
            memory,
            offset: ConstExpr::Value(Value::I32(address.cast_signed())),
        };
        first.data.delete(id);
        first.memories.get_mut(memory).data_segments.remove(&id);
        let mut from = start;
        for range in &needed {
            let new = first.data.add(place(memory, range.start), part(range));
            first.memories.get_mut(memory).data_segments.insert(new);
            moved += put_off(second, imported, from..range.start, &part, &place);
            from = range.end;
        }
        moved += put_off(
            second,
            imported,
            from..constants.read_only.end,
            &part,
            &place,
        );
    }
    Ok(moved)
}

fn put_off(
    second: &mut Module,
    memory: walrus::MemoryId,
    range: Range<u32>,
    part: &impl Fn(&Range<u32>) -> Vec<u8>,
    place: &impl Fn(walrus::MemoryId, u32) -> DataKind,
) -> usize {
    if range.is_empty() {
        return 0;
    }
    let new = second.data.add(place(memory, range.start), part(&range));
    second.memories.get_mut(memory).data_segments.insert(new);
    range.len()
}

/// A number in an instruction that may be an address.
fn address_in(operator: &Operator<'_>) -> Option<u32> {
    match operator {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        other => memory_offset(other),
    }
}

/// The offset that an instruction adds to its address.
fn memory_offset(operator: &Operator<'_>) -> Option<u32> {
    macro_rules! offsets {
        ($($name:ident)*) => {
            match operator {
                $(Operator::$name { memarg, .. } => u32::try_from(memarg.offset).ok(),)*
                _ => None,
            }
        };
    }
    offsets!(
        I32Load I64Load F32Load F64Load I32Load8S I32Load8U I32Load16S I32Load16U I64Load8S
        I64Load8U I64Load16S I64Load16U I64Load32S I64Load32U I32Store I64Store F32Store F64Store
        I32Store8 I32Store16 I64Store8 I64Store16 I64Store32 V128Load V128Store V128Load8x8S
        V128Load8x8U V128Load16x4S V128Load16x4U V128Load32x2S V128Load32x2U V128Load8Splat
        V128Load16Splat V128Load32Splat V128Load64Splat V128Load32Zero V128Load64Zero V128Load8Lane
        V128Load16Lane V128Load32Lane V128Load64Lane
    )
}

/// What a linked module says about itself, as it comes.
#[derive(Default)]
struct Parts {
    imported: u32,
    /// Where the content of the code section begins, and each function lies from there.
    code: u32,
    bodies: Vec<Range<u32>>,
    /// Where the content of the data section begins, and each segment: address, bytes from there.
    data: u32,
    segments: Vec<(u32, Range<u32>)>,
    symbols: Vec<Range<u32>>,
    code_uses: Vec<Use>,
    data_uses: Vec<Use>,
    names: Vec<(u32, String)>,
}

impl Parts {
    fn take(&mut self, payload: Payload<'_>) -> Result<()> {
        match payload {
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let is_function = matches!(import?.ty, wasmparser::TypeRef::Func(_));
                    self.imported += u32::from(is_function);
                }
            }
            Payload::CodeSectionStart { range, .. } => self.code = u32::try_from(range.start)?,
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                self.bodies.push(
                    u32::try_from(range.start)? - self.code..u32::try_from(range.end)? - self.code,
                );
            }
            Payload::DataSection(reader) => {
                self.data = u32::try_from(reader.range().start)?;
                for segment in reader {
                    let segment = segment?;
                    let Kind::Active { offset_expr, .. } = segment.kind else {
                        bail!("a segment of the memory has no place");
                    };
                    let Some(Ok(Operator::I32Const { value })) =
                        offset_expr.get_operators_reader().into_iter().next()
                    else {
                        bail!("a segment of the memory has no fixed place");
                    };
                    let end = u32::try_from(segment.range.end)? - self.data;
                    let start = end - u32::try_from(segment.data.len())?;
                    self.segments.push((value.cast_unsigned(), start..end));
                }
            }
            Payload::CustomSection(section) => {
                self.names.extend(function_names(&section)?);
                match section.as_known() {
                    KnownCustom::Linking(reader) => {
                        for part in reader.subsections() {
                            self.linking(part?)?;
                        }
                    }
                    KnownCustom::Reloc(reader) => {
                        let uses = if section.name() == "reloc.CODE" {
                            &mut self.code_uses
                        } else {
                            &mut self.data_uses
                        };
                        for entry in reader.entries() {
                            let entry = entry?;
                            if is_address(entry.ty) {
                                uses.push((entry.offset, entry.index as usize));
                            }
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn linking(&mut self, part: Linking<'_>) -> Result<()> {
        let Linking::SymbolTable(symbols) = part else {
            return Ok(());
        };
        for symbol in symbols {
            let range = match symbol? {
                SymbolInfo::Data {
                    symbol: Some(place),
                    ..
                } => {
                    let (address, _) = self
                        .segments
                        .get(place.index as usize)
                        .context("a symbol lies in no segment")?;
                    let start = address + place.offset;
                    start..start + place.size
                }
                _ => 0..0,
            };
            self.symbols.push(range);
        }
        Ok(())
    }

    fn put_together(self) -> Result<Constants> {
        let (start, bytes) = self
            .segments
            .first()
            .cloned()
            .context("the module has no memory")?;
        let read_only = start..start + (bytes.end - bytes.start);
        let names: HashMap<u32, String> = self.names.into_iter().collect();
        let mut of_functions: HashMap<String, Vec<usize>> = HashMap::new();
        for (offset, symbol) in self.code_uses {
            let body = self.bodies.partition_point(|body| body.end <= offset);
            let function = self.imported + u32::try_from(body)?;
            let name = names.get(&function).context("a function has no name")?;
            of_functions.entry(name.clone()).or_default().push(symbol);
        }
        // By address, to find the one that a use stands in.
        let mut order: Vec<usize> = (0..self.symbols.len())
            .filter(|&at| !self.symbols[at].is_empty())
            .collect();
        order.sort_by_key(|&at| self.symbols[at].start);
        let mut of_symbols: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut always = Vec::new();
        for (offset, symbol) in self.data_uses {
            let segment = self
                .segments
                .iter()
                .find(|(_, bytes)| bytes.contains(&offset));
            let (address, bytes) = segment.context("a use lies in no segment")?;
            let address = address + (offset - bytes.start);
            if !read_only.contains(&address) {
                always.push(symbol);
                continue;
            }
            let after = order.partition_point(|&at| self.symbols[at].start <= address);
            // Several may lie in one place, under several names.
            let around = order[..after]
                .iter()
                .rev()
                .take_while(|&&at| self.symbols[at].end > address);
            let mut is_in_one = false;
            for &at in around {
                is_in_one = true;
                of_symbols.entry(at).or_default().push(symbol);
            }
            if !is_in_one {
                always.push(symbol);
            }
        }
        Ok(Constants {
            read_only,
            symbols: self.symbols,
            of_functions,
            of_symbols,
            always,
        })
    }
}

fn is_address(kind: RelocationType) -> bool {
    matches!(
        kind,
        RelocationType::MemoryAddrLeb
            | RelocationType::MemoryAddrSleb
            | RelocationType::MemoryAddrI32
    )
}

/// The names of functions, as wasm-bindgen writes them.
fn function_names(section: &wasmparser::CustomSectionReader<'_>) -> Result<Vec<(u32, String)>> {
    let KnownCustom::Name(reader) = section.as_known() else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for part in reader {
        if let Name::Function(map) = part? {
            for naming in map {
                let naming = naming?;
                names.push((
                    naming.index,
                    rustc_demangle::demangle(naming.name).to_string(),
                ));
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four constants of 100 bytes from 1000 on: `a` uses the first, which uses the third; nothing
    /// that is known uses the second; memory that is written to uses the last.
    fn constants() -> Constants {
        let symbol = |at: u32| 1000 + at * 100..1100 + at * 100;
        Constants {
            read_only: 1000..1410,
            symbols: (0..4).map(symbol).collect(),
            of_functions: HashMap::from([("a".to_owned(), vec![0]), ("b".to_owned(), vec![1])]),
            of_symbols: HashMap::from([(0, vec![2])]),
            always: vec![3],
        }
    }

    fn needed(module: &str) -> Vec<Range<u32>> {
        let module = wat::parse_str(module).expect("a module");
        constants().needed(&module).expect("can be read")
    }

    #[test]
    fn constants_are_needed_by_functions_by_each_other_and_by_their_address() {
        // What no symbol covers, from 1400 on, is kept.
        assert_eq!(needed("(module (func $a))"), [1000..1100, 1200..1410]);
        let only = |range: Range<u32>| -> Vec<Range<u32>> { std::iter::once(range).collect() };
        assert_eq!(needed("(module (func $c))"), only(1300..1410));
        assert_eq!(needed("(module (func $a) (func $b))"), only(1000..1410));
        let by_address = "(module (func $c (drop (i32.const 1150))))";
        assert_eq!(needed(by_address), [1100..1200, 1300..1410]);
        let by_offset =
            "(module (memory 1) (func $c (drop (i32.load8_u offset=1007 (i32.const 0)))))";
        assert_eq!(needed(by_offset), [1000..1100, 1200..1410]);
    }

    #[test]
    fn what_is_not_needed_moves() -> Result<()> {
        let module = |name: &str| {
            let text = format!(
                "(module (memory (export \"m\") 1) (func ${name}) (data (i32.const 1000) \"{}\"))",
                "x".repeat(410)
            );
            Module::from_buffer(&wat::parse_str(text).expect("a module"))
        };
        let (mut first, mut second) = (module("c")?, module("d")?);
        let ids: Vec<_> = second.data.iter().map(|segment| segment.id()).collect();
        ids.into_iter().for_each(|id| second.data.delete(id));
        assert_eq!(divide(&mut first, &mut second, &constants())?, 300);
        let lengths = |module: &Module| -> Vec<usize> {
            module
                .data
                .iter()
                .map(|segment| segment.value.len())
                .collect()
        };
        assert_eq!((lengths(&first), lengths(&second)), (vec![110], vec![300]));
        Ok(())
    }
}
