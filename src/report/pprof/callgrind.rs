//! `-callgrind`: the graph by address in the format of KCachegrind.

use std::collections::HashMap;

use super::legend::type_name;
use super::values::Values;
use super::{MAX_OUTPUT, Prepared, TOO_LONG};
use crate::analysis::{Graph, NodeInfo, NodeText};

pub(super) fn text(prepared: &Prepared) -> Result<Vec<u8>, String> {
    let graph = prepared.graph(false)?;
    let values = Values::whole(prepared, &graph);
    let mut writer = Writer {
        prepared,
        graph: &graph,
        values: &values,
        callees: callee_names(prepared, &graph),
        binaries: HashMap::new(),
        files: HashMap::new(),
        names: HashMap::new(),
        out: b"positions: instr line\nevents: ".to_vec(),
    };
    writer.push(&[&type_name(prepared), b"(", values.unit(), b")\n"]);
    let mut previous = None;
    for &node in &graph.order {
        writer.node(node, previous)?;
        previous = Some(writer.info(node));
    }
    Ok(writer.out)
}

/// What tells functions of the same name and file apart: binary and first line, and in a call
/// tree also where they were called from.
type Function = (NodeText, i64, Option<u32>);

/// Names of callees. KCachegrind merges what has the same name and file, so that the second and
/// further ones get a number.
fn callee_names(prepared: &Prepared, graph: &Graph) -> HashMap<u32, Vec<u8>> {
    let mut numbers: HashMap<(NodeText, NodeText), HashMap<Function, usize>> = HashMap::new();
    let keys = |node: u32| {
        let info = &prepared.nodes.info[graph.node(node).node.index()];
        let function = (info.objfile, info.start_line, graph.parent(node));
        ((info.file, info.name), function)
    };
    for &node in &graph.order {
        let (name, function) = keys(node);
        let known = numbers.entry(name).or_default();
        let next = known.len() + 1;
        known.entry(function).or_insert(next);
    }
    let name = |&node: &u32| {
        let (name, function) = keys(node);
        let mut text = prepared.nodes.text(name.1).to_vec();
        if let Some(known) = numbers.get(&name).filter(|known| known.len() > 1) {
            let number = known.get(&function).map_or(0, |&number| number);
            text.extend_from_slice(format!(" [{number}/{}]", known.len()).as_bytes());
        }
        (node, text)
    };
    graph.order.iter().map(name).collect()
}

struct Writer<'a> {
    prepared: &'a Prepared,
    graph: &'a Graph,
    values: &'a Values<'a>,
    callees: HashMap<u32, Vec<u8>>,
    binaries: HashMap<Vec<u8>, usize>,
    files: HashMap<Vec<u8>, usize>,
    names: HashMap<Vec<u8>, usize>,
    out: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn push(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.out.extend_from_slice(part);
        }
    }

    fn info(&self, node: u32) -> &'a NodeInfo {
        &self.prepared.nodes.info[self.graph.node(node).node.index()]
    }

    fn node(&mut self, node: u32, previous: Option<&NodeInfo>) -> Result<(), String> {
        let nodes = &self.prepared.nodes;
        let info = self.info(node);
        let place = |info: &NodeInfo| (info.objfile, info.file, info.name);
        if previous.is_none_or(|previous| place(previous) != place(info)) {
            let binary = short(&mut self.binaries, nodes.text(info.objfile));
            let file = short(&mut self.files, nodes.text(info.file));
            let name = short(&mut self.names, nodes.text(info.name));
            self.push(&[b"\nob=", &binary, b"\nfl=", &file, b"\nfn=", &name, b"\n"]);
        }
        let row = self.graph.node(node);
        let cost = self.values.number(row.flat_value());
        let address = address(previous, info.address);
        self.push(&[format!("{address} {} {cost}\n", info.line).as_bytes()]);
        let mut outs = self.graph.outs(node).to_vec();
        self.graph.sort_edges(nodes, &mut outs);
        for row in outs {
            self.call(row, previous);
            if self.out.len() > MAX_OUTPUT {
                return Err(TOO_LONG.to_owned());
            }
        }
        Ok(())
    }

    /// Weights stay sums even where costs are means, as in pprof.
    fn call(&mut self, row: u32, previous: Option<&NodeInfo>) {
        let edge = self.graph.edges[row as usize];
        let callee = self.info(edge.dst);
        let file = short(&mut self.files, self.prepared.nodes.text(callee.file));
        let name = self.callees.get(&edge.dst).map_or(&b""[..], Vec::as_slice);
        let name = short(&mut self.names, name);
        let cost = self.values.number(edge.weight);
        let address = address(previous, callee.address);
        let calls = format!("\ncalls=0 {address} {}\n* * {cost}\n", callee.line);
        self.push(&[b"cfl=", &file, b"\ncfn=", &name, calls.as_bytes()]);
    }
}

/// A name as its number, with the name itself where it comes first.
fn short(known: &mut HashMap<Vec<u8>, usize>, name: &[u8]) -> Vec<u8> {
    if name.is_empty() {
        return Vec::new();
    }
    if let Some(number) = known.get(name) {
        return format!("({number})").into_bytes();
    }
    let number = known.len() + 1;
    known.insert(name.to_vec(), number);
    [format!("({number}) ").as_bytes(), name].concat()
}

/// An address, relative to the one before where that is shorter.
fn address(previous: Option<&NodeInfo>, address: u64) -> String {
    let absolute = format!("{address:#x}");
    let Some(previous) = previous.map(|info| info.address) else {
        return absolute;
    };
    if previous == address {
        return "*".to_owned();
    }
    let relative = format!("{:+}", address.wrapping_sub(previous) as i64);
    if relative.len() < absolute.len() {
        relative
    } else {
        absolute
    }
}
