//! `-callgrind`: the graph by address in the format of KCachegrind.

use std::collections::HashMap;

use super::legend::type_name;
use super::values::Values;
use super::{Outside, Prepared};
use crate::analysis::{Graph, NodeInfo, NodeText};

pub(super) fn text(prepared: &Prepared, outside: Outside<'_>) -> Result<Vec<u8>, String> {
    let graph = prepared.graph(false)?;
    let values = Values::whole(prepared, &graph);
    let mut writer = Writer {
        prepared,
        outside,
        graph: &graph,
        values: &values,
        callees: callee_names(prepared, &graph),
        binaries: Numbers::default(),
        files: Numbers::default(),
        names: Numbers::default(),
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

/// Names of callees, which are names of functions or new ones.
struct Callees {
    /// Per node the number of its name: a text of the nodes, or behind those one of `new`; the
    /// empty text for nodes whose values cancel.
    names: Vec<u32>,
    new: Vec<Numbered>,
}

/// A function's name and ` [1/2]` behind it: the number of the function, and of how many.
type Numbered = (NodeText, usize, usize);

/// KCachegrind merges what has the same name and file, so that where there are several functions
/// each gets a number.
fn callee_names(prepared: &Prepared, graph: &Graph) -> Callees {
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
    let texts = prepared.nodes.texts();
    let mut callees = Callees {
        names: vec![0; graph.nodes.len()],
        new: Vec::new(),
    };
    let mut by_text: HashMap<Numbered, u32> = HashMap::new();
    for &node in &graph.order {
        let (name, function) = keys(node);
        let known = numbers.get(&name).filter(|known| known.len() > 1);
        callees.names[node as usize] = known.map_or(name.1.0, |known| {
            let number = known.get(&function).map_or(0, |&number| number);
            let numbered = (name.1, number, known.len());
            let next = (texts + callees.new.len()) as u32;
            *by_text.entry(numbered).or_insert_with(|| {
                callees.new.push(numbered);
                next
            })
        });
    }
    callees
}

/// Numbers of texts in order of first use.
#[derive(Default)]
struct Numbers {
    of: Vec<u32>,
    last: u32,
}

impl Numbers {
    /// Appends a text as its number, with the text itself where it comes first.
    fn push(&mut self, id: u32, text: &[u8], suffix: &str, out: &mut Vec<u8>) {
        if text.is_empty() && suffix.is_empty() {
            return;
        }
        let id = id as usize;
        if self.of.len() <= id {
            self.of.resize(id + 1, 0);
        }
        if self.of[id] != 0 {
            out.extend_from_slice(format!("({})", self.of[id]).as_bytes());
            return;
        }
        self.last += 1;
        self.of[id] = self.last;
        out.extend_from_slice(format!("({}) ", self.last).as_bytes());
        out.extend_from_slice(text);
        out.extend_from_slice(suffix.as_bytes());
    }
}

struct Writer<'a> {
    prepared: &'a Prepared,
    outside: Outside<'a>,
    graph: &'a Graph,
    values: &'a Values<'a>,
    callees: Callees,
    binaries: Numbers,
    files: Numbers,
    names: Numbers,
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
            let out = &mut self.out;
            for (key, numbers, text) in [
                (&b"\nob="[..], &mut self.binaries, info.objfile),
                (b"\nfl=", &mut self.files, info.file),
                (b"\nfn=", &mut self.names, info.name),
            ] {
                out.extend_from_slice(key);
                numbers.push(text.0, nodes.text(text), "", out);
            }
            self.push(&[b"\n"]);
        }
        let row = self.graph.node(node);
        let cost = self.values.number(row.flat_value());
        let address = address(previous, info.address);
        self.push(&[format!("{address} {} {cost}\n", info.line).as_bytes()]);
        self.outside.drain(&mut self.out)?;
        let mut outs = self.graph.outs(node).to_vec();
        self.graph.sort_edges(nodes, &mut outs);
        for row in outs {
            self.call(row, previous);
            self.outside.drain(&mut self.out)?;
        }
        Ok(())
    }

    /// Weights stay sums even where costs are means, as in pprof.
    fn call(&mut self, row: u32, previous: Option<&NodeInfo>) {
        let edge = self.graph.edges[row as usize];
        let callee = self.info(edge.dst);
        let nodes = &self.prepared.nodes;
        let name = self.callees.names[edge.dst as usize];
        let (text, suffix) = match (name as usize).checked_sub(nodes.texts()) {
            Some(new) => {
                let (name, number, count) = self.callees.new[new];
                (nodes.text(name), format!(" [{number}/{count}]"))
            }
            None => (nodes.text(NodeText(name)), String::new()),
        };
        let out = &mut self.out;
        out.extend_from_slice(b"cfl=");
        self.files
            .push(callee.file.0, nodes.text(callee.file), "", out);
        out.extend_from_slice(b"\ncfn=");
        self.names.push(name, text, &suffix, out);
        let cost = self.values.number(edge.weight);
        let address = address(previous, callee.address);
        let calls = format!("\ncalls=0 {address} {}\n* * {cost}\n", callee.line);
        out.extend_from_slice(calls.as_bytes());
    }
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
