//! Printable names, each made once.

use crate::analysis::{NodeId, Nodes};

/// Bytes of names that are kept.
const ROOM: usize = 128 << 20;

/// Names in the form a report wants them.
#[derive(Debug)]
pub(super) struct Names<'a> {
    nodes: &'a Nodes,
    form: fn(Vec<u8>) -> Vec<u8>,
    kept: Vec<Option<Box<[u8]>>>,
    room: usize,
}

impl<'a> Names<'a> {
    pub(super) fn new(nodes: &'a Nodes, form: fn(Vec<u8>) -> Vec<u8>) -> Self {
        Self {
            nodes,
            form,
            kept: vec![None; nodes.len()],
            room: ROOM,
        }
    }

    /// As pprof prints them.
    pub(super) fn printable(nodes: &'a Nodes) -> Self {
        Self::new(nodes, std::convert::identity)
    }

    /// Appends the name of a node.
    pub(super) fn push(&mut self, node: NodeId, out: &mut Vec<u8>) {
        if let Some(name) = &self.kept[node.index()] {
            out.extend_from_slice(name);
            return;
        }
        let name = (self.form)(self.nodes.printable(node));
        out.extend_from_slice(&name);
        // Nodes share texts, so that names can be far longer than the file.
        if name.len() <= self.room {
            self.room -= name.len();
            self.kept[node.index()] = Some(name.into());
        }
    }
}
