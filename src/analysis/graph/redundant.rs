//! Calls over dropped frames that a picture does without: their ends are connected otherwise.

use super::Graph;
use crate::analysis::Nodes;

/// Steps of all searches together. A graph whose calls would need more is as it is: no person
/// reads it.
const MAX_STEPS: usize = 1 << 30;

/// Removes them from the last node to the first and from the lightest call to the heaviest, until
/// one that skips nothing: a heavier one is not taken away where a lighter one stays.
pub(super) fn remove(graph: &mut Graph, nodes: &Nodes) {
    if !graph.edges.iter().any(|edge| edge.residual) {
        return;
    }
    let mut search = Search {
        alive: vec![true; graph.edges.len()],
        seen: vec![u32::MAX; graph.nodes.len()],
        queue: Vec::new(),
        steps: 0,
    };
    for &node in graph.order.iter().rev() {
        let mut ins = graph.ins(node).to_vec();
        graph.sort_edges(nodes, &mut ins);
        for &row in ins.iter().rev() {
            if !graph.edges[row as usize].residual {
                break;
            }
            if search.is_redundant(graph, row) {
                search.alive[row as usize] = false;
            }
        }
    }
    let mut alive = search.alive.iter();
    graph
        .edges
        .retain(|_| alive.next().is_none_or(|&alive| alive));
    graph.link();
}

struct Search {
    alive: Vec<bool>,
    /// The last edge in whose search a node was met.
    seen: Vec<u32>,
    queue: Vec<u32>,
    steps: usize,
}

impl Search {
    /// Goes from callee to callers, breadth first, without the edge `row` itself.
    fn is_redundant(&mut self, graph: &Graph, row: u32) -> bool {
        let edge = &graph.edges[row as usize];
        self.queue.clear();
        self.queue.push(edge.dst);
        self.seen[edge.dst as usize] = row;
        let mut next = 0;
        while let Some(&node) = self.queue.get(next) {
            next += 1;
            for &into in graph.ins(node) {
                self.steps += 1;
                let src = graph.edges[into as usize].src;
                if into == row || !self.alive[into as usize] || self.seen[src as usize] == row {
                    continue;
                }
                if src == edge.src {
                    return true;
                }
                self.seen[src as usize] = row;
                self.queue.push(src);
            }
            if self.steps > MAX_STEPS {
                return false;
            }
        }
        false
    }
}
