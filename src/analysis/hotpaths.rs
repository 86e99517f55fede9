//! The heaviest call paths, each cut down to the steps that matter.
//!
//! The merged call tree is explored heaviest box first. A path follows own code through its
//! branches, and libraries and the runtime while one child dominates; it ends where the cost
//! becomes a box's own or scatters. What is left at a branch becomes another path, so paths do
//! not overlap: their values add up to the total at most.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::attribution::is_folded;
use super::hotpath_steps::{KNOWN, OWN, PLUMBING, Passed, Picker};
use super::{Class, Classes, NodeId, NodeRef, Nodes, TreeView};
use crate::model::Profile;

/// A path goes on below a box when a child carries this share of it that is the program's own
/// code or soon leads there: own code is followed through branches, down to what does the work.
const FOLLOW_OWN: f64 = 0.1;
/// The same for a library or runtime function that own code calls.
const FOLLOW_CALL: f64 = 0.2;
/// Inside a library, a path goes on while a child carries this share of what own code spent in
/// the call: how a library divides its work is of less interest than that it was called.
const FOLLOW_INSIDE: f64 = 0.5;
/// Library frames that may lie between a box and the own code it leads to, as in a server whose
/// handlers are called through several layers.
const LAYERS: usize = 32;
/// What the children leave of a box is a path of its own from this share of the box on.
const OWN_COST: f64 = 0.2;
/// How many paths, and from which weight on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HotPathOptions {
    /// Paths at most.
    pub count: usize,
    /// Least share of the total, 0..=1, that a path carries.
    pub min_share: f64,
}

impl Default for HotPathOptions {
    /// Ten paths of 1 % at least.
    fn default() -> Self {
        Self {
            count: 10,
            min_share: 0.01,
        }
    }
}

/// One path, outermost step first.
#[derive(Clone, Debug, PartialEq)]
pub struct HotPath {
    /// Σ value that ends on this path and on no other: the last step's cum, or, where heavy
    /// children lead on to paths of their own, what they leave of it.
    pub value: i64,
    /// The same in |value| ÷ Σ |value| of the tree, 0..=1.
    pub share: f64,
    /// The steps, never none.
    pub steps: Vec<PathStep>,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathStep {
    /// Who.
    pub node: NodeId,
    /// The box of the call tree.
    pub at: NodeRef,
    /// Own value in this box: its cum without its children's.
    pub flat: i64,
    /// Value in this box with everything below.
    pub cum: i64,
    /// Frames left out between the step before and this one, outermost first, the first 40 of
    /// them.
    pub folded: Vec<NodeId>,
    /// All frames left out there, however many.
    pub folded_count: usize,
}

/// Finds the heaviest paths of a top-down tree, heaviest first, ties in order of discovery.
/// Empty when nothing is selected.
pub fn hot_paths(
    profile: &Profile,
    nodes: &Nodes,
    classes: &Classes,
    tree: TreeView<'_>,
    options: &HotPathOptions,
) -> Vec<HotPath> {
    let total = tree.total_width();
    let least = ((options.min_share * total as f64).ceil() as u64).max(1);
    let shortener = Shortener {
        profile,
        nodes,
        classes,
        tree,
        marks: vec![Cell::new(0); nodes.len()],
    };
    let mut search = Search {
        shortener: &shortener,
        tree,
        least,
        queue: BinaryHeap::new(),
        pushed: 0,
    };
    search.push(tree.root(), total, total, false);
    let mut paths = Vec::new();
    while let Some(end) = search.next_end() {
        if paths.len() == options.count {
            break;
        }
        let share = end.width as f64 / total as f64;
        paths.push(HotPath {
            value: end.value,
            share,
            steps: shortener.steps(end.at),
        });
    }
    paths
}

/// Where a path ends.
struct End {
    /// The last box, or the head of the unbranched tail that the path follows to its end.
    at: NodeRef,
    width: u64,
    value: i64,
}

/// A box to look at; the heaviest first, then in order of discovery.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    width: u64,
    discovery: Reverse<u32>,
    at: NodeRef,
    /// Width of the box in which own code called into the library that `at` belongs to; its own
    /// width where it is own code.
    entry: u64,
    /// Only what the children leave of it is meant.
    is_rest: bool,
}

struct Search<'a> {
    shortener: &'a Shortener<'a>,
    tree: TreeView<'a>,
    least: u64,
    queue: BinaryHeap<Candidate>,
    pushed: u32,
}

impl Search<'_> {
    fn push(&mut self, at: NodeRef, width: u64, entry: u64, is_rest: bool) {
        if width >= self.least {
            let discovery = Reverse(self.pushed);
            self.queue.push(Candidate {
                width,
                discovery,
                at,
                entry,
                is_rest,
            });
            self.pushed = self.pushed.wrapping_add(1);
        }
    }

    /// Opens the heaviest boxes until one is the end of a path.
    fn next_end(&mut self) -> Option<End> {
        while let Some(candidate) = self.queue.pop() {
            let Candidate {
                width, at, is_rest, ..
            } = candidate;
            if is_rest {
                return Some(End {
                    at,
                    width,
                    value: self.rest(at),
                });
            }
            let is_tail = self.tree.is_tail(at);
            if is_tail || !self.branch(&candidate) && at != NodeRef::ROOT {
                return Some(End {
                    at,
                    width,
                    value: self.tree.cum(at),
                });
            }
        }
        None
    }

    /// Queues what leads on from a box; false when nothing does.
    fn branch(&mut self, from: &Candidate) -> bool {
        let Candidate {
            width, at, entry, ..
        } = *from;
        let is_root = at == NodeRef::ROOT;
        let is_own = is_root || self.shortener.owns(at);
        let share = |part: u64, whole: u64| part as f64 / whole as f64;
        let dominates = |part: u64| !is_own && share(part, entry) >= FOLLOW_INSIDE;
        let leads = |&(child, part): &(NodeRef, u64)| {
            dominates(part)
                || is_own && share(part, width) >= FOLLOW_CALL
                || share(part, width) >= FOLLOW_OWN && self.leads_to_own(child, part)
        };
        let children = self.tree.children(at).map(|c| (c, self.tree.extent(c).1));
        let heavy: Vec<(NodeRef, u64)> = children
            .take_while(|&(_, part)| part >= self.least)
            .collect();
        // Everything begins at the root: nothing is scattered there.
        if !is_root && !heavy.iter().any(leads) {
            return false;
        }
        let left = heavy
            .iter()
            .fold(width, |left, (_, part)| left.saturating_sub(*part));
        for (child, part) in heavy {
            let entry = if dominates(part) && !self.shortener.owns(child) {
                entry
            } else {
                part
            };
            self.push(child, part, entry, false);
        }
        if share(left, width) >= OWN_COST && !is_root {
            self.push(at, left, left, true);
        }
        true
    }

    /// True when at least half of a box is, or flows on to, own code.
    fn leads_to_own(&self, at: NodeRef, width: u64) -> bool {
        let mut here = at;
        for _ in 0..LAYERS {
            if self.tree.is_tail(here) {
                let mut layers = self.tree.tail_frames(here.node).take(LAYERS);
                return layers.any(|(node, _)| self.shortener.is_own(node));
            }
            if self.shortener.owns(here) {
                return true;
            }
            let heaviest = self.tree.children(here).next();
            let Some(next) = heaviest.filter(|&c| self.tree.extent(c).1 >= width.div_ceil(2))
            else {
                return false;
            };
            here = next;
        }
        false
    }

    /// Value of a box without the children that are followed.
    fn rest(&self, at: NodeRef) -> i64 {
        let followed = self
            .tree
            .children(at)
            .take_while(|&c| self.tree.extent(c).1 >= self.least);
        followed.fold(self.tree.cum(at), |left, child| {
            left.wrapping_sub(self.tree.cum(child))
        })
    }
}

/// Turns the boxes from the root to a path's end into steps.
struct Shortener<'a> {
    profile: &'a Profile,
    nodes: &'a Nodes,
    classes: &'a Classes,
    tree: TreeView<'a>,
    /// Per node what its name says, found out when it is first met; 0 until then.
    marks: Vec<Cell<u8>>,
}

impl Shortener<'_> {
    fn marks(&self, node: NodeId) -> u8 {
        let known = &self.marks[node.index()];
        if known.get() == 0 {
            let name = self.nodes.text(self.nodes.info[node.index()].name);
            let class = self.classes.of_node(self.profile, self.nodes, node);
            let is_plumbing = self.classes.is_go() && (is_folded(name) || is_test_plumbing(name));
            let own = if is_own(class) { OWN } else { 0 };
            let plumbing = if is_plumbing { PLUMBING } else { 0 };
            known.set(KNOWN | own | plumbing);
        }
        known.get()
    }

    fn is_own(&self, node: NodeId) -> bool {
        self.marks(node) & OWN != 0
    }

    fn owns(&self, at: NodeRef) -> bool {
        self.tree.frame(at).is_some_and(|node| self.is_own(node))
    }

    fn steps(&self, end: NodeRef) -> Vec<PathStep> {
        let mut picker = Picker::default();
        let mut pass = |at: NodeRef, node: NodeId, cum: i64| {
            let marks = self.marks(node);
            picker.push(Passed {
                at,
                node,
                cum,
                marks,
            });
        };
        let is_tail = self.tree.is_tail(end);
        for at in self.from_root(end) {
            if let Some(node) = self.tree.frame(at).filter(|_| !is_tail || at != end) {
                pass(at, node, self.tree.cum(at));
            }
        }
        if is_tail {
            // In one walk: asking for a tail's frames one by one would be quadratic.
            let (tail_cum, mut tail) = (self.tree.cum(end), 0_u32);
            for (node, _) in self.tree.tail_frames(end.node) {
                let head = end.node;
                pass(NodeRef { node: head, tail }, node, tail_cum);
                tail = tail.saturating_add(1);
            }
        }
        let mut steps = picker.finish();
        self.add_own_values(&mut steps);
        steps
    }

    /// The boxes from below the root down to `end`.
    fn from_root(&self, end: NodeRef) -> Vec<NodeRef> {
        let mut boxes = Vec::new();
        let mut at = end;
        while at != NodeRef::ROOT {
            boxes.push(at);
            at = self.tree.parent(at);
        }
        boxes.reverse();
        boxes
    }

    fn add_own_values(&self, steps: &mut [PathStep]) {
        let last = steps.len().saturating_sub(1);
        for (i, step) in steps.iter_mut().enumerate() {
            // Inside an unbranched tail only the last frame has a cost of its own.
            step.flat = match self.tree.is_tail(step.at) {
                true if i == last => step.cum,
                true => 0,
                false => self.tree.flat(step.at),
            };
        }
    }
}

/// Own code, and what could be: without a class everything is followed and shown.
fn is_own(class: Class) -> bool {
    matches!(class, Class::Main | Class::Unknown)
}

/// The frames of package testing that every benchmark and test runs under.
fn is_test_plumbing(name: &[u8]) -> bool {
    const PREFIXES: [&[u8]; 6] = [
        b"testing.(*B).",
        b"testing.(*T).",
        b"testing.(*F).",
        b"testing.(*M).",
        b"testing.tRunner",
        b"testing.run",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || [
            &b"runtime.mstart"[..],
            b"runtime.mstart0",
            b"runtime.mstart1",
        ]
        .contains(&name)
}

#[cfg(test)]
#[path = "hotpaths_tests.rs"]
mod tests;
